"""What reading costs, beside opening the same files and one regular expression (goal: 10 times), and what memory it takes.

Memory is what reading needs beyond the frames it gives, as a multiple of the largest file (goal: 3); `make bench` runs it with the others.
"""

import gc
import re
import statistics
import tempfile
import time
import tracemalloc
from pathlib import Path

import policylab as plab

NUMBER = r"[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）|\d+[.．、]"
PASSES = {"numbers anywhere": re.compile(NUMBER), "numbers at line starts": re.compile(rf"(?m)^\s*(?:{NUMBER})")}
ROUNDS = 5


def main() -> None:
    """Write plans, read them both ways by turns, and print the ratios."""
    simulated = plab.simulate_plans(n_places=8, years=range(2015, 2025)).plans
    texts = ["\n".join(rows["marker"] + rows["text"]) for _, rows in simulated.items.groupby("plan")]
    with tempfile.TemporaryDirectory() as folder:
        for n, text in enumerate(texts):
            Path(folder, f"{n:03d}.txt").write_text(text, encoding="utf-8")
        print(f"  {len(texts)} plans, {sum(map(len, texts)):,} characters")
        show_ratios(folder)
        print(f"  memory beyond the frames: {memory(folder):.1f} times the largest file")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "long.txt").write_text("\n".join(texts * 4), encoding="utf-8")
        print("  one file of all of them four times over")
        show_ratios(folder)
        print(f"  memory beyond the frames: {memory(folder):.1f} times the file (goal: at most 3)")


def show_ratios(folder):
    """Print how many times as long reading takes as opening the files and one pass over them (goal: at most 10)."""
    for name, pattern in PASSES.items():
        ratios = [seconds(plab.read_plans, folder) / seconds(plain, folder, pattern) for _ in range(ROUNDS)]
        print(f"    {statistics.median(ratios):6.1f} times opening and one pass for {name} (goal: at most 10)")


def seconds(function, *arguments):
    start = time.perf_counter()
    function(*arguments)
    return time.perf_counter() - start


def plain(folder, pattern):
    """Open each file as text and go through it with one regular expression."""
    found = []
    for path in sorted(Path(folder).iterdir()):
        with path.open(encoding="utf-8") as file:
            found.append(pattern.findall(file.read()))
    return found


def memory(folder):
    gc.collect()
    tracemalloc.start()
    plans = plab.read_plans(folder)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    frames = sum(int(frame.memory_usage(deep=True).sum()) for frame in (plans.items, plans.documents, plans.problems))
    return (peak - frames) / max(path.stat().st_size for path in Path(folder).iterdir())


if __name__ == "__main__":
    main()

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

NUMBERS = re.compile(r"(?m)^\s*(?:[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）|\d+[.．、])")
ROUNDS = 5


def main() -> None:
    """Write plans, read them both ways by turns, and print the ratios."""
    simulated = plab.simulate_plans(n_places=8, years=range(2015, 2025)).plans
    texts = ["\n".join(rows["marker"] + rows["text"]) for _, rows in simulated.items.groupby("plan")]
    with tempfile.TemporaryDirectory() as folder:
        for n, text in enumerate(texts):
            Path(folder, f"{n:03d}.txt").write_text(text, encoding="utf-8")
        print(f"  {len(texts)} plans, {sum(map(len, texts)):,} characters: {ratio(folder):.1f} times plain reading (goal: at most 10)")
        print(f"  memory beyond the frames: {memory(folder):.1f} times the largest file")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "long.txt").write_text("\n".join(texts * 4), encoding="utf-8")
        print(f"  one file of all of them four times over: {ratio(folder):.1f} times plain reading")
        print(f"  memory beyond the frames: {memory(folder):.1f} times the file (goal: at most 3)")


def ratio(folder):
    """Seconds of `read_plans` over those of plain reading: the median of rounds taken by turns."""
    return statistics.median(seconds(read, folder) / seconds(plain, folder) for _ in range(ROUNDS))


def seconds(function, folder):
    start = time.perf_counter()
    function(folder)
    return time.perf_counter() - start


def plain(folder):
    """Open each file as text and go through it with one regular expression."""
    found = []
    for path in sorted(Path(folder).iterdir()):
        with path.open(encoding="utf-8") as file:
            found.append(NUMBERS.findall(file.read()))
    return found


def read(folder):
    return plab.read_plans(folder)


def memory(folder):
    gc.collect()
    tracemalloc.start()
    plans = read(folder)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    frames = sum(int(frame.memory_usage(deep=True).sum()) for frame in (plans.items, plans.documents, plans.problems))
    return (peak - frames) / max(path.stat().st_size for path in Path(folder).iterdir())


if __name__ == "__main__":
    main()

"""The same bytes from words to key terms, topics and clusters, whatever the hash seed, the order of the files and the number of threads."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

SCRIPT = """
import hashlib, random, sys, warnings
from concurrent.futures import ThreadPoolExecutor
import policylab as plab
from policylab.resources import data_folder

warnings.simplefilter("ignore")
n_threads, shuffle = int(sys.argv[1]), int(sys.argv[2])
files = sorted((data_folder() / "demo").rglob("202[2-4].*")) + [data_folder() / "jingan-2024.txt"]
random.Random(shuffle).shuffle(files)
items = plab.read_plans(files, errors="report").items
terms = plab.discover_terms(items, n_terms=80)
words = plab.Words(lexicon=terms)
texts = plab.body(items)["text"]
with ThreadPoolExecutor(n_threads) as pool:
    tokens = list(pool.map(words, texts))
counts = plab.count_terms(items, words=words, min_items=2, max_terms=400)
book = plab.Codebook.load("education")
themes = plab.count_themes(items, codebook=book)
topics = [plab.fit_topics(counts, n_topics=8, n_refits=3, n_jobs=n_threads), plab.fit_topics(counts, n_topics=8, n_refits=0, method="lda"),
          plab.seed_topics(counts, codebook=book, n_refits=0, n_residual=1)]
found = plab.origins(items, upstream="云澜市-2022")
clusters = plab.cluster_plans(counts, n_boot=20, n_jobs=n_threads)
place = counts.docs.drop_duplicates("plan").set_index("plan")["place"]
alike = plab.similarity(counts.group("plan"))
results = [
    clusters.frame, clusters.nodes, clusters.labels, plab.compare_groups(alike, groups=place, n_permutations=999),
    found, plab.origin_shares(found, by="place").round(6), plab.first_uses(items), plab.view_sources(items, item_id=found["item_id"][40], upstream="云澜市-2022"),
    terms, tokens, plab.kwic(items, pattern=["学校", "数字化"]), counts.to_frame(), counts.docs, counts.tfidf().to_frame().round(12),
    *(frame.round(6) for t in topics for frame in (t.shares, t.top_terms(5), t.stability)), *(t.labels for t in topics),
    plab.topic_effects(topics[0], target={"year": 2024}).round(6), plab.topic_trends(themes).round(6),
    themes.to_frame(), plab.keyness(counts, target={"year": 2024}), plab.coverage(themes),
]
said = "\\n".join(r.to_csv() if hasattr(r, "to_csv") else repr(r) for r in results)
print(hashlib.sha256(said.encode()).hexdigest())
"""


def run(setting):
    seed, threads, shuffle = setting
    environment = {**os.environ, "PYTHONHASHSEED": seed, "OMP_NUM_THREADS": threads, "PYTHONUTF8": "1"}
    done = subprocess.run([sys.executable, "-c", SCRIPT, threads, shuffle], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_five_hash_seeds_shuffled_files_and_one_or_two_threads_give_the_same_bytes():
    settings = [("0", "1", "0"), ("1", "2", "1"), ("2", "1", "2"), ("77", "2", "3"), ("4294967295", "1", "4")]
    with ThreadPoolExecutor(2) as pool:
        assert len(set(pool.map(run, settings))) == 1

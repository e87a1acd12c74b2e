"""Compare public work plans item by item (逐条比较公共部门工作计划)."""

from policylab.codebook import Codebook, count_themes, coverage
from policylab.comparison import compare_plans, reading_order, similarity
from policylab.datasets import load_demo, load_demo_truth, load_jingan_2024
from policylab.errors import PolicylabError, TooFewPlansError, cannot_say
from policylab.figures import (
    network_layout,
    plot_coverage,
    plot_effects,
    plot_keyness,
    plot_ledger,
    plot_matrix,
    plot_n_topics,
    plot_network,
    plot_outline,
    plot_pairs,
    plot_similarity,
    plot_stability,
    plot_theme_map,
    plot_topic_heatmap,
    plot_topic_shares,
    save_figure,
    save_table,
    style,
)
from policylab.items import body
from policylab.keyterms import keyness
from policylab.lineage import drop_copied, item_chains, item_ledger, match_items, origins, shared_text, turnover
from policylab.matrix import TermMatrix, count_terms
from policylab.networks import backbone, communities, cooccurrence, edge_support, theme_map, write_network
from policylab.plans import Plans, comparability, read_plan, read_plans, read_table
from policylab.simulate import Simulation, simulate_plans
from policylab.storage import load
from policylab.topics import Topics, choose_n_topics, fit_topics, seed_topics, topic_effects, topic_shares, typical_items
from policylab.words import Words, discover_terms, is_traditional, kwic, read_lexicon, simplified, stop_words, token_kind

__all__ = [
    "Codebook",
    "Plans",
    "PolicylabError",
    "Simulation",
    "TermMatrix",
    "TooFewPlansError",
    "Topics",
    "Words",
    "backbone",
    "body",
    "cannot_say",
    "choose_n_topics",
    "communities",
    "comparability",
    "compare_plans",
    "cooccurrence",
    "count_terms",
    "count_themes",
    "coverage",
    "discover_terms",
    "drop_copied",
    "edge_support",
    "fit_topics",
    "is_traditional",
    "item_chains",
    "item_ledger",
    "keyness",
    "kwic",
    "load",
    "load_demo",
    "load_demo_truth",
    "load_jingan_2024",
    "match_items",
    "network_layout",
    "origins",
    "plot_coverage",
    "plot_effects",
    "plot_keyness",
    "plot_ledger",
    "plot_matrix",
    "plot_n_topics",
    "plot_network",
    "plot_outline",
    "plot_pairs",
    "plot_similarity",
    "plot_stability",
    "plot_theme_map",
    "plot_topic_heatmap",
    "plot_topic_shares",
    "read_lexicon",
    "read_plan",
    "read_plans",
    "read_table",
    "reading_order",
    "save_figure",
    "save_table",
    "seed_topics",
    "shared_text",
    "similarity",
    "simplified",
    "simulate_plans",
    "stop_words",
    "style",
    "theme_map",
    "token_kind",
    "topic_effects",
    "topic_shares",
    "turnover",
    "typical_items",
    "write_network",
]

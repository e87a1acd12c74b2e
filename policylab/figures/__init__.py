"""Result frames and graphs to figures: Chinese type that needs no set-up, the same bytes from run to run."""

from policylab.figures.appearance import style
from policylab.figures.choice import plot_n_topics, plot_stability
from policylab.figures.contrasts import plot_effects, plot_keyness
from policylab.figures.copying import plot_origins
from policylab.figures.evolution import plot_evolution
from policylab.figures.flows import plot_ledger_flows
from policylab.figures.groupings import plot_groups
from policylab.figures.layout import network_layout
from policylab.figures.ledger import plot_ledger, plot_ledger_range
from policylab.figures.network import plot_network
from policylab.figures.outline import plot_coverage, plot_outline
from policylab.figures.resemblance import plot_pairs, plot_similarity
from policylab.figures.saving import save_figure
from policylab.figures.shares import plot_topic_heatmap, plot_topic_shares
from policylab.figures.tables import save_table
from policylab.figures.themes import plot_matrix, plot_theme_map
from policylab.figures.without import plot_without

__all__ = [
    "network_layout",
    "plot_coverage",
    "plot_effects",
    "plot_evolution",
    "plot_groups",
    "plot_keyness",
    "plot_ledger",
    "plot_ledger_flows",
    "plot_ledger_range",
    "plot_matrix",
    "plot_n_topics",
    "plot_network",
    "plot_origins",
    "plot_outline",
    "plot_pairs",
    "plot_similarity",
    "plot_stability",
    "plot_theme_map",
    "plot_topic_heatmap",
    "plot_topic_shares",
    "plot_without",
    "save_figure",
    "save_table",
    "style",
]

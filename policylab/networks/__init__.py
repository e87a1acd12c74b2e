"""Co-occurrence networks of terms and themes, how sure they are, and what they are read for."""

from policylab.networks.centrality import centralities
from policylab.networks.consensus import Consensus, consensus_communities
from policylab.networks.contrast import compare_networks
from policylab.networks.ego import ego_network
from policylab.networks.evolution import Evolution, theme_evolution
from policylab.networks.export import write_network
from policylab.networks.graph import cooccurrence
from policylab.networks.naming import name_communities
from policylab.networks.partition import communities
from policylab.networks.resolutions import choose_resolution
from policylab.networks.strategic import theme_map
from policylab.networks.support import edge_support
from policylab.networks.thinning import backbone
from policylab.networks.topicrows import topic_presence
from policylab.networks.twomode import term_plan_graph

__all__ = [
    "Consensus",
    "Evolution",
    "backbone",
    "centralities",
    "choose_resolution",
    "communities",
    "compare_networks",
    "consensus_communities",
    "cooccurrence",
    "edge_support",
    "ego_network",
    "name_communities",
    "term_plan_graph",
    "theme_evolution",
    "theme_map",
    "topic_presence",
    "write_network",
]

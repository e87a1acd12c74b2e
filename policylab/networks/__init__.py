"""Co-occurrence networks of terms and themes: graph, backbone, communities, support, consensus, theme map, evolution, export."""

from policylab.networks.consensus import Consensus, consensus_communities
from policylab.networks.evolution import Evolution, theme_evolution
from policylab.networks.export import write_network
from policylab.networks.graph import cooccurrence
from policylab.networks.naming import name_communities
from policylab.networks.partition import communities
from policylab.networks.resolutions import choose_resolution
from policylab.networks.strategic import theme_map
from policylab.networks.support import edge_support
from policylab.networks.thinning import backbone

__all__ = [
    "Consensus",
    "Evolution",
    "backbone",
    "choose_resolution",
    "communities",
    "consensus_communities",
    "cooccurrence",
    "edge_support",
    "name_communities",
    "theme_evolution",
    "theme_map",
    "write_network",
]

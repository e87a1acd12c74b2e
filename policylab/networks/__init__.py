"""Co-occurrence networks of terms and themes: graph, backbone, communities, support, theme map, evolution, export."""

from policylab.networks.evolution import Evolution, theme_evolution
from policylab.networks.export import write_network
from policylab.networks.graph import cooccurrence
from policylab.networks.partition import communities
from policylab.networks.strategic import theme_map
from policylab.networks.support import edge_support
from policylab.networks.thinning import backbone

__all__ = [
    "Evolution",
    "backbone",
    "communities",
    "cooccurrence",
    "edge_support",
    "theme_evolution",
    "theme_map",
    "write_network",
]

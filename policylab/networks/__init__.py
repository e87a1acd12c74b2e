"""Co-occurrence networks of terms, themes and topics: graph, backbone, communities, support, contrasts, centralities, theme map, export."""

from policylab.networks.centrality import centralities
from policylab.networks.contrast import compare_networks
from policylab.networks.export import write_network
from policylab.networks.graph import cooccurrence
from policylab.networks.partition import communities
from policylab.networks.strategic import theme_map
from policylab.networks.support import edge_support
from policylab.networks.thinning import backbone
from policylab.networks.topicrows import topic_presence
from policylab.networks.twomode import term_plan_graph

__all__ = [
    "backbone",
    "centralities",
    "communities",
    "compare_networks",
    "cooccurrence",
    "edge_support",
    "term_plan_graph",
    "theme_map",
    "topic_presence",
    "write_network",
]

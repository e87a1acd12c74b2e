"""Co-occurrence networks of terms and themes: graph, backbone, communities, support, theme map, ego networks, export."""

from policylab.networks.ego import ego_network
from policylab.networks.export import write_network
from policylab.networks.graph import cooccurrence
from policylab.networks.partition import communities
from policylab.networks.strategic import theme_map
from policylab.networks.support import edge_support
from policylab.networks.thinning import backbone

__all__ = ["backbone", "communities", "cooccurrence", "edge_support", "ego_network", "theme_map", "write_network"]

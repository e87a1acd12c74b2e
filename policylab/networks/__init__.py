"""Co-occurrence networks of terms and themes: graph, backbone, communities, support, theme map, export."""

from policylab.networks.backbone import backbone
from policylab.networks.communities import communities
from policylab.networks.export import write_network
from policylab.networks.graph import cooccurrence
from policylab.networks.strategic import theme_map
from policylab.networks.support import edge_support

__all__ = ["backbone", "communities", "cooccurrence", "edge_support", "theme_map", "write_network"]

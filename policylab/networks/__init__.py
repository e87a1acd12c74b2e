"""Co-occurrence networks of terms and themes: graph, backbone, communities, support, theme map, export."""

from policylab.networks.backbone import backbone
from policylab.networks.communities import communities
from policylab.networks.graph import cooccurrence

__all__ = ["backbone", "communities", "cooccurrence"]

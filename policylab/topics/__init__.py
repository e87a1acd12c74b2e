"""Topics: fit, choose their number, stability, shares and differences between groups of plans."""

from policylab.topics.effects import topic_effects
from policylab.topics.fit import fit_topics
from policylab.topics.leaving import leave_one_out
from policylab.topics.model import Topics
from policylab.topics.number import choose_n_topics
from policylab.topics.seeded import seed_topics
from policylab.topics.shares import topic_shares
from policylab.topics.trends import topic_trends
from policylab.topics.typical import mixed_items, typical_items

__all__ = [
    "Topics",
    "choose_n_topics",
    "fit_topics",
    "leave_one_out",
    "mixed_items",
    "seed_topics",
    "topic_effects",
    "topic_shares",
    "topic_trends",
    "typical_items",
]

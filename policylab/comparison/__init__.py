"""How alike plans, sections and items are, and what length and boilerplate alone would give."""

from policylab.comparison.clusters import Clusters, cluster_plans
from policylab.comparison.likeness import reading_order, similarity
from policylab.comparison.neighbourhood import neighbours
from policylab.comparison.pairs import compare_plans
from policylab.comparison.withinbetween import compare_groups
from policylab.comparison.without import compare_without

__all__ = ["Clusters", "cluster_plans", "compare_groups", "compare_plans", "compare_without", "neighbours", "reading_order", "similarity"]

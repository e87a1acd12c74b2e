"""How alike plans, sections and items are, and what length and boilerplate alone would give."""

from policylab.comparison.pairs import compare_plans
from policylab.comparison.similarity import reading_order, similarity

__all__ = ["compare_plans", "reading_order", "similarity"]

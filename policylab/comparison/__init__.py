"""How alike plans, sections and items are, and what length and boilerplate alone would give."""

from policylab.comparison.likeness import reading_order, similarity
from policylab.comparison.pairs import compare_plans

__all__ = ["compare_plans", "reading_order", "similarity"]

"""Compare public work plans item by item (逐条比较公共部门工作计划)."""

from policylab.codebook import Codebook, count_themes, coverage
from policylab.errors import PolicylabError, TooFewPlansError, cannot_say
from policylab.items import body
from policylab.keyterms import keyness
from policylab.matrix import TermMatrix, count_terms
from policylab.plans import Plans, read_plan, read_plans, read_table
from policylab.storage import load
from policylab.words import Words, read_lexicon, stop_words, token_kind

__all__ = [
    "Codebook",
    "Plans",
    "PolicylabError",
    "TermMatrix",
    "TooFewPlansError",
    "Words",
    "body",
    "cannot_say",
    "count_terms",
    "count_themes",
    "coverage",
    "keyness",
    "load",
    "read_lexicon",
    "read_plan",
    "read_plans",
    "read_table",
    "stop_words",
    "token_kind",
]

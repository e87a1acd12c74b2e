"""Text to words: segmenter, lexicons, stop words, term discovery and keyword in context."""

from policylab.words.analyzer import Words
from policylab.words.concordance import kwic
from policylab.words.discovery import discover_terms
from policylab.words.lexicon import read_lexicon
from policylab.words.rules import token_kind
from policylab.words.script import is_traditional, simplified, warn_of_traditional
from policylab.words.stopwords import stop_words

__all__ = [
    "Words",
    "discover_terms",
    "is_traditional",
    "kwic",
    "read_lexicon",
    "simplified",
    "stop_words",
    "token_kind",
    "warn_of_traditional",
]

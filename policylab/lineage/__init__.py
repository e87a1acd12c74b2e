"""What became of each item from year to year, and where its words come from: matching, item ledger, chains, shared text, origins."""

from policylab.lineage.ledger import item_ledger
from policylab.lineage.matching import match_items

__all__ = ["item_ledger", "match_items"]

"""What became of each item from year to year, and where its words come from: matching, item ledger, chains, shared text, origins."""

from policylab.lineage.beside import SourceView, view_sources
from policylab.lineage.book import write_ledger
from policylab.lineage.bookreading import read_ledger
from policylab.lineage.chains import item_chains
from policylab.lineage.earliest import first_uses
from policylab.lineage.ledger import item_ledger
from policylab.lineage.matching import match_items
from policylab.lineage.passages import shared_text
from policylab.lineage.ranges import ledger_range
from policylab.lineage.sources import drop_copied, origins
from policylab.lineage.summary import origin_shares
from policylab.lineage.turnovers import turnover

__all__ = [
    "SourceView",
    "drop_copied",
    "first_uses",
    "item_chains",
    "item_ledger",
    "ledger_range",
    "match_items",
    "origin_shares",
    "origins",
    "read_ledger",
    "shared_text",
    "turnover",
    "view_sources",
    "write_ledger",
]

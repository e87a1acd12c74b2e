"""Checking by hand: coding sheets, intrusion tasks, agreement, shares corrected for error."""

from policylab.validation.corrected import corrected_shares
from policylab.validation.reading import read_coding
from policylab.validation.reliability import agreement
from policylab.validation.sheets import coding_sheet

__all__ = ["agreement", "coding_sheet", "corrected_shares", "read_coding"]

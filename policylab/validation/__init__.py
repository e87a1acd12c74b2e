"""Checking by hand: coding sheets, intrusion tasks, agreement, shares corrected for error."""

from policylab.validation.corrected import corrected_shares
from policylab.validation.intrusion import intrusion_sheet
from policylab.validation.reading import read_coding
from policylab.validation.reliability import agreement
from policylab.validation.scores import intrusion_scores
from policylab.validation.sheets import coding_sheet

__all__ = ["agreement", "coding_sheet", "corrected_shares", "intrusion_scores", "intrusion_sheet", "read_coding"]

"""Checks of codings that every function here makes."""

from __future__ import annotations

import pandas as pd

from policylab.errors import FrameError

MACHINE = "machine"  # what agreement calls the labels
NEEDED = ("item_id", "coder", "code", "label", "stratum", "chance")


def check_codings(codings: pd.DataFrame) -> None:
    """Refuse what `read_coding` does not give.

    Raises
    ------
    FrameError
        If columns or values are missing, there is no row, or a coder coded a text twice.
    """
    absent = [c for c in NEEDED if c not in codings] if isinstance(codings, pd.DataFrame) else list(NEEDED)
    if absent:
        raise FrameError(f"codings has no column {absent[0]!r}; give what `read_coding` returns.")
    if not len(codings):
        raise FrameError(
            "codings has no row; has the sheet been filled in? `.attrs['problems']` of what `read_coding` returned may say why."
        )
    if codings[list(NEEDED)].isna().any(axis=None):
        raise FrameError("codings has cells without a value; leave out rows without a code.")
    if (codings["coder"] == MACHINE).any():
        raise FrameError(f"codings has a coder called {MACHINE!r}, which is the name of the labels here; name the column otherwise.")
    twice = codings[codings.duplicated(["item_id", "coder"])]
    if len(twice):
        item_id, coder = twice.iloc[0][["item_id", "coder"]]
        raise FrameError(f"codings has two codes of {coder!r} for {item_id!r}; join copies of different coders, each once.")

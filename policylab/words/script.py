"""Traditional script: turning it into simplified, in which the dictionaries and stop lists are written."""

from __future__ import annotations

from warnings import warn

import pandas as pd

from policylab.errors import MissingExtraError
from policylab.items import as_items, is_traditional

__all__ = ["is_traditional", "simplified", "warn_of_traditional"]
_ENOUGH = 10  # items that show a plan's script
_COLUMNS = ("section", "heading", "item_title", "text", "responsible")


def simplified(items: pd.DataFrame) -> pd.DataFrame:
    """Turn the text of items from traditional into simplified script (繁转简).

    The frame handed in is left as it is: what was read stays as it was published.

    Parameters
    ----------
    items : DataFrame
        An items frame.

    Returns
    -------
    DataFrame
        The same frame with `section`, `heading`, `item_title`, `text` and `responsible` in simplified script, as OpenCC's ``t2s`` gives it.

    Raises
    ------
    MissingExtraError
        If OpenCC is not installed.

    Examples
    --------
    >>> items = pd.DataFrame({"plan": "甲", "kind": "item", "part": "plan", "text": ["落實立德樹人根本任務"]}, index=["甲#001"])
    >>> simplified(items)["text"].tolist()
    ['落实立德树人根本任务']
    """
    try:
        from opencc import OpenCC
    except ImportError:
        raise MissingExtraError("traditional script needs the package OpenCC; install policylab[traditional].") from None
    frame, convert = as_items(items), OpenCC("t2s").convert
    for name in _COLUMNS:
        frame[name] = frame[name].map(convert, na_action="ignore").astype("str")
    return frame


def warn_of_traditional(units: pd.DataFrame, *, stacklevel: int) -> None:
    """Warn of each plan whose units are in traditional script, which no dictionary, stop list or codebook here is written in."""
    for plan, own in units.groupby("plan", sort=False)["text"]:
        if is_traditional("".join(own.iloc[:_ENOUGH])):
            warn(
                f"{plan} is in traditional script, which neither dictionary nor stop lists know; give `simplified(items)`.",
                stacklevel=stacklevel,
            )

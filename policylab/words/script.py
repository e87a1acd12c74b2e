"""Traditional script: noticing it, and turning it into simplified, in which the dictionaries and stop lists are written."""

from __future__ import annotations

import re

import pandas as pd

from policylab.errors import MissingExtraError
from policylab.items import as_items

_TRADITIONAL = re.compile(
    "[來個們優兩動務勞區國圖團報學實寫將專對導強從態應據數時書會東條業標機權歷減準為現環產療發眾種節約級組絡統經網線縣總織義聽與華萬號術衛見視"
    "設認說課調論證識護讀資質車農這連進運過達違遠適遲選還邊醫銀錢長門開關際雙難領題養體點黨]"
)
_HAN = re.compile("[\u3400-\u9fff]")
_ENOUGH = 0.03
_COLUMNS = ("section", "heading", "item_title", "text", "responsible")


def is_traditional(text: str) -> bool:
    """Tell whether a text is in traditional script: at least 3 of 100 Han characters are among 112 common ones that only it has.

    Examples
    --------
    >>> is_traditional("落實立德樹人根本任務"), is_traditional("落实立德树人根本任务")
    (True, False)
    """
    marks = len(_TRADITIONAL.findall(text))
    return marks > 0 and marks >= _ENOUGH * len(_HAN.findall(text))


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

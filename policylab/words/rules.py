"""Which kind of token a token is: word, number, date, percentage, Latin or mark; a stated rule for each."""

from __future__ import annotations

import re

_CN = "〇○零一二三四五六七八九十百千万亿两"
_NUM = rf"(?:[\d.,+\-~～—]*\d[\d.,+]*[{_CN}]*|[{_CN}]+)"
_MEASURES = (
    "个|项|条|家|名|人|户|次|年|月|日|号|天|周|季度|季|度|届|批|期|轮|件|类|级|所|座|处|只|支|张|台|套|亩|吨|元|米|里|倍|成|位|种|点|步|层|线|"
    "万|亿|万元|亿元|万人|万亩|万户|万亿|公里|千米|平方米|平方公里|公顷|立方米|千瓦|百分点|个百分点|余|多|几"
)
_FIVE_YEARS = re.compile("十[一二三四五六七]五")
KINDS = ("number", "date", "percent", "latin")
_PATTERNS = (
    ("percent", re.compile(rf"{_NUM}[%‰％]|百分之{_NUM}?|千分之{_NUM}?|个?百分点")),
    ("date", re.compile(rf"(?:(?:19|20)\d\d|[〇○零一二三四五六七八九]{{4}})年?度?|{_NUM}(?:年度|月份?|日|季度|年代|世纪)|[上下]半年")),
    ("number", re.compile(rf"第?{_NUM}(?:{_MEASURES})?|[\W_]*\d[\W\d_]*")),
    ("latin", re.compile(r"[\x00-\x7f]+")),
)


def token_kind(token: str) -> str:
    """Tell which kind a token is.

    Returns
    -------
    str
        ``"mark"`` without any letter or digit; ``"percent"`` (10%, 百分之十, 百分点); ``"date"`` (2024年, 三月, 上半年); ``"number"``
        (100, 三个, 第一, 2.5万); ``"latin"`` where every letter is Latin (5G, AED, PM2.5); else ``"word"``, five-year plans such as 十四五
        included.

    Examples
    --------
    >>> [token_kind(t) for t in ("教育", "10%", "2024年", "三个", "5G", "：", "二十大")]
    ['word', 'percent', 'date', 'number', 'latin', 'mark', 'word']
    """
    if not any(c.isalnum() for c in token):
        return "mark"
    if _FIVE_YEARS.fullmatch(token):
        return "word"
    for kind, pattern in _PATTERNS:
        if pattern.fullmatch(token):
            return kind
    return "word"

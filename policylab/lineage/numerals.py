"""Chinese numerals that count something: those directly before a measure word (量词)."""

from __future__ import annotations

import re

_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
# Of words that may begin with a measure word, what follows says that none was meant: 一家人, 一条龙, 一次性, 三门峡, 五台山.
MEASURE = (
    "(?:个|所(?!有|属|在|需)|家(?!庭|人|校|园|政|乡)|条(?!龙|块|例)|项(?!规定)|名|人(?!才|口|民|大|社)|次(?!性|产业|元|要)|套|座(?!谈)|处(?!理|置|罚|级|长)"
    "|间(?!接|距)|门(?!峡|县|口|诊|户)|场(?!所|地|馆|景)|户(?!籍|外|口)|台(?!账|风|湾|山|州)|辆|张(?!家)|件|支(?!持|撑|部|付|出|援)|种(?!植|子|业)|棵|株|吨|亩|公顷"
    "|公里|千米|平方|立方|米|元(?!素|旦|宵)|倍|小时|分钟)"
)
_NUMERAL = "〇零一二两三四五六七八九十百千万亿"
_NOT_AFTER = rf"(?<![第数几\d{_NUMERAL}“‘\"'「『])"  # 第一所 is an order, 数十个 no number, “两个维护” a name
_SAYINGS = "二次|[一二]元|千家|万[家户]|百家争|[一两三四五六]个(?:维护|确立|意识|自信|全面|代表|文明|务必)"
_ARTICLE = f"一{MEASURE}"  # 建设一个平台 says no more than 建设平台
# 一人一策: what is followed by 一 counts nothing.
_RUN = re.compile(f"[{_NUMERAL}]+")
_COUNTED = re.compile(rf"{_NOT_AFTER}(?!{_SAYINGS})(?!{_ARTICLE})[{_NUMERAL}]+(?={MEASURE}(?!一))")


def counted(text: str) -> list[str]:
    """Give the numbers of a text that are Chinese numerals before a measure word, in figures; 万 and 亿 at their end stay.

    Not numbers: an order (第一), 一 alone, which as a rule is an article (一个), a set phrase (一人一策), a name (“两个维护”).

    Examples
    --------
    >>> counted("一是新建第二所幼儿园，增加学位一千二百个，惠及五万户、三千万人，建成一批一体化学校。")
    ['1200', '5万', '3000万']
    """
    found = (_COUNTED.match(text, run.start()) for run in _RUN.finditer(text))  # to look at runs only is many times faster
    return [_figures(match[0]) for match in found if match]


def _figures(numeral: str) -> str:
    head = numeral.rstrip("万亿")
    tail = numeral[len(head) :]
    if len(head) > 1 and not set(head) & set(_UNITS):
        return "".join(str(_DIGITS[c]) for c in head) + tail
    return f"{_value(head) if head else 1}{tail}"


def _value(numeral: str) -> int:
    total = section = digit = 0
    for c in numeral:
        unit = _UNITS.get(c)
        if unit is None:
            digit = _DIGITS[c]
        elif unit < _UNITS["万"]:
            section += (digit or 1) * unit
            digit = 0
        else:
            total = (total + section + digit) * unit
            section = digit = 0
    return total + section + digit

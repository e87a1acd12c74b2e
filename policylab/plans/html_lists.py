"""The numbers that a browser prints before the items of an ordered list."""

from __future__ import annotations

import re
from typing import Any

from policylab.plans.number_forms import FORMATS

_TYPES = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
_STYLES = {
    "lower-alpha": "lowerLetter",
    "lower-latin": "lowerLetter",
    "upper-alpha": "upperLetter",
    "upper-latin": "upperLetter",
    "lower-roman": "lowerRoman",
    "upper-roman": "upperRoman",
    "decimal-leading-zero": "decimalZero",
    "cjk-ideographic": "chineseCounting",
    "simp-chinese-informal": "chineseCounting",
    "trad-chinese-informal": "chineseCounting",
    "simp-chinese-formal": "chineseLegalSimplified",
    "trad-chinese-formal": "ideographLegalTraditional",
    "cjk-decimal": "ideographDigital",
    "cjk-heavenly-stem": "ideographTraditional",
    "cjk-earthly-branch": "ideographZodiac",
}
_UNNUMBERED = re.compile(r"list-style[^;]*\b(?:none|disc|circle|square)\b", re.I)


def list_numbers(items: list[Any], ordered: Any) -> dict[Any, str]:
    """Give each item of an <ol> its printed number, "" where none is shown; `items` are those that are shown."""
    step = -1 if ordered.get("reversed") is not None else 1
    number = _whole(ordered.get("start"), len(items) if step < 0 else 1)
    numbers: dict[Any, str] = {}
    for item in items:
        number = _whole(item.get("value"), number)
        numbers[item] = _printed(number, _form(item) or _form(ordered) or "decimal")
        number += step
    return numbers


def _form(element: Any) -> str:
    style = element.get("style") or ""
    if _UNNUMBERED.search(style):
        return "none"
    named = re.search(r"list-style(?:-type)?\s*:\s*([a-z -]+)", style, re.I)
    words = named[1].lower().split() if named else []
    return next((_STYLES[word] for word in words if word in _STYLES), _TYPES.get(element.get("type") or "", ""))


def _printed(number: int, form: str) -> str:
    if form == "none":
        return ""
    if not 0 < number < 10_000:
        return f"{number}."
    return FORMATS[form](number) + ("、" if form.startswith(("chinese", "ideograph")) else ".")


def _whole(value: str | None, default: int) -> int:
    return int(value) if value and re.fullmatch(r"\s*-?\d{1,6}\s*", value) else default

"""What a web page does not show: by its tags, their attributes and styles, and by the rules of its own style sheets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

_UNSEEN = re.compile(
    "script|style|noscript|noframes|template|iframe|svg|canvas|audio|video|object|embed|applet|select|option|button|input|textarea|head|xml|map|area|"
    "rt|rp",
    re.I,
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])|(?<![\w-])opacity\s*:\s*0(?![.\d])", re.I)
_SHOWN = re.compile(r"display\s*:\s*(?!none)\w|visibility\s*:\s*visible", re.I)
_LONGEST = 500  # characters of a rule's selectors
_SIMPLE = re.compile(r"[A-Za-z0-9]*([.#])([\w-]+)")
_MOST_RULES = 1_000_000


def is_seen(element: Any) -> bool:
    """Tell whether an element is shown, as far as its own tag and attributes say."""
    if not isinstance(element.tag, str) or _UNSEEN.fullmatch(element.tag):
        return False
    if element.tag == "dialog" and element.get("open") is None:
        return False
    return element.get("hidden") is None and not _HIDDEN.search(element.get("style") or "")


def hide_by_rules(root: Any) -> None:
    """Mark the elements that a rule of the page's own style sheets hides, unless that is much of the page: a program then shows it."""
    sheets = "\n".join(style.text or "" for style in root.iter("style"))[:_MOST_RULES]
    names = _hidden_names(re.sub(r"/\*.*?\*/", "", sheets, flags=re.S))
    if not names:
        return
    found = [e for e in root.iter() if isinstance(e.tag, str) and not names.isdisjoint(_names(e))]
    outermost = [e for e in found if e.getparent() is None or e.getparent() not in found] if len(found) < 200 else found
    n_hidden = sum(len("".join("".join(e.itertext()).split())) for e in outermost)
    n_shown = sum(len((e.text or "").strip()) + len((e.tail or "").strip()) for e in root.iter() if is_seen(e))
    if 3 * n_hidden <= n_shown:
        for element in found:
            element.set("hidden", "")


def _hidden_names(sheets: str) -> set[tuple[str, str]]:
    """Give the classes and ids that a rule hides and none shows, here or under a condition."""
    rules = list(_rules(sheets))
    hidden = {
        (match[1], match[2])
        for selectors, body, conditional in rules
        if not conditional and _HIDDEN.search(body)
        for selector in selectors.split(",")
        if (match := _SIMPLE.fullmatch(selector.strip()))
    }
    shown = {name for selectors, body, _ in rules if hidden and _SHOWN.search(body) for name in re.findall(r"([.#])([\w-]+)", selectors)}
    return hidden - shown


def _rules(sheets: str) -> Iterator[tuple[str, str, bool]]:
    """Give selectors and body of each rule, and whether it stands under a condition (@media …)."""
    open_, text = [], ""
    for piece in re.split("([{}])", sheets):
        if piece == "{":
            open_.append(text.rsplit(";", 1)[-1].strip()[:_LONGEST])
            text = ""
        elif piece == "}" and open_:
            selectors = open_.pop()
            if not selectors.startswith("@"):
                yield selectors, text, any(above.startswith("@") for above in open_[-3:])
            text = ""
        else:
            text = piece


def _names(element: Any) -> list[tuple[str, str]]:
    names = [(".", name) for name in (element.get("class") or "").split()]
    return [*names, ("#", element.get("id"))] if element.get("id") else names

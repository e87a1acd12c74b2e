"""Characters: NFC, look-alike radicals repaired, invisible and control characters taken out, all of it counted."""

from __future__ import annotations

import html
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from itertools import islice

from policylab.items import is_traditional
from policylab.plans.characters import count_han
from policylab.plans.raw import Line, Problem

_KANGXI = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)}
# Unicode gives most of the CJK Radicals Supplement no decomposition; these are the ones that stand for a whole character in running text.
_SUPPLEMENT = dict(
    zip(
        "⺁⺂⺃⺅⺇⺈⺉⺋⺌⺍⺎⺏⺐⺒⺓⺔⺖⺗⺘⺙⺛⺝⺞⺟⺠⺡⺢⺣⺦⺨⺫⺬⺭⺯⺰⺲⺶⺸⺹⺻⺼⺽⺾⺿⻀⻁⻂⻃⻄⻅⻆⻇⻈⻉⻋⻌⻎⻐⻑⻒⻓⻔⻖⻗⻘⻙⻚⻛⻜⻝⻟⻠⻢⻣⻤⻥⻦⻧⻨⻩⻪⻬⻮⻰⻳",
        "厂乛乚亻几刀刂卩小小尤尤尢巳幺彑忄心扌攵无月歹母民氵水灬丬犭罒示礻糸纟罓羊羊耂聿月臼艹艹艹虎衤西西见角角讠贝车辶辶钅长长长门阝雨青韦页风飞食饣首马骨鬼鱼鸟卤麦黄黾齐齿龙龟",
        strict=True,
    )
)
RADICALS = {**_KANGXI, **{ord(a): b for a, b in _SUPPLEMENT.items()}, 0x2E9F: "母", 0x2EF3: "龟", 0x31D0: "一", 0x31E0: "乙"}
_ESCAPE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])?")
_BIDI = re.compile("[\u061c\u202a-\u202e\u2066-\u2069]")
_ZERO_WIDTH = re.compile(
    "[\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2060-\u2065\u206a-\u206f\u3164\ufeff\uffa0\ufff9-\ufffc\U0001d173-\U0001d17a\U000e0000-\U000e007f]"
)
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_NONCHARACTERS = re.compile(
    "[\ufdd0-\ufdef" + "".join(f"{chr(plane * 0x10000 + 0xFFFE)}{chr(plane * 0x10000 + 0xFFFF)}" for plane in range(17)) + "]"
)
_ENTITY = re.compile(
    r"&(?:(?:nbsp|e[nm]sp|thinsp|[lr][ds]quo|mdash|ndash|middot|hellip|bull|times|amp|quot|lt|gt|#\d{2,6}|#x[0-9a-f]{2,6});)+", re.I
)
_COMBINING = re.compile(
    "([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20dc\u20e1-\u20ff\ufe20-\ufe2f]{2})[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20dc\u20e1-\u20ff\ufe20-\ufe2f]+"
)
_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010fffd]")
_COMPATIBILITY = re.compile("[\uf900-\ufaff\U0002f800-\U0002fa1f]")
_RADICAL = re.compile("[" + "".join(map(chr, RADICALS)) + "]")
_ODD = re.compile("[^\t\n\r\x20-\x7e\u3000-\u303f\u3400-\u9fff\uff00-\uff9f“”‘’—–…·°×①-⑳㈠-㈩Ⅰ-Ⅻ]")

_ENOUGH_LINES, _ENOUGH, _TELLING = 400, 4_000, 20

# what is taken out or repaired: (name, severity of its problem, pattern, what stands in its place)
_REPAIRS = (
    ("terminal-escapes", "warning", _ESCAPE, ""),
    ("bidi-controls", "warning", _BIDI, ""),
    ("zero-width", "info", _ZERO_WIDTH, ""),
    ("variation-selectors", "info", _SELECTORS, ""),
    ("control-characters", "warning", _CONTROLS, ""),
    ("noncharacters", "warning", _NONCHARACTERS, ""),
    ("stacked-marks", "warning", _COMBINING, r"\1"),
)
SEVERITY = {name: severity for name, severity, _, _ in _REPAIRS} | {
    "html-entities": "info",
    "radicals": "info",
    "compatibility-ideographs": "info",
    "private-use": "warning",
}


def clean(text: str, found: Counter[str]) -> str:
    """Give a text as `items.text` holds it, and count in `found` what was repaired or taken out.

    Private-use characters are kept (nobody can know what they stood for) and counted.

    Examples
    --------
    >>> found = Counter()
    >>> clean("⽴德\u200b树人", found), dict(found)
    ('立德树人', {'zero-width': 1, 'radicals': 1})
    """
    if "&" in text and _ENTITY.search(text):
        text, n = _ENTITY.subn(lambda entity: html.unescape(entity[0]), text)
        found["html-entities"] += n
    if _ODD.search(text) is None:
        return text
    for name, _, pattern, instead in _REPAIRS:
        text, n = pattern.subn(instead, text)
        if n:
            found[name] += n
    for name, pattern in (("compatibility-ideographs", _COMPATIBILITY), ("private-use", _PRIVATE)):
        n = len(pattern.findall(text))
        if n:
            found[name] += n
    if _RADICAL.search(text):
        repaired = text.translate(RADICALS)
        found["radicals"] += sum(a != b for a, b in zip(text, repaired, strict=True))
        text = repaired
    return unicodedata.normalize("NFC", text)


def _is_foreign(sample: str) -> bool:
    """Whether a text is hardly in Chinese: few Chinese characters among its letters, those beyond ASCII above all."""
    n_chinese = count_han(sample)
    if 2 * n_chinese >= len(sample):
        return False
    n_letters = sum(map(str.isalpha, sample))
    beyond = sum(c > "\x7f" and c.isalpha() for c in sample)
    return n_chinese < 0.4 * max(1, beyond) or (n_letters > 50 and n_chinese < 0.3 * n_letters)


def script_problems(lines: Iterable[Line]) -> tuple[Problem, ...]:
    """Say where a text is in traditional script, which stays as printed, or hardly in Chinese at all."""
    sample = html.unescape("".join(line.text for line in islice(lines, _ENOUGH_LINES))[:_ENOUGH])
    if len(sample) >= _TELLING and _is_foreign(sample):
        message = "hardly any Chinese characters: the text is in another language, or garbled"
        return (Problem("not-chinese", "warning", message, "Look at the file; get it again if it cannot be read.", 1),)
    if not is_traditional(sample):
        return ()
    message = "the text is in traditional characters and stays as printed; words, stop words and codebooks are in simplified ones"
    hint = "Give analyses `simplified(items)`; it needs the extra: pip install 'policylab[traditional]'."
    return (Problem("traditional-characters", "info", message, hint, 1),)

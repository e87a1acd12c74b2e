"""The number at the head of a line: its form, its value, how it is printed."""

from __future__ import annotations

import re
from dataclasses import dataclass

from policylab.plans.numerals import CHINESE, to_number

_CN = f"[{CHINESE}]"
_SPACE = r"[ \t\u3000\xa0]*"

# (form, script, pattern of the printed number with its stop; group n is the number)
_FORMS: tuple[tuple[str, str, str], ...] = (
    ("编", "cn", rf"第(?P<n>{_CN}{{1,4}}|\d{{1,2}}){_SPACE}编"),
    ("章", "cn", rf"第(?P<n>{_CN}{{1,4}}|\d{{1,3}}){_SPACE}章[：:、.．]?"),
    ("节", "cn", rf"第(?P<n>{_CN}{{1,4}}|\d{{1,3}}){_SPACE}节[：:、.．]?"),
    ("条", "cn", rf"第(?P<n>{_CN}{{1,5}}|\d{{1,3}}){_SPACE}条(?![例款约件])[：:、.．]?"),
    ("第", "cn", rf"第(?P<n>{_CN}{{1,3}})[，,、：:]"),
    ("是", "cn", r"(?P<n>[一二三四五六七八九十]{1,3})是(?![否非])"),
    ("一、", "cn", rf"(?P<n>{_CN}{{1,4}}){_SPACE}(?:[、．.﹒﹑]|[，,](?=\S{{2,40}}$))"),
    ("（一）", "cn", rf"(?:[（(【〔\[]?{_SPACE}(?P<n>{_CN}{{1,4}}){_SPACE}[）)】〕\]]|(?P<n2>[㈠-㈩㊀-㊉]))[、.．]?"),
    ("1.1", "ar", r"(?P<n>\d{1,3}(?:[.．]\d{1,3}){1,8})(?![\d%％])(?![.．]\d)[.．、﹒﹑]?(?!\d)"),
    (
        "1.",
        "ar",
        rf"(?:(?P<n>\d{{1,6}}){_SPACE}(?:[、．.﹒﹑](?!\d)|[.．、﹒﹑](?={_SPACE}[12]\d{{3}}年)|[.．、﹒﹑](?={_SPACE}\d{{1,4}}[^\d.．、%％\s)）]))|(?P<n2>[⒈-⒛]))",
    ),
    ("（1）", "ar", rf"(?:[（(【〔\[]{_SPACE}(?P<n>\d{{1,3}}){_SPACE}[）)】〕\]]|(?P<n2>[⑴-⒇]))[、.．]?"),
    ("1）", "ar", rf"(?P<n>\d{{1,3}}){_SPACE}[）)][、.．]?"),
    ("①", "ar", r"(?P<n>[①-⑳❶-❿➀-➉➊-➓⓫-⓴⓵-⓾㉑-㉟㊱-㊿])[、.．]?"),
    ("1⃣", "ar", "(?P<n>\\d{1,2})\ufe0f?\u20e3"),
    ("—", "", r"(?P<n>)(?:——|—|－－|--|––)(?=[^\d\s—-])"),
    ("•", "", rf"(?P<n>)(?:[•●◆■○▪★☆◇□▶►➢◎·‣∙⚫]|[-*+](?={_SPACE}[^\d\s*+-])){_SPACE}"),
)


def _alternative(i: int, pattern: str) -> str:
    """One form's pattern with its groups numbered, so that all forms are tried in one pass."""
    return f"(?P<f{i}>" + pattern.replace("<n2>", f"<n{i}_2>").replace("<n>", f"<n{i}_>") + ")"


_PATTERN = re.compile("|".join(_alternative(i, pattern) for i, (_, _, pattern) in enumerate(_FORMS)))
_LOOSE_STOP = re.compile(r"(?P<n>\d{1,3})[，,：:。](?=[\u4e00-\u9fff“《])")
_LOOSE = re.compile(rf"(?P<n>\d{{1,3}})(?P<gap>{_SPACE})(?=[\u4e00-\u9fff“《])")
_LOOSE_CN = re.compile(rf"(?P<n>{_CN}{{1,3}})[ \t\u3000\xa0]+(?=[\u4e00-\u9fff“《])(?!{_CN})")
_UNITS = "年月日个名项家所条次万亿元件人户位度届类种批号点时分秒公里米倍周天多余大多千百十级岁期张座处场套门辆台部本只对股吨亩平方立"
WEAK = frozenset(("第", "是", "—", "•"))
_FULL_WIDTH = re.compile(r"[（(]?[ \t\u3000]*[０-９]")
_HALF_WIDTH = str.maketrans("０１２３４５６７８９．（）", "0123456789.()")


@dataclass(frozen=True, slots=True)
class Marker:
    """A number at the head of a line.

    `form` is the kind of number (as the first of its kind is printed: 一、 （一） 1. （1） ① 第 是 — •), `number` its value (None for
    bullets and decimals), `printed` the number as it stands, `step` as it stands in a path, `loose` where no stop parts it from the text.
    """

    form: str
    script: str
    number: int | None
    printed: str
    step: str
    loose: bool = False

    @property
    def weak(self) -> bool:
        """Whether it makes items only where no other number stands below the heading."""
        return self.form in WEAK


def find_marker(text: str) -> Marker | None:
    """Give the number that a line (without leading space) opens with, or None.

    Examples
    --------
    >>> [find_marker(t).step for t in ("一、要点", "（二）抓好", "24．做好卫生", "2.10 探索", "⑶推进", "第八条 本办法")]
    ['一', '（二）', '24', '2.10', '（3）', '第八条']
    >>> find_marker("2024年是关键之年") is None
    True
    """
    match = _PATTERN.match(text.translate(_HALF_WIDTH) if _FULL_WIDTH.match(text) else text)
    if not match:
        return _loose(text) if text else None
    i = int((match.lastgroup or "f0")[1:])  # the form's own group closes last
    form, script, _ = _FORMS[i]
    n = match[f"n{i}_"] or match.groupdict().get(f"n{i}_2") or ""
    printed = text[: match.end()]
    if form == "1.1":
        return Marker(form, script, None, printed, n.replace("．", "."))
    number = to_number(n) if n else None
    if n and number is None:
        return None
    return Marker(form, script, number, printed, _step(form, n, number, printed))


def _loose(text: str) -> Marker | None:
    if text[0] in CHINESE and len(text) <= 40 and (chinese := _LOOSE_CN.match(text)) is not None:
        return Marker("一、", "cn", to_number(chinese["n"]), chinese["n"], chinese["n"], loose=True)
    if (stopped := _LOOSE_STOP.match(text)) is not None:
        return Marker("1.", "ar", int(stopped["n"]), stopped[0], stopped["n"].lstrip("0") or "0", loose=True)
    match = _LOOSE.match(text.translate(_HALF_WIDTH) if text[:1] in "０１２３４５６７８９" else text)
    if not match or (not match["gap"] and text[match.end()] in _UNITS):
        return None
    printed = text[: match.end("n")]
    return Marker("1.", "ar", int(match["n"]), printed, str(int(match["n"])), loose=True)


def _step(form: str, n: str, number: int | None, printed: str) -> str:
    if form == "（一）":
        return f"（{n}）" if n not in "㈠㈡㈢㈣㈤㈥㈦㈧㈨㈩㊀㊁㊂㊃㊄㊅㊆㊇㊈㊉" else f"（{'一二三四五六七八九十'[(number or 1) - 1]}）"
    if form in ("（1）", "1）"):
        return f"（{number}）" if form == "（1）" else f"{number}）"
    if form in ("1.", "1⃣"):
        return str(number)
    return printed.strip().rstrip("、.．﹒﹑，,：: ")

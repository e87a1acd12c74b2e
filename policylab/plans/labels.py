"""A portal's label block (索引号, 发布机构, 发文字号, 成文日期 …): in one line, in pairs, on lines of their own, or in a table."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from policylab.plans.dates import date_in
from policylab.plans.markers import find_marker
from policylab.plans.naming import is_office
from policylab.plans.phrases import LABEL, LABEL_NAME, squeeze
from policylab.plans.raw import Paragraph

_KEYS = {
    "issuer": r"(?:发布|发文|制发|印发)(?:机构|机关|单位)|公开主体",
    "source": r"来源|信息来源",
    "doc_number": r"发文字号|文号|文件(?:编号|字号)",
    "made": r"(?:成文|生成|发文|签发|制发)(?:日期|时间)",
    "posted": r"(?:发布|公开|公布|印发)(?:日期|时间)",
    "title": r"名称|标题|(?:信息|文件)名称",
}
NUMBER = re.compile(r"[\u4e00-\u9fff]{1,14}\s*[〔\[［（(﹝【]\s*(?:19|20)\d{2}\s*[〕\]］）)﹞】]\s*(?:第\s*)?\d{1,4}\s*号")
_COLON = re.compile(rf"(?:^[（(]?|(?<=[\s\u3000【])|(?<=[^\s】])(?=.{{4}}))【?(?P<name>{LABEL_NAME.pattern})\s*】?\s*(?:[：:]|(?<=】))")
_HEAD, _FOOT = 60, 25


@dataclass
class Labels:
    """What a label block says (keys issuer, source, doc_number, made, posted, title) and the paragraphs it stands in."""

    said: dict[str, str] = field(default_factory=dict)
    rows: set[int] = field(default_factory=set)


def read_labels(ps: list[Paragraph]) -> Labels:
    """Read the label block at a document's head or foot; a label without a value stays without one."""
    labels = Labels()
    _read(ps, _head_rows(ps), labels)
    _read(ps, range(max(_last_number(ps) + 1, len(ps) - _FOOT), len(ps)), labels)
    return labels


def _head_rows(ps: list[Paragraph]) -> range:
    end = next((i for i, p in enumerate(ps[:_HEAD]) if _opens_body(p)), min(_HEAD, len(ps)))
    return range(end)


def _opens_body(p: Paragraph) -> bool:
    marker = p.marker
    return not LABEL.match(p.text) and (len(p.text) > 300 or (marker is not None and not marker.weak and marker.form != "1.1"))


def _last_number(ps: list[Paragraph]) -> int:
    return next((i for i in reversed(range(len(ps))) if find_marker(ps[i].text) is not None), len(ps))


def _read(ps: list[Paragraph], rows: range, labels: Labels) -> None:
    bare = _has_bare_labels(ps, rows)
    pending: tuple[str, int] | None = None
    for i in rows:
        found = False
        for name, value in _pieces(ps[i].text, bare):
            if name:
                found, pending = True, (name, i)
            if name and value:
                _keep(labels, name, value)
                pending = None
            elif not name and pending and value and (pending[1] == i or ("\t" not in ps[i].text and _fits(pending[0], value))):
                _keep(labels, pending[0], value)
                found, pending = True, None
        if found:
            labels.rows |= {i}
        if "\t" in ps[i].text or (not found and ps[i].text):
            pending = None


def _has_bare_labels(ps: list[Paragraph], rows: range) -> bool:
    """Whether labels stand without a colon in cells or lines of their own: two of them tell."""
    names = {squeeze(cell) for i in rows for cell in ps[i].text.split("\t") if LABEL_NAME.fullmatch(cell.strip())}
    return len(names) > 1


def _pieces(text: str, bare: bool) -> Iterator[tuple[str, str]]:
    """Give (label, value) pairs of a line in order; a text without a label of its own has the label ""."""
    for cell in text.split("\t"):
        cell = re.sub(r"^[•·●▪\s]+", "", cell.strip())
        found = list(_COLON.finditer(cell)) if len(cell) < 600 and any(sign in cell for sign in "：:】") else []
        found = [
            m
            for m in found
            if m.start() == 0 or re.match(r"[\s\d]", cell[m.start() - 1]) or cell[m.start()] == "【" or len(squeeze(m["name"])) >= 4
        ]
        if bare and LABEL_NAME.fullmatch(cell):
            yield squeeze(cell), ""
        elif not found or found[0].start() > 0:
            yield "", cell
        else:
            ends = [m.start() for m in found[1:]] + [len(cell)]
            for m, end in zip(found, ends, strict=True):
                value = cell[m.end() : end].strip(" \u3000，,;；")
                yield squeeze(m["name"]), value if re.search("[（(]", value) else value.rstrip("）)")


def _key(name: str) -> str:
    return next((key for key, pattern in _KEYS.items() if re.fullmatch(pattern, name)), "")


def _fits(name: str, value: str) -> bool:
    """Whether the line below a label may be its value."""
    key = _key(name)
    if not key:
        return len(value) <= 30 and not is_office(value) and re.search(r"年.*(?:要点|计划|报告|方案|安排|意见|总结)", value) is None
    return len(value) < 80 and _value(key, value) is not None


def _keep(labels: Labels, name: str, value: str) -> None:
    key = _key(name)
    said = _value(key, value) if key else None
    if said is not None:
        labels.said.setdefault(key, said)


def _value(key: str, value: str) -> str | None:
    """The value as a fact, or None where it is none of its kind."""
    if key in ("made", "posted"):
        day = date_in(value)
        return day.isoformat() if day else None
    if key == "doc_number":
        number = NUMBER.search(value)
        return squeeze(number[0]) if number else None
    if key in ("issuer", "source"):
        name = re.split(r"\s{2,}|\s+(?=\S{1,6}[：:])|[，,；;|]", value)[0].strip()
        name = re.sub(r"[（(][^（）()]*[）)]?$", "", name)
        return squeeze(name) if is_office(name) else None
    return value if len(value) < 80 else None

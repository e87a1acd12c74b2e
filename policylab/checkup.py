"""What was read and every problem, as lines for a person: the text of `policylab check`."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd

from policylab.plans import Plans

_SEVERITY = {"error": "错误 error", "warning": "警告 warning", "info": "提示 info"}
_SHOWN = ["plan", "year", "place", "genre", "n_sections", "n_items", "n_units", "n_chars", "source"]
_MOST_LISTED = 40  # documents; of more each place is one line
_WIDTH = 110  # columns of a terminal
_NAMES = {
    "break-inferred": "推断断行",
    "cell-limit": "单元格截断",
    "cesu-8": "编码不规范",
    "charset-mismatch": "声明编码不符",
    "columns": "按分栏排序",
    "correction-no-fit": "更正不再适用",
    "cut-off": "结尾中断",
    "damaged": "文件损坏",
    "damaged-characters": "字符损坏",
    "damaged-text": "字符丢失",
    "empty-file": "空文件",
    "encoding": "编码无法确定",
    "far-longer": "篇幅过长",
    "far-shorter": "篇幅过短",
    "format": "格式不读",
    "garbled": "夹有乱码",
    "hidden-cells": "隐藏单元格",
    "hidden-text": "隐藏文字",
    "kept-text": "沿用旧文",
    "lines-joined": "合并断行",
    "long-closing": "结语过长",
    "metadata-no-file": "元数据无对应文件",
    "metadata-no-row": "文件无元数据",
    "missing-file": "文件缺失",
    "nearly-same-text": "文本近乎相同",
    "no-items": "没有条目",
    "no-numbering": "没有编号",
    "no-place": "地区不明",
    "no-title": "没有标题",
    "no-year": "年份不明",
    "not-chinese": "不是中文",
    "not-read": "有未读内容",
    "number-inferred": "推断编号",
    "number-repeated": "编号重复",
    "number-skipped": "编号跳号",
    "numbers-restart": "编号重起",
    "other-level": "疑为他级文件",
    "other-place": "疑为他地文件",
    "other-sheets": "其他工作表",
    "other-year": "疑为他年文件",
    "pages-lost": "缺页",
    "place-conflict": "地区矛盾",
    "place-not-named": "文中不见地名",
    "place-outside-years": "地区年份不符",
    "places-no-row": "地区表无此地",
    "repaired": "修复后读取",
    "same-place-year": "同地同年",
    "same-text": "文本相同",
    "second-title": "一文件两篇",
    "section-repeated": "章节重复",
    "site-tail": "网页或许可文字",
    "site-text": "正文夹有网页文字",
    "table-as-note": "表格作附注",
    "titles-only": "只有标题",
    "traditional-characters": "繁体文本",
    "truncated": "末字截断",
    "turned-text": "转向文字",
    "unreadable": "无法读取",
    "unsafe": "超出安全限度",
    "vertical-text": "竖排文字",
    "very-short": "文本极短",
    "year-conflict": "年份矛盾",
}


def checkup(plans: Plans, *, sources: Sequence[str]) -> Iterator[str]:
    """Give the lines of a report: documents, problems by severity and code, and files in = read + refused.

    Parameters
    ----------
    plans : Plans
        What was read.
    sources : sequence of str
        All files that were there; those neither read nor refused are listed as passed over.
    """
    for line in _report(plans, sources):
        yield "".join(c if c.isprintable() else "\ufffd" for c in line)  # a file's name or text must not steer the terminal


def _report(plans: Plans, sources: Sequence[str]) -> Iterator[str]:
    documents, problems = plans.documents, plans.problems
    if len(documents):
        yield "读到的文件 What was read"
        yield from _table(documents[_SHOWN] if len(documents) <= _MOST_LISTED else _by_place(documents))
        yield ""
    for severity, name in _SEVERITY.items():
        found = problems[problems["severity"] == severity]
        if len(found):
            yield f"{name}: {len(found)}（{found['source'].nunique()} 个文件 files）"
            for code, rows in found.groupby("code", sort=True):
                yield f"  {' '.join(part for part in (_NAMES.get(str(code)), str(code)) if part)} ({len(rows)})"
                yield from _findings(rows)
            yield ""
    read = set(documents["source"])
    refused = set(problems.loc[problems["severity"] == "error", "source"]) - read
    passed = sorted(set(sources) - read - refused)
    if passed:
        yield f"其余表格 other tables (metadata, places, corrections, or for read_table): {', '.join(passed)}"
    yield from _tables_used(plans.settings)
    more = f" ({len(documents)} documents)" if len(documents) != len(read) else ""
    yield f"文件 files in {len(read | refused)} = 读出 read {len(read)}{more} + 拒读 refused {len(refused)}"


def _tables_used(settings: dict[str, Any]) -> Iterator[str]:
    """Say which of a person's tables were used, and how many corrections."""
    used = [str(settings[name]) for name in ("metadata", "places") if isinstance(settings.get(name), str)]
    if used:
        yield f"用到的表 tables used: {', '.join(used)}"
    right = settings.get("corrections")
    if right:
        applied = right["orders"] - right["not_applied"]
        yield f"更正 corrections ({right['table']}): 应用 applied {applied}, 未应用 not applied {right['not_applied']}"


def _by_place(documents: pd.DataFrame) -> pd.DataFrame:
    """A line for each series and place: its documents, its years, the range of its lengths."""
    place = documents.assign(series=documents["series"].fillna("–"), place=documents["place"].fillna("–"))
    groups = place.groupby(["series", "place"], sort=True)
    lines = {"documents": groups.size(), "years": groups["year"].agg(_spans)}
    lines |= {name: groups[name].agg(lambda n: f"{n.min()}–{n.max()}") for name in ("n_sections", "n_items", "n_units", "n_chars")}
    return pd.DataFrame(lines).reset_index()


def _spans(years: pd.Series) -> str:
    """Write years as spans, so that gaps show: 2016–2019, 2021."""
    known = sorted({int(y) for y in years.dropna()})
    starts = [y for y in known if y - 1 not in known]
    ends = [y for y in known if y + 1 not in known]
    spans = [f"{a}–{b}" if b > a else f"{a}" for a, b in zip(starts, ends, strict=True)]
    return ", ".join([*spans, *(["不明 ?"] if years.isna().any() else [])])


def _table(frame: pd.DataFrame) -> list[str]:
    with pd.option_context("display.unicode.east_asian_width", True, "display.max_colwidth", None):
        return frame.astype("str").fillna("–").to_string(index=False).splitlines()


def _findings(rows: pd.DataFrame) -> Iterator[str]:
    """Give each message once, with all files and lines it is about, and each hint once below the messages it belongs to."""
    for hint, same_hint in rows.fillna({"hint": ""}).groupby("hint", sort=False):
        for message, same in same_hint.groupby("message", sort=False):
            places = [_place(source, lines) for source, lines in same.groupby("source", sort=False)["line"]]
            if len(places) == 1:
                yield f"    {places[0]}  {message}"
            else:
                yield f"    {message}:"
                yield from _wrapped(places, indent="      ")
        if hint:
            yield f"      → {hint}"


def _place(source: str, lines: pd.Series) -> str:
    known = ", ".join(str(line) for line in lines if line > 0)
    return f"{source} : {known}" if known else source


def _wrapped(entries: Sequence[str], *, indent: str) -> Iterator[str]:
    line = ""
    for entry in entries:
        if line and _columns(indent + line + entry) > _WIDTH:
            yield indent + line
            line = ""
        line += f"{entry}；"
    yield indent + line.rstrip("；")


def _columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)

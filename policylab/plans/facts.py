"""What a document says of itself: place, year, issuer, document number (文号), date of issue, genre, series."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from policylab.plans.numerals import five_year_plans, to_number, years_in
from policylab.plans.phrases import GENRES, SIMPLIFIED, squeeze
from policylab.plans.places import Places, settle_place
from policylab.plans.raw import Paragraph, Problem
from policylab.plans.zones import Zones

_PLACE_END = "省市区县州盟旗"
_PLACE = re.compile(
    r"[\u4e00-\u9fff]{1,8}?(?:特别行政区|维吾尔自治区|壮族自治区|回族自治区|自治区|自治州|自治县|自治旗|新区|开发区|省|市|区|县|州(?![省市区县])|盟|旗)(?!场|民|域|级|委|属|内|长|政府$)"
)
_DATE = re.compile(
    r"(\d{4}|[一二〇○零OＯ三四五六七八九]{4})\s*年\s*([\d一二三四五六七八九十]{1,3})\s*月\s*([\d一二三四五六七八九十]{1,3})\s*日"
)
_DELIVERY = re.compile(
    r"(\d{4}|[一二〇○零OＯ三四五六七八九]{4})\s*年\s*([\d一二三四五六七八九十]{1,3})\s*月.{0,10}?在\s*(?:第[一二三四五六七八九十]+届)?(.{2,30}?)(?:第[\s一二三四五六七八九十\d]+\s*(?:届|次)|人民代表大会|人大)"
)
_NUMBER = re.compile(r"[\u4e00-\u9fff]{1,12}[〔\[［（(]\s*(?:19|20)\d{2}\s*[〕\]］）)]\s*(?:第\s*)?\d{1,4}\s*号")
_SPAN = re.compile(r"((?:19|20)\d{2})\s*年?\s*(?:[-—–－~～至到]+)\s*((?:19|20)?\d{2})\s*(学年度?|年)?")
_PERIOD = re.compile(r"(?:19|20)\d{2}\s*(?:学年度?(?:第[一二]学期)?|年\s*(?:上半年|下半年|第?[一二三四1-4]季度|\d{1,2}月份?))")
_FIVE_YEARS = re.compile('[“"]?十[一二三四五六七八九]五[”"]?')
_TEXTS = ("title", "issuer", "doc_number", "issued", "genre", "period")  # facts that a metadata table may set outright
_LABELS = {
    "issuer": r"发布机构|发文机关|发文单位|发布单位|公开主体",
    "doc_number": r"发文字号|文\s*号|文件编号",
    "issued": r"成文日期|发文日期|生成日期|发布日期|发布时间|公开日期",
    "title": r"名\s*称|标\s*题|信息名称",
}
_NEXT_LABEL = (
    r"(?=\s+(?:索\s*引\s*号|发布|发文|成文|生成|公开|主题|信息|文\s*号|文件编号|有\s*效|组配|体裁|服务|关\s*键|名\s*称|标\s*题|来\s*源)"
    r"[^：:\s]{0,6}\s*[：:]|$)"
)


@dataclass
class Facts:
    """The facts of a document; what is unknown is None."""

    title: str | None = None
    place: str | None = None
    place_from: str | None = None
    year: int | None = None
    year_from: str | None = None
    year_start: int | None = None
    year_end: int | None = None
    period: str | None = None
    issuer: str | None = None
    doc_number: str | None = None
    issued: str | None = None
    genre: str | None = None
    series: str | None = None
    extra: dict[str, object] = field(default_factory=dict)


def place_in(text: str) -> str | None:
    """Give the finest place that a name begins with: 上海市静安区教育局 → 静安区.

    Examples
    --------
    >>> place_in("上海市静安区教育局"), place_in("新疆维吾尔自治区人民政府"), place_in("市教育局")
    ('静安区', '新疆维吾尔自治区', None)
    """
    at, place = 0, None
    while (match := _PLACE.match(text, at)) is not None:
        name = match[0]
        if len(name) < 2 or name in (
            "自治区",
            "自治州",
            "自治县",
            "全市",
            "全省",
            "全区",
            "全县",
            "本市",
            "本区",
            "我市",
            "我区",
            "城市",
            "地区",
            "社区",
            "园区",
        ):
            break
        place, at = name, match.end()
    return place


def read_facts(
    ps: list[Paragraph],
    z: Zones,
    front: dict[str, str],
    source: str,
    headings: list[str],
    *,
    metadata: Mapping[str, Any],
    places: Places | None = None,
) -> tuple[Facts, list[Problem]]:
    """Gather a document's facts; of two sources the earlier in the order of DESIGN wins, every disagreement is a problem."""
    facts = Facts()
    problems: list[Problem] = []
    labels = _label_block(ps, z)
    head = [p.text for p, name in zip(ps[:80], z.names, strict=False) if name in ("title", "note", "preamble")]
    facts.title = z.head.title or front.get("title") or labels.get("title") or None
    title = squeeze(z.head.title or front.get("title", ""))
    name = re.search("《(.+?)》", title)
    title = (name[1] if name and "通知" in title else title).translate(SIMPLIFIED)
    _period(facts, title)
    facts.genre = _genre(title, head)
    facts.issuer = _issuer(title) or labels.get("issuer") or _issuer(squeeze(z.head.notice))
    facts.doc_number = next((m[0] for t in [*labels.values(), *head] if (m := _NUMBER.search(t)) and len(t) < 80), None)
    facts.issued = _issued(ps, z, labels, front)
    delivery = _delivery(z, head)
    said = [
        ("metadata table", metadata.get("place")),
        ("front matter", front.get("place")),
        ("title", place_in(title) or _national(title)),
    ]
    said += [("label block", place_in(labels.get("issuer", "")))]
    said += [("delivery", (place_in(delivery[3]) or _national(delivery[3])) if delivery else None)]
    said += _named_places(source, "".join(p.text for p in ps))
    _set_year(facts, title, front, delivery, headings, source, metadata, problems)
    year = facts.year if facts.year is not None else facts.year_start
    facts.place, facts.place_from = _first(said, "place", problems, name=lambda place: places.named(place, year) if places else place)
    for fact in _TEXTS:
        setattr(facts, fact, metadata.get(fact) or getattr(facts, fact))
    facts.series = metadata.get("series") or _series(facts)
    facts.extra = {k: v for k, v in metadata.items() if k not in ("source", "place", "year", "series", *_TEXTS)}
    if places is not None:
        problems += settle_place(facts, places)
    return facts, problems


def _set_year(
    facts: Facts, title: str, front: dict[str, str], delivery: re.Match[str] | None, headings: list[str], source: str,
    metadata: Mapping[str, Any], problems: list[Problem],
) -> None:  # fmt: skip
    """Set the plan's year; a span or a school year has none, unless the metadata table gives one."""
    years = [("metadata table", metadata.get("year"))]
    if facts.year_start is None or (facts.period and re.search("半年|季度|月", facts.period)):
        years += [("front matter", _plain_year(front.get("year"))), ("title", _title_year(title)), ("delivery", _delivery_year(delivery))]
        years += [("heading", _heading_year(headings)), *_file_years(source)]
    facts.year, facts.year_from = _first(years, "year", problems)
    if facts.year is not None:
        facts.year_start = facts.year_end = facts.year


def _delivery(z: Zones, head: list[str]) -> re.Match[str] | None:
    """The line of delivery under the title (——2024年1月9日在…), also broken over two lines."""
    pairs = ["".join(head[i : i + 2]) for i in range(min(6, len(head)))]
    return next((m for t in [z.head.title, *head[:12], *pairs] if (m := _DELIVERY.search(t))), None)


def _first(
    candidates: Sequence[tuple[str, Any]], what: str, problems: list[Problem], *, name: Callable[[Any], Any] = lambda value: value
) -> tuple[Any, str | None]:
    """Give the first value that is known and where it comes from; others that `name` makes another value are problems."""
    known = [(where, value) for where, value in candidates if value is not None]
    if not known:
        return None, None
    where, value = known[0]
    hint = f"{value} was taken; " + (
        "check the table and the file." if where == "metadata table" else f"give the right {what} in a metadata table."
    )
    for other, said in dict.fromkeys(known[1:]):
        if name(said) != name(value) and not (isinstance(said, str) and (said in str(value) or str(value) in said)):
            problems.append(Problem(f"{what}-conflict", "warning", f"the {other} says {what} {said}, the {where} {value}", hint))
    return value, where


def _period(facts: Facts, title: str) -> None:
    span, part, five = _SPAN.search(title), _PERIOD.search(title), _FIVE_YEARS.search(title) if five_year_plans(title) else None
    if span:
        end = int(span[2]) if len(span[2]) == 4 else int(span[1][:2] + span[2])
        facts.period = squeeze(span[0]) if span[3] else span[0]
        facts.year_start, facts.year_end = int(span[1]), end
    elif part:
        facts.period = part[0]
        if "学年" in part[0]:
            facts.year_start = int(part[0][:4])
            facts.year_end = facts.year_start + 1
    elif five and not years_in(title):
        facts.period, (facts.year_start, facts.year_end) = five[0], five_year_plans(title)[0]


def _genre(title: str, head: list[str]) -> str | None:
    found = [(title.rfind(g), -len(g), g) for g in GENRES if g in title]
    if found:
        end = max(title.rfind(g) + len(g) for _, _, g in found)
        return max((g for _, _, g in found if title.rfind(g) + len(g) == end), key=len)
    if any(
        re.search(r"代表.{0,12}(?:人民政府|省政府|市政府|国务院).{0,16}(?:报告.{0,4}工作|工作报告)|作(?:政府)?工作报告", t) for t in head
    ):
        return "政府工作报告"
    return None


def _issuer(title: str) -> str | None:
    text = re.sub(r"^附件\d*|关于.*$", "", title)
    text = re.split(r"(?:19|20)\d{2}|[一二][一二三四五六七八九〇○零OＯ]{3}年|[“\"]?十[一二三四五六]五", text)[0]
    for genre in GENRES:
        text = re.split(genre, text)[0]
    match = re.fullmatch(r"[\u4e00-\u9fff、]{2,30}?(?:局|委|委员会|人民政府|政府|办公室|办公厅|厅|院|处|中心|部|公司|学校|小学|中学)", text)
    return match[0] if match else None


def _series(facts: Facts) -> str | None:
    if facts.genre is None:
        return None
    if facts.genre == "政府工作报告":
        return facts.genre
    issuer = facts.issuer or ""
    cut = issuer.rfind(facts.place) + len(facts.place) if facts.place and facts.place in issuer else 0
    return f"{issuer[cut:]}{facts.genre}"


def _label_block(ps: list[Paragraph], z: Zones) -> dict[str, str]:
    """Read 发布机构, 发文字号 and the like, in one line, in pairs or with the value on the next line."""
    labels: dict[str, str] = {}
    rows = [p.text for p, name in zip(ps[:80], z.names, strict=False) if name in ("note", "furniture")]
    for i, text in enumerate(rows):
        for key, pattern in _LABELS.items():
            match = re.search(rf"(?:^|[\s\u3000\t])(?:{pattern})\s*[：:]\s*(.*?){_NEXT_LABEL}", text)
            if match and key not in labels:
                value = match[1].strip() or (rows[i + 1].strip() if i + 1 < len(rows) and "：" not in rows[i + 1] else "")
                if value and len(value) < 80:
                    labels[key] = value
    return labels


def _issued(ps: list[Paragraph], z: Zones, labels: dict[str, str], front: dict[str, str]) -> str | None:
    texts = [
        labels.get("issued", ""),
        *(p.text for p, name in zip(reversed(ps), reversed(z.names), strict=True) if name == "note"),
        front.get("date", ""),
    ]
    for text in texts:
        match = _DATE.search(text) if len(text) < 80 else None
        if match and not _DELIVERY.search(text):
            year, month, day = (to_number(g) for g in match.groups())
            if year and month and day and 1 <= month <= 12 and 1 <= day <= 31:
                return f"{year}-{month:02d}-{day:02d}"
        iso = re.search(r"((?:19|20)\d{2})[-/.](\d{1,2})[-/.](\d{1,2})", text) if len(text) < 120 else None
        if iso:
            return f"{iso[1]}-{int(iso[2]):02d}-{int(iso[3]):02d}"
    return None


def _national(text: str) -> str | None:
    """The State Council's reports are of the whole country, as 全国人民代表大会 is printed in their line of delivery."""
    return "全国" if text.startswith(("国务院", "全国")) else None


def _plain_year(value: str | None) -> int | None:
    found = re.fullmatch(r"((?:19|20)\d{2})年?", value.strip()) if value else None
    return int(found[1]) if found else None


def _title_year(title: str) -> int | None:
    bare = re.sub(r"[（(].*?[）)]|\d{4}年\d{1,2}月\d{1,2}日", "", title)
    found = years_in(bare)
    forward = [y for y, _, end in found if re.match(r"年?.{0,12}(?:要点|计划|安排|打算|思路|任务|报告|方案)", bare[end:])]
    return (forward or [y for y, _, _ in found])[-1] if found else None


def _delivery_year(delivery: re.Match[str] | None) -> int | None:
    """The year of delivery is the plan's year, unless it was delivered in the last weeks of the year before."""
    if delivery is None or (to_number(delivery[2]) or 0) >= 11:
        return None
    return to_number(delivery[1])


def _heading_year(headings: list[str]) -> int | None:
    """The latest year that a heading sets a plan for (2024年工作安排)."""
    years = []
    for text in headings:
        bare = re.sub("(?:19|20)[0-9]{2}年远景", "", text)
        found = re.search(r"(?<![-—–至到])((?:19|20)\d{2})年(?:的)?.{0,14}(?:安排|任务|目标|打算|部署|重点|要求|思路|建议|工作)", bare)
        if found and not re.search("回顾|总结|过去|完成情况", text):
            years.append(int(found[1]))
    return max(years, default=None)


def _stems(source: str) -> tuple[list[str], list[str]]:
    path = PurePosixPath(source)
    parts = re.findall(
        r"[\u3400-\u9fff\d]*[\u3400-\u9fff](?:[\u3400-\u9fff\d])*?(?=(?:19|20)\d{2}|[^\u3400-\u9fff\d]|$)|(?:19|20)\d{2}|\d+", path.stem
    )
    return parts, [p for p in reversed(path.parts[:-1]) if p not in (".", "..")][:2]


def _named_places(source: str, text: str) -> list[tuple[str, Any]]:
    parts, folders = _stems(source)
    has_year = any(re.fullmatch(r"(?:19|20)\d{2}", p) for p in parts)
    out: list[tuple[str, Any]] = []
    for part in parts:
        if re.fullmatch(r"[\d]+", part) or len(part) > 14 or any(g in part for g in GENRES):
            continue
        if part[-1] in _PLACE_END and len(part) >= 2 and (len(part) > 2 or has_year):
            out.append(("file name", place_in(part) or part))
        elif (2 <= len(part) <= 8 and text.count(part) >= 5 and part == PurePosixPath(source).stem.strip()) or (
            has_year and len(parts) == 2
        ):
            out.append(("file name", part))
    for folder in folders:
        if re.fullmatch(r"[\u3400-\u9fff]{2,12}", folder) and (
            folder[-1] in _PLACE_END or (has_year and len(parts) == 1 and len(folder) <= 8)
        ):
            out.append(("folder", folder))
    return out


def _file_years(source: str) -> list[tuple[str, Any]]:
    path = PurePosixPath(source)
    out: list[tuple[str, Any]] = []
    for where, name in (("file name", path.stem), *(("folder", p) for p in reversed(path.parts[:-1]))):
        found = re.findall(r"(?<!\d)((?:19|20)\d{2})(?!\d)", name)
        if len(set(found)) == 1 and not re.search(r"20\d{2}\s*学年", name):
            out.append((where, int(found[0])))
    return out

"""Names of places and of offices, as titles, label blocks and signatures print them."""

from __future__ import annotations

import re

from policylab.plans.numerals import to_number, years_in
from policylab.plans.phrases import GENRES, OFFICE, SIMPLIFIED, squeeze
from policylab.plans.placewords import NOT_A_PLACE, PROVINCES

PLACE_END = "省市区县州盟旗"
_AHEAD = rf"(?=$|(?:19|20)\d{{2}}|.{{0,14}}?(?:{OFFICE}|行署))"
_ZONE = r"(?:新区|开发区|高新区|经开区|园区|实验区|试验区|示范区|保税区|管理区|合作区|度假区)"
_PLACE = re.compile(
    r"(?P<corps>新疆生产建设兵团(?:第[一二三四五六七八九十]+师)?)|(?P<twice>[沙东西南北]市区|[津沙]市市)"
    r"|(?:内蒙古|广西壮族|西藏|宁夏回族|新疆维吾尔)自治区|(?:香港|澳门)特别行政区"
    r"|(?:(?![省市县])[\u4e00-\u9fff]){1,14}?(?:自治州|自治县|自治旗)"
    rf"|(?P<zone>(?:(?![省市区县盟旗])[\u4e00-\u9fff]){{0,10}}?{_ZONE}){_AHEAD}"
    rf"|[\u4e00-\u9fff]{{2,5}}?地区{_AHEAD}"
    rf"|(?:{PROVINCES})省"
    r"|[\u4e00-\u9fff]{1,6}?(?:新区|市|区|县(?!市(?![场政民直容属级]))|州(?![省市区县湾])|盟|旗(?!区))(?!场|民(?:众|间|兵|情|营|意|心|居|宅|用|办|歌|生实事|族?$)|域|级|属|内|间|长)"
    r"|[\u4e00-\u9fff]{2,9}?旗(?!下|帜|舰)"
)
_PARTY = re.compile(r"^(?:中国共产党|中共|政协|中国人民政治协商会议|共青团|民革|民盟|民建|民进)(?=.{1,14}?委)")
_MINISTRIES = re.compile(
    r"全国(?=$|人民代表大会|人大|政协|教育)|国务院|中共中央|最高人民(?:法院|检察院)"
    r"|(?:中华人民共和国|国家)?(?:发展改革委|发展和改革委员会|卫生健康委|民族事务委员会|(?:教育|财政|公安|民政|司法|科技|科学技术|商务|外交|国防|水利|农业|农业农村|交通运输|自然资源|生态环境|住房和城乡建设|工业和信息化|文化和旅游|人力资源和?社会保障)部)"
    r"(?=$|办公厅|关于|等|\d|[一二][一二三四五六七八九〇○零])"
)
_PROVINCE = re.compile(rf"(?:{PROVINCES})市?|.+(?:省|自治区|特别行政区)")
_SUFFIX = re.compile(
    r"(?:特别行政区|维吾尔自治区|壮族自治区|回族自治区|[\u4e00-\u9fff]族自治[州县]|自治区|自治州|自治县|自治旗|新区|地区|[省市区县州盟旗])$"
)
_YEAR = re.compile(
    r"^(?:19|20)\d{2}(?:[-—–－~～至](?:19|20)?\d{2})?(?:学年|年)?(?:度|[上下]半年|第[一二]学期|[上下]学期|[春秋]季学期|第?[一二三四1-4]季度|\d{1,2}月份?)*"
)
_CUT = re.compile(
    r"关于|印发|转发|批转|发布|(?:19|20)\d{2}|[一二][一二三四五六七八九〇○零OＯ]{3}年|[“\"]?十[一二三四五六]五|第十[一二三四五六]个五年|(?<!人民)政府工作报告|[（(《]|"
    + "|".join(g for g in GENRES if g != "政府工作报告")
)
_ISSUER = re.compile(rf"[\u4e00-\u9fff、]{{1,30}}?(?:{OFFICE})")
_LEADING = re.compile(r"[\u4e00-\u9fff]{2,24}(?:局|委员会|人民政府|办公室|办公厅|厅)(?=[\u4e00-\u9fff]{2,12}$)")


def named_in(title: str) -> str:
    """Give a title without what may stand before its name: quotation marks, 关于, 附件1, the year."""
    bare = with_digits(squeeze(title)).translate(SIMPLIFIED).strip("“”\"'《》【】*")
    bare = re.sub(r"^(?:附件\d*[：:]?)?(?:关于)?(?:印发)?", "", bare)
    return _YEAR.sub("", bare).strip('“”"《》')


def with_digits(text: str) -> str:
    """Print years in half-width digits: 二O一一年 → 2011年."""
    for year, start, end in reversed(years_in(text)):
        text = f"{text[:start]}{year}{text[end:]}"
    return re.sub(r"[一二][一二三四五六七八九〇○零OＯ]{3}(?=[-—–－~～至](?:19|20)\d{2})", lambda m: str(to_number(m[0])), text)


def places_in(text: str) -> list[str]:
    """Give the chain of places that a name begins with, coarse to fine: 上海市静安区教育局 → 上海市, 静安区."""
    text = _PARTY.sub("", text)
    at = 0
    chain: list[str] = []
    while (match := _PLACE.match(text, at)) is not None:
        name = match[0]
        if re.search(rf"{_ZONE}$", name) and not (match["zone"] or name.endswith("新区")):
            break
        generic = match["zone"] and re.fullmatch(rf"(?:国家级)?(?:高新技术产业|经济技术|高新|经济)?{_ZONE}", name)
        if (NOT_A_PLACE.search(name) and not (match["corps"] or match["twice"])) or (generic and not chain and not name.startswith("高新")):
            break
        chain.append(chain[-1] + name if generic and chain else name)
        at = match.end()
    return chain


def place_in(text: str) -> str | None:
    """Give the finest place that a name begins with; 全国 where it is the State Council's or a ministry's.

    Examples
    --------
    >>> place_in("上海市静安区教育局"), place_in("新疆维吾尔自治区人民政府"), place_in("市教育局"), place_in("国务院办公厅")
    ('静安区', '新疆维吾尔自治区', None, '全国')
    """
    chain = places_in(text)
    return chain[-1] if chain else ("全国" if _MINISTRIES.match(text) else None)


def short_name(place: str) -> str:
    """Give a place's name without what kind of place it is: 静安区 → 静安."""
    short = _SUFFIX.sub("", place)
    return short if len(short) > 1 else place


def issuer_in(title: str) -> str | None:
    """Give the office that a title begins with: 2024年静安区教育局工作要点 → 静安区教育局."""
    text = _CUT.split(named_in(title))[0].rstrip("、")
    if squeeze(title).startswith("关于") and place_in(text) is None:
        return None
    match = _ISSUER.fullmatch(text) or (_LEADING.match(text) if place_in(text) else None)
    return match[0] if match and not re.fullmatch(r".?(?:小学|中学|大学|学院|学校|公司|中心)", match[0]) else None


def is_office(text: str) -> bool:
    """Whether a line is the name of an office, or of several parted by spaces."""
    return 3 <= len(squeeze(text)) <= 40 and _ISSUER.fullmatch(squeeze(text)) is not None and "印发" not in text


def without_place(issuer: str, place: str | None) -> str:
    """Give an office's name without its place: 静安区教育局, 静安教育局, 市教育局 → 教育局."""
    known = [name for name in ((place, short_name(place)) if place else ()) if len(name) > 1 and name in issuer]
    cut = issuer.rfind(known[0]) + len(known[0]) if known else 0
    rest = issuer[cut:]
    return rest if cut else re.sub(rf"^[{PLACE_END}](?=.{{2,}}(?:局|委员会|厅|办公室|政府)$)", "", rest)


def may_hold(parent: str, child: str, text: str) -> bool:
    """Whether two names may both be right: one and the same, or a place and what it belongs to."""
    if "全国" in (parent, child):
        return parent == child
    if parent in child or child in parent or short_name(parent) == short_name(child):
        return True
    coarse, fine = sorted((parent, child), key=_rank)
    if _rank(coarse) == 0:
        return _rank(fine) > 0 and (short_name(coarse) in ("北京", "上海", "天津", "重庆") or short_name(coarse) in text)
    beside = re.search(rf"{short_name(coarse)}[省市州盟]?(?:地区)?{fine}", text) is not None
    named = coarse if coarse[-1] in PLACE_END else rf"{coarse}(?:[省市州盟]|地区)"
    return beside or (_rank(coarse) < _rank(fine) and re.search(named, text) is not None)


def _rank(place: str) -> int:
    if _PROVINCE.fullmatch(place):
        return 0
    return 1 if place.endswith(("市", "州", "盟", "地区")) or place[-1] not in PLACE_END else 2

"""Which stretch of a document is what: cover notice, title, preamble, body, closing, attachments, glossary."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from policylab.plans.markers import find_marker
from policylab.plans.paragraphs import Paragraph

GENRES = [
    "政府工作报告",
    "工作报告",
    "工作要点",
    "工作计划",
    "工作意见",
    "工作安排",
    "工作打算",
    "工作思路",
    "工作方案",
    "行动计划",
    "行动方案",
    "实施方案",
    "实施意见",
    "重点工作",
    "重点任务",
    "发展规划",
    "规划纲要",
    "三年规划",
    "建设指南",
    "管理规范",
    "实施细则",
    "工作总结",
    "政策措施",
    "要点",
    "计划",
    "规划",
    "方案",
    "意见",
    "办法",
    "规范",
    "报告",
]
SIMPLIFIED = str.maketrans("報點計劃總結規範辦實細則導見動綱", "报点计划总结规范办实细则导见动纲")
_GENRE = re.compile("|".join(GENRES))
_NOTICE = re.compile(r"关于(?:印发|发布|下发|转发|公布|报送).{2,80}的?(?:通知|函)$")
_ATTACHMENT = re.compile(r"附\s*[件表录]\s*[0-9一二三四五六七八九十]{0,3}\s*(?:[：:、.]\s*(?P<name>.{0,60}))?")
_GLOSSARY = re.compile(
    r"[（(《]?.{0,24}(?:名词解释|名词注释|名词说明|名词术语|词语解释|术语解释|用语解释|用语说明|名词释义)[）)》]?.{0,6}|(?:注\s*释|注)[：:]?|附注[：:]?"
)
_TASK_LIST = re.compile(r".{0,20}(?:民生实事|实事项目|为民办实事|民生工程|惠民实事)(?:项目|清单|任务|安排|（[^）]*）)*")
_DELIVERY = re.compile(r"[—–－-]*\s*[（(]?.{0,12}年.{1,3}月.{1,4}日?.{0,6}在?.{0,60}(?:会议|大会|全会).{0,12}[）)]?")
_SPEAKER = re.compile(r".{0,24}(?:总理|省长|市长|区长|县长|州长|盟长|旗长|主席|主任|局长|书记)[\s　]*[\u4e00-\u9fff·\s　]{0,12}")
_DATE = re.compile(
    r"[（(]?\s*[\d一二三四五六七八九十〇○零OＯ]{2,4}\s*年\s*[\d一二三四五六七八九十]{1,3}\s*月(?:\s*[\d一二三四五六七八九十]{1,3}\s*日)?\s*(?:印发|发布|通过)?\s*[）)]?"
)
_LABEL = re.compile(
    r"(?:索\s*引\s*号|发布(?:机构|日期|时间|单位)|发文(?:字号|机关|日期|单位)|成文日期|生成日期|公开(?:日期|类别|方式|范围|主体)|主题(?:分类|词)|信息(?:索引|名称|类别|来源)|文\s*号|文件编号|有\s*效\s*性|组配分类|体裁分类|服务对象|关\s*键\s*词|名\s*称|标\s*题|来\s*源)\s*[：:]"
)
_CHROME = re.compile(
    r"当前位置|您(?:所在|现在)的位置|浏览次数|阅读次数|点击(?:数|率|次数)|访问量|分享到|【打印】|【关闭】|打印本页|关闭窗口|字号[：:\s]*[【\[（(]?\s*大|字体[：:]|[沪京粤苏浙]?ICP备|公网安备|网站标识码|主办单位[：:]|承办单位[：:]|扫一扫|责任编辑[：:]|编辑[：:]|作者[：:]|责编[：:]|^首页\b|^\s*【?字体"
)
_TAIL_NOTE = re.compile(
    r"抄\s*[送报][：:]|主题词[：:]|联系(?:人|电话)[：:]|（?此件.{0,8}公开|[（(]?(?:新华社|来源[：:]|信息来源|责任编辑|编辑[：:]|注[：:]|据.{2,12}报道)|[（(]?.{0,30}共印\s*\d+\s*份|.{0,24}(?:办公室|秘书处|秘书科|办公厅)\s*[\d年月日\s]*印发|https?://|[（(]?虚构示例"
)
_CLOSING = re.compile(
    r"在(?:做好|抓好|推进|完成)|各位(?:代表|委员|同志|领导|来宾)|让我们|同志们|谢谢|我们(?:坚信|相信)|做好.{2,20}(?:工作)?.{0,6}(?:意义|责任|使命)|(?:以上|上述)(?:各项)?(?:工作|任务)|新的?(?:征程|一年|时代)|使命|蓝图|奋斗|展望|本.{2,10}自.{0,12}(?:起|日).{0,4}施行|附[：:]"
)
_ADDRESSEE = re.compile(r"(?:各|市|区|县|局|本)[^。；]{1,120}[：:]|各位[^。；，]{1,30}[：:！!]")
_PART_HEADING = re.compile(
    r"^第[一二三四五六七八九十]{1,2}部分|工作回顾|工作总结$|^(?:主要|重点)(?:工作|任务)$|^(?:下一步|今年)(?:的)?(?:主要|重点)?工作"
    r"|年(?:的)?(?:主要|重点)?(?:目标|工作|任务)?(?:和|及|与)?(?:主要|重点|总体)?(?:工作|任务|目标)?(?:安排|打算|部署|思路|建议|任务|要求|重点)$"
)
_SPEECH = re.compile(r"(?:各位|尊敬的)[^。，；：！]{1,12}[：:！!，,]?")
_CONTENTS = re.compile(r"目\s*[录次]")
_LEADER = re.compile(r"[.…．·]{3,}\s*\d*\s*$|\s\.{2,}\s*\d+$")
_ISSUER = re.compile(r"[\u4e00-\u9fff、\s]{2,40}(?:局|委|委员会|政府|办公室|办公厅|厅|院|处|中心|会|部|组|市|区|县|省|司|校)")


@dataclass
class Zones:
    """The zone of each paragraph, and the title with the places it stands in.

    A zone is a kind of the items frame for rows outside the outline (`title`, `note`, `furniture`, `preamble`, `closing`), else `body`,
    `appendix` or `notes`.
    """

    names: list[str]
    title: str = ""
    notice: str = ""
    title_rows: list[tuple[int, int]] = field(default_factory=list)


def squeeze(text: str) -> str:
    """Take all white space out of a text."""
    return re.sub(r"[\s\u3000]+", "", text)


def is_body_start(p: Paragraph) -> bool:
    """Whether a paragraph opens the numbered body."""
    marker = find_marker(p.text)
    return marker is not None and not marker.weak and marker.form != "1.1" and not _LEADER.search(p.text)


def looks_like_title(text: str) -> bool:
    """Whether a line could be a plan's title: short, of a genre, no sentence."""
    bare = squeeze(re.sub(r"[（(][^（）()]*[）)]\s*$", "", text)).translate(SIMPLIFIED)
    return (
        4 <= len(bare) <= 60
        and _GENRE.search(bare) is not None
        and not re.search(r"[。；：！？，:;!?,]|^[（(]|^关于.*会议|^\d+[.、]|制定本|如下", bare)
        and not _LABEL.match(text)
        and not _DELIVERY.fullmatch(text)
    )


def find_zones(ps: list[Paragraph]) -> Zones:
    """Tell the zones of a document's paragraphs."""
    names = ["furniture" if p.role == "furniture" else "note" if p.role == "note" else "body" for p in ps]
    z = Zones(names)
    _contents(ps, names)
    _find_title(ps, z)
    start = max((b for _, b in z.title_rows), default=0)
    first = _body_start(ps, z, start)
    for i in range(start, first):
        if names[i] == "body":
            names[i] = _head_zone(ps[i].text)
    _running_titles(ps, z)
    for i in range(first, len(ps)):
        if names[i] == "body" and _SPEECH.fullmatch(ps[i].text):
            names[i] = "note"
    end = _attachments(ps, names, first)
    _tail(ps, names, first, end)
    return z


def _body_start(ps: list[Paragraph], z: Zones, start: int) -> int:
    """Where the body begins: the first number, a heading of a part, or (where nothing is numbered) the first paragraph."""
    body = [i for i in range(start, len(ps)) if z.names[i] == "body"]
    for n, i in enumerate(body):
        p = ps[i]
        if p.role == "table" or (is_body_start(p) and not _LABEL.match(p.text)) or (n < 60 and is_part_heading(p.text)):
            return i
    weak = [i for i in body if (m := find_marker(ps[i].text)) is not None and m.form != "1.1" and not _DELIVERY.fullmatch(ps[i].text)]
    if len(weak) >= 3:
        return weak[0]
    return next((i for i in body if _head_zone(ps[i].text) == "preamble"), len(ps))


def is_part_heading(text: str) -> bool:
    """Whether an unnumbered line heads the look back or the plan: 2023年工作回顾, 2024年工作安排, 主要任务."""
    bare = squeeze(text)
    return len(bare) <= 34 and _PART_HEADING.search(bare) is not None and not re.search("[。；，：！]|(?:要点|报告|计划)$", bare)


def _contents(ps: list[Paragraph], names: list[str]) -> None:
    """Lines of a table of contents are notes: those with leaders, and what follows 目录 and stands again below."""
    start = next((i for i, p in enumerate(ps[:60]) if _CONTENTS.fullmatch(p.text)), None)
    for i, p in enumerate(ps):
        if _LEADER.search(p.text) and len(p.text) < 120:
            names[i] = "note"
    if start is None:
        return
    names[start] = "note"
    later = [squeeze(p.text) for p in ps]
    for i in range(start + 1, len(ps)):
        bare = re.sub(r"[.…．·\s]*\d*$", "", later[i])
        if names[i] == "note" or names[i] == "furniture":
            continue
        if len(bare) < 50 and any(t.startswith(bare) for t in later[i + 1 :]) and bare:
            names[i] = "note"
        else:
            break


def _find_title(ps: list[Paragraph], z: Zones) -> None:
    head = [i for i in range(min(len(ps), 400)) if z.names[i] == "body" and ps[i].role == ""]
    begun = next((n for n, i in enumerate(head) if is_body_start(ps[i]) or is_part_heading(ps[i].text) or len(ps[i].text) > 200), len(head))
    at = next((n for n in range(min(begun, 30)) if looks_like_title(ps[head[n]].text) or _notice_at(ps, head, n)), None)
    if at is None:
        return
    size = _notice_at(ps, head, at)
    if size:
        z.notice = "".join(ps[i].text for i in head[at : at + size])
        inner = _after_notice(ps, head, at + size, z.notice)
        if inner is not None:
            for i in range(head[inner[0]]):
                z.names[i] = "note" if z.names[i] == "body" else z.names[i]
            _set_title(ps, z, head[inner[0] : inner[1]])
            return
        _set_title(ps, z, head[at : at + size])
        return
    first, last = _widened(ps, head, at)
    for i in range(head[first]):
        if z.names[i] == "body":
            z.names[i] = "furniture" if _CHROME.search(ps[i].text) else "note"
    _set_title(ps, z, head[first:last])


def _set_title(ps: list[Paragraph], z: Zones, rows: list[int]) -> None:
    z.title = "".join(ps[i].text for i in rows)
    z.title_rows = [(rows[0], rows[-1] + 1)]
    for i in rows:
        z.names[i] = "title"


def _notice_at(ps: list[Paragraph], head: list[int], n: int) -> int:
    """How many lines from here make the title of a cover notice (0: none)."""
    text = ""
    for size in (1, 2, 3):
        if n + size > len(head):
            return 0
        text += squeeze(ps[head[n + size - 1]].text)
        if re.search("[。；：]", text):
            return 0
        if _NOTICE.search(text):
            return size
    return 0


def _after_notice(ps: list[Paragraph], head: list[int], start: int, notice: str) -> tuple[int, int] | None:
    """Find the plan's own title behind a cover notice: the name the notice gives, or a title after its date or 附件."""
    quoted = re.search("《(.+?)》", notice)
    name = squeeze(quoted[1]) if quoted else squeeze(re.sub(r"^.*?关于(?:印发|发布|下发|转发|公布)|的?通知$", "", notice))
    for n in range(start, len(head)):
        text = ""
        for size in (1, 2, 3):
            if n + size <= len(head):
                text += squeeze(ps[head[n + size - 1]].text)
                if text == name:
                    return n, n + size
    for n in range(start + 1, len(head)):
        before = ps[head[n - 1]].text
        if looks_like_title(ps[head[n]].text) and (_DATE.fullmatch(before) or _ATTACHMENT.fullmatch(before)):
            return n, n + 1
    return None


def _widened(ps: list[Paragraph], head: list[int], at: int) -> tuple[int, int]:
    """A title over several lines: the issuer above, （试行） below."""
    first, last = at, at + 1
    if at and head[at] - head[at - 1] <= 2 and len(ps[head[at - 1]].text) <= 30:
        above = ps[head[at - 1]].text
        if (_ISSUER.fullmatch(above) or above.startswith("关于")) and not looks_like_title(above):
            first -= 1
    while last < len(head) and head[last] - head[last - 1] <= 2:
        text = ps[head[last]].text
        if (re.fullmatch(r"[（(][^（）()]{1,20}[）)](?:[（(][^（）()]{1,20}[）)])*", text) and not _DATE.fullmatch(text)) or (
            len(text) <= 24 and looks_like_title(text) and not _GENRE.search(re.sub("建设|管理", "", ps[head[last - 1]].text))
        ):
            last += 1
        else:
            break
    return first, last


def _head_zone(text: str) -> str:
    """The kind of a line between title and body."""
    if _CHROME.search(text) and len(text) < 160:
        return "furniture"
    short = len(text) <= 70
    if _LABEL.match(text) or (short and (_DELIVERY.fullmatch(text) or _DATE.fullmatch(text) or _SPEAKER.fullmatch(text))):
        return "note"
    if _ATTACHMENT.fullmatch(text) or _ADDRESSEE.fullmatch(text) or re.fullmatch(r".{2,20}〔\d{4}〕\s*\d+\s*号", text):
        return "note"
    if short and (_TAIL_NOTE.match(text) or re.search(r"会议.{0,4}$|次会议上$|政府$", text)) and not text.endswith("。"):
        return "note"
    return "preamble"


def _running_titles(ps: list[Paragraph], z: Zones) -> None:
    title = squeeze(z.title)
    if title:
        for i, p in enumerate(ps):
            if z.names[i] in ("body", "preamble", "note") and squeeze(p.text) == title and not p.role:
                z.names[i] = "furniture"
                ps[i] = replace(p, role="furniture")


def _attachments(ps: list[Paragraph], names: list[str], first: int) -> int:
    """Tell attachments and glossaries behind the body; gives where they begin."""
    zone, begin, n_ahead = "body", len(ps), 0
    n_left = sum(name == "body" for name in names[first:])
    for i in range(first, len(ps)):
        if names[i] != "body":
            continue
        n_left -= 1
        text = ps[i].text
        if len(text) <= 80 and n_ahead > 2:
            match = _ATTACHMENT.fullmatch(text)
            if (_GLOSSARY.fullmatch(text) and len(text) <= 40) or (match and match["name"] and _GLOSSARY.fullmatch(match["name"])):
                zone = "notes"
            elif (match and n_left >= 2) or (zone == "body" and _TASK_LIST.fullmatch(squeeze(text)) and _closed_before(ps, names, i)):
                zone = "appendix"
        n_ahead += 1
        if zone != "body":
            begin = min(begin, i)
            names[i] = zone
    return begin


def _closed_before(ps: list[Paragraph], names: list[str], i: int) -> bool:
    before = [ps[j].text for j in range(max(0, i - 6), i) if names[j] == "body"]
    return any(re.search("让我们|各位代表|谢谢|而(?:努力|不懈)?奋斗", t) for t in before)


def _tail(ps: list[Paragraph], names: list[str], first: int, end: int) -> None:
    """Tell the closing and the notes after the last number of the body."""
    body = [i for i in range(first, end) if names[i] == "body"]
    for i in reversed(body):  # issue lines from the end up
        text = ps[i].text
        before = [j for j in body if j < i][-1:]
        if _CHROME.search(text) and len(text) < 200:
            names[i] = "furniture"
        elif (
            ((_DATE.fullmatch(text) or _TAIL_NOTE.match(text)) and len(text) < 160)
            or (
                len(text) <= 30
                and _ISSUER.fullmatch(squeeze(text))
                and any(names[j] == "note" for j in range(i + 1, min(i + 3, len(names))))
                and before
            )
            or (_ATTACHMENT.match(text) and len(text) < 120 and find_marker(text) is None)
        ):
            names[i] = "note"
        else:
            break
    body = [i for i in body if names[i] == "body"]
    numbered = [
        i for i in body if (m := find_marker(ps[i].text)) is not None and (not m.weak or m.form in ("是", "第", "•")) and not m.loose
    ]
    last = numbered[-1] if numbered else first - 1
    after = [i for i in body if i > last]
    if not numbered:
        after = after[max(1, len(after) - 6) :]
    start = len(after)
    for k in reversed(range(len(after))):
        text = ps[after[k]].text
        if ps[after[k]].role or not (
            _CLOSING.match(text) or "让我们" in text or (len(text) < 30 and k + 1 < len(after) and start == k + 1)
        ):
            break
        start = k
    for i in after[start:]:
        names[i] = "closing"

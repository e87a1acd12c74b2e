"""Web pages: the article with its title and label block; menus, footers and tools are kept apart as furniture."""

from __future__ import annotations

import re
from typing import Any

from policylab.errors import EmptyFileError, MissingExtraError, UnsafeFileError
from policylab.plans.decode import Decoded
from policylab.plans.html_blocks import NUMBERED, Block, blocks
from policylab.plans.html_hidden import hide_by_rules, is_seen
from policylab.plans.raw import Line, Problem, RawDocument

MAX_ELEMENTS = 300_000
_MOST_ATTRIBUTES, _LITTLE = 1000, 300
_LONG_TAG = re.compile(r"<[A-Za-z][^<>]{4000,}")
_CHARSET = re.compile(r"""<(?:meta[^>]{0,200}charset\s*=\s*["']?|\?xml[^>]{0,80}encoding\s*=\s*["'])\s*([A-Za-z0-9_-]{2,20})""", re.I)
_SAME = {"gb2312": "gb18030", "gbk": "gb18030", "gb_2312-80": "gb18030", "utf8": "utf-8", "utf-8-sig": "utf-8", "big5-hkscs": "big5"}
_CONTENT = re.compile(
    r"^(?:zoom|trs_editor|ucap-?content|article|articlecontent|content|con_?text|contenttext|detail|details|main-?text|vsb_content|news_?content|view|wzy|artibody)",
    re.I,
)
_FRAME = re.compile(
    r"^(?:nav|menu|sub-?menu|foot|copyright|crumb|bread|position|location|dqwz|side|aside|share|bdshare|relat|xgxw|recommend|banner|search|login|print|qr|ewm|"
    r"link|friend|yqlj|tool|pagination|comment|topbar|header|head|top|bottom|float|fixed|dialog|modal|logo)",
    re.I,
)
_ATTACHED = re.compile(r"\s*附件|.*\.(?:docx?|pdf|wps|xlsx?)\s*$")
_LABEL = re.compile(
    r"^\s*(?:索\s*引\s*号|发布机构|发文机关|发文单位|发文字号|文\s*号|成文日期|发文日期|发布日期|发布时间|公开日期|生成日期|主题分类|信息分类|有\s*效\s*性|"
    r"标\s*题|名\s*称|来\s*源|信息来源|公开主体|主\s*题\s*词)\s*(?:[：:\t]|$)"
)
_LINE = re.compile(
    r"^\s*(?:您?(?:当前|现在)?(?:所在)?的?位置\s*[：:]|首页\s*[>›»＞]|【?\s*(?:打印|关闭|收藏|纠错)|分享到|扫一扫|上一[篇条页]|下一[篇条页]|相关(?:链接|阅读|新闻|文章|文档|信息)\s*[：:]?$|"
    r"版权所有|您是第|返回(?:顶部|首页)|网站地图|联系我们)|ICP备|网站标识码|公网安备|无障碍浏览"
)
_TOOLS = re.compile(
    r"(?:【?\s*字[号体]\s*[：:]?\s*[【\[（(]?\s*大\s*[】\])）|/]*\s*[【\[（(]?\s*中\s*[】\])）|/]*\s*[【\[（(]?\s*小\s*[】\])）]?】?|"
    r"(?:浏览|点击|阅读|访问)(?:次数|量|数)?\s*[：:]\s*\d*\s*次?|分享(?:到)?\s*[：:]|[【\[]\s*(?:打印(?:本页)?|关闭(?:窗口)?|收藏|我要纠错|返回)\s*[】\]])"
)


def read_html(decoded: Decoded, *, source: str, sha256: str) -> RawDocument:
    """Read a saved web page: `Line.no` counts its lines of text in the order of the source.

    Returns
    -------
    RawDocument
        Menus, footers, print buttons and the like are lines of role `furniture`; `facts` has the page's `title` where it names one.
        `problems` has the code `charset-mismatch`.

    Raises
    ------
    EmptyFileError
        If the page holds no text of its own, as pages that JavaScript fills.
    MissingExtraError
        If lxml (extra `html`) is not installed.
    """
    _check_size(decoded.text, source)
    root = _parse(decoded.text, source)
    hide_by_rules(root)
    try:
        found = blocks(root)
    except RecursionError:
        raise UnsafeFileError(source, "its elements are nested without end", "Copy the text of the page into a .txt file.") from None
    title, bar = _titles(root)
    lines = _lines(found, _article(root, found), "".join(title.split()) or bar)
    if sum(len(text.strip()) for text, role in lines if role != "furniture") < 10:
        scripts = bool(root.xpath("//script"))
        what = "the page holds no text; JavaScript fills it in the browser" if scripts else "the page holds no text"
        raise EmptyFileError(source, what, "Open it in a browser, and save what it shows as .txt or as PDF.")
    numbered = tuple(Line(no, text, role) for no, (text, role) in enumerate(lines, start=1))
    problems = (*decoded.problems, *_charset(decoded), *_frames(root, lines))
    return RawDocument(source, "html", decoded.encoding, sha256, numbered, problems, {"title": title} if title else {})


def _check_size(text: str, source: str) -> None:
    """Refuse before parsing what makes the library use time and memory without end."""
    copy = "Copy the text of the page into a .txt file."
    if text.count("<") - text.count("</") > MAX_ELEMENTS:
        raise UnsafeFileError(source, f"the page has more than {MAX_ELEMENTS:,} elements", copy)
    if any(tag[0].count("=") > _MOST_ATTRIBUTES for tag in _LONG_TAG.finditer(text)):
        raise UnsafeFileError(source, f"an element of the page has more than {_MOST_ATTRIBUTES:,} attributes", copy)


def _frames(root: Any, lines: list[tuple[str, str]]) -> list[Problem]:
    """Report pages that are shown inside a page which itself says little."""
    n = sum(1 for frame in root.iter("iframe", "frame") if (frame.get("src") or "").strip())
    if not n or sum(len(text) for text, role in lines if role != "furniture") > _LITTLE:
        return []
    message = f"the page shows {n} other page{'s' * (n > 1)} in frames, which are not in this file"
    return [Problem("not-read", "warning", message, "Save the page that stands in the frame.")]


def _parse(text: str, source: str) -> Any:
    try:
        from lxml import etree, html
    except ImportError:
        raise MissingExtraError("reading web pages needs lxml; install it with `pip install 'policylab[html]'`.") from None
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text).replace("\0", "")
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True, no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        raise EmptyFileError(source, "the page holds no text", "Open it in a browser, and save what it shows as .txt or as PDF.") from None
    return root


def _titles(root: Any) -> tuple[str, str]:
    """Give the title that the page names for the article, as the portals' standard asks for, and the one in the browser's bar."""
    named = {str(m.get("name")).lower(): m.get("content") or "" for m in root.iter("meta") if m.get("name")}
    bar = next(root.iter("title"), None)
    return " ".join(named.get("articletitle", "").split()), "".join((bar.text or "").split()) if bar is not None else ""


def _article(root: Any, found: list[Block]) -> set[Any]:
    """Give the elements in which the article stands: a named content element, or the smallest one with most of the text outside links."""
    weight: dict[Any, int] = {}
    for block in found:
        own = len(block.text) if _is_sentence(block) else len(block.text) - block.links
        element = block.element
        while element is not None and own > 0 and (2 * block.links < len(block.text) or _is_sentence(block)):
            weight[element] = weight.get(element, 0) + own
            element = element.getparent()
    body = next(iter(root.iter("body")), root)
    total = weight.get(body, 0)
    named = [e for e in body.iter() if weight.get(e, 0) >= 0.6 * total > 0 and e is not body and _named(e, _CONTENT)]
    node = named[0] if named else body
    while True:
        best = max(node, key=lambda child: weight.get(child, 0), default=None)
        if best is None or weight.get(best, 0) < 0.8 * weight.get(node, 0) or (named and best.tag in ("p", "table", "span")):
            break
        if best.tag in ("p", "tr", "tbody", "table", "ul", "ol", "span"):
            break
        node = best
    frames = [e for e in node.iter() if e is not node and _is_frame(e, weight, total)]
    outside = {below for frame in frames for below in frame.iter()}
    return {e for e in node.iter() if e not in outside}


def _named(element: Any, pattern: re.Pattern[str]) -> bool:
    return any(pattern.match(name) for name in [element.get("id") or "", *(element.get("class") or "").split()])


def _is_frame(element: Any, weight: dict[Any, int], total: int) -> bool:
    if not isinstance(element.tag, str) or not is_seen(element):
        return False
    framed = element.tag in ("nav", "footer", "aside") or _named(element, _FRAME)
    return framed and weight.get(element, 0) < min(400, 0.4 * total)


def _lines(found: list[Block], article: set[Any], title: str) -> list[tuple[str, str]]:
    """Part the blocks into lines of the article and furniture; what stands in the frame comes as one line where it stands."""
    lines: list[tuple[str, str]] = []
    frame: list[str] = []
    begun = False
    for block in found:
        inside = block.element in article
        own = inside or (not begun and (_LABEL.match(block.text) or _is_title(block, title)))
        begun = begun or inside
        if (
            not own
            or _LINE.search(block.text)
            or (block.links > 0.6 * len(block.text) and not _ATTACHED.match(block.text) and not (inside and _is_sentence(block)))
        ):
            frame.append(block.text.replace("\t", " "))
            continue
        kept, tools = _without_tools(block.text)
        frame += tools
        if kept.strip():
            lines += [(" ".join(frame), "furniture")] if frame else []
            frame = []
            lines.append((kept, block.role))
    return [*lines, (" ".join(frame), "furniture")] if frame else lines


def _is_sentence(block: Block) -> bool:
    """Whether a block is no mere list of links: it opens with a number or ends a sentence."""
    return NUMBERED.match(block.text) is not None or "。" in block.text


def _is_title(block: Block, title: str) -> bool:
    squeezed = re.sub(r"\s", "", block.text)
    return squeezed == title or (block.element.tag in ("h1", "h2", "h3") and title.startswith(squeezed))


def _without_tools(text: str) -> tuple[str, list[str]]:
    """Take the page's tools (font size, print, counters) out of a line."""
    tools = [m[0].strip() for m in _TOOLS.finditer(text)]
    return (_TOOLS.sub(" ", text).strip(), tools) if tools and len(text) < 300 else (text, [])


def _charset(decoded: Decoded) -> list[Problem]:
    declared = _CHARSET.search(decoded.text[:8192])
    found = _SAME.get(decoded.encoding, decoded.encoding)
    if declared is None or decoded.text.isascii() or found.startswith("utf-16"):
        return []
    said = _SAME.get(declared[1].lower(), declared[1].lower())
    if said == found:
        return []
    message = f"the page says it is {declared[1]}, but its bytes are {decoded.encoding}; they were read as such"
    return [Problem("charset-mismatch", "warning", message, "Look whether the text is right.")]

"""The title that an item opens with."""

from __future__ import annotations

import re

_TITLE = re.compile(r"[^。；！？\n]{2,36}?(?:[。！？]|(?=\u3000))")
_NO_TITLE = re.compile(
    r"以(?!人为本)[^，]*(?:为|契机|抓手|引领|导向|主线|载体|牵引|目标|指导|基础|依托)[^，]{0,6}，|(?:根据|按照|结合|针对|依托|通过|为(?!民)|在(?!校|线|职)|对(?!标|接|外|口|内)|从(?!严|快|优|紧|重|实)|到(?=\d)|力争)[^，]*，"
    r"|.*\d.*[万亿个所家%％]|.*[，；].*[，；].*[，；]"
)


def run_in_title(text: str) -> str | None:
    """Give the title that an item opens with, without its stop: a line of its own or a short first sentence.

    Examples
    --------
    >>> run_in_title("加强体育工作。健全人才培养体系。"), run_in_title("以活动为契机，办好比赛。再办一次。")
    ('加强体育工作', None)
    """
    line, _, rest = text.partition("\n")
    if re.fullmatch(r"[^。；！？：]{2,60}", line) and (rest or len(line) <= 40):
        return line.strip()
    match = _TITLE.match(line)
    if not match or (match.end() >= len(line) and not rest) or _NO_TITLE.match(match[0]):
        return None
    if len(re.findall("[，；]", match[0])) == 2 and len(line) < 2 * match.end():  # three clauses head a text only if it is longer than they
        return None
    return match[0].rstrip("。！？").strip()

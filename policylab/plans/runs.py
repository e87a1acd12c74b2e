"""The runs of a Word paragraph: what of them is visible, and the text boxes anchored in it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element

from policylab.plans.numbering import W, attribute, is_on, symbol

if TYPE_CHECKING:
    from policylab.plans.docx import Story

MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_OLE = "{urn:schemas-microsoft-com:office:office}OLEObject"
DRAWN = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_VML = "{urn:schemas-microsoft-com:vml}"
_THROUGH = {W + n for n in ("hyperlink", "smartTag", "customXml", "fldSimple", "dir", "bdo", "ins", "moveTo", "sdtContent")}
_SHAPES = {W + n for n in ("drawing", "pict", "object")}
_AS_TEXT = {W + "tab": "\t", W + "ptab": "\t", W + "br": "\n", W + "cr": "\n", W + "noBreakHyphen": "-"}
_SPACE = str.maketrans("\n\r\t", "   ")
_ENCIRCLED = re.compile(r"eq\s*\\o.*?\((.*)\)\s*$", re.I | re.S)
_CIRCLES = "○◯〇\\ ()（）,，;；"


def chosen(alternate: Element) -> Element:
    """Give the one branch of an AlternateContent that is shown: the first choice, or the fallback where that alone has text."""
    choice, fallback = alternate.find(MC + "Choice"), alternate.find(MC + "Fallback")
    if choice is None or (fallback is not None and _has_text(fallback) and not _has_text(choice)):
        choice = fallback
    return choice if choice is not None else alternate


def _has_text(element: Element) -> bool:
    return any((t.text or "").strip() for t in element.iter(W + "t")) or any(element.iter(_VML + "textpath"))


def n_texts(element: Element) -> int:
    """Count the texts inside an element that nobody knows, so that none is lost without a word."""
    return sum(bool((t.text or "").strip()) for t in element.iter(W + "t"))


class Paragraph:
    """A paragraph's visible text and role, the lines of its text boxes, its style, and whether its end is deleted or hidden."""

    def __init__(self, story: Story, element: Element):
        self._story = story
        self._pieces: list[str] = []
        self.boxes: list[tuple[str, str]] = []
        self._outside = self._listed = False
        properties = element.find(W + "pPr")
        self.style = attribute(properties.find(W + "pStyle")) if properties is not None else None
        self._hidden = story.styles.hidden(self.style or story.styles.default)
        self.mark_gone = self._mark_is_gone(properties)
        self._inline(element)
        for field in story.fields:  # a field's instruction never runs over a paragraph: what follows is text
            field[0] = "result"
        self.text = "".join(self._pieces)
        self.role = "note" if self._listed and not self._outside else ""

    def _mark_is_gone(self, properties: Element | None) -> bool:
        mark = properties.find(W + "rPr") if properties is not None else None
        if mark is None:
            return False
        if mark.find(W + "del") is not None or mark.find(W + "moveFrom") is not None:
            self._story.found["tracked"] += 1
            return True
        self._story.found["tracked"] += mark.find(W + "ins") is not None or mark.find(W + "moveTo") is not None
        return is_on(mark.find(W + "vanish")) or is_on(mark.find(W + "specVanish"))

    def _inline(self, element: Element) -> None:
        for child in element:
            tag = child.tag
            if tag == W + "r":
                self._run(child)
            elif tag in _THROUGH:
                self._story.found["tracked"] += tag in (W + "ins", W + "moveTo")
                self._inline(child)
            elif tag == W + "sdt":
                for content in child.findall(W + "sdtContent"):
                    self._inline(content)
            elif tag in (W + "del", W + "moveFrom"):
                self._story.found["tracked"] += 1
            elif tag == MC + "AlternateContent":
                self._inline(chosen(child))
            elif tag in (_MATH + "oMath", _MATH + "oMathPara"):
                self._pieces.extend(t.text or "" for t in child.iter(_MATH + "t"))
            else:
                self._story.found["chunks"] += tag == W + "subDoc"
                self._story.found["unknown"] += n_texts(child)

    def _run(self, run: Element) -> None:
        hidden = self._is_hidden(run.find(W + "rPr"))
        for child in run:
            tag = child.tag
            if tag == W + "fldChar":
                self._field(attribute(child, "fldCharType"), child)
            elif tag == W + "instrText":
                if self._story.fields:
                    self._story.fields[-1][1] += child.text or ""
            elif any(field[0] == "code" for field in self._story.fields):
                continue
            elif hidden:
                self._story.found["hidden"] += tag == W + "t"
            elif tag == W + "t":
                self._text((child.text or "").translate(_SPACE))
            elif tag in _AS_TEXT:
                self._pieces.append(_AS_TEXT[tag])
            else:
                self._other(child)

    def _text(self, text: str) -> None:
        self._pieces.append(text)
        if text.strip():
            in_contents = any(code.split()[:1] == ["TOC"] for _, code in self._story.fields)
            self._listed, self._outside = self._listed or in_contents, self._outside or not in_contents

    def _other(self, child: Element) -> None:
        tag = child.tag
        if tag == W + "sym":
            self._pieces.append(symbol(attribute(child, "char") or "", attribute(child, "font") or ""))
        elif tag in _SHAPES:
            self._shapes(child)
        elif tag == MC + "AlternateContent":
            branch = chosen(child)
            self._shapes(branch)
            self._pieces.extend(t.text or "" for t in branch.findall(W + "t"))
        elif tag == W + "ruby":
            for base in child.findall(W + "rubyBase"):
                self._inline(base)
        elif tag in (W + "footnoteReference", W + "endnoteReference"):
            self._story.notes.append((tag.removeprefix(W).removesuffix("Reference"), attribute(child, "id") or ""))
        elif tag == W + "commentReference":
            self._story.found["comments"] += 1
        else:
            self._story.found["unknown"] += n_texts(child)

    def _shapes(self, element: Element) -> None:
        """Gather the text boxes of a drawing, each once."""
        waiting = [element]
        while waiting:
            shape = waiting.pop()
            if shape.tag == W + "txbxContent":
                fields, self._story.fields = self._story.fields, []
                self.boxes.extend(self._story.apart(shape))
                self._story.fields = fields
            elif shape.tag == DRAWN + "p":
                self.boxes.append(("".join(t.text or "" for t in shape.iter(DRAWN + "t")), ""))
            elif shape.tag == _VML + "textpath":
                self.boxes.append((shape.get("string") or "", ""))
            elif shape.tag == MC + "AlternateContent":
                waiting.append(chosen(shape))
            else:
                self._story.found["objects"] += shape.tag == _OLE
                waiting.extend(reversed(shape))

    def _is_hidden(self, properties: Element | None) -> bool:
        if properties is None:
            return self._hidden
        vanish = properties.find(W + "vanish")
        if vanish is not None:
            return is_on(vanish)
        style = attribute(properties.find(W + "rStyle"))
        return self._hidden or (style is not None and self._story.styles.hidden(style))

    def _field(self, kind: str | None, element: Element) -> None:
        fields = self._story.fields
        if kind == "begin":
            fields.append(["code", ""])
            self._pieces.append(_picked(element))
        elif kind == "separate" and fields:
            fields[-1][0] = "result"
        elif kind == "end" and fields:
            state, code = fields.pop()
            drawn = _ENCIRCLED.match(code.strip()) if state == "code" else None
            if drawn:
                self._pieces.append(_encircled(drawn[1]))


def _picked(field: Element) -> str:
    """Give the entry that is chosen in a drop-down field, which Word shows without a result."""
    menu = field.find(f"{W}ffData/{W}ddList")
    if menu is None:
        return ""
    entries = [attribute(entry) or "" for entry in menu.findall(W + "listEntry")]
    at = attribute(menu.find(W + "result")) or attribute(menu.find(W + "default")) or "0"
    return entries[int(at)] if at.isdecimal() and int(at) < len(entries) else ""


def _encircled(arguments: str) -> str:
    """Give what an EQ field draws one over the other: a number in a circle as ①, else its characters."""
    inside = "".join(c for c in arguments if c not in _CIRCLES)
    if inside.isdecimal() and 1 <= int(inside) <= 20 and any(c in arguments for c in "○◯〇"):
        return chr(0x245F + int(inside))
    return inside

"""Which part of a web page is the document: the element that holds nearly all text that is no link."""

from __future__ import annotations

import re
from typing import Any, TypeAlias

Element: TypeAlias = Any  # an lxml element: lxml brings no types

__all__ = ["clean", "main_content"]

_NEVER = frozenset(["script", "style", "noscript", "template", "svg", "math", "iframe", "object", "embed", "applet", "select", "button", "textarea", "input", "nav", "aside", "footer", "dialog", "audio", "video", "canvas", "map", "link", "head"])  # fmt: skip  # noqa: E501
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.I)
_SIDE = re.compile(
    r"menu|nav\b|navbar|breadcrumb|side-?bar|footer|banner|comment|binh-?luan|share|social|related|lien-?quan|advert|"
    r"quang-?cao|toolbar|pagination|login|tag-?list",
    re.I,
)
# What only a letterhead or a closing has: an element with it belongs to the document.
_MARKS = re.compile(
    r"CỘNG H(?:ÒA|OÀ) XÃ HỘI CHỦ NGHĨA|Độc lập\s*[-–]\s*Tự do|ĐẢNG CỘNG SẢN VIỆT NAM|Nơi nhận\s*:|Kính gửi\s*:|"
    r"(?:^|\s)Số\s*:\s*[\d.…]*\s*[-/]|(?:^|\s)(?:TM|KT|TL)\.\s?[A-ZĐ]{2}|(?:^|\s)Căn cứ "
)
_MOST = 0.8
"""Share of the text that a part must hold to stand for the whole."""
_LINKED = 0.8
"""Share of linked text from which a list of at least four links is a menu."""


def clean(root: Element) -> None:
    """Removes what is never read: scripts, forms' controls, hidden parts, navigation."""
    doomed = []
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        style = element.get("style")
        if (
            element.tag in _NEVER
            or "hidden" in element.attrib
            or element.get("role") == "navigation"
            or (style and _HIDDEN.search(style))
        ):
            doomed.append(element)
    for element in doomed:
        _drop(element)


def _drop(element: Element) -> None:
    """Removes an element and keeps the text after it."""
    parent = element.getparent()
    if parent is None:
        return
    tail = element.tail
    previous = element.getprevious()
    parent.remove(element)
    if tail:
        if previous is not None:
            previous.tail = (previous.tail or "") + tail
        else:
            parent.text = (parent.text or "") + tail


def main_content(root: Element) -> Element:
    """The element that holds the document; menus inside it are removed from the tree."""
    sizes = _sizes(root)
    body = root.find("body")
    place = body if body is not None else root
    while True:
        whole = _own(sizes, place)
        best = max(place, key=lambda child: _own(sizes, child), default=None)
        if best is None or not whole or _own(sizes, best) < _MOST * whole:
            break
        if place.text and _MARKS.search(place.text):
            break
        if any(child is not best and _MARKS.search(_text(child)) for child in place):
            break
        if best.tag in ("p", "pre", "tr", "tbody", "thead", "ul", "ol", "li", "dl", "span", "a", "b", "font"):
            break
        if best.tag == "table" and sum(1 for _ in best.iter("td")) > 4:
            break
        place = best
    for element in list(place.iter("ul", "ol", "div", "section", "table", "header", "p")):
        if element is place or element.getparent() is None:
            continue
        links = sum(1 for _ in element.iter("a"))
        total, linked = sizes.get(element, (0, 0))
        named = _SIDE.search(f"{element.get('class', '')} {element.get('id', '')}") is not None
        if links >= (1 if named else 4) and total and linked >= (0.5 if named else _LINKED) * total:
            text = _text(element)
            if not _MARKS.search(text):
                _drop(element)
    return place


def _own(sizes: dict[Element, tuple[int, int]], element: Element) -> int:
    total, linked = sizes.get(element, (0, 0))
    return total - linked


def _sizes(root: Element) -> dict[Element, tuple[int, int]]:
    """(characters of text, of them in links) in each element."""
    sizes: dict[Element, tuple[int, int]] = {}
    for element in reversed(list(root.iter())):
        if not isinstance(element.tag, str):
            continue
        total = len((element.text or "").strip())
        linked = 0
        for child in element:
            inner = sizes.get(child, (0, 0))
            total += inner[0] + len((child.tail or "").strip())
            linked += inner[1]
        if element.tag == "a":
            linked = total
        sizes[element] = (total, linked)
    return sizes


def _text(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())

"""The list numbers Word shows but does not store as text: "1.", "1.1.", "a)", "-"."""

from __future__ import annotations

import re
from typing import Any

__all__ = ["ListNumbers"]

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_ROMANS = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip  # noqa: E501
_BULLETS = {"": "-", "o": "+", "\uf0b7": "-", "\uf02d": "-", "\uf0a7": "-", "\uf0d8": "-", "\uf0fc": "-", "\uf02b": "+"}


class ListNumbers:
    """Counts through a document's lists in reading order; ``label(paragraph)`` is what Word prints before it."""

    def __init__(self, document: Any) -> None:
        self._counters: dict[tuple[str, int], int] = {}
        self._levels: dict[str, dict[int, tuple[str, str, int]]] = {}
        self._style_lists: dict[str, tuple[str, int]] = {}
        try:
            root = document.part.numbering_part.element
        except (KeyError, NotImplementedError, AttributeError):
            return
        abstract: dict[str, dict[int, tuple[str, str, int]]] = {}
        for item in root.iterchildren(f"{_W}abstractNum"):
            abstract[item.get(f"{_W}abstractNumId", "")] = {
                int(level.get(f"{_W}ilvl", "0")): (
                    _value(level, "numFmt", "decimal"),
                    _value(level, "lvlText", ""),
                    int(_value(level, "start", "1")),
                )
                for level in item.iterchildren(f"{_W}lvl")
            }
        for item in root.iterchildren(f"{_W}num"):
            levels = dict(abstract.get(_value(item, "abstractNumId", ""), {}))
            for override in item.iterchildren(f"{_W}lvlOverride"):
                index = int(override.get(f"{_W}ilvl", "0"))
                start = _value(override, "startOverride", "")
                if start and index in levels:
                    levels[index] = (*levels[index][:2], int(start))
            self._levels[item.get(f"{_W}numId", "")] = levels
        for style in document.styles.element.iterchildren(f"{_W}style"):
            if (found := _list_of(style.find(f"{_W}pPr"))) is not None:
                self._style_lists[style.get(f"{_W}styleId", "")] = found

    def label(self, paragraph: Any) -> str:
        """The number or bullet of a ``w:p`` element, "" when it is in no list."""
        properties = paragraph.find(f"{_W}pPr")
        if properties is None:
            return ""
        found = _list_of(properties)
        if found is None:
            style = properties.find(f"{_W}pStyle")
            found = self._style_lists.get(style.get(f"{_W}val", "")) if style is not None else None
        if found is None or found[0] == "0":
            return ""
        number, level = found
        levels = self._levels.get(number)
        if not levels or level not in levels:
            return ""
        form, pattern, start = levels[level]
        key = (number, level)
        self._counters[key] = self._counters.get(key, start - 1) + 1
        for deeper in [other for other in self._counters if other[0] == number and other[1] > level]:
            del self._counters[deeper]
        if form == "bullet":
            return _BULLETS.get(pattern, pattern or "-")
        if form == "none":
            return ""

        def counter(match: re.Match[str]) -> str:
            index = int(match[1]) - 1
            shape, _, first = levels.get(index, ("decimal", "", 1))
            return _shape(self._counters.get((number, index), first), shape)

        return re.sub(r"%([1-9])", counter, pattern)


def _value(element: Any, tag: str, default: str) -> str:
    child = element.find(f"{_W}{tag}")
    return default if child is None else child.get(f"{_W}val", default)


def _list_of(properties: Any) -> tuple[str, int] | None:
    numbers = None if properties is None else properties.find(f"{_W}numPr")
    if numbers is None or numbers.find(f"{_W}numId") is None:
        return None
    return _value(numbers, "numId", "0"), int(_value(numbers, "ilvl", "0"))


def _shape(count: int, form: str) -> str:
    if form in ("lowerLetter", "upperLetter") and count > 0:
        letter = _LETTERS[(count - 1) % 26] * ((count - 1) // 26 + 1)
        return letter.upper() if form == "upperLetter" else letter
    if form in ("lowerRoman", "upperRoman") and 0 < count < 4000:
        roman = ""
        for value, digits in _ROMANS:
            roman += digits * (count // value)
            count %= value
        return roman.upper() if form == "upperRoman" else roman
    if form == "decimalZero":
        return f"{count:02d}"
    return str(count)

"""The way back from canonical text to its source: runs of offsets, how they are made, joined and read.

A run (here, there) says: from ``here`` on, offsets advance with those of the source from ``there`` on.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from functools import cache

__all__ = ["Draft", "Runs", "chain", "compose", "from_source"]

Runs = tuple[tuple[int, int], ...]


class Draft:
    """A text put together from pieces of another, with the map back to it."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._parts: list[str] = []
        self._runs: list[tuple[int, int]] = []
        self._length = 0

    def keep(self, start: int, end: int) -> None:
        """Appends ``source[start:end]``."""
        if start < end:
            self._runs.append((self._length, start))
            self._parts.append(self._source[start:end])
            self._length += end - start

    def stand_in(self, text: str, at: int) -> None:
        """Appends ``text``, which stands for what the source has at ``at`` (a break, a cell border)."""
        self._runs.append((self._length, at))
        self._parts.append(text)
        self._length += len(text)

    def done(self) -> tuple[str, Runs]:
        """The text and its map."""
        return "".join(self._parts), thin(self._runs)


@cache
def _clusters() -> re.Pattern[str]:
    """A character with the marks that compose with it, or one that never stays as it is (the Kelvin sign).

    Built only when a decomposed text comes: Vietnamese offices write composed text, files from a Mac do not.
    """
    marks: list[int] = []
    unstable: list[int] = []
    for code in (*range(0x300, 0xD800), *range(0xF900, 0x1F000), *range(0x2F800, 0x2FA20)):
        character = chr(code)
        if unicodedata.category(character)[0] == "M" or 0x1160 <= code <= 0x11FF:
            marks.append(code)
        elif not unicodedata.is_normalized("NFC", character):
            unstable.append(code)
    mark, other = _ranges(marks), _ranges(unstable)
    return re.compile(f"[{other}][{mark}]*|[^{mark}]?[{mark}]+", re.S)


def _ranges(codes: list[int]) -> str:
    parts: list[list[int]] = []
    for code in codes:
        if parts and code == parts[-1][1] + 1:
            parts[-1][1] = code
        else:
            parts.append([code, code])
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in parts)


def compose(text: str) -> tuple[str, Runs]:
    """``text`` in NFC, with runs from its offsets to those of ``text``."""
    parts: list[str] = []
    runs: list[tuple[int, int]] = [(0, 0)]
    length = at = 0
    for match in _clusters().finditer(text):
        start, end = match.span()
        whole = unicodedata.normalize("NFC", match[0])
        parts.append(text[at:start])
        parts.append(whole)
        length += start - at
        runs.append((length, start))
        if len(whole) > end - start:  # one character of the source became two
            runs.extend((length + extra, min(start + extra, end - 1)) for extra in range(1, len(whole)))
        length += len(whole)
        runs.append((length, end))
        at = end
    parts.append(text[at:])
    return "".join(parts), thin(runs)


def thin(runs: list[tuple[int, int]]) -> Runs:
    """The same map with only the pairs that say something new."""
    thin: list[tuple[int, int]] = []
    for here, there in runs:
        if thin and thin[-1][0] == here:
            thin.pop()
        if not thin or there - here != thin[-1][1] - thin[-1][0]:
            thin.append((here, there))
    if not thin or thin[0][0] != 0:
        thin.insert(0, (0, 0))
    return tuple(thin)


def chain(first: Runs, second: Runs) -> Runs:
    """The map through ``first`` and then ``second``."""
    offsets = [here for here, _ in second]
    runs: list[tuple[int, int]] = []
    for position, (here, there) in enumerate(first):
        stop = first[position + 1][0] - here + there if position + 1 < len(first) else None
        index = bisect_right(offsets, there) - 1
        runs.append((here, second[index][1] + there - second[index][0]))
        for middle, target in second[index + 1 :]:
            if stop is not None and middle >= stop:
                break
            runs.append((here + middle - there, target))
    return thin(runs)


def from_source(runs: Runs, offset: int) -> int:
    """The first offset here whose source is at or after ``offset``."""
    position = bisect_left([there for _, there in runs], offset)
    if position < len(runs) and runs[position][1] == offset:
        return runs[position][0]
    here, there = runs[position - 1] if position else (0, 0)
    following = runs[position][0] if position < len(runs) else None
    at = here + offset - there
    return at if following is None else min(at, following)

"""A document as clauses: the units of its outline and, inside long ones, sentences and semicolon parts.

A clause is what a drafter keeps, changes or drops as a whole: "mỗi bản trồng một khu rừng". Its label ("-", "2.",
"Thứ nhất,") and closing mark are no part of it, for numbering differs from paper to paper.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from kg.model import Document, Section, Span
from search.alignment_words import Words, read_words

__all__ = ["Clause", "ClauseList", "read_clauses"]

FEWEST = 3
"""A piece with fewer words is no clause of its own: it stays with the one before it ("…; v.v")."""
LONGEST = 300
HEADING_WORDS = 25

_LABEL = re.compile(
    r"\s*(?:[-–—+•*▪●○◦\uf0b7\uf02d\uf02b]+|(?:Thứ|Một là|Hai là|Ba là|Bốn là|Năm là)\s*(?:nhất|hai|ba|tư|bốn|năm|sáu|"
    r"bảy|bẩy|tám|chín|mười)?\s*[,:]|(?:ĐIỀU|Điều|CHƯƠNG|Chương|MỤC|Mục|PHẦN|Phần|PHỤ LỤC|Phụ lục)\s+"
    r"(?:(?:thứ|THỨ|số|SỐ)\s+)?[\w.]{1,8}\s*[.:]?|\(?(?:\d{1,3}(?:\.\d{1,3}){0,4}|[IVXLC]{1,6}|[A-ZĐa-zđ])\s*[.)/:-])\s*"
)
_ABBREVIATED = frozenset(
    {
        "tp", "tt", "tx", "ts", "ths", "pgs", "gs", "bs", "ks", "đ/c", "tr", "st", "đt", "v.v", "vv", "kt", "tm",
        "tl", "tuq", "t/m", "k/t", "nxb", "stt", "mr", "mrs", "th.s", "t.s",
    }
)  # fmt: skip
_STOP = re.compile(r"(?:[.!?…]+[”\"»)\]]*\s+(?=[“\"(]?[^\W\d_a-z])|;)")
_OPENING = {"“": "”", "(": ")", "«": "»"}
_LONGEST_BRACKET = 400
_SKIPPED = re.compile(r"\s*(?:Kính gửi|KÍNH GỬI|Kính gởi)\b")
_EDGES = " \t\n\r\f\v ;,.:/*_…-–"


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause: ``text[start:end]`` of the canonical text, ``first`` to ``last`` among the document's words.

    ``heading`` is the line of an outline unit that has others under it; ``path`` the headings above, outermost first.
    """

    start: int
    end: int
    first: int
    last: int
    heading: bool
    path: tuple[int, ...]

    def __len__(self) -> int:
        return self.last - self.first


@dataclass(frozen=True, slots=True)
class ClauseList:
    """The clauses of one document in text order, with its words and its outline."""

    text: str
    words: Words
    clauses: tuple[Clause, ...]
    outline: tuple[Section, ...]

    def norms(self, clause: Clause) -> list[str]:
        """The compared words of a clause."""
        return self.words.norms[clause.first : clause.last]


def read_clauses(document: Document) -> ClauseList:
    """The clauses of the body and the annex; letterhead, addressees, signature and recipients are not compared."""
    text = document.text.text
    layout = document.layout
    parts = [layout.body, *([layout.annex] if layout.annex else [])]
    words = Words([], [], [], [], [])
    clauses: list[Clause] = []
    addressed = sorted((line.span for line in layout.metadata.addressees), key=lambda span: span.start)
    starts = [span.start for span in addressed]
    for part in parts:
        for start, end, section, headed in _units(text, part, document.outline):
            place = bisect_right(starts, start + 3) - 1
            if (place >= 0 and addressed[place].end > start) or _SKIPPED.match(text, start, end):
                continue
            pieces = _pieces(text, start, end)
            path = _path(document.outline, section)
            for at, to in pieces:
                _take(text, at, to, headed and len(pieces) == 1, path, words, clauses)
    return ClauseList(text, words, tuple(clauses), document.outline)


def _take(
    text: str, start: int, end: int, headed: bool, path: tuple[int, ...], words: Words, clauses: list[Clause]
) -> None:  # fmt: skip
    found = read_words(text, start, end)
    if not len(found):
        return
    base = len(words)
    words.extend(found)
    at = 0
    while at < len(found):
        to = _cut(found, at)
        begin = start if at == 0 else found.starts[at]
        until = end if to == len(found) else found.ends[to - 1]
        heading = headed and len(found) <= HEADING_WORDS
        clauses.append(Clause(begin, until, base + at, base + to, heading, path))
        at = to


def _cut(words: Words, at: int) -> int:
    """Where a clause ends that begins at word ``at``: a text without full stops is cut at commas, or anywhere."""
    if len(words) - at <= LONGEST:
        return len(words)
    for place in range(at + LONGEST, at + LONGEST // 2, -1):
        if words.breaks[place]:
            return place
    return at + LONGEST


def _units(text: str, part: Span, outline: Sequence[Section]) -> Iterator[tuple[int, int, int | None, bool]]:
    """The lines of a part without their labels: (start, end, section, whether it is the line of a parent)."""
    parents = {section.parent for section in outline}
    inside = [number for number, section in enumerate(outline) if part.start <= section.span.start < part.end]
    cuts = [(part.start, None), *((outline[number].span.start, number) for number in inside)]
    for place, (start, section) in enumerate(cuts):
        end = cuts[place + 1][0] if place + 1 < len(cuts) else part.end
        at = start
        own = section is not None
        while at < end:
            line_end = text.find("\n", at, end)
            line_end = end if line_end < 0 else line_end
            begin = at
            if own and (label := _LABEL.match(text, at, line_end)):
                begin = label.end()
            if text[begin:line_end].strip():
                yield begin, line_end, section, own and section in parents
                own = False
            at = line_end + 1


def _path(outline: Sequence[Section], section: int | None) -> tuple[int, ...]:
    """The indices of the sections around a unit, outermost first."""
    found: list[int] = []
    while section is not None:
        found.append(section)
        section = outline[section].parent
    return tuple(reversed(found))


def _pieces(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Sentences and semicolon parts of one line, without the marks at their edges."""
    closed = _bracketed(text, start, end)
    cuts = [start]
    at = 0
    for stop in _STOP.finditer(text, start, end):
        while at < len(closed) and closed[at][1] <= stop.start():
            at += 1
        if at < len(closed) and closed[at][0] < stop.start():
            continue
        if stop[0] != ";" and _abbreviated(text, cuts[-1], stop.start()):
            continue
        cuts.append(stop.end())
    cuts.append(end)
    pieces: list[tuple[int, int]] = []
    for begin, until in pairwise(cuts):
        begin, until = _trimmed(text, begin, until)
        if begin >= until:
            continue
        if pieces and text.count(" ", begin, until) + 1 < FEWEST:
            pieces[-1] = (pieces[-1][0], until)
        else:
            pieces.append((begin, until))
    return pieces


def _bracketed(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Closed brackets and quotations of one line: nothing is cut inside “…; …”."""
    spans: list[tuple[int, int]] = []
    at = start
    while at < end:
        found = min((place for mark in _OPENING if (place := text.find(mark, at, end)) >= 0), default=-1)
        if found < 0:
            break
        close = text.find(_OPENING[text[found]], found + 1, min(end, found + _LONGEST_BRACKET))
        if close >= 0:
            spans.append((found, close))
        at = (close if close >= 0 else found) + 1
    return spans


def _abbreviated(text: str, start: int, stop: int) -> bool:
    """Whether a full stop ends an abbreviation or a number ("TP. Lai Châu", "Nguyễn V. An"), not a sentence."""
    words = text[max(start, stop - 8) : stop].split()
    last = words[-1].lstrip('(“"') if words else ""
    if len(last) == 1:
        return last.isupper()
    return last.lower() in _ABBREVIATED


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start] in _EDGES:
        start += 1
    while end > start and text[end - 1] in _EDGES:
        end -= 1
    return start, end

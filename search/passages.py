"""Documents into passages: pieces of a few hundred letters cut along the outline, each with its heading path.

A passage never crosses the border of a section, an article or an annex; neighbouring clauses and bullets share one
until it is full. ``text[start:end]`` of the canonical text is the passage, always.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from kg.model import Section, Span

__all__ = ["Passage", "cut"]

FULL = 600  # letters: measured on 381 questions over 49,534 articles; 400 and 800 are within half a point
LONGEST = FULL
_STUB = 120  # a heading alone says too little: it takes the next piece even when that makes it too long
_HEADING = 160
_FIRST_WORDS = re.compile(r"\S+(?:\s\S+){0,2}")
_BORDERS = frozenset({"part", "chapter", "section", "article", "annex"})
_STOPS = (re.compile(r"\n+"), re.compile(r"(?<=[.;:?!])\s+"), re.compile(r"(?<=,)\s+"), re.compile(r"\s+"))


@dataclass(frozen=True, slots=True)
class Passage:
    """One piece of a document: the clauses of "II. NHIỆM VỤ TRỌNG TÂM › 1. Công tác tuyên truyền"."""

    start: int
    end: int
    heading: str
    """The headings above the passage, outermost first, without the one that stands in the passage itself."""


def _label(section: Section) -> str:
    """The heading as it is printed; its label before it where the print leaves it out."""
    text = " ".join(section.heading.split())
    if section.label and not _begins_with(text, section.label):
        text = f"{section.label} {text}".strip()
    return text if len(text) <= _HEADING else text[:_HEADING].rsplit(" ", 1)[0] + " …"


def _begins_with(heading: str, label: str) -> bool:
    """ "II. NHIỆM VỤ" and "Chương II" begin with "II", "Điều 6. Vụ" with "6", "Phụ lục II" too; "IV. KẾT LUẬN" not."""
    found = _FIRST_WORDS.match(heading)
    words = found[0].split() if found else []
    return any(word.strip(".,:;)(-–").casefold() == label.strip(".,:;)(-–").casefold() for word in words)


def _split(text: str, start: int, end: int, longest: int) -> list[tuple[int, int]]:
    """Cuts a range at the best stops so that no piece is longer than ``longest``: paragraphs, sentences, commas."""
    pieces: list[tuple[int, int]] = []
    while end - start > longest:
        low, high = start + longest // 3, start + longest
        place = high
        for stop in _STOPS:
            ends = [match.end() for match in stop.finditer(text, low, high)]
            if ends:
                place = ends[-1]
                break
        pieces.append((start, place))
        start = place
    return [*pieces, (start, end)]


@dataclass(slots=True)
class _Open:
    """The passage that is being filled, and the section whose children may join it."""

    start: int
    end: int
    base: int | None
    inside: int | None
    """The section whose own heading the passage begins with, if any."""


def cut(text: str, outline: Sequence[Section] = (), parts: Sequence[Span] = ()) -> tuple[Passage, ...]:
    """The passages of one canonical text, in text order.

    ``parts`` are the ranges worth indexing (the body and the annex, without letterhead and recipients); the whole
    text when none is given. Blank ranges give nothing.
    """
    cuts = sorted({section.span.start for section in outline})
    first_at: dict[int, int] = {}
    for number, section in enumerate(outline):
        first_at.setdefault(section.span.start, number)
    passages: list[Passage] = []
    for part in parts or (Span(0, len(text)),):
        inner = [place for place in cuts if part.start < place < part.end]
        pending: _Open | None = None
        for start, end in zip([part.start, *inner], [*inner, part.end], strict=True):
            holder = _section_of(outline, cuts, first_at, start)
            if pending is not None and _joins(outline, pending, holder, start, end):
                pending.end = end
                continue
            if pending is not None:
                passages.extend(_close(text, outline, pending))
            begins = holder if holder is not None and outline[holder].span.start == start else None
            pending = _Open(start, end, _base(outline, holder), begins)
        if pending is not None:
            passages.extend(_close(text, outline, pending))
    return tuple(passages)


def _section_of(
    outline: Sequence[Section], cuts: Sequence[int], first_at: dict[int, int], place: int
) -> int | None:  # fmt: skip
    """The innermost section that holds ``place``: climbs from the nearest one that starts before it."""
    index = bisect_right(cuts, place) - 1
    if index < 0:
        return None
    number: int | None = first_at[cuts[index]]
    while number is not None and outline[number].span.end <= place:
        number = outline[number].parent
    return number


def _base(outline: Sequence[Section], section: int | None) -> int | None:
    """The section whose children may share a passage with ``section``: itself where it has any, else its parent."""
    if section is None:
        return None
    has_children = section + 1 < len(outline) and outline[section + 1].parent == section
    return section if has_children or outline[section].kind in _BORDERS else outline[section].parent


def _joins(outline: Sequence[Section], pending: _Open, section: int | None, start: int, end: int) -> bool:
    if end - pending.start > FULL and pending.end - pending.start > _STUB:
        return False
    if section is None:
        return pending.base is None
    if outline[section].kind in _BORDERS and outline[section].span.start == start:
        return False
    above: int | None = section
    while above is not None and above != pending.base:
        above = outline[above].parent
    return above == pending.base


def _close(text: str, outline: Sequence[Section], pending: _Open) -> list[Passage]:
    heads: list[str] = []
    above = pending.base
    while above is not None:
        if above != pending.inside and (label := _label(outline[above])):
            heads.append(label)
        above = outline[above].parent
    heading = " › ".join(reversed(heads))
    own = _label(outline[pending.base]) if pending.base is not None and pending.base == pending.inside else ""
    passages: list[Passage] = []
    for start, end in _split(text, pending.start, pending.end, LONGEST):
        piece = text[start:end]
        left = start + len(piece) - len(piece.lstrip())
        right = start + len(piece.rstrip())
        if left < right:
            passages.append(Passage(left, right, heading))
            if own and start == pending.start:  # the heading stands in the first piece only
                heading = " › ".join(part for part in (heading, own) if part)
    return passages

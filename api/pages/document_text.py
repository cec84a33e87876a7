"""The text of a document as blocks for a page: an outline with citations as links, evidence as anchors, a range marked.

Offsets are code points of the canonical text. Everything that comes out is escaped; the text itself is shown letter by
letter as it stands in the snapshot.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from markupsafe import Markup, escape

from kg.model import Document, Section

__all__ = ["Anchor", "Block", "Heading", "Mention", "blocks", "headings"]

_NOTHING = Markup("")
_HEADS = frozenset({"part", "chapter", "section", "article", "annex"})
_LONGEST_HEADING = 240


@dataclass(frozen=True, slots=True)
class Mention:
    """A citation in the text: ``ids`` are the evidence nodes that stand here, ``url`` where it leads."""

    start: int
    end: int
    url: str
    title: str
    ids: tuple[str, ...] = ()
    tone: str = ""
    """A class that says how sure: "cao", "vua", "thap", "mo" (left open), "sai" (found wrong)."""
    data: tuple[tuple[str, str], ...] = ()
    """What a script may show beside it: (name, value) of ``data-…``."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """A place that others point at: a task, a target, a campaign, an anniversary."""

    id: str
    start: int


@dataclass(frozen=True, slots=True)
class Heading:
    """One line of the contents."""

    id: str
    text: str
    depth: int


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, heading, or table (then ``rows``)."""

    kind: str
    depth: int
    html: Markup = _NOTHING
    id: str = ""
    page: int = 0
    """The number of the page that begins here; 0 where none does."""
    rows: tuple[tuple[Markup, ...], ...] = ()


@dataclass(slots=True)
class _Places:
    """What stands where, by offset."""

    mentions: list[Mention]
    anchors: list[Anchor]
    mark: tuple[int, int] | None = None
    marked: bool = False
    """Whether the marked range has begun: its first piece bears the id."""
    offsets: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.anchors.sort(key=lambda anchor: anchor.start)
        self.offsets = [anchor.start for anchor in self.anchors]


def headings(outline: Sequence[Section]) -> tuple[Heading, ...]:
    """The contents: parts, chapters, sections, articles, and numbered units that are headings, two levels deep."""
    found = []
    for place, section in enumerate(outline):
        if section.depth > 2 or not section.heading.strip():
            continue
        if section.kind in _HEADS or (section.kind == "numbered" and _is_title(section.heading)):
            found.append(Heading(f"m-{place}", section.heading, section.depth))
    return tuple(found)


def blocks(
    document: Document,
    text: str,
    mentions: Iterable[Mention],
    anchors: Iterable[Anchor] = (),
    mark: tuple[int, int] | None = None,
) -> list[Block]:
    """The text as blocks. ``text`` is what the caller may see: as long as the canonical text, some words blackened."""
    places = _Places(_apart(mentions), list(anchors), mark)
    sections = {section.span.start: (place, section) for place, section in reversed(list(enumerate(document.outline)))}
    pages = {offset: number for number, offset in enumerate(document.text.page_starts, 1)}
    layout = document.layout
    made: list[Block] = []
    depth = 0
    rows: list[tuple[Markup, ...]] = []
    at = 0
    for line in text.split("\n"):
        end = at + len(line)
        page = next((pages[offset] for offset in range(at, min(end + 1, at + 4)) if offset in pages), 0)
        if page == 1:
            page = 0
        if " | " in line and at >= layout.header.end:
            rows.append(tuple(_cells(text, at, end, places)))
            at = end + 1
            continue
        if rows:
            made.append(Block("table", 0, rows=tuple(rows)))
            rows = []
        if line.strip():
            found = sections.get(at) or sections.get(at + len(line) - len(line.lstrip()))
            section = found[1] if found else None
            if section is not None:
                depth = section.depth
            elif at >= layout.closing.start and not (layout.annex and at >= layout.annex.start):
                depth = 0
            kind = _kind(section, line, at, document)
            anchor = f"m-{found[0]}" if found else ""
            made.append(Block(kind, depth, _inline(text, at, end, places), anchor, page))
        at = end + 1
    if rows:
        made.append(Block("table", 0, rows=tuple(rows)))
    return made


def _kind(section: Section | None, line: str, at: int, document: Document) -> str:
    layout = document.layout
    if at < layout.header.end:
        return "head caps" if line.isupper() else "head"
    if layout.closing.start <= at < layout.closing.end and not (layout.annex and at >= layout.annex.start):
        return "end"
    if section is None:
        return "para"
    if section.kind in _HEADS and len(line) <= _LONGEST_HEADING and len(section.heading) >= len(line.strip()) - 1:
        return "heading"
    if section.kind == "numbered" and _is_title(line) and len(section.heading) >= len(line.strip()) - 1:
        return "heading"
    return section.kind if section.kind in ("bullet", "point", "clause", "numbered", "ordinal", "article") else "para"


def _is_title(line: str) -> bool:
    """A numbered line that names what follows ("2. Nội dung thi đua"), not a short sentence of its own."""
    return len(line) <= 120 and not line.rstrip().endswith((".", ";", ",", "…"))


def _apart(mentions: Iterable[Mention]) -> list[Mention]:
    """Mentions in text order, none within another: of two that overlap the longer stays, with the ids of both."""
    kept: list[Mention] = []
    for one in sorted(mentions, key=lambda mention: (mention.start, -mention.end)):
        if kept and one.start < kept[-1].end:
            last = kept[-1]
            kept[-1] = Mention(
                last.start, last.end, last.url, last.title, (*last.ids, *one.ids), last.tone, last.data
            )  # fmt: skip
        else:
            kept.append(one)
    return kept


def _cells(text: str, start: int, end: int, places: _Places) -> Iterable[Markup]:
    at = start
    for cell in text[start:end].split(" | "):
        yield _inline(text, at, at + len(cell), places)
        at += len(cell) + 3


def _inline(text: str, start: int, end: int, places: _Places) -> Markup:
    """One range of the text with its links, anchors and mark."""
    out: list[str] = []
    at = start
    for mention in _within(places.mentions, start, end):
        begin, stop = max(mention.start, start), min(mention.end, end)
        out.append(_plain(text, at, begin, places))
        ids = mention.ids if begin == mention.start else ()
        opening = "".join(f'<span id="ev-{escape(name)}" class="ev">' for name in ids)
        closing = "</span>" * len(ids)
        data = "".join(f' data-{name}="{escape(value)}"' for name, value in mention.data)
        inner = _plain(text, begin, stop, places)
        if mention.url:
            link = (
                f'<a class="cite {mention.tone}" href="{escape(mention.url)}" title="{escape(mention.title)}"{data}>'
                f"{inner}</a>"
            )
        else:
            link = f'<span class="cite {mention.tone}" title="{escape(mention.title)}"{data}>{inner}</span>'
        out.append(f"{opening}{link}{closing}")
        at = stop
    out.append(_plain(text, at, end, places))
    return Markup("".join(out))


def _within(mentions: list[Mention], start: int, end: int) -> Iterable[Mention]:
    """The mentions that touch a range: they stand in order and apart, so both their ends ascend."""
    place = bisect_right(mentions, start, key=lambda mention: mention.end)
    while place < len(mentions) and mentions[place].start < end:
        yield mentions[place]
        place += 1


def _plain(text: str, start: int, end: int, places: _Places) -> str:
    """Escaped text with anchors where they stand and the marked range in ``<mark>``."""
    if start >= end:
        return ""
    named: dict[int, list[str]] = {}
    for place in range(bisect_left(places.offsets, start), bisect_left(places.offsets, end)):
        named.setdefault(places.offsets[place], []).append(places.anchors[place].id)
    cuts = {start, end, *named}
    if places.mark:
        cuts.update(offset for offset in places.mark if start < offset < end)
    points = sorted(cuts)
    out: list[str] = []
    for begin, stop in pairwise(points):
        out.extend(f'<span id="{escape(name)}" class="anchor"></span>' for name in named.get(begin, ()))
        piece = str(escape(text[begin:stop]))
        if places.mark and places.mark[0] <= begin and stop <= places.mark[1]:
            out.append(f"<mark>{piece}</mark>" if places.marked else f'<mark id="doan">{piece}</mark>')
            places.marked = True
        else:
            out.append(piece)
    return "".join(out)

"""Search for the result page: hits, facets whose counts survive the query, sorting, pages; and browsing without words.

Counts of a facet are those under all other filters, so that a person sees what choosing another value would give.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from markupsafe import Markup, escape

from api.pages.formats import work_url
from kg.reference import Reference, load_reference
from search.filters import Filters, requirement
from search.filters import facets as facets_of
from search.index import SearchIndex
from search.results import Hit, PassageView, Similar
from search.segments import DocumentRecord
from search.snippets import window

__all__ = [
    "DEPTH",
    "FACETS",
    "PER_PAGE",
    "Asked",
    "Facet",
    "Found",
    "Option",
    "Row",
    "csv_rows",
    "find",
    "marked",
    "similar_row",
]

PER_PAGE = 10
DEPTH = 100
"""Documents that a query ranks: ten pages; beyond them nobody pages."""
_SHOWN = 8
FACETS = ("kind", "level", "issuer", "year", "campaign", "held")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for."""

    q: str = ""
    kind: str | None = None
    level: str | None = None
    issuer: str | None = None
    year: str | None = None
    campaign: str | None = None
    cites: str | None = None
    held: str | None = None
    sort: str = "relevance"
    page: int = 1

    def chosen(self) -> dict[str, str]:
        """The filters that are set, in the order of the facets."""
        return {name: value for name in (*FACETS, "cites") if (value := getattr(self, name))}

    def without(self, name: str) -> Asked:
        """The same without one filter."""
        empty: dict[str, Any] = {name: None}
        return replace(self, **empty)

    def query(self, **changes: object) -> dict[str, object]:
        """Query values of this state with changes; the page starts anew."""
        state: dict[str, object] = {"q": self.q, **self.chosen()}
        if self.sort != "relevance":
            state["sort"] = self.sort
        return {name: value for name, value in (state | changes).items() if value}


@dataclass(frozen=True, slots=True)
class Option:
    """One value of a facet: how many documents choosing it would show."""

    value: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """One facet; ``more`` are the values folded away at first."""

    name: str
    options: tuple[Option, ...]
    more: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One document on the page; ``hit`` is None when browsing."""

    document: DocumentRecord
    hit: Hit | None = None

    @property
    def url(self) -> str:
        """Where its title leads: to the passage that was found."""
        return _passage_url(self.document, self.hit.passage if self.hit else None)


def _passage_url(document: DocumentRecord, passage: PassageView | None) -> str:
    if passage is None:
        return work_url(document.key)
    return work_url(document.key, doan=f"{passage.start}-{passage.end}", at="doan")


def similar_row(found: Similar) -> Mapping[str, Any]:
    """A passage like another one, with where its title leads."""
    return {
        "document": found.document, "passage": found.passage, "url": _passage_url(found.document, found.passage),
    }  # fmt: skip


_Answer: TypeAlias = tuple[list[Row], tuple[str, ...]]
"""Documents, best first, and sentences for people."""


@dataclass(frozen=True, slots=True)
class Found:
    """One page of an answer."""

    rows: tuple[Row, ...]
    total: int
    pages: int
    facets: tuple[Facet, ...]
    notes: tuple[str, ...] = ()


def find(
    index: SearchIndex,
    asked: Asked,
    *,
    internal: bool,
    reference: Callable[[], Reference] = load_reference,
    keep: Callable[[Asked, Callable[[], _Answer]], _Answer] = lambda asked, answer: answer(),
    per_page: int = PER_PAGE,
) -> Found:
    """The documents that answer, best or newest first.

    ``keep`` may remember an answer under what was asked: the pages, orders and facets of one query share it.
    """

    def answer(asked: Asked) -> _Answer:
        state = replace(asked, sort="relevance", page=1)
        if asked.q.strip():
            return keep(state, lambda: _search(index, state, internal))
        return _browse(index, state, internal, reference), ()

    rows, notes = answer(asked)
    pools = dict.fromkeys(FACETS, rows)
    pools |= {name: answer(asked.without(name))[0] for name in asked.chosen() if name in FACETS}
    if asked.sort in ("newest", "oldest") or not asked.q.strip():
        rows = _by_date(rows, oldest=asked.sort == "oldest")
    pages = max(1, -(-len(rows) // per_page))
    page = min(asked.page, pages)
    shown = rows[(page - 1) * per_page : page * per_page]
    facets = tuple(_facet(name, pools[name], getattr(asked, name)) for name in FACETS)
    return Found(tuple(shown), len(rows), pages, facets, notes)


def _filters(asked: Asked) -> Filters:
    return Filters(
        kind=asked.kind, issuer=asked.issuer, level=asked.level, year=asked.year, campaign=asked.campaign,
        cites=asked.cites,
    )  # fmt: skip


def _search(index: SearchIndex, asked: Asked, internal: bool) -> _Answer:
    result = index.search(asked.q, k=DEPTH, filters=_filters(asked), internal=internal)
    return [Row(hit.document, hit) for hit in result.hits if _is_held(hit.document, asked.held)], result.notes


def _browse(index: SearchIndex, asked: Asked, internal: bool, reference: Callable[[], Reference]) -> list[Row]:
    """Every document that the filters leave; without a word on it, only those that are held."""
    records = index.records(internal=internal).values()
    wanted = requirement(_filters(asked), records, reference() if asked.issuer else None, internal=internal)
    if any(not alternatives for alternatives in wanted.require):
        return []
    held = asked.held or ("yes" if not asked.chosen() else None)
    return [
        Row(record) for record in records if _is_held(record, held) and wanted.met(frozenset(facets_of(record)))
    ]  # fmt: skip


def _is_held(record: DocumentRecord, asked: str | None) -> bool:
    return asked is None or (record.file is not None) == (asked == "yes")


def _by_date(rows: Iterable[Row], *, oldest: bool) -> list[Row]:
    """By date; undated papers stand last either way."""

    def when(row: Row) -> str:
        record = row.document
        return record.date or record.date_latest or record.date_earliest or ""

    dated = sorted((row for row in rows if when(row)), key=lambda row: row.document.key)
    dated.sort(key=when, reverse=not oldest)
    return [*dated, *(row for row in rows if not when(row))]


def _values(record: DocumentRecord, name: str) -> Sequence[str]:
    match name:
        case "kind":
            return [record.kind] if record.kind else []
        case "level":
            return [record.level] if record.level else []
        case "issuer":
            return [record.issuer] if record.issuer else []
        case "year":
            return [str(year) for year in record.years]
        case "campaign":
            return record.campaigns
        case _:
            return ["yes" if record.file is not None else "no"]


_LEVELS = ("central", "province", "district", "commune")


def _facet(name: str, rows: Iterable[Row], chosen: str | None) -> Facet:
    counts: Counter[str] = Counter()
    for row in rows:
        counts.update(set(_values(row.document, name)))
        for similar in row.hit.similar if row.hit else ():
            counts.update(set(_values(similar.document, name)))
    options = [Option(value, count, value == chosen) for value, count in counts.items()]
    if name == "year":
        options.sort(key=lambda option: option.value, reverse=True)
    elif name == "level":
        options.sort(key=lambda option: _LEVELS.index(option.value))
    else:
        options.sort(key=lambda option: (-option.count, option.value))
    if chosen and not any(option.chosen for option in options):
        options.insert(0, Option(chosen, 0, True))
    first = [option for place, option in enumerate(options) if place < _SHOWN or option.chosen]
    return Facet(name, tuple(first), tuple(option for option in options if option not in first))


def marked(passage: PassageView, width: int = 300) -> Markup:
    """The window of a passage where the words of the query stand, those in ``<mark>``."""
    start, end = window(passage.text, passage.highlights, width)
    pieces = [Markup("… ")] if start else []
    at = start
    for begin, stop in passage.highlights:
        if begin < at or stop > end:
            continue
        pieces.append(escape(passage.text[at:begin]))
        pieces.append(Markup("<mark>{}</mark>").format(passage.text[begin:stop]))
        at = stop
    pieces.append(escape(passage.text[at:end]))
    if end < len(passage.text):
        pieces.append(Markup(" …"))
    return Markup("").join(pieces)


def csv_rows(rows: Iterable[Row]) -> Iterable[Mapping[str, Any]]:
    """One mapping per document, for the list as a table."""
    for row in rows:
        record = row.document
        yield {
            "number": record.number, "kind": record.kind, "title": record.title, "issuer": record.issuer,
            "level": record.level, "date": record.date, "date_earliest": record.date_earliest,
            "date_latest": record.date_latest, "file": record.file, "page": row.url,
        }  # fmt: skip

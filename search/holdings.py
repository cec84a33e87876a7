"""What the documents of an index are, looked up by number, year, owner and facet; worked out when first asked for."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from kg.identifiers import fold
from search.analysis import folded, words
from search.filters import Requirement, facets
from search.numbers import NumberHit, NumberIndex, NumberQuery
from search.segments import DocumentRecord

__all__ = ["Holdings"]

_YEAR = re.compile(r"(?<![\w/–-])(?:19|20)\d\d(?!\s?[–-]\s?\d)(?![\w/])")
"""A year by itself: not the end of a range, nor part of a date or a number."""
_HOUSE = re.compile(r"/QH\d+$")
_RESOLUTION = "Nghị quyết"


class Holdings:
    """The documents of one generation, by their number in it."""

    def __init__(self, records: Mapping[int, DocumentRecord]) -> None:
        self.records = records

    def visible(self, *, internal: bool) -> Mapping[int, DocumentRecord]:
        """Those that the asker may see."""
        return self.records if internal or not self.has_internal else self._public

    @cached_property
    def _public(self) -> Mapping[int, DocumentRecord]:
        return {number: record for number, record in self.records.items() if not record.internal}

    @cached_property
    def has_internal(self) -> bool:
        """Whether any document is internal."""
        return any(record.internal for record in self.records.values())

    @cached_property
    def facets(self) -> Mapping[int, frozenset[str]]:
        """What each document can be narrowed by."""
        return {number: frozenset(facets(record)) for number, record in self.records.items()}

    def allowed(self, demand: Requirement) -> list[int]:
        """The documents that meet a requirement, in the order of their numbers."""
        return [number for number, has in self.facets.items() if demand.met(has)]

    @cached_property
    def by_key(self) -> Mapping[str, int]:
        """From the key of a work to its document."""
        return {record.key: number for number, record in self.records.items()}

    def owners(self, *, internal: bool) -> frozenset[str]:
        """The codes of the bodies whose papers the asker may see."""
        return self._all_owners if internal else self._public_owners

    @cached_property
    def _all_owners(self) -> frozenset[str]:
        return frozenset(record.owner for record in self.records.values() if record.owner)

    @cached_property
    def _public_owners(self) -> frozenset[str]:
        return frozenset(record.owner for record in self.visible(internal=False).values() if record.owner)

    def of_owners(self, owners: Iterable[str]) -> list[int]:
        """The documents of some bodies."""
        return [number for owner in owners for number in self._by_owner.get(owner, ())]

    @cached_property
    def _by_owner(self) -> Mapping[str, list[int]]:
        found: dict[str, list[int]] = defaultdict(list)
        for number, record in self.records.items():
            if record.owner:
                found[record.owner].append(number)
        return found

    def of_year(self, year: str) -> list[int]:
        """The documents that are of a year, or whose title names it ("Kế hoạch thi đua năm 2025" of 2024)."""
        return self._by_year.get(year, [])

    @cached_property
    def _by_year(self) -> Mapping[str, list[int]]:
        found: dict[str, list[int]] = defaultdict(list)
        for number, record in self.records.items():
            for year in {*map(str, record.years), *_YEAR.findall(record.title or "")}:
                found[year].append(number)
        return found

    @cached_property
    def with_text(self) -> NDArray[np.bool_]:
        """Whether the text of a document is held, by its number; one without is known because others cite it."""
        held = np.zeros(max(self.records, default=0) + 1, dtype=np.bool_)
        held[[number for number, record in self.records.items() if record.text_bytes]] = True
        return held

    def headed(self, phrases: Sequence[Sequence[str]]) -> list[int]:
        """The documents in whose kind or issuer one of some phrases stands; accents count where typed."""
        found: list[int] = []
        for head, documents in self._by_head.items():
            tokens = words(head)
            spellings = (f" {' '.join(tokens)} ", f" {' '.join(folded(tokens))} ")
            if any(f" {' '.join(phrase)} " in spelling for phrase in phrases for spelling in spellings):
                found.extend(documents)
        return found

    @cached_property
    def _by_head(self) -> Mapping[str, list[int]]:
        found: dict[str, list[int]] = defaultdict(list)
        for number, record in self.records.items():
            found[f"{record.kind or ''}\n{record.issuer or ''}"].append(number)
        return found

    # -- the number route

    @cached_property
    def _numbers(self) -> NumberIndex:
        return NumberIndex(
            ((number, _with_kind(record)) for number, record in self.records.items() if record.number),
            ((number, cited) for number, record in self.records.items() for cited in record.cites),
        )

    @cached_property
    def _context(self) -> Mapping[int, str]:
        """What words beside a number may say of a paper: issuer, area, title; folded."""
        found = {}
        for number, record in self.records.items():
            area = (record.owner or "").replace(".", " ").replace("-", " ")
            found[number] = fold(f" {record.issuer or ''} {area} {record.title or ''}")
        return found

    @cached_property
    def _years(self) -> Mapping[int, Sequence[int]]:
        return {number: record.years for number, record in self.records.items()}

    def by_number(self, readings: Sequence[NumberQuery], demand: Requirement) -> list[NumberHit]:
        """The papers that any of the readings means, exact numbers first; among equals those with text, the newest."""
        hits: dict[int, NumberHit] = {}
        for reading in readings:
            for hit in self._numbers.find(reading, self._context, years=self._years):
                if demand.met(self.facets[hit.document]):
                    hits.setdefault(hit.document, hit)
        return sorted(hits.values(), key=lambda hit: (-hit.score, *self._order(hit.document)))

    def newest(self, demand: Requirement, most: int) -> list[int]:
        """Documents that meet a requirement, those with text first, then by date, the newest first."""
        return sorted(self.allowed(demand), key=self._order)[:most]

    def _order(self, document: int) -> tuple[bool, int, int]:
        record = self.records[document]
        day = record.date or record.date_latest or record.date_earliest or "0000"
        return not record.text_bytes, -int(day.replace("-", "").ljust(8, "0")[:8]), document


def _with_kind(record: DocumentRecord) -> str:
    """The number; with the code of its kind where it bears none, as those of the National Assembly's resolutions."""
    number = record.number or ""
    return f"{number}/NQ" if record.kind == _RESOLUTION and _HOUSE.search(number) else number

"""All works of one snapshot in memory, one line each: lists, filters, sorting and the nearest numbers come from here.

Read once for each snapshot (some 20 µs a work) and dropped with it; a list over the whole store then costs
milliseconds, which no query with OPTIONAL and ORDER BY does.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args
from weakref import WeakKeyDictionary

from kg.identifiers import fold, number_key, slug
from kg.iris import Iris
from kg.kinds import KINDS
from kg.model import Level, WorkSummary
from kg.store import GraphStore
from kg.terms import Iri, Lit, Term, term_text
from kg.vocab import DCT, ELI, VB

__all__ = ["SORTS", "Listed", "WorkTable", "known_table", "names_issuer", "table_of"]

_KIND_LABELS = {kind.slug: kind.label for kind in KINDS}
_LEVELS: Mapping[str, Level] = {str(VB[level.capitalize()]): level for level in get_args(Level)}
_FIELDS = (
    ELI.id_local, ELI.type_document, DCT.title, VB.issuerName, VB.adminLevel, ELI.date_document, VB.dateEarliest,
    VB.dateLatest,
)  # fmt: skip
SORTS = ("-date", "date", "number", "issuer", "title")
"""Orders of a list; "-date" is newest first, and undated works always come last."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One work: its key, its line, and what filters look at."""

    key: str
    summary: WorkSummary
    held: bool
    kind: str | None
    words: str

    @property
    def day(self) -> str:
        """The date for sorting; empty when unknown."""
        return self.summary.date.isoformat() if self.summary.date else ""


class WorkTable:
    """The works of one snapshot, newest first."""

    def __init__(self, store: GraphStore, iris: Iris) -> None:
        facts: dict[str, dict[str, str]] = {}
        for row in store.query("SELECT ?w { ?w a eli:LegalResource }"):
            facts[str(row["w"])] = {}  # a work of which nothing more is known is still one
        for field in _FIELDS:  # one at a time, without a join: half the time
            for row in store.query(f"SELECT ?w ?o {{ ?w {term_text(field)} ?o }}"):
                known, value = facts.get(str(row["w"])), _text(row["o"])
                if known is not None:
                    known[field] = min(known.get(field, value), value)
        files: dict[str, str] = {}
        for row in store.query("SELECT ?w ?n { ?w vb:file ?f . ?f vb:preferred true ; vb:fileName ?n }"):
            work, name = str(row["w"]), _text(row["n"])
            files[work] = min(files.get(work, name), name)
        held = {str(row["w"]) for row in store.query("SELECT ?w { ?w vb:file ?f }")}
        self.works: Mapping[str, Listed] = {
            key: _listed(key, iri, told, files.get(iri), iri in held)
            for iri, told in sorted(facts.items())
            if (key := iris.key_of(iri)) is not None
        }
        self._orders: dict[str, Sequence[Listed]] = {}
        self._numbers: dict[str, str] = {}
        for listed in self.works.values():
            if listed.summary.number:
                self._numbers.setdefault(number_key(listed.summary.number), listed.summary.number)

    def ordered(self, sort: str) -> Sequence[Listed]:
        """All works in one of the orders of ``SORTS``."""
        if sort not in self._orders:
            found = sorted(self.works.values(), key=lambda work: work.key)
            if sort in ("-date", "date"):
                found.sort(key=lambda work: work.day, reverse=sort == "-date")
                found.sort(key=lambda work: not work.day)
            else:
                read: dict[str, Callable[[WorkSummary], str | None]] = {
                    "number": lambda one: one.number, "issuer": lambda one: one.issuer, "title": lambda one: one.title,
                }  # fmt: skip
                found.sort(key=lambda work: _sortable(read[sort](work.summary), number=sort == "number"))
            self._orders[sort] = found
        return self._orders[sort]

    def select(
        self,
        *,
        kind: str | None = None,
        issuer: str | None = None,
        level: str | None = None,
        year: int | None = None,
        text: str | None = None,
        held: bool = True,
        among: Collection[str] | None = None,
        sort: str = "-date",
    ) -> list[Listed]:
        """The works that fit, in order. ``text``: all these words in number, title or issuer, accents or not.

        ``among`` keeps only these keys.
        """
        tests: list[Callable[[Listed], bool]] = []
        if held:
            tests.append(lambda work: work.held)
        if level:
            tests.append(lambda work: work.summary.level == level)
        if kind:
            wanted = slug(kind)
            tests.append(lambda work: work.kind == wanted)
        if year is not None:
            tests.append(lambda work: work.summary.date is not None and work.summary.date.year == year)
        if issuer is not None:
            tests.append(lambda work: names_issuer(issuer, work.summary.issuer, work.key))
        if text:
            words = fold(text).split()
            tests.append(lambda work: all(word in work.words for word in words))
        if among is not None:
            tests.append(lambda work: work.key in among)
        return [work for work in self.ordered(sort) if all(test(work) for test in tests)]

    def nearest(self, number: str, most: int = 5) -> list[str]:
        """Printed numbers that look like one that is not there: "15/KH-UBNN" → "15/KH-UBND"."""
        from rapidfuzz import process
        from rapidfuzz.distance import Indel

        found = process.extract(
            number_key(number), sorted(self._numbers), scorer=Indel.normalized_similarity, score_cutoff=0.6, limit=most
        )
        return [self._numbers[key] for key, _, _ in found]


def names_issuer(typed: str, issuer: str | None, key: str) -> bool:
    """Whether what a person typed for an issuer means this one: its code, or words of its name, accents or not."""
    words = fold(typed).replace("ubnd", "uy ban nhan dan").replace("hdnd", "hoi dong nhan dan").split()
    name = fold(issuer or "")
    return typed == key.split("/")[0] or all(word in name for word in words)


_tables: WeakKeyDictionary[Any, WorkTable] = WeakKeyDictionary()
_building = threading.Lock()


def table_of(store: GraphStore, iris: Iris) -> WorkTable:
    """The table of a read-only store, made when first asked for."""
    table = _tables.get(store)
    if table is None:
        with _building:
            table = _tables.get(store)
            if table is None:
                table = _tables[store] = WorkTable(store, iris)
    return table


def known_table(store: GraphStore) -> WorkTable | None:
    """The table, if someone asked for it already: good enough reason to use it, none to make it for a few works."""
    return _tables.get(store)


def _listed(key: str, iri: str, told: Mapping[str, str], file: str | None, held: bool) -> Listed:
    def day(field: Iri) -> dt.date | None:
        return dt.date.fromisoformat(told[field]) if field in told else None

    kind = told[ELI.type_document].rsplit("/", 1)[-1] if ELI.type_document in told else None
    summary = WorkSummary(
        iri=iri,
        number=told.get(ELI.id_local),
        kind=_KIND_LABELS.get(kind) if kind else None,
        title=told.get(DCT.title),
        issuer=told.get(VB.issuerName),
        level=_LEVELS.get(told.get(VB.adminLevel, "")),
        date=day(ELI.date_document),
        date_earliest=day(VB.dateEarliest),
        date_latest=day(VB.dateLatest),
        file=file,
    )
    words = fold(" ".join(filter(None, (summary.number, summary.title, summary.issuer))))
    return Listed(key, summary, held, kind, words)


def _sortable(value: str | None, *, number: bool) -> tuple[bool, int, str]:
    """9/… before 10/…; what is missing last."""
    digits = ""
    if number and value:
        digits = value[: len(value) - len(value.lstrip("0123456789"))]
    return (value is None, int(digits[:9] or 0), fold(value or ""))


def _text(term: Term) -> str:
    return term.value if isinstance(term, Lit) else str(term)

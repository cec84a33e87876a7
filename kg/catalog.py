"""Questions to the graph that every door asks: which work bears a number, a work in one line, links that arrive.

All look-ups go by bound subjects or by the number key, never through OPTIONAL over an unbound one (slow in Oxigraph).
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any, get_args

from kg.cascade import CascadeLink, Evidence
from kg.catalog_cascade import known_links
from kg.catalog_table import WorkTable, known_table, names_issuer, table_of
from kg.errors import AmbiguousNumber, NumberNotFound
from kg.identifiers import fold, number_key
from kg.iris import Iris
from kg.kinds import KINDS
from kg.model import Level, WorkSummary
from kg.store import GraphStore, Row
from kg.terms import Iri, Lit, Term, can_be_written, term_text
from kg.vocab import DCT, ELI, LINK_PREDICATES, VB

__all__ = ["Catalog"]

_KIND_LABELS = {kind.slug: kind.label for kind in KINDS}
_LEVELS: Mapping[str, Level] = {str(VB[level.capitalize()]): level for level in get_args(Level)}
_FIELDS = (
    ELI.id_local,
    ELI.type_document,
    DCT.title,
    VB.issuerName,
    VB.adminLevel,
    ELI.date_document,
    VB.dateEarliest,
    VB.dateLatest,
)
_CHUNK = 500  # IRIs per VALUES block: larger blocks only make one query slower to cancel


class Catalog:
    """Reads one snapshot. ``iris`` must be those of the installation that wrote it."""

    def __init__(self, store: GraphStore, iris: Iris) -> None:
        self._store = store
        self._iris = iris

    @property
    def iris(self) -> Iris:
        """The addresses it goes by."""
        return self._iris

    def summaries(self, keys: Iterable[str]) -> dict[str, WorkSummary]:
        """Works by key, each in one line; a key that is no work is absent."""
        wanted = sorted(set(keys))
        if table := known_table(self._store):
            return {key: table.works[key].summary for key in wanted if key in table.works}
        facts: dict[str, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
        files: dict[str, str] = {}
        fields = ", ".join(term_text(field) for field in _FIELDS)
        for chunk in _chunks(wanted):
            values = " ".join(term_text(self._iris.work(key)) for key in chunk)
            for row in self._store.query(
                f"SELECT DISTINCT ?w ?p ?o {{ VALUES ?w {{ {values} }} ?w ?p ?o . FILTER(?p IN ({fields})"
                f" || (?p = rdf:type && ?o = eli:LegalResource)) }}"
            ):
                facts[str(row["w"])][str(row["p"])].append(row["o"])
            for row in self._store.query(
                f"SELECT DISTINCT ?w ?n {{ VALUES ?w {{ {values} }} ?w vb:file ?f ."
                f" ?f vb:preferred true ; vb:fileName ?n }} ORDER BY ?w ?n"
            ):
                files.setdefault(str(row["w"]), _text(row["n"]))
        return {
            key: _summary(iri, facts[iri], files.get(iri))
            for key in wanted
            if (iri := str(self._iris.work(key))) in facts
        }

    def key_of(self, iri: str) -> str | None:
        """The key behind an IRI or a former IRI of a work that is known here; None for anything else."""
        key = self._iris.key_of(iri)
        if key is None or not can_be_written(iri):
            return None
        seen = {key}
        while moved := self._store.query(
            f"SELECT DISTINCT ?w {{ {term_text(self._iris.work(key))} vb:sameWorkAs ?w }} ORDER BY ?w"
        ):
            now = self._iris.key_of(str(moved[0]["w"]))
            if now is None or now in seen:
                break
            seen.add(key := now)
        return key if self.summaries([key]) else None

    def find(self, number: str, *, issuer: str | None = None, kind: str | None = None, year: int | None = None) -> str:
        """The key of the one work that bears a number, or that an IRI names, narrowed by issuer, kind and year.

        Raises AmbiguousNumber with all that fit, or NumberNotFound with the nearest numbers.
        """
        if "://" in number:
            key = self.key_of(number)
            if key is None:
                raise NumberNotFound(number)
            return key
        rows = self._store.query(
            "SELECT DISTINCT ?w { ?w vb:numberKey $n ; a eli:LegalResource }",
            bindings={"n": Lit(number_key(number))},
        )
        keys = [key for row in rows if (key := self._iris.key_of(str(row["w"])))]
        found = [
            (key, summary)
            for key, summary in self.summaries(keys).items()
            if (issuer is None or names_issuer(issuer, summary.issuer, key))
            and (kind is None or fold(kind) == fold(summary.kind or ""))
            and (year is None or (summary.date is not None and summary.date.year == year))
        ]
        if not found:
            raise NumberNotFound(number, self.nearest(number))
        if len(found) > 1:
            raise AmbiguousNumber(number, [summary for _, summary in sorted(found, key=lambda pair: _order(pair[1]))])
        return found[0][0]

    def nearest(self, number: str, most: int = 5) -> list[str]:
        """Printed numbers that look like the one that was not found."""
        return self.table.nearest(number, most)

    @property
    def table(self) -> WorkTable:
        """All works of the snapshot, one line each."""
        return table_of(self._store, self._iris)

    @property
    def store(self) -> GraphStore:
        """The snapshot that is read."""
        return self._store

    def page(self, *, limit: int = 50, offset: int = 0, **filters: Any) -> tuple[int, list[WorkSummary]]:
        """How many works fit, and one page of them: newest first, undated last. Filters: ``WorkTable.select``."""
        found = self.table.select(**filters)
        return len(found), [work.summary for work in found[offset : offset + limit]]

    def incoming(self, keys: Collection[str], *, quotes: bool = True) -> list[CascadeLink]:
        """The effective ``implements`` and ``follows`` links that point at any of these works.

        ``quotes``: with the first sentence of each; who needs few of them asks ``evidence`` for those.
        """
        known = known_links(self._store, keys)
        if known is not None:
            evidence = self.evidence(link.id for link in known if link.id) if quotes else {}
            return [replace(link, evidence=next(iter(evidence.get(link.id or "", ())), None)) for link in known]
        relations = {str(LINK_PREDICATES["implements"]): "implements", str(LINK_PREDICATES["follows"]): "follows"}
        statuses = {str(VB.Effective): "effective", str(VB.Orphaned): "orphaned"}
        # Which relation and status is asked here, not there: a second VALUES makes a plan a hundred times slower.
        arriving: dict[str, tuple[str, str]] = {}
        for chunk in _chunks(sorted(keys)):
            values = " ".join(term_text(self._iris.work(key)) for key in chunk)
            for row in self._store.query(
                f"SELECT ?l ?o ?p {{ VALUES ?o {{ {values} }} ?l rdf:object ?o ; rdf:predicate ?p }}"
            ):
                if str(row["p"]) in relations:
                    arriving[str(row["l"])] = relations[str(row["p"])], str(row["o"])
        told: dict[str, Row] = {}
        for chunk in _chunks(sorted(arriving)):
            values = " ".join(term_text(Iri(link)) for link in chunk)
            for row in self._store.query(
                f"SELECT ?l ?s ?c ?place ?status {{ VALUES ?l {{ {values} }} ?l rdf:subject ?s ; vb:status ?status ;"
                " vb:confidence ?c ; vb:place ?place }"
            ):
                if str(row["status"]) in statuses:
                    told[str(row["l"])] = row
        evidence = self.evidence(told) if quotes else {}
        made = []
        for iri in sorted(told):
            relation, object_ = arriving[iri]
            row = told[iri]
            subject, target = self._iris.key_of(str(row["s"])), self._iris.key_of(object_)
            if subject and target:
                made.append(
                    CascadeLink(
                        subject=subject,
                        relation="implements" if relation == "implements" else "follows",
                        object=target,
                        place="opening" if str(row["place"]).endswith("/opening") else "body",
                        confidence=float(_text(row["c"])),
                        status=statuses[str(row["status"])],
                        evidence=next(iter(evidence.get(iri, ())), None),
                        id=iri,
                    )
                )
        return made

    def evidence(self, links: Iterable[str]) -> dict[str, list[Evidence]]:
        """The quotes of each link (by IRI), in the order they stand in the text."""
        found: dict[str, list[Evidence]] = defaultdict(list)
        for chunk in _chunks(sorted(links)):
            values = " ".join(term_text(Iri(link)) for link in chunk)
            for row in self._store.query(
                f"SELECT DISTINCT ?l ?q ?s ?e ?page {{ VALUES ?l {{ {values} }} ?l vb:evidence ?ev ."
                f" ?ev vb:page ?page ; oa:hasSelector ?a, ?b ."
                f" ?a oa:exact ?q . ?b oa:start ?s ; oa:end ?e }}"
            ):
                found[str(row["l"])].append(
                    Evidence(_text(row["q"]), int(_text(row["s"])), int(_text(row["e"])), int(_text(row["page"])))
                )
        return {link: sorted(quotes, key=lambda quote: (quote.start, quote.end)) for link, quotes in found.items()}


def _chunks(items: list[str]) -> Iterable[list[str]]:
    for start in range(0, len(items), _CHUNK):
        yield items[start : start + _CHUNK]


def _text(term: Term) -> str:
    return term.value if isinstance(term, Lit) else str(term)


def _summary(iri: str, facts: Mapping[str, list[Term]], file: str | None) -> WorkSummary:
    def one(field: Iri) -> str | None:
        values = facts.get(str(field))
        return min(_text(value) for value in values) if values else None

    def day(field: Iri) -> dt.date | None:
        value = one(field)
        return dt.date.fromisoformat(value) if value else None

    kind = one(ELI.type_document)
    return WorkSummary(
        iri=iri,
        number=one(ELI.id_local),
        kind=_KIND_LABELS.get(kind.rsplit("/", 1)[-1]) if kind else None,
        title=one(DCT.title),
        issuer=one(VB.issuerName),
        level=_LEVELS.get(one(VB.adminLevel) or ""),
        date=day(ELI.date_document),
        date_earliest=day(VB.dateEarliest),
        date_latest=day(VB.dateLatest),
        file=file,
    )


def _order(summary: WorkSummary) -> tuple[str, str, str]:
    return (summary.issuer or "", str(summary.date or ""), summary.iri)

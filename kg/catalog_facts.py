"""Lists of what documents say besides citing: campaigns, anniversaries, assignments, targets, open mentions, bodies.

Every list is counted and paged in the store, by patterns whose rows are one fact each.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kg.catalog_table import WorkTable
from kg.identifiers import fold
from kg.iris import Iris
from kg.store import GraphStore, Row
from kg.terms import Iri, Lit, Term, term_text
from kg.vocab import LINK_PREDICATES, VB

__all__ = [
    "LISTS",
    "FactList",
    "campaign_documents",
    "campaign_works",
    "fact_page",
    "facts_of",
    "parts_of",
    "statistics",
]


@dataclass(frozen=True, slots=True)
class FactList:
    """One kind of fact: ``pattern`` binds ?n (the fact) and, where a document tells it, ?w; ``fields`` are optional."""

    pattern: str
    fields: Mapping[str, str]
    order: str = "?w ?start"
    sorted_by: str = "?n oa:start ?start ."
    filters: Mapping[str, str] | None = None
    """Name of a filter → pattern in which $value stands for what was asked."""


_PART = {"phrase": "vb:phrase", "start": "oa:start", "end": "oa:end"}
LISTS: Mapping[str, FactList] = {
    "campaigns": FactList(
        "?n a vb:Campaign",
        {"name": "dct:title", "area": "vb:area", "until": "vb:endDate", "launched_by": "vb:launchedBy",
         "instance_of": "vb:instanceOf"},
        "?name",
        "?n dct:title ?name .",
        {"document": "$value vb:launches|vb:continues|vb:mentions ?n ."},
    ),
    "anniversaries": FactList(
        "?n a vb:Anniversary",
        {"years": "vb:years", "event": "vb:anniversaryOf/dct:title", "origin": "vb:anniversaryOf/vb:origin",
         "commemorated": "vb:commemorated"},
        "?years",
        "?n vb:years ?years .",
        {"document": "$value vb:commemorates ?n ."},
    ),
    "assignments": FactList(
        "?w vb:hasAssignment ?n",
        {"body": "vb:assignedTo", "role": "vb:role", "requested": "vb:requested", "by": "vb:due", **_PART},
        filters={"document": "$value vb:hasAssignment ?n .", "body": "?n vb:assignedTo $value .",
                 "role": "?n vb:role $value ."},
    ),
    "targets": FactList(
        "?w vb:hasTarget ?n",
        {"indicator": "vb:indicator", "comparator": "vb:comparator", "value": "vb:value", "unit": "vb:unit",
         "by": "vb:due", **_PART},
        filters={"document": "$value vb:hasTarget ?n .", "unit": "?n vb:unit $value ."},
    ),
    "deadlines": FactList(
        "?w vb:hasDeadline ?n",
        {"kind": "vb:kind", "date": "vb:due", **_PART},
        filters={"document": "$value vb:hasDeadline ?n ."},
    ),
    "addressees": FactList(
        "?w vb:addresses ?n",
        {"duty": "vb:duty", "kind": "vb:kind", "note": "vb:note", **_PART},
        filters={"document": "$value vb:addresses ?n ."},
    ),
    "unresolved": FactList(
        "?w vb:hasUnresolved ?n",
        {"reason": "vb:reason", "number": "eli:id_local", "kind": "eli:type_document",
         "quote": "vb:evidence/oa:hasSelector/oa:exact"},
        "?w",
        "",
        {"document": "$value vb:hasUnresolved ?n ."},
    ),
}  # fmt: skip
_NUMBERS = frozenset({"years", "start", "end"})
_DECIMALS = frozenset({"value"})


def fact_page(
    store: GraphStore, iris: Iris, name: str, *, limit: int, offset: int = 0, **filters: Term | None
) -> tuple[int, list[dict[str, Any]]]:
    """How many facts of a list there are, and a page of them. ``document`` is the work's key in each record."""
    wanted = LISTS[name]
    asked = {key: value for key, value in filters.items() if value is not None}
    pattern = " ".join(
        (wanted.filters or {})[key].replace("$value", term_text(value)) for key, value in sorted(asked.items())
    )
    pattern += f" {wanted.pattern} ."
    (count,) = store.query(f"SELECT (COUNT(DISTINCT ?n) AS ?c) {{ {pattern} }}")
    work = "?w" if "?w" in wanted.pattern else ""
    # Sorted by what is always there; then the fields of this page alone. OPTIONAL over the whole list takes minutes.
    facts = f"{{ SELECT DISTINCT ?n {work} {{ {pattern} }} }}"
    rows = store.query(
        f"SELECT DISTINCT ?n {work} {{ {facts} {wanted.sorted_by} }} ORDER BY {wanted.order} ?n"
        f" LIMIT {limit} OFFSET {offset}"
    )
    told = _fields(store, wanted, [str(row["n"]) for row in rows])
    return int(_text(count["c"])), [_record(row, told[str(row["n"])], wanted, iris) for row in rows]


def _fields(store: GraphStore, wanted: FactList, nodes: list[str]) -> dict[str, dict[str, Term]]:
    """The fields of each fact; of several values the first in order."""
    told: dict[str, dict[str, Term]] = {node: {} for node in nodes}
    for start in range(0, len(nodes), 500):
        values = " ".join(term_text(Iri(node)) for node in nodes[start : start + 500])
        for field, path in wanted.fields.items():
            for row in store.query(f"SELECT DISTINCT ?n ?v {{ {_way(values, path)} }}"):
                known = told[str(row["n"])]
                if field not in known or _text(row["v"]) < _text(known[field]):
                    known[field] = row["v"]
    return told


def _way(values: str, path: str) -> str:
    """From ?n to ?v along a path, without multiplying: a campaign is told of in the graph of each of its documents."""
    steps = path.split("/")
    way = f"VALUES ?n {{ {values} }} ?n {steps[0]} ?v1"
    for number, step in enumerate(steps[1:], 1):
        way = f"{{ SELECT DISTINCT ?n ?v{number} {{ {way} }} }} ?v{number} {step} ?v{number + 1}"
    return f"{way} BIND(?v{len(steps)} AS ?v)"


def facts_of(store: GraphStore, iris: Iris, name: str, key: str) -> list[dict[str, Any]]:
    """All facts of a list that one work tells."""
    return fact_page(store, iris, name, limit=10_000, document=iris.work(key))[1]


def parts_of(store: GraphStore, iris: Iris, key: str) -> dict[str, list[dict[str, Any]]]:
    """Every list for one work."""
    return {name: facts_of(store, iris, name, key) for name in LISTS}


def campaign_works(store: GraphStore, iris: Iris, named: str) -> frozenset[str]:
    """The keys of the works that speak of a campaign, given its key, its IRI, or words of its name."""
    rows = store.query("SELECT DISTINCT ?c ?t { { SELECT DISTINCT ?c { ?c a vb:Campaign } } ?c dct:title ?t }")
    words = fold(named).split()
    chosen = {
        str(row["c"])
        for row in rows
        if named in (str(row["c"]), str(row["c"]).removeprefix(str(iris.thing("campaign", ""))))
        or all(word in fold(_text(row["t"])) for word in words)
    }
    found = set()
    for campaign in sorted(chosen):
        told = store.query(
            "SELECT DISTINCT ?w { ?w vb:launches|vb:continues|vb:mentions $c }", bindings={"c": Iri(campaign)}
        )
        found |= {iris.key_of(str(row["w"])) for row in told}
    return frozenset(key for key in found if key)


def campaign_documents(store: GraphStore, iris: Iris, campaign: str) -> list[tuple[str, str]]:
    """(role, key) of the works that speak of one campaign."""
    rows = store.query(
        "SELECT DISTINCT ?r ?w { VALUES ?r { vb:launches vb:continues vb:mentions } ?w ?r $c }",
        bindings={"c": iris.thing("campaign", campaign)},
    )
    return sorted(
        (_text(row["r"]).rsplit("#", 1)[1], key) for row in rows if (key := iris.key_of(_text(row["w"]))) is not None
    )


def statistics(store: GraphStore, table: WorkTable) -> dict[str, Any]:
    """Counts over the whole snapshot: documents by kind, level and year; links by relation and status; what is open."""
    works = list(table.works.values())
    held = [work for work in works if work.held]
    by: dict[str, dict[str, int]] = {"kind": {}, "level": {}, "year": {}}
    for work in held:
        values = (work.summary.kind, work.summary.level, str(work.summary.date.year) if work.summary.date else None)
        for name, value in zip(by, values, strict=True):
            by[name][value or "unknown"] = by[name].get(value or "unknown", 0) + 1
    names = {str(iri): relation for relation, iri in LINK_PREDICATES.items()}
    links: dict[str, dict[str, int]] = {}
    for row in store.query(
        "SELECT ?p ?st (COUNT(DISTINCT ?l) AS ?c) { ?l a vb:Link ; rdf:predicate ?p ; vb:status ?st } GROUP BY ?p ?st"
    ):
        relation = names.get(_text(row["p"]), _text(row["p"]))
        links.setdefault(relation, {})[_STATUS.get(_text(row["st"]), "orphaned")] = int(_text(row["c"]))
    return {
        "documents": len(held),
        "cited_only": len(works) - len(held),
        "by_kind": dict(sorted(by["kind"].items())),
        "by_level": dict(sorted(by["level"].items())),
        "by_year": dict(sorted(by["year"].items())),
        "links": {relation: dict(sorted(counts.items())) for relation, counts in sorted(links.items())},
        "unresolved": _count(store, "?n a vb:Unresolved"),
        "mentions": _count(store, "?l a vb:Link ; vb:evidence ?n"),
        "campaigns": _count(store, "?n a vb:Campaign"),
        "anniversaries": _count(store, "?n a vb:Anniversary"),
        "assignments": _count(store, "?n a vb:Assignment"),
        "targets": _count(store, "?n a vb:Target"),
    }


def _count(store: GraphStore, pattern: str) -> int:
    (row,) = store.query(f"SELECT (COUNT(DISTINCT ?n) AS ?c) {{ {pattern} }}")
    return int(_text(row["c"]))


def _record(row: Row, told: Mapping[str, Term], wanted: FactList, iris: Iris) -> dict[str, Any]:
    record: dict[str, Any] = {"id": str(row["n"]).removeprefix(f"{iris.base}/id/").split("/", 1)[-1]}
    if "w" in row:
        record["document"] = iris.key_of(str(row["w"]))
    return record | {field: _value(field, told.get(field)) for field in wanted.fields}


def _value(field: str, term: Term | None) -> Any:
    if term is None:
        return None
    text = _text(term)
    if field in _NUMBERS:
        return int(text)
    if field in _DECIMALS:
        return float(text)
    if field == "requested":
        return text == "true"
    return text.rsplit("/id/", 1)[-1].partition("/")[2] or text if isinstance(term, Iri) else text


_STATUS = {str(VB.Effective): "effective", str(VB.BelowThreshold): "below_threshold", str(VB.Rejected): "rejected"}


def _text(term: Term) -> str:
    return term.value if isinstance(term, Lit) else str(term)

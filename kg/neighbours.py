"""What stands around a thing in the graph: how many neighbours each relation leads to, which they are, and the ties
among a set of things. The counts come first, so that nobody has to fetch ten thousand papers to learn that they exist.

A node is named by a base-free id: a work by its key ("tw/ct/2014/34"), else "c:" campaign, "e:" anniversary, "b:" body.
A step is one relation in one direction: "out.implements" (what it carries out), "in.implements" (what carries it out),
"campaigns", "anniversaries", "issuer"; "documents" leads back from any of these three.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kg.iris import Iris
from kg.store import GraphStore
from kg.terms import Iri, Lit, Term, term_text
from kg.vocab import DCT, ELI, LINK_PREDICATES, SKOS, VB

__all__ = ["STEPS", "NamedThing", "Tie", "iri_of", "is_node", "names", "neighbours", "step_counts", "ties"]

_RELATIONS = {str(iri): relation for relation, iri in LINK_PREDICATES.items()}
_CAMPAIGN = {str(VB.launches): "launches", str(VB.continues): "continues", str(VB.mentions): "mentions"}
_THINGS = {"c": "campaign", "e": "event", "b": "org"}
_BESIDE: Mapping[str, tuple[str, tuple[Iri, ...]]] = {
    "campaigns": ("c", (VB.launches, VB.continues, VB.mentions)),
    "anniversaries": ("e", (VB.commemorates,)),
    "issuer": ("b", (ELI.passed_by,)),
}
"""Step from a work → what it leads to, by which predicates."""
STEPS: tuple[str, ...] = (
    *(f"in.{relation}" for relation in LINK_PREDICATES),
    *(f"out.{relation}" for relation in LINK_PREDICATES),
    *_BESIDE,
    "documents",
)
_CHUNK = 500
_NODE = re.compile(r"(?:[ceb]:)?[A-Za-z0-9._/-]{1,300}")


@dataclass(frozen=True, slots=True)
class Tie:
    """One relation between two nodes: a link of documents, or a role ("launches", "commemorates", "issued_by")."""

    source: str
    relation: str
    target: str


@dataclass(frozen=True, slots=True)
class NamedThing:
    """A campaign, an anniversary or a body: its name, and the level it belongs to where the graph says so."""

    name: str
    level: str | None
    note: str = ""


def is_node(text: str) -> bool:
    """Whether a text can be a node id at all: what goes into an IRI as it is."""
    return bool(_NODE.fullmatch(text))


def iri_of(iris: Iris, node: str) -> Iri:
    """The IRI of a node id."""
    mark, colon, key = node.partition(":")
    return iris.thing(_THINGS[mark], key) if colon and mark in _THINGS else iris.work(node)


def _node_of(iris: Iris, iri: str) -> str | None:
    key = iris.key_of(iri)
    if key is not None:
        return key
    for mark, kind in _THINGS.items():
        prefix = str(iris.thing(kind, ""))
        if iri.startswith(prefix):
            return f"{mark}:{iri[len(prefix) :]}"
    return None


def step_counts(store: GraphStore, iris: Iris, nodes: Collection[str]) -> dict[str, dict[str, int]]:
    """For each node, how many neighbours every step leads to; steps that lead nowhere are absent."""
    counts: dict[str, dict[str, int]] = {node: {} for node in nodes}
    works = [node for node in nodes if ":" not in node and is_node(node)]
    others = [node for node in nodes if ":" in node and is_node(node)]
    seen: dict[tuple[str, str], set[str]] = defaultdict(set)
    for chunk in _chunks(works):
        for row in store.query(f"SELECT DISTINCT ?n ?p ?o {{ {_values(iris, chunk)} {_ANY} ?n ?p ?o }}"):
            node, target = _node_of(iris, str(row["n"])), _node_of(iris, str(row["o"]))
            step = _step_out(str(row["p"]), target)
            if node and target and step and target != node:
                seen[node, step].add(target)
        for row in store.query(
            f"SELECT ?n ?p (COUNT(DISTINCT ?s) AS ?c) {{ {_values(iris, chunk)} {_LINKS} ?s ?p ?n }} GROUP BY ?n ?p"
        ):
            node = _node_of(iris, str(row["n"]))
            if node:
                counts[node][f"in.{_RELATIONS[str(row['p'])]}"] = int(_text(row["c"]))
    for (node, step), targets in seen.items():
        counts[node][step] = len(targets)
    for chunk in _chunks(others):
        for row in store.query(
            f"SELECT ?n (COUNT(DISTINCT ?s) AS ?c) {{ {_values(iris, chunk)} {_ROLES} ?s ?p ?n }} GROUP BY ?n"
        ):
            node = _node_of(iris, str(row["n"]))
            if node and int(_text(row["c"])):
                counts[node]["documents"] = int(_text(row["c"]))
    return {node: {step: told[step] for step in STEPS if told.get(step)} for node, told in counts.items()}


def neighbours(store: GraphStore, iris: Iris, node: str, step: str) -> list[str]:
    """The nodes that one step leads to, in the order of their ids; a step that does not fit the node leads nowhere."""
    if not is_node(node):
        return []
    way, _, relation = step.partition(".")
    here = term_text(iri_of(iris, node))
    if way in ("in", "out") and relation in LINK_PREDICATES and ":" not in node:
        predicate = term_text(next(iri for name, iri in LINK_PREDICATES.items() if name == relation))
        pattern = f"?n {predicate} {here}" if way == "in" else f"{here} {predicate} ?n"
    elif step in _BESIDE and ":" not in node:
        predicates = " ".join(map(term_text, _BESIDE[step][1]))
        pattern = f"VALUES ?p {{ {predicates} }} {here} ?p ?n"
    elif step == "documents" and ":" in node:
        pattern = f"{_ROLES} ?n ?p {here}"
    else:
        return []
    wanted = _BESIDE[step][0] if step in _BESIDE else ""
    found = {_node_of(iris, str(row["n"])) for row in store.query(f"SELECT DISTINCT ?n {{ {pattern} }}")}
    return sorted(
        name for name in found if name and name != node and (name.partition(":")[0] if ":" in name else "") == wanted
    )  # fmt: skip


def ties(store: GraphStore, iris: Iris, nodes: Collection[str]) -> list[Tie]:
    """Every effective tie between two of these nodes."""
    inside = set(nodes)
    found = set()
    for chunk in _chunks([node for node in sorted(inside) if ":" not in node]):
        for row in store.query(f"SELECT DISTINCT ?n ?p ?o {{ {_values(iris, chunk)} {_ANY} ?n ?p ?o }}"):
            source, target = _node_of(iris, str(row["n"])), _node_of(iris, str(row["o"]))
            relation = _relation(str(row["p"]), target)
            if source in inside and target in inside and source and target and relation and source != target:
                found.add(Tie(source, relation, target))
    return sorted(found, key=lambda tie: (tie.source, tie.target, tie.relation))


def names(store: GraphStore, iris: Iris, nodes: Iterable[str]) -> dict[str, NamedThing]:
    """Campaigns, anniversaries and bodies by id; works and what the graph does not know are absent."""
    told: dict[str, dict[str, str]] = defaultdict(dict)
    fields = (DCT.title, SKOS.prefLabel, VB.years, VB.commemorated, VB.adminLevel, VB.endDate)
    listed = ", ".join(map(term_text, fields))
    for chunk in _chunks(sorted(node for node in nodes if ":" in node and is_node(node))):
        for row in store.query(
            f"SELECT DISTINCT ?n ?p ?o {{ {_values(iris, chunk)} {{ ?n ?p ?o FILTER(?p IN ({listed})) }} UNION"
            f" {{ ?n vb:anniversaryOf/dct:title ?o BIND(dct:title AS ?p) }} }} ORDER BY ?n ?p ?o"
        ):
            node = _node_of(iris, str(row["n"]))
            if node:
                told[node].setdefault(str(row["p"]), _text(row["o"]))
    return {node: _named(node, facts) for node, facts in told.items()}


def _named(node: str, facts: Mapping[str, str]) -> NamedThing:
    name = facts.get(str(DCT.title)) or facts.get(str(SKOS.prefLabel)) or node.partition(":")[2]
    if node.startswith("e:") and str(VB.years) in facts:
        name = f"{facts[str(VB.years)]} năm {name}"
    level = facts.get(str(VB.adminLevel), "").rsplit("#", 1)[-1].lower() or None
    return NamedThing(name, level, facts.get(str(VB.commemorated)) or facts.get(str(VB.endDate)) or "")


def _step_out(predicate: str, target: str | None) -> str | None:
    if target is None:
        return None
    if ":" not in target:
        return f"out.{_RELATIONS[predicate]}" if predicate in _RELATIONS else None
    return next((step for step, (mark, predicates) in _BESIDE.items()
                 if target.startswith(f"{mark}:") and predicate in predicates), None)  # fmt: skip


def _relation(predicate: str, target: str | None) -> str | None:
    if target is None:
        return None
    if target.startswith("c:"):
        return _CAMPAIGN.get(predicate)
    if target.startswith("e:"):
        return "commemorates" if predicate == VB.commemorates else None
    if target.startswith("b:"):
        return "issued_by" if predicate == ELI.passed_by else None
    return _RELATIONS.get(predicate)


def _predicates(wanted: Iterable[Iri]) -> str:
    return f"VALUES ?p {{ {' '.join(map(term_text, dict.fromkeys(wanted)))} }}"


_LINKS = _predicates(LINK_PREDICATES.values())
_ROLES = _predicates(predicate for _, predicates in _BESIDE.values() for predicate in predicates)
_ANY = _predicates((*LINK_PREDICATES.values(), *(one for _, many in _BESIDE.values() for one in many)))


def _values(iris: Iris, nodes: Iterable[str]) -> str:
    return f"VALUES ?n {{ {' '.join(term_text(iri_of(iris, node)) for node in nodes)} }}"


def _chunks(items: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(items), _CHUNK):
        yield items[start : start + _CHUNK]


def _text(term: Term) -> str:
    return term.value if isinstance(term, Lit) else str(term)

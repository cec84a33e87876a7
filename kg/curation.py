"""The curated graph: verdicts and human facts as triples, and back. Ends are named by base-free keys."""

from __future__ import annotations

import datetime as dt
import secrets
from collections import defaultdict

from kg.iris import Iris
from kg.review import Curated, Fact, Verdict, VerdictValue
from kg.store import GraphStore
from kg.terms import Iri, Lit, Term, Triple, literal
from kg.vocab import RDF, VB

__all__ = ["curated_triples", "new_id", "read_curated"]

_VALUES: dict[VerdictValue, Iri] = {
    "accepted": VB.Accepted,
    "rejected": VB.Rejected,
    "unsure": VB.Unsure,
    "withdrawn": VB.Withdrawn,
}
_NAMES = {iri: value for value, iri in _VALUES.items()}


def new_id() -> str:
    """A new id for a verdict or a fact; decisions are events, so theirs are random, not derived."""
    return secrets.token_hex(8)


def curated_triples(curated: Curated, iris: Iris) -> list[Triple]:
    """Everything people decided, for the graph ``curated``."""
    triples: list[Triple] = []
    for verdict in curated.verdicts:
        node = iris.thing("review", verdict.id)
        triples += [
            (node, RDF.type, VB.Verdict),
            (node, VB.subject, literal(verdict.subject)),
            (node, VB.relation, literal(verdict.relation)),
            (node, VB.object, literal(verdict.object)),
            (node, VB.verdict, _VALUES[verdict.value]),
            (node, VB.by, literal(verdict.by)),
            (node, VB.at, literal(verdict.at)),
        ]
        for predicate, value in (
            (VB.reason, verdict.reason),
            (VB.note, verdict.note),
            (VB.subjectFile, verdict.subject_file),
            (VB.objectFile, verdict.object_file),
            (VB.quoteSeen, verdict.quote),
        ):
            if value:
                triples.append((node, predicate, literal(value)))
    for fact in curated.facts:
        node = iris.thing("fact", fact.id)
        triples += [
            (node, RDF.type, VB.Fact),
            (node, VB.sha256, literal(fact.file)),
            (node, VB.method, VB.Human),
            (node, VB.by, literal(fact.by)),
            (node, VB.at, literal(fact.at)),
        ]
        if fact.number:
            triples.append((node, VB.symbol, literal(fact.number)))
        if fact.date:
            triples.append((node, VB.dateEarliest, literal(fact.date)))
        if fact.owner:
            triples.append((node, VB.object, literal(fact.owner)))
    return triples


def read_curated(store: GraphStore, iris: Iris) -> Curated:
    """Everything people decided, out of the graph ``curated``."""
    nodes: dict[str, dict[str, Term]] = defaultdict(dict)
    for row in store.query("SELECT ?s ?p ?o { GRAPH $g { ?s ?p ?o } }", bindings={"g": iris.graph("curated")}):
        nodes[str(row["s"])][str(row["p"])] = row["o"]

    def text(node: dict[str, Term], predicate: Iri) -> str | None:
        value = node.get(str(predicate))
        return value.value if isinstance(value, Lit) else None

    def sure(node: dict[str, Term], predicate: Iri) -> str:
        return text(node, predicate) or ""

    verdicts, facts = [], []
    for iri, node in nodes.items():
        ident = iri.rsplit("/", 1)[1]
        if node.get(str(RDF.type)) == VB.Verdict:
            verdicts.append(
                Verdict(
                    id=ident,
                    subject=sure(node, VB.subject),
                    relation=sure(node, VB.relation),
                    object=sure(node, VB.object),
                    value=_NAMES[Iri(str(node[str(VB.verdict)]))],
                    by=sure(node, VB.by),
                    at=dt.datetime.fromisoformat(sure(node, VB.at)),
                    reason=text(node, VB.reason),
                    note=text(node, VB.note),
                    subject_file=text(node, VB.subjectFile),
                    object_file=text(node, VB.objectFile),
                    quote=text(node, VB.quoteSeen),
                )
            )
        elif node.get(str(RDF.type)) == VB.Fact:
            day = text(node, VB.dateEarliest)
            facts.append(
                Fact(
                    id=ident,
                    file=sure(node, VB.sha256),
                    by=sure(node, VB.by),
                    at=dt.datetime.fromisoformat(sure(node, VB.at)),
                    number=text(node, VB.symbol),
                    date=dt.date.fromisoformat(day) if day else None,
                    owner=text(node, VB.object),
                )
            )
    return Curated(verdicts, facts)

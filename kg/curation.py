"""The curated graph: verdicts and human facts as triples, and back. Ends are named by base-free keys.

Reading back what was written gives equal records, whatever the base: that is what lets ``kg rebase`` and a restored
backup keep every decision.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections import defaultdict
from collections.abc import Iterator

from kg.iris import Iris
from kg.model import Span
from kg.review import Curated, Fact, Verdict, VerdictValue, Visibility
from kg.store import GraphStore
from kg.terms import Iri, Lit, Term, Triple, literal
from kg.vocab import DCT, OA, RDF, VB
from kg.works import Quote

__all__ = ["curated_triples", "new_id", "read_curated"]

_VALUES: dict[VerdictValue, Iri] = {
    "accepted": VB.Accepted,
    "rejected": VB.Rejected,
    "unsure": VB.Unsure,
    "withdrawn": VB.Withdrawn,
}
_NAMES = {iri: value for value, iri in _VALUES.items()}
_VISIBILITY: dict[Visibility, Iri] = {"public": VB.Public, "internal": VB.Internal}
_VISIBILITY_NAMES = {iri: value for value, iri in _VISIBILITY.items()}


def new_id() -> str:
    """A new id for a verdict or a fact; decisions are events, so theirs are random, not derived."""
    return secrets.token_hex(8)


def curated_triples(curated: Curated, iris: Iris) -> list[Triple]:
    """Everything people decided, for the graph ``curated``."""
    triples: list[Triple] = []
    for verdict in curated.verdicts:
        triples.extend(_verdict(verdict, iris))
    for fact in curated.facts:
        triples.extend(_fact(fact, iris))
    return triples


def _verdict(verdict: Verdict, iris: Iris) -> Iterator[Triple]:
    node = iris.thing("review", verdict.id)
    yield node, RDF.type, VB.Verdict
    yield node, VB.subject, literal(verdict.subject)
    yield node, VB.relation, literal(verdict.relation)
    yield node, VB.object, literal(verdict.object)
    yield node, VB.verdict, _VALUES[verdict.value]
    yield node, VB.by, literal(verdict.by)
    yield node, VB.at, literal(verdict.at)
    for predicate, value in (
        (VB.reason, verdict.reason),
        (VB.note, verdict.note),
        (VB.subjectFile, verdict.subject_file),
        (VB.objectFile, verdict.object_file),
        (VB.tellerFile, verdict.teller_file),
        (VB.objectNumber, verdict.object_number),
        (VB.undoes, verdict.undoes),
        (VB.act, verdict.act),
        (VB.quoteSeen, verdict.quote),
    ):
        if value is not None:
            yield node, predicate, literal(value)
    if verdict.by_hand:
        yield node, VB.method, VB.Human
    if verdict.parser is not None:
        yield node, VB.parserVersion, literal(verdict.parser)
    if verdict.evidence is not None:
        yield from _evidence(node, verdict.evidence, iris)


def _evidence(node: Iri, quote: Quote, iris: Iris) -> Iterator[Triple]:
    yield node, VB.textSeen, literal(quote.text_sha256)
    yield node, OA.exact, literal(quote.text)
    yield node, OA.start, literal(quote.span.start)
    yield node, OA.end, literal(quote.span.end)
    yield node, VB.mentionStart, literal(quote.mention.start)
    yield node, VB.mentionEnd, literal(quote.mention.end)
    yield node, VB.page, literal(quote.page)
    yield node, VB.place, iris.thing("place", quote.place)
    yield node, VB.confidence, literal(quote.confidence)
    if quote.cue is not None:
        yield node, VB.cue, literal(quote.cue)
    if quote.part is not None:
        yield node, VB.part, literal(quote.part)


def _fact(fact: Fact, iris: Iris) -> Iterator[Triple]:
    node = iris.thing("fact", fact.id)
    yield node, RDF.type, VB.Fact
    yield node, VB.method, VB.Human
    yield node, VB.by, literal(fact.by)
    yield node, VB.at, literal(fact.at)
    for predicate, value in (
        (VB.sha256, fact.file),
        (VB.symbol, fact.number),
        (VB.dateEarliest, fact.date),
        (VB.object, fact.owner),
        (VB.kind, fact.kind),
        (DCT.title, fact.title),
        (VB.note, fact.note),
        (VB.subject, fact.work),
        (VB.subjectFile, fact.work_file),
        (VB.due, fact.sending_deadline),
        (VB.answeredOutside, fact.outside),
    ):
        if value is not None:
            yield node, predicate, literal(value)
    if fact.visibility is not None:
        yield node, VB.visibility, _VISIBILITY[fact.visibility]


class _Node:
    """The values of one node, each predicate at most once."""

    def __init__(self, values: dict[str, Term]) -> None:
        self._values = values

    def text(self, predicate: Iri) -> str | None:
        value = self._values.get(str(predicate))
        return value.value if isinstance(value, Lit) else None

    def sure(self, predicate: Iri) -> str:
        return self.text(predicate) or ""

    def number(self, predicate: Iri) -> int:
        return int(self.text(predicate) or 0)

    def iri(self, predicate: Iri) -> Iri | None:
        value = self._values.get(str(predicate))
        return value if isinstance(value, Iri) else None


def read_curated(store: GraphStore, iris: Iris) -> Curated:
    """Everything people decided, out of the graph ``curated``."""
    nodes: dict[str, dict[str, Term]] = defaultdict(dict)
    for row in store.query("SELECT ?s ?p ?o { GRAPH $g { ?s ?p ?o } }", bindings={"g": iris.graph("curated")}):
        nodes[str(row["s"])][str(row["p"])] = row["o"]
    verdicts, facts = [], []
    for iri, values in nodes.items():
        node, ident = _Node(values), iri.rsplit("/", 1)[1]
        kind = node.iri(RDF.type)
        if kind == VB.Verdict:
            verdicts.append(_read_verdict(ident, node))
        elif kind == VB.Fact:
            facts.append(_read_fact(ident, node))
    return Curated(verdicts, facts)


def _read_verdict(ident: str, node: _Node) -> Verdict:
    parser = node.text(VB.parserVersion)
    return Verdict(
        id=ident,
        subject=node.sure(VB.subject),
        relation=node.sure(VB.relation),
        object=node.sure(VB.object),
        value=_NAMES[node.iri(VB.verdict) or VB.Unsure],
        by=node.sure(VB.by),
        at=dt.datetime.fromisoformat(node.sure(VB.at)),
        reason=node.text(VB.reason),
        note=node.text(VB.note),
        subject_file=node.text(VB.subjectFile),
        object_file=node.text(VB.objectFile),
        quote=node.text(VB.quoteSeen),
        evidence=_read_evidence(node),
        teller_file=node.text(VB.tellerFile),
        object_number=node.text(VB.objectNumber),
        by_hand=node.iri(VB.method) == VB.Human,
        undoes=node.text(VB.undoes),
        act=node.text(VB.act),
        parser=int(parser) if parser else None,
    )


def _read_evidence(node: _Node) -> Quote | None:
    snapshot = node.text(VB.textSeen)
    if snapshot is None:
        return None
    return Quote(
        text_sha256=snapshot,
        span=Span(node.number(OA.start), node.number(OA.end)),
        text=node.sure(OA.exact),
        mention=Span(node.number(VB.mentionStart), node.number(VB.mentionEnd)),
        page=node.number(VB.page),
        place=str(node.iri(VB.place) or "/body").rsplit("/", 1)[1],
        cue=node.text(VB.cue),
        confidence=float(node.sure(VB.confidence) or 0),
        part=node.text(VB.part),
    )


def _read_fact(ident: str, node: _Node) -> Fact:
    day = node.text(VB.dateEarliest)
    due = node.text(VB.due)
    visibility = node.iri(VB.visibility)
    return Fact(
        id=ident,
        file=node.text(VB.sha256),
        by=node.sure(VB.by),
        at=dt.datetime.fromisoformat(node.sure(VB.at)),
        number=node.text(VB.symbol),
        date=dt.date.fromisoformat(day) if day else None,
        owner=node.text(VB.object),
        kind=node.text(VB.kind),
        title=node.text(DCT.title),
        visibility=_VISIBILITY_NAMES[visibility] if visibility else None,
        note=node.text(VB.note),
        work=node.text(VB.subject),
        work_file=node.text(VB.subjectFile),
        sending_deadline=dt.date.fromisoformat(due) if due else None,
        outside=node.text(VB.answeredOutside),
    )

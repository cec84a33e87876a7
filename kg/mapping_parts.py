"""Parts of a document as triples: quotes, addressees, assignments, targets, deadlines, campaigns, anniversaries."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

from kg.iris import Iris
from kg.model import Document, Span
from kg.terms import Iri, Lit, Triple, literal
from kg.vocab import DCT, OA, PROV, RDF, VB
from kg.works import AnniversaryNode, CampaignNode, CampaignTie, Commemoration, Quote

__all__ = ["commemoration_triples", "part_triples", "quote_triples", "tie_triples"]

DUTIES = {
    "must_implement": "phai-thuc-hien",
    "cooperate": "phoi-hop",
    "reported_to": "de-bao-cao",
    "informed": "de-biet",
    "unenumerable": "nhom-khong-liet-ke",
}
ROLES = {"launches": VB.launches, "continues": VB.continues, "mentions": VB.mentions}


def quote_triples(evidence: Iri, quote: Quote, iris: Iris) -> Iterator[Triple]:
    """One evidence node: the sentence, where it stands, and the mention inside it (offsets in code points)."""
    quoted, place = Iri(f"{evidence}/quote"), Iri(f"{evidence}/position")
    yield evidence, RDF.type, OA.SpecificResource
    yield evidence, OA.hasSource, iris.text(quote.text_sha256)
    yield evidence, OA.hasSelector, quoted
    yield evidence, OA.hasSelector, place
    yield quoted, RDF.type, OA.TextQuoteSelector
    yield quoted, OA.exact, literal(quote.text)
    yield place, RDF.type, OA.TextPositionSelector
    yield place, OA.start, literal(quote.span.start)
    yield place, OA.end, literal(quote.span.end)
    yield evidence, VB.mentionStart, literal(quote.mention.start)
    yield evidence, VB.mentionEnd, literal(quote.mention.end)
    yield evidence, VB.page, literal(quote.page)
    if quote.cue:
        yield evidence, VB.cue, literal(quote.cue)
    if quote.part:
        yield evidence, VB.part, literal(quote.part)


def _part_id(key: str, kind: str, span: Span, words: str) -> str:
    """One sentence may assign to two bodies: what is said of whom is part of the id, not the place alone."""
    return hashlib.sha256(f"{key}|{kind}|{span.start}|{span.end}|{words}".encode()).hexdigest()[:16]


def part_triples(key: str, document: Document, iris: Iris) -> Iterator[Triple]:
    """Addressees, recipients, assignments, targets and deadlines of the held document of one work."""
    subject = iris.work(key)
    metadata = document.metadata

    def part(kind: str, klass: Iri, predicate: Iri, span: Span, words: str, *told: object) -> tuple[Iri, list[Triple]]:
        node = iris.thing("part", _part_id(key, kind, span, "|".join(map(str, told))))
        return node, [
            (subject, predicate, node),
            (node, RDF.type, klass),
            (node, VB.phrase, literal(words)),
            (node, OA.hasSource, iris.text(document.text.sha256)),
            (node, OA.start, literal(span.start)),
            (node, OA.end, literal(span.end)),
        ]

    for addressee in metadata.addressees:
        node, triples = part("addressee", VB.Addressing, VB.addresses, addressee.span, addressee.name)
        yield from triples
        yield node, VB.kind, literal("kinh-gui")
        yield node, VB.duty, iris.thing("duty", DUTIES[addressee.duty])
    for recipient in metadata.recipients:
        node, triples = part("recipient", VB.Addressing, VB.addresses, recipient.span, recipient.name)
        yield from triples
        yield node, VB.kind, literal("noi-nhan")
        yield node, VB.duty, iris.thing("duty", DUTIES[recipient.duty])
        if recipient.note:
            yield node, VB.note, literal(recipient.note)
    for assignment in document.assignments:
        node, triples = part(
            "assignment", VB.Assignment, VB.hasAssignment, assignment.span, assignment.surface,
            assignment.body, assignment.role,
        )  # fmt: skip
        yield from triples
        yield node, VB.assignedTo, literal(assignment.body)
        yield node, VB.role, literal(assignment.role)
        yield node, VB.requested, literal(assignment.requested)
        if assignment.by:
            yield node, VB.due, literal(assignment.by)
    for target in document.targets:
        node, triples = part(
            "target", VB.Target, VB.hasTarget, target.span, target.surface, target.indicator, target.value
        )
        yield from triples
        yield node, VB.indicator, literal(target.indicator)
        yield node, VB.value, literal(target.value)
        if target.comparator:
            yield node, VB.comparator, literal(target.comparator)
        if target.unit:
            yield node, VB.unit, literal(target.unit)
        if target.by:
            yield node, VB.due, literal(target.by)
    for deadline in document.deadlines:
        node, triples = part(
            "deadline", VB.Deadline, VB.hasDeadline, deadline.span, deadline.surface, deadline.kind, deadline.date
        )
        yield from triples
        yield node, VB.kind, literal(deadline.kind)
        yield node, VB.due, literal(deadline.date)


def tie_triples(tie: CampaignTie, node: CampaignNode, iris: Iris) -> Iterator[Triple]:
    """A document's tie to a campaign, and the campaign: each document tells of those it speaks of."""
    yield iris.work(tie.work), ROLES[tie.role], iris.thing("campaign", node.key)
    yield from _campaign(node, iris)
    yield from _tie_quotes(iris, tie.work, f"campaign/{node.key}", tie.quotes)


def commemoration_triples(told: Commemoration, node: AnniversaryNode, iris: Iris) -> Iterator[Triple]:
    """A document's tie to an anniversary, and the anniversary with its event."""
    yield iris.work(told.work), VB.commemorates, iris.thing("event", node.key)
    yield from _anniversary(node, iris)
    yield from _tie_quotes(iris, told.work, f"event/{node.key}", told.quotes)


def _campaign(node: CampaignNode, iris: Iris) -> Iterator[Triple]:
    subject = iris.thing("campaign", node.key)
    yield subject, RDF.type, VB.Campaign
    yield subject, DCT.title, Lit(node.name, lang="vi")
    if node.area:
        yield subject, VB.area, iris.thing("area", node.area)
    if node.until:
        yield subject, VB.endDate, literal(node.until)
    if node.launched_by:
        yield subject, VB.launchedBy, literal(node.launched_by)
    if node.instance_of:
        yield subject, VB.instanceOf, iris.thing("campaign", node.instance_of)


def _anniversary(node: AnniversaryNode, iris: Iris) -> Iterator[Triple]:
    subject, event = iris.thing("event", node.key), iris.thing("event", node.event_key)
    yield subject, RDF.type, VB.Anniversary
    yield subject, VB.anniversaryOf, event
    yield subject, VB.years, literal(node.years)
    if node.commemorated:
        yield subject, VB.commemorated, literal(node.commemorated)
    yield event, RDF.type, VB.Event
    yield event, DCT.title, Lit(node.event, lang="vi")
    if node.origin:
        yield event, VB.origin, literal(node.origin)


def _tie_quotes(iris: Iris, work: str, what: str, quotes: Iterable[Quote]) -> Iterator[Triple]:
    """Evidence for a campaign or an anniversary: what ties the document to it, quoted."""
    for quote in quotes:
        name = hashlib.sha256(f"{work}|{what}|{quote.mention.start}".encode()).hexdigest()[:16]
        evidence = iris.thing("ev", name)
        yield evidence, VB.about, iris.thing(*what.split("/", 1))
        yield evidence, PROV.wasDerivedFrom, iris.work(work)
        yield from quote_triples(evidence, quote, iris)

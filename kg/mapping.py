"""Resolution → graphs of triples (DESIGN section 4): a doc graph and an eff graph for each work.

The graphs are a pure function of the resolution and the base. No blank nodes; every id is a hash or a key, so the
same set of documents gives the same bytes.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from kg.identifiers import evidence_id, number_key, parse_number, slug
from kg.iris import Iris
from kg.kinds import kind_by_label
from kg.mapping_parts import commemoration_triples, part_triples, quote_triples, tie_triples
from kg.persons import person_key, person_name
from kg.terms import Graph, Iri, Lit, Triple, literal
from kg.vocab import DCT, ELI, LINK_PREDICATES, ORG, RDF, SCHEMA, VB
from kg.works import CampaignTie, Commemoration, IdentityCandidates, Link, Resolution, UnresolvedMention, Work

__all__ = ["graphs_of"]

STATUS = {
    "effective": VB.Effective,
    "below_threshold": VB.BelowThreshold,
    "rejected": VB.Rejected,
    "orphaned": VB.Orphaned,
}
METHODS = {"rule": VB.Rule, "human": VB.Human}
REASONS = {
    "no_period": "không ghi ngày hoặc năm",
    "no_issuer": "không ghi cơ quan ban hành",
    "several": "có nhiều văn bản phù hợp",
    "bare_number": "chỉ ghi số, thiếu ký hiệu",
    "no_antecedent": "không rõ văn bản được nhắc lại",
}


def graphs_of(
    resolution: Resolution,
    iris: Iris,
    *,
    visibility: Mapping[str, str] | None = None,
    beside: Mapping[Iri, Graph] | None = None,
) -> Mapping[Iri, Graph]:
    """All document and effective graphs by name, and those given in ``beside``.

    A graph is made when it is asked for and not kept: of a large collection they are many times what they are made of.
    ``visibility`` maps content hashes to "internal".
    """
    return _Graphs(resolution, iris, visibility or {}, beside or {})


_Told = UnresolvedMention | IdentityCandidates | CampaignTie | Commemoration


class _Graphs(Mapping[Iri, Graph]):
    """What each document tells is made into its two graphs when they are asked for."""

    def __init__(
        self, resolution: Resolution, iris: Iris, visibility: Mapping[str, str], beside: Mapping[Iri, Graph]
    ) -> None:
        self._works, self._persons = resolution.works, resolution.persons
        self._iris, self._visibility, self._beside = iris, visibility, beside
        self._campaigns = {node.key: node for node in resolution.campaigns}
        self._anniversaries = {node.key: node for node in resolution.anniversaries}
        self._resolution = resolution
        self._elsewhere: dict[str, set[str]] = defaultdict(set)
        """By teller the other works it tells links of."""
        self._tellers: set[str] = set()
        """Those whose links are effective, or orphaned: a person vouched for what extraction no longer finds."""
        for link in resolution.links:
            if link.status in ("effective", "orphaned"):
                self._tellers.add(link.told_by)
            if link.told_by != link.subject:
                self._elsewhere[link.told_by].add(link.subject)
        self._told: dict[str, list[_Told]] = defaultdict(list)
        for mention in resolution.unresolved:
            self._told[mention.told_by].append(mention)
        for candidates in resolution.open_identities:
            self._told[candidates.file_key].append(candidates)
        for tie in resolution.campaign_ties:
            self._told[tie.work].append(tie)
        for commemoration in resolution.commemorations:
            self._told[commemoration.work].append(commemoration)

    def __getitem__(self, name: Iri) -> Graph:
        if name in self._beside:
            return self._beside[name]
        kind, key = self._parts(name)
        if kind == "doc" and key in self._works:
            return _unique(self._document(key))
        if kind == "eff" and key in self._tellers:
            links = (link for link in self._links(key) if link.status in ("effective", "orphaned"))
            return _unique(triple for link in links for triple in _plain(link, self._iris))
        raise KeyError(name)

    def __contains__(self, name: object) -> bool:
        if name in self._beside:
            return True
        kind, key = self._parts(str(name))
        return (kind == "doc" and key in self._works) or (kind == "eff" and key in self._tellers)

    def __iter__(self) -> Iterator[Iri]:
        yield from self._beside
        for key in self._works:
            yield self._iris.doc_graph(key)
            if key in self._tellers:
                yield self._iris.eff_graph(key)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _parts(self, name: str) -> tuple[str, str]:
        """("doc", the work's key) of a document's graph."""
        kind, _, key = name.removeprefix(f"{self._iris.base}/graph/").partition("/")
        return kind, key

    def _links(self, key: str) -> list[Link]:
        """The links that a work tells."""
        subjects = (key, *self._elsewhere.get(key, ()))
        return [link for subject in subjects for link in self._resolution.links_of(subject) if link.told_by == key]

    def _document(self, key: str) -> Iterator[Triple]:
        work, iris = self._works[key], self._iris
        internal = any(self._visibility.get(file.sha256) == "internal" for file in work.files)
        yield from _work(work, iris, internal, self._persons)
        for link in self._links(key):
            yield from _link(link, iris)
        for told in self._told.get(key, ()):
            match told:
                case UnresolvedMention():
                    yield from _unresolved(told, iris)
                case IdentityCandidates():
                    yield from ((iris.work(key), VB.candidate, iris.work(other)) for other in told.candidates)
                    yield from ((iris.work(key), VB.rival, iris.work(other)) for other in told.rivals)
                case CampaignTie():
                    yield from tie_triples(told, self._campaigns[told.campaign], iris)
                case Commemoration():
                    yield from commemoration_triples(told, self._anniversaries[told.anniversary], iris)


def _unique(triples: Iterable[Triple]) -> list[Triple]:
    return list(dict.fromkeys(triples))


def _work(work: Work, iris: Iris, internal: bool, persons: Mapping[str, str]) -> Iterator[Triple]:
    subject = iris.work(work.key)
    yield subject, RDF.type, ELI.LegalResource
    yield subject, VB.visibility, VB.Internal if internal else VB.Public
    if not work.files:
        yield subject, RDF.type, VB.Stub
    number = parse_number(work.number) if work.number else None
    if work.number:
        yield subject, ELI.id_local, literal(work.number)
        yield subject, VB.numberKey, literal(number_key(work.number))
    if number and number.number:
        yield subject, ELI.number, literal(number.number)
    kind = kind_by_label(work.kind) if work.kind else None
    if kind:
        yield subject, ELI.type_document, iris.thing("kind", kind.slug)
    if work.title:
        yield subject, DCT.title, Lit(work.title, lang="vi")
    if work.owner:
        yield subject, ELI.passed_by, iris.thing("org", work.owner)
    if work.issuer:
        yield subject, VB.issuerName, literal(work.issuer)
    for name in work.votes:
        yield subject, VB.creditedTo, literal(name)
    if work.level:
        yield subject, VB.adminLevel, VB[work.level.capitalize()]
    if work.term:
        yield subject, VB.partyTerm, literal(work.term)
    if work.date:
        yield subject, ELI.date_document, literal(work.date)
    if work.date_earliest:
        yield subject, VB.dateEarliest, literal(work.date_earliest)
    if work.date_latest:
        yield subject, VB.dateLatest, literal(work.date_latest)
    for former in work.former_keys:
        yield iris.work(former), VB.sameWorkAs, subject
    if work.identity:
        method = {"stated": VB.Rule, "inferred": VB.Inferred, "human": VB.Human}[work.identity.method]
        yield subject, VB.identityMethod, method
        if work.identity.reason:
            yield subject, VB.identityReason, Lit(work.identity.reason, lang="vi")
        for sha in work.identity.inferred_from:
            yield subject, VB.inferredFrom, iris.file(sha)
    yield from _held(work, iris, persons)


def _held(work: Work, iris: Iris, persons: Mapping[str, str]) -> Iterator[Triple]:
    subject = iris.work(work.key)
    for rank, file in enumerate(work.files):
        node = iris.file(file.sha256)
        snapshot = iris.text(file.document.text.sha256)
        yield subject, VB.file, node
        yield node, RDF.type, ELI.Format
        yield node, VB.sha256, literal(file.sha256)
        yield node, VB.preferred, literal(rank == 0)
        yield node, ELI.media_type, literal(file.document.media_type)
        for name in file.names:
            yield node, VB.fileName, literal(name)
        for address, day in file.sources:
            yield node, DCT.source, Iri(address)
            if day:
                yield node, DCT.date, literal(dt.date.fromisoformat(day))
        yield node, VB.text, snapshot
        yield snapshot, RDF.type, VB.TextSnapshot
        yield snapshot, VB.sha256, literal(file.document.text.sha256)
    document = work.whole_document()
    if document is None:
        return
    metadata = document.metadata
    if metadata.symbol and not work.number:
        yield subject, VB.symbol, literal(metadata.symbol)
    if metadata.month:
        yield subject, VB.month, literal(metadata.month)
    if metadata.place:
        yield subject, VB.placeOfIssue, literal(metadata.place)
    for area in {metadata.province, metadata.district} - {None}:
        yield subject, ELI.jurisdiction, iris.thing("area", str(area))
    if metadata.drafting_unit:
        yield subject, VB.draftedBy, literal(metadata.drafting_unit)
    if metadata.signer:
        written = person_name(metadata.signer.name, work.owner)
        person = iris.thing("person", persons.get(written, person_key(metadata.signer.name, work.owner)))
        named = iris.person(metadata.signer.name, work.owner)
        if named != person and not person.startswith(f"{named}-"):  # merged by a verdict, not kept apart by one
            yield named, VB.samePersonAs, person
        yield subject, VB.signedBy, person
        yield person, RDF.type, VB.Person
        yield person, SCHEMA.name, literal(metadata.signer.name)
        if work.owner:
            yield person, ORG.memberOf, iris.thing("org", work.owner)
        for predicate, value in (
            (VB.signerPosition, metadata.signer.position),
            (VB.onBehalfOf, metadata.signer.on_behalf_of),
            (VB.actingFor, metadata.signer.acting_for),
            (VB.byOrder, metadata.signer.by_order),
        ):
            if value:
                yield subject, predicate, literal(value)
    yield from part_triples(work.key, document, iris)


def _link(link: Link, iris: Iris) -> Iterator[Triple]:
    node = iris.thing("link", link.id)
    yield node, RDF.type, VB.Link
    yield node, RDF.subject, iris.work(link.subject)
    yield node, RDF.predicate, LINK_PREDICATES[link.relation]
    yield node, RDF.object, iris.work(link.object)
    yield node, VB.relation, iris.thing("relation", link.relation.replace("_", "-"))
    yield node, VB.confidence, literal(link.confidence)
    yield node, VB.method, METHODS[link.method]
    if link.verdict:
        yield iris.thing("review", link.verdict), VB.about, node
    yield node, VB.status, STATUS[link.status]
    yield node, VB.place, iris.thing("place", link.place)
    if link.cue:
        yield node, VB.cue, literal(link.cue)
    if link.lookup:
        yield node, VB.foundByLookup, literal(True)
    for quote in link.quotes:
        evidence = iris.thing("ev", evidence_id(link.id, quote.text_sha256, quote.mention.start, quote.mention.end))
        yield node, VB.evidence, evidence
        yield from quote_triples(evidence, quote, iris)
        if link.status == "orphaned" or link.method == "human":  # the text may be of an earlier reading
            yield iris.text(quote.text_sha256), RDF.type, VB.TextSnapshot
            yield iris.text(quote.text_sha256), VB.sha256, literal(quote.text_sha256)


def _plain(link: Link, iris: Iris) -> Iterator[Triple]:
    ends = iris.work(link.subject), iris.work(link.object)
    yield ends[0], LINK_PREDICATES[link.relation], ends[1]
    if LINK_PREDICATES[link.relation] != ELI.cites:
        yield ends[0], ELI.cites, ends[1]


def _unresolved(mention: UnresolvedMention, iris: Iris) -> Iterator[Triple]:
    node = iris.thing("unresolved", mention.id)
    yield node, RDF.type, VB.Unresolved
    yield iris.work(mention.told_by), VB.hasUnresolved, node
    yield node, VB.reason, Lit(REASONS[mention.reason], lang="vi")
    if mention.number:
        yield node, ELI.id_local, literal(mention.number)
        yield node, VB.numberKey, literal(number_key(mention.number))
    if mention.kind:
        kind = kind_by_label(mention.kind)
        yield node, ELI.type_document, iris.thing("kind", kind.slug if kind else slug(mention.kind))
    for key in mention.candidates:
        yield node, VB.candidate, iris.work(key)
    evidence = iris.thing("ev", mention.id)
    yield node, VB.evidence, evidence
    yield from quote_triples(evidence, mention.quotes[0], iris)

"""All that the graph knows of one work, as values for a page: its facts, links both ways, what stays open, its parts.

A work's own graph is read whole in one question: cheaper and steadier than a join for each part. What other documents
tell of it (links that arrive) is asked for by the bound object.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from kg.iris import Iris
from kg.store import GraphStore, Row
from kg.terms import Iri, Lit, Term, term_text
from kg.vocab import DCT, ELI, OA, PROV, RDF, SCHEMA, VB

__all__ = ["Dossier", "HeldContent", "LinkRow", "OpenMention", "Part", "QuotedPlace", "Tie", "read_dossier"]


@dataclass(frozen=True, slots=True)
class QuotedPlace:
    """One evidence node: the sentence, where it stands in the canonical text, and the mention inside it."""

    id: str
    quote: str
    start: int
    end: int
    mention_start: int
    mention_end: int
    page: int
    part: str | None = None


@dataclass(frozen=True, slots=True)
class LinkRow:
    """One link with everything that speaks for it; ``subject`` and ``object`` are base-free keys."""

    id: str
    relation: str
    subject: str
    object: str
    confidence: float
    status: str
    """effective, below_threshold, rejected, orphaned."""
    method: str
    place: str
    cue: str | None = None
    lookup: bool = False
    quotes: tuple[QuotedPlace, ...] = ()

    @property
    def stands(self) -> bool:
        """Whether it counts in answers."""
        return self.status in ("effective", "orphaned")


@dataclass(frozen=True, slots=True)
class OpenMention:
    """A citation whose work could not be told: ``candidates`` are keys, ``reason`` is Vietnamese."""

    id: str
    number: str | None
    kind: str | None
    reason: str
    candidates: tuple[str, ...]
    quote: QuotedPlace | None


@dataclass(frozen=True, slots=True)
class Part:
    """An addressee, a recipient, an assignment, a target or a deadline; ``told`` holds its own fields as text."""

    id: str
    kind: str
    phrase: str
    start: int
    end: int
    told: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Tie:
    """A campaign that the document launches, continues or mentions, or an anniversary that it commemorates."""

    key: str
    role: str
    name: str
    told: Mapping[str, str] = field(default_factory=dict)
    quotes: tuple[QuotedPlace, ...] = ()


@dataclass(frozen=True, slots=True)
class HeldContent:
    """One content that is held under this work."""

    sha256: str
    names: tuple[str, ...]
    media_type: str
    text: str
    preferred: bool


@dataclass(frozen=True, slots=True)
class Dossier:
    """One work. ``facts`` are single values by the local name of their predicate ("signerPosition", "symbol")."""

    key: str
    facts: Mapping[str, str]
    credited: tuple[str, ...] = ()
    signer: str | None = None
    files: tuple[HeldContent, ...] = ()
    outgoing: tuple[LinkRow, ...] = ()
    incoming: tuple[LinkRow, ...] = ()
    open_mentions: tuple[OpenMention, ...] = ()
    candidates: tuple[str, ...] = ()
    rivals: tuple[str, ...] = ()
    inferred_from: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    campaigns: tuple[Tie, ...] = ()
    anniversaries: tuple[Tie, ...] = ()

    @property
    def held(self) -> bool:
        """Whether a text of it is here."""
        return bool(self.files)

    @property
    def file(self) -> HeldContent | None:
        """The preferred content."""
        return next((file for file in self.files if file.preferred), None)

    def of(self, kind: str) -> tuple[Part, ...]:
        """Its parts of one kind, in the order they stand in the text."""
        return tuple(part for part in self.parts if part.kind == kind)


_PARTS = {
    str(VB.hasAssignment): "assignment",
    str(VB.hasTarget): "target",
    str(VB.hasDeadline): "deadline",
}
_ROLES = {str(VB.launches): "launches", str(VB.continues): "continues", str(VB.mentions): "mentions"}
_STATUS = {
    str(VB.Effective): "effective",
    str(VB.BelowThreshold): "below_threshold",
    str(VB.Rejected): "rejected",
    str(VB.Orphaned): "orphaned",
}


class _Nodes:
    """Triples by subject and predicate."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._values: dict[str, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
        for row in rows:
            self._values[str(row["s"])][str(row["p"])].append(row["o"])

    def all(self, node: str, predicate: Iri) -> list[str]:
        return sorted({_text(value) for value in self._values.get(node, {}).get(str(predicate), ())})

    def one(self, node: str, predicate: Iri) -> str | None:
        found = self.all(node, predicate)
        return found[0] if found else None

    def literals(self, node: str) -> dict[str, str]:
        """Every literal of a node by the local name of its predicate."""
        return {
            _local(predicate): _text(values[0])
            for predicate, values in self._values.get(node, {}).items()
            if isinstance(values[0], Lit)
        }

    def of_type(self, kind: Iri) -> list[str]:
        return sorted(node for node, facts in self._values.items() if kind in facts.get(str(RDF.type), ()))

    def quote(self, evidence: str) -> QuotedPlace | None:
        """The quoted place behind an evidence node."""
        chosen = {selector: self._values.get(selector, {}) for selector in self.all(evidence, OA.hasSelector)}
        quoted = next((_text(facts[str(OA.exact)][0]) for facts in chosen.values() if str(OA.exact) in facts), None)
        place = next((facts for facts in chosen.values() if str(OA.start) in facts), None)
        if quoted is None or place is None:
            return None
        start, end = int(_text(place[str(OA.start)][0])), int(_text(place[str(OA.end)][0]))
        return QuotedPlace(
            _local(evidence),
            quoted,
            start,
            end,
            int(self.one(evidence, VB.mentionStart) or start),
            int(self.one(evidence, VB.mentionEnd) or end),
            int(self.one(evidence, VB.page) or 1),
            self.one(evidence, VB.part),
        )

    def quotes(self, node: str) -> tuple[QuotedPlace, ...]:
        found = [quote for name in self.all(node, VB.evidence) if (quote := self.quote(name))]
        return tuple(sorted(found, key=lambda quote: (quote.mention_start, quote.mention_end)))


def read_dossier(store: GraphStore, iris: Iris, key: str) -> Dossier:
    """Everything of the work ``key``; of a key that is no work, a dossier without facts."""
    subject = str(iris.work(key))
    told = _Nodes(
        store.query("SELECT ?s ?p ?o { GRAPH $g { ?s ?p ?o } }", bindings={"g": iris.doc_graph(key)})
    )  # fmt: skip
    return Dossier(
        key=key,
        facts=_facts(told, subject),
        credited=tuple(told.all(subject, VB.creditedTo)),
        signer=told.one(told.one(subject, VB.signedBy) or "", SCHEMA.name),
        files=_files(told, subject),
        outgoing=_told_links(told, iris),
        incoming=_arriving(store, iris, key),
        open_mentions=_open(told, iris, subject),
        candidates=_keys(told.all(subject, VB.candidate), iris),
        rivals=_keys(told.all(subject, VB.rival), iris),
        inferred_from=tuple(map(_local, told.all(subject, VB.inferredFrom))),
        parts=_parts(told, subject),
        campaigns=_campaigns(told, subject, iris),
        anniversaries=_anniversaries(told, subject, iris),
    )


def _facts(told: _Nodes, subject: str) -> dict[str, str]:
    facts = told.literals(subject)
    for name in (ELI.type_document, ELI.passed_by, VB.adminLevel, VB.identityMethod, VB.visibility):
        value = told.one(subject, name)
        if value:
            facts[_local(name)] = _local(value)
    return facts


def _files(told: _Nodes, subject: str) -> tuple[HeldContent, ...]:
    files = [
        HeldContent(
            sha256=told.one(node, VB.sha256) or "",
            names=tuple(told.all(node, VB.fileName)),
            media_type=told.one(node, ELI.media_type) or "",
            text=told.one(told.one(node, VB.text) or "", VB.sha256) or "",
            preferred=told.one(node, VB.preferred) == "true",
        )
        for node in told.all(subject, VB.file)
    ]
    return tuple(sorted(files, key=lambda file: (not file.preferred, file.sha256)))


def _told_links(told: _Nodes, iris: Iris) -> tuple[LinkRow, ...]:
    rows = []
    for node in told.of_type(VB.Link):
        ends = [iris.key_of(told.one(node, end) or "") for end in (RDF.subject, RDF.object)]
        if ends[0] and ends[1]:
            rows.append(
                LinkRow(
                    id=_local(node),
                    relation=_relation(told.one(node, VB.relation)),
                    subject=ends[0],
                    object=ends[1],
                    confidence=float(told.one(node, VB.confidence) or 0),
                    status=_STATUS.get(told.one(node, VB.status) or "", "effective"),
                    method=_local(told.one(node, VB.method) or "Rule").lower(),
                    place=_local(told.one(node, VB.place) or "body"),
                    cue=told.one(node, VB.cue),
                    lookup=told.one(node, VB.foundByLookup) == "true",
                    quotes=told.quotes(node),
                )
            )
    return tuple(sorted(rows, key=lambda row: (row.quotes[0].mention_start if row.quotes else 1 << 60, row.id)))


def _arriving(store: GraphStore, iris: Iris, key: str) -> tuple[LinkRow, ...]:
    """Links that point at the work, each with its quotes."""
    head = store.query(
        "SELECT DISTINCT ?l ?s ?r ?c ?st ?m ?pl { ?l rdf:object $w ; rdf:subject ?s ; vb:relation ?r ;"
        " vb:confidence ?c ; vb:status ?st ; vb:method ?m ; vb:place ?pl }",
        bindings={"w": iris.work(key)},
    )
    found = {str(row["l"]): row for row in head}
    quotes: dict[str, dict[str, QuotedPlace]] = defaultdict(dict)
    names = sorted(found)
    for at in range(0, len(names), 500):
        values = " ".join(term_text(Iri(name)) for name in names[at : at + 500])
        for row in store.query(
            f"SELECT DISTINCT ?l ?e ?q ?s ?t ?ms ?me ?p {{ VALUES ?l {{ {values} }} ?l vb:evidence ?e . ?e vb:page ?p ;"
            " vb:mentionStart ?ms ; vb:mentionEnd ?me ; oa:hasSelector ?a, ?b . ?a oa:exact ?q ."
            " ?b oa:start ?s ; oa:end ?t }"
        ):
            start, end, begins, stops, page = (int(_text(row[name])) for name in ("s", "t", "ms", "me", "p"))
            evidence = _local(str(row["e"]))
            quotes[str(row["l"])][evidence] = QuotedPlace(evidence, _text(row["q"]), start, end, begins, stops, page)
    rows = []
    for name, row in found.items():
        citing = iris.key_of(str(row["s"]))
        if citing:
            rows.append(
                LinkRow(
                    id=_local(name),
                    relation=_relation(str(row["r"])),
                    subject=citing,
                    object=key,
                    confidence=float(_text(row["c"])),
                    status=_STATUS.get(str(row["st"]), "effective"),
                    method=_local(str(row["m"])).lower(),
                    place=_local(str(row["pl"])),
                    quotes=tuple(sorted(quotes[name].values(), key=lambda quote: quote.mention_start)),
                )
            )
    return tuple(sorted(rows, key=lambda row: (row.subject, row.relation, row.id)))


def _open(told: _Nodes, iris: Iris, subject: str) -> tuple[OpenMention, ...]:
    rows = []
    for node in told.all(subject, VB.hasUnresolved):
        quotes = told.quotes(node)
        kind = told.one(node, ELI.type_document)
        rows.append(
            OpenMention(
                id=_local(node),
                number=told.one(node, ELI.id_local),
                kind=_local(kind) if kind else None,
                reason=told.one(node, VB.reason) or "",
                candidates=_keys(told.all(node, VB.candidate), iris),
                quote=quotes[0] if quotes else None,
            )
        )
    return tuple(sorted(rows, key=lambda row: (row.quote.mention_start if row.quote else 0, row.id)))


def _parts(told: _Nodes, subject: str) -> tuple[Part, ...]:
    rows = []
    for predicate in (VB.hasAssignment, VB.hasTarget, VB.hasDeadline, VB.addresses):
        for node in told.all(subject, predicate):
            facts = told.literals(node)
            kind = _PARTS.get(predicate) or ("recipient" if facts.get("kind") == "noi-nhan" else "addressee")
            duty = told.one(node, VB.duty)
            if duty:
                facts["duty"] = _local(duty)
            phrase, start, end = facts.pop("phrase", ""), facts.pop("start", "0"), facts.pop("end", "0")
            rows.append(Part(_local(node), kind, phrase, int(start), int(end), facts))
    return tuple(sorted(rows, key=lambda row: (row.start, row.end, row.kind, row.id)))


def _campaigns(told: _Nodes, subject: str, iris: Iris) -> tuple[Tie, ...]:
    quotes = _about(told)
    prefix = iris.thing("campaign", "")
    rows = []
    for predicate, role in _ROLES.items():
        for node in told.all(subject, Iri(predicate)):
            if node.startswith(prefix):  # vb:mentions also ties documents
                rows.append(
                    Tie(
                        node.removeprefix(prefix),
                        role,
                        told.one(node, DCT.title) or "",
                        told.literals(node),
                        quotes[node],
                    )
                )
    return tuple(rows)


def _anniversaries(told: _Nodes, subject: str, iris: Iris) -> tuple[Tie, ...]:
    quotes = _about(told)
    rows = []
    for node in told.all(subject, VB.commemorates):
        event = told.one(node, VB.anniversaryOf) or ""
        facts = told.literals(event) | told.literals(node)
        key = node.removeprefix(iris.thing("event", ""))
        rows.append(Tie(key, "commemorates", told.one(event, DCT.title) or "", facts, quotes[node]))
    return tuple(sorted(rows, key=lambda row: (row.told.get("commemorated", "9"), row.key)))


def _about(told: _Nodes) -> dict[str, tuple[QuotedPlace, ...]]:
    """Quotes of campaigns and anniversaries by what they are about."""
    found: dict[str, list[QuotedPlace]] = defaultdict(list)
    for node in told.of_type(OA.SpecificResource):
        about = told.one(node, VB.about)
        quote = told.quote(node) if about and told.one(node, PROV.wasDerivedFrom) else None
        if about and quote:
            found[about].append(quote)
    return defaultdict(
        tuple, {about: tuple(sorted(quotes, key=lambda quote: quote.start)) for about, quotes in found.items()}
    )


def _keys(nodes: Iterable[str], iris: Iris) -> tuple[str, ...]:
    return tuple(key for node in nodes if (key := iris.key_of(node)))


def _relation(iri: str | None) -> str:
    return _local(iri or "mentions").replace("-", "_")


def _local(iri: str) -> str:
    return iri.rsplit("#", 1)[-1].rsplit("/", 1)[-1]


def _text(term: Term) -> str:
    return term.value if isinstance(term, Lit) else str(term)

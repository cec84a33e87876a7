"""What waits for a reviewer, read off the graph: uncertain links by impact, identities, inferences, signers, and old
verdicts whose ground has moved (orphaned, changed evidence, no longer applicable)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from kg.curation import read_curated
from kg.identifiers import file_key, link_id
from kg.inferred import PREDICATES, inferences_of
from kg.iris import Iris
from kg.model import Span
from kg.persons import PersonPair, person_pairs
from kg.review import IDENTITY, SAME_PERSON, Curated
from kg.store import GraphStore, Row
from kg.terms import Lit
from kg.vocab import VB
from kg.works import Quote

__all__ = ["JudgedLink", "Waiting", "WaitingKind", "judged_link", "person_pairs_of", "waiting"]

WaitingKind = Literal["link", "identity", "inference", "person", "orphaned", "changed", "idle"]

SURE = 0.9
"""From this confidence on a link is not proposed for review by itself."""
FARTHEST = 2_000
"""Works after which the reach of a link is no longer counted: it comes first anyway."""


@dataclass(frozen=True, slots=True)
class JudgedLink:
    """One link as the graph holds it, with what a verdict must remember of it."""

    id: str
    subject: str
    relation: str
    object: str
    subject_file: str | None
    object_file: str | None
    teller_file: str | None
    object_number: str | None
    quotes: tuple[Quote, ...]
    by_hand: bool
    status: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing to decide. ``id`` is what ``kg review accept`` takes; ``priority`` orders, ``impact`` says why.

    ``subject`` and ``object`` are work keys, or signers as written.
    """

    id: str
    kind: WaitingKind
    subject: str
    relation: str
    object: str
    priority: float
    impact: int
    confidence: float | None = None
    quote: str | None = None
    quote_seen: str | None = None
    verdict: str | None = None
    reason: str | None = None
    """Why an inference was made: no sentence says it."""


def _text(row: Row, name: str) -> str:
    value = row.get(name)
    return value.value if isinstance(value, Lit) else str(value or "")


def _relation(iri: str) -> str:
    return iri.rsplit("/", 1)[1].replace("-", "_")


def judged_link(store: GraphStore, iris: Iris, ident: str) -> JudgedLink | None:
    """The link with this id; None when the graph has none."""
    node = iris.thing("link", ident)
    rows = store.query(
        "SELECT DISTINCT ?g ?s ?o ?r ?m ?st ?c WHERE { GRAPH ?g { $l rdf:subject ?s ; rdf:object ?o ; vb:relation ?r ;"
        " vb:method ?m ; vb:status ?st ; vb:confidence ?c } } ORDER BY ?g",
        bindings={"l": node},
    )
    if not rows:
        return None
    row = rows[0]
    subject, target = iris.key_of(str(row["s"])), iris.key_of(str(row["o"]))
    teller = str(row["g"]).removeprefix(str(iris.doc_graph("")))
    assert subject and target
    number = store.query("SELECT DISTINCT ?n { $w eli:id_local ?n }", bindings={"w": iris.work(target)})
    return JudgedLink(
        id=ident,
        subject=subject,
        relation=_relation(str(row["r"])),
        object=target,
        subject_file=_preferred(store, iris, subject),
        object_file=_preferred(store, iris, target),
        teller_file=_preferred(store, iris, teller),
        object_number=_text(number[0], "n") if number else None,
        quotes=_quotes(store, iris, ident, float(_text(row, "c"))),
        by_hand=row["m"] == VB.Human,
        status=str(row["st"]).rsplit("#", 1)[1],
    )


def _preferred(store: GraphStore, iris: Iris, key: str) -> str | None:
    rows = store.query(
        "SELECT DISTINCT ?h { $w vb:file ?f . ?f vb:preferred true ; vb:sha256 ?h } ORDER BY ?h",
        bindings={"w": iris.work(key)},
    )
    return _text(rows[0], "h") if rows else None


def _quotes(store: GraphStore, iris: Iris, ident: str, confidence: float) -> tuple[Quote, ...]:
    rows = store.query(
        "SELECT DISTINCT ?x ?s ?e ?ms ?me ?page ?cue ?part ?sha ?place {"
        " $l vb:evidence ?ev ; vb:place ?place . ?ev oa:hasSource/vb:sha256 ?sha ; vb:page ?page ;"
        " vb:mentionStart ?ms ; vb:mentionEnd ?me ; oa:hasSelector ?a, ?b . ?a oa:exact ?x . ?b oa:start ?s ; oa:end ?e"
        " OPTIONAL { ?ev vb:cue ?cue } OPTIONAL { ?ev vb:part ?part } }",
        bindings={"l": iris.thing("link", ident)},
    )
    quotes = [
        Quote(
            text_sha256=_text(row, "sha"),
            span=Span(int(_text(row, "s")), int(_text(row, "e"))),
            text=_text(row, "x"),
            mention=Span(int(_text(row, "ms")), int(_text(row, "me"))),
            page=int(_text(row, "page")),
            place=_text(row, "place").rsplit("/", 1)[1],
            cue=_text(row, "cue") or None,
            confidence=confidence,
            part=_text(row, "part") or None,
        )
        for row in rows
    ]
    return tuple(sorted(quotes, key=lambda quote: (quote.mention.start, quote.mention.end)))


def person_pairs_of(store: GraphStore) -> list[PersonPair]:
    """Every pair of signers of one body that may be one person, judged or not."""
    rows = store.query(
        "SELECT DISTINCT ?n ?b { ?w vb:signedBy ?p ; eli:passed_by ?b . ?p schema:name ?n } ORDER BY ?b ?n"
    )
    return person_pairs((_text(row, "n"), str(row["b"]).rsplit("/", 1)[1]) for row in rows)


def waiting(store: GraphStore, iris: Iris, kinds: Iterable[WaitingKind] = ()) -> list[Waiting]:
    """All that waits, most important first; only of these kinds, if any are named."""
    wanted = set(kinds)
    curated = read_curated(store, iris)
    found: list[Waiting] = []
    if not wanted or wanted & {"link", "orphaned", "changed", "idle"}:
        found += _links(store, iris, curated)
    if not wanted or "identity" in wanted:
        found += _identities(store, iris, curated)
    if not wanted or "inference" in wanted:
        found += _inferences(store, iris, curated)
    if not wanted or "person" in wanted:
        found += _persons(store, curated)
    found = [item for item in found if not wanted or item.kind in wanted]
    return sorted(found, key=lambda item: (-item.priority, item.kind, item.id))


def _links(store: GraphStore, iris: Iris, curated: Curated) -> list[Waiting]:
    rows = store.query(
        "SELECT DISTINCT ?l ?s ?o ?r ?c ?st { ?l a vb:Link ; rdf:subject ?s ; rdf:object ?o ; vb:relation ?r ;"
        " vb:confidence ?c ; vb:status ?st }"
    )
    judged = {
        str(row["l"]): str(row["v"]).rsplit("/", 1)[1]
        for row in store.query("SELECT DISTINCT ?l ?v { ?v vb:about ?l . ?l a vb:Link }")
    }
    reach = _Reach(
        (str(row["s"]), str(row["o"]))
        for row in rows
        if _relation(str(row["r"])) in ("implements", "follows") and row["st"] in (VB.Effective, VB.Orphaned)
    )
    verdicts = {verdict.id: verdict for verdict in curated.live}
    quotes = _exact_quotes(store, [*judged, *(str(r["l"]) for r in rows if float(_text(r, "c")) < SURE)])
    found = []
    for row in rows:
        iri = str(row["l"])
        confidence, relation = float(_text(row, "c")), _relation(str(row["r"]))
        seen = sorted(quotes.get(iri, ()))
        verdict = verdicts.get(judged.get(iri, ""))
        kind: WaitingKind
        if row["st"] == VB.Orphaned:
            kind = "orphaned"
        elif verdict is not None:
            if verdict.by_hand or verdict.quote is None or not seen or verdict.quote in seen:
                continue
            kind = "changed"
        elif confidence < SURE:
            kind = "link"
        else:
            continue
        impact = reach.through(str(row["s"]), str(row["o"])) if relation in ("implements", "follows") else 1
        doubt = 1 - confidence if kind == "link" else 0.5
        found.append(
            Waiting(
                id=iri.rsplit("/", 1)[1],
                kind=kind,
                subject=iris.key_of(str(row["s"])) or "",
                relation=relation,
                object=iris.key_of(str(row["o"])) or "",
                priority=round(doubt * impact, 4),
                impact=impact,
                confidence=confidence,
                quote=seen[0] if seen else None,
                quote_seen=verdict.quote if verdict else None,
                verdict=verdict.id if verdict else None,
            )
        )
    return found + _idle(curated, set(judged.values()))


def _idle(curated: Curated, applied: set[str]) -> list[Waiting]:
    """Accepted links that apply to nothing now: the document that told of them is no longer held."""
    newest = {}
    for verdict in curated.live:
        if verdict.relation not in (IDENTITY, SAME_PERSON, *PREDICATES):
            newest[verdict.subject_file or verdict.subject, verdict.relation, verdict.object] = verdict
    return [
        Waiting(
            id=link_id(verdict.subject, verdict.relation, verdict.object), kind="idle", subject=verdict.subject,
            relation=verdict.relation, object=verdict.object, priority=0.0, impact=0, quote_seen=verdict.quote,
            verdict=verdict.id,
        )
        for verdict in newest.values()
        if verdict.value == "accepted" and verdict.id not in applied
    ]  # fmt: skip


def _exact_quotes(store: GraphStore, links: Iterable[str]) -> Mapping[str, set[str]]:
    quotes: dict[str, set[str]] = defaultdict(set)
    wanted = sorted(set(links))
    for start in range(0, len(wanted), 500):
        values = " ".join(f"<{iri}>" for iri in wanted[start : start + 500])
        for row in store.query(
            f"SELECT DISTINCT ?l ?q {{ VALUES ?l {{ {values} }} ?l vb:evidence ?e . ?e oa:hasSelector/oa:exact ?q }}"
        ):
            quotes[str(row["l"])].add(_text(row, "q"))
    return quotes


class _Reach:
    """How many answers hang on a link: documents that come to it, times works they reach through it."""

    def __init__(self, edges: Iterable[tuple[str, str]]) -> None:
        self._down: dict[str, set[str]] = defaultdict(set)
        self._up: dict[str, set[str]] = defaultdict(set)
        for subject, target in edges:
            self._up[subject].add(target)
            self._down[target].add(subject)
        self._sizes: dict[tuple[bool, str], int] = {}

    def through(self, subject: str, target: str) -> int:
        return self._size(self._down, False, subject) * self._size(self._up, True, target)

    def _size(self, steps: Mapping[str, set[str]], up: bool, start: str) -> int:
        known = self._sizes.get((up, start))
        if known is None:
            seen, edge = {start}, {start}
            while edge and len(seen) < FARTHEST:
                edge = {one for node in edge for one in steps.get(node, ())} - seen
                seen |= edge
            known = self._sizes[up, start] = len(seen)
        return known


def _identities(store: GraphStore, iris: Iris, curated: Curated) -> list[Waiting]:
    """Files with several fitting works, and inferred identities that nobody confirmed."""
    rows = store.query(
        "SELECT DISTINCT ?w ?h ?c { { ?w vb:candidate ?c ; a eli:LegalResource } UNION"
        " { ?w vb:identityMethod vb:Inferred BIND(?w AS ?c) } ?w vb:file ?f . ?f vb:sha256 ?h }"
    )
    cited = {
        str(row["o"]): int(_text(row, "n"))
        for row in store.query("SELECT ?o (COUNT(DISTINCT ?l) AS ?n) { ?l a vb:Link ; rdf:object ?o } GROUP BY ?o")
    }
    found = []
    for row in rows:
        sha, key = _text(row, "h"), iris.key_of(str(row["c"])) or ""
        if key in curated.identities_of(sha):
            continue
        inferred = row["w"] == row["c"]
        impact = 1 + cited.get(str(row["c"]), 0)
        found.append(
            Waiting(
                id=f"{sha[:16]}={key}", kind="identity", subject=file_key(sha), relation=IDENTITY, object=key,
                priority=impact * (0.2 if inferred else 0.5), impact=impact,
            )
        )  # fmt: skip
    return found


def _inferences(store: GraphStore, iris: Iris, curated: Curated) -> list[Waiting]:
    """Likely parents and reuse of text on which nobody decided; they count in no answer, so they come late."""
    decided = {(said.subject, said.relation, said.object) for said in curated.live if said.relation in PREDICATES}
    return [
        Waiting(id=edge.id, kind="inference", subject=edge.subject, relation=edge.relation, object=edge.object,
                priority=round((1 - edge.confidence) / 4, 4) if edge.relation == "inferred_parent" else 0.02,
                impact=1, confidence=edge.confidence, reason=edge.reason)
        for edge in inferences_of(store, iris)
        if not edge.accepted and (edge.subject, edge.relation, edge.object) not in decided
    ]  # fmt: skip


def _persons(store: GraphStore, curated: Curated) -> list[Waiting]:
    decided = curated.persons()
    return [
        Waiting(id=pair.id, kind="person", subject=pair.one, relation=SAME_PERSON, object=pair.other,
                priority=0.1 if pair.together else 0.3, impact=1)
        for pair in person_pairs_of(store)
        if (pair.one, pair.other) not in decided
    ]  # fmt: skip

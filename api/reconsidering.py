"""A verdict on a link or an inference, brought into the graph by changing only what it is about.

Resolution over everything gives the same graph (a test compares the two, byte by byte) but takes seconds for a thousand
documents, and a reviewer decides a hundred times an hour. Whatever may have farther consequences is not done here:
identities, links made by hand, links that are no longer found, a rejected link in whose place a parent may be inferred.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from api.settings import Settings
from ingest.folders import Folders
from ingest.held import load_document
from ingest.linking import status_of
from kg.catalog import Catalog
from kg.curation import curated_triples
from kg.identifiers import link_id
from kg.inferred import PREDICATES, inferences_of, may_be_parent
from kg.iris import Iris
from kg.mapping import STATUS
from kg.review import IDENTITY, SAME_PERSON, Curated, Standing, Verdict
from kg.snapshots import WriteSession
from kg.store import OxigraphStore
from kg.terms import Iri, Lit, Triple, term_text
from kg.visibility import has_internal
from kg.vocab import ELI, VB
from kg.works import HeldFile, Work
from search.build import clear, digests, update
from search.documents import IndexedDocument, document_of
from search.encoders import load_encoder

__all__ = ["reconsider"]


@dataclass(frozen=True, slots=True)
class _Stated:
    """A link that a document states, as the graph has it."""

    node: Iri
    subject: str
    relation: str
    object: str
    told_by: str
    confidence: float
    status: Iri


class _Wider(Exception):
    """What was decided may change more than the thing it is about."""


def reconsider(session: WriteSession, iris: Iris, before: Curated, after: Curated, fresh: Sequence[Verdict]) -> bool:
    """Brings the graph from ``before`` to ``after``, which adds ``fresh``; False, and nothing done, where it cannot.

    The state that was opened must stand for what the workspace holds (``api.standing``).
    """
    desk = _Desk(session, iris, after)
    try:
        inferred, stated = desk.concerned(before, fresh)
        changes = [desk.change(link) for link in stated]
        found_anew = desk.to_index({link.subject for link, _, now in changes if _flips(link.status, now)})
    except _Wider:
        return False
    for edge in inferred:
        desk.settle(edge)
    for change in changes:
        desk.write(*change)
    session.store.put_graph(iris.graph("curated"), curated_triples(after, iris))
    if found_anew:
        desk.index(found_anew)
    return True


def _flips(before: Iri, now: Iri) -> bool:
    """Whether a link begins or ceases to be rejected: search is told then, and a parent may be inferred instead."""
    return (before == VB.Rejected) != (now == VB.Rejected)


class _Desk:
    def __init__(self, session: WriteSession, iris: Iris, after: Curated) -> None:
        self.session, self.iris, self.after = session, iris, after
        self.store: OxigraphStore = session.store
        self.settings = Settings()
        self._standing: Standing | None = None

    def concerned(self, before: Curated, fresh: Sequence[Verdict]) -> tuple[list[Verdict], list[_Stated]]:
        """Inferences and links that the new records are about."""
        inferred: list[Verdict] = []
        links: dict[str, _Stated] = {}
        for said in fresh:
            old = next((one for one in before.verdicts if one.id == said.undoes), None)
            about = old if said.value == "withdrawn" else said
            if about is None or about.by_hand or about.act or about.relation in (IDENTITY, SAME_PERSON):
                raise _Wider
            if about.relation in PREDICATES:
                if said.value == "withdrawn" and about.value == "rejected":
                    raise _Wider  # the edge is gone and has to be worked out anew
                ident = link_id(about.subject, about.relation, about.object)
                if not inferences_of(self.store, self.iris, ident=ident):
                    raise _Wider
                inferred.append(about)
            else:
                link = self.stated(about)
                links[link.node] = link
        return inferred, list(links.values())

    def stated(self, verdict: Verdict) -> _Stated:
        node = self.iris.thing("link", link_id(verdict.subject, verdict.relation, verdict.object))
        rows = self.store.query(
            "SELECT ?g ?s ?r ?o ?c ?st ?m { GRAPH ?g { $l rdf:subject ?s ; vb:relation ?r ; rdf:object ?o ;"
            " vb:confidence ?c ; vb:status ?st ; vb:method ?m } }",
            bindings={"l": node},
        )
        if len(rows) != 1 or rows[0]["m"] != VB.Rule or rows[0]["st"] == VB.Orphaned:
            raise _Wider
        row, prefix = rows[0], str(self.iris.doc_graph(""))
        subject, target = self.iris.key_of(str(row["s"])), self.iris.key_of(str(row["o"]))
        if not subject or not target or not str(row["g"]).startswith(prefix):
            raise _Wider
        relation = str(row["r"]).rsplit("/", 1)[1].replace("-", "_")
        told_by, status = str(row["g"])[len(prefix) :], Iri(str(row["st"]))
        return _Stated(node, subject, relation, target, told_by, float(_text(row["c"])), status)

    @property
    def standing(self) -> Standing:
        """All verdicts brought to the keys that works have in the graph."""
        if self._standing is None:
            files = self.store.query("SELECT DISTINCT ?w ?h { ?w vb:file ?f . ?f vb:sha256 ?h }")
            keys = {_text(row["h"]): self.iris.key_of(str(row["w"])) or "" for row in files}
            rows = self.store.query("SELECT DISTINCT ?w { ?w a eli:LegalResource }")
            works = {self.iris.key_of(str(row["w"])) for row in rows} - {None}
            former = {
                self.iris.key_of(str(row["o"]))
                for row in self.store.query("SELECT DISTINCT ?o { ?o vb:sameWorkAs ?w }")
            }
            for said in self.after.live:  # what goes by a former name is for the whole resolution to say
                named = {said.subject} if said.subject_file not in keys else set()
                if said.relation not in (IDENTITY, SAME_PERSON) and (named | {said.object}) & (former - works):
                    raise _Wider
            self._standing = Standing(self.after, keys, {str(work) for work in works})
        return self._standing

    def change(self, link: _Stated) -> tuple[_Stated, Verdict | None, Iri]:
        """What counts now: the verdict that stands on a link, and the status it has by that."""
        verdict = self.standing.on(link.subject, link.relation, link.object)
        now = STATUS[status_of(verdict, link.confidence >= self.settings.link_threshold)]
        if _flips(link.status, now) and may_be_parent(self.work(link.object), self.work(link.subject)):
            raise _Wider
        return link, verdict, now

    def write(self, link: _Stated, verdict: Verdict | None, now: Iri) -> None:
        node, graph = term_text(link.node), term_text(self.iris.doc_graph(link.told_by))
        about = f"{term_text(self.iris.thing('review', verdict.id))} vb:about {node} ." if verdict else ""
        self.store.update(
            f"DELETE WHERE {{ GRAPH {graph} {{ {node} vb:status ?s }} }} ;"
            f" DELETE WHERE {{ GRAPH {graph} {{ ?v vb:about {node} }} }} ;"
            f" INSERT DATA {{ GRAPH {graph} {{ {node} vb:status {term_text(now)} . {about} }} }}"
        )
        rows = self.store.query(
            f"SELECT ?s ?p ?o {{ GRAPH {graph} {{ ?l a vb:Link ; rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o ;"
            " vb:status ?st FILTER(?st IN (vb:Effective, vb:Orphaned)) } }"
        )
        plain: list[Triple] = []
        for row in rows:
            subject, predicate = Iri(str(row["s"])), Iri(str(row["p"]))
            plain += [(subject, predicate, row["o"]), (subject, ELI.cites, row["o"])]
        self.store.put_graph(self.iris.eff_graph(link.told_by), plain)

    def settle(self, verdict: Verdict) -> None:
        """Takes an inference out of the graph, or notes there whether a person agreed."""
        ident = link_id(verdict.subject, verdict.relation, verdict.object)
        ends = {verdict.subject, verdict.subject_file}, {verdict.object, verdict.object_file}
        said = [
            one
            for one in self.after.live
            if one.relation == verdict.relation
            and {one.subject, one.subject_file} & (ends[0] - {None})
            and {one.object, one.object_file} & (ends[1] - {None})
        ]
        graph, node = self.iris.graph("inferred"), self.iris.thing("inferred", ident)
        place, name = term_text(graph), term_text(node)
        if said and said[-1].value == "rejected":
            self.store.update(
                f"DELETE {{ GRAPH {place} {{ ?s ?p ?o }} }} WHERE {{ GRAPH {place} {{"
                f" {name} rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o }} }} ;"
                f" DELETE WHERE {{ GRAPH {place} {{ {name} ?p ?o }} }}"
            )
            return
        verb = "INSERT" if said and said[-1].value == "accepted" else "DELETE"
        self.store.update(f"{verb} DATA {{ GRAPH {place} {{ {name} vb:status vb:Accepted }} }}")

    # --- Search knows what a document cites; a rejected link is not of it --------------------------------------------

    def work(self, key: str) -> Work:
        """A work as the graph tells of it, with the file that speaks for it."""
        summary = Catalog(self.store, self.iris).summaries([key])[key]
        rows = self.store.query("SELECT DISTINCT ?b { $w eli:passed_by ?b }", bindings={"w": self.iris.work(key)})
        owner = str(rows[0]["b"]).rsplit("/", 1)[1] if rows else None
        made = Work(
            key, owner, summary.number, summary.kind, summary.issuer, summary.level, summary.title, summary.date,
            summary.date_earliest, summary.date_latest,
        )  # fmt: skip
        held = self.store.query(
            "SELECT DISTINCT ?h ?n { $w vb:file ?f . ?f vb:preferred true ; vb:sha256 ?h ; vb:fileName ?n }"
            " ORDER BY ?n",
            bindings={"w": self.iris.work(key)},
        )
        if not held:
            return made
        sha = _text(held[0]["h"])
        document = load_document(Folders(self.session.workspace), sha)
        return replace(made, files=(HeldFile(sha, tuple(_text(row["n"]) for row in held), document),))

    def indexed(self, key: str) -> IndexedDocument:
        """A work as search is told of it now."""
        work = self.iris.work(key)
        campaigns = self.store.query(
            "SELECT DISTINCT ?n { $w vb:launches|vb:continues|vb:mentions ?c . ?c a vb:Campaign ; dct:title ?n }",
            bindings={"w": work},
        )
        cites = self.store.query(
            "SELECT DISTINCT ?n { ?l rdf:subject $w ; vb:status ?st ; rdf:object/eli:id_local ?n"
            " FILTER(?st IN (vb:Effective, vb:BelowThreshold)) }",
            bindings={"w": work},
        )
        return document_of(self.work(key), {_text(row["n"]) for row in campaigns}, {_text(row["n"]) for row in cites})

    def to_index(self, keys: Collection[str]) -> Collection[str]:
        """The same keys, when search holds of each what we would tell it: then telling it of these alone is enough."""
        if keys:
            named = self.session.current.index
            held = digests(self._generations / named) if named else {}
            # What anonymous callers may find depends on every link to an internal document.
            if has_internal(self.store) or any(self.indexed(key).digest != held.get(key) for key in keys):
                raise _Wider
        return keys

    def index(self, keys: Collection[str]) -> None:
        named = self.session.current.index
        assert named is not None
        clear(self._generations, named)
        encoder = load_encoder(self.settings.encoder or None, self.settings.encoder_settings())
        documents = [self.indexed(key) for key in sorted(keys)]
        self.session.point(index=update(self._generations, self._generations / named, documents, encoder=encoder).name)

    @property
    def _generations(self) -> Path:
        return self.session.workspace / "index"


def _text(term: object) -> str:
    return term.value if isinstance(term, Lit) else str(term)

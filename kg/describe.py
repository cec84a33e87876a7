"""What the graph says about one thing: its own statements, its parts, and who points at it."""

from __future__ import annotations

from dataclasses import dataclass

from kg.iris import Iris
from kg.store import GraphStore
from kg.terms import Iri, Lit, Triple, can_be_written, term_text
from kg.vocab import RDF

__all__ = ["Description", "describe", "describe_work", "label_of"]

_MOST = 1_000


@dataclass(frozen=True, slots=True)
class Description:
    """``outgoing`` triples have the thing as subject, ``incoming`` as object; ``cut``: there were more of these."""

    iri: str
    outgoing: tuple[Triple, ...]
    incoming: tuple[Triple, ...]
    cut: bool = False

    @property
    def triples(self) -> tuple[Triple, ...]:
        """Both directions."""
        return self.outgoing + self.incoming


def describe(store: GraphStore, iri: str, *, most: int = _MOST) -> Description | None:
    """A thing by its IRI; None when the graph says nothing about it."""
    if not can_be_written(iri):
        return None
    name = term_text(Iri(iri))
    own = store.query(f"SELECT DISTINCT ?p ?o {{ {name} ?p ?o }} ORDER BY ?p ?o LIMIT {most}")
    others = store.query(f"SELECT DISTINCT ?s ?p {{ ?s ?p {name} }} ORDER BY ?p ?s LIMIT {most + 1}")
    if not own and not others:
        return None
    return Description(
        iri,
        tuple((Iri(iri), Iri(str(row["p"])), row["o"]) for row in own),
        tuple((Iri(str(row["s"])), Iri(str(row["p"])), Iri(iri)) for row in others[:most]),
        len(others) > most,
    )


def describe_work(store: GraphStore, iris: Iris, key: str) -> list[Triple]:
    """All that is told of a document: its doc and eff graphs, whole."""
    found: list[Triple] = []
    for graph in (iris.doc_graph(key), iris.eff_graph(key)):
        rows = store.query(f"SELECT ?s ?p ?o {{ GRAPH {term_text(graph)} {{ ?s ?p ?o }} }}")
        found += [(Iri(str(row["s"])), Iri(str(row["p"])), row["o"]) for row in rows]
    return found


def label_of(description: Description) -> str | None:
    """A title or name, Vietnamese first."""
    names = [
        (predicate.rsplit("#", 1)[-1].rsplit("/", 1)[-1], value)
        for _, predicate, value in description.outgoing
        if isinstance(value, Lit) and predicate != RDF.type
    ]
    for wanted in ("id_local", "prefLabel", "title", "name", "label"):
        values = sorted((lit.lang != "vi", lit.value) for name, lit in names if name == wanted)
        if values:
            return values[0][1]
    return None

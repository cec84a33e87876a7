"""The graph in the formats people ask for. N-Quads are sorted: one set of documents, one sequence of bytes."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO

import pyoxigraph as ox

from kg.iris import Iris
from kg.store import OxigraphStore
from kg.terms import Iri, Lit
from kg.vocab import LINK_PREDICATES, PREFIXES

__all__ = ["export_graph"]

FORMATS = {"trig": ox.RdfFormat.TRIG, "ttl": ox.RdfFormat.TURTLE, "jsonld": ox.RdfFormat.JSON_LD}
_HIDDEN = "SELECT DISTINCT ?w { ?w vb:visibility vb:Internal }"


def export_graph(store: OxigraphStore, iris: Iris, form: str, *, meta: bool, public: bool) -> bytes:
    """The whole graph as nq, trig, ttl, jsonld or graphml.

    ``meta`` adds the graph of runs and counts; ``public`` leaves out internal documents and all that they tell.
    """
    graphs = [name for name in store.graphs() if meta or name != iris.graph("meta")]
    if public:
        hidden = {iris.key_of(str(row["w"])) for row in store.query(_HIDDEN)}
        away = {place(key) for key in hidden if key for place in (iris.doc_graph, iris.eff_graph)}
        graphs = [name for name in graphs if name not in away and name != iris.graph("curated")]
    if form == "graphml":
        return _graphml(store, graphs)
    nquads = store.dump(graphs)
    if form == "nq":
        return nquads
    quads = ox.parse(nquads, ox.RdfFormat.N_QUADS)
    if form == "ttl":  # Turtle has no graphs: the union of all, each triple once
        triples = dict.fromkeys(quad.triple for quad in quads)
        return _serialised(triples, form)
    return _serialised(quads, form)


def _serialised(statements: Iterable[ox.Triple] | Iterable[ox.Quad], form: str) -> bytes:
    result = ox.serialize(statements, format=FORMATS[form], prefixes=dict(PREFIXES))
    assert isinstance(result, bytes)
    return result


def _graphml(store: OxigraphStore, graphs: list[Iri]) -> bytes:
    """Works as nodes, effective relations as edges, for Gephi and Cytoscape."""
    import networkx as nx

    graph = nx.MultiDiGraph()
    names = {str(iri): relation for relation, iri in LINK_PREDICATES.items()}
    effective = [name for name in graphs if "/graph/eff/" in name]
    if effective:
        predicates = " ".join(f"<{iri}>" for iri in names)
        rows = store.query(
            f"SELECT DISTINCT ?s ?p ?o {{ VALUES ?p {{ {predicates} }} ?s ?p ?o }} ORDER BY ?s ?p ?o",
            default_graphs=effective,
        )
        for row in rows:
            graph.add_edge(str(row["s"]), str(row["o"]), relation=names[str(row["p"])])
    described = store.query(
        "SELECT ?w ?p ?o { ?w a eli:LegalResource ; ?p ?o . VALUES ?p { eli:id_local dct:title vb:issuerName"
        " eli:date_document } } ORDER BY ?w ?p ?o",
        default_graphs=[name for name in graphs if "/graph/doc/" in name],
    )
    for row in described:
        value = row["o"]
        graph.add_node(str(row["w"]), **{str(row["p"]).rsplit("#", 1)[-1].rsplit("/", 1)[-1]:
                                         value.value if isinstance(value, Lit) else str(value)})  # fmt: skip
    out = BytesIO()
    nx.write_graphml(graph, out, encoding="utf-8")
    return out.getvalue()

"""What the SPARQL endpoint and its dataset say of themselves: service description and VoID, in one graph."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from kg.iris import Iris
from kg.store import OxigraphStore
from kg.terms import Iri, Lit, Triple, literal
from kg.vocab import DCT, PREFIXES, RDF, VOID, Namespace
from kg.writing import write_triples

__all__ = ["describe_service", "description"]

SD = Namespace(
    "http://www.w3.org/ns/sparql-service-description#",
    "Dataset Graph NamedGraph SPARQL11Query Service UnionDefaultGraph availableGraphs defaultDataset defaultGraph"
    " endpoint feature graph name namedGraph resultFormat supportedLanguage",
)
_FORMATS = "http://www.w3.org/ns/formats/"
_RESULTS = (
    "SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV",
    "Turtle", "N-Triples", "RDF_XML", "JSON-LD",
)  # fmt: skip
_COUNTED = ("ontology", "vocab", "areas", "bodies", "org", "curated", "inferred", "meta")


def describe_service(endpoint: str, form: str) -> bytes:
    """The service alone, for a store of which nothing is known."""
    return write_triples(_service(endpoint), form, _prefixes())


def description(store: OxigraphStore, iris: Iris, origin: str, form: str, *, version: int) -> bytes:
    """The service and its dataset: what is in it, where the dump lies, how many of each class and property.

    ``origin`` is where this server was reached ("http://127.0.0.1:8000"); ``version`` is the snapshot's.
    """
    return write_triples([*_service(f"{origin}/sparql"), *_dataset(store, iris, origin, version)], form, _prefixes())


def _prefixes() -> Mapping[str, str]:
    return dict(PREFIXES) | {"sd": str(SD), "format": _FORMATS}


def _service(endpoint: str) -> list[Triple]:
    service, dataset, graph = Iri(f"{endpoint}#service"), Iri(f"{endpoint}#dataset"), Iri(f"{endpoint}#default-graph")
    triples: list[Triple] = [
        (service, RDF.type, SD.Service),
        (service, SD.endpoint, Iri(endpoint)),
        (service, SD.supportedLanguage, SD.SPARQL11Query),
        (service, SD.feature, SD.UnionDefaultGraph),
        (service, SD.defaultDataset, dataset),
        (dataset, RDF.type, SD.Dataset),
        (dataset, SD.defaultGraph, graph),
        (graph, RDF.type, SD.Graph),
    ]
    return triples + [(service, SD.resultFormat, Iri(_FORMATS + name)) for name in _RESULTS]


def _dataset(store: OxigraphStore, iris: Iris, origin: str, version: int) -> list[Triple]:
    dataset = Iri(f"{origin}/sparql#dataset")
    triples: list[Triple] = [
        (dataset, RDF.type, VOID.Dataset),
        (dataset, DCT.title, Lit("Đồ thị văn bản chính sách và việc triển khai", lang="vi")),
        (dataset, VOID.sparqlEndpoint, Iri(f"{origin}/sparql")),
        (dataset, VOID.dataDump, Iri(f"{origin}/dump.nq.gz")),
        (dataset, VOID.uriSpace, Lit(f"{iris.base}/")),
        (dataset, VOID.exampleResource, iris.thing("kind", "chi-thi")),
    ]
    triples += [(dataset, VOID.vocabulary, Iri(iri)) for name, iri in PREFIXES.items() if name in ("vb", "eli", "oa")]
    counts = _counts(store, version)
    triples.append((dataset, VOID.triples, literal(counts.triples)))
    for name in counts.graphs:
        short = name.removeprefix(f"{iris.base}/graph/")
        if short in _COUNTED:  # a graph for each document would make this page as long as the dataset
            node = Iri(f"{origin}/sparql#graph-{short}")
            triples += [
                (dataset, SD.namedGraph, node),
                (node, RDF.type, SD.NamedGraph),
                (node, SD.name, Iri(name)),
            ]
    for number, (klass, entities) in enumerate(counts.classes):
        node = Iri(f"{origin}/sparql#class-{number}")
        triples += [
            (dataset, VOID.classPartition, node),
            (node, VOID["class"], Iri(klass)),
            (node, VOID.entities, literal(entities)),
        ]
    for number, (used, found) in enumerate(counts.properties):
        node = Iri(f"{origin}/sparql#property-{number}")
        triples += [
            (dataset, VOID.propertyPartition, node),
            (node, VOID.property, Iri(used)),
            (node, VOID.triples, literal(found)),
        ]
    return triples


class _Counts:
    """Taken once for each snapshot: they read the whole of it."""

    def __init__(self, store: OxigraphStore) -> None:
        self.triples = len(store)
        self.graphs = store.graphs()
        self.classes = _pairs(store, "SELECT ?k (COUNT(DISTINCT ?s) AS ?n) { ?s a ?k } GROUP BY ?k ORDER BY ?k")
        self.properties = _pairs(store, "SELECT ?k (COUNT(*) AS ?n) { ?s ?k ?o } GROUP BY ?k ORDER BY ?k")


def _pairs(store: OxigraphStore, query: str) -> list[tuple[str, int]]:
    rows = store.query(query)
    return [(str(row["k"]), int(value.value)) for row in rows if isinstance(value := row["n"], Lit)]


@lru_cache(maxsize=4)
def _counts(store: OxigraphStore, version: int) -> _Counts:
    return _Counts(store)

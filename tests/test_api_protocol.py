"""The W3C's own tests of the SPARQL 1.1 Protocol and service description, against a live ``kg serve --store``."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import httpx
import pyoxigraph as ox
import pytest
import rdflib
from rdflib import RDF, Namespace
from rdflib.collection import Collection
from serving import serving

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "w3c-sparql11"
MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
HT = Namespace("http://www.w3.org/2011/http#")
CNT = Namespace("http://www.w3.org/2011/content#")
SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
DATA = "http://kasei.us/2009/09/sparql/data/"

pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="the W3C manifests are not beside the checkout")

# What asks for something to be written. A read-only endpoint may only refuse it.
NOT_APPLICABLE = {
    "update_dataset_default_graph", "update_dataset_default_graphs", "update_dataset_named_graphs",
    "update_dataset_full", "update_post_form", "update_post_direct", "update_base_uri",
}  # fmt: skip


@dataclass(frozen=True)
class Sent:
    """One request of a row, and what must come back."""

    method: str
    path: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    statuses: tuple[str, ...]
    form: str | None
    boolean: bool | None


@dataclass(frozen=True)
class Row:
    name: str
    sent: list[Sent] = field(hash=False)


def rows() -> list[Row]:
    if not SHARED.is_dir():
        return []
    graph = rdflib.Graph().parse(SHARED / "protocol" / "manifest.ttl")
    (manifest,) = graph.subjects(RDF.type, MF.Manifest)
    entries = Collection(graph, graph.value(manifest, MF.entries))
    return [Row(str(entry).rpartition("#")[2], list(requests(graph, entry))) for entry in entries]


def requests(graph: rdflib.Graph, entry: Any) -> Iterator[Sent]:
    action = graph.value(entry, MF.action)
    for node in Collection(graph, graph.value(action, HT.requests)):
        response = graph.value(node, HT.resp)
        body = graph.value(node, HT.body)
        headers = graph.value(node, HT.headers)
        boolean = graph.value(response, MF.expectedBoolean)
        text = str(graph.value(body, CNT.chars)) if body else ""
        encoding = str((body and graph.value(body, CNT.characterEncoding)) or "UTF-8")
        yield Sent(
            method=str(graph.value(node, HT.methodName)),
            path=str(graph.value(node, HT.absolutePath)),
            headers=tuple(
                (str(graph.value(header, HT.fieldName)), str(graph.value(header, HT.fieldValue)))
                for header in (Collection(graph, headers) if headers else ())
            ),
            body=text.encode(encoding),
            statuses=tuple(str(status)[-3] for status in graph.objects(response, MF.expectedStatus)),
            form=str(form) if (form := graph.value(response, MF.expectedFormat)) else None,
            boolean=None if boolean is None else bool(boolean.toPython()),
        )


ROWS = rows()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server over a store that holds the three data files under the names that the manifest gives them."""
    folder = tmp_path_factory.mktemp("w3c") / "store"
    store = ox.Store(str(folder))
    for number in (1, 2, 3):
        content = (SHARED / "protocol" / f"data{number}.nt").read_bytes()
        store.load(content, ox.RdfFormat.N_TRIPLES, to_graph=ox.NamedNode(f"{DATA}data{number}.rdf"))
    store.flush()
    del store
    with serving("--store", str(folder)) as url:
        yield url


def send(server: str, sent: Sent) -> httpx.Response:
    assert sent.path.startswith("/sparql/"), "the manifest says so of every path"
    return httpx.request(
        sent.method, server + "/sparql" + sent.path.removeprefix("/sparql/"), headers=list(sent.headers),
        content=sent.body or None, timeout=20,
    )  # fmt: skip


def said(response: httpx.Response) -> bool:
    """The answer of an ASK, read by its media type."""
    if "json" in response.headers["content-type"]:
        return bool(json.loads(response.content)["boolean"])
    boolean = ElementTree.fromstring(response.content).find("{http://www.w3.org/2005/sparql-results#}boolean")
    assert boolean is not None
    return boolean.text == "true"


def holds_a_table(response: httpx.Response) -> bool:
    kind = response.headers["content-type"].partition(";")[0]
    if kind == "application/sparql-results+json":
        return "bindings" in response.json()["results"]
    if kind == "application/sparql-results+xml":
        return ElementTree.fromstring(response.content).tag.endswith("}sparql")
    return kind == "text/csv" and len(list(csv.reader(io.StringIO(response.text)))) > 0


def holds_a_graph(response: httpx.Response) -> bool:
    kind = ox.RdfFormat.from_media_type(response.headers["content-type"].partition(";")[0])
    assert kind is not None
    list(ox.parse(response.content, kind))
    return True


def test_every_row_of_the_manifest_is_known() -> None:
    """An empty table would keep the others green: 20 queries, 7 bad updates, 7 updates."""
    names = [row.name for row in ROWS]
    assert len(names) == len(set(names)) == 34
    assert names and set(names) >= NOT_APPLICABLE
    assert len(queries()) == 20 and len(bad_updates()) == 7 and len(NOT_APPLICABLE) == 7
    assert all(row.sent for row in ROWS)


def queries() -> list[Row]:
    return [row for row in ROWS if "update" not in row.name]


def bad_updates() -> list[Row]:
    return [row for row in ROWS if row.name.startswith("bad_") and "update" in row.name]


@pytest.mark.parametrize("row", queries(), ids=lambda row: row.name)
def test_a_query(server: str, row: Row) -> None:
    for sent in row.sent:
        response = send(server, sent)
        assert str(response.status_code)[0] in sent.statuses, response.text
        if response.is_error:
            assert response.headers["content-type"] == "application/problem+json" and response.json()["detail"]
            continue
        if sent.boolean is not None:
            assert said(response) is sent.boolean
        match sent.form:
            case "boolean":
                assert said(response) in (True, False)
            case "tabular":
                assert holds_a_table(response)
            case "RDF":
                assert holds_a_graph(response)


@pytest.mark.parametrize("row", bad_updates(), ids=lambda row: row.name)
def test_a_bad_update_is_refused(server: str, row: Row) -> None:
    for sent in row.sent:
        assert sent.statuses and set(sent.statuses) <= {"4", "5"}
        assert 400 <= send(server, sent).status_code < 500


@pytest.mark.parametrize("name", sorted(NOT_APPLICABLE))
def test_an_update_is_not_applicable(server: str, name: str) -> None:
    """Of these seven only this holds: each update is refused in words, and nothing is written."""
    (row,) = [row for row in ROWS if row.name == name]
    direct = ("Content-Type", "application/sparql-update")
    updates = [
        sent
        for sent in row.sent
        if "update" in sent.path or b"update=" in sent.body or direct in {(k.title(), v) for k, v in sent.headers}
    ]
    assert updates
    for sent in updates:
        response = send(server, sent)
        assert response.status_code in (400, 403) and "chỉ đọc" in response.text
    counted = httpx.get(f"{server}/sparql", params={"query": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"})
    lines = sum((SHARED / "protocol" / f"data{number}.nt").read_text().count(" .\n") for number in (1, 2, 3))
    assert int(counted.json()["results"]["bindings"][0]["n"]["value"]) == lines


SERVICE_ROWS = ["has-endpoint-triple", "returns-rdf", "conforms-to-schema"]


def test_the_service_description_rows_are_known() -> None:
    graph = rdflib.Graph().parse(SHARED / "service-description" / "manifest.ttl")
    (manifest,) = graph.subjects(RDF.type, MF.Manifest)
    names = [str(entry).rpartition("#")[2] for entry in Collection(graph, graph.value(manifest, MF.entries))]
    assert sorted(names) == sorted(SERVICE_ROWS)


@pytest.mark.parametrize("accept", [None, "text/turtle", "application/rdf+xml", "application/n-triples", "*/*"])
def test_the_service_describes_itself(server: str, accept: str | None) -> None:
    """returns-rdf, has-endpoint-triple, and what the schema asks of a service: one endpoint, a known language."""
    response = httpx.get(f"{server}/sparql", headers={"Accept": accept} if accept else {})
    assert response.status_code == 200
    kind = response.headers["content-type"].partition(";")[0]
    graph = rdflib.Graph().parse(data=response.content, format=kind)
    (service,) = graph.subjects(RDF.type, SD.Service)
    assert list(graph.objects(service, SD.endpoint)) == [rdflib.URIRef(f"{server}/sparql")]
    assert list(graph.objects(service, SD.supportedLanguage)) == [SD.SPARQL11Query]
    assert SD.UnionDefaultGraph in set(graph.objects(service, SD.feature))
    assert len(set(graph.objects(service, SD.resultFormat))) == 8
    (dataset,) = graph.objects(service, SD.defaultDataset)
    assert (dataset, RDF.type, SD.Dataset) in graph
    assert (graph.value(dataset, SD.defaultGraph), RDF.type, SD.Graph) in graph

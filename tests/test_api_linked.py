"""Linked data over the samples: every IRI answers, in the form that was asked for; VoID, dump, tables, ontology."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from fastapi.testclient import TestClient
from rdflib import RDF, Namespace
from readers_workspace import client_of, copied, ingested

from api.workspace import Workspace
from kg.tables import CODEBOOK
from kg.vocab import VB

WORK = "/eli/vn/lam-son.ubnd/cv/2024/1286-th"
FORMS = {
    "ttl": "text/turtle", "jsonld": "application/ld+json", "nt": "application/n-triples", "rdf": "application/rdf+xml",
}  # fmt: skip
VOID = Namespace("http://rdfs.org/ns/void#")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return ingested(tmp_path_factory.mktemp("linked"))


@pytest.fixture(scope="module")
def client(root: Path) -> Iterator[TestClient]:
    with client_of(root) as client:
        yield client


def things(root: Path) -> list[str]:
    """One IRI of each kind that the graph speaks of, as a path."""
    snapshot = Workspace(root).snapshot()
    base = snapshot.current.base
    kinds = {
        "document": "?x a eli:LegalResource ; vb:file ?f", "stub": "?x a vb:Stub", "link": "?x a vb:Link",
        "body": "?x a org:FormalOrganization", "area": "?x a vb:Area", "campaign": "?x a vb:Campaign",
        "anniversary": "?x a vb:Anniversary", "event": "?x a vb:Event", "person": "?x a vb:Person",
        "kind": "?w eli:type_document ?x", "unresolved": "?x a vb:Unresolved", "evidence": "?l vb:evidence ?x",
    }  # fmt: skip
    found = []
    for kind, pattern in kinds.items():
        rows = snapshot.query(f"SELECT DISTINCT ?x {{ {pattern} }} ORDER BY ?x LIMIT 1")
        assert rows, kind
        found.append(str(rows[0]["x"]).removeprefix(base))
    return found


@pytest.mark.parametrize("form", FORMS)
def test_every_kind_of_iri_leads_to_what_is_said_of_it(client: TestClient, root: Path, form: str) -> None:
    base = Workspace(root).snapshot().current.base
    paths = things(root)
    assert len(paths) == 12
    for path in paths:
        sent = client.get(path, headers={"Accept": f"{FORMS[form]}, text/html;q=0.2"})
        assert sent.status_code == 303 and sent.headers["location"].endswith(f".{form}"), path
        assert "Accept" in sent.headers["vary"] and sent.headers["link"].count('rel="alternate"') == 6
        told = client.get(sent.headers["location"])
        assert told.status_code == 200 and told.headers["content-type"].startswith(FORMS[form])
        kind = ox.RdfFormat.from_media_type(FORMS[form])
        assert kind is not None
        named = {triple.subject.value for triple in ox.parse(told.content, kind)}
        assert base + path in named, (path, form)


def test_a_browser_gets_a_page(client: TestClient, root: Path) -> None:
    accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    for path in things(root):
        sent = client.get(path, headers={"Accept": accept})
        assert sent.status_code == 303 and sent.headers["location"].endswith(".html")
        page = client.get(sent.headers["location"])
        assert page.status_code == 303 if path.startswith("/eli/") else "<table" in page.text, path


def test_json_and_html_of_a_document_are_those_of_the_api_and_the_pages(client: TestClient) -> None:
    assert client.get(WORK + ".json").headers["location"] == WORK.replace("/eli/vn/", "/api/documents/")
    assert client.get(WORK + ".html").headers["location"] == WORK.replace("/eli/vn/", "/van-ban/")


def test_the_turtle_of_a_document_holds_its_links_with_their_quotes(client: TestClient) -> None:
    graph = rdflib.Graph().parse(data=client.get(WORK + ".ttl").content, format="turtle")
    links = list(graph.subjects(RDF.type, rdflib.URIRef(VB.Link)))
    assert links
    for link in links:
        assert list(graph.objects(link, rdflib.URIRef(VB.evidence)))
    assert not [node for triple in graph for node in triple if isinstance(node, rdflib.BNode)]


@pytest.mark.parametrize("path", ["/eli/vn/khong/co", "/id/org/khong-co", "/id/x/y.ttl", "/eli/vn/a%20b", "/def.exe"])
def test_what_nobody_named_is_not_found(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_markup_in_data_is_text_on_a_page(client: TestClient) -> None:
    from api.plain_html import thing_page

    page = thing_page("x", "<script>", [("", "p", "<img onerror=1>"), ("", "p", 'http://x/"onclick="1')], [])
    assert "<script>" not in page and "<img" not in page and 'onclick="' not in page


def test_void_counts_what_is_there(client: TestClient, root: Path) -> None:
    graph = rdflib.Graph().parse(data=client.get("/.well-known/void").content, format="turtle")
    (dataset,) = graph.subjects(RDF.type, VOID.Dataset)
    snapshot = Workspace(root).snapshot()
    assert int(graph.value(dataset, VOID.triples)) == len(snapshot)
    counted = {
        str(graph.value(part, VOID["class"])): int(graph.value(part, VOID.entities))
        for part in graph.objects(dataset, VOID.classPartition)
    }
    assert counted[VB.Link] == len(snapshot.query("SELECT DISTINCT ?l { ?l a vb:Link }"))
    assert len(list(graph.objects(dataset, VOID.propertyPartition))) > 20
    assert str(graph.value(dataset, VOID.dataDump)).endswith("/dump.nq.gz")
    service = client.get("/sparql", headers={"Accept": "text/turtle"}).content
    assert rdflib.Graph().parse(data=service, format="turtle").isomorphic(graph)


def test_the_dump_is_the_graph_and_the_same_bytes_each_time(client: TestClient, root: Path) -> None:
    first = client.get("/dump.nq.gz")
    assert first.headers["content-type"] == "application/gzip"
    lines = gzip.decompress(first.content).splitlines()
    assert lines == sorted(lines) and len(lines) > 1_000
    assert gzip.decompress(first.content) == Workspace(root).export("nq", meta=False, public=True)
    with client_of(root) as other:
        assert other.get("/dump.nq.gz").content == first.content


def test_a_new_snapshot_gives_a_new_dump(root: Path, tmp_path: Path) -> None:
    place = copied(root, tmp_path)
    with client_of(place) as client:
        before = client.get("/dump.nq.gz").content
        Workspace(place).set_visibility("1286/UBND-TH", internal=True)
        after = client.get("/dump.nq.gz").content
    assert before != after and b"1286/UBND" not in gzip.decompress(after)


def test_the_ontology_is_served_as_it_is_kept_and_explained(client: TestClient) -> None:
    from ontology import read

    assert client.get("/def", headers={"Accept": "text/turtle"}).headers["location"] == "/def.ttl"
    assert client.get("/def.ttl").content == read("vanban.ttl")
    page = client.get("/def.html").text
    assert all(f'id="{str(term)[len(str(VB)) :]}"' in page for term in VB)
    graph = rdflib.Graph().parse(data=client.get("/def.rdf").content, format="xml")
    assert len(graph) == len(rdflib.Graph().parse(data=read("vanban.ttl"), format="turtle"))


def tables(content: bytes) -> tuple[dict[str, list[dict[str, str]]], dict[str, bytes]]:
    archive = zipfile.ZipFile(io.BytesIO(content))
    files = {name: archive.read(name) for name in archive.namelist()}
    read = {
        name.removesuffix(".csv"): list(csv.DictReader(io.StringIO(text.decode("utf-8-sig"), newline="")))
        for name, text in files.items()
        if name.endswith(".csv")
    }
    return read, files


def test_tables_agree_with_each_other_and_with_their_codebook(root: Path) -> None:
    read, files = tables(Workspace(root).export("tables", meta=False, public=False))
    assert set(read) == {*CODEBOOK, "codebook"}
    assert {(row["table"], row["column"]) for row in read["codebook"]} == {
        (table, column) for table, columns in CODEBOOK.items() for column in columns
    }
    for table, columns in CODEBOOK.items():
        assert read[table], table
        assert list(read[table][0]) == list(columns)
        assert files[f"{table}.csv"].startswith(b"\xef\xbb\xbf")
    documents = {row["id"] for row in read["documents"]}
    for link in read["links"]:
        assert {link["document"], link["cited"]} <= documents
        mentions = [row for row in read["citations"] if row["link"] == link["id"]]
        assert len(mentions) == int(link["mentions"]) > 0
    assert {row["body"] for row in read["documents"] if row["body"]} == {row["code"] for row in read["bodies"]}
    for name in ("assignments", "targets", "unresolved"):
        assert {row["document"] for row in read[name]} <= documents


def test_tables_are_dated_and_hashed(root: Path) -> None:
    first = Workspace(root).export("tables", meta=False, public=False)
    assert first == Workspace(root).export("tables", meta=False, public=False)
    _, files = tables(first)
    manifest = json.loads(files.pop("manifest.json"))
    assert manifest["date"] == Workspace(root).snapshot().current.written
    assert manifest["files"] == {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    whole = "".join(f"{digest}  {name}\n" for name, digest in sorted(manifest["files"].items()))
    assert manifest["content_sha256"] == hashlib.sha256(whole.encode()).hexdigest()


def test_tables_from_the_command_line(root: Path, tmp_path: Path) -> None:
    out = tmp_path / "tables.zip"
    done = subprocess.run(
        [sys.executable, "-m", "api.cli", "export", "--format", "tables", "-o", str(out), "--workspace", str(root)],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert out.read_bytes() == Workspace(root).export("tables", meta=False, public=False)


@pytest.mark.parametrize(
    ("accept", "ending"),
    [
        ("application/json", "json"),
        ("application/ld+json, application/json;q=0.9", "jsonld"),
        ("application/json, application/ld+json;q=0.9", "json"),
        ("text/turtle;q=0.2, application/ld+json;q=0.7, text/html;q=0.1", "jsonld"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "html"),
        ("*/*", "html"),
    ],
)
def test_the_form_that_is_asked_for_most(client: TestClient, accept: str, ending: str) -> None:
    answer = client.get(WORK, headers={"Accept": accept})
    assert answer.status_code == 303 and answer.headers["location"] == f"{WORK}.{ending}"


def test_who_asks_is_part_of_what_a_cache_may_keep(client: TestClient) -> None:
    for address in (f"{WORK}.ttl", "/.well-known/void", "/api/documents", "/def.ttl", "/dump.nq.gz"):
        assert {"Cookie", "Authorization"} <= set(client.get(address).headers["vary"].split(", ")), address

"""An internal document shows nowhere to a caller who did not sign in: not it, its number, nor what only it tells."""

from __future__ import annotations

import gzip
import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient
from readers_workspace import client_of, copied, ingested

from api.workspace import Workspace
from kg.catalog_table import table_of
from kg.iris import Iris
from kg.snapshots import read_current

KEY, NUMBER = "lam-son.ubnd/cv/2024/1286-th", "1286/UBND-TH"
# However it is spaced, separated or misread (a bare 1286 may be an offset).
PRINTED = re.compile(r"1286\s*[-/–]|số\s+1286|1286%2F", re.IGNORECASE)


@pytest.fixture(scope="module")
def open_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return ingested(tmp_path_factory.mktemp("open"))


@pytest.fixture(scope="module")
def root(open_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The samples, of which the call that most others answer is internal."""
    place = copied(open_root, tmp_path_factory.mktemp("internal"))
    Workspace(place).set_visibility(NUMBER, internal=True)
    return place


@pytest.fixture(scope="module")
def client(root: Path) -> Iterator[TestClient]:
    with client_of(root) as client:
        yield client


def test_it_is_there_for_who_may_see_it(root: Path) -> None:
    workspace = Workspace(root)
    assert workspace.catalog().find(NUMBER) == KEY
    assert workspace.trace(NUMBER)["counts"]["direct"] > 3
    current = read_current(root)
    assert current.public and current.public != current.graph


def test_where_nothing_is_internal_all_see_the_same_snapshot(open_root: Path) -> None:
    assert read_current(open_root).public is None
    workspace = Workspace(open_root)
    assert workspace.snapshot(public=True).folder == workspace.snapshot().folder


def test_no_statement_of_the_public_snapshot_prints_it(root: Path) -> None:
    public, full = Workspace(root).snapshot(public=True), Workspace(root).snapshot()
    assert PRINTED.search(full.dump().decode())
    assert not PRINTED.search(public.dump().decode())
    assert len(public) > 0.9 * len(full), "hiding one document must not empty the store"


def test_nothing_of_the_public_snapshot_hangs_in_the_air(root: Path) -> None:
    """Every link has both ends and its quotes, every fact its document."""
    public = Workspace(root).snapshot(public=True)
    for pattern in (
        "?l a vb:Link FILTER NOT EXISTS { ?l rdf:subject ?s . ?s a eli:LegalResource }",
        "?l a vb:Link FILTER NOT EXISTS { ?l rdf:object ?o . ?o a eli:LegalResource }",
        "?l a vb:Link FILTER NOT EXISTS { ?l vb:evidence/oa:hasSelector/oa:exact ?q }",
        "?l rdf:subject ?s FILTER NOT EXISTS { ?l a ?kind }",
        "?e a oa:SpecificResource FILTER NOT EXISTS { ?x vb:evidence ?e } FILTER NOT EXISTS { ?e vb:about ?c }",
        "?s a vb:Stub FILTER NOT EXISTS { ?x ?p ?s }",
        "?a a vb:Assignment FILTER NOT EXISTS { ?w vb:hasAssignment ?a }",
    ):
        assert public.query(f"SELECT * {{ {pattern} }} LIMIT 3") == [], pattern


def addresses(root: Path) -> list[str]:
    """Every address of reading, for every document that anonymous callers can see."""
    number = quote(NUMBER, safe="")
    fixed = [
        "/api/documents?limit=1000&held=false", "/api/documents.csv?limit=1000&held=false", "/api/statistics",
        "/api/campaigns?limit=1000", "/api/anniversaries?limit=1000", "/api/assignments?limit=1000",
        "/api/targets?limit=1000", "/api/deadlines?limit=1000", "/api/unresolved?limit=1000", "/api/bodies?limit=1000",
        "/.well-known/void", "/sparql", "/sparql?format=nt&query=" + quote("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o . "
        "?s a ?class FILTER(STRSTARTS(STR(?class), STR(vb:))) }"),
        "/sparql?format=csv&query=" + quote('SELECT * { GRAPH ?g { ?s ?p ?o } FILTER(CONTAINS(STR(?o), "12")) }'),
        "/api/search?q=phong%20tr%C3%A0o%20thi%20%C4%91ua&k=200", "/api/suggest?q=12", "/api/suggest?q=cong%20van",
        "/", "/tim?q=thi+dua",
    ]  # fmt: skip
    works = table_of(snapshot := Workspace(root).snapshot(public=True), Iris(snapshot.current.base)).works
    assert KEY not in works
    for key in works:
        fixed += [f"/api/documents/{key}{tail}" for tail in ("", "/citations", "/cited-by", "/basis", "/implementing")]
        fixed += [f"/eli/vn/{key}.ttl", f"/van-ban/{key}"]
    return [*fixed, f"/api/documents?held=false&text={number[:2]}"]


def test_no_answer_prints_it(client: TestClient, root: Path) -> None:
    seen = 0
    for address in addresses(root):
        response = client.get(address)
        assert response.status_code < 500, address
        seen += response.status_code == 200
        assert not PRINTED.search(response.text), address
    assert seen > 100


@pytest.mark.parametrize(
    "address",
    [
        "/api/trace?number={number}", "/api/documents?cites={number}", "/api/documents/{key}",
        "/api/documents/{key}/basis", "/eli/vn/{key}", "/eli/vn/{key}.ttl", "/api/targets?document={key}",
        "/api/trace?number=1287/UBND-TH",
    ],
)  # fmt: skip
def test_who_asks_for_it_is_told_that_it_is_not_there(client: TestClient, address: str) -> None:
    """And in the same words as for a number that nobody ever used; only what was asked comes back."""
    asked = address.format(number=quote(NUMBER, safe=""), key=KEY)
    other = address.format(number=quote("8621/UBND-TH", safe=""), key=KEY.replace("1286", "8621"))
    told, nothing = client.get(asked), client.get(other)
    assert told.status_code == nothing.status_code == 404
    text = told.text.replace(NUMBER, "N").replace(KEY, "N").replace("1286-th", "N").replace("1287/UBND-TH", "N")
    assert not PRINTED.search(text)
    assert told.json()["title"] == nothing.json()["title"]


def test_a_pasted_number_is_not_found(client: TestClient) -> None:
    (row,) = client.get("/api/lookup", params={"number": NUMBER}).json()["results"]
    assert row["status"] == "not_found" and row["document"] is None and NUMBER not in row["nearest"]


def test_dump_and_tables_do_not_hold_it(client: TestClient) -> None:
    dump = gzip.decompress(client.get("/dump.nq.gz").content).decode()
    assert dump.count("\n") > 1_000 and not PRINTED.search(dump)
    archive = zipfile.ZipFile(io.BytesIO(client.get("/tables.zip").content))
    for name in archive.namelist():
        assert not PRINTED.search(archive.read(name).decode("utf-8-sig")) or name == "manifest.json", name


def test_a_text_that_prints_it_keeps_its_offsets(client: TestClient, root: Path, open_root: Path) -> None:
    key = "lam-son.binh-khe.ubnd/kh/2024/68"
    with client_of(open_root) as before:
        whole = before.get(f"/api/documents/{key}").json()
    shown = client.get(f"/api/documents/{key}").json()
    assert "1286" in whole["text"] and len(shown["text"]) == len(whole["text"])
    changed = [at for at, pair in enumerate(zip(whole["text"], shown["text"], strict=True)) if len(set(pair)) > 1]
    assert changed and {shown["text"][at] for at in changed} == {"█"}
    for citation in shown["citations"]["outgoing"]:
        for evidence in citation["evidence"]:
            assert shown["text"][evidence["start"] : evidence["end"]] == evidence["quote"]


def test_no_picture_shows_a_page_that_may_print_it(client: TestClient, open_root: Path) -> None:
    page = "/api/documents/lam-son.snv/kh/2024/45/pages/1.png?dpi=36"
    with client_of(open_root) as before:
        assert before.get(page).status_code == 200
    told = client.get(page)
    assert told.status_code == 404 and not PRINTED.search(told.text)


def test_what_only_it_cites_is_gone_too(client: TestClient, root: Path) -> None:
    """A stub that no public document names would tell what the internal one says."""
    full, public = Workspace(root).catalog(), Workspace(root).catalog(public=True)
    for key in set(full.table.works) - set(public.table.works) - {KEY}:
        graphs = full.store.query(
            "SELECT DISTINCT ?g { GRAPH ?g { ?l rdf:object $w } }", bindings={"w": full.iris.work(key)}
        )
        assert {str(row["g"]) for row in graphs} == {full.iris.doc_graph(KEY)}


def test_it_stays_internal_when_read_again_and_can_be_opened(open_root: Path, tmp_path: Path) -> None:
    place = copied(open_root, tmp_path)
    workspace = Workspace(place)
    workspace.set_visibility(NUMBER, internal=True)
    source = tmp_path / "cong-van.txt"
    source.write_text("Một tệp mới.\n", encoding="utf-8")
    workspace.ingest([source])
    assert workspace.catalog(public=True).table.works.get(KEY) is None
    workspace.set_visibility(NUMBER, internal=False)
    assert read_current(place).public is None and KEY in workspace.catalog(public=True).table.works


def test_files_taken_in_as_internal(tmp_path: Path) -> None:
    from readers_workspace import SAMPLES

    workspace = Workspace(tmp_path / "data")
    workspace.ingest([SAMPLES / "03-ke-hoach-15-kh-ubnd-tinh.txt"], internal=True)
    assert workspace.catalog().page()[0] == 1
    assert workspace.catalog(public=True).page(held=False)[0] == 0, "nor is what it cites"

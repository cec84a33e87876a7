"""Search through the workspace and HTTP: the index is published with the graph, and forgets what was pruned."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from fastapi.testclient import TestClient
from safetensors.numpy import load_file, save_file

import search
from api.accounts import Accounts
from api.app import create_app
from api.commands.searching import search as command
from api.commands.taking_in import ingest as ingest_command
from api.workspace import Workspace
from kg.errors import IndexMismatch

SAMPLES = Path(__file__).resolve().parents[1] / "samples" / "documents"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three sample papers that a test may take away."""
    place = tmp_path / "docs"
    place.mkdir()
    for name in ("reference.ttl", "03-ke-hoach-15-kh-ubnd-tinh.txt", "04-ke-hoach-15-kh-ubnd-binh-khe.txt",
                 "11-cong-van-412-sgddt.txt"):  # fmt: skip
        shutil.copy(SAMPLES / name, place / name)
    return place


def files(record: dict[str, object]) -> list[str | None]:
    hits = record["hits"]
    assert isinstance(hits, list)
    return [hit["document"]["file"] for hit in hits]


def test_a_number_typed_any_way_finds_its_document_first_and_pruning_forgets_it(folder: Path, tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "kg-data")
    workspace.ingest([folder])
    for typed in ("412/SGDĐT-VP", "cv 412", "412 sgddt"):
        found = workspace.search(typed)
        assert files(found)[0] == "11-cong-van-412-sgddt.txt", typed
        assert "number" in found["hits"][0]["why"]
    (folder / "11-cong-van-412-sgddt.txt").unlink()
    workspace.ingest([folder], prune=True)
    assert "11-cong-van-412-sgddt.txt" not in files(workspace.search("cv 412"))


def test_http_gives_the_record_of_the_command_line(folder: Path, tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "kg-data")
    workspace.ingest([folder])
    client = TestClient(create_app(workspace.root))
    answer = client.get("/api/search", params={"q": "cong tac thi dua khen thuong 2024", "level": "district"})
    assert answer.json() == workspace.search("cong tac thi dua khen thuong 2024", level="district")
    assert files(answer.json())[0] == "04-ke-hoach-15-kh-ubnd-binh-khe.txt"
    assert client.get("/api/search").status_code == client.get("/api/search", params={"q": ""}).status_code == 422
    alone = client.get("/api/search", params={"level": "district"}).json()
    assert alone == workspace.search("", level="district") and alone["hits"]
    typed = client.get("/api/suggest", params={"q": "15/kh"}).json()["suggestions"]
    assert any(found["text"] == "15/KH-UBND" for found in typed)


def test_similar_papers_and_passages(folder: Path, tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "kg-data")
    workspace.ingest([folder])
    client = TestClient(create_app(workspace.root))
    whole = client.get("/api/similar", params={"number": "412/SGDĐT-VP"}).json()
    assert whole["similar"] and all(one["document"]["number"] != "412/SGDĐT-VP" for one in whole["similar"])
    first = client.get("/api/search", params={"q": "412/SGDĐT-VP"}).json()["hits"][0]["passage"]
    part = {"number": "412/SGDĐT-VP", "start": first["start"], "end": first["end"]}
    assert client.get("/api/similar", params=part).json()["similar"][0]["passage"]["text"]
    assert client.get("/api/similar", params={"number": "9999/KH-UBND"}).status_code == 404
    page = client.get("/tim/tuong-tu", params={"key": whole["document"], "doan": f"{first['start']}-{first['end']}"})
    assert page.status_code == 200 and "15/KH-UBND" in page.text
    assert client.get("/tim/tuong-tu", params={"key": "x/kh/2024/1", "doan": "1-9"}).status_code == 404
    assert "/tim/tuong-tu?" in client.get("/tim", params={"q": "thi đua"}).text
    run = CliRunner().invoke(command, ["--like", "412/SGDĐT-VP", "--workspace", str(workspace.root)])
    assert run.exit_code == 0 and "15/KH-UBND" in run.output
    wrong = ["--like", "412/SGDĐT-VP", "--passage", "5", "--workspace", str(workspace.root)]
    assert CliRunner().invoke(command, wrong).exit_code == 2
    assert CliRunner().invoke(command, ["--workspace", str(workspace.root)]).exit_code == 2


def test_internal_papers_are_found_by_who_may_see_them(folder: Path, tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "kg-data")
    workspace.ingest([folder])
    workspace.set_visibility("412/SGDĐT-VP", internal=True)
    key, _ = Accounts(workspace.root).create_key("An", scopes=["read"])
    client = TestClient(create_app(workspace.root))
    signed_in = {"Authorization": f"Bearer {key}"}
    asked = (("/api/search", "412/SGDĐT-VP"), ("/api/search", "cv 412"), ("/api/suggest", "412"))
    for address, typed in asked:
        hidden = client.get(address, params={"q": typed}).text
        seen = client.get(address, params={"q": typed}, headers=signed_in).text
        assert '"412/SGDĐT-VP"' in seen and '"number":"412/SGDĐT-VP"' not in hidden and "văn phòng" not in hidden
    assert client.get("/api/similar", params={"number": "412/SGDĐT-VP"}).status_code == 404
    search = ["cv 412", "--format", "json", "--workspace", str(workspace.root)]
    assert '"number": "412/SGDĐT-VP"' not in CliRunner().invoke(command, search).output
    assert '"number": "412/SGDĐT-VP"' in CliRunner().invoke(command, [*search, "--internal"]).output


def test_a_damaged_or_foreign_index_is_refused_and_the_command_it_names_repairs_it(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "kg-data"
    Workspace(root).ingest([folder])
    shutil.rmtree(folder)  # what was taken in is held
    before = Workspace(root).search("cv 412")["hits"]
    [made] = (root / "index").glob("gen-*")
    (made / "manifest.json").write_text("{")
    with pytest.raises(IndexMismatch, match="kg ingest --rebuild-index"):
        Workspace(root).search("cv 412")
    rebuild = ["--rebuild-index", "--workspace", str(root)]
    assert CliRunner().invoke(ingest_command, rebuild).exit_code == 0
    assert Workspace(root).search("cv 412")["hits"] == before
    other = tmp_path / "model"
    shutil.copytree(Path(search.__file__).parent / "model", other)
    weights = load_file(other / "model.safetensors")
    save_file({name: table[:, ::-1].copy() for name, table in weights.items()}, other / "model.safetensors")
    monkeypatch.setenv("KG_ENCODER", str(other))
    with pytest.raises(IndexMismatch, match="kg ingest --rebuild-index"):
        Workspace(root).search("thi đua")
    assert CliRunner().invoke(ingest_command, rebuild).exit_code == 0
    assert Workspace(root).search("thi đua")["hits"]
    assert CliRunner().invoke(ingest_command, ["--workspace", str(root)]).exit_code == 2  # neither paths nor the option


def test_an_empty_workspace_says_what_to_do(tmp_path: Path) -> None:
    client = TestClient(create_app(tmp_path / "nothing"))
    answer = client.get("/api/search", params={"q": "x"})
    assert answer.status_code == 503 and "kg ingest" in answer.json()["detail"]
    assert client.get("/healthz").status_code == 200

"""Search through the workspace and HTTP: the index is published with the graph, and forgets what was pruned."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.workspace import Workspace

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
    assert client.get("/api/search").status_code == 422
    typed = client.get("/api/suggest", params={"q": "15/kh"}).json()["suggestions"]
    assert any(found["text"] == "15/KH-UBND" for found in typed)


def test_an_empty_workspace_says_what_to_do(tmp_path: Path) -> None:
    client = TestClient(create_app(tmp_path / "nothing"))
    answer = client.get("/api/search", params={"q": "x"})
    assert answer.status_code == 503 and "kg ingest" in answer.json()["detail"]
    assert client.get("/healthz").status_code == 200

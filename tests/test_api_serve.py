"""The server beside other processes: it follows new snapshots at once, and a second writer waits and says for whom."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from api.workspace import Workspace
from kg.snapshots import write_session

SAMPLES = Path(__file__).resolve().parents[1] / "samples" / "documents"


def kg(*arguments: str, workspace: Path) -> subprocess.CompletedProcess[str]:
    """Runs one ``kg`` command as a user does, in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "api.cli", *arguments, "--workspace", str(workspace)],
        capture_output=True, text=True, timeout=60, env={**os.environ, "PYTHONIOENCODING": "utf-8"}, check=False,
    )  # fmt: skip


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A workspace with the province's own reference data and one document."""
    first = tmp_path / "first"
    first.mkdir()
    for name in ("reference.ttl", "03-ke-hoach-15-kh-ubnd-tinh.txt"):
        shutil.copy(SAMPLES / name, first / name)
    root = tmp_path / "kg-data"
    assert Workspace(root).ingest([first]).clean
    return root


@pytest.fixture
def server(workspace: Path, free_port: int) -> Iterator[str]:
    """A running ``kg serve``; ended with the test."""
    process = subprocess.Popen(
        [sys.executable, "-m", "api.cli", "serve", "--workspace", str(workspace), "--port", str(free_port)],
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stderr is not None
    try:
        assert f"127.0.0.1:{free_port}" in process.stderr.readline()
        url = f"http://127.0.0.1:{free_port}"
        for _ in range(200):
            try:
                if httpx.get(f"{url}/healthz", timeout=1).status_code == 200:
                    break
            except httpx.TransportError:
                time.sleep(0.05)
        yield url
    finally:
        process.terminate()
        process.wait(10)
        process.stderr.close()


def test_commands_work_beside_the_server_and_it_shows_a_new_document_within_a_second(
    server: str, workspace: Path
) -> None:
    number = "15/KH-UBND"
    assert httpx.get(f"{server}/api/trace", params={"number": number}).json()["implementing"] == []

    done = kg("ingest", str(SAMPLES / "04-ke-hoach-15-kh-ubnd-binh-khe.txt"), workspace=workspace)
    assert done.returncode == 0, done.stderr
    deadline = time.monotonic() + 1
    while time.monotonic() < deadline:
        answer = httpx.get(f"{server}/api/trace", params={"number": number, "issuer": "tỉnh Lâm Sơn"}).json()
        if answer["implementing"]:
            break
    (row,) = answer["implementing"]
    assert (row["document"]["number"], row["how"], row["relation"]) == (number, "direct", "implements")

    traced = kg("trace", number, "--issuer", "tinh lam son", "--format", "json", workspace=workspace)
    assert json.loads(traced.stdout) == answer
    asked = kg("sparql", "ASK { ?s vb:file ?f }", "--format", "json", workspace=workspace)
    assert json.loads(asked.stdout)["boolean"] is True


def test_an_ambiguous_and_an_unknown_number_have_their_codes(server: str, workspace: Path) -> None:
    added = kg("ingest", str(SAMPLES / "04-ke-hoach-15-kh-ubnd-binh-khe.txt"), workspace=workspace)
    assert added.returncode == 0, added.stderr
    several = kg("trace", "15/KH-UBND", workspace=workspace)
    assert several.returncode == 3
    assert len(json.loads(several.stdout)["candidates"]) == 2
    answer = httpx.get(f"{server}/api/trace", params={"number": "15/KH-UBND"})
    assert answer.status_code == 300 and len(answer.json()["candidates"]) == 2

    nobody = kg("trace", "15/KH-UBNN", workspace=workspace)
    assert nobody.returncode == 4 and "15/KH-UBND" in json.loads(nobody.stdout)["nearest"]
    answer = httpx.get(f"{server}/api/trace", params={"number": "15/KH-UBNN"})
    assert answer.status_code == 404 and answer.headers["content-type"] == "application/problem+json"
    assert httpx.get(f"{server}/api/trace").status_code == 422
    assert httpx.get(f"{server}/api/nowhere").json()["status"] == 404


def test_documents_are_listed_newest_first_with_their_total(server: str) -> None:
    page = httpx.get(f"{server}/api/documents", params={"held": False, "limit": 3}).json()
    assert page["total"] > 3 and len(page["documents"]) == 3
    dates = [document["date"] or "" for document in page["documents"]]
    assert dates == sorted(dates, reverse=True)
    held = httpx.get(f"{server}/api/documents", params={"kind": "kế hoạch", "level": "province"}).json()
    assert [document["number"] for document in held["documents"]] == ["15/KH-UBND"]


def test_the_second_of_two_writers_waits_and_says_for_whom(workspace: Path) -> None:
    with write_session(workspace, command="kg ingest công-văn"):
        waiting = subprocess.Popen(
            [sys.executable, "-m", "api.cli", "ingest", str(SAMPLES / "11-cong-van-412-sgddt.txt"), "--workspace",
             str(workspace)],
            stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert waiting.stderr is not None
        said = waiting.stderr.readline()
        assert "kg ingest công-văn" in said and str(os.getpid()) in said
        assert waiting.poll() is None
    assert waiting.wait(60) == 0
    assert "412/SGDĐT-VP" in waiting.stderr.read()
    waiting.stderr.close()

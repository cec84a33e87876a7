"""The examples of docs/querying.md, run against a live server."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from readers_workspace import ingested
from serving import serving

PAGE = Path(__file__).resolve().parents[1] / "docs" / "querying.md"
BLOCKS = {
    match[1]: (match[2], match[3])
    for match in re.finditer(r"^## (\S+)\n\n```(\w+)\n(.*?)^```", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving("--workspace", str(ingested(tmp_path_factory.mktemp("docs")))) as url:
        yield url


def run(name: str, server: str) -> dict[str, Any]:
    """What a Python example leaves behind."""
    language, code = BLOCKS[name]
    assert language == "python" and "http://127.0.0.1:8000" in code
    names: dict[str, Any] = {}
    exec(compile(code.replace("http://127.0.0.1:8000", server), f"{PAGE.name} {name}", "exec"), names)
    return names


def test_all_examples_are_known() -> None:
    assert set(BLOCKS) == {"curl", "rdflib", "SPARQLWrapper", "pandas"}


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_curl(server: str) -> None:
    code = BLOCKS["curl"][1].replace("http://127.0.0.1:8000", server)
    done = subprocess.run(["bash", "-ec", code], capture_output=True, text=True, timeout=60, check=True)
    csv, _, turtle = done.stdout.partition("@prefix")
    assert csv.splitlines()[0] == "number,title" and len(csv.splitlines()) == 4
    assert "Ủy ban nhân dân tỉnh Lâm Sơn" in turtle and "org:FormalOrganization" in turtle


def test_rdflib(server: str) -> None:
    assert len(run("rdflib", server)["rows"]) == 5


@pytest.mark.filterwarnings("ignore")
def test_sparqlwrapper(server: str) -> None:
    pytest.importorskip("SPARQLWrapper", reason="SPARQLWrapper is not installed")
    assert len(run("SPARQLWrapper", server)["rows"]) == 5


@pytest.mark.filterwarnings("ignore")
def test_pandas(server: str) -> None:
    pytest.importorskip("pandas", reason="pandas is not installed")
    left = run("pandas", server)
    assert list(left["table"].columns) == ["level", "year", "n"] and left["table"]["n"].sum() > 20
    assert len(left["documents"]) > 20 and "Kế hoạch" in set(left["documents"]["kind"])

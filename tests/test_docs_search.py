"""The examples of docs/search.md, run on the samples."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from readers_workspace import client_of, ingested

PAGE = (Path(__file__).resolve().parents[1] / "docs" / "search.md").read_text("utf-8")


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return ingested(tmp_path_factory.mktemp("search"))


def block(language: str) -> str:
    [found] = re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    return str(found)


def test_the_python_example_prints_what_is_shown(workspace: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", block("python")], cwd=workspace.parent, capture_output=True, text=True, check=True
    )
    assert done.stdout == block("text")


def test_the_addresses_answer(workspace: Path) -> None:
    urls = re.findall(r"'(http://\S+)'", block("bash"))
    assert len(urls) == 3
    with client_of(workspace) as client:
        for url in urls:
            parts = urlsplit(url)
            answer = client.get(f"{parts.path}?{parts.query}")
            assert answer.status_code == 200
            assert "17-CT/TU" in answer.text or "68/KH-UBND" in answer.text

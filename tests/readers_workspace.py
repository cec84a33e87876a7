"""One workspace of the samples for all tests of reading, and clients of the application on it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fastapi.testclient import TestClient

from api.app import create_app
from api.workspace import Workspace

__all__ = ["SAMPLES", "client_of", "copied", "ingested"]

SAMPLES = Path(__file__).resolve().parents[1] / "samples" / "documents"


def ingested(folder: Path) -> Path:
    """A workspace that holds the samples, made in ``folder``."""
    root = folder / "kg-data"
    Workspace(root).ingest([SAMPLES])
    return root


def copied(root: Path, folder: Path) -> Path:
    """A copy to write to."""
    return Path(shutil.copytree(root, folder / "copy"))


@contextmanager
def client_of(root: Path) -> Iterator[TestClient]:
    """A client of the application on ``root``; an error of the server is an answer, not an exception."""
    with TestClient(create_app(root), raise_server_exceptions=False, follow_redirects=False) as client:
        yield client

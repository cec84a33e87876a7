"""Workspaces for tests that ingest: one is made with the reference graphs in it, which take seconds, and copied."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from api.workspace import Workspace

__all__ = ["LINKED", "SAMPLES", "copy_of", "dump", "empty_workspace"]

SAMPLES = Path(__file__).resolve().parents[1] / "samples" / "documents"

LINKED = ("graph", "index")
"""What is never changed in place may be shared between copies."""


def empty_workspace(factory: pytest.TempPathFactory) -> Path:
    """A workspace that holds no document but all reference data, the samples' invented province included."""
    base = factory.mktemp("kho-mau")
    (base / "khong").mkdir()
    shutil.copy(SAMPLES / "reference.ttl", base / "khong")
    Workspace(base / "kg-data").ingest([base / "khong"])
    return base / "kg-data"


def copy_of(base: Path, target: Path) -> Path:
    """Another workspace that holds the same."""
    target.mkdir()
    for entry in base.iterdir():
        if entry.is_dir():
            copier = os.link if entry.name in LINKED else shutil.copy2
            shutil.copytree(entry, target / entry.name, copy_function=copier)
        else:
            shutil.copy2(entry, target / entry.name)
    return target


def dump(root: Path) -> bytes:
    """The graph as sorted N-Quads: equal stores give equal bytes."""
    return Workspace(root).export("nq", meta=False, public=False)

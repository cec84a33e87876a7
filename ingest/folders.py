"""Where a workspace keeps what ingest makes, and how it is written: whole or not at all.

::

    kg-data/
      ledger.sqlite        which contents were read (ingest.ledger)
      originals/ab/ab12…   the bytes of each file, so that a source folder can go away
      sources/ab/ab12….json    the reader's text: OCR is never done twice
      texts/cd/cd34….txt   canonical texts, named by their own hash; evidence points at them
      documents/ab/ab12….json  what was read from each content
      .scratch/            of running processes only
"""

from __future__ import annotations

import fcntl
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from kg.disk import disk_errors

__all__ = ["REFERENCE", "Folders", "keep", "scratch"]

REFERENCE = "reference.ttl"
"""Reference data of an installation's own (``kg.reference``), not a document."""


@dataclass(frozen=True, slots=True)
class Folders:
    """The places under one workspace ``root``."""

    root: Path

    @property
    def ledger(self) -> Path:
        """The SQLite ledger."""
        return self.root / "ledger.sqlite"

    @property
    def reference(self) -> Path | None:
        """Reference data of the installation's own, when there is any."""
        extra = self.root / REFERENCE
        return extra if extra.exists() else None

    @property
    def scratch(self) -> Path:
        """What running processes put aside."""
        return self.root / ".scratch"

    def document(self, sha256: str) -> Path:
        """The cached document of one content."""
        return self.root / "documents" / sha256[:2] / f"{sha256}.json"

    def original(self, sha256: str) -> Path:
        """The copy of one file's bytes."""
        return self.root / "originals" / sha256[:2] / sha256

    def source(self, sha256: str) -> Path:
        """The reader's text of one content, with its pages and their confidence."""
        return self.root / "sources" / sha256[:2] / f"{sha256}.json"

    def text(self, sha256: str) -> Path:
        """The immutable text snapshot that evidence points at, by the hash of the text."""
        return self.root / "texts" / sha256[:2] / f"{sha256}.txt"

    def of_content(self, sha256: str) -> tuple[Path, ...]:
        """Every file made of one content but its text, which another content may share."""
        return self.document(sha256), self.source(sha256), self.original(sha256)


def keep(path: Path, content: bytes, aside: Path, *, replace: bool = False) -> None:
    """Puts a file in its place by rename, out of the folder ``aside``; one that is there stays unless ``replace``.

    Nothing is forced to the disk: after a power cut a file may be empty, which is found when it is opened.
    """
    if not replace and path.exists():
        return
    with disk_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = aside / f"{uuid.uuid4().hex}.new"
        try:
            fresh.write_bytes(content)
            fresh.replace(path)
        except BaseException:
            fresh.unlink(missing_ok=True)
            raise


@contextmanager
def scratch(folders: Folders) -> Iterator[Path]:
    """A folder of this run's own under ``.scratch``; what runs that died left there is cleared away first."""
    with disk_errors(folders.root):
        folders.scratch.mkdir(parents=True, exist_ok=True)
        door = os.open(folders.scratch, os.O_RDONLY)
        try:
            with suppress(OSError):  # a network disk without locks
                fcntl.flock(door, fcntl.LOCK_EX)  # nobody clears away what was made and not yet locked
            for old in folders.scratch.iterdir():
                _clear(old)
            made = folders.scratch / uuid.uuid4().hex
            made.mkdir()
            held = os.open(made, os.O_RDONLY)
            with suppress(OSError):
                fcntl.flock(held, fcntl.LOCK_SH)
        finally:
            os.close(door)
    try:
        yield made
    finally:
        os.close(held)
        shutil.rmtree(made, ignore_errors=True)


def _clear(old: Path) -> None:
    """Removes what a dead run left: a living one holds a lock on its folder."""
    with suppress(OSError):
        held = os.open(old, os.O_RDONLY)
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(old)
        finally:
            os.close(held)

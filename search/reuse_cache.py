"""The runs of words of every held document, read once per text and kept in one small database beside the data.

A row is named by what it was read from (the text, and where its body and annex stand), so a new reading of a file
makes a new one; rows of texts that are gone fall out. Where nothing changed that counts, neither do the edges.
A database that is missing or damaged is made again. No run stays in memory.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np

from kg.disk import disk_errors
from kg.errors import WorkspaceError
from kg.model import Document
from kg.works import HeldFile, Resolution
from search.postings import Shingles
from search.reuse import Entry, Reuse, ReuseIndex, shingles

__all__ = ["reuse_edges"]

FORMAT = 2
"""Grows when the same documents would give other runs or other edges."""
_BATCH = 200
"""Texts whose runs are written at once."""
_SCHEMA = """
pragma journal_mode = wal;
pragma synchronous = normal;
create table if not exists text (name blob primary key, runs blob not null) strict;
create table if not exists answer (digest blob not null, edges blob not null) strict;
"""


def reuse_edges(resolution: Resolution, path: Path) -> tuple[Reuse, ...]:
    """Who reuses whose text among all held works. ``path`` is brought up to date; the answer never depends on it."""
    with disk_errors(path):
        try:
            return _edges(resolution, path)
        except (sqlite3.DatabaseError, msgspec.MsgspecError):  # damaged, or the disk is full: which, the next try tells
            for ending in ("", "-wal", "-shm"):
                path.with_name(path.name + ending).unlink(missing_ok=True)
        try:
            return _edges(resolution, path)
        except sqlite3.DatabaseError as error:
            raise WorkspaceError(f"Không ghi được {path} ({error}). Dữ liệu cũ còn nguyên.") from error


def _edges(resolution: Resolution, path: Path) -> tuple[Reuse, ...]:
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.executescript(_SCHEMA)
        files: dict[bytes, HeldFile] = {}
        entries: list[Entry] = []
        told = hashlib.blake2b(digest_size=16)
        for key in sorted(resolution.works):
            work = resolution.works[key]
            document = work.document
            if document is None:
                continue
            name = _name(document)
            files[name] = work.files[0]
            entry = Entry(
                key,
                _Runs(db, name),
                level=work.level,
                province=document.metadata.province,
                earliest=work.date or work.date_earliest,
                latest=work.date or work.date_latest,
            )
            entries.append(entry)
            told.update(f"{key}|{name.hex()}|{entry.level}|{entry.province}|{entry.earliest}|{entry.latest}\n".encode())
        answer = db.execute("select edges from answer where digest = ?", (told.digest(),)).fetchone()
        if answer is not None:
            return msgspec.msgpack.decode(answer[0], type=tuple[Reuse, ...])
        _bring_up_to_date(db, files)
        edges = ReuseIndex(entries, path.parent).edges()
        with db:
            db.execute("begin")
            db.execute("delete from answer")
            db.execute("insert into answer values (?, ?)", (told.digest(), msgspec.msgpack.encode(edges)))
        return edges


def _bring_up_to_date(db: sqlite3.Connection, files: Mapping[bytes, HeldFile]) -> None:
    """Reads the texts whose runs are not known, and forgets those that are no longer held."""
    known = {name for (name,) in db.execute("select name from text")}
    with db:
        db.execute("begin")
        db.executemany("delete from text where name = ?", ((name,) for name in known - files.keys()))
    fresh = [name for name in files if name not in known]
    for begin in range(0, len(fresh), _BATCH):
        with db:
            db.execute("begin")
            db.executemany(
                "insert into text values (?, ?)",
                (
                    (name, shingles(files[name].whole()).astype("<u8").tobytes())
                    for name in fresh[begin : begin + _BATCH]
                ),
            )


@dataclass(frozen=True, slots=True)
class _Runs:
    """The runs of one text, read when numpy is to make an array of them."""

    db: sqlite3.Connection
    name: bytes

    def __array__(self, dtype: object = None, copy: bool | None = None) -> Shingles:
        (runs,) = self.db.execute("select runs from text where name = ?", (self.name,)).fetchone()
        return np.frombuffer(runs, dtype="<u8").astype(np.uint64)


def _name(document: Document) -> bytes:
    told = f"{FORMAT}|{document.text.sha256}|{document.layout.body}|{document.layout.annex}".encode()
    return hashlib.blake2b(told, digest_size=16).digest()

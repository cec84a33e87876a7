"""The runs of words of every held document, read once per text and kept in one file beside the data.

An entry is named by what it was read from (the text, and where its body and annex stand), so a new reading of a file
makes a new one; entries of texts that are gone fall out. Where nothing changed that counts, neither do the edges.
A file that is missing or damaged is made again.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec
import numpy as np

from kg.disk import disk_errors, write_atomically
from kg.model import Document
from kg.works import Resolution
from search.reuse import Entry, Reuse, ReuseIndex, shingles

__all__ = ["reuse_edges"]

FORMAT = 1
"""Grows when the same documents would give other runs or other edges."""


class _Kept(msgspec.Struct):
    """What the file holds: the runs by name, and the edges that came of them with the digest of all they depend on."""

    runs: dict[str, bytes] = {}
    digest: str = ""
    edges: tuple[Reuse, ...] = ()


def reuse_edges(resolution: Resolution, path: Path) -> tuple[Reuse, ...]:
    """Who reuses whose text among all held works. ``path`` is brought up to date; the answer never depends on it."""
    kept = _read(path)
    runs: dict[str, bytes] = {}
    entries: list[Entry] = []
    told = hashlib.blake2b(digest_size=16)
    for key in sorted(resolution.works):
        work = resolution.works[key]
        document = work.document
        if document is None:
            continue
        name = _name(document)
        if name not in runs:
            known = kept.runs.get(name)
            runs[name] = shingles(work.files[0].whole()).astype("<u8").tobytes() if known is None else known
        entry = Entry(
            key,
            np.frombuffer(runs[name], dtype="<u8").astype(np.uint64),
            level=work.level,
            province=document.metadata.province,
            earliest=work.date or work.date_earliest,
            latest=work.date or work.date_latest,
        )
        entries.append(entry)
        told.update(f"{key}|{name}|{entry.level}|{entry.province}|{entry.earliest}|{entry.latest}\n".encode())
    digest = told.hexdigest()
    if digest == kept.digest:
        return kept.edges
    edges = ReuseIndex(entries).edges()
    with disk_errors(path):
        write_atomically(path, msgspec.msgpack.encode(_Kept(runs, digest, edges)))
    return edges


def _read(path: Path) -> _Kept:
    try:
        return msgspec.msgpack.decode(path.read_bytes(), type=_Kept)
    except (OSError, msgspec.MsgspecError):
        return _Kept()


def _name(document: Document) -> str:
    told = f"{FORMAT}|{document.text.sha256}|{document.layout.body}|{document.layout.annex}".encode()
    return hashlib.blake2b(told, digest_size=16).hexdigest()

"""The files of one generation of the index, read: segments that never change, and the manifest that names them.

::

    gen-7/
      manifest.json   format, encoder, quantiser, segments, removed documents
      quantiser.faiss what the vector codes mean
      lexical/        tantivy
      seg-3/          documents.json  passages.npy  headings.json  vectors.npy  pieces.npy  texts.bin

A new generation links the segments of the one before it (hard links: no copying) and adds its own; a document that goes
is named in ``removed``. Documents and passages bear numbers that are never used twice within a folder's life.
"""

from __future__ import annotations

import mmap
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from kg.disk import write_atomically
from kg.errors import IndexMismatch
from kg.model import Level
from search.documents import IndexedDocument
from search.encoders import Pieces
from search.vectors import Codes

__all__ = [
    "FORMAT",
    "PASSAGE",
    "REBUILD",
    "DocumentRecord",
    "Manifest",
    "Segment",
    "link_tree",
    "read_manifest",
    "require_files",
]

REBUILD = "Hãy dựng lại chỉ mục: kg ingest --rebuild-index (tệp đã nạp không phải đọc lại)."
FORMAT = 1
"""Grows when an older index could not be read or would answer otherwise (fields, tokens, passages)."""

_PARTS = ("documents.json", "headings.json", "texts.bin", "passages.npy", "pieces.npy", "vectors.npy")

PASSAGE = np.dtype(
    [
        ("pid", "<i8"),
        ("document", "<i8"),
        ("start", "<i4"),
        ("end", "<i4"),
        ("byte", "<i8"),
        ("bytes", "<i4"),
        ("heading", "<i4"),
        ("piece", "<i8"),
        ("pieces", "<i4"),
    ]
)
"""``start`` and ``end`` are in the document's text, ``byte`` and ``bytes`` say where that is in ``texts.bin``;
``piece`` is where the pieces of the passage begin in ``pieces.npy``, ``pieces`` how many there are."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an index was made with. ``removed`` are numbers of documents that are no more."""

    format: int
    encoder: str
    fingerprint: str
    dimension: int
    quantiser: str
    next_document: int = 0
    next_passage: int = 0
    segments: tuple[str, ...] = ()
    removed: tuple[int, ...] = ()
    documents: int = 0
    passages: int = 0

    def save(self, folder: Path) -> None:
        """Writes ``manifest.json``, last of all files: a folder without it is not an index."""
        write_atomically(folder / "manifest.json", msgspec.json.encode(self))


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a generation. Raises IndexMismatch when it is missing, damaged or of another format."""
    try:
        manifest = msgspec.json.decode((folder / "manifest.json").read_bytes(), type=Manifest)
    except (OSError, msgspec.MsgspecError) as exc:
        raise IndexMismatch(f"Chỉ mục tìm kiếm ở {folder} không đọc được ({exc}). {REBUILD}") from exc
    if manifest.format != FORMAT:
        raise IndexMismatch(
            f"Chỉ mục tìm kiếm ở {folder} thuộc định dạng {manifest.format}, phần mềm này dùng định dạng {FORMAT}. "
            + REBUILD
        )
    return manifest


def require_files(folder: Path, manifest: Manifest) -> None:
    """Raises IndexMismatch when a file of a generation is not there."""
    wanted = [folder / "quantiser.faiss", folder / "lexical" / "meta.json"]
    wanted += [folder / segment / name for segment in manifest.segments for name in _PARTS]
    for path in wanted:
        if not path.is_file():
            raise IndexMismatch(f"Chỉ mục tìm kiếm ở {folder} thiếu tệp {path.relative_to(folder)}. {REBUILD}")


@dataclass(frozen=True, slots=True)
class DocumentRecord:
    """What is kept of a document for lists, filters and the number route; its text lies in ``texts.bin``."""

    id: int
    key: str
    digest: str
    number: str | None
    kind: str | None
    issuer: str | None
    owner: str | None
    level: Level | None
    date: str | None
    date_earliest: str | None
    date_latest: str | None
    years: tuple[int, ...]
    title: str | None
    campaigns: tuple[str, ...]
    cites: tuple[str, ...]
    internal: bool
    file: str | None
    text_at: int
    text_bytes: int

    @classmethod
    def of(cls, number: int, document: IndexedDocument, text_at: int, text_bytes: int) -> DocumentRecord:
        """The record of a document that gets this number."""

        def iso(day: object) -> str | None:
            return str(day) if day is not None else None

        return cls(
            number, document.key, document.digest, document.number, document.kind, document.issuer, document.owner,
            document.level, iso(document.date), iso(document.date_earliest), iso(document.date_latest), document.years,
            document.title, document.campaigns, document.cites, document.visibility == "internal", document.file,
            text_at, text_bytes,
        )  # fmt: skip


class Segment:
    """One segment opened for reading; big parts stay on disk until asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.records: list[DocumentRecord] = msgspec.json.decode(
            (folder / "documents.json").read_bytes(), type=list[DocumentRecord]
        )
        self.passages: NDArray[np.void] = np.load(folder / "passages.npy")
        self._headings: list[str] | None = None
        self._texts: mmap.mmap | None = None

    @property
    def vectors(self) -> Path:
        """The file of the vector codes."""
        return self._folder / "vectors.npy"

    def codes(self) -> Codes:
        """The vector codes, one row per passage, mapped from disk."""
        if not len(self.passages):
            codes: Codes = np.load(self.vectors)
            return codes
        mapped: Codes = np.load(self.vectors, mmap_mode="r")
        return mapped

    def pieces(self) -> Pieces:
        """The pieces of all passages, one after the other."""
        found: Pieces = np.load(self._folder / "pieces.npy")
        return found

    def heading(self, number: int) -> str:
        """The heading path that a passage row points at."""
        if self._headings is None:
            self._headings = msgspec.json.decode((self._folder / "headings.json").read_bytes(), type=list[str])
        return self._headings[number]

    def text(self, at: int, size: int) -> str:
        """``size`` bytes of the texts from byte ``at`` on: a document's whole text, or one passage."""
        return self.raw(at, size).decode("utf-8", "surrogatepass")

    def raw(self, at: int, size: int) -> bytes:
        """The same as bytes."""
        if not size:
            return b""
        if self._texts is None:
            with (self._folder / "texts.bin").open("rb") as file:
                self._texts = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        return self._texts[at : at + size]


def link_tree(source: Path, target: Path) -> None:
    """The same files under another folder: hard links, copies where the disk knows none. Locks stay behind."""
    target.mkdir(parents=True, exist_ok=True)
    for path in source.iterdir():
        if path.is_dir():
            link_tree(path, target / path.name)
        elif not path.name.endswith(".lock"):
            try:
                os.link(path, target / path.name)
            except OSError:
                shutil.copy2(path, target / path.name)

"""One generation of the index, loaded for reading: its documents, its passages with their vectors, its words.

All passages stand in one table, in the order of segments; a *row* is a place in it. What was removed is left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from kg.errors import IndexMismatch
from search.analysis import Query
from search.encoders import Encoder, Floats, Pieces
from search.lexical import LexicalIndex
from search.results import PassageView
from search.segments import PASSAGE, REBUILD, DocumentRecord, Manifest, Segment, read_manifest, require_files
from search.vectors import Quantiser, VectorIndex

__all__ = ["Generation"]


class Generation:
    """What the folder of a generation holds. Raises IndexMismatch when it cannot be read."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.manifest: Manifest = read_manifest(folder)
        require_files(folder, self.manifest)
        try:
            self._load(folder)
        except (OSError, ValueError, EOFError, RuntimeError, msgspec.MsgspecError) as exc:
            said = str(exc).strip().partition("\n")[0][:200]
            raise IndexMismatch(f"Chỉ mục tìm kiếm ở {folder} bị hỏng ({said}). {REBUILD}") from exc

    def _load(self, folder: Path) -> None:
        self.records: dict[int, DocumentRecord] = {}
        self._home: dict[int, Segment] = {}
        gone = set(self.manifest.removed)
        blocks, codes, pieces, shift = [], [], [], 0
        for segment in [Segment(folder / name) for name in self.manifest.segments]:
            for record in segment.records:
                if record.id not in gone:
                    self.records[record.id] = record
                    self._home[record.id] = segment
            kept = ~np.isin(segment.passages["document"], list(gone)) if gone else slice(None)
            rows = segment.passages[kept].copy()
            rows["piece"] += shift
            blocks.append(rows)
            codes.append(np.asarray(segment.codes()[kept], dtype=np.uint8))
            pieces.append(segment.pieces())
            shift += len(pieces[-1])
        self.passages = np.concatenate(blocks) if blocks else np.zeros(0, dtype=PASSAGE)
        self.pieces: Pieces = np.concatenate(pieces) if pieces else np.zeros(0, dtype=np.uint16)
        self._order = np.argsort(self.passages["pid"], kind="stable")
        self._sorted_pids = self.passages["pid"][self._order]
        quantiser = Quantiser.load(folder / "quantiser.faiss", self.manifest.quantiser, self.manifest.dimension)
        self.vectors = VectorIndex(quantiser, codes)
        self.lexical = LexicalIndex(folder / "lexical")

    def rows(self, pids: NDArray[np.int64]) -> NDArray[np.int64]:
        """Where passages stand, by the numbers that the words know them by; -1 for one that is no more."""
        if not len(self._sorted_pids):
            return np.full(len(pids), -1, dtype=np.int64)
        places = np.minimum(np.searchsorted(self._sorted_pids, pids), len(self._sorted_pids) - 1)
        rows: NDArray[np.int64] = np.where(self._sorted_pids[places] == pids, self._order[places], -1)
        return rows

    def documents(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """The document of each row."""
        found: NDArray[np.int64] = self.passages["document"][rows]
        return found

    def rows_of(self, document: int) -> NDArray[np.int64]:
        """The passages of one document, in the order of its text."""
        return np.flatnonzero(self.passages["document"] == document)

    def pieces_of(self, rows: NDArray[np.int64]) -> list[Pieces]:
        """The pieces of each passage; none at all when the encoder knows none."""
        starts = self.passages["piece"][rows].tolist()
        lengths = self.passages["pieces"][rows].tolist()
        return [self.pieces[start : start + length] for start, length in zip(starts, lengths, strict=True)]

    def cover(self, encoder: Encoder, text: str) -> Callable[[NDArray[np.int64]], Floats] | None:
        """How well passages, by row, cover the words of ``text``; None when the encoder cannot say."""
        matcher = encoder.matcher
        if matcher is None or not len(self.pieces):
            return None

        def cover(rows: NDArray[np.int64]) -> Floats:
            parts = self.pieces_of(rows)
            lengths = np.array([len(part) for part in parts], dtype=np.int64)
            filled = np.flatnonzero(lengths)
            found = np.zeros(len(rows), dtype=np.float32)
            if len(filled):
                begins = np.cumsum(lengths[filled]) - lengths[filled]
                found[filled] = matcher.cover(text, np.concatenate(parts), begins)
            return found

        return cover

    def view(self, row: int | None, query: Query | None = None) -> PassageView | None:
        """A passage with its text; None for a paper that is only cited."""
        if row is None:
            return None
        _, document, start, end, byte, size, heading, _, _ = self.passages[row].item()
        if start == end:
            return None
        segment = self._home[document]
        return PassageView(row, segment.text(byte, size), start, end, segment.heading(heading), query)

    def text(self, document: int, start: int, end: int) -> str:
        """The passages of a document that touch a range of its text."""
        rows = self.rows_of(document)
        touched = rows[(self.passages["start"][rows] < end) & (self.passages["end"][rows] > start)]
        return "\n".join(view.text for row in touched.tolist() if (view := self.view(row)) is not None)

    def row_with(self, document: int, digits: str | None) -> int | None:
        """The first passage of a document in which a number with a symbol stands, else the digits, else its first."""
        rows = self.rows_of(document).tolist()
        if digits is not None and len(rows) > 1:
            texts = [view.text if (view := self.view(row)) is not None else "" for row in rows]
            bare = rf"(?<![\d/])0*{re.escape(digits)}"
            for pattern in (rf"{bare}\s?[-/]\s?(?:\d{{4}}\s?/\s?)?[^\W\d]", rf"{bare}(?!\d)"):
                wanted = re.compile(pattern, re.IGNORECASE)
                for row, text in zip(rows, texts, strict=True):
                    if wanted.search(text):
                        return int(row)
        return int(rows[0]) if rows else None

"""The files of a new segment, written as documents come: what is in memory does not grow with their number."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Self

import numpy as np

from search.arrays import GrowingArray, GrowingFile, GrowingList, blocks
from search.documents import IndexedDocument
from search.encoders import Pieces
from search.passages import Passage
from search.segments import PASSAGE, DocumentRecord, Manifest, Segment
from search.vectors import Codes

__all__ = ["SegmentWriter", "merged"]

_ROWS = 1_000


class SegmentWriter:
    """Makes the folder of one segment, to be used in ``with``; it counts once ``finish`` was called.

    ``width`` is the number of bytes of a vector's code.
    """

    def __init__(self, folder: Path, width: int) -> None:
        folder.mkdir(parents=True)
        self._open = ExitStack()
        enter = self._open.enter_context
        with self._open:  # closes what is open already when the next cannot be made
            enter(records := GrowingList(folder / "documents.json"))
            enter(headings := GrowingList(folder / "headings.json"))
            enter(texts := GrowingFile(folder / "texts.bin"))
            enter(passages := GrowingArray(folder / "passages.npy", PASSAGE))
            enter(pieces := GrowingArray(folder / "pieces.npy", np.uint16))
            enter(vectors := GrowingArray(folder / "vectors.npy", np.uint8, width))
            self._open = self._open.pop_all()
        self._records, self._headings, self._texts = records, headings, texts
        self._passages, self._pieces, self._vectors = passages, pieces, vectors
        self._rows: list[tuple[int, ...]] = []
        self._at = 0
        self._piece = 0
        self._reached = (0, 0)
        self._known: dict[str, int] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    @property
    def documents(self) -> int:
        """How many documents there are so far."""
        return self._records.count

    @property
    def passages(self) -> int:
        """How many passages there are so far."""
        return self._passages.count + len(self._rows)

    @property
    def at(self) -> int:
        """Where the next text will begin."""
        return self._at

    def add(self, number: int, document: IndexedDocument) -> DocumentRecord:
        """Takes a document in; its passages follow with ``add_passage``, in text order."""
        text = document.text.encode("utf-8", "surrogatepass")
        record = DocumentRecord.of(number, document, self._at, len(text))
        self.add_record(record, text)
        self._reached = (0, record.text_at)
        return record

    def add_record(self, record: DocumentRecord, text: bytes) -> None:
        """Takes a finished record and its text in; the record must say where the text goes."""
        self._records.append(record)
        self._texts.write(text)
        self._at += len(text)
        self._known.clear()

    def add_passage(self, pid: int, number: int, text: str, passage: Passage, pieces: Pieces) -> None:
        """Takes the next passage of the document added last in; ``text`` is that document's text."""
        letters, byte = self._reached
        byte += len(text[letters : passage.start].encode("utf-8", "surrogatepass"))
        size = len(text[passage.start : passage.end].encode("utf-8", "surrogatepass"))
        self._reached = (passage.end, byte + size)
        self.add_row((pid, number, passage.start, passage.end, byte, size, self.heading(passage.heading)), pieces)

    def heading(self, path: str) -> int:
        """The number of a heading path; the same one twice in a document is kept once."""
        number = self._known.get(path)
        if number is None:
            number = self._known[path] = self._headings.count
            self._headings.append(path)
        return number

    def add_row(self, row: tuple[int, ...], pieces: Pieces) -> None:
        """Takes a row without its last two fields in."""
        self._rows.append((*row, self._piece, len(pieces)))
        self._pieces.append(pieces)
        self._piece += len(pieces)
        if len(self._rows) == _ROWS:
            self._write_rows()

    def add_codes(self, codes: Codes) -> None:
        """Takes the codes of the next passages in; in the end there is one for each."""
        self._vectors.append(codes)

    def _write_rows(self) -> None:
        self._passages.append(np.array(self._rows, dtype=PASSAGE))
        self._rows.clear()

    def finish(self) -> None:
        """Each file is complete and on disk when this returns."""
        self._write_rows()
        for file in (self._records, self._headings, self._texts, self._passages, self._pieces, self._vectors):
            file.finish()


def merged(
    segments: Sequence[Segment], removed: Iterable[int], name: str, manifest: Manifest, folder: Path
) -> Manifest:  # fmt: skip
    """Writes one segment with all that is live in ``segments`` and returns the manifest that names it alone."""
    gone = np.array(sorted(removed), dtype=np.int64)
    dead = set(gone.tolist())
    width = segments[0].codes().shape[1]
    with SegmentWriter(folder / name, width) as writer:
        for segment in segments:
            pieces = segment.pieces()
            rows = segment.passages
            places = np.searchsorted(rows["document"], [record.id for record in segment.records])
            ends = [*places[1:].tolist(), len(rows)]
            for record, start, end in zip(segment.records, places.tolist(), ends, strict=True):
                if record.id in dead:
                    continue
                moved = writer.at - record.text_at
                text = segment.raw(record.text_at, record.text_bytes)
                writer.add_record(replace(record, text_at=writer.at), text)
                for pid, number, first, last, byte, size, heading, piece, count in rows[start:end].tolist():
                    head = writer.heading(segment.heading(heading))
                    row = (pid, number, first, last, byte + moved, size, head)
                    writer.add_row(row, pieces[piece : piece + count])
            begin = 0
            for codes in blocks(segment.vectors):
                kept = ~np.isin(rows["document"][begin : begin + len(codes)], gone)
                writer.add_codes(codes[kept])
                begin += len(codes)
        writer.finish()
    return replace(manifest, segments=(name,), removed=())

"""Writing the index: a first build, and updates that touch only what changed. Readers see nothing of it.

Both return the folder of a finished generation; the caller makes it count by naming it in ``CURRENT``. Whatever kills
this process, the folder it was writing has no final name and is cleared away by the next writer.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from kg.errors import IndexMismatch
from search.documents import IndexedDocument
from search.encoders import Encoder, Floats, Pieces, load_encoder, unit
from search.filters import facets
from search.generations import NewGeneration, clear
from search.lexical import LexicalPassage, LexicalWriter
from search.passages import Passage, cut
from search.segments import (
    FORMAT,
    REBUILD,
    DocumentRecord,
    Manifest,
    Segment,
    SegmentWriter,
    link_tree,
    merged,
    read_manifest,
)
from search.vectors import BYTES_FROM, Codes, Quantiser

__all__ = ["build", "check_encoder", "clear", "digests", "passage_vectors", "synchronise", "update"]

Progress = Callable[[str, int, int], None]
"""Called with (what is being done, how many are done, how many there are; 0 when not known)."""

_MOST_SEGMENTS = 24
_BATCH = 256  # documents whose passages are encoded together


def _lexical_title(record: DocumentRecord) -> str:
    return " ".join(part for part in (record.kind, record.number, record.issuer, record.title) if part)


def _above(document: IndexedDocument, passage: Passage) -> str:
    """What stands above a passage: the title of the document and the headings, a line each."""
    return "\n".join(part for part in (document.title, passage.heading) if part)


def passage_vectors(encoder: Encoder, document: IndexedDocument, passages: Sequence[Passage]) -> Floats:
    """One vector of length one per passage, with its surroundings as the encoder likes them (``Mix``)."""
    if not passages:
        return np.zeros((0, encoder.dimension), dtype=np.float32)
    pieces = [document.text[passage.start : passage.end] for passage in passages]
    above = [_above(document, passage) for passage in passages]
    mix = encoder.mix
    if mix.as_text:
        return encoder.encode_passages(
            [f"{head}\n{piece}" if head else piece for head, piece in zip(above, pieces, strict=True)]
        )
    own = encoder.encode_passages(pieces)
    heads = list(dict.fromkeys(above))
    place = {head: row for row, head in enumerate(heads)}
    headed = encoder.encode_passages(heads)[[place[head] for head in above]]
    lengths = np.array([[len(piece)] for piece in pieces], dtype=np.float32)
    whole = unit((own * lengths).sum(axis=0, keepdims=True) + encoder.encode_passages([document.title or ""]))
    return unit(own + mix.title * headed + mix.document * whole)


@dataclass(slots=True)
class _Filling:
    """A new segment in the making, with its vectors not yet quantised."""

    manifest: Manifest
    encoder: Encoder
    lexical: LexicalWriter
    segment: SegmentWriter
    vectors: list[Floats]

    def add(self, document: IndexedDocument) -> None:
        number = self.manifest.next_document
        passages = cut(document.text, document.outline, document.parts) if document.text.strip() else ()
        record = self.segment.add(number, document)
        shown = facets(record)
        title = _lexical_title(record)
        pid = self.manifest.next_passage
        shown_passages = passages or (Passage(0, 0, ""),)  # a work that is only cited is found by its title
        if passages:
            self.vectors.append(passage_vectors(self.encoder, document, passages))
        else:
            self.vectors.append(self.encoder.encode_passages([title]))
        for passage, pieces in zip(shown_passages, self._pieces(document, shown_passages), strict=True):
            self.segment.add_passage(pid, number, document.text, passage, pieces)
            body = f"{_above(document, passage)}\n{document.text[passage.start : passage.end]}"
            self.lexical.add(LexicalPassage(pid, number, body, title, shown))
            pid += 1
        self.manifest = replace(self.manifest, next_document=number + 1, next_passage=pid)

    def _pieces(self, document: IndexedDocument, passages: Sequence[Passage]) -> list[Pieces]:
        matcher = self.encoder.matcher
        if matcher is None:
            return [np.zeros(0, dtype=np.uint16)] * len(passages)
        own = matcher.pieces([document.text[passage.start : passage.end] for passage in passages])
        above = matcher.pieces([_above(document, passage) for passage in passages])
        return [np.union1d(left, right) for left, right in zip(own, above, strict=True)]

    def all_vectors(self) -> Floats:
        if not self.vectors:
            return np.zeros((0, self.encoder.dimension), dtype=np.float32)
        return np.concatenate(self.vectors)


def check_encoder(manifest: Manifest, encoder: Encoder, folder: Path) -> None:
    """Raises IndexMismatch, with the command that helps, when the index was made by another encoder."""
    if manifest.fingerprint != encoder.fingerprint:
        raise IndexMismatch(
            f"Chỉ mục ở {folder} được dựng bằng mô hình “{manifest.encoder}” ({manifest.fingerprint}), nhưng đang đặt "
            f"mô hình “{encoder.name}” ({encoder.fingerprint}). {REBUILD} Hoặc đặt lại KG_ENCODER như cũ."
        )


def build(
    root: Path,
    documents: Iterable[IndexedDocument],
    *,
    encoder: Encoder | None = None,
    progress: Progress | None = None,
) -> Path:
    """Makes a whole new generation under ``root`` (the folder ``index`` of a workspace) and returns its folder."""
    encoder = encoder or load_encoder()
    manifest = Manifest(FORMAT, encoder.name, encoder.fingerprint, encoder.dimension, "fp16")
    with NewGeneration(root) as folder:
        _write(folder, manifest, None, documents, (), encoder, progress)
        return folder.finish()


def update(
    root: Path,
    base: Path | None,
    changed: Iterable[IndexedDocument],
    removed: Iterable[str] = (),
    *,
    encoder: Encoder | None = None,
    progress: Progress | None = None,
) -> Path:  # fmt: skip
    """Makes a generation from ``base`` with some documents put in or replaced (by key) and some keys taken out.

    Without a base, builds. Cost follows what changed, not what is there. Raises IndexMismatch when ``base`` was made
    by another encoder or an older format.
    """
    if base is None:
        return build(root, changed, encoder=encoder, progress=progress)
    encoder = encoder or load_encoder()
    manifest = read_manifest(base)
    check_encoder(manifest, encoder, base)
    with NewGeneration(root) as folder:
        link_tree(base, folder.path)
        (folder.path / "manifest.json").unlink()
        _write(folder, manifest, base, changed, removed, encoder, progress)
        return folder.finish()


def synchronise(
    root: Path,
    base: Path | None,
    documents: Iterable[IndexedDocument],
    *,
    encoder: Encoder | None = None,
    progress: Progress | None = None,
) -> Path:  # fmt: skip
    """Makes the index hold exactly ``documents``: only those whose digest changed are indexed again.

    Returns ``base`` itself when nothing changed. An index of another encoder or format is built anew.
    """
    encoder = encoder or load_encoder()
    if base is not None:
        try:
            manifest = read_manifest(base)
            check_encoder(manifest, encoder, base)
        except IndexMismatch:
            base = None
    if base is None:
        return build(root, documents, encoder=encoder, progress=progress)
    held = digests(base)
    changed = []
    seen = set()
    for document in documents:
        seen.add(document.key)
        if held.get(document.key) != document.digest:
            changed.append(document)
    removed = sorted(set(held) - seen)
    if not changed and not removed:
        return base
    return update(root, base, changed, removed, encoder=encoder, progress=progress)


def digests(base: Path) -> dict[str, str]:
    """Key → digest of every document that an index holds."""
    manifest = read_manifest(base)
    gone = set(manifest.removed)
    records = (record for name in manifest.segments for record in Segment(base / name).records)
    return {record.key: record.digest for record in records if record.id not in gone}


def _write(
    folder: NewGeneration,
    manifest: Manifest,
    base: Path | None,
    changed: Iterable[IndexedDocument],
    removed: Iterable[str],
    encoder: Encoder,
    progress: Progress | None,
) -> None:  # fmt: skip
    """Fills the folder of a generation that holds the links to ``base`` already."""
    path = folder.path
    say = progress or (lambda what, done, total: None)
    old = [Segment(path / name) for name in manifest.segments]
    gone = set(manifest.removed)
    numbers = {record.key: record.id for segment in old for record in segment.records if record.id not in gone}
    lexical = LexicalWriter(path / "lexical")
    filling = _Filling(manifest, encoder, lexical, SegmentWriter(), [])
    leaving = {numbers[key] for key in removed if key in numbers}
    seen: set[str] = set()
    done = 0
    for document in changed:
        if document.key in seen:
            continue
        seen.add(document.key)
        if document.key in numbers:
            leaving.add(numbers[document.key])
        filling.add(document)
        done += 1
        if done % _BATCH == 0:
            say("index", done, 0)
    lexical.remove(sorted(leaving))
    lexical.close()
    manifest = filling.manifest
    gone |= leaving
    vectors = filling.all_vectors()
    rows = sum(int((~np.isin(segment.passages["document"], list(gone))).sum()) for segment in old) + len(vectors)
    quantiser = _quantiser(path, manifest, base, vectors, rows)
    if filling.segment.records:
        name = f"seg-{folder.number}"
        filling.segment.write(path / name, quantiser.encode(vectors))
        manifest = replace(manifest, segments=(*manifest.segments, name))
    live = len(numbers) - len(leaving) + done
    manifest = replace(manifest, quantiser=quantiser.kind, removed=tuple(sorted(gone)), documents=live, passages=rows)
    manifest = _tidy(folder, manifest, quantiser, rows)
    say("index", done, done)
    manifest.save(path)


def _quantiser(path: Path, manifest: Manifest, base: Path | None, vectors: Floats, rows: int) -> Quantiser:
    stored = path / "quantiser.faiss"
    if base is not None:
        return Quantiser.load(stored, manifest.quantiser, manifest.dimension)
    quantiser = Quantiser.fitted(vectors, manifest.dimension)
    quantiser.save(stored)
    return quantiser


def _tidy(folder: NewGeneration, manifest: Manifest, quantiser: Quantiser, rows: int) -> Manifest:
    """Merges segments when there are many or much is dead, and goes over to one byte a component when it pays."""
    path = folder.path
    grown = quantiser.kind == "fp16" and rows >= BYTES_FROM
    dead = len(manifest.removed) > 64 and len(manifest.removed) * 3 > manifest.documents
    if not grown and not dead and len(manifest.segments) <= _MOST_SEGMENTS:
        return manifest
    old = manifest.segments
    name = f"seg-{folder.number}-all"
    manifest = merged([Segment(path / one) for one in old], manifest.removed, name, manifest, path)
    for one in old:
        shutil.rmtree(path / one)
    if grown:
        codes: Codes = np.load(path / name / "vectors.npy")
        vectors = quantiser.decode(codes)
        finer = Quantiser.fitted(vectors, manifest.dimension)
        _replace_file(path / name / "vectors.npy", finer.encode(vectors))
        (path / "quantiser.faiss").unlink()  # the name may be a link to the older generation's file
        finer.save(path / "quantiser.faiss")
        manifest = replace(manifest, quantiser=finer.kind)
    return manifest


def _replace_file(path: Path, codes: Codes) -> None:
    fresh = path.with_suffix(".new")
    with fresh.open("wb") as file:
        np.save(file, codes)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)

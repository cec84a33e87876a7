"""Writing the index: a first build, and updates that touch only what changed. Readers see nothing of it.

Both return the folder of a finished generation; the caller makes it count by naming it in ``CURRENT``. Whatever kills
this process, the folder it was writing has no final name and is cleared away by the next writer.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

import numpy as np

from kg.errors import IndexMismatch
from search.arrays import GrowingArray, blocks
from search.documents import IndexedDocument
from search.encoders import Encoder, Floats, Pieces, load_encoder, unit
from search.filters import facets
from search.generations import NewGeneration, clear
from search.lexical import LexicalPassage, LexicalWriter
from search.passages import Passage, cut
from search.segment_writer import SegmentWriter, merged
from search.segments import (
    FORMAT,
    REBUILD,
    DocumentRecord,
    Manifest,
    Segment,
    link_tree,
    read_manifest,
    require_files,
)
from search.vectors import Quantiser

__all__ = ["BYTES_FROM", "build", "check_encoder", "clear", "digests", "passage_vectors", "synchronise", "update"]

Progress = Callable[[str, int, int], None]
"""Called with (what is being done, how many are done, how many there are; 0 when not known)."""

BYTES_FROM = 20_000
"""From this many vectors on, one byte a component: half the memory and a quarter of the time of a scan."""

_MOST_SEGMENTS = 24
_SAID = 256
"""Documents between two words of progress."""


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
    """A new segment in the making; what a document says is on disk when the next one comes."""

    manifest: Manifest
    encoder: Encoder
    quantiser: Quantiser
    lexical: LexicalWriter
    segment: SegmentWriter

    def add(self, document: IndexedDocument) -> None:
        number = self.manifest.next_document
        passages = cut(document.text, document.outline, document.parts) if document.text.strip() else ()
        record = self.segment.add(number, document)
        shown = facets(record)
        title = _lexical_title(record)
        pid = self.manifest.next_passage
        shown_passages = passages or (Passage(0, 0, ""),)  # a work that is only cited is found by its title
        vectors = (
            passage_vectors(self.encoder, document, passages) if passages else self.encoder.encode_passages([title])
        )
        self.segment.add_codes(self.quantiser.encode(vectors))
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


def check_encoder(manifest: Manifest, encoder: Encoder, folder: Path) -> None:
    """Raises IndexMismatch, with the command that helps, when the index was made by another encoder."""
    if manifest.fingerprint == encoder.fingerprint:
        return
    if manifest.encoder == encoder.name:
        raise IndexMismatch(
            f"Chỉ mục ở {folder} được dựng bằng mô hình “{encoder.name}” với tệp mô hình, tiền tố hoặc cách chuẩn hóa "
            f"khác ({manifest.fingerprint}, nay là {encoder.fingerprint}). {REBUILD} Hoặc đặt lại như cũ."
        )
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

    Without a base, builds. Cost follows what changed, not what is there. ``removed`` is asked when all of ``changed``
    has been taken in. Raises IndexMismatch when ``base`` was made by another encoder or an older format.
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

    Returns ``base`` itself when nothing changed. An index of another encoder or format, or that lacks a file, is built
    anew.
    """
    encoder = encoder or load_encoder()
    if base is not None:
        try:
            manifest = read_manifest(base)
            check_encoder(manifest, encoder, base)
            require_files(base, manifest)
        except IndexMismatch:
            base = None
    if base is None:
        return build(root, documents, encoder=encoder, progress=progress)
    held = digests(base)
    seen: set[str] = set()

    def fresh() -> Iterator[IndexedDocument]:
        for document in documents:
            seen.add(document.key)
            if held.get(document.key) != document.digest:
                yield document

    def gone() -> Iterator[str]:  # known when all documents have been seen
        yield from sorted(set(held) - seen)

    changed = fresh()
    first = next(changed, None)
    if first is None and next(gone(), None) is None:
        return base
    changed = chain([first], changed) if first is not None else changed
    return update(root, base, changed, gone(), encoder=encoder, progress=progress)


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
    before = manifest
    say = progress or (lambda what, done, total: None)
    old = [Segment(path / name) for name in manifest.segments]
    gone = set(manifest.removed)
    numbers = {record.key: record.id for segment in old for record in segment.records if record.id not in gone}
    quantiser = _quantiser(path, manifest, base)
    lexical = LexicalWriter(path / "lexical")
    name = f"seg-{folder.number}"
    with SegmentWriter(path / name, quantiser.width) as segment:
        filling = _Filling(manifest, encoder, quantiser, lexical, segment)
        leaving: set[int] = set()
        seen: set[str] = set()
        for document in changed:
            if document.key in seen:
                continue
            seen.add(document.key)
            if document.key in numbers:
                leaving.add(numbers[document.key])
            filling.add(document)
            if len(seen) % _SAID == 0:
                say("index", len(seen), 0)
        segment.finish()
    leaving |= {numbers[key] for key in removed if key in numbers}
    # earlier versions left the words of what was removed in the index: they go when the counts do not agree
    left = set(range(before.next_document)) - set(numbers.values()) if lexical.size != before.passages else set()
    lexical.remove(sorted(leaving | left))
    lexical.close()
    manifest = filling.manifest
    gone |= leaving
    rows = sum(int((~np.isin(one.passages["document"], list(gone))).sum()) for one in old) + segment.passages
    if segment.documents:
        manifest = replace(manifest, segments=(*manifest.segments, name))
    else:
        shutil.rmtree(path / name)
    live = len(numbers) - len(leaving) + len(seen)
    manifest = replace(manifest, removed=tuple(sorted(gone)), documents=live, passages=rows)
    manifest = _tidy(folder, manifest, quantiser)
    say("index", len(seen), len(seen))
    manifest.save(path)


def _quantiser(path: Path, manifest: Manifest, base: Path | None) -> Quantiser:
    """That of the base; a new index begins with half precision, which asks for nothing to be known of the vectors."""
    stored = path / "quantiser.faiss"
    if base is not None:
        return Quantiser.load(stored, manifest.quantiser, manifest.dimension)
    quantiser = Quantiser(manifest.quantiser, manifest.dimension)
    quantiser.save(stored)
    return quantiser


def _tidy(folder: NewGeneration, manifest: Manifest, quantiser: Quantiser) -> Manifest:
    """Merges segments when there are many or much is dead, and goes over to one byte a component when it pays."""
    path = folder.path
    dead = len(manifest.removed) > 64 and len(manifest.removed) * 3 > manifest.documents
    if dead or len(manifest.segments) > _MOST_SEGMENTS:
        old = manifest.segments
        name = f"seg-{folder.number}-all"
        manifest = merged([Segment(path / one) for one in old], manifest.removed, name, manifest, path)
        for one in old:
            shutil.rmtree(path / one)
    if quantiser.kind == "fp16" and manifest.passages >= BYTES_FROM:
        manifest = _in_bytes(path, manifest, quantiser)
    return manifest


def _in_bytes(path: Path, manifest: Manifest, quantiser: Quantiser) -> Manifest:
    """Writes all vectors anew, one byte a component. Files may be links to an older generation's: none is changed."""
    files = [path / name / "vectors.npy" for name in manifest.segments]
    finer = Quantiser.fitted((quantiser.decode(codes) for file in files for codes in blocks(file)), manifest.dimension)
    for file in files:
        fresh = file.with_suffix(".new")
        with GrowingArray(fresh, np.uint8, finer.width) as array:
            for codes in blocks(file):
                array.append(finer.encode(quantiser.decode(codes)))
            array.finish()
        fresh.replace(file)
    finer.save(path / "quantiser.faiss")
    return replace(manifest, quantiser=finer.kind)

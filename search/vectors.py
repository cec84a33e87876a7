"""The semantic route: passage vectors and exact search over them, kept by faiss.

Vectors are stored as codes: half precision for small sets (nothing to learn, so any document can be added), one byte a
component for large ones: whole numbers from -127 to 127, a scale for each component learnt from all vectors. faiss
compares bytes with bytes, in half the time of its own SQ8; the nearest half as many again are then scored without
rounding the query. Codes live in plain arrays, so that a generation of the index is a set of files that never change;
``Quantiser`` alone knows what the codes mean.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from search.encoders import Floats

__all__ = ["BYTES_FROM", "Codes", "Quantiser", "VectorIndex"]

Codes = NDArray[np.uint8]

BYTES_FROM = 20_000
"""From this many vectors on, one byte a component: a quarter of the memory and half the time of a scan."""


_FEW = 10_000


@contextmanager
def _one_thread() -> Iterator[None]:
    """What takes a millisecond is not divided: threads would wait for each other, on a busy machine longer than that.

    The number holds for the calling thread alone, and is put back: a model that runs in it may use all.
    """
    threads = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(threads)


class Quantiser:
    """Vectors to codes and back. ``kind`` is "fp16" or "int8"; "sq8", ranges by component, is only read."""

    def __init__(
        self, kind: str, dimension: int, *, scale: Floats | None = None, trained: Any | None = None
    ) -> None:  # fmt: skip
        kinds = {"fp16": faiss.ScalarQuantizer.QT_fp16, "int8": faiss.ScalarQuantizer.QT_8bit_direct_signed}
        if trained is None:
            trained = faiss.IndexScalarQuantizer(dimension, kinds[kind], faiss.METRIC_INNER_PRODUCT)
            trained.is_trained = True
        self.kind = kind
        self.dimension = dimension
        self._scale = np.ones(dimension, dtype=np.float32) if scale is None else scale
        self._codec = trained

    @classmethod
    def fitted(cls, vectors: Floats, dimension: int) -> Quantiser:
        """The quantiser for a set of this size; one byte a component learns its scales from all of ``vectors``."""
        if len(vectors) < BYTES_FROM:
            return cls("fp16", dimension)
        largest: Floats = np.maximum(np.abs(vectors).max(axis=0), np.float32(1e-6))
        return cls("int8", dimension, scale=np.float32(127) / largest)

    @classmethod
    def load(cls, path: Path, kind: str, dimension: int) -> Quantiser:
        """Reads what ``save`` wrote; also the empty faiss index that an earlier version wrote in its place."""
        stored = path.read_bytes()
        if stored.startswith(b"{"):
            return cls(kind, dimension, scale=np.array(json.loads(stored)["scale"], dtype=np.float32))
        return cls(kind, dimension, trained=faiss.read_index(str(path)))

    def save(self, path: Path) -> None:
        """Writes what was learnt."""
        path.write_text(json.dumps({"scale": self._scale.tolist()}), encoding="utf-8")

    def encode(self, vectors: Floats) -> Codes:
        """One row of bytes per vector."""
        if not len(vectors):
            return self.none()
        if self.kind == "int8":
            vectors = np.rint(vectors * self._scale).clip(-127, 127)
        codes: Codes = self._codec.sa_encode(np.ascontiguousarray(vectors, dtype=np.float32))
        return codes

    def none(self) -> Codes:
        """No codes at all, of the right width."""
        return np.zeros((0, self._codec.sa_code_size()), dtype=np.uint8)

    def decode(self, codes: Codes) -> Floats:
        """The vectors that the codes stand for, within the quantiser's rounding."""
        if not len(codes):
            return np.zeros((0, self.dimension), dtype=np.float32)
        with _one_thread() if len(codes) < _FEW else nullcontext():
            vectors: Floats = self._codec.sa_decode(np.ascontiguousarray(codes))
        return vectors / self._scale if self.kind == "int8" else vectors

    def asked(self, query: Floats) -> Floats:
        """A query (one row) as the codes must be asked: bytes are compared with bytes, scores are on another scale."""
        if self.kind != "int8":
            return query
        weighed: Floats = query / self._scale
        rounded: Floats = np.rint(weighed * np.float32(127 / max(float(np.abs(weighed).max()), 1e-12)))
        return rounded

    def index(self, codes: Codes) -> Any:
        """A faiss index over these codes, without decoding them."""
        index = faiss.clone_index(self._codec)
        if len(codes):
            index.add_sa_codes(np.ascontiguousarray(codes))
        return index


class VectorIndex:
    """Exact search over all rows, or over those that a mask allows."""

    def __init__(self, quantiser: Quantiser, codes: Codes) -> None:
        self._quantiser = quantiser
        self._codes = codes
        self._index = quantiser.index(codes)

    @property
    def size(self) -> int:
        """The number of vectors."""
        return int(self._index.ntotal)

    def vectors(self, rows: NDArray[np.int64]) -> Floats:
        """The stored vectors of some rows."""
        return self._quantiser.decode(self._codes[rows])

    def scores(self, query: Floats, rows: NDArray[np.int64]) -> Floats:
        """The cosine of ``query`` (one row) with each of ``rows``."""
        found: Floats = self.vectors(rows) @ query.reshape(-1)
        return found

    def search(
        self, query: Floats, limit: int, *, allowed: NDArray[np.bool_] | None = None
    ) -> tuple[NDArray[np.int64], Floats]:  # fmt: skip
        """Rows and cosines of the nearest vectors, best first, ties by row."""
        limit = min(limit, self.size)
        parameters = None
        if not limit or (allowed is not None and not allowed.any()):
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
        if allowed is not None:
            bits = np.packbits(allowed, bitorder="little")
            selector = faiss.IDSelectorBitmap(len(allowed), faiss.swig_ptr(bits))
            parameters = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]
        rounded = self._quantiser.kind == "int8"
        wider = min(limit + limit // 2, self.size) if rounded else limit
        with _one_thread():
            found, places = self._index.search(self._quantiser.asked(query.reshape(1, -1)), wider, params=parameters)
        held = places[0] >= 0
        rows = places[0][held]
        scores = self.scores(query, rows) if rounded else found[0][held]
        order = np.lexsort((rows, -scores))[:limit]
        return rows[order], scores[order]

"""The semantic route: passage vectors and exact search over them, kept by faiss.

Vectors are stored as codes: half precision for small sets (nothing to train, so any document can be added), one byte a
component (SQ8, ranges learnt from all vectors) for large ones. Codes live in plain arrays, so that a generation of the
index is a set of files that never change; ``Quantiser`` alone knows what the codes mean.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from search.encoders import Floats

__all__ = ["SQ8_FROM", "Codes", "Quantiser", "VectorIndex"]

Codes = NDArray[np.uint8]

SQ8_FROM = 20_000
"""From this many vectors on, one byte a component: a quarter of the memory and half the time of a scan."""


class Quantiser:
    """Vectors to codes and back. ``kind`` is "fp16" or "sq8"."""

    def __init__(self, kind: str, dimension: int, trained: Any | None = None) -> None:
        kinds = {"fp16": faiss.ScalarQuantizer.QT_fp16, "sq8": faiss.ScalarQuantizer.QT_8bit}
        self.kind = kind
        self.dimension = dimension
        self._codec = trained or faiss.IndexScalarQuantizer(dimension, kinds[kind], faiss.METRIC_INNER_PRODUCT)

    @classmethod
    def fitted(cls, vectors: Floats, dimension: int) -> Quantiser:
        """The quantiser for a set of this size; SQ8 learns its ranges from all of ``vectors``."""
        quantiser = cls("sq8" if len(vectors) >= SQ8_FROM else "fp16", dimension)
        if quantiser.kind == "sq8":
            quantiser._codec.train(np.ascontiguousarray(vectors))
        else:
            quantiser._codec.is_trained = True
        return quantiser

    @classmethod
    def load(cls, path: Path, kind: str, dimension: int) -> Quantiser:
        """Reads what ``save`` wrote."""
        return cls(kind, dimension, faiss.read_index(str(path)))

    def save(self, path: Path) -> None:
        """Writes the ranges: an index of no vectors."""
        faiss.write_index(self._codec, str(path))

    def encode(self, vectors: Floats) -> Codes:
        """One row of bytes per vector."""
        if not len(vectors):
            return self.none()
        codes: Codes = self._codec.sa_encode(np.ascontiguousarray(vectors, dtype=np.float32))
        return codes

    def none(self) -> Codes:
        """No codes at all, of the right width."""
        return np.zeros((0, self._codec.sa_code_size()), dtype=np.uint8)

    def decode(self, codes: Codes) -> Floats:
        """The vectors that the codes stand for, within the quantiser's rounding."""
        if not len(codes):
            return np.zeros((0, self.dimension), dtype=np.float32)
        vectors: Floats = self._codec.sa_decode(np.ascontiguousarray(codes))
        return vectors

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
        # One query is one scan, which faiss does not divide: more threads would only wait for each other, on a busy
        # machine longer than the scan takes. The number holds for the calling thread alone.
        faiss.omp_set_num_threads(1)
        found, places = self._index.search(query.reshape(1, -1), limit, params=parameters)
        held = places[0] >= 0
        rows, scores = places[0][held], found[0][held]
        order = np.lexsort((rows, -scores))
        return rows[order], scores[order]

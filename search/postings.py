"""Which papers have a run of words: an index from run to papers on disk, made in parts, so that memory does not grow.

Papers are known by their place, runs by their hash. Three files without a name hold all there is (20 bytes for each
run of each paper); they are gone when the index is.
"""

from __future__ import annotations

import os
import tempfile
import weakref
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import IO, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["Postings", "Shingles"]

N = TypeVar("N", np.uint32, np.uint64)
Shingles = NDArray[np.uint64]
Counts = NDArray[np.int64]

_PART = 1 << 18
"""Postings sorted at once, some 16 MB of memory."""
_MOST_PARTS = 64
"""Every part goes through the runs of all papers: above 16 million postings parts grow instead."""


class Postings:
    """The runs of papers, given in the order that decides: of several papers with one run the first has rank 0."""

    def __init__(self, papers: Iterable[ArrayLike], folder: Path | None = None) -> None:
        """``folder`` is where the files lie while they are needed; by default where the system keeps such files."""
        files = ExitStack()
        self._runs, self._groups, self._papers = (
            files.enter_context(tempfile.TemporaryFile(dir=folder))  # noqa: SIM115 - they close with this object
            for _ in range(3)
        )
        weakref.finalize(self, files.close)
        starts = [0]
        for runs in papers:
            told = np.asarray(runs, dtype=np.uint64)
            self._runs.write(told.tobytes())
            starts.append(starts[-1] + len(told))
        self._runs.flush()
        self._starts = np.array(starts, dtype=np.int64)
        self._sort()

    def __len__(self) -> int:
        return len(self._starts) - 1

    def runs(self, place: int) -> Shingles:
        """The runs of one paper, ascending."""
        start, end = (int(at) for at in self._starts[place : place + 2])
        return _read(self._runs, np.uint64, start, end - start)

    def groups(self, place: int) -> tuple[Counts, Counts, Counts]:
        """For each run of a paper: where its papers begin, how many they are, and which of them this paper is."""
        start, end = (int(at) for at in self._starts[place : place + 2])
        table = _read(self._groups, np.uint32, 3 * start, 3 * (end - start)).reshape(-1, 3).astype(np.int64)
        return table[:, 0], table[:, 1], table[:, 2]

    def papers(self, firsts: Counts, lengths: Counts) -> NDArray[np.uint32]:
        """The places of ``lengths`` papers from each of ``firsts`` on, one after the other."""
        handle = self._papers.fileno()
        wanted = zip((4 * firsts).tolist(), (4 * lengths).tolist(), strict=True)
        return np.frombuffer(b"".join([os.pread(handle, size, at) for at, size in wanted if size]), dtype=np.uint32)

    def _sort(self) -> None:
        """Groups equal runs, a part of all possible runs after the other: hashes are spread evenly."""
        parts = min(int(self._starts[-1]) // _PART + 1, _MOST_PARTS)
        bounds = [part * ((1 << 64) // parts) for part in range(parts)]
        begun = 0
        for low, high in zip(bounds, [*bounds[1:], None], strict=True):
            begun += self._sort_part(low, high, begun)
        self._papers.flush()
        self._groups.flush()

    def _sort_part(self, low: int, high: int | None, begun: int) -> int:
        pieces, begins, sizes = [], [], []
        for place in range(len(self)):
            runs = self.runs(place)
            left = int(runs.searchsorted(np.uint64(low)))
            right = len(runs) if high is None else int(runs.searchsorted(np.uint64(high)))
            pieces.append(runs[left:right].copy())  # a view would keep all runs of the paper
            begins.append(int(self._starts[place]) + left)
            sizes.append(right - left)
        values = np.concatenate(pieces) if pieces else np.zeros(0, np.uint64)
        del pieces
        order = np.argsort(values, kind="stable")  # stable: within a run, papers stay in their order
        values = values[order]
        fresh = np.flatnonzero(np.r_[True, values[1:] != values[:-1]]) if len(values) else np.zeros(0, np.int64)
        counts = np.diff(np.r_[fresh, len(values)])
        table = np.empty((len(values), 3), dtype=np.uint32)
        table[order, 0] = np.repeat(begun + fresh, counts)
        table[order, 1] = np.repeat(counts, counts)
        table[order, 2] = np.arange(len(values)) - np.repeat(fresh, counts)
        at = 0
        for begin, size in zip(begins, sizes, strict=True):
            if size:
                self._groups.seek(12 * begin)
                self._groups.write(table[at : at + size].tobytes())
                at += size
        self._papers.write(np.repeat(np.arange(len(self), dtype=np.uint32), sizes)[order].tobytes())
        return len(values)


def _read(file: IO[bytes], kind: type[N], start: int, count: int) -> NDArray[N]:
    width = np.dtype(kind).itemsize
    return np.frombuffer(os.pread(file.fileno(), width * count, width * start), dtype=kind)

"""Arrays and lists in files that grow at the end and are read a block at a time: none ever stands in memory whole."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

import msgspec
import numpy as np
from numpy.lib import format as npy
from numpy.typing import DTypeLike, NDArray

__all__ = ["GrowingArray", "GrowingFile", "GrowingList", "blocks"]

_BLOCK = 4_096


class GrowingFile:
    """A file that is written from its start to its end; ``finish`` makes it last, leaving without it only closes it."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def write(self, content: bytes) -> None:
        """Puts some bytes at the end."""
        self._file.write(content)

    def finish(self) -> None:
        """Everything is on disk when this returns."""
        self._file.flush()
        os.fsync(self._file.fileno())


class GrowingList(GrowingFile):
    """A JSON list of values that msgspec can write."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.count = 0

    def append(self, value: object) -> None:
        """Puts one value at the end."""
        self.write(b"," if self.count else b"[")
        self.write(msgspec.json.encode(value))
        self.count += 1

    def finish(self) -> None:
        self.write(b"]" if self.count else b"[]")
        super().finish()


class GrowingArray(GrowingFile):
    """A ``.npy`` file of single values, or of rows of ``width`` values."""

    def __init__(self, path: Path, kind: DTypeLike, width: int | None = None) -> None:
        super().__init__(path)
        self._kind = np.dtype(kind)
        self._width = () if width is None else (width,)
        self.count = 0
        self._begins = self._head()

    def _head(self) -> int:
        """Writes the header; numpy leaves room in it for the count to grow."""
        self._file.seek(0)
        kind = npy.dtype_to_descr(self._kind)
        npy.write_array_header_1_0(
            self._file, {"descr": kind, "fortran_order": False, "shape": (self.count, *self._width)}
        )
        return self._file.tell()

    def append(self, rows: NDArray[Any]) -> None:
        """Puts some values or rows at the end."""
        self.write(np.ascontiguousarray(rows, dtype=self._kind).tobytes())
        self.count += len(rows)

    def finish(self) -> None:
        if self._head() != self._begins:  # pragma: no cover - would be a change in numpy
            raise RuntimeError("the header of a .npy file has grown over its first rows")
        super().finish()


def blocks(path: Path) -> Iterator[NDArray[Any]]:
    """The rows of a ``.npy`` file, some thousands at a time; not mapped, so that what was read is let go."""
    with path.open("rb") as file:
        npy.read_magic(file)
        shape, _, kind = npy.read_array_header_1_0(file)
        values = int(np.prod(shape[1:], dtype=np.int64))
        for start in range(0, shape[0], _BLOCK):
            count = min(_BLOCK, shape[0] - start)
            yield np.fromfile(file, dtype=kind, count=count * values).reshape(count, *shape[1:])

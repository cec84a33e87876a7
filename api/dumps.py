"""Large files made once for each snapshot and kept beside the system's temporary files: the dump and the tables."""

from __future__ import annotations

import gzip
import shutil
import tempfile
import threading
import weakref
from collections.abc import Callable
from pathlib import Path

from kg.disk import write_atomically

__all__ = ["Dumps", "zipped"]


class Dumps:
    """Holds the newest of each name; what belonged to older snapshots is removed. Safe between threads."""

    def __init__(self) -> None:
        self._folder: Path | None = None
        self._lock = threading.Lock()

    def get(self, name: str, state: str, make: Callable[[], bytes]) -> Path:
        """The file ``name`` as of ``state`` ("7-public"), made if it is not there yet."""
        with self._lock:
            folder = self._opened()
            place = folder / f"{state}-{name}"
            if not place.exists():
                for old in folder.glob(f"*-{name}"):
                    old.unlink()
                write_atomically(place, make())
        return place

    def _opened(self) -> Path:
        """The folder, made at first need; it goes with this object even where nobody closes it."""
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="kg-dumps-"))
            weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        return self._folder

    def close(self) -> None:
        """Removes all."""
        with self._lock:
            if self._folder is not None:
                shutil.rmtree(self._folder, ignore_errors=True)
                self._folder = None


def zipped(content: bytes) -> bytes:
    """Gzip without a time in it: equal content gives equal bytes."""
    return gzip.compress(content, compresslevel=6, mtime=0)

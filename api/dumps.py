"""Large files made once for each snapshot and kept beside the system's temporary files: the dump and the tables."""

from __future__ import annotations

import gzip
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

from kg.disk import write_atomically

__all__ = ["Dumps", "zipped"]


class Dumps:
    """Holds the newest of each name; what belonged to older snapshots is removed. Safe between threads."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="kg-dumps-")
        self._lock = threading.Lock()

    def get(self, name: str, state: str, make: Callable[[], bytes]) -> Path:
        """The file ``name`` as of ``state`` ("7-public"), made if it is not there yet."""
        place = Path(self._folder.name) / f"{state}-{name}"
        with self._lock:
            if not place.exists():
                for old in Path(self._folder.name).glob(f"*-{name}"):
                    old.unlink()
                write_atomically(place, make())
        return place

    def close(self) -> None:
        """Removes all."""
        self._folder.cleanup()


def zipped(content: bytes) -> bytes:
    """Gzip without a time in it: equal content gives equal bytes."""
    return gzip.compress(content, compresslevel=6, mtime=0)

"""Values that lie in a file without a name, not in memory, and are made anew each time somebody asks for them."""

from __future__ import annotations

import pickle
import tempfile
import weakref
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from io import BytesIO
from pathlib import Path
from typing import Any, Protocol, TypeVar

from kg.disk import disk_errors

__all__ = ["Shelf", "Stays"]

T = TypeVar("T")
_SMALL = 1 << 16
"""Bytes up to which no file is made."""


class Stays(Protocol):
    """The things that stay in memory while values that refer to them lie on a shelf."""

    def name_of(self, thing: object) -> str | None:
        """The name of a thing that stays; None for any other."""
        ...

    def named(self, name: str) -> object:
        """The thing that has this name."""
        ...


class Shelf(Mapping[str, T]):
    """Values by key, in the order in which they were put there. A value that is asked for twice is two equal ones.

    Only keys stay in memory, and what ``stays`` names. The file is gone when the shelf is.
    """

    def __init__(self, stays: Stays, folder: Path | None = None) -> None:
        """``folder`` is where the file lies; by default where the system keeps such files."""
        files = ExitStack()
        self._file = files.enter_context(
            tempfile.SpooledTemporaryFile(_SMALL, dir=None if folder is None else str(folder))  # noqa: SIM115
        )
        weakref.finalize(self, files.close)
        self._folder = folder
        self._stays = stays
        self._places: dict[str, int] = {}
        self._end = 0

    def __setitem__(self, key: str, value: T) -> None:
        written = BytesIO()
        pickler = _Pickler(written, pickle.HIGHEST_PROTOCOL)
        pickler.stays = self._stays
        pickler.dump(value)
        with disk_errors(self._folder):
            self._file.seek(self._end)
            self._end += self._file.write(written.getbuffer())
        self._places[key] = self._end - len(written.getbuffer())

    def __getitem__(self, key: str) -> T:
        place = self._places[key]
        unpickler = _Unpickler(self._file)
        unpickler.stays = self._stays
        with disk_errors(self._folder):  # what was put there last may only now be written
            self._file.seek(place)
            found: T = unpickler.load()
        return found

    def __contains__(self, key: object) -> bool:
        return key in self._places

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


class _Pickler(pickle.Pickler):
    stays: Stays

    def persistent_id(self, thing: Any) -> str | None:
        return self.stays.name_of(thing)


class _Unpickler(pickle.Unpickler):
    stays: Stays

    def persistent_load(self, name: str) -> Any:
        return self.stays.named(name)

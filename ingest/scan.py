"""Which files a person means: folders walked without loops, names relative to what was given, hashes of contents."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ingest.folders import REFERENCE
from ingest.ledger import NameRow
from ingest.provenance import Provenance, is_sidecar
from kg.disk import reason_of

__all__ = ["REFERENCE", "UNSHOWN", "Found", "ScanProblem", "hash_file", "scan"]

_SKIPPED = {"Thumbs.db", "desktop.ini", "__pycache__", "__MACOSX"}
UNSHOWN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""What a terminal obeys, or what makes a name read other than it is."""
_LEFT_BY_WORD = "~$"
"""What Word leaves beside an open document; nothing of it is text."""


@dataclass(frozen=True, slots=True)
class Found:
    """A file to take in: ``shown`` is its name relative to the folder ``root`` that was given.

    ``place`` is what the system opens; ``path`` is the same as text that can be stored and printed. For an entry of an
    archive ``path`` and ``shown`` go on inside it ("hồ sơ.zip!/kế hoạch.pdf"), and size and time are the archive's.
    """

    place: str
    path: str
    shown: str
    root: str
    size: int
    mtime_ns: int

    def row(self, sha256: str, provenance: Provenance) -> NameRow:
        """Its row in the ledger."""
        return NameRow(
            self.path, self.shown, self.root, sha256, self.size, self.mtime_ns, provenance.source, provenance.collected
        )


@dataclass(frozen=True, slots=True)
class ScanProblem:
    """A path that could not even be looked at."""

    shown: str
    code: str
    message: str


def scan(paths: Iterable[Path], *, apart_from: Path | None = None) -> tuple[list[Found], list[ScanProblem]]:
    """All files under ``paths``, sorted by name; each real file once, folders that loop back entered once.

    The folder ``apart_from`` (the workspace, which may lie among them) is not entered.
    """
    found: dict[str, Found] = {}
    problems: list[ScanProblem] = []
    entered: set[tuple[int, int]] = set()
    if apart_from is not None and apart_from.is_dir():
        status = apart_from.stat()
        entered.add((status.st_dev, status.st_ino))
    closed = frozenset(entered)
    for given in paths:
        try:
            there, folder = given.exists(), given.is_dir()
        except OSError as error:
            problems.append(ScanProblem(str(given), "unreadable", _unreadable(str(given), error)))
            continue
        if not there:
            problems.append(
                ScanProblem(str(given), "missing", f"Không có tệp hoặc thư mục “{given}”. Kiểm tra lại đường dẫn.")
            )
        elif folder:
            for path in _walk(given, entered, closed, problems, given):
                _add(found, problems, path, _printable(path.relative_to(given).as_posix()), given)
        else:
            _add(found, problems, given, _printable(given.name), given.parent)
    return sorted(found.values(), key=lambda item: (item.shown, item.path)), problems


def _printable(name: str) -> str:
    """A name that can be stored and shown: bytes that are no text are spelt out, control characters hidden."""
    text = name.encode("utf-8", "backslashreplace" if not _is_raw(name) else "surrogateescape")
    return UNSHOWN.sub("?", text.decode("utf-8", "backslashreplace"))


def _is_raw(name: str) -> bool:
    return any("\udc80" <= letter <= "\udcff" for letter in name)


def _unreadable(shown: str, error: OSError | RuntimeError) -> str:
    # What pathlib's RuntimeError says at length.
    reason = reason_of(error) if isinstance(error, OSError) else "liên kết trỏ vòng"
    return f"Không mở được “{shown}”: {reason}. Đề nghị kiểm tra tệp hoặc liên kết rồi nạp lại."


def _walk(
    folder: Path,
    entered: set[tuple[int, int]],
    closed: frozenset[tuple[int, int]],
    problems: list[ScanProblem],
    root: Path,
) -> Iterator[Path]:
    try:
        status = folder.stat()
        mark = (status.st_dev, status.st_ino)
        if mark in closed:
            return
        if mark in entered:
            problems.append(
                ScanProblem(
                    str(folder.relative_to(root)) or ".",
                    "loop",
                    f"Thư mục “{folder}” trỏ vòng về một thư mục đã duyệt; bỏ qua để khỏi lặp.",
                )
            )
            return
        entered.add(mark)
        with os.scandir(folder) as listed:
            entries = sorted(listed, key=lambda entry: entry.name)
    except OSError as error:
        shown = folder.relative_to(root).as_posix() if folder != root else str(folder)
        problems.append(
            ScanProblem(shown, "unreadable", f"Không mở được thư mục “{folder}”: {reason_of(error)}. Đề nghị kiểm tra.")
        )
        return
    for entry in entries:
        path = Path(entry.path)
        if entry.name in _SKIPPED or entry.name.startswith((".", _LEFT_BY_WORD)) or entry.name == REFERENCE:
            continue
        try:
            folder_too = entry.is_dir()
        except OSError:
            folder_too = False
        if folder_too:
            yield from _walk(path, entered, closed, problems, root)
        elif not is_sidecar(path):
            yield path


def _add(found: dict[str, Found], problems: list[ScanProblem], path: Path, shown: str, root: Path) -> None:
    try:
        real = path.resolve(strict=True)
        status = real.stat()
        if not real.is_file():
            problems.append(ScanProblem(shown, "special", f"“{shown}” không phải tệp thường; bỏ qua."))
            return
        place = str(path.absolute())
        there = _printable(str(root.absolute()))
        found.setdefault(place, Found(place, _printable(place), shown, there, status.st_size, status.st_mtime_ns))
    except (OSError, RuntimeError) as error:
        problems.append(ScanProblem(shown, "unreadable", _unreadable(shown, error)))


def hash_file(path: Path) -> str:
    """SHA-256 of a file's bytes, in hex. Raises OSError."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()

"""Which files a person means: folders walked without loops, names relative to what was given, hashes of contents."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ingest.ledger import NameRow

__all__ = ["Found", "ScanProblem", "hash_file", "scan"]

_SKIPPED = {".git", ".DS_Store", "Thumbs.db", "__pycache__"}
REFERENCE = "reference.ttl"
"""Reference data of an installation's own (``kg.reference``), not a document."""


@dataclass(frozen=True, slots=True)
class Found:
    """A file to take in: ``shown`` is its name relative to the folder ``root`` that was given."""

    path: Path
    shown: str
    root: str
    size: int
    mtime_ns: int

    def row(self, sha256: str) -> NameRow:
        """Its row in the ledger."""
        return NameRow(str(self.path), self.shown, self.root, sha256, self.size, self.mtime_ns)


@dataclass(frozen=True, slots=True)
class ScanProblem:
    """A path that could not even be looked at."""

    shown: str
    code: str
    message: str


def scan(paths: Iterable[Path]) -> tuple[list[Found], list[ScanProblem]]:
    """All files under ``paths``, sorted by name; each real file once, folders that loop back entered once."""
    found: dict[Path, Found] = {}
    problems: list[ScanProblem] = []
    entered: set[tuple[int, int]] = set()
    for given in paths:
        if not given.exists():
            problems.append(
                ScanProblem(str(given), "missing", f"Không có tệp hoặc thư mục “{given}”. Kiểm tra lại đường dẫn.")
            )
        elif given.is_dir():
            for path in _walk(given, entered, problems, given):
                _add(found, problems, path, path.relative_to(given).as_posix(), given)
        else:
            _add(found, problems, given, given.name, given.parent)
    return sorted(found.values(), key=lambda item: (item.shown, str(item.path))), problems


def _walk(folder: Path, entered: set[tuple[int, int]], problems: list[ScanProblem], root: Path) -> Iterator[Path]:
    try:
        status = folder.stat()
        if (status.st_dev, status.st_ino) in entered:
            problems.append(
                ScanProblem(
                    str(folder.relative_to(root)) or ".",
                    "loop",
                    f"Thư mục “{folder}” trỏ vòng về một thư mục đã duyệt; bỏ qua để khỏi lặp.",
                )
            )
            return
        entered.add((status.st_dev, status.st_ino))
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        problems.append(
            ScanProblem(
                str(folder), "unreadable", f"Không mở được thư mục “{folder}”: {error.strerror}. Kiểm tra quyền đọc."
            )
        )
        return
    for entry in entries:
        path = Path(entry.path)
        if entry.name in _SKIPPED or entry.name.startswith(".") or entry.name == REFERENCE:
            continue
        if entry.is_dir():
            yield from _walk(path, entered, problems, root)
        else:
            yield path


def _add(found: dict[Path, Found], problems: list[ScanProblem], path: Path, shown: str, root: Path) -> None:
    try:
        real = path.resolve(strict=True)
        status = real.stat()
        if not real.is_file():
            problems.append(ScanProblem(shown, "special", f"“{shown}” không phải tệp thường; bỏ qua."))
            return
        found.setdefault(
            path.absolute(), Found(path.absolute(), shown, str(root.absolute()), status.st_size, status.st_mtime_ns)
        )
    except (OSError, RuntimeError) as error:
        problems.append(
            ScanProblem(shown, "unreadable", f"Không mở được “{shown}”: {error}. Kiểm tra quyền đọc của tệp.")
        )


def hash_file(path: Path) -> str:
    """SHA-256 of a file's bytes, in hex. Raises OSError."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()

"""Who did what, when: ``audit.jsonl`` in the data folder, one line per act, only ever added to.

Each line bears the hash of the line before it, so that a line changed or taken out shows (``verify``). No text of a
document and no query is written here, only names and keys.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kg.disk import disk_errors
from kg.errors import WorkspaceError

__all__ = ["FILE", "entries", "record", "verify"]

FILE = "audit.jsonl"
_START = "0" * 64
_TAIL = 65_536
"""Bytes from the end in which the last line surely lies."""


def record(root: Path, *, by: str, action: str, about: str = "", request: str | None = None, **details: Any) -> None:
    """Adds one line: ``by`` a person's name, ``action`` such as "review.rejected", ``about`` a link or work key."""
    from filelock import FileLock

    path = root / FILE
    with disk_errors(path):
        root.mkdir(parents=True, exist_ok=True)
        with FileLock(str(root / f"{FILE}.lock")), path.open("a+b") as file:
            before = _last(path)
            entry = {
                "n": before["n"] + 1 if before else 1,
                "at": dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds"),
                "by": by,
                "action": action,
                "about": about,
                "request": request,
                "details": details,
                "before": before["hash"] if before else _START,
            }
            entry["hash"] = _hash(entry)
            file.write(json.dumps(entry, ensure_ascii=False).encode() + b"\n")


def _hash(entry: dict[str, Any]) -> str:
    told = {name: value for name, value in entry.items() if name != "hash"}
    return hashlib.sha256(json.dumps(told, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _last(path: Path) -> dict[str, Any] | None:
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - _TAIL))
        lines = file.read().splitlines()
    if not lines:
        return None
    try:
        found: dict[str, Any] = json.loads(lines[-1])
    except ValueError as error:
        raise WorkspaceError(f"Dòng cuối của {path} bị hỏng. Hãy giữ bản này và báo người quản trị.") from error
    return found


def entries(root: Path) -> Iterator[dict[str, Any]]:
    """Every line, oldest first."""
    path = root / FILE
    if path.exists():
        with path.open(encoding="utf-8") as file:
            for line in file:
                yield json.loads(line)


def verify(root: Path) -> int:
    """How many lines there are; raises WorkspaceError at the first that does not follow from the one before."""
    before, count = _START, 0
    for count, entry in enumerate(entries(root), 1):
        if entry.get("before") != before or entry.get("n") != count or entry.get("hash") != _hash(entry):
            raise WorkspaceError(f"Nhật ký {root / FILE} bị sửa hoặc mất dòng từ dòng {count}.")
        before = entry["hash"]
    return count

"""Which contents people took out of the store: ``removed.json`` in the data folder, by content hash.

A file may go on lying in a folder that is taken in again and again; it comes back only when somebody says so, by an
upload or ``kg ingest --again``. Who took it out, and what it was, stands in the audit log too.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from kg.disk import disk_errors, write_atomically
from kg.errors import WorkspaceError

__all__ = ["keep_out", "let_in", "removed_files"]

_FILE = "removed.json"


def removed_files(root: Path) -> dict[str, str]:
    """Content hash → one sentence on who took it out and when, for the report of an ingest that passes it over."""
    said = {}
    for sha, entry in _read(root).items():
        day = dt.datetime.fromisoformat(entry["at"])
        said[sha] = (
            f"đã bị xóa khỏi kho ngày {day.day}/{day.month:02d}/{day.year} bởi {entry['by']}; bỏ qua. "
            "Muốn nạp lại: kg ingest --again, hoặc tải tệp lên."
        )
    return said


def keep_out(root: Path, hashes: Iterable[str], *, by: str) -> None:
    """These contents are not to come back by themselves; only within a write session."""
    now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    _write(root, _read(root) | {sha: {"by": by, "at": now} for sha in hashes})


def let_in(root: Path, hashes: Collection[str]) -> None:
    """These contents may come again; only within a write session."""
    known = _read(root)
    if not known.keys().isdisjoint(hashes):
        _write(root, {sha: entry for sha, entry in known.items() if sha not in hashes})


def _read(root: Path) -> dict[str, dict[str, str]]:
    path = root / _FILE
    if not path.exists():
        return {}
    with disk_errors(path):
        content = path.read_bytes()
    try:
        return {
            str(sha): {"by": str(entry["by"]), "at": str(entry["at"])} for sha, entry in json.loads(content).items()
        }
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise WorkspaceError(f"Tệp {path} bị hỏng ({error}). Hãy khôi phục bản sao lưu: kg restore.") from error


def _write(root: Path, entries: Mapping[str, Mapping[str, str]]) -> None:
    write_atomically(root / _FILE, json.dumps(entries, ensure_ascii=False, indent=1, sort_keys=True).encode())

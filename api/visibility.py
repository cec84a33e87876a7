"""Which files are internal: ``visibility.json`` in the data folder, by path and by content.

By path too, so that a corrected version of an internal file is internal from its first moment.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kg.disk import disk_errors, write_atomically
from kg.errors import WorkspaceError

__all__ = ["Internal", "read_internal"]

_FILE = "visibility.json"


@dataclass(frozen=True, slots=True)
class Internal:
    """What was marked internal: content hashes, and absolute paths of sources."""

    contents: frozenset[str] = frozenset()
    paths: frozenset[str] = frozenset()
    root: Path = field(default=Path(), compare=False)

    def hashes(self, held: Mapping[str, str]) -> dict[str, str]:
        """Content hash → "internal", given the content that each path holds now."""
        marked = self.contents | {sha for path, sha in held.items() if path in self.paths}
        return dict.fromkeys(sorted(marked), "internal")

    def marking(self, *, contents: Iterable[str] = (), paths: Iterable[str] = ()) -> Internal:
        """With these marked internal too."""
        return Internal(self.contents | set(contents), self.paths | set(paths), self.root)

    def clearing(self, *, contents: Iterable[str] = (), paths: Iterable[str] = ()) -> Internal:
        """With these public again."""
        return Internal(self.contents - set(contents), self.paths - set(paths), self.root)

    def write(self) -> None:
        """Keeps it; only within a write session."""
        stated = {"contents": sorted(self.contents), "paths": sorted(self.paths)}
        write_atomically(self.root / _FILE, json.dumps(stated, ensure_ascii=False, indent=1).encode())


def read_internal(root: Path) -> Internal:
    """What a data folder says. Raises WorkspaceError when the file is damaged: guessing would publish."""
    path = root / _FILE
    try:
        with disk_errors(path):
            stated = json.loads(path.read_bytes()) if path.exists() else {}
        return Internal(frozenset(stated.get("contents", ())), frozenset(stated.get("paths", ())), root)
    except (ValueError, TypeError, AttributeError) as error:
        raise WorkspaceError(f"Tệp {path} bị hỏng ({error}). Hãy khôi phục bản sao lưu: kg restore.") from error

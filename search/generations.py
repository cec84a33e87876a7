"""The folders of generations: one that gets its name only when it is whole, and what is cleared away afterwards."""

from __future__ import annotations

import os
import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from kg.disk import disk_errors, sync_folder

__all__ = ["NewGeneration", "clear"]

_GENERATION = re.compile(r"gen-(\d+)")


class NewGeneration:
    """A folder that gets its name ("gen-8") only when it is whole."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self.number = 1 + max((int(found[1]) for found in map(_number, _entries(root)) if found), default=0)
        self.path = root / f"next-{os.getpid()}-{self.number}"

    def __enter__(self) -> NewGeneration:
        with disk_errors(self._root):
            shutil.rmtree(self.path, ignore_errors=True)
            self.path.mkdir(parents=True)
        return self

    def finish(self) -> Path:
        """Makes all of it last, then gives it its name."""
        final = self._root / f"gen-{self.number}"
        with disk_errors(final):
            for found in (self.path / "lexical").iterdir():
                if found.stat().st_nlink == 1 and found.is_file():
                    handle = os.open(found, os.O_RDONLY)
                    try:
                        os.fsync(handle)
                    finally:
                        os.close(handle)
            sync_folder(self.path)
            self.path.rename(final)
            sync_folder(self._root)
        self.path = final
        return final

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            for _attempt in range(20):  # threads of tantivy may still be writing to it
                shutil.rmtree(self.path, ignore_errors=True)
                if not self.path.exists():
                    break
                time.sleep(0.05)


def _entries(root: Path) -> Iterator[Path]:
    return root.iterdir() if root.is_dir() else iter(())


def _number(path: Path) -> re.Match[str] | None:
    return _GENERATION.fullmatch(path.name)


def clear(root: Path, current: str | None, *, seconds: float = 60.0) -> None:
    """Removes what writers that died left, and generations that are neither current nor younger than ``seconds``.

    To be called by the writer that holds the workspace, after ``CURRENT`` names the new generation.
    """
    for path in list(_entries(root)):
        stale = path.name.startswith("next-")
        if _number(path) and path.name != current:
            stale = time.time() - path.stat().st_mtime > seconds
        if stale:
            shutil.rmtree(path, ignore_errors=True)

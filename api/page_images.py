"""Pictures of pages, drawn at first need in processes of their own and kept beside the system's temporary files."""

from __future__ import annotations

import shutil
import tempfile
import threading
import weakref
from collections import OrderedDict
from pathlib import Path

from ingest.pages import page_image
from kg.errors import QueryOverload

__all__ = ["PageImages"]

_AT_ONCE = 2
_WAIT_SECONDS = 20.0
_KEPT_BYTES = 200_000_000


class PageImages:
    """The pictures that were asked for last, up to two hundred megabytes of them. Safe between threads."""

    def __init__(self) -> None:
        self._folder: Path | None = None
        self._kept: OrderedDict[str, int] = OrderedDict()
        self._lock = threading.Lock()
        self._room = threading.BoundedSemaphore(_AT_ONCE)

    def get(self, path: Path, sha256: str, page: int, dpi: int) -> bytes:
        """Page ``page`` of the file at ``path``, whose content is ``sha256``, as PNG.

        Raises what ``ingest.pages.page_image`` does, and ``QueryOverload`` when too many are being drawn.
        """
        name = f"{sha256}-{page}-{dpi}.png"
        if (known := self._known(name)) is not None:
            return known
        if not self._room.acquire(timeout=_WAIT_SECONDS):
            raise QueryOverload("Máy chủ đang vẽ nhiều trang cùng lúc. Đề nghị thử lại sau vài giây.")
        try:
            if (known := self._known(name)) is not None:  # drawn while this one waited
                return known
            drawn = page_image(path, page, dpi=dpi)
        finally:
            self._room.release()
        self._keep(name, drawn)
        return drawn

    def _known(self, name: str) -> bytes | None:
        with self._lock:
            if self._folder is None or name not in self._kept:
                return None
            self._kept.move_to_end(name)
            try:
                return (self._folder / name).read_bytes()
            except OSError:  # cleared away by the system
                del self._kept[name]
                return None

    def _keep(self, name: str, drawn: bytes) -> None:
        with self._lock:
            if self._folder is None:
                self._folder = Path(tempfile.mkdtemp(prefix="kg-pages-"))
                weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
            try:
                (self._folder / name).write_bytes(drawn)
            except OSError:  # no room there: it is drawn again next time
                return
            self._kept[name] = len(drawn)
            while sum(self._kept.values()) > _KEPT_BYTES and len(self._kept) > 1:
                old, _ = self._kept.popitem(last=False)
                (self._folder / old).unlink(missing_ok=True)

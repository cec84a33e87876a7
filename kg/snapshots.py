"""The data folder: one writer at a time, readers beside it, and never a half-written state.

::

    kg-data/
      CURRENT           which state counts: {"version": 7, "graph": "snap-7", "index": …, "text": …, "base": …}
      workspace.lock    held by the process that writes; workspace.lock.json says who that is
      graph/snap-7/     a graph store nobody writes to any more
      graph/next-4711/  the copy that process 4711 is writing to (files shared with snap-7 by hard links)

A writer works on a copy, turns it into a snapshot and then swaps ``CURRENT`` by rename. Whatever kills it before the
swap, ``CURRENT`` still names the old state, and the next writer clears away what was left. Readers open what
``CURRENT`` names and look again at the next request; a snapshot goes when it is old and nobody holds it.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

from kg.disk import disk_errors, sync_folder, write_atomically
from kg.errors import WorkspaceError, WorkspaceLocked
from kg.identifiers import DEFAULT_BASE
from kg.iris import Iris
from kg.store import OxigraphStore
from kg.visibility import has_internal, hide_internal

try:
    import fcntl
except ImportError:  # not a POSIX system: there the age of a snapshot alone decides when it goes
    fcntl = None  # type: ignore[assignment]

__all__ = [
    "Current",
    "Snapshot",
    "SnapshotReader",
    "WriteSession",
    "hold",
    "open_snapshot",
    "read_current",
    "write_session",
]

# A reader that has just read CURRENT must still find its snapshot: this many stay, and all younger than this.
_KEPT = 2
_KEPT_SECONDS = 60.0
_SNAPSHOT = re.compile(r"snap-(\d+)(-public)?")


@dataclass(frozen=True, slots=True)
class Current:
    """The state that counts. Names are of folders: ``graph`` in ``graph/``, ``index`` in ``index/``, and so on.

    ``version`` grows by one with each write; 0 is a folder nothing was ever written to. ``written`` is an ISO time.
    ``public`` is the graph that anonymous callers see; None where no document is internal and all may see the same.
    """

    version: int = 0
    graph: str | None = None
    index: str | None = None
    text: str | None = None
    base: str = DEFAULT_BASE
    public: str | None = None
    written: str | None = None


def read_current(workspace: Path) -> Current:
    """What ``CURRENT`` says; ``Current()`` where nothing was written yet. Raises WorkspaceError when damaged."""
    path = workspace / "CURRENT"
    try:
        with disk_errors(path):
            stated = json.loads(path.read_bytes()) if path.exists() else {}
        known = {field.name for field in fields(Current)}  # a later release may say more
        return Current(**{name: value for name, value in stated.items() if name in known})
    except (ValueError, TypeError, AttributeError) as error:
        raise WorkspaceError(f"Tệp {path} bị hỏng ({error}). Hãy khôi phục bản sao lưu: kg restore.") from error


class Snapshot(OxigraphStore):
    """The graph as of one ``CURRENT``, read-only. While this object lives, its folder is not cleared away."""

    def __init__(self, folder: Path, current: Current) -> None:
        self._held: int | None = None
        held = hold(folder)
        try:
            inner = OxigraphStore.read_only(folder)
        except BaseException:
            os.close(held)
            raise
        super().__init__(inner.raw, folder, writable=False)
        self._held = held
        self.current = current
        self.folder = folder

    def close(self) -> None:
        super().close()
        if self._held is not None:
            os.close(self._held)
            self._held = None

    def __del__(self) -> None:
        self.close()

    def __enter__(self) -> Snapshot:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def hold(folder: Path) -> int:
    """Keeps a snapshot's folder from being cleared away until the handle that is returned is closed."""
    with disk_errors(folder):
        handle = os.open(folder, os.O_RDONLY)
    if fcntl is not None:
        with suppress(OSError):  # a network disk without locks: age alone protects the folder
            fcntl.flock(handle, fcntl.LOCK_SH)
    return handle


def open_snapshot(workspace: Path, *, public: bool = False) -> Snapshot:
    """The newest state of a data folder, for reading; works on a read-only disk and beside a writer.

    ``public``: as anonymous callers may see it. Raises WorkspaceError when nothing was ever written there.
    """
    for attempt in range(5):
        current = read_current(workspace)
        if current.graph is None:
            raise WorkspaceError(f"Kho dữ liệu {workspace} chưa có văn bản nào. Hãy nạp trước: kg ingest THƯ_MỤC.")
        try:
            graph = (public and current.public) or current.graph
            return Snapshot(workspace / "graph" / graph, current)
        except WorkspaceError:
            # It may have been cleared away between the two reads; then CURRENT names another by now.
            if attempt == 4 or read_current(workspace) == current:
                raise
    raise AssertionError("unreachable")


class SnapshotReader:
    """Follows ``CURRENT`` for a process that lives long, such as the server. Safe to share between threads."""

    def __init__(self, workspace: Path, *, public: bool = False) -> None:
        self._workspace = workspace
        self._public = public
        self._lock = threading.Lock()
        self._stamp: tuple[int, int] | None = None
        self._snapshot: Snapshot | None = None

    def latest(self) -> Snapshot:
        """The newest state: a look at one file's times when nothing changed, some 10 ms after a write.

        Keep the snapshot for one request, no longer; do not close it, others may be using it.
        """
        with self._lock:
            with disk_errors(self._workspace / "CURRENT"):
                stat = (self._workspace / "CURRENT").stat()
            stamp = (stat.st_ino, stat.st_mtime_ns)
            if self._snapshot is None or stamp != self._stamp:
                self._snapshot = open_snapshot(self._workspace, public=self._public)
                self._stamp = stamp
            return self._snapshot


class WriteSession:
    """What a writer holds: the lock, a store of its own to change, and the state it started from."""

    def __init__(self, workspace: Path, store: OxigraphStore, current: Current) -> None:
        self.workspace = workspace
        self.store = store
        self.current = current
        self._next = current

    def point(self, *, index: str | None = None, text: str | None = None, base: str | None = None) -> None:
        """Says which search index, text folder or base the next state has; None leaves what it was."""
        old = self._next
        self._next = replace(old, index=index or old.index, text=text or old.text, base=base or old.base)

    def publish(self) -> Current:
        """Makes what was written so far the state that counts; without a change, does nothing.

        Called at the end of ``write_session``. A long job may call it in between, so that its first results show.
        """
        if not self.store.changed and self._next == self.current and self.current.graph is not None:
            return self.current
        version = self.current.version + 1
        graph, public = self.current.graph, self.current.public
        if self.store.changed or graph is None:
            graph = f"snap-{version}"
            self.store.backup(self.workspace / "graph" / graph)
            public = self._publish_public(graph)
            self.store.changed = False
        now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
        self._next = replace(self._next, version=version, graph=graph, public=public, written=now)
        with disk_errors(self.workspace):
            sync_folder(self.workspace / "graph")
            write_atomically(self.workspace / "CURRENT", json.dumps(asdict(self._next)).encode())
        for old in {self.current.graph, self.current.public} - {None, graph, public}:
            with suppress(OSError):  # its age counts from now on
                os.utime(self.workspace / "graph" / str(old))
        self.current = self._next
        _sweep(self.workspace, self.current)
        return self.current

    def _publish_public(self, graph: str) -> str | None:
        """Where a document is internal, a second snapshot beside ``graph`` that does not know of it."""
        if not has_internal(self.store):
            return None
        name, folder = f"{graph}-public", self.workspace / "graph"
        draft = folder / f"next-{os.getpid()}-public"
        shutil.rmtree(draft, ignore_errors=True)
        self.store.backup(draft)
        copy = OxigraphStore.open(draft, scratch=True)
        try:
            hide_internal(copy, Iris(self._next.base))
            copy.backup(folder / name)
        finally:
            copy.close()
            shutil.rmtree(draft, ignore_errors=True)
        return name


@contextmanager
def write_session(
    workspace: Path,
    *,
    command: str,
    wait: float | None = None,
    on_wait: Callable[[str], None] = lambda message: None,
) -> Iterator[WriteSession]:
    """The right to write to a data folder, which is made if absent. At the end what was written is published.

    When the body raises, or the process dies, nothing of it shows. Another writer is waited for, ``wait`` seconds at
    most (None: as long as it takes); ``on_wait`` is told once whom we wait for ("Đang chờ “kg ingest van-ban” …").
    ``command`` is what others are told of us. Raises WorkspaceLocked after that time, and WorkspaceError when the
    disk is full or must not be written to; the state that was there can then still be read.
    """
    with disk_errors(workspace):
        (workspace / "graph").mkdir(parents=True, exist_ok=True)
    with _locked(workspace, command, wait, on_wait):
        current = read_current(workspace)
        _clear(workspace, current)
        scratch = workspace / "graph" / f"next-{os.getpid()}"
        store: OxigraphStore | None = None
        try:
            if current.graph is not None:
                with open_snapshot(workspace) as snapshot:
                    snapshot.backup(scratch)
            store = OxigraphStore.open(scratch, scratch=True)
            session = WriteSession(workspace, store, current)
            yield session
            session.publish()
        finally:
            if store is not None:
                store.close()
            shutil.rmtree(scratch, ignore_errors=True)


@contextmanager
def _locked(workspace: Path, command: str, wait: float | None, on_wait: Callable[[str], None]) -> Iterator[None]:
    from filelock import FileLock, Timeout  # 30 ms that readers need not spend

    lock, holder = FileLock(str(workspace / "workspace.lock")), workspace / "workspace.lock.json"
    with disk_errors(workspace):
        try:
            lock.acquire(timeout=0)
        except Timeout:
            on_wait(f"Đang chờ {_holder(holder)} …")
            try:
                lock.acquire(timeout=-1 if wait is None else wait, poll_interval=0.05)
            except Timeout:
                raise WorkspaceLocked(
                    f"Kho dữ liệu {workspace} đang bận: {_holder(holder)}. Hãy chạy lại khi việc đó xong."
                ) from None
    try:
        mine = {"pid": os.getpid(), "host": socket.gethostname(), "command": command, "since": time.time()}
        with disk_errors(workspace):
            write_atomically(holder, json.dumps(mine, ensure_ascii=False).encode())
        yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()


def _holder(path: Path) -> str:
    """Who writes, for people: ``“kg ingest van-ban” (tiến trình 4711) ghi từ 10:02:11 ngày 20/11/2026``."""
    try:
        told = json.loads(path.read_bytes())
        since = dt.datetime.fromtimestamp(told["since"])
        return f"“{told['command']}” (tiến trình {told['pid']}) ghi từ {since:%H:%M:%S} ngày {since.day}/{since:%m/%Y}"
    except (OSError, ValueError, KeyError, TypeError):
        return "một tiến trình khác đang ghi"


def _clear(workspace: Path, current: Current) -> None:
    """Removes what writers that died left: their copies, and snapshots that were never named by ``CURRENT``."""
    for folder in (workspace / "graph").iterdir():
        number = _number(folder)
        if number is None or int(number[1]) > current.version:
            shutil.rmtree(folder, ignore_errors=True)


def _sweep(workspace: Path, current: Current) -> None:
    """Removes snapshots that are neither new nor held by a reader."""
    found = [(int(match[1]), folder) for folder in (workspace / "graph").iterdir() if (match := _number(folder))]
    kept = sorted({number for number, _ in found}, reverse=True)[:_KEPT]
    for number, folder in found:
        with suppress(OSError):
            if (
                number not in kept
                and folder.name not in (current.graph, current.public)
                and time.time() - folder.stat().st_mtime > _KEPT_SECONDS
            ):
                _remove_unheld(folder)


def _number(folder: Path) -> re.Match[str] | None:
    return _SNAPSHOT.fullmatch(folder.name)


def _remove_unheld(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        if fcntl is not None:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)  # refused while a reader holds it
        shutil.rmtree(folder)
    finally:
        os.close(handle)

"""A data folder as one backup, taken while others read and write, and put back whole or not at all.

What is copied belongs together: the graph and the index that ``CURRENT`` names, then the ledger and the accounts
(SQLite's own online copy), then the texts and originals they speak of, which are named by their hashes and never
change. A backup taken during an ingest is the state before it; the ledger may already know more, and the next ingest
goes on from there. ``manifest.json`` holds the hash of every file, the counts, and the hash of the whole dump.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict
from importlib.metadata import version
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import IO, Any, Protocol

from api import audit
from api.logs import FOLDER as LOGS
from ingest.ledger import Ledger
from ingest.pipeline import Folders
from kg.curation import read_curated
from kg.disk import disk_errors, sync_folder
from kg.errors import WorkspaceError
from kg.iris import Iris
from kg.snapshots import Current, Snapshot, open_snapshot

__all__ = ["back_up", "restore"]

FORMAT = 1
MANIFEST = "manifest.json"
_TRIES = 5
_CHUNK = 1 << 20
_PARTS = ("graph", "index")
"""Folders of which only what ``CURRENT`` names is kept."""
_PASSING = (".lock", ".lock.json", "-wal", "-shm", ".new")
"""Endings of files that belong to a running process."""

Progress = Callable[[str, int, int], None]


class _Moved(Exception):
    """A writer took away what was being copied; begin again."""


class _Sink(Protocol):
    """Where the files of a backup go."""

    def write(self, name: str, source: IO[bytes], size: int) -> None: ...


class _FolderSink:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def write(self, name: str, source: IO[bytes], size: int) -> None:
        path = self._folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            shutil.copyfileobj(source, file, _CHUNK)
            file.flush()
            os.fsync(file.fileno())


class _TarSink:
    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar

    def write(self, name: str, source: IO[bytes], size: int) -> None:
        info = tarfile.TarInfo(name)
        info.size, info.mode = size, 0o600
        info.mtime = int(dt.datetime.now(dt.UTC).timestamp())
        self._tar.addfile(info, source)


class _Hashing:
    """Reads at most ``size`` bytes and remembers their hash: a log that grows meanwhile is cut at what it was."""

    def __init__(self, source: IO[bytes], size: int) -> None:
        self._source = source
        self._left = size
        self.hash = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self._source.read(min(self._left, size if size >= 0 else self._left))
        self._left -= len(data)
        self.hash.update(data)
        return data


def back_up(root: Path, target: Path, *, progress: Progress = lambda what, done, total: None) -> dict[str, Any]:
    """Writes the data folder ``root`` to ``target``: a folder, or one file when the name ends in .tar or .tar.gz.

    Returns the manifest without its list of files. ``target`` must not exist. Nothing half-written stays behind.
    """
    if target.exists():
        raise WorkspaceError(f"{target} đã có. Hãy nêu tên khác cho bản sao lưu.")
    fresh = target.with_name(f".{target.name}.{os.getpid()}.new")
    with disk_errors(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        for attempt in range(_TRIES):
            try:
                manifest = _write(root, fresh, target.name, progress)
                break
            except _Moved as error:
                _remove(fresh)
                if attempt == _TRIES - 1:
                    raise WorkspaceError(f"Kho {root} thay đổi liên tục khi sao lưu; hãy chạy lại.") from error
            except BaseException:
                _remove(fresh)
                raise
        fresh.rename(target)
        sync_folder(target.parent)
    return {name: value for name, value in manifest.items() if name != "files"} | {"files": len(manifest["files"])}


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _write(root: Path, fresh: Path, name: str, progress: Progress) -> dict[str, Any]:
    if not name.endswith((".tar", ".tar.gz", ".tgz")):
        fresh.mkdir(mode=0o700)
        return _copy(root, _FolderSink(fresh), progress)
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)  # it holds the hashes of keys
    with os.fdopen(handle, "wb") as raw:
        with tarfile.open(fileobj=raw, mode="w" if name.endswith(".tar") else "w:gz") as tar:
            manifest = _copy(root, _TarSink(tar), progress)
        raw.flush()
        os.fsync(raw.fileno())
    return manifest


def _copy(root: Path, sink: _Sink, progress: Progress) -> dict[str, Any]:
    files: dict[str, list[Any]] = {}

    def keep(name: str, path: Path) -> None:
        try:
            with path.open("rb") as source:
                size = os.fstat(source.fileno()).st_size
                hashing = _Hashing(source, size)
                sink.write(f"data/{name}", hashing, size)  # type: ignore[arg-type]
        except FileNotFoundError as error:
            raise _Moved(name) from error
        files[name] = [size, hashing.hash.hexdigest()]
        progress("Sao lưu tệp", len(files), 0)

    with open_snapshot(root) as snapshot, tempfile.TemporaryDirectory(prefix="kg-backup-") as temporary:
        current = snapshot.current
        written = Path(temporary) / "CURRENT"
        written.write_text(json.dumps(asdict(current)))
        keep("CURRENT", written)
        for name in _named(root, current):
            keep(name, root / name)
        for path in sorted(root.glob("*.sqlite")):
            copied = Path(temporary) / path.name
            _copy_database(path, copied)
            keep(path.name, copied)
        counts = _counts(snapshot, Path(temporary))
        for name in _others(root):
            keep(name, root / name)
        missing = _unread(Path(temporary) / "ledger.sqlite", files)
        if missing:  # a document was deleted between the copy of the ledger and that of its files
            raise _Moved(missing)
        manifest = {
            "format": FORMAT,
            "version": version("vanban-kg"),
            "made": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
            "root": str(root.absolute()),
            "counts": counts,
            "dump_sha256": hashlib.sha256(snapshot.dump()).hexdigest(),
            "files": files,
        }
    text = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
    sink.write(MANIFEST, BytesIO(text), len(text))
    return manifest


def _named(root: Path, current: Current) -> Iterator[str]:
    """The files of the graphs and of the index that ``CURRENT`` names."""
    named = [("graph", current.graph), ("graph", current.public), ("index", current.index)]
    for folder in (f"{part}/{name}" for part, name in named if name):
        if not (root / folder).is_dir():
            raise _Moved(folder)
        for path in sorted((root / folder).rglob("*")):
            if path.is_file():
                yield path.relative_to(root).as_posix()


def _others(root: Path) -> Iterator[str]:
    """Everything else that is of the data, not of a process: texts, originals, uploads, settings of the folder."""
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root)
        passing = path.name.endswith(_PASSING) or any(part.startswith(".") for part in name.parts)
        if name.parts[0] in (*_PARTS, LOGS, "CURRENT") or passing or path.suffix == ".sqlite" or not path.is_file():
            continue
        yield name.as_posix()


def _copy_database(source: Path, target: Path) -> None:
    """SQLite's online copy: whole, whatever another process is writing."""
    with closing(sqlite3.connect(source, timeout=30)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)


def _counts(snapshot: Snapshot, databases: Path) -> dict[str, int]:
    curated = read_curated(snapshot, Iris(snapshot.current.base))
    (row,) = snapshot.query("SELECT (COUNT(DISTINCT ?w) AS ?n) { ?w a eli:LegalResource ; vb:file ?f }")
    counts = {
        "statements": len(snapshot),
        "held_works": int(getattr(row["n"], "value", 0)),
        "verdicts": len(curated.verdicts),
        "facts": len(curated.facts),
    }
    for database, table in (("ledger", "content"), ("ledger", "name"), ("accounts", "user"), ("accounts", "key")):
        path = databases / f"{database}.sqlite"
        if path.exists():
            with closing(sqlite3.connect(path)) as db:
                counts[f"{database}_{table}s"] = int(db.execute(f'select count(*) from "{table}"').fetchone()[0])
    return counts


def _unread(ledger: Path, files: dict[str, list[Any]]) -> str | None:
    """A content that the copied ledger says was read and whose document was not copied."""
    if not ledger.exists():
        return None
    folders = Folders(Path())
    with closing(Ledger(ledger)) as rows:
        named = {row.sha256 for row in rows.names().values()}
        wanted = (sha for sha, row in rows.contents().items() if row.status == "read" and sha in named)
        return next((sha for sha in wanted if folders.document(sha).as_posix() not in files), None)


def restore(source: Path, root: Path, *, verify: bool) -> dict[str, Any]:
    """Puts a backup back as the data folder ``root``, which must be absent or empty.

    The hash of every file is always compared. ``verify`` also opens the result: counts and dump must be those of the
    backup, the audit log unbroken, every document of the ledger there. Sign-ins end; keys go on working.
    """
    if root.exists() and any(root.iterdir()):
        raise WorkspaceError(f"Kho {root} không trống. Hãy khôi phục vào một thư mục mới rồi đổi tên.")
    fresh = root.with_name(f".{root.name}.{os.getpid()}.new")
    with disk_errors(root):
        root.parent.mkdir(parents=True, exist_ok=True)
        fresh.mkdir(mode=0o700)
        try:
            manifest = _unpack(source, fresh)
            report = _verify(fresh, manifest) if verify else {}
            _settle(fresh, root, manifest)
            if root.exists():
                root.rmdir()
            fresh.rename(root)
        except BaseException:
            shutil.rmtree(fresh, ignore_errors=True)
            raise
        sync_folder(root.parent)
    told = {name: manifest[name] for name in ("made", "version", "counts", "dump_sha256")}
    return told | {"files": len(manifest["files"]), "verified": verify} | report


def _unpack(source: Path, fresh: Path) -> dict[str, Any]:
    with _opened(source) as read:
        try:
            with read(MANIFEST) as stream:
                manifest: dict[str, Any] = json.loads(stream.read())
            files = manifest["files"]
            if manifest["format"] != FORMAT:
                raise WorkspaceError(
                    f"Bản sao lưu {source} thuộc định dạng {manifest['format']}, bản này đọc {FORMAT}."
                )
        except (KeyError, OSError, ValueError, TypeError) as error:
            raise WorkspaceError(f"{source} không phải bản sao lưu, hoặc thiếu {MANIFEST}.") from error
        for name, (size, expected) in files.items():
            if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
                raise WorkspaceError(f"Bản sao lưu {source} có đường dẫn không an toàn: {name}")
            path = fresh / name
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                with read(f"data/{name}") as stream, path.open("wb") as file:
                    hashing = _Hashing(stream, size + 1)
                    shutil.copyfileobj(hashing, file, _CHUNK)
            except (KeyError, FileNotFoundError) as error:
                raise WorkspaceError(f"Bản sao lưu {source} thiếu tệp {name}.") from error
            if hashing.hash.hexdigest() != expected:
                raise WorkspaceError(f"Bản sao lưu {source} bị hỏng: tệp {name} khác với khi sao lưu.")
    return manifest


@contextmanager
def _opened(source: Path) -> Iterator[Callable[[str], IO[bytes]]]:
    """A way to read the files of a backup by name, folder or archive alike."""
    if source.is_dir():
        yield lambda name: (source / name).open("rb")
        return
    try:
        tar = tarfile.open(source)  # noqa: SIM115
    except (tarfile.TarError, EOFError) as error:
        raise WorkspaceError(f"{source} không phải bản sao lưu (tệp .tar hoặc thư mục).") from error
    with tar:

        def read(name: str) -> IO[bytes]:
            found = tar.extractfile(name)
            if found is None:
                raise KeyError(name)
            return found

        yield read


def _verify(fresh: Path, manifest: dict[str, Any]) -> dict[str, Any]:
    with open_snapshot(fresh) as snapshot:
        counts = _counts(snapshot, fresh)
        dump = hashlib.sha256(snapshot.dump()).hexdigest()
    if counts != manifest["counts"] or dump != manifest["dump_sha256"]:
        raise WorkspaceError(f"Dữ liệu khôi phục khác bản sao lưu: {counts} thay vì {manifest['counts']}.")
    missing = _unread(fresh / "ledger.sqlite", manifest["files"])
    if missing:
        raise WorkspaceError(f"Bản sao lưu thiếu nội dung đã đọc của tệp {missing[:16]}.")
    return {"dump_equal": True, "audit_lines": audit.verify(fresh)}


def _settle(fresh: Path, root: Path, manifest: dict[str, Any]) -> None:
    """What names places or people of the old machine: uploads now lie here, and nobody is signed in."""
    old, new = f"{manifest['root']}/uploads", f"{root.absolute()}/uploads"
    if (fresh / "ledger.sqlite").exists() and old != new:
        with closing(sqlite3.connect(fresh / "ledger.sqlite")) as db, db:
            for column in ("path", "root"):
                db.execute(
                    f"update name set {column} = ? || substr({column}, ?) where substr({column}, 1, ?) = ?",
                    (new, len(old) + 1, len(old), old),
                )
    marks = fresh / "visibility.json"
    if marks.exists() and old != new:
        stated = json.loads(marks.read_bytes())
        stated["paths"] = [new + path[len(old) :] if path.startswith(old) else path for path in stated["paths"]]
        marks.write_text(json.dumps(stated, ensure_ascii=False, indent=1), "utf-8")
    accounts = fresh / "accounts.sqlite"
    if accounts.exists():
        with closing(sqlite3.connect(accounts)) as db, db:
            db.execute("delete from session")
            db.execute("delete from sign_in")
        accounts.chmod(0o600)

"""The durable memory of ingest: which contents were read, under which names, with what result (SQLite).

One row per content (hash of bytes), one per name. A row is written only after its result is on disk, so a run that
dies at any moment is continued by the next one. What was made of a content lies beside the ledger, in files named by
its hash (``ingest.folders``); a file that a power cut left broken is found when it is opened and made anew.
"""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import astuple, dataclass, fields, replace
from pathlib import Path
from typing import Any, Literal

from kg.disk import disk_errors
from kg.errors import WorkspaceError

__all__ = ["ContentRow", "Ledger", "MemberRow", "NameRow"]

Status = Literal["read", "failed", "refused", "archive"]

_VERSION = 3
_SCHEMA = """
create table if not exists content (
  sha256 text primary key, status text not null, code text not null, message text not null,
  media_type text not null, stage text not null, reader_version integer not null, parser_version text not null,
  attempts integer not null, seconds real not null, pages integer not null, encoding text not null,
  ocr text not null, warnings text not null
) strict;
create table if not exists name (
  path text primary key, shown text not null, root text not null, sha256 text not null,
  size integer not null, mtime_ns integer not null, source text not null, collected text not null
) strict;
create index if not exists name_by_content on name (sha256);
create table if not exists member (
  archive text not null, place integer not null, name text not null, sha256 text not null, size integer not null,
  code text not null, message text not null, primary key (archive, place)
) strict;
create table if not exists run (
  id integer primary key, started text not null, finished text, command text not null, report text
) strict;
create table if not exists state (key text primary key, value text not null) strict;
"""


@dataclass(frozen=True, slots=True)
class ContentRow:
    """What came of one content: ``code`` and ``message`` say why when it was not read.

    ``stage`` is how far it came: "none", "text" (the reader's text is kept) or "document". ``parser_version`` names
    the rules and the reference data that made the document. ``ocr`` is JSON, [[page, confidence], …]; ``warnings`` is
    JSON, a list of sentences.
    """

    sha256: str
    status: Status
    code: str = "ok"
    message: str = ""
    media_type: str = ""
    stage: Literal["none", "text", "document"] = "none"
    reader_version: int = 0
    parser_version: str = ""
    attempts: int = 1
    seconds: float = 0.0
    pages: int = 0
    encoding: str = ""
    ocr: str = "[]"
    warnings: str = "[]"


@dataclass(frozen=True, slots=True)
class NameRow:
    """One place a content was found at: ``shown`` is the name relative to the folder that was given.

    ``source`` is the address it was collected from and ``collected`` the day (ISO), "" where nothing was said.
    """

    path: str
    shown: str
    root: str
    sha256: str
    size: int
    mtime_ns: int
    source: str = ""
    collected: str = ""


@dataclass(frozen=True, slots=True)
class MemberRow:
    """One entry of an archive, in the archive's order; ``code`` says why an entry was left out ("" when it was not)."""

    name: str
    sha256: str
    size: int
    code: str = ""
    message: str = ""


_CONTENT = ", ".join(field.name for field in fields(ContentRow))
_NAME = ", ".join(field.name for field in fields(NameRow))


class Ledger:
    """Opened once per run; every method is one transaction. Several processes may have it open."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._told():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(path, timeout=60, isolation_level=None)
            self._db.execute("pragma journal_mode = wal")
            self._db.execute("pragma synchronous = normal")
            if self._db.execute("pragma user_version").fetchone()[0] != _VERSION:
                with self._transaction() as db:  # rows of an older shape are read again, not converted
                    for table in ("content", "name", "member", "state"):
                        db.execute(f"drop table if exists {table}")
                    for statement in _SCHEMA.split(";"):
                        db.execute(statement)
                    db.execute(f"pragma user_version = {_VERSION}")

    @classmethod
    def read_only(cls, path: Path) -> Ledger:
        """The ledger of a folder that may not be written to; only its questions can be asked."""
        ledger = cls.__new__(cls)
        ledger._path = path
        for how in ("mode=ro", "immutable=1"):  # on a read-only disk SQLite's own lock files cannot be made
            with ledger._told():
                ledger._db = sqlite3.connect(f"{path.absolute().as_uri()}?{how}", uri=True, isolation_level=None)
                try:
                    if ledger._db.execute("pragma user_version").fetchone()[0] == _VERSION:
                        return ledger
                except sqlite3.OperationalError:
                    ledger._db.close()
                    if how != "mode=ro":
                        raise
                    continue
            ledger._db.close()
            raise WorkspaceError(f"Sổ nạp {path} thuộc phiên bản khác. Hãy nạp lại một lần: kg ingest THƯ_MỤC.")
        raise AssertionError("unreachable")

    def close(self) -> None:
        """Closes the file; the ledger is of no use afterwards."""
        self._db.close()

    @contextmanager
    def _told(self) -> Iterator[None]:
        """SQLite's complaints about the disk as ours, in plain words."""
        try:
            with disk_errors(self._path):
                yield
        except sqlite3.OperationalError as error:
            text = str(error)
            if "full" in text:
                reason = "ổ đĩa đã đầy; dữ liệu cũ còn nguyên, hãy giải phóng chỗ rồi chạy lại"
            elif "disk I/O" in text:
                reason = "ổ đĩa đã đầy hoặc hỏng; dữ liệu cũ còn nguyên, hãy kiểm tra ổ đĩa rồi chạy lại"
            elif "readonly" in text or "unable to open" in text:
                reason = "không có quyền ghi; dữ liệu cũ còn nguyên, hãy kiểm tra quyền của thư mục"
            elif "locked" in text:
                reason = "một tiến trình khác đang giữ; hãy chạy lại khi việc đó xong"
            else:
                reason = text
            raise WorkspaceError(f"Không ghi được sổ nạp {self._path}: {reason}.") from error
        except sqlite3.DatabaseError as error:
            raise WorkspaceError(
                f"Sổ nạp {self._path} bị hỏng ({error}). Hãy khôi phục bản sao lưu (kg restore), hoặc xóa tệp này rồi "
                "nạp lại từ đầu; quyết định rà soát không mất."
            ) from error

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._told():
            self._db.execute("begin immediate")
            try:
                yield self._db
            except BaseException:
                self._db.execute("rollback")
                raise
            self._db.execute("commit")

    def names(self) -> dict[str, NameRow]:
        """Every known name by path."""
        with self._told():
            return {row[0]: NameRow(*row) for row in self._db.execute(f"select {_NAME} from name")}

    def contents(self) -> dict[str, ContentRow]:
        """Every known content by hash."""
        with self._told():
            return {row[0]: ContentRow(*row) for row in self._db.execute(f"select {_CONTENT} from content")}

    def members(self, archive: str) -> list[MemberRow]:
        """The entries of an archive that was looked into."""
        with self._told():
            rows = self._db.execute(
                "select name, sha256, size, code, message from member where archive = ? order by place", (archive,)
            )
            return [MemberRow(*row) for row in rows]

    def record_contents(self, rows: Iterable[ContentRow]) -> None:
        """Adds or replaces what came of contents; a replaced one counts one more attempt while it fails."""
        with self._transaction() as db:
            for row in rows:
                before = db.execute(
                    "select attempts, status, code from content where sha256 = ?", (row.sha256,)
                ).fetchone()
                if before and before[1] == "failed" and row.status == "failed" and before[2] == row.code:
                    row = replace(row, attempts=before[0] + 1)
                db.execute(f"insert or replace into content ({_CONTENT}) values ({_marks(ContentRow)})", astuple(row))

    def record_members(self, archive: str, members: Iterable[MemberRow]) -> None:
        """What an archive holds."""
        with self._transaction() as db:
            db.execute("delete from member where archive = ?", (archive,))
            db.executemany(
                "insert into member (archive, place, name, sha256, size, code, message) values (?, ?, ?, ?, ?, ?, ?)",
                [(archive, place, *astuple(member)) for place, member in enumerate(members)],
            )

    def record_names(self, rows: Iterable[NameRow], gone: Iterable[str] = ()) -> None:
        """Adds or replaces names and forgets those that are gone."""
        with self._transaction() as db:
            db.executemany("delete from name where path = ?", [(path,) for path in gone])
            db.executemany(
                f"insert or replace into name ({_NAME}) values ({_marks(NameRow)})", [astuple(row) for row in rows]
            )

    def forget_contents(self, hashes: Iterable[str]) -> None:
        """Forgets what came of contents, so that they are read anew should they come back."""
        with self._transaction() as db:
            db.executemany("delete from content where sha256 = ?", [(sha,) for sha in hashes])

    def state(self, key: str) -> str | None:
        """A remembered word, None when it was never said."""
        with self._told():
            row = self._db.execute("select value from state where key = ?", (key,)).fetchone()
        return row[0] if row else None

    def remember(self, key: str, value: str) -> None:
        """Remembers a word under a key."""
        with self._transaction() as db:
            db.execute("insert or replace into state (key, value) values (?, ?)", (key, value))

    def start_run(self, command: str) -> int:
        """Begins a run and gives its number."""
        started = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
        with self._transaction() as db:
            cursor = db.execute("insert into run (started, command) values (?, ?)", (started, command))
        assert cursor.lastrowid is not None
        return cursor.lastrowid

    def finish_run(self, run: int, report: Mapping[str, Any]) -> None:
        """Ends a run with its report."""
        finished = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
        with self._transaction() as db:
            db.execute(
                "update run set finished = ?, report = ? where id = ?",
                (finished, json.dumps(report, ensure_ascii=False), run),
            )

    def last_run(self) -> dict[str, Any] | None:
        """The newest run: number, start, end (None when it was cut off) and report."""
        with self._told():
            row = self._db.execute(
                "select id, started, finished, command, report from run order by id desc limit 1"
            ).fetchone()
        if row is None:
            return None
        report = json.loads(row[4]) if row[4] else None
        return {"run": row[0], "started": row[1], "finished": row[2], "command": row[3], "report": report}


def _marks(kind: type[Any]) -> str:
    return ", ".join("?" * len(fields(kind)))

"""The durable memory of ingest: which contents were read, under which names, with what result (SQLite).

One row per content (hash of bytes), one per name. A stage is written only after its result is safely on disk, so a
run that dies at any moment is continued by the next one. The documents themselves lie beside it, one JSON file per
content, replaced by rename.
"""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

__all__ = ["ContentRow", "Ledger", "NameRow"]

Status = Literal["read", "failed", "refused"]

_SCHEMA = """
create table if not exists content (
  sha256 text primary key, status text not null, code text not null, message text not null,
  media_type text not null, parser_version integer not null, attempts integer not null, seconds real not null,
  visibility text not null default 'public'
) strict;
create table if not exists name (
  path text primary key, shown text not null, root text not null, sha256 text not null,
  size integer not null, mtime_ns integer not null
) strict;
create index if not exists name_by_content on name (sha256);
create table if not exists run (
  id integer primary key, started text not null, finished text, command text not null, report text
) strict;
"""


@dataclass(frozen=True, slots=True)
class ContentRow:
    """What came of one content: ``code`` and ``message`` say why when it was not read."""

    sha256: str
    status: Status
    code: str
    message: str
    media_type: str
    parser_version: int
    attempts: int
    seconds: float


@dataclass(frozen=True, slots=True)
class NameRow:
    """One place a content was found at: ``shown`` is the name relative to the folder that was given."""

    path: str
    shown: str
    root: str
    sha256: str
    size: int
    mtime_ns: int


class Ledger:
    """Opened once per run; every method is one transaction."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(path, timeout=30, isolation_level=None)
        self._db.execute("pragma journal_mode = wal")
        self._db.execute("pragma synchronous = full")
        self._db.executescript(_SCHEMA)

    def close(self) -> None:
        """Closes the file; the ledger is of no use afterwards."""
        self._db.close()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        self._db.execute("begin immediate")
        try:
            yield self._db
        except BaseException:
            self._db.execute("rollback")
            raise
        self._db.execute("commit")

    def names(self) -> dict[str, NameRow]:
        """Every known name by path."""
        rows = self._db.execute("select path, shown, root, sha256, size, mtime_ns from name")
        return {row[0]: NameRow(*row) for row in rows}

    def contents(self) -> dict[str, ContentRow]:
        """Every known content by hash."""
        rows = self._db.execute(
            "select sha256, status, code, message, media_type, parser_version, attempts, seconds from content"
        )
        return {row[0]: ContentRow(*row) for row in rows}

    def record_contents(self, rows: Iterable[ContentRow]) -> None:
        """Adds or replaces what came of contents."""
        with self._transaction() as db:
            db.executemany(
                "insert into content (sha256, status, code, message, media_type, parser_version, attempts, seconds)"
                " values (?, ?, ?, ?, ?, ?, ?, ?) on conflict (sha256) do update set status = excluded.status,"
                " code = excluded.code, message = excluded.message, media_type = excluded.media_type,"
                " parser_version = excluded.parser_version, attempts = content.attempts + 1,"
                " seconds = excluded.seconds",
                [
                    (r.sha256, r.status, r.code, r.message, r.media_type, r.parser_version, r.attempts, r.seconds)
                    for r in rows
                ],
            )

    def record_names(self, rows: Iterable[NameRow], gone: Iterable[str] = ()) -> None:
        """Adds or replaces names and forgets those that are gone."""
        with self._transaction() as db:
            db.executemany("delete from name where path = ?", [(path,) for path in gone])
            db.executemany(
                "insert or replace into name (path, shown, root, sha256, size, mtime_ns) values (?, ?, ?, ?, ?, ?)",
                [(r.path, r.shown, r.root, r.sha256, r.size, r.mtime_ns) for r in rows],
            )

    def forget_contents(self, hashes: Iterable[str]) -> None:
        """Forgets what came of contents, so that they are read anew should they come back."""
        with self._transaction() as db:
            db.executemany("delete from content where sha256 = ?", [(sha,) for sha in hashes])

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
        row = self._db.execute("select id, started, finished, command, report from run order by id desc").fetchone()
        if row is None:
            return None
        report = json.loads(row[4]) if row[4] else None
        return {"run": row[0], "started": row[1], "finished": row[2], "command": row[3], "report": report}

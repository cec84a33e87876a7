"""Uploads as jobs: ``jobs.sqlite`` in the data folder, worked off one at a time by a process of its own.

A process, because reading a hard file must not slow the pages, and because it outlives the server: what is running
when the server stops runs on. A job whose process is gone is "interrupted" and can be resumed; its files are safe in
``uploads/`` before the job exists.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import secrets
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kg.disk import disk_errors
from kg.errors import RequestError

__all__ = ["JobRunner", "Jobs"]

_SCHEMA = """
create table if not exists job (
  id text primary key, kind text not null, user text not null, created text not null, started text, finished text,
  state text not null, pid integer, paths text not null, options text not null, progress text not null, report text
) strict;
"""
_FIELDS = (
    "id",
    "kind",
    "user",
    "created",
    "started",
    "finished",
    "state",
    "pid",
    "paths",
    "options",
    "progress",
    "report",
)


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")


class Jobs:
    """The jobs of one data folder. Every call opens the file anew: any thread, any process."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._path = root / "jobs.sqlite"

    @contextmanager
    def _db(self) -> Iterator[sqlite3.Connection]:
        with disk_errors(self._path):
            self._path.parent.mkdir(parents=True, exist_ok=True)
        db = sqlite3.connect(self._path, timeout=30, isolation_level=None)
        try:
            db.execute(_SCHEMA)
            yield db
        finally:
            db.close()

    def add(self, kind: str, user: str, paths: Sequence[Path], options: Mapping[str, Any] | None = None) -> str:
        """A new job in the queue; its id."""
        ident = secrets.token_hex(8)
        with self._db() as db:
            db.execute(
                "insert into job (id, kind, user, created, state, paths, options, progress)"
                " values (?, ?, ?, ?, 'queued', ?, ?, '{}')",
                (ident, kind, user, _now(), json.dumps([str(path) for path in paths]), json.dumps(dict(options or {}))),
            )
        return ident

    def get(self, ident: str) -> dict[str, Any] | None:
        """One job; "running" without its process is "interrupted"."""
        with self._db() as db:
            row = db.execute(f"select {', '.join(_FIELDS)} from job where id = ?", (ident,)).fetchone()
        return _job(row) if row else None

    def listed(self, most: int = 50) -> list[dict[str, Any]]:
        """The newest jobs, newest first."""
        with self._db() as db:
            rows = db.execute(
                f"select {', '.join(_FIELDS)} from job order by created desc, id limit ?", (most,)
            ).fetchall()
        return [_job(row) for row in rows]

    def next_queued(self) -> str | None:
        """The job that waits longest."""
        with self._db() as db:
            row = db.execute("select id from job where state = 'queued' order by created, rowid limit 1").fetchone()
        return row[0] if row else None

    def begin(self, ident: str, pid: int) -> None:
        """The job runs now, in this process."""
        with self._db() as db:
            db.execute(
                "update job set state = 'running', pid = ?, started = ?, progress = '{}' where id = ?",
                (pid, _now(), ident),
            )

    def progress(self, ident: str, what: str, done: int, total: int) -> None:
        """How far it is."""
        told = json.dumps({"what": what, "done": done, "total": total}, ensure_ascii=False)
        with self._db() as db:
            db.execute("update job set progress = ? where id = ?", (told, ident))

    def finish(self, ident: str, state: str, report: Mapping[str, Any]) -> None:
        """It is "done" or "failed", with what came of it."""
        with self._db() as db:
            db.execute(
                "update job set state = ?, finished = ?, report = ? where id = ?",
                (state, _now(), json.dumps(dict(report), ensure_ascii=False), ident),
            )

    def resume(self, ident: str) -> None:
        """Puts a job that was interrupted or failed back into the queue. Raises RequestError for any other."""
        job = self.get(ident)
        if job is None or job["state"] not in ("interrupted", "failed"):
            raise RequestError("Chỉ chạy lại được việc đã dừng giữa chừng hoặc bị lỗi.")
        with self._db() as db:
            db.execute("update job set state = 'queued', pid = null, finished = null where id = ?", (ident,))

    def waiting(self) -> bool:
        """Whether an earlier server left jobs in the queue."""
        return self._path.exists() and self.next_queued() is not None


def _job(row: Sequence[Any]) -> dict[str, Any]:
    job = dict(zip(_FIELDS, row, strict=True))
    for name in ("paths", "options", "progress", "report"):
        job[name] = json.loads(job[name]) if job[name] else None
    if job["state"] == "running" and not _alive(job["pid"]):
        job["state"] = "interrupted"
    return job


def _alive(pid: int | None) -> bool:
    if not pid:
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    stat = Path(f"/proc/{pid}/stat")
    try:  # a process that ended and was not waited for still has its number
        return stat.read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return True


class JobRunner:
    """Starts the process of each job in turn. Queued jobs of an earlier server are taken up as well."""

    def __init__(self, jobs: Jobs) -> None:
        self._jobs = jobs
        self._wake = threading.Event()
        self._stopped = False
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    def wake(self) -> None:
        """A job was added, or resumed."""
        with self._lock:
            self._wake.set()
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._work, name="jobs", daemon=True)
                self._thread.start()

    def close(self) -> None:
        """Starts no further job; a running one runs on to its end."""
        self._stopped = True
        self._wake.set()

    def _work(self) -> None:
        while not self._stopped:
            self._wake.clear()
            ident = self._jobs.next_queued()
            if ident is None:
                if not self._wake.wait(30):
                    with self._lock:
                        if not self._wake.is_set():
                            self._thread = None
                            return
                continue
            self._run(ident)

    def _run(self, ident: str) -> None:
        command = [sys.executable, "-m", "api.job_worker", str(self._jobs.root), ident]
        with subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True,
        ) as process:  # fmt: skip
            self._jobs.begin(ident, process.pid)
            while not self._stopped:
                try:
                    process.wait(0.2)
                    break
                except subprocess.TimeoutExpired:
                    continue
            else:
                process.returncode = 0  # the server stops and the job runs on: nobody waits for it
                return
        job = self._jobs.get(ident)
        if job is not None and job["state"] in ("queued", "running", "interrupted"):
            self._jobs.finish(ident, "failed", {"error": "Tiến trình nạp dừng giữa chừng; có thể chạy lại."})

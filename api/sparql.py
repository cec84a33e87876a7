"""SPARQL from outside, in worker processes that can be killed: the only real limit on a query in Oxigraph.

``run_query`` answers one question (``kg sparql``); a ``WorkerPool`` answers many at once (the server). Both send the
query to ``api.sparql_worker`` and hold it to the limits of the settings: over its time the worker is killed, over rows
or bytes the answer is cut where a row ends and says so, and when too many wait the next is turned away at once.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from api.sparql_formats import GRAPHS, SOLUTIONS, Choice, by_name
from api.sparql_worker import LENGTHS, read_exactly
from kg.errors import QueryError, QueryOverload, QueryRefused, QueryTimeout, WorkspaceError

if TYPE_CHECKING:
    from api.settings import Settings

__all__ = [
    "Limits",
    "QueryNotAcceptable",
    "QueryResult",
    "Worker",
    "WorkerPool",
    "as_request",
    "as_result",
    "died",
    "run_query",
    "timed_out",
]

# A worker opens its socket within a tenth of a second; on a machine that swaps, later.
_START_SECONDS = 30.0
# How much nicer than this process a worker is whose query takes long: it has a tenth of the turns of the others.
_GIVEN_WAY = 10


class QueryNotAcceptable(QueryError):
    """The answer has none of the forms that the client takes, such as CSV for a CONSTRUCT."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one query may use. ``queue`` is how many may wait while all workers are busy."""

    seconds: float = 10.0
    rows: int = 10_000
    bytes: int = 10_000_000
    query_bytes: int = 200_000
    memory_mb: int = 1_024
    workers: int = 2
    queue: int = 32

    @classmethod
    def of(cls, settings: Settings) -> Limits:
        """The limits that the settings (``KG_SPARQL_…``) state."""
        return cls(
            seconds=settings.sparql_seconds,
            rows=settings.sparql_rows,
            bytes=settings.sparql_bytes,
            query_bytes=settings.sparql_query_bytes,
            memory_mb=settings.sparql_memory_mb,
            workers=settings.sparql_workers or (os.cpu_count() or 1) + 1,  # one runaway leaves a worker for each core
            queue=settings.sparql_queue,
        )


@dataclass(frozen=True, slots=True)
class QueryResult:
    """An answer, written. ``truncated``: there was more than the limits let through. ``seconds``: spent on it."""

    body: bytes
    media_type: str
    truncated: bool
    seconds: float


def run_query(
    snapshot: Path,
    query: str,
    *,
    form: str = "json",
    settings: Settings | None = None,
    seconds: float | None = None,
    default_graphs: Iterable[str] | None = None,
    named_graphs: Iterable[str] | None = None,
) -> QueryResult:
    """Answers one query on the graph store in ``snapshot``, in a process of its own that ends with it.

    ``form`` is a short name of ``api.sparql_formats`` ("json", "csv", "ttl" …); "table" means JSON or Turtle.
    ``seconds`` overrides the time limit. Raises QueryRefused, QueryError (syntax), QueryTimeout, QueryNotAcceptable.
    """
    from dataclasses import replace

    limits = replace(Limits() if settings is None else Limits.of(settings), workers=1, queue=0)
    if seconds is not None:
        limits = replace(limits, seconds=seconds)
    with WorkerPool(limits) as pool:
        return pool.run(snapshot, query, choice=by_name(form), default_graphs=default_graphs, named_graphs=named_graphs)


class WorkerPool:
    """A few workers, started when first needed, shared by any number of threads. Close it, or use ``with``."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._free = threading.Condition()
        self._idle: list[Worker] = []
        self._started = 0
        self._waiting = 0
        self._closed = False

    def __enter__(self) -> WorkerPool:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def run(
        self,
        snapshot: Path,
        query: str,
        *,
        choice: Choice,
        default_graphs: Iterable[str] | None = None,
        named_graphs: Iterable[str] | None = None,
        base: str | None = None,
    ) -> QueryResult:
        """Answers ``query`` on the store in ``snapshot`` (pass what CURRENT names now: workers follow).

        ``base``: what relative IRIs are relative to; without it they are errors.

        Without ``default_graphs`` and ``named_graphs`` the query's own FROM counts, else the union of all graphs.
        Raises QueryTimeout when its time is up, and QueryOverload when no worker comes free in that time or too many
        queries wait already.
        """
        request, text = as_request(self.limits, snapshot, query, choice, default_graphs, named_graphs, base)
        worker = self._take()
        try:
            worker.wait_until_ready()
            start = time.monotonic()
            header, body = worker.ask(request, text, start + self.limits.seconds)
        except BaseException:
            # Whatever stands in its pipe now belongs to no later question.
            worker.kill()
            self._replace()
            raise
        self._give_back(worker)
        return as_result(header, body, time.monotonic() - start)

    def close(self) -> None:
        """Ends the workers, busy ones too."""
        with self._free:
            self._closed = True
            idle, self._idle = self._idle, []
            self._free.notify_all()
        for worker in idle:
            worker.kill()

    def _take(self) -> Worker:
        with self._free:
            if not self._can_take():
                if self._waiting >= self.limits.queue:
                    raise QueryOverload("Có quá nhiều câu truy vấn đang chờ. Hãy thử lại sau ít giây.")
                self._waiting += 1
                try:
                    self._free.wait_for(self._can_take, self.limits.seconds)
                finally:
                    self._waiting -= 1
            if self._closed:
                raise QueryOverload("Máy chủ đang dừng.")
            if self._idle:
                return self._idle.pop()  # the last used has the snapshot open and its pages warm
            if self._started >= self.limits.workers:
                raise QueryOverload("Các câu truy vấn khác đang chiếm máy chủ. Hãy thử lại sau ít giây.")
            self._started += 1
        try:
            return Worker(self.limits.memory_mb)
        except OSError as error:
            self._one_less()
            raise QueryOverload(f"Không mở thêm được tiến trình truy vấn: {error}") from error

    def _can_take(self) -> bool:
        return bool(self._idle) or self._closed or self._started < self.limits.workers

    def _replace(self) -> None:
        """A fresh worker for a killed one, at once: it is ready by the time the next question comes."""
        try:
            worker = Worker(self.limits.memory_mb)
        except OSError:
            self._one_less()  # whoever asks next tries again
        else:
            self._give_back(worker)

    def _one_less(self) -> None:
        with self._free:
            self._started -= 1
            self._free.notify()

    def _give_back(self, worker: Worker) -> None:
        with self._free:
            if not self._closed:
                self._idle.append(worker)
                self._free.notify()
                return
        worker.kill()


def as_request(
    limits: Limits,
    snapshot: Path,
    query: str,
    choice: Choice,
    default_graphs: Iterable[str] | None,
    named_graphs: Iterable[str] | None,
    base: str | None,
) -> tuple[dict[str, Any], bytes]:
    """What a worker is told: the header of its request, and the query. Raises what can be told without it."""
    try:
        text = query.encode()
    except UnicodeEncodeError as error:
        raise QueryError(f"Câu truy vấn có ký tự không hợp lệ ở vị trí {error.start + 1}.") from error
    if len(text) > limits.query_bytes:
        raise QueryRefused(f"Câu truy vấn dài {len(text)} byte; giới hạn là {limits.query_bytes} byte.")
    return {
        "snapshot": str(snapshot),
        "solutions": choice.solutions,
        "graph": choice.graph,
        "default": None if default_graphs is None else list(default_graphs),
        "named": None if named_graphs is None else list(named_graphs),
        "base": base,
        "rows": limits.rows,
        "bytes": limits.bytes,
        "seconds": limits.seconds,
    }, text


def as_result(header: dict[str, Any], body: bytes, seconds: float) -> QueryResult:
    """What a worker answered, as a value or as the error it stands for."""
    message = header.get("message", "")
    match header["status"]:
        case "ok":
            form = header["form"]
            return QueryResult(body, SOLUTIONS.get(form) or GRAPHS[form], header["truncated"], seconds)
        case "refused":
            raise QueryRefused(message)
        case "not_acceptable":
            raise QueryNotAcceptable(message)
        case "unavailable":
            raise WorkspaceError(message)
    raise QueryError(message)


class Worker:
    """One worker process and the socket to it."""

    def __init__(self, memory_mb: int) -> None:
        ours, theirs = socket.socketpair()
        # Where the packages lie is told outright: the caller's folder may hold an `api` of its own.
        home = str(Path(__file__).resolve().parents[1])
        path = os.pathsep.join(filter(None, (home, os.environ.get("PYTHONPATH"))))
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "api.sparql_worker", str(memory_mb)],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": path},
            )
        self.channel = ours
        self.ready = False
        self.gave_way = False

    def wait_until_ready(self) -> None:
        """Returns once the process can take a question."""
        if not self.ready:
            self.channel.settimeout(_START_SECONDS)
            if read_exactly(self.channel, LENGTHS.size) is None:
                raise QueryError("Tiến trình truy vấn không khởi động được. Hãy chạy: kg doctor")
            self.ready = True

    def ask(self, request: dict[str, Any], query: bytes, deadline: float) -> tuple[dict[str, Any], bytes]:
        """The header and body of the answer. Raises QueryTimeout at ``deadline`` (of ``time.monotonic``)."""
        head = json.dumps(request).encode()
        try:
            self._until(deadline)
            self.channel.sendall(LENGTHS.pack(len(head), len(query)) + head + query)
            lengths = self._read(LENGTHS.size, deadline)
            told, size = LENGTHS.unpack(lengths)
            message = self._read(told + size, deadline)
        except TimeoutError:
            raise timed_out(request["seconds"]) from None
        except OSError as error:
            raise died() from error
        return json.loads(message[:told]), bytes(message[told:])

    def _read(self, size: int, deadline: float) -> bytearray:
        """So many bytes before the deadline, however small the pieces in which they come."""
        content = bytearray(size)
        view, got = memoryview(content), 0
        while got < size:
            self._until(deadline)
            count = self.channel.recv_into(view[got:])
            if not count:
                raise died()
            got += count
        return content

    def _until(self, deadline: float) -> None:
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self.channel.settimeout(left)

    def give_way(self) -> None:
        """Lets every other process go first: what takes long may take a little longer, small questions must not."""
        self.gave_way = self._set_niceness(_own_niceness() + _GIVEN_WAY)

    def as_others(self) -> bool:
        """Takes its turn like the others again; False where the system does not let it, and a fresh one is needed."""
        if self.gave_way and self._set_niceness(_own_niceness()):
            self.gave_way = False
        return not self.gave_way

    def _set_niceness(self, niceness: int) -> bool:
        try:
            os.setpriority(os.PRIO_PROCESS, self._process.pid, niceness)
        except (AttributeError, OSError):  # no such call on this system, or only root may go back
            return False
        return True

    def kill(self) -> None:
        """Ends the process, whatever it is doing."""
        self._process.kill()
        self._process.wait()
        self.channel.close()


def timed_out(seconds: float) -> QueryTimeout:
    """The error of a query that was stopped."""
    return QueryTimeout(f"Câu truy vấn đã bị dừng sau {seconds:g} giây. Hãy thu hẹp điều kiện hoặc thêm LIMIT.")


def died() -> QueryError:
    """The error of a query whose process ended, mostly because it ran out of memory."""
    return QueryError(
        "Tiến trình truy vấn đã dừng giữa chừng (thường do câu truy vấn dùng quá nhiều bộ nhớ). Hãy thu hẹp điều kiện."
    )


def _own_niceness() -> int:
    return os.getpriority(os.PRIO_PROCESS, 0) if hasattr(os, "getpriority") else 0

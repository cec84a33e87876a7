"""Where files are read: not here. A pool of processes that may crash, hang or swell, each costing one file at most.

``Executor`` is all that ingest asks of it, small enough that a cluster can stand behind it. ``ProcessExecutor`` starts
workers (``ingest.worker``) in process groups of their own, hands each one task at a time over a pipe, and ends a worker
that says nothing for too long. Answers are data, never objects: what a worker sends cannot run anything here.
"""

from __future__ import annotations

import os
import pickle
import selectors
import signal
import struct
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import msgspec

from kg.errors import PolicyKGError, WorkspaceError

__all__ = ["Answer", "Executor", "Limits", "ProcessExecutor", "Task", "run_one"]

_FRAME = struct.Struct("<IQ")
"""What stands before a frame: the length of its JSON and of the bytes after it."""
_ROOT = Path(__file__).resolve().parents[1]
_START_SECONDS = 60.0
_MOST_PAGES = 4
"""Pages of one scan read at once, where there are cores for it: each takes some hundred megabytes."""
_WORN = 200
"""A worker is replaced after so many tasks: what libraries forget to free goes with it."""


@dataclass(frozen=True, slots=True)
class Task:
    """One piece of work: ``kind`` names what ``ingest.reading`` does, ``given`` are its arguments, ``key`` is yours."""

    key: str
    kind: str
    given: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a task: ``result`` and ``data``, or a ``failure``: "crashed", "timeout", "memory"."""

    task: Task
    result: Mapping[str, Any] = field(default_factory=dict)
    data: bytes = b""
    failure: str | None = None
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Limits:
    """``seconds`` a worker may be silent (each page of a scan is a word), ``memory_mb`` it and its programs may use."""

    seconds: float = 180.0
    memory_mb: int = 2048


Tell = Callable[[Task, str, int, int], None]
"""Called with (task, what is being done, how many are done, how many there are) while a task runs."""


class Executor(Protocol):
    """Runs tasks elsewhere, in any order."""

    def run(self, tasks: Iterable[Task], *, tell: Tell | None = None) -> Iterator[Answer]:
        """One answer for each task, as they come. Tasks are taken from the iterable only when there is room."""
        ...

    def close(self) -> None:
        """Ends everything that runs, at once."""
        ...


class _Worker:
    """One process and what it is doing."""

    def __init__(self, limits: Limits, scratch: Path | None, room: tuple[str, Path], pages: int) -> None:
        module, place = room
        setup = {
            "memory_mb": limits.memory_mb, "scratch": str(scratch) if scratch else None, "module": module,
            "pages_at_once": pages,
        }  # fmt: skip
        code = "import sys; sys.path[:0] = sys.argv[2:]; from ingest.worker import main; main(sys.argv[1])"
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-c", code, msgspec.json.encode(setup).decode(), str(_ROOT), str(place)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is ours to handle; killing the group ends the programs it started
        )
        assert self.process.stdin and self.process.stdout
        self.input, self.output = self.process.stdin, self.process.stdout
        os.set_blocking(self.output.fileno(), False)
        self.task: Task | None = None
        self.since = self.heard = time.monotonic()
        self.done = 0
        self.ready = False
        self._buffer = bytearray()

    def give(self, task: Task) -> None:
        """Hands over a task."""
        self.task = task
        self.since = self.heard = time.monotonic()
        body = pickle.dumps((task.key, task.kind, dict(task.given)))
        with suppress(BrokenPipeError):  # it died idle: reading its end says so
            self.input.write(struct.pack("<Q", len(body)) + body)
            self.input.flush()

    def frames(self) -> Iterator[tuple[dict[str, Any], bytes]] | None:
        """What it said since; None when it is gone."""
        try:
            chunk = os.read(self.output.fileno(), 1 << 20)
        except BlockingIOError:
            return iter(())
        if not chunk:
            return None
        self.heard = time.monotonic()
        self._buffer += chunk
        return self._cut()

    def _cut(self) -> Iterator[tuple[dict[str, Any], bytes]]:
        while len(self._buffer) >= _FRAME.size:
            length, size = _FRAME.unpack_from(self._buffer)
            end = _FRAME.size + length + size
            if len(self._buffer) < end:
                return
            body = bytes(self._buffer[_FRAME.size : _FRAME.size + length])
            data = bytes(self._buffer[_FRAME.size + length : end])
            del self._buffer[:end]
            yield msgspec.json.decode(body), data

    def kill(self) -> int | None:
        """Ends it and the programs it started; its exit status."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(10)
        self.input.close()
        self.output.close()
        return self.process.returncode


class ProcessExecutor:
    """``jobs`` workers at most, started when there is work for them, kept until ``close``.

    ``room`` names the module whose ``perform`` does the tasks, and the folder it is found in.
    """

    def __init__(
        self,
        jobs: int = 1,
        limits: Limits | None = None,
        *,
        scratch: Path | None = None,
        room: tuple[str, Path] | None = None,
    ) -> None:
        self._jobs = max(jobs, 1)
        self._limits = limits or Limits()
        self._scratch = scratch
        self._room = room or ("ingest.reading", _ROOT)
        self._workers: list[_Worker] = []
        self._stillborn = 0
        self._busy = self._jobs

    def warm(self, tasks: int) -> None:
        """Starts workers ahead of the first of so many tasks; with fewer tasks than cores each has more to itself."""
        self._busy = max(min(tasks, self._jobs), 1)
        while len(self._workers) < min(tasks, self._jobs):
            self._workers.append(self._start())

    def run(self, tasks: Iterable[Task], *, tell: Tell | None = None) -> Iterator[Answer]:
        waiting = iter(tasks)
        more = True
        answers: deque[Answer] = deque()
        with selectors.DefaultSelector() as selector:
            for worker in self._workers:
                selector.register(worker.output, selectors.EVENT_READ, worker)
            while True:
                while more and (worker_free := self._free(selector)) is not None:
                    task = next(waiting, None)
                    if task is None:
                        more = False
                        break
                    worker_free.give(task)
                if not any(worker.task for worker in self._workers):
                    return
                for key, _ in selector.select(self._patience()):
                    answers.extend(self._hear(key.data, selector, tell))
                answers.extend(self._overdue(selector))
                while answers:
                    yield answers.popleft()

    def _free(self, selector: selectors.BaseSelector) -> _Worker | None:
        for worker in self._workers:
            if worker.task is None:
                return worker
        if len(self._workers) < self._jobs:
            worker = self._start()
            self._workers.append(worker)
            selector.register(worker.output, selectors.EVENT_READ, worker)
            return worker
        return None

    def _start(self) -> _Worker:
        pages = max(min((os.cpu_count() or 1) // self._busy, _MOST_PAGES), 1)
        return _Worker(self._limits, self._scratch, self._room, pages)

    def _patience(self) -> float:
        """Seconds until the first worker has been silent too long."""
        left = [self._deadline(worker) - time.monotonic() for worker in self._workers if worker.task]
        return max(min(left, default=1.0), 0.0) + 0.01

    def _deadline(self, worker: _Worker) -> float:
        return worker.heard + (self._limits.seconds if worker.ready else max(self._limits.seconds, _START_SECONDS))

    def _hear(self, worker: _Worker, selector: selectors.BaseSelector, tell: Tell | None) -> Iterator[Answer]:
        frames = worker.frames()
        if frames is None:
            yield from self._died(worker, selector)
            return
        for said, data in frames:
            if "ready" in said:
                worker.ready, self._stillborn = True, 0
            elif "fatal" in said:
                raise WorkspaceError(str(said["fatal"]))
            elif "tell" in said:
                if tell and worker.task:
                    tell(worker.task, *said["tell"])
            elif worker.task is not None:
                task, worker.task = worker.task, None
                worker.done += 1
                seconds = time.monotonic() - worker.since
                failure = said.get("failure")
                yield Answer(task, said.get("result") or {}, data, failure, seconds)
                if failure or worker.done >= _WORN or said.get("worn"):
                    self._retire(worker, selector)

    def _died(self, worker: _Worker, selector: selectors.BaseSelector) -> Iterator[Answer]:
        task, ready = worker.task, worker.ready
        seconds = time.monotonic() - worker.since
        self._retire(worker, selector)
        if not ready:
            self._stillborn += 1
            if self._stillborn >= 3:
                raise PolicyKGError(
                    "Không khởi động được tiến trình đọc tệp. Kiểm tra bộ nhớ còn trống và chạy kg doctor."
                )
            if task is not None:  # it never saw its task
                fresh = self._free(selector)
                assert fresh is not None
                fresh.give(task)
            return
        if task is not None:
            yield Answer(task, failure="crashed", seconds=seconds)

    def _overdue(self, selector: selectors.BaseSelector) -> Iterator[Answer]:
        now = time.monotonic()
        for worker in [one for one in self._workers if one.task and self._deadline(one) <= now]:
            task = worker.task
            assert task is not None
            self._retire(worker, selector)
            yield Answer(task, failure="timeout", seconds=now - worker.since)

    def _retire(self, worker: _Worker, selector: selectors.BaseSelector) -> None:
        selector.unregister(worker.output)
        self._workers.remove(worker)
        worker.task = None
        worker.kill()

    def close(self) -> None:
        for worker in self._workers:
            worker.kill()
        self._workers.clear()

    def __enter__(self) -> ProcessExecutor:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def run_one(task: Task, limits: Limits | None = None, *, scratch: Path | None = None) -> Answer:
    """One task in a process of its own that ends with it."""
    with ProcessExecutor(1, limits, scratch=scratch) as executor:
        return next(iter(executor.run([task])))

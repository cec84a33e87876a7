"""The query workers for an event loop: the same processes and limits as ``api.sparql``, waited for without a thread.

Handing each query to a thread and back costs more than a small query does. Everything here runs in one event loop;
only starting and ending a process, which block, are given to a thread.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections import deque
from collections.abc import Iterable
from pathlib import Path

from api.sparql import Limits, QueryResult, Worker, as_request, as_result, died, timed_out
from api.sparql_formats import Choice
from api.sparql_worker import LENGTHS
from kg.errors import QueryOverload

__all__ = ["AsyncWorkerPool"]

# A query that has run so long steps back behind all that are quick.
_PATIENCE_SECONDS = 0.25


class AsyncWorkerPool:
    """A few workers, started when first needed, shared by the requests of one event loop. ``close`` ends them."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._idle: list[Worker] = []
        self._waiting: deque[asyncio.Future[Worker]] = deque()
        self._started = 0
        self._closed = False
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(
        self,
        snapshot: Path,
        query: str,
        *,
        choice: Choice,
        default_graphs: Iterable[str] | None = None,
        named_graphs: Iterable[str] | None = None,
        base: str | None = None,
    ) -> QueryResult:
        """As ``WorkerPool.run``: the answer of one query, or QueryTimeout, QueryOverload, QueryRefused, QueryError."""
        request, text = as_request(self.limits, snapshot, query, choice, default_graphs, named_graphs, base)
        worker = await self._take()
        try:
            if not worker.ready:
                await asyncio.to_thread(worker.wait_until_ready)
            began = time.monotonic()
            patience = asyncio.get_running_loop().call_later(_PATIENCE_SECONDS, worker.give_way)
            try:
                async with asyncio.timeout(self.limits.seconds):
                    header, body = await _ask(worker, json.dumps(request).encode(), text)
            except TimeoutError:
                raise timed_out(self.limits.seconds) from None
            except OSError as error:
                raise died() from error
            finally:
                patience.cancel()
        except BaseException:  # the client going away too: whatever stands in the pipe belongs to no later question
            self._later(worker)
            raise
        if worker.as_others():
            self._give_back(worker)
        else:
            self._later(worker)
        return as_result(header, body, time.monotonic() - began)

    async def close(self) -> None:
        """Ends the idle workers and those being replaced, turns away who waits; a busy one ends when its query does."""
        self._closed = True
        while self._waiting:
            waiting = self._waiting.popleft()
            if not waiting.done():
                waiting.set_exception(QueryOverload("Máy chủ đang dừng."))
        while self._idle:
            self._idle.pop().kill()
        await asyncio.gather(*self._tasks)

    async def _take(self) -> Worker:
        if self._closed:
            raise QueryOverload("Máy chủ đang dừng.")
        if self._idle:
            return self._idle.pop()  # the last used has the snapshot open and its pages warm
        if self._started < self.limits.workers:
            self._started += 1
            try:
                return await asyncio.to_thread(Worker, self.limits.memory_mb)
            except OSError as error:
                self._started -= 1
                raise QueryOverload(f"Không mở thêm được tiến trình truy vấn: {error}") from error
        if sum(not waiting.done() for waiting in self._waiting) >= self.limits.queue:
            raise QueryOverload("Có quá nhiều câu truy vấn đang chờ. Hãy thử lại sau ít giây.")
        mine: asyncio.Future[Worker] = asyncio.get_running_loop().create_future()
        self._waiting.append(mine)
        try:
            async with asyncio.timeout(self.limits.seconds):
                return await mine
        except BaseException as error:
            # It may have been handed a worker in the moment when its time ran out or its client went away.
            if mine.done() and not mine.cancelled() and mine.exception() is None:
                self._give_back(mine.result())
            if isinstance(error, TimeoutError):
                raise QueryOverload("Các câu truy vấn khác đang chiếm máy chủ. Hãy thử lại sau ít giây.") from None
            raise

    def _give_back(self, worker: Worker) -> None:
        if self._closed:
            worker.kill()
            return
        while self._waiting:
            waiting = self._waiting.popleft()
            if not waiting.done():
                waiting.set_result(worker)
                return
        self._idle.append(worker)

    def _later(self, worker: Worker) -> None:
        """Ends a worker and starts a fresh one, beside the answer: it is ready by the time the next question comes."""
        task = asyncio.get_running_loop().create_task(self._replace(worker))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _replace(self, worker: Worker) -> None:
        await asyncio.to_thread(worker.kill)
        try:
            fresh = await asyncio.to_thread(Worker, self.limits.memory_mb)
        except OSError:
            self._started -= 1  # whoever asks next tries again
        else:
            self._give_back(fresh)


async def _ask(worker: Worker, head: bytes, query: bytes) -> tuple[dict[str, object], bytes]:
    loop = asyncio.get_running_loop()
    channel = worker.channel
    channel.setblocking(False)
    await loop.sock_sendall(channel, LENGTHS.pack(len(head), len(query)) + head + query)
    told, size = LENGTHS.unpack(await _read(worker, LENGTHS.size))
    message = await _read(worker, told + size)
    return json.loads(message[:told]), bytes(message[told:])


async def _read(worker: Worker, size: int) -> bytearray:
    loop = asyncio.get_running_loop()
    content = bytearray(size)
    view, got = memoryview(content), 0
    while got < size:
        count = await loop.sock_recv_into(worker.channel, view[got:])
        if not count:
            raise died()
        got += count
    return content

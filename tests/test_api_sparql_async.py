"""The server's pool of query workers: what takes long steps back, what is quick is answered beside it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from api import sparql_async
from api.sparql import Limits, Worker
from api.sparql_async import AsyncWorkerPool
from api.sparql_formats import by_name
from kg.errors import QueryError, QueryOverload, QueryTimeout
from kg.store import OxigraphStore
from kg.terms import Iri, Lit

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n1 ?o }"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("pool")
    store = OxigraphStore.open(place / "store")
    plan, title = Iri("https://vanban.example.vn/eli/vn/x/kh/2023/1"), Iri("http://purl.org/dc/terms/title")
    store.put_graph(Iri("https://vanban.example.vn/graph/doc/x"), [(plan, title, Lit(str(n))) for n in range(300)])
    store.backup(place / "snapshot")
    store.close()
    return place / "snapshot"


def play(story: Callable[[AsyncWorkerPool], Awaitable[None]], **limits: float) -> None:
    async def whole() -> None:
        pool = AsyncWorkerPool(Limits(**limits))  # type: ignore[arg-type]
        try:
            await story(pool)
        finally:
            await pool.close()

    asyncio.run(whole())


async def ask(pool: AsyncWorkerPool, folder: Path, query: str = "ASK {}") -> bytes:
    return (await pool.run(folder, query, choice=by_name("json"))).body


def niceness(worker: Worker) -> int:
    return os.getpriority(os.PRIO_PROCESS, worker._process.pid)


def test_what_takes_long_steps_back_and_the_next_question_does_not(folder: Path) -> None:
    async def story(pool: AsyncWorkerPool) -> None:
        await ask(pool, folder)
        (worker,) = pool._idle
        assert niceness(worker) == niceness_of_this_process
        runaway = asyncio.create_task(ask(pool, folder, ENDLESS))
        for _ in range(100):
            await asyncio.sleep(0.02)
            if niceness(worker) > niceness_of_this_process:
                break
        assert niceness(worker) == min(niceness_of_this_process + 10, 19) and not runaway.done()
        with pytest.raises(QueryTimeout):
            await runaway
        await ask(pool, folder)
        assert niceness(pool._idle[0]) == niceness_of_this_process

    niceness_of_this_process = os.getpriority(os.PRIO_PROCESS, 0)
    play(story, seconds=1.5, workers=1)


@pytest.mark.parametrize("may_go_back", [True, False])
def test_a_worker_that_stepped_back_comes_forward_or_is_replaced(
    folder: Path, monkeypatch: pytest.MonkeyPatch, may_go_back: bool
) -> None:
    """Only root may take niceness back; elsewhere the next question gets a fresh process."""

    def settle(self: Worker, niceness: int) -> bool:
        return may_go_back or niceness > os.getpriority(os.PRIO_PROCESS, 0)

    async def story(pool: AsyncWorkerPool) -> None:
        await ask(pool, folder)
        first = pool._idle[0]
        first.give_way()
        assert first.gave_way
        await ask(pool, folder)
        for _ in range(300):
            if pool._idle:
                break
            await asyncio.sleep(0.02)
        assert (pool._idle[0] is first) is may_go_back and not pool._idle[0].gave_way
        assert await ask(pool, folder)

    monkeypatch.setattr(Worker, "_set_niceness", settle)
    play(story, seconds=5, workers=1)


def test_quick_questions_are_answered_beside_as_many_runaways_as_there_are_spare_workers(folder: Path) -> None:
    async def story(pool: AsyncWorkerPool) -> None:
        runaways = [asyncio.create_task(ask(pool, folder, ENDLESS)) for _ in range(2)]
        await asyncio.sleep(0.4)
        for _ in range(20):
            assert await ask(pool, folder)
        assert not any(runaway.done() for runaway in runaways)
        for runaway in runaways:
            with pytest.raises(QueryTimeout):
                await runaway

    play(story, seconds=3, workers=3)


def test_who_waits_too_long_or_behind_too_many_is_told(folder: Path) -> None:
    async def story(pool: AsyncWorkerPool) -> None:
        running = [asyncio.create_task(ask(pool, folder, ENDLESS)) for _ in range(2)]
        await asyncio.sleep(0.3)
        with pytest.raises(QueryOverload, match="quá nhiều"):
            await ask(pool, folder)
        said = await asyncio.gather(*running, return_exceptions=True)
        assert all(isinstance(one, QueryError | QueryOverload) for one in said)
        assert await ask(pool, folder)

    play(story, seconds=1, workers=1, queue=1)


def test_a_client_that_goes_away_takes_its_query_along(folder: Path) -> None:
    async def story(pool: AsyncWorkerPool) -> None:
        await ask(pool, folder)
        (worker,) = pool._idle
        gone = asyncio.create_task(ask(pool, folder, ENDLESS))
        await asyncio.sleep(0.2)
        gone.cancel()
        assert await asyncio.wait_for(ask(pool, folder), 5)
        assert worker._process.poll() is not None

    assert sparql_async._PATIENCE_SECONDS < 1
    play(story, seconds=20, workers=1)

"""The pool of readers: a task that crashes, hangs or swells costs itself, never the run."""

from __future__ import annotations

import os
import socket
import time
from pathlib import Path
from typing import Any

import pytest

from ingest.executor import Answer, Limits, ProcessExecutor, Task, run_one
from kg.errors import PolicyKGError

ROOM = ("naughty", Path(__file__).resolve().parent)
QUICK = Limits(seconds=1.5, memory_mb=600)


def executor(jobs: int = 1, limits: Limits = QUICK) -> ProcessExecutor:
    return ProcessExecutor(jobs, limits, room=ROOM)


def say(word: str) -> Task:
    return Task(word, "say", {"word": word})


def answers(found: list[Answer]) -> dict[str, Any]:
    return {answer.task.key: answer.failure or answer.result.get("said") for answer in found}


def test_each_task_has_its_answer_and_workers_are_kept() -> None:
    with executor(2) as pool:
        found = list(pool.run([say(str(number)) for number in range(20)]))
        again = list(pool.run([say("sau")]))
    assert answers(found) == {str(number): str(number) for number in range(20)}
    pids = {answer.result["pid"] for answer in [*found, *again]}
    assert len(pids) <= 2 and os.getpid() not in pids
    assert all(answer.data == b"bytes" for answer in found)


def test_a_large_parent_does_not_wear_its_workers_out() -> None:
    large = bytearray(b"x") * (QUICK.memory_mb * 2**20 * 2 // 3)
    with executor() as pool:
        pids = {answer.result["pid"] for answer in pool.run([say(str(number)) for number in range(4)])}
    assert len(pids) == 1 and large


@pytest.mark.parametrize(("jobs", "files", "pages"), [(8, 1, 4), (4, 3, 2), (4, None, 2), (9, None, 1)])
def test_cores_that_files_leave_idle_read_pages(
    jobs: int, files: int | None, pages: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 8)
    with executor(jobs, Limits(seconds=30)) as pool:
        if files is not None:
            pool.warm(files)
        (answer,) = pool.run([say("một")])
    assert answer.result["pages"] == pages


@pytest.mark.parametrize(
    ("kind", "failure"),
    [("die", "crashed"), ("leave", "crashed"), ("hang", "timeout"), ("swell", "memory"), ("fail", "crashed")],
)
def test_a_bad_task_costs_only_itself(kind: str, failure: str) -> None:
    with executor(2) as pool:
        found = list(pool.run([say("trước"), Task("xấu", kind), say("giữa"), say("sau")]))
    assert answers(found) == {"trước": "trước", "xấu": failure, "giữa": "giữa", "sau": "sau"}


def test_every_task_may_be_bad() -> None:
    with executor(2) as pool:
        found = list(pool.run([Task(str(number), "die") for number in range(6)]))
    assert answers(found) == {str(number): "crashed" for number in range(6)}


def test_a_worker_that_speaks_is_alive_however_long_it_takes() -> None:
    told = []
    with executor(limits=Limits(seconds=1.0)) as pool:
        (answer,) = pool.run(
            [Task("quét", "slow", {"pages": 6, "each": 0.4})], tell=lambda task, *said: told.append((task.key, *said))
        )
    assert answer.failure is None and answer.seconds > 1.0
    assert told[-1] == ("quét", "Nhận dạng chữ", 6, 6) and len(told) == 6


def test_programs_that_a_worker_started_end_with_it(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    with executor() as pool:
        (answer,) = pool.run([Task("treo", "hang-below", {"note": str(note)})])
    assert answer.failure == "timeout"
    _gone(int(note.read_text()))


def test_closing_ends_what_runs() -> None:
    pool = executor(2)
    run = pool.run([say("một"), Task("treo", "hang"), say("hai")])
    next(run)
    pids = [worker.process.pid for worker in pool._workers]
    began = time.monotonic()
    pool.close()
    assert time.monotonic() - began < 1.0
    for pid in pids:
        _gone(pid)


def test_what_libraries_print_does_not_disturb() -> None:
    answer = run_one_naughty(Task("nói", "chatter"))
    assert answer.failure is None and answer.result == {"said": "done"}


def test_readers_reach_no_network() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        answer = run_one_naughty(Task("gọi", "call-home", {"port": server.getsockname()[1]}))
    if answer.result["error"] is None:
        pytest.skip("this system offers no way to take the network from a process")
    assert answer.result["error"] == "PermissionError"


def test_workers_that_cannot_start_are_told_not_tried_for_ever(tmp_path: Path) -> None:
    with (
        ProcessExecutor(1, QUICK, room=("no_such_module", tmp_path)) as pool,
        pytest.raises(PolicyKGError, match="kg doctor"),
    ):
        list(pool.run([say("một")]))


def test_tasks_are_taken_only_when_there_is_room() -> None:
    taken = []

    def tasks() -> Any:
        for number in range(50):
            taken.append(number)
            yield say(str(number))

    with executor(2) as pool:
        run = pool.run(tasks())
        next(run)
        assert len(taken) <= 4
        assert len(list(run)) == 49


def test_one_task_alone_by_the_real_readers(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("KẾ HOẠCH\nSố: 12/KH-UBND", encoding="utf-8")
    given = {"place": str(path), "inside": (), "shown": "a.txt", "with_text": True, "reference": None}
    answer = run_one(Task("a", "extract", given))
    assert '"12/KH-UBND"' in answer.result["line"]


def run_one_naughty(task: Task) -> Answer:
    with executor() as pool:
        return next(iter(pool.run([task])))


def _gone(pid: int) -> None:
    for _ in range(50):
        try:
            os.kill(pid, 0)
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except (ProcessLookupError, FileNotFoundError):
            return
        if state == "Z":
            return
        time.sleep(0.05)
    pytest.fail(f"process {pid} still runs")

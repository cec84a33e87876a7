"""``kg extract``: files → lines of JSON, without a workspace, in the order of names, each file read in a process."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from ingest import passing
from ingest.archives import INSIDE
from ingest.executor import Answer, Limits, ProcessExecutor, Task
from ingest.scan import REFERENCE, Found, scan

__all__ = ["extract_records"]

_FEW = 4
"""Files for which one process is enough: a second one would not be faster."""


def extract_records(
    paths: Sequence[Path], *, jobs: int = 1, with_text: bool = False, limits: Limits | None = None
) -> Iterator[tuple[str | None, str]]:
    """(line, "") for each file that was read, (None, why) for each that was not. Archives are read entry by entry."""
    found, problems = scan(paths)
    for problem in problems:
        yield None, problem.message
    with (
        tempfile.TemporaryDirectory(prefix="kg-") as aside,
        ProcessExecutor(jobs if len(found) > _FEW else 1, limits, scratch=Path(aside)) as executor,
    ):
        tasks = [_task(str(index), item, (), with_text) for index, item in enumerate(found)]
        archives = []
        for answer in _in_order(executor, tasks):
            if answer.result.get("code") == passing.ARCHIVE:
                archives.append(found[int(answer.task.key)])
            else:
                yield _line(answer)
        for item in archives:
            yield from _inside(executor, item, with_text)


def _inside(executor: ProcessExecutor, item: Found, with_text: bool) -> Iterator[tuple[str | None, str]]:
    (listing,) = executor.run([Task("list", "list", {"place": item.place, "shown": item.shown})])
    if listing.failure or "code" in listing.result:
        yield _line(listing)
        return
    inside = []
    for index, member in enumerate(listing.result["members"]):
        if member["code"]:
            yield None, member["message"]
        else:
            inside.append(_task(str(index), item, tuple(member["name"].split(INSIDE)), with_text))
    yield from map(_line, _in_order(executor, inside))


def _task(key: str, item: Found, inside: tuple[str, ...], with_text: bool) -> Task:
    reference = Path(item.root) / REFERENCE
    given = {
        "place": item.place,
        "inside": inside,
        "shown": INSIDE.join((item.shown, *inside)),
        "with_text": with_text,
        "reference": str(reference) if reference.is_file() else None,
    }
    return Task(key, "extract", given)


def _in_order(executor: ProcessExecutor, tasks: Sequence[Task]) -> Iterator[Answer]:
    """The answers in the order of ``tasks``, each as soon as those before it are there."""
    early: dict[str, Answer] = {}
    turn = 0
    for answer in executor.run(tasks):
        early[answer.task.key] = answer
        while turn < len(tasks) and tasks[turn].key in early:
            yield early.pop(tasks[turn].key)
            turn += 1


def _line(answer: Answer) -> tuple[str | None, str]:
    if answer.failure:
        return None, passing.failure_message(answer.failure, answer.task.given["shown"], answer.result.get("error"))
    if "line" in answer.result:
        return answer.result["line"], ""
    return None, answer.result.get("error") or answer.result.get("message") or ""

"""Options and output that several commands share."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

if TYPE_CHECKING:
    from kg.errors import AmbiguousNumber, NumberNotFound

__all__ = ["ambiguous", "not_found", "print_json", "progress_bar", "tell", "workspace_option"]

_SPOKEN_SECONDS = 10.0

F = TypeVar("F", bound=Callable[..., Any])


def workspace_option(command: F) -> F:
    """``--workspace``: where the data lies; KG_WORKSPACE, then ./kg-data."""
    return click.option(
        "--workspace",
        type=click.Path(path_type=Path, file_okay=False),
        envvar="KG_WORKSPACE",
        default=Path("kg-data"),
        show_default=True,
        help="Thư mục dữ liệu.",
    )(command)


def print_json(value: object) -> None:
    """One JSON value on stdout, letters as they are."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def tell(message: str) -> None:
    """A sentence for the person at the terminal."""
    click.echo(message, err=True)


def ambiguous(error: AmbiguousNumber) -> NoReturn:
    """Several works fit: the candidates as JSON, a sentence for people, exit 3."""
    from api.tracing import summary_record

    print_json({"candidates": [summary_record(work) for work in error.candidates]})
    click.echo(f"{error}", err=True)
    for work in error.candidates:
        click.echo(f"  {work.number}  {work.issuer or '(chưa rõ cơ quan)'}  {work.date or ''}  {work.iri}", err=True)
    click.echo("Thêm --issuer, --kind hoặc --year để chọn.", err=True)
    raise click.exceptions.Exit(3)


def not_found(error: NumberNotFound) -> NoReturn:
    """No work fits: the nearest numbers as JSON, a sentence for people, exit 4."""
    print_json({"error": str(error), "nearest": list(error.nearest)})
    click.echo(f"{error}", err=True)
    raise click.exceptions.Exit(4)


@contextmanager
def progress_bar() -> Iterator[Callable[[str, int, int], None]]:
    """Bars on stderr with rate and time left; where stderr is no terminal, a line now and then for long work."""
    if not sys.stderr.isatty():
        yield _spoken()
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        Task,
        TextColumn,
    )
    from rich.text import Text

    class Rate(ProgressColumn):
        """Pieces a second, or seconds a piece where it takes that long."""

        def render(self, task: Task) -> Text:
            speed = task.finished_speed or task.speed
            if not speed:
                return Text("")
            return Text(f"{speed:.0f}/giây" if speed >= 1 else f"{1 / speed:.0f} giây/mục")

    class Left(ProgressColumn):
        """Time left, as far as the pace of the last half minute tells."""

        def render(self, task: Task) -> Text:
            left = task.time_remaining
            if task.finished or left is None:
                return Text("")
            minutes, seconds = divmod(int(left), 60)
            return Text(f"còn {minutes} phút {seconds:02d} giây" if minutes else f"còn {seconds} giây")

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), Rate(), Left())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        tasks: dict[str, Any] = {}

        def show(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(what, total=total)
            bar.update(tasks[what], completed=done, total=total)
            if done >= total and ":" in what:  # the pages of one file: its bar goes with the last of them
                bar.remove_task(tasks.pop(what))

        yield show


def _spoken() -> Callable[[str, int, int], None]:
    """Progress for logs: a line every ten seconds, nothing for work that is done by then."""
    began: dict[str, float] = {}
    last = time.monotonic()

    def say(what: str, done: int, total: int) -> None:
        nonlocal last
        now = time.monotonic()
        since = began.setdefault(what, now)
        if now - last < _SPOKEN_SECONDS or not done:
            return
        last = now
        left = (now - since) / done * (total - done)
        tell(f"{what}: {done}/{total} ({done / max(now - since, 0.001):.1f}/giây, còn khoảng {left:.0f} giây)")

    return say

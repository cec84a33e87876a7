"""Options and output that several commands share."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

if TYPE_CHECKING:
    from kg.errors import AmbiguousNumber, NumberNotFound

__all__ = ["ambiguous", "not_found", "print_json", "progress_bar", "tell", "workspace_option"]

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
    """A bar on stderr with rate and time left; silent when stderr is no terminal."""
    if not sys.stderr.isatty():
        yield lambda what, done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        tasks: dict[str, Any] = {}

        def show(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(what, total=total)
            bar.update(tasks[what], completed=done, total=total)

        yield show

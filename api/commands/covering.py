"""``kg coverage``: who answered a call; the day plans are due and answers outside the store, entered by people."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import click

from api.commands.shared_options import ambiguous, not_found, print_json, tell, workspace_option

__all__ = ["coverage"]

F = TypeVar("F", bound=Callable[..., Any])
DAY = click.DateTime(["%Y-%m-%d", "%d/%m/%Y"])
_Writer = Callable[[Mapping[str, Any]], bytes | str]
FORMATS = ["table", "json", "csv", "xlsx", "html"]


class _NumberFirst(click.Group):
    """What is no subcommand's name is the number of a call: ``kg coverage 1954/UBND-TH``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and args[0] not in ("-h", "--help"):
            args = ["show", *args]
        return super().parse_args(ctx, args)


@click.group(cls=_NumberFirst)
def coverage() -> None:
    """Ai đã triển khai văn bản, ai chưa thấy trong kho: kg coverage SỐ.

    \b
    Ví dụ:
      kg coverage 1954/UBND-TH
      kg coverage 1954/UBND-TH --format xlsx -o tinh-hinh.xlsx
      kg coverage matrix --province "tỉnh Lai Châu" --year 2023
      kg coverage set-deadline 1954/UBND-TH 15/6/2023 --by "Nguyễn Văn A"
      kg coverage confirm 1954/UBND-TH "UBND huyện Phong Thổ" --date 20/6/2023 --by "Nguyễn Văn A"
      kg coverage undo 1954/UBND-TH deadline --by "Nguyễn Văn A"
    """


def _narrow(command: F) -> F:
    command = click.option("--year", type=int, help="Năm ban hành.")(command)
    command = click.option("--kind", help="Loại văn bản: “công văn”.")(command)
    return click.option("--issuer", help="Cơ quan ban hành, gõ không dấu cũng được.")(command)


def _who(command: F) -> F:
    command = click.option("--note", help="Ghi chú.")(command)
    return click.option("--by", required=True, envvar="KG_REVIEWER", help="Họ tên người nhập.")(command)


def _output(command: F) -> F:
    command = click.option("-o", "--out", type=click.Path(path_type=Path, dir_okay=False), help="Ghi ra tệp.")(command)
    return click.option("--format", "form", type=click.Choice(FORMATS), default="table", show_default=True)(command)


def _asked(act: Callable[[], Any]) -> Any:
    """Runs a question; a number of several works or of none ends the command as everywhere."""
    from kg.errors import AmbiguousNumber, NumberNotFound

    try:
        return act()
    except AmbiguousNumber as error:
        ambiguous(error)
    except NumberNotFound as error:
        not_found(error)


@coverage.command()
@click.argument("number")
@workspace_option
@_narrow
@click.option("--deadline", type=DAY, help="Thời hạn gửi kế hoạch để so, chỉ cho lần xem này.")
@_output
def show(
    number: str, workspace: Path, deadline: dt.datetime | None, form: str, out: Path | None, **narrow: Any
) -> None:  # fmt: skip
    """Tình hình triển khai văn bản NUMBER: từng cơ quan được giao, văn bản, số ngày, trước hay sau thời hạn."""
    from api.covering import coverage as answer
    from api.covering_tables import coverage_csv, coverage_html, coverage_xlsx
    from api.workspace import Workspace

    due = deadline.date() if deadline else None
    record = _asked(lambda: answer(Workspace(workspace), number, deadline=due, **narrow))
    if form == "table":
        _table(record)
    elif form == "json" and out is None:
        print_json(record)
    else:
        _written(record, form, out, {"csv": coverage_csv, "xlsx": coverage_xlsx, "html": coverage_html})


@coverage.command()
@workspace_option
@click.option("--province", required=True, help="Tỉnh (hoặc huyện, xã): tên hoặc mã, ví dụ lai-chau.")
@click.option("--year", type=int, required=True, help="Năm ban hành của văn bản giao việc.")
@_output
def matrix(workspace: Path, province: str, year: int, form: str, out: Path | None) -> None:
    """Bảng theo dõi của một địa bàn, một năm: mỗi văn bản giao việc một dòng, mỗi cơ quan một cột."""
    from api.covering import reference_of
    from api.covering_matrix import matrix_record
    from api.covering_tables import matrix_csv, matrix_html, matrix_xlsx
    from api.workspace import Workspace

    opened = Workspace(workspace)
    record = matrix_record(opened.catalog(), province, year, reference_of(opened))
    if record["left_out"]:
        tell(f"Chỉ hiện {len(record['rows']):02d} văn bản đầu; còn {record['left_out']:02d} văn bản.")
    if form == "table":
        _matrix(record)
    elif form == "json" and out is None:
        print_json(record)
    else:
        _written(record, form, out, {"csv": matrix_csv, "xlsx": matrix_xlsx, "html": matrix_html})


@coverage.command("set-deadline")
@click.argument("number")
@click.argument("date", type=DAY)
@workspace_option
@_narrow
@_who
def set_deadline(number: str, date: dt.datetime, workspace: Path, **given: Any) -> None:
    """Nhập thời hạn gửi kế hoạch (DATE, 15/6/2023) để theo dõi văn bản NUMBER."""
    from api.following_up import set_deadline as enter

    print_json(_asked(lambda: enter(workspace, number, date.date(), on_wait=tell, **given)))
    tell(f"Đã ghi thời hạn gửi kế hoạch của {number}.")


@coverage.command()
@click.argument("number")
@click.argument("body")
@workspace_option
@_narrow
@click.option("--date", type=DAY, help="Ngày của văn bản đã gửi, nếu biết.")
@_who
def confirm(number: str, body: str, workspace: Path, date: dt.datetime | None, **given: Any) -> None:
    """Xác nhận BODY (tên hoặc mã cơ quan) đã triển khai NUMBER bằng văn bản không có trong kho."""
    from api.following_up import confirm_outside

    day = date.date() if date else None
    print_json(_asked(lambda: confirm_outside(workspace, number, body, date=day, on_wait=tell, **given)))
    tell(f"Đã ghi xác nhận của {body}.")


@coverage.command()
@click.argument("number")
@click.argument("thing")
@workspace_option
@_narrow
@_who
def undo(number: str, thing: str, workspace: Path, **given: Any) -> None:
    """Hoàn tác về NUMBER: THING là “deadline” (thời hạn), tên hoặc mã cơ quan đã xác nhận, hoặc mã của một lần ghi."""
    from api.following_up import undo_follow_up

    print_json(_asked(lambda: undo_follow_up(workspace, number, thing, on_wait=tell, **given)))
    tell(f"Đã hoàn tác “{thing}” của {number}.")


def _written(record: dict[str, Any], form: str, out: Path | None, writers: dict[str, _Writer]) -> None:
    """A file, or bytes on stdout; a workbook is not thrown at a terminal."""
    import json

    if form == "xlsx" and out is None and sys.stdout.isatty():
        raise click.UsageError("Tệp .xlsx cần nơi ghi: thêm -o tinh-hinh.xlsx")
    if form == "json":
        made: bytes | str = json.dumps(record, ensure_ascii=False, indent=2)
    else:
        made = writers[form](record)
    data = made.encode() if isinstance(made, str) else made
    if out is None:
        sys.stdout.buffer.write(data)
        return
    out.write_bytes(data)
    tell(f"Đã ghi {out}.")


def _table(record: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    from api.covering_words import DUTY_WORDS, STATUS_WORDS, day_words, days_words, margin_words, scope_words

    call, summary = record["call"], record["summary"]
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 160)
    title = f"{call['kind'] or ''} {call['number'] or call['file']} ngày {day_words(call['date']) or 'chưa rõ'}".strip()
    table = Table(title=title)
    for heading in ("Cơ quan, đơn vị", "Trách nhiệm", "Tình trạng", "Văn bản", "Số ngày", "So với thời hạn"):
        table.add_column(heading, overflow="fold")
    for row in record["addressees"]:
        timed = row["documents"] or ([row["confirmation"]] if row["confirmation"] else [])
        counted = timed if row["status"] in ("answered", "outside") else []
        table.add_row(
            row["body"]["name"] if row["body"] else row["phrase"],
            DUTY_WORDS[row["duty"]],
            STATUS_WORDS[row["status"]],
            "\n".join(paper["number"] or paper["file"] for paper in row["documents"]),
            "\n".join(days_words(one["days"], one["days_min"], one["days_max"]) for one in counted),
            "\n".join(margin_words(one["margin"], one["late"]) for one in counted),
        )
    for phrase in record["unexpanded"]:
        table.add_row(phrase, DUTY_WORDS["unenumerable"], "Không tính", "", "", "")
    console.print(table)
    due = record["sending_deadline"]
    console.print(f"Thời hạn gửi kế hoạch: {day_words(due)}" if due else "Văn bản không ấn định thời hạn gửi kế hoạch.")
    console.print(
        f"Phải triển khai: {summary['obliged']:02d} · đã có văn bản: {summary['answered']:02d} · gửi ngoài hệ thống: "
        f"{summary['outside']:02d} · chỉ viện dẫn: {summary['cites_only']:02d} · chưa thấy: {summary['not_found']:02d}"
        f" · chưa đủ cơ sở: {summary['nothing_held']:02d} · sau hạn: {summary['late']:02d}",
        style="bold",
    )
    if record["others"]:
        names = ", ".join(paper["number"] or paper["file"] for paper in record["others"])
        console.print(f"Văn bản triển khai của nơi khác: {names}")
    console.print(scope_words(record["as_of"]), style="dim")


def _matrix(record: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    from api.covering_words import day_words, scope_words

    console = Console(highlight=False, width=None if sys.stdout.isatty() else 160)
    table = Table(title=f"{record['area']['name']}, năm {record['year']}")
    headings = (
        "Văn bản",
        "Ngày",
        "Phải triển khai",
        "Đã có",
        "Ngoài hệ thống",
        "Viện dẫn",
        "Chưa thấy",
        "Chưa đủ cơ sở",
    )
    for heading in (*headings, "Sau hạn"):
        table.add_column(heading)
    names = ("obliged", "answered", "outside", "cites_only", "not_found", "nothing_held", "late")
    for row in record["rows"]:
        call = row["call"]
        counts = [f"{row['summary'][name]:02d}" for name in names]
        table.add_row(call["number"] or call["file"], day_words(call["date"]), *counts)
    console.print(table)
    console.print(scope_words(record["as_of"]), style="dim")

"""``kg review``: what people decide about links, identities, signers, and facts they enter by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from api.commands.shared_options import ambiguous, not_found, print_json, tell, workspace_option

if TYPE_CHECKING:
    from api.workspace import Workspace

__all__ = ["review"]

F = TypeVar("F", bound=Callable[..., Any])
REASONS = ["wrong-target", "wrong-relation", "not-a-citation", "duplicate", "out-of-date"]
KINDS = ["link", "identity", "inference", "person", "orphaned", "changed", "idle"]


@click.group()
def review() -> None:
    """Quyết định của người rà soát; được giữ qua mọi lần nạp lại.

    \b
    Ví dụ:
      kg review list --waiting
      kg review reject 3f2a9c0d1e4b5a67 --by "Nguyễn Văn A" --reason wrong-target
      kg review correct 3f2a9c0d1e4b5a67 --target 1954/UBND-TH --by "Nguyễn Văn A"
      kg review accept ke-hoach.txt=1954/UBND-TH --by "Nguyễn Văn A"
      kg review set ke-hoach.txt --number 87/KH-UBND --date 2023-06-12 --by "Nguyễn Văn A"
    """


def _who(command: F) -> F:
    """``--by`` and ``--note``: every decision bears a name."""
    command = click.option("--note", help="Ghi chú.")(command)
    return click.option("--by", required=True, envvar="KG_REVIEWER", help="Họ tên người quyết định.")(command)


def _workspace(folder: Path) -> Workspace:
    from api.workspace import Workspace

    return Workspace(folder, on_wait=tell)


def _done(act: Callable[[], dict[str, Any]], sentence: str) -> None:
    """Runs one decision; its record goes to stdout, a sentence to stderr."""
    from kg.errors import AmbiguousNumber, NumberNotFound

    try:
        record = act()
    except AmbiguousNumber as error:
        ambiguous(error)
    except NumberNotFound as error:
        not_found(error)
    print_json(record)
    click.echo(sentence, err=True)


@review.command("list")
@workspace_option
@click.option("--waiting", is_flag=True, help="Những việc chờ người quyết định, quan trọng trước.")
@click.option("--kind", "kinds", multiple=True, type=click.Choice(KINDS), help="Chỉ các loại này (cùng --waiting).")
def list_(workspace: Path, waiting: bool, kinds: tuple[Any, ...]) -> None:
    """In mọi quyết định, cũ trước mới sau, dạng JSON; hoặc, với --waiting, những việc đang chờ."""
    found = _workspace(workspace)
    print_json(found.waiting(*kinds) if waiting or kinds else found.decisions())


def _decision(name: str, value: Any, words: str) -> None:
    @review.command(
        name, help=f"{words} THING: mã liên kết, TỆP=SỐ (tệp này có phải văn bản ấy không), hoặc mã cặp tên người ký."
    )
    @click.argument("thing")
    @workspace_option
    @_who
    @click.option("--reason", type=click.Choice(REASONS), help="Mã lý do.")
    def command(thing: str, workspace: Path, by: str, reason: str | None, note: str | None) -> None:
        _done(
            lambda: _workspace(workspace).decide(thing, value, by=by, reason=reason, note=note),
            f"Đã ghi: {words.lower()} {thing}.",
        )


for _name, _value, _words in (
    ("accept", "accepted", "Chấp nhận"),
    ("reject", "rejected", "Bác bỏ"),
    ("unsure", "unsure", "Để ngỏ"),
):
    _decision(_name, _value, _words)


@review.command()
@click.argument("link")
@workspace_option
@_who
@click.option("--relation", help="Quan hệ đúng, ví dụ implements, legal_basis.")
@click.option("--target", help="Văn bản đúng: số, ký hiệu, khóa hoặc IRI.")
@click.option("--quote", help="Câu trong văn bản viện dẫn làm bằng chứng; mặc định là câu của liên kết cũ.")
@click.option("--reason", type=click.Choice(REASONS), help="Mã lý do.")
def correct(link: str, workspace: Path, **given: Any) -> None:
    """Sửa LINK: bác bỏ liên kết sai và lập liên kết đúng, do người lập, kèm bằng chứng."""
    _done(lambda: _workspace(workspace).correct(link, **given), f"Đã sửa liên kết {link}.")


@review.command("set")
@click.argument("file", required=False)
@workspace_option
@_who
@click.option("--number", help="Số, ký hiệu, ví dụ 87/KH-UBND.")
@click.option("--date", type=click.DateTime(["%Y-%m-%d", "%d/%m/%Y"]), help="Ngày ban hành, 2023-06-12 hoặc 12/6/2023.")
@click.option("--issuer", help="Cơ quan ban hành: tên hoặc mã.")
@click.option("--kind", help="Loại văn bản, ví dụ Kế hoạch.")
@click.option("--title", help="Trích yếu.")
@click.option("--visibility", type=click.Choice(["public", "internal"]), help="Công khai hay nội bộ.")
def set_(file: str | None, workspace: Path, date: dt.datetime | None, **given: Any) -> None:
    """Nhập số, ngày, cơ quan của FILE (tên tệp, mã băm hoặc số); không nêu FILE: thêm văn bản chưa có toàn văn."""
    day = date.date() if date else None
    _done(lambda: _workspace(workspace).set_fact(file, date=day, **given), "Đã ghi thông tin nhập tay.")


@review.command()
@click.argument("thing")
@workspace_option
@_who
def undo(thing: str, workspace: Path, by: str, note: str | None) -> None:
    """Hoàn tác quyết định mới nhất về THING (liên kết, TỆP=SỐ, tệp), hoặc một quyết định theo mã của nó."""
    _done(lambda: _workspace(workspace).undo(thing, by=by, note=note), f"Đã hoàn tác quyết định về {thing}.")

"""``kg review``: what people decide about links and identities."""

from __future__ import annotations

from pathlib import Path

import click

from api.commands.shared_options import print_json, tell, workspace_option

__all__ = ["review"]


@click.group()
def review() -> None:
    """Quyết định của người rà soát; được giữ qua mọi lần nạp lại.

    \b
    Ví dụ:
      kg review list
      kg review reject 3f2a9c0d1e4b5a67 --by "Nguyễn Văn A" --reason wrong-target
    """


@review.command("list")
@workspace_option
def list_(workspace: Path) -> None:
    """In mọi quyết định, cũ trước mới sau, dạng JSON."""
    from api.workspace import Workspace

    print_json(Workspace(workspace).verdicts())


def _decide(workspace: Path, link: str, value: str, by: str, reason: str | None, note: str | None) -> None:
    from api.workspace import Workspace

    record = Workspace(workspace, on_wait=tell).decide(link, value, by=by, reason=reason, note=note)
    click.echo(f"Đã ghi quyết định “{value}” về {record['subject']} → {record['object']}.", err=True)


def _decision(name: str, value: str, words: str) -> None:
    @review.command(name, help=f"{words} LINK (mã liên kết, hoặc TỆP=KHÓA cho danh tính của một tệp).")
    @click.argument("link")
    @workspace_option
    @click.option("--by", required=True, envvar="KG_REVIEWER", help="Họ tên người quyết định.")
    @click.option("--reason", type=click.Choice(["wrong-target", "wrong-relation", "not-a-citation", "duplicate",
                                                 "out-of-date"]), help="Mã lý do.")  # fmt: skip
    @click.option("--note", help="Ghi chú.")
    def command(link: str, workspace: Path, by: str, reason: str | None, note: str | None) -> None:
        _decide(workspace, link, value, by, reason, note)


for _name, _value, _words in (
    ("accept", "accepted", "Chấp nhận"),
    ("reject", "rejected", "Bác bỏ"),
    ("undo", "withdrawn", "Hoàn tác quyết định mới nhất về"),
):
    _decision(_name, _value, _words)

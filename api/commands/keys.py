"""``kg key``: keys by which other systems, and people, may write."""

from __future__ import annotations

from pathlib import Path

import click

from api.commands.shared_options import print_json, workspace_option

__all__ = ["key"]

SCOPES = ("read", "write", "review", "admin")


@click.group()
def key() -> None:
    """Khóa truy cập cho phần mềm khác và cho người dùng; kho chỉ giữ mã băm của khóa.

    \b
    Ví dụ:
      kg key create --user "Nguyễn Văn A" --scope write --scope review --days 90
      kg key list
      kg key revoke 3f2a9c0d1e4b
    """


@key.command()
@workspace_option
@click.option("--user", required=True, help="Họ tên người chịu trách nhiệm; ghi vào mọi việc làm bằng khóa này.")
@click.option("--scope", "scopes", multiple=True, type=click.Choice(SCOPES), default=("read",), show_default=True,
              help="Quyền: read xem văn bản nội bộ, write nạp và gỡ, review rà soát, admin tất cả.")  # fmt: skip
@click.option("--label", default="", help="Dùng vào việc gì.")
@click.option("--days", type=click.IntRange(1, 3650), help="Số ngày có hiệu lực; không nêu: không hết hạn.")
def create(workspace: Path, user: str, scopes: tuple[str, ...], label: str, days: int | None) -> None:
    """Tạo khóa và in ra một lần duy nhất; sau đó không xem lại được."""
    from api import audit
    from api.accounts import Accounts
    from api.workspace import operator

    made, record = Accounts(workspace).create_key(user, scopes=scopes, label=label, days=days)
    audit.record(workspace, by=operator(), action="key.create", about=record["id"], user=user, scopes=list(scopes))
    print_json(record | {"key": made})
    click.echo("Hãy lưu khóa này ngay; kho chỉ giữ mã băm của nó.", err=True)


@key.command("list")
@workspace_option
def list_(workspace: Path) -> None:
    """In mọi khóa dạng JSON, không kèm phần bí mật."""
    from api.accounts import Accounts

    print_json(Accounts(workspace).all_keys())


@key.command()
@click.argument("ident")
@workspace_option
def revoke(ident: str, workspace: Path) -> None:
    """Thu hồi khóa IDENT; có hiệu lực ngay, kể cả khi máy chủ đang chạy."""
    from api import audit
    from api.accounts import Accounts
    from api.workspace import operator

    Accounts(workspace).revoke_key(ident)
    audit.record(workspace, by=operator(), action="key.revoke", about=ident)
    click.echo(f"Đã thu hồi khóa {ident}.", err=True)

"""``kg backup``, ``kg restore``: the data folder as one backup, and back."""

from __future__ import annotations

from pathlib import Path

import click

from api.commands.shared_options import print_json, progress_bar, workspace_option

__all__ = ["backup", "restore"]


@click.command()
@click.argument("target", type=click.Path(path_type=Path))
@workspace_option
def backup(target: Path, workspace: Path) -> None:
    """Sao lưu toàn bộ kho ra TARGET (thư mục, hoặc tệp .tar, .tar.gz). Chạy được khi kho đang được đọc và ghi.

    Gồm đồ thị, chỉ mục, toàn văn, tệp gốc, quyết định rà soát, tài khoản và nhật ký; kèm mã băm của từng tệp.

    \b
    Ví dụ:
      kg backup sao-luu/kho-2026-11-20.tar
    """
    from api import audit
    from api.backup import back_up
    from api.workspace import operator

    with progress_bar() as show:
        manifest = back_up(workspace, target, progress=show)
    audit.record(workspace, by=operator(), action="backup", about=target.name, dump=manifest["dump_sha256"])
    print_json(manifest)
    click.echo(f"Đã sao lưu {manifest['files']:02d} tệp ra {target}.", err=True)


@click.command()
@click.argument("source", type=click.Path(path_type=Path, exists=True))
@workspace_option
@click.option("--verify", is_flag=True, help="Mở kho vừa khôi phục, so số đếm và toàn bộ đồ thị với bản sao lưu.")
def restore(source: Path, workspace: Path, verify: bool) -> None:
    """Khôi phục kho từ bản sao lưu SOURCE vào một thư mục mới; mã băm của mọi tệp luôn được so.

    \b
    Ví dụ:
      kg restore sao-luu/kho-2026-11-20.tar --workspace kho-moi --verify
    """
    from api import audit
    from api.backup import restore as put_back
    from api.workspace import operator

    report = put_back(source, workspace, verify=verify)
    audit.record(workspace, by=operator(), action="restore", about=source.name, verified=verify)
    print_json(report)
    click.echo(f"Đã khôi phục {report['files']:02d} tệp vào {workspace}.", err=True)

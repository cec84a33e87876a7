"""``kg serve``: the web server on a workspace."""

from __future__ import annotations

from pathlib import Path

import click

from api.commands.shared_options import workspace_option

__all__ = ["serve"]


@click.command()
@workspace_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Địa chỉ nghe; 0.0.0.0 để máy khác truy cập được.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="Cổng; 0 để tự chọn.")
@click.option("--store", type=click.Path(path_type=Path, exists=True, file_okay=False),
              help="Chỉ mở SPARQL (chỉ đọc) trên một thư mục Oxigraph bất kỳ, thay cho kho.")  # fmt: skip
def serve(workspace: Path, host: str, port: int, store: Path | None) -> None:
    """Mở máy chủ web và API. Văn bản nạp thêm khi máy chủ đang chạy hiện ra ngay, không cần mở lại.

    \b
    Ví dụ:
      kg serve --port 8000
      kg serve --store ./do-thi-oxigraph
    """
    import socket

    import uvicorn

    from api.app import create_app, create_store_app

    app = create_store_app(store) if store else create_app(workspace)
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        raise click.ClickException(
            f"Không mở được {host}:{port}: {error.strerror}. Chọn cổng khác: kg serve --port 8001"
        ) from error
    shown = f"[{host}]" if ":" in host else host
    click.echo(f"Địa chỉ: http://{shown}:{listener.getsockname()[1]}  (Ctrl-C để dừng)", err=True)
    if not store:
        _offer_sign_in(workspace, f"http://{_local(shown)}:{listener.getsockname()[1]}")
    config = uvicorn.Config(app, log_level="warning", log_config=None, access_log=False)
    uvicorn.Server(config).run(sockets=[listener])


def _local(host: str) -> str:
    """An address of this machine for a host that means all of them."""
    return "127.0.0.1" if host in ("0.0.0.0", "[::]") else host


def _offer_sign_in(workspace: Path, address: str) -> None:
    """Starts the log and prints the one-time link; a folder that cannot be written to is served for reading."""
    import sqlite3

    from api.accounts import LINK_MINUTES, Accounts
    from api.logs import configure_logs
    from api.settings import Settings
    from kg.errors import WorkspaceError

    configure_logs(workspace, Settings().log)
    try:
        secret = Accounts(workspace).sign_in_link()
    except (WorkspaceError, sqlite3.Error):
        click.echo(f"Thư mục {workspace} chỉ đọc được; máy chủ không nhận đăng nhập.", err=True)
        return
    click.echo(f"Đăng nhập (một lần, trong {LINK_MINUTES} phút): {address}/dang-nhap?ma={secret}", err=True)

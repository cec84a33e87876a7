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
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        raise click.ClickException(
            f"Không mở được {host}:{port}: {error.strerror}. Chọn cổng khác: kg serve --port 8001"
        ) from error
    shown = f"[{host}]" if ":" in host else host
    click.echo(f"Địa chỉ: http://{shown}:{listener.getsockname()[1]}  (Ctrl-C để dừng)", err=True)
    config = uvicorn.Config(app, log_level="warning", access_log=False)
    uvicorn.Server(config).run(sockets=[listener])

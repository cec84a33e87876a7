"""``kg export``, ``kg rebase``: the graph out, and its address changed."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from api.commands.shared_options import tell, workspace_option

__all__ = ["export", "rebase"]


@click.command()
@workspace_option
@click.option("--format", "form", type=click.Choice(["nq", "trig", "ttl", "jsonld", "graphml"]), default="nq",
              show_default=True, help="Định dạng.")  # fmt: skip
@click.option("--meta", is_flag=True, help="Kèm đồ thị meta (lần nạp, số đếm).")
@click.option("--public", is_flag=True, help="Chỉ phần công khai: bỏ văn bản nội bộ và mọi thứ sinh ra từ đó.")
@click.option("--output", "-o", type=click.Path(path_type=Path, dir_okay=False), help="Ghi ra tệp thay vì màn hình.")
def export(workspace: Path, form: str, meta: bool, public: bool, output: Path | None) -> None:
    """Xuất toàn bộ đồ thị. N-Quads được sắp dòng: cùng một tập văn bản cho ra đúng từng byte.

    \b
    Ví dụ:
      kg export > do-thi.nq
      kg export --format graphml -o do-thi.graphml
    """
    from api.workspace import Workspace
    from kg.disk import write_atomically

    data = Workspace(workspace).export(form, meta=meta, public=public)
    if output:
        write_atomically(output, data)
        click.echo(f"Đã ghi {output} ({len(data):,} byte).".replace(",", "."), err=True)
    else:
        sys.stdout.buffer.write(data)


@click.command()
@click.argument("base")
@workspace_option
def rebase(base: str, workspace: Path) -> None:
    """Đổi địa chỉ gốc của mọi IRI sang BASE. Khóa văn bản không đổi, nên các quyết định rà soát được giữ.

    \b
    Ví dụ:
      kg rebase https://vanban.laichau.gov.vn
    """
    from api.workspace import Workspace

    Workspace(workspace, on_wait=tell).rebase(base)
    click.echo(f"Mọi IRI nay bắt đầu bằng {base.rstrip('/')}.", err=True)

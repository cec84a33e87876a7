"""``kg export``, ``kg visibility``, ``kg rebase``: the graph out, who may see what, and its address changed."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from api.commands.shared_options import ambiguous, not_found, tell, workspace_option

__all__ = ["export", "rebase", "visibility"]


@click.command()
@workspace_option
@click.option("--format", "form", type=click.Choice(["nq", "trig", "ttl", "jsonld", "graphml", "tables"]), default="nq",
              show_default=True, help="Định dạng.")  # fmt: skip
@click.option("--meta", is_flag=True, help="Kèm đồ thị meta (lần nạp, số đếm).")
@click.option("--public", is_flag=True, help="Chỉ phần công khai: bỏ văn bản nội bộ và mọi thứ sinh ra từ đó.")
@click.option("--output", "-o", type=click.Path(path_type=Path, dir_okay=False), help="Ghi ra tệp thay vì màn hình.")
def export(workspace: Path, form: str, meta: bool, public: bool, output: Path | None) -> None:
    """Xuất toàn bộ đồ thị. N-Quads được sắp dòng: cùng một tập văn bản cho ra đúng từng byte.

    “tables” là tệp zip gồm các bảng CSV (văn bản, viện dẫn, liên kết, cơ quan, phong trào, …), bảng giải thích cột
    và mã băm nội dung.

    \b
    Ví dụ:
      kg export > do-thi.nq
      kg export --format graphml -o do-thi.graphml
      kg export --format tables -o bang-so-lieu.zip
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
@click.argument("number")
@click.argument("value", type=click.Choice(["public", "internal"]))
@workspace_option
@click.option("--issuer", help="Cơ quan ban hành, gõ không dấu cũng được.")
@click.option("--year", type=int, help="Năm ban hành.")
def visibility(number: str, value: str, workspace: Path, issuer: str | None, year: int | None) -> None:
    """Đặt văn bản NUMBER là nội bộ (internal) hoặc công khai (public), với mọi tệp của nó.

    Văn bản nội bộ và số của nó không hiện ở đâu với người chưa đăng nhập: tra cứu, SPARQL, dữ liệu tải về.

    \b
    Ví dụ:
      kg visibility 412/UBND-TH internal
    """
    from api.workspace import Workspace
    from kg.errors import AmbiguousNumber, NumberNotFound

    try:
        key = Workspace(workspace, on_wait=tell).set_visibility(
            number, internal=value == "internal", issuer=issuer, year=year
        )
    except AmbiguousNumber as error:
        ambiguous(error)
    except NumberNotFound as error:
        not_found(error)
    words = "nội bộ" if value == "internal" else "công khai"
    click.echo(f"Văn bản {key} nay là văn bản {words}.", err=True)


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

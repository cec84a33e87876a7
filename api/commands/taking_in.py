"""``kg ingest``, ``kg extract``, ``kg status``: files in."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from api.commands.shared_options import print_json, progress_bar, tell, workspace_option

if TYPE_CHECKING:
    from ingest.pipeline import FileReport, IngestReport

__all__ = ["extract", "ingest", "status"]

STATUS_WORDS = {
    "new": "mới",
    "updated": "cập nhật",
    "unchanged": "không đổi",
    "refused": "TỪ CHỐI",
    "failed": "LỖI",
    "removed": "đã gỡ",
}


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@workspace_option
@click.option("--prune", is_flag=True, help="Gỡ khỏi kho các tệp không còn trong thư mục được nêu.")
@click.option("--jobs", type=click.IntRange(1), default=None, help="Số tiến trình đọc song song [số nhân CPU].")
@click.option("--report", type=click.Path(path_type=Path, dir_okay=False), help="Ghi báo cáo từng tệp ra JSON.")
@click.option("--internal", is_flag=True, help="Văn bản nội bộ: chỉ người đã đăng nhập mới thấy.")
@click.option("--again", is_flag=True, help="Nạp cả những tệp đã bị xóa khỏi kho.")
@click.option("--source", metavar="URL", help="Địa chỉ nơi thu thập các tệp này (hoặc đặt TỆP.meta.json cạnh tệp).")
def ingest(
    paths: tuple[Path, ...],
    workspace: Path,
    prune: bool,
    jobs: int | None,
    report: Path | None,
    internal: bool,
    source: str | None,
    again: bool,
) -> None:
    """Nạp tệp, thư mục, tệp ZIP vào kho: PDF, bản quét, ảnh, DOCX, DOC, RTF, ODT, HTML, TXT. Chạy lại chỉ làm phần mới.

    Một tệp hỏng không dừng các tệp khác; mỗi tệp có một dòng trong báo cáo. Mã thoát 1 nếu có tệp không nạp được.
    Dừng giữa chừng (Ctrl-C) không mất phần đã đọc.

    \b
    Ví dụ:
      kg ingest van-ban/ --prune --report bao-cao.json
    """
    from api.workspace import Workspace
    from kg.disk import disk_errors

    with progress_bar() as show:
        outcome = Workspace(workspace, on_wait=tell).ingest(
            paths, prune=prune, jobs=jobs or os.cpu_count() or 1, progress=show, internal=internal, source=source,
            again=again,
        )  # fmt: skip
    for file in outcome.files:
        if file.status != "unchanged":
            click.echo(_line(file), err=True)
    click.echo(_summary(outcome), err=True)
    if report:
        with disk_errors(report):
            report.write_text(json.dumps(outcome.record(), ensure_ascii=False, indent=2), encoding="utf-8")
    if not outcome.clean:
        raise click.exceptions.Exit(1)


def _line(file: FileReport) -> str:
    head = f"{STATUS_WORDS[file.status]:>9}  {file.file}"
    if file.message:
        return f"{head}\n           {file.message}"
    if file.status == "removed":
        return head
    name = file.number or "chưa rõ số"
    if file.identity == "inferred":
        name += " (suy luận)"
    left = f", {file.unresolved:02d} chưa xác định" if file.unresolved else ""
    issuer = file.issuer or "chưa rõ cơ quan ban hành"
    line = f"{head}: {name}, {issuer}; {file.citations:02d} viện dẫn{left}{_ocr(file)}"
    return "\n".join((line, *(f"           ! {warning}" for warning in file.warnings)))


def _ocr(file: FileReport) -> str:
    if not file.ocr:
        return ""
    sure = sum(page["confidence"] for page in file.ocr) / len(file.ocr)
    return f"; OCR {len(file.ocr):02d} trang, độ tin cậy {sure:.0%}"


def _summary(outcome: IngestReport) -> str:
    counted = ", ".join(f"{number:02d} {STATUS_WORDS[status].lower()}" for status, number in outcome.counts.items())
    return (
        f"{counted or 'không có tệp nào'}. Kho có {outcome.works:02d} văn bản, {outcome.stubs:02d} văn bản chỉ được "
        f"viện dẫn, {outcome.links:02d} liên kết, {outcome.unresolved:02d} viện dẫn chưa xác định "
        f"({outcome.seconds:.1f} giây)."
    )


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--with-text", is_flag=True, help="Kèm văn bản chuẩn mà các vị trí (start, end) trỏ vào.")
def extract(paths: tuple[Path, ...], with_text: bool) -> None:
    """Đọc tệp và in kết quả, mỗi tệp một dòng JSON. Không cần kho.

    \b
    Ví dụ:
      kg extract ke-hoach.pdf --with-text
    """
    from ingest.extraction import extract_records

    failed = False
    for line, message in extract_records(paths, jobs=os.cpu_count() or 1, with_text=with_text):
        if line is None:
            failed = True
            click.echo(message, err=True)
        else:
            click.echo(line)
    if failed:
        raise click.exceptions.Exit(1)


@click.command()
@workspace_option
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def status(workspace: Path, form: str) -> None:
    """Lần nạp gần nhất, số văn bản trong kho, và những việc cần người xem.

    \b
    Ví dụ:
      kg status
    """
    from api.workspace import Workspace

    record = Workspace(workspace).status()
    if form == "json":
        print_json(record)
        return
    run = record["last_run"]
    if run is None:
        click.echo("Kho chưa có văn bản nào. Nạp bằng: kg ingest THƯ_MỤC")
        return
    click.echo(f"Lần nạp {run['run']}: bắt đầu {run['started']}, kết thúc {run['finished'] or 'CHƯA XONG (bị ngắt)'}")
    counts = record["counts"]
    click.echo(
        f"Kho có {counts['works']:02d} văn bản, {counts['stubs']:02d} văn bản chỉ được viện dẫn, "
        f"{counts['links']:02d} liên kết."
    )
    click.echo("Cần người xem:")
    for item in record["attention"]:
        click.echo(f"  - {item['message']}")
    if not record["attention"]:
        click.echo("  (không có)")

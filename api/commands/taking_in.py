"""``kg ingest``, ``kg extract``, ``kg status``: files in."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from api.commands.shared_options import print_json, progress_bar, tell, workspace_option
from kg.clock import local

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
_FAILED_SHOWN = 20


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@workspace_option
@click.option("--prune", is_flag=True, help="Gỡ khỏi kho các tệp không còn trong thư mục được nêu.")
@click.option("--jobs", type=click.IntRange(1), default=None, help="Số tiến trình đọc song song [số nhân CPU].")
@click.option("--report", type=click.Path(path_type=Path, dir_okay=False), help="Ghi báo cáo từng tệp ra JSON.")
@click.option("--internal", is_flag=True, help="Văn bản nội bộ: chỉ người đã đăng nhập mới thấy.")
@click.option("--again", is_flag=True, help="Nạp cả những tệp đã bị xóa khỏi kho.")
@click.option("--rebuild-index", is_flag=True, help="Dựng lại chỉ mục tìm kiếm; không đọc lại tệp, không cần PATHS.")
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
    rebuild_index: bool,
) -> None:
    """Nạp tệp, thư mục, tệp ZIP vào kho: PDF, bản quét, ảnh, DOCX, DOC, RTF, ODT, HTML, TXT. Chạy lại chỉ làm phần mới.

    Một tệp hỏng không dừng các tệp khác; mỗi tệp có một dòng trong báo cáo. Mã thoát 1 nếu có tệp không nạp được.
    Dừng giữa chừng (Ctrl-C) không mất phần đã đọc.

    \b
    Ví dụ:
      kg ingest van-ban/ --prune --report bao-cao.json
      kg ingest --rebuild-index
    """
    from api.workspace import Workspace
    from kg.disk import disk_errors

    if rebuild_index:
        held = Workspace(workspace, on_wait=tell).rebuild_index()
        tell(f"Đã dựng lại chỉ mục tìm kiếm: {held} văn bản.")
        if not paths:
            return
    if not paths:
        raise click.UsageError("Nêu tệp hoặc thư mục cần nạp.")
    if report and not report.absolute().parent.is_dir():  # said now, not after an hour of reading
        raise click.UsageError(f"Không có thư mục “{report.absolute().parent}” để ghi báo cáo. Hãy tạo thư mục trước.")
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
    """What became of one file: one line, then what a person should look at (!) and what was done for it (·)."""
    head = f"{STATUS_WORDS[file.status]:>9}  {file.file}"
    if file.message:
        return f"{head}\n           {file.message}"
    if file.status == "removed":
        return head
    issuer = file.issuer or "chưa rõ cơ quan ban hành"
    left = f", {file.unresolved:02d} chưa xác định" if file.unresolved else ""
    lines = [f"{head}: {_identity(file)}, {issuer}; {file.citations:02d} viện dẫn{left} [{_reading(file)}]"]
    lines += [f"           ! {warning}" for warning in file.warnings]
    lines += [f"           · {note}" for note in file.notes]
    return "\n".join(lines)


def _identity(file: FileReport) -> str:
    """The document as an office names it: "Công văn 1954/UBND-TH ngày 30/5/2023"."""
    from api.covering_words import day_words

    if not file.number:
        return f"{file.kind or 'văn bản'} chưa rõ số"
    said = f"{file.kind} {file.number}" if file.kind else file.number
    dated = f"ngày {day_words(file.date)}" if file.date else "chưa rõ ngày"
    how = {"inferred": " (số suy luận từ viện dẫn)", "human": " (số do người nhập)", None: " (chưa định danh)"}
    return f"{said} {dated}{how.get(file.identity, '')}"


def _reading(file: FileReport) -> str:
    """How it was read: "PDF 04 trang, nhận dạng chữ 02 trang (92%); 6,1 giây"."""
    told = file.format or "?"
    if file.pages:
        told += f" {file.pages:02d} trang"
    if file.ocr:
        sure = sum(page["confidence"] for page in file.ocr) / len(file.ocr)
        told += f", nhận dạng chữ {len(file.ocr):02d} trang ({sure:.0%})"
    if file.encoding not in (None, "utf-8"):
        told += f", mã {file.encoding.upper()}"
    return told + (f"; {_seconds(file.seconds)}" if file.seconds else "")


def _seconds(seconds: float) -> str:
    return f"{seconds:.1f} giây".replace(".", ",") if seconds >= 0.1 else "dưới 0,1 giây"


def _summary(outcome: IngestReport) -> str:
    return (
        f"{_counted(outcome.counts)}. Kho có {outcome.works:02d} văn bản, {outcome.stubs:02d} văn bản chỉ được "
        f"viện dẫn, {outcome.links:02d} liên kết, {outcome.unresolved:02d} viện dẫn chưa xác định "
        f"({_seconds(outcome.seconds)})."
    )


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{counts[status]:02d} {word.lower()}" for status, word in STATUS_WORDS.items() if counts.get(status)) or "không có tệp nào"  # fmt: skip  # noqa: E501


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
    ended = f"xong lúc {_moment(run['finished'])}" if run["finished"] else "CHƯA XONG (bị ngắt)"
    click.echo(f"Lần nạp {run['run']}: bắt đầu {_moment(run['started'])}, {ended}.")
    if report := run["report"]:
        click.echo(f"Kết quả: {_counted(report['counts'])} ({_seconds(report['seconds'])}).")
    counts = record["counts"]
    click.echo(
        f"Kho có {counts['works']:02d} văn bản, {counts['stubs']:02d} văn bản chỉ được viện dẫn, "
        f"{counts['links']:02d} liên kết."
    )
    click.echo("Cần người xem:")
    failed = 0
    for item in record["attention"]:
        failed += "status" in item
        if "status" not in item or failed <= _FAILED_SHOWN:
            click.echo(f"  - {_placed(item)}")
    if failed > _FAILED_SHOWN:
        click.echo(f"  - … và {failed - _FAILED_SHOWN} tệp không nạp được nữa (kg status --format json nêu đủ)")
    if not record["attention"]:
        click.echo("  (không có)")


def _placed(item: Mapping[str, Any]) -> str:
    """The sentence of a file, with its folder where it lies in one: names repeat from folder to folder."""
    place = item["files"][0] if "status" in item else ""
    return f"{place}: {item['message']}" if "/" in place else str(item["message"])


def _moment(told: str) -> str:
    """A moment of the ledger, Vietnamese time: "15:34 ngày 20/11/2026"."""
    moment = local(told)
    return f"{moment:%H:%M} ngày {moment.day}/{moment.month}/{moment.year}"

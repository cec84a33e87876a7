"""What a data folder says of itself: the last ingest, how much it holds, what needs a person and what to do."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from api import standing
from ingest.ledger import ContentRow, Ledger
from ingest.pipeline import Folders

__all__ = ["status_record"]

_TOTALS = ("works", "stubs", "links", "unresolved", "open_identities")
_NAMED = 5
"""Names listed under one heading; the report has all of them."""
# Warnings of readers by code, and how many files have them: what a person can do is in the report's own words.
_HEADINGS = {
    "unsure_ocr": "tệp nhận dạng chữ kém tin cậy, cần đối chiếu với bản gốc",
    "unreadable_stamp": "tệp có số, ngày đóng dấu không đọc được; nhập theo sổ văn bản đi (kg review set)",
    "needs_ocr": "tệp có trang chưa nhận dạng được vì thiếu tesseract; cài gói tesseract-ocr-vie rồi nạp lại",
    "broken_text_layer": "tệp PDF có lớp chữ hỏng, đã đọc bằng nhận dạng chữ",
    "macros": "tệp có macro (macro không được chạy)",
    "remote_reference": "tệp tham chiếu địa chỉ bên ngoài (không được mở)",
}


def status_record(root: Path) -> dict[str, Any]:
    """The record of ``kg status``: works on a folder that may only be read, and beside a writer."""
    ledger_path = Folders(root).ledger
    if not ledger_path.exists():
        return {"last_run": None, "counts": {}, "attention": []}
    with closing(Ledger.read_only(ledger_path)) as ledger:
        run, contents = ledger.last_run(), ledger.contents()
        names: dict[str, list[str]] = defaultdict(list)
        for row in sorted(ledger.names().values(), key=lambda row: row.shown):
            names[row.sha256].append(row.shown)
        outcomes, totals = standing.outcomes(ledger)
    counts = {name: totals.get(name, 0) for name in _TOTALS}
    nameless = [names[sha][0] for sha, said in outcomes.items() if sha in names and said["identity"] is None]
    attention = [
        *_failures(contents, names), *_left_out(run, names), *_warnings(contents, names),
        *_nameless(sorted(nameless)), *_open(counts),
    ]  # fmt: skip
    if run is not None and run["finished"] is None:
        attention.insert(
            0, {"code": "interrupted", "message": "Lần nạp gần nhất bị ngắt; chạy lại lệnh nạp để làm tiếp."}
        )
    return {"last_run": run, "counts": counts, "attention": attention}


def _failures(contents: Mapping[str, ContentRow], names: Mapping[str, list[str]]) -> Iterator[dict[str, Any]]:
    """Files that are there and could not be read, each with its sentence."""
    failed = {
        tuple(names[sha]): row
        for sha, row in contents.items()
        if row.status == "failed" and row.code != "archive" and sha in names
    }
    for files, row in sorted(failed.items(), key=lambda one: one[0]):
        yield {"code": row.code, "message": row.message, "files": list(files), "status": "failed"}


def _left_out(run: Mapping[str, Any] | None, names: Mapping[str, list[str]]) -> Iterator[dict[str, Any]]:
    """What the last run did not take in and the ledger keeps no name of: refused files, entries of archives, links."""
    known = {shown for files in names.values() for shown in files}
    for file in (run["report"] or {}).get("files", ()) if run else ():
        if file["status"] in ("refused", "failed") and file["file"] not in known:
            yield {"code": file["code"], "message": file["message"], "files": [file["file"]], "status": file["status"]}


def _warnings(contents: Mapping[str, ContentRow], names: Mapping[str, list[str]]) -> Iterator[dict[str, Any]]:
    """Files that were read with a doubt, by kind of doubt."""
    doubtful: dict[str, list[str]] = defaultdict(list)
    for sha, row in contents.items():
        if row.status == "read" and sha in names and row.warnings != "[]":
            for code in {code for severity, code, _ in json.loads(row.warnings) if severity != "info"}:
                doubtful[code].append(names[sha][0])
    for code, heading in _HEADINGS.items():
        if files := sorted(doubtful.get(code, ())):
            yield {"code": code, "message": f"{len(files):02d} {heading}: {_some(files)}.", "files": files}


def _nameless(files: list[str]) -> Iterator[dict[str, Any]]:
    """Files that stand for no numbered document: nothing can cite them, nothing leads to them."""
    if files:
        message = (
            f"{len(files):02d} tệp chưa định danh được (thiếu số hoặc năm, hoặc chưa rõ cơ quan ban hành): "
            f'{_some(files)}. Bổ sung: kg review set "{files[0]}" --number … --date … --issuer … --by …'
        )
        yield {"code": "unidentified", "message": message, "files": files}


def _some(files: list[str]) -> str:
    return ", ".join(files[:_NAMED]) + (" …" if len(files) > _NAMED else "")


def _open(counts: Mapping[str, int]) -> Iterator[dict[str, Any]]:
    if counts["unresolved"]:
        message = f"{counts['unresolved']:02d} viện dẫn chưa xác định được văn bản (kg sparql --example unresolved)"
        yield {"code": "unresolved", "message": message}
    if counts["open_identities"]:
        message = f"{counts['open_identities']:02d} tệp không ghi số, hợp với nhiều văn bản"
        yield {"code": "open_identity", "message": message}

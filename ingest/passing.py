"""What passes and what is tried again: when the ledger's word on a content stands, and what failures are called."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from ingest.ledger import ContentRow
from ingest.readers import reader_version
from ingest.readers.ocr import is_available
from ingest.readers.office import PROGRAMS

__all__ = ["ARCHIVE", "REFUSED", "failure_message", "must_read", "wants_ocr"]

ARCHIVE = "archive"
"""The code of a content that is an archive: its entries are read, not itself."""
REFUSED = frozenset({"traversal", "encrypted", "bomb", "link"})
"""Codes of archive entries that are left out for what they are, not for how they are broken."""

_ACCIDENTS = frozenset({"crashed", "timeout", "memory"})
_MOST_ATTEMPTS = 3
"""A content whose reader dies is tried so often: the machine may have been short of memory."""
_BUSY = frozenset({"changed", "missing", "unreadable", "permission"})

_FAILURES = {
    "crashed": "Chương trình đọc dừng đột ngột khi đọc “{name}”. Các tệp khác không bị ảnh hưởng. Đề nghị mở tệp bằng "
    "phần mềm khác, lưu lại rồi nạp lại.",
    "fault": "Chương trình gặp lỗi khi đọc “{name}” ({why}). Các tệp khác không bị ảnh hưởng. Đề nghị báo lỗi này kèm "
    "tệp cho người quản trị.",
    "timeout": "Đọc “{name}” quá lâu nên đã dừng. Đề nghị mở tệp, lưu lại (hoặc tách nhỏ) rồi nạp lại.",
    "memory": "Đọc “{name}” cần quá nhiều bộ nhớ nên đã dừng. Đề nghị tách tệp, hoặc tăng KG_READ_MEMORY_MB.",
}


def failure_message(code: str, shown: str, why: str | None) -> str:
    """The sentence for a worker that did not live to answer."""
    return _FAILURES["fault" if why else code].format(name=Path(shown).name or shown, why=why)


def must_read(row: ContentRow | None, parser: str, document: Path) -> bool:
    """Whether a content is to be read: it never was, other rules read it, it may succeed now, or its file is broken."""
    if row is None:
        return True
    if row.status == "archive":
        return False
    if row.status == "failed":
        if row.code == ARCHIVE:
            return False
        if row.code in _ACCIDENTS and row.attempts < _MOST_ATTEMPTS:
            return True
        if row.code in _BUSY or (row.code == "no_ocr" and is_available()):
            return True
        if row.code == "no_program" and any(map(shutil.which, PROGRAMS)):
            return True
    if row.parser_version != parser or (row.media_type and row.reader_version != reader_version(row.media_type)):
        return True
    if row.status != "read":
        return False
    return wants_ocr(row) or not _is_whole(document)


def wants_ocr(row: ContentRow) -> bool:
    """Pages were left out for want of an OCR program that is there now."""
    return (
        "needs_ocr" in row.warnings
        and any(code == "needs_ocr" for _, code, _ in json.loads(row.warnings))
        and is_available()
    )


def _is_whole(path: Path) -> bool:
    try:
        return path.stat().st_size > 2
    except OSError:
        return False

"""One file per format, one interface: bytes in, ``SourceText`` out. The format is chosen by content, not by name.

``read(Path("118-KH-UBND.pdf"))`` gives what the file says, untidied; ``ingest.canonical`` tidies it. Whatever goes
wrong is a ``ReadError`` with a stable code and a Vietnamese message that names the file, the reason, the next step.
Nothing here protects from a parser that crashes or hangs: ``ingest.executor`` runs readers in processes of their own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from ingest.readers import content
from ingest.readers.progress import Tell, quietly
from kg.disk import reason_of
from kg.errors import ReadError, RefusedFile
from kg.model import SourceText

__all__ = ["MAX_BYTES", "READER_VERSIONS", "TRANSIENT", "file_bytes", "read", "read_bytes", "reader_version"]

MAX_BYTES = 256 * 1024 * 1024
"""Above this a file is refused unread: the longest annexes seen are under a hundredth of it."""

_IMAGES = "image/*"
READER_VERSIONS = {
    content.TEXT: 3, content.PDF: 7, content.DOCX: 5, _IMAGES: 4, content.DOC: 2, content.ODT: 1, content.RTF: 1,
    content.HTML: 1, content.MHTML: 1, content.WORD_XML: 1,
}  # fmt: skip
"""Raise a format's number with every change of its reader that changes results: its files are then read again, and
only they. OCR is part of PDF, Word (scans pasted in) and pictures. Formats that are not listed have version 1."""

TRANSIENT = frozenset({"no_ocr", "no_program", "unreadable", "permission", "missing", "changed"})
"""Codes of failures that may be gone the next time: a program was not installed, a file was busy."""

_Reader: TypeAlias = Callable[[bytes, str, str, Tell], SourceText]


def reader_version(media_type: str) -> int:
    """The version of the reader of a format: ``READER_VERSIONS``; all pictures have one."""
    if media_type.startswith("image/"):
        return READER_VERSIONS[_IMAGES]
    return READER_VERSIONS.get("text/plain" if media_type == "text/markdown" else media_type, 1)


def read(path: Path, *, tell: Tell = quietly) -> SourceText:
    """What the file at ``path`` says. Raises ``ReadError`` (codes: see ``read_bytes`` and ``file_bytes``)."""
    return read_bytes(file_bytes(path), str(path), tell=tell)


def file_bytes(path: Path, shown: str | None = None) -> bytes:
    """The bytes of a file. Raises ``ReadError`` ("missing", "directory", "permission", "too_large", "unreadable").

    ``shown``: the path as the person knows it, where the file lies elsewhere.
    """
    shown = shown or str(path)
    name = Path(shown).name or shown
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise ReadError(
                f"Tệp “{name}” quá lớn ({size // 2**20} MB, tối đa {MAX_BYTES // 2**20} MB). "
                "Đề nghị tách tệp rồi nạp lại.",
                code="too_large",
            )
        return path.read_bytes()
    except FileNotFoundError as exc:
        raise ReadError(
            f"Không tìm thấy tệp “{name}”. Đề nghị kiểm tra lại đường dẫn: {shown}.", code="missing"
        ) from exc
    except IsADirectoryError as exc:
        raise ReadError(f"“{name}” là thư mục, không phải tệp. Đề nghị chọn tệp bên trong.", code="directory") from exc
    except PermissionError as exc:
        raise ReadError(
            f"Không có quyền đọc tệp “{name}”. Đề nghị cấp quyền đọc tệp rồi nạp lại.", code="permission"
        ) from exc
    except OSError as exc:  # a loop of links, a bad disk, a lost network share
        raise ReadError(
            f"Không đọc được tệp “{name}” ({reason_of(exc)}). Đề nghị kiểm tra ổ đĩa hoặc liên kết rồi nạp lại.",
            code="unreadable",
        ) from exc


def read_bytes(data: bytes, name: str, *, tell: Tell = quietly) -> SourceText:
    """What a file's bytes say; ``name`` (its path or name) stands in messages and in the result.

    ``tell`` hears of each page of long work. Codes: "empty", "binary", "encoding", "damaged", "no_text", "no_ocr",
    "no_program", "unsupported", "archive"; as a ``RefusedFile`` "encrypted", "bomb", "entities".
    """
    short = Path(name).name or name
    if not data:
        raise ReadError(f"Tệp “{short}” rỗng (0 byte). Đề nghị kiểm tra lại tệp gốc rồi nạp lại.", code="empty")
    media_type = content.media_type_of(data)
    if media_type in content.UNREADABLE:
        what, step = content.UNREADABLE[media_type]
        raise ReadError(f"Tệp “{short}” là {what}, không đọc được. Đề nghị {step}.", code="unsupported")
    if media_type == content.PROTECTED:
        raise RefusedFile(f"Tệp “{short}” được đặt mật khẩu. Đề nghị bỏ mật khẩu rồi nạp lại.", code="encrypted")
    if media_type == content.ARCHIVE:
        raise ReadError(f"“{short}” là tệp nén; các tệp bên trong được đọc riêng khi nạp.", code="archive")
    return _reader_of(media_type)(data, name, hashlib.sha256(data).hexdigest(), tell)


def _reader_of(media_type: str) -> _Reader:
    """The reader of a format; its module is loaded only now."""
    if media_type == content.PDF:
        from ingest.readers.pdf import read_pdf

        return lambda data, name, sha, tell: read_pdf(data, name, sha, tell=tell)
    if media_type == content.DOCX:
        from ingest.readers.docx import read_docx

        return lambda data, name, sha, tell: read_docx(data, name, sha, tell=tell)
    if media_type in (content.DOC, content.RTF, content.ODT, content.WORD_XML):
        from ingest.readers.office import read_office

        return lambda data, name, sha, tell: read_office(data, name, sha, media_type=media_type, tell=tell)
    if media_type == content.HTML:
        from ingest.readers.html import read_html

        return lambda data, name, sha, tell: read_html(data, name, sha)
    if media_type == content.MHTML:
        from ingest.readers.html import read_mhtml

        return lambda data, name, sha, tell: read_mhtml(data, name, sha)
    if media_type.startswith("image/"):
        from ingest.readers.images import read_image

        return lambda data, name, sha, tell: read_image(data, name, sha, media_type=media_type, tell=tell)
    from ingest.readers.text import read_text

    def read_plain(data: bytes, name: str, sha: str, tell: Tell) -> SourceText:
        kind = "text/markdown" if name.lower().endswith((".md", ".markdown")) else content.TEXT
        return read_text(data, name, sha, media_type=kind)

    return read_plain

"""One file per format, one interface: bytes in, ``SourceText`` out. The format is chosen by content, not by name.

``read(Path("118-KH-UBND.pdf"))`` gives what the file says, untidied; ``ingest.canonical`` tidies it. Whatever goes
wrong is a ``ReadError`` with a stable code and a Vietnamese message that names the file, the reason, the next step.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from ingest.readers.content import DOCX, PDF, TEXT, UNREADABLE, media_type_of
from kg.errors import ReadError
from kg.model import SourceText

__all__ = ["MAX_BYTES", "SUFFIXES", "read", "read_bytes"]

MAX_BYTES = 256 * 1024 * 1024
"""Above this a file is refused unread: the longest annexes seen are under a hundredth of it."""

SUFFIXES = (".docx", ".md", ".pdf", ".txt")
"""Names that a folder walk takes up. A file given by name is read whatever its suffix."""


def read(path: Path) -> SourceText:
    """What the file at ``path`` says. Raises ``ReadError`` (codes: see ``read_bytes``, "missing", "directory", …)."""
    name = path.name or str(path)
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise ReadError(
                f"Tệp “{name}” quá lớn ({size // 2**20} MB, tối đa {MAX_BYTES // 2**20} MB). "
                "Đề nghị tách tệp rồi nạp lại.",
                code="too_large",
            )
        data = path.read_bytes()
    except FileNotFoundError as exc:
        raise ReadError(
            f"Không tìm thấy tệp “{name}”. Đề nghị kiểm tra lại đường dẫn: {path}.", code="missing"
        ) from exc
    except IsADirectoryError as exc:
        raise ReadError(f"“{name}” là thư mục, không phải tệp. Đề nghị chọn tệp bên trong.", code="directory") from exc
    except PermissionError as exc:
        raise ReadError(
            f"Không có quyền đọc tệp “{name}”. Đề nghị cấp quyền đọc tệp rồi nạp lại.", code="permission"
        ) from exc
    except OSError as exc:  # a loop of links, a bad disk, a lost network share
        raise ReadError(
            f"Không đọc được tệp “{name}” ({exc.strerror or exc}). Đề nghị kiểm tra ổ đĩa hoặc liên kết rồi nạp lại.",
            code="unreadable",
        ) from exc
    return read_bytes(data, str(path))


def read_bytes(data: bytes, name: str) -> SourceText:
    """What a file's bytes say; ``name`` (its path or name) stands in messages and in the result.

    Codes: "empty", "binary", "encoding", "damaged", "encrypted" (a ``RefusedFile``), "no_text", "unsupported".
    """
    short = Path(name).name or name
    if not data:
        raise ReadError(f"Tệp “{short}” rỗng (0 byte). Đề nghị kiểm tra lại tệp gốc rồi nạp lại.", code="empty")
    media_type = media_type_of(data)
    if media_type in UNREADABLE:
        what, step = UNREADABLE[media_type]
        raise ReadError(f"Tệp “{short}” là {what}, chưa đọc được. Đề nghị {step}.", code="unsupported")
    sha256 = hashlib.sha256(data).hexdigest()
    if media_type == PDF:
        from ingest.readers.pdf import read_pdf

        return read_pdf(data, name, sha256)
    if media_type == DOCX:
        from ingest.readers.docx import read_docx

        return read_docx(data, name, sha256)
    from ingest.readers.text import read_text

    return read_text(data, name, sha256, media_type=TEXT if not name.lower().endswith(".md") else "text/markdown")

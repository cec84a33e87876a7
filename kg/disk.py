"""Files of the data folder: written whole or not at all, and a disk's complaints told in plain words."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kg.errors import WorkspaceError

__all__ = ["disk_errors", "reason_of", "sync_folder", "write_atomically"]

# Libraries in Rust and C++ pass on the system's words, often without its number.
_FULL = ("No space left", "File too large", "Disk quota exceeded")
_FORBIDDEN = ("Read-only file system", "Permission denied", "Operation not permitted")


@contextmanager
def disk_errors(place: Path | str | None) -> Iterator[None]:
    """Turns an OSError into a WorkspaceError that says what happened at ``place`` and what to do."""
    try:
        yield
    except OSError as error:
        raise WorkspaceError(_told(error, place)) from error


def _told(error: OSError, place: Path | str | None) -> str:
    text = str(error)
    where = place if place is not None else "bộ nhớ"
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG) or any(words in text for words in _FULL):
        return f"Ổ đĩa đã đầy, không ghi được vào {where}. Dữ liệu cũ còn nguyên; hãy giải phóng chỗ rồi chạy lại."
    if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM) or any(words in text for words in _FORBIDDEN):
        return f"Không có quyền ghi vào {where}. Dữ liệu cũ còn nguyên; hãy kiểm tra quyền của thư mục."
    if error.errno == errno.ENOENT or "No such file" in text:
        return f"Không thấy dữ liệu tại {where}. Hãy nạp văn bản trước: kg ingest THƯ_MỤC."
    return f"Không đọc hoặc ghi được {where}: {text}"


_REASONS = {
    errno.ENOENT: "tệp không còn ở đó, hoặc liên kết trỏ tới chỗ không có",
    errno.EACCES: "không có quyền đọc",
    errno.EPERM: "không có quyền đọc",
    errno.ELOOP: "liên kết trỏ vòng",
    errno.ENAMETOOLONG: "tên quá dài",
    errno.EIO: "ổ đĩa báo lỗi đọc",
    errno.ESTALE: "mất kết nối tới ổ đĩa mạng",
    errno.ENOTCONN: "mất kết nối tới ổ đĩa mạng",
    errno.ETIMEDOUT: "ổ đĩa mạng không trả lời",
    errno.EMFILE: "hệ thống đang mở quá nhiều tệp",
}


def reason_of(error: OSError) -> str:
    """Why a file could not be read, in words that stand after a colon: "không có quyền đọc"."""
    return _REASONS.get(error.errno or 0) or f"hệ thống báo lỗi {error.errno or type(error).__name__}"


def write_atomically(path: Path, content: bytes) -> None:
    """Replaces a file so that a reader, or the next start after a power cut, sees the old content or the new."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        with fresh.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Makes names created, renamed or removed in ``folder`` last through a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

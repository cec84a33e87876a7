"""Which format a file's bytes are in, by their content; the name is never asked."""

from __future__ import annotations

import io
import re
import zipfile

__all__ = ["DOCX", "PDF", "TEXT", "UNREADABLE", "media_type_of"]

TEXT = "text/plain"
PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

# Formats that are recognised but not read: (what it is, what the person can do).
UNREADABLE: dict[str, tuple[str, str]] = {
    "application/msword": (
        "tệp Word đời cũ (.doc) hoặc tệp Office đặt mật khẩu",
        "mở bằng Word, lưu lại thành .docx (không đặt mật khẩu) rồi nạp lại",
    ),
    "application/rtf": ("tệp RTF", "mở bằng Word, lưu lại thành .docx rồi nạp lại"),
    "application/zip": ("tệp nén", "giải nén rồi nạp các tệp bên trong"),
    "application/x-rar": ("tệp nén", "giải nén rồi nạp các tệp bên trong"),
    "application/vnd.oasis.opendocument.text": ("tệp OpenDocument (.odt)", "lưu lại thành .docx rồi nạp lại"),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": (
        "bảng tính Excel",
        "lưu nội dung văn bản thành .docx rồi nạp lại",
    ),
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": (
        "tệp trình chiếu",
        "lưu nội dung văn bản thành .docx rồi nạp lại",
    ),
    "image/*": ("ảnh chụp hoặc bản quét", "chuyển thành PDF có lớp văn bản (OCR) rồi nạp lại"),
    "text/html": ("trang web (HTML)", "sao chép nội dung văn bản thành .txt hoặc .docx rồi nạp lại"),
}

_IMAGES = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*", b"BM")
_HTML = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)?<(?:!doctype\s+html|html|head|body)\b", re.I | re.S)  # fmt: skip  # noqa: E501


def media_type_of(data: bytes) -> str:
    """The media type: "application/pdf" for bytes that start with "%PDF-"; what nothing claims is "text/plain"."""
    head = data[:1024]
    if b"%PDF-" in head:
        return PDF
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip_type(data)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return "application/msword"
    if head.startswith(b"{\\rtf"):
        return "application/rtf"
    if head.startswith((b"Rar!\x1a", b"7z\xbc\xaf", b"\x1f\x8b")):
        return "application/x-rar"
    if head.startswith(_IMAGES) and b"\x00" in head:
        return "image/*"
    if _HTML.match(head):
        return "text/html"
    return TEXT


def _zip_type(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
                kind = archive.read("mimetype").decode("ascii", "replace").strip()
                if kind in UNREADABLE:
                    return kind
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError):
        # A broken archive whose first entry is a Word part is a damaged .docx: its reader says so.
        return DOCX if b"[Content_Types].xml" in data[:4096] or b"word/" in data[:4096] else "application/zip"
    if "word/document.xml" in names or any(name.startswith("word/document") for name in names):
        return DOCX
    if any(name.startswith("xl/") for name in names):
        return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    if any(name.startswith("ppt/") for name in names):
        return "application/vnd.openxmlformats-officedocument.presentationml.presentation"
    return "application/zip"

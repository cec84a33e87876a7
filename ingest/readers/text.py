"""Plain text and Markdown: UTF-8 with or without a byte order mark, UTF-16."""

from __future__ import annotations

import re
from pathlib import Path

from ingest.readers.content import TEXT
from kg.errors import ReadError
from kg.model import SourceText

__all__ = ["read_text"]

_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def read_text(data: bytes, name: str, sha256: str, *, media_type: str = TEXT) -> SourceText:
    """The text of a .txt or .md file. Raises ``ReadError``: "empty", "binary" or "encoding".

    A byte order mark is left out of the text, so offset 0 is the first character.
    """
    short = Path(name).name or name
    encoding = _encoding_of(data)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as exc:
        if _is_binary(data):
            raise _binary(short) from exc
        line = data.count(b"\n", 0, exc.start) + 1
        raise ReadError(
            f"Tệp “{short}” không phải văn bản UTF-8 hợp lệ (lỗi ở byte {exc.start}, dòng {line}). "
            "Đề nghị mở tệp, lưu lại với bảng mã UTF-8 (Unicode) rồi nạp lại.",
            code="encoding",
        ) from exc
    if "\x00" in text or _is_control(text):
        raise _binary(short)
    if not text or text.isspace() or not text.strip("\ufeff\u200b \t\r\n"):
        raise ReadError(
            f"Tệp “{short}” không có nội dung (chỉ có khoảng trắng). Đề nghị kiểm tra lại tệp gốc rồi nạp lại.",
            code="empty",
        )
    return SourceText(name, media_type, sha256, text, encoding=encoding.removesuffix("-sig"))


def _encoding_of(data: bytes) -> str:
    if data.startswith(b"\xef\xbb\xbf"):
        return "utf-8-sig"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    head = data[:2048]
    # UTF-16 without a mark: the high byte of spaces, digits and line ends is zero, on one side only.
    if len(data) % 2 == 0 and len(head) >= 8:
        even, odd = head[0::2].count(0), head[1::2].count(0)
        if odd > len(head) // 8 and even == 0:
            return "utf-16-le"
        if even > len(head) // 8 and odd == 0:
            return "utf-16-be"
    return "utf-8"


def _is_binary(data: bytes) -> bool:
    head = data[:65536]
    return b"\x00" in head or len(_CONTROL.findall(head.decode("latin-1"))) * 50 > len(head)


def _is_control(text: str) -> bool:
    return len(_CONTROL.findall(text, 0, 65536)) * 50 > min(len(text), 65536)


def _binary(short: str) -> ReadError:
    return ReadError(
        f"Tệp “{short}” là dữ liệu nhị phân, không phải văn bản. "
        "Đề nghị nạp tệp gốc dạng .docx, .pdf hoặc .txt (UTF-8).",
        code="binary",
    )

"""Plain text and Markdown: UTF-8, UTF-16, Windows 1258, and the old TCVN3 and VNI, told apart by their content."""

from __future__ import annotations

import codecs
import re
import unicodedata
from functools import cache
from pathlib import Path

from ingest.readers.content import TEXT
from ingest.readers.legacy import decode_legacy, detect_legacy
from ingest.readers.syllables import SOUND, score
from kg.errors import ReadError
from kg.model import Issue, SourceText

__all__ = ["decode_text", "read_text"]

_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_TWICE = re.compile(r"á[»º]|Ã[\x80-\xbf\u0152-\u02dc\u2013-\u2122]|Ä[\x80-\xbf\u2018]|Æ[°¡¯]")
"""The letters of Vietnamese in UTF-8, read as Windows-1252."""
_NAMES = {"tcvn3": "TCVN3 (ABC)", "vni": "VNI", "cp1258": "Windows-1258"}
_SPARED = 1000
"""In UTF-8 one broken character among so many is a scar (a cut copy, a bad disk), not another encoding."""


def read_text(data: bytes, name: str, sha256: str, *, media_type: str = TEXT) -> SourceText:
    """The text of a .txt or .md file. Raises ``ReadError``: "empty", "binary" or "encoding".

    A byte order mark is left out of the text, so offset 0 is the first character.
    """
    short = Path(name).name or name
    text, encoding = decode_text(data, short)
    if "\x00" in text or _is_control(text):
        raise _binary(short)
    if not text or text.isspace() or not text.strip("\ufeff\u200b \t\r\n"):
        raise ReadError(
            f"Tệp “{short}” không có nội dung (chỉ có khoảng trắng). Đề nghị kiểm tra lại tệp gốc rồi nạp lại.",
            code="empty",
        )
    issues: tuple[Issue, ...] = ()
    if encoding in _NAMES:
        message = f"Văn bản gõ bằng bảng mã cũ {_NAMES[encoding]}, đã chuyển sang Unicode."
        issues = (Issue("info", "legacy_encoding", message),)
    elif "\ufffd" in text:
        count = text.count("\ufffd")
        issues = (Issue("warning", "broken_characters", f"{count:02d} ký tự hỏng, thay bằng “\ufffd”."),)
    return SourceText(name, media_type, sha256, text, encoding=encoding, issues=issues)


def decode_text(data: bytes, short: str) -> tuple[str, str]:
    """(text, encoding) of a file's bytes; ``short`` names the file in the ``ReadError`` ("binary", "encoding")."""
    stated = _stated(data)
    if stated is None and _is_binary(data):
        raise _binary(short)
    try:
        text = data.decode(stated or "utf-8")
        encoding = (stated or "utf-8").removesuffix("-sig")
    except UnicodeDecodeError as error:
        if stated is None and (found := _old(data)):
            return found
        text = data.decode(stated or "utf-8", "replace")
        if text.count("\ufffd") * _SPARED > len(text) or not score(unicodedata.normalize("NFC", text)).sound:
            line = data.count(b"\n", 0, error.start) + 1
            raise ReadError(
                f"Tệp “{short}” không phải văn bản UTF-8 hợp lệ (lỗi ở byte {error.start}, dòng {line}), cũng không "
                "phải bảng mã TCVN3, VNI hay Windows-1258. Đề nghị mở tệp, lưu lại với bảng mã UTF-8 (Unicode) rồi "
                "nạp lại.",
                code="encoding",
            ) from error
        encoding = (stated or "utf-8").removesuffix("-sig")
    if twice := _twice(text):
        return twice, "utf-8"
    # Copied out of a document in an old font, the codes of that font are valid Unicode and still not the text.
    if legacy := detect_legacy(text):
        return decode_legacy(text, legacy), legacy
    return text, encoding


def _twice(text: str) -> str | None:
    """What was meant by text whose UTF-8 was taken for a Western encoding and saved so ("Káº¿ hoáº¡ch"), or None."""
    if len(_TWICE.findall(text, 0, 20_000)) < 10:
        return None
    # What Windows-1252 has no letter for stays the byte it was, or is lost.
    raw = b"".join(_western(letter) for letter in text)
    meant = raw.decode("utf-8", "replace")
    if meant.count("\ufffd") * 50 > len(meant):
        return None
    before, after = (score(unicodedata.normalize("NFC", one)).share for one in (text, meant))
    return meant if after >= SOUND and after > before + 0.2 else None


@cache
def _western(letter: str) -> bytes:
    try:
        return letter.encode("cp1252")
    except UnicodeEncodeError:
        return letter.encode("latin-1") if letter < "\u0100" else b"\xff"


def _old(data: bytes) -> tuple[str, str] | None:
    """The reading of bytes that are no UTF-8 which makes the most Vietnamese of them; None when none makes much."""
    western = data.decode("latin-1")
    if _is_control(western):
        return None
    if legacy := detect_legacy(western):
        return decode_legacy(western, legacy), legacy
    windows = codecs.charmap_decode(data, "replace", _cp1258())[0]
    if (found := score(unicodedata.normalize("NFC", windows))).share >= SOUND and found.accented > 0.05:
        return windows, "cp1258"
    return None


def _cp1258() -> str:
    from encodings import cp1258

    return cp1258.decoding_table


def _stated(data: bytes) -> str | None:
    """What a byte order mark or the place of zero bytes says; None where nothing is said."""
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
    return None


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

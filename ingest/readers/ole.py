"""The directory of an OLE compound file (the container of Word 97-2003): which streams it holds, no more.

``stream_names(data)`` of a .doc holds "WordDocument", of a password-protected .docx "EncryptedPackage".
"""

from __future__ import annotations

import struct

__all__ = ["MAGIC", "doc_has_revisions", "doc_is_encrypted", "header_letters", "stream_names", "text_box_letters"]

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_END = 0xFFFFFFFA
"""Sector numbers from here on are marks (end of chain, free), not places."""
_REVISERS, _NOBODY = 0x9A + 8 * 51, 22
"""Where a .doc says how long its list of revisers is, and the length of a list with "Unknown" alone."""
_MOST = 4096
"""Directory sectors looked at: a hostile chain may loop."""


def stream_names(data: bytes) -> frozenset[str]:
    """The names of streams and folders at any depth; empty for a file too broken to tell."""
    return frozenset(name for name, _, _ in _entries(data))


def _entries(data: bytes) -> list[tuple[str, int, int]]:
    """(name, first sector, size) of each directory entry."""
    if not data.startswith(MAGIC) or len(data) < 512:
        return []
    shift = struct.unpack_from("<H", data, 30)[0]
    if shift not in (9, 12):
        return []
    size = 1 << shift
    per = size // 4
    fat_sectors = [number for number in struct.unpack_from("<109I", data, 76) if number < _END]

    def sector(number: int) -> bytes:
        return data[size * (number + 1) : size * (number + 2)]

    def following(number: int) -> int:
        index, at = divmod(number, per)
        if index >= len(fat_sectors):
            return _END
        table = sector(fat_sectors[index])
        return int(struct.unpack_from("<I", table, 4 * at)[0]) if len(table) >= 4 * at + 4 else _END

    found: list[tuple[str, int, int]] = []
    seen: set[int] = set()
    number = struct.unpack_from("<I", data, 48)[0]
    while number < _END and number not in seen and len(seen) < _MOST:
        seen.add(number)
        block = sector(number)
        for at in range(0, len(block) - 127, 128):
            length = struct.unpack_from("<H", block, at + 64)[0]
            if 2 <= length <= 64:
                name = block[at : at + length - 2].decode("utf-16-le", "replace")
                first, whole = struct.unpack_from("<II", block, at + 116)
                found.append((name, first, whole))
        number = following(number)
    return found


def doc_is_encrypted(data: bytes) -> bool:
    """True for a .doc with a password: a flag in the head of its main stream."""
    head = _main_head(data)
    return len(head) >= 12 and bool(struct.unpack_from("<H", head, 10)[0] & 0x0100)


def text_box_letters(data: bytes) -> int:
    """How many letters of a .doc stand in text boxes, as the head of its main stream counts them."""
    head = _main_head(data)
    if len(head) < 0x68:
        return 0
    return sum(count for count in struct.unpack_from("<2i", head, 0x60) if 0 < count < 10_000_000)


def header_letters(data: bytes) -> int:
    """How many letters of a .doc stand in headers and footers, of whatever page."""
    head = _main_head(data)
    count = struct.unpack_from("<i", head, 0x54)[0] if len(head) >= 0x58 else 0
    return count if 0 < count < 10_000_000 else 0


def doc_has_revisions(data: bytes) -> bool:
    """True for a .doc that names somebody who changed it with changes tracked, besides Word's own "Unknown"."""
    head = _main_head(data)
    return len(head) >= _REVISERS + 8 and struct.unpack_from("<I", head, _REVISERS + 4)[0] > _NOBODY


def _main_head(data: bytes) -> bytes:
    """The beginning of the stream "WordDocument"; its first sectors follow one another."""
    for name, first, _ in _entries(data):
        if name == "WordDocument" and first < _END:
            size = 1 << struct.unpack_from("<H", data, 30)[0]
            return data[size * (first + 1) : size * (first + 1) + 1024]
    return b""

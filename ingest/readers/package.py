"""What an Office package (.docx, .odt) may hold that is dangerous, looked for before anything is parsed.

Bombs and document type declarations (entity attacks; no office program writes one) are refused. Macros and references
to other addresses are never run or fetched; that they are there is told.
"""

from __future__ import annotations

import io
import re
import zipfile

from kg.errors import ReadError, RefusedFile
from kg.model import Issue

__all__ = ["MAX_RATIO", "MAX_UNPACKED", "declares", "examine_package"]

MAX_UNPACKED = 512 * 1024 * 1024
MAX_RATIO = 200
"""Text packs to a twentieth at best; zeros pack to a thousandth."""
_MAX_PARTS = 20_000
_REMOTE = re.compile(rb"<Relationship\b[^>]*TargetMode\s*=\s*[\"']External[\"'][^>]*>")
_LINK = re.compile(rb"relationships/hyperlink[\"']")
_HEAD = 1024 * 1024
"""Bytes of a part in which its first element must begin: a declaration may stand behind a long comment."""
_FIRST_ELEMENT = re.compile(rb"<[A-Za-z_:]")


def declares(xml: bytes) -> bool:
    """Whether XML brings a document type or entities of its own, in UTF-16 too: what an attack begins with."""
    plain = xml.replace(b"\0", b"") if b"\0" in xml else xml
    return b"<!DOCTYPE" in plain or b"<!ENTITY" in plain


def examine_package(data: bytes, short: str) -> tuple[Issue, ...]:
    """What a person should know of the package. Raises ``RefusedFile`` "bomb", "entities"; ``ReadError`` "damaged"."""
    issues = []
    remote = 0
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            unpacked = sum(part.file_size for part in parts)
            if unpacked > MAX_UNPACKED or unpacked > max(len(data), 2**20) * MAX_RATIO or len(parts) > _MAX_PARTS:
                raise RefusedFile(
                    f"Tệp “{short}” giải nén ra quá lớn ({unpacked // 2**20} MB, {len(parts)} phần), có dấu hiệu không "
                    "an toàn. Đề nghị mở bằng Word, lưu lại thành tệp mới rồi nạp lại.",
                    code="bomb",
                )
            for part in parts:
                if part.flag_bits & 0x1:
                    raise RefusedFile(
                        f"Tệp “{short}” có phần đặt mật khẩu. Đề nghị bỏ mật khẩu rồi nạp lại.", code="encrypted"
                    )
                name = part.filename.lower()
                if name.endswith((".xml", ".rels")):
                    with archive.open(part) as stream:
                        head = stream.read(4096)
                        if not _FIRST_ELEMENT.search(head):
                            head += stream.read(_HEAD)
                    if declares(head):
                        raise RefusedFile(
                            f"Tệp “{short}” có khai báo thực thể XML (DOCTYPE) trong “{part.filename}”, dấu hiệu tấn "
                            "công. Đề nghị mở bằng Word, lưu lại thành tệp mới rồi nạp lại.",
                            code="entities",
                        )
                if name.endswith(".rels"):
                    found = _REMOTE.findall(archive.read(part))
                    remote += sum(1 for relation in found if not _LINK.search(relation))
            if any("vbaproject" in part.filename.lower() or "basic/" in part.filename.lower() for part in parts):
                issues.append(Issue("warning", "macros", "Tệp có macro; macro không được chạy, chỉ đọc phần chữ."))
    except zipfile.BadZipFile as error:
        raise ReadError(
            f"Tệp “{short}” bị hỏng. Đề nghị mở bằng Word, lưu lại thành .docx rồi nạp lại.", code="damaged"
        ) from error
    if remote:
        message = (
            f"Tệp tham chiếu {remote:02d} địa chỉ bên ngoài (mẫu, ảnh liên kết); hệ thống không mở các địa chỉ đó."
        )
        issues.append(Issue("warning", "remote_reference", message))
    return tuple(issues)

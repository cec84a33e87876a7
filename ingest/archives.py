"""ZIP archives as folders: their entries, at any depth, without unpacking anything to disk.

An entry is read into memory when its turn comes, so no name in an archive can make a file anywhere. What an archive
must not hold is left out with its reason: entries behind a password, with names that climb out of the archive, links,
entries larger than a file may be. An archive that unpacks to far more than it is gets refused whole.
"""

from __future__ import annotations

import hashlib
import io
import re
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from ingest.ledger import MemberRow
from ingest.readers import MAX_BYTES
from ingest.readers.content import ARCHIVE, media_type_of
from ingest.readers.package import MAX_RATIO
from ingest.readers.progress import Tell, quietly
from ingest.scan import UNSHOWN
from kg.errors import ReadError, RefusedFile

__all__ = ["INSIDE", "entries_of", "is_archive", "member_bytes", "split_member"]

INSIDE = "!/"
"""Parts an archive from the entry in it: "hồ sơ.zip!/phụ lục.zip!/bảng.docx"."""

MAX_ENTRIES = 20_000
MAX_UNPACKED = 4 * 1024 * 1024 * 1024
_MAX_DEPTH = 4
_ALWAYS_FINE = 16 * 1024 * 1024
"""Bytes that an entry may unpack to whatever its ratio: a list of zeros in a table is no bomb."""
_SKIPPED = re.compile(r"(?:^|/)(?:__MACOSX|\.DS_Store|Thumbs\.db|\.[^/]*)(?:/|$)")
_BROKEN = (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError, ValueError)


def is_archive(head: bytes) -> bool:
    """Whether a file that begins like this may be an archive; only its content says whether it is one."""
    return head.startswith((b"PK\x03\x04", b"PK\x05\x06"))


@dataclass(slots=True)
class _Allowance:
    entries: int = MAX_ENTRIES
    unpacked: int = MAX_UNPACKED


def entries_of(source: Path, short: str, *, tell: Tell = quietly) -> list[MemberRow]:
    """The entries of an archive on disk with the hash of each.

    Raises ``RefusedFile`` "bomb", ``ReadError`` "damaged" or "empty"; ``short`` names the archive.
    """
    found = list(_entries(source, short, "", _Allowance(), 1, tell))
    if not found:
        raise ReadError(f"Tệp nén “{short}” không có tệp nào bên trong. Đề nghị kiểm tra lại.", code="empty")
    return found


def _entries(
    source: Path | bytes, short: str, above: str, left: _Allowance, depth: int, tell: Tell
) -> Iterator[MemberRow]:  # fmt: skip
    try:
        archive = zipfile.ZipFile(source if isinstance(source, Path) else io.BytesIO(source))
        packed = source.stat().st_size if isinstance(source, Path) else len(source)
    except _BROKEN as error:
        raise ReadError(f"Tệp nén “{short}” bị hỏng. Đề nghị nén lại rồi nạp lại.", code="damaged") from error
    with archive:
        infos = archive.infolist()
        left.entries -= len(infos)
        stated = sum(info.file_size for info in infos)
        if left.entries < 0 or stated > max(packed, _ALWAYS_FINE) * MAX_RATIO:
            raise _bomb(short, stated)
        for done, (name, info) in enumerate(_named(infos)):
            if _is_folder(info):
                continue
            shown = f"{above}{name}"
            if problem := _problem(info, name):
                yield MemberRow(f"{above}{_safe(name)}", "", info.file_size, *problem)
                continue
            if _SKIPPED.search(name):
                continue
            try:
                content = _unpacked(archive, info, left)
            except RefusedFile:
                raise _bomb(short, stated) from None
            except _BROKEN:
                message = f"Tệp “{name}” trong “{short}” bị hỏng hoặc không trọn vẹn. Đề nghị nén lại rồi nạp lại."
                yield MemberRow(shown, "", info.file_size, "damaged", message)
                continue
            tell("Mở tệp nén", done, len(infos))
            if is_archive(content[:4]) and media_type_of(content) == ARCHIVE:
                if depth >= _MAX_DEPTH:
                    message = f"Tệp nén “{name}” lồng quá {_MAX_DEPTH} tầng; bỏ qua. Đề nghị giải nén rồi nạp lại."
                    yield MemberRow(shown, "", info.file_size, "too_deep", message)
                    continue
                try:
                    yield from _entries(content, name, f"{shown}{INSIDE}", left, depth + 1, tell)
                except RefusedFile:
                    raise
                except ReadError as error:
                    yield MemberRow(shown, "", info.file_size, error.code, str(error))
                continue
            yield MemberRow(shown, hashlib.sha256(content).hexdigest(), len(content))


def _bomb(short: str, stated: int) -> RefusedFile:
    return RefusedFile(
        f"Tệp nén “{short}” giải nén ra quá lớn ({stated // 2**20} MB theo khai báo) hoặc quá nhiều tệp, có dấu hiệu "
        "không an toàn. Đề nghị giải nén ở máy khác, kiểm tra rồi nạp thư mục.",
        code="bomb",
    )


def _name_of(info: zipfile.ZipInfo) -> str:
    """The entry's name; older programs wrote it in the code page of their machine, not in the one they stated."""
    if info.flag_bits & 0x800:
        return unicodedata.normalize("NFC", info.filename)
    raw = info.orig_filename.encode("cp437", "replace")
    for encoding in ("utf-8", "cp1258"):
        try:
            return unicodedata.normalize("NFC", raw.decode(encoding))
        except UnicodeDecodeError:
            continue
    return info.filename


def _named(infos: Sequence[zipfile.ZipInfo]) -> Iterator[tuple[str, zipfile.ZipInfo]]:
    """Each entry with a name of its own: a second "a.txt" is "a (2).txt", one without any is "khong-ten"."""
    seen: set[str] = set()
    for info in infos:
        name = plain = UNSHOWN.sub("?", _name_of(info)).replace(INSIDE, "?/") or "khong-ten"
        again = 1
        while name in seen:
            again += 1
            at = max(plain.rfind("."), plain.rfind("/") + 1)
            at = at if at > plain.rfind("/") + 1 else len(plain)
            name = f"{plain[:at]} ({again}){plain[at:]}"
        seen.add(name)
        yield name, info


def _is_folder(info: zipfile.ZipInfo) -> bool:
    """``ZipInfo.is_dir`` fails on a name without letters."""
    return info.filename.endswith("/")


def _safe(name: str) -> str:
    """A name fit for a report: no climbing, no drive."""
    return "/".join(part for part in re.split(r"[/\\]", name) if part not in ("", ".", "..")) or "?"


def _problem(info: zipfile.ZipInfo, name: str) -> tuple[str, str] | None:
    path = PurePosixPath(name.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or re.match(r"[A-Za-z]:", name) or "\x00" in info.orig_filename:
        return "traversal", f"Tên “{_safe(name)}” trong tệp nén trỏ ra ngoài thư mục; tệp này bị từ chối."
    if stat.S_ISLNK(info.external_attr >> 16):
        return "link", f"“{name}” trong tệp nén là liên kết, không phải tệp; bỏ qua."
    if info.flag_bits & 0x1:
        return "encrypted", f"Tệp “{name}” trong tệp nén được đặt mật khẩu. Đề nghị bỏ mật khẩu rồi nạp lại."
    if info.file_size > MAX_BYTES:
        return "too_large", f"Tệp “{name}” trong tệp nén quá lớn ({info.file_size // 2**20} MB). Đề nghị tách tệp."
    return None


def _unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo, left: _Allowance) -> bytes:
    """An entry's bytes. Raises ``RefusedFile`` when there are more than the archive may hold."""
    most = min(MAX_BYTES, left.unpacked, max(info.compress_size * MAX_RATIO, _ALWAYS_FINE))
    with archive.open(info) as stream:
        content = stream.read(most + 1)
    left.unpacked -= len(content)
    if len(content) > most:
        raise RefusedFile("bomb", code="bomb")
    return content


def split_member(path: str) -> tuple[str, tuple[str, ...]]:
    """A path and the names inside it: "a.zip!/b.zip!/c.pdf" → ("a.zip", ("b.zip", "c.pdf"))."""
    file, *inside = path.split(INSIDE)
    return file, tuple(inside)


@dataclass(slots=True)
class _Opened:
    """The archive that was read last, with its entries by name: entries of one archive come one after the other."""

    key: tuple[str, int, int, tuple[str, ...]]
    archive: zipfile.ZipFile
    entries: dict[str, zipfile.ZipInfo]


_opened: list[_Opened] = []


def member_bytes(path: str, inside: Sequence[str]) -> bytes:
    """The bytes of one entry of an archive on disk. Raises ``ReadError`` "missing" or "damaged"."""
    try:
        status = Path(path).stat()
        key = (path, status.st_size, status.st_mtime_ns, tuple(inside[:-1]))
        if not _opened or _opened[0].key != key:
            archive = zipfile.ZipFile(path)
            for name in inside[:-1]:
                with archive:
                    data = _unpacked(archive, _entry(_by_name(archive), name, path), _Allowance())
                archive = zipfile.ZipFile(io.BytesIO(data))
            _opened[:] = [_Opened(key, archive, _by_name(archive))]
        opened = _opened[0]
        return _unpacked(opened.archive, _entry(opened.entries, inside[-1], path), _Allowance())
    except ReadError:
        raise
    except _BROKEN as error:
        raise ReadError(f"Tệp nén “{Path(path).name}” bị hỏng hoặc đã bị thay.", code="damaged") from error


def _by_name(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    return dict(_named(archive.infolist()))


def _entry(entries: Mapping[str, zipfile.ZipInfo], name: str, path: str) -> zipfile.ZipInfo:
    if name not in entries:
        raise ReadError(f"Không còn “{name}” trong tệp nén “{Path(path).name}”.", code="missing")
    return entries[name]

"""What a worker does: read one content into the workspace, look into an archive, draw a page, read for the screen.

``read``: bytes → source text → document → files named by hash, in this order, so that nothing of a paper with a secrecy
mark is ever written. Text that was read before by the same reader is not read again: new rules cost no OCR.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Literal

import msgspec

from ingest.archives import entries_of, is_archive, member_bytes
from ingest.document import document_from_source
from ingest.folders import Folders, keep
from ingest.ledger import ContentRow
from ingest.readers import file_bytes, read_bytes, reader_version
from ingest.readers.content import media_type_of
from ingest.readers.progress import Tell
from ingest.record import extraction_record
from kg.errors import ReadError, RefusedFile
from kg.model import Document, SourceText
from kg.reference import Reference, load_reference

__all__ = ["perform"]


def perform(kind: str, given: Mapping[str, Any], tell: Tell) -> tuple[dict[str, Any], bytes]:
    """Does one task; (result, bytes). Raises what is no matter of the file: a full disk, a fault of ours."""
    if kind == "read":
        return asdict(_read(given, tell)), b""
    if kind == "list":
        return _list(given, tell), b""
    if kind == "extract":
        return _extract(given, tell), b""
    if kind == "page":
        return _page(given)
    raise ValueError(kind)


@cache
def _reference(path: str | None) -> Reference:
    return load_reference(Path(path) if path else None)


def _bytes_of(given: Mapping[str, Any]) -> bytes:
    """The bytes of the file or entry that a task names. Raises ``ReadError``."""
    place, inside, shown = given["place"], tuple(given.get("inside", ())), given["shown"]
    if inside:
        return member_bytes(place, inside)
    try:
        return file_bytes(Path(place), shown)
    except ReadError as error:
        if error.code == "too_large":
            with Path(place).open("rb") as stream:
                if is_archive(stream.read(4)):  # a large folder packed up: its entries are read one by one
                    raise ReadError(f"“{Path(shown).name or shown}” là tệp nén.", code="archive") from error
        raise


# --- Into the workspace ---------------------------------------------------------------------------------------------


def _read(given: Mapping[str, Any], tell: Tell) -> ContentRow:
    began = time.perf_counter()
    sha256: str = given["sha256"]
    folders, aside = Folders(Path(given["root"])), Path(given["aside"])
    row = ContentRow(sha256, "failed", parser_version=given["parser_version"], attempts=1)
    data: bytes | None = None

    def ended(status: Literal["read", "failed", "refused"], code: str, message: str) -> ContentRow:
        return replace(row, status=status, code=code, message=message, seconds=round(time.perf_counter() - began, 4))

    try:
        source = None if given.get("anew") else _known_source(folders, sha256)
        if source is None:
            data = _bytes_of(given)
            if hashlib.sha256(data).hexdigest() != sha256:
                message = f"Tệp “{given['shown']}” thay đổi trong khi đang nạp. Đề nghị nạp lại."
                return ended("failed", "changed", message)
            if data:
                kind = media_type_of(data)
                row = replace(row, media_type=kind, reader_version=reader_version(kind))
            source = read_bytes(data, given["shown"], tell=tell)
        row = replace(row, media_type=source.media_type, reader_version=reader_version(source.media_type))
        document = document_from_source(replace(source, path=given["shown"]), _reference(given["reference"]))
    except RefusedFile as error:
        for path in folders.of_content(sha256):  # kept by rules that did not see the mark
            path.unlink(missing_ok=True)
        return ended("refused", error.code, _NO_NAME if error.code == "secret" else str(error))
    except ReadError as error:
        return ended("failed", error.code, str(error))
    except RecursionError:
        message = f"“{given['shown']}” lồng quá sâu, không đọc được. Đề nghị chuyển sang định dạng khác."
        return ended("failed", "too_deep", message)
    if data is not None:
        keep(folders.original(sha256), data, aside)
        kept = _Kept(reader_version(source.media_type), source)
        keep(folders.source(sha256), msgspec.json.encode(kept), aside, replace=True)
    snapshot, text = folders.text(document.text.sha256), document.text.text.encode()
    keep(snapshot, text, aside, replace=_is_torn(snapshot, text))
    keep(folders.document(sha256), msgspec.json.encode(document), aside, replace=True)
    row = replace(row, stage="document", **_facts(source, document))
    return ended("read", "ok", "")


_NO_NAME = (
    "Tệp có dấu chỉ độ mật. Hệ thống không tiếp nhận và không lưu nội dung; đề nghị xử lý theo quy định về bảo vệ bí "
    "mật nhà nước."
)
"""What is remembered of a paper with a secrecy mark: not even its name."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """A reader's text as it is kept, with the version of the reader."""

    version: int
    source: SourceText


def _known_source(folders: Folders, sha256: str) -> SourceText | None:
    """The text that the present reader of its format made of a content before."""
    try:
        kept = msgspec.json.decode(folders.source(sha256).read_bytes(), type=_Kept)
    except (OSError, msgspec.MsgspecError):  # not there, or torn by a power cut
        return None
    return kept.source if kept.version == reader_version(kept.source.media_type) else None


def _is_torn(path: Path, content: bytes) -> bool:
    """A snapshot that is there but not whole."""
    try:
        return path.stat().st_size != len(content)
    except OSError:
        return False


def _facts(source: SourceText, document: Document) -> dict[str, Any]:
    """What the report says of a content that was read."""
    paged = bool(source.page_confidence)
    ocr = [[number, sure] for number, sure in enumerate(source.page_confidence, 1) if sure is not None]
    told = [[issue.severity, issue.code, issue.message] for issue in document.issues]
    return {
        "pages": len(source.page_starts) if paged else 0,
        "encoding": source.encoding,
        "ocr": json.dumps(ocr),
        "warnings": json.dumps(told, ensure_ascii=False),
    }


# --- Without a workspace --------------------------------------------------------------------------------------------


def _list(given: Mapping[str, Any], tell: Tell) -> dict[str, Any]:
    """The entries of an archive, or why there are none."""
    try:
        members = entries_of(Path(given["place"]), Path(given["shown"]).name or given["shown"], tell=tell)
    except ReadError as error:
        status = "refused" if isinstance(error, RefusedFile) else "failed"
        return {"members": [], "status": status, "code": error.code, "message": str(error)}
    return {"members": [asdict(member) for member in members]}


def _extract(given: Mapping[str, Any], tell: Tell) -> dict[str, Any]:
    """The record of ``kg extract``, as text, or the sentence why there is none."""
    try:
        source = replace(read_bytes(_bytes_of(given), given["shown"], tell=tell), path=given["shown"])
        document = document_from_source(source, _reference(given["reference"]))
    except ReadError as error:
        return {"error": str(error), "code": error.code}
    except RecursionError:
        return {"error": f"“{given['shown']}” lồng quá sâu, không đọc được.", "code": "too_deep"}
    record = extraction_record(document, with_text=given["with_text"]) | {"file": given["shown"]}
    return {"line": json.dumps(record, ensure_ascii=False)}


def _page(given: Mapping[str, Any]) -> tuple[dict[str, Any], bytes]:
    from ingest.readers.pageimages import draw_page

    try:
        return {}, draw_page(_bytes_of(given), given["page"], given["dpi"], given["shown"])
    except ReadError as error:
        return {"error": str(error), "code": error.code}, b""

"""Word documents (.docx): paragraphs, list numbers as shown, tables, headers, text boxes, tracked changes accepted.

A table row whose cells are one line each becomes one line, cells apart by " | "; in any other row (letterheads,
signature blocks) the cells follow one another, each closed by a line "|". ``ingest.canonical`` knows both shapes.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ingest.readers.content import DOCX
from ingest.readers.numbering import ListNumbers
from kg.errors import MissingDependency, ReadError, RefusedFile
from kg.model import SourceText

Element = Any  # an lxml element: lxml brings no types

__all__ = ["read_docx"]

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_MAX_UNPACKED = 512 * 1024 * 1024
_MAX_RATIO = 200


def read_docx(data: bytes, name: str, sha256: str) -> SourceText:
    """The text of a .docx in reading order. Raises ``ReadError`` "damaged" or "empty", ``RefusedFile`` "bomb"."""
    try:
        import docx
    except ImportError as exc:  # pragma: no cover - a base dependency
        raise MissingDependency(
            "Chưa cài thư viện đọc Word (python-docx). Đề nghị chạy: pip install python-docx"
        ) from exc
    short = Path(name).name or name
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(info.file_size for info in archive.infolist())
            if unpacked > _MAX_UNPACKED or unpacked > max(len(data), 2**20) * _MAX_RATIO:
                raise RefusedFile(
                    f"Tệp “{short}” giải nén ra quá lớn ({unpacked // 2**20} MB), có dấu hiệu không an toàn. "
                    "Đề nghị mở bằng Word, lưu lại thành tệp mới rồi nạp lại.",
                    code="bomb",
                )
        document = docx.Document(io.BytesIO(data))
        numbers = ListNumbers(document)
        lines = [*_header_lines(document, numbers), *_block_lines(document.element.body, numbers)]
    except ReadError:
        raise
    except Exception as exc:  # python-docx and lxml raise many kinds on broken parts; each means the same here
        raise ReadError(
            f"Tệp “{short}” bị hỏng hoặc không phải Word hợp lệ ({type(exc).__name__}). "
            "Đề nghị mở bằng Word, lưu lại thành .docx rồi nạp lại.",
            code="damaged",
        ) from exc
    text = "\n".join(lines)
    if not text.strip():
        raise ReadError(
            f"Tệp “{short}” không có chữ nào. Nếu là bản quét dán vào Word, đề nghị nhận dạng chữ (OCR) rồi nạp lại.",
            code="empty",
        )
    return SourceText(name, DOCX, sha256, text)


def _header_lines(document: Any, numbers: ListNumbers) -> list[str]:
    """The first page's header, where some offices put the letterhead; page numbers alone are left out."""
    if not document.sections:
        return []
    section = document.sections[0]
    header = section.first_page_header if section.different_first_page_header_footer else section.header
    if header.is_linked_to_previous:
        return []
    lines = [line for line in _block_lines(header._element, numbers) if not line.strip().isdigit()]
    return lines if any(line.strip("| ") for line in lines) else []


def _block_lines(container: Element, numbers: ListNumbers) -> Iterator[str]:
    for child in container:
        if child.tag == f"{_W}p":
            yield from _paragraph_lines(child, numbers)
        elif child.tag == f"{_W}tbl":
            yield from _table_lines(child, numbers)
        elif child.tag == f"{_W}sdt":
            for content in child.iterchildren(f"{_W}sdtContent"):
                yield from _block_lines(content, numbers)
        elif child.tag in (f"{_W}ins", f"{_W}smartTag", f"{_W}customXml"):
            yield from _block_lines(child, numbers)


def _paragraph_lines(paragraph: Element, numbers: ListNumbers) -> Iterator[str]:
    text, boxes = _run_text(paragraph)
    if text.strip() and (label := numbers.label(paragraph)):
        text = f"{label} {text.lstrip()}"
    yield from text.split("\n")
    for box in boxes:
        yield from _block_lines(box, numbers)
    if text.strip():
        yield ""


def _run_text(paragraph: Element) -> tuple[str, list[Element]]:
    """The text of a paragraph as it reads with all changes accepted, and its text boxes."""
    pieces: list[str] = []
    boxes: list[Element] = []

    def walk(element: Element) -> None:
        for child in element:
            tag = child.tag
            if tag == f"{_W}t":
                pieces.append(child.text or "")
            elif tag == f"{_W}tab":
                pieces.append("\t")
            elif tag in (f"{_W}br", f"{_W}cr"):
                pieces.append("\n")
            elif tag == f"{_W}noBreakHyphen":
                pieces.append("-")
            elif tag == f"{_W}txbxContent":
                boxes.append(child)
            elif tag not in (f"{_W}del", f"{_W}moveFrom", f"{_W}pPr", f"{_W}rPr", _FALLBACK):
                walk(child)

    walk(paragraph)
    return "".join(pieces), boxes


def _table_lines(table: Element, numbers: ListNumbers) -> Iterator[str]:
    for row in table.iter(f"{_W}tr"):
        if next(row.iterancestors(f"{_W}tbl")) is not table:
            continue  # of a table inside a cell: it is read there
        cells: list[list[str]] = []
        for cell in row.iterchildren(f"{_W}tc", f"{_W}sdt"):
            merge = cell.find(f"{_W}tcPr/{_W}vMerge")
            if merge is not None and merge.get(f"{_W}val", "continue") == "continue":
                cells.append([])
                continue
            cells.append([line.strip() for line in _block_lines(cell, numbers) if line.strip()])
        if all(len(cell) <= 1 and not any("|" in line for line in cell) for cell in cells):
            yield "| " + " | ".join(cell[0] if cell else "" for cell in cells) + " |"
            continue
        yield "|"
        for cell in cells:
            yield from cell
            yield "|"
    yield ""

"""Word documents (.docx): paragraphs, list numbers as shown, tables, headers, text boxes, notes, changes accepted.

What is shown is read: hidden text, deleted text and field codes are not; a note follows the paragraph that refers to
it. Runs set in a font of the years before Unicode are decoded by the font's name. A document that holds nothing but
pictures of pages is read by OCR.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from ingest.readers.blocks import PARAGRAPH, row_lines
from ingest.readers.content import DOCX
from ingest.readers.legacy import decode_font, decode_legacy, detect_legacy
from ingest.readers.numbering import ListNumbers
from ingest.readers.package import examine_package
from ingest.readers.progress import Tell, quietly
from kg.errors import MissingDependency, ReadError
from kg.model import Issue, SourceText

Element: TypeAlias = Any  # an lxml element: lxml brings no types

__all__ = ["read_docx"]

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_UNSEEN = frozenset((f"{_W}del", f"{_W}moveFrom", f"{_W}pPr", f"{_W}rPr", f"{_W}instrText", f"{_W}delText", _FALLBACK))
_WRAPPERS = frozenset((f"{_W}ins", f"{_W}moveTo", f"{_W}smartTag", f"{_W}customXml"))
_FEW_LETTERS = 40
"""A document of fewer letters that holds pictures is a scan pasted into Word."""
_HEAD_BLOCKS, _HEAD_PICTURES, _STAMP_PIXELS = 8, 3, 2_000_000
"""Paragraphs and tables in which a mark is looked for among how many pictures, and how large one may be."""


def read_docx(data: bytes, name: str, sha256: str, *, media_type: str = DOCX, tell: Tell = quietly) -> SourceText:
    """The text of a .docx in reading order.

    Raises ``ReadError`` "damaged" or "empty", ``RefusedFile`` "bomb", "entities" or "encrypted".
    """
    try:
        import docx
    except ImportError as exc:  # pragma: no cover - a base dependency
        raise MissingDependency(
            "Chưa cài thư viện đọc Word (python-docx). Đề nghị chạy: pip install python-docx"
        ) from exc
    short = Path(name).name or name
    issues = examine_package(data, short)
    try:
        document = docx.Document(io.BytesIO(data))
        reader = _Reader(document)
        lines = [*reader.header(), *reader.blocks(document.element.body)]
    except ReadError:
        raise
    except Exception as exc:  # python-docx and lxml raise many kinds on broken parts; each means the same here
        raise ReadError(
            f"Tệp “{short}” bị hỏng hoặc không phải Word hợp lệ. "
            "Đề nghị mở bằng Word, lưu lại thành .docx rồi nạp lại.",
            code="damaged",
        ) from exc
    text = "\n".join(lines)
    if sum(map(str.isalpha, text)) < _FEW_LETTERS and (pictures := _pictures(document)):
        from ingest.readers.images import read_pictures

        return read_pictures(pictures, name, sha256, media_type=media_type, issues=issues, tell=tell)
    if mark := _pictured_mark(document):
        text = f"{mark}\n{text}"
    if not text.strip():
        raise ReadError(
            f"Tệp “{short}” không có chữ nào. Đề nghị kiểm tra lại tệp gốc rồi nạp lại.",
            code="empty",
        )
    encoding = "utf-8"
    if reader.legacy:
        encoding = "tcvn3" if reader.legacy.lower().lstrip(".").startswith("vn") and "-" not in reader.legacy else "vni"
    elif found := detect_legacy(text):
        text, encoding = decode_legacy(text, found), found
    if encoding != "utf-8":
        issues = (*issues, Issue("info", "legacy_encoding", "Văn bản gõ bằng phông chữ cũ, đã chuyển sang Unicode."))
    return SourceText(name, media_type, sha256, text, encoding=encoding, issues=issues)


def _pictured_mark(document: Any) -> str | None:
    """A secrecy mark put in as a picture above the text, where the letterhead stands."""
    from ingest.readers import ocr

    found = _pictures(document, _HEAD_BLOCKS)[:_HEAD_PICTURES]
    if not found or not ocr.is_available():
        return None
    from PIL import Image

    from ingest.readers.marks import mark_in

    for data in found:
        try:
            with Image.open(io.BytesIO(data)) as picture:
                fits = picture.width * picture.height < _STAMP_PIXELS and picture.width > 1.2 * picture.height
                if fits and (mark := mark_in(ocr.on_white(picture))):
                    return mark
        except (OSError, ValueError, SyntaxError):  # a drawing in a format of Windows, or a broken picture
            continue
    return None


def _pictures(document: Any, blocks: int | None = None) -> list[bytes]:
    """The pictures of the body, or of its first ``blocks``, in reading order, each once."""
    found: dict[str, bytes] = {}
    for element in (one for block in document.element.body[:blocks] for one in block.iter()):
        for attribute in ("embed", "id"):
            key = element.get("{http://schemas.openxmlformats.org/officeDocument/2006/relationships}" + attribute)
            relation = document.part.rels.get(key) if key else None
            if relation is not None and not relation.is_external and relation.reltype.endswith("/image"):
                found.setdefault(key, relation.target_part.blob)
    return list(found.values())


class _Reader:
    """Walks one document; remembers how far its lists have counted."""

    def __init__(self, document: Any) -> None:
        self._document = document
        self._numbers = ListNumbers(document)
        self._notes = {kind: _notes(document, kind) for kind in ("footnote", "endnote")}
        self._fonts = _StyleFonts(document)
        self.legacy: str | None = None
        """The first font of the years before Unicode that was met."""

    def header(self) -> list[str]:
        """The first page's header, where some offices put the letterhead; page numbers alone are left out."""
        if not self._document.sections:
            return []
        section = self._document.sections[0]
        header = section.first_page_header if section.different_first_page_header_footer else section.header
        if header.is_linked_to_previous:
            return []
        lines = [line for line in self.blocks(header._element) if not line.strip().isdigit()]
        return lines if any(line.strip("| ") for line in lines) else []

    def blocks(self, container: Element) -> Iterator[str]:
        """The lines of all paragraphs and tables in ``container``."""
        held = ""  # of paragraphs whose end mark was deleted: they go on in the next
        for child in _blocks_of(container):
            if child.tag == f"{_W}tbl":
                yield from self._table(child)
                continue
            text, boxes, notes = self._runs(child)
            if text.strip() and (label := self._numbers.label(child)):
                text = f"{label} {text.lstrip()}"
            text, held = held + text, ""
            if child.find(f"{_W}pPr/{_W}rPr/{_W}del") is not None:
                held = text
            else:
                yield from text.split("\n")
            for box in boxes:
                yield from self.blocks(box)
            if text.strip() and not held:
                yield from PARAGRAPH
            yield from self._notes_of(notes)
        if held:
            yield from held.split("\n")

    def _notes_of(self, notes: Sequence[tuple[str, str]]) -> Iterator[str]:
        for kind, number in notes:
            note = self._notes[kind].pop(number, None)
            if note is not None:
                lines = [line for line in self.blocks(note) if line.strip()]
                if lines:
                    yield f"[{number}] {lines[0].strip()}"
                    yield from lines[1:]
                    yield from PARAGRAPH

    def _runs(self, paragraph: Element) -> tuple[str, list[Element], list[tuple[str, str]]]:
        """The text of a paragraph as it reads with all changes accepted, its text boxes, the notes it refers to."""
        pieces: list[str] = []
        boxes: list[Element] = []
        notes: list[tuple[str, str]] = []
        style = self._fonts.of_paragraph(paragraph)

        def walk(element: Element, font: str | None) -> None:
            for child in element:
                tag = child.tag
                if tag == f"{_W}t":
                    text = child.text or ""
                    if font:
                        self.legacy = self.legacy or font
                        text = decode_font(text, font)
                    pieces.append(text)
                elif tag == f"{_W}r":
                    hidden = child.find(f"{_W}rPr/{_W}vanish")
                    if hidden is None or hidden.get(f"{_W}val") in ("0", "false"):
                        walk(child, self._fonts.of_run(child, style))
                elif tag == f"{_W}tab":
                    pieces.append("\t")
                elif tag in (f"{_W}br", f"{_W}cr"):
                    pieces.append("\n")
                elif tag == f"{_W}noBreakHyphen":
                    pieces.append("-")
                elif tag == f"{_W}txbxContent":
                    boxes.append(child)
                elif tag in (f"{_W}footnoteReference", f"{_W}endnoteReference"):
                    notes.append((tag[len(_W) :].removesuffix("Reference"), child.get(f"{_W}id", "")))
                elif tag not in _UNSEEN:
                    walk(child, font)

        walk(paragraph, style)
        return "".join(pieces), boxes, notes

    def _table(self, table: Element) -> Iterator[str]:
        for row in table.iter(f"{_W}tr"):
            if next(row.iterancestors(f"{_W}tbl")) is not table or row.find(f"{_W}trPr/{_W}del") is not None:
                continue  # of a table inside a cell: it is read there
            cells: list[list[str]] = []
            for cell in row.iterchildren(f"{_W}tc", f"{_W}sdt"):
                merge = cell.find(f"{_W}tcPr/{_W}vMerge")
                if merge is not None and merge.get(f"{_W}val", "continue") == "continue":
                    cells.append([])
                    continue
                inner = [cell] if cell.tag == f"{_W}tc" else list(cell.iter(f"{_W}tc"))
                cells.append([line.strip() for one in inner for line in self.blocks(one) if line.strip()])
            yield from row_lines(cells)
        yield ""


def _blocks_of(container: Element) -> Iterator[Element]:
    for child in container:
        if child.tag in (f"{_W}p", f"{_W}tbl"):
            yield child
        elif child.tag == f"{_W}sdt":
            for content in child.iterchildren(f"{_W}sdtContent"):
                yield from _blocks_of(content)
        elif child.tag in _WRAPPERS:
            yield from _blocks_of(child)


def _notes(document: Any, kind: str) -> dict[str, Element]:
    """The foot- or endnotes by number, without the lines that part them from the text."""
    from docx.oxml import parse_xml

    for relation in document.part.rels.values():
        if not relation.is_external and relation.reltype.endswith(f"/{kind}s"):
            root = parse_xml(relation.target_part.blob)
            return {
                note.get(f"{_W}id", ""): note
                for note in root.iterchildren(f"{_W}{kind}")
                if note.get(f"{_W}type", "normal") == "normal"
            }
    return {}


class _StyleFonts:
    """Which runs are set in an old font. A document that names none is not looked into."""

    def __init__(self, document: Any) -> None:
        self._styles: dict[str, str | None] = {}
        self._default: str | None = None
        styles = document.styles.element
        self._any = any(
            _is_old(fonts.get(f"{_W}ascii")) or _is_old(fonts.get(f"{_W}hAnsi"))
            for root in (styles, document.element)
            for fonts in root.iter(f"{_W}rFonts")
        )
        if not self._any:
            return
        based: dict[str, str] = {}
        for style in styles.iterchildren(f"{_W}style"):
            key = style.get(f"{_W}styleId", "")
            self._styles[key] = _font(style.find(f"{_W}rPr"))
            parent = style.find(f"{_W}basedOn")
            if parent is not None:
                based[key] = parent.get(f"{_W}val", "")
            if style.get(f"{_W}type") == "paragraph" and style.get(f"{_W}default") in ("1", "true"):
                self._default = self._styles[key]
        for key in self._styles:
            at, steps = key, 0
            while self._styles.get(key) is None and at in based and steps < 20:
                at, steps = based[at], steps + 1
                self._styles[key] = self._styles.get(at)
        self._default = self._default or _font(styles.find(f"{_W}docDefaults/{_W}rPrDefault/{_W}rPr"))

    def of_paragraph(self, paragraph: Element) -> str | None:
        """The old font of a paragraph's style; None for every other font."""
        if not self._any:
            return None
        style = paragraph.find(f"{_W}pPr/{_W}pStyle")
        font = self._styles.get(style.get(f"{_W}val", "")) if style is not None else None
        font = font or self._default
        return font if _is_old(font) else None

    def of_run(self, run: Element, inherited: str | None) -> str | None:
        """The old font of a run; None for every other font."""
        if not self._any:
            return None
        properties = run.find(f"{_W}rPr")
        font = _font(properties)
        if font is None and properties is not None and (style := properties.find(f"{_W}rStyle")) is not None:
            font = self._styles.get(style.get(f"{_W}val", ""))
        if font is None:
            return inherited
        return font if _is_old(font) else None


def _font(properties: Element | None) -> str | None:
    fonts = None if properties is None else properties.find(f"{_W}rFonts")
    return None if fonts is None else fonts.get(f"{_W}ascii") or fonts.get(f"{_W}hAnsi")


def _is_old(font: str | None) -> bool:
    from ingest.readers.legacy import encoding_of_font

    return encoding_of_font(font) is not None

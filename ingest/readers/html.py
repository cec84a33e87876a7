"""Web pages: the document in them, without menus, scripts and lists of related papers; tables flattened with bars.

Nothing a page refers to is fetched. Pages saved by Word as one file (MHTML) are read too.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias

from ingest.readers.blocks import PARAGRAPH, row_lines
from ingest.readers.content import HTML, MHTML
from ingest.readers.legacy import decode_font, decode_legacy, detect_legacy, encoding_of_font
from ingest.readers.maincontent import clean, main_content
from ingest.readers.syllables import score
from kg.errors import ReadError
from kg.model import Issue, SourceText

Element: TypeAlias = Any  # an lxml element: lxml brings no types

__all__ = ["read_html", "read_mhtml"]

_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.I)
_PARAGRAPHS = frozenset(["p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "dt", "dd", "blockquote", "pre", "figcaption", "caption", "center", "address", "div", "section", "article", "main", "tr", "table", "ul", "ol", "dl", "hr", "fieldset", "form", "body"])  # fmt: skip  # noqa: E501
_FACE = re.compile(r"font-family\s*:\s*[\"']?([^;\"',]+)", re.I)
_PARAGRAPH = len(PARAGRAPH) + 1
_LONG_CELL = 40
"""A cell of more lines is a page laid out with a table, not a table."""
_ORDERED = {"a": "abcdefghijklmnopqrstuvwxyz", "A": "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}


def read_html(data: bytes, name: str, sha256: str, *, media_type: str = HTML) -> SourceText:
    """The document in a web page. Raises ``ReadError`` "empty" (no text, only a script) or "damaged"."""
    short = Path(name).name or name
    text, encoding = _decoded(data)
    lines, encoding = _lines_of(text, encoding, short)
    if encoding == "windows-1252":
        # A single-byte page that names no encoding: Vietnamese ones of that time are Windows-1258.
        other, _ = _lines_of(codecs.charmap_decode(data, "replace", _cp1258())[0], "cp1258", short)
        if score(unicodedata.normalize("NFC", other)).share > score(lines).share + 0.1:
            lines, encoding = other, "cp1258"
    if not lines.strip():
        raise ReadError(
            f"Trang “{short}” không có chữ nào (nội dung do chương trình trong trang tạo ra). "
            "Đề nghị mở trang bằng trình duyệt, sao chép nội dung hoặc in ra PDF rồi nạp lại.",
            code="empty",
        )
    issues: tuple[Issue, ...] = ()
    if encoding in ("tcvn3", "vni"):
        issues = (Issue("info", "legacy_encoding", "Trang gõ bằng phông chữ cũ, đã chuyển sang Unicode."),)
    return SourceText(name, media_type, sha256, lines, encoding=encoding, issues=issues)


def read_mhtml(data: bytes, name: str, sha256: str) -> SourceText:
    """The web page inside a saved "single file page" (what Word calls .mht and offices name .doc)."""
    import email
    import email.policy

    message = email.message_from_bytes(data, policy=email.policy.compat32)
    for part in message.walk():
        if part.get_content_type() == HTML:
            page = part.get_payload(decode=True)
            if isinstance(page, bytes):
                return read_html(page, name, sha256, media_type=MHTML)
    raise ReadError(
        f"Tệp “{Path(name).name or name}” là trang web gộp (MHTML) nhưng không có nội dung. Đề nghị lưu lại từ nguồn.",
        code="damaged",
    )


def _decoded(data: bytes) -> tuple[str, str]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace"), "utf-16"
    try:
        return data.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        pass
    if stated := _CHARSET.search(data[:8192]):
        charset = stated[1].decode("ascii").lower()
        try:
            codec = codecs.lookup(charset)
        except LookupError:
            codec = None
        if codec is not None and codec.name in ("utf-8", "cp1258", "utf-16", "utf-16-le", "utf-16-be"):
            return data.decode(codec.name, "replace"), codec.name
    # Undefined places of cp1252 as they are: the old fonts use them.
    return data.decode("latin-1"), "windows-1252"


def _cp1258() -> str:
    from encodings import cp1258

    return cp1258.decoding_table


def _lines_of(text: str, encoding: str, short: str) -> tuple[str, str]:
    from lxml import etree
    from lxml import html as pages

    parser = pages.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)
    try:
        root = pages.document_fromstring(text.replace("\x00", "").encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, AssertionError) as error:
        if not re.sub(r"<[^>]*>", "", text).strip():
            return "", encoding
        raise ReadError(f"Trang “{short}” bị hỏng. Đề nghị lưu lại trang từ nguồn.", code="damaged") from error
    clean(root)
    writer = _Writer()
    writer.write(main_content(root))
    lines = writer.text()
    if writer.legacy:
        return lines, writer.legacy
    if legacy := detect_legacy(lines):
        return decode_legacy(lines, legacy), legacy
    return lines, encoding


class _Writer:
    """Writes an element's text as lines."""

    def __init__(self, font: str | None = None) -> None:
        self._out: list[str] = []
        self._line: list[str] = []
        self._gap = 0
        self._label = ""
        self._font = font
        self.legacy: str | None = None

    def text(self) -> str:
        """All that was written."""
        self._break(0)
        return "".join(self._out)

    def lines(self) -> list[str]:
        """The non-empty lines."""
        return [line.strip() for line in self.text().split("\n") if line.strip()]

    def write(self, element: Element, *, tail: bool = False) -> None:
        """Writes an element and, with ``tail``, the text after it."""
        tag = element.tag if isinstance(element.tag, str) else ""
        outer = self._font
        if tag in ("font", "span", "p", "div", "td", "body"):
            self._font = _face(element) or outer
        if tag == "br":
            self._break(1)
        elif tag == "table":
            self._table(element)
        elif tag in ("ul", "ol"):
            self._list(element)
        else:
            block = tag in _PARAGRAPHS
            if block:
                self._break(_PARAGRAPH)
                if tag == "p" and not len(element) and not (element.text or "").strip():
                    self._gap = _PARAGRAPH + 2
            self._add(element.text, keep=tag == "pre")
            for child in element:
                self.write(child, tail=True)
            if block:
                self._break(_PARAGRAPH)
        self._font = outer
        if tail:
            self._add(element.tail)

    def _add(self, text: str | None, *, keep: bool = False) -> None:
        if not text:
            return
        if encoding_of_font(self._font):
            self.legacy = self.legacy or encoding_of_font(self._font)
            text = decode_font(text, self._font)
        if keep:
            for index, line in enumerate(text.split("\n")):
                if index:
                    self._break(1)
                self._line.append(line)
            return
        self._line.append(re.sub(r"[ \t\r\n\f]+", " ", text))

    def _break(self, gap: int) -> None:
        line = re.sub(r" {2,}", " ", "".join(self._line)).strip(" ")
        self._line.clear()
        if line:
            line, self._label = self._label + line, ""
            self._out.append("\n" * self._gap if self._out else "")
            self._out.append(line)
            self._gap = gap
        else:
            self._gap = max(self._gap, gap) if gap != 1 else min(self._gap + 1, _PARAGRAPH + 2)
        self._gap = max(self._gap, 1)

    def _emit(self, line: str) -> None:
        self._line.append(line)
        self._break(1)

    def _list(self, element: Element) -> None:
        self._break(_PARAGRAPH)
        ordered = element.tag == "ol"
        start = element.get("start", "1")
        count = int(start) if start.isdigit() and len(start) < 6 else 1
        for child in element:
            if child.tag == "li":
                letters = _ORDERED.get(element.get("type", "1"))
                label = f"{letters[(count - 1) % 26]})" if letters else f"{count}."
                count += 1
                self._break(_PARAGRAPH)
                self._label = f"{label} " if ordered else "- "
                self.write(child)
                self._label = ""
                self._add(child.tail)
            else:
                self.write(child, tail=True)
        self._break(_PARAGRAPH)

    def _table(self, table: Element) -> None:
        rows = [self._cells(row) for row in _rows(table)]
        self._break(_PARAGRAPH)
        for caption in table.iterchildren("caption"):
            self.write(caption)
        layout = all(len(row) <= 1 for row in rows) or any(len(cell) > _LONG_CELL for row in rows for cell in row)
        if layout:
            for row in _rows(table):
                for cell in row.iterchildren("td", "th"):
                    self._break(_PARAGRAPH)
                    self._add(cell.text)
                    for child in cell:
                        self.write(child, tail=True)
            self._break(_PARAGRAPH)
            return
        for row in rows:
            if any(row):
                for line in row_lines(row):
                    self._emit(line)
        self._break(_PARAGRAPH)

    def _cells(self, row: Element) -> list[list[str]]:
        cells = []
        for cell in row.iterchildren("td", "th"):
            writer = _Writer(_face(cell) or self._font)
            writer._add(cell.text)
            for child in cell:
                writer.write(child, tail=True)
            cells.append(writer.lines())
            self.legacy = self.legacy or writer.legacy
        return cells


def _rows(table: Element) -> Iterator[Element]:
    for child in table:
        if child.tag == "tr":
            yield child
        elif child.tag in ("thead", "tbody", "tfoot"):
            yield from child.iterchildren("tr")


def _face(element: Element) -> str | None:
    face: str | None = element.get("face")
    if face:
        return face.split(",")[0].strip(" \"'")
    style = element.get("style")
    if style and (match := _FACE.search(style)):
        return match[1].strip()
    return None

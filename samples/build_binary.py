"""Builds the two binary samples, a signed PDF and a DOCX, out of their plain texts in ``sources/``.

Run by hand when a text there changes; the files it writes are committed:

    python samples/build_binary.py --font DejaVuSerif.ttf

The PDF is laid out as a word processor does it (letterhead and signature side by side, one content stream per page)
and embeds only the glyphs it shows, so it needs no font on the reader's machine. Any TrueType font with Vietnamese
letters will do; the committed file uses DejaVu Serif, whose licence allows embedding.
"""

from __future__ import annotations

import argparse
import struct
import zipfile
import zlib
from pathlib import Path

HERE = Path(__file__).resolve().parent
PAGE_WIDTH, PAGE_HEIGHT, MARGIN, SIZE, LEADING = 595, 842, 62, 11, 16
LEFT, RIGHT, FULL = (50, 270), (270, 560), (MARGIN, 533)


class Font:
    """The tables of a TrueType file that text needs: which glyph a letter has, and how wide it is."""

    def __init__(self, path: Path) -> None:
        self.data = path.read_bytes()
        count = struct.unpack(">H", self.data[4:6])[0]
        self.tables: dict[str, bytes] = {}
        for index in range(count):
            tag, _, offset, length = struct.unpack(">4sIII", self.data[12 + 16 * index : 28 + 16 * index])
            self.tables[tag.decode()] = self.data[offset : offset + length]
        self.units: int = struct.unpack(">H", self.tables["head"][18:20])[0]
        self.metrics: int = struct.unpack(">H", self.tables["hhea"][34:36])[0]
        self.glyphs = self._cmap()

    def _cmap(self) -> dict[str, int]:
        table = self.tables["cmap"]
        for index in range(struct.unpack(">H", table[2:4])[0]):
            platform, encoding, offset = struct.unpack(">HHI", table[4 + 8 * index : 12 + 8 * index])
            if (platform, encoding) == (3, 1):
                return self._format_4(table[offset:])
        raise SystemExit("the font has no Unicode table")

    @staticmethod
    def _format_4(table: bytes) -> dict[str, int]:
        segments = struct.unpack(">H", table[6:8])[0] // 2

        def row(start: int, kind: str) -> tuple[int, ...]:
            return struct.unpack(f">{segments}{kind}", table[start : start + 2 * segments])

        ends, starts = row(14, "H"), row(16 + 2 * segments, "H")
        deltas, offsets = row(16 + 4 * segments, "h"), row(16 + 6 * segments, "H")
        glyphs: dict[str, int] = {}
        for index, (start, end, delta, offset) in enumerate(zip(starts, ends, deltas, offsets, strict=True)):
            for code in range(start, min(end, 0xFFFE) + 1):
                if offset == 0:
                    glyph = (code + delta) & 0xFFFF
                else:
                    at = 16 + 6 * segments + 2 * index + offset + 2 * (code - start)
                    glyph = struct.unpack(">H", table[at : at + 2])[0]
                    glyph = (glyph + delta) & 0xFFFF if glyph else 0
                if glyph:
                    glyphs[chr(code)] = glyph
        return glyphs

    def width(self, glyph: int) -> int:
        """Thousandths of the type size."""
        at = 4 * min(glyph, self.metrics - 1)
        advance: int = struct.unpack(">H", self.tables["hmtx"][at : at + 2])[0]
        return round(advance * 1000 / self.units)

    def measure(self, text: str) -> float:
        """The width of a line in points."""
        return sum(self.width(self.glyphs[letter]) for letter in text) * SIZE / 1000

    def subset(self, used: set[int]) -> bytes:
        """The same font with the outlines of all other glyphs emptied; glyph numbers stay."""
        long_offsets = struct.unpack(">h", self.tables["head"][50:52])[0] == 1
        loca = self.tables["loca"]
        kind, factor = ("I", 1) if long_offsets else ("H", 2)
        offsets = [value * factor for value in struct.unpack(f">{len(loca) // struct.calcsize(kind)}{kind}", loca)]
        outlines = self.tables["glyf"]
        todo, kept = [*used, 0], set()
        while todo:
            glyph = todo.pop()
            if glyph not in kept:
                kept.add(glyph)
                todo.extend(self._components(outlines[offsets[glyph] : offsets[glyph + 1]]))
        body, table = bytearray(), []
        for glyph in range(len(offsets) - 1):
            table.append(len(body))
            if glyph in kept:
                body += outlines[offsets[glyph] : offsets[glyph + 1]]
                body += b"\0" * (-len(body) % 4)
        table.append(len(body))
        head = self.tables["head"][:50] + struct.pack(">h", 1) + self.tables["head"][52:]
        parts = {name: self.tables[name] for name in ("cvt ", "fpgm", "hhea", "hmtx", "maxp", "prep")}
        parts |= {"head": head, "glyf": bytes(body), "loca": struct.pack(f">{len(table)}I", *table)}
        return _sfnt(parts)

    @staticmethod
    def _components(outline: bytes) -> list[int]:
        if not outline or struct.unpack(">h", outline[:2])[0] >= 0:
            return []
        found, at, more = [], 10, True
        while more:
            flags, glyph = struct.unpack(">HH", outline[at : at + 4])
            found.append(glyph)
            at += 4 + (4 if flags & 1 else 2) + (2 if flags & 8 else 4 if flags & 0x40 else 8 if flags & 0x80 else 0)
            more = bool(flags & 0x20)
        return found


def _sfnt(parts: dict[str, bytes]) -> bytes:
    names = sorted(parts)
    power = 1 << (len(names).bit_length() - 1)
    header = struct.pack(">IHHHH", 0x10000, len(names), power * 16, power.bit_length() - 1, (len(names) - power) * 16)
    offset, directory, body = 12 + 16 * len(names), b"", b""
    for name in names:
        data = parts[name] + b"\0" * (-len(parts[name]) % 4)
        total = sum(struct.unpack(f">{len(data) // 4}I", data)) & 0xFFFFFFFF
        directory += struct.pack(">4sIII", name.encode(), total, offset + len(body), len(parts[name]))
        body += data
    return header + directory + body


def _wrap(font: Font, text: str, width: float) -> list[str]:
    lines, line = [], ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if line and font.measure(longer) > width:
            lines.append(line)
            longer = word
        line = longer
    return [*lines, line]


def _blocks(text: str) -> tuple[list[str], list[str], list[str], list[str], list[str]]:
    """Left and right letterhead, body, recipients, signature: the five parts of the plain text."""
    paragraphs = text.strip().split("\n\n")
    recipients = next(index for index, part in enumerate(paragraphs) if part.startswith("Nơi nhận:"))
    left = [*paragraphs[0].split("\n"), "", *paragraphs[2].split("\n")]
    right = [*paragraphs[1].split("\n"), "", *paragraphs[3].split("\n")]
    body = [line for part in paragraphs[4:recipients] for line in part.split("\n")]
    signature = [line for part in paragraphs[recipients + 1 :] for line in (*part.split("\n"), "", "")]
    return left, right, body, paragraphs[recipients].split("\n"), signature[:-2]


def build_pdf(text: str, font: Font, path: Path) -> None:
    """Writes one PDF 1.7 file; running it twice gives the same bytes."""
    left, right, body, recipients, signature = _blocks(text)
    pages: list[list[tuple[float, float, str]]] = [[]]
    top = PAGE_HEIGHT - MARGIN

    def column(lines: list[str], place: tuple[int, int], start: float, centred: bool) -> float:
        y = start
        for line in lines:
            for piece in _wrap(font, line, place[1] - place[0]) if line else [""]:
                if piece:
                    spare = (place[1] - place[0] - font.measure(piece)) / 2 if centred else 0
                    pages[-1].append((place[0] + spare, y, piece))
                y -= LEADING
        return y

    y = min(column(left, LEFT, top, True), column(right, RIGHT, top, True)) - LEADING / 2
    for index, paragraph in enumerate(body):
        for piece in _wrap(font, paragraph, FULL[1] - FULL[0]):
            if y < MARGIN + 20:
                pages.append([(PAGE_WIDTH / 2, top + 20, str(len(pages) + 1))])
                y = top
            x = MARGIN + (FULL[1] - FULL[0] - font.measure(piece)) / 2 if index < 2 else MARGIN
            pages[-1].append((x, y, piece))
            y -= LEADING
        y -= 4
    if y < MARGIN + LEADING * 10:
        pages.append([(PAGE_WIDTH / 2, top + 20, str(len(pages) + 1))])
        y = top
    column(recipients, (MARGIN, 280), y, False)
    column(signature, RIGHT, y, True)
    path.write_bytes(_pdf(pages, font))


def _pdf(pages: list[list[tuple[float, float, str]]], font: Font) -> bytes:
    letters = sorted({letter for page in pages for _, _, line in page for letter in line})
    used = {font.glyphs[letter]: letter for letter in letters}
    widths = " ".join(f"{glyph} [{font.width(glyph)}]" for glyph in sorted(used))
    pairs = "\n".join(f"<{glyph:04x}> <{ord(used[glyph]):04x}>" for glyph in sorted(used))
    to_unicode = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Samples def\n"
        "1 begincodespacerange <0000> <ffff> endcodespacerange\n"
        f"{len(used)} beginbfchar\n{pairs}\nendbfchar endcmap end end"
    )
    objects: list[bytes] = [b"<< /Type /Catalog /Pages 2 0 R >>", b""]

    def add(data: bytes) -> int:
        objects.append(data)
        return len(objects)

    def stream(data: bytes, extra: str = "") -> int:
        packed = zlib.compress(data, 9)
        return add(
            f"<< /Length {len(packed)} /Filter /FlateDecode {extra}>>\nstream\n".encode() + packed + b"\nendstream"
        )

    font_file = font.subset(set(used))
    file_id = stream(font_file, f"/Length1 {len(font_file)} ")
    descriptor = add(
        f"<< /Type /FontDescriptor /FontName /SAMPLE+Serif /Flags 4 /FontBBox [-770 -347 2105 1109] /ItalicAngle 0"
        f" /Ascent 939 /Descent -236 /CapHeight 729 /StemV 80 /FontFile2 {file_id} 0 R >>".encode()
    )
    descendant = add(
        f"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /SAMPLE+Serif /CIDToGIDMap /Identity"
        f" /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >>"
        f" /FontDescriptor {descriptor} 0 R /W [{widths}] >>".encode()
    )
    unicode_id = stream(to_unicode.encode())
    font_id = add(
        f"<< /Type /Font /Subtype /Type0 /BaseFont /SAMPLE+Serif /Encoding /Identity-H"
        f" /DescendantFonts [{descendant} 0 R] /ToUnicode {unicode_id} 0 R >>".encode()
    )
    kids = []
    for page in pages:
        shown = "\n".join(
            f"BT /F1 {SIZE} Tf 1 0 0 1 {x:.2f} {y:.2f} Tm <{''.join(f'{font.glyphs[c]:04x}' for c in line)}> Tj ET"
            for x, y, line in page
        )
        content = stream(shown.encode())
        kids.append(
            add(
                f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {PAGE_WIDTH} {PAGE_HEIGHT}]"
                f" /Resources << /Font << /F1 {font_id} 0 R >> >> /Contents {content} 0 R >>".encode()
            )
        )
    objects[1] = f"<< /Type /Pages /Count {len(kids)} /Kids [{' '.join(f'{kid} 0 R' for kid in kids)}] >>".encode()
    written, places = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"), []
    for number, data in enumerate(objects, 1):
        places.append(len(written))
        written += f"{number} 0 obj\n".encode() + data + b"\nendobj\n"
    start = len(written)
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    written += (
        f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
        f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    ).encode()
    return bytes(written)


def build_docx(text: str, path: Path) -> None:
    """Writes a DOCX with letterhead and signature in tables without lines, as offices make them."""
    import datetime as dt

    from docx import Document
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    left, right, body, recipients, signature = _blocks(text)
    made = Document()
    made.styles["Normal"].font.name = "Times New Roman"
    made.styles["Normal"].font.size = Pt(13)
    made.core_properties.author = ""
    made.core_properties.created = made.core_properties.modified = dt.datetime(2024, 4, 10)

    def pair(one: list[str], other: list[str]) -> None:
        cells = made.add_table(rows=1, cols=2).rows[0].cells
        for cell, lines in zip(cells, (one, other), strict=True):
            cell.text = "\n".join(lines[:1])
            for line in lines[1:]:
                cell.add_paragraph(line)

    pair(left, right)
    for index, paragraph in enumerate(body):
        added = made.add_paragraph()
        added.add_run(paragraph).bold = index < 2
        if index < 2:
            added.alignment = WD_ALIGN_PARAGRAPH.CENTER
    pair(recipients, signature)
    made.save(str(path))
    _settle(path)


def _settle(path: Path) -> None:
    """Gives every part of the archive one date, so that the same text always makes the same bytes."""
    with zipfile.ZipFile(path) as archive:
        parts = [(name, archive.read(name)) for name in archive.namelist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts:
            archive.writestr(zipfile.ZipInfo(name, (2024, 4, 10, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)


def main() -> None:
    """Builds both files next to the other documents."""
    parser = argparse.ArgumentParser(description="Build the PDF and DOCX samples.")
    parser.add_argument("--font", type=Path, required=True, help="a TrueType font with Vietnamese letters")
    font = Font(parser.parse_args().font)
    for source in sorted((HERE / "sources").glob("*.txt")):
        target = HERE / "documents" / source.name
        text = source.read_text(encoding="utf-8")
        if "SNV" in text.split("\n\n")[2]:
            build_pdf(text, font, target.with_suffix(".pdf"))
        else:
            build_docx(text, target.with_suffix(".docx"))


if __name__ == "__main__":
    main()

"""Files that tests make: a text as PDF, scan, Word, web page and in the old fonts, and what was stamped on a PDF."""

from __future__ import annotations

import html
import importlib.util
import io
import re
import shutil
import struct
import unicodedata
import zlib
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from ingest.readers.ocr import is_available
from ingest.readers.office import PROGRAMS

ROOT = Path(__file__).resolve().parents[1]
FONTS = (
    "/usr/share/fonts/truetype/dejavu/DejaVuSerif.ttf",
    "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
    "/usr/share/fonts/truetype/liberation/LiberationSerif-Regular.ttf",
)
LINE, SIZE, MARGIN = 16, 11, 28


@cache
def builder() -> ModuleType:
    """``samples/build_binary.py``, whose font and PDF tables are used here too."""
    spec = importlib.util.spec_from_file_location("build_binary", ROOT / "samples" / "build_binary.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def font() -> Any:
    """A font with Vietnamese letters; the test skips where the machine has none."""
    found = next((Path(path) for path in FONTS if Path(path).is_file()), None)
    if found is None:
        pytest.skip("no TrueType font with Vietnamese letters here (package fonts-dejavu-core)")
    return builder().Font(found)


def needs(*programs: str) -> None:
    """Skips the test where a system program is absent, and says which package has it."""
    for program in programs:
        there = is_available() if program == "tesseract" else shutil.which(program) is not None
        if not there:
            package = {"tesseract": "tesseract-ocr tesseract-ocr-vie", **PROGRAMS}.get(program, program)
            pytest.skip(f"the program {program} is not installed (apt-get install {package})")


def pdf_of(text: str) -> bytes:
    """A text as PDF: one line after the other, wrapped; a blank line leaves room."""
    text = unicodedata.normalize("NFC", text).replace("\t", " ")
    known = font().glyphs
    text = "".join(letter if letter in known or letter == "\n" else " " for letter in text)
    pages: list[list[tuple[float, float, str]]] = [[]]
    y = 842.0 - MARGIN
    for line in text.split("\n"):
        for piece in builder()._wrap(font(), line, 595 - 2 * MARGIN) if line.strip() else [""]:
            if y < MARGIN:
                pages.append([])
                y = 842.0 - MARGIN
            if piece:
                pages[-1].append((MARGIN, y, piece))
            y -= LINE if piece else LINE / 2
    return bytes(builder()._pdf([page for page in pages if page], font()))


def mistold_pdf_of(text: str) -> bytes:
    """A PDF that looks right and whose text layer says other letters: what a wrong ToUnicode table does."""
    import copy

    wrong = copy.copy(font())
    accented = sorted(
        {letter for letter in unicodedata.normalize("NFC", text) if not letter.isascii()} & set(wrong.glyphs)
    )
    said = {letter: chr(0x400 + index) for index, letter in enumerate(accented)}  # Cyrillic, of all things
    wrong.glyphs = {
        said.get(letter, letter): glyph for letter, glyph in font().glyphs.items() if letter not in said.values()
    }
    lines = [
        (MARGIN + 30.0, 800.0 - LINE * index, "".join(said.get(letter, letter) for letter in line))
        for index, line in enumerate(unicodedata.normalize("NFC", text).split("\n")[:45])
        if line.strip()
    ]
    return bytes(builder()._pdf([lines], wrong))


def borrowing_pdf_of(text: str) -> bytes:
    """A PDF whose letters with two marks, out of a second font, are written after the line they stand in."""
    pieces: list[tuple[float, float, str]] = []
    for index, line in enumerate(unicodedata.normalize("NFC", text).split("\n")[:45]):
        x, y = float(MARGIN), 800.0 - LINE * index
        own: list[tuple[float, float, str]] = []
        borrowed: list[tuple[float, float, str]] = []
        for piece in re.findall("[ơưƠƯ\u1ea0-\u1ef9]+|[^ơưƠƯ\u1ea0-\u1ef9]+", line):
            (borrowed if piece[0] > "\u01a0" and piece[0].isalpha() else own).append((x, y, piece))
            x += font().measure(piece)
        pieces += [*own, *borrowed]
    return bytes(builder()._pdf([[piece for piece in pieces if piece[2].strip()]], font()))


def cut_scan_of(picture: Any, *, strips: int, inline: bool) -> bytes:
    """A scan whose page is several pictures one under the other, ``inline``: in the page's own drawing, not beside it.

    A portal's stamp of a few words stands on it.
    """
    grey = picture.convert("L")
    step = -(-grey.height // strips)
    parts = [grey.crop((0, top, grey.width, min(top + step, grey.height))) for top in range(0, grey.height, step)]
    drawn, pictures, top = b"BT /F 9 Tf 20 20 Td (Cong thong tin dien tu) Tj ET\n", [], 842.0
    for index, part in enumerate(parts):
        high = 842 * part.height / grey.height
        top -= high
        data = zlib.compress(part.tobytes())
        drawn += b"q 595 0 0 %f 0 %f cm " % (high, top)
        if inline:
            drawn += b"BI /W %d /H %d /CS /G /BPC 8 /F /Fl ID " % part.size + data + b" EI Q\n"
            continue
        drawn += b"/I%d Do Q\n" % index
        told = b"/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceGray/BitsPerComponent 8" % part.size
        pictures.append(
            b"<</Type/XObject%b/Filter/FlateDecode/Length %d>>stream\n%b\nendstream" % (told, len(data), data)
        )
    named = b"".join(b"/I%d %d 0 R" % (index, index + 5) for index in range(len(pictures)))
    fonts = b"/Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>"
    return pdf_objects(
        b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</XObject<<%b>>%b>>>>"
        % (named, fonts),
        b"<</Length %d>>stream\n%b\nendstream" % (len(drawn), drawn), *pictures,
    )  # fmt: skip


def pdf_objects(*objects: bytes) -> bytes:
    """A PDF of these objects, the first of them its catalog."""
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj" % number + body + b"endobj\n"
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)


def joined(*pdfs: bytes) -> bytes:
    """The pages of several PDFs in one."""
    import pypdfium2

    made = pypdfium2.PdfDocument.new()
    for pdf in pdfs:
        one = pypdfium2.PdfDocument(pdf)
        made.import_pages(one)
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def pictures_of(pdf: bytes, dpi: int = 200) -> list[Any]:
    """The pages of a PDF as grey pictures."""
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    found = [document[index].render(scale=dpi / 72, grayscale=True).to_pil() for index in range(len(document))]
    document.close()
    return found


def scan_of(pages: Sequence[Any], dpi: int = 200) -> bytes:
    """Pictures of pages as a PDF without a text layer, as a scanner makes it."""
    stream = io.BytesIO()
    first, *rest = [page.convert("L") for page in pages]
    first.save(stream, "PDF", save_all=True, append_images=rest, resolution=dpi)
    return stream.getvalue()


def docx_of(text: str) -> bytes:
    """A text as a Word file, one paragraph a line."""
    import docx

    made = docx.Document()
    for line in text.split("\n"):
        made.add_paragraph(line)
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def html_of(text: str) -> bytes:
    """A text as a page of a portal: menus before it, related papers after it."""
    menu = "".join(f'<li><a href="/muc-{index}">Chuyên mục số {index}</a></li>' for index in range(12))
    blocks = [block for block in re.split(r"\n\s*\n", text) if block.strip()]
    body = "\n".join(f"<p>{'<br>'.join(map(html.escape, block.split(chr(10))))}</p>" for block in blocks)
    return (
        '<!DOCTYPE html><html><head><meta charset="utf-8"><title>Cổng mẫu</title><script>var a = "Số: 1";</script>'
        f'</head><body><div id="menu"><ul>{menu}</ul></div><div class="content">{body}</div>'
        f'<div class="related"><ul>{menu}</ul></div><footer>Bản quyền của cổng mẫu</footer></body></html>'
    ).encode()


def tcvn3_of(text: str) -> bytes:
    """A text in TCVN3, whose toned capitals have the codes of small letters."""
    from ingest.readers.legacy import _TCVN3

    codes = {letter: code for code, letter in _TCVN3.items()} | {"–": "-", "“": '"', "”": '"', "…": "...", "•": "-"}
    text = unicodedata.normalize("NFC", text)
    return "".join(codes.get(letter) or codes.get(letter.lower()) or letter for letter in text).encode("latin-1")


def vni_of(text: str) -> bytes:
    """A text in VNI."""
    from ingest.readers.legacy import _vni

    codes: dict[str, str] = {"–": "-", "“": '"', "”": '"', "…": "...", "•": "-"}
    for code, letter in _vni()[1].items():
        codes.setdefault(letter, code)
    return "".join(codes.get(letter, letter) for letter in unicodedata.normalize("NFC", text)).encode("latin-1")


def stamped(pdf: bytes, stamps: Iterable[tuple[str, tuple[float, float, float, float]]], *, form: bool = True) -> bytes:
    """A PDF with pictures of words put on page one as appearances of signature fields, by an incremental update.

    Without ``form`` the file does not list its fields, as after a portal rewrote it.
    """
    return _annotated(pdf, [(picture_of(word), box, "/Widget /FT /Sig") for word, box in stamps], form=form)


def stamped_image(pdf: bytes, word: str, box: tuple[float, float, float, float]) -> bytes:
    """A PDF with one stamp annotation that is no field."""
    return _annotated(pdf, [(picture_of(word), box, "/Stamp")], form=False)


def picture_of(word: str) -> Any:
    """A word in red on white, as signing programs draw it."""
    from PIL import Image, ImageDraw, ImageFont

    path = next(path for path in FONTS if Path(path).is_file())
    face = ImageFont.truetype(path, 44)
    picture = Image.new("RGB", (int(face.getlength(word)) + 8, 58), "white")
    ImageDraw.Draw(picture).text((4, 2), word, font=face, fill=(170, 0, 0))
    return picture


def stamp_on(picture: Any, words: str, place: tuple[int, int], *, ink: Any, turn: int = 0) -> None:
    """Puts a stamp in a frame on a picture of a page, turned by some degrees."""
    from PIL import Image, ImageDraw, ImageFont

    path = next(path for path in FONTS if Path(path).is_file())
    face = ImageFont.truetype(path, 36)
    colour = (ink, ink, ink) if isinstance(ink, int) else ink
    stamp = Image.new("RGBA", (int(face.getlength(words)) + 30, 62), (255, 255, 255, 0))
    draw = ImageDraw.Draw(stamp)
    draw.text((15, 8), words, font=face, fill=colour)
    draw.rectangle((1, 1, stamp.width - 2, stamp.height - 2), outline=colour, width=4)
    stamp = stamp.rotate(turn, expand=True, resample=Image.Resampling.BICUBIC)
    picture.paste(stamp.convert(picture.mode), place, stamp)


def _annotated(pdf: bytes, items: Sequence[tuple[Any, tuple[float, float, float, float], str]], *, form: bool) -> bytes:
    sizes, starts = re.findall(rb"/Size (\d+)", pdf), re.findall(rb"startxref\s+(\d+)", pdf)
    number, previous = int(sizes[-1]), int(starts[-1])
    objects: dict[int, bytes] = {}

    def add(data: bytes) -> int:
        nonlocal number
        objects[number] = data
        number += 1
        return number - 1

    def stream(head: str, data: bytes) -> int:
        return add(f"<< {head} /Length {len(data)} >>\nstream\n".encode() + data + b"\nendstream")

    fields = []
    for index, (picture, (left, bottom, right, top), kind) in enumerate(items):
        pixels = stream(
            f"/Type /XObject /Subtype /Image /Width {picture.width} /Height {picture.height} /ColorSpace /DeviceRGB"
            " /BitsPerComponent 8 /Filter /FlateDecode",
            zlib.compress(picture.tobytes()),
        )
        width, height = right - left, top - bottom
        shown = stream(
            f"/Type /XObject /Subtype /Form /BBox [0 0 {width} {height}]"
            f" /Resources << /XObject << /Im {pixels} 0 R >> >>",
            f"q {width} 0 0 {height} 0 0 cm /Im Do Q".encode(),
        )
        fields.append(
            add(
                f"<< /Type /Annot /Subtype {kind} /T (Signature{index}) /F 132"
                f" /Rect [{left} {bottom} {right} {top}] /AP << /N {shown} 0 R >> >>".encode()
            )
        )
    listed = " ".join(f"{one} 0 R" for one in fields)
    page = re.search(rb"(\d+) 0 obj\s*(<< /Type /Page /Parent.*?>>)\s*endobj", pdf, re.S)
    assert page
    objects[int(page[1])] = page[2].rstrip()[:-2] + f" /Annots [{listed}] >>".encode()
    if form:
        objects[1] = f"<< /Type /Catalog /Pages 2 0 R /AcroForm << /SigFlags 3 /Fields [{listed}] >> >>".encode()
    out, places = bytearray(pdf), []
    for key in sorted(objects):
        places.append((key, len(out)))
        out += f"{key} 0 obj\n".encode() + objects[key] + b"\nendobj\n"
    table = "".join(f"{key} 1\n{place:010d} 00000 n \n" for key, place in places)
    start = len(out)
    out += (
        f"xref\n{table}trailer\n<< /Size {number} /Root 1 0 R /Prev {previous} >>\nstartxref\n{start}\n%%EOF\n".encode()
    )
    return bytes(out)


def letterhead_pdf(*, number: str = "", day: str = "", body: Sequence[str] = ()) -> bytes:
    """A page with the letterhead of a call whose number and day may be blank; room for stamps at fixed places."""
    lines = [
        (50, 780, "ỦY BAN NHÂN DÂN"), (60, 764, "TỈNH LÂM SƠN"), (50, 740, f"Số: {number}"), (110, 740, "/UBND-TH"),
        (50, 722, "V/v phát động phong trào thi đua đặc biệt"), (270, 780, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        (300, 764, "Độc lập - Tự do - Hạnh phúc"), (290, 740, f"Lâm Sơn, ngày {day}"), (395, 740, "tháng 5 năm 2023"),
        (150, 690, "Kính gửi: Ủy ban nhân dân các huyện, thành phố."),
        *((60, 660 - 16 * index, line) for index, line in enumerate(body)),
    ]  # fmt: skip
    return bytes(builder()._pdf([lines], font()))


NUMBER_BOX = (72.0, 736.0, 108.0, 752.0)
DAY_BOX = (376.0, 737.0, 393.0, 751.0)
MARK_BOX = (60.0, 800.0, 110.0, 822.0)


def pack_int(value: int) -> bytes:
    """Four bytes, little end first."""
    return struct.pack("<I", value)

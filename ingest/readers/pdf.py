"""PDF: the text layer page by page, OCR for pages that have none or a broken one, stamps on page one.

A page needs OCR when nothing or next to nothing is written on its picture, and when its letters were mapped wrongly:
then they are no Vietnamese syllables. Where OCR does not read better, the text layer is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from ingest.readers import ocr
from ingest.readers.images import UNSURE
from ingest.readers.legacy import Encoding, decode_font, decode_legacy, detect_legacy
from ingest.readers.pdfpages import Box, Pdf, annotation_boxes, draw, image_boxes, open_pdf
from ingest.readers.pdftext import FEWEST, JUDGED, WIDE_STEP, by_place, garbled, is_rest_of_broken, judged_of
from ingest.readers.progress import Tell, quietly
from ingest.readers.signatures import signatures_of
from ingest.readers.syllables import SOUND, is_english
from kg.errors import ReadError
from kg.model import Issue, SourceText

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["read_pdf"]

# pdfium marks a hyphen at a line end with one of these; Vietnamese never splits a word, so it is a printed hyphen.
_LINE_HYPHENS = ("\ufffe", "\x02")
_THIN = 200
"""Letters under which the text on a page that is one picture is a portal's stamp or a page number, not its text."""
_PICTURE = 0.5
"""Share of the page from which a picture on it is the page."""
_GRID = 40
"""A page's height and width in fields, of which pictures cover some."""
MAX_PAGES = 5_000
_TOLD = 200
_IMAGE = re.compile(rb"/Subtype\s*/Image\b")
_LOOSE = 1.75
"""Lines of running text are at most this many times their letters' size apart."""
_APART = 2.3
"""A step this high leaves an empty line."""
_LINE_BREAK = re.compile(r"\r?\n(?=[^\r\n])")


@dataclass(slots=True)
class _Page:
    text: str
    why: str = ""
    """Why OCR should read it: "empty", "thin", "broken", "partly" broken; "" when the text layer is good."""
    confidence: float | None = None
    annotated: bool = False


@dataclass(slots=True)
class _Findings:
    issues: list[Issue] = field(default_factory=list)
    evidence: dict[str, str] = field(default_factory=dict)
    encoding: str = "utf-8"


def read_pdf(data: bytes, name: str, sha256: str, *, tell: Tell = quietly) -> SourceText:
    """The text of a PDF, pages joined by a line break, ``page_starts`` telling them apart.

    Raises ``ReadError`` "damaged", "no_ocr" (a scan, and no OCR program), "no_text", "too_long"; ``RefusedFile``
    "encrypted".
    """
    short = Path(name).name or name
    pdf = open_pdf(data, short)
    found = _Findings()
    try:
        pictured = _IMAGE.search(data) is not None  # the dictionary of a picture is never packed away
        pages = _text_layer(pdf, short, tell)
        _decode(pdf, pages, found)
        _put_in_order(pdf, pages)
        _recognise(pdf, pages, short, found, tell)
        if pages and pages[0].confidence is None and pages[0].text.strip() and (pictured or pages[0].annotated):
            _stamped(data, pdf, pages[0], found)
    finally:
        pdf.close()
    for signature in signatures_of(data):
        for key, value in (("organisation", signature.organisation or signature.name), ("time", signature.time)):
            if value:
                said = found.evidence.get(f"signature_{key}")
                found.evidence[f"signature_{key}"] = f"{said}; {value}" if said else value
    if not any(page.text.strip() for page in pages):
        raise ReadError(
            f"Tệp “{short}” không có chữ nào, kể cả sau khi nhận dạng. Đề nghị kiểm tra lại bản gốc hoặc quét lại rõ "
            "hơn (300 dpi).",
            code="no_text",
        )
    starts: list[int] = []
    offset = 0
    for page in pages:
        starts.append(offset)
        offset += len(page.text) + 1
    return SourceText(
        name,
        "application/pdf",
        sha256,
        "\n".join(page.text for page in pages),
        tuple(starts),
        encoding=found.encoding,
        page_confidence=tuple(page.confidence for page in pages),
        evidence=found.evidence,
        issues=tuple(found.issues),
    )


def _text_layer(pdf: Pdf, short: str, tell: Tell) -> list[_Page]:
    import pypdfium2 as pdfium
    import pypdfium2.raw as raw

    pages = []
    try:
        count = len(pdf)
        if count > MAX_PAGES:
            raise ReadError(
                f"Tệp “{short}” có {count} trang (tối đa {MAX_PAGES}). Đề nghị tách tệp rồi nạp lại.", code="too_long"
            )
        for index in range(count):
            page = pdf[index]
            letters = page.get_textpage()
            text = _with_gaps(letters, letters.get_text_range(errors="replace"))
            letters.close()
            for mark in _LINE_HYPHENS:
                if mark in text:
                    text = text.replace(mark, "-")
            one = _Page(text.replace("\x00", " "))
            one.why = _needs_ocr(page, one.text)
            one.annotated = index == 0 and raw.FPDFPage_GetAnnotCount(page) > 0
            pages.append(one)
            page.close()
            if index % _TOLD == _TOLD - 1:
                tell("Đọc trang", index + 1, count)
    except pdfium.PdfiumError as exc:
        raise ReadError(
            f"Tệp “{short}” bị hỏng ở trang {len(pages) + 1}. Đề nghị lấy lại tệp gốc rồi nạp lại.",
            code="damaged",
        ) from exc
    return pages


def _with_gaps(letters: Any, text: str) -> str:
    """The text with a blank line wherever the page leaves more room between lines than it mostly does.

    pdfium gives lines and no gaps, but without them a title runs into the paragraph under it.
    """
    import ctypes

    import pypdfium2.raw as raw

    starts = [match.end() for match in _LINE_BREAK.finditer(text)]
    if len(starts) < 3 or letters.count_chars() != len(text):  # letters outside the basic plane: places do not match
        return text
    x, y = ctypes.c_double(), ctypes.c_double()
    heights = []
    for start in (0, *starts):
        if not raw.FPDFText_GetCharOrigin(letters, start, ctypes.byref(x), ctypes.byref(y)):
            return text
        heights.append(y.value)
    steps = [before - after for before, after in pairwise(heights)]
    usual = sorted(step for step in steps if 4 < step < 60)
    if len(usual) < 3:
        return text
    size = median(raw.FPDFText_GetFontSize(letters, start) for start in starts)
    # On a page of single-line paragraphs every step is that of a paragraph: lines stand closer than that.
    step_of_lines = min(usual[len(usual) // 6], _LOOSE * size) if size > 4 else usual[len(usual) // 6]
    wide, apart = WIDE_STEP * step_of_lines, _APART * step_of_lines
    parts: list[str] = []
    at = 0
    for start, step in zip(starts, steps, strict=True):
        if step > wide or step < -4:
            parts += (text[at:start], "\n\n" if step > apart else "\n")
            at = start
    return "".join((*parts, text[at:]))


def _needs_ocr(page: Any, text: str) -> str:
    written = text.strip()
    if len(written) < _THIN and sum(map(str.isalnum, written)) < _THIN:
        covered = _covered(image_boxes(page), *page.get_size())
        if not written:
            return "empty" if covered or _has_marks(page) else ""
        return "thin" if covered >= _PICTURE else ""
    judged = judged_of(text)
    if judged.words < FEWEST:
        return ""
    if judged.share >= SOUND:
        return "partly" if garbled(text) else ""
    return "" if is_english(text[:JUDGED]) else "broken"


def _covered(boxes: Sequence[Box], width: float, height: float) -> float:
    """The share of a page that pictures cover together: some scanners cut a page into strips."""
    fields: set[tuple[int, int]] = set()
    width, height = max(width, 1.0), max(height, 1.0)
    for left, bottom, right, top in boxes:
        across = range(max(round(left / width * _GRID), 0), min(round(right / width * _GRID), _GRID))
        up = range(max(round(bottom / height * _GRID), 0), min(round(top / height * _GRID), _GRID))
        fields.update((x, y) for x in across for y in up)
    return max(len(fields) / _GRID**2, 1e-9 if boxes else 0.0)


def _has_marks(page: Any) -> bool:
    """A page without text that still shows something: writing turned into outlines, or a stamp."""
    import pypdfium2.raw as raw

    return raw.FPDFPage_CountObjects(page) > 3 or bool(annotation_boxes(page))


def _decode(pdf: Pdf, pages: Sequence[_Page], found: _Findings) -> None:
    """Text layers typed in the old fonts are decoded, by the name of each letter's font."""
    encoding = detect_legacy("\n".join(page.text for page in pages if page.text.strip())[:40_000])
    if encoding is None:
        return
    for index, page in enumerate(pages):
        page.text = _by_fonts(pdf, index, page.text, encoding)
        if page.why == "broken" and judged_of(page.text).sound:
            page.why = ""
    found.encoding = encoding
    found.issues.append(Issue("info", "legacy_encoding", "Văn bản gõ bằng phông chữ cũ, đã chuyển sang Unicode."))


def _put_in_order(pdf: Pdf, pages: Sequence[_Page]) -> None:
    """Broken pages whose letters are right and only stand in the wrong order; short pages beside broken ones."""
    if not any(page.why in ("broken", "partly") for page in pages):
        return
    for index, one in enumerate(pages):
        if not one.why and is_rest_of_broken(one.text):
            one.why = "broken"
        if one.why != "broken":
            continue
        page = pdf[index]
        letters = page.get_textpage()
        text = by_place(letters)
        letters.close()
        page.close()
        if (judged := judged_of(text)).sound and judged.share > judged_of(one.text).share + 0.1 and not garbled(text):
            one.text, one.why = text, ""


def _by_fonts(pdf: Pdf, index: int, text: str, encoding: Encoding) -> str:
    import ctypes

    import pypdfium2.raw as raw

    page = pdf[index]
    letters = page.get_textpage()
    name = ctypes.create_string_buffer(128)
    flags = ctypes.c_int()
    runs: list[tuple[str, list[str]]] = []
    for at in range(letters.count_chars()):
        character = chr(raw.FPDFText_GetUnicode(letters, at))
        size = raw.FPDFText_GetFontInfo(letters, at, name, 128, ctypes.byref(flags))
        font = name.value.decode("utf-8", "replace") if 1 < size <= 128 else (runs[-1][0] if runs else "")
        if runs and (runs[-1][0] == font or character.isspace()):
            runs[-1][1].append(character)
        else:
            runs.append((font, [character]))
    letters.close()
    page.close()
    shown = "".join(decode_font("".join(run), font) for font, run in runs)
    return shown if judged_of(shown).share > judged_of(text).share + 0.1 else decode_legacy(text, encoding)


def _recognise(pdf: Pdf, pages: Sequence[_Page], short: str, found: _Findings, tell: Tell) -> None:
    """Reads by OCR the pages that need it; says which could not be."""
    wanted = [index for index, page in enumerate(pages) if page.why]
    if not wanted:
        return
    if not ocr.is_available():
        if all(page.why not in ("", "partly") or not page.text.strip() for page in pages):
            what = "có lớp văn bản hỏng (sai bảng mã phông chữ)" if pages[wanted[0]].why == "broken" else "là bản quét"
            raise ocr.no_ocr(short, what)
        message = f"{len(wanted):02d} trang cần nhận dạng chữ (OCR) nhưng máy chưa có tesseract tiếng Việt."
        found.issues.append(Issue("warning", "needs_ocr", message, _some(wanted)))
        return
    from ingest.readers.ocrpage import read_pages

    pdf.init_forms()
    unsure: list[int] = []
    blank: list[int] = []
    pictures = read_pages(_drawn(pdf, wanted), first=wanted[0] == 0)
    for done, (index, read) in enumerate(zip(wanted, pictures, strict=True), 1):
        tell("Nhận dạng chữ", done, len(wanted))
        one = pages[index]
        if _reads_no_better(one, read.text):
            continue  # a foreign language, or writing that nobody can read
        if read.text.strip() or one.why == "empty":
            one.text, one.confidence = read.text, read.confidence
            if not read.text.strip():
                blank.append(index)
            elif read.confidence < UNSURE:
                unsure.append(index)
    if any(page.why in ("broken", "partly") and page.confidence is not None for page in pages):
        message = "Lớp văn bản của PDF hỏng (sai bảng mã phông chữ), đã đọc lại bằng nhận dạng chữ."
        found.issues.append(Issue("warning", "broken_text_layer", message, _some(wanted)))
    if unsure:
        message = f"Nhận dạng chữ kém tin cậy ở {len(unsure):02d} trang (trang {_some(unsure)}); đề nghị kiểm tra."
        found.issues.append(Issue("warning", "unsure_ocr", message, _some(unsure)))
    if blank:
        message = f"{len(blank):02d} trang chỉ có hình, không nhận dạng được chữ."
        found.issues.append(Issue("info", "page_without_text", message, _some(blank)))


def _reads_no_better(page: _Page, read: str) -> bool:
    if page.why == "partly":
        return garbled(read) * 2 > garbled(page.text) or not judged_of(read).sound
    return page.why == "broken" and judged_of(read).share <= judged_of(page.text).share + 0.1


def _drawn(pdf: Pdf, indexes: Sequence[int]) -> Iterator[Image]:
    for index in indexes:
        page = pdf[index]
        picture = draw(page, ocr.DPI)
        page.close()
        yield picture


def _some(indexes: Sequence[int]) -> str:
    return ", ".join(str(index + 1) for index in indexes[:10]) + (" …" if len(indexes) > 10 else "")


def _stamped(data: bytes, pdf: Pdf, page: _Page, found: _Findings) -> None:
    from ingest.readers.stamps import read_stamps

    stamped = read_stamps(data, pdf, page.text)
    page.text = stamped.text
    found.issues.extend(stamped.issues)
    found.evidence.update(stamped.evidence)

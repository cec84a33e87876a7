"""What was stamped on page one of a PDF with a text layer: number, day, month, a secrecy mark.

Offices issue papers by signing them digitally: the text layer keeps its blanks ("Số:    /UBND-TH", "ngày    tháng
5"), and number and date stand on them as pictures, most of them appearances of signature fields. Each picture is read
by OCR alone, away from the text it overlaps; where it stands says what it is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ingest.readers import ocr
from ingest.readers.marks import MARK_HEAD, mark_in
from ingest.readers.ocrlooks import as_figures
from ingest.readers.ocrpage import read_first_page
from ingest.readers.ocrtext import mend_word
from ingest.readers.pdfpages import Box, Pdf, annotation_boxes, draw, image_boxes, open_pdf, picture_at, show_widgets
from ingest.secrecy import mark_of
from kg.model import Issue

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["Stamp", "Stamped", "read_stamps", "value_of"]

_HEAD = 3_000
_DPI = 300
_SURE = 55.0
"""Figures that only two looks read, with less confidence (0-100), are not believed."""
_LOOKS = (1.0, 0.75, 1.3)
"""Sizes at which a stamp is read: a wrong number is worse than none, so two looks must agree."""
_FIGURES_ONLY = ("-c", "tessedit_char_whitelist=0123456789")
_LETTERS = re.compile(r"[^\W\d_]{3}")
_CERTAIN = 90.0
"""Looks that do not all agree are believed from here on, if two do."""
_MOST = 12
_MARK = 20_000.0
"""Square points above which a picture is no mark: a seal, a block of a signature, a figure."""
_SCAN = 0.4
"""Share of the page from which a picture on it is no stamp but the page itself."""
_O = "(?:ố|Ố|ô\u0301|o\u0302\u0301|ổ|ó)"
_FILL = r"[\s.…_]"
_NUMBER = re.compile(rf"[Ss]{_O}\s*[:.]?(?P<gap>{_FILL}*)(?=[-–/]\s*(?:\d{{4}}\s*[-–/]\s*)?[A-ZĐƯ])")
_OPEN_NUMBER = re.compile(rf"[Ss]{_O}\s*:(?P<gap>[ \t.…_]*)(?=[\r\n])")
_DAY = re.compile(rf"[Nn]g(?:à|a\u0300)y(?P<gap>{_FILL}*)(?=th(?:á|a\u0301)ng)")
_MONTH = re.compile(rf"th(?:á|a\u0301)ng(?P<gap>{_FILL}*)(?=n(?:ă|a\u0306)m)")
_BLANKS = {"number": (_NUMBER, _OPEN_NUMBER), "day": (_DAY,), "month": (_MONTH,)}
_WHOLE_NUMBER = re.compile(
    r"(?<!\w)(?P<digits>\d{1,6}[a-zA-Z]?)\s*(?P<symbol>[-/]\s*[A-ZĐ][\wĐ&.]*(?:\s*[-/]\s*[A-ZĐ][\wĐ&.]*)*)?"
)
_INKED_NUMBER = re.compile(rf"[Ss]{_O}\s*[:.]?\s*(\d{{1,6}}[a-zA-Z]?)\s*[-/]\s*[A-ZĐ]")
_INKED_DATE = re.compile(r"ng\S{1,2}y\s+(?P<day>\d{1,2})\s+th\S{1,2}ng\s+(?P<month>\d{1,2})\s+n\S{1,2}m")
_IN_LINE = {
    "number": re.compile(r"\bS[^\W\d_]?\s*[:.;,]?\s*(\d{1,6}[a-zA-Z]?)\s*[-–/]\s*[A-ZĐ]"),
    "day": re.compile(r"ng\S{1,2}y\s+(\S{1,3})\s+th"),
    "month": re.compile(r"th\S{1,2}ng\s+(\S{1,3})\s+n"),
}
_WHOLE_DATE = re.compile(r"(?P<day>\d{1,2})\s*(?:tháng|[/.-])\s*(?P<month>\d{1,2})\b", re.I)


@dataclass(frozen=True, slots=True)
class Stamped:
    """Page one's text with its blanks filled, a mark as its first line, and what a person should know."""

    text: str
    issues: tuple[Issue, ...] = ()
    evidence: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class _Blank:
    kind: str
    box: Box
    """From what stands before the gap to what stands after it."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What stands in a box, as each look read it; the first one is the best."""

    box: Box
    texts: tuple[str, ...]
    confidence: float
    mark: str | None = None
    """The secrecy mark that it is."""


def read_stamps(data: bytes, pdf: Pdf, text: str) -> Stamped:
    """Reads what stands on page one of ``pdf`` (made from ``data``) beside its text layer ``text``."""
    page = pdf[0]
    fields, whole = annotation_boxes(page), _area((0, 0, *page.get_size()))
    boxes = image_boxes(page)
    pictures = [box for box in boxes if _area(box) < _SCAN * whole]
    upper = 0.4 * page.get_size()[1]
    blanks = _find_blanks(page) if fields or pictures else []
    marks = [box for box in (*(box for box, _ in fields), *pictures) if box[1] > upper and _area(box) < _MARK]
    wanted = [box for box, _ in fields] + pictures if blanks else marks
    page.close()
    if not ocr.is_available():
        return Stamped(text, _unread(blanks, wanted))
    if len(pictures) < len(boxes):
        return _on_a_scan(pdf, text)
    if not wanted:
        return Stamped(text)
    stamps, lines = _read(data, pdf, _nearest(wanted, blanks, marks), blanks)
    if mark := next((stamp.mark for stamp in stamps if stamp.mark), None):
        return Stamped(f"{mark}\n{text}")
    return _fill(text, blanks, stamps, lines)


def _mark_among(read: str) -> str | None:
    """The first line of what OCR read that is a secrecy mark."""
    return next((mark for line in read.split("\n") if (mark := mark_of(line, scanned=True))), None)


def _on_a_scan(pdf: Pdf, text: str) -> Stamped:
    """A scan with a text layer that somebody's OCR made: marks and figures stamped in ink are often not in it."""
    page = pdf[0]
    picture = draw(page, _DPI)
    page.close()
    head = read_first_page(picture.crop((0, 0, picture.width, int(MARK_HEAD * picture.height))), head=1.0).text
    if mark := _mark_among(head):
        return Stamped(f"{mark}\n{text}")
    stamps = []
    if match := _INKED_NUMBER.search(head):
        stamps.append(("number", match[1]))
    if match := _INKED_DATE.search(head):
        stamps += [("day", match["day"]), ("month", match["month"])]
    filled = {kind: value for kind, value in stamps if kind == "number" or _within(value, kind)}
    return _written(text, filled, 90.0) if filled else Stamped(text)


def _unread(blanks: Sequence[_Blank], boxes: Sequence[Box]) -> tuple[Issue, ...]:
    if not any(_overlap(blank.box, box) for blank in blanks for box in boxes):
        return ()
    message = "Không đọc được số, ngày trên bản ký số (trang 1). Đề nghị nhập theo sổ văn bản đi."
    return (Issue("warning", "unreadable_stamp", message, "1"),)


def _area(box: Box) -> float:
    return max(box[2] - box[0], 0.0) * max(box[3] - box[1], 0.0)


def _overlap(one: Box, other: Box) -> float:
    across = min(one[2], other[2]) - max(one[0], other[0])
    up = min(one[3], other[3]) - max(one[1], other[1])
    return across * up if across > 0 and up > 0 else 0.0


def _nearest(boxes: Sequence[Box], blanks: Sequence[_Blank], marks: Sequence[Box]) -> list[Box]:
    """The stamps worth reading: those over a blank first, then those where a mark may stand."""
    over = [box for box in boxes if any(_overlap(blank.box, box) for blank in blanks)]
    return list(dict.fromkeys([*over, *marks]))[:_MOST]


def _find_blanks(page: Any) -> list[_Blank]:
    """The gaps for number, day and month in the head of the page, by the places of the letters around them."""
    import pypdfium2.raw as raw

    letters = page.get_textpage()
    count = min(letters.count_chars(), _HEAD)
    head = "".join(chr(raw.FPDFText_GetUnicode(letters, index)) for index in range(count))
    found = []
    for kind, patterns in _BLANKS.items():
        match = next((match for pattern in patterns if (match := pattern.search(head))), None)
        if match is None:
            continue
        before = next((at for at in range(match.start("gap") - 1, -1, -1) if not head[at].isspace()), None)
        after = next((at for at in range(match.end("gap"), count) if not head[at].isspace()), None)
        if before is None or after is None:
            continue
        one, other = letters.get_charbox(before), letters.get_charbox(after)
        low, high = min(one[1], other[1]), max(one[3], other[3])
        height = max(high - low, 6.0)
        right = other[0] if other[0] > one[2] and other[1] < one[3] else one[2] + 12 * height
        found.append(
            _Blank(kind, (one[2] - 0.3 * height, low - 0.5 * height, right + 0.3 * height, high + 0.5 * height))
        )
    letters.close()
    return found


def _read(
    data: bytes, pdf: Pdf, boxes: Sequence[Box], blanks: Sequence[_Blank]
) -> tuple[list[Stamp], dict[str, list[str]]]:
    """The stamps at ``boxes``, each drawn alone and read; and the lines they fill, as the page shows them."""
    from PIL import Image as images
    from PIL import ImageChops

    shown_pdf = pdf
    if not pdf.init_forms():
        shown_pdf = open_pdf(show_widgets(data), "")
    page = shown_pdf[0]
    whole = draw(page, _DPI)
    bare = draw(page, _DPI, stamped=False)
    height = page.get_size()[1]
    # Only what a stamp changed, on white; pictures in the page itself are in both drawings and are cut out whole.
    changed = ImageChops.difference(whole.convert("RGB"), bare.convert("RGB")).convert("L").point(lambda value: 255 * (value > 24))  # fmt: skip  # noqa: E501
    alone = images.composite(whole.convert("L"), images.new("L", whole.size, 255), changed)

    def place_of(box: Box) -> tuple[int, int, int, int]:
        scale = _DPI / 72
        left, top = int((box[0] - 2) * scale), int((height - box[3] - 2) * scale)
        right, bottom = int((box[2] + 2) * scale), int((height - box[1] + 2) * scale)
        return max(left, 0), max(top, 0), min(right, whole.width), min(bottom, whole.height)

    read = []
    for box in boxes:
        place = place_of(box)
        if place[2] - place[0] < 8 or place[3] - place[1] < 8:
            continue
        cut = alone.crop(place)
        if changed.crop(place).getbbox() is None:
            cut = picture_at(page, box) or whole.convert("L").crop(place)
        fills = any(_overlap(blank.box, box) for blank in blanks)
        stamp = _recognised(cut, box, looks=_LOOKS if fills else _LOOKS[:1])
        mark = _mark_among(stamp.texts[0])
        read.append(replace(stamp, mark=mark or (None if fills else mark_in(cut))))
    lines = {}
    for blank in blanks:
        if any(_overlap(blank.box, box) for box in boxes):
            left, low, right, high = blank.box
            lines[blank.kind] = _line(whole.convert("L").crop(place_of((left - 45, low, right + 75, high))))
    page.close()
    if shown_pdf is not pdf:
        shown_pdf.close()
    return read, lines


def _line(picture: Image) -> list[str]:
    """A line of the page, stamp and all, read at two sizes: figures are told best beside the words around them."""
    from PIL import Image as images

    found = []
    for scale in (0.8, 0.6):
        size = (max(round(picture.width * scale), 1), max(round(picture.height * scale), 1))
        words = ocr.recognise(ocr.as_png(picture.resize(size, images.Resampling.LANCZOS)), dpi=_DPI, mode=7)
        found.append(" ".join(mend_word(word.text) for word in words))
    return found


def _recognised(picture: Image, box: Box, *, looks: Sequence[float]) -> Stamp:
    """What a stamp says, read at the sizes in ``looks``; at a third only where two disagree."""
    from PIL import Image as images
    from PIL import ImageOps

    line = picture.width > 2.2 * picture.height
    clear = ImageOps.autocontrast(picture)
    # One line of figures is read best at some fifty pixels; a box of several lines at the page's own size.
    usual = min(max(72 / picture.height, 0.5), 4.0) if line else 1.0
    texts: list[str] = []
    sureness: list[float] = []
    for scale in looks:
        if len(texts) == 2 and _plain(texts[0]) == _plain(texts[1]):
            break
        size = (max(round(picture.width * usual * scale), 1), max(round(picture.height * usual * scale), 1))
        framed = ImageOps.expand(clear.resize(size, images.Resampling.LANCZOS), 24, 255)
        png = ocr.as_png(framed)
        only = _FIGURES_ONLY if texts and len(_plain(texts[0])) < 7 and not _LETTERS.search(texts[0]) else ()
        words = ocr.recognise(png, dpi=_DPI, mode=7 if line else 6, options=only)
        if not words and line:
            words = ocr.recognise(png, dpi=_DPI, mode=8, options=only)
        rows: dict[tuple[int, int, int], list[str]] = {}
        for word in words:
            rows.setdefault(word.place, []).append(mend_word(word.text))
        texts.append("\n".join(" ".join(row) for row in rows.values()))
        sureness.append(sum(word.confidence for word in words) / len(words) if words else 0.0)
    return Stamp(box, tuple(texts), max(sureness))


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", text)


def _fill(text: str, blanks: Sequence[_Blank], stamps: Sequence[Stamp], lines: Mapping[str, Sequence[str]]) -> Stamped:
    """The text with each blank filled by the stamp that lies over it."""
    filled: dict[str, str] = {}
    sureness: list[float] = []
    missed = False
    for blank in blanks:
        over = sorted((stamp for stamp in stamps if _overlap(blank.box, stamp.box)), key=lambda stamp: -_overlap(blank.box, stamp.box))  # fmt: skip  # noqa: E501
        values = [(value, stamp) for stamp in over if (value := value_of(blank.kind, stamp, lines.get(blank.kind, ())))]
        if values:
            filled[blank.kind] = values[0][0]
            sureness.append(values[0][1].confidence)
        missed = missed or bool(over and not values)
    done = _written(text, filled, min(sureness, default=0.0))
    if missed:
        message = "Không đọc được số, ngày trên bản ký số (trang 1). Đề nghị nhập theo sổ văn bản đi."
        done = replace(done, issues=(*done.issues, Issue("warning", "unreadable_stamp", message, "1")))
    return done


def _written(text: str, values: Mapping[str, str], sureness: float) -> Stamped:
    """The text with ``values`` in those of their blanks that it has."""
    filled: dict[str, str] = {}
    for kind, value in values.items():
        match = next((match for pattern in _BLANKS[kind] if (match := pattern.search(text, 0, 2 * _HEAD))), None)
        if match is None:
            continue
        after = "" if kind == "number" else " "
        text = f"{text[: match.start('gap')]} {value}{after}{text[match.end('gap') :]}"
        filled[kind] = value
    if not filled:
        return Stamped(text)
    words = {"number": "số", "day": "ngày", "month": "tháng"}
    said = ", ".join(f"{words[kind]} {value}" for kind, value in filled.items())
    message = f"Đọc từ dấu đóng trên trang 1 ({said}); độ tin cậy {sureness:.0f}%."
    evidence = tuple((f"stamp_{kind}", value) for kind, value in filled.items())
    return Stamped(text, (Issue("info", "stamp_read", message, "1"),), evidence)


def value_of(kind: str, stamp: Stamp, lines: Sequence[str]) -> str | None:
    """What a stamp says of a number, a day or a month: "1954", "1954/UBND-TH", "30".

    Two looks must say so, and more than say anything else.
    """
    votes = Counter(value for text in stamp.texts if (value := _said(kind, text)))
    around = [value for line in lines if (value := _said_in_line(kind, line))]
    votes.update(around)
    (best, count), *_ = votes.most_common(1) or [("", 0)]
    others = votes.total() - count
    enough = _CERTAIN if others else _SURE
    if count < 2 or count <= others or (stamp.confidence < enough and (count < 3 or best not in around)):
        return None
    return best


def _said_in_line(kind: str, line: str) -> str | None:
    match = _IN_LINE[kind].search(line)
    if match is None:
        return None
    if kind == "number":
        return match[1]
    figures = as_figures(match[1])
    return _within(figures, kind) if figures else None


def _said(kind: str, text: str) -> str | None:
    if kind in ("day", "month") and (whole := _WHOLE_DATE.search(text)):
        return _within(whole[kind], kind)
    if kind == "number":
        match = _WHOLE_NUMBER.search(text)
        return match["digits"] if match else None
    figures = (as_figures(word) for word in text.split() if any(map(str.isdigit, word)))
    first = next((found for found in figures if found), None)
    return _within(first, kind) if first else None


def _within(value: str, kind: str) -> str | None:
    return value if 1 <= int(value) <= (31 if kind == "day" else 12) else None

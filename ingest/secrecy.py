"""A paper that bears a secrecy mark is refused; a paper about secrets is not."""

from __future__ import annotations

import re
import unicodedata

from ingest.letterhead import HEAD_CHARACTERS
from ingest.printed import is_caps, pieces
from kg.errors import RefusedFile
from kg.identifiers import fold
from kg.model import CanonicalText, Layout

__all__ = ["check_secrecy", "mark_of", "secrecy_mark", "stamped_mark"]

_URGENT = r"(?:H(?:ỎA|OẢ)\s+TỐC|(?:THƯỢNG\s+)?KHẨN)"
_MARK = re.compile(
    rf"\W*(?:(?:DO|ĐỘ)\s+(?:MẬT)\s*:?\s*|{_URGENT}\s*[-–/,]\s*)?(?P<mark>TUYỆT\s+MẬT|TỐI\s+MẬT|MẬT)"
    rf"(?:\s*[-–/,]\s*{_URGENT})?\W*$"
)
_SMALL = re.compile(r"\W*(?P<mark>Tuyệt\s+mật|Tối\s+mật|Mật)\W*$")
_SPREAD = re.compile(r"\W*[A-ZÀ-Ỹ](?:\s+[A-ZÀ-Ỹ]){2,}\W*$")
_LABELLED_FIRST = re.compile(r"\W*[ĐD]ộ\s+mật\s*:\s*(?P<mark>[Tt]uyệt\s+mật|[Tt]ối\s+mật|[Mm]ật)(?=\s+[A-ZĐÀ-Ỹ]{2})")
"""The label before the letterhead, in one line with it once wrapped lines are joined."""
_LABELLED = re.compile(
    r"\W*(?:[ĐD]ộ\s+mật|Mức\s+độ\s+mật|Dấu\s+chỉ\s+độ\s+mật)\s*:\s*(?P<mark>tuyệt\s+mật|tối\s+mật|mật)\W*$", re.I
)
_SCANNED = {"mat": "MẬT", "toi mat": "TỐI MẬT", "tuyet mat": "TUYỆT MẬT"}
_SPREAD_OUT = {mark.replace(" ", ""): mark for mark in _SCANNED.values()}
_STAMPED = {letters.replace(" ", ""): mark for letters, mark in _SCANNED.items()}
_CUT_T = re.compile("(?<=MẬ)[IÌÍLJ1]$")
"""A T whose bar lies under print; no word ends so."""
_FIRST_LINES = 400
"""Code points in which the mark is looked for where no letterhead was found."""


def mark_of(line: str, *, scanned: bool = False) -> str | None:
    """The mark a printed line is ("MẬT", "TỐI MẬT", "TUYỆT MẬT"); None for a line that says more, or is no mark.

    ``scanned``: the line came out of OCR, which loses accents of stamped letters ("MÂT", "TÓI MẠT").
    """
    if len(line) > 60:
        match = _LABELLED_FIRST.match(line)
        return re.sub(r"\s+", " ", match["mark"].upper()) if match else None
    if _SPREAD.match(line):  # "M Ậ T"
        line = _SPREAD_OUT.get(re.sub(r"[\W_]+", "", line), line)
    match = _MARK.match(line) if is_caps(line) else _LABELLED.match(line) or _SMALL.match(line) or _LABELLED_FIRST.match(line)  # fmt: skip  # noqa: E501
    if match:
        return re.sub(r"\s+", " ", match["mark"].upper())
    if scanned and len(line) < 24:
        letters = re.sub(r"[\W\d_]+", " ", fold(line)).strip()
        if line.upper() == line:
            return _SCANNED.get(letters)
    return None


def stamped_mark(read: str) -> str | None:
    """The mark that OCR read in a stamp cut out alone, whatever it made of accents, case and gaps: "TUYỆTMẬT"."""
    letters = re.sub(r"[\W_]+", "", unicodedata.normalize("NFC", read).upper())
    return _STAMPED.get(re.sub(r"\d", "", fold(_CUT_T.sub("T", letters))))


def secrecy_mark(text: CanonicalText, layout: Layout, *, scanned: bool = False) -> str | None:
    """The mark in its place on page one ("MẬT", "TỐI MẬT", "TUYỆT MẬT"), or None.

    Its place is a line of its own (or a column's piece) among the lines above the title: "KẾ HOẠCH … BÍ MẬT NHÀ NƯỚC"
    has none. A PDF may give its stamps last, and OCR puts them after the columns they stand between, so all of such a
    first page counts; of an unpaged file only the head does.
    """
    paged = len(text.page_starts) > 1
    end = text.page_starts[1] if paged else max(layout.header.end, 4 * _FIRST_LINES if scanned else _FIRST_LINES)
    found = pieces(text.text, 0, min(end, len(text.text), HEAD_CHARACTERS), limit=200 if paged else 60)
    for index, piece in enumerate(found):
        mark = mark_of(piece.text, scanned=scanned)
        before = found[index - 1].folded if index else ""
        after = found[index + 1].folded if index + 1 < len(found) else ""
        if mark and not before.endswith(" bi") and not after.startswith("nha nuoc"):  # a title cut in two
            return mark
    return None


def check_secrecy(text: CanonicalText, layout: Layout, name: str = "", *, scanned: bool = False) -> None:
    """Raises ``RefusedFile`` (code "secret") for a paper that bears a secrecy mark; ``name`` stands in the message."""
    if mark := secrecy_mark(text, layout, scanned=scanned):
        raise RefusedFile(
            f"Tệp{f' “{name}”' if name else ''} có dấu chỉ độ mật ({mark}). Hệ thống không tiếp nhận và không lưu nội "
            "dung; đề nghị xử lý theo quy định về bảo vệ bí mật nhà nước.",
            code="secret",
        )

"""Printed pieces of lines, and names set in capitals brought back to ordinary spelling.

Letterheads and signature blocks stand in two columns; when a page is flattened, one line may hold a piece of each.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from kg.identifiers import fold
from kg.model import Span

__all__ = ["UPPER", "Piece", "is_caps", "ordinary", "pieces"]

UPPER = "A-ZÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝĂĐĨŨƠƯẠẢẤẦẨẪẬẮẰẲẴẶẸẺẼẾỀỂỄỆỈỊỌỎỐỒỔỖỘỚỜỞỠỢỤỦỨỪỬỮỰỲỴỶỸÐ"
"""The capital letters of Vietnamese, for use inside a character class (a range such as À-Ỹ holds small ones too)."""

# A cell border or a wide space; but not the space left for a number, a day or a month.
_COLUMNS = re.compile(r"\s*\|\s*|(?<![Ss]ố)(?<![Ss]ố:)(?<!ngày)(?<!tháng)(?<!\s)\s{3,}(?!\s|/|tháng\b|năm\b)")
# The right column of a flattened closing: "- Sở Nội vụ; KT. CHỦ TỊCH".
_OFFICE = re.compile(
    rf"(?<=[;:.,])\s+(?=(?:(?:TM|T/M|KT|K/T|TL|T/L|TUQ)\s*[./]\s?[{UPPER}]|(?:PHÓ |Q\. ?)?(?:CHỦ TỊCH|GIÁM ĐỐC|BỘ "
    rf"TRƯỞNG|"
    rf"THỨ TRƯỞNG|CỤC TRƯỞNG|TRƯỞNG|CHÁNH|BÍ THƯ|CHỦ NHIỆM|THỦ TRƯỞNG|HIỆU TRƯỞNG|VIỆN TRƯỞNG))[{UPPER} .,/-]*$)"
)
_NATION = re.compile(
    r"\s*(?:CỘNG\s+H[ÒO][AÀ]\s+XÃ\s+HỘI\s+CHỦ\s+NGHĨA\s+VIỆT\s+NAM|Độc\s+lập\s*[-–—]\s*Tự\s+do\s*[-–—]\s*Hạnh\s+phúc|"
    r"(?<=[A-ZĐ]\s)ĐẢNG\s+CỘNG\s+SẢN\s+VIỆT\s+NAM(?=\s*$))[\s\-_*]*"
)


_POST = (
    "CHỦ TỊCH|GIÁM ĐỐC|BỘ TRƯỞNG|THỨ TRƯỞNG|CỤC TRƯỞNG|TRƯỞNG BAN|TRƯỞNG PHÒNG|BÍ THƯ|CHÁNH VĂN PHÒNG|CHỦ NHIỆM|"
    "HIỆU TRƯỞNG|VIỆN TRƯỞNG|THỦ TƯỚNG"
)
_SIGNING = r"(?:(?:TM|KT|TL|TUQ|Q)\s?\.|T/M|K/T|T/L)"
_GLUED_BLOCK = re.compile(
    rf"\s*(?P<caps>(?:{_SIGNING}\s?)?(?:[{UPPER}][{UPPER} .,/-]{{2,100}}\s)?(?:{_POST})(?: THƯỜNG TRỰC)?)\s+"
    rf"(?P<name>(?:[{UPPER}][^\W\d_{UPPER}]{{0,7}}\s){{1,4}}[{UPPER}][^\W\d_{UPPER}]{{1,7}})\s*$"
)
_BLOCK_PART = re.compile(
    rf"(?:{_SIGNING}|PHÓ |{_POST}).*?(?=\s(?:{_SIGNING}|PHÓ |(?<!\.\s)(?<!/[MTL]\s)(?<!PHÓ\s)(?:{_POST}))|$)"
)
_GLUED_NUMBER = re.compile(rf"(?<=[{UPPER}][{UPPER}])\s+(?=Số\s?:?\s?\d{{0,6}}\s?[/-]\s?(?:\d{{4}}/)?[{UPPER}]{{2}})")


_LISTS = ("-", "–", "+", "•", "N", "L")


_folded = lru_cache(maxsize=2048)(fold)


@dataclass(frozen=True, slots=True)
class Piece:
    """One printed piece, trimmed: "Số: 118/KH-UBND" of the line "Số: 118/KH-UBND | Tam Đường, ngày …"."""

    text: str
    start: int

    @property
    def folded(self) -> str:
        """The text in small letters without accents; offsets into it are offsets into the text."""
        return _folded(self.text)

    @property
    def end(self) -> int:
        """Where the piece stops in the text."""
        return self.start + len(self.text)

    @property
    def span(self) -> Span:
        """Where the piece stands."""
        return Span(self.start, self.end)

    def after(self, offset: int) -> Piece:
        """The rest of the piece from ``offset`` on, trimmed."""
        rest = self.text[offset:]
        lead = len(rest) - len(rest.lstrip(" .:,;-–"))
        rest = rest.strip(" ,;-–") if rest[:lead].strip() == "" else rest.lstrip(" .:,;-–").rstrip()
        start = self.start + offset + lead
        return Piece(rest.strip(), start)


def pieces(text: str, start: int, end: int, *, limit: int = 400, closing: bool = False) -> list[Piece]:
    """The pieces of ``text[start:end]`` in order, at most ``limit`` of them; "Quốc hiệu" and motto are pieces alone.

    ``closing``: the lines may be recipients with a signature block run into them.
    """
    found: list[Piece] = []
    at = start
    while at < end and len(found) < limit:
        stop = text.find("\n", at, end)
        stop = end if stop < 0 else stop
        line = text[at:stop]
        position = 0
        if closing and line[:1] in _LISTS and (office := _OFFICE.search(line)):
            _add(found, line, 0, office.start(), at)
            position = office.end()
        if "|" in line or "   " in line:
            for match in _COLUMNS.finditer(line, position):
                _cell(found, line, position, match.start(), at, closing=closing)
                position = match.end()
        _cell(found, line, position, len(line), at, closing=closing)
        at = stop + 1
    return found


def _cell(found: list[Piece], line: str, start: int, end: int, offset: int, *, closing: bool) -> None:
    """One cell; a signature block set on one line ("KT. CHỦ TỊCH PHÓ CHỦ TỊCH Lò Văn Mẫu") gives its parts."""
    if closing and end - start < 160 and (block := _GLUED_BLOCK.match(line, start, end)):
        for part in _BLOCK_PART.finditer(line, start, block.end("caps")):
            _put(found, line, part.start(), part.end(), offset)
        _put(found, line, block.start("name"), block.end("name"), offset)
        return
    _add(found, line, start, end, offset)


def _add(found: list[Piece], line: str, start: int, end: int, offset: int) -> None:
    if end - start < 200 and (match := _NATION.search(line, start, end)) and match.end() - match.start() < end - start:
        # "UBND TỈNH LAI CHÂU CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM": two columns on one line, a space apart.
        for left, right in ((start, match.start()), match.span(), (match.end(), end)):
            if left < right:
                _add(found, line, left, right, offset) if (left, right) != match.span() else _put(
                    found, line, left, right, offset
                )
        return
    if end - start < 240 and (match := _GLUED_NUMBER.search(line, start, end)):
        _put(found, line, start, match.start(), offset)  # "ỦY BAN NHÂN DÂN HUYỆN SÌN HỒ Số: 7/KH-UBND" in one cell
        start = match.end()
    _put(found, line, start, end, offset)


def _put(found: list[Piece], line: str, start: int, end: int, offset: int) -> None:
    whole = line[start:end]
    trimmed = whole.strip()
    if trimmed:
        start += len(whole) - len(whole.lstrip())
        found.append(Piece(trimmed, offset + start))


def is_caps(text: str) -> bool:
    """All letters are capitals, but for the small ones of codes: "CHỈ THỊ SỐ 19/CT-TTg"."""
    if text.isupper():
        return True
    for code in ("TTg", "CTr", "TTr", "QyĐ"):
        if code in text:
            text = text.replace(code, code.upper())
    return text.isupper()


# Words that keep a capital inside an organ's or an office's name: small → as written.
_PROPER = {
    "quốc hội": "Quốc hội", "chính phủ": "Chính phủ", "việt nam": "Việt Nam", "mặt trận tổ quốc": "Mặt trận Tổ quốc",
    "đảng": "Đảng", "hồ chí minh": "Hồ Chí Minh", "nhà nước": "Nhà nước", "thường trực": "Thường trực",
    "văn phòng": "Văn phòng", "thường vụ": "Thường vụ",
}  # fmt: skip
_PROPER_WORDS = re.compile(rf"(?<!\w)(?:{'|'.join(_PROPER)})(?!\w)")
_HEADS = re.compile(
    r"(?:sở|phòng|chi cục|cục|vụ|bộ|tổng cục|trung tâm|viện|trường|thanh tra|ban)(?= (?!trưởng|phó|tướng|tịch))"
)
# "bộ trưởng bộ tài chính": the organ after the office begins anew.
_OF_ORGAN = re.compile(
    r"(?:(?<=trưởng )|(?<=giám đốc )|(?<=chủ tịch ))(?:bộ|sở|cục|chi cục|tổng cục|ban|phòng|viện|trường|hội đồng|ủy "
    r"ban|uỷ ban)(?= )"
)
_RANKS = re.compile(r"(?:phó|quyền|nguyên|uỷ viên|ủy viên)(?= )")


_VOWEL = re.compile("[aeiouy]")


def ordinary(name: str) -> str:
    """A name or office in ordinary spelling: "PHÓ CHỦ TỊCH" → "Phó Chủ tịch", "SỞ NỘI VỤ" → "Sở Nội vụ".

    What is not all capitals is left as printed. For names that reference data does not know.
    """
    name = re.sub(r"\s+", " ", name).strip(" .,;:-")
    if not name or not is_caps(name):
        return name
    words = " ".join(
        word if len(word) > 1 and word.isalpha() and not _VOWEL.search(fold(word)) else word.lower()
        for word in name.split(" ")
    )  # no syllable lacks a vowel: "MTQG", "HTX" are short forms and stay
    return ", ".join(_ordinary(part) for part in re.split(r"\s*,\s*", words) if part)


def _ordinary(part: str) -> str:
    capitals = {0}
    if match := _RANKS.match(part):
        capitals.add(match.end() + 1)
    if organ := _OF_ORGAN.search(part):
        capitals.add(organ.start())
    for start in sorted(capitals):
        if head := _HEADS.match(part, start):
            capitals.add(head.end() + 1)
    part = "".join(letter.upper() if at in capitals else letter for at, letter in enumerate(part))
    return _PROPER_WORDS.sub(lambda found: _PROPER[found[0]], part)

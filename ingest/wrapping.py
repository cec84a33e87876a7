"""When is a line break a wrap, and when does a paragraph end?

``Wrapping`` looks at a whole file first (how wide its lines run, whether blank lines stand between paragraphs or
between all lines) and then answers for each pair of neighbouring lines. It is told text without markdown marks.
The rule where both answers are possible: a heading glued to prose is worse than a paragraph cut at a sentence end,
and a sentence cut in the middle is worst of all.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from kg.identifiers import fold

__all__ = ["BLANK", "HARD", "SOFT", "WIDE", "Line", "Wrapping"]

SOFT, BLANK, WIDE, HARD = 0, 1, 2, 3
"""What stands before a line: one line break, a blank line, more of them, or what never joins (a cell border, a rule)."""


@dataclass(slots=True)
class Line:
    """One printed line: "tỉnh Lai Châu về phát động phong trào", where it starts and ends, what stands before it."""

    start: int
    end: int
    text: str
    gap: int
    open: bool = False
    """A bold or italic run is still open at the line's end: the next line belongs to it."""
    bold: bool = False
    """The line is bold or italic from end to end: a unit of its own."""
    cell: bool = False
    """The line stands in a table cell."""
    heading: bool = False
    """The line is a markdown heading."""
    marks: bool = False
    """The line carries markdown marks or invisible characters that must go."""


_END = frozenset(".;:!?…")
_CLOSERS = "”\"’')]»"
_BULLETS = frozenset("-–—+•*▪●○◦·■□➢✓\uf0b7\uf02d\uf0a7\uf0d8\uf02b\uf0fc")
_KEEP_NUMBER_WITH = frozenset(
    "số tháng ngày năm điểm khoản điều mục chương phần quý lần thứ đến từ và hoặc là trên dưới hơn khoảng gần ít nhất "
    "tối thiểu đa đạt còn với phụ lục biểu mẫu nhóm cấp loại bậc hạng quyển tập kỳ khóa khoá tuổi giai đoạn "
    "tổng cộng trong bằng cả thêm tăng giảm xuống lên đợt vòng bảng hình tại của không - – / ( , x =".split()
)
# A line that ends in one of these is not at its end.
_CONNECTIVES = frozenset(
    "của và về số tại theo cho với do các những là đến từ trong ngày tháng trên bởi bằng tới hoặc cùng như được "
    "bị để khi thuộc giữa ngoài qua mà thì hay ở mỗi từng mọi toàn nhiều một hai ba khoản điểm điều thứ lần & / + –".split()
)
# These may stand before a name that goes on in the next line: "tỉnh / Lai Châu", "Bộ / Nội vụ".
_BEFORE_NAMES = frozenset(
    "tỉnh huyện xã phường quận thôn bản sở bộ ủy uỷ ban hội nghị thành chỉ quyết kế thông luật đồng ông bà đảng chủ giám phó "
    "chính quốc nhân trung thường văn giao đề".split()
)
_NAME_GOES_ON = re.compile(r"\w+ [A-ZĐ]")
_ORDINAL = re.compile(r"Thứ (?:nhất|hai|ba|tư|bốn|năm|sáu|bảy|tám|chín|mười)\b")
_UNIT = re.compile(
    r"(?:Chương|CHƯƠNG|Phần|PHẦN|Mục|MỤC|Tiểu mục|TIỂU MỤC|Phụ lục|PHỤ LỤC|Biểu|BIỂU|Mẫu số|MẪU SỐ)\b\s*"
    r"(?:số\s*)?(?:[IVXLC]+|\d+[a-zA-Z]?|thứ|THỨ|[A-Z])\b|(?:Phụ lục|PHỤ LỤC)\W*$|Điều\s+\d+[a-zđ]?\s*[.:]"
)
_ROMAN = re.compile(r"(?:[IVX]{1,6}|[A-HĐ])\s*(?:[.:/)]|\s?[-–]\s)(?:\d{1,2}[.)])*\s*\S")
_NUMBERED = re.compile(
    r"\d{1,2}(?:\.\d{1,2}){0,4}(?:\s*[.)/](?!\d)\s*\S|\s?[-–]\s+[^\W\d_])|\d{1,2}(?:\.\d{1,2}){1,4}\s+[^\W\d_]"
)
_LETTERED = re.compile(r"[a-zđ]{1,2}\s?(?:\)|\.(?=\s))")
_OPENERS = re.compile(
    r"Căn cứ |Xét (?:đề nghị|tờ trình|Tờ trình)|Theo đề nghị |Theo đề xuất |Trên đây |Nơi nhận|Kính gửi|"
    r"\((?:Ban hành )?[Kk]èm theo|\(Đính kèm"
)
# These open a paragraph after one that ends, even where the line before is full.
_ACTORS = re.compile(
    r"Giao |Đề nghị |Yêu cầu |Thực hiện |[UỦ][ỷỶyY]? ?[Bb]an nhân dân |UBND |Bộ trưởng |Hội đồng nhân dân |Chính phủ |"
    r"Trên cơ sở |(?:Quyết định|Kế hoạch|Chỉ thị|Nghị quyết|Thông tư|Nghị định) này "
)
_ALONE = re.compile(
    r"(?:(?:Nghị quyết|Luật|Pháp lệnh)\s+)?[Ss][ốỐ]\s*:|Số\s+\d+\s*-|K[íiÍI][nN][hH]\s*(?:gửi|GỬI)|N[ơƠ][iI]\s*(?:nhận|NHẬN|gửi)|"
    r"[Vv]/[vV]\b|L[ưƯ][uU]\s*:|(?:TM|KT|TL|TUQ|Q|PP|TA)\s*[./]\s?\S|[TK]/[MTL]L?\b|Độc lập\s*[-–]\s*Tự do|Cộng hòa xã hội chủ nghĩa"
)
_ALONE_CAPS = re.compile(r"cong hoa xa hoi chu nghia|doc lap\s*[-–]\s*tu do|dang cong san viet nam\W*$|pho ")
# Lines of the letterhead whose text may run on: "V/v phát động …", "Kính gửi: Thuế" / "thành phố Hồ Chí Minh".
_RUNS_ON = re.compile(r"V/v\b|Kính gửi\s*:\s*\S", re.I)
_DATELINE = re.compile(r"[^,;:]{0,40},?\s*[Nn]gày\b.{0,30}\btháng\b.{0,12}\bnăm\b\s*\d{0,4}\W*")
_CODE_HEAD = re.compile(r"(?:^|[\s:])\d{1,6}[/-](?:\d{4}/)?[A-ZĐƯa-z&]*[-/]?$")
_POSITION = re.compile(
    r"(?:quyen |q\. ?)?(?:pho )?(?:chu tich(?: quoc hoi| nuoc| hoi dong)?|giam doc|bo truong|thu truong|thu tuong|"
    r"cuc truong|chanh van phong|bi thu(?: thu nhat)?|truong (?:phong|ban|khoa)|tong (?:giam doc|cuc truong|bi thu)|"
    r"hieu truong|vien truong|chu nhiem|chanh (?:an|thanh tra)|tong kiem toan nha nuoc|chi cuc truong|vu truong|tu lenh)\W*"
)
# Who enacts, between a title and its bases: "CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH".
_AUTHORITY = re.compile(
    r"(?:(?:pho )?(?:thu tuong|chu tich|bo truong|tong|giam doc|cuc truong|thong doc|chanh an|vien truong|truong ban|hieu truong)\b.*|"
    r"chinh phu|quoc hoi|uy ban (?:thuong vu quoc hoi|nhan dan\b.*)|hoi dong (?:nhan dan|bau cu|tham phan)\b.*|bo chinh tri|"
    r"ban (?:bi thu|chap hanh|thuong vu)\b.*)\W*"
)
_CAPS_CONNECTIVES = frozenset("và của về tại cho với trong các theo ở từ đến những do bởi - – &".split())
_KIND = re.compile(
    r"(?:(?:bo )?luat|phap lenh|lenh|nghi dinh|nghi quyet(?: lien tich)?|quyet dinh|chi thi|thong tu(?: lien tich)?|"
    r"van ban hop nhat|ket luan|quy dinh|quy che|thong tri|dieu le|thong cao|thong bao(?: ket luan)?|huong dan|chuong trinh|"
    r"ke hoach|phuong an|de an|du an|bao cao|bien ban|to trinh|cong dien|giay moi|phu luc|quyet nghi|loi keu goi|tuyen bo)\W*"
)


def _stands_alone(text: str) -> bool:
    """A letterhead, addressing or signature line, or the bare kind of a document: "KẾ HOẠCH", "KT. CHỦ TỊCH"."""
    if len(text) > 90:
        return False
    if _ALONE.match(text) is not None:
        return True
    if "năm" in text and _DATELINE.fullmatch(text) is not None:
        return True
    return text.isupper() and _caps_alone(text)


@lru_cache(maxsize=4096)
def _caps_alone(text: str) -> bool:
    folded = fold(text).strip()
    return (
        _ALONE_CAPS.match(folded) is not None
        or _KIND.fullmatch(folded) is not None
        or _POSITION.fullmatch(folded) is not None
    )


@lru_cache(maxsize=1024)
def _enacts(text: str) -> bool:
    return len(text) <= 90 and _AUTHORITY.fullmatch(fold(text)) is not None


def _is_caps(text: str) -> bool:
    if text.isupper():
        return True
    for code in ("TTg", "CTr", "TTr", "QyĐ"):
        if code in text:
            text = text.replace(code, code.upper())
    return text.isupper()


def _last_word(text: str) -> str:
    return text.rsplit(None, 1)[-1].lower() if text else ""


def _finished(text: str) -> str:
    """The mark that ends a line ("." ";" ":" …), looked for behind closing quotes and brackets; "" when none."""
    last = text[-1]
    if last in _END:
        return last
    if last in _CLOSERS:
        rest = text.rstrip(_CLOSERS)
        if rest and rest[-1] in _END:
            return rest[-1]
    return ""


def _starts_unit(text: str) -> bool:
    """A heading or list item: "1.2. Tăng cường", "II. NHIỆM VỤ", "Điều 5.", "a) Rà soát"."""
    first = text[0]
    if first.isdigit():
        return _NUMBERED.match(text) is not None
    if first in "IVXABCDEFGHĐ" and _ROMAN.match(text) is not None:
        return True
    if first in "CPMTBĐ" and _UNIT.match(text) is not None:
        return True
    return _LETTERED.match(text) is not None or _ORDINAL.match(text) is not None


def _total(a: Line, b: Line, measure: Callable[[str], int]) -> int:
    return measure(a.text + " " + b.text.partition(" ")[0])


def _sure_wraps(lines: Sequence[Line]) -> list[tuple[Line, Line, bool]]:
    """Pairs that can only be wraps (no end mark, then a small letter); the flag: the first is its paragraph's first."""
    sure: list[tuple[Line, Line, bool]] = []
    previous: Line | None = None
    fresh = True
    for line in lines:
        if previous is not None:
            text = line.text
            if line.gap != HARD and text[0].islower() and text[1:2] not in (")", ".") and previous.text[-1] not in _END:
                sure.append((previous, line, fresh))
                fresh = False
                if len(sure) >= 2000:
                    break
            else:
                fresh = line.gap != SOFT or previous.text[-1] in _END or _starts_unit(text)
        previous = line
    return sure


class Wrapping:
    """How the lines of one file are wrapped; ``joins(a, b)`` says whether ``b`` goes on where ``a`` stopped."""

    def __init__(self, lines: Sequence[Line]) -> None:
        sure = _sure_wraps(lines)
        inner = [(a, b) for a, b, fresh in sure if not fresh and not a.cell][:160]
        if len(inner) < 5:
            inner = [(a, b) for a, b, _ in sure if not a.cell][:160]
        self._width: Callable[[str], int] = len
        self.full_at = 72
        """A line that would have passed this width with the next word is taken as full."""
        if len(inner) >= 5:
            by_length, by_type = (sorted(_total(a, b, measure) for a, b in inner) for measure in (len, _type_width))
            low, middle = len(inner) // 20, len(inner) // 2
            if by_type[low] * by_length[middle] > by_length[low] * by_type[middle]:
                self._width, by_length = _type_width, by_type
            self.full_at = max(by_length[low], by_length[middle] * 7 // 10)
        blank = sum(b.gap != SOFT for _, b in inner)
        wide = len(inner) >= 5 and sum(len(a.text) > 160 for a, _ in inner) * 2 > len(inner)
        self._near = BLANK if len(inner) >= 5 and blank * 2 > len(inner) and not wide else SOFT
        # In web pages whose source was wrapped with its tags, first lines break early, each near one of few widths.
        early = sorted(_total(a, b, len) for a, b, fresh in sure if fresh or a.cell)
        self._early = [
            total for total in early if total < 0.8 * (sum(len(a.text) for a, _ in inner) / (len(inner) or 1))
        ]
        if len(self._early) < 4 or len(self._early) * 8 < len(early):
            self._early = []

    def _full(self, a: Line, b: Line, share: float = 1.0) -> bool:
        return _total(a, b, self._width) >= self.full_at * share

    def _broken_early(self, a: Line, b: Line) -> bool:
        if not self._early:
            return False
        total = _total(a, b, len)
        return bisect_right(self._early, total + 3) - bisect_left(self._early, total - 3) >= 2

    def joins(self, a: Line, b: Line, *, fresh: bool = False, titled: bool = False) -> bool:
        """True when the break between ``a`` and ``b`` is a wrap.

        ``fresh``: ``a`` is the first line of its paragraph. ``titled``: that paragraph follows the bare kind of a
        document, so it is a title.
        """
        if b.gap == HARD or a.heading or b.heading or (b.bold and not a.open and not b.text[0].islower()):
            return False
        text, last = a.text, a.text[-1]
        first = b.text[0]
        near = b.gap <= self._near
        if text in _BULLETS or (len(text) <= 4 and text[-1] in ".)" and _starts_unit(text + " x")):
            return not _starts_unit(b.text)  # a bullet or number whose text stands on the next line
        end = _finished(text)
        if first.islower():
            if _LETTERED.match(b.text):
                return not end and last not in "," and self._full(a, b) and b.text[1:2] == "."
            if end:
                return near and self._full(a, b)
            if _is_caps(text) and " " in text and not a.open:
                return b.gap == SOFT and _last_word(text) in _CAPS_CONNECTIVES
            return not _stands_alone(text) or _RUNS_ON.match(text) is not None or (a.open and b.gap == SOFT)
        if first.isdigit():
            return self._joins_number(a, b, end, near)
        if first in _BULLETS:
            return self._joins_dash(a, b, end)
        if first.isalpha():
            return self._joins_capital(a, b, end, near, fresh=fresh, titled=titled)
        if first in "“\"‘'«":
            if end:
                return end not in ":" and near and self._full(a, b)
            return not _is_caps(text) and near
        if first == "(":
            return not end and not _OPENERS.match(b.text) and near and not (_is_caps(text) and " " in text)
        return near or not end  # "./.", ")", "%": what closes or goes on

    def _joins_number(self, a: Line, b: Line, end: str, near: bool) -> bool:
        if _NUMBERED.match(b.text):
            return not end and _last_word(a.text) in _KEEP_NUMBER_WITH
        if a.text.lower() in ("số:", "số"):
            return True
        if end:
            return end not in ":" and near and self._full(a, b)
        if _is_caps(a.text) and " " in a.text and not _is_caps(b.text):
            return False
        if _stands_alone(a.text) and not a.open:
            return False
        if len(b.text) <= 12 and not a.open and len(a.text) * 2 < 72 and " " not in b.text:
            return _last_word(a.text) in _KEEP_NUMBER_WITH  # a figure alone: rather a cell than a sentence
        return near or _last_word(a.text) in _KEEP_NUMBER_WITH

    def _joins_dash(self, a: Line, b: Line, end: str) -> bool:
        rest = b.text[1:].lstrip()
        if not rest:
            return False
        if end or a.text[-1] in ",":
            return False
        if b.text[0] in "-–—":
            if rest[0].isdigit() or (rest[0].islower() and self._full(a, b)):
                return not _is_caps(a.text) or rest[0].isdigit()
            if b.text[1:2] != " " and (
                a.text[-1].isdigit() or _last_word(a.text)[-1:].isupper() or "/" in _last_word(a.text)
            ):
                return True
            return _is_caps(a.text) and _is_caps(b.text) and b.gap == SOFT and self._full(a, b)
        return False

    def _joins_capital(self, a: Line, b: Line, end: str, near: bool, *, fresh: bool, titled: bool) -> bool:
        text = a.text
        if text[-1] in "-/" and near and _CODE_HEAD.search(text):
            return True
        if _stands_alone(b.text):
            dated = a.open and b.gap == SOFT and _DATELINE.fullmatch(b.text) is not None
            return dated and not _stands_alone(text)
        word = _last_word(text)
        if _starts_unit(b.text):
            if end or not near or _is_caps(text):
                return False
            return word in _CONNECTIVES or (
                self._full(a, b) and not _ORDINAL.match(b.text) and b.text[0] not in "IVX" and "." not in b.text[:8]
            )
        if _OPENERS.match(b.text) and not (a.open and not end):
            return text[-1] == "," or (not end and near and word in _CONNECTIVES and not b.text.startswith("Căn cứ"))
        caps, caps_b = _is_caps(text), _is_caps(b.text)
        if caps and (" " in text or not text[-1].isalpha() or not near):
            return self._joins_title(a, b, end, near, caps_b=caps_b, titled=titled)
        if caps and caps_b and near:
            return len(text) > 1 and not _stands_alone(text)
        if end:
            return end not in ":" and not caps_b and near and not _ACTORS.match(b.text) and self._full(a, b)
        if caps_b and " " in b.text and not a.open:
            return near and self._full(a, b) and len(b.text) < 20
        if _stands_alone(text) and not a.open:
            return _RUNS_ON.match(text) is not None and near and (self._full(a, b) or self._broken_early(a, b))
        if a.open and b.gap == SOFT:
            return True
        if text[-1] == "," or word in _CONNECTIVES or text.count("(") > text.count(")"):
            return True
        if near and word in _BEFORE_NAMES and (self._full(a, b, 0.75) or _NAME_GOES_ON.match(b.text)):
            return True
        if not near or a.bold:
            return False
        if self._full(a, b):
            return True
        if fresh and _starts_unit(text):
            return self._full(a, b, 0.94)
        return self._full(a, b, 0.85) or ((fresh or a.cell) and self._broken_early(a, b))

    def _joins_title(self, a: Line, b: Line, end: str, near: bool, *, caps_b: bool, titled: bool) -> bool:
        """``a`` is all capitals, of two words or more."""
        if _stands_alone(a.text) and not a.open:
            return False
        if not caps_b:
            return b.gap == SOFT and not end and a.open
        if not near or end:
            return False
        word = _last_word(a.text)
        if b.gap == SOFT and (a.open or word in _CAPS_CONNECTIVES):
            return True
        if _enacts(b.text):
            return False
        if titled:
            return True
        return not a.bold and self._full(a, b, 0.93)


# Advance widths of the type that administrative papers are set in, in thousandths of an em.
_WIDTHS = {
    250: " .,", 278: ";:ijlt/", 333: "frI-()", 389: "sJ", 444: "ceaz“”", 556: "FPS", 611: "ETLZ",
    667: "BCR", 722: "wADGHKNOQUVXYĐ", 778: "m", 833: "%", 889: "M", 944: "W",
}  # fmt: skip


class _Advances(dict[str, int]):
    def __missing__(self, character: str) -> int:
        self[character] = width = _BASE_WIDTHS.get(unicodedata.normalize("NFD", character)[0], 500)
        return width


_BASE_WIDTHS = {character: width for width, characters in _WIDTHS.items() for character in characters}
_ADVANCES = _Advances()


def _type_width(text: str) -> int:
    return sum(map(_ADVANCES.__getitem__, text))

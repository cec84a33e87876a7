"""Single printed lines: what stands before them, and what their wording tells of their place in a document.

"KT. CHỦ TỊCH" stands alone, "1.2. Tăng cường" starts a unit, "căn cứ Quyết định số" does not end. Nothing here looks at
two lines together; ``ingest.wrapping`` does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from ingest.printed import UPPER
from kg.identifiers import fold

__all__ = [
    "ACTORS",
    "BEFORE_NAMES",
    "BLANK",
    "BODY_OPENS",
    "BULLETS",
    "CAPS_CONNECTIVES",
    "CODE_HEAD",
    "CONNECTIVES",
    "DATELINE",
    "FOOTNOTE",
    "HARD",
    "KEEP_NUMBER_WITH",
    "LETTERED",
    "NAME_GOES_ON",
    "NUMBERED",
    "OPENERS",
    "ORDINAL",
    "PERSON",
    "PLACE_AND_DAY",
    "PLACE_HEAD",
    "RUNS_ON",
    "SENTENCE_ENDS",
    "SOFT",
    "UNFINISHED_NAME",
    "WIDE",
    "Line",
    "cuts_name",
    "enacts",
    "finished",
    "is_caps_line",
    "last_word",
    "names_kind",
    "parts_of_nation",
    "stands_alone",
    "starts_unit",
]

SOFT, BLANK, WIDE, HARD = 0, 1, 2, 3
"""What stands before a line: one break, a blank line, more of them, or what never joins (a cell border, a rule)."""


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
    borders: tuple[int, ...] | None = None
    """In a table row: the offsets of the cell borders before this line, () inside a cell; None outside rows."""
    lead: tuple[int, ...] = ()
    """Borders of empty cells that stand before the first filled one of a row."""
    tail: tuple[int, ...] = ()
    """Borders of empty cells that stand after the last filled one of a row."""
    heading: bool = False
    """The line is a markdown heading."""
    marks: bool = False
    """The line carries markdown marks or invisible characters that must go."""


SENTENCE_ENDS = frozenset(".;:!?…")
_CLOSERS = "”\"’')]»"
BULLETS = frozenset("-–—+•*▪●○◦·■□➢✓\uf0b7\uf02d\uf0a7\uf0d8\uf02b\uf0fc")
KEEP_NUMBER_WITH = frozenset(
    {
        "số", "tháng", "ngày", "năm", "điểm", "khoản", "điều", "mục", "chương", "phần", "quý", "lần", "thứ", "đến",
        "từ", "và", "hoặc", "là", "trên", "dưới", "hơn", "khoảng", "gần", "ít", "nhất", "tối", "thiểu", "đa", "đạt",
        "còn", "với", "phụ", "lục", "biểu", "mẫu", "nhóm", "cấp", "loại", "bậc", "hạng", "quyển", "tập", "kỳ", "khóa",
        "khoá", "tuổi", "giai", "đoạn", "tổng", "cộng", "trong", "bằng", "cả", "thêm", "tăng", "giảm", "xuống", "lên",
        "đợt", "vòng", "bảng", "hình", "tại", "của", "không", "-", "–", "/", "(", ",", "x", "=",
    }
)  # fmt: skip
# A line that ends in one of these is not at its end.
CONNECTIVES = frozenset(
    {
        "của", "và", "về", "số", "tại", "theo", "cho", "với", "do", "các", "những", "là", "đến", "từ", "trong", "ngày",
        "tháng", "trên", "bởi", "bằng", "tới", "hoặc", "cùng", "như", "được", "bị", "để", "khi", "thuộc", "giữa",
        "ngoài", "qua", "mà", "thì", "hay", "ở", "mỗi", "từng", "mọi", "toàn", "nhiều", "một", "hai", "ba", "khoản",
        "điểm", "điều", "thứ", "lần", "&", "/", "+", "–",
    }
)  # fmt: skip
# These may stand before a name that goes on in the next line: "tỉnh / Lai Châu", "Bộ / Nội vụ".
BEFORE_NAMES = frozenset(
    {
        "tỉnh", "huyện", "xã", "phường", "quận", "thôn", "bản", "sở", "bộ", "ủy", "uỷ", "ban", "hội", "nghị", "thành",
        "chỉ", "quyết", "kế", "thông", "luật", "đồng", "ông", "bà", "đảng", "chủ", "giám", "phó", "chính", "quốc",
        "nhân", "trung", "thường", "văn", "giao", "đề",
    }
)  # fmt: skip
NAME_GOES_ON = re.compile(r"\w+ [A-ZĐ]")
ORDINAL = re.compile(r"Thứ (?:nhất|hai|ba|tư|bốn|năm|sáu|bảy|tám|chín|mười)\b")
_UNIT = re.compile(
    r"(?:Chương|CHƯƠNG|Phần|PHẦN|Mục|MỤC|Tiểu mục|TIỂU MỤC|Phụ lục|PHỤ LỤC|Biểu|BIỂU|Mẫu số|MẪU SỐ)\b\s*"
    r"(?:số\s*)?(?:[IVXLC]+|\d+[a-zA-Z]?|thứ|THỨ|[A-Z])\b|(?:Phụ lục|PHỤ LỤC)\W*$|Điều\s+\d+[a-zđ]?\s*[.:]"
)
_ROMAN = re.compile(r"(?:[IVX]{1,6}|[A-HĐ])\s*(?:[.:/)]|\s?[-–]\s)(?:\d{1,2}[.)])*\s*\S")
NUMBERED = re.compile(
    r"\d{1,2}(?:\.\d{1,2}){0,4}(?:\s*(?:[.)](?!\d)|/\s)\s*\S|\s?[-–]\s+[^\W\d_])|\d{1,2}(?:\.\d{1,2}){1,4}\s+[^\W\d_]"
)
LETTERED = re.compile(r"[a-zđ]{1,2}\s?(?:\)|\.(?=\s))")
OPENERS = re.compile(
    r"Căn cứ |Xét (?:đề nghị|tờ trình|Tờ trình)|Theo đề nghị |Theo đề xuất |Trên đây |Nơi nhận|Kính gửi|"
    r"\((?:Ban hành )?[Kk]èm theo|\(Đính kèm"
)
BODY_OPENS = re.compile(
    r"Thực hiện|Thi hành|Để |Nhằm|Triển khai|Trong |Sau |Theo |Qua |Năm |Ngày |Tiếp tục|Hiện nay|[\w ]{2,30}:|"
    r"[\w ,]{2,90} điện\s?:$"
)
# These open a paragraph after one that ends, even where the line before is full.
ACTORS = re.compile(
    r"Giao |Đề nghị |Yêu cầu |Thực hiện |[UỦ][ỷỶyY]? ?[Bb]an nhân dân |UBND |Bộ trưởng |Hội đồng nhân dân |Chính "
    r"phủ |"
    r"Trên cơ sở |(?:Quyết định|Kế hoạch|Chỉ thị|Nghị quyết|Thông tư|Nghị định) này "
)
_ALONE = re.compile(
    r"(?:(?:Nghị quyết|Luật|Pháp lệnh)\s+)?[Ss][ốỐ]\s*:|Số\s+\d+\s*-|K[íiÍI][nN][hH]\s*(?:gửi|GỬI)|"
    r"N[ơƠ][iI]\s*(?:nhận|NHẬN|gửi)|"
    r"[Vv]/[vV]\b|L[ưƯ][uU]\s*:|(?:TM|KT|TL|TUQ|Q|PP|TA)\s*[./]\s?\S|[TK]/[MTL]L?\b|Độc lập\s*[-–]\s*Tự do|Cộng hòa "
    r"xã hội chủ nghĩa"
)
_ALONE_CAPS = re.compile(
    r"cong hoa xa hoi chu nghia|doc lap\s*[-–]\s*tu do|dang cong san viet nam\W*$|pho |"
    r"(?:(?:toi |tuyet )?mat|(?:thuong )?khan|hoa toc|du thao|du thao lan \S+|ban sao|sao y)\W*$"
)
# Lines of the letterhead whose text may run on: "V/v phát động …", "Kính gửi: Thuế" / "thành phố Hồ Chí Minh".
RUNS_ON = re.compile(r"V/v\b|Kính gửi\s*:\s*\S", re.I)
DATELINE = re.compile(r"[^,;:]{0,40},?\s*[Nn]gày\b.{0,30}\btháng\b.{0,12}\bnăm\b\s*\d{0,4}\W*")
# "Hà" / "Nội, ngày 02 tháng 5 năm 2024": the beginning of a place cut off.
PLACE_HEAD = re.compile(r"[^\W\d_]\w*(?: [^\W\d_]\w*){0,3}")
# "Vĩnh Long, ngày" / "02 tháng 12 năm 2025": a dateline cut in its middle.
PLACE_AND_DAY = re.compile(r"[^,;:.]{2,30},\s*ngày(?:\s*\d{1,2})?$")
PERSON = re.compile(rf"[{UPPER}]\w*(?: [{UPPER}]\w*){{1,4}}")
FOOTNOTE = re.compile(r"\[\w{1,4}\]|\((?:\d{1,2}|[a-zđ])\)\s")
CODE_HEAD = re.compile(r"(?:^|[\s:])\d{1,6}\s?[/-]\s?(?:\d{4}/)?[A-ZĐƯa-z&]*\s?[-–/]$")
# The beginning of a body's or an office's name that cannot be its end.
UNFINISHED_NAME = re.compile(
    r"(?:\b[Cc]hánh|[Cc]hánh [Vv]ăn phòng|[,;] (?:Giám đốc|Chủ tịch|Thủ trưởng|Trưởng ban|Vụ trưởng|Cục trưởng)"
    r"|\b(?:Sở|Bộ) Công|phối hợp(?: với)?|(?<!\S)[UỦ][ỷyỶ] ?[Bb]an(?: nhân)?(?: dân)?)$"
)
_POSITION = re.compile(
    r"(?:quyen |q\. ?)?(?:pho )?(?:chu tich(?: quoc hoi| nuoc| hoi dong)?|giam doc|bo truong|thu truong|thu tuong|"
    r"cuc truong|chanh van phong|bi thu(?: thu nhat)?|truong (?:phong|ban|khoa)|tong (?:giam doc|cuc truong|bi thu)|"
    r"hieu truong|vien truong|chu nhiem|chanh (?:an|thanh tra)|tong kiem toan nha nuoc|chi cuc truong|vu truong|tu "
    r"lenh)\W*"
)
# Who enacts, between a title and its bases: "CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH".
_AUTHORITY = re.compile(
    r"(?:(?:pho )?(?:thu tuong|chu tich|bo truong|tong|giam doc|cuc truong|thong doc|chanh an|vien truong|truong ban|"
    r"hieu truong)\b.*|chinh phu|quoc hoi|uy ban (?:thuong vu quoc hoi|nhan dan\b.*)|"
    r"hoi dong (?:nhan dan|bau cu|tham phan)\b.*|bo chinh tri|ban (?:bi thu|chap hanh|thuong vu)\b.*)\W*"
)
CAPS_CONNECTIVES = frozenset(
    {
        "và", "của", "về", "tại", "cho", "với", "trong", "các", "theo", "ở", "từ", "đến", "những", "do", "bởi", "-",
        "–", "&",
    }
)  # fmt: skip
_KIND = re.compile(
    r"(?:(?:bo )?luat|phap lenh|lenh|nghi dinh|nghi quyet(?: lien tich)?|quyet dinh|chi thi|thong tu(?: lien tich)?|"
    r"van ban hop nhat|ket luan|quy dinh|quy che|thong tri|dieu le|thong cao|thong bao(?: ket luan)?|huong dan|"
    r"chuong trinh|"
    r"ke hoach|phuong an|de an|du an|bao cao|bien ban|to trinh|cong dien|giay moi|phu luc|danh muc|noi quy|quyet "
    r"nghi|"
    r"loi keu goi|tuyen bo)\W*"
)


def stands_alone(text: str) -> bool:
    """A letterhead, addressing or signature line, or the bare kind of a document: "KẾ HOẠCH", "KT. CHỦ TỊCH"."""
    if len(text) > 90:
        return False
    if _ALONE.match(text) is not None:
        return True
    if "năm" in text and DATELINE.fullmatch(text) is not None:
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
def names_kind(text: str) -> bool:
    """A line that is only the kind of a document: "KẾ HOẠCH", "THÔNG BÁO KẾT LUẬN"."""
    return len(text) < 40 and text.isupper() and _KIND.fullmatch(fold(text)) is not None


_NATION = "cong hoa xa hoi chu nghia viet nam"


def parts_of_nation(first: str, second: str) -> bool:
    """Two lines in capitals that are pieces of "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"."""
    return len(first) < 36 and len(second) < 36 and fold(f"{first} {second}") in _NATION


_CUT_NAMES = tuple(
    (" ".join(words[:cut]), " ".join(words[cut:]))
    for words in (["uy", "ban", "nhan", "dan"], ["hoi", "dong", "nhan", "dan"], ["thu", "tuong", "chinh", "phu"])
    for cut in (1, 2, 3)
)


def cuts_name(first: str, second: str) -> bool:
    """A name across the break of two lines in capitals: "CHỦ TỊCH ỦY BAN" / "NHÂN DÂN TỈNH", "QUYẾT" / "ĐỊNH"."""
    if len(first) > 60 or len(second) > 60:
        return False
    if " " not in first and names_kind(f"{first} {second}"):
        return True
    before, after = fold(first), fold(second)
    return any(before.endswith(left) and after.startswith(right) for left, right in _CUT_NAMES)


@lru_cache(maxsize=1024)
def enacts(text: str) -> bool:
    return len(text) <= 90 and _AUTHORITY.fullmatch(fold(text)) is not None


def is_caps_line(text: str) -> bool:
    if text.isupper():
        return True
    for code in ("TTg", "CTr", "TTr", "QyĐ"):
        if code in text:
            text = text.replace(code, code.upper())
    return text.isupper()


def last_word(text: str) -> str:
    return text.rsplit(None, 1)[-1].lower() if text else ""


def finished(text: str) -> str:
    """The mark that ends a line ("." ";" ":" …), looked for behind closing quotes and brackets; "" when none."""
    last = text[-1]
    if last in SENTENCE_ENDS:
        return last
    if last in _CLOSERS:
        rest = text.rstrip(_CLOSERS)
        if rest and rest[-1] in SENTENCE_ENDS:
            return rest[-1]
    return ""


def starts_unit(text: str) -> bool:
    """A heading or list item: "1.2. Tăng cường", "II. NHIỆM VỤ", "Điều 5.", "a) Rà soát"."""
    first = text[0]
    if first.isdigit():
        return NUMBERED.match(text) is not None
    if first in "IVXABCDEFGHĐ" and _ROMAN.match(text) is not None:
        return True
    if first in "CPMTBĐ" and _UNIT.match(text) is not None:
        return True
    return LETTERED.match(text) is not None or ORDINAL.match(text) is not None

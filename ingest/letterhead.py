"""The head of a document: own number, date and place, kind, title, and the lines that name the issuer.

It is found wherever it stands: at the top, after a web page's summary, under a gazette's section title; in two columns
one after the other or interleaved; with or without number, day, "Quốc hiệu".
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from ingest.plainhead import read_plain
from ingest.printed import UPPER, Piece, is_caps, pieces
from kg.identifiers import DocumentNumber, parse_number
from kg.kinds import KINDS, Kind

__all__ = ["HEAD_CHARACTERS", "Letterhead", "kind_of_caption", "read_letterhead"]

HEAD_CHARACTERS = 60_000
"""A letterhead that has not begun by here is not looked for: a web summary is a page or two."""

_OWN_NUMBER = re.compile(
    r"(?:(?:Bộ luật|Luật|Pháp lệnh|Nghị quyết|Nghị định|Quyết định|Thông tư|LUẬT|NGHỊ QUYẾT|PHÁP LỆNH)\s+)?"
    r"[Ss][ốỐổôÔ]\s*[:.]?\s*(?P<digits>\d{1,6}\s?[A-ZĐa-z]?(?![\w])|[.…_\s]*)\s*"
    rf"(?P<symbol>[-–—/]\s*(?:\d{{4}}\s*[-–/]\s*)?[{UPPER}][\w&.]*(?:\s*[-–—/]\s*[{UPPER}a-z][\w&.]*)*)"
)
_BARE_NUMBER = re.compile(r"[Ss][ốỐ]\s*:\s*(?:[.…_]*|\d{0,5})\s*$")
_DATE = re.compile(
    r"[Nn]gày\s*(?P<day>\d{1,2}|[.…_]*)\s*tháng\s*(?P<month>\d{1,2}|[.…_]*)\s*năm\s*(?P<year>(?:19|20)\d\d)|"
    r"[Nn]gày\s*(?P<day2>\d{1,2})\s*[-/.]\s*(?P<month2>\d{1,2})\s*[-/.]\s*(?P<year2>(?:19|20)\d\d)"
)
_PLACE = re.compile(r"(?P<place>[^\W\da-z_][^\d,;:|]{1,40}?)\s*,?\s*$")
_SUBJECT = re.compile(r"(?:V/v|V/V|v/v|V\.v|VV)\s*[:.]?\s*|Về việc\s*[:]?\s+")
_ABOUT = re.compile(r"Về\s+")
_ADDRESSED = re.compile(r"kinh gui\b")
_ORDERED = re.compile(r"[^.;]{3,80}\bdien\s*:$")
_OPENING = re.compile(
    r"Căn cứ|Xét|Theo đề nghị|Thi hành|Thực hiện|Để |Nhằm|Trong |Ngày \d|Sau khi|Trên cơ sở|Hiện nay|Vừa qua|Theo |"
    r"Qua |Từ |Kính gửi|Điều \d|[IVX]+\.|\d+\.|Phần |Chương |Triển khai|Tiếp tục|Nhân dịp|Năm \d|[-+•]"
)
_BASES = re.compile(r"Căn cứ|Xét |Theo đề nghị|Kính gửi|Điều \d|I\s*[.-]|1\.|[-+•] |Chương |Phần |Trong không khí")
_AUTHORITY = re.compile(
    r"(?:(?:pho )?(?:thu tuong|chu tich|bo truong|tong|giam doc|cuc truong|thong doc|chanh an|vien truong|truong "
    r"ban|hieu truong)\b.*|"
    r"chinh phu|quoc hoi|uy ban (?:thuong vu quoc hoi|nhan dan\b.*)|hoi dong .*|bo chinh tri|ban (?:bi thu|chap "
    r"hanh|thuong vu).*|"
    r"so .{3,60}|lien bo.*|.{3,80}\bdien\s*:)$"
)
_STATE_OR_PARTY = re.compile(r".{0,60}cong hoa xa hoi|dang cong san viet nam|doc lap\s*[-–]\s*tu do")
_NOT_ISSUER = re.compile(
    r"(?:cong hoa xa hoi|(?:(?:xa )?hoi )?chu nghia viet nam|doc lap|dang cong san viet nam|van ban quy pham|"
    r"phan van ban|cong bao|du thao|ban sao|sao y|trich|hoa toc|thuong khan|khan$|toi mat|tuyet mat|mat$|tinh trang|"
    r"da biet|"
    r"muc luc|noi nhan|kinh gui|don vi tinh|ban chinh)"
)
_URGENCY = re.compile(r"(?:hoa toc|thuong khan|khan|toi khan|hoa toc hen gio.{0,30})[\s*.!]*")
_MOTTO = re.compile(r"doan (?:tncs|thanh nien cong san) ho chi minh")
"""The right column of a paper of the Youth Union, where the State's has the name of the country."""
_BY_ORGAN = re.compile(rf"(?:CỦA|của|Của)\s+(?=[{UPPER}])")


@dataclass(slots=True)
class Letterhead:
    """What stands above the body: of "UBND TỈNH LAI CHÂU … Số: /UBND-TH … V/v …" each part, and where it ends.

    ``kind_word`` is the kind the heading names; ``subject`` is True when the title is a "V/v" line;
    ``organ`` the body named under the title ("CỦA BỘ CHÍNH TRỊ", "THỦ TƯỚNG CHÍNH PHỦ").
    """

    start: int = 0
    end: int = 0
    issuer: list[Piece] = field(default_factory=list)
    number: DocumentNumber | None = None
    number_at: int | None = None
    date: dt.date | None = None
    month: str | None = None
    year: int | None = None
    place: str | None = None
    kind_word: Kind | None = None
    title: str | None = None
    subject: bool = False
    organ: str | None = None
    addressed_at: int | None = None


@cache
def _kind_patterns() -> tuple[re.Pattern[str], dict[str, Kind]]:
    labels = {kind.label.upper(): kind for kind in KINDS}
    labels |= (
        {"UỶ QUYỀN": labels["GIẤY ỦY QUYỀN"], "LỜI KÊU GỌI": labels["THƯ CÔNG"]} if "GIẤY ỦY QUYỀN" in labels else {}
    )
    ordered = sorted(labels, key=len, reverse=True)
    return re.compile(rf"(?P<kind>{'|'.join(map(re.escape, ordered))})(?P<rest>.*)$", re.S), labels


def kind_of_caption(text: str) -> tuple[Kind, str] | None:
    """The kind a heading line names and what follows it: "THÔNG BÁO KẾT LUẬN" → (Thông báo, "KẾT LUẬN").

    Only lines in capitals (the rest may be a title glued on): "QUYẾT ĐỊNH:" enacts and is no heading.
    """
    pattern, labels = _kind_patterns()
    match = pattern.match(re.sub(r"\s+", " ", text))
    if match is None:
        return None
    rest = match["rest"]
    kind = labels[match["kind"]]
    if not rest.strip(" .*_-"):
        return kind, ""
    if rest[0].isalpha():  # "THÔNG TƯQuy định …": the break was lost, else it is a longer word
        return (kind, rest) if rest[1:2].islower() else None
    if rest[0] == ":" or not rest.strip():
        return None
    rest = rest.strip()
    if is_caps(rest) or rest[0].isupper() or rest[0] in '“"(' or rest.startswith(("về", "của")):
        return kind, rest
    return None


def read_letterhead(text: str) -> Letterhead:
    """Reads the head of canonical ``text``; everything unknown stays None."""
    head = Letterhead()
    end = min(len(text), HEAD_CHARACTERS)
    window = pieces(text, 0, end, limit=60)
    anchor = _anchor(window)
    if (anchor is None or anchor > 25) and len(window) == 60:
        window = pieces(text, 0, end, limit=400)
        anchor = _anchor(window)
    if anchor is None:
        read_plain(window, head)
        return head
    first = anchor
    while (
        first > 0
        and anchor - first < 8
        and (_may_name_issuer(window[first - 1]) or _URGENCY.fullmatch(window[first - 1].folded))
    ):
        first -= 1
    head.start = window[first].start
    index = _read_head(window, first, head)
    if head.kind_word is not None and not head.subject:
        index = _read_title(window, index, head)
    else:
        head.end = max(head.end, window[index - 1].end) if index > first else head.end
    for piece in window[index : index + 12]:
        if _ADDRESSED.match(piece.folded) or _ORDERED.match(piece.folded):
            head.addressed_at = piece.start
            break
        if len(piece.text) > 160:
            break
    return head


def _anchor(window: Sequence[Piece]) -> int | None:
    """The first piece that only a letterhead or title has."""
    for index, piece in enumerate(window):
        if len(piece.text) > 200:
            continue
        if "cong hoa xa hoi chu nghia viet nam" in piece.folded and piece.text[:4].isupper():
            return index
        if piece.folded.startswith("cong hoa xa") and is_caps(piece.text) and len(piece.text) < 40:
            return index
        if piece.folded.startswith("dang cong san viet nam") and is_caps(piece.text):
            return index
        if (match := _OWN_NUMBER.match(piece.text)) and _number_alone(piece, match):
            return index
        if is_caps(piece.text) and len(piece.text) < 60 and (found := kind_of_caption(piece.text)) and not found[1]:
            return index
        if index < 3 and (found := kind_of_caption(piece.text)) and piece.text[:4].isupper():
            return index
    return None


def _number_alone(piece: Piece, match: re.Match[str]) -> bool:
    """The number is the line's own: nothing but a date, a place or a subject follows."""
    rest = piece.text[match.end() :].strip(" .,;*")
    return not rest or bool(_DATE.search(rest) and len(rest) < 60 and rest[0].isupper()) or bool(_SUBJECT.match(rest))


def _may_name_issuer(piece: Piece) -> bool:
    text = piece.text
    return (
        len(text) <= 90
        and text[-1] not in ".;:"
        and is_caps(text)
        and any(character.isalpha() for character in text)
        and not _NOT_ISSUER.match(piece.folded)
    )


def _read_head(window: Sequence[Piece], first: int, head: Letterhead) -> int:
    """Reads from ``first`` to the kind, the addressing or the first prose; returns the index after it."""
    index = first
    subject: list[str] = []
    cut_place = ""
    while index < len(window) and index - first < 60:
        piece = window[index]
        if _STATE_OR_PARTY.match(piece.folded) and len(piece.text) < 120:
            pass
        elif _ADDRESSED.match(piece.folded):
            head.addressed_at = piece.start
            break
        elif head.number_at is None and (match := _OWN_NUMBER.match(piece.text)) and _number_alone(piece, match):
            _take_number(piece, match, head)
            rest = piece.after(match.end())
            if rest.text and not _take_date(rest, head) and (found := _SUBJECT.match(rest.text)):
                head.subject = True
                subject.append(rest.text[found.end() :])
        elif head.number_at is None and _BARE_NUMBER.match(piece.text):
            head.number_at = piece.start
        elif (
            head.kind_word is None
            and not subject
            and (match := _SUBJECT.match(piece.text) or (_ABOUT.match(piece.text) if head.number else None))
        ):
            head.subject = True
            subject.append(piece.text[match.end() :])
        elif len(piece.text) < 90 and _take_date(piece, head):
            if cut_place and head.place:
                head.place = f"{cut_place} {head.place}"
        elif _begins_place(window, index):
            cut_place = piece.text
        elif (found_kind := kind_of_caption(piece.text)) and (is_caps(piece.text[: len(found_kind[0].label)])):
            head.kind_word = found_kind[0]
            head.end = piece.end
            if found_kind[1]:
                head.title = found_kind[1]
            index += 1
            head.subject = False
            if subject and not head.title:
                head.title = " ".join(subject)
            break
        elif subject and not _ends_subject(piece, head):
            subject.append(piece.text)
        elif _may_name_issuer(piece):
            if not subject and not (head.issuer and _MOTTO.fullmatch(piece.folded)):
                head.issuer.append(piece)
        elif _NOT_ISSUER.match(piece.folded) or not any(character.isalnum() for character in piece.text):
            pass
        elif head.number_at is None and len(piece.text) < 60 and index - first < 6 and piece.text[-1] not in ".;:":
            head.issuer.append(piece)
        else:
            break
        head.end = piece.end
        index += 1
    if head.subject and head.kind_word is None and subject:
        head.title = re.sub(r"\s+", " ", " ".join(subject)).strip(" .;*")
    return index


def _begins_place(window: Sequence[Piece], index: int) -> bool:
    """ "Thành phố Hồ Chí" before "Minh, ngày 18 tháng 11 năm 2025"."""
    text = window[index].text
    if len(text) > 24 or is_caps(text) or not all(part.isalpha() for part in text.split()):
        return False
    following = window[index + 1].text if index + 1 < len(window) else ""
    match = _DATE.search(following)
    return match is not None and 0 < match.start() < 20 and len(following) - match.end() < 12


def _ends_subject(piece: Piece, head: Letterhead) -> bool:
    text = piece.text
    return len(text) > 160 or text[-1] in ".:" or (is_caps(text) and " " in text) or bool(_OPENING.match(text))


def _take_number(piece: Piece, match: re.Match[str], head: Letterhead) -> None:
    digits = match["digits"].strip()
    token = (digits if digits[:1].isdigit() else "") + match["symbol"].strip(" .")
    head.number = parse_number(token)
    head.number_at = piece.start


def _take_late_number(piece: Piece, head: Letterhead) -> bool:
    """A number printed under the kind: "KẾ HOẠCH / Số: 12/KH-UBND"."""
    match = _OWN_NUMBER.match(piece.text)
    if match is None or head.number is not None or not _number_alone(piece, match):
        return False
    _take_number(piece, match, head)
    return True


def _take_date(piece: Piece, head: Letterhead) -> bool:
    match = _DATE.search(piece.text)
    if match is None:
        return False
    before = piece.text[: match.start()].strip()
    if len(before) > 45 or (before and not _PLACE.match(before)) or len(piece.text) - match.end() > 12:
        return False
    if head.date is None and head.month is None and head.year is None:
        year = int(match["year"] or match["year2"])
        month = match["month"] or match["month2"] or ""
        day = match["day"] or match["day2"] or ""
        head.year = year
        if month.isdigit() and 1 <= int(month) <= 12:
            head.month = f"{year}-{int(month):02d}"
            if day.isdigit():
                try:
                    head.date = dt.date(year, int(month), int(day))
                except ValueError:
                    head.date = None
        if before:
            head.place = before.rstrip(" ,")
    return True


def _read_title(window: Sequence[Piece], index: int, head: Letterhead) -> int:
    """The title under the kind: the lines up to the first base, the authority that enacts, or prose."""
    parts = [head.title] if head.title else []
    glued = len(parts)
    while index < len(window) and len(parts) < 12:
        piece = window[index]
        text = piece.text
        if not any(character.isalpha() for character in text):
            index += 1
            continue
        if _BASES.match(text) or _ADDRESSED.match(piece.folded):
            break
        if len(text) < 90 and (_take_date(piece, head) or _take_late_number(piece, head)):
            index += 1
            continue
        if len(parts) > glued or (glued and not is_caps(parts[0])):
            previous = parts[-1]
            same = (is_caps(previous) and is_caps(text)) or text[0].islower() or text[0] == "("
            if not same or _AUTHORITY.match(piece.folded) or previous[-1] in ".;:" or len(text) > 300:
                break
        elif is_caps(text) and _AUTHORITY.match(piece.folded) and parts:
            break
        elif (match := _BY_ORGAN.match(text)) and _AUTHORITY.match(piece.folded[match.end() :]) and not parts:
            head.organ = text[match.end() :]
            head.end = piece.end
            index += 1
            continue
        elif (not is_caps(text) and len(text) > 600) or (parts and not is_caps(text)):
            break
        if text[0] == "(" and re.match(r"\((?:ban hanh )?kem theo|\(du thao", piece.folded):
            index += 1
            continue
        parts.append(text)
        head.end = piece.end
        index += 1
    head.title = re.sub(r"\s+", " ", " ".join(part for part in parts if part)).strip(" .;*") or None
    if index < len(window) and is_caps(window[index].text) and _AUTHORITY.match(window[index].folded):
        head.organ = head.organ or window[index].text
    return index

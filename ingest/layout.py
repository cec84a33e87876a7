"""Where the parts of a document stand, and what it says of itself: the whole of its metadata.

The work is done by ``letterhead``, ``authority``, ``signature`` and ``recipients``; here their answers meet.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from typing import TYPE_CHECKING

from ingest.authority import Issuing, find_issuing
from ingest.duties import Duties, Family
from ingest.letterhead import Letterhead, read_letterhead
from ingest.printed import UPPER, Piece, pieces
from ingest.recipients import RecipientList, find_addressees, find_recipients
from ingest.signature import SignatureBlock, find_signatures, is_signature_line
from kg.identifiers import fold
from kg.kinds import Kind, kinds_by_code
from kg.model import Addressee, CanonicalText, Issue, Layout, Metadata, Span

if TYPE_CHECKING:
    from kg.reference import Reference

__all__ = ["read_layout"]

_CLOSING = re.compile(
    rf"^[ \t]*(?:(?P<list>N[ơƠ][iI] ?(?:nhận|NHẬN|gửi)\b|[-–] [^\n]*; [-–] ?L[uư]u\b)|"
    rf"(?:(?:TM|KT|TL|TUQ|Q)\s*[./]|T/M|K/T|T/L|T/UQ)[. ]*[{UPPER}]|[{UPPER}][{UPPER},\-– ]{{4,90}}$)[^\n]*",
    re.M,
)
_CLOSING_CHARACTERS = 12_000
_CLOSING_PIECES = 90
_MOST_BLOCKS = 60
"""So many lines in capitals are tried as the start of a signature; a form with more of them has it under "Nơi nhận"."""
_FIRST_UNIT = re.compile(
    r"^(?:[IVX]{1,5}\s*[.\-–/)]|[A-H]\.\s|\d{1,2}(?:\.\d{1,2})*(?:[.)]\s|\s?[-–]\s+[^\W\d_])|[-+•–]\s|Điều\s+\d+|"
    r"ĐIỀU\s+\d+|Chương\s|CHƯƠNG\s|"
    r"PHẦN\s|Phần\s+(?:thứ|I|1|A)|Mục\s+\d|Thứ nhất\b|a\)\s)",
    re.M,
)
_PASSED = re.compile(
    r"thông qua(?: tại [^.;\n]{0,120}?)?,?\s*(?:vào\s+)?ngày\s*(?P<day>\d{1,2})\s*(?:tháng|"
    r"[/.-])\s*(?P<month>\d{1,2})\s*"
    r"(?:năm|[/.-])\s*(?P<year>(?:19|20)\d\d)"
)
_BASES = re.compile(r"Căn cứ |Theo đề nghị|Xét |QUYẾT (?:ĐỊNH|NGHỊ)|Điều 1\b|I\. ")
_ANNEX_HEAD = re.compile(r"^(?:PHỤ LỤC|Phụ lục|DANH MỤC|BIỂU|MẪU|Mẫu số|Biểu số)", re.M)
_CAPTION = re.compile(r"[^\n]{10,400}\b(?:do .{3,80} ban hành|năm \d{4})\W*$")


def read_layout(text: CanonicalText, reference: Reference) -> Layout:
    """The parts and metadata of one canonical text; what the file does not say stays None."""
    whole = text.text
    head = read_letterhead(whole)
    start, blocks, listed = _closing(whole, head)
    day = head.date or _passed(whole, head, start)
    on = day or _bounds(head)[0]
    organ = next((block.organ for block in blocks if block.organ), None)
    issuing = find_issuing(whole, head, start, organ, reference, on)
    duties = Duties(issuing.level, _family(issuing, reference))
    recipients = find_recipients(_closing_pieces(whole, start), duties) if listed else RecipientList()
    addressees, opening_at = _addressees(whole, head, duties)
    closing_end = max([start, *(block.end for block in blocks), recipients.end or 0])
    annex = _annex(whole, closing_end, head.number.text if head.number and head.number.number else None)
    opening_start = opening_at if opening_at is not None else head.end
    first = _FIRST_UNIT.search(whole, opening_start, start) if opening_start < start else None
    metadata = _metadata(head, issuing, day, blocks, addressees, recipients)
    return Layout(
        header=Span(0, head.end),
        opening=Span(opening_start, max(first.start() if first else start, opening_start)),
        body=Span(head.end, max(start, head.end)),
        closing=Span(start, annex.start if annex else len(whole)),
        annex=annex,
        metadata=metadata,
        issues=_issues(head, metadata),
    )


def _closing(whole: str, head: Letterhead) -> tuple[int, tuple[SignatureBlock, ...], bool]:
    """Where the closing starts, the document's own signature blocks, and whether recipients are listed."""
    passed = tries = 0
    for match in _CLOSING.finditer(whole, head.end):
        listed = match["list"] is not None
        if not listed:
            if match.start() < passed or tries >= _MOST_BLOCKS:
                continue
            line = pieces(whole, match.start(), match.end(), limit=2)
            if not line or not is_signature_line(line[0]):
                continue
            tries += 1
        start = match.start()
        if listed and match[0].lstrip()[0] in "-–":
            start = _list_start(whole, start, head.end)
        rest = _closing_pieces(whole, start)
        blocks = _own_blocks(whole, find_signatures(rest))
        if listed:
            return start, blocks, True
        if blocks and blocks[0].start == rest[0].start and _enacting(rest, blocks[0].end):
            passed = blocks[0].end
            continue
        if blocks and blocks[0].start == rest[0].start and (blocks[0].signer or len(whole) - blocks[0].end < 200):
            return match.start(), blocks, any(piece.folded.startswith(("noi nhan", "noi gui")) for piece in rest[:60])
        passed = blocks[0].end if blocks else passed
    return len(whole), (), False


def _list_start(whole: str, start: int, floor: int) -> int:
    """Where a list of recipients without a heading begins: the run of "- A; - B;" lines that "- … Lưu" ends."""
    while start > floor:
        above = whole.rfind("\n", floor, start - 1) + 1
        line = whole[above : start - 1] if above > floor else ""
        if not line.startswith(("- ", "– ")) or not ("; - " in line or line.endswith(";")) or len(line) > 400:
            return start
        start = above
    return start


def _enacting(rest: list[Piece], end: int) -> bool:
    """The office above the bases ("CHỦ TỊCH ỦY BAN NHÂN DÂN" / "TỈNH" / "Căn cứ …") is no signature."""
    following = [piece for piece in rest[:12] if piece.start >= end][:3]
    return any(_BASES.match(piece.text) for piece in following)


def _closing_pieces(whole: str, start: int) -> list[Piece]:
    return pieces(whole, start, min(len(whole), start + _CLOSING_CHARACTERS), limit=_CLOSING_PIECES, closing=True)


def _own_blocks(whole: str, blocks: tuple[SignatureBlock, ...]) -> tuple[SignatureBlock, ...]:
    """The first block and those beside it (joint signatures); forms in annexes have blocks further down."""
    own: list[SignatureBlock] = []
    for block in blocks:
        if own and (block.start - own[-1].end > 150 or _ANNEX_HEAD.search(whole, own[-1].end, block.start)):
            break
        own.append(block)
    return tuple(own)


def _passed(whole: str, head: Letterhead, closing: int) -> dt.date | None:
    """The day an assembly passed the paper, where the letterhead bears no date: its date of issue by law."""
    if head.month or (head.number is None and head.kind_word is None):
        return None
    window = whole[max(head.end, closing - 1500) : closing]
    found = None
    for match in _PASSED.finditer(window):
        found = match
    if found is None:
        return None
    try:
        return dt.date(int(found["year"]), int(found["month"]), int(found["day"]))
    except ValueError:
        return None


def _bounds(head: Letterhead) -> tuple[dt.date | None, dt.date | None]:
    """What a date without a day still says: "ngày   tháng 5 năm 2023" → 1 to 31 May 2023."""
    if head.month:
        year, month = map(int, head.month.split("-"))
        return dt.date(year, month, 1), dt.date(year, month, calendar.monthrange(year, month)[1])
    stated = head.year or (head.number.year if head.number else None)
    if stated:
        return dt.date(stated, 1, 1), dt.date(stated, 12, 31)
    return None, None


_MASS = frozenset(
    {
        "mttq", "doan", "ldld", "hlhpn", "hnd", "hccb", "hctd", "hkh", "hnct", "hlg", "hnb", "hvhnt", "lmhtx", "lhh",
    }
)  # fmt: skip


def _family(issuing: Issuing, reference: Reference) -> Family:
    body = reference.body(issuing.owner) if issuing.owner else None
    if body is None:
        return "office" if issuing.issuer else "committee"
    organ = body.organ or ""
    if organ in _MASS:
        return "front"
    if organ in ("tu", "hu", "du"):
        return "party"
    if organ in ("hdnd", "ddbqh"):
        return "council"
    return "committee" if organ == "ubnd" or body.level == "central" else "office"


def _addressees(whole: str, head: Letterhead, duties: Duties) -> tuple[tuple[Addressee, ...], int | None]:
    if head.addressed_at is None:
        return (), None
    found, end = find_addressees(
        pieces(whole, head.addressed_at, min(len(whole), head.addressed_at + 8000), limit=80), duties
    )
    return found, end


def _annex(whole: str, closing_end: int, number: str | None) -> Span | None:
    """What follows the signature, unless it is only a web page's caption of the paper."""
    start = closing_end
    while start < len(whole) and whole[start].isspace():
        start += 1
    rest = whole[start:].strip()
    if len(rest) < 20 or ("\n" not in rest and (_CAPTION.fullmatch(rest) or (number and number in rest))):
        return None
    line = whole.find("\n", closing_end)
    if line < 0:
        return None
    return Span(min(line + 1, start) if line + 1 <= start else start, len(whole))


def _kind(head: Letterhead, issuing: Issuing) -> tuple[str | None, str | None]:
    """The kind and its evidence. The symbol wins over the word, but its code may be ambiguous, or an issuer's own."""
    word = head.kind_word
    number = head.number
    code = number.kind_code if number else None
    if code and _is_abbreviation(code, issuing.issuer):
        code = None  # "5615/CT-CS" of Cục Thuế: CT is the issuer
        number = None
    options: tuple[Kind, ...] = kinds_by_code(code) if code else ()
    if options:
        if number is not None and number.style == "party":
            preferred = {"TT": "Thông tri", "QĐ": "Quy định" if word and word.label == "Quy định" else "Quyết định"}
            label = preferred.get(code or "")
            options = tuple(kind for kind in options if kind.label == label) or options
        if word is not None and (word in options or (code == "QĐ" and word.label == "Quy định")):
            return word.label, "heading"
        return options[0].label, "symbol"
    if word is not None:
        return word.label, "heading"
    if head.subject or head.addressed_at is not None or (number is not None and number.style == "state"):
        return "Công văn", "subject" if head.subject else "symbol"
    return None, None


def _is_abbreviation(code: str, issuer: str | None) -> bool:
    """The code is made of the first letters of the issuer's name: "CT" and "Cục Thuế"."""
    initials = "".join(word[0] for word in re.findall(r"\w+", fold(issuer or "")))
    return len(code) >= 2 and initials.startswith(fold(code))


def _metadata(
    head: Letterhead,
    issuing: Issuing,
    day: dt.date | None,
    blocks: tuple[SignatureBlock, ...],
    addressees: tuple[Addressee, ...],
    recipients: RecipientList,
) -> Metadata:
    kind, kind_evidence = _kind(head, issuing)
    number = head.number
    earliest, latest = (day, day) if day else _bounds(head)
    signers = [block.signer for block in blocks if block.signer]
    evidence = {
        "issuer": issuing.evidence,
        "kind": kind_evidence,
        "date": None if day is None else "letterhead" if head.date else "passed",
    }
    if len(signers) > 1:
        evidence["signers"] = "; ".join(signer.name for signer in signers)
    return Metadata(
        kind=kind,
        number=number.text if number and number.number else None,
        symbol=number.symbol if number else None,
        date=day,
        date_earliest=earliest,
        date_latest=latest,
        month=head.month or (f"{day:%Y-%m}" if day else None),
        place=head.place,
        issuer=issuing.issuer,
        owner=issuing.owner,
        level=issuing.level,
        province=issuing.province,
        district=issuing.district,
        title=head.title,
        signer=signers[0] if signers else None,
        addressees=addressees,
        recipients=recipients.recipients,
        drafting_unit=recipients.drafting_unit,
        evidence={key: value for key, value in evidence.items() if value},
    )


def _issues(head: Letterhead, metadata: Metadata) -> tuple[Issue, ...]:
    issues = []
    if metadata.number is None:
        if head.number_at is not None:
            issues.append(Issue("info", "blank_number", "Tệp không ghi số văn bản (số để trống)."))
        else:
            issues.append(Issue("info", "no_number", "Tệp không có dòng số, ký hiệu."))
    if metadata.issuer is None:
        issues.append(Issue("warning", "no_issuer", "Chưa xác định được cơ quan ban hành. Đề nghị kiểm tra, bổ sung."))
    if metadata.date is None:
        issues.append(Issue("info", "no_date", "Tệp không ghi đủ ngày, tháng, năm ban hành."))
    return tuple(issues)

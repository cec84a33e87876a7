"""Which body issued a document: the letterhead's lines, else the symbol, else what the text says of itself.

Each answer names its rule, so that a person can see why: "letterhead", "title", "symbol", "opening", "closing",
"signature".
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.letterhead import Letterhead
from ingest.printed import UPPER, ordinary
from kg.identifiers import fold
from kg.model import Level

if TYPE_CHECKING:
    from kg.reference import Area, Body, BodyMatch, Reference

__all__ = ["Issuing", "find_issuing"]

_AREA_TEXT = 60_000
_AREA = re.compile(
    r"(?<!\w)(?P<kind>[Tt]ỉnh|[Hh]uyện|[Tt]hành phố|TP\.?|[Tt]hị xã|[Qq]uận|[Xx]ã|[Pp]hường|[Tt]hị trấn|[Đđ]ặc "
    r"khu)\s+"
    rf"(?P<name>[{UPPER}][\w’']*(?:[ -][{UPPER}][\w’']*){{0,3}})"
)
_ORGAN = (
    r"(?:[ỦU][ỷỶyY]?\s?ban nhân dân|[UƯ]BND|Uỷ ban nhân dân|Hội đồng nhân dân|HĐND|Sở|Phòng|Chi cục|Cục|Tổng cục|Bộ|"
    r"Huyện [uủ][ỷỉy]?|Tỉnh [uủ]y|Tỉnh uỷ|Huyện uỷ|Thành [uủ]y|Thành uỷ|Thị [uủ]y|Quận [uủ]y|Đảng [uủ]y|Đảng uỷ|"
    r"Ban Thường vụ|Ban Chấp hành|Ban Tuyên giáo|Ban Tổ chức|Ban Dân vận|Ban Dân tộc|Ban Chỉ đạo|Hội đồng|Văn phòng|"
    r"Ủy ban Mặt trận|Uỷ ban Mặt trận|UBMTTQ|Trung tâm|Trường|Tỉnh đoàn|Huyện đoàn|Liên đoàn|Hội)"
)
_ACTS = re.compile(
    rf"(?P<body>(?:Chủ tịch )?{_ORGAN}(?:(?!\b(?:về|ngày|số|tại|theo|của)\b|, {_ORGAN})[^;.:\n“”\"]){{0,90}}?)\s+"
    r"(?:xây dựng|ban hành|triển khai|phát động|đề nghị|yêu cầu|thông báo|báo cáo|hướng dẫn|quyết định|tổ chức|kính|"
    r"trân trọng|lập)\b"
)
_ABOVE = re.compile(rf"Trên đây là[^\n]{{0,600}}?\bcủa (?P<body>{_ORGAN}[^;.:\n“”\"/]{{0,90}})")


@dataclass(frozen=True, slots=True)
class Issuing:
    """The issuer's full name, the code of its number series, its level, and where it sits."""

    issuer: str | None = None
    owner: str | None = None
    level: Level | None = None
    province: str | None = None
    district: str | None = None
    evidence: str | None = None


@dataclass(slots=True)
class _Where:
    province: str | None = None
    district: str | None = None
    commune: str | None = None


def find_issuing(
    text: str,
    head: Letterhead,
    closing_start: int,
    organ: str | None,
    reference: Reference,
    on: dt.date | None,
) -> Issuing:
    """The issuer of a document; ``organ`` is whom the signature speaks for ("ỦY BAN NHÂN DÂN"), ``on`` its day."""
    lines = [piece.text for piece in head.issuer]
    where: _Where | None = None
    if lines:
        if _LOWER_AREA.search(" ".join(lines)):  # communes and districts share names: the text says of which province
            where = _where(text, head, reference, on)
        if found := _from_lines(lines, reference, on, where):
            body = _by_symbol(head, reference, on) if found.owner is None and found.issuer else None
            if body and fold(body.name).startswith(fold(found.issuer or "")):  # "BAN TỔ CHỨC" … "BTCTW"
                return _issuing(body, body.name, "letterhead", reference)
            return found
    for phrase in filter(None, (head.organ,)):
        match = reference.find_body(phrase, on=on)
        if match is None:
            where = where or _where(text, head, reference, on)
            match = _find(phrase, where, reference, on)
        if match:
            return _issuing(match.body, match.name, "title", reference)
    if head.number is not None and (body := _by_symbol(head, reference, on)):
        return _issuing(body, body.name, "symbol", reference)
    where = where or _where(text, head, reference, on)
    if found := _from_text(text, head, closing_start, where, reference, on, organ):
        return found
    if lines:
        return _unknown(lines, where, text)
    return Issuing(None, None, None, where.province, where.district, None)


_LOWER_AREA = re.compile(r"\b(?:XÃ|PHƯỜNG|THỊ TRẤN|ĐẶC KHU|HUYỆN|QUẬN|THỊ XÃ)\b", re.I)


def _from_lines(lines: Sequence[str], reference: Reference, on: dt.date | None, about: _Where | None) -> Issuing | None:
    """The issuer of letterhead lines, parent above child: ("UBND TỈNH LAI CHÂU", "SỞ NỘI VỤ") is the department."""
    lines = [line for index, line in enumerate(lines) if line not in lines[:index]]
    for split in range(len(lines), 0, -1):
        own = " ".join(lines[split - 1 :])
        above = " ".join(lines[: split - 1])
        where = _Where()
        parent: BodyMatch | None = None
        if above:
            parent = _from_parent(lines[: split - 1], reference, on)
            if parent is not None:
                where = _seat(parent.body, reference)
        if about is not None and where.province is None:
            where = _Where(about.province)
        match = _find(own, where, reference, on) or _find(own, _Where(), reference, on)
        if match is None and above:
            match = reference.find_body(f"{own} {above}", on=on)
        if match is not None:
            if above and parent is None and match.evidence == "level":
                continue
            return _issuing(match.body, match.name, "letterhead", reference)
        if split > 1 and parent is not None and _is_organ(own):
            # A body that reference data does not know, under one that it does: named, but of no known series.
            seat = _seat(parent.body, reference)
            area = reference.area(parent.body.area) if parent.body.area and parent.body.organ == "ubnd" else None
            name = ordinary(own)
            if area is not None and fold(area.short_name) not in fold(own):  # "BAN CHỈ ĐẠO …" of a district
                name = f"{name} {area.name}"
            return Issuing(name, None, parent.body.level, seat.province, seat.district, "letterhead")
    return None


def _from_parent(lines: Sequence[str], reference: Reference, on: dt.date | None) -> BodyMatch | None:
    for split in range(len(lines), 0, -1):
        if match := reference.find_body(" ".join(lines[split - 1 :]), on=on):
            return match
    return None


_ORGAN_HEAD = re.compile(
    r"(?:SỞ|PHÒNG|BAN|TRUNG TÂM|TRƯỜNG|HỘI|CÔNG TY|CHI CỤC|CỤC|TỔNG CỤC|VIỆN|BỆNH VIỆN|TỔ|VĂN PHÒNG|THANH TRA|QUỸ|"
    r"ĐOÀN|"
    r"LIÊN ĐOÀN|KHO BẠC|TÒA ÁN|VIỆN KIỂM SÁT|CÔNG AN|BỘ CHỈ HUY|HỌC VIỆN|ĐÀI|BÁO|NHÀ|THUẾ|ĐẢNG ỦY|ĐẢNG UỶ|CHI BỘ)\b"
)


def _is_organ(line: str) -> bool:
    return _ORGAN_HEAD.match(line.upper()) is not None


def _find(phrase: str, where: _Where, reference: Reference, on: dt.date | None) -> BodyMatch | None:
    return reference.find_body(phrase, province=where.province, district=where.district, commune=where.commune, on=on)


def _by_symbol(head: Letterhead, reference: Reference, on: dt.date | None) -> Body | None:
    number = head.number
    if number is None:
        return None
    for code in dict.fromkeys((number.body, number.body_base)):
        found = [body for body in reference.bodies_by_symbol(code) if _exists(body, on)]
        if len(found) == 1 and reference.organ_by_symbol(code) is None:
            return found[0]
    return None


def _exists(body: Body, on: dt.date | None) -> bool:
    if on is None:
        return True
    return (body.valid_from is None or body.valid_from <= on) and (body.valid_to is None or on <= body.valid_to)


def _seat(body: Body, reference: Reference) -> _Where:
    """The province and district that a body sits in."""
    where = _Where()
    area = reference.area(body.area) if body.area else None
    while area is not None:
        if area.level == "province":
            where.province = area.code
        elif area.level == "district":
            where.district = area.code
        elif area.level == "commune":
            where.commune = area.code
        area = reference.area(area.parent) if area.parent else None
    return where


def _issuing(body: Body, name: str, evidence: str, reference: Reference) -> Issuing:
    seat = _seat(body, reference)
    return Issuing(name, body.code, body.level, seat.province, seat.district, evidence)


_CITED = re.compile(
    r"\d/[\w/.&-]{2,24},?\s+ngày\s+(?P<day>\d{1,2})\s*(?:tháng|[/.-])\s*(?P<month>\d{1,2})\s*(?:năm|[/.-])\s*"
    r"(?P<year>(?:19|20)\d\d)|\d-[\w-]{2,8}/[\w-]{2,14},?\s+ngày\s+(?P<day2>\d{1,2})\s*(?:tháng|[/.-])\s*"
    r"(?P<month2>\d{1,2})\s*(?:năm|[/.-])\s*(?P<year2>(?:19|20)\d\d)"
)


def _cited_last(text: str) -> dt.date | None:
    """The latest day of a paper that the text cites: a text without a date was written after it."""
    days = []
    for match in _CITED.finditer(text, 0, min(len(text), _AREA_TEXT)):
        day, month, year = (int(figure) for figure in match.groups() if figure)
        try:
            days.append(dt.date(year, month, day))
        except ValueError:
            continue
    return max(days, default=None)


def _where(text: str, head: Letterhead, reference: Reference, on: dt.date | None) -> _Where:
    """The province and district that a text without letterhead speaks of most, its place line first."""
    counts: Counter[str] = Counter()
    areas: dict[str, Area] = {}

    since = None if on else _cited_last(text)

    def vote(name: str, weight: int, **kinds: Level) -> None:
        found = reference.find_areas(name, on=on, **kinds)
        if len(found) > 1 and since:  # "tỉnh Lào Cai" is two provinces, before and after a reform
            found = reference.find_areas(name, on=since, **kinds)
        if len(found) == 1:
            areas[found[0].code] = found[0]
            counts[found[0].code] += weight

    mentions: Counter[tuple[str, str]] = Counter()
    for match in _AREA.finditer(text, 0, min(len(text), _AREA_TEXT)):
        kind = match["kind"].lower().rstrip(".")
        mentions["thành phố" if kind == "tp" else kind, match["name"]] += 1
    for (kind, name), count in mentions.most_common(40):
        if kind in ("xã", "phường", "thị trấn", "đặc khu"):
            continue  # communes are many and share names; the place line or the issuer's own words name them
        words = name.split()
        for length in range(len(words), 0, -1):
            if reference.find_areas(f"{kind} {' '.join(words[:length])}", on=on):
                vote(f"{kind} {' '.join(words[:length])}", count)
                break
    where = _Where()
    placed = head.place.split(",")[-1].strip() if head.place else ""
    for level in ("district", "province", "commune"):
        found = reference.find_areas(placed, level=level, on=on) if placed and level != "commune" else ()
        for area in found:
            counts[area.code] += 3 if len(found) == 1 else 1
            areas[area.code] = area
    provinces: Counter[str] = Counter()
    districts: Counter[str] = Counter()
    for code, count in counts.items():
        area = areas[code]
        if area.level == "province":
            provinces[code] += count
        elif area.level == "district":
            districts[code] += count
            if area.parent:
                provinces[area.parent] += count
    if provinces:
        where.province = provinces.most_common(1)[0][0]
    inside = [code for code, _ in districts.most_common() if areas[code].parent == where.province]
    where.district = inside[0] if inside else None
    return where


def _from_text(
    text: str,
    head: Letterhead,
    closing_start: int,
    where: _Where,
    reference: Reference,
    on: dt.date | None,
    organ: str | None,
) -> Issuing | None:
    """The issuer by its own words: who "xây dựng Kế hoạch" in the opening, whose plan "Trên đây là …" calls it."""
    votes: Counter[str] = Counter()
    names: dict[str, tuple[BodyMatch, str]] = {}
    symbol_organ = None
    if head.number is not None and (template := reference.organ_by_symbol(head.number.body_base)):
        symbol_organ = template.code
    opening = text[head.end : min(head.end + 4000, closing_start)]
    ending = text[max(head.end, closing_start - 2500) : closing_start]
    for place, part, pattern, weight in (
        ("opening", opening, _ACTS, 3),
        ("closing", ending, _ABOVE, 3),
        ("closing", ending, _ACTS, 1),
    ):
        for rank, match in enumerate(pattern.finditer(part)):
            if rank > 8:
                break
            found = _find(match["body"], where, reference, on)
            if found is None:
                continue
            if symbol_organ and found.body.organ != symbol_organ:
                continue
            votes[found.body.code] += max(weight - rank, 1) if place == "opening" else weight
            names.setdefault(found.body.code, (found, place))
    if organ:
        for level in (where.district, where.province):
            area = reference.area(level) if level else None
            if area is None:
                continue
            found = _find(f"{organ} {area.name}", where, reference, on)
            if found is not None and (votes[found.body.code] or not votes):
                votes[found.body.code] += 2
                names.setdefault(found.body.code, (found, "signature"))
                break
    if not votes:
        return None
    code = max(votes, key=lambda key: (votes[key], -len(key)))
    found, evidence = names[code]
    return _issuing(found.body, found.body.name, evidence, reference)


def _unknown(lines: Sequence[str], where: _Where, text: str) -> Issuing:
    """The last letterhead line as the text spells it elsewhere, else in ordinary spelling: of no known series."""
    name = " ".join(lines[-2:]) if len(lines) > 1 and not _is_organ(lines[-1]) else lines[-1]
    words = r"\s+".join(map(re.escape, name.split()))
    for match in re.finditer(words, text[:_AREA_TEXT], re.IGNORECASE):
        if not match[0].isupper():
            return Issuing(" ".join(match[0].split()), None, None, where.province, where.district, "letterhead")
    return Issuing(ordinary(name), None, None, where.province, where.district, "letterhead")

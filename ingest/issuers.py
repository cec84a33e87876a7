"""Which body issued what is cited, in the order of DOMAIN 2.1; the first evidence that decides is recorded.

phrase: "của UBND tỉnh Lai Châu" after the number. level: "của Tỉnh uỷ", filled by the citing paper's own place.
subject: "UBND tỉnh ban hành Kế hoạch số …". list: the phrase that a list, or another mention of the same number in
this text, lends. code: a code that one body in the State bears, or one that leaves one body at the citing paper's
level. Nothing else is guessed: "Kế hoạch số 12/KH-UBND" alone in a district's plan stays open.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from ingest.bodynames import body_before, read_body
from ingest.drafts import Draft, Page, part_before
from ingest.grammar import one_line
from kg.identifiers import fold, number_key
from kg.model import Layout
from kg.reference import Body, Reference

__all__ = ["Issuer", "resolve_issuers"]


@dataclass(frozen=True, slots=True)
class Issuer:
    """``printed`` as it stands ("Tỉnh uỷ"), ``resolved`` "Tỉnh ủy Lai Châu", ``owner`` "lai-chau.tu"."""

    printed: str | None = None
    resolved: str | None = None
    owner: str | None = None
    evidence: str | None = None


@dataclass(frozen=True, slots=True)
class _Setting:
    """What the citing paper says of its own place and day."""

    province: str | None
    district: str | None
    commune: str | None
    level: str | None
    on: dt.date | None


def resolve_issuers(page: Page, drafts: Sequence[Draft], layout: Layout, reference: Reference) -> tuple[Issuer, ...]:
    """The issuer of each draft, in order; an empty ``Issuer`` where nothing decides."""
    setting = _setting(layout)
    found: list[Issuer] = []
    floor = 0
    for draft in drafts:
        found.append(_own_evidence(page, draft, setting, reference, floor))
        floor = draft.end
    _share_in_lists(page, drafts, found)
    _share_same_number(drafts, found)
    for index, draft in enumerate(drafts):
        if found[index].owner is None and found[index].resolved is None:
            found[index] = _by_code(draft, setting, reference)
    return tuple(found)


def _setting(layout: Layout) -> _Setting:
    metadata = layout.metadata
    owner = metadata.owner or ""
    commune = owner.rsplit(".", 1)[0] if metadata.level == "commune" and "." in owner else None
    on = metadata.date or metadata.date_latest or metadata.date_earliest
    if on is None and metadata.month:
        year, month = (int(part) for part in metadata.month.split("-"))
        on = dt.date(year, month, 1)
    return _Setting(metadata.province, metadata.district, commune, metadata.level, on)


def _issued(draft: Draft, setting: _Setting) -> dt.date | None:
    """The day that decides between bodies of one name: the cited paper's, its year's end, or the citing paper's."""
    year = draft.year or (draft.number.year if draft.number else None)
    if draft.date or year is None or (setting.on and setting.on.year == year):
        return draft.date or setting.on
    return dt.date(year, 12, 31)


def _own_evidence(page: Page, draft: Draft, setting: _Setting, reference: Reference, floor: int) -> Issuer:
    if draft.issuer:
        return _read(page, draft.issuer, draft, setting, reference, None)
    if draft.form not in ("full", "bare"):
        return Issuer()
    if span := _promulgator(page, draft, floor):
        return _read(page, span, draft, setting, reference, None, printed=False)
    if span := _subject(page, draft, floor):
        return _read(page, span, draft, setting, reference, "subject", printed=False)
    if draft.head_issuer:
        return _read(page, draft.head_issuer, draft, setting, reference, "list", printed=False)
    return Issuer()


def _read(
    page: Page,
    span: tuple[int, int],
    draft: Draft,
    setting: _Setting,
    reference: Reference,
    evidence: str | None,
    *,
    printed: bool = True,
) -> Issuer:
    phrase = one_line(page.text[span[0] : span[1]])
    match = reference.find_body(
        phrase,
        province=setting.province,
        district=setting.district,
        commune=setting.commune,
        on=_issued(draft, setting),
    )
    shown = phrase if printed else None
    if not printed and match is not None and not _may_number(match.body, draft):
        return Issuer()  # "báo cáo UBND tỉnh tại Công văn số 12/SNV-TCCB": named, but not the one who numbers
    coded = _central(draft, reference)
    if match is None:
        owner = coded.code if coded and fold(phrase).split()[0] == fold(coded.name).split()[0] else None
        return Issuer(shown, phrase if printed or evidence else None, owner, evidence or "phrase")
    name = _full_name(match.body, match.name)
    if coded and coded.code != match.body.code and match.body.level == "central":
        return Issuer(shown, name, coded.code, evidence or match.evidence)  # the series is the code's
    if draft.number is not None and _several(phrase):
        name = phrase  # joint issuers: all of them stay in the name, the first owns the series
    return Issuer(shown, name, match.body.code, evidence or match.evidence)


def _central(draft: Draft, reference: Reference) -> Body | None:
    """The one body in the State that bears the number's code."""
    number = draft.number
    if number is None or reference.organs_by_symbol(number.body_base):
        return None
    bodies = reference.bodies_by_symbol(number.body_base)
    return bodies[0] if len(bodies) == 1 else None


def _may_number(body: Body, draft: Draft) -> bool:
    """Whether a body named beside a number can be the one behind its code: "Sở Nội vụ" and SNV, not "Chính phủ"."""
    if draft.number is None:
        return True
    code = fold(draft.number.body_base)
    codes = {code, fold(draft.number.kind_code or "")}  # "5615/CT-CS": CT may be Cục Thuế
    if codes & {fold(symbol) for symbol in body.symbol_codes}:
        return True
    initials = "".join(word[0] for word in fold(body.name).split() if word[0].isalpha())
    return (not body.symbol_codes and bool(initials) and code[:1] == initials[:1]) or code[:2] == initials[:2]


def _full_name(body: Body, name: str) -> str:
    """Names that are said short: a committee of the National Assembly, the Secretariat of the Central Committee."""
    if body.parent == "qh" and name.startswith("Ủy ban") and "Quốc hội" not in name:
        return f"{name} của Quốc hội"
    return "Ban Bí thư Trung ương Đảng" if name == "Ban Bí thư" else name


def _several(phrase: str) -> bool:
    return bool(re.search(r"(?:-|và|,)\s{1,2}(?:Bộ|Ban Bí|Chủ nhiệm)\s?", phrase))


@lru_cache(maxsize=1)
def _promulgation() -> re.Pattern[str]:
    return re.compile(r"(?<![a-z])do\s{1,4}(?=[a-z])")


def _promulgator(page: Page, draft: Draft, floor: int) -> tuple[int, int] | None:
    """ "Công văn 12/CT-CS năm 2025 về chính sách thuế do Cục Thuế ban hành": named behind the trích yếu.

    Said of the first paper of its line only: later ones stand in that trích yếu.
    """
    if page.folded.rfind("\n", 0, draft.start) < floor - 1 and floor > 0:
        return None
    stop = page.folded.find("\n", draft.end, draft.end + 420)
    ceiling = stop if stop >= 0 else min(len(page.folded), draft.end + 420)
    if page.folded.find("ban hanh", draft.end, ceiling) < 0:
        return None
    semicolon = page.folded.find(";", draft.end, ceiling)
    for match in _promulgation().finditer(page.folded, draft.end, semicolon if semicolon >= 0 else ceiling):
        end = read_body(page.text, page.folded, match.end())
        if end and page.folded[end : end + 10].split()[:2] == ["ban", "hanh"]:
            return match.end(), end
    return None


@lru_cache(maxsize=1)
def _link_back() -> re.Pattern[str]:
    """What may stand between a body and the paper it made, read backwards from the paper."""
    return re.compile(
        r"(?:"
        r"(?:\s{0,3},)?(?:\s{1,4}(?:da|vua|tiep\s{1,3}tuc|cung|moi|dang|se|chinh\s{1,3}thuc|kip\s{1,3}thoi)){0,3}"
        r"\s{1,4}(?:ky\s{1,3})?(?:ban\s{1,4}hanh|co|ra|ky|gui|trinh|nhan\s{1,3}duoc)(?:\s{1,4}(?:cac|mot\s{1,3}so|kem\s{1,3}theo))?"
        r"|(?:\s{1,4}(?:trinh|neu|de\s{1,3}nghi|bao\s{1,3}cao|giao|chi\s{1,3}dao|phe\s{1,3}duyet))?\s{1,4}(?:tai|trong)(?:\s{1,4}cac)?"
        r")[\s\"(]{0,3}$"
    )


def _subject(page: Page, draft: Draft, floor: int) -> tuple[int, int] | None:
    """ "UBND tỉnh ban hành Kế hoạch số …", "đề nghị của Sở Tài chính tại Tờ trình số …"."""
    start = draft.head if draft.head is not None else draft.start
    low = max(floor, start - 70)
    window = page.folded[low:start]
    link = None
    for match in re.finditer(r"(?=[\s,])", window[-48:]):
        at = max(0, len(window) - 48) + match.start()
        if link := _link_back().match(window, at):
            break
    if link is None:
        return None
    return body_before(page.text, page.folded, low + link.start(), floor=floor)


_CONNECTORS = re.compile(
    r"[\s,;]{0,4}(?:(?:va|cung|hoac|voi)(?![a-z])\s{0,4}){0,2}"
    r"(?:(?:thay\s{1,4}the|bai\s{1,4}bo|sua\s{1,4}doi(?:,\s{1,4}bo\s{1,4}sung)?)\s{1,4})?(?:cac\s{1,4})?"
)
_AND = re.compile(r"(?:[,;]|(?<![a-z])va)\s{1,4}$")
# Another actor, sentence or errand between two papers: the first one's subject did not make the second by that word.
_ELSEWHERE = re.compile(
    r"[.\n]|(?<![a-z])(?:cua|thuc\s{1,4}hien|trien\s{1,4}khai|theo|tai|can\s{1,4}cu|thay\s{1,4}the)(?![a-z])"
)
_CHANGED_BY = re.compile(
    r"[\s,(]{1,4}(?:(?:da|duoc|bi)\s{1,4}){1,2}"
    r"(?:sua\s{1,4}doi|bo\s{1,4}sung|thay\s{1,4}the|bai\s{1,4}bo|dieu\s{1,4}chinh)"
    r"[^;.\n]{0,40}\s(?:boi|bang|theo|tai)\s{1,4}(?:cac\s{1,4})?"
)
_NEAR = 260


def _series(draft: Draft) -> str | None:
    return draft.number.body_base if draft.number else None


def _same_series(one: Draft, other: Draft) -> bool:
    """Whether two numbers are of one kind and one code, not only of bodies of one name."""
    return (
        one.number is not None
        and other.number is not None
        and (one.number.kind_code, one.number.body) == (other.number.kind_code, other.number.body)
    )


def _share_in_lists(page: Page, drafts: Sequence[Draft], found: list[Issuer]) -> None:
    """ "Nghị định số 42/…, Nghị định số 39/… và Nghị định số 65/… của Chính phủ": the last phrase serves all.

    A subject serves what it made: "UBND huyện Tam Đường đã ban hành Kế hoạch số 7/… và Kế hoạch số 9/…". What amends
    or repeals a paper of the same series is, with nothing said, of the body that made it.
    """
    for index in range(len(drafts) - 2, -1, -1):
        here, following = drafts[index], drafts[index + 1]
        if found[index].resolved or here.form != "full" or following.form != "full":
            continue
        lender = found[index + 1]
        if lender.resolved is None or lender.evidence not in ("phrase", "level", "list"):
            continue
        if _series(here) != _series(following):
            continue
        part = part_before(page, following.start, here.end)
        if _CONNECTORS.fullmatch(page.folded, here.end, part[1] if part else following.start):
            found[index] = Issuer(None, lender.resolved, lender.owner, "list")
    for index in range(1, len(drafts)):
        here, before = drafts[index], drafts[index - 1]
        lender = found[index - 1]
        if found[index].resolved or lender.owner is None or before.form != "full" or here.form != "full":
            continue
        if not _same_series(before, here) or not 0 <= here.start - before.end <= _NEAR:
            continue
        gap = page.folded[before.end : here.start]
        made = lender.evidence == "subject" and _AND.search(gap) and not _ELSEWHERE.search(gap)
        if made or _CHANGED_BY.fullmatch(gap):
            found[index] = Issuer(None, lender.resolved, lender.owner, "subject" if made else "list")


def _share_same_number(drafts: Sequence[Draft], found: list[Issuer]) -> None:
    """A number whose issuer this text names once bears it at its other mentions too."""
    named: dict[str, Issuer | None] = {}
    for draft, issuer in zip(drafts, found, strict=True):
        if draft.printed and draft.number and issuer.evidence in ("phrase", "level", "subject") and issuer.owner:
            key = number_key(draft.printed)
            if key in named and named[key] is not None and named[key].owner != issuer.owner:  # type: ignore[union-attr]
                named[key] = None  # two bodies use the number: neither is lent
            else:
                named.setdefault(key, issuer)
    for index, draft in enumerate(drafts):
        if found[index].owner is None and draft.printed and draft.number:
            lender = named.get(number_key(draft.printed))
            if lender and lender.owner:
                found[index] = Issuer(found[index].printed, lender.resolved, lender.owner, "list")


_PASSED_BY = {"Luật": "qh", "Bộ luật": "qh", "Hiến pháp": "qh", "Pháp lệnh": "ubtvqh"}


def _by_code(draft: Draft, setting: _Setting, reference: Reference) -> Issuer:
    number = draft.number
    if number is None and draft.kind in _PASSED_BY and draft.form == "unnumbered":
        assembly = reference.body(_PASSED_BY[draft.kind])
        return Issuer(None, assembly.name, assembly.code, "code") if assembly else Issuer()
    if number is None:
        return Issuer()
    if number.style == "assembly" or not reference.organs_by_symbol(number.body_base):
        bodies = reference.bodies_by_symbol(number.body_base) or reference.bodies_by_symbol(number.body)
        if len(bodies) == 1:
            return Issuer(None, _full_name(bodies[0], bodies[0].name), bodies[0].code, "code")
        if bodies:
            return Issuer()
    organs = reference.organs_by_symbol(number.body_base)
    on = _issued(draft, setting)
    candidates = {
        (area, organ.code)
        for organ in organs
        for level, area in (("province", setting.province), ("district", setting.district))
        if area and level in organ.levels and _reachable(level, organ.levels, setting)
    }
    if len(candidates) != 1:
        return Issuer()
    area_code, organ_code = candidates.pop()
    area = reference.area_on(area_code, on)
    body = reference.body(f"{area.code if area else area_code}.{organ_code}")
    return Issuer(None, body.name, body.code, "code") if body else Issuer()


def _reachable(level: str, levels: Sequence[str], setting: _Setting) -> bool:
    """A paper cites its own level or one above (DOMAIN 2.1, 6): a province's bare "KH-UBND" is its own.

    In a district's or a commune's paper such a code has two owners; both are candidates, and the mention stays open.
    """
    return len(levels) == 1 or (level == "province" and setting.level == "province")

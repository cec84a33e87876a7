"""What the phrase around a citation says: its relation, the cue, and who bears it.

The cue stands left of the citation, within its sentence; of verbs that share an object the stronger wins. A list
("Căn cứ A; B; C") shares the cue of its head. What stands in the trích yếu of another citation is that paper's
relation, not this one's: it is a mention, with the other paper as ``subject``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from ingest.cues import (
    ACCENTED_CUES,
    COORDINATORS,
    CUES,
    LEGAL_KINDS,
    NO_CUES,
    NOT_YET,
    ORDER_KINDS,
    REPORTING_KINDS,
    STRENGTH,
    TRICH_YEU_OPENERS,
)
from ingest.drafts import Draft, Page, part_before
from ingest.grammar import alternatives, citation_pattern
from ingest.issuers import Issuer
from ingest.numbered import label_of
from kg.identifiers import number_key
from kg.kinds import kind_by_label
from kg.model import Layout, Relation

__all__ = ["Reading", "read_relations"]

_REACH = 700  # code points a cue may reach


@dataclass(frozen=True, slots=True)
class Reading:
    """How a citation is used. ``basis`` says on what the answer rests, for the confidence table.

    ``inside`` is the index of the citation whose trích yếu this one stands in.
    """

    relation: Relation = "mentions"
    cue: str | None = None
    subject: str | None = None
    inside: int | None = None
    family: str | None = None
    basis: str = "none"
    part: str | None = None
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Cue:
    family: str
    start: int
    end: int


def read_relations(
    page: Page, drafts: Sequence[Draft], issuers: Sequence[Issuer], layout: Layout
) -> tuple[Reading, ...]:
    """The reading of each draft, in text order."""
    own = layout.metadata.number
    own_key = number_key(own) if own else None
    readings: list[Reading] = []
    lead: Reading | None = None
    for index, draft in enumerate(drafts):
        previous = drafts[index - 1] if index else None
        floor = previous.end if previous and previous.end <= draft.start else 0
        anchor = draft.head if draft.head is not None and draft.head >= floor else draft.start
        part = part_before(page, anchor, floor)
        edge = part[1] if part else anchor
        sentence = _sentence_start(page, edge)
        in_sentence = previous is not None and previous.end > sentence
        if not in_sentence:
            lead = None
        if draft.form == "self" or (draft.printed and draft.number and number_key(draft.printed) == own_key):
            if draft.form == "self" or _is_own(draft, issuers[index], layout):
                readings.append(Reading("self", basis="self", part=part[0] if part else None))
                continue
        if previous is not None and in_sentence:
            reading = _after(page, drafts, readings, index, edge, lead, issuers)
        else:
            reading = _alone(page, draft, issuers[index], sentence, edge)
        reading = _hindsight(page, draft, reading, drafts[index + 1] if index + 1 < len(drafts) else None)
        if reading.relation in ("amends", "replaces", "repeals") and _is_superior(issuers[index], layout):
            reading = replace(reading, relation="mentions", flags=(*reading.flags, "proposed_change"))
        if part:
            reading = replace(reading, part=part[0])
        readings.append(reading)
        if reading.inside is None:
            lead = reading
    return tuple(readings)


def _is_own(draft: Draft, issuer: Issuer, layout: Layout) -> bool:
    metadata = layout.metadata
    if draft.date and metadata.date and draft.date != metadata.date:
        return False
    return not (issuer.evidence == "phrase" and issuer.owner and metadata.owner and issuer.owner != metadata.owner)


def _is_superior(issuer: Issuer, layout: Layout) -> bool:
    """Whether the cited paper is the State's and the citing one a locality's, which cannot change it."""
    return (
        layout.metadata.level in ("province", "district", "commune")
        and issuer.owner is not None
        and ("." not in issuer.owner)
    )


# --- where the sentence begins -----------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _stop() -> re.Pattern[str]:
    return re.compile(r"[.!?…][\")]{0,2}\s{1,4}|\n")


_ABBREVIATED = re.compile(r"(?:(?:^|[\s(\"])(?:tp|tt|tx|ths|ts|pgs|gs|bs|st|mr|dr|no|[a-z])|(?:^|\n\s{0,3})\d{1,2})$")


def _sentence_start(page: Page, at: int) -> int:
    low = max(0, at - _REACH)
    start = low
    folded = page.folded
    for match in _stop().finditer(folded, low, at):
        after = match.end()
        if "\n" in match.group():
            if _is_hard_break(page, match.end() - 1, after):
                start = after
            continue
        if after >= at or not (page.text[after].isupper() or folded[after] in '-+"('):
            continue
        if _ABBREVIATED.search(folded[max(low, match.start() - 6) : match.start()]):
            continue
        start = after
    return start


def _is_hard_break(page: Page, at: int, after: int) -> bool:
    """Canonical text breaks lines between paragraphs only; a break inside a sentence is a bad join, and is passed."""
    rest = page.text[after : after + 6].lstrip(" *_")
    before = page.folded[max(0, at - 12) : at].rstrip()
    if not rest or rest[0] == "\n":
        return False
    if rest[0].islower() or (before and before[-1] in ",("):
        return False
    if before.endswith(";"):  # a list goes on in the next line; "Ủy ban nhân dân tỉnh ban hành …" ends it
        return not (
            _BULLET.match(page.folded, after) or citation_pattern().match(page.folded, _first_letter(page, after))
        )
    if rest[0].isdigit() and before.endswith(("so", "ngay", "thang", "nam", "khoan", "dieu")):
        return False
    return not before.endswith((" so", "cua", " va", "chi"))


def _first_letter(page: Page, at: int) -> int:
    while at < len(page.folded) and page.folded[at] in ' \n"':
        at += 1
    return at


# --- cues --------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _cue_pattern() -> tuple[re.Pattern[str], dict[str, str]]:
    family = {phrase: name for name, phrases in CUES.items() for phrase in phrases} | dict.fromkeys(NO_CUES, "")
    return re.compile(rf"(?<![a-z])(?:{alternatives(family, gap=_GAP)})(?![a-z])"), family


_GAP = r"\s{1,4}"


def _cues(page: Page, start: int, end: int) -> list[_Cue]:
    pattern, family = _cue_pattern()
    found = []
    for match in pattern.finditer(page.folded, start, end):
        phrase = " ".join(match.group().split())
        printed = ACCENTED_CUES.get(phrase)
        if family[phrase] and (printed is None or page.text[match.start() : match.end()].lower() == printed):
            found.append(_Cue(family[phrase], match.start(), match.end()))
    return found


@lru_cache(maxsize=1)
def _coordination() -> re.Pattern[str]:
    return re.compile(rf"(?:[\s,;/\-]|(?:{alternatives(COORDINATORS)})(?![a-z])){{0,14}}")


def _governing(page: Page, start: int, edge: int) -> tuple[_Cue, str] | None:
    """The cue that governs the citation at ``edge`` and how near it is: "near" or "far"."""
    cues = _cues(page, start, edge)
    while cues and cues[-1].family == "issues" and not _made_here(page, cues[-1], edge):
        cues.pop()
    if not cues:
        return None
    last = best = cues[-1]
    reach = last.start
    for cue in reversed(cues[:-1]) if last.family != "neutral" else ():
        if not _coordination().fullmatch(page.folded, cue.end, reach):
            break
        reach = cue.start
        if STRENGTH[cue.family] > STRENGTH[best.family]:
            best = cue
    if best.family == "attached_to":
        changing = [cue for cue in cues if cue.family in ("amends", "replaces", "repeals")]
        if changing:
            best = changing[-1]
    if page.folded[edge - 1 : edge] == "(" and best.family in ("guides", "amends", "approves"):
        best = _Cue("neutral", best.start, best.end)  # the bracket names what guides or amends, not what is changed
    if best.family in ("amends", "replaces", "repeals") and _not_yet().search(page.folded, start, best.start):
        best = _Cue("neutral", best.start, best.end)
    distance = edge - last.end
    return best, "near" if distance <= 40 else "mid" if distance <= 140 else "far"


@lru_cache(maxsize=1)
def _not_yet() -> re.Pattern[str]:
    return re.compile(rf"(?<![a-z])(?:{alternatives(NOT_YET)})(?![a-z])")


def _made_here(page: Page, cue: _Cue, edge: int) -> bool:
    """ "ban hành" and "có" make news of a paper only right before it: "UBND tỉnh ban hành Kế hoạch số …"."""
    return edge - cue.end <= (4 if cue.end - cue.start <= 2 else 14)


_SPLIT = frozenset({"basis", "order", "theo"})
"""Families whose relation the kind of the target decides."""


def _relation(family: str, draft: Draft, issuer: Issuer) -> Relation:
    if family in _SPLIT:
        return _basis(draft, issuer, weak=family != "basis")
    if family == "neutral":
        return "mentions"
    if family in ("implements", "follows", "order") and draft.kind in REPORTING_KINDS:
        return "mentions"  # nobody carries out a report or a submission
    if family == "approves":
        return "mentions" if draft.kind in ("Quyết định", "Nghị quyết") else "approves"
    return family  # type: ignore[return-value]


def _basis(draft: Draft, issuer: Issuer, *, weak: bool) -> Relation:
    """ "Căn cứ" and "theo" by the kind of target: law and decisions are a basis, an order on the matter is carried out."""
    kind = draft.kind
    known = kind_by_label(kind) if kind else None
    party = (issuer.owner == "tw" or (issuer.owner or "").endswith((".tu", ".hu"))) or (
        draft.number is not None and draft.number.style == "party"
    )
    if kind == "Tờ trình":
        return "proposed_by"
    if known is not None and known.normative:
        return "legal_basis"
    if kind == "Nghị quyết":
        assembly = draft.number is not None and (draft.number.style == "assembly" or draft.number.normative)
        return "implements" if party or (weak and not assembly) else "legal_basis"
    if kind in ORDER_KINDS:
        return "implements"
    if kind in LEGAL_KINDS or kind is None:
        return "legal_basis"
    return "implements" if weak else "legal_basis"


def _printed_cue(page: Page, cue: _Cue) -> str:
    return " ".join(page.text[cue.start : cue.end].split())


def _alone(page: Page, draft: Draft, issuer: Issuer, sentence: int, edge: int) -> Reading:
    """The first citation of its sentence: the cue in front of it, or the one that heads its list."""
    if news := _in_brackets(page, draft, sentence):
        return news
    governing = _governing(page, sentence, edge)
    if governing:
        cue, reach = governing
        return Reading(
            _relation(cue.family, draft, issuer), _printed_cue(page, cue), family=cue.family, basis=f"cue_{reach}"
        )
    head = _block_head(page, sentence)
    if head:
        governing = _governing(page, *head)
        if governing:
            cue, _ = governing
            return Reading(
                _relation(cue.family, draft, issuer), _printed_cue(page, cue), family=cue.family, basis="block"
            )
    return Reading()


@lru_cache(maxsize=1)
def _news() -> re.Pattern[str]:
    return re.compile(
        r"(?<![a-z])(?:ban\s{1,4}hanh|gui|ky|co|phat\s{1,4}hanh)\s{1,4}(?:cac\s{1,4})?"
        r"(?P<kind>cong\s{1,4}van|van\s{1,4}ban|ke\s{1,4}hoach|quyet\s{1,4}dinh|chi\s{1,4}thi|thong\s{1,4}bao"
        r"|huong\s{1,4}dan|cong\s{1,4}dien|nghi\s{1,4}quyet|bao\s{1,4}cao|to\s{1,4}trinh)(?![a-z])"
    )


def _in_brackets(page: Page, draft: Draft, sentence: int) -> Reading | None:
    """ "UBND tỉnh ban hành công văn chỉ đạo … (Công văn số 1483/UBND-THNC)": the bracket names what was made."""
    if page.folded[max(0, draft.start - 1) : draft.start] != "(" or draft.form != "full":
        return None
    for match in _news().finditer(page.folded, sentence, draft.start):
        if label_of(match["kind"]) == draft.kind:
            cue = page.text[match.start() : match.start("kind")]
            return Reading("issues", " ".join(cue.split()), family="issues", basis="clause_far")
    return None


_BULLET = re.compile(r"\s{0,4}(?:[-+•*–|]|[a-z]\)|\d{1,2}[.)]|\(\d{1,2}\))")


_LEGAL_HEADING = re.compile(r"(?:can\s{1,3}cu|co\s{1,3}so)\s{1,3}phap\s{1,3}ly")


def _block_head(page: Page, at: int) -> tuple[int, int] | None:
    """The line ending in ":" that opens the list in which the bullet at ``at`` stands."""
    folded = page.folded
    line = folded.rfind("\n", 0, at) + 1
    for _ in range(20):
        if line == 0 or not _BULLET.match(folded, line):
            return None
        end = line - 1
        line = folded.rfind("\n", 0, end) + 1
        heading = folded[line:end]
        if end - line <= 70 and _LEGAL_HEADING.search(heading):
            return line, end
        if heading.rstrip().endswith(":"):
            return max(line, end - 260, _sentence_start(page, end)), end
    return None


# --- after another citation in the same sentence -----------------------------------------------------------------


@lru_cache(maxsize=1)
def _connector() -> re.Pattern[str]:
    return re.compile(
        r"[\s,;:\"()/\-+]{0,6}(?:(?:va|cung|hoac|voi|cung voi|va cac|va mot so|nay la|cac|so|tai|cua)(?![a-z])[\s,;:\"()]{0,4}){0,4}"
    )


@lru_cache(maxsize=1)
def _opens_about() -> re.Pattern[str]:
    words = alternatives(TRICH_YEU_OPENERS)
    return re.compile(rf"\s{{0,4}}(?:\([^()]{{1,60}}\)\s{{0,3}})?,?\s{{0,3}}\(?(?:\"|(?:{words})(?![a-z]))")


@lru_cache(maxsize=1)
def _passive() -> re.Pattern[str]:
    return re.compile(
        r"(?:duoc|bi|da)\s{1,4}(?:sua\s{1,4}doi|bo\s{1,4}sung|thay\s{1,4}the|bai\s{1,4}bo|dieu\s{1,4}chinh|hop\s{1,4}nhat"
        r"|huong\s{1,4}dan|gia\s{1,4}han|dinh\s{1,4}chinh|keo\s{1,4}dai)"
    )


_DECLARED = re.compile(r"(?:goi|viet)\s{1,4}(?:tat|chung|gon)?\s{0,4}(?:la|:)\s{0,4}[\"(]?\s{0,2}$")
_BY = re.compile(r"(?:boi|tai|theo|bang|trong)(?:\s{1,4}cac)?\s{0,4}$")
_NEW_CLAUSE = re.compile(
    r"\s{1,4}va\s{1,4}(?:chi\s{1,4}dao|y\s{1,4}kien|ket\s{1,4}luan|de\s{1,4}nghi|yeu\s{1,4}cau)\s{1,4}cua(?![a-z])"
    r"|,\s{1,4}(?:can cu|thuc hien|trien khai|theo|tren co so|de nghi|yeu cau|giao|dong thoi|trong do|nhat la|dac biet"
    r"|quan triet|xet|phuc dap|cac so|bao dam|gan voi|ket hop|tiep tuc)(?![a-z])"
)
_SIBLING = re.compile(r"(?:[,;:]|(?<![a-z])(?:va|hoac|cung|cung voi|va cac|voi))[\s\"(]{0,4}(?:cac\s{1,4}|so\s{1,4})?$")


def _after(
    page: Page,
    drafts: Sequence[Draft],
    readings: Sequence[Reading],
    index: int,
    edge: int,
    lead: Reading | None,
    issuers: Sequence[Issuer],
) -> Reading:
    folded = page.folded
    draft, issuer = drafts[index], issuers[index]
    previous, before = drafts[index - 1], readings[index - 1]
    if news := _in_brackets(page, draft, _sentence_start(page, draft.start)):
        return news
    if previous.end > draft.start:  # a name inside a name: "Chương trình hành động thực hiện Nghị quyết Đại hội …"
        return replace(before, basis="nested", part=None)
    start = previous.end
    gap = folded[start:edge]
    if _DECLARED.search(gap):
        return Reading(basis="alias")
    if before.relation == "self":
        if _connector().fullmatch(gap):  # "căn cứ Nghị quyết này và Đề án số …"
            return _own_clause(page, draft, issuer, _sentence_start(page, previous.start), previous.start, lead)
        return _own_clause(page, draft, issuer, start, edge, lead)
    if _connector().fullmatch(gap):
        if before.inside is not None and lead is not None and _steps_out(drafts, before, previous, draft, gap):
            return _shared(lead, draft, issuer, "list")
        return _shared(before, draft, issuer, "list")
    passive = None
    for passive in _passive().finditer(gap):
        pass
    if passive and _BY.search(gap, passive.end()) and ";" not in gap[passive.end() :]:
        return _passive_reading(drafts, before, draft, issuer, lead)
    cut = _last_break(gap)
    if cut is not None:
        return _own_clause(page, draft, issuer, start + cut, edge, lead)
    opens = _opens_about().match(gap)
    sibling = draft.form == "full" or previous.form == draft.form or draft.kind in ("Luật", "Bộ luật", "Pháp lệnh")
    if sibling and _SIBLING.search(gap):
        if opens or len(gap) < 60:
            return _shared(before, draft, issuer, "list")
        return _own_clause(page, draft, issuer, start, edge, lead)
    if opens:
        clause = _new_clause(page, start, edge)
        if clause is not None:
            return _own_clause(page, draft, issuer, clause, edge, lead)
        cues = _cues(page, start, edge)
        return Reading(
            "mentions",
            _printed_cue(page, cues[-1]) if cues else None,
            subject=previous.printed or previous.name,
            inside=index - 1,
            family=cues[-1].family if cues else None,
            basis="subject",
        )
    if before.inside is not None and _new_clause(page, start, edge) is None:
        return Reading("mentions", subject=before.subject, inside=before.inside, basis="subject")
    if previous.form == "full" and _new_clause(page, start, edge) is None:
        described = _cues(page, start, edge)
        if described and described[-1].family == "guides":
            cue = _printed_cue(page, described[-1])
            return Reading("mentions", cue, subject=previous.printed, inside=index - 1, basis="subject")
    return _own_clause(page, draft, issuer, start, edge, lead)


def _passive_reading(
    drafts: Sequence[Draft], before: Reading, draft: Draft, issuer: Issuer, lead: Reading | None
) -> Reading:
    """ "Căn cứ Nghị định A (…) được sửa đổi, bổ sung bởi Nghị định B": B is a basis as A is.

    Where a law was named in A's trích yếu, like kinds tell which of the two was changed.
    """
    host = before
    if before.inside is not None and lead is not None and drafts[before.inside].kind == draft.kind:
        host = lead
    if host.relation in ("legal_basis", "implements", "follows") and host.inside is None:
        return replace(_shared(host, draft, issuer, "passive"), flags=("passive",))
    return Reading(basis="passive", flags=("passive",), subject=host.subject, inside=host.inside)


def _steps_out(drafts: Sequence[Draft], before: Reading, previous: Draft, draft: Draft, gap: str) -> bool:
    """Whether a list goes on beside the host rather than inside its trích yếu.

    ";" ends the item. "Quyết định số 90 … phê duyệt Chương trình …, Quyết định số 650 …": like kinds stand side by side.
    """
    if ";" in gap:
        return True
    host = drafts[before.inside] if before.inside is not None else None
    return host is not None and previous.form == "unnumbered" and draft.kind == host.kind and "va" not in gap


def _last_break(gap: str) -> int | None:
    """Where the last ";" of ``gap`` outside quotes ends an item of the list."""
    depth = 0
    found = None
    for at, char in enumerate(gap):
        if char == '"':
            depth ^= 1
        elif char == ";" and not depth:
            found = at + 1
    return found if found is not None else (gap.rfind(";") + 1 or None)


def _new_clause(page: Page, start: int, edge: int) -> int | None:
    """Where, after a trích yếu, the sentence goes on with a clause of its own."""
    folded = page.folded
    quote = folded.find('"', start, edge)
    if quote >= 0 and quote - start <= 12:
        close = folded.find('"', quote + 1, edge)
        if close < 0:
            return None
        start = close + 1
        rest = folded[start:edge]
        if rest.strip(" ,"):
            return start
    found = None
    for match in _NEW_CLAUSE.finditer(folded, start, edge):
        found = match.start() + 1
    for match in re.finditer(r",\s{1,3}", folded[start:edge]):
        at = start + match.end()
        if page.text[at : at + 1].isupper() and not page.text[at : at + 12].isupper():
            found = max(found or 0, at)
    return found


def _own_clause(page: Page, draft: Draft, issuer: Issuer, start: int, edge: int, lead: Reading | None) -> Reading:
    governing = _governing(page, start, edge)
    if governing:
        cue, reach = governing
        return Reading(
            _relation(cue.family, draft, issuer), _printed_cue(page, cue), family=cue.family, basis=f"clause_{reach}"
        )
    if lead is not None and lead.relation != "self":
        return _shared(lead, draft, issuer, "lead")
    return Reading()


def _shared(lender: Reading, draft: Draft, issuer: Issuer, basis: str) -> Reading:
    """The lender's cue over this target: "Căn cứ Luật …; Chỉ thị …" is a basis here and an order there."""
    relation = lender.relation
    if lender.family in _SPLIT and lender.inside is None:
        relation = _basis(draft, issuer, weak=lender.family != "basis")
    return replace(lender, relation=relation, basis=basis, part=None, flags=())


@lru_cache(maxsize=1)
def _repealed() -> re.Pattern[str]:
    return re.compile(
        r"(?:het\s{1,4}hieu\s{1,4}luc|bi\s{1,4}bai\s{1,4}bo|bi\s{1,4}thay\s{1,4}the|duoc\s{1,4}thay\s{1,4}the\s{1,4}boi)(?![a-z])"
    )


def _hindsight(page: Page, draft: Draft, reading: Reading, following: Draft | None) -> Reading:
    """ "Quyết định số 12/QĐ-UBND … hết hiệu lực kể từ ngày …": what is said of a citation behind it."""
    if reading.inside is not None or reading.family not in (None, "neutral", "theo"):
        return reading
    ceiling = min(len(page.folded), draft.end + 260)
    if following is not None:
        ceiling = min(ceiling, max(following.start, draft.end))
    for mark in (";", "\n"):
        stop = page.folded.find(mark, draft.end, ceiling)
        ceiling = stop if stop >= 0 else ceiling
    found = _repealed().search(page.folded, draft.end, ceiling)
    if found is None:
        return reading
    relation: Relation = "replaces" if "thay" in found.group() else "repeals"
    cue = " ".join(page.text[found.start() : found.end()].split())
    return replace(reading, relation=relation, cue=cue, family=relation, basis="hindsight")

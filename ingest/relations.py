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

from ingest.cues import TRICH_YEU_OPENERS
from ingest.drafts import Draft, Page, part_before
from ingest.governing import (
    SPLIT_FAMILIES,
    cues_between,
    governing_cue,
    printed_cue,
    relation_of,
    split_relation,
)
from ingest.grammar import alternatives
from ingest.hindsight import ended_together, with_hindsight
from ingest.issuers import Issuer
from ingest.legalcolumns import LegalColumns
from ingest.numbered import label_of
from ingest.sentences import block_head, sentence_start
from kg.identifiers import number_key
from kg.model import Layout, Relation

__all__ = ["Reading", "read_relations"]


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


def read_relations(
    page: Page, drafts: Sequence[Draft], issuers: Sequence[Issuer], layout: Layout
) -> tuple[Reading, ...]:
    """The reading of each draft, in text order."""
    own = layout.metadata.number
    own_key = number_key(own) if own else None
    readings: list[Reading] = []
    lead: Reading | None = None
    columns = LegalColumns(page)
    for index, draft in enumerate(drafts):
        previous = drafts[index - 1] if index else None
        floor = previous.end if previous and previous.end <= draft.start else 0
        anchor = draft.head if draft.head is not None and draft.head >= floor else draft.start
        part = part_before(page, anchor, floor)
        edge = part[1] if part else anchor
        sentence = sentence_start(page, edge)
        in_sentence = previous is not None and previous.end > sentence
        if not in_sentence:
            lead = None
        named = draft.number is not None and draft.printed is not None and number_key(draft.printed) == own_key
        if draft.form == "self" or (named and _is_own(draft, issuers[index], layout)):
            readings.append(Reading("self", basis="self", part=part[0] if part else None))
            continue
        if previous is not None and in_sentence:
            reading = _after(page, drafts, readings, index, edge, lead, issuers)
        else:
            reading = _alone(page, draft, issuers[index], sentence, edge)
        reading = with_hindsight(page, draft, reading, drafts[index + 1] if index + 1 < len(drafts) else None)
        if reading.relation == "mentions" and draft.kind in _BASES and columns.heads_item(page, edge):
            reading = Reading("legal_basis", "Căn cứ pháp lý", family="basis", basis="column")
        if reading.relation in ("amends", "replaces", "repeals") and _is_superior(issuers[index], layout):
            reading = replace(reading, relation="mentions", flags=(*reading.flags, "proposed_change"))
        if part:
            reading = replace(reading, part=part[0])
        readings.append(reading)
        if reading.inside is None and reading.basis != "alias":
            lead = reading
    return tuple(ended_together(page, drafts, readings))


_BASES = frozenset(
    {"Luật", "Bộ luật", "Pháp lệnh", "Nghị định", "Nghị quyết", "Thông tư", "Thông tư liên tịch", "Quyết định"}
)


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


def _alone(page: Page, draft: Draft, issuer: Issuer, sentence: int, edge: int) -> Reading:
    """The first citation of its sentence: the cue in front of it, or the one that heads its list."""
    if news := _in_brackets(page, draft, sentence):
        return news
    governing = governing_cue(page, sentence, edge)
    if governing:
        cue, reach = governing
        return Reading(
            relation_of(cue.family, draft, issuer), printed_cue(page, cue), family=cue.family, basis=f"cue_{reach}"
        )
    head = block_head(page, sentence) if edge - sentence <= 90 else None
    if head:
        governing = governing_cue(page, *head)
        if governing:
            cue, _ = governing
            return Reading(
                relation_of(cue.family, draft, issuer), printed_cue(page, cue), family=cue.family, basis="block"
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


# --- after another citation in the same sentence -----------------------------------------------------------------


@lru_cache(maxsize=1)
def _connector() -> re.Pattern[str]:
    return re.compile(
        r"[\s,;:\"()/\-+]{0,6}(?:(?:va|cung|hoac|voi|va mot so|nay la|cac|so|tai|cua)(?![a-z])[\s,;:\"()]{0,4}){0,4}"
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
    if news := _in_brackets(page, draft, sentence_start(page, draft.start)):
        return news
    if previous.end > draft.start:  # a name inside a name: "Chương trình hành động thực hiện Nghị quyết Đại hội …"
        return replace(before, basis="nested", part=None)
    if before.basis == "alias" and lead is not None:  # "A (sau đây gọi tắt là A'); B": B goes on from A
        before = lead
    start = previous.end
    gap = folded[start:edge]
    if _DECLARED.search(gap):
        return Reading(basis="alias")
    if before.relation == "self":
        if _connector().fullmatch(gap):  # "căn cứ Nghị quyết này và Đề án số …"
            return _own_clause(page, draft, issuer, sentence_start(page, previous.start), previous.start, lead)
        return _own_clause(page, draft, issuer, start, edge, lead)
    if _connector().fullmatch(gap):
        if before.inside is not None and lead is not None and _steps_out(drafts, before, previous, draft, gap):
            host = lead if ";" in gap else readings[before.inside]
            return _shared(host, draft, issuer, "list")
        return _shared(before, draft, issuer, "list")
    passive = list(_passive().finditer(gap))
    if passive and _BY.search(gap, passive[-1].end()) and ";" not in gap[passive[-1].end() :]:
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
        cues = cues_between(page, start, edge)
        return Reading(
            "mentions",
            printed_cue(page, cues[-1]) if cues else None,
            subject=previous.printed or previous.name,
            inside=index - 1,
            family=cues[-1].family if cues else None,
            basis="subject",
        )
    if before.inside is not None and _new_clause(page, start, edge) is None:
        return Reading("mentions", subject=before.subject, inside=before.inside, basis="subject")
    if previous.form == "full" and _new_clause(page, start, edge) is None:
        described = cues_between(page, start, edge)
        if described and described[-1].family == "guides":
            cue = printed_cue(page, described[-1])
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

    ";" ends the item. "Quyết định số 90 … phê duyệt Chương trình …, Quyết định số 650 …": like kinds stand together.
    """
    if ";" in gap:
        return True
    host = drafts[before.inside] if before.inside is not None else None
    return host is not None and previous.form == "unnumbered" and draft.kind == host.kind


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
    governing = governing_cue(page, start, edge)
    if governing:
        cue, reach = governing
        return Reading(
            relation_of(cue.family, draft, issuer), printed_cue(page, cue), family=cue.family, basis=f"clause_{reach}"
        )
    if lead is not None and lead.relation != "self":
        return _shared(lead, draft, issuer, "lead")
    return Reading()


def _shared(lender: Reading, draft: Draft, issuer: Issuer, basis: str) -> Reading:
    """The lender's cue over this target: "Căn cứ Luật …; Chỉ thị …" is a basis here and an order there."""
    relation = lender.relation
    if lender.family is not None and lender.family in SPLIT_FAMILIES and lender.inside is None:
        relation = split_relation(lender.family, draft, issuer)
    return replace(lender, relation=relation, basis=basis, part=None, flags=())

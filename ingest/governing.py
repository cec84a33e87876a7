"""The cue left of a citation: which word governs it, and what that word says of this kind of target."""

from __future__ import annotations

import re
from dataclasses import dataclass
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
)
from ingest.drafts import Draft, Page
from ingest.grammar import alternatives
from ingest.issuers import Issuer
from kg.kinds import kind_by_label
from kg.model import Relation

__all__ = ["SPLIT_FAMILIES", "Cue", "cues_between", "governing_cue", "printed_cue", "relation_of", "split_relation"]


@dataclass(frozen=True, slots=True)
class Cue:
    """ "Căn cứ" at [start, end): family "basis"."""

    family: str
    start: int
    end: int


@lru_cache(maxsize=1)
def _cue_pattern() -> tuple[re.Pattern[str], dict[str, str]]:
    family = {phrase: name for name, phrases in CUES.items() for phrase in phrases} | dict.fromkeys(NO_CUES, "")
    return re.compile(rf"(?<![a-z])(?:{alternatives(family, gap=_GAP)})(?![a-z])"), family


_GAP = r"\s{1,4}"


def cues_between(page: Page, start: int, end: int) -> list[Cue]:
    pattern, family = _cue_pattern()
    found = []
    for match in pattern.finditer(page.folded, start, end):
        phrase = " ".join(match.group().split())
        printed = ACCENTED_CUES.get(phrase)
        if family[phrase] and (printed is None or page.text[match.start() : match.end()].lower() == printed):
            found.append(Cue(family[phrase], match.start(), match.end()))
    return found


@lru_cache(maxsize=1)
def _coordination() -> re.Pattern[str]:
    return re.compile(rf"(?:[\s,;/\-]|(?:{alternatives(COORDINATORS)})(?![a-z])){{0,14}}")


def governing_cue(page: Page, start: int, edge: int) -> tuple[Cue, str] | None:
    """The cue that governs the citation at ``edge`` and how near it is: "near" or "far"."""
    cues = cues_between(page, start, edge)
    while cues and cues[-1].family == "issues" and not _made_here(page, cues[-1], edge):
        cues.pop()
    if not cues:
        return None
    last = best = cues[-1] = _as_ruled(page, cues[-1], start)
    reach = last.start
    for cue in reversed(cues[:-1]) if last.family not in _PLACES else ():
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
        best = Cue("neutral", best.start, best.end)  # the bracket names what guides or amends, not what is changed
    if best.family in ("amends", "replaces", "repeals") and _not_yet().search(page.folded, start, best.start):
        best = Cue("neutral", best.start, best.end)
    distance = edge - last.end
    if distance > 60 and best.family in ("theo", "order", "task", "issues", "neutral"):
        return None  # weak words do not reach over a clause
    return best, "near" if distance <= 40 else "mid" if distance <= 140 else "far"


_RULED = re.compile(
    r"(?:theo|tuan\s{1,4}thu|chap\s{1,4}hanh|can\s{1,4}cu(?:\s{1,4}vao)?|ap\s{1,4}dung)"
    r"(?:\s{1,4}(?:dung|day\s{1,4}du|nghiem|cac|nhung|voi)){0,3}\s{1,4}$"
)


def _as_ruled(page: Page, cue: Cue, start: int) -> Cue:
    """ "quy định tại" names a place, "áp dụng theo quy định tại", "tuân thủ các quy định tại" say what binds."""
    if cue.family != "neutral" or not page.folded.startswith("quy", cue.start):
        return cue
    bound = _RULED.search(page.folded, max(start, cue.start - 60), cue.start)
    return Cue("basis", bound.start(), cue.end) if bound else cue


@lru_cache(maxsize=1)
def _not_yet() -> re.Pattern[str]:
    return re.compile(rf"(?<![a-z])(?:{alternatives(NOT_YET)})(?![a-z])")


# Words that only point to where something stands: verbs before them have an object of their own.
_PLACES = frozenset({"neutral", "theo", "basis", "order", "task", "issues", "attached_to"})


def _made_here(page: Page, cue: Cue, edge: int) -> bool:
    """ "ban hành" and "có" make news of a paper only right before it: "UBND tỉnh ban hành Kế hoạch số …"."""
    return edge - cue.end <= (4 if cue.end - cue.start <= 2 else 14)


SPLIT_FAMILIES = frozenset({"basis", "order", "task", "theo"})
"""Families whose relation the kind of the target decides."""


def relation_of(family: str, draft: Draft, issuer: Issuer) -> Relation:
    if family in SPLIT_FAMILIES:
        return split_relation(family, draft, issuer)
    if family == "neutral":
        return "mentions"
    if family in ("implements", "follows") and draft.kind in REPORTING_KINDS:
        return "mentions"  # nobody carries out a report or a submission
    if family == "approves":
        return "mentions" if draft.kind in ("Quyết định", "Nghị quyết") else "approves"
    return family  # type: ignore[return-value]


_SETS_TASKS = frozenset({"Quyết định", "Nghị quyết", "Đề án", "Chương trình"})


def split_relation(family: str, draft: Draft, issuer: Issuer) -> Relation:
    """What a cue of ``SPLIT_FAMILIES`` says of this kind of target."""
    if family == "task" and draft.kind in _SETS_TASKS:
        return "implements"  # "nhiệm vụ được giao tại Quyết định số …": whoever gives tasks is carried out
    return basis_relation(draft, issuer, weak=family != "basis")


def basis_relation(draft: Draft, issuer: Issuer, *, weak: bool) -> Relation:
    """ "Căn cứ" and "theo" by the kind of target: law and decisions are a basis, an order is carried out."""
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


def printed_cue(page: Page, cue: Cue) -> str:
    return " ".join(page.text[cue.start : cue.end].split())

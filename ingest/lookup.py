"""Looking up what a mention means whose owner or period is not printed, among all works that are known."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from typing import Literal

from ingest.claims import Mention
from ingest.identity import Identified
from kg.identifiers import DocumentNumber, parse_number, slug
from kg.kinds import kind_by_label

__all__ = ["Finder", "Reason"]

Reason = Literal["no_period", "no_issuer", "several", "bare_number", "no_antecedent"]


class Finder:
    """Looks up works by number when the owner or the period of a mention is not printed."""

    def __init__(self, identified: Identified) -> None:
        mentions = identified.claims.mentions
        self._asked = {spelling for mention in mentions if not mention.key for spelling in _spellings(mention)}
        self._works: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._dates: dict[str, set[dt.date]] = defaultdict(set)
        self._bodies: dict[str, str] = {}
        for claim in identified.claims.own:
            self._add(identified.keys[claim.file.sha256], claim.date, claim.number)
        for mention in mentions if self._asked else ():
            if mention.key:
                self._add(mention.key, mention.citation.date, mention.number)
        for key, fact in identified.claims.entered.items():
            self._add(key, fact.date, parse_number(fact.number or ""))

    def _add(self, key: str, issued: dt.date | None, number: DocumentNumber | None) -> None:
        parts = key.split("/")
        if len(parts) != 4:
            return
        _, code, _, digits = parts
        asked = {(code, spelling) for spelling in (digits, digits.split("-")[0])} & self._asked
        for spelling in asked:
            self._works[spelling].add(key)
        if asked and issued:
            self._dates[key].add(issued)
        if asked and number:
            self._bodies[key] = number.body_base

    def candidates(self, mention: Mention) -> tuple[tuple[str, ...], Reason]:
        """The works a mention without a full key may mean, and why it is not decided by itself."""
        citation, number = mention.citation, mention.number
        reason: Reason
        found = {key for spelling in _spellings(mention) for key in self._works.get(spelling, ())}
        if number is not None and number.number:
            found = {key for key in found if self._bodies.get(key, number.body_base) == number.body_base}
            if number.year is not None:
                found = {key for key in found if key.split("/")[2] == f"{number.year}-qppl"}
            reason = "no_period" if citation.owner else "no_issuer"
        elif citation.form == "bare" and citation.number and citation.kind:
            year = citation.number.partition("/")[2]  # "Thông tư 12/2019": number and year of a normative paper
            if year:
                found = {key for key in found if key.split("/")[2] == f"{year.strip()}-qppl"}
            reason = "bare_number"
        else:
            return (), "bare_number"
        if citation.owner:
            found = {key for key in found if key.split("/")[0] == citation.owner}
        else:
            found = {key for key in found if self._within_reach(mention, key)}
        if citation.date:
            found = {key for key in found if not self._dates[key] or citation.date in self._dates[key]}
        elif citation.year:
            found = {key for key in found if key.split("/")[2].startswith(str(citation.year))}
        return tuple(sorted(found)), reason

    def _within_reach(self, mention: Mention, key: str) -> bool:
        """A local number without a printed issuer can only be of the citing document's own province or district."""
        owner = key.split("/")[0]
        area = owner.rpartition(".")[0]
        if not area:
            return True
        own = mention.file.document.metadata
        return area in (own.province, own.district) or (
            own.district is not None and area.startswith(f"{own.district}.")
        )


def _spellings(mention: Mention) -> list[tuple[str, str]]:
    """(code, number) as they stand in the keys of the works that a mention without a full key may mean."""
    citation, number = mention.citation, mention.number
    if number is not None and number.number:
        code = slug(number.kind_code) if number.kind_code else "cv"
        units = "".join(f"-{slug(unit)}" for unit in (*number.body.split(".")[1:], *number.units))
        return [(code, slug(number.number.lstrip("0") or "0") + units)]
    if citation.form == "bare" and citation.number and citation.kind:
        kind = kind_by_label(citation.kind)
        digits = re.sub(r"\D", "", citation.number.partition("/")[0]).lstrip("0")
        return [(slug(code), digits) for code in (kind.codes if kind else ())]
    return []

"""Narrowing a search: by kind, issuer, level, year, campaign, cited number; and by who may see what.

A document carries facets ("kind:ke-hoach", "year:2024", "cites:34/CT/TW"); a filter is a list of alternatives, each of
which must be met. A body or an area that has predecessors offers their papers too, and says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING

from kg.identifiers import fold, number_key, slug
from kg.kinds import KINDS, kinds_by_code
from search.analysis import expansions, folded, words
from search.places import former_bodies, former_note, predecessors
from search.segments import DocumentRecord

if TYPE_CHECKING:  # reference data takes a tenth of a second to import: only a search that names a body needs it
    from kg.reference import Reference

__all__ = ["INTERNAL", "Filters", "Requirement", "facets", "requirement"]

INTERNAL = "internal:yes"

_SAID = {
    "kind": "loại", "issuer": "cơ quan", "level": "cấp", "year": "năm", "campaign": "phong trào", "cites": "viện dẫn",
}  # fmt: skip
_LEVELS = {
    "trung uong": "central", "tw": "central", "central": "central", "tinh": "province", "thanh pho": "province",
    "province": "province", "huyen": "district", "quan": "district", "district": "district", "xa": "commune",
    "phuong": "commune", "commune": "commune",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Filters:
    """What a person asks for beside the words: kind "Kế hoạch" or "KH", issuer as said, level, year, and so on."""

    kind: str | None = None
    issuer: str | None = None
    level: str | None = None
    year: int | str | None = None
    campaign: str | None = None
    cites: str | None = None

    def merged(self, typed: Sequence[tuple[str, str]]) -> Filters:
        """These filters, with those typed into the query where none is set."""
        values = {one.name: getattr(self, one.name) for one in fields(self)}
        for name, value in typed:
            if values.get(name) is None:
                values[name] = value
        return Filters(**values)

    def apart(self) -> Iterator[tuple[str, Filters]]:
        """Each filter by itself, with how a person would say it: "năm 2023"."""
        for one in fields(self):
            value = getattr(self, one.name)
            if value is not None and value != "":
                yield f"{_SAID[one.name]} {value}", Filters(**{one.name: value})


@dataclass(frozen=True, slots=True)
class Requirement:
    """A resolved filter: ``require`` holds alternatives, one of each list must be a facet; ``notes`` are for people."""

    require: tuple[tuple[str, ...], ...] = ()
    forbid: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def met(self, has: frozenset[str]) -> bool:
        """Whether a document with these facets may be shown."""
        return not any(facet in has for facet in self.forbid) and all(
            any(facet in has for facet in alternatives) for alternatives in self.require
        )

    def __bool__(self) -> bool:
        return bool(self.require or self.forbid)


def facets(record: DocumentRecord) -> tuple[str, ...]:
    """Everything a document can be narrowed by."""
    found = [f"year:{year}" for year in record.years]
    if record.kind:
        found.append(f"kind:{slug(record.kind)}")
    if record.level:
        found.append(f"level:{record.level}")
    if record.owner:
        found.append(f"owner:{record.owner}")
    if record.issuer:
        found.append(f"issuer:{slug(record.issuer)}")
    found.extend(f"campaign:{slug(name)}" for name in record.campaigns)
    found.extend(f"cites:{number_key(number)}" for number in record.cites)
    if record.internal:
        found.append(INTERNAL)
    return tuple(found)


@dataclass(slots=True)
class _Building:
    require: list[tuple[str, ...]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def requirement(
    filters: Filters, records: Iterable[DocumentRecord], reference: Reference | None, *, internal: bool
) -> Requirement:  # fmt: skip
    """The facets that ``filters`` ask for, given what is held; no alternative where nothing held fits."""
    built = _Building()
    if filters.kind:
        built.require.append(_kinds(filters.kind))
    if filters.level:
        level = _LEVELS.get(fold(filters.level).removeprefix("cap ").strip())
        built.require.append((f"level:{level}",) if level else ())
    if filters.year:
        built.require.append((f"year:{filters.year}",))
    if filters.cites:
        built.require.append(_cites(filters.cites, records))
    if filters.campaign:
        wanted = slug(filters.campaign)
        held = {slug(name) for record in records for name in record.campaigns}
        built.require.append(tuple(sorted(f"campaign:{name}" for name in held if wanted in name)))
    if filters.issuer:
        _issuer(filters.issuer, list(records), reference, built)
    return Requirement(tuple(built.require), () if internal else (INTERNAL,), tuple(built.notes))


def _kinds(said: str) -> tuple[str, ...]:
    codes = kinds_by_code(said) or tuple(
        kind for kind in KINDS for code in kind.codes if fold(code) == fold(said).strip()
    )
    return tuple(dict.fromkeys(f"kind:{kind.slug}" for kind in codes)) or (f"kind:{slug(said)}",)


def _cites(said: str, records: Iterable[DocumentRecord]) -> tuple[str, ...]:
    """A whole number, or the first parts of one: "cites:34" finds every 34-…/… that is cited."""
    wanted = fold(number_key(said))
    held = {number_key(number) for record in records for number in record.cites}
    parts = frozenset(wanted.split("/"))
    return tuple(
        sorted(
            f"cites:{key}"
            for key in held
            if fold(key) == wanted
            or (fold(key).split("/")[0] == wanted.split("/")[0] and parts <= set(fold(key).split("/")))
        )
    )


def _issuer(said: str, records: Sequence[DocumentRecord], reference: Reference | None, built: _Building) -> None:
    spellings = [
        said,
        *(_respelled(said, expansion.start, expansion.end, expansion.words) for expansion in expansions(said)),
    ]
    owners: set[str] = set()
    wanted = [folded(words(spelling)) for spelling in spellings]
    printed = {record.issuer for record in records if record.issuer}
    issuers = {slug(issuer) for issuer in printed if any(_holds(folded(words(issuer)), one) for one in wanted)}
    if reference is not None:
        held = {record.owner for record in records if record.owner}
        for code, note in _reference_owners(spellings, reference).items():
            found = {owner for owner in held if owner == code or owner.startswith(f"{code}.")}
            if found - owners and note:
                built.notes.append(note)
            owners |= found
    built.require.append(
        (*(f"owner:{owner}" for owner in sorted(owners)), *(f"issuer:{issuer}" for issuer in sorted(issuers)))
    )


def _respelled(said: str, start: int, end: int, instead: Sequence[str]) -> str:
    tokens = words(said)
    return " ".join([*tokens[:start], *instead, *tokens[end:]])


def _holds(tokens: Sequence[str], wanted: Sequence[str]) -> bool:
    """Whether ``wanted`` stands in ``tokens`` as neighbours, in order."""
    return bool(wanted) and f" {' '.join(wanted)} " in f" {' '.join(tokens)} "


def _reference_owners(spellings: Sequence[str], reference: Reference) -> dict[str, str]:
    """Codes of the bodies and areas that a phrase names, each with a note when it is a predecessor's."""
    codes: dict[str, str] = {}
    for spelling in spellings:
        match = reference.find_body(spelling)
        if match is not None:
            codes.setdefault(match.body.code, "")
            for code in former_bodies(reference, match.body.code):
                before = reference.body(code)
                codes.setdefault(code, former_note(before, match.body.name) if before else "")
            for area in predecessors(reference, match.body.area) if match.body.area else ():
                organ = match.body.code.rsplit(".", 1)[-1]
                codes.setdefault(f"{area}.{organ}", _area_note(reference, area, match.body.area))
        for found in reference.find_areas(_AREA.sub("", spelling).strip() or spelling):
            codes.setdefault(found.code, "")
            for area in predecessors(reference, found.code):
                codes.setdefault(area, _area_note(reference, area, found.code))
    return codes


def _area_note(reference: Reference, code: str, heir: str | None) -> str:
    before = reference.area(code)
    after = reference.area(heir) if heir else None
    return former_note(before, after.name if after else "") if before is not None else ""


_AREA = re.compile(r"^(?:UBND|HĐND|ubnd|hđnd|[ỦU][ỷy]? ban nhân dân|Hội đồng nhân dân)\s+", re.IGNORECASE)

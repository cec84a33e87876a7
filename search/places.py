"""Bodies and areas that are no more: their papers stand under the old name, and are offered with the new one.

"kế hoạch thi đua xã Bình Lư" also looks for "Tam Đường", whose territory went to Bình Lư, "Bộ Nông nghiệp và Môi
trường" also for the two ministries it was made of, where the index holds papers of them; the result says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from search.analysis import Expansion, Query, folded, words

if TYPE_CHECKING:  # reference data takes a tenth of a second to import: only a search that names a body needs it
    from kg.reference import Area, Body, Reference

__all__ = ["Former", "former_bodies", "former_note", "predecessors", "with_predecessors"]

_TYPES = (("xa",), ("phuong",), ("thi", "tran"), ("dac", "khu"), ("huyen",), ("tinh",), ("thanh", "pho"), ("tp",))
_BODY_WORDS = frozenset(["bo", "so", "ban", "cuc", "uy", "tong"])
_LONGEST_NAME = 4  # syllables
_WEIGHT = 0.6
_GENERATIONS = 3


@dataclass(frozen=True, slots=True)
class Former:
    """What went before the bodies and areas that a query names: whose papers to offer, and what to say of each.

    ``owners``: of those under whose present name nothing is held; ``beside``: of the others, with those themselves.
    """

    owners: frozenset[str] = frozenset()
    beside: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()
    is_all: bool = False
    """True when nothing but areas was typed: then their papers are what is looked for."""

    @property
    def all_owners(self) -> frozenset[str]:
        """All whose papers are offered."""
        return self.owners | self.beside


def predecessors(reference: Reference, code: str) -> tuple[str, ...]:
    """The areas whose territory, wholly or partly, went to this one: xã Bình Lư ← huyện Tam Đường."""
    return _turned_round(reference).get(code, ())


@lru_cache(maxsize=2)
def _turned_round(reference: Reference) -> Mapping[str, tuple[str, ...]]:
    table: dict[str, list[str]] = {}
    for area in reference.areas.values():
        for successor in area.successors:
            table.setdefault(successor, []).append(area.code)
    return {code: tuple(sorted(found)) for code, found in table.items()}


def former_bodies(reference: Reference, code: str) -> tuple[str, ...]:
    """The bodies whose work this one took over, directly or through others: bnnmt ← bnnptnt ← bts."""
    found: dict[str, None] = {}
    latest: tuple[str, ...] = (code,)
    for _ in range(_GENERATIONS):
        latest = tuple(before for one in latest for before in reference.predecessors(one) if before not in found)
        found |= dict.fromkeys(latest)
    return tuple(found)


def former_note(unit: Area | Body, named: str = "") -> str:
    """The sentence that says why papers of a former area or body are shown; ``named`` is the present name."""
    day = f"{unit.valid_to:%d/%m/%Y}" if unit.valid_to else ""
    if unit.name == named:
        return f"Có cả văn bản của {unit.name} trước khi sắp xếp{f' (đến ngày {day})' if day else ''}."
    kind = "đơn vị" if hasattr(unit, "kind") else "cơ quan"
    ended = f", kết thúc hoạt động ngày {day}" if day else ""
    return f"Có cả văn bản của {unit.name} ({kind} trước đây{ended})."


@dataclass(slots=True)
class _Found:
    owners: set[str] = field(default_factory=set)
    beside: set[str] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)
    expansions: list[Expansion] = field(default_factory=list)
    named: int = 0
    """Words of the query that are names of areas."""


def with_predecessors(
    query: Query, reference: Callable[[], Reference], owners: frozenset[str]
) -> tuple[Query, Former]:  # fmt: skip
    """The query with former names as other ways to say those in it, as far as ``owners`` (held) are of them."""
    tokens = folded(list(query.words))
    found = _Found()
    for start, end in _areas(tokens):
        for last in range(end, start + 1, -1):
            if _area(query, start, last, reference(), owners, found):
                break
    if not _BODY_WORDS.isdisjoint(tokens):
        _bodies(tokens, reference(), owners, found)
    if not found.notes:
        return query, Former()
    offered = Former(
        frozenset(found.owners), frozenset(found.beside - found.owners), tuple(dict.fromkeys(found.notes)),
        found.named == len(tokens),
    )  # fmt: skip
    return replace(query, expansions=(*query.expansions, *found.expansions)), offered


def _areas(tokens: list[str]) -> Iterator[tuple[int, int]]:
    """Where a word for a kind of area stands, and how far its name may reach."""
    for start in range(len(tokens)):
        for kind in _TYPES:
            if tuple(tokens[start : start + len(kind)]) == kind:
                yield start, min(start + len(kind) + _LONGEST_NAME, len(tokens))


def _area(
    query: Query, start: int, end: int, reference: Reference, owners: frozenset[str], found: _Found
) -> bool:  # fmt: skip
    """Whether the words are the name of an area; then what went before it is put into ``found``."""
    areas = reference.find_areas(" ".join(query.words[start:end]))
    for area in areas:
        for code in predecessors(reference, area.code):
            former = reference.area(code)
            held = _within(owners, code)
            if former is None or not held:
                continue
            own = _within(owners, area.code)
            found.notes.append(former_note(former, area.name))
            (found.beside if own else found.owners).update(held)
            found.beside |= own
            if former.name != area.name:
                found.expansions.append(Expansion(start, end, tuple(words(former.short_name)), _WEIGHT))
    if areas:
        found.named += end - start
    return bool(areas)


def _within(owners: frozenset[str], area: str) -> set[str]:
    return {owner for owner in owners if owner == area or owner.startswith(f"{area}.")}


def _bodies(tokens: list[str], reference: Reference, owners: frozenset[str], found: _Found) -> None:
    said = f" {' '.join(tokens)} "
    for name, (present, codes) in _heirs(reference, owners).items():
        at = said.find(f" {name} ")
        if at < 0:
            continue
        start = said.count(" ", 0, at)
        for code in codes:
            former = reference.body(code)
            assert former is not None
            found.notes.append(former_note(former))
            (found.beside if present & owners else found.owners).add(code)
            found.beside |= present & owners
            short = former.name.removesuffix(_area_name(reference, former))
            found.expansions.append(Expansion(start, start + len(name.split()), tuple(words(short)), _WEIGHT))


def _area_name(reference: Reference, body: Body) -> str:
    area = reference.area(body.area) if body.area else None
    return area.name if area else ""


@lru_cache(maxsize=4)
def _heirs(
    reference: Reference, owners: frozenset[str]
) -> Mapping[str, tuple[frozenset[str], tuple[str, ...]]]:  # fmt: skip
    """From the names of bodies, folded and without their area, to their codes and the held bodies they followed.

    Only where the kind of body changed: one that another area took over with the area is found by the area.
    """
    present: dict[str, set[str]] = {}
    former: dict[str, dict[str, None]] = {}
    for owner in sorted(owners):
        for heir in _after(reference, owner):
            organ = reference.organs.get(heir.organ) if heir.organ else None
            name = organ.pattern.replace("{area}", "") if organ else heir.name
            for said in (name, *heir.symbol_codes):
                key = " ".join(folded(words(said)))
                if len(key) > _LONGEST_NAME:
                    present.setdefault(key, set()).add(heir.code)
                    former.setdefault(key, {})[owner] = None
    return {key: (frozenset(present[key]), tuple(codes)) for key, codes in former.items()}


def _after(reference: Reference, code: str) -> Iterator[Body]:
    """The bodies that followed this one, of another kind each."""
    latest = [code]
    for _ in range(_GENERATIONS):
        following = []
        for one in latest:
            body = reference.body(one)
            for successor in body.successors if body else ():
                heir = reference.body(successor)
                if body and heir and (heir.organ is None or heir.organ != body.organ):
                    yield heir
                    following.append(successor)
        latest = following

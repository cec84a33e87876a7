"""Area names in a free query: the papers of an area that is no more stand under its old name.

"kế hoạch thi đua xã Bình Lư" also looks for "Tam Đường", whose territory went to Bình Lư, when the index holds papers
from there; those papers are offered, and the result says so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from search.analysis import Expansion, Query, folded, words
from search.filters import predecessor_note, predecessors

if TYPE_CHECKING:
    from kg.reference import Reference

__all__ = ["Former", "with_predecessors"]

_TYPES = (("xa",), ("phuong",), ("thi", "tran"), ("dac", "khu"), ("huyen",), ("tinh",), ("thanh", "pho"), ("tp",))
_LONGEST_NAME = 4  # syllables
_WEIGHT = 0.6


@dataclass(frozen=True, slots=True)
class Former:
    """The former areas of those that a query names: whose papers to offer, and what to say of each."""

    owners: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()
    is_all: bool = False
    """True when nothing but areas was typed: then their papers are what is looked for."""


def with_predecessors(
    query: Query, reference: Callable[[], Reference], owners: frozenset[str]
) -> tuple[Query, Former]:  # fmt: skip
    """The query with former areas as other ways to say the areas in it, as far as ``owners`` (held) are of them."""
    tokens = folded(list(query.words))
    expansions: list[Expansion] = []
    notes: list[str] = []
    former_owners: set[str] = set()
    named = 0
    place = 0
    while place < len(tokens):
        head = next((kind for kind in _TYPES if tuple(tokens[place : place + len(kind)]) == kind), None)
        place += len(head) if head else 1
        if head is None:
            continue
        start = place - len(head)
        for end in range(min(place + _LONGEST_NAME, len(tokens)), place, -1):
            areas = reference().find_areas(" ".join(query.words[start:end]))
            if not areas:
                continue
            for area in areas:
                for code in predecessors(reference(), area.code):
                    former = reference().area(code)
                    held = {owner for owner in owners if owner == code or owner.startswith(f"{code}.")}
                    if former is None or not held:
                        continue
                    former_owners |= held
                    expansions.append(Expansion(start, end, tuple(words(former.short_name)), _WEIGHT))
                    notes.append(predecessor_note(former))
            named += end - start
            place = end
            break
    if not expansions:
        return query, Former()
    found = Former(frozenset(former_owners), tuple(dict.fromkeys(notes)), named == len(tokens))
    return replace(query, expansions=(*query.expansions, *expansions)), found

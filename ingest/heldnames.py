"""Names of bodies that reference data holds, as they begin at a place in a text.

The walker of ``ingest.bodynames`` stops at words that else open a clause: "Cục Quản lý | đất đai". A name that is
known is taken whole.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import lru_cache

from kg.identifiers import fold
from kg.reference import load_reference

__all__ = ["held_name"]

_LONGEST = 110  # code points
_WORD = re.compile(r"[a-z0-9]+")
_BETWEEN = re.compile(r"\s{1,4}|\s{0,2}[,\-–&]\s{0,2}")


@lru_cache(maxsize=1)
def _names() -> dict[tuple[str, str], list[tuple[str, ...]]]:
    """The words of each name of three words or more, its area left out, by its first two; longest first."""
    reference = load_reference()
    printed = [name for body in reference.bodies.values() for name in (body.name, *body.short_names)]
    for organ in reference.organs.values():
        printed += [name.partition("{")[0] for name in (organ.pattern, *organ.short_names, *organ.said_as)]
    table: dict[tuple[str, str], set[tuple[str, ...]]] = defaultdict(set)
    for name in printed:
        words = tuple(_WORD.findall(fold(name)))
        if len(words) >= 3:
            table[words[0], words[1]].add(words)
    return {first: sorted(names, key=lambda words: (-len(words), words)) for first, names in table.items()}


def held_name(folded: str, start: int) -> int | None:
    """Where the longest known name that begins at ``start`` ends: in "Cục Quản lý đất đai về" behind "đai"."""
    first = _WORD.match(folded, start)
    second = _WORD.search(folded, first.end(), first.end() + 16) if first else None
    if first is None or second is None:
        return None
    names = _names().get((first.group(), second.group()))
    if names is None:
        return None
    found = list(_WORD.finditer(folded, start, start + _LONGEST))
    run = 1
    while run < len(found) and _BETWEEN.fullmatch(folded, found[run - 1].end(), found[run].start()):
        run += 1
    words = tuple(match.group() for match in found[:run])
    for name in names:
        if words[: len(name)] == name:
            return found[len(name) - 1].end()
    return None

"""Passages that say nearly the same: district plans copy provincial calls almost word for word."""

from __future__ import annotations

import re
from collections.abc import Sequence

from search.analysis import folded, words

__all__ = ["groups", "likeness", "shingles"]

_DIGIT = re.compile(r"\d+$")
_LENGTH = 4
SAME = 0.6
"""Shared runs of four syllables from which two passages count as one text with small changes."""


def shingles(text: str) -> frozenset[str]:
    """The runs of four syllables of a text, without numbers, so that another year or rate changes nothing."""
    tokens = [token for token in folded(words(text)) if not _DIGIT.match(token)]
    if len(tokens) < _LENGTH:
        return frozenset([" ".join(tokens)] if tokens else ())
    return frozenset(" ".join(tokens[place : place + _LENGTH]) for place in range(len(tokens) - _LENGTH + 1))


def likeness(left: frozenset[str], right: frozenset[str]) -> float:
    """Shared runs over all runs, 0 to 1 (Jaccard)."""
    union = len(left | right)
    return len(left & right) / union if union else 0.0


def groups(texts: Sequence[str], *, least: float = SAME) -> list[int]:
    """For each text the place of the earlier one it repeats, or its own place when it says something new."""
    kept: list[tuple[int, frozenset[str]]] = []
    found: list[int] = []
    for place, text in enumerate(texts):
        runs = shingles(text)
        leader = next((first for first, other in kept if likeness(runs, other) >= least), place) if runs else place
        if leader == place:
            kept.append((place, runs))
        found.append(leader)
    return found

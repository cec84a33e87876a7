"""Passages that say nearly the same: district plans copy provincial calls almost word for word."""

from __future__ import annotations

import re

from search.analysis import folded, words

__all__ = ["SAME", "likeness", "shingles"]

_DIGIT = re.compile(r"\d+$")
_LENGTH = 3
SAME = 0.6
"""Share of common runs from which two passages count as one text with small changes."""


def shingles(text: str) -> frozenset[str]:
    """The runs of three syllables of a text, without numbers, so that another year or rate changes nothing."""
    tokens = [token for token in folded(words(text)) if not _DIGIT.match(token)]
    if len(tokens) < _LENGTH:
        return frozenset([" ".join(tokens)] if tokens else ())
    return frozenset(" ".join(tokens[place : place + _LENGTH]) for place in range(len(tokens) - _LENGTH + 1))


def likeness(left: frozenset[str], right: frozenset[str]) -> float:
    """Shared runs over all runs, 0 to 1 (Jaccard)."""
    union = len(left | right)
    return len(left & right) / union if union else 0.0

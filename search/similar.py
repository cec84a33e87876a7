"""Passages that say nearly the same: district plans copy provincial calls almost word for word."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from search.analysis import folded, words
from search.encoders import Pieces

__all__ = ["SAME", "leaders", "likeness", "near_pairs", "shingles"]

_DIGIT = re.compile(r"\d+$")
_LENGTH = 3
SAME = 0.6
"""Share of common runs from which two passages count as one text with small changes."""
_SHARED = 0.5
"""Share of common pieces from which two passages are compared word by word."""
_BITS = 2048
"""Pieces are counted by their last bits: of the hundred of a passage hardly two fall together."""
_BLOCK = 32


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


def near_pairs(parts: Sequence[Pieces]) -> NDArray[np.bool_]:
    """Which passage (column) shares enough pieces with an earlier one (row) to be compared with it word by word."""
    held = np.zeros((len(parts), _BITS), dtype=np.bool_)
    held[np.repeat(np.arange(len(parts)), [len(part) for part in parts]), np.concatenate(parts) % _BITS] = True
    bits = np.packbits(held, axis=1).view(np.uint64)
    sizes = held.sum(axis=1)
    near = np.zeros((len(parts), len(parts)), dtype=np.bool_)
    for start in range(0, len(parts), _BLOCK):  # counted in bits: a product of matrices would start threads
        end = min(start + _BLOCK, len(parts))
        common = np.bitwise_count(bits[:end, None] & bits[None, start:end]).sum(axis=2, dtype=np.int64)
        near[:end, start:end] = common >= _SHARED * (sizes[:end, None] + sizes[None, start:end] - common)
    return near


def leaders(near: NDArray[np.bool_], text_of: Callable[[int], str]) -> list[int]:
    """For each passage, best first, the place of the earlier one that it repeats, or its own.

    ``near`` says which may repeat each other; ``text_of`` gives the text of one, and is only asked where it matters.
    """
    found = list(range(len(near)))
    runs: dict[int, frozenset[str]] = {}

    def runs_of(place: int) -> frozenset[str]:
        if place not in runs:
            runs[place] = shingles(text_of(place))
        return runs[place]

    for place in range(len(near)):
        for earlier in np.flatnonzero(near[:place, place]).tolist():
            if found[earlier] == earlier and likeness(runs_of(earlier), runs_of(place)) >= SAME:
                found[place] = earlier
                break
    return found

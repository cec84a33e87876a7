"""Giving accents back to what was typed without them: "ke hoach thi dua" → "kế hoạch thi đua".

The vocabulary of the embedded model knows runs of one to five syllables and how common each is; the likeliest way to
cover the words is taken. Only for the encoder and as a help to ranking: what a person typed is searched as typed.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from importlib.resources import files
from typing import Any

import msgspec

from kg.identifiers import fold
from search.analysis import Query, tidy

__all__ = ["restore", "syllables", "with_accents"]

_MARK = "▁"
_LONGEST = 5
_UNKNOWN = -25.0  # worse than any piece: a word that the vocabulary lacks stays as it is


def _pieces() -> Iterator[tuple[str, float]]:
    """The runs of whole syllables in the vocabulary, each with its likelihood."""
    raw: dict[str, Any] = msgspec.json.decode((files("search") / "model" / "tokenizer.json").read_bytes())
    for piece, score in raw["model"]["vocab"]:
        if piece.startswith(_MARK) and len(piece) > 1:
            yield piece[1:].replace(_MARK, " "), score


@lru_cache(maxsize=1)
def _runs() -> dict[str, tuple[float, str]]:
    """Folded runs of syllables → their likelihood and their likeliest spelling."""
    best: dict[str, tuple[float, str]] = {}
    for spelled, score in _pieces():
        key = fold(spelled)
        if key not in best or score > best[key][0]:
            best[key] = (score, spelled)
    return best


@lru_cache(maxsize=1)
def syllables() -> frozenset[str]:
    """Every syllable in the vocabulary, with its accents, the tone in one place (``search.analysis.tidy``)."""
    return frozenset(tidy(word) for spelled, _ in _pieces() for word in spelled.split())


def restore(tokens: Sequence[str]) -> tuple[str, ...]:
    """The words with the likeliest accents; words the vocabulary does not know stay as they are."""
    runs = _runs()
    best: list[tuple[float, int, str]] = [(0.0, 0, "")]
    for end in range(1, len(tokens) + 1):
        ways = [(best[end - 1][0] + _UNKNOWN, end - 1, tokens[end - 1])]
        for start in range(max(0, end - _LONGEST), end):
            found = runs.get(" ".join(tokens[start:end]))
            if found is not None and not math.isinf(found[0]):
                ways.append((best[start][0] + found[0], start, found[1]))
        best.append(max(ways))
    parts: list[str] = []
    end = len(tokens)
    while end:
        _, start, spelled = best[end]
        parts.append(spelled)
        end = start
    return tuple(" ".join(reversed(parts)).split())


def with_accents(query: Query) -> Query:
    """The query with ``restored`` set, when it was typed without any accent."""
    if query.accented or not query.words:
        return query
    restored = restore(query.words)
    return replace(query, restored=restored) if len(restored) == len(query.words) else query

"""Fusion: passages found by words and by meaning, and papers found by number, become one ranking of documents.

Score of a document = its best lexical score over the best of the query + ``SEMANTIC`` × its best cosine
+ ``COVER`` × how well its best passage covers the words of the query, each by its nearest word. Papers found by number
stand before all others, in the number route's own order. Everything is deterministic: ties go by number.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from search.numbers import NumberHit

__all__ = ["Candidate", "Ranked", "Weights", "fuse"]


@dataclass(frozen=True, slots=True)
class Weights:
    """What a cosine and a cover of 1 weigh against the best lexical score: chosen by cross-validation."""

    semantic: float = 2.0
    cover: float = 1.5
    depth: int = 30
    """Documents whose cover is looked at; the rest keep their order behind."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One passage that a route brought up; a score is None where the route knows nothing of it."""

    row: int
    document: int
    lexical: float | None
    semantic: float | None


@dataclass(frozen=True, slots=True)
class Ranked:
    """One document with why it is there: ranks from 1 in each route, scores as that route gave them.

    ``row`` is its best passage, None where only the number speaks for it.
    """

    document: int
    score: float
    row: int | None
    number: NumberHit | None = None
    lexical: tuple[int, float] | None = None
    semantic: tuple[int, float] | None = None


@dataclass(slots=True)
class _Gathered:
    """The best of each route for one document, and the passage that is best by both."""

    lexical: float | None = None
    semantic: float | None = None
    row: int | None = None
    best: float = float("-inf")


def fuse(
    candidates: Sequence[Candidate],
    numbers: Sequence[NumberHit] = (),
    *,
    weights: Weights | None = None,
    cover: Callable[[Sequence[int]], Sequence[float]] | None = None,
) -> list[Ranked]:
    """All documents of the three routes, best first. ``cover`` gives the cover of some passages, by row."""
    weights = weights or Weights()
    top = max((one.lexical for one in candidates if one.lexical is not None), default=0.0) or 1.0
    gathered: dict[int, _Gathered] = {}
    for one in candidates:
        found = gathered.setdefault(one.document, _Gathered())
        if one.lexical is not None and (found.lexical is None or one.lexical > found.lexical):
            found.lexical = one.lexical
        if one.semantic is not None and (found.semantic is None or one.semantic > found.semantic):
            found.semantic = one.semantic
        score = (one.lexical or 0.0) / top + weights.semantic * (one.semantic or 0.0)
        if score > found.best or (score == found.best and found.row is not None and one.row < found.row):
            found.best, found.row = score, one.row
    lexical_rank = _ranks({document: one.lexical for document, one in gathered.items() if one.lexical is not None})
    semantic_rank = _ranks({document: one.semantic for document, one in gathered.items() if one.semantic is not None})
    ranked = [
        Ranked(
            document,
            (one.lexical or 0.0) / top + weights.semantic * (one.semantic or 0.0),
            one.row,
            None,
            (lexical_rank[document], one.lexical) if one.lexical is not None else None,
            (semantic_rank[document], one.semantic) if one.semantic is not None else None,
        )
        for document, one in gathered.items()
    ]
    ranked.sort(key=_order)
    if cover is not None and weights.cover and ranked:
        near = ranked[: weights.depth]
        covered = cover([one.row for one in near if one.row is not None])
        near = [
            replace(one, score=one.score + weights.cover * float(value))
            for one, value in zip(near, covered, strict=True)
        ]
        ranked = [*sorted(near, key=_order), *ranked[weights.depth :]]
    return _numbers_first(ranked, numbers)


def _order(one: Ranked) -> tuple[float, int]:
    return -one.score, one.document


def _numbers_first(ranked: Sequence[Ranked], numbers: Sequence[NumberHit]) -> list[Ranked]:
    known = {one.document: one for one in ranked}
    first = [replace(known.get(hit.document, Ranked(hit.document, 0.0, None)), number=hit) for hit in numbers]
    taken = {hit.document for hit in numbers}
    return [*first, *(one for one in ranked if one.document not in taken)]


def _ranks(scores: dict[int, float]) -> dict[int, int]:
    ordered = sorted(scores, key=lambda document: (-scores[document], document))
    return {document: rank for rank, document in enumerate(ordered, 1)}

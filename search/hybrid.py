"""Fusion: passages found by words and by meaning, and papers found by number, become one ranking of documents.

Score of a document = its best lexical score over the best of the query + ``SEMANTIC`` × its best cosine. Papers found
by number stand before all others, in the number route's own order. Everything is deterministic: ties go by number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from search.numbers import NumberHit

__all__ = ["SEMANTIC", "Candidate", "Ranked", "fuse"]

SEMANTIC = 1.5
"""Weight of the cosine against the lexical score scaled to 1: chosen by cross-validation (docs/encoder)."""


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


def fuse(
    candidates: Sequence[Candidate], numbers: Sequence[NumberHit] = (), *, semantic_weight: float = SEMANTIC
) -> list[Ranked]:  # fmt: skip
    """All documents of the three routes, best first."""
    lexical: dict[int, float] = {}
    semantic: dict[int, float] = {}
    for candidate in candidates:
        for table, score in ((lexical, candidate.lexical), (semantic, candidate.semantic)):
            if score is not None and score > table.get(candidate.document, float("-inf")):
                table[candidate.document] = score
    top = max(lexical.values(), default=0.0) or 1.0
    best_row = _best_rows(candidates, top, semantic_weight)
    lexical_rank = _ranks(lexical)
    semantic_rank = _ranks(semantic)
    by_number = {hit.document: (place, hit) for place, hit in enumerate(numbers)}
    ranked = []
    for document in {*lexical, *semantic, *by_number}:
        score = lexical.get(document, 0.0) / top + semantic_weight * semantic.get(document, 0.0)
        ranked.append(
            Ranked(
                document,
                score,
                best_row.get(document),
                by_number[document][1] if document in by_number else None,
                (lexical_rank[document], lexical[document]) if document in lexical else None,
                (semantic_rank[document], semantic[document]) if document in semantic else None,
            )
        )
    none = len(by_number)
    return sorted(ranked, key=lambda one: (by_number.get(one.document, (none,))[0], -one.score, one.document))


def _best_rows(candidates: Sequence[Candidate], top: float, weight: float) -> Mapping[int, int]:
    """The passage to show of each document: the one where words and meaning together are strongest."""
    best: dict[int, tuple[float, int]] = {}
    for candidate in candidates:
        score = (candidate.lexical or 0.0) / top + weight * (candidate.semantic or 0.0)
        kept = best.get(candidate.document)
        if kept is None or (score, -candidate.row) > (kept[0], -kept[1]):
            best[candidate.document] = (score, candidate.row)
    return {document: row for document, (_, row) in best.items()}


def _ranks(scores: Mapping[int, float]) -> dict[int, int]:
    ordered = sorted(scores, key=lambda document: (-scores[document], document))
    return {document: rank for rank, document in enumerate(ordered, 1)}

"""Fusion: passages found by words and by meaning, and papers found by number, become one ranking of documents.

Score of a document = its best lexical score over the best of the query + ``semantic`` × its best cosine
+ ``cover`` × how well its best passage covers the words of the query, each by its nearest word + what the caller
prefers of it. Papers found by number stand before all others, in the number route's own order. Everything is
deterministic: ties go by number.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from search.encoders import Floats
from search.numbers import NumberHit

__all__ = ["NO_CANDIDATES", "Candidates", "Ranked", "Weights", "fuse"]


@dataclass(frozen=True, slots=True)
class Weights:
    """What a cosine and a cover of 1 weigh against the best lexical score: chosen by cross-validation."""

    semantic: float = 2.0
    cover: float = 1.5
    depth: int = 30
    """Documents whose cover is looked at; the rest keep their order behind."""
    held: float = 0.25
    """For a paper whose text is here, before one that is only cited."""
    year: float = 0.25
    """For a paper of a year that stands in the query."""
    former: float = 1.5
    """For a paper of a former area or body of one that stands in the query and has none: it cannot bear its name."""
    beside: float = 0.4
    """The same where papers under the present name are held too."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """Passages that the routes brought up, one place in each array; a score is NaN where a route has none."""

    rows: NDArray[np.int64]
    documents: NDArray[np.int64]
    lexical: Floats
    semantic: Floats

    def only(self, kept: NDArray[np.bool_]) -> Candidates:
        """Those that ``kept`` says."""
        return Candidates(self.rows[kept], self.documents[kept], self.lexical[kept], self.semantic[kept])


NO_CANDIDATES = Candidates(
    np.zeros(0, dtype=np.int64),
    np.zeros(0, dtype=np.int64),
    np.zeros(0, dtype=np.float32),
    np.zeros(0, dtype=np.float32),
)


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
    found: Candidates,
    numbers: Sequence[NumberHit] = (),
    *,
    most: int = 1000,
    weights: Weights | None = None,
    cover: Callable[[NDArray[np.int64]], Floats] | None = None,
    prefer: Callable[[NDArray[np.int64]], Floats] | None = None,
) -> list[Ranked]:
    """The best documents of the three routes, those of the number route and ``most`` others, best first.

    ``cover`` gives the cover of some passages, by row; ``prefer`` what to add to the scores of some documents.
    """
    return _numbers_first(_ranked(found, most, weights or Weights(), cover, prefer), numbers)


def _ranked(
    found: Candidates,
    most: int,
    weights: Weights,
    cover: Callable[[NDArray[np.int64]], Floats] | None,
    prefer: Callable[[NDArray[np.int64]], Floats] | None,
) -> list[Ranked]:
    if not len(found.rows):
        return []
    documents, member = np.unique(found.documents, return_inverse=True)
    lexical = _best(found.lexical, member, len(documents))
    semantic = _best(found.semantic, member, len(documents))
    by_words = np.fmax(lexical, 0)
    top = float(by_words.max()) or 1.0
    passage_scores = np.fmax(found.lexical, 0) / top + weights.semantic * _known(found.semantic)
    rows = np.empty(len(documents), dtype=np.int64)
    worst_first = np.lexsort((-found.rows, passage_scores))  # of equal ones the lower row is written last and stays
    rows[member[worst_first]] = found.rows[worst_first]
    scores = by_words / top + weights.semantic * _known(semantic)
    if prefer is not None:
        scores += prefer(documents)
    order = np.lexsort((documents, -scores))
    if cover is not None and weights.cover:
        near = order[: weights.depth]
        scores[near] += weights.cover * cover(rows[near])
        order[: weights.depth] = near[np.lexsort((documents[near], -scores[near]))]
    shown = order[:most]
    why_words, why_meaning = (_why(values, documents, shown) for values in (lexical, semantic))
    return [
        Ranked(document, score, row, None, words, meaning)
        for document, score, row, words, meaning in zip(
            documents[shown].tolist(), scores[shown].tolist(), rows[shown].tolist(), why_words, why_meaning, strict=True
        )
    ]


def _why(scores: Floats, documents: NDArray[np.int64], shown: NDArray[np.int64]) -> list[tuple[int, float] | None]:
    """Rank and score of the shown documents in one route; None where it did not find them."""
    ranks = _ranks(scores, documents)[shown].tolist()
    found = zip(ranks, scores[shown].tolist(), strict=True)
    return [(rank, score) if score == score else None for rank, score in found]  # NaN is not equal to itself


def _best(scores: Floats, member: NDArray[np.int64], count: int) -> Floats:
    """The highest score of each document; NaN where it has none."""
    best = np.full(count, np.nan, dtype=np.float32)
    np.fmax.at(best, member, scores)
    return best


def _known(scores: Floats) -> Floats:
    """The scores, 0 where there is none."""
    return np.where(np.isnan(scores), np.float32(0), scores)


def _ranks(scores: Floats, documents: NDArray[np.int64]) -> NDArray[np.int64]:
    """The rank of each, from 1, ties by document; what has no score comes last."""
    ranks = np.empty(len(scores), dtype=np.int64)
    ranks[np.lexsort((documents, -np.fmax(scores, -np.inf)))] = np.arange(1, len(scores) + 1)
    return ranks


def _numbers_first(ranked: Sequence[Ranked], numbers: Sequence[NumberHit]) -> list[Ranked]:
    if not numbers:
        return list(ranked)
    known = {one.document: one for one in ranked}
    first = [replace(known.get(hit.document, Ranked(hit.document, 0.0, None)), number=hit) for hit in numbers]
    taken = {hit.document for hit in numbers}
    return [*first, *(one for one in ranked if one.document not in taken)]

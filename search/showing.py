"""A ranking made into what is shown: each document with its passage, near copies put under the first of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from search.analysis import Query
from search.generation import Generation
from search.hybrid import Ranked
from search.results import Hit, Similar
from search.similar import leaders, near_pairs

__all__ = ["show"]

_NEAR = 0.85
"""Cosine from which two passages are compared word by word, where the encoder knows no pieces."""


def show(
    generation: Generation,
    ranked: Sequence[Ranked],
    query: Query,
    k: int,
    *,
    digits: str | None = None,
    fold_similar: bool = False,
) -> tuple[Hit, ...]:
    """The first ``k`` documents, and with ``fold_similar`` those of the next ``k`` that repeat one of them.

    ``digits`` is the number that was typed: of a paper that only cites it, the passage is shown where it does.
    """
    shown = ranked[: k * 2 if fold_similar else k]
    under = _leaders(generation, shown) if fold_similar else list(range(len(shown)))
    kept = [place for place, leader in enumerate(under) if place == leader][:k]
    copies: dict[int, list[int]] = {}
    for place, leader in enumerate(under):
        if place != leader:
            copies.setdefault(leader, []).append(place)

    def row_of(one: Ranked) -> int | None:
        if one.row is not None:
            return one.row
        cites = one.number is not None and one.number.how == "cites"
        return generation.row_with(one.document, digits if cites else None)

    def similar(copy: Ranked) -> Similar:
        return Similar(generation.records[copy.document], generation.view(copy.row, query))

    return tuple(
        Hit(
            rank, shown[place], generation.records[shown[place].document],
            generation.view(row_of(shown[place]), query),
            tuple(similar(shown[copy]) for copy in copies.get(place, ())),
        )
        for rank, place in enumerate(kept, 1)
    )  # fmt: skip


def _leaders(generation: Generation, shown: Sequence[Ranked]) -> list[int]:
    """For each hit the place of the earlier one whose passage it repeats, or its own.

    Who asks for a number is told of every paper that bears it.
    """
    found = list(range(len(shown)))
    places = [place for place, one in enumerate(shown) if one.row is not None and one.number is None]
    if len(places) < 2:
        return found
    rows = np.array([shown[place].row for place in places], dtype=np.int64)
    if len(generation.pieces):
        near = near_pairs(generation.pieces_of(rows))
    else:
        vectors = generation.vectors.vectors(rows)
        near = vectors @ vectors.T >= _NEAR

    def text_of(place: int) -> str:
        view = generation.view(int(rows[place]))
        return view.text if view else ""

    for place, leader in enumerate(leaders(near, text_of)):
        found[places[place]] = places[leader]
    return found

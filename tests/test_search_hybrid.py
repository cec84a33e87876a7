from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from search.encoders import Floats
from search.hybrid import NO_CANDIDATES, Candidates, Ranked, Weights, fuse
from search.numbers import NumberHit

NONE = math.nan
Row = tuple[int, int, float, float]


def candidates(*rows: Row) -> Candidates:
    """(row, document, lexical, semantic) each."""
    columns = list(zip(*rows, strict=True))
    return Candidates(
        np.array(columns[0], dtype=np.int64),
        np.array(columns[1], dtype=np.int64),
        np.array(columns[2], dtype=np.float32),
        np.array(columns[3], dtype=np.float32),
    )


def order(ranked: list[Ranked]) -> list[int]:
    return [one.document for one in ranked]


def test_words_and_meaning_are_added() -> None:
    found = candidates((0, 7, 10.0, 0.2), (1, 8, 5.0, 0.9), (2, 9, NONE, 0.3))
    ranked = fuse(found, weights=Weights(semantic=1.0, cover=0))
    assert order(ranked) == [8, 7, 9]  # 0.5 + 0.9, 1.0 + 0.2, 0.3
    assert ranked[0].score == pytest.approx(1.4)
    assert ranked[0].lexical == (2, 5.0)
    assert ranked[0].semantic == (1, pytest.approx(0.9))
    assert ranked[2].lexical is None
    assert ranked[2].semantic == (2, pytest.approx(0.3))


def test_a_document_has_the_best_of_its_passages_and_shows_the_best_one() -> None:
    found = candidates((3, 1, 10.0, 0.1), (4, 1, 9.0, 0.8), (5, 1, NONE, 0.85))
    (one,) = fuse(found, weights=Weights(semantic=1.0, cover=0))
    assert one.row == 4
    assert one.score == pytest.approx(1.85)


def test_ties_go_by_document_and_row() -> None:
    found = candidates((9, 5, 1.0, NONE), (8, 5, 1.0, NONE), (7, 3, 1.0, NONE), (6, 4, 1.0, NONE))
    ranked = fuse(found)
    assert order(ranked) == [3, 4, 5]
    assert ranked[2].row == 8


def test_cover_reorders_the_first_only() -> None:
    found = candidates(*((row, row, 10.0 - row, NONE) for row in range(6)))

    def cover(rows: NDArray[np.int64]) -> Floats:
        assert rows.tolist() == [0, 1, 2]
        return np.array([0.0, 0.0, 1.0], dtype=np.float32)

    assert order(fuse(found, weights=Weights(cover=1.0, depth=3), cover=cover)) == [2, 0, 1, 3, 4, 5]


def test_papers_of_a_number_come_first_in_their_own_order() -> None:
    found = candidates((0, 7, 10.0, 0.9), (1, 8, 5.0, 0.1))
    numbers = [NumberHit(8, "exact", 3.0), NumberHit(42, "cites", 2.0)]
    ranked = fuse(found, numbers, most=1)
    assert order(ranked) == [8, 42, 7]
    assert ranked[1].row is None
    assert [one.number.how if one.number else None for one in ranked] == ["exact", "cites", None]


def test_nothing_found_is_nothing() -> None:
    assert fuse(NO_CANDIDATES) == []
    assert order(fuse(NO_CANDIDATES, [NumberHit(3, "exact", 3.0)])) == [3]


SCORES = st.one_of(st.just(NONE), st.floats(0.125, 8, width=16))


@given(st.lists(st.tuples(st.integers(0, 6), SCORES, SCORES), min_size=1, max_size=30), st.integers(1, 8))
def test_fusion_is_what_a_plain_loop_makes_of_it(rows: list[tuple[int, float, float]], most: int) -> None:
    found = candidates(*((place, *row) for place, row in enumerate(rows)))
    top = max((lexical for _, lexical, _ in rows if not math.isnan(lexical)), default=0.0) or 1.0
    totals: dict[int, float] = {}
    for document in {document for document, _, _ in rows}:
        own = [row for row in rows if row[0] == document]
        lexical = max((one for _, one, _ in own if not math.isnan(one)), default=0.0)
        semantic = max((one for _, _, one in own if not math.isnan(one)), default=0.0)
        totals[document] = lexical / top + 2.0 * semantic
    ranked = fuse(found, most=most, weights=Weights(semantic=2.0))
    assert len(ranked) == min(most, len(totals))
    for one in ranked:
        assert one.score == pytest.approx(totals[one.document], rel=1e-5)
        assert one.row is not None
        assert rows[one.row][0] == one.document
    scores = [one.score for one in ranked]
    assert scores == sorted(scores, reverse=True)
    assert set(totals) - set(order(ranked)) == set() or min(scores) >= max(
        totals[document] for document in set(totals) - set(order(ranked))
    ) * (1 - 1e-5)

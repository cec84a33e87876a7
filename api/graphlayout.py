"""Where the nodes of a picture stand: columns by level, those that carry out to the right of what they carry out.

Worked out here and not in the browser: the same set of nodes gives the same picture for everybody, on the page, in the
file for download and in the small drawing on a document's page.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

__all__ = ["BESIDE", "LEVELS", "Column", "Layout", "lay_out"]

LEVELS = ("central", "province", "district", "commune")
BESIDE = len(LEVELS) + 1
"""Rank of what belongs to no level: campaigns, anniversaries, bodies. ``len(LEVELS)``: documents of unknown level."""
_WIDE, _HIGH = 250, 92
_TALL = 9
"""Nodes in one column before it is folded into two; long ones become squares."""
_STAGGER = 0.3
"""Share of a row by which every second column is lower: a line over three columns then misses the node between."""
_SWEEPS = 4
_DEEP = 3


@dataclass(frozen=True, slots=True)
class Column:
    """Where one level stands: from ``left`` to ``right``."""

    rank: int
    left: float
    right: float


@dataclass(frozen=True, slots=True)
class Layout:
    """Places by node, the place in line of each node's column, and the columns of levels, left to right."""

    places: Mapping[str, tuple[float, float]]
    steps: Mapping[str, int]
    columns: tuple[Column, ...]


def lay_out(
    ranks: Mapping[str, int],
    edges: Iterable[tuple[str, str]],
    *,
    wide: float = _WIDE,
    high: float = _HIGH,
    tall: int = _TALL,
    stagger: float = _STAGGER,
) -> Layout:
    """Places for nodes given their rank (index into ``LEVELS``, or beyond); ``edges`` lead from a paper to its ground.

    Within one level a paper stands to the right of what it rests on. Linear in nodes and edges.
    """
    known = [(one, other) for one, other in edges if one in ranks and other in ranks and one != other]
    within = _within_level(ranks, known)
    columns: dict[tuple[int, int], list[str]] = defaultdict(list)
    for node in ranks:
        columns[ranks[node], within[node]].append(node)
    order = [columns[key] for key in sorted(columns)]
    _straighten(order, known)
    places: dict[str, tuple[float, float]] = {}
    steps: dict[str, int] = {}
    spans: dict[int, tuple[float, float]] = {}
    x, step = 0.0, 0
    for key, nodes in zip(sorted(columns), order, strict=True):
        folds = math.ceil(len(nodes) / max(tall, 2 * math.isqrt(len(nodes))))
        rows = math.ceil(len(nodes) / folds)
        for index, node in enumerate(nodes):
            fold, row = index % folds, index // folds
            shift = (step % 2) * high * stagger + (high / folds) * fold
            places[node] = (x + fold * wide, (row - (rows - 1) / 2) * high + shift)
            steps[node] = step + fold
        right = x + (folds - 1) * wide
        left, last = spans.get(key[0], (x, right))
        spans[key[0]] = (min(left, x), max(last, right))
        x, step = right + wide, step + folds
    bands = tuple(Column(rank, left - wide / 2, right + wide / 2) for rank, (left, right) in sorted(spans.items()))
    return Layout(places, steps, bands)


def _within_level(ranks: Mapping[str, int], edges: Sequence[tuple[str, str]]) -> dict[str, int]:
    """How far to the right in its level each node stands: behind what it rests on, no further than ``_DEEP``."""
    depth = dict.fromkeys(ranks, 0)
    same = [(one, other) for one, other in edges if ranks[one] == ranks[other]]
    for _ in range(_DEEP):
        moved = False
        for one, other in same:
            if depth[one] <= depth[other] < _DEEP - 1:
                depth[one] = depth[other] + 1
                moved = True
        if not moved:
            break
    return depth


def _straighten(columns: list[list[str]], edges: Sequence[tuple[str, str]]) -> None:
    """Orders each column by where its neighbours stand, so that fewer lines cross."""
    near: dict[str, list[str]] = defaultdict(list)
    for one, other in edges:
        near[one].append(other)
        near[other].append(one)
    column_of = {node: index for index, nodes in enumerate(columns) for node in nodes}
    for sweep in range(_SWEEPS):
        height = {node: _share(row, nodes) for nodes in columns for row, node in enumerate(nodes)}
        indexes = range(len(columns)) if sweep % 2 == 0 else reversed(range(len(columns)))
        for index in indexes:
            nodes = columns[index]
            wanted = {}
            for row, node in enumerate(nodes):
                others = [height[other] for other in near[node] if column_of[other] != index]
                wanted[node] = sum(others) / len(others) if others else _share(row, nodes)
            nodes.sort(key=lambda node: wanted[node])
            height |= {node: _share(row, nodes) for row, node in enumerate(nodes)}


def _share(row: int, nodes: Sequence[str]) -> float:
    return (row + 0.5) / len(nodes)

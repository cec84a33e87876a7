"""The common outline of several plans ("dàn ý chung"): the headings they share, their order, how many have each.

"II. NỘI DUNG THI ĐUA" and "2. Nội dung phong trào thi đua" are one heading: labels, case, levels and years aside.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz

from kg.identifiers import fold
from kg.model import Document
from search.clauses import read_clauses

__all__ = ["OutlineRow", "common_outline"]

SAME = 84.0
"""Similarity (0-100) of two folded headings from which they are one."""
DEEPEST = 2
_NOT_COMPARED = re.compile(r"\b(?:tinh|huyen|thanh pho|xa|phuong|thi tran|nam|giai doan|\d+)\b|[^a-z ]+")


@dataclass(frozen=True, slots=True)
class OutlineRow:
    """One heading as most plans write it: ``plans`` are the places of those that have it, ``share`` their part."""

    heading: str
    depth: int
    plans: tuple[int, ...]
    share: float


@dataclass(slots=True)
class _Heading:
    words: str
    parent: int | None
    written: Counter[str] = field(default_factory=Counter)
    depths: Counter[int] = field(default_factory=Counter)
    places: dict[int, float] = field(default_factory=dict)
    """Where it stands in each plan, 0 to 1."""


def common_outline(documents: Sequence[Document]) -> tuple[OutlineRow, ...]:
    """The headings of the first two levels, parents before children, each level in the order most plans follow."""
    found: list[_Heading] = []
    children: dict[int | None, list[int]] = defaultdict(list)
    for number, document in enumerate(documents):
        size = max(len(document.text.text), 1)
        known: dict[int, int] = {}
        for place, text, depth, start, parent in _headings(document):
            above = known.get(parent) if parent is not None else None
            words = " ".join(_NOT_COMPARED.sub(" ", fold(text)).split())
            at = _like(found, children[above], words)
            if at is None:
                at = len(found)
                found.append(_Heading(words, above))
                children[above].append(at)
            known[place] = at
            found[at].written[text] += 1
            found[at].depths[depth] += 1
            found[at].places.setdefault(number, start / size)
    return tuple(_rows(found, children, None, len(documents)))


def _headings(document: Document) -> list[tuple[int, str, int, int, int | None]]:
    """(section, heading without label, depth, start, enclosing section) of the upper levels."""
    made = []
    for clause in read_clauses(document).clauses:
        if clause.heading and len(clause.path) <= DEEPEST:
            text = " ".join(document.text.text[clause.start : clause.end].split())
            parent = clause.path[-2] if len(clause.path) > 1 else None
            made.append((clause.path[-1], text, len(clause.path), clause.start, parent))
    return made


def _like(found: Sequence[_Heading], among: Sequence[int], words: str) -> int | None:
    best = max(((fuzz.token_sort_ratio(found[at].words, words), -at) for at in among), default=(0.0, 0))
    return -best[1] if best[0] >= SAME else None


def _rows(
    found: Sequence[_Heading], children: dict[int | None, list[int]], above: int | None, plans: int
) -> list[OutlineRow]:  # fmt: skip
    rows = []
    for at in sorted(children[above], key=lambda at: (_mean(found[at]), at)):
        heading = found[at]
        text = min(heading.written, key=lambda text: (-heading.written[text], text))
        depth = min(heading.depths, key=lambda depth: (-heading.depths[depth], depth))
        rows.append(OutlineRow(text, depth, tuple(sorted(heading.places)), round(len(heading.places) / plans, 3)))
        rows += _rows(found, children, at, plans)
    return rows


def _mean(heading: _Heading) -> float:
    return sum(heading.places.values()) / len(heading.places)

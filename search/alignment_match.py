"""Which clauses of two documents belong together: equal ones by hash, the others by rare pairs of words.

Near-linear: an index of word pairs proposes a few partners for each clause (pairs of words that stand everywhere
propose none), only these are measured word by word, and the best are taken first, each clause once.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz
from rapidfuzz.distance import Indel

__all__ = ["CONTAINED", "Candidate", "Coded", "encode", "match"]

ALIKE = 0.52
"""From this score on two clauses are one clause, changed; measured on clauses of unrelated papers."""
BESIDE = 0.4
"""The same for clauses whose neighbours belong together."""
HEADING_ALIKE = 0.75
HEADING_CONTAINED = 0.95
HEADING_WORDS = 6
"""The same for a heading and a clause that is none; a heading of some length may be the clause's beginning."""
CONTAINED = 0.84
"""From this share of the shorter clause, found in one piece, it is a part of the longer one."""
MOST_CANDIDATES = 8
MOST_PAIRS = 1_500_000
_FORMULA = 15
_FORMULA_CLAUSES = 3
_FEWEST_OWN = 2
_NEAR = 0.04
_MANY = 2_500
_FEWEST_CONTAINED = 8


@dataclass(frozen=True, slots=True)
class Coded:
    """The clauses of both documents with each word as one letter of a private alphabet, for fast comparison."""

    source: tuple[str, ...]
    target: tuple[str, ...]
    weights: tuple[float, ...]
    """How much each word of the alphabet says: rare words more."""
    headings: tuple[frozenset[int], frozenset[int]] = (frozenset(), frozenset())
    """Places of headings on either side: a heading is part of no clause."""
    own: tuple[Mapping[int, str], Mapping[int, str]] = (MappingProxyType({}), MappingProxyType({}))
    """For clauses that repeat what others of their document say: what they say of their own."""

    def unlike(self, source: int, target: int) -> bool:
        """Whether one is a heading and the other is not."""
        return (source in self.headings[0]) != (target in self.headings[1])


@dataclass(frozen=True, slots=True)
class Candidate:
    """Two clauses (by place) that may belong together, and how much they are alike (0-1)."""

    source: int
    target: int
    score: float
    contained: float
    """The share of the shorter one that stands in one piece in the longer one."""


def encode(
    source: Sequence[Sequence[str]],
    target: Sequence[Sequence[str]],
    headings: tuple[frozenset[int], frozenset[int]] = (frozenset(), frozenset()),
) -> Coded:
    """Words to letters: the same word is the same letter on both sides."""
    letters: dict[str, str] = {}
    spread: Counter[str] = Counter()

    def coded(clause: Sequence[str]) -> str:
        for word in clause:
            if word not in letters:
                code = len(letters)
                letters[word] = chr(code + 0x100 if code < 0xD700 else code + 0x1000)  # the surrogates are left out
        text = "".join([letters[word] for word in clause])
        spread.update(set(text))
        return text

    sides = [tuple(coded(clause) for clause in side) for side in (source, target)]
    total = len(sides[0]) + len(sides[1]) + 1
    weights = tuple(math.log(1 + total / spread[letter]) for letter in letters.values())
    return Coded(sides[0], sides[1], weights, headings, (_own_words(sides[0]), _own_words(sides[1])))


def _own_words(clauses: Sequence[str]) -> dict[int, str]:
    """The clauses with long runs that several others have too, and what is left of each without these runs.

    A paper may name its four anniversaries in a dozen clauses: that alone makes no two clauses one.
    """
    spread: Counter[str] = Counter()
    for clause in clauses:
        spread.update({clause[at : at + _FORMULA] for at in range(len(clause) - _FORMULA + 1)})
    formulas = {run for run, count in spread.items() if count >= _FORMULA_CLAUSES}
    found = {}
    for place, clause in enumerate(clauses) if formulas else ():
        said = [False] * len(clause)
        for at in range(len(clause) - _FORMULA + 1):
            if clause[at : at + _FORMULA] in formulas:
                said[at : at + _FORMULA] = [True] * _FORMULA
        if any(said):
            found[place] = "".join(letter for letter, again in zip(clause, said, strict=True) if not again)
    return found


def match(coded: Coded) -> tuple[list[Candidate], list[Candidate]]:
    """The pairs that belong together, one to one, and all measured candidates (for splits and merges)."""
    equal = _equal(coded)
    taken_source = {pair.source for pair in equal}
    taken_target = {pair.target for pair in equal}
    left_source = [place for place in range(len(coded.source)) if place not in taken_source]
    left_target = [place for place in range(len(coded.target)) if place not in taken_target]
    expected = _Expectation(equal)
    proposed = {*_proposed(coded, left_source, left_target), *_in_place(expected, left_source, left_target)}
    candidates = _measured(coded, sorted(proposed))
    ranked = sorted(
        (pair for pair in candidates if _belongs(pair, coded)),
        key=lambda pair: (-(pair.score + _NEAR * expected.near(pair)), pair.source, pair.target),
    )
    pairs = list(equal)
    for pair in ranked:
        if pair.source not in taken_source and pair.target not in taken_target:
            taken_source.add(pair.source)
            taken_target.add(pair.target)
            pairs.append(pair)
    pairs += _between(pairs, candidates, taken_source, taken_target)
    return pairs, candidates


def _in_place(expected: _Expectation, sources: Sequence[int], targets: Sequence[int]) -> list[tuple[int, int]]:
    """Clauses that stand where the other is expected: in a list of like lines nothing else tells them apart."""
    found = []
    for rank, source in enumerate(sources):
        place = expected.place(source)
        at = rank if place is None else bisect_left(targets, place)
        found += [(source, target) for target in targets[max(0, at - 1) : at + 2]]
    return found


def _between(
    pairs: Iterable[Candidate], candidates: Iterable[Candidate], taken_source: set[int], taken_target: set[int]
) -> list[Candidate]:
    """Clauses much rewritten, that stand beside a pair on both sides: their place speaks for them too."""
    partner = {pair.source: pair.target for pair in pairs}
    found = []
    free = [pair for pair in candidates if pair.source not in taken_source and pair.target not in taken_target]
    for pair in sorted(free, key=lambda pair: (-pair.score, pair.source, pair.target)):
        beside = partner.get(pair.source - 1) == pair.target - 1 or partner.get(pair.source + 1) == pair.target + 1
        if beside and pair.score >= BESIDE and pair.source not in taken_source and pair.target not in taken_target:
            taken_source.add(pair.source)
            taken_target.add(pair.target)
            partner[pair.source] = pair.target
            found.append(pair)
    return found


def _belongs(pair: Candidate, coded: Coded) -> bool:
    shorter = min(len(coded.source[pair.source]), len(coded.target[pair.target]))
    return pair.score >= ALIKE or (pair.contained >= CONTAINED and shorter >= _FEWEST_CONTAINED)


class _Expectation:
    """Where a clause is to be looked for, read off the clauses that are equal."""

    def __init__(self, equal: Iterable[Candidate]) -> None:
        anchors = sorted((pair.source, pair.target) for pair in equal)
        self._sources = [source for source, _ in anchors]
        self._targets = [target for _, target in anchors]

    def place(self, source: int) -> float | None:
        if not self._sources:
            return None
        at = min(bisect_left(self._sources, source), len(self._sources) - 1)
        return self._targets[at] + source - self._sources[at]

    def near(self, pair: Candidate) -> float:
        place = self.place(pair.source)
        return 0.0 if place is None else 1 / (1 + abs(place - pair.target) / 4)


def _equal(coded: Coded) -> list[Candidate]:
    """Clauses with the same words; where one stands several times, those in like places go together."""
    places: dict[str, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for side, clauses in enumerate((coded.source, coded.target)):
        for place, clause in enumerate(clauses):
            places[clause][side].append(place)
    single, several = [], []
    for sources, targets in places.values():
        if len(sources) == len(targets):
            single += [Candidate(one, other, 1.0, 1.0) for one, other in zip(sources, targets, strict=True)]
        elif sources and targets:
            several.append((sources, targets))
    expected = _Expectation(single)
    for sources, targets in several:
        if len(sources) * len(targets) > _MANY:
            single += [Candidate(one, other, 1.0, 1.0) for one, other in zip(sources, targets, strict=False)]
            continue
        some = [Candidate(one, other, 1.0, 1.0) for one in sources for other in targets]
        some.sort(key=lambda pair: (-expected.near(pair), pair.source, pair.target))
        gone: tuple[set[int], set[int]] = (set(), set())
        for pair in some:
            if pair.source not in gone[0] and pair.target not in gone[1]:
                gone[0].add(pair.source)
                gone[1].add(pair.target)
                single.append(pair)
    return single


def _proposed(coded: Coded, sources: Sequence[int], targets: Sequence[int]) -> list[tuple[int, int]]:
    """A few likely partners for each clause, by the weight of the word pairs that both have."""
    one = _word_pairs([coded.source[place] for place in sources])
    other = _word_pairs([coded.target[place] for place in targets])
    if not len(one) or not len(other):
        return []
    values, counts_one = np.unique(one["value"], return_counts=True)
    values_other, counts_other = np.unique(other["value"], return_counts=True)
    shared, at_one, at_other = np.intersect1d(values, values_other, assume_unique=True, return_indices=True)
    products = counts_one[at_one].astype(np.int64) * counts_other[at_other]
    order = np.argsort(products, kind="stable")
    kept = order[np.cumsum(products[order]) <= MOST_PAIRS]
    if not len(kept):
        return []
    shared, products = shared[kept], products[kept]
    weights = np.log1p((len(sources) + len(targets)) / (counts_one[at_one][kept] + counts_other[at_other][kept]))
    left = np.searchsorted(one["value"], shared)
    right = np.searchsorted(other["value"], shared)
    width = counts_other[at_other][kept]
    group = np.repeat(np.arange(len(shared)), products)
    inside = np.arange(len(group)) - np.repeat(np.cumsum(products) - products, products)
    row = one["clause"][left[group] + inside // width[group]].astype(np.int64)
    column = other["clause"][right[group] + inside % width[group]]
    keys, inverse = np.unique(row * len(targets) + column, return_inverse=True)
    weight = np.bincount(inverse, weights=weights[group])
    rows, columns = keys // len(targets), keys % len(targets)
    sizes_one = np.array([len(coded.source[place]) for place in sources], dtype=np.float64)
    sizes_other = np.array([len(coded.target[place]) for place in targets], dtype=np.float64)
    both = weight / np.sqrt(np.minimum(sizes_one[rows], sizes_other[columns]))
    chosen = _best(rows, both) | _best(columns, both)
    return [(sources[r], targets[c]) for r, c in zip(rows[chosen], columns[chosen], strict=True)]


_PAIR = np.dtype([("value", "<i8"), ("clause", "<i4")])


def _word_pairs(clauses: Sequence[str]) -> NDArray[np.void]:
    """The distinct word pairs of each clause, sorted by pair; a clause of one word has that word."""
    rows: list[tuple[int, int]] = []
    for number, clause in enumerate(clauses):
        codes = [ord(letter) for letter in clause]
        found = {(left << 21) | right for left, right in pairwise(codes)} or {codes[0]}
        rows += [(value, number) for value in found]
    made = np.array(rows, dtype=_PAIR)
    made.sort(order=["value", "clause"])
    return made


def _best(group: NDArray[np.int64], score: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Marks the best few of each group."""
    order = np.lexsort((-score, group))
    sorted_groups = group[order]
    starts = np.flatnonzero(np.r_[True, sorted_groups[1:] != sorted_groups[:-1]])
    rank = np.arange(len(order)) - np.repeat(starts, np.diff(np.r_[starts, len(order)]))
    marked: NDArray[np.bool_] = np.zeros(len(order), dtype=bool)
    marked[order[rank < MOST_CANDIDATES]] = True
    return marked


def _measured(coded: Coded, proposed: Iterable[tuple[int, int]]) -> list[Candidate]:
    """The proposed pairs that are alike at all, measured on their words."""
    found = []
    for source, target in proposed:
        one, other = coded.source[source], coded.target[target]
        ratio = Indel.normalized_similarity(one, other)
        score = 0.65 * ratio + 0.35 * _shared_weight(one, other, coded.weights)
        left, right = coded.own[0].get(source, one), coded.own[1].get(target, other)
        if (left, right) != (one, other):
            if min(len(left), len(right)) >= _FEWEST_OWN:
                ratio = Indel.normalized_similarity(left, right)
                score = (score + 2 * ratio) / 3
            else:
                left, right = one, other
        shorter, longer = sorted((len(one), len(other)))
        contained = ratio
        if longer > shorter * 1.15:
            contained = fuzz.partial_ratio(left, right) / 100
        whole = contained >= HEADING_CONTAINED and shorter >= HEADING_WORDS
        if coded.unlike(source, target) and score < HEADING_ALIKE and not whole:
            continue
        if score >= ALIKE - 0.2 or contained >= CONTAINED - 0.14:
            found.append(Candidate(source, target, score, contained))
    return found


def _shared_weight(one: str, other: str, weights: Sequence[float]) -> float:
    """The share of the weight of both clauses' words that they have in common, whatever the order."""
    left, right = Counter(one), Counter(other)
    total = shared = 0.0
    for letter, count in left.items():
        code = ord(letter)
        weight = weights[code - 0x100 if code < 0xD800 else code - 0x1000]
        total += weight * count
        shared += 2 * weight * min(count, right[letter])
    for letter, count in right.items():
        code = ord(letter)
        total += weights[code - 0x100 if code < 0xD800 else code - 0x1000] * count
    return shared / total if total else 0.0

"""Text reuse over all held documents: where the words of each come from, seen even where nothing is cited.

Each document is the set of its runs of five words (levels masked, figures left out: a district copies its province's
plan with "tỉnh" made "huyện" and other figures). An index from run to the first papers that have it proposes
sources, so no two documents are compared unless they share words; time grows with the length of all texts.
What comes out is worked out, never stated: it goes into ``graph/inferred``.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike

from kg.identifiers import fold
from kg.model import Document, Level
from search.postings import Postings, Shingles

__all__ = ["Entry", "Reuse", "ReuseIndex", "shingles"]

RUN = 5
"""Words in a run. Four would join unrelated papers by their formulas, eight would miss what was edited."""
FIRST = 24
"""Papers that a run proposes as sources: of those that have it the highest, then oldest; formulas propose no more."""
FEWEST_RUNS = 25
SMALLEST_SHARE = 0.2
"""A paper is a source from this share of the other's runs on, and no less than FEWEST_RUNS of them."""
STRANGERS_SHARE = 0.35
"""The same for papers of two provinces, which have formulas in common even where neither knew of the other."""
MOST_SOURCES = 3
_CANDIDATES = 8
_PROPOSALS = 3_000
"""Papers proposed for one document, those by its rarest runs first: formulas come last, and cost no more than this."""
_HIGHER = 1.15
"""Of a superior's paper and a sister's with nearly the same words, the superior's is the likelier source."""
_RANK: Mapping[Level | None, int] = {"central": 0, "province": 1, "district": 2, "commune": 3, None: 2}
# How clauses begin that every paper of one kind has: they tell of the law, not of each other.
_FORMULAS = frozenset(
    {("can", "cu"), ("theo", "de"), ("xet", "de"), ("tren", "day"), ("quyet", "dinh"), ("chanh", "van"), ("sua", "doi")}
)
_TOKEN = re.compile(r"[a-z]+|[;:\n]|\.(?=\s)")
_MASKED = frozenset({"tinh", "huyen", "xa", "phuong", "quan"})


@dataclass(frozen=True, slots=True)
class Entry:
    """A document in the index: its runs, level and province, and between which days it was issued (None: unknown)."""

    key: str
    runs: ArrayLike
    level: Level | None = None
    province: str | None = None
    earliest: dt.date | None = None
    latest: dt.date | None = None

    def order(self) -> tuple[int, dt.date, str]:
        """Higher levels first, of one level the older first; without any date, last."""
        return (_RANK[self.level], self.latest or self.earliest or dt.date.max, self.key)


@dataclass(frozen=True, slots=True)
class Reuse:
    """``target`` uses words of ``source``: ``runs`` of them, the ``share`` of all that ``target`` has.

    ``own`` are those no better source has.
    """

    target: str
    source: str
    runs: int
    share: float
    own: int


def shingles(document: Document) -> Shingles:
    """The distinct runs of words of a document's body and annex, as hashes that are the same on every machine.

    No run crosses a full stop, a semicolon or a line; figures are left out. Reading words as ``search.clauses`` does
    would know abbreviations too, at five times the time, for the same sources.
    """
    layout = document.layout
    parts = [layout.body, *([layout.annex] if layout.annex else [])]
    tokens = _TOKEN.findall("\n".join(fold(part.of(document.text.text)) for part in parts))
    codes = np.fromiter(map(_code, tokens), dtype=np.uint64, count=len(tokens))
    if len(codes) < RUN:
        return np.zeros(0, dtype=np.uint64)
    broken = codes == 0
    stops = np.flatnonzero(broken)
    for at in (-1, *stops.tolist()):
        if tuple(tokens[at + 1 : at + 3]) in _FORMULAS:
            place = int(np.searchsorted(stops, at + 1))
            broken[at + 1 : stops[place] if place < len(stops) else len(codes)] = True
    windows = len(codes) - RUN + 1
    mixed = np.zeros(windows, dtype=np.uint64)
    for step in range(RUN):
        mixed = mixed * np.uint64(0x9E3779B97F4A7C15) + codes[step : step + windows]
    breaks = np.cumsum(np.r_[0, broken])
    found: Shingles = np.unique(mixed[breaks[RUN:] == breaks[:windows]])
    return found


@lru_cache(maxsize=65536)
def _code(word: str) -> int:
    """A number for a folded word; 0 for a mark that no run crosses."""
    if not word.isalpha():
        return 0
    masked = "*" if word in _MASKED else word
    return int.from_bytes(hashlib.blake2b(masked.encode(), digest_size=8).digest(), "big") or 1


class ReuseIndex:
    """All documents with their runs. A pure function of the set of entries: their order does not count.

    The runs lie on disk (``folder``) while the index is used; of each entry a few hundred bytes stay in memory.
    """

    def __init__(self, entries: Iterable[Entry], folder: Path | None = None) -> None:
        self._entries = sorted(entries, key=Entry.order)
        self._place = {entry.key: place for place, entry in enumerate(self._entries)}
        self._postings = Postings((entry.runs for entry in self._entries), folder)

    def __len__(self) -> int:
        return len(self._entries)

    def edges(self) -> tuple[Reuse, ...]:
        """For every document its sources, best first."""
        return tuple(reuse for place in range(len(self._entries)) for reuse in self._sources(place))

    def sources(self, key: str) -> tuple[Reuse, ...]:
        """Where the words of one document come from, best first; nothing for one that is not held."""
        place = self._place.get(key)
        return () if place is None else tuple(self._sources(place))

    def derived(self, key: str) -> tuple[Reuse, ...]:
        """The documents that have this one among their sources, those that use most of it first."""
        place = self._place.get(key)
        if place is None:
            return ()
        first, count, rank = self._postings.groups(place)
        proposes = rank < FIRST
        first, count, rank = first[proposes], count[proposes], rank[proposes]
        later = set(self._postings.papers(first + rank + 1, count - rank - 1).tolist())
        found = [reuse for other in sorted(later) for reuse in self._sources(other) if reuse.source == key]
        return tuple(sorted(found, key=lambda reuse: (-reuse.runs, reuse.target)))

    def _sources(self, place: int) -> Iterator[Reuse]:
        """Sources taken greedily: each next one must tell words that no better one told."""
        entry = self._entries[place]
        own = self._postings.runs(place)
        total = len(own)
        if total < FEWEST_RUNS:
            return
        left = own
        pool = {candidate: self._postings.runs(candidate) for candidate in self._candidates(place)}
        for _ in range(MOST_SOURCES):
            best, shared, worth = -1, left[:0], 0.0
            for candidate in pool:
                common = _common(left, pool[candidate])
                higher = _RANK[self._entries[candidate].level] < _RANK[entry.level]
                score = len(common) * (_HIGHER if higher else 1.0)
                if score > worth:
                    best, shared, worth = candidate, common, score
            if best < 0:
                return
            source = self._entries[best]
            related = source.province == entry.province or source.level == "central"
            if len(shared) < max(FEWEST_RUNS, (SMALLEST_SHARE if related else STRANGERS_SHARE) * total):
                return
            runs = len(_common(own, pool.pop(best)))
            yield Reuse(entry.key, source.key, runs, round(runs / total, 3), len(shared))
            left = np.setdiff1d(left, shared, assume_unique=True)

    def _candidates(self, place: int) -> list[int]:
        """The papers that share most runs with this one, as far as they can be its source."""
        first, count, rank = self._postings.groups(place)
        rank = np.minimum(rank, FIRST)
        rare = np.argsort(count, kind="stable")
        rare = rare[np.cumsum(rank[rare]) <= _PROPOSALS]
        papers, counts = np.unique(self._postings.papers(first[rare], rank[rare]), return_counts=True)
        order = np.lexsort((papers, -counts))
        entry = self._entries[place]
        found: list[int] = []
        for at in order:
            if counts[at] < FEWEST_RUNS // 2 or len(found) == _CANDIDATES:
                break
            if _may_be_source(self._entries[papers[at]], entry):
                found.append(int(papers[at]))
        return found


def _common(one: Shingles, other: Shingles) -> Shingles:
    """What two sorted sets have in common."""
    if not len(other):
        return one[:0]
    places = np.searchsorted(other, one)
    places[places == len(other)] = 0
    found: Shingles = one[other[places] == one]
    return found


def _may_be_source(source: Entry, target: Entry) -> bool:
    """Whether the direction is known: issued before, or, where the days do not tell, by a higher level."""
    if source.latest and target.earliest and source.latest < target.earliest:
        return True
    if source.earliest and target.latest and source.earliest > target.latest:
        return False
    return _RANK[source.level] < _RANK[target.level]

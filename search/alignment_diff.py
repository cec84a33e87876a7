"""What changed between two clauses, word by word, cut the way a reader would mark it.

The shortest edit script is not yet that: it keeps a stray "và" between two rewritten phrases, and cuts a dropped
phrase one word off. Islands are taken in, edits slide to the punctuation, and what OCR did is no change at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from rapidfuzz.distance import Indel, Levenshtein

from search.alignment_words import is_syllable

__all__ = ["Edit", "Side", "edits"]

_LOOK_ALIKE = str.maketrans({"0": "o", "1": "l", "5": "s", "8": "b"})
_LEVELS = frozenset({"tinh", "huyen", "xa", "phuong", "quan"})
_LIGHT = frozenset(
    {
        "va", "cac", "cua", "trong", "voi", "cho", "theo", "ve", "tren", "tai", "den", "tu", "khi", "la", "co", "o",
        "nhung", "mot", "cung", "de", "do", "duoc", "phai", "nhu", "ma", "thi",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Side:
    """The words of one clause: compared forms, whether punctuation stands before each, and the coded string."""

    norms: Sequence[str]
    breaks: Sequence[bool]
    code: str

    def part(self, start: int, end: int) -> Side:
        """Some of the words."""
        return Side(self.norms[start:end], self.breaks[start:end], self.code[start:end])


@dataclass(frozen=True, slots=True)
class Edit:
    """Source words ``a0`` to ``a1`` became target words ``b0`` to ``b1``; one of the two may be empty."""

    a0: int
    a1: int
    b0: int
    b1: int


def edits(source: Side, target: Side) -> list[Edit]:
    """The changed stretches, in order. Equal clauses, or such that differ by what a scanner did, give none."""
    if source.code == target.code:
        return []
    found = [
        Edit(op.src_start, op.src_end, op.dest_start, op.dest_end)
        for op in Indel.opcodes(source.code, target.code)
        if op.tag != "equal"
    ]
    found = [_slid(edit, source, target) for edit in _joined(found)]
    found = [part for edit in _joined(found) for part in _levels_apart(edit, source, target)]
    found = [part for edit in found for part in _phrases(edit, source, target)]
    found = _without_islands(found, source, target)
    found = [edit for edit in found if not _noise(edit, source, target)]
    return _joined(found, only_alike=True)


def _joined(found: Sequence[Edit], only_alike: bool = False) -> list[Edit]:
    """Edits that touch as one; with ``only_alike`` two deletions or two insertions, never one of each."""
    joined: list[Edit] = []
    for edit in found:
        last = joined[-1] if joined else None
        touches = last is not None and last.a1 == edit.a0 and last.b1 == edit.b0
        if last and touches and (not only_alike or (_kind(last) == _kind(edit) != "replace")):
            joined[-1] = Edit(last.a0, edit.a1, last.b0, edit.b1)
        else:
            joined.append(edit)
    return joined


def _kind(edit: Edit) -> str:
    if edit.a0 == edit.a1:
        return "insert"
    return "delete" if edit.b0 == edit.b1 else "replace"


def _levels_apart(edit: Edit, source: Side, target: Side) -> list[Edit]:
    """ "tỉnh tiến hành tổng kết" → "huyện đề nghị": the level at the beginning, or the end, changed by itself."""
    if not _both(edit) or _size(edit) < 2:
        return [edit]
    if {source.norms[edit.a0], target.norms[edit.b0]} <= _LEVELS:
        return [Edit(edit.a0, edit.a0 + 1, edit.b0, edit.b0 + 1), Edit(edit.a0 + 1, edit.a1, edit.b0 + 1, edit.b1)]
    if {source.norms[edit.a1 - 1], target.norms[edit.b1 - 1]} <= _LEVELS:
        return [Edit(edit.a0, edit.a1 - 1, edit.b0, edit.b1 - 1), Edit(edit.a1 - 1, edit.a1, edit.b1 - 1, edit.b1)]
    return [edit]


def _slid(edit: Edit, source: Side, target: Side) -> Edit:
    """A pure deletion or insertion moved, among the places that mean the same, to where a phrase begins and ends."""
    if edit.a0 != edit.a1 and edit.b0 != edit.b1:
        return edit
    side, start, end = (source, edit.a0, edit.a1) if edit.b0 == edit.b1 else (target, edit.b0, edit.b1)
    other, place = (target, edit.b0) if edit.b0 == edit.b1 else (source, edit.a0)

    def worth(shift: int) -> tuple[int, int]:
        first, last = start + shift, end + shift
        opens = first == 0 or side.breaks[first]
        closes = last == len(side.norms) or side.breaks[last]
        return (2 * opens + closes, -abs(shift))

    shifts = [0]
    shift = 0
    while start + shift > 0 and place + shift > 0 and side.norms[start + shift - 1] == side.norms[end + shift - 1]:
        shift -= 1
        shifts.append(shift)
    shift = 0
    while (
        end + shift < len(side.norms)
        and place + shift < len(other.norms)
        and side.norms[start + shift] == side.norms[end + shift]
    ):
        shift += 1
        shifts.append(shift)
    best = max(shifts, key=worth)
    return Edit(edit.a0 + best, edit.a1 + best, edit.b0 + best, edit.b1 + best)


def _without_islands(found: Sequence[Edit], source: Side, target: Side) -> list[Edit]:
    """Short equal stretches between two larger edits are taken in: there the whole phrase was rewritten."""
    kept: list[Edit] = []
    for edit in found:
        while kept and _is_island(kept[-1], edit, source, target):
            last = kept.pop()
            edit = Edit(last.a0, edit.a1, last.b0, edit.b1)
        kept.append(edit)
    return kept


def _is_island(left: Edit, right: Edit, source: Side, target: Side) -> bool:
    length = right.a0 - left.a1
    if not 0 < length <= 3 or not (_both(left) or _both(right)):
        return False
    if _parted(source, left.a0, left.a1, right.a0, right.a1) or _parted(target, left.b0, left.b1, right.b0, right.b1):
        return False
    smaller = min(_size(left), _size(right))
    if _light(source, left.a1, right.a0):
        return smaller >= 2 or (length == 1 and max(_size(left), _size(right)) >= 3)
    return length * 2 <= smaller


def _parted(side: Side, left0: int, left1: int, right0: int, right1: int) -> bool:
    """Whether punctuation stands between what two edits touch: then the phrases changed apart."""
    first = left1 + (left0 == left1)  # where nothing was touched on this side, the words after it count alone
    last = right0 + (right0 < right1)
    return any(side.breaks[first:last])


def _light(side: Side, start: int, end: int) -> bool:
    return all(norm in _LIGHT for norm in side.norms[start:end])


def _both(edit: Edit) -> bool:
    return edit.a1 > edit.a0 and edit.b1 > edit.b0


def _size(edit: Edit) -> int:
    return max(edit.a1 - edit.a0, edit.b1 - edit.b0)


def _phrases(edit: Edit, source: Side, target: Side) -> list[Edit]:
    """A replacement whose one side is one phrase and the other several: only the likest phrase was replaced."""
    if not _both(edit):
        cuts = _cuts(source, edit.a0, edit.a1) if edit.a0 < edit.a1 else _cuts(target, edit.b0, edit.b1)
        if edit.a0 < edit.a1:
            return [Edit(start, end, edit.b0, edit.b0) for start, end in cuts]
        return [Edit(edit.a0, edit.a0, start, end) for start, end in cuts]
    ours = _cuts(source, edit.a0, edit.a1)
    theirs = _cuts(target, edit.b0, edit.b1)
    if (len(ours) > 1) == (len(theirs) > 1):
        return [edit]
    if not set(source.norms[edit.a0 : edit.a1]) & set(target.norms[edit.b0 : edit.b1]):
        return [edit]
    if len(ours) > 1:
        words = edit.b1 - edit.b0
        start, end = _likest(source, ours, target.code[edit.b0 : edit.b1], words)
        made = [Edit(edit.a0, start, edit.b0, edit.b0), Edit(start, end, edit.b0, edit.b1)]
        made += [Edit(at, to, edit.b1, edit.b1) for at, to in _cuts(source, end, edit.a1)]
    else:
        words = edit.a1 - edit.a0
        start, end = _likest(target, theirs, source.code[edit.a0 : edit.a1], words)
        made = [Edit(edit.a0, edit.a0, edit.b0, start), Edit(edit.a0, edit.a1, start, end)]
        made += [Edit(edit.a1, edit.a1, at, to) for at, to in _cuts(target, end, edit.b1)]
    return [part for part in made if part.a1 > part.a0 or part.b1 > part.b0]


def _cuts(side: Side, start: int, end: int) -> list[tuple[int, int]]:
    """The phrases among some words: stretches between punctuation."""
    places = [start, *(place for place in range(start + 1, end) if side.breaks[place]), end]
    return list(pairwise(places))


def _likest(side: Side, phrases: Sequence[tuple[int, int]], code: str, words: int) -> tuple[int, int]:
    def rank(phrase: tuple[int, int]) -> tuple[float, int, int]:
        start, end = phrase
        return (-Indel.similarity(side.code[start:end], code), abs(end - start - words), start)

    return min(phrases, key=rank)


def _noise(edit: Edit, source: Side, target: Side) -> bool:
    """Words glued, torn or misread by a scanner: "cácphong trào", "toàn quc", "t0àn". Never a figure for a figure."""
    one, other = source.norms[edit.a0 : edit.a1], target.norms[edit.b0 : edit.b1]
    if not one or not other:
        return False
    glued, whole = "".join(one), "".join(other)
    if glued == whole:
        return not glued.isdigit()
    if len(one) != len(other):
        return _alike(glued, whole) and not (all(map(is_syllable, one)) and all(map(is_syllable, other)))
    return all(
        left == right or (_alike(left, right) and not (is_syllable(left) and is_syllable(right)))
        for left, right in zip(one, other, strict=True)
    )


def _alike(one: str, other: str) -> bool:
    """One misread or lost letter; figures only where letters stand around them."""
    if min(len(one), len(other)) < 3 or one.isdigit() or other.isdigit() or not (one + other).isalnum():
        return False
    if one.translate(_LOOK_ALIKE) == other.translate(_LOOK_ALIKE):
        return True
    if not (one + other).isalpha():
        return False
    return Levenshtein.distance(one, other, score_cutoff=1) <= 1 or one.replace("rn", "m") == other.replace("rn", "m")

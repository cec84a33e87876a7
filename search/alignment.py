"""What a plan made of a call: every clause of both is verbatim, adapted, omitted or added, with the words that changed.

``compare(call, plan)`` works on two documents alone. Clauses (``search.clauses``) are matched wherever they stand
(``search.alignment_match``), cut where they were split or joined (``search.alignment_pieces``) and compared word by
word (``search.alignment_diff``, ``search.alignment_kinds``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from rapidfuzz.distance import Indel

from kg.model import Document
from kg.reference import Reference, load_reference
from search.alignment_diff import Side, edits
from search.alignment_kinds import ChangeKind, ChangeReader
from search.alignment_match import Coded, encode, match
from search.alignment_pieces import Link, link_pieces
from search.clauses import Clause, ClauseList, read_clauses

__all__ = ["Change", "Comparison", "Pair", "Piece", "compare", "pair_record"]

Status = Literal["verbatim", "adapted", "omitted", "added"]


@dataclass(frozen=True, slots=True)
class Piece:
    """A clause, or the part of it that a pair speaks of: ``text`` is ``[start:end]`` of its document's text."""

    text: str
    start: int
    end: int
    words: int
    heading: bool
    path: tuple[str, ...] = ()
    """The headings above it, outermost first: ("II. NỘI DUNG", "1. Tuyên truyền")."""


@dataclass(frozen=True, slots=True)
class Change:
    """Words that were replaced, deleted or inserted; spans are (start, end) in each text, None on the empty side."""

    op: Literal["replace", "delete", "insert"]
    old: str
    new: str
    kind: ChangeKind
    old_span: tuple[int, int] | None
    new_span: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Pair:
    """One row of the comparison. Omitted: no target; added: no source. ``similarity`` is 0 to 1."""

    status: Status
    similarity: float
    source: Piece | None
    target: Piece | None
    changes: tuple[Change, ...] = ()

    @property
    def local_only(self) -> bool:
        """Adapted, but only to the place: no change of substance."""
        return self.status == "adapted" and all(change.kind == "localisation" for change in self.changes)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two documents side by side; ``pairs`` in source order, what was added where it stands in the target."""

    source: Document
    target: Document
    pairs: tuple[Pair, ...]


def compare(source: Document, target: Document, *, reference: Reference | None = None) -> Comparison:
    """The clauses of a call (``source``) against those of a plan (``target``)."""
    ours, theirs = read_clauses(source), read_clauses(target)
    coded = encode(
        [ours.norms(clause) for clause in ours.clauses],
        [theirs.norms(clause) for clause in theirs.clauses],
        (_headings(ours), _headings(theirs)),
    )
    pairs, candidates = match(coded)
    links = link_pieces(pairs, candidates, _rows(ours, coded.source), _rows(theirs, coded.target))
    reader = ChangeReader(source, target, reference or load_reference())
    made = [_Row(link, _pair(link, ours, theirs, coded, reader)) for link in links]
    return Comparison(source, target, tuple(_in_order(made, ours, theirs)))


@dataclass(frozen=True, slots=True)
class _Row:
    link: Link
    pair: Pair


def _rows(side: ClauseList, codes: Sequence[str]) -> list[tuple[str, Sequence[bool], Sequence[str]]]:
    return [
        (code, side.words.breaks[clause.first : clause.last], side.norms(clause))
        for clause, code in zip(side.clauses, codes, strict=True)
    ]


def _headings(side: ClauseList) -> frozenset[int]:
    return frozenset(number for number, clause in enumerate(side.clauses) if clause.heading)


def _pair(link: Link, ours: ClauseList, theirs: ClauseList, coded: Coded, reader: ChangeReader) -> Pair:
    one, other = ours.clauses[link.source], theirs.clauses[link.target]
    left, right = coded.source[link.source][link.s0 : link.s1], coded.target[link.target][link.t0 : link.t1]
    source, target = _piece(ours, one, link.s0, link.s1), _piece(theirs, other, link.t0, link.t1)
    if left == right:
        return Pair("verbatim", 1.0, source, target)
    s_first, t_first = one.first + link.s0, other.first + link.t0
    found = edits(
        Side(ours.norms(one)[link.s0 : link.s1], ours.words.breaks[s_first : one.first + link.s1], left),
        Side(theirs.norms(other)[link.t0 : link.t1], theirs.words.breaks[t_first : other.first + link.t1], right),
    )
    changes = []
    for edit in found:
        placed = type(edit)(edit.a0 + s_first, edit.a1 + s_first, edit.b0 + t_first, edit.b1 + t_first)
        old_span, new_span = _span(ours, placed.a0, placed.a1), _span(theirs, placed.b0, placed.b1)
        changes.append(
            Change(
                op="insert" if old_span is None else "delete" if new_span is None else "replace",
                old=ours.text[slice(*old_span)] if old_span else "",
                new=theirs.text[slice(*new_span)] if new_span else "",
                kind=reader.kind(ours, theirs, placed),
                old_span=old_span,
                new_span=new_span,
            )
        )
    similarity = round(Indel.normalized_similarity(left, right), 3)
    return Pair("adapted" if changes else "verbatim", similarity, source, target, tuple(changes))


def _span(side: ClauseList, first: int, last: int) -> tuple[int, int] | None:
    return (side.words.starts[first], side.words.ends[last - 1]) if last > first else None


def _piece(side: ClauseList, clause: Clause, first: int, last: int) -> Piece:
    """The whole clause, or some of its words, with the marks that belong to them."""
    whole = last - first == len(clause)
    start = clause.start if first == 0 else side.words.starts[clause.first + first]
    end = clause.end if last == len(clause) else side.words.ends[clause.first + last - 1]
    path = tuple(" ".join(side.outline[section].heading.split()) for section in clause.path)
    return Piece(side.text[start:end], start, end, last - first, clause.heading and whole, path)


def _in_order(rows: Sequence[_Row], ours: ClauseList, theirs: ClauseList) -> Iterator[Pair]:
    """Source order; a clause that only the target has follows the row that it follows in the target."""
    linked_source = {row.link.source for row in rows}
    linked_target = {row.link.target for row in rows}
    places: list[tuple[tuple[int, int, int], Pair]] = []
    last_of_target: dict[int, tuple[int, int]] = {}
    for row in rows:
        key = (row.link.source, row.link.s0)
        last_of_target[row.link.target] = max(key, last_of_target.get(row.link.target, key))
        places.append(((*key, -1), row.pair))
    for number, clause in enumerate(ours.clauses):
        if number not in linked_source:
            places.append(((number, 0, -1), Pair("omitted", 0.0, _piece(ours, clause, 0, len(clause)), None)))
    before = (-1, 0)
    for number, clause in enumerate(theirs.clauses):
        if number in linked_target:
            before = last_of_target[number]
        else:
            places.append(((*before, number), Pair("added", 0.0, None, _piece(theirs, clause, 0, len(clause)))))
    places.sort(key=lambda place: place[0])
    return (pair for _, pair in places)


def pair_record(pair: Pair) -> dict[str, Any]:
    """One row as JSON-able values (DESIGN section 8)."""

    def side(piece: Piece | None) -> dict[str, Any] | None:
        return {"text": piece.text, "start": piece.start, "end": piece.end} if piece else None

    return {
        "status": pair.status,
        "similarity": pair.similarity,
        "source": side(pair.source),
        "target": side(pair.target),
        "changes": [
            {"op": change.op, "from": change.old, "to": change.new, "kind": change.kind} for change in pair.changes
        ],
    }

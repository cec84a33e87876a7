"""A comparison in figures: the shares kept, adapted, dropped and added, and what a reader must know first.

Shares are of words, not of clauses: a dropped "v.v." must not weigh as much as a dropped page.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from kg.identifiers import number_key
from kg.model import Citation, Document
from kg.reference import Reference
from search.alignment import Change, Comparison, Piece
from search.tasks import compare_tasks, task_records

__all__ = ["dropped_phrases", "summary"]

PHRASE_WORDS = 3
"""A deletion inside a kept clause is told from this many words on; "và" is not."""


def summary(comparison: Comparison, *, reference: Reference | None = None) -> dict[str, Any]:
    """The summary part of the compare record (DESIGN section 8), as JSON-able values."""
    clauses = Counter(pair.status for pair in comparison.pairs)
    tasks = task_records(compare_tasks(comparison, reference=reference))
    return {
        "clauses": {status: clauses[status] for status in ("verbatim", "adapted", "omitted", "added")},
        "adapted_locally": sum(pair.local_only for pair in comparison.pairs),
        "shares": _shares(comparison),
        "dropped": dropped_phrases(comparison),
        "citations": {
            "dropped": _cited_alone(comparison.source, comparison.target),
            "added": _cited_alone(comparison.target, comparison.source),
        },
        "targets": [row for row in tasks if row["kind"] == "target"],
        "deadlines": [row for row in tasks if row["kind"] == "deadline"],
        "assignments": [row for row in tasks if row["kind"] == "assignment"],
    }


def _shares(comparison: Comparison) -> dict[str, float]:
    """Kept, adapted and dropped are parts of the source's words and make 1; added is a part of the target's."""
    ours, theirs = Counter[str](), Counter[str]()
    for pair in comparison.pairs:
        if pair.source and not pair.source.heading:
            ours[pair.status] += pair.source.words
        if pair.target and not pair.target.heading:
            theirs[pair.status] += pair.target.words
    total, other = ours.total() or 1, theirs.total() or 1
    return {
        "kept": round(ours["verbatim"] / total, 3),
        "adapted": round(ours["adapted"] / total, 3),
        "dropped": round(ours["omitted"] / total, 3),
        "added": round(theirs["added"] / other, 3),
    }


def dropped_phrases(comparison: Comparison) -> list[dict[str, Any]]:
    """What the source says and the target does not: whole clauses, and phrases inside clauses that were kept."""
    found: list[dict[str, Any]] = []
    for pair in comparison.pairs:
        if pair.source and not pair.source.heading:
            if pair.status == "omitted":
                found.append(_place(pair.source) | {"whole": True})
            found += [_deleted(change) for change in pair.changes if _is_dropped(change)]
    return found


def _is_dropped(change: Change) -> bool:
    return change.op == "delete" and change.kind != "localisation" and change.old.count(" ") + 1 >= PHRASE_WORDS


def _place(piece: Piece) -> dict[str, Any]:
    return {"text": piece.text, "start": piece.start, "end": piece.end}


def _deleted(change: Change) -> dict[str, Any]:
    assert change.old_span
    return {"text": change.old, "start": change.old_span[0], "end": change.old_span[1], "whole": False}


def _cited_alone(document: Document, other: Document) -> list[dict[str, Any]]:
    """Numbered and named papers that one document cites and the other does not; each once, in text order."""
    theirs = {_name(citation) for citation in other.citations}
    theirs |= {number_key(number) for number in (other.metadata.number,) if number}
    found: dict[str, dict[str, Any]] = {}
    for citation in document.citations:
        name = _name(citation)
        if name and name not in theirs and name not in found:
            found[name] = {
                "number": citation.number,
                "kind": citation.kind,
                "issuer": citation.issuer or citation.resolved_issuer,
                "date": citation.date.isoformat() if citation.date else None,
                "relation": citation.relation,
                "text": " ".join(citation.surface.split()),
                "start": citation.span.start,
                "end": citation.span.end,
            }
    return list(found.values())


def _name(citation: Citation) -> str | None:
    if citation.form in ("self", "backref"):
        return None
    return number_key(citation.number) if citation.number else citation.name

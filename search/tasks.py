"""What a plan made of the tasks, targets and deadlines of a call: taken over, changed, missing, or its own.

Two of them are the same task when they stand in clauses that belong together, or say the same of bodies one level
apart: "UBND các huyện, thành phố gửi kế hoạch …" comes back as "UBND các xã, thị trấn gửi kế hoạch …".
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from rapidfuzz import fuzz

from kg.identifiers import fold
from kg.model import Assignment, Deadline, Document, Span, Target
from kg.reference import Reference, load_reference
from search.alignment import Comparison, Pair

__all__ = ["TaskRow", "compare_tasks", "days_moved", "task_records"]

TaskKind = Literal["assignment", "target", "deadline"]
TaskStatus = Literal["taken_over", "changed", "missing", "own"]
Fact = Assignment | Target | Deadline
F = TypeVar("F", Assignment, Target, Deadline)

SAME_TASK = 78.0
"""Similarity (0-100), levels aside, from which two assignments give the same task, whoever is charged with it."""
SAME_INDICATOR = 82.0
_ALONE = 75.0
_LINKED = 40.0
"""From here on two facts may be one: those that stand in clauses that belong together need less."""
_LEVEL = re.compile(r"\b(?:tinh|huyen|thanh pho|thi xa|thi tran|quan|xa|phuong|dac khu|trung uong|so|phong|ban)\b")
_SHORT = re.compile(r"\bubnd\b")
_ROLE_WORDS = re.compile(r"\b(?:giao|de nghi|yeu cau|cac|toan|tren dia ban|cua|va)\b")


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One task, target or deadline on both sides; ``changed`` names what differs: body, role, due, value, date …

    ``concerns``: whether the call gave it to the body that issued the plan; None where its words do not tell.
    """

    kind: TaskKind
    status: TaskStatus
    source: Fact | None
    target: Fact | None
    changed: tuple[str, ...] = ()
    concerns: bool | None = None


def compare_tasks(comparison: Comparison, *, reference: Reference | None = None) -> tuple[TaskRow, ...]:
    """Assignments, then targets, then deadlines; those of the call in its order, then those the plan alone has."""
    known = reference or load_reference()
    source, target = comparison.source, comparison.target
    links = _Links(comparison.pairs)
    rows: list[TaskRow] = []
    for one, other in _paired(source.assignments, target.assignments, links, _same_task):
        rows.append(_assignment_row(one, other, target, known))
    for first, second in _paired(source.targets, target.targets, links, _same_indicator):
        rows.append(_row("target", first, second, _target_changes))
    for due, answer in _paired(source.deadlines, target.deadlines, links, _same_deadline):
        rows.append(_row("deadline", due, answer, _deadline_changes))
    return tuple(rows)


class _Links:
    """Which places of the plan belong to a place of the call."""

    def __init__(self, pairs: Sequence[Pair]) -> None:
        self._pairs = [(pair.source, pair.target) for pair in pairs if pair.source and pair.target]

    def joined(self, one: Span, other: Span) -> bool:
        return any(
            source.start < one.end and one.start < source.end and target.start < other.end and other.start < target.end
            for source, target in self._pairs
        )


def _paired(
    ours: Sequence[F], theirs: Sequence[F], links: _Links, alike: Callable[[F, F], float]
) -> list[tuple[F | None, F | None]]:
    """Each with its like on the other side, best first; ``alike`` gives 0 for what cannot be the same."""
    ranked = sorted(
        (
            (-score - 100 * links.joined(one.span, other.span), at, to)
            for at, one in enumerate(ours)
            for to, other in enumerate(theirs)
            if (score := alike(one, other)) >= (_LINKED if links.joined(one.span, other.span) else _ALONE)
        ),
    )
    partner: dict[int, int] = {}
    for _, at, to in ranked:
        if at not in partner and to not in partner.values():
            partner[at] = to
    rows: list[tuple[F | None, F | None]] = []
    for at, one in enumerate(ours):
        rows.append((one, theirs[partner[at]] if at in partner else None))
    for to, other in enumerate(theirs):
        if to not in partner.values():
            rows.append((None, other))
    return rows


def _plain(text: str) -> str:
    """Words without levels and without what only orders: what the task itself is."""
    words = _SHORT.sub("uy ban nhan dan", fold(text))
    return " ".join(_ROLE_WORDS.sub(" ", _LEVEL.sub(" ", re.sub(r"[^a-z0-9%]+", " ", words))).split())


def _same_task(one: Assignment, other: Assignment) -> float:
    score = fuzz.ratio(_plain(one.surface), _plain(other.surface))
    task = max(score, fuzz.token_set_ratio(_plain(one.surface), _plain(other.surface)) - 12)
    if task < SAME_TASK and fuzz.ratio(_plain(one.body), _plain(other.body)) < 60:
        return 0.0
    return task


def _same_indicator(one: Target, other: Target) -> float:
    if (one.unit or "") != (other.unit or ""):
        return 0.0
    score = fuzz.token_set_ratio(fold(one.indicator), fold(other.indicator))
    return score if score >= SAME_INDICATOR else 0.0


def _same_deadline(one: Deadline, other: Deadline) -> float:
    if one.kind != other.kind and (one.date != other.date or "other" not in (one.kind, other.kind)):
        return 0.0
    return 80.0 + 15 * (one.date == other.date) + fuzz.ratio(fold(one.surface), fold(other.surface)) / 20


def _row(kind: TaskKind, one: F | None, other: F | None, changes: Callable[[F, F], tuple[str, ...]]) -> TaskRow:
    if one is None or other is None:
        return TaskRow(kind, "missing" if other is None else "own", one, other)
    changed = changes(one, other)
    return TaskRow(kind, "changed" if changed else "taken_over", one, other, changed)


def _assignment_row(
    one: Assignment | None, other: Assignment | None, plan: Document, reference: Reference
) -> TaskRow:  # fmt: skip
    row = _row("assignment", one, other, _assignment_changes)
    if one is None:
        return row
    return TaskRow(row.kind, row.status, one, other, row.changed, _concerns(one.body, plan, reference))


def _assignment_changes(one: Assignment, other: Assignment) -> tuple[str, ...]:
    found = []
    if _plain(one.body) != _plain(other.body):
        found.append("body")
    if one.role != other.role:
        found.append("role")
    if (one.by or "") != (other.by or ""):
        found.append("due")
    if fuzz.ratio(_plain(one.surface), _plain(other.surface)) < 90:
        found.append("wording")
    return tuple(found)


def _target_changes(one: Target, other: Target) -> tuple[str, ...]:
    pairs = (("value", one.value, other.value), ("comparator", one.comparator, other.comparator))
    found = [name for name, left, right in pairs if left != right]
    if one.by and other.by and fold(one.by) != fold(other.by):
        found.append("due")
    return tuple(found)


def _deadline_changes(one: Deadline, other: Deadline) -> tuple[str, ...]:
    return () if one.date == other.date else ("date",)


def _concerns(body: str, plan: Document, reference: Reference) -> bool | None:
    """Whether the body of an assignment is, or holds, the one that issued the plan."""
    metadata = plan.metadata
    owner, words = metadata.owner, fold(body)
    if not owner:
        return None
    organ = owner.rsplit(".", 1)[-1]
    groups = {
        "district": ("cac huyen", "moi huyen", "cac quan, huyen", "cap huyen", "cac dia phuong", "huyen, thanh pho"),
        "commune": ("cac xa", "moi xa", "xa, phuong", "xa, thi tran", "cap xa", "cac dia phuong"),
        "province": ("cac tinh", "moi tinh", "cac dia phuong", "tinh, thanh pho"),
    }
    named = groups.get(metadata.level or "", ())
    if organ in ("ubnd", "hdnd", "hu", "du", "tu") and any(group in words for group in named):
        return True
    if re.search(r"\bcac (?:co quan|so|ban|nganh|don vi)", words):
        return metadata.level == "province" and organ not in ("ubnd", "hdnd", "tu")
    match = reference.find_body(body, province=metadata.province, district=metadata.district, on=metadata.date)
    return None if match is None else match.body.code == owner


def task_records(rows: Sequence[TaskRow]) -> list[dict[str, Any]]:
    """The rows as JSON-able values."""
    return [
        {
            "kind": row.kind,
            "status": row.status,
            "changed": list(row.changed),
            "concerns": row.concerns,
            "days_moved": days_moved(row),
            "source": _record(row.source),
            "target": _record(row.target),
        }
        for row in rows
    ]


def _record(fact: Fact | None) -> dict[str, Any] | None:
    if fact is None:
        return None
    told: dict[str, Any] = {"text": fact.surface, "start": fact.span.start, "end": fact.span.end}
    if isinstance(fact, Assignment):
        return told | {"body": fact.body, "role": fact.role, "by": fact.by, "requested": fact.requested}
    if isinstance(fact, Target):
        return told | {
            "indicator": fact.indicator,
            "comparator": fact.comparator,
            "value": fact.value,
            "unit": fact.unit,
            "by": fact.by,
        }
    return told | {"kind": fact.kind, "date": fact.date}


def days_moved(row: TaskRow) -> int | None:
    """By how many days a deadline was moved, later counting up; None when either side is no full date."""
    if not (isinstance(row.source, Deadline) and isinstance(row.target, Deadline)):
        return None
    try:
        return (dt.date.fromisoformat(row.target.date) - dt.date.fromisoformat(row.source.date)).days
    except ValueError:
        return None

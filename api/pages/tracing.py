"""The trace of a directive as a tree: who carries it out, under whom, after how many days; and the way up of a plan."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.pages.document_view import tone
from api.pages.formats import work_url
from api.pages.rendering import page_paths, render
from api.pages.tables import csv_response
from api.pages.visit import PageRoute, Visit, visit
from kg.cascade import Implementing, cascade
from kg.identifiers import link_id
from kg.lineage import Ancestor, ancestors
from kg.model import WorkSummary

__all__ = ["Node", "router"]

router = APIRouter(route_class=PageRoute)

_LEVELS: tuple[str | None, ...] = ("central", "province", "district", "commune", None)
_FOLDED = 30
"""Documents of one level under one parent that stand open; more are folded."""
_SURE = {"high": 0.9, "medium": 0.75, "low": 0.0}
_COLUMNS = (
    "number", "kind", "title", "issuer", "level", "date", "date_earliest", "date_latest", "how", "through", "weakest",
    "confidence", "days", "quote", "page",
)  # fmt: skip


@dataclass(slots=True)
class Node:
    """One document in the tree with those under it, by level."""

    row: Implementing
    work: WorkSummary
    groups: list[tuple[str | None, list[Node], bool]] = field(default_factory=list)
    days: tuple[int | None, int | None] = (None, None)
    """Days after its parent: at least, at most; equal when both dates are known."""


@dataclass(frozen=True, slots=True)
class _Narrow:
    level: str = ""
    year: str = ""
    sure: str = ""
    relation: str = ""

    def lets(self, row: Implementing, work: WorkSummary) -> bool:
        """Whether a row is among those that were asked for."""
        return (
            (not self.level or work.level == self.level)
            and (not self.year or (work.date is not None and str(work.date.year) == self.year))
            and (not self.sure or row.confidence >= _SURE[self.sure])
            and (not self.relation or row.weakest == self.relation)
        )

    def __bool__(self) -> bool:
        return bool(self.level or self.year or self.sure or self.relation)


@router.get("/trien-khai")
@router.get("/trien-khai.csv")
def trace(
    request: Request,
    number: Annotated[str, Query(max_length=300)] = "",
    key: Annotated[str, Query(max_length=300)] = "",
    issuer: Annotated[str, Query(max_length=200)] = "",
    level: Annotated[str, Query(pattern="^(central|province|district|commune)?$")] = "",
    year: Annotated[str, Query(pattern=r"^(\d{4})?$")] = "",
    sure: Annotated[str, Query(pattern="^(high|medium|low)?$")] = "",
    relation: Annotated[str, Query(pattern="^(implements|follows)?$")] = "",
) -> Response:
    """The tree under a number, or the box to enter one."""
    seen = visit(request)
    if not number.strip() and not key:
        return render(request, "trace_start.html")
    named = seen.catalog.find(str(seen.iris.work(key)) if key else number.strip(), issuer=issuer or None)
    narrow = _Narrow(level, year, sure, relation)
    rows, works, above = seen.once("trace", lambda: _told(seen, named), named)
    kept = [row for row in rows if narrow.lets(row, works[row.work])]
    if request.url.path.endswith(".csv"):
        return csv_response(_table(kept, works, named), _COLUMNS, "chuoi-trien-khai.csv")
    return render(
        request,
        "trace.html",
        key=named,
        work=works[named],
        works=works,
        tone=tone,
        link_id=link_id,
        groups=_tree(named, kept, works),
        counts=_counts(rows),
        total=len(rows),
        shown=len(kept),
        narrow=narrow,
        years=sorted({str(work.date.year) for row in rows if (work := works[row.work]).date}, reverse=True),
        above=above,
        number=number,
        paths=page_paths(request),
    )


def _told(seen: Visit, key: str) -> tuple[tuple[Implementing, ...], dict[str, WorkSummary], tuple[Ancestor, ...]]:
    rows = cascade(key, seen.catalog.incoming)
    above = ancestors(seen.snapshot, seen.iris, key, relations=("implements", "follows"))
    passed = {key} | {row.work for row in rows} | {hop.object for row in rows for hop in row.hops}
    works = seen.catalog.summaries(passed | set(_keys(above)))
    return tuple(row for row in rows if row.work in works), works, above


def _keys(above: Iterable[Ancestor]) -> set[str]:
    return {name for one in above for name in (one.key, *_keys(one.above))}


def _counts(rows: Iterable[Implementing]) -> Mapping[str, int]:
    counts: dict[str, int] = defaultdict(int)
    for row in rows:
        counts[row.how] += 1
        counts[row.weakest] += 1
    return counts


def _tree(
    root: str, rows: Iterable[Implementing], works: Mapping[str, WorkSummary]
) -> list[tuple[str | None, list[Node], bool]]:  # fmt: skip
    """The documents under their nearest kept ancestor on the way to the root; by level, then date."""
    nodes = {row.work: Node(row, works[row.work]) for row in rows}
    under: dict[str, list[Node]] = defaultdict(list)
    for node in nodes.values():
        parent = next((hop.object for hop in node.row.hops if hop.object in nodes or hop.object == root), root)
        node.days = _lag(works[node.row.hops[0].object], node.work)
        under[parent].append(node)

    def grouped(parent: str) -> list[tuple[str | None, list[Node], bool]]:
        made = []
        for level in _LEVELS:
            found = [node for node in under[parent] if node.work.level == level]
            found.sort(key=lambda node: (_when(node.work), node.work.issuer or "", node.row.work))
            if found:
                made.append((level, found, len(found) <= _FOLDED))
            for node in found:
                node.groups = grouped(node.row.work)
        return made

    return grouped(root)


def _when(work: WorkSummary) -> dt.date:
    return work.date or work.date_earliest or work.date_latest or dt.date.max


def _lag(parent: WorkSummary, child: WorkSummary) -> tuple[int | None, int | None]:
    """Days between two papers as an interval; (None, None) where nothing bounds it."""
    first, last = child.date or child.date_earliest, child.date or child.date_latest
    start, end = parent.date or parent.date_latest, parent.date or parent.date_earliest
    least = (first - start).days if first and start else None
    most = (last - end).days if last and end else None
    return least, most


def _table(rows: Iterable[Implementing], works: Mapping[str, WorkSummary], root: str) -> Iterable[dict[str, Any]]:
    for row in rows:
        work, first = works[row.work], row.hops[0]
        least, most = _lag(works[root], work)
        yield {
            "number": work.number, "kind": work.kind, "title": work.title, "issuer": work.issuer, "level": work.level,
            "date": work.date, "date_earliest": work.date_earliest, "date_latest": work.date_latest, "how": row.how,
            "through": " → ".join(works[name].number or name for name in row.between), "weakest": row.weakest,
            "confidence": round(row.confidence, 3), "days": least if least == most else None,
            "quote": first.evidence.quote if first.evidence else None, "page": work_url(row.work),
        }  # fmt: skip

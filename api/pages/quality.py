"""What the store holds and lacks, and where the system is unsure: counted from what the caller may see."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.measured import measured
from api.pages.rendering import render
from api.pages.visit import PageRoute, Visit, visit
from kg import clock
from kg.model import WorkSummary
from kg.terms import Lit, Term

__all__ = ["router"]

router = APIRouter(route_class=PageRoute)

_LEVELS: tuple[str | None, ...] = ("central", "province", "district", "commune", None)


@dataclass(frozen=True, slots=True)
class _Counted:
    """Everything on the page that depends on the snapshot alone."""

    levels: Sequence[tuple[str | None, int, int]]
    kinds: Sequence[tuple[str, int, int]]
    years: Sequence[tuple[str, int]]
    links: Mapping[str, int]
    identities: Mapping[str, int]
    reasons: Sequence[tuple[str, int]]
    wanted: Sequence[tuple[str, WorkSummary, int]]


@router.get("/chat-luong")
def quality(request: Request) -> Response:
    """Coverage of the store, links by state, what stays open, what is missing most, the last ingest."""
    seen = visit(request)
    counted = seen.once("quality", lambda: _count(seen))
    run = seen.workspace.status()["last_run"]
    report = (run or {}).get("report") or {}
    files = report.get("files", ()) if not seen.public else ()
    hides = seen.public and seen.snapshot.current.public is not None  # the run counts what is not shown
    return render(
        request,
        "quality.html",
        counted=counted,
        started=_local(run["started"]) if run else None,
        seconds=f"{report.get('seconds', 0):.1f}".replace(".", ","),
        run_counts=report.get("counts", {}) if not hides else {},
        measured=measured(),
        percent=_percent,
        troubled=[file for file in files if file.get("status") in ("failed", "refused") or file.get("warnings")],
    )


def _percent(share: float) -> str:
    """ "98,9 %", and "100 %" only for all of them."""
    return f"{int(share * 1000) / 10:.1f}".replace(".", ",").removesuffix(",0") + " %"


def _local(iso: str) -> str:
    at = clock.local(iso)
    return f"{at:%H} giờ {at:%M} ngày {at:%d/%m/%Y}"


def _count(seen: Visit) -> _Counted:
    works = seen.catalog.table.works
    held, cited = Counter[str | None](), Counter[str | None]()
    held_kinds, cited_kinds = Counter[str](), Counter[str]()
    years = Counter[str]()
    for work in works.values():
        (held if work.held else cited)[work.summary.level] += 1
        (held_kinds if work.held else cited_kinds)[work.summary.kind or ""] += 1
        if work.held and work.summary.date:
            years[str(work.summary.date.year)] += 1
    kinds = sorted({*held_kinds, *cited_kinds}, key=lambda kind: (-held_kinds[kind], -cited_kinds[kind], kind))
    return _Counted(
        levels=[(level, held[level], cited[level]) for level in _LEVELS if held[level] or cited[level]],
        kinds=[(kind, held_kinds[kind], cited_kinds[kind]) for kind in kinds],
        years=sorted(years.items()),
        links=_tally(seen, "SELECT ?v (COUNT(DISTINCT ?l) AS ?n) { ?l a vb:Link ; vb:status ?v } GROUP BY ?v"),
        identities=_identities(seen),
        reasons=Counter(
            _tally(seen, "SELECT ?v (COUNT(DISTINCT ?u) AS ?n) { ?u a vb:Unresolved ; vb:reason ?v } GROUP BY ?v")
        ).most_common(),
        wanted=_wanted(seen),
    )


def _tally(seen: Visit, query: str) -> dict[str, int]:
    rows = seen.snapshot.query(query)
    return {_text(row["v"]): int(_text(row["n"])) for row in rows if "v" in row}


def _identities(seen: Visit) -> dict[str, int]:
    found = _tally(
        seen,
        "SELECT ?v (COUNT(DISTINCT ?w) AS ?n) { ?w vb:file ?f . ?w vb:identityMethod ?v } GROUP BY ?v",
    )
    held = sum(work.held for work in seen.catalog.table.works.values())
    return found | {"none": held - sum(found.values())}


def _wanted(seen: Visit, most: int = 15) -> list[tuple[str, WorkSummary, int]]:
    """The works that most documents cite and that are not held."""
    rows = seen.snapshot.query(
        "SELECT ?w (COUNT(DISTINCT ?by) AS ?n) { ?w a vb:Stub . ?by eli:cites ?w } GROUP BY ?w ORDER BY DESC(?n) ?w"
        f" LIMIT {most}"
    )
    works = seen.catalog.table.works
    keys = [(key, int(_text(row["n"]))) for row in rows if (key := seen.iris.key_of(str(row["w"])))]
    return [(key, works[key].summary, count) for key, count in keys if key in works]


def _text(term: Term) -> str:
    value = term.value if isinstance(term, Lit) else str(term)
    return value.rsplit("#", 1)[-1] if not isinstance(term, Lit) else value

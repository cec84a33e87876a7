"""Two papers side by side in the frame of the site: what a plan kept, adapted, dropped and added."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.comparing import Side, held_side, rows_for_page
from api.held_texts import HeldTexts
from api.pages.rendering import render
from api.pages.visit import PageRoute, Visit, visit
from kg.cascade import cascade
from kg.model import WorkSummary
from search.alignment import compare
from search.alignment_summary import summary

__all__ = ["router"]

router = APIRouter(route_class=PageRoute)
_Named = Annotated[str, Query(max_length=300)]


@router.get("/doi-chieu")
def compare_page(request: Request, source: _Named = "", target: _Named = "") -> Response:
    """The comparison of two held papers, each by number or address; with one of them, the papers to choose from."""
    seen = visit(request)
    if not (source.strip() and target.strip()):
        return render(
            request, "comparing_start.html", source=source, target=target, offered=_offered(seen, source.strip())
        )  # fmt: skip
    texts = seen.texts
    sides = held_side(texts, source.strip()), held_side(texts, target.strip())
    made = seen.once("compared", lambda: _compared(sides, texts), sides[0].record["iri"], sides[1].record["iri"])
    return render(
        request,
        "comparing.html",
        source=source,
        target=target,
        works=[(seen.iris.key_of(side.record["iri"]), texts.summary(texts.key(said))) for side, said in
               zip(sides, (source.strip(), target.strip()), strict=True)],
        **made,
    )  # fmt: skip


def _compared(sides: tuple[Side, Side], texts: HeldTexts) -> dict[str, Any]:
    comparison = compare(sides[0].document, sides[1].document, reference=texts.reference)
    told = summary(comparison, reference=texts.reference)
    facts = [fact for name in ("targets", "deadlines", "assignments") for fact in told[name]]
    return {
        "rows": rows_for_page(comparison),
        "summary": told,
        "facts": [fact for fact in facts if fact["status"] != "taken_over"],
    }


def _offered(seen: Visit, source: str) -> list[tuple[str, WorkSummary]]:
    """Held papers that carry the source out: what it is most often compared with."""
    if not source:
        return []
    key = seen.catalog.find(source)
    found = seen.catalog.summaries([row.work for row in cascade(key, seen.catalog.incoming)])
    return [(name, work) for name, work in found.items() if work.file]

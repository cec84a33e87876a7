"""Comparisons over HTTP: two documents, the tasks of two documents, all plans that answer a call."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from api.access import anonymous, workspace_of
from api.comparing import cascade_record, compare_record, held_side, reuse_record, tasks_record
from api.held_texts import HeldTexts
from api.reading import ReadRoute

__all__ = ["router"]

router = APIRouter(tags=["đối chiếu"], route_class=ReadRoute)

Named = Annotated[str, Query(min_length=1, max_length=300, examples=["1954/UBND-TH"])]


def _texts(request: Request) -> HeldTexts:
    return HeldTexts(workspace_of(request), public=anonymous(request))


@router.get("/compare")
def compare(request: Request, source: Named, target: Named) -> dict[str, Any]:
    """Every clause of a call (source) against those of a plan (target); each by number, IRI or file name."""
    texts = _texts(request)
    return compare_record(held_side(texts, source), held_side(texts, target), texts.reference)


@router.get("/tasks")
def tasks(request: Request, source: Named, target: Named) -> dict[str, Any]:
    """Assignments, targets and deadlines of a call beside those of a plan: taken over, changed, missing, own."""
    texts = _texts(request)
    return tasks_record(held_side(texts, source), held_side(texts, target), texts.reference)


@router.get("/compare/cascade")
def cascade(request: Request, number: Named, every: bool = False) -> dict[str, Any]:
    """All held plans that answer a call, each clause across them, and their common outline."""
    return cascade_record(_texts(request), number, every=every)


@router.get("/reuse")
def reuse(request: Request, number: Named) -> dict[str, Any]:
    """Where the clauses of a document come from and where they went, and its likely parents: inferred, never stated."""
    return reuse_record(_texts(request), number)

"""Review over HTTP: what waits, and every decision of ``kg review``. Every route needs the scope "review"."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, Field

from api.access import workspace_of
from api.accounts import Visitor
from api.guard import needs, request_id
from api.routes.writing import REFUSALS

__all__ = ["router"]

router = APIRouter(prefix="/review", tags=["rà soát"], responses=REFUSALS)

Reviewer = Annotated[Visitor, Depends(needs("review"))]
Reason = Literal["wrong-target", "wrong-relation", "not-a-citation", "duplicate", "out-of-date"]
Kind = Literal["link", "identity", "inference", "person", "orphaned", "changed", "idle"]
Words = Annotated[str, Field(max_length=2_000)]
Thing = Annotated[str, Field(min_length=1, max_length=400)]


class Decision(BaseModel):
    """A verdict on a link or an inference (id), an identity ("FILE=NUMBER") or two signers (id of the pair)."""

    thing: Thing
    verdict: Literal["accepted", "rejected", "unsure"]
    reason: Reason | None = None
    note: Words | None = None


class Correction(BaseModel):
    """The wrong link, and what is right: another relation, another target, or both."""

    link: Thing
    relation: Annotated[str, Field(max_length=40)] | None = None
    target: Thing | None = None
    quote: Words | None = None
    reason: Reason | None = None
    note: Words | None = None


class Facts(BaseModel):
    """What a held file does not say or says wrong; without ``file``, a numbered document without text."""

    file: Thing | None = None
    number: Annotated[str, Field(max_length=80)] | None = None
    date: dt.date | None = None
    issuer: Thing | None = None
    kind: Annotated[str, Field(max_length=80)] | None = None
    title: Words | None = None
    visibility: Literal["public", "internal"] | None = None
    note: Words | None = None


class Undoing(BaseModel):
    """What to take back: the newest decision on this thing, or one decision by its id."""

    thing: Thing
    note: Words | None = None


class Waiting(BaseModel):
    """A page of what waits, most important first; ``totals`` counts all of each kind."""

    total: int
    totals: dict[str, int]
    items: list[dict[str, Any]]


@router.get("/queue", response_model=Waiting)
def queue(
    request: Request,
    visitor: Reviewer,
    kind: Annotated[list[Kind] | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> dict[str, Any]:
    """What waits for a decision, ordered by how many answers hang on it and how unsure it is."""
    found = workspace_of(request).waiting()
    totals: dict[str, int] = {}
    for item in found:
        totals[item["kind"]] = totals.get(item["kind"], 0) + 1
    wanted = [item for item in found if not kind or item["kind"] in kind]
    return {"total": len(wanted), "totals": totals, "items": wanted[offset : offset + limit]}


@router.get("/decisions", response_model=list[dict[str, Any]])
def decisions(
    request: Request, visitor: Reviewer, limit: Annotated[int, Query(ge=1, le=1_000)] = 200
) -> list[dict[str, Any]]:
    """The newest decisions, newest first, with whether each still counts."""
    return workspace_of(request).decisions()[::-1][:limit]


@router.post("/decisions", status_code=201)
def decide(request: Request, visitor: Reviewer, said: Decision) -> dict[str, Any]:
    """Accepts, rejects, or leaves open."""
    return workspace_of(request).decide(
        said.thing, said.verdict, by=visitor.name, reason=said.reason, note=said.note, request=request_id(request)
    )


@router.post("/corrections", status_code=201)
def correct(request: Request, visitor: Reviewer, said: Correction) -> dict[str, Any]:
    """Rejects a wrong link and makes the right one by hand."""
    given = said.model_dump(exclude={"link"})
    return workspace_of(request).correct(said.link, by=visitor.name, request=request_id(request), **given)


@router.post("/facts", status_code=201)
def set_fact(request: Request, visitor: Reviewer, said: Facts) -> dict[str, Any]:
    """Enters a number, date, issuer, kind, title or who may see it; or a document without text."""
    given = said.model_dump(exclude={"file"})
    return workspace_of(request).set_fact(said.file, by=visitor.name, request=request_id(request), **given)


@router.post("/undo", status_code=201)
def undo(request: Request, visitor: Reviewer, said: Undoing) -> dict[str, Any]:
    """Takes a decision back."""
    return workspace_of(request).undo(said.thing, by=visitor.name, note=said.note, request=request_id(request))

"""The JSON API for documents: lists, one document, the cascade of a number."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from api.workspace import Workspace

__all__ = ["router"]

router = APIRouter(tags=["văn bản"])


def _workspace(request: Request) -> Workspace:
    workspace = request.app.state.workspace
    assert isinstance(workspace, Workspace)
    return workspace


@router.get("/trace")
def trace(
    request: Request,
    number: Annotated[str, Query(min_length=1, max_length=300, examples=["34-CT/TW"])],
    issuer: Annotated[str | None, Query(max_length=200)] = None,
    kind: Annotated[str | None, Query(max_length=60)] = None,
    year: Annotated[int | None, Query(ge=1900, le=2200)] = None,
) -> dict[str, Any]:
    """Which documents carry out this one, directly or through others, with the quote of every hop."""
    return _workspace(request).trace(number, issuer=issuer, kind=kind, year=year)


@router.get("/documents")
def documents(
    request: Request,
    kind: Annotated[str | None, Query(max_length=60)] = None,
    issuer: Annotated[str | None, Query(max_length=200)] = None,
    level: Annotated[str | None, Query(pattern="^(central|province|district|commune)$")] = None,
    year: Annotated[int | None, Query(ge=1900, le=2200)] = None,
    held: bool = True,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> dict[str, Any]:
    """The documents of the store, newest first; ``held=false`` adds those that are only cited."""
    return _workspace(request).documents(
        kind=kind, issuer=issuer, level=level, year=year, held=held, limit=limit, offset=offset
    )

"""Is the process alive, is the store readable."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse

__all__ = ["router", "store_router"]

router = APIRouter(tags=["vận hành"])
store_router = APIRouter(tags=["vận hành"])
"""The same for ``kg serve --store``, which has a store and nothing else."""


@router.get("/healthz")
@store_router.get("/healthz")
def healthz() -> dict[str, str]:
    """The process answers; nothing else is looked at."""
    return {"status": "ok"}


@router.get("/readyz")
def readyz(request: Request) -> dict[str, Any]:
    """The store can be read: 200 with its snapshot, else 503."""
    return {"status": "ok", "snapshot": request.app.state.workspace.snapshot().current.graph}


@store_router.get("/readyz")
def store_readyz(request: Request) -> dict[str, Any]:
    """The store can be read: 200, else 503."""
    request.app.state.source(request).ask("ASK { ?s ?p ?o }")
    return {"status": "ok"}


@store_router.get("/", include_in_schema=False)
def store_door() -> RedirectResponse:
    """There is one thing here to be seen."""
    return RedirectResponse("/sparql", status_code=303)

"""Is the process alive, is the store readable."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request

__all__ = ["router"]

router = APIRouter(tags=["vận hành"])


@router.get("/healthz")
def healthz() -> dict[str, str]:
    """The process answers; nothing else is looked at."""
    return {"status": "ok"}


@router.get("/readyz")
def readyz(request: Request) -> dict[str, Any]:
    """The store can be read: 200 with its snapshot, else 503."""
    return {"status": "ok", "snapshot": request.app.state.workspace.snapshot().current.graph}

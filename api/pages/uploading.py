"""Taking files in from a browser: a form that works by itself; a script adds drag and drop and progress."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from api.accounts import Visitor
from api.guard import needs
from api.pages.desk import DeskRoute, person, token
from api.pages.rendering import render
from api.routes import writing

__all__ = ["router"]

router = APIRouter(route_class=DeskRoute)


@router.get("/nap")
def upload_page(
    request: Request, ident: Annotated[str, Query(alias="viec", pattern=r"^[A-Za-z0-9_-]{0,64}$")] = ""
) -> Response:
    """The form; with ``viec``, what became of one upload."""
    visitor = person(request)
    job = None
    if ident and visitor is not None and visitor.may("write"):
        job = writing.job(request, ident, visitor)
    return render(request, "upload.html", visitor=visitor, csrf=token(request), job=job)


@router.get("/nap/viec/{ident}")
def upload_report(request: Request, ident: str, visitor: Annotated[Visitor, Depends(needs("write"))]) -> Response:
    """The report on one upload, as a fragment."""
    return render(request, "upload_report.html", job=writing.job(request, ident, visitor))


@router.post("/nap")
async def upload(request: Request, visitor: Annotated[Visitor, Depends(needs("write"))]) -> Response:
    """Takes the files in and goes on to their report."""
    answer = await writing.upload(request, visitor)
    ident = answer.headers["location"].rsplit("/", 1)[-1]
    if not ident:
        raise HTTPException(500)
    return RedirectResponse(f"/nap?viec={ident}", 303)

"""What the pages for signed-in people share: who works here, where to go on, and the way to the sign-in page."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any
from urllib.parse import urlencode, urlsplit

from fastapi import Request
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from api.accounts import Visitor
from api.pages.rendering import render
from api.pages.visit import PageRoute
from kg.errors import AmbiguousNumber, PolicyKGError

__all__ = ["DeskRoute", "may_review", "not_recorded", "onward", "person", "safe_path", "token"]


class DeskRoute(PageRoute):
    """A route for people who write: who is not signed in is sent to sign in and comes back; what a person entered
    wrongly is told in words, with the way back."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        answer = super().get_route_handler()

        async def handler(request: Request) -> Response:
            response = await answer(request)
            if response.status_code == 401:
                return RedirectResponse(f"/dang-nhap?{urlencode({'tiep': onward(request), 'het-han': '1'})}", 303)
            return response

        return handler


def person(request: Request) -> Visitor | None:
    """Who is signed in."""
    found: Visitor | None = getattr(request.state, "visitor", None)
    return found


def may_review(request: Request) -> Visitor:
    """The reviewer; raises 401 for nobody, 403 for somebody who may not. For pages that are only read."""
    visitor = person(request)
    if visitor is None:
        raise HTTPException(401)
    if not visitor.may("review"):
        raise HTTPException(403)
    return visitor


def token(request: Request) -> str:
    """What every form of this session must carry in its field ``csrf``."""
    session = getattr(request.state, "session", None)
    return session.csrf if session is not None else ""


def safe_path(path: str | None, otherwise: str = "/") -> str:
    """``path`` when it leads to a page of this host, else ``otherwise``: no address of elsewhere comes back to us."""
    if not path or not path.startswith("/") or path.startswith("//") or "\\" in path or not path.isprintable():
        return otherwise
    parts = urlsplit(path)
    return path if not parts.netloc and not parts.scheme else otherwise


def onward(request: Request) -> str:
    """The page to come back to: this one, or the one whose form was sent."""
    if request.method in ("GET", "HEAD"):
        return safe_path(f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path)
    came = urlsplit(request.headers.get("referer", ""))
    if came.netloc == request.url.netloc:
        return safe_path(f"{came.path}?{came.query}" if came.query else came.path, "/ra-soat")
    return "/ra-soat"


def not_recorded(request: Request, error: PolicyKGError) -> Response:
    """The page that says why nothing was recorded."""
    works = error.candidates if isinstance(error, AmbiguousNumber) else ()
    return render(request, "review_failed.html", status=400, message=str(error), works=works, back=onward(request))

"""What answers to readers have in common: pages of other origins may read them, and unchanged ones are not sent again.

An answer depends on the address, the snapshot, and whether the caller signed in; so these make its ETag.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import cache
from importlib.metadata import version
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.access import anonymous, workspace_of
from kg.errors import WorkspaceError
from kg.snapshots import read_current

__all__ = ["OpenReading", "ReadRoute"]

_OPEN = ("/api/", "/sparql", "/eli/", "/id/", "/graph/", "/def", "/dump.", "/tables.", "/.well-known/", "/openapi.json")
_VARY = "Accept, Cookie, Authorization"
_EXPOSED = "ETag, Link, Retry-After, X-Truncated, X-Total-Count"


class OpenReading:
    """Lets pages of any origin read (CORS), errors included. No credentials travel: they see what everyone may."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not _is_reading(scope["method"], scope["path"]):
            await self.app(scope, receive, send)
            return

        # HEAD is GET without its body, at every address; /sparql tells the two apart itself.
        head = scope["method"] == "HEAD" and not scope["path"].startswith("/sparql")

        async def opened(message: Message) -> None:
            if head and message["type"] == "http.response.body":
                message = {**message, "body": b""}
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Access-Control-Allow-Origin"] = "*"
                headers["Access-Control-Expose-Headers"] = _EXPOSED
            await send(message)

        await self.app({**scope, "method": "GET"} if head else scope, receive, opened)


def _is_reading(method: str, path: str) -> bool:
    return path.startswith(_OPEN) and (method in ("GET", "HEAD") or path.rstrip("/") == "/sparql")


class ReadRoute(APIRoute):
    """A route whose answer changes only with the snapshot: it bears an ETag, and 304 answers who has it already."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        answer = super().get_route_handler()

        async def conditional(request: Request) -> Response:
            tag = _tag(request)
            asked = _asked_for(request)
            if tag and tag in asked:
                return Response(status_code=304, headers={"ETag": tag, "Vary": _VARY})
            response = await answer(request)
            if tag and "*" in asked and response.status_code == 200:
                return Response(status_code=304, headers={"ETag": tag, "Vary": _VARY})
            if tag and response.status_code == 200:
                response.headers.setdefault("ETag", tag)
                response.headers.setdefault("Cache-Control", "no-cache")
                response.headers["Vary"] = _VARY
            return response

        return conditional


def _asked_for(request: Request) -> list[str]:
    told = ",".join(request.headers.getlist("if-none-match"))
    return [tag.strip() for tag in told.split(",")]


def _tag(request: Request) -> str | None:
    try:
        current = read_current(workspace_of(request).root)
    except WorkspaceError:
        return None
    if current.graph is None:
        return None
    sees = "p" if anonymous(request) and current.public else "a"
    return f'W/"{current.version}-{sees}-{_release()}"'


@cache
def _release() -> str:
    return version("vanban-kg")

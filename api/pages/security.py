"""Headers of every answer: a browser may load from this host only, runs no inline script, and frames us nowhere."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["SecurityHeaders", "policy"]

_STRICT = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
# The graph and the query editor are built by libraries that set styles on elements and draw icons from data: URIs.
_RELAXED = f"{_STRICT}; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:"
_RELAXED_PAGES = ("/do-thi", "/nghien-cuu/sparql")


def policy(path: str) -> str:
    """The Content-Security-Policy of the page at ``path``."""
    relaxed = any(path == page or path.startswith(f"{page}/") for page in _RELAXED_PAGES)
    return _RELAXED if relaxed else _STRICT


class SecurityHeaders:
    """ASGI middleware; leaves a header alone that a route has set itself."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.setdefault("Content-Security-Policy", policy(scope["path"]))
                headers.setdefault("X-Content-Type-Options", "nosniff")
                headers.setdefault("Referrer-Policy", "same-origin")
                headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
            await send(message)

        await self._app(scope, receive, sending)

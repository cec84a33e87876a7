"""At the door of every request: an id for the log, who asks, whether they may read at all, and how much they may send.

A browser is known by the cookie of its session, a program by ``Authorization: Bearer kg_…``. ``request.state.visitor``
is that person; ``request.state.user`` is the same where they may see internal documents (``api.access``).
What writes asks for a scope with ``needs``.
"""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import cookie_parser
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.accounts import Accounts, Session, Visitor
from api.logs import log
from api.problems import problem

__all__ = ["COOKIE", "Guard", "needs", "request_id"]

COOKIE = "kg_session"
_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_ALWAYS = ("/healthz", "/readyz", "/dang-nhap", "/static/")
"""What anyone reaches even where reading is not open."""
_UPLOADS = ("/api/documents", "/nap")
_SAFE = ("GET", "HEAD", "OPTIONS")
_CHALLENGE = {"WWW-Authenticate": 'Bearer realm="vanban-kg"'}
_WRONG_KEY = {"WWW-Authenticate": 'Bearer realm="vanban-kg", error="invalid_token"'}


class Guard:
    """ASGI middleware, outermost. ``upload_bytes`` bounds bodies sent to where files are taken in."""

    def __init__(self, app: ASGIApp, *, accounts: Accounts, read_open: bool, upload_bytes: int) -> None:
        self._app = app
        self._accounts = accounts
        self._open = read_open
        self._upload_bytes = upload_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        asked = headers.get("x-request-id", "")
        ident = asked if _ID.fullmatch(asked) else secrets.token_hex(8)
        session, visitor = await self._who(headers)
        wrong_key = visitor is None and headers.get("authorization", "").lower().startswith("bearer ")
        scope.setdefault("state", {}).update(
            request_id=ident,
            session=session,
            visitor=visitor,
            user=visitor if visitor is not None and visitor.may("read") else None,
        )
        began, status = time.perf_counter(), 500

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-ID"] = ident
            await send(message)

        try:
            if wrong_key and not scope["path"].startswith(_ALWAYS):
                # Who shows a key means to see more than everyone: without a word, public answers would mislead.
                answer = problem(401, "Khóa không dùng được", "Khóa sai, đã thu hồi hoặc hết hạn.", _WRONG_KEY)
                await answer(scope, receive, sending)
            elif visitor is None and not self._open and not scope["path"].startswith(_ALWAYS):
                await self._refuse(scope, receive, sending, headers)
            else:
                await self._app(scope, self._bounded(scope, receive), sending)
        finally:
            route = getattr(scope.get("route"), "path", None)
            milliseconds = round((time.perf_counter() - began) * 1000, 1)
            who = visitor.name if visitor else None
            log("request", id=ident, method=scope["method"], route=route, status=status, ms=milliseconds, user=who)

    async def _who(self, headers: Headers) -> tuple[Session | None, Visitor | None]:
        kind, _, key = headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer":
            return None, await run_in_threadpool(self._accounts.visitor_of_key, key.strip())
        secret = cookie_parser(headers.get("cookie", "")).get(COOKIE)
        session = await run_in_threadpool(self._accounts.session, secret) if secret else None
        return session, session.visitor if session else None

    async def _refuse(self, scope: Scope, receive: Receive, send: Send, headers: Headers) -> None:
        if scope["method"] == "GET" and "text/html" in headers.get("accept", ""):
            await RedirectResponse("/dang-nhap", 303)(scope, receive, send)
            return
        answer = problem(401, "Cần đăng nhập", "Kho này chỉ người đã đăng nhập mới đọc được.", _CHALLENGE)
        await answer(scope, receive, send)

    def _bounded(self, scope: Scope, receive: Receive) -> Receive:
        """Counts what arrives where files are taken in; a body without a stated length is cut off in time, too."""
        if scope["method"] in _SAFE or not scope["path"].startswith(_UPLOADS):
            return receive
        arrived = 0

        async def counting() -> Message:
            nonlocal arrived
            message = await receive()
            arrived += len(message.get("body", b""))
            if arrived > self._upload_bytes:
                limit = self._upload_bytes // 1_000_000
                raise HTTPException(413, f"Tệp quá lớn: mỗi lần tải lên tối đa {limit} MB.")
            return message

        return counting


def request_id(request: Request) -> str | None:
    """The id under which this request stands in the log."""
    found: str | None = getattr(request.state, "request_id", None)
    return found


def needs(scope: str | None) -> Callable[[Request], Coroutine[Any, Any, Visitor]]:
    """The dependency of a route that writes: the person who asks, if they may (None: whoever signed in).

    Else 401, or 403 with what is missing. A browser must also send the token of its session, in ``X-CSRF-Token`` or
    as the field ``csrf`` of a form.
    """

    async def checked(request: Request) -> Visitor:
        visitor: Visitor | None = getattr(request.state, "visitor", None)
        if visitor is None:
            raise HTTPException(401, "Cần đăng nhập, hoặc khóa truy cập (Authorization: Bearer …).", _CHALLENGE)
        if scope is not None and not visitor.may(scope):
            raise HTTPException(403, f"Tài khoản {visitor.name} không có quyền “{scope}”.")
        session: Session | None = request.state.session
        if session is not None and request.method not in _SAFE:
            given = request.headers.get("x-csrf-token") or await _form_token(request)
            if not secrets.compare_digest(given.encode(), session.csrf.encode()):
                raise HTTPException(403, "Phiên làm việc không khớp (thiếu mã CSRF). Tải lại trang rồi thử lại.")
        return visitor

    return checked


async def _form_token(request: Request) -> str:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in ("application/x-www-form-urlencoded", "multipart/form-data"):
        return ""
    value = (await request.form()).get("csrf")
    return value if isinstance(value, str) else ""

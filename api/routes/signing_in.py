"""Signing in and out: by the one-time link that ``kg serve`` prints, or by a key. A session is a strict cookie."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from api import audit
from api.access import workspace_of
from api.accounts import SESSION_HOURS, Accounts, Session, Visitor
from api.guard import COOKIE, needs, request_id
from api.pages.desk import safe_path
from api.pages.rendering import render
from kg.errors import RequestError

__all__ = ["router"]

router = APIRouter(tags=["tài khoản"])


class Me(BaseModel):
    """Who is signed in, what they may do, and the token that a browser's writing must bear."""

    user: str | None
    scopes: list[str]
    csrf: str | None


def _accounts(request: Request) -> Accounts:
    accounts = request.app.state.accounts
    assert isinstance(accounts, Accounts)
    return accounts


@router.get("/api/session")
def me(request: Request, response: Response) -> Me:
    """Who asks; nobody signed in is no error."""
    response.headers["Cache-Control"] = "no-store"
    visitor: Visitor | None = request.state.visitor
    session: Session | None = request.state.session
    if visitor is None:
        return Me(user=None, scopes=[], csrf=None)
    return Me(user=visitor.name, scopes=sorted(visitor.scopes), csrf=session.csrf if session else None)


@router.get("/dang-nhap", include_in_schema=False)
def form(request: Request, ma: str = "") -> Response:
    """The page to sign in. Opening the link uses nothing up: a preview of it must not sign anybody in."""
    return _page(request, ma)


def _page(request: Request, secret: str, *, wrong: str = "", status: int = 200) -> Response:
    answer = render(request, "sign_in.html", status=status, secret=secret[:200], wrong=wrong)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Referrer-Policy"] = "no-referrer"  # the address holds the secret
    return answer


@router.post("/dang-nhap", include_in_schema=False)
async def sign_in(request: Request) -> Response:
    """Uses the link up, or checks the key; then the session is in the cookie."""
    given = await request.form(max_files=0, max_fields=10)
    secret, name, key = (str(given.get(field, ""))[:300] for field in ("ma", "ten", "khoa"))
    accounts = _accounts(request)
    try:
        if key:
            session = await run_in_threadpool(accounts.sign_in_with_key, key.strip())
        else:
            session = await run_in_threadpool(accounts.sign_in, secret, name)
    except RequestError as error:
        return _page(request, secret, wrong=str(error), status=422)
    if session is None:
        wrong = "Khóa không đúng hoặc đã hết hạn." if key else "Liên kết đã dùng hoặc quá hạn; hãy mở lại máy chủ."
        return _page(request, "", wrong=wrong, status=403)
    audit.record(workspace_of(request).root, by=session.visitor.name, action="sign-in", request=request_id(request))
    answer = RedirectResponse(safe_path(request.query_params.get("tiep")), 303)
    answer.set_cookie(
        COOKIE, session.secret, max_age=SESSION_HOURS * 3600, httponly=True, samesite="strict",
        secure=request.url.scheme == "https", path="/",
    )  # fmt: skip
    return answer


@router.post("/dang-xuat", include_in_schema=False)
async def sign_out(request: Request, visitor: Annotated[Visitor, Depends(needs(None))]) -> Response:
    """Ends the session."""
    session: Session | None = request.state.session
    if session is not None:
        await run_in_threadpool(_accounts(request).sign_out, session.secret)
    answer = RedirectResponse("/", 303)
    answer.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")
    return answer

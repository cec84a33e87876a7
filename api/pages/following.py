"""What a signed-in person enters on the page of a call: the day plans are due, an answer outside the store; undoing.

Every form comes back to the page of the call, where the change shows at once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import RedirectResponse, Response

from api import following_up
from api.accounts import Visitor
from api.guard import needs, request_id
from api.pages.desk import DeskRoute, not_recorded
from api.pages.formats import number_url, read_day
from api.pages.rendering import language
from api.pages.visit import visit
from api.pages.wording import Words
from kg.errors import NumberNotFound, PolicyKGError, WorkspaceError

__all__ = ["router"]

router = APIRouter(route_class=DeskRoute)

_Person = Annotated[Visitor, Depends(needs("review"))]
_Key = Annotated[str, Form(max_length=300)]
_Day = Annotated[str, Form(max_length=20)]
_Text = Annotated[str, Form(max_length=2_000)]


@router.post("/tinh-hinh/thoi-han")
def set_deadline(request: Request, visitor: _Person, key: _Key, date: _Day, note: _Text = "") -> Response:
    """Sets the day by which those called on send their plans."""

    def act(call: str, given: dict[str, Any]) -> None:
        following_up.set_deadline(*_at(request, call), _required(request, date), note=note.strip() or None, **given)

    return _recorded(request, visitor, key, act, "deadline")


@router.post("/tinh-hinh/ngoai-kho")
def confirm(
    request: Request, visitor: _Person, key: _Key, body: _Key, date: _Day = "", note: _Text = ""
) -> Response:  # fmt: skip
    """Confirms that a body answered with a paper that is not held."""

    def act(call: str, given: dict[str, Any]) -> None:
        day = _required(request, date) if date.strip() else None
        following_up.confirm_outside(*_at(request, call), body, date=day, note=note.strip() or None, **given)

    return _recorded(request, visitor, key, act, body)


@router.post("/tinh-hinh/hoan-tac")
def undo(request: Request, visitor: _Person, key: _Key, thing: _Key) -> Response:
    """Takes one record back: the deadline, or a confirmation, by its id."""

    def act(call: str, given: dict[str, Any]) -> None:
        following_up.undo_follow_up(*_at(request, call), thing, **given)

    return _recorded(request, visitor, key, act, "")


def _at(request: Request, call: str) -> tuple[Any, str]:
    return visit(request).workspace.root, call


def _required(request: Request, text: str) -> dt.date:
    day = read_day(text)
    if day is None:
        raise PolicyKGError(Words(language(request))("facts.date.wrong", value=text.strip()[:40]))
    return day


def _recorded(
    request: Request, visitor: Visitor, key: str, act: Callable[[str, dict[str, Any]], None], done: str
) -> Response:
    seen = visit(request)
    if key not in seen.catalog.table.works:
        raise NumberNotFound(key[:100])
    try:
        act(str(seen.iris.work(key)), {"by": visitor.name, "request": request_id(request)})
    except WorkspaceError:
        raise
    except PolicyKGError as error:
        return not_recorded(request, error)
    return RedirectResponse(number_url("/tinh-hinh", key=key, xong=done or None, lai=None if done else "1"), 303)

"""Review: what waits, most important first; one decision at a time, by key or button; every one can be undone."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from typing import Annotated, Any, get_args
from urllib.parse import parse_qsl, urlencode, urlsplit

from fastapi import APIRouter, Depends, Form, Query, Request
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from api.accounts import Visitor
from api.commands.reviewing import REASONS
from api.graphview import work_title
from api.guard import needs, request_id
from api.pages.desk import DeskRoute, may_review, not_recorded, safe_path, token
from api.pages.formats import read_day
from api.pages.rendering import language, render
from api.pages.review_cards import card_of, line_of
from api.pages.visit import Visit, visit
from api.pages.wording import Words
from kg import clock
from kg.errors import PolicyKGError, WorkspaceError
from kg.kinds import KINDS
from kg.review_lists import Waiting, WaitingKind, waiting
from kg.vocab import LINK_PREDICATES

__all__ = ["desk_page", "router"]

router = APIRouter(route_class=DeskRoute)

_KINDS: tuple[WaitingKind, ...] = get_args(WaitingKind)
_LISTED = 25
_Text = Annotated[str, Form(max_length=4_000)]
_Reviewer = Annotated[Visitor, Depends(needs("review"))]


@router.get("/ra-soat")
def queue(
    request: Request,
    loai: Annotated[str, Query(max_length=20)] = "",
    viec: Annotated[str, Query(max_length=300)] = "",
    xong: Annotated[str, Query(max_length=300)] = "",
    lai: Annotated[str, Query(max_length=300)] = "",
) -> Response:
    """The queue and the thing that is due: ``viec``, or the first. ``xong``: what was just decided, ``lai``: undone."""
    may_review(request)
    seen, words = visit(request), Words(language(request))
    every = _waiting(seen)
    chosen = [item for item in every if not loai or item.kind == loai]
    at = next((place for place, item in enumerate(chosen) if item.id == viec), None)
    item = chosen[at or 0] if chosen else None
    first = max(0, (at or 0) - 5)
    listed = [(one, line_of(seen, one, words)) for one in chosen[first : first + _LISTED]]
    return desk_page(
        request, "review.html", card=card_of(seen, item, words) if item else None, item=item, listed=listed,
        kinds=[(kind, count) for kind in _KINDS if (count := Counter(one.kind for one in every)[kind])],
        total=len(every), kind=loai, at=(at or 0) + 1, of=len(chosen), more=max(0, len(chosen) - first - _LISTED),
        gone=bool(viec) and at is None, done=xong, undone=lai,
        before=chosen[at - 1].id if at else "", after=chosen[(at or 0) + 1].id if (at or 0) + 1 < len(chosen) else "",
    )  # fmt: skip


@router.get("/ra-soat/lich-su")
def history(request: Request, trang: Annotated[int, Query(ge=1, le=10_000)] = 1) -> Response:
    """Every decision, newest first."""
    may_review(request)
    seen, words = visit(request), Words(language(request))
    if seen.public:
        raise HTTPException(403)
    made = seen.workspace.decisions()[::-1]
    page = made[(trang - 1) * 50 : trang * 50]
    rows = [{**record, "what": _about(seen, record, words), "time": _time(record["at"])} for record in page]
    return desk_page(request, "review_history.html", rows=rows, page=trang, pages=-(-len(made) // 50))


@router.post("/ra-soat/quyet-dinh")
def decide(
    request: Request, visitor: _Reviewer, thing: _Text, value: _Text, reason: _Text = "", note: _Text = "",
    loai: _Text = "", tiep: _Text = "",
) -> Response:  # fmt: skip
    """Records accepted, rejected or unsure."""
    if value not in ("accepted", "rejected", "unsure"):
        raise HTTPException(400)
    workspace = visit(request).workspace
    return _recorded(request, thing, loai, tiep, lambda: workspace.decide(
        thing, value, by=visitor.name, reason=reason if reason in REASONS else None,  # type: ignore[arg-type]
        note=note.strip() or None, request=request_id(request),
    ))  # fmt: skip


@router.post("/ra-soat/sua")
def correct(
    request: Request, visitor: _Reviewer, thing: _Text, relation: _Text = "", target: _Text = "", quote: _Text = "",
    reason: _Text = "", note: _Text = "", loai: _Text = "", tiep: _Text = "",
) -> Response:  # fmt: skip
    """Rejects a link and makes the right one."""
    workspace = visit(request).workspace
    return _recorded(request, thing, loai, tiep, lambda: workspace.correct(
        thing, by=visitor.name, relation=relation or None, target=target.strip() or None, quote=quote.strip() or None,
        reason=reason if reason in REASONS else None, note=note.strip() or None, request=request_id(request),
    ))  # fmt: skip


@router.post("/ra-soat/hoan-tac")
def undo(request: Request, visitor: _Reviewer, thing: _Text, loai: _Text = "", tiep: _Text = "") -> Response:
    """Takes a decision back."""
    workspace = visit(request).workspace
    try:
        workspace.undo(thing, by=visitor.name, request=request_id(request))
    except WorkspaceError:
        raise
    except PolicyKGError as error:
        return not_recorded(request, error)
    back = {"lai": thing, "viec": thing} | ({"loai": loai} if loai else {})
    return RedirectResponse(_with(safe_path(tiep, "/ra-soat"), back), 303)


@router.get("/ra-soat/nhap")
def facts_page(request: Request, tep: Annotated[str, Query(max_length=300)] = "") -> Response:
    """The form for number, date and issuer of a held file (``tep``: its hash, name or work key), or a new document."""
    may_review(request)
    return desk_page(request, "review_facts.html", file=tep, kinds=[kind.label for kind in KINDS], saved="", name="")


@router.post("/ra-soat/nhap")
def enter(
    request: Request, visitor: _Reviewer, file: _Text = "", number: _Text = "", date: _Text = "", issuer: _Text = "",
    kind: _Text = "", title: _Text = "", visibility: _Text = "", note: _Text = "",
) -> Response:  # fmt: skip
    """Records what was entered by hand; the document may stand at another address then."""
    words = Words(language(request))
    workspace = visit(request).workspace
    try:
        day = _day(date, words)
        made = workspace.set_fact(
            file.strip() or None, by=visitor.name, number=number.strip() or None, date=day,
            issuer=issuer.strip() or None, kind=kind.strip() or None, title=title.strip() or None,
            visibility=visibility if visibility in ("public", "internal") else None, note=note.strip() or None,
            request=request_id(request),
        )  # fmt: skip
    except WorkspaceError:
        raise
    except PolicyKGError as error:
        return not_recorded(request, error)
    key = made["work"] or ""
    found = visit(request).catalog.table.works.get(key)
    name = work_title(found.summary, words) if found else key
    return desk_page(request, "review_facts.html", file=file, kinds=[], saved=key, name=name)


def desk_page(request: Request, template: str, **values: Any) -> Response:
    """A page with the forms of review in it."""
    response = render(
        request, template, csrf=token(request), reasons=REASONS, relations=list(LINK_PREDICATES), **values
    )  # fmt: skip
    response.headers["Cache-Control"] = "no-store"
    return response


def _waiting(seen: Visit) -> list[Waiting]:
    return seen.once("waiting", lambda: waiting(seen.snapshot, seen.iris))


def _recorded(request: Request, thing: str, kind: str, onward: str, act: Callable[[], Any]) -> Response:
    try:
        act()
    except WorkspaceError:
        raise
    except PolicyKGError as error:
        return not_recorded(request, error)
    told = {"xong": thing} | ({"loai": kind} if kind else {})
    return RedirectResponse(_with(safe_path(onward, "/ra-soat"), told), 303)


def _with(path: str, told: dict[str, str]) -> str:
    """A path with these query values added; what the page itself said of such values goes."""
    parts = urlsplit(path)
    kept = [(name, value) for name, value in parse_qsl(parts.query) if name not in (*told, "xong", "lai")]
    return f"{parts.path}?{urlencode([*kept, *told.items()], safe='/=')}"


def _day(text: str, words: Words) -> dt.date | None:
    day = read_day(text)
    if text.strip() and day is None:
        raise PolicyKGError(words("facts.date.wrong", value=text.strip()[:40]))
    return day


def _about(seen: Visit, record: dict[str, Any], words: Words) -> str:
    def name(key: str) -> str:
        work = seen.catalog.table.works.get(key)
        return work_title(work.summary, words) if work else key

    if record["type"] == "fact":
        told = (record.get(field) for field in ("number", "date", "owner", "kind", "title", "visibility"))
        return f"{(record['file'] or '')[:16]} {', '.join(str(one) for one in told if one)}".strip()
    return f"{name(record['subject'])} → {words.of('relation', record['relation'])} {name(record['object'])}"


def _time(iso: str) -> str:
    at = clock.local(iso)
    return f"{at:%H:%M %d/%m/%Y}"

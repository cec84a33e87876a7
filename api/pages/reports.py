"""What a reader reports: a wrong link ("Báo sai"), or an inferred number and date that are not right.

Reviewers judge on the spot (``api.pages.reviewing``). A report of anybody else is recorded as "unsure" under that
person's name: it stands first in what reviewers see, and changes no figure until one of them decides.
"""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Form, Query, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api.access import workspace_of
from api.accounts import Visitor
from api.commands.reviewing import REASONS
from api.guard import needs, request_id
from api.pages.desk import DeskRoute, person, token
from api.pages.document_view import tone
from api.pages.documents import dossier_of
from api.pages.rendering import language, render
from api.pages.review_cards import identity_card, link_card
from api.pages.reviewing import desk_page
from api.pages.visit import Visit, visit
from api.pages.wording import Words
from kg.catalog_links import StatedLink, link_of

__all__ = ["router"]

router = APIRouter(route_class=DeskRoute)

_Text = Annotated[str, Form(max_length=2_000)]


@router.get("/bao-sai")
def report_page(
    request: Request,
    link: Annotated[str, Query(alias="lien-ket", max_length=64)] = "",
    identity: Annotated[str, Query(alias="nhan-dinh", max_length=400)] = "",
    right: Annotated[str, Query(alias="dung", max_length=1)] = "",
    done: Annotated[str, Query(alias="xong", max_length=300)] = "",
    undone: Annotated[str, Query(alias="lai", max_length=300)] = "",
) -> Response:
    """The link in question with its sentence; who reviews judges it at once, others report it or are told how."""
    visitor, seen = person(request), visit(request)
    if visitor is not None and visitor.may("review"):
        return _judging_page(seen, link, identity, right=bool(right), done=done, undone=undone)
    return _identity_page(seen, identity) if identity else _link_page(seen, _link(seen, link))


def _judging_page(seen: Visit, link: str, identity: str, *, right: bool, **told: str) -> Response:
    """The same with the forms of review."""
    words = Words(language(seen.request))
    card = None
    if link:
        card = link_card(seen, link, words) if link.isalnum() else None
    elif identity:
        file = dossier_of(seen, identity).file
        card = identity_card(seen, f"{file.sha256[:16]}={identity}", identity, words) if file else None
    if card is None:
        raise HTTPException(404)
    return desk_page(seen.request, "report.html", card=card, right=right, **told)


def _link(seen: Visit, ident: str) -> StatedLink:
    found = link_of(seen.snapshot, seen.iris, ident) if ident.isalnum() else None
    if found is None:
        raise HTTPException(404)
    return found


def _link_page(seen: Visit, link: StatedLink, *, done: bool = False) -> Response:
    works = seen.catalog.summaries([link.subject, link.object])
    return render(
        seen.request, "report_link.html", link=link, works=works, reasons=REASONS, done=done, tone=tone,
        visitor=person(seen.request), csrf=token(seen.request),
    )  # fmt: skip


def _identity_page(seen: Visit, key: str) -> Response:
    works = seen.catalog.summaries([key])
    dossier = dossier_of(seen, key)
    if key not in works or dossier.file is None:
        raise HTTPException(404)
    return render(
        seen.request, "report_identity.html", key=key, work=works[key],
        citing=[link for link in dossier.incoming if link.stands],
        citing_works=seen.catalog.summaries({link.subject for link in dossier.incoming}),
        reason=dossier.facts.get("identityReason", ""),
    )  # fmt: skip


@router.post("/bao-sai")
def report(
    request: Request,
    visitor: Annotated[Visitor, Depends(needs("read"))],
    link: Annotated[str, Form(max_length=64)],
    reason: Annotated[Literal["", "wrong-target", "wrong-relation", "not-a-citation", "duplicate", "out-of-date"],
                      Form()] = "",
    note: _Text = "",
) -> Response:  # fmt: skip
    """Records that a link looks wrong."""
    _link(visit(request), link)
    workspace_of(request).decide(
        link, "unsure", by=visitor.name, reason=reason or None, note=note.strip() or None, request=request_id(request)
    )
    seen = visit(request)
    return _link_page(seen, _link(seen, link), done=True)

"""Campaigns and anniversaries: what runs, what ends when, what is to be commemorated, and which papers say so."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api.pages.calendar import Point, coming, months, timeline
from api.pages.rendering import language, page_paths, render, today_of
from api.pages.tables import csv_response
from api.pages.visit import PageRoute, Visit, visit
from api.pages.wording import Words
from kg.identifiers import fold
from kg.registers import AnniversaryEntry, CampaignEntry, anniversaries, campaigns, ties_to

__all__ = ["router"]

router = APIRouter(route_class=PageRoute)

_ROLES = ("launches", "continues", "mentions")


def _campaigns(seen: Visit) -> list[CampaignEntry]:
    return seen.once("campaigns", lambda: campaigns(seen.snapshot, seen.iris))


def _anniversaries(seen: Visit) -> list[AnniversaryEntry]:
    return seen.once("anniversaries", lambda: anniversaries(seen.snapshot, seen.iris))


@router.get("/phong-trao")
@router.get("/phong-trao.csv")
def campaign_list(
    request: Request,
    q: Annotated[str, Query(max_length=200)] = "",
    state: Annotated[str, Query(pattern="^(running|ended|open)?$")] = "",
) -> Response:
    """All campaigns; those that a held document launches first, then those most spoken of."""
    seen = visit(request)
    today = today_of(request)
    words = fold(q).split()
    found = [
        campaign
        for campaign in _campaigns(seen)
        if all(word in fold(campaign.name) for word in words) and (not state or _state(campaign, today) == state)
    ]
    found.sort(key=lambda one: ("launches" not in one.works, -one.count, one.name))
    if request.url.path.endswith(".csv"):
        rows = [
            {"name": one.name, "area": one.area, "launched_by": one.launched_by, "start": one.start, "until": one.until,
             "documents": one.count, "page": f"/phong-trao/{one.key}"} for one in found
        ]  # fmt: skip
        return csv_response(
            rows, ("name", "area", "launched_by", "start", "until", "documents", "page"), "phong-trao.csv"
        )
    works = seen.catalog.summaries({key for one in found for key in one.works.get("launches", ())})
    return render(
        request, "campaigns.html", campaigns=found, works=works, today=today, state=state, q=q,
        state_of=lambda one: _state(one, today),
    )  # fmt: skip


def _state(campaign: CampaignEntry, today: dt.date) -> str:
    if campaign.until is None:
        return "open"
    return "running" if campaign.until >= today else "ended"


@router.get("/phong-trao/{key:path}")
def campaign_page(request: Request, key: str) -> Response:
    """One campaign: who launches, continues and mentions it, with the sentence; its kin at other levels."""
    seen = visit(request)
    known = {one.key: one for one in _campaigns(seen)}
    if key not in known:
        raise HTTPException(404)
    campaign = known[key]
    kin = [one for one in known.values() if one.instance_of == key or one.key == campaign.instance_of]
    return render(
        request,
        "campaign.html",
        campaign=campaign,
        kin=kin,
        roles=[(role, campaign.works[role]) for role in _ROLES if role in campaign.works],
        works=seen.catalog.summaries({key for keys in campaign.works.values() for key in keys}),
        quotes=ties_to(seen.snapshot, seen.iris, "campaign", key),
        today=today_of(request),
        state=_state(campaign, today_of(request)),
        paths=page_paths(request),
    )


@router.get("/ngay-ky-niem")
@router.get("/ngay-ky-niem.csv")
def anniversary_list(request: Request) -> Response:
    """The year ahead by month, and every anniversary that documents name."""
    seen = visit(request)
    today = today_of(request)
    known = _anniversaries(seen)
    ahead = coming(known, _campaigns(seen), today)
    named = sorted(known, key=lambda one: (one.commemorated or dt.date.min, one.event), reverse=True)
    if request.url.path.endswith(".csv"):
        rows = [
            {"years": one.years, "event": one.event, "origin": one.origin, "commemorated": one.commemorated,
             "documents": len(one.works), "page": f"/ngay-ky-niem/{one.key}"} for one in named
        ]  # fmt: skip
        return csv_response(rows, ("years", "event", "origin", "commemorated", "documents", "page"), "ngay-ky-niem.csv")
    t = Words(language(request))
    points = [Point(line.date, line.name, line.sort) for line in ahead]
    points += [
        Point(one.commemorated, f"{one.years} năm {one.event}", "anniversary")
        for one in known
        if one.commemorated and one.commemorated < today
    ]
    points += [
        Point(one.until, one.name, "campaign_end") for one in _campaigns(seen) if one.until and one.until < today
    ]
    return render(
        request,
        "anniversaries.html",
        months=months(ahead),
        named=named,
        today=today,
        picture=timeline(set(points), today, title=t("calendar.picture")),
    )


@router.get("/ngay-ky-niem/{key:path}")
def anniversary_page(request: Request, key: str) -> Response:
    """One anniversary with the documents that name it, and the others of the same event."""
    seen = visit(request)
    known = {one.key: one for one in _anniversaries(seen)}
    if key not in known:
        raise HTTPException(404)
    entry = known[key]
    others = [one for one in known.values() if one.event_key == entry.event_key and one.key != key]
    ahead = coming([entry], (), today_of(request))
    return render(
        request,
        "anniversary.html",
        entry=entry,
        others=sorted(others, key=lambda one: one.years),
        ahead=ahead[0] if ahead else None,
        works=seen.catalog.summaries(entry.works),
        quotes=ties_to(seen.snapshot, seen.iris, "event", key),
        today=today_of(request),
    )

"""Who answered a call and who has not, in the frame of the site; and the calls of an area and a year on one sheet."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.covering import STATUSES, coverage_record, reference_of
from api.covering_matrix import MOST_CALLS, matrix_record
from api.pages.desk import person, token
from api.pages.rendering import render, today_of
from api.pages.visit import PageRoute, Visit, visit

__all__ = ["router"]

router = APIRouter(route_class=PageRoute)


@router.get("/tinh-hinh")
def coverage_page(
    request: Request,
    number: Annotated[str, Query(max_length=300)] = "",
    key: Annotated[str, Query(max_length=300)] = "",
    deadline: Annotated[str, Query(pattern=r"^(\d{4}-\d\d-\d\d)?$")] = "",
    status: Annotated[str, Query(pattern="^[a-z_]{0,20}$")] = "",
    done: Annotated[str, Query(alias="xong", max_length=300)] = "",
    undone: Annotated[str, Query(alias="lai", max_length=1)] = "",
) -> Response:
    """Every body that a call names, with its duty, what came of it, and after how many days."""
    seen = visit(request)
    if not number.strip() and not key:
        return render(request, "covering_start.html", areas=_areas(seen), today=today_of(request))
    named = seen.catalog.find(str(seen.iris.work(key)) if key else number.strip())
    due = _date(deadline)
    record: dict[str, Any] = seen.once(
        "coverage",
        lambda: coverage_record(seen.catalog, named, reference_of(seen.workspace), deadline=due),
        named,
        deadline,
        today_of(request),
    )
    return render(
        request,
        "covering.html",
        key=named,
        work=seen.catalog.summaries([named])[named],
        record=record,
        rows=[row for row in record["addressees"] if not status or row["status"] == status],
        statuses=STATUSES,
        chosen=status,
        deadline=deadline,
        iri=str(seen.iris.work(named)),
        visitor=person(request),
        csrf=token(request),
        done=done,
        undone=bool(undone),
    )


def _date(iso: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(iso)
    except ValueError:
        return None


def _areas(seen: Visit) -> list[tuple[str, str]]:
    """The provinces whose papers the store holds: (code, name)."""
    reference = reference_of(seen.workspace)
    codes = {key.split("/", 1)[0].split(".")[0] for key, work in seen.catalog.table.works.items() if work.held}
    found = [(code, area.name) for code in codes if (area := reference.area(code))]
    return sorted(found, key=lambda pair: pair[1])


@router.get("/tinh-hinh/bang")
def matrix_page(
    request: Request,
    province: Annotated[str, Query(min_length=1, max_length=100)],
    year: Annotated[int, Query(ge=1900, le=2200)],
) -> Response:
    """The calls of an area in a year against the bodies that they oblige."""
    seen = visit(request)
    record: dict[str, Any] = seen.once(
        "matrix",
        lambda: matrix_record(seen.catalog, province, year, reference_of(seen.workspace), limit=MOST_CALLS),
        province,
        year,
        today_of(request),
    )
    return render(
        request, "covering_matrix.html", record=record, province=province, year=year, areas=_areas(seen),
        keys={row["call"]["iri"]: seen.iris.key_of(row["call"]["iri"]) for row in record["rows"]},
    )  # fmt: skip

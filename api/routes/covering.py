"""Who answered a call, over HTTP: one call, and the calls of an area and a year; as JSON, CSV, workbook or page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response

from api.access import anonymous, workspace_of
from api.covering import coverage, reference_of
from api.covering_matrix import MOST_CALLS, matrix_record
from api.covering_tables import (
    coverage_csv,
    coverage_html,
    coverage_xlsx,
    matrix_csv,
    matrix_html,
    matrix_xlsx,
    style_hash,
)

__all__ = ["router"]

router = APIRouter(tags=["tình hình triển khai"])

Form = Annotated[str, Query(alias="format", pattern="^(json|csv|xlsx|html)$")]
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FORMS: dict[int | str, dict[str, Any]] = {200: {"content": {"text/csv": {}, "text/html": {}, _XLSX: {}}}}
_Writer = Callable[[Mapping[str, Any]], bytes | str]


@router.get("/coverage", response_model=None, responses=_FORMS)
def one_call(
    request: Request,
    number: Annotated[str, Query(min_length=1, max_length=300, examples=["1954/UBND-TH"])],
    issuer: Annotated[str | None, Query(max_length=200)] = None,
    kind: Annotated[str | None, Query(max_length=60)] = None,
    year: Annotated[int | None, Query(ge=1900, le=2200)] = None,
    deadline: dt.date | None = None,
    form: Form = "json",
) -> Response:
    """Every addressee of a call: answered, cites only, not found, nothing held, confirmed outside, not obliged."""
    record = coverage(
        workspace_of(request), number, issuer=issuer, kind=kind, year=year, deadline=deadline, public=anonymous(request)
    )
    return _sent(record, form, "tinh-hinh-trien-khai", (coverage_csv, coverage_xlsx, coverage_html))


@router.get("/coverage/matrix", response_model=None, responses=_FORMS)
def matrix(
    request: Request,
    province: Annotated[str, Query(min_length=1, max_length=100, examples=["lai-chau", "tỉnh Lai Châu"])],
    year: Annotated[int, Query(ge=1900, le=2200)],
    limit: Annotated[int, Query(ge=1, le=MOST_CALLS)] = MOST_CALLS,
    form: Form = "json",
) -> Response:
    """The calls of a province (or another area) in a year against the bodies they oblige."""
    workspace = workspace_of(request)
    catalog = workspace.catalog(public=anonymous(request))
    record = matrix_record(catalog, province, year, reference_of(workspace), limit=limit)
    return _sent(record, form, "bang-theo-doi", (matrix_csv, matrix_xlsx, matrix_html))


def _sent(record: dict[str, Any], form: str, name: str, writers: tuple[_Writer, _Writer, _Writer]) -> Response:
    if form == "json":
        return JSONResponse(record)
    body = writers[("csv", "xlsx", "html").index(form)](record)
    if form == "html":
        strict = f"default-src 'none'; style-src 'sha256-{style_hash()}'; base-uri 'none'; frame-ancestors 'none'"
        return Response(body, media_type="text/html; charset=utf-8", headers={"Content-Security-Policy": strict})
    media = "text/csv; charset=utf-8" if form == "csv" else _XLSX
    return Response(body, media_type=media, headers={"Content-Disposition": f'attachment; filename="{name}.{form}"'})

"""Lists over HTTP: where the next page is, and the same list as CSV for a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any

from fastapi import Query, Request, Response
from starlette.datastructures import URL

from api.pages.tables import csv_response
from api.sparql_formats import choose

__all__ = ["CSV_PARAMETER", "Limit", "Offset", "page", "wants_csv"]

Limit = Annotated[int, Query(ge=1, le=1_000, description="Số dòng của một trang.")]
Offset = Annotated[int, Query(ge=0, le=10_000_000, description="Bỏ qua bấy nhiêu dòng đầu.")]
CSV_PARAMETER = Annotated[
    str | None, Query(alias="format", pattern="^(json|csv)$", description="csv: tệp mở được bằng Excel.")
]


def wants_csv(request: Request, form: str | None) -> bool:
    """``?format=csv``, an address that ends in ``.csv``, or an Accept header that prefers it."""
    if form is not None:
        return form == "csv"
    if request.url.path.endswith(".csv"):
        return True
    return choose(request.headers.get("accept"), {"json": "application/json", "csv": "text/csv"}) == "csv"


def page(
    request: Request,
    response: Response,
    name: str,
    rows: Sequence[Mapping[str, Any]],
    *,
    total: int,
    limit: int,
    offset: int,
    form: str | None = None,
    columns: Iterable[str] | None = None,
    file: str | None = None,
) -> Any:
    """A page of ``rows`` under ``name``: JSON with total and next, or CSV; both with a Link to the next page.

    ``file`` names the CSV where ``name`` says too little.
    """
    following = None
    if offset + len(rows) < total and rows:
        following = _address(request.url.include_query_params(offset=offset + limit, limit=limit))
        response.headers["Link"] = f'<{following}>; rel="next"'
    response.headers["X-Total-Count"] = str(total)
    if wants_csv(request, form):
        flat = [_flat(row) for row in rows]
        heads = list(columns or dict.fromkeys(key for row in flat for key in row))
        made = csv_response(flat, heads, f"{file or name}.csv")
        made.headers.update({key: value for key, value in response.headers.items() if key in ("link", "x-total-count")})
        return made
    return {"total": total, "limit": limit, "offset": offset, "next": following, name: list(rows)}


def _address(url: URL) -> str:
    return f"{url.path}?{url.query}"


def _flat(row: Mapping[str, Any]) -> dict[str, Any]:
    """Nested values in one cell: {"document": {"number": …}} → document_number; lists joined."""
    flat: dict[str, Any] = {}
    for key, value in row.items():
        if isinstance(value, Mapping):
            flat |= {f"{key}_{inner}": told for inner, told in _flat(value).items()}
        elif isinstance(value, list | tuple):
            flat[key] = " | ".join(str(one.get("quote", one) if isinstance(one, Mapping) else one) for one in value)
        else:
            flat[key] = value
    return flat

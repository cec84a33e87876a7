"""Search and suggestions over HTTP: the same records as the command line gives."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Query, Request, Response
from fastapi.exceptions import RequestValidationError

from api.access import anonymous, workspace_of

__all__ = ["router"]

router = APIRouter(tags=["tìm kiếm"])


@router.get("/search", response_model=dict[str, Any])
def search(
    request: Request,
    q: Annotated[str, Query(max_length=1000, examples=["phong trào thi đua", "34-CT/TW"])] = "",
    k: Annotated[int, Query(ge=1, le=200)] = 10,
    kind: Annotated[str | None, Query(max_length=60)] = None,
    issuer: Annotated[str | None, Query(max_length=200)] = None,
    level: Annotated[str | None, Query(pattern="^(central|province|district|commune)$")] = None,
    year: Annotated[int | None, Query(ge=1900, le=2200)] = None,
    campaign: Annotated[str | None, Query(max_length=300)] = None,
    cites: Annotated[str | None, Query(max_length=100)] = None,
) -> Response:
    """Documents by number, words and meaning, each with its best passage and why it is there. Filters may be alone."""
    if not q and not any((kind, issuer, level, year, campaign, cites)):
        raise RequestValidationError(
            [{"type": "missing", "loc": ("query", "q"), "msg": "Nêu từ cần tìm (q) hoặc một điều kiện lọc."}]
        )
    found = workspace_of(request).search(
        q, k=k, kind=kind, issuer=issuer, level=level, year=year, campaign=campaign, cites=cites,
        internal=not anonymous(request),
    )  # fmt: skip
    return Response(msgspec.json.encode(found), media_type="application/json")  # a third of the time of checking it


@router.get("/similar")
def similar(
    request: Request,
    number: Annotated[str, Query(min_length=1, max_length=300, examples=["1954/UBND-TH"])],
    start: Annotated[int | None, Query(ge=0, description="Đầu đoạn trong văn bản, tính bằng ký tự.")] = None,
    end: Annotated[int | None, Query(ge=1, description="Cuối đoạn.")] = None,
    k: Annotated[int, Query(ge=1, le=100)] = 10,
) -> dict[str, Any]:
    """Documents that say nearly the same as this one, with their nearest passage; or as a range of its text."""
    return workspace_of(request).similar(number, start=start, end=end, k=k, internal=not anonymous(request))


@router.get("/suggest")
def suggest(
    request: Request,
    q: Annotated[str, Query(min_length=1, max_length=200)],
    k: Annotated[int, Query(ge=1, le=20)] = 8,
) -> dict[str, Any]:
    """What a person may be typing: numbers, titles, bodies, campaigns; accents are not needed."""
    found = workspace_of(request).suggest(q, k=k, internal=not anonymous(request))
    return {"query": q, "suggestions": found}

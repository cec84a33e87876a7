"""The JSON API for what documents say: campaigns, anniversaries, tasks, targets, open mentions; bodies and counts."""

from __future__ import annotations

from collections import Counter
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, Path, Query, Request, Response

from api.access import catalog_of, workspace_of
from api.paging import CSV_PARAMETER, Limit, Offset, page
from api.reading import ReadRoute
from api.records import body_record
from api.schemas import PROBLEMS, BodyPage, BodyRecord, FactPage, LookupPage, Statistics
from api.tracing import summary_record
from ingest.pipeline import Folders
from kg.catalog import Catalog
from kg.catalog_facts import fact_page, statistics
from kg.errors import AmbiguousNumber, NumberNotFound
from kg.identifiers import fold
from kg.reference import Reference, load_reference
from kg.terms import Lit, Term

__all__ = ["router"]

router = APIRouter(tags=["dữ kiện"], route_class=ReadRoute, responses=PROBLEMS)

Document = Annotated[str | None, Query(max_length=300, description="id của văn bản.")]
Word = Annotated[str | None, Query(max_length=300)]
_MOST_NUMBERS = 500


@router.get("/lookup", response_model=LookupPage)
def lookup(
    request: Request,
    response: Response,
    number: Annotated[list[str], Query(min_length=1, max_length=_MOST_NUMBERS, examples=[["34-CT/TW"]])],
    form: CSV_PARAMETER = None,
) -> Any:
    """Each number with the document that bears it, or with the candidates, or with the nearest numbers."""
    return _looked_up(request, response, number, form)


@router.post("/lookup", response_model=LookupPage)
def lookup_list(
    request: Request,
    response: Response,
    text: Annotated[
        str,
        Body(
            media_type="text/plain",
            max_length=200_000,
            description="Danh sách dán vào, mỗi dòng một số, ký hiệu; cả câu cũng được.",
            examples=["34-CT/TW\nCông văn số 1286/UBND-TH ngày 14/3/2024"],
        ),
    ],
    form: CSV_PARAMETER = None,
) -> Any:
    """The same for a pasted list, one number a line."""
    return _looked_up(request, response, text.splitlines(), form)


def _looked_up(request: Request, response: Response, asked: list[str], form: str | None) -> Any:
    catalog = catalog_of(request)
    lines = [line.strip() for line in asked if line.strip()][:_MOST_NUMBERS]
    results = [_line(catalog, line[:300]) for line in lines]
    made = page(
        request, response, "results", results, total=len(results), limit=_MOST_NUMBERS, offset=0, form=form,
        columns=("asked", "status", "document_id", "document_number", "document_kind", "document_title",
                 "document_issuer", "document_date", "nearest"),
    )  # fmt: skip
    return made if isinstance(made, Response) else {"results": results}


def _line(catalog: Catalog, asked: str) -> dict[str, Any]:
    """One line of a list: as a whole, else the first word in it that is a number."""
    nearest: list[str] = []
    for number in dict.fromkeys((asked, *(word.strip(".,;:()") for word in asked.split()))):
        if number != asked and not ("/" in number or "-" in number):
            continue
        if not any(letter.isdigit() for letter in number):
            continue
        try:
            key = catalog.find(number)
        except AmbiguousNumber as error:
            found = [summary_record(work) for work in error.candidates]
            return {"asked": asked, "status": "several", "document": None, "candidates": found, "nearest": []}
        except NumberNotFound as error:
            nearest = nearest or list(error.nearest)
            continue
        work = catalog.summaries([key])[key]
        return {"asked": asked, "status": "found", "document": summary_record(work), "candidates": [], "nearest": []}
    return {"asked": asked, "status": "not_found", "document": None, "candidates": [], "nearest": nearest}


@router.get("/bodies", response_model=BodyPage)
@router.get("/bodies.csv", include_in_schema=False)
def bodies(
    request: Request,
    response: Response,
    text: Annotated[str | None, Query(max_length=200, examples=["so noi vu"])] = None,
    level: Literal["central", "province", "district", "commune"] | None = None,
    limit: Limit = 50,
    offset: Offset = 0,
    form: CSV_PARAMETER = None,
) -> Any:
    """The bodies that documents of the store name as issuers, the busiest first."""
    catalog = catalog_of(request)
    reference = _reference(request)
    counted = Counter(key.split("/", 1)[0] for key in catalog.table.works if key.count("/") >= 3)
    words = fold(text or "").split()
    rows = []
    for code, count in sorted(counted.items(), key=lambda pair: (-pair[1], pair[0])):
        row = body_record(catalog, reference, code, count)
        if row is None or (level and row["level"] != level):
            continue
        if all(word in fold(f"{row['name']} {code}") for word in words):
            rows.append(row)
    shown = rows[offset : offset + limit]
    return page(request, response, "bodies", shown, total=len(rows), limit=limit, offset=offset, form=form)


@router.get("/bodies/{code}", response_model=BodyRecord)
def body(request: Request, code: Annotated[str, Path(max_length=200, examples=["lai-chau.ubnd"])]) -> Any:
    """One body with its parent, what it was before, what it became."""
    catalog = catalog_of(request)
    documents = sum(key.startswith(f"{code}/") for key in catalog.table.works)
    record = body_record(catalog, _reference(request), code, documents)
    if record is None:
        raise NumberNotFound(code)
    return record


def _reference(request: Request) -> Reference:
    return load_reference(Folders(workspace_of(request).root).reference)


@router.get("/statistics", response_model=Statistics)
def counts(request: Request) -> dict[str, Any]:
    """Counts over what the caller may see, with the version and time they hold for."""
    catalog = catalog_of(request)
    current = workspace_of(request).snapshot().current
    return statistics(catalog.store, catalog.table) | {"version": current.version, "written": current.written}


@router.get("/campaigns", response_model=FactPage)
@router.get("/campaigns.csv", include_in_schema=False)
def campaigns(
    request: Request, response: Response, document: Document = None, limit: Limit = 50, offset: Offset = 0,
    form: CSV_PARAMETER = None,
) -> Any:  # fmt: skip
    """Emulation campaigns by name; ``document``: only those that one document speaks of."""
    return _facts(request, response, "campaigns", limit, offset, form, document)


@router.get("/anniversaries", response_model=FactPage)
@router.get("/anniversaries.csv", include_in_schema=False)
def anniversaries(
    request: Request, response: Response, document: Document = None, limit: Limit = 50, offset: Offset = 0,
    form: CSV_PARAMETER = None,
) -> Any:  # fmt: skip
    """Anniversaries that documents commemorate."""
    return _facts(request, response, "anniversaries", limit, offset, form, document)


@router.get("/assignments", response_model=FactPage)
@router.get("/assignments.csv", include_in_schema=False)
def assignments(
    request: Request, response: Response, document: Document = None, body: Word = None, role: Word = None,
    limit: Limit = 50, offset: Offset = 0, form: CSV_PARAMETER = None,
) -> Any:  # fmt: skip
    """Tasks: which document gives which body what to do, in which role. ``body`` is the name as printed."""
    return _facts(request, response, "assignments", limit, offset, form, document, body=body, role=role)


@router.get("/targets", response_model=FactPage)
@router.get("/targets.csv", include_in_schema=False)
def targets(
    request: Request, response: Response, document: Document = None, unit: Word = None, limit: Limit = 50,
    offset: Offset = 0, form: CSV_PARAMETER = None,
) -> Any:  # fmt: skip
    """Figures that documents aim at."""
    return _facts(request, response, "targets", limit, offset, form, document, unit=unit)


@router.get("/deadlines", response_model=FactPage)
@router.get("/deadlines.csv", include_in_schema=False)
def deadlines(
    request: Request, response: Response, document: Document = None, limit: Limit = 50, offset: Offset = 0,
    form: CSV_PARAMETER = None,
) -> Any:  # fmt: skip
    """Dates by which something is due: sending plans, reporting, the end of a campaign."""
    return _facts(request, response, "deadlines", limit, offset, form, document)


@router.get("/unresolved", response_model=FactPage)
@router.get("/unresolved.csv", include_in_schema=False)
def unresolved(
    request: Request, response: Response, document: Document = None, limit: Limit = 50, offset: Offset = 0,
    form: CSV_PARAMETER = None,
) -> Any:  # fmt: skip
    """Mentions whose document could not be told, and why."""
    return _facts(request, response, "unresolved", limit, offset, form, document)


def _facts(
    request: Request, response: Response, name: str, limit: int, offset: int, form: str | None, document: str | None,
    **filters: str | None,
) -> Any:  # fmt: skip
    catalog = catalog_of(request)
    asked: dict[str, Term | None] = {key: Lit(value) for key, value in filters.items() if value is not None}
    if document is not None:
        if document not in catalog.table.works:
            raise NumberNotFound(document, catalog.nearest(document.rsplit("/", 1)[-1]))
        asked["document"] = catalog.iris.work(document)
    total, rows = fact_page(catalog.store, catalog.iris, name, limit=limit, offset=offset, **asked)
    file = request.url.path.rsplit("/", 1)[-1].removesuffix(".csv")
    return page(request, response, "items", rows, total=total, limit=limit, offset=offset, form=form, file=file)

"""The JSON API for documents: lists, one document with all that is known of it, who carries it out, its basis."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from weakref import WeakKeyDictionary

import msgspec
from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from api.access import catalog_of, workspace_of
from api.pages.tables import csv_response
from api.pages.visit import visit
from api.paging import CSV_PARAMETER, Limit, Offset, page, wants_csv
from api.reading import ReadRoute
from api.records import basis_record, citation_records
from api.schemas import PROBLEMS, BasisRecord, CitationPage, DocumentDetail, DocumentPage, TraceRecord
from api.tracing import TRACE_COLUMNS, summary_record, trace_record, trace_rows
from ingest.pipeline import Folders
from kg.catalog import Catalog
from kg.catalog_facts import campaign_works, parts_of
from kg.catalog_links import links_of
from kg.errors import NumberNotFound, ReadError, WorkspaceError
from kg.terms import Lit

__all__ = ["router"]

router = APIRouter(tags=["văn bản"], route_class=ReadRoute, responses=PROBLEMS)

Key = Annotated[
    str,
    Path(
        max_length=300,
        description="id của văn bản, không phụ thuộc địa chỉ máy chủ.",
        examples=["lam-son.ubnd/cv/2024/1286-th"],
    ),
]
Number = Annotated[str, Query(min_length=1, max_length=300, examples=["34-CT/TW"])]
Level = Literal["central", "province", "district", "commune"]
_SHOWN = 100
"""Citations of each side that come with a document; the rest is paged."""


@router.get("/trace", response_model=TraceRecord)
@router.get("/trace.csv", include_in_schema=False)
def trace(
    request: Request,
    number: Number,
    issuer: Annotated[str | None, Query(max_length=200)] = None,
    kind: Annotated[str | None, Query(max_length=60)] = None,
    year: Annotated[int | None, Query(ge=1900, le=2200)] = None,
    form: CSV_PARAMETER = None,
) -> Response:
    """Which documents carry out this one, directly or through others, with the quote of every hop."""
    catalog = catalog_of(request)
    return _trace(request, catalog, catalog.find(number, issuer=issuer, kind=kind, year=year), form)


@router.get("/documents", response_model=DocumentPage)
@router.get("/documents.csv", include_in_schema=False)
def documents(
    request: Request,
    response: Response,
    kind: Annotated[str | None, Query(max_length=60, examples=["Kế hoạch"])] = None,
    issuer: Annotated[str | None, Query(max_length=200, examples=["tinh lam son"])] = None,
    level: Level | None = None,
    year: Annotated[int | None, Query(ge=1900, le=2200)] = None,
    campaign: Annotated[str | None, Query(max_length=300, description="Mã hoặc tên phong trào.")] = None,
    cites: Annotated[str | None, Query(max_length=300, description="Số, ký hiệu văn bản được viện dẫn.")] = None,
    text: Annotated[str | None, Query(max_length=300, description="Chữ trong số, tên văn bản, cơ quan.")] = None,
    held: Annotated[bool, Query(description="false: kèm văn bản mới chỉ được viện dẫn.")] = True,
    sort: Literal["-date", "date", "number", "issuer", "title"] = "-date",
    limit: Limit = 50,
    offset: Offset = 0,
    form: CSV_PARAMETER = None,
) -> Any:
    """The documents of the store, newest first; ``held=false`` adds those that are only cited."""
    catalog = catalog_of(request)
    among: frozenset[str] | None = None
    if cites is not None:
        target = catalog.find(cites)
        rows = catalog.store.query("SELECT DISTINCT ?w { ?w eli:cites $t }", bindings={"t": catalog.iris.work(target)})
        among = frozenset(key for row in rows if (key := catalog.iris.key_of(str(row["w"]))))
    if campaign is not None:
        tied = campaign_works(catalog.store, catalog.iris, campaign)
        among = tied if among is None else among & tied
    found = catalog.table.select(
        kind=kind, issuer=issuer, level=level, year=year, text=text, held=held, among=among, sort=sort
    )
    rows_ = [summary_record(work.summary) for work in found[offset : offset + limit]]
    return page(request, response, "documents", rows_, total=len(found), limit=limit, offset=offset, form=form)


@router.get("/documents/{key:path}/implementing", response_model=TraceRecord)
def implementing(request: Request, key: Key) -> Any:
    """Which documents carry out this one; the same record as ``/api/trace``."""
    catalog = catalog_of(request)
    return _moved(request, catalog, key, "/implementing") or _trace(request, catalog, key)


@router.get("/documents/{key:path}/basis", response_model=BasisRecord)
def basis(request: Request, key: Key, paths: Annotated[int, Query(ge=1, le=2_000)] = 200) -> Any:
    """What this document rests on, upwards, with every path to the roots (at most ``paths`` of them)."""
    catalog = catalog_of(request)
    return _moved(request, catalog, key, "/basis") or basis_record(catalog, key, most=paths)


@router.get("/documents/{key:path}/citations", response_model=CitationPage)
def citations(
    request: Request, response: Response, key: Key, limit: Limit = 50, offset: Offset = 0, form: CSV_PARAMETER = None
) -> Any:
    """What this document cites, strongest first, with every quote."""
    return _citations(request, response, key, "subject", "object", limit, offset, form)


@router.get("/documents/{key:path}/cited-by", response_model=CitationPage)
def cited_by(
    request: Request, response: Response, key: Key, limit: Limit = 50, offset: Offset = 0, form: CSV_PARAMETER = None
) -> Any:
    """Which documents cite this one, strongest first, with every quote."""
    return _citations(request, response, key, "object", "subject", limit, offset, form)


_PICTURE: dict[int | str, dict[str, Any]] = {
    200: {"content": {"image/png": {}}, "description": "Hình của trang, kèm mọi dấu đã đóng trên đó."}
}


@router.get("/documents/{key:path}/pages/{number}.png", response_class=Response, responses=_PICTURE)
def page_picture(
    request: Request,
    key: Key,
    number: Annotated[int, Path(ge=1, le=100_000, description="Thứ tự trang trong tệp, từ 1.")],
    dpi: Annotated[int, Query(ge=36, le=220)] = 110,
) -> Response:
    """One page of the file that was read, a PDF or a picture, as a picture; 404 where it has no pages."""
    catalog = catalog_of(request)
    if moved := _moved(request, catalog, key, f"/pages/{number}.png"):
        return moved
    files = _files(catalog, key)
    if not files or visit(request).texts.hides_words(key):
        raise HTTPException(404, "Văn bản này không có tệp mà người chưa đăng nhập được xem.")
    sha256 = files[0]["sha256"]
    original = Folders(workspace_of(request).root).original(sha256)
    try:
        drawn = request.app.state.page_images.get(original, sha256, number, dpi)
    except ReadError as error:
        if error.code not in ("no_page", "unsupported", "missing"):
            raise
        raise HTTPException(404, str(error)) from error
    return Response(drawn, media_type="image/png")


@router.get("/documents/{key:path}", response_model=DocumentDetail)
def document(request: Request, key: Key) -> Any:
    """One document: text, outline, citations both ways with evidence, facts, files."""
    catalog = catalog_of(request)
    return _moved(request, catalog, key, "") or _detail(request, catalog, key)


_traces: WeakKeyDictionary[Any, dict[str, bytes]] = WeakKeyDictionary()
_KEPT = 200
"""Traces kept for each snapshot: officials ask for the same few directives again and again."""


def _trace(request: Request, catalog: Catalog, key: str, form: str | None = None) -> Response:
    """The record as it is: hundreds of rows, which need not be checked against their model at every request."""
    if wants_csv(request, form):
        return csv_response(trace_rows(trace_record(catalog, key)), TRACE_COLUMNS, "trace.csv")
    kept = _traces.setdefault(catalog.store, {})
    body = kept.get(key)
    if body is None:
        body = msgspec.json.encode(trace_record(catalog, key))
        if len(kept) < _KEPT:
            kept[key] = body
    return Response(body, media_type="application/json")


def _moved(request: Request, catalog: Catalog, key: str, tail: str) -> Response | None:
    """Where a document has its identity since; None when it is where it was asked for. Raises NumberNotFound."""
    if key in catalog.table.works:
        return None
    now = catalog.key_of(str(catalog.iris.work(key)))
    if now is None:
        raise NumberNotFound(key, catalog.nearest(key.rsplit("/", 1)[-1]))
    prefix = request.url.path.split("/documents/", 1)[0]
    return RedirectResponse(f"{prefix}/documents/{now}{tail}", status_code=308)


def _citations(
    request: Request, response: Response, key: str, side: Literal["subject", "object"],
    end: Literal["subject", "object"], limit: int, offset: int, form: str | None,
) -> Any:  # fmt: skip
    catalog = catalog_of(request)
    tail = "/citations" if side == "subject" else "/cited-by"
    if moved := _moved(request, catalog, key, tail):
        return moved
    total, links = links_of(catalog.store, catalog.iris, key, side, limit=limit, offset=offset)
    rows = citation_records(catalog, links, end)
    return page(request, response, "citations", rows, total=total, limit=limit, offset=offset, form=form)


def _detail(request: Request, catalog: Catalog, key: str) -> dict[str, Any]:
    store, iris = catalog.store, catalog.iris
    listed = catalog.table.works[key]
    out_total, outgoing = links_of(store, iris, key, "subject", limit=_SHOWN)
    in_total, incoming = links_of(store, iris, key, "object", limit=_SHOWN)
    record: dict[str, Any] = summary_record(listed.summary) | {
        "held": listed.held,
        "identity": _identity(catalog, key),
        "signer": _signer(catalog, key),
        "files": _files(catalog, key),
        "text": None,
        "text_sha256": None,
        "pages": None,
        "outline": [],
        "citations": {
            "outgoing": citation_records(catalog, outgoing, "object"),
            "outgoing_total": out_total,
            "incoming": citation_records(catalog, incoming, "subject"),
            "incoming_total": in_total,
        },
        "facts": parts_of(store, iris, key),
    }
    if listed.held and record["files"]:
        record |= _text(request, key, record["files"][0]["sha256"])
    return record


def _text(request: Request, key: str, sha256: str) -> dict[str, Any]:
    """The text as this caller may see it, and its outline; nothing where the cached reading is missing."""
    seen = visit(request)
    try:
        read = seen.texts.content(sha256)
    except WorkspaceError:
        return {}
    text = seen.texts.text(key, read)
    return {
        "text": text,
        "text_sha256": read.text.sha256,
        "pages": len(read.page_confidence) or None,
        "outline": [
            {
                "kind": section.kind,
                "label": section.label,
                "heading": _as_shown(section.heading, read.text.text, text),
                "depth": section.depth,
                "start": section.span.start,
                "end": section.span.end,
                "parent": section.parent,
            }
            for section in read.outline
        ],
    }  # fmt: skip


def _as_shown(heading: str, original: str, shown: str) -> str:
    """The heading with the letters that the shown text has in its place."""
    at = original.find(heading)
    return shown[at : at + len(heading)] if at >= 0 else heading


def _one(catalog: Catalog, key: str, **paths: str) -> dict[str, Any]:
    """Single values of a work by property path; null where it has none."""
    work = {"w": catalog.iris.work(key)}
    told: dict[str, Any] = {}
    for name, path in paths.items():
        rows = catalog.store.query(f"SELECT DISTINCT ?v {{ $w {path} ?v }}", bindings=work)
        values = sorted(row["v"].value if isinstance(row["v"], Lit) else str(row["v"]) for row in rows)
        told[name] = values[0] if values else None
    return told


def _identity(catalog: Catalog, key: str) -> dict[str, Any] | None:
    told = _one(catalog, key, method="vb:identityMethod", reason="vb:identityReason")
    if told["method"] is None:
        return None
    return told | {"method": {"Rule": "stated"}.get(name := told["method"].rsplit("#", 1)[1], name.lower())}


def _signer(catalog: Catalog, key: str) -> dict[str, Any] | None:
    told = _one(
        catalog, key, name="vb:signedBy/schema:name", position="vb:signerPosition", on_behalf_of="vb:onBehalfOf",
        acting_for="vb:actingFor", by_order="vb:byOrder",
    )  # fmt: skip
    return told if told["name"] else None


def _files(catalog: Catalog, key: str) -> list[dict[str, Any]]:
    """Held files, the preferred one first."""
    rows = catalog.store.query(
        "SELECT DISTINCT ?h ?p ?m ?n ?s ?d { $w vb:file ?f . ?f vb:sha256 ?h ; vb:preferred ?p ; eli:media_type ?m ;"
        " vb:fileName ?n OPTIONAL { ?f dct:source ?s } OPTIONAL { ?f dct:date ?d } }",
        bindings={"w": catalog.iris.work(key)},
    )
    found: dict[str, dict[str, Any]] = {}
    values = [{name: getattr(term, "value", str(term)) for name, term in row.items()} for row in rows]
    for row in sorted(values, key=lambda row: (row["p"] != "true", row["h"], row["n"], row.get("s", ""))):
        file = found.setdefault(row["h"], {"names": [], "sha256": row["h"], "media_type": row["m"]})
        if row["n"] not in file["names"]:
            file["names"].append(row["n"])
        file["source"], file["collected"] = row.get("s"), row.get("d")
    return list(found.values())

"""``/sparql``: the SPARQL 1.1 Protocol, for reading. Queries run in ``api.sparql``'s processes; this is only the door.

A request is read and waits for its answer in the event loop, which does nothing meanwhile: a hundred slow queries keep
no page from being served.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse

from api.examples import examples
from api.plain_html import sparql_page
from api.problems import problem
from api.sparql_async import AsyncWorkerPool
from api.sparql_description import describe_service, description
from api.sparql_formats import GRAPHS, NAMES, Choice, by_name, choose, negotiate
from kg.errors import QueryError, WorkspaceError
from kg.iris import Iris
from kg.snapshots import Snapshot
from kg.store import OxigraphStore

__all__ = ["Source", "router"]

router = APIRouter(tags=["SPARQL"])

_PREFLIGHT = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD, POST, OPTIONS",
    "Access-Control-Allow-Headers": "Accept, Content-Type",
    "Access-Control-Max-Age": "86400",
}
_FORM, _DIRECT, _UPDATE = "application/x-www-form-urlencoded", "application/sparql-query", "application/sparql-update"
_EDITOR = "/nghien-cuu/sparql"
"""The page where people write queries; absent where only an endpoint is served (``kg serve --store``)."""
_TRUNCATED = "Kết quả đã bị cắt ở giới hạn số dòng hoặc dung lượng; hãy thêm LIMIT và OFFSET hoặc thu hẹp điều kiện."

_VARY = "Accept, Cookie, Authorization"

Source = Callable[[Request], OxigraphStore]
"""Gives the store that a caller may ask: the newest snapshot, or the one folder of ``kg serve --store``."""


class _Refusal(Exception):
    """A request that is no query; becomes a problem document."""

    def __init__(self, status: int, title: str, detail: str) -> None:
        self.status, self.title, self.detail = status, title, detail


@dataclass(frozen=True, slots=True)
class _Asked:
    """One request as the protocol has it."""

    query: str | None
    default_graphs: list[str] | None
    named_graphs: list[str] | None
    form: str | None


@router.options("/sparql", include_in_schema=False)
@router.options("/sparql/", include_in_schema=False)
def preflight() -> Response:
    """What a page of another origin may send."""
    return Response(status_code=204, headers=_PREFLIGHT)


_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Kết quả, hoặc mô tả dịch vụ khi không có câu truy vấn.",
        "content": {media.partition(";")[0]: {} for media in (
            "application/sparql-results+json", "application/sparql-results+xml", "text/csv",
            "text/tab-separated-values", *GRAPHS.values(), "text/html")},
    },
    303: {"description": "Trình duyệt không kèm câu truy vấn: chuyển đến trang soạn câu truy vấn."},
    400: {"description": "Câu truy vấn sai, hoặc không được phép (SERVICE, cập nhật)."},
    403: {"description": "Cập nhật: cổng này chỉ đọc."},
    406: {"description": "Không có dạng kết quả được yêu cầu."},
    413: {"description": "Câu truy vấn quá dài."},
    415: {"description": "Kiểu nội dung của POST không đúng."},
    503: {"description": "Quá thời gian, hoặc máy chủ đang bận (Retry-After)."},
}  # fmt: skip
_PARAMETERS: dict[str, Any] = {
    "parameters": [
        {"name": "query", "in": "query", "schema": {"type": "string"}, "example": "SELECT * { ?s a vb:Link } LIMIT 5"},
        {"name": "default-graph-uri", "in": "query", "schema": {"type": "array", "items": {"type": "string"}}},
        {"name": "named-graph-uri", "in": "query", "schema": {"type": "array", "items": {"type": "string"}}},
        {"name": "format", "in": "query", "schema": {"type": "string", "enum": [n for n in NAMES if n != "table"]}},
    ]
}
_BODY: dict[str, Any] = {
    "requestBody": {
        "content": {
            _DIRECT: {"schema": {"type": "string"}, "example": "ASK { ?s ?p ?o }"},
            _FORM: {"schema": {"type": "object", "properties": {"query": {"type": "string"}}}},
        }
    }
}


@router.get("/sparql", responses=_ANSWERS, openapi_extra=_PARAMETERS, response_class=Response)
@router.get("/sparql/", include_in_schema=False, response_class=Response)
@router.head("/sparql", include_in_schema=False, response_class=Response)
async def sparql_get(request: Request) -> Response:
    """A query in ``query``; without one, what this service is (in RDF, or as a page for browsers)."""
    try:
        return await _answer(request, _asked(request, [], None))
    except _Refusal as refusal:
        return problem(refusal.status, refusal.title, refusal.detail)


@router.post("/sparql", responses=_ANSWERS, openapi_extra=_BODY, response_class=Response)
@router.post("/sparql/", include_in_schema=False, response_class=Response)
async def sparql_post(request: Request) -> Response:
    """A query as a form, or as the body itself (``application/sparql-query``)."""
    try:
        kind, _, parameters = request.headers.get("content-type", "").lower().partition(";")
        kind = kind.strip()
        if kind == _UPDATE:
            raise _Refusal(403, "Cổng này chỉ đọc", "Không nhận câu cập nhật (SPARQL Update).")
        if kind not in (_FORM, _DIRECT):
            told = f"“{kind}”" if kind else "thiếu Content-Type"
            raise _Refusal(415, "Kiểu nội dung không đúng", f"POST nhận {_FORM} hoặc {_DIRECT}; yêu cầu này: {told}.")
        if "charset" in parameters and "utf-8" not in parameters:
            raise _Refusal(415, "Kiểu nội dung không đúng", "Câu truy vấn phải viết bằng UTF-8.")
        body = await _body(request)
        if kind == _FORM:
            return await _answer(request, _asked(request, _pairs(body), None))
        try:
            return await _answer(request, _asked(request, [], body.decode()))
        except UnicodeDecodeError as error:
            raise _Refusal(400, "Câu truy vấn sai", f"Nội dung không phải UTF-8 (byte {error.start + 1}).") from error
    except _Refusal as refusal:
        return problem(refusal.status, refusal.title, refusal.detail)


@router.get("/sparql/examples")
def sparql_examples(request: Request) -> dict[str, Any]:
    """Ready-made questions, each with what it counts and what it does not."""
    base = _base(request.app.state.source(request))
    return {
        "examples": [
            {"name": name, "question": made.question, "note": made.note, "query": made.text(base)}
            for name, made in examples().items()
        ]
    }


async def _body(request: Request) -> bytes:
    # A form writes one byte as three.
    most = 3 * _pool(request).limits.query_bytes + 10_000
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > most:
            raise _Refusal(413, "Câu truy vấn quá dài", f"Nội dung dài hơn {most} byte.")
        parts.append(part)
    return b"".join(parts)


def _pairs(text: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(text.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=1_000)
    except UnicodeDecodeError as error:
        raise _Refusal(400, "Câu truy vấn sai", "Tham số không phải UTF-8 mã hóa phần trăm.") from error
    except ValueError as error:
        raise _Refusal(400, "Câu truy vấn sai", "Quá nhiều tham số.") from error


def _asked(request: Request, form: list[tuple[str, str]], direct: str | None) -> _Asked:
    pairs = _pairs(request.scope["query_string"]) + form
    if any(name in ("update", "using-graph-uri", "using-named-graph-uri") for name, _ in pairs):
        raise _Refusal(403 if form else 400, "Cổng này chỉ đọc", "Không nhận câu cập nhật (SPARQL Update).")
    queries = [value for name, value in pairs if name == "query"]
    if direct is not None:
        queries.append(direct)
    if len(queries) > 1:
        raise _Refusal(400, "Câu truy vấn sai", "Có nhiều tham số “query”; mỗi yêu cầu chỉ một câu truy vấn.")
    if not queries and (request.method == "POST" or pairs):
        raise _Refusal(400, "Câu truy vấn sai", "Thiếu tham số “query”.")
    default = [value for name, value in pairs if name == "default-graph-uri"]
    named = [value for name, value in pairs if name == "named-graph-uri"]
    either = bool(default or named)
    form_name = next((value for name, value in pairs if name == "format"), None)
    return _Asked(queries[0] if queries else None, default if either else None, named if either else None, form_name)


async def _answer(request: Request, asked: _Asked) -> Response:
    if asked.query is None:
        return await run_in_threadpool(_description, request)
    choice = _choice(request, asked)
    store = request.app.state.source(request)
    result = await _pool(request).run(
        _folder(store),
        asked.query,
        choice=choice,
        default_graphs=asked.default_graphs,
        named_graphs=asked.named_graphs,
        base=f"{request.base_url}sparql",
    )
    headers = {"Vary": _VARY}
    body = result.body
    if result.truncated:
        headers["X-Truncated"] = "true"
        body = _marked(body, result.media_type)
    return Response(body, headers=headers, media_type=result.media_type)


def _choice(request: Request, asked: _Asked) -> Choice:
    if asked.form is not None:
        if asked.form not in NAMES:
            raise _Refusal(406, "Không có dạng kết quả này", f"“{asked.form[:40]}”; có: {', '.join(NAMES)}.")
        return by_name(asked.form)
    choice = negotiate(request.headers.get("accept"))
    if choice.solutions is None and choice.graph is None:
        raise _Refusal(406, "Không có dạng kết quả này", "Accept không nhận dạng nào mà cổng này viết được.")
    return choice


def _description(request: Request) -> Response:
    form = choose(request.headers.get("accept"), {**GRAPHS, "html": "text/html"})
    headers = {"Vary": _VARY}
    if hasattr(request.app.state, "workspace"):  # a bare store is described by this alone
        headers["Link"] = '</.well-known/void>; rel="describedby"'
    origin = str(request.base_url).rstrip("/")
    if form is None:
        return problem(406, "Không có dạng này", "Mô tả dịch vụ có ở Turtle, N-Triples, RDF/XML, JSON-LD, HTML.")
    if form == "html" and _EDITOR in getattr(request.app.state, "page_paths", ()):
        return RedirectResponse(_EDITOR, 303, headers)
    if form == "html":
        return Response(sparql_page(examples()), media_type="text/html; charset=utf-8", headers=headers)
    try:
        store = request.app.state.source(request)
    except WorkspaceError:  # nothing was ingested yet: the service is there all the same
        store = None
    if isinstance(store, Snapshot):
        current = store.current
        body = description(store, Iris(current.base), origin, form, version=current.version)
    else:
        body = describe_service(f"{origin}/sparql", form)
    return Response(body, media_type=GRAPHS[form], headers=headers)


def _marked(body: bytes, media_type: str) -> bytes:
    """Says in the document itself, where its format has a place for it, that rows are missing."""
    note = _TRUNCATED.encode()
    kind = media_type.partition(";")[0]
    if kind == "application/sparql-results+json":
        return body.replace(b'{"head":{', b'{"head":{"link":["#truncated"],', 1)
    if kind == "application/sparql-results+xml":
        return body.replace(b"</head>", b'<link href="#truncated"/></head>', 1)
    if kind in ("text/turtle", "application/n-triples"):
        return b"# " + note + b"\n" + body
    return body


def _pool(request: Request) -> AsyncWorkerPool:
    pool = request.app.state.pool
    assert isinstance(pool, AsyncWorkerPool)
    return pool


def _folder(store: OxigraphStore) -> Any:
    if store.place is None:
        raise QueryError("Kho này không nằm trên đĩa.")
    return store.place


def _base(store: OxigraphStore) -> str:
    from kg.identifiers import DEFAULT_BASE

    return store.current.base if isinstance(store, Snapshot) else DEFAULT_BASE

"""One error shape for every route: ``application/problem+json`` (RFC 9457), FastAPI's own errors included."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.routing import Match

from api.sparql import QueryNotAcceptable
from api.tracing import summary_record
from kg.errors import (
    AmbiguousNumber,
    IndexMismatch,
    MissingDependency,
    NumberNotFound,
    PolicyKGError,
    QueryError,
    QueryOverload,
    QueryRefused,
    QueryTimeout,
    ReadError,
    RequestError,
    TextNotHeld,
    WorkspaceError,
    WorkspaceLocked,
)

__all__ = ["install_problems", "problem"]

MEDIA_TYPE = "application/problem+json"
# The first class that fits decides: subclasses stand before their parents.
STATUS: tuple[tuple[type[PolicyKGError], int, str], ...] = (
    (NumberNotFound, 404, "Không tìm thấy văn bản"),
    (TextNotHeld, 404, "Kho chưa có toàn văn"),
    (QueryRefused, 400, "Câu truy vấn không được phép"),
    (QueryTimeout, 503, "Câu truy vấn quá thời gian"),
    (QueryNotAcceptable, 406, "Không có dạng kết quả này"),
    (QueryOverload, 503, "Máy chủ đang bận"),
    (QueryError, 400, "Câu truy vấn sai"),
    (WorkspaceLocked, 503, "Kho đang được ghi"),
    (WorkspaceError, 503, "Kho chưa sẵn sàng"),
    (ReadError, 422, "Tệp không đọc được"),
    (RequestError, 422, "Yêu cầu không thực hiện được"),
    (IndexMismatch, 503, "Chỉ mục tìm kiếm chưa sẵn sàng"),
    (MissingDependency, 503, "Máy chủ thiếu thành phần"),
    (PolicyKGError, 422, "Yêu cầu không thực hiện được"),
)


TITLES = {
    400: "Yêu cầu không đọc được", 401: "Cần đăng nhập", 403: "Không có quyền", 404: "Không tìm thấy",
    405: "Phương thức không được nhận", 406: "Không có dạng này", 413: "Nội dung quá lớn",
    415: "Kiểu nội dung không đúng", 422: "Yêu cầu không hợp lệ", 503: "Máy chủ đang bận",
}  # fmt: skip
_UNSAID = {
    404: "Không có địa chỉ này. Các địa chỉ của API: /openapi.json",
    405: "Địa chỉ này không nhận phương thức của yêu cầu; các phương thức được nhận có ở phần đầu Allow.",
}


def _methods(request: Request) -> list[str]:
    """Every method that some route at this address takes; the framework names only those of the first."""
    return [
        method
        for method in ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")
        if any(route.matches({**request.scope, "method": method})[0] == Match.FULL for route in request.app.routes)
    ]


def problem(status: int, title: str, detail: str, headers: dict[str, str] | None = None, **more: Any) -> JSONResponse:
    """One problem document."""
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, **more}
    return JSONResponse(body, status, headers=headers, media_type=MEDIA_TYPE)


def install_problems(app: FastAPI) -> None:
    """Gives every error of the app the one shape."""

    @app.exception_handler(AmbiguousNumber)
    def several(request: Request, error: AmbiguousNumber) -> JSONResponse:
        candidates = [summary_record(work) for work in error.candidates]
        return problem(300, "Có nhiều văn bản cùng số", str(error), candidates=candidates)

    @app.exception_handler(PolicyKGError)
    def ours(request: Request, error: PolicyKGError) -> JSONResponse:
        status, title = next((status, title) for kind, status, title in STATUS if isinstance(error, kind))
        # Trying the same query again helps when the server was busy, not when the query takes too long.
        headers = {"Retry-After": "2"} if status == 503 and not isinstance(error, QueryTimeout) else None
        more = {"nearest": list(error.nearest)} if isinstance(error, NumberNotFound) else {}
        return problem(status, title, str(error), headers, **more)

    @app.exception_handler(HTTPException)
    def http(request: Request, error: HTTPException) -> Response:
        page = getattr(request.app.state, "error_page", None)
        if page is not None and _asks_for_page(request):
            answer: Response = page(request, error)
            return answer
        headers = dict(error.headers or {})
        title, detail = TITLES.get(error.status_code, str(error.detail)), str(error.detail)
        if detail == HTTPStatus(error.status_code).phrase:  # what the framework says by itself
            detail = _UNSAID.get(error.status_code, title)
        if error.status_code == 405:
            headers["Allow"] = ", ".join(_methods(request))
        return problem(error.status_code, title, detail, headers)

    @app.exception_handler(RequestValidationError)
    def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        places = [{"where": ".".join(map(str, item["loc"])), "message": item["msg"]} for item in error.errors()]
        return problem(422, "Tham số không hợp lệ", "; ".join(f"{p['where']}: {p['message']}" for p in places),
                       errors=places)  # fmt: skip

    @app.exception_handler(Exception)
    def unforeseen(request: Request, error: Exception) -> JSONResponse:
        return problem(500, "Lỗi hệ thống", "Có lỗi ngoài dự kiến; đã ghi vào nhật ký của máy chủ.")


def _asks_for_page(request: Request) -> bool:
    """A person with a browser at an address that no program asks."""
    programs = ("/api/", "/sparql", "/eli/", "/id/", "/graph/", "/static/", "/openapi.json")
    return "text/html" in request.headers.get("accept", "") and not request.url.path.startswith(programs)

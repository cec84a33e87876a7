"""Errors as pages that say what to do next: several works of one number, none, an empty store, a wrong address."""

from __future__ import annotations

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api.access import anonymous, workspace_of
from api.pages.rendering import render
from api.problems import STATUS
from kg.errors import AmbiguousNumber, NumberNotFound, WorkspaceError, WorkspaceLocked
from kg.iris import Iris

__all__ = ["error_page"]


def error_page(request: Request, error: Exception) -> Response:
    """The page for an error; its status is the one a program would get."""
    if isinstance(error, AmbiguousNumber):
        iris = Iris(workspace_of(request).snapshot(public=anonymous(request)).current.base)
        works = [(iris.key_of(work.iri) or "", work) for work in error.candidates]
        trace = request.url.path == "/trien-khai"
        return render(request, "choose.html", status=300, number=error.number, works=works, trace=trace)
    if isinstance(error, NumberNotFound):
        return render(request, "missing.html", status=404, number=error.number, nearest=error.nearest)
    if isinstance(error, WorkspaceError) and not isinstance(error, WorkspaceLocked):
        return render(request, "error.html", status=503, what="empty", detail="")
    if isinstance(error, HTTPException):
        what = {404: "not_found", 403: "forbidden"}.get(error.status_code, "refused")
        return render(request, "error.html", status=error.status_code, what=what, detail="")
    if isinstance(error, RequestValidationError):
        names = ", ".join(str(one["loc"][-1]) for one in error.errors())
        return render(request, "error.html", status=422, what="invalid", detail=names)
    status = next((status for kind, status, _ in STATUS if isinstance(error, kind)), 500)
    return render(request, "error.html", status=status, what="failed", detail=str(error))

"""For research: downloads, the query editor, and where each is described."""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response
from starlette.routing import Match

from api.examples import examples
from api.pages.rendering import render
from api.pages.visit import PageRoute, visit
from api.sparql_formats import NAMES
from kg.vocab import PREFIXES

__all__ = ["router"]

router = APIRouter(route_class=PageRoute)

_FIRST = """SELECT ?document ?number ?title WHERE {
  ?document a eli:LegalResource ; eli:id_local ?number ; dct:title ?title .
} ORDER BY ?number LIMIT 50
"""
_EXPORTS = {"graphml": "application/graphml+xml", "ttl": "text/turtle"}
# (key of the wording, address): shown when the application has it.
_DOWNLOADS = (
    ("research.tables", "/tables.zip"),
    ("research.dump", "/dump.nq.gz"),
    ("research.graphml", "/nghien-cuu/do-thi.graphml"),
    ("research.turtle", "/nghien-cuu/do-thi.ttl"),
)
_DOCUMENTED = (
    ("research.ontology", "/def"),
    ("research.ontology.ttl", "/def.ttl"),
    ("research.void", "/.well-known/void"),
    ("research.api", "/openapi.json"),
)


@router.get("/nghien-cuu")
def research(request: Request) -> Response:
    """What a researcher may take, and where it is described."""
    return render(
        request,
        "research.html",
        downloads=[(words, path) for words, path in _DOWNLOADS if _serves(request, path)],
        documented=[(words, path) for words, path in _DOCUMENTED if _serves(request, path)],
        examples=len(examples()),
    )


@router.get("/nghien-cuu/do-thi.{form}")
def export(request: Request, form: str) -> Response:
    """The graph as GraphML or Turtle, as much of it as the caller may see."""
    seen = visit(request)
    if form not in _EXPORTS:
        return render(request, "error.html", status=404, what="not_found", detail="")
    body = seen.workspace.export(form, meta=False, public=seen.public)
    headers = {"Content-Disposition": f'attachment; filename="van-ban.{form}"', "Vary": "Cookie"}
    return Response(body, media_type=_EXPORTS[form], headers=headers)


@router.get("/nghien-cuu/sparql")
def editor(
    request: Request,
    query: Annotated[str, Query(max_length=100_000)] = "",
    mau: Annotated[str, Query(max_length=80)] = "",
) -> Response:
    """The query editor; ``mau`` names an example to begin with. Without JavaScript it is a form."""
    base = visit(request).snapshot.current.base
    made = examples()
    chosen = _declared(made[mau].text(base)) if mau in made else query or _declared(_FIRST)
    listed = [(name, one.question, one.note, _declared(one.text(base))) for name, one in made.items()]
    formats = [name for name in NAMES if name != "table"]
    return render(request, "sparql.html", query=chosen, examples=listed, formats=formats)


def _declared(query: str) -> str:
    """A query with the prefixes it uses, so that it runs at any other endpoint too."""
    used = [name for name in PREFIXES if re.search(rf"(?<![\w:]){name}:", query)]
    return "\n".join(f"PREFIX {name}: <{PREFIXES[name]}>" for name in used) + "\n\n" + query


def _serves(request: Request, path: str) -> bool:
    """Whether the application answers at ``path``."""
    scope = {"type": "http", "method": "GET", "path": path, "root_path": "", "headers": []}
    return any(route.matches(scope)[0] is Match.FULL for route in request.app.routes)

"""The first page and the search: one box, suggestions as one types, results of which every state is an address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api.pages import hits
from api.pages.documents import reference_of
from api.pages.formats import number_url
from api.pages.rendering import render
from api.pages.tables import csv_response
from api.pages.visit import PageRoute, Visit, visit
from kg.vocab import ELI
from search.index import SearchIndex

__all__ = ["router"]

router = APIRouter(route_class=PageRoute)

EXAMPLES = ("34-CT/TW", "cv 1954", "ke hoach phong trao thi dua", "“xây dựng nông thôn mới”", "cites:34-CT/TW")
_SIMILAR = 20
_COLUMNS = ("number", "kind", "title", "issuer", "level", "date", "date_earliest", "date_latest", "file", "page")


@router.get("/")
def home(request: Request) -> Response:
    """The search box, with what the store holds."""
    seen = visit(request)
    counts = seen.once("counts", lambda: _counts(seen))
    _, newest = seen.once(
        "newest", lambda: seen.catalog.page(limit=5, offset=0)
    )  # fmt: skip
    leading = seen.once("leading", lambda: _leading(seen))
    works = [(seen.iris.key_of(work.iri) or "", work) for work in newest]
    return render(request, "home.html", counts=counts, newest=works, leading=leading, examples=EXAMPLES)


def _counts(seen: Visit) -> Mapping[str, int]:
    """What the home page says of the store; each count is one question over a bound type."""
    asked = {
        "held": "?w vb:file ?f . ?w a eli:LegalResource",
        "stubs": "?w a vb:Stub",
        "links": "?w a vb:Link",
        "open": "?w a vb:Unresolved",
    }
    found = {}
    for name, pattern in asked.items():
        row = seen.snapshot.query(f"SELECT (COUNT(DISTINCT ?w) AS ?n) {{ {pattern} }}")[0]["n"]
        found[name] = int(getattr(row, "value", 0))
    return found


def _leading(seen: Visit) -> list[tuple[str, Any, int]]:
    """The works that most others carry out or follow: (key, work, how many)."""
    rows = seen.snapshot.query(
        "SELECT ?o (COUNT(DISTINCT ?s) AS ?n) {"
        f" VALUES ?p {{ <{ELI.ensures_implementation_of}> <{ELI.applies}> }} ?s ?p ?o }}"
        " GROUP BY ?o ORDER BY DESC(?n) ?o LIMIT 6"
    )
    counted = [(key, int(getattr(row["n"], "value", 0))) for row in rows if (key := seen.iris.key_of(str(row["o"])))]
    works = seen.catalog.summaries([key for key, _ in counted])
    return [(key, works[key], count) for key, count in counted if key in works]


def _index(seen: Visit) -> SearchIndex:
    return seen.workspace.index()


@router.get("/tim")
@router.get("/tim.csv")
def search(
    request: Request,
    q: Annotated[str, Query(max_length=1000)] = "",
    kind: Annotated[str, Query(max_length=60)] = "",
    level: Annotated[str, Query(pattern="^(central|province|district|commune)?$")] = "",
    issuer: Annotated[str, Query(max_length=200)] = "",
    year: Annotated[str, Query(pattern=r"^(\d{4})?$")] = "",
    campaign: Annotated[str, Query(max_length=600)] = "",
    cites: Annotated[str, Query(max_length=100)] = "",
    held: Annotated[str, Query(pattern="^(yes|no)?$")] = "",
    sort: Annotated[str, Query(pattern="^(relevance|newest|oldest)$")] = "relevance",
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> Response:
    """Results with facets; without words, the list of what is held."""
    seen = visit(request)
    asked = hits.Asked(
        q, kind or None, level or None, issuer or None, year or None, campaign or None, cites or None, held or None,
        sort, page,
    )  # fmt: skip
    table = request.url.path.endswith(".csv")
    found = hits.find(
        _index(seen),
        asked,
        internal=not seen.public,
        reference=lambda: reference_of(seen),
        keep=lambda state, answer: seen.once("search", answer, state, seen.public),
        per_page=hits.DEPTH if table else hits.PER_PAGE,
    )
    if table:
        return csv_response(hits.csv_rows(found.rows), _COLUMNS, "tra-cuu.csv")

    def address(**changes: object) -> str:
        return number_url("/tim", **asked.query(**changes))

    return render(
        request, "search.html", asked=asked, found=found, address=address, marked=hits.marked,
        csv=number_url("/tim.csv", **asked.query()), examples=EXAMPLES,
        graph="/do-thi?" + urlencode([("node", row.document.key) for row in found.rows], safe="/"),
    )  # fmt: skip


@router.get("/tim/tuong-tu")
def similar(
    request: Request,
    key: Annotated[str, Query(min_length=1, max_length=300)],
    doan: Annotated[str, Query(pattern=r"^\d{1,9}-\d{1,9}$")],
) -> Response:
    """Passages of other papers that say nearly the same as a passage of one."""
    seen = visit(request)
    index = _index(seen)
    start, end = (int(place) for place in doan.split("-"))
    try:
        own, passage = index.passage(key, start, end, internal=not seen.public)
        near = index.similar_passages(key, start, end, k=_SIMILAR, internal=not seen.public)
    except KeyError:
        raise HTTPException(404) from None
    return render(
        request, "similar.html", own=own, passage=passage, doan=doan, found=[hits.similar_row(one) for one in near]
    )  # fmt: skip


@router.get("/tim/goi-y")
def suggestions(request: Request, q: Annotated[str, Query(max_length=200)] = "") -> Response:
    """The list under the search box, as a fragment."""
    seen = visit(request)
    found = _index(seen).suggest(q, internal=not seen.public) if q.strip() else ()
    return render(request, "suggestions.html", suggestions=found)

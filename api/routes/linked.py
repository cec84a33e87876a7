"""Linked data: every IRI of ours answers, with a page for people and RDF for programs; VoID, dumps, the ontology.

``/eli/…`` and ``/id/…`` name things, which no server can send: they answer 303 with the address of a description in
the form that Accept asks for (``.html``, ``.ttl``, ``.jsonld``, ``.nt``, ``.rdf``, ``.json``).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse, RedirectResponse

from api.access import anonymous, catalog_of, snapshot_of, workspace_of
from api.dumps import Dumps, zipped
from api.plain_html import ontology_page, thing_page
from api.reading import ReadRoute
from api.sparql_description import description
from api.sparql_formats import GRAPHS, choose
from kg.catalog import Catalog
from kg.describe import Description, describe, describe_work, label_of
from kg.errors import NumberNotFound
from kg.iris import Iris
from kg.terms import Lit, Triple
from kg.vocab import VB
from kg.writing import write_triples

__all__ = ["router"]

router = APIRouter(tags=["dữ liệu liên kết"], route_class=ReadRoute)

_FORMS = {
    "html": "text/html", "ttl": GRAPHS["ttl"], "jsonld": GRAPHS["jsonld"], "nt": GRAPHS["nt"],
    "rdf": GRAPHS["rdfxml"], "json": "application/json",
}  # fmt: skip
"""Ending of an address → media type. The first is what ``*/*`` gets: a person with a browser."""
_RDF = {"ttl": "ttl", "jsonld": "jsonld", "nt": "nt", "rdf": "rdfxml"}
_PLACE = "/eli/vn/"


@router.get("/eli/vn/{key:path}", include_in_schema=False)
def work(request: Request, key: str) -> Response:
    """A document: 303 to its description, or the description itself when the address has an ending."""
    base, form = _split(key)
    catalog = catalog_of(request)
    now = _key(catalog, base)
    if form is None or now != base:
        return _see_other(request, f"{_PLACE}{now}", form)
    if form == "html":
        return RedirectResponse(f"/van-ban/{quote(now)}", status_code=303, headers={"Vary": "Accept"})
    if form == "json":
        return RedirectResponse(f"/api/documents/{quote(now)}", status_code=303, headers={"Vary": "Accept"})
    found = describe(catalog.store, str(catalog.iris.work(now)))
    incoming = found.incoming if found else ()
    triples = describe_work(catalog.store, catalog.iris, now) + list(incoming)
    return _rdf(triples, form, f"{_PLACE}{now}")


def _key(catalog: Catalog, key: str) -> str:
    """The key a work has now; raises NumberNotFound."""
    if key in catalog.table.works:
        return key
    now = catalog.key_of(str(catalog.iris.work(key)))
    if now is None:
        raise NumberNotFound(key, catalog.nearest(key.rsplit("/", 1)[-1]))
    return now


@router.get("/id/{kind}/{key:path}", include_in_schema=False)
def thing(request: Request, kind: str, key: str) -> Response:
    """Anything else that has an IRI: body, area, campaign, event, link, person, concept."""
    base, form = _split(key)
    snapshot = snapshot_of(request)
    iri = f"{snapshot.current.base}/id/{kind}/{base}"
    found = describe(snapshot, iri)
    if found is None:
        raise NumberNotFound(f"{kind}/{base}")
    place = f"/id/{kind}/{base}"
    if form is None:
        return _see_other(request, place, None)
    if form == "html":
        return _page(found, place)
    if form == "json":
        form = "jsonld"
    return _rdf(_with_parts(snapshot, found), form, place)


def _with_parts(store: Any, found: Description) -> list[Triple]:
    """A link comes with its evidence, and that with its selectors."""
    triples = list(found.triples)
    for predicate in ("evidence", "hasSelector"):
        for _, name, value in list(triples):
            if name.endswith(f"#{predicate}") and not isinstance(value, Lit):
                more = describe(store, str(value))
                triples += more.outgoing if more else ()
    return triples


def _split(key: str) -> tuple[str, str | None]:
    """The key, and the form its ending asks for: "tw/ct/2014/34.ttl" → ("tw/ct/2014/34", "ttl")."""
    base, dot, ending = key.rpartition(".")
    return (base, ending) if dot and ending in _FORMS and "/" not in ending else (key, None)


def _see_other(request: Request, place: str, form: str | None) -> Response:
    form = form or choose(request.headers.get("accept"), _FORMS) or "html"
    headers = {"Vary": "Accept", "Link": _alternates(place)}
    return RedirectResponse(f"{quote(place)}.{form}", status_code=303, headers=headers)


def _alternates(place: str) -> str:
    return ", ".join(
        f'<{quote(place)}.{ending}>; rel="alternate"; type="{media.partition(";")[0]}"'
        for ending, media in _FORMS.items()
    )


def _rdf(triples: list[Triple], form: str, place: str) -> Response:
    body = write_triples(triples, _RDF[form])
    return Response(body, media_type=_FORMS[form], headers={"Link": _alternates(place), "Vary": "Accept"})


def _page(found: Description, place: str) -> Response:
    rows = [
        ("", _short(name), value.value if isinstance(value, Lit) else str(value)) for _, name, value in found.outgoing
    ]
    rows += [("←", _short(name), str(subject)) for subject, name, _ in found.incoming]
    alternates = [(media.partition(";")[0], f"{quote(place)}.{ending}") for ending, media in _FORMS.items()]
    note = "Danh sách văn bản trỏ đến đã được rút gọn." if found.cut else ""
    body = thing_page(found.iri, label_of(found) or place, rows, alternates, note)
    return Response(body, media_type="text/html; charset=utf-8", headers={"Link": _alternates(place)})


def _short(iri: str) -> str:
    return iri.rsplit("#", 1)[-1].rsplit("/", 1)[-1]


# --- The dataset --------------------------------------------------------------------------------------------------


@router.get("/.well-known/void", tags=["SPARQL"], response_class=Response)
def void(request: Request) -> Response:
    """What is in the dataset: counts by class and property, where the endpoint and the dump are."""
    form = choose(request.headers.get("accept"), GRAPHS) or "ttl"
    snapshot = snapshot_of(request)
    current = snapshot.current
    body = description(
        snapshot, Iris(current.base), str(request.base_url).rstrip("/"), form, version=current.version
    )  # fmt: skip
    return Response(body, media_type=GRAPHS[form], headers={"Vary": "Accept"})


@router.get("/dump.nq.gz", tags=["SPARQL"], response_class=FileResponse)
def dump(request: Request) -> Response:
    """The public part of the graph as sorted N-Quads, compressed; the same documents give the same bytes."""
    workspace = workspace_of(request)
    current = workspace.snapshot(public=True).current
    file = _dumps(request).get(
        "dump.nq.gz", str(current.version), lambda: zipped(workspace.export("nq", meta=False, public=True))
    )
    return FileResponse(file, media_type="application/gzip", filename="dump.nq.gz")


@router.get("/tables.zip", tags=["SPARQL"], response_class=FileResponse)
def tables(request: Request) -> Response:
    """The tables for research with their codebook, as ``kg export --format tables`` writes them."""
    workspace = workspace_of(request)
    public = anonymous(request)
    state = f"{workspace.snapshot(public=public).current.version}-{public}"
    file = _dumps(request).get(
        "tables.zip", state, lambda: workspace.export("tables", meta=False, public=public)
    )  # fmt: skip
    return FileResponse(file, media_type="application/zip", filename="tables.zip")


def _dumps(request: Request) -> Dumps:
    dumps = request.app.state.dumps
    assert isinstance(dumps, Dumps)
    return dumps


# --- The ontology -------------------------------------------------------------------------------------------------


@router.get("/def", include_in_schema=False)
def ontology(request: Request) -> Response:
    """The vocabulary: 303 to a page or to RDF."""
    return _see_other(request, "/def", None)


@router.get("/def.{form}", include_in_schema=False)
def ontology_in(request: Request, form: str) -> Response:
    """The vocabulary as Turtle (as it is maintained), as other RDF, or as a page."""
    if form == "html":
        terms = [(name, kind, label, words) for name, kind, label, words in _terms()]
        return Response(ontology_page("Từ vựng của đồ thị văn bản", terms), media_type="text/html; charset=utf-8")
    if form == "ttl":
        from ontology import read

        return Response(read("vanban.ttl"), media_type=GRAPHS["ttl"])
    if form == "json":
        form = "jsonld"
    if form not in _RDF:
        raise NumberNotFound(f"def.{form}")
    return _rdf(list(_ontology()), form, "/def")


@lru_cache(maxsize=1)
def _ontology() -> tuple[Triple, ...]:
    from kg.reference_graphs import ontology_triples

    return tuple(ontology_triples())


@lru_cache(maxsize=1)
def _terms() -> list[tuple[str, str, str, str]]:
    """(name, kind, label, explanation) of each term of ours, by name."""
    told: dict[str, dict[str, list[tuple[bool, str]]]] = {}
    for subject, predicate, value in _ontology():
        if subject.startswith(str(VB)) and subject != str(VB):
            text = (value.lang != "vi", value.value) if isinstance(value, Lit) else (False, _short(str(value)))
            told.setdefault(subject[len(str(VB)) :], {}).setdefault(_short(predicate), []).append(text)

    def first(known: dict[str, list[tuple[bool, str]]], *names: str) -> str:
        return next((min(known[name])[1] for name in names if name in known), "")

    return [
        (name, first(known, "type"), first(known, "label", "prefLabel"), first(known, "comment", "definition"))
        for name, known in sorted(told.items())
    ]

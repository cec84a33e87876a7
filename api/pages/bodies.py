"""Bodies: what each issued, what was addressed to it, which tasks fall on it, in groups too; and tasks over all papers.

"UBND các xã, thị trấn" in a district's plan is read body by body (``kg.groups``), as it was on the paper's date.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api.pages.document_view import ended
from api.pages.documents import reference_of
from api.pages.formats import work_url
from api.pages.rendering import language, render
from api.pages.tables import csv_response
from api.pages.visit import PageRoute, Visit, visit
from api.pages.wording import Words
from kg.bodies import Body
from kg.catalog_table import Listed
from kg.groups import expand, setting_of
from kg.identifiers import fold
from kg.reference import Reference
from kg.registers import Duty, duties
from search.places import predecessors

__all__ = ["router"]

router = APIRouter(route_class=PageRoute)

_LEVELS = ("central", "province", "district", "commune")
_PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class _Called:
    """One line that calls on a body; ``group`` when it named it together with others."""

    duty: Duty
    group: bool


def _owners(seen: Visit) -> Mapping[str, str]:
    """Key of a paper → code of the body behind it; a file without number has no such code in its key."""

    def asked() -> Mapping[str, str]:
        rows = seen.snapshot.query("SELECT DISTINCT ?w ?b { ?w a eli:LegalResource ; eli:passed_by ?b }")
        return {
            key: str(row["b"]).removeprefix(seen.iris.thing("org", ""))
            for row in rows
            if (key := seen.iris.key_of(str(row["w"])))
        }

    return seen.once("owners", asked)


def _issuers(seen: Visit) -> Mapping[str, tuple[int, int]]:
    """Code of a body → how many papers of it are held, and how many are known."""

    def counted() -> Mapping[str, tuple[int, int]]:
        held: Counter[str] = Counter()
        known: Counter[str] = Counter()
        works = seen.catalog.table.works
        for key, code in _owners(seen).items():
            known[code] += 1
            held[code] += key in works and works[key].held
        return {code: (held[code], count) for code, count in known.items()}

    return seen.once("issuers", counted)


def _called(seen: Visit) -> Mapping[str, list[_Called]]:
    """Code of a body → the lines that call on it, over all papers."""

    def read() -> Mapping[str, list[_Called]]:
        reference = reference_of(seen)
        works, owners = seen.catalog.table.works, _owners(seen)
        found: dict[str, list[_Called]] = defaultdict(list)
        read_before: dict[tuple[str, str, dt.date], list[tuple[str, bool]]] = {}
        for line in duties(seen.snapshot, seen.iris):
            work = works.get(line.work)
            if work is None:
                continue
            summary = work.summary
            on = summary.date or summary.date_latest or summary.date_earliest or dt.date.today()
            owner = owners.get(line.work, "")
            asked = (line.phrase, owner, on.replace(day=1))
            if asked not in read_before:
                expansion = expand(line.phrase, reference, setting_of(reference, owner or None, on))
                read_before[asked] = [(code, named.group) for named in expansion.named for code in named.bodies]
            for code, group in read_before[asked]:
                found[code].append(_Called(line, group))
        return found

    return seen.once("called", read)


@router.get("/co-quan")
def body_list(
    request: Request,
    q: Annotated[str, Query(max_length=200)] = "",
    level: Annotated[str, Query(pattern="^(central|province|district|commune)?$")] = "",
) -> Response:
    """The bodies that issued what is held or cited, by level."""
    seen = visit(request)
    reference = reference_of(seen)
    words = fold(q).replace("ubnd", "uy ban nhan dan").replace("hdnd", "hoi dong nhan dan").split()
    found: dict[str, list[tuple[Body, int, int]]] = defaultdict(list)
    for code, (held, known) in _issuers(seen).items():
        body = reference.body(code)
        if body is None or (level and body.level != level):
            continue
        if all(word in fold(f"{body.name} {' '.join(body.short_names)} {code}") for word in words):
            found[body.level].append((body, held, known))
    for rows in found.values():
        rows.sort(key=lambda row: (-row[1], -row[2], row[0].name))
    groups = [(name, found[name]) for name in _LEVELS if name in found]
    return render(request, "bodies.html", groups=groups, q=q, level=level, levels=_LEVELS)


@router.get("/co-quan/{code:path}")
def body_page(request: Request, code: str) -> Response:
    """One body. One that issued nothing here but is called on has a page too."""
    seen = visit(request)
    reference = reference_of(seen)
    body = reference.body(code)
    if body is None:
        raise HTTPException(404)
    works = seen.catalog.table.works
    t = Words(language(request))
    called = _called(seen).get(code, [])
    before = _before(reference, body)
    after = [one for name in body.successors if (one := reference.body(name))]
    area = reference.area(body.area) if body.area else None
    return render(
        request,
        "body.html",
        body=body,
        area=area,
        parent=reference.body(body.parent) if body.parent else None,
        ended=ended(code, reference, t),
        before=before,
        after=after,
        issued=_issued(seen, code),
        issued_before=[(one, _issued(seen, one.code)) for one in before],
        incoming=_incoming(called, works),
        tasks=_tasks(called, works),
        works=works,
    )


def _before(reference: Reference, body: Body) -> list[Body]:
    """The bodies before this one; for a commune of today also that of the district whose land it took over."""
    codes = list(reference.predecessors(body.code))
    if body.area and body.organ:
        codes += [f"{area}.{body.organ}" for area in predecessors(reference, body.area)]
    found = [one for code in dict.fromkeys(codes) if code != body.code and (one := reference.body(code))]
    return sorted(found, key=lambda one: (_LEVELS.index(one.level), one.name))


def _issued(seen: Visit, code: str) -> list[Listed]:
    """The papers of a body: held ones first, newest first."""
    works = seen.catalog.table.works
    found = [works[key] for key, owner in _owners(seen).items() if owner == code and key in works]
    return sorted(found, key=lambda work: (work.held, work.day), reverse=True)


def _newest_first(works: Mapping[str, Listed], key: str) -> tuple[str, str]:
    return (works[key].day, key)


def _incoming(called: list[_Called], works: Mapping[str, Listed]) -> list[tuple[str, list[_Called]]]:
    """Papers that are addressed or sent to the body, newest first; a paper's own duty stands first."""
    found: dict[str, list[_Called]] = defaultdict(list)
    for one in called:
        if one.duty.kind != "assignment":
            found[one.duty.work].append(one)
    for lines in found.values():
        lines.sort(key=lambda one: (one.duty.kind != "addressee", one.duty.phrase))
    return sorted(found.items(), key=lambda pair: _newest_first(works, pair[0]), reverse=True)


def _tasks(called: list[_Called], works: Mapping[str, Listed]) -> list[tuple[str, list[_Called]]]:
    """Tasks of the body by paper, newest first."""
    found: dict[str, list[_Called]] = defaultdict(list)
    for one in called:
        if one.duty.kind == "assignment":
            found[one.duty.work].append(one)
    return sorted(found.items(), key=lambda pair: _newest_first(works, pair[0]), reverse=True)


@router.get("/nhiem-vu")
@router.get("/nhiem-vu.csv")
def task_list(
    request: Request,
    q: Annotated[str, Query(max_length=200)] = "",
    role: Annotated[str, Query(pattern="^(lead|coordinate|advise|monitor|report_to|implement)?$")] = "",
    due: Annotated[str, Query(pattern="^(yes)?$")] = "",
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> Response:
    """Tasks that papers give, with whom they fall on and by when."""
    seen = visit(request)
    works = seen.catalog.table.works
    words = fold(q).split()
    found = [
        one
        for one in seen.once("tasks", lambda: _all_tasks(seen))
        if (not role or one.role == role)
        and (not due or one.due)
        and all(word in fold(f"{one.phrase} {one.words}") for word in words)
    ]
    if request.url.path.endswith(".csv"):
        rows = [_task_row(one, works) for one in found]
        return csv_response(rows, ("body", "role", "asked", "due", "task", "document", "issuer", "date", "page"),
                            "nhiem-vu.csv")  # fmt: skip
    return render(
        request, "tasks.html", works=works, q=q, role=role, due=due, page=page, total=len(found),
        pages=max(1, -(-len(found) // _PER_PAGE)), shown=found[(page - 1) * _PER_PAGE : page * _PER_PAGE],
        roles=("lead", "coordinate", "advise", "monitor", "report_to", "implement"), here=seen.with_query,
    )  # fmt: skip


def _all_tasks(seen: Visit) -> list[Duty]:
    works = seen.catalog.table.works
    found = [one for one in duties(seen.snapshot, seen.iris) if one.kind == "assignment" and one.work in works]
    return sorted(found, key=lambda one: (works[one.work].day, one.work, one.part), reverse=True)


def _task_row(one: Duty, works: Mapping[str, Listed]) -> dict[str, Any]:
    work = works[one.work].summary
    return {
        "body": one.phrase, "role": one.role, "asked": one.requested, "due": one.due, "task": one.words,
        "document": work.number or work.file, "issuer": work.issuer, "date": work.date,
        "page": work_url(one.work, at=f"part-{one.part}"),
    }  # fmt: skip


@router.get("/chi-tieu")
@router.get("/chi-tieu.csv")
def target_list(
    request: Request,
    q: Annotated[str, Query(max_length=200)] = "",
    unit: Annotated[str, Query(max_length=40)] = "",
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> Response:
    """Targets that papers set: indicator, figure, until when."""
    seen = visit(request)
    works = seen.catalog.table.works
    everything = seen.once("targets", lambda: _all_targets(seen))
    words = fold(q).split()
    found = [
        row
        for row in everything
        if (not unit or row["unit"] == unit) and all(word in fold(row["indicator"]) for word in words)
    ]
    if request.url.path.endswith(".csv"):
        rows = [row | {"document": works[row["work"]].summary.number, "page": work_url(row["work"])} for row in found]
        return csv_response(
            rows, ("indicator", "comparator", "value", "unit", "by", "document", "page"), "chi-tieu.csv"
        )
    units = [name for name, _ in Counter(row["unit"] for row in everything if row["unit"]).most_common(12)]
    return render(
        request, "targets.html", works=works, q=q, unit=unit, units=units, page=page, total=len(found),
        pages=max(1, -(-len(found) // _PER_PAGE)), shown=found[(page - 1) * _PER_PAGE : page * _PER_PAGE],
        here=seen.with_query,
    )  # fmt: skip


def _all_targets(seen: Visit) -> list[dict[str, Any]]:
    rows = seen.snapshot.query("SELECT DISTINCT ?w ?n ?i ?v { ?w vb:hasTarget ?n . ?n vb:indicator ?i ; vb:value ?v }")
    extra: dict[str, dict[str, str]] = defaultdict(dict)
    for name, predicate in (("comparator", "vb:comparator"), ("unit", "vb:unit"), ("by", "vb:due")):
        for row in seen.snapshot.query(f"SELECT DISTINCT ?n ?o {{ ?w vb:hasTarget ?n . ?n {predicate} ?o }}"):
            extra[str(row["n"])][name] = getattr(row["o"], "value", "")
    works = seen.catalog.table.works
    made = []
    for row in rows:
        key, node = seen.iris.key_of(str(row["w"])), str(row["n"])
        if key in works:
            told = extra[node]
            made.append(
                {"work": key, "part": node.rsplit("/", 1)[1], "indicator": getattr(row["i"], "value", ""),
                 "value": getattr(row["v"], "value", ""), "comparator": told.get("comparator"),
                 "unit": told.get("unit"), "by": told.get("by")}
            )  # fmt: skip
    return sorted(made, key=lambda row: (works[row["work"]].day, row["work"], row["indicator"]), reverse=True)

"""Calls × bodies for one area and year: who answered which call, on one sheet."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from api.covering import coverage_record
from kg import clock
from kg.errors import PolicyKGError

if TYPE_CHECKING:
    from kg.areas import Area
    from kg.catalog import Catalog
    from kg.reference import Reference

__all__ = ["MOST_CALLS", "area_named", "matrix_record"]

MOST_CALLS = 100
"""Calls of one sheet: a province issues thousands of papers a year, and each call is worked out by itself."""
_LEVELS = ("central", "province", "district", "commune")


def area_named(reference: Reference, named: str, year: int) -> Area:
    """The area that a person means, by code or by name, as it was in that year: "lai-chau", "tỉnh Lai Châu"."""
    area = reference.area(named)
    if area is not None:
        return reference.area_on(area.code, dt.date(year, 6, 30)) or area
    days = (dt.date(year, 6, 30), dt.date(year, 12, 31), None)
    found = next((areas for day in days if (areas := reference.find_areas(named, on=day))), ())
    if len(found) != 1 and not (found and found[0].level == "province"):
        raise PolicyKGError(
            f"Không xác định được địa bàn “{named}” năm {year}. Nêu tên đầy đủ (tỉnh Lai Châu) hoặc mã (lai-chau)."
        )
    return found[0]


def matrix_record(
    catalog: Catalog,
    named: str,
    year: int,
    reference: Reference,
    *,
    limit: int = MOST_CALLS,
    now: dt.datetime | None = None,
) -> dict[str, Any]:
    """The calls that the bodies of an area issued in a year, oldest first, each with one cell per body it obliges."""
    now = now or clock.now()
    area = area_named(reference, named, year)
    calls = _calls(catalog, area, year, reference)
    bodies: dict[str, dict[str, Any]] = {}
    rows = []
    for key in calls[:limit]:
        record = coverage_record(catalog, key, reference, now=now)
        cells = {}
        for row in record["addressees"]:
            if row["status"] != "not_obliged" and row["body"]:
                bodies.setdefault(row["body"]["code"], row["body"])
                cells[row["body"]["code"]] = _cell(row)
        if cells:
            rows.append({"call": record["call"], "sending_deadline": record["sending_deadline"],
                         "summary": record["summary"], "cells": cells})  # fmt: skip
    return {
        "area": {"code": area.code, "name": area.name},
        "year": year,
        "as_of": now.isoformat(timespec="minutes"),
        "bodies": sorted(bodies.values(), key=lambda body: _LEVELS.index(body["level"])),
        "rows": rows,
        "left_out": max(len(calls) - limit, 0),
    }


def _calls(catalog: Catalog, area: Area, year: int, reference: Reference) -> list[str]:
    """The held papers of the area's own bodies in that year that oblige somebody, by date."""
    duty = catalog.iris.thing("duty", "phai-thuc-hien")
    org = catalog.iris.thing("org", "")
    own = []
    for row in catalog.store.query(
        "SELECT DISTINCT ?w ?o { ?a vb:duty $d . ?w vb:addresses ?a ; eli:passed_by ?o }", bindings={"d": duty}
    ):
        key = catalog.iris.key_of(str(row["w"]))
        code = str(row["o"]).removeprefix(org)
        if key is not None and code.startswith(f"{area.code}.") and (body := reference.body(code)):
            own += [key] if body.area == area.code else []
    works = catalog.summaries(own)
    dated = [(work.date or work.date_latest or work.date_earliest, key) for key, work in works.items()]
    return [key for day, key in sorted((day, key) for day, key in dated if day and day.year == year)]


def _cell(row: dict[str, Any]) -> dict[str, Any]:
    first = row["documents"][0] if row["documents"] else None
    timed = first or row["confirmation"]
    return {
        "status": row["status"],
        "document": (first["number"] or first["file"]) if first else None,
        "iri": first["iri"] if first else None,
        "days": timed["days"] if timed and row["status"] in ("answered", "outside") else None,
        "late": row["late"],
    }

"""The trace of a directive as one stable record (DESIGN section 8), for the command line and HTTP alike."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from kg.cascade import CascadeLink, Evidence, Implementing, cascade, counts
from kg.catalog import Catalog
from kg.model import WorkSummary

__all__ = ["TRACE_COLUMNS", "summary_record", "trace_record", "trace_rows"]


def trace_record(catalog: Catalog, key: str) -> dict[str, Any]:
    """Every document that carries out the work ``key``, each with its strongest way and the quote of every hop."""
    rows = _quoted(catalog, cascade(key, partial(catalog.incoming, quotes=False)))
    passed = {hop.object for row in rows for hop in row.hops} | {row.work for row in rows} | {key}
    works = catalog.summaries(passed)
    return {
        "directive": summary_record(works[key]),
        "implementing": [_row(row, works) for row in rows if row.work in works],
        "counts": counts(row for row in rows if row.work in works),
    }


def _quoted(catalog: Catalog, rows: tuple[Implementing, ...]) -> list[Implementing]:
    """The rows with the first quote of each hop: only of the links that a way uses."""
    quotes = catalog.evidence({hop.id for row in rows for hop in row.hops if hop.id})
    first = {link: found[0] for link, found in quotes.items() if found}
    hops = {hop: replace(hop, evidence=first.get(hop.id or "")) for row in rows for hop in row.hops}
    return [replace(row, hops=tuple(hops[hop] for hop in row.hops)) for row in rows]


TRACE_COLUMNS = (
    "id", "number", "kind", "title", "issuer", "level", "date", "date_earliest", "date_latest", "how", "path",
    "relation", "weakest", "confidence", "quote", "page", "iri", "file",
)  # fmt: skip
"""What a trace has as a table."""


def trace_rows(record: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """A trace record as a table: one row for each document, with the sentence of its first hop."""
    for row in record["implementing"]:
        evidence = row["evidence"] or {}
        told = {name: row[name] for name in ("how", "relation", "weakest", "confidence")}
        yield {**row["document"], **told, "path": " → ".join(row["path"]), "quote": evidence.get("quote"),
               "page": evidence.get("page")}  # fmt: skip


def summary_record(work: WorkSummary) -> dict[str, Any]:
    """A work in one line; dates ISO, unknown null."""
    return {
        "id": work.iri.partition("/eli/vn/")[2],
        "iri": work.iri,
        "number": work.number,
        "kind": work.kind,
        "title": work.title,
        "issuer": work.issuer,
        "level": work.level,
        "date": _iso(work.date),
        "date_earliest": _iso(work.date_earliest),
        "date_latest": _iso(work.date_latest),
        "file": work.file,
    }


def _row(row: Implementing, works: dict[str, WorkSummary]) -> dict[str, Any]:
    first = row.hops[0]
    return {
        "document": summary_record(works[row.work]),
        "how": row.how,
        "path": [_name(works.get(key), key) for key in row.between],
        "hops": [_hop(hop, works) for hop in row.hops],
        "weakest": row.weakest,
        "relation": first.relation,
        "evidence": _evidence(first.evidence),
        "confidence": round(row.confidence, 3),
        "other_paths": row.other_paths,
    }


def _hop(hop: CascadeLink, works: dict[str, WorkSummary]) -> dict[str, Any]:
    return {
        "from": _name(works.get(hop.subject), hop.subject),
        "to": _name(works.get(hop.object), hop.object),
        "number": (work := works.get(hop.object)) and work.number,
        "relation": hop.relation,
        "confidence": round(hop.confidence, 3),
        "status": hop.status,
        "evidence": _evidence(hop.evidence),
    }


def _evidence(evidence: Evidence | None) -> dict[str, Any] | None:
    if evidence is None:
        return None
    return {"quote": evidence.quote, "start": evidence.start, "end": evidence.end, "page": evidence.page}


def _name(work: WorkSummary | None, key: str) -> str:
    """The number, or what else names a work that has none: its file, its title, its key."""
    if work is None:
        return key
    return work.number or work.file or work.title or key


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None

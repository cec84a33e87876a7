"""Links, bodies and what a document rests on, as the JSON API writes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any, Literal

from api.tracing import summary_record
from kg.catalog import Catalog
from kg.catalog_links import Basis, StatedLink, basis
from kg.model import WorkSummary
from kg.reference import Reference

__all__ = ["basis_record", "body_record", "citation_records", "work_record"]


def work_record(catalog: Catalog, key: str, known: Mapping[str, WorkSummary]) -> dict[str, Any]:
    """A work in one line; of one that is named but not described, its address alone."""
    summary = known.get(key)
    if summary is None:
        listed = catalog.table.works.get(key)
        summary = listed.summary if listed else WorkSummary(str(catalog.iris.work(key)), *[None] * 6)
    return summary_record(summary)


def citation_records(
    catalog: Catalog, links: Iterable[StatedLink], end: Literal["subject", "object"]
) -> list[dict[str, Any]]:
    """Links, each with the document at its other ``end``."""
    found = list(links)
    known = catalog.summaries(link.object if end == "object" else link.subject for link in found)
    return [
        {
            "id": link.id,
            "relation": link.relation,
            "document": work_record(catalog, link.object if end == "object" else link.subject, known),
            "confidence": round(link.confidence, 3),
            "status": link.status,
            "method": link.method,
            "place": link.place,
            "cue": link.cue,
            "evidence": [asdict(quote) for quote in link.quotes],
        }
        for link in found
    ]


def basis_record(catalog: Catalog, key: str, *, most: int) -> dict[str, Any]:
    """What a work rests on: the documents on the way, the links between them, every path to a root."""
    found: Basis = basis(catalog.store, catalog.iris, key, most=most)
    keys = {end for link in found.links for end in (link.subject, link.object)} | {key}
    known = catalog.summaries(keys)
    return {
        "document": work_record(catalog, key, known),
        "documents": [work_record(catalog, other, known) for other in sorted(keys - {key})],
        "links": [
            {
                "from": link.subject,
                "to": link.object,
                "relation": link.relation,
                "confidence": round(link.confidence, 3),
                "place": link.place,
                "evidence": [asdict(quote) for quote in link.quotes],
            }
            for link in sorted(found.links, key=lambda link: (link.subject, link.object))
        ],
        "paths": [list(path) for path in found.paths],
        "roots": sorted({path[-1] for path in found.paths}),
        "truncated": found.cut,
    }


def body_record(catalog: Catalog, reference: Reference, code: str, documents: int) -> dict[str, Any] | None:
    """One body; None for a code that means none."""
    body = reference.body(code)
    if body is None:
        return None
    return {
        "code": code,
        "iri": str(catalog.iris.thing("org", code)),
        "name": body.name,
        "level": body.level,
        "area": body.area,
        "parent": body.parent,
        "valid_from": body.valid_from.isoformat() if body.valid_from else None,
        "valid_to": body.valid_to.isoformat() if body.valid_to else None,
        "predecessors": list(reference.predecessors(code)),
        "successors": [name for name in body.successors if reference.body(name)],
        "documents": documents,
    }

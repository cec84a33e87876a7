"""How the tests of citations ask: a text of our own, the little a layout would say of it, the citations found."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Any

from ingest.citations import find_citations
from kg.model import Citation, Layout, Metadata, Span
from kg.reference import load_reference

__all__ = ["DISTRICT", "PROVINCE", "cites", "day", "layout_of", "numbered", "one"]

PROVINCE: dict[str, Any] = {"province": "lai-chau", "level": "province", "owner": "lai-chau.ubnd"}
DISTRICT: dict[str, Any] = {
    "province": "lai-chau",
    "district": "lai-chau.tam-duong",
    "level": "district",
    "owner": "lai-chau.tam-duong.ubnd",
}


def layout_of(text: str, *, header: int = 0, opening: int = 0, **metadata: Any) -> Layout:
    """A layout with the given ends of header and opening; everything else is body."""
    end = len(text)
    return Layout(
        header=Span(0, header),
        opening=Span(header, max(header, opening)),
        body=Span(header, end),
        closing=Span(end, end),
        annex=None,
        metadata=Metadata(**metadata),
    )


def cites(text: str, *, header: int = 0, opening: int = 0, **metadata: Any) -> tuple[Citation, ...]:
    """The citations of ``text``; each is checked to be what stands at its span."""
    found = find_citations(text, layout_of(text, header=header, opening=opening, **metadata), reference())
    for citation in found:
        assert citation.span.of(text) == citation.surface
    return found


def numbered(text: str, **metadata: Any) -> list[Citation]:
    """Those with a number."""
    return [citation for citation in cites(text, **metadata) if citation.number]


def one(text: str, **metadata: Any) -> Citation:
    """The only numbered citation of ``text``."""
    found = numbered(text, **metadata)
    assert len(found) == 1, [citation.surface for citation in found]
    return found[0]


@cache
def reference() -> Any:
    """The reference data, read once."""
    return load_reference()


def day(iso: str | None) -> dt.date | None:
    """A date from its ISO form."""
    return dt.date.fromisoformat(iso) if iso else None

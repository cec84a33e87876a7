"""The forms in which SPARQL answers are written, by short name and by media type, and the choice among them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

__all__ = ["GRAPHS", "NAMES", "SOLUTIONS", "Choice", "by_name", "choose", "negotiate"]

SOLUTIONS: Mapping[str, str] = {
    "json": "application/sparql-results+json",
    "xml": "application/sparql-results+xml",
    "csv": "text/csv; charset=utf-8",
    "tsv": "text/tab-separated-values; charset=utf-8",
}
"""For SELECT and ASK: short name → media type."""

GRAPHS: Mapping[str, str] = {
    "ttl": "text/turtle; charset=utf-8",
    "nt": "application/n-triples",
    "rdfxml": "application/rdf+xml",
    "jsonld": "application/ld+json",
}
"""For CONSTRUCT and DESCRIBE: short name → media type."""

# What clients also ask for when they mean one of these. text/html is not among them: the editor is another answer.
_ALSO: Mapping[str, tuple[str | None, str | None]] = {
    "application/json": ("json", "jsonld"),
    "text/json": ("json", "jsonld"),
    "application/xml": ("xml", "rdfxml"),
    "text/xml": ("xml", "rdfxml"),
    "application/x-turtle": (None, "ttl"),
    "text/plain": ("tsv", "nt"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """Short names, one for each kind of answer; None where the client takes no form that such an answer has."""

    solutions: str | None
    graph: str | None


_BY_NAME: Mapping[str, Choice] = {
    "table": Choice("json", "ttl"),
    "json": Choice("json", "jsonld"),
    "xml": Choice("xml", "rdfxml"),
    "csv": Choice("csv", None),
    "tsv": Choice("tsv", None),
    "ttl": Choice(None, "ttl"),
    "nt": Choice(None, "nt"),
    "rdfxml": Choice(None, "rdfxml"),
    "jsonld": Choice(None, "jsonld"),
}
NAMES = tuple(_BY_NAME)
"""What ``kg sparql --format`` takes. "table" is for people: JSON to be laid out, or Turtle."""


def by_name(name: str) -> Choice:
    """The forms meant by a short name: "json" is SPARQL JSON results, and JSON-LD for a graph."""
    return _BY_NAME[name]


_RANGE = re.compile(r"\s*([\w!#$&^.+*-]+/[\w!#$&^.+*-]+)\s*(?:;([^,]*))?")


@lru_cache(maxsize=256)
def negotiate(accept: str | None) -> Choice:
    """The best forms for an Accept header: "text/csv;q=0.5, */*;q=0.1" → Choice("csv", "ttl").

    Without a header, or with ``*/*``: JSON and Turtle. Of equal weights the one named first wins, as our own order
    does within a wildcard. A range that cannot be read is passed over.
    """
    if accept is None or not accept.strip():
        return Choice("json", "ttl")
    ranges = _ranges(accept)
    return Choice(_best(ranges, SOLUTIONS, 0), _best(ranges, GRAPHS, 1))


def choose(accept: str | None, forms: Mapping[str, str]) -> str | None:
    """The best of ``forms`` (short name → media type) for an Accept header; without one, or among equals, the first.

    None when the client takes none of them.
    """
    if accept is None or not accept.strip():
        return next(iter(forms))
    return _best(_ranges(accept), forms, 1)


def _ranges(accept: str) -> list[tuple[str, float]]:
    ranges: list[tuple[str, float]] = []
    for part in accept.split(","):
        match = _RANGE.fullmatch(part)
        weight = _weight(match[2] or "") if match else None
        if match and weight is not None:
            ranges.append((match[1].lower(), weight))
    return ranges


def _weight(parameters: str) -> float | None:
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "q":
            try:
                return min(max(float(value.strip()), 0.0), 1.0)
            except ValueError:
                return None
    return 1.0


def _best(ranges: list[tuple[str, float]], forms: Mapping[str, str], side: int) -> str | None:
    """For each form the most specific range that covers it gives its weight (RFC 9110, 12.5.1)."""
    best: tuple[float, int, str] | None = None
    owned = {media.partition(";")[0] for media in forms.values()}  # these mean what they say
    for name, media in forms.items():
        own = media.partition(";")[0]
        names = [own, *(also for also, sides in _ALSO.items() if sides[side] == name and also not in owned)]
        covering = [
            (specific, weight, -place)
            for place, (asked, weight) in enumerate(ranges)
            if (specific := _specific(asked, names)) is not None
        ]
        if not covering:
            continue
        top = max(specific for specific, _, _ in covering)
        weight, place = max((weight, place) for specific, weight, place in covering if specific == top)
        if weight > 0 and (best is None or (weight, place) > best[:2]):
            best = (weight, place, name)
    return best[2] if best else None


def _specific(asked: str, names: list[str]) -> int | None:
    if asked in names:
        return 2
    kind, _, sub = asked.partition("/")
    if sub == "*":
        if kind == "*":
            return 0
        if names[0].startswith(f"{kind}/"):
            return 1
    return None

"""Mentions → facts of one document: what is said several times is listed once, with its fullest saying.

The extraction keeps a mention for every place; readers of a record count facts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from rapidfuzz import fuzz

from ingest.gatherings import SAME_EVENT, theme_of
from kg.identifiers import fold
from kg.model import Anniversary, Campaign

__all__ = ["distinct_anniversaries", "distinct_campaigns"]

_STRENGTH = {"launches": 0, "continues": 1, "mentions": 2}


def distinct_campaigns(mentions: Iterable[Campaign]) -> list[Campaign]:
    """One entry per theme: its strongest role, the first place it is said in that role, what any place adds."""
    found: dict[str, Campaign] = {}
    for mention in mentions:
        theme = theme_of(mention.name)
        known = found.get(theme)
        if known is None:
            found[theme] = mention
            continue
        first, other = (known, mention) if _STRENGTH[known.role] <= _STRENGTH[mention.role] else (mention, known)
        found[theme] = replace(
            first,
            launched_by=first.launched_by or other.launched_by,
            launched_at=first.launched_at or other.launched_at,
            start_date=first.start_date or other.start_date,
            until=first.until or other.until,
        )
    return list(found.values())


def distinct_anniversaries(mentions: Iterable[Anniversary]) -> list[Anniversary]:
    """One entry per event and number of years; an undated saying of a dated one is left out."""
    found: list[Anniversary] = []
    for mention in sorted(mentions, key=lambda item: (item.origin is None, item.span.start)):
        if not any(_same(mention, known) for known in found):
            found.append(mention)
    return sorted(found, key=lambda item: item.span.start)


def _same(mention: Anniversary, known: Anniversary) -> bool:
    if mention.years != known.years or (mention.origin is not None and mention.origin != known.origin):
        return False
    return mention.origin == known.origin is not None or (
        fuzz.token_set_ratio(fold(mention.event), fold(known.event)) >= SAME_EVENT
    )

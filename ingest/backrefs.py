"""Mentions that point."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.drafts import Draft, Page
from ingest.lexicon import DEIXIS
from ingest.numbered import label_of
from kg.model import Layout

__all__ = ["declared_names", "pointing_mention", "settle_antecedents"]


def pointing_mention(page: Page, match: re.Match[str], layout: Layout) -> Draft | None:
    """ "Kế hoạch này" (self), "Chương trình hành động trên" (back)."""
    word = " ".join(page.text[match.start("deixis") : match.end("deixis")].lower().split())
    way = DEIXIS.get(word)
    label = label_of(match["kind"])
    if way is None or label is None:
        return None
    return Draft(match.start(), match.end(), match.end(), "self" if way == "self" else "backref", kind=label)


def declared_names(page: Page, drafts: list[Draft]) -> list[Draft]:
    return drafts


def settle_antecedents(page: Page, drafts: Sequence[Draft]) -> list[Draft]:
    return list(drafts)

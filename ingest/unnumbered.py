"""Mentions by name."""

from __future__ import annotations

import re

from ingest.drafts import Draft, Page
from kg.model import Layout
from kg.reference import Reference

__all__ = ["named_mention"]


def named_mention(
    page: Page, match: re.Match[str], layout: Layout, reference: Reference, *, nested: bool = False
) -> Draft | None:
    return None

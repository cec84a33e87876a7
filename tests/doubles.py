"""Documents built by hand, for tests of what comes after reading."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from kg.model import Campaign, CanonicalText, Citation, Document, Layout, Metadata, Span
from kg.works import HeldFile

__all__ = ["cite", "held"]


def cite(surface: str, **fields: Any) -> Citation:
    """A citation whose span is set when the document is built."""
    return Citation(span=Span(0, 0), surface=surface, form=fields.pop("form", "full"), confidence=0.95, **fields)


def held(
    name: str,
    metadata: Metadata,
    citations: Sequence[Citation] = (),
    campaigns: Sequence[Campaign] = (),
    body: str = "",
) -> HeldFile:
    """A held file whose text is one sentence per citation, so that every span is its surface."""
    text, placed = "", []
    for citation in citations:
        start = len(text) + len("Thực hiện ")
        text += f"Thực hiện {citation.surface}.\n"
        placed.append(replace(citation, span=Span(start, start + len(citation.surface))))
    text += body or name
    sha = hashlib.sha256(f"{name}{text}{metadata}".encode()).hexdigest()
    span = Span(0, len(text))
    document = Document(
        file=name,
        sha256=sha,
        media_type="text/plain",
        text=CanonicalText(text, hashlib.sha256(text.encode()).hexdigest()),
        layout=Layout(Span(0, 0), span, span, Span(len(text), len(text)), None, metadata),
        citations=tuple(placed),
        campaigns=tuple(campaigns),
    )
    return HeldFile(sha, (name,), document)


def day(iso: str) -> dt.date:
    """A date from its ISO form."""
    return dt.date.fromisoformat(iso)

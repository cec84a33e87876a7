"""Layouts for tests of the fact finders: the whole text is body, unless an annex is cut off by "PHỤ LỤC"."""

from __future__ import annotations

from dataclasses import replace

from kg.model import Layout, Metadata, Span


def whole(text: str, **metadata: object) -> Layout:
    """A layout in which all of ``text`` is body; an annex starts at a line "PHỤ LỤC"."""
    cut = text.find("\nPHỤ LỤC")
    end = cut + 1 if cut >= 0 else len(text)
    body = Span(0, end)
    annex = Span(end, len(text)) if cut >= 0 else None
    known = replace(Metadata(), **metadata)  # type: ignore[arg-type]
    return Layout(Span(0, 0), body, body, Span(end, end), annex, known)

"""Held documents by number, IRI or file name, as a caller may see them.

Anonymous callers get no internal document, and in public ones every word that names an internal document is blackened,
in the text and in all that was read from it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import msgspec

from ingest.pipeline import Folders
from kg.errors import NumberNotFound, TextNotHeld, WorkspaceError
from kg.model import Document, Span, WorkSummary
from kg.reference import Reference, load_reference
from kg.terms import Lit
from kg.visibility import blacken, masks

if TYPE_CHECKING:
    from api.workspace import Workspace

__all__ = ["HeldTexts"]

T = TypeVar("T")


@lru_cache(maxsize=64)
def _decoded(path: Path, stamp: int) -> Document:
    return msgspec.json.decode(path.read_bytes(), type=Document)


class HeldTexts:
    """The documents of one snapshot of a workspace; ``public``: as anonymous callers may see them."""

    def __init__(self, workspace: Workspace, *, public: bool = False) -> None:
        self.catalog = workspace.catalog(public=public)
        self._folders = Folders(workspace.root)
        hides = public and workspace.snapshot(public=True).current.public is not None
        self._masks = masks(workspace.snapshot(), self.catalog.iris) if hides else {}

    @property
    def reference(self) -> Reference:
        """Areas and bodies, with the installation's own."""
        return load_reference(self._folders.reference)

    def key(self, said: str) -> str:
        """The key of the one work that a number, an IRI or the name of a held file means.

        Raises AmbiguousNumber or NumberNotFound.
        """
        try:
            return self.catalog.find(said)
        except NumberNotFound:
            rows = self.catalog.store.query(
                "SELECT DISTINCT ?w { ?f vb:fileName $n . ?w vb:file ?f }", bindings={"n": Lit(said)}
            )
            keys = {key for row in rows if (key := self.catalog.iris.key_of(str(row["w"])))}
            if len(keys) != 1:
                raise
            return keys.pop()

    def summary(self, key: str) -> WorkSummary:
        """The work in one line."""
        return self.catalog.summaries([key])[key]

    def document(self, key: str) -> Document:
        """What was read from the preferred file of a work. Raises TextNotHeld for one that is only cited."""
        rows = self.catalog.store.query(
            "SELECT ?h { $w vb:file ?f . ?f vb:preferred true ; vb:sha256 ?h }",
            bindings={"w": self.catalog.iris.work(key)},
        )
        if not rows:
            raise TextNotHeld(self.summary(key).number or key)
        sha = str(getattr(rows[0]["h"], "value", ""))
        path = self._folders.document(sha)
        try:
            found = _decoded(path, path.stat().st_mtime_ns)
        except OSError as error:
            raise WorkspaceError(f"Kho thiếu nội dung đã đọc của tệp {sha[:16]}. Hãy nạp lại: kg ingest.") from error
        pattern = self._masks.get(key)
        return found if pattern is None else _blackened(found, pattern)


def _blackened(document: Document, pattern: re.Pattern[str]) -> Document:
    """The document without the words that name internal ones; what was read from such words goes."""
    text = blacken(document.text.text, pattern)

    def shows(span: Span) -> bool:
        return span.of(text) == span.of(document.text.text)

    def kept(items: tuple[T, ...], span: Callable[[T], Span]) -> tuple[T, ...]:
        return tuple(item for item in items if shows(span(item)))

    return replace(
        document,
        text=replace(document.text, text=text),
        outline=tuple(replace(section, heading=blacken(section.heading, pattern)) for section in document.outline),
        citations=kept(document.citations, lambda item: item.span),
        campaigns=kept(document.campaigns, lambda item: item.span),
        anniversaries=kept(document.anniversaries, lambda item: item.span),
        assignments=kept(document.assignments, lambda item: item.span),
        targets=kept(document.targets, lambda item: item.span),
        deadlines=kept(document.deadlines, lambda item: item.span),
    )

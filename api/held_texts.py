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
from kg.iris import Iris
from kg.model import Document, Section, Span, WorkSummary
from kg.reference import Reference, load_reference
from kg.terms import Lit
from kg.visibility import Masks, blacken, masks

if TYPE_CHECKING:
    from api.workspace import Workspace
    from kg.catalog import Catalog

__all__ = ["HeldTexts", "hidden_words"]

T = TypeVar("T")


@lru_cache(maxsize=64)
def _decoded(path: Path, stamp: int) -> Document:
    return msgspec.json.decode(path.read_bytes(), type=Document)


class HeldTexts:
    """The documents of one snapshot of a workspace; ``public``: as anonymous callers may see them.

    ``catalog`` and ``hidden`` (what ``hidden_words`` gave) may be handed in by a caller who has them already.
    """

    def __init__(
        self, workspace: Workspace, *, public: bool = False, catalog: Catalog | None = None, hidden: Masks | None = None
    ) -> None:
        self.catalog = catalog or workspace.catalog(public=public)
        self._folders = Folders(workspace.root)
        self._masks = hidden_words(workspace, public=public) if hidden is None else hidden

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
        found = self.content(str(getattr(rows[0]["h"], "value", "")))
        pattern = self._masks.get(key)
        return found if pattern is None else _blackened(found, pattern)

    def content(self, sha256: str) -> Document:
        """What was read from one content, nothing blackened: the caller shows of it what ``text`` and ``outline`` give.

        The caller must have found ``sha256`` in what it may see. Raises WorkspaceError when the reading is gone.
        """
        path = self._folders.document(sha256)
        try:
            return _decoded(path, path.stat().st_mtime_ns)
        except OSError as error:
            raise WorkspaceError(f"Kho thiếu nội dung đã đọc của tệp {sha256[:16]}. Hãy nạp lại: kg ingest.") from error

    def hides_words(self, key: str) -> bool:
        """Whether the document names an internal one, so that its file may not be given out."""
        return key in self._masks

    def text(self, key: str, document: Document) -> str:
        """The canonical text, of the same length, with the numbers of internal documents as blocks."""
        return blacken(document.text.text, self._masks.get(key))

    def outline(self, key: str, document: Document) -> tuple[Section, ...]:
        """The outline with headings as the caller may read them."""
        pattern = self._masks.get(key)
        return document.outline if pattern is None else _outline(document, pattern)


def hidden_words(workspace: Workspace, *, public: bool) -> Masks:
    """What anonymous callers must not read in public documents; nothing where no document is internal."""
    if not public or workspace.snapshot(public=True).current.public is None:
        return {}
    snapshot = workspace.snapshot()
    return masks(snapshot, Iris(snapshot.current.base))


def _outline(document: Document, pattern: re.Pattern[str]) -> tuple[Section, ...]:
    return tuple(replace(section, heading=blacken(section.heading, pattern)) for section in document.outline)


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
        outline=_outline(document, pattern),
        citations=kept(document.citations, lambda item: item.span),
        campaigns=kept(document.campaigns, lambda item: item.span),
        anniversaries=kept(document.anniversaries, lambda item: item.span),
        assignments=kept(document.assignments, lambda item: item.span),
        targets=kept(document.targets, lambda item: item.span),
        deadlines=kept(document.deadlines, lambda item: item.span),
    )

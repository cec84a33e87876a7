"""Texts of held documents as a caller may see them: the cached reading of a file, internal numbers blackened."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import msgspec

from api.pages.visit import Visit
from ingest.pipeline import Folders
from kg.errors import WorkspaceError
from kg.model import Document, Section
from kg.visibility import Masks, blacken, masks

__all__ = ["hides_words", "read_text", "visible_outline", "visible_text"]


@lru_cache(maxsize=64)
def _decoded(path: Path, stamp: int) -> Document:
    return msgspec.json.decode(path.read_bytes(), type=Document)


def read_text(seen: Visit, sha256: str) -> Document:
    """What was read from one content. The caller must have found ``sha256`` in what it may see."""
    path = Folders(seen.workspace.root).document(sha256)
    try:
        return _decoded(path, path.stat().st_mtime_ns)
    except OSError as error:
        raise WorkspaceError(f"Kho thiếu nội dung đã đọc của tệp {sha256[:16]}. Hãy nạp lại: kg ingest.") from error


def _masks(seen: Visit) -> Masks:
    """What anonymous callers must not read in public documents; nothing where no document is internal."""
    if not seen.public or seen.snapshot.current.public is None:
        return {}
    return seen.once("masks", lambda: masks(seen.workspace.snapshot(), seen.iris))


def hides_words(seen: Visit, key: str) -> bool:
    """Whether the document names an internal one, so that its file may not be given out."""
    return key in _masks(seen)


def visible_text(seen: Visit, key: str, document: Document) -> str:
    """The canonical text, of the same length, with the numbers of internal documents as blocks."""
    return blacken(document.text.text, _masks(seen).get(key))


def visible_outline(seen: Visit, key: str, document: Document) -> tuple[Section, ...]:
    """The outline with headings as the caller may read them."""
    black = _masks(seen).get(key)
    if black is None:
        return document.outline
    return tuple(replace(section, heading=blacken(section.heading, black)) for section in document.outline)

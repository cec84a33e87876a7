"""How a person names things: a file by name or hash, a work by number, key or address, a place by its words."""

from __future__ import annotations

import re

import msgspec

from ingest.pipeline import Folders
from kg.catalog import Catalog
from kg.errors import PolicyKGError, RequestError
from kg.identifiers import parse_number
from kg.iris import Iris
from kg.model import Document, Span
from kg.store import GraphStore
from kg.terms import Lit
from kg.works import Quote

__all__ = ["held_document", "held_hashes", "quote_in_text", "work_key_of"]

_KEY = re.compile(r"[a-z0-9.-]+/[a-z0-9-]+/\d{4}(?:-qppl)?/[a-z0-9-]+|file/[0-9a-f]{16}|ten/[a-z0-9-]+")
_HASH = re.compile(r"[0-9a-f]{8,64}")


def held_hashes(store: GraphStore, iris: Iris, name: str) -> list[str]:
    """The content hashes that a person means: a file name, the start of a hash, a work's key, number or IRI."""
    wanted = name.removeprefix("file/") if name.startswith("file/") else name
    rows = store.query("SELECT DISTINCT ?h { ?f vb:fileName $n ; vb:sha256 ?h }", bindings={"n": Lit(name)})
    if not rows and _HASH.fullmatch(wanted):
        rows = store.query(
            "SELECT DISTINCT ?h { ?f a eli:Format ; vb:sha256 ?h . FILTER(STRSTARTS(?h, $n)) }",
            bindings={"n": Lit(wanted)},
        )
    if not rows and (_KEY.fullmatch(name) or "://" in name or parse_number(name)):
        try:
            key, _ = work_key_of(store, iris, name)
        except PolicyKGError:
            return []
        rows = store.query("SELECT DISTINCT ?h { $w vb:file/vb:sha256 ?h }", bindings={"w": iris.work(key)})
    return sorted(row["h"].value for row in rows if isinstance(row["h"], Lit))


def work_key_of(store: GraphStore, iris: Iris, named: str) -> tuple[str, str | None]:
    """The key of a work and its printed number. A key that is not known yet is taken as it is: a person says so."""
    catalog = Catalog(store, iris)
    known = catalog.key_of(str(iris.work(named))) or named if _KEY.fullmatch(named) else None
    key = known or catalog.find(named)
    summary = catalog.summaries([key]).get(key)
    return key, summary.number if summary else None


def held_document(folders: Folders, sha256: str) -> Document | None:
    """What was read from one held content; None when it is not held."""
    path = folders.document(sha256)
    return msgspec.json.decode(path.read_bytes(), type=Document) if path.exists() else None


def quote_in_text(folders: Folders, sha256: str | None, quote: str) -> Quote:
    """The place of ``quote`` in a held text, white space apart. Raises PolicyKGError when it does not stand there."""
    document = held_document(folders, sha256) if sha256 else None
    words = quote.split()
    if document is None or not words:
        raise RequestError("Không có toàn văn để tìm câu trích; hãy nạp tệp của văn bản viện dẫn trước.")
    text = document.text
    found = re.search(r"\s+".join(map(re.escape, words)), text.text)
    if found is None:
        raise RequestError(f"Câu trích “{quote[:80]}” không có trong văn bản viện dẫn.")
    span = Span(*found.span())
    place = "opening" if document.layout.opening.start <= span.start < document.layout.opening.end else "body"
    return Quote(text.sha256, span, span.of(text.text), span, text.page_of(span.start), place, None, 1.0)

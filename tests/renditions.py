"""The samples as their texts, what each says when read, and what a scan of it says."""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import making

from ingest.document import document_from_source
from ingest.readers import read_bytes
from kg.identifiers import fold
from kg.model import Document
from kg.reference import load_reference

__all__ = ["NAMES", "SECRET", "cited", "essence", "meant", "read", "scanned", "texts"]

SAMPLES = Path(__file__).resolve().parents[1] / "samples"
REFERENCE = load_reference(SAMPLES / "documents" / "reference.ttl")
SECRET = "18-van-ban-co-dau-mat.txt"


@cache
def texts() -> dict[str, str]:
    """The text of every sample, also of those that are kept as PDF and Word."""
    found = [*SAMPLES.glob("documents/*.txt"), *SAMPLES.glob("documents/*.md"), *SAMPLES.glob("sources/*.txt")]
    return {path.name: path.read_text("utf-8-sig") for path in sorted(found, key=lambda path: path.name)}


NAMES = [name for name in texts() if name != SECRET]


def read(data: bytes, name: str) -> Document:
    return document_from_source(read_bytes(data, name), REFERENCE)


@cache
def meant(name: str) -> Document:
    return read(texts()[name].encode(), name)


def essence(document: Document, *, folded: bool = False) -> dict[str, Any]:
    """All that a document says, without places in its text."""

    def word(text: str | None) -> str | None:
        return fold(text) if folded and text else text

    said = document.metadata
    return {
        "identity": (word(said.kind), said.number, said.symbol, said.date, said.month, said.owner, said.level),
        "issuer": word(said.issuer),
        "title": word(said.title),
        "signer": word(said.signer.name) if said.signer else None,
        "addressees": [(word(one.name), one.duty) for one in said.addressees],
        "recipients": [(word(one.name), one.duty) for one in said.recipients],
        "citations": [(one.form, one.number, one.date, one.relation, one.owner) for one in document.citations],
        "campaigns": [(word(one.name), one.role) for one in document.campaigns],
        "anniversaries": [(one.years, one.origin, one.commemorated) for one in document.anniversaries],
        "assignments": [(word(one.body), one.role) for one in document.assignments],
        "targets": [(one.value, one.unit, one.comparator) for one in document.targets],
        "deadlines": [(one.kind, one.date) for one in document.deadlines],
    }


def cited(document: Document) -> Counter[tuple[Any, ...]]:
    """What a document cites: how, which number, of which day."""
    return Counter((one.form, one.number, one.date) for one in document.citations)


@cache
def scanned(name: str, dpi: int = 200) -> Document:
    """A sample printed, scanned and read by OCR."""
    return read(making.scan_of(making.pictures_of(making.pdf_of(texts()[name]), dpi), dpi), "quet")

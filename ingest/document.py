"""One file → one Document: read, tidy, lay out, find. Nothing here looks at any other file."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

from ingest.annexes import find_annex_assignments, missing_annexes
from ingest.anniversaries import find_anniversaries
from ingest.assignments import find_assignments
from ingest.campaigns import find_campaigns
from ingest.canonical import canonicalise
from ingest.citations import find_citations
from ingest.deadlines import find_deadlines
from ingest.layout import read_layout
from ingest.readers import read
from ingest.secrecy import check_secrecy
from ingest.structure import outline
from ingest.targets import find_targets
from kg.model import Document, SourceText
from kg.reference import Reference

__all__ = ["PARSER_VERSION", "document_from_source", "read_document"]

PARSER_VERSION = 2
"""Raise it with every change of reading or finding that changes results: cached documents are then read again."""


def read_document(path: Path, reference: Reference) -> Document:
    """Reads one file. Raises ReadError (unreadable) or RefusedFile (secrecy mark), both naming the file."""
    return document_from_source(read(path), reference)


def document_from_source(source: SourceText, reference: Reference) -> Document:
    """All that the text of one file says, with offsets into its canonical text."""
    canonical = canonicalise(source)
    text = canonical.text
    # Evidence points at a text, and new rules may tidy the same file differently: the text is named by its own hash.
    canonical = replace(canonical, sha256=hashlib.sha256(text.encode()).hexdigest())
    layout = read_layout(canonical, reference)
    scanned = any(confidence is not None for confidence in source.page_confidence)
    check_secrecy(canonical, layout, source.path, scanned=scanned)
    sections = outline(text, layout)
    return Document(
        file=source.path,
        sha256=source.sha256,
        media_type=source.media_type,
        text=canonical,
        layout=layout,
        outline=sections,
        citations=find_citations(text, layout, reference),
        campaigns=find_campaigns(text, layout),
        anniversaries=find_anniversaries(text, layout),
        assignments=(*find_assignments(text, layout, sections), *find_annex_assignments(text, layout)),
        targets=find_targets(text, layout),
        deadlines=find_deadlines(text, layout),
        issues=(*source.issues, *layout.issues, *missing_annexes(text, layout)),
        evidence=source.evidence,
        page_confidence=source.page_confidence,
    )

"""The JSON line of ``kg extract``: one stable shape for one file (DESIGN section 8). Unknown is null."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from ingest.claims import date_bounds
from ingest.distinct import distinct_anniversaries, distinct_campaigns
from kg.model import Citation, Document, Metadata, Span

__all__ = ["extraction_record"]


def extraction_record(document: Document, *, with_text: bool = False) -> dict[str, Any]:
    """The record of one document; ``with_text`` adds the canonical text that the offsets index."""
    record: dict[str, Any] = {
        "file": document.file,
        "text_sha256": document.text.sha256,
        "document": _metadata(document),
        "citations": [_citation(document, citation) for citation in document.citations],
        "campaigns": [
            {
                "name": campaign.name,
                "role": campaign.role,
                "launched_by": campaign.launched_by,
                "launched_at": campaign.launched_at,
                "until": _iso(campaign.until),
                **_span(campaign.span),
            }
            for campaign in distinct_campaigns(document.campaigns)
        ],
        "anniversaries": [
            {
                "years": anniversary.years,
                "event": anniversary.event,
                "origin": _iso(anniversary.origin),
                "commemorated": _iso(anniversary.commemorated),
                **_span(anniversary.span),
            }
            for anniversary in distinct_anniversaries(document.anniversaries)
        ],
        "assignments": [
            {
                "body": assignment.body,
                "role": assignment.role,
                "requested": assignment.requested,
                "by": assignment.by,
                "surface": assignment.surface,
                **_span(assignment.span),
            }
            for assignment in document.assignments
        ],
        "targets": [
            {
                "indicator": target.indicator,
                "comparator": target.comparator,
                "value": target.value,
                "unit": target.unit,
                "by": target.by,
                "surface": target.surface,
                **_span(target.span),
            }
            for target in document.targets
        ],
        "deadlines": [
            {"kind": deadline.kind, "date": deadline.date, "surface": deadline.surface, **_span(deadline.span)}
            for deadline in document.deadlines
        ],
        "warnings": [
            {"severity": issue.severity, "code": issue.code, "message": issue.message, "place": issue.place}
            for issue in document.issues
        ],
    }
    if with_text:
        record["text"] = document.text.text
    return record


def _metadata(document: Document) -> dict[str, Any]:
    metadata: Metadata = document.metadata
    signer = metadata.signer

    earliest, latest = date_bounds(document)
    return {
        "kind": metadata.kind,
        "number": metadata.number,
        "symbol": metadata.symbol,
        "date": _iso(metadata.date),
        "date_earliest": _iso(earliest),
        "date_latest": _iso(latest),
        "month": metadata.month,
        "place": metadata.place,
        "issuer": metadata.issuer,
        "level": metadata.level,
        "title": metadata.title,
        "signer": None
        if signer is None
        else {
            "name": signer.name,
            "position": signer.position,
            "on_behalf_of": signer.on_behalf_of,
            "acting_for": signer.acting_for,
            "by_order": signer.by_order,
        },
        "addressees": [addressee.name for addressee in metadata.addressees],
        "recipients": [recipient.name for recipient in metadata.recipients],
    }


def _citation(document: Document, citation: Citation) -> dict[str, Any]:
    text = document.text
    return {
        "surface": citation.surface,
        **_span(citation.span),
        "source_start": text.to_source(citation.span.start),
        "source_end": text.to_source(max(citation.span.end - 1, 0)) + 1,
        "page": text.page_of(citation.span.start),
        "form": citation.form,
        "kind": citation.kind,
        "number": citation.number,
        "date": _iso(citation.date),
        "issuer": citation.issuer,
        "resolved_issuer": citation.resolved_issuer,
        "issuer_evidence": citation.issuer_evidence,
        "relation": citation.relation,
        "cue": citation.cue,
        "place": citation.place,
        "part": citation.part,
        "subject": citation.subject,
        "name": citation.name,
        "confidence": round(citation.confidence, 3),
    }


def _span(span: Span) -> Mapping[str, int]:
    return {"start": span.start, "end": span.end}


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None

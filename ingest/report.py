"""What became of each file, and of the whole run: for people, for ``--report`` and for ``kg status``."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

from ingest.ledger import ContentRow
from ingest.readers.content import LABELS
from kg.works import Resolution

__all__ = ["FileReport", "FileStatus", "IngestReport", "finish_report", "of_content", "outcomes_of", "totals_of"]

FileStatus = Literal["new", "updated", "unchanged", "refused", "failed", "removed"]


@dataclass(frozen=True, slots=True)
class FileReport:
    """One line of the report: what became of one file, and why.

    ``ocr`` holds {"page", "confidence"} for each page that OCR read; ``identity`` says how the number is known
    ("stated", "inferred", "human"); ``notes`` are of interest, ``warnings`` need a look.
    """

    file: str
    status: FileStatus
    code: str = "ok"
    message: str = ""
    format: str | None = None
    media_type: str | None = None
    pages: int | None = None
    ocr: tuple[Mapping[str, float], ...] = ()
    encoding: str | None = None
    kind: str | None = None
    number: str | None = None
    date: str | None = None
    issuer: str | None = None
    identity: str | None = None
    citations: int = 0
    resolved: int = 0
    unresolved: int = 0
    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    source: str | None = None
    sha256: str | None = None
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class IngestReport:
    """The whole run: every file with its line, and the totals."""

    files: tuple[FileReport, ...]
    seconds: float
    works: int = 0
    stubs: int = 0
    links: int = 0
    unresolved: int = 0
    open_identities: int = 0
    changed: bool = False
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def clean(self) -> bool:
        """True when every file was taken in."""
        return not any(file.status in ("failed", "refused") for file in self.files)

    def record(self) -> dict[str, Any]:
        """The report as JSON-able values."""
        return asdict(self)

    def kept(self) -> dict[str, Any]:
        """The report as the workspace keeps it: of a paper with a secrecy mark not even the name."""
        hidden = (replace(file, file="(tệp có dấu mật)") if file.code == "secret" else file for file in self.files)
        return replace(self, files=tuple(hidden)).record()


def of_content(shown: str, status: FileStatus, row: ContentRow, *, source: str = "", read_now: bool) -> FileReport:
    """The line of a file whose content the ledger knows; what resolution says of it comes later."""
    told = json.loads(row.warnings)
    return FileReport(
        shown,
        status,
        row.code,
        row.message,
        format=LABELS.get(row.media_type),
        media_type=row.media_type or None,
        pages=row.pages or None,
        ocr=tuple({"page": page, "confidence": sure} for page, sure in json.loads(row.ocr)),
        encoding=row.encoding or None,
        warnings=tuple(message for severity, _, message in told if severity != "info"),
        notes=tuple(message for severity, _, message in told if severity == "info"),
        source=source or None,
        sha256=row.sha256 if row.code != "secret" else None,
        seconds=row.seconds if read_now else 0.0,
    )


def outcomes_of(resolution: Resolution) -> dict[str, dict[str, Any]]:
    """What resolution made of each held content, by hash: number, issuer, identity and counts of citations."""
    left = Counter(mention.told_by for mention in resolution.unresolved)
    found = {}
    for work in resolution.works.values():
        for held in work.files:
            cited = sum(1 for citation in held.said().citations if citation.form != "self")
            found[held.sha256] = {
                "kind": work.kind,
                "number": work.number,
                "date": work.date.isoformat() if work.date else None,
                "issuer": work.issuer,
                "identity": work.identity.method if work.identity else None,
                "citations": cited,
                "resolved": max(cited - left[work.key], 0),
                "unresolved": left[work.key],
            }
    return found


def totals_of(resolution: Resolution) -> dict[str, int]:
    """The figures of the whole workspace."""
    held = sum(bool(work.files) for work in resolution.works.values())
    return {
        "works": held,
        "stubs": len(resolution.works) - held,
        "links": len(resolution.links),
        "unresolved": len(resolution.unresolved),
        "open_identities": len(resolution.open_identities),
    }


def finish_report(
    reports: Iterable[FileReport],
    outcomes: Mapping[str, Mapping[str, Any]],
    totals: Mapping[str, int],
    *,
    seconds: float,
    changed: bool,
) -> IngestReport:
    """Adds to each file what resolution made of it, and the totals."""
    done: Sequence[FileReport] = [
        replace(report, **outcomes[report.sha256])
        if report.sha256 is not None and report.sha256 in outcomes and report.status in ("new", "updated", "unchanged")
        else report
        for report in reports
    ]
    return IngestReport(
        files=tuple(done),
        seconds=round(seconds, 3),
        changed=changed,
        counts=dict(sorted(Counter(report.status for report in done).items())),
        **totals,
    )

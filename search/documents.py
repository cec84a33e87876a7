"""What the index is told of a document, and how that is drawn from resolved works.

``IndexedDocument`` is the whole interface between the pipeline and search: base-free keys, plain values, the canonical
text with its outline. ``documents_of`` makes them from a resolution; a caller may make its own.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import msgspec

from kg.model import Document, Level, Section, Span
from kg.works import Resolution, Work

__all__ = ["IndexedDocument", "Visibility", "document_of", "documents_of", "indexable_parts"]

Visibility = Literal["public", "internal"]


@dataclass(frozen=True, slots=True)
class IndexedDocument:
    """One work as search knows it; ``text`` is empty for a work that is only cited.

    ``key`` is base-free ("lai-chau.ubnd/kh/2023/1954"); ``owner`` the code of the issuing body; ``campaigns`` are
    names as printed; ``cites`` are normalised numbers ("34-CT/TW"); ``parts`` are the ranges of ``text`` worth
    searching (body and annex), all of it when empty. ``inferred`` is the reason why a blank number is known.
    """

    key: str
    number: str | None = None
    kind: str | None = None
    issuer: str | None = None
    owner: str | None = None
    level: Level | None = None
    date: dt.date | None = None
    date_earliest: dt.date | None = None
    date_latest: dt.date | None = None
    year: int | None = None
    title: str | None = None
    campaigns: tuple[str, ...] = ()
    cites: tuple[str, ...] = ()
    visibility: Visibility = "public"
    file: str | None = None
    text: str = ""
    outline: tuple[Section, ...] = ()
    parts: tuple[Span, ...] = ()

    @property
    def digest(self) -> str:
        """A hash of everything that is indexed: a document whose digest is unchanged is not indexed again."""
        return hashlib.sha256(msgspec.json.encode(self)).hexdigest()[:16]

    @property
    def years(self) -> tuple[int, ...]:
        """Every year the document may be of: one where the date is known, else the years of its bounds."""
        if self.date is not None:
            return (self.date.year,)
        if self.year is not None:
            return (self.year,)
        if self.date_earliest is not None and self.date_latest is not None:
            return tuple(range(self.date_earliest.year, self.date_latest.year + 1))
        return tuple(day.year for day in (self.date_earliest or self.date_latest,) if day is not None)


def indexable_parts(document: Document) -> tuple[Span, ...]:
    """The ranges of a read document that are worth finding: the body and the annex.

    Letterhead, signature and recipients say who and when, which the fields say better.
    """
    layout = document.layout
    annex = layout.annex
    parts = [layout.body]
    if annex is not None and annex.start >= layout.body.end:
        parts.append(annex)
    return tuple(part for part in parts if part.start < part.end)


def documents_of(
    resolution: Resolution, *, visibility: Mapping[str, Visibility] | None = None, file_names: bool = True
) -> Iterator[IndexedDocument]:  # fmt: skip
    """Every work of a resolution, held or only cited, in the order of keys.

    ``visibility`` maps content hashes to "internal"; a work is internal when any of its files is. With
    ``file_names``, the first name of the preferred file stands in ``file``.
    """
    hidden = visibility or {}
    names = {campaign.key: campaign.name for campaign in resolution.campaigns}
    campaigns: dict[str, set[str]] = defaultdict(set)
    for tie in resolution.campaign_ties:
        campaigns[tie.work].add(names.get(tie.campaign, tie.campaign))
    for key in sorted(resolution.works):
        work = resolution.works[key]
        secret = any(hidden.get(file.sha256) == "internal" for file in work.files)
        cited = {
            target.number
            for link in resolution.links_of(key)
            if link.status in ("effective", "below_threshold")
            and (target := resolution.works.get(link.object)) is not None
            and target.number
        }
        yield document_of(
            work, campaigns.get(key, set()), cited, "internal" if secret else "public", file_names=file_names
        )


def document_of(
    work: Work, campaigns: set[str], cites: set[str], visibility: Visibility = "public", *, file_names: bool = True
) -> IndexedDocument:  # fmt: skip
    """One work, with the names of its campaigns and the numbers of the works it cites."""
    document = work.whole_document()
    read = document.metadata if document is not None else None
    name = work.files[0].names[0] if file_names and work.files and work.files[0].names else None
    period = work.key.split("/")[2] if work.key.count("/") == 3 else ""
    return IndexedDocument(
        key=work.key,
        number=work.number,
        kind=work.kind,
        issuer=work.issuer or (read.issuer if read else None),
        owner=work.owner,
        level=work.level,
        date=work.date,
        date_earliest=work.date_earliest,
        date_latest=work.date_latest,
        year=int(period[:4]) if period[:4].isdigit() else None,
        title=work.title,
        campaigns=tuple(sorted(campaigns)),
        cites=tuple(sorted(cites)),
        visibility=visibility,
        file=name,
        text=document.text.text if document is not None else "",
        outline=document.outline if document is not None else (),
        parts=indexable_parts(document) if document is not None else (),
    )

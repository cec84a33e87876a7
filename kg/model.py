"""The frozen values that flow through everything: text, document, mentions, works, links.

One text, one offset system: every ``Span`` is a half-open range of Unicode code points in exactly one string,
the canonical text of its file, and ``text[span.start:span.end]`` is the surface, always.
Nothing here reads a file, knows RDF, or is ever changed after creation (use ``dataclasses.replace``).
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

__all__ = [
    "Addressee",
    "Anniversary",
    "Assignment",
    "Campaign",
    "CanonicalText",
    "Citation",
    "Deadline",
    "Document",
    "Duty",
    "Issue",
    "Layout",
    "Level",
    "Metadata",
    "Recipient",
    "Relation",
    "Section",
    "Signer",
    "SourceText",
    "Span",
    "Target",
    "WorkSummary",
]

Level = Literal["central", "province", "district", "commune"]

Relation = Literal[
    "legal_basis", "implements", "follows", "amends", "replaces", "repeals", "consolidates", "guides", "approves",
    "attached_to", "reviews", "proposed_by", "replies_to", "issues", "mentions", "self",
]  # fmt: skip

Duty = Literal["must_implement", "cooperate", "reported_to", "informed", "unenumerable"]


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of code points: in "Căn cứ Luật", (0, 6) is "Căn cứ"."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """The piece of ``text`` that this span names."""
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Issue:
    """Something a person should know about one file: ``code`` is stable, ``message`` is Vietnamese."""

    severity: Literal["info", "warning", "error"]
    code: str
    message: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class SourceText:
    """What a reader got out of one file, before anything is tidied.

    ``page_starts`` are offsets into ``text`` (page 1 starts at 0; one entry for unpaged formats).
    ``sha256`` is of the file's bytes, in hex.
    """

    path: str
    media_type: str
    sha256: str
    text: str
    page_starts: tuple[int, ...] = (0,)
    encoding: str = "utf-8"
    page_confidence: tuple[float | None, ...] = ()
    """Per page: OCR confidence 0-1, or None where the page had a text layer."""
    evidence: Mapping[str, str] = field(default_factory=dict)
    """What the container says beside the text, e.g. {"signature_organisation": …, "signature_time": …}."""
    issues: tuple[Issue, ...] = ()


@dataclass(frozen=True, slots=True)
class CanonicalText:
    """The one clean text of a file, with the way back to the reader's text.

    ``runs`` are (offset here, offset in the source) pairs, ascending: from each pair on, offsets advance
    together until the next pair. ``page_starts`` are offsets into this text.
    """

    text: str
    sha256: str
    runs: tuple[tuple[int, int], ...] = ((0, 0),)
    page_starts: tuple[int, ...] = (0,)

    def to_source(self, offset: int) -> int:
        """The source offset of the character that stands at ``offset`` here."""
        here, there = self.runs[bisect_right(self.runs, (offset, 1 << 62)) - 1]
        return there + offset - here

    def page_of(self, offset: int) -> int:
        """The 1-based page that ``offset`` falls on."""
        return max(bisect_right(self.page_starts, offset), 1)


@dataclass(frozen=True, slots=True)
class Signer:
    """The block under a document: "KT. CHỦ TỊCH / PHÓ CHỦ TỊCH / Tổng Thanh Hải".

    Here position is "Phó Chủ tịch", acting_for "Chủ tịch" (KT.), name "Tổng Thanh Hải"; "TM. ỦY BAN NHÂN DÂN"
    is on_behalf_of, "TL. …" is by_order, TUQ. counts as by_order too.
    """

    name: str
    position: str | None = None
    on_behalf_of: str | None = None
    acting_for: str | None = None
    by_order: str | None = None
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Addressee:
    """One line after "Kính gửi:", such as "- Các sở, ban, ngành, đoàn thể tỉnh;" (name without dash and mark)."""

    name: str
    duty: Duty
    span: Span


@dataclass(frozen=True, slots=True)
class Recipient:
    """One line of "Nơi nhận:", such as "- TT. Tỉnh ủy(B/c);": name "TT. Tỉnh ủy", note "B/c". "Lưu" is left out."""

    name: str
    duty: Duty
    span: Span
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a document says of itself. Unknown is None; nothing is guessed from other files.

    ``number`` is normalised ("159/KH-UBND") and None when the file leaves it blank; ``symbol`` is then "/UBND-TH".
    ``month`` is "2023-05" when the day is blank. ``owner`` is the code of the body behind the number series,
    e.g. "lai-chau.ubnd"; ``province`` and ``district`` are area codes ("lai-chau", "lai-chau.tam-duong") of the
    issuer, or of the place the text speaks of. ``evidence`` says which rule found which field.
    """

    kind: str | None = None
    number: str | None = None
    symbol: str | None = None
    date: dt.date | None = None
    date_earliest: dt.date | None = None
    date_latest: dt.date | None = None
    month: str | None = None
    place: str | None = None
    issuer: str | None = None
    owner: str | None = None
    level: Level | None = None
    province: str | None = None
    district: str | None = None
    title: str | None = None
    signer: Signer | None = None
    addressees: tuple[Addressee, ...] = ()
    recipients: tuple[Recipient, ...] = ()
    drafting_unit: str | None = None
    evidence: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the parts of a document stand in its canonical text.

    ``header`` runs from the start to the end of the title, ``opening`` is the paragraphs before the first
    numbered heading or bullet, ``body`` from the end of the title to "Nơi nhận"/signature, ``closing`` the rest,
    ``annex`` what follows the signature.
    """

    header: Span
    opening: Span
    body: Span
    closing: Span
    annex: Span | None
    metadata: Metadata
    issues: tuple[Issue, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """One unit of the outline: "II. NHIỆM VỤ TRỌNG TÂM" is kind "section", label "II", depth 1.

    kinds: part, chapter, section (I.), numbered (1. / 1.1.), article (Điều), clause (khoản), point (điểm a),
    ordinal ("Thứ nhất,"), bullet (- or +), annex. ``span`` covers heading and children. Sections come in text order;
    ``parent`` is the index of the enclosing one in the same tuple, or None.
    """

    kind: str
    label: str
    heading: str
    depth: int
    span: Span
    parent: int | None = None


@dataclass(frozen=True, slots=True)
class Citation:
    """One mention of a document: "Chỉ thị số 34-CT/TW ngày 07/4/2014 của Bộ Chính trị".

    ``form``: full (numbered), bare (a number without symbol: "Chỉ thị số 17"), unnumbered (a law or congress
    resolution by name), self ("Kế hoạch này"), backref ("Chỉ thị trên").
    ``number`` is normalised; ``issuer`` is the phrase as printed, folded to one line; ``owner`` and
    ``resolved_issuer`` say which body that is, ``issuer_evidence`` which rule decided
    (phrase, level, subject, list, code).
    ``subject`` is the number of the document that bears the relation when it is not the citing one.
    ``about`` is the trích yếu that follows ("về phát động …"); ``name`` the folded identity of an unnumbered work.
    ``antecedent`` is the index, in the same tuple, of the citation that a back reference points at.
    """

    span: Span
    surface: str
    form: Literal["full", "bare", "unnumbered", "self", "backref"]
    kind: str | None = None
    number: str | None = None
    date: dt.date | None = None
    year: int | None = None
    issuer: str | None = None
    resolved_issuer: str | None = None
    owner: str | None = None
    issuer_evidence: str | None = None
    relation: Relation = "mentions"
    cue: str | None = None
    place: Literal["header", "opening", "body", "closing", "annex"] = "body"
    part: str | None = None
    subject: str | None = None
    about: str | None = None
    name: str | None = None
    antecedent: int | None = None
    confidence: float = 0.0
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Campaign:
    """A mention of a phong trào thi đua: ‘phong trào thi đua “Chung sức xây dựng nông thôn mới”’.

    ``name`` is the quoted theme; ``launched_by`` the phrase as printed; ``until`` the end of the campaign.
    """

    name: str
    role: Literal["launches", "continues", "mentions"]
    span: Span
    launched_by: str | None = None
    launched_at: str | None = None
    start_date: dt.date | None = None
    until: dt.date | None = None
    cue: str | None = None


@dataclass(frozen=True, slots=True)
class Anniversary:
    """ "115 năm thành lập tỉnh (28/6/1909 - 28/6/2024)": years 115, event "thành lập tỉnh"."""

    years: int
    event: str
    span: Span
    origin: dt.date | None = None
    commemorated: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Assignment:
    """ "Giao Phòng Nội vụ huyện hướng dẫn, theo dõi, đôn đốc …": body, role, the sentence's span."""

    body: str
    role: Literal["lead", "coordinate", "advise", "monitor", "report_to", "implement"]
    span: Span
    surface: str
    requested: bool = False
    """True for "Đề nghị …": asked, not ordered."""
    by: str | None = None
    product: str | None = None
    """What an annex table says is to come of it: "Quyết định của Chủ tịch UBND tỉnh"."""


@dataclass(frozen=True, slots=True)
class Target:
    """ "tỷ lệ hộ gia đình văn hóa đạt trên 86%": indicator, comparator ">", value 86, unit "%"."""

    indicator: str
    comparator: Literal["=", ">", ">=", "<", "<="] | None
    value: float
    unit: str | None
    span: Span
    surface: str
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Deadline:
    """A date by which something is due: kind sending (hạn gửi kế hoạch), reporting (hạn báo cáo), campaign_end."""

    kind: Literal["sending", "reporting", "campaign_end", "other"]
    date: str
    span: Span
    surface: str


@dataclass(frozen=True, slots=True)
class Document:
    """All that one file says, read without looking at any other file. Cached by content hash."""

    file: str
    sha256: str
    media_type: str
    text: CanonicalText
    layout: Layout
    outline: tuple[Section, ...] = ()
    citations: tuple[Citation, ...] = ()
    campaigns: tuple[Campaign, ...] = ()
    anniversaries: tuple[Anniversary, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    targets: tuple[Target, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    issues: tuple[Issue, ...] = ()
    evidence: Mapping[str, str] = field(default_factory=dict)
    """What the file says beside its text (``SourceText.evidence``): digital signatures, figures read off stamps."""
    page_confidence: tuple[float | None, ...] = ()
    """Per page: OCR confidence 0-1, or None where the page had a text layer."""

    @property
    def metadata(self) -> Metadata:
        """What the document says of itself."""
        return self.layout.metadata


@dataclass(frozen=True, slots=True)
class WorkSummary:
    """A work in one line, for lists, candidates and traces; ``file`` is None for a stub."""

    iri: str
    number: str | None
    kind: str | None
    title: str | None
    issuer: str | None
    level: Level | None
    date: dt.date | None
    date_earliest: dt.date | None = None
    date_latest: dt.date | None = None
    file: str | None = None

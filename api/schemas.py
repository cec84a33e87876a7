"""The shapes of the JSON API, for its documentation and for checking what we send. Unknown is null; dates are ISO."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

__all__ = [
    "ERRORS",
    "PROBLEMS",
    "BasisRecord",
    "BodyPage",
    "BodyRecord",
    "CitationPage",
    "CitationRecord",
    "DocumentDetail",
    "DocumentPage",
    "DocumentRecord",
    "FactPage",
    "LookupRecord",
    "Problem",
    "Statistics",
    "TraceRecord",
]


class DocumentRecord(BaseModel):
    """A document in one line. ``id`` is its key: it does not change with the address of the installation."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "id": "lam-son.ubnd/cv/2024/1286-th",
                "iri": "https://vanban.example.vn/eli/vn/lam-son.ubnd/cv/2024/1286-th",
                "number": "1286/UBND-TH", "kind": "Công văn", "title": "V/v phát động phong trào thi đua",
                "issuer": "Ủy ban nhân dân tỉnh Lâm Sơn", "level": "province", "date": "2024-03-14",
                "date_earliest": None, "date_latest": None, "file": "01-cong-van.docx",
            }
        }
    )  # fmt: skip

    id: str
    iri: str
    number: str | None = None
    kind: str | None = None
    title: str | None = None
    issuer: str | None = None
    level: Literal["central", "province", "district", "commune"] | None = None
    date: str | None = None
    date_earliest: str | None = Field(None, description="Khi chưa rõ ngày: không sớm hơn ngày này.")
    date_latest: str | None = Field(None, description="Khi chưa rõ ngày: không muộn hơn ngày này.")
    file: str | None = Field(None, description="Tên tệp đang giữ; null: văn bản mới chỉ được viện dẫn.")


class Paged(BaseModel):
    """What every list has. ``next`` is the address of the next page; null on the last."""

    total: int
    limit: int
    offset: int
    next: str | None = None


class DocumentPage(Paged):
    documents: list[DocumentRecord]


class EvidenceRecord(BaseModel):
    """The sentence behind a link; offsets are code points of the document's text."""

    quote: str
    start: int
    end: int
    page: int | None = None
    mention_start: int | None = None
    mention_end: int | None = None
    part: str | None = None


class CitationRecord(BaseModel):
    """One link between two documents, with every quote that says so."""

    id: str
    relation: str
    document: DocumentRecord = Field(description="Văn bản ở đầu kia của liên kết.")
    confidence: float
    status: Literal["effective", "below_threshold", "rejected", "orphaned"]
    method: Literal["rule", "model", "human"]
    place: str
    cue: str | None = None
    evidence: list[EvidenceRecord]


class CitationPage(Paged):
    citations: list[CitationRecord]


class SectionRecord(BaseModel):
    """One unit of the outline; ``parent`` is an index into the same list."""

    kind: str
    label: str
    heading: str
    depth: int
    start: int
    end: int
    parent: int | None = None


class FileRecord(BaseModel):
    names: list[str]
    sha256: str
    media_type: str
    source: str | None = Field(None, description="Địa chỉ nơi thu thập tệp, nếu được cho biết.")
    collected: str | None = Field(None, description="Ngày thu thập.")


class CitationsBothWays(BaseModel):
    """The strongest links; ``*_total`` says how many there are, ``/citations`` and ``/cited-by`` page through them."""

    outgoing: list[CitationRecord]
    outgoing_total: int
    incoming: list[CitationRecord]
    incoming_total: int


class DocumentDetail(DocumentRecord):
    """One document with its text, outline, citations both ways and all that was found in it."""

    held: bool
    identity: dict[str, Any] | None = None
    signer: dict[str, Any] | None = None
    files: list[FileRecord]
    text: str | None = None
    text_sha256: str | None = None
    pages: int | None = Field(None, description="Số trang của tệp; hình ở …/pages/1.png. null: tệp không chia trang.")
    outline: list[SectionRecord]
    citations: CitationsBothWays
    facts: dict[str, list[dict[str, Any]]]


class HopRecord(BaseModel):
    model_config = ConfigDict(populate_by_name=True)

    from_: str = Field(alias="from")
    to: str
    number: str | None = None
    relation: str
    confidence: float
    status: str
    evidence: EvidenceRecord | None = None


class ImplementingRecord(BaseModel):
    document: DocumentRecord
    how: Literal["direct", "in_body", "through"]
    path: list[str]
    hops: list[HopRecord]
    weakest: Literal["implements", "follows"]
    relation: str
    evidence: EvidenceRecord | None = None
    confidence: float
    other_paths: int


class TraceRecord(BaseModel):
    """Which documents carry out a directive, each with its strongest way and the quote of every hop."""

    directive: DocumentRecord
    implementing: list[ImplementingRecord]
    counts: dict[str, int]


class BasisLink(BaseModel):
    model_config = ConfigDict(populate_by_name=True)

    from_: str = Field(alias="from")
    to: str
    relation: str
    confidence: float
    place: str
    evidence: list[EvidenceRecord]


class BasisRecord(BaseModel):
    """What a document rests on, up to the roots. ``paths`` are lists of ids from the document to a root."""

    document: DocumentRecord
    documents: list[DocumentRecord]
    links: list[BasisLink]
    paths: list[list[str]]
    roots: list[str]
    truncated: bool


class LookupRecord(BaseModel):
    """One line of what was asked: found, several, or not_found with the nearest numbers."""

    asked: str
    status: Literal["found", "several", "not_found"]
    document: DocumentRecord | None = None
    candidates: list[DocumentRecord] = []
    nearest: list[str] = []


class LookupPage(BaseModel):
    results: list[LookupRecord]


class BodyRecord(BaseModel):
    """An issuing body, with what it was before and what it became."""

    code: str
    iri: str
    name: str
    level: str | None = None
    area: str | None = None
    parent: str | None = None
    valid_from: str | None = None
    valid_to: str | None = Field(None, description="Ngày cuối cùng còn hoạt động.")
    predecessors: list[str] = []
    successors: list[str] = []
    documents: int = Field(0, description="Số văn bản của cơ quan này mà kho giữ hoặc biết đến.")


class BodyPage(Paged):
    bodies: list[BodyRecord]


class FactPage(Paged):
    """A page of one kind of fact; the fields depend on the kind."""

    items: list[dict[str, Any]]


class Statistics(BaseModel):
    documents: int
    cited_only: int
    by_kind: dict[str, int]
    by_level: dict[str, int]
    by_year: dict[str, int]
    links: dict[str, dict[str, int]]
    unresolved: int
    mentions: int
    campaigns: int
    anniversaries: int
    assignments: int
    targets: int
    version: int
    written: str | None = None


class Problem(BaseModel):
    """Every error of this API (RFC 9457)."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    detail: str


def _problem(words: str) -> dict[str, Any]:
    return {"description": words, "model": Problem, "content": {"application/problem+json": {
        "schema": {"$ref": "#/components/schemas/Problem"}}}}  # fmt: skip


PROBLEMS: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/csv": {"schema": {"type": "string"}}}, "description": "JSON, hoặc CSV khi được yêu cầu."},
    300: _problem("Nhiều văn bản cùng số: xem candidates."),
    304: {"description": "Chưa có gì thay đổi so với ETag đã gửi."},
    404: _problem("Không có văn bản này: xem nearest."),
}
"""What a route that reads documents may answer, besides ``ERRORS``."""

ERRORS: dict[int | str, dict[str, Any]] = {
    "4XX": _problem("Yêu cầu không đúng, không được phép, hoặc không có điều được hỏi."),
    422: _problem("Tham số không hợp lệ."),
    503: _problem("Kho chưa sẵn sàng hoặc đang bận; thử lại sau Retry-After giây."),
}
"""What every route may answer: always in the one shape."""

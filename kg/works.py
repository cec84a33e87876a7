"""What resolution makes of all documents together: works, links with their quotes, campaigns, events.

Keys are base-free (``kg.identifiers``); IRIs come in only when these values become quads (``kg.mapping``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, overload

from kg.model import Document, Level, Relation, Span

__all__ = [
    "AnniversaryNode",
    "CampaignNode",
    "CampaignTie",
    "Commemoration",
    "HeldFile",
    "Identity",
    "IdentityCandidates",
    "Link",
    "LinkStatus",
    "Links",
    "Quote",
    "Resolution",
    "UnresolvedMention",
    "Work",
]

LinkStatus = Literal["effective", "below_threshold", "rejected", "orphaned"]


@dataclass(frozen=True, slots=True)
class HeldFile:
    """One content that is held: its bytes' hash, every name it came under (sorted), and what was read from it.

    ``document`` is what stays at hand; it may be no more than a card: hashes, where the parts stand, and who says what
    about when. ``said()`` has the citations, campaigns and anniversaries as well, ``whole()`` everything; both may be
    read anew each time. ``sources`` are (address, day or "") of where it was collected.
    """

    sha256: str
    names: tuple[str, ...]
    document: Document
    load: Callable[[], Document] | None = field(default=None, compare=False, repr=False)
    sources: tuple[tuple[str, str], ...] = ()
    read: Callable[[], Document] | None = field(default=None, compare=False, repr=False)

    def said(self) -> Document:
        """The document with all that resolution asks it for, maybe without its text."""
        return self.read() if self.read else self.document

    def whole(self) -> Document:
        """The document with everything in it."""
        return self.load() if self.load else self.document


@dataclass(frozen=True, slots=True)
class Identity:
    """How a held file came by its number: stated in it, inferred from what others cite, or set by a person."""

    method: Literal["stated", "inferred", "human"]
    reason: str = ""
    inferred_from: tuple[str, ...] = ()
    """Keys of the works whose citations the identity was inferred from."""


@dataclass(frozen=True, slots=True)
class Work:
    """A document as a thing with an identity (FRBR work), held or only cited.

    ``issuer`` is the body that most mentions credit; ``votes`` counts them all ("Bộ Chính trị": 3, "Ban Bí thư": 1).
    ``former_keys`` are keys it bore before its identity was known.
    """

    key: str
    owner: str | None = None
    number: str | None = None
    kind: str | None = None
    issuer: str | None = None
    level: Level | None = None
    title: str | None = None
    date: dt.date | None = None
    date_earliest: dt.date | None = None
    date_latest: dt.date | None = None
    files: tuple[HeldFile, ...] = ()
    identity: Identity | None = None
    former_keys: tuple[str, ...] = ()
    votes: Mapping[str, int] = field(default_factory=dict)
    term: str | None = None

    @property
    def document(self) -> Document | None:
        """What is at hand of the preferred file (``HeldFile``); None for a stub."""
        return self.files[0].document if self.files else None

    def whole_document(self) -> Document | None:
        """The same with its text and all its parts."""
        return self.files[0].whole() if self.files else None


@dataclass(frozen=True, slots=True)
class Quote:
    """One place that speaks for a link: the sentence around the mention, on a text named by its hash.

    ``span`` and ``text`` are the sentence; ``mention`` is the citation inside it. Offsets: canonical text.
    """

    text_sha256: str
    span: Span
    text: str
    mention: Span
    page: int
    place: str
    cue: str | None
    confidence: float
    part: str | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A typed relation between two works, told by one held document ("told_by" is usually the subject)."""

    id: str
    subject: str
    relation: Relation
    object: str
    told_by: str
    confidence: float
    status: LinkStatus
    quotes: Sequence[Quote]
    """Best first; they may be cut out of the text each time somebody asks."""
    cue: str | None = None
    place: Literal["opening", "body"] = "body"
    lookup: bool = False
    """True when the target was found by number and date alone, without a printed issuer."""
    method: Literal["rule", "human"] = "rule"
    verdict: str | None = None
    """Id of the newest verdict that stands on this link."""


class Links(Sequence[Link]):
    """Links in the order of subject, relation and object, which may lie on a shelf."""

    def __init__(self, by_subject: Mapping[str, tuple[Link, ...]]) -> None:
        self._by_subject = by_subject
        self._subjects = sorted(by_subject)

    def of(self, subject: str) -> tuple[Link, ...]:
        """The links of one work."""
        return self._by_subject.get(subject, ())

    def __iter__(self) -> Iterator[Link]:
        for subject in self._subjects:
            yield from self._by_subject[subject]

    def __len__(self) -> int:
        return sum(map(len, self._by_subject.values()))

    @overload
    def __getitem__(self, at: int) -> Link: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Link]: ...
    def __getitem__(self, at: int | slice) -> Link | Sequence[Link]:
        return tuple(self)[at]  # for a few links; of many, ask for those of a subject

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self._subjects))


@dataclass(frozen=True, slots=True)
class UnresolvedMention:
    """A citation whose target stays open: several candidates, or too little said. Never a guess."""

    id: str
    told_by: str
    number: str | None
    kind: str | None
    reason: Literal["no_period", "no_issuer", "several", "bare_number", "no_antecedent"]
    quotes: Sequence[Quote]
    """The one place where it stands."""
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class IdentityCandidates:
    """A held file without number that fits several works (or shares its only fit with another file)."""

    file_key: str
    candidates: tuple[str, ...]
    rivals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CampaignNode:
    """A campaign: one theme, launched in one place, with one end. ``area`` is "lai-chau" or None when unknown."""

    key: str
    name: str
    area: str | None
    until: dt.date | None
    launched_by: str | None
    instance_of: str | None = None


@dataclass(frozen=True, slots=True)
class CampaignTie:
    """A document launches, continues or mentions a campaign; ``quotes`` say where."""

    work: str
    campaign: str
    role: Literal["launches", "continues", "mentions"]
    quotes: Sequence[Quote]


@dataclass(frozen=True, slots=True)
class AnniversaryNode:
    """ "115 năm thành lập tỉnh": ``event_key`` names the event and its origin, ``key`` adds the years."""

    key: str
    event_key: str
    event: str
    years: int
    origin: dt.date | None
    commemorated: dt.date | None


@dataclass(frozen=True, slots=True)
class Commemoration:
    """A document commemorates an anniversary."""

    work: str
    anniversary: str
    quotes: Sequence[Quote]


@dataclass(frozen=True, slots=True)
class Resolution:
    """The whole answer, a pure function of the set of documents and the verdicts. All tuples are sorted."""

    works: Mapping[str, Work]
    """By key; they may lie on a shelf, where each is made anew when it is asked for."""
    links: Sequence[Link] = ()
    unresolved: tuple[UnresolvedMention, ...] = ()
    open_identities: tuple[IdentityCandidates, ...] = ()
    campaigns: tuple[CampaignNode, ...] = ()
    campaign_ties: tuple[CampaignTie, ...] = ()
    anniversaries: tuple[AnniversaryNode, ...] = ()
    commemorations: tuple[Commemoration, ...] = ()
    persons: Mapping[str, str] = field(default_factory=dict)
    """Signer as written ("lai-chau.ubnd/Giàng A Mẫu") → the person's key, where that is not the folded name."""

    def links_of(self, subject: str) -> tuple[Link, ...]:
        """The links of one work."""
        links = self.links
        return links.of(subject) if isinstance(links, Links) else tuple(one for one in links if one.subject == subject)

"""Which key each document and each citation claims, before anything is concluded from them together."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, groupby

from kg.congresses import term_of
from kg.identifiers import DocumentNumber, named_key, parse_number, period_of, slug, work_key
from kg.kinds import kind_by_label
from kg.model import Citation, Deadline, Document, Metadata
from kg.reference import Reference
from kg.review import Curated, Fact
from kg.works import HeldFile

__all__ = ["Claims", "Mention", "Mentions", "OwnClaim", "claim_works"]


_IDENTIFYING = frozenset(("number", "date", "owner"))
"""Facts that say which work a file is; the others only describe it."""


@dataclass(frozen=True, slots=True)
class OwnClaim:
    """What a held file says of its own identity: "Số: 159/KH-UBND, Cần Thơ, ngày 19 tháng 11 năm 2025".

    ``key`` is None while number, owner or period is missing; then ``series`` (owner, code) narrows the search when
    known, and ``earliest``/``latest`` bound the date.
    """

    file: HeldFile
    number: DocumentNumber | None
    owner: str | None
    code: str | None
    date: dt.date | None
    key: str | None
    earliest: dt.date | None
    latest: dt.date | None
    by_hand: bool = False
    kind: str | None = None
    title: str | None = None
    past: tuple[str, ...] = ()
    """Keys it claimed before a person corrected it; their IRIs lead here as long as no other work bears them."""


@dataclass(frozen=True, slots=True)
class Mention:
    """One citation in one held file and the key it claims (None while the period or the owner is missing)."""

    file: HeldFile
    index: int
    citation: Citation
    key: str | None

    @property
    def number(self) -> DocumentNumber | None:
        """The printed number taken apart."""
        return parse_number(self.citation.number) if self.citation.number else None


@dataclass(frozen=True, slots=True)
class Mentions:
    """Every citation of every held file, in the order of ``files``. Only the keys they claim are kept.

    The citations are read anew each time somebody goes through them.
    """

    files: Sequence[HeldFile]
    keys: Mapping[str, Sequence[str | None]]
    """Content hash → the key that each of its citations claims."""
    aliases: Mapping[str, str] = field(default_factory=dict)

    def by_file(self) -> Iterator[tuple[HeldFile, list[Mention]]]:
        """The mentions of each file."""
        for file in self.files:
            keys = self.keys[file.sha256]
            yield (
                file,
                [
                    Mention(file, index, citation, key and self.aliases.get(key, key))
                    for index, (citation, key) in enumerate(zip(file.said().citations, keys, strict=True))
                    if _is_mention(citation)
                ],
            )

    def __iter__(self) -> Iterator[Mention]:
        return chain.from_iterable(mentions for _, mentions in self.by_file())


@dataclass(frozen=True, slots=True)
class Claims:
    """All claims, with the alias of each key that another spelling of the date gave (Party terms)."""

    own: tuple[OwnClaim, ...]
    mentions: Mentions
    reference: Reference
    entered: Mapping[str, Fact] = field(default_factory=dict)
    """Numbered documents without text that a person entered, by key."""
    aliases: Mapping[str, str] = field(default_factory=dict)
    """Key by another spelling of a Party paper's date → the key it goes under."""

    def by_key(self, is_wanted: Callable[[str], bool]) -> Mapping[str, list[Mention]]:
        """The mentions that claim each of the keys that are wanted."""
        index: dict[str, list[Mention]] = defaultdict(list)
        for mention in self.mentions:
            if mention.key and is_wanted(mention.key):
                index[mention.key].append(mention)
        return index


def claim_works(files: Sequence[HeldFile], reference: Reference, curated: Curated) -> Claims:
    """Reads off every document and citation the key it claims; spellings of one Party paper's year are joined."""
    own: list[OwnClaim] = []
    keys: dict[str, tuple[str | None, ...]] = {}
    known: dict[str, str] = {}  # one string for each key, however often it is cited
    party: Counter[tuple[str, str]] = Counter()
    for file in files:
        document = file.said()
        claim = _own_claim(file, document, curated)
        own.append(claim)
        party.update(_party_years(claim.number, claim.key, claim.date))
        claimed = []
        for citation in document.citations:
            number = parse_number(citation.number) if citation.number else None
            key = _key_of(citation, number) if _is_mention(citation) else None
            claimed.append(key and known.setdefault(key, key))
            party.update(_party_years(number, key, citation.date))
        keys[file.sha256] = tuple(claimed)
    entered = {key: fact for fact in curated.documents_without_text() if (key := _entered_key(fact))}
    aliases = _party_aliases(party)
    return Claims(
        own=tuple(replace(claim, key=aliases.get(claim.key, claim.key)) if claim.key else claim for claim in own),
        mentions=Mentions(files, keys, aliases),
        reference=reference,
        entered={aliases.get(key, key): fact for key, fact in entered.items()},
        aliases=aliases,
    )


def _own_claim(file: HeldFile, document: Document, curated: Curated) -> OwnClaim:
    claim = _claim_with(file, document, curated.facts_of(file.sha256))
    told = (_claim_with(file, document, facts) for facts in curated.fact_history(file.sha256))
    past = {earlier.key for earlier in told if earlier.key}
    return replace(claim, past=tuple(sorted(str(key) for key in past if key != claim.key)))


def _claim_with(file: HeldFile, document: Document, facts: Mapping[str, object]) -> OwnClaim:
    """What the file says, with ``facts`` in the place of what it leaves blank or gets wrong."""
    metadata = document.metadata
    printed = facts.get("number") or metadata.number or metadata.symbol
    number = parse_number(str(printed)) if printed else None
    owner = facts.get("owner") or metadata.owner
    issued = facts.get("date") or metadata.date
    kind, title = facts.get("kind"), facts.get("title")
    assert owner is None or isinstance(owner, str)
    assert issued is None or isinstance(issued, dt.date)
    earliest, latest = date_bounds(document)
    key = None
    if number is not None and number.number and owner:
        year = int(metadata.month[:4]) if metadata.month else None
        period = period_of(number, issued, year)
        key = work_key(owner, number, period) if period else None
    return OwnClaim(
        file=file,
        number=number,
        owner=owner,
        code=_code_of(number, metadata.kind),
        date=issued,
        key=key,
        earliest=issued or earliest,
        latest=issued or latest,
        by_hand=not _IDENTIFYING.isdisjoint(facts),
        kind=str(kind) if kind else None,
        title=str(title) if title else None,
    )


def _entered_key(fact: Fact) -> str | None:
    number = parse_number(fact.number) if fact.number else None
    period = period_of(number, fact.date) if number and number.number else None
    return work_key(fact.owner, number, period) if number and fact.owner and period else None


def _code_of(number: DocumentNumber | None, kind: str | None) -> str | None:
    if number is not None:
        return slug(number.kind_code) if number.kind_code else "cv"
    found = kind_by_label(kind) if kind else None
    return slug(found.codes[0]) if found and found.codes else None


def date_bounds(document: Document) -> tuple[dt.date | None, dt.date | None]:
    """The earliest and latest day an undated document can be of.

    Not before the latest dated paper it cites; not after the end of a campaign it launches, nor of the year its title
    plans for; within its month when only the day is blank.
    """
    metadata = document.metadata
    if metadata.date:
        return metadata.date, metadata.date
    earliest = [metadata.date_earliest] if metadata.date_earliest else []
    latest = [metadata.date_latest] if metadata.date_latest else []
    # A date in a trích yếu or of a deadline is no citation date: only dates inside a citation's surface count.
    cited = [citation.date for citation in document.citations if citation.date and citation.form != "self"]
    if not metadata.month:
        latest += [campaign.until for campaign in document.campaigns if campaign.role == "launches" and campaign.until]
        latest += [day for deadline in document.deadlines if (day := _end_of_period(deadline))]
        latest += _year_planned(metadata)
    low = max([*earliest, *(day for day in cited if not latest or day <= min(latest))], default=None)
    high = min(latest, default=None)
    return low, high


def _end_of_period(deadline: Deadline) -> dt.date | None:
    """The last day of the campaign a document speaks of, when it names a day."""
    full = deadline.kind == "campaign_end" and len(deadline.date) == len("2024-08-15")
    return dt.date.fromisoformat(deadline.date) if full else None


def _year_planned(metadata: Metadata) -> list[dt.date]:
    """The end of the year that a plan's title is for: a plan for 2025 was not issued in 2026."""
    if metadata.kind != "Kế hoạch":
        return []
    years = re.findall(r"năm (20\d\d)(?!\s*[-–/]\s*\d)", metadata.title or "")
    return [dt.date(max(map(int, years)), 12, 31)] if years else []


def _is_mention(citation: Citation) -> bool:
    return citation.form != "self" and citation.relation != "self"


def _key_of(citation: Citation, number: DocumentNumber | None) -> str | None:
    if number is not None and number.number and citation.owner:
        period = period_of(number, citation.date, citation.year)
        return work_key(citation.owner, number, period) if period else None
    return named_key(citation.name) if citation.form == "unnumbered" and citation.name else None


def _party_years(
    number: DocumentNumber | None, key: str | None, issued: dt.date | None
) -> Iterator[tuple[str, str]]:  # fmt: skip
    """(key, term) of a Party paper whose date is printed."""
    if number is not None and number.style == "party" and key is not None and issued is not None:
        yield key, term_of(key.split("/")[0], issued)


def _party_aliases(said: Mapping[tuple[str, str], int]) -> dict[str, str]:
    """Party papers are unique per term, so two years within one term are one paper: the year most writers give.

    ``said`` counts how often each (key, term) is.
    """

    def paper(pair: tuple[str, str]) -> tuple[str, str, str, str]:
        owner, code, _, digits = pair[0].split("/")
        return owner, code, digits, pair[1]

    aliases: dict[str, str] = {}
    for _, group in groupby(sorted(said, key=paper), key=paper):
        years = list(group)
        if len(years) > 1:
            key, _ = min(years, key=lambda pair: (-said[pair], pair[0]))
            aliases |= {other: key for other, _ in years}
    return aliases

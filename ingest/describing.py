"""What a work is: what its own file says, else what those who cite it say most often."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from sys import intern
from typing import TypeVar

from ingest.claims import OwnClaim, date_bounds
from ingest.identity import Identified
from kg.congresses import term_of
from kg.identifiers import DocumentNumber, parse_number
from kg.kinds import kinds_by_code
from kg.model import Citation, Level
from kg.reference import Reference
from kg.review import Fact
from kg.shelf import Shelf
from kg.works import HeldFile, Identity, Work

__all__ = ["Voice", "add_voice", "describe_works"]

T = TypeVar("T", str, dt.date)
_NEAR = 8


@dataclass(frozen=True, slots=True)
class Voice:
    """What one citation says of the work it means: all that is kept of it."""

    number: str | None
    kind: str | None
    date: dt.date | None
    issuer: str | None
    about: str | None
    name: str | None
    """How a work without a number is called."""

    @property
    def parsed(self) -> DocumentNumber | None:
        return parse_number(self.number) if self.number else None


def add_voice(said: list[Voice], citation: Citation) -> None:
    """Adds what one citation says; what was said in the same words just before is kept once."""
    voice = Voice(
        citation.number,
        citation.kind and intern(citation.kind),
        citation.date,
        citation.resolved_issuer and intern(citation.resolved_issuer),
        citation.about,
        citation.surface if citation.form == "unnumbered" else None,
    )
    said.append(next((known for known in said[-_NEAR:] if known == voice), voice))


def describe_works(
    identified: Identified, told: dict[str, list[Voice]], reference: Reference, works: Shelf[Work]
) -> None:
    """Puts into ``works`` all that are held, cited or entered. ``told`` is used up on the way."""
    held: dict[str, list[HeldFile]] = defaultdict(list)
    for claim in identified.claims.own:
        held[identified.keys[claim.file.sha256]].append(claim.file)
    claims = {claim.file.sha256: claim for claim in identified.claims.own}
    entered = identified.claims.entered
    spelt: dict[str, set[str]] = defaultdict(set)
    for other, now in identified.claims.aliases.items():
        spelt[now].add(other)
    taken = {*told, *held, *entered}
    for key in sorted(taken):
        files = tuple(sorted(held.get(key, ()), key=_preference))
        voices = told.pop(key, [])
        if files:
            identity = identified.identities.get(files[0].sha256)
            work = _held_work(key, files, claims[files[0].sha256], identity, voices, reference, entered.get(key))
        else:
            work = _stub(key, voices, reference, entered.get(key))
        past = {key for file in files for key in identified.former.get(file.sha256, ())} | spelt.get(key, set())
        # An address that another work bears now is never led away.
        works[key] = replace(work, former_keys=tuple(sorted(past - taken))) if past - taken else work


def _preference(file: HeldFile) -> tuple[bool, bool, bool, bool, int, str]:
    """The rendition to show first: with a number, with a date, signed, not read by OCR, the longer one."""
    document = file.document
    metadata, layout = document.metadata, document.layout
    signed = any(name.startswith(("signature_", "stamp_")) for name in document.evidence)
    scanned = any(confidence is not None for confidence in document.page_confidence)
    length = max(span.end for span in (layout.header, layout.body, layout.closing, layout.annex) if span)
    return (metadata.number is None, metadata.date is None, not signed, scanned, -length, file.sha256)


def _held_work(
    key: str,
    files: tuple[HeldFile, ...],
    claim: OwnClaim,
    identity: Identity | None,
    told: Sequence[Voice],
    reference: Reference,
    fact: Fact | None,
) -> Work:
    metadata = files[0].document.metadata
    number = claim.number.text if claim.number and claim.number.number else None
    issued = claim.date
    if identity is not None:  # what the file leaves blank, those who cite it say
        number = number or _vote(parsed.text for voice in told if (parsed := voice.parsed))
        issued = issued or _vote(voice.date for voice in told if voice.date)
        if fact is not None:
            number, issued = number or fact.number, issued or fact.date
    earliest, latest = (issued, issued) if issued else date_bounds(files[0].said())
    owner = claim.owner
    return Work(
        key=key,
        owner=owner,
        number=number,
        kind=claim.kind or metadata.kind or _kind(told, key, reference),
        issuer=(None if owner != metadata.owner else metadata.issuer) or _issuer_name(owner, reference),
        level=(None if owner != metadata.owner else metadata.level) or _level(owner, reference),
        title=claim.title or metadata.title,
        date=issued,
        date_earliest=earliest,
        date_latest=latest,
        files=files,
        identity=identity,
        votes=_organ_votes(told),
        term=term_of(owner, issued) if owner and issued and _is_party(number) else None,
    )


def _stub(key: str, told: Sequence[Voice], reference: Reference, fact: Fact | None) -> Work:
    """A work without a file: only cited, or entered by a person, whose word then comes first."""
    owner = key.split("/")[0] if key.count("/") == 3 else None
    number = _vote(parsed.text for voice in told if (parsed := voice.parsed) and parsed.number)
    issued = _vote(voice.date for voice in told if voice.date)
    if fact is not None:
        printed = parse_number(fact.number or "")
        number, issued = printed.text if printed else number, fact.date or issued
    votes = _organ_votes(told)
    name = next((voice.name for voice in told if voice.name is not None), None)
    subject = _vote(_subject_matter(voice.about) for voice in told if voice.about)
    return Work(
        key=key,
        owner=owner,
        number=number,
        kind=(fact.kind if fact else None) or _kind(told, key, reference) or _kind_of(number),
        issuer=max(votes, key=lambda name: (votes[name], name), default=None) or _issuer_name(owner, reference),
        level=_level(owner, reference),
        title=(fact.title if fact else None) or (name if name is not None and not number else subject),
        date=issued,
        date_earliest=issued,
        date_latest=issued,
        identity=Identity("human", f"Do {fact.by} nhập") if fact else None,
        votes=votes,
        term=term_of(owner, issued) if owner and issued and _is_party(number) else None,
    )


def _subject_matter(about: str) -> str:
    """A trích yếu as a title: "về việc “Tiếp tục đổi mới …”" → "Tiếp tục đổi mới …"."""
    bare = re.sub(r"^\W*[Vv]ề\s+(?:việc\s+)?", "", about).strip(" “”\"'.,;:")
    return bare[:1].upper() + bare[1:]


def _is_party(number: str | None) -> bool:
    parsed = parse_number(number) if number else None
    return parsed is not None and parsed.style == "party"


def _vote(values: Iterable[T]) -> T | None:
    """The value most mentions give; the smaller one of equals, so that order never matters."""
    counts = Counter(values)
    return min(counts, key=lambda value: (-counts[value], value), default=None)


def _organ_votes(told: Sequence[Voice]) -> dict[str, int]:
    counts = Counter(voice.issuer for voice in told if voice.issuer)
    return {name: counts[name] for name in sorted(counts)}


def _kind(told: Sequence[Voice], key: str, reference: Reference) -> str | None:
    """The kind word most writers use, if the symbol's code allows it; otherwise what the code says.

    "5615/CT-CS" of Cục Thuế is a công văn: there CT is the body's initials, not a kind, and the word decides.
    """
    parts = key.split("/")
    numbers = [parsed for voice in told if (parsed := voice.parsed)]
    allowed: set[str] = set()
    if numbers and numbers[0].kind_code and not _initials(numbers[0], parts[0], reference):
        allowed = {kind.label for kind in kinds_by_code(numbers[0].kind_code)}
        if numbers[0].kind_code == "QĐ" and numbers[0].style == "party":
            allowed.add("Quy định")
        if numbers[0].kind_code == "CT":
            allowed.add("Chương trình")
    elif len(parts) == 4 and parts[1] == "cv":
        return "Công văn"
    words = _vote(voice.kind for voice in told if voice.kind and (not allowed or voice.kind in allowed))
    if words:
        return words
    if numbers and numbers[0].kind_code:
        return kinds_by_code(numbers[0].kind_code)[0].label
    return None


def _kind_of(number: str | None) -> str | None:
    parsed = parse_number(number) if number else None
    found = kinds_by_code(parsed.kind_code) if parsed and parsed.kind_code else ()
    return found[0].label if found else None


def _initials(number: DocumentNumber, owner: str, reference: Reference) -> bool:
    """Whether what looks like a kind code is the owner's own symbol: CT in "5615/CT-CS" of Cục Thuế."""
    body = reference.body(owner)
    return body is not None and number.kind_code in body.symbol_codes


def _issuer_name(owner: str | None, reference: Reference) -> str | None:
    body = reference.body(owner) if owner else None
    return body.name if body else None


def _level(owner: str | None, reference: Reference) -> Level | None:
    body = reference.body(owner) if owner else None
    return body.level if body else None

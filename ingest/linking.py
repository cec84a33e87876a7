"""Claims and identities → works and links; what cannot be decided becomes an unresolved mention with candidates."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from sys import intern
from typing import Literal, TypeVar

from ingest.claims import Mention, OwnClaim, date_bounds
from ingest.decided import decided_links, named_targets
from ingest.identity import Identified
from ingest.quotes import QuoteCutter, Quotes
from kg.congresses import term_of
from kg.identifiers import DocumentNumber, evidence_id, link_id, parse_number, slug
from kg.kinds import kind_by_label, kinds_by_code
from kg.model import Citation, Level
from kg.reference import Reference
from kg.review import Curated, Fact, Standing, Verdict
from kg.works import HeldFile, Identity, Link, LinkStatus, Quote, UnresolvedMention, Work

__all__ = ["link_works", "status_of"]

T = TypeVar("T", str, dt.date)
Reason = Literal["no_period", "no_issuer", "several", "bare_number", "no_antecedent"]

LOOKUP_CONFIDENCE = 0.75
"""A target found by number and date alone, without a printed issuer, is never surer than this."""


def link_works(
    identified: Identified,
    cutters: Mapping[str, QuoteCutter],
    reference: Reference,
    curated: Curated,
    threshold: float,
) -> tuple[Mapping[str, Work], tuple[Link, ...], tuple[UnresolvedMention, ...]]:
    """All works by key, all links, all mentions left open."""
    finder = _Finder(identified)
    targets: dict[str, _Targets] = {}
    voices: dict[str, list[_Voice]] = defaultdict(list)
    open_mentions: list[UnresolvedMention] = []
    for file, mentions in identified.claims.mentions.by_file():
        found = targets[file.sha256] = _Targets({}, set())
        told_by, cut = identified.keys[file.sha256], partial(_cut, file, cutters, frozenset())
        for mention in mentions:
            if mention.key:
                found.keys[mention.index] = mention.key
            elif mention.citation.form != "backref":
                candidates, reason = finder.candidates(mention)
                if len(candidates) == 1:
                    found.keys[mention.index] = candidates[0]
                    found.looked_up.add(mention.index)
                elif mention.number is not None or mention.citation.form == "bare":
                    quotes = Quotes(cut, (mention.index,))
                    open_mentions.append(_unresolved(mention, told_by, quotes, candidates, reason))
        for mention in mentions:
            antecedent = mention.citation.antecedent
            if mention.citation.form == "backref" and antecedent is not None and antecedent in found.keys:
                found.keys[mention.index] = found.keys[antecedent]
            elif mention.citation.form in ("full", "unnumbered") and mention.index in found.keys:
                voices[found.keys[mention.index]].append(_voice(mention.citation))
    works = _works(identified, voices, reference)
    del voices
    standing = Standing(curated, identified.keys, works, identified.claims.aliases)
    works |= named_targets(standing, works, reference)
    links = _links(identified, targets, works, cutters, standing, threshold)
    links += decided_links(standing, works, {link.id for link in links})
    links.sort(key=lambda link: (link.subject, link.relation, link.object))
    return works, tuple(links), tuple(sorted(open_mentions, key=lambda item: item.id))


@dataclass(frozen=True, slots=True)
class _Targets:
    """The work that each citation of one file means, by its index, and which of them were looked up."""

    keys: dict[int, str]
    looked_up: set[int]


@dataclass(frozen=True, slots=True)
class _Voice:
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


def _voice(citation: Citation) -> _Voice:
    return _Voice(
        citation.number and intern(citation.number),
        citation.kind and intern(citation.kind),
        citation.date,
        citation.resolved_issuer and intern(citation.resolved_issuer),
        citation.about and intern(citation.about),
        intern(citation.surface) if citation.form == "unnumbered" else None,
    )


def _unresolved(
    mention: Mention, told_by: str, quotes: Quotes, candidates: tuple[str, ...], reason: Reason
) -> UnresolvedMention:  # fmt: skip
    citation = mention.citation
    text = mention.file.document.text.sha256
    return UnresolvedMention(
        id=evidence_id(told_by, text, citation.span.start, citation.span.end),
        told_by=told_by,
        number=citation.number,
        kind=citation.kind and intern(citation.kind),
        reason="several" if candidates else reason,
        quotes=quotes,
        candidates=candidates,
    )


def _cut(file: HeldFile, cutters: Mapping[str, QuoteCutter], looked_up: Collection[int], index: int) -> Quote:
    """The evidence for one citation of a file."""
    quote = cutters[file.sha256].cite(file.whole().citations[index])
    return replace(quote, confidence=min(quote.confidence, LOOKUP_CONFIDENCE)) if index in looked_up else quote


class _Finder:
    """Looks up works by number when the owner or the period of a mention is not printed."""

    def __init__(self, identified: Identified) -> None:
        mentions = identified.claims.mentions
        self._asked = {spelling for mention in mentions if not mention.key for spelling in _spellings(mention)}
        self._works: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._dates: dict[str, set[dt.date]] = defaultdict(set)
        self._bodies: dict[str, str] = {}
        for claim in identified.claims.own:
            self._add(identified.keys[claim.file.sha256], claim.date, claim.number)
        for mention in mentions if self._asked else ():
            if mention.key:
                self._add(mention.key, mention.citation.date, mention.number)
        for key, fact in identified.claims.entered.items():
            self._add(key, fact.date, parse_number(fact.number or ""))

    def _add(self, key: str, issued: dt.date | None, number: DocumentNumber | None) -> None:
        parts = key.split("/")
        if len(parts) != 4:
            return
        _, code, _, digits = parts
        asked = {(code, spelling) for spelling in (digits, digits.split("-")[0])} & self._asked
        for spelling in asked:
            self._works[spelling].add(key)
        if asked and issued:
            self._dates[key].add(issued)
        if asked and number:
            self._bodies[key] = number.body_base

    def candidates(self, mention: Mention) -> tuple[tuple[str, ...], Reason]:
        """The works a mention without a full key may mean, and why it is not decided by itself."""
        citation, number = mention.citation, mention.number
        reason: Reason
        found = {key for spelling in _spellings(mention) for key in self._works.get(spelling, ())}
        if number is not None and number.number:
            found = {key for key in found if self._bodies.get(key, number.body_base) == number.body_base}
            if number.year is not None:
                found = {key for key in found if key.split("/")[2] == f"{number.year}-qppl"}
            reason = "no_period" if citation.owner else "no_issuer"
        elif citation.form == "bare" and citation.number and citation.kind:
            year = citation.number.partition("/")[2]  # "Thông tư 12/2019": number and year of a normative paper
            if year:
                found = {key for key in found if key.split("/")[2] == f"{year.strip()}-qppl"}
            reason = "bare_number"
        else:
            return (), "bare_number"
        if citation.owner:
            found = {key for key in found if key.split("/")[0] == citation.owner}
        else:
            found = {key for key in found if self._within_reach(mention, key)}
        if citation.date:
            found = {key for key in found if not self._dates[key] or citation.date in self._dates[key]}
        elif citation.year:
            found = {key for key in found if key.split("/")[2].startswith(str(citation.year))}
        return tuple(sorted(found)), reason

    def _within_reach(self, mention: Mention, key: str) -> bool:
        """A local number without a printed issuer can only be of the citing document's own province or district."""
        owner = key.split("/")[0]
        area = owner.rpartition(".")[0]
        if not area:
            return True
        own = mention.file.document.metadata
        return area in (own.province, own.district) or (
            own.district is not None and area.startswith(f"{own.district}.")
        )


def _spellings(mention: Mention) -> list[tuple[str, str]]:
    """(code, number) as they stand in the keys of the works that a mention without a full key may mean."""
    citation, number = mention.citation, mention.number
    if number is not None and number.number:
        code = slug(number.kind_code) if number.kind_code else "cv"
        units = "".join(f"-{slug(unit)}" for unit in (*number.body.split(".")[1:], *number.units))
        return [(code, slug(number.number.lstrip("0") or "0") + units)]
    if citation.form == "bare" and citation.number and citation.kind:
        kind = kind_by_label(citation.kind)
        digits = re.sub(r"\D", "", citation.number.partition("/")[0]).lstrip("0")
        return [(slug(code), digits) for code in (kind.codes if kind else ())]
    return []


def _works(identified: Identified, told: Mapping[str, Sequence[_Voice]], reference: Reference) -> dict[str, Work]:
    held: dict[str, list[HeldFile]] = defaultdict(list)
    for claim in identified.claims.own:
        held[identified.keys[claim.file.sha256]].append(claim.file)
    claims = {claim.file.sha256: claim for claim in identified.claims.own}
    entered = identified.claims.entered
    spelt: dict[str, set[str]] = defaultdict(set)
    for other, now in identified.claims.aliases.items():
        spelt[now].add(other)
    taken = {*told, *held, *entered}
    works: dict[str, Work] = {}
    for key in sorted(taken):
        files = tuple(sorted(held.get(key, ()), key=_preference))
        if files:
            identity = identified.identities.get(files[0].sha256)
            work = _held_work(key, files, claims[files[0].sha256], identity, told.get(key, []), reference,
                               entered.get(key))  # fmt: skip
        else:
            work = _stub(key, told.get(key, []), reference, entered.get(key))
        past = {key for file in files for key in identified.former.get(file.sha256, ())} | spelt.get(key, set())
        # An address that another work bears now is never led away.
        works[key] = replace(work, former_keys=tuple(sorted(past - taken))) if past - taken else work
    return works


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
    told: Sequence[_Voice],
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


def _stub(key: str, told: Sequence[_Voice], reference: Reference, fact: Fact | None) -> Work:
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


def _organ_votes(told: Sequence[_Voice]) -> dict[str, int]:
    counts = Counter(voice.issuer for voice in told if voice.issuer)
    return {name: counts[name] for name in sorted(counts)}


def _kind(told: Sequence[_Voice], key: str, reference: Reference) -> str | None:
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


@dataclass(frozen=True, slots=True)
class _Saying:
    """One place where a held file says that a link is so; a place in the opening counts before others."""

    told_by: str
    behind: bool
    confidence: float
    start: int
    index: int
    cue: str | None
    looked_up: bool
    cut: Callable[[int], Quote]

    def order(self) -> tuple[bool, float, int]:
        return self.behind, -self.confidence, self.start


def _links(
    identified: Identified,
    targets: Mapping[str, _Targets],
    works: Mapping[str, Work],
    cutters: Mapping[str, QuoteCutter],
    standing: Standing,
    threshold: float,
) -> list[Link]:
    by_number = _own_numbers(works)
    links: list[Link] = []
    elsewhere: dict[tuple[str, str, str], list[_Saying]] = defaultdict(list)
    """What is said of papers that are not held, maybe by several files."""
    for file, mentions in identified.claims.mentions.by_file():
        found = targets[file.sha256]
        told_by = identified.keys[file.sha256]
        if works[told_by].files[0] is not file:
            continue  # the preferred rendition speaks for the work
        cut = partial(_cut, file, cutters, frozenset(found.looked_up))
        gathered: dict[tuple[str, str, str], list[_Saying]] = defaultdict(list)
        for place, mention in enumerate(mentions):
            citation, target = mention.citation, found.keys.get(mention.index)
            if target is None:
                continue
            subject = _subject(citation.subject, mentions[:place], found.keys, by_number) or told_by
            if subject == target or (subject != told_by and works[subject].files):
                continue  # no link to itself; a held paper speaks for itself
            ends = (subject, intern(citation.relation), target)
            (gathered if subject == told_by else elsewhere)[ends].append(_saying(mention, told_by, found, cut))
        links += [_link(ends, told, standing, threshold) for ends, told in gathered.items()]
    return links + [_link(ends, told, standing, threshold) for ends, told in elsewhere.items()]


def _saying(mention: Mention, told_by: str, found: _Targets, cut: Callable[[int], Quote]) -> _Saying:
    citation = mention.citation
    looked_up = mention.index in found.looked_up
    return _Saying(
        told_by=told_by,
        behind=citation.place not in ("header", "opening"),
        confidence=min(citation.confidence, LOOKUP_CONFIDENCE) if looked_up else citation.confidence,
        start=citation.span.start,
        index=mention.index,
        cue=citation.cue and intern(citation.cue),
        looked_up=looked_up,
        cut=cut,
    )


def _link(ends: tuple[str, str, str], told: Sequence[_Saying], standing: Standing, threshold: float) -> Link:
    subject, relation, target = ends
    verdict = standing.on(*ends)
    teller = min(saying.told_by for saying in told)
    said = sorted((saying for saying in told if saying.told_by == teller), key=_Saying.order)
    confidence = max(saying.confidence for saying in said)
    return Link(
        id=link_id(subject, relation, target),
        subject=subject,
        relation=relation,  # type: ignore[arg-type]
        object=target,
        told_by=teller,
        confidence=confidence,
        status=status_of(verdict, confidence >= threshold),
        quotes=Quotes(said[0].cut, tuple(saying.index for saying in said)),
        cue=said[0].cue,
        place="body" if said[0].behind else "opening",
        lookup=all(saying.looked_up for saying in told),
        verdict=verdict.id if verdict else None,
    )


def _own_numbers(works: Mapping[str, Work]) -> Mapping[str, list[str]]:
    index: dict[str, list[str]] = defaultdict(list)
    for key, work in works.items():
        if work.number:
            index[work.number].append(key)
    return index


def _subject(
    number: str | None, before: Sequence[Mention], targets: Mapping[int, str], by_number: Mapping[str, list[str]]
) -> str | None:
    """The work that bears the relation when the citation stands in another citation's trích yếu."""
    if not number:
        return None
    for mention in reversed(before):  # the bearer is cited before, in the same document
        if mention.citation.number == number and mention.index in targets:
            return targets[mention.index]
    keys = by_number.get(number, [])
    return keys[0] if len(keys) == 1 else None


def status_of(verdict: Verdict | None, above: bool) -> LinkStatus:
    """The status of a link that a document states; ``above``: its confidence reaches the threshold."""
    if verdict is not None and verdict.value == "rejected":
        return "rejected"
    if above or (verdict is not None and verdict.value == "accepted"):
        return "effective"
    return "below_threshold"

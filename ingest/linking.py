"""Claims and identities → works and links; what cannot be decided becomes an unresolved mention with candidates."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Literal, TypeVar

from ingest.claims import Mention, OwnClaim, date_bounds
from ingest.decided import decided_links, named_targets
from ingest.identity import Identified
from ingest.quotes import QuoteCutter
from kg.congresses import term_of
from kg.identifiers import DocumentNumber, evidence_id, link_id, parse_number, slug
from kg.kinds import kind_by_label, kinds_by_code
from kg.model import Level
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
    targets: dict[tuple[str, int], str] = {}
    open_mentions: list[UnresolvedMention] = []
    looked_up: set[tuple[str, int]] = set()
    for mention in identified.claims.mentions:
        at = (mention.file.sha256, mention.index)
        told_by = identified.keys[mention.file.sha256]
        if mention.key:
            targets[at] = mention.key
            continue
        if mention.citation.form == "backref":
            continue
        candidates, reason = finder.candidates(mention)
        if len(candidates) == 1:
            targets[at] = candidates[0]
            looked_up.add(at)
        elif mention.number is not None or mention.citation.form == "bare":
            quote = cutters[mention.file.sha256].cite(mention.citation)
            open_mentions.append(
                UnresolvedMention(
                    id=evidence_id(told_by, quote.text_sha256, mention.citation.span.start, mention.citation.span.end),
                    told_by=told_by,
                    number=mention.citation.number,
                    kind=mention.citation.kind,
                    reason="several" if candidates else reason,
                    quote=quote,
                    candidates=candidates,
                )
            )
    for mention in identified.claims.mentions:  # back references, once their antecedents are known
        antecedent = mention.citation.antecedent
        if mention.citation.form == "backref" and antecedent is not None:
            target = targets.get((mention.file.sha256, antecedent))
            if target:
                targets[mention.file.sha256, mention.index] = target
    works = _works(identified, targets, reference)
    standing = Standing(curated, identified.keys, works, identified.claims.aliases)
    works |= named_targets(standing, works, reference)
    links = _links(identified, targets, looked_up, works, cutters, standing, threshold)
    links += decided_links(standing, works, {link.id for link in links})
    links.sort(key=lambda link: (link.subject, link.relation, link.object))
    return works, tuple(links), tuple(sorted(open_mentions, key=lambda item: item.id))


class _Finder:
    """Looks up works by number when the owner or the period of a mention is not printed."""

    def __init__(self, identified: Identified) -> None:
        self._works: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._dates: dict[str, set[dt.date]] = defaultdict(set)
        self._bodies: dict[str, str] = {}
        self._places = {
            claim.file.sha256: (claim.file.document.metadata.province, claim.file.document.metadata.district)
            for claim in identified.claims.own
        }
        for claim in identified.claims.own:
            key = identified.keys[claim.file.sha256]
            self._add(key, claim.date, claim.number.body_base if claim.number else None)
        for mention in identified.claims.mentions:
            if mention.key:
                body = mention.number.body_base if mention.number else None
                self._add(mention.key, mention.citation.date, body)

        for key, fact in identified.claims.entered.items():
            number = parse_number(fact.number or "")
            self._add(key, fact.date, number.body_base if number else None)

    def _add(self, key: str, issued: dt.date | None, body: str | None) -> None:
        parts = key.split("/")
        if len(parts) != 4:
            return
        _, code, _, digits = parts
        for spelling in {digits, digits.split("-")[0]}:
            self._works[code, spelling].add(key)
        if issued:
            self._dates[key].add(issued)
        if body:
            self._bodies[key] = body

    def candidates(self, mention: Mention) -> tuple[tuple[str, ...], Reason]:
        """The works a mention without a full key may mean, and why it is not decided by itself."""
        citation, number = mention.citation, mention.number
        reason: Reason
        if number is not None and number.number:
            code = slug(number.kind_code) if number.kind_code else "cv"
            units = "".join(f"-{slug(unit)}" for unit in (*number.body.split(".")[1:], *number.units))
            found = self._works.get((code, slug(number.number.lstrip("0") or "0") + units), set())
            found = {key for key in found if self._bodies.get(key, number.body_base) == number.body_base}
            if number.year is not None:
                found = {key for key in found if key.split("/")[2] == f"{number.year}-qppl"}
            reason = "no_period" if citation.owner else "no_issuer"
        elif citation.form == "bare" and citation.number and citation.kind:
            kind = kind_by_label(citation.kind)
            figure, _, year = citation.number.partition("/")  # "Thông tư 12/2019": number and year of a normative paper
            digits = re.sub(r"\D", "", figure).lstrip("0")
            found = {key for code in (kind.codes if kind else ()) for key in self._works.get((slug(code), digits), ())}
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
        province, district = self._places.get(mention.file.sha256, (None, None))
        return area in (province, district) or (district is not None and area.startswith(f"{district}."))


def _works(identified: Identified, targets: Mapping[tuple[str, int], str], reference: Reference) -> dict[str, Work]:
    told: dict[str, list[Mention]] = defaultdict(list)
    for mention in identified.claims.mentions:
        key = targets.get((mention.file.sha256, mention.index))
        if key and mention.citation.form in ("full", "unnumbered"):
            told[key].append(mention)
    held: dict[str, list[HeldFile]] = defaultdict(list)
    for claim in identified.claims.own:
        held[identified.keys[claim.file.sha256]].append(claim.file)
    claims = {claim.file.sha256: claim for claim in identified.claims.own}
    entered = identified.claims.entered
    works: dict[str, Work] = {}
    for key in sorted({*told, *held, *entered}):
        files = tuple(sorted(held.get(key, ()), key=_preference))
        if files:
            identity = identified.identities.get(files[0].sha256)
            works[key] = _held_work(key, files, claims[files[0].sha256], identity, told.get(key, []), reference,
                                     entered.get(key))  # fmt: skip
        else:
            works[key] = _stub(key, told.get(key, []), reference, entered.get(key))
    spelt: dict[str, set[str]] = defaultdict(set)
    for other, now in identified.claims.aliases.items():
        spelt[now].add(other)
    return {key: replace(work, former_keys=_former_keys(work, identified, spelt, works)) for key, work in works.items()}


def _former_keys(
    work: Work, identified: Identified, spelt: Mapping[str, set[str]], works: Mapping[str, Work]
) -> tuple[str, ...]:
    """The keys a work went under that no other work bears now; an address that is in use is never led away."""
    past = {key for file in work.files for key in identified.former.get(file.sha256, ())}
    return tuple(sorted((past | spelt.get(work.key, set())) - works.keys()))


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
    told: Sequence[Mention],
    reference: Reference,
    fact: Fact | None,
) -> Work:
    metadata = files[0].document.metadata
    number = claim.number.text if claim.number and claim.number.number else None
    issued = claim.date
    if identity is not None:  # what the file leaves blank, those who cite it say
        number = number or _vote(mention.number.text for mention in told if mention.number)
        issued = issued or _vote(mention.citation.date for mention in told if mention.citation.date)
        if fact is not None:
            number, issued = number or fact.number, issued or fact.date
    earliest, latest = (issued, issued) if issued else date_bounds(files[0].document)
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


def _stub(key: str, told: Sequence[Mention], reference: Reference, fact: Fact | None) -> Work:
    """A work without a file: only cited, or entered by a person, whose word then comes first."""
    owner = key.split("/")[0] if key.count("/") == 3 else None
    number = _vote(mention.number.text for mention in told if mention.number and mention.number.number)
    issued = _vote(mention.citation.date for mention in told if mention.citation.date)
    if fact is not None:
        printed = parse_number(fact.number or "")
        number, issued = printed.text if printed else number, fact.date or issued
    votes = _organ_votes(told)
    named = next((mention for mention in told if mention.citation.form == "unnumbered"), None)
    subject = _vote(_subject_matter(mention.citation.about) for mention in told if mention.citation.about)
    return Work(
        key=key,
        owner=owner,
        number=number,
        kind=(fact.kind if fact else None) or _kind(told, key, reference) or _kind_of(number),
        issuer=max(votes, key=lambda name: (votes[name], name), default=None) or _issuer_name(owner, reference),
        level=_level(owner, reference),
        title=(fact.title if fact else None) or (named.citation.surface if named and not number else subject),
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


def _organ_votes(told: Sequence[Mention]) -> dict[str, int]:
    counts = Counter(mention.citation.resolved_issuer for mention in told if mention.citation.resolved_issuer)
    return {name: counts[name] for name in sorted(name for name in counts if name)}


def _kind(told: Sequence[Mention], key: str, reference: Reference) -> str | None:
    """The kind word most writers use, if the symbol's code allows it; otherwise what the code says.

    "5615/CT-CS" of Cục Thuế is a công văn: there CT is the body's initials, not a kind, and the word decides.
    """
    parts = key.split("/")
    numbers = [mention.number for mention in told if mention.number]
    allowed: set[str] = set()
    if numbers and numbers[0].kind_code and not _initials(numbers[0], parts[0], reference):
        allowed = {kind.label for kind in kinds_by_code(numbers[0].kind_code)}
        if numbers[0].kind_code == "QĐ" and numbers[0].style == "party":
            allowed.add("Quy định")
        if numbers[0].kind_code == "CT":
            allowed.add("Chương trình")
    elif len(parts) == 4 and parts[1] == "cv":
        return "Công văn"
    words = _vote(
        mention.citation.kind
        for mention in told
        if mention.citation.kind and (not allowed or mention.citation.kind in allowed)
    )
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


def _links(
    identified: Identified,
    targets: Mapping[tuple[str, int], str],
    looked_up: set[tuple[str, int]],
    works: Mapping[str, Work],
    cutters: Mapping[str, QuoteCutter],
    standing: Standing,
    threshold: float,
) -> list[Link]:
    by_number = _own_numbers(works)
    gathered: dict[tuple[str, str, str], list[tuple[str, Quote]]] = defaultdict(list)
    sure: set[tuple[str, str, str]] = set()
    for mention in identified.claims.mentions:
        at = (mention.file.sha256, mention.index)
        target = targets.get(at)
        told_by = identified.keys[mention.file.sha256]
        if target is None or works[told_by].files[0] is not mention.file:
            continue  # the preferred rendition speaks for the work
        citation = mention.citation
        subject = _subject(citation.subject, mention, targets, by_number) or told_by
        if subject == target or (subject != told_by and works[subject].files):
            continue  # no link to itself; a held paper speaks for itself
        quote = cutters[mention.file.sha256].cite(citation)
        ends = (subject, citation.relation, target)
        if at in looked_up:
            quote = replace(quote, confidence=min(quote.confidence, LOOKUP_CONFIDENCE))
        else:
            sure.add(ends)
        gathered[ends].append((told_by, quote))
    return [_link(ends, told, ends not in sure, standing, threshold) for ends, told in sorted(gathered.items())]


def _link(
    ends: tuple[str, str, str],
    told: Sequence[tuple[str, Quote]],
    lookup: bool,
    standing: Standing,
    threshold: float,
) -> Link:
    subject, relation, target = ends
    verdict = standing.on(*ends)
    teller = min(told_by for told_by, _ in told)
    quotes = sorted(
        (quote for told_by, quote in told if told_by == teller),
        key=lambda quote: (quote.place not in ("header", "opening"), -quote.confidence, quote.mention.start),
    )
    confidence = max(quote.confidence for quote in quotes)
    return Link(
        id=link_id(subject, relation, target),
        subject=subject,
        relation=relation,  # type: ignore[arg-type]
        object=target,
        told_by=teller,
        confidence=confidence,
        status=status_of(verdict, confidence >= threshold),
        quotes=tuple(quotes),
        cue=quotes[0].cue,
        place="opening" if quotes[0].place in ("header", "opening") else "body",
        lookup=lookup,
        verdict=verdict.id if verdict else None,
    )


def _own_numbers(works: Mapping[str, Work]) -> Mapping[str, list[str]]:
    index: dict[str, list[str]] = defaultdict(list)
    for key, work in works.items():
        if work.number:
            index[work.number].append(key)
    return index


def _subject(
    number: str | None, mention: Mention, targets: Mapping[tuple[str, int], str], by_number: Mapping[str, list[str]]
) -> str | None:
    """The work that bears the relation when the citation stands in another citation's trích yếu."""
    if not number:
        return None
    for index in range(mention.index - 1, -1, -1):  # the bearer is cited before, in the same document
        key = targets.get((mention.file.sha256, index))
        if key and mention.file.document.citations[index].number == number:
            return key
    keys = by_number.get(number, [])
    return keys[0] if len(keys) == 1 else None


def status_of(verdict: Verdict | None, above: bool) -> LinkStatus:
    """The status of a link that a document states; ``above``: its confidence reaches the threshold."""
    if verdict is not None and verdict.value == "rejected":
        return "rejected"
    if above or (verdict is not None and verdict.value == "accepted"):
        return "effective"
    return "below_threshold"

"""Claims and identities → works and links; what cannot be decided becomes an unresolved mention with candidates."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from sys import intern

from ingest.claims import Mention
from ingest.decided import decided_links, named_targets
from ingest.describing import Voice, add_voice, describe_works
from ingest.held import LazyCutters
from ingest.identity import Identified
from ingest.lookup import Finder, Reason
from ingest.quotes import QuoteCutter, Quotes
from kg.identifiers import evidence_id, link_id
from kg.reference import Reference
from kg.review import Curated, Standing, Verdict
from kg.shelf import Shelf
from kg.works import HeldFile, Link, Links, LinkStatus, Quote, UnresolvedMention, Work

__all__ = ["link_works", "status_of"]

LOOKUP_CONFIDENCE = 0.75
"""A target found by number and date alone, without a printed issuer, is never surer than this."""
_NONE: frozenset[int] = frozenset()


def link_works(
    identified: Identified,
    cutters: LazyCutters,
    reference: Reference,
    curated: Curated,
    threshold: float,
    aside: Path | None = None,
) -> tuple[Mapping[str, Work], Sequence[Link], tuple[UnresolvedMention, ...]]:
    """All works by key, all links, all mentions left open."""
    finder = Finder(identified)
    targets: dict[str, _Targets] = {}
    voices: dict[str, list[Voice]] = defaultdict(list)
    bearers: set[str] = set()
    open_mentions: list[UnresolvedMention] = []
    for file, mentions in identified.claims.mentions.by_file():
        found: list[str | None] = [None] * len(identified.claims.mentions.keys[file.sha256])
        looked_up: set[int] = set()
        told_by, cut = identified.keys[file.sha256], partial(_cut, file, cutters, _NONE)
        for mention in mentions:
            if mention.key:
                found[mention.index] = mention.key
            elif mention.citation.form != "backref":
                candidates, reason = finder.candidates(mention)
                if len(candidates) == 1:
                    found[mention.index] = candidates[0]
                    looked_up.add(mention.index)
                elif mention.number is not None or mention.citation.form == "bare":
                    quotes = Quotes(cut, (mention.index,))
                    open_mentions.append(_unresolved(mention, told_by, quotes, candidates, reason))
        for mention in mentions:
            if mention.citation.subject:
                bearers.add(mention.citation.subject)
            antecedent, target = mention.citation.antecedent, found[mention.index]
            if mention.citation.form == "backref" and antecedent is not None:
                found[mention.index] = found[antecedent] or target
            elif mention.citation.form in ("full", "unnumbered") and target:
                add_voice(voices[target], mention.citation)
        targets[file.sha256] = _Targets(tuple(found), frozenset(looked_up) if looked_up else _NONE)
    works: Shelf[Work] = Shelf(cutters, aside)
    describe_works(identified, voices, reference, works)
    standing = Standing(curated, identified.keys, works, identified.claims.aliases)
    for key, work in named_targets(standing, works, reference).items():
        works[key] = work
    links: Shelf[tuple[Link, ...]] = Shelf(cutters, aside)
    judged: set[str] = set()
    by_number = _own_numbers(works, bearers)
    for subject, told in _links(identified, targets, works, by_number, cutters, standing, threshold):
        links[subject] = tuple(sorted(told, key=_order))
        judged.update(link.id for link in told if link.verdict)
    for link in decided_links(standing, works, judged):
        links[link.subject] = tuple(sorted((*links.get(link.subject, ()), link), key=_order))
    return works, Links(links), tuple(sorted(open_mentions, key=lambda item: item.id))


@dataclass(frozen=True, slots=True)
class _Targets:
    """The work that each citation of one file means, by its index, and which of them were looked up."""

    keys: tuple[str | None, ...]
    looked_up: frozenset[int]


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
    by_number: Mapping[str, list[str]],
    cutters: Mapping[str, QuoteCutter],
    standing: Standing,
    threshold: float,
) -> Iterator[tuple[str, list[Link]]]:
    """The links of each work."""
    elsewhere: dict[str, dict[tuple[str, str, str], list[_Saying]]] = defaultdict(lambda: defaultdict(list))
    """What is said of papers that are not held, maybe by several files."""
    for file, mentions in identified.claims.mentions.by_file():
        found = targets[file.sha256]
        told_by = identified.keys[file.sha256]
        if works[told_by].files[0] is not file:
            continue  # the preferred rendition speaks for the work
        cut = partial(_cut, file, cutters, found.looked_up)
        gathered: dict[tuple[str, str, str], list[_Saying]] = defaultdict(list)
        for place, mention in enumerate(mentions):
            citation, target = mention.citation, found.keys[mention.index]
            if target is None:
                continue
            subject = _subject(citation.subject, mentions[:place], found.keys, by_number) or told_by
            if subject == target or (subject != told_by and works[subject].files):
                continue  # no link to itself; a held paper speaks for itself
            ends = (subject, intern(citation.relation), target)
            told = gathered if subject == told_by else elsewhere[subject]
            told[ends].append(_saying(mention, told_by, found, cut))
        yield told_by, [_link(ends, said, standing, threshold) for ends, said in gathered.items()]
    for subject, told in elsewhere.items():
        yield subject, [_link(ends, said, standing, threshold) for ends, said in told.items()]


def _order(link: Link) -> tuple[str, str]:
    return link.relation, link.object


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


def _own_numbers(works: Mapping[str, Work], asked: Collection[str]) -> Mapping[str, list[str]]:
    """The works that bear each of the numbers that are asked for."""
    index: dict[str, list[str]] = defaultdict(list)
    for key, work in works.items() if asked else ():
        if work.number and work.number in asked:
            index[work.number].append(key)
    return index


def _subject(
    number: str | None, before: Sequence[Mention], targets: Sequence[str | None], by_number: Mapping[str, list[str]]
) -> str | None:
    """The work that bears the relation when the citation stands in another citation's trích yếu."""
    if not number:
        return None
    for mention in reversed(before):  # the bearer is cited before, in the same document
        if mention.citation.number == number and targets[mention.index]:
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

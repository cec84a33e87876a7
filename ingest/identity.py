"""Held files without a number: identified from what others cite, or left open with their candidates.

Very common: a born-digital draft says "Số: /UBND-TH, ngày tháng 5 năm 2023". It is the work that others cite when
owner, symbol, date bounds and subject agree and no second work fits. A second fit retracts the conclusion.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz

from ingest.claims import Claims, Mention, OwnClaim
from kg.identifiers import file_key, fold, slug
from kg.review import Curated
from kg.works import Identity, IdentityCandidates

__all__ = ["Identified", "identify"]

SAME_SUBJECT = 82.0
"""Token-set similarity (0-100) of folded subjects from which two subjects are taken to be one."""
FEWEST_WORDS = 4
"""A subject of fewer words ("công tác tuần") fits too much to prove an identity."""
SAME_TEXT = 0.6
"""Share of common 5-word shingles from which two files are renditions of one paper."""


@dataclass(frozen=True, slots=True)
class Identified:
    """Claims plus the key each held file ends up with, and why."""

    claims: Claims
    keys: Mapping[str, str]
    """Content hash → work key (``file/…`` when unknown)."""
    identities: Mapping[str, Identity]


def identify(claims: Claims, curated: Curated) -> tuple[Identified, tuple[IdentityCandidates, ...]]:
    """Gives every held file a key; what fits several works stays open and is listed."""
    mentions = claims.by_key()
    keys: dict[str, str] = {}
    identities: dict[str, Identity] = {}
    for claim in claims.own:
        if claim.key:
            keys[claim.file.sha256] = claim.key
            identities[claim.file.sha256] = Identity("human" if claim.by_hand else "stated")
    stated = {claim.key: claim for claim in reversed(claims.own) if claim.key}
    series = _by_series(set(mentions) | set(stated))
    fits: dict[str, tuple[str, ...]] = {}
    blanks = [claim for claim in claims.own if not claim.key]
    for claim in blanks:
        found = _fits(claim, series, mentions, stated)
        refused = curated.verdict_on
        fits[claim.file.sha256] = tuple(
            key
            for key in found
            if (verdict := refused([claim.file.sha256], "identity", [key])) is None or verdict.value != "rejected"
        )
    fitting: dict[str, list[OwnClaim]] = defaultdict(list)
    for claim in blanks:
        for key in fits[claim.file.sha256]:
            fitting[key].append(claim)
    open_identities = []
    for claim in blanks:
        sha = claim.file.sha256
        own = file_key(sha)
        candidates = fits[sha]
        rivals = {
            other.file.sha256
            for key in candidates
            for other in fitting[key]
            if other is not claim and not _same_text(claim, other)
        }
        accepted = next(
            (
                key
                for key in candidates
                if (verdict := curated.verdict_on([sha], "identity", [key])) and verdict.value == "accepted"
            ),
            None,
        )
        if accepted or (len(candidates) == 1 and not rivals):
            key = accepted or candidates[0]
            keys[sha] = key
            identities[sha] = _explain(claim, key, mentions.get(key, []), accepted is not None)
        else:
            keys[sha] = own
            if candidates:
                rival_keys = tuple(sorted(map(file_key, rivals)))
                open_identities.append(IdentityCandidates(own, candidates, rival_keys))
    return Identified(claims, keys, identities), tuple(sorted(open_identities, key=lambda item: item.file_key))


def _by_series(keys: Iterable[str]) -> Mapping[tuple[str, str], list[str]]:
    series: dict[tuple[str, str], list[str]] = defaultdict(list)
    for key in sorted(keys):
        parts = key.split("/")
        if len(parts) == 4:
            series[parts[0], parts[1]].append(key)
    return series


def _fits(
    claim: OwnClaim,
    series: Mapping[tuple[str, str], list[str]],
    mentions: Mapping[str, list[Mention]],
    stated: Mapping[str, OwnClaim],
) -> tuple[str, ...]:
    """The works this unnumbered file may be, by owner, symbol, date and subject. Its own citations do not count."""
    title = fold(claim.file.document.metadata.title or "")
    if not claim.owner or not claim.code or len(title.split()) < FEWEST_WORDS:
        return ()
    found = []
    for key in series.get((claim.owner, claim.code), ()):
        told = [mention for mention in mentions.get(key, []) if mention.file is not claim.file]
        if not _units_agree(claim, key) or len(told) < len(mentions.get(key, [])):
            continue  # a paper does not cite itself by number
        if key in stated:  # a held paper: only another rendition of the same text can be it
            if _same_text(claim, stated[key]) and _date_fits(claim, [stated[key].date]):
                found.append(key)
            continue
        if not _date_fits(claim, [mention.citation.date for mention in told]):
            continue
        subjects = [fold(mention.citation.about) for mention in told if mention.citation.about]
        if any(_same_subject(title, subject) for subject in subjects):
            found.append(key)
    return tuple(found)


def _units_agree(claim: OwnClaim, key: str) -> bool:
    """When the blank symbol names a unit ("/UBND-TH"), the work's number must end in the same one."""
    if claim.number is None:
        return True
    units = "".join(f"-{slug(part)}" for part in (*claim.number.body.split(".")[1:], *claim.number.units))
    digits = key.rsplit("/", 1)[1]
    return digits.partition("-")[1] + digits.partition("-")[2] == units


def _date_fits(claim: OwnClaim, dates: Iterable[dt.date | None]) -> bool:
    known = [day for day in dates if day]
    if not known:
        return False
    return any(
        (claim.earliest is None or day >= claim.earliest) and (claim.latest is None or day <= claim.latest)
        for day in known
    )


def _same_subject(title: str, subject: str) -> bool:
    short, long = sorted((len(subject.split()), len(title.split())))
    if short < FEWEST_WORDS or short < 0.5 * long:
        return False
    return fuzz.token_set_ratio(title, subject) >= SAME_SUBJECT


def _shingles(claim: OwnClaim) -> set[str]:
    words = fold(claim.file.document.text.text).split()
    return {" ".join(words[index : index + 5]) for index in range(max(len(words) - 4, 1))}


def _same_text(one: OwnClaim, other: OwnClaim) -> bool:
    """True when two files are renditions of one paper: same owner and most of the words in the same order."""
    if one.owner != other.owner:
        return False
    left, right = _shingles(one), _shingles(other)
    return len(left & right) >= SAME_TEXT * len(left | right)


def _explain(claim: OwnClaim, key: str, told: list[Mention], accepted: bool) -> Identity:
    sources = sorted({mention.file.sha256 for mention in told})
    if accepted:
        return Identity("human", "Người rà soát xác nhận", tuple(sources))
    shared = ["cơ quan ban hành", "ký hiệu" if claim.number else "loại văn bản", "thời gian", "trích yếu"]
    if not told:
        return Identity("inferred", "Cùng nội dung với bản có số đã nạp", ())
    reason = f"Trùng {', '.join(shared)} với văn bản được {len(sources):02d} tệp khác viện dẫn"
    return Identity("inferred", f"{reason}; không có văn bản thứ hai phù hợp", tuple(sources))

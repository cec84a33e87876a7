"""Held files without a number: identified from what others cite, or left open with their candidates.

Very common: a born-digital draft says "Số: /UBND-TH, ngày tháng 5 năm 2023". It is the work that others cite when
owner, symbol, date bounds and subject agree and no second work fits. A second fit retracts the conclusion.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from rapidfuzz import fuzz

from ingest.claims import Claims, Mention, OwnClaim
from kg.identifiers import DocumentNumber, file_key, fold, parse_number, slug
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
    former: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Content hash → every key the file went under, its present one included."""


def identify(claims: Claims, curated: Curated) -> tuple[Identified, tuple[IdentityCandidates, ...]]:
    """Gives every held file a key; what fits several works stays open and is listed. What a person said comes first."""
    former = {claim.file.sha256: _former(claim, curated) for claim in claims.own}
    claims = replace(claims, own=tuple(_decided(claim, curated, claims.aliases) for claim in claims.own))
    mentions = _in_question(claims)
    keys: dict[str, str] = {}
    identities: dict[str, Identity] = {}
    for claim in claims.own:
        if claim.key:
            keys[claim.file.sha256] = claim.key
            identities[claim.file.sha256] = _stated(claim, mentions.get(claim.key, ()))
    stated = {claim.key: claim for claim in reversed(claims.own) if claim.key}
    series = _by_series({*mentions, *stated, *claims.entered})
    fits: dict[str, tuple[str, ...]] = {}
    blanks = [claim for claim in claims.own if not claim.key]
    for claim in blanks:
        refused = _refused(claim, curated, claims.aliases)
        found = _fits(claim, series, mentions, stated)
        fits[claim.file.sha256] = tuple(key for key in found if key not in refused)
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
        if len(candidates) == 1 and not rivals:
            keys[sha] = candidates[0]
            identities[sha] = _explain(claim, mentions.get(candidates[0], []))
        else:
            keys[sha] = own
            if candidates:
                rival_keys = tuple(sorted(map(file_key, rivals)))
                open_identities.append(IdentityCandidates(own, candidates, rival_keys))
    found_all = Identified(claims, keys, identities, former)
    return found_all, tuple(sorted(open_identities, key=lambda item: item.file_key))


def _in_question(claims: Claims) -> Mapping[str, list[Mention]]:
    """By key the mentions that may tell what a file without a number is, or that bear out what a person said."""
    given = {claim.key for claim in claims.own if claim.by_hand and claim.key}
    series = {(claim.owner, claim.code) for claim in claims.own if not claim.key and claim.owner and claim.code}
    if not given and not series:
        return {}
    return claims.by_key(lambda key: key in given or tuple(key.split("/")[:2]) in series)


def _refused(claim: OwnClaim, curated: Curated, aliases: Mapping[str, str]) -> set[str]:
    said = curated.identities_of(claim.file.sha256)
    return {aliases.get(key, key) for key, verdict in said.items() if verdict.value == "rejected"}


def _decided(claim: OwnClaim, curated: Curated, aliases: Mapping[str, str]) -> OwnClaim:
    """The claim after what a person said of it: an identity confirmed, given or refused.

    A number set by hand stands unless that very identity was refused.
    """
    refused = _refused(claim, curated, aliases)
    if claim.by_hand and claim.key and claim.key not in refused:
        return claim
    said = curated.identities_of(claim.file.sha256)
    accepted = [(key, verdict) for key, verdict in said.items() if verdict.value == "accepted"]
    if accepted:
        key, verdict = accepted[-1]
        key = aliases.get(key, key)
        printed = parse_number(verdict.object_number) if verdict.object_number else None
        number = claim.number if claim.key == key else printed or _blanked(claim)
        return replace(claim, key=key, number=number, by_hand=True)
    if claim.key in refused:
        return replace(claim, key=None, number=_blanked(claim))
    return claim


def _blanked(claim: OwnClaim) -> DocumentNumber | None:
    return replace(claim.number, number=None) if claim.number else None


def _former(claim: OwnClaim, curated: Curated) -> tuple[str, ...]:
    """Every key this file ever went under, or was said to: its address when it is another's no more."""
    sha = claim.file.sha256
    return tuple(sorted({file_key(sha), *claim.past, *curated.past_identities(sha), *filter(None, [claim.key])}))


def _stated(claim: OwnClaim, told: Iterable[Mention]) -> Identity:
    if not claim.by_hand:
        return Identity("stated")
    sources = sorted({mention.file.sha256 for mention in told if mention.file is not claim.file})
    return Identity("human", "Người rà soát xác nhận hoặc nhập", tuple(sources))


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
    if claim.number.number and slug(claim.number.number.lstrip("0")) != key.rsplit("/", 1)[1].partition("-")[0]:
        return False  # the number is there and only its period is not
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
    words = fold(claim.file.whole().text.text).split()
    return {" ".join(words[index : index + 5]) for index in range(max(len(words) - 4, 1))}


def _same_text(one: OwnClaim, other: OwnClaim) -> bool:
    """True when two files are renditions of one paper: same owner and most of the words in the same order."""
    if one.owner != other.owner:
        return False
    left, right = _shingles(one), _shingles(other)
    return len(left & right) >= SAME_TEXT * len(left | right)


def _explain(claim: OwnClaim, told: list[Mention]) -> Identity:
    sources = sorted({mention.file.sha256 for mention in told})
    shared = ["cơ quan ban hành", "ký hiệu" if claim.number else "loại văn bản", "thời gian", "trích yếu"]
    if not told:
        return Identity("inferred", "Cùng nội dung với bản có số đã nạp", ())
    reason = f"Trùng {', '.join(shared)} với văn bản được {len(sources):02d} tệp khác viện dẫn"
    return Identity("inferred", f"{reason}; không có văn bản thứ hai phù hợp", tuple(sources))

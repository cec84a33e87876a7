"""Splits and merges: which part of a clause goes with which clause of the other side.

A clause that was cut in two pairs with both halves; two that were joined pair with one. Each link joins a stretch of
one source clause to a stretch of one target clause, and no word is in two links.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz
from rapidfuzz.distance import Indel

from search.alignment_match import CONTAINED, Candidate

__all__ = ["Link", "link_pieces"]

FREE = 0.7
"""The share of a stretch that must not yet be spoken for by the clause that its own clause is paired with."""
FEWEST = 4
REACH = 8
"""How many words beyond the first find a stretch may begin or end."""
_JOINING = (("va",), ("dong", "thoi"), ("cung", "voi"), ("ngoai", "ra"), ("ben", "canh", "do"))


@dataclass(frozen=True, slots=True)
class Link:
    """Words ``s0`` to ``s1`` of one source clause go with ``t0`` to ``t1`` of one target clause."""

    source: int
    s0: int
    s1: int
    target: int
    t0: int
    t1: int

    def turned(self) -> Link:
        """The same link seen from the other side."""
        return Link(self.target, self.t0, self.t1, self.source, self.s0, self.s1)


@dataclass(frozen=True, slots=True)
class _Words:
    code: str
    breaks: Sequence[bool]
    norms: Sequence[str]


def link_pieces(
    pairs: Iterable[Candidate],
    candidates: Iterable[Candidate],
    source: Sequence[tuple[str, Sequence[bool], Sequence[str]]],
    target: Sequence[tuple[str, Sequence[bool], Sequence[str]]],
) -> list[Link]:
    """The pairs as links, with each left-over clause that is a part of a paired one linked to that part.

    Each clause comes as (coded string, breaks before words, compared words).
    """
    ours = [_Words(*clause) for clause in source]
    theirs = [_Words(*clause) for clause in target]
    links = [
        Link(pair.source, 0, len(ours[pair.source].code), pair.target, 0, len(theirs[pair.target].code))
        for pair in pairs
    ]
    possible = list(candidates)
    links = _absorbed(links, possible, ours, theirs)
    turned = _absorbed(
        [link.turned() for link in links],
        [replace(pair, source=pair.target, target=pair.source) for pair in possible],
        theirs,
        ours,
    )
    return sorted((link.turned() for link in turned), key=lambda link: (link.source, link.s0, link.target, link.t0))


def _absorbed(
    links: list[Link], candidates: Iterable[Candidate], hosts: Sequence[_Words], guests: Sequence[_Words]
) -> list[Link]:
    """Links left-over target clauses (guests) to unclaimed stretches of source clauses (hosts)."""
    linked = {link.target for link in links}
    by_host: dict[int, list[Link]] = defaultdict(list)
    for link in links:
        by_host[link.source].append(link)
    likely: dict[int, list[Candidate]] = defaultdict(list)
    for pair in candidates:
        long_enough = len(guests[pair.target].code) >= FEWEST
        if pair.target not in linked and long_enough and pair.source in by_host:
            likely[pair.target].append(pair)
    for guest in sorted(likely, key=lambda place: (-len(guests[place].code), place)):
        ranked = sorted(likely[guest], key=lambda pair: (-pair.contained, -pair.score, pair.source))
        for pair in ranked[:3]:
            made = _taken_in(pair.source, guest, by_host[pair.source], hosts, guests)
            if made is not None:
                by_host[pair.source] = made
                break
    return [link for place in sorted(by_host) for link in by_host[place]]


def _taken_in(
    host: int, guest: int, links: list[Link], hosts: Sequence[_Words], guests: Sequence[_Words]
) -> list[Link] | None:
    """The host's links with the guest's among them, or None when the guest is no unclaimed part of the host."""
    code = guests[guest].code
    if len(hosts[host].code) < len(code):
        return None
    window = fuzz.partial_ratio_alignment(code, hosts[host].code)
    if window is None or window.score < 100 * CONTAINED:
        return None
    w0, w1 = window.dest_start, window.dest_end
    for place, link in enumerate(links):
        if min(link.s1, w1) - max(link.s0, w0) >= FREE * (w1 - w0):
            w0, w1 = max(w0, link.s0), min(w1, link.s1)
            kept = _kept(link, hosts, guests)
            w0, w1 = _fitted(w0, w1, link, kept, hosts[host].code, code)
            claimed = sum(w0 <= at < w1 for at, _ in kept)
            if claimed > (1 - FREE) * (w1 - w0):
                return None
            return [*links[:place], *_cut(link, kept, w0, w1, guest, hosts, guests), *links[place + 1 :]]
    return None


def _fitted(
    w0: int, w1: int, link: Link, kept: Sequence[tuple[int, int]], host: str, guest: str
) -> tuple[int, int]:  # fmt: skip
    """The stretch from the first to the last word that the guest shares with what nobody claims thereabouts."""
    low = max(max((at + 1 for at, _ in kept if at < w0), default=link.s0), w0 - REACH)
    high = min(min((at for at, _ in kept if at >= w1), default=link.s1), w1 + REACH)
    shared = [op for op in Indel.opcodes(host[low:high], guest) if op.tag == "equal"]
    if not shared:
        return w0, w1
    return low + shared[0].src_start, low + shared[-1].src_end


def _kept(link: Link, hosts: Sequence[_Words], guests: Sequence[_Words]) -> list[tuple[int, int]]:
    """The words that both ends of a link share, as (place in the host, place in the guest); chance ones left out.

    Chance is a word or two far from any longer stretch that both share.
    """
    one = hosts[link.source].code[link.s0 : link.s1]
    other = guests[link.target].code[link.t0 : link.t1]
    runs = [
        (op.src_start, op.dest_start, op.src_end - op.src_start)
        for op in Indel.opcodes(one, other)
        if op.tag == "equal"
    ]
    sure = [length >= 3 for _, _, length in runs]
    for order in (range(1, len(runs)), range(len(runs) - 2, -1, -1)):
        for place in order:
            near = place - 1 if order.step > 0 else place + 1
            if sure[near] and _gap(runs[min(place, near)], runs[max(place, near)]) <= 3:
                sure[place] = True
    return [
        (link.s0 + at + step, link.t0 + to + step)
        for (at, to, length), certain in zip(runs, sure, strict=True)
        if certain
        for step in range(length)
    ]


def _gap(left: tuple[int, int, int], right: tuple[int, int, int]) -> int:
    return max(right[0] - left[0], right[1] - left[1]) - left[2]


def _cut(
    link: Link,
    kept: Sequence[tuple[int, int]],
    w0: int,
    w1: int,
    guest: int,
    hosts: Sequence[_Words],
    guests: Sequence[_Words],
) -> list[Link]:
    """One link cut in two or three around the stretch that goes with the guest."""
    words = hosts[link.source]
    whole = len(guests[guest].code)
    before = [at for at, _ in kept if at < w0]
    after = [(at, to) for at, to in kept if at >= w1]
    start = link.s0 if not before else _border(words, before[-1] + 1, w0)
    end = link.s1 if not after else _border(words, w1, after[0][0])
    if not before and not after:  # nothing of the host is kept by its partner: it stays with the longer rest
        if w0 - link.s0 >= link.s1 - w1:
            start = w0
        else:
            end = w1
    made = []
    if start > link.s0:
        split = after[0][1] if after else link.t1
        left = _before_joining(words.norms, link.s0 + 1, start)
        made.append(Link(link.source, link.s0, left, link.target, link.t0, split))
    until = _before_joining(words.norms, start + 1, end) if end < link.s1 else end
    made.append(Link(link.source, start, until, guest, 0, whole))
    if end < link.s1:
        begin = after[0][1] if after and start > link.s0 else link.t0
        made.append(Link(link.source, _behind_joining(words.norms, end, link.s1), link.s1, link.target, begin, link.t1))
    return made


def _border(words: _Words, low: int, high: int) -> int:
    """Where to cut between two words: at punctuation if there is any, behind the word that joined the parts."""
    for place in range(high, low - 1, -1):
        if place == len(words.breaks) or words.breaks[place]:
            return _behind_joining(words.norms, place, high)
    return high if _before_joining(words.norms, low, high) < high else low


def _before_joining(norms: Sequence[str], low: int, high: int) -> int:
    """``high``, or the place before "và", "đồng thời" when that stands just before it."""
    for phrase in _JOINING:
        if high - len(phrase) >= low and tuple(norms[high - len(phrase) : high]) == phrase:
            return high - len(phrase)
    return high


def _behind_joining(norms: Sequence[str], low: int, high: int) -> int:
    """``low``, or the place behind "và", "đồng thời" when that begins there and something is left up to ``high``."""
    for phrase in _JOINING:
        if low + len(phrase) < high + 1 and tuple(norms[low : low + len(phrase)]) == phrase:
            return low + len(phrase)
    return low

"""Campaigns and anniversaries across documents: which mentions speak of one and the same."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from sys import intern

from rapidfuzz import fuzz

from ingest.quotes import QuoteCutter, Quotes
from kg.identifiers import fold, slug
from kg.model import Anniversary, Campaign, Level, Span
from kg.works import AnniversaryNode, CampaignNode, CampaignTie, Commemoration, HeldFile, Quote, Work

__all__ = ["gather_anniversaries", "gather_campaigns", "theme_of"]

_LONGEST_SLUG = 90
_WHOLE = ("ca nuoc", "ca nuoc cung", "toan quoc", "toan dan")
SAME_EVENT = 75.0
"""Token-set similarity (0-100) from which two names with one date of origin are one event."""


def theme_of(name: str) -> str:
    """The folded theme up to its first date bracket: what two documents must share to mean one campaign.

    "Thi đua đổi mới … 115 năm thành lập tỉnh (28/6/1909 - 28/6/2024), 75 năm …" → "thi dua doi moi … thanh lap tinh".
    """
    head = re.split(r"\(\s*\d{1,2}\s*[/.-]", name, maxsplit=1)[0]
    return re.sub(r"[^a-z0-9]+", " ", fold(head)).strip()


@dataclass(frozen=True, slots=True)
class _Said:
    work: str
    level: Level | None
    places: tuple[str | None, str | None]
    """Province and district of the document."""
    campaign: Campaign
    theme: str

    @property
    def area(self) -> str | None:
        return self.places[0]


def gather_campaigns(
    works: Mapping[str, Work], speaking: Sequence[str], cutters: Mapping[str, QuoteCutter]
) -> tuple[tuple[CampaignNode, ...], tuple[CampaignTie, ...]]:
    """One node per (theme, launching province, end); mentions without either join the only one that fits.

    ``speaking`` are the keys of the works that are held.
    """
    said = [
        _Said(work.key, work.level, _places(work), _shared(campaign), intern(theme_of(campaign.name)))
        for work in map(works.__getitem__, speaking)
        for campaign in work.files[0].said().campaigns
    ]
    launched: dict[str, dict[str, list[_Said]]] = defaultdict(lambda: defaultdict(list))
    for item in said:
        if item.campaign.role == "launches":
            launched[item.theme][_campaign_key(item.theme, item.area, item.campaign.until)].append(item)
    nodes: dict[str, CampaignNode] = {}
    ties: dict[tuple[str, str], list[_Said]] = defaultdict(list)
    for item in said:
        own = launched.get(item.theme, {})
        if item.campaign.role == "launches":
            key = _campaign_key(item.theme, item.area, item.campaign.until)
        else:
            here = [key for key, launches in own.items() if launches[0].area == item.area]
            key = here[0] if len(here) == 1 else _campaign_key(item.theme, None, None)
        ties[item.work, key].append(item)
        nodes[key] = _node(key, own.get(key) or [item], key in own)
    everywhere = {node.key for node in nodes.values() if node.area is None}
    nodes = {
        key: _instance(node, _campaign_key(theme_of(node.name), None, None), everywhere) for key, node in nodes.items()
    }
    nodes = _local_instances(nodes, ties)
    order = {"launches": 0, "continues": 1, "mentions": 2}
    made = []
    for (work_key, key), items in sorted(ties.items()):
        role = min((item.campaign.role for item in items), key=order.__getitem__)
        quotes = _quotes(works[work_key].files[0], cutters, (item.campaign.span for item in items))
        made.append(CampaignTie(work_key, key, role, quotes))
    return tuple(nodes[key] for key in sorted(nodes)), tuple(made)


def _campaign_key(theme: str, area: str | None, until: dt.date | None) -> str:
    words = slug(theme)
    if len(words) > _LONGEST_SLUG:
        words = words[:_LONGEST_SLUG].rsplit("-", 1)[0]
    return "/".join(filter(None, (words, area, until.isoformat() if until else None)))


def _node(key: str, items: list[_Said], is_launched: bool) -> CampaignNode:
    names = sorted({item.campaign.name for item in items}, key=lambda name: (-len(name), name))
    launchers = sorted(
        ((item.level != "province", item.campaign.launched_by) for item in items if item.campaign.launched_by),
        key=lambda pair: (pair[0], pair[1] or ""),
    )
    first = items[0]
    return CampaignNode(
        key=key,
        name=names[0],
        area=first.area if is_launched else None,
        until=first.campaign.until if is_launched else None,
        launched_by=launchers[0][1] if launchers else None,
    )


def _instance(node: CampaignNode, general: str, everywhere: set[str]) -> CampaignNode:
    return replace(node, instance_of=general) if node.key != general and general in everywhere else node


def _local_instances(
    nodes: Mapping[str, CampaignNode], ties: Mapping[tuple[str, str], list[_Said]]
) -> dict[str, CampaignNode]:  # fmt: skip
    """“Lai Châu chung sức xây dựng nông thôn mới” is the province's instance of “Cả nước chung sức xây dựng …”.

    A theme that begins with the name of the province or district of a paper that speaks of it, and goes on as one that
    names no place, or the whole country.
    """
    places: dict[str, set[str]] = defaultdict(set)
    for (_, key), items in ties.items():
        for item in items:
            names = _names_of(item.places)
            places[key] |= {re.sub(r"\d+$", "", slug_of.replace("-", " ")).strip() for slug_of in names}
    general: dict[str, str] = {}
    for key in sorted(nodes):
        if nodes[key].area is None:
            general.setdefault(theme_of(nodes[key].name), key)
    made = dict(nodes)
    for key, node in nodes.items():
        theme = theme_of(node.name)
        rests = sorted(theme[len(name) + 1 :] for name in places[key] if theme.startswith(f"{name} "))
        for rest in rests if node.instance_of is None else ():
            whole = next(
                (general[name] for name in (*(f"{word} {rest}" for word in _WHOLE), rest) if name in general), key
            )
            if whole != key:
                made[key] = replace(node, instance_of=whole)
                break
    return made


def _names_of(codes: Iterable[str | None]) -> Iterable[str]:
    """The last part of area codes: "lai-chau.tam-duong" → "tam-duong"."""
    return (code.rsplit(".", 1)[-1] for code in codes if code)


def gather_anniversaries(
    works: Mapping[str, Work], speaking: Sequence[str], cutters: Mapping[str, QuoteCutter]
) -> tuple[tuple[AnniversaryNode, ...], tuple[Commemoration, ...]]:
    """One node per event and number of years; undated mentions join the only dated one that fits."""
    said = [
        (work.key, replace(anniversary, event=intern(anniversary.event)))
        for work in map(works.__getitem__, speaking)
        for anniversary in work.files[0].said().anniversaries
    ]
    events = _events(anniversary for _, anniversary in said)
    nodes: dict[str, AnniversaryNode] = {}
    ties: dict[tuple[str, str], list[Span]] = defaultdict(list)
    for work, anniversary in said:
        event_key, event, origin = events[_event_id(anniversary)]
        key = f"{event_key}/{anniversary.years}"
        known = nodes.get(key)
        nodes[key] = AnniversaryNode(
            key=key,
            event_key=event_key,
            event=event,
            years=anniversary.years,
            origin=origin,
            commemorated=anniversary.commemorated or (known.commemorated if known else None),
        )
        ties[work, key].append(anniversary.span)
    return (
        tuple(nodes[key] for key in sorted(nodes)),
        tuple(
            Commemoration(work, key, _quotes(works[work].files[0], cutters, spans))
            for (work, key), spans in sorted(ties.items())
        ),
    )


def _event_id(anniversary: Anniversary) -> tuple[str, dt.date | None, int]:
    return fold(anniversary.event), anniversary.origin, anniversary.years


def _events(
    mentioned: Iterable[Anniversary],
) -> Mapping[tuple[str, dt.date | None, int], tuple[str, str, dt.date | None]]:
    """Names that share a date of origin and most words are one event; its shortest name names it."""
    clusters: dict[dt.date, list[tuple[str, str]]] = defaultdict(list)
    years: dict[int, set[tuple[str, dt.date]]] = defaultdict(set)
    found: dict[tuple[str, dt.date | None, int], tuple[str, str, dt.date | None]] = {}
    ordered = sorted(set(_names(mentioned)), key=lambda item: (item[2] is None, len(item[0]), item[0]))
    for folded, name, origin, count in ordered:
        if origin is not None:
            same = [event for event in clusters[origin] if fuzz.token_set_ratio(event[0], folded) >= SAME_EVENT]
            event = same[0] if same else (folded, name)
            if not same:
                clusters[origin].append(event)
            years[count].add((event[0], origin))
            found[folded, origin, count] = (f"{slug(event[0])[:_LONGEST_SLUG]}/{origin}", event[1], origin)
        else:
            fits = {pair for pair in years[count] if fuzz.token_set_ratio(pair[0], folded) >= SAME_EVENT}
            if len(fits) == 1:
                event_name, day = next(iter(fits))
                name = next(event[1] for event in clusters[day] if event[0] == event_name)
                found[folded, None, count] = (f"{slug(event_name)[:_LONGEST_SLUG]}/{day}", name, day)
            else:
                found[folded, None, count] = (f"{slug(folded)[:_LONGEST_SLUG]}/khong-ro", name, None)
    return found


def _names(mentioned: Iterable[Anniversary]) -> Iterable[tuple[str, str, dt.date | None, int]]:
    """(folded event, event, origin, years) of each mention."""
    for anniversary in mentioned:
        yield fold(anniversary.event), anniversary.event, anniversary.origin, anniversary.years


def _places(work: Work) -> tuple[str | None, str | None]:
    metadata = work.files[0].document.metadata
    return metadata.province, metadata.district


def _shared(campaign: Campaign) -> Campaign:
    """The same; a name that many papers say is kept once."""
    return replace(campaign, name=intern(campaign.name))


def _quotes(file: HeldFile, cutters: Mapping[str, QuoteCutter], spans: Iterable[Span]) -> Quotes:
    places = sorted(set(spans), key=lambda span: (span.start, span.end))
    return Quotes(partial(_quote, file, cutters), tuple(places))


def _quote(file: HeldFile, cutters: Mapping[str, QuoteCutter], span: Span) -> Quote:
    return cutters[file.sha256].quote(span)

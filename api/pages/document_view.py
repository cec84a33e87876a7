"""What the page of one document shows, worked out from its dossier: mentions to link, banners, panels."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from api.pages.document_text import Anchor, Mention
from api.pages.formats import day, plain_title, work_name, work_url
from api.pages.wording import Words
from kg.dossier import Dossier, LinkRow
from kg.model import WorkSummary
from kg.reference import Area, Reference
from search.places import predecessors

__all__ = [
    "Banner",
    "LinkGroup",
    "anchors",
    "banners",
    "bounds",
    "by_relation",
    "ended",
    "link_title",
    "mentions",
    "tone",
]

_RELATIONS = (
    "legal_basis", "implements", "follows", "amends", "replaces", "repeals", "consolidates", "guides", "approves",
    "attached_to", "reviews", "proposed_by", "replies_to", "issues", "mentions",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Banner:
    """Something to know before reading. ``works`` are keys to link; ``action`` is a button's kind."""

    kind: str
    text: str
    works: tuple[str, ...] = ()
    action: str = ""


@dataclass(frozen=True, slots=True)
class LinkGroup:
    """Links of one relation or level."""

    name: str
    links: tuple[LinkRow, ...]


def tone(confidence: float) -> str:
    """ "high", "medium", "low": how sure a link is, for people; the figure stands only in data."""
    return "high" if confidence >= 0.9 else "medium" if confidence >= 0.75 else "low"


def link_title(link: LinkRow, work: WorkSummary | None, t: Words) -> str:
    """What a citation says: "Thực hiện: Chỉ thị 34-CT/TW (Bộ Chính trị), 07/4/2014. Độ tin cậy: cao"."""
    if work is None:
        named = link.object
    else:
        issued = f", {day(work.date)}" if work.date else ""
        named = f"{work_name(work)}{f' ({work.issuer})' if work.issuer else ''}{issued}"
    sure = f"{t('confidence')}: {t.of('confidence', tone(link.confidence))}"
    status = f" ({t.of('status', link.status)})" if f"status.{link.status}" in t else ""
    return f"{t.of('relation', link.relation)}: {named}. {sure}{status}"


def mentions(dossier: Dossier, works: Mapping[str, WorkSummary], t: Words) -> list[Mention]:
    """The places of the text where a work is cited, and those whose work stays open."""
    places: dict[tuple[int, int], list[tuple[LinkRow, str]]] = defaultdict(list)
    for link in dossier.outgoing:
        for quote in link.quotes:
            places[quote.mention_start, quote.mention_end].append((link, quote.id))
    made = []
    for (start, end), told in sorted(places.items()):
        told.sort(key=lambda pair: (pair[0].status == "rejected", _RELATIONS.index(pair[0].relation), pair[0].id))
        link = told[0][0]
        work = works.get(link.object)
        data = [
            ("relation", t.of("relation", link.relation)),
            ("work", work_name(work) if work else link.object),
            ("about", plain_title(work.title) if work else ""),
            ("sure", t.of("confidence", tone(link.confidence))),
            ("link", link.id),
            ("held", "1" if work is not None and work.file else ""),
        ]
        sort = "wrong" if link.status == "rejected" else tone(link.confidence) if link.stands else "low"
        made.append(
            Mention(
                start,
                end,
                work_url(link.object),
                link_title(link, work, t),
                tuple(name for _, name in told),
                sort,
                tuple(data),
            )
        )
    for mention in dossier.open_mentions:
        if mention.quote:
            place = mention.quote
            title = t("cite.open", reason=mention.reason)
            made.append(Mention(place.mention_start, place.mention_end, "", title, (mention.id,), "open"))
    return made


def anchors(dossier: Dossier) -> list[Anchor]:
    """The places of tasks, targets, deadlines, campaigns and anniversaries."""
    found = [Anchor(f"part-{part.id}", part.start) for part in dossier.parts]
    for tie in (*dossier.campaigns, *dossier.anniversaries):
        found.extend(Anchor(f"ev-{quote.id}", quote.mention_start) for quote in tie.quotes)
    return list({anchor.id: anchor for anchor in found}.values())


def bounds(work: WorkSummary, t: Words) -> str:
    """Between which days a paper without date was issued: "sau 30/5/2023, trước 30/10/2023"; "" when nothing says."""
    if work.date_earliest and work.date_latest:
        return t("date.between", first=day(work.date_earliest), last=day(work.date_latest))
    if work.date_earliest:
        return t("date.after", day=day(work.date_earliest))
    return t("date.before", day=day(work.date_latest)) if work.date_latest else ""


def by_relation(links: Iterable[LinkRow]) -> list[LinkGroup]:
    """Links that were not found wrong, by relation, strongest first."""
    groups: dict[str, list[LinkRow]] = defaultdict(list)
    for link in links:
        if link.status != "rejected":
            groups[link.relation].append(link)
    return [LinkGroup(name, tuple(groups[name])) for name in _RELATIONS if name in groups]


def banners(
    dossier: Dossier, work: WorkSummary, works: Mapping[str, WorkSummary], reference: Reference, t: Words
) -> list[Banner]:  # fmt: skip
    """What must be known before the text is used, gravest first."""
    found: list[Banner] = []
    for relation, kind in (("replaces", "replaced"), ("repeals", "repealed"), ("amends", "amended")):
        by = tuple(
            dict.fromkeys(
                link.subject
                for link in dossier.incoming
                if link.relation == relation and link.stands and link.subject != dossier.key
            )
        )
        if by:
            found.append(Banner(kind, t(f"banner.{kind}"), by))
    if dossier.facts.get("visibility") == "Internal":
        found.append(Banner("internal", t("banner.internal")))
    if dossier.facts.get("identityMethod") == "Inferred":
        issued = t("banner.inferred.date", day=day(work.date)) if work.date else ""
        citing = {link.subject for link in dossier.incoming if link.stands} or set(dossier.inferred_from)
        name = _with_so(work)
        found.append(
            Banner("inferred", t("banner.inferred", name=name, date=issued, n=len(citing)), action="identity")
        )  # fmt: skip
    elif dossier.candidates:
        text = t("banner.candidates", n=len(dossier.candidates))
        found.append(Banner("candidates", text, dossier.candidates))
    if not dossier.held:
        found.append(Banner("stub", t("banner.stub"), action="upload"))
    elif work.date is None:
        within = bounds(work, t)
        found.append(Banner("bounded", t("banner.bounded", bounds=within) if within else t("banner.undated")))
    gone = ended(dossier.facts.get("passed_by"), reference, t)
    if gone:
        found.append(Banner("abolished", gone))
    return found


def _with_so(work: WorkSummary) -> str:
    """ "Công văn số 1954/UBND-TH"."""
    return f"{work.kind or 'Văn bản'} số {work.number}" if work.number else work_name(work)


def ended(code: str | None, reference: Reference, t: Words) -> str:
    """The sentence for a body that is no more: "UBND huyện Tam Đường kết thúc hoạt động từ 01/7/2025. …"."""
    body = reference.body(code) if code else None
    if body is None or body.valid_to is None:
        return ""
    text = t("banner.abolished", body=_short(body.name), day=day(body.valid_to + dt.timedelta(days=1)))
    area = reference.area(body.area) if body.area else None
    if area is not None and area.valid_to is not None and area.successors:
        text += " " + t("banner.successors", areas=_areas(area, reference))
    elif body.successors:
        names = [other.name for code in body.successors if (other := reference.body(code))]
        if names:
            text += " " + t("banner.successor_bodies", bodies=", ".join(names))
    return text


def _short(name: str) -> str:
    return name.replace("Ủy ban nhân dân", "UBND").replace("Hội đồng nhân dân", "HĐND")


def _areas(gone: Area, reference: Reference) -> str:
    """ "các xã Bình Lư, Bản Bo; một phần phường Tân Phong": what other districts went to as well comes last."""
    whole: dict[str, list[str]] = defaultdict(list)
    partly: dict[str, list[str]] = defaultdict(list)
    for code in gone.successors:
        area = reference.area(code)
        if area is not None:
            before = [reference.area(other) for other in predecessors(reference, code)]
            shared = any(other and other.level == gone.level and other.code != gone.code for other in before)
            (partly if shared else whole)[area.kind].append(area.short_name)
    parts = [", ".join(_listed(whole, many="các "))] if whole else []
    if partly:
        parts.append("một phần " + ", ".join(_listed(partly)))
    return "; ".join(parts)


def _listed(kinds: Mapping[str, Sequence[str]], many: str = "") -> list[str]:
    return [f"{many if len(names) > 1 else ''}{kind} {', '.join(sorted(names))}" for kind, names in kinds.items()]

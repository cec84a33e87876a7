"""Campaigns (phong trào thi đua, cuộc vận động): their quoted or well-known names, and what the paper does to them.

A quoted phrase is a campaign when the nearest noun before it is one of a campaign; slogans ("với tinh thần “…”"), trích
yếu ("về “…”") and names of other things have another noun there. Names in one list share the noun of the first.
A paper *launches* the campaign that it calls, itself or in its part on the theme; it *continues* one that a named body
launched and that it goes on carrying out; everything else it *mentions*. The strongest role holds in the whole paper.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from ingest.bodyphrases import opens_with_body
from ingest.deadlines import find_deadlines
from ingest.factdates import DAY, to_date
from ingest.factlexicon import (
    CAMPAIGN_ALIASES,
    CAMPAIGN_HEADS,
    NOT_CAMPAIGN_HEADS,
    NOT_CAMPAIGN_RIGHT_BEFORE,
    WELL_KNOWN_CAMPAIGNS,
    alternatives,
    pattern,
    plain,
)
from ingest.quotationmarks import Quoted, quoted_phrases
from kg.identifiers import fold
from kg.model import Campaign, Layout, Span

__all__ = ["find_campaigns"]

_LONGEST_REACH = 170  # from the noun to the quoted name
_LONGEST_LIST = 15  # lines between the noun of a list and a name in it
_RANK = {"launches": 2, "continues": 1, "mentions": 0}


@dataclass(frozen=True, slots=True)
class _Own:
    """What the paper says of itself: the words of its issuer's name, and whether its title calls a campaign."""

    issuer: frozenset[str]
    calls: bool

    def is_launcher(self, launcher: str | None) -> bool:
        """Whether the one who calls is the paper's own issuer ("Chủ tịch UBND huyện" of "Ủy ban nhân dân huyện X")."""
        if launcher is None:
            return self.calls
        words = _body_words(launcher)
        return not self.issuer or words <= self.issuer or self.issuer <= words


@lru_cache(maxsize=1)
def _noun() -> re.Pattern[str]:
    # \b and longest-first alternatives: "phong trào thi đua" is one noun, "kỷ niệm ngày" ends with "ngày".
    heads = alternatives((*CAMPAIGN_HEADS, "phong trào thi đua", "phong trào thi đua yêu nước"))
    others = alternatives(NOT_CAMPAIGN_HEADS)
    close = alternatives(NOT_CAMPAIGN_RIGHT_BEFORE)
    return pattern(
        rf"\b(?:(?P<campaign>{heads})|(?P<theme>chủ\s+đề(?:\s+(?:của\s+)?(?:các\s+)?(?:đợt\s+"
        rf"|phong\s+trào\s+)?thi\s+đua)?|tên\s+gọi|mang\s+tên)|(?P<other>{others}"
        rf"|(?:{close})(?=[\s:*_]{{0,3}}$)))\b"
    )


@lru_cache(maxsize=1)
def _list_line() -> re.Pattern[str]:
    return pattern(r"[ \t]*(?:[-+•*“\"«]|\(?\d{1,2}[.)])")


@lru_cache(maxsize=1)
def _orders() -> re.Pattern[str]:
    """A numbered point or a bullet that begins with the call itself: "1. Phát động trong toàn tỉnh phong trào …"."""
    return pattern(r"[ \t\n]*(?:[-+•*]|\(?\d{1,2}(?:\.\d{1,2})*[.)]|[a-zđ]\))?[ \t]*phát\s+động\b")


@lru_cache(maxsize=1)
def _speaks_of_campaign() -> re.Pattern[str]:
    return pattern(r"\b(?:phong\s+trào|thi\s+đua|cuộc\s+vận\s+động)\b")


@lru_cache(maxsize=1)
def _reach() -> re.Pattern[str]:
    """What may stand between the noun and the name: qualities, a launcher, "như:", "trọng tâm là", "với chủ đề"."""
    return pattern(
        r"(?:\s+(?:yêu\s+nước|đặc\s+biệt|chuyên\s+đề|cao\s+điểm|thường\s+xuyên|trọng\s+tâm|lớn|sôi\s+nổi"
        r"|chung|mới"
        r"|nước\s+rút|này|trên|năm\s+\d{4}|lao\s+động|xã\s+hội|quần\s+chúng|của\s+(?:ngành|tỉnh|huyện"
        r"|địa\s+phương|cả\s+nước|hội|đoàn)))*"
        r"(?:[\s,]*(?:do|được|của|đã|trong|trên|thiết\s+thực|sâu\s+rộng)\b[^;.\n“”\"«»]{0,120})?"
        r"(?:[\s,;]*(?:như|gồm|bao\s+gồm|là|đó\s+là|nhất\s+là|đặc\s+biệt\s+là|trọng\s+tâm\s+là|cụ\s+thể"
        r"|với|theo|về|có|mang|lấy))*[\s:,]*"
    )


@lru_cache(maxsize=1)
def _separator() -> re.Pattern[str]:
    """Between two names of one list."""
    return pattern(
        r"[\s;,.…*_]*(?:[(\[]?\d{1,2}[)\].]\s*|[-+•]\s*)?(?:(?:và|hoặc|hay|cùng\s+với|gắn\s+với"
        r"|với)?\s*(?:các\s+)?(?:phong\s+trào"
        r"|cuộc\s+vận\s+động)?(?:\s+thi\s+đua)?)?[\s:*_]*"
    )


@lru_cache(maxsize=1)
def _unquoted() -> re.Pattern[str]:
    names = alternatives((*(_squash(name) for name in WELL_KNOWN_CAMPAIGNS), *CAMPAIGN_ALIASES))
    names = names.replace(",", r"\s?,?").replace(r"\-", r"[-,]?")
    return pattern(rf"\b(?:phong\s+trào|cuộc\s+vận\s+động|phòng\s+trào)(?:\s+thi\s+đua)?\s+(?P<name>{names})\b")


@lru_cache(maxsize=1)
def _well_known() -> frozenset[str]:
    return frozenset(_words(name) for name in WELL_KNOWN_CAMPAIGNS)


@lru_cache(maxsize=1)
def _launching() -> re.Pattern[str]:
    """The paper's own call, up to the name: "phát động phong trào thi đua đặc biệt với chủ đề".

    Past calls are not, nor is "phát động các phong trào phù hợp …, gắn với phong trào “…”", which tells others to call.
    """
    return pattern(
        r"(?<!đã )(?<!được )(?<!lễ )\bphát\s+động\s+(?:(?:các\s+)?(?:đợt|phong\s+trào|cuộc|chiến\s+dịch"
        r"|hình\s+thức)\s+)?(?:thi\s+đua|vận\s+động)?"
        r"(?:(?!gắn\s+với|đặc\s+biệt\s+là|trong\s+đó|như\s)[^;.\n“”\"«»]){0,160}$"
    )


@lru_cache(maxsize=1)
def _launcher_by() -> re.Pattern[str]:
    return pattern(
        r"[\s,]*\bdo\s+(?P<by>[^;:.\n“”\"«»]{2,90}?)\s+(?:đã\s+)?(?:phát\s+động|khởi\s+xướng"
        r"|tổ\s+chức\s+phát\s+động)"
    )


@lru_cache(maxsize=1)
def _launcher_of_list() -> re.Pattern[str]:
    """ "các phong trào thi đua do Thủ tướng Chính phủ phát động: (1) Phong trào “…”": who launched all of the list."""
    return pattern(
        r"\bcác\s+(?:phong\s+trào|cuộc\s+vận\s+động|đợt"
        r")\b[^;:.\n“”]{0,60}?\bdo\s+(?P<by>[^;:.\n“”\"«»]{2,90}?)\s+(?:đã\s+)?"
        r"phát\s+động[^;:.\n“”]{0,60}:(?=[^.“”]{0,60}$)"
    )


@lru_cache(maxsize=1)
def _launched_at() -> re.Pattern[str]:
    return pattern(r"phát\s+động\s+tại\s+(?P<at>[^;:.,\n“”\"«»]{4,120}?)(?=\s+với\s+chủ\s+đề|[;:.,\n“”\"«»])")


@lru_cache(maxsize=1)
def _subject() -> re.Pattern[str]:
    """Who launches: the words before "phát động", from the last mark on."""
    return pattern(
        r"(?:^|[,;:.]\s*)(?P<by>[^,;:.\n]{4,90}?)\s+(?:chính\s+thức\s+|quyết\s+định\s+"
        r"|ban\s+hành\s+kế\s+hoạch\s+)?phát\s+động\b"
    )


@lru_cache(maxsize=1)
def _carrying_on() -> re.Pattern[str]:
    return pattern(r"\b(?:tiếp\s+tục|hưởng\s+ứng|triển\s+khai|tổ\s+chức\s+thực\s+hiện|thực\s+hiện)\b")


@lru_cache(maxsize=1)
def _period() -> re.Pattern[str]:
    return pattern(
        rf"(?:\s+(?:trên\s+địa\s+bàn|trong)\s+[^.,;\n“”]{{2,40}}?)?\s*,?\s*(?:trong\s+"
        rf")?giai\s+đoạn\s+\(?(?P<first>\d{{4}})\s*-\s*(?P<last>\d{{4}})"
        rf"|[^.;\n]{{0,60}}?đến\s+(?:hết\s+)?ngày\s+(?P<day>{DAY})"
    )


def find_campaigns(text: str, layout: Layout) -> tuple[Campaign, ...]:
    """Every mention of a campaign in canonical ``text``, in text order; ``name`` is the theme without its outer quotes.

    "tiếp tục đẩy mạnh phong trào thi đua “Chung sức xây dựng nông thôn mới”" → that name, role "mentions".
    """
    flat = plain(text)
    if _speaks_of_campaign().search(flat) is None and "học tập và làm theo" not in flat:
        return ()
    found = [*_quoted_campaigns(text, flat, _own(layout)), *_unquoted_campaigns(text, flat)]
    if not any(campaign.role == "launches" for campaign in found) and (own := _title_campaign(text, flat, layout)):
        found.append(own)
    return _one_role(sorted(found, key=lambda campaign: campaign.span.start), text, layout)


def _own(layout: Layout) -> _Own:
    title = plain(layout.metadata.title or "")
    return _Own(
        _body_words(layout.metadata.issuer or ""), "thi đua" in title or "phong trào" in title or "phát động" in title
    )


def _body_words(name: str) -> frozenset[str]:
    """The words that tell one body from another: abbreviations spelled out, offices and boards left out."""
    folded = (
        fold(name).replace("ubnd", "uy ban nhan dan").replace("hdnd", "hoi dong nhan dan").replace("ttg", "thu tuong")
    )
    return frozenset(re.findall(r"\w+", folded)) - frozenset(
        ("chu", "tich", "thuong", "vu", "giam", "doc", "pho", "cua", "bo", "truong")
    )


# --- quoted names ---------------------------------------------------------------------------------------------------


def _quoted_campaigns(text: str, flat: str, own: _Own) -> Iterator[Campaign]:
    previous: tuple[Quoted, Campaign | None] | None = None
    for quoted in quoted_phrases(text):
        campaign: Campaign | None = None
        start = quoted.outer.start
        if previous and previous[0].outer.end <= start <= previous[0].outer.end + 60:
            between = flat[previous[0].outer.end : start]
            listed = _separator().fullmatch(between) is not None
        else:
            listed = False
        if listed and previous and (previous[1] is not None or not _speaks_of_campaign().search(between)):
            if previous[1] is not None:
                campaign = _named(text, quoted, previous[1])
        else:
            floor = previous[0].outer.end if previous else 0
            campaign = _judge(text, flat, own, quoted, floor)
        previous = (quoted, campaign)
        if campaign is not None:
            yield campaign


def _judge(text: str, flat: str, own: _Own, quoted: Quoted, floor: int) -> Campaign | None:
    start = quoted.outer.start
    paragraph = flat.rfind("\n", max(0, start - 2000), start) + 1
    left = max(paragraph, floor, start - _LONGEST_REACH)
    words = _words(quoted.inner.of(text))
    if not _plausible(words):
        return None
    noun = None
    for noun in _noun().finditer(flat, left, start):  # noqa: B007 - the last one is wanted
        pass
    sentence = max(paragraph, start - 600)
    if noun is not None and noun["theme"] and _close(flat, noun, start):
        return _theme(text, flat, own, quoted, sentence)
    if noun is not None and noun["campaign"] and _reach().fullmatch(flat, noun.end(), start):
        return _named(text, quoted, _role(text, flat, own, quoted, sentence, noun.start()))
    if noun is None and not flat[paragraph:start].strip(" -+*_:"):
        heading = flat.rfind("\n", 0, max(paragraph - 1, 0)) + 1
        if re.search(r"chủ\s+đề", flat[max(heading, paragraph - 80) : paragraph]):
            return _theme(text, flat, own, quoted, heading)
    if not flat[paragraph:start].strip(" -+*_:•") and (listed := _introduced(text, flat, own, quoted, paragraph)):
        return listed
    if words in _well_known() and not (noun is not None and noun["other"] and _close(flat, noun, start)):
        return _named(text, quoted, Campaign("", "mentions", quoted.inner, cue=_cue_of(flat[sentence:start])))
    return None


def _introduced(text: str, flat: str, own: _Own, quoted: Quoted, paragraph: int) -> Campaign | None:
    """A name in a list below its noun: "Đẩy mạnh các phong trào thi đua:" and then "- “…”;" line by line."""
    for _ in range(_LONGEST_LIST):
        end = paragraph - 1
        above = flat.rfind("\n", 0, max(end, 0)) + 1
        line = flat[above : max(end, 0)].rstrip()
        if line.endswith(":"):
            stop = above + len(line)
            noun = _last(_noun(), flat, max(above, stop - _LONGEST_REACH), stop)
            if noun is None or not noun["campaign"] or not _reach().fullmatch(flat, noun.end(), stop):
                return None
            told = replace(quoted, outer=Span(stop, stop))
            return _named(text, quoted, _role(text, flat, own, told, above, noun.start()))
        if above == 0 or not _list_line().match(flat, above):
            return None
        paragraph = above
    return None


def _close(flat: str, noun: re.Match[str], start: int) -> bool:
    between = r"[\s:*_]*(?:là|năm\s+\d{4}|của\s+[^,;.\n]{0,60}|phong\s+trào\s+[^,;.\n]{0,40})?[\s:*_]*"
    return re.fullmatch(between, flat[noun.end() : start]) is not None


def _plausible(words: str) -> bool:
    return 2 <= len(words.split()) <= 120


def _theme(text: str, flat: str, own: _Own, quoted: Quoted, sentence: int) -> Campaign | None:
    """A quoted theme: of a campaign only where the sentence, the heading above or the title speaks of one."""
    start = quoted.outer.start
    if not (_speaks_of_campaign().search(flat, sentence, start) or own.calls):
        return None
    clause = max(sentence, flat.rfind(";", sentence, start) + 1, flat.rfind(". ", sentence, start) + 1)
    like = _role(text, flat, own, quoted, sentence, clause)
    past = re.compile(r"đã\s+(?:được\s+)?phát\s+động").search(flat, clause, min(len(flat), quoted.outer.end + 160))
    if like.role == "mentions" and like.launched_by is None and like.launched_at is None and not past:
        like = replace(like, role="launches", cue="chủ đề")  # the theme that this paper sets
    return _named(text, quoted, like)


def _role(text: str, flat: str, own: _Own, quoted: Quoted, sentence: int, noun: int) -> Campaign:
    """What the sentence says of the campaign whose noun stands at ``noun``: who launched it, who carries it on."""
    start, span = quoted.outer.start, quoted.inner
    limit = min(len(flat), quoted.outer.end + 160)
    stop = re.compile(r"[.;\n“\"«]").search(flat, quoted.outer.end, limit)
    tail_end = stop.start() if stop else limit
    at = _last(_launched_at(), flat, noun, start) or _launched_at().search(flat, quoted.outer.end, tail_end)
    where = _printed(text, at, "at")
    cue = _cue_of(flat[sentence:start])
    by = (
        _last(_launcher_by(), flat, noun, start)
        or _launcher_by().match(flat, quoted.outer.end, tail_end)
        or _last(_launcher_of_list(), flat, sentence, start)
    )
    if by is not None:
        carried = _carrying_on().search(flat, sentence, start) or _carrying_on().search(
            flat, quoted.outer.end, tail_end
        )
        return Campaign("", "continues" if carried else "mentions", span, _printed(text, by, "by"), where, cue=cue)
    if at is None and _launching().search(flat, max(sentence, start - 240), start):
        subject = _last(_subject(), flat, sentence, start)
        launcher = _printed(text, subject, "by")
        if launcher is not None and not opens_with_body(text, flat, subject.start("by"), start):  # type: ignore[union-attr]
            launcher = None
        if own.is_launcher(launcher) or (launcher is None and _orders().match(flat, sentence)):
            return Campaign("", "launches", span, launcher, where, cue="phát động")
        return Campaign("", "mentions", span, launcher, where, cue="phát động")
    return Campaign("", "mentions", span, None, where, cue=cue)


def _last(what: re.Pattern[str], flat: str, start: int, end: int) -> re.Match[str] | None:
    found = None
    for found in what.finditer(flat, start, end):  # noqa: B007 - the nearest one is wanted
        pass
    return found


def _printed(text: str, match: re.Match[str] | None, group: str) -> str | None:
    return " ".join(text[match.start(group) : match.end(group)].split()) if match else None


def _cue_of(sentence: str) -> str | None:
    cues = re.findall(r"tiếp tục|hưởng ứng|triển khai|đẩy mạnh|thực hiện|gắn với|nâng cao", sentence)
    return cues[-1] if cues else None


def _named(text: str, quoted: Quoted, like: Campaign) -> Campaign:
    inner = text[quoted.inner.start : quoted.inner.end]
    lead = len(inner) - len(inner.lstrip(" *_"))
    span = Span(quoted.inner.start + lead, quoted.inner.start + max(len(inner.rstrip(" *_,;")), lead + 1))
    name = " ".join(text[span.start : span.end].replace("*", "").split())
    until, start_date = _period_after(text, quoted.outer.end)
    return replace(like, name=name, span=span, until=until or None, start_date=start_date)


def _first_day(period: str) -> dt.date | None:
    """The day a period begins: "từ ngày 15/3/2024 đến ngày 15/8/2024" → 15 March."""
    first = pattern(rf"từ\s+ngày\s+(?P<day>{DAY})").search(plain(period))
    return to_date(first["day"]) if first else None


def _period_after(text: str, position: int) -> tuple[dt.date | None, dt.date | None]:
    match = _period().match(plain(text), position, min(len(text), position + 140))
    if match is None:
        return None, None
    if match["day"]:
        return to_date(match["day"]), _first_day(match[0])
    first, last = int(match["first"]), int(match["last"])
    return (dt.date(last, 12, 31), dt.date(first, 1, 1)) if 1900 < first <= last < 2200 else (None, None)


# --- names without quotes -------------------------------------------------------------------------------------------


def _squash(name: str) -> str:
    return name.lower().replace(" - ", " - ")


def _unquoted_campaigns(text: str, flat: str) -> Iterator[Campaign]:
    for match in _unquoted().finditer(flat):
        span = Span(match.start("name"), match.end("name"))
        name = CAMPAIGN_ALIASES.get(match["name"]) or " ".join(text[span.start : span.end].split())
        yield Campaign(name, "mentions", span)


@lru_cache(maxsize=1)
def _title_call() -> re.Pattern[str]:
    return pattern(
        r"(?:phát\s+động|triển\s+khai|tổ\s+chức)\s+(?:thực\s+hiện\s+)?(?:các\s+)?(?:phong\s+trào"
        r"|đợt)\s+thi\s+đua(?:\s+(?:đặc\s+biệt|cao\s+điểm))?\s+(?P<name>[^“”\"«»\n]{8,300})"
    )


def _title_campaign(text: str, flat: str, layout: Layout) -> Campaign | None:
    """A campaign that the title calls without quoting a theme: "Phát động đợt thi đua cao điểm hoàn thành …"."""
    match = None
    for match in _title_call().finditer(flat, layout.header.start, layout.header.end):  # noqa: B007 - the title is last
        pass
    if match is None:
        return None
    name = text[match.start("name") : match.end("name")].rstrip(" .,;:-*_")
    span = Span(match.start("name"), match.start("name") + len(name))
    return Campaign(" ".join(name.split()), "launches", span, cue="phát động")


# --- one role in one paper ------------------------------------------------------------------------------------------


def _words(name: str) -> str:
    return " ".join(re.findall(r"\w+", fold(name)))


def _identity(name: str) -> str:
    """The folded theme to its first date bracket: what makes two spellings one campaign within a paper."""
    return _words(re.split(r"\(\s*\d{1,2}\s*[/.\-]", name)[0])


def _one_role(found: list[Campaign], text: str, layout: Layout) -> tuple[Campaign, ...]:
    best: dict[str, Campaign] = {}
    for campaign in found:
        key = _identity(campaign.name)
        if key not in best or _RANK[campaign.role] > _RANK[best[key].role]:
            best[key] = campaign
    ends = [deadline for deadline in find_deadlines(text, layout) if deadline.kind == "campaign_end"] if best else []
    own_end = dt.date.fromisoformat(ends[0].date) if ends and re.fullmatch(r"\d{4}-\d\d-\d\d", ends[0].date) else None
    own_start = _first_day(ends[0].surface) if ends else None
    result = []
    for campaign in found:
        strongest = best[_identity(campaign.name)]
        until = campaign.until or strongest.until or (own_end if strongest.role == "launches" else None)
        result.append(
            replace(
                campaign,
                role=strongest.role,
                until=until,
                launched_by=campaign.launched_by or strongest.launched_by,
                launched_at=campaign.launched_at or strongest.launched_at,
                start_date=campaign.start_date
                or strongest.start_date
                or (own_start if strongest.role == "launches" and until == own_end else None),
            )
        )
    return tuple(result)

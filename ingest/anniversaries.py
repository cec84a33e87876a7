"""Anniversaries: "kỷ niệm 115 năm thành lập tỉnh (28/6/1909 - 28/6/2024)", dated or not.

A stretch of time is no anniversary ("kế hoạch 5 năm (2021-2025)", "sau 10 năm thực hiện"): without two dates that lie
N years apart, "kỷ niệm" must stand before it, itself or through a list, or the same document must date the same event.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from ingest.factdates import DAY, to_date
from ingest.factlexicon import ANNIVERSARY_EVENT_HEADS, ANNIVERSARY_NOT_EVENTS, alternatives, pattern, plain
from kg.identifiers import fold
from kg.model import Anniversary, Layout, Span

__all__ = ["find_anniversaries"]

_LONGEST_EVENT = 200
_LONGEST_LIST_STEP = 12  # code points between two members of a list: "; ", " và ", ", "


@dataclass(frozen=True, slots=True)
class _Mention:
    """One "N năm …" before it is decided: ``found`` without dates may still join a dated one."""

    found: Anniversary
    celebrated: bool
    dated: bool


@lru_cache(maxsize=1)
def _start() -> re.Pattern[str]:
    # "tháng 6 năm 2025" has a digit after; "1.234 năm", "2020-2025 năm" have a separator before.
    return pattern(
        r"(?<![\d/.,\-])(?:(?P<years>\d{1,3})\s{1,3}năm|lần\s+thứ\s+(?P<nth>\d{1,3})(?=\s+ngày))\s{1,3}(?![\d(])"
    )


@lru_cache(maxsize=1)
def _dates() -> re.Pattern[str]:
    # The closing bracket may be missing, and a year alone may stand for a day.
    first, last = (rf"(?:ngày\s+)?(?P<{name}>{DAY}|\d{{4}}(?!\d))" for name in ("first", "last"))
    return pattern(rf"[(\[]?\s{{0,3}}{first}\s{{0,3}}[-~]{{1,2}}\s{{0,3}}{last}(?:\s{{0,3}}[)\]])?")


@lru_cache(maxsize=1)
def _single_date() -> re.Pattern[str]:
    return pattern(rf"[(\[]\s{{0,3}}(?:ngày\s+)?(?P<first>{DAY})\s{{0,3}}[)\]]")


@lru_cache(maxsize=1)
def _event_end() -> re.Pattern[str]:
    """Where an undated event stops: a mark, the next "N năm", or a word that opens another thought."""
    return pattern(
        r"[;:.!?\n()“”\"«»\[\]]|\s+(?:và|,)?\s*\d{1,3}\s+năm\s|,\s+(?!(?:thống\s+nhất|thành\s+lập|tái\s+lập"
        r"|giải\s+phóng|chiến\s+đấu"
        r"|xây\s+dựng\s+và)\b)|\s+(?:nhằm|gắn\s+với|được|để|theo|trong\s+không\s+khí|trên\s+địa\s+bàn"
        r"|và\s+(?:chào\s+mừng|hướng\s+tới"
        r"|các\s+ngày|các\s+sự\s+kiện))\b"
    )


@lru_cache(maxsize=1)
def _celebration() -> re.Pattern[str]:
    return pattern(r"k[yỷýỹíỉ]\s+niệm(?:\s+(?:lần\s+thứ|trọng\s+thể|ngày))?\s*$|chào\s+mừng\s*$")


@lru_cache(maxsize=1)
def _event_head() -> re.Pattern[str]:
    return pattern(rf"(?:{alternatives(ANNIVERSARY_EVENT_HEADS)})\b")


@lru_cache(maxsize=1)
def _no_event() -> re.Pattern[str]:
    return pattern(rf"(?:{alternatives(ANNIVERSARY_NOT_EVENTS)})\b|\W")


def find_anniversaries(text: str, layout: Layout) -> tuple[Anniversary, ...]:
    """Every mention of an anniversary in canonical ``text``, in text order; the span runs from N to the dates.

    "75 năm thành lập Đảng bộ tỉnh (10/10/1949-10/10/2024)" → years 75, event "thành lập Đảng bộ tỉnh", both dates.
    An undated mention takes the dates of the one dated event of the same document that has its years and words.
    """
    mentions = list(_mentions(text, plain(text)))
    dated = [mention.found for mention in mentions if mention.dated]
    kept = []
    for mention in mentions:
        if mention.dated:
            kept.append(mention.found)
        elif (origin := _same_event(mention.found, dated)) is not None:
            kept.append(replace(origin, span=mention.found.span))
        elif mention.celebrated:
            kept.append(mention.found)
    return _one_name(kept)


def _mentions(text: str, flat: str) -> Iterator[_Mention]:
    previous_end, previous_celebrated = -1, False
    for match in _start().finditer(flat):
        years = int(match["years"] or match["nth"])
        if years < 1 or match.start() < previous_end:
            continue
        start = match.start("years") if match["years"] else match.start("nth")
        celebrated = _is_celebrated(flat, match.start()) or bool(
            previous_celebrated
            and match.start() - previous_end <= _LONGEST_LIST_STEP
            and re.fullmatch(r"[\s;,.]*(?:và|cùng)?\s*", flat[previous_end : match.start()])
        )
        mention = _read_event(text, flat, start, match.end(), years, celebrated)
        if mention is None:
            continue
        previous_end, previous_celebrated = mention.found.span.end, mention.celebrated or mention.dated
        yield mention


def _is_celebrated(flat: str, start: int) -> bool:
    return _celebration().search(flat, max(0, start - 40), start) is not None


def _read_event(text: str, flat: str, start: int, event_start: int, years: int, celebrated: bool) -> _Mention | None:
    if _no_event().match(flat, event_start):
        return None
    limit = min(len(flat), event_start + _LONGEST_EVENT)
    stop = _event_end().search(flat, event_start, limit)
    undated_end = stop.start() if stop else limit
    dates = _dates().search(flat, event_start, limit)
    between = flat[event_start : dates.start()] if dates else ""
    if dates and not re.search(r"[;.\n()]|\d\s+năm\s", between) and between.strip():
        first, last = to_date(dates["first"]), to_date(dates["last"])
        apart = int(dates["last"][-4:]) - int(dates["first"][-4:])
        told = celebrated or first is not None or _event_head().match(flat, event_start)
        if apart == years and told:  # years alone may be a period: "kế hoạch 4 năm xây dựng … (2021 - 2025)"
            return _Mention(
                _entry(text, start, event_start, dates.start(), dates.end(), years, first, last), celebrated, True
            )
        if not celebrated:
            return None  # a period: "kế hoạch 3 năm xây dựng (2021 - 2025)"
    if not celebrated and not _event_head().match(flat, event_start):
        return None
    event_end = min(undated_end, dates.start() if dates else limit)
    if not flat[event_start:event_end].strip():
        return None
    single = _single_date().match(flat, event_end + len(flat[event_end:limit]) - len(flat[event_end:limit].lstrip()))
    origin = to_date(single["first"]) if single else None
    found = _entry(text, start, event_start, event_end, event_end, years, origin, None)
    return _Mention(found, celebrated, False)


def _entry(
    text: str,
    start: int,
    event_start: int,
    event_end: int,
    end: int,
    years: int,
    first: dt.date | None,
    last: dt.date | None,
) -> Anniversary:
    event = " ".join(text[event_start:event_end].split()).strip(' ,-–(“”"')
    return Anniversary(years, event, Span(start, max(end, event_start + 1)), first, last)


def _same_event(undated: Anniversary, dated: list[Anniversary]) -> Anniversary | None:
    """The one dated event whose words the undated mention holds, or that holds the mention's words."""
    words = _event_words(undated.event)
    fitting = {
        (known.origin, known.commemorated): known
        for known in dated
        if known.years == undated.years
        and words
        and (_event_words(known.event) <= words or words <= _event_words(known.event))
    }
    return next(iter(fitting.values())) if len(fitting) == 1 else None


def _event_words(event: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", fold(event))) - {"ngay"}


def _one_name(found: list[Anniversary]) -> tuple[Anniversary, ...]:
    """One event, one name: "thành lập tỉnh Lai Châu" becomes the shorter "thành lập tỉnh" it begins with."""
    names: dict[tuple[int, dt.date | None, dt.date | None], list[str]] = {}
    for entry in found:
        if entry.origin is not None:
            names.setdefault((entry.years, entry.origin, entry.commemorated), []).append(entry.event)
    result = []
    for entry in found:
        known = names.get((entry.years, entry.origin, entry.commemorated), ())
        shorter = [name for name in known if fold(entry.event).startswith(fold(name) + " ")]
        result.append(replace(entry, event=min(shorter, key=len)) if shorter else entry)
    return tuple(result)

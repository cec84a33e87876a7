"""Days to come: anniversaries and ends of campaigns by month, and a picture of them on a line of time.

Of an event with a known origin the next yearly day is worked out; "năm tròn" is a number of years that ends in 0, as
Nghị định 145/2013/NĐ-CP has it, "năm lẻ 5" one that ends in 5.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup

from api.pages.formats import excerpt
from kg.registers import AnniversaryEntry, CampaignEntry

__all__ = ["Coming", "Point", "coming", "months", "next_day", "timeline"]

Sort = Literal["anniversary", "campaign_end"]


@dataclass(frozen=True, slots=True)
class Coming:
    """One day to come: ``years`` are those of an anniversary; ``url`` leads to the event or campaign."""

    sort: Sort
    date: dt.date
    name: str
    url: str
    years: int | None = None

    def left(self, today: dt.date) -> int:
        """Days from ``today`` on."""
        return (self.date - today).days

    @property
    def roundness(self) -> str:
        """ "round" for 10, 20, …; "half" for 5, 15, …; "" else."""
        if not self.years:
            return ""
        return "round" if self.years % 10 == 0 else "half" if self.years % 5 == 0 else ""


@dataclass(frozen=True, slots=True)
class Point:
    """One mark on the line of time."""

    date: dt.date
    name: str
    sort: Sort


def next_day(origin: dt.date, today: dt.date) -> dt.date:
    """The first yearly return of a day that is not past; 29 February falls on 1 March in other years."""
    for year in (today.year, today.year + 1):
        try:
            day = origin.replace(year=year)
        except ValueError:
            day = dt.date(year, 3, 1)
        if day >= today:
            return day
    return day


def coming(
    anniversaries: Iterable[AnniversaryEntry], campaigns: Iterable[CampaignEntry], today: dt.date, *, within: int = 366
) -> list[Coming]:
    """What lies ahead within so many days, nearest first; one line per event and day."""
    found: dict[tuple[str, dt.date], Coming] = {}
    for entry in anniversaries:
        if entry.origin:
            day = next_day(entry.origin, today)
            years = day.year - entry.origin.year
            line = Coming("anniversary", day, entry.event, f"/ngay-ky-niem/{entry.key}", years)
            kept = found.get((entry.event_key, day))
            if kept is None or line.url < kept.url:
                found[entry.event_key, day] = line
        elif entry.commemorated and entry.commemorated >= today:
            found[entry.event_key, entry.commemorated] = Coming(
                "anniversary", entry.commemorated, entry.event, f"/ngay-ky-niem/{entry.key}", entry.years
            )
    for campaign in campaigns:
        if campaign.until and campaign.until >= today:
            found[campaign.key, campaign.until] = Coming(
                "campaign_end", campaign.until, campaign.name, f"/phong-trao/{campaign.key}"
            )
    ahead = [line for line in found.values() if line.left(today) <= within]
    return sorted(ahead, key=lambda line: (line.date, line.sort, line.name))


def months(lines: Iterable[Coming]) -> list[tuple[str, list[Coming]]]:
    """The lines by month: ("6/2027", [...])."""
    found: dict[str, list[Coming]] = {}
    for line in lines:
        found.setdefault(f"{line.date.month:02d}/{line.date.year}", []).append(line)
    return list(found.items())


_WIDTH, _LEFT, _TOP, _ROW = 1120, 20, 34, 22


def timeline(points: Iterable[Point], today: dt.date, *, title: str, most: int = 26) -> Markup:
    """The points as an SVG line of time with a label each; "" when there is nothing to show.

    The picture repeats what stands in the table beside it; names are shortened and escaped.
    """
    shown = sorted(points, key=lambda point: point.date)
    shown = sorted(sorted(shown, key=lambda point: abs((point.date - today).days))[:most], key=lambda point: point.date)
    if not shown:
        return Markup("")
    first = min(shown[0].date, today) - dt.timedelta(days=120)
    last = max(shown[-1].date, today) + dt.timedelta(days=420)
    span = (last - first).days

    def x(day: dt.date) -> float:
        return round(_LEFT + (day - first).days / span * (_WIDTH - 2 * _LEFT), 1)

    rows_end: list[float] = []
    marks = []
    for point in shown:
        label = f"{point.date.day:02d}/{point.date.month}/{point.date.year} {excerpt(point.name, 44)}"
        at = x(point.date)
        width = 6.6 * len(label) + 18
        begins = at + 9 if at + width < _WIDTH else at - width
        row = next((place for place, end in enumerate(rows_end) if end < min(at, begins)), len(rows_end))
        if row == len(rows_end):
            rows_end.append(0)
        rows_end[row] = max(at, begins + width) + 8
        y = _TOP + 26 + row * _ROW
        anchor = "start" if begins > at else "end"
        text_x = at + 9 if begins > at else at - 9
        marks.append(
            Markup(
                '<line class="tl-stem" x1="{0}" y1="{3}" x2="{0}" y2="{1}"/><circle class="tl-{2}" cx="{0}" cy="{1}"'
                ' r="5"/><text class="tl-label" x="{4}" y="{5}" text-anchor="{6}">{7}</text>'
            ).format(at, y, point.sort, _TOP, text_x, y + 4, anchor, label)
        )
    height = _TOP + 26 + len(rows_end) * _ROW + 6
    ticks = []
    years = range(first.year + 1, last.year + 1)
    step = max(1, len(years) // 12)
    for year in years[::step]:
        at = x(dt.date(year, 1, 1))
        ticks.append(
            Markup('<line class="tl-tick" x1="{0}" y1="{1}" x2="{0}" y2="{2}"/><text class="tl-year" x="{0}" y="{3}"'
                   ' text-anchor="middle">{4}</text>').format(at, _TOP - 5, height, _TOP - 10, year)
        )  # fmt: skip
    now = x(today)
    return Markup(
        '<svg class="timeline" viewBox="0 0 {w} {h}" role="img" aria-label="{title}">{ticks}'
        '<line class="tl-axis" x1="0" y1="{top}" x2="{w}" y2="{top}"/>{marks}'
        '<line class="tl-now" x1="{now}" y1="{top}" x2="{now}" y2="{h}"/></svg>'
    ).format(
        w=_WIDTH, h=height, title=title, ticks=Markup("").join(ticks), top=_TOP, marks=Markup("").join(marks), now=now
    )

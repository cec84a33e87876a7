"""Dates as facts print them: "30/10/2023", "ngày 30 tháng 10 năm 2023", "tháng 10/2023", "quý IV/2025", "năm 2030".

Day first, always. A day that no calendar has (31/02/2024) is no date.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache

from ingest.factlexicon import pattern

__all__ = ["DAY", "due_date", "due_pattern", "to_date"]

# A full day on plain text; spaces may stand around the separators. Without groups, to be built into other patterns.
DAY = (
    r"(?:\d{1,2}\s{0,2}[/.\-]\s{0,2}\d{1,2}\s{0,2}[/.\-]\s{0,2}\d{4}(?!\d)"
    r"|\d{1,2}\s+tháng\s+\d{1,2}\s+năm\s+\d{4}(?!\d))"
)
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}


def to_date(printed: str) -> dt.date | None:
    """The day in a text matched by DAY: "02/9/1945" → 1945-09-02; None when the calendar has no such day."""
    numbers = re.findall(r"\d+", printed)
    if len(numbers) != 3:
        return None
    day, month, year = map(int, numbers)
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


@lru_cache(maxsize=1)
def due_pattern() -> re.Pattern[str]:
    """A date by which something may be due, on plain text: a day (with or without year), a weekly or monthly day,
    a month, a quarter or a year. Anchored where it is tried; every part is bounded."""
    return pattern(
        r"(?:(?:\d{1,2}\s?(?:giờ|h|:)\s?(?:\d{2}\s?(?:phút)?)?,?\s+)?(?:ngày\s+)?(?:"
        rf"(?P<day>{DAY})"
        r"|(?P<monthly>\d{1,2})\s+(?:của\s+)?(?P<each>hằng\s+tháng|hàng\s+tháng|mỗi\s+tháng"
        r"|tháng\s+cuối\s+(?:của\s+)?(?:mỗi\s+)?quý"
        r"|hằng\s+năm|hàng\s+năm)"
        r"|(?P<yearly>\d{1,2}\s?/\s?\d{1,2}|\d{1,2}\s+tháng\s+\d{1,2})\s+(?:hằng|hàng|mỗi)\s+năm"
        r"|(?P<weekday>(?:thứ\s+(?:hai|ba|tư|năm|sáu|bảy)|chủ\s+nhật)\s+(?:hằng|hàng|mỗi)\s+tuần)"
        r"|tháng\s+(?P<month>\d{1,2})(?:\s?[/.\-]\s?|\s+năm\s+)(?P<month_year>\d{4})(?!\d)"
        r"|quý\s+(?P<quarter>iv|i{1,3}|[1-4])(?:\s?[/.\-]\s?|\s+năm\s+|\s+)(?P<quarter_year>\d{4})(?!\d)"
        r"|năm\s+(?P<year>\d{4})(?!\d)"
        r"|(?P<short>\d{1,2}\s?/\s?\d{1,2})(?![\d/]|\s?/)"
        r"|(?P<bare_month>\d{1,2})\s?/\s?(?P<bare_year>\d{4})(?!\d)"
        r"))"
    )


def due_date(match: re.Match[str], year: int | None = None) -> str | None:
    """The date of a ``due_pattern`` match in ISO form, as precise as the text: "2023-10-30", "2023-10", "2025-Q4".

    A day without year gets ``year``, or stays "--12-20"; a recurring day keeps its words ("25 hằng tháng").
    """
    if match["day"]:
        day = to_date(match["day"])
        return day.isoformat() if day else None
    if match["monthly"]:
        return f"{int(match['monthly'])} {' '.join(match['each'].split())}"
    if match["yearly"]:
        return f"{'/'.join(re.findall(r'[0-9]+', match['yearly']))} hằng năm"
    if match["weekday"]:
        return " ".join(match["weekday"].split())
    if match["month"] or match["bare_month"]:
        month = int(match["month"] or match["bare_month"])
        return f"{match['month_year'] or match['bare_year']}-{month:02d}" if 1 <= month <= 12 else None
    if match["quarter"]:
        return f"{match['quarter_year']}-Q{_ROMAN.get(match['quarter']) or int(match['quarter'])}"
    if match["year"]:
        return match["year"]
    day_of_month, month = (int(number) for number in match["short"].split("/"))
    try:
        dt.date(year or 2024, month, day_of_month)
    except ValueError:
        return None
    return f"{year}-{month:02d}-{day_of_month:02d}" if year else f"--{month:02d}-{day_of_month:02d}"

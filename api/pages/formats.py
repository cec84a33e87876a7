"""How values are written for people: dates, counts, names of documents, citations as Nghị định 30 wants them."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any, Protocol
from urllib.parse import quote, urlencode

__all__ = [
    "citation_form",
    "day",
    "excerpt",
    "heading_path",
    "number_url",
    "plain_title",
    "read_day",
    "spoken_day",
    "two",
    "work_name",
    "work_url",
]


class _Work(Protocol):
    """What a list shows of a work: ``WorkSummary`` and search's ``DocumentRecord`` alike."""

    @property
    def kind(self) -> str | None: ...
    @property
    def number(self) -> str | None: ...
    @property
    def title(self) -> str | None: ...
    @property
    def issuer(self) -> str | None: ...
    @property
    def file(self) -> str | None: ...


def two(number: int) -> str:
    """A count with two digits at least: 2 → "02", 1200 → "1.200"."""
    return f"{number:02d}" if number < 1000 else f"{number:,}".replace(",", ".")


def day(value: dt.date | str | None) -> str:
    """A date as offices write it, days and January, February with a zero: "30/5/2023", "07/02/2024"; "" for None."""
    if not value:
        return ""
    date = dt.date.fromisoformat(value[:10]) if isinstance(value, str) else value
    return f"{date.day:02d}/{_month(date)}/{date.year}"


_ISO = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])")
_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")


def read_day(text: str) -> dt.date | None:
    """A date as people write it, "12/6/2023", or as a browser's date field sends it; None for anything else."""
    match = _DAY.fullmatch(text.strip())
    try:
        if match:
            return dt.date(int(match[3]), int(match[2]), int(match[1]))
        return dt.date.fromisoformat(text.strip())
    except ValueError:
        return None


def spoken_day(value: str | None) -> str:
    """A day as a document gave it: an ISO date as offices write it, anything else ("quý IV") as it stands."""
    return day(value) if value and _ISO.fullmatch(value) else value or ""


def _month(date: dt.date) -> str:
    """January and February with a zero, as the decree has it; the others cannot be taken for a day."""
    return f"{date.month:02d}" if date.month < 3 else str(date.month)


def work_name(work: _Work) -> str:
    """ "Kế hoạch 159/KH-UBND"; a law by its title; a paper without number by its kind and title, else by its file."""
    if work.number:
        return f"{work.kind} {work.number}" if work.kind else work.number
    title = plain_title(work.title)
    if title and work.kind and work.file and not title.lower().startswith(work.kind.lower()):
        first = title.split(" ", 1)[0]
        return excerpt(f"{work.kind} {title if first.isupper() else title[:1].lower() + title[1:]}", 110)
    if title:
        return excerpt(title, 110)
    return f"{work.kind or 'Văn bản'} ({work.file})" if work.file else work.kind or "Văn bản"


def plain_title(title: str | None) -> str:
    """A title on one line, its first letter raised; capitals stay: which words are names cannot be told from them."""
    text = " ".join((title or "").split())
    return text[:1].upper() + text[1:]


def heading_path(path: str) -> str:
    """The headings above a passage: "II. NỘI DUNG › 2. Thời gian"; a label said twice stands once."""
    return re.sub(r"(^|› )(\S+) (?=\2[.):\s])", r"\1", path)


def excerpt(text: str, most: int = 240) -> str:
    """The beginning of a text on one line, cut at a space."""
    line = " ".join(text.split())
    if len(line) <= most:
        return line
    return line[:most].rsplit(" ", 1)[0].rstrip(",;:") + " …"


def work_url(key: str, **query: object) -> str:
    """The page of a work, with ``#…`` from ``at``: ``work_url("tw/ct/2014/34", at="ev-1")``."""
    at = query.pop("at", None)
    text = urlencode({name: value for name, value in query.items() if value is not None})
    return f"/van-ban/{quote(key, safe='/')}{'?' + text if text else ''}{'#' + str(at) if at else ''}"


def number_url(path: str, **query: Any) -> str:
    """A page with query values, empty ones left out."""
    text = urlencode({name: value for name, value in query.items() if value not in (None, "")})
    return f"{path}?{text}" if text else path


def citation_form(work: _Work, issued: dt.date | None) -> str:
    """A citation as Nghị định 30/2020/NĐ-CP writes it, to be copied into "Căn cứ".

    "Chỉ thị số 34-CT/TW ngày 07 tháng 4 năm 2014 của Bộ Chính trị về tiếp tục đổi mới công tác thi đua, khen thưởng".
    """
    parts = [work.kind or "Văn bản"]
    if work.number:
        parts.append(f"số {work.number}")
    if issued:
        parts.append(f"ngày {issued.day:02d} tháng {_month(issued)} năm {issued.year}")
    if work.issuer:
        parts.append(f"của {work.issuer}")
    title = plain_title(work.title)
    if title:
        title = re.sub(r"^(?:V/v|Về việc|Về)\s+", "về ", title, flags=re.IGNORECASE)
        first = title.split(" ", 1)[0]
        if not title.startswith("về "):
            # "Kế hoạch … của … tổ chức phong trào": a title that begins with a verb follows "về việc"
            title = "về việc " + (title if first.isupper() else title[:1].lower() + title[1:])
        else:
            rest = title[3:]
            title = "về " + rest[:1].lower() + rest[1:]
        parts.append(title)
    return " ".join(parts)

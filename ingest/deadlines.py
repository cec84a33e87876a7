"""Deadlines, and the three that a clerk must not confuse: to send a plan, to report, the end of a campaign.

"gửi kế hoạch về Sở Nội vụ trước ngày 15/7/2025" (sending), "báo cáo kết quả … trước ngày 20/12" (reporting),
"từ nay đến hết ngày 30/10/2023" of a campaign (campaign_end). Days on which a paper takes effect, or that only tell
which papers of the past are meant ("hồ sơ nộp trước ngày 01/7/2025"), are no deadlines.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from ingest.factdates import due_date, due_pattern
from ingest.factlexicon import pattern, plain
from kg.model import Deadline, Layout, Span

__all__ = ["due_in", "find_deadlines"]

Kind = Literal["sending", "reporting", "campaign_end", "other"]
_BEFORE = 700  # code points of the sentence that are read for what is due; themes of campaigns are long
_AFTER = 120


@lru_cache(maxsize=1)
def _cue() -> re.Pattern[str]:
    """The words that make the date after them a limit. "từ nay" and "thời gian" open a period, its end is the limit."""
    return pattern(
        r"(?P<cue>xong\s+trước|trước\s+thời\s+điểm|trước|chậm\s+nhất|muộn\s+nhất|hạn\s+cuối|hạn\s+chót|thời\s+hạn"
        r"|đến\s+hết|hết"
        r"|từ\s+nay\s+đến|trong)(?:\s+(?:là|vào|đến|cho\s+đến))?(?:\s+(?:hết|trước|cuối))?\s+(?=ngày|tháng|quý"
        r"|năm\s+\d|thứ\s|chủ\s|\d)"
    )


@lru_cache(maxsize=1)
def _period_end() -> re.Pattern[str]:
    """The end of "từ ngày … đến (hết) ngày …"."""
    return pattern(
        r"từ\s+(?:nay|ngày|tháng|khi)\b[^.;\n]{0,60}?\bđến\s+(?:hết\s+|trước\s+)?(?=ngày|tháng|quý|năm\s+\d|\d)"
    )


@lru_cache(maxsize=1)
def _duty() -> re.Pattern[str]:
    return pattern(
        r"\b(?:hoàn\s+thành|hoàn\s+thiện|xong|gửi|nộp|trình|báo\s+cáo|ban\s+hành|đăng\s+ký|tổ\s+chức|triển\s+khai"
        r"|thực\s+hiện|tham\s+mưu"
        r"|xây\s+dựng|rà\s+soát|tổng\s+hợp|đề\s+xuất|giải\s+ngân|phê\s+duyệt|khởi\s+công|khánh\s+thành|bàn\s+giao"
        r"|thời\s+gian|thời\s+hạn"
        r"|hạn|tiến\s+độ|kết\s+thúc|phấn\s+đấu|bảo\s+đảm|đảm\s+bảo|công\s+bố|cung\s+cấp|cập\s+nhật|phản\s+hồi"
        r"|đưa\s+vào|chậm\s+nhất"
        r"|phát\s+động|thi\s+đua)\b"
    )


@lru_cache(maxsize=1)
def _past_or_law() -> re.Pattern[str]:
    return pattern(
        r"\b(?:hiệu\s+lực|đã\s+(?:được\s+)?(?:ban\s+hành|nộp|cấp|hoàn\s+thành|tiếp\s+nhận|phê\s+duyệt|ký|có)"
        r"|được\s+(?:ban\s+hành|cấp"
        r"|tiếp\s+nhận|phê\s+duyệt|công\s+nhận|thành\s+lập|giao\s+đất)|phát\s+sinh|sinh"
        r"|đối\s+với\s+(?:các\s+)?(?:hồ\s+sơ|trường\s+hợp))"
        r"[^.;\n]{0,80}$"
    )


@lru_cache(maxsize=1)
def _carried_out() -> re.Pattern[str]:
    return pattern(
        r"(?:thời\s+gian|thi\s+đua|phong\s+trào|đợt|triển\s+khai|thực\s+hiện|tổ\s+chức|phát\s+động|diễn\s+ra)"
        r"(?:(?!\bkể\b|hiệu\s+lực)[^.;\n])*$"
    )


@lru_cache(maxsize=1)
def _reporting() -> re.Pattern[str]:
    return pattern(r"\bbáo\s+cáo\b")


@lru_cache(maxsize=1)
def _sending() -> re.Pattern[str]:
    return pattern(r"\b(?:gửi(?!\s+(?:thư|gắm))|nộp|đăng\s+ký|chuyển\s+(?:về|đến|cho))\b")


@lru_cache(maxsize=1)
def _sent_thing() -> re.Pattern[str]:
    """What is sent when a report is not: "gửi kế hoạch về … để tổng hợp, báo cáo" is a sending."""
    return pattern(
        r"\b(?:gửi|nộp)\s+(?:về\s+[^,;.\n]{0,60})?(?:bản\s+)?(?:kế\s+hoạch|hồ\s+sơ|danh\s+sách|văn\s+bản|đăng\s+ký"
        r"|dự\s+thảo|ý\s+kiến)"
    )


@lru_cache(maxsize=1)
def _campaign() -> re.Pattern[str]:
    return pattern(r"\b(?:phong\s+trào|đợt\s+thi\s+đua|thi\s+đua|cuộc\s+vận\s+động)\b")


def find_deadlines(text: str, layout: Layout) -> tuple[Deadline, ...]:
    """Every deadline of the body in canonical ``text``, in text order (rows of annex tables carry theirs themselves).

    "từ nay đến ngày 30/10/2023" → date "2023-10-30"; a month is "2023-10"; a recurring day keeps its words.
    The span runs from the word that sets the limit to the end of the date.
    """
    flat = plain(text)
    year = layout.metadata.date.year if layout.metadata.date else None
    campaigns = _campaign().search(plain(layout.metadata.title or "")) is not None
    start, stop = layout.header.end, layout.closing.start
    found: dict[int, Deadline] = {}
    for cue in (_period_end(), _cue()):
        for match in cue.finditer(flat, start, stop):
            if (deadline := _read(text, flat, match, year, campaigns)) is not None:
                found.setdefault(deadline.span.end, deadline)
    return tuple(sorted(found.values(), key=lambda deadline: deadline.span.start))


def due_in(text: str, start: int, end: int, year: int | None = None) -> str | None:
    """The first limit that stands in ``text[start:end]``: "… trước ngày 30/11/2025" → "2025-11-30"."""
    flat = plain(text)
    for match in _cue().finditer(flat, start, end):
        due = due_pattern().match(flat, match.end(), end)
        if due and not (match["cue"] == "trong" and due["day"]) and (day := due_date(due, year)):
            return day
    return None


def _read(text: str, flat: str, match: re.Match[str], year: int | None, campaigns: bool) -> Deadline | None:
    due = due_pattern().match(flat, match.end())
    if due is None:
        return None
    cue = match["cue"] if "cue" in match.re.groupindex else "từ"
    if (
        cue == "từ"
        and not match[0].startswith("từ nay")
        and not _carried_out().search(flat, max(0, match.start() - 60), match.start())
    ):
        return None  # "kể từ ngày … đến hết ngày …" says how long a rule holds
    if cue in ("trong", "hết", "thời hạn") and not (
        due["month"] or due["quarter"] or (cue == "hết" and (due["day"] or due["year"]))
    ):
        return None  # "trong năm 2025" and "trong ngày" say when, not until when
    day = due_date(due, year)
    if day is None:
        return None
    left = max(
        flat.rfind("\n", max(0, match.start() - _BEFORE), match.start()),
        flat.rfind(". ", max(0, match.start() - _BEFORE), match.start()),
    )
    before = flat[left + 1 if left >= 0 else max(0, match.start() - _BEFORE) : match.start()]
    paragraph = flat.rfind("\n", max(0, match.start() - 1500), match.start()) + 1
    if flat.count("“", paragraph, match.start()) > flat.count("”", paragraph, match.start()):
        return None  # what somebody else said or asked
    if len(before.strip(" -+:")) < 8 and flat[left : left + 1] == "\n":  # the line above is the heading of this one
        before = flat[flat.rfind("\n", max(0, left - 160), left) + 1 : left] + " " + before
    if _past_or_law().search(before) or re.search(r"\bkể\s+từ\b[^.;]{0,60}$", before):
        return None
    right = re.compile(r"[.;\n]").search(flat, due.end(), min(len(flat), due.end() + _AFTER))
    after = flat[due.end() : right.start() if right else min(len(flat), due.end() + _AFTER)]
    if not (_duty().search(before) or _duty().search(after)):
        return None
    kind = _kind(before, after, cue, campaigns)
    end = due.start() + len(due[0].rstrip())
    return Deadline(kind, day, Span(match.start(), end), text[match.start() : end])


def _time(before: str) -> bool:
    """Whether the words before a period are no more than "3. Thời gian:", "IV. THỜI GIAN THỰC HIỆN:"."""
    return re.search(r"thời gian(?: thực hiện| thi đua| triển khai)?[\s:]*$", before) is not None


def _kind(before: str, after: str, cue: str, campaigns: bool) -> Kind:
    near = before[-160:]
    last = near.rpartition(";")[2]
    if _reporting().search(last) or _sending().search(last):
        near = last  # "gửi kế hoạch … trước ngày 15/4; báo cáo kết quả trước ngày 20/8": each clause has its own duty
    if cue.startswith("từ") and (
        _campaign().search(before) or _campaign().search(after) or (campaigns and _time(before))
    ):
        return "campaign_end"
    if cue in ("đến hết", "hết", "từ") and _campaign().search(near) and not _sending().search(near):
        return "campaign_end"
    if _sent_thing().search(near) or _sent_thing().match(after.lstrip()):
        return "sending"
    if _reporting().search(near) or _reporting().match(after.lstrip()):
        return "reporting"
    if _sending().search(near) or _sending().match(after.lstrip()):
        return "sending"
    return "other"

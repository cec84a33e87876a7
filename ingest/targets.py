"""Targets: what a plan promises in numbers. "tỷ lệ hộ gia đình văn hóa đạt trên 86%" → indicator, ">", 86, "%".

A number alone is nothing: it needs a unit, and a word that makes it a goal (a comparator, "phấn đấu", "đạt", a heading
"Mục tiêu"). What has been reached already ("năm qua đạt 92%", "ước tăng 7%"), dates, parts of papers, periods of time and
thresholds of the law are left out. Papers that are no plans need a word of purpose (see PLAN_KINDS).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from ingest.factdates import due_date, due_pattern
from ingest.factlexicon import COUNT_NOUNS, OTHER_UNITS, PLAN_KINDS, alternatives, pattern, plain
from kg.model import Layout, Span, Target

__all__ = ["find_targets"]

Comparator = Literal["=", ">", ">=", "<", "<="]
_LONGEST_CLAUSE = 300
_NUMBER = r"\d{1,3}(?:\.\d{3})+(?:,\d{1,4})?|\d{1,9}(?:,\d{1,4}|\.\d{1,2})?"
_COMPARATORS: tuple[tuple[str, Comparator], ...] = (
    ("không quá", "<="), ("không vượt quá", "<="), ("không cao hơn", "<="), ("không nhiều hơn", "<="), ("tối đa", "<="),
    ("nhiều nhất", "<="), ("không dưới", ">="), ("không thấp hơn", ">="), ("không ít hơn", ">="), ("ít nhất", ">="),
    ("tối thiểu", ">="), ("thấp nhất", ">="), ("vượt trên", ">"), ("vượt mức", ">"), ("cao hơn", ">"), ("nhiều hơn", ">"),
    ("lớn hơn", ">"), ("vượt", ">"), ("trên", ">"), ("hơn", ">"), ("thấp hơn", "<"), ("ít hơn", "<"), ("nhỏ hơn", "<"),
    ("dưới", "<"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Found:
    """A number with its unit and what stands directly around it, before it is decided."""

    start: int  # of the comparator, or of the number
    number: Span
    end: int
    value: float
    unit: str | None
    comparator: Comparator | None
    explicit: bool


@lru_cache(maxsize=1)
def _quantity() -> re.Pattern[str]:
    units = alternatives((*COUNT_NOUNS, *OTHER_UNITS))
    return pattern(
        rf"(?<![\w.,/%])(?!(?:19|20)\d\d\s?-\s?\d)(?P<number>{_NUMBER})(?![\d/]|[.,]\d)(?P<range>\s?-\s?(?:{_NUMBER})(?=\s?%"
        rf"|\s[^\W\d]))?(?:\s?(?P<percent>%)|\s{{1,2}}(?P<unit>{units})(?![\w/]|\s+số\b)"
        rf"|(?=\s*[,;.\n)]|\s*$)(?<=[\d])(?P<bare>))(?P<more>\s+trở\s+lên|\s+trở\s+xuống)?"
    )


@lru_cache(maxsize=1)
def _comparator_before() -> re.Pattern[str]:
    words = "|".join(phrase.replace(" ", r"\s+") for phrase, _ in _COMPARATORS)
    return pattern(rf"\b(?P<word>{words})(?:\s+(?:là|từ|khoảng|mức|tỷ\s+lệ))?\s*$")


@lru_cache(maxsize=1)
def _comparator_values() -> dict[str, Comparator]:
    return dict(_COMPARATORS)


@lru_cache(maxsize=1)
def _never() -> re.Pattern[str]:
    """Right before a number that names or orders something."""
    return pattern(
        r"\b(?:điều|khoản|điểm|mục|chương|phần|số|phụ\s+lục|thứ|khóa|kỳ|quý|tháng|năm|ngày|giai\s+đoạn|nhiệm\s+kỳ"
        r"|bảng|mẫu|biểu|hình"
        r"|cấp|loại|nhóm|hạng|quốc\s+lộ|tỉnh\s+lộ|km|câu|trang|tổ|ấp|thôn|lô|phường|quận|khu\s+vực|bão|mã|vùng"
        r"|và\s+khoản|trong|gồm|gồm\s+có"
        r"|bộ|mức|stt|sau|từ\s+ngày|đến\s+ngày|lần)\s*$|[-/.,:]$|(?<!\d)\d{1,3}(?:[.,]\d+)?[ ]?-[ ]?$"
    )


@lru_cache(maxsize=1)
def _purpose() -> re.Pattern[str]:
    return pattern(
        r"\b(?:phấn\s+đấu|mục\s+tiêu|chỉ\s+tiêu|quyết\s+tâm|bảo\s+đảm\s+đạt|đảm\s+bảo\s+đạt|hướng\s+tới|đặt\s+ra"
        r"|đến\s+(?:hết\s+|cuối\s+)?năm"
        r"\s+20\d\d|đến\s+hết\s+(?:ngày|tháng|quý|năm)|tầm\s+nhìn\s+đến|được\s+giao|vượt|nỗ\s+lực)\b"
    )


@lru_cache(maxsize=1)
def _reached() -> re.Pattern[str]:
    return pattern(
        r"\b(?:đã|ước|ước\s+đạt|ước\s+tính|so\s+với|cùng\s+kỳ|kết\s+quả|hiện\s+có|hiện\s+nay|hiện\s+đạt"
        r"|thiệt\s+hại|bị|tính\s+đến|trong\s+đó\s+có"
        r"|vừa\s+qua|năm\s+qua|những\s+năm\s+qua|thời\s+gian\s+qua|chiếm|xếp\s+thứ|theo\s+thống\s+kê|còn\s+lại"
        r"|kinh\s+phí|dự\s+toán|mức\s+chi"
        r"|mức\s+thu|thuế\s+suất|lệ\s+phí|phí|tiền\s+phạt|phạt|lương|trợ\s+cấp"
        r"|hỗ\s+trợ\s+(?:tối\s+đa\s+)?(?:không\s+quá\s+)?|tổng\s+mức|kiến\s+nghị)\b"
    )


@lru_cache(maxsize=1)
def _achieving() -> re.Pattern[str]:
    """A verb close before a number that makes it something to be reached."""
    return pattern(
        r"\b(?:đạt|đạt\s+được|hoàn\s+thành|hoàn\s+thiện|sưu\s+tầm|công\s+nhận|xếp\s+hạng|duy\s+trì|đón|thu\s+hút"
        r"|giảm|tăng|nâng|đưa|giải\s+ngân"
        r"|kết\s+nạp|trồng|xóa|giải\s+quyết|bảo\s+đảm|đảm\s+bảo|phấn\s+đấu|còn|lên|xuống|có|thành\s+lập|cấp"
        r"|số\s+hóa|tuyển|vận\s+động)"
        r"(?:\s+[^\s.;:,\d]+){0,6}\s*$"
    )


@lru_cache(maxsize=1)
def _subject() -> re.Pattern[str]:
    """The word that opens the name of an indicator."""
    return pattern(
        r"\b(?:tỷ\s+lệ|tỉ\s+lệ|tỷ\s+số|tỷ\s+suất|tổng\s+tỷ\s+suất|tổng\s+số|số\s+lượng|số|tốc\s+độ|tăng\s+trưởng"
        r"|doanh\s+thu|tổng\s+doanh\s+thu|sản\s+lượng"
        r"|giá\s+trị|tổng\s+giá\s+trị|thu\s+nhập|mức|diện\s+tích|năng\s+suất|kim\s+ngạch|tổng\s+thu"
        r"|thu\s+ngân\s+sách|chỉ\s+số|quy\s+mô|tổng\s+sản\s+phẩm"
        r"|grdp|gdp|độ\s+che\s+phủ|tuổi\s+thọ|tổng\s+vốn|vốn)\b"
    )


@lru_cache(maxsize=1)
def _reaches() -> re.Pattern[str]:
    """The verb between an indicator and its number, at the end of the clause."""
    return pattern(r"(?:\s|^)(?:phấn\s+đấu\s+)?(?:đạt|là|lên|xuống|còn|ở\s+mức)(?:\s+(?:mức|khoảng|tỷ\s+lệ|được))?\s*$")


@lru_cache(maxsize=1)
def _grows() -> re.Pattern[str]:
    """Between "tăng trưởng …" and its number when no verb stands there."""
    return pattern(r"[^.;:]{0,120}?(?:tăng|giảm|trên|năm\s+\d{4})?\s*")


@lru_cache(maxsize=1)
def _thing_end() -> re.Pattern[str]:
    return pattern(
        r"[.;:\n(]|\s+và\s+(?=\d|trên\s+\d|hơn\s+\d|ít\s+nhất)|,\s+(?=phấn\s+đấu|góp\s+phần|nhằm|đồng\s+thời"
        r"|kịp\s+thời|trong\s+đó)"
    )


@lru_cache(maxsize=1)
def _until() -> re.Pattern[str]:
    return pattern(r"\bđến\s+(?:hết\s+|cuối\s+|trước\s+)?(?=ngày|tháng|quý|năm)")


@lru_cache(maxsize=1)
def _heading() -> re.Pattern[str]:
    return pattern(
        r"^[ \t]*(?:(?P<article>điều\s+\d+\.)|(?P<roman>[ivx]{1,5})[.\-)]"
        r"|(?P<number>\d{1,2}(?:\.\d{1,2}){0,3})[.)]?|(?P<letter>[a-zđ])[).])[ \t]+(?P<line>[^\n]*)",
        re.MULTILINE,
    )


def find_targets(text: str, layout: Layout) -> tuple[Target, ...]:
    """Every target of the body and of an attached plan in canonical ``text``, in text order; spans tight around the phrase.

    "đón hơn 820.000 lượt khách du lịch" → ">", 820000, "lượt khách"; "ít nhất 01 điển hình tập thể, 01 điển hình cá nhân"
    are two, the second with the comparator of the first.
    """
    flat = plain(text)
    reader = _Reader(text, flat, _sets_goals(layout))
    found = list(reader.read(layout.header.end, layout.closing.start))
    if layout.annex is not None:
        reader = _Reader(text, flat, lenient=False)
        found += reader.read(layout.annex.start, layout.annex.end)
    return tuple(found)


def _sets_goals(layout: Layout) -> bool:
    kind = plain(layout.metadata.kind or "")
    title = plain(layout.metadata.title or "")
    return kind in PLAN_KINDS or not kind or "thi đua" in title or "phong trào" in title


class _Reader:
    """Reads the targets of one stretch of text; remembers headings, which are found once and only when needed."""

    def __init__(self, text: str, flat: str, lenient: bool) -> None:
        self._text, self._flat, self._lenient = text, flat, lenient
        self._goals: tuple[list[int], list[tuple[bool, str | None]]] | None = None

    def read(self, start: int, stop: int) -> Iterator[Target]:
        before: Target | None = None
        for match in _quantity().finditer(self._flat, start, stop):
            found = self._measure(match)
            if found is None:
                continue
            target = self._decide(found, before)
            if target is not None:
                before = target
                yield target

    def _measure(self, match: re.Match[str]) -> _Found | None:
        flat = self._flat
        start = match.start("number")
        window = flat[max(0, start - 40) : start]
        compared = _comparator_before().search(window)
        bare = match["percent"] is None and match["unit"] is None
        if bare and (compared is None or not re.search(r"\bđạt\s+$", window[: compared.start()])):
            return None
        if compared is None and _never().search(window):
            return None
        comparator: Comparator | None = None
        if compared:
            comparator = _comparator_values()[" ".join(compared["word"].split())]
        if match["range"] and comparator is None:
            comparator = ">="  # "từ 8,3 - 8,5%": at least the lower end
        if match["more"]:
            comparator = ">=" if "lên" in match["more"] else "<="
        unit = "%" if match["percent"] else self._unit(match)
        first = start - (len(window) - compared.start()) if compared else start
        value = _value(match["number"])
        return _Found(
            first, Span(start, match.end("number")), match.end(), value, unit, comparator, comparator is not None
        )

    def _unit(self, match: re.Match[str]) -> str | None:
        if match["unit"] is None:
            return None
        return " ".join(self._text[match.start("unit") : match.end("unit")].split())

    def _decide(self, found: _Found, before: Target | None) -> Target | None:
        flat = self._flat
        left = max(flat.rfind(mark, max(0, found.start - _LONGEST_CLAUSE), found.start) for mark in (". ", "\n", ";"))
        left = left + 1 if left >= 0 else max(0, found.start - _LONGEST_CLAUSE)
        said = flat[left : found.start]
        if (
            before is not None
            and found.comparator is None
            and re.fullmatch(r"\s*(?:,|và|;)\s*(?:và\s+)?", flat[before.span.end : found.start])
        ):
            listed = (
                before.comparator
                if before.comparator in (">=", "<=", ">", "<") and found.unit not in (None, "%")
                else None
            )
            if listed and before.unit not in (None, "%"):
                return self._target(found, left, listed)
        paragraph = flat.rfind("\n", max(0, found.start - 3000), found.start) + 1
        sentence_start = max(flat.rfind(". ", max(paragraph, found.start - 900), found.start) + 1, paragraph)
        sentence = flat[sentence_start : found.start]
        purpose = _purpose().search(sentence) is not None
        if _reached().search(said) and not _purpose().search(said):
            return None
        if not purpose and not self._lenient and not self._under_goal(found.start):
            return None
        achieving = _achieving().search(said) is not None
        if found.unit == "%":
            opens = not said.strip(" -+*,:") or said.rstrip().endswith((",", ":", "và"))
            followed = re.match(r"\s+(?:các\s+|số\s+|tổng\s+)?\w", flat[found.end : found.end + 30]) is not None
            if not (found.explicit or achieving or purpose or (opens and followed)):
                return None
        elif not (found.explicit or achieving):
            return None
        elif found.explicit and not purpose and not achieving and found.comparator in ("<", "<="):
            return None  # "dưới 50 người" describes; a goal downwards says so
        target = self._target(found, left, found.comparator)
        if before is not None and target.comparator == before.comparator == "=" and not found.explicit:
            same_line = "\n" not in flat[before.span.end : found.start]
            if same_line and (target.value, target.unit) == (before.value, before.unit) and target.unit != "%":
                return None  # the same number of the same thing, asked of another level in the same breath
        return target

    def _target(self, found: _Found, left: int, comparator: Comparator | None) -> Target:
        text, flat = self._text, self._flat
        said = flat[left : found.start]
        after_end, more = self._after(found.end)
        start, end = found.start, max(after_end, found.end)
        indicator = text[(found.end if found.unit == "%" else found.number.end) : after_end].strip(" ,;.:")
        before = self._before(said)
        if before is not None:
            start = left + before[0]
            end = found.end
            indicator = text[start : left + before[1]]
        elif not indicator or plain(indicator).endswith("được giao"):
            colon = said.rfind(":")
            indicator = text[left : left + colon].strip(" -+*,;.") if colon > 0 else indicator
        comparator = comparator if more is None else more
        surface = text[start:end].rstrip(" ,;.:")
        by = self._by(found.start)
        span = Span(start, start + len(surface))
        return Target(" ".join(indicator.split()), comparator or "=", found.value, found.unit, span, surface, by)

    def _before(self, said: str) -> tuple[int, int] | None:
        """The indicator that stands before the number, as offsets into the clause: "tỷ lệ hộ gia đình văn hóa đạt trên"."""
        verb = _reaches().search(said)
        head = said[: verb.start()] if verb else said
        if not head.strip(" -+*,;:"):
            return None
        clause = max(head.rfind(", "), head.rfind(": "), head.rfind(":", len(head) - 1)) + 1
        subjects = list(_subject().finditer(head, clause)) or list(_subject().finditer(head))[-1:]
        if not verb and not subjects:
            return None
        if subjects and (verb or _grows().fullmatch(head, subjects[0].end())):
            begin = subjects[0].start()
        elif verb:
            begin = clause
        else:
            return None
        phrase = head[begin:]
        begin += len(phrase) - len(phrase.lstrip(" ,;.:-+*"))
        end = len(head.rstrip(" ,;.:-+*"))
        return (begin, end) if end - begin >= 2 else None

    def _after(self, end: int) -> tuple[int, Comparator | None]:
        """Where the thing counted ends, and the comparator that may stand behind it ("590 buổi chiếu phim trở lên")."""
        flat = self._flat
        limit = min(len(flat), end + 160)
        stop = _thing_end().search(flat, end, limit)
        limit = stop.start() if stop else limit
        comma = flat.find(", ", end, limit)
        while comma >= 0:
            if re.search(r"\d", flat[comma:limit]):  # the next target of a list
                limit = comma
                break
            comma = flat.find(", ", comma + 1, limit)
        more = re.compile(r"\s+trở\s+(lên|xuống)").search(flat, end, min(len(flat), limit + 12))
        if more and more.start() <= limit:
            return more.end(), ">=" if more[1] == "lên" else "<="
        return limit, None

    def _by(self, position: int) -> str | None:
        flat = self._flat
        floor = max(0, position - 500, flat.rfind("\n", max(0, position - 500), position) + 1)
        for match in reversed(list(_until().finditer(flat, floor, position))):
            due = due_pattern().match(flat, match.end())
            if due and (day := due_date(due)):
                return day
        return self._heading_of(position)[1]

    def _under_goal(self, position: int) -> bool:
        return self._heading_of(position)[0]

    def _heading_of(self, position: int) -> tuple[bool, str | None]:
        if self._goals is None:
            self._goals = self._read_headings()
        starts, states = self._goals
        place = bisect_right(starts, position) - 1
        return states[place] if place >= 0 else (False, None)

    def _read_headings(self) -> tuple[list[int], list[tuple[bool, str | None]]]:
        """For each labelled line: whether it or a heading above it speaks of goals, and the year it sets."""
        starts: list[int] = []
        states: list[tuple[bool, str | None]] = []
        stack: list[tuple[int, bool, str | None]] = []
        for match in _heading().finditer(self._flat):
            depth = (
                0
                if match["article"]
                else 1
                if match["roman"]
                else 2 + match["number"].count(".")
                if match["number"]
                else 6
            )
            while stack and stack[-1][0] >= depth:
                stack.pop()
            line = match["line"]
            short = len(line) <= 160
            goal = (short and re.search(r"\b(?:mục tiêu|chỉ tiêu)\b", line) is not None) or any(
                entry[1] for entry in stack
            )
            by = stack[-1][2] if stack else None
            due = re.search(r"\bđến (?:hết |cuối )?năm (\d{4})\b", line) if len(line) <= 60 else None
            by = due[1] if due else by
            stack.append((depth, goal, by))
            starts.append(match.start())
            states.append((goal, by))
        return starts, states


def _value(printed: str) -> float:
    """ "136.711" → 136711, "9,0" → 9.0, "74.6" → 74.6, "01" → 1: dots in groups of three are thousands, a comma is decimal."""
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?", printed):
        printed = printed.replace(".", "")
    return float(printed.replace(",", "."))

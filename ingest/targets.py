"""Targets: what a plan promises in numbers. "tỷ lệ hộ gia đình văn hóa đạt trên 86%" → indicator, ">", 86, "%".

A quantity is a target only where a word makes it a goal: a comparator, a verb of reaching, "phấn đấu", a heading
"Mục tiêu". What has been reached already ("năm qua đạt 92%", "ước tăng 7%"), money of budgets and thresholds of the law
are left out. In papers that are no plans (see PLAN_KINDS) the sentence or the heading must speak of a purpose.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import lru_cache

from ingest.factdates import due_date, due_pattern
from ingest.factlexicon import PLAN_KINDS, pattern, plain
from ingest.quantities import Comparator, Quantity, find_quantities
from kg.model import Layout, Span, Target

__all__ = ["find_targets"]

_LONGEST_CLAUSE = 300
_LONGEST_SENTENCE = 900
_LONGEST_THING = 160  # code points of what is counted, after the number


@lru_cache(maxsize=1)
def _purpose() -> re.Pattern[str]:
    return pattern(
        r"\b(?:phấn\s+đấu|mục\s+tiêu|chỉ\s+tiêu|quyết\s+tâm|bảo\s+đảm\s+đạt|đảm\s+bảo\s+đạt|phải\s+đạt"
        r"|đến\s+(?:hết\s+|cuối\s+)?năm\s+20\d\d|tầm\s+nhìn\s+đến|hoàn\s+thành\s+vượt)\b"
    )


@lru_cache(maxsize=1)
def _reached() -> re.Pattern[str]:
    """What tells that a number is a result, a price or a rule, and no goal."""
    return pattern(
        r"\b(?:đã|ước|so\s+với|cùng\s+kỳ|kết\s+quả|hiện\s+có|hiện\s+nay|hiện\s+đạt|thiệt\s+hại|bị|tính\s+đến"
        r"|trong\s+đó\s+có"
        r"|vừa\s+qua|năm\s+qua|thời\s+gian\s+qua|chiếm|xếp\s+thứ|theo\s+thống\s+kê|còn\s+lại|kinh\s+phí"
        r"|dự\s+toán"
        r"|mức\s+chi"
        r"|mức\s+thu|thuế\s+suất|phí|phạt|lương|trợ\s+cấp|mức\s+hỗ\s+trợ|tổng\s+mức|kiến\s+nghị|đến\s+nay"
        r"|mới\s+đạt)\b"
    )


@lru_cache(maxsize=1)
def _achieving() -> re.Pattern[str]:
    """A verb close before a number that makes it something to be reached."""
    return pattern(
        r"\b(?:đạt|chiếm|hoàn\s+thành|hoàn\s+thiện|sưu\s+tầm|công\s+nhận|xếp\s+hạng|duy\s+trì|đón|thu\s+hút|giảm|tăng"
        r"|nâng|đưa|giải\s+ngân"
        r"|kết\s+nạp|trồng|xóa|giải\s+quyết|bảo\s+đảm|đảm\s+bảo|phấn\s+đấu|còn|lên|xuống|có|thành\s+lập|cấp"
        r"|số\s+hóa|tuyển|vận\s+động|xây\s+dựng|đào\s+tạo)"
        r"(?:\s+[^\s.;:,\d]+){0,6}\s*$"
    )


@lru_cache(maxsize=1)
def _subject() -> re.Pattern[str]:
    """The word that opens the name of an indicator."""
    return pattern(
        r"\b(?:tỷ\s+lệ|tỉ\s+lệ|tỷ\s+trọng|tỉ\s+trọng|đóng\s+góp\s+của|tỷ\s+số"
        r"|tỷ\s+suất|tổng\s+tỷ\s+suất|tổng\s+số|số\s+lượng|số|tốc\s+độ"
        r"|tăng\s+trưởng"
        r"|doanh\s+thu"
        r"|tổng\s+doanh\s+thu|sản\s+lượng|giá\s+trị|tổng\s+giá\s+trị|thu\s+nhập|mức|diện\s+tích|năng\s+suất"
        r"|kim\s+ngạch|tổng\s+thu"
        r"|thu\s+ngân\s+sách|chỉ\s+số|quy\s+mô|tổng\s+sản\s+phẩm|grdp|gdp|độ\s+che\s+phủ|tuổi\s+thọ"
        r"|tổng\s+vốn|vốn)\b"
    )


@lru_cache(maxsize=1)
def _reaches() -> re.Pattern[str]:
    """The verb between an indicator and its number, at the end of the clause."""
    return pattern(
        r"(?<!\w)(?:(?:phấn\s+đấu|phải|cần)\s+)?(?:đạt|là|lên|xuống|còn|chiếm|ở\s+mức|(?:giảm|tăng)(?=\s+từ))(?:\s+(?:mức"
        r"|khoảng|tỷ\s+lệ|được|từ))?\s*$"
    )


@lru_cache(maxsize=1)
def _grows() -> re.Pattern[str]:
    """Between "tăng trưởng …" and its number when no verb stands there."""
    return pattern(r"[^.;:]{0,120}?(?:tăng|giảm|trên|năm\s+\d{4})?\s*")


@lru_cache(maxsize=1)
def _thing_end() -> re.Pattern[str]:
    return pattern(
        r"[.;:\n()]|\s+và\s+(?=\d|trên\s+\d|hơn\s+\d|ít\s+nhất)"
        r"|,\s+(?=phấn\s+đấu|góp\s+phần|nhằm|đồng\s+thời|kịp\s+thời|trong\s+đó)"
    )


@lru_cache(maxsize=1)
def _listed() -> re.Pattern[str]:
    """Between two targets of one list: "ít nhất 01 điển hình tập thể, 01 điển hình cá nhân"."""
    return pattern(r"\s*(?:,|và|;)\s*(?:và\s+)?")


@lru_cache(maxsize=1)
def _until() -> re.Pattern[str]:
    return pattern(r"\bđến\s+(?:hết\s+|cuối\s+|trước\s+)?(?=ngày|tháng|quý|năm)")


@lru_cache(maxsize=1)
def _heading() -> re.Pattern[str]:
    return pattern(
        r"^[ \t]*(?:(?P<article>điều\s+\d+\.)|(?P<roman>[ivx]{1,5})[.\-)]"
        r"|(?P<number>\d{1,2}(?:\.\d{1,2}){0,3})[.)]?"
        r"|(?P<letter>[a-zđ])[).])[ \t]+(?P<line>[^\n]{0,200})",
        re.MULTILINE,
    )


def find_targets(text: str, layout: Layout) -> tuple[Target, ...]:
    """Every target of the body and of an attached plan in canonical ``text``, in text order, with tight spans.

    "đón hơn 820.000 lượt khách du lịch" → ">", 820000, "lượt khách". "ít nhất 01 điển hình tập thể, 01 điển hình cá
    nhân" are two, the second with the comparator of the first. An exact number is "=".
    """
    flat = plain(text)
    found = list(_Reader(text, flat, _sets_goals(layout)).read(layout.header.end, layout.closing.start))
    if layout.annex is not None:
        found += _Reader(text, flat, lenient=False).read(layout.annex.start, layout.annex.end)
    return tuple(found)


def _sets_goals(layout: Layout) -> bool:
    kind = plain(layout.metadata.kind or "")
    title = plain(layout.metadata.title or "")
    return kind in PLAN_KINDS or not kind or "thi đua" in title or "phong trào" in title


class _Places:
    """Where the matches of one pattern start, paragraph by paragraph: found once, asked for every number in it."""

    def __init__(self, what: re.Pattern[str], flat: str) -> None:
        self._what, self._flat = what, flat
        self._held = (0, 0)
        self._starts: list[int] = []

    def last(self, start: int, stop: int) -> int:
        """The last match that starts in [start, stop) and in the paragraph before ``stop``, or -1."""
        first, last = self._held
        if not first <= stop <= last or first == last:
            first = self._flat.rfind("\n", 0, stop) + 1
            last = self._flat.find("\n", stop)
            last = len(self._flat) if last < 0 else last
            self._held = (first, last)
            self._starts = [match.start() for match in self._what.finditer(self._flat, first, last)]
        place = bisect_left(self._starts, stop) - 1
        return self._starts[place] if place >= 0 and self._starts[place] >= start else -1


class _Reader:
    """Reads the targets of one stretch of text."""

    def __init__(self, text: str, flat: str, lenient: bool) -> None:
        self._text, self._flat, self._lenient = text, flat, lenient
        self._goals: tuple[list[int], list[tuple[bool, str | None]]] | None = None
        self._purposes, self._results = _Places(_purpose(), flat), _Places(_reached(), flat)
        self._limits = _Places(_until(), flat)

    def read(self, start: int, stop: int) -> Iterator[Target]:
        before: Target | None = None
        for quantity in find_quantities(self._text, self._flat, start, stop):
            target = self._decide(quantity, before)
            if target is not None:
                before = target
                yield target

    def _decide(self, found: Quantity, before: Target | None) -> Target | None:
        flat = self._flat
        floor = max(0, found.start - _LONGEST_CLAUSE)
        left = max(flat.rfind(mark, floor, found.start) for mark in (". ", "\n", ";"))
        left = left + 1 if left >= 0 else floor
        if before is not None and (shared := self._shared(found, before)) is not None:
            return self._target(found, left, shared)
        if not self._is_goal(found, left):
            return None
        target = self._target(found, left, found.comparator)
        if before is not None and found.comparator is None and target.comparator == before.comparator == "=":
            same_line = flat.find("\n", before.span.end, found.start) < 0
            if same_line and (target.value, target.unit) == (before.value, before.unit) and target.unit != "%":
                return None  # the same number of the same thing, asked of another level in the same breath
        return target

    def _shared(self, found: Quantity, before: Target) -> Comparator | None:
        """The comparator that a member of a list takes from the one before it."""
        if found.comparator is not None or before.comparator in ("=", None):
            return None
        if "%" in (found.unit, before.unit) or None in (found.unit, before.unit):
            return None
        listed = found.start - before.span.end <= 12 and _listed().fullmatch(self._flat, before.span.end, found.start)
        return before.comparator if listed else None

    def _is_goal(self, found: Quantity, left: int) -> bool:
        flat = self._flat
        achieving = _achieving().search(flat, max(left, found.start - 90), found.start) is not None
        if found.unit != "%" and not achieving and found.comparator is None:
            return False
        result = self._results.last(left, found.start)
        if result >= 0 and result > (wanted := self._purposes.last(left, found.start)):
            share = flat.startswith("chiếm", result)  # "chiếm trên 60%" tells, or under a heading of goals promises
            if not share or (wanted < 0 and not self._heading_of(found.start)[0]):
                return False
        paragraph = flat.rfind("\n", max(0, found.start - 3000), found.start) + 1
        sentence = max(flat.rfind(". ", max(paragraph, found.start - _LONGEST_SENTENCE), found.start) + 1, paragraph)
        purpose = self._purposes.last(max(sentence, found.start - _LONGEST_SENTENCE), found.start) >= 0
        if not purpose and not self._lenient and not self._heading_of(found.start)[0]:
            return False
        if found.unit == "%":
            said = flat[left : found.start].rstrip()
            opens = not said.strip(" -+*,:") or said.endswith((",", ":", "và"))
            followed = flat[found.end : found.end + 2].strip()[:1].isalpha()
            return bool(found.comparator or achieving or purpose or (opens and followed))
        # "dưới 50 người" describes; a goal downwards says so
        return found.comparator not in ("<", "<=") or purpose or achieving

    def _target(self, found: Quantity, left: int, comparator: Comparator | None) -> Target:
        text, flat = self._text, self._flat
        said = flat[left : found.start]
        after_end, more = self._after(found.end)
        start, end = found.start, max(after_end, found.end)
        first = found.end if found.unit == "%" else found.number.end
        thing = text[first : after_end - len("trở lên") if more else after_end].strip(" ,;.:")
        before = self._before(said)
        if before is not None:
            start, end = left + before[0], found.end
            thing = text[start : left + before[1]]
        elif not thing or flat[first:after_end].rstrip(" ,;.:").endswith("được giao"):
            colon = said.rfind(":")
            thing = text[left : left + colon].strip(" -+*,;.") if colon > 0 else thing
        surface = text[start:end].rstrip(" ,;.:")
        span = Span(start, start + len(surface))
        by = self._by(found.start)
        return Target(" ".join(thing.split()), more or comparator or "=", found.value, found.unit, span, surface, by)

    def _before(self, said: str) -> tuple[int, int] | None:
        """The indicator before the number, as offsets into the clause: "tỷ lệ hộ gia đình văn hóa đạt trên"."""
        verb = _reaches().search(said, max(0, len(said) - 40))
        head = said[: verb.start()].rstrip(" ,") if verb else said
        opened = head.rfind("(") + 1
        if opened and ")" not in head[opened:]:  # "(phấn đấu đạt 500 thuê bao)": the bracket is a clause of its own
            head = " " * opened + head[opened:]
        if not head.strip(" -+*,;:"):
            return None
        clause = max(head.rfind(", "), head.rfind(": "), head.rfind(":", len(head) - 1)) + 1
        subjects = list(_subject().finditer(head, clause)) or list(_subject().finditer(head))[-1:]
        if subjects and (verb or _grows().fullmatch(head, subjects[0].end())):
            begin = subjects[0].start()
        elif verb:
            begin = clause
        else:
            return None
        if label := re.compile(r"\s*\(\w{1,4}\)\s").match(head, begin):
            begin = label.end()
        phrase = head[begin:]
        begin += len(phrase) - len(phrase.lstrip(" ,;.:-+*"))
        end = len(head.rstrip(" ,;.:-+*"))
        return (begin, end) if end - begin >= 2 else None

    def _after(self, end: int) -> tuple[int, Comparator | None]:
        """Where the thing counted ends, and the comparator that may stand behind it ("590 buổi chiếu phim trở lên")."""
        flat = self._flat
        limit = min(len(flat), end + _LONGEST_THING)
        stop = _thing_end().search(flat, end, limit)
        limit = stop.start() if stop else limit
        digit = re.compile(r"\d").search(flat, end, limit)
        if digit and (comma := flat.rfind(", ", end, digit.start())) >= 0:  # the next target of a list
            limit = comma
        more = re.compile(r"\s+trở\s+(lên|xuống)").search(flat, end, min(len(flat), limit + 12))
        if more and more.start() <= limit:
            return more.end(), ">=" if more[1] == "lên" else "<="
        return limit, None

    def _by(self, position: int) -> str | None:
        flat = self._flat
        floor = max(0, position - 500)
        floor = max(floor, flat.rfind("\n", floor, position) + 1)
        limit = self._limits.last(floor, position)
        if limit >= 0 and (match := _until().match(flat, limit)):
            due = due_pattern().match(flat, match.end())
            if due and (day := due_date(due)):
                return day
        return self._heading_of(position)[1]

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
            line = match["line"]
            depth = 0 if match["article"] else 1 if match["roman"] else 6
            if match["number"]:
                depth = 2 + match["number"].count(".")
            while stack and stack[-1][0] >= depth:
                stack.pop()
            above = stack[-1] if stack else (0, False, None)
            goal = above[1] or (len(line) <= 160 and re.search(r"\b(?:mục tiêu|chỉ tiêu)\b", line) is not None)
            due = re.search(r"\bđến (?:hết |cuối )?năm (\d{4})\b", line) if len(line) <= 60 else None
            stack.append((depth, goal, due[1] if due else above[2]))
            starts.append(match.start())
            states.append((goal, stack[-1][2]))
        return starts, states

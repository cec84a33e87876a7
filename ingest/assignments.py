"""Assignments: who is to do what, by when. "Giao Phòng Nội vụ huyện hướng dẫn, theo dõi, đôn đốc …".

A task is one paragraph, or one clause that names its own body. It gets its body in one of four shapes: the clause opens
with it ("Sở Tài chính chủ trì …", "Đề nghị … tăng cường …"), a heading names it ("1. Công an tỉnh" and points below), a
line that ends with a colon hands several points to it, or a line is labelled ("Cơ quan chủ trì: Sở Nội vụ"). In the part
on organisation any verb makes a task; elsewhere only an order ("Giao …") or a role ("chủ trì", "có trách nhiệm").
Calls to everybody to comply ("nghiêm túc triển khai, thực hiện", "Trên đây là …") are no tasks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from ingest.bodyphrases import Actor, is_body_phrase, opens_with_body, read_actor, trim_body
from ingest.deadlines import due_in
from ingest.factlexicon import ORGANISATION_HEADINGS, PREDICATES, alternatives, pattern, plain
from kg.model import Assignment, Layout, Section, Span

__all__ = ["find_assignments"]

Role = Literal["lead", "coordinate", "advise", "monitor", "report_to", "implement"]
# Kinds in which every paragraph that names a body gives it an order.
_ORDERING_KINDS = ("chỉ thị", "công điện", "thông báo", "kết luận", "thông báo kết luận")
_UNLABELLED = 9


@dataclass(frozen=True, slots=True)
class _Line:
    """One paragraph. Depth of its label: 0 Điều, 1 I., 2 1., 3 1.1., 5 (1), 6 a), 7 -, 8 +, 9 none; ``words`` follow it."""

    start: int
    end: int
    words: int
    depth: int


@dataclass(frozen=True, slots=True)
class _Holder:
    """A heading or line that hands the paragraphs below it to a body."""

    depth: int
    body: Span
    role: Role | None
    requested: bool


@lru_cache(maxsize=1)
def _label() -> re.Pattern[str]:
    return pattern(
        r"[ \t]*(?:(?P<article>điều\s+\d{1,3}[.:])|(?P<roman>[ivx]{1,5}\s?[.\-)])(?=\s)|(?P<round>\(\s?(?:\d{1,2}"
        r"|[ivx]{1,4})\s?\))"
        r"|(?P<number>\d{1,2}(?:\.\d{1,2}){0,3})(?:[.)\-]|(?<=\d\.\d))(?=\s)|(?P<letter>[a-zđ]\s?[).])(?=\s)"
        r"|(?P<ordinal>thứ\s+(?:nhất|hai|ba|tư|năm|sáu|bảy|tám|chín|mười))[,:]|(?P<dash>[-•*])|(?P<plus>\+))?[ \t]*"
    )


@lru_cache(maxsize=1)
def _organisation() -> re.Pattern[str]:
    return pattern(rf"(?:{alternatives(ORGANISATION_HEADINGS)})\b")


@lru_cache(maxsize=1)
def _strong() -> re.Pattern[str]:
    """A predicate that is an assignment wherever it stands."""
    return pattern(
        r"(?:(?:[^.;:]{0,90}?\s)?(?:chủ\s+trì|có\s+trách\s+nhiệm|chịu\s+trách\s+nhiệm|có\s+nhiệm\s+vụ"
        r"|làm\s+đầu\s+mối|là\s+đầu\s+mối"
        r"|là\s+cơ\s+quan\s+(?:đầu\s+mối|chủ\s+trì))|(?P<helping>(?:chủ\s+động\s+|tích\s+cực\s+)?(?:phối\s+hợp"
        r"|tham\s+mưu))"
        r"|căn\s+cứ\s+[^.;:]{0,40}?thi\s+hành)\b"
    )


@lru_cache(maxsize=1)
def _told() -> re.Pattern[str]:
    """A predicate that tells instead of ordering, or that only repeats that all must comply."""
    return pattern(
        r"\s*,?\s*(?:(?:trong\s+[^,.;]{2,40}\s+)?(?:đã|đang|sẽ|vừa|được|là|có\s+(?:ý\s+kiến|tư\s+cách|quyền|thể"
        r"|hiệu|báo\s+cáo|văn\s+bản)"
        r"|không|chưa|cần\s+được|phải\s+được|nhận|thông\s+báo|trân\s+trọng|xin|cảm\s+ơn|ban\s+hành|quyết\s+định"
        r"|điện|thống\s+nhất|kêu\s+gọi"
        r"|đề\s+nghị|yêu\s+cầu)\b"
        r"|(?:nghiêm\s+túc|khẩn\s+trương|tích\s+cực)\s+(?:tổ\s+chức\s+)?(?:triển\s+khai"
        r"|thực\s+hiện)(?:\s*,\s*thực\s+hiện|\s+thực\s+hiện)?"
        r"\s*(?:[./;]|nội\s+dung|các\s+nội\s+dung|chỉ\s+thị|kế\s+hoạch|công\s+điện|$)"
        r"|(?:triển\s+khai\s+)?thực\s+hiện\s+nghiêm(?:\s+túc)?\b|biết\s*[,.]|căn\s+cứ\s+thực\s+hiện"
        r"|thực\s+hiện\s+(?:các\s+|chức\s+năng\s*,\s*)?nhiệm\s+vụ\s*,?\s*quyền\s+hạn)"
    )


@lru_cache(maxsize=1)
def _closing_words() -> re.Pattern[str]:
    return pattern(
        r"(?:trên\s+đây\s+là|nhận\s+được|nơi\s+nhận|kính\s+gửi"
        r"|trong\s+quá\s+trình\s+[^.;]{0,120}?\b(?:nếu\s+)?(?:có|gặp)\s+(?:khó\s+khăn|vướng\s+mắc|vấn\s+đề"
        r"|nội\s+dung\s+(?:chưa|cần|phát)))\b"
    )


@lru_cache(maxsize=1)
def _verb_start() -> re.Pattern[str]:
    return pattern(rf"(?:{alternatives(PREDICATES)})\b")


@lru_cache(maxsize=1)
def _heading_lead() -> re.Pattern[str]:
    return pattern(
        r"(?:(?:trách\s+nhiệm|nhiệm\s+vụ)\s+(?:của\s+)?|đối\s+với\s+|(?P<request>(?:kính\s+"
        r"|trân\s+trọng\s+)?đề\s+nghị\s+)"
        r"|(?:giao|phân\s+công|yêu\s+cầu)\s+)?"
    )


@lru_cache(maxsize=1)
def _field() -> re.Pattern[str]:
    """A labelled line of a task: "- Cơ quan chủ trì: Sở Nội vụ"."""
    return pattern(
        r"(?:cơ\s+quan|đơn\s+vị|đầu\s+mối|cá\s+nhân)(?:\s*,\s*(?:cơ\s+quan|đơn\s+vị))?\s*(?P<role>chủ\s+trì"
        r"|phối\s+hợp|thực\s+hiện|chịu\s+trách\s+nhiệm"
        r"|tham\s+mưu|đầu\s+mối)(?:\s+(?:thực\s+hiện|tham\s+mưu|chính))?\s*:\s*"
    )


@lru_cache(maxsize=1)
def _clause() -> re.Pattern[str]:
    """Where a new clause may name a new body inside one paragraph."""
    return pattern(
        r"(?P<full>[.]\s+)|;\s+(?:đồng\s+thời\s+)?(?=giao\s|đề\s+nghị\s|yêu\s+cầu\s|phân\s+công\s|bộ\s|sở\s"
        r"|ủy\s+ban\s|ubnd\s)"
    )


@lru_cache(maxsize=1)
def _handing_on() -> re.Pattern[str]:
    """Near the end of a line with a colon: "… yêu cầu X tập trung thực hiện một số nhiệm vụ sau:"."""
    return pattern(
        r"\b(?P<order>yêu\s+cầu|đề\s+nghị|giao|phân\s+công)\s+(?:(?:các\s+)?đồng\s+chí\s+)?|,\s+(?=(?P<place>tỉnh"
        r"|thành\s+phố|huyện|xã|phường)\s)"
    )


@lru_cache(maxsize=1)
def _must() -> re.Pattern[str]:
    """ "tỉnh Đắk Lắk cần tiếp tục thực hiện …": a place that is told what to do."""
    return pattern(
        r"(?P<body>(?:tỉnh|thành\s+phố|huyện|xã|phường)\s+[^\s,;:.]+(?:\s+[^\s,;:.]+){0,3}?)\s+(?:cần|phải)\b"
    )


@lru_cache(maxsize=1)
def _roles() -> re.Pattern[str]:
    return pattern(
        r"(?P<lead>\bchủ\s+trì\b|làm\s+đầu\s+mối|là\s+đầu\s+mối)|(?P<coordinate>\bphối\s+hợp\b)"
        r"|(?P<advise>\btham\s+mưu\b)"
        r"|(?P<monitor>\b(?:(?:chỉ\s+đạo|hướng\s+dẫn|tiếp\s+tục|tăng\s+cường)(?:\s+(?:tổ\s+chức\s+thực\s+hiện"
        r"|công\s+tác))?(?:\s*,|\s+và)?\s+)?"
        r"(?:theo\s+dõi|đôn\s+đốc|giám\s+sát|kiểm\s+tra|thanh\s+tra)\b)"
        r"|(?P<report_to>\b(?:tổng\s+hợp\s*,\s*(?:lồng\s+ghép\s+)?)?báo\s+cáo\b)"
        r"|(?P<implement>\b(?:tổ\s+chức|triển\s+khai|thực\s+hiện|xây\s+dựng|ban\s+hành|bố\s+trí|tuyên\s+truyền"
        r"|rà\s+soát|hoàn\s+thiện|đẩy\s+mạnh"
        r"|cung\s+cấp|chỉ\s+đạo|vận\s+động|nâng\s+cao|nghiên\s+cứu|thẩm\s+định|cân\s+đối|lồng\s+ghép|phát\s+huy"
        r"|làm\s+tốt|bảo\s+đảm|đảm\s+bảo"
        r"|quản\s+lý|hướng\s+dẫn|đề\s+xuất|phổ\s+biến|đổi\s+mới)\b)"
    )


def find_assignments(text: str, layout: Layout, outline: Sequence[Section]) -> tuple[Assignment, ...]:
    """Every assignment in the running text of body and annexed paper, in text order (annex tables: ``ingest.annexes``).

    "3. Phòng Văn hóa và Thông tin huyện chủ trì, phối hợp với …" → body "Phòng Văn hóa và Thông tin huyện", role
    "lead", span and surface the whole task. ``outline`` is not needed: labels are read where they stand.
    """
    flat = plain(text)
    kind = plain(layout.metadata.kind or "")
    found = list(_Walk(text, flat, kind in _ORDERING_KINDS).walk(layout.header.end, layout.closing.start))
    if layout.annex is not None:
        found += _Walk(text, flat, ordering=False).walk(layout.annex.start, layout.annex.end)
    return tuple(found)


def _is_group(flat: str, body: Span) -> bool:
    return flat.startswith(
        ("các ", "mỗi ", "từng ", "toàn thể ", "những ", "cơ quan", "đơn vị", "địa phương"), body.start
    )


class _Walk:
    """One pass over the paragraphs, with the headings above the current one on a stack."""

    def __init__(self, text: str, flat: str, ordering: bool) -> None:
        self._text, self._flat, self._ordering = text, flat, ordering
        self._holders: list[_Holder] = []
        self._organisation_depth: int | None = None

    def walk(self, start: int, stop: int) -> Iterator[Assignment]:
        lines = list(self._lines(start, stop))
        for place, line in enumerate(lines):
            following = lines[place + 1] if place + 1 < len(lines) else None
            yield from self._line(line, following)

    def _lines(self, start: int, stop: int) -> Iterator[_Line]:
        position, label_pattern = start, _label()
        while position < stop:
            end = self._flat.find("\n", position, stop)
            end = stop if end < 0 else end
            if end - position > 2:
                label = label_pattern.match(self._flat, position, end)
                if label is not None and label.end() < end:
                    yield _Line(position, end, label.end(), self._depth(label))
            position = end + 1

    @staticmethod
    def _depth(label: re.Match[str]) -> int:
        name = label.lastgroup
        if name == "number":
            return 2 + label["number"].count(".")
        return {"article": 0, "roman": 1, "round": 5, "letter": 6, "ordinal": 6, "dash": 7, "plus": 8}.get(
            name or "", _UNLABELLED
        )

    def _line(self, line: _Line, following: _Line | None) -> Iterator[Assignment]:
        flat = self._flat
        if line.depth < _UNLABELLED:
            self._holders = [holder for holder in self._holders if holder.depth < line.depth]
            if self._organisation_depth is not None and line.depth <= self._organisation_depth:
                self._organisation_depth = None
        short = line.end - line.words <= 120
        if short and line.depth < 7 and _organisation().match(flat, line.words, line.end):
            self._organisation_depth = line.depth
            return
        if _closing_words().match(flat, line.words, line.end):
            return
        if field := _field().match(flat, line.words, line.end):
            yield from self._labelled(line, field)
            return
        holder = self._heading(line, following)
        if holder is not None:
            self._holders.append(holder)
            return
        yield from self._tasks(line, following)

    def _labelled(self, line: _Line, field: re.Match[str]) -> Iterator[Assignment]:
        """ "Cơ quan chủ trì: Sở Nội vụ, Sở Tài chính": the bodies after the label, or clauses that name their own."""
        role = self._role(field.start("role"), field.end("role")) or "implement"
        starts = [field.end(), *(match.end() for match in _clause().finditer(self._flat, field.end(), line.end))]
        for place, start in enumerate(starts):
            end = starts[place + 1] if place + 1 < len(starts) else line.end
            actor = read_actor(self._text, self._flat, start, end)
            if actor is not None and _verb_start().match(self._flat, actor.predicate):
                yield self._assignment(actor, Span(start, self._trimmed(start, end)))
            elif place == 0 and opens_with_body(self._text, self._flat, start, end):
                stop = actor.body.end if actor is not None else self._trimmed(start, end)
                body = trim_body(self._text, self._flat, start, stop)
                yield self._given(body, role, Span(line.words, self._trimmed(line.words, line.end)), requested=False)
                return

    def _heading(self, line: _Line, following: _Line | None) -> _Holder | None:
        """A line that is only a body's name, with tasks below it."""
        if line.depth == _UNLABELLED or line.end - line.words > 260 or following is None:
            return None
        lead = _heading_lead().match(self._flat, line.words, line.end)
        start = lead.end() if lead else line.words
        end = line.end
        while end > start and self._text[end - 1] in " :.;*_":
            end -= 1
        deeper = following.depth > line.depth or following.depth == _UNLABELLED
        if not deeper or end - start < 4 or not is_body_phrase(self._text, self._flat, start, end):
            return None
        if (following.depth == _UNLABELLED or line.depth >= 7 or self._organisation_depth is None) and not (
            _verb_start().match(self._flat, following.words, following.end)
        ):
            return None
        body = trim_body(self._text, self._flat, start, end)
        return _Holder(line.depth, body, None, bool(lead and lead["request"]))

    def _tasks(self, line: _Line, following: _Line | None) -> Iterator[Assignment]:
        flat = self._flat
        organisation = self._organisation_depth is not None or self._ordering
        current: tuple[Actor, int] | None = None
        opened = False
        for start, full in self._clauses(line):
            actor = read_actor(self._text, flat, start, line.end)
            if actor is None or not self._is_task(
                actor, line, first=start == line.words, full=full, organisation=organisation
            ):
                continue
            opened = opened or start == line.words
            if current is not None:
                yield self._assignment(current[0], Span(current[1], self._trimmed(current[1], start)))
            current = (actor, start)
        hands_on = self._hands_on(line, following)
        if hands_on:
            self._hand_on(line, following, current[0] if current else None)
            return
        holder = self._holders[-1] if self._holders else None
        if holder is not None and not opened:
            first = current[1] if current is not None else line.end
            if self._is_inherited(line, first):
                yield self._inherited(holder, Span(line.words, self._trimmed(line.words, first)))
        if current is not None:
            yield self._assignment(current[0], Span(current[1], self._trimmed(current[1], line.end)))

    def _clauses(self, line: _Line) -> Iterator[tuple[int, bool]]:
        yield line.words, True
        for match in _clause().finditer(self._flat, line.words, line.end):
            yield match.end(), match["full"] is not None

    def _hands_on(self, line: _Line, following: _Line | None) -> bool:
        ends = self._text[max(line.start, line.end - 4) : line.end].rstrip(" *_").endswith(":")
        return ends and following is not None and (following.depth > line.depth or line.depth == _UNLABELLED)

    def _hand_on(self, line: _Line, following: _Line | None, actor: Actor | None) -> None:
        """Puts the body of a line with a colon on the stack, if it names one."""
        depth = line.depth if line.depth < _UNLABELLED else (following.depth if following else _UNLABELLED) - 1
        if actor is not None:
            role = self._role(actor.predicate, line.end)
            self._holders.append(_Holder(depth, actor.body, role, actor.order.endswith("đề nghị")))
            return
        place = max(line.words, line.end - 900)
        found: _Holder | None = None
        for match in _handing_on().finditer(self._flat, place, line.end):
            if match["place"]:
                told = _must().match(self._flat, match.end(), line.end)
                if told:
                    found = _Holder(depth, Span(told.start("body"), told.end("body")), None, False)
                continue
            given = read_actor(self._text, self._flat, match.start(), line.end)
            if given is not None:
                found = _Holder(depth, given.body, None, given.order.endswith("đề nghị"))
        if found is not None:
            self._holders.append(found)

    def _is_inherited(self, line: _Line, end: int) -> bool:
        if len(self._flat[line.words : end].split()) < 4:
            return False
        return line.depth < _UNLABELLED or _verb_start().match(self._flat, line.words, end) is not None

    def _is_task(self, actor: Actor, line: _Line, *, first: bool, full: bool, organisation: bool) -> bool:
        flat = self._flat
        if actor.predicate >= line.end - 4 or _told().match(flat, actor.predicate, line.end):
            return False
        strong = _strong().match(flat, actor.predicate, min(line.end, actor.predicate + 160))
        if actor.order:
            return organisation or strong is not None or first or actor.order.startswith(("giao", "phân công"))
        if not full:  # after a semicolon, where lists of helpers go on, the role must follow at once
            return strong is not None and strong.end() - actor.predicate < 24
        if strong is not None and not (strong["helping"] and not organisation and _is_group(flat, actor.body)):
            return True
        return organisation and first and (line.depth < _UNLABELLED or self._ordering)

    def _trimmed(self, start: int, end: int) -> int:
        return start + len(self._text[start:end].rstrip(" ;,\n*_"))

    def _assignment(self, actor: Actor, span: Span) -> Assignment:
        role = self._role(actor.predicate, span.end) or "implement"
        return self._given(actor.body, role, span, requested=actor.order.endswith("đề nghị"))

    def _inherited(self, holder: _Holder, span: Span) -> Assignment:
        role = self._role(span.start, span.end) or "implement"
        if role == "implement" and holder.role is not None:
            role = holder.role
        return self._given(holder.body, role, span, requested=holder.requested)

    def _given(self, body: Span, role: Role, span: Span, *, requested: bool) -> Assignment:
        name = " ".join(body.of(self._text).split())
        by = due_in(self._text, span.start, span.end)
        return Assignment(name, role, span, span.of(self._text), requested=requested, by=by)

    def _role(self, start: int, end: int) -> Role | None:
        """What the first telling verb makes of the body; an introductory "căn cứ …" is passed over."""
        flat = self._flat
        end = min(end, start + 240)
        lead = _introduction().match(flat, start, end)
        match = _roles().search(flat, lead.end() if lead else start, end)
        return match.lastgroup if match else None  # type: ignore[return-value]


@lru_cache(maxsize=1)
def _introduction() -> re.Pattern[str]:
    return pattern(
        r"\s*(?:căn\s+cứ|trên\s+cơ\s+sở|theo(?!\s+dõi))\b[^.;]{0,160}?(?=\b(?:chủ\s+trì|phối\s+hợp|tham\s+mưu"
        r"|tổ\s+chức|xây\s+dựng|chỉ\s+đạo)\b)"
    )

"""Assignments: who is to do what, by when. "Giao Phòng Nội vụ huyện hướng dẫn, theo dõi, đôn đốc …".

A task is one paragraph (or one clause that names its own body). Three shapes give it a body: the clause opens with the
body ("Sở Tài chính chủ trì …", "Đề nghị … tăng cường …"), a heading names it ("1. Công an tỉnh" and bullets below), or a
line that ends with a colon hands several points to one body. In the part on organisation any verb makes a task; elsewhere
only an order ("Giao …") or a role ("chủ trì", "có trách nhiệm"). Calls to everybody to comply ("nghiêm túc triển khai,
thực hiện", "Trên đây là …") are no tasks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from ingest.bodyphrases import Actor, is_body_phrase, read_actor, trim_body
from ingest.deadlines import due_in
from ingest.factlexicon import ORGANISATION_HEADINGS, PREDICATES, alternatives, pattern, plain
from kg.model import Assignment, Layout, Section, Span

__all__ = ["find_assignments"]

Role = Literal["lead", "coordinate", "advise", "monitor", "report_to", "implement"]
# Kinds in which every numbered paragraph gives orders.
_ORDERING_KINDS = ("chỉ thị", "công điện", "thông báo", "kết luận")


@dataclass(frozen=True, slots=True)
class _Line:
    """One paragraph: its label's depth (0 article, 1 I., 2 1., 3 1.1., 6 a), 7 -, 8 +, 9 none) and where its words start."""

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
    organisation: bool


@lru_cache(maxsize=1)
def _label() -> re.Pattern[str]:
    return pattern(
        r"[ \t]*(?:(?P<article>điều\s+\d{1,3}[.:])|(?P<roman>[ivx]{1,5}\s?[.\-)])(?=\s)"
        r"|\(?(?P<number>\d{1,2}(?:\.\d{1,2}){0,3})(?:[.)\-]|\.\))?(?=\s)"
        r"|(?P<letter>[a-zđ]\s?[).])(?=\s)|(?P<ordinal>thứ\s+(?:nhất|hai|ba|tư|năm|sáu|bảy|tám|chín|mười))[,:]"
        r"|(?P<dash>[-–•*])|(?P<plus>\+))?[ \t]*"
    )


@lru_cache(maxsize=1)
def _organisation() -> re.Pattern[str]:
    return pattern(rf"(?:{alternatives(ORGANISATION_HEADINGS)})\b")


@lru_cache(maxsize=1)
def _strong() -> re.Pattern[str]:
    """A predicate that is an assignment wherever it stands."""
    return pattern(
        r"(?:[^.;:]{0,90}?\s)?(?:chủ\s+trì|có\s+trách\s+nhiệm|chịu\s+trách\s+nhiệm|có\s+nhiệm\s+vụ|làm\s+đầu\s+mối"
        r"|là\s+đầu\s+mối|là\s+cơ\s+quan\s+(?:đầu\s+mối|chủ\s+trì))\b"
    )


@lru_cache(maxsize=1)
def _told() -> re.Pattern[str]:
    """A predicate that tells instead of ordering, or that only repeats that all must comply."""
    return pattern(
        r"\s*,?\s*(?:(?:trong\s+[^,.;]{2,40}\s+)?(?:đã|đang|sẽ|vừa|được|là|có\s+(?:ý\s+kiến|tư\s+cách|quyền|thể"
        r"|hiệu|báo\s+cáo|văn\s+bản)|không|chưa|cần\s+được|phải\s+được|nhận|thông\s+báo"
        r"|trân\s+trọng|xin|cảm\s+ơn|ban\s+hành|quyết\s+định|điện|thống\s+nhất|kêu\s+gọi|đề\s+nghị|yêu\s+cầu"
        r"|xây\s+dựng\s+(?:kế\s+hoạch|và\s+triển\s+khai\s+kế\s+hoạch)\s+(?:phát\s+động|công\s+tác|triển\s+khai))\b"
        r"|(?:nghiêm\s+túc|khẩn\s+trương|tích\s+cực)\s+(?:tổ\s+chức\s+)?(?:triển\s+khai"
        r"|thực\s+hiện)(?:\s*,\s*thực\s+hiện|\s+thực\s+hiện)?\s*(?:[./;]|nội\s+dung|các\s+nội\s+dung|chỉ\s+thị"
        r"|kế\s+hoạch|công\s+điện|$)"
        r"|(?:triển\s+khai\s+)?thực\s+hiện\s+nghiêm(?:\s+túc)?\b|biết\s*[,.]|căn\s+cứ\s+thực\s+hiện)"
    )


@lru_cache(maxsize=1)
def _closing_words() -> re.Pattern[str]:
    return pattern(
        r"(?:trên\s+đây\s+là|nhận\s+được|trong\s+quá\s+trình\s+(?:tổ\s+chức\s+)?(?:triển\s+khai|thực\s+hiện)"
        r"|nơi\s+nhận|kính\s+gửi)\b"
    )


@lru_cache(maxsize=1)
def _verb_start() -> re.Pattern[str]:
    return pattern(rf"(?:{alternatives(PREDICATES)})\b")


@lru_cache(maxsize=1)
def _heading_lead() -> re.Pattern[str]:
    return pattern(
        r"(?:(?:trách\s+nhiệm|nhiệm\s+vụ)\s+(?:của\s+)?|đối\s+với\s+|(?P<request>(?:kính\s+)?đề\s+nghị\s+)|(?:giao"
        r"|phân\s+công|yêu\s+cầu)\s+)?"
    )


@lru_cache(maxsize=1)
def _sentence() -> re.Pattern[str]:
    """Where a new clause may name a new body inside one paragraph."""
    return pattern(
        r"(?:[.]\s+|;\s+(?:đồng\s+thời\s+)?(?=giao\s|đề\s+nghị\s|yêu\s+cầu\s|bộ\s|sở\s|ủy\s+ban\s|ubnd\s|các\s+bộ\b))"
    )


@lru_cache(maxsize=1)
def _roles() -> re.Pattern[str]:
    return pattern(
        r"(?P<lead>\bchủ\s+trì\b|làm\s+đầu\s+mối|là\s+đầu\s+mối)|(?P<coordinate>\bphối\s+hợp\b)"
        r"|(?P<advise>\btham\s+mưu\b)"
        r"|(?P<monitor>\b(?:theo\s+dõi|đôn\s+đốc|giám\s+sát|kiểm\s+tra|thanh\s+tra)\b)|(?P<report_to>\bbáo\s+cáo\b)"
        r"|(?P<implement>\b(?:tổ\s+chức|triển\s+khai|thực\s+hiện|xây\s+dựng|ban\s+hành|bố\s+trí|tuyên\s+truyền"
        r"|rà\s+soát|hoàn\s+thiện|đẩy\s+mạnh|cung\s+cấp"
        r"|chỉ\s+đạo|vận\s+động|nâng\s+cao|nghiên\s+cứu|thẩm\s+định|cân\s+đối|lồng\s+ghép|phát\s+huy|làm\s+tốt"
        r"|bảo\s+đảm|đảm\s+bảo|quản\s+lý)\b)"
    )


def find_assignments(text: str, layout: Layout, outline: Sequence[Section]) -> tuple[Assignment, ...]:
    """Every assignment in the running text of body and annexed paper, in text order (annex tables: ``ingest.annexes``).

    "3. Phòng Văn hóa và Thông tin huyện chủ trì, phối hợp với …" → body "Phòng Văn hóa và Thông tin huyện", role "lead",
    span and surface the whole task.
    """
    flat = plain(text)
    kind = plain(layout.metadata.kind or "")
    found = list(_Walk(text, flat, kind in _ORDERING_KINDS).walk(layout.header.end, layout.closing.start))
    if layout.annex is not None:
        found += _Walk(text, flat, ordering=False).walk(layout.annex.start, layout.annex.end)
    return tuple(found)


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
        position = start
        while position < stop:
            end = self._flat.find("\n", position, stop)
            end = stop if end < 0 else end
            if end - position > 2:
                label = _label().match(self._flat, position, end)
                assert label is not None  # every part is optional
                if label.end() < end:
                    yield _Line(position, end, label.end(), self._depth(label))
            position = end + 1

    @staticmethod
    def _depth(label: re.Match[str]) -> int:
        if label["article"]:
            return 0
        if label["roman"]:
            return 1
        if label["number"]:
            return 2 + label["number"].count(".")
        if label["letter"] or label["ordinal"]:
            return 6
        return 7 if label["dash"] else 8 if label["plus"] else 9

    def _line(self, line: _Line, following: _Line | None) -> Iterator[Assignment]:
        flat = self._flat
        if line.depth < 9:
            self._holders = [holder for holder in self._holders if holder.depth < line.depth]
            if self._organisation_depth is not None and line.depth <= self._organisation_depth:
                self._organisation_depth = None
        short = line.end - line.words <= 120
        if short and line.depth < 7 and _organisation().match(flat, line.words, line.end):
            self._organisation_depth = line.depth
            return
        if _closing_words().match(flat, line.words, line.end):
            return
        holder = self._heading(line, following)
        if holder is not None:
            self._holders.append(holder)
            return
        yield from self._tasks(line, following)

    def _heading(self, line: _Line, following: _Line | None) -> _Holder | None:
        """A line that is only a body's name, with tasks below it."""
        if line.depth == 9 or line.end - line.words > 260 or following is None:
            return None
        lead = _heading_lead().match(self._flat, line.words, line.end)
        start = lead.end() if lead else line.words
        end = line.end
        while end > start and self._text[end - 1] in " :.;*_":
            end -= 1
        deeper = following.depth > line.depth or following.depth == 9
        if not deeper or not is_body_phrase(self._text, self._flat, start, end):
            return None
        if (following.depth == 9 or line.depth >= 7 or self._organisation_depth is None) and not (
            _verb_start().match(self._flat, following.words, following.end)
        ):
            return None
        body = trim_body(self._text, self._flat, start, end)
        return _Holder(line.depth, body, None, bool(lead and lead["request"]), True)

    def _tasks(self, line: _Line, following: _Line | None) -> Iterator[Assignment]:
        flat = self._flat
        organisation = self._organisation_depth is not None or self._ordering
        starts = [line.words]
        starts += [match.end() for match in _sentence().finditer(flat, line.words, line.end)]
        current: tuple[Actor, int] | None = None
        opened = False
        for place, start in enumerate(starts):
            actor = read_actor(self._text, flat, start, line.end)
            if actor is None or not self._is_task(actor, line, first=place == 0, organisation=organisation):
                continue
            opened = opened or place == 0
            if current is not None:
                yield self._assignment(current[0], Span(current[1], self._trimmed(current[1], start)))
            current = (actor, start)
        holder = self._holders[-1] if self._holders else None
        hands_on = (
            self._text[line.start : line.end].rstrip(" *_").endswith(":")
            and following is not None
            and (following.depth > line.depth or line.depth == 9)
        )
        if current is not None and hands_on:
            actor = current[0]
            role = self._role(actor.predicate, line.end)
            self._holders.append(_Holder(min(line.depth, 8), actor.body, role, actor.order.endswith("đề nghị"), True))
            return
        if holder is not None and not opened and not hands_on:
            first = current[1] if current is not None else line.end
            if self._is_inherited(line, first):
                yield self._inherited(holder, Span(line.words, self._trimmed(line.words, first)))
        if current is not None:
            yield self._assignment(current[0], Span(current[1], self._trimmed(current[1], line.end)))

    def _is_inherited(self, line: _Line, end: int) -> bool:
        if len(self._flat[line.words : end].split()) < 4:
            return False
        return line.depth < 9 or _verb_start().match(self._flat, line.words, end) is not None

    def _is_task(self, actor: Actor, line: _Line, *, first: bool, organisation: bool) -> bool:
        flat = self._flat
        if actor.predicate >= line.end - 4 or _told().match(flat, actor.predicate, line.end):
            return False
        strong = _strong().match(flat, actor.predicate, min(line.end, actor.predicate + 160)) is not None
        if actor.order:
            return actor.order != "chỉ đạo" and (
                organisation or strong or first or actor.order.startswith(("giao", "phân công"))
            )
        if strong:
            return True
        return organisation and first and line.depth < 9

    def _trimmed(self, start: int, end: int) -> int:
        return start + len(self._text[start:end].rstrip(" ;,\n*_"))

    def _assignment(self, actor: Actor, span: Span) -> Assignment:
        return Assignment(
            body=" ".join(actor.body.of(self._text).split()),
            role=self._role(actor.predicate, span.end) or "implement",
            span=span,
            surface=span.of(self._text),
            requested=actor.order.endswith("đề nghị"),
            by=due_in(self._text, span.start, span.end),
        )

    def _inherited(self, holder: _Holder, span: Span) -> Assignment:
        role = self._role(span.start, span.end) or "implement"
        if role == "implement" and holder.role is not None:
            role = holder.role
        return Assignment(
            body=" ".join(holder.body.of(self._text).split()),
            role=role,
            span=span,
            surface=span.of(self._text),
            requested=holder.requested,
            by=due_in(self._text, span.start, span.end),
        )

    def _role(self, start: int, end: int) -> Role | None:
        """What the first telling verb makes of the body; an introductory "căn cứ …" is passed over."""
        flat = self._flat
        end = min(end, start + 220)
        lead = re.compile(
            r"\s*(?:căn cứ|trên cơ sở|theo)\b[^.;]{0,160}?(?=\b(?:chủ trì|phối hợp|tham mưu|tổ chức|xây dựng)\b)"
        ).match(flat, start, end)
        position = lead.end() if lead else start
        match = _roles().search(flat, position, end)
        if match is None:
            return None
        return match.lastgroup  # type: ignore[return-value]

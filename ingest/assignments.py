"""Assignments: who is to do what, by when. "Giao Phòng Nội vụ huyện hướng dẫn, theo dõi, đôn đốc …".

A task is one paragraph, or one clause that names its own body. It gets its body in one of four shapes: the clause opens
with it ("Sở Tài chính chủ trì …", "Đề nghị … tăng cường …"), a heading names it ("1. Công an tỉnh" and points below), a
line that ends with a colon hands several points to it, or a line is labelled ("Cơ quan chủ trì: Sở Nội vụ"). In the
part on organisation any verb makes a task; elsewhere only an order ("Giao …") or a role ("chủ trì", "có trách nhiệm").
Calls to everybody to comply ("nghiêm túc triển khai, thực hiện", "Trên đây là …") are no tasks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from ingest.bodyphrases import Actor, is_body_phrase, opens_with_body, read_actor, trim_body
from ingest.deadlines import due_in
from ingest.factlexicon import plain
from ingest.taskwords import (
    assigning,
    blanks,
    clause_start,
    closing_words,
    enacting,
    executing,
    handing_on,
    heading_lead,
    introduction,
    labelled_line,
    must,
    organisation_heading,
    papers,
    paragraph_label,
    procedure,
    roles,
    telling,
    verb_start,
)
from kg.identifiers import parse_number
from kg.model import Assignment, Layout, Section, Span

__all__ = ["find_assignments"]

Place = Literal["first", "sentence", "point", "part"]
Role = Literal["lead", "coordinate", "advise", "monitor", "report_to", "implement"]
# Kinds in which every paragraph that names a body gives it an order.
_ORDERING_KINDS = ("chỉ thị", "công điện", "thông báo", "kết luận", "thông báo kết luận")
# Kinds whose "có trách nhiệm" lays down rules for ever instead of handing out tasks.
_RULING_KINDS = (
    "hiến pháp", "bộ luật", "luật", "pháp lệnh", "nghị định", "thông tư", "thông tư liên tịch", "nghị quyết liên tịch",
    "văn bản hợp nhất", "quy chế", "quy định", "điều lệ",
)  # fmt: skip
_TOO_GENERIC = (
    "cơ quan",
    "đơn vị",
    "địa phương",
    "sở",
    "doanh nghiệp",
    "cơ sở",
    "nhà trường",
    "chủ đầu tư",
    "hội",
    "tổ",
    "đội",
)
_GROUPS = tuple(map(plain, ("các ", "mỗi ", "từng ", "toàn thể ", "những ", "cơ quan", "đơn vị", "địa phương")))
_UNLABELLED = 9
_MOST_CLAUSES = 400  # of one paragraph; real ones have a few dozen


@dataclass(frozen=True, slots=True)
class _Line:
    """One paragraph; depth of its label: 0 Điều, 1 I., 2 1., 3 1.1., 5 (1), 6 a), 7 -, 8 +, 9 none."""

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


def find_assignments(text: str, layout: Layout, outline: Sequence[Section]) -> tuple[Assignment, ...]:
    """Every assignment in the running text of body and annexed paper, in text order (annex tables: ``ingest.annexes``).

    "3. Phòng Văn hóa và Thông tin huyện chủ trì, phối hợp với …" → body "Phòng Văn hóa và Thông tin huyện", role
    "lead", span and surface the whole task. ``outline`` is not needed: labels are read where they stand.
    """
    flat = plain(text)
    metadata = layout.metadata
    kind = plain(metadata.kind or "")
    number = parse_number(metadata.number) if metadata.number else None
    rules = kind in _RULING_KINDS or (number is not None and number.normative)
    start = max([layout.header.end, *(addressee.span.end for addressee in metadata.addressees)])
    found = list(_Walk(text, flat, kind, rules=rules).walk(start, layout.closing.start))
    if layout.annex is not None:
        found += _Walk(text, flat, "", rules=True).walk(layout.annex.start, layout.annex.end)
    return tuple(found)


def _is_group(flat: str, body: Span) -> bool:
    return flat.startswith(_GROUPS, body.start)


class _Walk:
    """One pass over the paragraphs, with the headings above the current one on a stack."""

    def __init__(self, text: str, flat: str, kind: str, *, rules: bool) -> None:
        self._text, self._flat, self._rules = text, flat, rules
        self._ordering, self._letter = kind in _ORDERING_KINDS, kind == "công văn"
        self._holders: list[_Holder] = []
        self._organisation_depth: int | None = None

    def walk(self, start: int, stop: int) -> Iterator[Assignment]:
        lines = list(self._lines(start, stop))
        for place, line in enumerate(lines):
            following = lines[place + 1] if place + 1 < len(lines) else None
            yield from self._line(line, following)

    def _lines(self, start: int, stop: int) -> Iterator[_Line]:
        position, labels = start, paragraph_label()
        while position < stop:
            end = self._flat.find("\n", position, stop)
            end = stop if end < 0 else end
            if end - position > 2 and self._flat.count(" | ", position, end) < 2:  # rows of tables: ingest.annexes
                label = labels.match(self._flat, position, end)
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
        if closing_words().match(flat, line.words, line.end):
            return
        if field := labelled_line().match(flat, line.words, line.end):
            yield from self._labelled(line, field)
            return
        holder = self._heading(line, following)
        if holder is not None:
            self._holders.append(holder)
            return
        short = line.end - line.words <= 120
        if short and line.depth < 7 and organisation_heading().match(flat, line.words, line.end):
            self._organisation_depth = line.depth
            return
        yield from self._tasks(line, following)

    def _labelled(self, line: _Line, field: re.Match[str]) -> Iterator[Assignment]:
        """ "Cơ quan chủ trì: Sở Nội vụ, Sở Tài chính": the bodies after the label, or clauses that name their own."""
        role = self._role(field.start("role"), field.end("role")) or "implement"
        starts = [field.end(), *(match.end() for match in clause_start().finditer(self._flat, field.end(), line.end))]
        for place, start in enumerate(starts):
            end = starts[place + 1] if place + 1 < len(starts) else line.end
            actor = read_actor(self._text, self._flat, start, end)
            if actor is not None and verb_start().match(self._flat, actor.predicate):
                yield self._assignment(actor, Span(start, self._trimmed(start, end)))
            elif place == 0 and opens_with_body(self._text, self._flat, start, end):
                stop = actor.body.end if actor is not None else start + len(self._text[start:end].rstrip(" ;,.*_"))
                body = trim_body(self._text, self._flat, start, stop)
                yield self._given(body, role, Span(line.words, self._trimmed(line.words, line.end)), requested=False)
                return

    def _heading(self, line: _Line, following: _Line | None) -> _Holder | None:
        """A line that is only a body's name, with tasks below it."""
        if line.depth == _UNLABELLED or line.end - line.words > 260 or following is None:
            return None
        lead = heading_lead().match(self._flat, line.words, line.end)
        start = lead.end() if lead else line.words
        end = line.end
        while end > start and self._text[end - 1] in " :.;*_":
            end -= 1
        deeper = following.depth > line.depth or following.depth == _UNLABELLED
        if (
            line.depth >= 7 or (self._rules and not self._duty_heading(line, lead))
        ) and self._organisation_depth is None:
            return None
        if not deeper or end - start < 4 or not is_body_phrase(self._text, self._flat, start, end):
            return None
        if (following.depth == _UNLABELLED or line.depth >= 7 or self._organisation_depth is None) and not (
            verb_start().match(self._flat, following.words, following.end)
        ):
            return None
        body = trim_body(self._text, self._flat, start, end)
        return _Holder(line.depth, body, None, bool(lead and lead["request"]))

    def _duty_heading(self, line: _Line, lead: re.Match[str] | None) -> bool:
        return lead is not None and lead.end() > line.words

    def _tasks(self, line: _Line, following: _Line | None) -> Iterator[Assignment]:
        flat = self._flat
        organisation = self._organisation_depth is not None or self._ordering or bool(self._holders)
        current: tuple[Actor, int] | None = None
        opened = False
        for start, place in self._clauses(line):
            if current is not None and start < current[0].predicate:
                continue  # "X; Y chịu trách nhiệm": a semicolon inside the body
            actor = read_actor(self._text, flat, start, line.end)
            if actor is None or procedure().match(flat, start):
                continue
            if not self._is_task(actor, line, place, organisation=organisation):
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

    def _clauses(self, line: _Line) -> Iterator[tuple[int, Place]]:
        """Where a clause may begin, and whether it opens the paragraph, a sentence, a point of a list, or none."""
        yield line.words, "first"
        heads = verb_start().match(self._flat, line.words, line.end) is not None  # "3. Đẩy mạnh rà soát: (1) Bộ …"
        for match in islice(clause_start().finditer(self._flat, line.words, line.end), _MOST_CLAUSES):
            if match["listed"] is None:
                yield match.end(), "sentence" if match["full"] else "part"
            elif heads and (match["listed"].rstrip().endswith(")") or self._text[match.end()].isupper()):
                yield match.end(), "point"

    def _hands_on(self, line: _Line, following: _Line | None) -> bool:
        if following is None or not self._text[max(line.start, line.end - 4) : line.end].rstrip(" *_").endswith(":"):
            return False
        return following.depth > line.depth or (line.depth == _UNLABELLED and following.depth > 1)

    def _hand_on(self, line: _Line, following: _Line | None, actor: Actor | None) -> None:
        """Puts the body of a line with a colon on the stack, if it names one."""
        depth = line.depth if line.depth < _UNLABELLED else (following.depth if following else _UNLABELLED) - 1
        if actor is not None:
            role = self._role(actor.predicate, line.end)
            self._holders.append(_Holder(depth, actor.body, role, actor.order.endswith("đề nghị")))
            return
        place = max(line.words, line.end - 900)
        found: _Holder | None = None
        for match in handing_on().finditer(self._flat, place, line.end):
            if match["place"]:
                told = must().match(self._flat, match.end(), line.end)
                if told:
                    found = _Holder(depth, Span(told.start("body"), told.end("body")), None, False)
                continue
            if papers().search(self._flat, max(line.words, match.start() - 16), match.start()):
                continue
            given = read_actor(self._text, self._flat, match.start(), line.end)
            if given is not None:
                found = _Holder(depth, given.body, None, given.order.endswith("đề nghị"))
        if found is not None:
            self._holders.append(found)

    def _is_inherited(self, line: _Line, end: int) -> bool:
        if len(self._flat[line.words : end].split()) < 4 or self._flat.startswith(("được ", "không "), line.words):
            return False  # what the body may or may not do is no task
        return line.depth < _UNLABELLED or verb_start().match(self._flat, line.words, end) is not None

    def _is_task(self, actor: Actor, line: _Line, place: Place, *, organisation: bool) -> bool:
        flat = self._flat
        first = place in ("first", "point")
        if actor.predicate >= line.end - 4 or blanks().search(flat, actor.body.start, actor.predicate + 20):
            return False
        given = actor.order.startswith(("giao", "phân công", "ủy quyền"))
        if telling().match(flat, actor.predicate, line.end) and not given:
            return False
        if flat[actor.body.start : actor.body.end] in _TOO_GENERIC:
            return False
        if self._rules and not actor.order and self._organisation_depth is None:
            return executing().match(flat, actor.predicate, line.end) is not None
        strong = assigning().match(flat, actor.predicate, min(line.end, actor.predicate + 160))
        if actor.order:
            return organisation or strong is not None or first or given or (self._letter and place == "sentence")
        if place == "part":  # after a semicolon, where lists of helpers go on, the role must follow at once
            return strong is not None and strong.end() - actor.predicate < 24
        if strong is not None and not (strong["helping"] and not organisation and _is_group(flat, actor.body)):
            return True
        if line.depth == 0 and place == "first" and not self._rules:  # "Điều 2. Bộ trưởng Bộ Tài chính tiếp thu …"
            return verb_start().match(flat, actor.predicate) is not None and not enacting().match(flat, actor.predicate)
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
        lead = introduction().match(flat, start, end)
        match = roles().search(flat, lead.end() if lead else start, end)
        return match.lastgroup if match else None  # type: ignore[return-value]

"""Who was called on, and what came of it: addressees with their duty → bodies → one status each.

Nothing here asks a store or knows a word of the answer's language; the rules are:

- Obliged is who the call names as "must implement". Superiors, who is informed, who is asked to cooperate, and a group
  that cannot be enumerated are never outstanding.
- A body that ended is answered for by the one that took over its work, with a paper of its own time. What a district
  or a commune left behind has no one heir: nobody answers for it.
- Not found is said only of a body of which the store holds something from the period; of others nothing is known.
- Late is measured against a day by which plans are to be sent. The end of a campaign is no such day.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal, get_args

from kg.bodies import Body
from kg.groups import Setting, expand
from kg.identifiers import fold
from kg.model import Duty, Level
from kg.reference import Reference

__all__ = [
    "Answer",
    "Call",
    "Line",
    "Obligation",
    "Outside",
    "Paper",
    "Row",
    "Status",
    "Timing",
    "heirs",
    "judge",
    "obligations",
    "timing",
]

Status = Literal["answered", "cites_only", "not_found", "nothing_held", "outside", "not_obliged"]
How = Literal["direct", "in_body", "through", "cites"]

PERIOD = dt.timedelta(days=365)
"""How long after the call a body is expected to have sent something, when the call names no later day."""
_RANKS: dict[Level, int] = {level: rank for rank, level in enumerate(get_args(Level))}
_COMMITTEES = ("tu", "hu", "du", "hdnd", "ubnd")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the call that names somebody: after "Kính gửi", under "Nơi nhận", or a task in its text."""

    phrase: str
    duty: Duty
    source: Literal["addressee", "recipient", "assignment"] = "addressee"
    role: str | None = None
    requested: bool = False
    words: str = ""
    """Of a task: the sentence that gives it."""


@dataclass(frozen=True, slots=True)
class Obligation:
    """One body (or, with ``body`` None, words that name none we know) and what the call asks of it."""

    phrase: str
    duty: Duty
    body: str | None = None
    group: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """The paper that calls: its date or the bounds of it, the day plans are due, the last day of the period."""

    key: str
    owner: str | None
    earliest: dt.date | None
    latest: dt.date | None
    deadline: dt.date | None = None
    lasts: dt.date | None = None
    """A later day that the call names: the end of its campaign, of reporting."""

    @property
    def day(self) -> dt.date | None:
        """The day on which its words are read: its date, else the last it can have."""
        return self.latest or self.earliest

    @property
    def period(self) -> tuple[dt.date, dt.date] | None:
        """From its day on, a year or as long as it says itself; None when nothing is known of its date."""
        start, day = self.earliest or self.latest, self.day
        if start is None or day is None:
            return None
        return start, max(day + PERIOD, *(one for one in (self.deadline, self.lasts) if one), day)


@dataclass(frozen=True, slots=True)
class Paper:
    """A held document of one body; both bounds are its date where that is known.

    ``how`` is None when it has nothing to do with the call, and "cites" when it names it without carrying it out.
    """

    key: str
    owner: str
    earliest: dt.date | None
    latest: dt.date | None
    how: How | None = None


@dataclass(frozen=True, slots=True)
class Outside:
    """A person confirmed that a body answered with a paper that is not held."""

    id: str
    body: str
    by: str
    at: dt.datetime
    date: dt.date | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Timing:
    """Days from the call to an answer, as an interval where dates are; ``late`` and ``margin`` need a deadline.

    ``margin`` is the number of days before the deadline, negative after it.
    """

    days: int | None = None
    days_min: int | None = None
    days_max: int | None = None
    late: bool | None = None
    margin: int | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """One paper that speaks for a body, and when it came."""

    paper: Paper
    timing: Timing


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the answer. ``held`` counts the body's papers in the period; ``ended`` is its last day, if past."""

    asked: Obligation
    status: Status
    answers: tuple[Answer, ...] = ()
    outside: Outside | None = None
    outside_timing: Timing | None = None
    held: int = 0
    ended: dt.date | None = None


# --- whom the call obliges ----------------------------------------------------------------------------------------


def obligations(
    lines: Iterable[Line], reference: Reference, setting: Setting
) -> tuple[tuple[Obligation, ...], tuple[str, ...]]:
    """Every body that the lines name, once, with its duty, in the order of the text; and what cannot be enumerated.

    A body that several lines name keeps the duty of the line that says it most plainly: named and obliged, named
    otherwise, obliged as one of a group.
    """
    found: dict[str, tuple[int, Obligation]] = {}
    open_groups: dict[str, str] = {}
    for line in _weighed(lines):
        for one, meant in _asked(line, reference, setting):
            if meant and all(code in found for code in meant):  # a copy goes to those who were addressed
                continue
            if one.body is None and one.duty in ("must_implement", "unenumerable"):
                open_groups.setdefault(_group_key(one.phrase), one.phrase)
                continue
            key, rank = one.body or f"“{fold(one.phrase)}”", _rank(one)
            if key not in found or rank > found[key][0]:
                found[key] = (rank, one)
    return tuple(one for _, one in found.values()), tuple(open_groups.values())


def _rank(one: Obligation) -> int:
    if one.duty == "must_implement":
        return 1 if one.group else 3
    return 0 if one.duty == "informed" else 2


def _weighed(lines: Iterable[Line]) -> Iterator[Line]:
    """The lines that count. Who gets a copy of a paper addressed to others is informed; a task without a plan to make
    obliges nobody to send one, unless the paper names no one else.
    """
    real = [line for line in lines if not _pointer().match(fold(line.phrase))]
    addressed = any(line.source == "addressee" and line.duty in ("must_implement", "unenumerable") for line in real)
    obliges = addressed or any(line.source == "recipient" and line.duty == "must_implement" for line in real)
    for line in real:
        if line.source == "recipient" and addressed and line.duty == "must_implement":
            yield Line(line.phrase, "informed", line.source)
        elif line.source != "assignment":
            yield line
        elif _plan().search(fold(line.words)):
            yield Line(line.phrase, "must_implement", line.source)
        elif line.requested:
            yield Line(line.phrase, "cooperate", line.source)
        elif not obliges and line.role in ("lead", "implement"):
            yield Line(line.phrase, "must_implement", line.source)


@cache
def _pointer() -> re.Pattern[str]:
    return re.compile(r"nhu (?:tren|kinh gui|dieu|khoan|muc|phan)\b")


@cache
def _plan() -> re.Pattern[str]:
    return re.compile(r"\b(?:xay dung|ban hanh|lap|gui)\b[^.;]{0,60}?\b(?:ke hoach|chuong trinh|phuong an)\b")


def _asked(line: Line, reference: Reference, setting: Setting) -> Iterator[tuple[Obligation, tuple[str, ...]]]:
    """Obligations, each with the bodies it stands for where it stands for several that nothing is asked of."""
    read = expand(line.phrase, reference, setting)
    if line.duty == "unenumerable" and not read.named:
        yield Obligation(line.phrase, line.duty), ()
        return
    for piece in read.named:
        if line.duty != "must_implement" and piece.group:
            yield Obligation(piece.phrase, line.duty), piece.bodies
            continue
        for code in piece.bodies:
            body = reference.body(code)
            if body is None or (code == setting.owner and line.duty == "must_implement"):
                continue
            duty = line.duty
            if duty == "must_implement":
                duty = _duty_towards(body, reference, setting)
            yield Obligation(piece.phrase, duty, code, piece.group), ()
    for phrase in read.rest:
        yield Obligation(phrase, line.duty), ()


def _duty_towards(body: Body, reference: Reference, setting: Setting) -> Duty:
    """What the one who calls may ask of a body: nothing of those above it, help of the departments beside it."""
    owner = reference.body(setting.owner) if setting.owner else None
    if owner is None:
        return "must_implement"
    if _RANKS[body.level] != _RANKS[owner.level]:
        return "reported_to" if _RANKS[body.level] < _RANKS[owner.level] else "must_implement"
    if body.area != owner.area or owner.area is None:
        return "must_implement"
    committee = _COMMITTEES.index(body.organ) if body.organ in _COMMITTEES else None
    own = _COMMITTEES.index(owner.organ) if owner.organ in _COMMITTEES else None
    if committee is not None and (own is None or committee < own):
        return "reported_to"
    return "cooperate" if owner.name.startswith(("Sở ", "Phòng ")) else "must_implement"


_FILLERS = re.compile(r"cac|dong|tren|dia|ban|tinh|huyen|xa|phuong|thanh|pho|trong|cua|va|tai|lai|toan")


def _group_key(phrase: str) -> str:
    """ "Các doanh nghiệp đóng trên địa bàn tỉnh" and "Các doanh nghiệp trên địa bàn tỉnh" are one group."""
    words = re.findall(r"\w+", fold(phrase))
    return " ".join(word for word in words if not _FILLERS.fullmatch(word)) or " ".join(words)


# --- what came of it ------------------------------------------------------------------------------------------------


def heirs(reference: Reference, code: str) -> dict[str, dt.date | None]:
    """Who may answer for a body, and after which day: itself at any time, its successor after its own last day.

    "lai-chau.snnptnt" → itself, and "lai-chau.snnmt" with papers after 28/02/2025.
    """
    found: dict[str, dt.date | None] = {code: None}
    waiting = [code]
    while waiting:
        body = reference.body(waiting.pop())
        if body is None or body.valid_to is None or body.level not in ("central", "province"):
            continue
        for successor in body.successors:
            if successor not in found:
                found[successor] = body.valid_to
                waiting.append(successor)
    return found


def timing(call: Call, earliest: dt.date | None, latest: dt.date | None) -> Timing:
    """How long after the call a paper of these bounds came, and whether it came after the deadline."""
    least = max((earliest - call.latest).days, 0) if earliest and call.latest else None
    most = (latest - call.earliest).days if latest and call.earliest else None
    exact = earliest is not None and earliest == latest
    known = exact and call.earliest is not None and call.earliest == call.latest
    late = margin = None
    if call.deadline is not None:
        if earliest and earliest > call.deadline:
            late = True
        elif latest and latest <= call.deadline:
            late = False
        margin = (call.deadline - earliest).days if exact and earliest else None
    if known and earliest and call.earliest:
        days = (earliest - call.earliest).days
        return Timing(days, days, days, late, margin)
    return Timing(None, least, most, late, margin)


def judge(
    asked: Sequence[Obligation],
    call: Call,
    reference: Reference,
    papers: Mapping[str, Collection[Paper]],
    outside: Mapping[str, Outside],
    today: dt.date,
) -> tuple[Row, ...]:
    """One row per obligation. ``papers`` are those held of each body that may answer, by its code."""
    return tuple(_row(one, call, reference, papers, outside, today) for one in asked)


def _row(
    one: Obligation,
    call: Call,
    reference: Reference,
    papers: Mapping[str, Collection[Paper]],
    outside: Mapping[str, Outside],
    today: dt.date,
) -> Row:
    if one.body is None:
        return Row(one, "not_obliged")
    own = sorted(_own(one.body, reference, papers), key=_order)
    answers = tuple(
        Answer(paper, timing(call, paper.earliest, paper.latest)) for paper in own if paper.how not in (None, "cites")
    )
    undue = replace(call, deadline=None)  # what is no plan cannot be late
    cites = tuple(Answer(paper, timing(undue, paper.earliest, paper.latest)) for paper in own if paper.how == "cites")
    confirmed = outside.get(one.body)
    held = sum(_within(paper, call.period) for paper in own)
    ended = _ended(reference.body(one.body), call.day, today)
    confirmed_timing = timing(call, confirmed.date, confirmed.date) if confirmed and confirmed.date else None
    status: Status = (
        "not_obliged" if one.duty != "must_implement"
        else "answered" if answers
        else "outside" if confirmed
        else "cites_only" if cites
        else "not_found" if held
        else "nothing_held"
    )  # fmt: skip
    return Row(one, status, answers or cites, confirmed, confirmed_timing, held, ended)


def _own(code: str, reference: Reference, papers: Mapping[str, Collection[Paper]]) -> Iterator[Paper]:
    for heir, after in heirs(reference, code).items():
        for paper in papers.get(heir, ()):
            if after is None or (paper.earliest is not None and paper.earliest > after):
                yield paper


def _order(paper: Paper) -> tuple[int, dt.date, str]:
    """The strongest way first, then by date."""
    ways = ("direct", "in_body", "through", "cites", None)
    return (ways.index(paper.how), paper.earliest or paper.latest or dt.date.max, paper.key)


def _within(paper: Paper, period: tuple[dt.date, dt.date] | None) -> bool:
    """Whether the paper is surely or possibly of the period; one that nothing dates is not."""
    days = [day for day in (paper.earliest, paper.latest) if day]
    return period is not None and any(period[0] <= day <= period[1] for day in days)


def _ended(body: Body | None, called: dt.date | None, today: dt.date) -> dt.date | None:
    if body is None or body.valid_to is None or body.valid_to >= today:
        return None
    return body.valid_to if called is None or body.valid_to >= called else None

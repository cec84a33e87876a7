"""What people decided: verdicts on links, identities and signers, and facts entered by hand. Append-only, base-free.

A verdict names its link by the keys of both ends and, for an end that was a held file, by that file's hash too:
when a file gains, loses or changes its number its key changes, and the verdict follows the file. Nothing is ever
taken out; what is undone is undone by a later record that says so.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from kg.works import Quote

__all__ = [
    "IDENTITY",
    "SAME_PERSON",
    "Curated",
    "Fact",
    "Standing",
    "Verdict",
    "VerdictValue",
    "Visibility",
]

VerdictValue = Literal["accepted", "rejected", "unsure", "withdrawn"]
Visibility = Literal["public", "internal"]

IDENTITY = "identity"
"""Relation of a verdict that says whether a file (``subject_file``) is the work ``object``."""
SAME_PERSON = "same_person"
"""Relation of a verdict that says whether two signers ("lai-chau.ubnd/Giàng A Mẫu") are one person."""

_FIELDS = ("number", "date", "owner", "kind", "title", "visibility")


@dataclass(frozen=True, slots=True)
class Verdict:
    """One decision of one person on a link, an identity or two signers.

    "withdrawn" takes back the record ``undoes`` and all others of the same ``act`` (a correction is two records: the
    wrong link rejected, the right one made); without ``undoes``, the newest decision on the same thing.
    """

    id: str
    subject: str
    relation: str
    object: str
    value: VerdictValue
    by: str
    at: dt.datetime
    reason: str | None = None
    note: str | None = None
    subject_file: str | None = None
    object_file: str | None = None
    quote: str | None = None
    """The sentence seen when deciding, so that changed evidence can be noticed."""
    evidence: Quote | None = None
    """Where that sentence stood: a link stays provable when a later reading no longer finds it."""
    teller_file: str | None = None
    """The file that told of the link, where that is not the file of its subject."""
    object_number: str | None = None
    """The printed number of the object, for a work that nothing else names."""
    by_hand: bool = False
    """A person made this link: it needs no extraction to stand."""
    undoes: str | None = None
    act: str | None = None
    parser: int | None = None
    """Version of the rules whose finding was judged."""


@dataclass(frozen=True, slots=True)
class Fact:
    """What a person entered of a held file (by content hash), or of a numbered document without text (``file`` None).

    Outranks extraction: number "87/KH-UBND", date, owner of the series ("lai-chau.tam-duong.ubnd"), kind, title,
    and who may see it.
    """

    id: str
    file: str | None
    by: str
    at: dt.datetime
    number: str | None = None
    date: dt.date | None = None
    owner: str | None = None
    kind: str | None = None
    title: str | None = None
    visibility: Visibility | None = None
    note: str | None = None
    work: str | None = None
    """Key of the work that is followed up, when the fact is about who answers it; ``file`` is None then."""
    work_file: str | None = None
    """The file of that work, so that the fact follows it when its key changes."""
    sending_deadline: dt.date | None = None
    """The day by which those called on send their plans."""
    outside: str | None = None
    """Code of a body that answered outside the store; ``date`` is the day of its paper, where known."""


class Curated:
    """All records, oldest first, and what of them still counts."""

    def __init__(self, verdicts: Iterable[Verdict] = (), facts: Iterable[Fact] = ()) -> None:
        self.verdicts = tuple(sorted(verdicts, key=lambda verdict: (verdict.at, verdict.id)))
        self.facts = tuple(sorted(facts, key=lambda fact: (fact.at, fact.id)))
        live, undone = _live(self.verdicts)
        self.live = live
        """The verdicts that were not taken back, oldest first."""
        self.live_facts = tuple(fact for fact in self.facts if fact.id not in undone)
        self._facts: dict[str | None, list[Fact]] = defaultdict(list)
        for fact in self.facts:
            self._facts[fact.file].append(fact)
        self._undone = undone
        self._past: dict[str | None, set[str]] = defaultdict(set)
        for verdict in self.verdicts:
            if verdict.relation == IDENTITY and verdict.value == "accepted":
                self._past[verdict.subject_file].add(verdict.object)
        self._identities: dict[str | None, list[Verdict]] = defaultdict(list)
        for verdict in self.live:
            if verdict.relation == IDENTITY:
                self._identities[verdict.subject_file].append(verdict)

    def facts_of(self, file: str) -> Mapping[str, object]:
        """The facts entered for one file (by content hash), newest winning field by field."""
        return _merged(fact for fact in self._facts.get(file, ()) if fact.id not in self._undone)

    def fact_history(self, file: str) -> Iterator[Mapping[str, object]]:
        """What was entered for a file, before each fact that ever was and after the last, undone or not."""
        past = self._facts.get(file, [])
        for length in range(len(past) + 1 if past else 0):
            yield _merged(past[:length])

    def documents_without_text(self) -> tuple[Fact, ...]:
        """Numbered documents that people entered without a file."""
        return tuple(fact for fact in self.live_facts if fact.file is None and fact.work is None)

    def follow_ups(self, work: str, files: Collection[str] = ()) -> tuple[Fact, ...]:
        """What people entered on who answers ``work``, oldest first: by its key or by one of its files."""
        return tuple(
            fact
            for fact in self.live_facts
            if fact.work is not None and (fact.work == work or (fact.work_file is not None and fact.work_file in files))
        )

    def visibility(self) -> dict[str, Visibility]:
        """Content hash → who may see it, for the files on which a person said so."""
        return {fact.file: fact.visibility for fact in self.live_facts if fact.file and fact.visibility}

    def identities_of(self, file: str) -> Mapping[str, Verdict]:
        """Work key → the newest verdict on whether this file is that work, oldest decision first."""
        newest: dict[str, Verdict] = {}
        for verdict in self._identities.get(file, ()):
            newest.pop(verdict.object, None)  # so that the order is that of the decisions that count
            newest[verdict.object] = verdict
        return newest

    def past_identities(self, file: str) -> set[str]:
        """Every work key that a person ever judged this file to be, taken back or not."""
        return self._past.get(file, set())

    def persons(self) -> Mapping[tuple[str, str], Verdict]:
        """The newest verdict on each pair of signers; both names in order."""
        newest: dict[tuple[str, str], Verdict] = {}
        for verdict in self.live:
            if verdict.relation == SAME_PERSON:
                one, other = sorted((verdict.subject, verdict.object))
                newest[one, other] = verdict
        return newest


def _merged(facts: Iterable[Fact]) -> dict[str, object]:
    merged: dict[str, object] = {}
    for fact in facts:
        merged |= {name: value for name in _FIELDS if (value := getattr(fact, name)) is not None}
    return merged


def _live(verdicts: Sequence[Verdict]) -> tuple[tuple[Verdict, ...], set[str]]:
    """The verdicts that count, and the ids of all records that were taken back."""
    live: list[Verdict] = []
    undone: set[str] = set()
    for verdict in verdicts:
        if verdict.value != "withdrawn":
            live.append(verdict)
            continue
        if verdict.undoes:
            undone.add(verdict.undoes)
            gone = [old for old in live if old.id == verdict.undoes]
        else:
            gone = [old for old in live if _same_thing(old, verdict)][-1:]
        acts = {old.act for old in gone if old.act}
        gone += [old for old in live if old.act in acts]
        undone |= {old.id for old in gone}
        live = [old for old in live if old.id not in undone]
    return tuple(live), undone


def _same_thing(one: Verdict, other: Verdict) -> bool:
    def meets(key: str, file: str | None, other_key: str, other_file: str | None) -> bool:
        return key == other_key or (file is not None and file == other_file)

    return (
        one.relation == other.relation
        and meets(one.subject, one.subject_file, other.subject, other.subject_file)
        and meets(one.object, one.object_file, other.object, other.object_file)
    )


Ends = tuple[str, str, str]
"""(subject key, relation, object key) of a link as works are known now."""


class Standing:
    """Verdicts on links brought to the keys of today.

    ``keys`` gives the key of each held file, ``works`` all keys there are, ``aliases`` the key under which a spelling
    of one Party paper now goes. The subject of a link is the file that speaks: it is followed wherever it goes. The
    object is what was cited: its key counts as long as a work bears it.
    """

    def __init__(
        self,
        curated: Curated,
        keys: Mapping[str, str],
        works: Collection[str],
        aliases: Mapping[str, str] | None = None,
    ) -> None:
        self._keys = keys
        self._works = works
        self._aliases = aliases or {}
        self._newest: dict[Ends, Verdict] = {}
        for verdict in curated.live:
            if verdict.relation not in (IDENTITY, SAME_PERSON):
                self._newest[self._ends(verdict)] = verdict

    def _ends(self, verdict: Verdict) -> Ends:
        subject = self._keys.get(verdict.subject_file or "") or self._now(verdict.subject)
        target = self._now(verdict.object)
        if target not in self._works:
            target = self._keys.get(verdict.object_file or "", target)
        return subject, verdict.relation, target

    def _now(self, key: str) -> str:
        return key if key in self._works else self._aliases.get(key, key)

    def on(self, subject: str, relation: str, target: str) -> Verdict | None:
        """The newest verdict on a link; None when nobody decided, or it was taken back."""
        return self._newest.get((subject, relation, target))

    def accepted(self) -> Iterator[tuple[Ends, Verdict]]:
        """The links that stand because a person said so, in the order of their ends."""
        for ends in sorted(self._newest):
            if self._newest[ends].value == "accepted":
                yield ends, self._newest[ends]

    def teller(self, verdict: Verdict) -> str | None:
        """The key of the document that told of the link, when it is still held."""
        return self._keys.get(verdict.teller_file or verdict.subject_file or "")

"""What people decided: verdicts on links and identities, and facts entered by hand. Append-only, base-free.

A verdict names its link by the keys of both ends and, for an end that was a held file, by that file's hash too:
when a file gains or loses its identity its key changes, and the verdict follows the file.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

__all__ = ["Curated", "Fact", "Verdict", "VerdictValue"]

VerdictValue = Literal["accepted", "rejected", "unsure", "withdrawn"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """One decision of one person. ``relation`` is "identity" when it says whether a file is the work ``object``.

    "withdrawn" undoes the newest earlier verdict on the same thing.
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
    """The quote seen when deciding, so that changed evidence can be noticed."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A number, date or issuer of a held file that a person entered; outranks extraction."""

    id: str
    file: str
    by: str
    at: dt.datetime
    number: str | None = None
    date: dt.date | None = None
    owner: str | None = None


class Curated:
    """All decisions, newest last, looked up by what they are about."""

    def __init__(self, verdicts: Iterable[Verdict] = (), facts: Iterable[Fact] = ()) -> None:
        self.verdicts = tuple(sorted(verdicts, key=lambda verdict: (verdict.at, verdict.id)))
        self.facts = tuple(sorted(facts, key=lambda fact: (fact.at, fact.id)))
        self._by_ends: dict[tuple[str, str, str], Verdict] = {}
        for verdict in self.verdicts:
            for subject in filter(None, (verdict.subject, verdict.subject_file)):
                for target in filter(None, (verdict.object, verdict.object_file)):
                    self._by_ends[subject, verdict.relation, target] = verdict

    def verdict_on(self, subjects: Iterable[str], relation: str, objects: Iterable[str]) -> Verdict | None:
        """The newest verdict on a link, its ends given by key and by the hashes of their files."""
        found = [
            verdict
            for subject in subjects
            for target in objects
            if (verdict := self._by_ends.get((subject, relation, target)))
        ]
        newest = max(found, key=lambda verdict: (verdict.at, verdict.id), default=None)
        return None if newest is None or newest.value == "withdrawn" else newest

    def facts_of(self, file: str) -> Mapping[str, object]:
        """The facts entered for one file (by content hash), newest winning field by field."""
        merged: dict[str, object] = {}
        for fact in self.facts:
            if fact.file == file:
                for name in ("number", "date", "owner"):
                    if (value := getattr(fact, name)) is not None:
                        merged[name] = value
        return merged

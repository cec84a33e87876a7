"""Completing what a person types, accents or not: numbers, titles, bodies, campaigns."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from kg.identifiers import fold
from search.analysis import folded, words
from search.lexicon import KIND_WORDS
from search.numbers import unglued
from search.segments import DocumentRecord

__all__ = ["Suggester", "Suggestion"]

Sort = Literal["number", "title", "body", "campaign"]
_ORDER: tuple[Sort, ...] = ("number", "body", "campaign", "title")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One line under the search box: ``text`` is what to search for, ``detail`` tells namesakes apart."""

    sort: Sort
    text: str
    detail: str = ""
    key: str | None = None

    def record(self) -> dict[str, str | None]:
        """The JSON form."""
        return {"kind": self.sort, "text": self.text, "detail": self.detail, "key": self.key}


class Suggester:
    """Everything that can be suggested, with its words in one sorted list for prefixes."""

    def __init__(self, records: Sequence[DocumentRecord]) -> None:
        entries: dict[tuple[Sort, str, str], tuple[Suggestion, int]] = {}
        beside: dict[str | None, str] = {}

        def put(suggestion: Suggestion) -> None:
            key = (suggestion.sort, suggestion.text, suggestion.key or "")
            kept = entries.get(key)
            entries[key] = (suggestion, kept[1] + 1 if kept else 1)

        for record in records:
            when = record.date or (str(record.years[0]) if record.years else "")
            detail = ", ".join(part for part in (record.issuer, when) if part)
            if record.number:
                codes = " ".join(KIND_WORDS.get(fold(record.kind or ""), ()))
                beside[record.key] = f"{record.kind or ''} {codes} {record.issuer or ''}"
                put(Suggestion("number", record.number, detail, record.key))
            if record.title:
                put(Suggestion("title", record.title, ", ".join(p for p in (record.number, detail) if p), record.key))
            if record.issuer:
                put(Suggestion("body", record.issuer))
            for name in record.campaigns:
                put(Suggestion("campaign", name))
        self._entries = sorted(entries.values(), key=lambda one: (_ORDER.index(one[0].sort), -one[1], one[0].text))
        by_word: dict[str, list[int]] = defaultdict(list)
        self._folded: list[list[str]] = []
        self._beside: list[list[str]] = []
        for place, (suggestion, _) in enumerate(self._entries):
            tokens = folded(words(suggestion.text))
            self._folded.append(tokens)
            self._beside.append(folded(words(beside[suggestion.key])) if suggestion.sort == "number" else [])
            for token in dict.fromkeys(tokens):
                by_word[token].append(place)
        self._words = sorted(by_word)
        self._by_word = by_word

    def suggest(self, typed: str, k: int) -> tuple[Suggestion, ...]:
        """At most ``k`` entries whose words begin with the typed words, in that order; earlier matches first.

        Beside a number, its kind and issuer may be typed, in any order: "ct34", "chỉ thị 34", "kh 118 tam dg".
        """
        tokens = folded(words(unglued(typed)))
        if not tokens:
            return ()
        scored = [(at > 0, place) for place, at in self._in_text(tokens)]
        taken = {place for _, place in scored}
        scored += [(True, place) for place in self._by_number(tokens) if place not in taken]
        return tuple(self._entries[place][0] for _, place in sorted(scored)[:k])

    def _in_text(self, tokens: Sequence[str]) -> Iterator[tuple[int, int]]:
        """Entries in whose text the words stand in order, and at which word they begin."""
        places: set[int] | None = None
        for position, token in enumerate(tokens):
            last = position == len(tokens) - 1
            found = set(self._with_prefix(token)) if last else set(self._by_word.get(token, ()))
            if not last and not found:
                found = set(self._with_prefix(token))
            places = found if places is None else places & found
            if not places:
                return
        for place in places or ():
            at = _in_order(self._folded[place], tokens)
            if at is not None:
                yield place, at

    def _by_number(self, tokens: Sequence[str]) -> Iterator[int]:
        """Numbers that begin with the digits typed, the other words standing in number, kind or issuer."""
        digits = [token for token in tokens if token[0].isdigit()]
        for place in self._with_prefix(digits[0]) if digits and len(tokens) > 1 else ():
            known = (*self._folded[place], *self._beside[place])
            if self._beside[place] and all(any(word.startswith(token) for word in known) for token in tokens):
                yield place

    def _with_prefix(self, token: str) -> list[int]:
        found: list[int] = []
        for word in self._words[bisect_left(self._words, token) :]:
            if not word.startswith(token) or len(found) > 20_000:
                break
            found.extend(self._by_word[word])
        return found


def _in_order(tokens: Sequence[str], typed: Sequence[str]) -> int | None:
    """Where the typed words begin in ``tokens``, each a prefix of one, in order; None when they do not."""
    first = -1
    at = 0
    for token in typed:
        while at < len(tokens) and not tokens[at].startswith(token):
            at += 1
        if at == len(tokens):
            return None
        first = at if first < 0 else first
        at += 1
    return first

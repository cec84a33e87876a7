"""How a printed issuer is read: who speaks, for which body, of which area.

A phrase is [role …] body, where a body is a central name, or the head of a template and an area. Areas are named
("huyện Tam Đường, tỉnh Lai Châu"), or a bare level word that the citing document's own place fills.
Cost is linear: a phrase is cut at 64 words, and each look-up tries at most as many words as the longest name has.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from kg.areas import AreaTable, name_key
from kg.bodies import Body, BodyTable, Organ, fill
from kg.phrases import ROMAN, Word, split_words
from kg.slots import Place, Slot, SlotReader

__all__ = ["BodyMatch", "PhraseReader"]


@dataclass(frozen=True, slots=True)
class BodyMatch:
    """A body found in a phrase. ``body`` owns the number series; ``name`` keeps the organ as the phrase said it.

    "Chủ tịch UBND tỉnh" gives the UBND and "Chủ tịch Ủy ban nhân dân tỉnh Lai Châu". ``evidence`` is "phrase" where
    the area was named (or none is needed), "level" where the document's own place filled it. ``end`` is the offset
    in the phrase behind the last word used.
    """

    body: Body
    name: str
    evidence: Literal["phrase", "level"]
    end: int = 0


@dataclass(frozen=True, slots=True)
class _Found:
    """A reading of words up to ``end`` (index of the next word)."""

    end: int
    body: Body
    name: str
    named: bool


@dataclass(frozen=True, slots=True)
class _Head:
    """What stands before the slot of one pattern."""

    organ: Organ
    slot: str
    shown: str


_FILLER = {"cua", "boi", "do", "giua"}
_LEADS = {("dong", "chi"), ("lien", "bo"), ("lien", "so")}
_ASSEMBLIES = {"dai hoi", "dai hoi dai bieu", "hoi nghi"}
_NUMBERS = {"nhat", "hai", "ba", "tu", "nam", "sau", "bay", "tam", "chin", "muoi", "mot"}
_LIMIT = 600
"""Characters of a phrase that are looked at: no body's name with its areas is half as long."""
_SPACES = re.compile(r"\s+")


class PhraseReader:
    """Reads phrases against the tables; ``body`` makes a body from its code."""

    def __init__(self, areas: AreaTable, bodies: BodyTable, body: Callable[[str], Body | None]) -> None:
        self._areas = areas
        self._body = body
        self._central: dict[tuple[str, ...], tuple[Body, str]] = {}
        for one in bodies.bodies.values():
            for name in (one.name, *one.short_names):
                self._central.setdefault(_words(name), (one, one.name))
        for voice in bodies.voices:
            for name in voice.names:
                self._central[_words(name)] = (bodies.bodies[voice.owner], voice.name)
        self._heads: dict[tuple[str, ...], list[_Head]] = defaultdict(list)
        for organ in (*bodies.organs.values(), *bodies.parts.values()):
            for pattern in (organ.pattern, *organ.short_names, *organ.said_as):
                head, _, slot = pattern.partition("{")
                shown = pattern if pattern in organ.said_as else organ.pattern
                entry = _Head(organ, slot.rstrip("}"), shown)
                if entry not in self._heads[_words(head)]:
                    self._heads[_words(head)].append(entry)
        self._roles = {_words(alias): name for name, aliases in bodies.roles.items() for alias in aliases}
        self._longest_central = max(map(len, self._central))
        self._longest_head = max(map(len, self._heads))
        self._longest_role = max(map(len, self._roles))

    def read(self, phrase: str, place: Place) -> BodyMatch | None:
        """See ``Reference.find_body``."""
        phrase = unicodedata.normalize("NFC", phrase[:_LIMIT])
        words = split_words(phrase)
        start = 0
        while start < len(words) and words[start].text in _FILLER:
            start += 1
        if len(words) > start + 1 and (words[start].text, words[start + 1].text) in _LEADS:
            start += 2 if words[start].text == "dong" else 1
        reading = _Reading(self, words, place, phrase).speaker(start)
        if reading is None:
            return None
        return BodyMatch(reading.body, reading.name, "phrase" if reading.named else "level", words[reading.end - 1].end)


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.text for word in split_words(text))


class _Reading:
    """One phrase being read; positions are word indexes."""

    def __init__(self, reader: PhraseReader, words: list[Word], place: Place, phrase: str) -> None:
        self.reader = reader
        self.words = words
        self.texts = tuple(word.text for word in words)
        self.place = place
        self.phrase = phrase
        self.slots = SlotReader(reader._areas, words, place, phrase)

    def speaker(self, start: int, depth: int = 0) -> _Found | None:
        """[role …] body at ``start``."""
        if depth > 4 or start >= len(self.words):
            return None
        best = self.body(start, depth)
        for length in range(min(self.reader._longest_role, len(self.words) - start), 0, -1):
            role = self.reader._roles.get(self.texts[start : start + length])
            if role is None:
                continue
            after, name = self._after_role(start, start + length, role)
            if name_key(role) == "hoi nghi" and (plenum := self._plenum(start, after)):
                return plenum
            found = self.speaker(after, depth + 1)
            if found and (best is None or found.end > best.end):
                found = self._assembly_tail(found, name) if name_key(role) in _ASSEMBLIES else found
                best = _Found(found.end, found.body, f"{name} {found.name}", found.named)
                break
        return best

    def _after_role(self, start: int, end: int, role: str) -> tuple[int, str]:
        """Skips "của", and "lần thứ 11", "đại biểu" after a congress or plenum, which its name keeps."""
        texts = self.texts
        name = role
        if name_key(role) in _ASSEMBLIES:
            mark = end
            if texts[end : end + 2] == ("lan", "thu"):
                mark = end + 2
            if (behind := self._ordinal(mark)) > mark:
                end = behind
                printed = self.phrase[self.words[start].start : self.words[end - 1].end]
                name = _SPACES.sub(" ", printed)
        if end < len(texts) and texts[end] == "cua":
            end += 1
        return end, name

    def _ordinal(self, at: int) -> int:
        """The index behind "11", "XIV", "sáu" or "mười một"; ``at`` itself where no number stands."""
        if at < len(self.texts) and ROMAN.match(self.texts[at]):
            return at + 1
        end = at
        while end < min(at + 3, len(self.texts)) and self.texts[end] in _NUMBERS:
            end += 1
        return end

    def _plenum(self, start: int, at: int) -> _Found | None:
        """ "Hội nghị Trung ương 5": a plenum named by its number alone."""
        end = self._ordinal(at + 2)
        body = self.reader._body("tw")
        if self.texts[at : at + 2] != ("trung", "uong") or end == at + 2 or body is None:
            return None
        return _Found(end, body, _SPACES.sub(" ", self.phrase[self.words[start].start : self.words[end - 1].end]), True)

    def _assembly_tail(self, found: _Found, name: str) -> _Found:
        """ "Đại hội Đảng bộ tỉnh lần thứ XIV": the number stands behind."""
        mark = found.end + 2
        if self.texts[found.end : mark] == ("lan", "thu") and (behind := self._ordinal(mark)) > mark:
            printed = _SPACES.sub(" ", self.phrase[self.words[found.end].start : self.words[behind - 1].end])
            return _Found(behind, found.body, f"{found.name} {printed}", found.named)
        return found

    def body(self, start: int, depth: int) -> _Found | None:
        """The longest reading of a body that begins at ``start``."""
        best: _Found | None = None
        for length in range(min(self.reader._longest_central, len(self.words) - start), 0, -1):
            hit = self.reader._central.get(self.texts[start : start + length])
            if hit:
                best = _Found(start + length, hit[0], hit[1], True)
                if hit[0].code == "tw":
                    best = self._assembly_tail(best, "")
                break
        for found in self._local(start, depth):
            if best is None or found.end > best.end:
                best = found
        return best

    def _local(self, start: int, depth: int) -> Iterator[_Found]:
        for length in range(min(self.reader._longest_head, len(self.words) - start), -1, -1):
            heads = self.reader._heads.get(self.texts[start : start + length])
            if not heads:
                continue
            at = start + length
            for head in heads:
                if head.slot == "body":
                    whole = self.speaker(at, depth + 1) if length else None
                    body = self.reader._body(f"{whole.body.code}.{head.organ.code}") if whole else None
                    if whole and body:
                        yield _Found(whole.end, body, head.shown.replace("{body}", whole.name), whole.named)
                    continue
                slot = self._slot(head, at)
                if slot is None or slot.area is None or slot.area.level not in head.organ.levels:
                    continue
                body = self.reader._body(f"{slot.area.code}.{head.organ.code}")
                if body:
                    yield _Found(slot.end, body, fill(head.shown, slot.area, self.place.on), slot.named)

    def _slot(self, head: _Head, at: int) -> Slot | None:
        if head.slot == "area":
            return self.slots.area(head.organ.levels, at)
        return self.slots.committee(at) if head.slot == "uy" else self.slots.youth(at)

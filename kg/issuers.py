"""How a printed issuer is read: who speaks, for which body, of which area.

A phrase is [role …] body, where a body is a central name, or the head of a template and an area. Areas are named
("huyện Tam Đường, tỉnh Lai Châu"), or a bare level word that the citing document's own place fills.
Cost is linear: a phrase is cut at 64 words, and each look-up tries at most as many words as the longest name has.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from kg.areas import KINDS_OF_LEVEL, Area, AreaTable, name_key
from kg.bodies import Body, BodyTable, Organ, fill
from kg.model import Level
from kg.phrases import ROMAN, Word, split_words

__all__ = ["BodyMatch", "PhraseReader", "Place"]


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
class Place:
    """Where and when the words stand: codes of the citing document's areas, the day that decides."""

    province: str | None = None
    district: str | None = None
    commune: str | None = None
    on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class _Found:
    """A reading of words up to ``end`` (index of the next word)."""

    end: int
    body: Body
    name: str
    named: bool


@dataclass(frozen=True, slots=True)
class _Slot:
    """An area read in its slot; ``area`` None means: a group, an unknown name, or nothing to fill the level with."""

    end: int
    area: Area | None
    named: bool


@dataclass(frozen=True, slots=True)
class _Head:
    """What stands before the slot of one pattern."""

    organ: Organ
    slot: str
    shown: str


_TYPES: dict[tuple[str, ...], str] = {
    ("tinh",): "tỉnh", ("thanh", "pho"): "thành phố", ("huyen",): "huyện", ("quan",): "quận", ("thi", "xa"): "thị xã",
    ("xa",): "xã", ("phuong",): "phường", ("thi", "tran"): "thị trấn", ("dac", "khu"): "đặc khu",
}  # fmt: skip
_COMMITTEES = {"tinh": "tỉnh", "thanh": "thành phố", "huyen": "huyện", "thi": "thị xã", "quan": "quận"}
_GROUP = {"cac", "cap", "moi", "nhung", "tung", "toan", "nhieu"}
_FILLER = {"cua", "boi", "do", "giua"}
_LEADS = {("dong", "chi"), ("lien", "bo"), ("lien", "so")}
_ASSEMBLIES = {"dai hoi", "dai hoi dai bieu", "hoi nghi"}
_DASHES = re.compile(r"\s+")


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
                self._heads[_words(head)].append(_Head(organ, slot.rstrip("}"), shown))
        self._roles = {_words(alias): name for name, aliases in bodies.roles.items() for alias in aliases}
        self._longest_central = max(map(len, self._central))
        self._longest_head = max(map(len, self._heads))
        self._longest_role = max(map(len, self._roles))

    def read(self, phrase: str, place: Place) -> BodyMatch | None:
        """See ``Reference.find_body``."""
        phrase = unicodedata.normalize("NFC", phrase)
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
        self.small = phrase == phrase.lower()
        """Typed without capitals: then capitals say nothing about where a name begins."""

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
            if fold_role(role) == "hoi nghi" and (plenum := self._plenum(start, after)):
                return plenum
            found = self.speaker(after, depth + 1)
            if found and (best is None or found.end > best.end):
                found = self._assembly_tail(found, name) if fold_role(role) in _ASSEMBLIES else found
                best = _Found(found.end, found.body, f"{name} {found.name}", found.named)
                break
        return best

    def _after_role(self, start: int, end: int, role: str) -> tuple[int, str]:
        """Skips "của", and "lần thứ 11", "đại biểu" after a congress or plenum, which its name keeps."""
        texts = self.texts
        name = role
        if fold_role(role) in _ASSEMBLIES:
            mark = end
            if texts[end : end + 2] == ("lan", "thu"):
                mark = end + 2
            if mark < len(texts) and ROMAN.match(texts[mark]):
                end = mark + 1
                printed = self.phrase[self.words[start].start : self.words[end - 1].end]
                name = _DASHES.sub(" ", printed)
        if end < len(texts) and texts[end] == "cua":
            end += 1
        return end, name

    def _plenum(self, start: int, at: int) -> _Found | None:
        """ "Hội nghị Trung ương 5": a plenum named by its number alone."""
        if self.texts[at : at + 2] != ("trung", "uong") or not ROMAN.match("".join(self.texts[at + 2 : at + 3])):
            return None
        body = self.reader._body("tw")
        printed = self.phrase[self.words[start].start : self.words[at + 2].end]
        return _Found(at + 3, body, _DASHES.sub(" ", printed), True) if body else None

    def _assembly_tail(self, found: _Found, name: str) -> _Found:
        """ "Đại hội Đảng bộ tỉnh lần thứ XIV": the number stands behind."""
        tail = self.texts[found.end : found.end + 3]
        if len(tail) == 3 and tail[:2] == ("lan", "thu") and ROMAN.match(tail[2]):
            first, last = self.words[found.end], self.words[found.end + 2]
            printed = _DASHES.sub(" ", self.phrase[first.start : last.end])
            return _Found(found.end + 3, found.body, f"{found.name} {printed}", found.named)
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
            slots: dict[str, _Slot | None] = {}
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
            del slots

    def _slot(self, head: _Head, at: int) -> _Slot | None:
        if head.slot == "area":
            return self._area(head.organ, at)
        return self._committee(at) if head.slot == "uy" else self._youth(at)

    def _type(self, at: int) -> tuple[str, int] | None:
        if self.texts[at : at + 2] == ("thuong", "truc") and self.words[at].start == self.words[at + 1].start:
            return "thị trấn", at + 2  # "TT", which before an organ is its standing board
        for length in (2, 1):
            kind = _TYPES.get(self.texts[at : at + length])
            if kind and len(self.texts[at : at + length]) == length:
                return kind, at + length
        return None

    def _area(self, organ: Organ, at: int) -> _Slot | None:
        """The area behind a template's head, or the document's own where the template has one level only."""
        if at < len(self.words) and self.texts[at] in _GROUP:
            return None
        typed = self._type(at)
        if typed is None:
            named = self._named(at, None, organ.levels)
            if named is not None:
                return named
            if len(organ.levels) == 1 and not self._name_like(at):
                return self._own(organ.levels[0], None, at)
            return None
        kind, behind = typed
        levels = tuple(level for level in organ.levels if kind in KINDS_OF_LEVEL[level])
        if kind == "thành phố" and behind < len(self.words) and self.texts[behind] in _GROUP:
            return None
        return self._typed(behind, kind, levels)

    def _typed(self, at: int, kind: str, levels: tuple[Level, ...]) -> _Slot | None:
        if not levels:
            return None
        named = self._named(at, kind, levels)
        if named is not None:
            return named
        if self._name_like(at):
            return None
        if kind == "thành phố" and "province" in levels:
            own = self._areas_own("province")
            if own is not None and own.name_on(self.place.on).startswith("thành phố"):
                return _Slot(at, own, False)
            levels = tuple(level for level in levels if level != "province")
        return self._own(levels[0], kind, at) if levels else None

    def _committee(self, at: int) -> _Slot | None:
        """ "Tỉnh ủy Lai Châu", "Thành ủy", "Đảng ủy xã Bình Lư"."""
        if self.texts[at + 1 : at + 2] != ("uy",):
            return None
        first, behind = self.texts[at], at + 2
        if first == "dang":
            typed = self._type(behind)
            if typed is None or typed[0] not in KINDS_OF_LEVEL["commune"]:
                return None
            return self._typed(typed[1], typed[0], ("commune",))
        return self._party(first, behind)

    def _youth(self, at: int) -> _Slot | None:
        """ "Tỉnh đoàn Lai Châu", "Huyện đoàn", "Đoàn xã Bình Lư"."""
        if self.texts[at + 1 : at + 2] == ("doan",):
            return self._party(self.texts[at], at + 2)
        typed = self._type(at + 1) if self.texts[at : at + 1] == ("doan",) else None
        if typed and typed[0] in KINDS_OF_LEVEL["commune"]:
            return self._typed(typed[1], typed[0], ("commune",))
        return None

    def _party(self, first: str, behind: int) -> _Slot | None:
        kind = _COMMITTEES.get(first)
        if kind is None or (behind < len(self.words) and self.texts[behind] in _GROUP):
            return None
        levels: tuple[Level, ...] = tuple(level for level in ("province", "district") if kind in KINDS_OF_LEVEL[level])
        typed = self._type(behind)
        if typed and typed[0] == kind:
            behind = typed[1]
        return self._typed(behind, kind, levels)

    def _name_like(self, at: int) -> bool:
        """Whether a name seems to stand here that no area bears: then the document's own place must not fill it."""
        if at >= len(self.words) or self.small:
            return False
        word, before = self.words[at], self.words[at - 1]
        gap = self.phrase[before.end : word.start]
        if gap.strip() or (self.phrase.isupper() and "\n" in gap):
            return False
        return word.capital and not word.text[0].isdigit() and word.text not in _AFTER

    def _named(self, at: int, kind: str | None, levels: tuple[Level, ...]) -> _Slot | None:
        """The longest name of an area that begins here, with the units around it where they are named."""
        if at >= len(self.words) or not (self.words[at].capital or self.small):
            return None
        for length in range(min(6, len(self.words) - at), 0, -1):
            found = self.reader._areas.named(" ".join(self.texts[at : at + length]), levels)
            if found and self._whole_words(at + length):
                end, outer = self._outer(at + length)
                printed = self.phrase[self.words[at].start : self.words[at + length - 1].end]
                area = self._choose(found, kind, outer, printed)
                if area is not None:
                    return _Slot(end, area, True)
                if kind is not None:
                    return _Slot(end, None, True)
        return None

    def _whole_words(self, end: int) -> bool:
        """An abbreviation stands for several words; a name must not end inside it."""
        return end >= len(self.words) or self.words[end].start != self.words[end - 1].start

    def _outer(self, at: int) -> tuple[int, str | None]:
        """The units named behind a unit: "…, huyện Tam Đường, tỉnh Lai Châu" gives the innermost's code."""
        typed = self._type(at)
        if typed is None or typed[0] not in (*KINDS_OF_LEVEL["province"], *KINDS_OF_LEVEL["district"]):
            return at, None
        kind, behind = typed
        levels: tuple[Level, ...] = tuple(level for level in ("province", "district") if kind in KINDS_OF_LEVEL[level])
        for length in range(min(6, len(self.words) - behind), 0, -1):
            found = self.reader._areas.named(" ".join(self.texts[behind : behind + length]), levels)
            if not found or not (self.words[behind].capital or self.small):
                continue
            end, outer = self._outer(behind + length)
            area = self._choose(found, kind, outer, self.phrase)
            if area is not None:
                return end, area.code
        return at, None

    def _choose(self, found: list[Area], kind: str | None, outer: str | None, printed: str) -> Area | None:
        """One of several areas that share a name, by type, place, day and accents; None when several remain."""
        areas, place = self.reader._areas, self.place
        if kind is not None:
            alike = [area for area in found if area.name_on(place.on).startswith(kind + " ")]
            alike = alike or [
                replace(area, name=area.former_name)
                for area in found
                if area.former_name and area.former_name.startswith(kind + " ")
            ]
            # A unit keeps its identity when it is raised from huyện to thị xã, from xã to phường.
            found = alike or [area for area in found if area.level in ("district", "commune") and kind != "thành phố"]
        if outer is not None:
            family = areas.family(outer)
            inside = [area for area in found if areas.lies_in(area, outer)]
            found = inside or ([area for area in found if area.province in family] if "." not in outer else [])
        if outer is None and not any(area.sample and area.province == place.province for area in found):
            found = areas.real_first(found)
        found = areas.closest(printed, found)
        tests: list[Callable[[Area], bool]] = [lambda area: area.valid(place.on)]
        if kind is None:
            top = min((_RANK[area.level] for area in found), default=0)
            tests.insert(0, lambda area: _RANK[area.level] == top)
        if place.commune:
            tests.append(lambda area: area.code == place.commune)
        if place.district:
            tests.append(lambda area: area.code == place.district)
            tests.append(lambda area: area.code.startswith(f"{place.district}."))
        if place.province:
            province = areas.family(place.province)
            tests.append(lambda area: area.province == place.province)
            tests.append(lambda area: area.province in province)
        tests.append(lambda area: area.level == "province")
        for test in tests:
            if len(found) > 1 and (kept := [area for area in found if test(area)]):
                found = kept
        if len(found) > 1 and place.on is None and len({(area.name, area.level) for area in found}) == 1:
            plain = [area for area in found if area.level == "province" and not area.code[-4:].isdigit()]
            found = plain or found  # no day at all: the unit that most papers of the name come from
        return found[0] if len(found) == 1 else None

    def _areas_own(self, level: Level) -> Area | None:
        code = {"province": self.place.province, "district": self.place.district, "commune": self.place.commune}[level]
        area = self.reader._areas.get(code) if code else None
        return self.reader._areas.at(area, self.place.on) if area and area.level == level else None

    def _own(self, level: Level, kind: str | None, at: int) -> _Slot | None:
        """The document's own unit of a level, where its type is the one that was said."""
        own = self._areas_own(level)
        if own is None or (kind is not None and not f"{own.name_on(self.place.on)} ".startswith(f"{kind} ")):
            return None
        return _Slot(at, own, False)


_RANK: dict[Level, int] = {"central": 0, "province": 1, "district": 2, "commune": 3}
_AFTER = {
    "ke", "quyet", "chi", "cong", "nghi", "thong", "bao", "huong", "chuong", "to", "ve", "so", "ngay", "khoa", "ban",
    "trien", "thuc", "can", "v", "nam", "nhiem", "kinh", "kinhgui", "gui", "de", "don", "theo", "tai", "va", "trong",
}  # fmt: skip


def fold_role(role: str) -> str:
    """A role's name as a key."""
    return name_key(role)

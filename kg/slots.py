"""The area in a body's name: "tỉnh Lai Châu", "huyện Tam Đường, tỉnh Lai Châu", or "tỉnh" alone.

A bare level word means the citing document's own unit. A name decides by its type word, the units named around it,
the day, the document's place and its accents, in this order; where several areas remain there is no answer.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace

from kg.areas import KINDS_OF_LEVEL, Area, AreaTable
from kg.model import Level
from kg.phrases import Word

__all__ = ["Place", "Slot", "SlotReader"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where and when the words stand: codes of the citing document's areas, the day that decides."""

    province: str | None = None
    district: str | None = None
    commune: str | None = None
    on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Slot:
    """An area read in its slot; ``area`` None means: a group, an unknown name, or nothing to fill the level with."""

    end: int
    area: Area | None
    named: bool


_TYPES: dict[tuple[str, ...], str] = {
    ("tinh",): "tỉnh", ("thanh", "pho"): "thành phố", ("huyen",): "huyện", ("quan",): "quận", ("thi", "xa"): "thị xã",
    ("xa",): "xã", ("phuong",): "phường", ("thi", "tran"): "thị trấn", ("dac", "khu"): "đặc khu",
}  # fmt: skip
_COMMITTEES = {"tinh": "tỉnh", "thanh": "thành phố", "huyen": "huyện", "thi": "thị xã", "quan": "quận"}
_DOTTED = {"TP", "Tp", "TX", "Tx", "TT", "Q", "P", "H", "X", "T"}  # "TP. Huế"
_GROUP = {"cac", "cap", "moi", "nhung", "tung", "toan", "nhieu"}
_RANK: dict[Level, int] = {"central": 0, "province": 1, "district": 2, "commune": 3}
_AFTER = {
    "ke", "quyet", "chi", "cong", "nghi", "thong", "bao", "huong", "chuong", "to", "ve", "so", "ngay", "khoa", "ban",
    "trien", "thuc", "can", "v", "nam", "nhiem", "kinh", "kinhgui", "gui", "de", "don", "theo", "tai", "va", "trong",
}  # fmt: skip


class SlotReader:
    """Reads areas out of the words of one phrase; positions are word indexes."""

    def __init__(self, areas: AreaTable, words: list[Word], place: Place, phrase: str) -> None:
        self.areas = areas
        self.words = words
        self.texts = tuple(word.text for word in words)
        self.place = place
        self.phrase = phrase
        self.small = phrase == phrase.lower()
        """Typed without capitals: then capitals say nothing about where a name begins."""

    def _type(self, at: int) -> tuple[str, int] | None:
        if self.texts[at : at + 2] == ("thuong", "truc") and self.words[at].start == self.words[at + 1].start:
            return "thị trấn", at + 2  # "TT", which before an organ is its standing board
        for length in (2, 1):
            kind = _TYPES.get(self.texts[at : at + length])
            if kind and len(self.texts[at : at + length]) == length:
                return kind, at + length
        return None

    def area(self, levels: tuple[Level, ...], at: int) -> Slot | None:
        """The area behind a template's head, or the document's own where the template has one level only."""
        if self._group(at):
            return None
        typed = self._type(at) if at < len(self.words) and self._joined(at, ",-–") else None
        if typed is None:
            named = self._named(at, None, levels)
            if named is not None:
                return named
            if len(levels) == 1 and not self._name_like(at):
                return self._own(levels[0], None, at)
            return None
        kind, behind = typed
        fitting = tuple(level for level in levels if kind in KINDS_OF_LEVEL[level])
        return None if self._group(behind) else self._typed(behind, kind, fitting)

    def _typed(self, at: int, kind: str, levels: tuple[Level, ...]) -> Slot | None:
        if not levels:
            return None
        named = self._named(at, kind, levels)
        if named is not None:
            return named
        if self._name_like(at):
            return None
        if kind == "thành phố" and "province" in levels:
            own = self._own_area("province")
            if own is not None and own.name_on(self.place.on).startswith("thành phố"):
                return Slot(at, own, False)
            levels = tuple(level for level in levels if level != "province")
        return self._own(levels[0], kind, at) if levels else None

    def committee(self, at: int) -> Slot | None:
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

    def youth(self, at: int) -> Slot | None:
        """ "Tỉnh đoàn Lai Châu", "Huyện đoàn", "Đoàn xã Bình Lư"."""
        if self.texts[at + 1 : at + 2] == ("doan",):
            return self._party(self.texts[at], at + 2)
        typed = self._type(at + 1) if self.texts[at : at + 1] == ("doan",) else None
        if typed and typed[0] in KINDS_OF_LEVEL["commune"]:
            return self._typed(typed[1], typed[0], ("commune",))
        return None

    def _party(self, first: str, behind: int) -> Slot | None:
        kind = _COMMITTEES.get(first)
        if kind is None or self._group(behind):
            return None
        levels: tuple[Level, ...] = tuple(level for level in ("province", "district") if kind in KINDS_OF_LEVEL[level])
        typed = self._type(behind)
        if typed and typed[0] == kind:
            behind = typed[1]
        return self._typed(behind, kind, levels)

    def _joined(self, at: int, allowed: str = "") -> bool:
        """Whether the word at ``at`` follows the one before without a mark that ends a phrase."""
        before = self.words[at - 1]
        gap = self.phrase[before.end : self.words[at].start].strip(" \t\r\n\xa0*_" + allowed)
        return not gap or (gap == "." and self.phrase[before.start : before.end] in _DOTTED)

    def _group(self, at: int) -> bool:
        """ "các huyện", "cấp tỉnh": many bodies are meant."""
        return at < len(self.words) and self.texts[at] in _GROUP and self._joined(at)

    def _name_like(self, at: int) -> bool:
        """Whether a name seems to stand here that no area bears: then the document's own place must not fill it."""
        if at >= len(self.words) or self.small:
            return False
        word, before = self.words[at], self.words[at - 1]
        gap = self.phrase[before.end : word.start]
        if not self._joined(at) or (self.phrase.isupper() and "\n" in gap):
            return False
        return word.capital and not word.text[0].isdigit() and word.text not in _AFTER

    def _named(self, at: int, kind: str | None, levels: tuple[Level, ...]) -> Slot | None:
        """The longest name of an area that begins here, with the units around it where they are named."""
        if at >= len(self.words) or not (self.words[at].capital or self.small) or not self._joined(at):
            return None
        if kind is None and self.texts[at].isdigit():  # "UBND 12 xã" counts; "quận 12" is a name by its type word alone
            return None
        for length in range(min(6, len(self.words) - at), 0, -1):
            found = self.areas.named(" ".join(self.texts[at : at + length]), levels)
            if found and self._whole_words(at + length):
                end, outer = self._outer(at + length)
                printed = self.phrase[self.words[at].start : self.words[at + length - 1].end]
                area = self._choose(found, kind, outer, printed)
                if area is not None:
                    return Slot(end, area, True)
                if kind is not None:
                    return Slot(end, None, True)
        return None

    def _whole_words(self, end: int) -> bool:
        """An abbreviation stands for several words; a name must not end inside it."""
        return end >= len(self.words) or self.words[end].start != self.words[end - 1].start

    def _outer(self, at: int) -> tuple[int, str | None]:
        """The units named behind a unit: "…, huyện Tam Đường, tỉnh Lai Châu" gives the innermost's code."""
        typed = self._type(at) if at < len(self.words) and self._joined(at, ",-–(") else None
        if typed is None or typed[0] not in (*KINDS_OF_LEVEL["province"], *KINDS_OF_LEVEL["district"]):
            return at, None
        kind, behind = typed
        levels: tuple[Level, ...] = tuple(level for level in ("province", "district") if kind in KINDS_OF_LEVEL[level])
        for length in range(min(6, len(self.words) - behind), 0, -1):
            found = self.areas.named(" ".join(self.texts[behind : behind + length]), levels)
            if not found or not (self.words[behind].capital or self.small):
                continue
            end, outer = self._outer(behind + length)
            area = self._choose(found, kind, outer, self.phrase)
            if area is not None:
                return end, area.code
        return at, None

    def _choose(self, found: list[Area], kind: str | None, outer: str | None, printed: str) -> Area | None:
        """One of several areas that share a name, by type, place, day and accents; None when several remain."""
        areas, place = self.areas, self.place
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

    def _own_area(self, level: Level) -> Area | None:
        code = {"province": self.place.province, "district": self.place.district, "commune": self.place.commune}[level]
        area = self.areas.get(code) if code else None
        return self.areas.at(area, self.place.on) if area and area.level == level else None

    def _own(self, level: Level, kind: str | None, at: int) -> Slot | None:
        """The document's own unit of a level, where its type is the one that was said."""
        own = self._own_area(level)
        if own is None or (kind is not None and not f"{own.name_on(self.place.on)} ".startswith(f"{kind} ")):
            return None
        return Slot(at, own, False)

"""Provinces, districts and communes with their validity: what ``ontology/areas.ttl`` and ``communes.ttl`` say.

Both files hold one unit per line in a fixed shape, so a pattern reads them without a Turtle parser (13,000 communes
in some hundredths of a second; a test holds this reading against a real parser). Communes are read at first need.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from kg.identifiers import fold
from kg.model import Level
from ontology import read

__all__ = ["KINDS_OF_LEVEL", "Area", "AreaTable", "area_from_facts", "name_key", "read_lines"]

KINDS_OF_LEVEL: dict[Level, tuple[str, ...]] = {
    "province": ("tỉnh", "thành phố"),
    "district": ("huyện", "quận", "thị xã", "thành phố"),
    "commune": ("xã", "phường", "thị trấn", "đặc khu"),
}
_LEVELS: dict[str, Level] = {"Province": "province", "District": "district", "Commune": "commune"}
_ORDER: dict[Level, int] = {"central": 0, "province": 1, "district": 2, "commune": 3}

_HEAD = re.compile(
    r'^area:(\S+) a vb:Area ; skos:prefLabel "(tỉnh|thành phố|huyện|quận|thị xã|xã|phường|thị trấn|đặc khu) ([^"]+)"@vi'
    r" ; vb:adminLevel vb:(\w+)([^\n]*) \.$",
    re.MULTILINE,
)
_FACT = re.compile(r' ; (\S+) (?:"([^"]*)"\S*|(area:[^;]+?))(?= ;|$)')
_TYPE = re.compile(r"(?:tinh|thanh pho|tp|huyen|quan|thi xa|tx|xa|phuong|thi tran|tt|dac khu)(?=[ .])[ .]*")
_TYPE_OF = {
    "tinh": "tỉnh", "thanh pho": "thành phố", "tp": "thành phố", "huyen": "huyện", "quan": "quận", "thi xa": "thị xã",
    "tx": "thị xã", "xa": "xã", "phuong": "phường", "thi tran": "thị trấn", "tt": "thị trấn", "dac khu": "đặc khu",
}  # fmt: skip
# Old tone style: the mark stands on the first of two vowels in one, on the second in the other; both are in use.
_TONE_STYLE = str.maketrans({"ò": "o", "ó": "o", "ỏ": "o", "õ": "o", "ọ": "o", "à": "a", "á": "a", "ả": "a", "ã": "a",
    "ạ": "a", "ù": "u", "ú": "u", "ủ": "u", "ũ": "u", "ụ": "u", "ý": "y", "ỳ": "y", "ỷ": "y", "ỹ": "y", "ỵ": "y",
    "è": "e", "é": "e", "ẻ": "e", "ẽ": "e", "ẹ": "e"})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Area:
    """One administrative unit in one time of its life: "lai-chau.tam-duong" is "huyện Tam Đường", to 30/6/2025.

    ``short_name`` is the name without its type word, ``kind`` the type word. ``valid_to`` is the last day; None on
    either side means not known or still so. A unit that was renamed keeps its code: "hue" was "tỉnh Thừa Thiên Huế"
    before ``renamed_on``.
    """

    code: str
    name: str
    short_name: str
    kind: str
    level: Level
    parent: str | None = None
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    successors: tuple[str, ...] = ()
    former_name: str | None = None
    renamed_on: dt.date | None = None
    sample: bool = False
    """True for the invented units of the sample documents."""

    def valid(self, on: dt.date | None) -> bool:
        """Whether the unit existed on that day; None asks for no day."""
        if on is None:
            return True
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_to is None or on <= self.valid_to)

    def name_on(self, on: dt.date | None) -> str:
        """The name with its type word on that day: "tỉnh Thừa Thiên Huế" in 2024, "thành phố Huế" today."""
        if self.former_name and on is not None and self.renamed_on is not None and on < self.renamed_on:
            return self.former_name
        return self.name

    @property
    def province(self) -> str:
        """The code of the province the unit lies in, its own for a province."""
        return self.code.split(".")[0]


def name_key(text: str) -> str:
    """A name as a key: folded words, joined by one space, without "và", which lists drop and add at will."""
    return " ".join(word for word in re.findall(r"[a-z0-9]+", fold(text)) if word != "va")


def _plain_tone(text: str) -> str:
    return re.sub(r"[\s.\-]+", " ", text).casefold().translate(_TONE_STYLE)


def _split_name(name: str) -> tuple[str, str]:
    for kind in ("thành phố", "thị xã", "thị trấn", "đặc khu", "tỉnh", "huyện", "quận", "xã", "phường"):
        if name.startswith(kind + " "):
            return kind, name[len(kind) + 1 :]
    raise ValueError(f"an area's name must begin with its type: {name!r}")


def read_lines(text: str) -> Iterator[Area]:
    """The areas of one of our own files, by its fixed shape of one line per unit."""
    for match in _HEAD.finditer(text):
        code, kind, short, level, tail = match.groups()
        facts = {fact.group(1): fact.group(2) or fact.group(3) for fact in _FACT.finditer(tail)} if tail else {}
        parent = facts.get("schema:containedInPlace")
        yield Area(
            code,
            f"{kind} {short}",
            short,
            kind,
            _LEVELS[level],
            parent.removeprefix("area:") if parent else None,
            _date(facts.get("schema:validFrom")),
            _date(facts.get("schema:validThrough")),
            tuple(one.removeprefix("area:") for one in facts.get("dct:isReplacedBy", "").split(", ") if one),
            facts.get("vb:formerName"),
            _date(facts.get("vb:renamedOn")),
            "vb:sample true" in tail,
        )


def area_from_facts(code: str, facts: Mapping[str, Sequence[str]]) -> Area:
    """One area from what a Turtle parser read of it: local name of each predicate → values.

    Raises ValueError, naming the area and what is missing or wrong.
    """
    try:
        name = facts["prefLabel"][0]
        level = _LEVELS[facts["adminLevel"][0]]
        kind, short = _split_name(name)
        return Area(
            code,
            name,
            short,
            kind,
            level,
            next(iter(facts.get("containedInPlace", ())), None),
            _date(next(iter(facts.get("validFrom", ())), None)),
            _date(next(iter(facts.get("validThrough", ())), None)),
            tuple(facts.get("isReplacedBy", ())),
            next(iter(facts.get("formerName", ())), None),
            _date(next(iter(facts.get("renamedOn", ())), None)),
            "true" in facts.get("sample", ()),
        )
    except (KeyError, ValueError) as error:
        raise ValueError(f"area {code}: {error}") from error


def _date(value: str | None) -> dt.date | None:
    return dt.date.fromisoformat(value) if value else None


class AreaTable:
    """All areas, found by code or by name. Provinces and districts are at hand, communes come when asked for."""

    def __init__(self, extra: Iterable[Area] = ()) -> None:
        """``extra`` are areas of an installation's own; one with a code of ours replaces ours."""
        own = tuple(extra)
        self._own_communes = {area.code: area for area in own if area.level == "commune"}
        self.upper: dict[str, Area] = {area.code: area for area in read_lines(read("areas.ttl").decode())}
        self.upper |= {area.code: area for area in own if area.level != "commune"}
        self._upper_names = _index(self.upper.values())
        before: dict[str, list[str]] = defaultdict(list)
        for area in self.upper.values():
            if area.level == "province":
                for successor in area.successors:
                    before[successor].append(area.code)
        self.predecessors: Mapping[str, tuple[str, ...]] = {code: tuple(codes) for code, codes in before.items()}
        self._family: dict[str, frozenset[str]] = {}

    @cached_property
    def communes(self) -> dict[str, Area]:
        """Old and new communes by code."""
        ours = {area.code: area for area in read_lines(read("communes.ttl").decode())}
        return ours | self._own_communes

    @cached_property
    def _commune_names(self) -> dict[str, list[Area]]:
        return _index(self.communes.values())

    def get(self, code: str) -> Area | None:
        """The area with this code, or None: ``get("lai-chau.tam-duong")``."""
        return self.upper.get(code) or (self.communes.get(code) if "." in code else None)

    def named(self, key: str, levels: Iterable[Level]) -> list[Area]:
        """All areas of these levels whose short or former name has this ``name_key``, at any time."""
        wanted = set(levels)
        found = [area for area in self._upper_names.get(key, ()) if area.level in wanted]
        if "commune" in wanted:
            found += self._commune_names.get(key, ())
        return found

    def family(self, code: str) -> frozenset[str]:
        """The province of ``code`` with those it came from and those it became: {"phu-tho-2025", "phu-tho", …}."""
        province = code.split(".")[0]
        if province not in self._family:
            area = self.upper.get(province)
            self._family[province] = frozenset(
                (province, *self.predecessors.get(province, ()), *(area.successors if area else ()))
            )
        return self._family[province]

    def at(self, area: Area, on: dt.date | None) -> Area:
        """The unit of the same name that existed on ``on``: phu-tho-2025 in 2024 is phu-tho. Itself if none did."""
        if area.valid(on):
            return area
        for code in (*self.predecessors.get(area.code, ()), *area.successors):
            other = self.get(code)
            if other and other.valid(on) and (other.short_name, other.level) == (area.short_name, area.level):
                return other
        return area

    def find(
        self, name: str, level: Level | None = None, within: str | None = None, on: dt.date | None = None
    ) -> tuple[Area, ...]:
        """Areas of this name, in any case, accents and tone style, with or without type word; see ``Reference``."""
        folded = " ".join(fold(name).split())
        kinds: set[str] | None = None
        short = folded
        if match := _TYPE.match(folded):
            rest = folded[match.end() :]
            if rest:
                kinds, short = {_TYPE_OF[match.group().strip(" .")]}, rest
        levels: tuple[Level, ...] = (level,) if level else ("province", "district", "commune")
        found = self._narrow(name, self.named(name_key(short), levels), kinds, within, on)
        if not found and kinds is not None:  # a name that begins with what looks like a type word: "Xã Dung"
            found = self._narrow(name, self.named(name_key(folded), levels), None, within, on)
        return tuple(sorted(found, key=lambda area: (_ORDER[area.level], area.code)))

    def _narrow(
        self, name: str, found: list[Area], kinds: set[str] | None, within: str | None, on: dt.date | None
    ) -> list[Area]:
        if kinds is not None:
            found = [area for area in found if _split_name(area.name_on(on))[0] in kinds or area.kind in kinds]
        if within is not None:
            found = [area for area in found if self.lies_in(area, within)]
        if on is not None:
            found = [area for area in found if area.valid(on)]
        return self.closest(name, self.real_first(found))

    @staticmethod
    def real_first(found: list[Area]) -> list[Area]:
        """Without the sample units, unless nothing else is left."""
        return [area for area in found if not area.sample] or found

    def lies_in(self, area: Area, outer: str) -> bool:
        """Whether ``area`` is ``outer`` or lies in it, counting a merged province's parts: huyện Yên Lập of Phú Thọ."""
        if area.code == outer or area.code.startswith(outer + "."):
            return True
        return "." not in outer and area.province in self.predecessors.get(outer, ())

    @staticmethod
    def closest(name: str, found: list[Area]) -> list[Area]:
        """Of several areas that fold alike, those whose accents stand in ``name``: "xã Tân Lập" is not "Tân Lạp"."""
        if len(found) > 1:
            printed = _plain_tone(name)
            exact = [area for area in found if _plain_tone(area.short_name) in printed]
            if exact:
                return exact
        return found


def _index(areas: Iterable[Area]) -> dict[str, list[Area]]:
    names: dict[str, list[Area]] = defaultdict(list)
    for area in areas:
        names[name_key(area.short_name)].append(area)
        if area.former_name:
            names[name_key(_split_name(area.former_name)[1])].append(area)
    return names

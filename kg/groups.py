"""Whom a line of addressees means: "Các sở, ban, ngành, đoàn thể tỉnh", "UBND các huyện, thành phố", body by body.

A line is read from left to right as a list of named bodies and of groups. A group is expanded by the reference data
as it was on one day; what cannot be enumerated ("các doanh nghiệp") is given back as it stands, never guessed.
The cost is linear: each place of a line is tried with a handful of anchored patterns.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from kg.areas import KINDS_OF_LEVEL, Area
from kg.bodies import Body, fill
from kg.group_words import COMMITTEES, MANY, OFFICE_WORDS, UNITS, WHOLE_LEVELS, pattern, split_kinds
from kg.identifiers import fold
from kg.model import Level
from kg.organ_lists import ELSEWHERE, INSTEAD, OFFICES, URBAN
from kg.reference import Reference

__all__ = ["Expansion", "Named", "Setting", "body_name", "expand", "setting_of"]

_LIMIT = 600
"""Characters of a line that are read."""


@dataclass(frozen=True, slots=True)
class Setting:
    """Whose words a line is, and on which day: the issuer's areas, its body code, and which bodies are known of.

    ``known`` gives those of some body codes that any document at hand names; it decides on organs that only some
    provinces have.
    """

    on: dt.date
    owner: str | None = None
    level: Level | None = None
    province: str | None = None
    district: str | None = None
    commune: str | None = None
    known: Callable[[Collection[str]], Collection[str]] = lambda codes: ()


@dataclass(frozen=True, slots=True)
class Named:
    """One piece of a line and the bodies it means, by code; ``group`` when it named them together."""

    phrase: str
    bodies: tuple[str, ...]
    group: bool = False


@dataclass(frozen=True, slots=True)
class Expansion:
    """A line read: its bodies piece by piece, and the pieces that cannot be enumerated, as printed."""

    named: tuple[Named, ...] = ()
    rest: tuple[str, ...] = ()


def setting_of(
    reference: Reference,
    owner: str | None,
    on: dt.date,
    known: Callable[[Collection[str]], Collection[str]] = lambda codes: (),
) -> Setting:
    """The setting of a document of ``owner``: "lai-chau.tam-duong.ubnd" speaks from huyện Tam Đường, Lai Châu."""
    body = reference.body(owner) if owner else None
    areas: dict[Level, str] = {}
    area = reference.area(body.area) if body and body.area else None
    while area is not None:
        areas[area.level] = area.code
        area = reference.area(area.parent) if area.parent else None
    level = body.level if body else None
    return Setting(on, owner, level, areas.get("province"), areas.get("district"), areas.get("commune"), known)


def body_name(reference: Reference, body: Body, on: dt.date | None = None) -> str:
    """What a body was called on that day: "Ủy ban nhân dân tỉnh Thừa Thiên Huế" in 2024."""
    organ = reference.organs.get(body.organ) if body.organ else None
    area = reference.area(body.area) if body.area else None
    if organ is None or area is None or "{body}" in organ.pattern:
        return body.name
    return fill(organ.pattern, area, on)


@lru_cache(maxsize=4)
def _children(reference: Reference) -> Mapping[str | None, list[Area]]:
    children: dict[str | None, list[Area]] = defaultdict(list)
    for area in reference.areas.values():
        children[area.parent].append(area)
    return children


def _areas(reference: Reference, setting: Setting, level: Level) -> Iterator[Area]:
    """The areas of a level that lie in the setting's own on its day; all provinces where none is its own."""
    children = _children(reference)
    outer = setting.district or setting.province
    found: Iterable[Area]
    if level == "province":
        found = children[None]
    elif outer is None:
        found = ()
    else:
        found = children[outer]
        if level == "commune" and outer == setting.province:
            found = [*found, *(commune for area in found for commune in children[area.code])]
    for area in found:
        if area.level == level and area.valid(setting.on):
            yield area


_EXAMPLES: Mapping[Level, tuple[str, ...]] = {
    "province": ("lai-chau",),
    "district": ("lai-chau.tam-duong", "lai-chau.lai-chau"),
    "commune": ("lai-chau.tam-duong.binh-lu", "lai-chau.binh-lu", "lai-chau.tan-phong"),
}
"""Areas on which the name of an organ is tried; any of their level would do."""


@lru_cache(maxsize=1024)
def _organ(reference: Reference, head: str, level: Level) -> str | None:
    """The organ that ``head`` and an area of the level name: "Phòng VH&TT" of a district is "pvhtt"."""
    for code in _EXAMPLES[level]:
        area = reference.area(code)
        words = f"{head} {area.name}" if area else ""
        found = reference.find_body(words, province="lai-chau", district="lai-chau.tam-duong") if words else None
        if found and found.end >= len(words) and found.body.area == code:
            return found.body.organ
    return None


# --- reading a line -----------------------------------------------------------------------------------------------


def expand(phrase: str, reference: Reference, setting: Setting) -> Expansion:
    """Reads one line: "UBND các huyện, thành phố" of Lai Châu in 2023 → seven huyện and the thành phố."""
    return _Line(phrase, reference, setting).read()


class _Line:
    """One line being read; offsets are the same in the printed and the folded text."""

    def __init__(self, phrase: str, reference: Reference, setting: Setting) -> None:
        self.text = " ".join(unicodedata.normalize("NFC", phrase[:_LIMIT]).split())
        self.flat = fold(self.text)
        self.reference = reference
        self.setting = setting
        self.named: list[Named] = []
        self.rest: list[str] = []
        self.carried = ""
        """What stands before a name that a list leaves out: "Sở" of "Các sở: Nội vụ, Tài chính"."""

    def read(self) -> Expansion:
        at = self._skip(0)
        while at < len(self.flat):
            end = self._committees(at) or self._units(at) or self._offices(at) or self._body(at) or self._leave(at)
            at = self._skip(max(end, at + 1))
        return Expansion(tuple(self.named), tuple(self.rest))

    def _skip(self, at: int) -> int:
        match = pattern("separator").match(self.flat, at)
        at = match.end() if match else at
        if self.flat.startswith("(", at):  # "(để thực hiện)"
            end = self.flat.find(")", at)
            return self._skip(end + 1) if end >= 0 else len(self.flat)
        return at

    def _find(self, words: str) -> tuple[Body, int] | None:
        """The body that ``words`` begin with, and how far they go."""
        own = self.setting
        match = self.reference.find_body(
            words, province=own.province, district=own.district, commune=own.commune, on=own.on
        )
        if match and match.body.code == "mttw" and own.province and not re.search("trung uong|tw", fold(words)):
            area = self.reference.area(own.commune or own.district or own.province)
            body = self.reference.body(f"{area.code}.mttq") if area else None
            return (body, match.end) if body else None  # the Front beside the one who writes
        return (match.body, match.end) if match else None

    def _whole(self, words: str) -> str | None:
        found = self._find(words)
        return found[0].code if found and found[1] >= len(words.rstrip()) else None

    def _add(self, start: int, end: int, codes: Iterable[str], *, group: bool) -> None:
        bodies = tuple(dict.fromkeys(codes))
        printed = self.text[start:end].strip(" ,;:.")
        if bodies:
            self.named.append(Named(printed, bodies, group))
        else:
            self.rest.append(printed)

    # groups of areas: "UBND các huyện, thành phố", "Phòng Nội vụ các huyện", "các xã, phường"

    def _units(self, at: int) -> int | None:
        match = pattern("units").match(self.flat, at)
        if match is None or not (
            match["many"] or len(split_kinds(match["kinds"])) > 1 or match["kinds"] in WHOLE_LEVELS
        ):
            return None
        heads = self._heads(self.text[at : match.start("many") if match["many"] else match.start("kinds")])
        if heads is None:
            return None
        areas, end = self._named_areas(match.end(), self._levels(match["kinds"]))
        if not areas:
            areas = [area for level, kinds in self._levels(match["kinds"]).items()
                     for area in _areas(self.reference, self.setting, level) if area.kind in kinds]  # fmt: skip
            end = self._tail(match.end())
            if self.flat.startswith(":", end):  # "các tỉnh, thành phố trực thuộc Trung ương: Hà Tĩnh, Huế"
                listed, stop = self._named_areas(end, self._levels(match["kinds"]))
                areas, end = (listed, stop) if listed else (areas, end)
        codes: list[str] = []
        for head in heads:
            organs = {area.level: _organ(self.reference, head, area.level) for area in areas}
            codes += self._existing(f"{area.code}.{organs[area.level]}" for area in areas if organs[area.level])
        if not codes:
            return None
        self.carried = ""
        self._add(at, end, codes, group=True)
        return end

    def _heads(self, printed: str) -> list[str] | None:
        """ "HĐND, UBND" → both; nothing stands for the People's Committee; None when it is no organ's name."""
        head = re.sub(r"^(?:các|những)\s+", "", printed.strip(" ,-"), flags=re.IGNORECASE)
        if not head:
            return ["Ủy ban nhân dân"]
        pieces = [piece.strip() for piece in re.split(r"[,/&]|\s-\s|\svà\s", head) if piece.strip()]
        for heads in ([head], pieces):
            if all(any(_organ(self.reference, one, level) for level in KINDS_OF_LEVEL) for one in heads):
                return heads
        return None

    def _levels(self, kinds: str) -> dict[Level, set[str]]:
        words = split_kinds(kinds)
        levels: dict[Level, set[str]] = defaultdict(set)
        for word in words:
            if word in WHOLE_LEVELS:
                levels[WHOLE_LEVELS[word]] |= set(KINDS_OF_LEVEL[WHOLE_LEVELS[word]])
            else:
                kind, level = UNITS[word]
                levels[level].add(kind)
        if "province" in levels and "thành phố" in levels.get("district", ()):  # "các tỉnh, thành phố"
            levels["province"].add("thành phố")
            levels["district"].discard("thành phố")
        return {level: names for level, names in levels.items() if names}

    def _named_areas(self, at: int, levels: Mapping[Level, set[str]]) -> tuple[list[Area], int]:
        """The areas that a list names: "các huyện: Tam Đường, Phong Thổ và thành phố Lai Châu"."""
        found: list[Area] = []
        end = at
        at += len(self.flat) - at - len(self.flat[at:].lstrip(" :"))
        while at < len(self.text) and (self.text[at].isupper() or found):
            match = pattern("piece").match(self.flat, at)
            if match is None:
                break
            name = self.text[at : match.end()].strip(" .")
            fits = [
                area
                for area in self.reference.find_areas(name, on=self.setting.on)
                if area.level in levels and self._inside(area)
            ]
            if len(fits) != 1:
                break
            found.append(fits[0])
            end = match.end()
            at = self._skip(end)
        return found, end

    def _inside(self, area: Area) -> bool:
        outer = self.setting.district or self.setting.province
        return outer is None or area.level == "province" or area.code.startswith(f"{outer}.")

    def _tail(self, at: int) -> int:
        """Behind "trong tỉnh", "trực thuộc Trung ương", "của tỉnh Lai Châu": to the end of the piece."""
        match = re.compile(r"[^,;:()]*").match(self.flat, at)
        if match is None or not re.match(r"\s*(?:trong|tren|thuoc|truc thuoc|cua|toan|tinh|huyen)\b", match[0]):
            return at
        cut = match[0].find(" va ")
        return at + cut if cut >= 0 else match.end()

    # "các huyện ủy, thành ủy", "các huyện đoàn"

    def _committees(self, at: int) -> int | None:
        match = pattern("committees").match(self.flat, at)
        if match is None:
            return None
        words = split_kinds(match["kinds"])
        if len(words) < 2 and not re.match(MANY, match[0]):
            return None
        provincial = any(COMMITTEES[word][0][1] == "province" for word in words)
        codes: list[str] = []
        for word in words:
            (kind, level), organ = COMMITTEES[word]
            level = "province" if provincial else level
            code = "doan" if organ == "doan" else "tu" if level == "province" else "hu"
            codes += [f"{area.code}.{code}" for area in _areas(self.reference, self.setting, level)
                      if area.kind == kind]  # fmt: skip
        end = self._tail(match.end())
        self._add(at, end, self._existing(codes), group=True)
        return end

    def _existing(self, codes: Iterable[str]) -> list[str]:
        return [code for code in codes if (body := self.reference.body(code)) and _valid(body, self.setting.on)]

    # groups of offices: "Các sở, ban, ngành, đoàn thể tỉnh", "các phòng, ban huyện"

    def _offices(self, at: int) -> int | None:
        match = pattern("offices").match(self.flat, at)
        if match is None:
            return None
        words = [OFFICE_WORDS[word] for word in split_kinds(match["kinds"])]
        many = bool(match["many"])
        if many and len(words) == 1 and (end := self._listed(at, match)):
            return end
        if not many and len(words) < 2:
            return None
        level = pattern("level").match(self.flat, match.end())
        end = level.end() if level else self._tail(match.end())
        if self.flat.startswith(":", end) or not re.match(r"\s*(?:[,;.(]|va\b|-|$)", self.flat[end : end + 8]):
            if not self.flat.startswith(":", end):  # "các bộ: TC, NV", "các cơ quan tại mục 6": not all of them
                end = self._piece(max(end, match.end()))
                self.rest.append(self.text[at:end].strip())
            self.carried = self.text[match.start("kinds") : match.end("kinds")].split(",")[0].strip().capitalize()
            return end
        if pattern("inside").match(self.flat, match.end()):  # "các phòng thuộc Sở": rooms of one house
            self.rest.append(self.text[at:end].strip())
            return end
        if "bo" in words:
            self._add(at, end, self._ministries(), group=True)
            return end
        area = self._area_of(level["level"] if level else None, words)
        if area is None:
            self.rest.append(self.text[at:end].strip())
            return end
        if (level and level["level"].endswith(("uy", "dang"))) or (not level and self._speaks_for_party()):
            words = ["ban dang" if word in ("ban", "co quan") else word for word in words]
        self._join_left(area)
        self._add(at, end, self._offices_of(area, words), group=True)
        return end

    def _listed(self, at: int, match: re.Match[str]) -> int | None:
        """ "Các sở: Nội vụ, Tài chính": names behind a word that all of them leave out."""
        noun = match["kinds"]
        behind = match.end() + len(self.flat[match.end() :]) - len(self.flat[match.end() :].lstrip(" :"))
        if noun not in ("so", "phong", "ban", "bo", "hoi") or behind >= len(self.text):
            return None
        if not self.text[behind].isupper():
            return None
        self.carried = self.text[match.start("kinds") : match.end("kinds")].capitalize()
        return self._body(behind)

    def _area_of(self, level: str | None, words: Collection[str]) -> Area | None:
        """The area whose offices are meant: by the level that is said, by the word "sở", else the issuer's own."""
        own = self.setting
        codes: dict[str, str | None] = {
            "tinh": own.province, "tinh uy": own.province, "huyen": own.district, "huyen uy": own.district,
            "thi xa": own.district, "thi uy": own.district, "quan": own.district, "quan uy": own.district,
            "xa": own.commune, "phuong": own.commune, "dac khu": own.commune, "trung uong": None, "tw": None,
        }  # fmt: skip
        nearest = own.commune or own.district or own.province
        if level in ("thanh pho", "tp", "thanh uy"):
            code = own.district if own.level == "district" else own.province
        elif level in codes:
            code = codes[level]
        elif "so" in words:
            code = own.province
        else:
            body = self.reference.body(own.owner) if own.owner else None
            code = nearest if body and body.organ in ("ubnd", "hdnd", "tu", "hu", "du") else None
        return self.reference.area(code) if code else None

    def _speaks_for_party(self) -> bool:
        body = self.reference.body(self.setting.owner) if self.setting.owner else None
        return body is not None and body.organ in ("tu", "hu", "du")

    def _offices_of(self, area: Area, words: Iterable[str]) -> list[str]:
        codes: list[str] = []
        for word in words:
            codes += self._existing(
                f"{area.code}.{organ}" for organ in _in_place(OFFICES.get((word, area.level), ()), area)
            )
        sometimes = [organ for word in words for organ in ELSEWHERE.get((word, area.level), ())]
        others = {f"{area.code}.{code}": [f"{area.code}.{other}" for other in INSTEAD[code]] for code in INSTEAD}
        asked = [f"{area.code}.{organ}" for organ in sometimes]
        known = set(self.setting.known([*asked, *others, *(one for made in others.values() for one in made)]))
        codes += self._existing(code for code in asked if code in known)
        for usual, made in others.items():
            if usual in codes and usual not in known and known.intersection(made):
                at = codes.index(usual)
                codes[at : at + 1] = self._existing(code for code in made if code in known)
        return codes

    def _ministries(self) -> list[str]:
        return [
            body.code
            for body in self.reference.bodies.values()
            if (body.name.startswith("Bộ ") or body.code in ("ttcp", "nhnn", "ubdt", "vpcp"))
            and body.parent == "cp" and _valid(body, self.setting.on)
        ]  # fmt: skip

    def _join_left(self, area: Area) -> None:
        """ "Mặt trận Tổ quốc và các đoàn thể tỉnh": what stood alone has the level of the group behind it."""
        if self.rest and (code := self._whole(f"{self.rest[-1]} {area.name_on(self.setting.on)}")):
            self.named.append(Named(self.rest.pop(), (code,)))

    # bodies by name

    def _body(self, at: int) -> int | None:
        if pattern("branches").match(self.flat, at):  # "đảng bộ trực thuộc Huyện ủy": those below, not that one
            return None
        prefix = self.carried
        plain = self._from(at)
        if plain:
            self.carried = self._prefix(at)
            self._add(at, at + plain[1], [plain[0].code], group=False)
            return self._parenthesis(at + plain[1])
        if prefix and not self.flat.startswith(fold(prefix), at):
            found = self._from(at, f"{prefix} ")
            if found and found[1] > len(prefix) + 1:
                end = at + found[1] - len(prefix) - 1
                self.named.append(Named(f"{prefix} {self.text[at:end].strip(' ,;.')}", (found[0].code,)))
                return self._parenthesis(end)
        return None

    def _from(self, at: int, prefix: str = "") -> tuple[Body, int] | None:
        """The body named at ``at``; where what follows spoils the reading, the one that fewer pieces name."""
        ends = [len(self.text), *(match.start() for match in pattern("cut").finditer(self.flat, at + 1))][:6]
        for end in (ends[0], *reversed(ends[1:])):
            found = self._find(prefix + self.text[at:end])
            if found and found[1] and not self.flat.startswith("&", at + found[1] - len(prefix)):
                return found
        return self._initials(at, prefix) if prefix else None

    def _initials(self, at: int, prefix: str) -> tuple[Body, int] | None:
        """ "Các Bộ: TC, NV": initials behind a word that all leave out."""
        end = self._piece(at)
        letters = self.text[at:end].strip(" .")
        if not letters.isupper() or len(letters) > 12 or prefix.strip() not in ("Sở", "Bộ", "Phòng"):
            return None
        symbol = prefix[0] + letters
        bodies = [*self.reference.bodies_by_symbol(symbol)] if prefix[0] == "B" else [
            body
            for organ in self.reference.organs_by_symbol(symbol)
            if (area := self._area_of("tinh" if prefix[0] == "S" else "huyen", ()))
            and (body := self.reference.body(f"{area.code}.{organ.code}"))
        ]  # fmt: skip
        bodies = [body for body in bodies if _valid(body, self.setting.on)]
        return (bodies[0], len(prefix) + len(letters)) if len(bodies) == 1 else None

    def _prefix(self, at: int) -> str:
        """The noun that the next names of the list may leave out: "Sở", "Phòng", "UBND"."""
        match = re.match(r"(?:so|phong|bo|hoi|ubnd|uy ban nhan dan|thue|cong an)\b", self.flat[at:])
        return self.text[at : at + match.end()] if match else ""

    def _parenthesis(self, at: int) -> int:
        """Behind what explains a name up to the next separator: "Sở Tài chính (Tự kiểm tra văn bản)"."""
        match = re.compile(r"(?:(?! va )[^,;])*").match(self.flat, at)
        return match.end() if match else at

    def _piece(self, at: int) -> int:
        match = pattern("piece").match(self.flat, at)
        return match.end() if match else at

    def _leave(self, at: int) -> int:
        end = max(self._piece(at), at + 1)
        printed = self.text[at:end].strip(" ,;.:")
        if printed:
            self.rest.append(printed)
        return end


def _valid(body: Body, on: dt.date) -> bool:
    return (body.valid_from is None or body.valid_from <= on) and (body.valid_to is None or on <= body.valid_to)


def _in_place(organs: Iterable[str], area: Area) -> Iterator[str]:
    """The organs of an area, with what towns have instead of what the country has."""
    for organ in organs:
        if organ in URBAN and area.kind in ("quận", "thị xã", "thành phố", "phường", "đặc khu"):
            yield from URBAN[organ]
        else:
            yield organ

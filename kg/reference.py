"""Who issues documents and where: areas, bodies, and the reading of a printed issuer.

``load_reference()`` gives the one ``Reference``. Its ``find_body("UBND tỉnh Lai Châu")`` is asked for every citation,
so answers are kept. It never guesses: a phrase that names no known body, or several, gives None.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property, lru_cache
from pathlib import Path
from types import MappingProxyType

from kg.areas import Area, AreaTable, area_from_facts
from kg.bodies import Body, BodyTable, Organ, fill, read_facts, symbol_key
from kg.errors import WorkspaceError
from kg.issuers import BodyMatch, PhraseReader
from kg.model import Level
from kg.slots import Place

__all__ = ["Area", "Body", "BodyMatch", "Organ", "Reference", "load_reference"]


class Reference:
    """Reference data and the questions put to it. Immutable in effect; safe to share between threads."""

    def __init__(self, areas: AreaTable, bodies: BodyTable) -> None:
        self._areas = areas
        self._bodies = bodies
        self._reader = PhraseReader(areas, bodies, self.body)
        units: tuple[Area | Body | Organ, ...] = (
            *areas.upper.values(),
            *bodies.bodies.values(),
            *bodies.organs.values(),
        )
        days = {unit.valid_from for unit in units} | {area.renamed_on for area in areas.upper.values()}
        days |= {unit.valid_to + dt.timedelta(days=1) for unit in units if unit.valid_to}
        self._turns = sorted(day for day in days if day)
        self._find = lru_cache(maxsize=32768)(self._reader.read)
        self.body = lru_cache(maxsize=32768)(self.body)  # type: ignore[method-assign]

    @cached_property
    def areas(self) -> Mapping[str, Area]:
        """All areas by code, communes included."""
        return MappingProxyType({**self._areas.upper, **self._areas.communes})

    @cached_property
    def bodies(self) -> Mapping[str, Body]:
        """The central bodies by code. Local ones are made at need: ``body("lai-chau.snv")``."""
        return MappingProxyType(self._bodies.bodies)

    @cached_property
    def organs(self) -> Mapping[str, Organ]:
        """The templates of local bodies by code."""
        return MappingProxyType({**self._bodies.organs, **self._bodies.parts})

    def area(self, code: str) -> Area | None:
        """The area with this code: ``area("lai-chau.tam-duong").name`` is "huyện Tam Đường"."""
        return self._areas.get(code)

    def find_areas(
        self, name: str, *, level: Level | None = None, within: str | None = None, on: dt.date | None = None
    ) -> tuple[Area, ...]:
        """The areas that bear a name, highest level first: "Tam Đường", "huyện tam duong", "TP. Huế".

        A type word narrows; ``within`` is the code of a province or district (a merged province counts its parts);
        ``on`` keeps what existed that day. No name, no area: an empty tuple.
        """
        return self._areas.find(name, level, within, on)

    def area_on(self, code: str, on: dt.date | None) -> Area | None:
        """The unit of that name on that day: ``area_on("phu-tho-2025", date(2024, 1, 1)).code`` is "phu-tho"."""
        area = self._areas.get(code)
        return self._areas.at(area, on) if area else None

    def bodies_by_symbol(self, code: str) -> tuple[Body, ...]:
        """Central bodies that a symbol code stands for, any spelling: "TTg", "BNN&PTNT", "TW".

        A code that local bodies bear too ("BHXH") is given here and by ``organ_by_symbol``: only the phrase decides.
        """
        return self._bodies.by_symbol.get(symbol_key(code), ())

    def organs_by_symbol(self, code: str) -> tuple[Organ, ...]:
        """All templates that a symbol code stands for: "BCHQS" has two, of a province and of a district.

        "SoNNMT", where a writer spelled Sở out, is "SNNMT".
        """
        key, symbols = symbol_key(code), self._bodies.organ_symbols
        return symbols.get(key) or (symbols.get("S" + key[2:], ()) if key.startswith(("SO", "SỞ")) else ())

    def organ_by_symbol(self, code: str) -> Organ | None:
        """The likeliest template of a code that many areas share: "UBND", "TU", "SNV"."""
        found = self.organs_by_symbol(code)
        return found[0] if found else None

    def body(self, code: str) -> Body | None:
        """The body with this code: a central one, or made from a template and an area: "lai-chau.tam-duong.ubnd"."""
        if stated := self._bodies.bodies.get(code):
            return stated
        outer, _, last = code.rpartition(".")
        if not outer:
            return None
        if part := self._bodies.parts.get(last):
            whole = self.body(outer)
            return self._part(whole, part) if whole else None
        organ = self._bodies.organs.get(last)
        area = self._areas.get(outer) if organ else None
        if organ is None or area is None or area.level not in organ.levels:
            return None
        return self._local(organ, area)

    def predecessors(self, code: str) -> tuple[str, ...]:
        """The bodies whose work this one took over: "phu-tho-2025.ubnd" → those of the three provinces that merged."""
        found = [body.code for body in self._bodies.bodies.values() if code in body.successors]
        outer, _, last = code.rpartition(".")
        if last in self._bodies.organs:
            found += [f"{outer}.{organ.code}" for organ in self._bodies.organs.values() if last in organ.successors]
            found += [f"{area}.{last}" for area in self._areas.predecessors.get(outer, ())]
        return tuple(name for name in found if (body := self.body(name)) and code in body.successors)

    def _local(self, organ: Organ, area: Area) -> Body:
        starts = [day for day in (organ.valid_from, area.valid_from) if day]
        ends = [day for day in (organ.valid_to, area.valid_to) if day]
        successors: tuple[str, ...] = ()
        if organ.successors:
            successors = tuple(f"{area.code}.{code}" for code in organ.successors)
        elif area.level != "district":  # a district's bodies ended without one heir
            successors = tuple(f"{code}.{organ.code}" for code in area.successors)
        return Body(
            f"{area.code}.{organ.code}",
            fill(organ.pattern, area),
            tuple(fill(pattern, area) for pattern in (*organ.short_names, *organ.said_as)),
            area.level,
            organ.symbol_codes,
            area.code,
            self._parent(organ, area),
            max(starts, default=None),
            min(ends, default=None),
            successors,
            organ.code,
        )

    def _parent(self, organ: Organ, area: Area) -> str | None:
        """The body that a local one answers to: a department to its People's Committee, a UBND to the one above."""
        if organ.code in {"tu", "hu", "du", "ubnd", "hdnd"}:
            if area.parent is None:
                return {"tu": "tw", "ubnd": "cp"}.get(organ.code)
            above = self._areas.get(area.parent)
            committee = {"province": "tu", "district": "hu", "commune": "du"}
            return f"{area.parent}.{committee[above.level] if organ.code in {'hu', 'du'} and above else organ.code}"
        if "{uy}" in organ.pattern:
            return f"{area.code}.{ {'province': 'tu', 'district': 'hu', 'commune': 'du'}[area.level] }"
        head = organ.pattern.split()[0]
        return f"{area.code}.ubnd" if head in {"Sở", "Phòng", "Văn", "Ban", "Thanh", "Trung"} else None

    @staticmethod
    def _part(whole: Body, part: Organ) -> Body:
        return replace(
            whole,
            code=f"{whole.code}.{part.code}",
            name=part.pattern.replace("{body}", whole.name),
            short_names=tuple(pattern.replace("{body}", whole.name) for pattern in part.short_names),
            symbol_codes=part.symbol_codes,
            parent=whole.code,
            successors=tuple(f"{code}.{part.code}" for code in whole.successors),
            organ=part.code,
        )

    def find_body(
        self,
        phrase: str,
        *,
        province: str | None = None,
        district: str | None = None,
        commune: str | None = None,
        on: dt.date | None = None,
    ) -> BodyMatch | None:
        """The body that a printed phrase begins with, in the words of one document.

        "UBND tỉnh Lai Châu", "Chủ tịch Ủy ban nhân dân tỉnh", "Bộ trưởng Bộ Nội vụ". The codes are the citing
        document's own province, district and commune; they give a bare level word its name. ``on`` is the day of the
        cited paper, or of the citing one: it decides between the old and the new body of one name. Of joint issuers
        the first counts. None when nothing fits, or several do, or a group is meant ("UBND các huyện").
        """
        if on is not None:  # all days between two turns of the map give one answer: keep one of them
            turn = bisect_right(self._turns, on)
            on = self._turns[turn - 1] if turn else dt.date.min
        return self._find(phrase, Place(province, district, commune, on))


def load_reference(extra: Path | None = None) -> Reference:
    """The reference data of this installation, read once; communes only when a question needs them.

    ``extra`` is a Turtle file of the installation's own areas and bodies, in the shape of ``ontology/bodies.ttl``;
    it is read again when it changed. Raises WorkspaceError, naming the file, when it cannot be read.
    """
    if extra is None:
        return _reference(None, 0)
    try:
        return _reference(extra, extra.stat().st_mtime_ns)
    except (OSError, SyntaxError, ValueError) as error:
        raise WorkspaceError(f"Không đọc được dữ liệu tham chiếu {extra}: {error}. Sửa hoặc xóa tệp này.") from error


@lru_cache(maxsize=4)
def _reference(extra: Path | None, stamp: int) -> Reference:
    facts = read_facts(extra.read_bytes()) if extra else {}
    areas = [area_from_facts(code, values) for (family, code), values in facts.items() if family == "area"]
    bodies = {key: values for key, values in facts.items() if key[0] != "area"}
    return Reference(AreaTable(areas), BodyTable(bodies))

"""Issuing bodies: central ones by name, local ones as an organ template and an area, as ``ontology/bodies.ttl`` has it.

``Body.code`` is what stands first in a work's key: "bnv", "lai-chau.ubnd", "lai-chau.tam-duong.pnv".
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

from kg.areas import Area
from kg.identifiers import LOOK_ALIKES
from kg.model import Level
from ontology import read

__all__ = ["Body", "BodyTable", "Facts", "Organ", "Voice", "fill", "read_facts", "symbol_key"]


Facts: TypeAlias = dict[tuple[str, str], dict[str, list[str]]]


@dataclass(frozen=True, slots=True)
class Body:
    """A body that numbers documents: "lai-chau.tam-duong.ubnd", "Ủy ban nhân dân huyện Tam Đường".

    ``organ`` is the template's code for a local body, None for a central one; ``valid_to`` is the last day.
    """

    code: str
    name: str
    short_names: tuple[str, ...]
    level: Level
    symbol_codes: tuple[str, ...]
    area: str | None = None
    parent: str | None = None
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    successors: tuple[str, ...] = ()
    organ: str | None = None


@dataclass(frozen=True, slots=True)
class Organ:
    """A kind of body that many areas have: code "ubnd", pattern "Ủy ban nhân dân {area}", symbol codes ("UBND",).

    ``short_names`` are other wordings of the pattern; ``said_as`` those that a document's own words keep
    ("Đảng bộ {area}" for a Tỉnh ủy). An organ whose pattern holds {body} may belong to any body.
    """

    code: str
    pattern: str
    levels: tuple[Level, ...]
    symbol_codes: tuple[str, ...] = ()
    short_names: tuple[str, ...] = ()
    said_as: tuple[str, ...] = ()
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    successors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Voice:
    """An organ that signs in the series of another body: "Bộ Chính trị" for "tw"."""

    owner: str
    name: str
    names: tuple[str, ...]


_COMMITTEE = {
    "tỉnh": "Tỉnh ủy", "thành phố": "Thành ủy", "huyện": "Huyện ủy", "thị xã": "Thị ủy", "quận": "Quận ủy",
}  # fmt: skip
_YOUTH = {
    "tỉnh": "Tỉnh đoàn", "thành phố": "Thành đoàn", "huyện": "Huyện đoàn", "thị xã": "Thị đoàn", "quận": "Quận đoàn",
}  # fmt: skip


def fill(pattern: str, area: Area, on: dt.date | None = None) -> str:
    """The name a pattern gives for one area on one day: "Văn phòng {uy}" → "Văn phòng Tỉnh ủy Lai Châu"."""
    name = area.name_on(on)
    kind = next(kind for kind in (*_COMMITTEE, area.kind) if name.startswith(kind))
    short = name[len(kind) + 1 :]
    committee = f"{_COMMITTEE[kind]} {short}" if kind in _COMMITTEE else f"Đảng ủy {name}"
    youth = f"{_YOUTH[kind]} {short}" if kind in _YOUTH else f"Đoàn {name}"
    return pattern.replace("{area}", name).replace("{uy}", committee).replace("{doan}", youth)


def symbol_key(code: str) -> str:
    """A symbol code as a key: look-alike letters mended, capitals, no dots, "&" or spaces; Đ stays apart from D."""
    return "".join(letter for letter in code.translate(LOOK_ALIKES).upper() if letter.isalnum())


class BodyTable:
    """What ``bodies.ttl`` holds: central bodies, voices, templates, roles."""

    def __init__(self, extra: Facts | None = None) -> None:
        """``extra`` is what an installation's own file says; a body with a code of ours replaces ours."""
        facts = read_facts(read("bodies.ttl")) | (extra or {})
        self.bodies: dict[str, Body] = {}
        self.voices: list[Voice] = []
        self.organs: dict[str, Organ] = {}
        self.parts: dict[str, Organ] = {}
        self.roles: dict[str, tuple[str, ...]] = {}
        for (family, code), values in facts.items():
            if family == "org" and "seriesOwner" in values:
                name = values["prefLabel"][0]
                self.voices.append(Voice(values["seriesOwner"][0], name, (name, *values.get("altLabel", ()))))
            elif family == "org":
                self.bodies[code] = _body(code, values)
            elif family == "organ":
                organ = _organ(code, values)
                (self.parts if "{body}" in organ.pattern else self.organs)[code] = organ
            elif family == "role":
                name = values["prefLabel"][0]
                self.roles[name] = (name, *values.get("altLabel", ()))
        self.by_symbol = _by_symbol(self.bodies.values())
        self.organ_symbols = _by_symbol(self.organs.values())


_Coded = TypeVar("_Coded", Body, Organ)


def _by_symbol(coded: Iterable[_Coded]) -> dict[str, tuple[_Coded, ...]]:
    found: dict[str, list[_Coded]] = defaultdict(list)
    for one in coded:
        for key in dict.fromkeys(symbol_key(code) for code in one.symbol_codes):
            found[key].append(one)
    return {key: tuple(bearers) for key, bearers in found.items()}


def read_facts(turtle: bytes) -> Facts:
    """Hand-written reference data: subject (family, code) → predicate's local name → values, in file order.

    The family of ``…/id/org/bnv`` is "org", its code "bnv". Raises SyntaxError where the Turtle is broken.
    """
    import pyoxigraph  # kept out of import time

    facts: Facts = defaultdict(lambda: defaultdict(list))
    for quad in pyoxigraph.parse(turtle, format=pyoxigraph.RdfFormat.TURTLE):
        if not isinstance(quad.subject, pyoxigraph.NamedNode) or isinstance(quad.object, pyoxigraph.BlankNode):
            raise ValueError("reference data must not use blank nodes")
        subject = quad.subject.value.rsplit("/", 2)
        predicate = quad.predicate.value.replace("#", "/").rsplit("/", 1)[1]
        value = quad.object.value
        if isinstance(quad.object, pyoxigraph.NamedNode):
            value = value.replace("#", "/").rsplit("/", 1)[1]
        facts[subject[-2], subject[-1]][predicate].append(value)
    return facts


def _symbols(values: dict[str, list[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*values.get("mainSymbol", ()), *values.get("notation", ()))))


def _date(values: dict[str, list[str]], name: str) -> dt.date | None:
    return dt.date.fromisoformat(values[name][0]) if name in values else None


def _body(code: str, values: dict[str, list[str]]) -> Body:
    return Body(
        code,
        values["prefLabel"][0],
        tuple(values.get("altLabel", ())),
        "central",
        _symbols(values),
        None,
        values["subOrganizationOf"][0] if "subOrganizationOf" in values else None,
        _date(values, "validFrom"),
        _date(values, "validThrough"),
        tuple(values.get("isReplacedBy", ())),
    )


def _organ(code: str, values: dict[str, list[str]]) -> Organ:
    levels: dict[str, Level] = {"Province": "province", "District": "district", "Commune": "commune"}
    return Organ(
        code,
        values["pattern"][0],
        tuple(levels[name] for name in levels if name in values.get("adminLevel", ())),
        _symbols(values),
        tuple(values.get("altLabel", ())),
        tuple(values.get("saidAs", ())),
        _date(values, "validFrom"),
        _date(values, "validThrough"),
        tuple(values.get("isReplacedBy", ())),
    )

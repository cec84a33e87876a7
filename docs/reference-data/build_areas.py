"""Writes ontology/areas.ttl and ontology/communes.ttl from the data of the package vietnamadminunits 1.0.4.

The package is MIT licensed (Copyright 2025 Tran Ngoc Minh Hieu) and no dependency of this project: download its
wheel, unpack it, and give the folder that holds ``dataset.db`` and ``converter_2025.json``:

    python docs/reference-data/build_areas.py /tmp/wheel/vietnamadminunits/data ontology

The same input gives the same bytes. What the package does not hold (units that ended before 2025, renamed ones)
stands in the tables below, from the resolutions of the National Assembly and its Standing Committee.
"""

from __future__ import annotations

import json
import sqlite3
import sys
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from kg.identifiers import slug
from ontology import BASE

OLD_END, NEW_START = "2025-06-30", "2025-07-01"

# The provinces that the reform of 2025 left as they were keep their plain code (DESIGN section 3).
STARTS = {
    "lai-chau": "2004-01-01",
    "dien-bien": "2004-01-01",
    "dak-nong": "2004-01-01",
    "hau-giang": "2004-01-01",
    "can-tho": "2004-01-01",
    "dak-lak": "2004-01-01",
}
RENAMED = {"hue": ("tỉnh Thừa Thiên Huế", "2025-01-01")}
ENDED_PROVINCES = (  # code, name, end, successors
    ("ha-tay", "tỉnh Hà Tây", "2008-07-31", ("ha-noi",)),
    ("lai-chau-1962", "tỉnh Lai Châu", "2003-12-31", ("lai-chau", "dien-bien")),
    ("dak-lak-1976", "tỉnh Đắk Lắk", "2003-12-31", ("dak-lak", "dak-nong")),
    ("can-tho-1991", "tỉnh Cần Thơ", "2003-12-31", ("can-tho", "hau-giang")),
)
ENDED_DISTRICTS = (  # code, name, end, successors
    ("ha-noi.tu-liem", "huyện Từ Liêm", "2014-03-31", ("ha-noi.bac-tu-liem", "ha-noi.nam-tu-liem")),
    ("ho-chi-minh.quan-2", "quận 2", "2020-12-31", ("ho-chi-minh.thu-duc",)),
    ("ho-chi-minh.quan-9", "quận 9", "2020-12-31", ("ho-chi-minh.thu-duc",)),
    ("ho-chi-minh.quan-thu-duc", "quận Thủ Đức", "2020-12-31", ("ho-chi-minh.thu-duc",)),
    ("hue.hue", "thành phố Huế", "2024-12-31", ("hue.thuan-hoa", "hue.phu-xuan")),
    ("hue.nam-dong", "huyện Nam Đông", "2024-12-31", ("hue.phu-loc",)),
    ("quang-ninh.hoanh-bo", "huyện Hoành Bồ", "2019-12-31", ("quang-ninh.ha-long",)),
    ("cao-bang.thong-nong", "huyện Thông Nông", "2020-02-29", ("cao-bang.ha-quang",)),
    ("cao-bang.tra-linh", "huyện Trà Lĩnh", "2020-02-29", ("cao-bang.trung-khanh",)),
    ("cao-bang.phuc-hoa", "huyện Phục Hòa", "2020-02-29", ("cao-bang.quang-hoa",)),
    ("cao-bang.quang-uyen", "huyện Quảng Uyên", "2020-02-29", ("cao-bang.quang-hoa",)),
    ("hoa-binh.ky-son", "huyện Kỳ Sơn", "2019-12-31", ("hoa-binh.hoa-binh",)),
    ("quang-ngai.tay-tra", "huyện Tây Trà", "2020-01-31", ("quang-ngai.tra-bong",)),
    ("quang-nam.nong-son", "huyện Nông Sơn", "2024-12-31", ("quang-nam.que-son",)),
    ("thanh-hoa.dong-son", "huyện Đông Sơn", "2024-12-31", ("thanh-hoa.thanh-hoa",)),
    ("nghe-an.cua-lo", "thị xã Cửa Lò", "2024-11-30", ("nghe-an.vinh",)),
    ("ha-tinh.loc-ha", "huyện Lộc Hà", "2024-12-31", ("ha-tinh.thach-ha", "ha-tinh.ha-tinh")),
    ("ba-ria-vung-tau.long-dien", "huyện Long Điền", "2024-12-31", ("ba-ria-vung-tau.long-dat",)),
    ("ba-ria-vung-tau.dat-do", "huyện Đất Đỏ", "2024-12-31", ("ba-ria-vung-tau.long-dat",)),
    ("nam-dinh.my-loc", "huyện Mỹ Lộc", "2024-08-31", ("nam-dinh.nam-dinh",)),
    ("ninh-binh.ninh-binh", "thành phố Ninh Bình", "2024-12-31", ("ninh-binh.hoa-lu",)),
    ("bac-giang.yen-dung", "huyện Yên Dũng", "2024-12-31", ("bac-giang.bac-giang",)),
)

LEVEL_CLASS = {"province": "Province", "district": "District", "commune": "Commune"}


@dataclass
class Unit:
    """One unit on its way into the file; ``key`` is the package's own name of it."""

    code: str
    name: str
    level: str
    parent: str | None = None
    start: str | None = None
    end: str | None = None
    former: tuple[str, str] | None = None
    successors: set[str] = field(default_factory=set)

    def line(self) -> str:
        """The unit as one line of Turtle: kg/areas.py reads these lines without a Turtle parser."""
        parts = [f"area:{self.code} a vb:Area", f'skos:prefLabel "{self.name}"@vi']
        parts.append(f"vb:adminLevel vb:{LEVEL_CLASS[self.level]}")
        if self.parent:
            parts.append(f"schema:containedInPlace area:{self.parent}")
        if self.start:
            parts.append(f'schema:validFrom "{self.start}"^^xsd:date')
        if self.end:
            parts.append(f'schema:validThrough "{self.end}"^^xsd:date')
        if self.former:
            parts.append(f'vb:formerName "{self.former[0]}"@vi')
            parts.append(f'vb:renamedOn "{self.former[1]}"^^xsd:date')
        if self.successors:
            parts.append("dct:isReplacedBy " + ", ".join(f"area:{code}" for code in sorted(self.successors)))
        return " ; ".join(parts) + " ."


KINDS = ("Thành phố", "Thị xã", "Thị trấn", "Đặc khu", "Tỉnh", "Huyện", "Quận", "Xã", "Phường")


def lower_type(name: str) -> str:
    """ "Thành Phố Đồng Hới" → "thành phố Đồng Hới": the type word of a unit is written small inside a name."""
    for kind in KINDS:
        if name.casefold().startswith(kind.casefold() + " "):
            return kind.lower() + " " + " ".join(name[len(kind) :].split())
    raise ValueError(f"no type of unit begins the name {name!r}")


class Codes:
    """Gives codes out; a code that is taken gets the unit's type or its first year."""

    def __init__(self) -> None:
        self.taken: set[str] = set()

    def give(self, parent: str | None, name: str, year: str | None = None) -> str:
        """The code for the unit ``name`` ("huyện Tam Đường") in ``parent``; a number is no name: "quan-1"."""
        prefix = f"{parent}." if parent else ""
        kind = next(kind for kind in KINDS if name.startswith(kind.lower() + " "))
        short = name[len(kind) + 1 :]
        typed = f"{prefix}{slug(name)}"
        plain = typed if short.isdigit() else f"{prefix}{slug(short)}"
        for code in (plain, f"{plain}-{year}" if year else None, typed, f"{typed}-{year}" if year else None):
            if code and code not in self.taken:
                self.taken.add(code)
                return code
        raise ValueError(f"no code left for {name} in {parent}")


KIND_ORDER = ("Huyện", "Quận", "Thị xã", "Thành phố", "Xã", "Phường", "Thị trấn", "Đặc khu")


def build(folder: Path) -> tuple[list[Unit], list[Unit]]:
    """All provinces and districts, and all communes, in the order of their codes."""
    database = sqlite3.connect(folder / "dataset.db")
    converter = json.loads((folder / "converter_2025.json").read_text("utf-8"))
    old_of_new: dict[str, list[str]] = converter["DICT_PROVINCE"]
    codes, units, by_key = Codes(), {}, {}

    def add(unit: Unit, key: str) -> Unit:
        units[unit.code] = by_key[key] = unit
        return unit

    codes.taken.update(code for code, *_ in ENDED_PROVINCES)
    legacy = database.execute(
        "select distinct province, provinceKey from admin_units_legacy order by provinceCode"
    ).fetchall()
    for name, key in legacy:
        code = codes.give(None, lower_type(name))
        unchanged = old_of_new.get(key) == [key]
        unit = Unit(code, lower_type(name), "province", None, STARTS.get(code), None if unchanged else OLD_END)
        unit.former = RENAMED.get(code)
        add(unit, key)
    for name, key in database.execute(
        "select distinct province, provinceKey from admin_units order by provinceCode"
    ).fetchall():
        if old_of_new[key] == [key]:
            by_key["new:" + key] = by_key[key]
            continue
        code = codes.give(None, lower_type(name), NEW_START[:4])
        add(Unit(code, lower_type(name), "province", None, NEW_START), "new:" + key)
        for old in old_of_new[key]:
            by_key[old].successors.add(code)
    for code, name, end, successors in ENDED_PROVINCES:
        units[code] = Unit(code, name, "province", None, None, end, None, set(successors))

    codes.taken.update(code for code, *_ in ENDED_DISTRICTS)
    rows = database.execute(
        "select distinct district, districtType, districtKey, provinceKey from admin_units_legacy order by districtCode"
    ).fetchall()
    for name, _, key, province in sorted(rows, key=lambda row: KIND_ORDER.index(row[1])):
        parent = by_key[province].code
        code = codes.give(parent, lower_type(name))
        add(Unit(code, lower_type(name), "district", parent, None, OLD_END), f"{province}_{key}")
    for code, name, end, successors in ENDED_DISTRICTS:
        units[code] = Unit(code, name, "district", code.split(".")[0], None, end, None, set(successors))

    rows = database.execute(
        "select ward, wardType, wardKey, districtKey, provinceKey from admin_units_legacy"
        " where ward is not null order by wardCode"
    ).fetchall()
    for name, _, key, district, province in sorted(rows, key=lambda row: KIND_ORDER.index(row[1])):
        parent = by_key[f"{province}_{district}"].code
        code = codes.give(parent, lower_type(name))
        add(Unit(code, lower_type(name), "commune", parent, None, OLD_END), f"{province}_{district}_{key}")
    rows = database.execute("select ward, wardType, wardKey, provinceKey from admin_units order by wardCode").fetchall()
    for name, _, key, province in sorted(rows, key=lambda row: KIND_ORDER.index(row[1])):
        parent = by_key["new:" + province].code
        code = codes.give(parent, lower_type(name), NEW_START[:4])
        add(Unit(code, lower_type(name), "commune", parent, NEW_START), f"new:{province}_{key}")

    covers: dict[str, set[str]] = defaultdict(set)
    for province, wards in converter["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        for new, olds in wards.items():
            for old in olds:
                covers[old.rstrip("_")].add(by_key[f"new:{province}_{new}"].code)
    for province, olds in converter["DICT_PROVINCE_WARD_DIVIDED"].items():
        for old, news in olds.items():
            covers[old.rstrip("_")].update(by_key[f"new:{province}_{new['newWardKey']}"].code for new in news)
    for old, news in covers.items():
        unit = by_key[old]
        unit.successors |= news
        if unit.level == "commune" and unit.parent:
            units[unit.parent].successors |= news
    ordered = sorted(units.values(), key=lambda unit: unit.code)
    return [u for u in ordered if u.level != "commune"], [u for u in ordered if u.level == "commune"]


HEAD = """\
# {title}
# {count}
#
# Written by docs/reference-data/build_areas.py; edit that script, not this file.
# Source: vietnamadminunits 1.0.4 (https://pypi.org/project/vietnamadminunits/), data of August 2025.
# MIT License, Copyright (c) 2025 Tran Ngoc Minh Hieu. Permission is granted, free of charge, to use, copy, modify,
# merge, publish, distribute, sublicense and sell copies, provided that the copyright notice and this permission
# notice are included in all copies or substantial portions. Provided "as is", without warranty of any kind.
#
# One unit, one line. A code is province[.district][.commune]; a unit whose plain code belongs to an earlier,
# different one carries its first year. validThrough is the last day.

@prefix area: <{base}/id/area/> .
@prefix vb: <https://w3id.org/vanban-kg/def#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix schema: <http://schema.org/> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

"""


def write(path: Path, title: str, units: list[Unit]) -> None:
    """One Turtle file of units, one line each."""
    ended = sum(1 for unit in units if unit.end)
    head = HEAD.format(
        title=title, count=f"{len(units)} units: {ended} ended, {len(units) - ended} in being.", base=BASE
    )
    path.write_text(head + "".join(unit.line() + "\n" for unit in units), "utf-8")


def main() -> None:
    """Reads the package's data folder, writes the two files."""
    source, target = Path(sys.argv[1]), Path(sys.argv[2])
    upper, communes = build(source)
    write(target / "areas.ttl", "Provinces and districts of Vietnam, before and after the reform of 2025.", upper)
    write(target / "communes.ttl", "Communes, wards and townships of Vietnam, before and after the reform.", communes)


if __name__ == "__main__":
    main()

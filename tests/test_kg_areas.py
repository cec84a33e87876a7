"""Areas: what the files say, read fast, and found by name."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pyoxigraph
import pytest

import ontology
from kg.areas import Area, AreaTable
from kg.errors import WorkspaceError
from kg.identifiers import fold
from kg.reference import Reference, load_reference

BEFORE, AFTER = dt.date(2024, 5, 2), dt.date(2025, 9, 1)


@pytest.fixture(scope="module")
def reference() -> Reference:
    return load_reference()


def _count(reference: Reference, level: str, on: dt.date) -> int:
    return sum(area.level == level and area.valid(on) and not area.sample for area in reference.areas.values())


def test_the_map_before_and_after_the_reform(reference: Reference) -> None:
    before, after = dt.date(2025, 6, 30), dt.date(2025, 7, 1)
    assert (_count(reference, "province", before), _count(reference, "province", after)) == (63, 34)
    assert (_count(reference, "district", before), _count(reference, "district", after)) == (696, 0)
    assert (_count(reference, "commune", before), _count(reference, "commune", after)) == (10_035, 3_321)


def test_lai_chau_as_its_resolution_says(reference: Reference) -> None:
    lai_chau = [area for area in reference.areas.values() if area.province == "lai-chau" and area.level == "commune"]
    old = [area for area in lai_chau if area.valid_to]
    new = Counter(area.kind for area in lai_chau if area.valid_to is None)
    assert (len(old), new) == (106, Counter({"xã": 36, "phường": 2}))
    assert reference.areas["lai-chau.tam-duong.binh-lu"].successors == ("lai-chau.binh-lu",)
    assert reference.areas["lai-chau.tam-duong.tam-duong"].name == "thị trấn Tam Đường"
    assert set(reference.areas["lai-chau.tam-duong"].successors) == {
        "lai-chau.binh-lu", "lai-chau.ban-bo", "lai-chau.khun-ha", "lai-chau.ta-leng", "lai-chau.tan-phong",
        "lai-chau.sin-suoi-ho",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("code", "name", "level"),
    [
        ("lai-chau", "tỉnh Lai Châu", "province"),
        ("lai-chau.tam-duong", "huyện Tam Đường", "district"),
        ("phu-tho-2025", "tỉnh Phú Thọ", "province"),
        ("lai-chau.than-uyen-2025", "xã Than Uyên", "commune"),
        ("hue", "thành phố Huế", "province"),
        ("ho-chi-minh.thu-duc", "thành phố Thủ Đức", "district"),
    ],
)
def test_codes_that_other_parts_rely_on(reference: Reference, code: str, name: str, level: str) -> None:
    area = reference.area(code)
    assert area and (area.name, area.level) == (name, level)


def test_the_fast_reading_equals_a_real_parsers(reference: Reference) -> None:
    """Every statement of the two files, as a parser gives them, against the areas that the line pattern read."""
    said: set[tuple[str, str, str]] = set()
    for name in ("areas.ttl", "communes.ttl"):
        for quad in pyoxigraph.parse(ontology.read(name), format=pyoxigraph.RdfFormat.TURTLE):
            subject, value = quad.subject.value.rsplit("/", 1)[1], quad.object.value
            if isinstance(quad.object, pyoxigraph.NamedNode):
                value = value.replace("#", "/").rsplit("/", 1)[1]
            said.add((subject, quad.predicate.value.replace("#", "/").rsplit("/", 1)[1], value))
    read: set[tuple[str, str, str]] = set()
    for code, area in reference.areas.items():
        facts = [("type", "Area"), ("prefLabel", area.name), ("adminLevel", area.level.capitalize())]
        facts += [("isReplacedBy", one) for one in area.successors]
        optional = {
            "containedInPlace": area.parent, "validFrom": area.valid_from, "validThrough": area.valid_to,
            "formerName": area.former_name, "renamedOn": area.renamed_on, "sample": "true" if area.sample else None,
        }  # fmt: skip
        facts += [(key, str(value)) for key, value in optional.items() if value]
        read.update((code, key, value) for key, value in facts)
    assert read == said


def test_every_unit_that_ended_names_its_heirs_and_lies_in_what_exists(reference: Reference) -> None:
    areas = reference.areas
    for area in areas.values():
        assert (area.parent is None) == (area.level == "province"), area
        assert area.parent is None or areas[area.parent].level != "commune", area
        assert area.name == f"{area.kind} {area.short_name}"
        assert area.code.startswith(area.parent or ""), area
        if area.valid_to:
            assert area.successors, area
        for heir in area.successors:
            assert areas[heir].valid_from is None or area.valid_to is None or areas[heir].valid_from > area.valid_to


def test_short_names_are_never_a_key(reference: Reference) -> None:
    districts = reference.find_areas("Châu Thành", level="district")
    assert len({area.province for area in districts}) == 10
    assert len(reference.find_areas("huyện Châu Thành", within="long-an")) == 1


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Tam Đường", "lai-chau.tam-duong"),
        ("huyện tam duong", "lai-chau.tam-duong"),
        ("HUYỆN TAM ĐƯỜNG", "lai-chau.tam-duong"),
        ("TP. Hà Nội", "ha-noi"),
        ("Thành phố Đà Nẵng", "da-nang"),
        ("tỉnh Hoà Bình", "hoa-binh"),
        ("tỉnh Hòa Bình", "hoa-binh"),
        ("tỉnh Bà Rịa-Vũng Tàu", "ba-ria-vung-tau"),
        ("Thừa Thiên Huế", "hue"),
        ("Đắk Lắk", "dak-lak"),
    ],
)
def test_a_name_is_found_in_any_spelling(reference: Reference, name: str, code: str) -> None:
    found = reference.find_areas(name, on=BEFORE)
    assert found and found[0].code == code


@pytest.mark.parametrize("name", ["", " ", "tỉnh", "xã", "tỉnh Không Có", "của", "Lai", "Tam Đường Lai Châu"])
def test_no_name_no_area(reference: Reference, name: str) -> None:
    assert reference.find_areas(name) == ()


def test_the_day_narrows(reference: Reference) -> None:
    both = reference.find_areas("tỉnh Phú Thọ")
    assert [area.code for area in both] == ["phu-tho", "phu-tho-2025"]
    assert [area.code for area in reference.find_areas("tỉnh Phú Thọ", on=BEFORE)] == ["phu-tho"]
    assert [area.code for area in reference.find_areas("tỉnh Phú Thọ", on=AFTER)] == ["phu-tho-2025"]
    assert reference.find_areas("huyện Tam Đường", on=AFTER) == ()


def test_a_merged_province_holds_the_districts_of_its_parts(reference: Reference) -> None:
    assert [area.code for area in reference.find_areas("huyện Yên Lập", within="phu-tho-2025")] == ["phu-tho.yen-lap"]
    assert [area.code for area in reference.find_areas("huyện Lạc Sơn", within="phu-tho-2025")] == ["hoa-binh.lac-son"]
    assert reference.find_areas("huyện Lạc Sơn", within="lai-chau") == ()


def test_a_unit_on_a_day(reference: Reference) -> None:
    def code_on(code: str, on: dt.date | None) -> str | None:
        area = reference.area_on(code, on)
        return area.code if area else None

    assert code_on("phu-tho-2025", BEFORE) == "phu-tho"
    assert code_on("phu-tho", AFTER) == "phu-tho-2025"
    assert code_on("ha-giang", AFTER) == "ha-giang", "no unit of its name followed"
    assert code_on("lai-chau", None) == "lai-chau"
    assert code_on("khong-co", AFTER) is None


OWN = """
@prefix area: <https://vanban.example.vn/id/area/> .
@prefix body: <https://vanban.example.vn/id/org/> .
@prefix vb: <https://w3id.org/vanban-kg/def#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix schema: <http://schema.org/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
area:khau-lam a vb:Area ; skos:prefLabel "tỉnh Khau Lâm"@vi ; vb:adminLevel vb:Province ; vb:sample true .
area:khau-lam.ban-bo a vb:Area ; vb:sample true ; schema:containedInPlace area:khau-lam ;
  skos:prefLabel "xã Bản Bo"@vi ; vb:adminLevel vb:Commune ; schema:validFrom "2025-07-01"^^xsd:date .
body:vien-abc a vb:Body ; skos:prefLabel "Viện Nghiên cứu Khau Lâm"@vi ;
  skos:notation "VNCKL" ; vb:adminLevel vb:Central .
"""


def test_an_installation_may_have_areas_and_bodies_of_its_own(tmp_path: Path) -> None:
    file = tmp_path / "reference.ttl"
    file.write_text(OWN, "utf-8")
    own = load_reference(file)
    assert own.areas["khau-lam.ban-bo"].name == "xã Bản Bo"
    match = own.find_body("Chủ tịch UBND tỉnh Khau Lâm")
    assert match and match.body.code == "khau-lam.ubnd"
    assert [body.code for body in own.bodies_by_symbol("VNCKL")] == ["vien-abc"]
    assert load_reference().area("khau-lam") is None, "another installation does not see them"
    assert load_reference(file) is own


def test_sample_units_never_stand_before_real_ones(tmp_path: Path) -> None:
    file = tmp_path / "reference.ttl"
    file.write_text(OWN, "utf-8")
    own = load_reference(file)
    assert [area.code for area in own.find_areas("xã Bản Bo", on=AFTER)] == ["lai-chau.ban-bo"]
    real, sample = (own.find_body("UBND xã Bản Bo", province=code, on=AFTER) for code in ("lai-chau", "khau-lam"))
    assert real and sample
    assert (real.body.code, sample.body.code) == ("lai-chau.ban-bo.ubnd", "khau-lam.ban-bo.ubnd")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("vb:Province", "vb:Planet", "khau-lam"),
        ("tỉnh Khau", "vùng Khau", "vùng Khau Lâm"),
        (" .", " ", "reference.ttl"),
    ],
)
def test_a_broken_file_is_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    file = tmp_path / "reference.ttl"
    file.write_text(OWN.replace(old, new), "utf-8")
    with pytest.raises(WorkspaceError, match=said):
        load_reference(file)


def test_the_samples_bring_their_invented_province() -> None:
    own = load_reference(Path(__file__).resolve().parents[1] / "samples" / "documents" / "reference.ttl")
    assert own.areas["lam-son"].sample
    match = own.find_body("UBND huyện Bình Khê", province="lam-son", on=BEFORE)
    assert match and match.body.code == "lam-son.binh-khe.ubnd"
    real = {area.code for area in load_reference().areas.values()}
    assert not [area for area in own.areas.values() if area.sample and area.code in real]


def test_accents_settle_what_folding_made_alike() -> None:
    lap = Area("a.lap", "xã Quăn Lập", "Quăn Lập", "xã", "commune", "a")
    lap_grave = Area("a.lap-2", "xã Quăn Lạp", "Quăn Lạp", "xã", "commune", "a")
    table = AreaTable([Area("a", "tỉnh An", "An", "tỉnh", "province"), lap, lap_grave])
    assert fold(lap.name) == fold(lap_grave.name)
    assert table.find("xã Quăn Lập") == (lap,)
    assert table.find("XÃ QUĂN LẠP") == (lap_grave,)
    assert set(table.find("xa quan lap")) == {lap, lap_grave}


def test_loading_is_quick_and_leaves_the_communes_for_later() -> None:
    code = (
        "import time; t = time.process_time()\n"
        "from kg.reference import load_reference\n"
        "r = load_reference(); spent = time.process_time() - t\n"
        "assert 'communes' not in vars(r._areas), 'communes were read'\n"
        "r.find_body('UBND tỉnh Lai Châu'); assert 'communes' not in vars(r._areas)\n"
        "import sys; assert 'rdflib' not in sys.modules\n"
        "print(spent)"
    )
    spent = float(subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout)
    assert spent < 0.4

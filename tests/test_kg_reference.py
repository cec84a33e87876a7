"""The reading of printed issuers, and the bodies that areas and templates make."""

from __future__ import annotations

import datetime as dt
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.identifiers import fold
from kg.reference import BodyMatch, Reference, load_reference

BEFORE, AFTER = dt.date(2024, 5, 2), dt.date(2025, 9, 1)


@pytest.fixture(scope="module")
def reference() -> Reference:
    return load_reference()


def ask(reference: Reference, phrase: str, **place: str | dt.date | None) -> BodyMatch | None:
    here: dict[str, object] = {"province": "lai-chau", "district": "lai-chau.tam-duong"} | place
    return reference.find_body(phrase, **here)  # type: ignore[arg-type]


NAMED = [
    ("UBND tỉnh Lai Châu", "lai-chau.ubnd", "Ủy ban nhân dân tỉnh Lai Châu"),
    ("Uỷ ban nhân dân tỉnh Lai Châu", "lai-chau.ubnd", "Ủy ban nhân dân tỉnh Lai Châu"),
    ("ỦY BAN NHÂN DÂN TỈNH LAI CHÂU", "lai-chau.ubnd", "Ủy ban nhân dân tỉnh Lai Châu"),
    ("Ủy ban nhân dân \n\ntỉnh Lai Châu", "lai-chau.ubnd", "Ủy ban nhân dân tỉnh Lai Châu"),
    ("ƯBND tỉnh Sơn La", "son-la.ubnd", "Ủy ban nhân dân tỉnh Sơn La"),
    ("ubnd tỉnh sơn la", "son-la.ubnd", "Ủy ban nhân dân tỉnh Sơn La"),
    ("UBND tỉnh Bà Rịa-Vũng Tàu", "ba-ria-vung-tau.ubnd", "Ủy ban nhân dân tỉnh Bà Rịa - Vũng Tàu"),
    ("UBND TP. Hồ Chí Minh", "ho-chi-minh.ubnd", "Ủy ban nhân dân thành phố Hồ Chí Minh"),
    ("UBND TP.HCM", "ho-chi-minh.ubnd", "Ủy ban nhân dân thành phố Hồ Chí Minh"),
    ("UBND Q. 1, TP. HCM", "ho-chi-minh.quan-1.ubnd", "Ủy ban nhân dân quận 1"),
    ("UBND huyện Châu Thành, tỉnh Long An", "long-an.chau-thanh.ubnd", "Ủy ban nhân dân huyện Châu Thành"),
    ("UBND huyện Than Uyên", "lai-chau.than-uyen.ubnd", "Ủy ban nhân dân huyện Than Uyên"),
    ("UBND TT. Tam Đường", "lai-chau.tam-duong.tam-duong.ubnd", "Ủy ban nhân dân thị trấn Tam Đường"),
    ("Thành ủy Cần Thơ", "can-tho.tu", "Thành ủy Cần Thơ"),
    ("Thành ủy Việt Trì", "phu-tho.viet-tri.hu", "Thành ủy Việt Trì"),
    ("Ban Thường vụ Tỉnh ủy Yên Bái", "yen-bai.tu", "Ban Thường vụ Tỉnh ủy Yên Bái"),
    ("Đảng ủy xã Bản Bo", "lai-chau.tam-duong.ban-bo.du", "Đảng ủy xã Bản Bo"),
    ("Giám đốc Sở Nội vụ tỉnh An Giang", "an-giang.snv", "Giám đốc Sở Nội vụ tỉnh An Giang"),
    ("Sở NN&PTNT tỉnh Sơn La", "son-la.snnptnt", "Sở Nông nghiệp và Phát triển nông thôn tỉnh Sơn La"),
    ("Sở NN và PTNT tỉnh Sơn La", "son-la.snnptnt", "Sở Nông nghiệp và Phát triển nông thôn tỉnh Sơn La"),
    ("Sở LĐ-TB&XH tỉnh Sơn La", "son-la.sldtbxh", "Sở Lao động - Thương binh và Xã hội tỉnh Sơn La"),
    ("Sở VH,TT&DL tỉnh Sơn La", "son-la.svhttdl", "Sở Văn hóa, Thể thao và Du lịch tỉnh Sơn La"),
    ("Bộ CHQS tỉnh Sơn La", "son-la.bchqs", "Bộ Chỉ huy Quân sự tỉnh Sơn La"),
    ("BQL các KCN tỉnh Bắc Ninh", "bac-ninh.bqlkkt", "Ban Quản lý các khu công nghiệp tỉnh Bắc Ninh"),
    ("UBTW MTTQ Việt Nam", "mttw", "Ủy ban Trung ương Mặt trận Tổ quốc Việt Nam"),
    ("Sở Văn hoá, Thể thao và Du lịch Sơn La", "son-la.svhttdl", "Sở Văn hóa, Thể thao và Du lịch tỉnh Sơn La"),
    ("Ủy ban MTTQ Việt Nam tỉnh Hà Tĩnh", "ha-tinh.mttq", "Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh Hà Tĩnh"),
    ("Liên đoàn Lao động huyện Sìn Hồ", "lai-chau.sin-ho.ldld", "Liên đoàn Lao động huyện Sìn Hồ"),
    ("Thuế tỉnh Vĩnh Long", "vinh-long.thue", "Thuế tỉnh Vĩnh Long"),
    # central
    ("Bộ Chính trị", "tw", "Bộ Chính trị"),
    ("BộChính trị", "tw", "Bộ Chính trị"),
    ("của của Bộ Chính trị, Ban Bí thư", "tw", "Bộ Chính trị"),
    ("Ban Bí thư Trung ương Đảng", "tw", "Ban Bí thư"),
    ("BCH TW Đảng", "tw", "Ban Chấp hành Trung ương Đảng"),
    ("BCH T.Ư", "tw", "Ban Chấp hành Trung ương Đảng"),
    ("Hội nghị lần thứ 11 BCH TW", "tw", "Hội nghị lần thứ 11 Ban Chấp hành Trung ương Đảng"),
    ("Hội nghị lần thứ sáu Ban Chấp hành Trung ương", "tw", "Hội nghị lần thứ sáu Ban Chấp hành Trung ương Đảng"),
    ("Hội nghị Trung ương 5 khóa VIII", "tw", "Hội nghị Trung ương 5"),
    ("Đại hội đại biểu toàn quốc lần thứ XIII của Đảng", "tw", "Đại hội đại biểu toàn quốc lần thứ XIII"),
    ("Thủ tướng", "ttg", "Thủ tướng Chính phủ"),
    ("Phó Thủ tướng Chính phủ", "ttg", "Phó Thủ tướng Chính phủ"),
    ("Chính phủ về việc sắp xếp", "cp", "Chính phủ"),
    ("Chủ tịch nước", "ctn", "Chủ tịch nước"),
    ("Bộ trưởng Bộ Nội vụ", "bnv", "Bộ trưởng Bộ Nội vụ"),
    ("Bộ Nội vụ, Bộ Tài chính", "bnv", "Bộ Nội vụ"),
    ("liên Bộ Ngoại giao - Bộ Nội vụ", "bng", "Bộ Ngoại giao"),
    ("Bộ Lao động- Thương binh và Xã hội", "bldtbxh", "Bộ Lao động - Thương binh và Xã hội"),
    ("Bộ Nông nghiệp và PTNT", "bnnptnt", "Bộ Nông nghiệp và Phát triển nông thôn"),
    ("Ban Thi đua - Khen thưởng Trung ương", "btdkttw", "Ban Thi đua - Khen thưởng Trung ương"),
    ("Ủy ban Trung ương MTTQ Việt Nam", "mttw", "Ủy ban Trung ương Mặt trận Tổ quốc Việt Nam"),
    ("Chi cục Thuế khu vực IX", "cct-kv-ix", "Chi cục Thuế khu vực IX"),
    ("Cục Thuế", "cthue", "Cục Thuế"),
    ("Cục Thuế tỉnh Quảng Ninh", "quang-ninh.cucthue", "Cục Thuế tỉnh Quảng Ninh"),
]  # fmt: skip


@pytest.mark.parametrize(("phrase", "code", "name"), NAMED)
def test_a_named_body_is_found(reference: Reference, phrase: str, code: str, name: str) -> None:
    match = ask(reference, phrase)
    assert match is not None
    assert (match.body.code, match.name, match.evidence) == (code, name, "phrase")
    assert 0 < match.end <= len(phrase)


LEVEL_WORDS = [
    ("UBND tỉnh", "lai-chau.ubnd", "Ủy ban nhân dân tỉnh Lai Châu"),
    ("Chủ tịch Ủy ban nhân dân tỉnh", "lai-chau.ubnd", "Chủ tịch Ủy ban nhân dân tỉnh Lai Châu"),
    ("Thường trực HĐND tỉnh", "lai-chau.hdnd", "Thường trực Hội đồng nhân dân tỉnh Lai Châu"),
    ("Ban Thường vụ Tỉnh uỷ", "lai-chau.tu", "Ban Thường vụ Tỉnh ủy Lai Châu"),
    ("Ban Thường vụ Tỉnh uỷ. Cấp tỉnh lựa chọn", "lai-chau.tu", "Ban Thường vụ Tỉnh ủy Lai Châu"),
    ("BTV TU", "lai-chau.tu", "Ban Thường vụ Tỉnh ủy Lai Châu"),
    ("Ban tuyên giáo tỉnh ủy", "lai-chau.btgtu", "Ban Tuyên giáo Tỉnh ủy Lai Châu"),
    ("Ban Chấp hành Đảng bộ tỉnh khóa XIII", "lai-chau.tu", "Ban Chấp hành Đảng bộ tỉnh Lai Châu"),
    ("Đại hội Đảng bộ tỉnh lần thứ XIV", "lai-chau.tu", "Đại hội Đảng bộ tỉnh Lai Châu lần thứ XIV"),
    ("Đại hội XIV Đảng bộ tỉnh", "lai-chau.tu", "Đại hội XIV Đảng bộ tỉnh Lai Châu"),
    ("Sở VHTTDL", "lai-chau.svhttdl", "Sở Văn hóa, Thể thao và Du lịch tỉnh Lai Châu"),
    ("Ban Kinh tế - Ngân sách HĐND tỉnh", "lai-chau.hdnd", "Ban Kinh tế - Ngân sách Hội đồng nhân dân tỉnh Lai Châu"),
    ("Ban cán sự đảng UBND tỉnh", "lai-chau.ubnd.bcs", "Ban cán sự đảng Ủy ban nhân dân tỉnh Lai Châu"),
    ("Đảng uỷ Văn phòng UBND tỉnh", "lai-chau.vpubnd.dang-uy", "Đảng ủy Văn phòng Ủy ban nhân dân tỉnh Lai Châu"),
    ("UBND huyện", "lai-chau.tam-duong.ubnd", "Ủy ban nhân dân huyện Tam Đường"),
    ("Huyện ủy", "lai-chau.tam-duong.hu", "Huyện ủy Tam Đường"),
    ("Huyện đoàn", "lai-chau.tam-duong.doan", "Huyện đoàn Tam Đường"),
    ("Phòng Nội vụ huyện", "lai-chau.tam-duong.pnv", "Phòng Nội vụ huyện Tam Đường"),
    ("Phòng TC-KH", "lai-chau.tam-duong.ptckh", "Phòng Tài chính - Kế hoạch huyện Tam Đường"),
]  # fmt: skip


@pytest.mark.parametrize(("phrase", "code", "name"), LEVEL_WORDS)
def test_a_bare_level_word_means_the_documents_own_place(
    reference: Reference, phrase: str, code: str, name: str
) -> None:
    match = ask(reference, phrase)
    assert match is not None
    assert (match.body.code, match.name, match.evidence) == (code, name, "level")
    assert reference.find_body(phrase) is None, "without a place there is nothing to fill the level word with"


@pytest.mark.parametrize(
    "phrase",
    [
        "", "   ", "HĐND các cấp", "UBND các huyện, thành phố", "các sở, ban, ngành", "UBND cấp tỉnh", "UBND",
        "Ủy ban nhân dân", "Chủ tịch Hồ Chí Minh", "tỉnh Lai Châu", "liên Bộ", "Hội đồng thẩm định", "UBND thành phố",
        "UBND thị xã", "UBND huyện Xin Chào", "Sở Nội vụ các tỉnh", "Công ty cổ phần Tân Uyên", "nhân dân trong tỉnh",
        "UBND huyện Tam Nông", "ỦY BAN NHÂN DÂN HUYỆN XIN CHÀO", "Kế hoạch số 5324/KH-UBND", "UBND xã Tân Lập",
        "Ban Chỉ đạo Trung ương về chuyển đổi số", "Chủ tịch", "Bộ", "Sở", "Phó Giám đốc",
    ],
)  # fmt: skip
def test_never_a_guess(reference: Reference, phrase: str) -> None:
    assert ask(reference, phrase) is None


@pytest.mark.parametrize(
    ("phrase", "on", "code"),
    [
        ("UBND tỉnh Phú Thọ", BEFORE, "phu-tho.ubnd"),
        ("UBND tỉnh Phú Thọ", AFTER, "phu-tho-2025.ubnd"),
        ("UBND tỉnh Phú Thọ", None, "phu-tho.ubnd"),
        ("UBND tỉnh Hà Giang", AFTER, "ha-giang.ubnd"),
        ("Tỉnh ủy Lai Châu", dt.date(2003, 6, 1), "lai-chau-1962.tu"),
        ("UBND tỉnh Thừa Thiên Huế", BEFORE, "hue.ubnd"),
        ("Tỉnh ủy Thừa Thiên Huế", None, "hue.tu"),
        ("UBND thành phố Huế", BEFORE, "hue.hue.ubnd"),
        ("UBND thành phố Huế", AFTER, "hue.ubnd"),
        ("UBND xã Bình Lư", BEFORE, "lai-chau.tam-duong.binh-lu.ubnd"),
        ("UBND xã Bình Lư", AFTER, "lai-chau.binh-lu.ubnd"),
        ("UBND huyện Tam Đường", AFTER, "lai-chau.tam-duong.ubnd"),
    ],
)
def test_the_day_decides_between_units_of_one_name(
    reference: Reference, phrase: str, on: dt.date | None, code: str
) -> None:
    match = reference.find_body(phrase, province="lai-chau", on=on)
    assert match is not None
    assert match.body.code == code


def test_the_name_is_that_of_the_day(reference: Reference) -> None:
    old = reference.find_body("UBND tỉnh", province="hue", on=BEFORE)
    new = reference.find_body("UBND thành phố", province="hue", on=AFTER)
    assert old and new
    assert (old.name, new.name) == ("Ủy ban nhân dân tỉnh Thừa Thiên Huế", "Ủy ban nhân dân thành phố Huế")
    undated = reference.find_body("Tỉnh ủy Thừa Thiên Huế")
    assert undated and undated.name == "Tỉnh ủy Thừa Thiên Huế"


@pytest.mark.parametrize("phrase", ["UBND 12 xã", "Ủy ban nhân dân 2", "HĐND 08 huyện, thành phố", "ubnd 5 phường"])
def test_a_count_is_no_name_of_a_unit(phrase: str) -> None:
    assert load_reference().find_body(phrase, province="lai-chau") is None


def test_a_numbered_unit_is_named_by_its_type_word() -> None:
    named = {phrase: load_reference().find_body(phrase) for phrase in ("UBND quận 12", "UBND Quận 2")}
    assert [match.body.code for match in named.values() if match] == [
        "ho-chi-minh.quan-12.ubnd",
        "ho-chi-minh.quan-2.ubnd",
    ]


def test_a_level_word_in_a_paper_from_after_the_merger_follows_the_cited_day(reference: Reference) -> None:
    match = reference.find_body("UBND tỉnh", province="phu-tho-2025", on=BEFORE)
    assert match and match.body.code == "phu-tho.ubnd"


@pytest.mark.parametrize(
    ("province", "district", "code"),
    [
        ("can-tho", None, "can-tho.ubnd"),
        ("phu-tho", "phu-tho.viet-tri", "phu-tho.viet-tri.ubnd"),
        ("ho-chi-minh", "ho-chi-minh.thu-duc", "ho-chi-minh.ubnd"),
    ],
)
def test_a_city_is_a_province_in_six_places_and_a_district_elsewhere(
    reference: Reference, province: str, district: str | None, code: str
) -> None:
    match = reference.find_body("Chủ tịch UBND thành phố", province=province, district=district)
    assert match and match.body.code == code


def test_a_shared_name_is_settled_by_the_documents_province(reference: Reference) -> None:
    codes = {
        province: match.body.code if (match := reference.find_body("UBND huyện Tam Nông", province=province)) else None
        for province in ("phu-tho", "dong-thap", "phu-tho-2025", "lai-chau")
    }
    assert codes == {
        "phu-tho": "phu-tho.tam-nong.ubnd",
        "dong-thap": "dong-thap.tam-nong.ubnd",
        "phu-tho-2025": "phu-tho.tam-nong.ubnd",
        "lai-chau": None,
    }


def test_a_made_body_has_its_organ_area_parent_and_days(reference: Reference) -> None:
    body = reference.body("lai-chau.tam-duong.ubnd")
    assert body
    assert (body.name, body.level, body.area, body.organ) == (
        "Ủy ban nhân dân huyện Tam Đường", "district", "lai-chau.tam-duong", "ubnd",
    )  # fmt: skip
    assert (body.parent, body.valid_to, body.successors) == ("lai-chau.ubnd", dt.date(2025, 6, 30), ())
    assert body.symbol_codes == ("UBND",) and "UBND huyện Tam Đường" in body.short_names


def test_departments_merged_in_2025_name_their_heirs(reference: Reference) -> None:
    old, new = reference.body("lai-chau.stnmt"), reference.body("lai-chau.snnmt")
    assert old and new
    assert old.successors == (new.code,) and old.valid_to == dt.date(2025, 2, 28)
    assert new.valid_from == dt.date(2025, 3, 1)
    merged = reference.body("vinh-phuc.ubnd")
    assert merged and merged.successors == ("phu-tho-2025.ubnd",)


@pytest.mark.parametrize(
    "code",
    [
        "",
        "x",
        "lai-chau",
        "lai-chau.khong-co",
        "khong-co.ubnd",
        "lai-chau.pnv",
        "lai-chau.tam-duong.snv",
        ".",
        "bnv.ubnd",
    ],
)
def test_a_code_that_names_nothing_is_none(reference: Reference, code: str) -> None:
    assert reference.body(code) is None


def test_every_heir_and_every_parent_exists(reference: Reference) -> None:
    for body in reference.bodies.values():
        assert all(reference.body(code) for code in body.successors), body
        assert body.parent is None or reference.body(body.parent), body
    for organ in reference.organs.values():
        assert all(code in reference.organs for code in organ.successors), organ
        for area in (
            "lai-chau",
            "can-tho-2025",
            "lai-chau.tam-duong",
            "lai-chau.tam-duong.binh-lu",
            "lai-chau.binh-lu",
        ):
            local = reference.body(f"{area}.{organ.code}")
            if local and local.parent:
                assert reference.body(local.parent), local


def test_every_central_name_is_read_back(reference: Reference) -> None:
    for body in reference.bodies.values():
        for name in (body.name, body.name.upper(), fold(body.name)):
            match = reference.find_body(name)
            assert match and match.body.code == body.code, name


def test_every_local_name_is_read_back_with_its_own_place(reference: Reference) -> None:
    wrong = []
    for area in ("lai-chau", "hai-phong", "lai-chau.tam-duong", "lai-chau.lai-chau", "lai-chau.tam-duong.ban-bo"):
        for organ in reference.organs.values():
            body = reference.body(f"{area}.{organ.code}")
            if body is None or "{body}" in organ.pattern:
                continue
            match = reference.find_body(body.name, province="lai-chau", on=BEFORE)
            if match is None or match.body.code != body.code:
                wrong.append((body.code, body.name, match and match.body.code))
    assert not wrong


@pytest.mark.parametrize(
    ("symbol", "code"),
    [("TW", "tw"), ("TTg", "ttg"), ("TTG", "ttg"), ("BNN", "bnnptnt"), ("BNN&PTNT", "bnnptnt"), ("BLĐTBXH", "bldtbxh"),
     ("LĐTBXH", "bldtbxh"), ("BNV", "bnv"), ("QH", "qh"), ("UBTVQH", "ubtvqh"), ("BNNMT", "bnnmt"), ("BCT", "bct")],
)  # fmt: skip
def test_a_code_unique_in_the_state_names_its_body(reference: Reference, symbol: str, code: str) -> None:
    assert [body.code for body in reference.bodies_by_symbol(symbol)] == [code]


@pytest.mark.parametrize(
    ("symbol", "organ"),
    [("UBND", "ubnd"), ("HĐND", "hdnd"), ("TU", "tu"), ("HU", "hu"), ("SNV", "snv"), ("PNV", "pnv"), ("LĐLĐ", "ldld"),
     ("SNN", "snnptnt"), ("SNgV", "sngv"), ("SVHTTDL", "svhttdl"), ("HĐTĐKT", "hdtdkt"), ("VPTU", "vptu"),
     ("SoNNMT", "snnmt"), ("SởTC", "stc")],
)  # fmt: skip
def test_a_code_that_many_areas_share_names_its_template(reference: Reference, symbol: str, organ: str) -> None:
    found = reference.organ_by_symbol(symbol)
    assert found and found.code == organ
    assert reference.bodies_by_symbol(symbol) == ()


def test_đ_and_d_are_two_letters_in_a_code(reference: Reference) -> None:
    assert reference.organ_by_symbol("HDND") is None
    assert reference.organ_by_symbol("KHONGCO") is None


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_answered(text: str) -> None:
    match = load_reference().find_body(text, province="lai-chau", district="lai-chau.tam-duong")
    assert match is None or 0 < match.end <= max(len(text), 600)


WORDS = st.sampled_from(
    ["Chủ tịch", "UBND", "tỉnh", "Lai Châu", "huyện", "Tam Đường", "của", "các", "Ban Thường vụ", "Đảng ủy", "Bộ",
     "Nội vụ", "Hội nghị", "lần thứ", "11", "Sở", ",", ".", "(", "thành phố", "Tỉnh ủy", "Đại hội", "Đảng bộ"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(WORDS, max_size=30))
def test_what_is_found_does_not_depend_on_what_stands_behind_a_full_stop(words: list[str]) -> None:
    phrase = " ".join(words)
    alone, followed = (ask(load_reference(), text) for text in (phrase, phrase + ". Kế hoạch này"))
    assert (alone and alone.body.code) == (followed and followed.body.code)


@pytest.mark.parametrize(
    "piece", ["Chủ tịch ", "Đảng ủy ", "UBND tỉnh ", "Ban Thường vụ ", "huyện Châu Thành, ", "Đại hội 1 "]
)
def test_an_endless_phrase_costs_no_more_than_a_long_one(reference: Reference, piece: str) -> None:
    start = time.process_time()
    for _ in range(20):
        ask(reference, piece * 20_000)
    assert time.process_time() - start < 2.0

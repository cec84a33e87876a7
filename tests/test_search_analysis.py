from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.identifiers import fold
from search.abbreviations import ABBREVIATIONS
from search.analysis import expansions, folded, has_accents, pairs, parse_query, words

TEXT = st.text(alphabet=st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=80)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Ủy ban", "Uỷ ban"),  # the tone on either vowel
        ("HÒA BÌNH", "hoà bình"),
        ("thúy", "thuý"),
        (unicodedata.normalize("NFD", "điểm"), "điểm"),  # decomposed input
    ],
)
def test_spellings_of_one_word_are_one_token(left: str, right: str) -> None:
    assert words(left) == words(right)


@pytest.mark.parametrize(
    ("left", "right"),
    [("quý", "quỹ"), ("dân", "dạn"), ("toàn", "toán")],
)
def test_different_words_stay_different(left: str, right: str) -> None:
    assert words(left) != words(right)


def test_tokens_of_a_number_and_of_provisions() -> None:
    assert words("Số: 34-CT/TW, điểm đ khoản 2 Điều 5") == [
        "số",
        "34",
        "ct",
        "tw",
        "điểm",
        "đ",
        "khoản",
        "2",
        "điều",
        "5",
    ]
    assert folded(["đường", "điểm"]) == ["duong", "diem"]
    assert pairs(["thi", "dua", "khen"]) == ["thi_dua", "dua_khen"]
    assert pairs(["thi"]) == []


@pytest.mark.parametrize(
    ("typed", "accents"), [("ke hoach 2024", False), ("kế hoach", True), ("QD 666", False), ("đ", True)]
)
def test_accents_are_noticed(typed: str, accents: bool) -> None:
    assert has_accents(typed) is accents


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("TĐKT", "thi đua khen thưởng"),
        ("tdkt", "thi đua khen thưởng"),  # no accents, small letters
        ("UBND", "uỷ ban nhân dân"),
        ("KT-XH", "kinh tế xã hội"),
        ("TU", "tỉnh uỷ"),
        ("bảo hiểm y tế", "bhyt"),  # the other way
        ("CT UBND tỉnh", "chủ tịch uỷ ban nhân dân"),
        ("toàn dân đoàn kết xây dựng đời sống văn hóa", "tdđkxdđsvh"),
        ("papi", "chỉ số hiệu quả quản trị và hành chính công cấp tỉnh"),
        ("hoc tap va lam theo bac", "học tập và làm theo tư tưởng đạo đức phong cách hồ chí minh"),
    ],
)
def test_abbreviations_are_read_both_ways(typed: str, said: str) -> None:
    assert said in {" ".join(one.words) for one in expansions(typed)}


@pytest.mark.parametrize("typed", ["từ năm 2020", "tu nam 2020", "hu", "ca", "một hai ba"])
def test_syllables_are_no_abbreviations(typed: str) -> None:
    assert not [one for one in expansions(typed) if len(one.words) > 1]


def test_every_abbreviation_is_found_when_typed_in_capitals() -> None:
    missing = []
    for short, longs in ABBREVIATIONS.items():
        shown = short if " " in short else short.upper()
        if not {" ".join(words(long)) for long in longs} & {" ".join(one.words) for one in expansions(shown)}:
            missing.append(short)
    assert not missing


def test_an_ambiguous_abbreviation_gives_all_readings_likeliest_first() -> None:
    found = [one for one in expansions("TTCP") if one.start == 0]
    assert [" ".join(one.words) for one in found] == ["thủ tướng chính phủ", "thanh tra chính phủ"]
    assert found[0].weight > found[1].weight


def test_the_query_is_taken_apart() -> None:
    query = parse_query('“thi đua yêu nước” -xã năm:2024 cites:34-CT/TW nông thôn mới -"gia đình văn hóa"')
    assert query.text == "thi đua yêu nước nông thôn mới"
    assert query.phrases == (("thi", "đua", "yêu", "nước"),)
    assert query.excluded == (("xã",), ("gia", "đình", "văn", "hoá"))
    assert query.filters == (("year", "2024"), ("cites", "34-CT/TW"))


@pytest.mark.parametrize(
    "typed", ["34-CT/TW", "V/v: thi đua", "kinh tế - xã hội", "2021-2025", 'ngoặc " lẻ', "http://x"]
)
def test_what_only_looks_like_an_operator_stays_text(typed: str) -> None:
    query = parse_query(typed)
    assert not query.filters
    assert not query.excluded
    assert not query.phrases
    assert query.text == typed


def test_abbreviations_are_spelled_out_for_the_encoder() -> None:
    assert parse_query("mức đóng BHYT của NLĐ").spelled_out == "mức đóng bảo hiểm y tế của người lao động"
    assert parse_query("mức đóng bảo hiểm y tế").spelled_out == "mức đóng bảo hiểm y tế"


@given(TEXT)
def test_any_query_is_read(typed: str) -> None:
    query = parse_query(typed)
    assert len(folded(list(query.words))) == len(query.words)
    for one in query.expansions:
        assert 0 <= one.start < one.end <= len(query.words)
    assert isinstance(query.spelled_out, str)


@given(TEXT)
def test_folded_words_are_the_words_of_the_folded_text(text: str) -> None:
    plain = folded(words(text))
    if len(fold(text)) == len(text) and text.isascii():
        assert plain == words(fold(text))


def test_a_huge_query_takes_no_time() -> None:
    parse_query('"' * 50_000 + "-" * 50_000)
    parse_query("thi đua " * 12_000)

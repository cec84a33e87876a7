"""Numbers, keys and slugs: a golden table of printed numbers, and what must hold for any string."""

from __future__ import annotations

import datetime as dt
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.identifiers import fold, link_id, named_key, number_key, parse_number, period_of, slug, work_key

# (printed, text, number, year, kind code, body, units, style)
GOLDEN = [
    ("159/KH-UBND", "159/KH-UBND", "159", None, "KH", "UBND", (), "state"),
    ("34-CT/TW", "34-CT/TW", "34", None, "CT", "TW", (), "party"),
    ("15/2020/NĐ-CP", "15/2020/NĐ-CP", "15", 2020, "NĐ", "CP", (), "state"),
    ("1954/UBND-TH", "1954/UBND-TH", "1954", None, None, "UBND", ("TH",), "state"),
    ("06/2022/QH15", "06/2022/QH15", "06", 2022, None, "QH15", (), "assembly"),
    ("751/2019/UBTVQH14", "751/2019/UBTVQH14", "751", 2019, None, "UBTVQH14", (), "assembly"),
    # a blank number keeps its symbol
    ("/UBND-TH", "/UBND-TH", None, None, None, "UBND", ("TH",), "state"),
    # separators swapped: the body decides which way round it belongs
    ("22/CT-TW", "22-CT/TW", "22", None, "CT", "TW", (), "party"),
    ("31/QĐ-TW", "31-QĐ/TW", "31", None, "QĐ", "TW", (), "party"),
    # spaces, line breaks, marks and every dash inside the token
    ("473/TTr -\nNN&PTNT", "473/TTr-NN&PTNT", "473", None, "TTr", "NN&PTNT", (), "state"),
    ("100 – KL / TW", "100-KL/TW", "100", None, "KL", "TW", (), "party"),
    ("**34-CT/TW**", "34-CT/TW", "34", None, "CT", "TW", (), "party"),
    ("225 - KH/TWĐTN-CTTN", "225-KH/TWĐTN-CTTN", "225", None, "KH", "TWĐTN", ("CTTN",), "party"),
    # a separator lost before the kind, or between kind and body
    ("298 KH/TWĐTN", "298-KH/TWĐTN", "298", None, "KH", "TWĐTN", (), "party"),
    ("34CT/TW", "34-CT/TW", "34", None, "CT", "TW", (), "party"),
    ("13/QĐUBND", "13/QĐ-UBND", "13", None, "QĐ", "UBND", (), "state"),
    ("27/CTTg", "27/CT-TTg", "27", None, "CT", "TTg", (), "state"),
    ("62/2016QĐ-UBND", "62/2016/QĐ-UBND", "62", 2016, "QĐ", "UBND", (), "state"),
    ("37/2025/TTBNN", "37/2025/TT-BNN", "37", 2025, "TT", "BNN", (), "state"),
    # look-alike letters, lost case, Đ without its bar
    ("445-KL/TƯ", "445-KL/TU", "445", None, "KL", "TU", (), "party"),
    ("34-СТ/ТW", "34-CT/TW", "34", None, "CT", "TW", (), "party"),
    ("19/ct-ttg", "19/CT-TTg", "19", None, "CT", "TTg", (), "state"),
    ("120/2016/ND-CP", "120/2016/NĐ-CP", "120", 2016, "NĐ", "CP", (), "state"),
    # suffixes, joint papers, old series
    ("556/QĐ-UBND.HC", "556/QĐ-UBND.HC", "556", None, "QĐ", "UBND.HC", (), "state"),
    ("04/2010/TTLT-UBDT-BNV", "04/2010/TTLT-UBDT-BNV", "04", 2010, "TTLT", "UBDT", ("BNV",), "state"),
    ("35-L/CTN", "35-L/CTN", "35", None, "L", "CTN", (), "party"),
    ("24a/2011/NĐ-CP", "24A/2011/NĐ-CP", "24A", 2011, "NĐ", "CP", (), "state"),
]


@pytest.mark.parametrize(("printed", "text", "number", "year", "code", "body", "units", "style"), GOLDEN)
def test_parse_number(printed, text, number, year, code, body, units, style) -> None:  # type: ignore[no-untyped-def]
    parsed = parse_number(printed)
    assert parsed is not None
    assert parsed.text == text
    assert (parsed.number, parsed.year, parsed.kind_code, parsed.body, parsed.units, parsed.style) == (
        number, year, code, body, units, style,
    )  # fmt: skip
    assert parsed.normative is (year is not None)


@pytest.mark.parametrize(
    "printed", ["", "34", "24/7", "15/15", "2021-2025", "0932 780 176", "25A-001.22", "HCM/321/1", "/"]
)
def test_what_is_no_number(printed: str) -> None:
    assert parse_number(printed) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [("09/CT-UBND", "9/CT-UBND"), ("34-CT/TW", "34/CT-TW"), ("34 - CT/TW", "34-ct/tw"), ("445-KL/TƯ", "445-KL/TU")],
)
def test_spellings_of_one_number_share_a_key(one: str, other: str) -> None:
    assert number_key(one) == number_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    # one series each: a body's years, a province's and its normative papers, two kinds
    [("34/QĐ-UBND", "34/2024/QĐ-UBND"), ("34-CT/TW", "34-KL/TW"), ("34-CT/TW", "34-CT/TU"), ("134-CT/TW", "34-CT/TW")],
)
def test_different_numbers_do_not(one: str, other: str) -> None:
    assert number_key(one) != number_key(other)


@pytest.mark.parametrize(
    ("owner", "printed", "issued", "key"),
    [
        ("tw", "34-CT/TW", "2014-04-07", "tw/ct/2014/34"),
        ("lai-chau.ubnd", "1954/UBND-TH", "2023-05-30", "lai-chau.ubnd/cv/2023/1954-th"),
        ("hue.ubnd", "034/2024/QĐ-UBND", "2024-05-02", "hue.ubnd/qd/2024-qppl/34"),
        ("qh", "06/2022/QH15", None, "qh/qh15/2022-qppl/6"),
        ("dong-thap.ubnd", "556/QĐ-UBND.HC", "2015-06-16", "dong-thap.ubnd/qd/2015/556-hc"),
    ],
)
def test_keys(owner: str, printed: str, issued: str | None, key: str) -> None:
    number = parse_number(printed)
    assert number is not None
    period = period_of(number, dt.date.fromisoformat(issued) if issued else None)
    assert period is not None
    assert work_key(owner, number, period) == key


def test_a_blank_number_has_no_key() -> None:
    number = parse_number("/KH-UBND")
    assert number is not None and period_of(number, None) is None
    with pytest.raises(ValueError, match="/KH-UBND"):
        work_key("lai-chau.ubnd", number, "2021")


def test_slugs_keep_d_with_bar() -> None:
    assert slug("Tam Đường – Lai Châu") == "tam-duong-lai-chau"
    assert named_key("Luật Thi đua, khen thưởng 2022") == "ten/luat-thi-dua-khen-thuong-2022"


def test_link_ids_depend_on_the_link_alone() -> None:
    assert link_id("a", "implements", "b") != link_id("b", "implements", "a") != link_id("a", "follows", "b")


@given(st.text(max_size=60))
def test_parsing_never_raises_and_is_stable(printed: str) -> None:
    parsed = parse_number(printed)
    if parsed is not None:
        again = parse_number(parsed.text)
        assert again is not None and again.text == parsed.text
        assert number_key(parsed.text) == number_key(printed)


@given(st.from_regex(r"[0-9]{1,5} ?[-–/] ?(CT|KH|QĐ|NQ|KL) ?[-/] ?(TW|TU|UBND|HĐND|BNV)", fullmatch=True))
def test_every_spacing_and_separator_gives_one_number(printed: str) -> None:
    parsed = parse_number(printed)
    assert parsed is not None and parsed.kind_code is not None
    bare = printed.replace(" ", "").replace("–", "-")
    assert parse_number(bare) == parsed


@given(st.text(max_size=200))
def test_folding_keeps_the_length_of_composed_text(text: str) -> None:
    import unicodedata

    composed = unicodedata.normalize("NFC", text)
    assert len(fold(composed)) == len(composed)


@pytest.mark.parametrize("printed", ["1" * 100_000, "1/" * 50_000, "12/QĐ-" + "A-" * 50_000, " " * 100_000])
def test_parsing_is_linear(printed: str) -> None:
    started = time.process_time()
    parse_number(printed)
    assert time.process_time() - started < 2

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.numbers import NumberIndex, number_queries

HELD = {
    0: "34-CT/TW", 1: "1954/UBND-TH", 2: "118/KH-UBND", 3: "118/KH-UBND", 4: "666/QĐ-TTg", 5: "26/2025/QĐ-UBND",
    6: "26/KH-UBND", 7: "72/2025/QH15", 8: "05/NQ-HĐND", 9: "19540/BTC-QLT", 10: "60-NQ/TW", 11: "1074/QĐ-UBND.HC",
}  # fmt: skip
ABOUT = {
    2: " uy ban nhan dan huyen suoi vang son lam suoi vang ubnd thi dua",
    3: " uy ban nhan dan tinh bac hai bac hai ubnd an toan thuc pham",
    5: " uy ban nhan dan tinh bac hai",
    6: " uy ban nhan dan tinh son lam",
}
YEARS = {2: (2023,), 3: (2024,)}
CITED = ((2, "34-CT/TW"), (6, "1954/UBND-TH"), (3, "777/QĐ-BNV"))
INDEX = NumberIndex(HELD.items(), CITED)


def found(typed: str, how: str = "exact") -> list[int]:
    hits = [hit for query in number_queries(typed) for hit in INDEX.find(query, ABOUT, years=YEARS)]
    return [hit.document for hit in hits if hit.how == how]


@pytest.mark.parametrize(
    ("typed", "documents"),
    [
        ("34-CT/TW", [0]),
        ("34/CT-TW", [0]),  # separators swapped
        ("34 ct tw", [0]),
        ("ct 34", [0]),
        ("ct34", [0]),
        ("CT34", [0]),
        ("chỉ thị 34", [0]),
        ("chi thi so 34", [0]),
        ("Chỉ thị số 34-CT/TW ngày 07/4/2014 của Bộ Chính trị", [0]),
        ("1954", [1]),
        ("cv 1954", [1]),  # a công văn has no code of its own
        ("công văn 1954", [1]),
        ("văn bản 1954", [1]),
        ("1954/ubnd", [1]),
        ("QD 666", [4]),  # typed without Đ
        ("666/QD-TTG", [4]),
        ("quyet dinh 666 ttg", [4]),
        ("kế hoạch 118", [2, 3]),  # several: all
        ("kh 118 bac hai", [3]),  # narrowed by a place
        ("kh 118 suối vàng", [2]),
        ("kh 118 năm 2024", [3]),  # narrowed by a year
        ("26/2025/qd-ubnd", [5]),
        ("26/2025/qđ-ubnd bắc hải", [5]),
        ("26/2025", [5]),
        ("luật 72/2025/QH15", [7]),
        ("72 qh", [7]),
        ("nq 5", [8]),  # leading zeros
        ("NQ05", [8]),
        ("nghị quyết 60 tw", [10]),
        ("1074/QĐ-UBND.HC", [11]),
        ("34-CTTW", [0]),  # no sign between
        ("34 cttw", [0]),
        ("666 qdttg", [4]),
        ("QĐ-TTg 666", [4]),  # the symbol before the digits
        ("kh ubnd 118 suối vàng", [2]),
        ("34 chỉ thị tw", [0]),  # the kind behind them
        ("666 quyết định", [4]),
        ("118 bắc hải", [3]),  # digits and words that are all said of the paper
        ("118 huyện suối vàng", [2]),
        ("34ct/tw", [0]),  # no space behind the digits
        ("666qdttg", [4]),
        ("118kh-ubnd suối vàng", [2]),
        ("1954ubnd", [1]),  # no year: a symbol follows
        ("1954 ubnd th", [1]),
        ("1.954/UBND-TH", [1]),  # a thousand with a point
        ("1 954", [1]),
        ("１９５４", [1]),  # full-width digits, an invisible space, accents as signs of their own
        ("cv\u200b 1954", [1]),
        (unicodedata.normalize("NFD", "nghị quyết 60 tw"), [10]),
    ],
)
def test_ways_of_typing_a_number(typed: str, documents: list[int]) -> None:
    hits = found(typed)
    if typed == "26/2025":  # the year excludes nothing whose year is not known
        assert documents[0] in hits
    else:
        assert sorted(hits) == documents


@pytest.mark.parametrize(
    "typed",
    [
        "kế hoạch thi đua 5 năm 2021-2025",
        "thi đua 115 năm thành lập tỉnh",
        "kế hoạch năm 2024",
        "quyết định 3 nội dung chính",
        "covid19",
        "5km đường",
        "thi đua 2024 ubnd huyện",
        "5-10 năm",
        "từ ngày 15/6/2023",
        "phong trào thi đua",
        "điều 5 luật đất đai",
        "",
    ],
)
def test_numbers_that_mean_no_paper(typed: str) -> None:
    assert number_queries(typed) == ()


@pytest.mark.parametrize("typed", ["118 đồng", "118 giáo viên bắc hải", "từ 34 tuổi", "34 quyết định của tỉnh"])
def test_digits_beside_words_of_other_papers_mean_none(typed: str) -> None:
    assert found(typed) == []


def test_no_paper_of_another_kind() -> None:
    assert found("qd 34") == []
    assert found("cv 118") == []  # 118/KH-UBND is no công văn


def test_a_resolution_of_the_assembly_is_one_though_its_number_does_not_say_so() -> None:
    index = NumberIndex([(0, "98/2023/QH15/NQ"), (1, "98/2020/QH14")], [(2, "98/2023/QH15")])
    (query,) = number_queries("nghị quyết 98")
    assert [(hit.document, hit.how) for hit in index.find(query, {}, years={})] == [(0, "exact"), (2, "cites")]


def test_who_cites_a_number_comes_after_who_bears_it() -> None:
    assert found("34-CT/TW", "cites") == [2]
    assert found("777/QĐ-BNV", "cites") == [3]  # not held: those that cite it


def test_a_number_not_held_offers_longer_ones() -> None:
    assert found("195", "prefix") == [1, 9]
    assert found("1954", "prefix") == []


@given(st.text(max_size=60))
def test_any_text_is_read(typed: str) -> None:
    for query in number_queries(typed):
        assert query.digits
        INDEX.find(query, ABOUT, years=YEARS)


def test_a_long_text_takes_no_time() -> None:
    number_queries("1/2-" * 25_000)
    number_queries("1 " * 50_000)

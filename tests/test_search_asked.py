"""What is asked and what is answered: readings of a query that take the whole index to judge."""

from __future__ import annotations

import datetime as dt
import unicodedata

import pytest
from search_doubles import HashingEncoder, document

from kg.identifiers import fold
from search.index import SearchIndex, build

ENCODER = HashingEncoder()
PAPERS = [
    document(
        "qh/nq/2023/98", "Thí điểm cơ chế, chính sách đặc thù phát triển thành phố.", number="98/2023/QH15",
        kind="Nghị quyết", issuer="Quốc hội", owner="qh", level="central", date=dt.date(2023, 6, 24),
        title="Cơ chế, chính sách đặc thù",
    ),
    document(
        "qh/l/2020/98", "", number="98/2020/QH14", kind="Luật", issuer="Quốc hội", owner="qh", level="central",
        title="Luật về biên giới",
    ),
    document(
        "son-lam.ubnd/kh/2025/40",
        "Thực hiện Nghị quyết số 18-NQ/TW, các xã sắp xếp bộ máy. Phụ lục 35 nêu danh sách 35 cơ quan.",
        number="40/KH-UBND", kind="Kế hoạch", issuer="Ủy ban nhân dân tỉnh Sơn Lâm", owner="son-lam.ubnd",
        level="province", date=dt.date(2025, 2, 1), title="Kế hoạch sắp xếp bộ máy năm 2025",
    ),
    document(
        "son-lam.ubnd/kh/2023/12", "Tuyên truyền biên giới; điều 18 và điều 35 của quy chế.", number="12/KH-UBND",
        kind="Kế hoạch", issuer="Ủy ban nhân dân tỉnh Sơn Lâm", owner="son-lam.ubnd", level="province",
        date=dt.date(2023, 3, 1), title="Kế hoạch tuyên truyền biên giới",
    ),
]  # fmt: skip


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> SearchIndex:
    return SearchIndex(build(tmp_path_factory.mktemp("asked"), PAPERS, encoder=ENCODER), encoder=ENCODER)


def keys(index: SearchIndex, query: str) -> list[str]:
    return [hit.document.key for hit in index.search(query, fold_similar=False).hits]


def test_a_number_that_none_bears_shows_who_says_it_not_who_has_the_digits(index: SearchIndex) -> None:
    found = index.search("nq18")
    assert [hit.document.key for hit in found.hits] == ["son-lam.ubnd/kh/2025/40"]
    assert found.notes == ("Kho chưa có văn bản nào mang số 18; chỉ có văn bản nhắc đến số này.",)
    (note,) = index.search("ct 35 tw").notes  # "Phụ lục 35" is no directive
    assert note.endswith("chỉ gần về từ ngữ.")


def test_a_resolution_of_the_assembly_is_found_by_its_kind(index: SearchIndex) -> None:
    assert keys(index, "nghị quyết 98")[0] == "qh/nq/2023/98"
    assert "qh/l/2020/98" not in keys(index, "nghị quyết 98/2023/QH15")
    assert keys(index, "luật 98/2020/QH14")[0] == "qh/l/2020/98"


def test_a_recent_year_that_no_paper_bears_as_its_number_is_a_year(index: SearchIndex) -> None:
    found = index.search("kh 2025 ubnd")
    assert found.hits[0].document.key == "son-lam.ubnd/kh/2025/40"
    assert found.notes == ()


@pytest.mark.parametrize("query", ["kế hoạch tuyên truyền biên giới", "nghị quyết 98", "kh 12 ubnd", "sắp xếp bộ máy"])
def test_the_way_of_typing_changes_nothing(index: SearchIndex, query: str) -> None:
    wide = "".join(chr(ord(sign) + 0xFEE0) if sign.isdigit() else sign for sign in query)
    ways = [
        unicodedata.normalize("NFD", query), query.upper(), query.title(), f"  {query}  ", wide,
        query.replace(" ", "\u00a0"), query.replace(" ", " \u200b"), query.replace(" ", "\t"),
    ]  # fmt: skip
    plain = keys(index, query)
    assert plain
    assert [way for way in ways if keys(index, way) != plain] == []
    assert {keys(index, way)[0] for way in (f"{query}?", f"({query})", f"{query} ...")} == {plain[0]}
    assert keys(index, fold(query))[0] == keys(index, fold(query).upper())[0] == plain[0]


@pytest.mark.parametrize(
    ("query", "filters"),
    [
        ("bộ máy năm:1990", ["năm 1990"]),
        ("bộ máy loại:zzz", ["loại zzz"]),
        ('coquan:"Bộ Không Có"', ["cơ quan Bộ Không Có"]),
        ("cites:9999/QĐ-X năm:2025", ["viện dẫn 9999/QĐ-X"]),
        ("bộ máy loại:luật năm:2025", []),  # each is met by some paper
        ("bộ máy năm:2025", []),
    ],
)
def test_a_filter_that_no_paper_meets_is_named(index: SearchIndex, query: str, filters: list[str]) -> None:
    sentence = "Kho không có văn bản nào ứng với bộ lọc “{}”; đề nghị kiểm tra hoặc bỏ bộ lọc này."
    expected = [sentence.format(said) for said in filters]
    found = index.search(query)
    assert list(found.notes) == expected
    assert not (expected and found.hits)


def test_keys_pressed_with_the_vietnamese_keyboard_off_are_read_and_it_is_said(index: SearchIndex) -> None:
    found = index.search("kees hoachj tuyeen truyeenf bieen gioiws")
    assert [hit.document.key for hit in found.hits] == keys(index, "kế hoạch tuyên truyền biên giới")
    assert found.notes == ("Tìm theo cách gõ Telex: “kế hoạch tuyên truyền biên giới”.",)
    assert found.query == "kees hoachj tuyeen truyeenf bieen gioiws"


def test_nothing_is_too_odd_to_ask(index: SearchIndex) -> None:
    odd = [
        "", " ", "...", "😀", "' OR 1=1 --", "title:a AND (b OR c)", "*", "/.*/", "+a -", "[1 TO 2]", '"', "-", "a^5~2",
        "năm:", "cites:", 'loại:""', "(" * 500, "đ" * 5_000, "1 " * 5_000, "\x00\x07", "thi đua " * 20_000,
    ]  # fmt: skip
    for query in odd:
        index.search(query)
        index.suggest(query)

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.accents import with_accents
from search.analysis import parse_query
from search.similar import likeness, shingles
from search.snippets import highlights, window


@pytest.mark.parametrize(
    ("text", "query", "marked"),
    [
        ("Tổ chức phong trào thi đua yêu nước.", "thi đua yêu nước", ["thi đua yêu nước"]),
        ("Tổ chức phong trào thi đua yêu nước.", "thi dua", ["thi đua"]),  # typed without accents
        ("Xử lý vi phạm an toàn thực phẩm.", "thực phẩm", ["thực phẩm"]),  # accents typed: "phạm" is another word
        ("Ủy ban nhân dân huyện", "uỷ ban", ["Ủy ban"]),  # the tone on either vowel
        ("Ủy ban nhân dân huyện", "UBND huyện", ["Ủy ban nhân dân huyện"]),  # an abbreviation
        ("Báo cáo của Sở Nội vụ", "của", []),  # what every text holds
        ("Báo cáo của Sở Nội vụ", "báo cáo của sở", ["Báo cáo của Sở"]),
        ("Thi đua. Khen thưởng", "thi đua khen thưởng", ["Thi đua", "Khen thưởng"]),  # not across sentences
        ("Số 34-CT/TW", "34-CT/TW", ["34-CT/TW"]),
        ("", "thi đua", []),
        ("Chí công theo Chỉ thị 34-CT/TW tại thị trấn", "CT 34", ["Chỉ thị 34-CT"]),  # what it stands for, whole
        ("Phường, thị trấn phát động thi đua", "thi dua", ["thi đua"]),  # another word by its accents
        ("phong trao thi dua", "thi dua", ["thi dua"]),
        ("Ủy ban Mặt trận Tổ quốc, các tổ dân phố", "MTTQ", ["Mặt trận Tổ quốc"]),
        ("Mặt trận Tổ quốc các cấp, ủy ban nhân dân", "UBMTTQ", ["Mặt trận Tổ quốc"]),
        ("quy định của pháp luật và của Nhà nước.", "quy định của", ["quy định"]),
    ],
)
def test_highlights(text: str, query: str, marked: list[str]) -> None:
    assert [text[start:end] for start, end in highlights(text, with_accents(parse_query(query)))] == marked


@given(st.text(max_size=200), st.text(max_size=40))
def test_highlights_lie_in_the_text_in_order(text: str, query: str) -> None:
    end = 0
    for start, stop in highlights(text, parse_query(query)):
        assert end <= start < stop <= len(text)
        end = stop


def test_the_window_holds_the_densest_part() -> None:
    text = "mở đầu " * 100 + "phong trào thi đua yêu nước " + "kết thúc " * 100
    marks = highlights(text, parse_query("phong trào thi đua yêu nước"))
    start, end = window(text, marks, 120)
    assert "phong trào thi đua yêu nước" in text[start:end]
    assert end - start <= 121
    assert window("ngắn", ()) == (0, 4)


@given(st.text(alphabet="ab ", min_size=1, max_size=600), st.integers(20, 200))
def test_the_window_is_never_empty(text: str, width: int) -> None:
    start, end = window(text, ((0, 1),), width)
    assert 0 <= start < end <= len(text)


def test_numbers_and_accents_do_not_make_texts_different() -> None:
    left = shingles("Phấn đấu đến năm 2024 có 90% hộ đạt gia đình văn hóa")
    right = shingles("Phấn đấu đến năm 2025 có 92% hộ đạt gia đình văn hoá")
    assert likeness(left, right) == 1.0
    assert likeness(left, shingles("Kiểm tra an toàn thực phẩm tại các chợ")) == 0.0
    assert likeness(frozenset(), frozenset()) == 0.0

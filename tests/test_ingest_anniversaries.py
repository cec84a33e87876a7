"""Anniversaries: what is one, what only looks like one, and one name for one event."""

from __future__ import annotations

import datetime as dt

import pytest
from factcases import whole
from hypothesis import given
from hypothesis import strategies as st

from ingest.anniversaries import find_anniversaries

DAY = dt.date


def found(text: str) -> list[tuple[int, str, dt.date | None, dt.date | None]]:
    return [(a.years, a.event, a.origin, a.commemorated) for a in find_anniversaries(text, whole(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "chào mừng kỷ niệm 60 năm thành lập huyện Sơn Vĩ (15/3/1964 - 15/3/2024).",
            [(60, "thành lập huyện Sơn Vĩ", DAY(1964, 3, 15), DAY(2024, 3, 15))],
            id="dated",
        ),
        pytest.param(
            "KỶ NIỆM 30 NĂM NGÀY TÁI LẬP TỈNH (01/01/1992–01/01/2022)",
            [(30, "NGÀY TÁI LẬP TỈNH", DAY(1992, 1, 1), DAY(2022, 1, 1))],
            id="capitals and long dash",
        ),
        pytest.param(
            "45 năm Ngày chiến thắng Đèo Cả (02/9/1975 - 02/9/2020; hội thi thể thao",
            [(45, "Ngày chiến thắng Đèo Cả", DAY(1975, 9, 2), DAY(2020, 9, 2))],
            id="bracket never closed",
        ),
        pytest.param(
            "10 năm thành lập xã Nà Pán (20/7/2013 \n- 20/7/2023)",
            [(10, "thành lập xã Nà Pán", DAY(2013, 7, 20), DAY(2023, 7, 20))],
            id="broken inside the dates",
        ),
        pytest.param(
            "hướng tới Kỷ niệm 96 năm Ngày thành lập Đảng; 40 năm ngày mở tuyến đường Nà Pán, các cấp ra sức thi đua",
            [(96, "Ngày thành lập Đảng", None, None), (40, "ngày mở tuyến đường Nà Pán", None, None)],
            id="undated, the second through the list",
        ),
        pytest.param(
            "kỷ niệm 20 năm chia tách, thành lập tỉnh và 5 năm sáp nhập",
            [(20, "chia tách, thành lập tỉnh", None, None), (5, "sáp nhập", None, None)],
            id="a comma inside the event, a second one after và",
        ),
        pytest.param(
            "kỷ niệm lần thứ 135 ngày sinh Chủ tịch Hồ Chí Minh.",
            [(135, "ngày sinh Chủ tịch Hồ Chí Minh", None, None)],
            id="lần thứ",
        ),
        pytest.param(
            "ký niệm 50 năm thành lập trường (5/9/1970)",
            [(50, "thành lập trường", DAY(1970, 9, 5), None)],
            id="misread accent, only the first date",
        ),
        pytest.param("Kế hoạch phát triển kinh tế - xã hội 5 năm (2021-2025)", [], id="a period"),
        pytest.param("kế hoạch 4 năm xây dựng nông thôn (2021 - 2025)", [], id="a period with words"),
        pytest.param("Sau 10 năm thực hiện Nghị quyết, tỷ lệ hộ nghèo giảm", [], id="a review"),
        pytest.param("truyền thống 60 năm xây dựng và phát triển của huyện", [], id="a stretch of time"),
        pytest.param("ngày 12 tháng 6 năm 2025 của Chính phủ", [], id="a date"),
        pytest.param("công tác từ 15 năm trở lên", [], id="seniority"),
        pytest.param("trong 3 năm liên tục đạt danh hiệu", [], id="a run of years"),
        pytest.param("trước 30 năm ngày 31/02/1990", [], id="no such day, no event"),
    ],
)
def test_anniversaries(text: str, expected: list[tuple[int, str, dt.date | None, dt.date | None]]) -> None:
    assert found(text) == expected


def test_two_dates_that_do_not_fit_are_a_period() -> None:
    """Y2 - Y1 must be N; after "kỷ niệm" the event stays, without dates."""
    assert found("30 năm thành lập tỉnh (01/01/1990 - 01/01/2024)") == []
    assert found("kỷ niệm 30 năm thành lập tỉnh (01/01/1990 - 01/01/2024)") == [(30, "thành lập tỉnh", None, None)]


def test_undated_mention_takes_the_dates_of_the_same_event() -> None:
    text = "Sau 60 năm thành lập huyện, đời sống đổi thay.\nKỷ niệm 60 năm thành lập huyện (15/3/1964 - 15/3/2024)."
    first, second = find_anniversaries(text, whole(text))
    assert (
        (first.origin, first.commemorated)
        == (second.origin, second.commemorated)
        == (DAY(1964, 3, 15), DAY(2024, 3, 15))
    )
    assert first.span.of(text).startswith("60 năm thành lập huyện")
    assert first.span != second.span


def test_two_events_of_one_age_do_not_lend_their_dates() -> None:
    text = (
        "60 năm thành lập huyện (15/3/1964 - 15/3/2024) và 60 năm thành lập trường (01/9/1964 - 01/9/2024).\n"
        "Sau 60 năm thành lập, đơn vị lớn mạnh."
    )
    assert len(found(text)) == 2


def test_longer_name_of_the_same_event_becomes_the_shorter() -> None:
    dates = "(15/3/1964 - 15/3/2024)"
    text = f"60 năm thành lập huyện Sơn Vĩ {dates}; kỷ niệm 60 năm thành lập huyện {dates}"
    assert {event for _, event, _, _ in found(text)} == {"thành lập huyện"}


@given(st.text(alphabet="kỷ niệm 0123456789năthàlpgy/-–() \n;,.Nn", max_size=200))
def test_any_text_is_read_without_fault(text: str) -> None:
    for entry in find_anniversaries(text, whole(text)):
        assert 0 <= entry.span.start < entry.span.end <= len(text)
        assert entry.event
        assert str(entry.years) in entry.span.of(text)
        if entry.origin and entry.commemorated:
            assert entry.commemorated.year - entry.origin.year == entry.years

"""Deadlines: the three kinds, every way to write the date, and days that are no limits."""

from __future__ import annotations

import datetime as dt

import pytest
from factcases import whole
from hypothesis import given
from hypothesis import strategies as st

from ingest.deadlines import due_in, find_deadlines
from ingest.factdates import to_date


def found(text: str) -> list[tuple[str, str]]:
    return [(d.kind, d.date) for d in find_deadlines(text, whole(text, date=dt.date(2025, 3, 1)))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("gửi kế hoạch về Sở Nội vụ trước ngày 15/7/2025.", [("sending", "2025-07-15")]),
        ("gửi danh sách về Phòng Nội vụ chậm nhất ngày 05 tháng 6 năm 2025", [("sending", "2025-06-05")]),
        ("Báo cáo kết quả thực hiện trước ngày 20/12.", [("reporting", "2025-12-20")]),
        ("báo cáo kết quả trước ngày 25 hằng tháng", [("reporting", "25 hằng tháng")]),
        ("tổng hợp báo cáo Ủy ban nhân dân tỉnh trước ngày 10/12 hàng năm", [("reporting", "10/12 hằng năm")]),
        ("mẫu báo cáo hàng tuần trước 15:00 ngày thứ Sáu hàng tuần", [("reporting", "thứ sáu hàng tuần")]),
        ("Phong trào thi đua được thực hiện từ nay đến hết ngày 30/9/2025.", [("campaign_end", "2025-09-30")]),
        ("Thời gian thi đua: Từ ngày 01/4/2025 đến ngày 02/9/2025", [("campaign_end", "2025-09-02")]),
        ("hoàn thành việc rà soát trong tháng 8/2025", [("other", "2025-08")]),
        ("hoàn thành xong trước Quý III/2025", [("other", "2025-Q3")]),
        ("phấn đấu đến hết năm 2030 hoàn thành số hóa", [("other", "2030")]),
        ("5. Thời gian thực hiện:\nTừ nay đến hết năm 2026.", [("other", "2026")]),
    ],
)
def test_deadlines(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Quyết định này có hiệu lực từ ngày 01/5/2025 đến hết ngày 31/12/2025.",
        "hồ sơ đã được tiếp nhận trước ngày 01/7/2025 thực hiện theo quy định cũ",
        "Nghị định được ban hành trước ngày 01/01/2020",
        "Kế hoạch số 12/KH-UBND ngày 20/02/2025 của Ủy ban nhân dân huyện",
        "thực hiện trong năm 2025",
        "Cử tri hỏi: “đề nghị hoàn thành trước ngày 01/9/2025”",
        "trước ngày 31/02/2025 phải báo cáo",
        "trước tiên, hoàn thành ba việc sau",
    ],
)
def test_days_that_are_no_limits(text: str) -> None:
    assert found(text) == []


def test_a_day_without_year_stays_without_year_when_the_paper_has_none() -> None:
    (deadline,) = find_deadlines("Báo cáo trước ngày 20/12.", whole("Báo cáo trước ngày 20/12."))
    assert deadline.date == "--12-20"


def test_the_first_limit_of_a_task() -> None:
    text = "Sở Tài chính rà soát, hoàn thành trước ngày 30/11/2025; báo cáo trong tháng 12/2025"
    assert due_in(text, 0, len(text)) == "2025-11-30"
    assert due_in(text, text.index("báo cáo"), len(text)) == "2025-12"
    assert due_in("Sở Tài chính rà soát", 0, 20) is None


def test_dates_are_read_day_first() -> None:
    assert to_date("02/9/1945") == dt.date(1945, 9, 2)
    assert to_date("02 tháng 9 năm 1945") == dt.date(1945, 9, 2)
    assert to_date("31/02/2024") is None


@given(st.text(alphabet="trước ngày 0123456789/thángăm gửibáocđếhqI\n.", max_size=200))
def test_any_text_is_read_without_fault(text: str) -> None:
    for deadline in find_deadlines(text, whole(text)):
        assert text[deadline.span.start : deadline.span.end] == deadline.surface
        assert deadline.date

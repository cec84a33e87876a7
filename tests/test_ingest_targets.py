"""Targets: comparator, value and unit in every way of saying them, and numbers that promise nothing."""

from __future__ import annotations

import pytest
from factcases import whole
from hypothesis import given
from hypothesis import strategies as st

from ingest.targets import find_targets


def found(text: str, kind: str = "Kế hoạch") -> list[tuple[str | None, float, str | None]]:
    return [(t.comparator, t.value, t.unit) for t in find_targets(text, whole(text, kind=kind))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tỷ lệ hộ dùng nước sạch đạt trên 91,5%", [(">", 91.5, "%")]),
        ("Tổ chức hơn 45 buổi nói chuyện ở cơ sở", [(">", 45, "buổi")]),
        ("thu hút vượt trên 12.400 lượt khách du lịch", [(">", 12400, "lượt khách")]),
        ("Phấn đấu đạt 35 mô hình chăn nuôi trở lên", [(">=", 35, "mô hình")]),
        (
            "đăng ký ít nhất 02 điển hình tập thể, 03 điển hình cá nhân",
            [(">=", 2, "điển hình tập thể"), (">=", 3, "điển hình cá nhân")],
        ),
        ("tỷ lệ hồ sơ trễ hạn giảm xuống dưới 0,5%", [("<", 0.5, "%")]),
        ("phấn đấu tỷ lệ hộ nghèo còn không quá 3%", [("<=", 3, "%")]),
        ("100% xã, phường có sân tập thể thao", [("=", 100, "%")]),
        ("tổng số sách đạt trên 7.250", [(">", 7250, None)]),
        ("mục tiêu tăng trưởng từ 7,5 - 8%", [(">=", 7.5, "%")]),
        ("thu ngân sách đạt trên 1.250,4 tỷ đồng", [(">", 1250.4, "tỷ đồng")]),
        ("hoàn thành hồ sơ 05 di sản văn hóa phi vật thể", [("=", 5, "di sản văn hóa phi vật thể")]),
        ("giảm 40% số vụ cháy", [("=", 40, "%")]),
        ("Hình thành tối thiểu 3-6 hợp tác xã kiểu mới", [(">=", 3, "hợp tác xã")]),
        ("II. MỤC TIÊU\n1. Số hộ dùng nước máy chiếm trên 45% tổng số hộ", [(">", 45, "%")]),
    ],
)
def test_targets(text: str, expected: list[tuple[str | None, float, str | None]]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Căn cứ khoản 5 Điều 12 Luật Thi đua, khen thưởng",
        "ngày 12 tháng 6 năm 2025",
        "giai đoạn 2021-2025 và Kế hoạch 5 năm",
        "năm qua tỷ lệ hộ nghèo đã giảm 3%",
        "GRDP ước đạt 9,2%, tăng 1,1% so với cùng kỳ",
        "kinh phí thực hiện 350 triệu đồng",
        "cơn bão số 3 làm thiệt hại trên 40 hộ",
        "điện thoại 0213.3798.000",
        "thuế suất trên 10% giá trị",
        "tăng trưởng 2 con số",
        "xã loại 2, thôn 5, tổ dân phố 7",
    ],
)
def test_numbers_that_promise_nothing(text: str) -> None:
    assert found(text) == []


def test_papers_that_are_no_plans_must_speak_of_a_purpose() -> None:
    rule = "Mức hỗ trợ trên 60% giá trị thiết bị; thẩm định trên 3 hồ sơ"
    assert found(rule, kind="Thông tư") == []
    assert found("Phấn đấu trên 60% hộ có nhà tiêu hợp vệ sinh", kind="Quyết định") == [(">", 60, "%")]
    under_heading = (
        "2. Mục tiêu cụ thể\na) Đến năm 2030\n- Trên 80% cơ sở có hồ sơ điện tử;\n3. Giải pháp\n- Trên 5 lớp học mở ra"
    )
    (target,) = find_targets(under_heading, whole(under_heading, kind="Quyết định"))
    assert (target.value, target.by) == (80, "2030")


def test_indicator_span_and_limit() -> None:
    text = "Phấn đấu đến hết tháng 9/2025 đón hơn 5.300 lượt khách, doanh thu từ dịch vụ đạt trên 12,6 tỷ đồng."
    first, second = find_targets(text, whole(text, kind="Kế hoạch"))
    assert (first.surface, first.by) == ("hơn 5.300 lượt khách", "2025-09")
    assert (second.indicator, second.by) == ("doanh thu từ dịch vụ", "2025-09")
    assert second.span.of(text) == second.surface == "doanh thu từ dịch vụ đạt trên 12,6 tỷ đồng"


@pytest.mark.parametrize(
    ("text", "indicator", "surface"),
    [
        (
            "Đóng góp của năng suất lao động vào tăng trưởng ở mức trên 35%.",
            "Đóng góp của năng suất lao động vào tăng trưởng",
            "Đóng góp của năng suất lao động vào tăng trưởng ở mức trên 35%",
        ),
        (
            "Tỷ trọng gạo thơm trên tổng giá trị xuất khẩu đạt tối thiểu 40%.",
            "Tỷ trọng gạo thơm trên tổng giá trị xuất khẩu",
            "Tỷ trọng gạo thơm trên tổng giá trị xuất khẩu đạt tối thiểu 40%",
        ),
        (
            "(2) đôn đốc đưa nước sạch về các bản, phải đạt 85% trong năm",
            "đôn đốc đưa nước sạch về các bản",
            "đôn đốc đưa nước sạch về các bản, phải đạt 85%",
        ),
        ("mở rộng mạng lưới (phấn đấu đạt 1.500 thuê bao)", "thuê bao", "1.500 thuê bao"),
        ("Hình thành tối thiểu 3-6 hợp tác xã chè", "hợp tác xã chè", "tối thiểu 3-6 hợp tác xã chè"),
    ],
)
def test_what_is_measured(text: str, indicator: str, surface: str) -> None:
    (target,) = find_targets(text, whole(text, kind="Kế hoạch"))
    assert (target.indicator, target.surface) == (indicator, surface)


def test_the_same_thing_asked_of_two_levels_is_one_target() -> None:
    text = "hoàn thiện 01 công trình chào mừng ngày hội; các xã hoàn thành 01 công trình có ích"
    assert found(text) == [("=", 1, "công trình")]


@given(st.text(alphabet="0123456789.,% đạtrênhơphấđuít gimcủaộồsơ\n;-", max_size=200))
def test_any_text_is_read_without_fault(text: str) -> None:
    for target in find_targets(text, whole(text)):
        assert text[target.span.start : target.span.end] == target.surface
        assert target.surface
        assert target.value >= 0

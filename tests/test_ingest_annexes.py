"""Task tables in both shapes that readers give, and annexes that are spoken of but absent."""

from __future__ import annotations

import pytest
from factcases import whole
from hypothesis import given
from hypothesis import strategies as st

from ingest.annexes import find_annex_assignments, missing_annexes

CELLS = """Kế hoạch
PHỤ LỤC
TT
Nội dung công việc
Cơ quan chủ trì
Cơ quan phối hợp
Thời gian hoàn thành
Sản phẩm
I
ĐÀO TẠO
1
Xây dựng giáo trình về chăm sóc cây chè
Sở Nông nghiệp và Môi trường
Các sở, ngành liên quan
Quý II/2026
Giáo trình
2
Mở lớp cho hợp tác xã
Liên minh Hợp tác xã tỉnh
Trước ngày 30/9/2026
3
Tổng kết
Sở Nội vụ
Ủy ban nhân dân các xã
Hằng năm
Báo cáo
"""
ROWS = """Kế hoạch
PHỤ LỤC
STT | Nhiệm vụ | Đơn vị chủ trì | Đơn vị phối hợp | Thời hạn | Kết quả
I | AN TOÀN
1 | Lắp biển báo | Sở Xây dựng | Công an tỉnh | tháng 5/2026 | 120 biển
...........
2 | Đo độ ồn | Sở Y tế |  | 2026 |
"""


def rows(text: str) -> list[tuple[str, str, str | None, str | None]]:
    return [(a.body, a.role, a.by, a.product) for a in find_annex_assignments(text, whole(text))]


def test_a_table_of_one_line_a_cell() -> None:
    assert rows(CELLS) == [
        ("Sở Nông nghiệp và Môi trường", "lead", "2026-Q2", "Giáo trình"),
        ("Các sở, ngành liên quan", "coordinate", "2026-Q2", "Giáo trình"),
        ("Liên minh Hợp tác xã tỉnh", "lead", "2026-09-30", None),
        ("Sở Nội vụ", "lead", "Hằng năm", "Báo cáo"),
        ("Ủy ban nhân dân các xã", "coordinate", "Hằng năm", "Báo cáo"),
    ]


def test_a_table_of_one_line_a_row() -> None:
    assert rows(ROWS) == [
        ("Sở Xây dựng", "lead", "2026-05", "120 biển"),
        ("Công an tỉnh", "coordinate", "2026-05", "120 biển"),
        ("Sở Y tế", "lead", "2026", None),
    ]


def test_the_span_is_the_row_without_its_number() -> None:
    first = find_annex_assignments(ROWS, whole(ROWS))[0]
    assert first.surface == "Lắp biển báo | Sở Xây dựng | Công an tỉnh | tháng 5/2026 | 120 biển"
    assert first.span.of(ROWS) == first.surface


@pytest.mark.parametrize(
    "text",
    [
        "Quyết định\nPHỤ LỤC\nTT\nTên xã\nDiện tích\n1\nNà Pán\n25,4\n",
        "Quyết định\nPHỤ LỤC\nSở Xây dựng chủ trì việc này.\n",
        "STT | Họ tên | Chức vụ\n1 | A | B\n",
        "STT | Tên thủ tục hành chính | Cơ quan thực hiện\n1 | Cấp giấy phép họp chợ phiên | Sở Công Thương\n",
        "TT\nMã số TTHC\nTên TTHC\nCơ quan thực hiện\n1\n1.000001\nCấp thẻ đọc sách\nThư viện tỉnh\n",
        "TT | Nội dung công việc | Đơn vị thực hiện | Thời gian\nBước 1 | Nhận hồ sơ | Sở Y tế | 01 ngày\n",
    ],
)
def test_other_tables_hand_out_nothing(text: str) -> None:
    assert rows(text) == []


def test_an_annex_that_is_spoken_of_but_absent_is_reported() -> None:
    text = "2. Nhiệm vụ cụ thể (có phụ lục chi tiết kèm theo).\n"
    (issue,) = missing_annexes(text, whole(text))
    assert (issue.severity, issue.code, issue.place) == ("warning", "annex-missing", "phụ lục chi tiết kèm theo")
    assert "phụ lục chi tiết kèm theo" in issue.message


@pytest.mark.parametrize(
    "text",
    [
        "theo Phụ lục II kèm theo Nghị định số 12/2024/NĐ-CP",
        "tại Danh mục ban hành kèm theo Thông tư số 5/2025/TT-BTC",
        "(Phụ lục kèm theo)\nPHỤ LỤC\nDanh sách",
        "không có gì",
    ],
)
def test_annexes_of_others_and_annexes_at_hand_are_not_missed(text: str) -> None:
    assert missing_annexes(text, whole(text)) == ()


@given(st.lists(st.sampled_from(CELLS.splitlines() + ROWS.splitlines()), max_size=40))
def test_any_order_of_lines_is_read_without_fault(lines: list[str]) -> None:
    text = "Kế hoạch\nPHỤ LỤC\n" + "\n".join(lines)
    for assignment in find_annex_assignments(text, whole(text)):
        assert text[assignment.span.start : assignment.span.end] == assignment.surface
        assert assignment.body.strip()

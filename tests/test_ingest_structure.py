"""The outline: which lines open a unit, how deep it lies, where it ends, and what is nobody's structure."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.structure import outline
from kg.model import Layout, Metadata, Section, Span


def sections(text: str, *, annex: int | None = None) -> tuple[Section, ...]:
    end = len(text) if annex is None else annex
    layout = Layout(
        Span(0, 0),
        Span(0, 0),
        Span(0, end),
        Span(end, end),
        None if annex is None else Span(annex, len(text)),
        Metadata(),
    )
    return outline(text, layout)


def tree(text: str) -> list[str]:
    """Each unit as its depth in dots, its kind and label."""
    return [f"{'.' * section.depth}{section.kind} {section.label}" for section in sections(text)]


TREES = [
    pytest.param(
        "I. MỤC ĐÍCH\n1. Mục đích\n- Một.\n- Hai.\n2. Yêu cầu\nII. NHIỆM VỤ\n1. Chung\n1.1. Tuyên truyền\n1.2. Kiểm "
        "tra\n2. Riêng",
        [".section I", "..numbered 1", "...bullet -", "...bullet -", "..numbered 2", ".section II", "..numbered 1",
         "...numbered 1.1", "...numbered 1.2", "..numbered 2"],
        id="a-plan",
    ),
    pytest.param(
        "Chương I\nQUY ĐỊNH CHUNG\nĐiều 1. Phạm vi\n1. Khoản một:\na) Điểm a;\nb) Điểm b;\nđ) Điểm đ.\n2. Khoản hai.\n"
        "Điều 2. Đối tượng\nChương II\nĐiều 3. Hiệu lực",
        [".chapter I", "..article 1", "...clause 1", "....point a", "....point b", "....point đ", "...clause 2",
         "..article 2", ".chapter II", "..article 3"],
        id="a-decision",
    ),
    pytest.param(
        "Thứ nhất, quán triệt.\n- Một;\n- Hai.\nThứ hai, tổ chức.\nThứ mười: tổng kết.\nMột là, làm trước.",
        [".ordinal 1", "..bullet -", "..bullet -", ".ordinal 2", ".ordinal 10", ".ordinal 1"],
        id="ordinals-of-a-letter",
    ),
    pytest.param(
        "1. Nội dung:\n- Việc một:\n+ nhỏ một;\n+ nhỏ hai.\n- Việc hai.",
        [".numbered 1", "..bullet -", "...bullet +", "...bullet +", "..bullet -"],
        id="plus-inside-dash",
    ),
    pytest.param(
        "1. Nội dung:\n+ Tập thể:\n- Sở;\n- Phòng.\n+ Cá nhân.",
        [".numbered 1", "..bullet +", "...bullet -", "...bullet -", "..bullet +"],
        id="dash-inside-plus",
    ),
    pytest.param("1- Quán triệt.\n2- Đổi mới.", [".numbered 1", ".numbered 2"], id="party-numbers"),
    pytest.param("I- MỤC TIÊU\n1- Chung", [".section I", "..numbered 1"], id="party-romans"),
    pytest.param("(1) Giao Sở.\n(2) Giao Phòng.", [".numbered 1", ".numbered 2"], id="numbers-in-brackets"),
    pytest.param("A. BỔ SUNG\n1. Phí\nB. SỬA ĐỔI", [".section A", "..numbered 1", ".section B"], id="letters"),
    pytest.param("PHẦN THỨ NHẤT\nI. KẾT QUẢ\nPHẦN THỨ HAI", [".part NHẤT", "..section I", ".part HAI"], id="parts"),
    pytest.param("1.1 Tuyên truyền\n1.2 Kiểm tra", [".numbered 1.1", ".numbered 1.2"], id="no-dot-at-the-end"),
    # not structure
    pytest.param("B. Nguyễn Văn Mẫu, Trưởng phòng.", [], id="an-initial"),
    pytest.param("34-CT/TW ngày 07/4/2014", [], id="a-number"),
    pytest.param("12/QĐ-UBND ngày 07/4/2014", [], id="a-number-with-a-slash"),
    pytest.param("1/ Mục đích\n2/ Yêu cầu", [".numbered 1", ".numbered 2"], id="slashes"),
    pytest.param("30/6/2025 là ngày kết thúc.", [], id="a-date"),
    pytest.param("1.500 hộ thoát nghèo.", [], id="a-figure"),
    pytest.param("Điều 5 của Luật quy định rõ.", [], id="an-article-spoken-of"),
    pytest.param("Thứ trưởng phụ trách.", [], id="a-deputy-minister"),
    pytest.param("-5 độ", [], id="below-zero"),
    pytest.param("và phong trào thi đua.", [], id="prose"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), TREES)
def test_tree(text: str, expected: list[str]) -> None:
    assert tree(text) == expected


def test_quoted_amending_text_is_not_our_structure() -> None:
    text = (
        "Điều 1. Sửa đổi, bổ sung Điều 3 như sau:\n“Điều 3. Nguyên tắc\n1. Công khai.\na) Kịp thời.\n2. Minh bạch.”.\n"
        "Điều 2. Hiệu lực\n1. Từ ngày ký."
    )
    assert tree(text) == [".article 1", ".article 2", "..clause 1"]


def test_a_quotation_never_closed_does_not_swallow_the_rest() -> None:
    assert tree("1. Phong trào “Dạy tốt\n2. Khen thưởng") == [".numbered 1", ".numbered 2"]


def test_spans_hold_heading_and_children_and_no_more() -> None:
    text = "I. MỤC ĐÍCH\nĐẩy mạnh.\n1. Một\n- a;\n- b.\n\nII. NHIỆM VỤ\n1. Hai\n"
    found = sections(text)
    assert [section.span.of(text) for section in found] == [
        "I. MỤC ĐÍCH\nĐẩy mạnh.\n1. Một\n- a;\n- "
        "b.", "1. Một\n- a;\n- b.", "- a;", "- b.", "II. NHIỆM VỤ\n1. Hai", "1. Hai",
    ]  # fmt: skip
    assert [section.parent for section in found] == [None, 0, 1, 1, None, 4]
    assert found[0].heading == "I. MỤC ĐÍCH"


def test_an_annex_stands_after_the_body_and_apart_from_it() -> None:
    text = "Điều 1. Ban hành.\nPHỤ LỤC I\n1. Mẫu một\nPHỤ LỤC II\n1. Mẫu hai\n"
    found = sections(text, annex=text.index("PHỤ LỤC I"))
    assert [(section.kind, section.label, section.depth) for section in found] == [
        ("article", "1", 1), ("annex", "I", 1), ("numbered", "1", 2), ("annex", "II", 1), ("numbered", "1", 2),
    ]  # fmt: skip
    assert found[0].span.of(text) == "Điều 1. Ban hành."


def test_an_annex_mentioned_in_prose_is_none() -> None:
    assert tree("1. Nhiệm vụ (Phụ lục I kèm theo).\nPhụ lục kèm theo Kế hoạch này gồm " + "các nội dung " * 15) == [
        ".numbered 1"
    ]


LINES = st.sampled_from(
    [
        "I. MỤC ĐÍCH",
        "II. YÊU CẦU",
        "1. Một",
        "1.1. Nhỏ",
        "a) Điểm",
        "đ) Điểm",
        "- gạch",
        "+ cộng",
        "Điều 1. Điều",
        "Chương I",
        "PHỤ LỤC I",
        "Thứ nhất, một",
        "“Điều 2. Trích",
        "hết trích”.",
        "văn xuôi.",
        "",
        "(1) ngoặc",
        "•  chấm",
        "A. CHỮ",
    ]
)


@given(st.lists(LINES, max_size=50).map("\n".join))
def test_any_order_of_lines_gives_a_tree(text: str) -> None:
    found = sections(text)
    starts = [section.span.start for section in found]
    assert starts == sorted(starts)
    for index, section in enumerate(found):
        assert section.span.start < section.span.end <= len(text)
        assert text[section.span.start : section.span.end].startswith(section.heading)
        if section.parent is None:
            assert section.depth == 1
        else:
            parent = found[section.parent]
            assert section.parent < index and parent.depth == section.depth - 1
            assert parent.span.start < section.span.start and section.span.end <= parent.span.end


@pytest.mark.parametrize("piece", ["1.", "1.1.1.1 a\n", "“\n", "“a\n”", "- a\n", "Điều 1. a\n", "a) b\n", "(1) "])
def test_hostile_text_costs_little(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    start = time.process_time()
    sections(text)
    assert time.process_time() - start < 2

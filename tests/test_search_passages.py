from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.model import Section, Span
from search.passages import FULL, LONGEST, cut

KINDS = (
    ("section", re.compile(r"^(?P<label>[IVX]+\.) (?P<heading>.*)$", re.M)),
    ("numbered", re.compile(r"^(?P<label>\d+\.) (?P<heading>.*)$", re.M)),
)


def outline_of(text: str) -> tuple[Section, ...]:
    """Roman sections and numbered items: enough of an outline for these tests."""
    found = sorted(
        (match.start(), depth, kind, match["label"], match["heading"] if depth == 1 else "")
        for depth, (kind, pattern) in enumerate(KINDS, 1)
        for match in pattern.finditer(text)
    )
    sections: list[Section] = []
    for place, (start, depth, kind, label, heading) in enumerate(found):
        end = next((other[0] for other in found[place + 1 :] if other[1] <= depth), len(text))
        parent = next((above for above in range(place - 1, -1, -1) if found[above][1] < depth), None)
        sections.append(Section(kind, label, heading, depth, Span(start, end), parent))
    return tuple(sections)


PLAN = (
    "Thực hiện công văn của tỉnh, huyện ban hành kế hoạch như sau:\n"
    "I. MỤC ĐÍCH\n1. Động viên cán bộ.\n2. Tạo khí thế mới.\n"
    "II. NHIỆM VỤ\n1. " + "Tuyên truyền sâu rộng tới từng hộ dân. " * 30 + "\n2. Khen thưởng kịp thời.\n"
)


def test_passages_follow_the_outline() -> None:
    passages = cut(PLAN, outline_of(PLAN))
    texts = [PLAN[one.start : one.end] for one in passages]
    assert texts[0].startswith("Thực hiện công văn")
    assert texts[1] == "I. MỤC ĐÍCH\n1. Động viên cán bộ.\n2. Tạo khí thế mới."  # small siblings share a passage
    assert texts[2].startswith("II. NHIỆM VỤ\n1. Tuyên truyền")  # a heading is never alone
    assert passages[1].heading == ""
    assert {one.heading for one in passages[3:]} == {"II. NHIỆM VỤ"}


def test_no_passage_crosses_a_section() -> None:
    text = "I. MỘT\nNgắn.\nII. HAI\nNgắn.\n"
    assert [text[one.start : one.end] for one in cut(text, outline_of(text))] == ["I. MỘT\nNgắn.", "II. HAI\nNgắn."]


def test_only_the_parts_are_cut() -> None:
    body = Span(PLAN.index("I. MỤC"), PLAN.index("II. NHIỆM"))
    passages = cut(PLAN, outline_of(PLAN), (body,))
    assert [PLAN[one.start : one.end] for one in passages] == ["I. MỤC ĐÍCH\n1. Động viên cán bộ.\n2. Tạo khí thế mới."]


def test_text_without_outline_is_cut_at_paragraphs() -> None:
    text = "\n".join(f"Đoạn {number}: " + "chữ " * 80 for number in range(6))
    pieces = [text[one.start : one.end] for one in cut(text)]
    assert len(pieces) == 6
    assert all(piece.startswith("Đoạn") for piece in pieces)


def test_one_endless_word_is_cut_too() -> None:
    assert [one.end - one.start for one in cut("x" * (2 * LONGEST))] == [LONGEST, LONGEST]


@pytest.mark.parametrize("text", ["", " \n\t ", "\n"])
def test_blank_text_has_no_passages(text: str) -> None:
    assert cut(text) == ()


@given(st.text(alphabet="aâ1.I;\n ", max_size=3000), st.booleans())
def test_passages_hold_every_letter_once_and_in_order(text: str, outlined: bool) -> None:
    passages = cut(text, outline_of(text) if outlined else ())
    end = 0
    for one in passages:
        assert not text[end : one.start].strip()  # only blanks are left out
        assert text[one.start : one.end] == text[one.start : one.end].strip() != ""
        assert one.end - one.start <= max(FULL, LONGEST)
        end = one.end
    assert not text[end:].strip()


def test_cutting_is_linear() -> None:
    cut("chữ, " * 40_000)
    cut("a" * 200_000)
    cut("\n".join(f"{number}. x" for number in range(8_000)), outline_of("\n".join(f"{n}. x" for n in range(8_000))))


@pytest.mark.parametrize(
    ("label", "heading", "shown"),
    [
        ("II", "II. NHIỆM VỤ TRỌNG TÂM", "II. NHIỆM VỤ TRỌNG TÂM"),
        ("1.2", "1.2. Tuyên truyền", "1.2. Tuyên truyền"),
        ("6", "Điều 6. Vụ thuộc bộ", "Điều 6. Vụ thuộc bộ"),
        ("II", "Chương II", "Chương II"),
        ("III", "Phụ lục III", "Phụ lục III"),
        ("a", "a) Phối hợp với Sở Y tế", "a) Phối hợp với Sở Y tế"),
        ("II", "NHIỆM VỤ", "II NHIỆM VỤ"),  # the label is not part of what is printed
        ("2", "20 năm thành lập tỉnh", "2 20 năm thành lập tỉnh"),
        ("", "Nơi nhận", "Nơi nhận"),
        ("3", "", "3"),
    ],
)
def test_a_label_that_the_heading_begins_with_is_not_said_twice(label: str, heading: str, shown: str) -> None:
    text = f"{heading}\n" + "Các sở, ban, ngành thực hiện nghiêm kế hoạch này. " * 30
    outline = (Section("section", label, heading, 1, Span(0, len(text))),)
    assert cut(text, outline)[-1].heading == shown

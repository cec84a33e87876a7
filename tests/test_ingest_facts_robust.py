"""All fact finders: any text, cut or shuffled, is read without fault and in linear time; noise changes no answer."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from typing import Any

import pytest
from factcases import whole
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.annexes import find_annex_assignments, missing_annexes
from ingest.anniversaries import find_anniversaries
from ingest.assignments import find_assignments
from ingest.campaigns import find_campaigns
from ingest.deadlines import find_deadlines
from ingest.factdates import due_date, due_pattern
from ingest.factlexicon import both_styles, pattern, plain
from ingest.quotationmarks import quoted_phrases
from ingest.targets import find_targets
from kg.model import Layout

PLAN = """Kế hoạch phát động phong trào thi đua
1. Chủ tịch UBND huyện phát động phong trào thi đua với chủ đề “Cả huyện trồng chè” từ nay đến hết ngày 20/11/2025, \
chào mừng kỷ niệm 40 năm thành lập huyện (20/11/1985 - 20/11/2025).
2. Phấn đấu trên 85% hộ tham gia; trồng mới ít nhất 120 ha; tỷ lệ hộ khá đạt trên 12,5%.
III. TỔ CHỨC THỰC HIỆN
1. Phòng Nội vụ huyện chủ trì, phối hợp với Hội Nông dân huyện theo dõi, báo cáo kết quả trước ngày 30/11/2025.
2. Đề nghị Uỷ ban Mặt trận Tổ quốc Việt Nam huyện vận động hội viên tham gia.
3. Các xã
- Tổ chức ký kết giao ước thi đua giữa các thôn, bản.
"""


def everything(text: str) -> dict[str, list[Any]]:
    layout = whole(text, kind="Kế hoạch", title="Phát động phong trào thi đua", issuer="Ủy ban nhân dân huyện Nà Pán")
    return {name: list(find(text, layout)) for name, find in FINDERS.items()}


FINDERS: dict[str, Callable[[str, Layout], Any]] = {
    "anniversaries": find_anniversaries,
    "campaigns": find_campaigns,
    "deadlines": find_deadlines,
    "targets": find_targets,
    "assignments": lambda text, layout: find_assignments(text, layout, ()),
    "annexes": find_annex_assignments,
    "missing": missing_annexes,
}


def answers(text: str) -> dict[str, list[tuple[Any, ...]]]:
    found = everything(text)
    return {
        "anniversaries": [(a.years, a.event, a.origin, a.commemorated) for a in found["anniversaries"]],
        "campaigns": [(c.name, c.role, c.until) for c in found["campaigns"]],
        "deadlines": [(d.kind, d.date) for d in found["deadlines"]],
        "targets": [(t.comparator, t.value, t.unit) for t in found["targets"]],
        "assignments": [(plain(a.body), a.role, a.requested, a.by) for a in found["assignments"]],
    }


def test_the_plan_is_read() -> None:
    """The text that the noise is put into below says one thing of each class."""
    assert answers(PLAN) == {
        "anniversaries": [(40, "thành lập huyện", *DATES)],
        "campaigns": [("Cả huyện trồng chè", "launches", DATES[1])],
        "deadlines": [("campaign_end", "2025-11-20"), ("reporting", "2025-11-30")],
        "targets": [(">", 85.0, "%"), (">=", 120.0, "ha"), (">", 12.5, "%")],
        "assignments": [
            (plain("Phòng Nội vụ huyện"), "lead", False, "2025-11-30"),
            (plain("Ủy ban Mặt trận Tổ quốc Việt Nam huyện"), "implement", True, None),
            (plain("Các xã"), "implement", False, None),
        ],
    }


DATES = (dt.date(1985, 11, 20), dt.date(2025, 11, 20))

NOISE: dict[str, Callable[[str], str]] = {
    "old tone style": lambda text: text.replace("Uỷ", "Ủy").replace("ủy", "uỷ").replace("hóa", "hoá"),
    "two spaces between words": lambda text: text.replace(" phối hợp", "  phối hợp").replace(" trên 85", "  trên 85"),
    "straight quotes": lambda text: text.replace("“", '"').replace("”", '"'),
    "guillemets": lambda text: text.replace("“", "«").replace("”", "»"),
    "spaces inside the quotes": lambda text: text.replace("“", "“ ").replace("”", " ”"),
    "long dashes": lambda text: text.replace("20/11/1985 - ", "20/11/1985 – ").replace("\n- ", "\n– "),
    "no space around the dash": lambda text: text.replace("1985 - 20", "1985-20"),
    "bracket never closed": lambda text: text.replace("20/11/2025).", "20/11/2025."),
    "dates in words": lambda text: text.replace("30/11/2025", "30 tháng 11 năm 2025"),
    "a space before the percent sign": lambda text: text.replace("85%", "85 %").replace("12,5%", "12,5 %"),
    "no space after the label": lambda text: text.replace("2. Đề nghị", "2.  Đề nghị"),
}


@pytest.mark.parametrize("name", NOISE)
def test_noise_changes_no_answer(name: str) -> None:
    assert answers(NOISE[name](PLAN)) == answers(PLAN)


@settings(max_examples=60)
@given(st.data())
def test_cut_and_shuffled_text_keeps_spans_true(data: st.DataObject) -> None:
    lines = data.draw(st.permutations(PLAN.splitlines(keepends=True)))
    text = "".join(lines)
    start = data.draw(st.integers(0, len(text)))
    text = text[start : data.draw(st.integers(start, len(text)))]
    for name, facts in everything(text).items():
        if name == "missing":
            continue
        for fact in facts:
            assert 0 <= fact.span.start < fact.span.end <= len(text)
            if hasattr(fact, "surface"):
                assert text[fact.span.start : fact.span.end] == fact.surface


@given(st.text(max_size=300))
def test_any_unicode_text_is_read(text: str) -> None:
    everything(text)


@given(st.text(max_size=200))
def test_the_plain_form_has_the_length_of_its_text(text: str) -> None:
    assert len(plain(text)) == len(text)


def test_the_plain_form_joins_styles_and_keeps_accents() -> None:
    assert plain("Uỷ ban – Khoá HOÀ") == plain("Ủy ban - khóa hòa")
    assert plain("đạt") != plain("đất")
    assert pattern(r"hoàn thành").search(plain("HOÀN THÀNH"))
    assert pattern(both_styles("hóa")).search(plain("hoá"))


@given(st.text(alphabet='“”"«»‘’„ab;.,\n ', max_size=120))
def test_quoted_phrases_are_ordered_and_inside(text: str) -> None:
    end = 0
    for quoted in quoted_phrases(text):
        assert end <= quoted.outer.start < quoted.inner.start <= quoted.inner.end <= quoted.outer.end <= len(text)
        end = quoted.outer.end


@pytest.mark.parametrize(
    ("text", "inner"),
    [
        ("“a b”, “c d”", ["a b", "c d"]),
        ("“a b; “c d”", ["a b", "c d"]),
        ("“a “b” c”", ["a “b” c"]),
        ("“a b\nc", ["a b"]),
        ('"a b" và "c"', ["a b", "c"]),
        ("»a«", []),
    ],
)
def test_quoted_phrases(text: str, inner: list[str]) -> None:
    assert [quoted.inner.of(text) for quoted in quoted_phrases(text)] == inner


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ngày 30/10/2023", "2023-10-30"),
        ("30 tháng 10 năm 2023", "2023-10-30"),
        ("tháng 10/2023", "2023-10"),
        ("tháng 10 năm 2023", "2023-10"),
        ("quý iv/2025", "2025-Q4"),
        ("quý 2 năm 2025", "2025-Q2"),
        ("năm 2030", "2030"),
        ("17 giờ 00 phút ngày 05/6/2025", "2025-06-05"),
        ("ngày 31/02/2025", None),
        ("tháng 13/2025", None),
    ],
)
def test_due_dates(text: str, expected: str | None) -> None:
    match = due_pattern().match(plain(text))
    assert match is not None
    assert due_date(match) == expected


SEEDS = (
    "phong trào thi đua “A b”; ", "phong trào “", "kỷ niệm 70 năm thành lập tỉnh; ", "70 năm ngày ", "(28/6/1909 - ",
    "từ nay đến ngày 30/10/2023 ", "trước ngày ", "đạt trên 86% ", "ít nhất 01 điển hình, ", "100% ", "Sở Nội vụ, ",
    "Sở Nội vụ; ", "Giao Sở Nội vụ chủ trì. ", "Căn cứ kế hoạch này, ", "1. Sở Nội vụ\nChủ trì\n",
    "TT\nNội dung\nCơ quan chủ trì\n1\n", "STT | Nội dung | Cơ quan chủ trì\n", "1.000.", "((((", "do Bộ phát động ",
)  # fmt: skip


@pytest.mark.parametrize("seed", SEEDS)
def test_a_hundred_thousand_characters_of_one_phrase_are_read_in_no_time(seed: str) -> None:
    text = seed * (100_000 // len(seed))
    started = time.process_time()
    everything(text)
    assert time.process_time() - started < 4

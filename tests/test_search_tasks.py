"""Tasks, targets and deadlines of a call beside those of a plan, and the summary that tells them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from plans import document, issued, reference

from ingest.assignments import find_assignments
from ingest.citations import find_citations
from ingest.deadlines import find_deadlines
from ingest.document import read_document
from ingest.targets import find_targets
from kg.model import Assignment, Document, Metadata, Span
from kg.reference import load_reference
from search.alignment import compare
from search.alignment_summary import dropped_phrases, summary
from search.tasks import TaskRow, compare_tasks, days_moved, task_records

CALL = issued("Lâm Sơn", None, "Hoàng Trọng Khoát")
PLAN = replace(issued("Bình Khê", "binh-khe", "Phan Hữu Tịnh"), owner="lam-son.binh-khe.ubnd")


def read(lines: Sequence[str], metadata: Metadata) -> Document:
    """A document with its tasks, targets, deadlines and citations found."""
    made = document("KẾ HOẠCH\nThi đua\n" + "\n".join(lines) + "\n", "a", metadata)
    text, layout = made.text.text, made.layout
    return replace(
        made,
        assignments=find_assignments(text, layout, made.outline),
        targets=find_targets(text, layout),
        deadlines=find_deadlines(text, layout),
        citations=find_citations(text, layout, reference()),
    )


def rows(call: Sequence[str], plan: Sequence[str], kind: str) -> list[TaskRow]:
    comparison = compare(read(call, CALL), read(plan, PLAN), reference=reference())
    return [row for row in compare_tasks(comparison, reference=reference()) if row.kind == kind]


GROWTH = "- Phấn đấu tốc độ tăng trưởng kinh tế năm 2024 đạt trên 8,5%."
CULTURE = "- Phấn đấu tỷ lệ gia đình văn hóa đạt trên 86%."


@pytest.mark.parametrize(
    ("call", "plan", "statuses"),
    [
        ([CULTURE], [CULTURE], [("taken_over", ())]),
        ([CULTURE], [CULTURE.replace("86", "88")], [("changed", ("value",))]),
        ([CULTURE], [CULTURE.replace("trên", "ít nhất")], [("changed", ("comparator",))]),
        ([GROWTH, CULTURE], [CULTURE], [("missing", ()), ("taken_over", ())]),
        ([CULTURE], [CULTURE, "- Trồng mới 350 ha rừng."], [("taken_over", ()), ("own", ())]),
        # in other words and elsewhere, but of the same thing
        (
            [CULTURE],
            [GROWTH, "- Tỷ lệ gia đình văn hóa đạt trên 88% vào cuối năm."],
            [("changed", ("value",)), ("own", ())],
        ),
        # the same figure of another thing is another target
        ([CULTURE], ["- Phấn đấu tỷ lệ hộ nghèo còn dưới 86%."], [("missing", ()), ("own", ())]),
    ],
)
def test_targets(call: list[str], plan: list[str], statuses: list[tuple[str, tuple[str, ...]]]) -> None:
    assert [(row.status, row.changed) for row in rows(call, plan, "target")] == statuses


def test_deadlines_and_by_how_much_they_moved() -> None:
    call = [
        "- Các địa phương gửi kế hoạch về Sở Nội vụ trước ngày 15/4/2024.",
        "- Báo cáo kết quả trước ngày 20/8/2024.",
    ]
    plan = ["- Các xã gửi kế hoạch về Phòng Nội vụ trước ngày 25/4/2024.", "- Báo cáo kết quả trước ngày 20/8/2024."]
    found = rows(call, plan, "deadline")
    assert [(row.status, row.changed, days_moved(row)) for row in found] == [
        ("changed", ("date",), 10),
        ("taken_over", (), 0),
    ]
    [alone] = rows(call[:1], ["- Làm tốt công tác tuyên truyền."], "deadline")
    assert (alone.status, alone.target, days_moved(alone)) == ("missing", None, None)


def assigned(lines: Sequence[tuple[str, str, str]], metadata: Metadata) -> Document:
    """A document of such assignments: (body, role, the rest of the sentence)."""
    made = document("KẾ HOẠCH\nThi đua\n" + "".join(f"- {body} {task}.\n" for body, _, task in lines), "a", metadata)
    found = []
    for body, role, task in lines:
        surface = f"{body} {task}"
        start = made.text.text.index(surface)
        assert role in ("lead", "implement", "advise")
        found.append(Assignment(body, role, Span(start, start + len(surface)), surface))
    return replace(made, assignments=tuple(found))


def test_assignments_one_level_down() -> None:
    call = assigned(
        [
            ("Sở Nội vụ", "lead", "chủ trì hướng dẫn, theo dõi, đôn đốc việc thực hiện phong trào"),
            ("Ủy ban nhân dân các huyện, thành phố", "implement", "xây dựng kế hoạch, gửi về Sở Nội vụ"),
            ("Sở Tài chính", "advise", "tham mưu bố trí kinh phí thực hiện phong trào"),
        ],
        CALL,
    )
    plan = assigned(
        [
            ("Ủy ban nhân dân các xã, thị trấn", "implement", "xây dựng kế hoạch, gửi về Phòng Nội vụ"),
            ("Phòng Nội vụ", "lead", "chủ trì hướng dẫn, theo dõi, đôn đốc việc thực hiện phong trào"),
            ("Trung tâm Văn hóa huyện", "implement", "tuyên truyền trên loa truyền thanh"),
        ],
        PLAN,
    )
    found = compare_tasks(compare(call, plan, reference=reference()), reference=reference())
    assert [(row.status, row.concerns, getattr(row.target, "body", None)) for row in found] == [
        ("taken_over", False, "Phòng Nội vụ"),
        ("taken_over", True, "Ủy ban nhân dân các xã, thị trấn"),
        ("missing", False, None),
        ("own", None, "Trung tâm Văn hóa huyện"),
    ]


def test_records_are_json_values() -> None:
    import json

    call = [CULTURE, "1. Sở Nội vụ chủ trì đôn đốc, báo cáo trước ngày 20/8/2024."]
    comparison = compare(read(call, CALL), read([CULTURE], PLAN), reference=reference())
    records = task_records(compare_tasks(comparison, reference=reference()))
    assert {record["kind"] for record in records} == {"assignment", "target", "deadline"}
    assert json.loads(json.dumps(records)) == records
    for record in records:
        assert set(record) == {"kind", "status", "changed", "concerns", "days_moved", "source", "target"}


# --- The summary ----------------------------------------------------------------------------------------------------

ROADS = "Thi đua làm đường bê tông nông thôn, trồng rừng, giữ rừng tại các bản vùng cao"
ORDER = "Thực hiện Chỉ thị số 17-CT/TU ngày 20/9/2022 của Ban Thường vụ Tỉnh ủy tại từng chi bộ"


def told(call: Sequence[str], plan: Sequence[str]) -> dict[str, Any]:
    return summary(compare(read(call, CALL), read(plan, PLAN), reference=reference()), reference=reference())


def test_the_summary_counts_words_and_names_what_is_gone() -> None:
    found = told([f"- {ROADS}.", f"- {ORDER}."], [f"- {ROADS.replace(', trồng rừng', '')}."])
    assert found["clauses"] == {"verbatim": 0, "adapted": 1, "omitted": 1, "added": 0}
    assert [(phrase["text"], phrase["whole"]) for phrase in found["dropped"]] == [(ORDER, True)]
    assert [citation["number"] for citation in found["citations"]["dropped"]] == ["17-CT/TU"]
    assert found["shares"]["added"] == 0
    assert found["shares"]["adapted"] + found["shares"]["dropped"] == pytest.approx(1, abs=0.002)


def test_a_longer_phrase_is_told_where_it_stood() -> None:
    call = read([f"- {ROADS.replace('giữ rừng', 'giữ rừng phòng hộ đầu nguồn, bảo vệ nguồn nước')}."], CALL)
    plan = read([f"- {ROADS.replace('giữ rừng', 'giữ rừng phòng hộ đầu nguồn')}."], PLAN)
    [phrase] = dropped_phrases(compare(call, plan, reference=reference()))
    assert (phrase["text"], phrase["whole"]) == ("bảo vệ nguồn nước", False)
    assert call.text.text[phrase["start"] : phrase["end"]] == phrase["text"]


def test_a_place_put_in_its_own_words_is_not_gone() -> None:
    found = told([f"- {ROADS} của tỉnh Lâm Sơn."], [f"- {ROADS} của huyện Bình Khê."])
    assert (found["adapted_locally"], found["dropped"]) == (1, [])


def test_the_plan_cites_the_call_itself() -> None:
    """A paper that the plan adds, and one that both cite however it is written."""
    found = told([f"- {ORDER}."], [f"- {ORDER.replace('17-CT/TU', '17 - CT/TU')}; căn cứ Công văn số 1286/UBND-TH."])
    assert found["citations"]["dropped"] == []
    assert [citation["number"] for citation in found["citations"]["added"]] == ["1286/UBND-TH"]


def test_nothing_is_no_division_by_zero() -> None:
    assert told([], [])["shares"] == {"kept": 0.0, "adapted": 0.0, "dropped": 0.0, "added": 0.0}


def test_the_real_plan_drops_the_target_the_phrase_and_the_directive(shared: Path) -> None:
    call, plan = (
        read_document(shared / "seeds" / name, load_reference())
        for name in ("001_a09f608bfb9e07f5.txt", "000_48664e20320740b7.txt")
    )
    found = summary(compare(call, plan))
    gone = " | ".join(phrase["text"] for phrase in found["dropped"])
    for words in ("(GRDP) năm 2023 đạt 9,0%", "biên phòng toàn dân", "11-CT/TU", "Lựa chọn đăng cai"):
        assert words in gone
    assert "11-CT/TU" in [citation["number"] for citation in found["citations"]["dropped"]]
    assert not {"34-CT/TW", "32-CT/TU"} & {citation["number"] for citation in found["citations"]["dropped"]}
    [missing] = [row for row in found["targets"] if row["status"] == "missing"]
    assert (missing["source"]["value"], missing["source"]["unit"]) == (9.0, "%")
    assert [(row["status"], row["days_moved"]) for row in found["deadlines"]] == [("taken_over", 0)]

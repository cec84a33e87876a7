"""The evaluation of extraction on a made-up gold with known mistakes, and the goals on the real one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ingest.evaluation import evaluate, read_gold

SENTENCE = (
    "Căn cứ Nghị định số 98/2023/NĐ-CP ngày 31 tháng 12 năm 2023 của Chính phủ; thực hiện Chỉ thị số 19/CT-TTg ngày "
    "16/7/2021 của Thủ tướng Chính phủ."
)


def row(**changes: Any) -> dict[str, Any]:
    decree = {"number": "98/2023/NĐ-CP", "date": "2023-12-31", "issuer": "Chính phủ", "relation": "legal_basis"}
    order = {"number": "19/CT-TTg", "date": "2021-07-16", "issuer": "Thủ tướng Chính phủ", "relation": "implements"}
    return {"id": "s1", "text": SENTENCE, "citations": [decree, order | changes]}


def test_all_right() -> None:
    found = evaluate([row()], None)
    assert found.number()["f1"] == 1.0
    assert [found.share(name).value for name in ("date", "issuer", "level", "relation")] == [1.0] * 4
    assert found.calibration()["precision_at_0.9"] == 1.0


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"date": "2021-07-17"}, "date"),
        ({"issuer": "Bộ Nội vụ"}, "issuer"),
        ({"relation": "repeals"}, "relation"),
        ({"issuer": "Ủy ban nhân dân tỉnh Lai Châu"}, "level"),
    ],
)
def test_each_class_of_mistake_is_counted_once_in_its_class(changes: dict[str, Any], name: str) -> None:
    found = evaluate([row(**changes)], None)
    share = found.share(name)
    assert (share.right, share.judged) == (1, 2)
    assert found.number()["f1"] == 1.0


def test_missed_and_invented_numbers() -> None:
    gold = row()
    gold["citations"][1]["number"] = "20/CT-TTg"
    found = evaluate([gold], None).number()
    assert (found["precision"], found["recall"]) == (0.5, 0.5)


def test_what_is_not_judged_is_neither_right_nor_wrong() -> None:
    found = evaluate([row(relation=None, issuer=None, date="2021-07-16")], None)
    assert found.share("relation").judged == 1 and found.share("issuer").judged == 1


def test_relation_also_and_the_number_behind_a_noisy_print() -> None:
    found = evaluate([row(relation="follows", relation_also=["implements"], number="19/CT/TTg")], None)
    assert found.share("relation").value == 1.0 and found.number()["f1"] == 1.0


def test_gained_and_lost_rows_against_an_earlier_run() -> None:
    before = evaluate([row(date="2021-07-17")], None).record()
    after = evaluate([row()], None)
    assert [line for line in after.lines(before) if line.startswith(("gained", "lost"))] == ["gained s1#19/CT/TTG#0"]
    lost = evaluate([row(date="2021-07-17")], None).lines(after.record())
    assert [line for line in lost if line.startswith(("gained", "lost"))] == ["lost s1#19/CT/TTG#0"]


def test_a_row_that_is_neither_sentence_nor_document_names_its_line(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text(json.dumps(row()) + "\n" + json.dumps({"citations": []}) + "\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"gold\.jsonl:2"):
        read_gold(path)


def test_goals_on_the_real_documents(shared: Path) -> None:
    found = evaluate(read_gold(shared / "gold" / "documents.jsonl"), shared / "data" / "docs")
    goals = {"date": 0.98, "issuer": 0.97, "level": 0.98, "relation": 0.93}
    assert found.number()["f1"] >= 0.99
    assert {name: value for name in goals if (value := found.share(name).value) < goals[name]} == {}
    assert all(share.judged - share.right <= 1 for share in found.fields.values())


def test_goals_on_the_real_sentences(shared: Path) -> None:
    found = evaluate(read_gold(shared / "gold" / "citations.jsonl"), None)
    assert found.number()["f1"] >= 0.98
    assert found.share("date").value >= 0.98 and found.share("relation").value >= 0.92
    assert not any(outcome.found for outcome in found.outcomes if outcome.group == "negative")


@pytest.mark.parametrize("half", [0, 1])
def test_confidence_is_calibrated_on_either_half(shared: Path, half: int) -> None:
    rows = (
        read_gold(shared / "gold" / "documents.jsonl")[half::2]
        + read_gold(shared / "gold" / "citations.jsonl")[half::2]
    )
    figures = evaluate(rows, shared / "data" / "docs").calibration()
    assert figures["precision_at_0.9"] >= 0.97
    assert figures["share_at_0.9"] >= 0.6
    assert figures["expected_calibration_error"] <= 0.05

"""Who answered the call of the five real documents: districts and departments of Lai Châu, with what people know."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from api.covering import coverage
from api.following_up import confirm_outside, set_deadline, undo_follow_up
from api.workspace import Workspace

NUMBER = "1954/UBND-TH"
CALL, PLAN, DEPARTMENT = "001_a09f608bfb9e07f5.txt", "000_48664e20320740b7.txt", "002_2ab245bfac0633b1.txt"
DISTRICTS = ("lai-chau", "muong-te", "nam-nhun", "phong-tho", "sin-ho", "tam-duong", "tan-uyen", "than-uyen")
BY = "Nguyễn Thị Hoa"


@pytest.fixture
def workspace(shared: Path, tmp_path: Path) -> Workspace:
    made = Workspace(tmp_path / "kg-data")
    assert made.ingest([shared / "seeds"]).clean
    return made


def by_body(record: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {row["body"]["code"]: row for row in record["addressees"] if row["body"]}


def test_the_call_of_2023(workspace: Workspace) -> None:
    record = coverage(workspace, NUMBER)
    rows = by_body(record)
    assert (record["call"]["file"], record["call"]["date"]) == (CALL, "2023-05-30")

    districts = {code: row["status"] for code, row in rows.items() if row["phrase"] == "UBND các huyện, thành phố"}
    assert districts == {f"lai-chau.{name}.ubnd": "nothing_held" for name in DISTRICTS} | {
        "lai-chau.tam-duong.ubnd": "answered"
    }
    departments = {code: row["status"] for code, row in rows.items() if row["phrase"].startswith("Các sở")}
    assert departments.pop("lai-chau.svhttdl") == "answered"
    assert len(departments) >= 20 and set(departments.values()) == {"nothing_held"}

    for code, file in (("lai-chau.tam-duong.ubnd", PLAN), ("lai-chau.svhttdl", DEPARTMENT)):
        (paper,) = rows[code]["documents"]
        assert (paper["file"], paper["how"], paper["relation"]) == (file, "direct", "implements")
        assert paper["days"] is None and paper["late"] is None
        assert 0 <= paper["days_min"] <= paper["days_max"] <= (dt.date(2023, 10, 30) - dt.date(2023, 5, 30)).days
        assert "1954/UBND-TH" in paper["evidence"]["quote"]

    for phrase in ("TT. Tỉnh ủy", "TT. HĐND tỉnh", "Ban TĐKT Trung ương"):
        (row,) = [row for row in record["addressees"] if row["phrase"] == phrase]
        assert (row["duty"], row["status"]) == ("reported_to", "not_obliged")
    assert len(record["unexpanded"]) == 1 and "doanh nghiệp" in record["unexpanded"][0]
    assert not any("doanh nghiệp" in row["phrase"].casefold() for row in record["addressees"])

    assert record["sending_deadline"] is None and record["campaign_end"] == "2023-10-30"
    assert record["summary"]["late"] == 0 and not any(row["late"] for row in record["addressees"])
    assert record["summary"]["obliged"] == len(districts) + len(departments) + 1
    assert "Địa bàn nay thuộc các xã Bản Bo, Bình Lư, Khun Há, Tả Lèng" in rows["lai-chau.tam-duong.ubnd"]["note"]


def test_with_a_deadline_and_a_date_that_a_person_entered(workspace: Workspace) -> None:
    set_deadline(workspace.root, NUMBER, dt.date(2023, 6, 15), by=BY)
    workspace.set_fact(PLAN, by=BY, date=dt.date(2023, 6, 12))
    record = coverage(workspace, NUMBER)
    assert record["sending_deadline"] == "2023-06-15"
    assert (record["deadline"]["source"], record["deadline"]["by"]) == ("human", BY)
    rows = by_body(record)
    (paper,) = rows["lai-chau.tam-duong.ubnd"]["documents"]
    assert (paper["days"], paper["late"], paper["margin"]) == (13, False, 3)
    (undated,) = rows["lai-chau.svhttdl"]["documents"]
    assert undated["days"] is None and undated["late"] is None and undated["margin"] is None
    assert {name: record["summary"][name] for name in ("late", "in_time", "undetermined")} == {
        "late": 0, "in_time": 1, "undetermined": 1,
    }  # fmt: skip


def test_what_people_know_outlives_re_ingest_another_base_and_another_key(workspace: Workspace, shared: Path) -> None:
    set_deadline(workspace.root, NUMBER, dt.date(2023, 6, 15), by=BY)
    confirm_outside(workspace.root, NUMBER, "UBND huyện Phong Thổ", by=BY, date=dt.date(2023, 6, 20), note="bản giấy")
    workspace.ingest([shared / "seeds"])
    workspace.rebase("https://vanban.lai-chau.example.vn")

    def told() -> tuple[Any, ...]:
        record = coverage(workspace, NUMBER)
        row = by_body(record)["lai-chau.phong-tho.ubnd"]
        return record["sending_deadline"], row["status"], row["confirmation"] and row["confirmation"]["days"]

    assert told() == ("2023-06-15", "outside", 21)
    workspace.set_fact(CALL, by=BY, number="1955/UBND-TH", date=dt.date(2023, 5, 31))  # the file was another paper
    record = coverage(workspace, "1955/UBND-TH")
    assert record["sending_deadline"] == "2023-06-15"
    assert by_body(record)["lai-chau.phong-tho.ubnd"]["status"] == "outside"
    workspace.undo(CALL, by=BY)
    assert told()[:2] == ("2023-06-15", "outside")
    undo_follow_up(workspace.root, NUMBER, "deadline", by=BY)
    undo_follow_up(workspace.root, NUMBER, "lai-chau.phong-tho.ubnd", by=BY)
    assert told() == (None, "nothing_held", None)
    assert not [finding for finding in workspace.validate() if finding.severity == "Violation"]

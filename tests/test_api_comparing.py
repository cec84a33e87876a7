"""Comparisons through every door: the record, the pages, the command line, HTTP, and what anonymous callers see."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from fastapi.testclient import TestClient

from api.app import create_app
from api.cli import main, root
from api.comparing import (
    cascade_page,
    cascade_record,
    compare_page,
    compare_record,
    held_side,
    reuse_record,
    tasks_record,
)
from api.held_texts import HeldTexts
from api.workspace import Workspace
from kg.errors import NumberNotFound, TextNotHeld

SAMPLES = Path(__file__).resolve().parents[1] / "samples" / "documents"
CALL = "1286/UBND-TH"
PLAN = "68/KH-UBND"
NOW = dt.datetime(2026, 11, 20, 17, 0)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    made = Workspace(tmp_path_factory.mktemp("compare") / "kg-data")
    made.ingest([SAMPLES])
    return made


@pytest.fixture(scope="module")
def texts(workspace: Workspace) -> HeldTexts:
    return HeldTexts(workspace)


@pytest.fixture(scope="module")
def record(texts: HeldTexts) -> dict[str, Any]:
    return compare_record(held_side(texts, CALL), held_side(texts, PLAN), texts.reference)


def test_the_record(record: dict[str, Any]) -> None:
    assert list(record) == ["source", "target", "pairs", "summary"]
    assert (record["source"]["number"], record["target"]["number"]) == (CALL, PLAN)
    assert {pair["status"] for pair in record["pairs"]} >= {"adapted", "omitted", "added"}
    for pair in record["pairs"]:
        assert set(pair) == {"status", "similarity", "source", "target", "changes"}
        assert (pair["source"] is None) == (pair["status"] == "added")
        assert (pair["target"] is None) == (pair["status"] == "omitted")
        assert bool(pair["changes"]) == (pair["status"] == "adapted")
    summary = record["summary"]
    assert sum(summary["shares"][name] for name in ("kept", "adapted", "dropped")) == pytest.approx(1, abs=0.002)
    assert "34-CT/TW" in [cited["number"] for cited in summary["citations"]["dropped"]]
    assert json.loads(json.dumps(record)) == record


def test_documents_are_found_by_number_iri_and_file_name(texts: HeldTexts) -> None:
    key = texts.key(PLAN)
    assert texts.key(texts.summary(key).iri) == key
    assert texts.key("06-ke-hoach-68-kh-ubnd-binh-khe.txt") == key
    with pytest.raises(NumberNotFound):
        texts.key("khong-co.txt")


def test_a_paper_that_is_only_cited_cannot_be_compared(texts: HeldTexts) -> None:
    with pytest.raises(TextNotHeld, match="chỉ được viện dẫn"):
        texts.document(texts.key("34-CT/TW"))


def test_all_answering_plans_as_one_table(texts: HeldTexts) -> None:
    record = cascade_record(texts, CALL)
    numbers = {plan["document"]["number"] for plan in record["plans"]}
    assert PLAN in numbers
    assert len(numbers) >= 3
    assert all(plan["how"] == "direct" for plan in record["plans"])
    assert len(cascade_record(texts, CALL, every=True)["plans"]) >= len(record["plans"])
    call = texts.document(texts.key(CALL)).text.text
    for clause in record["clauses"]:
        assert call[clause["start"] : clause["end"]] == clause["text"]
        assert len(clause["statuses"]) == len(record["plans"])
        assert set(clause["statuses"]) <= {"verbatim", "adapted", "omitted"}
    for row in record["outline"]:
        assert row["share"] == pytest.approx(len(row["plans"]) / len(record["plans"]), abs=0.001)
    most = max(record["outline"], key=lambda row: row["share"])
    assert (most["heading"], most["depth"]) == ("TỔ CHỨC THỰC HIỆN", 1)


def test_a_call_that_nobody_answered(texts: HeldTexts) -> None:
    record = cascade_record(texts, "14/KH-UBND")
    assert (record["plans"], record["outline"]) == ([], [])
    assert "Chưa thấy văn bản triển khai" in cascade_page(record, now=NOW)


def test_tasks(texts: HeldTexts) -> None:
    record = tasks_record(held_side(texts, CALL), held_side(texts, PLAN), texts.reference)
    missing = [
        row["source"]["text"] for row in record["tasks"] if (row["kind"], row["status"]) == ("target", "missing")
    ]
    assert any("GRDP" in text for text in missing)


# --- Reuse and likely parents ---------------------------------------------------------------------------------------


def reusing(tmp_path: Path) -> Workspace:
    """A call, a district's plan, and the plan of a commune that took most of it over without citing it."""
    folder = tmp_path / "van-ban"
    folder.mkdir()
    for name in ("05-cong-van-phat-dong-60-nam.txt", "06-ke-hoach-68-kh-ubnd-binh-khe.txt", "reference.ttl"):
        shutil.copy(SAMPLES / name, folder)
    plan = (SAMPLES / "06-ke-hoach-68-kh-ubnd-binh-khe.txt").read_text("utf-8")
    head, _, body = plan.partition("I. MỤC ĐÍCH")
    copied = (
        "ỦY BAN NHÂN DÂN\nXÃ KHÊ THƯỢNG\n\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n\n"
        "Số: 41/KH-UBND\n\n"
        "Khê Thượng, ngày 20 tháng 5 năm 2024\n\nKẾ HOẠCH\nThi đua làm đường, trồng rừng\n\nI. MỤC ĐÍCH"
    )
    assert "HUYỆN BÌNH KHÊ" in head
    text = copied + body.replace("huyện", "xã").replace("350 ha", "20 ha")
    (folder / "90-ke-hoach-khe-thuong.txt").write_text(text, "utf-8")
    made = Workspace(tmp_path / "kg-data")
    made.ingest([folder])
    return made


def test_reuse_is_seen_told_and_judged(tmp_path: Path) -> None:
    made = reusing(tmp_path)
    record = reuse_record(HeldTexts(made), "90-ke-hoach-khe-thuong.txt")
    [source] = record["sources"]
    assert source["document"]["number"] == PLAN
    assert "%" in source["reason"]
    assert sum(bool(clause["from"]) for clause in record["clauses"]) >= 10
    for clause in record["clauses"]:
        assert all(origin["status"] in ("verbatim", "adapted") for origin in clause["from"])
    back = reuse_record(HeldTexts(made), PLAN)
    assert [row["id"] for row in back["derived"]] == [source["id"]]
    assert sum(clause["kept_by"] for clause in back["clauses"]) >= 10
    assert "Dùng lại nội dung của" in kg(made, "--reuse", "90-ke-hoach-khe-thuong.txt").stdout
    # a stated link is never made of it, and a person may say that it is none
    implementing = [row["document"]["file"] for row in made.trace(PLAN)["implementing"]]
    assert "90-ke-hoach-khe-thuong.txt" not in implementing
    verdict = made.decide(source["id"], "rejected", by="Lê Thị Thu")
    assert reuse_record(HeldTexts(made), PLAN)["derived"] == []
    made.undo(verdict["id"], by="Lê Thị Thu")
    made.decide(source["id"], "accepted", by="Lê Thị Thu")
    assert [row["accepted"] for row in reuse_record(HeldTexts(made), PLAN)["derived"]] == [True]
    assert made.waiting("idle") == []


def test_likely_parents_are_told(texts: HeldTexts) -> None:
    record = reuse_record(texts, "22/KH-UBND")
    assert [row["document"]["number"] for row in record["parents"]] == [CALL]
    assert "22/KH-UBND" in [row["document"]["number"] for row in reuse_record(texts, CALL)["children"]]


def test_inferred_edges_do_not_depend_on_the_order_of_ingest(tmp_path: Path) -> None:
    """Half of the plans first, then all of them: the same bytes as all at once."""
    names = sorted(path.name for path in SAMPLES.iterdir() if path.name[:2] in ("05", "06", "07", "12", "20", "27"))
    dumps = []
    for number, rounds in enumerate(([["reference.ttl", *names[::2]], names], [["reference.ttl", *names]])):
        folder = tmp_path / str(number) / "van-ban"
        folder.mkdir(parents=True)
        made = Workspace(tmp_path / str(number) / "kg-data")
        for files in rounds:
            for name in files:
                shutil.copy(SAMPLES / name, folder)
            made.ingest([folder])
        dumps.append(made.export("nq", meta=False, public=False))
    assert dumps[0] == dumps[1]
    assert b"inferredParent" in dumps[0]


# --- Pages ----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def page(texts: HeldTexts) -> str:
    return compare_page(held_side(texts, CALL), held_side(texts, PLAN), texts.reference, now=NOW)


def test_the_page_stands_by_itself(page: str, texts: HeldTexts) -> None:
    for text in (page, cascade_page(cascade_record(texts, CALL), now=NOW)):
        assert not re.search(r"(?:src|href|action)\s*=|@import|url\(|<script", text), "another host or a script"
        assert "17 giờ 00 ngày 20/11/2026" in text
        assert 'lang="vi"' in text


def test_the_page_shows_every_row(page: str, record: dict[str, Any]) -> None:
    body = page[page.index('<table class="pairs">') :]
    for status in ("adapted", "omitted", "added"):
        shown = len(re.findall(rf'<tr class="{status}\b', body))
        assert shown == record["summary"]["clauses"][status]
    assert '<del class="localisation"' in body
    assert '<ins class="wording"' in body


def test_text_of_documents_is_escaped(texts: HeldTexts) -> None:
    side = held_side(texts, PLAN)
    text = side.document.text.text
    at = text.index("Phong trào phải gọn")
    broken = text[:at] + "<b>gọn</b> & rõ" + text[at + 15 :]
    document = dataclasses.replace(side.document, text=dataclasses.replace(side.document.text, text=broken))
    page = compare_page(held_side(texts, CALL), dataclasses.replace(side, document=document), texts.reference, now=NOW)
    assert "<b>" not in page
    assert "&lt;b&gt;" in page


# --- The command line -----------------------------------------------------------------------------------------------


def kg(workspace: Workspace, *arguments: str) -> Any:
    return CliRunner().invoke(root, ["compare", *arguments, "--workspace", str(workspace.root)])


def test_command_forms(workspace: Workspace, record: dict[str, Any]) -> None:
    found = kg(workspace, CALL, PLAN, "--format", "json")
    assert found.exit_code == 0
    assert json.loads(found.stdout) == record
    assert kg(workspace, CALL, PLAN, "--format", "html").stdout.startswith("<!doctype html>")
    text = kg(workspace, CALL, PLAN).stdout
    assert "Không còn viện dẫn" in text
    assert re.search(r"^- ", text, re.M)
    table = json.loads(kg(workspace, "--cascade", CALL, "--format", "json").stdout)
    assert table["call"]["number"] == CALL
    assert "Dàn ý chung" in kg(workspace, "--cascade", CALL).stdout


def test_a_draft_that_was_not_taken_in(workspace: Workspace, tmp_path: Path) -> None:
    draft = tmp_path / "du-thao.txt"
    draft.write_text((SAMPLES / "06-ke-hoach-68-kh-ubnd-binh-khe.txt").read_text("utf-8"), "utf-8")
    found = json.loads(kg(workspace, CALL, str(draft), "--format", "json").stdout)
    assert (found["target"]["file"], found["target"]["iri"]) == ("du-thao.txt", None)
    assert any(pair["status"] == "adapted" for pair in found["pairs"])


def test_two_files_need_no_data_folder(tmp_path: Path, record: dict[str, Any]) -> None:
    files = [
        str(SAMPLES / name) for name in ("05-cong-van-phat-dong-60-nam.txt", "06-ke-hoach-68-kh-ubnd-binh-khe.txt")
    ]
    found = json.loads(kg(Workspace(tmp_path / "none"), *files, "--format", "json").stdout)
    assert [pair["status"] for pair in found["pairs"]] == [pair["status"] for pair in record["pairs"]]
    assert set(found["source"]) == set(record["source"])
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ([CALL], 2),
        ([], 2),
        (["--reuse", CALL, "--cascade", CALL], 2),
        (["--reuse", CALL, "--format", "html"], 2),
        (["--cascade", CALL, PLAN], 2),
        ([CALL, "15/KH-UBND"], 3),
        ([CALL, "99999/KH-UBND"], 4),
        ([CALL, "34-CT/TW"], 1),
    ],
)
def test_exit_codes(workspace: Workspace, arguments: list[str], code: int) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["compare", *arguments, "--workspace", str(workspace.root)])
    assert stopped.value.code == code


# --- HTTP -----------------------------------------------------------------------------------------------------------


def test_http(workspace: Workspace, record: dict[str, Any]) -> None:
    with TestClient(create_app(workspace.root)) as client:
        answer = client.get("/api/compare", params={"source": CALL, "target": PLAN})
        assert answer.status_code == 200
        assert answer.json() == record
        assert answer.headers["ETag"]
        assert client.get("/api/tasks", params={"source": CALL, "target": PLAN}).json()["tasks"]
        assert client.get("/api/compare/cascade", params={"number": CALL}).json()["plans"]
        assert client.get("/api/reuse", params={"number": CALL}).json()["children"]
        for params, status in (
            ({"source": CALL, "target": "15/KH-UBND"}, 300),
            ({"source": CALL, "target": "99999/KH-UBND"}, 404),
            ({"source": CALL, "target": "34-CT/TW"}, 404),
            ({"source": CALL}, 422),
        ):
            answer = client.get("/api/compare", params=params, follow_redirects=False)
            assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")


def test_anonymous_callers_read_nothing_of_internal_papers(tmp_path: Path) -> None:
    """A public plan that names an internal call: the call is not found, and its number is black in the plan."""
    folder = tmp_path / "van-ban"
    folder.mkdir()
    for name in ("05-cong-van-phat-dong-60-nam.txt", "06-ke-hoach-68-kh-ubnd-binh-khe.txt", "reference.ttl"):
        shutil.copy(SAMPLES / name, folder)
    made = Workspace(tmp_path / "kg-data")
    made.ingest([folder])
    made.set_visibility(CALL, internal=True)
    with TestClient(create_app(made.root)) as client:
        assert client.get("/api/compare", params={"source": PLAN, "target": CALL}).status_code == 404
        answer = client.get("/api/compare", params={"source": PLAN, "target": PLAN})
        assert answer.status_code == 200
        assert "1286" not in answer.text
        assert "█" in answer.text
    full = HeldTexts(made)
    assert "1286" in json.dumps(compare_record(held_side(full, PLAN), held_side(full, PLAN), full.reference))

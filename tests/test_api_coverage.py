"""Coverage through every door: command line, HTTP, workbook, CSV, page; what people enter, and what others may see."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from fastapi.testclient import TestClient
from openpyxl import load_workbook

from api import audit
from api.app import create_app
from api.cli import root
from api.covering import STATUSES, coverage, reference_of
from api.covering_matrix import area_named, matrix_record
from api.covering_tables import coverage_csv, coverage_html, coverage_xlsx, matrix_xlsx, style_hash
from api.covering_words import STATUS_WORDS, day_words, days_words, margin_words, scope_words
from api.workspace import Workspace
from kg.errors import PolicyKGError

SAMPLES = Path(__file__).resolve().parents[1] / "samples" / "documents"
CALL = "1286/UBND-TH"
BY = "Trần Thị Minh"
NOW = dt.datetime(2026, 11, 20, 17, 0, tzinfo=dt.timezone(dt.timedelta(hours=7)))


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    made = Workspace(tmp_path_factory.mktemp("coverage") / "kg-data")
    made.ingest([SAMPLES])
    return made


@pytest.fixture
def workspace(samples: Workspace, tmp_path: Path) -> Workspace:
    """A copy that a test may write to."""
    shutil.copytree(samples.root, tmp_path / "kg-data")
    return Workspace(tmp_path / "kg-data")


def kg(workspace: Workspace, *words: str) -> Result:
    return CliRunner().invoke(root, ["coverage", *words, "--workspace", str(workspace.root)])


def by_body(record: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {row["body"]["code"]: row for row in record["addressees"] if row["body"]}


# --- the record and the words ---------------------------------------------------------------------------------------


def test_the_record_keeps_its_contract(samples: Workspace) -> None:
    record = coverage(samples, CALL, now=NOW)
    assert record["as_of"] == "2026-11-20T17:00+07:00"
    assert record["call"]["number"] == CALL and record["period"] == ["2024-03-14", "2025-03-14"]
    assert (record["sending_deadline"], record["deadline"]["source"]) == ("2024-04-15", "document")
    for row in record["addressees"]:
        assert set(row) >= {"phrase", "duty", "body", "status", "documents", "note"} and row["status"] in STATUSES
        if row["body"]:
            assert set(row["body"]) >= {"iri", "name", "level"}
            assert row["body"]["iri"].endswith(f"/id/org/{row['body']['code']}")
        for paper in row["documents"]:
            assert set(paper) >= {"iri", "number", "date", "days", "days_min", "days_max", "late"}
    summary = record["summary"]
    assert summary["obliged"] == sum(summary[name] for name in STATUSES if name != "not_obliged")
    assert {paper["number"] for paper in record["others"]} >= {"203-KH/TĐTN", "37/KH-LĐLĐ"}
    mass = by_body(record)["lam-son.mttq"]
    assert mass["status"] == "not_obliged" and mass["documents"][0]["number"] == "118/KH-MTTQ-BTT"
    cites = by_body(record)["lam-son.sgddt"]
    assert cites["documents"][0]["late"] is None and "412" not in cites["documents"][0]["evidence"]["quote"]


def test_the_bodies_bear_the_names_of_the_day_and_a_note_says_what_became_of_them(samples: Workspace) -> None:
    rows = by_body(coverage(samples, "212/KH-UBND", now=NOW))
    note = rows["lam-son.snnptnt"]["note"]
    assert "kết thúc hoạt động từ 01/3/2025" in note and "Sở Nông nghiệp và Môi trường tỉnh Lâm Sơn" in note
    assert "Địa bàn nay thuộc" in rows["lam-son.nam-khoa.ubnd"]["note"]
    assert "không có nghĩa là đơn vị chưa ban hành" in rows["lam-son.nam-khoa.ubnd"]["note"]
    assert "chưa đủ cơ sở kết luận" in rows["lam-son.sxd"]["note"]
    before = by_body(coverage(samples, "212/KH-UBND", now=NOW.replace(year=2025, month=1)))
    assert before["lam-son.snnptnt"]["note"] is None and before["lam-son.snnptnt"]["ended"] is None


def test_a_call_that_is_not_held_names_nobody(samples: Workspace) -> None:
    record = coverage(samples, "34-CT/TW", now=NOW)
    assert record["addressees"] == [] and record["unexpanded"] == [] and record["sending_deadline"] is None
    assert {paper["number"] for paper in record["others"]} >= {CALL, "17-CT/TU"}


def test_words() -> None:
    assert set(STATUS_WORDS) == set(STATUSES)
    assert [day_words(day) for day in ("2023-05-30", dt.date(2024, 2, 7), None)] == ["30/5/2023", "07/02/2024", ""]
    assert scope_words("2026-11-20T17:00+07:00").startswith("Số liệu tính đến 17 giờ 00 ngày 20/11/2026, theo văn bản")
    assert [days_words(13, 13, 13), days_words(None, 0, 153), days_words(None, 4, None), days_words(None, None, 9)] == [
        "13 ngày", "0-153 ngày", "từ 4 ngày", "không quá 9 ngày",
    ]  # fmt: skip
    assert days_words(None, None, None) == "chưa rõ"
    assert [margin_words(3, False), margin_words(-11, True), margin_words(0, False), margin_words(None, None)] == [
        "trước hạn 3 ngày", "sau hạn 11 ngày", "đúng hạn", "",
    ]  # fmt: skip
    assert [margin_words(None, True), margin_words(None, False)] == ["sau hạn", "trong hạn"]


# --- tables ---------------------------------------------------------------------------------------------------------


def test_a_workbook_opens_with_real_dates_and_accents(samples: Workspace) -> None:
    book = load_workbook(io.BytesIO(coverage_xlsx(coverage(samples, CALL, now=NOW))))
    assert book.sheetnames == ["Tình hình triển khai", "Tổng hợp"]
    sheet = book["Tình hình triển khai"]
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    head = next(index for index, row in enumerate(rows) if row[0] == "TT")
    names = {name: index for index, name in enumerate(rows[head])}
    found = {row[names["Văn bản"]]: row for row in rows[head + 1 :]}
    late = found["52/KH-UBND"]
    assert late[names["Cơ quan, đơn vị"]] == "Ủy ban nhân dân huyện Nậm Khoa"
    assert late[names["Ngày ban hành"]] == dt.datetime(2024, 4, 26)
    assert late[names["Số ngày"]] == 43 and late[names["So với thời hạn"]] == "sau hạn 11 ngày"
    cell = next(cell for row in sheet.iter_rows() for cell in row if cell.value == dt.datetime(2024, 4, 26))
    assert cell.is_date and cell.number_format == "dd/mm/yyyy"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert sheet.oddFooter.left.text == rows[-1][0] == scope_words(NOW.isoformat())
    assert rows[0][0].startswith("Tình hình triển khai Công văn 1286/UBND-TH ngày 14/3/2024")
    figures = dict(book["Tổng hợp"].iter_rows(min_row=2, max_col=2, values_only=True))
    assert figures["Phải triển khai"] == 7 and figures["Sau hạn"] == 1


def test_csv_has_a_byte_order_mark_one_row_per_paper_and_no_formula(samples: Workspace) -> None:
    record = coverage(samples, CALL, now=NOW)
    record["addressees"][0]["phrase"] = "=1+1"
    raw = coverage_csv(record)
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"))))
    assert len(rows) == sum(max(len(row["documents"]), 1) for row in record["addressees"]) + len(record["unexpanded"])
    assert rows[0]["Được nêu trong văn bản"] == "'=1+1"
    assert rows[1]["Ngày ban hành"] == "2024-04-08" and rows[1]["Số ngày"] == "25"
    assert rows[-1]["Tình trạng"] == "Không tính"


def test_the_page_stands_by_itself_says_its_scope_and_escapes(samples: Workspace) -> None:
    record = coverage(samples, CALL, now=NOW)
    record["addressees"][0]["note"] = "<script>alert(1)</script>"
    page = coverage_html(record)
    assert scope_words(NOW.isoformat()) in page and "size: A4" in page
    assert "<script>" not in page and "&lt;script&gt;" in page
    assert not re.search(r"(?:src|href)=", page)
    assert "Ủy ban nhân dân huyện Nậm Khoa" in page and "43 ngày, sau hạn 11 ngày" in page
    assert "Thời hạn gửi kế hoạch: 15/4/2024 (theo văn bản)" in page
    without = coverage_html({**record, "sending_deadline": None, "deadline": None})
    assert "Văn bản không ấn định thời hạn gửi kế hoạch." in without


# --- the matrix -----------------------------------------------------------------------------------------------------


def test_the_matrix_of_a_province_and_a_year(samples: Workspace) -> None:
    record = matrix_record(samples.catalog(), "tỉnh Lâm Sơn", 2024, reference_of(samples), now=NOW)
    rows = {row["call"]["number"]: row for row in record["rows"]}
    assert {CALL, "212/KH-UBND", "15/KH-UBND"} <= set(rows) and "68/KH-UBND" not in rows
    assert [row["call"]["date"] for row in record["rows"]] == sorted(row["call"]["date"] for row in record["rows"])
    cell = rows[CALL]["cells"]["lam-son.nam-khoa.ubnd"]
    assert (cell["status"], cell["document"], cell["days"], cell["late"]) == ("answered", "52/KH-UBND", 43, True)
    assert "lam-son.mttq" not in rows[CALL]["cells"]
    codes = [body["code"] for body in record["bodies"]]
    assert len(set(codes)) == len(codes) and all(set(row["cells"]) <= set(codes) for row in record["rows"])
    short = matrix_record(samples.catalog(), "lam-son", 2024, reference_of(samples), limit=1, now=NOW)
    assert len(short["rows"]) == 1 and short["left_out"] > 0
    book = load_workbook(io.BytesIO(matrix_xlsx(record)))
    values = [list(row) for row in book.active.iter_rows(values_only=True)]
    line = next(row for row in values if row[0] == CALL)
    assert line[1] == dt.datetime(2024, 3, 14)
    assert "Đã có văn bản triển khai: 52/KH-UBND, 43 ngày, sau hạn" in line


def test_the_area_of_a_matrix_is_named_any_way(samples: Workspace) -> None:
    reference = reference_of(samples)
    names = ("lam-son", "tỉnh Lâm Sơn", "tinh lam son")
    assert {area_named(reference, name, 2024).code for name in names} == {"lam-son"}
    assert area_named(reference, "Lai Châu", 2024).code == "lai-chau"
    assert area_named(reference, "phu-tho-2025", 2024).code == "phu-tho"
    assert area_named(reference, "huyện Tam Đường", 2023).code == "lai-chau.tam-duong"
    with pytest.raises(PolicyKGError, match="Không xác định được địa bàn"):
        area_named(reference, "Xứ Sở Thần Tiên", 2024)
    empty = matrix_record(samples.catalog(), "lai-chau", 2024, reference, now=NOW)
    assert empty["rows"] == [] and empty["bodies"] == []


# --- what people enter ------------------------------------------------------------------------------------------------


def test_a_deadline_and_an_answer_outside_are_entered_and_taken_back(workspace: Workspace) -> None:
    done = kg(workspace, "set-deadline", CALL, "1/5/2024", "--by", BY)
    assert done.exit_code == 0, done.output
    record = coverage(workspace, CALL)
    assert record["sending_deadline"] == "2024-05-01" and record["summary"]["late"] == 0
    assert (record["deadline"]["source"], record["deadline"]["by"]) == ("human", BY)

    body = "lam-son.lam-son.ubnd"
    assert by_body(record)[body]["status"] == "not_found"
    done = kg(workspace, "confirm", CALL, "UBND thành phố Lâm Sơn", "--date", "2/5/2024", "--by", BY, "--note", "fax")
    assert done.exit_code == 0, done.output
    row = by_body(coverage(workspace, CALL))[body]
    assert row["status"] == "outside" and row["late"] is True
    told = row["confirmation"]
    assert (told["by"], told["date"], told["days"], told["margin"], told["note"]) == (BY, "2024-05-02", 49, -1, "fax")
    assert BY in row["note"] and "fax" in row["note"]
    assert coverage(workspace, CALL)["summary"]["outside"] == 1

    for thing in ("UBND thành phố Lâm Sơn", "deadline"):
        assert kg(workspace, "undo", CALL, thing, "--by", BY).exit_code == 0
    record = coverage(workspace, CALL)
    assert by_body(record)[body]["status"] == "not_found" and record["deadline"]["source"] == "document"
    again = kg(workspace, "undo", CALL, "deadline", "--by", BY)
    assert again.exit_code != 0 and isinstance(again.exception, PolicyKGError)
    acts = [entry["action"] for entry in audit.entries(workspace.root)]
    assert acts == [
        "documents.ingest",
        "coverage.deadline",
        "coverage.outside",
        "coverage.withdrawn",
        "coverage.withdrawn",
    ]
    kept = {record["id"]: record["counts"] for record in workspace.decisions() if record["type"] == "fact"}
    assert len(kept) == 2 and not any(kept.values())


def test_the_newest_counts_and_one_record_is_taken_back_by_its_id(workspace: Workspace) -> None:
    ids = [
        json.loads(kg(workspace, "set-deadline", CALL, day, "--by", BY).stdout)["id"]
        for day in ("2024-05-01", "2024-05-20")
    ]
    assert coverage(workspace, CALL)["sending_deadline"] == "2024-05-20"
    assert kg(workspace, "undo", CALL, ids[1], "--by", BY).exit_code == 0
    assert coverage(workspace, CALL)["sending_deadline"] == "2024-05-01"
    assert not [found for found in workspace.validate() if found.severity == "Violation"]


def test_what_is_entered_bears_a_name_and_knows_the_body(workspace: Workspace) -> None:
    nameless = kg(workspace, "set-deadline", CALL, "1/5/2024", "--by", " ")
    assert isinstance(nameless.exception, PolicyKGError)
    unknown = kg(workspace, "confirm", CALL, "Sở Chiêm tinh", "--by", BY)
    assert isinstance(unknown.exception, PolicyKGError) and "Sở Chiêm tinh" in str(unknown.exception)
    assert kg(workspace, "set-deadline", CALL, "1/5/2024").exit_code == 2
    assert kg(workspace, "set-deadline", "1/ABC", "1/5/2024", "--by", BY).exit_code == 4
    assert kg(workspace, "set-deadline", "15/KH-UBND", "1/5/2024", "--by", BY).exit_code == 3
    narrowed = kg(workspace, "set-deadline", "15/KH-UBND", "1/3/2024", "--by", BY, "--issuer", "huyen binh khe")
    assert narrowed.exit_code == 0
    assert coverage(workspace, "15/KH-UBND", issuer="huyen binh khe")["sending_deadline"] == "2024-03-01"


# --- the doors --------------------------------------------------------------------------------------------------------


def test_the_command_line(samples: Workspace, tmp_path: Path) -> None:
    table = kg(samples, CALL)
    assert table.exit_code == 0 and "52/KH-UBND" in table.stdout and "Số liệu tính đến" in table.stdout
    assert "Sở Giáo dục và Đào tạo" in table.stdout
    asked = json.loads(kg(samples, "--format", "json", CALL, "--deadline", "1/1/2025").stdout)
    assert (asked["sending_deadline"], asked["deadline"]["source"], asked["summary"]["late"]) == (
        "2025-01-01",
        "asked",
        0,
    )
    for form in ("csv", "xlsx", "html", "json"):
        file = tmp_path / f"tinh-hinh.{form}"
        assert kg(samples, CALL, "--format", form, "-o", str(file)).exit_code == 0
        assert file.stat().st_size > 1000
    assert kg(samples, CALL, "--format", "xlsx").stdout_bytes.startswith(b"PK")
    matrix = kg(samples, "matrix", "--province", "lam-son", "--year", "2024")
    assert matrix.exit_code == 0 and CALL in matrix.stdout
    assert kg(samples, "15/KH-UBND").exit_code == 3 and kg(samples, "9999/ABC").exit_code == 4
    assert "kg coverage" in CliRunner().invoke(root, ["coverage", "--help"]).stdout


def test_over_http(samples: Workspace) -> None:
    with TestClient(create_app(samples.root)) as client:
        found = client.get("/api/coverage", params={"number": CALL})
        assert found.status_code == 200 and found.json()["call"]["number"] == CALL
        late = client.get("/api/coverage", params={"number": CALL, "deadline": "2024-03-20"}).json()
        assert late["summary"]["late"] == 4
        sheet = client.get("/api/coverage", params={"number": CALL, "format": "xlsx"})
        assert sheet.headers["content-type"].endswith("spreadsheetml.sheet")
        assert 'filename="tinh-hinh-trien-khai.xlsx"' in sheet.headers["content-disposition"]
        assert load_workbook(io.BytesIO(sheet.content)).sheetnames
        page = client.get("/api/coverage", params={"number": CALL, "format": "html"})
        assert f"'sha256-{style_hash()}'" in page.headers["content-security-policy"]
        style = re.search(r"<style>(.*?)</style>", page.text, re.DOTALL)
        assert style and "script-src" not in page.headers["content-security-policy"]
        assert client.get("/api/coverage", params={"number": CALL, "format": "csv"}).content[:3] == b"\xef\xbb\xbf"
        assert client.get("/api/coverage", params={"number": "15/KH-UBND"}, follow_redirects=False).status_code == 300
        assert client.get("/api/coverage", params={"number": "9999/ABC"}).status_code == 404
        assert client.get("/api/coverage", params={"number": CALL, "format": "doc"}).status_code == 422
        matrix = client.get("/api/coverage/matrix", params={"province": "tỉnh Lâm Sơn", "year": 2024})
        assert CALL in {row["call"]["number"] for row in matrix.json()["rows"]}
        for form in ("csv", "xlsx", "html"):
            asked = {"province": "lam-son", "year": 2024, "format": form}
            assert client.get("/api/coverage/matrix", params=asked).status_code == 200


def test_an_internal_answer_is_not_shown_to_callers_without_a_name(workspace: Workspace) -> None:
    workspace.set_visibility("52/KH-UBND", internal=True)
    body = "lam-son.nam-khoa.ubnd"
    assert by_body(coverage(workspace, CALL))[body]["status"] == "answered"
    with TestClient(create_app(workspace.root)) as client:
        shown = client.get("/api/coverage", params={"number": CALL})
        assert by_body(shown.json())[body]["status"] != "answered" and "52/KH-UBND" not in shown.text

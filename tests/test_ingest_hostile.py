"""Broken and hostile files through ``kg ingest``: a clear line each, nothing outside, good files taken in."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import unicodedata
from pathlib import Path
from typing import Any

import hostile
import pytest

from api.workspace import Workspace
from ingest.archives import entries_of, member_bytes
from ingest.ledger import Ledger
from ingest.pipeline import Folders

ROOT = Path(__file__).resolve().parents[1]


def kg(*arguments: object, **more: Any) -> subprocess.CompletedProcess[str]:
    """The command as a person runs it."""
    command = [sys.executable, "-m", "api.cli", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=300, check=False, **more)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """One ingest of the whole folder, in a place that is watched."""
    base = tmp_path_factory.mktemp("noi-nap")
    expected = hostile.fill(base / "van-ban")
    for name, make in hostile.GOOD:
        (base / "van-ban" / name).write_bytes(make())
    before = {path for path in base.rglob("*") if "kg-data" not in path.parts}
    done = kg(
        "ingest", base / "van-ban", "--workspace", base / "kg-data", "--jobs", 2, "--report", base / "bao-cao.json"
    )
    return {
        "base": base,
        "expected": expected,
        "done": done,
        "files": {file["file"]: file for file in json.loads((base / "bao-cao.json").read_text("utf-8"))["files"]},
        "new": {path for path in base.rglob("*") if "kg-data" not in path.parts} - before,
    }


def test_the_run_ends_by_itself_and_says_that_not_all_went_in(run: dict[str, Any]) -> None:
    assert run["done"].returncode == 1
    assert "Traceback" not in run["done"].stderr
    assert len(run["expected"]) >= 40


def test_each_bad_file_has_its_line_with_the_right_reason(run: dict[str, Any]) -> None:
    wrong = {
        name: run["files"].get(name, {}).get("code")
        for name, codes in run["expected"].items()
        if run["files"].get(name, {}).get("code") not in codes
    }
    assert not wrong
    for name in run["expected"]:
        line = run["files"][name]
        assert line["status"] in ("failed", "refused") and len(line["message"]) > 20, name
        assert line["message"] in run["done"].stderr or "\n" in line["message"], name


def test_no_reader_had_to_be_killed(run: dict[str, Any]) -> None:
    """The table holds nothing that our own code should not survive by itself."""
    assert not [name for name, line in run["files"].items() if line["code"] in ("crashed", "timeout", "memory")]


def test_the_good_files_beside_them_are_taken_in(run: dict[str, Any]) -> None:
    taken = {name for name, line in run["files"].items() if line["status"] == "new"}
    good = {name for name, _ in hostile.GOOD if not name.endswith(".zip")}
    assert good <= taken
    assert {name.partition("!/")[0] for name in taken if "!/" in name} >= {"50-leo.zip", "85-nen.zip", "86-sau.zip"}
    warned = " ".join(run["files"]["82-macro.docm"]["warnings"] + run["files"]["83-mau-ngoai.docx"]["warnings"])
    assert "macro" in warned and "địa chỉ bên ngoài" in warned


def test_nothing_was_written_outside_the_workspace(run: dict[str, Any]) -> None:
    assert run["new"] == {run["base"] / "bao-cao.json"}
    assert not Path("/tmp/ra-ngoai.txt").exists()
    assert not list((run["base"] / "kg-data" / ".scratch").iterdir())


def test_nothing_of_the_secret_paper_is_left(run: dict[str, Any]) -> None:
    workspace = run["base"] / "kg-data"
    words = [word.encode() for word in ("Về một việc", "07/BC-UBND", "44-dau-mat")]
    words += [unicodedata.normalize("NFD", "Về một việc").encode()]
    for path in workspace.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert not [word for word in words if word in data], path
    assert run["files"]["87-bi-mat-nha-nuoc.txt"]["status"] == "new", "a paper about secrets is none"


def test_a_second_run_reads_none_of_them_again(run: dict[str, Any]) -> None:
    again = Workspace(run["base"] / "kg-data").ingest([run["base"] / "van-ban"])
    assert {file.file for file in again.files if file.status in ("failed", "refused")} == set(run["expected"])
    assert not again.changed
    ledger = Ledger.read_only(Folders(run["base"] / "kg-data").ledger)
    assert {row.attempts for row in ledger.contents().values()} == {1}
    ledger.close()


def test_entries_with_one_name_no_name_or_a_name_that_misleads_are_told_apart(tmp_path: Path) -> None:
    names = [b"trong/kh.txt", b"trong/kh.txt", b"trong/kh.txt", b"", b"\x1b[31mdo\xe2\x80\xaetxt.exe", b"a!/b.txt", b"trong.d/kh", b"trong.d/kh"]  # fmt: skip  # noqa: E501
    packed = hostile.zip_of_names([(name, b"%d" % index) for index, name in enumerate(names)])
    (tmp_path / "goi.zip").write_bytes(packed)
    (tmp_path / "ngoai.zip").write_bytes(hostile.archive({"goi.zip": packed}))
    shown = [
        "trong/kh.txt", "trong/kh (2).txt", "trong/kh (3).txt", "khong-ten", "?[31mdo?txt.exe", "a?/b.txt",
        "trong.d/kh", "trong.d/kh (2)",
    ]  # fmt: skip
    rows = entries_of(tmp_path / "goi.zip", "goi.zip")
    assert [row.name for row in rows] == shown
    for index, row in enumerate(rows):
        assert row.sha256 == hashlib.sha256(b"%d" % index).hexdigest()
        assert member_bytes(str(tmp_path / "goi.zip"), [row.name]) == b"%d" % index
        assert member_bytes(str(tmp_path / "ngoai.zip"), ["goi.zip", row.name]) == b"%d" % index


@pytest.mark.parametrize(
    ("name", "data"),
    [
        pytest.param("nfd.txt", unicodedata.normalize("NFD", hostile.PLAN).encode(), id="nfd"),
        pytest.param("crlf.txt", hostile.PLAN.replace("\n", "\r\n").encode(), id="crlf"),
        pytest.param("bom.txt", hostile.PLAN.encode("utf-8-sig"), id="bom"),
        pytest.param("utf16.txt", hostile.PLAN.encode("utf-16"), id="utf-16"),
    ],
)
def test_odd_spellings_of_the_same_text_are_read_right(name: str, data: bytes, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(data)
    (report,) = Workspace(tmp_path / "kg-data").ingest([tmp_path / name]).files
    assert (report.status, report.citations) == ("new", 1)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_has_its_line(tmp_path: Path) -> None:
    (tmp_path / "van-ban").mkdir()
    for name in ("khoa.txt", "mo.txt"):
        (tmp_path / "van-ban" / name).write_text(hostile.PLAN, "utf-8")
    (tmp_path / "van-ban" / "khoa.txt").chmod(0)
    report = Workspace(tmp_path / "kg-data").ingest([tmp_path / "van-ban"])
    assert {file.file: (file.status, file.code) for file in report.files} == {
        "khoa.txt": ("failed", "unreadable"), "mo.txt": ("new", "ok"),
    }  # fmt: skip


@pytest.mark.slow
def test_thirty_megabytes_and_ten_thousand_citations(tmp_path: Path) -> None:
    (tmp_path / "van-ban").mkdir()
    sentence = "Ủy ban nhân dân các huyện, thành phố tổ chức thực hiện, báo cáo kết quả theo quy định.\n"
    (tmp_path / "van-ban" / "dai.txt").write_text(hostile.PLAN + sentence * 270_000, "utf-8")
    cited = "".join(
        f"Căn cứ Quyết định số {number}/QĐ-UBND ngày 05/3/2021 của Ủy ban nhân dân tỉnh Lai Châu;\n"
        for number in range(1, 10_001)
    )
    (tmp_path / "van-ban" / "vien-dan.txt").write_text(hostile.PLAN + cited, "utf-8")
    report = Workspace(tmp_path / "kg-data").ingest([tmp_path / "van-ban"], jobs=2)
    lines = {file.file: file for file in report.files}
    assert (tmp_path / "van-ban" / "dai.txt").stat().st_size > 30_000_000
    assert lines["dai.txt"].status == "new" and lines["dai.txt"].citations == 1
    assert lines["vien-dan.txt"].status == "new" and lines["vien-dan.txt"].citations == 10_001

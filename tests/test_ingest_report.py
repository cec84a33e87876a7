"""What a clerk reads of a run: a line for each file, what needs a person, and how long is left."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import hostile
import making
import pytest
from click.testing import CliRunner
from prepared import SAMPLES, copy_of, empty_workspace
from rich.console import Console

from api.commands import shared_options, taking_in
from api.commands.shared_options import progress_bar
from ingest.passing import failure_message
from kg.disk import reason_of

ENGLISH = re.compile(r"\b(?:error|failed|file is|not a|no such|truncated|invalid)\b", re.IGNORECASE)
SCAN = (SAMPLES / "06-ke-hoach-68-kh-ubnd-binh-khe.txt").read_text("utf-8")


def kg(command: Any, *arguments: object) -> str:
    """What the command prints, on both ways out."""
    return CliRunner().invoke(command, [str(argument) for argument in arguments]).output


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("van-ban")
    (made / "abc.txt").write_bytes(making.tcvn3_of((SAMPLES / "03-ke-hoach-15-kh-ubnd-tinh.txt").read_text("utf-8")))
    (made / "da-ky.pdf").write_bytes(making.pdf_of(SCAN))
    (made / "hong.pdf").write_bytes(b"%PDF-1.4 rac")
    (made / "khong-so.txt").write_text("Thực hiện Chỉ thị số 34-CT/TW ngày 07/4/2014 của Bộ Chính trị.\n", "utf-8")
    for number in range(30):
        (made / f"rong-{number:02d}.txt").write_text(" " * (number + 1), "utf-8")
    return made


@pytest.fixture(scope="module")
def workspace(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The data folder after a run over ``folder``, and what the run said."""
    root = copy_of(empty_workspace(tmp_path_factory), tmp_path_factory.mktemp("kho") / "kg-data")
    return root, kg(taking_in.ingest, folder, "--workspace", root, "--jobs", 1)


def test_each_line_names_the_paper_and_how_it_was_read(workspace: tuple[Path, str]) -> None:
    lines = {line.split()[1].rstrip(":"): line.strip() for line in workspace[1].splitlines() if "mới  " in line}
    assert re.fullmatch(
        r"mới  abc\.txt: Kế hoạch 15/KH-UBND ngày 12/01/2024, Ủy ban nhân dân tỉnh Lâm Sơn; \d\d viện dẫn"
        r"(?:, \d\d chưa xác định)? \[TXT, mã TCVN3; (?:dưới )?\d+,\d giây\]",
        lines["abc.txt"],
    )
    assert "Kế hoạch 68/KH-UBND ngày 02/4/2024" in lines["da-ky.pdf"] and "[PDF 02 trang; " in lines["da-ky.pdf"]
    assert "chưa rõ số" in lines["khong-so.txt"]
    assert "           · Văn bản gõ bằng bảng mã cũ TCVN3 (ABC), đã chuyển sang Unicode." in workspace[1]
    assert not ENGLISH.search(workspace[1])


def test_status_tells_the_last_run_and_what_needs_a_person(workspace: tuple[Path, str]) -> None:
    said = kg(taking_in.status, "--workspace", workspace[0])
    assert re.search(r"^Lần nạp \d+: bắt đầu \d\d:\d\d ngày \d+/\d+/\d{4}, xong lúc \d\d:\d\d ngày", said, re.M)
    assert re.search(r"^Kết quả: 03 mới, 31 lỗi \(\d+,\d giây\)\.$", said, re.M)
    assert "01 tệp chưa định danh được" in said and 'kg review set "khong-so.txt" --number' in said
    assert said.count("không có nội dung") == 19 and "và 11 tệp không nạp được nữa" in said


def test_status_tells_what_was_left_out_and_where_it_lies(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Refused files and entries of archives have no name in the ledger; a person must deal with them all the same."""
    (tmp_path / "van-ban" / "so-noi-vu").mkdir(parents=True)
    (tmp_path / "van-ban" / "so-noi-vu" / "a.docx").write_bytes(hostile.ole("EncryptedPackage"))
    (tmp_path / "van-ban" / "so-noi-vu" / "b.txt").write_bytes(b" ")
    (tmp_path / "van-ban" / "goi.zip").write_bytes(hostile.archive({"khoa.txt": b"a"}, flags=1))
    (tmp_path / "van-ban" / "to-trinh.txt").write_text("MẬT\nUBND TỈNH LÂM SƠN\nSố: 07/TTr-UBND\nTỜ TRÌNH\n", "utf-8")
    root = copy_of(empty_workspace(tmp_path_factory), tmp_path / "kg-data")
    kg(taking_in.ingest, tmp_path / "van-ban", "--workspace", root, "--jobs", 1)
    said = kg(taking_in.status, "--workspace", root)
    assert "- so-noi-vu/a.docx: Tệp “a.docx” được đặt mật khẩu." in said
    assert "- so-noi-vu/b.txt: Tệp “b.txt”" in said and "- goi.zip!/khoa.txt: Tệp “khoa.txt”" in said
    assert "dấu chỉ độ mật" in said and "to-trinh" not in said


def test_a_report_without_a_folder_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    said = kg(taking_in.ingest, SAMPLES, "--workspace", tmp_path / "kho", "--report", tmp_path / "khong-co" / "a.json")
    assert "Không có thư mục" in said and not (tmp_path / "kho").exists()


def test_a_scan_says_how_sure_it_is(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    making.needs("tesseract")
    (page, *_) = making.pictures_of(making.pdf_of(SCAN))
    (tmp_path / "quet.pdf").write_bytes(making.scan_of([page.crop((0, 0, page.width, page.height // 3))]))
    root = copy_of(empty_workspace(tmp_path_factory), tmp_path / "kg-data")
    assert re.search(
        r"\[PDF 01 trang, nhận dạng chữ 01 trang \(9\d%\); \d+,\d giây\]",
        kg(taking_in.ingest, tmp_path / "quet.pdf", "--workspace", root),
    )


def test_a_bar_shows_pace_and_time_left(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = io.StringIO()
    monkeypatch.setattr(shared_options.sys.stderr, "isatty", lambda: True, raising=False)
    now = [0.0]
    monkeypatch.setattr("rich.console.Console", lambda **_: Console(file=shown, force_terminal=True, width=120))
    monkeypatch.setattr("rich.progress.Progress.get_time", lambda self: now[0], raising=False)
    with progress_bar() as show:
        for done in range(1, 21):
            now[0] += 0.5
            show("Đọc văn bản", done, 200)
    assert "20/200" in shown.getvalue()


@pytest.mark.parametrize(
    ("error", "words"),
    [(FileNotFoundError(2, "No such file"), "không còn"), (PermissionError(13, "denied"), "quyền"),
     (OSError(5, "Input/output error"), "ổ đĩa"), (OSError(9999, "odd"), "lỗi 9999"), (OSError("odd"), "lỗi OSError")],
)  # fmt: skip
def test_what_the_system_says_is_told_in_plain_words(error: OSError, words: str) -> None:
    assert words in reason_of(error) and not ENGLISH.search(reason_of(error).replace("OSError", ""))


def test_a_fault_of_ours_is_no_fault_of_the_file() -> None:
    assert "người quản trị" in failure_message("crashed", "a/b.pdf", "KeyError: 'x'")
    told = failure_message("crashed", "a/b.pdf", None)
    assert "“b.pdf”" in told and "lưu lại" in told

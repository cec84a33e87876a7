"""``kg ingest`` over folders that change: nothing done twice, nothing lost, the same graph by every way."""

from __future__ import annotations

import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import making
import pytest
from prepared import SAMPLES, copy_of, dump, empty_workspace

import ingest.pipeline
from api.workspace import Workspace
from ingest.ledger import ContentRow, Ledger
from ingest.passing import must_read
from ingest.pipeline import FileReport, Folders
from ingest.readers import READER_VERSIONS
from kg.errors import WorkspaceError
from kg.snapshots import read_current

ROOT = Path(__file__).resolve().parents[1]


def plan(number: int, *, subject: str = "công tác thi đua", year: int = 2023, cited: int | None = None) -> str:
    """A small plan of the province of the samples."""
    cited = cited or number * 7 % 200 + 1
    return (
        "ỦY BAN NHÂN DÂN\nTỈNH LÂM SƠN\n\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n\n"
        f"Số: {number}/KH-UBND\n\nLâm Sơn, ngày 05 tháng 3 năm {year}\n\nKẾ HOẠCH\nThực hiện {subject} năm {year}\n\n"
        f"Thực hiện Kế hoạch số {cited}/KH-UBND ngày 05/3/{year} của Ủy ban nhân dân tỉnh Lâm Sơn, Ủy ban nhân "
        "dân tỉnh ban hành kế hoạch.\n\nI. NHIỆM VỤ\n\n1. Giao Sở Nội vụ chủ trì tổ chức thực hiện.\n"
    )


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return empty_workspace(tmp_path_factory)


@pytest.fixture
def root(base: Path, tmp_path: Path) -> Path:
    return copy_of(base, tmp_path / "kg-data")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "van-ban"
    made.mkdir()
    return made


def write(folder: Path, **texts: str) -> None:
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text, "utf-8")


def statuses(reports: tuple[FileReport, ...]) -> dict[str, str]:
    return {report.file: report.status for report in reports}


def ask(root: Path, query: str) -> list[list[str]]:
    lines = Workspace(root).sparql(query, form="tsv").text.splitlines()[1:]
    return [[cell.strip('"<>') for cell in line.split("\t")] for line in lines]


# --- Order, names, versions ---


def test_any_order_and_any_number_of_processes_give_the_same_graph(base: Path, tmp_path: Path) -> None:
    files = [path for path in sorted(SAMPLES.iterdir()) if path.suffix in (".txt", ".md", ".pdf", ".docx")]
    dumps = set()
    for turn, jobs in enumerate((1, 2)):
        root = copy_of(base, tmp_path / f"kho-{turn}")
        order = list(files)
        random.Random(turn).shuffle(order)
        for part in (order[:9], order[9:]) if turn else (order,):
            Workspace(root).ingest(part, jobs=jobs)
        dumps.add(dump(root))
    assert len(dumps) == 1 and len(dumps.pop()) > 100_000


def test_one_content_under_two_names_is_one_document_with_two_names(root: Path, folder: Path) -> None:
    write(folder, mot=plan(1), hai=plan(1))
    report = Workspace(root).ingest([folder])
    assert statuses(report.files) == {"hai.txt": "new", "mot.txt": "new"} and report.works == 1
    names = ask(root, "SELECT ?n { ?f vb:fileName ?n } ORDER BY ?n")
    assert names == [["hai.txt"], ["mot.txt"]]
    (folder / "hai.txt").unlink()
    Workspace(root).ingest([folder], prune=True)
    assert ask(root, "SELECT ?n { ?f vb:fileName ?n }") == [["mot.txt"]]


def test_two_renditions_are_one_work_and_the_signed_one_is_shown(root: Path, folder: Path) -> None:
    body = ["Thực hiện Chỉ thị số 34-CT/TW ngày 07/4/2014 của Bộ Chính trị, Ủy ban nhân dân tỉnh phát động phong trào",
            "thi đua đặc biệt với các nội dung sau đây, yêu cầu các huyện, thành phố tổ chức thực hiện nghiêm túc.",
            "1. Tổ chức phát động phong trào thi đua đến từng cơ quan, đơn vị, khu dân cư trên địa bàn tỉnh.",
            "2. Đăng ký công trình, phần việc chào mừng; báo cáo kết quả trước ngày 15 tháng 8 năm 2023."]  # fmt: skip
    making.needs("tesseract")
    draft = making.letterhead_pdf(body=body)
    (folder / "du-thao.pdf").write_bytes(draft)
    stamps = [("1954", making.NUMBER_BOX), ("30", making.DAY_BOX)]
    (folder / "da-ky.pdf").write_bytes(making.stamped(draft, stamps))
    report = Workspace(root).ingest([folder])
    assert {file.number for file in report.files} == {"1954/UBND-TH"} and report.works == 1
    shown = ask(root, "SELECT ?n ?p { ?w vb:file ?f . ?f vb:fileName ?n ; vb:preferred ?p } ORDER BY ?n")
    assert [row[0] for row in shown] == ["da-ky.pdf", "du-thao.pdf"]
    assert "true" in shown[0][1] and "false" in shown[1][1]


def test_a_new_version_of_a_file_replaces_what_the_old_one_said(root: Path, folder: Path) -> None:
    write(folder, ke_hoach=plan(1, cited=50), khac=plan(2))
    Workspace(root).ingest([folder])
    assert "/kh/2023/50" in dump(root).decode()
    write(folder, ke_hoach=plan(1, cited=51))
    report = Workspace(root).ingest([folder])
    assert statuses(report.files) == {"ke_hoach.txt": "updated", "khac.txt": "unchanged"}
    after = dump(root).decode()
    assert "/kh/2023/51" in after and "/kh/2023/50" not in after


def test_a_pruned_file_leaves_a_stub_where_it_is_cited(root: Path, folder: Path) -> None:
    write(folder, mot=plan(1, cited=2), hai=plan(2, cited=3))
    Workspace(root).ingest([folder])
    (folder / "hai.txt").unlink()
    report = Workspace(root).ingest([folder], prune=True)
    assert statuses(report.files) == {"hai.txt": "removed", "mot.txt": "unchanged"}
    assert ask(root, "SELECT ?n { ?w a vb:Stub ; eli:id_local ?n }") == [["2/KH-UBND"]]


# --- Nothing done twice ---


def test_a_second_run_touches_nothing(root: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(folder, **{f"so-{number}": plan(number) for number in range(1, 6)})
    Workspace(root).ingest([folder])
    before, state = read_current(root), dump(root)
    monkeypatch.setattr(subprocess, "Popen", None)  # no reader is started
    report = Workspace(root).ingest([folder])
    assert set(statuses(report.files).values()) == {"unchanged"} and not report.changed
    assert read_current(root) == before and dump(root) == state
    assert report.works == 5 and report.files[0].number == "1/KH-UBND"


def test_what_is_held_outlives_its_source_folder_and_new_rules(
    root: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    write(folder, mot=plan(1), hai=plan(2))
    Workspace(root).ingest([folder])
    before = dump(root)
    shutil.rmtree(folder)
    other = tmp_path / "khac"
    other.mkdir()
    monkeypatch.setattr(ingest.pipeline, "PARSER_VERSION", ingest.pipeline.PARSER_VERSION + 1)
    shutil.rmtree(root / "originals")  # the reader's text is enough: nothing is read from bytes again
    (root / "originals").mkdir()
    with closing(Ledger(Folders(root).ledger)) as ledger:
        for sha in ledger.contents():
            Folders(root).original(sha).parent.mkdir(parents=True, exist_ok=True)
            Folders(root).original(sha).write_bytes(b"khong con gi")
    Workspace(root).ingest([other])
    assert dump(root) == before
    with closing(Ledger(Folders(root).ledger)) as ledger:
        versions = {row.parser_version for row in ledger.contents().values() if row.status == "read"}
    assert {version.partition("/")[0] for version in versions} == {str(ingest.pipeline.PARSER_VERSION)}


def test_reference_data_of_ones_own_reads_everything_again(root: Path, folder: Path) -> None:
    write(folder, mot=plan(1))
    (root / "reference.ttl").unlink()
    Workspace(root).ingest([folder])
    assert "/eli/vn/lam-son.ubnd/kh/2023/1>" not in dump(root).decode()
    shutil.copy(SAMPLES / "reference.ttl", folder)
    assert statuses(Workspace(root).ingest([folder]).files) == {"mot.txt": "updated"}
    assert "/eli/vn/lam-son.ubnd/kh/2023/1>" in dump(root).decode()


@pytest.mark.parametrize(
    ("row", "read"),
    [
        pytest.param(None, True, id="never-seen"),
        pytest.param({"status": "read"}, False, id="read"),
        pytest.param({"status": "read", "parser_version": "0/-"}, True, id="other-rules"),
        pytest.param({"status": "read", "reader_version": 0}, True, id="other-reader-of-its-format"),
        pytest.param({"status": "failed", "code": "damaged"}, False, id="broken-stays-broken"),
        pytest.param({"status": "failed", "code": "crashed"}, True, id="an-accident-is-tried-again"),
        pytest.param({"status": "failed", "code": "crashed", "attempts": 3}, False, id="but-not-for-ever"),
        pytest.param({"status": "failed", "code": "permission"}, True, id="may-be-allowed-now"),
        pytest.param({"status": "refused", "code": "secret"}, False, id="refused"),
    ],
)
def test_what_is_read_again(row: dict[str, Any] | None, read: bool, tmp_path: Path) -> None:
    document = tmp_path / "document.json"
    document.write_text("{...}")
    known = {"media_type": "text/plain", "reader_version": READER_VERSIONS["text/plain"], "parser_version": "1/-"}
    content = None if row is None else ContentRow("ab", **{**known, **row})
    assert must_read(content, "1/-", document) is read


def test_a_document_that_a_power_cut_left_empty_is_read_again(root: Path, folder: Path) -> None:
    write(folder, mot=plan(1), hai=plan(2))
    report = Workspace(root).ingest([folder])
    before = dump(root)
    torn = Folders(root).document(str(report.files[0].sha256))
    torn.write_bytes(b"")
    Workspace(root).ingest([folder])
    assert torn.stat().st_size > 100 and dump(root) == before


# --- Interruptions ---


Start = Callable[[Path, Path], tuple[int, Callable[[], int]]]

ZYGOTE = """
import os, sys
from pathlib import Path
sys.path[:0] = sys.argv[1:]
from api.workspace import Workspace
import api.changes, ingest.pipeline, rich.progress  # loaded once: each run is a fork
for line in sys.stdin:
    root, folder = line.rstrip("\\n").split("\\t")
    pid = os.fork()
    if pid == 0:
        try:
            Workspace(Path(root)).ingest([Path(folder)], jobs=2)
        finally:
            os._exit(0)
    print(pid, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)
"""


@pytest.fixture(scope="module")
def start() -> Iterator[Start]:
    """Starts ingests in processes that cost no import: gives the process id and a wait for its end."""
    with subprocess.Popen(
        [sys.executable, "-c", ZYGOTE, str(ROOT)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as zygote:
        assert zygote.stdin and zygote.stdout
        source, sink = zygote.stdout, zygote.stdin

        def run(root: Path, folder: Path) -> tuple[int, Callable[[], int]]:
            sink.write(f"{root}\t{folder}\n")
            sink.flush()
            return int(source.readline()), lambda: int(source.readline())

        yield run
        sink.close()


@pytest.fixture(scope="module")
def undisturbed(base: Path, tmp_path_factory: pytest.TempPathFactory, start: Start) -> tuple[Path, bytes, float]:
    """Two hundred files, the graph they give, and how long that takes."""
    place = tmp_path_factory.mktemp("nguyen")
    (place / "van-ban").mkdir()
    for number in range(1, 201):
        (place / "van-ban" / f"{number:03d}.txt").write_text(plan(number), "utf-8")
    root = copy_of(base, place / "kg-data")
    began = time.monotonic()
    _, ended = start(root, place / "van-ban")
    assert ended() == 0
    return place / "van-ban", dump(root), time.monotonic() - began


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=pytest.mark.bench) for seed in (2, 3))])
def test_killed_at_ten_moments_a_second_run_makes_it_whole(
    seed: int, base: Path, tmp_path: Path, start: Start, undisturbed: tuple[Path, bytes, float]
) -> None:
    folder, expected, lasts = undisturbed
    assert expected.count(b"/eli/vn/lam-son.ubnd/kh/2023/") > 1000
    moments = random.Random(seed)
    cut = 0
    for turn in range(10):
        root = copy_of(base, tmp_path / f"kho-{turn}")
        pid, ended = start(root, folder)
        time.sleep(moments.uniform(0.0, lasts))
        with suppress(ProcessLookupError):  # it had ended
            os.kill(pid, signal.SIGKILL)
        cut += ended() == -signal.SIGKILL
        _, ended = start(root, folder)
        assert ended() == 0
        assert dump(root) == expected, f"turn {turn}"
        assert len(list((root / ".scratch").iterdir())) == 0
        shutil.rmtree(root)
    assert cut >= 5, "most kills must hit a running ingest"


def test_ctrl_c_ends_in_order_and_the_next_run_goes_on(root: Path, folder: Path) -> None:
    for number in range(1, 400):
        (folder / f"{number:03d}.txt").write_text(plan(number), "utf-8")
    command = [sys.executable, "-m", "api.cli", "ingest", str(folder), "--workspace", str(root), "--jobs", "2"]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True, start_new_session=True) as run:
        for _ in range(1200):
            time.sleep(0.05)
            with closing(Ledger(Folders(root).ledger)) as ledger:
                if 0 < len(ledger.contents()) < 399 or run.poll() is not None:
                    break
        os.killpg(run.pid, signal.SIGINT)
        _, said = run.communicate(timeout=60)
    assert run.returncode == 130 and "chạy lại lệnh để làm tiếp" in said and "Traceback" not in said
    with closing(Ledger(Folders(root).ledger)) as ledger:
        done = {sha for sha, row in ledger.contents().items() if row.status == "read"}
        last = ledger.last_run()
    assert done and last and last["finished"] is None
    assert not list((root / ".scratch").iterdir())
    report = Workspace(root).ingest([folder], jobs=2)
    assert report.works == 399 and report.clean
    with closing(Ledger(Folders(root).ledger)) as ledger:
        assert {row.attempts for row in ledger.contents().values()} == {1}


def test_an_upload_during_an_ingest_works(root: Path, folder: Path, tmp_path: Path) -> None:
    for number in range(1, 80):
        (folder / f"{number:03d}.txt").write_text(plan(number), "utf-8")
    upload = tmp_path / "tai-len.txt"
    upload.write_text(plan(900), "utf-8")
    long = threading.Thread(target=lambda: Workspace(root).ingest([folder], jobs=1))
    long.start()
    report = Workspace(root).ingest([upload])
    long.join(120)
    assert not long.is_alive() and report.clean
    numbers = {row[0] for row in ask(root, "SELECT ?n { ?w vb:file ?f ; eli:id_local ?n }")}
    assert numbers == {f"{number}/KH-UBND" for number in [*range(1, 80), 900]}


# --- The disk ---


def test_a_full_disk_is_told_and_the_old_state_stays(root: Path, folder: Path) -> None:
    write(folder, mot=plan(1))
    Workspace(root).ingest([folder])
    before = dump(root)
    write(folder, **{f"so-{number}": plan(number) + "Nội dung.\n" * 4000 for number in range(2, 12)})

    def no_large_files() -> None:  # what a full disk looks like to a program, without filling one
        resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, 30_000))

    command = [sys.executable, "-m", "api.cli", "ingest", str(folder), "--workspace", str(root)]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False, preexec_fn=no_large_files
    )
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert "ổ đĩa đã đầy" in done.stderr.lower()
    assert dump(root) == before
    assert Workspace(root).ingest([folder]).works == 11


def test_a_workspace_that_may_not_be_written_is_told(root: Path, folder: Path) -> None:
    write(folder, mot=plan(1))
    Workspace(root).ingest([folder])
    before = dump(root)
    write(folder, hai=plan(2))
    if os.geteuid() == 0:
        made = subprocess.run(["mount", "--bind", root, root], capture_output=True, check=False)
        made = made.returncode or subprocess.run(["mount", "-o", "remount,bind,ro", root], check=False).returncode
        if made:
            subprocess.run(["umount", "--lazy", root], capture_output=True, check=False)
            pytest.skip("root writes everywhere, and this machine lets nobody mount")
    else:
        for path in (root, *root.rglob("*")):
            path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        with pytest.raises(WorkspaceError, match="quyền ghi"):
            Workspace(root).ingest([folder])
        assert dump(root) == before
        assert Workspace(root).status()["counts"]["works"] == 1
    finally:
        if os.geteuid() == 0:
            subprocess.run(["umount", "--lazy", root], check=True)
        else:
            for path in (root, *root.rglob("*")):
                path.chmod(0o755)


# --- Reports and provenance ---


def test_the_report_says_what_each_file_was(root: Path, folder: Path, tmp_path: Path) -> None:
    write(folder, mot=plan(1))
    (folder / "cu.txt").write_bytes(making.tcvn3_of(plan(2, cited=1)))
    (folder / "in.pdf").write_bytes(making.pdf_of(plan(3, cited=4)))
    with zipfile.ZipFile(folder / "ho-so.zip", "w") as archive:
        archive.writestr("phu-luc/bon.txt", plan(4, cited=5))
    command = [sys.executable, "-m", "api.cli", "ingest", str(folder), "--workspace", str(root), "--report"]
    done = subprocess.run([*command, str(tmp_path / "r.json")], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    record = json.loads((tmp_path / "r.json").read_text("utf-8"))
    files = {file["file"]: file for file in record["files"]}
    assert set(files) == {"mot.txt", "cu.txt", "in.pdf", "ho-so.zip!/phu-luc/bon.txt"}
    assert files["cu.txt"]["encoding"] == "tcvn3" and files["cu.txt"]["number"] == "2/KH-UBND"
    assert (files["in.pdf"]["format"], files["in.pdf"]["pages"], files["in.pdf"]["ocr"]) == ("PDF", 1, [])
    assert all(file["seconds"] > 0 and file["identity"] == "stated" for file in files.values())
    assert (files["mot.txt"]["citations"], files["mot.txt"]["resolved"], files["mot.txt"]["unresolved"]) == (1, 1, 0)
    kept = Workspace(root).status()["last_run"]["report"]
    assert kept["files"] == record["files"]


def test_provenance_by_sidecar_and_by_option(root: Path, folder: Path) -> None:
    write(folder, mot=plan(1), hai=plan(2))
    told = {"source": "https://lamson.gov.vn/van-ban/1", "collected": "2024-05-31", "ghi chú": [1, 2]}
    (folder / "mot.txt.meta.json").write_text(json.dumps(told), "utf-8")
    (folder / "hai.txt.meta.json").write_text("{hỏng", "utf-8")
    report = Workspace(root).ingest([folder], source="https://lamson.gov.vn/")
    assert {file.file: file.source for file in report.files} == {
        "hai.txt": "https://lamson.gov.vn/", "mot.txt": "https://lamson.gov.vn/van-ban/1",
    }  # fmt: skip
    query = "SELECT ?n ?s ?d { ?f vb:fileName ?n ; dct:source ?s . OPTIONAL { ?f dct:date ?d } } ORDER BY ?n"
    assert ask(root, query) == [
        ["hai.txt", "https://lamson.gov.vn/", ""],
        ["mot.txt", "https://lamson.gov.vn/van-ban/1", '2024-05-31"^^<http://www.w3.org/2001/XMLSchema#date'],
    ]  # fmt: skip
    again = Workspace(root).ingest([folder])
    assert not again.changed and {file.source for file in again.files if file.file == "hai.txt"} == {
        "https://lamson.gov.vn/"
    }
    assert not Workspace(root).validate()


def test_names_that_are_no_text_are_shown_and_kept(root: Path, folder: Path) -> None:
    strange = os.fsencode(folder) + b"/k\xe9 ho\x07ch\n\xe2\x80\xaetxt"
    try:
        Path(os.fsdecode(strange)).write_text(plan(1), "utf-8")
    except OSError:
        pytest.skip("this file system takes no such names")
    (report,) = Workspace(root).ingest([folder]).files
    assert (report.status, report.number) == ("new", "1/KH-UBND")
    assert report.file.isprintable() and "ho?ch" in report.file
    assert not Workspace(root).ingest([folder]).changed


def test_the_workspace_among_the_files_is_not_taken_in(tmp_path: Path, base: Path) -> None:
    root = copy_of(base, tmp_path / "kg-data")
    write(tmp_path, mot=plan(1))
    for _ in range(2):
        assert [file.file for file in Workspace(root).ingest([tmp_path]).files] == ["mot.txt"]

"""A backup holds everything, whatever runs beside it, and comes back whole or not at all."""

from __future__ import annotations

import json
import shutil
import tarfile
import threading
import time
from pathlib import Path

import pytest

from api import audit
from api.accounts import Accounts
from api.backup import back_up, restore
from api.workspace import Workspace
from kg.errors import WorkspaceError

SAMPLES = Path(__file__).resolve().parents[1] / "samples" / "documents"
BY = "Vàng Thị Mẫu"
PLAN = "03-ke-hoach-15-kh-ubnd-tinh.txt"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "van-ban"
    made.mkdir()
    for name in ("reference.ttl", PLAN, "04-ke-hoach-15-kh-ubnd-binh-khe.txt"):
        shutil.copy(SAMPLES / name, made / name)
    return made


@pytest.fixture
def workspace(folder: Path, tmp_path: Path) -> Workspace:
    made = Workspace(tmp_path / "kg-data")
    assert made.ingest([folder]).clean
    made.set_fact(PLAN, by=BY, title="Kế hoạch mẫu của tỉnh", visibility="internal")
    return made


def dump(workspace: Workspace) -> bytes:
    return workspace.export("nq", meta=True, public=False)


@pytest.mark.parametrize("name", ["kho", "kho.tar", "kho.tar.gz"])
def test_everything_comes_back(name: str, workspace: Workspace, folder: Path, tmp_path: Path) -> None:
    key, _ = Accounts(workspace.root).create_key(BY, scopes=["review"])
    manifest = back_up(workspace.root, tmp_path / "sao-luu" / name)
    assert manifest["counts"]["facts"] == 1 and manifest["counts"]["ledger_contents"] == 2
    restored = Workspace(tmp_path / "khac" / "kg-data")
    report = restore(tmp_path / "sao-luu" / name, restored.root, verify=True)
    assert report["dump_equal"] and report["audit_lines"] == audit.verify(workspace.root) == 2
    assert dump(restored) == dump(workspace)
    visitor = Accounts(restored.root).visitor_of_key(key)
    assert visitor is not None and visitor.name == BY and visitor.may("review") and not visitor.may("write")
    same = restored.ingest([folder])
    assert {file.status for file in same.files} == {"unchanged"}
    assert dump(restored) == dump(workspace)
    assert restored.snapshot().current.public, "what was internal still is"


def test_sign_ins_end_with_a_restore(workspace: Workspace, tmp_path: Path) -> None:
    accounts = Accounts(workspace.root)
    session = accounts.sign_in(accounts.sign_in_link(), BY)
    link = accounts.sign_in_link()
    assert session is not None and accounts.session(session.secret) is not None
    back_up(workspace.root, tmp_path / "kho.tar")
    restore(tmp_path / "kho.tar", tmp_path / "moi", verify=True)
    moved = Accounts(tmp_path / "moi")
    assert moved.session(session.secret) is None
    assert moved.sign_in(link, BY) is None


def test_a_backup_runs_during_an_ingest(workspace: Workspace, tmp_path: Path) -> None:
    before = dump(workspace)
    started, go_on = threading.Event(), threading.Event()

    def progress(what: str, done: int, total: int) -> None:
        if what == "Đọc văn bản":
            started.set()
            go_on.wait(30)

    others = [SAMPLES / "11-cong-van-412-sgddt.txt", SAMPLES / "01-chi-thi-17-ct-tu.txt"]
    writer = threading.Thread(target=lambda: workspace.ingest(others, progress=progress))
    writer.start()
    try:
        assert started.wait(30)
        back_up(workspace.root, tmp_path / "kho.tar")
    finally:
        go_on.set()
        writer.join(60)
    restored = Workspace(tmp_path / "moi")
    restore(tmp_path / "kho.tar", restored.root, verify=True)
    assert dump(restored) == before != dump(workspace)
    restored.ingest(others)
    assert dump(restored) == dump(workspace), "the ingest goes on where it was"


def test_a_backup_under_steady_writing_is_whole(workspace: Workspace, tmp_path: Path) -> None:
    stop = threading.Event()
    texts = tmp_path / "nhieu"
    texts.mkdir()

    def write() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            (texts / f"{number}.txt").write_text(f"UBND TỈNH\nSố: {number}/KH-UBND\n\nKẾ HOẠCH\nViệc thứ {number}\n")
            workspace.ingest([texts])

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(3):
            back_up(workspace.root, tmp_path / f"kho-{number}")
            time.sleep(0.2)
    finally:
        stop.set()
        writer.join(60)
    for number in range(3):
        assert restore(tmp_path / f"kho-{number}", tmp_path / f"moi-{number}", verify=True)["dump_equal"]


def test_a_damaged_backup_leaves_nothing(workspace: Workspace, tmp_path: Path) -> None:
    source = tmp_path / "kho"
    back_up(workspace.root, source)
    victim = next((source / "data" / "texts").rglob("*.txt"))
    victim.write_bytes(victim.read_bytes()[:-1] + b"?")
    with pytest.raises(WorkspaceError, match="bị hỏng"):
        restore(source, tmp_path / "moi", verify=False)
    victim.unlink()
    with pytest.raises(WorkspaceError, match="thiếu"):
        restore(source, tmp_path / "moi", verify=False)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["kg-data", "kho", "van-ban"]


def test_a_manifest_cannot_write_outside(workspace: Workspace, tmp_path: Path) -> None:
    source = tmp_path / "kho"
    back_up(workspace.root, source)
    manifest = json.loads((source / "manifest.json").read_text("utf-8"))
    manifest["files"]["../tron-ra"] = [0, ""]
    (source / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    with pytest.raises(WorkspaceError, match="không an toàn"):
        restore(source, tmp_path / "moi", verify=False)
    assert not (tmp_path / "moi").exists()


def test_nothing_is_written_over(workspace: Workspace, tmp_path: Path) -> None:
    back_up(workspace.root, tmp_path / "kho")
    with pytest.raises(WorkspaceError, match="đã có"):
        back_up(workspace.root, tmp_path / "kho")
    with pytest.raises(WorkspaceError, match="không trống"):
        restore(tmp_path / "kho", workspace.root, verify=True)
    (tmp_path / "la.tar").write_bytes(b"khong phai tar")
    with pytest.raises(WorkspaceError, match="không phải bản sao lưu"):
        restore(tmp_path / "la.tar", tmp_path / "moi", verify=True)


def test_an_archive_is_for_its_owner_alone_and_has_no_locks(workspace: Workspace, tmp_path: Path) -> None:
    Accounts(workspace.root).create_key(BY, scopes=["read"])
    back_up(workspace.root, tmp_path / "kho.tar")
    assert (tmp_path / "kho.tar").stat().st_mode & 0o077 == 0
    with tarfile.open(tmp_path / "kho.tar") as tar:
        names = tar.getnames()
    assert not [name for name in names if name.count("/") == 1 and name.endswith((".lock", "-wal", "-shm"))]
    assert {"data/CURRENT", "data/ledger.sqlite", "data/accounts.sqlite", "data/audit.jsonl", "manifest.json"} <= {
        *names
    }


def test_the_audit_log_shows_what_was_changed_or_taken_out(tmp_path: Path) -> None:
    for number in range(3):
        audit.record(tmp_path, by=BY, action="review.accepted", about=f"link-{number}")
    assert audit.verify(tmp_path) == 3
    path = tmp_path / audit.FILE
    whole = path.read_text("utf-8")
    for damaged in (whole.replace("link-1", "link-9"), "".join(whole.splitlines(keepends=True)[::2])):
        path.write_text(damaged, "utf-8")
        with pytest.raises(WorkspaceError, match="Nhật ký"):
            audit.verify(tmp_path)

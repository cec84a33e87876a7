"""Documents in and out over HTTP, and review over HTTP: jobs, limits, refusals, who it was."""

from __future__ import annotations

import shutil
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api import audit
from api.accounts import Accounts
from api.app import create_app
from api.job_worker import run
from api.jobs import Jobs
from api.workspace import Workspace, operator

SAMPLES = Path(__file__).resolve().parents[1] / "samples" / "documents"
PLAN, DISTRICT = "03-ke-hoach-15-kh-ubnd-tinh.txt", "04-ke-hoach-15-kh-ubnd-binh-khe.txt"
INSIDE = f"huyen.zip!/{DISTRICT}"
SECRET = "18-van-ban-co-dau-mat.txt"
KEY = "lam-son.ubnd/kh/2024/15"
BY = "Vàng Thị Mẫu"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("van-ban")
    for name in ("reference.ttl", PLAN):
        shutil.copy(SAMPLES / name, folder / name)
    Workspace(folder.parent / "kg-data").ingest([folder])
    return folder.parent / "kg-data"


@pytest.fixture
def root(made: Path, tmp_path: Path) -> Path:
    """A data folder of the test's own."""
    return Path(shutil.copytree(made, tmp_path / "kg-data"))


@pytest.fixture
def client(root: Path) -> Iterator[TestClient]:
    key, _ = Accounts(root).create_key(BY, scopes=["read", "write", "review"])
    with TestClient(create_app(root), headers={"Authorization": f"Bearer {key}"}) as opened:
        yield opened


def sample(name: str) -> tuple[str, bytes, str]:
    return (name, (SAMPLES / name).read_bytes(), "text/plain")


def finished(client: TestClient, answer: Any) -> dict[str, Any]:
    """Polls a job until it has ended."""
    assert answer.status_code == 202, answer.text
    assert answer.headers["location"] == f"/api/jobs/{answer.json()['id']}"
    for _ in range(600):
        job: dict[str, Any] = client.get(answer.headers["location"]).json()
        if job["state"] not in ("queued", "running"):
            return job
        time.sleep(0.1)
    raise AssertionError(job)


def uploads(root: Path) -> list[str]:
    return sorted(path.name for path in (root / "uploads").rglob("*") if path.is_file())


def test_an_upload_is_read_in_the_background_and_shows(client: TestClient, root: Path) -> None:
    job = finished(client, client.post("/api/documents", files={"file": sample(DISTRICT)}))
    assert (job["state"], job["user"], job["files"]) == ("done", BY, [DISTRICT])
    (document,) = job["report"]["documents"]
    assert client.get(f"/api/documents/{document['key']}").status_code == 200
    traced = client.get("/api/trace", params={"number": "15/KH-UBND", "issuer": "tỉnh Lâm Sơn"}).json()
    assert [row["document"]["file"] for row in traced["implementing"]] == [DISTRICT]
    assert str(root) not in client.get("/api/jobs").text, "no path of this machine"
    acts = [(entry["by"], entry["action"]) for entry in audit.entries(root)]
    assert acts[-2:] == [(BY, "jobs.upload"), (BY, "documents.upload")]


def test_several_files_of_which_one_is_bad(client: TestClient, root: Path) -> None:
    bad = ("hong.pdf", b"%PDF-1.4 khong phai", "application/pdf")
    job = finished(client, client.post("/api/documents", files=[("file", sample(DISTRICT)), ("file", bad)]))
    assert job["state"] == "failed"
    assert {file["file"]: file["status"] for file in job["report"]["files"]} == {DISTRICT: "new", "hong.pdf": "failed"}
    assert len(Workspace(root).catalog().find("15/KH-UBND", issuer="huyện Bình Khê")) > 0


def test_a_paper_with_a_secrecy_mark_leaves_nothing(client: TestClient, root: Path) -> None:
    job = finished(client, client.post("/api/documents", files={"file": sample(SECRET)}))
    assert job["state"] == "failed" and job["report"]["files"][0]["status"] == "refused"
    assert not uploads(root)
    words = (SAMPLES / SECRET).read_bytes()
    assert not [path for path in root.rglob("*") if path.is_file() and path.read_bytes() == words]


def test_an_internal_upload_shows_to_nobody_else(client: TestClient, root: Path) -> None:
    job = finished(
        client, client.post("/api/documents", files={"file": sample(DISTRICT)}, data={"visibility": "internal"})
    )
    (document,) = job["report"]["documents"]
    address = f"/api/documents/{document['key']}"
    assert client.get(address).status_code == 200
    assert client.get(address, headers={"Authorization": ""}).status_code == 404


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\a\\kế hoạch.txt", "kế hoạch.txt"),
        ("...", "van-ban"),
        ("reference.ttl", "van-ban"),
        ("a" * 300 + ".txt", "a" * 176 + ".txt"),
        ("<b>.txt", "b.txt"),
    ],
)
def test_a_file_keeps_a_harmless_name(name: str, kept: str) -> None:
    from api.routes.writing import _file_name

    assert _file_name(name) == kept


def test_what_is_too_large_is_refused_before_it_is_kept(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KG_UPLOAD_MB", "1")
    key, _ = Accounts(root).create_key(BY, scopes=["write"])
    with TestClient(create_app(root), headers={"Authorization": f"Bearer {key}"}) as client:
        answer = client.post("/api/documents", files={"file": ("to.txt", b"x" * 1_100_000, "text/plain")})
        assert answer.status_code == 413 and answer.headers["content-type"] == "application/problem+json"

        def stream() -> Iterator[bytes]:
            yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
            for _ in range(20):
                yield b"x" * 100_000
            yield b"\r\n--b--\r\n"

        unstated = {"Content-Type": "multipart/form-data; boundary=b"}
        assert client.post("/api/documents", content=stream(), headers=unstated).status_code == 413
    assert not (root / "uploads").exists()


@pytest.mark.parametrize(
    "request_",
    [
        {"files": {"tep": ("a.txt", b"a", "text/plain")}},
        {"data": {"file": "a"}},
        {"content": b"--b\r\nnot a form", "headers": {"Content-Type": "multipart/form-data; boundary=b"}},
        {"content": b"{}", "headers": {"Content-Type": "application/json"}},
        {"files": {"file": ("a.txt", b"a", "text/plain")}, "data": {"visibility": "secret"}},
    ],
    ids=["another field", "no file", "broken", "json", "visibility"],
)
def test_a_form_that_is_none_is_refused(request_: dict[str, Any], client: TestClient, root: Path) -> None:
    answer = client.post("/api/documents", **request_)
    assert answer.status_code in (400, 422) and answer.headers["content-type"] == "application/problem+json"
    assert client.get("/api/jobs").json() == []


def test_a_removed_document_is_gone_with_its_text(client: TestClient, root: Path) -> None:
    finished(client, client.post("/api/documents", files={"file": sample(DISTRICT)}))
    before = Workspace(root).export("nq", meta=False, public=False)
    workspace = Workspace(root)
    key = workspace.catalog().find("15/KH-UBND", issuer="huyện Bình Khê")
    answer = client.delete(f"/api/documents/{key}")
    assert answer.json() == {"removed": key, "files": 1, "in_source_folders": []}
    assert not uploads(root)
    words = (SAMPLES / DISTRICT).read_bytes()
    kept = [path for folder in ("originals", "documents", "texts") for path in (root / folder).rglob("*")]
    assert not [path for path in kept if path.is_file() and words[200:400] in path.read_bytes()]
    assert client.delete(f"/api/documents/{key}").status_code == 404
    finished(client, client.post("/api/documents", files={"file": sample(DISTRICT)}))
    assert Workspace(root).export("nq", meta=False, public=False) == before


@pytest.fixture
def source(root: Path) -> Path:
    """A folder that is taken in again and again, with one file in it and one in an archive."""
    folder = root.parent / "van-ban"
    folder.mkdir()
    shutil.copy(SAMPLES / PLAN, folder)
    with zipfile.ZipFile(folder / "huyen.zip", "w") as archive:
        archive.write(SAMPLES / DISTRICT, DISTRICT)
    Workspace(root).ingest([folder])
    return folder


def held(root: Path) -> set[str]:
    return {row["n"].value for row in Workspace(root).snapshot().query("SELECT ?n { ?w vb:file/vb:fileName ?n }")}  # type: ignore[union-attr]


def test_a_removed_document_does_not_come_back_with_its_folder(client: TestClient, root: Path, source: Path) -> None:
    for key in (KEY, Workspace(root).catalog().find("15/KH-UBND", issuer="huyện Bình Khê")):
        removed = client.delete(f"/api/documents/{key}").json()
        assert removed["in_source_folders"], "said, because the files still lie there"
    state = Workspace(root).export("nq", meta=True, public=False)
    shutil.copy(source / PLAN, source / "ban-sao.txt")
    for _ in range(2):
        report = Workspace(root).ingest([source], prune=True)
        assert report.clean and not report.changed
        passed = {file.file: (file.status, file.code) for file in report.files}
        assert set(passed) == {PLAN, "ban-sao.txt", INSIDE}
        assert set(passed.values()) == {("removed", "deleted")}
        assert all("đã bị xóa khỏi kho" in file.message and BY in file.message for file in report.files)
        assert Workspace(root).export("nq", meta=True, public=False) == state and held(root) == set()


def test_a_removed_document_comes_back_when_somebody_says_so(client: TestClient, root: Path, source: Path) -> None:
    client.delete(f"/api/documents/{KEY}")
    again = Workspace(root).ingest([source], again=True)
    assert {file.status for file in again.files} == {"new", "unchanged"} and held(root) == {PLAN, INSIDE}
    assert {file.status for file in Workspace(root).ingest([source]).files} == {"unchanged"}, "and then it stays"
    client.delete(f"/api/documents/{KEY}")
    finished(client, client.post("/api/documents", files={"file": sample(PLAN)}))
    assert {file.status for file in Workspace(root).ingest([source]).files} == {"new", "unchanged"}
    assert held(root) == {PLAN, INSIDE}


def test_what_was_replaced_does_not_come_back_either(client: TestClient, root: Path, source: Path) -> None:
    better = (SAMPLES / PLAN).read_bytes() + "\nBản chụp rõ hơn.\n".encode()
    finished(client, client.put(f"/api/documents/{KEY}", files={"file": ("ban-ro.txt", better, "text/plain")}))
    Workspace(root).ingest([source])
    assert held(root) == {"ban-ro.txt", INSIDE}


def test_a_file_changed_after_its_removal_is_another(client: TestClient, root: Path, source: Path) -> None:
    client.delete(f"/api/documents/{KEY}")
    with (source / PLAN).open("ab") as file:
        file.write("\nBản sửa.\n".encode())
    assert Workspace(root).ingest([source]).clean and held(root) == {PLAN, INSIDE}


def test_changes_at_the_command_line_are_in_the_audit_log(root: Path, source: Path) -> None:
    workspace = Workspace(root)
    workspace.ingest([source])
    workspace.set_visibility("15/KH-UBND", issuer="tỉnh Lâm Sơn", internal=True)
    workspace.rebase("https://vanban.example.org")
    acts = [(entry["by"], entry["action"]) for entry in audit.entries(root)]
    mine = operator()
    # Taken in twice and a third time without anything new, which is no act.
    assert acts == [(mine, "documents.ingest")] * 2 + [(mine, "review.set"), (mine, "rebase")]
    assert audit.verify(root) == 4


def test_a_better_file_takes_the_place_and_keeps_what_people_entered(client: TestClient, root: Path) -> None:
    set_ = client.post("/api/review/facts", json={"file": PLAN, "title": "Trích yếu do người nhập"})
    assert set_.status_code == 201 and set_.json()["work"] == KEY
    better = (SAMPLES / PLAN).read_text("utf-8").replace("KẾ HOẠCH", "KẾ HOẠCH ", 1) + "\nBản chụp rõ hơn.\n"
    answer = client.put(f"/api/documents/{KEY}", files={"file": ("ban-ro.txt", better.encode(), "text/plain")})
    job = finished(client, answer)
    assert job["state"] == "done", job
    snapshot = Workspace(root).snapshot()
    names = snapshot.query("SELECT DISTINCT ?n { ?w vb:file/vb:fileName ?n }")
    assert [str(row["n"].value) for row in names] == ["ban-ro.txt"]  # type: ignore[union-attr]
    assert client.get(f"/api/documents/{KEY}").json()["title"] == "Trích yếu do người nhập"
    assert client.put("/api/documents/tw/ct/2000/1", files={"file": sample(PLAN)}).status_code == 404


def test_a_job_whose_process_died_is_interrupted_and_can_be_resumed(client: TestClient, root: Path) -> None:
    jobs = Jobs(root)
    folder = root / "uploads" / "x"
    folder.mkdir(parents=True)
    shutil.copy(SAMPLES / DISTRICT, folder)
    ident = jobs.add("upload", BY, [folder / DISTRICT])
    jobs.begin(ident, 2**22 + 1)  # a number that no process has
    assert client.get(f"/api/jobs/{ident}").json()["state"] == "interrupted"
    assert client.post(f"/api/jobs/{ident}/resume").status_code == 202
    for _ in range(600):
        state = client.get(f"/api/jobs/{ident}").json()["state"]
        if state not in ("queued", "running"):
            break
        time.sleep(0.1)
    assert state == "done"
    assert client.post(f"/api/jobs/{ident}/resume").status_code == 422
    assert client.post("/api/jobs/unknown/resume").status_code == 404


def test_jobs_that_an_earlier_server_left_are_taken_up(root: Path) -> None:
    folder = root / "uploads" / "x"
    folder.mkdir(parents=True)
    shutil.copy(SAMPLES / DISTRICT, folder)
    ident = Jobs(root).add("upload", BY, [folder / DISTRICT])
    with TestClient(create_app(root)):
        for _ in range(600):
            job = Jobs(root).get(ident)
            if job and job["state"] == "done":
                return
            time.sleep(0.1)
    raise AssertionError(job)


def test_a_job_ends_with_its_reason(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    jobs = Jobs(root)
    ident = jobs.add("upload", BY, [root / "uploads" / "khong-co.txt"])
    assert run(root, ident) == 0
    job = jobs.get(ident)
    assert job is not None and job["state"] == "failed" and job["report"]["files"][0]["code"] == "missing"
    (root / "CURRENT").write_text("hong")
    again = jobs.add("upload", BY, [SAMPLES / DISTRICT])
    assert run(root, again) == 0
    job = jobs.get(again)
    assert job is not None and "bị hỏng" in job["report"]["error"]


def test_the_whole_of_a_review_over_http(client: TestClient, root: Path) -> None:
    finished(client, client.post("/api/documents", files={"file": sample(DISTRICT)}))
    queue = client.get("/api/review/queue").json()
    assert queue["total"] == len(queue["items"]) == sum(queue["totals"].values())
    priorities = [item["priority"] for item in queue["items"]]
    assert priorities == sorted(priorities, reverse=True)
    only = client.get("/api/review/queue", params={"kind": "person"}).json()
    assert only["total"] == only["totals"].get("person", 0)
    rows = (
        Workspace(root)
        .snapshot()
        .query(
            "SELECT DISTINCT ?l { ?l rdf:object ?o ; rdf:predicate eli:ensures_implementation_of ; rdf:subject ?s ."
            f" ?s vb:file/vb:fileName '{DISTRICT}' FILTER(STRENDS(STR(?o), '{KEY}')) }}"
        )
    )
    link = str(rows[0]["l"]).rsplit("/", 1)[1]

    def implementing() -> list[str]:
        answer = client.get("/api/trace", params={"number": "15/KH-UBND", "issuer": "tỉnh Lâm Sơn"}).json()
        return [row["document"]["file"] for row in answer["implementing"]]

    assert implementing() == [DISTRICT]
    said = client.post("/api/review/decisions", json={"thing": link, "verdict": "rejected", "reason": "wrong-target"})
    assert said.status_code == 201 and said.json()["by"] == BY
    assert implementing() == []
    assert client.post("/api/review/undo", json={"thing": link}).status_code == 201
    assert implementing() == [DISTRICT]
    assert client.post("/api/review/undo", json={"thing": link}).status_code == 422
    right = client.post("/api/review/corrections", json={"link": link, "relation": "follows"})
    assert right.status_code == 201 and right.json()["by_hand"]
    assert [one["counts"] for one in client.get("/api/review/decisions").json()] == [True, True, False, False]
    for wrong in ({"thing": "khong-co", "verdict": "accepted"}, {"thing": link, "verdict": "withdrawn"}, {}):
        assert client.post("/api/review/decisions", json=wrong).status_code == 422
    number = client.post("/api/review/facts", json={"file": PLAN, "number": "không phải số"})
    assert number.status_code == 422 and "87/KH-UBND" in number.json()["detail"]
    assert audit.verify(root) == 6

"""The data folder: one writer, readers beside it, and whatever happens, a state that can be read."""

from __future__ import annotations

import json
import os
import re
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from contracts import CALL, DOC, DOC_TRIPLES, EFF, EFF_TRIPLES, PLAN, TITLE

import kg
from kg import snapshots
from kg.errors import WorkspaceError, WorkspaceLocked
from kg.snapshots import Current, SnapshotReader, open_snapshot, read_current, write_session
from kg.terms import Iri, Lit

ROOT = Path(__file__).resolve().parents[1]


def run(code: str, *arguments: object) -> subprocess.Popen[str]:
    """Python code in a process of its own, with the test folder on its path."""
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}"},
    )


def write(workspace: Path, *titles: str) -> Current:
    with write_session(workspace, command="kg ingest") as session:
        session.store.put_graph(DOC, [(PLAN, TITLE, Lit(title)) for title in titles])
    return read_current(workspace)


def titles(workspace: Path) -> set[str]:
    with open_snapshot(workspace) as snapshot:
        return {str(row["t"].value) for row in snapshot.query("SELECT ?t { ?s dct:title ?t }")}  # type: ignore[union-attr]


def graph_folders(workspace: Path) -> list[str]:
    return sorted(folder.name for folder in (workspace / "graph").iterdir())


def test_what_is_written_shows_when_the_session_ends(tmp_workspace: Path) -> None:
    with write_session(tmp_workspace, command="kg ingest") as session:
        assert session.current == Current()
        session.store.put_graph(DOC, DOC_TRIPLES)
        assert read_current(tmp_workspace) == Current()
    current = read_current(tmp_workspace)
    assert (current.version, current.graph, current.base) == (1, "snap-1", "https://vanban.example.vn")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", current.written or "")
    with open_snapshot(tmp_workspace) as snapshot:
        assert (len(snapshot), snapshot.current) == (2, current)
    assert graph_folders(tmp_workspace) == ["snap-1"]


def test_each_session_starts_from_the_last(tmp_workspace: Path) -> None:
    write(tmp_workspace, "một")
    with write_session(tmp_workspace, command="kg review") as session:
        assert session.store.graphs() == [DOC]
        session.store.put_graph(EFF, EFF_TRIPLES)
    with open_snapshot(tmp_workspace) as snapshot:
        assert snapshot.graphs() == [DOC, EFF]


def test_a_session_that_changes_nothing_leaves_no_trace(tmp_workspace: Path) -> None:
    before = write(tmp_workspace, "một")
    assert write(tmp_workspace, "một") == before
    assert graph_folders(tmp_workspace) == ["snap-1"]


def test_an_empty_ingest_still_makes_a_state(tmp_workspace: Path) -> None:
    with write_session(tmp_workspace, command="kg ingest"):
        pass
    with open_snapshot(tmp_workspace) as snapshot:
        assert len(snapshot) == 0


def test_other_parts_of_the_state_move_with_the_graph_or_alone(tmp_workspace: Path) -> None:
    with write_session(tmp_workspace, command="kg ingest") as session:
        session.store.put_graph(DOC, DOC_TRIPLES)
        session.point(index="gen-1", text="text", base="https://vb.laichau.example.vn")
    with write_session(tmp_workspace, command="kg index") as session:
        session.point(index="gen-2")
    current = read_current(tmp_workspace)
    assert (current.version, current.graph) == (2, "snap-1")
    assert (current.index, current.text, current.base) == ("gen-2", "text", "https://vb.laichau.example.vn")


def test_a_long_job_may_show_its_first_results(tmp_workspace: Path) -> None:
    with write_session(tmp_workspace, command="kg ingest") as session:
        session.store.put_graph(DOC, DOC_TRIPLES)
        session.publish()
        with open_snapshot(tmp_workspace) as snapshot:
            assert snapshot.graphs() == [DOC]
        session.store.put_graph(EFF, EFF_TRIPLES)
    with open_snapshot(tmp_workspace) as snapshot:
        assert snapshot.graphs() == [DOC, EFF]
        assert snapshot.current.version == 2


def test_a_session_that_fails_shows_nothing(tmp_workspace: Path) -> None:
    before = write(tmp_workspace, "một")
    with pytest.raises(ZeroDivisionError), write_session(tmp_workspace, command="kg ingest") as session:
        session.store.put_graph(DOC, [])
        _ = 1 / 0
    assert read_current(tmp_workspace) == before
    assert titles(tmp_workspace) == {"một"}
    assert graph_folders(tmp_workspace) == ["snap-1"]
    assert write(tmp_workspace, "hai").version == 2


KILLED = """
import os, signal, sys
from pathlib import Path
from contracts import DOC, PLAN, TITLE
from kg import snapshots
from kg.store import OxigraphStore
from kg.terms import Lit
def die(*_, **__): os.kill(os.getpid(), signal.SIGKILL)
point = sys.argv[2]
if point == "while opening":
    OxigraphStore.open = die
session = snapshots.write_session(Path(sys.argv[1]), command="kg ingest")
store = session.__enter__().store
store.put_graph(DOC, [(PLAN, TITLE, Lit("hai"))])
match point:
    case "in the body": die()
    case "before the snapshot": OxigraphStore.backup = die
    case "before the swap": snapshots.write_atomically = die
    case "in the swap": Path.replace = die
    case "after the swap": snapshots._sweep = die
session.__exit__(None, None, None)
"""


@pytest.mark.parametrize(
    ("point", "left"),
    [
        ("while opening", "một"),
        ("in the body", "một"),
        ("before the snapshot", "một"),
        ("before the swap", "một"),
        ("in the swap", "một"),
        ("after the swap", "hai"),
    ],
)
def test_a_writer_killed_anywhere_leaves_a_whole_state(tmp_workspace: Path, point: str, left: str) -> None:
    write(tmp_workspace, "một")
    done = run(KILLED, tmp_workspace, point)
    _, errors = done.communicate(timeout=30)
    assert done.returncode == -signal.SIGKILL, errors
    assert titles(tmp_workspace) == {left}
    assert write(tmp_workspace, "ba").graph is not None
    assert titles(tmp_workspace) == {"ba"}
    assert not [name for name in graph_folders(tmp_workspace) if not name.startswith("snap-") or name.endswith(".tmp")]
    version = read_current(tmp_workspace).version
    assert max(int(name.removeprefix("snap-")) for name in graph_folders(tmp_workspace)) <= version


def test_readers_keep_what_they_opened_and_follow_when_they_ask(tmp_workspace: Path) -> None:
    write(tmp_workspace, "một")
    reader = SnapshotReader(tmp_workspace)
    first = reader.latest()
    assert reader.latest() is first
    write(tmp_workspace, "hai")
    second = reader.latest()
    assert [row["t"] for row in first.query("SELECT ?t { ?s ?p ?t }")] == [Lit("một")]
    assert [row["t"] for row in second.query("SELECT ?t { ?s ?p ?t }")] == [Lit("hai")]


def test_a_session_may_be_open_while_others_read(tmp_workspace: Path) -> None:
    write(tmp_workspace, "một")
    with write_session(tmp_workspace, command="kg ingest") as session:
        session.store.put_graph(DOC, [])
        assert titles(tmp_workspace) == {"một"}


def test_many_readers_during_many_writes(tmp_workspace: Path) -> None:
    """Every answer is one of the states that were published, whole."""
    write(tmp_workspace, "0", "0'")
    reader, stop, wrong = SnapshotReader(tmp_workspace), threading.Event(), []

    def read() -> None:
        while not stop.is_set():
            rows = reader.latest().query("SELECT ?t { ?s dct:title ?t }")
            seen = {row["t"].value for row in rows if isinstance(row["t"], Lit)}
            if len({title.rstrip("'") for title in seen}) != 1 or len(seen) != 2:
                wrong.append(seen)

    threads = [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    for number in range(1, 8):
        write(tmp_workspace, f"{number}", f"{number}'")
    stop.set()
    for thread in threads:
        thread.join()
    assert not wrong


def test_old_snapshots_go_unless_somebody_holds_them(tmp_workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshots, "_KEPT_SECONDS", -1)
    write(tmp_workspace, "1")
    held = open_snapshot(tmp_workspace)
    for number in range(2, 6):
        write(tmp_workspace, f"{number}")
    assert graph_folders(tmp_workspace) == ["snap-1", "snap-4", "snap-5"]
    assert len(held) == 1
    held.close()
    write(tmp_workspace, "6")
    assert graph_folders(tmp_workspace) == ["snap-5", "snap-6"]


def test_young_snapshots_stay(tmp_workspace: Path) -> None:
    for number in range(1, 5):
        write(tmp_workspace, f"{number}")
    assert graph_folders(tmp_workspace) == ["snap-1", "snap-2", "snap-3", "snap-4"]


def test_a_snapshot_that_vanishes_while_it_is_opened_is_looked_up_again(
    tmp_workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = write(tmp_workspace, "một")
    write(tmp_workspace, "hai")
    told = iter([Current(**{**vars_of(old), "graph": "snap-0"})])
    real = read_current
    monkeypatch.setattr(snapshots, "read_current", lambda workspace: next(told, None) or real(workspace))
    with open_snapshot(tmp_workspace) as snapshot:
        assert snapshot.current.graph == "snap-2"


def vars_of(current: Current) -> dict[str, object]:
    return {name: getattr(current, name) for name in Current.__slots__}


HOLDER = """
import sys, time
from pathlib import Path
from kg.snapshots import write_session
with write_session(Path(sys.argv[1]), command="kg ingest van-ban"):
    print("writing", flush=True)
    time.sleep(float(sys.argv[2]))
"""


@contextmanager
def another_writer(workspace: Path, seconds: float) -> Iterator[int]:
    with run(HOLDER, workspace, seconds) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "writing\n"
        yield other.pid
        other.kill()


def test_a_second_writer_waits_and_says_for_whom(tmp_workspace: Path) -> None:
    messages: list[str] = []
    with another_writer(tmp_workspace, 0.4) as pid:
        start = time.monotonic()
        with write_session(tmp_workspace, command="kg review", on_wait=messages.append):
            assert time.monotonic() - start > 0.2
    (message,) = messages
    assert re.fullmatch(
        rf"Đang chờ “kg ingest van-ban” \(tiến trình {pid}\) ghi từ \d\d:\d\d:\d\d ngày \d+/\d\d/\d{{4}} …", message
    )


def test_a_writer_does_not_wait_for_ever(tmp_workspace: Path) -> None:
    with (
        another_writer(tmp_workspace, 30) as pid,
        pytest.raises(WorkspaceLocked, match=rf"kg ingest van-ban.*{pid}"),
        write_session(tmp_workspace, command="kg review", wait=0.1),
    ):
        pytest.fail("two writers at once")


def test_a_killed_writer_holds_nobody_up(tmp_workspace: Path) -> None:
    with another_writer(tmp_workspace, 30):
        pass
    with write_session(tmp_workspace, command="kg review", wait=0.1) as session:
        session.store.put_graph(DOC, DOC_TRIPLES)


AS_NOBODY = """
import os, sys
from pathlib import Path
from kg import snapshots, store  # before the right to read the libraries is given up
import filelock
from kg.errors import WorkspaceError
if os.getuid() == 0:
    os.setgid(65534); os.setuid(65534)
workspace = Path(sys.argv[1])
with snapshots.open_snapshot(workspace) as snapshot:
    print(len(snapshot))
try:
    with snapshots.write_session(workspace, command="kg ingest", wait=1) as session:
        session.store.update("CLEAR ALL")
except WorkspaceError as error:
    print(error)
with snapshots.open_snapshot(workspace) as snapshot:
    print(len(snapshot))
"""


@pytest.fixture
def read_only(tmp_workspace: Path) -> Iterator[Path]:
    """A data folder that nobody may write to; the administrator's rights are given up in the process that tries."""
    write(tmp_workspace, "một")
    above = [
        folder for folder in tmp_workspace.parents if folder.stat().st_uid == os.getuid() and len(folder.parts) > 2
    ]
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in above}
    for path in above:
        path.chmod(modes[path] | 0o055)
    for path in tmp_workspace.rglob("*"):
        path.chmod(0o555 if path.is_dir() else 0o444)
    tmp_workspace.chmod(0o555)
    yield tmp_workspace
    for path in [tmp_workspace, *(folder for folder in tmp_workspace.rglob("*") if folder.is_dir())]:
        path.chmod(0o755)
    for path, mode in modes.items():
        path.chmod(mode)


def test_a_read_only_folder_is_read_and_refuses_to_be_written(read_only: Path) -> None:
    out, errors = run(AS_NOBODY, read_only).communicate(timeout=30)
    lines = out.splitlines()
    assert [lines[0], lines[-1]] == ["1", "1"], errors
    assert "Không có quyền ghi" in lines[1], errors


ON_A_FULL_DISK = """
import resource, signal, sys
from pathlib import Path
from contracts import BASE, DOC, TITLE
from kg.errors import WorkspaceError
from kg.snapshots import write_session
from kg.terms import Iri, Lit
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
try:
    with write_session(Path(sys.argv[1]), command="kg ingest") as session:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
        session.store.put_graph(DOC, [(Iri(f"{BASE}/{n}"), TITLE, Lit(f"{n} " * 99)) for n in range(9_000)])
except WorkspaceError as error:
    print(error)
"""


def test_a_full_disk_leaves_the_old_state(tmp_workspace: Path) -> None:
    write(tmp_workspace, "một")
    out, errors = run(ON_A_FULL_DISK, tmp_workspace).communicate(timeout=60)
    assert "Ổ đĩa đã đầy" in out, errors
    assert "Dữ liệu cũ còn nguyên" in out
    assert titles(tmp_workspace) == {"một"}
    assert write(tmp_workspace, "hai").version == 2


def test_an_empty_place_says_what_to_do(tmp_workspace: Path) -> None:
    with pytest.raises(WorkspaceError, match="kg ingest"):
        open_snapshot(tmp_workspace)
    with pytest.raises(WorkspaceError, match="kg ingest"):
        SnapshotReader(tmp_workspace).latest()
    assert not tmp_workspace.exists()


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'"x"', b"\xff\xfe"])
def test_a_damaged_state_file_is_told(tmp_workspace: Path, content: bytes) -> None:
    write(tmp_workspace, "một")
    (tmp_workspace / "CURRENT").write_bytes(content)
    with pytest.raises(WorkspaceError, match="CURRENT"):
        open_snapshot(tmp_workspace)


def test_a_missing_snapshot_is_told(tmp_workspace: Path) -> None:
    write(tmp_workspace, "một")
    (tmp_workspace / "graph" / "snap-1").rename(tmp_workspace / "gone")
    with pytest.raises(WorkspaceError, match="snap-1"):
        open_snapshot(tmp_workspace)


def test_a_state_written_by_a_later_release_is_read(tmp_workspace: Path) -> None:
    write(tmp_workspace, "một")
    path = tmp_workspace / "CURRENT"
    path.write_text(json.dumps({**json.loads(path.read_text()), "colour": "green"}))
    assert titles(tmp_workspace) == {"một"}


def test_a_folder_can_be_moved(tmp_workspace: Path) -> None:
    write(tmp_workspace, "một")
    moved = tmp_workspace.rename(tmp_workspace.with_name("elsewhere"))
    assert titles(moved) == {"một"}
    assert write(moved, "hai").version == 2


# rdflib 7.6 calls a property of its own that it has deprecated.
@pytest.mark.filterwarnings("ignore:Dataset.default_context is deprecated:DeprecationWarning")
def test_rdflib_sees_the_same_graph(tmp_workspace: Path) -> None:
    rdflib = pytest.importorskip("rdflib")
    with write_session(tmp_workspace, command="kg ingest") as session:
        session.store.put_graphs({DOC: DOC_TRIPLES, EFF: EFF_TRIPLES})
    graph = kg.open_graph()  # KG_WORKSPACE
    plan, call = rdflib.URIRef(PLAN), rdflib.URIRef(CALL)
    query = "SELECT ?title { ?plan eli:ensures_implementation_of ?call ; dct:title ?title }"
    (row,) = graph.query(query)
    assert (str(row.title), row.title.language) == ("Kế hoạch triển khai phong trào thi đua", "vi")
    assert (plan, rdflib.URIRef(EFF_TRIPLES[0][1]), call) in graph
    assert {str(found.identifier) for found in graph.graphs()} >= {DOC, EFF}
    assert len(list(graph.triples((plan, None, None)))) == 3


def test_an_open_rdflib_graph_keeps_its_snapshot(tmp_workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshots, "_KEPT_SECONDS", -1)
    write(tmp_workspace, "1")
    graph = kg.open_graph(str(tmp_workspace))
    for number in range(2, 6):
        write(tmp_workspace, f"{number}")
    assert [str(row.t) for row in graph.query("SELECT ?t { ?s ?p ?t }")] == ["1"]
    assert "snap-1" in graph_folders(tmp_workspace)


def test_public_names_are_there() -> None:
    assert all(getattr(kg, name) is not None for name in kg.__all__)
    assert set(kg.__all__) <= set(dir(kg))
    with pytest.raises(AttributeError, match="nothing"):
        kg.nothing  # noqa: B018


def test_importing_the_package_loads_nothing_heavy() -> None:
    code = (
        "import sys, kg; print(sorted({'rdflib', 'pyoxigraph', 'pyshacl', 'filelock', 'networkx'} & set(sys.modules)))"
    )
    out, errors = run(code).communicate(timeout=30)
    assert out == "[]\n", errors


def test_reading_loads_neither_rdflib_nor_filelock(tmp_workspace: Path) -> None:
    write(tmp_workspace, "một")
    code = (
        "import sys, pathlib, kg; kg.open_snapshot(pathlib.Path(sys.argv[1])).graphs();"
        "print(sorted({'rdflib', 'filelock'} & set(sys.modules)))"
    )
    out, errors = run(code, tmp_workspace).communicate(timeout=30)
    assert out == "[]\n", errors


def test_names_of_graphs_are_iris(tmp_workspace: Path) -> None:
    with pytest.raises(ValueError, match="IRI"), write_session(tmp_workspace, command="kg ingest") as session:
        session.store.put_graph(Iri("doc/1"), DOC_TRIPLES)

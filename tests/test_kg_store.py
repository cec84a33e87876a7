"""Oxigraph behind the store interface: the contract in memory and on disk, and what only a disk can do wrong."""

from __future__ import annotations

import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from contracts import (
    BASE,
    DOC,
    DOC_TRIPLES,
    EFF,
    EFF_TRIPLES,
    TITLE,
    GraphStoreContract,
    assert_a_table_of_sets,
    writes,
)
from hypothesis import given, settings

from kg.errors import WorkspaceError
from kg.store import Change, GraphStore, OxigraphStore
from kg.terms import Iri, Lit, Triple


class TestMemory(GraphStoreContract):
    @pytest.fixture
    def store(self) -> GraphStore:
        return OxigraphStore.memory()


class TestDisk(GraphStoreContract):
    @pytest.fixture(params=[False, True], ids=["plain", "scratch"])
    def store(self, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[GraphStore]:
        store = OxigraphStore.open(tmp_path / "store", scratch=request.param)
        yield store
        store.close()


@given(writes)
def test_in_memory_it_is_a_table_of_sets(done: list[tuple[dict[Iri, list[Triple]], list[Iri]]]) -> None:
    assert_a_table_of_sets(OxigraphStore.memory(), done)


@settings(max_examples=15)
@given(writes)
def test_on_disk_it_is_a_table_of_sets(done: list[tuple[dict[Iri, list[Triple]], list[Iri]]]) -> None:
    with tempfile.TemporaryDirectory(prefix="kg-store-") as folder:
        store = OxigraphStore.open(Path(folder) / "store")
        assert_a_table_of_sets(store, done)
        store.close()


@settings(max_examples=15)
@given(writes)
def test_written_in_parts_it_is_a_table_of_sets(done: list[tuple[dict[Iri, list[Triple]], list[Iri]]]) -> None:
    with tempfile.TemporaryDirectory(prefix="kg-store-") as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr("kg.store._PART", 1)
        store = OxigraphStore.open(Path(folder) / "store", scratch=True)
        assert_a_table_of_sets(store, done)
        store.close()


def test_a_large_write_holds_a_part_of_it_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Graphs are asked for one by one, and what was compared is on disk before much more is."""
    monkeypatch.setattr("kg.store._PART", 1_000)
    store = OxigraphStore.open(tmp_path / "store", scratch=True)
    held: list[int] = []

    class Graphs(dict[Iri, list[Triple]]):
        def __getitem__(self, name: Iri) -> list[Triple]:
            held.append(500 * len(held) - len(store))
            return many(500 * len(held), 500)

    assert store.put_graphs(Graphs.fromkeys(Iri(f"{BASE}/graph/{number}") for number in range(10))) == Change(5_000, 0)
    assert len(store) == 5_000 and max(held) <= 1_500


def many(first: int, count: int) -> list[Triple]:
    return [
        (Iri(f"{BASE}/eli/vn/x/kh/2023/{number}"), TITLE, Lit(f"Số {number}")) for number in range(first, first + count)
    ]


@pytest.mark.parametrize("scratch", [False, True])
def test_large_writes_do_the_same_as_small_ones(tmp_path: Path, scratch: bool) -> None:
    """Above a few thousand triples the store takes another way in; with removals, yet another."""
    store = OxigraphStore.open(tmp_path / "store", scratch=scratch)
    assert store.put_graphs({DOC: many(0, 6_000), EFF: EFF_TRIPLES}) == Change(6_001, 0)
    assert store.put_graphs({DOC: many(1, 12_000)}, delete=[EFF]) == Change(6_001, 2)
    expected = OxigraphStore.memory()
    expected.put_graph(DOC, many(1, 12_000))
    assert store.dump() == expected.dump()
    assert store.graphs() == [DOC]


def test_what_is_written_is_there_after_a_restart(tmp_path: Path) -> None:
    store = OxigraphStore.open(tmp_path / "store")
    store.put_graph(DOC, DOC_TRIPLES)
    dump = store.dump()
    store.close()
    assert OxigraphStore.open(tmp_path / "store").dump() == dump


def test_a_closed_store_says_so(tmp_path: Path) -> None:
    store = OxigraphStore.open(tmp_path / "store")
    store.close()
    with pytest.raises(WorkspaceError, match="đã đóng"):
        store.dump()


def test_a_read_only_store_refuses_to_write(tmp_path: Path) -> None:
    store = OxigraphStore.open(tmp_path / "store")
    store.put_graph(DOC, DOC_TRIPLES)
    store.backup(tmp_path / "snap")
    snapshot = OxigraphStore.read_only(tmp_path / "snap")
    for write in (
        lambda: snapshot.put_graph(EFF, EFF_TRIPLES),
        lambda: snapshot.delete_graph(DOC),
        lambda: snapshot.update("CLEAR ALL"),
    ):
        with pytest.raises(WorkspaceError, match="chỉ để đọc"):
            write()
    assert len(snapshot) == 2


def test_a_store_that_is_not_there_is_not_made_by_reading(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="Không thấy"):
        OxigraphStore.read_only(tmp_path / "none")
    assert not (tmp_path / "none").exists()


def test_a_second_writer_is_refused(tmp_path: Path) -> None:
    store = OxigraphStore.open(tmp_path / "store")
    with pytest.raises(WorkspaceError, match="store"):
        OxigraphStore.open(tmp_path / "store")
    store.close()


WRITER = """
import sys
from contracts import DOC, EFF, PLAN, TITLE
from kg.store import OxigraphStore
from kg.terms import Lit, literal
from pathlib import Path
store = OxigraphStore.open(Path(sys.argv[1]))
size = int(sys.argv[2])
print("ready", flush=True)
for turn in range(10_000):
    triples = [(PLAN, TITLE, Lit(f"{turn} {number}")) for number in range(size)]
    store.put_graphs({DOC: triples, EFF: triples})
"""


@pytest.mark.parametrize("size", [40, 6_000], ids=["small", "large"])
def test_a_killed_writer_leaves_all_of_a_write_or_nothing(tmp_path: Path, size: int) -> None:
    for pause in (0.02, 0.15):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path / "store"), str(size)],
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parent,
            env={"PYTHONPATH": f"{Path(__file__).parents[1]}"},
        )
        assert writer.stdout is not None
        with writer, writer.stdout:
            assert writer.stdout.readline() == b"ready\n"
            time.sleep(pause)
            writer.send_signal(signal.SIGKILL)
        store = OxigraphStore.open(tmp_path / "store")
        left = {
            name: {row["t"] for row in store.query("SELECT ?t { ?s ?p ?t }", default_graphs=[name])}
            for name in (DOC, EFF)
        }
        store.close()
        assert left[DOC] == left[EFF]
        assert len(left[DOC]) in (0, size)
        assert len({str(title).split()[0] for title in left[DOC]}) <= 1


FULL_DISK = """
import resource, signal, sys
from contracts import DOC, BASE, TITLE
from kg.errors import WorkspaceError
from kg.store import OxigraphStore
from kg.terms import Iri, Lit
from pathlib import Path
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
store = OxigraphStore.open(Path(sys.argv[1]))
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
try:
    for turn in range(100):
        store.put_graph(DOC, [(Iri(f"{BASE}/{turn}/{n}"), TITLE, Lit("x" * 500)) for n in range(2_000)])
except WorkspaceError as error:
    print(error)
"""


def test_a_full_disk_is_told_in_plain_words(tmp_path: Path) -> None:
    """A limit on the size of files stands for the disk: the system's refusal comes the same way."""
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(tmp_path / "store")],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parent,
        env={"PYTHONPATH": f"{Path(__file__).parents[1]}"},
        timeout=60,
    )
    assert "Ổ đĩa đã đầy" in done.stdout, done.stderr
    assert str(tmp_path) in done.stdout

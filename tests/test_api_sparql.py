"""SPARQL from outside: answered in another process, under limits, whole or not at all."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from xml.etree import ElementTree

import pyoxigraph
import pytest
from contracts import BASE, CALL, DOC, DOC_TRIPLES, EFF, EFF_TRIPLES, PLAN, TITLE
from fastapi.testclient import TestClient

from api.app import create_store_app
from api.settings import Settings
from api.sparql import Limits, QueryNotAcceptable, QueryResult, WorkerPool, run_query
from api.sparql_formats import GRAPHS, NAMES, SOLUTIONS, Choice, by_name, negotiate
from kg.errors import PolicyKGError, QueryError, QueryOverload, QueryRefused, QueryTimeout, WorkspaceError
from kg.snapshots import open_snapshot, write_session
from kg.store import OxigraphStore
from kg.terms import Iri, Lit

ROWS = 300
MANY = Iri(f"{BASE}/graph/doc/many")
ALL = f"SELECT ?s ?t FROM <{MANY}> {{ ?s dct:title ?t }}"
# Each would run for longer than anyone waits.
ENDLESS = {
    "count": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n1 ?o }",
    "order": "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY RAND()",
    "nothing found": "ASK { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l FILTER(CONCAT(STR(?a), STR(?l)) = 'x') }",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with one plan, and 300 numbered titles in a graph of their own, one of them with line breaks."""
    place = tmp_path_factory.mktemp("sparql")
    store = OxigraphStore.open(place / "store")
    titles = [Lit(f'Số {number}, "}},{{" \r\n</result><result>') for number in range(ROWS)]
    many = [(Iri(f"{BASE}/eli/vn/x/kh/2023/{number:03}"), TITLE, title) for number, title in enumerate(titles)]
    store.put_graphs({DOC: DOC_TRIPLES, EFF: EFF_TRIPLES, MANY: many})
    store.backup(place / "snap-1")
    store.close()
    return place / "snap-1"


@pytest.fixture(scope="module")
def pool() -> Iterator[WorkerPool]:
    with WorkerPool(Limits(seconds=20, rows=100, bytes=200_000, workers=1, queue=4)) as pool:
        yield pool


def ask(pool: WorkerPool, folder: Path, query: str, form: str = "json") -> QueryResult:
    return pool.run(folder, query, choice=by_name(form))


def rows_of(result: QueryResult) -> int:
    """How many rows a body holds, counted by a reader that knows the format, not by ours."""
    match result.media_type.partition(";")[0]:
        case "application/sparql-results+json":
            return len(json.loads(result.body)["results"]["bindings"])
        case "application/sparql-results+xml":
            return len(ElementTree.fromstring(result.body).findall(".//{http://www.w3.org/2005/sparql-results#}result"))
        case "text/csv":
            return len(list(csv.reader(io.StringIO(result.body.decode(), newline="")))) - 1
        case "text/tab-separated-values":
            return result.body.count(b"\n") - 1
    raise AssertionError(result.media_type)


def test_one_question_for_the_command_line(folder: Path) -> None:
    query = "SELECT ?plan ?call { ?plan eli:ensures_implementation_of ?call }"
    result = run_query(folder, query, form="csv", settings=Settings())
    assert result.body.decode() == f"plan,call\r\n{PLAN},{CALL}\r\n"
    assert (result.media_type, result.truncated) == ("text/csv; charset=utf-8", False)
    assert 0 < result.seconds < 10


@pytest.mark.parametrize("form", SOLUTIONS)
def test_every_form_of_rows(pool: WorkerPool, folder: Path, form: str) -> None:
    result = ask(pool, folder, f"SELECT * {{ <{PLAN}> ?p ?o OPTIONAL {{ ?o dct:title ?t }} }}", form)
    assert result.media_type == SOLUTIONS[form]
    assert rows_of(result) == 3
    assert not result.truncated


@pytest.mark.parametrize("form", ["json", "xml"])
def test_every_form_of_yes_or_no(pool: WorkerPool, folder: Path, form: str) -> None:
    result = ask(pool, folder, "ASK { ?s eli:applies ?o }", form)
    assert b"false" in result.body
    assert result.media_type == SOLUTIONS[form]


@pytest.mark.parametrize("form", GRAPHS)
def test_every_form_of_a_graph(pool: WorkerPool, folder: Path, form: str) -> None:
    result = ask(pool, folder, f"DESCRIBE <{PLAN}>", form)
    assert result.media_type == GRAPHS[form]
    kind = pyoxigraph.RdfFormat.from_media_type(result.media_type.partition(";")[0])
    assert kind is not None
    assert len(list(pyoxigraph.parse(result.body, kind))) == 3
    # Another process writes the same bytes
    assert run_query(folder, f"DESCRIBE <{PLAN}>", form=form).body == result.body


def test_turtle_declares_what_it_uses(pool: WorkerPool, folder: Path) -> None:
    body = ask(pool, folder, f"CONSTRUCT WHERE {{ <{PLAN}> eli:ensures_implementation_of ?o }}", "ttl").body.decode()
    assert body == (
        f"@prefix eli: <http://data.europa.eu/eli/ontology#> .\n<{PLAN}> eli:ensures_implementation_of <{CALL}> .\n"
    )


def test_a_form_that_an_answer_does_not_have(pool: WorkerPool, folder: Path) -> None:
    with pytest.raises(QueryNotAcceptable, match="CONSTRUCT"):
        ask(pool, folder, "CONSTRUCT WHERE { ?s ?p ?o }", "csv")
    with pytest.raises(QueryNotAcceptable, match="SELECT"):
        ask(pool, folder, "SELECT * {}", "ttl")
    with pytest.raises(QueryNotAcceptable, match="ASK"):
        ask(pool, folder, "ASK {}", "nt")


def test_all_graphs_are_one_unless_named(pool: WorkerPool, folder: Path) -> None:
    query = f"SELECT * {{ <{PLAN}> ?p ?o }}"
    assert rows_of(ask(pool, folder, query)) == 3
    named = pool.run(folder, query, choice=by_name("json"), default_graphs=[EFF])
    assert rows_of(named) == 1
    own = ask(pool, folder, f"SELECT * FROM <{EFF}> {{ ?s ?p ?o }}")
    assert rows_of(own) == 1
    overridden = pool.run(
        folder, f"SELECT * FROM <{MANY}> {{ ?s ?p ?o }}", choice=by_name("json"), default_graphs=[EFF, DOC]
    )
    assert rows_of(overridden) == 3
    graphs = pool.run(
        folder, "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }", choice=by_name("json"), named_graphs=[EFF]
    )
    assert rows_of(graphs) == 1


@pytest.mark.parametrize("form", SOLUTIONS)
@pytest.mark.parametrize(
    ("tail", "rows", "truncated"),
    [
        ("", 100, True),
        ("LIMIT 99", 99, False),
        ("LIMIT 100", 100, False),
        ("LIMIT 101", 100, True),
        ("OFFSET 150", 100, True),
        ("OFFSET 200", 100, False),
        ("OFFSET 201", 99, False),
        ("LIMIT 0", 0, False),
        ("LIMIT 1000 OFFSET 200", 100, False),
        ("ORDER BY ?s LIMIT 250 OFFSET 20 # end", 100, True),
        ("VALUES ?z { 1 2 }", 100, True),
        ("LIMIT 7 VALUES ?z { 1 2 }", 7, False),
    ],
)
def test_too_many_rows_are_cut_and_it_is_said(
    pool: WorkerPool, folder: Path, form: str, tail: str, rows: int, truncated: bool
) -> None:
    result = ask(pool, folder, f"{ALL} {tail}", form)
    assert (rows_of(result), result.truncated) == (rows, truncated)


@pytest.mark.parametrize("form", GRAPHS)
def test_too_many_triples_are_cut_and_it_is_said(pool: WorkerPool, folder: Path, form: str) -> None:
    result = ask(pool, folder, f"CONSTRUCT {{ ?s dct:title ?t }} FROM <{MANY}> WHERE {{ ?s dct:title ?t }}", form)
    assert result.truncated
    kind = pyoxigraph.RdfFormat.from_media_type(result.media_type.partition(";")[0])
    assert kind is not None
    assert len(list(pyoxigraph.parse(result.body, kind))) == 100


@pytest.mark.parametrize("form", SOLUTIONS)
def test_too_many_bytes_are_cut_at_the_end_of_a_row(folder: Path, form: str) -> None:
    with WorkerPool(Limits(bytes=5_000, workers=1)) as pool:
        result = ask(pool, folder, ALL, form)
        assert result.truncated
        assert len(result.body) <= 5_000
        assert 5 < rows_of(result) < ROWS
        whole = ask(pool, folder, f"{ALL} LIMIT 5", form)
        assert (rows_of(whole), whole.truncated) == (5, False)


@pytest.mark.parametrize("form", GRAPHS)
def test_too_large_a_graph_is_cut_at_the_end_of_a_triple(folder: Path, form: str) -> None:
    with WorkerPool(Limits(bytes=5_000, workers=1)) as pool:
        result = ask(pool, folder, "CONSTRUCT WHERE { ?s dct:title ?t }", form)
        kind = pyoxigraph.RdfFormat.from_media_type(result.media_type.partition(";")[0])
        assert kind is not None
        assert result.truncated
        assert 5 < len(list(pyoxigraph.parse(result.body, kind))) < ROWS


HUGE = "SELECT ?x { VALUES ?a { '" + "a" * 1_000 + "' } BIND(CONCAT(?a, ?a, ?a, ?a, ?a, ?a) AS ?x) }"


def test_a_row_larger_than_the_limit_is_an_error(folder: Path) -> None:
    with WorkerPool(Limits(bytes=5_000, workers=1)) as pool:
        with pytest.raises(QueryError, match="5000 byte"):
            ask(pool, folder, HUGE)
        with pytest.raises(QueryError, match="5000 byte"):
            ask(pool, folder, "CONSTRUCT { <x:a> <x:b> ?x }" + HUGE.removeprefix("SELECT ?x"))


@pytest.mark.parametrize("query", ENDLESS.values(), ids=ENDLESS)
def test_a_runaway_is_stopped_in_time_and_service_goes_on(folder: Path, query: str) -> None:
    with WorkerPool(Limits(seconds=0.5, workers=1)) as pool:
        ask(pool, folder, "ASK {}")
        start = time.monotonic()
        with pytest.raises(QueryTimeout, match=r"0\.5 giây"):
            ask(pool, folder, query)
        assert time.monotonic() - start < 2  # a busy machine may be late
        assert rows_of(ask(pool, folder, f"{ALL} LIMIT 3")) == 3


def test_others_are_served_while_one_runs_away(folder: Path) -> None:
    with WorkerPool(Limits(seconds=1.5, workers=2)) as pool, ThreadPoolExecutor(1) as threads:
        ask(pool, folder, "ASK {}")
        runaway = threads.submit(ask, pool, folder, ENDLESS["count"])
        time.sleep(0.2)
        for _ in range(20):
            assert rows_of(ask(pool, folder, f"{ALL} LIMIT 3")) == 3
        assert not runaway.done()
        with pytest.raises(QueryTimeout):
            runaway.result()


def test_too_many_waiting_are_turned_away_at_once(folder: Path) -> None:
    with WorkerPool(Limits(seconds=1, workers=1, queue=1)) as pool, ThreadPoolExecutor(2) as threads:
        ask(pool, folder, "ASK {}")
        running = [threads.submit(ask, pool, folder, ENDLESS["count"]) for _ in range(2)]
        deadline = time.monotonic() + 5
        while pool._waiting < 1 and time.monotonic() < deadline:
            time.sleep(0.01)
        start = time.monotonic()
        with pytest.raises(QueryOverload, match="quá nhiều"):
            ask(pool, folder, "ASK {}")
        assert time.monotonic() - start < 0.5
        for one in running:
            with pytest.raises((QueryTimeout, QueryOverload)):
                one.result()
        assert ask(pool, folder, "ASK {}").body


def test_many_threads_get_their_own_answers(folder: Path) -> None:
    with WorkerPool(Limits(workers=2, queue=50)) as pool, ThreadPoolExecutor(8) as threads:
        queries = [f"SELECT ?n {{ BIND({number} AS ?n) }}" for number in range(60)]
        found = threads.map(lambda query: ask(pool, folder, query, "csv").body, queries)
        assert [body.decode() for body in found] == [f"n\r\n{number}\r\n" for number in range(60)]


def test_memory_without_end_kills_the_worker_only(folder: Path) -> None:
    doubling = "BIND('0123456789abcdef' AS ?x0) " + " ".join(
        f"BIND(CONCAT(?x{n}, ?x{n}, ?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(14)
    )
    with WorkerPool(Limits(seconds=20, memory_mb=256, workers=1)) as pool:
        with pytest.raises(QueryError, match="bộ nhớ"):
            ask(pool, folder, f"SELECT (STRLEN(?x14) AS ?n) {{ {doubling} }}")
        assert ask(pool, folder, "ASK {}").body


def test_a_worker_that_was_killed_by_hand_is_replaced(folder: Path) -> None:
    with WorkerPool(Limits(workers=1)) as pool:
        ask(pool, folder, "ASK {}")
        os.kill(pool._idle[0]._process.pid, signal.SIGKILL)
        with pytest.raises(QueryError, match="dừng giữa chừng"):
            ask(pool, folder, "ASK {}")
        assert ask(pool, folder, "ASK {}").body


REFUSED = [
    "INSERT DATA { <x:a> <x:b> 1 }",
    "SELECT * { SERVICE <http://127.0.0.1:%d/> { ?s ?p ?o } }",
    "SELECT * { ?s ?p 1SERVICE<http://127.0.0.1:%d/>{} }",
    "LOAD <http://127.0.0.1:%d/>",
    r"SELECT * { \u0053ERVICE <http://127.0.0.1:%d/> {} }",
]


def test_nothing_is_fetched(pool: WorkerPool, folder: Path) -> None:
    """Refused or harmless: whichever it is, the port that the query names hears nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        port = listener.getsockname()[1]
        for query in REFUSED:
            with pytest.raises(QueryRefused):
                ask(pool, folder, query.replace("%d", str(port)))
        loose = f"SELECT * FROM <http://127.0.0.1:{port}/x> FROM NAMED <http://127.0.0.1:{port}/y> {{ ?s ?p ?o }}"
        assert rows_of(ask(pool, folder, loose)) == 0
        assert rows_of(ask(pool, folder, "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }")) == 0
        with pytest.raises(TimeoutError):
            listener.accept()


CONFINED = """
import socket, sys
from kg.isolation import confine
confine(512)
socket.socketpair()[0].close()
try:
    socket.create_connection(("127.0.0.1", int(sys.argv[1])), timeout=1)
except PermissionError:
    print("refused")
"""


@pytest.mark.skipif(sys.platform != "linux" or os.uname().machine not in ("x86_64", "aarch64"), reason="Linux only")
def test_a_worker_has_no_network_even_if_the_guard_slept() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        done = subprocess.run(
            [sys.executable, "-c", CONFINED, str(listener.getsockname()[1])],
            capture_output=True,
            text=True,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
        )
    assert done.stdout == "refused\n", done.stderr


def test_an_error_has_its_place_in_the_query_as_sent(pool: WorkerPool, folder: Path) -> None:
    with pytest.raises(QueryError, match="dòng 2, cột"):
        ask(pool, folder, "SELECT * {\n ?s ?p }")
    with pytest.raises(QueryError, match="ex:"):
        ask(pool, folder, "SELECT * { ?s ex:p ?o }")


def test_a_query_too_long_is_refused_unread(folder: Path) -> None:
    with WorkerPool(Limits(query_bytes=1_000)) as pool:
        with pytest.raises(QueryRefused, match="1000 byte"):
            ask(pool, folder, "ASK {}" + " " * 1_000)
        assert not pool._idle


def test_half_a_character_is_no_query(pool: WorkerPool, folder: Path) -> None:
    with pytest.raises(QueryError, match="vị trí 11"):
        ask(pool, folder, "SELECT * { \ud800 }".replace("{ ", "{"))


def test_no_store_is_told(pool: WorkerPool, tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="none"):
        ask(pool, tmp_path / "none", "ASK {}")


def test_workers_follow_the_newest_state(pool: WorkerPool, tmp_workspace: Path) -> None:
    seen = []
    for title in ("một", "hai"):
        with write_session(tmp_workspace, command="kg ingest") as session:
            session.store.put_graph(DOC, [(PLAN, TITLE, Lit(title))])
        with open_snapshot(tmp_workspace) as snapshot:
            seen.append(ask(pool, snapshot.folder, "SELECT ?t { ?s dct:title ?t }", "csv").body.decode())
    assert seen == ["t\r\nmột\r\n", "t\r\nhai\r\n"]


def test_a_closed_pool_leaves_no_process(folder: Path) -> None:
    pool = WorkerPool(Limits(workers=2))
    ask(pool, folder, "ASK {}")
    worker = pool._idle[0]
    pool.close()
    assert worker._process.returncode is not None
    with pytest.raises(QueryOverload, match="đang dừng"):
        ask(pool, folder, "ASK {}")


def test_closing_does_not_wait_for_a_running_query(folder: Path) -> None:
    pool = WorkerPool(Limits(seconds=1, workers=1))
    ask(pool, folder, "ASK {}")
    with ThreadPoolExecutor(1) as threads:
        running = threads.submit(ask, pool, folder, ENDLESS["count"])
        time.sleep(0.1)
        start = time.monotonic()
        pool.close()
        assert time.monotonic() - start < 0.5
        with pytest.raises(QueryTimeout):
            running.result()
    assert not pool._idle


ORPHAN = """
import sys
from pathlib import Path
from api.sparql import Limits, WorkerPool
from api.sparql_formats import by_name
pool = WorkerPool(Limits(seconds=0.5, workers=1))
pool.run(Path(sys.argv[1]), "ASK {}", choice=by_name("json"))
print(pool._idle[0]._process.pid, flush=True)
pool.limits = Limits(seconds=0.5, workers=1)
pool.run(Path(sys.argv[1]), sys.argv[2], choice=by_name("json"))
"""


@pytest.mark.parametrize("query", ["", ENDLESS["count"]], ids=["idle", "busy"])
def test_a_worker_does_not_outlive_its_parent(folder: Path, query: str) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", ORPHAN, str(folder), query],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
    )
    with parent:
        assert parent.stdout is not None
        worker = int(parent.stdout.readline())
        time.sleep(0.1)
        parent.kill()
    deadline = time.monotonic() + 10
    while alive(worker) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not alive(worker)


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{pid}/stat")
    return not state.exists() or state.read_text().rpartition(")")[2].split()[0] != "Z"


def test_a_folder_named_api_does_not_mislead_the_worker(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "api").mkdir()
    (tmp_path / "api" / "__init__.py").write_text("raise SystemExit(7)")
    monkeypatch.chdir(tmp_path)
    assert run_query(folder, "ASK {}").body


@pytest.mark.parametrize(
    ("accept", "solutions", "graph"),
    [
        (None, "json", "ttl"),
        ("", "json", "ttl"),
        ("*/*", "json", "ttl"),
        ("application/sparql-results+xml", "xml", None),
        ("text/csv, */*;q=0.1", "csv", "ttl"),
        ("text/csv;q=0.5, application/sparql-results+json;q=0.9", "json", None),
        ("application/json", "json", "jsonld"),
        ("application/xml", "xml", "rdfxml"),
        ("text/turtle", None, "ttl"),
        ("application/n-triples, text/turtle", None, "nt"),
        ("application/*", "json", "nt"),
        ("text/*", "csv", "ttl"),
        ("text/html", None, None),
        ("text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8", "xml", "rdfxml"),
        # The more specific range decides, even downwards
        ("*/*, application/sparql-results+json;q=0", "xml", "ttl"),
        ("application/sparql-results+json;q=0", None, None),
        ("text/csv;header=present;q=0.3, text/tab-separated-values;q=0.4", "tsv", None),
        ("TEXT/CSV", "csv", None),
        ("text/csv;q=none, nonsense, ;;, text/turtle;q=1.5", None, "ttl"),
        ("text/csv,", "csv", None),
    ],
)
def test_the_form_is_what_the_client_likes_best(accept: str | None, solutions: str | None, graph: str | None) -> None:
    assert negotiate(accept) == Choice(solutions, graph)


def test_every_name_of_a_form_means_something() -> None:
    assert {*SOLUTIONS, *GRAPHS, "table"} == set(NAMES)
    for name in NAMES:
        choice = by_name(name)
        assert choice.solutions in {*SOLUTIONS, None}
        assert choice.graph in {*GRAPHS, None}
        assert choice != Choice(None, None)


def test_settings_give_the_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Limits.of(Settings()).workers >= 1
    monkeypatch.setenv("KG_SPARQL_SECONDS", "2.5")
    monkeypatch.setenv("KG_SPARQL_WORKERS", "3")
    assert Limits.of(Settings()) == Limits(seconds=2.5, workers=3)
    changed = {name for name, _, different in Settings().listed() if different}
    assert changed == {"KG_SPARQL_SECONDS", "KG_SPARQL_WORKERS"}


def test_a_bad_setting_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KG_SPARQL_ROWS", "nhiều")
    monkeypatch.setenv("KG_LINK_THRESHOLD", "7")
    with pytest.raises(PolicyKGError, match=r"KG_LINK_THRESHOLD='7'.*KG_SPARQL_ROWS='nhiều'"):
        Settings()


def test_every_setting_says_what_it_is() -> None:
    assert all(field.description for field in Settings.model_fields.values())
    names = [name for name, _, _ in Settings().listed()]
    assert names == sorted(names)


def test_the_doors_of_a_bare_store(folder: Path) -> None:
    """`kg serve --store` has a store and nothing else: alive, ready, a way in, and no link that leads nowhere."""
    with TestClient(create_store_app(folder), follow_redirects=False) as client:
        assert client.get("/healthz").json() == client.get("/readyz").json() == {"status": "ok"}
        assert client.get("/").headers["location"] == "/sparql"
        described = client.get("/sparql")
        assert described.status_code == 200 and "link" not in described.headers
        assert client.get("/.well-known/void").status_code == 404
        assert described.headers["access-control-allow-origin"] == "*"

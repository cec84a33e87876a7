"""SPARQL over HTTP against the ``oxigraph`` server on the same optimised store, and /api/trace on a million triples.

Both answer first and the answers are compared. Rounds alternate, so that what else the machine does hits both; a ratio
is the median of the quietest rounds, of which the note tells the share of the machine that others used. The isolation
of queries in processes is on our side of the scales.
"""

from __future__ import annotations

import http.client
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from graph_made_up import BASE, nquads, numbers
from quiet import quietest

DOCUMENTS = 15_300
SECONDS, ROUNDS, MOST_ROUNDS = 1.5, 5, 15
KG = Path(sys.executable).parent / "kg"
OXIGRAPH = Path(sys.executable).parent / "oxigraph"
PREFIXES = (
    "PREFIX eli: <http://data.europa.eu/eli/ontology#> PREFIX vb: <https://w3id.org/vanban-kg/def#>"
    " PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> PREFIX oa: <http://www.w3.org/ns/oa#>"
    " PREFIX dct: <http://purl.org/dc/terms/> "
)
QUERIES = {
    "point": f"SELECT ?t {{ <{BASE}/eli/vn/tw/ct/2020/7> dct:title ?t }}",
    "who implements": 'SELECT DISTINCT ?plan ?number ?day { ?call vb:numberKey "8/CT/TW" . '
    "?plan eli:ensures_implementation_of|eli:applies ?call ; eli:id_local ?number ; eli:date_document ?day }",
    "quotes": 'SELECT DISTINCT ?plan ?quote { ?call vb:numberKey "5/CT/TW" . ?l rdf:object ?call ; rdf:subject ?plan ;'
    " vb:status vb:Effective ; vb:evidence/oa:hasSelector/oa:exact ?quote }",
    "cascade": 'SELECT DISTINCT ?plan { ?call vb:numberKey "60/CT/TW" . '
    "?plan (eli:ensures_implementation_of|eli:applies)+ ?call }",
    "by level": "SELECT ?level (COUNT(DISTINCT ?d) AS ?n) { ?d eli:applies ?c ; vb:adminLevel ?level } GROUP BY ?level",
    "titles": 'SELECT ?d ?t { ?d dct:title ?t FILTER(CONTAINS(?t, "giảm nghèo văn hóa giáo dục")) } LIMIT 100',
}
# Runs into its time limit; three patterns without a filter would run into the limit of memory first.
RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f FILTER(STR(?c) > STR(?f)) }"
Measured = tuple[str, float | None, str, tuple[str, float] | None, str]


def measure() -> Iterator[Measured]:
    """Rows for the table of ``run.py``."""
    folder = Path(tempfile.mkdtemp(prefix="kg-bench-sparql-"))
    try:
        triples = make_workspace(folder / "data")
        yield "graph", triples / 1e6, "million triples", None, f"{DOCUMENTS} documents, optimised"
        current = json.loads((folder / "data" / "CURRENT").read_text())
        snapshot = folder / "data" / "graph" / current["graph"]
        limit = 5.0
        with ours(folder / "data", limit) as here:
            if OXIGRAPH.exists():
                with theirs(snapshot) as there:
                    yield from against(here, there)
            else:
                yield "oxigraph server", None, "", None, "pip install oxigraph"
            yield from points(here)
            yield from runaway(here, limit)
            yield from trace(here)
            yield from examples(here)
        yield from rewritten(snapshot)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def make_workspace(root: Path) -> int:
    """A workspace with the made-up graph as its snapshot; the number of statements."""
    from kg.snapshots import write_session

    with write_session(root, command="benchmark") as session:
        session.store.raw.bulk_load("".join(nquads(DOCUMENTS)).encode(), _nquads())
        session.store.raw.optimize()
        session.store.changed = True
        return len(session.store)


def _nquads() -> object:
    import pyoxigraph

    return pyoxigraph.RdfFormat.N_QUADS


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def ours(root: Path, limit: float) -> Iterator[str]:
    port = free_port()
    with running([str(KG), "serve", "--workspace", str(root), "--port", str(port)], port,
                 {"KG_SPARQL_SECONDS": str(limit), "KG_SPARQL_ROWS": "1000000"}):  # fmt: skip
        yield f"http://127.0.0.1:{port}/sparql"


@contextmanager
def theirs(store: Path) -> Iterator[str]:
    port = free_port()
    command = [
        str(OXIGRAPH),
        "serve-read-only",
        "-l",
        str(store),
        "--bind",
        f"127.0.0.1:{port}",
        "--union-default-graph",
    ]
    with running(command, port, {}):
        yield f"http://127.0.0.1:{port}/query"


@contextmanager
def running(command: list[str], port: int, settings: dict[str, str]) -> Iterator[None]:
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, **settings}
    )
    try:
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.wait(10)


class Client:
    """One connection that stays open, sending one request again and again."""

    def __init__(self, endpoint: str, query: str | None) -> None:
        parts = urlsplit(endpoint)
        self.connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
        self.connection.connect()
        # Header and body go out as two packets; without this the second waits 40 ms for an acknowledgement.
        self.connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.path = parts.path + (f"?{parts.query}" if parts.query else "")
        self.body = urlencode({"query": PREFIXES + query}) if query is not None else None
        self.headers = {"Accept": "application/sparql-results+json"}
        if self.body is not None:
            self.headers["Content-Type"] = "application/x-www-form-urlencoded"

    def send(self) -> bytes:
        method = "GET" if self.body is None else "POST"
        self.connection.request(method, self.path, self.body, self.headers)
        answer = self.connection.getresponse()
        content = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{answer.status} {content[:200]!r}")
        return content


def rate(endpoint: str, query: str | None, clients: int, seconds: float = SECONDS) -> tuple[float, list[float]]:
    """Answers per second, and how long each took."""
    took: list[float] = []
    errors: list[Exception] = []
    end = time.perf_counter() + seconds

    def work() -> None:
        try:
            client = Client(endpoint, query)
            client.send()
            while (began := time.perf_counter()) < end or not took:  # one at least, however busy the machine
                client.send()
                took.append(time.perf_counter() - began)
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=work) for _ in range(clients)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise RuntimeError(str(errors[0]))
    return len(took) / (time.perf_counter() - began), took


def same(one: bytes, other: bytes) -> bool:
    def rows(content: bytes) -> list[str]:
        return sorted(json.dumps(row, sort_keys=True) for row in json.loads(content)["results"]["bindings"])

    return rows(one) == rows(other) and bool(rows(one))


def against(here: str, there: str) -> Iterator[Measured]:
    for name, query in QUERIES.items():
        if not same(Client(here, query).send(), Client(there, query).send()):
            raise RuntimeError(f"the two servers differ on “{name}”")
        alone = statistics.median(rate(there, query, 1, 1.0)[1]) * 1_000
        for clients in (1, 16):
            ratios, foreign = quietest(partial(_ratio, here, there, query, clients), ROUNDS, MOST_ROUNDS)
            goal = None if alone < 3 else 0.6 if clients == 16 else 0.65 if alone < 10 else 0.8
            note = f"{alone:.1f} ms there; {min(ratios):.2f}-{max(ratios):.2f}; {foreign:.0%} foreign"
            label = f"{name}, {clients} client{'s' * (clients > 1)}, against oxigraph"
            yield label, statistics.median(ratios), "×", (">=", goal) if goal else None, note


def _ratio(here: str, there: str, query: str, clients: int, number: int) -> float:
    pair: dict[str, float] = {}
    for endpoint in (here, there) if number % 2 else (there, here):
        pair[endpoint] = rate(endpoint, query, clients)[0]
    return pair[here] / pair[there]


def points(here: str) -> Iterator[Measured]:
    empty = here.replace("/sparql", "/healthz")

    def ratio(_number: int) -> float:
        return rate(here, QUERIES["point"], 1)[0] / rate(empty, None, 1)[0]

    ratios, foreign = quietest(ratio, ROUNDS, MOST_ROUNDS)
    note = f"{min(ratios):.2f}-{max(ratios):.2f}; {foreign:.0%} foreign"
    yield "point look-up, against our no-op route", statistics.median(ratios), "×", (">=", 0.5), note


def runaway(here: str, limit: float) -> Iterator[Measured]:
    died: list[float] = []

    def attack() -> None:
        began = time.perf_counter()
        try:
            Client(here, RUNAWAY).send()
        except RuntimeError as error:
            if not str(error).startswith("503"):
                raise
            died.append(time.perf_counter() - began)

    def both(_number: int) -> tuple[float, float]:
        query = QUERIES["who implements"]
        before = _p95(rate(here, query, 1, limit)[1])
        thread = threading.Thread(target=attack)
        thread.start()
        beside = _p95(rate(here, query, 1, limit * 0.9)[1])
        thread.join()
        return beside / before, before

    found, foreign = quietest(both, 3, 6)
    note = f"{limit:g} s limit; slowest of {len(died)}"
    yield "a runaway query is dead after, of its limit", max(died) / limit, "×", ("<=", 1.2), note
    times, before = statistics.median(one for one, _ in found), statistics.median(one for _, one in found)
    note = f"{before * 1000:.1f} ms without; {foreign:.0%} foreign; {os.cpu_count()} cores"
    yield "others' p95 beside a runaway", times, "×", ("<=", 2.0), note


def trace(here: str) -> Iterator[Measured]:
    """Every directive once, just after the start and when the links of the snapshot are in memory (some seconds)."""
    origin = here.removesuffix("/sparql")
    asked = numbers(DOCUMENTS)
    half = len(asked) // 2
    for name, chosen, goal in (("just after the start", asked[1:half:2], None), ("p95", asked[half % 2 :: 2], 50.0)):
        took = []
        for number in chosen:
            client = Client(f"{origin}/api/trace?{urlencode({'number': number})}", None)
            began = time.perf_counter()
            content = client.send()
            took.append((time.perf_counter() - began, len(json.loads(content)["implementing"])))
        most = max(rows for _, rows in took)
        seconds = [one for one, _ in took]
        note = f"{len(took)} directives, up to {most} documents; slowest {max(seconds) * 1000:.0f} ms"
        yield f"/api/trace, {name}", _p95(seconds) * 1_000, "ms wall", ("<=", goal) if goal else None, note
        time.sleep(6)


def examples(here: str) -> Iterator[Measured]:
    """No example may be slow on a million triples: each is asked once, the slowest is told."""
    from api.examples import examples as made

    took = {}
    for name, example in made().items():
        client = Client(here, "")
        client.body = urlencode({"query": example.text(BASE, "8-CT/TW" if example.takes_number else None)})
        began = time.perf_counter()
        try:
            client.send()
        except RuntimeError:
            took[name] = float("inf")
        else:
            took[name] = time.perf_counter() - began
    slow = sorted(took, key=lambda name: -took[name])[:3]
    yield (
        "slowest example question",
        took[slow[0]],
        "s wall",
        ("<=", 2.0),
        ", ".join(f"{n} {took[n]:.2f}" for n in slow),
    )


def rewritten(snapshot: Path) -> Iterator[Measured]:
    """The slow examples against another way to ask the same, in process."""
    from rewrites import measure as against_rewrites

    found = dict(against_rewrites(snapshot, BASE))
    worst = max(found, key=lambda name: found[name])
    note = ", ".join(f"{name} {times:.1f}" for name, times in sorted(found.items()))
    yield "slowest example against its rewrite", found[worst], "×", ("<=", 3.0), note


def _p95(took: list[float]) -> float:
    return sorted(took)[int(len(took) * 0.95)]


def main(say: Callable[[str], None] = print) -> None:
    for name, value, unit, goal, note in measure():
        say(f"{name:52} {'-' if value is None else f'{value:.3g}'} {unit} {goal or ''} {note}")


if __name__ == "__main__":
    main()

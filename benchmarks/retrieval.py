"""What search costs on 200,000 passages: ``make bench ARGS="--only search"``.

Passages are synthetic (66 words each, ten to a document, drawn by topic from a fixed vocabulary); nothing here is about
quality. The fused query is held against bare tantivy (its own parser, two fields) and bare faiss (SQ8), run one after
the other in the same process and on the same passages, rounds interleaved, one thread each. Times are CPU of the
thread, and wall beside them; over HTTP it is the wall time of a ``kg serve``.
"""

from __future__ import annotations

import http.client
import json
import random
import resource
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import faiss
import numpy as np

from search.analysis import words
from search.documents import IndexedDocument
from search.encoders import load_encoder
from search.index import DEPTH, SearchIndex, build, update

WORDS = 66
PER_DOCUMENT = 10
TOPICS = 400
PASSAGES, QUERIES = 200_000, 200

Measured = tuple[str, float | None, str, tuple[str, float] | None, str]
"""Name, value, unit, goal, note: one row of the table."""

_ONSETS = "b c ch d đ g gh gi h k kh l m n ng nh ph qu r s t th tr v x"
_RHYMES = (
    "a an anh ao âu ay ân ăm ang ong ông ơn ươn ường uyên oan iên iêu ia ích iệt ê ền ị inh o oa oài ố ồng ộ ới ư ưu "
    "ức ừng"
)


def vocabulary(rng: random.Random, size: int = 6000) -> list[str]:
    """Two-syllable words that look like Vietnamese."""
    syllables = [onset + rhyme for onset in _ONSETS.split() for rhyme in _RHYMES.split()]
    return sorted({f"{rng.choice(syllables)} {rng.choice(syllables)}" for _ in range(size)})


class Maker:
    """Makes documents: half of the words of a passage come from its topic, half from all, common ones first."""

    def __init__(self, seed: int = 1) -> None:
        self.rng = random.Random(seed)
        self.words = vocabulary(self.rng)
        self.rng.shuffle(self.words)
        self.weights = [1 / (rank + 10) for rank in range(len(self.words))]
        self.topics = [self.rng.sample(self.words, 60) for _ in range(TOPICS)]

    def passage(self, topic: Sequence[str]) -> str:
        """One passage of 66 syllables."""
        half = WORDS // 4
        chosen = self.rng.choices(self.words, self.weights, k=half) + self.rng.choices(topic, k=WORDS // 2 - half)
        self.rng.shuffle(chosen)
        return " ".join(chosen) + "."

    def documents(self, count: int) -> Iterator[IndexedDocument]:
        """Documents of ten passages each, two paragraphs apart."""
        for number in range(count):
            topic = self.topics[number % TOPICS]
            text = "\n\n".join(self.passage(topic) for _ in range(PER_DOCUMENT))
            yield IndexedDocument(
                key=f"mau.ubnd/kh/{2000 + number % 25}/{number}", number=f"{number}/KH-UBND", kind="Kế hoạch",
                issuer="Ủy ban nhân dân tỉnh Mẫu", owner="mau.ubnd", level="province",
                title=" ".join(self.rng.sample(list(topic), 4)), text=text,
            )  # fmt: skip

    def queries(self, count: int) -> list[str]:
        """Queries of three to seven words out of one topic."""
        return [
            " ".join(" ".join(self.rng.sample(self.topics[number % TOPICS], 4)).split()[: 3 + number % 5])
            for number in range(count)
        ]


def bare(index: SearchIndex) -> Callable[[str], int]:
    """tantivy with its own parser and faiss with its own SQ8, nothing around them: one process, one after the other."""
    inner = index.generation.lexical._index
    searcher = inner.searcher()
    encoder = index.encoder
    vectors = index.generation.vectors.vectors(np.arange(index.passages))
    plain = faiss.IndexScalarQuantizer(vectors.shape[1], faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT)
    plain.train(vectors)
    plain.add(vectors)
    faiss.omp_set_num_threads(1)

    def ask(query: str) -> int:
        parsed = inner.parse_query(" ".join(words(query)), ["word", "fold"])
        found = searcher.search(parsed, DEPTH, count=False).hits
        _, rows = plain.search(encoder.encode_queries([query]), DEPTH)
        return len(found) + len(rows[0])

    return ask


def percentiles(values: Any) -> dict[str, float]:
    return {"p50": round(float(np.percentile(values, 50)), 2), "p95": round(float(np.percentile(values, 95)), 2)}


def compare(asks: dict[str, Callable[[str], Any]], queries: Sequence[str], rounds: int = 7) -> dict[str, Any]:
    """Each query is asked of all in turn, again and again; its fastest time counts, so that foreign load does not."""
    best = {name: np.full((2, len(queries)), np.inf) for name in asks}
    for _ in range(rounds):
        for place, query in enumerate(queries):
            for name, ask in asks.items():
                cpu, wall = time.thread_time(), time.perf_counter()
                ask(query)
                taken = ((time.thread_time() - cpu) * 1000, (time.perf_counter() - wall) * 1000)
                best[name][:, place] = np.minimum(best[name][:, place], taken)
    return {name: {"cpu_ms": percentiles(found[0]), "wall_ms": percentiles(found[1])} for name, found in best.items()}


def _wait_for(port: int) -> None:
    """Until something listens there: the address is printed a moment before."""
    for _ in range(400):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return


def over_http(place: Path, queries: Sequence[str]) -> dict[str, Any]:
    """The same queries of a ``kg serve`` over one kept connection, its whole way through; the fastest of five each."""
    with tempfile.TemporaryDirectory(prefix="kg-bench-") as scratch:
        root = Path(scratch)
        (root / "index").mkdir()
        (root / "index" / place.name).symlink_to(place.resolve())
        (root / "CURRENT").write_text(json.dumps({"version": 1, "index": place.name}), encoding="utf-8")
        server = subprocess.Popen(
            [sys.executable, "-m", "api.cli", "serve", "--port", "0", "--workspace", scratch],
            stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        try:
            assert server.stderr is not None
            port = int(server.stderr.readline().split()[2].rsplit(":", 1)[1])
            _wait_for(port)
            taken = np.full(len(queries), np.inf)
            for _ in range(6):  # the first round opens the index
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
                for number, query in enumerate(queries):
                    began = time.perf_counter()
                    connection.request("GET", "/api/search?" + urlencode({"q": query}))
                    answer = connection.getresponse()
                    body = answer.read()
                    taken[number] = min(taken[number], (time.perf_counter() - began) * 1000)
                    assert answer.status == 200, body
                connection.close()
        finally:
            server.terminate()
            server.wait(10)
    return {"wall_ms": percentiles(taken)}


def measure() -> Iterator[Measured]:
    maker = Maker()
    encoder = load_encoder()
    with tempfile.TemporaryDirectory(prefix="kg-bench-") as scratch:
        root = Path(scratch)
        cpu = time.process_time()
        # Some short passages are joined: 4 % more documents are made.
        place = build(root, maker.documents(-(-PASSAGES * 26 // (25 * PER_DOCUMENT))), encoder=encoder)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        yield "building the index", time.process_time() - cpu, "s", None, f"{peak} MB at the peak"
        disk = sum(path.stat().st_size for path in place.rglob("*") if path.is_file()) / 1e6
        index = SearchIndex(place, encoder=encoder)
        yield "  on disk", disk, "MB", None, f"{index.passages} passages"
        queries = Maker(2).queries(QUERIES)
        for query in queries[:20]:
            index.search(query)
        found = compare({"bare": bare(index), "fused": index.search}, queries)
        asked, http = {name: one["cpu_ms"]["p95"] for name, one in found.items()}, over_http(place, queries)["wall_ms"]
        yield "bare tantivy and faiss, p95", asked["bare"], "ms", None, "one after the other"
        yield "a fused query, p95", asked["fused"], "ms", None, ""
        yield "  against bare", asked["fused"] / asked["bare"], "×", ("<=", 1.3), ""
        over = http["p95"] / found["bare"]["wall_ms"]["p95"]
        yield "  over HTTP, against bare", over, "×", ("<=", 2.0), f"{http['p95']} ms wall"
        one = next(Maker(3).documents(1))
        times = []
        for number in range(5):
            wall = time.perf_counter()
            fresh = IndexedDocument(key=f"them/kh/2024/{number}", title=one.title, text=one.text)
            place = update(root, place, [fresh], encoder=encoder)
            times.append(time.perf_counter() - wall)
        yield "adding one document", max(times), "s wall", ("<=", 0.5), "slowest of five"

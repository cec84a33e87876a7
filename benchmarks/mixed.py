"""A minute of mixed work on a served data folder: four clients that search, trace and ask, and an upload now and then.

Every answer must be a success and every upload must end as it should; the memory of the server is read all along.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlencode

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT / "samples" / "documents"
PLAN = SAMPLES / "04-ke-hoach-15-kh-ubnd-binh-khe.txt"
NUMBERS = ("1286/UBND-TH", "17-CT/TU", "34-CT/TW", "15/KH-UBND")
WORDS = ("phong trào thi đua", "xoa nha tam", "kh 15", "chuyển đổi số", "1286")
QUERIES = (
    "SELECT ?level (COUNT(DISTINCT ?d) AS ?n) { ?d vb:adminLevel ?level } GROUP BY ?level",
    'SELECT DISTINCT ?plan { ?call vb:numberKey "1286/UBND/TH" . ?plan eli:ensures_implementation_of ?call }',
    "CONSTRUCT { ?s dct:title ?t } { ?s dct:title ?t } LIMIT 50",
)
Measured = tuple[str, float | None, str, tuple[str, float] | None, str]


@dataclass
class Told:
    """What came of the minute."""

    answers: int = 0
    took: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    uploads: int = 0
    memory: list[float] = field(default_factory=list)
    """Megabytes of the server with its query workers, once a second."""

    @property
    def growth(self) -> float:
        """Megabytes from the second quarter of the time to the last: what the start takes is not counted."""
        quarter = max(1, len(self.memory) // 4)
        return statistics.median(self.memory[-quarter:]) - statistics.median(self.memory[quarter : 2 * quarter])


def mixed(root: Path, seconds: float, every: float, clients: int = 4) -> Told:
    """Serves the data folder ``root`` for some seconds under load, with an upload ``every`` so many seconds."""
    command = [str(Path(sys.executable).parent / "kg")]
    key = json.loads(
        subprocess.run([*command, "key", "create", "--user", "Người đo", "--scope", "write", "--workspace", str(root)],
                       check=True, capture_output=True, text=True).stdout
    )["key"]  # fmt: skip
    server = subprocess.Popen(
        [*command, "serve", "--workspace", str(root), "--port", "0"], stderr=subprocess.PIPE, text=True,
        stdout=subprocess.DEVNULL, env={**os.environ, "KG_LOG_LEVEL": "ERROR"},
    )  # fmt: skip
    assert server.stderr is not None
    reader: threading.Thread | None = None
    try:
        line = server.stderr.readline()
        url = line.split()[2]
        reader = threading.Thread(target=server.stderr.read, daemon=True)  # what it logs must not fill the pipe
        reader.start()
        return _Load(url, key, server.pid).run(seconds, every, clients)
    finally:
        server.terminate()
        server.wait(20)
        if reader is not None:
            reader.join(5)
        server.stderr.close()


class _Load:
    def __init__(self, url: str, key: str, server: int) -> None:
        self.url, self.key, self.server = url, key, server
        self.told = Told()
        self.lock = threading.Lock()

    def run(self, seconds: float, every: float, clients: int) -> Told:
        for _ in range(200):
            if self._get("/healthz", count=False):
                break
            time.sleep(0.05)
        end = time.monotonic() + seconds
        threads = [threading.Thread(target=self._ask, args=(number, end)) for number in range(clients)]
        threads.append(threading.Thread(target=self._upload, args=(every, end)))
        for thread in threads:
            thread.start()
        while time.monotonic() < end:
            self.told.memory.append(_megabytes(self.server))
            time.sleep(min(1.0, seconds / 20))
        for thread in threads:
            thread.join()
        return self.told

    def _get(self, path: str, *, count: bool = True) -> bytes | None:
        began = time.monotonic()
        try:
            with urllib.request.urlopen(self.url + path, timeout=30) as answer:
                content: bytes = answer.read()
        except urllib.error.HTTPError as error:
            if error.code == 300 and "candidates" in json.loads(error.read()):
                content = b"several"  # a number that fits several works: the right answer
            else:
                self._failed(f"{error.code} {path}", count)
                return None
        except OSError as error:
            self._failed(f"{type(error).__name__} {path}", count)
            return None
        if count:
            with self.lock:
                self.told.answers += 1
                self.told.took.append(time.monotonic() - began)
        return content

    def _failed(self, what: str, count: bool) -> None:
        if count:
            with self.lock:
                self.told.errors.append(what)

    def _ask(self, number: int, end: float) -> None:
        kinds = (
            [f"/api/search?q={quote(words)}" for words in WORDS],
            [f"/api/trace?number={quote(one, safe='')}" for one in NUMBERS],
            [f"/sparql?{urlencode({'query': query})}" for query in QUERIES],
        )
        turn = number
        while time.monotonic() < end:
            paths = kinds[turn % len(kinds)]
            self._get(paths[turn // len(kinds) % len(paths)])
            turn += 1
            time.sleep(0.01)

    def _upload(self, every: float, end: float) -> None:
        text = PLAN.read_text("utf-8")
        number = 300
        while time.monotonic() + 1 < end:
            number += 1
            self._one_upload(f"ke-hoach-{number}.txt", text.replace("15/KH-UBND", f"{number}/KH-UBND", 1))
            time.sleep(max(0.0, min(every, end - time.monotonic())))

    def _one_upload(self, name: str, text: str) -> None:
        mark = "ranh-gioi"
        head = f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        request = urllib.request.Request(
            f"{self.url}/api/documents", f"{head}{text}\r\n--{mark}--\r\n".encode(), method="POST",
            headers={"Content-Type": f"multipart/form-data; boundary={mark}", "Authorization": f"Bearer {self.key}"},
        )  # fmt: skip
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                job = json.loads(answer.read())["id"]
            ended = self._job(job)
        except OSError as error:
            self._failed(f"upload: {error}", True)
            return
        if ended["state"] != "done":
            self._failed(f"upload: {ended['state']} {ended['report']}", True)
            return
        self.told.uploads += 1
        key = ended["report"]["documents"][0]["key"]
        if b'"file":"' + name.encode() not in (self._get(f"/api/documents/{key}") or b"").replace(b" ", b""):
            self._failed(f"upload: {key} does not show", True)

    def _job(self, ident: str) -> dict[str, object]:
        for _ in range(300):
            request = urllib.request.Request(
                f"{self.url}/api/jobs/{ident}", headers={"Authorization": f"Bearer {self.key}"}
            )
            with urllib.request.urlopen(request, timeout=30) as answer:
                job: dict[str, object] = json.loads(answer.read())
            if job["state"] not in ("queued", "running"):
                return job
            time.sleep(0.2)
        return job


def _megabytes(pid: int) -> float:
    """What a process and its query workers hold in memory; the jobs it starts are sessions of their own."""
    total = 0.0
    for one in [pid, *_workers(pid)]:
        try:
            pages = int(Path(f"/proc/{one}/statm").read_text().split()[1])
        except (OSError, IndexError):
            continue
        total += pages * os.sysconf("SC_PAGESIZE") / 1e6
    return total


def _workers(pid: int) -> Iterator[int]:
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            for child in map(int, task.read_text().split()):
                if b"sparql_worker" in Path(f"/proc/{child}/cmdline").read_bytes():
                    yield child
        except OSError:
            continue


def measure(seconds: float = 60.0, every: float = 10.0) -> Iterator[Measured]:
    """Rows for the table of ``run.py``."""
    folder = Path(tempfile.mkdtemp(prefix="kg-bench-mixed-"))
    try:
        root = folder / "kg-data"
        subprocess.run([str(Path(sys.executable).parent / "kg"), "ingest", str(SAMPLES), "--workspace", str(root)],
                       capture_output=True)  # fmt: skip
        told = mixed(root, seconds, every)
        note = "; ".join(told.errors[:3]) or f"{told.answers} answers of 4 clients, {told.uploads} uploads"
        yield f"errors in {seconds:g} s of mixed work", len(told.errors), "", ("<=", 0.0), note
        p95 = sorted(told.took)[int(len(told.took) * 0.95)] * 1_000
        yield "  p95 of an answer", p95, "ms wall", None, ""
        note = f"from {told.memory[len(told.memory) // 4]:.0f} MB"
        yield "  memory gained by the server", told.growth, "MB", ("<=", 25.0), note
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    for row in measure(*map(float, sys.argv[1:])):
        print(*row)

"""What the parts cost, as one table: `make bench`, or `python benchmarks/run.py --only extraction --corpus DIR`.

CPU time unless a row says wall. A megabyte is a million bytes of UTF-8 text. Each figure is the best of several
passes with bounded caches emptied before each, so a second pass over the same text gains nothing. On a shared
machine effects below 15 % say nothing.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
KG = Path(sys.executable).parent / "kg"
REAL_DOCUMENTS = ROOT.parent / "shared" / "data" / "docs"
HEAVY = ("torch", "faiss", "rdflib", "fastapi", "sentence_transformers")
PASSES = 3


@dataclass(frozen=True)
class Row:
    """One line of the table; ``goal`` is (">=" or "<=", limit), None where a figure is only stated."""

    name: str
    value: float | None
    unit: str
    goal: tuple[str, float] | None = None
    note: str = ""

    @property
    def holds(self) -> bool | None:
        if self.goal is None or self.value is None:
            return None
        sign, limit = self.goal
        return self.value >= limit if sign == ">=" else self.value <= limit


# --- Start-up -------------------------------------------------------------------------------------------------------


def children_cpu(*command: str) -> float:
    """CPU seconds of one child process; raises when it fails."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def startup(_corpus: Path) -> Iterator[Row]:
    yield Row("kg --help", min(children_cpu(str(KG), "--help") for _ in range(7)), "s", ("<=", 0.2))
    code = "import api.cli, sys; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    loaded = set(done.stdout.split()) & set(HEAVY)
    yield Row("heavy modules it loads", len(loaded), "", ("<=", 0), ", ".join(sorted(loaded)))


# --- Extraction -----------------------------------------------------------------------------------------------------


@contextmanager
def timed_stages(module: ModuleType) -> Iterator[dict[str, float]]:
    """Times every function that ``module`` takes from other modules of ``ingest``: its stages, also new ones."""
    seconds: dict[str, float] = {}
    originals: dict[str, Callable[..., Any]] = {
        name: value
        for name, value in vars(module).items()
        if callable(value)
        and not isinstance(value, type)
        and str(getattr(value, "__module__", "")).startswith("ingest.")
        and value.__module__ != module.__name__
    }

    def wrap(name: str, stage: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            start = time.process_time()
            try:
                return stage(*args, **kwargs)
            finally:
                seconds[name] = seconds.get(name, 0.0) + time.process_time() - start

        return call

    for name, value in originals.items():
        setattr(module, name, wrap(name, value))
    try:
        yield seconds
    finally:
        for name, value in originals.items():
            setattr(module, name, value)


def forget() -> None:
    """Empties the bounded caches of our modules (parsed numbers, …); patterns and reference data stay built."""
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] in ("kg", "ingest"):
            for value in vars(module).values():
                info = getattr(value, "cache_info", None)
                if info is not None and info().maxsize not in (None, 1):
                    value.cache_clear()


def extraction(corpus: Path) -> Iterator[Row]:
    import ingest.document as stages
    from ingest.citations import citation_pattern
    from ingest.readers import read
    from kg.errors import ReadError
    from kg.reference import load_reference

    reference = load_reference()
    sources = []
    for path in sorted(corpus.rglob("*")):
        if path.suffix in (".txt", ".md"):
            try:
                sources.append(read(path))
            except ReadError:  # a sample that is to be refused
                continue
    readable, texts = [], []
    for source in sources:
        try:
            texts.append(stages.document_from_source(source, reference).text.text)
        except ReadError:
            continue
        readable.append(source)
    size = sum(len(text.encode()) for text in texts) / 1e6
    if not size:
        raise FileNotFoundError(f"no readable .txt or .md in {corpus}")

    pattern = citation_pattern()
    best_pattern, best_total, best_stages = float("inf"), float("inf"), dict[str, float]()
    for _ in range(PASSES):
        start = time.process_time()
        for text in texts:
            for _match in pattern.finditer(text):
                pass
        best_pattern = min(best_pattern, time.process_time() - start)
        forget()
        with timed_stages(stages) as seconds:
            start = time.process_time()
            for source in readable:
                stages.document_from_source(source, reference)
            total = time.process_time() - start
        if total < best_total:
            best_total, best_stages = total, dict(seconds)

    yield Row("text", size, "MB", note=f"{len(texts)} documents of {corpus.name}/")
    yield Row("one pass of the citation pattern", size / best_pattern, "MB/s")
    citations = best_stages["find_citations"]
    yield Row("citations, against that pass", best_pattern / citations, "×", (">=", 0.04), "layout in, citations out")
    with_layout = citations + best_stages["read_layout"]
    yield Row("with layout, against that pass", best_pattern / with_layout, "×", (">=", 0.04), "text in, citations out")
    yield Row("whole extraction", size / best_total, "MB/s", (">=", 1.5), "from the reader's text; one core")
    for name, seconds_spent in sorted(best_stages.items(), key=lambda item: -item[1]):
        yield Row(f"  {name}", 100 * seconds_spent / best_total, "%", ("<=", 40.0))


# --- The whole way --------------------------------------------------------------------------------------------------


def whole(corpus: Path) -> Iterator[Row]:
    """Ingest into an empty folder, then again without a change. Exit codes say that a file was refused: not ours."""
    workspace = Path(tempfile.mkdtemp(prefix="kg-bench-"))
    try:
        files = sum(path.is_file() for path in corpus.rglob("*"))
        for name, goal in (("ingest", ("<=", 10.0) if files <= 120 else None), ("ingest, nothing new", None)):
            start = time.perf_counter()
            command = [str(KG), "ingest", str(corpus), "--workspace", str(workspace / "data")]
            done = subprocess.run(command, capture_output=True, text=True)
            wall = time.perf_counter() - start
            if not (workspace / "data").is_dir():
                raise RuntimeError(f"kg ingest made no data folder: {done.stderr[-300:]}")
            yield Row(name, wall, "s wall", goal, f"{files} files, exit {done.returncode}")
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        yield Row("peak memory of one process", peak, "MB")
        size = sum(path.stat().st_size for path in (workspace / "data").rglob("*") if path.is_file()) / 1e6
        yield Row("data folder", size, "MB")
    finally:
        shutil.rmtree(workspace)


def part(module: str, *given: object, with_corpus: bool = False) -> Callable[[Path], Iterator[Row]]:
    """The rows of a file beside this one, which is only imported when it is to measure."""

    def rows(corpus: Path) -> Iterator[Row]:
        for measured in importlib.import_module(module).measure(*((corpus,) if with_corpus else ()), *given):
            yield Row(*measured)

    return rows


BENCHMARKS: dict[str, Callable[[Path], Iterator[Row]]] = {
    "startup": startup,
    "extraction": extraction,
    "whole": whole,
    "scaling": part("scaling", with_corpus=True),
    "sparql": part("sparql"),
    "mixed": part("mixed"),
    "pages": part("pages", with_corpus=True),
    "search": part("retrieval"),
    "compare": part("alignment"),
    **{
        f"intake-{name}": part("intake", (name,), with_corpus=True)
        for name in ("pdf", "again", "memory", "originals", "samples", "kills")
    },
}


def table(rows: list[Row]) -> str:
    lines = [f"{'':36} {'measured':>14}  {'goal':>10}"]
    for row in rows:
        measured = "not measured" if row.value is None else f"{row.value:.3g} {row.unit}"
        goal = f"{row.goal[0]} {row.goal[1]:g}" if row.goal else ""
        verdict = {True: "ok", False: "MISSED", None: ""}[row.holds]
        lines.append(f"{row.name:36} {measured:>14}  {goal:>10}  {verdict:7} {row.note}".rstrip())
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    default = REAL_DOCUMENTS if REAL_DOCUMENTS.is_dir() else ROOT / "samples"
    parser.add_argument("--corpus", type=Path, default=default, help="folder of documents (here: %(default)s)")
    parser.add_argument("--only", choices=BENCHMARKS, action="append", help="measure only this; may be repeated")
    parser.add_argument("--json", type=Path, help="write the figures there too")
    parser.add_argument("--strict", action="store_true", help="exit 1 when a goal is missed or a part not measured")
    options = parser.parse_args()

    print(f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} cores\n")
    rows: list[Row] = []
    for name in options.only or BENCHMARKS:
        try:
            rows += BENCHMARKS[name](options.corpus)
        except (ImportError, FileNotFoundError, RuntimeError, subprocess.CalledProcessError) as error:
            rows.append(Row(name, None, "", note=str(error)))
    print(table(rows))
    if options.json:
        options.json.write_text(json.dumps([asdict(row) for row in rows], indent=1) + "\n", "utf-8")
    failed = any(row.holds is False or row.value is None for row in rows)
    return 1 if failed and options.strict else 0


if __name__ == "__main__":
    sys.exit(main())

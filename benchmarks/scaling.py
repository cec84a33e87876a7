"""Ingest time against the number of documents, beside Oxigraph's own bulk load of the same quads in the same run.

Copies of the corpus with changed numbers: "159/KH-UBND" becomes "10159/KH-UBND" in the first copy, in headers and
citations alike, so that each copy is a corpus of its own with its own works and links.
"""

from __future__ import annotations

import math
import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

SIZES = (100, 200, 400, 800, 1600)
_NUMBER = re.compile(r"(?<![\d/.,])(\d{1,4})(?=\s*(?:/\d{4})?[/-][A-ZĐ])")

Measured = tuple[str, float, str, tuple[str, float] | None, str]


def copies(texts: list[str], count: int) -> Iterator[str]:
    """``count`` texts: the given ones again and again, each round with numbers of its own."""
    for index in range(count):
        turn, text = divmod(index, len(texts))
        yield _NUMBER.sub(lambda m, turn=turn: str(int(m[1]) + 10_000 * turn), texts[text]) if turn else texts[text]


def exponent(sizes: list[int], seconds: list[float]) -> float:
    """The slope of log(seconds) over log(size), by least squares: 1.0 is linear."""
    xs, ys = [math.log(size) for size in sizes], [math.log(second) for second in seconds]
    mean_x, mean_y = sum(xs) / len(xs), sum(ys) / len(ys)
    return sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True)) / sum((x - mean_x) ** 2 for x in xs)


def measure(corpus: Path, sizes: tuple[int, ...] = SIZES) -> Iterator[Measured]:
    """CPU time of one process; the workspace already holds the reference data, so that only documents count."""
    import pyoxigraph as ox

    from api.workspace import Workspace

    texts = [path.read_text("utf-8") for path in sorted(corpus.rglob("*.txt"))]
    place = Path(tempfile.mkdtemp(prefix="kg-scaling-"))
    ingest_seconds, load_seconds, quads = [], [], []
    try:
        for size in sizes:
            folder, empty = place / f"in-{size}", place / f"empty-{size}"
            folder.mkdir()
            empty.mkdir()
            for index, text in enumerate(copies(texts, size)):
                (folder / f"{index:05d}.txt").write_text(text, "utf-8")
            workspace = Workspace(place / f"kg-{size}")
            workspace.ingest([empty])
            before = len(workspace.snapshot())
            start = time.process_time()
            workspace.ingest([folder], jobs=1)
            ingest_seconds.append(time.process_time() - start)
            data = workspace.export("nq", meta=False, public=False)
            told = b"".join(
                line for line in data.splitlines(keepends=True) if b"/graph/doc/" in line or b"/graph/eff/" in line
            )
            quads.append(len(workspace.snapshot()) - before)
            start = time.process_time()
            store = ox.Store(str(place / f"ox-{size}"))
            store.bulk_load(told, ox.RdfFormat.N_QUADS)
            store.flush()
            load_seconds.append(time.process_time() - start)
            shutil.rmtree(folder)
    finally:
        shutil.rmtree(place)
    anchor, ours = exponent(list(sizes), load_seconds), exponent(list(sizes), ingest_seconds)
    for size, ingest, load, count in zip(sizes, ingest_seconds, load_seconds, quads, strict=True):
        yield f"  {size} documents", ingest, "s", None, f"{count} quads; bulk load of them {load:.2f} s"
    yield "bulk load exponent", anchor, "", None, "the anchor"
    yield "ingest exponent", ours, "", ("<=", anchor + 0.05), f"{sizes[0]} to {sizes[-1]} documents"

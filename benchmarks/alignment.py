"""What comparing costs and how right it is: two papers of growing length, made pairs, a corpus of made plans.

`make bench ARGS="--only compare"`. Texts are put together from the samples by tests/plans.py.
"""

from __future__ import annotations

import math
import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

Measured = tuple[str, float | None, str, tuple[str, float] | None, str]
"""Name, value, unit, goal, note: one row of the table."""

PAGE = 2_500
"""Letters of one page."""
PAIRS, PLANS = 200, 2_000


def lengths() -> Iterator[Measured]:
    """Seconds for a call of so many pages and a plan that keeps, changes, drops and adds."""
    from plans import document, issued, reference, sentences

    from search.alignment import compare

    call, plan = issued("Lâm Sơn", None, "Hoàng Trọng Khoát"), issued("Bình Khê", "binh-khe", "Phan Hữu Tịnh")
    pool, words = sentences(), " ".join(sentences()).split()
    before = 0.0
    for pages in (25, 50, 100, 200):
        chance = random.Random(pages)
        lines: list[str] = []
        while sum(map(len, lines)) < pages * PAGE:
            line = chance.choice(pool).split(" ")
            for _ in range(3):
                line[chance.randrange(len(line))] = chance.choice(words).strip(",;.")
            lines.append(" ".join(line))
        changed = [line.replace("tỉnh", "huyện") for line in lines if chance.random() > 0.1]
        changed = [line if chance.random() > 0.3 else f"{line}, {chance.choice(words)}" for line in changed]
        source, target = (
            document("KẾ HOẠCH\nThi đua\n" + "".join(f"- {line}.\n" for line in rows), "a", metadata)
            for rows, metadata in ((lines, call), (changed, plan))
        )
        began = time.process_time()
        rows = len(compare(source, target, reference=reference()).pairs)
        seconds = time.process_time() - began
        growth = f", exponent {math.log2(seconds / before):.2f}" if before else ""
        goal = ("<=", 3.0) if pages == 100 else None
        yield f"compare, {pages} pages each", seconds, "s", goal, f"{rows} rows{growth}"
        before = seconds


def accuracy(pairs: int) -> Iterator[Measured]:
    """Statuses and changed stretches of made pairs against what was done to them."""
    from plans import letters, make_pair, reference

    from kg.model import Span
    from search.alignment import compare

    right = asked = hit = wrong = missed = 0
    for seed in range(pairs):
        made = make_pair(seed)
        found = compare(made.source, made.target, reference=reference()).pairs
        for expected in made.expected:
            side, spans = ("source", expected.source) if expected.status == "omitted" else ("target", expected.target)
            rows = [
                row for row in found
                if (piece := getattr(row, side)) and any(piece.start < s.end and piece.end > s.start for s in spans)
            ]  # fmt: skip
            asked += 1
            right += {row.status for row in rows} == {expected.status}
            for text, marked, name in (
                (made.source.text.text, expected.old, "old_span"),
                (made.target.text.text, expected.new, "new_span"),
            ):
                if expected.status in ("verbatim", "adapted"):
                    told = [Span(*at) for row in rows for change in row.changes if (at := getattr(change, name))]
                    want, have = letters(text, marked), letters(text, told)
                    hit, wrong, missed = hit + len(want & have), wrong + len(have - want), missed + len(want - have)
    yield "status of clauses, right", right / asked, "", (">=", 0.97), f"{asked} clauses of {pairs} pairs"
    yield "changed spans, F1", 2 * hit / (2 * hit + wrong + missed), "", (">=", 0.95), ""


def reuse(plans: int) -> Iterator[Measured]:
    """Whether the true source ranks first, and how time grows with the corpus."""
    from plans import make_corpus

    from search.reuse import Entry, ReuseIndex, shingles

    corpus = make_corpus(100, plans)
    began = time.process_time()
    entries = [
        Entry(made.document.file, shingles(made.document), made.level, "lam-son", day, day)
        for made in corpus
        for day in [made.document.metadata.date]
    ]
    yield "runs of words", 1000 * (time.process_time() - began) / len(entries), "ms", None, "a document"
    times = {}
    for count in (plans // 5, plans):
        began = time.process_time()
        edges = ReuseIndex(entries[: 100 + count]).edges()
        times[100 + count] = time.process_time() - began
    (few, short), (many, long) = times.items()
    first: dict[str, str] = {}
    for edge in edges:
        first.setdefault(edge.target, edge.source)
    right = sum(first.get(made.document.file) == f"call-{made.source}" for made in corpus if made.source is not None)
    yield "reuse of text", long, "s", None, f"{many} documents"
    yield "  exponent of time", math.log(long / short) / math.log(many / few), "", ("<=", 1.2), f"from {few}"
    yield "  true source first", right / plans, "", (">=", 0.98), ""


def measure() -> Iterator[Measured]:
    yield from lengths()
    yield from accuracy(PAIRS)
    yield from reuse(PLANS)

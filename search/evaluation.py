"""How well search finds: nDCG@10, recall@10 and @100, MRR@10, hit@1, for each route and the fusion, by query type.

Two kinds of questions: a BEIR collection (corpus, queries, judgments; .gz too), indexed for the occasion, and staff
queries over an opened workspace (rows with the names of relevant files).
"""

from __future__ import annotations

import gzip
import json
import math
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from tempfile import TemporaryDirectory
from typing import Any

from search.build import build
from search.documents import IndexedDocument
from search.encoders import Encoder
from search.hybrid import Weights
from search.index import SearchIndex

__all__ = [
    "METRICS",
    "Figures",
    "Question",
    "Report",
    "evaluate_corpus",
    "evaluate_index",
    "figures",
    "ndcg",
    "read_corpus",
    "read_questions",
    "read_staff_queries",
    "reciprocal_rank",
]

DEPTH = 100
METRICS = ("nDCG@10", "recall@10", "recall@100", "MRR@10", "hit@1")
ROUTE_SETS: Mapping[str, tuple[str, ...]] = {
    "lexical": ("lexical",),
    "semantic": ("semantic",),
    "fused": ("number", "lexical", "semantic"),
}


@dataclass(frozen=True, slots=True)
class Question:
    """One query with what answers it; ``relevant`` maps names of documents to grades above 0."""

    id: str
    text: str
    relevant: Mapping[str, int]
    type: str = "all"


@dataclass(frozen=True, slots=True)
class Figures:
    """The means over some queries, by name of the metric."""

    queries: int
    values: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome: figures by (route, query type), and for the fusion the queries that found nothing in ten."""

    figures: Mapping[tuple[str, str], Figures]
    failing: tuple[tuple[Question, tuple[str, ...]], ...]

    def lines(self) -> Iterator[str]:
        """The report as text, one line per route and type, the overall figures first."""
        for (route, sort), found in sorted(self.figures.items(), key=lambda item: (item[0][1] != "all", item[0])):
            shown = "  ".join(f"{name} {found.values[name]:.4f}" for name in METRICS)
            label = route if sort == "all" else f"{route} [{sort}]"
            yield f"{label} {shown}  ({found.queries} queries)"
        for question, names in self.failing:
            yield f"missed [{question.type}] {question.id} “{question.text}”: got {', '.join(names[:3]) or 'nothing'}"

    def record(self) -> dict[str, Any]:
        """The report as JSON-able values."""
        return {
            "figures": [
                {"route": route, "type": sort, "queries": found.queries, **found.values}
                for (route, sort), found in sorted(self.figures.items())
            ],
            "failing": [
                {"id": question.id, "query": question.text, "type": question.type, "found": list(names[:10])}
                for question, names in self.failing
            ],
        }


def ndcg(ranking: Sequence[str], relevant: Mapping[str, int], depth: int = 10) -> float:
    """Normalised discounted cumulative gain with linear gains, as trec_eval and BEIR compute it."""
    gained = sum(relevant.get(name, 0) / math.log2(place + 2) for place, name in enumerate(ranking[:depth]))
    best = sorted(relevant.values(), reverse=True)[:depth]
    ideal = sum(grade / math.log2(place + 2) for place, grade in enumerate(best))
    return gained / ideal if ideal else 0.0


def reciprocal_rank(ranking: Sequence[str], relevant: Collection[str], depth: int = 10) -> float:
    """One over the place of the first relevant document; 0 when none is among the first ``depth``."""
    return next((1 / place for place, name in enumerate(ranking[:depth], 1) if name in relevant), 0.0)


def figures(rankings: Sequence[tuple[Question, Sequence[str]]]) -> Figures:
    """All metrics over some queries and what was found for each, best first."""
    rows = []
    for question, ranking in rankings:
        wanted = question.relevant
        rows.append(
            (
                ndcg(ranking, wanted),
                len(set(ranking[:10]) & wanted.keys()) / len(wanted),
                len(set(ranking[:100]) & wanted.keys()) / len(wanted),
                reciprocal_rank(ranking, wanted),
                float(bool(ranking) and ranking[0] in wanted),
            )
        )
    means = [fmean(column) for column in zip(*rows, strict=True)] if rows else [0.0] * len(METRICS)
    return Figures(len(rows), dict(zip(METRICS, means, strict=True)))


def evaluate_index(
    index: SearchIndex,
    questions: Sequence[Question],
    *,
    name_of: Callable[[str, str | None], str],
    respell: Callable[[str], str] = str,
    weights: Weights | None = None,
) -> Report:
    """Asks every question of every route. ``name_of(key, file)`` is the name that judgments use for a document;
    ``respell`` changes what is typed (``kg.identifiers.fold`` strips the accents)."""
    found: dict[str, list[tuple[Question, list[str]]]] = {}
    for route, routes in ROUTE_SETS.items():
        rankings = found.setdefault(route, [])
        for question in questions:
            result = index.search(
                respell(question.text), k=DEPTH, routes=routes, internal=True, fold_similar=False, weights=weights
            )
            names = [name_of(hit.document.key, hit.document.file) for hit in result.hits]
            rankings.append((question, list(dict.fromkeys(names))))
    sorts = sorted({question.type for question in questions} - {"all"})
    table = {(route, "all"): figures(rankings) for route, rankings in found.items()}
    for route, rankings in found.items():
        for sort in sorts:
            table[route, sort] = figures([row for row in rankings if row[0].type == sort])
    failing = tuple(
        (question, tuple(names)) for question, names in found["fused"] if not set(names[:10]) & question.relevant.keys()
    )
    return Report(table, failing)


def evaluate_corpus(
    corpus: Path, queries: Path, judgments: Path, *, encoder: Encoder | None = None, respell: Callable[[str], str] = str
) -> Report:  # fmt: skip
    """Indexes a BEIR corpus in a folder of the moment and asks its questions."""
    questions = read_questions(queries, judgments)
    with TemporaryDirectory(prefix="kg-eval-") as folder:
        place = build(Path(folder), read_corpus(corpus), encoder=encoder)
        return evaluate_index(
            SearchIndex(place, encoder=encoder), questions, name_of=lambda key, file: key, respell=respell
        )  # fmt: skip


def _lines(path: Path) -> Iterator[str]:
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
        yield from (line for line in file if line.strip())


def read_corpus(path: Path) -> Iterator[IndexedDocument]:
    """The rows of a BEIR corpus (``_id``, ``title``, ``text``) as documents."""
    for line in _lines(path):
        row = json.loads(line)
        yield IndexedDocument(key=str(row["_id"]), title=row.get("title") or None, text=row["text"])


def read_questions(queries: Path, judgments: Path) -> list[Question]:
    """The queries of a BEIR collection that have judgments, in file order."""
    relevant: dict[str, dict[str, int]] = {}
    for line in _lines(judgments):
        query, document, grade = line.rstrip("\n").split("\t")[:3]
        if grade.lstrip("-").isdigit() and int(grade) > 0:  # the first line holds names of columns
            relevant.setdefault(query, {})[document] = int(grade)
    rows = (json.loads(line) for line in _lines(queries))
    return [
        Question(str(row["_id"]), row["text"], relevant[str(row["_id"])], str(row.get("type", "all")))
        for row in rows
        if str(row["_id"]) in relevant
    ]


def read_staff_queries(path: Path) -> list[Question]:
    """Rows ``{"id", "query", "type", "relevant": [{"file": …}]}``; a file may also stand as a plain name."""
    questions = []
    for line in _lines(path):
        row = json.loads(line)
        files = [item["file"] if isinstance(item, dict) else str(item) for item in row["relevant"]]
        questions.append(Question(row["id"], row["query"], dict.fromkeys(files, 1), row.get("type", "all")))
    return questions


def file_name(key: str, file: str | None) -> str:
    """The name that staff queries use for a document: the last part of its file's path."""
    return Path(file).name if file else key

"""How well search finds: nDCG@10, recall@10 and @100, MRR@10, hit@1, for each route and the fusion, by query type.

Two kinds of questions: a BEIR collection (corpus, queries, judgments; .gz too), indexed for the occasion, and staff
queries over an opened workspace (rows with the names of relevant files).
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import fmean
from tempfile import TemporaryDirectory
from typing import Any

from kg.errors import RequestError
from search.build import build
from search.encoders import Encoder
from search.evaluation_files import Question, file_name, read_corpus, read_questions, read_staff_queries
from search.hybrid import Weights
from search.index import SearchIndex

__all__ = [
    "METRICS",
    "Figures",
    "Question",
    "Report",
    "Validation",
    "choose_weights",
    "cross_validate",
    "evaluate_corpus",
    "evaluate_index",
    "figures",
    "file_name",
    "ndcg",
    "read_corpus",
    "read_questions",
    "read_staff_queries",
    "reciprocal_rank",
]

DEPTH = 100
WEIGHTS = tuple(
    Weights(semantic=semantic, cover=cover)
    for semantic in (1.0, 1.5, 2.0, 2.5, 3.0)
    for cover in (0.0, 0.5, 1.0, 1.5, 2.0)
)
"""The choices of cross-validation."""
METRICS = ("nDCG@10", "recall@10", "recall@100", "MRR@10", "hit@1")
ROUTE_SETS: Mapping[str, tuple[str, ...]] = {
    "lexical": ("lexical",),
    "semantic": ("semantic",),
    "fused": ("number", "lexical", "semantic"),
    "cosine": ("semantic",),
}
"""What each figure is of; ``cosine`` is the encoder with nothing but the cosine of its passage vectors."""


@dataclass(frozen=True, slots=True)
class Figures:
    """The means over some queries, by name of the metric."""

    queries: int
    values: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome: figures by (route, query type); of the fusion, the queries that found nothing in ten, and those
    whose first relevant document came later than first."""

    figures: Mapping[tuple[str, str], Figures]
    failing: tuple[tuple[Question, tuple[str, ...]], ...]
    later: tuple[tuple[Question, tuple[str, ...]], ...] = ()
    absent: tuple[str, ...] = ()
    """Names of documents that are judged relevant and are not in the index."""

    def lines(self) -> Iterator[str]:
        """The report as text, one line per route and type, the overall figures first."""
        for (route, sort), found in sorted(self.figures.items(), key=lambda item: (item[0][1] != "all", item[0])):
            shown = "  ".join(f"{name} {found.values[name]:.4f}" for name in METRICS)
            label = route if sort == "all" else f"{route} [{sort}]"
            yield f"{label} {shown}  ({found.queries} queries)"
        for question, names in self.failing:
            yield f"missed [{question.type}] {question.id} “{question.text}”: got {', '.join(names[:3]) or 'nothing'}"
        for question, names in self.later:
            place = _place(names, question)
            yield f"place {place} [{question.type}] {question.id} “{question.text}”: first {', '.join(names[:2])}"
        if self.absent:
            more = f" and {len(self.absent) - 5} more" if len(self.absent) > 5 else ""
            yield f"judged relevant but not in the index: {', '.join(self.absent[:5])}{more}"

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
            "later": [
                {"id": question.id, "query": question.text, "type": question.type, "place": _place(names, question)}
                for question, names in self.later
            ],
            "absent": list(self.absent),
        }


def _place(names: Sequence[str], question: Question) -> int:
    """The place of the first relevant document; 0 when none is there."""
    return next((place for place, name in enumerate(names, 1) if name in question.relevant), 0)


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
    weights = weights or Weights()
    found = {
        route: _ask(
            index, questions, name_of=name_of, respell=respell, routes=routes,
            weights=replace(weights, cover=0.0) if route == "cosine" else weights,
        )
        for route, routes in ROUTE_SETS.items()
    }  # fmt: skip
    sorts = sorted({question.type for question in questions} - {"all"})
    table = {(route, "all"): figures(rankings) for route, rankings in found.items()}
    for route, rankings in found.items():
        for sort in sorts:
            table[route, sort] = figures([row for row in rankings if row[0].type == sort])
    failing = tuple(
        (question, tuple(names)) for question, names in found["fused"] if not set(names[:10]) & question.relevant.keys()
    )
    later = tuple((question, tuple(names)) for question, names in found["fused"] if _place(names[:10], question) > 1)
    held = {name_of(record.key, record.file) for record in index.records(internal=True).values()}
    absent = sorted({name for question in questions for name in question.relevant} - held)
    return Report(table, failing, later, tuple(absent))


def _ask(
    index: SearchIndex,
    questions: Sequence[Question],
    *,
    name_of: Callable[[str, str | None], str],
    respell: Callable[[str], str],
    routes: Sequence[str],
    weights: Weights,
) -> list[tuple[Question, list[str]]]:
    rankings = []
    for question in questions:
        result = index.search(
            respell(question.text), k=DEPTH, routes=routes, internal=True, fold_similar=False, weights=weights
        )
        names = [name_of(hit.document.key, hit.document.file) for hit in result.hits]
        rankings.append((question, list(dict.fromkeys(names))))
    return rankings


@dataclass(frozen=True, slots=True)
class Validation:
    """Weights chosen on questions: ``held_out`` is the mean nDCG@10 of folds that had no part in their choice."""

    scores: Mapping[Weights, float]
    chosen: Weights
    held_out: float

    def lines(self) -> Iterator[str]:
        """One line per choice, the best first; then the outcome."""
        for weights, score in sorted(self.scores.items(), key=lambda item: -item[1]):
            yield f"semantic {weights.semantic:g} cover {weights.cover:g} nDCG@10 {score:.4f}"
        yield (
            f"chosen semantic {self.chosen.semantic:g} cover {self.chosen.cover:g}, "
            f"held-out nDCG@10 {self.held_out:.4f}"
        )


def cross_validate(
    index: SearchIndex,
    questions: Sequence[Question],
    choices: Sequence[Weights],
    *,
    name_of: Callable[[str, str | None], str],
    folds: int = 5,
    seed: int = 7,
) -> Validation:
    """Asks all questions with each choice of weights; each fold is scored with the choice best on the others."""
    order = list(range(len(questions)))
    random.Random(seed).shuffle(order)
    gained = {
        weights: [
            ndcg(names, question.relevant)
            for question, names in _ask(
                index, questions, name_of=name_of, respell=str, routes=ROUTE_SETS["fused"], weights=weights
            )
        ]
        for weights in choices
    }
    held_out = 0.0
    for fold in range(folds):
        out = order[fold::folds]
        rest = [place for place in order if place not in set(out)]
        best = max(choices, key=lambda weights: sum(gained[weights][place] for place in rest))
        held_out += sum(gained[best][place] for place in out)
    scores = {weights: fmean(values) for weights, values in gained.items()}
    return Validation(scores, max(choices, key=lambda weights: scores[weights]), held_out / len(questions))


def evaluate_corpus(
    corpus: Path, queries: Path, judgments: Path, *, encoder: Encoder | None = None, respell: Callable[[str], str] = str
) -> Report:  # fmt: skip
    """Indexes a BEIR corpus in a folder of the moment and asks its questions."""
    questions = read_questions(queries, judgments)  # first: indexing takes longer
    with _corpus_index(corpus, encoder) as index:
        return evaluate_index(index, questions, name_of=_corpus_name, respell=respell)


def choose_weights(
    corpus: Path, queries: Path, judgments: Path, *, encoder: Encoder | None = None
) -> Validation:  # fmt: skip
    """The weights of the fusion that a BEIR collection asks for, out of ``WEIGHTS``, by cross-validation."""
    questions = read_questions(queries, judgments)
    with _corpus_index(corpus, encoder) as index:
        return cross_validate(index, questions, WEIGHTS, name_of=_corpus_name)


@contextmanager
def _corpus_index(corpus: Path, encoder: Encoder | None = None) -> Iterator[SearchIndex]:
    with TemporaryDirectory(prefix="kg-eval-") as folder:
        index = SearchIndex(build(Path(folder), read_corpus(corpus), encoder=encoder), encoder=encoder)
        if not len(index):
            raise RequestError(f"Tệp {corpus} không có văn bản nào.")
        yield index


def _corpus_name(key: str, file: str | None) -> str:
    return key

"""What a search gives back, as values and as the JSON that the command line and HTTP promise."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from kg.iris import Iris
from search.analysis import Query
from search.hybrid import Ranked
from search.segments import DocumentRecord
from search.snippets import highlights

__all__ = ["Hit", "PassageView", "SearchResult", "Similar", "document_json"]


@dataclass(frozen=True, slots=True)
class PassageView:
    """A passage with its text: ``text`` is the canonical text of the document from ``start`` to ``end``."""

    row: int
    text: str
    start: int
    end: int
    heading: str
    query: Query | None = None

    @property
    def highlights(self) -> tuple[tuple[int, int], ...]:
        """Ranges of ``text`` that are words of the query that found it."""
        return highlights(self.text, self.query) if self.query is not None else ()

    def record(self) -> dict[str, Any]:
        """The JSON form."""
        return {
            "text": self.text,
            "start": self.start,
            "end": self.end,
            "heading": self.heading,
            "highlights": [list(mark) for mark in self.highlights],
        }


@dataclass(frozen=True, slots=True)
class Similar:
    """A document whose passage says nearly the same as another one's, or is near in meaning (then with its cosine)."""

    document: DocumentRecord
    passage: PassageView | None
    score: float | None = None

    def record(self, iris: Iris) -> dict[str, Any]:
        """The JSON form."""
        found: dict[str, Any] = {
            "document": document_json(self.document, iris),
            "passage": self.passage.record() if self.passage else None,
        }
        if self.score is not None:
            found["score"] = round(self.score, 6)
        return found


@dataclass(frozen=True, slots=True)
class Hit:
    """One document in its place, with its best passage, why it is there, and near copies folded under it."""

    rank: int
    ranked: Ranked
    document: DocumentRecord
    passage: PassageView | None
    similar: tuple[Similar, ...] = field(default=())

    def record(self, iris: Iris) -> dict[str, Any]:
        """The JSON form of the contract; ``why`` names only the routes that found the document."""
        why: dict[str, Any] = {}
        ranked = self.ranked
        if ranked.number is not None:
            why["number"] = ranked.number.how
        for name, found in (("lexical", ranked.lexical), ("semantic", ranked.semantic)):
            if found is not None:
                why[name] = {"rank": found[0], "score": round(found[1], 6)}
        return {
            "rank": self.rank,
            "score": round(ranked.score, 6),
            "document": document_json(self.document, iris),
            "passage": self.passage.record() if self.passage else None,
            "why": why,
            "similar": [similar.record(iris) for similar in self.similar],
        }


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The answer to one query; ``notes`` are sentences for people ("Có cả văn bản của huyện Tam Đường …")."""

    query: str
    hits: tuple[Hit, ...]
    notes: tuple[str, ...]
    iris: Iris

    def record(self) -> dict[str, Any]:
        """The JSON form of DESIGN section 8, with ``notes`` beside the hits."""
        return {"query": self.query, "hits": [hit.record(self.iris) for hit in self.hits], "notes": list(self.notes)}


def document_json(record: DocumentRecord, iris: Iris) -> dict[str, Any]:
    """A document in one line, as in every other answer of the system."""
    return {
        "iri": str(iris.work(record.key)),
        "number": record.number,
        "kind": record.kind,
        "title": record.title,
        "issuer": record.issuer,
        "level": record.level,
        "date": record.date,
        "date_earliest": record.date_earliest,
        "date_latest": record.date_latest,
        "file": record.file,
    }

"""The lexical route: BM25 over the words, folded words and syllable pairs of each passage, kept by tantivy.

Three fields hold tokens that ``search.analysis`` made: ``word`` (accents count), ``fold`` (folded words and pairs) and
``title`` (kind, number, issuer and title of the document, folded words and pairs). ``facet`` holds "year:2024" and the
like for filters, ``doc`` the number of the document, ``pid`` the number of the passage.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import tantivy
from numpy.typing import NDArray

from search.analysis import Query, folded, pairs, words
from search.encoders import Floats

__all__ = ["LexicalIndex", "LexicalPassage", "LexicalWriter"]

# tantivy's BM25 has k1 = 1.2. Writing a token r times divides k1 by r: pairs are counted as nearly present or absent.
_PAIR_REPEAT = 3
_PAIR = 0.6
_TITLE = 0.15
_EXPANSION = 0.5
_RESTORED = 0.4
_HEAP = 48_000_000


@dataclass(frozen=True, slots=True)
class LexicalPassage:
    """What is indexed of one passage: ``body`` is its text with title and headings before it."""

    pid: int
    document: int
    body: str
    title: str
    facets: tuple[str, ...]


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("pid", fast=True)
    builder.add_unsigned_field("doc", indexed=True)
    for name in ("word", "fold", "title"):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field("facet", tokenizer_name="raw", index_option="basic")
    return builder.build()


def _with_pairs(tokens: Sequence[str], repeat: int) -> str:
    plain = folded(list(tokens))
    return " ".join([*plain, *(pairs(plain) * repeat)])


class LexicalWriter:
    """Adds and removes passages; nothing is seen by readers before ``close`` has committed."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._schema = _schema()
        index = tantivy.Index(self._schema, path=str(folder), reuse=True)
        self.size = int(index.searcher().num_docs)
        """The number of passages that were there when this was opened."""
        self._writer = index.writer(heap_size=_HEAP, num_threads=1)

    def add(self, passage: LexicalPassage) -> None:
        """Puts one passage in."""
        body = words(passage.body)
        document = tantivy.Document()
        document.add_unsigned("pid", passage.pid)
        document.add_unsigned("doc", passage.document)
        document.add_text("word", " ".join(body))
        document.add_text("fold", _with_pairs(body, _PAIR_REPEAT))
        document.add_text("title", _with_pairs(words(passage.title), 1))
        for facet in passage.facets:
            document.add_text("facet", facet)
        self._writer.add_document(document)

    def remove(self, documents: Iterable[int]) -> None:
        """Takes all passages of these documents out."""
        numbers = list(documents)
        if numbers:  # by a query: ``delete_documents_by_term`` reads a number as a signed one and finds no passage
            self._writer.delete_documents_by_query(tantivy.Query.term_set_query(self._schema, "doc", numbers))

    def close(self) -> None:
        """Commits, and waits until merged files are complete, so that the folder can be linked and renamed."""
        self._writer.commit()
        self._writer.wait_merging_threads()


class LexicalIndex:
    """A committed index, read-only."""

    def __init__(self, folder: Path) -> None:
        self._index = tantivy.Index.open(str(folder))
        self._schema = self._index.schema
        self._searcher = self._index.searcher()

    @property
    def size(self) -> int:
        """The number of passages."""
        return int(self._searcher.num_docs)

    def search(
        self,
        query: Query,
        limit: int,
        *,
        require: Sequence[Sequence[str]] = (),
        forbid: Sequence[str] = (),
        any_of: Sequence[str] = (),
    ) -> tuple[NDArray[np.int64], Floats]:
        """Numbers and BM25 scores of the best passages for the words of ``query``, best first, ties by number.

        ``require`` holds alternatives, one of each must hold: (("year:2024",), ("kind:chi-thi", "kind:cong-van"));
        none of ``forbid`` may hold. One of the tokens ``any_of`` must stand in the passage or its title.
        """
        wanted = self._wanted(query)
        if not wanted:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
        limits = self._limits(query, require, forbid)
        if any_of:
            terms = [self._term(field, token, 1.0) for token in any_of for field in ("fold", "title")]
            one = tantivy.Query.boolean_query([(tantivy.Occur.Should, term) for term in terms])
            limits.append((tantivy.Occur.Must, tantivy.Query.const_score_query(one, 0.0)))
        parts: list[tuple[Any, tantivy.Query]]
        if limits:
            scored = tantivy.Query.boolean_query([(tantivy.Occur.Should, part) for part in wanted])
            parts = [(tantivy.Occur.Must, scored), *limits]
        else:
            parts = [(tantivy.Occur.Should, part) for part in wanted]
        found = self._searcher.search(tantivy.Query.boolean_query(parts), limit, count=False).hits
        numbers = np.array(self._searcher.fast_field_values("pid", [where for _, where in found]), dtype=np.int64)
        scores = np.array([score for score, _ in found], dtype=np.float32)
        order = np.lexsort((numbers, -scores))
        return numbers[order], scores[order]

    def holding(self, phrases: Iterable[Sequence[str]]) -> NDArray[np.int64]:
        """The numbers of all passages in which one of some phrases stands."""
        parts = [(tantivy.Occur.Should, self._phrase(phrase)) for phrase in phrases]
        found = self._searcher.search(tantivy.Query.boolean_query(parts), max(1, self.size), count=False).hits
        return np.array(self._searcher.fast_field_values("pid", [where for _, where in found]), dtype=np.int64)

    def _term(self, field: str, token: str, boost: float) -> tantivy.Query:
        query = tantivy.Query.term_query(self._schema, field, token, index_option="freq")
        return query if boost == 1.0 else tantivy.Query.boost_query(query, boost)

    def _wanted(self, query: Query) -> list[tantivy.Query]:
        """The scored terms: one flat list, so that tantivy can skip what cannot reach the top."""
        weights: dict[tuple[str, str], float] = {}

        def want(tokens: Sequence[str], weight: float, *, accented: bool) -> None:
            plain = folded(list(tokens))
            for token in tokens if accented else plain:
                _raise(weights, ("word" if accented else "fold", token), weight)
            for token in pairs(plain):
                _raise(weights, ("fold", token), weight * _PAIR)
            for token in (*plain, *pairs(plain)):
                _raise(weights, ("title", token), weight * _TITLE)

        want(query.words, 1.0, accented=query.accented)
        for token in query.restored:
            _raise(weights, ("word", token), _RESTORED)
        own = set(weights)
        for expansion in query.expansions:
            extra: dict[tuple[str, str], float] = {}
            weights, kept = extra, weights
            want(expansion.words, _EXPANSION * expansion.weight, accented=True)
            weights = kept
            for key, weight in extra.items():
                if key not in own:  # what was typed is never counted twice
                    weights[key] = max(weights.get(key, 0.0), weight)
        return [self._term(field, token, weight) for (field, token), weight in weights.items()]

    def _limits(
        self, query: Query, require: Sequence[Sequence[str]], forbid: Sequence[str]
    ) -> list[tuple[Any, tantivy.Query]]:  # fmt: skip
        limits: list[tuple[Any, tantivy.Query]] = []
        for phrase in query.phrases:
            limits.append((tantivy.Occur.Must, self._phrase(phrase)))
        for alternatives in require:
            terms = [
                (tantivy.Occur.Should, tantivy.Query.term_query(self._schema, "facet", facet, index_option="basic"))
                for facet in alternatives
            ]
            limits.append(
                (tantivy.Occur.Must, tantivy.Query.const_score_query(tantivy.Query.boolean_query(terms), 0.0))
            )
        for facet in forbid:
            term = tantivy.Query.term_query(self._schema, "facet", facet, index_option="basic")
            limits.append((tantivy.Occur.MustNot, term))
        return limits

    def _phrase(self, phrase: Sequence[str]) -> tantivy.Query:
        """All pairs of the phrase (and its accented words, where it has accents): what a phrase is, but for chance."""
        plain = folded(list(phrase))
        parts = [self._term("fold", token, 1.0) for token in (pairs(plain) or plain)]
        if plain != list(phrase):
            parts.extend(self._term("word", token, 1.0) for token in phrase)
        every = tantivy.Query.boolean_query([(tantivy.Occur.Must, part) for part in parts])
        return tantivy.Query.const_score_query(every, 0.0)


def _raise(weights: dict[tuple[str, str], float], key: tuple[str, str], weight: float) -> None:
    weights[key] = weights.get(key, 0.0) + weight

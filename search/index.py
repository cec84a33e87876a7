"""The index opened for reading: search over the three routes, similar documents and passages, suggestions.

``open_index(workspace).search("kế hoạch thi đua 2024")`` is the door for Python; the command line and HTTP use the
same. What a result looks like in JSON stands in ``search.results``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from kg.errors import IndexMismatch, MissingDependency, WorkspaceError
from kg.identifiers import DEFAULT_BASE
from kg.iris import Iris
from kg.snapshots import read_current
from search.accents import with_accents
from search.analysis import Query, parse_query
from search.asked import Asked
from search.build import build, check_encoder, clear, synchronise, update
from search.documents import IndexedDocument, documents_of
from search.encoders import DEFAULT_ENCODER, Encoder, EncoderSettings, Floats, load_encoder, unit
from search.filters import INTERNAL, Filters, Requirement, requirement
from search.generation import Generation
from search.holdings import Holdings
from search.hybrid import NO_CANDIDATES, Candidates, Ranked, Weights, fuse
from search.numbers import LONGEST_DAY, number_queries, unglued
from search.places import Former, with_predecessors
from search.results import SearchResult, Similar
from search.segments import DocumentRecord
from search.showing import show
from search.suggest import Suggester, Suggestion
from search.telex import untelexed

if TYPE_CHECKING:
    from kg.reference import Reference

__all__ = [
    "IndexedDocument",
    "SearchIndex",
    "build",
    "clear",
    "documents_of",
    "open_index",
    "synchronise",
    "update",
]

ROUTES = ("number", "lexical", "semantic")
DEPTH = 60
"""Passages that each route brings to the fusion, at least."""
_PER_HIT = 4  # passages for each document that is asked for: one that speaks of nothing else brings up many


def open_index(
    workspace: Path, *, encoder: str | None = None, settings: EncoderSettings | None = None
) -> SearchIndex:  # fmt: skip
    """The index that ``CURRENT`` of a data folder names. ``encoder`` is the setting that must have made it.

    Raises WorkspaceError when nothing was indexed yet, IndexMismatch when the index is of another encoder or version.
    """
    current = read_current(workspace)
    while current.index is not None:
        folder = workspace / "index" / current.index
        try:
            return SearchIndex(folder, base=current.base, encoder=encoder, settings=settings)
        except IndexMismatch:
            before, current = current, read_current(workspace)
            if current.index == before.index:  # else a writer put a newer one in its place while it was opened
                raise
    raise WorkspaceError(f"Kho dữ liệu {workspace} chưa có chỉ mục tìm kiếm. Hãy nạp văn bản: kg ingest THƯ_MỤC.")


class SearchIndex:
    """One generation, read-only; safe to share between threads."""

    def __init__(
        self,
        folder: Path,
        *,
        base: str = DEFAULT_BASE,
        encoder: Encoder | str | None = None,
        settings: EncoderSettings | None = None,
        reference: Reference | None = None,
    ) -> None:
        self.folder = folder
        self.generation = Generation(folder)
        self.manifest = self.generation.manifest
        self._holdings = Holdings(self.generation.records)
        self._iris = Iris(base)
        self._given = encoder
        self._settings = settings
        self._reference_given = reference
        self._masks: dict[Requirement, NDArray[np.bool_]] = {}
        self._suggesters: dict[bool, Suggester] = {}

    # -- what is in it

    def __len__(self) -> int:
        return len(self.generation.records)

    @property
    def passages(self) -> int:
        """The number of passages that can be found."""
        return len(self.generation.passages)

    def records(self, *, internal: bool = False) -> Mapping[int, DocumentRecord]:
        """Every document that the asker may see, by its number in this index."""
        return self._holdings.visible(internal=internal)

    @cached_property
    def encoder(self) -> Encoder:
        """The model that made the vectors. Raises IndexMismatch when the setting names another."""
        given = self._given
        stated = self.manifest.encoder
        if given is None or isinstance(given, str):
            given = load_encoder(given or stated or DEFAULT_ENCODER, self._settings)
        check_encoder(self.manifest, given, self.folder)
        return given

    @cached_property
    def _reference(self) -> Reference:
        from kg.reference import load_reference

        return self._reference_given or load_reference()

    # -- searching

    def search(
        self,
        query: str,
        *,
        k: int = 10,
        filters: Filters | None = None,
        internal: bool = False,
        routes: Sequence[str] = ROUTES,
        fold_similar: bool = True,
        weights: Weights | None = None,
    ) -> SearchResult:
        """The best documents for what a person typed, each with its best passage and why it is there.

        ``internal``: whether the asker may see internal documents; those never show nor count otherwise.
        ``fold_similar``: near copies of an earlier hit's passage are put under it ("+3 tương tự").
        Filters without words list what they leave, the newest first.
        """
        meant = untelexed(query)
        parsed = parse_query(unglued(meant))
        filters = (filters or Filters()).merged(parsed.filters)
        demand = self._requirement(filters, internal)
        notes = [*(() if meant is query else (f"Tìm theo cách gõ Telex: “{meant}”.",)), *demand.notes]
        if any(not alternatives for alternatives in demand.require):
            return SearchResult(query, (), (*notes, *self._unmet(filters, internal)), self._iris)
        if not parsed.words:
            listed = self._holdings.newest(demand, k) if demand.require and not parsed.excluded else []
            ranked = [Ranked(document, 0.0, None) for document in listed]
            unmet = [] if listed else self._unmet(filters, internal)
            return SearchResult(query, show(self.generation, ranked, parsed, k), (*notes, *unmet), self._iris)
        former = Former()
        if "lexical" in routes or "semantic" in routes:
            owners = self._holdings.owners(internal=internal)
            parsed, former = with_predecessors(parsed, lambda: self._reference, owners)
            parsed = with_accents(parsed)
        numbers = () if parsed.phrases else number_queries(parsed.text)
        asked = Asked(parsed, demand, routes, numbers, former, max(DEPTH, _PER_HIT * k))
        ranked, trouble = self._ranked(asked, k, weights or Weights())
        digits = asked.numbers[0].digits if asked.numbers else None
        hits = show(self.generation, ranked, parsed, k, digits=digits, fold_similar=fold_similar)
        unmet = [] if hits else self._unmet(filters, internal)
        return SearchResult(query, hits, tuple(dict.fromkeys((*notes, *former.notes, *trouble, *unmet))), self._iris)

    def _requirement(self, filters: Filters, internal: bool) -> Requirement:
        internal = internal or not self._holdings.has_internal
        if filters == Filters():
            return Requirement(forbid=() if internal else (INTERNAL,))
        reference = self._reference if filters.issuer else None
        return requirement(filters, self.records(internal=internal).values(), reference, internal=internal)

    def _unmet(self, filters: Filters, internal: bool) -> list[str]:
        """A sentence for each filter that no paper meets, whatever the others say."""
        return [
            f"Kho không có văn bản nào ứng với bộ lọc “{said}”; đề nghị kiểm tra hoặc bỏ bộ lọc này."
            for said, one in filters.apart()
            if not self._holdings.allowed(self._requirement(one, internal))
        ]

    def _ranked(self, asked: Asked, k: int, weights: Weights) -> tuple[list[Ranked], list[str]]:
        """What the routes find, fused; and sentences for people."""
        notes: list[str] = []
        numbers = self._holdings.by_number(asked.numbers, asked.demand) if "number" in asked.routes else []
        if not numbers and any(number.may_be_year for number in asked.numbers):
            asked = replace(asked, numbers=())
        found = NO_CANDIDATES
        vector: Floats | None = None
        if asked.only_a_number:
            found = self._by_words(asked) if not numbers or len(asked.numbers[0].digits) > LONGEST_DAY else found
            if not numbers:
                also = "chỉ có văn bản nhắc đến số này" if len(found.rows) else "văn bản dưới đây chỉ gần về từ ngữ"
                notes.append(f"Kho chưa có văn bản nào mang số {asked.numbers[0].digits}; {also}.")
        elif not numbers and "number" in asked.routes and any(number.is_named for number in asked.numbers):
            notes.append(f"Kho chưa có văn bản nào mang số {asked.numbers[0].digits} như đã nêu.")
        if not len(found.rows) and not (asked.only_a_number and numbers):
            found = self._by_words(asked, whole=False)
            if "semantic" in asked.routes and self.generation.vectors.size:
                try:
                    vector = self.encoder.encode_queries([asked.query.spelled_out])
                except MissingDependency as exc:
                    notes.append(f"Chỉ tìm theo từ ngữ: {exc}")
            if vector is not None and vector.any():
                found = self._by_meaning(asked, vector, found)
        if asked.query.phrases:  # what must stand in the text, only the words can tell
            found = found.only(~np.isnan(found.lexical))
        if asked.query.excluded:
            shut = np.array(self._excluded(asked.query), dtype=np.int64)
            found = found.only(~np.isin(found.documents, shut))
            numbers = [hit for hit in numbers if hit.document not in shut]
        cover = self.generation.cover(self.encoder, asked.query.spelled_out) if vector is not None else None
        ranked = fuse(
            found, numbers, most=2 * k, weights=weights, cover=cover, prefer=self._preference(asked, weights)
        )  # fmt: skip
        if asked.only_a_number:  # the passage that has the digits may have them in a date
            ranked = [replace(one, row=None) if one.number is not None else one for one in ranked]
        return ranked, notes

    def _by_words(self, asked: Asked, *, whole: bool = True) -> Candidates:
        """Passages by their words; with ``whole``, only those in which the number stands that was typed."""
        if "lexical" not in asked.routes:
            return NO_CANDIDATES
        meant = asked.numbers if whole and asked.only_a_number else ()
        any_of = tuple(dict.fromkeys(token for number in meant for token in number.said))
        depth = asked.depth * 10 if asked.query.excluded else asked.depth
        demands = [asked.demand]
        if asked.former.all_owners:  # papers of the former area are offered, however many others say the new name
            owners = tuple(f"owner:{owner}" for owner in sorted(asked.former.all_owners))
            demands.append(Requirement((*asked.demand.require, owners), asked.demand.forbid))
        best: dict[int, float] = {}
        for demand in demands:
            pids, scores = self.generation.lexical.search(
                asked.query, depth, require=demand.require, forbid=demand.forbid, any_of=any_of
            )
            best.update(zip(pids.tolist(), scores.tolist(), strict=True))
        rows = self.generation.rows(np.fromiter(best, dtype=np.int64, count=len(best)))
        lexical = np.fromiter(best.values(), dtype=np.float32, count=len(best))[rows >= 0]
        rows = rows[rows >= 0]
        return Candidates(rows, self.generation.documents(rows), lexical, np.full(len(rows), np.nan, dtype=np.float32))

    def _by_meaning(self, asked: Asked, vector: Floats, found: Candidates) -> Candidates:
        """The candidates with their cosines, and the passages nearest in meaning beside them."""
        nearest, cosines = self.generation.vectors.search(vector, asked.depth, allowed=self._mask(asked.demand))
        known = set(found.rows.tolist())
        fresh = np.array([row not in known for row in nearest.tolist()], dtype=np.bool_)
        rows = np.concatenate([found.rows, nearest[fresh]])
        semantic = np.concatenate([self.generation.vectors.scores(vector, found.rows), cosines[fresh]])
        lexical = np.concatenate([found.lexical, np.full(int(fresh.sum()), np.nan, dtype=np.float32)])
        return Candidates(rows, self.generation.documents(rows), lexical, semantic)

    def _excluded(self, query: Query) -> list[int]:
        """The documents in whose text, kind or issuer an excluded phrase stands, wherever."""
        rows = self.generation.rows(self.generation.lexical.holding(query.excluded))
        return [*np.unique(self.generation.documents(rows[rows >= 0])).tolist(), *self._holdings.headed(query.excluded)]

    def _preference(self, asked: Asked, weights: Weights) -> Callable[[NDArray[np.int64]], Floats]:
        """What to add to the score of documents, beside what the routes say."""
        of_year = [document for year in asked.years for document in self._holdings.of_year(year)]
        former = self._holdings.of_owners(asked.former.owners)
        beside = self._holdings.of_owners(asked.former.beside)
        offered = weights.former * (2 if asked.former.is_all else 1)

        def prefer(documents: NDArray[np.int64]) -> Floats:
            more = weights.held * self._holdings.with_text[documents].astype(np.float32)
            for some, weight in ((of_year, weights.year), (former, offered), (beside, weights.beside)):
                if some:
                    more += weight * np.isin(documents, some)
            return more

        return prefer

    def _mask(self, demand: Requirement) -> NDArray[np.bool_] | None:
        """Which rows a requirement allows; None for all."""
        if not demand:
            return None
        kept = self._masks.get(demand)
        if kept is None:
            kept = np.isin(self.generation.passages["document"], self._holdings.allowed(demand))
            if len(self._masks) > 256:
                self._masks.clear()
            self._masks[demand] = kept
        return kept

    # -- likeness

    def similar_documents(self, key: str, *, k: int = 10, internal: bool = False) -> tuple[Similar, ...]:
        """The documents nearest in meaning to a held one (by key), best first, with their nearest passage.

        Raises KeyError for one that is not in the index or that the asker may not see.
        """
        number = self._visible(key, internal)
        return self._near(self.generation.rows_of(number), number, k, internal)

    def similar_passages(
        self, key: str, start: int, end: int, *, k: int = 10, internal: bool = False
    ) -> tuple[Similar, ...]:
        """Passages of other documents that are nearest to a range of one document's text, one per document.

        Raises KeyError as ``similar_documents`` does.
        """
        number = self._visible(key, internal)
        rows = self.generation.rows_of(number)
        passages = self.generation.passages[rows]
        rows = rows[(passages["start"] < end) & (passages["end"] > start)]
        return self._near(rows, number, k, internal) if len(rows) else ()

    def passage(self, key: str, start: int, end: int, *, internal: bool = False) -> tuple[DocumentRecord, str]:
        """A document and its text in a range, as far as it is searched. Raises KeyError as ``similar_documents``."""
        number = self._visible(key, internal)
        return self.generation.records[number], self.generation.text(number, start, end)

    def _visible(self, key: str, internal: bool) -> int:
        number = self._holdings.by_key[key]
        if self.generation.records[number].internal and not internal:
            raise KeyError(key)
        return number

    def _near(self, rows: NDArray[np.int64], own: int, k: int, internal: bool) -> tuple[Similar, ...]:
        """The documents nearest to some passages of one, each with its nearest passage."""
        vector = unit(self.generation.vectors.vectors(rows).mean(axis=0, keepdims=True))
        allowed = self.generation.passages["document"] != own
        mask = self._mask(self._requirement(Filters(), internal))
        wanted = allowed if mask is None else allowed & mask
        found, scores = self.generation.vectors.search(vector, max(200, 20 * k), allowed=wanted)
        documents = self.generation.documents(found).tolist()
        best: dict[int, Similar] = {}
        for row, document, score in zip(found.tolist(), documents, scores.tolist(), strict=True):
            if document not in best and len(best) < k:
                best[document] = Similar(self.generation.records[document], self.generation.view(row), score)
        return tuple(best.values())

    # -- suggesting

    def suggest(self, typed: str, *, k: int = 8, internal: bool = False) -> tuple[Suggestion, ...]:
        """What a person may be typing: numbers, titles, bodies, campaigns; accents are not needed."""
        kept = self._suggesters.get(internal)
        if kept is None:
            kept = Suggester(list(self.records(internal=internal).values()))
            self._suggesters[internal] = kept
        return kept.suggest(typed, k)

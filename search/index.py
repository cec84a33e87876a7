"""The index opened for reading: search over the three routes, similar documents and passages, suggestions.

``open_index(workspace).search("kế hoạch thi đua 2024")`` is the door for Python; the command line and HTTP use the
same. What a result looks like in JSON stands in ``search.results``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from kg.errors import MissingDependency, WorkspaceError
from kg.identifiers import DEFAULT_BASE, fold
from kg.iris import Iris
from kg.snapshots import read_current
from search.accents import with_accents
from search.analysis import Query, parse_query
from search.build import build, check_encoder, clear, synchronise, update
from search.documents import IndexedDocument, documents_of
from search.encoders import DEFAULT_ENCODER, Encoder, EncoderSettings, Floats, Pieces, load_encoder, unit
from search.filters import INTERNAL, Filters, Requirement, facets, requirement
from search.hybrid import NO_CANDIDATES, Candidates, Ranked, Weights, fuse
from search.lexical import LexicalIndex
from search.numbers import NumberHit, NumberIndex, number_queries
from search.places import with_predecessors
from search.results import Hit, PassageView, SearchResult, Similar
from search.segments import PASSAGE, DocumentRecord, Segment, read_manifest
from search.similar import SAME, likeness, shingles
from search.suggest import Suggester, Suggestion
from search.vectors import Quantiser, VectorIndex

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
_NEAR = 0.85
_SHARED = 0.5
"""Cosine, and share of common pieces, from which two passages are compared word by word."""


def open_index(
    workspace: Path, *, encoder: str | None = None, settings: EncoderSettings | None = None
) -> SearchIndex:  # fmt: skip
    """The index that ``CURRENT`` of a data folder names. ``encoder`` is the setting that must have made it.

    Raises WorkspaceError when nothing was indexed yet, IndexMismatch when the index is of another encoder or version.
    """
    current = read_current(workspace)
    if current.index is None:
        raise WorkspaceError(f"Kho dữ liệu {workspace} chưa có chỉ mục tìm kiếm. Hãy nạp văn bản: kg ingest THƯ_MỤC.")
    return SearchIndex(workspace / "index" / current.index, base=current.base, encoder=encoder, settings=settings)


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
        self.manifest = read_manifest(folder)
        self._iris = Iris(base)
        self._given = encoder
        self._settings = settings
        self._reference_given = reference
        gone = set(self.manifest.removed)
        self._segments = [Segment(folder / name) for name in self.manifest.segments]
        self._records: dict[int, DocumentRecord] = {}
        self._home: dict[int, Segment] = {}
        blocks, codes, pieces, shift = [], [], [], 0
        for segment in self._segments:
            for record in segment.records:
                if record.id not in gone:
                    self._records[record.id] = record
                    self._home[record.id] = segment
            kept = ~np.isin(segment.passages["document"], list(gone)) if gone else slice(None)
            rows = segment.passages[kept].copy()
            rows["piece"] += shift
            blocks.append(rows)
            codes.append(np.asarray(segment.codes()[kept], dtype=np.uint8))
            pieces.append(segment.pieces())
            shift += len(pieces[-1])
        self._passages = np.concatenate(blocks) if blocks else np.zeros(0, dtype=PASSAGE)
        self._pieces: Pieces = np.concatenate(pieces) if pieces else np.zeros(0, dtype=np.uint16)
        self._order = np.argsort(self._passages["pid"], kind="stable")
        self._sorted_pids = self._passages["pid"][self._order]
        quantiser = Quantiser.load(folder / "quantiser.faiss", self.manifest.quantiser, self.manifest.dimension)
        self._vectors = VectorIndex(quantiser, np.concatenate(codes) if codes else quantiser.none())
        self._lexical = LexicalIndex(folder / "lexical")
        self._masks: dict[Requirement, NDArray[np.bool_]] = {}

    # -- what is in it

    def __len__(self) -> int:
        return len(self._records)

    @property
    def passages(self) -> int:
        """The number of passages that can be found."""
        return len(self._passages)

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
    def _facets(self) -> dict[int, frozenset[str]]:
        return {number: frozenset(facets(record)) for number, record in self._records.items()}

    @cached_property
    def _has_internal(self) -> bool:
        return any(record.internal for record in self._records.values())

    @cached_property
    def _numbers(self) -> NumberIndex:
        return NumberIndex(
            ((number, record.number) for number, record in self._records.items() if record.number),
            ((number, cited) for number, record in self._records.items() for cited in record.cites),
        )

    @cached_property
    def _context(self) -> dict[int, str]:
        """What words beside a number may say of a paper: issuer, area, title; folded."""
        found = {}
        for number, record in self._records.items():
            area = (record.owner or "").replace(".", " ").replace("-", " ")
            found[number] = fold(f" {record.issuer or ''} {area} {record.title or ''}")
        return found

    @cached_property
    def _years(self) -> dict[int, Sequence[int]]:
        return {number: record.years for number, record in self._records.items()}

    @cached_property
    def _reference(self) -> Reference:
        from kg.reference import load_reference

        return self._reference_given or load_reference()

    @cached_property
    def _suggesters(self) -> dict[bool, Suggester]:
        return {}

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
        """
        parsed = parse_query(query)
        wanted = (filters or Filters()).merged(parsed.filters)
        demand = self._requirement(wanted, internal)
        notes = list(demand.notes)
        if "lexical" in routes or "semantic" in routes:
            owners = self._owners if internal else self._public_owners
            parsed, more = with_predecessors(parsed, lambda: self._reference, owners)
            notes.extend(more)
        numbers = self._by_number(query, demand) if "number" in routes and not parsed.phrases else []
        candidates = NO_CANDIDATES
        cover = None
        if any(not alternatives for alternatives in demand.require):
            return SearchResult(query, (), tuple(notes), self._iris)
        if parsed.words:
            parsed = with_accents(parsed)
            candidates, trouble = self._candidates(parsed, demand, routes, max(DEPTH, k))
            notes.extend(trouble)
            if "semantic" in routes and not trouble:
                cover = self._cover(parsed.spelled_out)
        if parsed.phrases or parsed.excluded:  # what must or must not stand in the text, only the words can tell
            candidates = candidates.only(~np.isnan(candidates.lexical))
        ranked = fuse(candidates, numbers, most=2 * k, weights=weights, cover=cover)
        hits = self._hits(ranked, parsed, k, fold_similar=fold_similar)
        return SearchResult(query, hits, tuple(dict.fromkeys(notes)), self._iris)

    def _requirement(self, filters: Filters, internal: bool) -> Requirement:
        if filters == Filters():
            return Requirement(forbid=() if internal or not self._has_internal else (INTERNAL,))
        needs_reference = self._reference if filters.issuer else None
        return requirement(
            filters, self.records(internal=internal).values(), needs_reference,
            internal=internal or not self._has_internal,
        )  # fmt: skip

    @cached_property
    def _owners(self) -> frozenset[str]:
        return frozenset(record.owner for record in self._records.values() if record.owner)

    @cached_property
    def _public_owners(self) -> frozenset[str]:
        return frozenset(record.owner for record in self.records().values() if record.owner)

    def _by_number(self, query: str, demand: Requirement) -> list[NumberHit]:
        hits: dict[int, NumberHit] = {}
        for reading in number_queries(query):
            for hit in self._numbers.find(reading, self._context, years=self._years):
                if demand.met(self._facets[hit.document]):
                    hits.setdefault(hit.document, hit)
        return sorted(hits.values(), key=lambda hit: (-hit.score, self._newest(hit.document), hit.document))

    def _newest(self, document: int) -> int:
        record = self._records[document]
        day = record.date or record.date_latest or record.date_earliest or "0000"
        return -int(day.replace("-", "").ljust(8, "0")[:8])

    def _candidates(
        self, query: Query, demand: Requirement, routes: Sequence[str], depth: int
    ) -> tuple[Candidates, list[str]]:  # fmt: skip
        notes: list[str] = []
        rows = np.zeros(0, dtype=np.int64)
        lexical = semantic = np.zeros(0, dtype=np.float32)
        if "lexical" in routes:
            pids, lexical = self._lexical.search(query, depth, require=demand.require, forbid=demand.forbid)
            rows = self._rows(pids)
            semantic = np.full(len(rows), np.nan, dtype=np.float32)
        if "semantic" in routes and self._vectors.size:
            try:
                vector = self.encoder.encode_queries([query.spelled_out])
            except MissingDependency as exc:
                vector = None
                notes.append(f"Chỉ tìm theo từ ngữ: {exc}")
            if vector is not None and vector.any():
                semantic = self._vectors.scores(vector, rows)
                nearest, cosines = self._vectors.search(vector, depth, allowed=self._mask(demand))
                fresh = ~np.isin(nearest, rows)
                rows = np.concatenate([rows, nearest[fresh]])
                semantic = np.concatenate([semantic, cosines[fresh]])
                lexical = np.concatenate([lexical, np.full(int(fresh.sum()), np.nan, dtype=np.float32)])
        return Candidates(rows, self._passages["document"][rows], lexical, semantic), notes

    def _cover(self, text: str) -> Callable[[NDArray[np.int64]], Floats] | None:
        """The cover of passages by row; None when the encoder cannot say."""
        matcher = self.encoder.matcher
        if matcher is None or not len(self._pieces):
            return None

        def cover(rows: NDArray[np.int64]) -> Floats:
            starts = self._passages["piece"][rows]
            lengths = self._passages["pieces"][rows]
            filled = np.flatnonzero(lengths)
            found = np.zeros(len(rows), dtype=np.float32)
            if len(filled):
                parts = [self._pieces[starts[place] : starts[place] + lengths[place]] for place in filled]
                begins = np.cumsum(lengths[filled], dtype=np.int64) - lengths[filled]
                found[filled] = matcher.cover(text, np.concatenate(parts), begins)
            return found

        return cover

    def _rows(self, pids: NDArray[np.int64]) -> NDArray[np.int64]:
        """Where passages stand in this index."""
        rows: NDArray[np.int64] = self._order[np.searchsorted(self._sorted_pids, pids)]
        return rows

    def _mask(self, demand: Requirement) -> NDArray[np.bool_] | None:
        """Which rows a requirement allows; None for all."""
        if not demand:
            return None
        kept = self._masks.get(demand)
        if kept is None:
            allowed = [number for number, has in self._facets.items() if demand.met(has)]
            kept = np.isin(self._passages["document"], allowed)
            if len(self._masks) > 256:
                self._masks.clear()
            self._masks[demand] = kept
        return kept

    # -- showing

    def _hits(self, ranked: Sequence[Ranked], query: Query, k: int, *, fold_similar: bool) -> tuple[Hit, ...]:
        shown = ranked[: k * 2 if fold_similar else k]
        leaders = self._leaders(shown) if fold_similar else list(range(len(shown)))
        kept = [place for place, leader in enumerate(leaders) if place == leader][:k]
        copies: dict[int, list[int]] = {}
        for place, leader in enumerate(leaders):
            if place != leader:
                copies.setdefault(leader, []).append(place)
        return tuple(
            Hit(
                rank,
                shown[place],
                self._records[shown[place].document],
                self._view(shown[place].row, query),
                tuple(
                    Similar(self._records[shown[copy].document], self._view(shown[copy].row, query))
                    for copy in copies.get(place, ())
                ),
            )
            for rank, place in enumerate(kept, 1)
        )

    def _leaders(self, shown: Sequence[Ranked]) -> list[int]:
        """For each hit the place of the earlier one whose passage it repeats, or its own.

        Only passages that share most of their pieces (or, without pieces, are near in meaning) are compared word by
        word. Who asks for a number is told of every paper that bears it.
        """
        leaders = list(range(len(shown)))
        places = [place for place, one in enumerate(shown) if one.row is not None and one.number is None]
        if len(places) < 2:
            return leaders
        near = self._near_pairs(np.array([shown[place].row for place in places], dtype=np.int64))
        runs: dict[int, frozenset[str]] = {}

        def runs_of(place: int) -> frozenset[str]:
            if place not in runs:
                view = self._view(shown[place].row)
                runs[place] = shingles(view.text) if view else frozenset()
            return runs[place]

        for column, place in enumerate(places):
            for row in np.flatnonzero(near[:column, column]):
                earlier = places[int(row)]
                if leaders[earlier] == earlier and likeness(runs_of(earlier), runs_of(place)) >= SAME:
                    leaders[place] = earlier
                    break
        return leaders

    def _near_pairs(self, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which of some passages may say the same, as a square table."""
        if not len(self._pieces):
            vectors = self._vectors.vectors(rows)
            near: NDArray[np.bool_] = vectors @ vectors.T >= _NEAR
            return near
        found = [self._passages[row] for row in rows]
        parts = [self._pieces[one["piece"] : one["piece"] + one["pieces"]] for one in found]
        different, places = np.unique(np.concatenate(parts), return_inverse=True)
        held = np.zeros((len(rows), len(different)), dtype=np.float32)
        held[np.repeat(np.arange(len(rows)), [len(part) for part in parts]), places] = 1
        common = held @ held.T
        sizes = held.sum(axis=1)
        shared: NDArray[np.bool_] = common >= _SHARED * (sizes[:, None] + sizes[None, :] - common)
        return shared

    def _view(self, row: int | None, query: Query | None = None) -> PassageView | None:
        if row is None:
            return None
        passage = self._passages[row]
        record = self._records[int(passage["document"])]
        segment = self._home[record.id]
        start, end = int(passage["start"]), int(passage["end"])
        if start == end:
            return None
        text = segment.text(int(passage["byte"]), int(passage["bytes"]))
        return PassageView(row, text, start, end, segment.heading(int(passage["heading"])), query)

    # -- likeness

    def similar_documents(self, key: str, *, k: int = 10, internal: bool = False) -> tuple[Similar, ...]:
        """The documents nearest in meaning to a held one (by key), best first, with their nearest passage."""
        number = self._number_of(key)
        rows = np.flatnonzero(self._passages["document"] == number)
        centre = unit(self._vectors.vectors(rows).mean(axis=0, keepdims=True))
        return self._near(centre, number, k, internal)

    def similar_passages(
        self, key: str, start: int, end: int, *, k: int = 10, internal: bool = False
    ) -> tuple[Similar, ...]:
        """Passages of other documents that are nearest to a range of one document's text, one per document."""
        number = self._number_of(key)
        own = self._passages["document"] == number
        rows = np.flatnonzero(own & (self._passages["start"] < end) & (self._passages["end"] > start))
        if not len(rows):
            return ()
        return self._near(unit(self._vectors.vectors(rows).mean(axis=0, keepdims=True)), number, k, internal)

    def _number_of(self, key: str) -> int:
        for number, record in self._records.items():
            if record.key == key:
                return number
        raise KeyError(key)

    def _near(self, vector: Floats, own: int, k: int, internal: bool) -> tuple[Similar, ...]:
        allowed = self._passages["document"] != own
        mask = self._mask(self._requirement(Filters(), internal))
        wanted = allowed if mask is None else allowed & mask
        rows, scores = self._vectors.search(vector, max(200, 20 * k), allowed=wanted)
        best: dict[int, tuple[float, int]] = {}
        for row, score in zip(rows.tolist(), scores.tolist(), strict=True):
            best.setdefault(int(self._passages["document"][row]), (score, row))
        return tuple(
            Similar(self._records[document], self._view(row), score)
            for document, (score, row) in list(best.items())[:k]
        )

    # -- suggesting

    def suggest(self, typed: str, *, k: int = 8, internal: bool = False) -> tuple[Suggestion, ...]:
        """What a person may be typing: numbers, titles, bodies, campaigns; accents are not needed."""
        kept = self._suggesters.get(internal)
        if kept is None:
            kept = Suggester([record for record in self._records.values() if internal or not record.internal])
            self._suggesters[internal] = kept
        return kept.suggest(typed, k)

    def records(self, *, internal: bool = False) -> Mapping[int, DocumentRecord]:
        """Every document that the asker may see, by its number in this index."""
        return {number: record for number, record in self._records.items() if internal or not record.internal}

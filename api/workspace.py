"""One opened data folder, used by the command line and HTTP alike. Every question and every change goes through here.

Readers open what CURRENT names and follow it at the next request; what writers do stands in ``api.changes``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.errors import WorkspaceError

if TYPE_CHECKING:
    from api.sparql_text import SparqlText
    from ingest.pipeline import IngestReport, Progress
    from kg.catalog import Catalog
    from kg.review import VerdictValue
    from kg.review_lists import WaitingKind
    from kg.snapshots import Snapshot, SnapshotReader
    from kg.validation import Finding
    from search.index import SearchIndex

__all__ = ["Workspace", "operator"]


class Workspace:
    """The data folder ``root``; made by the first ingest. ``on_wait`` is told when another writer is waited for."""

    def __init__(self, root: Path, *, on_wait: Callable[[str], None] = lambda message: None) -> None:
        self.root = root
        self._on_wait = on_wait
        self._readers: dict[bool, SnapshotReader] = {}
        self._index: tuple[str | None, SearchIndex] | None = None

    def snapshot(self, *, public: bool = False) -> Snapshot:
        """The newest snapshot, read-only; ``public``: as callers who did not sign in may see it.

        Raises WorkspaceError when nothing was ingested yet.
        """
        from kg.snapshots import SnapshotReader, read_current

        if public not in self._readers:
            if read_current(self.root).graph is None:
                raise WorkspaceError(f"Kho dữ liệu {self.root} chưa có văn bản nào. Hãy nạp trước: kg ingest THƯ_MỤC.")
            self._readers[public] = SnapshotReader(self.root, public=public)
        return self._readers[public].latest()

    def catalog(self, *, public: bool = False) -> Catalog:
        """Look-ups on the newest snapshot."""
        from kg.catalog import Catalog
        from kg.iris import Iris

        snapshot = self.snapshot(public=public)
        return Catalog(snapshot, Iris(snapshot.current.base))

    def trace(self, number: str, **narrow: Any) -> dict[str, Any]:
        """The trace record of the work that bears ``number`` (narrowed by issuer, kind, year)."""
        from api.tracing import trace_record

        catalog = self.catalog()
        return trace_record(catalog, catalog.find(number, **narrow))

    def documents(self, **filters: Any) -> dict[str, Any]:
        """A page of the list of documents."""
        from api.tracing import summary_record

        total, found = self.catalog().page(**filters)
        return {
            "total": total,
            "limit": filters["limit"],
            "offset": filters["offset"],
            "documents": [summary_record(work) for work in found],
        }

    def index(self) -> SearchIndex:
        """The newest search index. Raises WorkspaceError when there is none, IndexMismatch for another encoder's."""
        from api.settings import Settings
        from kg.snapshots import read_current
        from search.encoders import DEFAULT_ENCODER
        from search.index import open_index

        named = read_current(self.root).index
        if self._index is None or self._index[0] != named:
            settings = Settings()
            chosen = settings.encoder or DEFAULT_ENCODER
            self._index = (named, open_index(self.root, encoder=chosen, settings=settings.encoder_settings()))
        return self._index[1]

    def search(self, query: str, *, k: int = 10, internal: bool = False, **filters: Any) -> dict[str, Any]:
        """The search record (DESIGN section 8); ``filters`` as ``search.filters.Filters`` names them."""
        from search.filters import Filters

        return self.index().search(query, k=k, filters=Filters(**filters), internal=internal).record()

    def similar(
        self, named: str, *, start: int | None = None, end: int | None = None, k: int = 10, internal: bool = False
    ) -> dict[str, Any]:
        """What says nearly the same as a document (by number, key or IRI), or as a range of its text.

        Raises NumberNotFound for a document whose text is not held.
        """
        from api.naming import work_key_of
        from kg.errors import NumberNotFound
        from kg.iris import Iris

        snapshot = self.snapshot(public=not internal)
        iris = Iris(snapshot.current.base)
        key, number = work_key_of(snapshot, iris, named)
        index = self.index()
        try:
            if start is None and end is None:
                found = index.similar_documents(key, k=k, internal=internal)
            else:
                found = index.similar_passages(key, start or 0, end or 1 << 31, k=k, internal=internal)
        except KeyError:
            raise NumberNotFound(f"Chỉ mục tìm kiếm chưa có văn bản {number or named}.") from None
        return {"document": key, "similar": [one.record(iris) for one in found]}

    def suggest(self, typed: str, *, k: int = 8, internal: bool = False) -> list[dict[str, Any]]:
        """What a person may be typing."""
        return [dict(found.record()) for found in self.index().suggest(typed, k=k, internal=internal)]

    def sparql(self, query: str, *, form: str, seconds: float | None = None) -> SparqlText:
        """Runs a read-only query in a killable process; "table" gives aligned columns for people."""
        from api.sparql_text import answer

        snapshot = self.snapshot()
        return answer(snapshot, query.replace("{base}", snapshot.current.base), form=form, seconds=seconds)

    def export(self, form: str, *, meta: bool, public: bool) -> bytes:
        """The graph in one of the export formats."""
        from kg.export import export_graph
        from kg.iris import Iris

        snapshot = self.snapshot(public=public)
        if form == "tables":
            from kg.tables import export_tables

            current = snapshot.current
            return export_tables(snapshot, Iris(current.base), written=current.written, version=current.version)
        return export_graph(snapshot, Iris(snapshot.current.base), form, meta=meta, public=public)

    def validate(self) -> Sequence[Finding]:
        """What the shapes have against the graph."""
        from kg.validation import validate_store

        return validate_store(self.snapshot())

    def decisions(self) -> list[dict[str, Any]]:
        """Every decision, oldest first: verdicts and facts, with whether each still counts."""
        from kg.curation import read_curated
        from kg.iris import Iris

        snapshot = self.snapshot()
        curated = read_curated(snapshot, Iris(snapshot.current.base))
        counts = {verdict.id for verdict in curated.live} | {fact.id for fact in curated.live_facts}
        records = [{"type": "verdict", **asdict(verdict)} for verdict in curated.verdicts]
        records += [{"type": "fact", **asdict(fact)} for fact in curated.facts]
        for record in records:
            record["counts"] = record["id"] in counts
            record |= {name: value.isoformat() for name, value in record.items() if isinstance(value, dt.date)}
        return sorted(records, key=lambda record: (record["at"], record["id"]))

    def status(self) -> dict[str, Any]:
        """The last run, totals, and what needs a person."""
        from api.attention import status_record

        return status_record(self.root)

    def ingest(
        self,
        paths: Sequence[Path],
        *,
        prune: bool = False,
        jobs: int = 1,
        progress: Progress | None = None,
        internal: bool = False,
        source: str | None = None,
        again: bool = False,
    ) -> IngestReport:
        """Takes files in and brings graph and snapshot up to date.

        ``internal``: not for anonymous callers. ``again``: also what a person took out of the store.
        """
        from api import audit
        from api.changes import ingest

        report = ingest(
            self.root, paths, prune=prune, jobs=jobs, progress=progress, on_wait=self._on_wait, internal=internal,
            source=source, again=again,
        )  # fmt: skip
        counts = {status: number for status, number in report.counts.items() if status != "unchanged"}
        if counts or report.changed:
            about = " ".join(str(path) for path in paths)[:200]
            audit.record(self.root, by=operator(), action="documents.ingest", about=about, counts=counts)
        return report

    def rebuild_index(self) -> int:
        """Makes the search index anew from what is held; gives the number of documents in it."""
        from api.changes import rebuild_index

        return rebuild_index(self.root, on_wait=self._on_wait)

    def set_visibility(self, number: str, *, internal: bool, **narrow: Any) -> str:
        """Makes the one work that bears ``number`` internal or public; gives its key."""
        key = self.catalog().find(number, **narrow)
        self.set_fact(key, by=operator(), visibility="internal" if internal else "public")
        return key

    def decide(
        self,
        thing: str,
        value: VerdictValue,
        *,
        by: str,
        reason: str | None = None,
        note: str | None = None,
        request: str | None = None,
    ) -> dict[str, Any]:
        """Records a person's verdict on a link (by id), an identity ("FILE=NUMBER") or two signers (by id)."""
        from api.decisions import decide

        return decide(
            self.root, thing, value, by=by, reason=reason, note=note, on_wait=self._on_wait, request=request
        )  # fmt: skip

    def correct(self, link: str, *, by: str, **right: Any) -> dict[str, Any]:
        """Rejects a link and makes the right one by hand (relation, target, quote, reason, note)."""
        from api.decisions import correct

        return correct(self.root, link, by=by, on_wait=self._on_wait, **right)

    def set_fact(self, file: str | None, *, by: str, **facts: Any) -> dict[str, Any]:
        """Enters number, date, issuer, kind, title or visibility of a held file, or a document without text."""
        from api.decisions import enter_fact

        return enter_fact(self.root, file, by=by, on_wait=self._on_wait, **facts)

    def undo(self, thing: str, *, by: str, **more: Any) -> dict[str, Any]:
        """Takes back the newest decision on something, or one decision by its id."""
        from api.decisions import undo

        return undo(self.root, thing, by=by, on_wait=self._on_wait, **more)

    def waiting(self, *kinds: WaitingKind) -> list[dict[str, Any]]:
        """What waits for a reviewer, most important first, with both documents in one line each."""
        from api.tracing import summary_record
        from kg.iris import Iris
        from kg.review_lists import waiting

        catalog, snapshot = self.catalog(), self.snapshot()
        found = waiting(snapshot, Iris(snapshot.current.base), kinds)
        cited = [item for item in found if item.kind != "person"]  # signers are no works
        works = catalog.summaries({key for item in cited for key in (item.subject, item.object)})
        records = []
        for item in found:
            ends = {
                name: summary_record(works[key])
                for name, key in (("document", item.subject), ("target", item.object))
                if key in works
            }
            records.append({"document": None, "target": None, **asdict(item), **ends})
        return records

    def rebase(self, base: str) -> None:
        """Moves every IRI to another base."""
        from api.changes import rebase

        rebase(self.root, base, by=operator(), on_wait=self._on_wait)


def operator() -> str:
    """Who works at the command line: KG_REVIEWER, else the name the system knows."""
    import getpass
    import os

    return os.environ.get("KG_REVIEWER") or getpass.getuser()

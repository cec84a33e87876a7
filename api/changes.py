"""What writers do to a data folder: take files in, record a verdict, move the base. Each is one write session.

Every change ends the same way: resolution over all that is held, mapping, one transaction, one new snapshot.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from api import audit, standing
from api.inferring import inferences
from api.removed import let_in, removed_files
from api.settings import Settings
from api.visibility import read_internal
from ingest.ledger import Ledger
from ingest.pipeline import Folders, IngestReport, Limits, Progress, finish_report, resolve_workspace, take_in
from ingest.scan import REFERENCE
from kg.curation import curated_triples, read_curated
from kg.disk import write_atomically
from kg.errors import PolicyKGError
from kg.inferred import inferred_triples
from kg.iris import Iris
from kg.mapping import graphs_of
from kg.reference_graphs import body_triples, reference_graphs
from kg.review import Curated
from kg.snapshots import WriteSession, write_session
from kg.store import OxigraphStore
from kg.visibility import blacken, masks, unseen_works
from kg.works import Resolution
from search.build import clear, synchronise
from search.documents import IndexedDocument, documents_of
from search.encoders import load_encoder

__all__ = ["OnWait", "bring_up_to_date", "ingest", "rebase", "rebuild_index"]

OnWait = Callable[[str], None]


def ingest(
    root: Path,
    paths: Sequence[Path],
    *,
    prune: bool,
    jobs: int,
    progress: Progress | None,
    on_wait: OnWait,
    internal: bool = False,
    source: str | None = None,
    again: bool = False,
) -> IngestReport:
    """Takes files in; see ``ingest.pipeline``. The second of two writers waits and is told for whom.

    ``internal``: these files show only to who is signed in. Without it what was internal stays so. ``source``: the
    address they were collected from. ``again``: also what a person took out. Nothing is written where nothing changed.
    """
    began = time.monotonic()
    folders = Folders(root)
    command = f"kg ingest {' '.join(map(str, paths))}"[:200]
    with closing(Ledger(folders.ledger)) as ledger:
        _adopt_reference(root, paths)
        run = ledger.start_run("ingest")
        settings = Settings()
        limits = Limits(settings.read_seconds, settings.read_memory_mb)

        def hide(fresh: Sequence[str]) -> None:
            # Before other writers can see these names: what they publish must know that they are internal.
            with write_session(root, command=command, on_wait=on_wait):
                read_internal(root).marking(paths=fresh).write()

        # Nobody waits while files are read: the right to write is asked for when all of them are.
        reports = take_in(
            folders, ledger, paths, prune=prune, jobs=jobs, progress=progress, source=source, limits=limits,
            before_names=hide if internal else None, removed=None if again else removed_files(root),
        )  # fmt: skip
        changed = False
        if not standing.is_current(root, ledger):
            if progress:
                progress("Liên kết văn bản", 0, 1)
            with write_session(root, command=command, on_wait=on_wait) as session:
                if again:
                    let_in(root, {row.sha256 for row in ledger.names().values()})
                iris = Iris(session.current.base)
                _, changed = bring_up_to_date(session, ledger, read_curated(session.store, iris), iris)
            if progress:
                progress("Liên kết văn bản", 1, 1)
        outcomes, totals = standing.outcomes(ledger)
        report = finish_report(reports, outcomes, totals, seconds=time.monotonic() - began, changed=changed)
        ledger.finish_run(run, report.kept())
    return report


def _adopt_reference(root: Path, paths: Sequence[Path]) -> None:
    """Reference data that lies in an ingested folder (``reference.ttl``) becomes the workspace's own."""
    for path in paths:
        extra = path / REFERENCE
        if path.is_dir() and extra.is_file():
            write_atomically(root / REFERENCE, extra.read_bytes())


def bring_up_to_date(session: WriteSession, ledger: Ledger, curated: Curated, iris: Iris) -> tuple[Resolution, bool]:
    """Resolution over everything held, mapped, put in one transaction and published."""
    folders = Folders(session.workspace)
    made = standing.made_of(session.workspace, ledger)
    changed = reference_graphs(session.store, iris, folders.reference)  # first: memory is free yet
    resolution = resolve_workspace(folders, ledger, curated, Settings().link_threshold)
    hidden = read_internal(session.workspace).hashes({path: row.sha256 for path, row in ledger.names().items()})
    hidden |= {sha: seen for sha, seen in curated.visibility().items() if seen == "internal"}
    beside = {
        iris.graph("org"): body_triples(resolution, iris, folders.reference),
        iris.graph("curated"): curated_triples(curated, iris),
        iris.graph("inferred"): inferred_triples(inferences(session.workspace, resolution, curated), iris),
    }
    graphs = graphs_of(resolution, iris, visibility=hidden, beside=beside)
    stale = [
        name
        for name in session.store.graphs()
        if ("/graph/doc/" in name or "/graph/eff/" in name) and name not in graphs
    ]
    changed |= bool(session.store.put_graphs(graphs, delete=stale))
    _index(session, resolution, iris)
    standing.keep_outcomes(ledger, resolution)
    session.publish()
    standing.remember(session.workspace, ledger, made)
    return resolution, changed


def _index(session: WriteSession, resolution: Resolution, iris: Iris, *, anew: bool = False) -> None:
    """Brings the search index to the same state; the session publishes both at once. ``anew``: whatever it holds."""
    generations, named = session.workspace / "index", session.current.index
    if named:
        clear(generations, named)  # what earlier writers left; the state that counts stays until this session publishes
    documents = _searchable(session.store, resolution, iris)
    settings = Settings()
    encoder = load_encoder(settings.encoder or None, settings.encoder_settings())
    made = synchronise(generations, generations / named if named and not anew else None, documents, encoder=encoder)
    session.point(index=made.name)


def rebuild_index(root: Path, *, on_wait: OnWait) -> int:
    """Makes the whole search index anew from what is held, with the model that is set; no file is read again.

    For an index of another model or version, or a damaged one. Gives the number of documents in it.
    """
    with (
        write_session(root, command="kg ingest --rebuild-index", on_wait=on_wait) as session,
        closing(Ledger(Folders(root).ledger)) as ledger,
    ):
        iris = Iris(session.current.base)
        curated = read_curated(session.store, iris)
        resolution = resolve_workspace(Folders(root), ledger, curated, Settings().link_threshold)
        _index(session, resolution, iris, anew=True)
    return len(resolution.works)


def _searchable(store: OxigraphStore, resolution: Resolution, iris: Iris) -> Iterator[IndexedDocument]:
    """What search is told; of public documents, only words that name no internal one."""
    unseen, blacks = unseen_works(store, iris), masks(store, iris)
    for document in documents_of(resolution):
        if document.key in unseen:
            yield replace(document, visibility="internal")
        elif black := blacks.get(document.key):
            cites = tuple(number for number in document.cites if not black.search(number))
            title = document.title and blacken(document.title, black)
            yield replace(document, text=blacken(document.text, black), title=title, cites=cites)
        else:
            yield document


def rebase(root: Path, base: str, *, by: str, on_wait: OnWait) -> None:
    """Moves every IRI to another base; keys, and so verdicts, stay as they are."""
    new = base.rstrip("/")
    parts = urlsplit(new)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment:
        raise PolicyKGError(f"“{base}” không phải địa chỉ gốc hợp lệ. Ví dụ: https://vanban.tinh.gov.vn")
    ledger_path = Folders(root).ledger
    with write_session(root, command="kg rebase", on_wait=on_wait) as session, closing(Ledger(ledger_path)) as ledger:
        curated = read_curated(session.store, Iris(session.current.base))
        session.store.put_graphs({}, delete=session.store.graphs())
        session.point(base=new)
        bring_up_to_date(session, ledger, curated, Iris(new))
    audit.record(root, by=by, action="rebase", about=new)

"""Documents that come and go one by one: a held work is taken out, or its file replaced by a better one."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterable, Sequence
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from api import audit
from api.changes import OnWait, bring_up_to_date
from api.naming import held_hashes
from api.removed import keep_out
from ingest.ledger import Ledger
from ingest.pipeline import Folders, IngestReport
from ingest.scan import hash_file
from kg.curation import new_id, read_curated
from kg.errors import NumberNotFound
from kg.iris import Iris
from kg.review import Curated
from kg.snapshots import open_snapshot, write_session

__all__ = ["UPLOADS", "discard_refused", "remove_document", "replace_held", "works_of"]

UPLOADS = "uploads"


def remove_document(
    root: Path,
    key: str,
    *,
    by: str,
    on_wait: OnWait = lambda message: None,
    request: str | None = None,
) -> dict[str, Any]:
    """Takes a held work out of the store, with every file and the text read from it.

    What others cite of it stays, as a work that is only cited. A source folder outside the store is not touched; the
    files that lie there are named in the answer, and passed over when their folder is taken in again.
    """
    with (
        write_session(root, command="kg remove", on_wait=on_wait) as session,
        closing(Ledger(Folders(root).ledger)) as ledger,
    ):
        iris = Iris(session.current.base)
        hashes = held_hashes(session.store, iris, key)
        if not hashes:
            raise NumberNotFound(key)
        names = {path: row for path, row in ledger.names().items() if row.sha256 in hashes}
        texts = _texts_of(session.store, iris, hashes)
        keep_out(root, hashes, by=by)
        ledger.record_names([], list(names))
        ledger.forget_contents(hashes)
        bring_up_to_date(session, ledger, read_curated(session.store, iris), iris)
        kept = _texts_of(session.store, iris, None)
    _erase(root, hashes, texts - kept, names)
    outside = sorted(row.shown for path, row in names.items() if not Path(path).is_relative_to(_uploads(root)))
    audit.record(root, by=by, action="documents.remove", about=key, request=request, files=sorted(hashes))
    return {"removed": key, "files": len(hashes), "in_source_folders": outside}


def _uploads(root: Path) -> Path:
    return (root / UPLOADS).absolute()


def _texts_of(store: Any, iris: Iris, hashes: Sequence[str] | None) -> set[str]:
    """The text snapshots of held files, or of all."""
    rows = store.query("SELECT DISTINCT ?f ?h ?t { ?f a eli:Format ; vb:sha256 ?h ; vb:text/vb:sha256 ?t }")
    return {row["t"].value for row in rows if hashes is None or row["h"].value in hashes}


def _erase(root: Path, hashes: Iterable[str], texts: Iterable[str], paths: Iterable[str]) -> None:
    folders = Folders(root)
    gone = [place for sha in hashes for place in folders.of_content(sha)]
    gone += [folders.text(sha) for sha in texts]
    for path in gone:
        path.unlink(missing_ok=True)
    for path in map(Path, paths):
        if path.is_relative_to(_uploads(root)):
            _drop(path)


def _drop(path: Path) -> None:
    """Removes an uploaded file, and its folder with the last one."""
    path.unlink(missing_ok=True)
    with suppress(OSError):
        path.parent.rmdir()


def discard_refused(paths: Iterable[Path], report: IngestReport) -> None:
    """Removes uploads that must not be taken in: nothing of them is kept."""
    refused = {file.file for file in report.files if file.status == "refused"}
    for path in paths:
        if path.name in refused:
            shutil.rmtree(path.parent, ignore_errors=True)


def replace_held(root: Path, old: Sequence[str], fresh: Sequence[Path], *, by: str) -> None:
    """Lets the contents ``old`` go in favour of the file just taken in, which inherits what people entered for them."""
    new = [hash_file(path) for path in fresh if path.exists()]
    hashes = [sha for sha in old if sha not in new]
    if not hashes or not new:
        return
    with (
        write_session(root, command="kg replace", on_wait=lambda message: None) as session,
        closing(Ledger(Folders(root).ledger)) as ledger,
    ):
        iris = Iris(session.current.base)
        before = read_curated(session.store, iris)
        now = dt.datetime.now(dt.UTC)
        inherited = [
            replace(fact, id=new_id(), file=new[0], at=now, note=fact.note or f"{by} thay tệp")
            for fact in before.live_facts
            if fact.file in hashes
        ]
        names = {path: row for path, row in ledger.names().items() if row.sha256 in hashes}
        texts = _texts_of(session.store, iris, hashes)
        keep_out(root, hashes, by=by)
        ledger.record_names([], list(names))
        ledger.forget_contents(hashes)
        curated = Curated(before.verdicts, [*before.facts, *inherited])
        bring_up_to_date(session, ledger, curated, iris)
        kept = _texts_of(session.store, iris, None)
    _erase(root, hashes, texts - kept, names)


def works_of(root: Path, paths: Iterable[Path]) -> list[dict[str, str]]:
    """The works that files became: file name, key and IRI."""
    found = []
    with open_snapshot(root) as snapshot:
        iris = Iris(snapshot.current.base)
        for path in paths:
            if not path.exists():
                continue
            rows = snapshot.query("SELECT DISTINCT ?w { ?w vb:file $f }", bindings={"f": iris.file(hash_file(path))})
            found += [
                {"file": path.name, "key": iris.key_of(str(row["w"])) or "", "iri": str(row["w"])} for row in rows
            ]
    return found

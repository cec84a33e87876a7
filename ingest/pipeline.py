"""``kg ingest``: scan, read what is new, resolve all, put the graphs. Only what changed is redone.

Order of safety: a content's document is on disk before the ledger says so; graphs change in one transaction after
all reading; the snapshot is swapped last (``kg.snapshots``). Killed anywhere, the next run goes on from there.
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass, field, replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Literal

import msgspec

from ingest.document import PARSER_VERSION, document_from_source
from ingest.ledger import ContentRow, Ledger
from ingest.readers import read
from ingest.resolve import resolve
from ingest.scan import REFERENCE, Found, ScanProblem, hash_file, scan
from kg.disk import disk_errors, write_atomically
from kg.errors import ReadError, RefusedFile
from kg.model import Document
from kg.reference import load_reference
from kg.review import Curated
from kg.works import HeldFile, Resolution

__all__ = ["FileReport", "Folders", "IngestReport", "Progress", "held_files", "take_in"]

Progress = Callable[[str, int, int], None]
"""Called with (what is being done, how many are done, how many there are)."""

FileStatus = Literal["new", "updated", "unchanged", "refused", "failed", "removed"]
FEW = 6
"""Up to this many new files are read in this process: starting others would take longer."""


@dataclass(frozen=True, slots=True)
class Folders:
    """Where a workspace keeps what ingest makes."""

    root: Path

    @property
    def ledger(self) -> Path:
        """The SQLite ledger."""
        return self.root / "ledger.sqlite"

    @property
    def reference(self) -> Path | None:
        """Reference data of the installation's own, when there is any."""
        extra = self.root / REFERENCE
        return extra if extra.exists() else None

    def document(self, sha256: str) -> Path:
        """The cached document of one content."""
        return self.root / "documents" / sha256[:2] / f"{sha256}.json"

    def original(self, sha256: str) -> Path:
        """The copy of one file's bytes, so that a source folder can go away."""
        return self.root / "originals" / sha256[:2] / sha256

    def text(self, sha256: str) -> Path:
        """The immutable text snapshot that evidence points at."""
        return self.root / "texts" / sha256[:2] / f"{sha256}.txt"


@dataclass(frozen=True, slots=True)
class FileReport:
    """One line of the report: what became of one file, and why."""

    file: str
    status: FileStatus
    code: str = "ok"
    message: str = ""
    media_type: str | None = None
    pages: int | None = None
    number: str | None = None
    issuer: str | None = None
    identity: str | None = None
    citations: int = 0
    resolved: int = 0
    unresolved: int = 0
    warnings: tuple[str, ...] = ()
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class IngestReport:
    """The whole run: every file with its line, and the totals."""

    files: tuple[FileReport, ...]
    seconds: float
    works: int = 0
    stubs: int = 0
    links: int = 0
    unresolved: int = 0
    open_identities: int = 0
    changed: bool = False
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def clean(self) -> bool:
        """True when every file was taken in."""
        return not any(file.status in ("failed", "refused") for file in self.files)

    def record(self) -> dict[str, Any]:
        """The report as JSON-able values."""
        return asdict(self)


def take_in(
    folders: Folders,
    ledger: Ledger,
    paths: Sequence[Path],
    *,
    prune: bool = False,
    jobs: int = 1,
    progress: Progress | None = None,
) -> list[FileReport]:
    """Scans ``paths``, reads every content not yet read by this parser version, and brings the ledger up to date.

    With ``prune``, names under the given folders that are no longer there are forgotten.
    """
    say = progress or (lambda what, done, total: None)
    found, problems = scan(paths)
    names, contents = ledger.names(), ledger.contents()
    reports = [FileReport(problem.shown, "failed", problem.code, problem.message) for problem in problems]
    hashes, unreadable = _hashes(found, names, say)
    reports.extend(unreadable)
    fresh: dict[str, Found] = {}
    for item in found:
        sha = hashes.get(item.path)
        if sha and (sha not in contents or contents[sha].parser_version != PARSER_VERSION):
            fresh.setdefault(sha, item)
    rows: dict[str, ContentRow] = {}
    for sha, row in _read_all(folders, fresh, jobs, say):
        ledger.record_contents([row])
        rows[sha] = row
    contents |= rows
    taken = []
    for item in found:
        sha = hashes.get(item.path)
        if sha is None:
            continue
        known = names.get(str(item.path))
        reports.append(_report(folders, item, contents[sha], known.sha256 if known else None, sha in rows))
        if contents[sha].status != "refused":
            taken.append(item.row(sha))
    gone = _gone(names, found, problems, paths) if prune else []
    refused = [str(item.path) for item in found if (sha := hashes.get(item.path)) and contents[sha].status == "refused"]
    ledger.record_names(taken, [*(names[path].path for path in gone), *refused])
    reports.extend(
        FileReport(names[path].shown, "removed", "pruned", "Tệp không còn trong thư mục nguồn; đã gỡ khỏi kho.")
        for path in gone
    )
    return sorted(reports, key=lambda report: (report.file, report.status))


def _hashes(
    found: Sequence[Found], names: Mapping[str, Any], say: Progress
) -> tuple[dict[Path, str], list[FileReport]]:
    """The hash of each file; one that has the size and time we know it by is not read again."""
    hashes: dict[Path, str] = {}
    unreadable = []
    for done, item in enumerate(found, 1):
        known = names.get(str(item.path))
        if known and (known.size, known.mtime_ns) == (item.size, item.mtime_ns):
            hashes[item.path] = known.sha256
        else:
            try:
                hashes[item.path] = hash_file(item.path)
            except OSError as error:
                message = f"Không đọc được “{item.shown}”: {error.strerror}. Kiểm tra quyền đọc của tệp."
                unreadable.append(FileReport(item.shown, "failed", "unreadable", message))
        say("Kiểm tra tệp", done, len(found))
    return hashes, unreadable


def _gone(
    names: Mapping[str, Any], found: Sequence[Found], problems: Sequence[ScanProblem], paths: Sequence[Path]
) -> list[str]:
    """Names under the given folders that are no longer there. A folder that cannot be read loses nothing."""
    if any(problem.code in ("missing", "unreadable") for problem in problems):
        return []
    here = {str(item.path) for item in found}
    roots = [path.absolute() for path in paths if path.is_dir()]
    return sorted(path for path in names if path not in here and any(Path(path).is_relative_to(root) for root in roots))


def _read_all(
    folders: Folders, fresh: Mapping[str, Found], jobs: int, say: Progress
) -> Iterator[tuple[str, ContentRow]]:
    """Reads contents, here or in other processes; yields each row once its document is safely on disk."""
    tasks = [(sha, str(item.path), item.shown, str(folders.root)) for sha, item in fresh.items()]
    if jobs <= 1 or len(tasks) <= FEW:
        for done, task in enumerate(tasks, 1):
            yield task[0], read_one(*task)
            say("Đọc văn bản", done, len(tasks))
        return
    with ProcessPoolExecutor(min(jobs, len(tasks)), mp_context=get_context("forkserver")) as pool:
        running = {pool.submit(read_one, *task): task[0] for task in tasks}
        try:
            for done, future in enumerate(as_completed(running), 1):
                yield running[future], future.result()
                say("Đọc văn bản", done, len(tasks))
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def read_one(sha256: str, path: str, shown: str, root: str) -> ContentRow:
    """Reads one content and writes its document, text and original into the workspace."""
    folders = Folders(Path(root))
    began = time.perf_counter()

    def row(status: Literal["read", "failed", "refused"], code: str, message: str, media: str = "") -> ContentRow:
        return ContentRow(
            sha256, status, code, message, media, PARSER_VERSION, 1, round(time.perf_counter() - began, 4)
        )

    try:
        source = replace(read(Path(path)), path=shown)
        document = document_from_source(source, load_reference(folders.reference))
    except RefusedFile as error:
        return row("refused", error.code, str(error))
    except ReadError as error:
        return row("failed", error.code, str(error))
    except RecursionError:
        return row("failed", "too_deep", f"“{shown}” lồng quá sâu, không đọc được. Đề nghị chuyển sang định dạng khác.")
    _keep(folders.text(document.text.sha256), document.text.text.encode())
    _keep(folders.original(sha256), Path(path).read_bytes())
    _keep(folders.document(sha256), msgspec.json.encode(document))
    return row("read", "ok", "", document.media_type)


def _keep(path: Path, content: bytes) -> None:
    """Writes a file named by a hash; what is there already under that name is the same, but for documents."""
    if path.suffix == ".json" or not path.exists():
        with disk_errors(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(path, content)


def held_files(folders: Folders, ledger: Ledger) -> list[HeldFile]:
    """Every content that was read and still has a name, with its cached document."""
    shown: dict[str, set[str]] = defaultdict(set)
    for name in ledger.names().values():
        shown[name.sha256].add(name.shown)
    decoder = msgspec.json.Decoder(Document)
    return [
        HeldFile(sha, tuple(sorted(shown[sha])), decoder.decode(folders.document(sha).read_bytes()))
        for sha, row in sorted(ledger.contents().items())
        if row.status == "read" and sha in shown
    ]


def resolve_workspace(folders: Folders, ledger: Ledger, curated: Curated, threshold: float) -> Resolution:
    """Resolution over all that a workspace holds."""
    return resolve(held_files(folders, ledger), load_reference(folders.reference), curated=curated, threshold=threshold)


def _report(folders: Folders, item: Found, row: ContentRow, known: str | None, read_now: bool) -> FileReport:
    if row.status != "read":
        status: FileStatus = "refused" if row.status == "refused" else "failed"
        return FileReport(item.shown, status, row.code, row.message, seconds=row.seconds)
    status = "new" if known is None else "unchanged" if known == row.sha256 and not read_now else "updated"
    return FileReport(item.shown, status, media_type=row.media_type, seconds=row.seconds if read_now else 0.0)


def finish_report(
    reports: Iterable[FileReport], resolution: Resolution, *, seconds: float, changed: bool
) -> IngestReport:
    """Adds to each file what resolution made of it, and the totals."""
    by_name: dict[str, tuple[Any, Any]] = {}
    open_by_work: Counter[str] = Counter(mention.told_by for mention in resolution.unresolved)
    for work in resolution.works.values():
        for held in work.files:
            for name in held.names:
                by_name[name] = (work, held)
    done = []
    for report in reports:
        if report.status in ("new", "updated", "unchanged") and report.file in by_name:
            work, held = by_name[report.file]
            document: Document = held.document
            cited = [citation for citation in document.citations if citation.form != "self"]
            left = open_by_work[work.key]
            report = replace(
                report,
                pages=len(document.text.page_starts),
                number=work.number,
                issuer=work.issuer,
                identity=work.identity.method if work.identity else None,
                citations=len(cited),
                resolved=len(cited) - left,
                unresolved=left,
                warnings=tuple(issue.message for issue in document.issues if issue.severity != "info"),
            )
        done.append(report)
    return IngestReport(
        files=tuple(done),
        seconds=round(seconds, 3),
        works=sum(bool(work.files) for work in resolution.works.values()),
        stubs=sum(not work.files for work in resolution.works.values()),
        links=len(resolution.links),
        unresolved=len(resolution.unresolved),
        open_identities=len(resolution.open_identities),
        changed=changed,
        counts=dict(sorted(Counter(report.status for report in done).items())),
    )

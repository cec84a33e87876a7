"""``kg ingest``: scan, read what is new in other processes, keep what was read. Only what changed is redone.

Order of safety: a content's files are in place before the ledger says so; the graph changes afterwards, from what the
ledger says (``api.changes``). Killed anywhere, the next run goes on from there: what is in the ledger is skipped.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from ingest import passing
from ingest.archives import INSIDE, split_member
from ingest.document import PARSER_VERSION
from ingest.executor import Answer, Executor, Limits, ProcessExecutor, Task
from ingest.folders import Folders, scratch
from ingest.held import held_files
from ingest.ledger import ContentRow, Ledger, MemberRow, NameRow
from ingest.provenance import Provenance, provenance_of
from ingest.report import FileReport, FileStatus, IngestReport, finish_report, of_content
from ingest.resolve import resolve
from ingest.scan import Found, ScanProblem, hash_file, scan
from kg.disk import reason_of
from kg.reference import load_reference
from kg.review import Curated
from kg.works import Resolution

__all__ = [
    "PARSER_VERSION",
    "FileReport",
    "Folders",
    "IngestReport",
    "Limits",
    "Progress",
    "finish_report",
    "held_files",
    "parser_version",
    "resolve_workspace",
    "take_in",
]

Progress = Callable[[str, int, int], None]
"""Called with (what is being done, how many are done, how many there are)."""

_FLUSH_SECONDS = 0.5
"""Results wait so long at most before the ledger knows them: what a crash can cost."""


def parser_version(folders: Folders) -> str:
    """What the documents of a workspace are made by: the rules, and the reference data the rules look into."""
    extra = folders.reference
    return f"{PARSER_VERSION}/{hashlib.sha256(extra.read_bytes()).hexdigest()[:12] if extra else '-'}"


@dataclass(slots=True)
class _Run:
    """One run of ``take_in``: what it is given, what it knows, what it finds out."""

    folders: Folders
    ledger: Ledger
    executor: Executor
    aside: Path
    say: Progress
    parser: str
    names: Mapping[str, NameRow]
    contents: dict[str, ContentRow]
    read_now: set[str] = field(default_factory=set)
    removed: Mapping[str, str] = field(default_factory=dict)
    hashes: dict[str, str] = field(default_factory=dict)
    """The content of each path that is there, entries of archives included."""
    passed_over: list[str] = field(default_factory=list)
    """The paths of contents that a person took out of the store."""
    reports: list[FileReport] = field(default_factory=list)


def take_in(
    folders: Folders,
    ledger: Ledger,
    paths: Sequence[Path],
    *,
    prune: bool = False,
    jobs: int = 1,
    progress: Progress | None = None,
    source: str | None = None,
    limits: Limits | None = None,
    executor: Executor | None = None,
    before_names: Callable[[Sequence[str]], None] | None = None,
    removed: Mapping[str, str] | None = None,
) -> list[FileReport]:
    """Scans ``paths``, reads every content not yet read by these rules, and brings the ledger up to date.

    With ``prune``, names under the given folders that are no longer there are forgotten. ``source`` is the address all
    these files were collected from. ``executor`` does the reading, in place of ``jobs`` processes within ``limits``.
    ``before_names`` hears the paths that are about to become known, and with that visible to other writers.
    ``removed`` are the hashes of contents that are passed over, because a person took them out, with what is said then.
    """
    with scratch(folders) as aside, ProcessExecutor(jobs, limits, scratch=aside) as own:
        run = _Run(
            folders, ledger, executor or own, aside, progress or (lambda what, done, total: None),
            parser_version(folders), ledger.names(), ledger.contents(), removed=removed or {},
        )  # fmt: skip
        found, problems = scan(paths, apart_from=folders.root)
        run.reports += [FileReport(one.shown, "failed", one.code, one.message) for one in problems]
        if executor is None and (fresh := sum(item.path not in run.names for item in found)):
            packed = any(item.path.lower().endswith(".zip") for item in found)
            own.warm(jobs if packed else fresh)  # they start while files are hashed
        found = [item for item in _hash(run, found) if not _is_removed(run, item, run.hashes[item.path])]
        found += _read_found(run, found)
        _read_stale(run)
        if before_names:
            before_names([item.path for item in found])
        _record(run, found, paths, problems, prune=prune, source=source)
    return sorted(run.reports, key=lambda report: (report.file, report.status))


def _hash(run: _Run, found: Sequence[Found]) -> list[Found]:
    """The files that can be read, their hashes noted; one that has the size and time we know it by is not read."""
    readable = []
    for done, item in enumerate(found, 1):
        known = run.names.get(item.path)
        if known and (known.size, known.mtime_ns) == (item.size, item.mtime_ns):
            run.hashes[item.path] = known.sha256
        else:
            try:
                run.hashes[item.path] = hash_file(Path(item.place))
            except OSError as error:
                message = f"Không đọc được “{item.shown}”: {reason_of(error)}. Đề nghị kiểm tra rồi nạp lại."
                run.reports.append(FileReport(item.shown, "failed", "unreadable", message))
                continue
        readable.append(item)
        run.say("Kiểm tra tệp", done, len(found))
    return readable


def _is_removed(run: _Run, item: Found, sha: str) -> bool:
    """Whether a person took this content out; the report then says so."""
    if sha not in run.removed:
        return False
    run.hashes.pop(item.path, None)
    run.passed_over.append(item.path)
    run.reports.append(FileReport(item.shown, "removed", "deleted", f"“{item.shown}” {run.removed[sha]}"))
    return True


def _read_found(run: _Run, found: Sequence[Found]) -> list[Found]:
    """Reads what is new among ``found``; gives the entries of the archives among them, read as well."""
    _read(run, {run.hashes[item.path]: item for item in reversed(found)})
    archives = [item for item in found if run.contents[run.hashes[item.path]].code == passing.ARCHIVE]
    inside: list[Found] = []
    for item in archives:
        inside.extend(_look_into(run, item))
    if inside:
        _read(run, {run.hashes[item.path]: item for item in reversed(inside)})
    return inside


def _read(run: _Run, wanted: Mapping[str, Found]) -> None:
    """Reads the contents that the ledger does not know as read by the present rules."""
    tasks = [
        _task(run, sha, item)
        for sha, item in wanted.items()
        if passing.must_read(run.contents.get(sha), run.parser, run.folders.document(sha))
    ]
    tasks.reverse()
    _perform(run, tasks, "Đọc văn bản")


def _task(run: _Run, sha: str, item: Found) -> Task:
    _, inside = split_member(item.path)
    known = run.contents.get(sha)
    return Task(
        sha,
        "read",
        {
            "sha256": sha,
            "place": item.place if not inside else item.place.partition(INSIDE)[0],
            "inside": inside,
            "shown": item.shown,
            "root": str(run.folders.root.absolute()),
            "aside": str(run.aside),
            "reference": str(run.folders.reference.absolute()) if run.folders.reference else None,
            "parser_version": run.parser,
            "anew": known is not None and passing.wants_ocr(known),
        },
    )


def _read_stale(run: _Run) -> None:
    """What is held and was read by older rules is read again, from the workspace: its source may be gone."""
    here = set(run.hashes.values())
    held = {name.sha256: name for name in run.names.values() if name.sha256 not in here}
    stale = {}
    for sha, name in held.items():
        row = run.contents.get(sha)
        if row is None or row.status != "read" or not run.folders.original(sha).exists():
            continue
        if passing.must_read(row, run.parser, run.folders.document(sha)):
            original = str(run.folders.original(sha))
            stale[sha] = Found(original, original, name.shown, name.root, name.size, name.mtime_ns)
    _perform(run, [_task(run, sha, item) for sha, item in sorted(stale.items())], "Đọc lại theo quy tắc mới")


def _perform(run: _Run, tasks: Sequence[Task], what: str) -> None:
    """Runs read tasks; the ledger learns of results in small batches, and of all of them whatever happens."""
    if not tasks:
        return
    waiting: list[ContentRow] = []
    last = time.monotonic()

    def flush() -> None:
        nonlocal last
        if waiting:
            run.ledger.record_contents(waiting)
            waiting.clear()
        last = time.monotonic()

    def tell(task: Task, doing: str, done: int, total: int) -> None:
        run.say(f"{doing}: {Path(task.given['shown']).name}", done, total)

    run.say(what, 0, len(tasks))
    try:
        for done, answer in enumerate(run.executor.run(tasks, tell=tell), 1):
            row = _row(run, answer)
            run.contents[row.sha256] = row
            run.read_now.add(row.sha256)
            waiting.append(row)
            if time.monotonic() - last > _FLUSH_SECONDS:
                flush()
            run.say(what, done, len(tasks))
    finally:
        flush()


def _row(run: _Run, answer: Answer) -> ContentRow:
    if answer.failure is None:
        return ContentRow(**answer.result)
    shown, sha = answer.task.given["shown"], answer.task.given["sha256"]
    return ContentRow(
        sha, "failed", answer.failure, passing.failure_message(answer.failure, shown, answer.result.get("error")),
        parser_version=run.parser, seconds=round(answer.seconds, 3),
    )  # fmt: skip


# --- Archives --------------------------------------------------------------------------------------------------------


def _look_into(run: _Run, item: Found) -> Iterator[Found]:
    """The entries of one archive that can be read; those that cannot get their line in the report."""
    sha = run.hashes[item.path]
    row = run.contents[sha]
    if row.status != "archive":
        answer = next(iter(run.executor.run([Task(sha, "list", {"place": item.place, "shown": item.shown})])))
        row, members = _listed(run, item, row, answer)
        run.ledger.record_members(sha, members)
        run.ledger.record_contents([row])
        run.contents[sha] = row
        run.read_now.add(sha)
    for member in run.ledger.members(sha) if row.status == "archive" else ():
        shown, path = f"{item.shown}{INSIDE}{member.name}", f"{item.path}{INSIDE}{member.name}"
        if member.code:
            status: FileStatus = "refused" if member.code in passing.REFUSED else "failed"
            run.reports.append(FileReport(shown, status, member.code, member.message))
            continue
        inside = replace(item, path=path, place=f"{item.place}{INSIDE}{member.name}", shown=shown)
        if not _is_removed(run, inside, member.sha256):
            run.hashes[path] = member.sha256
            yield inside


def _listed(run: _Run, item: Found, row: ContentRow, answer: Answer) -> tuple[ContentRow, list[MemberRow]]:
    said = answer.result
    if answer.failure:
        message = passing.failure_message(answer.failure, item.shown, said.get("error"))
        return replace(row, status="failed", code=answer.failure, message=message), []
    if "code" in said:
        return replace(row, status=said["status"], code=said["code"], message=said["message"]), []
    members = [MemberRow(**member) for member in said["members"] or ()]
    return replace(row, status="archive", code=passing.ARCHIVE, message=""), members


# --- What the ledger learns -----------------------------------------------------------------------------------------


def _record(
    run: _Run,
    found: Sequence[Found],
    paths: Sequence[Path],
    problems: Sequence[ScanProblem],
    *,
    prune: bool,
    source: str | None,
) -> None:
    taken: list[NameRow] = []
    refused: list[str] = [path for path in run.passed_over if path in run.names]
    for item in found:
        sha = run.hashes[item.path]
        row = run.contents[sha]
        provenance = _provenance(item, source, run.names.get(item.path))
        if row.status == "refused":
            refused.append(item.path)
        else:
            taken.append(item.row(sha, provenance))
        if row.status != "archive":
            status = _status(row, run.names.get(item.path), sha in run.read_now)
            read_now = sha in run.read_now
            run.reports.append(of_content(item.shown, status, row, source=provenance.source, read_now=read_now))
    here = {item.path for item in found} | set(run.passed_over)
    gone = _gone(run.names, here, problems, paths) if prune else []
    fresh = [row for row in taken if run.names.get(row.path) != row]
    if fresh or gone or refused:
        run.ledger.record_names(fresh, [*gone, *refused])
    for path in gone:
        if run.contents.get(run.names[path].sha256, _NOTHING).status != "archive":
            message = "Tệp không còn trong thư mục nguồn; đã gỡ khỏi kho."
            run.reports.append(FileReport(run.names[path].shown, "removed", "pruned", message))


_NOTHING = ContentRow("", "failed")


def _provenance(item: Found, source: str | None, known: NameRow | None) -> Provenance:
    outer, _ = split_member(item.place)
    told = provenance_of(Path(outer), source)
    if not told.source and known is not None:  # said once, remembered
        return Provenance(known.source, told.collected or known.collected)
    return told


def _status(row: ContentRow, known: NameRow | None, read_now: bool) -> FileStatus:
    if row.status in ("failed", "refused"):
        return "refused" if row.status == "refused" else "failed"
    if known is None:
        return "new"
    return "unchanged" if known.sha256 == row.sha256 and not read_now else "updated"


def _gone(
    names: Mapping[str, NameRow], here: set[str], problems: Sequence[ScanProblem], paths: Iterable[Path]
) -> list[str]:
    """Names under the given folders that are no longer there. A folder that cannot be read loses nothing."""
    if any(problem.code in ("missing", "unreadable") for problem in problems):
        return []
    roots = [path.absolute() for path in paths]
    return sorted(
        path
        for path in names
        if path not in here and any(Path(split_member(path)[0]).is_relative_to(root) for root in roots)
    )


def resolve_workspace(folders: Folders, ledger: Ledger, curated: Curated, threshold: float) -> Resolution:
    """Resolution over all that a workspace holds."""
    held, reference = held_files(folders, ledger), load_reference(folders.reference)
    return resolve(held, reference, curated=curated, threshold=threshold, aside=folders.root)

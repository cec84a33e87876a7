"""Every error this system raises on purpose.

PolicyKGError
├── ReadError            a file cannot be read: names the file, the reason, the next step
│   └── RefusedFile      the file is readable but must not be taken in (secrecy mark, encryption)
├── WorkspaceError       the data folder is missing, damaged, read-only or full
│   └── WorkspaceLocked  another process is writing; says which, and since when
├── NumberNotFound       no work has this number; carries the nearest ones
├── AmbiguousNumber      several works have this number; carries them
├── TextNotHeld          the document is only cited: there is nothing to read or compare
├── QueryError           a SPARQL query is not acceptable
│   ├── QueryRefused     it asks for what this endpoint never does (update, SERVICE, LOAD)
│   ├── QueryTimeout     it ran over its time
│   └── QueryOverload    too many queries wait
├── RequestError         what is asked cannot be done as it is asked: a bad value, nothing to undo
├── IndexMismatch        a search index was made by another encoder or version
└── MissingDependency    an optional library or system program is not installed

Core code raises these; the command line turns them into exit codes, HTTP into problem documents.
No error here knows an exit code or a status.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.model import WorkSummary

__all__ = [
    "AmbiguousNumber",
    "IndexMismatch",
    "MissingDependency",
    "NumberNotFound",
    "PolicyKGError",
    "QueryError",
    "QueryOverload",
    "QueryRefused",
    "QueryTimeout",
    "ReadError",
    "RefusedFile",
    "RequestError",
    "TextNotHeld",
    "WorkspaceError",
    "WorkspaceLocked",
]


class PolicyKGError(Exception):
    """Root of all our errors. The message names the value, the place and the next step."""


class ReadError(PolicyKGError):
    """A file cannot be read. ``code`` is a stable short name for reports ("empty", "binary", …)."""

    def __init__(self, message: str, *, code: str = "unreadable") -> None:
        super().__init__(message)
        self.code = code


class RefusedFile(ReadError):
    """A file that must not be taken in; nothing of it is stored."""


class WorkspaceError(PolicyKGError):
    """The data folder cannot be used."""


class WorkspaceLocked(WorkspaceError):
    """Another process is writing to the workspace."""


class NumberNotFound(PolicyKGError):
    """No work bears this number."""

    def __init__(self, number: str, nearest: Sequence[str] = ()) -> None:
        hint = f" Gần nhất: {', '.join(nearest)}." if nearest else ""
        super().__init__(f"Không có văn bản nào mang số “{number}” trong kho.{hint}")
        self.number = number
        self.nearest = tuple(nearest)


class AmbiguousNumber(PolicyKGError):
    """Several works bear this number: the caller must choose."""

    def __init__(self, number: str, candidates: Sequence[WorkSummary]) -> None:
        super().__init__(f"Có {len(candidates):02d} văn bản cùng số {number}. Đề nghị chọn văn bản cần xem.")
        self.number = number
        self.candidates = tuple(candidates)


class TextNotHeld(PolicyKGError):
    """The work is known by citations alone; no file of it was taken in."""

    def __init__(self, name: str) -> None:
        super().__init__(f"Văn bản {name} mới chỉ được viện dẫn; kho chưa có toàn văn. Hãy nạp tệp: kg ingest TỆP.")
        self.name = name


class QueryError(PolicyKGError):
    """A SPARQL query that cannot be answered."""


class QueryRefused(QueryError):
    """The query asks for an operation that is never allowed here."""


class QueryTimeout(QueryError):
    """The query was stopped at its time limit."""


class QueryOverload(QueryError):
    """Too many queries are waiting; try again later."""


class RequestError(PolicyKGError):
    """What a person asks for cannot be done as it is asked; the message says what to give instead."""


class IndexMismatch(PolicyKGError):
    """The search index on disk was made by another encoder or version."""


class MissingDependency(PolicyKGError):
    """A library or program that this job needs is not installed."""

"""Page images on demand: a page of a held or named file, drawn in a process of its own with limits."""

from __future__ import annotations

from pathlib import Path

from ingest.executor import Limits, Task, run_one
from kg.errors import ReadError

__all__ = ["page_image"]

_LIMITS = Limits(seconds=30.0, memory_mb=1536)


def page_image(path: Path, page: int, *, dpi: int = 110) -> bytes:
    """Page ``page`` (from 1) of a PDF or picture file as PNG: ``page_image(folders.original(sha), 3)``.

    Some 0.4 s, most of it the start of the process that keeps a broken file from hurting this one. Raises
    ``ReadError``: "no_page", "unsupported" (text has no pages), "missing", "damaged", "crashed".
    """
    given = {"place": str(path), "shown": path.name, "page": page, "dpi": dpi}
    answer = run_one(Task("page", "page", given), _LIMITS)
    if answer.failure:
        raise ReadError(f"Không vẽ được trang {page} của “{path.name}” ({answer.failure}).", code="crashed")
    if "error" in answer.result:
        raise ReadError(answer.result["error"], code=answer.result["code"])
    return answer.data

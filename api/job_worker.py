"""The process of one job: ``python -m api.job_worker DATA_FOLDER JOB``. Not to be called by people."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from api import audit
from api.jobs import Jobs
from kg.errors import PolicyKGError

__all__ = ["run"]

_TOLD_EVERY = 0.3
"""Seconds between two notes on how far the job is."""


def run(root: Path, ident: str) -> int:
    """Takes in the files of a job, as ``kg ingest`` does; 0 when the job has its report, good or bad."""
    jobs = Jobs(root)
    job = jobs.get(ident)
    if job is None:
        return 1
    jobs.begin(ident, os.getpid())
    last = 0.0

    def progress(what: str, done: int, total: int) -> None:
        nonlocal last
        if done == total or time.monotonic() - last > _TOLD_EVERY:
            last = time.monotonic()
            jobs.progress(ident, what, done, total)

    try:
        from api.changes import ingest
        from api.holdings import discard_refused, replace_held, works_of

        report = ingest(
            root,
            [Path(path) for path in job["paths"]],
            prune=False,
            jobs=1,
            progress=progress,
            on_wait=lambda message: jobs.progress(ident, message, 0, 0),
            internal=bool(job["options"].get("internal")),
            again=True,
        )
    except PolicyKGError as error:
        jobs.finish(ident, "failed", {"error": str(error)})
        return 0
    except Exception as error:  # the report must say so, whatever it was
        jobs.finish(ident, "failed", {"error": f"Có lỗi ngoài dự kiến ({type(error).__name__})."})
        return 1
    paths = [Path(path) for path in job["paths"]]
    discard_refused(paths, report)
    if report.clean and job["options"].get("replaces"):
        replace_held(root, job["options"]["replaces"], paths, by=job["user"])
    record = report.record() | {"documents": works_of(root, paths)}
    jobs.finish(ident, "done" if report.clean else "failed", record)
    audit.record(root, by=job["user"], action=f"documents.{job['kind']}", about=ident, counts=dict(report.counts))
    return 0


if __name__ == "__main__":
    sys.exit(run(Path(sys.argv[1]), sys.argv[2]))

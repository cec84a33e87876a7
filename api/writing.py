"""Hangs into the application what writes: the guard at the door, sign-in, uploads with their jobs, review."""

from __future__ import annotations

from pathlib import Path

from fastapi import FastAPI

from api.accounts import Accounts
from api.guard import Guard
from api.jobs import JobRunner, Jobs
from api.routes import reviewing, signing_in, writing
from api.settings import Settings

__all__ = ["install_writing"]


def install_writing(app: FastAPI, folder: Path) -> None:
    """Adds the routes that change the workspace in ``folder``. To be called last: the guard stands before all else."""
    settings = Settings()
    app.state.accounts = Accounts(folder)
    app.state.jobs = Jobs(folder)
    app.state.job_runner = JobRunner(app.state.jobs)
    app.include_router(signing_in.router)
    app.include_router(writing.router, prefix="/api")
    app.include_router(reviewing.router, prefix="/api")
    app.add_middleware(
        Guard, accounts=app.state.accounts, read_open=settings.read_open, upload_bytes=settings.upload_mb * 1_000_000
    )
    if app.state.jobs.waiting():
        app.state.job_runner.wake()

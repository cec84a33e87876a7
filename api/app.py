"""The HTTP application on one workspace. It keeps nothing open for writing and follows every new snapshot."""

from __future__ import annotations

from pathlib import Path

from fastapi import FastAPI

from api.problems import install_problems
from api.routes import documents, health, searching
from api.workspace import Workspace

__all__ = ["create_app"]


def create_app(folder: Path) -> FastAPI:
    """The application that serves the workspace in ``folder``, which may still be empty."""
    workspace = Workspace(folder)

    app = FastAPI(
        title="vanban-kg",
        description="Văn bản nào triển khai văn bản nào, qua đường nào, kèm câu trích dẫn.",
        docs_url=None,  # the stock page loads its scripts from another host
        redoc_url=None,
    )
    app.state.workspace = workspace
    install_problems(app)
    app.include_router(health.router)
    app.include_router(documents.router, prefix="/api")
    app.include_router(searching.router, prefix="/api")
    return app

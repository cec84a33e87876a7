"""The HTTP application on one workspace. It keeps nothing open for writing and follows every new snapshot."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI

from api.access import snapshot_of
from api.dumps import Dumps
from api.page_images import PageImages
from api.pages import install_pages
from api.problems import install_problems
from api.reading import OpenReading
from api.routes import comparing, covering, documents, facts, graph, health, linked, searching, sparql
from api.schemas import ERRORS
from api.settings import Settings
from api.sparql import Limits
from api.sparql_async import AsyncWorkerPool
from api.workspace import Workspace
from api.writing import install_writing
from kg.store import OxigraphStore

__all__ = ["create_app", "create_store_app"]


@asynccontextmanager
async def _pool_ends_with(app: FastAPI) -> AsyncIterator[None]:
    yield
    if hasattr(app.state, "job_runner"):
        app.state.job_runner.close()
    await app.state.pool.close()
    app.state.dumps.close()


def _opened(description: str) -> FastAPI:
    """What every application here has: one shape of errors, query workers, reading open to pages of other origins."""
    app = FastAPI(
        title="vanban-kg",
        docs_url=None,  # the stock page loads its scripts from another host
        redoc_url=None,
        responses=ERRORS,
        lifespan=_pool_ends_with,
        description=description,
    )
    app.state.pool = AsyncWorkerPool(Limits.of(Settings()))
    app.state.dumps = Dumps()
    install_problems(app)
    app.add_middleware(OpenReading)
    return app


def create_store_app(folder: Path) -> FastAPI:
    """SPARQL, read-only, on any Oxigraph folder; nobody may be writing to it. Raises WorkspaceError for another one."""
    app = _opened("SPARQL 1.1, chỉ đọc.")
    store = OxigraphStore.read_only(folder)
    app.state.source = lambda request: store
    app.include_router(sparql.router)
    app.include_router(health.store_router)
    return app


def create_app(folder: Path) -> FastAPI:
    """The application that serves the workspace in ``folder``, which may still be empty."""
    workspace = Workspace(folder)

    app = _opened("Văn bản nào triển khai văn bản nào, qua đường nào, kèm câu trích dẫn.")
    app.state.workspace = workspace
    app.state.source = snapshot_of
    app.state.page_images = PageImages()
    app.include_router(health.router)
    app.include_router(sparql.router)
    app.include_router(linked.router)
    app.include_router(documents.router, prefix="/api")
    app.include_router(facts.router, prefix="/api")
    app.include_router(comparing.router, prefix="/api")
    app.include_router(covering.router, prefix="/api")
    app.include_router(searching.router, prefix="/api")
    app.include_router(graph.router, prefix="/api")
    install_pages(app)
    install_writing(app, folder)
    return app

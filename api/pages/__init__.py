"""The pages people see: rendered here, working without JavaScript; ``install_pages`` hangs them into the app."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastapi import FastAPI

__all__ = ["STATIC", "install_pages"]

STATIC = Path(__file__).resolve().parents[1] / "static"


def install_pages(app: FastAPI) -> None:
    """Adds every page, the static files and the headers that keep a browser from asking any other host."""
    from starlette.middleware.gzip import GZipMiddleware

    from api.pages import (
        bodies,
        comparing,
        covering,
        documents,
        following,
        gatherings,
        graph,
        home,
        quality,
        reports,
        research,
        reviewing,
        tracing,
        uploading,
    )
    from api.pages.errors import error_page
    from api.pages.security import SecurityHeaders
    from api.pages.statics import StaticAssets

    reading = (home, documents, tracing, covering, comparing, gatherings, bodies, quality, graph, research)
    modules = (*reading, uploading, reports, reviewing, following)
    routers = [module.router for module in modules]
    for router in routers:
        app.include_router(router, include_in_schema=False)
    paths = {str(getattr(route, "path", "")) for router in routers for route in router.routes}
    app.state.error_page = error_page
    app.state.page_paths = frozenset(paths | {"/sparql"})
    app.mount("/static", StaticAssets(directory=STATIC), name="static")
    app.add_middleware(GZipMiddleware, minimum_size=1024, compresslevel=5)
    app.add_middleware(SecurityHeaders)

"""Static files under names that change with their content, so that a browser keeps them for good."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

__all__ = ["StaticAssets", "asset"]

_ROOT = Path(__file__).resolve().parents[1] / "static"


@lru_cache(maxsize=256)
def _digest(name: str, stamp: int) -> str:
    return hashlib.sha256((_ROOT / name).read_bytes()).hexdigest()[:10]


def asset(name: str) -> str:
    """The address of a static file: ``asset("app.css")`` → ``/static/app.css?v=3f0a…``."""
    return f"/static/{name}?v={_digest(name, (_ROOT / name).stat().st_mtime_ns)}"


class StaticAssets(StaticFiles):
    """Keeps what is asked for by its hash for a year; anything else is checked again each time."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        kept = b"v=" in scope.get("query_string", b"")
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if kept else "no-cache"
        return response

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)

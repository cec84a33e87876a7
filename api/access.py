"""Who asks, and what that caller may see. Every route that reads takes its snapshot from here.

Whoever checks a session or a key puts the person into ``request.state.user``; without one the caller is anonymous and
reads the snapshot that knows of no internal document.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import Request

from api.workspace import Workspace
from kg.catalog_cascade import prepare

if TYPE_CHECKING:
    from kg.catalog import Catalog
    from kg.snapshots import Snapshot

__all__ = ["anonymous", "catalog_of", "snapshot_of", "workspace_of"]


def anonymous(request: Request) -> bool:
    """True for a caller who did not sign in."""
    return getattr(request.state, "user", None) is None


def workspace_of(request: Request) -> Workspace:
    """The workspace that this application serves."""
    workspace = request.app.state.workspace
    assert isinstance(workspace, Workspace)
    return workspace


def snapshot_of(request: Request) -> Snapshot:
    """The newest snapshot that the caller may see."""
    return workspace_of(request).snapshot(public=anonymous(request))


def catalog_of(request: Request) -> Catalog:
    """Look-ups on what the caller may see."""
    catalog = workspace_of(request).catalog(public=anonymous(request))
    prepare(catalog.store, catalog.iris)
    return catalog

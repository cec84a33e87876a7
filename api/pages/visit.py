"""One request to a page: who asks, in which language, what they may see; and what is worked out once per snapshot."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Coroutine, Hashable
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlencode

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from api.access import anonymous, workspace_of
from api.held_texts import HeldTexts, hidden_words
from api.workspace import Workspace
from kg.catalog import Catalog
from kg.errors import PolicyKGError
from kg.iris import Iris
from kg.snapshots import Snapshot

__all__ = ["PageRoute", "Visit", "visit"]

_T = TypeVar("_T")
_KEPT = 400


class _Memory:
    """Results by snapshot and question; what belongs to snapshots that are gone falls out as new results come."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, Any] = OrderedDict()

    def get(self, key: Hashable, make: Callable[[], _T]) -> _T:
        try:
            self._kept.move_to_end(key)
            found: _T = self._kept[key]
            return found
        except KeyError:
            made = make()
        self._kept[key] = made
        while len(self._kept) > _KEPT:
            try:
                self._kept.popitem(last=False)
            except KeyError:  # another thread was faster
                break
        return made


@dataclass(frozen=True, slots=True)
class Visit:
    """What a page needs. ``public``: the caller did not sign in and sees nothing internal."""

    request: Request
    workspace: Workspace
    snapshot: Snapshot
    iris: Iris
    catalog: Catalog
    public: bool
    memory: _Memory

    def once(self, name: str, make: Callable[[], _T], *more: Hashable) -> _T:
        """A result that holds as long as the snapshot does, for callers who see the same."""
        return self.memory.get((self.snapshot.folder.name, self.snapshot.current.version, name, *more), make)

    @property
    def texts(self) -> HeldTexts:
        """The texts of held documents as this caller may see them."""
        hidden = self.once("hidden words", lambda: hidden_words(self.workspace, public=self.public))
        return HeldTexts(self.workspace, public=self.public, catalog=self.catalog, hidden=hidden)

    def with_query(self, **changes: object) -> str:
        """This page's address with other query values; None takes one out."""
        kept = [(name, value) for name, value in parse_qsl(self.request.url.query) if name not in changes]
        kept += [(name, str(value)) for name, value in changes.items() if value is not None]
        return f"{self.request.url.path}?{urlencode(kept)}" if kept else self.request.url.path


def visit(request: Request) -> Visit:
    """The visit behind a request. Raises WorkspaceError when nothing was ever taken in."""
    workspace = workspace_of(request)
    public = anonymous(request)
    snapshot = workspace.snapshot(public=public)
    iris = Iris(snapshot.current.base)
    if not hasattr(request.app.state, "page_memory"):
        request.app.state.page_memory = _Memory()
    memory = request.app.state.page_memory
    return Visit(request, workspace, snapshot, iris, Catalog(snapshot, iris), public, memory)


class PageRoute(APIRoute):
    """A route whose errors are pages for people, not problem documents for programs."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        answer = super().get_route_handler()

        async def handler(request: Request) -> Response:
            try:
                return await answer(request)
            except (PolicyKGError, HTTPException, RequestValidationError) as error:
                from api.pages.errors import error_page

                return error_page(request, error)

        return handler

"""Search over a data folder: ``search.open_index(folder).search("kế hoạch thi đua 2024")``.

``import search`` loads nothing heavy: each name below is fetched when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from search.documents import IndexedDocument
    from search.encoders import EncoderSettings, load_encoder
    from search.filters import Filters
    from search.index import SearchIndex, open_index
    from search.results import SearchResult

__all__ = [
    "EncoderSettings",
    "Filters",
    "IndexedDocument",
    "SearchIndex",
    "SearchResult",
    "load_encoder",
    "open_index",
]

_HOMES = {
    "EncoderSettings": "search.encoders",
    "Filters": "search.filters",
    "IndexedDocument": "search.documents",
    "SearchIndex": "search.index",
    "SearchResult": "search.results",
    "load_encoder": "search.encoders",
    "open_index": "search.index",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'search' has no attribute '{name}'")
    value: object = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})

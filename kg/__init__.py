"""The knowledge graph: values, identifiers, the store and what is asked of it.

``import kg`` loads nothing heavy: each name below is fetched when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.errors import PolicyKGError
    from kg.identifiers import parse_number
    from kg.rdf import open_graph
    from kg.snapshots import open_snapshot, write_session
    from kg.store import GraphStore, OxigraphStore
    from kg.terms import Iri, Lit
    from kg.vocab import ELI, VB

__all__ = [
    "ELI",
    "VB",
    "GraphStore",
    "Iri",
    "Lit",
    "OxigraphStore",
    "PolicyKGError",
    "open_graph",
    "open_snapshot",
    "parse_number",
    "write_session",
]

_HOMES = {
    "ELI": "kg.vocab",
    "VB": "kg.vocab",
    "GraphStore": "kg.store",
    "Iri": "kg.terms",
    "Lit": "kg.terms",
    "OxigraphStore": "kg.store",
    "PolicyKGError": "kg.errors",
    "open_graph": "kg.rdf",
    "open_snapshot": "kg.snapshots",
    "parse_number": "kg.identifiers",
    "write_session": "kg.snapshots",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'kg' has no attribute '{name}'")
    value: object = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})

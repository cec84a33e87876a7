"""The graph as rdflib sees it, for notebooks and scripts: ``kg.open_graph()``."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from kg.snapshots import open_snapshot
from kg.vocab import PREFIXES

if TYPE_CHECKING:
    import rdflib

__all__ = ["open_graph"]


def open_graph(workspace: Path | str | None = None) -> rdflib.Dataset:
    """The newest state of a data folder as an rdflib ``Dataset``, read-only, all graphs as one.

    ``workspace`` defaults to KG_WORKSPACE, then ``./kg-data``. Queries are run by Oxigraph, not by rdflib, and nothing
    is fetched. What is written later shows in a dataset opened later::

        >>> graph = kg.open_graph("kg-data")
        >>> for row in graph.query("SELECT ?plan { ?plan eli:ensures_implementation_of ?call }"): ...

    Plain strings come back typed: compare them with ``.eq()`` or by ``str``. Do not run untrusted queries here: they
    have no limits, and SERVICE would go out to the network.
    """
    import oxrdflib
    import rdflib

    folder = Path(workspace or os.environ.get("KG_WORKSPACE") or "kg-data")
    snapshot = open_snapshot(folder)
    store = oxrdflib.OxigraphStore(store=snapshot.raw)
    dataset = rdflib.Dataset(store=store, default_union=True)
    for prefix, iri in PREFIXES.items():
        dataset.bind(prefix, iri)
    # The snapshot must not be cleared away while the dataset lives.
    dataset.__dict__["snapshot"] = snapshot
    return dataset

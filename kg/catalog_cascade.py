"""The links of every cascade of one snapshot in memory, for a process that answers many traces: a server.

Made beside the first requests (some 50 µs a link); until then, and on the command line, the store is asked. A cascade
then costs what its quotes cost, not a look-up of six fields for each link that arrives.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any
from weakref import WeakKeyDictionary, WeakSet

from kg.cascade import CascadeLink, Strength
from kg.catalog_table import table_of
from kg.iris import Iris
from kg.store import GraphStore
from kg.terms import Iri, Lit, term_text
from kg.vocab import LINK_PREDICATES, RDF, VB

__all__ = ["known_links", "prepare"]

_RELATIONS: dict[str, Strength] = {
    str(LINK_PREDICATES["implements"]): "implements",
    str(LINK_PREDICATES["follows"]): "follows",
}
_STATUSES = {str(VB.Effective): "effective", str(VB.Orphaned): "orphaned"}
_ready: WeakKeyDictionary[Any, dict[str, list[CascadeLink]]] = WeakKeyDictionary()
_begun: WeakSet[Any] = WeakSet()


def prepare(store: GraphStore, iris: Iris) -> None:
    """Makes the list of works and the links of one snapshot beside what else is going on, if nobody has begun to."""
    if store not in _begun:
        _begun.add(store)
        threading.Thread(target=_make, args=(store, iris), daemon=True).start()


def known_links(store: GraphStore, keys: Collection[str]) -> list[CascadeLink] | None:
    """The links that arrive at these works, by id and without quotes; None while they are not in memory."""
    links = _ready.get(store)
    if links is None:
        return None
    return sorted((link for key in set(keys) for link in links.get(key, ())), key=lambda link: link.id or "")


def _make(store: GraphStore, iris: Iris) -> None:
    table_of(store, iris)
    _ready[store] = _links(store, iris)


def _links(store: GraphStore, iris: Iris) -> dict[str, list[CascadeLink]]:
    """Object key → links, from one pass for each property: without joins, which take three times as long."""
    relation = {link: _RELATIONS[value] for link, value in _values(store, RDF.predicate) if value in _RELATIONS}
    told: list[dict[str, str]] = []
    for predicate in (RDF.subject, RDF.object, VB.confidence, VB.place, VB.status):
        told.append({link: value for link, value in _values(store, predicate) if link in relation})
    subjects, objects, confidences, places, statuses = told
    arriving: dict[str, list[CascadeLink]] = defaultdict(list)
    for link in sorted(relation):
        subject, target = iris.key_of(subjects.get(link, "")), iris.key_of(objects.get(link, ""))
        status = _STATUSES.get(statuses.get(link, ""))
        if subject and target and status and link in confidences and link in places:
            arriving[target].append(
                CascadeLink(
                    subject=subject,
                    relation=relation[link],
                    object=target,
                    place="opening" if places[link].endswith("/opening") else "body",
                    confidence=float(confidences[link]),
                    status=status,
                    evidence=None,
                    id=link,
                )
            )
    return dict(arriving)


def _values(store: GraphStore, predicate: Iri) -> Iterable[tuple[str, str]]:
    for row in store.query(f"SELECT ?l ?v {{ ?l {term_text(predicate)} ?v }}"):
        value = row["v"]
        yield str(row["l"]), value.value if isinstance(value, Lit) else str(value)

"""The cascade of a directive: which documents carry it out, by which path, with the sentence that says so.

"Which plans implement X": every document with an effective ``implements`` or ``follows`` link to X (direct when the
link stands in the opening, in_body otherwise), and every document that reaches X through such links (through).
One row per document, its strongest way; the two relations are counted apart, never as one number.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import networkx as nx

__all__ = ["CascadeLink", "Evidence", "Implementing", "cascade", "counts"]

How = Literal["direct", "in_body", "through"]
Strength = Literal["implements", "follows"]

DEEPEST = 12
"""Hops beyond which a chain is not followed: central → province → district → commune needs four."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """The sentence behind a link, with its place in the citing document's canonical text."""

    quote: str
    start: int
    end: int
    page: int


@dataclass(frozen=True, slots=True)
class CascadeLink:
    """One effective link as the store holds it; keys are base-free."""

    subject: str
    relation: Strength
    object: str
    place: Literal["opening", "body"]
    confidence: float
    status: str
    evidence: Evidence | None
    id: str | None = None
    """The IRI of the link, by which its quotes can be asked for later."""

    @property
    def rank(self) -> tuple[bool, bool, float]:
        """Weaker links sort first: in the body before in the opening, follows before implements."""
        return (self.place == "opening", self.relation == "implements", self.confidence)


@dataclass(frozen=True, slots=True)
class Implementing:
    """One document that carries out the directive: ``hops`` lead from it to the directive."""

    work: str
    how: How
    hops: tuple[CascadeLink, ...]
    other_paths: int = 0

    @property
    def weakest(self) -> Strength:
        """The weaker of the relations on the way: one "quán triệt" makes the whole path a following one."""
        return "follows" if any(hop.relation == "follows" for hop in self.hops) else "implements"

    @property
    def confidence(self) -> float:
        """The least sure hop."""
        return min(hop.confidence for hop in self.hops)

    @property
    def between(self) -> tuple[str, ...]:
        """The works passed on the way, nearest first, without both ends."""
        return tuple(hop.object for hop in self.hops[:-1])


Incoming = Callable[[Collection[str]], Iterable[CascadeLink]]
"""Gives the effective ``implements`` and ``follows`` links that point at any of the given works."""


def cascade(root: str, incoming: Incoming) -> tuple[Implementing, ...]:
    """All documents that carry out ``root``, nearest first; deterministic. Cycles are followed once."""
    links = _reachable(root, incoming)
    best: dict[tuple[str, str], CascadeLink] = {}
    for link in links:
        ends = (link.subject, link.object)
        if ends not in best or link.rank > best[ends].rank:
            best[ends] = link
    graph = nx.DiGraph()
    graph.add_node(root)
    graph.add_edges_from(best)
    distance = nx.single_source_shortest_path_length(graph.reverse(copy=False), root)
    steps = _next_steps(graph, distance, best)
    ways = _path_counts(graph, root, distance)
    rows = []
    for work in steps:
        hops = []
        at = work
        while at != root:
            hops.append(best[at, steps[at]])
            at = steps[at]
        how: How = "through" if len(hops) > 1 else "direct" if hops[0].place == "opening" else "in_body"
        rows.append(Implementing(work, how, tuple(hops), ways[work] - 1))
    order = {"direct": 0, "in_body": 1, "through": 2}
    return tuple(sorted(rows, key=lambda row: (order[row.how], len(row.hops), row.work)))


def _reachable(root: str, incoming: Incoming) -> list[CascadeLink]:
    """Breadth first, one question to the store per level."""
    found: list[CascadeLink] = []
    seen = {root}
    level: set[str] = {root}
    for _ in range(DEEPEST):
        arriving = [link for link in incoming(sorted(level)) if link.subject != root]
        found.extend(arriving)
        level = {link.subject for link in arriving} - seen
        seen |= level
        if not level:
            break
    return found


def _next_steps(
    graph: nx.DiGraph, distance: Mapping[str, int], best: Mapping[tuple[str, str], CascadeLink]
) -> dict[str, str]:
    """For each document the next work on its best way to the root: fewest hops, then the strongest link."""
    steps: dict[str, str] = {}
    for work in sorted(distance):
        if not distance[work]:
            continue
        nearer = [target for target in graph.successors(work) if distance[target] == distance[work] - 1]
        steps[work] = max(sorted(nearer, reverse=True), key=lambda target: best[work, target].rank)
    return steps


def _path_counts(graph: nx.DiGraph, root: str, distance: Mapping[str, int]) -> dict[str, int]:
    """How many ways lead from each document to the directive; where papers cite each other, only ways that near it."""
    if not nx.is_directed_acyclic_graph(graph):
        nearer = [(one, other) for one, other in graph.edges if distance[other] < distance[one]]
        graph = graph.edge_subgraph(nearer)
    ways = {root: 1}
    for work in reversed(list(nx.topological_sort(graph))):
        if work != root:
            ways[work] = sum(ways.get(target, 0) for target in graph.successors(work))
    return ways


def counts(rows: Iterable[Implementing]) -> dict[str, int]:
    """How many rows of each ``how``, and of each strength, for a heading."""
    tally: dict[str, int] = defaultdict(
        int, dict.fromkeys(("direct", "in_body", "through", "implements", "follows"), 0)
    )
    for row in rows:
        tally[row.how] += 1
        tally[row.weakest] += 1
    return dict(tally)

"""What is open in a picture of the graph, as an address says it, and the nodes that follow from it.

The address is the whole state: a shared link, the back button and a page without JavaScript all show the same set.
``node=tw/ct/2014/34&open=tw/ct/2014/34~in.implements`` opens what carries the directive out;
``…~in.implements~commune.ke-hoach~62`` shows 62 of its commune plans, which stand together as one node otherwise.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kg.catalog import Catalog
from kg.neighbours import STEPS, neighbours, step_counts

__all__ = ["LEAVES", "MOST", "PAGE", "Group", "Grown", "Open", "State", "default_opens", "grow"]

MOST = 300
"""Nodes that are shown without asking."""
FIRST = 150
"""Nodes up to which a picture opens further by itself when it is first shown."""
LEAVES = 12
"""Documents of one kind and level, on which nothing rests, before the rest stand as one node."""
PAGE = 50
_BELOW = ("in.implements", "in.follows")
_ABOVE = ("out.implements", "out.follows")
_COUNTED = 2_000
"""Neighbours up to which it is asked what rests on each of them."""


@dataclass(frozen=True, slots=True)
class Open:
    """One opened step of one node; with ``group``, how many of a group of leaves are shown."""

    node: str
    step: str
    group: str | None = None
    shown: int = LEAVES

    @property
    def text(self) -> str:
        """As it stands in an address."""
        return "~".join((self.node, self.step, *((self.group, str(self.shown)) if self.group else ())))

    @classmethod
    def parse(cls, text: str) -> Open | None:
        """The opened step that an address names; None for anything else."""
        parts = text.split("~")
        if len(parts) not in (2, 4) or parts[1] not in STEPS:
            return None
        if len(parts) == 2:
            return cls(parts[0], parts[1])
        node, step, group, shown = parts
        return cls(node, step, group, int(shown)) if shown.isascii() and shown.isdigit() and len(shown) < 6 else None


@dataclass(frozen=True, slots=True)
class State:
    """What an address asks for. ``opens`` None: the nearest cascade. ``hidden``: families of nodes left out."""

    starts: tuple[str, ...]
    opens: tuple[Open, ...] | None = None
    hidden: frozenset[str] = frozenset()
    most: int = MOST


@dataclass(frozen=True, slots=True)
class Group:
    """Leaves that stand as one node."""

    node: str
    step: str
    name: str
    level: str | None
    kind: str | None
    size: int
    shown: int

    @property
    def id(self) -> str:
        """Its id among the nodes; no work, campaign or body has such a one."""
        return f"+{self.node}~{self.step}~{self.name}"

    @property
    def more(self) -> Open:
        """What opens ``PAGE`` more of it."""
        return Open(self.node, self.step, self.name, self.shown + PAGE)


@dataclass(slots=True)
class Grown:
    """The nodes of a picture in the order they came, the groups, and what would have been too much."""

    nodes: dict[str, None] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    opens: list[Open] = field(default_factory=list)
    skipped: list[tuple[Open, int]] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    @property
    def size(self) -> int:
        """Nodes in all."""
        return len(self.nodes) + len(self.groups)


def grow(catalog: Catalog, state: State) -> Grown:
    """The nodes that a state shows. What would pass ``state.most`` is not opened but told in ``skipped``."""
    grown = Grown()
    counts = step_counts(catalog.store, catalog.iris, state.starts)
    for start in state.starts:
        if start in catalog.table.works or counts.get(start):
            grown.nodes[start] = None
        else:
            grown.missing.append(start)
    if state.opens is None:
        for start in tuple(grown.nodes):
            _default(catalog, grown, start, state.most)
        return grown
    sizes = {(one.node, one.step, one.group): one.shown for one in state.opens if one.group}
    for one in dict.fromkeys(Open(one.node, one.step) for one in state.opens):
        _open(catalog, grown, one, sizes, state.most)
    grown.opens += [one for one in state.opens if one.group and one.node in grown.nodes]
    return grown


def default_opens(catalog: Catalog, start: str) -> tuple[Open, ...]:
    """What a picture of ``start`` opens at first."""
    return tuple(grow(catalog, State((start,))).opens)


def _default(catalog: Catalog, grown: Grown, start: str, most: int) -> None:
    """The nearest cascade: what carries the start out, what carries that out, and what it rests on itself."""
    if ":" in start:
        _open(catalog, grown, Open(start, "documents"), {}, most)
        return
    before = len(grown.nodes)
    below: list[str] = []
    for step in _BELOW:
        below += _open(catalog, grown, Open(start, step), {}, most)
    for step in _ABOVE:
        _open(catalog, grown, Open(start, step), {}, most)
    counts = step_counts(catalog.store, catalog.iris, below)
    for node in below:
        for step in _BELOW:
            if counts[node].get(step) and grown.size < min(FIRST, most):
                _open(catalog, grown, Open(node, step), {}, min(FIRST, most), quiet=True)
    if len(grown.nodes) == before:
        told = step_counts(catalog.store, catalog.iris, [start])[start]
        for step in told:
            _open(catalog, grown, Open(start, step), {}, min(FIRST, most), quiet=True)


def _open(
    catalog: Catalog,
    grown: Grown,
    one: Open,
    sizes: Mapping[tuple[str, str, str], int],
    most: int,
    *,
    quiet: bool = False,
) -> list[str]:
    """Opens one step and gives what came newly; nothing when the node is not shown or it would be too much."""
    if one.node not in grown.nodes:
        return []
    found = neighbours(catalog.store, catalog.iris, one.node, one.step)
    fresh = [node for node in found if node not in grown.nodes]
    if not found:
        return []
    kept, groups = _gather(catalog, one, fresh, sizes)
    if grown.size + len(kept) + len(groups) > most:
        if not quiet:
            grown.skipped.append((one, grown.size + len(kept) + len(groups)))
        return []
    grown.opens.append(one)
    grown.nodes |= dict.fromkeys(kept)
    grown.groups |= {group.id: group for group in groups}
    # A document that stood in a group and is now shown by another way is counted out of it.
    for name, group in list(grown.groups.items()):
        if (group.node, group.step) != (one.node, one.step) and kept:
            inside = _members(catalog, group, kept)
            if inside and group.size > inside:
                grown.groups[name] = Group(group.node, group.step, group.name, group.level, group.kind,
                                           group.size - inside, group.shown)  # fmt: skip
            elif inside:
                del grown.groups[name]
    return kept


def _members(catalog: Catalog, group: Group, kept: Sequence[str]) -> int:
    same = [node for node in kept if ":" not in node and _class_of(catalog, node) == group.name]
    if not same:
        return 0
    return len(set(same) & set(neighbours(catalog.store, catalog.iris, group.node, group.step)))


def _class_of(catalog: Catalog, node: str) -> str:
    work = catalog.table.works.get(node)
    return f"{(work and work.summary.level) or 'none'}.{(work and work.kind) or 'none'}"


def _gather(
    catalog: Catalog, one: Open, fresh: Sequence[str], sizes: Mapping[tuple[str, str, str], int]
) -> tuple[list[str], list[Group]]:
    """What is shown by itself, and groups of the rest: leaves of one kind and level beyond the first of them."""
    resting: set[str] = set()
    if LEAVES < len(fresh) <= _COUNTED:
        counts = step_counts(catalog.store, catalog.iris, fresh)
        resting = {node for node, told in counts.items() if any(step in told for step in _BELOW)}
    classes: dict[str, list[str]] = defaultdict(list)
    kept = []
    for node in fresh:
        if ":" in node or node in resting:
            kept.append(node)
        else:
            classes[_class_of(catalog, node)].append(node)
    groups = []
    for name, members in sorted(classes.items()):
        members.sort(key=lambda node: _age(catalog, node))
        shown = sizes.get((one.node, one.step, name), LEAVES)
        if len(members) <= shown + 1:  # a group of one would take the room of the document it stands for
            kept += members
            continue
        kept += members[:shown]
        level, _, kind = name.partition(".")
        groups.append(
            Group(one.node, one.step, name, level if level != "none" else None, kind if kind != "none" else None,
                  len(members) - shown, shown)
        )  # fmt: skip
    return kept, groups


def _age(catalog: Catalog, node: str) -> tuple[str, str]:
    work = catalog.table.works.get(node)
    summary = work.summary if work else None
    day = (summary.date or summary.date_earliest) if summary else None
    return (day.isoformat() if day else "9", node)

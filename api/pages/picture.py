"""A small drawing of the nearest cascade for the page of a document: plain SVG, no script, every box a link.

Levels stand one under the other, so that the drawing fits beside the text; what a paper carries out stands above it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from markupsafe import Markup

from api.graphlayout import LEVELS, Layout, lay_out
from api.graphview import family_of_kind, work_title
from api.pages.formats import number_url, work_url
from api.pages.wording import Words
from kg.cascade import Implementing
from kg.kinds import kind_by_label
from kg.lineage import Ancestor
from kg.model import WorkSummary

__all__ = ["cascade_picture"]

_WIDE, _HIGH = 170, 70
_BOX, _TALL = 160, 42
_MOST = 3
"""Boxes of one level; where there are more documents, the last box counts the rest."""
_UP = 4
"""Documents above that are drawn at most."""
_LABEL = 17
_NUMBER, _BY, _YEAR = 21, 25, 6
"""Letters that a box has room for; a year takes its share."""
_CARRIES = ("implements", "follows")
_Edge = tuple[str, str, str]


def cascade_picture(
    key: str,
    works: Mapping[str, WorkSummary],
    rows: Sequence[Implementing],
    above: Iterable[Ancestor],
    lang: str = "vi",
) -> Markup:
    """What ``key`` carries out and what carries it out (``kg.cascade``, ``kg.lineage``), ready for a page; "" for
    a work that stands alone."""
    words = Words(lang)
    nodes, ranks = {key: works[key]}, {key: _rank(works[key])}
    edges: list[_Edge] = []
    for one, relation, other in list(_upwards(above))[:_UP]:
        if other in works and one in nodes:
            nodes.setdefault(other, works[other])
            ranks.setdefault(other, min(_rank(works[other]), ranks[one]))
            edges.append((one, relation, other))
    spare = _downwards(key, works, rows, nodes, edges)
    if not edges:
        return Markup("")
    ranks |= {name: _rank(work) for name, work in nodes.items() if name not in ranks}
    ranks |= {f"+{rank}": rank for rank in spare}
    ties = [(one, other) for one, _, other in edges] + [(f"+{rank}", key) for rank in spare]
    turned = lay_out(ranks, ties, wide=_HIGH, high=_WIDE, tall=_MOST + 2, stagger=0)
    places = {name: (across, down) for name, (down, across) in turned.places.items()}
    lines = [_line(places[one], places[other], relation) for one, relation, other in edges]
    boxes = [_box(name, work, places[name], name == key, words) for name, work in nodes.items()]
    boxes += [_more(places[f"+{rank}"], key, rank, count, words) for rank, count in spare.items()]
    label = words("picture.label", name=work_title(works[key], words), n=len(rows))
    return _sheet(turned, places, lines + boxes, label, words)


def _upwards(above: Iterable[Ancestor]) -> Iterator[_Edge]:
    """The links by which a paper carries others out, the nearest first."""
    level = list(above)
    while level:
        nearest = [one for one in level if one.step.relation in _CARRIES]
        yield from ((one.step.subject, one.step.relation, one.key) for one in nearest)
        level = [higher for one in nearest for higher in one.above]


def _downwards(
    key: str,
    works: Mapping[str, WorkSummary],
    rows: Sequence[Implementing],
    nodes: dict[str, WorkSummary],
    edges: list[_Edge],
) -> dict[int, int]:
    """Adds who carries ``key`` out; gives how many of each level had no room. Those that others go through come first,
    so that no way is left without its middle."""
    passed = {hop.object for row in rows for hop in row.hops}
    levels: dict[int, list[Implementing]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row.work not in passed, len(row.hops))):
        if row.work in works and row.work not in nodes:
            levels[_rank(works[row.work])].append(row)
    spare: dict[int, int] = {}
    for rank, found in levels.items():
        room = _MOST if len(found) <= _MOST else _MOST - 1
        for row in found[:room]:
            nodes[row.work] = works[row.work]
        if len(found) > room:
            spare[rank] = len(found) - room
    for row in rows:
        hop = row.hops[0]
        target = hop.object if hop.object in nodes else key
        if row.work in nodes and row.work != key and (row.work, target) not in {(a, c) for a, _, c in edges}:
            edges.append((row.work, hop.relation, target))
    return spare


def _sheet(
    turned: Layout, places: Mapping[str, tuple[float, float]], drawn: list[Markup], label: str, words: Words
) -> Markup:  # fmt: skip
    xs, ys = [x for x, _ in places.values()], [y for _, y in places.values()]
    left, right = min(xs) - _BOX / 2 - 4, max(xs) + _BOX / 2 + 4
    top, low = min(ys) - _TALL / 2 - _LABEL - 2, max(ys) + _TALL / 2 + 4
    heads = [
        Markup('<text class="pic-level" x="{:.0f}" y="{:.0f}">{}</text>').format(
            left + 4, column.left + _HIGH / 2 - _TALL / 2 - 6,
            words(f"level.{LEVELS[column.rank]}" if column.rank < len(LEVELS) else "level.none"),
        )
        for column in turned.columns
    ]  # fmt: skip
    return Markup(
        '<svg class="cascade-picture" role="group" aria-label="{}" xmlns="http://www.w3.org/2000/svg" width="{:.0f}"'
        ' height="{:.0f}" viewBox="{:.0f} {:.0f} {:.0f} {:.0f}">{}</svg>'
    ).format(label, right - left, low - top, left, top, right - left, low - top,
             Markup("").join([*heads, *drawn]))  # fmt: skip


def _box(key: str, work: WorkSummary, at: tuple[float, float], current: bool, words: Words) -> Markup:
    kind = kind_by_label(work.kind or "")
    family = family_of_kind(kind.slug if kind else None)
    year = str(work.date.year) if work.date else ""
    by = ", ".join(filter(None, (_cut(_short(work.issuer or ""), _BY - _YEAR * bool(year)), year)))
    x, y = at[0] - _BOX / 2, at[1] - _TALL / 2
    title = "\n".join(filter(None, (work_title(work, words), work.issuer, work.title)))
    state = f"pic-box{' pic-here' if current else ''}{'' if work.file else ' pic-stub'}"
    return Markup(
        '<a href="{}"{}><title>{}</title>'
        '<rect class="{}" x="{:.0f}" y="{:.0f}" width="{}" height="{}" rx="3"/>'
        '<rect class="pic-{}" x="{:.0f}" y="{:.0f}" width="5" height="{}"/>'
        '<text class="pic-number" x="{:.0f}" y="{:.0f}">{}</text>'
        '<text class="pic-by" x="{:.0f}" y="{:.0f}">{}</text></a>'
    ).format(work_url(key), Markup(' aria-current="page"') if current else "", title, state, x, y, _BOX, _TALL, family,
             x, y, _TALL, x + 12, y + 17, _cut(work.number or work_title(work, words), _NUMBER),
             x + 12, y + 33, by)  # fmt: skip


def _more(at: tuple[float, float], key: str, rank: int, count: int, words: Words) -> Markup:
    level = LEVELS[rank] if rank < len(LEVELS) else None
    return Markup('<a href="{}"><text class="pic-more" x="{:.0f}" y="{:.0f}">{}</text></a>').format(
        number_url("/trien-khai", key=key, level=level), at[0], at[1] + 4, words("picture.more", n=count)
    )


def _line(start: tuple[float, float], end: tuple[float, float], relation: str) -> Markup:
    y1, y2 = start[1] - _TALL / 2, end[1] + _TALL / 2
    half = (y1 + y2) / 2
    return Markup('<path class="pic-line {}" d="M{:.0f} {:.0f}C{:.0f} {:.0f} {:.0f} {:.0f} {:.0f} {:.0f}"/>').format(
        relation, start[0], y1, start[0], half, end[0], half, end[0], y2
    )


def _rank(work: WorkSummary) -> int:
    return LEVELS.index(work.level) if work.level in LEVELS else len(LEVELS)


def _short(name: str) -> str:
    for long, brief in (("Ủy ban nhân dân", "UBND"), ("Hội đồng nhân dân", "HĐND"), ("Ban Thường vụ ", "BTV ")):
        name = name.replace(long, brief)
    return name


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"

"""A small drawing of the nearest cascade for the page of a document: plain SVG, no script, every box a link."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup, escape

from api.graphlayout import LEVELS, Layout, lay_out
from api.graphview import FAMILIES, family_of_kind
from api.pages.formats import excerpt, plain_title, work_url
from api.pages.wording import Words
from kg.kinds import kind_by_label

__all__ = ["cascade_picture"]

_WIDE, _HIGH = 248, 58
_BOX, _TALL = 184, 44
_MOST = 6
"""Documents of one level that are drawn; the rest stand as one box."""
_HEAD = 30


def cascade_picture(record: Mapping[str, Any], lang: str = "vi") -> Markup:
    """A trace record (``api.tracing.trace_record``) as SVG, safe to put into a page; "" when nothing carries it out."""
    rows: Sequence[Mapping[str, Any]] = record["implementing"]
    if not rows:
        return Markup("")
    words = Words(lang)
    root = _key(record["directive"])
    named = {_name(row["document"]): _key(row["document"]) for row in rows} | {_name(record["directive"]): root}
    documents: dict[str, Mapping[str, Any]] = {root: record["directive"]}
    above: dict[str, tuple[str, str]] = {}
    spare: dict[int, int] = defaultdict(int)
    passed = {named.get(hop["to"]) for row in rows for hop in row["hops"]}
    drawn: dict[int, int] = defaultdict(int)
    # Those that others go through come first, so that no way is left without its middle.
    for row in sorted(rows, key=lambda row: _key(row["document"]) not in passed):
        key, rank = _key(row["document"]), _rank(row["document"])
        if drawn[rank] >= _MOST and key not in passed:
            spare[rank] += 1
            continue
        drawn[rank] += 1
        documents[key] = row["document"]
        above[key] = (named.get(row["hops"][0]["to"], root), row["hops"][0]["relation"])
    ranks = {key: _rank(document) for key, document in documents.items()}
    ranks |= {f"+{rank}": rank for rank in spare}
    edges = [(key, target) for key, (target, _) in above.items() if target in documents]
    layout = lay_out(ranks, edges, wide=_WIDE, high=_HIGH, tall=_MOST + 2)
    boxes = [_box(key, documents[key], layout.places[key], words) for key in documents]
    boxes += [_more(layout.places[f"+{rank}"], spare[rank], words) for rank in spare]
    lines = [_line(layout.places[one], layout.places[other], above[one][1]) for one, other in edges]
    label = words("picture.label", name=_title(record["directive"], words), n=len(rows))
    return _sheet(layout, lines, boxes, label, words)


def _sheet(layout: Layout, lines: list[Markup], boxes: list[Markup], label: str, words: Words) -> Markup:
    ys = [y for _, y in layout.places.values()]
    top, low = min(ys) - _TALL / 2 - _HEAD, max(ys) + _TALL / 2 + 6
    left, right = layout.columns[0].left, layout.columns[-1].right
    heads = [
        Markup(
            '<text x="{:.0f}" y="{:.0f}" text-anchor="middle" font-size="12" font-weight="600" fill="#44546a">'
            "{}</text>"
        )
        .format((column.left + column.right) / 2, top + 16,
                words(f"level.{LEVELS[column.rank]}" if column.rank < len(LEVELS) else "level.none"))
        for column in layout.columns
    ]  # fmt: skip
    return Markup(
        '<svg class="cascade-picture" role="group" aria-label="{}" xmlns="http://www.w3.org/2000/svg" width="{:.0f}"'
        ' height="{:.0f}" viewBox="{:.0f} {:.0f} {:.0f} {:.0f}" font-family="system-ui, sans-serif">{}</svg>'
    ).format(label, right - left, low - top, left, top, right - left, low - top,
             Markup("").join([*heads, *lines, *boxes]))  # fmt: skip


def _box(key: str, document: Mapping[str, Any], at: tuple[float, float], words: Words) -> Markup:
    kind = kind_by_label(document["kind"] or "")
    _, fill, border, _ = FAMILIES[family_of_kind(kind.slug if kind else None)]
    dashes = Markup("") if document["file"] else Markup(' stroke-dasharray="4 3"')
    year = (document["date"] or "")[:4]
    by = ", ".join(filter(None, (_short(document["issuer"] or ""), year)))
    x, y = at[0] - _BOX / 2, at[1] - _TALL / 2
    title = "\n".join(filter(None, (_title(document, words), document["issuer"], document["title"])))
    return Markup(
        '<a href="{}"><title>{}</title>'
        '<rect x="{:.0f}" y="{:.0f}" width="{}" height="{}" rx="3" fill="#fff" stroke="{}"{}/>'
        '<rect x="{:.0f}" y="{:.0f}" width="5" height="{}" fill="{}"/>'
        '<text x="{:.0f}" y="{:.0f}" font-size="12" font-weight="600" fill="#14304f">{}</text>'
        '<text x="{:.0f}" y="{:.0f}" font-size="11" fill="#3c4043">{}</text></a>'
    ).format(escape(work_url(key)), title, x, y, _BOX, _TALL, border, dashes, x, y, _TALL, fill,
             x + 12, y + 18, _cut(_title(document, words), 25), x + 12, y + 34, _cut(by, 29))  # fmt: skip


def _more(at: tuple[float, float], count: int, words: Words) -> Markup:
    return Markup(
        '<text x="{:.0f}" y="{:.0f}" text-anchor="middle" font-size="12" fill="#3c4043">{}</text>'
    ).format(at[0], at[1] + 4, words("picture.more", n=count))  # fmt: skip


def _line(start: tuple[float, float], end: tuple[float, float], relation: str) -> Markup:
    x1, x2 = start[0] - _BOX / 2, end[0] + _BOX / 2
    half = (x1 + x2) / 2
    dashes = Markup(' stroke-dasharray="6 4"') if relation == "follows" else Markup("")
    return Markup(
        '<path d="M{:.0f} {:.0f}C{:.0f} {:.0f} {:.0f} {:.0f} {:.0f} {:.0f}" fill="none" stroke="#6b7a8c"'
        ' stroke-width="1.5"{}/>'
    ).format(x1, start[1], half, start[1], half, end[1], x2, end[1], dashes)  # fmt: skip


def _key(document: Mapping[str, Any]) -> str:
    return str(document["iri"]).split("/eli/vn/", 1)[-1]


def _rank(document: Mapping[str, Any]) -> int:
    return LEVELS.index(document["level"]) if document["level"] in LEVELS else len(LEVELS)


def _name(document: Mapping[str, Any]) -> str:
    """As ``trace_record`` names the ends of a hop."""
    return str(document["number"] or document["file"] or document["title"] or _key(document))


def _title(document: Mapping[str, Any], words: Words) -> str:
    kind = document["kind"]
    if document["number"]:
        return f"{kind} {document['number']}" if kind else str(document["number"])
    if not document["file"] and document["title"]:
        return excerpt(plain_title(document["title"]), 80)
    return words("graph.unnumbered", kind=kind or words("graph.step.documents"))


def _short(name: str) -> str:
    return name.replace("Ủy ban nhân dân", "UBND").replace("Hội đồng nhân dân", "HĐND")


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"

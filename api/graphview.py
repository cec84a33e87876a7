"""The network of one picture: pyvis keeps nodes and edges, our own page draws them with the vis-network file we serve.

pyvis gives data only, never HTML: its page loads from other hosts and puts headings in raw. Every text in the network
is plain text; the drawing library shows titles as text.
"""

from __future__ import annotations

import json
import textwrap
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from api.graphlayout import BESIDE, LEVELS, Layout, lay_out
from api.graphstate import MOST, Group, Grown, State, grow
from api.pages.formats import day, excerpt, plain_title, two, work_url
from api.pages.wording import Words
from kg.catalog import Catalog
from kg.catalog_table import Listed
from kg.kinds import KINDS
from kg.model import WorkSummary
from kg.neighbours import NamedThing, Tie, names, neighbours, step_counts, ties

__all__ = ["FAMILIES", "around", "family_of_kind", "network", "node_name", "step_words", "work_title"]

# Family → (shape of the drawing library, fill, border, size). Shape and colour both tell a kind.
FAMILIES: Mapping[str, tuple[str, str, str, int]] = {
    "directive": ("diamond", "#b3261e", "#7a1712", 17),
    "law": ("square", "#5b4a8a", "#3d3160", 13),
    "decision": ("triangle", "#8a5a00", "#5c3c00", 15),
    "plan": ("dot", "#1f5fa8", "#123d70", 13),
    "letter": ("triangleDown", "#0f7a5a", "#08523c", 15),
    "other": ("hexagon", "#5f6368", "#3c4043", 13),
    "campaign": ("star", "#c2185b", "#880e4f", 17),
    "anniversary": ("star", "#e09b00", "#8f6200", 17),
    "body": ("box", "#e8eef6", "#3a5f8a", 13),
}
_BY_KIND = {
    **dict.fromkeys(("chi-thi", "nghi-quyet", "ket-luan", "thong-tri", "cong-dien", "lenh"), "directive"),
    **dict.fromkeys(("quyet-dinh", "quy-dinh", "quy-che", "dieu-le"), "decision"),
    **dict.fromkeys(("ke-hoach", "chuong-trinh", "phuong-an", "de-an", "du-an"), "plan"),
    **dict.fromkeys(("cong-van", "huong-dan", "thong-bao", "giay-moi", "thu-cong"), "letter"),
}
_LABELS = {kind.slug: kind.label for kind in KINDS}
_NORMATIVE = {kind.slug for kind in KINDS if kind.normative}
_MARKS = {"c": "campaign", "e": "anniversary", "b": "body"}
_STRONGEST = ("implements", "follows", "legal_basis")
_SHORT = (("Ủy ban nhân dân", "UBND"), ("Hội đồng nhân dân", "HĐND"), ("Ủy ban Mặt trận Tổ quốc", "UBMTTQ"),
          ("Văn hóa, Thể thao và Du lịch", "VHTTDL"), ("Thi đua - Khen thưởng", "TĐKT"))  # fmt: skip
_OPTIONS = {
    "physics": {"enabled": False},
    "layout": {"hierarchical": {"enabled": False}},
    "interaction": {"hover": True, "multiselect": False, "keyboard": False, "tooltipDelay": 250},
    "edges": {"smooth": {"enabled": True, "type": "cubicBezier", "forceDirection": "horizontal", "roundness": 0.35},
              "arrows": {"to": {"enabled": True, "scaleFactor": 0.55}}, "selectionWidth": 1.5},
    "nodes": {"font": {"size": 13, "color": "#1b1b1b", "face": "system-ui, sans-serif", "multi": False}},
}  # fmt: skip


def family_of_kind(kind: str | None) -> str:
    """The family of a document kind ("ke-hoach" → "plan")."""
    return "law" if kind in _NORMATIVE else _BY_KIND.get(kind or "", "other")


def network(catalog: Catalog, state: State, words: Words) -> dict[str, Any]:
    """The picture of a state: ``nodes`` and ``edges`` for the drawing library, ``columns``, ``counts``, ``opens``,
    what was ``skipped`` because it would pass the limit, and ``families`` with how many nodes each has."""
    grown = grow(catalog, state)
    described = _described(catalog, grown, words)
    count: dict[str, int] = defaultdict(int)
    for node in described.values():
        count[node["family"]] += 1
    shown = {name: node for name, node in described.items()
             if node["family"] not in state.hidden or name in state.starts}  # fmt: skip
    tied = ties(catalog.store, catalog.iris, [name for name in shown if name not in grown.groups])
    edges = _edges(tied, grown, shown, words)
    layout = lay_out({name: node["rank"] for name, node in shown.items()}, [(e["from"], e["to"]) for e in edges])
    drawn = _drawn(shown, edges, layout)
    return {
        **drawn,
        "columns": [{"label": _column(column.rank, words), "left": column.left, "right": column.right}
                    for column in layout.columns],
        "starts": [start for start in state.starts if start in described],
        "missing": grown.missing,
        "opens": [one.text for one in grown.opens],
        "skipped": [{"open": one.text, "step": step_words(one.step, words), "nodes": size}
                    for one, size in grown.skipped],
        "limit": state.most,
        "families": {family: count[family] for family in FAMILIES if count[family]},
        "hidden": sorted(state.hidden),
    }  # fmt: skip


def around(catalog: Catalog, node: str, step: str, words: Words, *, limit: int = 50, offset: int = 0) -> dict[str, Any]:
    """One page of what a step leads to, ungrouped: ``total``, ``nodes`` and ``edges`` between them and ``node``."""
    found = neighbours(catalog.store, catalog.iris, node, step)
    page = found[offset : offset + limit]
    grown = Grown(nodes=dict.fromkeys([node, *page]))
    described = _described(catalog, grown, words)
    tied = [tie for tie in ties(catalog.store, catalog.iris, list(described)) if node in (tie.source, tie.target)]
    edges = _edges(tied, grown, described, words)
    layout = lay_out({name: one["rank"] for name, one in described.items()}, [(e["from"], e["to"]) for e in edges])
    return {"node": node, "rel": step, "total": len(found), "limit": limit, "offset": offset, "maximum": MOST,
            **_drawn(described, edges, layout)}  # fmt: skip


def step_words(step: str, words: Words) -> str:
    """A step as people read it: "in.implements" → "Văn bản thực hiện"."""
    key = f"graph.step.{step}"
    if key in words:
        return words(key)
    way, _, relation = step.partition(".")
    told = words.of("relation", relation)
    return words("graph.step.in", relation=told) if way == "in" else told


def node_name(catalog: Catalog, node: str, words: Words) -> str:
    """A node in a few words: "Chỉ thị 34-CT/TW"."""
    work = catalog.table.works.get(node)
    if work:
        return work_title(work.summary, words)
    thing = names(catalog.store, catalog.iris, [node]).get(node)
    return thing.name if thing else node


def _described(catalog: Catalog, grown: Grown, words: Words) -> dict[str, dict[str, Any]]:
    """Every node with its family, rank, texts and the counts of its steps; groups as well."""
    table = catalog.table.works
    things = names(catalog.store, catalog.iris, grown.nodes)
    counts = step_counts(catalog.store, catalog.iris, list(grown.nodes))
    opened = {(one.node, one.step) for one in grown.opens if not one.group}
    made = {}
    for node in grown.nodes:
        work = table.get(node)
        told = _work(work, words) if work else _thing(node, things.get(node), words)
        told["steps"] = [
            {"rel": step, "label": step_words(step, words), "count": size, "open": f"{node}~{step}",
             "opened": (node, step) in opened}
            for step, size in counts[node].items()
        ]  # fmt: skip
        lines = [told["title"], *(f"{one['label']}: {two(one['count'])}" for one in told["steps"])]
        told["title"] = "\n".join(lines)
        made[node] = told
    for name, group in grown.groups.items():
        made[name] = _group(group, words)
    return made


def _work(work: Listed, words: Words) -> dict[str, Any]:
    one = work.summary
    family = family_of_kind(work.kind)
    years = {when.year for when in (one.date_earliest, one.date_latest) if when}
    year = one.date.year if one.date else years.pop() if len(years) == 1 and one.date_latest else ""
    line = ", ".join(filter(None, (_shortened(one.issuer or ""), str(year))))
    name = work_title(one, words)
    label = [*_wrapped(name, 26, 2), *_wrapped(line, 28, 2)]
    about = plain_title(one.title) if one.number or one.file else ""
    title = [name, excerpt(about, 160), one.issuer or "", day(one.date)]
    if not work.held:
        title.append(words("stub"))
    if one.file and not one.number:
        name = ", ".join(filter(None, (name, _shortened(one.issuer or ""))))  # there may be many of one office
    return {
        "family": family, "rank": LEVELS.index(one.level) if one.level else len(LEVELS), "level_name": one.level,
        "name": name, "about": about, "issuer": one.issuer or "",
        "date": one.date.isoformat() if one.date else None, "held": work.held, "url": work_url(work.key),
        "label": "\n".join(label), "title": "\n".join(filter(None, title)),
    }  # fmt: skip


def _thing(node: str, thing: NamedThing | None, words: Words) -> dict[str, Any]:
    mark, _, key = node.partition(":")
    name = _shortened(thing.name if thing else key) if mark == "b" else (thing.name if thing else key)
    url = {"c": f"/phong-trao/{key}", "e": f"/ngay-ky-niem/{key}", "b": f"/co-quan/{key}"}.get(mark, "")
    return {
        "family": _MARKS.get(mark, "other"), "rank": BESIDE, "level_name": thing.level if thing else None,
        "name": name, "about": "", "issuer": "", "date": (thing.note or None) if thing else None, "held": True,
        "url": url, "label": "\n".join(_wrapped(name, 28, 3)), "title": name,
    }  # fmt: skip


def _group(group: Group, words: Words) -> dict[str, Any]:
    kind = _LABELS.get(group.kind or "", words("graph.step.documents")).lower()
    name = words(f"group.{group.level or 'none'}", n=group.size, kind=kind)
    rank = LEVELS.index(group.level) if group.level in LEVELS else len(LEVELS)
    step = {"rel": group.step, "label": words("graph.step.group", n=min(group.size, 50)), "count": group.size,
            "open": group.more.text, "opened": False}  # fmt: skip
    return {
        "family": family_of_kind(group.kind), "rank": rank, "level_name": group.level, "name": name, "about": "",
        "issuer": "", "date": None, "held": True, "url": "", "label": name, "title": name, "group": True,
        "steps": [step],
    }  # fmt: skip


def _edges(
    tied: Sequence[Tie], grown: Grown, shown: Mapping[str, Mapping[str, Any]], words: Words
) -> list[dict[str, Any]]:
    """One edge for each pair, of its strongest relation; all relations stand in its title."""
    pairs: dict[tuple[str, str], list[str]] = defaultdict(list)
    for tie in tied:
        pairs[tie.source, tie.target].append(tie.relation)
    edges = []
    for (source, target), relations in sorted(pairs.items()):
        relations.sort(key=lambda name: _STRONGEST.index(name) if name in _STRONGEST else len(_STRONGEST))
        told = ", ".join(_tie_words(name, words) for name in relations)
        edges.append({"from": source, "to": target, "relation": relations[0], "relations": told})
    for name, group in grown.groups.items():
        if name in shown and group.node in shown:
            ends = (group.node, name) if group.step.startswith("out.") else (name, group.node)
            relation = group.step.partition(".")[2] or "mentions"
            edges.append({"from": ends[0], "to": ends[1], "relation": relation,
                          "relations": step_words(group.step, words)})  # fmt: skip
    return edges


def _tie_words(relation: str, words: Words) -> str:
    return words.of("relation", relation) if f"relation.{relation}" in words else words(f"graph.tie.{relation}")


def _drawn(shown: Mapping[str, dict[str, Any]], edges: Sequence[dict[str, Any]], layout: Layout) -> dict[str, Any]:
    """The network as pyvis states it, with our own fields beside those of the drawing library."""
    from pyvis.network import Network  # a third of a second to import

    net = Network(directed=True)
    for name, node in shown.items():
        shape, fill, border, size = FAMILIES[node["family"]]
        x, y = layout.places[name]
        solid = node["held"] and not node.get("group")
        color = {"background": fill if solid else "#ffffff", "border": border if solid else fill}
        net.add_node(
            name, label=node["label"], title=node["title"], level=layout.steps[name], x=x, y=y, physics=False,
            shape="box" if node.get("group") else shape, size=size, borderWidth=1 if solid else 2,
            shapeProperties={"borderDashes": False if solid else [4, 3]},
            color=color | {"highlight": color, "hover": color},
            **{field: node[field] for field in _OWN}, group_of=bool(node.get("group")),
        )  # fmt: skip
    for edge in edges:
        strength = {"implements": (1.8, False, "#44546a"), "follows": (1.6, [7, 5], "#44546a")}
        width, dashes, color_ = strength.get(edge["relation"], (1, [2, 4], "#9aa3ad"))
        net.add_edge(
            edge["from"], edge["to"], id=f"{edge['from']}>{edge['to']}", title=edge["relations"], width=width,
            dashes=dashes, color=color_, relation=edge["relation"],
        )  # fmt: skip
    net.set_options(json.dumps(_OPTIONS))
    return {"nodes": net.nodes, "edges": net.edges, "options": net.options}


_OWN = ("family", "name", "about", "issuer", "date", "held", "url", "steps", "level_name")


def _column(rank: int, words: Words) -> str:
    if rank == BESIDE:
        return words("graph.level.beside")
    return words(f"level.{LEVELS[rank]}") if rank < len(LEVELS) else words("level.none")


def work_title(work: WorkSummary, words: Words) -> str:
    """ "Kế hoạch 159/KH-UBND"; a file without number by its kind, not by the name of the file."""
    if work.number:
        return f"{work.kind} {work.number}" if work.kind else work.number
    if not work.file and work.title:
        return excerpt(plain_title(work.title), 120)
    return words("graph.unnumbered", kind=work.kind or words("graph.step.documents"))


def _shortened(name: str) -> str:
    for long, short in _SHORT:
        name = name.replace(long, short)
    return name


def _wrapped(text: str, wide: int, most: int) -> list[str]:
    return textwrap.wrap(text, wide, max_lines=most, placeholder=" …", break_on_hyphens=False)

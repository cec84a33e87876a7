"""The graph in the browser: a picture that the address describes, and a table that says the same without a picture."""

from __future__ import annotations

from collections import defaultdict
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.graphstate import MOST, State
from api.graphview import FAMILIES, network, node_name
from api.pages.rendering import language, render
from api.pages.visit import PageRoute, visit
from api.pages.wording import Words
from api.routes.graph import ATMOST, state_of
from kg.identifiers import link_id
from kg.vocab import LINK_PREDICATES

__all__ = ["router"]

router = APIRouter(route_class=PageRoute)

_NAMED = 2
"""Starts that the heading names; more are counted."""

_Names = Annotated[list[Annotated[str, Query(max_length=300)]], Query(max_length=200)]
_EXAMPLES = 6


@router.get("/do-thi")
def graph(
    request: Request,
    node: _Names = [],  # noqa: B006 - read only
    key: Annotated[str, Query(max_length=300)] = "",
    number: Annotated[str, Query(max_length=300)] = "",
    open_: Annotated[_Names, Query(alias="open")] = [],  # noqa: B006
    hide: _Names = [],  # noqa: B006
    most: Annotated[int, Query(ge=1, le=ATMOST)] = MOST,
) -> Response:
    """The picture of a state, with its table; without a start, where to begin."""
    seen = visit(request)
    words = Words(language(request))
    if key:
        node = [*node, key]
    if number.strip():
        node = [*node, seen.catalog.find(number.strip())]
    state = state_of(node, open_, hide, most)
    values: dict[str, Any] = {"number": number, "examples": [], "made": None}
    if state.starts:
        made = seen.once("graph", lambda: network(seen.catalog, state, words), state, words.lang)
        if not made["starts"]:
            return render(request, "graph.html", status=404, **(values | {"missing": made["missing"]}))
        values |= _views(made, state)
        named = [node_name(seen.catalog, start, words) for start in made["starts"]]
        values["heading"] = ", ".join(named) if len(named) <= _NAMED else words("graph.several", n=len(named))
    else:
        values["examples"] = seen.once("graph-examples", lambda: _leading(seen, words), words.lang)
    return render(request, "graph.html", missing=[], **values)


def _views(made: dict[str, Any], state: State) -> dict[str, Any]:
    """What the template needs beside the network: rows of the table, and the addresses of every change."""
    starts, opens = made["starts"], made["opens"]

    def address(*, opened: list[str] = opens, hidden: frozenset[str] = state.hidden, most: int = state.most) -> str:
        pairs = [*(("node", one) for one in starts), *(("open", one) for one in opened)]
        pairs += [("hide", one) for one in sorted(hidden)]
        pairs += [("most", str(most))] if most != MOST else []
        return "/do-thi?" + urlencode(pairs, safe="/~:,")

    def more(text: str) -> str:
        head = text.rsplit("~", 1)[0] + "~" if text.count("~") == 3 else None
        kept = [one for one in opens if head is None or not one.startswith(head)]
        return address(opened=[*kept, text])

    names = {node["id"]: node for node in made["nodes"]}
    tied: dict[str, list[tuple[str, str, str, str]]] = defaultdict(list)
    for edge in made["edges"]:
        one, other = edge["from"], edge["to"]
        cited = edge["relation"] in LINK_PREDICATES and not names[one]["group_of"] and not names[other]["group_of"]
        tied[one].append(("out", edge["title"], other, link_id(one, edge["relation"], other) if cited else ""))
        tied[other].append(("in", edge["title"], one, ""))
    rows = sorted(made["nodes"], key=lambda node: (node["level"], node["y"]))
    legend = [
        {"family": family, "count": count, "hidden": family in state.hidden,
         "href": address(hidden=state.hidden ^ {family}), "shape": FAMILIES[family][0], "fill": FAMILIES[family][1],
         "border": FAMILIES[family][2]}
        for family, count in made["families"].items()
    ]  # fmt: skip
    for node in made["nodes"]:
        for step in node["steps"]:
            step["href"] = more(step["open"])
    skipped = [
        one | {"href": address(opened=[*opens, one["open"]], most=min(ATMOST, max(one["nodes"] + 50, MOST)))}
        for one in made["skipped"]
    ]  # fmt: skip
    return {
        "made": made, "rows": rows, "names": names, "tied": tied, "legend": legend, "skipped": skipped,
        "start_over": "/do-thi?" + urlencode([("node", one) for one in starts], safe="/~:,"),
    }  # fmt: skip


def _leading(seen: Any, words: Words) -> list[tuple[str, str, int]]:
    """The works that most others carry out or follow: (address, name, how many)."""
    rows = seen.snapshot.query(
        "SELECT ?o (COUNT(DISTINCT ?s) AS ?n) { VALUES ?p { eli:ensures_implementation_of eli:applies } ?s ?p ?o }"
        f" GROUP BY ?o ORDER BY DESC(?n) ?o LIMIT {_EXAMPLES}"
    )
    found = []
    for row in rows:
        key = seen.iris.key_of(str(row["o"]))
        if key:
            address = "/do-thi?" + urlencode({"node": key}, safe="/")
            found.append((address, node_name(seen.catalog, key, words), int(row["n"].value)))
    return found

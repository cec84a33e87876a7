"""The graph as nodes and edges: a picture that an address describes, and one step around one node."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from api.access import catalog_of
from api.graphstate import MOST, PAGE, Open, State
from api.graphview import FAMILIES, around, network
from api.pages.wording import Words
from api.reading import ReadRoute
from kg.errors import NumberNotFound
from kg.neighbours import STEPS

__all__ = ["ATMOST", "router", "state_of"]

router = APIRouter(tags=["sơ đồ"], route_class=ReadRoute)

ATMOST = 2_000
"""Nodes beyond which no picture is made, asked or not."""
_Names = Annotated[list[Annotated[str, Query(max_length=300)]], Query(max_length=200)]


def state_of(node: list[str], open_: list[str], hide: list[str], most: int) -> State:
    """The state of an address; what it names that does not exist is left out."""
    opens = tuple(one for text in open_ if (one := Open.parse(text)))
    return State(tuple(dict.fromkeys(node)), opens or None, frozenset(hide) & frozenset(FAMILIES), most)


@router.get("/graph")
def graph(
    request: Request,
    node: _Names,
    open_: Annotated[_Names, Query(alias="open")] = [],  # noqa: B006 - read only
    hide: _Names = [],  # noqa: B006
    most: Annotated[int, Query(ge=1, le=ATMOST)] = MOST,
) -> dict[str, Any]:
    """A network around one or more nodes, laid out by level. ``node``: a work's key ("tw/ct/2014/34"), or
    "c:" campaign, "e:" anniversary, "b:" body. Without ``open``: the nearest cascade. Never more than ``most`` nodes:
    what would pass it stands in ``skipped`` with the number it would come to."""
    made = network(catalog_of(request), state_of(node, open_, hide, most), Words("vi"))
    if not made["starts"]:
        raise NumberNotFound(node[0] if node else "")
    return made


@router.get("/graph/expand")
def expand(
    request: Request,
    node: Annotated[str, Query(min_length=1, max_length=300, examples=["tw/ct/2014/34"])],
    rel: Annotated[str, Query(max_length=40, examples=["in.implements"], json_schema_extra={"enum": list(STEPS)})],
    limit: Annotated[int, Query(ge=1, le=MOST)] = PAGE,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> dict[str, Any]:
    """What one relation of one node leads to: how many, and a page of them. Every node bears the counts of its own
    relations, so that it is known what opening it would bring."""
    catalog = catalog_of(request)
    if node not in catalog.table.works and ":" not in node:
        raise NumberNotFound(node)
    return around(catalog, node, rel, Words("vi"), limit=limit, offset=offset)

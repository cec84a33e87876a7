"""The cascade against a brute-force oracle, and its rules one by one."""

from __future__ import annotations

from collections.abc import Collection

import networkx as nx
from hypothesis import given
from hypothesis import strategies as st

from kg.cascade import CascadeLink, Implementing, cascade, counts


def link(subject: str, relation: str, target: str, place: str = "body", confidence: float = 0.9) -> CascadeLink:
    return CascadeLink(subject, relation, target, place, confidence, "effective", None)  # type: ignore[arg-type]


def run(links: Collection[CascadeLink], root: str = "directive") -> dict[str, Implementing]:
    rows = cascade(root, lambda keys: [item for item in links if item.object in keys])
    return {row.work: row for row in rows}


def test_each_document_has_one_row_with_its_strongest_way() -> None:
    rows = run(
        [
            link("plan", "implements", "call", "opening"),
            link("plan", "follows", "directive"),
            link("call", "follows", "directive"),
            link("department", "implements", "call", "opening"),
            link("old plan", "implements", "directive", "opening"),
        ]
    )
    assert {work: row.how for work, row in rows.items()} == {
        "old plan": "direct", "plan": "in_body", "call": "in_body", "department": "through",
    }  # fmt: skip
    assert rows["department"].between == ("call",)
    assert (rows["department"].weakest, rows["plan"].other_paths) == ("follows", 1)
    assert counts(rows.values()) == {"direct": 1, "in_body": 2, "through": 1, "implements": 1, "follows": 3}


def test_the_opening_outranks_the_body_and_carrying_out_outranks_following() -> None:
    rows = run([link("plan", "implements", "directive"), link("plan", "follows", "directive", "opening")])
    assert (rows["plan"].how, rows["plan"].weakest) == ("direct", "follows")
    rows = run([link("plan", "follows", "directive"), link("plan", "implements", "directive", confidence=0.71)])
    assert rows["plan"].weakest == "implements"


def test_papers_that_cite_each_other_are_followed_once() -> None:
    rows = run([link("a", "implements", "b"), link("b", "implements", "a"), link("a", "follows", "directive"),
                link("directive", "implements", "a")])  # fmt: skip
    assert set(rows) == {"a", "b"}


def test_nobody() -> None:
    assert run([link("a", "implements", "other")]) == {}


NAMES = ["directive", *"abcdefg"]
LINKS = st.lists(
    st.builds(
        link, st.sampled_from(NAMES), st.sampled_from(["implements", "follows"]), st.sampled_from(NAMES),
        st.sampled_from(["opening", "body"]), st.sampled_from([0.7, 0.8, 0.9]),
    ).filter(lambda item: item.subject != item.object),
    max_size=18,
)  # fmt: skip


@given(LINKS)
def test_rows_are_exactly_what_reaches_the_directive_by_shortest_ways(links: list[CascadeLink]) -> None:
    rows = run(links)
    graph = nx.DiGraph([(item.subject, item.object) for item in links])
    graph.add_node("directive")
    expected = nx.ancestors(graph, "directive")
    assert set(rows) == expected
    for work, row in rows.items():
        assert len(row.hops) == nx.shortest_path_length(graph, work, "directive")
        assert (row.hops[0].subject, row.hops[-1].object) == (work, "directive")
        assert all(one.object == other.subject for one, other in zip(row.hops, row.hops[1:], strict=False))
        own = [item for item in links if (item.subject, item.object) == (work, "directive")]
        wanted = "through" if not own else "direct" if any(item.place == "opening" for item in own) else "in_body"
        assert row.how == wanted
        if nx.is_directed_acyclic_graph(graph):
            ways = set(map(tuple, nx.all_simple_paths(graph, work, "directive")))
            assert row.other_paths == len(ways) - 1


@given(LINKS, st.randoms())
def test_the_order_of_links_never_matters(links: list[CascadeLink], random: object) -> None:
    shuffled = list(links)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert {work: (row.how, row.between) for work, row in run(links).items()} == {
        work: (row.how, row.between) for work, row in run(shuffled).items()
    }

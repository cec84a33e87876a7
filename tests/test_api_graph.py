"""The graph as data: where nodes stand, what an address opens, groups, limits, and texts that stay texts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from fastapi.testclient import TestClient
from graph_corpus import HOSTILE, PLANS, write_corpus
from hypothesis import given
from hypothesis import strategies as st

from api.app import create_app
from api.graphlayout import LEVELS, lay_out
from api.graphstate import LEAVES, Open
from api.pages.picture import cascade_picture
from api.workspace import Workspace
from kg.cascade import cascade
from kg.lineage import ancestors
from kg.neighbours import neighbours, step_counts

CALL = "binh-khe.ubnd/kh/2024/15"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    root = tmp_path_factory.mktemp("graph")
    write_corpus(root / "van-ban")
    made = Workspace(root / "kg-data")
    assert made.ingest([root / "van-ban"]).clean
    return made


@pytest.fixture(scope="module")
def client(workspace: Workspace) -> Iterator[TestClient]:
    with TestClient(create_app(workspace.root)) as made:
        yield made


@pytest.fixture(scope="module")
def call(workspace: Workspace) -> str:
    """The key of the district's plan, which all the communes carry out."""
    counts = step_counts(workspace.snapshot(), workspace.catalog().iris, workspace.catalog().table.works)
    return max(counts, key=lambda key: counts[key].get("in.implements", 0))


def asked(client: TestClient, **query: Any) -> dict[str, Any]:
    answer = client.get("/api/graph", params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


# Where nodes stand


def test_levels_stand_left_to_right_and_a_paper_stands_right_of_its_ground_in_its_level() -> None:
    ranks = {"tw": 0, "tinh": 1, "so": 1, "huyen": 2, "xa": 3}
    edges = [("tinh", "tw"), ("so", "tinh"), ("huyen", "tinh"), ("xa", "huyen"), ("xa", "tw")]
    places = lay_out(ranks, edges).places
    x = {node: at[0] for node, at in places.items()}
    assert x["tw"] < x["tinh"] < x["so"] < x["huyen"] < x["xa"]


def test_papers_that_cite_each_other_are_placed_all_the_same() -> None:
    layout = lay_out({"a": 1, "b": 1, "c": 1}, [("a", "b"), ("b", "c"), ("c", "a")])
    assert len(set(layout.places.values())) == 3


@given(
    st.dictionaries(st.integers(0, 60).map(str), st.integers(0, len(LEVELS) + 1), min_size=1, max_size=60),
    st.lists(st.tuples(st.integers(0, 60).map(str), st.integers(0, 60).map(str)), max_size=120),
)
def test_no_two_nodes_stand_at_one_place_and_every_column_is_in_its_level(
    ranks: dict[str, int], edges: list[tuple[str, str]]
) -> None:
    layout = lay_out(ranks, edges)
    assert set(layout.places) == set(ranks)
    assert len(set(layout.places.values())) == len(ranks)
    bands = {column.rank: column for column in layout.columns}
    for node, (x, _) in layout.places.items():
        assert bands[ranks[node]].left < x < bands[ranks[node]].right


@given(st.text(max_size=60))
def test_an_address_is_read_back_as_written_or_not_at_all(text: str) -> None:
    one = Open.parse(text)
    assert one is None or Open.parse(one.text) == one


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("tw/ct/2014/34~in.implements", Open("tw/ct/2014/34", "in.implements")),
        ("c:nong-thon-moi~documents", Open("c:nong-thon-moi", "documents")),
        ("a~in.implements~commune.ke-hoach~62", Open("a", "in.implements", "commune.ke-hoach", 62)),
        ("a~in.nothing", None),
        ("a", None),
        ("a~in.implements~commune.ke-hoach", None),
        ("a~in.implements~commune.ke-hoach~x", None),
        ("a~in.implements~commune.ke-hoach~1000000", None),
        ("", None),
    ],
)
def test_opens(text: str, read: Open | None) -> None:
    assert Open.parse(text) == read


# What a picture shows


def test_leaves_beyond_the_first_stand_as_one_node_that_opens(client: TestClient, call: str) -> None:
    made = asked(client, node=call)
    groups = [node for node in made["nodes"] if node["group_of"]]
    assert len(groups) == 1
    assert groups[0]["label"] == f"+{PLANS - LEAVES} kế hoạch xã"
    single = [node for node in made["nodes"] if node["level_name"] == "commune" and not node["group_of"]]
    assert len(single) == LEAVES
    opened = asked(client, node=call, open=[*made["opens"], groups[0]["steps"][0]["open"]])
    assert not [node for node in opened["nodes"] if node["group_of"]]
    assert len([node for node in opened["nodes"] if node["level_name"] == "commune"]) == PLANS


def test_the_same_address_gives_the_same_picture_and_opens_say_it_whole(client: TestClient, call: str) -> None:
    made = asked(client, node=call)
    again = asked(client, node=call, open=made["opens"])
    assert [node["id"] for node in again["nodes"]] == [node["id"] for node in made["nodes"]]
    assert again["edges"] == made["edges"]


def test_every_node_has_its_place_its_level_and_no_physics(client: TestClient, call: str) -> None:
    made = asked(client, node=call)
    ids = {node["id"] for node in made["nodes"]}
    for node in made["nodes"]:
        assert isinstance(node["level"], int) and node["physics"] is False
        assert isinstance(node["x"], float) and isinstance(node["y"], float)
    assert made["edges"]
    for edge in made["edges"]:
        assert edge["from"] in ids and edge["to"] in ids and edge["arrows"] == "to"
    assert made["options"]["physics"]["enabled"] is False


def test_counts_come_before_anything_is_opened(client: TestClient, workspace: Workspace, call: str) -> None:
    made = asked(client, node=call, open=f"{call}~issuer")
    catalog = workspace.catalog()
    for node in made["nodes"]:
        for step in node["steps"]:
            assert step["count"] == len(neighbours(catalog.store, catalog.iris, node["id"], step["rel"])), step


def test_no_more_nodes_than_asked_for(client: TestClient, call: str) -> None:
    made = asked(client, node=call, open=[f"{call}~out.implements", f"{call}~in.implements"], most=10)
    assert len(made["nodes"]) <= 10
    assert [one["open"] for one in made["skipped"]] == [f"{call}~in.implements"]
    assert made["skipped"][0]["nodes"] > 10
    assert f"{call}~in.implements" not in made["opens"]


def test_what_is_opened_on_a_node_that_is_not_shown_is_left_out(client: TestClient, call: str) -> None:
    made = asked(client, node=call, open=["khong/co/2020/1~in.implements", f"{call}~issuer"])
    assert made["opens"] == [f"{call}~issuer"]


def test_hidden_families_are_left_out_but_never_the_start(client: TestClient, call: str) -> None:
    made = asked(client, node=call, hide="plan")
    assert [node["id"] for node in made["nodes"] if node["family"] == "plan"] == [call]
    assert made["families"]["plan"] > LEAVES


def test_a_campaign_and_a_body_are_starts_too(client: TestClient, workspace: Workspace, call: str) -> None:
    catalog = workspace.catalog()
    starts = neighbours(catalog.store, catalog.iris, call, "issuer")
    starts += [one for key in catalog.table.works for one in neighbours(catalog.store, catalog.iris, key, "campaigns")]
    assert any(start.startswith("c:") for start in starts)
    for start in set(starts):
        made = asked(client, node=start)
        assert made["starts"] == [start]
        assert len(made["nodes"]) > 1


def test_one_step_is_paged_with_its_total(client: TestClient, call: str) -> None:
    seen: set[str] = set()
    for offset in (0, 15, 30, 45):
        page = client.get("/api/graph/expand", params={"node": call, "rel": "in.implements", "limit": 15,
                                                        "offset": offset}).json()  # fmt: skip
        assert page["total"] == PLANS
        seen |= {node["id"] for node in page["nodes"]} - {call}
        assert all(call in (edge["from"], edge["to"]) for edge in page["edges"])
    assert len(seen) == PLANS


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/graph?node=khong/co/2020/1", 404),
        ("/api/graph", 422),
        ("/api/graph?node=x&most=99999", 422),
        ("/api/graph/expand?node=khong/co/2020/1&rel=in.implements", 404),
        ("/do-thi?node=khong/co/2020/1", 404),
        ("/do-thi?number=9999/KH-KHONG", 404),
        ("/do-thi", 200),
    ],
)
def test_answers_to_what_is_not_there(client: TestClient, path: str, status: int) -> None:
    assert client.get(path, headers={"accept": "text/html"}).status_code == status


@pytest.mark.parametrize(
    "node", ['"><script>', "c:'} INSERT", "tw/ct/2014/34> . ?x", "b:../../x", "e:\u202e", "~", "+a~b~c"]
)
def test_odd_ids_break_nothing(client: TestClient, call: str, node: str) -> None:
    assert client.get("/api/graph", params={"node": node}).status_code == 404
    assert client.get("/api/graph", params={"node": call, "open": f"{node}~in.implements"}).status_code == 200
    assert client.get("/do-thi", params={"node": node}).status_code == 404
    assert client.get("/api/graph/expand", params={"node": node, "rel": "documents"}).status_code in (200, 404)


# Texts stay texts


def test_a_hostile_title_is_text_in_the_page_and_whole_in_the_data(client: TestClient, call: str) -> None:
    made = asked(client, node=call)
    assert any(HOSTILE in node["about"] for node in made["nodes"])
    page = client.get("/do-thi", params={"node": call}).text
    assert "<img src=x" not in page and "<script>window" not in page
    assert len(re.findall(r"<script\b", page)) == len(re.findall(r"</script>", page))


def test_the_table_says_what_the_picture_says(client: TestClient, call: str) -> None:
    made = asked(client, node=call)
    page = client.get("/do-thi", params={"node": call}).text
    for node in made["nodes"]:
        assert f'data-node="{node["id"]}"' in page
    assert page.count("<tr data-node=") == len(made["nodes"])
    links = set(re.findall(r"/bao-sai\?lien-ket=([0-9a-f]+)", page))
    assert links and {client.get("/bao-sai", params={"lien-ket": link}).status_code for link in links} == {200}


def test_the_small_picture_links_every_document_and_escapes(workspace: Workspace, call: str) -> None:
    catalog = workspace.catalog()
    rows = cascade(call, catalog.incoming)
    works = catalog.summaries({call, *(row.work for row in rows)})
    hostile = replace(works[rows[0].work], title=HOSTILE, issuer='"><script>alert(1)</script>')
    drawn = cascade_picture(call, works | {rows[0].work: hostile}, rows, ())
    assert drawn.startswith("<svg") and drawn.endswith("</svg>")
    assert "<script" not in drawn and "<img" not in drawn and "style=" not in drawn
    assert f'href="/van-ban/{call}" aria-current="page"' in drawn
    assert drawn.count('href="/van-ban/') == 1 + 2  # of more than three on one level the last box counts the rest
    assert f"+{PLANS - 2} văn bản" in drawn
    assert cascade_picture(call, works, (), ()) == ""


def test_the_small_picture_of_a_plan_shows_what_it_carries_out(workspace: Workspace, call: str) -> None:
    catalog = workspace.catalog()
    plan = cascade(call, catalog.incoming)[0].work
    above = ancestors(catalog.store, catalog.iris, plan)
    drawn = cascade_picture(plan, catalog.summaries({plan, call}), (), above)
    assert f'href="/van-ban/{plan}" aria-current="page"' in drawn and f'href="/van-ban/{call}"' in drawn
    assert drawn.count("<path") == 1

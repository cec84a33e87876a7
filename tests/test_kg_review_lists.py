"""What waits for a reviewer on the samples: inferences among it, each until somebody judged it."""

from __future__ import annotations

from pathlib import Path

import pytest
from readers_workspace import client_of, copied, ingested

from api.accounts import Accounts
from api.workspace import Workspace
from kg.inferred import inferences_of
from kg.iris import Iris

BY = "Giàng A Mẫu"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return ingested(tmp_path_factory.mktemp("waiting"))


@pytest.fixture
def workspace(made: Path, tmp_path: Path) -> Workspace:
    return Workspace(copied(made, tmp_path))


def waiting(workspace: Workspace) -> dict[str, str]:
    """Id → relation of the inferences that wait."""
    return {item["id"]: item["relation"] for item in workspace.waiting("inference")}


def test_every_inference_waits_with_its_reason_and_both_works(workspace: Workspace) -> None:
    snapshot = workspace.snapshot()
    edges = {edge.id: edge.relation for edge in inferences_of(snapshot, Iris(snapshot.current.base))}
    assert waiting(workspace) == edges and set(edges.values()) == {"inferred_parent", "reuses_text"}
    everything = workspace.waiting()
    assert {item["kind"] for item in everything} >= {"inference", "link", "identity"}
    for item in everything:
        if item["kind"] == "inference":
            assert item["reason"] and item["document"] and item["target"] and item["quote"] is None


@pytest.mark.parametrize("value", ["accepted", "rejected", "unsure"])
def test_a_judged_one_waits_no_more_until_the_verdict_is_taken_back(workspace: Workspace, value: str) -> None:
    before = waiting(workspace)
    ident = next(ident for ident, relation in sorted(before.items()) if relation == "inferred_parent")
    workspace.decide(ident, value, by=BY)  # type: ignore[arg-type]
    assert waiting(workspace).keys() == before.keys() - {ident}
    record = workspace.decisions()[-1]
    workspace.undo(record["id"], by=BY)
    assert waiting(workspace) == before


def test_the_queue_and_the_page_show_them(workspace: Workspace) -> None:
    key, _ = Accounts(workspace.root).create_key(BY, scopes=["read", "review"])
    with client_of(workspace.root) as client:
        head = {"Authorization": f"Bearer {key}"}
        told = client.get("/api/review/queue?kind=inference&limit=200", headers=head).json()
        assert {item["id"] for item in told["items"]} == set(waiting(workspace))
        for item in told["items"]:
            page = client.get(f"/ra-soat?loai=inference&viec={item['id']}", headers=head)
            assert page.status_code == 200 and item["reason"] in page.text

"""Cascades from memory are those from the store, for every work, before and after decisions, for every caller."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from readers_workspace import client_of, copied, ingested

from api.tracing import trace_record
from api.workspace import Workspace
from kg.catalog import Catalog
from kg.catalog_cascade import known_links, prepare
from kg.snapshots import open_snapshot

CALL, NUMBER = "lam-son.ubnd/cv/2024/1286-th", "1286/UBND-TH"
BY = "Lò Văn Mẫu"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return ingested(tmp_path_factory.mktemp("memory"))


def remembered(workspace: Workspace, *, public: bool = False) -> Catalog:
    """The newest snapshot with its links in memory."""
    catalog = workspace.catalog(public=public)
    prepare(catalog.store, catalog.iris)
    end = time.monotonic() + 30
    while known_links(catalog.store, ()) is None:
        assert time.monotonic() < end, "never made"
        time.sleep(0.01)
    return catalog


def asked(root: Path, *, public: bool = False) -> Catalog:
    """The same state, of which nothing is in memory."""
    snapshot = open_snapshot(root, public=public)
    catalog = Catalog(snapshot, remembered(Workspace(root), public=public).iris)
    assert known_links(snapshot, ()) is None
    return catalog


def same_answers(one: Catalog, other: Catalog) -> int:
    """How many rows both have, for every work there is."""
    works = sorted(set(one.table.works))
    assert works == sorted(set(other.table.works))
    assert one.incoming(works) == other.incoming(works)
    assert one.incoming(works, quotes=False) == other.incoming(works, quotes=False)
    rows = 0
    for key in works:
        record: dict[str, Any] = trace_record(one, key)
        assert record == trace_record(other, key), key
        rows += len(record["implementing"])
    return rows


def test_every_trace_is_the_same_with_and_without_memory(root: Path) -> None:
    assert same_answers(remembered(Workspace(root)), asked(root)) > 20


def test_decisions_and_their_undoing_show_in_the_next_snapshot(root: Path, tmp_path: Path) -> None:
    place = copied(root, tmp_path)
    workspace = Workspace(place)
    first = remembered(workspace)
    link = next(one for one in first.incoming([CALL]) if one.relation == "implements")
    ident = (link.id or "").rsplit("/", 1)[1]

    workspace.decide(ident, "rejected", by=BY)
    without = remembered(workspace)
    assert link.id not in {one.id for one in without.incoming([CALL])}
    assert link.id in {one.id for one in first.incoming([CALL])}, "a request goes on with the snapshot it began with"
    same_answers(without, asked(place))

    workspace.correct(ident, by=BY, relation="follows")
    corrected = remembered(workspace)
    assert {one.relation for one in corrected.incoming([CALL]) if one.subject == link.subject} == {"follows"}
    same_answers(corrected, asked(place))

    workspace.undo(ident, by=BY)
    workspace.undo(ident, by=BY)
    assert remembered(workspace).incoming([CALL]) == first.incoming([CALL])


def test_a_document_that_goes_takes_its_links_along(root: Path, tmp_path: Path) -> None:
    from api.holdings import remove_document

    place = copied(root, tmp_path)
    workspace = Workspace(place)
    link = remembered(workspace).incoming([CALL])[0]
    remove_document(place, link.subject, by=BY)
    assert link.subject not in {one.subject for one in remembered(workspace).incoming([CALL])}
    same_answers(remembered(workspace), asked(place))


def test_what_is_public_has_a_memory_of_its_own(root: Path, tmp_path: Path) -> None:
    place = copied(root, tmp_path)
    workspace = Workspace(place)
    workspace.set_visibility(NUMBER, internal=True)
    for number in range(2):  # in either order: neither answers from the other's memory
        public, full = remembered(workspace, public=True), remembered(workspace)
        assert public.incoming([CALL]) == [], number
        assert full.incoming([CALL]), number
    same_answers(public, asked(place, public=True))
    same_answers(full, asked(place))


@pytest.fixture
def served(root: Path, tmp_path: Path) -> Iterator[tuple[Any, Workspace]]:
    place = copied(root, tmp_path)
    with client_of(place) as client:
        yield client, client.app.state.workspace


def test_a_served_trace_follows_a_decision_at_once(served: tuple[Any, Workspace]) -> None:
    client, workspace = served
    address = f"/api/trace?number={NUMBER}"
    before = client.get(address).json()
    remembered(workspace, public=True)
    assert client.get(address).json() == before
    link = next(one for one in workspace.catalog().incoming([CALL]) if one.relation == "implements")
    Workspace(workspace.root).decide((link.id or "").rsplit("/", 1)[1], "rejected", by=BY)
    after = client.get(address).json()
    assert after["counts"] != before["counts"]
    remembered(workspace, public=True)
    assert client.get(address).json() == after

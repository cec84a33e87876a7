"""A verdict brought in by itself gives the graph and the index that resolution over everything gives."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from prepared import dump
from readers_workspace import copied, ingested

from api import decisions, standing
from api.changes import bring_up_to_date
from api.following_up import set_deadline
from api.holdings import remove_document
from api.workspace import Workspace
from ingest.ledger import Ledger
from ingest.pipeline import Folders
from kg.catalog_links import all_links
from kg.curation import read_curated
from kg.errors import PolicyKGError
from kg.inferred import inferences_of
from kg.iris import Iris
from kg.snapshots import read_current, write_session
from search.build import digests

BY = "Lường Thị Mẫu"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return ingested(tmp_path_factory.mktemp("reconsider"))


@pytest.fixture
def workspace(made: Path, tmp_path: Path) -> Workspace:
    return Workspace(copied(made, tmp_path))


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether each decision was brought in by itself, in order."""
    monkeypatch.setattr(standing, "_rules", lambda: "")  # whoever edits the code meanwhile changes nothing here
    told: list[bool] = []
    original: Callable[..., bool] = decisions.reconsider

    def reconsider(*given: Any) -> bool:
        told.append(original(*given))
        return told[-1]

    monkeypatch.setattr(decisions, "reconsider", reconsider)
    return told


def state(root: Path) -> tuple[bytes, dict[str, str]]:
    """The whole graph and what search holds."""
    return dump(root), digests(root / "index" / str(read_current(root).index))


def resolved_anew(root: Path) -> tuple[bytes, dict[str, str]]:
    """The same after resolution over everything."""
    with write_session(root, command="test") as session, closing(Ledger(Folders(root).ledger)) as ledger:
        iris = Iris(session.current.base)
        bring_up_to_date(session, ledger, read_curated(session.store, iris), iris)
    return state(root)


def links_of(workspace: Workspace) -> list[str]:
    catalog = workspace.catalog()
    return sorted(link.id for link in all_links(catalog.store, catalog.iris))


def inferred_in(workspace: Workspace) -> list[str]:
    snapshot = workspace.snapshot()
    return [edge.id for edge in inferences_of(snapshot, Iris(snapshot.current.base))]


def test_any_row_of_verdicts_gives_what_resolution_gives(
    workspace: Workspace, alone: list[bool], tmp_path: Path
) -> None:
    chance = random.Random(7)
    links = chance.sample(links_of(workspace), 12)
    inferred = inferred_in(workspace)
    for turn in range(16):
        thing = chance.choice(links if turn % 4 else inferred)
        if chance.random() < 0.3:
            try:
                workspace.undo(thing, by=BY)
            except PolicyKGError:
                continue  # nothing to take back
        else:
            try:
                workspace.decide(thing, chance.choice(["accepted", "rejected", "rejected", "unsure"]), by=BY)  # type: ignore[arg-type]
            except PolicyKGError:
                continue  # an inference that was rejected is there no more
        if turn % 8 == 7:
            root = copied(workspace.root, tmp_path / str(turn))
            assert state(root) == resolved_anew(root), turn
    assert alone.count(True) > 6
    before = state(workspace.root)
    assert before == resolved_anew(workspace.root)


@pytest.mark.parametrize("value", ["accepted", "rejected", "unsure"])
def test_every_link_and_its_undoing(workspace: Workspace, alone: list[bool], value: str) -> None:
    """A sample of links of each relation: judged together, compared, taken back, compared."""
    before = state(workspace.root)
    chosen = random.Random(3).sample(links_of(workspace), 3)
    for link in chosen:
        workspace.decide(link, value, by=BY)  # type: ignore[arg-type]
    assert state(workspace.root)[1] != before[1] or value != "rejected"
    assert state(workspace.root) == resolved_anew(workspace.root)
    workspace.ingest([])  # the state stands for what is held again: what follows may be done alone
    for link in chosen:
        workspace.undo(link, by=BY)
    after = state(workspace.root)
    kept = [line for line in after[0].splitlines() if b"/graph/curated" not in line]
    assert kept == [line for line in before[0].splitlines() if b"/graph/curated" not in line]
    assert after[1] == before[1]
    assert alone.count(True) >= 3, alone


def test_a_changed_ledger_is_resolved(workspace: Workspace, alone: list[bool], tmp_path: Path) -> None:
    """Something else was read in the meantime: the decision brings that in as well."""
    (link, *_) = links_of(workspace)
    with closing(Ledger(Folders(workspace.root).ledger)) as ledger:
        (name, *_) = ledger.names().values()
        ledger.record_names([], [name.path])
    workspace.decide(link, "accepted", by=BY)
    assert alone == [] and name.sha256 not in dump(workspace.root).decode()


def test_what_may_have_farther_consequences_is_left_to_resolution(workspace: Workspace, alone: list[bool]) -> None:
    catalog = workspace.catalog()
    link = next(one for one in all_links(catalog.store, catalog.iris) if one.relation == "implements")
    workspace.correct(link.id, by=BY, relation="follows")
    workspace.undo(link.id, by=BY)
    assert not any(alone)
    assert state(workspace.root) == resolved_anew(workspace.root)


def test_what_resolution_does_not_read_leaves_the_next_decision_alone(workspace: Workspace, alone: list[bool]) -> None:
    """A deadline entered by hand, a document taken out: the verdict that follows is still brought in by itself."""
    workspace.ingest([])
    catalog = workspace.catalog()
    gone = catalog.find("45/KH-SNV")
    links = [one for one in all_links(catalog.store, catalog.iris) if gone not in (one.subject, one.object)]
    workspace.decide(links[0].id, "unsure", by=BY)
    set_deadline(workspace.root, "1286/UBND-TH", dt.date(2024, 4, 1), by=BY)
    workspace.decide(links[0].id, "accepted", by=BY)
    remove_document(workspace.root, gone, by=BY)
    workspace.undo(links[0].id, by=BY)
    assert alone == [True, True, True]
    assert not workspace.ingest([]).changed
    assert state(workspace.root) == resolved_anew(workspace.root)

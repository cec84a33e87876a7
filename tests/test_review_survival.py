"""What people decided outlives re-ingest, pruning, new rules, another base, and backup; on the samples' province."""

from __future__ import annotations

import datetime as dt
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from api.backup import back_up, restore
from api.workspace import Workspace
from ingest.document import PARSER_VERSION
from kg.errors import PolicyKGError
from kg.iris import Iris

SAMPLES = Path(__file__).resolve().parents[1] / "samples" / "documents"
BY = "Vàng Thị Mẫu"
PROVINCE_PLAN = "03-ke-hoach-15-kh-ubnd-tinh.txt"
DISTRICT_PLAN = "04-ke-hoach-15-kh-ubnd-binh-khe.txt"
DIRECTIVE = "01-chi-thi-17-ct-tu.txt"
FILES = ("reference.ttl", DIRECTIVE, PROVINCE_PLAN, DISTRICT_PLAN)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "van-ban"
    made.mkdir()
    for name in FILES:
        shutil.copy(SAMPLES / name, made / name)
        (made / name).chmod(0o644)
    return made


@pytest.fixture
def workspace(folder: Path, tmp_path: Path) -> Workspace:
    made = Workspace(tmp_path / "kg-data")
    assert made.ingest([folder]).clean
    return made


def dump(workspace: Workspace, *, curated: bool = True) -> list[bytes]:
    lines = workspace.export("nq", meta=False, public=False).splitlines()
    return [line for line in lines if curated or b"/graph/curated" not in line]


def ask(workspace: Workspace, query: str) -> list[list[str]]:
    lines = workspace.sparql(query, form="tsv").text.splitlines()[1:]
    return [[cell.strip('"<>') for cell in line.split("\t")] for line in lines]


def links(workspace: Workspace, file: str) -> dict[str, tuple[str, str, str]]:
    """Link id → (relation, object's key, status) of one document."""
    rows = ask(
        workspace,
        f"SELECT DISTINCT ?l ?r ?o ?s {{ ?l rdf:subject/vb:file/vb:fileName '{file}' ; vb:relation ?r ; rdf:object ?o ;"
        " vb:status ?s } ORDER BY ?l",
    )
    return {
        link.rsplit("/", 1)[1]: (relation.rsplit("/", 1)[1], target.split("/eli/vn/")[1], status.rsplit("#", 1)[1])
        for link, relation, target, status in rows
    }


def implementing(workspace: Workspace) -> str:
    """The id of the district's link to the province's plan."""
    (found,) = [
        link for link, (relation, target, _) in links(workspace, DISTRICT_PLAN).items()
        if relation == "implements" and target == "lam-son.ubnd/kh/2024/15"
    ]  # fmt: skip
    return found


def reingest(workspace: Workspace, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace.ingest([folder])


def prune(workspace: Workspace, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stranger comes and goes; so does the document itself."""
    shutil.copy(SAMPLES / "11-cong-van-412-sgddt.txt", folder)
    workspace.ingest([folder], prune=True)
    (folder / "11-cong-van-412-sgddt.txt").unlink()
    kept = (folder / DISTRICT_PLAN).rename(folder.parent / DISTRICT_PLAN)
    workspace.ingest([folder], prune=True)
    kept.rename(folder / DISTRICT_PLAN)
    workspace.ingest([folder], prune=True)


def new_rules(workspace: Workspace, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rules of reading have another version: everything is read again."""
    modules = [module for name, module in sys.modules.items() if name.startswith("ingest.")]
    for module in [module for module in modules if hasattr(module, "PARSER_VERSION")]:
        monkeypatch.setattr(module, "PARSER_VERSION", type(module.PARSER_VERSION)(99))
    assert workspace.ingest([folder]).counts == {"updated": 3}


def rebase(workspace: Workspace, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = workspace.snapshot().current.base
    workspace.rebase("https://vanban.lamson.example")
    assert not [line for line in dump(workspace) if old.encode() in line]
    workspace.rebase(old)


def restore_backup(workspace: Workspace, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    back_up(workspace.root, folder.parent / "sao-luu.tar")
    shutil.rmtree(workspace.root)
    assert restore(folder.parent / "sao-luu.tar", workspace.root, verify=True)["dump_equal"]
    workspace.ingest([folder])


UPHEAVALS = [reingest, prune, new_rules, rebase, restore_backup]


def link_to(workspace: Workspace, file: str, target: str) -> str:
    (found,) = [link for link, ends in links(workspace, file).items() if ends[1] == target]
    return found


def accept(workspace: Workspace) -> None:
    workspace.decide(implementing(workspace), "accepted", by=BY)


def reject(workspace: Workspace) -> None:
    link = link_to(workspace, PROVINCE_PLAN, "cp/nd/2023-qppl/98")
    workspace.decide(link, "rejected", by=BY, reason="wrong-target")
    assert links(workspace, PROVINCE_PLAN)[link][2] == "Rejected"


def correct(workspace: Workspace) -> None:
    wrong = link_to(workspace, PROVINCE_PLAN, "ttg/ct/2021/19")
    made = workspace.correct(wrong, by=BY, target="ttg/ct/2021/18", relation="follows")
    assert links(workspace, PROVINCE_PLAN)[made["link"]] == ("follows", "ttg/ct/2021/18", "Effective")
    assert links(workspace, PROVINCE_PLAN)[wrong][2] == "Rejected"


def undo(workspace: Workspace) -> None:
    before = dump(workspace, curated=False)
    link = link_to(workspace, DIRECTIVE, "tw/ct/2014/34")
    workspace.correct(link, by=BY, target="tw/ct/2014/35")
    workspace.undo(link, by=BY)
    assert dump(workspace, curated=False) == before


def refuse_identity(workspace: Workspace) -> None:
    workspace.decide(f"{DIRECTIVE}=lam-son.tu/ct/2022/17", "rejected", by=BY)
    assert not ask(workspace, f"SELECT ?n {{ ?w vb:file/vb:fileName '{DIRECTIVE}' ; eli:id_local ?n }}")


def set_number(workspace: Workspace) -> None:
    workspace.set_fact(PROVINCE_PLAN, by=BY, number="18/KH-UBND", date=dt.date(2024, 2, 3))
    ((iri,),) = ask(workspace, f"SELECT DISTINCT ?w {{ ?w vb:file/vb:fileName '{PROVINCE_PLAN}' }}")
    assert iri.endswith("/eli/vn/lam-son.ubnd/kh/2024/18")


def enter_document(workspace: Workspace) -> None:
    made = workspace.set_fact(
        None, by=BY, number="77/KH-UBND", date=dt.date(2024, 3, 4), issuer="Ủy ban nhân dân tỉnh Lâm Sơn",
        title="Kế hoạch làm đường bản",
    )  # fmt: skip
    assert made["work"] == "lam-son.ubnd/kh/2024/77"
    assert workspace.catalog().find("77/KH-UBND") == made["work"]


def hide(workspace: Workspace) -> None:
    workspace.set_fact(DISTRICT_PLAN, by=BY, visibility="internal")
    assert ask(workspace, "SELECT DISTINCT ?w { ?w vb:visibility vb:Internal ; a eli:LegalResource }")


def test_every_decision_survives_everything(
    workspace: Workspace, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for decide in (accept, reject, correct, undo, refuse_identity, set_number, enter_document, hide):
        before = dump(workspace)
        decide(workspace)
        assert dump(workspace) != before, decide.__name__
    decided = dump(workspace)
    for upheave in UPHEAVALS:
        upheave(workspace, folder, monkeypatch)
        assert dump(workspace) == decided, upheave.__name__
    statuses = [status for _, _, status in links(workspace, PROVINCE_PLAN).values()]
    assert statuses.count("Rejected") == 2, "the verdicts followed the file to its new number"
    assert not workspace.validate()


def test_undo_brings_back_what_was_decided_before(workspace: Workspace) -> None:
    link = implementing(workspace)
    workspace.decide(link, "rejected", by=BY)
    workspace.decide(link, "accepted", by=BY)
    workspace.undo(link, by=BY)
    assert links(workspace, DISTRICT_PLAN)[link][2] == "Rejected"
    workspace.undo(link, by=BY)
    assert links(workspace, DISTRICT_PLAN)[link][2] == "Effective"
    with pytest.raises(PolicyKGError, match="hoàn tác"):
        workspace.undo(link, by=BY)


def test_every_record_of_the_past_stays(workspace: Workspace) -> None:
    link = implementing(workspace)
    workspace.decide(link, "rejected", by=BY, reason="wrong-target", note="xem lại")
    workspace.undo(link, by="Người khác")
    first, second = workspace.decisions()
    assert (first["value"], first["reason"], first["note"], first["counts"]) == (
        "rejected", "wrong-target", "xem lại", False
    )  # fmt: skip
    assert (second["value"], second["undoes"], second["by"]) == ("withdrawn", first["id"], "Người khác")
    assert first["quote"] and first["parser"] == PARSER_VERSION


def test_a_number_set_by_hand_moves_the_address_and_the_old_one_leads_on(workspace: Workspace) -> None:
    iris = Iris(workspace.snapshot().current.base)
    before = links(workspace, PROVINCE_PLAN)
    (first, *_) = before
    workspace.decide(first, "rejected", by=BY)
    workspace.set_fact(PROVINCE_PLAN, by=BY, number="18/KH-UBND", date=dt.date(2024, 2, 3))
    # The province's plan is cited as 15/KH-UBND by others: that address is in use and stays a work of its own.
    assert workspace.catalog().key_of(iris.work("lam-son.ubnd/kh/2024/15")) == "lam-son.ubnd/kh/2024/15"
    rejected = [end for end in links(workspace, PROVINCE_PLAN).values() if end[2] == "Rejected"]
    assert rejected == [(*before[first][:2], "Rejected")], "the verdict follows the file"
    workspace.set_fact(PROVINCE_PLAN, by=BY, number="19/KH-UBND")
    catalog = workspace.catalog()
    assert catalog.key_of(iris.work("lam-son.ubnd/kh/2024/18")) == "lam-son.ubnd/kh/2024/19"
    workspace.undo(PROVINCE_PLAN, by=BY)
    assert workspace.catalog().key_of(iris.work("lam-son.ubnd/kh/2024/19")) == "lam-son.ubnd/kh/2024/18"


def without_its_sentence(folder: Path, edit: Callable[[str], str]) -> None:
    path = folder / DISTRICT_PLAN
    text = path.read_text("utf-8")
    assert edit(text) != text
    path.write_text(edit(text), "utf-8")


def waiting(workspace: Workspace, kind: Any) -> list[dict[str, Any]]:
    return workspace.waiting(kind)


def test_an_accepted_link_that_is_no_longer_found_stays_and_is_listed(workspace: Workspace, folder: Path) -> None:
    link = implementing(workspace)
    workspace.decide(link, "accepted", by=BY)
    assert waiting(workspace, "orphaned") == []
    without_its_sentence(folder, lambda text: text.replace("Căn cứ Kế hoạch số 15/KH-UBND", "Căn cứ tình hình"))
    workspace.ingest([folder])
    assert links(workspace, DISTRICT_PLAN)[link][2] == "Orphaned"
    (listed,) = waiting(workspace, "orphaned")
    assert (listed["id"], listed["target"]["number"]) == (link, "15/KH-UBND")
    row = workspace.trace("15/KH-UBND", issuer="tỉnh Lâm Sơn")["implementing"][0]
    assert (row["document"]["file"], row["hops"][0]["status"]) == (DISTRICT_PLAN, "orphaned")
    assert "15/KH-UBND" in row["evidence"]["quote"]
    assert not workspace.validate()
    workspace.undo(link, by=BY)
    assert link not in links(workspace, DISTRICT_PLAN)


def test_a_rejected_link_that_is_no_longer_found_goes_quietly(workspace: Workspace, folder: Path) -> None:
    link = implementing(workspace)
    workspace.decide(link, "rejected", by=BY)
    without_its_sentence(folder, lambda text: text.replace("Căn cứ Kế hoạch số 15/KH-UBND", "Căn cứ tình hình"))
    workspace.ingest([folder])
    assert link not in links(workspace, DISTRICT_PLAN)
    assert waiting(workspace, "orphaned") == waiting(workspace, "idle") == []


def test_a_verdict_whose_sentence_changed_is_listed_and_stands(workspace: Workspace, folder: Path) -> None:
    link = implementing(workspace)
    workspace.decide(link, "accepted", by=BY)
    assert waiting(workspace, "changed") == []
    without_its_sentence(folder, lambda text: text.replace("Căn cứ Kế hoạch số 15/KH-UBND", "Căn cứ vào Kế hoạch số 15/KH-UBND"))  # fmt: skip  # noqa: E501
    workspace.ingest([folder])
    assert links(workspace, DISTRICT_PLAN)[link][2] == "Effective"
    (listed,) = waiting(workspace, "changed")
    assert listed["id"] == link and listed["quote"] != listed["quote_seen"]
    workspace.decide(link, "accepted", by=BY)
    assert waiting(workspace, "changed") == []


def test_a_verdict_waits_for_a_document_that_is_gone(workspace: Workspace, folder: Path) -> None:
    link = implementing(workspace)
    workspace.decide(link, "accepted", by=BY)
    (folder / DISTRICT_PLAN).unlink()
    workspace.ingest([folder], prune=True)
    assert not ask(workspace, f"SELECT ?p {{ <{{base}}/id/link/{link}> ?p ?o }}")
    assert [item["id"] for item in waiting(workspace, "idle")] == [link]


def test_a_correction_needs_something_to_correct(workspace: Workspace) -> None:
    link = implementing(workspace)
    for wrong in ({}, {"relation": "implements"}, {"relation": "likes"}, {"target": "999/KH-XYZ"},
                  {"target": "lam-son.ubnd/kh/2024/16", "quote": "Câu này không có trong văn bản"}):  # fmt: skip
        with pytest.raises(PolicyKGError):
            workspace.correct(link, by=BY, **wrong)
    assert workspace.decisions() == []


def test_a_link_made_by_hand_quotes_the_text(workspace: Workspace) -> None:
    made = workspace.correct(
        implementing(workspace), by=BY, target="lam-son.ubnd/kh/2024/16",
        quote="Kế hoạch số 15/KH-UBND ngày 12/01/2024",
    )  # fmt: skip
    ((method, quote, start, end, sha),) = ask(
        workspace,
        f"SELECT DISTINCT ?m ?q ?s ?e ?sha {{ <{{base}}/id/link/{made['link']}> vb:method ?m ; vb:evidence ?ev ."
        " ?ev oa:hasSource/vb:sha256 ?sha ; oa:hasSelector ?a, ?b . ?a oa:exact ?q . ?b oa:start ?s ; oa:end ?e }",
    )
    assert method.endswith("#Human")
    text = (workspace.root / "texts" / sha[:2] / f"{sha}.txt").read_text("utf-8")
    assert text[int(start) : int(end)] == quote == "Kế hoạch số 15/KH-UBND ngày 12/01/2024"

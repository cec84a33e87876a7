"""The five real documents as one graph: identities, the cascade of each directive, and what changes when files come
and go. Reads ``gold/cascade.yaml``; skipped without the shared folder."""

from __future__ import annotations

import itertools
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from api.examples import examples
from api.workspace import Workspace

CALL = "001_a09f608bfb9e07f5.txt"
PLAN = "000_48664e20320740b7.txt"
IDENTITY = "lai-chau.ubnd/cv/2023/1954-th"


@pytest.fixture(scope="module")
def gold(shared: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((shared / "gold" / "cascade.yaml").read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def workspace(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    made = Workspace(tmp_path_factory.mktemp("seeds") / "kg-data")
    assert made.ingest([shared / "seeds"]).clean
    return made


@pytest.fixture
def folder(shared: Path, tmp_path: Path) -> Path:
    """A copy of the seeds that a test may add to and take from."""
    copied = tmp_path / "seeds"
    shutil.copytree(shared / "seeds", copied)
    copied.chmod(0o755)
    for file in copied.iterdir():
        file.chmod(0o644)
    return copied


def dump(workspace: Workspace) -> bytes:
    return workspace.export("nq", meta=False, public=False)


def by_how(record: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"direct": [], "in_body": [], "through": {}}
    for row in record["implementing"]:
        if row["how"] == "through":
            found["through"][row["document"]["file"]] = row["path"]
        else:
            found[row["how"]].append(row["document"]["file"])
    return {how: value for how, value in found.items() if value}


def test_implementing_documents_of_each_directive(workspace: Workspace, gold: dict[str, Any]) -> None:
    for number, expected in gold["implementing"].items():
        record = workspace.trace(number)
        found = by_how(record)
        for how in ("direct", "in_body"):
            assert sorted(found.get(how, [])) == sorted(expected.get(how, [])), (number, how)
        assert found.get("through", {}) == expected.get("through", {}), number
        for row in record["implementing"]:
            for hop in row["hops"]:
                assert hop["number"].split("/")[0].split("-")[0] in hop["evidence"]["quote"], hop


def test_the_same_answer_through_sparql(workspace: Workspace, gold: dict[str, Any]) -> None:
    import csv

    text = workspace.sparql(examples()["implementing"].query, form="csv").text
    rows = list(csv.DictReader(text.splitlines()))
    expected = gold["implementing"]["34-CT/TW"]
    counted = {how: sum(row["how"] == how for row in rows) for how in ("direct", "in_body", "through")}
    assert counted == {how: len(expected.get(how, ())) for how in counted}


def test_every_quote_stands_in_its_text(workspace: Workspace, gold: dict[str, Any]) -> None:
    texts = {path.stem: path.read_text(encoding="utf-8") for path in (workspace.root / "texts").rglob("*.txt")}
    for number in gold["implementing"]:
        for row in workspace.trace(number)["implementing"]:
            for hop in row["hops"]:
                evidence = hop["evidence"]
                piece = slice(evidence["start"], evidence["end"])
                assert any(text[piece] == evidence["quote"] for text in texts.values())


def test_the_blank_call_is_identified_with_its_reason(workspace: Workspace, gold: dict[str, Any]) -> None:
    wanted = gold["identity"][CALL]
    (row,) = [r for r in workspace.trace("34-CT/TW")["implementing"] if r["document"]["file"] == CALL]
    document = row["document"]
    assert (document["number"], document["date"]) == (wanted["number"], str(wanted["date"]))
    assert document["iri"].endswith(f"/eli/vn/{IDENTITY}")
    reason = workspace.sparql(
        "SELECT ?m ?r (COUNT(DISTINCT ?f) AS ?n) { ?w vb:identityMethod ?m ; vb:identityReason ?r ;"
        " vb:inferredFrom ?f } GROUP BY ?m ?r",
        form="csv",
    ).text
    assert "#Inferred" in reason and "trích yếu" in reason and reason.strip().endswith(",2")


def test_date_bounds_of_an_undated_plan(workspace: Workspace) -> None:
    (row,) = [r for r in workspace.trace("1954/UBND-TH")["implementing"] if r["document"]["file"] == PLAN]
    document = row["document"]
    assert (document["date"], document["date_earliest"], document["date_latest"]) == (None, "2023-05-30", "2023-10-30")


def test_each_number_has_its_own_owner(workspace: Workspace) -> None:
    assert workspace.trace("5324/KH-UBND")["directive"]["iri"].endswith("/eli/vn/lai-chau.ubnd/kh/2024/5324")
    assert workspace.trace("118/KH-UBND")["directive"]["iri"].endswith("/eli/vn/lai-chau.tam-duong.ubnd/kh/2024/118")


def test_three_files_meet_in_one_campaign(workspace: Workspace, gold: dict[str, Any]) -> None:
    text = workspace.sparql(
        "SELECT ?c (GROUP_CONCAT(DISTINCT ?n; separator='|') AS ?files) { ?d vb:launches ?c ; vb:file/vb:fileName ?n }"
        " GROUP BY ?c",
        form="tsv",
    ).text
    groups = [set(line.split("\t")[1].strip('"').split("|")) for line in text.splitlines()[1:]]
    assert set(gold["same_campaign"]) in groups


def second_match(folder: Path, subject: str) -> Path:
    """A plan of our own that cites another công văn of the same body, month and subject."""
    text = (
        "ỦY BAN NHÂN DÂN\nHUYỆN SÌN HỒ\n\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n\n"
        "Số: 77/KH-UBND\nSìn Hồ, ngày 12 tháng 6 năm 2023\n\nKẾ HOẠCH\nHưởng ứng đợt thi đua của tỉnh\n\n"
        "Thực hiện Công văn số 1961/UBND-TH ngày 31/5/2023 của Ủy ban nhân dân tỉnh Lai Châu về "
        f"{subject}; Ủy ban nhân dân huyện Sìn Hồ xây dựng kế hoạch như sau:\n\n"
        "1. Các cơ quan tổ chức hưởng ứng.\n\nNơi nhận:\n- Như trên;\n- Lưu: VT.\n\n"
        "TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH\n\nGiàng A Mẫu\n"
    )
    path = folder / "ke-hoach-mau.txt"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_second_match_retracts_the_identity_and_a_verdict_survives_it_all(
    folder: Path, shared: Path, tmp_path: Path
) -> None:
    subject = yaml.safe_load((shared / "gold" / CALL).with_suffix(".yaml").read_text("utf-8"))["document"]["title"]
    workspace = Workspace(tmp_path / "kg-data")
    workspace.ingest([folder])
    before = dump(workspace)
    link = link_id(workspace, PLAN, IDENTITY)
    workspace.decide(link, "rejected", by="Người rà soát", reason="wrong-target")
    judged = dump(workspace)
    assert status(workspace, link) == "Rejected"

    extra = second_match(folder, subject)
    workspace.ingest([folder])
    assert status(workspace, link) == "Rejected"
    candidates = workspace.sparql(
        "SELECT ?c { ?w vb:candidate ?c ; vb:file/vb:fileName ?n . FILTER(CONTAINS(?n, '001_')) } ORDER BY ?c",
        form="csv",
    ).text.split()[1:]
    assert [iri.rsplit("/", 1)[1] for iri in candidates] == ["1954-th", "1961-th"]

    extra.unlink()
    workspace.ingest([folder], prune=True)
    assert dump(workspace) == judged
    assert status(workspace, link) == "Rejected"

    workspace.rebase("https://vanban.laichau.example")
    assert status(workspace, link) == "Rejected"
    assert b"https://vanban.example.vn/" not in dump(workspace)
    workspace.rebase("https://vanban.example.vn")
    assert dump(workspace) == judged

    workspace.decide(link, "withdrawn", by="Người rà soát")
    assert status(workspace, link) == "Effective"
    plain = [line for line in dump(workspace).splitlines() if b"/graph/curated" not in line]
    assert plain == before.splitlines()


def link_id(workspace: Workspace, file: str, target: str) -> str:
    text = workspace.sparql(
        f"SELECT ?l {{ ?l rdf:subject/vb:file/vb:fileName '{file}' ; rdf:predicate eli:ensures_implementation_of ;"
        f" rdf:object <{{base}}/eli/vn/{target}> }}",
        form="csv",
    ).text
    return text.split()[1].rsplit("/", 1)[1]


def status(workspace: Workspace, link: str) -> str:
    text = workspace.sparql(f"SELECT DISTINCT ?s {{ <{{base}}/id/link/{link}> vb:status ?s }}", form="csv").text
    (found,) = text.split()[1:]
    return found.rsplit("#", 1)[1]


def test_any_order_and_any_repetition_gives_the_same_bytes(folder: Path, workspace: Workspace, tmp_path: Path) -> None:
    expected = dump(workspace)
    files = sorted(folder.iterdir())
    for number, order in enumerate(itertools.islice(itertools.permutations(files), 0, 120, 50)):
        other = Workspace(tmp_path / f"kg-{number}")
        for file in order:
            other.ingest([file])
        other.ingest([folder])
        assert dump(other) == expected


def test_pruning_a_cited_document_leaves_a_stub(folder: Path, tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "kg-data")
    workspace.ingest([folder])
    (folder / CALL).unlink()
    report = workspace.ingest([folder], prune=True)
    assert [(file.file, file.status) for file in report.files if file.status == "removed"] == [(CALL, "removed")]
    record = workspace.trace("1954/UBND-TH")
    assert record["directive"]["file"] is None
    stub = workspace.sparql(f"ASK {{ <{{base}}/eli/vn/{IDENTITY}> a vb:Stub }}", form="json").text
    assert "true" in stub

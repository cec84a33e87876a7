"""The samples against ``samples/expected.yaml``, which was made by reading: every document, the graph, the coverage."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import subprocess
import sys
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from ingest.document import read_document
from ingest.resolve import resolve
from kg.errors import RefusedFile
from kg.identifiers import fold
from kg.model import Anniversary, Citation, Document, Span
from kg.reference import Reference, load_reference
from kg.works import HeldFile, Resolution

SAMPLES = Path(__file__).resolve().parents[1] / "samples"
FOLDER = SAMPLES / "documents"
EXPECTED: dict[str, Any] = yaml.safe_load((SAMPLES / "expected.yaml").read_text(encoding="utf-8"))
BY_FILE: dict[str, dict[str, Any]] = {entry["file"]: entry for entry in EXPECTED["documents"]}
FILES = sorted(BY_FILE)


@lru_cache(maxsize=1)
def reference() -> Reference:
    return load_reference(FOLDER / "reference.ttl")


@lru_cache(maxsize=1)
def documents() -> dict[str, Document]:
    return {name: read_document(FOLDER / name, reference()) for name in FILES}


@lru_cache(maxsize=1)
def resolution() -> Resolution:
    return resolve([HeldFile(read.sha256, (name,), read) for name, read in documents().items()], reference())


def plain(text: str | None) -> str:
    """Folded, one space between words: for comparing what stands on several lines or in another spelling."""
    return " ".join(fold(unicodedata.normalize("NFC", text or "")).split())


def one_line(text: str) -> str:
    return " ".join(text.split())


def title_words(text: str | None) -> str:
    return re.sub(r"^(v/v|ve viec|ve) ", "", plain(text))


def numbered(document: Document) -> list[Citation]:
    """Citations with a number, without the document's own number in its letterhead."""
    return [
        cited
        for cited in document.citations
        if cited.form in ("full", "bare") and not (cited.relation == "self" and cited.place == "header")
    ]


def file_of(work: dict[str, Any]) -> str | None:
    return Path(work["file"]).name if work["file"] else None


# --- the folder itself ---------------------------------------------------------------------------------------------


def test_every_file_has_its_entry_and_every_entry_its_file() -> None:
    held = {path.name for path in FOLDER.iterdir() if path.suffix != ".ttl" and not path.name.startswith(".")}
    assert held == set(BY_FILE) | set(EXPECTED["refused"])
    assert len(held) >= 20


def test_the_bytes_that_make_some_samples_hard_are_still_there() -> None:
    crlf = (FOLDER / "26-cong-van-3350-ubnd-tinh.txt").read_bytes()
    assert crlf.startswith(b"\xef\xbb\xbf") and crlf.count(b"\r\n") == crlf.count(b"\n")
    decomposed = (FOLDER / "07-ke-hoach-52-kh-ubnd-nam-khoa.txt").read_text(encoding="utf-8")
    assert unicodedata.is_normalized("NFD", decomposed) and not unicodedata.is_normalized("NFC", decomposed)


# --- what each document says -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(EXPECTED["refused"]))
def test_a_paper_with_a_secrecy_mark_is_refused(name: str) -> None:
    with pytest.raises(RefusedFile):
        read_document(FOLDER / name, reference())


@pytest.mark.parametrize("name", FILES)
def test_identity(name: str) -> None:
    said, expected = documents()[name].metadata, BY_FILE[name]["document"]
    assert (said.kind, said.number, said.date) == (expected["kind"], expected["number"], expected["date"])
    if "symbol" in expected:
        assert (said.symbol, said.month) == (expected["symbol"], expected["month"])
    assert (said.owner, said.level) == (expected["owner"], expected["level"])
    assert plain(said.issuer) in {plain(issuer) for issuer in (expected["issuer"], *expected.get("issuer_also", ()))}
    assert title_words(said.title) == title_words(expected["title"])
    assert said.province == EXPECTED["province"]


@pytest.mark.parametrize("name", FILES)
def test_signer(name: str) -> None:
    signer, expected = documents()[name].metadata.signer, BY_FILE[name]["document"]["signer"]
    assert signer is not None
    assert one_line(signer.name) == expected["name"]
    assert plain(signer.position) == plain(expected["position"])
    assert plain(signer.acting_for) == plain(expected.get("acting_for"))
    assert plain(signer.on_behalf_of) == plain(expected.get("on_behalf_of"))


@pytest.mark.parametrize("name", FILES)
def test_addressees_and_recipients(name: str) -> None:
    said, expected = documents()[name].metadata, BY_FILE[name]["document"]
    for found, listed in (
        ([(one.name, one.duty) for one in said.addressees], expected.get("addressees", [])),
        ([(one.name, one.duty) for one in said.recipients], expected.get("recipients", [])),
    ):
        real = [(body, duty) for body, duty in found if not plain(body).startswith(("nhu tren", "nhu dieu"))]
        assert [plain(body) for body, _ in real] == [plain(one["name"]) for one in listed]
        duties = [(one["name"], duty) for (_, duty), one in zip(real, listed, strict=True) if "duty" in one]
        assert duties == [(one["name"], one["duty"]) for one in listed if "duty" in one]


@pytest.mark.parametrize("name", FILES)
def test_citations_none_missed_none_invented(name: str) -> None:
    found = [(one_line(cited.surface), cited.number) for cited in numbered(documents()[name]) if cited.form == "full"]
    wanted = [(c["surface"], c["number"]) for c in BY_FILE[name]["citations"] if c.get("form", "full") == "full"]
    assert sorted(found, key=str) == sorted(wanted, key=str)


@pytest.mark.parametrize(
    ("name", "index"),
    [(name, index) for name in FILES for index in range(len(BY_FILE[name]["citations"]))],
)
def test_citation(name: str, index: int) -> None:
    expected = BY_FILE[name]["citations"][index]
    cited = next((c for c in numbered(documents()[name]) if one_line(c.surface) == expected["surface"]), None)
    assert cited is not None, f"not found: {expected['surface']}"
    assert (cited.form, cited.kind, cited.date) == (expected.get("form", "full"), expected["kind"], expected["date"])
    assert cited.span.of(documents()[name].text.text) == cited.surface
    if "owner" in expected:
        assert cited.owner == expected["owner"]
    if "resolved_issuer" in expected:
        names = (expected["resolved_issuer"], *expected.get("resolved_issuer_also", ()))
        assert plain(cited.resolved_issuer) in {plain(issuer) for issuer in names}
    if "relation" in expected:
        assert cited.relation in (expected["relation"], *expected.get("relation_also", ()))
    if "place" in expected:
        assert (cited.place == "opening") == (expected["place"] == "opening")
    if "cue" in expected:
        assert plain(cited.cue) == plain(expected["cue"])


@pytest.mark.parametrize("name", [name for name in FILES if "unnumbered" in BY_FILE[name]])
def test_works_cited_by_name(name: str) -> None:
    found = [(one_line(cited.surface), cited.kind) for cited in documents()[name].citations if cited.number is None]
    for expected in BY_FILE[name]["unnumbered"]:
        assert (expected["surface"], expected["kind"]) in found


@pytest.mark.parametrize("name", FILES)
def test_campaigns(name: str) -> None:
    found = documents()[name].campaigns
    for expected in BY_FILE[name]["campaigns"]:
        same = [one for one in found if _begins(one.name, expected["name"])]
        assert same, f"not found: {expected['name']}"
        for field, value in (("role", "role"), ("until", "until"), ("start", "start_date")):
            if field in expected:
                assert expected[field] in {getattr(one, value) for one in same}
        if "by" in expected:
            said = {plain(one.launched_by).replace("ubnd", "uy ban nhan dan") for one in same if one.launched_by}
            assert any(words.startswith(plain(expected["by"])) for words in said)
    for slogan in BY_FILE[name].get("not_campaigns", ()):
        assert plain(slogan) not in {plain(one.name) for one in found}


def _begins(longer: str, shorter: str) -> bool:
    """Equal, or the shorter is the longer's beginning up to a word's end."""
    return f"{plain(longer)} ".startswith(f"{plain(shorter)} ")


@pytest.mark.parametrize("name", FILES)
def test_anniversaries_none_missed_none_invented(name: str) -> None:
    """Years and both dates equal, the event's words contained; an undated echo of a dated one is no invention."""
    wanted, found = BY_FILE[name]["anniversaries"], documents()[name].anniversaries

    def same(one: Anniversary, expected: dict[str, Any], dated: bool = True) -> bool:
        dates = (one.origin, one.commemorated) in ((expected["origin"], expected["commemorated"]), (None, None))
        return (
            one.years == expected["years"]
            and plain(expected["event"]).removeprefix("ngay ") in plain(one.event)
            and (
                dates if not dated else (one.origin, one.commemorated) == (expected["origin"], expected["commemorated"])
            )
        )

    for expected in wanted:
        assert any(same(one, expected) for one in found), expected
    for one in found:
        assert any(same(one, expected, dated=False) for expected in wanted), one


@pytest.mark.parametrize("name", [name for name in FILES if "deadlines" in BY_FILE[name]])
def test_deadlines(name: str) -> None:
    found = {(due.kind, due.date) for due in documents()[name].deadlines}
    found |= {("campaign_end", str(one.until)) for one in documents()[name].campaigns if one.until}
    assert {(due["kind"], due["date"].isoformat()) for due in BY_FILE[name]["deadlines"]} <= found


@pytest.mark.parametrize("name", [name for name in FILES if "targets" in BY_FILE[name]])
def test_targets(name: str) -> None:
    document = documents()[name]
    for expected in BY_FILE[name]["targets"]:
        close = [one for one in document.targets if _overlap(document, one.span, expected["surface"])]
        right = [
            one
            for one in close
            if one.value == expected["value"]
            and _begins(*sorted((one.unit or "", expected["unit"]), key=len, reverse=True))
            and one.comparator in (expected["comparator"], None)
        ]
        assert right, f"{expected['surface']}: {close}"


@pytest.mark.parametrize("name", [name for name in FILES if "assignments" in BY_FILE[name]])
def test_assignments(name: str) -> None:
    document = documents()[name]
    for expected in BY_FILE[name]["assignments"]:
        right = [
            one
            for one in document.assignments
            if plain(one.body) == plain(expected["body"]) and _overlap(document, one.span, expected["surface"])
        ]
        assert right, expected["surface"]
        assert any(one.requested == expected.get("requested", False) for one in right)


def _overlap(document: Document, span: Span, wanted: str) -> bool:
    """Half of the shorter of the two pieces of text lies in the other."""
    start = document.text.text.index(wanted)
    shared = min(span.end, start + len(wanted)) - max(span.start, start)
    return shared >= 0.5 * min(span.end - span.start, len(wanted))


# --- what the graph says ---------------------------------------------------------------------------------------------


def work_key_of(name: str) -> str:
    return next(key for key, work in resolution().works.items() if any(name in file.names for file in work.files))


def test_the_call_without_number_is_identified_from_what_the_plans_cite() -> None:
    for name, expected in EXPECTED["identity"].items():
        work = resolution().works[work_key_of(name)]
        assert (work.number, work.owner, work.date) == (expected["number"], expected["owner"], expected["date"])
        assert work.identity is not None and work.identity.method == expected["method"]
        assert work.identity.reason and work.identity.inferred_from


def test_a_draft_and_its_signed_rendition_are_one_work() -> None:
    for expected in EXPECTED["same_work"]:
        keys = {work_key_of(name) for name in expected["files"]}
        assert len(keys) == 1
        work = resolution().works[keys.pop()]
        assert (work.number, work.owner, len(work.files)) == (expected["number"], expected["owner"], 2)


def test_one_number_of_two_bodies_is_two_works() -> None:
    for expected in EXPECTED["different_works"]:
        owners = {
            work.owner
            for work in resolution().works.values()
            if work.number == expected["number"] and work.date and work.date.year == expected["year"]
        }
        assert owners == set(expected["owners"])


def test_replaced_papers() -> None:
    told = {
        (link.subject, resolution().works[link.object].number)
        for link in resolution().links
        if link.relation == "replaces" and link.status == "effective"
    }
    assert told == {(work_key_of(one["by"]), one["number"]) for one in EXPECTED["replaced"]}
    for one in EXPECTED["replaced"]:
        work = next(w for w in resolution().works.values() if w.number == one["number"])
        assert [name for file in work.files for name in file.names] == ([one["file"]] if one["file"] else [])


def test_what_stays_open_is_listed_with_its_candidates() -> None:
    found = {(one.told_by, one.number): set(one.candidates) for one in resolution().unresolved if one.number}
    wanted = {(work_key_of(one["file"]), one["number"]): set(one["candidates"]) for one in EXPECTED["unresolved"]}
    assert found == wanted


def test_a_bare_number_joins_the_only_work_that_fits() -> None:
    work = resolution().works[work_key_of("02-ke-hoach-64-kh-hu.txt")]
    targets = {
        resolution().works[link.object].number
        for link in resolution().links
        if link.subject == work.key and any("Chỉ thị số 17 của" in quote.text for quote in link.quotes)
    }
    assert targets == {"17-CT/TU"}


def test_a_file_without_letterhead_keeps_an_identity_of_its_own_and_bounds_for_its_date() -> None:
    name = "16-ke-hoach-khong-tieu-de-binh-khe.txt"
    work, expected = resolution().works[work_key_of(name)], BY_FILE[name]["document"]
    assert work.key.startswith("file/") and work.number is None and work.date is None
    assert work.date_earliest == expected["date_earliest"]
    assert work.date_latest is not None and work.date_earliest <= work.date_latest <= expected["date_latest_at_most"]


def test_plans_of_one_campaign_meet_in_one_node() -> None:
    for group in EXPECTED["same_campaign"]:
        keys = {work_key_of(name) for name in group}
        meeting: dict[str, set[str]] = {}
        for tie in resolution().campaign_ties:
            meeting.setdefault(tie.campaign, set()).add(tie.work)
        assert any(keys <= works for works in meeting.values())


# --- the commands ----------------------------------------------------------------------------------------------------


def run(*words: str, codes: Iterable[int] = (0,)) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-c", "from api.cli import main; main()", *words],
        capture_output=True,
        encoding="utf-8",
        env=os.environ | {"PYTHONIOENCODING": "utf-8"},
        timeout=300,
        check=False,
    )
    assert done.returncode in codes, done.stderr
    return done


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The samples, ingested once; exit code 1 says that one file was refused."""
    folder = tmp_path_factory.mktemp("samples") / "kg-data"
    run("ingest", str(FOLDER), "--workspace", str(folder), codes=[1])
    return folder


def test_nothing_of_the_refused_paper_is_stored(workspace: Path) -> None:
    traces = [phrase.encode() for phrase in ("Tổ chức diễn tập", "07/KH-UBND", "bàn giao hội trường")]
    for path in workspace.rglob("*"):
        if path.is_file():
            stored = path.read_bytes()
            assert not any(trace in stored for trace in traces), path
    dump = run("export", "--format", "nq", "--workspace", str(workspace)).stdout
    assert "diễn tập" not in dump and "/lam-son.ubnd/kh/2024/7>" not in dump


@pytest.mark.parametrize("number", sorted(EXPECTED["implementing"]))
def test_trace(number: str, workspace: Path) -> None:
    expected = EXPECTED["implementing"][number]
    done = run("trace", number, "--issuer", expected["owner"], "--format", "json", "--workspace", str(workspace))
    rows = json.loads(done.stdout)["implementing"]
    found: dict[str, dict[str | None, list[str]]] = {"direct": {}, "in_body": {}, "through": {}}
    for row in rows:
        found[row["how"]][file_of(row["document"])] = row["path"]
        assert all(hop["evidence"]["quote"] for hop in row["hops"])
    assert set(found["direct"]) == set(expected.get("direct", ()))
    assert set(found["in_body"]) == set(expected.get("in_body", ()))
    through = expected.get("through", {})
    assert set(found["through"]) == set(through)
    for name, path in found["through"].items():
        assert path in (through[name], expected.get("or", {}).get(name)), name


def test_a_number_of_two_bodies_asks_which(workspace: Path) -> None:
    done = run("trace", "15/KH-UBND", "--format", "json", "--workspace", str(workspace), codes=[3])
    issuers = {candidate["issuer"] for candidate in json.loads(done.stdout)["candidates"]}
    assert issuers == {"Ủy ban nhân dân tỉnh Lâm Sơn", "Ủy ban nhân dân huyện Bình Khê"}


@pytest.mark.parametrize("number", sorted(EXPECTED["coverage"]))
def test_coverage(number: str, workspace: Path) -> None:
    expected = EXPECTED["coverage"][number]
    table = json.loads(run("coverage", number, "--format", "json", "--workspace", str(workspace)).stdout)
    assert table["call"]["date"] == expected["date"].isoformat()
    obliged = {
        owner: row for line in expected["addressees"] for owner, row in line.get("bodies", {}).items()
    }  # fmt: skip
    found = {
        row["body"]["iri"].rsplit("/", 1)[-1]: row for row in table["addressees"] if row["duty"] == "must_implement"
    }
    assert {owner: row["status"] for owner, row in found.items()} == {o: row["status"] for o, row in obliged.items()}
    for owner, want in obliged.items():
        answers = {answer["number"]: answer for answer in found[owner]["documents"]}
        assert set(want.get("documents", ())) <= set(answers), owner
        for answer in want.get("documents", ()) if "days" in want else ():
            assert (owner, answers[answer]["days"], answers[answer]["late"]) == (owner, want["days"], want["late"])
        if "ended" in want:
            ended: dt.date = want["ended"]
            assert str(ended.year) in (found[owner]["note"] or ""), owner
    for line in expected["addressees"]:
        if "bodies" not in line:
            rows = [row for row in table["addressees"] if plain(row["phrase"]) in plain(line["phrase"])]
            assert {(row["duty"], row["status"]) for row in rows} == {(line["duty"], line["status"])}, line["phrase"]
    assert [plain(phrase) for phrase in table["unexpanded"]] == [plain(phrase) for phrase in expected["unexpanded"]]

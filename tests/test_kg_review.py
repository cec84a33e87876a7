"""Verdicts and facts as values: what counts, how they follow keys, how they are written down; signers; the queue."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.workspace import Workspace
from kg.curation import curated_triples, read_curated
from kg.iris import Iris
from kg.model import Span
from kg.persons import person_key, person_name, person_pairs, same_persons
from kg.review import Curated, Fact, Standing, Verdict
from kg.store import OxigraphStore
from kg.works import Quote

BODY = "lai-chau.tam-duong.ubnd"
SHA = "a" * 64


def at(day: int) -> dt.datetime:
    return dt.datetime(2026, 1, day, 8, 30, tzinfo=dt.UTC)


def said(value: str, day: int, **more: object) -> Verdict:
    ends = {"subject": "x/kh/2024/1", "relation": "implements", "object": "tw/ct/2019/88"} | more
    return Verdict(id=f"v{day}", value=value, by="Người rà soát", at=at(day), **ends)  # type: ignore[arg-type]


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12)
TIMES = st.datetimes(min_value=dt.datetime(2000, 1, 1), timezones=st.just(dt.UTC))
QUOTES = st.builds(
    Quote, text_sha256=WORDS, span=st.builds(Span, st.integers(0, 99), st.integers(0, 99)), text=WORDS,
    mention=st.builds(Span, st.integers(0, 99), st.integers(0, 99)), page=st.integers(1, 9),
    place=st.sampled_from(["header", "opening", "body", "closing", "annex"]), cue=st.none() | WORDS,
    confidence=st.sampled_from([0.0, 0.35, 0.7, 1.0]), part=st.none() | WORDS,
)  # fmt: skip
VERDICTS = st.builds(
    Verdict, id=st.uuids().map(lambda u: u.hex[:16]), subject=WORDS, relation=WORDS, object=WORDS,
    value=st.sampled_from(["accepted", "rejected", "unsure", "withdrawn"]), by=WORDS, at=TIMES,
    reason=st.none() | WORDS, note=st.none() | WORDS, subject_file=st.none() | WORDS, object_file=st.none() | WORDS,
    quote=st.none() | WORDS, evidence=st.none() | QUOTES, teller_file=st.none() | WORDS,
    object_number=st.none() | WORDS, by_hand=st.booleans(), undoes=st.none() | WORDS, act=st.none() | WORDS,
    parser=st.none() | st.integers(1, 99),
)  # fmt: skip
FACTS = st.builds(
    Fact, id=st.uuids().map(lambda u: u.hex[:16]), file=st.none() | WORDS, by=WORDS, at=TIMES,
    number=st.none() | WORDS, date=st.none() | st.dates(), owner=st.none() | WORDS, kind=st.none() | WORDS,
    title=st.none() | WORDS, visibility=st.none() | st.sampled_from(["public", "internal"]), note=st.none() | WORDS,
)  # fmt: skip


@given(st.lists(VERDICTS, max_size=3), st.lists(FACTS, max_size=3))
def test_what_was_decided_is_read_back_as_it_was(verdicts: list[Verdict], facts: list[Fact]) -> None:
    curated, iris = Curated(verdicts, facts), Iris("https://a.example")
    store = OxigraphStore.memory()
    store.put_graph(iris.graph("curated"), curated_triples(curated, iris))
    again = read_curated(store, iris)
    assert (again.verdicts, again.facts) == (curated.verdicts, curated.facts)


def test_withdrawing_uncovers_the_decision_before() -> None:
    def value(*verdicts: Verdict) -> str | None:
        standing = Standing(Curated(verdicts), {}, {"x/kh/2024/1", "tw/ct/2019/88"})
        found = standing.on("x/kh/2024/1", "implements", "tw/ct/2019/88")
        return found.value if found else None

    first, second = said("rejected", 1), said("accepted", 2)
    assert value(first) == "rejected"
    assert value(second, first) == "accepted", "the newest, in whatever order they come"
    assert value(first, second, said("withdrawn", 3)) == "rejected"
    assert value(first, second, said("withdrawn", 3, undoes="v1")) == "accepted"
    assert value(first, second, said("withdrawn", 3), said("withdrawn", 4)) is None
    assert value(first, said("withdrawn", 2, relation="follows")) == "rejected", "another link"


def test_an_act_is_withdrawn_whole() -> None:
    wrong, right = said("rejected", 1, act="a"), said("accepted", 2, act="a", object="tw/ct/2019/89", by_hand=True)
    assert Curated([wrong, right, said("withdrawn", 3, undoes="v1")]).live == ()
    assert Curated([wrong, right, said("withdrawn", 3, undoes="v2")]).live == ()


@pytest.mark.parametrize(
    ("keys", "works", "found"),
    [
        ({SHA: "x/kh/2024/2"}, {"x/kh/2024/2", "tw/ct/2019/88"}, "x/kh/2024/2"),  # the file's number was corrected
        ({}, {"x/kh/2024/1", "tw/ct/2019/88"}, "x/kh/2024/1"),  # another rendition of the same paper
    ],
)
def test_a_verdict_follows_the_file_that_speaks(keys: dict[str, str], works: set[str], found: str) -> None:
    standing = Standing(Curated([said("rejected", 1, subject_file=SHA)]), keys, works)
    assert standing.on(found, "implements", "tw/ct/2019/88") is not None


def test_a_verdict_stays_with_the_cited_work_while_a_work_bears_its_key() -> None:
    """The cited file turned out to be another paper: what was judged is the citation of 88."""
    curated = Curated([said("rejected", 1, object_file=SHA)])
    keys = {SHA: "tw/ct/2019/89"}
    assert Standing(curated, keys, {"x/kh/2024/1", "tw/ct/2019/88", "tw/ct/2019/89"}).on(
        "x/kh/2024/1", "implements", "tw/ct/2019/88"
    )
    moved = Standing(curated, keys, {"x/kh/2024/1", "tw/ct/2019/89"})
    assert moved.on("x/kh/2024/1", "implements", "tw/ct/2019/89"), "88 is no work any more, only a former number"


def test_facts_win_field_by_field_and_are_undone_by_id() -> None:
    facts = [
        Fact("f1", SHA, "A B", at(1), number="86/KH-UBND", date=dt.date(2023, 6, 12)),
        Fact("f2", SHA, "A B", at(2), number="87/KH-UBND"),
    ]
    assert Curated((), facts).facts_of(SHA) == {"number": "87/KH-UBND", "date": dt.date(2023, 6, 12)}
    undone = said("withdrawn", 3, relation="fact", object="f2", undoes="f2")
    assert Curated([undone], facts).facts_of(SHA)["number"] == "86/KH-UBND"


@pytest.mark.parametrize(
    ("one", "other", "pair"),
    [
        ("Sùng Lử Páo", "Sùng Lữ Páo", True),  # one letter's tone: one address already, to be confirmed
        ("Sùng Lử Páo", "Sùng Lử Pháo", True),
        ("Lò Văn Hoà", "Lò Văn Hòa", False),  # the same name in two tone styles
        ("SÙNG LỬ PÁO", "Sùng Lử Páo", False),
        ("Vũ A", "Vũ An", False),  # too short for a slip
        ("Giàng A Mẫu", "Giàng A Tủa", False),
        ("Lò Văn Hòa", "Lò Thị Hòa", False),
        ("Lò Văn", "Lò Văn Anh", False),
    ],
)
def test_pairs_of_signers_to_be_judged(one: str, other: str, pair: bool) -> None:
    assert bool(person_pairs([(one, BODY), (other, BODY)])) is pair
    assert not person_pairs([(one, BODY), (other, "lai-chau.ubnd")]), "never across bodies"
    assert person_pairs([(one, BODY), (other, BODY)]) == person_pairs([(other, BODY), (one, BODY)])


def test_signers_are_merged_and_kept_apart_by_verdicts_alone() -> None:
    signers = [("Sùng Lử Páo", BODY), ("Sùng Lữ Páo", BODY), ("Sùng Lử Pháo", BODY)]
    lu, luw, phao = (person_name(name, BODY) for name, _ in signers)
    assert same_persons(signers, {}) == {}
    first, second = sorted((lu, phao))
    merged = same_persons(signers, {(first, second): True})
    assert merged == {phao: person_key("Sùng Lử Páo", BODY)} or merged == {
        name: person_key("Sùng Lử Pháo", BODY) for name in (lu, luw)
    }
    first, second = sorted((lu, luw))
    apart = same_persons(signers, {(first, second): False})
    assert apart[lu] != apart[luw] and phao not in apart
    assert same_persons(reversed(signers), {(first, second): False}) == apart


# --- The real documents -------------------------------------------------------------------------------------------

PLAN, LATER = "000_48664e20320740b7.txt", "004_6d626cd8a15edca4.txt"


@pytest.fixture
def seeds(shared: Path, tmp_path: Path) -> Workspace:
    made = Workspace(tmp_path / "kg-data")
    made.ingest([shared / "seeds"])
    return made


def rows(workspace: Workspace, query: str) -> list[list[str]]:
    lines = workspace.sparql(query, form="tsv").text.splitlines()[1:]
    return [[cell.strip('"<>') for cell in line.split("\t")] for line in lines]


def test_a_lost_number_set_by_hand_moves_the_plan_and_its_old_address_leads_on(seeds: Workspace, shared: Path) -> None:
    iris = Iris(seeds.snapshot().current.base)
    ((old,),) = rows(seeds, f"SELECT DISTINCT ?w {{ ?w vb:file/vb:fileName '{PLAN}' }}")
    before = {
        link for (link,) in rows(seeds, f"SELECT DISTINCT ?l {{ ?l rdf:subject <{old}> ; vb:status vb:Effective }}")
    }
    assert before
    made = seeds.set_fact(PLAN, by="Vàng Thị Mẫu", number="87/KH-UBND", date=dt.date(2023, 6, 12))
    assert made["iri"] == str(iris.work(f"{BODY}/kh/2023/87")) != old
    assert seeds.catalog().key_of(old) == f"{BODY}/kh/2023/87"
    (row,) = [r for r in seeds.trace("1954/UBND-TH")["implementing"] if r["document"]["file"] == PLAN]
    assert (row["document"]["number"], row["document"]["date"]) == ("87/KH-UBND", "2023-06-12")
    ((method,),) = rows(seeds, f"SELECT DISTINCT ?m {{ <{made['iri']}> vb:identityMethod ?m }}")
    assert method.endswith("#Human")
    after = seeds.export("nq", meta=False, public=False)
    seeds.ingest([shared / "seeds"], prune=True)
    assert seeds.export("nq", meta=False, public=False) == after
    seeds.undo(PLAN, by="Vàng Thị Mẫu")
    assert seeds.catalog().key_of(made["iri"]) == iris.key_of(old)
    assert not seeds.validate()


def test_two_spellings_of_a_signer_are_proposed_and_stay_as_decided(seeds: Workspace, shared: Path) -> None:
    (pair,) = [item for item in seeds.waiting("person") if "Sùng" in item["subject"]]
    assert {pair["subject"], pair["object"]} == {f"{BODY}/Sùng Lử Páo", f"{BODY}/Sùng Lữ Páo"}
    query = "SELECT DISTINCT ?p ?n { ?w vb:signedBy ?p . ?p schema:name ?n . FILTER(STRSTARTS(?n, 'Sùng')) }"
    assert len({person for person, _ in rows(seeds, query)}) == 1
    seeds.decide(pair["id"], "rejected", by="Vàng Thị Mẫu")
    assert len({person for person, _ in rows(seeds, query)}) == 2
    decided = seeds.export("nq", meta=False, public=False)
    assert not [item for item in seeds.waiting("person") if "Sùng" in item["subject"]]
    seeds.ingest([shared / "seeds"], prune=True)
    old = seeds.snapshot().current.base
    seeds.rebase("https://vanban.laichau.example")
    seeds.rebase(old)
    assert seeds.export("nq", meta=False, public=False) == decided
    seeds.undo(pair["id"], by="Vàng Thị Mẫu")
    assert len({person for person, _ in rows(seeds, query)}) == 1


def test_an_inferred_identity_is_confirmed_or_refused(seeds: Workspace) -> None:
    (item,) = [one for one in seeds.waiting("identity") if one["object"].endswith("/1954-th")]
    seeds.decide(item["id"], "accepted", by="Vàng Thị Mẫu")
    assert not [one for one in seeds.waiting("identity") if one["object"].endswith("/1954-th")]
    ((method,),) = rows(seeds, f"SELECT DISTINCT ?m {{ <{{base}}/eli/vn/{item['object']}> vb:identityMethod ?m }}")
    assert method.endswith("#Human")
    seeds.undo(item["id"], by="Vàng Thị Mẫu")
    seeds.decide(item["id"], "rejected", by="Vàng Thị Mẫu")
    assert rows(seeds, f"SELECT DISTINCT ?s {{ <{{base}}/eli/vn/{item['object']}> a vb:Stub, ?s }}"), "cited, not held"
    row = next(r for r in seeds.trace("34-CT/TW")["implementing"] if r["document"]["iri"].rsplit("/", 2)[1] == "file")
    assert row["document"]["number"] is None


def test_the_order_of_files_changes_nothing_that_was_decided(shared: Path, tmp_path: Path) -> None:
    """The same decision made early, in the middle, or late: the same graph but for its record."""
    files = sorted((shared / "seeds").glob("*.txt"))

    def made(name: str, first: int) -> list[bytes]:
        workspace = Workspace(tmp_path / name)
        folder = tmp_path / f"{name}-files"
        folder.mkdir()
        for file in files[:first]:
            shutil.copy(file, folder)
        workspace.ingest([folder])
        workspace.set_fact(PLAN, by="Vàng Thị Mẫu", number="87/KH-UBND", date=dt.date(2023, 6, 12))
        for file in files[first:]:
            shutil.copy(file, folder)
            workspace.ingest([folder])
        lines = workspace.export("nq", meta=False, public=False).splitlines()
        return [line for line in lines if b"/graph/curated" not in line]

    assert made("early", 1) == made("late", len(files))

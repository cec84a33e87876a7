"""The example questions: each answers on the samples, in time, and none counts what it should not."""

from __future__ import annotations

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from readers_workspace import client_of, copied, ingested

from api.examples import Example, examples
from api.settings import Settings
from api.sparql import Limits, WorkerPool
from api.sparql_formats import by_name
from api.workspace import Workspace
from kg.cascade import cascade, counts
from kg.catalog_links import all_links
from kg.snapshots import write_session
from kg.terms import Iri, Lit
from kg.vocab import ELI, SCHEMA, VB

NUMBER, CALL = "1286/UBND-TH", "lam-son.ubnd/cv/2024/1286-th"
# What the samples have nothing of: nobody reviewed them.
EMPTY = {"reviewed-links", "review-changes"}

Rows = list[dict[str, str]]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return ingested(tmp_path_factory.mktemp("examples"))


@pytest.fixture(scope="module")
def pool() -> Iterator[WorkerPool]:
    with WorkerPool(Limits.of(Settings())) as pool:
        yield pool


def ask(pool: WorkerPool, root: Path, name: str, number: str = NUMBER) -> Rows:
    snapshot = Workspace(root).snapshot()
    made = examples()[name]
    text = made.text(snapshot.current.base, number if made.takes_number else None)
    result = pool.run(snapshot.folder, text, choice=by_name("csv"))
    assert not result.truncated and result.seconds < 5, name
    return list(csv.DictReader(io.StringIO(result.body.decode(), newline="")))


def key(iri: str) -> str:
    return iri.partition("/eli/vn/")[2]


def test_there_are_enough_and_each_says_what_it_asks() -> None:
    assert len(examples()) >= 20
    for name, made in examples().items():
        assert made.question and made.note and "SELECT" in made.query, name
        assert name == name.lower() and " " not in name
    assert len({made.question for made in examples().values()}) == len(examples())


@pytest.mark.parametrize("name", sorted(examples()))
def test_each_answers_on_the_samples(pool: WorkerPool, root: Path, name: str) -> None:
    rows = ask(pool, root, name)
    assert bool(rows) is (name not in EMPTY)
    assert len({tuple(sorted(row.items())) for row in rows}) == len(rows), "a row stands twice"


def test_a_number_as_people_type_it_takes_the_place_of_the_directive() -> None:
    made = examples()["implementing"]
    assert made.takes_number and '"34/CT/TW"' in made.text("https://x.example")
    assert '"1286/UBND/TH"' in made.text("https://x.example", "1286 /UBND-TH")
    told = made.text("https://x.example", 'x" } DELETE { ?s ?p ?o } #')
    assert 'X\\"/}' in told, "what is typed stays a string"


def test_who_implements_is_what_the_trace_says(pool: WorkerPool, root: Path) -> None:
    record = Workspace(root).trace(NUMBER)
    expected = {(row["document"]["id"], row["how"]) for row in record["implementing"]}
    assert {(key(row["document"]), row["how"]) for row in ask(pool, root, "implementing")} == expected
    assert len(expected) > 5


def test_levels_count_documents_of_one_hop(pool: WorkerPool, root: Path) -> None:
    found: dict[str, set[str]] = defaultdict(set)
    for link in all_links((catalog := Workspace(root).catalog()).store, catalog.iris):
        if link.object == CALL and link.status == "effective" and link.relation in ("implements", "follows"):
            level = catalog.table.works[link.subject].summary.level
            if level:
                found[f"{link.relation} {level}"].add(link.subject)
    rows = ask(pool, root, "implementing-by-level")
    told = {
        f"{relation} {row['level'].rpartition('#')[2].lower()}": int(row[relation])
        for row in rows for relation in ("implements", "follows") if int(row[relation])
    }  # fmt: skip
    assert told == {name: len(works) for name, works in found.items()}


def test_the_three_ways_to_count_differ_as_the_note_says(pool: WorkerPool, root: Path) -> None:
    links = all_links((catalog := Workspace(root).catalog()).store, catalog.iris)
    by_relation = Counter(link.relation for link in links)
    rows = ask(pool, root, "counting")
    assert sum(int(row["links"]) for row in rows) == len(links) == by_relation.total()
    assert sum(int(row["mentions"]) for row in rows) == sum(len(link.quotes) for link in links)
    assert sum(int(row["inEffect"]) for row in rows) == sum(link.status == "effective" for link in links)


def test_intervals_are_days_between_known_dates(pool: WorkerPool, root: Path) -> None:
    works = Workspace(root).catalog().table.works
    for row in ask(pool, root, "intervals"):
        start, end = works[key(row["call"])].summary.date, works[key(row["document"])].summary.date
        assert start and end
        days = (end - start).days
        assert row["days"] == (f"P{days}D" if days > 0 else f"-P{-days}D" if days else "PT0S")


def test_dropped_bases_are_not_cited_and_the_call_cites_them(pool: WorkerPool, root: Path) -> None:
    cites: dict[str, set[str]] = defaultdict(set)
    for link in all_links((catalog := Workspace(root).catalog()).store, catalog.iris):
        if link.status == "effective":
            cites[link.subject].add(link.object)
    for row in ask(pool, root, "dropped-bases"):
        assert key(row["call"]) in cites[key(row["plan"])]
        assert key(row["dropped"]) in cites[key(row["call"])] - cites[key(row["plan"])]


def test_stubs_are_not_held_and_are_counted_by_document(pool: WorkerPool, root: Path) -> None:
    works = Workspace(root).catalog().table.works
    rows = ask(pool, root, "stubs")
    assert all(not works[key(row["work"])].held for row in rows)
    assert [int(row["citing"]) for row in rows] == sorted((int(row["citing"]) for row in rows), reverse=True)


def test_bodies_that_ended_are_older_than_the_papers_that_rest_on_them(pool: WorkerPool, root: Path) -> None:
    works = Workspace(root).catalog().table.works
    for row in ask(pool, root, "abolished-bodies"):
        day = works[key(row["document"])].summary.date
        assert day and day.isoformat() >= "2025-07-01" >= row["end"]


WHO_IMPLEMENTS = ("implementing", "implementing-by-level", "implementing-links", "stated-links")


def answers(pool: WorkerPool, root: Path) -> dict[str, Any]:
    catalog = Workspace(root).catalog()
    rows = cascade(CALL, catalog.incoming)
    told: dict[str, Any] = {name: ask(pool, root, name) for name in WHO_IMPLEMENTS}
    return told | {"trace": counts(rows), "works": sorted(row.work for row in rows)}


def test_an_inferred_edge_changes_no_answer_to_who_implements(pool: WorkerPool, root: Path, tmp_path: Path) -> None:
    place = copied(root, tmp_path)
    before = answers(pool, place)
    with write_session(place, command="test") as session:
        base = session.current.base
        graph = Iri(f"{base}/graph/inferred")
        others = [row["w"] for row in session.store.query("SELECT DISTINCT ?w { ?w a eli:LegalResource } ORDER BY ?w")]
        target = Iri(f"{base}/eli/vn/{CALL}")
        session.store.put_graph(
            graph,
            [(Iri(str(work)), predicate, target) for work in others
             for predicate in (VB.inferredParent, VB.reusesTextOf)],
        )  # fmt: skip
    assert len(ask(pool, place, "with-inferred")) > len(ask(pool, root, "with-inferred"))
    assert answers(pool, place) == before


def test_a_rejected_link_takes_its_document_out_of_every_answer(pool: WorkerPool, root: Path, tmp_path: Path) -> None:
    place = copied(root, tmp_path)
    before = answers(pool, place)
    catalog = Workspace(place).catalog()
    link = next(link for link in catalog.incoming([CALL]) if link.relation == "implements")
    found = [one for one in all_links(catalog.store, catalog.iris) if (one.subject, one.object) == (link.subject, CALL)]
    for one in found:
        Workspace(place).decide(one.id, "rejected", by="người thử")
    after = answers(pool, place)
    gone = str(catalog.iris.work(link.subject))
    assert gone in str(before["implementing"]) and link.subject in before["works"]
    for name in ("implementing-links", "stated-links"):
        assert all(row["document"] != gone or key(row.get("target", "")) not in ("", CALL) for row in after[name])
    assert all(row["document"] != gone or row["how"] == "through" for row in after["implementing"])
    assert {key(row["document"]) for row in after["implementing"]} == set(after["works"])
    assert after["trace"]["direct"] < before["trace"]["direct"]
    rows = ask(pool, place, "review-changes")
    assert [row["verdict"].rpartition("#")[2] for row in rows] == ["Rejected"] * len(found)


def test_a_plain_triple_alone_is_no_link(pool: WorkerPool, root: Path, tmp_path: Path) -> None:
    """A superterm of "implements" that someone states elsewhere must not count either."""
    place = copied(root, tmp_path)
    before = answers(pool, place)
    with write_session(place, command="test") as session:
        base = session.current.base
        other = Iri(f"{base}/eli/vn/lam-son.snv/kh/2024/45")
        session.store.put_graph(
            Iri(f"{base}/graph/inferred"), [(other, ELI.cites, Iri(f"{base}/eli/vn/lam-son.tu/ct/2022/17"))]
        )
    assert answers(pool, place) == before


def test_examples_over_http(root: Path) -> None:
    with client_of(root) as client:
        listed = client.get("/sparql/examples").json()["examples"]
        assert {one["name"] for one in listed} == set(examples())
        assert all("{base}" not in one["query"] for one in listed)
        page = client.get("/sparql", headers={"Accept": "text/html"}, follow_redirects=True).text
    assert isinstance(next(iter(examples().values())), Example) and "<textarea" in page


def test_a_signer_is_one_row_however_the_name_is_spelt(pool: WorkerPool, root: Path, tmp_path: Path) -> None:
    place = copied(root, tmp_path)
    (first, *_) = ask(pool, place, "signers")
    with write_session(place, command="test") as session:
        session.store.put_graph(
            Iri(f"{session.current.base}/graph/thu"),
            [(Iri(first["person"]), SCHEMA.name, Lit(first["name"].replace("o", "ó")))],
        )
    rows = ask(pool, place, "signers")
    assert len({row["person"] for row in rows}) == len(rows)
    told = next(row for row in rows if row["person"] == first["person"])
    assert told["signed"] == first["signed"] and set(told["numbers"].split("; ")) == set(first["numbers"].split("; "))
    assert first["name"] in told["name"].split(" / ")

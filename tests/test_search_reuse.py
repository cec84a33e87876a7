"""Reuse of text: runs of words, direction, a corpus of two thousand plans, and the file that remembers."""

from __future__ import annotations

import datetime as dt
import math
import random
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from plans import MadePlan, document, issued, make_corpus, sentences

from kg.model import Document
from kg.works import HeldFile, Resolution, Work
from search.reuse import FEWEST_RUNS, Entry, Reuse, ReuseIndex, shingles
from search.reuse_cache import reuse_edges

DAY = dt.date(2024, 3, 14)
CALL = list(sentences()[:20])
OTHER = list(sentences()[200:220])


def paper(lines: Sequence[str]) -> Document:
    text = "KẾ HOẠCH\nThi đua\n" + "".join(f"- {line}.\n" for line in lines)
    return document(text, "a", issued("Lâm Sơn", None, "Hoàng Trọng Khoát"))


def entry(key: str, lines: Sequence[str], days: int | None = 0, level: str = "district", **more: Any) -> Entry:
    day = None if days is None else DAY + dt.timedelta(days=days)
    return Entry(key, shingles(paper(lines)), level, more.pop("province", "lam-son"), day, day)  # type: ignore[arg-type]


def found(*entries: Entry) -> dict[str, list[str]]:
    index = ReuseIndex(entries)
    return {item.key: [edge.source for edge in index.sources(item.key)] for item in entries if index.sources(item.key)}


# --- Runs of words --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Thi đua làm đường bê tông nông thôn tại tỉnh", "thi đua làm đường bê-tông nông thôn tại HUYỆN"),
        ("đạt ít nhất 70% kế hoạch được giao năm 2024", "đạt ít nhất 75% kế hoạch được giao năm 2025"),
        ("gửi kế hoạch về Sở trước ngày 15/4/2024", "gửi kế hoạch về Sở trước ngày 25/5/2025"),
    ],
)
def test_levels_and_figures_do_not_count(one: str, other: str) -> None:
    runs = [shingles(paper([text])) for text in (one, other)]
    assert len(runs[0]) > 0
    assert np.array_equal(*runs)


def test_a_run_crosses_no_clause_and_formulas_give_none() -> None:
    assert len(shingles(paper(["một hai ba bốn", "năm sáu bảy tám"]))) == 0
    assert len(shingles(paper(["Căn cứ Luật Thi đua, khen thưởng ngày 15 tháng 6 năm 2022 của Quốc hội"]))) == 0
    assert len(shingles(paper([]))) == 0


def test_runs_are_the_same_on_every_machine() -> None:
    """A change of these figures makes every kept file worthless: raise FORMAT in search.reuse_cache then."""
    [run] = shingles(paper(["trồng rừng đầu nguồn ngay"]))
    assert int(run) == 10717882052325329722


# --- Who is the source ----------------------------------------------------------------------------------------------


def test_the_older_paper_is_the_source_of_the_younger() -> None:
    assert found(entry("a", CALL), entry("b", CALL[:15], 30)) == {"b": ["a"]}


def test_of_one_day_the_higher_body_is_the_source() -> None:
    assert found(entry("a", CALL), entry("b", CALL, level="province")) == {"a": ["b"]}


def test_a_higher_body_without_a_date_is_still_the_source() -> None:
    assert found(entry("a", CALL), entry("b", CALL, None, "province")) == {"a": ["b"]}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (entry("a", CALL), entry("b", OTHER, 30)),
        # of one level and one day, or without days, nobody knows who copied
        (entry("a", CALL), entry("b", CALL)),
        (entry("a", CALL, None), entry("b", CALL, None)),
        # too little in common
        (entry("a", CALL), entry("b", [*CALL[:2], *OTHER], 30)),
        (entry("a", CALL[:1]), entry("b", CALL[:1], 30)),
    ],
    ids=["nothing in common", "one day", "no days", "a small part", "a short paper"],
)
def test_no_source(one: Entry, other: Entry) -> None:
    assert found(one, other) == {}


def test_papers_of_two_provinces_need_more_in_common() -> None:
    plan = [*CALL[:6], *OTHER[:14]]
    assert found(entry("a", CALL), entry("b", plan, 30)) == {"b": ["a"]}
    assert found(entry("a", CALL, province="tay-son"), entry("b", plan, 30)) == {}
    assert found(entry("a", CALL, province="tay-son"), entry("b", CALL, 30)) == {"b": ["a"]}
    assert found(entry("a", CALL, level="central", province=None), entry("b", plan, 30)) == {"b": ["a"]}


def test_the_call_wins_over_a_sister_and_the_sister_tells_nothing_new() -> None:
    call = entry("call", CALL, level="province")
    assert found(call, entry("one", CALL[:15], 10), entry("two", CALL[:15], 20)) == {"one": ["call"], "two": ["call"]}


def test_a_plan_made_from_two_papers_has_two_sources() -> None:
    plan = entry("plan", [*CALL[:10], *OTHER[:8]], 30)
    [one, other] = ReuseIndex([entry("a", CALL), entry("b", OTHER), plan]).sources("plan")
    assert {one.source, other.source} == {"a", "b"}
    assert one.own >= other.own >= FEWEST_RUNS
    assert one.own + other.own <= len(plan.runs)


def test_where_the_words_went() -> None:
    index = ReuseIndex([entry("a", CALL), entry("b", CALL[:15], 30), entry("c", CALL[:9], 40), entry("d", OTHER, 50)])
    assert [edge.target for edge in index.derived("a")] == ["b", "c"]
    assert index.derived("d") == index.derived("none") == index.sources("none") == ()


def test_the_order_of_documents_does_not_count() -> None:
    entries = [
        entry(f"p{n}", [*CALL[: n + 5], *OTHER[n:]], n % 4, "province" if n % 3 else "district") for n in range(14)
    ]
    first = ReuseIndex(entries).edges()
    random.Random(5).shuffle(entries)
    assert ReuseIndex(entries).edges() == first
    assert first


# --- Two thousand plans ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def corpus() -> list[MadePlan]:
    return make_corpus(100, 2000)


@pytest.fixture(scope="module")
def entries(corpus: list[MadePlan]) -> list[Entry]:
    return [
        Entry(
            plan.document.file,
            shingles(plan.document),
            plan.level,
            "lam-son",
            plan.document.metadata.date,
            plan.document.metadata.date,
        )
        for plan in corpus
    ]


@pytest.mark.slow
def test_the_true_source_ranks_first(corpus: list[MadePlan], entries: list[Entry]) -> None:
    first: dict[str, Reuse] = {}
    for edge in ReuseIndex(entries).edges():
        first.setdefault(edge.target, edge)
    plans = [plan for plan in corpus if plan.source is not None]
    right = sum(
        plan.document.file in first and first[plan.document.file].source == f"call-{plan.source}" for plan in plans
    )
    assert len(plans) == 2000
    assert right / len(plans) >= 0.98


@pytest.mark.slow
def test_time_grows_with_the_corpus_not_with_its_square(corpus: list[MadePlan], entries: list[Entry]) -> None:
    """A quarter of the calls with their plans, against all of them."""
    quarter = {f"call-{number}" for number in range(25)}
    some = [
        entry
        for made, entry in zip(corpus, entries, strict=True)
        if entry.key in quarter or (made.source is not None and f"call-{made.source}" in quarter)
    ]

    def seconds(papers: list[Entry]) -> float:
        times = []
        for _ in range(4):
            began = time.process_time()
            ReuseIndex(papers).edges()
            times.append(time.process_time() - began)
        return min(times)

    assert 400 < len(some) < 700
    growth = math.log(seconds(entries) / seconds(some)) / math.log(len(entries) / len(some))
    assert growth <= 1.2


# --- What is kept ---------------------------------------------------------------------------------------------------


def held(key: str, lines: Sequence[str], day: dt.date) -> Work:
    """A work as resolution gives it: its document without text, which is loaded when it is asked for."""
    whole = paper(lines)
    slim = replace(whole, text=replace(whole.text, text=""), outline=())
    return Work(
        key, owner=key, level="district", date=day, files=(HeldFile(whole.sha256, (key,), slim, lambda: whole),)
    )


def test_the_kept_file_changes_nothing_but_the_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    works = {"a": held("a", CALL, DAY), "b": held("b", CALL[:15], DAY + dt.timedelta(days=9)), "c": Work("c")}
    kept = tmp_path / "runs.msgpack"
    first = reuse_edges(Resolution(works), kept)
    assert [(edge.target, edge.source) for edge in first] == [("b", "a")]
    content = kept.read_bytes()
    with monkeypatch.context() as patched:  # nothing is read or compared again where nothing changed
        patched.setattr("search.reuse_cache.shingles", lambda *_: pytest.fail("read again"))
        patched.setattr("search.reuse_cache.ReuseIndex", lambda *_: pytest.fail("compared again"))
        assert reuse_edges(Resolution(works), kept) == first
    assert kept.read_bytes() == content
    kept.write_bytes(content[: len(content) // 2])
    assert reuse_edges(Resolution(works), kept) == first
    kept.write_bytes(b"")
    assert reuse_edges(Resolution(works), kept) == first


def test_a_changed_date_or_a_new_paper_is_seen(tmp_path: Path) -> None:
    kept = tmp_path / "runs.msgpack"
    works = {"a": held("a", CALL, DAY), "b": held("b", CALL[:15], DAY + dt.timedelta(days=9))}
    reuse_edges(Resolution(works), kept)
    works["b"] = replace(works["b"], date=DAY - dt.timedelta(days=9))
    assert [(edge.target, edge.source) for edge in reuse_edges(Resolution(works), kept)] == [("a", "b")]
    del works["b"]
    assert reuse_edges(Resolution(works), kept) == ()
    works["d"] = held("d", CALL[:12], DAY + dt.timedelta(days=30))
    assert [(edge.target, edge.source) for edge in reuse_edges(Resolution(works), kept)] == [("d", "a")]

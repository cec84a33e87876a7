"""Likely parents of papers that cite none: by title, body and time; what is stated or rejected is not inferred."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

import pytest

from kg.inferred import Inference, inferences_of, inferred_parents, inferred_triples, judged
from kg.iris import Iris
from kg.review import Curated, Verdict
from kg.store import OxigraphStore
from kg.vocab import VB
from kg.works import Link, Resolution, Work

TITLE = "về tiếp tục đổi mới công tác thi đua, khen thưởng"
DAY = dt.date(2014, 4, 7)


def work(key: str, title: str | None = TITLE, level: str = "province", day: dt.date | None = DAY, **more: Any) -> Work:
    more.setdefault("kind", {"ct": "Chỉ thị", "kh": "Kế hoạch", "qd": "Quyết định"}[key.split("/")[1]])
    return Work(key, owner=key.split("/")[0], title=title, level=level, date=day, **more)  # type: ignore[arg-type]


DIRECTIVE = work("tw/ct/2014/34", level="central")
LATER = DAY + dt.timedelta(days=80)


def parents(*works: Work, links: tuple[Link, ...] = ()) -> dict[str, str]:
    found = inferred_parents(Resolution({item.key: item for item in works}, links=links))
    return {edge.subject: edge.object for edge in found}


def test_the_same_title_from_a_higher_body_a_little_earlier() -> None:
    local = work("lai-chau.tu/ct/2014/32", "Về tiếp tục đổi mới công tác thi đua khen thưởng", day=LATER)
    assert parents(DIRECTIVE, local) == {local.key: DIRECTIVE.key}


@pytest.mark.parametrize(
    "local",
    [
        work("lai-chau.tu/ct/2014/32", "Về công tác dân vận trong tình hình mới hiện nay", day=LATER),
        work("lai-chau.tu/ct/2014/32", day=DAY - dt.timedelta(days=1)),
        work("lai-chau.tu/ct/2014/32", day=DAY + dt.timedelta(days=367)),
        work("lai-chau.tu/ct/2014/32", day=None),
        work("lai-chau.tu/ct/2014/32", "Thi đua", day=LATER),
        work("lai-chau.tu/ct/2014/32", None, day=LATER),
        work("tw/ct/2014/40", level="central", day=LATER),
        work("lai-chau.ubnd/qd/2014/40", day=LATER),
    ],
    ids=[
        "another title",
        "older",
        "too late",
        "no date",
        "a title that says little",
        "no title",
        "the same body",
        "a decision",
    ],
)
def test_no_parent(local: Work) -> None:
    assert parents(DIRECTIVE, local) == {}


def test_papers_of_two_years_are_two() -> None:
    one = work("lai-chau.ubnd/kh/2024/5", "Công tác thi đua, khen thưởng năm 2024", day=dt.date(2024, 12, 1))
    other = work(
        "lai-chau.tam-duong.ubnd/kh/2025/7", "Công tác thi đua, khen thưởng năm 2025", "district", dt.date(2025, 1, 9)
    )
    assert parents(one, other) == {}
    assert parents(one, work(other.key, one.title, "district", other.date)) == {other.key: one.key}


def test_the_title_may_grow_on_the_way_down() -> None:
    central = work(
        "ttg/ct/2021/19",
        "về việc phát động thi đua hoàn thành thắng lợi nhiệm vụ phát triển kinh tế - xã hội giai đoạn 2021-2025",
        "central",
        dt.date(2021, 7, 16),
    )
    local = work(
        "lai-chau.ubnd/ct/2021/9",
        "về phát động phong trào thi đua hoàn thành thắng lợi nhiệm vụ phát triển kinh tế - xã hội hằng năm và giai "
        "đoạn 2021-2025 theo Nghị quyết Đại hội Đảng bộ tỉnh",
        day=dt.date(2021, 8, 11),
    )
    assert parents(central, local) == {local.key: central.key}


def test_the_nearest_body_above_is_the_parent() -> None:
    province = work("lai-chau.tu/ct/2014/32", day=LATER)
    district = work("lai-chau.tam-duong.hu/ct/2014/9", level="district", day=LATER + dt.timedelta(days=30))
    department = work("lai-chau.snv/kh/2014/3", day=LATER + dt.timedelta(days=9))
    assert parents(DIRECTIVE, province, district, department) == {
        province.key: DIRECTIVE.key,
        department.key: province.key,
        district.key: province.key,
    }


def test_another_province_is_not_above() -> None:
    other = work("son-la.tu/ct/2014/5", day=LATER)
    district = work("lai-chau.tam-duong.hu/ct/2014/9", level="district", day=LATER + dt.timedelta(days=30))
    assert parents(other, district) == {}


def test_a_department_is_above_no_council() -> None:
    department = work("lai-chau.snv/kh/2014/3", day=LATER)
    district = work("lai-chau.tam-duong.ubnd/kh/2014/9", level="district", day=LATER + dt.timedelta(days=30))
    office = work("lai-chau.tam-duong.pnv/kh/2014/9", level="district", day=LATER + dt.timedelta(days=30))
    assert parents(department, district, office) == {office.key: district.key}
    assert parents(department, district) == {}
    assert parents(department, office) == {office.key: department.key}


def test_bounds_do_where_no_day_is_known() -> None:
    draft = work("lai-chau.tu/ct/2014/32", day=None, date_earliest=LATER, date_latest=LATER + dt.timedelta(days=30))
    [edge] = inferred_parents(Resolution({DIRECTIVE.key: DIRECTIVE, draft.key: draft}))
    assert "từ 80 đến 110 ngày" in edge.reason


def test_what_is_stated_is_not_inferred() -> None:
    local = work("lai-chau.tu/ct/2014/32", day=LATER)

    def link(status: str) -> Link:
        return Link("x", local.key, "follows", DIRECTIVE.key, local.key, 0.9, status, ())  # type: ignore[arg-type]

    assert parents(DIRECTIVE, local, links=(link("effective"),)) == {}
    assert parents(DIRECTIVE, local, links=(link("rejected"),)) == {local.key: DIRECTIVE.key}


def test_the_order_of_works_does_not_count() -> None:
    works = [DIRECTIVE, *(work(f"tinh-{n}.tu/ct/2014/{n}", day=LATER + dt.timedelta(days=n)) for n in range(9))]
    first = inferred_parents(Resolution({item.key: item for item in works}))
    random.Random(3).shuffle(works)
    assert inferred_parents(Resolution({item.key: item for item in works})) == first
    assert len(first) == 9


# --- Verdicts and the graph -----------------------------------------------------------------------------------------

EDGE = Inference("lai-chau.tu/ct/2014/32", "inferred_parent", "tw/ct/2014/34", 0.9, "Cùng trích yếu.")
LOCAL = work("lai-chau.tu/ct/2014/32", day=LATER, former_keys=("file/0011223344556677",))
BOTH = Resolution({DIRECTIVE.key: DIRECTIVE, LOCAL.key: LOCAL})


def verdict(value: str, **more: Any) -> Verdict:
    at = dt.datetime(2026, 11, 20, tzinfo=dt.UTC)
    fields = {"subject": EDGE.subject, "relation": EDGE.relation, "object": EDGE.object, **more}
    return Verdict("v", value=value, by="Lê Thu", at=at, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("said", "kept", "accepted"),
    [
        ([], 1, False),
        ([verdict("rejected")], 0, False),
        ([verdict("accepted")], 1, True),
        ([verdict("unsure")], 1, False),
        # a verdict follows the file through its former key, and counts for its own relation alone
        ([verdict("rejected", subject="file/0011223344556677")], 0, False),
        ([verdict("rejected", relation="reuses_text")], 1, False),
        ([verdict("rejected", object="tw/ct/2014/35")], 1, False),
    ],
)
def test_verdicts(said: list[Verdict], kept: int, accepted: bool) -> None:
    found = judged([EDGE], BOTH, Curated(said))
    assert len(found) == kept
    assert all(edge.accepted == accepted for edge in found)


def test_the_graph_says_why_and_reads_back() -> None:
    iris = Iris("https://vanban.example.vn")
    store = OxigraphStore.memory()
    store.put_graph(iris.graph("inferred"), inferred_triples([EDGE], iris))
    assert store.ask("ASK { ?a vb:inferredParent ?b }")
    assert inferences_of(store, iris, key=EDGE.subject) == inferences_of(store, iris, key=EDGE.object) == [EDGE]
    assert inferences_of(store, iris, ident=EDGE.id) == [EDGE]
    assert inferences_of(store, iris, key="tw/ct/2014/35") == inferences_of(store, iris, ident="none") == []
    predicates = {row["p"] for row in store.query("SELECT DISTINCT ?p { ?s ?p ?o }")}
    assert not {VB.mentions, VB.evidence} & predicates


def test_no_stated_predicate_is_ever_used() -> None:
    from kg.inferred import PREDICATES
    from kg.vocab import LINK_PREDICATES

    assert not set(PREDICATES.values()) & set(LINK_PREDICATES.values())

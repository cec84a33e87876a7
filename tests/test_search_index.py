from __future__ import annotations

import datetime as dt
import json
import os
import signal
import subprocess
import sys
import textwrap
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from search_doubles import HashingEncoder, document, library

from kg.errors import IndexMismatch, WorkspaceError
from search.build import BYTES_FROM
from search.documents import IndexedDocument
from search.filters import Filters
from search.index import SearchIndex, build, clear, open_index, synchronise, update
from search.vectors import Quantiser, VectorIndex

ENCODER = HashingEncoder()


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> SearchIndex:
    return SearchIndex(build(tmp_path_factory.mktemp("index"), library(), encoder=ENCODER), encoder=ENCODER)


def keys(index: SearchIndex, query: str, **options: object) -> list[str]:
    """The documents found, near copies not put away."""
    result = index.search(query, **{"fold_similar": False, **options})  # type: ignore[arg-type]
    return [hit.document.key for hit in result.hits]


CALL, PLAN, FOOD, DIGITAL, NOTE, DIRECTIVE = (one.key for one in library())


# -- the three routes


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("1954", CALL),
        ("cv 1954", CALL),
        ("34/CT-TW", DIRECTIVE),  # only cited: found all the same
        ("QD 666", DIGITAL),
        ("kh 118 bac hai", FOOD),
        ("kh 118 suoi vang", PLAN),
        ("an toàn thực phẩm", FOOD),
        ("an toan thuc pham", FOOD),  # no accents
        ("ATTP", FOOD),  # an abbreviation
        ("CĐS", DIGITAL),
        ("chuyen doi so quoc gia", DIGITAL),
    ],
)
def test_what_people_type_finds_the_paper(index: SearchIndex, query: str, first: str) -> None:
    assert keys(index, query)[0] == first


def test_all_papers_of_a_number_come_first_then_those_that_cite_it(index: SearchIndex) -> None:
    assert set(keys(index, "kế hoạch 118")[:2]) == {PLAN, FOOD}
    found = index.search("34-CT/TW").hits
    assert [hit.ranked.number.how for hit in found[:3] if hit.ranked.number] == ["exact", "cites", "cites"]


@pytest.mark.parametrize("query", ["1954", "cv1954", "1954/UBND-TH", "công văn số 1954"])
def test_who_types_only_a_number_gets_only_what_bears_or_says_it(index: SearchIndex, query: str) -> None:
    result = index.search(query)
    assert [hit.document.key for hit in result.hits] == [CALL, PLAN]
    citing = result.hits[1]
    assert citing.passage is not None
    assert "1954" in citing.passage.text  # the place where it is cited
    assert not result.notes


def test_a_number_that_nobody_bears_is_said(index: SearchIndex) -> None:
    for query in ("QĐ 4321", "4321/QĐ-UBND"):
        assert any("4321" in note for note in index.search(query).notes)
    for query in ("kế hoạch 2023", "thi đua 4321 điểm", "118"):
        assert not index.search(query).notes


def test_a_hit_says_why_it_is_there(index: SearchIndex) -> None:
    hit = index.search("an toàn thực phẩm tại chợ").record()["hits"][0]
    assert hit["rank"] == 1
    assert hit["why"]["lexical"]["rank"] == 1
    assert hit["why"]["semantic"]["rank"] >= 1
    assert "number" not in hit["why"]
    passage = hit["passage"]
    text = next(one.text for one in library() if one.key == FOOD)
    assert passage["text"] == text[passage["start"] : passage["end"]]
    assert "an toàn thực phẩm" in [passage["text"][start:end] for start, end in passage["highlights"]]
    assert hit["document"]["number"] == "118/KH-UBND"
    assert hit["document"]["iri"].endswith("/eli/vn/bac-hai.ubnd/kh/2023/118")


def test_each_route_can_be_asked_alone(index: SearchIndex) -> None:
    for route in ("lexical", "semantic"):
        hits = index.search("chuyển đổi số", routes=(route,)).hits
        assert hits[0].document.key == DIGITAL
        assert (hits[0].ranked.lexical is None) == (route == "semantic")


def test_the_same_question_gives_the_same_answer(index: SearchIndex) -> None:
    answers = {json.dumps(index.search("phong trào thi đua").record()) for _ in range(3)}
    assert len(answers) == 1


# -- operators and filters


def test_a_phrase_must_stand_in_the_text(index: SearchIndex) -> None:
    assert set(keys(index, '"thi đua đặc biệt"')) == {CALL, PLAN}
    assert keys(index, '"đua thi biệt đặc"') == []
    assert keys(index, '"thí đùa đặc biệt"') == []  # accents typed in quotes count


def test_excluded_words_are_absent(index: SearchIndex) -> None:
    assert CALL in keys(index, "thi đua đặc biệt -huyện")
    assert PLAN not in keys(index, "thi đua đặc biệt -huyện")
    assert PLAN not in keys(index, 'thi đua đặc biệt -"Suối Vàng"')
    assert FOOD in keys(index, "118 -huyện")  # nor may a paper found by its number hold them, wherever they stand
    assert PLAN not in keys(index, "118 -huyện")
    assert PLAN in keys(index, "thi đua đặc biệt -huyền")  # accents count
    assert PLAN not in keys(index, "thi đua đặc biệt -huyen")


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(kind="Kế hoạch"), {PLAN, FOOD}),
        (Filters(kind="KH"), {PLAN, FOOD}),
        (Filters(kind="ke hoach"), {PLAN, FOOD}),
        (Filters(level="huyện"), {PLAN}),
        (Filters(level="district"), {PLAN}),
        (Filters(year=2022), {DIGITAL}),
        (Filters(cites="34-CT/TW"), {CALL, PLAN}),
        (Filters(cites="34/CT-TW"), {CALL, PLAN}),
        (Filters(cites="34"), {CALL, PLAN}),
        (Filters(campaign="thi đua đặc biệt"), {CALL}),
        (Filters(issuer="UBND tỉnh Sơn Lâm"), {CALL}),
        (Filters(issuer="ubnd huyen suoi vang"), {PLAN}),
        (Filters(issuer="Bộ Chính trị"), {DIRECTIVE}),
        (Filters(issuer="một cơ quan không có"), set()),
        (Filters(year=1999), set()),
    ],
)
def test_filters_narrow(index: SearchIndex, filters: Filters, expected: set[str]) -> None:
    query = "thi đua thực phẩm chuyển đổi số kế hoạch"
    assert set(keys(index, query, filters=filters)) == expected


def test_filters_may_be_typed(index: SearchIndex) -> None:
    assert set(keys(index, "thi đua cites:1954/UBND-TH")) == {PLAN}
    assert set(keys(index, "thi đua năm:2023 cấp:huyện")) == {PLAN}


def test_filters_without_words_list_what_they_leave_the_newest_first(index: SearchIndex) -> None:
    found = index.search("năm:2023").hits
    assert {hit.document.key for hit in found} == {CALL, PLAN, FOOD}
    days = [hit.document.date for hit in found]
    assert days == sorted(days, reverse=True, key=str)
    assert all(hit.passage is not None for hit in found)
    assert keys(index, "cites:34-CT/TW", k=1) == [CALL] or keys(index, "cites:34-CT/TW", k=1) == [PLAN]
    assert NOTE not in keys(index, "", filters=Filters(level="province"))
    assert keys(index, "-huyện") == []


@pytest.mark.parametrize("query", ["", "   ", "-", '""', "?!", "năm:2023", "ư" * 5000, "\x00", "(" * 300])
def test_odd_queries_are_answered(index: SearchIndex, query: str) -> None:
    assert isinstance(index.search(query).hits, tuple)


# -- who may see what


def test_internal_documents_neither_show_nor_count(index: SearchIndex) -> None:
    for query in ("báo cáo công tác cán bộ", "7/BC-SNV", "bc 7", '"công tác cán bộ"'):
        assert NOTE not in keys(index, query)
        assert NOTE in keys(index, query, internal=True)
    assert not index.search("báo cáo", filters=Filters(issuer="Sở Nội vụ tỉnh Sơn Lâm")).hits
    assert index.search("báo cáo", filters=Filters(issuer="Sở Nội vụ tỉnh Sơn Lâm"), internal=True).hits
    assert not [one for one in index.suggest("bao cao") if one.key == NOTE]
    assert [one for one in index.suggest("bao cao", internal=True) if one.key == NOTE]
    assert NOTE not in {one.document.key for one in index.similar_documents(CALL)}
    assert NOTE in {one.document.key for one in index.similar_documents(CALL, internal=True)}
    assert NOTE not in {one.document.key for one in index.similar_passages(CALL, 0, 50)}
    assert NOTE not in {record.key for record in index.records().values()}
    with pytest.raises(KeyError):
        index.similar_documents(NOTE)
    with pytest.raises(KeyError):
        index.similar_passages(NOTE, 0, 20)
    assert index.similar_documents(NOTE, internal=True)


# -- likeness and suggestions


def test_near_copies_are_put_under_the_first(index: SearchIndex) -> None:
    result = index.search("phát động phong trào thi đua đặc biệt chào mừng ngày thành lập tỉnh")
    first = result.hits[0]
    assert {first.document.key, *(one.document.key for one in first.similar)} == {CALL, PLAN}
    apart = index.search("phát động phong trào thi đua đặc biệt chào mừng ngày thành lập tỉnh", fold_similar=False)
    assert {hit.document.key for hit in apart.hits[:2]} == {CALL, PLAN}


def test_similar_documents_and_passages(index: SearchIndex) -> None:
    assert index.similar_documents(CALL, k=1)[0].document.key == PLAN
    found = index.similar_passages(CALL, 0, 40, k=1)[0]
    assert found.document.key == PLAN
    assert found.score is not None
    assert found.score > 0.5
    with pytest.raises(KeyError):
        index.similar_documents("no/such/document")


@pytest.mark.parametrize(
    ("typed", "sort", "text"),
    [
        ("195", "number", "1954/UBND-TH"),
        ("118/kh", "number", "118/KH-UBND"),
        ("ct34", "number", "34-CT/TW"),
        ("34/ct-tw", "number", "34-CT/TW"),
        ("chi thi 3", "number", "34-CT/TW"),
        ("công văn 19", "number", "1954/UBND-TH"),
        ("cv 1954", "number", "1954/UBND-TH"),
        ("kh 118 suoi v", "number", "118/KH-UBND"),
        ("uy ban nhan dan huyen suo", "body", "Ủy ban nhân dân huyện Suối Vàng"),
        ("thi dua dac biet chao", "campaign", "Thi đua đặc biệt chào mừng ngày thành lập tỉnh"),
        ("phe duyet de an chuy", "title", "Phê duyệt Đề án chuyển đổi số"),
        ("Kế hoạch bảo", "title", "Kế hoạch bảo đảm an toàn thực phẩm"),
    ],
)
def test_suggestions_complete_what_is_typed(index: SearchIndex, typed: str, sort: str, text: str) -> None:
    assert (sort, text) in [(one.sort, one.text) for one in index.suggest(typed)]


def test_suggestions_tell_namesakes_apart(index: SearchIndex) -> None:
    found = [one for one in index.suggest("118") if one.sort == "number"]
    assert len({one.detail for one in found}) == 2


# -- predecessors


def test_a_new_commune_offers_the_papers_of_the_old_district(tmp_path: Path) -> None:
    plan = document(
        "lai-chau.tam-duong.ubnd/kh/2024/118", "Huyện Tam Đường tổ chức thi đua giữ gìn vệ sinh thôn bản.",
        number="118/KH-UBND", kind="Kế hoạch", issuer="Ủy ban nhân dân huyện Tam Đường",
        owner="lai-chau.tam-duong.ubnd", level="district", date=dt.date(2024, 7, 12), title="Kế hoạch thi đua năm 2024",
    )  # fmt: skip
    index = SearchIndex(build(tmp_path, [plan, *library()], encoder=ENCODER), encoder=ENCODER)
    narrowed = index.search("thi đua", filters=Filters(issuer="xã Bình Lư"))
    assert [hit.document.key for hit in narrowed.hits] == [plan.key]
    assert any("huyện Tam Đường" in note for note in narrowed.notes)
    free = index.search("kế hoạch thi đua xã Bình Lư")
    assert free.hits[0].document.key == plan.key
    assert any("huyện Tam Đường" in note for note in free.notes)
    assert not index.search("kế hoạch thi đua xã Suối Vàng").notes
    hidden = SearchIndex(build(tmp_path, [replace(plan, visibility="internal")], encoder=ENCODER), encoder=ENCODER)
    for internal in (True, False):  # nor does a note tell of papers that may not be seen
        assert bool(hidden.search("kế hoạch thi đua xã Bình Lư", internal=internal).notes) is internal


def test_a_commune_that_is_only_named_is_no_paper_of_it(tmp_path: Path) -> None:
    """The new name stands in no old paper: those of the former district come before texts with some of its words."""
    plan = document(
        "lai-chau.tam-duong.ubnd/kh/2024/118", "Giao các phòng rà soát đường giao thông nông thôn.",
        number="118/KH-UBND", kind="Kế hoạch", issuer="Ủy ban nhân dân huyện Tam Đường",
        owner="lai-chau.tam-duong.ubnd", level="district", date=dt.date(2024, 7, 12), title="Kế hoạch năm 2024",
    )  # fmt: skip
    noise = [document(f"x/nq/2025/{n}", f"Sắp xếp xã Bình An {n}, xã Bình Hòa.", title="Sắp xếp xã") for n in range(80)]
    index = SearchIndex(build(tmp_path, [plan, *noise], encoder=ENCODER), encoder=ENCODER)
    assert keys(index, "xã Bình Lư")[0] == plan.key


def test_a_body_offers_the_papers_of_those_it_was_made_of(tmp_path: Path) -> None:
    def paper(owner: str, issuer: str, number: int, day: dt.date) -> IndexedDocument:
        return document(
            f"{owner}/tt/{day.year}/{number}", "Quy định về quản lý rừng phòng hộ.", number=f"{number}/TT-{owner}",
            kind="Thông tư", issuer=issuer, owner=owner, level="central", date=day, title="Quản lý rừng",
        )  # fmt: skip

    old = paper("bnnptnt", "Bộ Nông nghiệp và Phát triển nông thôn", 5, dt.date(2023, 1, 5))
    older = paper("bts", "Bộ Thủy sản", 6, dt.date(2005, 1, 5))
    health = paper("byt", "Bộ Y tế, Bộ Tài chính", 7, dt.date(2024, 1, 5))
    index = SearchIndex(build(tmp_path / "a", [old, older, health], encoder=ENCODER), encoder=ENCODER)
    ministry = Filters(issuer="Bộ Nông nghiệp và Môi trường")
    assert set(keys(index, "rừng", filters=ministry)) == {old.key, older.key}
    assert len(index.search("rừng", filters=ministry).notes) == 2
    assert keys(index, "rừng", filters=Filters(issuer="Bộ Tài chính")) == [health.key]
    assert set(keys(index, "quy định của Bộ Nông nghiệp và Môi trường")[:2]) == {old.key, older.key}
    assert len(index.search("quy định của Bộ Nông nghiệp và Môi trường").notes) == 2
    assert not index.search("quy định của Bộ Y tế").notes
    local = document(
        "lai-chau.skhdt/bc/2024/9", "Báo cáo đầu tư công.", number="9/BC-SKHĐT", kind="Báo cáo", owner="lai-chau.skhdt",
        issuer="Sở Kế hoạch và Đầu tư tỉnh Lai Châu", level="province", date=dt.date(2024, 3, 1),
    )  # fmt: skip
    index = SearchIndex(build(tmp_path / "b", [local, *library()], encoder=ENCODER), encoder=ENCODER)
    assert keys(index, "báo cáo của Sở Tài chính")[0] == local.key
    assert index.search("sở tài chính lai châu").notes


def test_a_province_that_kept_its_name_is_no_other_way_to_say_it(tmp_path: Path) -> None:
    def paper(owner: str, issuer: str, year: int) -> IndexedDocument:
        return document(
            f"{owner}/qd/{year}/1", "Quy định về đê điều.", number="1/QĐ-UBND", kind="Quyết định", issuer=issuer,
            owner=owner, level="province", date=dt.date(year, 9, 1),
        )  # fmt: skip

    new = paper("phu-tho-2025.ubnd", "Ủy ban nhân dân tỉnh Phú Thọ", 2025)
    old = paper("phu-tho.ubnd", "Ủy ban nhân dân tỉnh Phú Thọ", 2023)
    merged = paper("hoa-binh.ubnd", "Ủy ban nhân dân tỉnh Hòa Bình", 2022)
    index = SearchIndex(build(tmp_path, [new, old, merged], encoder=ENCODER), encoder=ENCODER)
    found = index.search("đê điều tỉnh Phú Thọ", fold_similar=False)
    assert {hit.document.key for hit in found.hits[:2]} == {new.key, old.key}
    assert found.hits[2].document.key == merged.key
    assert any("trước khi sắp xếp" in note for note in found.notes)
    assert any("tỉnh Hòa Bình (đơn vị trước đây" in note for note in found.notes)


def test_a_year_in_the_query_prefers_papers_of_it(tmp_path: Path) -> None:
    papers = [
        document(
            f"x.ubnd/kh/{year}/{year}", "Tổ chức phong trào thi đua năm 2021, năm 2022, năm 2023.", kind="Kế hoạch",
            owner="x.ubnd", date=dt.date(year, 2, 1), title="Kế hoạch thi đua giai đoạn 2021-2023",
        )
        for year in (2021, 2022, 2023)
    ]  # fmt: skip
    index = SearchIndex(build(tmp_path, papers, encoder=ENCODER), encoder=ENCODER)
    for year in (2021, 2022, 2023):
        assert keys(index, f"kế hoạch phong trào thi đua {year}")[0] == f"x.ubnd/kh/{year}/{year}"


def test_what_is_held_comes_before_what_is_only_cited(tmp_path: Path) -> None:
    papers = [
        document("a.ubnd/kh/2024/1", "", title="Kế hoạch thi đua", kind="Kế hoạch"),
        document("b.ubnd/kh/2024/2", "Kế hoạch thi đua", title="Kế hoạch thi đua", kind="Kế hoạch"),
    ]
    index = SearchIndex(build(tmp_path, papers, encoder=ENCODER), encoder=ENCODER)
    assert keys(index, "kế hoạch thi đua") == ["b.ubnd/kh/2024/2", "a.ubnd/kh/2024/1"]


# -- updates


def test_an_update_replaces_and_removes(tmp_path: Path) -> None:
    first = build(tmp_path, library(), encoder=ENCODER)
    changed = replace(
        next(one for one in library() if one.key == FOOD), text="Kiểm tra bếp ăn tập thể.", title="Bếp ăn"
    )
    second = update(tmp_path, first, [changed], [DIGITAL], encoder=ENCODER)
    index = SearchIndex(second, encoder=ENCODER)
    assert len(index) == len(library()) - 1
    assert keys(index, "bếp ăn")[0] == FOOD
    assert DIGITAL not in keys(index, "chuyển đổi số QĐ 666")
    assert "chợ" not in "".join(hit.passage.text for hit in index.search("chợ").hits if hit.passage)
    old = SearchIndex(first, encoder=ENCODER)  # the older generation is as it was
    assert keys(old, "an toàn thực phẩm tại các chợ")[0] == FOOD
    assert len(old) == len(library())


def test_updates_one_by_one_equal_one_build(tmp_path: Path) -> None:
    whole = SearchIndex(build(tmp_path / "a", library(), encoder=ENCODER), encoder=ENCODER)
    place = build(tmp_path / "b", [], encoder=ENCODER)
    for one in reversed(library()):
        place = update(tmp_path / "b", place, [one], encoder=ENCODER)
    pieced = SearchIndex(place, encoder=ENCODER)
    assert len(pieced) == len(whole)
    assert pieced.passages == whole.passages
    for query in ("thi đua đặc biệt", "118", "an toan thuc pham", "chuyển đổi số"):
        left, right = (set(keys(one, query, internal=True)) for one in (whole, pieced))
        assert left == right


def test_many_updates_are_merged(tmp_path: Path) -> None:
    place = build(tmp_path, library(), encoder=ENCODER)
    for number in range(30):
        fresh = document(f"x/kh/2024/{number}", f"Nội dung thứ {number} về cấp nước sạch.", number=f"{number}/KH-X")
        place = update(tmp_path, place, [fresh], [f"x/kh/2024/{number - 2}"], encoder=ENCODER)
    index = SearchIndex(place, encoder=ENCODER)
    assert len(index.manifest.segments) < 25
    assert set(keys(index, "cấp nước sạch", routes=("lexical",), fold_similar=False)) == {
        "x/kh/2024/28",
        "x/kh/2024/29",
    }
    assert index.search("an toàn thực phẩm").hits[0].passage is not None
    assert index.search("an toàn thực phẩm").hits[0].passage.text.startswith("Tăng cường")  # type: ignore[union-attr]


def test_synchronise_touches_only_what_changed(tmp_path: Path) -> None:
    class Counting(HashingEncoder):
        def encode_passages(self, texts: object) -> object:  # type: ignore[override]
            seen.extend(texts)  # type: ignore[arg-type]
            return super().encode_passages(texts)  # type: ignore[arg-type]

    seen: list[str] = []
    encoder = Counting()
    first = synchronise(tmp_path, None, library(), encoder=encoder)
    seen.clear()
    assert synchronise(tmp_path, first, library(), encoder=encoder) == first
    assert not seen
    second = synchronise(tmp_path, first, [*library()[:-1], document("y/kh/2024/1", "Bài mới.")], encoder=encoder)
    assert second != first
    assert not [text for text in seen if "thực phẩm" in text]
    held = {record.key for record in SearchIndex(second, encoder=encoder).records(internal=True).values()}
    assert held == {*(one.key for one in library()[:-1]), "y/kh/2024/1"}


def test_a_large_index_goes_over_to_one_byte_a_component(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search.build.BYTES_FROM", 40)
    place = build(tmp_path, library(), encoder=ENCODER)
    assert SearchIndex(place, encoder=ENCODER).manifest.quantiser == "fp16"
    many = [document(f"x/kh/2024/{number}", f"Đoạn số {number} nói về đường giao thông.") for number in range(60)]
    place = update(tmp_path, place, many, encoder=ENCODER)
    index = SearchIndex(place, encoder=ENCODER)
    assert index.manifest.quantiser == "int8"
    assert keys(index, "chuyển đổi số", routes=("semantic",))[0] == DIGITAL
    place = update(tmp_path, place, [document("x/kh/2024/99", "Trồng rừng.")], encoder=ENCODER)
    assert keys(SearchIndex(place, encoder=ENCODER), "trồng rừng")[0] == "x/kh/2024/99"


def test_building_holds_no_document_longer_than_it_needs(tmp_path: Path) -> None:
    """Peak memory does not follow the number of documents: what is kept of each is its record alone."""

    def papers(count: int) -> Iterator[IndexedDocument]:
        for number in range(count):
            yield document(f"x/kh/2024/{number}", f"Đoạn số {number} nói về đường giao thông nông thôn.\n\n" * 100)

    def peak(count: int) -> int:
        tracemalloc.start()
        try:
            place = build(tmp_path / str(count), papers(count), encoder=ENCODER)
            synchronise(tmp_path / str(count), place, papers(2 * count), encoder=ENCODER)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(2)  # what is made once and kept
    few, many = peak(4), peak(16)
    assert (many - few) / 24 < 3_000  # a document has 6 kB of text and 9 passages with their vectors


# -- safety


def test_an_index_of_another_encoder_is_refused_with_the_way_out(tmp_path: Path) -> None:
    place = build(tmp_path, library(), encoder=ENCODER)
    other = HashingEncoder(salt="x")
    with pytest.raises(IndexMismatch, match="kg ingest --rebuild-index"):
        SearchIndex(place, encoder=other).search("thi đua")
    with pytest.raises(IndexMismatch, match="kg ingest --rebuild-index"):
        update(tmp_path, place, [], encoder=other)
    rebuilt = synchronise(tmp_path, place, library(), encoder=other)
    assert SearchIndex(rebuilt, encoder=other).search("thi đua").hits


@pytest.mark.parametrize("damage", ["format", "missing", "broken"])
def test_an_index_of_another_version_is_refused_with_the_way_out(tmp_path: Path, damage: str) -> None:
    place = build(tmp_path, library(), encoder=ENCODER)
    manifest = place / "manifest.json"
    if damage == "format":
        manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"format": 0}))
    elif damage == "broken":
        manifest.write_text("{")
    else:
        manifest.unlink()
    with pytest.raises(IndexMismatch, match="kg ingest --rebuild-index"):
        SearchIndex(place, encoder=ENCODER)


def test_a_workspace_without_an_index_says_so(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="kg ingest"):
        open_index(tmp_path)


def test_a_writer_that_fails_leaves_nothing(tmp_path: Path) -> None:
    place = build(tmp_path, library(), encoder=ENCODER)

    def broken() -> Iterator[IndexedDocument]:
        yield document("x/kh/2024/1", "Một bài.")
        raise OSError("đĩa hỏng")

    with pytest.raises(Exception, match="đĩa hỏng"):
        update(tmp_path, place, broken(), encoder=ENCODER)
    assert [path.name for path in tmp_path.iterdir()] == [place.name]
    assert keys(SearchIndex(place, encoder=ENCODER), "thi đua")


def test_a_killed_writer_leaves_the_old_index_working(tmp_path: Path) -> None:
    place = build(tmp_path, library(), encoder=ENCODER)
    script = textwrap.dedent(
        f"""
        import sys, time
        sys.path[:0] = {[str(Path(__file__).parents[1]), str(Path(__file__).parent)]!r}
        from pathlib import Path
        from search_doubles import HashingEncoder, document
        from search.index import update
        def endless():
            number = 0
            while True:
                number += 1
                yield document(f"x/kh/2024/{{number}}", f"Bài thứ {{number}} về thi đua. " * 5)
                if number == 300:
                    print("writing", flush=True)
        update(Path({str(tmp_path)!r}), Path({str(place)!r}), endless(), encoder=HashingEncoder())
        """
    )
    writer = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert writer.stdout is not None
    assert writer.stdout.readline() == "writing\n"
    os.kill(writer.pid, signal.SIGKILL)
    writer.wait()
    writer.stdout.close()
    index = SearchIndex(place, encoder=ENCODER)
    assert keys(index, "an toàn thực phẩm")[0] == FOOD
    assert len(index) == len(library())
    left = [path.name for path in tmp_path.iterdir() if path.name.startswith("next-")]
    assert left  # it did die in the middle
    clear(tmp_path, place.name)
    assert [path.name for path in tmp_path.iterdir()] == [place.name]
    after = update(tmp_path, place, [document("x/kh/2024/1", "Bài về cấp nước.")], encoder=ENCODER)
    assert keys(SearchIndex(after, encoder=ENCODER), "cấp nước")[0] == "x/kh/2024/1"


def test_clear_keeps_what_counts_and_what_is_young(tmp_path: Path) -> None:
    first = build(tmp_path, library(), encoder=ENCODER)
    second = update(tmp_path, first, [document("x/kh/2024/1", "Bài.")], encoder=ENCODER)
    clear(tmp_path, second.name)
    assert first.exists()
    clear(tmp_path, second.name, seconds=-1)
    assert not first.exists()
    assert keys(SearchIndex(second, encoder=ENCODER), "thi đua")


# -- vectors against a plain computation


@pytest.mark.parametrize("width", [24, 64])  # faiss compares bytes where the width is a multiple of 16
@pytest.mark.parametrize("count", [50, BYTES_FROM])
def test_vector_search_is_exact_but_for_rounding(count: int, width: int) -> None:
    rng = np.random.default_rng(3)
    vectors = rng.standard_normal((count, width)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    quantiser = (
        Quantiser.fitted([vectors[:30], vectors[30:]], width) if count >= BYTES_FROM else Quantiser("fp16", width)
    )
    index = VectorIndex(quantiser, [quantiser.encode(vectors)])
    query = vectors[7:8]
    truth = vectors @ query[0]
    rows, scores = index.search(query, 10)
    assert rows[0] == 7
    assert np.abs(scores - truth[rows]).max() < 0.02
    assert len(set(rows.tolist()) & set(np.argsort(-truth)[:10].tolist())) >= 9
    allowed = np.zeros(count, dtype=np.bool_)
    allowed[20:25] = True
    assert set(index.search(query, 10, allowed=allowed)[0].tolist()) == set(range(20, 25))
    assert not len(index.search(query, 10, allowed=np.zeros(count, dtype=np.bool_))[0])
    odd = np.arange(count) % 10 != 7  # most are allowed, the nearest of all is not
    found = index.search(query, 10, allowed=odd)[0]
    assert odd[found].all()
    assert len(set(found.tolist()) & set(np.flatnonzero(odd)[np.argsort(-truth[odd])[:10]].tolist())) >= 9


def test_what_may_not_be_shown_does_not_change_what_is_found() -> None:
    """The fast scan sees hidden vectors too; the answer must be that of an index without them."""
    rng = np.random.default_rng(5)
    vectors = rng.standard_normal((BYTES_FROM + 2_000, 64)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    quantiser = Quantiser.fitted([vectors], 64)
    codes = quantiser.encode(vectors)
    shown = np.arange(len(vectors)) % 11 != 3
    whole, without = VectorIndex(quantiser, [codes[:5_000], codes[5_000:]]), VectorIndex(quantiser, [codes[shown]])
    for query in vectors[:40]:
        rows, scores = whole.search(query, 20, allowed=shown)
        other, same = without.search(query, 20)
        assert rows.tolist() == np.flatnonzero(shown)[other].tolist()
        assert np.allclose(scores, same, atol=1e-5)

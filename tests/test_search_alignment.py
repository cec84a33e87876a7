"""Clauses side by side: words, clauses, statuses, changes, on small texts, made plans and real papers."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from plans import Expected, document, issued, letters, make_pair, reference, sentences

from ingest.document import read_document
from kg.identifiers import fold
from kg.model import Document, Span
from kg.reference import load_reference
from search.alignment import Comparison, Pair, Piece, compare, pair_record
from search.alignment_words import is_syllable, read_words
from search.clauses import read_clauses

CALL = issued("Lâm Sơn", None, "Hoàng Trọng Khoát")
PLAN = issued("Bình Khê", "binh-khe", "Phan Hữu Tịnh")


def paper(*lines: str, plan: bool = False) -> Document:
    return document("KẾ HOẠCH\nThi đua\n" + "\n".join(lines) + "\n", "a", PLAN if plan else CALL)


def against(call: Sequence[str], plan: Sequence[str]) -> list[Pair]:
    return list(compare(paper(*call), paper(*plan, plan=True), reference=reference()).pairs)


def shown(pair: Pair) -> tuple[str, str | None, str | None]:
    return pair.status, pair.source and pair.source.text, pair.target and pair.target.text


# --- Words ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("thi đua - khen thưởng", "Thi đua, khen thưởng"),
        ("Ủy ban hòa giải", "Uỷ ban hoà giải"),
        ("ngày 07/4/2014", "07 tháng 4 năm 2014"),
        ("ngày 07-04-2014", "ngày 7.4.2014"),
        ("tháng 8/2024", "tháng 8 năm 2024"),
        ("Chỉ thị số 34-CT/TW", "Chỉ thị số 34 - CT/TW"),
        ("01 công trình", "1 công trình"),
        ("đạt 9,0%", "đạt 9%"),
        ("3.150 tỷ đồng", "3150 tỷ đồng"),
        ("UBND tỉnh", "Ủy ban nhân dân tỉnh"),
        ("phát triển KT-XH", "phát triển kinh tế - xã hội"),
    ],
)
def test_writings_of_one_thing_are_equal(one: str, other: str) -> None:
    assert read_words(one).norms == read_words(other).norms


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ngày 07/4/2014", "ngày 08/4/2014"),
        ("34-CT/TW", "32-CT/TU"),
        ("9,0%", "9,5%"),
        ("kế hoạch 5 năm 2021-2025", "kế hoạch 5 năm 2021-2026"),
        ("tỉnh", "huyện"),
        ("TT", "thị trấn"),
    ],
)
def test_other_things_are_not(one: str, other: str) -> None:
    assert read_words(one).norms != read_words(other).norms


def test_words_know_their_place() -> None:
    text = "Căn cứ Công văn số 1286/UBND-TH ngày 14/3/2024 của UBND tỉnh, đạt 8,5%"
    words = read_words(text)
    printed = dict(zip(words.norms, zip(words.starts, words.ends, strict=True), strict=True))
    assert {norm: text[slice(*printed[norm])] for norm in ("can", "1286UBNDTH", "2024-03-14", "nhan", "8.5", "%")} == {
        "can": "Căn", "1286UBNDTH": "1286/UBND-TH", "2024-03-14": "14/3/2024", "nhan": "UBND", "8.5": "8,5", "%": "%",
    }  # fmt: skip
    assert words.breaks[words.norms.index("dat")]
    assert not words.breaks[words.norms.index("tinh")]


@pytest.mark.parametrize(("norm", "valid"), [("phong", True), ("nghieng", True), ("quc", False), ("cacphong", False)])
def test_syllables(norm: str, valid: bool) -> None:
    assert is_syllable(norm) is valid


@given(st.text(max_size=300))
def test_any_text_has_words_in_order(text: str) -> None:
    words = read_words(text)
    assert len({len(row) for row in (words.norms, words.starts, words.ends, words.kinds, words.breaks)}) == 1
    assert all(start < end for start, end in zip(words.starts, words.ends, strict=True))
    assert words.starts == sorted(words.starts)


# --- Clauses --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "clauses"),
    [
        ("- Thi đua làm đường; giữ rừng đầu nguồn.", ["Thi đua làm đường", "giữ rừng đầu nguồn"]),
        ("1. Trồng rừng mới. Giữ rừng cũ thật tốt.", ["Trồng rừng mới", "Giữ rừng cũ thật tốt"]),
        ("a) Họp bản; v.v.", ["Họp bản; v.v"]),
        # nothing is cut inside quotation marks or brackets
        ("- Chủ đề “Đoàn kết; sáng tạo. Tiến lên” của năm.", ["Chủ đề “Đoàn kết; sáng tạo. Tiến lên” của năm"]),
        ("- Các xã (trừ xã A; xã B) thực hiện ngay.", ["Các xã (trừ xã A; xã B) thực hiện ngay"]),
        # a full stop after an abbreviation or inside a number ends nothing
        ("- Họp tại TP. Lâm Sơn vào 1.250 lượt người.", ["Họp tại TP. Lâm Sơn vào 1.250 lượt người"]),
        ("Thứ nhất, quán triệt Chỉ thị.", ["quán triệt Chỉ thị"]),
        ("Điều 5. Tổ chức thực hiện tốt.", ["Tổ chức thực hiện tốt"]),
    ],
)
def test_a_line_as_clauses(line: str, clauses: list[str]) -> None:
    read = read_clauses(paper(line))
    assert [read.text[clause.start : clause.end] for clause in read.clauses] == clauses


def test_headings_and_their_clauses() -> None:
    read = read_clauses(paper("I. NỘI DUNG", "1. Tuyên truyền", "- Phát thanh hằng ngày tại các bản;", "2. Thi đua."))
    assert [(read.text[c.start : c.end], c.heading, len(c.path)) for c in read.clauses] == [
        ("NỘI DUNG", True, 1),
        ("Tuyên truyền", True, 2),
        ("Phát thanh hằng ngày tại các bản", False, 3),
        ("Thi đua", False, 2),
    ]


def test_a_text_without_full_stops_is_cut_somewhere() -> None:
    read = read_clauses(paper("bản làng " * 2000))
    assert sum(map(len, read.clauses)) == 4000
    assert max(map(len, read.clauses)) <= 300


# --- Statuses and changes -------------------------------------------------------------------------------------------

ROADS = "Thi đua làm đường bê tông nông thôn, trồng rừng, giữ rừng tại các bản vùng cao"
FUNDS = "giải ngân vốn đầu tư công đến hết tháng 8/2024 đạt ít nhất 70% kế hoạch được giao"
HOUSE = "mỗi huyện hoàn thành một nhà văn hóa trung tâm có sân chơi cho trẻ em"
GUARD = "bảo vệ tuyệt đối an toàn các hoạt động chính trị, văn hóa trên địa bàn tỉnh Lâm Sơn"


@pytest.mark.parametrize(
    ("call", "plan", "rows"),
    [
        # the same clause under other marks and another order
        ([f"- {ROADS};", f"- {FUNDS}."], [f"+ {FUNDS.capitalize()};", f"+ {ROADS}."], ["verbatim", "verbatim"]),
        ([f"1. {ROADS}; {FUNDS}."], [f"- {ROADS}.", f"- {FUNDS}."], ["verbatim", "verbatim"]),
        ([f"- {ROADS}.", f"- {HOUSE}."], [f"- {ROADS}."], ["verbatim", "omitted"]),
        ([f"- {ROADS}."], [f"- {HOUSE}.", f"- {ROADS}."], ["added", "verbatim"]),
        # one clause cut in two: both halves are kept
        ([f"- {ROADS}, {FUNDS}."], [f"- {ROADS}.", f"- {FUNDS}."], ["verbatim", "verbatim"]),
        # two clauses joined: both are kept
        ([f"- {ROADS}.", f"- {FUNDS}."], [f"- {ROADS}, đồng thời {FUNDS}."], ["verbatim", "verbatim"]),
        # a scanner's noise is no change
        ([f"- {ROADS}."], [f"- {ROADS.replace('nông thôn', 'nôngthôn').replace('trồng', 'trng')}."], ["verbatim"]),
        ([f"- {ROADS}."], [f"- {HOUSE}."], ["added", "omitted"]),
    ],
    ids=["order", "numbering", "omitted", "added", "split", "merge", "noise", "nothing in common"],
)
def test_status(call: list[str], plan: list[str], rows: list[str]) -> None:
    assert [pair.status for pair in against(call, plan)] == rows


@pytest.mark.parametrize(
    ("call", "plan", "changes"),
    [
        (
            GUARD,
            GUARD.replace("tỉnh Lâm Sơn", "huyện Bình Khê"),
            [("replace", "tỉnh", "huyện", "localisation"), ("replace", "Lâm Sơn", "Bình Khê", "localisation")],
        ),
        (GUARD, GUARD.replace(", văn hóa", ""), [("delete", "văn hóa", "", "wording")]),
        (FUNDS, FUNDS.replace("70%", "75%"), [("replace", "70", "75", "number")]),
        (FUNDS, FUNDS.replace("tháng 8/2024", "tháng 10/2024"), [("replace", "8/2024", "10/2024", "date")]),
        (f"{ROADS} năm 2024", f"{ROADS} năm 2025", [("replace", "2024", "2025", "date")]),
        (f"Sở Nội vụ {FUNDS}", f"Phòng Nội vụ {FUNDS}", [("replace", "Sở", "Phòng", "localisation")]),
        (
            f"Sở Văn hóa, Thể thao và Du lịch {FUNDS}",
            f"Phòng Văn hóa và Thông tin {FUNDS}",
            [
                ("replace", "Sở", "Phòng", "localisation"),
                ("replace", "Thể thao và Du lịch", "và Thông tin", "localisation"),
            ],
        ),
        (
            f"Đồng chí Hoàng Trọng Khoát chỉ đạo {FUNDS}",
            f"Đồng chí Phan Hữu Tịnh chỉ đạo {FUNDS}",
            [("replace", "Hoàng Trọng Khoát", "Phan Hữu Tịnh", "localisation")],
        ),
        (
            f"Thực hiện Chỉ thị số 34-CT/TW, {FUNDS}",
            f"Thực hiện Chỉ thị số 32-CT/TU, {FUNDS}",
            [("replace", "34-CT/TW", "32-CT/TU", "number")],
        ),
        # "xã hội" is no level: the change is one of substance
        (f"{ROADS}, chăm lo an sinh xã hội", f"{ROADS}, chăm lo an sinh", [("delete", "xã hội", "", "wording")]),
        # the whole phrase was dropped, not a stretch that begins one word later
        (
            "Củng cố quốc phòng toàn dân, biên phòng toàn dân, giữ vững khu vực phòng thủ của tỉnh",
            "Củng cố quốc phòng toàn dân, giữ vững khu vực phòng thủ của tỉnh",
            [("delete", "biên phòng toàn dân", "", "wording")],
        ),
        # a phrase rewritten is one change, though both have "phát triển"
        (
            f"{ROADS}, đưa Lâm Sơn phát triển nhanh và giàu đẹp, các bản đều vui",
            f"{ROADS}, dựng xây huyện Bình Khê ngày càng phát triển",
            [
                (
                    "replace",
                    "đưa Lâm Sơn phát triển nhanh và giàu đẹp",
                    "dựng xây huyện Bình Khê ngày càng phát triển",
                    "wording",
                ),
                ("delete", "các bản đều vui", "", "wording"),
            ],
        ),
    ],
)  # fmt: skip
def test_changes(call: str, plan: str, changes: list[tuple[str, str, str, str]]) -> None:
    [pair] = against([f"- {call}."], [f"- {plan}."])
    assert pair.status == "adapted"
    found = [(change.op, change.old, change.new, change.kind) for change in pair.changes]
    assert found == changes
    assert pair.local_only == all(kind == "localisation" for *_, kind in found)


def test_changes_stand_where_they_say() -> None:
    call, plan = paper(f"- {GUARD}; {FUNDS}."), paper(f"- {FUNDS.replace('70', '75')}, {GUARD}.", plan=True)
    for pair in compare(call, plan, reference=reference()).pairs:
        for change in pair.changes:
            assert change.old_span is None or call.text.text[slice(*change.old_span)] == change.old
            assert change.new_span is None or plan.text.text[slice(*change.new_span)] == change.new


def test_the_record_is_the_contract() -> None:
    [pair] = against([f"- {FUNDS}."], [f"- {FUNDS.replace('70', '75')}."])
    record = pair_record(pair)
    assert set(record) == {"status", "similarity", "source", "target", "changes"}
    assert set(record["source"]) == set(record["target"]) == {"text", "start", "end"}
    assert record["changes"] == [{"op": "replace", "from": "70", "to": "75", "kind": "number"}]
    omitted, *_ = against([f"- {FUNDS}."], [])
    assert pair_record(omitted)["target"] is None
    assert pair_record(omitted)["similarity"] == 0.0


def test_a_formula_that_stands_in_every_paper_joins_only_its_like() -> None:
    """The clause that shares the formula and its own words wins over one that shares the formula alone."""
    offices = ["Sở Nội vụ", "Sở Tài chính", "Sở Y tế", "Sở Xây dựng"]
    tasks = ["lập danh sách khen thưởng", "bố trí kinh phí", "khám sức khỏe cho người có công", "cấp phép sửa nhà"]
    formula = "chủ trì, phối hợp với các cơ quan, đơn vị liên quan tham mưu Ủy ban nhân dân tỉnh"
    lines = [f"- {office} {formula} {task}." for office, task in zip(offices, tasks, strict=True)]
    rows = against(lines, [line.replace("tỉnh", "huyện") for line in reversed(lines)])
    assert [pair.status for pair in rows] == ["adapted"] * 4
    assert all(pair.source and pair.target for pair in rows)
    assert all(
        pair.source and pair.target and pair.source.text.split()[-2:] == pair.target.text.split()[-2:] for pair in rows
    )


def test_long_words_that_half_the_clauses_repeat_make_no_two_clauses_one() -> None:
    feast = "kỷ niệm 60 năm Ngày thành lập tỉnh (15/8/1964 - 15/8/2024), 70 năm Chiến thắng và 30 năm tái lập huyện"
    call = [
        f"- {words} {feast}." for words in ("Mở hội trại thanh niên mừng", "Làm đường liên bản mừng", "Thi hát mừng")
    ]
    plan = [
        f"- {words} {feast}."
        for words in ("Trồng mới rừng đầu nguồn mừng", "Xây nhà văn hóa mừng", "Tặng sổ cho hộ nghèo")
    ]
    assert {pair.status for pair in against(call, plan)} == {"omitted", "added"}
    assert [pair.status for pair in against(call, [plan[0], call[1], plan[2]])].count("verbatim") == 1


def test_a_heading_is_part_of_no_clause() -> None:
    rows = against(
        ["- Tổ chức thực hiện thắng lợi các nội dung thi đua."], ["II. NỘI DUNG THI ĐUA", "- Trồng rừng mới."]
    )
    assert [pair.status for pair in rows] == ["added", "added", "omitted"]


# --- What must hold of any two papers -------------------------------------------------------------------------------

_lines = st.lists(st.sampled_from(sentences()[:40]), max_size=12)


@given(_lines, _lines)
def test_every_word_is_in_one_row_at_most_and_no_clause_is_lost(call: list[str], plan: list[str]) -> None:
    ours, theirs = paper(*(f"- {line}." for line in call)), paper(*(f"- {line}." for line in plan), plan=True)
    comparison = compare(ours, theirs, reference=reference())
    for document_, side in ((ours, "source"), (theirs, "target")):
        pieces = sorted((piece.start, piece.end) for piece in _sides(comparison, side))
        assert all(before[1] <= after[0] for before, after in pairwise(pieces))
        for clause in read_clauses(document_).clauses:
            assert any(start < clause.end and end > clause.start for start, end in pieces)
        assert all(document_.text.text[piece.start : piece.end] == piece.text for piece in _sides(comparison, side))


def _sides(comparison: Comparison, side: str) -> list[Piece]:
    return [piece for pair in comparison.pairs if (piece := getattr(pair, side))]


@given(_lines)
def test_a_paper_is_itself(lines: list[str]) -> None:
    call = paper(*(f"- {line}." for line in lines))
    assert {pair.status for pair in compare(call, call, reference=reference()).pairs} <= {"verbatim"}


def test_nothing_against_nothing() -> None:
    assert against([], []) == []


# --- Two hundred made pairs -----------------------------------------------------------------------------------------


def _rows(comparison: Comparison, expected: Expected) -> list[Pair]:
    side, spans = ("source", expected.source) if expected.status == "omitted" else ("target", expected.target)
    return [pair for pair in comparison.pairs if _over(getattr(pair, side), spans)]


def _over(piece: Piece | None, spans: Sequence[Span]) -> bool:
    return piece is not None and any(piece.start < span.end and piece.end > span.start for span in spans)


def test_made_pairs_get_their_status_and_their_changes() -> None:
    """A row counts when its status is right and it joins the right clauses; changes are compared by their letters."""
    right, asked = Counter[str](), Counter[str]()
    hit = wrong = missed = 0
    for seed in range(200):
        made = make_pair(seed)
        comparison = compare(made.source, made.target, reference=reference())
        for expected in made.expected:
            rows = _rows(comparison, expected)
            good = {row.status for row in rows} == {expected.status}
            if expected.status in ("verbatim", "adapted"):
                good = good and all(_over(row.source, expected.source) for row in rows)
                for text, spans, side in (
                    (made.source.text.text, expected.old, "old_span"),
                    (made.target.text.text, expected.new, "new_span"),
                ):
                    found = [Span(*span) for row in rows for change in row.changes if (span := getattr(change, side))]
                    want, have = letters(text, spans), letters(text, found)
                    hit, wrong, missed = hit + len(want & have), wrong + len(have - want), missed + len(want - have)
            asked[expected.edit] += 1
            right[expected.edit] += good
    assert len(asked) >= 13
    assert min(asked.values()) >= 50, asked
    assert right.total() / asked.total() >= 0.97
    assert all(right[edit] / asked[edit] >= 0.95 for edit in asked), {edit: right[edit] / asked[edit] for edit in asked}
    assert 2 * hit / (2 * hit + wrong + missed) >= 0.95


# --- Two real papers ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def gold(shared: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((shared / "gold" / "cascade.yaml").read_text(encoding="utf-8"))["alignment"]
    return found


@pytest.fixture(scope="module")
def real(shared: Path, gold: dict[str, Any]) -> Comparison:
    call, plan = (read_document(shared / "seeds" / gold[side], load_reference()) for side in ("source", "target"))
    return compare(call, plan)


def _says(piece: Piece | None, words: str) -> bool:
    return piece is not None and fold(words) in fold(" ".join(piece.text.split()))


def test_the_real_call_against_the_real_plan(real: Comparison, gold: dict[str, Any]) -> None:
    rows = {status: [pair for pair in real.pairs if pair.status == status] for status in ("verbatim", "adapted")}
    for clause in gold["verbatim"]:
        assert any(
            _says(row.source, clause["source"]) and _says(row.target, clause["target"]) for row in rows["verbatim"]
        )
    for clause in gold["adapted"]:
        [row] = [row for row in rows["adapted"] if _says(row.source, clause["source"])]
        out, into = clause["source"], clause["target"]
        if into is None:
            assert any(fold(out) in fold(change.old) and not change.new for change in row.changes), out
        else:
            assert _says(row.target, into)
            assert any(
                fold(change.old) in fold(out) and fold(change.new) in fold(into) and change.new
                for change in row.changes
            )
    for words in gold["omitted"]:
        assert any(pair.status == "omitted" and _says(pair.source, words) for pair in real.pairs), words
    for words in gold["added"]:
        assert any(pair.status == "added" and _says(pair.target, words) for pair in real.pairs), words


def test_the_level_alone_is_no_change_of_substance(real: Comparison) -> None:
    levels = [change for pair in real.pairs for change in pair.changes if (change.old, change.new) == ("tỉnh", "huyện")]
    assert len(levels) >= 5
    assert {change.kind for change in levels} == {"localisation"}
    assert sum(pair.local_only for pair in real.pairs) >= 3


# --- Time -----------------------------------------------------------------------------------------------------------


def _long(letters_wanted: int, seed: int) -> tuple[Document, Document]:
    """A call of so many letters and a plan that keeps, changes, drops and adds."""
    import random

    chance = random.Random(seed)
    pool, words = sentences(), " ".join(sentences()).split()
    call: list[str] = []
    while sum(map(len, call)) < letters_wanted:
        line = chance.choice(pool).split(" ")
        for _ in range(3):
            line[chance.randrange(len(line))] = chance.choice(words).strip(",;.")
        call.append(" ".join(line))
    plan = [line.replace("tỉnh", "huyện") for line in call if chance.random() > 0.1]
    plan = [line if chance.random() > 0.3 else f"{line}, {chance.choice(words)}" for line in plan]
    return paper(*(f"- {line}." for line in call)), paper(*(f"- {line}." for line in plan), plan=True)


@pytest.mark.slow
def test_two_papers_of_a_hundred_pages() -> None:
    call, plan = _long(250_000, 1)
    began = time.process_time()
    assert len(compare(call, plan, reference=reference()).pairs) > 2000
    assert time.process_time() - began <= 3.0


@pytest.mark.parametrize(
    ("call", "plan"),
    [
        ("thi đua " * 14_000, "thi đua mới " * 9_000),
        ("“(" * 50_000, "“; (" * 25_000),
        ("1/" * 50_000, "1.2," * 25_000),
        ("- thi đua lập thành tích.\n" * 4_000, "- thi đua lập thành tích.\n" * 3_500),
        ("".join(f"- hộ số {n} tốt.\n" for n in range(4_000)), "".join(f"- hộ số {n} khá.\n" for n in range(4_000))),
    ],
    ids=["no stops", "open quotes", "figures", "one clause", "a list"],
)  # fmt: skip
def test_hostile_texts_take_little_time(call: str, plan: str) -> None:
    began = time.process_time()
    compare(paper(call), paper(plan, plan=True), reference=reference())
    assert time.process_time() - began <= 2.0

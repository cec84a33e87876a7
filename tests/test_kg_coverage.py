"""Whom a line of addressees means, body by body, and what is said of each: obliged, answered, late, outstanding."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Collection

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.coverage import Call, Line, Outside, Paper, Timing, heirs, judge, obligations, timing
from kg.groups import body_name, expand, setting_of
from kg.identifiers import fold
from kg.model import Duty
from kg.reference import Reference, load_reference

PROVINCE, DISTRICT, DEPARTMENT, PARTY = "lai-chau.ubnd", "lai-chau.tam-duong.ubnd", "lai-chau.snv", "lai-chau.tu"
OLD, NEW = dt.date(2023, 5, 30), dt.date(2025, 8, 1)
DISTRICTS = ("lai-chau", "muong-te", "nam-nhun", "phong-tho", "sin-ho", "tam-duong", "tan-uyen", "than-uyen")


@pytest.fixture(scope="module")
def reference() -> Reference:
    return load_reference()


def bodies(line: str, owner: str = PROVINCE, on: dt.date = OLD, known: Collection[str] = ()) -> list[str]:
    made = load_reference()
    setting = setting_of(made, owner, on, lambda codes: set(codes) & set(known))
    return [code for named in expand(line, made, setting).named for code in named.bodies]


def rest(line: str, owner: str = PROVINCE, on: dt.date = OLD) -> tuple[str, ...]:
    made = load_reference()
    return expand(line, made, setting_of(made, owner, on)).rest


# --- groups ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "UBND các huyện, thành phố", "Ủy ban nhân dân các huyện, thành phố", "Uỷ ban nhân dân các huyện và thành phố",
        "Chủ tịch UBND các huyện, thành phố", "Các huyện, thành phố", "UBND các huyện, TP trong tỉnh", "UBND cấp huyện",
        "UBND huyện, thành phố", "ubnd các huyện, thành phố thuộc tỉnh Lai Châu", "UBND CÁC HUYỆN, THÀNH PHỐ",
        "UBND các huyện/thành phố (để thực hiện)",
    ],
)  # fmt: skip
def test_the_eight_district_units_before_the_reform(line: str) -> None:
    assert sorted(bodies(line)) == sorted(f"lai-chau.{name}.ubnd" for name in DISTRICTS)
    assert rest(line) == ()


def test_kinds_of_units_are_taken_as_said() -> None:
    assert len(bodies("UBND các huyện")) == 7
    assert "lai-chau.lai-chau.ubnd" not in bodies("UBND các huyện")


def test_communes_of_a_province_of_a_district_and_after_the_reform() -> None:
    assert len(bodies("UBND các xã, phường, thị trấn")) == 106
    assert len(bodies("UBND các xã, thị trấn", DISTRICT)) == 13
    new = bodies("Ủy ban nhân dân các xã, phường", on=NEW)
    assert len(new) == 38 and "lai-chau.binh-lu.ubnd" in new and "lai-chau.tam-duong.binh-lu.ubnd" not in new
    assert bodies("UBND các huyện, thành phố", on=NEW) == []


def test_organs_of_many_units() -> None:
    rooms = bodies("Phòng VH&TT các huyện, thành phố", "lai-chau.svhttdl")
    assert sorted(rooms) == sorted(f"lai-chau.{name}.pvhtt" for name in DISTRICTS)
    both = bodies("HĐND, UBND các huyện")
    assert len(both) == 14 and {code.rsplit(".", 1)[1] for code in both} == {"hdnd", "ubnd"}
    party = bodies("Các huyện ủy, thành ủy, đảng ủy trực thuộc Tỉnh ủy", PARTY)
    assert sorted(party) == sorted(f"lai-chau.{name}.hu" for name in DISTRICTS)
    assert rest("Các huyện ủy, thành ủy, đảng ủy trực thuộc Tỉnh ủy", PARTY) == ("đảng ủy trực thuộc Tỉnh ủy",)
    assert len(bodies("Các huyện đoàn, thành đoàn", "lai-chau.doan")) == 8


def test_units_that_a_list_names() -> None:
    wanted = ["lai-chau.tam-duong.ubnd", "lai-chau.phong-tho.ubnd", "lai-chau.lai-chau.ubnd"]
    assert bodies("UBND các huyện: Tam Đường, Phong Thổ và thành phố Lai Châu") == wanted
    assert bodies("UBND huyện Tam Đường, UBND huyện Phong Thổ, thành phố Lai Châu") == wanted


def test_departments_are_those_of_the_day() -> None:
    old, new = bodies("Các sở, ban, ngành, đoàn thể tỉnh"), bodies("Các sở, ban, ngành, đoàn thể tỉnh", on=NEW)
    assert {"lai-chau.stttt", "lai-chau.sldtbxh", "lai-chau.snnptnt", "lai-chau.bdt"} <= set(old) - set(new)
    assert {"lai-chau.snnmt", "lai-chau.sdttg"} <= set(new) - set(old)
    assert {"lai-chau.snv", "lai-chau.svhttdl", "lai-chau.ca", "lai-chau.ldld", "lai-chau.hccb"} <= set(old) & set(new)
    assert "lai-chau.tu" not in old and "lai-chau.ubnd" not in old and "lai-chau.mttq" not in old
    assert set(bodies("Các sở, ban, ngành")) < set(old) and "lai-chau.ldld" not in bodies("Các sở, ban, ngành")


def test_offices_that_only_some_provinces_have_count_where_they_are_known() -> None:
    assert "lai-chau.sngv" not in bodies("Các sở, ban, ngành tỉnh")
    assert "lai-chau.sngv" in bodies("Các sở, ban, ngành tỉnh", known=["lai-chau.sngv"])
    other = bodies("Các sở", known=["lai-chau.svhtt", "lai-chau.sdl"])
    assert "lai-chau.svhtt" in other and "lai-chau.svhttdl" not in other
    both = bodies("Các sở", known=["lai-chau.svhtt", "lai-chau.svhttdl"])
    assert "lai-chau.svhttdl" in both


def test_rooms_of_a_district_and_of_a_town() -> None:
    rooms = bodies("Các phòng, ban, đoàn thể huyện", DISTRICT)
    assert {"lai-chau.tam-duong.pnv", "lai-chau.tam-duong.pktht", "lai-chau.tam-duong.hnd"} <= set(rooms)
    town = bodies("Các phòng, ban thành phố", "lai-chau.lai-chau.ubnd")
    assert "lai-chau.lai-chau.pqldt" in town and "lai-chau.lai-chau.pktht" not in town
    assert all(code.startswith("lai-chau.tam-duong.") for code in bodies("Các phòng, ban", DISTRICT))


def test_names_in_a_list() -> None:
    line = "Các sở: Nông nghiệp và Phát triển nông thôn, Lao động - Thương binh và Xã hội, Xây dựng"
    assert bodies(line) == ["lai-chau.snnptnt", "lai-chau.sldtbxh", "lai-chau.sxd"]
    assert bodies("Sở Nội vụ, Tài chính, Y tế") == ["lai-chau.snv", "lai-chau.stc", "lai-chau.syt"]
    assert bodies("Sở Văn hóa, Thể thao và Du lịch") == ["lai-chau.svhttdl"]
    assert bodies("Các Bộ: TC, XD, NV", "vpcp", NEW) == ["btc", "bxd", "bnv"]
    assert bodies("TT. Tỉnh ủy, TT. HĐND tỉnh") == ["lai-chau.tu", "lai-chau.hdnd"]
    whole = bodies("Mặt trận Tổ quốc và các đoàn thể chính trị - xã hội tỉnh")
    assert whole[0] == "lai-chau.mttq" and len(whole) == 6


def test_provinces_and_ministries() -> None:
    assert len(bodies("UBND các tỉnh, thành phố trực thuộc Trung ương", "bnv", NEW)) == 34
    assert len(bodies("UBND các tỉnh, thành phố trực thuộc Trung ương", "bnv", OLD)) == 63
    ministries = bodies("Các bộ, cơ quan ngang bộ, cơ quan thuộc Chính phủ", "ttg", NEW)
    assert {"bnv", "nhnn", "ttcp", "bnnmt"} <= set(ministries) and "bldtbxh" not in ministries


@pytest.mark.parametrize(
    ("line", "owner"),
    [
        ("Các doanh nghiệp trên địa bàn tỉnh", PROVINCE),
        ("Các phòng, đơn vị thuộc Sở", DEPARTMENT),
        ("Các cơ quan tại mục 6 III Kế hoạch", PROVINCE),
        ("Các đồng chí Tỉnh ủy viên", PARTY),
        ("Các chi bộ, đảng bộ trực thuộc Huyện ủy", "lai-chau.tam-duong.hu"),
        ("Các Ban của HĐND tỉnh", PROVINCE),
        ("Trưởng 9 bản", "lai-chau.tam-duong.binh-lu.ubnd"),
    ],
)
def test_what_cannot_be_enumerated_stands_as_it_is(line: str, owner: str) -> None:
    assert bodies(line, owner) == []
    assert " ".join(rest(line, owner)).replace(",", "") == line.replace(",", "")


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["các", "UBND", "huyện", "thành phố", ",", "và", "sở", "ban", "ngành", "Nội vụ", ":", "(", ")", "Tam Đường",
             "đoàn thể", "-", "tỉnh", "ủy", "Các bộ", ";", "A1"]
        ),
        max_size=14,
    )
)  # fmt: skip
def test_any_line_is_read_to_its_end(words: list[str]) -> None:
    line = " ".join(words)
    made = load_reference()
    read = expand(line, made, setting_of(made, PROVINCE, OLD))
    printed = fold(" ".join(line.split()))
    for named in read.named:
        assert named.bodies and all(made.body(code) for code in named.bodies)
    for phrase in read.rest:
        assert fold(phrase) in printed


def test_a_long_line_costs_little() -> None:
    made = load_reference()
    setting = setting_of(made, PROVINCE, OLD)
    began = time.perf_counter()
    for line in ("các sở, " * 20_000, "UBND " * 30_000, "các huyện và " * 20_000, "(" * 100_000, "các " * 30_000):
        expand(line, made, setting)
    assert time.perf_counter() - began < 2


# --- duties ----------------------------------------------------------------------------------------------------------


def asked(*lines: Line, owner: str = PROVINCE, on: dt.date = OLD) -> tuple[dict[str, Duty], tuple[str, ...]]:
    made = load_reference()
    found, unexpanded = obligations(lines, made, setting_of(made, owner, on))
    return {one.body or one.phrase: one.duty for one in found}, unexpanded


def test_superiors_are_never_obliged() -> None:
    duties, _ = asked(
        Line("Bộ Nội vụ", "must_implement"), Line("Tỉnh ủy", "must_implement"), Line("HĐND tỉnh", "must_implement"),
        Line("UBND tỉnh", "must_implement"), Line("Sở Nội vụ", "must_implement"),
    )  # fmt: skip
    assert duties == {
        "bnv": "reported_to", "lai-chau.tu": "reported_to", "lai-chau.hdnd": "reported_to",
        "lai-chau.snv": "must_implement",
    }  # fmt: skip
    upward, _ = asked(Line("Sở Nội vụ", "must_implement"), owner=DISTRICT)
    assert upward == {"lai-chau.snv": "reported_to"}
    beside, _ = asked(Line("Sở Tài chính", "must_implement"), owner=DEPARTMENT)
    assert beside == {"lai-chau.stc": "cooperate"}


def test_a_body_has_one_duty_the_plainest() -> None:
    duties, _ = asked(
        Line("Các sở, ban, ngành, đoàn thể tỉnh", "must_implement"),
        Line("Tỉnh đoàn", "cooperate", "recipient"),
        Line("Sở Nội vụ (theo dõi)", "informed", "recipient"),
    )
    assert duties["lai-chau.doan"] == "cooperate"
    assert duties["lai-chau.snv"] == "must_implement"


def test_a_group_that_cannot_be_enumerated_stands_once() -> None:
    duties, unexpanded = asked(
        Line("Các doanh nghiệp trên địa bàn tỉnh", "unenumerable"),
        Line("UBND các huyện, thành phố", "must_implement"),
        Line("Các doanh nghiệp đóng trên địa bàn tỉnh", "unenumerable", "recipient"),
        Line("Như trên", "unenumerable", "recipient"),
    )
    assert unexpanded == ("Các doanh nghiệp trên địa bàn tỉnh",) and len(duties) == 8


def test_copies_of_what_is_addressed_to_others_oblige_nobody() -> None:
    duties, _ = asked(
        Line("Sở Nội vụ", "must_implement"),
        Line("UBND các huyện, thành phố", "must_implement", "recipient"),
        Line("Sở Nội vụ", "must_implement", "recipient"),
    )
    assert duties == {"lai-chau.snv": "must_implement", "UBND các huyện, thành phố": "informed"}
    alone, _ = asked(Line("UBND các huyện, thành phố", "must_implement", "recipient"))
    assert set(alone.values()) == {"must_implement"} and len(alone) == 8


def test_tasks_oblige_who_is_to_make_a_plan() -> None:
    addressed = Line("UBND các huyện", "must_implement")
    plan = Line("Sở Y tế", "must_implement", "assignment", "lead", words="Sở Y tế xây dựng kế hoạch của ngành.")
    task = Line("Sở Tài chính", "must_implement", "assignment", "lead", words="Sở Tài chính bố trí kinh phí.")
    help_ = Line("Tỉnh đoàn", "must_implement", "assignment", "coordinate", True, "Đề nghị Tỉnh đoàn phối hợp.")
    duties, _ = asked(addressed, plan, task, help_)
    assert duties["lai-chau.syt"] == "must_implement" and duties["lai-chau.doan"] == "cooperate"
    assert "lai-chau.stc" not in duties
    beside = Line("Sở Tài chính", "must_implement", "assignment", "coordinate", words="Sở Tài chính phối hợp bố trí.")
    assert asked(Line("Các sở", "must_implement"), beside)[0]["lai-chau.stc"] == "must_implement"
    polite = Line("Sở Y tế", "must_implement", "assignment", "implement", True, "Đề nghị Sở Y tế xây dựng kế hoạch.")
    assert asked(addressed, polite)[0]["lai-chau.syt"] == "must_implement"
    alone, _ = asked(Line("Như Điều 3", "unenumerable", "recipient"), task)
    assert alone == {"lai-chau.stc": "must_implement"}


# --- statuses --------------------------------------------------------------------------------------------------------

CALL = Call("c", PROVINCE, dt.date(2024, 11, 25), dt.date(2024, 11, 25), dt.date(2024, 12, 15))
TODAY = dt.date(2026, 1, 1)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def paper(owner: str, on: str, how: str | None = None, key: str = "p") -> Paper:
    return Paper(key, owner, day(on), day(on), how)  # type: ignore[arg-type]


def status(
    reference: Reference, phrase: str, *papers: Paper, outside: dict[str, Outside] | None = None, call: Call = CALL
) -> tuple[str, ...]:
    held: dict[str, list[Paper]] = {}
    for one in papers:
        held.setdefault(one.owner, []).append(one)
    found, _ = obligations(
        [Line(phrase, "must_implement")], reference, setting_of(reference, PROVINCE, call.day or OLD)
    )  # fmt: skip
    return tuple(row.status for row in judge(found, call, reference, held, outside or {}, TODAY))


def test_every_status(reference: Reference) -> None:
    own = "lai-chau.sxd"
    assert status(reference, "Sở Xây dựng", paper(own, "2024-12-01", "direct")) == ("answered",)
    assert status(reference, "Sở Xây dựng", paper(own, "2024-12-01", "through")) == ("answered",)
    assert status(reference, "Sở Xây dựng", paper(own, "2024-12-01", "cites")) == ("cites_only",)
    assert status(reference, "Sở Xây dựng", paper(own, "2024-12-01")) == ("not_found",)
    assert status(reference, "Sở Xây dựng", paper(own, "2024-11-01")) == ("nothing_held",)
    assert status(reference, "Sở Xây dựng", paper(own, "2027-01-01")) == ("nothing_held",)
    assert status(reference, "Sở Xây dựng", paper("lai-chau.snv", "2024-12-01", "direct")) == ("nothing_held",)
    told = {own: Outside("o", own, "Nguyễn Thị Hoa", dt.datetime(2025, 1, 1, tzinfo=dt.UTC))}
    assert status(reference, "Sở Xây dựng", outside=told) == ("outside",)
    assert status(reference, "Sở Xây dựng", paper(own, "2024-12-01", "cites"), outside=told) == ("outside",)
    assert status(reference, "Sở Xây dựng", paper(own, "2024-12-01", "direct"), outside=told) == ("answered",)


def test_a_department_that_ended_is_answered_for_by_its_heir_with_papers_of_its_own_time(reference: Reference) -> None:
    assert heirs(reference, "lai-chau.snnptnt") == {"lai-chau.snnptnt": None, "lai-chau.snnmt": day("2025-02-28")}
    line = "Sở Lao động - Thương binh và Xã hội"
    assert status(reference, line, paper("lai-chau.snv", "2024-12-20", "direct")) == ("nothing_held",)
    assert status(reference, line, paper("lai-chau.snv", "2025-03-20", "direct")) == ("answered",)
    assert status(reference, line, paper("lai-chau.snv", "2025-03-20")) == ("not_found",)
    assert status(reference, line, Paper("p", "lai-chau.snv", None, None, "direct")) == ("nothing_held",)


def test_nobody_answers_for_a_district_or_an_old_commune(reference: Reference) -> None:
    assert set(heirs(reference, "lai-chau.tam-duong.ubnd")) == {"lai-chau.tam-duong.ubnd"}
    assert set(heirs(reference, "lai-chau.tam-duong.binh-lu.ubnd")) == {"lai-chau.tam-duong.binh-lu.ubnd"}
    new = paper("lai-chau.binh-lu.ubnd", "2025-08-01", "direct")
    assert status(reference, "UBND huyện Tam Đường", new) == ("nothing_held",)


def test_a_renamed_body_keeps_its_code_and_bears_its_name_of_the_day(reference: Reference) -> None:
    body = reference.body("hue.ubnd")
    assert body is not None
    assert body_name(reference, body, day("2024-06-01")) == "Ủy ban nhân dân tỉnh Thừa Thiên Huế"
    assert body_name(reference, body, day("2025-06-01")) == "Ủy ban nhân dân thành phố Huế"
    call = Call("c", "bnv", day("2024-06-01"), day("2024-06-01"))
    found, _ = obligations(
        [Line("UBND tỉnh Thừa Thiên Huế", "must_implement")], reference, setting_of(reference, "bnv", day("2024-06-01"))
    )
    held = {"hue.ubnd": [paper("hue.ubnd", "2025-02-01", "direct")]}
    assert [row.status for row in judge(found, call, reference, held, {}, TODAY)] == ["answered"]


def test_the_end_of_a_body_is_told_when_it_is_past(reference: Reference) -> None:
    found, _ = obligations(
        [Line("UBND huyện Tam Đường", "must_implement")], reference, setting_of(reference, PROVINCE, OLD)
    )
    call = Call("c", PROVINCE, OLD, OLD)
    ended = {today: judge(found, call, reference, {}, {}, today)[0].ended for today in (day("2024-01-01"), TODAY)}
    assert ended == {day("2024-01-01"): None, TODAY: day("2025-06-30")}


@pytest.mark.parametrize(
    ("earliest", "latest", "expected"),
    [
        ("2024-12-10", "2024-12-10", Timing(15, 15, 15, False, 5)),
        ("2024-12-15", "2024-12-15", Timing(20, 20, 20, False, 0)),
        ("2024-12-26", "2024-12-26", Timing(31, 31, 31, True, -11)),
        ("2024-12-01", "2024-12-31", Timing(None, 6, 36, None, None)),
        ("2024-12-01", "2024-12-10", Timing(None, 6, 15, False, None)),
        ("2024-12-16", None, Timing(None, 21, None, True, None)),
        (None, "2024-12-31", Timing(None, None, 36, None, None)),
        (None, None, Timing()),
    ],
)
def test_timing(earliest: str | None, latest: str | None, expected: Timing) -> None:
    assert timing(CALL, earliest and day(earliest), latest and day(latest)) == expected  # type: ignore[arg-type]


def test_without_a_deadline_nobody_is_late() -> None:
    call = Call("c", PROVINCE, day("2024-11-25"), day("2024-11-25"), lasts=day("2024-12-31"))
    assert timing(call, day("2025-06-01"), day("2025-06-01")) == Timing(188, 188, 188, None, None)
    assert call.period == (day("2024-11-25"), day("2025-11-25"))


def test_a_call_of_unknown_day_gives_intervals() -> None:
    call = Call("c", PROVINCE, day("2024-03-01"), day("2024-03-31"))
    assert timing(call, day("2024-04-10"), day("2024-04-10")) == Timing(None, 10, 40, None, None)
    assert timing(call, day("2024-03-10"), day("2024-03-10")).days_min == 0

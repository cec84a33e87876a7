"""Resolution: identities, links and open questions from documents built by hand."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import replace

import pytest
from doubles import cite, day, held

from ingest.resolve import resolve
from kg.model import Metadata
from kg.reference import load_reference
from kg.review import Curated, Verdict
from kg.works import HeldFile, Resolution

SUBJECT = "phát động đợt thi đua cao điểm làm đường giao thông thôn bản mùa khô"
CALL = "lai-chau.ubnd/cv/2022/321-th"


def blank_call(name: str = "cong-van.txt", body: str = "Nội dung thứ nhất") -> HeldFile:
    """A công văn of the province with blank number and day: "Số: /UBND-TH, ngày tháng 8 năm 2022"."""
    metadata = Metadata(
        kind="Công văn", symbol="/UBND-TH", month="2022-08", date_earliest=day("2022-08-01"),
        date_latest=day("2022-08-31"), owner="lai-chau.ubnd", province="lai-chau", title=SUBJECT, level="province",
    )  # fmt: skip
    return held(name, metadata, [directive()], body=body)


def directive(**fields: object) -> object:
    """A citation of an invented central directive."""
    return cite("Chỉ thị số 88-CT/TW ngày 05/3/2019", kind="Chỉ thị", number="88-CT/TW", date=day("2019-03-05"),
                owner="tw", resolved_issuer="Ban Bí thư", relation="follows", **fields)  # fmt: skip


def plan(name: str, number: str = "321/UBND-TH", on: str = "2022-08-20", about: str = SUBJECT) -> HeldFile:
    """A district plan without header that carries out the call."""
    call = cite(f"Công văn số {number}", kind="Công văn", number=number, date=day(on), owner="lai-chau.ubnd",
                resolved_issuer="Ủy ban nhân dân tỉnh Lai Châu", relation="implements", place="opening",
                about=about)  # fmt: skip
    metadata = Metadata(kind="Kế hoạch", owner="lai-chau.sin-ho.ubnd", province="lai-chau", level="district",
                        title="Làm đường giao thông thôn bản mùa khô năm 2022")  # fmt: skip
    return held(name, metadata, [call])


def resolved(*files: HeldFile, curated: Curated | None = None) -> Resolution:
    return resolve(files, load_reference(), curated=curated)


def key_of(resolution: Resolution, file: HeldFile) -> str:
    return next(key for key, work in resolution.works.items() if file in work.files)


def test_a_blank_number_is_identified_from_the_one_paper_others_cite() -> None:
    call = blank_call()
    result = resolved(call, plan("ke-hoach-1.txt"), plan("ke-hoach-2.txt"))
    work = result.works[CALL]
    assert work.files == (call,)
    assert (work.number, work.date) == ("321/UBND-TH", day("2022-08-20"))
    assert work.identity is not None and work.identity.method == "inferred" and "02 tệp" in work.identity.reason
    assert work.former_keys == (f"file/{call.sha256[:16]}",)


@pytest.mark.parametrize(
    ("cited", "why"),
    [
        (plan("a.txt", on="2022-07-31"), "the day before the month of the file"),
        (plan("a.txt", number="321/UBND-NC"), "another drafting unit"),
        (plan("a.txt", about="tăng cường phòng, chống rét cho gia súc vụ đông xuân"), "another subject"),
        (plan("a.txt", about="thi đua"), "a subject too short to prove anything"),
    ],
)
def test_a_paper_that_does_not_fit_identifies_nothing(cited: HeldFile, why: str) -> None:
    call = blank_call()
    result = resolved(call, cited)
    assert key_of(result, call).startswith("file/"), why
    assert not result.open_identities


def test_a_second_fit_retracts_the_identity_and_its_removal_restores_it() -> None:
    call, first, second = blank_call(), plan("a.txt"), plan("b.txt", number="322/UBND-TH", on="2022-08-21")
    before = resolved(call, first)
    doubtful = resolved(call, first, second)
    assert key_of(doubtful, call) == f"file/{call.sha256[:16]}"
    (open_identity,) = doubtful.open_identities
    assert open_identity.candidates == (CALL, "lai-chau.ubnd/cv/2022/322-th")
    assert resolved(call, first) == before


def test_two_different_files_that_fit_one_paper_are_rivals() -> None:
    one, other = blank_call("a.txt"), blank_call("b.txt", body=" ".join(f"chữ{i} khác hẳn" for i in range(60)))
    result = resolved(one, other, plan("c.txt"))
    assert {item.file_key for item in result.open_identities} == {f"file/{f.sha256[:16]}" for f in (one, other)}
    assert not result.works[CALL].files


def test_any_order_gives_the_same_result() -> None:
    files = [blank_call(), plan("a.txt"), plan("b.txt", number="322/UBND-TH"), plan("c.txt")]
    expected = resolved(*files)
    for seed in range(5):
        random.Random(seed).shuffle(files)
        assert resolved(*files) == expected


def test_two_years_of_one_party_paper_are_one_work() -> None:
    misdated = cite("Chỉ thị số 88-CT/TW ngày 05/3/2018", kind="Chỉ thị", number="88-CT/TW", date=day("2018-03-05"),
                    owner="tw", relation="follows")  # fmt: skip
    plain = Metadata(kind="Kế hoạch", owner="lai-chau.ubnd", province="lai-chau")
    result = resolved(held("a", plain, [directive()]), held("b", plain, [directive()]), held("c", plain, [misdated]))
    assert [key for key in result.works if key.startswith("tw/")] == ["tw/ct/2019/88"]


def test_the_same_number_of_two_terms_stays_two_works() -> None:
    later = cite("Chỉ thị số 88-CT/TW ngày 05/3/2023", kind="Chỉ thị", number="88-CT/TW", date=day("2023-03-05"),
                 owner="tw", relation="follows")  # fmt: skip
    result = resolved(held("a", Metadata(owner="lai-chau.ubnd"), [directive(), later]))
    assert [key for key in result.works if key.startswith("tw/")] == ["tw/ct/2019/88", "tw/ct/2023/88"]


def test_a_mention_without_year_joins_the_only_known_work_and_never_guesses() -> None:
    undated = cite("Kế hoạch số 40/KH-UBND", kind="Kế hoạch", number="40/KH-UBND", owner="lai-chau.ubnd")
    mine = held("a", Metadata(owner="lai-chau.sin-ho.ubnd", province="lai-chau"), [undated])

    def known(year: int) -> HeldFile:
        metadata = Metadata(kind="Kế hoạch", number="40/KH-UBND", date=dt.date(year, 2, 1), owner="lai-chau.ubnd")
        return held(f"kh-{year}", metadata)

    assert resolved(mine, known(2021)).links[0].object == "lai-chau.ubnd/kh/2021/40"
    both = resolved(mine, known(2021), known(2022))
    assert not both.links
    (open_mention,) = both.unresolved
    assert open_mention.reason == "several"
    assert open_mention.candidates == ("lai-chau.ubnd/kh/2021/40", "lai-chau.ubnd/kh/2022/40")
    assert resolved(mine).unresolved[0].candidates == ()


def test_a_number_with_its_year_alone_joins_the_one_normative_paper() -> None:
    bare = replace(cite("Thông tư 12/2019", kind="Thông tư", number="12/2019"), form="bare")
    mine = held("a", Metadata(owner="lai-chau.snv", province="lai-chau"), [bare])

    def known(number: str, owner: str) -> HeldFile:
        return held(number, Metadata(kind="Thông tư", number=number, date=day("2019-11-04"), owner=owner))

    assert resolved(mine, known("12/2019/TT-BNV", "bnv")).links[0].object == "bnv/tt/2019-qppl/12"
    assert resolved(mine, known("12/2020/TT-BNV", "bnv")).unresolved[0].candidates == ()
    both = resolved(mine, known("12/2019/TT-BNV", "bnv"), known("12/2019/TT-BTC", "btc"))
    assert both.unresolved[0].candidates == ("bnv/tt/2019-qppl/12", "btc/tt/2019-qppl/12")


def test_a_local_number_without_issuer_reaches_no_other_province() -> None:
    bare = cite("Kế hoạch số 40/KH-UBND ngày 01/02/2021", kind="Kế hoạch", number="40/KH-UBND", date=day("2021-02-01"))
    mine = held("a", Metadata(owner="lai-chau.sin-ho.ubnd", province="lai-chau", district="lai-chau.sin-ho"), [bare])

    def known(owner: str) -> HeldFile:
        return held(owner, Metadata(kind="Kế hoạch", number="40/KH-UBND", date=day("2021-02-01"), owner=owner))

    assert resolved(mine, known("dien-bien.ubnd")).unresolved[0].reason == "no_issuer"
    link = resolved(mine, known("dien-bien.ubnd"), known("lai-chau.ubnd")).links[0]
    assert (link.object, link.lookup, link.confidence <= 0.75) == ("lai-chau.ubnd/kh/2021/40", True, True)
    assert resolved(mine, known("lai-chau.sin-ho.ubnd"), known("lai-chau.ubnd")).unresolved[0].reason == "several"


def verdict(subject: str, value: str, when: int, **files: str) -> Verdict:
    return Verdict(id=f"v{when}", subject=subject, relation="follows", object="tw/ct/2019/88", value=value,  # type: ignore[arg-type]
                   by="Người rà soát", at=dt.datetime(2026, 1, when, tzinfo=dt.UTC), **files)  # fmt: skip


def test_a_verdict_follows_a_file_through_gaining_and_losing_its_identity() -> None:
    call, first, second = blank_call(), plan("a.txt"), plan("b.txt", number="322/UBND-TH", on="2022-08-21")
    said = Curated([verdict(CALL, "rejected", 1, subject_file=call.sha256)])
    for files in ((call, first), (call, first, second), (call,)):
        (link,) = (link for link in resolved(*files, curated=said).links if link.object == "tw/ct/2019/88")
        assert link.status == "rejected", [file.names for file in files]
    undone = Curated([*said.verdicts, verdict(CALL, "withdrawn", 2, subject_file=call.sha256)])
    (link,) = (link for link in resolved(call, first, curated=undone).links if link.object == "tw/ct/2019/88")
    assert link.status == "effective"


def test_a_link_below_the_threshold_is_kept_but_not_effective_until_accepted() -> None:
    weak = replace(directive(), confidence=0.4)  # type: ignore[type-var]
    file = held("a", Metadata(number="7/KH-UBND", date=day("2020-01-02"), owner="lai-chau.ubnd"), [weak])
    assert resolved(file).links[0].status == "below_threshold"
    said = Curated([verdict("lai-chau.ubnd/kh/2020/7", "accepted", 1)])
    assert resolved(file, curated=said).links[0].status == "effective"


def test_every_quote_is_the_text_it_names() -> None:
    file = blank_call()
    for link in resolved(file).links:
        for quote in link.quotes:
            assert quote.span.of(file.document.text.text) == quote.text
            assert quote.mention.of(file.document.text.text) in quote.text

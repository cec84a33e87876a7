"""Issuers: where a printed name ends, which body it is, and what decided; what is not said stays open."""

from __future__ import annotations

import pytest
from citecases import DISTRICT, PROVINCE, cites, numbered, one, reference
from hypothesis import given
from hypothesis import strategies as st

from ingest.bodynames import body_before, read_body
from ingest.grammar import folded

NAMES = [
    ("Ủy ban nhân dân tỉnh An Giang| về việc"),
    ("Ủy ban nhân dân \n\ntỉnh Lai Châu| về phát động"),
    ("Ủy ban nhân dân xã Xuân\nPhú|)"),
    ("Ủy ban nhân dân thành phố Huế| phát động"),
    ("UBND TP. Hồ Chí Minh| về"),
    ("Bộ Lao động - Thương binh và Xã hội| phê duyệt"),
    ("Bộ Ngoại giao - Bộ Nội vụ| hướng dẫn"),
    ("Bộ Nông nghiệp và phát triển nông thôn| quy định"),
    ("Bộ trưởng Bộ Thông tin và Truyền\nthông| hướng dẫn"),
    ("Bộ trưởng, Chủ nhiệm Văn phòng Chính phủ| hướng dẫn"),
    ("Bộ Chính trị (khoá XI)| và Chỉ thị"),
    ("Bộ Chính trị, Ban Bí thư| về"),
    ("Hội nghị lần thứ 11 Ban Chấp hành Trung ương Đảng khóa XIII| về"),
    ("Ban Thi đua - Khen thưởng Trung ương| về việc"),
    ("Ban Thường vụ Tỉnh ủy| triển khai hưởng ứng"),
    ("Sở Văn hóa, Thể thao và Du lịch tỉnh Phú Thọ| về"),
    ("Sở Dân tộc và Tôn giáo| tại"),
    ("Giám đốc Sở Nội vụ\ntỉnh An Giang|, Phó"),
    ("Chi cục Thuế khu vực II| trả lời"),
    ("Cục Thuế| trả lời"),
    ("Hội đồng thẩm định| về kết quả"),
    ("Ủy ban Pháp luật và Tư pháp của Quốc hội| về"),
    ("Thống đốc Ngân hàng Nhà nước Việt Nam| quy định"),
    ("Chính phủ| và Thông tư số"),
    ("THỦ TƯỚNG CHÍNH PHỦ| BAN HÀNH KẾ HOẠCH"),
    ("ỦY BAN NHÂN DÂN TỈNH PHÚ YÊN|"),
    ("Ban Thường trực Ủy ban Trung ương Mặt trận Tổ quốc Việt Nam| về"),
    ("Chi cục thuế Khu vực VIII| (nay là"),
    ("Công ty TNHH Cơ khí Kỹ thuật cao Hoa Ban| về việc"),
    ("Đảng ủy Khối các cơ quan và doanh nghiệp tỉnh Lai Châu| về"),
    ("Đại hội đại biểu Đảng bộ tỉnh| lần"),
    ("Ban Bí thư Trung ương Đoàn| về"),
    ("Ban Chỉ đạo 389 tỉnh Lai Châu| về"),
    ("Ủy ban nhân dân tỉnh| các nhiệm vụ"),
    ("Ban Chỉ đạo quốc gia về phòng, chống thiên tai| về việc"),
    ("Ban chỉ đạo quốc gia về Cơ chế một cửa ASEAN và Cơ chế một cửa quốc gia|."),
    ("Ban Chỉ đạo tỉnh| về chuyển đổi số"),
    ("Tổng Giám đốc Bảo hiểm xã hội Việt Nam| về"),
    ("Đại hội đồng cổ đông| về"),
    ("Sở Giao thông vận tải tỉnh Lai Châu| về"),
    ("Giám đốc Sở Kế hoạch và Đầu tư tỉnh Lai Châu| tại"),
    ("Bộ Giao thông vận tải| ban hành"),
    ("Cục Quản lý đất đai| về"),
    ("Cục trưởng Cục Quản lý đê điều và Phòng, chống thiên tai| trình"),
    ("Ủy ban An toàn giao thông Quốc gia| về"),
    ("Hội Cựu chiến binh tỉnh Lai Châu| về"),
    ("Văn phòng Hội đồng nhân dân và Ủy ban nhân dân tỉnh Lai Châu| tại"),
    ("Sở VH,TT&DL tỉnh Lai Châu| về"),
    ("Sở LĐ-TB&XH| hướng dẫn"),
]


@pytest.mark.parametrize("marked", NAMES)
def test_where_a_name_ends(marked: str) -> None:
    name, _, rest = marked.partition("|")
    text = name + rest
    assert read_body(text, folded(text), 0) == len(name)


def test_every_central_body_of_the_reference_data_is_named_whole() -> None:
    cut = []
    for body in reference().bodies.values():
        text = f"{body.name} về việc tổ chức"
        if read_body(text, folded(text), 0) != len(body.name):
            cut.append(body.name)
    assert cut == []


@pytest.mark.parametrize("text", ["về việc tổ chức", "Về việc tổ chức", "ban hành kèm theo", "12 đơn vị", ""])
def test_what_begins_no_name(text: str) -> None:
    assert read_body(text, folded(text), 0) is None


def test_a_name_read_backwards() -> None:
    text = "theo đề nghị của Giám đốc Sở Tài chính tại Tờ trình"
    end = text.index(" tại")
    found = body_before(text, folded(text), end)
    assert found is not None and text[slice(*found)] == "Giám đốc Sở Tài chính"


@given(st.text(max_size=120))
def test_reading_a_name_never_leaves_the_text(text: str) -> None:
    end = read_body(text, folded(text), 0)
    assert end is None or 0 < end <= len(text)


# (text, metadata, resolved issuer, owner, evidence)
RESOLVED = [
    # 1. the phrase after number or date names body and unit
    ("Kế hoạch số 5324/KH-UBND ngày 27/12/2024 của UBND tỉnh Lai Châu", DISTRICT,
     "Ủy ban nhân dân tỉnh Lai Châu", "lai-chau.ubnd", "phrase"),
    ("Kế hoạch số 118/KH-UBND ngày 12/7/2024 của UBND huyện Tam Đường", PROVINCE,
     "Ủy ban nhân dân huyện Tam Đường", "lai-chau.tam-duong.ubnd", "phrase"),
    ("Chỉ thị số 34-CT/TW ngày 07/4/2014 của Bộ Chính trị", {}, "Bộ Chính trị", "tw", "phrase"),
    # 2. a bare level word is the citing paper's own
    ("Chỉ thị số 9/CT-UBND ngày 11/8/2021 của Chủ tịch Ủy ban nhân dân tỉnh", DISTRICT,
     "Chủ tịch Ủy ban nhân dân tỉnh Lai Châu", "lai-chau.ubnd", "level"),
    ("Chỉ thị số 32-CT/TU ngày 26/6/2014 của Tỉnh uỷ", DISTRICT, "Tỉnh ủy Lai Châu", "lai-chau.tu", "level"),
    ("Kế hoạch số 7/KH-UBND ngày 1/2/2023 của UBND huyện", DISTRICT,
     "Ủy ban nhân dân huyện Tam Đường", "lai-chau.tam-duong.ubnd", "level"),
    # … and stays open where that paper's place is not known
    ("Chỉ thị số 32-CT/TU ngày 26/6/2014 của Tỉnh uỷ", {}, "Tỉnh uỷ", None, "phrase"),
    # 3. the subject before the number
    ("Ngày 3/9, UBND tỉnh đã ban hành Kế hoạch số 41/KH-UBND về kiểm tra", PROVINCE,
     "Ủy ban nhân dân tỉnh Lai Châu", "lai-chau.ubnd", "subject"),
    ("Xét đề nghị của Giám đốc Sở Nội vụ tại Tờ trình số 44/TTr-SNV ngày 1/3/2023", PROVINCE,
     "Giám đốc Sở Nội vụ tỉnh Lai Châu", "lai-chau.snv", "subject"),
    # … but not one whom the code contradicts: it was told, it did not write
    ("Sở Nội vụ báo cáo UBND tỉnh tại Công văn số 12/SNV-TCCB ngày 1/3/2023", PROVINCE,
     "Sở Nội vụ tỉnh Lai Châu", "lai-chau.snv", "code"),
    # 4. a code that one body in the State bears
    ("Quyết định số 90/QĐ-TTg ngày 18/01/2022", {}, "Thủ tướng Chính phủ", "ttg", "code"),
    ("Thông tư số 92/2009/TT-BTC ngày 12/5/2009", DISTRICT, "Bộ Tài chính", "btc", "code"),
    ("Luật số 72/2025/QH15", {}, "Quốc hội", "qh", "code"),
    # the series is the code's even where another organ is credited
    ("Công văn số 5/VPCP-KTTH ngày 1/3/2023 của Thủ tướng Chính phủ", {}, "Thủ tướng Chính phủ", "vpcp", "phrase"),
    # … and one that leaves a single body at the citing paper's level
    ("Kế hoạch số 8-KH/TU ngày 1/3/2023", DISTRICT, "Tỉnh ủy Lai Châu", "lai-chau.tu", "code"),
    ("Quyết định số 55/QĐ-UBND ngày 1/3/2023", PROVINCE, "Ủy ban nhân dân tỉnh Lai Châu", "lai-chau.ubnd", "code"),
    # never a guess: province or district?
    ("Kế hoạch số 55/KH-UBND ngày 1/3/2023", DISTRICT, None, None, None),
    ("Kế hoạch số 55/KH-UBND ngày 1/3/2023", {}, None, None, None),
    # named behind the trích yếu
    ("Công văn 5615/CT-CS năm 2025 về mẫu tờ khai thuế do Cục Thuế ban hành", {}, "Cục Thuế", "cthue", "phrase"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "metadata", "resolved", "owner", "evidence"), RESOLVED)
def test_resolution(text, metadata, resolved, owner, evidence) -> None:  # type: ignore[no-untyped-def]
    citation = one(text, **metadata)
    assert (citation.resolved_issuer, citation.owner, citation.issuer_evidence) == (resolved, owner, evidence)


def test_the_printed_phrase_is_kept_on_one_line() -> None:
    citation = one("Chỉ thị số 9/CT-UBND ngày 11/8/2021 của Chủ tịch \nỦy ban nhân dân tỉnh", **DISTRICT)
    assert citation.issuer == "Chủ tịch Ủy ban nhân dân tỉnh"


def test_the_last_phrase_serves_a_list_of_one_series() -> None:
    text = (
        "Chỉ thị số 31-CT/TU ngày 6/6/2023, Kế hoạch số 134-KH/TU ngày 29/12/2023 của Ban Thường vụ Tỉnh ủy, "
        "Chỉ thị số 3/CT-UBND ngày 19/3/2019, Phương án số 72/PA-UBND ngày 28/02/2025 của UBND tỉnh"
    )
    assert [(c.owner, c.issuer_evidence) for c in numbered(text, **DISTRICT)] == [
        ("lai-chau.tu", "list"), ("lai-chau.tu", "level"), ("lai-chau.ubnd", "list"), ("lai-chau.ubnd", "level"),
    ]  # fmt: skip


def test_a_head_lends_its_issuer() -> None:
    text = "Các văn bản thẩm định của Sở Tư pháp: Số 29/BC-STP ngày 12/9/2025, số 189/STP-VB ngày 24/10/2025"
    assert [c.resolved_issuer for c in numbered(text, **PROVINCE)] == ["Sở Tư pháp tỉnh Lai Châu"] * 2


def test_a_number_named_once_keeps_its_issuer() -> None:
    text = "Kế hoạch số 12/KH-UBND ngày 1/3/2023 của UBND tỉnh.\nCác xã thực hiện Kế hoạch số 12/KH-UBND."
    assert [c.owner for c in numbered(text, **DISTRICT)] == ["lai-chau.ubnd"] * 2
    two = (
        "Kế hoạch số 12/KH-UBND ngày 1/3/2023 của UBND tỉnh. Kế hoạch số 12/KH-UBND ngày 5/3/2023 của UBND huyện.\n"
        "Thực hiện Kế hoạch số 12/KH-UBND."
    )
    assert numbered(two, **DISTRICT)[2].owner is None


def test_acts_are_passed_by_the_assembly() -> None:
    (law,) = cites("Căn cứ Luật Đất đai ngày 18/01/2024;")
    assert (law.owner, law.resolved_issuer) == ("qh", "Quốc hội")


def test_a_subject_serves_every_paper_it_made() -> None:
    made = (
        "UBND huyện Than Uyên đã ban hành Kế hoạch số 7/KH-UBND ngày 1/3/2024 về chuyển đổi số và Kế hoạch số "
        "9/KH-UBND ngày 5/3/2024 về thi đua"
    )
    assert [c.owner for c in numbered(made, **PROVINCE)] == ["lai-chau.than-uyen.ubnd"] * 2
    # … not what it carried out, nor another series
    told = "UBND huyện Than Uyên đã ban hành Kế hoạch số 7/KH-UBND thực hiện Kế hoạch số 9/KH-UBND ngày 5/3/2024"
    assert [c.owner for c in numbered(told, **DISTRICT)] == ["lai-chau.than-uyen.ubnd", None]
    other = "UBND huyện Than Uyên ban hành Kế hoạch số 7/KH-UBND và Chương trình số 9-CTr/HU ngày 5/3/2024"
    assert numbered(other)[1].owner is None


def test_a_list_shares_its_issuer_over_parts_and_verbs() -> None:
    text = (
        "Bãi bỏ Quyết định số 3/2015/QĐ-UBND ngày 20/10/2015 và khoản 2 Điều 1 Quyết định số 8/2018/QĐ-UBND ngày "
        "12/3/2018 của Ủy ban nhân dân tỉnh Hà Giang"
    )
    assert [c.owner for c in numbered(text)] == ["ha-giang.ubnd"] * 2
    text = "sửa đổi Quyết định số 6/QĐ-UBND ngày 9/1/2024 và thay thế Quyết định số 15/QĐ-UBND của UBND tỉnh Gia Lai"
    assert len({c.owner for c in numbered(text)} - {None}) == 1 and all(c.owner for c in numbered(text))


def test_what_changes_a_paper_of_the_series_is_of_the_same_body() -> None:
    text = "Quyết định số 45/2019/QĐ-UBND của UBND tỉnh Lào Cai {} Quyết định số 12/2023/QĐ-UBND ngày 15/6/2023"
    for verb in ("bị bãi bỏ bởi", "đã được sửa đổi, bổ sung tại", "(được thay thế bằng"):
        assert [c.owner for c in numbered(text.format(verb))] == ["lao-cai.ubnd"] * 2, verb
    assert numbered(text.format("và"))[1].owner is None

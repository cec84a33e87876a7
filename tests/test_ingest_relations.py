"""What the phrase around a citation says: cue, list, trích yếu, passive, hindsight. All sentences are ours."""

from __future__ import annotations

import pytest
from citecases import DISTRICT, PROVINCE, cites, numbered, one
from hypothesis import given
from hypothesis import strategies as st

from ingest.cues import CUES, NO_CUES, STRENGTH

# (text, relation, cue) of the only numbered citation
CUED = [
    # "Căn cứ" is split by the kind of its target
    ("Căn cứ Nghị định số 98/2023/NĐ-CP ngày 31/12/2023 của Chính phủ;", "legal_basis", "Căn cứ"),
    ("Căn cứ Quyết định số 55/QĐ-TTg ngày 1/3/2023 của Thủ tướng Chính phủ;", "legal_basis", "Căn cứ"),
    ("Căn cứ Nghị quyết số 27/NQ-HĐND ngày 20/7/2022 của Hội đồng nhân dân tỉnh;", "legal_basis", "Căn cứ"),
    ("Căn cứ Báo cáo số 17/BC-HĐTĐ ngày 9/1/2023 của Hội đồng thẩm định;", "legal_basis", "Căn cứ"),
    ("Căn cứ Chỉ thị số 19-CT/TU ngày 29/11/2021 của Ban Thường vụ Tỉnh ủy;", "implements", "Căn cứ"),
    ("Căn cứ Kế hoạch số 5324/KH-UBND ngày 27/12/2024 của UBND tỉnh;", "implements", "Căn cứ"),
    ("Căn cứ Công văn số 195/UBND-TH ngày 30/5/2023 của UBND tỉnh;", "implements", "Căn cứ"),
    ("Căn cứ Nghị quyết số 18-NQ/TW ngày 25/10/2017;", "implements", "Căn cứ"),
    ("Căn cứ Quy định số 66-QĐ/TW ngày 06/02/2017;", "legal_basis", "Căn cứ"),
    # "theo" likewise
    ("xử lý theo quy định tại khoản 2 Điều 5 Nghị định số 5/2025/NĐ-CP", "legal_basis", "theo quy định"),
    ("tuyên truyền theo Hướng dẫn số 94-HD/ĐUK ngày 30/3/2015", "implements", "theo"),
    ("Mức thu áp dụng theo quy định tại Thông tư số 11/2022/TT-BTC.", "legal_basis", "theo quy định tại"),
    ("Việc chi tuân thủ đúng các quy định tại Điều 4 Thông tư số 8/2021/TT-BTC", "legal_basis", None),
    ("mức chi quy định tại Thông tư số 8/2021/TT-BTC", "mentions", "quy định tại"),
    ("đối tượng áp dụng của Nghị định số 8/2021/NĐ-CP gồm", "mentions", None),
    # whoever gives tasks is carried out, what rules is a basis
    ("theo nhiệm vụ được giao tại Quyết định số 26/QĐ-BKHCN ngày 1/9/2025", "implements", "nhiệm vụ được giao tại"),
    ("theo nhiệm vụ được giao tại Nghị định số 26/2025/NĐ-CP", "legal_basis", "nhiệm vụ được giao tại"),
    ("Thông tư này quy định chi tiết thi hành Luật số 71/2020/QH14", "guides", "quy định chi tiết thi hành"),
    # carrying out
    ("Thực hiện ý kiến của Ban Tổ chức Tỉnh ủy tại Công văn số 91-CV/BTCTU", "implements", "Thực hiện ý kiến của"),
    ("Thực hiện Quyết định số 34/QĐ-UBND ngày 12/01/2022", "implements", "Thực hiện"),
    ("Để tiếp tục thực hiện nghiêm Chỉ thị số 5/CT-TTg ngày 18/5/2022", "implements", "thực hiện"),
    ("thực hiện tốt các nhiệm vụ tại Kế hoạch số 11/KH-UBND ngày 12/7/2024", "implements", "nhiệm vụ tại"),
    ("thực hiện chỉ đạo của UBND tỉnh tại Công văn số 8/UBND-NC ngày 4/11/2025", "implements", "chỉ đạo của"),
    ("TRIỂN KHAI THỰC HIỆN CHỈ THỊ SỐ 32/CT-TTG NGÀY 21/10/2025", "implements", "TRIỂN KHAI THỰC HIỆN"),
    # learning; the stronger verb wins
    ("Tổ chức học tập, quán triệt Kết luận số 01-KL/TW ngày 18/5/2021", "follows", "quán triệt"),
    ("đổi mới công tác thi đua theo tinh thần Chỉ thị số 34-CT/TW", "follows", "theo tinh thần"),
    (
        "quán triệt, xây dựng kế hoạch triển khai thực hiện Chương trình số 4-CTr/TU",
        "implements",
        "triển khai thực hiện",
    ),
    ("tuyên truyền, phổ biến và tổ chức thực hiện Chỉ thị số 34-CT/TW", "implements", "tổ chức thực hiện"),
    ("quán triệt sâu sắc chủ trương của Đảng về thi đua, trọng tâm là Chỉ thị số 34-CT/TW", "follows", "quán triệt"),
    # change
    ("Sửa đổi, bổ sung một số điều của Nghị quyết số 16/2023/NQ-HĐND như sau", "amends", "Sửa đổi, bổ sung"),
    ("Quyết định này thay thế Quyết định số 42/2006/QĐ-UBND ngày 18/10/2006", "replaces", "thay thế"),
    ("Bãi bỏ Quyết định số 41/2023/QĐ-UBND ngày 11/12/2023", "repeals", "Bãi bỏ"),
    ("Văn bản này hợp nhất Thông tư số 12/2019/TT-BNV", "consolidates", "hợp nhất"),
    ("SỬA ĐỔI MỘT SỐ ĐIỀU CỦA QUY CHẾ BAN HÀNH KÈM THEO QUYẾT ĐỊNH SỐ 13/2018/QĐ-UBND", "amends", "SỬA ĐỔI"),
    # … announced, not made
    ("tham mưu UBND tỉnh sửa đổi, bổ sung hoặc thay thế Quyết định số 15/2021/QĐ-UBND", "mentions", None),
    ("khi có Thông tư mới thay thế Thông tư số 92/2009/TT-BTC", "mentions", None),
    ("khi Nhà nước thu hồi đất theo Nghị định số 88/2024/NĐ-CP", "legal_basis", "theo"),
    # said behind
    (
        "Quyết định số 15/2016/QĐ-UBND ngày 7/8/2016 của UBND tỉnh hết hiệu lực kể từ ngày 1/1/2025",
        "repeals",
        "hết hiệu lực",
    ),
    # the rest
    ("(Ban hành kèm theo Quyết định số 59/QĐ-UBND ngày 22/7/2021)", "attached_to", "Ban hành kèm theo"),
    ("Thông tư này hướng dẫn thi hành Nghị định số 98/2023/NĐ-CP", "guides", "hướng dẫn thi hành"),
    ("Sau 10 năm thực hiện Nghị quyết số 13-NQ/TU", "reviews", "năm thực hiện"),
    ("Báo cáo kết quả thực hiện Chỉ thị số 5-CT/TW", "reviews", "kết quả thực hiện"),
    ("Xét đề nghị của Giám đốc Sở Nội vụ tại Tờ trình số 44/TTr-SNV", "proposed_by", "Xét đề nghị"),
    ("Phúc đáp Công văn số 61/SVHTTDL-VP ngày 13/7/2015", "replies_to", "Phúc đáp"),
    ("Ngày 5/6, UBND tỉnh đã ban hành Kế hoạch số 449/KH-UBND về giảm nghèo", "issues", "đã ban hành"),
    ("UBND tỉnh ban hành công văn chỉ đạo việc thực hiện nghị quyết (Công văn số 14/UBND-TH)", "issues", "ban hành"),
    ("Các nội dung khác tại Quyết định số 15/QĐ-UBND giữ nguyên", "mentions", None),
    ("thủ tục quy định tại Thông tư số 45/2024/TT-BTC", "mentions", "quy định tại"),
    # nouns made of the same letters are no cues
    ("các văn bản hướng dẫn thi hành; Ban Chỉ đạo của tỉnh và Nghị quyết số 71/NQ-CP", "mentions", None),
    ("theo dõi, đôn đốc. Chỉ thị số 34-CT/TW nêu rõ", "mentions", None),
]


@pytest.mark.parametrize(("text", "relation", "cue"), CUED, ids=[f"{row[1]}-{row[0][:28]}" for row in CUED])
def test_cues(text: str, relation: str, cue: str | None) -> None:
    citation = one(text, **PROVINCE)
    assert citation.relation == relation
    if cue is not None:
        assert citation.cue == cue


LISTS = [
    # one cue heads the list, split again by each target
    (
        "Căn cứ Luật Đất đai số 31/2024/QH15; Nghị định số 5/2025/NĐ-CP ngày 1/2/2025; Chỉ thị số 3/CT-TTg;",
        ["legal_basis", "legal_basis", "implements"],
    ),
    (
        "Thực hiện Quyết định số 90/QĐ-TTg ngày 18/01/2022 phê duyệt Chương trình, Quyết định số 650/QĐ-BNV",
        ["implements", "implements"],
    ),
    (
        "Thực hiện Chỉ thị số 34-CT/TW ngày 07/4/2014 của Bộ Chính trị về “Tiếp tục đổi mới” và Kế hoạch số 9/KH-UBND",
        ["implements", "implements"],
    ),
    ("quán triệt các Nghị quyết số 18-NQ/TW, 19-NQ/TW và 21-NQ/TW", ["follows"] * 3),
    (
        "Bãi bỏ các Quyết định sau:\na) Quyết định số 1/2020/QĐ-UBND về đất.\nb) Quyết định số 2/2021/QĐ-UBND về nhà.",
        ["repeals", "repeals"],
    ),
    (
        "Căn cứ pháp lý:\n- Luật Đất đai số 31/2024/QH15.\n- Nghị định số 16/2021/NĐ-CP;\n- Thông tư số 2/2022/TT-BYT.",
        ["legal_basis"] * 3,
    ),
    # a declared short name does not end the list
    (
        "Thực hiện Chỉ thị số 7/CT-TTg ngày 1/8/2024 về trẻ em (sau đây viết tắt là Chỉ thị số 7/CT-TTg); Công văn số "
        "66/BYT-BM ngày 2/9/2024 của Bộ Y tế về việc triển khai.",
        ["implements", "mentions", "implements"],
    ),
    # papers that end together, and one that ends although another amended it
    (
        "Quyết định số 3/2011/QĐ-UBND ngày 6/6/2011 của UBND tỉnh về vệ sinh và Quyết định số 9/2010/QĐ-UBND ngày "
        "8/4/2010 của UBND tỉnh về sức khỏe hết hiệu lực từ ngày 1/1/2017.",
        ["repeals", "repeals"],
    ),
    (
        "Nghị quyết số 7/2011/NQ-HĐND về phí đã được sửa đổi theo Nghị quyết số 8/2015/NQ-HĐND hết hiệu lực thi hành.",
        ["repeals", "mentions"],
    ),
    # what a subject names in brackets does not end; a list numbered within one line
    (
        "Nghị quyết số 7/2024/NQ-HĐND ngày 2/2/2024 của Hội đồng nhân dân tỉnh về vùng xanh (thực hiện khoản 2 Điều 8 "
        "Luật số 39/2024/QH15) hết hiệu lực thi hành kể từ ngày 1/1/2026.",
        ["repeals", "mentions"],
    ),
    (
        "Quyết định số 4/2010/QĐ-UBND ngày 5/10/2010 của UBND tỉnh quy định việc công bố hết dịch hết hiệu lực kể từ "
        "ngày 1/2/2016.",
        ["repeals"],
    ),
    (
        "Bãi bỏ các văn bản sau: 1. Quyết định số 1/2012/QĐ-UBND ngày 4/4/2012; 2. Chỉ thị số 7/CT-UBND của UBND tỉnh.",
        ["repeals", "repeals"],
    ),
    # a column of legal bases in a table; what a cell tells in a sentence is no basis
    (
        "STT | Tên thủ tục | Căn cứ pháp lý | Cơ quan\n1 | Cấp thẻ theo mẫu | - Nghị định số 4/2025/NĐ-CP ngày "
        "2/6/2025 của Chính phủ về phân cấp. - Thông tư số 2/2020/TT-BTTTT quy định việc | Sở Nội vụ\n2 | Cấp lại "
        "thẻ | Nghị định số 4/2025/NĐ-CP; Thông tư số 5/2018/TT-BCT | Sở Công Thương",
        ["legal_basis"] * 4,
    ),
    (
        "STT | Tên thủ tục | Ghi chú\n1 | Cấp thẻ | Nghị định số 4/2025/NĐ-CP\n",
        ["mentions"],
    ),
    (
        "TT | Việc | Căn cứ pháp lý\n1 | Nộp hồ sơ nêu tại Nghị định số 4/2025/NĐ-CP | Luật số 5/2024/QH15\nĐiều 2. "
        "Nghị định số 6/2025/NĐ-CP còn hiệu lực",
        ["mentions", "legal_basis", "mentions"],
    ),
    # the next sentence is another matter
    ("Thực hiện Chỉ thị số 34-CT/TW ngày 07/4/2014. Nghị quyết số 71/NQ-CP nêu rõ", ["implements", "mentions"]),
    # a clause of its own after a trích yếu
    (
        "Thực hiện Chỉ thị số 13-CT/TW về bảo vệ rừng, Ban Thường vụ Tỉnh ủy ban hành Kế hoạch số 4-KH/TU",
        ["implements", "issues"],
    ),
]


@pytest.mark.parametrize(("text", "relations"), LISTS)
def test_lists_share_the_cue_of_their_head(text: str, relations: list[str]) -> None:
    assert [citation.relation for citation in numbered(text, **PROVINCE)] == relations


def test_a_citation_in_a_trich_yeu_is_the_other_papers() -> None:
    text = (
        "Căn cứ Thông tư số 6/2008/TT-BNV ngày 21/8/2008 của Bộ Nội vụ sửa đổi, bổ sung khoản 2 Mục III Thông tư số "
        "4/2008/TT-BNV ngày 4/6/2008 của Bộ Nội vụ hướng dẫn tổ chức; Nghị định số 1/2022/NĐ-CP ngày 30/11/2022;"
    )
    found = numbered(text)
    assert [(c.relation, c.subject) for c in found] == [
        ("legal_basis", None),
        ("mentions", "6/2008/TT-BNV"),
        ("legal_basis", None),
    ]
    assert (found[1].cue, found[1].part) == ("sửa đổi, bổ sung", "khoản 2 Mục III")


def test_a_chain_of_plans() -> None:
    text = (
        "Bộ ban hành Quyết định số 224/QĐ-BNV về kế hoạch triển khai Quyết định số 1689/QĐ-TTg ngày 28/12/2022 của "
        "Thủ tướng Chính phủ ban hành Kế hoạch triển khai Nghị quyết số 25/2021/QH15"
    )
    assert [(c.relation, c.subject) for c in numbered(text)] == [
        ("issues", None),
        ("mentions", "224/QĐ-BNV"),
        ("mentions", "1689/QĐ-TTg"),
    ]


@pytest.mark.parametrize(
    ("text", "relation"),
    [
        ("Căn cứ Luật Đất đai số 31/2024/QH15 được sửa đổi, bổ sung bởi Luật số 43/2024/QH15;", "legal_basis"),
        (
            "Căn cứ Nghị định số 78/2025/NĐ-CP hướng dẫn Luật Ban hành văn bản quy phạm pháp luật được sửa đổi bởi "
            "Nghị định số 187/2025/NĐ-CP;",
            "legal_basis",
        ),
        ("Hồ sơ nêu tại Luật Đất đai số 31/2024/QH15 đã được sửa đổi tại Luật số 43/2024/QH15", "mentions"),
    ],
)
def test_what_amended_a_basis_is_a_basis_and_never_amends(text: str, relation: str) -> None:
    last = numbered(text)[-1]
    assert last.relation == relation
    assert "passive" in last.flags


def test_a_lower_body_never_changes_a_superior_paper() -> None:
    text = "Sửa đổi khoản 1 Điều 18 Nghị định số 76/2018/NĐ-CP ngày 15/5/2018 của Chính phủ."
    assert one(text, **PROVINCE).relation == "mentions"
    assert one(text, level="central", owner="cp").relation == "amends"
    assert one("Bãi bỏ Quyết định số 5/2018/QĐ-UBND của UBND tỉnh.", **PROVINCE).relation == "repeals"


def test_a_short_name_that_is_declared_says_nothing_new() -> None:
    text = "Thực hiện Chỉ thị số 27/CT-TTg ngày 15/8/2024 về dân số (sau đây viết tắt là Chỉ thị số 27/CT-TTg);"
    assert [(c.relation, c.subject) for c in numbered(text)] == [("implements", None), ("mentions", None)]


def test_beside_a_self_reference_the_cue_before_it_counts() -> None:
    text = "Giao Chính phủ, căn cứ Nghị quyết này và Đề án số 401/ĐA-CP ngày 9/5/2025 của Chính phủ, tổ chức thực hiện."
    assert one(text).relation == "legal_basis"


def test_places() -> None:
    title = "KẾ HOẠCH THỰC HIỆN CHỈ THỊ SỐ 3/CT-TTG\n"
    first = "Căn cứ Chỉ thị số 3/CT-TTg ngày 1/2/2024 của Thủ tướng Chính phủ;\n"
    text = f"{title}{first}I. MỤC ĐÍCH\nThực hiện Chỉ thị số 3/CT-TTg."
    found = cites(text, header=len(title), opening=len(title + first), **DISTRICT)
    assert [citation.place for citation in found] == ["header", "opening", "body"]


def test_every_family_of_cues_has_its_strength() -> None:
    assert set(CUES) == set(STRENGTH)
    phrases = [phrase for family in CUES.values() for phrase in family]
    assert not set(phrases) & set(NO_CUES)


@given(st.lists(st.sampled_from(sorted({p for f in CUES.values() for p in f})), min_size=1, max_size=6))
def test_any_run_of_cues_gives_one_relation(run: list[str]) -> None:
    citation = one(" ".join(run) + " Chỉ thị số 34-CT/TW ngày 07/4/2014 của Bộ Chính trị")
    assert citation.relation != "self" and citation.owner == "tw"

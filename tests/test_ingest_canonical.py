"""Canonical text: which line breaks go, which stay, what is furniture, and that every character finds its way back."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.canonical import canonicalise
from kg.model import CanonicalText, SourceText


def source(text: str, *page_starts: int) -> SourceText:
    return SourceText("van-ban.txt", "text/plain", "0" * 64, text, page_starts or (0,))


def clean(text: str, *page_starts: int) -> str:
    return canonicalise(source(text, *page_starts)).text


# A page of a plan as it comes out of a PDF: wrapped at the margin, here with a blank line after every line.
SPACED = """ KẾ HOẠCH \n\nTuyên truyền phong trào thi đua chào mừng ngày thành lập \n\nhuyện Mường Mẫu năm 2024  \n\n \n\nCăn cứ Kế hoạch số 77/KH-UBND ngày 11/3/2024 của Ủy ban nhân dân \n\ntỉnh Lai Châu về tuyên truyền phong trào thi đua chào mừng ngày thành lập; trong \n\nđó Ủy ban nhân dân huyện xây dựng kế hoạch tuyên truyền sâu rộng đến toàn thể cán \n\nbộ, công chức, viên chức và các tầng lớp Nhân dân trong huyện, nội dung như sau: \n\nI. MỤC ĐÍCH, YÊU CẦU VÀ PHẠM VI TUYÊN TRUYỀN TRÊN ĐỊA BÀN TOÀN \n\nHUYỆN \n\n1. Mục đích \n\n- Nâng cao nhận thức của các cấp ủy, chính quyền và đoàn thể về ý nghĩa ngày \n\nthành lập huyện (15/4/1974 \n\n- 15/4/2024), tạo không khí phấn khởi trong lao động, sản xuất và học tập của các \n\ntầng lớp Nhân dân; đẩy mạnh việc thực hiện Chỉ \n\nthị số \n\n34-CT/TW của Bộ Chính trị trong toàn huyện, nhất là ở các xã của huyện Mường \n\nMẫu còn nhiều khó khăn. \n\n2. Yêu cầu \n\nTuyên truyền kịp thời, đúng đối tượng, tránh phô trương, lãng phí trong tổ chức \n\nthực hiện. \n\n"""  # noqa: E501


def test_blank_lines_between_all_lines_mean_nothing() -> None:
    assert clean(SPACED).split("\n") == [
        "KẾ HOẠCH",
        "Tuyên truyền phong trào thi đua chào mừng ngày thành lập huyện Mường Mẫu năm 2024",
        "Căn cứ Kế hoạch số 77/KH-UBND ngày 11/3/2024 của Ủy ban nhân dân tỉnh Lai Châu về tuyên truyền phong trào thi "
        "đua chào mừng ngày thành lập; trong đó Ủy ban nhân dân huyện xây dựng kế hoạch tuyên truyền sâu rộng đến "
        "toàn thể "
        "cán bộ, công chức, viên chức và các tầng lớp Nhân dân trong huyện, nội dung như sau:",
        "I. MỤC ĐÍCH, YÊU CẦU VÀ PHẠM VI TUYÊN TRUYỀN TRÊN ĐỊA BÀN TOÀN HUYỆN",
        "1. Mục đích",
        "- Nâng cao nhận thức của các cấp ủy, chính quyền và đoàn thể về ý nghĩa ngày thành lập huyện (15/4/1974 "
        "- 15/4/2024), tạo không khí phấn khởi trong lao động, sản xuất và học tập của các tầng lớp Nhân dân; đẩy mạnh "
        "việc thực hiện Chỉ thị số 34-CT/TW của Bộ Chính trị trong toàn huyện, nhất là ở các xã của huyện Mường Mẫu "
        "còn "
        "nhiều khó khăn.",
        "2. Yêu cầu",
        "Tuyên truyền kịp thời, đúng đối tượng, tránh phô trương, lãng phí trong tổ chức thực hiện.",
    ]


WRAPS = [
    # a sentence goes on with a small letter
    ("triển khai thực hiện Nghị quyết của Hội đồng nhân dân huyện về công tác\nthi đua", True),
    # the kind, the number, the date and the issuer of a citation are put together again
    ("thực hiện nghiêm túc các nội dung, nhiệm vụ được giao tại Quyết\nđịnh số 12/QĐ-UBND", True),
    ("theo tinh thần Chỉ thị số\n34-CT/TW ngày 07/4/2014", True),
    ("thực hiện Công văn số 473/TTr -\nSNV của Sở Nội vụ", True),
    ("ban hành ngày 16\ntháng 8 năm 2019", True),
    ("thực hiện chương trình công tác của\nBộ Chính trị", True),
    ("phấn đấu hoàn thành chỉ tiêu trong năm\n2024", True),
    ("quy định tại khoản 2\nĐiều 5 Luật Thi đua", False),  # too short a line to be full: it may be a list
    # what opens a paragraph
    ("hoàn thành trước ngày 30/6;\nỦy ban nhân dân huyện ban hành Kế hoạch", False),
    ("hoàn thành trước ngày 30/6;\nCăn cứ Luật Thi đua, khen thưởng", False),
    ("tổ chức thực hiện như sau:\n1. Phòng Nội vụ chủ trì", False),
    ("tổ chức thực hiện như sau:\n- Phòng Nội vụ chủ trì", False),
    ("tổ chức thực hiện như sau:\n+ Phòng Nội vụ chủ trì", False),
    ("tổ chức thực hiện như sau:\n• Phòng Nội vụ chủ trì", False),
    ("tổ chức thực hiện như sau:\na) Phòng Nội vụ chủ trì", False),
    ("tổ chức thực hiện như sau:\nđ) Phòng Nội vụ chủ trì", False),
    ("I. MỤC ĐÍCH\nII. YÊU CẦU", False),
    ("1. Mục đích\nĐẩy mạnh tuyên truyền", False),
    ("Điều 3. Hiệu lực thi hành\nQuyết định này có hiệu lực", False),
    ("chịu trách nhiệm thi hành./.\nĐiều 4. Tổ chức", False),
    ("chính sách an sinh xã hội\n2. Giải pháp", False),
    # letterhead, addressing and signature lines stand alone
    ("ỦY BAN NHÂN DÂN\nHUYỆN MƯỜNG MẪU", False),
    ("KT. CHỦ TỊCH\nPHÓ CHỦ TỊCH", False),
    ("PHÓ CHỦ TỊCH\nLò Thị Mẫu", False),
    ("Số: 12/KH-UBND\nMường Mẫu, ngày 11 tháng 3 năm 2024", False),
    ("Kính gửi:\nSở Nội vụ", False),
    ("- Lưu: VT, NV.\nTM. ỦY BAN NHÂN DÂN", False),
    ("QUYẾT ĐỊNH\nVề việc khen thưởng", False),
    ("MẬT\nUBND TỈNH LAI CHÂU", False),
    # numbers that are no list marks
    ("kết luận tại cuộc họp tháng\n9. Giao Phòng Nội vụ", True),
    ("tổng số hồ sơ đã nhận\n1. Cấp tỉnh", False),
    ("V/v phát động phong trào thi đua đặc\nbiệt năm 2024", True),
    ("Kính gửi: Thuế\nthành phố Hồ Chí Minh", True),
    ("Số: 3783/QĐ-\nUBND", True),
    ("CỘNG HÒA XÃ HỘI\nCHỦ NGHĨA VIỆT NAM", True),
    ("CHỦ TỊCH ỦY BAN\nNHÂN DÂN TỈNH", True),
    ("QUYẾT\nĐỊNH", True),
    ("Hà\nNội, ngày 02 tháng 5 năm 2024", True),
    ("Mường Mẫu, ngày 02 tháng 5 năm\n2024", True),
    ("V/v trả lời kiến nghị\nHà Nội, ngày", False),
    ("Lò Văn Mẫu\nQuyết định 12/QĐ-UBND năm 2024 do tỉnh ban hành", False),
    ("KHẮC PHỤC KHÓ KHĂN\nCHÍNH PHỦ", False),
    ("được sửa đổi tại Nghị quyết[1]\n[1] Nghị quyết số 12/NQ-HĐND", False),
    ("giao nhiệm vụ cụ thể\n(1) Giao Sở Nội vụ", False),
]


@pytest.mark.parametrize(("text", "joined"), WRAPS, ids=[text.replace("\n", "⏎") for text, _ in WRAPS])
def test_wrap_or_paragraph(text: str, joined: bool) -> None:
    assert ("\n" not in clean(text)) is joined


def test_three_blank_lines_between_all_lines_mean_nothing_either() -> None:
    assert clean(SPACED.replace("\n", "\n\n")) == clean(SPACED)


def test_a_number_cut_at_its_separator_has_no_new_space() -> None:
    assert clean("Số: 3783/QĐ-\nUBND") == "Số: 3783/QĐ-UBND"


def test_what_stands_inside_a_number_stays_as_printed() -> None:
    text = "Căn cứ Kết luận số  100 - KL/TW, Quyết định số31-QĐ/TW và Công văn 493 –CV/TU"
    assert clean(text) == text


def test_a_paragraph_goes_on_over_a_page() -> None:
    pages = [
        "nâng cao năng lực công tác",
        "của đội ngũ cán bộ làm công tác thi đua, khen thưởng.",
        "Tổ chức sơ kết, tổng kết phong trào.",
    ]
    text = f"{pages[0]}\n\n\n\n5\n\n{pages[1]}\n\n{pages[2]}"
    assert clean(text) == f"{pages[0]} {pages[1]}\n{pages[2]}"


def test_one_long_line_a_paragraph() -> None:
    one = "Thứ nhất, tiếp tục quán triệt, triển khai thực hiện các chủ trương của Đảng về thi đua, khen thưởng " * 3
    two = "Thứ hai, tăng cường kiểm tra, giám sát việc thực hiện phong trào ở các cơ quan, đơn vị trong toàn huyện " * 3
    assert clean(f"{one.strip()}.\n\n{two.strip()}.\n").count("\n") == 1
    assert clean(f"{one.strip()}\n\nđể thành ý thức tự giác.\n\n{two.strip()}.\n").count("\n") == 1


def test_a_web_page_wrapped_with_its_tags() -> None:
    text = (
        "|\n**ỦY BAN NHÂN\nDÂN**\nTỈNH MẪU\n--------\n|\n**CỘNG HÒA XÃ\nHỘI CHỦ NGHĨA VIỆT NAM**\nĐộc lập - Tự do - "
        "Hạnh phúc\n"
        "---------------\n|\n|\nSố: 12/KH-UBND\n|\n*Mẫu, ngày\n19 tháng 11 năm 2025*\n|\n\n\n**KẾ HOẠCH**\n\n"
        "TRUYỀN THÔNG VỀ GIẢM NGHÈO\nBỀN VỮNG NĂM 2025\n\nCăn cứ Thông tư số\n06/2022/TT-BTTTT ngày 30 tháng 6 năm "
        "2022;\n\n"
        "**I. MỤC ĐÍCH**\n\n*- Nâng cao* nhận\nthức của người dân;\n"
    )
    assert clean(text).split("\n") == [
        "ỦY BAN NHÂN DÂN", "TỈNH MẪU", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc",
        "Số: 12/KH-UBND", "Mẫu, ngày 19 tháng 11 năm 2025", "KẾ HOẠCH",
        "TRUYỀN THÔNG VỀ GIẢM NGHÈO BỀN VỮNG NĂM 2025",
        "Căn cứ Thông tư số 06/2022/TT-BTTTT ngày 30 tháng 6 năm 2022;", "I. MỤC ĐÍCH",
        "- Nâng cao nhận thức của người dân;",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("marked", "plain"),
    [
        ("## **II. NỘI DUNG**", "II. NỘI DUNG"),
        ("phong trào *“Dạy tốt, học tốt”* năm 2024", "phong trào “Dạy tốt, học tốt” năm 2024"),
        ("Chỉ thị số **34-CT/TW**", "Chỉ thị số 34-CT/TW"),
        ("Quyết định số [9/QĐ-TTg](https://example.vn/a_b(c)) ngày 1/2/2024", "Quyết định số 9/QĐ-TTg ngày 1/2/2024"),
        ("ghi chú [1] và [xem](phu-luc)", "ghi chú [1] và [xem](phu-luc)"),
        ("__Nơi nhận__:", "Nơi nhận:"),
        ("> Trích lời Bác", "Trích lời Bác"),
        ("1\\. Mục đích", "1. Mục đích"),
        ("diện tích 5 * 3 m", "diện tích 5 * 3 m"),
        ("Ghi chú (*)", "Ghi chú (*)"),
        ("tệp ke_hoach_2024.pdf", "tệp ke_hoach_2024.pdf"),
        ("ngày 28 tháng 11* năm 2025*", "ngày 28 tháng 11 năm 2025"),
        ("a < b > c", "a < b > c"),
    ],
)
def test_markdown_marks_go_and_text_stays(marked: str, plain: str) -> None:
    assert clean(marked) == plain


def test_a_markdown_table_is_one_line_a_row() -> None:
    text = "| TT | Nhiệm vụ | Chủ trì |\n|---|---|---|\n| 1 | Tổ chức hội nghị | Phòng Nội vụ |\n| 2 | Báo cáo | VP |\n"
    assert clean(text).split("\n") == [
        "TT | Nhiệm vụ | Chủ trì",
        "1 | Tổ chức hội nghị | Phòng Nội vụ",
        "2 | Báo cáo | VP",
    ]


# --- tables of web pages ---------------------------------------------------------------------------------------------


def cells(*rows: list[str]) -> str:
    """Rows as a web page prints them: a border a line, one before and one after each cell."""
    return "\n".join("|\n" + "\n|\n".join(row) + "\n|" for row in rows).replace("\n\n", "\n")


HEAD = ["TT", "Nhiệm vụ", "Chủ trì"]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param(
            [HEAD, ["1", "Tổ chức\nhội nghị", "Sở Nội vụ"], ["2", "Báo cáo", "Sở Y tế"]],
            ["TT | Nhiệm vụ | Chủ trì", "1 | Tổ chức hội nghị | Sở Nội vụ", "2 | Báo cáo | Sở Y tế"],
            id="plain",
        ),
        pytest.param(
            [HEAD, ["1", "Nhóm việc", ""], ["", "Báo cáo", "Sở Y tế"], ["2", "Tổng kết", "Sở Nội vụ"]],
            ["TT | Nhiệm vụ | Chủ trì", "1 | Nhóm việc |", "| Báo cáo | Sở Y tế", "2 | Tổng kết | Sở Nội vụ"],
            id="empty-cells-keep-their-place",
        ),
        pytest.param(
            [HEAD, ["1", "Báo cáo", "Sở Y tế"], ["Sơ kết", "Sở Tư pháp"], ["2", "Tổng kết", "Sở Nội vụ"]],
            ["TT | Nhiệm vụ | Chủ trì", "1 | Báo cáo | Sở Y tế", "Sơ kết | Sở Tư pháp", "2 | Tổng kết | Sở Nội vụ"],
            id="a-cell-over-two-rows",
        ),
    ],
)
def test_a_row_of_cells_is_one_line(rows: list[list[str]], expected: list[str]) -> None:
    assert clean("Biểu giao nhiệm vụ năm 2025:\n" + cells(*rows)).split("\n")[1:] == expected


def test_text_between_two_tables_is_no_cell() -> None:
    one = cells(HEAD, ["1", "Báo cáo", "Sở Y tế"], ["2", "Tổng kết", "Sở Nội vụ"])
    two = cells(["TT", "Chỉ tiêu", "Đơn vị", "Số"], ["1", "Nhà văn hóa", "nhà", "12"], ["2", "Sách", "bản", "900"])
    assert clean(f"{one}\nII. Chỉ tiêu\n{two}").split("\n")[2:5] == [
        "2 | Tổng kết | Sở Nội vụ", "II. Chỉ tiêu", "TT | Chỉ tiêu | Đơn vị | Số",
    ]  # fmt: skip


def test_an_annex_heading_after_a_table_is_no_cell() -> None:
    one = cells(HEAD, ["1", "Báo cáo", "Sở Y tế"], ["2", "Tổng kết", "Sở Nội vụ"])
    assert clean(f"{one}\nPHỤ LỤC II\n{one}").split("\n")[2:5] == [
        "2 | Tổng kết | Sở Nội vụ", "PHỤ LỤC II", "TT | Nhiệm vụ | Chủ trì",
    ]  # fmt: skip


def test_two_columns_keep_their_lines() -> None:
    text = cells(["Nơi nhận:\n- Sở Y tế;\n- Lưu: VT.", "TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH\nLò Văn Mẫu"])
    assert clean(text).split("\n") == [
        "Nơi nhận:", "- Sở Y tế;", "- Lưu: VT.", "TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH", "Lò Văn Mẫu",
    ]  # fmt: skip


# --- furniture ------------------------------------------------------------------------------------------------------


def paged(*pages: str) -> str:
    starts, offset = [], 0
    for page in pages:
        starts.append(offset)
        offset += len(page) + 1
    return clean("\n".join(pages), *starts)


def test_gazette_heads_and_page_numbers_of_pages() -> None:
    assert (
        paged(
            "8 CÔNG BÁO/Số 695 + 696/Ngày 22-8-2022\nQuy định về việc phối hợp giữa các cơ quan trong",
            "CÔNG BÁO/Số 695 + 696/Ngày 22-8-2022 9\nquản lý nhà nước về thi đua.\n10",
        )
        == "Quy định về việc phối hợp giữa các cơ quan trong quản lý nhà nước về thi đua."
    )


def test_running_heads() -> None:
    parts = ["Mở đầu.", "Mục tiêu đến năm 2030.", "Giải pháp.", "Kinh phí.", "Tổ chức thực hiện."]
    pages = [f"Dự thảo lần 2 - trang {number}\n{part}" for number, part in enumerate(parts, 1)]
    assert paged(*pages) == "\n".join(parts)


def test_figures_in_a_table_are_no_page_numbers() -> None:
    assert clean("|\nTT\n|\nSố xã\n|\n|\n1\n|\n12\n|\n").split() == ["TT", "Số", "xã", "1", "12"]


def test_a_portal_stamp_goes_and_a_form_field_stays() -> None:
    stamp = "Người ký: CỔNG THÔNG TIN ĐIỆN TỬ\nEmail: cong@vidu.vn\nThời gian ký: 25.11.2025 16:30:12 +07:00\n\n"
    assert clean(stamp + "UBND TỈNH LAI CHÂU\nSố: 12/KH-UBND") == "UBND TỈNH LAI CHÂU\nSố: 12/KH-UBND"
    assert clean("Mẫu đơn\n\nNgười ký: …………") == "Mẫu đơn\nNgười ký: …………"


# --- the way back ---------------------------------------------------------------------------------------------------


def check_map(text: str, canonical: CanonicalText) -> None:
    last = -1
    for offset, character in enumerate(canonical.text):
        there = canonical.to_source(offset)
        assert last <= there < len(text)
        last = there
        if character.isspace() or character == text[there] or character == "\ufffd":
            continue
        near = unicodedata.normalize("NFD", text[max(0, there - 4) : there + 8])
        assert set(unicodedata.normalize("NFD", character)) <= set(near)


PIECES = st.sampled_from(
    [
        "\n",
        "\n\n",
        " ",
        "\t",
        "|",
        "|\n",
        "**",
        "*",
        "_",
        "#",
        "## ",
        "- ",
        "1. ",
        "“",
        "”",
        "(",
        ")",
        ".",
        ";",
        ":",
        ",",
        "Số: /KH-UBND",
        "KẾ HOẠCH",
        "ngày 12 tháng 5",
        "UBND TỈNH",
        "Nơi nhận:",
        "của",
        "Ủy ban",
        "\r\n",
        "\x0c",
        "\xa0",
        "\u200b",
        "a\u0301",
        "\u0301",
        "e\u0323\u0302",
        "\u212a",
        "\u1100\u1161\u11a8",
        "\\*",
        "<br>",
        "5",
        "34-CT/TW",
        "-----",
        "CÔNG BÁO/Số 1",
        "Người ký: ",
        "🙂",
        "\x00",
    ]
)


@given(st.lists(PIECES, max_size=60).map("".join))
def test_every_kept_character_leads_back_to_itself(text: str) -> None:
    canonical = canonicalise(source(text))
    check_map(text, canonical)
    assert unicodedata.is_normalized("NFC", canonical.text)
    assert "\r" not in canonical.text and "\n\n" not in canonical.text and "\t" not in canonical.text
    assert canonical.text == canonical.text.strip("\n")


@given(st.text(max_size=300))
def test_any_text_at_all(text: str) -> None:
    check_map(text, canonicalise(source(text)))


def test_decomposed_and_composed_text_read_the_same() -> None:
    composed = canonicalise(source(SPACED))
    apart = unicodedata.normalize("NFD", SPACED)
    decomposed = canonicalise(source(apart))
    assert decomposed.text == composed.text
    at = decomposed.text.index("Chỉ thị số 34-CT/TW")
    assert unicodedata.normalize("NFC", apart[decomposed.to_source(at) :])[:3] == "Chỉ"


@pytest.mark.parametrize("ends", ["\r\n", "\r", "\u2028"])
def test_line_ends_of_other_systems(ends: str) -> None:
    assert clean(SPACED.replace("\n", ends)) == clean(SPACED)


def test_pages_are_carried_over() -> None:
    text = "Trang một có dòng này.\n2\nTrang hai."
    canonical = canonicalise(source(text, 0, text.index("2\n")))
    assert canonical.page_of(canonical.text.index("Trang một")) == 1
    assert canonical.page_of(canonical.text.index("Trang hai")) == 2
    assert canonicalise(source("   ")).text == ""


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(" " * 100_000, id="spaces"),
        pytest.param("*a" * 50_000, id="stars"),
        pytest.param("\n" * 100_000, id="breaks"),
        pytest.param("|\n" * 50_000, id="borders"),
        pytest.param("1\n" * 50_000, id="numbers"),
        pytest.param("UBND TỈNH\n" * 10_000, id="capitals"),
        pytest.param("e\u0323\u0302" * 30_000, id="decomposed"),
        pytest.param("Người ký: a\n" * 8_000, id="stamps"),
    ],
)
def test_hostile_text_costs_little(text: str) -> None:
    start = time.process_time()
    canonicalise(source(text))
    assert time.process_time() - start < 2

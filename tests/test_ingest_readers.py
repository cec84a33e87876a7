"""Readers: what the bytes of a file say, and what a person is told when they say nothing."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from making import pdf_objects

from ingest.canonical import canonicalise
from ingest.layout import read_layout
from ingest.readers import read, read_bytes
from ingest.readers.content import DOCX, PDF, TEXT, media_type_of
from kg.errors import ReadError, RefusedFile
from kg.reference import load_reference

PLAN = "KẾ HOẠCH\nPhát động thi đua năm 2024\nCăn cứ Chỉ thị số 34-CT/TW của Bộ Chính trị;\n"


def office(paragraphs: list[str], **parts: Any) -> bytes:
    """A .docx with these paragraphs, made on the spot."""
    import docx

    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    if "table" in parts:
        rows = parts["table"]
        table = document.add_table(rows=len(rows), cols=len(rows[0]))
        for row, cells in zip(table.rows, rows, strict=True):
            for cell, text in zip(row.cells, cells, strict=True):
                cell.text = text
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def pdf(*pages: str) -> bytes:
    """A small PDF with a text layer of ASCII lines (the base fonts know no Vietnamese)."""
    objects: list[bytes] = [b"<</Type/Catalog/Pages 2 0 R>>"]
    kids = " ".join(f"{4 + 2 * index} 0 R" for index in range(len(pages)))
    objects.append(f"<</Type/Pages/Kids[{kids}]/Count {len(pages)}>>".encode())
    objects.append(b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>")
    for index, page in enumerate(pages):
        shown = "".join(f"({line}) Tj 0 -14 Td " for line in page.split("\n"))
        content = f"BT /F1 11 Tf 60 760 Td {shown}ET".encode()
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 3 0 R>>>>"
            f"/Contents {5 + 2 * index} 0 R>>".encode()
        )
        objects.append(b"<</Length %d>>stream\n%s\nendstream" % (len(content), content))
    return pdf_objects(*objects)


# --- what kind of file it is ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(PLAN.encode(), TEXT, id="text"),
        pytest.param(pdf("So 1"), PDF, id="pdf"),
        pytest.param(b"\n\n" + pdf("So 1"), PDF, id="pdf-after-blank-lines"),
        pytest.param(office(["Kế hoạch"]), DOCX, id="docx"),
        pytest.param(b"{\\rtf1 abc}", "application/rtf", id="rtf"),
        pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "application/msword", id="doc"),
        pytest.param(b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "image/png", id="png"),
        pytest.param(b"BM la mot ten rieng", TEXT, id="two-letters-are-no-picture"),
        pytest.param(b"<!DOCTYPE html><html><body>x</body></html>", "text/html", id="html"),
        pytest.param(b"<b>KE HOACH</b>", TEXT, id="a-tag-is-no-page"),
    ],
)
def test_the_format_is_told_by_content(data: bytes, expected: str) -> None:
    assert media_type_of(data) == expected


def test_a_name_never_decides(tmp_path: Path) -> None:
    path = tmp_path / "118-KH-UBND.pdf"
    path.write_text(PLAN, encoding="utf-8")
    assert read(path).media_type == TEXT
    assert read(path).text == PLAN


# --- text -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        pytest.param(PLAN.encode(), "utf-8", id="utf-8"),
        pytest.param(PLAN.encode("utf-8-sig"), "utf-8", id="byte-order-mark"),
        pytest.param(PLAN.encode("utf-16"), "utf-16", id="utf-16"),
        pytest.param(b"\xfe\xff" + PLAN.encode("utf-16-be"), "utf-16", id="utf-16-big"),
        pytest.param(PLAN.encode("utf-16-le"), "utf-16-le", id="utf-16-without-mark"),
        pytest.param(PLAN.encode("utf-16-be"), "utf-16-be", id="utf-16-big-without-mark"),
    ],
)
def test_text_in_each_encoding_is_the_same_text(data: bytes, encoding: str) -> None:
    source = read_bytes(data, "ke-hoach.txt")
    assert source.text == PLAN
    assert source.encoding == encoding
    assert len(source.sha256) == 64


BAD = [
    pytest.param(b"", "empty", "0 byte", id="no-byte"),
    pytest.param(b" \r\n\t\n", "empty", "khoảng trắng", id="only-blanks"),
    pytest.param(b"\xef\xbb\xbf", "empty", "không có nội dung", id="only-a-mark"),
    pytest.param(bytes(range(256)) * 4, "binary", "nhị phân", id="binary"),
    pytest.param("Kế hoạch\x00\x00".encode(), "binary", "nhị phân", id="zero-bytes"),
    pytest.param("Kế hoạch năm 2024".encode("cp1258", "replace"), "encoding", "UTF-8", id="another-code-page"),
    pytest.param("dòng một\ndòng hai ".encode() + b"\xff\xfa", "encoding", "dòng 2", id="broken-in-line-two"),
    pytest.param(b"%PDF-1.4\nrac", "damaged", "PDF", id="broken-pdf"),
    pytest.param(pdf(""), "no_text", "không có chữ", id="empty-page"),
    pytest.param(office(["", "  "]), "empty", "không có chữ", id="word-file-without-words"),
    pytest.param(office(["Kế hoạch"])[:900], "damaged", "hỏng", id="cut-word-file"),
    pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "damaged", "DOC", id="broken-old-word"),
    pytest.param(b"Rar!\x1a\x07\x00" + b"\1" * 99, "unsupported", "giải nén", id="rar"),
    pytest.param(b"MZ\x90\x00" + b"\0" * 99, "unsupported", "chương trình", id="program"),
]


@pytest.mark.parametrize(("data", "code", "words"), BAD)
def test_a_file_that_cannot_be_read_says_why_and_what_to_do(data: bytes, code: str, words: str) -> None:
    with pytest.raises(ReadError) as caught:
        read_bytes(data, "/kho/van-ban-den.txt")
    assert caught.value.code == code
    message = str(caught.value)
    assert "van-ban-den.txt" in message and "/kho" not in message
    assert words in message
    assert "Đề nghị" in message or "đề nghị" in message


def test_a_zip_of_files_is_no_word_file() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("ke-hoach.txt", PLAN)
    with pytest.raises(ReadError) as caught:
        read_bytes(buffer.getvalue(), "kho.zip")
    assert caught.value.code == "archive" and "tệp nén" in str(caught.value)


def test_a_word_file_that_unpacks_without_end_is_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", " " * (300 * 1024 * 1024))
    with pytest.raises(RefusedFile) as caught:
        read_bytes(buffer.getvalue(), "la.docx")
    assert caught.value.code == "bomb"


def test_paths_that_lead_nowhere(tmp_path: Path) -> None:
    (tmp_path / "vong").symlink_to(tmp_path / "vong")
    for name, code in (("khong-co.txt", "missing"), ("", "directory"), ("vong", "unreadable")):
        with pytest.raises(ReadError) as caught:
            read(tmp_path / name if name else tmp_path)
        assert caught.value.code == code, name


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission(tmp_path: Path) -> None:
    path = tmp_path / "mat.txt"
    path.write_text(PLAN, encoding="utf-8")
    path.chmod(0)
    with pytest.raises(ReadError) as caught:
        read(path)
    assert caught.value.code == "permission"


@given(st.binary(max_size=400))
def test_no_bytes_raise_anything_but_a_read_error(data: bytes) -> None:
    try:
        source = read_bytes(data, "tep")
    except ReadError as error:
        assert error.code and str(error)
    else:
        assert source.text.strip()


# --- PDF ------------------------------------------------------------------------------------------------------------


def test_pages_of_a_pdf_are_told_apart() -> None:
    source = read_bytes(pdf("So: 12/KH-UBND\nTrang dau", "Trang hai"), "a.pdf")
    assert source.media_type == PDF
    assert len(source.page_starts) == 2
    assert source.text[source.page_starts[1] :].startswith("Trang hai")


def test_a_blank_page_says_nothing_and_costs_nothing() -> None:
    source = read_bytes(pdf("Trang dau", ""), "a.pdf")
    assert source.page_starts == (0, 10)
    assert source.page_confidence == (None, None) and not source.issues


# --- Word -----------------------------------------------------------------------------------------------------------


def test_a_row_of_single_lines_is_one_line() -> None:
    source = read_bytes(
        office(["Phụ lục"], table=[["TT", "Nhiệm vụ", "Chủ trì"], ["1", "Tổ chức hội nghị", ""]]), "a.docx"
    )
    assert "| TT | Nhiệm vụ | Chủ trì |" in source.text
    assert "| 1 | Tổ chức hội nghị |  |" in source.text


def test_a_row_of_longer_cells_keeps_its_lines() -> None:
    data = office([], table=[["UBND TỈNH LAI CHÂU\nSỞ NỘI VỤ", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"]])
    lines = read_bytes(data, "a.docx").text.split("\n")
    assert lines[:6] == [
        "|", "UBND TỈNH LAI CHÂU", "SỞ NỘI VỤ", "|", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "|",
    ]  # fmt: skip


def test_list_numbers_are_read_as_shown() -> None:
    import docx

    document = docx.Document()
    for style, text in (
        ("List Number", "Mục đích"), ("List Number", "Yêu cầu"), ("List Bullet", "Kịp thời"), (None, "1. Đã ghi số"),
    ):  # fmt: skip
        document.add_paragraph(text, style=style)
    buffer = io.BytesIO()
    document.save(buffer)
    lines = [line for line in read_bytes(buffer.getvalue(), "a.docx").text.split("\n") if line]
    assert lines == ["1. Mục đích", "2. Yêu cầu", "- Kịp thời", "1. Đã ghi số"]


def test_deleted_words_are_gone_and_inserted_ones_are_there() -> None:
    import docx
    from docx.oxml import parse_xml

    document = docx.Document()
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    document.element.body.insert(
        0,
        parse_xml(
            f"<w:p {space}><w:r><w:t>Giao Phòng </w:t></w:r><w:del><w:r><w:delText>Y tế</w:delText></w:r></w:del>"
            f"<w:ins><w:r><w:t>Nội vụ</w:t></w:r></w:ins><w:r><w:tab/><w:t>chủ trì</w:t></w:r></w:p>"
        ),
    )
    buffer = io.BytesIO()
    document.save(buffer)
    assert read_bytes(buffer.getvalue(), "a.docx").text.strip() == "Giao Phòng Nội vụ\tchủ trì"


def test_the_header_of_page_one_is_read_first() -> None:
    import docx

    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "UBND HUYỆN TAM ĐƯỜNG"
    document.add_paragraph("KẾ HOẠCH")
    buffer = io.BytesIO()
    document.save(buffer)
    assert [line for line in read_bytes(buffer.getvalue(), "a.docx").text.split("\n") if line] == [
        "UBND HUYỆN TAM ĐƯỜNG",
        "KẾ HOẠCH",
    ]


# --- real files -----------------------------------------------------------------------------------------------------

ORIGINALS = {
    "docx/604-QD-TTg-700112.docx": ("604/QĐ-TTg", "2026-04-02", "Quyết định", "Thủ tướng Chính phủ"),
    "docx/Luat-97-2025-QH15.docx": ("97/2025/QH15", "2025-06-27", "Luật", "Quốc hội"),
    "pdf/nghi-quyet-so-24-2022-ubtvqh15-37692.pdf": (
        "24/2022/UBTVQH15", "2022-08-11", "Nghị quyết", "Ủy ban Thường vụ Quốc hội",
    ),
    "pdf/nghi-quyet-so-78-2025-ubtvqh15-45003.pdf": (
        "78/2025/UBTVQH15", "2025-05-17", "Nghị quyết", "Ủy ban Thường vụ Quốc hội",
    ),
    "pdf/thong-tu-so-06-2023-tt-bldtbxh-39796.pdf": (
        "06/2023/TT-BLĐTBXH", "2023-06-29", "Thông tư", "Bộ Lao động - Thương binh và Xã hội",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ORIGINALS)
def test_real_files(shared: Path, name: str) -> None:
    path = shared / "data" / "originals" / name
    if not path.exists():
        pytest.skip("this original is not beside the checkout")
    said = read_layout(canonicalise(read(path)), load_reference()).metadata
    assert (said.number, str(said.date), said.kind, said.issuer) == ORIGINALS[name]

"""Pages that are pictures: scans, broken text layers, stamps of number and day, marks; and OCR's slips mended."""

from __future__ import annotations

import io
import threading
import time
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import making
import numpy as np
import pytest
from rapidfuzz import fuzz

from ingest.document import document_from_source
from ingest.pages import page_image
from ingest.readers import ocr, ocrpage, read_bytes
from ingest.readers.ocr import Word
from ingest.readers.ocrlooks import as_figures
from ingest.readers.ocrpage import skew_of
from ingest.readers.ocrtext import PageText, mend_line, mend_word, page_text
from ingest.readers.pdftext import garbled
from ingest.readers.signatures import signatures_of
from ingest.readers.stamps import Stamp, value_of
from ingest.readers.wordpairs import Token, load_wordpairs, mend_accents
from ingest.secrecy import mark_of
from kg.errors import ReadError, RefusedFile
from kg.model import Document, SourceText
from kg.reference import load_reference

SAMPLES = Path(__file__).resolve().parents[1] / "samples" / "documents"
REFERENCE = load_reference(SAMPLES / "reference.ttl")
PLAN = (SAMPLES / "06-ke-hoach-68-kh-ubnd-binh-khe.txt").read_text("utf-8")


def document(source: SourceText) -> Document:
    return document_from_source(source, REFERENCE)


def issues(source: SourceText) -> list[str]:
    return [issue.code for issue in source.issues]


# --- Scans ---


@pytest.fixture(scope="module")
def pages() -> list[Any]:
    making.needs("tesseract")
    return making.pictures_of(making.pdf_of(PLAN), 200)


def test_a_scanned_pdf_reads_as_its_text(pages: list[Any]) -> None:
    source = read_bytes(making.scan_of(pages), "quet.pdf")
    assert len(source.page_confidence) == len(source.page_starts) == len(pages)
    assert all(confidence is not None and confidence > 0.85 for confidence in source.page_confidence)
    read, meant = document(source), document(read_bytes(PLAN.encode(), "a.txt"))
    assert (read.metadata.number, read.metadata.date, read.metadata.owner) == (
        meant.metadata.number, meant.metadata.date, meant.metadata.owner,
    )  # fmt: skip
    assert [(one.number, one.date) for one in read.citations] == [(one.number, one.date) for one in meant.citations]


def test_pages_read_beside_each_other_come_in_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """And are drawn one at a time, in the thread that asks, no more of them than there is room for."""
    drawn: list[int] = []
    at_work: list[int] = []

    def draw() -> Iterator[Any]:
        for number in range(12):
            assert threading.current_thread() is threading.main_thread()
            drawn.append(number)
            yield number

    def read(number: int) -> PageText:
        at_work.append(number)
        assert len(drawn) <= number + 5
        time.sleep(0.02 if number % 3 else 0.05)
        return PageText(str(number), 0.9, 1)

    monkeypatch.setattr(ocrpage, "read_page", read)
    monkeypatch.setattr(ocr, "pages_at_once", 3)
    assert [page.text for page in ocrpage.read_pages(draw(), first=False)] == [str(number) for number in range(12)]
    assert sorted(at_work) == list(range(12))


def test_a_page_that_fails_beside_others_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def read(number: int) -> PageText:
        if number == 2:
            raise ReadError("hỏng", code="damaged")
        return PageText(str(number), 0.9, 1)

    monkeypatch.setattr(ocrpage, "read_page", read)
    monkeypatch.setattr(ocr, "pages_at_once", 2)
    pages = ocrpage.read_pages(iter(range(50)), first=False)  # type: ignore[arg-type]
    assert [next(pages).text, next(pages).text] == ["0", "1"]
    with pytest.raises(ReadError, match="hỏng"):
        next(pages)


def test_a_scan_is_the_same_however_many_pages_are_read_at_once(
    pages: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    scan = making.scan_of(pages)
    one = read_bytes(scan, "quet.pdf")
    monkeypatch.setattr(ocr, "pages_at_once", 2)
    assert read_bytes(scan, "quet.pdf") == one


def test_only_pages_without_text_are_read_by_ocr(pages: list[Any]) -> None:
    mixed = making.joined(making.pdf_of("Trang đầu có lớp chữ.\n" * 20), making.scan_of(pages[:1]))
    source = read_bytes(mixed, "lan.pdf")
    assert source.page_confidence[0] is None and (source.page_confidence[-1] or 0) > 0.85
    assert source.text.startswith("Trang đầu có lớp chữ.")
    assert "68/KH-UBND" in source.text[source.page_starts[-1] :]


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "GIF", "BMP", "WEBP"])
def test_a_picture_in_any_format(pages: list[Any], kind: str) -> None:
    stream = io.BytesIO()
    top = pages[0].crop((0, 0, pages[0].width, pages[0].height // 3))
    top.save(stream, kind)
    source = read_bytes(stream.getvalue(), f"anh.{kind.lower()}")
    assert "68/KH-UBND" in source.text and source.media_type.startswith("image/")


def test_a_tiff_of_several_pages(pages: list[Any]) -> None:
    stream = io.BytesIO()
    pages[0].save(stream, "TIFF", save_all=True, append_images=pages[:1])
    source = read_bytes(stream.getvalue(), "quet.tif")
    assert len(source.page_starts) == 2 and source.text.count("68/KH-UBND") == 2


@pytest.mark.parametrize("angle", [-3.0, 1.4, 90, 180])
def test_a_page_that_lies_askew(pages: list[Any], angle: float) -> None:
    turned = pages[0].rotate(angle, expand=True, fillcolor=255)
    assert "68/KH-UBND" in read_bytes(making.scan_of([turned]), "xien.pdf").text


def test_how_far_a_page_is_askew(pages: list[Any]) -> None:
    for angle in (-4.0, -0.7, 0.0, 2.5):
        turned = pages[0].rotate(angle, expand=True, fillcolor=255)
        assert skew_of(turned) == pytest.approx(-angle, abs=0.25)


def test_the_dirt_of_a_copier_is_no_writing(pages: list[Any]) -> None:
    from PIL import Image

    dirty = np.asarray(pages[0]).copy()
    dirty[np.random.default_rng(1).random(dirty.shape) < 0.001] = 0
    clean = document(read_bytes(making.scan_of([pages[0]]), "sach.pdf"))
    read = document(read_bytes(making.scan_of([Image.fromarray(dirty)]), "ban.pdf"))
    assert (read.metadata.number, read.metadata.date) == (clean.metadata.number, clean.metadata.date)
    assert [one.number for one in read.citations] == [one.number for one in clean.citations]
    assert fuzz.ratio(read.text.text, clean.text.text) > 97


def test_a_photograph_with_a_shade_on_it_is_read(pages: list[Any]) -> None:
    """Its head lies in the dark: without the head nobody knows which paper it is."""
    from PIL import Image, ImageChops

    page = pages[0].convert("L")
    shade = Image.linear_gradient("L").resize(page.size).point(lambda value: 90 + value * 0.6)
    read = document(read_bytes(ocr.as_png(ImageChops.multiply(page, shade)), "chup.png"))
    assert (read.metadata.number, read.metadata.date) == ("68/KH-UBND", document(read_bytes(PLAN.encode(), "a.txt")).metadata.date)  # fmt: skip  # noqa: E501
    assert ocrpage.evened(page) is page


def test_a_clean_page_is_not_touched(pages: list[Any]) -> None:
    assert ocrpage.without_specks(pages[0]) is pages[0]


def test_a_picture_without_writing_says_so(pages: list[Any]) -> None:
    from PIL import Image

    with pytest.raises(ReadError) as caught:
        read_bytes(making.scan_of([Image.new("L", (1654, 2339), 255)]), "trang.pdf")
    assert caught.value.code == "no_text"


def test_a_scan_pasted_into_word(pages: list[Any]) -> None:
    import docx

    stream, picture = io.BytesIO(), io.BytesIO()
    pages[0].save(picture, "PNG")
    made = docx.Document()
    made.add_picture(io.BytesIO(picture.getvalue()))
    made.save(stream)
    source = read_bytes(stream.getvalue(), "dan.docx")
    assert "68/KH-UBND" in source.text and source.page_confidence


def test_a_mark_on_a_scan_is_seen() -> None:
    making.needs("tesseract")
    secret = (SAMPLES / "18-van-ban-co-dau-mat.txt").read_text("utf-8")
    source = read_bytes(making.scan_of(making.pictures_of(making.pdf_of(secret))), "quet.pdf")
    with pytest.raises(RefusedFile) as caught:
        document(source)
    assert caught.value.code == "secret"


@pytest.mark.parametrize(
    ("words", "turn", "ink", "place", "mark"),
    [
        pytest.param("MẬT", 0, (200, 20, 20), (210, 205), "MẬT", id="over-the-number"),
        pytest.param("TỐI MẬT", 7, (205, 30, 30), (190, 190), "TỐI MẬT", id="askew"),
        pytest.param("TUYỆT MẬT", -5, (240, 150, 150), (120, 200), "TUYỆT MẬT", id="faded"),
        pytest.param("MẬT", 0, 20, (1380, 20), "MẬT", id="black-and-apart"),
        pytest.param("TỐI MẬT", 4, 60, (20, 20), "TỐI MẬT", id="grey-and-askew"),
        pytest.param("TỐI MẬT", -6, 85, (190, 195), "TỐI MẬT", id="grey-over-the-number"),
        pytest.param("HỎA TỐC", 3, (200, 20, 20), (120, 300), None, id="urgent"),
        pytest.param("ĐẾN", 0, (150, 20, 60), (40, 20), None, id="received"),
        pytest.param("", 0, 0, (0, 0), None, id="none"),
    ],
)
def test_a_mark_stamped_over_the_head_of_a_scan(
    pages: list[Any], words: str, turn: int, ink: Any, place: tuple[int, int], mark: str | None
) -> None:
    from PIL import ImageOps

    head = pages[0].convert("L" if isinstance(ink, int) else "RGB").crop((0, 0, pages[0].width, 900))
    head = ImageOps.expand(head, (0, 80, 0, 0), "white")
    if words:
        making.stamp_on(head, words, place, ink=ink, turn=turn)
    read = ocrpage.read_first_page(head, head=1.0).text
    assert read.split("\n")[0] == mark if mark else not mark_of(read.split("\n")[0], scanned=True)


def test_without_the_program_a_scan_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    from PIL import Image

    scan = making.scan_of([Image.new("L", (1654, 2339), 255)])
    monkeypatch.setattr("ingest.readers.ocr.is_available", lambda: False)
    with pytest.raises(ReadError, match="tesseract-ocr-vie") as caught:
        read_bytes(scan, "quet.pdf")
    assert caught.value.code == "no_ocr"
    mixed = making.joined(making.pdf_of("Trang đầu có lớp chữ.\n" * 20), scan)
    assert issues(read_bytes(mixed, "lan.pdf")) == ["needs_ocr"]


# --- Text layers that lie ---


def test_a_wrong_table_of_letters_is_seen_and_the_page_read() -> None:
    making.needs("tesseract")
    source = read_bytes(making.mistold_pdf_of(PLAN), "sai-bang-ma.pdf")
    assert issues(source) == ["broken_text_layer"] and source.page_confidence[0]
    assert document(source).metadata.number == "68/KH-UBND"


def test_a_short_last_page_is_as_broken_as_the_ones_before_it() -> None:
    making.needs("tesseract")
    closing = "TM. ỦY BAN NHÂN DÂN\nKT. CHỦ TỊCH\nPHÓ CHỦ TỊCH\nNguyễn Văn Mẫu\n"
    both = making.joined(making.mistold_pdf_of(PLAN), making.mistold_pdf_of(closing))
    source = read_bytes(both, "sai-bang-ma.pdf")
    assert source.page_confidence[1] and "Nguyễn Văn Mẫu" in source.text


def test_one_font_with_a_wrong_table_is_seen_among_sound_ones() -> None:
    """A title in bold and a letterhead are few words of a page, and all that tells which paper it is."""
    head = "ѤѲ ӅѪӎ ѮҌѪӎ ҙӈӎ ҙӑӎ\nѡҬӎ ҮҒѷ ѡҬӎ ҮҒѷ Ҡӓ ҤѹӋѬ\n"
    assert garbled(head + PLAN) and garbled(PLAN[:500] + "\n" + head)
    french = "Cette année, le garçon a reçu, à Noël, une leçon ambiguë\nLe maïs, l'œuvre et la façade\n"
    for sound in (PLAN, french + PLAN, "• Tỷ lệ α ≥ 95 %; β: 3 µm\n→ Đạt\n" + PLAN, unicodedata.normalize("NFD", PLAN)):
        assert not garbled(sound)


def test_letters_borrowed_from_a_second_font_come_where_they_stand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Programs write them after their line; no OCR is needed to know where they belong."""
    monkeypatch.setattr("ingest.readers.ocrpage.read_pages", lambda *_, **__: pytest.fail("OCR for letters at hand"))
    source = read_bytes(making.borrowing_pdf_of(PLAN), "muon-chu.pdf")
    assert document(source).metadata.number == "68/KH-UBND" and not source.issues
    assert "Căn cứ" in source.text and source.page_confidence[0] is None


def test_a_scan_in_strips_or_inside_the_page_itself_is_no_page_without_text(pages: list[Any]) -> None:
    for strips, inline in ((8, False), (1, True)):
        source = read_bytes(making.cut_scan_of(pages[0], strips=strips, inline=inline), "quet.pdf")
        assert document(source).metadata.number == "68/KH-UBND"


def test_decomposed_letters_are_no_broken_table() -> None:
    source = read_bytes(making.pdf_of(PLAN), "a.pdf")
    assert source.page_confidence == (None,) * len(source.page_starts)
    assert not source.issues


def test_an_english_page_is_no_broken_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor is it read by OCR to find that out: bilingual papers have hundreds."""
    monkeypatch.setattr("ingest.readers.ocrpage.read_pages", lambda *_, **__: pytest.fail("OCR for an English page"))
    english = "This Circular shall come into force on the first of July and repeal the former provisions. " * 8
    source = read_bytes(making.pdf_of(english), "en.pdf")
    assert source.page_confidence == (None,) and "repeal the former" in source.text and not source.issues


def test_another_foreign_page_keeps_its_text_layer() -> None:
    making.needs("tesseract")
    french = "La circulaire entre en vigueur le premier juillet; elle abroge les dispositions contraires du texte. " * 6
    source = read_bytes(making.pdf_of(french), "fr.pdf")
    assert source.page_confidence == (None,) and "entre en vigueur" in source.text


# --- Stamps ---

BODY = ("Thực hiện Chỉ thị số 34-CT/TW ngày 07/4/2014 của Bộ Chính trị, Ủy ban nhân dân tỉnh phát động phong trào.",)


@pytest.mark.parametrize("form", [True, False], ids=["signed", "rewritten-by-a-portal"])
def test_number_and_day_stamped_as_pictures(form: bool) -> None:
    making.needs("tesseract")
    stamps = [("1954", making.NUMBER_BOX), ("30", making.DAY_BOX)]
    source = read_bytes(making.stamped(making.letterhead_pdf(body=BODY), stamps, form=form), "da-ky.pdf")
    metadata = document(source).metadata
    assert (metadata.number, str(metadata.date)) == ("1954/UBND-TH", "2023-05-30")
    assert dict(source.evidence) == {"stamp_number": "1954", "stamp_day": "30"}
    assert issues(source) == ["stamp_read"] and source.page_confidence == (None,)


def test_number_and_day_as_pictures_in_the_page_itself() -> None:
    """Not annotations: programs that flatten signed files put them there. They touch the letters beside them."""
    import pypdfium2 as pdfium

    making.needs("tesseract")
    document = pdfium.PdfDocument(making.letterhead_pdf(body=BODY))
    page = document[0]
    for word, (left, bottom, right, top) in (("1954", making.NUMBER_BOX), ("30", making.DAY_BOX)):
        picture = pdfium.PdfImage.new(document)
        picture.set_bitmap(pdfium.PdfBitmap.from_pil(making.picture_of(word)))
        picture.set_matrix(pdfium.PdfMatrix().scale(right - left, top - bottom).translate(left, bottom))
        page.insert_obj(picture)
    page.gen_content()
    stream = io.BytesIO()
    document.save(stream)
    metadata = document_from_source(read_bytes(stream.getvalue(), "da-ky.pdf"), REFERENCE).metadata
    assert (metadata.number, str(metadata.date)) == ("1954/UBND-TH", "2023-05-30")


@pytest.mark.parametrize(
    ("kind", "looks", "sure", "lines", "value"),
    [
        ("number", ("1954", "1954"), 97, (), "1954"),
        ("number", ("1954/UBND-TH", "1954/UBND-TH"), 80, ("Số: 1954/UBND-TH",), "1954"),
        ("number", ("3178", "5178", "3178"), 83, (), None),
        ("number", ("3178", "5178", "3178"), 83, ("Số: 5178/UBND-TH", "Số:5178/UBND-TH"), "5178"),
        ("number", ("0", "0"), 91, ("Số: 84/UBND-TH", "Số: 84/UBND-TH"), None),
        ("number", ("z4", "4", "4"), 48, ("Số: 74/UBND-TH",), None),
        ("number", ("dấu", "dấu"), 95, (), None),
        ("day", ("3O", "30"), 95, (), "30"),
        ("day", ("20", "20"), 52, ("ngày 20 tháng 5 năm", "ngày Z0 tháng 5 năm"), "20"),
        ("day", ("20", "20"), 52, (), None),
        ("day", ("45", "45"), 97, (), None),
        ("day", ("30/5/2023", "30/5/2023"), 90, (), "30"),
        ("month", ("30/5/2023", "30/5/2023"), 90, (), "5"),
    ],
)
def test_a_figure_is_believed_when_looks_agree(
    kind: str, looks: tuple[str, ...], sure: float, lines: tuple[str, ...], value: str | None
) -> None:
    assert value_of(kind, Stamp((0.0, 0.0, 1.0, 1.0), looks, sure), lines) == value


def test_a_blank_that_nobody_stamped_stays_blank() -> None:
    source = read_bytes(making.letterhead_pdf(body=BODY), "du-thao.pdf")
    metadata = document(source).metadata
    assert (metadata.number, metadata.symbol, metadata.month) == (None, "/UBND-TH", "2023-05")
    assert not source.issues


def test_a_printed_number_is_not_stamped_over() -> None:
    making.needs("tesseract")
    pdf = making.stamped(
        making.letterhead_pdf(number="77", day="05", body=BODY), [("1954", (420.0, 800.0, 470.0, 820.0))]
    )
    assert document(read_bytes(pdf, "a.pdf")).metadata.number == "77/UBND-TH"


def test_a_stamp_that_cannot_be_read_is_told() -> None:
    making.needs("tesseract")
    pdf = making.stamped(making.letterhead_pdf(body=BODY), [("~~~", making.NUMBER_BOX)])
    source = read_bytes(pdf, "a.pdf")
    assert "unreadable_stamp" in issues(source)
    assert document(source).metadata.number is None


def test_a_mark_stamped_on_a_page_with_text_is_seen() -> None:
    making.needs("tesseract")
    pdf = making.stamped_image(making.letterhead_pdf(number="77", day="05", body=BODY), "MẬT", making.MARK_BOX)
    with pytest.raises(RefusedFile):
        document(read_bytes(pdf, "a.pdf"))


def test_a_mark_pasted_into_word_as_a_picture_is_seen() -> None:
    import docx

    making.needs("tesseract")
    for words, secret in (("MẬT", True), ("KHẨN", False)):
        made = docx.Document()
        made.add_picture(io.BytesIO(ocr.as_png(making.picture_of(words))))
        for line in PLAN.split("\n"):
            made.add_paragraph(line)
        stream = io.BytesIO()
        made.save(stream)
        assert (read_bytes(stream.getvalue(), "a.docx").text.split("\n")[0] == words) is secret


def test_a_mark_signed_onto_a_page_is_seen_framed_or_not() -> None:
    """As the appearance of a signature's field, and where number and day were stamped as well."""
    making.needs("tesseract")
    pdf = making.letterhead_pdf(body=BODY)
    marked = making.stamped(pdf, [("1954", making.NUMBER_BOX), ("TỐI MẬT", making.MARK_BOX)])
    with pytest.raises(RefusedFile):
        document(read_bytes(marked, "a.pdf"))


def test_a_signature_is_evidence_and_neither_signer_nor_date() -> None:
    signature = (
        b"9 0 obj<</Type/Sig/Filter/Adobe.PPKLite/M(D:20240902093000+07'00')/ByteRange[0 1 2 3]"
        b"/Contents<" + _certificate().hex().encode() + b"00000000>>>endobj\n"
    )
    pdf = making.pdf_of(PLAN) + signature
    (found,) = signatures_of(pdf)
    assert (found.name, found.organisation, found.time) == (
        "Cổng thông tin mẫu", "Văn phòng mẫu", "2024-09-02T09:30:00+07:00",
    )  # fmt: skip
    read = document(read_bytes(pdf, "a.pdf"))
    assert read.evidence["signature_organisation"] == "Văn phòng mẫu"
    assert str(read.metadata.date) == "2024-04-02"
    assert read.metadata.signer and "Cổng" not in read.metadata.signer.name


def _certificate() -> bytes:
    """A PKCS#7 message with one certificate and its signer, as far as names go."""

    def der(tag: int, *parts: bytes) -> bytes:
        body = b"".join(parts)
        size = len(body).to_bytes(2, "big")
        return bytes([tag, 0x82]) + size + body

    def name(oid: bytes, text: str) -> bytes:
        return der(0x31, der(0x30, der(0x06, oid), der(0x0C, text.encode())))

    serial, algorithm = der(0x02, b"\x30\x06\xaa"), der(0x30)
    issuer = der(0x30, name(b"\x55\x04\x0a", "Cơ quan chứng thực"))
    subject = der(0x30, name(b"\x55\x04\x0a", "Văn phòng mẫu"), name(b"\x55\x04\x03", "Cổng thông tin mẫu"))
    certificate = der(0x30, der(0x30, der(0xA0), serial, algorithm, issuer, der(0x30), subject))
    signer = der(0x31, der(0x30, der(0x02, b"\x01"), der(0x30, issuer, serial)))
    signed = der(0x30, der(0x02, b"\x01"), der(0x31), der(0x30), der(0xA0, certificate), signer)
    return der(0x30, der(0x06, b"\x2a"), der(0xA0, signed))


@pytest.mark.parametrize("data", [b"", b"/ByteRange[0 1]", b"obj /ByteRange[1] /Contents<30820001" + b"ff" * 60 + b">"])
def test_a_broken_signature_is_no_evidence(data: bytes) -> None:
    for found in signatures_of(data):
        assert found.name is None and found.organisation is None


# --- What OCR gets wrong ---


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("24/2022/UBTVQHI5", "24/2022/UBTVQH15"), ("65/2020/0H14", "65/2020/QH14"), ("06/2022/QHIS", "06/2022/QH15"),
        ("03/⁄2021/QĐ-TTg", "03/2021/QĐ-TTg"), ("L0", "10"), ("2O23", "2023"), ("triỂn", "triển"), ("nghỆ,", "nghệ,"),
        ("15/KH-UBND", "15/KH-UBND"), ("UBND", "UBND"), ("IoT", "IoT"), ("10/2008/QH9", "10/2008/QH9"), ("A4", "A4"),
    ],
)  # fmt: skip
def test_figures_inside_words(read: str, meant: str) -> None:
    assert mend_word(read) == meant


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("khoản I Điều l của Luật", "khoản 1 Điều 1 của Luật"), ("điểm ¡ khoản 2", "điểm i khoản 2"),
        ("ngày L0 tháng 8 năm 2O22", "ngày 10 tháng 8 năm 2022"), ("Quốc hội khóa XƯ;", "Quốc hội khóa XV;"),
        ("Chương I. Mục II", "Chương I. Mục II"), ("- Thường trực Tỉnh ủy (b/©);", "- Thường trực Tỉnh ủy (b/c);"),
        ("Phần I Tổng quan", "Phần I Tổng quan"),
    ],
)  # fmt: skip
def test_figures_that_their_neighbours_tell(read: str, meant: str) -> None:
    assert mend_line(read) == meant


@pytest.mark.parametrize(
    ("read", "figures"), [("TI", "11"), ("ồ", "8"), ("O5", "05"), ("12", "12"), ("thg", None), ("", None)]
)
def test_a_day_that_was_read_as_letters(read: str, figures: str | None) -> None:
    assert as_figures(read) == figures


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("được sửa đổi, bồ sung một số điêu của Luật", "được sửa đổi, bổ sung một số điều của Luật"),
        ("Chỉnh phủ chỉ trả báo hiểm thát nghiệp", "Chính phủ chi trả bảo hiểm thất nghiệp"),
        ("QUÓC HỘI QUYÉT NGHỊ", "QUỐC HỘI QUYẾT NGHỊ"),
        ("uỷ ban nhân dân, hoà giải", "uỷ ban nhân dân, hoà giải"),
        ("ông Vàng A Páo và bà Lò Thị Ín", "ông Vàng A Páo và bà Lò Thị Ín"),
        ("34-CT/TW 15/KH-UBND", "34-CT/TW 15/KH-UBND"),
        ("xin cảm ơn", "xin cảm ơn"),
    ],
)
def test_accents_are_mended_by_their_neighbours_and_names_are_not(read: str, meant: str) -> None:
    words = [Token(word, 85.0) for word in read.split()]
    assert " ".join(mend_accents(words, load_wordpairs())) == meant


@pytest.mark.parametrize("name", ["01-chi-thi-17-ct-tu.txt", "29-quyet-dinh-640-qd-ubnd.txt"])
def test_a_right_text_is_hardly_changed(name: str) -> None:
    words = unicodedata.normalize("NFC", (SAMPLES / name).read_text("utf-8")).split()
    mended = mend_accents([Token(word, 93.0) for word in words], load_wordpairs())
    changed = [(word, other) for word, other in zip(words, mended, strict=True) if word != other]
    assert len(changed) <= 0.002 * len(words), changed


def test_two_columns_are_read_one_after_the_other() -> None:
    def line(number: int, left: str, right: str) -> list[Word]:
        words, x = [], 100
        for side, text in ((100, left), (900, right)):
            x = side
            for word in text.split():
                width = 14 * len(word)
                words.append(Word(word, 95.0, x, 100 + 40 * number, x + width, 125 + 40 * number, (1, 1, number)))
                x += width + 10
        return words

    words = [
        *line(0, "ỦY BAN NHÂN DÂN", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        *line(1, "TỈNH LÂM SƠN", "Độc lập - Tự do - Hạnh phúc"),
        *line(2, "Số: 15/KH-UBND", "Lâm Sơn, ngày 12 tháng 01 năm 2024"),
    ]
    assert page_text(words).text.split("\n") == [
        "ỦY BAN NHÂN DÂN", "TỈNH LÂM SƠN", "Số: 15/KH-UBND", "", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc", "Lâm Sơn, ngày 12 tháng 01 năm 2024",
    ]  # fmt: skip


def printed_line(number: int, top: int, height: int, *words: str) -> list[Word]:
    return [
        Word(word, 92.0, 100 + 120 * at, top, 200 + 120 * at, top + height, (1, 1, number))
        for at, word in enumerate(words)
    ]


def test_marks_between_two_lines_are_no_line() -> None:
    """The dots under one line and the hooks over the next, which OCR is sure are letters."""
    words = [
        *printed_line(1, 100, 42, "phát", "triển", "công", "nghệ", "chiến"),
        *printed_line(2, 146, 9, "^", ".^", "À", "Z", "2"),
        *printed_line(3, 158, 42, "lược,", "công", "nghệ", "cao", "được"),
    ]
    assert page_text(words).text == "phát triển công nghệ chiến\nlược, công nghệ cao được"


def test_small_print_is_read() -> None:
    words = [*printed_line(1, 100, 42, "Điều", "khoản", "thi", "hành"), *printed_line(2, 170, 17, "Luật", "số", "97")]
    assert "Luật số 97" in page_text(words).text


# --- Page images ---


def test_a_page_as_a_picture(tmp_path: Path) -> None:
    from PIL import Image

    path = tmp_path / "a.pdf"
    path.write_bytes(making.stamped(making.letterhead_pdf(), [("1954", making.NUMBER_BOX)]))
    picture = Image.open(io.BytesIO(page_image(path, 1, dpi=72)))
    assert picture.format == "PNG" and picture.size == (595, 842)
    pixels = np.asarray(picture.convert("RGB"))
    assert ((pixels[:, :, 0] > 120) & (pixels[:, :, 1] < 80)).sum() > 10, "what was stamped shows"


@pytest.mark.parametrize(
    ("name", "page", "code"), [("a.pdf", 2, "no_page"), ("a.txt", 1, "unsupported"), ("khong-co.pdf", 1, "missing")]
)
def test_a_page_that_is_not_there(tmp_path: Path, name: str, page: int, code: str) -> None:
    (tmp_path / "a.pdf").write_bytes(making.pdf_of("KẾ HOẠCH"))
    (tmp_path / "a.txt").write_text("KẾ HOẠCH", "utf-8")
    with pytest.raises(ReadError) as caught:
        page_image(tmp_path / name, page)
    assert caught.value.code == code

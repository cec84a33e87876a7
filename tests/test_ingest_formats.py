"""Word's finer points, web pages, old Word, RTF and OpenDocument, archives: what is shown is what is read."""

from __future__ import annotations

import io
import re
import subprocess
import zipfile
from functools import cache
from pathlib import Path
from typing import Any

import making
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.archives import entries_of, member_bytes, split_member
from ingest.provenance import is_sidecar, provenance_of
from ingest.readers import read_bytes
from ingest.readers.content import media_type_of
from ingest.readers.ole import stream_names
from kg.errors import ReadError, RefusedFile

SAMPLES = Path(__file__).resolve().parents[1] / "samples" / "documents"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def word(*paragraphs: str, styles: dict[str, str] | None = None) -> Any:
    """A document of paragraphs given as XML (inside w:p)."""
    import docx
    from docx.oxml import parse_xml

    made = docx.Document()
    body = made.element.body
    for place, inner in enumerate(paragraphs):
        body.insert(place, parse_xml(f"<w:p {W}>{inner}</w:p>"))
    for name, font in (styles or {}).items():
        made.styles[name].font.name = font
    return made


def saved(made: Any) -> bytes:
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def lines(data: bytes, name: str = "a") -> list[str]:
    return [line for line in read_bytes(data, name).text.split("\n") if line.strip()]


def run(text: str, inside: str = "") -> str:
    return f'<w:r><w:rPr>{inside}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


# --- Word ---


def test_a_note_follows_the_paragraph_that_refers_to_it() -> None:
    with zipfile.ZipFile(io.BytesIO(making.docx_of("Một\nHai"))) as whole:
        parts = {name: whole.read(name) for name in whole.namelist()}
    note = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    parts["word/document.xml"] = parts["word/document.xml"].replace(b"</w:p>", note.encode() + b"</w:p>", 1)
    parts["word/footnotes.xml"] = (
        f'<w:footnotes {W}><w:footnote w:id="0" w:type="separator"><w:p/></w:footnote><w:footnote w:id="2"><w:p>'
        "<w:r><w:t>Quyết định số 90/QĐ-TTg.</w:t></w:r></w:p></w:footnote></w:footnotes>"
    ).encode()
    parts["word/_rels/document.xml.rels"] = parts["word/_rels/document.xml.rels"].replace(
        b"</Relationships>",
        b'<Relationship Id="rIdN" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"'
        b' Target="footnotes.xml"/></Relationships>',
    )
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(
        b"</Types>",
        b'<Override PartName="/word/footnotes.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        b'wordprocessingml.footnotes+xml"/></Types>',
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        for name, data in parts.items():
            made.writestr(name, data)
    assert lines(stream.getvalue()) == ["Một", "[2] Quyết định số 90/QĐ-TTg.", "Hai"]


def test_hidden_words_and_field_codes_are_not_read() -> None:
    field = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>DATE \\@ yyyy</w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>2024</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    hidden = run("ẩn", "<w:vanish/>") + run("hiện", '<w:vanish w:val="0"/>')
    assert lines(saved(word(run("Năm ") + field + run(" ") + hidden))) == ["Năm 2024 hiện"]


def test_a_paragraph_whose_end_was_deleted_goes_on_in_the_next() -> None:
    merged = "<w:pPr><w:rPr><w:del/></w:rPr></w:pPr>" + run("Giao Sở Nội vụ ")
    assert lines(saved(word(merged, run("chủ trì.")))) == ["Giao Sở Nội vụ chủ trì."]


def test_moved_words_stand_where_they_went() -> None:
    moved = "<w:moveFrom><w:r><w:t>cũ </w:t></w:r></w:moveFrom><w:moveTo><w:r><w:t>mới</w:t></w:r></w:moveTo>"
    assert lines(saved(word(run("chỗ ") + moved))) == ["chỗ mới"]


def test_a_text_box_is_read_once() -> None:
    box = (
        '<w:r><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        "<mc:Choice><w:txbxContent><w:p><w:r><w:t>Số: 12/KH-UBND</w:t></w:r></w:p></w:txbxContent></mc:Choice>"
        "<mc:Fallback><w:txbxContent><w:p><w:r><w:t>Số: 12/KH-UBND</w:t></w:r></w:p></w:txbxContent></mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    )
    assert lines(saved(word(run("Đầu") + box))) == ["Đầu", "Số: 12/KH-UBND"]


def test_runs_in_old_fonts_are_decoded_by_their_font() -> None:
    old = '<w:rFonts w:ascii=".VnTime" w:hAnsi=".VnTime"/>'
    capital = '<w:rFonts w:ascii=".VnTimeH" w:hAnsi=".VnTimeH"/>'
    new = '<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman"/>'
    data = saved(word(run("kÕ ho¹ch", capital), run("NghÞ ®Þnh sè ", old) + run("90/2023/NĐ-CP", new)))
    assert lines(data) == ["KẾ HOẠCH", "Nghị định số 90/2023/NĐ-CP"]
    assert read_bytes(data, "a").encoding == "tcvn3"


def test_an_old_font_may_be_the_style_s() -> None:
    data = saved(word(run("Nghò ñònh"), styles={"Normal": "VNI-Times"}))
    assert lines(data) == ["Nghị định"] and read_bytes(data, "a").encoding == "vni"


def test_macros_and_references_are_told_and_left_alone() -> None:
    from hostile import GOOD

    made = dict(GOOD)
    assert [issue.code for issue in read_bytes(made["82-macro.docm"](), "a.docm").issues] == ["macros"]
    assert [issue.code for issue in read_bytes(made["83-mau-ngoai.docx"](), "a.docx").issues] == ["remote_reference"]


# --- Web pages ---

HEAD = "<table><tr><td><p>UBND TỈNH<br>SỞ NỘI VỤ</p><p>Số: 45/KH-SNV</p></td><td>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM<br>Độc lập - Tự do - Hạnh phúc</td></tr></table>"  # noqa: E501
LONG = "<p>" + "Ủy ban nhân dân các huyện, thành phố tổ chức thực hiện nghiêm túc kế hoạch này. " * 6 + "</p>"
MENU = "<ul>" + "".join(f'<li><a href="/{n}">Chuyên mục {n}</a></li>' for n in range(12)) + "</ul>"


def page(body: str, head: str = '<meta charset="utf-8">') -> bytes:
    return f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>".encode()


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<p>Một</p><p>Hai<br>Ba</p>", ["Một", "Hai", "Ba"]),
        ("<p>Một\n  dòng   dài</p>", ["Một dòng dài"]),
        ("<ol start=3><li>ba<li><p>bốn</p></ol><ul><li>chấm</ul>", ["3. ba", "4. bốn", "- chấm"]),
        ("<table><tr><th>STT<th>Nội dung<tr><td>1<td>Sở Nội vụ</table>", ["| STT | Nội dung |", "| 1 | Sở Nội vụ |"]),
        ("<p>a<script>b()</script><style>c</style><!-- d --><span style='display:none'>e</span>f</p>", ["af"]),
        ("<div><p>x</p><pre>dòng 1\n dòng 2</pre></div>", ["x", "dòng 1", "dòng 2"]),
        (HEAD, ["|", "UBND TỈNH", "SỞ NỘI VỤ", "Số: 45/KH-SNV", "|", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
                "Độc lập - Tự do - Hạnh phúc", "|"]),
    ],
)  # fmt: skip
def test_what_a_page_shows(body: str, expected: list[str]) -> None:
    assert [line.strip() for line in lines(page(body))] == expected


@pytest.mark.parametrize(
    "body",
    [
        f"<nav>{MENU}</nav><main>{HEAD}{LONG}</main><footer>Bản quyền</footer>",
        f"<div id=menu>{MENU}</div><div class=content>{HEAD}<div>{LONG}</div></div><div class='lien-quan'>{MENU}</div>",
        f"<form><table><tr><td>{MENU}</td><td>{HEAD}{LONG}</td><td>{MENU}</td></tr></table></form>",
        f"<div>{MENU}</div>{HEAD}{LONG}<div><p>Nơi nhận:</p><p>- Như trên;</p></div>{MENU}",
    ],
)
def test_menus_are_left_out_and_the_letterhead_is_not(body: str) -> None:
    text = read_bytes(page(body), "a").text
    assert "Chuyên mục" not in text and "Bản quyền" not in text
    assert "Số: 45/KH-SNV" in text and "CỘNG HÒA" in text and "nghiêm túc" in text
    assert ("Nơi nhận" in text) == ("Nơi nhận" in body)


def test_citations_that_are_links_stay() -> None:
    bases = "".join(f'<p>Căn cứ <a href="/{n}">Luật số {n}/2024/QH15 về việc này</a>;</p>' for n in range(9))
    text = read_bytes(page(f"<div>{HEAD}<div>{bases}</div>{LONG}</div>"), "a").text
    assert text.count("Căn cứ Luật số") == 9


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (page("<p>Kế hoạch</p>"), "utf-8"),
        (page("<p>Kế hoạch</p>").decode().encode("utf-16"), "utf-16"),
        (page("<p>Kê\u0301 hoa\u0323ch</p>", '<meta charset="windows-1258">').decode().encode("cp1258"), "cp1258"),
        (page("<p><font face='.VnTime'>KÕ ho¹ch</font></p>", "").decode().encode("latin-1"), "tcvn3"),
        (page("<p style=\"font-family:'VNI-Times'\">Keá hoaïch</p>", "").decode().encode("latin-1"), "vni"),
    ],
)  # fmt: skip
def test_a_page_in_each_encoding(data: bytes, encoding: str) -> None:
    import unicodedata

    source = read_bytes(data, "a.html")
    assert (unicodedata.normalize("NFC", source.text).strip(), source.encoding) == ("Kế hoạch", encoding)


def test_a_page_saved_whole_by_word() -> None:
    saved_page = (
        b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="x"\r\n\r\n--x\r\nContent-Type: text/html; '
        b'charset="utf-8"\r\nContent-Transfer-Encoding: 8bit\r\n\r\n' + page("<p>Số: 12/KH-UBND</p>") + b"\r\n--x--\r\n"
    )
    source = read_bytes(saved_page, "ke-hoach.doc")
    assert source.media_type == "multipart/related" and source.text.strip() == "Số: 12/KH-UBND"


@given(st.text(alphabet="<>/abdpltr \n\"'=&;!-", max_size=300))
def test_no_page_raises_anything_but_a_read_error(body: str) -> None:
    try:
        read_bytes(page(body), "a.html")
    except ReadError as error:
        assert error.code in ("empty", "damaged")


# --- Other programs' formats ---


@cache
def converted(suffix: str, given: bytes | None = None) -> bytes:
    """A sample, or the Word file ``given``, in another format, made by LibreOffice."""
    making.needs("soffice")
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "a.docx"
        source.write_bytes(given or (SAMPLES / "15-ke-hoach-37-kh-ldld.docx").read_bytes())
        profile = f"-env:UserInstallation={(Path(folder) / 'profile').as_uri()}"
        subprocess.run(
            ["soffice", "--headless", profile, "--convert-to", suffix, "--outdir", folder, str(source)],
            check=True,
            capture_output=True,
            timeout=120,
        )
        return (Path(folder) / f"a.{suffix}").read_bytes()


def test_what_was_struck_out_of_an_old_word_file_is_not_read() -> None:
    import docx
    from docx.oxml import parse_xml

    made = docx.Document()
    for line in ("ỦY BAN NHÂN DÂN TỈNH LÂM SƠN", "Số: ", "KẾ HOẠCH", *("Phát động phong trào thi đua yêu nước.",) * 4):
        made.add_paragraph(line)
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" w:id="1" w:author="Mẫu"'
    number = made.paragraphs[1]._p
    number.append(parse_xml(f"<w:del {space}><w:r><w:delText>1111</w:delText></w:r></w:del>"))
    number.append(parse_xml(f"<w:ins {space}><w:r><w:t>2387/KH-UBND</w:t></w:r></w:ins>"))
    stream = io.BytesIO()
    made.save(stream)
    text = read_bytes(converted("doc", stream.getvalue()), "a.doc").text
    assert "Số: 2387/KH-UBND" in text and "1111" not in text


def test_a_mark_in_the_header_of_an_old_word_file_is_read() -> None:
    import docx

    made = docx.Document()
    made.sections[0].header.paragraphs[0].text = "MẬT"
    made.add_paragraph("Phát động phong trào thi đua yêu nước trên địa bàn tỉnh năm 2024 và các năm tiếp theo. " * 3)
    stream = io.BytesIO()
    made.save(stream)
    assert "MẬT" in read_bytes(converted("doc", stream.getvalue()), "a.doc").text.split("\n")


def plain(text: str) -> str:
    return " ".join(re.sub(r"[|\s]+", " ", text).split())


@pytest.mark.slow
@pytest.mark.parametrize("suffix", ["doc", "rtf", "odt", "fodt"])
def test_the_same_words_from_each_format(suffix: str) -> None:
    data = converted(suffix)
    source = read_bytes(data, "khong-ten")
    meant = plain(read_bytes((SAMPLES / "15-ke-hoach-37-kh-ldld.docx").read_bytes(), "a").text)
    assert plain(source.text) == meant
    assert source.media_type == media_type_of(data)


@pytest.mark.slow
def test_old_word_without_antiword_and_without_libreoffice(monkeypatch: pytest.MonkeyPatch) -> None:
    import shutil

    data, which = converted("doc"), shutil.which
    assert "WordDocument" in stream_names(data)
    for hidden, code in (
        ({"antiword"}, None),
        ({"antiword", "soffice"}, None),
        ({"antiword", "soffice", "catdoc"}, "no_program"),
    ):
        monkeypatch.setattr(shutil, "which", lambda name, gone=hidden: None if name in gone else which(name))
        if "catdoc" not in hidden:
            making.needs("catdoc")
        if code is None:
            assert "Số: 37/KH-LĐLĐ" in read_bytes(data, "a.doc").text
        else:
            with pytest.raises(ReadError) as caught:
                read_bytes(data, "a.doc")
            assert caught.value.code == code and "antiword" in str(caught.value)


def test_antiword_s_tables_become_rows() -> None:
    from ingest.readers.office import _without_borders

    text = "|TT  |Nhiệm vụ        |\n|1   |Tổ chức         |\n|    |hội nghị        |\n|2   |Tổng kết        |\n\nHết"
    assert _without_borders(text).split("\n")[:3] == [
        "| TT | Nhiệm vụ |",
        "| 1 | Tổ chức hội nghị |",
        "| 2 | Tổng kết |",
    ]
    head = "|UBND TỈNH    |CỘNG HÒA     |\n|SỞ NỘI VỤ    |Độc lập      |\n|Số: 1/KH-SNV |             |\n"
    assert _without_borders(head).split("\n")[:7] == [
        "|",
        "UBND TỈNH",
        "SỞ NỘI VỤ",
        "Số: 1/KH-SNV",
        "|",
        "CỘNG HÒA",
        "Độc lập",
    ]


# --- Archives and where files come from ---


def test_entries_at_any_depth_are_named_and_read(tmp_path: Path) -> None:
    inner, outer = io.BytesIO(), tmp_path / "hồ sơ.zip"
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("kế hoạch.txt", "KẾ HOẠCH")
    with zipfile.ZipFile(outer, "w") as archive:
        archive.writestr("phụ lục/trong.zip", inner.getvalue())
        archive.writestr("__MACOSX/._a.txt", "rác")
        archive.writestr("b.txt", "Hai")
    found = {member.name: member.code for member in entries_of(outer, "hồ sơ.zip")}
    assert found == {"phụ lục/trong.zip!/kế hoạch.txt": "", "b.txt": ""}
    for name, text in (("phụ lục/trong.zip!/kế hoạch.txt", "KẾ HOẠCH"), ("b.txt", "Hai")):
        path, inside = split_member(f"{outer}!/{name}")
        assert member_bytes(path, inside).decode() == text


def test_names_written_by_old_programs(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("ke.txt", "KẾ")
    path.write_bytes(path.read_bytes().replace(b"ke.txt", "kế".encode() + b".x"[:2]))
    (member,) = entries_of(path, "a.zip")
    assert member.name == "kế.x"


@pytest.mark.parametrize(
    ("sidecar", "given_url", "expected"),
    [
        ('{"source": "https://a.vn/1", "collected": "2024-05-31"}', None, ("https://a.vn/1", "2024-05-31")),
        ('{"url": "https://a.vn/1", "retrieved": "2024-05-31T08:00Z"}', None, ("https://a.vn/1", "2024-05-31")),
        ('{"source": "ftp://a.vn/1", "collected": "31/5/2024"}', "https://b.vn", ("https://b.vn", "")),
        ('{"source": "https://a.vn/<x>", "collected": "2024-02-31"}', None, ("", "")),
        ('["https://a.vn"]', None, ("", "")),
        ("{", "https://b.vn", ("https://b.vn", "")),
        (None, "https://b.vn", ("https://b.vn", "")),
    ],
)  # fmt: skip
def test_provenance(tmp_path: Path, sidecar: str | None, given_url: str | None, expected: tuple[str, str]) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"x")
    if sidecar is not None:
        (tmp_path / "a.pdf.meta.json").write_text(sidecar, "utf-8")
        assert is_sidecar(tmp_path / "a.pdf.meta.json")
    found = provenance_of(path, given_url)
    assert (found.source, found.collected) == expected


def test_a_sidecar_of_nothing_is_a_file_like_any(tmp_path: Path) -> None:
    assert not is_sidecar(tmp_path / "b.pdf.meta.json")


@given(st.binary(max_size=400))
def test_no_archive_raises_anything_but_a_read_error(tmp_path_factory: pytest.TempPathFactory, tail: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "bat-ky.zip"
    path.write_bytes(b"PK\x03\x04" + tail)
    with pytest.raises((ReadError, RefusedFile)):
        entries_of(path, "bat-ky.zip")

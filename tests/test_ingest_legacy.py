"""Texts typed before Unicode: TCVN3 against the system's own table, VNI by its rules, both found by spelling alone."""

from __future__ import annotations

import shutil
import subprocess
import unicodedata
from pathlib import Path

import making
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.readers import read_bytes
from ingest.readers.legacy import (
    _TCVN3,
    decode_font,
    decode_legacy,
    detect_legacy,
    encoding_of_font,
    from_tcvn3,
    from_vni,
)
from ingest.readers.syllables import is_syllable, score
from kg.errors import ReadError

SAMPLES = Path(__file__).resolve().parents[1] / "samples" / "documents"
PLAN = (SAMPLES / "05-cong-van-phat-dong-60-nam.txt").read_text("utf-8")


def test_the_table_is_the_one_the_system_has() -> None:
    if shutil.which("iconv") is None:
        pytest.skip("the program iconv is not installed (apt-get install libc-bin)")
    codes = "".join(_TCVN3)
    done = subprocess.run(
        ["iconv", "-f", "TCVN", "-t", "UTF-8"], input=codes.encode("latin-1"), capture_output=True, check=False
    )
    if done.returncode:
        pytest.skip("this iconv does not know TCVN")
    assert unicodedata.normalize("NFC", done.stdout.decode()) == from_tcvn3(codes)


def test_every_letter_has_its_code() -> None:
    small = {letter for letter in map(chr, range(0xC0, 0x1EFA)) if _is_vietnamese(letter) and letter.islower()}
    assert len(small) == 67 and small <= set(_TCVN3.values())
    for letter in small:
        assert from_vni(making.vni_of(f"x{letter}").decode("latin-1")) == f"x{letter}"
        assert from_vni(making.vni_of(letter.upper()).decode("latin-1")) == letter.upper()


def _is_vietnamese(letter: str) -> bool:
    base, *marks = unicodedata.normalize("NFD", letter)
    if letter == "đ":
        return True
    known = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323", "\u0302", "\u0306", "\u031b"}
    return base in "aeiouy" and bool(marks) and set(marks) <= known and _could_be(base, set(marks))


def _could_be(base: str, marks: set[str]) -> bool:
    shapes = {"\u0302": "aeo", "\u0306": "a", "\u031b": "ou"}
    shaped = [mark for mark in marks if mark in shapes]
    return len(shaped) <= 1 and len(marks) - len(shaped) <= 1 and all(base in shapes[mark] for mark in shaped)


@pytest.mark.parametrize(
    ("coded", "text"),
    [
        ("NghÞ ®Þnh vÒ qu¶n lý nhµ n­íc", "Nghị định về quản lý nhà nước"),
        ("Thñ t­íng ChÝnh phñ", "Thủ tướng Chính phủ"),
        ("thi ®ua, khen th­ëng", "thi đua, khen thưởng"),
    ],
)
def test_tcvn3(coded: str, text: str) -> None:
    assert from_tcvn3(coded) == text


@pytest.mark.parametrize(
    ("coded", "text"),
    [
        ("Nghò ñònh veà quaûn lyù nhaø nöôùc", "Nghị định về quản lý nhà nước"),
        ("UÛY BAN NHAÂN DAÂN TÆNH", "ỦY BAN NHÂN DÂN TỈNH"),
        ("phöôøng, xaõ, thò traán; haèng naêm, kyõ naêng, Quyù", "phường, xã, thị trấn; hằng năm, kỹ năng, Quý"),
    ],
)
def test_vni(coded: str, text: str) -> None:
    assert from_vni(coded) == text


@pytest.mark.parametrize("name", sorted(path.name for path in SAMPLES.glob("*.txt")))
def test_each_sample_comes_back_from_both(name: str) -> None:
    text = unicodedata.normalize("NFC", (SAMPLES / name).read_text("utf-8-sig")).replace("\r\n", "\n")
    for encoding, coded in (("tcvn3", making.tcvn3_of(text)), ("vni", making.vni_of(text))):
        source = read_bytes(coded, name)
        assert source.encoding == encoding
        assert [issue.code for issue in source.issues] == ["legacy_encoding"]
        back = source.text.replace("\r\n", "\n")
        plain = text.replace("–", "-").replace("“", '"').replace("”", '"').replace("…", "...").replace("•", "-")
        assert (back.lower() if encoding == "tcvn3" else back) == (plain.lower() if encoding == "tcvn3" else plain)


def test_the_same_text_pasted_into_a_unicode_file() -> None:
    pasted = making.tcvn3_of(PLAN).decode("latin-1").encode("utf-8")
    assert read_bytes(pasted, "a.txt").text == read_bytes(making.tcvn3_of(PLAN), "a.txt").text


@pytest.mark.parametrize("western", ["latin-1", "cp1252"])
def test_text_that_was_taken_for_western_and_saved_again(western: str) -> None:
    """ "Káº¿ hoáº¡ch": what opening and saving in an old editor makes of UTF-8."""
    # What Windows-1252 has no letter for is kept as the byte it was, as browsers and Windows do.
    spoilt = "".join(bytes([byte]).decode(western, "ignore") or chr(byte) for byte in PLAN.encode())
    assert read_bytes(spoilt.encode(), "a.txt").text == PLAN
    lost = PLAN.encode().decode(western, "replace").encode()
    assert "CHỦ NGHĨA VIỆT NAM" in read_bytes(lost, "a.txt").text
    about = f"Mã “Káº¿ hoáº¡ch” là chữ bị đọc nhầm.\n{PLAN}"
    assert read_bytes(about.encode(), "a.txt").text == about


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        ("Kế HOạCH", "KẾ HOẠCH"),
        ("ủY BAN NHÂN DÂN TỉNH LAI CHÂU", "ỦY BAN NHÂN DÂN TỈNH LAI CHÂU"),
        ("CộNG HòA XÃ HộI CHủ NGHĩA VIệT NAM", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        ("Độc lập - Tự do - Hạnh phúc", "Độc lập - Tự do - Hạnh phúc"),
        ("III. TIếN Độ", "III. TIẾN ĐỘ"),
        ("Số: 15/KH-UBND", "Số: 15/KH-UBND"),
        ("của Sở VHTTDL và Bộ GTVT", "của Sở VHTTDL và Bộ GTVT"),
        ("Chủ tịch ủy ban nhân dân tỉnh", "Chủ tịch Ủy ban nhân dân tỉnh"),
        ("1. ứng dụng công nghệ. ở cấp xã", "1. Ứng dụng công nghệ. Ở cấp xã"),
        ("Cao Thị Nguyệt ánh", "Cao Thị Nguyệt Ánh"),
        ("nước ta có ít nhất", "nước ta có ít nhất"),
    ],
)
def test_capitals_that_tcvn3_cannot_write_are_restored(broken: str, whole: str) -> None:
    coded = making.tcvn3_of(broken).decode("latin-1")
    assert decode_legacy(f"Đầu dòng. Có chữ thường ở trước.\n{coded}\n", "tcvn3").split("\n")[1] == whole


@pytest.mark.parametrize(
    ("font", "encoding"),
    [
        (".VnTime", "tcvn3"), (".VnTimeH", "tcvn3"), ("ABCDEF+.VnArial", "tcvn3"), ("VNI-Times", "vni"),
        ("Times New Roman", None), ("Vninternational", None), ("", None), (None, None),
    ],
)  # fmt: skip
def test_a_font_by_its_name(font: str | None, encoding: str | None) -> None:
    assert encoding_of_font(font) == encoding


def test_a_capital_font_shows_capitals() -> None:
    assert decode_font("kÕ ho¹ch", ".VnTimeH") == "KẾ HOẠCH"
    assert decode_font("kÕ ho¹ch", ".VnTime") == "kế hoạch"
    assert decode_font("kế hoạch", ".VnTimeH") == "kế hoạch", "Unicode letters in an old font are what they are"


@pytest.mark.parametrize(
    "text",
    [
        PLAN,
        "The quick brown fox jumps over the lazy dog. " * 20,
        "Les élèves français étudient à l'école où l'été a été très agréable. " * 20,
        "Die Größe der Straße überrascht die Bürger außerordentlich. " * 20,
        "Số 5 năm 2024",
    ],
)
def test_other_texts_are_left_alone(text: str) -> None:
    assert detect_legacy(text) is None


def test_windows_1258_with_its_loose_accents() -> None:
    pieces = []
    for letter in PLAN:
        try:
            pieces.append(letter.encode("cp1258"))
        except UnicodeEncodeError:
            base, *marks = unicodedata.normalize("NFD", letter)
            shape = "".join(mark for mark in marks if mark in "\u0302\u0306\u031b")
            tone = "".join(mark for mark in marks if mark not in shape)
            pieces.append((unicodedata.normalize("NFC", base + shape) + tone).encode("cp1258"))
    source = read_bytes(b"".join(pieces), "a.txt")
    assert source.encoding == "cp1258" and unicodedata.normalize("NFC", source.text) == PLAN


@pytest.mark.parametrize(
    ("word", "formed"),
    [
        ("nghiệp", True), ("Hoà", True), ("hòa", True), ("khuya", True), ("quyết", True), ("giêng", True),
        ("ĐẮK", True),
        ("gì", True), ("uỷ", True), ("thuở", True), ("ngoằn", True), ("plan", False), ("nghệp", True),
        ("hoạt", True), ("hoat", True), ("hoàt", False), ("cê", False), ("kan", False), ("ngi", False),
        ("nghà", False), ("tướ̀ng", False), ("xӝ", False), ("vieät", False),
    ],
)  # fmt: skip
def test_what_a_syllable_is(word: str, formed: bool) -> None:
    assert is_syllable(word) is formed


def test_torn_words_do_not_pass_for_vietnamese() -> None:
    torn = "t ch c th c hi n nhi m v đ c giao c a c quan đ n v " * 4
    assert not score(torn).sound
    assert score(PLAN).share > 0.95


@given(st.binary(min_size=1, max_size=600))
def test_no_bytes_break_the_guessing(data: bytes) -> None:
    try:
        assert read_bytes(data, "a.txt").text
    except ReadError as error:
        assert error.code

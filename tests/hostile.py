"""Forty-odd files that are broken or mean harm, each with what its line in the report must say."""

from __future__ import annotations

import io
import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

from making import docx_of, pdf_objects, pdf_of, pictures_of

PLAN = "KẾ HOẠCH\nPhát động thi đua năm 2024\nThực hiện Chỉ thị số 34-CT/TW ngày 07/4/2014 của Bộ Chính trị.\n"
ODT = b"application/vnd.oasis.opendocument.text"
CONTENT_TYPES = b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'


def archive(entries: dict[str, bytes], *, flags: int = 0, mode: int | None = None) -> bytes:
    """A ZIP; ``flags`` are put on each entry in both places, ``mode`` is a Unix file mode."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in entries.items():
            info = zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            if mode is not None:
                info.create_system, info.external_attr = 3, mode << 16
            made.writestr(info, data)
    data = bytearray(stream.getvalue())
    if flags:
        for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            at = data.find(signature)
            while at >= 0:
                data[at + offset] |= flags
                at = data.find(signature, at + 4)
    return bytes(data)


def zip_of_names(entries: list[tuple[bytes, bytes]]) -> bytes:
    """A ZIP whose names are these bytes, whatever they are: our library would not write them."""
    files, listed = b"", b""
    for name, data in entries:
        told = struct.pack("<HHHHIIIHH", 0x800, 0, 0, 33, zlib.crc32(data), len(data), len(data), len(name), 0)
        listed += (
            b"PK\x01\x02" + struct.pack("<HH", 20, 20) + told + struct.pack("<HHHII", 0, 0, 0, 0, len(files)) + name
        )
        files += b"PK\x03\x04" + struct.pack("<H", 20) + told + name + data
    count = len(entries)
    end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, count, count, len(listed), len(files), 0)
    return files + listed + end


def docx_with(**parts: bytes) -> bytes:
    """A Word file with some of its parts replaced or added (two underscores stand for a slash)."""
    with zipfile.ZipFile(io.BytesIO(docx_of(PLAN))) as whole:
        held = {name: whole.read(name) for name in whole.namelist()}
    for name, data in parts.items():
        held[name.replace("__", "/").replace("_xml", ".xml").replace("_bin", ".bin").replace("_rels", ".rels")] = data
    return archive(held)


def zeros(size: int) -> bytes:
    return b"\0" * size


def lying_zip() -> bytes:
    """An entry that says it is small and is not."""
    data = bytearray(archive({"a.txt": zeros(40 * 1024 * 1024)}))
    at = data.find(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<I", 100)
    data[22:26] = struct.pack("<I", 100)
    return bytes(data)


def nested_zip(depth: int) -> bytes:
    data = archive({"ke-hoach.txt": PLAN.encode()})
    for _ in range(depth):
        data = archive({"trong.zip": data})
    return data


def png(width: int, height: int, body: bytes = b"") -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(body)) + chunk(b"IEND", b"")


def encrypted_pdf() -> bytes:
    """A file whose encryption no empty password opens."""
    return pdf_objects(
        b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[]/Count 0>>",
    ).replace(
        b"trailer<<",
        b"trailer<</Encrypt<</Filter/Standard/V 1/R 2/O<" + b"41" * 32 + b">/U<" + b"42" * 32 + b">/P -44>>"
        b"/ID[<00112233445566778899aabbccddeeff><00112233445566778899aabbccddeeff>]",
    )  # fmt: skip


def ole(*names: str) -> bytes:
    """A compound file with streams of these names and nothing in them."""
    fat = struct.pack("<128I", 0xFFFFFFFD, 0xFFFFFFFE, *([0xFFFFFFFF] * 126))
    directory = b""
    for index, name in enumerate(("Root Entry", *names)):
        raw = name.encode("utf-16-le") + b"\0\0"
        entry = raw.ljust(64, b"\0") + struct.pack("<HBB", len(raw), 5 if index == 0 else 2, 1)
        directory += entry.ljust(116, b"\0") + struct.pack("<III", 0xFFFFFFFE, 0, 0)
    directory = directory.ljust(512, b"\0")[:512]
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 10
    head += struct.pack("<IIII", 1, 1, 0, 4096) + struct.pack("<IIII", 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    head = head[:76] + struct.pack("<109I", 0, *([0xFFFFFFFF] * 108))
    return head.ljust(512, b"\0") + fat + directory


ENTITIES = (
    b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml'
    b'/2006/main"><w:body><w:p><w:r><w:t>&c;</w:t></w:r></w:p></w:body></w:document>'
)
OUTSIDE = ENTITIES.replace(b'<!ENTITY a "ha">', b'<!ENTITY a SYSTEM "file:///etc/passwd">')
ASIDE = ENTITIES.replace(b"<!DOCTYPE", b"<!--" + b" cho" * 5_000 + b"--><!DOCTYPE")
DEEP = (
    b'<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
    + b"<w:sdt><w:sdtContent>" * 20_000 + b"</w:sdtContent></w:sdt>" * 20_000 + b"</w:body></w:document>"
)  # fmt: skip

Case = tuple[str, Callable[[], bytes], set[str]]

BAD: list[Case] = [
    ("01-rong.txt", lambda: b"", {"empty"}),
    ("02-trang.txt", lambda: b" \r\n\t" * 50, {"empty"}),
    ("03-bom.txt", lambda: b"\xef\xbb\xbf", {"empty"}),
    ("04-nhi-phan.txt", lambda: bytes(range(256)) * 40, {"binary"}),
    ("05-byte-0.txt", lambda: PLAN.encode() + b"\0\0", {"binary"}),
    ("06-utf8-hong.txt", lambda: b"K\xe1\xba ho\xff\xfe\xfa" * 30, {"encoding", "binary"}),
    ("07-hong.pdf", lambda: b"%PDF-1.7\nrac", {"damaged"}),
    ("08-cut.pdf", lambda: pdf_of(PLAN)[:700], {"damaged"}),
    ("09-mat-khau.pdf", encrypted_pdf, {"encrypted", "damaged"}),
    ("10-vong.pdf", lambda: pdf_objects(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R]/Count 9>>"),
     {"damaged", "no_text"}),
    ("11-khong-lo.pdf", lambda: pdf_objects(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
     b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 900000000 900000000]>>"), {"no_text", "damaged"}),
    ("12-cut.docx", lambda: docx_of(PLAN)[:5000], {"damaged"}),
    ("13-bom.docx", lambda: archive({"[Content_Types].xml": CONTENT_TYPES, "word/document.xml": zeros(300 * 2**20)}),
     {"bomb"}),
    ("14-thuc-the.docx", lambda: docx_with(word__document_xml=ENTITIES), {"entities"}),
    ("15-tep-ngoai.docx", lambda: docx_with(word__document_xml=OUTSIDE), {"entities"}),
    ("15b-tep-ngoai-utf-16.docx", lambda: docx_with(word__document_xml=OUTSIDE.decode().encode("utf-16")),
     {"entities"}),
    ("15c-sau-chu-thich.docx", lambda: docx_with(word__document_xml=ASIDE), {"entities"}),
    ("16-thieu-phan.docx", lambda: archive({"[Content_Types].xml": CONTENT_TYPES, "word/document.xml": b"<a/>"}),
     {"damaged"}),
    ("17-mat-khau.docx", lambda: ole("EncryptedPackage", "EncryptionInfo"), {"encrypted"}),
    ("18-long-sau.docx", lambda: docx_with(word__document_xml=DEEP), {"damaged", "too_deep", "crashed"}),
    ("19-rac.doc", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + os.urandom(4000), {"damaged"}),
    ("20-rong.doc", lambda: ole("WordDocument"), {"damaged", "no_program", "empty"}),
    ("21-hong.rtf", lambda: b"{\\rtf1\\ansi" + b"{\\x" * 5000, {"damaged", "no_program", "empty"}),
    ("22-thuc-the.odt", lambda: archive({"mimetype": ODT, "content.xml": ENTITIES}),
     {"entities"}),
    ("23-hong.odt", lambda: archive({"mimetype": ODT, "content.xml": b"<a"}),
     {"damaged", "no_program"}),
    ("24-bang.xlsx", lambda: archive({"[Content_Types].xml": CONTENT_TYPES, "xl/workbook.xml": b"<a/>"}),
     {"unsupported"}),
    ("25-chieu.pptx", lambda: archive({"[Content_Types].xml": CONTENT_TYPES, "ppt/presentation.xml": b"<a/>"}),
     {"unsupported"}),
    ("26-bang.xls", lambda: ole("Workbook"), {"unsupported"}),
    ("27-nen.rar", lambda: b"Rar!\x1a\x07\x00" + os.urandom(900), {"unsupported"}),
    ("28-nen.7z", lambda: b"7z\xbc\xaf\x27\x1c" + os.urandom(900), {"unsupported"}),
    ("29-chay.exe", lambda: b"MZ\x90\x00\x03\x00" + os.urandom(900), {"unsupported"}),
    ("30-chay.pdf", lambda: b"\x7fELF\x02\x01\x01" + os.urandom(900), {"unsupported"}),
    ("31-cut.png", lambda: png(2000, 2000, b"\0" * 90)[:60], {"damaged", "no_ocr", "no_text"}),
    ("32-bom.png", lambda: png(60_000, 60_000, zeros(60_001 * 8)), {"bomb", "no_ocr"}),
    ("33-hong.jpg", lambda: b"\xff\xd8\xff\xe0" + os.urandom(900), {"damaged", "no_ocr"}),
    ("34-script.html", lambda: b"<html><body><script>document.write('x')</script></body></html>", {"empty"}),
    ("35-long-sau.html", lambda: b"<html><body>" + b"<div>" * 100_000 + b"</body></html>", {"empty", "damaged"}),
    ("36-thuc-the.xml", lambda: b'<?xml version="1.0"?><?mso-application progid="Word.Document"?>' + ENTITIES[21:],
     {"entities"}),
    ("37-cut.zip", lambda: archive({"a.txt": os.urandom(4000)})[:3000], {"damaged", "archive"}),
    ("38-bom.zip", lambda: archive({f"{n}.txt": zeros(200 * 2**20) for n in range(3)}), {"bomb"}),
    ("40-rong.zip", lambda: archive({}), {"empty"}),
    ("41-am-thanh.mp3", lambda: b"ID3\x04" + os.urandom(900), {"unsupported"}),
    ("42-thu.msg", lambda: ole("__properties_version1.0"), {"unsupported"}),
    ("43-anh.heic", lambda: b"\0\0\0\x18ftypheic" + os.urandom(900), {"unsupported"}),
    ("44-dau-mat.txt", lambda: ("UBND TỈNH LÂM SƠN\nSố: 07/BC-UBND\nMẬT\nBÁO CÁO\nVề một việc\n" + PLAN).encode(),
     {"secret"}),
]  # fmt: skip

INSIDE: list[Case] = [
    ("39-noi-doi.zip!/a.txt", lying_zip, {"bomb", "damaged"}),
    ("50-leo.zip!/ra-ngoai.txt", lambda: archive({"../../ra-ngoai.txt": PLAN.encode(), "tot.txt": PLAN.encode()}),
     {"traversal"}),
    ("51-goc.zip!/tmp/ra-ngoai.txt", lambda: archive({"/tmp/ra-ngoai.txt": PLAN.encode(), "tot1.txt": PLAN.encode()}),
     {"traversal"}),
    ("52-khoa.zip!/khoa.txt", lambda: archive({"khoa.txt": PLAN.encode()}, flags=1), {"encrypted"}),
    ("53-lien-ket.zip!/vao.txt", lambda: archive({"vao.txt": b"/etc/passwd"}, mode=stat.S_IFLNK | 0o777), {"link"}),
]  # fmt: skip
"""Entries of archives that must be left out: the archive beside it is made under the name before the mark."""


def fill(folder: Path) -> dict[str, set[str]]:
    """Writes all of them; what each name's code must be one of."""
    folder.mkdir(parents=True, exist_ok=True)
    expected = {}
    for name, make, codes in BAD:
        (folder / name).write_bytes(make())
        expected[name] = codes
    for name, make, codes in INSIDE:
        (folder / name.partition("!/")[0]).write_bytes(make())
        expected[name] = codes
    (folder / "60-vong").symlink_to(folder)
    (folder / "61-dut.txt").symlink_to(folder / "khong-co.txt")
    (folder / "62-tu-vong.txt").symlink_to(folder / "62-tu-vong.txt")
    os.mkfifo(folder / "63-ong.txt")
    expected |= {"60-vong": {"loop"}, "61-dut.txt": {"unreadable"}, "62-tu-vong.txt": {"unreadable"}}
    expected |= {"63-ong.txt": {"special"}}
    return expected


GOOD: list[tuple[str, Callable[[], bytes]]] = [
    ("80-ke-hoach.txt", lambda: PLAN.encode()),
    ("81-crlf-bom.txt", lambda: b"\xef\xbb\xbf" + PLAN.replace("\n", "\r\n").replace("2024", "2021").encode()),
    ("82-macro.docm", lambda: docx_with(word__vbaProject_bin=b"macro")),
    ("83-mau-ngoai.docx", lambda: docx_with(word___rels__settings_xml_rels=(
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
        b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate" '
        b'Target="http://203.0.113.7/mau.dotm" TargetMode="External"/></Relationships>'))),
    ("84-ke-hoach.pdf", lambda: pdf_of(PLAN.replace("2024", "2022"))),
    ("85-nen.zip", lambda: archive({"trong/ke-hoach.txt": PLAN.replace("2024", "2023").encode()})),
    ("86-sau.zip", lambda: nested_zip(2)),
    ("87-bi-mat-nha-nuoc.txt", lambda: (
        "UBND TỈNH LÂM SƠN\nSố: 08/KH-UBND\nKẾ HOẠCH\nTriển khai Luật Bảo vệ bí mật nhà nước năm 2024\n"
        + PLAN).encode()),
]  # fmt: skip

__all__ = ["BAD", "GOOD", "INSIDE", "PLAN", "archive", "docx_with", "fill", "pictures_of", "zip_of_names"]

"""Which format a file's bytes are in, by their content; the name is never asked."""

from __future__ import annotations

import io
import re
import zipfile

from ingest.readers import ole

__all__ = [
    "ARCHIVE",
    "DOC",
    "DOCX",
    "HTML",
    "IMAGES",
    "LABELS",
    "MHTML",
    "ODT",
    "PDF",
    "PROTECTED",
    "RTF",
    "TEXT",
    "UNREADABLE",
    "WORD_XML",
    "media_type_of",
]

TEXT = "text/plain"
PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
DOC = "application/msword"
ODT = "application/vnd.oasis.opendocument.text"
RTF = "application/rtf"
HTML = "text/html"
MHTML = "multipart/related"
WORD_XML = "application/xml"
"""One XML file that holds a document: Word 2003 XML, flat OPC, flat ODT."""
ARCHIVE = "application/zip"
PROTECTED = "application/encrypted"
"""An Office file behind a password."""

IMAGES = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF8": "image/gif",
    b"II*\x00": "image/tiff",
    b"MM\x00*": "image/tiff",
}

LABELS = {
    TEXT: "TXT", "text/markdown": "MD", PDF: "PDF", DOCX: "DOCX", DOC: "DOC", ODT: "ODT", RTF: "RTF", HTML: "HTML",
    MHTML: "MHTML", WORD_XML: "XML", ARCHIVE: "ZIP", "image/png": "PNG", "image/jpeg": "JPEG", "image/gif": "GIF",
    "image/tiff": "TIFF", "image/bmp": "BMP", "image/webp": "WEBP",
}  # fmt: skip
"""Short names for reports."""

# Formats that are recognised but not read: (what it is, what the person can do).
UNREADABLE: dict[str, tuple[str, str]] = {
    "application/vnd.ms-excel": ("bảng tính Excel", "lưu nội dung văn bản thành .docx rồi nạp lại"),
    "application/vnd.ms-powerpoint": ("tệp trình chiếu", "lưu nội dung văn bản thành .docx rồi nạp lại"),
    "application/vnd.ms-outlook": ("thư Outlook hoặc tệp Office khác", "lưu tệp đính kèm ra thư mục rồi nạp lại"),
    "application/vnd.oasis.opendocument": ("bảng tính hoặc trình chiếu", "lưu nội dung thành .docx rồi nạp lại"),
    "application/x-compressed": ("tệp nén không phải ZIP", "giải nén rồi nạp các tệp bên trong"),
    "application/epub+zip": ("sách điện tử EPUB", "chuyển thành PDF hoặc .docx rồi nạp lại"),
    "application/x-executable": ("chương trình máy tính", "kiểm tra lại nguồn của tệp; không mở tệp này"),
    "image/heic": ("ảnh HEIC của điện thoại", "chuyển thành JPEG hoặc PDF rồi nạp lại"),
    "audio-video": ("tệp âm thanh hoặc video", "bỏ tệp này khỏi thư mục nạp"),
}

_COMPRESSED = (b"Rar!\x1a", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00", b"\x28\xb5\x2f\xfd")
_EXECUTABLE = (b"\x7fELF", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe")
_SOUND = (b"ID3", b"OggS", b"\x1aE\xdf\xa3", b"fLaC")
_PAGE = re.compile(
    r"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--[^>]{0,2000}-->\s*){0,5}"
    r"<(?:!doctype\s+html|html|head|body|meta|title|style|div|table|p|font|center|span)\b",
    re.I,
)
_WHOLE_PAGE = re.compile(r"<(?:!doctype\s+html|html|body)\b", re.I)
_WORD_ROOT = re.compile(r"<\?mso-application\s+progid=\"Word|<w:wordDocument\b|<pkg:package\b|<office:document\b")
_MAIL_HEAD = re.compile(rb"(?:[\w-]+:[^\n]*\r?\n(?:[ \t][^\n]*\r?\n)*)*?Content-Type:\s*multipart/related", re.I)


def media_type_of(data: bytes) -> str:
    """The media type: "application/pdf" for bytes that start with "%PDF-"; what nothing claims is "text/plain"."""
    head = data[:1024]
    if data.startswith(b"PK\x03\x04") or data.startswith(b"PK\x05\x06"):
        return _zip_type(data)
    if data.startswith(ole.MAGIC):
        return _ole_type(data)
    for magic, kind in IMAGES.items():
        if head.startswith(magic):
            return kind
    if head[:2] == b"BM" and head[6:10] == b"\x00\x00\x00\x00":
        return "image/bmp"
    if head[:4] == b"RIFF":
        return "image/webp" if head[8:12] == b"WEBP" else "audio-video"
    if head[4:8] == b"ftyp":
        return "image/heic" if head[8:12] in (b"heic", b"heix", b"mif1", b"hevc", b"avif") else "audio-video"
    if head.startswith(_COMPRESSED) or data[257:262] == b"ustar":
        return "application/x-compressed"
    if head.startswith(_EXECUTABLE) or (head[:2] == b"MZ" and b"\x00" in head):
        return "application/x-executable"
    if head.startswith(_SOUND):
        return "audio-video"
    if head.lstrip(b"\xef\xbb\xbf\r\n\t ").startswith(b"{\\rtf"):
        return RTF
    if b"%PDF-" in head:
        return PDF
    return _text_type(data)


def _text_type(data: bytes) -> str:
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    head = data[:4096].decode(encoding, "replace")
    if "<" in head[:2048]:
        if _WORD_ROOT.search(head):
            return WORD_XML
        if _PAGE.match(head) and (_WHOLE_PAGE.search(head) or data.rstrip()[-1:] == b">"):
            return HTML
    if head[:2].isascii() and b"multipart/related" in data[:4096] and _MAIL_HEAD.match(data[:4096]):
        return MHTML
    return TEXT


def _ole_type(data: bytes) -> str:
    names = ole.stream_names(data)
    if "EncryptedPackage" in names:
        return PROTECTED
    if "WordDocument" in names:
        return PROTECTED if ole.doc_is_encrypted(data) else DOC
    if "Workbook" in names or "Book" in names:
        return "application/vnd.ms-excel"
    if "PowerPoint Document" in names:
        return "application/vnd.ms-powerpoint"
    return "application/vnd.ms-outlook" if names else DOC


def _zip_type(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
                kind = archive.read("mimetype").decode("ascii", "replace").strip()
                if kind == ODT or kind == ODT + "-template":
                    return ODT
                if kind.startswith("application/vnd.oasis.opendocument"):
                    return "application/vnd.oasis.opendocument"
                if kind in UNREADABLE:
                    return kind
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError, ValueError):
        # A broken archive whose first entry is a Word part is a damaged .docx: its reader says so.
        return DOCX if b"[Content_Types].xml" in data[:4096] or b"word/" in data[:4096] else ARCHIVE
    if "word/document.xml" in names or any(name.startswith("word/document") for name in names):
        return DOCX
    if any(name.startswith("xl/") for name in names):
        return "application/vnd.ms-excel"
    if any(name.startswith("ppt/") for name in names):
        return "application/vnd.ms-powerpoint"
    return ARCHIVE

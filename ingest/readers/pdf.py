"""PDF with a text layer, read page by page with pypdfium2."""

from __future__ import annotations

from pathlib import Path

from kg.errors import MissingDependency, ReadError, RefusedFile
from kg.model import Issue, SourceText

__all__ = ["read_pdf"]

# pdfium marks a hyphen at a line end with one of these; Vietnamese never splits a word, so it is a printed hyphen.
_LINE_HYPHENS = ("\ufffe", "\x02")


def read_pdf(data: bytes, name: str, sha256: str) -> SourceText:
    """The text layer of a PDF, pages joined by a line break, ``page_starts`` telling them apart.

    Raises ``ReadError`` "damaged" or "no_text" (a scan without text layer), ``RefusedFile`` "encrypted".
    """
    try:
        import pypdfium2 as pdfium
    except ImportError as exc:  # pragma: no cover - a base dependency
        raise MissingDependency("Chưa cài thư viện đọc PDF (pypdfium2). Đề nghị chạy: pip install pypdfium2") from exc
    short = Path(name).name or name
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as exc:
        if "password" in str(exc).lower():
            raise RefusedFile(
                f"Tệp “{short}” được đặt mật khẩu. Đề nghị bỏ mật khẩu rồi nạp lại.", code="encrypted"
            ) from exc
        raise _damaged(short, exc) from exc
    pages: list[str] = []
    try:
        for index in range(len(document)):
            page = document[index]
            text_page = page.get_textpage()
            pages.append(text_page.get_text_range(errors="replace"))
            text_page.close()
            page.close()
    except pdfium.PdfiumError as exc:
        raise _damaged(short, exc) from exc
    finally:
        document.close()
    empty = [number for number, page_text in enumerate(pages, 1) if not page_text.strip()]
    if len(empty) == len(pages):
        raise ReadError(
            f"Tệp “{short}” không có lớp văn bản (bản quét). Đề nghị nhận dạng chữ (OCR) thành PDF có văn bản "
            "hoặc nạp bản .docx.",
            code="no_text",
        )
    starts: list[int] = []
    offset = 0
    for number, page_text in enumerate(pages):
        starts.append(offset)
        for mark in _LINE_HYPHENS:
            if mark in page_text:
                page_text = page_text.replace(mark, "-")
        pages[number] = page_text.replace("\x00", " ")
        offset += len(pages[number]) + 1
    issues: tuple[Issue, ...] = ()
    if empty:
        some = ", ".join(map(str, empty[:10])) + (" …" if len(empty) > 10 else "")
        issues = (Issue("warning", "page_without_text", f"{len(empty):02d} trang không có lớp văn bản.", some),)
    return SourceText(
        name,
        "application/pdf",
        sha256,
        "\n".join(pages),
        tuple(starts),
        page_confidence=(None,) * len(pages),
        issues=issues,
    )


def _damaged(short: str, cause: Exception) -> ReadError:
    return ReadError(
        f"Tệp “{short}” bị hỏng hoặc không phải PDF hợp lệ ({cause}). Đề nghị lấy lại tệp gốc rồi nạp lại.",
        code="damaged",
    )

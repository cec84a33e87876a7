"""One page of a file as a PNG, to be shown beside what was read from it."""

from __future__ import annotations

import io

from ingest.readers import content
from ingest.readers.ocr import as_png
from ingest.readers.pdfpages import draw, open_pdf, show_widgets
from kg.errors import ReadError

__all__ = ["MAX_DPI", "draw_page"]

MAX_DPI = 400
_MAX_SIDE = 6_000


def draw_page(data: bytes, page: int, dpi: int, short: str) -> bytes:
    """Page ``page`` (from 1) of a PDF or a picture file as PNG, with everything stamped on it.

    Raises ``ReadError``: "no_page" (there is none of that number), "unsupported" (the format has no pages), "damaged".
    """
    kind = content.media_type_of(data)
    dpi = max(36, min(dpi, MAX_DPI))
    if kind == content.PDF:
        return _pdf_page(data, page, dpi, short)
    if kind.startswith("image/") and kind not in content.UNREADABLE:
        return _picture(data, page, short)
    raise ReadError(f"Tệp “{short}” không có trang in; chỉ PDF và ảnh có hình trang.", code="unsupported")


def _pdf_page(data: bytes, page: int, dpi: int, short: str) -> bytes:
    pdf = open_pdf(data, short)
    try:
        if not 1 <= page <= len(pdf):
            raise _no_page(short, page, len(pdf))
        if not pdf.init_forms() and b"/Widget" in data:
            pdf.close()
            pdf = open_pdf(show_widgets(data), short)
        return as_png(draw(pdf[page - 1], dpi))
    finally:
        pdf.close()


def _picture(data: bytes, page: int, short: str) -> bytes:
    from PIL import Image as images
    from PIL import ImageOps

    images.MAX_IMAGE_PIXELS = None  # the reader has its own limit, and this picture passed it
    try:
        with images.open(io.BytesIO(data)) as opened:
            frames = int(getattr(opened, "n_frames", 1))
            if not 1 <= page <= frames:
                raise _no_page(short, page, frames)
            opened.seek(page - 1)
            shown = ImageOps.exif_transpose(opened)
            shown.thumbnail((_MAX_SIDE, _MAX_SIDE))
            return as_png(shown.convert("RGB"))
    except (OSError, ValueError, SyntaxError) as error:
        raise ReadError(f"Ảnh “{short}” bị hỏng, không vẽ được.", code="damaged") from error


def _no_page(short: str, page: int, pages: int) -> ReadError:
    return ReadError(f"Tệp “{short}” có {pages:02d} trang, không có trang {page}.", code="no_page")

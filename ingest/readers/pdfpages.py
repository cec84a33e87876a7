"""Opening PDFs and drawing their pages, with what was stamped on them (pypdfium2)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeAlias

from ingest.readers.ocr import on_white
from kg.errors import MissingDependency, ReadError, RefusedFile

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["Box", "Pdf", "annotation_boxes", "draw", "image_boxes", "open_pdf", "picture_at", "show_widgets"]

Pdf: TypeAlias = Any
"""A ``pypdfium2.PdfDocument``: the library brings no types."""

Box: TypeAlias = tuple[float, float, float, float]
"""Left, bottom, right, top in points; the page's lower left corner is (0, 0)."""

_MAX_PIXELS = 60_000_000
_WIDGET = 20


def open_pdf(data: bytes, short: str) -> Pdf:
    """The PDF in ``data``. Raises ``ReadError`` "damaged", ``RefusedFile`` "encrypted"; ``short`` names the file."""
    try:
        import pypdfium2 as pdfium
    except ImportError as exc:  # pragma: no cover - a base dependency
        raise MissingDependency("Chưa cài thư viện đọc PDF (pypdfium2). Đề nghị chạy: pip install pypdfium2") from exc
    try:
        return pdfium.PdfDocument(data)
    except pdfium.PdfiumError as exc:
        if "password" in str(exc).lower() or "security" in str(exc).lower():
            raise RefusedFile(
                f"Tệp “{short}” được đặt mật khẩu. Đề nghị bỏ mật khẩu rồi nạp lại.", code="encrypted"
            ) from exc
        raise ReadError(
            f"Tệp “{short}” bị hỏng hoặc không phải PDF hợp lệ. Đề nghị lấy lại tệp gốc rồi nạp lại.",
            code="damaged",
        ) from exc


def show_widgets(data: bytes) -> bytes:
    """The same file with form fields turned into stamps, so that they are drawn where the file lists no form.

    Portals that rewrite signed files lose the list of fields; viewers still show what was stamped. Both words have the
    same length, so no offset in the file moves.
    """
    return re.sub(rb"/Subtype\s*/Widget\b", lambda match: match[0].replace(b"/Widget", b"/Stamp "), data)


def draw(page: Any, dpi: float, *, stamped: bool = True) -> Image:
    """The page as a picture; without ``stamped`` as it was before anybody stamped or signed it.

    The document's form must be set up (``init_forms``) before the page is loaded, else fields are not drawn.
    """
    width, height = page.get_size()
    scale = dpi / 72
    if width * height * scale * scale > _MAX_PIXELS:  # a poster, or a hostile page size
        scale = (_MAX_PIXELS / max(width * height, 1.0)) ** 0.5
    bitmap = page.render(scale=scale, draw_annots=stamped, may_draw_forms=stamped, rev_byteorder=True)
    picture: Image = bitmap.to_pil()
    return picture


def image_boxes(page: Any) -> list[Box]:
    """Where pictures stand on a page."""
    import pypdfium2.raw as raw

    found = []
    for item in page.get_objects(filter=(raw.FPDF_PAGEOBJ_IMAGE,), max_depth=3):
        left, bottom, right, top = item.get_bounds()
        found.append((left, bottom, right, top))
    return found


def picture_at(page: Any, box: Box) -> Image | None:
    """The picture that stands at ``box``, in grey on white and without what the page writes over it."""
    import pypdfium2 as pdfium
    import pypdfium2.raw as raw

    for item in page.get_objects(filter=(raw.FPDF_PAGEOBJ_IMAGE,), max_depth=3):
        if any(abs(one - other) > 0.5 for one, other in zip(item.get_bounds(), box, strict=True)):
            continue
        try:
            return on_white(item.get_bitmap(render=True, scale_to_original=True).to_pil())
        except (pdfium.PdfiumError, ValueError, MemoryError):
            return None
    return None


def annotation_boxes(page: Any) -> list[tuple[Box, bool]]:
    """Where annotations stand on a page, and whether each is a form field (as signatures are)."""
    import pypdfium2.raw as raw

    found = []
    for index in range(min(raw.FPDFPage_GetAnnotCount(page), 500)):
        annotation = raw.FPDFPage_GetAnnot(page, index)
        try:
            rectangle = raw.FS_RECTF()
            if raw.FPDFAnnot_GetRect(annotation, rectangle):
                sides = (rectangle.left, rectangle.right), (rectangle.bottom, rectangle.top)
                box = (min(sides[0]), min(sides[1]), max(sides[0]), max(sides[1]))
                if box[2] - box[0] > 2 and box[3] - box[1] > 2:
                    found.append((box, raw.FPDFAnnot_GetSubtype(annotation) == _WIDGET))
        finally:
            raw.FPDFPage_CloseAnnot(annotation)
    return found

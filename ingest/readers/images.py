"""Scans and photographs (PNG, JPEG, TIFF of many pages, …) read by OCR."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.readers import ocr
from ingest.readers.ocrpage import read_pages
from ingest.readers.ocrtext import PageText
from ingest.readers.progress import Tell, quietly
from kg.errors import ReadError, RefusedFile
from kg.model import Issue, SourceText

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["UNSURE", "of_pages", "read_image", "read_pictures"]

MAX_PIXELS = 150_000_000
"""A0 at 200 dpi; a page has nine million at 300 dpi."""
MAX_FRAMES = 1_000
_SMALLEST = 250
"""Pixels of the shorter side under which a picture holds no page."""
UNSURE = 0.70
"""Under this mean confidence a person should look at the page."""


def read_image(data: bytes, name: str, sha256: str, *, media_type: str, tell: Tell = quietly) -> SourceText:
    """The text in a picture file, one page per frame. Raises ``ReadError`` "damaged", "no_text", "no_ocr"."""
    return read_pictures([data], name, sha256, media_type=media_type, tell=tell, smallest=1)


def read_pictures(
    pictures: Sequence[bytes],
    name: str,
    sha256: str,
    *,
    media_type: str,
    issues: tuple[Issue, ...] = (),
    tell: Tell = quietly,
    smallest: int = _SMALLEST,
) -> SourceText:
    """The text in pictures of pages, in order; those too small for a page are left out."""
    short = Path(name).name or name
    if not ocr.is_available():
        raise ocr.no_ocr(short, "chỉ có ảnh chụp văn bản")
    pages: list[PageText] = []
    total = len(pictures)

    def large() -> Iterator[Image]:
        nonlocal total
        for picture in pictures:
            for frame, frames in _frames(picture, short):
                total = max(total, frames)
                if min(frame.size) >= smallest:
                    yield frame

    try:
        for page in read_pages(large()):
            pages.append(page)
            tell("Nhận dạng chữ", len(pages), max(total, len(pages)))
    except ReadError:
        raise
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        raise ReadError(
            f"Ảnh “{short}” bị hỏng hoặc thiếu dữ liệu. Đề nghị quét hoặc chụp lại rồi nạp lại.",
            code="damaged",
        ) from error
    return of_pages(pages, name, sha256, media_type=media_type, issues=issues)


def _frames(data: bytes, short: str) -> Iterator[tuple[Image, int]]:
    from PIL import Image as images
    from PIL import ImageOps, UnidentifiedImageError

    images.MAX_IMAGE_PIXELS = None  # our own limit below is told in plain words
    try:
        image = images.open(io.BytesIO(data))
    except UnidentifiedImageError as error:
        raise OSError("không phải ảnh hợp lệ") from error
    with image:
        frames = int(getattr(image, "n_frames", 1))
        if frames > MAX_FRAMES:
            raise RefusedFile(f"Ảnh “{short}” có {frames} trang, quá nhiều. Đề nghị tách tệp.", code="bomb")
        for index in range(frames):
            image.seek(index)
            if image.width * image.height > MAX_PIXELS:
                raise RefusedFile(
                    f"Ảnh “{short}” quá lớn ({image.width} × {image.height} điểm). Đề nghị quét lại ở 300 dpi.",
                    code="bomb",
                )
            yield ImageOps.exif_transpose(image), frames


def of_pages(
    pages: Iterable[PageText], name: str, sha256: str, *, media_type: str, issues: tuple[Issue, ...] = ()
) -> SourceText:
    """Read pages as one text with the confidence of each. Raises ``ReadError`` "no_text" when nothing was read."""
    read = list(pages)
    short = Path(name).name or name
    if not any(page.text.strip() for page in read):
        raise ReadError(
            f"Tệp “{short}” là ảnh nhưng không nhận dạng được chữ nào. Đề nghị quét lại rõ hơn (300 dpi) rồi nạp lại.",
            code="no_text",
        )
    starts = []
    offset = 0
    for page in read:
        starts.append(offset)
        offset += len(page.text) + 1
    unsure = [number for number, page in enumerate(read, 1) if page.confidence < UNSURE]
    if unsure:
        some = ", ".join(map(str, unsure[:10])) + (" …" if len(unsure) > 10 else "")
        message = f"Nhận dạng chữ kém tin cậy ở {len(unsure):02d} trang (trang {some}); đề nghị kiểm tra."
        issues = (*issues, Issue("warning", "unsure_ocr", message, some))
    return SourceText(
        name,
        media_type,
        sha256,
        "\n".join(page.text for page in read),
        tuple(starts) or (0,),
        page_confidence=tuple(page.confidence for page in read),
        issues=issues,
    )

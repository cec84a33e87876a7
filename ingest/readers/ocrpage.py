"""One page picture → its text: made upright, grey and large enough, then read by OCR."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

from ingest.readers import ocr
from ingest.readers.marks import MARK_HEAD, mark_on_page
from ingest.readers.ocr import DPI, Word, as_png, on_white, recognise, turn_of
from ingest.readers.ocrlooks import second_look
from ingest.readers.ocrtext import PageText, page_text
from ingest.readers.syllables import score

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["evened", "read_first_page", "read_page", "read_pages", "skew_of", "without_specks"]

_A4_WIDTH, _A4_HEIGHT = 8.27, 11.69
_MOST_SKEW = 6.0
_LIGHT, _DIM = 200, 40
"""Paper lighter than this everywhere is even; darker than this is none."""
_SPECKS = 60
"""Specks from which on a page is dirty."""
_FINE = 140.0
"""Dots to the inch from which on the dot of an accent is larger than a speck."""
_PAPER, _DARK, _REACH = 225, 140, 2
_SPECK_INK = 2 * _PAPER
_LEAST_SKEW = 0.25
"""Degrees; tesseract follows a line that is askew by less."""


def read_page(image: Image, *, mode: int = 3) -> PageText:
    """The text of a page picture in any mode and size; turned when it lies on its side or stands on its head."""
    return _upright(image, mode)[0]


def read_first_page(image: Image, *, head: float = MARK_HEAD) -> PageText:
    """The same of a first page, where a secrecy mark may be stamped: it comes as the first line of the text.

    ``head`` is the share of the picture in which a mark is looked for.
    """
    found, picture, upright, words = _upright(image, 3)
    if mark := mark_on_page(picture, upright, words, head=head):
        return replace(found, text=f"{mark}\n\n{found.text}")
    return found


def _upright(image: Image, mode: int) -> tuple[PageText, Image, Image, list[Word]]:
    """The text of a page, its picture turned as it was read, the same as OCR read it, and the words of it."""
    upright = _prepared(image)
    words = recognise(as_png(upright), dpi=DPI, mode=mode)
    found = page_text(second_look(upright, words))
    if _reads_badly(found) and (turn := turn_of(as_png(upright))):
        turned = upright.rotate(-turn, expand=True, fillcolor=255)
        again = recognise(as_png(turned), dpi=DPI, mode=mode)
        other = page_text(second_look(turned, again))
        if other.confidence > found.confidence:
            return other, image.rotate(-turn, expand=True), turned, again
    return found, image, upright, words


def read_pages(images: Iterable[Image], *, first: bool = True) -> Iterator[PageText]:
    """The text of each picture in order, ``ocr.pages_at_once`` of them beside each other; ``first``: the first of them
    is page one.

    Pictures are taken as there is room, and always in the caller's thread: pdfium draws in one only.
    """
    if ocr.pages_at_once < 2:
        for index, image in enumerate(images):
            yield read_page(image) if index or not first else read_first_page(image)
        return
    with ThreadPoolExecutor(ocr.pages_at_once, "ocr") as pool:
        waiting: deque[Future[PageText]] = deque()
        try:
            for index, image in enumerate(images):
                waiting.append(pool.submit(read_page if index or not first else read_first_page, image))
                if len(waiting) > ocr.pages_at_once:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


def _reads_badly(found: PageText) -> bool:
    return found.words >= 8 and (found.confidence < 0.55 or score(found.text).share < 0.5)


def _prepared(image: Image) -> Image:
    from PIL import Image as images

    grey = evened(on_white(image))
    # A page is taken to be A4: the resolution that a file states is wrong more often than that.
    longer, shorter = max(grey.size), min(grey.size)
    dpi = min(longer / _A4_HEIGHT, shorter / _A4_WIDTH)
    if dpi >= _FINE:
        grey = without_specks(grey)
    if dpi < 0.8 * DPI or dpi > 1.5 * DPI:
        factor = min(DPI / max(dpi, 1.0), 3.0)
        size = (max(round(grey.width * factor), 1), max(round(grey.height * factor), 1))
        grey = grey.resize(size, images.Resampling.LANCZOS if factor > 1 else images.Resampling.BOX)
    angle = skew_of(grey)
    if abs(angle) >= _LEAST_SKEW:
        grey = grey.rotate(angle, resample=images.Resampling.BICUBIC, expand=True, fillcolor=255)
    return grey


def evened(grey: Image) -> Image:
    """The page on white paper: a photograph has shades, and what is darker than half of its light side is no ink.

    The paper around each spot is the lightest of its neighbourhood. An evenly light page comes back as it is.
    """
    import numpy as np
    from PIL import Image as images
    from PIL import ImageFilter

    step = max(min(grey.size) // 120, 1)
    paper = grey.reduce(step).filter(ImageFilter.MaxFilter(9)).filter(ImageFilter.GaussianBlur(4))
    shades = np.percentile(np.asarray(paper), (2, 50))
    if shades[0] >= _LIGHT or shades[1] < _DIM:  # a picture of the night, a slide of light letters
        return grey
    ground = np.asarray(paper.resize(grey.size, images.Resampling.BILINEAR)).astype(np.float32)
    light = np.asarray(grey) * (255.0 / np.maximum(ground, _DIM))
    return images.fromarray(np.minimum(light, 255).astype(np.uint8))


def without_specks(grey: Image) -> Image:
    """Without the dirt of a copier: spots of a pixel or two that stand alone, which OCR reads as marks of letters.

    What counts is all the ink in a small window: the thinnest dot of an accent has twice as much, at 150 dpi and faded
    too. A clean page comes back as it is.
    """
    import numpy as np
    from PIL import Image as images

    pixels = np.asarray(grey)
    ink = np.pad(np.clip(_PAPER - pixels.astype(np.int32), 0, None), _REACH)
    sums = np.pad(ink.cumsum(axis=0).cumsum(axis=1), ((1, 0), (1, 0)))
    side = 2 * _REACH + 1
    around = sums[side:, side:] - sums[:-side, side:] - sums[side:, :-side] + sums[:-side, :-side]
    rows, columns = np.nonzero((pixels < _DARK) & (around < _SPECK_INK))
    if len(rows) < _SPECKS:
        return grey
    cleaned = pixels.copy()
    for down in range(-_REACH, _REACH + 1):  # with the grey around them, which scanners and JPEG make
        for right in range(-_REACH, _REACH + 1):
            cleaned[(rows + down).clip(0, len(cleaned) - 1), (columns + right).clip(0, cleaned.shape[1] - 1)] = 255
    return images.fromarray(cleaned)


def skew_of(grey: Image) -> float:
    """By how many degrees the lines of a page climb to the right: turning it counter-clockwise by the answer levels it.

    Level lines gather the ink of a page in few rows; the angle that gathers it best is the answer.
    """
    import numpy as np

    small = grey.reduce(max(grey.width // 800, 1))
    pixels = np.asarray(small)
    threshold = min(float(pixels.mean()) - 20.0, 160.0)
    rows, columns = np.nonzero(pixels < threshold)
    if len(rows) < 200 or len(rows) > 0.4 * pixels.size:
        return 0.0
    if len(rows) > 60_000:
        step = len(rows) // 60_000 + 1
        rows, columns = rows[::step], columns[::step]

    def gathered(angle: float) -> float:
        slope = np.tan(np.radians(angle))
        places = (rows - columns * slope + pixels.shape[1]).astype(np.int64)
        counts = np.bincount(places)
        return float((counts.astype(np.float64) ** 2).sum())

    coarse = max(np.arange(-_MOST_SKEW, _MOST_SKEW + 0.01, 0.5), key=gathered)
    fine = max(np.arange(coarse - 0.5, coarse + 0.51, 0.1), key=gathered)
    # A page without lines (a picture, a stamp) gathers its ink at no angle better than at any other.
    return round(float(fine), 2) if gathered(float(fine)) > 1.05 * gathered(0.0) else 0.0

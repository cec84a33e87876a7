"""A secrecy mark stamped on page one of a scan: looked for apart from the text, which it overlaps and OCR loses.

Two things give a stamp away: red ink, where the scan has colours, and ink that no word was read in. Each spot of such
ink in the head of the page is cut out, levelled, freed of its frame and read alone; only the words of a mark count.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

from ingest.readers.ocr import DPI, Word, as_png, recognise
from ingest.secrecy import stamped_mark

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["MARK_HEAD", "mark_in", "mark_on_page"]

MARK_HEAD = 0.45
"""Share of the page above which a mark stands."""
_RED = 40
"""How much more red than green and blue the ink of a stamp is, faded too."""
_DARK = 170
_BLACK = 45
"""Print is darker than this, the grey of red ink is not."""
_CELL = 10
"""Pixels; ink that is nearer than two cells belongs together."""
_SURE = 70.0
"""Words read with less confidence may be a stamp over a word."""
_HIGH, _WIDE = (4, 28), (12, 100)
"""Cells that a stamp is high and wide, at least and at most."""
_MOST = 6
_LETTERS = 16
_ANGLES = range(-14, 15, 2)
_HEIGHTS = (64, 48)
"""Pixels to which a stamp's letters and frame are scaled for a look."""


def mark_on_page(picture: Image, upright: Image, words: Sequence[Word], *, head: float = MARK_HEAD) -> str | None:
    """The mark stamped in the ``head`` of a page, a share of it ("MẬT", …), or None.

    ``picture`` is the page as it came, ``upright`` the same as OCR read it, grey, and ``words`` what was read there.
    """
    for cut in chain(_red_spots(_top(picture, head)), _unread_spots(_top(upright, head), words)):
        if mark := mark_in(cut):
            return mark
    return None


def _top(picture: Image, share: float) -> Image:
    return picture.crop((0, 0, picture.width, int(share * picture.height)))


def mark_in(cut: Image) -> str | None:
    """The mark that a picture of a stamp shows, framed or askew or neither; None for any other stamp."""
    from PIL import Image as images
    from PIL import ImageOps

    level = _without_frame(_levelled(ImageOps.autocontrast(cut.convert("L"))))
    if level is None:
        return None
    for height in _HEIGHTS:
        size = (max(round(level.width * height / level.height), 1), height)
        framed = ImageOps.expand(level.resize(size, images.Resampling.LANCZOS), 20, 255)
        read = " ".join(word.text for word in recognise(as_png(framed), dpi=DPI, mode=7))
        if mark := stamped_mark(read):
            return mark
        if len(read) > _LETTERS:  # some other words: no second look makes a mark of them
            return None
    return None


def _red_spots(head: Image) -> Iterator[Image]:
    """Spots of red ink, black on white and alone, at the size that OCR reads."""
    import numpy as np
    from PIL import Image as images

    if head.mode not in ("RGB", "RGBA", "P", "CMYK"):
        return
    head = head.convert("RGB")
    factor = DPI * 8.27 / max(head.width, 1)
    if not 0.8 < factor < 1.25:
        head = head.resize((max(round(head.width * factor), 1), max(round(head.height * factor), 1)), images.Resampling.BILINEAR)  # fmt: skip  # noqa: E501
    red, green, blue = (np.asarray(band).astype(np.int16) for band in head.split())
    more = red - np.maximum(green, blue)
    if (more > _RED).mean() > 0.2:  # a red ground, or a photograph
        return
    ink = images.fromarray((255 - np.clip(more * 2, 0, 255)).astype(np.uint8))
    yield from map(ink.crop, _spots(ink, 255 - 2 * _RED))


def _unread_spots(head: Image, words: Sequence[Word]) -> Iterator[Image]:
    """Spots of ink in which no word was read, or one that nobody can be sure of."""
    from PIL import ImageDraw

    bare = head.copy()
    draw = ImageDraw.Draw(bare)
    for word in words:
        if word.confidence >= _SURE and word.top < head.height and word.height < 12 * _CELL:
            draw.rectangle((word.left - 2, word.top - 4, word.right + 2, word.bottom + 4), fill=255)
    for box in _spots(bare, _DARK):
        yield head.crop(box)  # with the words in it: the mark may be one of them, and its frame what is left
        yield bare.crop(box)
        yield _without_print(head.crop(box))


def _without_print(cut: Image) -> Image:
    """A stamp in a scan without colours: red ink became grey, print under it is black, and goes."""
    from PIL import Image as images
    from PIL import ImageFilter

    black = cut.point(lambda value: 255 * (value < _BLACK)).filter(ImageFilter.MaxFilter(3))
    return images.composite(images.new("L", cut.size, 255), cut, black)


def _spots(grey: Image, threshold: int) -> list[tuple[int, int, int, int]]:
    """Where something stands together in a picture that may be a stamp by its size."""
    import numpy as np

    pixels = np.asarray(grey)
    high, wide = pixels.shape[0] // _CELL, pixels.shape[1] // _CELL
    if not high or not wide:
        return []
    cells = (pixels[: high * _CELL, : wide * _CELL] < threshold).reshape(high, _CELL, wide, _CELL).sum(axis=(1, 3)) > 3
    return [
        (left * _CELL, top * _CELL, (right + 1) * _CELL, (bottom + 1) * _CELL)
        for top, left, bottom, right in _groups(cells)[:_MOST]
    ]


def _groups(cells: Any) -> list[tuple[int, int, int, int]]:
    """(top, left, bottom, right) of inked cells that touch or have one empty cell between them."""
    left_over = {(int(row), int(column)) for row, column in zip(*cells.nonzero(), strict=True)}
    found = []
    while left_over:
        todo = [left_over.pop()]
        rows, columns = [todo[0][0]], [todo[0][1]]
        while todo:
            row, column = todo.pop()
            for down in range(-2, 3):
                for across in range(-2, 3):
                    near = (row + down, column + across)
                    if near in left_over:
                        left_over.remove(near)
                        todo.append(near)
                        rows.append(near[0])
                        columns.append(near[1])
        box = (min(rows), min(columns), max(rows), max(columns))
        high, wide = box[2] - box[0] + 1, box[3] - box[1] + 1
        if _HIGH[0] <= high <= _HIGH[1] and max(1.2 * high, _WIDE[0]) <= wide <= _WIDE[1]:
            found.append(box)
    return sorted(found)


def _levelled(grey: Image) -> Image:
    """The stamp turned so that its lines lie level: at that angle its ink stands in the fewest rows."""
    import numpy as np

    small = grey.resize((200, max(round(200 * grey.height / max(grey.width, 1)), 1)))

    def gathered(angle: int) -> float:
        turned = 255.0 - np.asarray(small.rotate(angle, expand=True, fillcolor=255), dtype=np.float64)
        return float((turned.sum(axis=1) ** 2).sum())

    angle = max(_ANGLES, key=lambda one: (gathered(one), -abs(one)))
    return grey.rotate(angle, expand=True, fillcolor=255) if gathered(angle) > 1.05 * gathered(0) else grey


def _without_frame(grey: Image) -> Image | None:
    """The stamp's letters: lines along its edges wiped out, cut to what is left; None when nothing is."""
    import numpy as np
    from PIL import Image as images

    pixels = np.asarray(grey).copy()
    for _ in range(2):  # a double frame
        ink = pixels < _DARK
        rows, columns = np.nonzero(ink.sum(axis=1) > 1)[0], np.nonzero(ink.sum(axis=0) > 1)[0]
        if len(rows) < 8 or len(columns) < 8:
            return None
        pixels = pixels[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].copy()
        ink = pixels < _DARK
        high, wide = ink.shape
        for row in (*range(high // 4), *range(high - high // 4, high)):
            if ink[row].mean() > 0.6:
                pixels[max(row - 1, 0) : row + 2] = 255
        for column in (*range(min(wide // 6, high // 2)), *range(wide - min(wide // 6, high // 2), wide)):
            if ink[:, column].mean() > 0.75:
                pixels[:, max(column - 1, 0) : column + 2] = 255
    return images.fromarray(pixels)

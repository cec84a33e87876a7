"""Tesseract, the OCR program: a picture in, words with places and confidence out. It runs as a process of its own.

No file is written: the picture goes in through a pipe. Whether the program is there is asked once per process.
"""

from __future__ import annotations

import io
import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from kg.errors import ReadError

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = [
    "DPI",
    "PAGE_SECONDS",
    "Word",
    "as_png",
    "is_available",
    "no_ocr",
    "on_white",
    "pages_at_once",
    "recognise",
    "turn_of",
]

DPI = 300
"""What OCR is given: smaller letters lose their accents, larger ones only cost time."""

PAGE_SECONDS = 120.0
"""A page takes one to three seconds; a picture of noise takes long and says nothing."""

pages_at_once = 1
"""Pages of one file that are read beside each other; a worker sets it where cores would be idle (``ingest.worker``)."""

_LANGUAGE = "vie"


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a page: its box in pixels, confidence 0-100, and the block, paragraph and line it stands in."""

    text: str
    confidence: float
    left: int
    top: int
    right: int
    bottom: int
    place: tuple[int, int, int] = (0, 0, 0)

    @property
    def height(self) -> int:
        """Of the box, in pixels."""
        return self.bottom - self.top


@cache
def is_available() -> bool:
    """True when the program is installed with Vietnamese."""
    program = shutil.which("tesseract")
    if program is None:
        return False
    try:
        listed = subprocess.run([program, "--list-langs"], capture_output=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return _LANGUAGE in listed.stdout.decode("utf-8", "replace").split()


def no_ocr(short: str, what: str) -> ReadError:
    """The error for a file that OCR alone could read, where there is none."""
    return ReadError(
        f"Tệp “{short}” {what}, cần nhận dạng chữ (OCR) nhưng máy chưa có chương trình tesseract với tiếng Việt. "
        "Đề nghị cài gói tesseract-ocr và tesseract-ocr-vie rồi nạp lại.",
        code="no_ocr",
    )


def on_white(picture: Image) -> Image:
    """A picture in any mode in grey; where it lets the ground through, that is white."""
    from PIL import Image as images

    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        layer = picture.convert("RGBA")
        picture = images.new("RGBA", layer.size, "white")
        picture.alpha_composite(layer)
    return picture.convert("L")


def as_png(image: Image) -> bytes:
    """The picture's bytes for the OCR program and the browser."""
    stream = io.BytesIO()
    image.save(stream, "PNG", compress_level=1)
    return stream.getvalue()


def recognise(png: bytes, *, dpi: int = DPI, mode: int = 3, options: Sequence[str] = ()) -> list[Word]:
    """The words of a picture in the program's reading order; ``mode`` is its page segmentation (7: one line).

    An empty list for a picture without writing, and for one it cannot finish in ``PAGE_SECONDS``.
    """
    command = ["tesseract", "stdin", "stdout", "-l", _LANGUAGE, "--psm", str(mode), "--dpi", str(dpi), *options, "tsv"]
    done = _run(command, png)
    words = []
    for line in done.decode("utf-8", "replace").split("\n")[1:]:
        fields = line.split("\t")
        if len(fields) < 12 or fields[0] != "5" or not fields[11].strip():
            continue
        left, top, width, height = (int(value) for value in fields[6:10])
        words.append(
            Word(
                fields[11].strip(),
                max(float(fields[10]), 0.0),
                left,
                top,
                left + width,
                top + height,
                (int(fields[2]), int(fields[3]), int(fields[4])),
            )
        )
    return words


def turn_of(png: bytes) -> int:
    """By how many degrees (0, 90, 180, 270) the picture must be turned clockwise to stand upright; 0 when unsure."""
    done = _run(["tesseract", "stdin", "stdout", "--psm", "0"], png).decode("utf-8", "replace")
    said = dict(line.split(":", 1) for line in done.split("\n") if ":" in line)
    try:
        sure = float(said.get("Orientation confidence", "0")) >= 2.0
        return int(said.get("Rotate", "0")) % 360 if sure else 0
    except ValueError:
        return 0


def _run(command: Sequence[str], given: bytes) -> bytes:
    try:
        # One thread: files are read beside each other, and four threads are hardly faster than one.
        done = subprocess.run(
            command,
            input=given,
            capture_output=True,
            timeout=PAGE_SECONDS,
            check=False,
            env={**os.environ, "OMP_THREAD_LIMIT": "1"},
        )
    except subprocess.TimeoutExpired:
        return b""
    return done.stdout

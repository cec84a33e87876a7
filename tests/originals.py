"""Real files of the gazette and the law portals beside the checkout: what they say, and how far a scan errs."""

from __future__ import annotations

import datetime as dt
import io
import shutil
import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import making
from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from kg.model import Document

__all__ = ["KNOWN", "error_of_paragraphs", "files", "pages_of", "printed"]

_ASSEMBLY = "Ủy ban Thường vụ Quốc hội"
_MINISTRY = "Bộ Lao động - Thương binh và Xã hội"
KNOWN = {
    "nghi-quyet-so-24-2022-ubtvqh15-37692.pdf": ("24/2022/UBTVQH15", dt.date(2022, 8, 11), "Nghị quyết", _ASSEMBLY),
    "nghi-quyet-so-78-2025-ubtvqh15-45003.pdf": ("78/2025/UBTVQH15", dt.date(2025, 5, 17), "Nghị quyết", _ASSEMBLY),
    "thong-tu-so-06-2023-tt-bldtbxh-39796.pdf": ("06/2023/TT-BLĐTBXH", dt.date(2023, 6, 29), "Thông tư", _MINISTRY),
    "604-QD-TTg-700112.docx": ("604/QĐ-TTg", dt.date(2026, 4, 2), "Quyết định", "Thủ tướng Chính phủ"),
    "Luat-97-2025-QH15.docx": ("97/2025/QH15", dt.date(2025, 6, 27), "Luật", "Quốc hội"),
}
"""Name of the file → number, date, kind, issuer: what its first and last page say to a reader."""


def files(shared: Path) -> dict[str, Path]:
    """The files by name; all of ``KNOWN`` are there."""
    found = {path.name: path for path in (shared / "data" / "originals").rglob("*.*")}
    assert set(KNOWN) <= set(found)
    return {name: found[name] for name in KNOWN}


@cache
def printed(path: Path, folder: Path) -> bytes:
    """The file as PDF; a Word file is printed by LibreOffice in ``folder``."""
    if path.suffix == ".pdf":
        return path.read_bytes()
    making.needs("soffice")
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", "--headless", profile, "--convert-to", "pdf", "--outdir", str(folder), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    shutil.rmtree(folder / "profile", ignore_errors=True)
    return (folder / f"{path.stem}.pdf").read_bytes()


def pages_of(pdf: bytes, numbers: Sequence[int]) -> bytes:
    """Some pages of a PDF, from 0; negative numbers count from the end."""
    import pypdfium2

    whole, made = pypdfium2.PdfDocument(pdf), pypdfium2.PdfDocument.new()
    made.import_pages(whole, sorted({number % len(whole) for number in numbers if -len(whole) <= number < len(whole)}))
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def error_of_paragraphs(meant: Document, found: Document) -> tuple[int, int]:
    """Wrong characters in the running paragraphs of the body, and how many characters these have.

    Left out are short lines, tables (also those without borders, whose words OCR reads in another order) and formulas.
    """
    whole = " ".join(found.text.text.split())
    body = meant.layout.body.of(meant.text.text)
    wrong = length = 0
    for line in body.split("\n"):
        paragraph = " ".join(line.split())
        if len(paragraph) < 60 or "|" in paragraph or "=" in paragraph or paragraph.count("  ") > 2:
            continue
        near = fuzz.partial_ratio_alignment(paragraph, whole)
        assert near is not None
        mistakes = Levenshtein.distance(paragraph, whole[near.dest_start : near.dest_end])
        if mistakes > 0.15 * len(paragraph) and len(paragraph) < 120:
            continue
        wrong += mistakes
        length += len(paragraph)
    assert length > 0.5 * len(body)
    return wrong, length

"""Real files as the gazette and the law portals publish them, read as they are and as scans of themselves."""

from __future__ import annotations

import datetime as dt
import subprocess
from functools import cache
from pathlib import Path

import making
import pytest
from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from ingest.document import document_from_source
from ingest.readers import read_bytes
from kg.model import Document
from kg.reference import load_reference

REFERENCE = load_reference()
ASSEMBLY = "Ủy ban Thường vụ Quốc hội"
MINISTRY = "Bộ Lao động - Thương binh và Xã hội"
# Name of the file → number, date, kind, issuer: what its first and last page say to a reader.
KNOWN = {
    "nghi-quyet-so-24-2022-ubtvqh15-37692.pdf": ("24/2022/UBTVQH15", dt.date(2022, 8, 11), "Nghị quyết", ASSEMBLY),
    "nghi-quyet-so-78-2025-ubtvqh15-45003.pdf": ("78/2025/UBTVQH15", dt.date(2025, 5, 17), "Nghị quyết", ASSEMBLY),
    "thong-tu-so-06-2023-tt-bldtbxh-39796.pdf": ("06/2023/TT-BLĐTBXH", dt.date(2023, 6, 29), "Thông tư", MINISTRY),
    "604-QD-TTg-700112.docx": ("604/QĐ-TTg", dt.date(2026, 4, 2), "Quyết định", "Thủ tướng Chính phủ"),
    "Luat-97-2025-QH15.docx": ("97/2025/QH15", dt.date(2025, 6, 27), "Luật", "Quốc hội"),
}
SIGNERS = {"nghi-quyet-so-24-2022-ubtvqh15-37692.pdf": "Vương Đình Huệ", "thong-tu-so-06-2023-tt-bldtbxh-39796.pdf": "Nguyễn Bá Hoan"}  # fmt: skip  # noqa: E501


@pytest.fixture(scope="module")
def originals(shared: Path) -> dict[str, Path]:
    found = {path.name: path for path in (shared / "data" / "originals").rglob("*.*")}
    assert set(KNOWN) <= set(found)
    return found


def read(data: bytes, name: str = "khong-ten") -> Document:
    return document_from_source(read_bytes(data, name), REFERENCE)


def identity(document: Document) -> tuple[str | None, dt.date | None, str | None, str | None]:
    said = document.metadata
    return said.number, said.date, said.kind, said.issuer


@pytest.mark.parametrize("name", KNOWN)
def test_as_it_is(name: str, originals: dict[str, Path]) -> None:
    document = read(originals[name].read_bytes())
    assert identity(document) == KNOWN[name]
    assert all(confidence is None for confidence in document.page_confidence)


@pytest.mark.parametrize("name", SIGNERS)
def test_a_portal_signs_the_file_not_the_paper(name: str, originals: dict[str, Path]) -> None:
    document = read(originals[name].read_bytes())
    assert document.evidence["signature_organisation"] == "Văn phòng Chính phủ"
    assert document.evidence["signature_time"][:10] != str(document.metadata.date)
    assert document.metadata.signer and document.metadata.signer.name == SIGNERS[name]
    assert "Cổng Thông tin" not in document.text.text


@cache
def printed(path: Path, folder: Path) -> bytes:
    """The file as PDF."""
    if path.suffix == ".pdf":
        return path.read_bytes()
    making.needs("soffice")
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", "--headless", profile, "--convert-to", "pdf", "--outdir", str(folder), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return (folder / f"{path.stem}.pdf").read_bytes()


@pytest.mark.slow
@pytest.mark.parametrize("dpi", [200, 300])
@pytest.mark.parametrize("name", KNOWN)
def test_as_a_scan(
    name: str, dpi: int, originals: dict[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> None:  # fmt: skip
    making.needs("tesseract")
    pages = making.pictures_of(printed(originals[name], tmp_path_factory.getbasetemp()), dpi)
    scanned, meant = read(making.scan_of(pages, dpi)), read(originals[name].read_bytes())
    assert identity(scanned)[:2] == KNOWN[name][:2]
    share = error_of_paragraphs(meant, scanned)
    assert share <= 0.01, f"{share:.4f}"


def error_of_paragraphs(meant: Document, found: Document) -> float:
    """Wrong characters in the running paragraphs of the body; tables and formulas are left out, as are short lines."""
    whole = " ".join(found.text.text.split())
    body = meant.layout.body.of(meant.text.text)
    wrong = length = 0
    for line in body.split("\n"):
        paragraph = " ".join(line.split())
        if len(paragraph) < 60 or "|" in paragraph or "=" in paragraph or paragraph.count("  ") > 2:
            continue
        near = fuzz.partial_ratio_alignment(paragraph, whole)
        assert near is not None
        window = whole[near.dest_start : near.dest_end]
        mistakes = Levenshtein.distance(paragraph, window)
        if mistakes > 0.15 * len(paragraph) and len(paragraph) < 120:
            continue  # a formula, or a cell of a table that has no borders: its words stand in another order
        wrong += mistakes
        length += len(paragraph)
    assert length > 0.5 * len(body)
    return wrong / length

"""Real files as the gazette and the law portals publish them, read as they are and as scans of themselves."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import making
import originals
import pytest
from originals import KNOWN

from ingest.document import document_from_source
from ingest.readers import read_bytes
from kg.model import Document
from kg.reference import load_reference

REFERENCE = load_reference()
SIGNERS = {"nghi-quyet-so-24-2022-ubtvqh15-37692.pdf": "Vương Đình Huệ", "thong-tu-so-06-2023-tt-bldtbxh-39796.pdf": "Nguyễn Bá Hoan"}  # fmt: skip  # noqa: E501


@pytest.fixture(scope="module")
def files(shared: Path) -> dict[str, Path]:
    return originals.files(shared)


def read(data: bytes, name: str = "khong-ten") -> Document:
    return document_from_source(read_bytes(data, name), REFERENCE)


def identity(document: Document) -> tuple[str | None, dt.date | None, str | None, str | None]:
    said = document.metadata
    return said.number, said.date, said.kind, said.issuer


@pytest.mark.parametrize("name", KNOWN)
def test_as_it_is(name: str, files: dict[str, Path]) -> None:
    document = read(files[name].read_bytes())
    assert identity(document) == KNOWN[name]
    assert all(confidence is None for confidence in document.page_confidence)


@pytest.mark.parametrize("name", SIGNERS)
def test_a_portal_signs_the_file_not_the_paper(name: str, files: dict[str, Path]) -> None:
    document = read(files[name].read_bytes())
    assert document.evidence["signature_organisation"] == "Văn phòng Chính phủ"
    assert document.evidence["signature_time"][:10] != str(document.metadata.date)
    assert document.metadata.signer and document.metadata.signer.name == SIGNERS[name]
    assert "Cổng Thông tin" not in document.text.text


@pytest.mark.slow
@pytest.mark.parametrize(("dpi", "pages"), [(200, (0, 1, -1)), (300, (0, -1))], ids=["200 dpi", "300 dpi"])
@pytest.mark.parametrize("name", KNOWN)
def test_as_a_scan(
    name: str, dpi: int, pages: tuple[int, ...], files: dict[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The first pages and the last; `make bench` reads all of them."""
    making.needs("tesseract")
    some = originals.pages_of(originals.printed(files[name], tmp_path_factory.getbasetemp()), pages)
    scanned = read(making.scan_of(making.pictures_of(some, dpi), dpi))
    assert identity(scanned)[:2] == KNOWN[name][:2]
    wrong, length = originals.error_of_paragraphs(read(some), scanned)
    assert wrong <= 0.01 * length, f"{wrong} of {length}"

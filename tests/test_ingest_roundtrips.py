"""Every sample in every format an office may have it in: the same extraction as from its text."""

from __future__ import annotations

import subprocess
import unicodedata
from collections.abc import Callable
from functools import cache
from pathlib import Path

import making
import pytest
from renditions import NAMES, SECRET, cited, essence, meant, read, scanned, texts

from kg.errors import RefusedFile

SCANNED = NAMES[::6]


FORMATS: dict[str, tuple[Callable[[str], bytes], bool]] = {
    "nfd": (lambda text: unicodedata.normalize("NFD", text).encode(), False),
    "crlf": (lambda text: text.replace("\r\n", "\n").replace("\n", "\r\n").encode("utf-8-sig"), False),
    "utf-16": (lambda text: text.encode("utf-16"), False),
    "docx": (making.docx_of, False),
    "html": (making.html_of, False),
    "pdf": (making.pdf_of, False),
    "tcvn3": (making.tcvn3_of, True),
    "vni": (making.vni_of, True),
}


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("name", NAMES)
def test_the_same_from_each_format(name: str, form: str) -> None:
    make, folded = FORMATS[form]
    assert essence(read(make(texts()[name]), Path(name).stem), folded=folded) == essence(meant(name), folded=folded)


@pytest.mark.parametrize("form", FORMATS)
def test_a_secrecy_mark_is_seen_in_each_format(form: str) -> None:
    with pytest.raises(RefusedFile) as caught:
        read(FORMATS[form][0](texts()[SECRET]), "khong-ten")
    assert caught.value.code == "secret"


@cache
def through_libreoffice(suffix: str, folder: Path) -> Path:
    """Every sample as Word made it, turned into another format."""
    making.needs("soffice")
    source, target = folder / "docx", folder / suffix
    source.mkdir(exist_ok=True)
    for name, text in texts().items():
        (source / f"{Path(name).stem}.docx").write_bytes(making.docx_of(text))
    command = [
        "soffice",
        "--headless",
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        "--convert-to",
        suffix,
    ]
    command += ["--outdir", str(target), *map(str, sorted(source.iterdir()))]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return target


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("libreoffice")


@pytest.mark.slow
def test_the_same_from_old_word(folder: Path) -> None:
    made = through_libreoffice("doc", folder)
    wrong = [
        name for name in NAMES
        if essence(read((made / f"{Path(name).stem}.doc").read_bytes(), "khong-ten")) != essence(meant(name))
    ]  # fmt: skip
    assert not wrong
    with pytest.raises(RefusedFile):
        read((made / f"{Path(SECRET).stem}.doc").read_bytes(), "khong-ten")


@pytest.mark.slow
def test_identity_and_citations_from_pdfs_that_libreoffice_makes(folder: Path) -> None:
    """Lines are broken anew there, so that titles and lists may end elsewhere: what is cited must not change."""
    made = through_libreoffice("pdf", folder)
    for name in NAMES:
        found, right = essence(read((made / f"{Path(name).stem}.pdf").read_bytes(), "khong-ten")), essence(meant(name))
        assert found["identity"][:5] == right["identity"][:5], name
        assert [one[:3] for one in found["citations"]] == [one[:3] for one in right["citations"]], name


@pytest.mark.slow
@pytest.mark.parametrize("name", SCANNED)
def test_a_scan_keeps_identity_and_citations(name: str) -> None:
    """A fifth of the samples; `make bench` reads scans of all of them and counts."""
    making.needs("tesseract")
    found, right = scanned(name), meant(name)
    assert essence(found)["identity"] == essence(right)["identity"]
    kept, wanted = (cited(right) & cited(found)).total(), cited(right).total()
    assert kept >= 0.98 * wanted, f"{kept} of {wanted}"

"""Every sample in every format an office may have it in: the same extraction as from its text."""

from __future__ import annotations

import subprocess
import unicodedata
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import making
import pytest

from ingest.document import document_from_source
from ingest.readers import read_bytes
from kg.errors import RefusedFile
from kg.identifiers import fold
from kg.model import Document
from kg.reference import load_reference

SAMPLES = Path(__file__).resolve().parents[1] / "samples"
REFERENCE = load_reference(SAMPLES / "documents" / "reference.ttl")
SECRET = "18-van-ban-co-dau-mat.txt"


@cache
def texts() -> dict[str, str]:
    """The text of every sample, also of those that are kept as PDF and Word."""
    found = [*SAMPLES.glob("documents/*.txt"), *SAMPLES.glob("documents/*.md"), *SAMPLES.glob("sources/*.txt")]
    return {path.name: path.read_text("utf-8-sig") for path in sorted(found, key=lambda path: path.name)}


NAMES = [name for name in texts() if name != SECRET]


def read(data: bytes, name: str) -> Document:
    return document_from_source(read_bytes(data, name), REFERENCE)


@cache
def meant(name: str) -> Document:
    return read(texts()[name].encode(), name)


def essence(document: Document, *, folded: bool = False) -> dict[str, Any]:
    """All that a document says, without places in its text."""

    def word(text: str | None) -> str | None:
        return fold(text) if folded and text else text

    said = document.metadata
    return {
        "identity": (word(said.kind), said.number, said.symbol, said.date, said.month, said.owner, said.level),
        "issuer": word(said.issuer),
        "title": word(said.title),
        "signer": word(said.signer.name) if said.signer else None,
        "addressees": [(word(one.name), one.duty) for one in said.addressees],
        "recipients": [(word(one.name), one.duty) for one in said.recipients],
        "citations": [(one.form, one.number, one.date, one.relation, one.owner) for one in document.citations],
        "campaigns": [(word(one.name), one.role) for one in document.campaigns],
        "anniversaries": [(one.years, one.origin, one.commemorated) for one in document.anniversaries],
        "assignments": [(word(one.body), one.role) for one in document.assignments],
        "targets": [(one.value, one.unit, one.comparator) for one in document.targets],
        "deadlines": [(one.kind, one.date) for one in document.deadlines],
    }


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
def test_scans_keep_identity_and_citations() -> None:
    making.needs("tesseract")
    all_of_them = kept = 0
    wrong = []
    for name in NAMES:
        pages = making.pictures_of(making.pdf_of(texts()[name]), 200)
        found, right = essence(read(making.scan_of(pages), "quet")), essence(meant(name))
        if found["identity"] != right["identity"]:
            wrong.append(name)
        cited = Counter(one[:3] for one in right["citations"])
        all_of_them += cited.total()
        kept += (cited & Counter(one[:3] for one in found["citations"])).total()
    assert not wrong
    assert kept >= 0.98 * all_of_them, f"{kept} of {all_of_them}"

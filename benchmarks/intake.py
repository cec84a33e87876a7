"""What taking files in costs and how well scans are read: PDF text, second runs, memory, OCR, kills.

Scans are pages drawn at 200 and 300 dpi, without noise; real ones are worse. Character error: of running paragraphs
against the text layer of the same pages. Kills: an ingest of 200 files is ended at random moments (SIGKILL), a second
run goes on, and the graph must be that of an undisturbed run, byte for byte.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]  # tests know how to make scans

from scaling import Measured, copies  # noqa: E402

SHARED = ROOT.parent / "shared"
KG = Path(sys.executable).parent / "kg"
UNCHANGED = 1_000
MEMORY_SIZES = (100, 400, 1_600)

_INGEST = """
import json, resource, sys
from pathlib import Path
from api.workspace import Workspace
Workspace(Path(sys.argv[1])).ingest([Path(sys.argv[2])], jobs=2)
peak = lambda who: resource.getrusage(who).ru_maxrss / 1024
print(json.dumps([peak(resource.RUSAGE_SELF), peak(resource.RUSAGE_CHILDREN)]))
"""


@contextmanager
def scratch() -> Iterator[Path]:
    place = Path(tempfile.mkdtemp(prefix="kg-intake-"))
    try:
        yield place
    finally:
        shutil.rmtree(place)


def texts_of(corpus: Path) -> list[str]:
    """The texts of a corpus that may be taken in: one of the samples bears a secrecy mark."""
    found = [path.read_text("utf-8") for path in sorted(corpus.rglob("*.txt")) if "dau-mat" not in path.name]
    if not found:
        raise FileNotFoundError(f"no .txt in {corpus}")
    return found


def fill(folder: Path, texts: list[str], count: int) -> Path:
    folder.mkdir(parents=True)
    for index, text in enumerate(copies(texts, count)):
        (folder / f"{index:05d}.txt").write_text(text, "utf-8")
    return folder


# --- Speed ----------------------------------------------------------------------------------------------------------


def pdf_text(corpus: Path) -> Iterator[Measured]:
    """Our reader against the bare library on the same file; gaps, broken letters and stamps are looked for as well."""
    import making
    import pypdfium2

    from ingest.readers.pdf import read_pdf

    data = making.pdf_of("\n".join(texts_of(corpus)[:40]))
    bare = ours = float("inf")
    pages = 0
    for _ in range(5):
        start = time.process_time()
        document = pypdfium2.PdfDocument(data)
        pages = len(document)
        for index in range(pages):
            page = document[index]
            letters = page.get_textpage()
            letters.get_text_range()
            letters.close()
            page.close()
        document.close()
        bare = min(bare, time.process_time() - start)
        start = time.process_time()
        read_pdf(data, "a.pdf", "")
        ours = min(ours, time.process_time() - start)
    yield "PDF text, pypdfium2 alone", pages / bare, "pages/s", None, f"{pages} pages"
    yield "PDF text", pages / ours, "pages/s", None, "reader only"
    yield "  against pypdfium2 alone", bare / ours, "×", (">=", 0.5), ""


def second_run(corpus: Path) -> Iterator[Measured]:
    with scratch() as place:
        folder = fill(place / "in", texts_of(corpus), UNCHANGED)
        seconds = []
        for _ in range(2):
            start = time.perf_counter()
            subprocess.run([str(KG), "ingest", str(folder), "--workspace", str(place / "data")], check=True, capture_output=True)  # fmt: skip  # noqa: E501
            seconds.append(time.perf_counter() - start)
        yield f"{UNCHANGED} files, first run", seconds[0], "s wall", None, "the whole command"
        yield f"{UNCHANGED} files, nothing new", seconds[1], "s wall", None, ""
        yield "  against the first run", seconds[1] / seconds[0], "×", ("<=", 0.05), ""


def memory(corpus: Path) -> Iterator[Measured]:
    """Peak of the process that links and indexes (it holds a card of each document) and of those that read."""
    texts, linking, reading = texts_of(corpus), [], []
    for size in MEMORY_SIZES:
        with scratch() as place:
            folder = fill(place / "in", texts, size)
            done = subprocess.run([sys.executable, "-c", _INGEST, str(place / "data"), str(folder)], cwd=ROOT, check=True, capture_output=True, text=True)  # fmt: skip  # noqa: E501
            own, children = json.loads(done.stdout.splitlines()[-1])
            linking.append(own)
            reading.append(children)
            yield f"  {size} files: linking", own, "MB", None, f"reading {children:.0f} MB each"
    least, most = MEMORY_SIZES[0], MEMORY_SIZES[-1]
    yield "reading: peak, most against fewest files", reading[-1] / reading[0], "×", ("<=", 1.1), ""
    yield "linking: the same", linking[-1] / linking[0], "×", ("<=", 1.3), "a card of each file; 48 MB of words fill up"
    kilobytes = 1024 * (linking[-1] - linking[0]) / (most - least)
    yield "linking: growth per file", kilobytes, "kB", None, "less the more there are"


# --- Scans ----------------------------------------------------------------------------------------------------------


def scans_of_originals(corpus: Path) -> Iterator[Measured]:
    import making
    import originals

    from ingest.document import document_from_source
    from ingest.readers import read_bytes
    from kg.reference import load_reference

    if not SHARED.is_dir():
        raise FileNotFoundError("the folder of real documents is not beside the checkout")
    reference = load_reference()
    with scratch() as place:
        for dpi in (200, 300):
            right = wrong = length = pages = 0
            worst = ("", 0.0)
            start = time.perf_counter()
            for name, path in originals.files(SHARED).items():
                pictures = making.pictures_of(originals.printed(path, place), dpi)
                pages += len(pictures)
                found = document_from_source(read_bytes(making.scan_of(pictures, dpi), "quet"), reference)
                meant = document_from_source(read_bytes(path.read_bytes(), "goc"), reference)
                right += (found.metadata.number, found.metadata.date) == originals.KNOWN[name][:2]
                mistakes, letters = originals.error_of_paragraphs(meant, found)
                wrong, length = wrong + mistakes, length + letters
                worst = max(worst, (name, 100 * mistakes / letters), key=lambda one: one[1])
            seconds = (time.perf_counter() - start) / pages
            yield f"scans at {dpi} dpi: number and date", right, f"of {len(originals.KNOWN)}", (">=", 5.0), ""
            yield "  wrong letters in paragraphs", 100 * wrong / length, "%", ("<=", 1.0), f"of {length} letters"
            yield "  worst file", worst[1], "%", ("<=", 1.0), worst[0]
            yield "  a page", seconds, "s wall", None, f"{pages} pages, one after the other"


def scans_of_samples(corpus: Path) -> Iterator[Measured]:
    from renditions import NAMES, cited, essence, meant, scanned

    identity, kept, all_of_them = 0, 0, 0
    for name in NAMES:
        found, right = scanned(name), meant(name)
        identity += essence(found)["identity"] == essence(right)["identity"]
        wanted = cited(right)
        all_of_them += wanted.total()
        kept += (wanted & cited(found)).total()
    yield "scanned samples: identity", identity, f"of {len(NAMES)}", (">=", float(len(NAMES))), "200 dpi"
    yield "  citations", 100 * kept / all_of_them, "%", (">=", 98.0), f"{kept} of {all_of_them}"


# --- Kills ----------------------------------------------------------------------------------------------------------


def kills(corpus: Path) -> Iterator[Measured]:
    """The test of it, all three rounds of ten; the suite runs one."""
    command = [sys.executable, "-m", "pytest", "-q", "-m", "", "-k", "killed_at", "tests/test_ingest_pipeline.py"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    told = done.stdout.strip().splitlines()[-1] if done.stdout.strip() else ""
    rounds = int(found[1]) if (found := re.search(r"(\d+) passed", told)) else 0
    yield "kills after which the graph is whole", 10.0 * rounds, "of 30", (">=", 30.0), told


PARTS = {
    "pdf": pdf_text,
    "again": second_run,
    "memory": memory,
    "originals": scans_of_originals,
    "samples": scans_of_samples,
    "kills": kills,
}


def measure(corpus: Path, parts: tuple[str, ...] = tuple(PARTS)) -> Iterator[Measured]:
    """Every row of ``parts``; some ten minutes in all."""
    for part in parts:
        yield from PARTS[part](corpus)

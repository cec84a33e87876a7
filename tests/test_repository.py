"""What must not be in the repository: the text of other people's documents, paths of one machine, large files."""

from __future__ import annotations

import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
# Longer than what may be stated as fact: number, date, issuer and full title of one directive, or a letterhead.
RUN_OF_WORDS = 45
SENTENCE_WORDS = 18
MAX_BYTES = 20_000_000


@cache
def tracked() -> tuple[Path, ...]:
    """The files that git holds; skips where this is no checkout."""
    if not shutil.which("git") or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    files = tuple(path for name in listed.split("\0") if name and (path := ROOT / name).is_file())
    assert len(files) > 20
    return files


@cache
def tracked_texts() -> dict[str, str]:
    texts = {}
    for path in tracked():
        data = path.read_bytes()
        if b"\0" not in data[:1000]:
            texts[path.relative_to(ROOT).as_posix()] = data.decode("utf-8", errors="replace")
    return texts


def pieces(text: str) -> set[str]:
    """Every long run of words and every whole sentence of some length; case, punctuation, line breaks do not count."""
    words = re.findall(r"\w+", text.lower())
    runs = {" ".join(words[index : index + RUN_OF_WORDS]) for index in range(len(words) - RUN_OF_WORDS + 1)}
    sentences = (re.findall(r"\w+", sentence) for sentence in re.split(r"[.;:\n](?!\d)", text.lower()))
    return runs | {" ".join(sentence) for sentence in sentences if len(sentence) >= SENTENCE_WORDS}


def test_no_text_of_the_shared_documents(shared: Path) -> None:
    """Samples and fixtures are our own writing; facts, numbers and names of real bodies may be real."""
    ours: dict[str, str] = {}
    for name, text in tracked_texts().items():
        ours.update(dict.fromkeys(pieces(text), name))
    folders = (shared / "seeds", shared / "data" / "docs", shared / "gold")
    documents = [path for folder in folders for path in folder.iterdir() if path.suffix not in (".pdf", ".docx")]
    assert len(documents) > 50
    copied = {
        f"{ours[piece]}: “{piece}” is in {path.name}"
        for path in documents
        for piece in pieces(path.read_text("utf-8", errors="replace")) & ours.keys()
    }
    assert not copied


def test_copies_are_noticed() -> None:
    """The check above can fail: it sees through case, breaks and punctuation, and lets short formulas pass."""
    sentence = "một hai ba bốn năm sáu bảy tám chín mười"
    paragraph = f"{sentence}, " * 5
    assert pieces(f"“{sentence},\n{paragraph}.”") & pieces(f"đầu {paragraph.upper()}")
    assert pieces(f"Đầu. {sentence}, {sentence}. Cuối.") & pieces(f"{sentence} – {sentence};")
    assert not pieces(f"{sentence}.") & pieces(f"{sentence}; thêm")


def test_no_path_of_one_machine() -> None:
    wrong = [
        f"{name}: {found[0]}"
        for name, text in tracked_texts().items()
        if (found := re.search(r"(?<![\w./:-])/(?:root|home|Users|mnt)/\w+", text))
    ]
    assert not wrong


def test_no_large_files() -> None:
    assert not [path.name for path in tracked() if path.stat().st_size > MAX_BYTES]

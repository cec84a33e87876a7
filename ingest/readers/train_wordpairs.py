"""Makes ``wordpairs.bin`` out of a corpus of official texts: ``python -m ingest.readers.train_wordpairs CORPUS OUT``.

CORPUS is JSON lines (plain or .gz) with "title" and "text". What goes in is counts of syllables and of neighbouring
pairs that were seen often; no sentence can be read back out of them. Run by hand; the file it makes is committed.
"""

from __future__ import annotations

import gzip
import json
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path

from ingest.readers.wordpairs import pack, syllables_of

__all__ = ["count", "main"]


def count(texts: Iterable[str]) -> tuple[Counter[str], Counter[tuple[str, str]]]:
    """How often each syllable and each pair of neighbours stands in ``texts`` (composed)."""
    single: Counter[str] = Counter()
    pair: Counter[tuple[str, str]] = Counter()
    for text in texts:
        words = ["", *syllables_of(text)]
        single.update(words)
        pair.update((first, second) for first, second in pairwise(words) if second)
    return single, pair


def _texts(path: Path) -> Iterator[str]:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            yield unicodedata.normalize("NFC", f"{record.get('title') or ''}\n{record.get('text') or ''}")


def main(corpus: str, target: str) -> None:
    """Counts the corpus and writes the file."""
    Path(target).write_bytes(pack(*count(_texts(Path(corpus)))))


if __name__ == "__main__":
    main(*sys.argv[1:3])

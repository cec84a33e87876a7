"""Header number and date of the hundred real documents, against their manifest where the manifest is right."""

from __future__ import annotations

import json
from pathlib import Path

from ingest.document import read_document
from kg.identifiers import number_key
from kg.reference import load_reference

# The manifest took the date of the first act cited in the preamble; the closing line of each paper says otherwise.
# 05/2025/TT-BGDĐT has lost its date: the file names none, so none is claimed.
MANIFEST_IS_WRONG = {
    "1662-NQ-UBTVQH15.txt": "2025-06-16",
    "1663-NQ-UBTVQH15.txt": "2025-06-16",
    "1671-NQ-UBTVQH15.txt": "2025-06-16",
    "1675-NQ-UBTVQH15.txt": "2025-06-16",
    "1676-NQ-UBTVQH15.txt": "2025-06-16",
    "05-2025-TT-BGDDT.txt": None,
}


def test_number_and_date_of_every_document(shared: Path) -> None:
    rows = [json.loads(line) for line in (shared / "data" / "docs-manifest.jsonl").read_text("utf-8").splitlines()]
    assert len(rows) == 100
    wrong = []
    for row in rows:
        metadata = read_document(shared / "data" / "docs" / row["file"], load_reference()).metadata
        day, month, year = row["date"].split("/")
        expected = MANIFEST_IS_WRONG.get(row["file"], f"{year}-{month}-{day}")
        got = metadata.date.isoformat() if metadata.date else None
        if number_key(metadata.number or "") != number_key(row["number"]) or got != expected:
            wrong.append((row["file"], metadata.number, got))
    assert wrong == []

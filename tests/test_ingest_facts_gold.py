"""The finders against what a careful reader found in twenty real documents (tests/gold/facts.jsonl).

Matching is that of the design: an assignment counts when half of the marked span is covered and the body equal; value,
unit, comparator, name, kind and date must be equal where noted. The floors are what was measured, a little lower.
"""

from __future__ import annotations

import hashlib
import json
import re
from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from ingest.annexes import find_annex_assignments
from ingest.anniversaries import find_anniversaries
from ingest.assignments import find_assignments
from ingest.campaigns import find_campaigns
from ingest.canonical import canonicalise
from ingest.deadlines import find_deadlines
from ingest.layout import read_layout
from ingest.readers import read
from ingest.structure import outline
from ingest.targets import find_targets
from kg.identifiers import fold
from kg.reference import load_reference

GOLD = Path(__file__).parent / "gold" / "facts.jsonl"
FLOORS = {  # precision, recall
    "assignment": (0.95, 0.93),
    "target": (0.9, 0.9),
    "campaign": (0.9, 0.9),
    "deadline": (0.8, 0.8),
}
_LOOSE_END = re.compile(
    r"(?: va| cung)?(?: cac)?(?: (?:co quan|don vi|dia phuong|to chuc|ca nhan|so|ban|bo|phong|nganh|doan the))+"
    r"(?: co)? lien quan$"
)


@dataclass
class Score:
    right: int = 0
    same_role: int = 0
    missed: list[str] = field(default_factory=list)
    extra: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        return self.right / max(self.right + len(self.extra), 1)

    @property
    def recall(self) -> float:
        return self.right / max(self.right + len(self.missed), 1)


def words(text: str | None) -> str:
    return " ".join(re.findall(r"[\w%]+", fold(text or "")))


def body(text: str) -> str:
    return _LOOSE_END.sub("", words(text)).strip()


def matches(kind: str, row: dict[str, Any], fact: Any, source: str, start: int, end: int) -> bool:
    covered = min(fact.span.end, end) - max(fact.span.start, start)
    if kind == "assignment":
        first, last = row["body_source"]
        return body(fact.body) == body(source[first:last]) and covered >= (end - start) / 2
    if kind == "target":
        same = fact.value == row["value"] and words(fact.unit) == words(row["unit"])
        return same and covered > 0 and row.get("comparator") in (None, fact.comparator)
    if kind == "campaign":
        name = words(source[row["source_start"] : row["source_end"]])
        return f"{words(fact.name)} ".startswith(f"{name} ") and fact.role == row["role"]
    return covered > 0 and (fact.kind, fact.date) == (row["kind"], row["date"])


@pytest.fixture(scope="module")
def scores(shared: Path) -> dict[str, Score]:
    by_file: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in GOLD.read_text("utf-8").splitlines():
        row = json.loads(line)
        by_file[row["file"]].append(row)
    scores: dict[str, Score] = defaultdict(Score)
    reference = load_reference()
    for name, rows in by_file.items():
        path = shared / "data" / "docs" / name
        assert hashlib.sha256(path.read_bytes()).hexdigest() == rows[0]["sha256"], f"{name} is another file now"
        source = read(path)
        canonical = canonicalise(source)
        text = canonical.text
        layout = read_layout(canonical, reference)
        places = [canonical.to_source(offset) for offset in range(len(text) + 1)]
        found: dict[str, list[Any]] = {
            "assignment": [
                *find_assignments(text, layout, outline(text, layout)),
                *find_annex_assignments(text, layout),
            ],
            "target": list(find_targets(text, layout)),
            "campaign": list(find_campaigns(text, layout)),
            "deadline": list(find_deadlines(text, layout)),
            "anniversary": list(find_anniversaries(text, layout)),
        }
        spans = {
            id(row): (bisect_left(places, row["source_start"]), bisect_left(places, row["source_end"] - 1) + 1)
            for row in rows
        }
        ignored = [spans[id(row)] for row in rows if row["class"] == "ignore"]
        for kind, facts in found.items():
            left = [fact for fact in facts if not any(a <= fact.span.start < b for a, b in ignored)]
            for row in (row for row in rows if row["class"] == kind):
                start, end = spans[id(row)]
                fitting = [fact for fact in left if matches(kind, row, fact, source.text, start, end)]
                fitting.sort(key=lambda fact: getattr(fact, "role", None) != row.get("role"))
                if fitting:
                    left.remove(fitting[0])
                    scores[kind].right += 1
                    scores[kind].same_role += getattr(fitting[0], "role", None) == row.get("role")
                else:
                    scores[kind].missed.append(f"{name}@{row['source_start']}")
            scores[kind].extra += [f"{name}: {text[fact.span.start : fact.span.end][:60]!r}" for fact in left]
    return scores


@pytest.mark.parametrize("kind", sorted(FLOORS))
def test_measured_against_a_careful_reader(scores: dict[str, Score], kind: str) -> None:
    score = scores[kind]
    precision, recall = FLOORS[kind]
    assert score.right > 0
    assert score.precision >= precision, score.extra
    assert score.recall >= recall, score.missed


def test_no_anniversary_is_invented(scores: dict[str, Score]) -> None:
    """None of the twenty documents has one."""
    assert scores["anniversary"].extra == []


def test_roles_of_assignments(scores: dict[str, Score]) -> None:
    """The role is read from the first telling verb; a few tasks have two."""
    assert scores["assignment"].same_role / scores["assignment"].right >= 0.95

"""``kg evaluate extraction``: how many citations are found and read right, against hand-made answers.

GOLD is a file of JSON lines. A row is a sentence (``text``) or a document (``file``, looked for in ``--docs``) with
``citations``: ``number`` (``canonical`` where the print is noisy), ``date``, ``issuer``/``resolved_issuer``,
``relation`` (``relation_also``: also right; null: not judged), ``flags`` (classes of noise); a document row has
``document`` with its own fields. Numbers are equal after folding separators; mentions of one number are paired in
the order they stand. What a row leaves out is not judged.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path
from typing import Any

from ingest.document import read_document
from kg.identifiers import fold, number_key
from kg.model import Citation, Document
from kg.reference import Reference, load_reference

__all__ = ["Evaluation", "Outcome", "Share", "evaluate", "read_gold"]

# What the four strengths of a link mean alike to a user is one group: sửa đổi, thay thế, bãi bỏ, hợp nhất.
GROUPS = {
    "amends": "changes", "replaces": "changes", "repeals": "changes", "consolidates": "changes",
    "legal_basis": "legal_basis", "implements": "implements", "follows": "follows",
}  # fmt: skip
SURE = 0.9


@dataclass(frozen=True, slots=True)
class Outcome:
    """One citation, gold or found: ``id`` is "file#34/CT/TW#0"; ``right`` maps each judged class to its verdict."""

    id: str
    found: bool
    wanted: bool
    right: Mapping[str, bool] = field(default_factory=dict)
    flags: tuple[str, ...] = ()
    group: str = "page"
    confidence: float = 0.0
    linked: bool = False
    """True when the issuer is known, so that the citation becomes a link."""


@dataclass(frozen=True, slots=True)
class Share:
    """Right of all judged."""

    right: int
    judged: int

    @property
    def value(self) -> float:
        return self.right / self.judged if self.judged else 1.0


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All outcomes of one run, and the document fields that were right or wrong."""

    outcomes: tuple[Outcome, ...]
    fields: Mapping[str, Share]
    wrong_fields: tuple[str, ...]

    def number(self, keep: Callable[[Outcome], bool] = lambda outcome: True) -> dict[str, float]:
        """Precision, recall and F1 of finding, over the outcomes that ``keep`` keeps."""
        kept = [outcome for outcome in self.outcomes if keep(outcome)]
        right = sum(outcome.found and outcome.wanted for outcome in kept)
        precision = right / max(sum(outcome.found for outcome in kept), 1)
        recall = right / max(sum(outcome.wanted for outcome in kept), 1)
        return {
            "precision": precision,
            "recall": recall,
            "f1": 2 * precision * recall / (precision + recall) if right else 0.0,
            "wanted": sum(outcome.wanted for outcome in kept),
        }

    def share(self, name: str, keep: Callable[[Outcome], bool] = lambda outcome: True) -> Share:
        """How often date, issuer, level or relation was right among the citations found that have one."""
        judged = [outcome.right[name] for outcome in self.outcomes if name in outcome.right and keep(outcome)]
        return Share(sum(judged), len(judged))

    def calibration(self) -> dict[str, float]:
        """Of links at 0.9 or above: the share that is right, and how many reach it; the expected calibration error."""
        judged = [outcome for outcome in self.outcomes if outcome.linked]
        if not judged:
            return {}
        right = {id(outcome): outcome.wanted and all(outcome.right.values()) for outcome in judged}
        sure = [outcome for outcome in judged if outcome.confidence >= SURE]
        bins: dict[int, list[Outcome]] = defaultdict(list)
        for outcome in judged:
            bins[min(int(outcome.confidence * 10), 9)].append(outcome)
        error = sum(
            abs(sum(o.confidence for o in held) / len(held) - sum(right[id(o)] for o in held) / len(held)) * len(held)
            for held in bins.values()
        )
        return {
            "precision_at_0.9": sum(right[id(outcome)] for outcome in sure) / max(len(sure), 1),
            "share_at_0.9": len(sure) / len(judged),
            "expected_calibration_error": error / len(judged),
        }

    def rows(self) -> dict[str, bool]:
        """Each outcome by id: found, wanted and right in everything judged."""
        return {o.id: o.found and o.wanted and all(o.right.values()) for o in self.outcomes}

    def record(self) -> dict[str, Any]:
        """The whole as JSON-able values; ``rows`` let a later run say what it gained and lost."""
        flags = sorted({flag for outcome in self.outcomes for flag in outcome.flags})
        groups = sorted({outcome.group for outcome in self.outcomes})
        return {
            "number": self.number(),
            **{name: _share(self.share(name)) for name in ("date", "issuer", "level", "relation")},
            "document": {name: _share(share) for name, share in sorted(self.fields.items())},
            "wrong_fields": list(self.wrong_fields),
            "calibration": self.calibration(),
            "by_group": {group: self.number(lambda o, group=group: o.group == group) for group in groups},  # type: ignore[misc]
            "by_flag": {flag: self.number(lambda o, flag=flag: flag in o.flags) for flag in flags},  # type: ignore[misc]
            "rows": self.rows(),
        }

    def lines(self, baseline: Mapping[str, Any] | None = None) -> Iterator[str]:
        """The report for people, then what was gained and lost against an earlier run."""
        record = self.record()
        number = record["number"]
        yield (
            f"numbers    P {number['precision']:.4f}  R {number['recall']:.4f}  F1 {number['f1']:.4f}"
            f"  ({number['wanted']} citations)"
        )
        for name in ("date", "issuer", "level", "relation"):
            yield f"{name:<10} {record[name]['value']:.4f}  ({record[name]['right']} of {record[name]['judged']})"
        for name, share in record["document"].items():
            yield f"document {name:<8} {share['value']:.4f}  ({share['right']} of {share['judged']})"
        for name, value in record["calibration"].items():
            yield f"{name} {value:.4f}"
        for title, table in (("group", record["by_group"]), ("flag", record["by_flag"])):
            for name, found in table.items():
                yield f"{title} {name:<28} F1 {found['f1']:.4f}  ({found['wanted']})"
        for wrong in record["wrong_fields"]:
            yield f"wrong {wrong}"
        yield from (f"wrong {name}" for name, right in record["rows"].items() if not right)
        if baseline is not None:
            before = baseline["rows"]
            yield from (f"gained {name}" for name, right in record["rows"].items() if right and not before.get(name))
            yield from (f"lost {name}" for name, right in before.items() if right and not record["rows"].get(name))


def _share(share: Share) -> dict[str, float]:
    return {"value": share.value, "right": share.right, "judged": share.judged}


def read_gold(path: Path) -> list[dict[str, Any]]:
    """The rows of a gold file. Raises ValueError, naming the line, for a row that is neither text nor file."""
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip():
            row = json.loads(line)
            if not isinstance(row, dict) or not ({"text", "file"} & row.keys()) or "citations" not in row:
                raise ValueError(f"{path}:{number}: a row needs “text” or “file”, and “citations”")
            rows.append(row)
    return rows


def evaluate(rows: Sequence[Mapping[str, Any]], docs: Path | None, reference: Reference | None = None) -> Evaluation:
    """Reads every sentence or document of ``rows`` as ``kg extract`` does and compares."""
    reference = reference or load_reference()
    outcomes: list[Outcome] = []
    tally: dict[str, Counter[bool]] = defaultdict(Counter)
    wrong: list[str] = []
    with tempfile.TemporaryDirectory() as scratch:
        for index, row in enumerate(rows):
            if "text" in row:
                path = Path(scratch) / f"{index}.txt"
                path.write_text(row["text"], encoding="utf-8")
            else:
                path = (docs or Path()) / row["file"]
            document = read_document(path, reference)
            outcomes.extend(_compare(row, document, reference))
            for name, wanted, got in _fields(row, document):
                tally[name][wanted == got] += 1
                if wanted != got:
                    wrong.append(f"{row.get('file', row.get('id'))} {name}: {got!r}, not {wanted!r}")
    shares = {name: Share(counts[True], counts.total()) for name, counts in tally.items()}
    return Evaluation(tuple(outcomes), shares, tuple(wrong))


def _key(citation: Mapping[str, Any]) -> str | None:
    number = citation.get("canonical") or citation.get("number")
    return number_key(str(number)) if number and "/" in str(number) else None


def _compare(row: Mapping[str, Any], document: Document, reference: Reference) -> Iterator[Outcome]:
    name = str(row.get("file") or row.get("id"))
    described = row.get("document") or {}
    own = number_key(described["number"]) if described.get("number") else None
    group = str(row.get("group") or described.get("kind") or "page")
    wanted: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    spelt: dict[str, str] = {}
    for citation in row["citations"]:
        key = _key(citation)
        if key and key != own and citation.get("relation") != "self":
            wanted[key].append(citation)
            if citation.get("canonical") and citation.get("number"):
                spelt[number_key(citation["number"])] = key
    found: dict[str, list[Citation]] = defaultdict(list)
    for read in document.citations:
        key = spelt.get(number_key(read.number), number_key(read.number)) if read.number else ""
        if "/" in key and key != own:
            found[key].append(read)
    for key in sorted(set(wanted) | set(found)):
        for turn, (gold, ours) in enumerate(zip_longest(wanted.get(key, ()), found.get(key, ()))):
            yield Outcome(
                id=f"{name}#{key}#{turn}",
                found=ours is not None,
                wanted=gold is not None,
                right=dict(_judge(gold, ours, reference, document)) if gold and ours else {},
                flags=tuple(gold.get("flags", ())) if gold else (),
                group=group,
                confidence=ours.confidence if ours else 0.0,
                linked=ours is not None and ours.owner is not None,
            )


def _judge(
    gold: Mapping[str, Any], ours: Citation, reference: Reference, document: Document
) -> Iterator[tuple[str, bool]]:
    if gold.get("date"):
        yield "date", (ours.date.isoformat() if ours.date else None) == gold["date"]
    elif ours.date is not None:
        yield "date", False
    issuers = [name for name in (gold.get("resolved_issuer") or gold.get("issuer"), gold.get("issuer_also")) if name]
    if issuers:
        got = _words(ours.resolved_issuer or ours.issuer or "")
        yield "issuer", any(_words(name) <= got and len(got - _words(name)) <= 5 for name in issuers)
        metadata = document.metadata
        body = reference.find_body(issuers[0], province=metadata.province, district=metadata.district, on=ours.date)
        mine = reference.body(ours.owner) if ours.owner else None
        if body is not None:
            yield "level", mine is not None and mine.level == body.body.level
    if gold.get("relation"):
        also = gold.get("relation_also") or []
        right = {gold["relation"], *([also] if isinstance(also, str) else also)}
        yield "relation", _group(ours.relation) in {_group(relation) for relation in right}


def _group(relation: str) -> str:
    return GROUPS.get(relation, "other")


def _words(name: str) -> set[str]:
    """The words of a body's name, abbreviations spelt out, without office, term ("(khóa XI)") and "Đảng"."""
    text = re.sub(r"[^a-z0-9]+", " ", fold(re.sub(r"\([^)]*\)", " ", name)))
    for short, long in (("ubnd", "uy ban nhan dan"), ("hdnd", "hoi dong nhan dan"), ("tw", "trung uong"),
                        ("ttg", "thu tuong chinh phu"), ("tp", "thanh pho")):  # fmt: skip
        text = re.sub(rf"\b{short}\b", long, text)
    return set(re.sub(r"\b(?:chu tich|bo truong|ban thuong vu|cua|dang)\b", " ", text).split())


def _fields(row: Mapping[str, Any], document: Document) -> Iterable[tuple[str, Any, Any]]:
    """(field, wanted, got) for each field of a document that the gold row states."""
    gold, metadata = row.get("document") or {}, document.metadata
    if gold.get("kind"):
        yield "kind", fold(gold["kind"]), fold(metadata.kind or "")
    if gold.get("number"):
        yield "number", number_key(gold["number"]), number_key(metadata.number or "")
    if gold.get("date"):
        yield "date", gold["date"], metadata.date.isoformat() if metadata.date else None
    if gold.get("issuer"):
        yield "issuer", sorted(_words(gold["issuer"])), sorted(_words(metadata.issuer or ""))
    if (gold.get("signer") or {}).get("name"):
        yield "signer", fold(gold["signer"]["name"]), fold(metadata.signer.name if metadata.signer else "")

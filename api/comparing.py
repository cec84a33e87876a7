"""Comparisons as records for the command line and HTTP, and as pages that stand by themselves.

``compare_record`` is the stable contract (DESIGN section 8); ``cascade_record`` sets all plans that answer a call
beside it; the HTML needs no other host, no script and no server.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from api.tracing import summary_record
from kg import clock
from kg.cascade import Implementing, cascade
from kg.inferred import Inference, inferences_of
from kg.model import Document, WorkSummary
from search.alignment import Comparison, Pair, Piece, compare, pair_record
from search.alignment_outline import common_outline
from search.alignment_summary import summary
from search.clauses import read_clauses
from search.tasks import compare_tasks, task_records

if TYPE_CHECKING:
    from api.held_texts import HeldTexts
    from kg.reference import Reference

__all__ = [
    "Side",
    "cascade_page",
    "cascade_record",
    "compare_page",
    "compare_record",
    "held_side",
    "reuse_record",
    "rows_for_page",
    "tasks_record",
]


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two documents: what the store says of it in one line, and what was read from it."""

    record: dict[str, Any]
    document: Document


def held_side(texts: HeldTexts, said: str) -> Side:
    """A held document by number, IRI or file name."""
    key = texts.key(said)
    return Side(summary_record(texts.summary(key)), texts.document(key))


def compare_record(source: Side, target: Side, reference: Reference) -> dict[str, Any]:
    """``{"source", "target", "pairs", "summary"}``: the call against the plan, clause by clause."""
    comparison = compare(source.document, target.document, reference=reference)
    return {
        "source": source.record,
        "target": target.record,
        "pairs": [pair_record(pair) for pair in comparison.pairs],
        "summary": summary(comparison, reference=reference),
    }


def tasks_record(source: Side, target: Side, reference: Reference) -> dict[str, Any]:
    """``{"source", "target", "tasks"}``: assignments, targets and deadlines of the call beside those of the plan."""
    comparison = compare(source.document, target.document, reference=reference)
    rows = task_records(compare_tasks(comparison, reference=reference))
    return {"source": source.record, "target": target.record, "tasks": rows}


# --- All answering plans --------------------------------------------------------------------------------------------


def cascade_record(texts: HeldTexts, said: str, *, every: bool = False) -> dict[str, Any]:
    """A call and all held plans that answer it: shares of each, each clause across the plans, the common outline.

    Plans that name the call in their opening; with ``every`` also those that name it only in the body, or reach it
    through another paper.
    """
    key = texts.key(said)
    call = Side(summary_record(texts.summary(key)), texts.document(key))
    rows = _answering(texts, key, every)
    works = texts.catalog.summaries(row.work for row in rows)
    plans = [Side(summary_record(works[row.work]), texts.document(row.work)) for row in rows]
    reference = texts.reference
    compared = [compare(call.document, plan.document, reference=reference) for plan in plans]
    return {
        "call": call.record,
        "plans": [
            _plan_record(row, plan, comparison, reference)
            for row, plan, comparison in zip(rows, plans, compared, strict=True)
        ],
        "clauses": _clauses(call.document, compared),
        "outline": [
            {"heading": row.heading, "depth": row.depth, "plans": list(row.plans), "share": row.share}
            for row in common_outline([plan.document for plan in plans])
        ],
    }


def _answering(texts: HeldTexts, key: str, every: bool) -> list[Implementing]:
    found = [row for row in cascade(key, texts.catalog.incoming) if every or row.how == "direct"]
    held = texts.catalog.summaries(row.work for row in found)
    return [row for row in found if row.work in held and held[row.work].file]


def _plan_record(row: Implementing, plan: Side, comparison: Comparison, reference: Reference) -> dict[str, Any]:
    told = summary(comparison, reference=reference)
    return {
        "document": plan.record,
        "how": row.how,
        "weakest": row.weakest,
        "clauses": told["clauses"],
        "adapted_locally": told["adapted_locally"],
        "shares": told["shares"],
        "citations_dropped": [item["number"] or item["text"] for item in told["citations"]["dropped"]],
        **{kind: Counter(item["status"] for item in told[kind]) for kind in ("targets", "deadlines", "assignments")},
    }


def _clauses(call: Document, compared: Sequence[Comparison]) -> list[dict[str, Any]]:
    """Each clause of the call with its status in each plan; one that a plan kept in part counts as adapted."""
    found: list[dict[str, Any]] = []
    places: list[int] = []
    for clause in read_clauses(call).clauses:
        if not clause.heading:
            text = call.text.text[clause.start : clause.end]
            found.append({"text": text, "start": clause.start, "end": clause.end, "statuses": [""] * len(compared)})
            places.append(clause.start)
    for number, comparison in enumerate(compared):
        for pair in comparison.pairs:
            if pair.source and not pair.source.heading:
                statuses = found[bisect_right(places, pair.source.start) - 1]["statuses"]
                statuses[number] = pair.status if statuses[number] in ("", pair.status) else "adapted"
    return found


# --- Where words come from, and where they went ----------------------------------------------------------------------

MOST_DERIVED = 20
"""Papers that took text over, that are compared clause by clause; a national call has hundreds."""


def reuse_record(texts: HeldTexts, said: str) -> dict[str, Any]:
    """Where the clauses of a document come from and where they went, as far as text tells; inferred, never stated.

    ``{"document", "parents", "children", "sources", "derived", "clauses"}``: each clause names the clauses of
    ``sources`` that it has its words from ("source" is their place in the list), and how many of ``derived`` kept it.
    """
    key = texts.key(said)
    document = texts.document(key)
    edges = inferences_of(texts.catalog.store, texts.catalog.iris, key=key)
    works = texts.catalog.summaries({end for edge in edges for end in (edge.subject, edge.object)})
    listed: dict[str, list[tuple[str, dict[str, Any]]]] = {
        name: sorted(
            (
                (other, _edge_record(edge, works[other]))
                for edge in edges
                if edge.relation == relation
                and (other := edge.object if up else edge.subject) != key
                and other in works
            ),
            key=lambda row: (-row[1]["confidence"], row[0]),
        )
        for name, relation, up in (
            ("parents", "inferred_parent", True),
            ("children", "inferred_parent", False),
            ("sources", "reuses_text", True),
            ("derived", "reuses_text", False),
        )
    }
    reference = texts.reference
    above = [compare(texts.document(other), document, reference=reference) for other, _ in listed["sources"]]
    below = [
        compare(document, texts.document(other), reference=reference) for other, _ in listed["derived"][:MOST_DERIVED]
    ]
    return {
        "document": summary_record(texts.summary(key)),
        **{name: [record for _, record in rows] for name, rows in listed.items()},
        "clauses": _origins(document, above, below),
    }


def _edge_record(edge: Inference, work: WorkSummary) -> dict[str, Any]:
    return {
        "id": edge.id,
        "document": summary_record(work),
        "confidence": edge.confidence,
        "reason": edge.reason,
        "accepted": edge.accepted,
    }


def _origins(
    document: Document, above: Sequence[Comparison], below: Sequence[Comparison]
) -> list[dict[str, Any]]:  # fmt: skip
    found: list[dict[str, Any]] = []
    places: list[int] = []
    for clause in read_clauses(document).clauses:
        if not clause.heading:
            text = document.text.text[clause.start : clause.end]
            found.append({"text": text, "start": clause.start, "end": clause.end, "from": [], "kept_by": 0})
            places.append(clause.start)
    for number, comparison in enumerate(above):
        for pair in comparison.pairs:
            if pair.source and pair.target and not pair.target.heading:
                row = found[bisect_right(places, pair.target.start) - 1]
                origin = {"source": number, "status": pair.status, "similarity": pair.similarity}
                row["from"].append(
                    origin | {"text": pair.source.text, "start": pair.source.start, "end": pair.source.end}
                )
    for comparison in below:
        kept = {
            bisect_right(places, pair.source.start) - 1
            for pair in comparison.pairs
            if pair.source and pair.target and not pair.source.heading
        }
        for place in kept:
            found[place]["kept_by"] += 1
    return found


# --- Pages ----------------------------------------------------------------------------------------------------------

STATUS_WORDS = {"verbatim": "Giữ nguyên", "adapted": "Có sửa", "omitted": "Không đưa vào", "added": "Bổ sung"}
KIND_WORDS = {"localisation": "theo địa bàn", "number": "số liệu", "date": "thời gian", "wording": "câu chữ"}


def compare_page(source: Side, target: Side, reference: Reference, *, now: dt.datetime | None = None) -> str:
    """The comparison side by side as one HTML file."""
    comparison = compare(source.document, target.document, reference=reference)
    return _rendered(
        "compare.html",
        now,
        source=source.record,
        target=target.record,
        rows=rows_for_page(comparison),
        summary=summary(comparison, reference=reference),
    )


def cascade_page(record: dict[str, Any], *, now: dt.datetime | None = None) -> str:
    """The table of all answering plans as one HTML file."""
    return _rendered("compare_cascade.html", now, **record)


def _rendered(template: str, now: dt.datetime | None, **values: Any) -> str:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    made = Environment(
        loader=PackageLoader("api", "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    made.filters["percent"] = lambda share: f"{share * 100:.0f}%"
    made.filters["name"] = _name
    words = {"status_words": STATUS_WORDS, "kind_words": KIND_WORDS}
    return made.get_template(template).render(as_of=now or clock.now(), **words, **values)


def _name(document: dict[str, Any]) -> str:
    """ "Kế hoạch 68/KH-UBND, Ủy ban nhân dân huyện Bình Khê"."""
    name = document["number"] or document["title"] or document["file"] or document["iri"] or ""
    words = f"{document['kind']} {name}" if document["kind"] and document["number"] else name
    return f"{words}, {document['issuer']}" if document["issuer"] else words


def rows_for_page(comparison: Comparison) -> list[dict[str, Any]]:
    """One row per pair, each text as stretches (words, kind of change or None), ready for a template."""
    return [
        {
            "status": pair.status,
            "local": pair.local_only,
            "heading": bool((piece := pair.source or pair.target) and piece.heading),
            "kinds": sorted({change.kind for change in pair.changes}),
            "source": _stretches(pair, pair.source, [(c.old_span, c.kind) for c in pair.changes]),
            "target": _stretches(pair, pair.target, [(c.new_span, c.kind) for c in pair.changes]),
        }
        for pair in comparison.pairs
    ]


def _stretches(
    pair: Pair, piece: Piece | None, changed: Sequence[tuple[tuple[int, int] | None, str]]
) -> list[tuple[str, str | None]] | None:  # fmt: skip
    if piece is None:
        return None
    found: list[tuple[str, str | None]] = []
    at = piece.start
    for span, kind in sorted((span, kind) for span, kind in changed if span):
        found.append((piece.text[at - piece.start : span[0] - piece.start], None))
        found.append((piece.text[span[0] - piece.start : span[1] - piece.start], kind))
        at = span[1]
    found.append((piece.text[at - piece.start :], None))
    return [(text, kind) for text, kind in found if text]

"""Links that stand on a person's word: made by hand, or accepted and no longer found by extraction.

An accepted link whose sentence a later reading does not find stays effective and is flagged (orphaned), as long as the
document that told of it is held. A link made by hand needs no sentence, only a subject that is known.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import get_args

from kg.identifiers import link_id, parse_number
from kg.kinds import kinds_by_code
from kg.model import Relation
from kg.reference import Reference
from kg.review import Standing, Verdict
from kg.works import Link, Work

__all__ = ["decided_links", "named_targets"]

RELATIONS = frozenset(get_args(Relation)) - {"self"}


def decided_links(standing: Standing, works: Mapping[str, Work], found: Collection[str]) -> list[Link]:
    """The links that people vouch for beyond those ``found`` (ids); both ends must be in ``works``."""
    made = []
    for (subject, relation, target), verdict in standing.accepted():
        ident = link_id(subject, relation, target)
        if ident in found or relation not in RELATIONS or subject == target:
            continue
        teller = standing.teller(verdict) or (subject if verdict.by_hand or _holds(works, subject) else None)
        if teller not in works or subject not in works or target not in works:
            continue
        evidence = verdict.evidence
        made.append(
            Link(
                id=ident,
                subject=subject,
                relation=relation,  # type: ignore[arg-type]
                object=target,
                told_by=str(teller),
                confidence=1.0 if verdict.by_hand or evidence is None else evidence.confidence,
                status="effective" if verdict.by_hand else "orphaned",
                quotes=(evidence,) if evidence else (),
                cue=evidence.cue if evidence else None,
                place="opening" if evidence and evidence.place in ("header", "opening") else "body",
                method="human" if verdict.by_hand else "rule",
                verdict=verdict.id,
            )
        )
    return made


def _holds(works: Mapping[str, Work], key: str) -> bool:
    return key in works and bool(works[key].files)


def named_targets(standing: Standing, works: Mapping[str, Work], reference: Reference) -> dict[str, Work]:
    """Stubs for works that only a person's link names, such as the right target of a correction."""
    return {
        target: _stub(target, verdict, reference)
        for (subject, relation, target), verdict in standing.accepted()
        if target not in works and subject in works and relation in RELATIONS
    }


def _stub(key: str, verdict: Verdict, reference: Reference) -> Work:
    owner = key.split("/")[0] if key.count("/") == 3 else None
    body = reference.body(owner) if owner else None
    number = parse_number(verdict.object_number) if verdict.object_number else None
    kinds = kinds_by_code(number.kind_code) if number and number.kind_code else ()
    return Work(
        key=key,
        owner=owner,
        number=number.text if number else None,
        kind=kinds[0].label if kinds else "Công văn" if "/cv/" in key else None,
        issuer=body.name if body else None,
        level=body.level if body else None,
    )

"""Who answered a call, as one stable record (DESIGN section 8), for the command line and HTTP alike."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import TYPE_CHECKING, Any, get_args

from api.covering_words import note_of
from api.tracing import summary_record
from kg import clock
from kg.coverage import Answer, Outside, Row, Status, Timing, heirs, judge, obligations
from kg.coverage_store import (
    Deadline,
    answers_to,
    call_of,
    deadline_of,
    entered,
    known_bodies,
    lines_of,
    outside_of,
    papers_of,
)
from kg.dossier import read_dossier
from kg.groups import body_name, setting_of
from kg.identifiers import link_id
from kg.model import WorkSummary

if TYPE_CHECKING:
    from api.workspace import Workspace
    from kg.cascade import Implementing
    from kg.catalog import Catalog
    from kg.dossier import LinkRow
    from kg.iris import Iris
    from kg.reference import Reference

__all__ = ["STATUSES", "coverage", "coverage_record", "reference_of"]

STATUSES: tuple[Status, ...] = get_args(Status)


def reference_of(workspace: Workspace) -> Reference:
    """The reference data that the workspace's documents were read with."""
    from ingest.pipeline import Folders
    from kg.reference import load_reference

    return load_reference(Folders(workspace.root).reference)


def coverage(
    workspace: Workspace,
    number: str,
    *,
    deadline: dt.date | None = None,
    now: dt.datetime | None = None,
    public: bool = False,
    **narrow: Any,
) -> dict[str, Any]:
    """The record of the one work that bears ``number`` (narrowed by issuer, kind, year).

    ``deadline`` stands in for the day by which plans are to be sent; ``now`` is told in ``as_of``.
    """
    catalog = workspace.catalog(public=public)
    key = catalog.find(number, **narrow)
    return coverage_record(catalog, key, reference_of(workspace), deadline=deadline, now=now)


def coverage_record(
    catalog: Catalog,
    key: str,
    reference: Reference,
    *,
    deadline: dt.date | None = None,
    now: dt.datetime | None = None,
) -> dict[str, Any]:
    """Every addressee of the work ``key`` with its duty, its status, and the papers that speak for it."""
    now = now or clock.now()
    store, iris = catalog.store, catalog.iris
    dossier = read_dossier(store, iris, key)
    facts = entered(store, iris, dossier)
    due = deadline_of(dossier, facts, deadline)
    call = call_of(dossier, due)
    setting = setting_of(
        reference, call.owner, call.day or now.date(), lambda codes: known_bodies(store, iris, codes)
    )  # fmt: skip
    asked, unexpanded = obligations(lines_of(dossier), reference, setting)
    rows, cites = answers_to(catalog, dossier)
    owners = {heir for one in asked if one.body for heir in heirs(reference, one.body)}
    papers = papers_of(catalog, owners, rows, cites)
    judged = judge(asked, call, reference, papers, outside_of(facts), now.date())
    spoken = {answer.paper.key for row in judged for answer in row.answers}
    others = sorted(set(rows) - spoken)
    works = catalog.summaries({key, *spoken, *others})
    teller = _Teller(reference, iris, works, rows, cites)
    return {
        "call": summary_record(works[key]),
        "as_of": now.isoformat(timespec="minutes"),
        "period": [day.isoformat() for day in call.period] if call.period else None,
        "sending_deadline": due.date.isoformat() if due else None,
        "deadline": _deadline(due),
        "campaign_end": next((tie.told["endDate"] for tie in dossier.campaigns
                              if tie.role == "launches" and "endDate" in tie.told), None),
        "addressees": [teller.row(row, call.day) for row in judged],
        "unexpanded": list(unexpanded),
        "others": [teller.document(name) for name in others if name in works],
        "summary": _summary(judged, unexpanded),
    }  # fmt: skip


def _deadline(due: Deadline | None) -> dict[str, Any] | None:
    if due is None:
        return None
    fact = due.fact
    return {
        "date": due.date.isoformat(),
        "source": due.source,
        "quote": due.quote,
        "id": fact.id if fact else None,
        "by": fact.by if fact else None,
        "at": fact.at.isoformat() if fact else None,
        "note": fact.note if fact else None,
    }


def _summary(rows: tuple[Row, ...], unexpanded: tuple[str, ...]) -> dict[str, int]:
    counts = Counter(row.status for row in rows)
    obliged = [row for row in rows if row.status != "not_obliged"]
    told = [_late(row) for row in obliged if row.status in ("answered", "outside")]
    return {
        "obliged": len(obliged),
        **{status: counts[status] for status in STATUSES},
        "late": told.count(True),
        "in_time": told.count(False),
        "undetermined": told.count(None),
        "unexpanded": len(unexpanded),
    }


def _late(row: Row) -> bool | None:
    """Whether a body's first answer came late: in time when any of its papers surely did."""
    timings = [answer.timing.late for answer in row.answers] if row.status == "answered" else []
    if row.status == "outside" and row.outside_timing:
        timings.append(row.outside_timing.late)
    if False in timings:
        return False
    return True if timings and all(timings) else None


class _Teller:
    """Turns rows into records."""

    def __init__(
        self,
        reference: Reference,
        iris: Iris,
        works: dict[str, WorkSummary],
        rows: dict[str, Implementing],
        cites: dict[str, LinkRow],
    ) -> None:
        self.reference = reference
        self.iris = iris
        self.works = works
        self.rows = rows
        self.cites = cites

    def row(self, row: Row, called: dt.date | None) -> dict[str, Any]:
        """One addressee. ``body`` is null for words that name no body we know."""
        body = self.reference.body(row.asked.body) if row.asked.body else None
        return {
            "phrase": row.asked.phrase,
            "duty": row.asked.duty,
            "body": {
                "iri": str(self.iris.thing("org", body.code)),
                "code": body.code,
                "name": body_name(self.reference, body, called),
                "level": body.level,
            } if body else None,
            "status": row.status,
            "documents": [
                self.document(answer.paper.key, answer) for answer in row.answers if answer.paper.key in self.works
            ],
            "late": _late(row),
            "held": row.held,
            "ended": row.ended.isoformat() if row.ended else None,
            "confirmation": self._confirmation(row.outside, row.outside_timing),
            "note": note_of(row, body, self.reference),
        }  # fmt: skip

    def document(self, key: str, answer: Answer | None = None) -> dict[str, Any]:
        """One paper that speaks for a body, with how it names the call and the sentence that says so."""
        row, link = self.rows.get(key), self.cites.get(key)
        first = row.hops[0].evidence if row else None
        quote = {"quote": first.quote, "start": first.start, "end": first.end, "page": first.page} if first else None
        if link and link.quotes:
            told = link.quotes[0]
            quote = {"quote": told.quote, "start": told.start, "end": told.end, "page": told.page}
        return {
            **summary_record(self.works[key]),
            **(_timing(answer.timing) if answer else {}),
            "how": row.how if row else "cites",
            "relation": row.hops[0].relation if row else link.relation if link else None,
            "weakest": row.weakest if row else None,
            "path": [(work.number if (work := self.works.get(name)) else None) or name for name in row.between]
            if row else [],
            "evidence": quote,
            "link": link.id if link and link.quotes else link_id(key, row.hops[0].relation, row.hops[0].object)
            if row else None,
        }  # fmt: skip

    @staticmethod
    def _confirmation(outside: Outside | None, timing: Timing | None) -> dict[str, Any] | None:
        if outside is None:
            return None
        return {
            "id": outside.id,
            "by": outside.by,
            "at": outside.at.isoformat(),
            "date": outside.date.isoformat() if outside.date else None,
            "note": outside.note,
            **_timing(timing or Timing()),
        }


def _timing(timing: Timing) -> dict[str, Any]:
    """``margin``: days before the sending deadline, negative after it."""
    return {
        "days": timing.days,
        "days_min": timing.days_min,
        "days_max": timing.days_max,
        "late": timing.late,
        "margin": timing.margin,
    }

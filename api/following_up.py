"""What people enter on who answers a call: the day plans are due, an answer outside the store, and taking either back.

Each is one more record in the curated graph and one line in the audit log. Links and works do not depend on them, so
nothing is resolved again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from api import audit, standing
from ingest.ledger import Ledger
from ingest.pipeline import Folders
from kg.catalog import Catalog
from kg.coverage_store import entered
from kg.curation import curated_triples, new_id, read_curated
from kg.dossier import Dossier, read_dossier
from kg.errors import PolicyKGError
from kg.groups import setting_of
from kg.identifiers import fold
from kg.iris import Iris
from kg.reference import Reference, load_reference
from kg.review import Curated, Fact, Verdict
from kg.snapshots import WriteSession, write_session

__all__ = ["confirm_outside", "set_deadline", "undo_follow_up"]

OnWait = Callable[[str], None]


@dataclass
class _Desk:
    session: WriteSession
    iris: Iris
    dossier: Dossier
    before: Curated
    by: str
    facts: list[Fact] = field(default_factory=list)
    verdicts: list[Verdict] = field(default_factory=list)

    def now(self) -> dt.datetime:
        """The time of the next record: later than every record there is, whatever the clock says."""
        times = [verdict.at for verdict in self.before.verdicts] + [fact.at for fact in self.before.facts]
        last = max(times, default=None)
        now = dt.datetime.now(dt.UTC)
        return max(now, last + dt.timedelta(microseconds=1)) if last else now

    def fact(self, **given: Any) -> Fact:
        """One more fact about this call, which follows its file when its key changes."""
        file = self.dossier.file
        fact = Fact(id=new_id(), file=None, by=self.by, at=self.now(), work=self.dossier.key,
                    work_file=file.sha256 if file else None, **given)  # fmt: skip
        self.facts.append(fact)
        return fact

    @property
    def live(self) -> tuple[Fact, ...]:
        """What was entered on this call and not taken back, oldest first."""
        return entered(self.session.store, self.iris, self.dossier)


@contextmanager
def _desk(root: Path, number: str, by: str, on_wait: OnWait, narrow: dict[str, Any]) -> Iterator[_Desk]:
    if len(by.strip()) < 2:
        raise PolicyKGError("Thông tin theo dõi phải ghi tên người nhập (--by, hoặc KG_REVIEWER).")
    with write_session(root, command="kg coverage", on_wait=on_wait) as session:
        iris = Iris(session.current.base)
        key = Catalog(session.store, iris).find(number, **narrow)
        dossier = read_dossier(session.store, iris, key)
        desk = _Desk(session, iris, dossier, read_curated(session.store, iris), by.strip())
        yield desk
        if desk.facts or desk.verdicts:
            after = Curated([*desk.before.verdicts, *desk.verdicts], [*desk.before.facts, *desk.facts])
            with closing(Ledger(Folders(root).ledger)) as ledger, standing.unaffected(session, ledger):
                session.store.put_graphs({iris.graph("curated"): curated_triples(after, iris)})


def set_deadline(
    root: Path,
    number: str,
    day: dt.date,
    *,
    by: str,
    note: str | None = None,
    on_wait: OnWait = lambda message: None,
    request: str | None = None,
    **narrow: Any,
) -> dict[str, Any]:
    """Sets the day by which those called on send their plans; the newest counts, before what the call says itself."""
    with _desk(root, number, by, on_wait, narrow) as desk:
        fact = desk.fact(sending_deadline=day, note=note)
    audit.record(root, by=fact.by, action="coverage.deadline", about=str(fact.work), request=request, fact=fact.id)
    return _told(fact)


def confirm_outside(
    root: Path,
    number: str,
    body: str,
    *,
    by: str,
    date: dt.date | None = None,
    note: str | None = None,
    on_wait: OnWait = lambda message: None,
    request: str | None = None,
    **narrow: Any,
) -> dict[str, Any]:
    """Confirms that ``body`` (code or name) answered with a paper that is not held, on ``date`` where that is known."""
    reference = load_reference(Folders(root).reference)
    with _desk(root, number, by, on_wait, narrow) as desk:
        fact = desk.fact(outside=_body(body, desk.dossier, reference), date=date, note=note)
    audit.record(root, by=fact.by, action="coverage.outside", about=str(fact.work), request=request,
                 fact=fact.id, body=fact.outside)  # fmt: skip
    return _told(fact)


def _body(named: str, dossier: Dossier, reference: Reference) -> str:
    if reference.body(named) is not None:
        return named
    facts = dossier.facts
    day = facts.get("date_document") or facts.get("dateLatest")
    on = dt.date.fromisoformat(day) if day else dt.date.today()
    setting = setting_of(reference, facts.get("passed_by"), on)
    match = reference.find_body(
        named, province=setting.province, district=setting.district, commune=setting.commune, on=on
    )
    if match is None or match.end < len(named.rstrip()):
        raise PolicyKGError(
            f"Không xác định được cơ quan “{named}”. Nêu tên đầy đủ (UBND huyện Phong Thổ) hoặc mã "
            "(lai-chau.phong-tho.ubnd)."
        )
    return match.body.code


def undo_follow_up(
    root: Path,
    number: str,
    thing: str,
    *,
    by: str,
    note: str | None = None,
    on_wait: OnWait = lambda message: None,
    request: str | None = None,
    **narrow: Any,
) -> dict[str, Any]:
    """Takes back the newest "deadline", the newest confirmation of a body (code or name), or one record by its id."""
    reference = load_reference(Folders(root).reference)
    with _desk(root, number, by, on_wait, narrow) as desk:
        live = desk.live
        found = [fact for fact in live if fact.id == thing]
        if not found and fold(thing) in ("deadline", "thoi han"):
            found = [fact for fact in live if fact.sending_deadline]
        elif not found:
            code = _body(thing, desk.dossier, reference)
            found = [fact for fact in live if fact.outside == code]
        if not found:
            raise PolicyKGError(f"Không có thông tin theo dõi nào còn hiệu lực về “{thing}” để hoàn tác.")
        old = found[-1]
        desk.verdicts.append(
            Verdict(id=new_id(), subject=str(old.work), relation="fact", object=old.id, value="withdrawn", by=desk.by,
                    at=desk.now(), note=note, subject_file=old.work_file, undoes=old.id)
        )  # fmt: skip
    audit.record(root, by=by.strip(), action="coverage.withdrawn", about=str(old.work), request=request, undoes=old.id)
    return _told(replace(old, note=note)) | {"undone": True, "by": by.strip()}


def _told(fact: Fact) -> dict[str, Any]:
    return {
        "id": fact.id,
        "work": fact.work,
        "sending_deadline": fact.sending_deadline.isoformat() if fact.sending_deadline else None,
        "outside": fact.outside,
        "date": fact.date.isoformat() if fact.date else None,
        "by": fact.by,
        "at": fact.at.isoformat(),
        "note": fact.note,
    }

"""What people decide, as write sessions: verdicts, corrections, facts entered by hand, and taking any of them back.

Every decision is one more record in the curated graph and one line in the audit log; the graph is then brought up to
date from all documents and all records, exactly as an ingest does it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from api import audit, standing
from api.changes import OnWait, bring_up_to_date
from api.naming import held_hashes, quote_in_text, work_key_of
from api.reconsidering import reconsider
from api.visibility import read_internal
from ingest.document import PARSER_VERSION
from ingest.ledger import Ledger
from ingest.pipeline import Folders
from kg.curation import new_id, read_curated
from kg.errors import RequestError
from kg.identifiers import file_key, link_id, parse_number
from kg.inferred import Inference, inferences_of
from kg.iris import Iris
from kg.kinds import kind_by_label
from kg.reference import load_reference
from kg.review import IDENTITY, SAME_PERSON, Curated, Fact, Verdict, VerdictValue, Visibility
from kg.review_lists import JudgedLink, judged_link, person_pairs_of
from kg.snapshots import WriteSession, write_session
from kg.vocab import LINK_PREDICATES
from kg.works import Resolution

__all__ = ["correct", "decide", "enter_fact", "undo"]


@dataclass
class _Desk:
    """One sitting: what is known, and what is being decided."""

    session: WriteSession
    ledger: Ledger
    iris: Iris
    before: Curated
    by: str
    verdicts: list[Verdict] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    resolution: Resolution | None = None

    def now(self) -> dt.datetime:
        """The time of the next record: later than every record there is, whatever the clock says."""
        times = [verdict.at for verdict in self.before.verdicts] + [fact.at for fact in self.before.facts]
        last = max(times, default=None)
        now = dt.datetime.now(dt.UTC)
        return max(now, last + dt.timedelta(microseconds=1)) if last else now

    def add(self, **fields: Any) -> Verdict:
        at = self.now() + dt.timedelta(microseconds=len(self.verdicts))
        verdict = Verdict(id=new_id(), by=self.by, at=at, parser=PARSER_VERSION, **fields)
        self.verdicts.append(verdict)
        return verdict


@contextmanager
def _desk(root: Path, by: str, command: str, on_wait: OnWait) -> Iterator[_Desk]:
    """Opens the data folder for one decision; at the end it is recorded and the graph brought up to date."""
    if len(by.strip()) < 2:
        raise RequestError("Quyết định phải ghi tên người thực hiện (--by, hoặc KG_REVIEWER).")
    with (
        write_session(root, command=command, on_wait=on_wait) as session,
        closing(Ledger(Folders(root).ledger)) as ledger,
    ):
        iris = Iris(session.current.base)
        desk = _Desk(session, ledger, iris, read_curated(session.store, iris), by.strip())
        yield desk
        if desk.verdicts or desk.facts:
            curated = Curated([*desk.before.verdicts, *desk.verdicts], [*desk.before.facts, *desk.facts])
            alone = not desk.facts and standing.is_current(root, ledger)
            with standing.unaffected(session, ledger):
                done = alone and reconsider(session, iris, desk.before, curated, desk.verdicts)
            if not done:
                desk.resolution, _ = bring_up_to_date(session, ledger, curated, iris)


def decide(
    root: Path,
    thing: str,
    value: VerdictValue,
    *,
    by: str,
    reason: str | None = None,
    note: str | None = None,
    on_wait: OnWait = lambda message: None,
    request: str | None = None,
) -> dict[str, Any]:
    """Judges a link or an inference (by id), an identity ("FILE=NUMBER") or two signers (by the id of their pair)."""
    if value == "withdrawn":
        return undo(root, thing, by=by, note=note, on_wait=on_wait, request=request)
    with _desk(root, by, "kg review", on_wait) as desk:
        verdict = desk.add(value=value, reason=reason, note=note, **_about(desk, thing))
    audit.record(root, by=by, action=f"review.{value}", about=thing, request=request, verdict=verdict.id)
    return _record(verdict)


def _about(desk: _Desk, thing: str) -> dict[str, Any]:
    """What a verdict on ``thing`` is about, base-free."""
    if "=" in thing:
        file, _, named = thing.partition("=")
        sha = _one_file(desk, file)
        key, number = work_key_of(desk.session.store, desk.iris, named)
        return {"subject": file_key(sha), "relation": IDENTITY, "object": key, "subject_file": sha,
                "object_number": number}  # fmt: skip
    link = judged_link(desk.session.store, desk.iris, thing)
    if link is not None:
        return _link_ends(link)
    inferred = inferences_of(desk.session.store, desk.iris, ident=thing)
    if inferred:
        return _inferred_ends(desk, inferred[0])
    pair = next((pair for pair in person_pairs_of(desk.session.store) if pair.id == thing), None)
    if pair is not None:
        return {"subject": pair.one, "relation": SAME_PERSON, "object": pair.other}
    raise RequestError(f"Không có liên kết hoặc đề xuất nào mang mã “{thing}”. Xem mã bằng: kg review list --waiting.")


def _inferred_ends(desk: _Desk, edge: Inference) -> dict[str, Any]:
    files = {
        end: held_hashes(desk.session.store, desk.iris, desk.iris.work(end)) for end in (edge.subject, edge.object)
    }
    return {
        "subject": edge.subject,
        "relation": edge.relation,
        "object": edge.object,
        "subject_file": next(iter(files[edge.subject]), None),
        "object_file": next(iter(files[edge.object]), None),
    }


def _one_file(desk: _Desk, name: str) -> str:
    found = held_hashes(desk.session.store, desk.iris, name)
    if len(found) != 1:
        raise RequestError(f"Không xác định được tệp “{name}” trong kho: có {len(found):02d} tệp phù hợp.")
    return found[0]


def _link_ends(link: JudgedLink) -> dict[str, Any]:
    return {
        "subject": link.subject,
        "relation": link.relation,
        "object": link.object,
        "subject_file": link.subject_file,
        "object_file": link.object_file,
        "teller_file": link.teller_file if link.teller_file != link.subject_file else None,
        "object_number": link.object_number,
        "quote": link.quotes[0].text if link.quotes else None,
        "evidence": link.quotes[0] if link.quotes else None,
        "by_hand": link.by_hand,
    }


def correct(
    root: Path,
    link: str,
    *,
    by: str,
    relation: str | None = None,
    target: str | None = None,
    quote: str | None = None,
    reason: str | None = None,
    note: str | None = None,
    on_wait: OnWait = lambda message: None,
    request: str | None = None,
) -> dict[str, Any]:
    """Rejects a link and makes the right one by hand: another relation, another target, or both.

    The new link rests on ``quote``, a piece of the citing text, or on the sentence of the wrong one.
    """
    if relation is not None and relation not in LINK_PREDICATES:
        raise RequestError(f"Không có quan hệ “{relation}”. Các quan hệ: {', '.join(sorted(LINK_PREDICATES))}.")
    with _desk(root, by, "kg review correct", on_wait) as desk:
        wrong = judged_link(desk.session.store, desk.iris, link)
        if wrong is None:
            raise RequestError(f"Không có liên kết nào mang mã “{link}”. Xem mã trong kết quả JSON của kg trace.")
        ends = _link_ends(wrong)
        right = ends | {"relation": relation or wrong.relation, "by_hand": True}
        if target is not None:
            key, number = work_key_of(desk.session.store, desk.iris, target)
            files = held_hashes(desk.session.store, desk.iris, key)
            right |= {"object": key, "object_number": number, "object_file": files[0] if files else None}
        if (right["relation"], right["object"]) == (wrong.relation, wrong.object):
            raise RequestError("Chưa nêu điều cần sửa: --relation hoặc --target phải khác với liên kết hiện có.")
        if right["object"] == wrong.subject:
            raise RequestError("Văn bản không thể viện dẫn chính nó; hãy chọn văn bản khác.")
        if quote:
            teller = wrong.teller_file or wrong.subject_file
            evidence = quote_in_text(Folders(root), teller, quote)
            right |= {"quote": evidence.text, "evidence": evidence}
        elif ends["evidence"] is not None:
            right["evidence"] = replace(ends["evidence"], confidence=1.0)
        act = new_id()
        desk.add(value="rejected", reason=reason, note=note, act=act, **ends)
        made = desk.add(value="accepted", reason=reason, note=note, act=act, **right)
    ident = link_id(made.subject, made.relation, made.object)
    audit.record(root, by=by, action="review.corrected", about=link, request=request, verdict=made.id, link=ident)
    return _record(made) | {"link": ident}


def enter_fact(
    root: Path,
    file: str | None,
    *,
    by: str,
    number: str | None = None,
    date: dt.date | None = None,
    issuer: str | None = None,
    kind: str | None = None,
    title: str | None = None,
    visibility: Visibility | None = None,
    note: str | None = None,
    on_wait: OnWait = lambda message: None,
    request: str | None = None,
) -> dict[str, Any]:
    """Sets what a held file does not say, or says wrong; without ``file``, enters a numbered document without text."""
    given: dict[str, Any] = {"number": _number(number), "date": date, "kind": _kind(kind), "title": title,
                             "visibility": visibility, "note": note}  # fmt: skip
    if not any((number, date, issuer, kind, title, visibility)):
        raise RequestError("Chưa nêu thông tin nào để nhập. Ví dụ: --number 87/KH-UBND --date 2023-06-12")
    with _desk(root, by, "kg review set", on_wait) as desk:
        hashes: list[str | None] = [None]
        if file is not None:
            hashes = [*held_hashes(desk.session.store, desk.iris, file)]
            if not hashes:
                raise RequestError(f"Kho không giữ tệp nào ứng với “{file}”.")
            if len(hashes) > 1 and (number or date or issuer):
                raise RequestError(f"“{file}” ứng với {len(hashes):02d} tệp; hãy nêu mã băm của đúng một tệp.")
        elif not (number and date and issuer) or visibility:
            raise RequestError("Nhập văn bản chưa có toàn văn cần đủ số, ngày và cơ quan (--number --date --issuer).")
        places = _places(root, hashes[0])
        given["owner"] = _owner(root, issuer, date, places) if issuer else None
        desk.facts += [Fact(id=new_id(), file=sha, by=desk.by, at=desk.now(), **given) for sha in hashes]
        if visibility and file is not None:
            _mark(desk, [sha for sha in hashes if sha], visibility)
    resolution = desk.resolution
    assert resolution is not None
    keys = sorted(
        key for key, work in resolution.works.items() if any(held.sha256 in hashes for held in work.files)
    )  # fmt: skip
    if file is None:
        keys = [key for key, work in resolution.works.items() if not work.files and work.identity is not None
                and work.number == given["number"] and work.owner == given["owner"] and work.date == date]  # fmt: skip
    fact = desk.facts[0]
    fields = [name for name in ("number", "date", "owner", "kind", "title", "visibility") if getattr(fact, name)]
    audit.record(root, by=by, action="review.set", about=fact.file or str(fact.number), request=request,
                 facts=[one.id for one in desk.facts], fields=fields)  # fmt: skip
    return {
        "facts": [_plain(asdict(one)) for one in desk.facts],
        "work": keys[0] if keys else None,
        "iri": str(desk.iris.work(keys[0])) if keys else None,
    }


def _number(printed: str | None) -> str | None:
    if printed is None:
        return None
    parsed = parse_number(printed)
    if parsed is None or not parsed.number:
        raise RequestError(f"“{printed}” không phải số, ký hiệu văn bản đầy đủ. Ví dụ: 87/KH-UBND")
    return parsed.text


def _kind(label: str | None) -> str | None:
    if label is None:
        return None
    found = kind_by_label(label)
    if found is None:
        raise RequestError(f"Không có loại văn bản “{label}”. Ví dụ: Kế hoạch, Công văn, Quyết định")
    return found.label


def _places(root: Path, sha: str | None) -> tuple[str | None, str | None]:
    """The province and district that a file speaks of: what a bare "UBND huyện" means in it."""
    from api.naming import held_document

    document = held_document(Folders(root), sha) if sha else None
    return (document.metadata.province, document.metadata.district) if document else (None, None)


def _owner(root: Path, issuer: str, on: dt.date | None, places: tuple[str | None, str | None]) -> str:
    reference = load_reference(Folders(root).reference)
    if reference.body(issuer) is not None:
        return issuer
    match = reference.find_body(issuer, province=places[0], district=places[1], on=on)
    if match is None:
        raise RequestError(
            f"Không xác định được cơ quan “{issuer}”. Nêu tên đầy đủ (Ủy ban nhân dân huyện Tam Đường) hoặc mã "
            "(lai-chau.tam-duong.ubnd)."
        )
    return match.body.code


def _mark(desk: _Desk, hashes: list[str], visibility: Visibility) -> None:
    known = read_internal(desk.session.workspace)
    paths = [path for path, row in desk.ledger.names().items() if row.sha256 in hashes]
    change = known.marking if visibility == "internal" else known.clearing
    change(contents=hashes, paths=paths).write()


def undo(
    root: Path,
    thing: str,
    *,
    by: str,
    note: str | None = None,
    on_wait: OnWait = lambda message: None,
    request: str | None = None,
) -> dict[str, Any]:
    """Takes back the newest decision on a link, an identity, two signers or a file, or one record by its id.

    A correction is taken back whole: the wrong link stands again and the one made by hand goes.
    """
    with _desk(root, by, "kg review undo", on_wait) as desk:
        old = _newest_about(desk, thing)
        if old is None:
            raise RequestError(f"Không có quyết định nào còn hiệu lực về “{thing}” để hoàn tác.")
        if isinstance(old, Fact):
            verdict = desk.add(value="withdrawn", subject=file_key(old.file) if old.file else str(old.number),
                               relation="fact", object=old.id, subject_file=old.file, undoes=old.id,
                               note=note)  # fmt: skip
            if old.visibility and old.file:
                rest = Curated(desk.before.verdicts, [fact for fact in desk.before.live_facts if fact.id != old.id])
                _mark(desk, [old.file], rest.visibility().get(old.file, "public"))
        else:
            verdict = desk.add(value="withdrawn", subject=old.subject, relation=old.relation, object=old.object,
                               subject_file=old.subject_file, object_file=old.object_file, undoes=old.id,
                               note=note)  # fmt: skip
    audit.record(root, by=by, action="review.withdrawn", about=thing, request=request, undoes=old.id)
    return _record(verdict)


def _newest_about(desk: _Desk, thing: str) -> Verdict | Fact | None:
    live, facts = desk.before.live, desk.before.live_facts
    records: list[Verdict | Fact] = [*live, *facts]
    for record in records:
        if record.id == thing:
            return record
    store, iris = desk.session.store, desk.iris
    if "=" in thing:
        about = _about(desk, thing)
        said = desk.before.identities_of(about["subject_file"])
        return said.get(about["object"])
    standing = store.query("SELECT DISTINCT ?v { ?v vb:about $l }", bindings={"l": iris.thing("link", thing)})
    named = {str(row["v"]).rsplit("/", 1)[1] for row in standing}
    found = [
        verdict for verdict in live
        if verdict.id in named or link_id(verdict.subject, verdict.relation, verdict.object) == thing
    ]  # fmt: skip
    if found:
        return found[-1]
    hashes = held_hashes(store, iris, thing)
    return next((fact for fact in reversed(facts) if fact.file in hashes), None)


def _record(verdict: Verdict) -> dict[str, Any]:
    return {name: value for name, value in _plain(asdict(verdict)).items() if name != "evidence"}


def _plain(fields: dict[str, Any]) -> dict[str, Any]:
    """Values that JSON can say."""
    return {
        name: value.isoformat() if isinstance(value, dt.date) else value
        for name, value in fields.items()
    }  # fmt: skip

"""What the store tells of a call and of those who answer it: its lines, its days, their papers, what people entered."""

from __future__ import annotations

import calendar
import datetime as dt
import threading
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from kg.cascade import Implementing, cascade
from kg.catalog import Catalog
from kg.coverage import Call, How, Line, Outside, Paper
from kg.curation import read_curated
from kg.dossier import Dossier, LinkRow
from kg.iris import Iris
from kg.model import Duty
from kg.review import Curated, Fact
from kg.store import GraphStore
from kg.terms import Lit, Term, term_text
from kg.vocab import ELI, VB

__all__ = [
    "Deadline",
    "answers_to",
    "call_of",
    "deadline_of",
    "entered",
    "known_bodies",
    "lines_of",
    "outside_of",
    "papers_of",
]

_DUTIES: Mapping[str, Duty] = {
    "phai-thuc-hien": "must_implement",
    "phoi-hop": "cooperate",
    "de-bao-cao": "reported_to",
    "de-biet": "informed",
    "nhom-khong-liet-ke": "unenumerable",
}
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Deadline:
    """The day by which plans are to be sent, and who says so: "document" (``quote``), "human" (``fact``), "asked"."""

    date: dt.date
    source: str
    quote: str | None = None
    fact: Fact | None = None


def lines_of(dossier: Dossier) -> tuple[Line, ...]:
    """Everybody the call names: its addressees, its recipients, and those it gives a task."""
    lines = []
    for part in (*dossier.of("addressee"), *dossier.of("recipient")):
        duty = _DUTIES.get(part.told.get("duty", ""), "informed")
        lines.append(Line(part.phrase, duty, "addressee" if part.kind == "addressee" else "recipient"))
    for part in dossier.of("assignment"):
        told, requested = part.told, part.told.get("requested") == "true"
        lines.append(
            Line(told.get("assignedTo", ""), "must_implement", "assignment", told.get("role"), requested, part.phrase)
        )
    return tuple(line for line in lines if line.phrase)


def call_of(dossier: Dossier, deadline: Deadline | None) -> Call:
    """The call with the days that bound it; the end of its campaign and of reporting make its period longer."""
    facts = dossier.facts
    day = _day(facts.get("date_document"))
    later = [_day(part.told.get("due")) for part in dossier.of("deadline")]
    later += [_day(tie.told.get("endDate")) for tie in dossier.campaigns if tie.role == "launches"]
    return Call(
        key=dossier.key,
        owner=facts.get("passed_by"),
        earliest=day or _day(facts.get("dateEarliest")),
        latest=day or _day(facts.get("dateLatest")),
        deadline=deadline.date if deadline else None,
        lasts=max((one for one in later if one), default=None),
    )


def deadline_of(dossier: Dossier, facts: Iterable[Fact], asked: dt.date | None = None) -> Deadline | None:
    """The day for sending plans: the one asked for, else what a person entered last, else the first the call sets."""
    if asked is not None:
        return Deadline(asked, "asked")
    for fact in reversed([fact for fact in facts if fact.sending_deadline]):
        assert fact.sending_deadline is not None
        return Deadline(fact.sending_deadline, "human", fact=fact)
    start = _day(dossier.facts.get("date_document")) or _day(dossier.facts.get("dateEarliest"))
    found = [
        Deadline(day, "document", part.phrase)
        for part in dossier.of("deadline")
        if part.told.get("kind") == "sending" and (day := _day(part.told.get("due"))) and (not start or day >= start)
    ]
    return min(found, key=lambda deadline: deadline.date, default=None)


def _day(value: str | None) -> dt.date | None:
    """ "2024-04-15"; of "2024-04" the last day; None for "25 hằng tháng"."""
    if not value:
        return None
    try:
        if len(value) == 7:
            year, month = int(value[:4]), int(value[5:])
            return dt.date(year, month, calendar.monthrange(year, month)[1])
        return dt.date.fromisoformat(value)
    except (ValueError, calendar.IllegalMonthError):
        return None


_curated: WeakKeyDictionary[Any, Curated] = WeakKeyDictionary()
_reading = threading.Lock()


def entered(store: GraphStore, iris: Iris, dossier: Dossier) -> tuple[Fact, ...]:
    """What people entered on who answers the call, oldest first: under its key, a former key, or one of its files."""
    curated = _curated.get(store)
    if curated is None:
        with _reading:
            curated = _curated[store] = read_curated(store, iris)
    former = store.query("SELECT DISTINCT ?o { ?o vb:sameWorkAs $w }", bindings={"w": iris.work(dossier.key)})
    keys = [dossier.key, *(key for row in former if (key := iris.key_of(str(row["o"]))))]
    files = {file.sha256 for file in dossier.files}
    facts = {fact.id: fact for key in keys for fact in curated.follow_ups(key, files)}
    return tuple(sorted(facts.values(), key=lambda fact: (fact.at, fact.id)))


def outside_of(facts: Iterable[Fact]) -> dict[str, Outside]:
    """The newest confirmation for each body."""
    return {
        fact.outside: Outside(fact.id, fact.outside, fact.by, fact.at, fact.date, fact.note)
        for fact in facts
        if fact.outside
    }


def answers_to(catalog: Catalog, dossier: Dossier) -> tuple[dict[str, Implementing], dict[str, LinkRow]]:
    """The papers that carry the call out, and those that only cite it, by key."""
    rows = {row.work: row for row in cascade(dossier.key, catalog.incoming)}
    cites: dict[str, LinkRow] = {}
    for link in dossier.incoming:
        if link.stands and link.subject not in rows and link.relation not in ("implements", "follows"):
            cites.setdefault(link.subject, link)
    return rows, cites


def papers_of(
    catalog: Catalog, owners: Collection[str], rows: Mapping[str, Implementing], cites: Collection[str]
) -> dict[str, list[Paper]]:
    """The held papers of each body, by its code, with the bounds of their dates and what they have to do with the call.

    A paper that answers counts when it is not held too: a person may have entered it without its text.
    """
    store, iris = catalog.store, catalog.iris
    owner_of: dict[str, str] = {}
    orgs = [iris.thing("org", code) for code in sorted(owners)]
    for values in _values(orgs):
        for row in store.query(
            f"SELECT DISTINCT ?w ?o {{ VALUES ?o {{ {values} }} ?w eli:passed_by ?o ; vb:file ?f }}"
        ):
            owner_of[str(row["w"])] = _local(row["o"])
    telling = [iris.work(key) for key in sorted({*rows, *cites})]
    for values in _values(telling):
        for row in store.query(f"SELECT DISTINCT ?w ?o {{ VALUES ?w {{ {values} }} ?w eli:passed_by ?o }}"):
            owner_of[str(row["w"])] = _local(row["o"])
    bounds: dict[str, dict[str, dt.date]] = defaultdict(dict)
    for values in _values(sorted(owner_of)):
        for row in store.query(
            f"SELECT DISTINCT ?w ?p ?d {{ VALUES ?w {{ {values} }}"
            f" VALUES ?p {{ {' '.join(map(term_text, (ELI.date_document, VB.dateEarliest, VB.dateLatest)))} }}"
            " ?w ?p ?d }"
        ):
            if day := _day(_text(row["d"])):
                bounds[str(row["w"])][str(row["p"])] = day
    papers: dict[str, list[Paper]] = defaultdict(list)
    for work, owner in sorted(owner_of.items()):
        key = iris.key_of(work)
        if key is None:
            continue
        known = bounds[work]
        day = known.get(ELI.date_document)
        how: How | None = rows[key].how if key in rows else "cites" if key in cites else None
        papers[owner].append(Paper(key, owner, day or known.get(VB.dateEarliest), day or known.get(VB.dateLatest), how))
    return papers


def known_bodies(store: GraphStore, iris: Iris, codes: Collection[str]) -> set[str]:
    """Those of the bodies that any work is known of, held or only cited."""
    found: set[str] = set()
    for values in _values([iris.thing("org", code) for code in sorted(codes)]):
        rows = store.query(f"SELECT DISTINCT ?o {{ VALUES ?o {{ {values} }} ?w eli:passed_by ?o }}")
        found |= {_local(row["o"]) for row in rows}
    return found


def _values(iris: list[Any]) -> Iterator[str]:
    for start in range(0, len(iris), _CHUNK):
        yield " ".join(f"<{iri}>" for iri in iris[start : start + _CHUNK])


def _local(term: Term) -> str:
    return str(term).rsplit("/", 1)[-1]


def _text(term: Term) -> str:
    return term.value if isinstance(term, Lit) else str(term)

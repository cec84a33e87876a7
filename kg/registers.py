"""Registers over all documents: campaigns, anniversaries, and who is called on or given a task in which paper.

Each register is one or two questions over a bound type; what a person narrows by is done on the values.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from kg.dossier import QuotedPlace
from kg.iris import Iris
from kg.store import GraphStore, Row
from kg.terms import Lit, Term
from kg.vocab import VB

__all__ = [
    "AnniversaryEntry",
    "CampaignEntry",
    "Duty",
    "anniversaries",
    "campaigns",
    "duties",
    "ties_to",
]

_ROLES = {str(VB.launches): "launches", str(VB.continues): "continues", str(VB.mentions): "mentions"}


@dataclass(frozen=True, slots=True)
class CampaignEntry:
    """A campaign with the documents (keys) that launch, continue or mention it."""

    key: str
    name: str
    area: str | None = None
    start: dt.date | None = None
    until: dt.date | None = None
    launched_by: str | None = None
    instance_of: str | None = None
    works: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many documents speak of it."""
        return len({key for keys in self.works.values() for key in keys})


@dataclass(frozen=True, slots=True)
class AnniversaryEntry:
    """An anniversary that documents speak of; ``event_key`` is shared by all anniversaries of one event."""

    key: str
    event_key: str
    event: str
    years: int
    origin: dt.date | None = None
    commemorated: dt.date | None = None
    works: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Duty:
    """One line that calls on somebody: an addressee, a recipient or a task of a document."""

    work: str
    part: str
    kind: str
    """addressee, recipient, assignment."""
    phrase: str
    """Whom it names: "UBND các xã, thị trấn"."""
    duty: str | None = None
    role: str | None = None
    requested: bool = False
    due: str | None = None
    words: str = ""
    """Of a task: the sentence that gives it."""


def campaigns(store: GraphStore, iris: Iris) -> list[CampaignEntry]:
    """All campaigns by key."""
    facts = _facts(store.query("SELECT DISTINCT ?s ?p ?o { ?s a vb:Campaign ; ?p ?o }"))
    works: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in store.query(
        "SELECT DISTINCT ?w ?r ?c { ?c a vb:Campaign . VALUES ?r { vb:launches vb:continues vb:mentions } ?w ?r ?c }"
    ):
        key = iris.key_of(str(row["w"]))
        if key:
            works[str(row["c"])][_ROLES[str(row["r"])]].add(key)
    prefix = iris.thing("campaign", "")
    made = []
    for node, told in sorted(facts.items()):
        made.append(
            CampaignEntry(
                key=node.removeprefix(prefix),
                name=told.get("title", ""),
                area=_local(told.get("area")),
                start=_day(told.get("startDate")),
                until=_day(told.get("endDate")),
                launched_by=told.get("launchedBy"),
                instance_of=told["instanceOf"].removeprefix(prefix) if "instanceOf" in told else None,
                works={role: tuple(sorted(keys)) for role, keys in works[node].items()},
            )
        )
    return made


def anniversaries(store: GraphStore, iris: Iris) -> list[AnniversaryEntry]:
    """All anniversaries by key."""
    facts = _facts(store.query("SELECT DISTINCT ?s ?p ?o { ?s a vb:Anniversary ; ?p ?o }"))
    events = _facts(store.query("SELECT DISTINCT ?s ?p ?o { ?s a vb:Event ; ?p ?o }"))
    works: dict[str, set[str]] = defaultdict(set)
    for row in store.query("SELECT DISTINCT ?w ?a { ?a a vb:Anniversary . ?w vb:commemorates ?a }"):
        key = iris.key_of(str(row["w"]))
        if key:
            works[str(row["a"])].add(key)
    prefix = iris.thing("event", "")
    made = []
    for node, told in sorted(facts.items()):
        event = told.get("anniversaryOf", "")
        made.append(
            AnniversaryEntry(
                key=node.removeprefix(prefix),
                event_key=event.removeprefix(prefix),
                event=events.get(event, {}).get("title", ""),
                years=int(told.get("years", "0")),
                origin=_day(events.get(event, {}).get("origin")),
                commemorated=_day(told.get("commemorated")),
                works=tuple(sorted(works[node])),
            )
        )
    return made


def ties_to(store: GraphStore, iris: Iris, kind: str, key: str) -> dict[str, list[QuotedPlace]]:
    """What documents (by key) say of one campaign ("campaign") or anniversary ("event"), quoted."""
    found: dict[str, dict[str, QuotedPlace]] = defaultdict(dict)
    for row in store.query(
        "SELECT DISTINCT ?w ?e ?q ?s ?t ?ms ?me ?p { ?e vb:about $n ; prov:wasDerivedFrom ?w ; vb:page ?p ;"
        " vb:mentionStart ?ms ; vb:mentionEnd ?me ; oa:hasSelector ?a, ?b . ?a oa:exact ?q . ?b oa:start ?s ;"
        " oa:end ?t }",
        bindings={"n": iris.thing(kind, key)},
    ):
        work = iris.key_of(str(row["w"]))
        if work:
            start, end, begins, stops, page = (int(_text(row[name])) for name in ("s", "t", "ms", "me", "p"))
            name = str(row["e"]).rsplit("/", 1)[1]
            found[work][name] = QuotedPlace(name, _text(row["q"]), start, end, begins, stops, page)
    return {work: sorted(quotes.values(), key=lambda quote: quote.start) for work, quotes in found.items()}


def duties(store: GraphStore, iris: Iris) -> list[Duty]:
    """Every line of every held document that calls on somebody, in no order."""
    made = []
    for row in store.query(
        "SELECT DISTINCT ?w ?n ?phrase ?kind ?duty { ?w vb:addresses ?n . ?n vb:phrase ?phrase ; vb:kind ?kind ;"
        " vb:duty ?duty }"
    ):
        key = iris.key_of(str(row["w"]))
        if key:
            kind = "recipient" if _text(row["kind"]) == "noi-nhan" else "addressee"
            made.append(Duty(key, _name(row, "n"), kind, _text(row["phrase"]), duty=_name(row, "duty")))
    dues = {
        str(row["n"]): _text(row["due"])
        for row in store.query("SELECT DISTINCT ?n ?due { ?w vb:hasAssignment ?n . ?n vb:due ?due }")
    }
    for row in store.query(
        "SELECT DISTINCT ?w ?n ?body ?role ?asked ?words { ?w vb:hasAssignment ?n . ?n vb:assignedTo ?body ;"
        " vb:role ?role ; vb:requested ?asked ; vb:phrase ?words }"
    ):
        key = iris.key_of(str(row["w"]))
        if key:
            made.append(
                Duty(
                    key,
                    _name(row, "n"),
                    "assignment",
                    _text(row["body"]),
                    role=_text(row["role"]),
                    requested=_text(row["asked"]) == "true",
                    due=dues.get(str(row["n"])),
                    words=_text(row["words"]),
                )
            )
    return made


def _facts(rows: Iterable[Row]) -> dict[str, dict[str, str]]:
    """The smallest value of each predicate (by local name) of each node: documents may spell a title differently."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for row in rows:
        name = _local(str(row["p"])) or ""
        value = _text(row["o"])
        kept = found[str(row["s"])].get(name)
        found[str(row["s"])][name] = value if kept is None else min(kept, value)
    return found


def _name(row: Row, name: str) -> str:
    return str(row[name]).rsplit("/", 1)[-1]


def _local(iri: str | None) -> str | None:
    return iri.rsplit("#", 1)[-1].rsplit("/", 1)[-1] if iri else None


def _day(value: str | None) -> dt.date | None:
    return dt.date.fromisoformat(value) if value else None


def _text(term: Term) -> str:
    return term.value if isinstance(term, Lit) else str(term)

"""Upwards: what a document rests on, and what that rests on, as a tree up to the roots.

The counterpart of ``kg.cascade``. A work that several ways lead to stands under each of them; what lies above it is
written out the first time only, so that a tree never grows faster than its links.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from kg.iris import Iris
from kg.store import GraphStore
from kg.terms import Iri, Lit, Term, term_text
from kg.vocab import LINK_PREDICATES

__all__ = ["UPWARDS", "Ancestor", "Step", "ancestors"]

UPWARDS: tuple[str, ...] = ("implements", "follows", "legal_basis")
"""The relations that lead from a paper to what it rests on."""
_HEIGHT = 8
"""Levels above a document that are looked at; four are usual."""


@dataclass(frozen=True, slots=True)
class Step:
    """One effective link on the way up."""

    id: str
    subject: str
    relation: str
    object: str
    confidence: float
    place: str


@dataclass(frozen=True, slots=True)
class Ancestor:
    """A work above, by the link that leads to it; ``again`` when it was written out before."""

    step: Step
    above: tuple[Ancestor, ...] = ()
    again: bool = False

    @property
    def key(self) -> str:
        """The work's key."""
        return self.step.object


def ancestors(
    store: GraphStore, iris: Iris, key: str, *, relations: Collection[str] = UPWARDS, height: int = _HEIGHT
) -> tuple[Ancestor, ...]:  # fmt: skip
    """The works above ``key``, nearest first, each with what lies above it. Of two links to one work, the stronger."""
    steps: dict[str, list[Step]] = defaultdict(list)
    seen, level = {key}, {key}
    for _ in range(height):
        found = _outgoing(store, iris, sorted(level), relations)
        for step in found:
            steps[step.subject].append(step)
        level = {step.object for step in found} - seen
        seen |= level
        if not level:
            break
    written: set[str] = {key}

    def above(work: str, way: frozenset[str]) -> tuple[Ancestor, ...]:
        best: dict[str, Step] = {}
        for step in sorted(steps.get(work, ()), key=_rank):
            best.setdefault(step.object, step)
        made = []
        for step in best.values():
            if step.object in way:  # papers that cite each other
                continue
            again = step.object in written
            written.add(step.object)
            made.append(Ancestor(step, () if again else above(step.object, way | {step.object}), again))
        return tuple(made)

    return above(key, frozenset([key]))


def _rank(step: Step) -> tuple[int, int, float, str]:
    order = UPWARDS.index(step.relation) if step.relation in UPWARDS else len(UPWARDS)
    return (order, step.place != "opening", -step.confidence, step.object)


def _outgoing(store: GraphStore, iris: Iris, keys: list[str], relations: Iterable[str]) -> list[Step]:
    names = {str(predicate): relation for relation, predicate in LINK_PREDICATES.items() if relation in relations}
    predicates = " ".join(term_text(Iri(name)) for name in names)
    found = {}
    for at in range(0, len(keys), 500):
        values = " ".join(term_text(iris.work(key)) for key in keys[at : at + 500])
        for row in store.query(
            f"SELECT DISTINCT ?l ?s ?p ?o ?c ?place {{ VALUES ?s {{ {values} }} VALUES ?p {{ {predicates} }}"
            " ?l rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o ; vb:confidence ?c ; vb:place ?place ;"
            " vb:status ?status . FILTER(?status IN (vb:Effective, vb:Orphaned)) }"
        ):
            subject, target = iris.key_of(str(row["s"])), iris.key_of(str(row["o"]))
            if subject and target:
                found[str(row["l"])] = Step(
                    str(row["l"]).rsplit("/", 1)[1], subject, names[str(row["p"])], target, float(_text(row["c"])),
                    str(row["place"]).rsplit("/", 1)[1],
                )  # fmt: skip
    return [found[name] for name in sorted(found)]


def _text(term: Term) -> str:
    return term.value if isinstance(term, Lit) else str(term)

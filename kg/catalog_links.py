"""Links of one work, both ways, with every quote; and the way upwards from a work to what it rests on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from kg.iris import Iris
from kg.model import Relation
from kg.store import GraphStore
from kg.terms import Iri, Lit, Term, term_text
from kg.vocab import LINK_PREDICATES, VB

__all__ = ["Basis", "Quoted", "StatedLink", "all_links", "basis", "link_of", "links_of", "outgoing"]

_RELATIONS: Mapping[str, Relation] = {str(iri): relation for relation, iri in LINK_PREDICATES.items()}
_STATUS = {
    str(VB.Effective): "effective", str(VB.BelowThreshold): "below_threshold", str(VB.Rejected): "rejected",
    str(VB.Orphaned): "orphaned",
}  # fmt: skip
_METHOD = {str(VB.Rule): "rule", str(VB.Model): "model", str(VB.Human): "human"}
UPWARD: tuple[Relation, ...] = ("implements", "follows", "legal_basis")
"""What a document rests on."""
_DEEPEST = 12
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Quoted:
    """One mention behind a link: the sentence, where it stands, and the mention inside it."""

    quote: str
    start: int
    end: int
    page: int | None
    mention_start: int | None
    mention_end: int | None
    part: str | None


@dataclass(frozen=True, slots=True)
class StatedLink:
    """One link as the store holds it, whatever its status; keys are base-free."""

    id: str
    subject: str
    relation: Relation
    object: str
    confidence: float
    status: str
    method: str
    place: str
    cue: str | None
    quotes: tuple[Quoted, ...] = ()


@dataclass(frozen=True, slots=True)
class Basis:
    """What a work rests on, directly or further up.

    ``links``: the effective links on the way, strongest for each pair. ``paths``: keys from the work to each root, a
    work that itself rests on nothing known here. ``cut``: there are more paths than were asked for.
    """

    links: tuple[StatedLink, ...]
    paths: tuple[tuple[str, ...], ...]
    cut: bool


def links_of(
    store: GraphStore, iris: Iris, key: str, side: Literal["subject", "object"], *, limit: int, offset: int = 0
) -> tuple[int, list[StatedLink]]:
    """How many links go out from (subject) or arrive at (object) a work, and some of them with their quotes.

    Rejected and orphaned ones are left out. Strongest first.
    """
    end = "rdf:subject" if side == "subject" else "rdf:object"
    rows = store.query(
        f"SELECT DISTINCT ?l ?c {{ ?l {end} $work ; a vb:Link ; vb:confidence ?c ; vb:status ?st"
        " FILTER(?st IN (vb:Effective, vb:BelowThreshold)) }",
        bindings={"work": iris.work(key)},
    )
    order = sorted((-float(_text(row["c"])), str(row["l"])) for row in rows)
    chosen = [iri for _, iri in order[offset : offset + limit]]
    found = {link.id: link for link in _described(store, iris, chosen)}
    return len(order), [found[ident] for iri in chosen if (ident := iri.rsplit("/", 1)[1]) in found]


def all_links(store: GraphStore, iris: Iris) -> list[StatedLink]:
    """Every link of every status with its quotes, by id."""
    rows = store.query("SELECT DISTINCT ?l { ?l a vb:Link }")
    return list(_described(store, iris, sorted(str(row["l"]) for row in rows)))


def link_of(store: GraphStore, iris: Iris, ident: str) -> StatedLink | None:
    """One link by its id."""
    return next(_described(store, iris, [str(iris.thing("link", ident))]), None)


def outgoing(
    store: GraphStore, iris: Iris, keys: Collection[str], relations: Iterable[Relation] = UPWARD
) -> list[StatedLink]:
    """The effective links of these relations that go out from any of these works, without quotes."""
    predicates = " ".join(term_text(LINK_PREDICATES[relation]) for relation in relations)
    links: list[StatedLink] = []
    for chunk in _chunks(sorted(keys)):
        values = " ".join(term_text(iris.work(key)) for key in chunk)
        rows = store.query(
            f"SELECT DISTINCT ?l {_FIELDS} {{ VALUES ?s {{ {values} }} ?l rdf:subject ?s ; rdf:predicate ?p ;"
            f" vb:status vb:Effective . VALUES ?p {{ {predicates} }} {_BODY} }}"
        )
        links += [link for row in rows if (link := _link(row, iris))]
    return sorted(links, key=lambda link: link.id)


def basis(store: GraphStore, iris: Iris, key: str, relations: Iterable[Relation] = UPWARD, *, most: int = 200) -> Basis:
    """Everything a work rests on, with every path to the roots (``most`` of them); cycles are followed once."""
    best: dict[tuple[str, str], StatedLink] = {}
    seen, level = {key}, {key}
    for _ in range(_DEEPEST):
        for link in outgoing(store, iris, level, relations):
            ends = (link.subject, link.object)
            if link.subject != link.object and (ends not in best or _strength(link) > _strength(best[ends])):
                best[ends] = link
        level = {target for subject, target in best if subject in level} - seen
        seen |= level
        if not level:
            break
    above: dict[str, list[str]] = defaultdict(list)
    for subject, target in sorted(best):
        above[subject].append(target)
    paths: list[tuple[str, ...]] = []
    for path in _paths(key, above):
        if len(paths) == most:
            return Basis(_with_quotes(store, iris, best.values()), tuple(paths), True)
        paths.append(path)
    return Basis(_with_quotes(store, iris, best.values()), tuple(paths), False)


def _strength(link: StatedLink) -> tuple[int, bool, float]:
    return (-UPWARD.index(link.relation) if link.relation in UPWARD else -9, link.place == "opening", link.confidence)


def _paths(key: str, above: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, ...]]:
    """Depth first, without a call for each step: a chain may be long, and a work stands once on a path."""
    if not above.get(key):
        return
    path, open_ = [key], [iter(above[key])]
    while open_:
        step = next((target for target in open_[-1] if target not in path), None)
        if step is None:
            open_.pop()
            path.pop()
        elif any(target not in path for target in above.get(step, ())) and len(path) < _DEEPEST:
            path.append(step)
            open_.append(iter(above[step]))
        else:
            yield (*path, step)


_FIELDS = "?s ?p ?o ?c ?st ?m ?pl ?cue"
_BODY = (
    "?l rdf:object ?o ; vb:confidence ?c ; vb:method ?m ; vb:place ?pl ; vb:status ?st . OPTIONAL { ?l vb:cue ?cue }"
)


def _described(store: GraphStore, iris: Iris, links: Sequence[str]) -> Iterator[StatedLink]:
    for chunk in _chunks(links):
        values = " ".join(term_text(Iri(link)) for link in chunk)
        ends = "?l rdf:subject ?s ; rdf:predicate ?p ."
        rows = store.query(f"SELECT DISTINCT ?l {_FIELDS} {{ VALUES ?l {{ {values} }} {ends} {_BODY} }}")
        yield from _with_quotes(store, iris, [link for row in rows if (link := _link(row, iris))])


def _link(row: Mapping[str, Term], iris: Iris) -> StatedLink | None:
    subject, target = iris.key_of(_text(row["s"])), iris.key_of(_text(row["o"]))
    if subject is None or target is None or _text(row["p"]) not in _RELATIONS:
        return None
    return StatedLink(
        id=_text(row["l"]).rsplit("/", 1)[1],
        subject=subject,
        relation=_RELATIONS[_text(row["p"])],
        object=target,
        confidence=float(_text(row["c"])),
        status=_STATUS.get(_text(row["st"]), "orphaned"),
        method=_METHOD.get(_text(row["m"]), "rule"),
        place=_text(row["pl"]).rsplit("/", 1)[-1],
        cue=_text(row["cue"]) if "cue" in row else None,
    )


def _with_quotes(store: GraphStore, iris: Iris, links: Iterable[StatedLink]) -> tuple[StatedLink, ...]:
    known = {str(iris.thing("link", link.id)): link for link in links}
    quotes: dict[str, list[Quoted]] = defaultdict(list)
    for chunk in _chunks(sorted(known)):
        values = " ".join(term_text(Iri(link)) for link in chunk)
        for row in store.query(
            f"SELECT DISTINCT ?l ?q ?s ?e ?page ?ms ?me ?part {{ VALUES ?l {{ {values} }} ?l vb:evidence ?ev ."
            " ?ev oa:hasSelector ?a, ?b ; vb:page ?page ; vb:mentionStart ?ms ; vb:mentionEnd ?me ."
            " ?a oa:exact ?q . ?b oa:start ?s ; oa:end ?e OPTIONAL { ?ev vb:part ?part } }"
        ):
            number = {name: int(_text(row[name])) for name in ("s", "e", "page", "ms", "me") if name in row}
            quotes[str(row["l"])].append(
                Quoted(_text(row["q"]), number["s"], number["e"], number.get("page"), number.get("ms"),
                       number.get("me"), _text(row["part"]) if "part" in row else None)
            )  # fmt: skip
    return tuple(
        replace(link, quotes=tuple(sorted(quotes[iri], key=lambda one: (one.start, one.mention_start or 0))))
        for iri, link in known.items()
    )


def _chunks(items: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(items), _CHUNK):
        yield items[start : start + _CHUNK]


def _text(term: Term) -> str:
    return term.value if isinstance(term, Lit) else str(term)

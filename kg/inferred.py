"""What is worked out and never stated: likely parents of papers that cite none, and reuse of text. ``graph/inferred``.

A likely parent has the same title, was issued by a higher body of the same line, and is zero to twelve months older
(DOMAIN 3.3). Each inference has a predicate of its own, a node that says why, and can be judged like a link; one that
the documents state anyway is not made.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from sys import intern
from typing import Literal

from rapidfuzz.distance import LCSseq

from kg.identifiers import fold, link_id
from kg.iris import Iris
from kg.review import Curated
from kg.store import GraphStore
from kg.terms import Iri, Lit, Triple, literal, term_text
from kg.vocab import RDF, VB
from kg.works import Resolution, Work

__all__ = [
    "PREDICATES",
    "Inference",
    "InferredRelation",
    "inferences_of",
    "inferred_parents",
    "inferred_triples",
    "judged",
    "may_be_parent",
]

InferredRelation = Literal["inferred_parent", "reuses_text"]
PREDICATES: Mapping[InferredRelation, Iri] = {"inferred_parent": VB.inferredParent, "reuses_text": VB.reusesTextOf}

SAME_OF_SHORTER = 0.75
SAME_OF_LONGER = 0.4
"""The share of the words of either title that both have, in order: a plan adds its own programme to its parent's."""
FEWEST_WORDS = 5
LONGEST_LAG = 366
_COMMON = 400
"""A pair of words in more titles than this proposes nobody: "khen thưởng" stands in half of all titles."""
# Kinds that are handed down and taken up; decisions and normative papers have like titles without being of one line.
_HANDED_DOWN = frozenset(
    {"Chỉ thị", "Nghị quyết", "Kết luận", "Thông tri", "Thông báo", "Hướng dẫn", "Chương trình", "Kế hoạch", "Đề án",
     "Công điện", "Công văn"}
)  # fmt: skip
_LEVELS = {"central": 0, "province": 1, "district": 2, "commune": 3}
_ORGANS = {"tw": 0, "tu": 0, "hu": 0, "du": 0, "qh": 1, "cp": 1, "ttg": 1, "hdnd": 1, "ubnd": 1}
_OPENING = re.compile(
    r"^(?:(?:ve viec|ve|v v|trien khai|thuc hien|to chuc|ban hanh|phe duyet|huong dan|ke hoach|chi thi|cong van|chuong "
    r"trinh|quyet dinh)\s+)+"
)
_NOT_COMPARED = re.compile(r"[^a-z0-9]+|\b(?:tren dia ban|tinh|huyen|thanh pho|thi xa|xa|phuong|thi tran)\b")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")


@dataclass(frozen=True, slots=True)
class Inference:
    """One edge of ``graph/inferred``: base-free keys, how sure, and why in one Vietnamese sentence."""

    subject: str
    relation: InferredRelation
    object: str
    confidence: float
    reason: str
    accepted: bool = False

    @property
    def id(self) -> str:
        """What ``kg review accept`` takes."""
        return link_id(self.subject, self.relation, self.object)


def inferred_parents(resolution: Resolution) -> list[Inference]:
    """For each work its likeliest parent, unless a link between the two is stated. Sorted; a pure function."""
    works: dict[str, Work] = {}  # no more than is compared
    titles: dict[str, tuple[str, ...]] = {}
    for key in sorted(resolution.works):
        work = resolution.works[key]
        if words := _words(work):
            titles[key] = words
            works[key] = Work(
                key, work.owner and intern(work.owner), level=work.level, date=work.date,
                date_earliest=work.date_earliest, date_latest=work.date_latest, votes=_NO_VOTES,
            )  # fmt: skip
    index = _index(titles)
    found = []
    for child in titles:
        ranked = [
            (_nearness(works[parent], works[child]), edge.confidence, parent, edge)
            for parent in _alike(child, titles, index)
            if (edge := _edge(child, parent, titles, works)) is not None
        ]
        if ranked:
            stated = {link.object for link in resolution.links_of(child) if link.status != "rejected"}
            ranked = [row for row in ranked if row[2] not in stated]
        if ranked:  # the nearest body above, then the likest title
            found.append(max(ranked, key=lambda row: row[:3])[3])
    return sorted(found, key=lambda edge: (edge.subject, edge.object))


def _edge(
    child: str, parent: str, titles: Mapping[str, tuple[str, ...]], works: Mapping[str, Work]
) -> Inference | None:  # fmt: skip
    if not _is_above(works[parent], works[child]):
        return None
    lag = _lag(works[parent], works[child])
    similarity = _similarity(titles[child], titles[parent])
    if lag is None or similarity is None:
        return None
    confidence = round(0.5 + 0.4 * (similarity - SAME_OF_SHORTER) / (1 - SAME_OF_SHORTER), 2)
    return Inference(child, "inferred_parent", parent, confidence, _reason(*lag))


def may_be_parent(parent: Work, child: Work) -> bool:
    """Whether nothing but a stated link between the two, or a better candidate, would keep this inference away."""
    works = {parent.key: parent, child.key: child}
    titles = {key: words for key, work in works.items() if (words := _words(work))}
    return len(titles) == 2 and _edge(child.key, parent.key, titles, works) is not None


_NO_VOTES: Mapping[str, int] = {}


def _words(work: Work) -> tuple[str, ...]:
    """The words of a title that are compared; none where it says too little."""
    if not work.title or not work.owner or work.kind not in _HANDED_DOWN or "-qppl/" in work.key:
        return ()
    plain = " ".join(_NOT_COMPARED.sub(" ", fold(work.title)).split())
    words = tuple(map(intern, _OPENING.sub("", plain).split()))
    return words if len(words) >= FEWEST_WORDS else ()


def _index(titles: Mapping[str, tuple[str, ...]]) -> Mapping[tuple[str, str], Sequence[str]]:
    """Which titles have a pair of words."""
    made: dict[tuple[str, str], list[str]] = defaultdict(list)
    for key, words in titles.items():
        for pair in set(pairwise(words)):
            made[pair].append(key)
    return made


def _alike(
    child: str, titles: Mapping[str, tuple[str, ...]], index: Mapping[tuple[str, str], Sequence[str]]
) -> Iterator[str]:  # fmt: skip
    """Works whose titles share several pairs of words with this one."""
    shared: dict[str, int] = defaultdict(int)
    for pair in set(pairwise(titles[child])):
        if len(index[pair]) <= _COMMON:
            for key in index[pair]:
                shared[key] += 1
    for key in sorted(shared):
        if key != child and shared[key] >= min(len(titles[child]), len(titles[key])) // 3:
            yield key


def _similarity(one: tuple[str, ...], other: tuple[str, ...]) -> float | None:
    """The share of the shorter title that the other has, in order; None when they are two titles.

    "… năm 2024" and "… năm 2025" are two titles, however like.
    """
    years = [set(_YEAR.findall(" ".join(words))) for words in (one, other)]
    if all(years) and not years[0] & years[1]:
        return None
    common = LCSseq.similarity(one, other)
    shorter, longer = sorted((len(one), len(other)))
    alike = common >= SAME_OF_SHORTER * shorter and common >= SAME_OF_LONGER * longer
    return common / shorter if alike else None


def _area(owner: str | None) -> str:
    """The area of a body's code: "lai-chau.tam-duong.ubnd" → "lai-chau.tam-duong"; "" for the State."""
    return owner.rpartition(".")[0] if owner else ""


def _rank(work: Work) -> tuple[int, int]:
    """How high the body stands: level first, then committee, council, department."""
    organ = (work.owner or "").rsplit(".", 1)[-1]
    return _LEVELS.get(work.level or "", 4), _ORGANS.get(organ, 2)


def _nearness(parent: Work, child: Work) -> tuple[int, bool, bool]:
    """Of several bodies above: of the nearest level, of the same kind (party, State), a committee, no department."""
    level, organ = _rank(parent)
    return level, organ == _rank(child)[1], organ < 2


def _is_above(parent: Work, child: Work) -> bool:
    """Whether one body is superior to the other: central, or of the same area or one around it.

    A committee stands above a council, a council above its departments; a department above no council anywhere.
    """
    area, inner = _area(parent.owner), _area(child.owner)
    in_line = not area or inner == area or inner.startswith(f"{area}.")
    ours, theirs = _rank(parent), _rank(child)
    return in_line and None not in (parent.level, child.level) and ours < theirs and ours[1] <= theirs[1]


def _lag(parent: Work, child: Work) -> tuple[int, int] | None:
    """Days from parent to child, least and most, when they can lie between none and a year."""
    early, late = parent.date or parent.date_earliest, parent.date or parent.date_latest
    begun, done = child.date or child.date_earliest, child.date or child.date_latest
    if early is None or late is None or begun is None or done is None:
        return None
    least, most = (begun - late).days, (done - early).days
    return (max(least, 0), most) if most >= 0 and least <= LONGEST_LAG else None


def _reason(least: int, most: int) -> str:
    when = f"{least} ngày" if least == most else f"từ {least} đến {most} ngày"
    return f"Trích yếu gần như trùng với văn bản của cơ quan cấp trên, ban hành trước đó {when}."


def judged(found: Iterable[Inference], resolution: Resolution, curated: Curated) -> list[Inference]:
    """Without those that a person rejected; those accepted say so. Verdicts follow a file whose key changed."""
    verdicts = [verdict for verdict in curated.live if verdict.relation in PREDICATES]
    if not verdicts:
        return list(found)

    def names(key: str) -> set[str]:
        work = resolution.works[key]
        return {key, *work.former_keys, *(file.sha256 for file in work.files)}

    kept = []
    for edge in found:
        subjects, objects = names(edge.subject), names(edge.object)
        said = [
            verdict.value
            for verdict in verdicts
            if verdict.relation == edge.relation
            and {verdict.subject, verdict.subject_file} & subjects
            and {verdict.object, verdict.object_file} & objects
        ]
        if not said or said[-1] != "rejected":
            kept.append(replace(edge, accepted=bool(said) and said[-1] == "accepted"))
    return kept


def inferred_triples(found: Iterable[Inference], iris: Iris) -> list[Triple]:
    """The graph ``inferred``: each edge plain, and a statement about it with how sure and why."""
    triples: list[Triple] = []
    for edge in found:
        subject, target, node = iris.work(edge.subject), iris.work(edge.object), iris.thing("inferred", edge.id)
        triples += [
            (subject, PREDICATES[edge.relation], target),
            (node, RDF.type, RDF.Statement),
            (node, RDF.subject, subject),
            (node, RDF.predicate, PREDICATES[edge.relation]),
            (node, RDF.object, target),
            (node, VB.confidence, literal(edge.confidence)),
            (node, VB.method, VB.Inferred),
            (node, VB.reason, Lit(edge.reason, lang="vi")),
        ]
        if edge.accepted:
            triples.append((node, VB.status, VB.Accepted))
    return triples


def inferences_of(
    store: GraphStore, iris: Iris, *, key: str | None = None, ident: str | None = None
) -> list[Inference]:
    """What is inferred of one work, at either end, or the one inference with this id; without both, all there is."""
    names = {str(predicate): relation for relation, predicate in PREDICATES.items()}
    if ident is not None:
        node = term_text(iris.thing("inferred", ident))
        patterns = [f"BIND({node} AS ?n)"]
    elif key is None:
        patterns = ["?n vb:method vb:Inferred ."]
    else:
        work = term_text(iris.work(key))
        patterns = [f"?n rdf:subject {work} .", f"?n rdf:object {work} ."]
    found = {}
    for pattern in patterns:
        for row in store.query(
            f"SELECT ?n ?s ?p ?o ?c ?r ?a {{ {pattern} ?n a rdf:Statement ; rdf:subject ?s ; rdf:predicate ?p ;"
            f" rdf:object ?o ; vb:confidence ?c ; vb:reason ?r . OPTIONAL {{ ?n vb:status ?a }} }}"
        ):
            subject, target = iris.key_of(str(row["s"])), iris.key_of(str(row["o"]))
            if subject and target and str(row["p"]) in names:
                found[str(row["n"])] = Inference(
                    subject,
                    names[str(row["p"])],
                    target,
                    float(_text(row["c"])),
                    _text(row["r"]),
                    row.get("a") == VB.Accepted,
                )
    return [found[node] for node in sorted(found)]


def _text(term: object) -> str:
    return term.value if isinstance(term, Lit) else str(term)

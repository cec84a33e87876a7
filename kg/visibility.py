"""What anonymous callers may see: a copy of the graph in which no internal document is, and nothing that names one.

A public document may cite an internal one. Its link goes, and so do the words: where its quotes, titles or tasks print
the number of an internal document, each character of it becomes "█", so that offsets stay right.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pyoxigraph as ox

from kg.identifiers import number_key, parse_number
from kg.iris import Iris
from kg.store import GraphStore, OxigraphStore
from kg.terms import Iri, Lit, term_text
from kg.vocab import ELI, OA, RDF, VB

__all__ = ["blacken", "has_internal", "hide_internal", "masks", "unseen_works"]

Masks = Mapping[str, re.Pattern[str]]
"""Key of a public document → what its words say of internal ones."""


def has_internal(store: GraphStore) -> bool:
    """Whether any work is internal."""
    return store.ask("ASK { ?w vb:visibility vb:Internal ; a eli:LegalResource }")


def unseen_works(store: GraphStore, iris: Iris) -> frozenset[str]:
    """The keys of the works that anonymous callers must not see: internal ones, and what only these cite."""
    hidden = _keys(store, iris, "?w vb:visibility vb:Internal ; a eli:LegalResource")
    away = {iris.doc_graph(key) for key in hidden}
    graphs = " ".join(term_text(graph) for graph in sorted(away))
    ends = "rdf:subject|rdf:object|vb:candidate"
    named = _keys(store, iris, f"VALUES ?g {{ {graphs} }} GRAPH ?g {{ ?l {ends} ?w }} ?w a vb:Stub") if away else ()
    others: dict[str, set[str]] = {key: set() for key in named if key not in hidden}
    for chunk in _chunks(sorted(others)):
        values = " ".join(term_text(iris.work(key)) for key in chunk)
        for row in store.query(f"SELECT DISTINCT ?w ?g {{ VALUES ?w {{ {values} }} GRAPH ?g {{ ?n {ends} ?w }} }}"):
            others[iris.key_of(str(row["w"])) or ""].add(str(row["g"]))
    telling_nothing = {*away, iris.graph("inferred")}  # that a paper was worked out as a parent makes it not known
    return hidden | {key for key, told_in in others.items() if told_in <= telling_nothing}


def _keys(store: GraphStore, iris: Iris, pattern: str) -> frozenset[str]:
    rows = store.query(f"SELECT DISTINCT ?w {{ {pattern} }}")
    return frozenset(key for row in rows if (key := iris.key_of(str(row["w"]))))


def _chunks(names: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(names), 500):
        yield names[start : start + 500]


def masks(store: GraphStore, iris: Iris) -> Masks:
    """For each public document that names an internal one: a pattern of the words to blacken in its text."""
    hidden = unseen_works(store, iris)
    if not hidden:
        return {}
    values = " ".join(term_text(iris.work(key)) for key in sorted(hidden))
    numbers = {
        _value(row["n"]) for row in store.query(f"SELECT DISTINCT ?n {{ VALUES ?w {{ {values} }} ?w eli:id_local ?n }}")
    }
    keys = " ".join(sorted(term_text(Lit(number_key(number))) for number in numbers))
    words: dict[str, set[str]] = defaultdict(set)
    telling = (
        f"VALUES ?w {{ {values} }} GRAPH ?g {{ ?n rdf:object ?w }}",
        f"VALUES ?w {{ {values} }} GRAPH ?g {{ ?n vb:candidate|vb:rival|vb:inferredFrom|vb:sameWorkAs ?w }}",
        f"VALUES ?w {{ {values} }} ?w vb:file ?f . GRAPH ?g {{ ?n vb:inferredFrom ?f }}",
        f"VALUES ?k {{ {keys} }} GRAPH ?g {{ ?n a vb:Unresolved ; vb:numberKey ?k }}",
    )
    nodes: dict[str, str] = {}
    for pattern in telling:
        for row in store.query(f"SELECT DISTINCT ?g ?n {{ {pattern} }}"):
            key = _told_by(str(row["g"]), iris)
            if key is not None and key not in hidden:
                words[key] |= numbers
                nodes[str(row["n"])] = key
    for node, surface in _surfaces(store, sorted(nodes)):
        # "Kế hoạch này" tells nothing and would blacken half a text
        if re.search(r"\d", surface):
            words[nodes[node]].add(surface)
    return {key: _pattern(found) for key, found in sorted(words.items())}


def _surfaces(store: GraphStore, nodes: list[str]) -> Iterator[tuple[str, str]]:
    """(node, mention as printed) for links and unresolved mentions."""
    for chunk in _chunks(nodes):
        values = " ".join(term_text(Iri(node)) for node in chunk)
        for row in store.query(
            f"SELECT DISTINCT ?n ?q ?s ?ms ?me {{ VALUES ?n {{ {values} }} ?n vb:evidence ?e . ?e vb:mentionStart ?ms ;"
            " vb:mentionEnd ?me ; oa:hasSelector ?a, ?b . ?a oa:exact ?q . ?b oa:start ?s }"
        ):
            at = int(_value(row["s"]))
            yield str(row["n"]), _value(row["q"])[int(_value(row["ms"])) - at : int(_value(row["me"])) - at]


def blacken(text: str, pattern: re.Pattern[str] | None) -> str:
    """The text with every hidden number as blocks of the same length: "Kế hoạch số ███████████"."""
    return text if pattern is None else pattern.sub(lambda match: "█" * len(match[0]), text)


def hide_internal(store: OxigraphStore, iris: Iris) -> None:
    """Takes the internal works, what only they tell, and all that names them out of a store."""
    hidden = unseen_works(store, iris)
    blacks = masks(store, iris)
    graph = _Editor(store.raw)
    works = [_node(iris.work(key)) for key in hidden]
    away = [*map(iris.doc_graph, hidden), *map(iris.eff_graph, hidden)]
    told = [quad for name in away for quad in graph.of(name)]
    numbers = {quad.object.value for work in works for quad in graph.find(work, VB.numberKey)}
    former = {quad.subject for work in works for quad in graph.find(None, VB.sameWorkAs, work)}
    hashes = {quad.object.value for quad in told if quad.predicate.value == VB.sha256}
    for name in away:
        store.raw.remove_graph(_node(name))
    for node in {*works, *former, *(quad.subject for quad in told if not graph.find(quad.subject))}:
        graph.forget(node)
    # An open mention of a number that an internal document bears may mean it.
    for number in numbers:
        for quad in graph.find(None, VB.numberKey, ox.Literal(number)):
            if graph.find(quad.subject, RDF.type, _node(VB.Unresolved)):
                graph.drop(quad.subject)
    keys = hidden | {key for node in former if (key := iris.key_of(node.value))}
    for told_of in keys | hashes | {f"file/{sha[:16]}" for sha in hashes}:
        for predicate in (VB.subject, VB.object, VB.sha256, VB.subjectFile, VB.objectFile):
            for quad in graph.find(None, predicate, ox.Literal(told_of)):
                graph.drop(quad.subject)
    _blacken_graphs(graph, iris, blacks)
    store.changed = True


def _node(iri: str) -> ox.NamedNode:
    return ox.NamedNode(iri)


class _Editor:
    """The quads of one store, found as lists so that they can be removed on the way."""

    def __init__(self, raw: ox.Store) -> None:
        self.raw = raw

    def find(self, subject: Any = None, predicate: str | None = None, value: Any = None) -> list[Any]:
        """Quads of any graph."""
        return list(self.raw.quads_for_pattern(subject, _node(predicate) if predicate else None, value, None))

    def of(self, graph: str) -> list[Any]:
        """Quads of one graph."""
        return list(self.raw.quads_for_pattern(None, None, None, _node(graph)))

    def forget(self, node: Any) -> None:
        """Takes out what is said of a node, and every statement that points at it; a link that does goes whole."""
        for quad in self.find(node):
            self.raw.remove(quad)
        for quad in self.find(None, None, node):
            self.raw.remove(quad)
            if quad.predicate.value in (RDF.object, RDF.subject):
                self.drop(quad.subject)

    def drop(self, node: Any) -> None:
        """Takes out a link, an unresolved mention or a decision, with its evidence."""
        for quad in self.find(node, VB.evidence):
            for selector in self.find(quad.object, OA.hasSelector):
                self.remove(self.find(selector.object))
            self.remove(self.find(quad.object))
        self.remove([*self.find(node), *self.find(None, None, node)])

    def remove(self, quads: Iterable[Any]) -> None:
        for quad in quads:
            self.raw.remove(quad)


def _blacken_graphs(graph: _Editor, iris: Iris, blacks: Masks) -> None:
    """Quotes, titles and the like of documents that print an internal document's number; and what people noted."""
    places = {iris.doc_graph(key): pattern for key, pattern in blacks.items()}
    if blacks:
        every = "|".join(pattern.pattern for pattern in blacks.values())
        places[iris.graph("curated")] = re.compile(every, re.IGNORECASE)
    own = (ELI.id_local, VB.numberKey, VB.fileName)
    for place, pattern in places.items():
        for quad in graph.of(place):
            value = quad.object
            if isinstance(value, ox.Literal) and quad.predicate.value not in own and pattern.search(value.value):
                text = blacken(value.value, pattern)
                kind = {"language": value.language} if value.language else {"datatype": value.datatype}
                graph.raw.remove(quad)
                graph.raw.add(ox.Quad(quad.subject, quad.predicate, ox.Literal(text, **kind), quad.graph_name))


def _told_by(graph: str, iris: Iris) -> str | None:
    """The key of the work whose doc graph this is."""
    prefix = iris.doc_graph("")
    return graph[len(prefix) :] if graph.startswith(prefix) else None


def _pattern(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(sorted(map(_printed, words), key=lambda text: (-len(text), text))), re.IGNORECASE)


def _printed(word: str) -> str:
    """A number however it is spaced and separated: "1954/UBND-TH" also as "1954 /UBND - TH" and "01954-UBND/TH"."""
    parsed = parse_number(word)
    if parsed is None or not parsed.number or not re.fullmatch(r"[\w/.\-– ]+", word):
        return re.escape(word)
    groups = [re.escape(group) for group in re.split(r"[/\-–\s]+", word) if group]
    return rf"(?<!\d)0*{groups[0].lstrip('0') or '0'}" + "".join(rf"[\s/\-–]{{1,4}}{group}" for group in groups[1:])


def _value(term: object) -> str:
    return term.value if isinstance(term, Lit) else str(term)

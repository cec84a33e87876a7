"""Is the graph sound? The SHACL shapes of ``ontology/shapes.ttl``, told as plain Vietnamese sentences.

The whole graph is checked as one, for a link and its plain triple stand in two graphs. Reference data is ours and
checked when it is built: here only the types of what documents refer to are looked at, not 14,000 areas again.
Costs about a second for each 10,000 triples, and a kilobyte of memory for each triple.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import pyoxigraph as ox

from kg.store import GraphStore
from kg.terms import Iri
from kg.vocab import PREFIXES, RDF, SH, VB
from ontology import read

if TYPE_CHECKING:
    import rdflib
    from rdflib.term import Node

__all__ = ["REFERENCE", "Finding", "Severity", "validate_store"]

Severity = Literal["violation", "warning", "info"]

REFERENCE = ("areas", "bodies")
"""Names of the graphs that hold reference data only."""

_SEVERITIES: dict[str, Severity] = {"Violation": "violation", "Warning": "warning", "Info": "info"}
_RANK: dict[Severity, int] = {"violation": 0, "warning": 1, "info": 2}

# For shapes that say nothing themselves: what the kind of rule means.
_RULES = {
    "MinCountConstraintComponent": "Thiếu thông tin bắt buộc",
    "MaxCountConstraintComponent": "Có nhiều giá trị hơn mức cho phép",
    "DatatypeConstraintComponent": "Giá trị không đúng kiểu",
    "ClassConstraintComponent": "Đối tượng được nêu không thuộc loại phải có",
    "NodeKindConstraintComponent": "Giá trị phải là một địa chỉ (IRI) hoặc một giá trị chữ, số theo quy tắc",
    "PatternConstraintComponent": "Giá trị không đúng dạng",
    "InConstraintComponent": "Giá trị không nằm trong danh sách cho phép",
    "MinInclusiveConstraintComponent": "Giá trị nhỏ hơn mức cho phép",
    "MaxInclusiveConstraintComponent": "Giá trị lớn hơn mức cho phép",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: where, in which property, and a sentence that says what.

    ``document`` is the IRI of the work whose graph speaks of ``focus`` (None for curated and other graphs);
    ``path`` is short ("vb:confidence") and None when the rule is about the node as a whole.
    """

    severity: Severity
    document: str | None
    focus: str
    path: str | None
    message: str


@dataclass(slots=True)
class _Checked:
    """The triples to be checked, with what is needed to tell where a finding belongs."""

    graph: rdflib.Graph
    homes: dict[str, str | None] = field(default_factory=dict)
    """Subject → the document that speaks of it; only subjects that are checked."""
    strangers: list[Finding] = field(default_factory=list)


def validate_store(
    store: GraphStore, *, documents: Collection[Iri] | None = None, reference: bool = False
) -> tuple[Finding, ...]:
    """What the shapes have against the graph; empty when it conforms. Sorted: worst first, then by document.

    ``documents`` (IRIs of works) narrows it to what their own graphs say; ``reference`` checks areas and bodies too.
    """
    import pyshacl
    import rdflib

    names = store.graphs()
    context = [] if reference else [name for name in names if name.rpartition("/graph/")[2] in REFERENCE]
    checked = _collect(store, [name for name in names if name not in context], context)
    shapes = rdflib.Graph().parse(data=read("shapes.ttl"), format="turtle")
    _, report, _ = pyshacl.validate(checked.graph, shacl_graph=shapes, inplace=True, allow_infos=False)
    found = set(_findings(report, checked.homes)) | set(checked.strangers)
    if documents is not None:
        found = {finding for finding in found if finding.document in documents}
    return tuple(
        sorted(found, key=lambda one: (_RANK[one.severity], one.document or "", one.focus, one.path or "", one.message))
    )


def _collect(store: GraphStore, names: Iterable[Iri], context: Collection[Iri]) -> _Checked:
    """The statements of ``names``, and from ``context`` the types of what they refer to."""
    import rdflib

    checked = _Checked(rdflib.Graph())
    terms: dict[object, Node] = {}
    referred: set[str] = set()
    for quad in _quads(store, names):
        subject, predicate, value = quad.subject, quad.predicate, quad.object
        home = _document(quad.graph_name)
        key = str(getattr(subject, "value", subject))
        checked.homes[key] = checked.homes.get(key) or home
        if isinstance(value, ox.NamedNode):
            referred.add(value.value)
        if stranger := _stranger(predicate, value):
            checked.strangers.append(
                Finding("violation", home, key, _short(predicate.value), f"“{stranger}” không có trong từ vựng.")
            )
        checked.graph.add((_node(subject, terms), _node(predicate, terms), _node(value, terms)))
    kinds = store.query("SELECT ?node ?kind { ?node a ?kind }", default_graphs=context) if context else []
    for row in kinds:
        if str(row["node"]) in referred:
            checked.graph.add((rdflib.URIRef(str(row["node"])), rdflib.RDF.type, rdflib.URIRef(str(row["kind"]))))
    return checked


def _quads(store: GraphStore, names: Iterable[Iri]) -> Iterator[ox.Quad]:
    for name in names:
        for quad in ox.parse(store.dump([name]), ox.RdfFormat.N_QUADS):
            if isinstance(quad, ox.Quad):
                yield quad


def _node(term: object, known: dict[object, Node]) -> Node:
    """rdflib's term for Oxigraph's; a plain string has no datatype there, or shapes would not find it equal."""
    import rdflib

    node = known.get(term)
    if node is None:
        match term:
            case ox.NamedNode():
                node = rdflib.URIRef(term.value)
            case ox.Literal() if term.language:
                node = rdflib.Literal(term.value, lang=term.language)
            case ox.Literal() if term.datatype.value.endswith("#string"):
                node = rdflib.Literal(term.value)
            case ox.Literal():
                node = rdflib.Literal(term.value, datatype=rdflib.URIRef(term.datatype.value))
            case _:
                node = rdflib.BNode(str(term))
        known[term] = node
    return node


def _document(graph: object) -> str | None:
    """``{base}/graph/doc/{key}`` → ``{base}/eli/vn/{key}``; None for a graph of another kind."""
    base, found, key = str(getattr(graph, "value", "")).partition("/graph/doc/")
    return f"{base}/eli/vn/{key}" if found else None


def _stranger(predicate: ox.NamedNode, value: object) -> str | None:
    """The term of our own vocabulary that was never declared, if this statement uses one."""
    kinds = [value.value] if predicate.value == RDF.type and isinstance(value, ox.NamedNode) else []
    for term in (predicate.value, *kinds):
        if term.startswith(str(VB)) and term not in VB:
            return _short(term)
    return None


def _findings(report: rdflib.Graph, homes: dict[str, str | None]) -> Iterator[Finding]:
    import rdflib

    for result in report.objects(None, rdflib.URIRef(SH.result)):
        said = {str(name): list(report.objects(result, rdflib.URIRef(name))) for name in _READ}
        focus = _one(said[SH.focusNode])
        value = _one(said[SH.value])
        if focus is not None and focus.startswith(str(VB)) and value in homes:
            focus, value = value, None  # a rule about all nodes of a class names the node as its value
        if focus is None or focus not in homes:
            continue  # a node of which only the type is known here
        path = _one(said[SH.resultPath])
        yield Finding(
            severity=_SEVERITIES[(_one(said[SH.resultSeverity]) or "Violation").rpartition("#")[2]],
            document=homes[focus],
            focus=focus,
            path=None if path is None else _short(path),
            message=_message(said, focus, value),
        )


_READ = (SH.focusNode, SH.resultPath, SH.resultMessage, SH.resultSeverity, SH.sourceConstraintComponent, SH.value)


def _one(values: list[Node]) -> str | None:
    return min(map(str, values), default=None)


def _message(said: dict[str, list[Node]], focus: str, value: str | None) -> str:
    """The shape's own sentence in Vietnamese, else what its kind of rule means; with the value it is about."""
    component = (_one(said[SH.sourceConstraintComponent]) or "").rpartition("#")[2]
    messages = {getattr(text, "language", None) or "": str(text) for text in said[SH.resultMessage]}
    # Without words of its own a shape gets English ones from the validator, which have no language either.
    own = messages.get("vi") or (messages.get("") if component == "SPARQLConstraintComponent" else None)
    sentence = (own or _RULES.get(component) or f"Không đúng quy tắc {component}").rstrip(".")
    if value is not None and value != focus:
        return f"{sentence} (đang là: “{_short(value)[:80]}”)."
    return f"{sentence}."


def _short(iri: str) -> str:
    """``https://w3id.org/vanban-kg/def#confidence`` → ``vb:confidence``."""
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace):
            return f"{prefix}:{iri[len(namespace) :]}"
    return iri

"""Reference data into the store: ontology, vocabularies, areas, bodies; put again only when it changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox

from kg.identifiers import DEFAULT_BASE
from kg.iris import Iris
from kg.reference import Reference, load_reference
from kg.store import OxigraphStore
from kg.terms import Iri, Lit, Triple, literal
from kg.vocab import ORG, RDF, SCHEMA, SKOS, VB
from kg.works import Resolution
from ontology import read

__all__ = ["body_triples", "ontology_triples", "reference_graphs"]

GRAPHS = {
    "ontology": ("vanban.ttl",),
    "vocab": ("vocabularies.ttl",),
    "areas": ("areas.ttl", "communes.ttl"),
    "bodies": ("bodies.ttl",),
}
"""Graph name → the files it holds; an installation's own ``reference.ttl`` joins "areas"."""


def reference_graphs(store: OxigraphStore, iris: Iris, extra: Path | None) -> bool:
    """Puts the reference graphs if the files or the base differ from what the store holds. True when it wrote."""
    files = {name: [read(file) for file in names] for name, names in GRAPHS.items()}
    if extra is not None:
        files["areas"].append(extra.read_bytes())
    digest = hashlib.sha256(iris.base.encode())
    for name in sorted(files):
        for content in files[name]:
            digest.update(hashlib.sha256(content).digest())
    mark = (iris.graph("areas"), VB.sha256, literal(digest.hexdigest()))
    if store.ask(
        "ASK { GRAPH $g { $s vb:sha256 $d } }", bindings={"g": iris.graph("meta"), "s": mark[0], "d": mark[2]}
    ):
        return False
    for name, contents in files.items():
        store.load_turtle(iris.graph(name), [_moved(content, iris) for content in contents])
    store.put_graph(iris.graph("meta"), [mark])
    return True


def _moved(turtle: bytes, iris: Iris) -> bytes:
    """One of our files, moved from the default base to this installation's."""
    return turtle.replace(f"<{DEFAULT_BASE}/".encode(), f"<{iris.base}/".encode())


def ontology_triples(base: str = DEFAULT_BASE) -> Iterator[Triple]:
    """Our vocabulary, for those who ask what a term means."""
    return _parse(read("vanban.ttl"), Iris(base))


def _parse(turtle: bytes, iris: Iris) -> Iterator[Triple]:
    """The triples of one of our files under this installation's base."""
    for quad in ox.parse(_moved(turtle, iris), ox.RdfFormat.TURTLE):
        subject, predicate, value = quad.subject, quad.predicate, quad.object
        if not isinstance(subject, ox.NamedNode):
            raise ValueError(f"reference data must not use blank nodes: {quad}")
        if isinstance(value, ox.NamedNode):
            yield Iri(subject.value), Iri(predicate.value), Iri(value.value)
        elif isinstance(value, ox.Literal):
            lang = value.language
            plain = Lit(value.value, lang=lang) if lang else Lit(value.value, Iri(value.datatype.value))
            yield Iri(subject.value), Iri(predicate.value), plain
        else:
            raise ValueError(f"reference data must not use blank nodes: {quad}")


def body_triples(resolution: Resolution, iris: Iris, extra: Path | None) -> list[Triple]:
    """The local bodies that documents speak of, made from their templates: name, level, area, parent, validity."""
    reference = load_reference(extra)
    triples: list[Triple] = []
    done: set[str] = set()
    wanted = sorted({work.owner for work in resolution.works.values() if work.owner})
    while wanted:
        code = wanted.pop()
        if code in done or code in reference.bodies:
            continue
        done.add(code)
        triples.extend(_body(code, reference, iris, wanted))
    return sorted(set(triples), key=str)


def _body(code: str, reference: Reference, iris: Iris, wanted: list[str]) -> Iterator[Triple]:
    body = reference.body(code)
    node = iris.thing("org", code)
    yield node, RDF.type, ORG.FormalOrganization
    if body is None:
        yield node, SKOS.prefLabel, Lit(code)
        return
    yield node, SKOS.prefLabel, Lit(body.name, lang="vi")
    yield node, VB.adminLevel, VB[body.level.capitalize()]
    if body.area:
        yield node, VB.area, iris.thing("area", body.area)
    if body.parent:
        yield node, ORG.subOrganizationOf, iris.thing("org", body.parent)
        wanted.append(body.parent)
    if body.valid_from:
        yield node, SCHEMA.validFrom, literal(body.valid_from)
    if body.valid_to:
        yield node, SCHEMA.validThrough, literal(body.valid_to)

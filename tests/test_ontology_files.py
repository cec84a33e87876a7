"""The ontology files: complete, closed, without blank nodes, and equal to what the code knows."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from typing import get_args, get_type_hints

import pyoxigraph as ox
import pytest

import ontology
from kg import kinds, mapping, mapping_parts, model, review, works
from kg.vocab import ELI, LINK_PREDICATES, VB

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
SH = "http://www.w3.org/ns/shacl#"
OTHERS = (
    "http://data.europa.eu/eli/ontology#",
    "http://www.w3.org/ns/org#",
    "http://www.w3.org/ns/prov#",
    "http://www.w3.org/ns/oa#",
    SKOS,
    "http://schema.org/",
)
DATA = tuple(name for name in ontology.FILES if name != "shapes.ttl")


@cache
def quads(name: str) -> list[ox.Quad]:
    return list(ox.parse(ontology.read(name), ox.RdfFormat.TURTLE))


@cache
def facts(name: str) -> dict[str, dict[str, list[ox.NamedNode | ox.Literal]]]:
    """Subject → predicate → objects, subjects and predicates as plain strings."""
    found: dict[str, dict[str, list[ox.NamedNode | ox.Literal]]] = defaultdict(lambda: defaultdict(list))
    for quad in quads(name):
        found[quad.subject.value][quad.predicate.value].append(quad.object)
    return found


OWN = sorted(term for term in facts("vanban.ttl") if term.startswith(str(VB)))


def values(term: dict[str, list[ox.NamedNode | ox.Literal]], predicate: str) -> set[str]:
    return {value.value for value in term.get(predicate, ())}


@pytest.mark.parametrize("term", OWN, ids=lambda term: term.rsplit("#", 1)[1])
def test_every_own_term_is_explained_and_has_a_superterm(term: str) -> None:
    said = facts("vanban.ttl")[term]
    for predicate in (RDFS + "label", RDFS + "comment"):
        texts = {literal.language: literal.value for literal in said[predicate]}
        assert set(texts) == {"vi", "en"}, predicate
        assert all(texts.values())
    assert all(text.value.endswith(".") for text in said[RDFS + "comment"])
    types = values(said, RDF + "type")
    if SKOS + "Concept" in types:
        assert values(said, SKOS + "inScheme"), "a value belongs to a list"
        return
    parent = RDFS + ("subClassOf" if OWL + "Class" in types else "subPropertyOf")
    assert types & {OWL + "Class", OWL + "ObjectProperty", OWL + "DatatypeProperty"}
    supers = values(said, parent)
    assert any(above.startswith(OTHERS) for above in supers), supers
    assert all(above in ELI for above in supers if above.startswith(OTHERS[0])), (
        "only ELI terms in use, none deprecated"
    )


def test_no_relation_between_documents_is_outside_eli_cites() -> None:
    for predicate in LINK_PREDICATES.values():
        if predicate in VB:
            assert str(ELI.cites) in values(facts("vanban.ttl")[predicate], RDFS + "subPropertyOf")


@pytest.mark.parametrize("name", [name for name in ontology.FILES if name != "vanban.ttl"])
def test_no_file_uses_a_term_that_is_not_defined(name: str) -> None:
    used = set(re.findall(r"\bvb:(\w+)", re.sub(r"(?m)^#.*$", "", ontology.read(name).decode())))
    assert used <= {term.rsplit("#", 1)[1] for term in OWN}


@pytest.mark.parametrize("name", DATA)
def test_our_data_has_no_blank_nodes(name: str) -> None:
    nodes = {node for quad in quads(name) for node in (quad.subject, quad.object)}
    assert not [node for node in nodes if isinstance(node, ox.BlankNode)]


@pytest.mark.parametrize("name", DATA)
def test_every_thing_that_is_pointed_at_is_there(name: str) -> None:
    """Concepts, areas and bodies under our base: none dangling, in this file or another."""
    known = {subject for file in DATA for subject in facts(file)}
    pointed = {quad.object.value for quad in quads(name) if isinstance(quad.object, ox.NamedNode)}
    assert not [iri for iri in pointed if iri.startswith(ontology.BASE) and iri not in known]


def test_kinds_of_documents_are_those_of_the_code() -> None:
    said = facts("vocabularies.ttl")
    prefix = f"{ontology.BASE}/id/kind/"
    normative = values(said[f"{ontology.BASE}/id/kind-group/quy-pham"], SKOS + "member")
    read = {
        (
            iri.removeprefix(prefix),
            next(label.value for label in about[SKOS + "prefLabel"] if label.language == "vi"),
            next(iter(values(about, str(VB.mainSymbol))), None),
            frozenset(values(about, SKOS + "notation")),
            iri in normative,
        )
        for iri, about in said.items()
        if iri.startswith(prefix)
    }
    in_code = {
        (kind.slug, kind.label, kind.codes[0] if kind.codes else None, frozenset(kind.codes), kind.normative)
        for kind in kinds.KINDS
    }
    assert read == in_code


def concepts(scheme: str) -> dict[str, str]:
    """Notation → slug of the concepts of one scheme."""
    listed = facts("vocabularies.ttl")[f"{ontology.BASE}/id/scheme/{scheme}"][SKOS + "hasTopConcept"]
    found = {}
    for concept in listed:
        about = facts("vocabularies.ttl")[concept.value]
        assert values(about, SKOS + "inScheme") == {f"{ontology.BASE}/id/scheme/{scheme}"}
        assert {label.language for label in about[SKOS + "prefLabel"]} == {"vi", "en"}
        (notation,) = values(about, SKOS + "notation")
        found[notation] = concept.value.rsplit("/", 1)[1]
    return found


def test_relations_are_those_of_the_code_and_name_their_predicate() -> None:
    said = facts("vocabularies.ttl")
    assert set(concepts("relation")) == set(LINK_PREDICATES)
    for relation, predicate in LINK_PREDICATES.items():
        about = said[f"{ontology.BASE}/id/relation/{relation.replace('_', '-')}"]
        assert values(about, RDFS + "seeAlso") == {str(predicate)}


def test_short_lists_are_those_of_the_code() -> None:
    hints = {name: get_type_hints(owner) for name, owner in vars(model).items() if isinstance(owner, type)}
    assert set(concepts("place")) == set(get_args(hints["Citation"]["place"]))
    assert set(concepts("task-role")) == set(get_args(hints["Assignment"]["role"]))
    assert set(concepts("deadline-kind")) == set(get_args(hints["Deadline"]["kind"]))
    assert concepts("duty") == mapping_parts.DUTIES
    assert set(concepts("duty")) == set(get_args(model.Duty))
    assert set(concepts("reason")) == set(get_args(get_type_hints(works.UnresolvedMention)["reason"]))


def test_reasons_are_worded_as_the_graph_words_them() -> None:
    said = facts("vocabularies.ttl")
    worded = {
        code: next(
            label.value
            for label in said[f"{ontology.BASE}/id/reason/{slug}"][SKOS + "prefLabel"]
            if label.language == "vi"
        )
        for code, slug in concepts("reason").items()
    }
    assert worded == mapping.REASONS


@pytest.mark.parametrize(
    ("scheme", "count"),
    [
        ("status", len(get_args(works.LinkStatus))),
        ("verdict", len(get_args(review.VerdictValue))),
        ("level", len(get_args(model.Level))),
        ("method", 4),
        ("visibility", 2),
    ],
)
def test_a_scheme_of_own_terms_lists_exactly_its_members(scheme: str, count: int) -> None:
    iri = f"{ontology.BASE}/id/scheme/{scheme}"
    listed = values(facts("vocabularies.ttl")[iri], SKOS + "hasTopConcept")
    members = {term for term in OWN if iri in values(facts("vanban.ttl")[term], SKOS + "inScheme")}
    assert listed == members
    assert len(listed) == count


def test_every_shape_speaks_vietnamese_and_english() -> None:
    shapes: dict[object, set[str | None]] = defaultdict(set)
    speaking = set()
    for quad in quads("shapes.ttl"):
        if quad.predicate.value in (SH + "path", SH + "targetClass"):
            speaking.add(quad.subject)
        if quad.predicate.value == SH + "message":
            shapes[quad.subject].add(quad.object.language)
            assert quad.object.value.endswith(".")
    inner = {quad.subject for quad in quads("shapes.ttl") if quad.predicate.value in (SH + "hasValue",)}
    listed = {quad.object for quad in quads("shapes.ttl") if quad.predicate.value.endswith("#first")}
    silent = [shape for shape in speaking - inner - listed if shapes[shape] != {"vi", "en"}]
    assert not silent


def test_a_base_of_ones_own_moves_things_and_no_terms() -> None:
    moved = ontology.read("areas.ttl", "https://thi-dua.example.org").decode()
    assert ontology.BASE not in moved
    assert "<https://thi-dua.example.org/id/area/>" in moved
    assert "<https://w3id.org/vanban-kg/def#>" in moved
    assert ontology.read("areas.ttl").decode().count(ontology.BASE) == 1


def test_an_unknown_file_is_named_with_those_there_are() -> None:
    with pytest.raises(FileNotFoundError, match=r"vanban\.ttl"):
        ontology.read("../secrets.ttl")

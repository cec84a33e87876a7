"""The vocabulary in code and the ontology on paper are the same list."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pyoxigraph
import pytest

from kg import vocab
from kg.model import Relation
from kg.terms import Iri
from kg.vocab import ELI, LINK_PREDICATES, PREFIXES, VB

ONTOLOGY = Path(__file__).resolve().parents[1] / "ontology" / "vanban.ttl"
ALL = {name: value for name, value in vars(vocab).items() if isinstance(value, vocab.Namespace)}


def test_a_term_is_its_iri() -> None:
    assert Iri("https://w3id.org/vanban-kg/def#Link") == VB.Link == VB["Link"]
    assert VB.Link in VB
    assert Iri("https://w3id.org/vanban-kg/def#Lnik") not in VB


def test_a_misspelt_term_fails() -> None:
    with pytest.raises(AttributeError, match="Lnik"):
        VB.Lnik  # noqa: B018
    with pytest.raises(KeyError, match="Lnik"):
        VB["Lnik"]


def test_a_deprecated_term_cannot_be_used() -> None:
    """ELI: "Use applies instead"."""
    with pytest.raises(AttributeError):
        ELI.implements  # noqa: B018


def test_every_relation_but_self_has_a_predicate() -> None:
    assert set(LINK_PREDICATES) == set(get_args(Relation)) - {"self"}
    assert len(set(LINK_PREDICATES.values())) == len(LINK_PREDICATES)


def test_every_namespace_has_its_prefix() -> None:
    assert sorted(PREFIXES.values()) == sorted(str(value) for value in ALL.values())
    assert sorted(PREFIXES) == sorted(name.lower() for name in ALL)


def ontology_terms() -> set[str]:
    text = ONTOLOGY.read_bytes()
    quads = list(pyoxigraph.parse(text, pyoxigraph.RdfFormat.TURTLE))
    return {quad.subject.value for quad in quads if quad.subject.value.startswith(str(VB))} - {str(VB)}


def test_every_term_in_code_is_in_the_ontology() -> None:
    assert not {str(term) for term in VB} - ontology_terms()


def test_every_term_of_the_ontology_is_in_code() -> None:
    assert not ontology_terms() - {str(term) for term in VB}

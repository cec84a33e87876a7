"""RDF written down: the same triples give the same bytes, whichever process writes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pyoxigraph as ox

from kg.terms import Graph, Iri, Lit, Term
from kg.vocab import PREFIXES

__all__ = ["FORMS", "in_order", "write_ox", "write_triples"]

FORMS: Mapping[str, ox.RdfFormat] = {
    "ttl": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "rdfxml": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
}
"""Short name → format, for graphs without names."""


def write_triples(triples: Graph, form: str, prefixes: Mapping[str, str] | None = None) -> bytes:
    """Triples, each once and sorted, as ttl, nt, rdfxml or jsonld."""
    made = {ox.Triple(ox.NamedNode(s), ox.NamedNode(p), _ox(o)) for s, p, o in triples}
    return write_ox(sorted(made, key=str), form, prefixes)


def write_ox(triples: Iterable[ox.Triple], form: str, prefixes: Mapping[str, str] | None = None) -> bytes:
    """Oxigraph's own triples, in the order given."""
    known = dict(PREFIXES if prefixes is None else prefixes)
    return in_order(ox.serialize(triples, format=FORMS[form], prefixes=known) or b"", form)


def in_order(body: bytes, form: str) -> bytes:
    """The same graph as the same bytes: Oxigraph declares prefixes in an order that changes from run to run."""
    if form == "ttl":
        lines = body.splitlines(keepends=True)
        count = next((at for at, line in enumerate(lines) if not line.startswith(b"@prefix ")), len(lines))
        text = b"".join(lines[count:])
        return b"".join(line for line in sorted(lines[:count]) if line.split()[1] in text) + text
    if form == "rdfxml":
        head, opened, rest = body.partition(b"<rdf:RDF ")
        attributes, closed, rest = rest.partition(b">")
        return head + opened + b" ".join(sorted(attributes.split())) + closed + rest
    return body


def _ox(term: Term) -> ox.NamedNode | ox.Literal:
    if isinstance(term, Iri):
        return ox.NamedNode(term)
    assert isinstance(term, Lit)
    if term.lang:
        return ox.Literal(term.value, language=term.lang)
    return ox.Literal(term.value, datatype=ox.NamedNode(term.datatype))

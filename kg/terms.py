"""The three plain values that make up a graph, and their one written form (N-Triples).

Nothing here knows a graph library: ``kg.mapping`` makes these, ``kg.store`` takes them. There is no blank node,
so every node has a name that survives a dump and a reload.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

__all__ = ["Graph", "Iri", "Lit", "Term", "Triple", "can_be_written", "literal", "ntriples", "term_text"]

_XSD = "http://www.w3.org/2001/XMLSchema#"


class Iri(str):
    """The absolute name of a thing: ``Iri("https://vanban.example.vn/eli/vn/tw/ct/2014/34")``."""

    __slots__ = ()


_STRING = Iri(_XSD + "string")


@dataclass(frozen=True, slots=True)
class Lit:
    """A value: ``Lit("Kế hoạch", lang="vi")``, ``Lit("2014-04-07", Iri("…XMLSchema#date"))``. Text by default.

    With ``lang`` set, ``datatype`` says nothing. Use ``literal`` to write a Python value.
    """

    value: str
    datatype: Iri = _STRING
    lang: str | None = None


Term: TypeAlias = Iri | Lit
Triple: TypeAlias = tuple[Iri, Iri, Term]
Graph: TypeAlias = Iterable[Triple]


def literal(value: str | bool | int | float | Decimal | dt.date | dt.datetime) -> Lit:
    """A Python value with its XML Schema type: ``date(2014, 4, 7)`` → "2014-04-07"^^xsd:date.

    A float becomes xsd:decimal: 0.7 is meant, not the nearest binary fraction.
    """
    match value:
        case str():
            return Lit(value)
        case bool():
            return Lit("true" if value else "false", Iri(_XSD + "boolean"))
        case int():
            return Lit(str(value), Iri(_XSD + "integer"))
        case float() | Decimal():
            return Lit(f"{Decimal(str(value)):f}", Iri(_XSD + "decimal"))
        case dt.datetime():
            return Lit(value.isoformat(), Iri(_XSD + "dateTime"))
        case dt.date():
            return Lit(value.isoformat(), Iri(_XSD + "date"))
    raise TypeError(f"no XML Schema type for {value!r}")


# RFC 3987 has a scheme first; N-Triples forbids the rest of these characters between angle brackets.
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|^`\\\ud800-\udfff]*")
# The engine is stricter with what a query says: no control or private characters, no lone "%", one "#".
_NEVER = "".join(f"\\U{plane:04x}fffe\\U{plane:04x}ffff" for plane in range(1, 14))
_NEVER += r"\U000e0000-\U000e0fff\U000efffe-\U0010ffff"
_LETTER = (
    rf"(?:[^\x00-\x20<>\"{{}}|^`\\%\[\]#\x7f-\x9f\ud800-\uf8ff\ufdd0-\ufdef\ufff0-\uffff{_NEVER}]|%[0-9A-Fa-f]{{2}})"
)
_TYPED = re.compile(rf"[A-Za-z][A-Za-z0-9+.-]*:{_LETTER}*+(?:#{_LETTER}*+)?")
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")
_NEEDS_ESCAPE = re.compile(r"[\x00-\x1f\"\\\x7f]")
_ESCAPES = {code: f"\\u{code:04X}" for code in (*range(0x20), 0x7F)} | {
    ord(char): "\\" + mark for char, mark in zip('\b\t\n\f\r"\\', 'btnfr"\\', strict=True)
}


def can_be_written(iri: str) -> bool:
    """Whether a query may hold this IRI, which somebody typed: absolute, and every character allowed (RFC 3987)."""
    return _TYPED.fullmatch(iri) is not None


def _iri_text(iri: str) -> str:
    if not _ABSOLUTE.fullmatch(iri):
        raise ValueError(f"not an absolute IRI that can be written down: {iri!r}")
    return f"<{iri}>"


def term_text(term: Term) -> str:
    """One term as N-Triples and SPARQL write it: ``<…>``, ``"Kế hoạch"@vi``, ``"12"^^<…integer>``.

    Raises ValueError for an IRI that is not absolute or holds a forbidden character: it would end its brackets.
    """
    if isinstance(term, Iri):
        return _iri_text(term)
    value = term.value.translate(_ESCAPES) if _NEEDS_ESCAPE.search(term.value) else term.value
    if term.lang is not None:
        if not _LANGUAGE.fullmatch(term.lang):
            raise ValueError(f"not a language tag: {term.lang!r}")
        return f'"{value}"@{term.lang.lower()}'
    if term.datatype == _STRING:
        return f'"{value}"'
    return f'"{value}"^^{_iri_text(term.datatype)}'


def ntriples(triples: Graph) -> set[str]:
    """The triples as N-Triples statements without their closing dot, each once."""
    known: dict[str, str] = {}  # IRIs come back again and again; each is checked once

    def name(iri: str) -> str:
        text = known.get(iri)
        if text is None:
            text = known[iri] = _iri_text(iri)
        return text

    return {
        f"{name(subject)} {name(predicate)} {name(value) if isinstance(value, Iri) else term_text(value)}"
        for subject, predicate, value in triples
    }

"""Terms are written so that any RDF reader gives the same value back, and nothing can break out of its brackets."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.terms import Iri, Lit, literal, ntriples, term_text

XSD = "http://www.w3.org/2001/XMLSchema#"
PLAN = Iri("https://vanban.example.vn/eli/vn/lai-chau.ubnd/kh/2023/5324")
TITLE = Iri("http://purl.org/dc/terms/title")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("Kế hoạch", '"Kế hoạch"'),
        (True, f'"true"^^<{XSD}boolean>'),
        (86, f'"86"^^<{XSD}integer>'),
        (0.7, f'"0.7"^^<{XSD}decimal>'),
        (1e-7, f'"0.0000001"^^<{XSD}decimal>'),
        (Decimal("95.50"), f'"95.50"^^<{XSD}decimal>'),
        (dt.date(2014, 4, 7), f'"2014-04-07"^^<{XSD}date>'),
        (dt.datetime(2026, 11, 20, 17, 0, tzinfo=dt.UTC), f'"2026-11-20T17:00:00+00:00"^^<{XSD}dateTime>'),
    ],
)
def test_python_values_get_their_type(value: object, text: str) -> None:
    assert term_text(literal(value)) == text  # type: ignore[arg-type]


def test_a_value_without_type_is_refused() -> None:
    with pytest.raises(TypeError, match="None"):
        literal(None)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "iri",
    [
        "eli/vn/tw",
        "",
        "https://a.vn/x y",
        "https://a.vn/x>",
        "https://a.vn/\n",
        "//a.vn/x",
        "https://a.vn/\ud800",
        "a b:c",
    ],
)
def test_an_iri_that_would_break_a_dump_is_refused(iri: str) -> None:
    with pytest.raises(ValueError, match="IRI"):
        term_text(Iri(iri))
    with pytest.raises(ValueError, match="IRI"):
        ntriples([(PLAN, TITLE, Iri(iri))])


@pytest.mark.parametrize("tag", ["", "vi VN", 'vi" .', "tiếng-việt", "-vi"])
def test_a_bad_language_tag_is_refused(tag: str) -> None:
    with pytest.raises(ValueError, match="language"):
        term_text(Lit("x", lang=tag))


def test_triples_are_written_once() -> None:
    title = Lit("Kế hoạch", lang="vi")
    assert ntriples([(PLAN, TITLE, title), (PLAN, TITLE, title)]) == {f'<{PLAN}> <{TITLE}> "Kế hoạch"@vi'}


texts = st.text(st.characters(exclude_categories=["Cs"]))
values = st.builds(Lit, texts) | st.builds(Lit, texts, lang=st.sampled_from(["vi", "en", "VI-vn"]))


@given(values)
def test_what_is_written_is_read_back(value: Lit) -> None:
    (line,) = ntriples([(PLAN, TITLE, value)])
    (quad,) = pyoxigraph.parse(f"{line} .".encode(), pyoxigraph.RdfFormat.N_TRIPLES)
    assert isinstance(quad.object, pyoxigraph.Literal)
    assert quad.object.value == value.value
    assert quad.object.language == (value.lang.lower() if value.lang else None)


@given(values)
def test_oxigraph_writes_values_as_we_do(value: Lit) -> None:
    """Equal spelling lets the store see by text that a graph did not change."""
    (line,) = ntriples([(PLAN, TITLE, value)])
    store = pyoxigraph.Store()
    store.load(f"{line} .".encode(), pyoxigraph.RdfFormat.N_TRIPLES)
    assert store.dump(format=pyoxigraph.RdfFormat.N_QUADS).decode() == f"{line} .\n"

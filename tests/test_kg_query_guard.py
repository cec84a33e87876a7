"""Only reading passes. Each refused row is a way to call a service, or to hide the call from a plain scan."""

from __future__ import annotations

import time
from contextlib import suppress

import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import QueryError, QueryRefused
from kg.query_guard import dataset_clause, examine, fill, syntax_message

PREFIX = "PREFIX ex: <http://x.vn/> PREFIX : <http://y.vn/> PREFIX service: <http://x.vn/service#> "
READING = {
    "plain": "SELECT * { ?s ?p ?o }",
    "lower case": "select ?s where { ?s a ?c } order by desc(?s) limit 5",
    "ask": "ASK {}",
    "describe": "DESCRIBE <http://x.vn/a>",
    "construct": "CONSTRUCT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }",
    "words in a string": "SELECT * { ?s ?p 'SERVICE <x> {}', \"\"\"LOAD \" it\"\"\", '''INSERT ' ''' }",
    "words in a comment": "SELECT * { ?s ?p ?o } # SERVICE <x> {}",
    "words in an IRI": "SELECT * { ?s <http://x.vn/service/load?q=1#insert> ?o }",
    "words in variables": "SELECT ?service ?load { ?service ?load $insert }",
    "words in names": PREFIX + "SELECT * { ?s service:load ex:service ; ex:delete.data ?o }",
    "word in a blank node": "SELECT * { _:service ?p [] }",
    "comparisons": PREFIX + "SELECT * { ?s ?p ?o FILTER(?o<5 && ?o>2 || ?o <= ex:a && -?o < +1.5e3) }",
    "comparison with an IRI": "SELECT * { ?s ?p ?o FILTER(?s = <http://x.vn/#a> || ?o != <http://x.vn/b'c>) }",
    "comparison without spaces": "SELECT * { ?s ?p ?o FILTER(?s<?o&&?o>?s) }",
    "IRIs in VALUES": "SELECT * { VALUES (?a ?b) { (<http://x.vn/#a> <http://x.vn/#b>) (UNDEF <http://x.vn/#c>) } }",
    "IRIs in a list": "SELECT * { ?s ?p (<http://x.vn/a> <http://x.vn/b>)"
    " FILTER(?s IN (<http://x.vn/#c>, <http://x.vn/#d>)) }",
    "paths": "SELECT * { ?s (<http://x.vn/#a>|^<http://x.vn/#b>)+/!(a|^a)? ?o }",
    "aggregates": "SELECT ?c (COUNT(DISTINCT ?s) AS ?n) (GROUP_CONCAT(?s; SEPARATOR=', ') AS ?all)"
    " { ?s a ?c } GROUP BY ?c HAVING (COUNT(*) > 1)",
    "escaped IRI": r"SELECT * { ?s <http://x.vn/\u0061> 'K\u1EBF' }",
    "subquery": "SELECT * { { SELECT ?s { ?s ?p ?o } LIMIT 3 } FILTER NOT EXISTS { ?s a ?c } MINUS { ?s ?p 1 } }",
    "typed and tagged": PREFIX + "SELECT * { ?s ?p 'a'@vi-VN, '1'^^ex:int, '2'^^<http://x.vn/#int>, true, 1.5 }",
    "Vietnamese": PREFIX + "SELECT ?kếHoạch { ?kếHoạch ex:chỉThị 'Chỉ thị 34' }",
    "from": "SELECT * FROM <http://192.0.2.1/x> FROM NAMED <file:///etc/passwd> { ?s ?p ?o }",
}


@pytest.mark.parametrize("query", READING.values(), ids=READING)
def test_reading_passes(query: str) -> None:
    assert examine(query).form in ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
    pyoxigraph.Store().query(query)  # the row itself is right SPARQL


REFUSED = {
    "service": "SELECT * { SERVICE <http://e.vn> {} }",
    "service silent": "SELECT * { service SILENT ?x {} }",
    "deep inside": "SELECT * { { SELECT * { OPTIONAL { SERVICE ?x {} } } } }",
    "no space before": PREFIX + "SELECT * { ?s ?p 1SERVICE<http://e.vn>{} }",
    "after a number and a dot": "SELECT * { ?s ?p 1.SERVICE<http://e.vn>{} }",
    "after a Boolean": PREFIX + "SELECT * { ?s ?p trueSERVICE:x {} }",
    "as a prefix": PREFIX + "SELECT * { SERVICE:x {} }",
    "as a prefix, comment before the brace": PREFIX + "SELECT * { SERVICE:x # {\n {} }",
    "as a prefix, no local part": PREFIX + "SELECT * { SERVICE:{} }",
    "after an empty local part": PREFIX + "SELECT * { ?s ?p ex:.SERVICE<http://e.vn>{} }",
    "in the tail of a name": PREFIX + "SELECT * { ?s ?p ex:p.1.SERVICE?q{} }",
    "glued to SILENT": "SELECT * { SERVICESILENT<http://e.vn>{} }",
    "comparison taken for an IRI": "SELECT * { ?a ?p ?b FILTER(?a<?b)SERVICE#>\n?x{} }",
    "comment taken for an IRI": 'SELECT * { ?a ?p ?b FILTER(?a<?b#>"""\n)SERVICE<http://e.vn>{} #"""\n }',
    "quote taken for part of an IRI": "SELECT * { ?a ?p ?b FILTER(?a<'>'^^?x)SERVICE<http://e.vn>{} }",
    "IRI taken for two marks": "SELECT * { ?a ?p ?b FILTER(?a<<http://x.vn/#>)SERVICE<http://e.vn>{} }",
    "carriage return ends a comment": "SELECT * { #\rSERVICE<http://e.vn>{} #\n }",
    "decoded later": r"SELECT * { \u0053ERVICE <http://e.vn> {} }",
    "decoded quote": r"""SELECT * { ?s ?p "\u0022 . SERVICE <http://e.vn> {} # " }""",
    "insert": "INSERT DATA { <http://x.vn/a> <http://x.vn/b> 1 }",
    "delete": "PREFIX x: <http://x.vn/> DELETE WHERE { ?s ?p ?o }",
    "load": "LOAD <file:///etc/passwd>",
    "clear": "CLEAR ALL",
    "drop": "# reading only\nDROP SILENT GRAPH <http://x.vn/g>",
    "with": "WITH <http://x.vn/g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
    "an update behind a query": "SELECT * {} ; INSERT DATA {}",
    "nested too deep": "SELECT * " + "{" * 200 + "}" * 200,
}


@pytest.mark.parametrize("query", REFUSED.values(), ids=REFUSED)
def test_anything_else_is_refused(query: str) -> None:
    with pytest.raises(QueryRefused):
        examine(query)


WRONG = {
    "empty": "",
    "only a comment": "# nothing",
    "prologue only": "PREFIX ex: <http://x.vn/>",
    "not SPARQL": "Kế hoạch nào triển khai Chỉ thị 34?",
    "unknown word": "SELECT * { ?s ?p ?o } SORT BY ?s",
    "open string": "SELECT * { ?s ?p 'mở }",
    "string over two lines": 'SELECT * { ?s ?p "a\n" SERVICE <http://e.vn> {} "\n" }',
    "space in an IRI": "SELECT * { ?s <http://x.vn/a b#> ?o }",
    "quoted triple": "SELECT * { << ?s ?p ?o >> ?q ?r }",
    "control character": "SELECT * { ?s ?p ?o \x0b }",
    "half a character": "SELECT * { ?s ?p '\ud800' }",
    "a condition first": "WHERE { ?s ?p ?o }",
}


@pytest.mark.parametrize("query", WRONG.values(), ids=WRONG)
def test_what_is_no_query_is_told(query: str) -> None:
    with pytest.raises(QueryError) as caught:
        examine(query)
    assert not isinstance(caught.value, QueryRefused)


def test_the_word_and_its_place_are_named() -> None:
    with pytest.raises(QueryRefused, match=r"SERVICE \(dòng 2, cột 3\)"):
        examine("SELECT * {\n  SERVICE <http://e.vn> {} }")
    with pytest.raises(QueryRefused, match=r"INSERT \(dòng 1, cột 1\)"):
        examine("INSERT DATA {}")
    with pytest.raises(QueryError, match="“SORT” ở dòng 1, cột 10"):
        examine("ASK { } \tSORT")


@pytest.mark.parametrize(
    ("query", "limit", "offset", "window"),
    [
        ("SELECT * { ?s ?p ?o }", None, None, "SELECT * { ?s ?p ?o }\nLIMIT 7 OFFSET 2\n"),
        ("SELECT * {} LIMIT 10 OFFSET 3", 10, 3, "SELECT * {}  \nLIMIT 7 OFFSET 2\n"),
        ("SELECT * {} offset 3 # limit 4\n limit 10", 10, 3, "SELECT * {}  # limit 4\n \nLIMIT 7 OFFSET 2\n"),
        # The last line may be a comment
        ("SELECT * {} # end", None, None, "SELECT * {} # end\nLIMIT 7 OFFSET 2\n"),
        # VALUES stands behind LIMIT
        ("SELECT * {} LIMIT 1 VALUES ?x {2}", 1, None, "SELECT * {}  \nLIMIT 7 OFFSET 2\nVALUES ?x {2}"),
        # Those of a subquery and of strings are not its own
        ("SELECT * { {SELECT * {} LIMIT 3} }", None, None, "SELECT * { {SELECT * {} LIMIT 3} }\nLIMIT 7 OFFSET 2\n"),
        ("SELECT (' LIMIT 9' AS ?l) {}", None, None, "SELECT (' LIMIT 9' AS ?l) {}\nLIMIT 7 OFFSET 2\n"),
        (
            "SELECT * { VALUES ?x {1} } HAVING (?x > 1)",
            None,
            None,
            "SELECT * { VALUES ?x {1} } HAVING (?x > 1)\nLIMIT 7 OFFSET 2\n",
        ),
    ],
)
def test_the_outermost_limit_can_be_set(query: str, limit: int | None, offset: int | None, window: str) -> None:
    found = examine(query)
    assert (found.limit, found.offset) == (limit, offset)
    assert found.window(7, 2) == window
    pyoxigraph.Store().query(window)


def test_a_window_cuts_the_answers() -> None:
    query = "SELECT ?x { VALUES ?x { 1 2 3 4 5 } } LIMIT 4 VALUES ?x { 2 3 4 5 }"
    rows = pyoxigraph.Store().query(examine(query).window(2, 1))
    assert [row["x"].value for row in rows] == ["3", "4"]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("SELECT * FROM <http://x.vn/g> {}", True),
        ("SELECT * from named <http://x.vn/g> {}", True),
        ("SELECT * { ?s ?p 'from' }", False),
        ("SELECT ?from { ?from ?p ?o } # FROM", False),
    ],
)
def test_own_dataset_is_seen(query: str, named: bool) -> None:
    assert dataset_clause(query) is named


def test_values_fill_places_not_strings() -> None:
    query = "SELECT ?p { ?p eli:applies $call . FILTER(?p != $call) } # $call '$call'"
    filled = fill(query, {"call": "<http://x.vn/a>"})
    assert filled == "SELECT ?p { ?p eli:applies <http://x.vn/a> . FILTER(?p != <http://x.vn/a>) } # $call '$call'"


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("SELECT * {\n ?s ex:p ?o }", "Tiền tố “ex:” ở dòng 2, cột 5 chưa được khai báo (PREFIX ex: <…>)."),
        ("PREFIX ex: <http://x.vn/> SELECT * { ?s ex:p vb:q, ?o", "Câu truy vấn sai cú pháp ở dòng 1, cột 54."),
        ("SELECT * { ?s ?p 'vb:x' ", "Câu truy vấn sai cú pháp ở dòng 1, cột 25."),
    ],
)
def test_a_syntax_error_is_told_for_people(query: str, message: str) -> None:
    with pytest.raises(SyntaxError) as caught:
        pyoxigraph.Store().query(query, prefixes={"vb": "http://vb.vn/"})
    assert syntax_message(caught.value, query, ["vb"]) == message


HOSTILE = {
    "open long strings": '"""a ' * 25_000,
    "open IRIs": "<a" * 50_000,
    "dotted names": "a." * 50_000,
    "dashes": "a-" * 50_000,
    "colons": ":" * 100_000,
    "name that ends in dots": "ex:a" + "." * 100_000,
    "comments": "#\n" * 50_000,
    "escapes": r"\u0041" * 16_000,
    "backslashes": "SELECT * { ?s ?p '" + "\\" * 100_000,
    "services": "SERVICE:x " * 10_000,
    "services before blanks": "SERVICE:x" + " #\n" * 30_000,
    "operators": "SELECT * { FILTER(" + "1<2&&" * 20_000,
    "limits": "SELECT * {}" + " LIMIT 1" * 12_000,
}


@pytest.mark.parametrize("query", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_query_is_judged_in_linear_time(query: str) -> None:
    start = time.process_time()
    with suppress(QueryError):
        examine(query).window(1, 1)
    assert time.process_time() - start < 1


HERE = "PREFIX ex: <http://x.vn/> PREFIX : <http://127.0.0.1:9/>"
FRAGMENTS = [
    "#", "\n", "\r", '"', "'", '"""', "(", ")", "{", "}", "<", ">", "?a", "?s ?p ?o", "?s ?p 1", "?s ?p ex:", "1.", ".",
    "ex:p.1.", "ex:a", "FILTER(?a<?b", "FILTER(?a<<http://x.vn/#>)", "VALUES ?v {1}", "OPTIONAL{}", "UNION", "{}",
    "@en", "\\", "a", "true", "_:b.", "[]", "&&", "SILENT", "GRAPH ?g", "MINUS{}", "BIND(1 AS ?z)", " ", "\t",
    "\u0301", "²",
]  # fmt: skip
noise = st.lists(st.sampled_from(FRAGMENTS), max_size=5).map("".join)


@given(
    noise,
    noise,
    st.sampled_from(["SERVICE<http://127.0.0.1:9/>{}", "SERVICE:x{}", "SERVICE?q{}", " SERVICE SILENT :x{}"]),
)
def test_a_live_service_never_passes(before: str, after: str, call: str) -> None:
    """Where Oxigraph takes the text but not with the keyword spoilt, the keyword was live: it must be refused."""
    query = f"{HERE} SELECT * {{ {before}{call}{after} }}"
    if accepted(query) and not accepted(query.replace("SERVICE", "SERVICX")):
        with pytest.raises(QueryError):
            examine(query)


def accepted(query: str) -> bool:
    """True when Oxigraph can read the query; should it go on to call the service, nobody listens at that port."""
    try:
        pyoxigraph.Store().query(query)
    except SyntaxError:
        return False
    except (OSError, RuntimeError):
        return True
    return True

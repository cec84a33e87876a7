"""What every implementation of an interface must do. Subclass, give the fixture, inherit the tests."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import strategies as st

from kg.errors import QueryError
from kg.store import Change, GraphStore, OxigraphStore
from kg.terms import Iri, Lit, Triple, literal

BASE = "https://vanban.example.vn"
PLAN = Iri(f"{BASE}/eli/vn/lai-chau.ubnd/kh/2023/5324")
CALL = Iri(f"{BASE}/eli/vn/tw/ct/2014/34")
DOC = Iri(f"{BASE}/graph/doc/lai-chau.ubnd/kh/2023/5324")
EFF = Iri(f"{BASE}/graph/eff/lai-chau.ubnd/kh/2023/5324")
META = Iri(f"{BASE}/graph/meta")
TITLE = Iri("http://purl.org/dc/terms/title")
IMPLEMENTS = Iri("http://data.europa.eu/eli/ontology#ensures_implementation_of")

DOC_TRIPLES: list[Triple] = [
    (PLAN, TITLE, Lit("Kế hoạch triển khai phong trào thi đua", lang="vi")),
    (PLAN, Iri("http://purl.org/dc/terms/issued"), literal(2023)),
]
EFF_TRIPLES: list[Triple] = [(PLAN, IMPLEMENTS, CALL)]
PLANS = "SELECT ?plan ?title { ?plan eli:ensures_implementation_of ?call ; dct:title ?title }"

_names = st.sampled_from([DOC, EFF, META])
_triples = st.lists(
    st.tuples(
        st.sampled_from([PLAN, CALL]),
        st.sampled_from([TITLE, IMPLEMENTS]),
        st.sampled_from([PLAN, Lit("a"), Lit("a", lang="vi"), Lit('\\"\n\x01’'), literal(7), literal(0.5)]),
    ),
    max_size=6,
)


class GraphStoreContract:
    """``GraphStore``: a subclass gives ``store``, an empty one for each test."""

    @pytest.fixture
    def store(self) -> GraphStore:
        raise NotImplementedError

    def test_starts_empty(self, store: GraphStore) -> None:
        assert (len(store), store.graphs(), store.dump()) == (0, [], b"")

    def test_says_what_it_was_given(self, store: GraphStore) -> None:
        assert store.put_graph(DOC, DOC_TRIPLES) == Change(2, 0)
        assert len(store) == 2
        assert store.graphs() == [DOC]
        assert store.query("SELECT ?t { ?plan dct:title ?t }") == [{"t": DOC_TRIPLES[0][2]}]

    def test_a_query_sees_all_graphs_as_one(self, store: GraphStore) -> None:
        store.put_graphs({DOC: DOC_TRIPLES, EFF: EFF_TRIPLES})
        assert store.query(PLANS) == [{"plan": PLAN, "title": DOC_TRIPLES[0][2]}]

    def test_a_query_may_name_its_graphs(self, store: GraphStore) -> None:
        store.put_graphs({DOC: DOC_TRIPLES, EFF: EFF_TRIPLES})
        everything = "SELECT ?o { ?s ?p ?o }"
        assert store.query(everything, default_graphs=[EFF]) == [{"o": CALL}]
        assert store.query(f"SELECT ?o FROM <{EFF}> {{ ?s ?p ?o }}") == [{"o": CALL}]
        assert store.query(f"SELECT ?o FROM <{DOC}> {{ ?s ?p ?o }}", default_graphs=[EFF]) == [{"o": CALL}]
        assert store.query("SELECT ?g { GRAPH ?g { ?s ?p ?o } }", named_graphs=[EFF]) == [{"g": EFF}]
        assert store.query(everything, named_graphs=[EFF]) == []
        assert store.query("SELECT ?o FROM <http://192.0.2.1/x> FROM <file:///etc/passwd> { ?s ?p ?o }") == []

    def test_an_unbound_variable_is_absent(self, store: GraphStore) -> None:
        store.put_graph(EFF, EFF_TRIPLES)
        assert store.query("SELECT * { ?s ?p ?o OPTIONAL { ?o dct:title ?t } }") == [
            {"s": PLAN, "p": IMPLEMENTS, "o": CALL}
        ]

    @pytest.mark.parametrize("value", [Lit('"} UNION { ?s ?p ?o } #'), Lit("Kế hoạch", lang="vi"), PLAN, literal(86)])
    def test_bindings_are_values_never_query_text(self, store: GraphStore, value: Iri | Lit) -> None:
        store.put_graph(DOC, [(PLAN, TITLE, value), (PLAN, TITLE, Lit("khác"))])
        assert store.query("SELECT ?s { ?s dct:title $t }", bindings={"t": value}) == [{"s": PLAN}]
        assert store.ask("ASK { ?s dct:title $t }", bindings={"t": value})
        assert not store.ask("ASK { ?s dct:title $t }", bindings={"t": Lit("không có")})

    @pytest.mark.parametrize("query", ["SELECT * { ?s ?p ?o }", "SELECT * { $t ?p $u }", "SELECT * { ?s ?p '$t' }"])
    def test_a_binding_without_a_place_is_an_error(self, store: GraphStore, query: str) -> None:
        with pytest.raises(QueryError, match=r"\$"):
            store.query(query, bindings={"t": PLAN})

    def test_a_graph_is_replaced_whole(self, store: GraphStore) -> None:
        store.put_graphs({DOC: DOC_TRIPLES, EFF: EFF_TRIPLES})
        other = (PLAN, TITLE, Lit("Kế hoạch khác", lang="vi"))
        assert store.put_graph(DOC, [other]) == Change(1, 2)
        assert store.query("SELECT ?o { ?s ?p ?o }", default_graphs=[DOC]) == [{"o": other[2]}]
        assert store.graphs() == [DOC, EFF]

    def test_saying_the_same_again_changes_nothing(self, store: GraphStore) -> None:
        store.put_graphs({DOC: DOC_TRIPLES, EFF: EFF_TRIPLES})
        before = store.dump()
        change = store.put_graphs({EFF: EFF_TRIPLES, DOC: reversed(DOC_TRIPLES)})
        assert not change
        assert store.dump() == before

    def test_equal_values_spelt_differently_stay(self, store: GraphStore) -> None:
        """A store may tidy a number: 0.70 is kept as 0.7, and must survive being put again."""
        decimal = Iri("http://www.w3.org/2001/XMLSchema#decimal")
        for _ in range(2):
            store.put_graph(DOC, [(PLAN, TITLE, Lit("0.70", decimal)), (PLAN, TITLE, Lit(f"{_}"))])
            assert store.ask("ASK { ?s ?p ?o FILTER(?o = 0.7) }")
            assert len(store) == 2

    def test_graphs_go(self, store: GraphStore) -> None:
        store.put_graphs({DOC: DOC_TRIPLES, EFF: EFF_TRIPLES})
        assert store.delete_graph(EFF) == Change(0, 1)
        assert store.put_graphs({META: EFF_TRIPLES}, delete=[DOC, Iri(f"{BASE}/graph/none")]) == Change(1, 2)
        assert store.graphs() == [META]
        assert not store.delete_graph(DOC)

    def test_an_empty_graph_is_no_graph(self, store: GraphStore) -> None:
        store.put_graph(DOC, DOC_TRIPLES)
        store.put_graph(DOC, [])
        store.put_graph(EFF, [])
        assert store.graphs() == []
        assert store.query("SELECT ?g { GRAPH ?g {} }") == []

    def test_many_graphs_or_none(self, store: GraphStore) -> None:
        store.put_graph(DOC, DOC_TRIPLES)
        before = store.dump()
        with pytest.raises(ValueError, match="IRI"):
            store.put_graphs({EFF: EFF_TRIPLES, META: [(PLAN, TITLE, Iri("no iri"))]}, delete=[DOC])
        assert store.dump() == before

    def test_an_update_takes_effect_whole_or_not_at_all(self, store: GraphStore) -> None:
        store.update(f"INSERT DATA {{ GRAPH <{EFF}> {{ <{PLAN}> eli:applies <{CALL}> }} }}")
        before = store.dump()
        assert len(store) == 1
        with pytest.raises(QueryError):
            store.update(f"DROP GRAPH <{EFF}> ; INSERT DATA {{ GRAPH <{DOC}> {{ nonsense }} }}")
        assert store.dump() == before

    def test_dumps_are_sorted_and_equal_whatever_the_order(self, store: GraphStore) -> None:
        store.put_graph(EFF, EFF_TRIPLES)
        store.put_graphs({META: EFF_TRIPLES, DOC: DOC_TRIPLES})
        other = OxigraphStore.memory()
        other.put_graphs({DOC: reversed(DOC_TRIPLES), META: EFF_TRIPLES})
        other.put_graphs({EFF: EFF_TRIPLES})
        dump = store.dump()
        assert dump == other.dump()
        assert dump.splitlines() == sorted(dump.splitlines())
        assert dump.endswith(b" .\n")
        assert store.dump([EFF, DOC, META]) == dump
        assert store.dump([META]).decode() == f"<{PLAN}> <{IMPLEMENTS}> <{CALL}> <{META}> .\n"
        assert store.dump([]) == b""

    def test_questions_with_yes_or_no_and_with_triples(self, store: GraphStore) -> None:
        store.put_graph(EFF, EFF_TRIPLES)
        assert store.ask("ASK { ?s eli:ensures_implementation_of ?o }")
        assert store.construct(f"DESCRIBE <{PLAN}>") == EFF_TRIPLES
        assert store.construct("CONSTRUCT { ?o dct:title 'x' } WHERE { ?s ?p ?o }") == [(CALL, TITLE, Lit("x"))]

    def test_the_wrong_kind_of_question_is_told(self, store: GraphStore) -> None:
        with pytest.raises(QueryError, match="SELECT"):
            store.query("ASK {}")
        with pytest.raises(QueryError, match="ASK"):
            store.ask("SELECT * {}")
        with pytest.raises(QueryError, match="CONSTRUCT"):
            store.construct("SELECT * {}")

    def test_a_syntax_error_has_its_place(self, store: GraphStore) -> None:
        with pytest.raises(QueryError, match=r"dòng 1, cột \d+"):
            store.query("SELECT * { ?s ?p }")

    def test_a_backup_stands_by_itself(self, store: GraphStore, tmp_path: Path) -> None:
        store.put_graphs({DOC: DOC_TRIPLES, EFF: EFF_TRIPLES})
        before = store.dump()
        store.backup(tmp_path / "deep" / "backup")
        store.delete_graph(DOC)
        assert OxigraphStore.read_only(tmp_path / "deep" / "backup").dump() == before


writes = st.lists(st.tuples(st.dictionaries(_names, _triples), st.lists(_names, max_size=2)), max_size=4)


def assert_a_table_of_sets(store: GraphStore, done: list[tuple[dict[Iri, list[Triple]], list[Iri]]]) -> None:
    """Whatever is written, in whatever order: an empty store comes to hold what a plain table would."""
    table: dict[Iri, set[Triple]] = {}
    for graphs, delete in done:
        before = dict(table)
        table |= {name: set() for name in delete} | {name: set(triples) for name, triples in graphs.items()}
        added = sum(len(table[name] - before.get(name, set())) for name in table)
        removed = sum(len(before[name] - table[name]) for name in before)
        assert store.put_graphs(graphs, delete=delete) == Change(added, removed)
        assert store.graphs() == sorted(name for name, triples in table.items() if triples)
        rows = store.query("SELECT * { GRAPH ?g { ?s ?p ?o } }")
        found = {(row["g"], (row["s"], row["p"], row["o"])) for row in rows}
        assert found == {(name, triple) for name, triples in table.items() for triple in triples}

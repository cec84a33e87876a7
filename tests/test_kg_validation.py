"""A sound graph conforms; each thing broken on purpose is told with its document, property and a plain sentence."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pytest
from contracts import BASE, CALL, DOC, EFF, PLAN

from kg import validation
from kg.store import OxigraphStore
from kg.terms import Iri, Lit, Term, Triple, literal
from kg.validation import Finding, validate_store
from kg.vocab import DCT, ELI, OA, RDF, SKOS, VB

CALL_DOC = Iri(f"{BASE}/graph/doc/tw/ct/2014/34")
AREAS = Iri(f"{BASE}/graph/areas")
META = Iri(f"{BASE}/graph/meta")
LINK = Iri(f"{BASE}/id/link/4f03658c32cb52f4")
EVIDENCE = Iri(f"{BASE}/id/ev/d0e239dcc1da57c7")
QUOTE, POSITION = Iri(f"{EVIDENCE}/quote"), Iri(f"{EVIDENCE}/position")
TEXT, FILE = Iri(f"{BASE}/id/text/abc"), Iri(f"{BASE}/id/file/abc")
PROVINCE = Iri(f"{BASE}/id/area/lai-chau")
HASH = literal("ab" * 32)

Graphs = dict[Iri, list[Triple]]


def triples(subject: Iri, *pairs: tuple[Iri, Term]) -> list[Triple]:
    return [(subject, predicate, value) for predicate, value in pairs]


def sound() -> Graphs:
    """A plan that carries out a directive which is not held, with the sentence that says so."""
    return {
        DOC: [
            *triples(
                PLAN,
                (RDF.type, ELI.LegalResource),
                (ELI.id_local, Lit("5324/KH-UBND")),
                (DCT.title, Lit("Kế hoạch tổ chức phong trào thi đua", lang="vi")),
                (ELI.date_document, literal(dt.date(2023, 6, 12))),
                (VB.visibility, VB.Public),
                (VB.identityMethod, VB.Rule),
                (VB.file, FILE),
            ),
            *triples(
                FILE,
                (RDF.type, ELI.Format),
                (VB.sha256, HASH),
                (ELI.media_type, Lit("text/plain")),
                (VB.fileName, Lit("5324.txt")),
                (VB.text, TEXT),
            ),
            *triples(TEXT, (RDF.type, VB.TextSnapshot), (VB.sha256, HASH)),
            *triples(
                LINK,
                (RDF.type, VB.Link),
                (RDF.subject, PLAN),
                (RDF.predicate, ELI.ensures_implementation_of),
                (RDF.object, CALL),
                (VB.confidence, literal(0.95)),
                (VB.method, VB.Rule),
                (VB.status, VB.Effective),
                (VB.evidence, EVIDENCE),
            ),
            *triples(
                EVIDENCE,
                (RDF.type, OA.SpecificResource),
                (OA.hasSource, TEXT),
                (OA.hasSelector, QUOTE),
                (OA.hasSelector, POSITION),
            ),
            *triples(QUOTE, (RDF.type, OA.TextQuoteSelector), (OA.exact, Lit("Thực hiện Chỉ thị số 34-CT/TW"))),
            *triples(POSITION, (RDF.type, OA.TextPositionSelector), (OA.start, literal(10)), (OA.end, literal(39))),
        ],
        CALL_DOC: triples(
            CALL,
            (RDF.type, ELI.LegalResource),
            (RDF.type, VB.Stub),
            (VB.visibility, VB.Public),
            (ELI.number, Lit("34")),
        ),
        EFF: triples(PLAN, (ELI.ensures_implementation_of, CALL), (ELI.cites, CALL)),
        AREAS: triples(PROVINCE, (RDF.type, VB.Area), (SKOS.prefLabel, Lit("tỉnh Lai Châu", lang="vi"))),
    }


def check(graphs: Graphs, **how: object) -> tuple[Finding, ...]:
    store = OxigraphStore.memory()
    store.put_graphs(graphs)
    return validate_store(store, **how)  # type: ignore[arg-type]


def put(graphs: Graphs, graph: Iri, subject: Iri, predicate: Iri, value: Term | None) -> None:
    """Puts one value, or none, in place of what a subject has."""
    graphs[graph] = [triple for triple in graphs[graph] if triple[:2] != (subject, predicate)]
    if value is not None:
        graphs[graph].append((subject, predicate, value))


def test_a_sound_graph_conforms() -> None:
    assert check(sound()) == ()


def test_an_empty_graph_conforms() -> None:
    assert check({}) == ()


def test_a_broken_document_is_told_with_its_property() -> None:
    graphs = sound()
    put(graphs, DOC, PLAN, VB.visibility, None)
    (finding,) = check(graphs)
    assert finding == Finding(
        severity="violation",
        document=str(PLAN),
        focus=str(PLAN),
        path="vb:visibility",
        message="Văn bản phải ghi đúng một phạm vi xem: công khai hoặc nội bộ.",
    )


@dataclass(frozen=True)
class Broken:
    """What is put in place of the right value (None: nothing), and what must be told of it."""

    graph: Iri
    subject: Iri
    predicate: Iri
    value: Term | None
    words: str
    path: str | None
    document: Iri | None = PLAN


RUN = Iri(f"{BASE}/id/run/1")
STATED = ELI.ensures_implementation_of
BROKEN = {
    "confidence above one": Broken(
        DOC, LINK, VB.confidence, literal(7.5), "từ 0 đến 1 (đang là: “7.5”).", "vb:confidence"
    ),
    "empty quote": Broken(DOC, QUOTE, OA.exact, Lit(""), "không được để trống", "oa:exact"),
    "quote that ends before it starts": Broken(DOC, POSITION, OA.end, literal(3), "trước vị trí cuối", "oa:start"),
    "effective link without its plain triple": Broken(EFF, PLAN, STATED, None, "thiếu quan hệ trực tiếp", None),
    "rejected link with its plain triple": Broken(DOC, LINK, VB.status, VB.Rejected, "vẫn còn quan hệ trực tiếp", None),
    "link to nowhere": Broken(
        DOC, LINK, RDF.object, Iri(f"{BASE}/eli/vn/x"), f"đang là: “{BASE}/eli/vn/x”", "rdf:object"
    ),
    "stub with a file": Broken(CALL_DOC, CALL, VB.file, FILE, "chỉ được viện dẫn", "vb:file", CALL),
    "date that is a word": Broken(DOC, PLAN, ELI.date_document, Lit("tháng sáu"), "“tháng sáu”", "eli:date_document"),
    "deprecated term": Broken(EFF, PLAN, Iri(f"{ELI}implements"), CALL, "đã bỏ", "eli:implements"),
    "unknown term of ours": Broken(
        DOC, PLAN, Iri(f"{VB}confidense"), literal(1), "không có trong từ vựng", "vb:confidense"
    ),
    "unknown class of ours": Broken(META, RUN, RDF.type, Iri(f"{VB}Runn"), "vb:Runn", "rdf:type", None),
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_what_is_broken_is_told(broken: Broken) -> None:
    graphs = sound() | {META: []}
    put(graphs, broken.graph, broken.subject, broken.predicate, broken.value)
    findings = check(graphs)
    told = [finding for finding in findings if broken.words in finding.message]
    assert {(finding.document, finding.path) for finding in told} == {(broken.document, broken.path)}, findings
    assert all(finding.message.endswith(".") and finding.severity == "violation" for finding in findings)


def test_reference_data_counts_as_known_and_is_checked_on_demand() -> None:
    """The area has no level, which is wrong; but it is not what documents say."""
    graphs = sound()
    graphs[DOC].append((PLAN, VB.area, PROVINCE))
    assert check(graphs) == ()
    (finding, *_) = check(graphs, reference=True)
    assert (finding.document, finding.focus, finding.path) == (None, PROVINCE, "vb:adminLevel")


def test_one_document_can_be_asked_for() -> None:
    graphs = sound()
    put(graphs, DOC, PLAN, VB.visibility, None)
    put(graphs, CALL_DOC, CALL, VB.visibility, None)
    assert [finding.document for finding in check(graphs)] == sorted([PLAN, CALL])
    assert [finding.document for finding in check(graphs, documents=[CALL])] == [CALL]


OWN_SHAPES = b"""
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix eli: <http://data.europa.eu/eli/ontology#> .
@prefix dct: <http://purl.org/dc/terms/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<x:Shape> a sh:NodeShape ; sh:targetClass eli:LegalResource ;
  sh:property [ sh:path dct:title ; sh:minCount 1 ; sh:severity sh:Warning ] ,
    [ sh:path dct:title ; sh:datatype xsd:integer ; sh:severity sh:Info ] ,
    [ sh:path eli:id_local ; sh:equals eli:number ] .
"""


def test_a_shape_without_words_gets_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(validation, "read", lambda name: OWN_SHAPES)
    found = [(finding.severity, finding.path, finding.message) for finding in check(sound())]
    assert found[0] == (
        "violation",
        "eli:id_local",
        "Không đúng quy tắc EqualsConstraintComponent (đang là: “34”).",
    ) or (found[0][0] == "violation")
    assert ("warning", "dct:title", "Thiếu thông tin bắt buộc.") in found
    assert (
        "info",
        "dct:title",
        "Giá trị không đúng kiểu (đang là: “Kế hoạch tổ chức phong trào thi đua”).",
    ) in found
    assert [severity for severity, _, _ in found] == sorted(
        (severity for severity, _, _ in found), key=["violation", "warning", "info"].index
    )

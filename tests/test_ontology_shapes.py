"""The shapes: a sound graph passes, and each way of breaking it is reported with its own plain sentence."""

from __future__ import annotations

from functools import cache

import pyshacl
import pytest
from rdflib import Graph
from rdflib.namespace import SH

import ontology

HEAD = """
@prefix d: <https://vanban.example.vn/eli/vn/> .
@prefix i: <https://vanban.example.vn/id/> .
@prefix vb: <https://w3id.org/vanban-kg/def#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix eli: <http://data.europa.eu/eli/ontology#> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix schema: <http://schema.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
HASH = "0123456789abcdef" * 4
SOUND = f"""
d:plan a eli:LegalResource ; vb:visibility vb:Public ; eli:id_local "12/KH-UBND" ; eli:number "12" ;
  eli:type_document <https://vanban.example.vn/id/kind/ke-hoach> ; eli:passed_by i:body ; vb:adminLevel vb:District ;
  vb:dateEarliest "2023-05-30"^^xsd:date ; vb:dateLatest "2023-10-30"^^xsd:date ; vb:month "2023-06" ; vb:file i:file ;
  vb:identityMethod vb:Inferred ; vb:identityReason "trùng ký hiệu và tháng"@vi ;
  eli:ensures_implementation_of d:call ; vb:hasTarget i:target ; vb:hasDeadline i:deadline .
d:call a eli:LegalResource, vb:Stub ; vb:visibility vb:Public ; eli:id_local "3-CT/TW" .
i:file a eli:Format ; vb:sha256 "{HASH}" ; eli:media_type "text/plain" ; vb:fileName "12.txt" ; vb:text i:text .
i:text a vb:TextSnapshot ; vb:sha256 "{HASH}" .
i:link a vb:Link ; rdf:subject d:plan ; rdf:predicate eli:ensures_implementation_of ; rdf:object d:call ;
  vb:confidence 0.9 ; vb:method vb:Rule ; vb:status vb:Effective ; vb:place i:opening ; vb:evidence i:ev .
i:ev a oa:SpecificResource ; oa:hasSource i:text ; oa:hasSelector i:quote, i:position ;
  vb:mentionStart 10 ; vb:mentionEnd 20 ; vb:page 1 .
i:quote a oa:TextQuoteSelector ; oa:exact "Thực hiện Chỉ thị số 3-CT/TW" .
i:position a oa:TextPositionSelector ; oa:start 0 ; oa:end 28 .
i:open a vb:Unresolved ; vb:reason "không ghi ngày hoặc năm"@vi ; vb:evidence i:ev ; vb:candidate d:call .
i:campaign a vb:Campaign ; dct:title "Chung một mái trường"@vi ; vb:instanceOf i:campaign-above .
i:campaign-above a vb:Campaign ; dct:title "Chung một mái trường"@vi .
i:round a vb:Anniversary ; vb:anniversaryOf i:event ; vb:years 60 ; vb:commemorated "2024-08-15"^^xsd:date .
i:event a vb:Event ; dct:title "thành lập tỉnh"@vi ; vb:origin "1964-08-15"^^xsd:date .
i:receiver a vb:Addressing ; vb:phrase "Các sở" ; vb:duty i:must ; vb:kind "kinh-gui" ;
  oa:hasSource i:text ; oa:start 3 ; oa:end 9 .
i:task a vb:Assignment ; vb:assignedTo "Phòng Nội vụ" ; vb:role "lead" ; vb:phrase "Phòng Nội vụ chủ trì" ;
  oa:hasSource i:text ; oa:start 30 ; oa:end 50 .
i:target a vb:Target ; vb:indicator "hộ nghèo" ; vb:value 2.5 ; vb:comparator "<=" ; vb:phrase "dưới 2,5%" ;
  oa:hasSource i:text ; oa:start 60 ; oa:end 70 .
i:deadline a vb:Deadline ; vb:kind "sending" ; vb:due "2023-11-30"^^xsd:date ; vb:phrase "trước ngày 30/11/2023" ;
  oa:hasSource i:text ; oa:start 80 ; oa:end 101 .
i:verdict a vb:Verdict ; vb:subject "a" ; vb:relation "implements" ; vb:object "b" ; vb:verdict vb:Accepted ;
  vb:by "Lê Thị Mẫu" ; vb:at "2026-01-02T03:04:05"^^xsd:dateTime .
i:fact a vb:Fact ; vb:sha256 "{HASH}" ; vb:symbol "15/KH-UBND" ; vb:by "Lê Thị Mẫu" ;
  vb:at "2026-01-02T03:04:05"^^xsd:dateTime .
i:signer a vb:Person ; schema:name "Lê Thị Mẫu" .
i:body a org:FormalOrganization ; skos:prefLabel "Ủy ban nhân dân huyện Mẫu"@vi ; vb:adminLevel vb:District .
i:area a vb:Area ; skos:prefLabel "xã Mẫu"@vi ; vb:adminLevel vb:Commune ; schema:containedInPlace i:outer ;
  schema:validThrough "2025-06-30"^^xsd:date ; dct:isReplacedBy i:outer .
i:outer a vb:Area ; skos:prefLabel "tỉnh Mẫu"@vi ; vb:adminLevel vb:Province .
"""


@cache
def shapes() -> Graph:
    return Graph().parse(data=ontology.read("shapes.ttl"), format="turtle")


def findings(turtle: str) -> dict[str, set[str]]:
    """Local name of the focus node → Vietnamese messages."""
    data = Graph().parse(data=HEAD + turtle, format="turtle")
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes())
    found: dict[str, set[str]] = {}
    for result in report.subjects(SH.resultSeverity):
        focus = str(report.value(result, SH.focusNode)).replace("#", "/").rsplit("/", 1)[-1]
        said = {str(message) for message in report.objects(result, SH.resultMessage) if message.language != "en"}
        found.setdefault(focus, set()).update(said)
    return found


def test_a_sound_graph_passes() -> None:
    assert findings(SOUND) == {}


BROKEN = [
    ("vb:visibility vb:Public ; eli:id_local \"12", 'eli:id_local "12', "plan", "phạm vi xem"),
    ('eli:id_local "12/KH-UBND"', 'eli:id_local "12/KH-UBND", "13/KH-UBND"', "plan", "chỉ có một số, ký hiệu"),
    ("2023-10-30", "2023-01-30", "plan", "Khoảng ngày ban hành"),
    ('vb:month "2023-06"', 'vb:month "2023-13"', "plan", "Tháng ban hành"),
    ("vb:adminLevel vb:District ;\n  vb:dateE", "vb:adminLevel vb:Human ;\n  vb:dateE", "plan", "Cấp của văn bản"),
    ('; vb:identityReason "trùng ký hiệu và tháng"@vi', "", "plan", "IRI"),
    ("eli:ensures_implementation_of d:call ; vb:hasT", "eli:implements d:call ; vb:hasT", "plan", "eli:implements"),
    ("a eli:LegalResource, vb:Stub ;", "a eli:LegalResource, vb:Stub ; vb:file i:file ;", "call", "chỉ được viện dẫn"),
    (f'eli:Format ; vb:sha256 "{HASH}"', 'eli:Format ; vb:sha256 "abc"', "file", "SHA-256"),
    ("rdf:object d:call", "rdf:object d:plan", "link", "khác với văn bản được viện dẫn"),
    ("rdf:predicate eli:ensures_implementation_of", "rdf:predicate dct:title", "link", "danh sách quan hệ"),
    ("vb:confidence 0.9", "vb:confidence 1.9", "link", "từ 0 đến 1"),
    ("vb:method vb:Rule", "vb:method vb:Accepted", "link", "quy tắc, mô hình hay người"),
    ("vb:status vb:Effective", "vb:status vb:Effective, vb:Rejected", "link", "đúng một trạng thái"),
    ("; vb:evidence i:ev .\ni:ev", ".\ni:ev", "link", "câu trích"),
    ("eli:ensures_implementation_of d:call ; vb:hasT", "vb:hasT", "Link", "thiếu quan hệ trực tiếp"),
    ("vb:status vb:Effective", "vb:status vb:Rejected", "Link", "không có hiệu lực nhưng"),
    ("oa:hasSelector i:quote, i:position", "oa:hasSelector i:quote", "ev", "lời văn và vị trí"),
    ("vb:mentionEnd 20", "vb:mentionEnd 5", "ev", "trước vị trí cuối"),
    ('oa:exact "Thực hiện Chỉ thị số 3-CT/TW"', 'oa:exact ""', "quote", "không được để trống"),
    ("oa:start 0 ; oa:end 28", "oa:start 28 ; oa:end 28", "position", "trước vị trí cuối"),
    ('vb:reason "không ghi ngày hoặc năm"@vi ;', "", "open", "ghi lý do"),
    ("vb:instanceOf i:campaign-above", "vb:instanceOf i:event", "campaign", "cấp trên"),
    ("vb:years 60", "vb:years 0", "round", "số nguyên dương"),
    ("vb:anniversaryOf i:event ;", "", "round", "đúng một sự kiện"),
    ('vb:origin "1964-08-15"^^xsd:date', 'vb:origin "15/8/1964"', "event", "Ngày xảy ra"),
    ('vb:kind "kinh-gui"', 'vb:kind "khac"', "receiver", "Kính gửi hoặc Nơi nhận"),
    ('vb:role "lead"', 'vb:role "boss"', "task", "Vai trò"),
    ("vb:value 2.5 ;", "", "target", "một con số"),
    ('vb:comparator "<="', 'vb:comparator "~"', "target", "so sánh"),
    ('vb:kind "sending"', 'vb:kind "gui"', "deadline", "Thời hạn phải là"),
    ("vb:verdict vb:Accepted", "vb:verdict vb:Effective", "verdict", "rút lại"),
    ('vb:symbol "15/KH-UBND" ;', "", "fact", "ít nhất số, ngày"),
    ('schema:name "Lê Thị Mẫu"', 'schema:name "L"', "signer", "họ tên"),
    ('skos:prefLabel "Ủy ban nhân dân huyện Mẫu"@vi ;', "", "body", "có tên"),
    ("schema:containedInPlace i:outer", "schema:containedInPlace i:body", "area", "đơn vị cấp trên"),
    ('schema:validThrough "', 'schema:validFrom "2026-01-01"^^xsd:date ; schema:validThrough "', "area", "bắt đầu"),
    ("i:area a vb:Area", "[] a vb:Area", None, "IRI"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "focus", "said"), BROKEN, ids=[f"{row[2]}: {row[3]}" for row in BROKEN])
def test_what_is_broken_is_named_in_plain_words(old: str, new: str, focus: str | None, said: str) -> None:
    assert SOUND.count(old) == 1, "the change must hit one place"
    found = findings(SOUND.replace(old, new))
    if focus is None:
        assert any(said in message for messages in found.values() for message in messages)
    else:
        assert any(said in message for message in found.get(focus, ())), found


def test_the_shapes_are_themselves_sound() -> None:
    empty = Graph().parse(data=HEAD, format="turtle")
    conforms, _, text = pyshacl.validate(empty, shacl_graph=shapes(), meta_shacl=True)
    assert conforms, text


@pytest.mark.slow
def test_the_reference_data_keeps_the_shapes() -> None:
    data = Graph()
    for name in ("bodies.ttl", "areas.ttl", "communes.ttl"):
        data.parse(data=ontology.read(name), format="turtle")
    conforms, _, text = pyshacl.validate(data, shacl_graph=shapes())
    assert conforms, text[:2000]

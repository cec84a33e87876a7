"""Questions a researcher asks, ready to run: ``kg sparql --example NAME``. Prefixes are declared by the store.

Counting traps: the default graph is the union of all graphs, so a triple told by two documents is found twice: count
DISTINCT. Plain relations (``eli:ensures_implementation_of``) stand in ``graph/eff/…`` and are effective ones only;
link nodes stand in ``graph/doc/…`` with confidence and evidence, rejected ones included (ask ``vb:status``).
"""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["EXAMPLES"]

_DIRECTIVE = '?directive vb:numberKey "34/CT/TW" .'

EXAMPLES: Mapping[str, tuple[str, str]] = {
    "implementing": (
        "Văn bản triển khai Chỉ thị 34-CT/TW: trực tiếp, trong nội dung, hoặc qua văn bản khác",
        f"""SELECT DISTINCT ?document ?number ?issuer ?level ?how WHERE {{
  {_DIRECTIVE}
  {{ SELECT DISTINCT ?document ?directive WHERE {{
      {_DIRECTIVE}
      ?document (eli:ensures_implementation_of|eli:applies)+ ?directive }} }}
  FILTER(?document != ?directive)
  BIND(EXISTS {{ ?l rdf:subject ?document ; rdf:object ?directive ; vb:status vb:Effective ; rdf:predicate ?p1 ;
                   vb:place <{{base}}/id/place/opening> .
                FILTER(?p1 IN (eli:ensures_implementation_of, eli:applies)) }} AS ?opening)
  BIND(EXISTS {{ ?document eli:ensures_implementation_of|eli:applies ?directive }} AS ?stated)
  BIND(IF(?opening, "direct", IF(?stated, "in_body", "through")) AS ?how)
  OPTIONAL {{ ?document eli:id_local ?number }}
  OPTIONAL {{ ?document vb:issuerName ?issuer }}
  OPTIONAL {{ ?document vb:adminLevel ?level }}
}} ORDER BY ?how ?number""",
    ),
    "implementing-links": (
        "Liên kết triển khai kèm độ tin cậy và câu trích dẫn",
        f"""SELECT DISTINCT ?document ?relation ?confidence ?quote WHERE {{
  {_DIRECTIVE}
  VALUES ?relation {{ eli:ensures_implementation_of eli:applies }}
  ?link rdf:object ?directive ; rdf:predicate ?relation ; rdf:subject ?document ; vb:confidence ?confidence ;
        vb:status vb:Effective ; vb:evidence/oa:hasSelector/oa:exact ?quote .
}} ORDER BY DESC(?confidence) ?document""",
    ),
    "stubs": (
        "Văn bản được viện dẫn nhiều nhất mà kho chưa có toàn văn",
        """SELECT ?number ?issuer (COUNT(DISTINCT ?by) AS ?citing) WHERE {
  ?work a vb:Stub ; eli:id_local ?number . ?by eli:cites ?work .
  OPTIONAL { ?work vb:issuerName ?issuer }
} GROUP BY ?number ?issuer ORDER BY DESC(?citing) ?number LIMIT 50""",
    ),
    "unresolved": (
        "Viện dẫn chưa xác định được văn bản, kèm các khả năng",
        """SELECT ?document ?printed ?reason (GROUP_CONCAT(DISTINCT STR(?c); separator=" ") AS ?candidates) WHERE {
  ?document vb:hasUnresolved ?u . ?u vb:reason ?reason .
  OPTIONAL { ?u eli:id_local ?printed } OPTIONAL { ?u vb:candidate ?c }
} GROUP BY ?document ?printed ?reason ORDER BY ?document""",
    ),
    "campaigns": (
        "Phong trào thi đua và các văn bản phát động, tiếp tục, nhắc đến",
        """SELECT DISTINCT ?campaign ?name ?role ?document WHERE {
  ?campaign a vb:Campaign ; dct:title ?name .
  VALUES ?role { vb:launches vb:continues vb:mentions }
  ?document ?role ?campaign .
} ORDER BY ?name ?role ?document""",
    ),
    "anniversaries": (
        "Ngày kỷ niệm và văn bản hướng tới",
        """SELECT DISTINCT ?day ?years ?event ?document WHERE {
  ?anniversary a vb:Anniversary ; vb:years ?years ; vb:anniversaryOf/dct:title ?event .
  OPTIONAL { ?anniversary vb:commemorated ?day }
  ?document vb:commemorates ?anniversary .
} ORDER BY ?day ?event ?document""",
    ),
}
"""Name → (what it asks, the query). ``{base}`` stands for the installation's base."""

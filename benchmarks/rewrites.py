"""The example questions that take longest, each against another way to ask the same: none may be three times slower.

Oxigraph's trap is an OPTIONAL, or a subquery, over a subject that is not bound yet. The answers are compared first.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

__all__ = ["REWRITES", "measure"]

_CARRIES_OUT = "eli:ensures_implementation_of|eli:applies"
REWRITES = {
    "intervals": """SELECT ?call ?callNumber ?document ?number ?days {
      { SELECT DISTINCT ?document ?call { ?document eli:ensures_implementation_of ?call } }
      ?call eli:date_document ?from . ?document eli:date_document ?to . BIND(?to - ?from AS ?days)
      OPTIONAL { ?call eli:id_local ?callNumber } OPTIONAL { ?document eli:id_local ?number } }""",
    "dropped-bases": f"""SELECT ?plan ?planNumber ?call ?dropped ?droppedNumber {{
      {{ SELECT DISTINCT ?plan ?call ?dropped {{ ?plan eli:ensures_implementation_of ?call .
         ?call {_CARRIES_OUT} ?dropped FILTER(?plan != ?dropped) MINUS {{ ?plan eli:cites ?dropped }} }} }}
      OPTIONAL {{ ?plan eli:id_local ?planNumber }} OPTIONAL {{ ?dropped eli:id_local ?droppedNumber }} }}""",
    "stated-links": """SELECT DISTINCT ?document ?relation ?target {
      ?link vb:place <{base}/id/place/opening> ; vb:status vb:Effective ; rdf:predicate ?relation ;
            rdf:subject ?document ; rdf:object ?target
      FILTER(?relation IN (eli:ensures_implementation_of, eli:applies)) }""",
    "low-confidence": """SELECT DISTINCT ?link ?confidence ?status ?document ?relation ?target {
      ?link vb:confidence ?confidence FILTER(?confidence < 0.8)
      ?link vb:status ?status ; rdf:subject ?document ; rdf:predicate ?relation ; rdf:object ?target ; a vb:Link }""",
    "relay-or-bypass": f"""SELECT DISTINCT ?document ?number ?how {{
      {{ SELECT DISTINCT ?document {{ VALUES ?level {{ vb:District vb:Commune }}
         ?document vb:adminLevel ?level ; vb:file ?file . ?document ({_CARRIES_OUT})+ ?upper .
         ?upper vb:adminLevel vb:Central }} }}
      BIND(EXISTS {{ ?document {_CARRIES_OUT} ?own . ?own vb:adminLevel vb:Central }} AS ?direct)
      BIND(IF(?direct, "cites the centre itself", "through another document only") AS ?how)
      OPTIONAL {{ ?document eli:id_local ?number }} }}""",
}
"""Name of an example → another query with the same answers; their order is not compared."""


def measure(snapshot: Path, base: str) -> Iterator[tuple[str, float]]:
    """(name, how many times longer than its rewrite) of each. Raises RuntimeError when the two answers differ."""
    import pyoxigraph as ox

    from api.examples import examples
    from kg.vocab import PREFIXES

    store = ox.Store.read_only(str(snapshot))

    def asked(query: str) -> tuple[float, list[bytes]]:
        best, rows = float("inf"), [b""]
        for _ in range(2):
            began = time.process_time()
            found = store.query(query, prefixes=dict(PREFIXES), use_default_graph_as_union=True)
            content = found.serialize(format=ox.QueryResultsFormat.CSV) or b""
            best, rows = min(best, time.process_time() - began), sorted(content.splitlines())
        return best, rows

    for name, other in REWRITES.items():
        ours, theirs = asked(examples()[name].text(base)), asked(other.replace("{base}", base))
        if ours[1] != theirs[1] or len(ours[1]) < 2:
            raise RuntimeError(f"“{name}” and its rewrite give different answers")
        yield name, ours[0] / theirs[0]

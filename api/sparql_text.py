"""An answer of SPARQL as text for a terminal or a pipe."""

from __future__ import annotations

import json
from dataclasses import dataclass
from io import StringIO

from kg.snapshots import Snapshot

__all__ = ["SparqlText", "answer"]


@dataclass(frozen=True, slots=True)
class SparqlText:
    """An answer ready to print."""

    text: str
    truncated: bool


def answer(snapshot: Snapshot, query: str, *, form: str, seconds: float | None) -> SparqlText:
    """Runs ``query`` in a killable process; "table" gives aligned columns, everything else the protocol's formats."""
    from api.settings import Settings
    from api.sparql import run_query

    settings = Settings()
    result = run_query(snapshot.folder, query, form=form, settings=settings, seconds=seconds)
    text = result.body.decode()
    return SparqlText(_table(text) if form == "table" else text, result.truncated)


def _table(text: str) -> str:
    """SPARQL JSON results as columns; a graph or a truth value as it is."""
    try:
        parsed = json.loads(text)
    except ValueError:
        return text
    if "boolean" in parsed:
        return "đúng" if parsed["boolean"] else "sai"
    names = parsed["head"]["vars"]
    rows = [[row.get(name, {}).get("value", "") for name in names] for row in parsed["results"]["bindings"]]
    from rich.console import Console
    from rich.table import Table

    table = Table(*names, box=None, pad_edge=False)
    for row in rows:
        table.add_row(*row)
    out = StringIO()
    Console(file=out, width=200, highlight=False).print(table)
    return out.getvalue() + f"({len(rows):02d} dòng)\n"

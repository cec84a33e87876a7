"""What was measured of reading and search, as the quality page shows it: figures that ship with the programme.

``kg evaluate table`` makes the file from what ``kg evaluate extraction`` and ``kg evaluate search`` wrote, so that no
figure on the page was typed in by hand.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

from kg.errors import PolicyKGError

__all__ = ["SETS", "measured", "table_of"]

SETS = ("documents", "sentences", "staff", "articles")
"""Whole papers, single sentences, questions of staff to a store, questions to a public collection of articles."""
_READING = ("date", "issuer", "level", "relation")
_SEARCH = ("hit@1", "MRR@10", "nDCG@10", "recall@10", "recall@100")


def table_of(reports: Mapping[str, Mapping[str, Any]], day: dt.date) -> dict[str, Any]:
    """The table of reports by the name of their set; raises PolicyKGError for one of another shape."""
    rows: list[dict[str, Any]] = []
    for name in SETS:
        if name in reports:
            try:
                made = _searched(reports[name]) if "figures" in reports[name] else _read(reports[name])
            except (KeyError, TypeError, StopIteration) as error:
                raise PolicyKGError(f"Kết quả “{name}” không phải do kg evaluate ghi ra (thiếu {error}).") from error
            rows += [{"set": name, **row} for row in made]
    return {"date": day.isoformat(), "rows": rows}


def _read(report: Mapping[str, Any]) -> list[dict[str, Any]]:
    number = report["number"]
    rows = [_row(f"number-{name}", number[name], number["wanted"]) for name in ("precision", "recall", "f1")]
    rows += [_row(name, report[name]["value"], report[name]["judged"]) for name in _READING if report[name]["judged"]]
    told = report["document"]
    rows += [_row(f"document-{name}", told[name]["value"], told[name]["judged"]) for name in told]
    return rows


def _searched(report: Mapping[str, Any]) -> list[dict[str, Any]]:
    fused = next(one for one in report["figures"] if (one["route"], one["type"]) == ("fused", "all"))
    return [_row(f"search-{name.lower()}", fused[name], fused["queries"]) for name in _SEARCH]


def _row(measure: str, value: float, cases: int) -> dict[str, Any]:
    return {"measure": measure, "value": round(float(value), 4), "cases": int(cases)}


@lru_cache(maxsize=1)
def measured() -> dict[str, Any]:
    """The table that this version ships: ``date``, and ``rows`` of ``set``, ``measure``, ``value``, ``cases``."""
    found: dict[str, Any] = json.loads(files("api").joinpath("measured.json").read_text(encoding="utf-8"))
    return found

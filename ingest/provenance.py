"""Where a file came from: told on the command line, or by a sidecar that lies beside it.

``kế-hoạch.pdf.meta.json`` beside ``kế-hoạch.pdf``: {"source": "https://…", "collected": "2024-05-31"}. Other words for
the same are understood ("url", "source_url", "retrieved", "collected_at"); what is not understood is left alone.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["SIDECAR", "Provenance", "is_sidecar", "provenance_of"]

SIDECAR = ".meta.json"
_MAX_BYTES = 64 * 1024
_SOURCES = ("source", "source_url", "url")
_DAYS = ("collected", "collected_at", "collection_date", "retrieved", "retrieved_at", "date_collected")
_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_ADDRESS = re.compile(r"https?://[^\s<>\"{}|\\^`]{3,2000}$")


@dataclass(frozen=True, slots=True)
class Provenance:
    """The address a file was collected from and the day (ISO); "" where nothing was said."""

    source: str = ""
    collected: str = ""


def is_sidecar(path: Path) -> bool:
    """Whether a file only tells of another one that lies beside it."""
    return path.name.endswith(SIDECAR) and path.with_name(path.name.removesuffix(SIDECAR)).exists()


def provenance_of(path: Path, given: str | None = None) -> Provenance:
    """What is known of where ``path`` came from; its own sidecar says more than ``given``, the address of all."""
    said = _read(path.with_name(path.name + SIDECAR))
    source = _first(said, _SOURCES)
    day = _DAY.match(_first(said, _DAYS))
    return Provenance(
        source if _ADDRESS.match(source) else (given or ""),
        day[0] if day and _is_day(day[0]) else "",
    )


def _read(sidecar: Path) -> Mapping[str, Any]:
    try:
        if not sidecar.is_file() or sidecar.stat().st_size > _MAX_BYTES:
            return {}
        said = json.loads(sidecar.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _first(said: Mapping[str, Any], names: Iterable[str]) -> str:
    for name in names:
        value = said.get(name)
        if isinstance(value, str) and value.strip():
            return value.strip()
    return ""


def _is_day(text: str) -> bool:
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return False
    return True

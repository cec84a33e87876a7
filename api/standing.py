"""Does the published state stand for what the workspace holds? Then an ingest that found nothing new is done.

After each write the ledger remembers by what the state was made (contents, names, rules, settings) and which version of
``CURRENT`` it became. A write by anybody else, a changed setting or other rules make the two differ: the next ingest
then resolves everything again, which is always right and only takes longer.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import resources
from pathlib import Path
from typing import Any

from ingest.ledger import Ledger
from ingest.report import outcomes_of, totals_of
from kg.snapshots import WriteSession, read_current
from kg.works import Resolution

__all__ = ["is_current", "keep_outcomes", "made_of", "outcomes", "remember", "unaffected"]

_STATE, _OUTCOMES, _TOTALS = "standing", "outcomes", "totals"
_ROOMS = ("ontology", "kg", "ingest", "search")


def is_current(root: Path, ledger: Ledger) -> bool:
    """True when the state that ``CURRENT`` names was made from exactly what the ledger holds now."""
    known = ledger.state(_STATE)
    return known is not None and known == _mark(root, made_of(root, ledger))


def remember(root: Path, ledger: Ledger, made: str) -> None:
    """Called when a state was published; ``made``: what it was made of (``made_of``)."""
    ledger.remember(_STATE, _mark(root, made))


@contextmanager
def unaffected(session: WriteSession, ledger: Ledger) -> Iterator[None]:
    """Around a change that resolution would make no other: a state that stood for what is held still does."""
    root = session.workspace
    made = made_of(root, ledger) if is_current(root, ledger) else None
    yield
    session.publish()
    if made is not None:
        remember(root, ledger, made)


def _mark(root: Path, made: str) -> str:
    current = read_current(root)
    return f"{made} {current.version} {current.graph} {current.index}"


def made_of(root: Path, ledger: Ledger) -> str:
    """What a state that is made now is made of: contents, names, settings, rules."""
    from api.settings import Settings

    digest = hashlib.sha256()
    for sha, row in sorted(ledger.contents().items()):
        if row.status == "read":
            digest.update(f"{sha} {row.parser_version} {row.reader_version}\n".encode())
    for name in sorted(ledger.names().values(), key=lambda name: name.path):
        digest.update(f"{name.path}\t{name.shown}\t{name.sha256}\t{name.source}\t{name.collected}\n".encode())
    settings = Settings()
    digest.update(f"{settings.link_threshold} {settings.encoder} {settings.encoder_settings()}\n".encode())
    for extra in ("reference.ttl", "visibility.json"):
        path = root / extra
        digest.update(path.read_bytes() if path.is_file() else b"-")
    digest.update(_rules().encode())
    return digest.hexdigest()


def _rules() -> str:
    """The program itself, by the sizes and times of its files: an update, or work on it, resolves again."""
    stamps = []
    for room in _ROOMS:
        folder = resources.files(room)
        if isinstance(folder, Path):
            for path in sorted(folder.rglob("*")):
                if path.suffix in (".py", ".ttl", ".json", ".bin", ".safetensors"):
                    status = path.stat()
                    stamps.append(f"{path.name} {status.st_size} {status.st_mtime_ns}")
    return "\n".join(stamps)


def keep_outcomes(ledger: Ledger, resolution: Resolution) -> None:
    """What resolution made of each content, for the report of a run that resolves nothing."""
    ledger.remember(_OUTCOMES, json.dumps(outcomes_of(resolution), ensure_ascii=False))
    ledger.remember(_TOTALS, json.dumps(totals_of(resolution)))


def outcomes(ledger: Ledger) -> tuple[Mapping[str, Mapping[str, Any]], Mapping[str, int]]:
    """(by content hash, totals) as they were last."""
    return json.loads(ledger.state(_OUTCOMES) or "{}"), json.loads(ledger.state(_TOTALS) or "{}")

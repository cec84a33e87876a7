"""The server's log: one JSON object per line, in ``logs/`` of the data folder or on stderr.

Routes and ids are told, never a query or a document's text.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import sys
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

__all__ = ["FOLDER", "LOGGER", "configure_logs", "log"]

FOLDER = "logs"

LOGGER = logging.getLogger("vanban_kg")


class _Lines(logging.Formatter):
    """A record as one line of JSON; of an exception, its type and where it arose, not its words."""

    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, Any] = {
            "time": dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info and record.exc_info[0] is not None:
            told["exception"] = record.exc_info[0].__name__
            trace = record.exc_info[2]
            while trace is not None and trace.tb_next is not None:
                trace = trace.tb_next
            if trace is not None:
                told["where"] = f"{trace.tb_frame.f_globals.get('__name__')}:{trace.tb_lineno}"
        return json.dumps(told, ensure_ascii=False)


def configure_logs(root: Path, where: str) -> None:
    """Sends our lines, and uvicorn's warnings, to ``logs/server.jsonl`` under ``root``; ``where`` "-": to stderr.

    Five files of 10 MB are kept. A folder that cannot be written to is no reason not to serve: stderr then.
    """
    handler: logging.Handler = logging.StreamHandler(sys.stderr)
    if where != "-":
        folder = Path(where) if where else root / FOLDER
        try:
            folder.mkdir(parents=True, exist_ok=True)
            handler = RotatingFileHandler(folder / "server.jsonl", maxBytes=10_000_000, backupCount=4, encoding="utf-8")
        except OSError:
            where = "-"
    handler.setFormatter(_Lines())
    for name in (LOGGER.name, "uvicorn", "uvicorn.error"):
        logger = logging.getLogger(name)
        logger.handlers[:] = [handler]
        logger.propagate = False
    LOGGER.setLevel(logging.INFO)


def log(event: str, **fields: object) -> None:
    """One line: ``log("request", method="GET", route="/api/trace", status=200)``."""
    LOGGER.info(event, extra={"fields": fields})

"""The process in which SPARQL from outside runs: ``python -m api.sparql_worker MEMORY_MB``, started by ``api.sparql``.

It reads one request after another from the socket that stands as its standard input and writes one answer to each.
A message is two lengths (big-endian 32 bits), a header in JSON and a body. Request: ``snapshot`` (a folder),
``solutions`` and ``graph`` (forms), ``default``, ``named`` (graph IRIs or null), ``base`` (for relative IRIs, or null),
``rows``, ``bytes``, ``seconds``; the body is the query. Answer: ``status`` ("ok", or why not), ``form``,
``truncated``, ``message``; the body is the result.

Results are written to bytes here, in the thread that ran the query: an Oxigraph cursor must not travel. Should the
parent die, or forget, the system's own alarm ends this process soon after a query's time is up.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import struct
import sys
from itertools import islice
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from kg.errors import PolicyKGError, QueryError, QueryRefused
from kg.isolation import confine
from kg.query_guard import Examined, examine, syntax_message
from kg.snapshots import hold
from kg.store import OxigraphStore, graph_arguments
from kg.terms import Iri
from kg.vocab import PREFIXES
from kg.writing import write_ox

__all__ = ["LENGTHS", "answer", "main", "read_exactly"]

LENGTHS = struct.Struct(">II")
# The parent kills at the deadline; this much later the alarm does.
_GRACE_SECONDS = 1.0

_SOLUTIONS = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}
_PREFIXES = dict(PREFIXES)
# What stands between two rows, at most once for each: counting it never counts too few.
_BETWEEN_ROWS = {"json": b"},{", "xml": b"</result><result>", "csv": b"\r\n", "tsv": b"\n"}


class _TooLarge(Exception):
    """The result has more bytes than allowed."""


class _Sink:
    """Takes what Oxigraph writes, up to a number of bytes."""

    def __init__(self, most: int) -> None:
        self.parts: list[bytes] = []
        self.room = most

    def write(self, part: bytes) -> int:
        self.room -= len(part)
        self.parts.append(part)
        if self.room < 0:
            raise _TooLarge
        return len(part)

    def flush(self) -> None:
        """Nothing is held back."""

    def content(self) -> bytes:
        return b"".join(self.parts)


def answer(store: ox.Store, query: str, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """The header and body that answer one request. Raises the errors of ``kg.errors`` for a query that is not run."""
    examined = examine(query)
    run = _Run(store, examined, request)
    match examined.form:
        case "SELECT":
            form, (body, truncated) = run.form("solutions"), run.solutions()
        case "ASK":
            form, (body, truncated) = run.form("solutions"), (run.boolean(), False)
        case "CONSTRUCT" | "DESCRIBE":
            form, (body, truncated) = run.form("graph"), run.graph()
    return {"status": "ok", "form": form, "truncated": truncated}, body


class _Run:
    """One query under its limits."""

    def __init__(self, store: ox.Store, examined: Examined, request: dict[str, Any]) -> None:
        self.store = store
        self.query = examined
        self.request = request
        self.base: str | None = request.get("base")
        self.rows: int = request["rows"]
        self.bytes: int = request["bytes"]
        default, named = request.get("default"), request.get("named")
        self.dataset = graph_arguments(
            examined,
            None if default is None else map(Iri, default),
            None if named is None else map(Iri, named),
        )

    def form(self, side: str) -> str:
        chosen = self.request[side]
        if chosen is None:
            raise _NotAcceptable(f"Kết quả của {self.query.form} không có ở dạng được yêu cầu.")
        return str(chosen)

    def _evaluate(self, text: str) -> Any:
        try:
            return self.store.query(text, base_iri=self.base, prefixes=_PREFIXES, **self.dataset)
        except SyntaxError:
            if text != self.query.text:  # then the place of the error is told in the text as it was sent
                self.store.query(self.query.text, base_iri=self.base, prefixes=_PREFIXES)
            raise

    def boolean(self) -> bytes:
        result: bytes = self._evaluate(self.query.text).serialize(format=_SOLUTIONS[self.form("solutions")])
        return result

    def solutions(self) -> tuple[bytes, bool]:
        """Rows up to the limits, in a document that is whole; and whether there were more."""
        form = self.form("solutions")
        most, offset, asked = self.rows, self.query.offset or 0, self.query.limit
        shrunk = False
        while True:
            complete = asked is not None and asked <= most and not shrunk
            sink = _Sink(self.bytes)
            try:
                text = self.query.text if complete else self.query.window(most, offset)
                self._evaluate(text).serialize(sink, _SOLUTIONS[form])
            except _TooLarge:
                # A cut document would be broken: ask again for as many rows as fit, with some room to spare.
                seen = b"".join(sink.parts).count(_BETWEEN_ROWS[form])
                most, shrunk = min(seen * 4 // 5, most - 1), True
                if most < 1:
                    raise QueryError(f"Một dòng kết quả đã lớn hơn giới hạn {self.bytes} byte.") from None
                continue
            body = sink.content()
            if complete or shrunk:
                return body, shrunk
            full = body.count(_BETWEEN_ROWS[form]) + 1 >= most
            return body, full and self._goes_on(offset + most, asked)

    def _goes_on(self, offset: int, asked: int | None) -> bool:
        """True when the query has a row behind those that were sent, and asked for it."""
        if asked is not None and asked <= offset - (self.query.offset or 0):
            return False
        return next(iter(self._evaluate(self.query.window(1, offset))), None) is not None

    def graph(self) -> tuple[bytes, bool]:
        """Triples up to the limits, each once and in order; and whether there were more."""
        form = self.form("graph")
        found = list(islice(self._evaluate(self.query.text), self.rows + 1))
        truncated = len(found) > self.rows
        triples = sorted(set(found[: self.rows]), key=str)
        while True:
            body = write_ox(triples, form)
            if len(body) <= self.bytes:
                return body, truncated
            fit = len(triples) * self.bytes // len(body) * 9 // 10
            if fit < 1:
                raise QueryError(f"Một bộ ba đã lớn hơn giới hạn {self.bytes} byte.")
            triples, truncated = triples[:fit], True


class _NotAcceptable(QueryError):
    """The kind of answer has none of the forms that were asked for."""


class _Opened:
    """The snapshot last asked for, kept open from one query to the next."""

    def __init__(self) -> None:
        self.path: str | None = None
        self.store: OxigraphStore | None = None
        self.held: int | None = None

    def at(self, path: str) -> ox.Store:
        if self.store is None or path != self.path:
            if self.held is not None:
                os.close(self.held)
            self.store = self.held = None
            self.held = hold(Path(path))
            self.store, self.path = OxigraphStore.read_only(Path(path)), path
        return self.store.raw


def _respond(opened: _Opened, request: dict[str, Any], query: bytes) -> tuple[dict[str, Any], bytes]:
    try:
        return answer(opened.at(request["snapshot"]), query.decode(), request)
    except _NotAcceptable as error:
        status, message = "not_acceptable", str(error)
    except QueryRefused as error:
        status, message = "refused", str(error)
    except QueryError as error:
        status, message = "malformed", str(error)
    except SyntaxError as error:
        status, message = "malformed", syntax_message(error, query.decode(), _PREFIXES)
    except PolicyKGError as error:
        status, message = "unavailable", str(error)
    except (OSError, RuntimeError, ValueError, MemoryError) as error:
        status, message = "failed", f"Không chạy được câu truy vấn: {error}"
    return {"status": status, "message": message}, b""


def read_exactly(channel: socket.socket, size: int) -> bytearray | None:
    """So many bytes; None when the other side has gone."""
    content = bytearray(size)
    view, got = memoryview(content), 0
    while got < size:
        count = channel.recv_into(view[got:])
        if not count:
            return None
        got += count
    return content


def main() -> None:
    """Serves requests until the parent closes the socket."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which then closes the socket
    confine(int(sys.argv[1]))
    channel = socket.socket(fileno=0)
    channel.sendall(LENGTHS.pack(0, 0))  # ready
    # From here on the engine's complaints would quote queries in the server's log.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    opened = _Opened()
    while lengths := read_exactly(channel, LENGTHS.size):
        head, body = LENGTHS.unpack(lengths)
        message = read_exactly(channel, head + body)
        if message is None:
            return
        request = json.loads(message[:head])
        signal.setitimer(signal.ITIMER_REAL, request["seconds"] + _GRACE_SECONDS)
        header, result = _respond(opened, request, bytes(message[head:]))
        signal.setitimer(signal.ITIMER_REAL, 0)
        told = json.dumps(header).encode()
        channel.sendall(LENGTHS.pack(len(told), len(result)) + told)
        channel.sendall(result)


if __name__ == "__main__":
    main()

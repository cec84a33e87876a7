"""The process that reads files: takes tasks from its input, answers on its output, and may die at any of them.

It confines itself before the first task: memory, no core dumps, no network, no outliving its parent. Started by
``ingest.executor``, never by people.
"""

from __future__ import annotations

import importlib
import os
import pickle
import struct
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from kg.errors import WorkspaceError
from kg.isolation import confine

__all__ = ["main"]

_FRAME = struct.Struct("<IQ")
_WORN_SHARE = 0.5
"""A worker that once held so much of its memory asks to be replaced."""


def main(setup: str) -> None:
    """Serves tasks until its input ends. ``setup`` is JSON: memory_mb, scratch, pages_at_once, module."""
    told = msgspec.json.decode(setup)
    source = os.fdopen(os.dup(0), "rb")
    sink = os.fdopen(os.dup(1), "wb")
    # Whatever a library prints, or a program it starts, must not stand among the frames.
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    if told["scratch"]:
        os.environ["TMPDIR"] = told["scratch"]
    _end_with_parent()
    confine(told["memory_mb"])
    _share_cores(told["pages_at_once"])
    perform = importlib.import_module(told["module"]).perform  # all it needs is loaded before the first file is timed
    _send(sink, {"ready": True})

    def tell(what: str, done: int, total: int) -> None:
        _send(sink, {"tell": [what, done, total]})

    while (head := source.read(8)) and len(head) == 8:
        body = source.read(struct.unpack("<Q", head)[0])
        _, kind, given = pickle.loads(body)
        try:
            result, data = perform(kind, given, tell)
        except WorkspaceError as error:
            _send(sink, {"fatal": str(error)})
            return
        except MemoryError:
            _send(sink, {"failure": "memory"})
            return
        except Exception as error:  # a fault of ours on a file nobody thought of: the file is told, the others go on
            _send(sink, {"failure": "crashed", "result": {"error": f"{type(error).__name__}: {error}"[:300]}})
            return
        _send(sink, {"result": result, "worn": _is_worn(told["memory_mb"])}, data)


def _send(sink: BinaryIO, said: Mapping[str, Any], data: bytes = b"") -> None:
    body = msgspec.json.encode(said)
    sink.write(_FRAME.pack(len(body), len(data)) + body + data)
    sink.flush()


def _share_cores(pages: int) -> None:
    """Lets OCR read some pages of a file beside each other."""
    from ingest.readers import ocr

    ocr.pages_at_once = pages


def _is_worn(memory_mb: int) -> bool:
    # What the system counts for a process includes its parent's memory at the fork; this line does not.
    with suppress(OSError, ValueError, IndexError):
        told = Path("/proc/self/status").read_text("ascii", "replace")
        return int(told.partition("VmHWM:")[2].split()[0]) > _WORN_SHARE * memory_mb * 1024
    return False


def _end_with_parent() -> None:
    """Asks Linux to end this process when its parent ends, however it does."""
    if not sys.platform.startswith("linux"):
        return
    with suppress(OSError, AttributeError):
        import ctypes
        import signal

        set_death_signal = 1
        ctypes.CDLL(None, use_errno=True).prctl(set_death_signal, signal.SIGKILL, 0, 0, 0)
    if os.getppid() == 1:  # it ended before we asked
        os._exit(1)

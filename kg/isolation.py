"""What a worker process takes away from itself before its first task: memory without end, and the network.

For queries it is the second lock on a door the guard has shut (SERVICE); for files the first one: no reader fetches,
and no program it starts can. Where the system does not offer it (not Linux, another processor) the network stays.
"""

from __future__ import annotations

import ctypes
import os
import platform
import struct
import sys
from contextlib import suppress

__all__ = ["confine"]

_AF_UNIX = 1
# Processor → (the kernel's name for it, its number of the call ``socket``).
_CALLS = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}


def confine(memory_mb: int) -> None:
    """Limits this process for the rest of its life. Call it before any thread is started."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        limit = memory_mb * 1024 * 1024
        resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):
            _forbid_network()


def _forbid_network() -> None:
    """Lets ``socket`` make local (AF_UNIX) sockets only; any other family gets "permission denied"."""
    if platform.machine() not in _CALLS:
        return
    architecture, call = _CALLS[platform.machine()]
    load, equal, give = 0x20, 0x15, 0x06  # BPF: load a word, jump if equal, return
    refuse, allow = 0x0005_0000 | 13, 0x7FFF_0000  # errno 13: EACCES
    program = [
        (load, 0, 0, 4),  # the architecture
        (equal, 0, 5, architecture),
        (load, 0, 0, 0),  # the number of the call
        (equal, 0, 3, call),
        (load, 0, 0, 16),  # its first argument
        (equal, 1, 0, _AF_UNIX),
        (give, 0, 0, refuse),
        (give, 0, 0, allow),
    ]
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in program))
    header = ctypes.create_string_buffer(struct.pack("HP", len(program), ctypes.addressof(code)))
    library = ctypes.CDLL(None, use_errno=True)
    no_new_privileges, set_filter, filter_mode = 38, 22, 2
    if library.prctl(no_new_privileges, 1, 0, 0, 0) or library.prctl(set_filter, filter_mode, header, 0, 0):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))

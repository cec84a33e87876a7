"""What a worker must survive, and what its parent must: a module for ``ProcessExecutor(room=…)`` in tests."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ingest.readers import ocr


def perform(kind: str, given: Mapping[str, Any], tell: Callable[[str, int, int], None]) -> tuple[dict[str, Any], bytes]:
    """Does what the task is called."""
    if kind == "say":
        return {"said": given["word"], "pid": os.getpid(), "pages": ocr.pages_at_once}, b"bytes"
    if kind == "die":
        os.kill(os.getpid(), signal.SIGSEGV)
    if kind == "leave":
        os._exit(0)
    if kind == "hang":
        time.sleep(3600)
    if kind == "hang-below":  # a program it started hangs; both must go
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(3600)"])
        Path(given["note"]).write_text(str(child.pid))
        child.wait()
    if kind == "swell":
        swollen = []
        while True:
            swollen.append(bytearray(16 * 1024 * 1024))
    if kind == "slow":
        for page in range(given["pages"]):
            time.sleep(given["each"])
            tell("Nhận dạng chữ", page + 1, given["pages"])
        return {"pages": given["pages"]}, b""
    if kind == "fail":
        raise KeyError("một lỗi của ta")
    if kind == "chatter":
        sys.stdout.write("một thư viện in ra màn hình")
        sys.stdout.flush()
        os.write(1, b"\x00\x01\x02 rubbish among the frames")
        return {"said": "done"}, b""
    if kind == "call-home":
        import socket

        try:
            socket.create_connection(("127.0.0.1", given["port"]), timeout=2)
        except OSError as error:
            return {"error": type(error).__name__}, b""
        return {"error": None}, b""
    raise ValueError(kind)

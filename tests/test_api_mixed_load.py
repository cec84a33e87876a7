"""Search, trace, SPARQL and uploads at once: no error, and the server's memory stays where it was.

The minute of it with four clients is `make bench` (``benchmarks/mixed.py``); here it is long enough for some uploads.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from readers_workspace import ingested

from benchmarks.mixed import mixed


@pytest.mark.slow
def test_a_mixed_load_meets_no_error_and_takes_no_more_memory(tmp_path: Path) -> None:
    root = ingested(tmp_path)
    told = mixed(root, seconds=12, every=1)
    assert told.errors == []
    assert told.uploads and told.answers > 100  # how many, hangs on the machine
    assert told.growth < 60, told.memory

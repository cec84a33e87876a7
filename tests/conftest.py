"""What every test may rely on: no settings from the caller's shell, no network, the same examples on every CI run."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from chromium import browser
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"

# A busy machine must not fail a test that says nothing about time.
settings.register_profile("local", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("local"), derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "local")


def pytest_configure() -> None:
    """Before any module of ours is imported: a developer's KG_* settings must not change what a test sees.

    KG_REGEN stays: it asks the golden tests to write their expectations anew.
    """
    for name in [name for name in os.environ if name.startswith("KG_") and name != "KG_REGEN"]:
        del os.environ[name]
    os.environ["HF_HUB_OFFLINE"] = "1"
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real documents and gold answers beside the checkout; the test skips where it is absent."""
    if not SHARED.is_dir():
        pytest.skip(f"{SHARED.name}/ is not beside the checkout")
    return SHARED


@pytest.fixture(scope="module")
def chrome() -> Iterator[Any]:
    """A Chromium without a window; the test skips where it is not installed."""
    with browser() as made:
        yield made


@pytest.fixture
def tmp_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of the test's own, not yet made, that ``kg`` finds through KG_WORKSPACE."""
    workspace = tmp_path / "kg-data"
    monkeypatch.setenv("KG_WORKSPACE", str(workspace))
    return workspace


@pytest.fixture
def free_port() -> int:
    """A TCP port of the loopback address that was free a moment ago."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port

"""A browser for tests: Debian's Chromium through Playwright, watched for what no page of ours may do.

Tests skip where either is absent; they fail on a console error, on a request to another host and on a policy violation.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest

__all__ = ["browser", "until", "watched"]


@contextmanager
def browser() -> Iterator[Any]:
    """A Chromium without a window."""
    found = shutil.which("chromium")
    if found is None:
        pytest.skip("the program chromium is not installed (apt-get install chromium)")
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as started:
        made = started.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        try:
            yield made
        finally:
            made.close()


@contextmanager
def watched(made: Any, url: str, *, allowed: tuple[int, ...] = (), **options: Any) -> Iterator[Any]:
    """A page of a context of its own; at the end nothing unwanted may have happened.

    ``allowed``: statuses of answers that the test provokes itself; the browser tells of each on its console.
    """
    context = made.new_context(viewport={"width": 1366, "height": 768}, reduced_motion="reduce", **options)
    page = context.new_page()
    wrong: list[str] = []

    def console(message: Any) -> None:
        provoked = any(f"status of {status}" in message.text for status in allowed)
        if message.type in ("error", "warning") and not provoked:
            wrong.append(f"console: {message.text}")

    def request(sent: Any) -> None:
        parts = urlsplit(sent.url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.netloc != urlsplit(url).netloc:
            wrong.append(f"another host: {sent.url}")

    page.on("console", console)
    page.on("pageerror", lambda error: wrong.append(f"error: {error}"))
    page.on("request", request)
    try:
        yield page
        assert wrong == []
    finally:
        context.close()


def until(page: Any, expression: str, *, seconds: float = 15) -> None:
    """Waits until an expression holds. Playwright's own waiting evaluates strings in the page: the policy forbids."""
    end = time.monotonic() + seconds
    while not page.evaluate(expression):
        assert time.monotonic() < end, f"never came true: {expression}"
        page.wait_for_timeout(40)

"""Requests made up from our own OpenAPI document: none may break the server; every answer is one that it announces."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from readers_workspace import ingested
from serving import serving

schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is not installed")

from hypothesis import HealthCheck, Phase, given, settings  # noqa: E402
from schemathesis.checks import not_a_server_error  # noqa: E402
from schemathesis.specs.openapi.checks import (  # noqa: E402
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving("--workspace", str(ingested(tmp_path_factory.mktemp("schema")))) as url:
        yield url


def operations(server: str) -> list[Any]:
    return [result.ok() for result in schemathesis.openapi.from_url(f"{server}/openapi.json").get_all_operations()]


def sweep(server: str, each: int) -> Counter[int]:
    """So many requests for every operation; what came back, by status."""
    seen: Counter[int] = Counter()
    for operation in operations(server):

        @settings(
            max_examples=each, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(case=operation.as_strategy())
        def ask(case: Any) -> None:
            response = case.call()
            seen[response.status_code] += 1
            case.validate_response(response, checks=CHECKS)

        ask()
    return seen


def test_every_operation_is_described(server: str) -> None:
    document = httpx.get(f"{server}/openapi.json").json()
    assert len(document["paths"]) > 20
    for path, methods in document["paths"].items():
        for method, told in methods.items():
            assert told.get("description"), f"{method} {path}"
    assert document["components"]["schemas"]["DocumentRecord"]["example"]["id"]


def test_a_few_requests_of_each(server: str) -> None:
    seen = sweep(server, 5)
    assert seen[200] and sum(seen.values()) > 120
    assert not [status for status in seen if status >= 500], seen


@pytest.mark.slow
def test_five_thousand_requests(server: str) -> None:
    seen = sweep(
        server, 6_500 // len(operations(server))
    )  # some have too few parameters for so many different requests
    assert sum(seen.values()) >= 5_000, seen
    assert not [status for status in seen if status >= 500], seen

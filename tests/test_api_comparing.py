"""Comparisons through every door: the record, the pages, the command line, HTTP, and what anonymous callers see."""

from __future__ import annotations

import datetime as dt
import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from fastapi.testclient import TestClient

from api.app import create_app
from api.cli import root
from api.comparing import cascade_page, cascade_record, compare_page, compare_record, held_side, tasks_record
from api.held_texts import HeldTexts
from api.workspace import Workspace
from kg.errors import NumberNotFound, TextNotHeld

SAMPLES = Path(__file__).resolve().parents[1] / "samples" / "documents"
CALL = "1286/UBND-TH"
PLAN = "68/KH-UBND"
NOW = dt.datetime(2026, 11, 20, 17, 0)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    folder = tmp_path / "van-ban"
    folder.mkdir()
    for name in ("05-cong-van-phat-dong-60-nam.txt", "06-ke-hoach-68-kh-ubnd-binh-khe.txt", "reference.ttl"):
        shutil.copy(SAMPLES / name, folder)
    made = Workspace(tmp_path / "kg-data")
    made.ingest([folder])
    made.set_visibility(CALL, internal=True)
    client = TestClient(create_app(made.root))
    with client:
        assert client.get("/api/compare", params={"source": PLAN, "target": CALL}).status_code == 404
        answer = client.get("/api/compare", params={"source": PLAN, "target": PLAN})
        assert answer.status_code == 200
        assert "1286" not in answer.text
        assert "█" in answer.text
    assert "1286" in json.dumps(
        compare_record(*(held_side(HeldTexts(made), PLAN) for _ in range(2)), HeldTexts(made).reference)
    )

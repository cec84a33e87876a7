"""Held contents as resolution sees them: what is read again in part says what the whole says."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from prepared import copy_of, empty_workspace

from api.workspace import Workspace
from ingest.claims import date_bounds
from ingest.folders import Folders
from ingest.held import held_files
from ingest.ledger import Ledger

_UNDATED = """ỦY BAN NHÂN DÂN\nHUYỆN SUỐI VÀNG\n\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc

Số: /KH-UBND\n\nSuối Vàng, ngày tháng năm 2025\n\nKẾ HOẠCH\nTổ chức phong trào thi đua

Căn cứ Kế hoạch số 12/KH-UBND ngày 05/3/2025 của Ủy ban nhân dân tỉnh Lâm Sơn, Ủy ban nhân dân huyện ban hành kế hoạch.

I. THỜI GIAN

Phong trào thi đua được thực hiện từ nay đến hết ngày 30/9/2025.
"""


def test_the_end_of_a_campaign_bounds_the_day_of_an_undated_plan(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    root = copy_of(empty_workspace(tmp_path_factory), tmp_path / "kg-data")
    (tmp_path / "a.txt").write_text(_UNDATED, "utf-8")
    Workspace(root).ingest([tmp_path / "a.txt"])
    with closing(Ledger(Folders(root).ledger)) as ledger:
        (held,) = held_files(Folders(root), ledger)
    assert date_bounds(held.said()) == date_bounds(held.whole())
    assert [str(day) for day in date_bounds(held.said())] == ["2025-03-05", "2025-09-30"]

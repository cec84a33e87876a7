from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.arrays import GrowingArray, GrowingList, blocks


@given(st.lists(st.integers(0, 9_000), max_size=4))
def test_an_array_that_grew_is_what_numpy_reads(tmp_path_factory: pytest.TempPathFactory, sizes: list[int]) -> None:
    path = tmp_path_factory.mktemp("array") / "a.npy"
    parts = [np.arange(size * 3, dtype=np.uint16).reshape(size, 3) for size in sizes]
    with GrowingArray(path, np.uint16, 3) as array:
        for part in parts:
            array.append(part)
        array.finish()
    whole = np.concatenate(parts) if parts else np.zeros((0, 3), dtype=np.uint16)
    assert np.array_equal(np.load(path), whole)
    read = list(blocks(path))
    assert np.array_equal(np.concatenate(read) if read else whole[:0], whole)
    assert all(len(block) <= 4_096 for block in read)


def test_rows_of_several_fields(tmp_path: Path) -> None:
    kind = np.dtype([("number", "<i8"), ("share", "<f4")])
    rows = np.array([(1, 0.5), (2, 0.25)], dtype=kind)
    with GrowingArray(tmp_path / "a.npy", kind) as array:
        array.append(rows)
        array.append(rows)
        array.finish()
    assert np.load(tmp_path / "a.npy").tolist() == [*rows.tolist(), *rows.tolist()]


@pytest.mark.parametrize("values", [[], ["một"], ["một", "hai “ba”", {"bốn": 5}]])
def test_a_list_is_json(tmp_path: Path, values: list[object]) -> None:
    with GrowingList(tmp_path / "a.json") as file:
        for value in values:
            file.append(value)
        file.finish()
    assert json.loads((tmp_path / "a.json").read_text("utf-8")) == values
    assert file.count == len(values)

"""Rows of tables that a web page printed one cell border a line: "|", cell, "|", cell, "|".

Between two rows two borders meet, and so do they around an empty cell: only the number of columns tells them apart.
Grids of three columns and more become one line a row, "1 | Tổ chức hội nghị | Phòng Nội vụ"; letterheads and
signature blocks have two columns and keep their lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from ingest.lines import Line

__all__ = ["CELL_LINES", "mark_cells"]

CELL_LINES = 12
"""Between two borders at most this many lines are one cell; more is text between two tables."""
_COLUMNS = 3
_TEXT = re.compile(
    r"PHỤ LỤC|Phụ lục\b|DANH MỤC|\((?:Ban hành )?[Kk]èm theo|N[ơƠ][iI] (?:nhận|NHẬN)|(?:TM|KT|TL|TUQ)\s?\.|"
    r"[TK]/[MTL]\b|CỘNG HÒA XÃ HỘI|Điều \d+\.|CHỦ TỊCH$|BỘ TRƯỞNG$|GIÁM ĐỐC$"
)
_LOOK_AHEAD = 5


def mark_cells(lines: Sequence[Line], borders: Sequence[tuple[int, int]]) -> None:
    """Marks the lines that stand in cells, and in rows what joins them to the line before.

    ``borders`` are (index of the line that follows, offset of the "|") of the lines that hold nothing else.
    """
    cells = [(first[0], last[0]) for first, last in pairwise(borders)]
    for first, last in cells:
        if last - first <= CELL_LINES:
            for line in lines[first:last]:
                line.cell = True
    place = 0
    while place < len(cells):
        end = place
        while end < len(cells) and not _is_text(lines[cells[end][0] : cells[end][1]]):
            end += 1
        for first, last in _rows(cells, place, end):
            _mark_row(lines, cells, borders, first, last)
        place = end + 1


def _is_text(cell: Sequence[Line]) -> bool:
    """Text between two tables, or a column of a letterhead or closing, that only looks like a cell."""
    return len(cell) > CELL_LINES or any(_TEXT.match(line.text) for line in cell)


def _rows(cells: Sequence[tuple[int, int]], start: int, end: int) -> Iterator[tuple[int, int]]:
    """The rows, as ranges of ``cells``, of the grids between ``start`` and ``end``; text may stand between two."""
    at = start
    width = 0
    while at < end:
        if _empty(cells, at) and (at + width > end or width == 0 or _empty(cells, at + 1)):
            at += 1
            continue
        stop = _run(cells, at, end)
        length = stop - at
        if width == 0:  # a table begins; what stands before its first border looks like a cell of its first row
            width = _width(cells, at, end)
            if width == 0:
                at = stop + 1
                continue
            if length > width:
                at = stop - width
                continue
        if length > width:  # the last row, text, and the first row of the next table
            yield at, at + width
            at += width
            width = 0
            continue
        last = at + width
        if length < width and last <= end and (last == end or _empty(cells, last)):
            stop = last  # empty cells inside the row
        yield at, stop
        at = stop + 1


def _run(cells: Sequence[tuple[int, int]], at: int, end: int) -> int:
    while at < end and not _empty(cells, at):
        at += 1
    return at


def _width(cells: Sequence[tuple[int, int]], at: int, end: int) -> int:
    """The number of columns: the longest of the next rows that is no longer than the first; 0 under three."""
    stop = _run(cells, at, end)
    first = stop - at
    longest = 0
    for _ in range(_LOOK_AHEAD):
        at = stop + 1
        while at < end and _empty(cells, at):
            at += 1
        stop = _run(cells, at, end)
        if at >= end:
            break
        if stop - at <= first:
            longest = max(longest, stop - at)
    return longest if longest >= _COLUMNS else 0


def _empty(cells: Sequence[tuple[int, int]], index: int) -> bool:
    return index < len(cells) and cells[index][0] == cells[index][1]


def _mark_row(
    lines: Sequence[Line], cells: Sequence[tuple[int, int]], borders: Sequence[tuple[int, int]], first: int, last: int
) -> None:
    pending: list[int] = []
    previous: Line | None = None
    for index in range(first, last):
        if index > first:
            pending.append(borders[index][1])
        for line in lines[cells[index][0] : cells[index][1]]:
            if previous is None:
                line.lead = tuple(pending)
            else:
                line.borders = tuple(pending)
            pending = []
            previous = line
    if previous is not None:
        previous.tail = tuple(pending)

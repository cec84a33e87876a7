"""Tables of tasks in annexes: one row says the task, who leads, who supports, by when, and what comes of it.

A table reaches canonical text either as one line a row, cells apart by " | ", or as one line a cell with empty cells
gone. In the second shape the columns of a short row are told by what the cells look like: names of bodies, dates.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from ingest.bodyphrases import is_body_phrase
from ingest.factdates import due_date, due_pattern
from ingest.factlexicon import pattern, plain
from kg.model import Assignment, Issue, Layout, Span

__all__ = ["find_annex_assignments", "missing_annexes"]

Column = Literal["number", "task", "lead", "support", "deadline", "product", "note"]
_LONGEST_TITLE = 70
_LONGEST_BODY = 300
_MOST_CELLS = 14  # lines of one row; more is running text


@dataclass(frozen=True, slots=True)
class _Table:
    columns: tuple[Column, ...]  # without the number
    start: int  # index of the first line after the header


@lru_cache(maxsize=1)
def _title() -> re.Pattern[str]:
    return pattern(
        r"(?P<number>s?tt|số\s+tt|stt\.?|thứ\s+tự)$"
        r"|(?P<support>.*phối\s+hợp.*)"
        r"|(?P<lead>.*(?:chủ\s+trì|đầu\s+mối|chịu\s+trách\s+nhiệm).*|(?:cơ\s+quan|đơn\s+vị)(?:\s*,?\s*(?:cơ\s+quan"
        r"|đơn\s+vị|địa\s+phương))*"
        r"\s+(?:thực\s+hiện|tham\s+mưu|tổ\s+chức).*)"
        r"|(?P<deadline>.*(?:thời\s+gian|thời\s+hạn|tiến\s+độ|hạn\s+hoàn\s+thành).*)"
        r"|(?P<product>.*(?:sản\s+phẩm|kết\s+quả|hình\s+thức\s+văn\s+bản).*)"
        r"|(?P<task>.*(?:nội\s+dung|nhiệm\s+vụ|công\s+việc|hoạt\s+động|đầu\s+việc|tên\s).*)"
        r"|(?P<note>ghi\s+chú.*)"
    )


@lru_cache(maxsize=1)
def _procedure() -> re.Pattern[str]:
    """Titles of tables that list administrative procedures or their steps: what stands in them is nobody's task."""
    return pattern(
        r"thủ\s+tục|tthc|\bbước\b|trình\s+tự|quy\s+trình|lệ\s+phí|cách\s+thức|địa\s+điểm|mã\s+số|dịch\s+vụ\s+công"
        r"|căn\s+cứ\s+pháp\s+lý|thông\s+tin\s+thống\s+kê"
    )


@lru_cache(maxsize=1)
def _row_label() -> re.Pattern[str]:
    return pattern(r"(?:\d{1,3}(?:\.\d{1,2}){0,2}|[ivx]{1,6}|[a-zđ])[.)]?\s*$")


@lru_cache(maxsize=1)
def _when() -> re.Pattern[str]:
    return pattern(
        r"(?:trước\s|trong\s|từ\s|đến\s|tháng\s|quý\s|năm\s|ngày\s|hằng\s|hàng\s|thường\s+xuyên|định\s+kỳ"
        r"|sau\s+khi|theo\s+(?:kế\s+hoạch|tiến\s+độ|yêu\s+cầu"
        r"|quy\s+định)|\d{4}\b|\d{1,2}/\d|giai\s+đoạn|khi\s+có|chậm\s+nhất|đột\s+xuất|liên\s+tục)"
    )


@lru_cache(maxsize=1)
def _who() -> re.Pattern[str]:
    return pattern(
        r"(?:các\s+|những\s+)?(?:cơ\s+quan|đơn\s+vị|địa\s+phương|bộ|sở|ban|ngành|phòng|tổ\s+chức|doanh\s+nghiệp|xã"
        r"|phường|ubnd|nt|như\s+trên)\b"
    )


@lru_cache(maxsize=1)
def _date_start() -> re.Pattern[str]:
    return pattern(r"\b(?:ngày|tháng|quý|năm|\d{1,2}/|\d{4})")


def find_annex_assignments(text: str, layout: Layout) -> tuple[Assignment, ...]:
    """The rows of task tables in the annexes of canonical ``text``: one assignment for the lead, one for the support.

    A row "1 | Xây dựng quy chế | Sở Nội vụ | Các sở, ngành | Quý I/2026 | Quyết định" → "Sở Nội vụ" lead, by "2026-Q1",
    product "Quyết định"; "Các sở, ngành" coordinate. The span is the whole row without its number.
    """
    start = layout.annex.start if layout.annex is not None else layout.closing.start
    flat = plain(text)
    if not re.search(r"chủ\s+trì|thực\s+hiện|đầu\s+mối", flat[start:]):
        return ()
    lines = _lines(flat, start)
    found: list[Assignment] = []
    place = 0
    while place < len(lines):
        table = _header(flat, lines, place)
        if table is None:
            place += 1
            continue
        place = table.start
        for row, after in _rows(flat, lines, table):
            found += _assign(text, flat, table, row)
            place = after
        place = max(place, table.start)
    return tuple(found)


def missing_annexes(text: str, layout: Layout) -> tuple[Issue, ...]:
    """A warning where the body speaks of an annex of its own ("có phụ lục kèm theo") that the file does not hold."""
    if layout.annex is not None:
        return ()
    flat = plain(text)
    tail = flat[layout.closing.start :]
    if re.search(r"(?m)^\W*(?:phụ\s+lục|danh\s+mục|biểu|mẫu|đề\s+cương)\b", tail):
        return ()
    for match in _own_annex().finditer(flat, layout.header.end, layout.closing.start):
        after = flat[match.end() : match.end() + 60]
        if _of_another().match(after):
            continue
        said = " ".join(text[match.start() : match.end()].split())
        return (
            Issue("warning", "annex-missing", f"Văn bản nói có phụ lục (“{said}”) nhưng tệp không có phần này.", said),
        )
    return ()


@lru_cache(maxsize=1)
def _own_annex() -> re.Pattern[str]:
    return pattern(
        r"(?:phụ\s+lục|danh\s+mục|biểu\s+mẫu|đề\s+cương)(?:\s+(?:số\s+)?[ivx\d]{1,4})?(?:\s+(?!ban\s+hành)[^\s.;,("
        r")\n]{1,20}){0,4}"
        r"\s+(?:kèm\s+theo|đính\s+kèm|gửi\s+kèm)|(?:kèm\s+theo|đính\s+kèm)\s+(?:các\s+)?phụ\s+lục"
    )


@lru_cache(maxsize=1)
def _of_another() -> re.Pattern[str]:
    return pattern(
        r"\s+(?:của\s+)?(?:luật|nghị\s+định|thông\s+tư|nghị\s+quyết|quyết\s+định|công\s+văn|văn\s+bản|kế\s+hoạch"
        r"|tờ\s+trình)\s+(?:số|liên)"
    )


def _lines(flat: str, start: int) -> list[Span]:
    spans = []
    position = start
    while position < len(flat):
        end = flat.find("\n", position)
        end = len(flat) if end < 0 else end
        if end > position:
            spans.append(Span(position, end))
        position = end + 1
    return spans


def _cells(flat: str, line: Span) -> list[Span]:
    """The cells of one " | " row, empty ones included."""
    cells, position = [], line.start
    for piece in flat[line.start : line.end].split("|"):
        lead = len(piece) - len(piece.lstrip())
        cells.append(Span(position + lead, position + max(len(piece.rstrip()), lead)))
        position += len(piece) + 1
    return cells


def _kind_of(title: str) -> Column | None:
    if not title or len(title) > _LONGEST_TITLE:
        return None
    match = _title().match(title)
    return match.lastgroup if match else None  # type: ignore[return-value]


def _header(flat: str, lines: Sequence[Span], place: int) -> _Table | None:
    """The header that starts at ``lines[place]``: it must name a task and a lead."""
    first = lines[place]
    if flat.count("|", first.start, first.end) >= 2:
        if _procedure().search(flat, first.start, first.end):
            return None
        kinds = [_kind_of(cell.of(flat).strip()) for cell in _cells(flat, first)]
        if "lead" in kinds and "task" in kinds:
            return _Table(tuple(kind or "note" for kind in kinds), place + 1)
        return None
    kind = _kind_of(first.of(flat).strip())
    if kind not in ("number", "task"):
        return None
    kinds = [kind]
    last = place + 1
    while last < len(lines) and len(kinds) < 9:
        cell = lines[last].of(flat).strip()
        if _row_label().match(cell):
            break
        kind = _kind_of(cell)
        if kind is None:
            return None
        kinds.append(kind)
        last += 1
    if "lead" not in kinds or "task" not in kinds or _procedure().search(flat, first.start, lines[last - 1].end):
        return None
    return _Table(tuple(kind for kind in kinds if kind != "number" and kind is not None), last)


def _rows(flat: str, lines: Sequence[Span], table: _Table) -> Iterator[tuple[list[Span], int]]:
    """The rows of a table, each with the index of the line after it; a row of one cell is a title and is left out."""
    place, cells = table.start, list[Span]()
    if flat.find("|", lines[place - 1].start, lines[place - 1].end) >= 0:
        while place < len(lines):
            line = lines[place]
            place += 1
            if flat.find("|", line.start, line.end) >= 0:
                cells = _cells(flat, line)
                if len(cells) > 2:  # fewer: the title of a group of rows
                    yield cells, place
            elif place >= len(lines) or flat.count("|", lines[place].start, lines[place].end) < 2:
                place -= 1
                break  # one stray line inside a table is passed over; the last row may come cell by cell
    while place < len(lines) and _row_label().match(lines[place].of(flat).strip()):
        cells = []
        place += 1
        while place < len(lines) and len(cells) <= _MOST_CELLS:
            cell = lines[place].of(flat).strip()
            if _row_label().match(cell) or re.match(r"(?:phụ\s+lục|ghi\s+chú)\b", cell):
                break
            cells.append(lines[place])
            place += 1
        if len(cells) > _MOST_CELLS:
            return
        if len(cells) > 1:
            yield cells, place


def _assign(text: str, flat: str, table: _Table, row: Sequence[Span]) -> Iterator[Assignment]:
    by_column = _columns(text, flat, table, row)
    task, lead = by_column.get("task"), by_column.get("lead")
    if task is None or lead is None or not 0 < lead.end - lead.start <= _LONGEST_BODY:
        return
    if re.match(r"\s*bước\s+\d", flat[row[0].start : row[0].end]):  # a step of a procedure
        return
    filled = [cell for cell in row if cell.end > cell.start and cell.start >= task.start]
    span = Span(task.start, max(cell.end for cell in filled))
    due, product = by_column.get("deadline"), by_column.get("product")
    by = _due(text, flat, due) if due is not None else None
    made = " ".join(product.of(text).split()) if product is not None and product.end > product.start else None
    for column, role in (("lead", "lead"), ("support", "coordinate")):
        cell = by_column.get(column)  # type: ignore[call-overload]
        if cell is not None and cell.end > cell.start:
            body = " ".join(cell.of(text).split()).strip(" ;,.")
            yield Assignment(body, role, span, span.of(text), by=by, product=made)  # type: ignore[arg-type]


def _columns(text: str, flat: str, table: _Table, row: Sequence[Span]) -> dict[Column, Span]:
    if len(row) == len(table.columns):
        return dict(zip(reversed(table.columns), reversed(row), strict=True))
    if table.columns[0] == "number" and len(row) < len(table.columns):  # a row of a ruled table cut short
        return dict(zip(table.columns, row, strict=False))
    found: dict[Column, Span] = {}
    cells = list(row)
    columns = list(table.columns)
    while columns and columns[0] != "task":
        columns.pop(0)
    if not columns or not cells:
        return {}
    task = cells.pop(0)
    while len(cells) > len(columns) - 1 and cells and not _fits("lead", text, flat, cells[0]):
        task = Span(task.start, cells.pop(0).end)
    found["task"] = task
    for column in columns[1:]:
        if cells and _fits(column, text, flat, cells[0]):
            found[column] = cells.pop(0)
    return found


def _fits(column: Column, text: str, flat: str, cell: Span) -> bool:
    said = cell.of(flat).strip()
    when = _when().match(said) is not None
    if column == "deadline":
        return when
    if column in ("lead", "support"):
        return not when and (_who().match(said) is not None or is_body_phrase(text, flat, cell.start, cell.end))
    return not when


def _due(text: str, flat: str, cell: Span) -> str | None:
    for place in _date_start().finditer(flat, cell.start, cell.end):
        match = due_pattern().match(flat, place.start(), cell.end)
        if match and (day := due_date(match)):
            return day
    return " ".join(cell.of(text).split()) or None

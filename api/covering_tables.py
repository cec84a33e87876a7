"""Coverage as a table: CSV that a spreadsheet opens rightly, a workbook with real dates, and a page for A4 paper."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from api.covering_words import DUTY_WORDS, STATUS_WORDS, day_words, days_words, margin_words, scope_words

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["coverage_csv", "coverage_html", "coverage_xlsx", "matrix_csv", "matrix_html", "matrix_xlsx", "style_hash"]

Cell = str | int | dt.date | None

LEVEL_WORDS = {"central": "Trung ương", "province": "Cấp tỉnh", "district": "Cấp huyện", "commune": "Cấp xã"}
HOW_WORDS = {
    "direct": "Trực tiếp triển khai",
    "in_body": "Có quán triệt, nhắc đến trong nội dung",
    "through": "Triển khai thông qua văn bản khác",
    "cites": "Chỉ viện dẫn",
}
_COLUMNS = (
    ("TT", 5), ("Cơ quan, đơn vị", 42), ("Cấp", 12), ("Được nêu trong văn bản", 34), ("Trách nhiệm", 18),
    ("Tình trạng", 26), ("Văn bản", 22), ("Trích yếu", 40), ("Ngày ban hành", 14), ("Sớm nhất", 12), ("Muộn nhất", 12),
    ("Số ngày", 12), ("So với thời hạn", 18), ("Cách triển khai", 24), ("Câu trích", 50), ("Ghi chú", 50),
)  # fmt: skip


def _rows(record: Mapping[str, Any]) -> Iterator[list[Cell]]:
    """One row per addressee and paper; an addressee without one has a row too, and so has an open group."""
    place = 0
    for row in record["addressees"]:
        place += 1
        body = row["body"]
        head: list[Cell] = [
            place, body["name"] if body else row["phrase"], LEVEL_WORDS.get(body["level"]) if body else None,
            row["phrase"], DUTY_WORDS[row["duty"]], STATUS_WORDS[row["status"]],
        ]  # fmt: skip
        for paper in row["documents"] or [None]:
            yield [*head, *_paper(paper, row["confirmation"]), row["note"]]
    for phrase in record["unexpanded"]:
        place += 1
        yield [place, phrase, None, phrase, DUTY_WORDS["unenumerable"], "Không tính", *[None] * 9, None]


def _paper(paper: Mapping[str, Any] | None, confirmation: Mapping[str, Any] | None) -> list[Cell]:
    if paper is None and confirmation is not None:
        told = confirmation
        return [None, None, _date(told["date"]), None, None, _days(told), margin_words(told["margin"], told["late"]),
                None, None]  # fmt: skip
    if paper is None:
        return [None] * 9
    first, last = (None, None) if paper["date"] else (_date(paper["date_earliest"]), _date(paper["date_latest"]))
    return [
        paper["number"] or paper["file"], paper["title"], _date(paper["date"]), first, last,
        _days(paper), margin_words(paper["margin"], paper["late"]) or None, HOW_WORDS[paper["how"]],
        paper["evidence"]["quote"] if paper["evidence"] else None,
    ]  # fmt: skip


def _days(timed: Mapping[str, Any]) -> Cell:
    """A number where it is known, so that a spreadsheet can count with it; words for an interval."""
    if timed["days"] is not None:
        return int(timed["days"])
    return days_words(None, timed["days_min"], timed["days_max"])


def _date(iso: str | None) -> dt.date | None:
    return dt.date.fromisoformat(iso) if iso else None


def _heading(record: Mapping[str, Any]) -> list[str]:
    call, due = record["call"], record["sending_deadline"]
    name = " ".join(filter(None, (call["kind"], call["number"] or call["file"])))
    when = f"ngày {day_words(call['date'])}" if call["date"] else "ngày chưa rõ"
    lines = [f"Tình hình triển khai {name} {when}", " - ".join(filter(None, (call["issuer"], call["title"])))]
    if due:
        lines.append(f"Thời hạn gửi kế hoạch: {day_words(due)}{_who_set(record['deadline'])}")
    else:
        lines.append("Văn bản không ấn định thời hạn gửi kế hoạch.")
    return lines


def _who_set(deadline: Mapping[str, Any]) -> str:
    if deadline["source"] == "human":
        return f" ({deadline['by']} nhập ngày {day_words(deadline['at'])})"
    return " (theo văn bản)" if deadline["source"] == "document" else " (thời hạn theo dõi)"


def _summary_lines(summary: Mapping[str, int]) -> list[tuple[str, int]]:
    return [
        ("Phải triển khai", summary["obliged"]),
        *((STATUS_WORDS[name], summary[name]) for name in ("answered", "outside", "cites_only", "not_found",
                                                           "nothing_held")),
        ("Trong hạn", summary["in_time"]),
        ("Sau hạn", summary["late"]),
        ("Nhóm không liệt kê được, không tính", summary["unexpanded"]),
    ]  # fmt: skip


# --- CSV ------------------------------------------------------------------------------------------------------------


def coverage_csv(record: Mapping[str, Any]) -> bytes:
    """UTF-8 with a byte order mark, so that Excel shows accents; dates ISO."""
    return _csv([[name for name, _ in _COLUMNS], *_rows(record)])


def matrix_csv(record: Mapping[str, Any]) -> bytes:
    """Calls down, bodies across."""
    return _csv(_matrix(record))


def _csv(rows: Iterable[Sequence[Cell]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerows([_safe(cell) for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _safe(cell: Cell) -> Cell:
    """Text that begins like a formula gets an apostrophe: a spreadsheet would run it."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


# --- workbooks ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Sheet:
    """``rows`` begin with the headings of the columns."""

    name: str
    heading: list[str]
    rows: Sequence[Sequence[Cell]]
    widths: list[int]


def coverage_xlsx(record: Mapping[str, Any]) -> bytes:
    """A workbook: the table, and the figures on a second sheet; A4 across, with date and scope in the foot."""
    summary: Mapping[str, int] = record["summary"]
    table: list[list[Cell]] = [[name for name, _ in _COLUMNS], *_rows(record)]
    figures: list[list[Cell]] = [["Chỉ tiêu", "Số lượng"]]
    figures += [[name, count] for name, count in _summary_lines(summary)]
    sheets = [
        _Sheet("Tình hình triển khai", _heading(record), table, [width for _, width in _COLUMNS]),
        _Sheet("Tổng hợp", _heading(record)[:1], figures, [48, 12]),
    ]
    return _workbook(sheets, scope_words(record["as_of"]))


def matrix_xlsx(record: Mapping[str, Any]) -> bytes:
    """A workbook: calls down, bodies across."""
    rows = _matrix(record)
    title = f"Tình hình triển khai văn bản năm {record['year']}, {record['area']['name']}"
    widths = [22, 12, 40, *[16] * (len(rows[0]) - 3)]
    return _workbook([_Sheet("Bảng theo dõi", [title], rows, widths)], scope_words(record["as_of"]))


def _workbook(sheets: Iterable[_Sheet], foot: str) -> bytes:
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
    from openpyxl.utils import get_column_letter

    book = Workbook()
    book.remove(book.active)
    line = Side(style="thin", color="FFBFC7D1")
    border = Border(left=line, right=line, top=line, bottom=line)
    for one in sheets:
        widths, sheet = one.widths, book.create_sheet(one.name)
        for text in one.heading:
            sheet.append([text])
            sheet.cell(sheet.max_row, 1).font = Font(bold=True, size=13 if sheet.max_row == 1 else 11)
        head = len(one.heading) + 1
        for row in one.rows:
            sheet.append([_safe(cell) for cell in row])
        for cells in sheet.iter_rows(min_row=head, max_row=sheet.max_row):
            for cell in cells:
                cell.border = border
                cell.alignment = Alignment(vertical="top", wrap_text=True)
                if isinstance(cell.value, dt.date):
                    cell.number_format = "dd/mm/yyyy"
                if cell.row == head:
                    cell.font = Font(bold=True)
                    cell.fill = PatternFill("solid", fgColor="FFE8F0F8")
        for index, width in enumerate(widths, 1):
            sheet.column_dimensions[get_column_letter(index)].width = width
        sheet.freeze_panes = sheet.cell(head + 1, 3 if len(widths) > 2 else 1)
        sheet.auto_filter.ref = f"A{head}:{get_column_letter(len(widths))}{sheet.max_row}"
        sheet.append([])
        sheet.append([foot])
        sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        sheet.print_title_rows = f"{head}:{head}"
        sheet.oddFooter.left.text, sheet.oddFooter.right.text = foot, "Trang &P/&N"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _matrix(record: Mapping[str, Any]) -> list[list[Cell]]:
    """The matrix as rows: number, date and title of the call, then one cell per body."""
    head: list[Cell] = ["Văn bản", "Ngày", "Trích yếu", *(body["name"] for body in record["bodies"])]
    rows = [head]
    for row in record["rows"]:
        call = row["call"]
        rows.append([call["number"] or call["file"], _date(call["date"]), call["title"],
                     *(_cell(row["cells"].get(body["code"])) for body in record["bodies"])])  # fmt: skip
    return rows


def _cell(cell: Mapping[str, Any] | None) -> str | None:
    """ "Đã có văn bản triển khai: 68/KH-UBND, 19 ngày"; None where the call asks nothing of the body."""
    if cell is None:
        return None
    told = [cell["document"], f"{cell['days']} ngày" if cell["days"] is not None else None,
            "sau hạn" if cell["late"] else None]  # fmt: skip
    detail = ", ".join(part for part in told if part)
    return STATUS_WORDS[cell["status"]] + (f": {detail}" if detail else "")


# --- paper ------------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    made = Environment(
        loader=PackageLoader("api", "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    made.filters.update(day=day_words)
    made.globals.update(
        status_words=STATUS_WORDS, duty_words=DUTY_WORDS, level_words=LEVEL_WORDS, how_words=HOW_WORDS,
        days_words=days_words, margin_words=margin_words, style=_style(),
    )  # fmt: skip
    return made


@lru_cache(maxsize=1)
def _style() -> str:
    from importlib.resources import files

    return (files("api") / "templates" / "coverage.css").read_text(encoding="utf-8")


def style_hash() -> str:
    """The hash by which a Content-Security-Policy lets the page's one style sheet through."""
    import base64
    import hashlib

    return base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()


def coverage_html(record: Mapping[str, Any]) -> str:
    """A page that stands by itself, for the screen and for A4 paper, with date and scope in the foot."""
    return _environment().get_template("coverage.html").render(
        record=record, heading=_heading(record), figures=_summary_lines(record["summary"]),
        foot=scope_words(record["as_of"]),
    )  # fmt: skip


_SHORT_WORDS = {
    "answered": "Đã có", "cites_only": "Chỉ viện dẫn", "not_found": "Chưa thấy", "nothing_held": "Chưa đủ cơ sở",
    "outside": "Ngoài hệ thống",
}  # fmt: skip


def _asked(rows: Iterable[Mapping[str, Any]], code: str) -> bool:
    """Whether any of these calls asks something of the body."""
    return any(code in row["cells"] for row in rows)


def matrix_html(record: Mapping[str, Any]) -> str:
    """The matrix as a page that stands by itself."""
    return _environment().get_template("coverage_matrix.html").render(
        record=record, asked=_asked, short_words=_SHORT_WORDS, foot=scope_words(record["as_of"])
    )  # fmt: skip

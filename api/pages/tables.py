"""Lists as CSV files that a spreadsheet opens rightly: with a byte order mark, and no cell that it would calculate."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any

from starlette.responses import Response

__all__ = ["csv_response"]


def csv_response(rows: Iterable[Mapping[str, Any]], columns: Iterable[str], name: str) -> Response:
    """A download called ``name``; None is an empty cell."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(columns), extrasaction="ignore")
    writer.writeheader()
    for row in rows:
        writer.writerow({key: _cell(value) for key, value in row.items()})
    return Response(
        b"\xef\xbb\xbf" + out.getvalue().encode(),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _cell(value: Any) -> Any:
    """Text that begins like a formula gets an apostrophe: "=1+1" would be run by the program that opens the file."""
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return f"'{value}"
    return value

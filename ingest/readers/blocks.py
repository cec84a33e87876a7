"""Lines out of structured formats (Word, HTML): paragraphs apart by blank lines, tables with bars.

A table row whose cells are one line each becomes one line, "| STT | Nội dung |"; in any other row (letterheads,
signature blocks) the cells follow one another, each closed by a line "|". ``ingest.canonical`` knows both shapes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

__all__ = ["PARAGRAPH", "row_lines"]

PARAGRAPH = ("",)
"""What follows a paragraph: a blank line. An empty paragraph adds one, which is how offices set a title apart."""


def row_lines(cells: Sequence[Sequence[str]]) -> Iterator[str]:
    """The lines of one table row; each cell is its non-empty lines: [["1"], ["Sở Nội vụ"]] → "| 1 | Sở Nội vụ |"."""
    if all(len(cell) <= 1 and not any("|" in line for line in cell) for cell in cells):
        yield "| " + " | ".join(cell[0] if cell else "" for cell in cells) + " |"
        return
    yield "|"
    for cell in cells:
        yield from cell
        yield "|"

"""What a page prints that is no part of the document: page numbers, gazette heads, running heads, portal stamps."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from ingest.lines import HARD, Line

__all__ = ["furniture"]

_GAZETTE = re.compile(r"(?:\d{1,4}\s+)?CÔNG BÁO\s*/\s*Số\b.{0,80}$")
_PAGE = re.compile(r"(?:[-–]\s*)?(?:(?:Trang|trang)\s*)?(\d{1,4})(?:\s*/\s*\d{1,4})?(?:\s*[-–])?$")
_STAMP = re.compile(
    r"(?:Người ký|Ký bởi|Được ký bởi|Ký số bởi|Thời gian ký|Ngày ký|Email|Cơ quan|Tổ chức|Signature Not Verified|"
    r"Digitally signed by|Date|DN|Reason|Location)\s*:|Signature Not Verified",
    re.I,
)
_STAMP_CORE = re.compile(
    r"(?:Người ký|Ký bởi|Được ký bởi|Ký số bởi|Thời gian ký|Digitally signed by)\s*:|Signature "
    r"Not Verified",
    re.I,
)
_TIME = re.compile(r"\d{1,2}[./-]\d{1,2}[./-]\d{4}\s+\d{1,2}:\d\d(?::\d\d)?(?:\s*[+-]\d\d:?\d\d)?$")


def furniture(lines: Sequence[Line], page_starts: Sequence[int]) -> set[int]:
    """The indexes of ``lines`` to leave out."""
    out: set[int] = set()
    numbers: list[tuple[int, int]] = []
    for index, line in enumerate(lines):
        text = line.text
        if len(text) > 100:
            continue
        if "CÔNG BÁO" in text and _GAZETTE.match(text):
            out.add(index)
        elif len(text) <= 16 and (match := _PAGE.match(text)):
            numbers.append((index, int(match[1])))
        elif ":" in text and _STAMP_CORE.match(text):
            out.update(_stamp(lines, index))
    edges = _edges(lines, page_starts, out)
    for index, _ in numbers:
        if index in edges or _breaks_prose(lines, index):
            out.add(index)
    out.update(_counted(lines, numbers))
    out.update(_running_heads(lines, edges, len(page_starts)))
    return out


def _stamp(lines: Sequence[Line], index: int) -> set[int]:
    """The lines of one signature stamp around ``index``; a lone "Người ký:" in a form is no stamp."""
    found = {index}
    for step in (-1, 1):
        at = index + step
        while 0 <= at < len(lines) and abs(at - index) <= 6:
            text = lines[at].text
            if not (_STAMP.match(text) or (_TIME.search(text) and len(text) < 60)):
                break
            found.add(at)
            at += step
    return found if len(found) > 1 else set()


def _edges(lines: Sequence[Line], page_starts: Sequence[int], out: set[int]) -> set[int]:
    """The first and last two lines of each page of a paged file; of any file the very first and last line."""
    kept = [index for index in range(len(lines)) if index not in out]
    if not kept:
        return set()
    if len(page_starts) < 2:
        return {index for index in (kept[0], kept[-1]) if not lines[index].cell}
    edges: set[int] = set()
    page = 0
    previous = -1
    for index in kept:
        turned = False
        while page < len(page_starts) and lines[index].start >= page_starts[page]:
            page += 1
            turned = True
        if turned:
            edges.add(index)
            if previous >= 0:
                edges.add(previous)
        previous = index
    edges.add(previous)
    return edges


def _breaks_prose(lines: Sequence[Line], index: int) -> bool:
    """A number alone between a line that does not end and one that goes on: "năng lực công tác / 5 / của đội ngũ"."""
    if not 0 < index < len(lines) - 1:
        return False
    before, here, after = lines[index - 1], lines[index], lines[index + 1]
    return (
        HARD not in (here.gap, after.gap)
        and here.gap > 0
        and after.gap > 0
        and before.text[-1] not in ".;:!?"
        and not before.text.isupper()
        and after.text[0].islower()
    )


def _counted(lines: Sequence[Line], numbers: Sequence[tuple[int, int]]) -> set[int]:
    """Numbers alone on a line that count 2, 3, 4 … through the file, a page apart each."""
    best: list[int] = []
    run: list[tuple[int, int]] = []
    for index, value in numbers:
        if lines[index].cell:
            continue
        if run and value == run[-1][1] + 1 and index - run[-1][0] >= 12:
            run.append((index, value))
        elif not run or len(run) < 3:
            run = [(index, value)]
        if len(run) > len(best):
            best = [position for position, _ in run]
    return set(best) if len(best) >= 3 else set()


def _running_heads(lines: Sequence[Line], edges: set[int], pages: int) -> set[int]:
    """Lines that stand at the top or foot of at least half of the pages, digits apart."""
    if pages < 4:
        return set()
    shapes: dict[int, str] = {index: re.sub(r"\d+", "#", lines[index].text) for index in edges}
    count = Counter(shapes.values())
    return {index for index, shape in shapes.items() if count[shape] >= max(3, pages // 2) and len(shape) > 1}

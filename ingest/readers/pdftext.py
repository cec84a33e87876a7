"""Whether the text layer of a PDF page says what the page shows, and the same letters by their places on it."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise
from typing import Any

from ingest.readers.syllables import SOUND, Score, is_english, score

__all__ = ["FEWEST", "JUDGED", "WIDE_STEP", "by_place", "garbled", "is_rest_of_broken", "judged_of"]

JUDGED = 1_600
"""Code points of each page that are looked at for broken letters."""
FEWEST = 30
"""Words from which on a page is judged alone; beside a broken page of its file six are enough."""
_ODD = re.compile(
    "[^\x00-¿ÀÁÂÃÈÉÊÌÍÒÓÔÕ×ÙÚÝàáâãèéêìíòóôõ÷ùúýĂăĐđĨĩŨũƠơƯư\u02c0-\u036fẠ-ỹ\u2000-\u2bff\ue000-\ufb06\uff00-\uff0f]|\ufffd"
)
"""What Vietnamese print has no use for: two of them in a line that is no Vietnamese are letters mapped wrongly."""
_SPACE, _COLUMN = 0.11, 1.8
"""Gaps between two letters, in sizes of them, from which on there is a space, or the next column."""
WIDE_STEP = 1.28
"""A step from line to line this many times as high as the usual one ends a paragraph."""
_MOST = 20_000


def judged_of(text: str) -> Score:
    """How Vietnamese the beginning of a page is, in whatever form its accents stand."""
    return score(unicodedata.normalize("NFC", text[:JUDGED]))


def garbled(text: str) -> int:
    """Words in lines that one font of the page has spoilt, 0 for a sound page: a title in bold, a letterhead."""
    head = unicodedata.normalize("NFC", text[:JUDGED])
    if not _ODD.search(head):
        return 0
    lines = [line for line in head.splitlines() if len(_ODD.findall(line)) > 1]
    counts = [judged.words for judged in map(score, lines) if judged.words > 1 and judged.share < 0.4]
    return sum(counts) if len(counts) > 1 else 0


def is_rest_of_broken(text: str) -> bool:
    """Whether a page too short to be judged alone looks as broken as another page of its file."""
    judged = judged_of(text)
    if judged.words > 5 and judged.share < SOUND:
        return not is_english(text)
    return judged.words < FEWEST and len(_ODD.findall(unicodedata.normalize("NFC", text))) > 2


def by_place(letters: Any) -> str:
    """The letters of a text page in the order of their places, line by line and from the left.

    Programs that borrow missing letters from a second font write them after the line they stand in ("Tri n khai … ể");
    each stands where it belongs all the same. Two blocks beside each other are parted by spaces.
    """
    import ctypes

    import pypdfium2.raw as raw

    x, y = ctypes.c_double(), ctypes.c_double()
    found: list[tuple[float, float, float, float, str]] = []
    for at in range(min(letters.count_chars(), _MOST)):
        letter = chr(raw.FPDFText_GetUnicode(letters, at))
        if letter in "\r\n" or raw.FPDFText_IsGenerated(letters, at) == 1:
            continue
        raw.FPDFText_GetCharOrigin(letters, at, ctypes.byref(x), ctypes.byref(y))
        right = x.value if letter == " " else letters.get_charbox(at, loose=True)[2]
        found.append((y.value, x.value, right, max(raw.FPDFText_GetFontSize(letters, at), 1.0), letter))
    found.sort(key=lambda one: -one[0])
    lines: list[list[tuple[float, float, float, float, str]]] = []
    for one in found:
        if lines and lines[-1][0][0] - one[0] < 0.3 * one[3]:
            lines[-1].append(one)
        else:
            lines.append([one])
    steps = [before[0][0] - after[0][0] for before, after in pairwise(lines)]
    usual = sorted(steps)[len(steps) // 6] if steps else 0.0
    parts = []
    for line, step in zip(lines, (0.0, *steps), strict=True):
        parts += ["\r\n" * (1 + (step > WIDE_STEP * usual)), _line(sorted(line, key=lambda one: one[1]))]
    return "".join(parts[1:])


def _line(line: list[tuple[float, float, float, float, str]]) -> str:
    parts = []
    end = line[0][1]
    for _, left, right, size, letter in line:
        gap = (left - end) / size
        if letter == " ":
            parts.append(" ")
            continue
        if parts and parts[-1] == " " and gap < _COLUMN:
            gap = 0.0
        parts.append(("" if gap < _SPACE else " " if gap < _COLUMN else "      ") + letter)
        end = max(end, right)
    return "".join(parts)

"""Words with places → the text of a page: lines, the two columns of letterhead and closing, mended words.

Tesseract reads across columns that stand close together. Where a line has a gap much wider than its other gaps, and
lines near it have it too, the left column is written first and then the right one, as in a PDF's text layer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from ingest.readers.ocr import Word
from ingest.readers.syllables import is_syllable
from ingest.readers.wordpairs import Token, load_wordpairs, mend_accents

__all__ = ["PageText", "page_text"]

_GUTTER = 2.2
"""A gap this many times as wide as a line's middle gap, and at least …"""
_GUTTER_HEIGHT = 0.9
"""… this many times as wide as its letters are high, parts two columns."""
_WIDE = 1.28
"""A step from line to line this many times as high as the usual one ends a paragraph."""
_SPECK = 60.0
_STRAY = "|—_~`'‘’\"“”«»‹›<>^°•*¬¢£¥§©®#$=\\{}[]ˆ´˜"
_LETTERS = "ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ"
_NOISE = 25.0
"""Marks read with less confidence that hold no letter or digit are specks, rules and stamps."""


@dataclass(frozen=True, slots=True)
class PageText:
    """The text of one page and how sure OCR is of it, 0-1 (the mean over its letters)."""

    text: str
    confidence: float
    words: int


@dataclass(slots=True)
class _Line:
    words: list[Word]

    @property
    def foot(self) -> float:
        """About where the letters stand: few have a tail."""
        return float(median(word.bottom for word in self.words))

    @property
    def top(self) -> int:
        return min(word.top for word in self.words)

    @property
    def bottom(self) -> int:
        return max(word.bottom for word in self.words)

    @property
    def left(self) -> int:
        return self.words[0].left

    @property
    def right(self) -> int:
        return max(word.right for word in self.words)


def page_text(words: Sequence[Word]) -> PageText:
    """The text of one page: paragraphs apart by a blank line where the page leaves one."""
    kept = _without_specks([word for word in words if not _is_noise(word)])
    letters = sum(len(word.text) for word in kept)
    if not letters:
        return PageText("", 0.0, 0)
    confidence = sum(word.confidence * len(word.text) for word in kept) / letters / 100
    lines = _columns(_rows(kept))
    mended = mend_accents(
        [Token(mend_word(word.text), word.confidence) for line in lines for word in line.words], load_wordpairs()
    )
    out: list[str] = []
    at = 0
    steps = [after.foot - before.foot for before, after in pairwise(lines)]
    height = median(word.height for word in kept)
    usual = sorted(step for step in steps if 0.6 * height < step < 4 * height)
    wide = _WIDE * usual[len(usual) // 6] if usual else 2 * height
    for index, line in enumerate(lines):
        text = mend_line(" ".join(mended[at : at + len(line.words)]))
        at += len(line.words)
        if index:
            step = steps[index - 1]
            out.append("\n\n" if step > wide or step < -height else "\n")
        out.append(text)
    return PageText("".join(out), round(confidence, 3), len(kept))


def _is_noise(word: Word) -> bool:
    """One mark that is no letter, figure or point of a list: a speck, a rule, a piece of a stamp."""
    text, sure = word.text, word.confidence
    if len(text) == 1:
        if text.isascii() and text.isalnum():
            return False
        if text.lower() in _LETTERS or text in "-–+/%&":
            return False
        return sure < _SPECK or text in _STRAY
    return not any(letter.isalnum() for letter in text) and sure < _NOISE and text != "./."


def _without_specks(words: list[Word]) -> list[Word]:
    """Without "lines" of accents that stand far above their letters: low marks between two lines, read as nonsense."""
    if not words:
        return words
    usual = median(word.height for word in words)
    lines: dict[tuple[int, int, int], list[Word]] = {}
    for word in words:
        lines.setdefault(word.place, []).append(word)
    doomed = {place for place, line in lines.items() if _is_nonsense(line, usual)}
    return [word for word in words if word.place not in doomed]


def _is_nonsense(line: Sequence[Word], usual: float) -> bool:
    sure = sum(word.confidence for word in line) / len(line)
    height = median(word.height for word in line)
    if height < 0.62 * usual and sure < _SPECK:
        return True
    meant = sum(len(word.text) > 1 and (is_syllable(word.text.strip(".,;:()")) or word.text.isdigit()) for word in line)
    if height < 0.45 * usual and not meant:  # the dots below one line and the marks above the next, however sure
        return True
    return len(line) > 2 and sure < _SPECK + 10 and sum(len(word.text) for word in line) < 2.4 * len(line) and meant < 2


def _rows(words: Sequence[Word]) -> list[_Line]:
    """The words by printed line, top to bottom: pieces of one row that stand in different blocks come together."""
    by_place: dict[tuple[int, int, int], list[Word]] = {}
    for word in words:
        by_place.setdefault(word.place, []).append(word)
    return [_Line(sorted(group, key=lambda word: word.left)) for group in by_place.values()]


def _columns(lines: list[_Line]) -> list[_Line]:
    """Lines cut at gutters, each run of cut lines written column by column."""
    cut = [_cut(line) for line in lines]
    out: list[_Line] = []
    index = 0
    while index < len(lines):
        if len(cut[index]) != 2:
            out.append(lines[index])
            index += 1
            continue
        gutter = (cut[index][0].right, cut[index][1].left)
        left, right = [cut[index][0]], [cut[index][1]]
        # Lines above that stand wholly in one column belong to the run as well.
        while out and (side := _side(out[-1], gutter)) and _near(out[-1], left[0] if side < 0 else right[0]):
            (left if side < 0 else right).insert(0, out.pop())
        index += 1
        while index < len(lines):
            if len(cut[index]) == 2 and cut[index][0].right < gutter[1] and cut[index][1].left > gutter[0]:
                gutter = (max(gutter[0], cut[index][0].right), min(gutter[1], cut[index][1].left))
                left.append(cut[index][0])
                right.append(cut[index][1])
            elif len(cut[index]) == 1 and (side := _side(lines[index], gutter)):
                (left if side < 0 else right).append(lines[index])
            else:
                break
            index += 1
        out.extend(left)
        out.extend(right)
    return out


def _cut(line: _Line) -> list[_Line]:
    """A line cut at its widest gap when that is a gutter."""
    words = line.words
    gaps = [after.left - before.right for before, after in pairwise(words)]
    if len(gaps) < 2:
        return [line]
    widest = max(range(len(gaps)), key=gaps.__getitem__)
    others = gaps[:widest] + gaps[widest + 1 :]
    height = median(word.height for word in words)
    if gaps[widest] < _GUTTER * max(median(others), 1) or gaps[widest] < _GUTTER_HEIGHT * height:
        return [line]
    return [_Line(words[: widest + 1]), _Line(words[widest + 1 :])]


def _side(line: _Line, gutter: tuple[int, int]) -> int:
    """-1 when the line stands left of the gutter, 1 when right of it, 0 when it crosses."""
    middle = (gutter[0] + gutter[1]) / 2
    if line.right <= middle:
        return -1
    return 1 if line.left >= middle else 0


def _near(one: _Line, other: _Line) -> bool:
    return abs(other.top - one.bottom) < 2.5 * (one.bottom - one.top)


# --- Letters and digits that OCR takes for one another ---------------------------------------------------------------

_AS_DIGIT = str.maketrans("IlLiOoQ|]¡", "1111000111")
_TERM = re.compile(r"(?<=[A-ZĐ])[Il|\]](?=\d)")  # QHI5 → QH15: a Roman figure never stands before an Arabic one
_IN_DIGITS = re.compile(r"(?<=\d)[IlOo|\]](?=[\d/.,]|$)|(?<![\wÀ-ỹ])[IlLO|\]](?=\d)")
_SLASHES = re.compile(r"[/⁄∕]{2,}|[⁄∕]")
_ASSEMBLY = re.compile(r"(?<=[/V])[OQ0]H1?[1I]?(?P<term>\d|[Ss]\d?)S?(?!\w)")  # the National Assembly's QH11 … QH15
_CODE = re.compile(r"\d.*[/-]|[/-].*\d")
_DAY = re.compile(r"(?P<head>\b(?:ngày|tháng|năm)\s)(?P<figure>[\dIlLOo|\]]{1,4})(?=\s(?:tháng|năm)\b|[\s.,;]|$)")
_UNIT = re.compile(r"(?P<head>\b(?:[Đđ]iều|[Kk]hoản)\s)(?P<figure>[Il|\]])(?=[\s.,;:]|$)")
_ROMAN = re.compile(r"(?P<head>\b(?:khóa|khoá|thứ|[Cc]hương|[Pp]hần|[Mm]ục)\s)(?P<figure>[XIVLƯỬỰỪỮWU]{2,6})(?![\w])")
_AS_ROMAN = str.maketrans("ƯỬỰỪỮWU", "VVVVVVV")
_COPY = re.compile(r"(?<=[(\s])[bB]/[©€]c?(?=\)|[\s;.,]|$)")
_POINT = re.compile(r"(?P<head>\b[Đđ]iểm\s)[¡!|](?=[\s.,;:]|$)")


def mend_word(text: str) -> str:
    """Figures inside a word: "24/2022/UBTVQHI5" → "24/2022/UBTVQH15", "03/⁄2021" → "03/2021", "L0" → "10"."""
    if not any(letter.isdigit() for letter in text):
        return _one_case(text)
    if _CODE.search(text):
        text = _SLASHES.sub("/", text)
        text = _ASSEMBLY.sub(_assembly, _TERM.sub("1", text))
    return _IN_DIGITS.sub(lambda match: match[0].translate(_AS_DIGIT), text)


def _assembly(match: re.Match[str]) -> str:
    term = match["term"][-1].replace("S", "5").replace("s", "5")
    return f"QH1{term}" if match[0][2:3] in "1I" or len(match["term"]) > 1 else f"QH{term}"


def _one_case(text: str) -> str:
    """An accent on top makes a small letter look like a capital: "triỂn" → "triển"."""
    letters = text.strip('.,;:()“”"!?-')
    if letters[:1].islower() and not letters.islower() and is_syllable(letters) and not letters.isascii():
        inner = [letter for letter in letters if letter.isupper()]
        if all(not letter.isascii() for letter in inner):
            return text.replace(letters, letters.lower())
    return text


def mend_line(text: str) -> str:
    """Figures that only their neighbours tell: "khoản I Điều I" → "khoản 1 Điều 1", "ngày L0 tháng 8"."""
    text = _DAY.sub(lambda match: match["head"] + match["figure"].translate(_AS_DIGIT), text)
    text = _UNIT.sub(lambda match: match["head"] + "1", text)
    text = _ROMAN.sub(lambda match: match["head"] + match["figure"].translate(_AS_ROMAN), text)
    text = _COPY.sub("b/c", text)
    return _POINT.sub(lambda match: match["head"] + "i", text)

"""The words that two documents are compared by: one form for every way of writing the same thing.

Accents, case, tone style and punctuation are not compared: "thi đua - khen thưởng" is "Thi đua, khen thưởng". A date,
a number and a document's number are one word each, so "ngày 07/4/2014" is "07 tháng 4 năm 2014" and "01" is "1".
An abbreviation with one reading stands for its words: "UBND" is "Ủy ban nhân dân".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from kg.identifiers import fold
from search.abbreviations import ABBREVIATIONS
from search.analysis import folded, words
from search.lexicon import SYLLABLE

__all__ = ["Words", "is_syllable", "read_words"]

_TOKEN = re.compile(
    r"(?P<date>\d{1,2}(?:\s?[/.-]\s?\d{1,2}\s?[/.-]\s?|\s+th\w{0,2}ng\s+\d{1,2}(?:\s+n[aă]m\s+|\s?[/-]\s?))"
    r"\d{4}(?!\d)|(?<=ng )\d{1,2}(?:\s+n[aă]m\s+|\s?[/-]\s?)\d{4}(?!\d))|"
    r"(?P<document>\d{1,6}[A-ZĐ]?\s?[/-]\s?(?:\d{4}\s?[/-]\s?)?[A-ZĐƯ][A-ZĐƯa-z&.]{0,9}\d{0,2}"
    r"(?:\s?[/-]\s?[A-ZĐƯ][A-ZĐƯa-z0-9&]{0,9}){0,3}(?!\w))|"
    r"(?P<number>\d{1,15}(?:[.,]\d{1,9}){0,6})|"
    r"(?P<short>[A-ZĐƯ]{2}[A-ZĐƯa-z]{0,9}(?:[&,-][A-ZĐƯ]{2,6}){0,3}|T\.Ư)(?!\w)|"
    r"(?P<word>[^\W\d_]+)|"
    r"(?P<sign>[%‰&])"
)
_DAY = len("2014-04-07")
_DIGITS = re.compile(r"\d+")
_LETTERS = re.compile(r"[^\W\d_]+")
_BREAK = re.compile(r"[,;:.!?()\[\]“”\"\n]")
_MOST_EXPANDED = 8


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one stretch of text, in parallel rows.

    ``norms`` are the compared forms; ``starts`` and ``ends`` place each in the text (the words of an expanded
    abbreviation share one place); ``kinds`` are "word", "date", "year", "number" or "document"; ``breaks`` says
    whether punctuation stands before the word.
    """

    norms: list[str]
    starts: list[int]
    ends: list[int]
    kinds: list[str]
    breaks: list[bool]

    def __len__(self) -> int:
        return len(self.norms)

    def add(self, norm: str, start: int, end: int, kind: str, broken: bool) -> None:
        """Takes the next word in."""
        self.norms.append(norm)
        self.starts.append(start)
        self.ends.append(end)
        self.kinds.append(kind)
        self.breaks.append(broken)

    def extend(self, more: Words) -> None:
        """Takes the words of another stretch in."""
        self.norms.extend(more.norms)
        self.starts.extend(more.starts)
        self.ends.extend(more.ends)
        self.kinds.extend(more.kinds)
        self.breaks.extend(more.breaks)

    def forget(self) -> bool:
        """Drops the last word again and says whether punctuation stood before it."""
        for row in (self.norms, self.kinds):
            row.pop()
        self.starts.pop()
        self.ends.pop()
        return self.breaks.pop()


def read_words(text: str, start: int = 0, end: int | None = None) -> Words:
    """The words of ``text[start:end]``, offsets into ``text``: "đạt 9,0% năm 2023" → dat, 9, %, nam, 2023."""
    stop = len(text) if end is None else end
    plain = fold(text[start:stop])
    aligned = len(plain) == stop - start  # true for NFC text, which canonical text is
    table = _expansions()
    made = Words([], [], [], [], [])
    before = start
    for match in _TOKEN.finditer(text, start, stop):
        at, to = match.span()
        kind = match.lastgroup or "word"
        gap = text[before:at]
        broken = gap != " " and _BREAK.search(gap) is not None
        before = to
        if kind == "short":
            kind = "word"
            if (norms := table.get(match[0])) is not None:
                for norm in norms:
                    made.add(norm, at, to, kind, broken)
                    broken = False
                continue
            if not match[0].isalpha():  # "QP-AN" is two words
                for part in _LETTERS.finditer(text, at, to):
                    made.add(fold(part[0]), *part.span(), kind, broken)
                    broken = False
                continue
        if kind == "word":
            norm = plain[at - start : to - start] if aligned else fold(match[0])
        else:
            norm, kind = _valued(kind, match[0])
            if len(norm) == _DAY and made.norms and made.norms[-1] == "ngay":  # said or not, it is the same day
                broken = made.forget() or broken
        made.add(norm, at, to, kind, broken)
    if made.breaks:
        made.breaks[0] = True
    return made


def _valued(kind: str, printed: str) -> tuple[str, str]:
    """The compared form and the kind of a date, a number or a sign."""
    if kind == "date":
        figures = [int(figure) for figure in _DIGITS.findall(printed)]
        return "-".join(f"{figure:02d}" for figure in reversed(figures)), "date"
    if kind == "document":
        return re.sub(r"[\s/-]", "", printed).upper().lstrip("0"), "document"
    if kind == "sign":
        return ("va" if printed == "&" else printed), "word"
    if len(printed) == 4 and printed.isdigit() and 1900 <= int(printed) <= 2100:
        return printed, "year"
    return _number(printed), "number"


def _number(printed: str) -> str:
    """ "9,0" → "9", "3.150" → "3150", "07" → "7", "1.250,5" → "1250.5"."""
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?", printed):
        printed = printed.replace(".", "")
    if printed.count(",") == 1 and "." not in printed:
        printed = printed.replace(",", ".")
    if "." in printed and printed.count(".") == 1 and "," not in printed:
        printed = printed.rstrip("0").rstrip(".")
    return printed.lstrip("0") or "0"


@lru_cache(maxsize=1)
def _expansions() -> dict[str, tuple[str, ...]]:
    """Abbreviations with one reading of several words, as folded words."""
    found = {}
    for short, readings in ABBREVIATIONS.items():
        if len(readings) == 1:
            spelled = tuple(folded(words(readings[0])))
            if 1 < len(spelled) <= _MOST_EXPANDED:
                found[short] = spelled
    return found


@lru_cache(maxsize=1)
def _syllable() -> re.Pattern[str]:
    return re.compile(SYLLABLE)


@lru_cache(maxsize=16384)
def is_syllable(norm: str) -> bool:
    """Whether a folded word could be a Vietnamese syllable: "phong" yes, "toan" yes, "quc" no, "cacphong" no."""
    return _syllable().fullmatch(norm) is not None

"""The patterns of citations, built once from ``ingest.lexicon``.

All of them run over ``folded(text)``: the text without case, accents, look-alike letters and markdown marks, code
point for code point, so that offsets are offsets into the text. Every repetition is bounded, which keeps them linear.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from functools import lru_cache

from ingest.lexicon import (
    ABBREVIATED_KINDS,
    BODY_CONTINUATIONS,
    BODY_HEADS,
    BODY_STOPS,
    COMMA_CONTINUATIONS,
    DEIXIS,
    ENGLISH_KINDS,
    ENGLISH_MONTHS,
    KIND_QUALIFIERS,
    KIND_WORDS,
    OLD_STYLE_CODES,
    PART_WORDS,
    SERIES_CODES,
)
from kg.identifiers import LOOK_ALIKES, fold

__all__ = [
    "body_pattern",
    "citation_pattern",
    "continuation_pattern",
    "date_pattern",
    "folded",
    "one_line",
    "part_pattern",
    "read_date",
    "stop_pattern",
    "words_pattern",
]

_LOOSE = r"\s{0,4}"
_LINE_BREAKS = frozenset("\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029")


@lru_cache(maxsize=1)
def _folding() -> dict[int, str]:
    table = {code: fold(chr(code).translate(LOOK_ALIKES)) for code in (*range(0x250), *range(0x370, 0x530))}
    table |= {code: fold(chr(code)) for code in range(0x1E00, 0x1F00)}
    table |= {code: fold(chr(code).translate(LOOK_ALIKES)) for code in LOOK_ALIKES}
    table |= {
        ord(char): " " for char in "*_`\t\u00a0\u2002\u2003\u2007\u2009\u200a\u202f\u3000\u200b\u200c\u200d\ufeff"
    }
    table |= {ord(char): '"' for char in "“”„‟«»″"}
    table |= {ord(char): "\n" for char in _LINE_BREAKS}
    table |= {ord(char): fold(char) for char in "đĐƯưƠơ₫"}
    return {code: char for code, char in table.items() if len(char) == 1 and char != chr(code)}


def folded(text: str) -> str:
    """``text`` for matching: "QUYẾT ĐỊNH số **15/QĐ**" → "quyet dinh so   15/qd  ". Same length, same offsets."""
    return text.translate(_folding())


def one_line(text: str) -> str:
    """A printed phrase on one line, lost spaces mended: "BộChính\\ntrị" → "Bộ Chính trị"."""
    return re.sub(r"(?<=[a-zà-ỹđ])(?=[A-ZĐ][a-zà-ỹ])", " ", " ".join(re.sub(r"[*_`]+", " ", text).split()))


def _phrase(words: str, *, gap: str = r"\s{1,4}") -> str:
    return gap.join(re.escape(word) for word in words.split())


def alternatives(phrases: Iterable[str], *, gap: str = r"\s{1,4}") -> str:
    """An alternation of ``phrases``, longest first, with line breaks allowed between words."""
    return "|".join(_phrase(phrase, gap=gap) for phrase in sorted(set(phrases), key=lambda item: (-len(item), item)))


def _by_initial(phrases: Iterable[str], *, gap: str) -> str:
    """Like ``alternatives``, grouped by first letter: the engine then rules most positions out with one look."""
    groups: dict[str, list[str]] = {}
    for phrase in sorted(set(phrases), key=lambda item: (-len(item), item)):
        groups.setdefault(phrase[0], []).append(_phrase(phrase, gap=gap)[1:])
    return "|".join(f"{initial}(?:{'|'.join(rests)})" for initial, rests in sorted(groups.items()))


def _number() -> str:
    gap = r"\s{0,4}"
    # A code: "kh", "ubnd", "qh15", "nn&ptnt", "ubnd.hc". Which letters are capitals is checked on the text itself.
    code = (
        r"(?:(?:ubtv)?qh\s{1,2}\d{1,2}(?![\d/.])"
        r"|[a-z][a-z0-9]{0,23}(?:\s?&\s?[a-z0-9]{1,16}){0,4}(?:\.[a-z]{1,4}(?![a-z]))?)"
    )
    series = "|".join(sorted(SERIES_CODES, key=lambda item: (-len(item), item)))
    old = "|".join(sorted(OLD_STYLE_CODES, key=lambda item: (-len(item), item)))
    year = r"(?:(?:19|20)\d\d(?:\s{0,2}[/\-]\s{0,2}|(?=[a-z]{2,4}-)))?"
    state = rf"{gap}/{gap}{year}{code}(?:{gap}[/\-]{gap}{code}){{0,5}}(?:/(?:19|20)\d\d(?!\d))?"
    party = rf"(?:\s{{0,3}}-{gap}|\s{{0,2}})(?:{series}){gap}[/\-]{gap}{code}(?:{gap}[/\-]{gap}{code}){{0,3}}"
    dashed_year = rf"\s{{0,2}}-\s{{0,2}}(?:19|20)\d\d\s{{0,2}}[/\-]\s{{0,2}}(?:{series})\s{{0,2}}-\s{{0,2}}{code}"
    aged = rf"{gap}-{gap}(?:{old}|(?:qd|kh|ct|nq|tb|bc)(?:ubnd|hdnd))(?![a-z0-9])"
    return rf"\d{{1,6}}[a-z]?(?:{state}|{party}|{dashed_year}|{aged})"


@lru_cache(maxsize=1)
def citation_pattern() -> re.Pattern[str]:
    """The full pattern; runs over ``folded`` text.

    It finds "Chỉ thị số 34-CT/TW ngày 07/4/2014" (kind, mark, number, date), a number without a kind word (lone, alone,
    alone_date), "Đề án 02" (kind, bare), "Kế hoạch này" (kind, deixis) and every other kind word (kind).
    """
    kinds = _by_initial([*KIND_WORDS, *ENGLISH_KINDS], gap=r"\s{0,4}")
    short = _by_initial(ABBREVIATED_KINDS, gap="")
    qualifiers = alternatives(KIND_QUALIFIERS)
    mark = r"(?:so(?:\s{1,2}so)?|s|so\s{1,2}hieu|no)(?![a-z])\s{0,3}[:.]?|so(?=\d)"
    link = (
        rf"(?:\s{{1,4}}(?:{qualifiers})(?![a-z])){{0,2}}"
        rf"(?:\s{{0,4}}\(\s{{0,2}}[a-z]{{2,6}}(?:\s{{1,3}}[a-z]{{2,6}}){{0,2}}\s{{0,2}}\))?"
        rf"\s{{0,4}}(?P<open>\(\s{{0,2}})?(?P<mark>{mark})?\s{{0,6}}"
    )
    date, number = _date(), _number()
    deixis = alternatives({fold(word) for word in DEIXIS})
    bare = (
        r"(?P<bare>\d{1,5}[a-z]?(?:\s{0,2}/\s{0,2}(?:19|20)\d\d)?)(?![a-z0-9%°]|\s{0,2}[/%]|[.,]\d|\s{0,2}-\s{0,2}\d)"
    )
    end = r"(?:(?![a-z])|(?=so\s{0,3}:?\s{0,3}\d))"
    return re.compile(
        rf"(?<![a-z0-9])(?:"
        rf"(?P<kind>(?:{kinds}){end}|(?:{short})(?=\s{{1,3}}(?:so\s{{0,3}})?\d))"
        rf"(?:{link}(?P<number>{number})(?P<date>{date})?"
        rf"|\s{{1,4}}(?P<deixis>{deixis})(?![a-z])"
        rf"|(?P<bare_mark>\s{{0,4}}(?:so|s)(?![a-z])\s{{0,3}}:?)?\s{{1,6}}{bare})?"
        rf"|(?:(?P<lone>{mark})\s{{0,6}}|(?<![.,/+\-]))(?P<alone>{number})(?P<alone_date>{date})?"
        rf")"
    )


def _date() -> str:
    day, month, year = r"\d{1,2}", r"\d{1,2}", r"(?:19|20)\d\d(?!\d)"
    separator = r"\s{0,3}[/.\-]\s{0,3}"
    months = "|".join(ENGLISH_MONTHS)
    hour = r"\d{1,2}\s{0,2}(?:gio|[hg:])(?:\s{0,2}\d{1,2}(?:\s{0,2}phut)?)?[\s,]{1,4}"
    return (
        rf"[\s,;]{{0,4}}(?:"
        rf"(?:(?:vao\s{{1,2}})?(?:(?:hoi|luc)\s{{1,3}})?{hour})?(?:\(\s{{0,2}})?(?:de\s{{1,2}})?ngay(?:\s{{1,2}}ngay)?\s{{0,4}}(?:{day}{separator}{month}{separator}{year}"
        rf"|{day}\s{{0,4}},?\s{{0,4}}thang\s{{0,4}}{month}\s{{0,4}},?\s{{0,4}}nam\s{{0,4}}{year}"
        rf"|{day}{separator}{month}(?![\d/])"
        rf"|[. …]{{0,12}}thang[. …]{{1,12}}(?:{month}\s{{1,4}})?nam\s{{0,4}}{year})"
        rf"|{day}\s{{0,2}}[/\-]\s{{0,2}}{month}\s{{0,2}}[/\-]\s{{0,2}}{year}"
        rf"|{day}\s{{1,4}}thang\s{{1,4}}{month}\s{{1,4}}nam\s{{1,4}}{year}"
        rf"|thang\s{{0,4}}{month}(?:\s{{0,2}}[/\-]\s{{0,2}}|\s{{1,4}}nam\s{{1,4}}){year}"
        rf"|nam\s{{1,4}}{year}(?!\s{{0,2}}-)"
        rf"|(?:dated|of)\s{{1,4}}(?:{months})\s{{1,3}}{day}\s{{0,2}},\s{{0,3}}{year}"
        rf")"
    )


@lru_cache(maxsize=1)
def date_pattern() -> re.Pattern[str]:
    """A date right where it is tried: ", ngày 07 tháng 4 năm 2014", " năm 2025", " ngày 20/3"; over folded text."""
    return re.compile(_date())


def read_date(words: str) -> tuple[dt.date | None, int | None]:
    """(day, year) of a folded date phrase: "ngay 07/4/2014" → (2014-04-07, 2014); "nam 2025" → (None, 2025).

    Day first, always. A day that does not exist ("31/02/2024") leaves the year.
    """
    words = words[max(words.find("ngay"), 0) :]  # "hồi 14 giờ 30 ngày 21/7/2024"
    figures = [int(figure) for figure in re.findall(r"\d+", words)]
    for index, name in enumerate(ENGLISH_MONTHS, start=1):
        if name in words and len(figures) == 2:
            figures = [figures[0], index, figures[1]]
    if len(figures) == 3:
        try:
            return dt.date(figures[2], figures[1], figures[0]), figures[2]
        except ValueError:
            return None, figures[2]
    if figures and figures[-1] >= 1900:
        return None, figures[-1]
    return None, None


@lru_cache(maxsize=1)
def body_pattern() -> re.Pattern[str]:
    """The head of a body's name, at the place where it is tried."""
    return re.compile(rf"(?:{alternatives(BODY_HEADS, gap=_LOOSE)})(?![a-z])")


@lru_cache(maxsize=1)
def continuation_pattern() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """(words that go on inside a body's name, words that go on after a comma in it)."""
    return (
        re.compile(rf"(?:{alternatives(BODY_CONTINUATIONS)})(?![a-z])"),
        re.compile(rf"(?:{alternatives(COMMA_CONTINUATIONS)})(?![a-z])"),
    )


@lru_cache(maxsize=1)
def stop_pattern() -> re.Pattern[str]:
    """Where an issuer phrase ends; single syllables are checked again with their accents by the reader."""
    return re.compile(rf"(?:{alternatives([*BODY_STOPS, *(k for k in KIND_WORDS if ' ' in k)])})(?![a-z])")


@lru_cache(maxsize=1)
def part_pattern() -> re.Pattern[str]:
    """One step of a part reference: "khoản 10", "Điều 45", "điểm b, c", "Phụ lục III.1"."""
    words = alternatives(PART_WORDS)
    label = r"[a-z]{0,2}\d{1,4}[a-z]?(?:\.\d{1,3}){0,3}|[ivxlc]{1,6}(?:\.\d{1,2}){0,2}|[a-z](?![a-z])"
    between = r"(?:\s{0,2},\s{0,3}|\s{1,3}va\s{1,3}|\s{0,2}-\s{0,2})"
    return re.compile(
        rf"(?<![a-z])(?<!giai )(?:cac\s{{1,3}})?(?:{words})\s{{1,4}}(?:{label})"
        rf"(?:{between}(?:{label})(?![a-z])){{0,12}}"
    )


@lru_cache(maxsize=1)
def words_pattern() -> re.Pattern[str]:
    """One word of folded text."""
    return re.compile(r"[a-z0-9]+")

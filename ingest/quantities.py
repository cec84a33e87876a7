"""Numbers that measure something: a value, its unit, and the comparator that stands before or behind it.

"trên 136.711 bản" → ">", 136711, "bản"; "590 buổi … trở lên" → ">=" (when "trở lên" follows at once); "8,3 - 8,5%" → at
least 8.3. Numbers that name or order something (Điều 5, tháng 10, lần thứ 3) and numbers without a unit are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from ingest.factlexicon import COUNT_NOUNS, OTHER_UNITS, alternatives, pattern
from kg.model import Span

__all__ = ["Comparator", "Quantity", "find_quantities"]

Comparator = Literal["=", ">", ">=", "<", "<="]
_NUMBER = r"\d{1,3}(?:\.\d{3})+(?:,\d{1,4})?|\d{1,9}(?:,\d{1,4}|\.\d{1,2})?"
_COMPARATORS: dict[str, Comparator] = {
    "không quá": "<=", "không vượt quá": "<=", "không cao hơn": "<=", "không nhiều hơn": "<=", "tối đa": "<=",
    "nhiều nhất": "<=", "không dưới": ">=", "không thấp hơn": ">=", "không ít hơn": ">=", "ít nhất": ">=",
    "tối thiểu": ">=", "thấp nhất": ">=", "vượt trên": ">", "vượt mức": ">", "cao hơn": ">", "nhiều hơn": ">",
    "lớn hơn": ">", "vượt": ">", "trên": ">", "hơn": ">", "thấp hơn": "<", "ít hơn": "<", "nhỏ hơn": "<", "dưới": "<",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Quantity:
    """ "trên 86%": ``start`` at "trên", ``number`` the digits, of a range all of them, ``end`` after "%".

    ``comparator`` is None where none is said.
    """

    start: int
    number: Span
    end: int
    value: float
    unit: str | None
    comparator: Comparator | None


@lru_cache(maxsize=1)
def _quantity() -> re.Pattern[str]:
    units = alternatives((*COUNT_NOUNS, *OTHER_UNITS))
    return pattern(
        rf"(?<![\w.,/%])(?!(?:19|20)\d\d\s?-\s?\d)(?P<number>{_NUMBER})(?![\d/]|[.,]\d)"
        rf"(?P<range>\s?-\s?(?:{_NUMBER})(?=\s?%|\s[^\W\d]))?"
        rf"(?:\s?(?P<percent>%)|\s{{1,2}}(?P<unit>(?:{units})(?:/[^\W\d_]+){{0,2}})(?![\w/]|\s+số\b)"
        rf"|(?=\s*[,;.\n)]|\s*$))"
        r"(?P<more>\s+trở\s+lên|\s+trở\s+xuống)?"
    )


@lru_cache(maxsize=1)
def _before() -> re.Pattern[str]:
    words = "|".join(phrase.replace(" ", r"\s+") for phrase in sorted(_COMPARATORS, key=len, reverse=True))
    return pattern(rf"\b(?P<word>{words})(?:\s+(?:là|từ|khoảng|mức|tỷ\s+lệ))?\s*$")


@lru_cache(maxsize=1)
def _never() -> re.Pattern[str]:
    """Right before a number that names or orders something, or that is the end of a range or a code."""
    return pattern(
        r"\b(?:điều|khoản|điểm|mục|chương|phần|số|phụ\s+lục|thứ|khóa|kỳ|quý|tháng|năm|ngày|giai\s+đoạn"
        r"|nhiệm\s+kỳ"
        r"|bảng|mẫu|biểu"
        r"|hình|cấp|loại|nhóm|hạng|quốc\s+lộ|tỉnh\s+lộ|km|câu|trang|tổ|ấp|thôn|lô|phường|quận|khu\s+vực|bão|mã"
        r"|vùng|trong|gồm"
        r"|gồm\s+có|bộ|mức|stt|sau|lần)\s*$|[-/.,:]$|(?<!\d)\d{1,3}(?:[.,]\d+)?[ ]?-[ ]?$"
    )


def find_quantities(text: str, flat: str, start: int, stop: int) -> Iterator[Quantity]:
    """The quantities of ``text[start:stop]`` in text order; ``flat`` is the plain form of ``text``."""
    before, never = _before(), _never()
    for match in _quantity().finditer(flat, start, stop):
        at = match.start("number")
        window = flat[max(0, at - 40) : at]
        compared = before.search(window)
        percent, unit = match["percent"], match["unit"]
        if percent is None and unit is None and not (compared and _reaching(window[: compared.start()])):
            continue
        if compared is None and never.search(window):
            continue
        comparator: Comparator | None = _COMPARATORS[" ".join(compared["word"].split())] if compared else None
        if match["more"]:
            comparator = ">=" if "lên" in match["more"] else "<="
        elif match["range"] and comparator is None:
            comparator = ">="
        name = "%" if percent else " ".join(text[match.start("unit") : match.end("unit")].split()) if unit else None
        first = at - len(window) + compared.start() if compared else at
        number = Span(at, match.end("range" if match["range"] else "number"))
        yield Quantity(first, number, match.end(), _value(match["number"]), name, comparator)


def _reaching(said: str) -> bool:
    """A bare number is a quantity only as "đạt trên 2.800"."""
    return said.endswith("đạt ")


def _value(printed: str) -> float:
    """ "136.711" → 136711, "9,0" → 9.0, "74.6" → 74.6, "01" → 1: dots between groups of three, a comma is decimal."""
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?", printed):
        printed = printed.replace(".", "")
    return float(printed.replace(",", "."))

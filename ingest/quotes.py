"""The sentence around a mention: what a reader is shown as evidence."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, overload

from kg.model import CanonicalText, Citation, Span
from kg.works import Quote

__all__ = ["QuoteCutter", "Quotes"]

_LONGEST = 420  # code points; a longer sentence is cut at clause marks around the mention
_BEFORE = 260


@lru_cache(maxsize=1)
def _sentence_end() -> re.Pattern[str]:
    # A full stop ends a sentence only before a space and a capital, quote, bracket or dash, so "30/2020." is whole;
    # "TT. Tỉnh ủy" and other abbreviations of up to three capitals are excluded by the look-behind.
    return re.compile(
        r"(?<![\s(][A-ZĐ])(?<!\b[A-ZĐ][A-ZĐa-z])(?<!\b[A-ZĐ]{3})[.?!…]+[”\"»)]*\s+(?=[“\"(\-–+A-ZÀ-ỸĐ])|\n"
    )


class QuoteCutter:
    """Cuts quotes out of one text; the sentence ends are found once, when first needed."""

    def __init__(self, text: CanonicalText) -> None:
        self._text = text
        self._ends: list[int] | None = None

    def sentence(self, start: int, end: int) -> Span:
        """The sentence that holds [start, end), without surrounding white space, at most about 420 code points."""
        text = self._text.text
        if self._ends is None:
            self._ends = [match.end() for match in _sentence_end().finditer(text)]
        ends = self._ends
        before = bisect_right(ends, start)
        left = ends[before - 1] if before else 0
        after = bisect_left(ends, end)
        right = ends[after] if after < len(ends) else len(text)
        if right - left > _LONGEST:
            left, right = self._narrow(left, start, end, right)
        piece = text[left:right]
        return Span(left + len(piece) - len(piece.lstrip()), left + len(piece.rstrip()))

    def _narrow(self, left: int, start: int, end: int, right: int) -> tuple[int, int]:
        text = self._text.text
        floor = max(left, start - _BEFORE)
        if floor > left:
            semicolon = text.rfind(";", floor, start)
            space = text.find(" ", floor, start)
            floor = semicolon + 1 if semicolon >= 0 else (space + 1 if space >= 0 else floor)
        ceiling = min(right, max(end, floor + _LONGEST))
        if ceiling < right:
            semicolon = text.find(";", end, ceiling)
            space = text.rfind(" ", end, ceiling)
            ceiling = semicolon if semicolon >= 0 else (space if space >= 0 else ceiling)
        return floor, ceiling

    def quote(self, mention: Span, *, place: str = "body", cue: str | None = None, confidence: float = 1.0) -> Quote:
        """The evidence for what stands at ``mention``."""
        span = self.sentence(mention.start, mention.end)
        return Quote(
            text_sha256=self._text.sha256,
            span=span,
            text=span.of(self._text.text),
            mention=mention,
            page=self._text.page_of(mention.start),
            place=place,
            cue=cue,
            confidence=confidence,
        )

    def cite(self, citation: Citation) -> Quote:
        """The evidence for one citation."""
        quote = self.quote(citation.span, place=citation.place, cue=citation.cue, confidence=citation.confidence)
        return replace(quote, part=citation.part)


@dataclass(frozen=True, slots=True, eq=False)
class Quotes(Sequence[Quote]):
    """Quotes that are cut when somebody asks for them and are not kept: only the ``places`` to ``cut`` are."""

    cut: Callable[[Any], Quote]
    places: tuple[Any, ...]

    def __len__(self) -> int:
        return len(self.places)

    @overload
    def __getitem__(self, at: int) -> Quote: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Quote]: ...
    def __getitem__(self, at: int | slice) -> Quote | Sequence[Quote]:
        return Quotes(self.cut, self.places[at]) if isinstance(at, slice) else self.cut(self.places[at])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(self.places)

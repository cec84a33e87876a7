"""Quoted phrases, however they were typed: “…”, "…", «…», „…”, with a closing mark missing or quotes inside quotes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kg.model import Span

__all__ = ["Quoted", "quoted_phrases"]

_LONGEST = 700  # a campaign's theme with its anniversaries is long
_CLOSERS = {"“": "”", "„": "“”", "«": "»", '"': '"', "‘": "’"}


@dataclass(frozen=True, slots=True)
class Quoted:
    """What stands between two quotation marks; ``outer`` includes them, or ends with the clause if one is missing."""

    inner: Span
    outer: Span


def quoted_phrases(text: str) -> Iterator[Quoted]:
    """Quoted phrases of one paragraph each. "“A; “B”": the first lacks its closing mark and ends at the semicolon."""
    position = 0
    opener = re.compile('[“„«"]|‘(?=\\w)')
    while match := opener.search(text, position):
        start, mark = match.end(), match[0]
        limit = min(len(text), start + _LONGEST)
        newline = text.find("\n", start, limit)
        limit = newline if newline >= 0 else limit
        close = re.compile(f"[{_CLOSERS[mark]}]").search(text, start, limit)
        again = text.find(mark, start, close.start() if close else limit) if mark != '"' else -1
        if close and again < 0:
            end, outer = close.start(), close.end()
        else:
            broken = re.compile(r"[;.,:]?\s*[“„«]|[;.]\s|\n").search(text, start, limit)
            nested = close and again >= 0 and not (broken and re.match(r"[;.,:]", text[broken.start()]))
            if nested:
                second = text.find(_CLOSERS[mark][0], close.end() if close else start, limit)
                end = second if second >= 0 else (close.start() if close else limit)
                outer = end + 1
            else:
                end = outer = broken.start() if broken else limit
        if text[start:end].strip(' *_“”"«»,.;:'):
            yield Quoted(Span(start, end), Span(match.start(), min(outer, len(text))))
        position = max(outer, match.end())

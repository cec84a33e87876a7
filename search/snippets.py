"""What is shown of a passage: the window where the words of the query stand, and where to highlight."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kg.identifiers import fold
from search.analysis import Query, folded, tidy

__all__ = ["highlights", "window"]

_WORD = re.compile(r"\w+")
_COMMON_WORDS = (
    "và của các cho đến trong theo tại về từ khi được có là những ở do thì mà với này một để không bị bởi cũng như"
)
_COMMON = frozenset(_COMMON_WORDS.split())


def highlights(text: str, query: Query) -> tuple[tuple[int, int], ...]:
    """Ranges of ``text`` that are words of the query; neighbours are joined to one range.

    Accents count when the query has any. A word that every text holds ("của") is marked only between two others.
    """
    accented = query.accented
    spelled = tidy(text)
    plain = spelled if accented else fold(text)
    if (
        not len(plain) == len(spelled) == len(text)
    ):  # text that is not NFC, or a letter whose lower case is longer: offsets would lie
        return ()
    wanted = set(query.words if accented else folded(list(query.words)))
    for expansion in query.expansions:
        wanted.update(expansion.words if accented else folded(list(expansion.words)))
    found: list[tuple[int, int]] = []
    last = 0  # where the run of matching words that may still grow ends; 0 when a stranger came between
    for match in _WORD.finditer(plain):
        if match[0] not in wanted:
            last = 0
        elif spelled[match.start() : match.end()] not in _COMMON:
            if found and last and not any(letter in ".;:!?\n" for letter in text[found[-1][1] : match.start()]):
                found[-1] = (found[-1][0], match.end())
            else:
                found.append((match.start(), match.end()))
            last = match.end()
    return tuple(found)


def window(text: str, marks: Sequence[tuple[int, int]], width: int = 320) -> tuple[int, int]:
    """The range of about ``width`` letters that holds most highlighted letters, cut at spaces."""
    if len(text) <= width:
        return 0, len(text)
    best, best_start = -1, 0
    for mark_start, _ in marks or ((0, 0),):
        start = max(0, min(mark_start - width // 6, len(text) - width))
        covered = sum(end - begin for begin, end in marks if begin >= start and end <= start + width)
        if covered > best:
            best, best_start = covered, start
    start = best_start
    if start:
        start = text.find(" ", start) + 1 or start
    end = min(len(text), best_start + width)
    if end < len(text):
        end = max(text.rfind(" ", start, end), start + 1)
    return start, end

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


_STOPS = frozenset(".;:!?\n")


def highlights(text: str, query: Query) -> tuple[tuple[int, int], ...]:
    """Ranges of ``text`` that are words of the query; neighbours are joined to one range.

    Accents count when the query has any. Without, a word that is another one by its accents ("thị" for "thi dua") is
    marked only beside others. A word that every text holds ("của") is marked only between two others, another way to
    say a part of the query ("Chỉ thị" for "CT") only where at least half of it stands together.
    """
    spelled = tidy(text)
    plain = fold(text)
    if not len(plain) == len(spelled) == len(text):
        return ()  # text that is not NFC, or a letter whose lower case is longer: offsets would lie
    places = [match.span() for match in _WORD.finditer(spelled)]
    said = [spelled[start:end] for start, end in places]
    sure = _sure(said, query)
    loose = frozenset() if query.accented else frozenset(folded(list(query.words)))
    found: list[tuple[int, int]] = []
    run: list[int] = []

    def close() -> None:
        while run and said[run[-1]] in _COMMON:
            run.pop()
        if len(run) > 1 or any(sure[place] for place in run):
            found.append((places[run[0]][0], places[run[-1]][1]))
        run.clear()

    for place, (start, end) in enumerate(places):
        if run and not _STOPS.isdisjoint(text[places[place - 1][1] : start]):
            close()
        if not (sure[place] or plain[start:end] in loose):
            close()
        elif run or said[place] not in _COMMON:
            run.append(place)
    close()
    return tuple(found)


def _sure(said: Sequence[str], query: Query) -> list[bool]:
    """Which words of a text are words of the query beyond doubt, alone or as a part of another way to say it."""
    wanted = {*query.words, *query.restored}
    marks = [word in wanted for word in said]
    joined = f" {' '.join(said)} "
    for expansion in query.expansions:
        needed = max(min(2, len(expansion.words)), -(-len(expansion.words) // 2))
        for start in range(len(expansion.words) - needed + 1):
            phrase = f" {' '.join(expansion.words[start : start + needed])} "
            at = joined.find(phrase)
            while at >= 0:
                first = joined.count(" ", 0, at)
                marks[first : first + needed] = [True] * needed
                at = joined.find(phrase, at + 1)
    return marks


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

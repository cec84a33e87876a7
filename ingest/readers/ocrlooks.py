"""A second look at what a page must not lose: figures in dates and in document numbers.

A word list does not help OCR with figures, and slanted ones are read as letters ("ngày TI tháng ồ"). Doubtful ones are
cut out with the words around them and read again at other sizes; the reading that most looks agree on counts.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ingest.readers.ocr import DPI, Word, as_png, recognise
from ingest.readers.ocrtext import mend_word
from kg.identifiers import fold

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["as_figures", "second_look"]

_SCALES = (0.6, 0.8)
"""Letters of some twenty pixels are read best when there is little context."""
_DOUBT = 88.0
_DATE_DOUBT = 75.0
_MOST = 14
_PAD = 14

_FIGURES = str.maketrans(
    {
        **dict.fromkeys("IlLiTtÌÍìíỊịJj|!]¡[", "1"), **dict.fromkeys("OoQDđĐ°", "0"), **dict.fromkeys("Zz", "2"),
        **dict.fromkeys("SsŠšöồổỗốôỡởÖỒỔỐB§&", "8"), **dict.fromkeys("gq", "9"), **dict.fromkeys("bó", "6"),
    }
)  # fmt: skip
_NUMBER = re.compile(r"(?=.*\d)\S*\d\S*[/-]\S+")
_DATE_SLOTS = re.compile(r"ng\S{1,2}y\s+(?P<day>\S{1,3})\s+th\S{1,2}ng\s+(?P<month>\S{1,3})\s+n\S{1,2}m", re.I)


@dataclass(frozen=True, slots=True)
class _Look:
    """Words ``first``–``last`` of a page to be read again; ``at`` are the ones in doubt."""

    first: int
    last: int
    at: tuple[int, ...]
    kind: str


def as_figures(text: str) -> str | None:
    """A word that must be a day or a month as figures: "TI" → "11", "ồ" → "8"; None for what cannot be one."""
    plain = text.strip(".,;:/()")
    figures = plain.translate(_FIGURES)
    return figures if figures.isdigit() and 1 <= len(figures) <= 2 else None


def second_look(image: Image, words: Sequence[Word]) -> list[Word]:
    """``words`` with doubtful figures as several looks agree on them."""
    looks = [*_dates(words), *_numbers(words)][:_MOST]
    if not looks:
        return list(words)
    read = [_stack(image, words, looks, scale) for scale in _SCALES]
    out = list(words)
    for index, look in enumerate(looks):
        seen = [lines[index] for lines in read]
        if look.kind == "number":
            _vote(out, look.at[0], [_number_in(line) for line in seen], mend_word)
        else:
            slots = [match for line in seen if (match := _DATE_SLOTS.search(line))]
            for place, name in zip(look.at, ("day", "month"), strict=True):
                _vote(out, place, [as_figures(match[name]) for match in slots], _day_figures)
    return out


def _dates(words: Sequence[Word]) -> list[_Look]:
    found = []
    for at in range(len(words) - 4):
        if words[at].text[:1] not in "nN" or fold(words[at].text) != "ngay":
            continue
        if fold(words[at + 2].text) != "thang" or not fold(words[at + 4].text).startswith("nam"):
            continue
        slots = (words[at + 1], words[at + 3])
        if any(not slot.text.isdigit() or slot.confidence < _DATE_DOUBT for slot in slots):
            found.append(_Look(at, min(at + 5, len(words) - 1), (at + 1, at + 3), "date"))
    return found


def _numbers(words: Sequence[Word]) -> list[_Look]:
    return [
        _Look(max(at - 1, 0) if words[max(at - 1, 0)].place == word.place else at, at, (at,), "number")
        for at, word in enumerate(words)
        if word.confidence < _DOUBT and _NUMBER.fullmatch(word.text) and len(word.text) > 5
    ]


def _stack(image: Image, words: Sequence[Word], looks: Sequence[_Look], scale: float) -> list[str]:
    """What each look reads when all are set under one another in one picture."""
    from PIL import Image as images

    pieces = []
    for look in looks:
        some = [word for word in words[look.first : look.last + 1] if word.place == words[look.first].place]
        box = (
            max(min(word.left for word in some) - _PAD, 0), max(min(word.top for word in some) - _PAD, 0),
            min(max(word.right for word in some) + _PAD, image.width),
            min(max(word.bottom for word in some) + _PAD, image.height),
        )  # fmt: skip
        piece = image.crop(box)
        size = (max(round(piece.width * scale), 1), max(round(piece.height * scale), 1))
        pieces.append(piece.resize(size, images.Resampling.LANCZOS))
    gap = 30
    sheet = images.new("L", (max(piece.width for piece in pieces) + 2 * gap, sum(piece.height + gap for piece in pieces) + gap), 255)  # fmt: skip  # noqa: E501
    tops = []
    y = gap
    for piece in pieces:
        sheet.paste(piece, (gap, y))
        tops.append(y)
        y += piece.height + gap
    lines: list[list[Word]] = [[] for _ in pieces]
    for word in recognise(as_png(sheet), dpi=DPI, mode=6):
        middle = (word.top + word.bottom) / 2
        row = max((index for index, top in enumerate(tops) if top - gap / 2 <= middle), default=0)
        lines[row].append(word)
    return [" ".join(word.text for word in sorted(line, key=lambda word: word.left)) for line in lines]


def _number_in(line: str) -> str | None:
    match = next((token for token in reversed(line.split()) if _NUMBER.fullmatch(token)), None)
    return mend_word(match) if match else None


def _day_figures(text: str) -> str:
    return as_figures(text) or text


def _vote(out: list[Word], at: int, readings: Sequence[str | None], mend: Callable[[str], str]) -> None:
    """Puts the reading that most looks agree on in place; the first one where none has a second."""
    word = out[at]
    tail = word.text[len(word.text.rstrip(".,;:)")) :]
    first = mend(word.text[: len(word.text) - len(tail)] if tail else word.text)
    votes = Counter([first, *(reading.rstrip(".,;:)") for reading in readings if reading)])
    best, count = votes.most_common(1)[0]
    chosen = best if count > 1 or votes[first] == 0 else first
    out[at] = replace(word, text=chosen + tail)

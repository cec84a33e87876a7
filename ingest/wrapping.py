"""When is a line break a wrap, and when does a paragraph end?

``Wrapping`` looks at a whole file first (how wide its lines run, whether blank lines stand between paragraphs or
between all lines) and then answers for each pair of neighbouring lines. It is told text without markdown marks.
The rule where both answers are possible: a heading glued to prose is worse than a paragraph cut at a sentence end,
and a sentence cut in the middle is worst of all.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence

from ingest.lines import (
    ACTORS,
    BEFORE_NAMES,
    BLANK,
    BODY_OPENS,
    BULLETS,
    CAPS_CONNECTIVES,
    CODE_HEAD,
    CONNECTIVES,
    DATELINE,
    FOOTNOTE,
    HARD,
    KEEP_NUMBER_WITH,
    LETTERED,
    NAME_GOES_ON,
    NUMBERED,
    OPENERS,
    ORDINAL,
    PERSON,
    PLACE_AND_DAY,
    PLACE_HEAD,
    RUNS_ON,
    SENTENCE_ENDS,
    SOFT,
    UNFINISHED_NAME,
    WIDE,
    Line,
    cuts_name,
    enacts,
    finished,
    is_caps_line,
    last_word,
    parts_of_nation,
    stands_alone,
    starts_unit,
)

__all__ = ["Wrapping"]

_SAMPLE = 120
"""So many sure wraps tell how wide a file's lines run."""


WIDEST = 180
"""Code points beyond which a line cannot have been printed on one line of A4 (about 100 in 13-point type)."""


def _total(a: Line, b: Line, measure: Callable[[str], int]) -> int:
    return measure(a.text + " " + b.text.partition(" ")[0])


def _sure_wraps(lines: Sequence[Line]) -> list[tuple[Line, Line, bool]]:
    """Pairs that can only be wraps (no end mark, then a small letter); the flag: the first is its paragraph's first."""
    sure: list[tuple[Line, Line, bool]] = []
    previous: Line | None = None
    fresh = True
    for line in lines:
        if previous is not None:
            text = line.text
            if (
                line.gap != HARD
                and text[0].islower()
                and text[1:2] not in (")", ".")
                and previous.text[-1] not in SENTENCE_ENDS
            ):
                sure.append((previous, line, fresh))
                fresh = False
                if len(sure) >= 2000:
                    break
            else:
                fresh = line.gap != SOFT or previous.text[-1] in SENTENCE_ENDS or starts_unit(text)
        previous = line
    return sure


class Wrapping:
    """How the lines of one file are wrapped; ``joins(a, b)`` says whether ``b`` goes on where ``a`` stopped."""

    def __init__(self, lines: Sequence[Line]) -> None:
        sure = _sure_wraps(lines)
        inner = [(a, b) for a, b, fresh in sure if not fresh and not a.cell][:_SAMPLE]
        if len(inner) < 5:
            inner = [(a, b) for a, b, _ in sure if not a.cell][:_SAMPLE]
        self._width: Callable[[str], int] = len
        self.full_at = 72
        """A line that would have passed this width with the next word is taken as full."""
        if len(inner) >= 5:
            by_length, by_type = (sorted(_total(a, b, measure) for a, b in inner) for measure in (len, _type_width))
            low, middle = len(inner) // 20, len(inner) // 2
            if by_type[low] * by_length[middle] > by_length[low] * by_type[middle]:
                self._width, by_length = _type_width, by_type
            self.full_at = max(by_length[low], by_length[middle] * 7 // 10)
        blank, wider = sum(b.gap != SOFT for _, b in inner), sum(b.gap == WIDE for _, b in inner)
        wide = len(inner) >= 5 and sum(len(a.text) > 160 for a, _ in inner) * 2 > len(inner)
        self._near = SOFT
        if len(inner) >= 5 and blank * 2 > len(inner) and not wide:
            self._near = WIDE if wider * 2 > len(inner) else BLANK
        # In web pages whose source was wrapped with its tags, first lines break early, each near one of few widths.
        early = sorted(_total(a, b, len) for a, b, fresh in sure if fresh or a.cell)
        usual = sum(len(a.text) for a, _ in inner) / (len(inner) or 1)
        self._early = [total for total in early if total < 0.8 * usual]
        if len(self._early) < 4 or len(self._early) * 8 < len(early):
            self._early = []

    def _full(self, a: Line, b: Line, share: float = 1.0) -> bool:
        """Whether ``a`` reached the margin. A line longer than paper is wide is a paragraph that nobody wrapped."""
        return len(a.text) <= WIDEST and _total(a, b, self._width) >= self.full_at * share

    def _broken_early(self, a: Line, b: Line) -> bool:
        if not self._early:
            return False
        total = _total(a, b, len)
        return bisect_right(self._early, total + 3) - bisect_left(self._early, total - 3) >= 2

    def joins(self, a: Line, b: Line, *, fresh: bool = False, titled: bool = False) -> bool:
        """True when the break between ``a`` and ``b`` is a wrap.

        ``fresh``: ``a`` is the first line of its paragraph. ``titled``: that paragraph follows the bare kind of a
        document, so it is a title.
        """
        if b.gap == HARD or a.heading or b.heading or (b.bold and not a.open and not b.text[0].islower()):
            return False
        text, last = a.text, a.text[-1]
        first = b.text[0]
        near = b.gap <= self._near
        if text in BULLETS or (len(text) <= 4 and text[-1] in ".)" and starts_unit(text + " x")):
            return not starts_unit(b.text)  # a bullet or number whose text stands on the next line
        end = finished(text)
        if first.islower():
            if LETTERED.match(b.text):
                return not end and last not in "," and self._full(a, b) and b.text[1:2] == "."
            if end:
                return near and self._full(a, b)
            if is_caps_line(text) and " " in text and not a.open:
                return b.gap == SOFT and last_word(text) in CAPS_CONNECTIVES
            return not stands_alone(text) or RUNS_ON.match(text) is not None or (a.open and b.gap == SOFT)
        if first.isdigit():
            return self._joins_number(a, b, end, near)
        if first in BULLETS:
            return self._joins_dash(a, b, end)
        if first.isalpha():
            return self._joins_capital(a, b, end, near, fresh=fresh, titled=titled) or _name_goes_on(a, b, end, near)
        if first in "“\"‘'«":
            if end:
                return end not in ":" and near and self._full(a, b)
            return not is_caps_line(text) and near
        if first in "([":
            if FOOTNOTE.match(b.text):
                return not end and near and not stands_alone(text) and self._full(a, b)
            return (
                not end
                and not OPENERS.match(b.text)
                and near
                and not (is_caps_line(text) and " " in text)
                and not stands_alone(text)
            )
        return near or not end  # "./.", ")", "%": what closes or goes on

    def _joins_number(self, a: Line, b: Line, end: str, near: bool) -> bool:
        if a.text.lower() in ("số:", "số"):
            return True
        if NUMBERED.match(b.text):
            return not end and last_word(a.text) in KEEP_NUMBER_WITH
        if end:
            return end not in ":" and near and self._full(a, b)
        if near and last_word(a.text) in ("năm", "tháng", "ngày"):
            return True
        if is_caps_line(a.text) and " " in a.text and not is_caps_line(b.text):
            return False
        if stands_alone(a.text) and not a.open:
            return False
        if len(b.text) <= 12 and not a.open and len(a.text) * 2 < 72 and " " not in b.text:
            return last_word(a.text) in KEEP_NUMBER_WITH  # a figure alone: rather a cell than a sentence
        return near or last_word(a.text) in KEEP_NUMBER_WITH

    def _joins_dash(self, a: Line, b: Line, end: str) -> bool:
        rest = b.text[1:].lstrip()
        if not rest:
            return False
        if end or a.text[-1] in ",":
            return False
        if b.text[0] in "-–—":
            if rest[0].isdigit() or (rest[0].islower() and self._full(a, b)):
                return not is_caps_line(a.text) or rest[0].isdigit()
            if b.text[1:2] != " " and (
                a.text[-1].isdigit() or last_word(a.text)[-1:].isupper() or "/" in last_word(a.text)
            ):
                return True
            return is_caps_line(a.text) and is_caps_line(b.text) and b.gap == SOFT and self._full(a, b)
        return False

    def _joins_capital(self, a: Line, b: Line, end: str, near: bool, *, fresh: bool, titled: bool) -> bool:
        text = a.text
        if text[-1] in "-–/" and near and CODE_HEAD.search(text):
            return True
        if stands_alone(b.text):
            return near and DATELINE.fullmatch(b.text) is not None and self._begins_place(a, b, fresh)
        if PLACE_AND_DAY.match(b.text):
            return False
        word = last_word(text)
        if starts_unit(b.text):
            if end or not near or is_caps_line(text):
                return False
            return word in CONNECTIVES or (
                self._full(a, b) and not ORDINAL.match(b.text) and b.text[0] not in "IVX" and "." not in b.text[:8]
            )
        if OPENERS.match(b.text) and not (a.open and not end):
            return text[-1] == "," or (not end and near and word in CONNECTIVES and not b.text.startswith("Căn cứ"))
        caps, caps_b = is_caps_line(text), is_caps_line(b.text)
        if caps and caps_b and near and (parts_of_nation(text, b.text) or cuts_name(text, b.text)):
            return True
        if caps and (" " in text or not text[-1].isalpha() or not near):
            return self._joins_title(a, b, end, near, caps_b=caps_b, titled=titled)
        if caps and caps_b and near:  # "PHÂN / CẤP THẨM QUYỀN": a title cut after its first word
            cut = (titled and not enacts(b.text)) or (a.open and b.gap == SOFT)
            return cut and len(text) > 1 and not stands_alone(text)
        if end:
            return end not in ":" and not caps_b and near and not ACTORS.match(b.text) and self._full(a, b)
        if caps_b and " " in b.text and not a.open:
            return near and self._full(a, b) and len(b.text) < 20
        if stands_alone(text) and not a.open:
            return RUNS_ON.match(text) is not None and near and (self._full(a, b) or self._broken_early(a, b))
        if a.open and b.gap == SOFT:
            return True
        if text[-1] == "," or word in CONNECTIVES or text.count("(") > text.count(")"):
            return True
        if near and word in BEFORE_NAMES and (self._full(a, b, 0.75) or NAME_GOES_ON.match(b.text)):
            return True
        if not near or a.bold:
            return False
        if self._full(a, b):
            return True
        if fresh and PERSON.fullmatch(text):
            return False  # a signer's name; what follows is another matter
        if titled and self._width(b.text) < self.full_at * 0.8 and not BODY_OPENS.match(b.text):
            return True  # centred lines of a title break where they please
        if fresh and starts_unit(text):
            return self._full(a, b, 0.94)
        return self._full(a, b, 0.85) or ((fresh or a.cell) and self._broken_early(a, b))

    @staticmethod
    def _begins_place(a: Line, b: Line, fresh: bool) -> bool:
        if stands_alone(a.text) or is_caps_line(a.text):
            return False
        if a.open and b.gap == SOFT:
            return True
        return fresh and len(a.text) <= 22 and PLACE_HEAD.fullmatch(a.text) is not None

    def _joins_title(self, a: Line, b: Line, end: str, near: bool, *, caps_b: bool, titled: bool) -> bool:
        """``a`` is all capitals, of two words or more."""
        if stands_alone(a.text) and not a.open:
            return False
        if not caps_b:
            return b.gap == SOFT and not end and a.open
        if not near or (end and not (titled and end == ";")):
            return False
        word = last_word(a.text)
        if word in CAPS_CONNECTIVES or (b.gap == SOFT and a.open):
            return True
        if enacts(b.text):
            return False
        if titled:
            return True
        return not a.bold and self._full(a, b, 0.93)


# Advance widths of the type that administrative papers are set in, in thousandths of an em.
_WIDTHS = {
    250: " .,", 278: ";:ijlt/", 333: "frI-()", 389: "sJ", 444: "ceaz“”", 556: "FPS", 611: "ETLZ",
    667: "BCR", 722: "wADGHKNOQUVXYĐ", 778: "m", 833: "%", 889: "M", 944: "W",
}  # fmt: skip


class _Advances(dict[str, int]):
    def __missing__(self, character: str) -> int:
        self[character] = width = _BASE_WIDTHS.get(unicodedata.normalize("NFD", character)[0], 500)
        return width


_BASE_WIDTHS = {character: width for width, characters in _WIDTHS.items() for character in characters}
_ADVANCES = _Advances()


def _type_width(text: str) -> int:
    return sum(map(_ADVANCES.__getitem__, text))


def _name_goes_on(a: Line, b: Line, end: str, near: bool) -> bool:
    """Whether a line ends inside a body's name: "Chánh Văn phòng / UBND tỉnh", "Giao Sở Công / Thương"."""
    return (
        near
        and not end
        and not is_caps_line(a.text)
        and UNFINISHED_NAME.search(a.text) is not None
        and not starts_unit(b.text)
        and not stands_alone(b.text)
    )

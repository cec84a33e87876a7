"""Text into the tokens that are indexed and searched: words, folded words, pairs, abbreviations.

One reading for documents and queries: Vietnamese syllables and numbers, lower case, one way of placing the tone
("ủy" = "uỷ"). The accent-sensitive form tells "dân" from "dạn"; the folded form serves those who type without accents.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from kg.identifiers import fold
from search.abbreviations import ABBREVIATIONS
from search.lexicon import FILTER_WORDS, SYLLABLE, TONE_PLACEMENT

__all__ = [
    "Expansion",
    "Query",
    "expansions",
    "folded",
    "has_accents",
    "pairs",
    "parse_query",
    "plain_letters",
    "tidy",
    "words",
]

_WORD = re.compile(r"\w+")
_SYLLABLE = re.compile(SYLLABLE)
_ACCENT = re.compile(r"[^\W\d_a-z]", re.IGNORECASE)
_LONGEST_QUERY = 2_000  # letters of a pasted passage that are read
_MOST_WORDS = 64  # of a query; more only costs time
_LONGEST_PHRASE = 14  # syllables of the longest phrase that has an abbreviation
_MOST_SHORT = 2  # syllables in a query all in capitals, up to which they may be abbreviations
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_UNSEEN = dict.fromkeys((0xAD, *range(0x200B, 0x2010), 0x2060, 0xFEFF))


def tidy(text: str) -> str:
    """NFC, lower case, the tone in one place: "Uỷ ban", "Ủy ban" → "uỷ ban". Not for offsets: for tokens only."""
    text = unicodedata.normalize("NFC", text).lower()
    for old, new in TONE_PLACEMENT.items():
        if old in text:
            text = text.replace(old, new)
    return text


def plain_letters(typed: str) -> str:
    """What was typed or pasted, in the letters that texts are held in: NFC, no full-width or invisible signs."""
    return unicodedata.normalize("NFC", typed).translate(_WIDE).translate(_UNSEEN)


def words(text: str) -> list[str]:
    """The accent-sensitive tokens: "34-CT/TW, Ủy ban" → ["34", "ct", "tw", "uỷ", "ban"]."""
    return _WORD.findall(tidy(text))


def folded(tokens: list[str]) -> list[str]:
    """The same tokens without accents, đ→d: ["uỷ", "ban"] → ["uy", "ban"]."""
    return fold(" ".join(tokens)).split(" ") if tokens else []


def pairs(tokens: list[str]) -> list[str]:
    """Each two neighbours as one token: ["thi", "dua", "khen"] → ["thi_dua", "dua_khen"]."""
    return [f"{left}_{right}" for left, right in pairwise(tokens)]


def has_accents(text: str) -> bool:
    """True when ``text`` holds a letter that is not plain a-z: "kế hoach" yes, "ke hoach" no."""
    return _ACCENT.search(text) is not None


@dataclass(frozen=True, slots=True)
class Expansion:
    """Another way to say a part of the query, as words: "BHYT" → ("bảo", "hiểm", "y", "tế").

    ``start`` and ``end`` are the places of the replaced words in the query; ``weight`` falls with the number of
    readings ("TT" has four).
    """

    start: int
    end: int
    words: tuple[str, ...]
    weight: float


@dataclass(frozen=True, slots=True)
class _Abbreviations:
    readings: dict[tuple[str, ...], tuple[tuple[str, ...], ...]]
    """From the folded words of an abbreviation to the words of each reading."""
    written: dict[tuple[str, ...], tuple[tuple[str, ...], ...]]
    """From the folded words of a reading to the words of its abbreviations."""
    syllables: frozenset[tuple[str, ...]]
    """Abbreviations that look like a plain syllable once folded."""


@lru_cache(maxsize=1)
def _abbreviations() -> _Abbreviations:
    readings: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
    written: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
    for short, longs in ABBREVIATIONS.items():
        left = tuple(folded(words(short)))
        for long in longs:
            right = tuple(words(long))
            readings.setdefault(left, []).append(right)
            back = tuple(folded(list(right)))
            if len(back) > 1:
                written.setdefault(back, []).append(tuple(words(short)))
    return _Abbreviations(
        {key: tuple(dict.fromkeys(value)) for key, value in readings.items()},
        {key: tuple(dict.fromkeys(value)) for key, value in written.items()},
        frozenset(key for key in readings if len(key) == 1 and _SYLLABLE.fullmatch(key[0])),
    )


def expansions(text: str) -> tuple[Expansion, ...]:
    """What the query could also be written as, from the longest phrase down, both ways.

    "kh tđkt 2025" → "kế hoạch" for the first word, "thi đua khen thưởng" for the second;
    "bảo hiểm y tế" → "bhyt". "tu" in small letters is a syllable, "TU" is Tỉnh ủy, unless all is in capitals.
    """
    table = _abbreviations()
    shown = _WORD.findall(unicodedata.normalize("NFC", text))
    plain = folded(words(text))
    if len(shown) != len(plain):  # a letter whose lower case is longer: nothing a query needs
        return ()
    shouted = text.isupper() and sum(_SYLLABLE.fullmatch(word) is not None for word in plain) > _MOST_SHORT
    found: list[Expansion] = []
    taken = [False] * len(plain)
    for length in range(min(_LONGEST_PHRASE, len(plain)), 0, -1):
        for start in range(len(plain) - length + 1):
            end = start + length
            key = tuple(plain[start:end])
            if any(taken[start:end]):
                continue
            choices = table.readings.get(key, ())
            if key in table.syllables and (shouted or not shown[start].isupper()):
                choices = ()
            backward = () if choices else table.written.get(key, ())
            for rank, reading in enumerate(choices or backward):
                found.append(Expansion(start, end, reading, 1.0 / (1 + rank) / len(choices or backward) ** 0.5))
            if choices:
                taken[start:end] = [True] * length
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Query:
    """What a person typed, taken apart: ‘"thi đua yêu nước" -xã năm:2024 nông thôn mới’.

    ``text`` is the free text with the phrases, without filters and exclusions; ``phrases`` and ``excluded`` are
    lists of words; ``filters`` are (name, value) pairs such as ("year", "2024").
    """

    typed: str
    text: str
    words: tuple[str, ...]
    phrases: tuple[tuple[str, ...], ...] = ()
    excluded: tuple[tuple[str, ...], ...] = ()
    filters: tuple[tuple[str, str], ...] = ()
    expansions: tuple[Expansion, ...] = ()
    restored: tuple[str, ...] = ()
    """The words with the accents they likely have, where none were typed (``search.accents``)."""

    @property
    def accented(self) -> bool:
        """True when the person typed accents, so that accents should count."""
        return has_accents(self.text)

    @property
    def spelled_out(self) -> str:
        """The text, accents restored, with the likeliest reading of each abbreviation in its place, for the encoder."""
        best: dict[int, Expansion] = {}
        for expansion in self.expansions:
            if len(expansion.words) > expansion.end - expansion.start:
                best.setdefault(expansion.start, expansion)
        said = self.restored or self.words
        if not best:
            return " ".join(self.restored) or self.text
        out: list[str] = []
        place = 0
        while place < len(said):
            if place in best:
                out.extend(best[place].words)
                place = best[place].end
            else:
                out.append(said[place])
                place += 1
        return " ".join(out)


_PART = re.compile(
    r"""(?P<minus>(?<!\S)-)?(?:"(?P<phrase>[^"]*)"|“(?P<curly>[^”]*)”)"""
    r"""|(?<!\S)(?P<name>[^\W\d_]+):(?:"(?P<quoted>[^"]*)"|(?P<value>\S+))"""
    r"""|(?<!\S)-(?P<word>[^\W\d_]\w*)"""
)


def parse_query(typed: str) -> Query:
    """Reads phrases in quotes, -exclusions and name:value filters out of what was typed; the rest is free text.

    An unknown name before a colon stays text ("V/v: thi đua").
    """
    shown, typed = typed, plain_letters(typed[:_LONGEST_QUERY])
    phrases: list[tuple[str, ...]] = []
    excluded: list[tuple[str, ...]] = []
    filters: list[tuple[str, str]] = []
    kept: list[str] = []
    place = 0
    for part in _PART.finditer(typed):
        quoted = part["phrase"] if part["phrase"] is not None else part["curly"]
        name = FILTER_WORDS.get(fold(part["name"])) if part["name"] else None
        if part["name"] and name is None:
            continue
        kept.append(typed[place : part.start()])
        place = part.end()
        if name:
            filters.append((name, part["quoted"] if part["quoted"] is not None else part["value"]))
        elif part["word"]:
            excluded.append(tuple(words(part["word"])))
        elif quoted is not None and (tokens := tuple(words(quoted))):
            if part["minus"]:
                excluded.append(tokens)
            else:
                phrases.append(tokens)
                kept.append(f" {quoted} ")
    kept.append(typed[place:])
    text = " ".join("".join(kept).split()[:_MOST_WORDS])
    return Query(
        shown, text, tuple(words(text)), tuple(phrases), tuple(excluded), tuple(filters), expansions(text)
    )  # fmt: skip

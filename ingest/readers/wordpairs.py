"""How often Vietnamese syllables follow one another in official texts, and accents mended by it after OCR.

OCR reads the letters of Vietnamese well and their accents less well: "bồ sung", "điêu luật", "chỉ trả". Which of
"bổ", "bồ", "bố", "bộ" was printed is told by its neighbours. Only accents are ever changed, never a letter, a digit
or a name's spelling against strong odds; how sure OCR was of a word counts against a change.

``wordpairs.bin`` holds counts of single syllables and of pairs, no text; ``ingest.readers.train_wordpairs`` makes it.
"""

from __future__ import annotations

import math
import re
import struct
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from ingest.readers.syllables import is_syllable
from kg.identifiers import fold

__all__ = ["Token", "WordPairs", "load_wordpairs", "mend_accents", "pack", "syllables_of"]

_RARE = 5
"""Pairs seen less often are left out of the file."""
_CHANGE = 3.0
_SURE_CHANGE = 2.5
_NAME_CHANGE = 4.0
_FULL_NAME_CHANGE = 12.0
"""What a change must gain, in nats: in any word; more for a word OCR is sure of; for a capital inside a sentence; for
one of several capitals in a row, as in names of people and places."""
_SURE = 90.0
_MOST_CANDIDATES = 8
_PIECES = re.compile(r"[^\W\d_]+|[^\s\w]+|[\d\n]+")
# Two ways to set a tone on oa, oe, uy: "hoà" and "hòa". They are one word here; the printed way is kept.
_OPEN = {"oà": "òa", "oá": "óa", "oả": "ỏa", "oã": "õa", "oạ": "ọa", "oè": "òe", "oé": "óe", "oẻ": "ỏe", "oẽ": "õe", "oẹ": "ọe", "uỳ": "ùy", "uý": "úy", "uỷ": "ủy", "uỹ": "ũy", "uỵ": "ụy"}  # fmt: skip  # noqa: E501


@dataclass(frozen=True, slots=True)
class Token:
    """A word as OCR gave it, with how sure it is (0-100)."""

    text: str
    confidence: float


@dataclass(frozen=True, slots=True)
class WordPairs:
    """``single[word]`` and ``pair[(word, word)]`` are log probabilities; ``rivals[letters]`` are by bare letters."""

    single: Mapping[str, float]
    pair: Mapping[tuple[str, str], float]
    rivals: Mapping[str, Sequence[str]]

    def cost(self, before: str, word: str) -> float:
        """The log probability of ``word`` after ``before`` ("" at the start of a phrase)."""
        alone = self.single.get(word, -16.0) - 1.6
        together = self.pair.get((before, word))
        return alone if together is None else max(together, alone)


def syllables_of(text: str) -> Iterable[str]:
    """The syllables of a composed text in small letters, with "" wherever a phrase ends."""
    for piece in _PIECES.findall(text.lower()):
        yield _settled(piece) if is_syllable(piece) else ""


def _settled(word: str) -> str:
    return word[:-2] + _OPEN.get(word[-2:], word[-2:]) if word[:2] != "qu" else word


def pack(single: Mapping[str, int], pair: Mapping[tuple[str, str], int]) -> bytes:
    """The bytes of ``wordpairs.bin``: words, their counts, and pairs as steps between sorted numbers."""
    words = sorted(word for word, count in single.items() if count >= _RARE and word)
    numbers = {word: index for index, word in enumerate(words, 1)} | {"": 0}
    places = sorted(
        (numbers[first] * (len(words) + 1) + numbers[second], count)
        for (first, second), count in pair.items()
        if count >= _RARE and first in numbers and second in numbers and second
    )
    listed = "\n".join(words).encode()
    steps = bytearray()
    counts = bytearray()
    previous = 0
    for place, count in places:
        step, previous = place - previous, place
        while step > 127:
            steps.append(step & 127 | 128)
            step >>= 7
        steps.append(step)
        counts.append(min(round(math.log(count) * 12), 255))
    totals = struct.pack(f"<{len(words) + 1}I", *(single.get(word, 0) for word in ["", *words]))
    head = struct.pack("<4I", len(listed), len(words) + 1, len(places), len(steps))
    return zlib.compress(head + listed + totals + bytes(steps) + bytes(counts), 9)


@cache
def load_wordpairs() -> WordPairs:
    """The pairs that come with the package; some 0.1 s the first time."""
    data = zlib.decompress(resources.files("ingest.readers").joinpath("wordpairs.bin").read_bytes())
    listed, size, pairs, length = struct.unpack_from("<4I", data)
    at = 16
    words = ["", *data[at : at + listed].decode().split("\n")]
    at += listed
    totals = struct.unpack_from(f"<{size}I", data, at)
    at += 4 * size
    whole = math.log(sum(totals[1:]))
    single = {word: math.log(max(count, 1)) - whole for word, count in zip(words[1:], totals[1:], strict=True)}
    logs = [math.log(max(count, 1)) for count in totals]
    pair: dict[tuple[str, str], float] = {}
    counts = data[at + length :]
    place = step = shift = index = 0
    for byte in data[at : at + length]:
        step |= (byte & 127) << shift
        if byte & 128:
            shift += 7
            continue
        place += step
        step = shift = 0
        first, second = divmod(place, size)
        pair[words[first], words[second]] = counts[index] / 12 - logs[first]
        index += 1
    assert index == pairs
    rivals: dict[str, list[str]] = {}
    for word in sorted(single, key=lambda word: -single[word]):
        group = rivals.setdefault(fold(word), [])
        if len(group) < _MOST_CANDIDATES:
            group.append(word)
    return WordPairs(single, pair, rivals)


@dataclass(frozen=True, slots=True)
class _Part:
    """A token cut into what stands before its word, the word, and what stands after."""

    head: str
    word: str
    tail: str
    confidence: float


_CUT = re.compile(r"^([^\w]*)([^\W\d_]+)([^\w]*)$")


def mend_accents(tokens: Sequence[Token], model: WordPairs) -> list[str]:
    """The texts of ``tokens`` in order, with accents that its neighbours speak against put right."""
    out = [token.text for token in tokens]
    phrase: list[tuple[int, _Part]] = []

    def close() -> None:
        if phrase:
            for (index, part), word in zip(phrase, _best([part for _, part in phrase], model), strict=True):
                if word != part.word:
                    out[index] = part.head + word + part.tail
            phrase.clear()

    for index, token in enumerate(tokens):
        match = _CUT.match(token.text)
        if match is None:
            close()
            continue
        part = _Part(match[1], match[2], match[3], token.confidence)
        if part.head:
            close()
        phrase.append((index, part))
        if part.tail:
            close()
    close()
    return out


def _best(parts: Sequence[_Part], model: WordPairs) -> list[str]:
    """The most probable spelling of a phrase (Viterbi over the rivals of each word)."""
    table: list[dict[str, tuple[float, str]]] = []
    before: dict[str, tuple[float, str]] = {"": (0.0, "")}
    for index in range(len(parts)):
        row: dict[str, tuple[float, str]] = {}
        for candidate, price in _candidates(parts, index, model):
            best = max(
                ((score + model.cost(previous, candidate), previous) for previous, (score, _) in before.items()),
                key=lambda pair: pair[0],
            )
            row[candidate] = (best[0] - price, best[1])
        table.append(row)
        before = row
    word = max(before, key=lambda candidate: before[candidate][0])
    chosen = []
    for row in reversed(table):
        chosen.append(word)
        word = row[word][1]
    chosen.reverse()
    return [_as_printed(part.word, word) for part, word in zip(parts, chosen, strict=True)]


def _candidates(parts: Sequence[_Part], index: int, model: WordPairs) -> list[tuple[str, float]]:
    part = parts[index]
    own = _settled(part.word.lower())
    if len(own) < 2:
        return [(own, 0.0)]
    price = _CHANGE + (_SURE_CHANGE if part.confidence >= _SURE else 0.0)
    if _is_name(part):
        near = parts[max(index - 1, 0) : index + 2]
        if sum(_is_name(one) for one in near) > 1:
            price += _FULL_NAME_CHANGE
        elif index:
            price += _NAME_CHANGE
    rivals = model.rivals.get(fold(own), ())
    return [(own, 0.0), *((word, price) for word in rivals if word != own)]


def _is_name(part: _Part) -> bool:
    return part.word[0].isupper() and not part.word.isupper()


def _as_printed(printed: str, word: str) -> str:
    """``word`` in the case of ``printed``; the printed word itself when it is the same one."""
    if _settled(printed.lower()) == word:
        return printed
    if printed.isupper():
        return word.upper()
    return word[0].upper() + word[1:] if printed[0].isupper() else word

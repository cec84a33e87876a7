"""Keys of the Telex way of typing, pressed while the Vietnamese keyboard was off: "kees hoachj" → "kế hoạch".

Only what is no Vietnamese without accents either is read so, only into syllables that papers use, and only when all
such words of a query can be: "website", "gas" and codes stay what they are.
"""

from __future__ import annotations

import re
import unicodedata

from search.accents import syllables
from search.analysis import has_accents, tidy
from search.lexicon import BODY_CODES, SYLLABLE

__all__ = ["untelexed"]

_WORD = re.compile(r"(?<![^\W_])[A-Za-z]+(?![^\W_])")
_SYLLABLE = re.compile(SYLLABLE)
_MARKED = re.compile(r"aa|ee|oo|dd|w")
_VOWEL = re.compile(r"[aeiouyw]")
_PLAIN_VOWEL = re.compile(r"[aeiouy]")
_TONE = re.compile(r"[sfrxj]")
_TONES = {"s": "\u0301", "f": "\u0300", "r": "\u0309", "x": "\u0303", "j": "\u0323"}
_LETTERS = (("uwow", "ươ"), ("uow", "ươ"), ("uwo", "ươ"), ("aa", "â"), ("ee", "ê"), ("oo", "ô"), ("aw", "ă"),
            ("ow", "ơ"), ("uw", "ư"), ("w", "ư"))  # fmt: skip
_LATE = (("uo", "ươ"), ("o", "ơ"), ("u", "ư"), ("a", "ă"))
_LONGEST = 12
_SECOND = frozenset(["oa", "oe", "uy"])


def untelexed(typed: str) -> str:
    """The query with its Telex words as they were meant; the very string given where that is not certain."""
    if has_accents(typed):
        return typed
    meant: dict[str, str] = {}
    for word in {match[0] for match in _WORD.finditer(typed)}:
        if not _is_plain(word.lower()):
            read = _read(word.lower())
            if read is None:
                return typed
            meant[word] = read.upper() if word.isupper() else read
    certain = len(meant) > 1 or any(_MARKED.search(word.lower()) for word in meant)
    return _WORD.sub(lambda match: meant.get(match[0], match[0]), typed) if meant and certain else typed


def _is_plain(word: str) -> bool:
    """A syllable without accents, or letters that are a code: "thi", "ubnd", "tw"."""
    if len(word) > _LONGEST:
        return False
    if word in BODY_CODES or not _PLAIN_VOWEL.search(word):
        return True
    return _SYLLABLE.fullmatch(word) is not None and (_MARKED.search(word) is None or word in syllables())


def _read(keys: str) -> str | None:
    """The syllable that some keys stand for; None when papers know none like it."""
    if len(keys) > _LONGEST or keys in syllables():
        return None
    begin = _VOWEL.search(keys)
    head, rime = (keys[: begin.end()], keys[begin.end() :]) if begin else (keys, "")
    tones = _TONE.findall(rime)  # no syllable has one of these letters behind its vowel
    if len(tones) > 1:
        return None
    word = head + _TONE.sub("", rime)
    if word.startswith("dd"):
        word = "đ" + word[2:]
    if word.endswith("w") and word[-2] not in "aou":  # the hook typed last: "thuongw", "tuoiw"
        word = word[:-1]
        late = next(((plain, hooked) for plain, hooked in _LATE if plain in word), None)
        word = word.replace(*late, 1) if late else word
    for pressed, letter in _LETTERS:
        word = word.replace(pressed, letter)
    word = tidy(_toned(word, _TONES[tones[0]]) if tones else word)
    return word if word in syllables() else None


def _toned(word: str, tone: str) -> str:
    """The word with its tone where it is written."""
    begin = 2 if word[:2] == "qu" or (word[:2] == "gi" and _is_vowel(word[2:3])) else 0
    places = [place for place in range(begin, len(word)) if _is_vowel(word[place])]
    if not places:
        return word
    cluster = "".join(word[place] for place in places)
    marked = [place for place in places if word[place] in "ăâêôơư"]
    if marked:
        place = marked[-1]
    elif len(places) == 1:
        place = places[0]
    elif places[-1] < len(word) - 1 or cluster in _SECOND:
        place = places[-1]
    else:
        place = places[1] if len(places) > 2 else places[0]
    return unicodedata.normalize("NFC", word[: place + 1] + tone + word[place + 1 :])


def _is_vowel(letter: str) -> bool:
    return letter in set("aăâeêioôơuưy")

"""How much of a text is Vietnamese: the share of its words that are well-formed syllables.

A text layer whose letters were mapped wrongly ("Cӝng hòa xã hӝi"), a text in an old font ("Céng hßa x· héi") and noise
out of OCR all look like writing to a program; only the shape of the syllables tells them from "Cộng hòa xã hội".
Unaccented Vietnamese is well-formed too. The rules are those of spelling, there is no word list.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

__all__ = ["SOUND", "Score", "is_english", "is_syllable", "score"]

SOUND = 0.75
"""From this share of well-formed syllables on a text is taken to be Vietnamese as its writer meant it."""

_SAMPLE = 6_000
"""Code points looked at in one text: a page or two, from its start, its middle and its end."""

_WORD = re.compile(r"[^\W\d_]+")
# Vowel letters by tone: level, huyền, hỏi, ngã, sắc, nặng.
_VOWELS = (
    "aàảãáạ", "ăằẳẵắặ", "âầẩẫấậ", "eèẻẽéẹ", "êềểễếệ", "iìỉĩíị", "oòỏõóọ", "ôồổỗốộ", "ơờởỡớợ", "uùủũúụ", "ưừửữứự",
    "yỳỷỹýỵ",
)  # fmt: skip
_PLAIN = {letter: (group[0], tone) for group in _VOWELS for tone, letter in enumerate(group)}
_SHARP = (0, 4, 5)  # syllables closed by c, ch, p, t have sắc or nặng; without accents, none
_RIMES = {
    "a": " c ch i m n ng nh o p t u y", "ă": "c k m n ng p t", "â": "c m n ng p t u y", "e": " c m n ng o p t",
    "ê": " c ch m n ng nh p t u", "i": " a c ch m n nh p t u", "iê": "c m n ng p t u", "ie": "c m n ng p t u",
    "o": " c i m n ng p t", "oa": " c ch i m n ng nh o p t y", "oă": "c m n ng p t", "oe": " m n o t",
    "oo": "c m n ng t",
    "ô": " c i m n ng p t", "ơ": " i m n p t c ng", "u": " a c i m n ng p t y", "uâ": "n ng t y c", "uê": " ch n nh",
    "uơ": " n", "uô": "c i m n ng p t", "uy": " a ch n nh p t u", "uyê": "n t", "uye": "n t", "uo": "c i m n ng p t u",
    "ư": " a c i m n ng t u", "ươ": "c i m n ng p t u", "y": " ", "yê": "m n ng t u", "ye": "m n ng t u",
    "ue": " ch n nh",
    "ua": "n ng t y c",
}  # fmt: skip
_ONSETS = (
    "", "b", "c", "ch", "d", "đ", "g", "gh", "gi", "h", "k", "kh", "l", "m", "n", "ng", "ngh", "nh", "p", "ph", "qu",
    "r", "s", "t", "th", "tr", "v", "x",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Score:
    """``share`` of ``words`` are well-formed; ``accented`` of them bear a Vietnamese letter or mark."""

    share: float
    words: int
    accented: float

    @property
    def sound(self) -> bool:
        """The text reads as Vietnamese; of fewer than a dozen words nothing can be said."""
        return self.words < 12 or self.share >= SOUND


_ENGLISH = frozenset(
    ("the", "of", "and", "for", "or", "shall", "with", "by", "is", "are", "be", "this", "that", "from", "not", "which")
)
"""Small words of every English sentence, none of them a Vietnamese syllable."""
_ENGLISH_SHARE = 0.05


def is_english(text: str) -> bool:
    """True where every twentieth word is a small English one: no Vietnamese, and no letters mapped wrongly either."""
    words = _WORD.findall(text.lower())
    return sum(word in _ENGLISH for word in words) >= max(_ENGLISH_SHARE * len(words), 3)


@cache
def _shapes() -> frozenset[str]:
    """Every toneless syllable, "nghiê" + "p" as "nghiêp": what spelling allows, not what has a meaning."""
    made: set[str] = set()
    for onset in _ONSETS:
        for nucleus, codas in _RIMES.items():
            front = nucleus[0] in "eêiy"
            if (onset in ("k", "gh", "ngh") and not front) or (onset in ("c", "g", "ng") and front):
                continue
            if onset == "qu" and nucleus[0] in "uưo" and nucleus not in ("o",):
                continue
            made.update(onset + nucleus + coda for coda in codas.split(" "))
    made.update(("gi", "gin", "giêng", "gieng", "quôc", "quoc", "giêt", "giet"))
    return frozenset(made)


@lru_cache(maxsize=20_000)
def is_syllable(word: str) -> bool:
    """True for a word that Vietnamese spelling allows: "nghiệp", "Hoà" and "hòa"; False for "nghiệnp" and "plan"."""
    toneless = []
    tone = 0
    for letter in word.lower():
        plain, mark = _PLAIN.get(letter, (letter, 0))
        if mark:
            if tone:
                return False
            tone = mark
        toneless.append(plain)
    shape = "".join(toneless)
    if shape not in _shapes():
        return False
    return tone in _SHARP or not shape.endswith(("c", "ch", "k", "p", "t"))


def score(text: str) -> Score:
    """How Vietnamese ``text`` is (composed letters are expected). Abbreviations are not judged; a consonant alone, of
    which a text has few ("điểm b"), is no syllable: torn words ("t ch c") are full of them.
    """
    if len(text) > 3 * _SAMPLE:
        middle = len(text) // 2
        text = f"{text[:_SAMPLE]} {text[middle : middle + _SAMPLE]} {text[-_SAMPLE:]}"
    words = formed = accented = 0
    for word in _WORD.findall(text):
        plain = word.isascii()
        if plain and word.isupper() and len(word) < 8:
            continue
        words += 1
        accented += not plain
        formed += is_syllable(word)
    return Score(formed / words if words else 0.0, words, accented / words if words else 0.0)

"""Texts typed in the fonts of the years before Unicode: TCVN3 (ABC, fonts named .Vn…) and VNI (fonts named VNI-…).

Both store Vietnamese letters at the places of Western European ones: "Nghị định" is "NghÞ ®Þnh" in TCVN3 and
"Nghò ñònh" in VNI. Where the font is known its name decides; elsewhere the spelling of the outcome does: the text is
what reads as Vietnamese. TCVN3 has no capitals with a tone: its capital fonts (.VnTimeH) show small codes as capitals.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Literal

from ingest.readers.syllables import SOUND, is_syllable, score

__all__ = ["Encoding", "decode_font", "decode_legacy", "detect_legacy", "encoding_of_font", "from_tcvn3", "from_vni"]

Encoding = Literal["tcvn3", "vni"]

_TCVN3 = dict(
    zip(
        "µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉË®ÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô\xadõøö÷ùúýûüþ¡¢£¤¥¦§",
        "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵĂÂÊÔƠƯĐ",
        strict=True,
    )
)
# VNI writes a vowel and after it a sign that holds circumflex or breve and tone together; ơ, ư, đ and the toned i and ỵ
# have codes of their own. Signs after a, e, o, u, y, ơ, ư / circumflex on a, e, o / breve on a.
_VNI_TONES = {"ø": "\u0300", "ù": "\u0301", "û": "\u0309", "õ": "\u0303", "ï": "\u0323"}
_VNI_CIRCUMFLEX = {"â": "", "à": "\u0300", "á": "\u0301", "å": "\u0309", "ã": "\u0303", "ä": "\u0323"}
_VNI_BREVE = {"ê": "", "è": "\u0300", "é": "\u0301", "ú": "\u0309", "ü": "\u0303", "ë": "\u0323"}
_VNI_SINGLE = {"ñ": "đ", "ô": "ơ", "ö": "ư", "í": "í", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}

_TELLING = re.compile("[\xa1-\xff]")
_VIETNAMESE = re.compile("[\u0102\u0103\u0110\u0111\u0128\u0129\u0168\u0169\u01a0\u01a1\u01af\u01b0\u1ea0-\u1ef9\u0300-\u0323]")  # fmt: skip  # noqa: E501
_HEAD = 20_000


@cache
def _vni() -> tuple[re.Pattern[str], dict[str, str]]:
    import unicodedata

    table: dict[str, str] = {}
    for plain, whole in (("ô", "ơ"), ("ö", "ư")):
        for sign, tone in _VNI_TONES.items():
            table[plain + sign] = whole + tone
    for vowel in "aeouy":
        for sign, tone in _VNI_TONES.items():
            table[vowel + sign] = vowel + tone
    for vowel in "aeo":
        for sign, tone in _VNI_CIRCUMFLEX.items():
            table[vowel + sign] = vowel + "\u0302" + tone
    for sign, tone in _VNI_BREVE.items():
        table["a" + sign] = "a\u0306" + tone
    table |= _VNI_SINGLE
    whole_table = {key: unicodedata.normalize("NFC", value) for key, value in table.items()}
    for key, value in list(whole_table.items()):
        whole_table[key.upper()] = value.upper()
        if len(key) == 2:
            whole_table[key[0].upper() + key[1]] = value.upper()
    longest = sorted(whole_table, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest))), whole_table


@cache
def _tcvn3() -> dict[int, str]:
    return {ord(code): letter for code, letter in _TCVN3.items()}


def from_tcvn3(text: str) -> str:
    """TCVN3 codes, given as Latin-1 characters, as Unicode: "NghÞ ®Þnh vÒ qu¶n lý" → "Nghị định về quản lý"."""
    return text.translate(_tcvn3())


def from_vni(text: str) -> str:
    """VNI codes as Unicode: "Nghò ñònh veà quaûn lyù" → "Nghị định về quản lý"."""
    pattern, table = _vni()
    return pattern.sub(lambda match: table[match[0]], text)


def encoding_of_font(name: str | None) -> Encoding | None:
    """What a font's name says of its codes: ".VnTimeH" and "ABCDEF+.VnTime" tcvn3, "VNI-Times" vni, "Arial" None."""
    plain = (name or "").rpartition("+")[2].strip().lower()
    if plain.startswith((".vn", "vn.", "vntime", "vnarial")):
        return "tcvn3"
    if plain.startswith(("vni-", "vni ", "vnitimes")):
        return "vni"
    return None


def decode_font(text: str, font: str | None) -> str:
    """``text`` as it shows in ``font``; a capital font (".VnTimeH") shows capitals."""
    encoding = encoding_of_font(font)
    if encoding is None or _VIETNAMESE.search(text):
        return text
    shown = from_tcvn3(text) if encoding == "tcvn3" else from_vni(text)
    return shown.upper() if encoding == "tcvn3" and (font or "").rstrip().endswith("H") else shown


def detect_legacy(text: str) -> Encoding | None:
    """The old encoding ``text`` is in, judged by its spelling; None for Unicode text and for foreign languages."""
    head = text[:_HEAD]
    telling = len(_TELLING.findall(head))
    if telling < 3 or len(_VIETNAMESE.findall(head)) * 4 > telling:
        return None
    before = score(head).share
    after: dict[Encoding, float] = {"tcvn3": score(from_tcvn3(head)).share, "vni": score(from_vni(head)).share}
    best = max(after, key=after.__getitem__)
    return best if after[best] >= SOUND and after[best] > before + 0.1 else None


def decode_legacy(text: str, encoding: Encoding) -> str:
    """``text`` as Unicode; lines that hold Vietnamese letters already are left as they are."""
    lines = text.splitlines(keepends=True)
    change = from_tcvn3 if encoding == "tcvn3" else from_vni
    decoded = [line if _VIETNAMESE.search(line) else change(line) for line in lines]
    return "".join(_restore_capitals(decoded) if encoding == "tcvn3" else decoded)


_WORDS = re.compile(r"\S+")
_ENDS = ".;:,!?/"


def _restore_capitals(lines: list[str]) -> list[str]:
    """What a TCVN3 text shows in capitals has small letters where the alphabet has no toned capital: "KÕ HO¹CH".

    A run of words without a small ASCII letter, one of them certainly in capitals, is put in capitals: "Kế HOạCH" →
    "KẾ HOẠCH". A line that a capital font showed has no capitals at all; it is known by standing alone.
    """
    restored = []
    apart = True
    before = ""
    for line in lines:
        text = line.strip()
        if not text:
            # A blank line sets the next one apart, but in a file whose wrapped lines all have one after them.
            apart = len(before) < 60 or before[-1] in _ENDS
            restored.append(line)
            continue
        if apart and len(text) <= 64 and text[0].isalpha() and text == text.lower() and text[-1] not in _ENDS:
            line = line.upper()  # the lines after it in the same block belong to it
        else:
            apart = False
            line = _initials(_capital_runs(line))
        before = text
        restored.append(line)
    return restored


_INITIAL = re.compile(
    r"(?P<start>^\s*(?:[-+*•]\s*|\d+(?:\.\d+)*[.)]\s*|[a-zđ]\)\s*)?|[.!?]\s+)(?P<letter>[àáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ])"
)
_COMMITTEE = re.compile(r"\b(?:ủy|uỷ)(?= ban\b| viên\b)")
# "Cao Thị Nguyệt ánh": a name whose last syllable begins with a vowel that has no capital.
_NAME_END = re.compile(r"^(?P<before>\s*(?:[A-ZĂÂÊÔƠƯĐ][^\W\d_]*\s+){2,3})(?P<letter>[^\W\d_])(?P<rest>[^\W\d_]+)\s*$")


def _initials(line: str) -> str:
    """Capitals at the head of a sentence, of a committee and of a name, where TCVN3 has none: "ủy ban nhân dân"."""
    line = _INITIAL.sub(lambda match: match["start"] + match["letter"].upper(), line)
    line = _COMMITTEE.sub(lambda match: match[0].capitalize(), line)
    if (match := _NAME_END.match(line)) and match["letter"].islower() and _INITIAL.match(match["letter"]):
        line = line[: match.start("letter")] + match["letter"].upper() + line[match.end("letter") :]
    return line


def _capital_runs(line: str) -> str:
    words = list(_WORDS.finditer(line))
    kinds = [_kind_of(word[0]) for word in words]
    out = list(line)
    index = 0
    while index < len(words):
        end = index
        while end < len(words) and kinds[end] != "small":
            end += 1
        while end > index and kinds[end - 1] == "open":
            end -= 1
        first = index
        while first < end and kinds[first] == "open":
            first += 1
        if any(kind == "capital" for kind in kinds[first:end]):
            for word in words[first:end]:
                out[word.start() : word.end()] = _same_length_upper(word[0])
        index = max(end, index) + 1
    return "".join(out)


def _kind_of(word: str) -> str:
    """ "capital" for "HOạCH", "small" for "tỉnh", "either" for "Kế", "open" for "ý", "15", "UBND" and dashes."""
    letters = [letter for letter in word if letter.isalpha()]
    # Ă Â Ê Ô Ơ Ư Đ have capitals in TCVN3; a toned letter's case says nothing.
    sure = [letter for letter in letters if letter.isascii() or letter.lower() in "ăâêôơưđ"]
    if any(letter.islower() for letter in sure):
        return "small"
    if not sure or any(letter in "/0123456789" for letter in word):
        return "open"
    if len(sure) == len(letters):
        return "capital" if len(letters) > 1 and is_syllable("".join(letters)) else "open"
    return "capital" if any(letter.isupper() for letter in letters[1:]) else "either"


def _same_length_upper(word: str) -> str:
    upper = word.upper()
    return upper if len(upper) == len(word) else word

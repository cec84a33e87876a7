"""A printed phrase as words that can be compared: folded, abbreviations spelled out, offsets kept.

"BTV Tỉnh uỷ" and "Ban Thường vụ Tỉnh ủy" give the same words. Used for the names of bodies only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from kg.identifiers import LOOK_ALIKES, fold

__all__ = ["ROMAN", "Word", "split_words"]


@dataclass(frozen=True, slots=True)
class Word:
    """One folded word; ``start`` and ``end`` are offsets into the phrase, ``capital`` says how it began there."""

    text: str
    start: int
    end: int
    capital: bool


ROMAN = re.compile(r"(?:\d{1,3}|[ivxlc]{1,8})$")

# What writers shorten inside a body's name. Folded; the value is the words it stands for.
_SHORT = {
    "ubnd": "uy ban nhan dan", "hdnd": "hoi dong nhan dan", "mttq": "mat tran to quoc", "tw": "trung uong",
    "ubmttq": "uy ban mat tran to quoc", "mttqvn": "mat tran to quoc viet nam", "vn": "viet nam",
    "ubmttqvn": "uy ban mat tran to quoc viet nam", "ttg": "thu tuong chinh phu", "btv": "ban thuong vu",
    "bch": "ban chap hanh", "bchtw": "ban chap hanh trung uong", "btvtu": "ban thuong vu tinh uy",
    "vhttdl": "van hoa the thao du lich", "vhtt": "van hoa thong tin", "gddt": "giao duc dao tao",
    "tdkt": "thi dua khen thuong", "ldld": "lien doan lao dong", "lhpn": "lien hiep phu nu",
    "hlhpn": "hoi lien hiep phu nu", "ccb": "cuu chien binh", "nnptnt": "nong nghiep phat trien nong thon",
    "nnmt": "nong nghiep moi truong", "tnmt": "tai nguyen moi truong", "ptnt": "phat trien nong thon",
    "gtvt": "giao thong van tai",
    "khdt": "ke hoach dau tu", "khcn": "khoa hoc cong nghe", "tttt": "thong tin truyen thong",
    "ldtbxh": "lao dong thuong binh xa hoi", "ubtvqh": "uy ban thuong vu quoc hoi", "dbqh": "dai bieu quoc hoi",
    "qh": "quoc hoi", "vpcp": "van phong chinh phu", "vp": "van phong", "bcd": "ban chi dao",
    "tckh": "tai chinh ke hoach",
    "hdtdkt": "hoi dong thi dua khen thuong", "btdkt": "ban thi dua khen thuong", "ubkt": "uy ban kiem tra",
    "ttcp": "thanh tra chinh phu", "ccq": "cac co quan", "tncs": "thanh nien cong san", "hcm": "ho chi minh",
    "chxhcn": "cong hoa xa hoi chu nghia", "hvctqg": "hoc vien chinh tri quoc gia", "bhxh": "bao hiem xa hoi",
    "tandtc": "toa an nhan dan toi cao", "vksndtc": "vien kiem sat nhan dan toi cao", "tand": "toa an nhan dan",
    "vksnd": "vien kiem sat nhan dan", "dtn": "doan thanh nien", "tphcm": "thanh pho ho chi minh",
    "kbnn": "kho bac nha nuoc", "nhnn": "ngan hang nha nuoc", "bqp": "bo quoc phong", "bca": "bo cong an",
    "bgddt": "bo giao duc dao tao", "bvhttdl": "bo van hoa the thao du lich", "bnv": "bo noi vu", "byt": "bo y te",
    "bnnptnt": "bo nong nghiep phat trien nong thon", "bldtbxh": "bo lao dong thuong binh xa hoi",
    "svhttdl": "so van hoa the thao du lich", "snv": "so noi vu", "sldtbxh": "so lao dong thuong binh xa hoi",
    "sgddt": "so giao duc dao tao", "bbt": "ban bi thu", "tld": "tong lien doan", "ktxh": "kinh te xa hoi",
    "ubtw": "uy ban trung uong", "chqs": "chi huy quan su", "bchqs": "bo chi huy quan su", "bdbp": "bo doi bien phong",
    "tbxh": "thuong binh xa hoi", "kkt": "khu kinh te", "kcn": "khu cong nghiep", "bql": "ban quan ly",
}  # fmt: skip
# Two or three short words, as they fall apart at "&", "-", "," or a dot.
_PARTS: dict[tuple[str, ...], str] = {
    ("gd", "dt"): "giao duc dao tao", ("nn", "ptnt"): "nong nghiep phat trien nong thon",
    ("nn", "mt"): "nong nghiep moi truong", ("tn", "mt"): "tai nguyen moi truong", ("kh", "dt"): "ke hoach dau tu",
    ("kh", "cn"): "khoa hoc cong nghe", ("tt", "tt"): "thong tin truyen thong", ("vh", "tt"): "van hoa thong tin",
    ("vh", "ttdl"): "van hoa the thao du lich", ("vhtt", "dl"): "van hoa the thao du lich",
    ("vh", "xh"): "van hoa xa hoi", ("tc", "kh"): "tai chinh ke hoach", ("ldtb", "xh"): "lao dong thuong binh xa hoi",
    ("ld", "tbxh"): "lao dong thuong binh xa hoi", ("t", "u"): "trung uong", ("t", "w"): "trung uong",
    ("kt", "xh"): "kinh te xa hoi", ("kt", "ht"): "kinh te ha tang", ("kt", "ns"): "kinh te ngan sach",
    ("gdnn", "gdtx"): "giao duc nghe nghiep giao duc thuong xuyen",
    ("vh", "tt", "dl"): "van hoa the thao du lich", ("ld", "tb", "xh"): "lao dong thuong binh xa hoi",
    ("vh", "tt", "tt"): "van hoa the thao truyen thong",
}  # fmt: skip
# Only in capitals: "TU" is a Tỉnh ủy, "tu" is a syllable.
_CAPITALS = {
    "TU": "tinh uy", "HU": "huyen uy", "TƯ": "trung uong", "TP": "thanh pho", "TX": "thi xa", "TT": "thuong truc",
    "CT": "chu tich", "PCT": "pho chu tich", "BCT": "bo chinh tri", "CP": "chinh phu", "PGĐ": "pho giam doc",
    "GĐ": "giam doc", "BTT": "ban thuong truc", "CA": "cong an", "ĐU": "dang uy", "XHCN": "xa hoi chu nghia",
}  # fmt: skip
_SYLLABLES = {"TU", "HU", "TƯ", "CA", "ĐU"}
"""Those that are words as well, so that a heading in capitals may hold them: "SỞ TƯ PHÁP"."""
# A type of unit, where a dot follows: "Q. 1", "H. Tam Đường".
_DOTTED = {"Q": "quan", "P": "phuong", "H": "huyen", "X": "xa"}
# Whole words that reading machines and typists spoil.
_SPOILT = {"uvnd": "ubnd", "ub": "uy ban"}
_WORD = re.compile(r"[^\W_]+")


def split_words(phrase: str, limit: int = 64) -> list[Word]:
    """The first ``limit`` words of an NFC phrase: "Chủ tịch UBND" → chu, tich, uy, ban, nhan, dan.

    Words glued at a small-to-capital border ("BộChính") are parted; "và" and "&" vanish, since lists drop them.
    """
    phrase = phrase.translate(LOOK_ALIKES)
    folded = fold(phrase)
    pieces: list[tuple[str, str, int]] = []
    for match in _WORD.finditer(phrase):
        start = match.start()
        for part in _unglue(match.group()):
            pieces.append((part, folded[start : start + len(part)], start))
            start += len(part)
        if len(pieces) > limit:
            break
    words: list[Word] = []
    capitals = phrase.isupper() and len(pieces) > 2
    index = 0
    while index < len(pieces):
        printed, text, start = pieces[index]
        end, step = start + len(printed), 1
        if joined := _joined(pieces, index):
            text, step = joined
            end = pieces[index + step - 1][2] + len(pieces[index + step - 1][0])
        elif printed in _CAPITALS and not (
            printed in _SYLLABLES and (capitals or (words[-1:] and words[-1].text == "dau"))
        ):
            text = _CAPITALS[printed]
        elif printed in _DOTTED and phrase[end : end + 1] == ".":
            text = _DOTTED[printed]
        else:
            text = _SHORT.get(_SPOILT.get(text, text), _SPOILT.get(text, text))
        if text != "va":
            capital = printed[0].isupper() or printed[0].isdigit()
            words.extend(Word(one, start, end, capital) for one in text.split())
        index += step
    return words[:limit]


def _joined(pieces: list[tuple[str, str, int]], index: int) -> tuple[str, int] | None:
    """What two or three short words in a row stand for, and how many pieces they are: "NN và PTNT" is three."""
    near = [index]
    for after in range(index + 1, min(index + 5, len(pieces))):
        _, text, start = pieces[after]
        last, _, begun = pieces[after - 1]
        if start - begun - len(last) > 3:
            break
        if text != "va":
            near.append(after)
    words = tuple(pieces[at][1] for at in near[:3])
    for size in (3, 2):
        if len(words) >= size and (found := _PARTS.get(words[:size])):
            return found, near[size - 1] - index + 1
    return None


def _unglue(word: str) -> list[str]:
    """ "BộChính" → Bộ, Chính; "TTg" stays."""
    if word.islower() or word.isupper() or word[1:].islower():
        return [word]
    cuts = [i for i in range(1, len(word)) if word[i].isupper() and word[i - 1].islower()]
    return [word[a:b] for a, b in zip([0, *cuts], [*cuts, len(word)], strict=True)]

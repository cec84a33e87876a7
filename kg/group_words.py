"""The words that name groups of bodies, folded, and the patterns built from them. No body and no area is known here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache

from kg.model import Level

__all__ = ["COMMITTEES", "MANY", "OFFICE_WORDS", "UNITS", "WHOLE_LEVELS", "pattern", "split_kinds"]

UNITS: Mapping[str, tuple[str, Level]] = {
    "tinh": ("tỉnh", "province"), "huyen": ("huyện", "district"), "thi xa": ("thị xã", "district"),
    "tx": ("thị xã", "district"), "quan": ("quận", "district"), "thanh pho": ("thành phố", "district"),
    "tp": ("thành phố", "district"), "xa": ("xã", "commune"), "phuong": ("phường", "commune"),
    "thi tran": ("thị trấn", "commune"), "dac khu": ("đặc khu", "commune"),
}  # fmt: skip
WHOLE_LEVELS: Mapping[str, Level] = {"cap tinh": "province", "cap huyen": "district", "cap xa": "commune"}
COMMITTEES: Mapping[str, tuple[tuple[str, Level], str]] = {
    # word: (kind and level of its area, organ by level "uy" or "doan")
    "tinh uy": (("tỉnh", "province"), "uy"), "thanh uy": (("thành phố", "district"), "uy"),
    "huyen uy": (("huyện", "district"), "uy"), "thi uy": (("thị xã", "district"), "uy"),
    "quan uy": (("quận", "district"), "uy"), "tinh doan": (("tỉnh", "province"), "doan"),
    "thanh doan": (("thành phố", "district"), "doan"), "huyen doan": (("huyện", "district"), "doan"),
    "thi doan": (("thị xã", "district"), "doan"), "quan doan": (("quận", "district"), "doan"),
}  # fmt: skip
OFFICE_WORDS: Mapping[str, str] = {
    "so": "so", "ban": "ban", "nganh": "nganh", "ban nganh": "nganh", "phong": "phong", "phong chuyen mon": "phong",
    "phong ban": "phong", "co quan": "co quan", "co quan chuyen mon": "co quan", "don vi": "", "to chuc": "",
    "hoi": "", "doan the": "doan the", "doan the chinh tri - xa hoi": "doan the",
    "doan the chinh tri": "doan the", "to chuc chinh tri - xa hoi": "doan the", "ban dang": "ban dang",
    "ban xay dung dang": "ban dang", "co quan tham muu, giup viec": "ban dang", "mat tran": "", "trung tam": "",
    "bo": "bo", "co quan ngang bo": "bo", "co quan thuoc chinh phu": "", "co quan thuoc cp": "",
}  # fmt: skip
MANY = r"(?:tat ca |toan the )?(?:cac|moi|nhung)\s+"
_AND = r"(?:\s*[,/&]\s*(?:va\s+)?|\s+-\s+|\s+va\s+)"
_LEADS = r"(?:(?:thu truong|lanh dao|giam doc|truong|chanh|bo truong|dong chi)\s*[,;]?\s+)*"


@cache
def pattern(name: str) -> re.Pattern[str]:
    """One of the anchored patterns by name; all are tried on folded text."""
    units = _words((*UNITS, *WHOLE_LEVELS))
    committees, offices = _words(COMMITTEES), _words(OFFICE_WORDS)
    return re.compile(
        {
            "units": rf"(?P<head>[^:;()]{{0,90}}?)(?P<many>{MANY})?{_listed(units)}",
            "committees": rf"(?:{MANY})?{_listed(committees)}",
            "offices": rf"{_LEADS}(?P<many>{MANY})?{_listed(offices)}",
            "level": r"\s*(?:(?:cua|thuoc|truc thuoc|cap|toan)\s+)*(?:uy ban nhan dan |ubnd )?"
            r"(?P<level>tinh uy|thanh uy|huyen uy|thi uy|quan uy|dang uy|tinh|thanh pho|tp|huyen|thi xa|quan|xa|phuong"
            r"|dac khu|trung uong|tw|dang)\b",
            "separator": r"(?:[\s,;:.–-]|va\s|cung\s)+",
            "branches": r"(?:chi bo|dang bo|dang uy|doan|hoi|cong doan|don vi|co quan)\s+(?:truc thuoc|thuoc|co so)\b",
            "cut": r"[,;:]| va ",
            "piece": r"(?:(?! va )[^,;:])+",
            "inside": r"\s*(?:thuoc|truc thuoc|cua)\s+"
            r"(?:so|bo|cuc|vu|don vi|trung tam|hdnd|hoi dong nhan dan|quoc hoi|qh)\b",
        }[name]
    )


def _listed(words: str) -> str:
    return rf"(?P<kinds>(?:{words})\b(?:{_AND}(?:cac\s+)?(?:{words})\b)*)"


def _words(words: Iterable[str]) -> str:
    return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in sorted(words, key=len, reverse=True))


def split_kinds(kinds: str) -> list[str]:
    """The words of a list of kinds, each as the tables have it: "huyen, thanh pho" → ["huyen", "thanh pho"]."""
    words = [" ".join(re.sub(r"^cac\s+", "", word.strip()).split()) for word in re.split(_AND, kinds)]
    joined: list[str] = []
    for word in words:  # a table's own word may hold a separator: "co quan tham muu, giup viec"
        if word in UNITS or word in WHOLE_LEVELS or word in COMMITTEES or word in OFFICE_WORDS:
            joined.append(word)
        elif joined:
            for mark in (", ", " - ", " va "):
                if joined[-1] + mark + word in OFFICE_WORDS:
                    joined[-1] += mark + word
                    break
    return joined

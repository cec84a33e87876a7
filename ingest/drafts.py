"""What the finder knows of one mention before issuer and relation are settled."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from ingest.grammar import folded as fold_text
from ingest.grammar import one_line, part_pattern
from kg.identifiers import DocumentNumber

__all__ = ["Draft", "Page", "about_after", "part_before"]

Form = Literal["full", "bare", "unnumbered", "self", "backref"]


@dataclass(frozen=True, slots=True)
class Page:
    """One text with its folded form; offsets into both are the same."""

    text: str
    folded: str

    @classmethod
    def of(cls, text: str) -> Page:
        """Folds ``text`` once for all steps."""
        return cls(text, fold_text(text))


@dataclass(frozen=True, slots=True)
class Draft:
    """One mention: "Chỉ thị số 34-CT/TW ngày 07/4/2014 của Bộ Chính trị".

    ``start``/``end`` are the surface; ``core`` is where number and date end and an issuer may follow. ``issuer`` is the
    issuer phrase inside the surface; ``head_issuer`` one that a list's head gave ("các Nghị định của Chính phủ: Số …").
    ``target`` is the folded name that an alias or back reference points by.
    """

    start: int
    end: int
    core: int
    form: Form
    kind: str | None = None
    number: DocumentNumber | None = None
    printed: str | None = None
    date: dt.date | None = None
    year: int | None = None
    issuer: tuple[int, int] | None = None
    head_issuer: tuple[int, int] | None = None
    head: int | None = None
    """Where the list head that lends the kind begins."""
    part: str | None = None
    name: str | None = None
    antecedent: int | None = None
    flags: tuple[str, ...] = field(default=())


_PART_HINT = re.compile(r"(?:dieu|khoan|muc|phu\s{1,4}luc|phan|chuong|diem|mau)\s")
_PART_GAP = re.compile(r"[\s,;]{0,4}(?:va\s{1,4})?(?:thuoc\s{1,4})?(?:cua\s{1,4})?(?:cac\s{1,4})?")


def part_before(page: Page, start: int, floor: int) -> tuple[str, int] | None:
    """The part of the cited paper named right before ``start``: "khoản 10 Điều 45", and where it begins."""
    low = max(floor, start - 170)
    window = page.folded[low:start]
    if not _PART_HINT.search(window, max(0, len(window) - 60)):
        return None
    first: int | None = None
    last = 0
    edge = len(window)
    for match in reversed(list(part_pattern().finditer(window))):
        if not _PART_GAP.fullmatch(window, match.end(), edge):
            break
        if first is None:
            last = match.end()
        first = edge = match.start()
    if first is None:
        return None
    return one_line(page.text[low + first : low + last]), low + first


@lru_cache(maxsize=1)
def _about_start() -> re.Pattern[str]:
    return re.compile(r"[\s]{0,4}(?:\([^()\n]{1,40}\)\s{0,3})?(?:,\s{0,3})?(?=(?:\"|v/v|[a-z]))")


@lru_cache(maxsize=1)
def _about_end() -> re.Pattern[str]:
    return re.compile(
        r"[;\n\"|]|\.(?=\s|$)|\((?:sau\s|goi\s|viet\s|kem\s)|,\s{1,3}(?:can\s{1,3}cu|theo\s{1,3}de|xet)\s"
    )


_NOT_ABOUT = re.compile(
    r"(?:va|hoac|thi|la|da|duoc|bi|co|nay|neu|den|tai|theo|tu|khi|co hieu luc|het hieu luc|cung|cho|do|nhung|trong)"
    r"(?![a-z])"
)


def about_after(page: Page, end: int, ceiling: int) -> str | None:
    """The trích yếu that follows a mention: "về phát động phong trào …", quoted or to the clause end, ≤ 300."""
    start = _about_start().match(page.folded, end, ceiling)
    if start is None:
        return None
    at = start.end()
    if page.folded[at] == '"':
        close = page.folded.find('"', at + 1, min(at + 320, ceiling))
        return one_line(page.text[at + 1 : close]) or None if close > 0 else None
    capital = not page.text[at].islower() and not page.text[at : at + 2].isupper()
    if (_NOT_ABOUT.match(page.folded, at) or capital) and not page.folded.startswith(("ve ", "v/v"), at):
        return None
    opening = re.compile(r"(?:ve(?:\s{1,4}viec)?\s{0,4}|v/v\s{0,4})\"").match(page.folded, at)
    if opening:
        close = page.folded.find('"', opening.end(), min(opening.end() + 320, ceiling))
        if close > 0:
            return one_line(page.text[at:close].replace("“", "").replace('"', "")) or None
    stop = _about_end().search(page.folded, at, min(at + 300, ceiling))
    phrase = one_line(page.text[at : stop.start() if stop else min(at + 300, ceiling)]).rstrip(" ,.:(-–")
    return phrase if len(phrase) > 3 else None

"""Where a sentence or a list item begins, and which line heads a list; over canonical text and its bad joins."""

from __future__ import annotations

import re
from functools import lru_cache

from ingest.drafts import Page
from ingest.grammar import citation_pattern

__all__ = ["block_head", "sentence_start"]

REACH = 700
"""Code points a cue may reach."""


_BULLET = re.compile(r"\s{0,4}(?:[-+•*–|]|[a-z]\)|\d{1,2}[.)]|\(\d{1,2}\))")


_LEGAL_HEADING = re.compile(r"(?:can\s{1,3}cu|co\s{1,3}so)\s{1,3}phap\s{1,3}ly")


@lru_cache(maxsize=1)
def _stop() -> re.Pattern[str]:
    return re.compile(r"[.!?…][\")]{0,2}\s{1,4}|\n")


_ABBREVIATED = re.compile(
    r"(?:(?:^|[\s(\"])(?:tp|tt|tx|ths|ts|pgs|gs|bs|st|mr|dr|no|[a-z])|(?:(?:^|\n\s{0,3})|[:;]\s{1,3})\d{1,2})$"
)


def sentence_start(page: Page, at: int) -> int:
    """Where the sentence that ``at`` stands in begins, at most ``REACH`` code points back.

    "số 5/QĐ-TTg. Căn cứ |Nghị định": at "Căn cứ". A semicolon does not end it, nor "TP." or a list's "1.".
    """
    low = max(0, at - REACH)
    folded = page.folded
    for match in reversed(list(_stop().finditer(folded, low, at))):
        after = match.end()
        if "\n" in match.group():
            if _is_hard_break(page, after - 1, after):
                return after
            continue
        if after > at or not (page.text[after].isupper() or folded[after] in '-+"('):
            continue
        if _ABBREVIATED.search(folded[max(low, match.start() - 6) : match.start()]):
            continue
        return after
    return low


def _is_hard_break(page: Page, at: int, after: int) -> bool:
    """Canonical text breaks lines between paragraphs only; a break inside a sentence is a bad join, and is passed."""
    rest = page.text[after : after + 6].lstrip(" *_")
    before = page.folded[max(0, at - 12) : at].rstrip()
    if not rest or rest[0] == "\n":
        return False
    if before.endswith(";"):  # a list goes on in the next line; "Ủy ban nhân dân tỉnh ban hành …" ends it
        return not (
            _BULLET.match(page.folded, after) or citation_pattern().match(page.folded, _first_letter(page, after))
        )
    if _BULLET.match(page.folded, after):
        return True
    if rest[0].islower() or before.endswith((",", "(")):
        return False
    if rest[0].isdigit() and before.endswith(("so", "ngay", "thang", "nam", "khoan", "dieu")):
        return False
    return not before.endswith((" so", "cua", " va", "chi"))


def _first_letter(page: Page, at: int) -> int:
    while at < len(page.folded) and page.folded[at] in ' \n"':
        at += 1
    return at


def block_head(page: Page, at: int) -> tuple[int, int] | None:
    """The line ending in ":" that opens the list in which the bullet at ``at`` stands."""
    folded = page.folded
    line = folded.rfind("\n", 0, at) + 1
    for _ in range(20):
        if line == 0 or not _BULLET.match(folded, line):
            return None
        end = line - 1
        line = folded.rfind("\n", 0, end) + 1
        heading = folded[line:end]
        if end - line <= 70 and _LEGAL_HEADING.search(heading):
            return line, end
        if heading.rstrip().endswith(":"):
            return max(line, end - 260, sentence_start(page, end)), end
    return None

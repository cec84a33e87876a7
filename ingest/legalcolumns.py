"""Tables with a column of legal bases: "… | Căn cứ pháp lý | …" above rows of "- Nghị định số …;".

Nothing in such a cell says "Căn cứ" again; the head of the table did. A paper named at the beginning of a cell or of
an item in a cell, below such a head, is a basis; one inside a sentence keeps what its sentence says.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import lru_cache

from ingest.drafts import Page

__all__ = ["LegalColumns"]

_HEAD_LINE = 400  # a table's head is short
_ITEM = re.compile(r"(?:^|[|\n.;:])[\s\"+•*–-]{0,6}(?:\(?\d{1,2}[.)]\s{0,3})?$")


@lru_cache(maxsize=1)
def _head() -> re.Pattern[str]:
    return re.compile(
        r"(?:can\s{1,3}cu|co\s{1,3}so)\s{1,3}(?:phap\s{1,3}ly|phap\s{1,3}luat)(?:\s{0,3}\([^()|\n]{1,60}\))?(?=\s{0,3}(?:\||\n|$))"
    )


@lru_cache(maxsize=1)
def _end() -> re.Pattern[str]:
    """Where a table is over at the latest: the head of the next, or a part of the paper."""
    return re.compile(
        r"\n(?:(?:stt|tt)\s{0,3}[|\n]|phu\s{1,3}luc|phan\s{1,3}[ivx\d]{1,4}(?![a-z])|noi\s{1,3}nhan|dieu\s{1,3}\d)"
    )


class LegalColumns:
    """Where in one text tables with such a column stand."""

    def __init__(self, page: Page) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        folded = page.folded
        if "|" not in folded:
            return
        for match in _head().finditer(folded):
            line = folded.rfind("\n", 0, match.start()) + 1
            stop = folded.find("\n", match.end())
            if stop < 0 or stop - line > _HEAD_LINE or "|" not in folded[line:stop]:
                continue
            if folded[line : match.start()].rstrip()[-1:] not in ("|", ""):
                continue
            over = _end().search(folded, stop + 1)
            self._starts.append(stop)
            self._ends.append(over.start() if over else len(folded))

    def heads_item(self, page: Page, at: int) -> bool:
        """Whether ``at`` begins an item in such a table."""
        place = bisect_right(self._starts, at) - 1
        if place < 0 or at >= self._ends[place]:
            return False
        return bool(_ITEM.search(page.folded, max(self._starts[place], at - 14), at))

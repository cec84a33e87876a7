"""What the pages say, in Vietnamese and English, as data; the tone is that of an office, without jargon or blame.

``Words("vi")("count.documents", n=2)`` → "02 văn bản". A test holds every key that a template uses to these tables,
and every key in them to a use.
"""

from __future__ import annotations

from collections.abc import Mapping

from api.pages.formats import two
from api.pages.wording_common import COMMON
from api.pages.wording_coverage import COVERAGE
from api.pages.wording_documents import DOCUMENTS
from api.pages.wording_graph import GRAPH
from api.pages.wording_lists import LISTS
from api.pages.wording_review import REVIEW

__all__ = ["TABLE", "Words"]

TABLE: Mapping[str, tuple[str, str]] = {**COMMON, **DOCUMENTS, **LISTS, **GRAPH, **REVIEW, **COVERAGE}
"""Key → (Vietnamese, English)."""


class Words:
    """The wording in one language."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        self._place = 1 if lang == "en" else 0

    def __call__(self, key: str, **values: object) -> str:
        """The words of a key, with values in their places; whole numbers get two digits."""
        words = TABLE[key][self._place]
        if not values:
            return words
        shown = {name: two(value) if type(value) is int else value for name, value in values.items()}
        return words.format(**shown)

    def __contains__(self, key: str) -> bool:
        return key in TABLE

    def of(self, family: str, name: str | None) -> str:
        """The words of one value: ``of("relation", "implements")`` → "Thực hiện"; the value itself if unknown."""
        key = f"{family}.{name}"
        return TABLE[key][self._place] if key in TABLE else (name or "")

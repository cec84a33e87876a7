"""One question as the index asks it: what was typed, taken apart, with everything that narrows or helps it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from search.analysis import Query
from search.filters import Requirement
from search.numbers import NumberQuery
from search.places import Former

__all__ = ["Asked"]


@dataclass(frozen=True, slots=True)
class Asked:
    """One question, read: the words, who may be shown, the numbers meant, the former areas of those named."""

    query: Query
    demand: Requirement
    routes: Sequence[str]
    numbers: tuple[NumberQuery, ...]
    former: Former
    depth: int

    @property
    def only_a_number(self) -> bool:
        """True when nothing but a number was typed: then only what bears or says it is of use."""
        return "number" in self.routes and bool(self.numbers) and self.numbers[0].is_all

    @property
    def years(self) -> list[str]:
        """Years among the words."""
        return [word for word in self.query.words if len(word) == 4 and word.isdigit() and word[:2] in ("19", "20")]

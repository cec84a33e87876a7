"""Party terms: between which congresses a Party paper's number is unique (DOMAIN 1.3).

Party numbers restart after each congress, not each year. National congress dates are exact; those of provinces and
below differ by weeks from place to place, so a usual date stands for them and a term is only used to tell that two
printed years belong to one paper, never to invent one.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right

__all__ = ["term_of"]

_NATIONAL = (
    ("VIII", dt.date(1996, 7, 2)),
    ("IX", dt.date(2001, 4, 23)),
    ("X", dt.date(2006, 4, 26)),
    ("XI", dt.date(2011, 1, 20)),
    ("XII", dt.date(2016, 1, 29)),
    ("XIII", dt.date(2021, 2, 2)),
    ("XIV", dt.date(2026, 1, 24)),
)
_LOCAL = tuple((f"{year}-{year + 5}", dt.date(year, 10, 15)) for year in range(1995, 2041, 5))


def term_of(owner: str, issued: dt.date) -> str:
    """The term a Party paper of ``owner`` belongs to: "XI" for tw in 2014, "2020-2025" for lai-chau.tu in 2022."""
    terms = _NATIONAL if "." not in owner else _LOCAL
    index = bisect_right([start for _, start in terms], issued) - 1
    return terms[max(index, 0)][0]

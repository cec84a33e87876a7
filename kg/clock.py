"""Moments as people in Vietnam read them: the store keeps UTC, everything shown says Vietnamese time."""

from __future__ import annotations

import datetime as dt

__all__ = ["VIETNAM", "local", "now"]

VIETNAM = dt.timezone(dt.timedelta(hours=7))
"""The country has one zone and no summer time; a server's own zone says nothing of its readers'."""


def now() -> dt.datetime:
    """This moment, Vietnamese time."""
    return dt.datetime.now(VIETNAM)


def local(written: str) -> dt.datetime:
    """A moment that the store, the ledger or the log wrote in ISO form, as Vietnamese time."""
    return dt.datetime.fromisoformat(written).astimezone(VIETNAM)

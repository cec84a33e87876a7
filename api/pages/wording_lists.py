"""Wording of lists: campaigns, anniversaries, bodies, tasks, upload, quality. Key → (Vietnamese, English)."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["LISTS"]

LISTS: Mapping[str, tuple[str, str]] = {}

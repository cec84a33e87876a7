"""How a reader that takes long says that it is alive: once per page. Silence is taken for a hang."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

__all__ = ["Tell", "quietly"]

Tell: TypeAlias = Callable[[str, int, int], None]
"""Called with (what is being done, how many are done, how many there are): ("Nhận dạng chữ", 3, 12)."""


def quietly(what: str, done: int, total: int) -> None:
    """Tells nobody."""

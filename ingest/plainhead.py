"""A file that begins without any letterhead: at most its first lines say what it is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ingest.printed import Piece
from kg.kinds import KINDS

if TYPE_CHECKING:
    from ingest.letterhead import Letterhead

__all__ = ["read_plain"]

_TITLE = 300  # code points that a title has at most


def read_plain(window: Sequence[Piece], head: Letterhead) -> None:
    """Kind and title from "Kế hoạch phát động …" in the first line, or from "Kế hoạch" with its title below it."""
    if not window:
        return
    piece, below = window[0], window[1] if len(window) > 1 else None
    for kind in sorted(KINDS, key=lambda kind: -len(kind.label)):
        if piece.text == kind.label and below is not None and _may_be_title(below):
            head.kind_word, head.title, head.end = kind, below.text, below.end
            break
        if piece.text.startswith(f"{kind.label} ") and _may_be_title(piece):
            rest = piece.text[len(kind.label) + 1 :]
            if re.match(r"(?:số|này|của)\b", rest):
                break
            head.kind_word, head.title, head.end = kind, rest, piece.end
            break


def _may_be_title(piece: Piece) -> bool:
    return len(piece.text) < _TITLE and piece.text[-1] not in ".;:"

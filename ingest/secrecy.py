"""A paper that bears a secrecy mark is refused; a paper about secrets is not."""

from __future__ import annotations

import re

from ingest.letterhead import HEAD_CHARACTERS
from ingest.printed import is_caps, pieces
from kg.errors import RefusedFile
from kg.model import CanonicalText, Layout

__all__ = ["check_secrecy", "secrecy_mark"]

_MARK = re.compile(
    r"\W*(?:(?:DO|ĐỘ)\s+(?:MẬT)\s*:?\s*)?(?P<mark>TUYỆT\s+MẬT|TỐI\s+MẬT|MẬT)(?:\s*[-–]\s*(?:HỎA TỐC|KHẨN|THƯỢNG "
    r"KHẨN))?\W*$"
)
_LABELLED = re.compile(
    r"\W*(?:[ĐD]ộ\s+mật|Mức\s+độ\s+mật|Dấu\s+chỉ\s+độ\s+mật)\s*:\s*(?P<mark>tuyệt\s+mật|tối\s+mật|mật)\W*$", re.I
)


def secrecy_mark(text: CanonicalText, layout: Layout) -> str | None:
    """The mark in its place on page one ("MẬT", "TỐI MẬT", "TUYỆT MẬT"), or None.

    Its place is a line of its own (or a column's piece) among the lines above the title: "KẾ HOẠCH … BÍ MẬT NHÀ NƯỚC"
    has none. A PDF may give its stamps last, so all of its first page counts; of an unpaged file only the head does.
    """
    paged = len(text.page_starts) > 1
    end = text.page_starts[1] if paged else max(layout.header.end, 400)
    found = pieces(text.text, 0, min(end, len(text.text), HEAD_CHARACTERS), limit=200 if paged else 60)
    for index, piece in enumerate(found):
        if len(piece.text) > 60:
            continue
        match = _MARK.match(piece.text) if is_caps(piece.text) else _LABELLED.match(piece.text)
        if match is None:
            continue
        before = found[index - 1].folded if index else ""
        after = found[index + 1].folded if index + 1 < len(found) else ""
        if before.endswith(" bi") or after.startswith("nha nuoc"):
            continue  # "BẢO VỆ BÍ / MẬT NHÀ NƯỚC": a title cut in two
        return re.sub(r"\s+", " ", match["mark"].upper())
    return None


def check_secrecy(text: CanonicalText, layout: Layout, name: str = "") -> None:
    """Raises ``RefusedFile`` (code "secret") for a paper that bears a secrecy mark; ``name`` stands in the message."""
    if mark := secrecy_mark(text, layout):
        raise RefusedFile(
            f"Tệp{f' “{name}”' if name else ''} có dấu chỉ độ mật ({mark}). Hệ thống không tiếp nhận và không lưu "
            f"nội dung; "
            "đề nghị xử lý theo quy định về bảo vệ bí mật nhà nước.",
            code="secret",
        )

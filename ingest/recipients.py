"""Whom a document goes to: the lines after "Kính gửi:" and after "Nơi nhận:"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.duties import Duties
from ingest.printed import Piece, is_caps
from ingest.signature import is_signature_line
from kg.model import Addressee, Recipient, Span

__all__ = ["RecipientList", "find_addressees", "find_recipients"]

_BULLET = re.compile(r"[-–—+*•▪●·\uf0b7\uf02d]\s*|\d{1,2}[.)]\s+")
_HEAD = re.compile(r"(?:Nơi|NƠI|Noi)\s*(?:nhận|NHẬN|nhân|gửi)\s*[:.]?\s*", re.I)
_ADDRESS = re.compile(r"K[íi]nh\s*(?:gửi|chuyển|trình)\s*[:.]?\s*|[^.;]{3,80}\bđiện\s*:\s*$", re.I)
_KEEP = re.compile(r"(?:\+\s*)?l[ưu]u\b\s*[:.]?\s*", re.I)
_NOTE = re.compile(
    r"\s*[;,.]?\s*\(\s*(?P<note>(?:để\s+)?(?:b\s*[/.]?\s*c(?:áo)?|báo cáo|biết|theo dõi|thực hiện|t/h|th|phối hợp|"
    r"p/h|chỉ đạo|"
    r"đăng(?: tải| công báo)?|kiểm tra|giám sát)(?:[,; /]+[^()]{0,40})?)\s*\)\s*$",
    re.I,
)
_MARKS = " \t;,.:…"


@dataclass(frozen=True, slots=True)
class RecipientList:
    """The list under "Nơi nhận:" without "Lưu", which gives ``drafting_unit`` ("VT, NV" → "NV"); where it stands."""

    recipients: tuple[Recipient, ...] = ()
    drafting_unit: str | None = None
    start: int | None = None
    end: int | None = None


def find_recipients(closing: Sequence[Piece], duties: Duties) -> RecipientList:
    """Reads the list from the pieces of a closing; wrapped items are joined, "(B/c)" becomes the note."""
    first, inline = _list_head(closing)
    if first is None:
        return RecipientList()
    items: list[tuple[str, int, int]] = []
    started = False
    for piece in ([inline] if inline else []) + list(closing[first:]):
        text = piece.text
        match = _BULLET.match(text)
        if match and len(text) > match.end():
            started = True
            items.extend(_split(piece, match.end()))
            continue
        if text in ("-", "+", "•"):
            continue
        if is_signature_line(piece) or (is_caps(text) and " " in text):
            if items and not _ended(items):
                continue  # the other column, read in between
            if not items and not started:
                continue
            break
        if not items:
            if len(text) > 200:
                break
            items.extend(_split(piece, 0))
            started = True
            continue
        if _ended(items) or (text[0].isupper() and items[-1][0][-1] in ";."):
            break
        name, start, _ = items[-1]
        items[-1] = (f"{name} {text}", start, piece.end)
    if not items:
        return RecipientList(start=closing[first - 1].start, end=closing[first - 1].end)
    recipients: list[Recipient] = []
    unit: str | None = None
    for name, start, end in items:
        if match := _KEEP.match(name):
            unit = unit or _drafting_unit(name[match.end() :])
            continue
        clean, note = _without_note(name)
        if clean:
            recipients.append(Recipient(clean, duties.of_recipient(clean, note), Span(start, end), note))
    return RecipientList(tuple(recipients), unit, closing[first - 1].start if first else items[0][1], items[-1][2])


def _list_head(closing: Sequence[Piece]) -> tuple[int | None, Piece | None]:
    for index, piece in enumerate(closing):
        if (match := _HEAD.match(piece.text)) and len(piece.text) < 1200:
            rest = piece.after(match.end()) if match.end() < len(piece.text) else None
            if rest is not None and rest.text:
                start = piece.text.find(rest.text, match.end() - 1)
                dash = piece.text.rfind("-", match.end() - 2, start + 1)
                at = dash if dash >= 0 else start
                rest = Piece(piece.text[at:], piece.start + at)
            return index + 1, rest if rest is not None and rest.text else None
    for index, piece in enumerate(closing):  # a list that lost its heading: one line that ends in "Lưu"
        if piece.text[0] in "-–" and re.search(r";\s*-\s*luu\b", piece.folded):
            while index > 0 and closing[index - 1].text[0] in "-–":
                index -= 1
            return index, None
    return None, None


def _split(piece: Piece, offset: int) -> list[tuple[str, int, int]]:
    """The items of one piece: "- A; - B; - Lưu: VT." holds three."""
    found: list[tuple[str, int, int]] = []
    at = offset
    for match in re.finditer(r";\s*[-–]\s*(?=\S)", piece.text):
        if match.start() > at:
            found.append((piece.text[at : match.start() + 1], piece.start + at, piece.start + match.start()))
        at = match.end()
    found.append((piece.text[at:], piece.start + at, piece.end))
    return found


def _listed(name: str, start: int) -> list[tuple[str, int, int]]:
    """The parts of a list on one line: "Các sở, ban, ngành; UBND các huyện" holds two."""
    return [(part[0], start + part.start(), start + part.end()) for part in re.finditer(r"[^;\s][^;]*", name)]


def _ended(items: Sequence[tuple[str, int, int]]) -> bool:
    return _KEEP.match(items[-1][0]) is not None and not items[-1][0].rstrip().endswith(",")


def _without_note(name: str) -> tuple[str, str | None]:
    name = name.strip(_MARKS)
    note = None
    if match := _NOTE.search(name):
        note = match["note"].strip()
        name = name[: match.start()]
    return re.sub(r"\s+", " ", name).strip(_MARKS), note


def _drafting_unit(rest: str) -> str | None:
    """ "VT, KGVX (2). 70" → "KGVX"; "Văn thư, TH" → "TH"; "VT" alone → None."""
    rest = re.sub(r"\([^)]*\)", " ", rest)
    parts = [part.strip(_MARKS) for part in re.split(r"[,;]", rest)]
    for part in parts:
        words = part.split()
        if (
            not words
            or words[0].lower() in ("vt", "hc", "hs", "văn", "vp")
            or part.lower() in ("vt", "văn thư", "hồ sơ")
        ):
            continue
        word = re.match(r"[A-ZĐƯĂÂÊÔƠ][\wĐđƯư&.-]*", words[0])
        if word and not word[0].isdigit():
            return word[0].strip(".")
    return None


def find_addressees(after: Sequence[Piece], duties: Duties) -> tuple[tuple[Addressee, ...], int | None]:
    """The addressees from the piece "Kính gửi:" on, and the offset where their list ends."""
    if not after or not (match := _ADDRESS.match(after[0].text)):
        return (), None
    items: list[tuple[str, int, int]] = []
    rest = after[0].text[match.end() :].strip()
    end = after[0].end
    bulleted = False
    if rest.strip(_MARKS + "-"):
        start = after[0].start + after[0].text.index(rest, match.end() - 1 if match.end() else 0)
        lead = _BULLET.match(rest)
        bulleted = lead is not None
        skip = lead.end() if lead else 0
        items.extend(_split(Piece(rest, start), skip))
    for piece in after[1:]:
        text = piece.text
        lead = _BULLET.match(text)
        if lead and text[0] not in "0123456789" and len(text) < 400:
            if items and not bulleted and items[-1][0].rstrip()[-1] not in ";:,":
                break
            bulleted = True
            items.extend(_split(piece, lead.end()))
        elif not items:
            if len(text) > 300:
                break
            items.extend(_split(piece, 0))
        elif items[-1][0].rstrip()[-1:] in ";," and len(text) < 200 and not bulleted:
            items.extend(_split(piece, 0))
        elif bulleted and text[0].islower() and len(text) < 120:
            items[-1] = (f"{items[-1][0]} {text}", items[-1][1], piece.end)
        else:
            break
        end = piece.end
    if not bulleted:
        items = [part for name, start, stop in items for part in _listed(name, start)]
    addressees = []
    for name, start, stop in items:
        clean, _ = _without_note(name)
        if clean:
            addressees.append(Addressee(clean, duties.of_addressee(clean), Span(start, stop)))
    return tuple(addressees), end

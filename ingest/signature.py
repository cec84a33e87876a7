"""Who signed: the block "TM. ỦY BAN NHÂN DÂN / KT. CHỦ TỊCH / PHÓ CHỦ TỊCH / Tổng Thanh Hải" taken apart."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.printed import UPPER, Piece, is_caps, ordinary
from kg.model import Signer, Span

__all__ = ["SignatureBlock", "find_signatures", "is_signature_line"]

_PREFIX = re.compile(
    r"(?P<prefix>T/?M|K/?T|T/?L|TUQ|T/UQ|UQ|T/?U\.?Q|Q|PP|QUYỀN)"
    rf"(?:\s*[./:]\s*|\s+(?=[{UPPER}]{{2}}))(?=[{UPPER}])"
)
_SIGNS_FOR = {"TM": "TM", "KT": "KT", "TL": "TL", "TUQ": "TUQ", "UQ": "TUQ", "Q": "Q", "QUYỀN": "Q", "PP": "KT"}
_POSITION = re.compile(
    r"(?:quyen |q\. ?)?(?:(?:pho|uy vien|dong) )*(?:chu tich|giam doc|bo truong|thu truong|thu tuong|cuc truong|vu "
    r"truong|"
    r"chanh (?:van phong|thanh tra|an|toa)|van phong|bi thu|truong (?:phong|ban|khoa|doan|thue|tieu ban)|chi cuc "
    r"truong|"
    r"tong (?:giam doc|cuc truong|bi thu|thanh tra|kiem toan|tham muu truong|bien tap)|hieu truong|vien truong|chu "
    r"nhiem|"
    r"tu lenh|chinh uy|chi huy truong|thong doc|doi truong|to truong|tham phan|chu toa|kiem toan truong|thu ky|"
    r"thuong truc|"
    r"truong|cong an|uy vien)\b"
)
_NAME = re.compile(
    r"(?:(?:Đại|Thượng|Trung|Thiếu)\s+(?:tướng|tá|úy)|(?:GS|PGS|TS|ThS|Ths|BS|KS|Ks|CN|LS|CVCC|Dr|TSKH|BSCKI{1,2}|DS)"
    r"\s*\.?(?:\s*\.\s*|\s+)|[,.\s])*"
    rf"(?P<name>[{UPPER}][\w’'.]*(?:\s+[{UPPER}][\w’'.]*){{1,5}})$"
)
_SIGNED = re.compile(
    r"\W*(?:da ky|ky ten|da ky va dong dau|ky ten, dong dau|ky, ghi ro ho ten|ky va ghi ro ho ten|signed|ky boi)\b"
)
_STOP = re.compile(r"(?:noi nhan|luu\b|phu luc|bieu mau|danh muc|kem theo|mau so|-|\+|•|\d)")


@dataclass(frozen=True, slots=True)
class SignatureBlock:
    """One block as found: its lines, the name (may be missing), where it stands."""

    signer: Signer | None
    start: int
    end: int
    organ: str | None


def is_signature_line(piece: Piece) -> bool:
    """A line that only a signature block has: "TM. ỦY BAN NHÂN DÂN", "PHÓ CHỦ TỊCH THƯỜNG TRỰC"."""
    text = piece.text
    if len(text) > 110 or text[0] in "-+•":
        return False
    if _PREFIX.match(text) and is_caps(text[:12].rstrip("0123456789")):
        return True
    return is_caps(text) and text[-1] not in ":;" and (text == "PHÓ" or _POSITION.match(piece.folded) is not None)


def find_signatures(closing: Sequence[Piece]) -> tuple[SignatureBlock, ...]:
    """The signature blocks among the pieces of a closing, in order; only those that start with a signature line."""
    blocks: list[SignatureBlock] = []
    index = 0
    while index < len(closing) and len(blocks) < 12:
        if not is_signature_line(closing[index]):
            index += 1
            continue
        first = index
        lines: list[Piece] = []
        name: Piece | None = None
        skipped = 0
        while index < len(closing):
            piece = closing[index]
            if _SIGNED.match(piece.folded) and len(piece.text) < 60:
                index += 1
                continue
            if is_signature_line(piece):
                if name is not None or (lines and _opens_block(piece) and not _continues(lines, piece)):
                    break
                lines.append(piece)
            elif lines and is_caps(piece.text) and len(piece.text) < 80 and not _STOP.match(piece.folded):
                if _NAME_CAPS.match(piece.text) and _complete(lines) and len(piece.text.split()) <= 5:
                    name = piece
                    index += 1
                    break
                lines.append(piece)
            elif name is None and (match := _NAME.match(piece.text)) and _looks_like_name(match["name"]):
                name = piece
                index += 1
                break
            elif _STOP.match(piece.folded) and skipped < 14 and not piece.folded.startswith(("phu luc", "mau so")):
                skipped += 1  # the recipients' column, read in between
            else:
                break
            index += 1
        end = (name or lines[-1]).end
        blocks.append(SignatureBlock(_signer(lines, name), closing[first].start, end, _organ(lines)))
        index = max(index, first + 1)
    return tuple(blocks)


_NAME_CAPS = re.compile(rf"[{UPPER}]+(?:\s+[{UPPER}]+){{1,4}}$")


def _opens_block(piece: Piece) -> bool:
    match = _PREFIX.match(piece.text)
    return match is not None and _SIGNS_FOR.get(match["prefix"].replace("/", "").replace(".", "")) in (
        "TM",
        "TL",
        "TUQ",
    )


def _continues(lines: Sequence[Piece], piece: Piece) -> bool:
    return not any(_POSITION.match(line.folded) for line in lines) and bool(_PREFIX.match(lines[0].text))


def _complete(lines: Sequence[Piece]) -> bool:
    return bool(_POSITION.match(lines[-1].folded)) and not _PREFIX.match(lines[-1].text)


def _looks_like_name(name: str) -> bool:
    words = name.replace(".", " ").split()
    return 2 <= len(words) <= 6 and all(word[0].isupper() for word in words) and not any(c.isdigit() for c in name)


def _signer(lines: Sequence[Piece], name: Piece | None) -> Signer | None:
    if name is None:
        return None
    merged = _merged(lines)
    on_behalf_of = acting_for = by_order = position = None
    for prefix, text in merged:
        office = ordinary(text)
        if prefix == "TM":
            on_behalf_of = on_behalf_of or office
        elif prefix == "KT":
            acting_for = acting_for or office
        elif prefix in ("TL", "TUQ"):
            by_order = by_order or office
        elif prefix == "Q":
            position = f"Quyền {office}"
        else:
            position = office
    match = _NAME.match(name.text)
    person = match["name"] if match else name.text
    if is_caps(person):
        person = person.title()
    return Signer(
        re.sub(r"\s+", " ", person).strip(" .,"),
        position,
        on_behalf_of,
        acting_for,
        by_order,
        Span(lines[0].start, name.end),
    )


def _merged(lines: Sequence[Piece]) -> list[tuple[str, str]]:
    """(prefix, office) per line; a line cut in two ("TM. ỦY BAN" / "NHÂN DÂN") is put together again."""
    merged: list[tuple[str, str]] = []
    for piece in lines:
        text = re.sub(r"\s+", " ", piece.text)
        match = _PREFIX.match(text)
        if match:
            key = match["prefix"].replace("/", "").replace(".", "")
            merged.append((_SIGNS_FOR.get(key, "TM"), text[match.end() :]))
        elif merged and (
            merged[-1][1][-1] in ",-–"
            or merged[-1][1].split()[-1] in ("PHÓ", "QUYỀN", "CHÁNH")
            or (text not in ("PHÓ", "QUYỀN") and not _POSITION.match(piece.folded))
        ):
            merged[-1] = (merged[-1][0], f"{merged[-1][1]} {text}")
        else:
            merged.append(("", text))
    return merged


def _organ(lines: Sequence[Piece]) -> str | None:
    """The collective or the office that the block speaks for: "ỦY BAN NHÂN DÂN"."""
    merged = _merged(lines)
    for prefix, text in merged:
        if prefix == "TM":
            return text
    return merged[0][1] if merged else None

"""Numbers, keys and IRIs: how a printed number becomes the identity of a work.

A work's key is ``owner/code/period/number`` (DESIGN section 3), e.g. ``tw/ct/2014/34`` or
``lai-chau.ubnd/cv/2023/1954-th``. Keys are base-free: link ids and verdicts hash them, so the base of all IRIs
can change and nothing is lost.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal

from kg.kinds import kinds_by_code

__all__ = [
    "DEFAULT_BASE",
    "DocumentNumber",
    "evidence_id",
    "file_key",
    "fold",
    "link_id",
    "named_key",
    "number_key",
    "parse_number",
    "period_of",
    "slug",
    "work_key",
]

DEFAULT_BASE = "https://vanban.example.vn"

# Letters that OCR, Cyrillic keyboards and old fonts put where a Vietnamese one belongs (DOMAIN 3.2).
LOOK_ALIKES = str.maketrans(
    {
        "А": "A", "В": "B", "Е": "E", "К": "K", "М": "M", "Н": "H", "О": "O", "Р": "P", "С": "C", "Т": "T", "Х": "X",
        "Ð": "Đ", "Ɖ": "Đ", "₫": "đ", "đ": "đ", "Ƣ": "Ư", "ƣ": "ư",
        "–": "-", "—": "-", "‐": "-", "‑": "-", "‒": "-", "−": "-", "­": "-", "∕": "/", "⁄": "/", "／": "/",
    }
)  # fmt: skip

_FOLD = {
    code: unicodedata.normalize("NFD", chr(code).lower())[0].replace("đ", "d")
    for block in (range(0x41, 0x5B), range(0xC0, 0x250), range(0x1E00, 0x1F00))
    for code in block
} | {ord("Ð"): "d", ord("ð"): "d"}  # eth, which OCR and old fonts write for Đ


def fold(text: str) -> str:
    """Lower case, without accents, đ→d: "Ủy ban nhân dân" → "uy ban nhan dan".

    On NFC text, such as canonical text, the result has the same length: offsets into it are offsets into ``text``.
    For matching only, never for display or provision letters (điểm đ ≠ điểm d).
    """
    return unicodedata.normalize("NFC", text).translate(_FOLD)


def slug(text: str) -> str:
    """ASCII words joined by hyphens: "Tam Đường" → "tam-duong"."""
    return re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")


@dataclass(frozen=True, slots=True)
class DocumentNumber:
    """A printed number taken apart.

    "159/KH-UBND": number 159, kind_code KH, body UBND. "34-CT/TW": style party. "15/2020/NĐ-CP": year 2020.
    "1954/UBND-TH": a công văn, kind_code None, units ("TH",). "/UBND-TH": number None (left blank).
    """

    number: str | None
    year: int | None
    kind_code: str | None
    body: str
    units: tuple[str, ...] = ()
    style: Literal["state", "party", "assembly"] = "state"

    @property
    def text(self) -> str:
        """The number as it should be printed: separators in their place, no spaces."""
        return f"{self.number or ''}{self.symbol}"

    @property
    def symbol(self) -> str:
        """All but the number: "/KH-UBND", "-CT/TW", "/2020/NĐ-CP"."""
        year = f"/{self.year}" if self.year else ""
        tail = "".join(f"-{unit}" for unit in self.units)
        if self.style == "party":
            return f"-{self.kind_code}/{self.body}{tail}"
        kind = f"{self.kind_code}-" if self.kind_code else ""
        return f"{year}/{kind}{self.body}{tail}"

    @property
    def body_base(self) -> str:
        """The body's code without a dotted office suffix or legislature: "UBND.HC" → "UBND", "QH15" → "QH"."""
        return re.sub(r"(?<=[A-Z])\d+$", "", self.body.split(".")[0])

    @property
    def normative(self) -> bool:
        """True when the year stands in the symbol: a series of its own (34/2024/QĐ-UBND ≠ 34/QĐ-UBND)."""
        return self.year is not None


# Spelling of codes whose capitals are not all capitals. Data for display; matching ignores case.
_SPELLING = {
    code.upper(): code
    for code in (
        "TTg", "CTr", "TTr", "QyĐ", "TrS", "TTh", "ThU", "SNgV", "BNgV", "TWĐTN", "CTTN", "TgĐ", "BTTg", "BVHTTDL",
    )
}  # fmt: skip
_PARTY_BODY = re.compile(r"(?!MTTW)(?:.*T[WU]|TW.*|HU|TXU|THU|ĐU|ĐUK|ĐUX|CB|BCS|BCSĐ|ĐĐ|TĐTN|HĐTN|HVCTQG|BTG|BTGDV)$")
_TOKEN = re.compile(r"[\s*_`]+")
# Codes typed without their hyphen or their Đ: "QĐUBND", "27/CTTg", "120/2016/ND-CP" (DOMAIN 3.2).
_LOST_HYPHEN = re.compile(
    r"(?P<kind>QĐ|QD|NQ|NĐ|ND|CT|KH|TT|TB|BC|KL|HD|TTr|CTr)(?P<body>UBND|HĐND|TTg|TTG|CP|TW|TU|HU|B[A-ZĐ]{2,9})$"
)
# A separator lost before the kind: "298 KH/TWĐTN", "34CT/TW", "62/2016QĐ-UBND".
_GLUED = re.compile(
    r"^(\d{1,6}|\d{1,6}[/-](?:19|20)\d\d)(?=(?:QĐ|NQ|NĐ|CT|KH|TT|TB|BC|KL|HD|CV|TTr|CTr|ĐA|QC|TTLT)[/-]|QH\d)",
    re.IGNORECASE,
)
_WITHOUT_BAR = {"ND": "NĐ", "QD": "QĐ", "CTTG": "CT-TTg", "HDND": "HĐND"}
_ASSEMBLY = re.compile(r"(\d+)/(\d{4})/((?:QH|UBTVQH)\d{1,2})$")


def _spell(code: str) -> str:
    upper = code.upper()
    if upper in ("TƯ", "T.Ư"):  # OCR reads TU as TƯ (DOMAIN 3.2)
        return "TU"
    upper = upper.replace("ƯBND", "UBND")
    return _SPELLING.get(upper, upper if code.islower() or code.isupper() else code)


def _mended(group: str, groups: int) -> tuple[str, ...]:
    """One printed group as one or two codes: "QĐUBND" → QĐ, UBND; "ND" before a body → NĐ."""
    if groups == 1:
        if known := _WITHOUT_BAR.get(group.upper()):
            return tuple(known.split("-"))
        if match := _LOST_HYPHEN.match(group):
            return _spell(match["kind"]), _spell(match["body"])
    return (_spell(_WITHOUT_BAR.get(group.upper(), group)),)


@lru_cache(maxsize=8192)
def parse_number(printed: str) -> DocumentNumber | None:
    """Takes a printed number apart, through every noise of DOMAIN 3.2 that lies inside the token.

    Spaces, line breaks, markdown marks, dash and slash variants, look-alike letters, lost case ("19/CT-TTG") and
    swapped separators ("22/CT-TW" → 22-CT/TW) are mended. Returns None when the token is no number with a symbol.
    """
    token = _TOKEN.sub("", unicodedata.normalize("NFC", printed).translate(LOOK_ALIKES)).strip(".,;:-")
    token = _GLUED.sub(r"\g<1>/" if "QH" in token.upper() else r"\g<1>-", token, count=1)
    if match := _ASSEMBLY.match(token.upper()):
        number, year, body = match.groups()
        return DocumentNumber(number, int(year), None, body, (), "assembly")
    groups = re.split(r"[/-]+", token)
    number = groups[0].upper()
    if number and not re.fullmatch(r"\d{1,6}[A-ZĐ]?", number):
        return None
    rest = [group for group in groups[1:] if group]
    year = None
    if rest and re.fullmatch(r"(?:19|20)\d\d", rest[0]):
        year, rest = int(rest[0]), rest[1:]
    if not rest or not all(re.fullmatch(r"[A-Za-zÀ-ỹĐđƯư0-9&.,()]+", group) for group in rest):
        return None
    codes = [code for group in rest for code in _mended(group, len(rest))]
    kind_code: str | None = None
    if len(codes) >= 2 and kinds_by_code(codes[0]):
        kind_code, codes = _kind_code(codes[0]), codes[1:]
    if not re.match(r"[A-ZĐƯ]", codes[0]):
        return None
    party = (
        kind_code is not None
        and year is None
        and (bool(_PARTY_BODY.match(codes[0].upper())) or re.match(r"[^/-]*-[^/-]+/", token) is not None)
    )
    return DocumentNumber(number or None, year, kind_code, codes[0], tuple(codes[1:]), "party" if party else "state")


def _kind_code(code: str) -> str:
    """The code as the decree spells it: "CTR" and "Ctr" → "CTr"."""
    for kind in kinds_by_code(code):
        for spelling in kind.codes:
            if spelling.upper() == code.upper():
                return spelling
    return code


def _strip_zero(number: str) -> str:
    return number.lstrip("0") or "0"


def number_key(number: str) -> str:
    """A printed number in the form under which spellings of it are equal: "09/CT-UBND" → "9/ct/ubnd".

    Separators, case, accents of codes kept; used for look-ups by what a person typed.
    """
    parsed = parse_number(number)
    text = parsed.text if parsed else number
    return re.sub(r"[/\-\s]+", "/", text.upper().lstrip("0").strip("/- "))


def period_of(number: DocumentNumber, issued: date | None, year: int | None = None) -> str | None:
    """The series period: the year of the date, or "2024-qppl" for a normative paper. None when unknown."""
    if number.year is not None:
        return f"{number.year}-qppl"
    if issued is not None:
        return str(issued.year)
    return str(year) if year else None


def work_key(owner: str, number: DocumentNumber, period: str) -> str:
    """The base-free key of a numbered work: ``lai-chau.ubnd/cv/2023/1954-th``. The number must not be blank."""
    if number.number is None:
        raise ValueError(f"a blank number has no key: {number.symbol}")
    code = slug(number.kind_code) if number.kind_code else slug(number.body) if number.style == "assembly" else "cv"
    digits = _strip_zero(number.number).lower()
    suffix = "".join(f"-{slug(part)}" for part in (*number.body.split(".")[1:], *number.units))
    return f"{owner}/{code}/{period}/{slug(digits)}{suffix}"


def named_key(name: str) -> str:
    """The key of a work that is cited by name alone: ``ten/luat-thi-dua-khen-thuong-2022``."""
    return f"ten/{slug(name)}"


def file_key(sha256: str) -> str:
    """The key of a held file whose identity is not known: ``file/0123456789abcdef``."""
    return f"file/{sha256[:16]}"


def _digest(*parts: str) -> str:
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:16]


def link_id(subject_key: str, relation: str, object_key: str) -> str:
    """The id of a link: a hash of base-free keys, nothing of the run, the offsets or the model."""
    return _digest(subject_key, relation, object_key)


def evidence_id(link: str, text_sha256: str, start: int, end: int) -> str:
    """The id of one quoted place that speaks for a link."""
    return _digest(link, text_sha256, str(start), str(end))

"""Numbered mentions: from a hit of the full pattern to kind, number, date, and the issuer printed beside it."""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache

from ingest.bodynames import read_body
from ingest.drafts import Draft, Page
from ingest.grammar import date_pattern, one_line, read_date
from ingest.lexicon import (
    ABBREVIATED_KINDS,
    ENGLISH_KINDS,
    KIND_WORDS,
    NOT_A_NUMBERED_THING,
    OLD_STYLE_CODES,
    SERIES_CODES,
)
from kg.identifiers import LOOK_ALIKES, DocumentNumber, fold, parse_number
from kg.kinds import kinds_by_code

__all__ = ["bare_mention", "is_next_line", "issuer_after", "kind_of", "label_of", "numbered_mention", "read_number"]

_SEGMENT = re.compile(r"[^\s/\-*_`&]+(?:\s?&\s?[^\s/\-*_`&]+){0,4}")  # "NN& PTNT" is one
_SPACED_DASH = re.compile(r"\s+-\s+$")
_DATED = re.compile(r"\s{0,3},?\s{0,3}ngay\s{0,3}\d")
_CODE = re.compile(r"[A-ZĐƯÔƠa-z0-9&.]+")


def read_number(page: Page, start: int, end: int, *, trusted: bool) -> tuple[DocumentNumber, int] | None:
    """The number printed at [start, end) and where it really ends; None when the letters are no codes.

    Codes are told from words by their capitals: "QĐ-UBND" is one, "Đường" in "398 - Đường" is not. ``trusted`` (a kind
    word and "số" stand before) admits codes typed in small letters: "số 19/ct-ttg".
    """
    raw = page.text[start:end].translate(LOOK_ALIKES)
    segments = list(_SEGMENT.finditer(raw))
    kept = segments[0].end()
    bodies = 0
    for index, segment in enumerate(segments[1:], start=1):
        word = "".join(segment.group().split())
        gap = raw[segments[index - 1].end() : segment.start()]
        if word.isdigit():
            kept = segment.end()
            continue
        if index == 1 and word[:4].isdigit():  # "62/2016QĐ-UBND"
            word = word[4:]
        series = fold(word) in SERIES_CODES
        if not (_is_code(word) or (trusted and (series or (index > 1 and len(word) <= 6 and raw.islower())))):
            short = _without_sentence(word)
            if short:
                kept = segment.start() + len(short)
                bodies += 1
            break
        apart = bodies and _SPACED_DASH.match(gap.replace("\n", " "))
        if apart and not (word.isupper() and len(word) <= 6 and _DATED.match(page.folded, start + segment.end())):
            break
        kept = segment.end()
        if not series or index > 1 or (len(segments) == 2 and "-" in gap and fold(word) in OLD_STYLE_CODES):
            bodies += 1
    if not bodies:
        return None
    printed = raw[:kept].rstrip(".,;:")
    number = parse_number(printed)
    if number is None or number.number is None:
        return None
    return number, start + len(printed)


def _is_code(word: str) -> bool:
    """Capitals, with at most as many plain small letters: "QĐ", "TTg", "SNgV", "UBND.HC"; not "Đường", "Sở"."""
    if not _CODE.fullmatch(word):
        return False
    head, *tails = word.split(".")
    if any(tail and not tail.isupper() for tail in tails):
        return False
    upper = sum(char.isupper() for char in head)
    return upper > 0 and upper >= sum(char.islower() for char in head)


_GLUED_CODE = re.compile(r"((?:TTg|CTr|TTr|SNgV|[A-ZĐƯ][A-ZĐƯ0-9&]+))(?=[a-zà-ỹđ]{2})")


def _without_sentence(word: str) -> str | None:
    """A code that ran into the next word: "TT-BYT.Trường" → BYT, "NĐ-CPngày" → CP."""
    head, stop, _ = word.partition(".")
    if stop and _is_code(head):
        return head
    glued = _GLUED_CODE.match(word)
    return glued[1] if glued else None


def label_of(word: str) -> str | None:
    """The kind behind a folded kind word: "chuong trinh hanh dong" → "Chương trình"."""
    word = " ".join(word.split())
    found = KIND_WORDS.get(word) or ENGLISH_KINDS.get(word) or ABBREVIATED_KINDS.get(word)
    return found or _unspaced().get(word.replace(" ", ""))


@lru_cache(maxsize=1)
def _unspaced() -> dict[str, str]:
    return {word.replace(" ", ""): label for word, label in (KIND_WORDS | ENGLISH_KINDS).items()}


def kind_of(word: str | None, number: DocumentNumber | None) -> str | None:
    """The kind: the symbol's code decides, the word where the code leaves several or none.

    "Công văn số 1479/HD-BTĐKT" is a Hướng dẫn; "Quy định số 66-QĐ/TW" stays a Quy định.
    """
    if number is None:
        return word
    if number.kind_code is None:
        if number.style == "assembly":
            return word if word != "Công văn" else None
        return word or "Công văn"
    coded = [kind.label for kind in kinds_by_code(number.kind_code)]
    if word in coded or not coded:
        return word
    if number.kind_code == "QĐ" and word in {"Quy định", "Quy chế", "Điều lệ"}:
        return word
    if number.kind_code == "CT" and word == "Chương trình":  # old Party usage, DOMAIN 2
        return word
    if word == "Công văn" and number.kind_code in _BODIES_LIKE_KINDS and number.body not in _ORDERING:
        return word  # "Công văn số 5615/CT-CS": CT is Cục Thuế here, no Chỉ thị
    return coded[0]


_BODIES_LIKE_KINDS = frozenset({"CT", "CĐ"})
_ORDERING = frozenset({"TTg", "TW", "TU", "UBND", "CTUBND", "HU", "ĐU"})


@lru_cache(maxsize=1)
def _form_code() -> re.Pattern[str]:
    # What numbers a form, a standard, a contract, a place: never a document of the kinds we know.
    return re.compile(
        r"(?<![a-z])(?:(?:(?:giay\s{1,3}(?:phep|chung\s{1,3}nhan)|hop\s{1,3}dong|hoa\s{1,3}don|chung\s{1,3}chi|ban\s{1,3}an)"
        r"(?:\s{1,3}[a-z]{1,7}){1,4}|(?:theo)?mau|bieu|bieu\s{1,3}mau|phu\s{1,3}luc|ma|ma\s{1,3}(?:so|hieu|ho\s{1,3}so|tthc|chuong)|hop\s{1,3}dong"
        r"|hoa\s{1,3}don|giay\s{1,3}phep|tai\s{1,3}khoan|giay\s{1,3}chung\s{1,3}nhan|dang\s{1,3}ky|quyen|thua|lo|bang"
        r"|to\s{1,3}ban\s{1,3}do|dien\s{1,3}thoai|form|dia\s{1,3}chi|hinh|so\s{1,3}nha|cong\s{1,3}bao|template"
        r"|cccd|cmnd|giay\s{1,3}gioi\s{1,3}thieu|chung\s{1,3}chi|bien\s{1,3}lai|ban\s{1,3}ve|ban\s{1,3}an)"
        r"[\s:,(]{0,3}(?:so|so\s{1,3}hieu|no)?[\s:.]{0,3}$"
        r"|(?:tcvn|qcvn|tcn|qctdhn|qcdp|tccs|tcxd|tcxdvn|iso|iec|astm|bs|en)[\s:.]{0,3}[\d\s:.\-]{0,12}$)"
    )


@lru_cache(maxsize=1)
def _form_list() -> re.Pattern[str]:
    """ "các Mẫu số 03/TSTL-BC, 04/TSTL-BC và |": the numbers of a list of forms are forms too."""
    code = r"(?:so\s{1,3})?[a-z0-9/.\-]{1,20}"
    return re.compile(
        rf"(?<![a-z])(?:theo)?(?:mau|bieu|bieu\s{{1,3}}mau|phu\s{{1,3}}luc)\s{{1,3}}{code}"
        rf"(?:\s{{0,2}}(?:,|;|va)\s{{1,3}}{code}){{0,6}}\s{{0,2}}(?:,|;|va|den)\s{{1,3}}(?:so\s{{0,3}})?$"
    )


def _is_form_code(page: Page, start: int) -> bool:
    before = page.folded[max(0, start - 90) : start]
    return bool(_form_code().search(before[-56:]) or _form_list().search(before))


def numbered_mention(page: Page, match: re.Match[str]) -> Draft | None:
    """The mention at a hit with a number; None when the digits are no document number."""
    folded = page.folded
    word = match["kind"]
    group = "number" if word else "alone"
    trusted = bool(word or match["lone"])
    found = read_number(page, match.start(group), match.end(group), trusted=trusted)
    if found is None:
        return None
    number, end = found
    start = match.start()
    mark = match["mark"] if word else match["lone"]
    if word and mark is None and folded[match.start("kind") :].startswith(("no", "s ")):
        return None
    label = label_of(word) if word else None
    if not word and (_is_form_code(page, start) or (mark and _is_form_code(page, match.start(group)))):
        return None
    if not word and not _stands_alone(number, mark is not None):
        return None
    date: dt.date | None = None
    year: int | None = None
    core = end
    date_group = "date" if word else "alone_date"
    if end == match.end(group):
        printed_date = match[date_group]
        if printed_date and not is_next_line(page, match.start(date_group), match.end(date_group)):
            date, year = read_date(printed_date)
            core = match.end(date_group)
    elif later := date_pattern().match(folded, end):
        date, year = read_date(later.group())
        core = later.end()
    if core == end and (broken := _broken_date().match(folded, end)) and _of().match(folded, broken.end()):
        core = broken.end()
    if word and match["open"]:
        closing = re.compile(r"\s{0,2}\)").match(folded, core)
        core = closing.end() if closing else core
        if closing and date is None and year is None and (later := date_pattern().match(folded, core)):
            date, year = read_date(later.group())
            core = later.end()
    core, issuer, late = issuer_after(page, core, dated=core != end)
    if late:
        date, year = late
    flags = () if mark or not word else ("no_so",)
    return Draft(
        start=start,
        end=core,
        core=core if issuer is None else issuer[0],
        form="full",
        kind=kind_of(label, number),
        number=number,
        printed=number.text,
        date=date,
        year=year,
        issuer=issuer,
        flags=flags,
    )


def is_next_line(page: Page, start: int, end: int) -> bool:
    """Whether a date after a line break opens the next paragraph: "… Đề án số 6/ĐA-CP\nNgày 15 tháng 11, tại …"."""
    gap = page.text[start:end]
    if "\n" not in gap[: len(gap) - len(gap.lstrip())] or not gap.lstrip().startswith("Ngày"):
        return False
    return not re.compile(r"\s{0,4}(?:cua(?![a-z])|[).;]|$)").match(page.folded, end)


def _stands_alone(number: DocumentNumber, marked: bool) -> bool:
    """Whether a number without kind word shows by itself that it is one: "4032/TCHQ-GSQL", not "24/7" or "12/A5"."""
    if number.style in ("assembly", "party") or number.kind_code is not None:
        return True
    letters = sum(char.isupper() for char in number.body)
    if number.units and letters >= 2:
        return True
    return marked and letters >= 3


@lru_cache(maxsize=1)
def _broken_date() -> re.Pattern[str]:
    """A date that is none ("ngày 20/11/20225", "ngày .../.../2024"): passed over where an issuer follows it."""
    return re.compile(
        r"[\s,;]{0,4}ngay(?:[\d\s/.…\-]{3,24}|[\d\s.…]{0,12}thang[\d\s.…]{0,12}(?:nam[\d\s.…]{0,12})?)(?=[\s,])"
    )


@lru_cache(maxsize=1)
def _of() -> re.Pattern[str]:
    return re.compile(r"\s{0,4},?\s{0,4}(?:(?:cua|giua)(?![a-z])\s{0,4}){1,2}(?:cac\s{1,3})?(?:dong\s{1,3}chi\s{1,3})?")


@lru_cache(maxsize=1)
def _plenum() -> re.Pattern[str]:
    return re.compile(r"\s{0,4},?\s{0,4}(?=hoi\s{1,4}nghi\s{1,4}(?:lan\s{1,4}thu|trung\s{1,4}uong|ban\s{1,4}chap))")


def issuer_after(
    page: Page, at: int, *, dated: bool
) -> tuple[int, tuple[int, int] | None, tuple[dt.date | None, int | None] | None]:
    """(surface end, issuer span, date after the issuer) from what follows a number at ``at``.

    "của Bộ Tài chính ngày 15 tháng 8 năm 2017": an issuer may stand before the date.
    """
    folded = page.folded
    opening = _of().match(folded, at)
    lower = opening is not None
    if opening is None:
        opening = _plenum().match(folded, at)
    if opening is None and dated and (unlinked := _without_of(page, at)):
        return unlinked[1], unlinked, None
    if opening is None or opening.end() >= len(folded):
        return at, None, None
    begin = opening.end()
    end = read_body(page.text, folded, begin)
    if end is None and lower and _lower_head().match(folded, begin):
        end = read_body(page.text, folded, begin, lower=True)
    if end is None:
        return at, None, None
    if folded[opening.start() : begin].lstrip(" ,\n").startswith("giua"):
        more = re.compile(r"\s{1,4}va\s{1,4}").match(folded, end)
        second = read_body(page.text, folded, more.end()) if more else None
        end = second or end
    if not dated and (later := date_pattern().match(folded, end)):
        day, year = read_date(later.group())
        return later.end(), (begin, end), (day, year)
    return end, (begin, end), None


_COMMITTEE = re.compile(
    r"\s{1,3}(?=(?:ubnd|uy\s{1,3}ban\s{1,3}nhan|hdnd|hoi\s{1,3}dong\s{1,3}nhan|ban\s{1,3}thuong|tinh\s{1,3}uy|huyen\s{1,3}uy)(?![a-z]))"
)
_THEN_ABOUT = re.compile(r"\s{0,3}(?:$|[;.)\n]|(?:ve|v/v)(?![a-z]))")


def _without_of(page: Page, at: int) -> tuple[int, int] | None:
    """ "… ngày 12/7/2024 UBND huyện Tam Đường về …": a committee named without "của", right before the trích yếu."""
    gap = _COMMITTEE.match(page.folded, at)
    end = read_body(page.text, page.folded, gap.end()) if gap else None
    return (gap.end(), end) if gap and end and _THEN_ABOUT.match(page.folded, end) else None


@lru_cache(maxsize=1)
def _lower_head() -> re.Pattern[str]:
    return re.compile(
        r"(?:ban\s{1,4}(?:tuyen|to|thuong|chap|bi|noi|dan|chi)|uy\s{1,4}ban|ubnd|hdnd|hoi\s{1,4}dong|tinh\s{1,4}uy"
        r"|thanh\s{1,4}uy|huyen\s{1,4}uy|dang\s{1,4}uy|chu\s{1,4}tich|bo\s{1,4}truong|thu\s{1,4}tuong|chinh\s{1,4}phu"
        r"|bo\s{1,4}chinh|so\s|quoc\s{1,4}hoi|giam\s{1,4}doc|lien\s{1,4}(?:so|bo|nganh)\s)"
    )


@lru_cache(maxsize=1)
def _counted() -> re.Pattern[str]:
    words = "|".join(word.replace(" ", r"\s{1,3}") for word in NOT_A_NUMBERED_THING)
    return re.compile(rf"\s{{0,3}}(?:{words})(?![a-z])")


@lru_cache(maxsize=1)
def _term() -> re.Pattern[str]:
    return re.compile(r"\s{0,3}(?:\(\s{0,2}khoa\s{1,3}[ivx]{1,6}\s{0,2}\)|khoa\s{1,3}[ivx]{1,6}(?![a-z]))")


def _without_code(page: Page, match: re.Match[str], label: str) -> Draft | None:
    """ "Nghị định 34/2016", "Thông tư 12/2019": number and year, the code left out.

    Decrees are the Government's alone, so their code is known; for the others the body stays open.
    """
    if label not in ("Nghị định", "Thông tư", "Quyết định", "Nghị quyết"):
        return None
    printed = re.sub(r"\s", "", match["bare"])
    number = parse_number(f"{printed}/NĐ-CP") if label == "Nghị định" else None
    end = match.end("bare")
    date: dt.date | None = None
    later = date_pattern().match(page.folded, end)
    if later and "\n" not in later.group():
        date = read_date(later.group())[0]
        end = later.end()
    surface_end, issuer, _ = issuer_after(page, end, dated=date is not None)
    return Draft(
        start=match.start(),
        end=surface_end,
        core=end,
        form="full" if number else "bare",
        kind=label,
        number=number,
        printed=number.text if number else printed,
        date=date,
        year=int(printed[-4:]),
        issuer=issuer,
        flags=("no_code",),
    )


# Kinds that people number without "số" ("Đề án 02", "Nghị quyết 42"); the others need the mark.
_NUMBERED_IN_SPEECH = frozenset({"Nghị quyết", "Chỉ thị", "Đề án", "Kết luận", "Nghị định", "Thông tư", "Quyết định"})


def bare_mention(page: Page, match: re.Match[str]) -> Draft | None:
    """ "Công văn số 468", "Đề án 02", "Nghị quyết 4 khóa XII": a number without symbol."""
    label = label_of(match["kind"])
    marked = match["bare_mark"] is not None
    word = page.text[match.start("kind") : match.end("kind")]
    if label is None or fold(word) in ENGLISH_KINDS or _is_form_code(page, match.start()):
        return None
    spoken = label in _NUMBERED_IN_SPEECH and word[0].isupper()
    if not marked and (not spoken or "\n" in page.text[match.end("kind") : match.start("bare")]):
        return None
    end = match.end("bare")
    if _counted().match(page.folded, end) and not date_pattern().match(page.folded, end):
        return None
    figure = match["bare"]
    if "/" in figure:
        return _without_code(page, match, label)
    if not marked and (len(figure.lstrip("0")) > 4 or 1900 <= int(re.sub(r"\D", "", figure)) <= 2100):
        return None
    date: dt.date | None = None
    year: int | None = None
    core = end
    if term := _term().match(page.folded, end):
        core = term.end()
    later = date_pattern().match(page.folded, core)
    if later and "\n" not in later.group():
        date, year = read_date(later.group())
        core = later.end()
    surface_end, issuer, late = issuer_after(page, core, dated=date is not None)
    if late:
        date, year = late
    return Draft(
        start=match.start(),
        end=surface_end,
        core=core,
        form="bare",
        kind=label,
        printed=one_line(figure),
        date=date,
        year=year,
        issuer=issuer,
        flags=("bare_number",),
    )

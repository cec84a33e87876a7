"""Resolutions known by the congress or plenum that passed them.

"Nghị quyết Đại hội Đảng bộ tỉnh lần thứ XIV" and "Nghị quyết Đại hội XIV Đảng bộ tỉnh" are one paper,
``nq-dai-hoi-dang-bo-tinh-lai-chau-14``; a bare "tỉnh" or "huyện" is the citing paper's own.
"""

from __future__ import annotations

import re
from functools import lru_cache

from ingest.drafts import Draft, Page
from ingest.lexicon import PLENUM_NUMBERS
from kg.identifiers import parse_number, slug
from kg.model import Layout
from kg.reference import Reference

__all__ = ["congress_resolution"]

_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50}
_ORDINALS = ("nhat", "hai", "ba", "tu", "nam", "sau", "bay", "tam", "chin", "muoi")


def congress_resolution(page: Page, start: int, kind_end: int, layout: Layout, reference: Reference) -> Draft | None:
    """The mention whose kind word "Nghị quyết" is [start, kind_end), or None."""
    return _plenum(page, start, kind_end) or _congress(page, start, kind_end, layout, reference)


@lru_cache(maxsize=1)
def _steps() -> re.Pattern[str]:
    """The next step of a congress's name, in whatever order they are said."""
    order = r"[ivxl]{1,7}|\d{1,2}"
    return re.compile(
        r"\s{1,4}(?:"
        rf"(?P<order>(?:lan\s{{1,4}}thu\s{{1,4}}(?:{order}|{'|'.join(_ORDINALS)})|(?:{order})))(?![a-z0-9/])"
        r"|(?P<national>(?:dai\s{1,4}bieu\s{1,4})?toan\s{1,4}quoc|cua\s{1,4}dang(?!\s{1,4}(?:bo|uy)))(?![a-z])"
        r"|(?P<delegates>dai\s{1,4}bieu)(?![a-z])"
        r"|(?P<all>(?:dang(?:\s{1,4}bo)?\s{1,4})?cac\s{1,4}cap)(?![a-z])"
        r"|(?P<body>(?:cua\s{1,4})?dang\s{1,4}bo)(?![a-z])"
        r"|(?P<party>dang)(?![a-z]|\s{1,4}uy)"
        r"|(?P<unit>tinh|thanh\s{1,4}pho|huyen|thi\s{1,4}xa|quan|xa|phuong|thi\s{1,4}tran)(?![a-z])"
        r"|(?P<term>nhiem\s{1,4}ky\s{1,4}\d{4}\s{0,3}-\s{0,3}\d{4})(?!\d)"
        r")"
    )


_OPENING = re.compile(r"\s{1,4}(?:cua\s{1,4})?(?P<congress>dai\s{1,4}hoi|dhdb|dh)(?![a-z])")
_TERM = re.compile(r"\s{0,3},?\s{0,3}\(?\s{0,2}nhiem\s{1,4}ky\s{1,4}(\d{4})\s{0,3}-\s{0,3}(\d{4})\s{0,2}\)?")
_NAME_WORD = re.compile(r"\s{1,4}(?P<word>[a-z]{1,7})(?![a-z])")


def _congress(page: Page, start: int, kind_end: int, layout: Layout, reference: Reference) -> Draft | None:
    folded = page.folded
    opening = _OPENING.match(folded, kind_end)
    if opening is None:
        return None
    end = opening.end()
    issuer_start = opening.start("congress")
    seen: dict[str, str] = {}
    area = ""
    unit = ""
    while step := _steps().match(folded, end):
        group = step.lastgroup or ""
        if group in seen and group not in ("delegates", "national"):
            break
        words = " ".join(step.group().split())
        if group == "order" and not _is_order(page, step):
            break
        seen[group] = words
        end = step.end()
        if group == "unit":
            unit = words
            area, end = _area_name(page, end)
    if not ({"order", "term", "all"} & seen.keys()) and not _TERM.match(folded, end):
        return None
    if not ({"national", "body", "party", "all", "delegates"} & seen.keys()) and "order" not in seen:
        return None
    term = seen.get("term", "").replace("nhiem ky ", "").replace(" ", "")
    if not term and (later := _TERM.match(folded, end)):
        term = f"{later[1]}-{later[2]}"
        if "order" not in seen:
            end = later.end()
    order = _order(seen["order"]) if "order" in seen else None
    name = f"nq-dai-hoi-{_congress_of(seen, unit, area, layout, reference)}"
    name += f"-{order}" if order else f"-{term}" if term else ""
    return Draft(
        start, end, end, "unnumbered", kind="Nghị quyết", issuer=(issuer_start, end), name=name,
        flags=("unnumbered", "congress"),
    )  # fmt: skip


def _is_order(page: Page, step: re.Match[str]) -> bool:
    """ "XIV" counts a congress, "i" or "x" in small letters does not."""
    words = step.group().split()
    return len(words) > 1 or words[0].isdigit() or page.text[step.end() - len(words[0]) : step.end()].isupper()


def _area_name(page: Page, end: int) -> tuple[str, int]:
    """The proper name behind "tỉnh", "huyện": capitalised words, at most four; "lần thứ" and numerals end it."""
    words: list[str] = []
    while len(words) < 4 and (word := _NAME_WORD.match(page.folded, end)):
        printed = page.text[word.start("word") : word.end("word")]
        if not printed[0].isupper() or (printed.isupper() and _order(word["word"]) and len(printed) > 1):
            break
        if word["word"] in ("lan", "nhiem", "khoa", "dai") and not words:
            break
        if word["word"] == "lan" and page.folded.startswith(" thu", word.end()):
            break
        words.append(word["word"])
        end = word.end()
    return " ".join(words), end


def _congress_of(seen: dict[str, str], unit: str, area: str, layout: Layout, reference: Reference) -> str:
    if "all" in seen:
        return "dang-cac-cap"
    if unit:
        where = area or _own_area(unit, layout, reference)
        return f"dang-bo-{slug(unit)}-{slug(where)}" if where else f"dang-bo-{slug(unit)}"
    if "body" in seen:
        return "-".join(("dang-bo", *([slug(layout.metadata.owner)] if layout.metadata.owner else [])))
    return "dang" if {"national", "party"} & seen.keys() else "lan"


def _own_area(unit: str, layout: Layout, reference: Reference) -> str:
    """The short name of the citing paper's own province or district, when ``unit`` is its type word."""
    metadata = layout.metadata
    for code in (metadata.district, metadata.province):
        area = reference.area(code) if code else None
        if area is not None and slug(area.name).startswith(slug(unit) + "-"):
            return area.short_name
    return ""


def _order(words: str) -> int | None:
    figure = words.split()[-1]
    if figure.isdigit():
        return int(figure)
    if figure in _ORDINALS:
        return _ORDINALS.index(figure) + 1
    total = 0
    for at, letter in enumerate(figure):
        value = _ROMAN.get(letter)
        if value is None:
            return None
        following = _ROMAN.get(figure[at + 1], 0) if at + 1 < len(figure) else 0
        total += -value if following > value else value
    return total


@lru_cache(maxsize=1)
def _plenum_name() -> re.Pattern[str]:
    def number(group: str) -> str:
        return rf"(?:lan\s{{1,4}}thu\s{{1,4}})?(?P<{group}>\d{{1,2}}|{'|'.join(_ORDINALS)}|[ivx]{{1,5}})(?![a-z0-9/])"

    return re.compile(
        rf"(?:\s{{1,4}}(?:cua\s{{1,4}})?hoi\s{{1,4}}nghi)?(?:\s{{1,4}}{number('first')})?"
        rf"(?:\s{{1,4}}(?:cua\s{{1,4}})?(?:ban\s{{1,4}}chap\s{{1,4}}hanh|bch))?\s{{1,4}}(?:trung\s{{1,4}}uong|tw)(?:\s{{1,4}}dang)?"
        rf"(?:\s{{1,4}}{number('second')})?\s{{0,4}},?\s{{0,4}}\(?\s{{0,2}}khoa\s{{1,4}}(?P<term>[ivx]{{1,5}})(?![a-z])\s{{0,2}}\)?"
    )


def _plenum(page: Page, start: int, kind_end: int) -> Draft | None:
    """ "Nghị quyết Trung ương 5 (khoá VIII)"; where a plenum passed one paper only, its number is known."""
    match = _plenum_name().match(page.folded, kind_end)
    if match is None or not (match["first"] or match["second"]):
        return None
    plenum, term = _order(match["first"] or match["second"]), _order(match["term"])
    if not plenum or not term:
        return None
    end = match.end()
    opened, closed = page.folded.count("(", kind_end, end), page.folded.count(")", kind_end, end)
    if closed > opened:
        end = page.folded.rindex(")", kind_end, end)
    printed = PLENUM_NUMBERS.get((plenum, term))
    return Draft(
        start, end, end, "unnumbered", kind="Nghị quyết",
        number=parse_number(printed) if printed else None, printed=printed,
        name=f"nq-trung-uong-{plenum}-khoa-{term}", flags=("unnumbered", "plenum_name"),
    )  # fmt: skip

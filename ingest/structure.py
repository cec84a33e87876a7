"""The outline of a document: I., 1., 1.1., Điều, khoản, điểm (a … đ …), "Thứ nhất,", bullets, annexes.

One pass over the lines of the canonical text. Text inside quotation marks that run over lines (an amending paper
quotes what it puts in: «“Điều 5. …”») is nobody's structure here.
"""

from __future__ import annotations

import re

from ingest.printed import is_caps
from kg.model import Layout, Section, Span

__all__ = ["outline"]

_ORDINALS = {
    "nhất": 1, "một": 1, "hai": 2, "ba": 3, "tư": 4, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "bẩy": 7, "tám": 8,
    "chín": 9, "mười": 10,
}  # fmt: skip
_LINE = re.compile(
    r"^[ \t]*(?:"
    r"(?P<part>(?:PHẦN|Phần)\s+(?:(?:THỨ|thứ)\s+)?(?P<part_label>[IVXLC]+|\d{1,2}|[A-H]|NHẤT|HAI|BA|TƯ|NĂM|nhất|hai|"
    r"ba|tư|năm)\b)|"
    r"(?P<chapter>(?:CHƯƠNG|Chương)\s+(?P<chapter_label>[IVXLC]+|\d{1,3})\b)|"
    r"(?P<division>(?:MỤC|Mục|TIỂU MỤC|Tiểu mục)\s+(?P<division_label>[IVXLC]+|\d{1,3})\b)|"
    r"(?P<article>(?:ĐIỀU|Điều)\s+(?P<article_label>\d{1,4}[a-zđ]?)\s*(?:[.:]|(?=\n|$)))|"
    r"(?P<annex>(?:PHỤ LỤC|Phụ lục)(?:\s+(?:SỐ|số)?\s*(?P<annex_label>[IVXLC]+|\d{1,3}|[A-Z])\b)?(?=\s*(?:$|[.:\n(]|"
    r"[A-ZĐ])))|"
    r"(?P<section>(?P<section_label>[IVX]{1,6}|[A-HĐ])\s*(?:[.:)/]|[-–])(?=\s*[^\W\d_]))|"
    r"(?P<number>(?P<number_label>\d{1,3}(?:\.\d{1,2}){0,4})\s*(?:/(?=\s)|[.)](?=\s*[^\W\d_]|"
    r"\s+[“\"(\d])|[-–](?=\s+[^\W\d_])))|"
    r"(?P<bare>(?P<bare_label>\d{1,2}(?:\.\d{1,2}){1,4})\s+(?=[^\W\d_]))|"
    r"(?P<bracket>\((?P<bracket_label>\d{1,2}|[ivx]{1,4}|[a-zđ])\)(?=\s*\S))|"
    r"(?P<point>(?P<point_label>[a-zđ]{1,2})\s?[).](?=\s))|"
    r"(?P<ordinal>(?:Thứ|Một là|Hai là|Ba là|Bốn là|Năm là)\s*(?P<ordinal_label>nhất|hai|ba|tư|bốn|năm|sáu|bảy|bẩy|"
    r"tám|chín|mười)?\s*[,:])|"
    r"(?P<bullet>(?P<bullet_label>[-–—+•*▪●○◦\uf0b7\uf02d\uf02b])(?:\s+(?=[^\W_]|[“\"(])|(?=[^\W\d_]|[“\"(])))"
    r")",
    re.M,
)
_RANK = {
    "part": 1, "chapter": 2, "division": 3, "section": 4, "article": 5, "numbered": 6, "clause": 6, "ordinal": 7,
    "bracket": 8, "point": 9, "bullet": 12,
}  # fmt: skip
_QUOTES = re.compile(r"[“”]")


def outline(text: str, layout: Layout) -> tuple[Section, ...]:
    """The sections of ``text`` between the title and the signature, then those of the annex, in text order.

    Under a Điều, "1." is a clause (khoản) and "a)" its point; elsewhere "1." and "1.1." are numbered. A bullet "+" is
    inside a bullet "-" (or the other way round where the text began so). ``span`` covers heading and children.
    """
    found: list[Section] = []
    if layout.body.end > layout.body.start:
        _part(text, layout.body.start, layout.body.end, found)
    if layout.annex is not None:
        _part(text, layout.annex.start, layout.annex.end, found)
    return tuple(found)


def _part(text: str, start: int, end: int, found: list[Section]) -> None:
    quoted = _quoted(text, start, end)
    quote = 0
    opens: list[tuple[int, int, str]] = []  # (rank, index in found, kind)
    begun: list[tuple[int, str, str, str, int, int | None]] = []
    ends: list[int] = []
    base = len(found)
    first_bullet: str | None = None
    in_article = False
    for match in _LINE.finditer(text, start, end):
        at = match.start()
        while quote < len(quoted) and quoted[quote][1] <= at:
            quote += 1
        if quote < len(quoted) and quoted[quote][0] < at:
            continue
        kind = match.lastgroup or ""
        label_group = kind if kind.endswith("_label") else f"{kind}_label"
        kind = label_group.removesuffix("_label")
        label = (match[label_group] or "") if label_group in match.groupdict() else ""
        line_end = text.find("\n", match.end(), end)
        line_end = end if line_end < 0 else line_end
        heading = text[at:line_end].strip()
        rank, kind, label = _ranked(kind, label, heading, in_article)
        if kind == "annex":
            if not heading[:8].isupper() and (opens or len(heading) > 160):
                continue  # "Phụ lục kèm theo …": a reference to an annex
            in_article = False
        elif kind == "article":
            in_article = True
        elif kind in ("section", "part", "chapter", "division"):
            if kind == "section" and len(label) == 1 and label not in "IVX" and not is_caps(heading):
                continue  # "B. Nguyễn Văn An": an initial
            in_article = in_article and kind in ("chapter", "division")
            first_bullet = None
        if kind == "bullet":
            mark = "-" if label in "–—" else label
            if first_bullet is None or not any(item[2] == "bullet" for item in opens):
                first_bullet = mark
            rank = _RANK["bullet"] + (mark != first_bullet)
        while opens and opens[-1][0] >= rank:
            ends[opens[-1][1] - base] = at
            opens.pop()
        parent = opens[-1][1] if opens else None
        depth = len(opens) + 1
        begun.append((at, kind, label, heading, depth, parent))
        ends.append(end)
        opens.append((rank, base + len(begun) - 1, kind))
    for (at, kind, label, heading, depth, parent), stop in zip(begun, ends, strict=True):
        while stop > at and text[stop - 1].isspace():
            stop -= 1
        found.append(Section(kind, label, heading, depth, Span(at, stop), parent))


def _ranked(kind: str, label: str, heading: str, in_article: bool) -> tuple[int, str, str]:
    if kind == "annex":
        return 0, "annex", label
    if kind in ("number", "bare"):
        parts = label.count(".")
        if in_article and parts == 0:
            return _RANK["clause"], "clause", label
        return _RANK["numbered"] + min(parts, 2), "numbered", label
    if kind == "ordinal":
        word = label or heading.split()[0].lower()
        number = _ORDINALS.get(word.lower(), 0)
        return _RANK["ordinal"], "ordinal", str(number) if number else label
    if kind == "bracket":
        return _RANK["bracket"], "point" if not label.isdigit() else "numbered", label
    if kind == "point":
        return _RANK["point"], "point", label
    if kind == "division":
        return _RANK["division"], "section", label
    return _RANK[kind], kind, label


def _quoted(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Quotations that run over a line break; an unclosed one is taken to end with its line."""
    spans: list[tuple[int, int]] = []
    opened = -1
    for match in _QUOTES.finditer(text, start, end):
        if match[0] == "“":
            if opened < 0 or match.start() - opened > 20_000:
                opened = match.start()
        elif opened >= 0:
            if "\n" in text[opened : match.start()]:
                spans.append((opened, match.end()))
            opened = -1
    return spans

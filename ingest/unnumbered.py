"""Mentions by name: laws, ordinances, the Constitution, programmes, schemes, development plans.

"Luật Thi đua, khen thưởng ngày 26 tháng 11 năm 2003", "Luật sửa đổi, bổ sung một số điều của Luật Đất đai năm 2013"
(one citation, not two), "Luật Tổ chức chính quyền địa phương số 72/2025/QH15" (named and numbered).
Party congresses and plenums are in ``ingest.congress``.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache

from ingest.congress import congress_resolution
from ingest.drafts import Draft, Page
from ingest.grammar import citation_pattern, date_pattern, read_date
from ingest.lexicon import (
    ACRONYMS_IN_NAMES,
    LAW_NAME_STOPS,
    LAW_NAMES,
    NAMED_PROGRAMMES,
    NOT_AN_ACT,
    PROGRAMME_STOPS,
)
from ingest.numbered import is_next_line, label_of, read_number
from kg.identifiers import slug
from kg.model import Layout
from kg.reference import Reference

__all__ = ["named_mention", "nested_mention"]


def named_mention(page: Page, match: re.Match[str], layout: Layout, reference: Reference) -> Draft | None:
    """The mention that the kind word at ``match`` opens, when a name and no number follows it."""
    label = label_of(match["kind"])
    if label in ("Luật", "Bộ luật", "Pháp lệnh"):
        own_title = layout.metadata.kind == label and match.start("kind") < layout.header.end
        return _act(page, match.start("kind"), match.end("kind"), label, own_title=own_title)
    if label == "Hiến pháp":
        return _constitution(page, match.start("kind"), match.end("kind"))
    if label == "Nghị quyết":
        return congress_resolution(page, match.start("kind"), match.end("kind"), layout, reference)
    if label in ("Chương trình", "Đề án", "Kế hoạch"):
        return _programme(page, match, label, layout, reference)
    return None


def nested_mention(page: Page, match: re.Match[str], layout: Layout, reference: Reference) -> Draft | None:
    """A congress resolution inside the name of a programme that carries it out."""
    if match["kind"] is None or label_of(match["kind"]) != "Nghị quyết":
        return None
    return congress_resolution(page, match.start("kind"), match.end("kind"), layout, reference)


# --- acts --------------------------------------------------------------------------------------------------------


def _loose(phrase: str) -> str:
    """A name whose commas and line breaks may be lost: "thi dua, khen thuong" also reads "thi dua khen thuong"."""
    return r"\s{0,3}[,\s]\s{0,3}".join(re.escape(word) for word in phrase.replace(",", " ").split())


@lru_cache(maxsize=1)
def _act_names() -> re.Pattern[str]:
    names = "|".join(_loose(name) for name in sorted(set(LAW_NAMES), key=lambda name: (-len(name), name)))
    return re.compile(rf"(?:{names})(?![a-z])")


@lru_cache(maxsize=1)
def _act_end() -> re.Pattern[str]:
    return re.compile(
        r"(?P<tail>\s{1,4}(?:ngay\s{0,4}\d|so(?:\s{1,3}hieu)?\s{0,3}:?\s{0,4}\d{1,4}\s{0,2}/|nam\s{1,4}(?:19|20)\d\d(?!\d)"
        r"|(?:19|20)\d\d(?![\d/\-])))"
        r"|[;\n\"|]|\.(?=\s|$)|\((?!\s?sua)|:"
    )


@lru_cache(maxsize=1)
def _stops() -> re.Pattern[str]:
    words = "|".join(word.replace(" ", r"\s{1,4}") for word in LAW_NAME_STOPS)
    return re.compile(rf"\s{{1,4}}(?:{words})(?![a-z])")


_AMENDING = re.compile(r"sua\s{1,4}doi|bo\s{1,4}sung")
_AMENDED = re.compile(r"(?:[\s,]|va|cac)*(?:\d{1,2}\s{1,4})?(?:bo\s{1,4})?luat\s{1,4}")
_REVISED = re.compile(
    r"\s{0,4}\(\s{0,2}sua\s{1,4}doi[^()\n]{0,60}\)|\s{1,4}sua\s{1,4}doi(?:\s{1,4}(?:nam\s{1,4})?(?:19|20)\d\d)?(?=\s{1,4}so\s)"
)


_ENACTED = re.compile(r"ban\s{1,4}hanh\s{1,4}$")


def _act(page: Page, start: int, kind_end: int, label: str, *, own_title: bool) -> Draft | None:
    folded, text = page.folded, page.text
    if _not_an_act().search(folded, max(0, start - 14), start):
        return None
    gap = re.compile(r"\s{1,4}").match(folded, kind_end)
    if gap is None or gap.end() >= len(text):
        return None
    begin = gap.end()
    capital = text[start].isupper()
    limit = min(len(text), begin + 330)
    known = _act_names().match(folded, begin, limit)
    if known and known.group().isalpha() and text[begin].islower():
        known = None  # "Luật được …" is no Luật Dược
    if _AMENDING.match(folded, begin):
        if own_title or _ENACTED.search(folded, max(0, start - 12), start):
            return (
                None  # "Quốc hội ban hành Luật sửa đổi … Luật Công đoàn số …": this very act; what it amends is cited
            )
        end = _amending_end(page, begin, limit)
    elif known:
        end = known.end()
        if text[begin].islower() and not capital:
            end = end if _dated_at(folded, end) else None
    else:
        end = _plain_end(page, begin, min(limit, begin + 160), capital)
    if end is None:
        return None
    if revised := _REVISED.match(folded, end):
        end = revised.end()
    return _finish(page, start, begin, end, label, named=known is not None or capital)


@lru_cache(maxsize=1)
def _not_an_act() -> re.Pattern[str]:
    words = "|".join(word.replace(" ", r"\s{1,3}") for word in NOT_AN_ACT)
    return re.compile(rf"(?<![a-z])(?:{words})\s{{1,3}}$")


def _dated_at(folded: str, at: int) -> bool:
    tail = _act_end().match(folded, at)
    return tail is not None and tail["tail"] is not None


def _amending_end(page: Page, begin: int, limit: int) -> int | None:
    """The end of "sửa đổi, bổ sung một số điều của Luật A và Luật B", before its date, year or number."""
    folded = page.folded
    stop = _act_end().search(folded, begin, limit)
    if stop and stop["tail"]:
        passage = folded[begin : stop.start()]
        if not re.search(r"nghi\s{1,4}dinh|thong\s{1,4}tu|can\s{1,4}cu|quyet\s{1,4}dinh|chi\s{1,4}thi", passage):
            return stop.start()
    ceiling = stop.start() if stop else limit
    of = re.compile(r"cua(?=\s)").search(folded, begin, ceiling)
    at = of.end() if of else None
    end = None
    while at is not None and (law := _AMENDED.match(folded, at, ceiling)):
        name = _act_names().match(folded, law.end(), limit)
        if name:
            end = at = name.end()
        else:
            plain = _plain_end(page, law.end(), ceiling, True)
            end = plain or end
            at = None
    return end


_ANOTHER_PAPER = re.compile(
    r"(?:\s{0,3},|\s{1,3}va(?:\s{1,3}cac)?)\s{1,3}"
    r"(?:nghi\s{1,3}(?:dinh|quyet)|thong\s{1,3}tu|quyet\s{1,3}dinh|chi\s{1,3}thi|ke\s{1,3}hoach|cong\s{1,3}van|(?:bo\s{1,3})?luat)(?![a-z])"
)


def _plain_end(page: Page, begin: int, limit: int, capital: bool) -> int | None:
    """The end of a name that the lexicon does not hold: at its date or number, else where its clause turns."""
    folded, text = page.folded, page.text
    if not folded[begin].isalpha() or not (text[begin].isupper() or capital):
        return None
    stop = _act_end().search(folded, begin, limit)
    ceiling = stop.start() if stop else limit
    turn = _stops().search(folded, begin, ceiling)
    comma = folded.find(",", begin, ceiling)
    other = _ANOTHER_PAPER.search(folded, begin, ceiling)
    if other:  # "Luật Trách nhiệm bồi thường của Nhà nước, Nghị định số 68/…": that tail is the next paper's
        ceiling, stop = other.start(), None
    if stop and stop["tail"] and (turn is None or turn.start() >= ceiling):
        return ceiling if ceiling - begin >= 3 else None
    if not text[begin].isupper():
        return None
    ends = [ceiling, *([turn.start()] if turn else []), *([comma] if comma >= 0 else [])]
    end = min(ends)
    return end if 3 <= end - begin <= 90 and folded[begin:end].count(" ") <= 12 else None


def _finish(page: Page, start: int, begin: int, end: int, label: str, *, named: bool) -> Draft | None:
    """Takes number, date or year behind the name into the surface."""
    folded = page.folded
    name_end = end
    number = None
    date: dt.date | None = None
    year: int | None = None
    gap = re.compile(r"(?:\s{1,4}(?:nam\s{1,4})?(?:19|20)\d\d(?=\s{1,4}so\s))?\s{0,4},?\s{0,4}").match(folded, end)
    at = gap.end() if gap else end
    hit = citation_pattern().match(folded, at)
    if hit and hit["alone"]:
        found = read_number(page, hit.start("alone"), hit.end("alone"), trusted=True)
        if (found and found[0].style == "assembly") or (found and found[0].body in ("CTN", "LCT")):
            number, end = found
    later = date_pattern().match(folded, end)
    if later and not is_next_line(page, end, later.end()):
        date, year = read_date(later.group())
        if date or year:
            end = later.end()
    elif plain := re.compile(r"\s{1,4}((?:19|20)\d\d)(?![\d/\-])").match(folded, end):
        year, end = int(plain[1]), plain.end()
    if not named and number is None and date is None and year is None:
        return None
    slugged = _name(folded[start:name_end], year)
    end = _of_assembly(folded, end)
    return Draft(
        start=start,
        end=end,
        core=end,
        form="full" if number else "unnumbered",
        kind=label,
        number=number,
        printed=number.text if number else None,
        date=date,
        year=year,
        name=slugged,
        flags=() if number else ("unnumbered",),
    )


_ASSEMBLY = re.compile(r"\s{1,4}cua\s{1,4}(?:uy\s{1,4}ban\s{1,4}thuong\s{1,4}vu\s{1,4})?quoc\s{1,4}hoi(?![a-z])")


def _of_assembly(folded: str, end: int) -> int:
    match = _ASSEMBLY.match(folded, end)
    return match.end() if match else end


def _name(phrase: str, year: int | None) -> str:
    """The identity of a named act: kind, name with abbreviations spelled out, year when stated."""
    words = " ".join(phrase.split())
    words = re.sub(r"\(\s*sua doi\s*\)", " ", words)
    for short, long in ACRONYMS_IN_NAMES.items():
        words = re.sub(rf"(?<![a-z]){short}(?![a-z])", long, words)
    return slug(f"{words} {year}" if year else words)


_CONSTITUTION = re.compile(
    r"(?:\s{1,4}nuoc\s{1,4}cong\s{1,4}hoa\s{1,4}xa\s{1,4}hoi\s{1,4}chu\s{1,4}nghia\s{1,4}viet\s{1,4}nam)?"
)


def _constitution(page: Page, start: int, kind_end: int) -> Draft | None:
    if not page.text[start].isupper():
        return None
    match = _CONSTITUTION.match(page.folded, kind_end)
    end = match.end() if match else kind_end
    year: int | None = None
    if later := date_pattern().match(page.folded, end):
        date, year = read_date(later.group())
        end = later.end() if date or year else end
    elif plain := re.compile(r"\s{1,4}((?:19|20)\d\d)(?![\d/\-])").match(page.folded, end):
        year, end = int(plain[1]), plain.end()
    name = f"hien-phap-{year}" if year else "hien-phap"
    return Draft(start, end, end, "unnumbered", kind="Hiến pháp", year=year, name=name, flags=("unnumbered",))


# --- programmes, schemes, plans ----------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _period() -> re.Pattern[str]:
    return re.compile(
        r"(?:\s{0,3},?\s{1,4}(?:giai\s{1,4}doan|thoi\s{1,4}ky)\s{1,4}\(?|\s{0,3}\(|\s{1,4})\s{0,2}(?P<from>(?:19|20)\d\d)\s{0,3}-\s{0,3}"
        r"(?P<to>(?:19|20)\d\d)\s{0,2}\)?"
    )


@lru_cache(maxsize=1)
def _development_plan() -> re.Pattern[str]:
    return re.compile(
        r"(?:\s{1,4}phat\s{1,4}trien\s{1,4}kinh\s{1,4}te\s{0,3}[-,]?\s{0,3}xa\s{1,4}hoi(?:\s{1,4}hang\s{1,4}nam\s{1,4}va)?)?"
        r"(?P<five>\s{1,4}0?5\s{1,4}nam)?"
    )


@lru_cache(maxsize=1)
def _programme_stop() -> re.Pattern[str]:
    words = "|".join(word.replace(" ", r"\s{1,4}") for word in PROGRAMME_STOPS)
    return re.compile(rf"[,.;:\n\"()|/]|\s{{1,4}}(?:{words})(?![a-z])|\s{{1,4}}so\s{{0,3}}:?\s{{0,3}}\d")


_CARRIED_OUT = re.compile(
    r"(?:thuc\s{1,4}hien|trien\s{1,4}khai|hieu\s{1,4}qua|tot|theo|phe\s{1,4}duyet|cua|trong|va|,|thong\s{1,4}qua|tai|thuoc|cac)"
    r"\s{0,4}$"
)


def _programme(page: Page, match: re.Match[str], label: str, layout: Layout, reference: Reference) -> Draft | None:
    folded, text = page.folded, page.text
    start, kind_end = match.start("kind"), match.end("kind")
    printed = " ".join(text[start:kind_end].lower().split())
    if not printed.startswith(label.lower()):  # "để an …" folds to the letters of "đề án"
        return None
    if label == "Kế hoạch":
        return _plan(page, start, kind_end, layout)
    if printed == "chương trình hành động":
        carried = re.compile(r"\s{1,4}(?:thuc\s{1,4}hien|trien\s{1,4}khai)(?:\s{1,4}thuc\s{1,4}hien)?\s{1,4}(?=nghi\s)")
        if opening := carried.match(folded, kind_end):
            kind = re.compile(r"nghi\s{1,4}quyet").match(folded, opening.end())
            inner = congress_resolution(page, kind.start(), kind.end(), layout, reference) if kind else None
            if inner:
                name = f"chuong-trinh-hanh-dong-thuc-hien-{inner.name}"
                flags = ("unnumbered",)
                return Draft(start, inner.end, inner.end, "unnumbered", kind=label, name=name, flags=flags)
        return None
    if (
        not text[start].isupper()
        or text[start + 1].isupper()
        or not _CARRIED_OUT.search(folded, max(0, start - 24), start)
    ):
        return None
    gap = re.compile(r"\s{1,4}(?:\")?").match(folded, kind_end)
    if gap is None or not folded[gap.end() : gap.end() + 1].isalpha():
        return None
    begin = gap.end()
    quoted = folded[begin - 1] == '"' or folded[start - 1 : start] == '"'
    if quoted:
        close = folded.find('"', begin, begin + 200)
        if close < 0:
            return None
        end = close + (folded[begin - 1] == '"')
    else:
        stop = _programme_stop().search(folded, begin - 1, min(len(text), begin + 180))
        end = stop.start() if stop else min(len(text), begin + 180)
    words = folded[begin : max(begin, end)].split()
    if words[:1] == ["ve"] or (words[:1] == ["cong"] and words[1:2] == ["tac"]):
        return None
    if (len(words) < 3 and not folded.startswith(NAMED_PROGRAMMES, begin)) or len(words) > 28:
        return None
    short = re.compile(r"\s{0,3}\(\s{0,2}[a-z]{3,10}\s{0,2}\)").match(folded, end)
    if short and text[short.start() : short.end()].strip().isupper():
        end = short.end()
    while folded[end - 1].isspace():
        end -= 1
    name_end = end
    years = ""
    if period := _period().match(folded, end):
        end = period.end()
        years = f" {period['from']} {period['to']}"
    name = slug(re.sub(r"\([^)]*\)", " ", folded[start:name_end]) + years)
    return Draft(start, end, end, "unnumbered", kind=label, name=_spelled(name), flags=("unnumbered",))


def _spelled(name: str) -> str:
    for short, long in ACRONYMS_IN_NAMES.items():
        name = re.sub(rf"(?<![a-z]){short}(?![a-z])", long.replace(" ", "-"), name)
    return name


def _plan(page: Page, start: int, kind_end: int, layout: Layout) -> Draft | None:
    """ "kế hoạch phát triển kinh tế - xã hội 5 năm (2016 - 2020)": of the area that speaks of it."""
    folded = page.folded
    match = _development_plan().match(folded, kind_end)
    if match is None or match.end() == kind_end:
        return None
    economic = "kinh" in match.group()
    period = _period().match(folded, match.end())
    if period is None or not (economic or match["five"]):
        return None
    metadata = layout.metadata
    area = metadata.district if metadata.level == "district" else metadata.province
    where = f"-{area.rsplit('.', 1)[-1]}" if area else ""
    name = f"ke-hoach-phat-trien-kinh-te-xa-hoi-{period['from']}-{period['to']}{where}"
    end = period.end()
    return Draft(start, end, end, "unnumbered", kind="Kế hoạch", name=name, flags=("unnumbered",))

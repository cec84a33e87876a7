"""Where a printed body's name begins and ends: "của [Ủy ban nhân dân tỉnh An Giang] về việc …".

Vietnamese writes only the first letter of most bodies' parts in capitals ("Sở Nông nghiệp và phát triển nông thôn"),
so neither capitals nor a list alone can tell the end. The reader walks word by word: a capitalised word goes on, a
lower-case word goes on when the lexicon knows it inside names, an opening of the next clause stops it.
"""

from __future__ import annotations

import re
from functools import lru_cache

from ingest.grammar import body_pattern, continuation_pattern, stop_pattern
from ingest.heldnames import held_name
from ingest.lexicon import BODY_STOP_SYLLABLES, CLOSED_BODIES, LOOSE_HEADS, OPEN_ENDED

__all__ = ["body_before", "read_body"]

_LONGEST = 22  # words
_WINDOW = 150


@lru_cache(maxsize=1)
def _closed() -> re.Pattern[str]:
    names = "|".join(name.replace(" ", r"\s{1,4}") for name in sorted(CLOSED_BODIES, key=len, reverse=True))
    # "Ban Bí thư Trung ương" is the Party's, "Ban Bí thư Trung ương Đoàn" is not: such a name goes on.
    youth = r"(?:(?:trung\s{1,4}uong|tw)\s{1,4})?(?:doan|hoi(?!\s{1,4}nghi)|mat\s{1,4}tran)"
    return re.compile(rf"(?:{names})(?![a-z])(?!\s{{1,4}}{youth}(?![a-z]))")


@lru_cache(maxsize=1)
def _gap() -> re.Pattern[str]:
    return re.compile(r"\s{0,4}[-&/]\s{0,4}|\s{0,2},\s{1,4}|,(?=[a-z])|\.\s{0,2}|\s{1,5}")


@lru_cache(maxsize=1)
def _term() -> re.Pattern[str]:
    # "(khoá XI)", "khóa XII", "lần thứ 11", "nhiệm kỳ 2020 - 2025" belong to the organ they follow.
    order = r"(?:[ivx]{1,6}|\d{1,3})"
    period = r"nhiem\s{1,3}ky\s{1,3}\d{4}\s{0,2}-\s{0,2}\d{4}"
    term = rf"(?:khoa\s{{1,3}}{order}|lan\s{{1,3}}thu\s{{1,3}}(?:{order}|[a-z]{{2,5}})|{period})"
    return re.compile(rf"\s{{0,4}}(?:\(\s{{0,2}}{term}\s{{0,2}}\)|{term}(?![a-z0-9]))")


@lru_cache(maxsize=1)
def _joint() -> re.Pattern[str]:
    return re.compile(
        r"\s{0,3}(?:,|-|va(?![a-z]))\s{0,3}(?=(?:bo\s{1,3}chinh\s{1,3}tri|ban\s{1,3}bi\s{1,3}thu)(?![a-z]))"
    )


def read_body(text: str, folded: str, start: int, *, lower: bool = False) -> int | None:
    """The end of the body's name that begins at ``start``, or None when none does.

    ``lower`` admits a name without capitals ("ban tuyên giáo tỉnh ủy"); else head or first word must be capitalised.
    """
    if start >= len(text):
        return None
    closed = _closed().match(folded, start)
    if closed and (lower or text[start].isupper()):
        end = closed.end()
        while (joint := _joint().match(folded, end)) and (more := _closed().match(folded, joint.end())):
            end = more.end()
        return _with_term(folded, end)
    head = body_pattern().match(folded, start)
    if head is None and not text[start].isupper():
        return None
    if head is not None and not lower and not text[start].isupper():
        return None
    if head is None and _stops(text, folded, start):
        return None
    held = held_name(folded, start)
    end = held or (head.end() if head else _word_end(folded, start))
    loose = held is None and head is not None and head.group() in LOOSE_HEADS
    run = 0 if head else 1  # capitalised syllables in a row: "Nội" 1, "An Giang" 2
    for _ in range(_LONGEST):
        if term := _term().match(folded, end):
            end = term.end()
            run = 0
            continue
        gap = _gap().match(folded, end)
        if gap is None:
            break
        at = gap.end()
        if at >= len(text) or not folded[at].isalnum():
            break
        if _NATIONAL.search(folded, max(start, end - 24), end) and folded.startswith("ve ", at):
            return _subject_end(text, at)
        taken = (held_name(folded, at) if text[at].isupper() else None) or _next_part(
            text, folded, start, end, at, gap.group(), loose, run
        )
        if taken is None:
            break
        run = (
            (run + 1 if gap.group().isspace() else 1) if text[at].isupper() and "va " not in folded[at : at + 3] else 0
        )
        if body_pattern().match(folded, at):
            run = 0
        loose = False
        end = taken
    return _with_term(folded, end)


def _next_part(text: str, folded: str, start: int, end: int, at: int, gap: str, loose: bool, run: int) -> int | None:
    """The end of the name's next word or words, which begin at ``at``; None when the name is over."""
    going_on, after_comma = continuation_pattern()
    upper = text[at].isupper()
    last = folded[max(start, end - 12) : end]
    if "." in gap and last[-2:] not in ("tp", "tx", "tt") and last[-2:] != " t":
        return None
    if gap == ",":  # "Sở VH,TT&DL"
        return _word_end(folded, at) if upper and text[end - 1].isupper() and text[at + 1 : at + 2].isupper() else None
    if "," in gap:
        more = after_comma.match(folded, at)
        return more.end() if more else None
    speciality = upper and gap.isspace() and _ONE_WORD_HEAD.search(last)  # "Sở Giao thông", "Bộ Kế hoạch"
    if (
        _stops(text, folded, at)
        and not speciality
        and not (run == 1 and _COMPOUND.match(folded, end - min(end, 6), at + 6))
    ):
        joined = _JOINED.search(last) and going_on.match(folded, at)  # "Đảng ủy Khối các cơ quan …"
        return joined.end() if joined and " " in joined.group() else None
    if "\n" in gap and upper and not last.endswith(OPEN_ENDED) and not (run == 1 and _AREA_NAME.search(last)):
        return None
    if "-" in gap and body_pattern().match(folded, at) is None and not upper:
        return None
    if folded.startswith("va ", at) and not upper:
        more = going_on.match(folded, at)
        if more and more.group() != "va":
            return more.end()
        after = at + 3
        if after < len(text) and text[after].isupper() and not _stops(text, folded, after):
            head = body_pattern().match(folded, after)
            return None if head and head.group() not in LOOSE_HEADS else _word_end(folded, after)
        return None
    if upper:
        head = body_pattern().match(folded, at)
        more = going_on.match(folded, at)  # "Tổ quốc Việt Nam", "Khu vực": read as one
        known = max(head.end() if head else 0, more.end() if more and " " in more.group() else 0)
        return known or _word_end(folded, at)
    if folded[at].isdigit():
        return _word_end(folded, at) if _NUMBERED_UNIT.search(last) else None
    if loose:  # "sở nội vụ", "ban tuyên giáo": two lower-case words right after a one-word head
        first = _word_end(folded, at)
        second = first + 1
        if folded[first:second] == " " and text[second : second + 1].islower() and not _stops(text, folded, second):
            return _word_end(folded, second)
        return first
    more = going_on.match(folded, at)
    if more and more.group() != "va":
        return more.end()
    # "Nội vụ", "Lao động", "Y tế": a compound writes only its first syllable in capitals.
    compound = run == 1 and "-" not in gap and (text[end - 1].islower() or text[end - 2 : end] == " Y")
    if compound and not _AREA_NAME.search(last):
        return _word_end(folded, at)
    # A company's name mixes both: "Công ty TNHH Bao bì Kỹ thuật cao Sao Mai".
    return _word_end(folded, at) if _FIRM.match(folded, start) and _CAPITAL_NEAR.match(text, at) else None


_ONE_WORD_HEAD = re.compile(r"(?:^|[^a-z])(?:so|bo|phong|cuc|vu)$")
_JOINED = re.compile(r"(?:khoi|quan ly|cong doan)$")
_FIRM = re.compile(r"(?:tong\s{1,4})?cong\s{1,4}ty|hop\s{1,4}tac\s{1,4}xa|tap\s{1,4}doan")
_CAPITAL_NEAR = re.compile(r"[^\W\d_]{1,7}\s(?:[^\W\d_]{1,7}\s)?[A-ZĐ]")
# "Ban Chỉ đạo quốc gia về phòng, chống thiên tai": what such a body is for is its name.
_NATIONAL = re.compile(r"(?:ban\s{1,3}chi\s{1,3}dao|uy\s{1,3}ban|hoi\s{1,3}dong)\s{1,3}quoc\s{1,3}gia$")
_SUBJECT_ENDS = re.compile(r"[.;:\n\"“()|]|,\s{1,3}(?!chống|gắn|thu)|\s(?:về|ngày|tại|đã|yêu cầu|đề nghị)(?!\w)")


def _subject_end(text: str, at: int) -> int:
    stop = _SUBJECT_ENDS.search(text, at + 3, at + 90)
    end = stop.start() if stop else min(len(text), at + 90)
    return at + len(text[at:end].rstrip())


_AREA_NAME = re.compile(
    r"(?:^|[^a-z])(?:tinh|pho|tp|huyen|quan|xa|phuong|thi tran)[\s.]{1,3}[a-z]{1,8}$|(?:^|[^a-z])thue$"
)
# Compounds whose second syllable would otherwise open the next clause: "Bộ Ngoại giao", "Ủy ban Pháp luật".
_COMPOUND = re.compile(r"[^a-z]{0,5}(?:[a-z]{0,4}[^a-z]{1,2})?(?:ngoai\s{1,4}giao|phap\s{1,4}luat|tu\s{1,4}lenh)")
_NUMBERED_UNIT = re.compile(r"(?:khu vuc|quan|phuong|khu|so|vung|cuc|chi cuc|chi dao)$")


def _stops(text: str, folded: str, at: int) -> bool:
    stop = stop_pattern().match(folded, at)
    if stop is None:
        return False
    if " " in stop.group() or "\n" in stop.group() or "/" in stop.group():
        return True
    return text[at : stop.end()].lower() in BODY_STOP_SYLLABLES


def _word_end(folded: str, start: int) -> int:
    end = start
    limit = min(len(folded), start + 24)
    while end < limit and (folded[end].isalnum()):
        end += 1
    return max(end, start + 1)


def _with_term(folded: str, end: int) -> int:
    while match := _term().match(folded, end):
        end = match.end()
    return end


def body_before(text: str, folded: str, end: int, *, floor: int = 0) -> tuple[int, int] | None:
    """The body whose name ends at ``end`` (white space apart): in "của UBND tỉnh |tại văn bản" it is "UBND tỉnh"."""
    low = max(floor, end - _WINDOW)
    window = folded[low:end].rstrip()
    stop = low + len(window)
    for match in _heads().finditer(window):
        begin = low + match.start()
        if not text[begin].isupper():
            continue
        reached = read_body(text, folded, begin)
        if reached is not None and reached >= stop:
            return (
                (begin, stop) if " " in folded[begin:stop] or "\n" in folded[begin:stop] or stop - begin > 3 else None
            )
    return None


@lru_cache(maxsize=1)
def _heads() -> re.Pattern[str]:
    return re.compile(rf"(?<![a-z0-9])(?:{body_pattern().pattern})")

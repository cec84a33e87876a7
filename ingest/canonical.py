"""One clean text per file: NFC, paragraphs on one line each, furniture and markdown gone, with the way back.

Only layout changes. What is kept is kept as printed, character by character (composed, if it was decomposed):
``source.text[canonical.to_source(i)]`` is the character at ``i``, or white space where a break or an exotic space was.
"""

from __future__ import annotations

import re
import unicodedata

from ingest.furniture import furniture
from ingest.lines import BLANK, HARD, SOFT, WIDE, Line, names_kind
from ingest.offsets import Draft, Runs, chain, compose, from_source
from ingest.tables import mark_cells
from ingest.wrapping import Wrapping
from kg.model import CanonicalText, SourceText

__all__ = ["canonicalise"]

_BREAK = re.compile(r"\n\s*")
_SPACES = "\t\x1f\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_BREAKS = "\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
_UNFIT = re.compile("[\x00-\x08\x0e-\x1b\x7f\ud800-\udfff\ufffe\uffff]")
_LINE_TAG = re.compile(r"<br\s{0,3}/?>")
_INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\ufeff"
_MARK_CHARACTERS = "*_`#>\\|<" + _INVISIBLE
# Emphasis, code and escape marks inside a line. A star or underscore between spaces or digits is text ("5 * 3").
_MARKS = re.compile(
    r"\*{2,}(?!\))|(?<![\s(*\d])\*(?![)*])|(?<=\d)\*(?!\s?\d|[)*])|(?:(?<=\s)|(?<=^)|(?<=\())\*(?=[^\s*)])|"
    r"__+|(?<!\w)_(?=\w)|(?<=\w)_(?!\w)|`+|"
    r"\[(?=[^\[\]\n]{1,160}\]\(https?://)|\]\(https?://[^\s()]{1,500}(?:\([^\s()]{0,80}\)[^\s()]{0,200})?\)|"
    r"\\(?=[-*_#.()\[\]+!|`>])|</?(?:b|i|u|em|strong|sup|sub|span|p|div)\s*/?>|[" + _INVISIBLE + "]"
)
_MARK_HINT = re.compile(r"[*_`\\<" + _INVISIBLE + r"]|\]\(http")
_LEAD = re.compile(r"(?:[#>|]+(?=[\s*_]|$)\s*|#{1,6}\s*|\*(?=\*)|\*(?=\S)|__+|\|\s*|`+|[" + _INVISIBLE + r"]+\s*)+")
_LEADING = frozenset("#>|*_`" + _INVISIBLE)
_TRAILING = "|*_` " + _INVISIBLE
_RULE = re.compile(r"[-_*=~—–|+.#:\s" + _INVISIBLE + r"]*$")
_LETTER_MARKS = (")", ".", " ")
_RULED = frozenset("-_*=~—–|+.#:" + _INVISIBLE)


def canonicalise(source: SourceText) -> CanonicalText:
    """The canonical text of ``source``: "của Ủy ban \\n\\nnhân dân tỉnh" → "của Ủy ban nhân dân tỉnh"."""
    text = _settled(source.text)
    composed: Runs = ((0, 0),)
    starts = source.page_starts
    if not unicodedata.is_normalized("NFC", text):
        text, composed = compose(text)
        starts = tuple(from_source(composed, start) for start in starts)
    lines = _lines(text)
    dropped = furniture(lines, starts)
    kept = _without(lines, dropped)
    clean, runs = _assemble(text, kept)
    if not unicodedata.is_normalized("NFC", clean):  # a mark stood between a letter and its accent
        clean, again = compose(clean)
        runs = chain(again, runs)
    if len(composed) > 1:
        pages = tuple(from_source(runs, start) for start in starts)
        runs = chain(runs, composed)
    else:
        pages = tuple(from_source(runs, start) for start in starts)
    pages = tuple(min(page, len(clean)) for page in pages)
    return CanonicalText(clean, source.sha256, runs, pages or (0,))


def _settled(text: str) -> str:
    """Line ends and spaces made one kind each, length unchanged."""
    if "\r" in text:
        text = text.replace("\r\n", " \n").replace("\r", "\n")
    for character in _BREAKS:
        if character in text:
            text = text.replace(character, "\n")
    for character in _SPACES:
        if character in text:
            text = text.replace(character, " ")
    if "<br" in text:
        text = _LINE_TAG.sub(lambda tag: "\n".ljust(len(tag[0])), text)
    return _UNFIT.sub("\ufffd", text)


def _lines(text: str) -> list[Line]:
    marked = any(character in text for character in _MARK_CHARACTERS) or "](http" in text
    found: list[Line] = []
    bars: list[tuple[int, int]] = []
    start = len(text) - len(text.lstrip())
    gap = HARD
    for match in _BREAK.finditer(text, start):
        breaks = 1 if match.end() - match.start() == 1 else text.count("\n", match.start(), match.end())
        raw = text[start : match.start()]
        if raw == "|":
            bars.append((len(found), start))
            gap = HARD
        elif raw:
            gap = _add(found, bars, raw, start, gap, marked)
            gap = max(gap, SOFT if breaks == 1 else BLANK if breaks == 2 else WIDE)
        start = match.end()
    if start < len(text):
        _add(found, bars, text[start:], start, gap, marked)
    if bars:
        mark_cells(found, bars)
    return found


def _add(found: list[Line], bars: list[tuple[int, int]], raw: str, start: int, gap: int, marked: bool) -> int:
    """Adds one line, or nothing for a rule or a cell border; returns the gap after it."""
    line = raw.rstrip()
    if line[0] in _RULED and _RULE.match(line) and line not in ("-", "+"):
        if "|" in line:
            bars.append((len(found), start + line.index("|")))
        return HARD
    end = start + len(line)
    if not marked:
        found.append(Line(start, end, line, gap))
        return SOFT
    after = SOFT
    open_ = bold = marks = heading = False
    if line[0] in "#>|" or line[-1] in "|#" or _MARK_HINT.search(line):
        if line[0] == "|":
            gap = HARD
        if line[-1] == "|":
            after = HARD
        stars = line.count("**")
        single = line.count("*") - 2 * stars
        inside = gap == SOFT and bool(found) and found[-1].open
        open_ = (stars % 2 == 1 or single % 2 == 1) != inside
        lead = head.end() if line[0] in _LEADING and (head := _LEAD.match(line)) else 0
        body = line.rstrip(_TRAILING)
        if line[0] == "#":
            body = body.rstrip("# ")
        stop = len(body)
        if stop <= lead:
            return HARD
        bold = lead > 0 and stop < len(line) and not open_ and line[lead - 1] in "*_" and line[-1] in "*_"
        heading = line[0] == "#" and lead > 0
        start, end = start + lead, start + stop
        body = line[lead:stop]
        line = _MARKS.sub("", body).strip()
        marks = line != body
        if not line:
            return HARD
    found.append(Line(start, end, line, gap, open_, bold, heading=heading, marks=marks))
    return after


def _without(lines: list[Line], dropped: set[int]) -> list[Line]:
    """``lines`` less the furniture; the gap of a dropped line widens the one after it to a blank line."""
    if not dropped:
        return lines
    kept: list[Line] = []
    pending = -1
    for index, line in enumerate(lines):
        if index in dropped:
            pending = max(pending, line.gap, BLANK)
            continue
        if pending >= 0:
            line.gap = max(line.gap, pending)
            pending = -1
        kept.append(line)
    return kept


def _assemble(text: str, lines: list[Line]) -> tuple[str, Runs]:
    joins = Wrapping(lines).joins
    draft = Draft(text)
    previous: Line | None = None
    fresh = True
    title = False
    for line in lines:
        if previous is not None:
            before = previous.text
            # The fast way for nine in ten lines: prose that goes on with a small letter.
            if line.borders is not None or (
                line.gap != HARD
                and line.text[0].islower()
                and line.text[1:2] not in _LETTER_MARKS
                and len(before) > 45
                and before[-1].isalnum()
                and not before.isupper()
                and not previous.heading
            ):
                joined = True
            else:
                joined = joins(previous, line, fresh=fresh, titled=title)
            if not joined:
                for border in previous.tail:
                    draft.stand_in(" |", border - 1)
                draft.stand_in("\n", previous.end)
                title = fresh and names_kind(before)
                fresh = True
            else:
                fresh = False
                for border in line.borders or ():
                    draft.stand_in(" |", border - 1)
                if before[-1] not in "-/" or not _in_number(before, line.text):
                    draft.stand_in(" ", previous.end)
        for border in line.lead:
            draft.stand_in("| ", border)
        if line.marks:
            at = line.start
            for match in _MARKS.finditer(text, line.start, line.end):
                draft.keep(at, match.start())
                at = match.end()
            draft.keep(at, line.end)
        else:
            draft.keep(line.start, line.end)
        previous = line
    for border in previous.tail if previous else ():
        draft.stand_in(" |", border - 1)
    return draft.done()


_NUMBER_HEAD = re.compile(r"\d[\d/]*(?:[A-ZĐƯa-z&]+)?[-/]$")


def _in_number(before: str, after: str) -> bool:
    """A number cut at its separator ("3783/QĐ-" / "UBND") is put together without a space."""
    return after[0].isupper() and _NUMBER_HEAD.match(before.rsplit(None, 1)[-1]) is not None

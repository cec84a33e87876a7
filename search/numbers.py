"""The number route: any way of typing a number finds the paper that bears it, first and exactly.

"34-CT/TW", "34/CT-TW", "ct 34", "ct34", "34 ct tw", "1954", "QD 666", "kế hoạch 118", "kh 157 can tho",
"26/2025/qd-ubnd thai nguyen". Letters that are no code narrow the result by issuer, area and title; they never
exclude the only paper of that number.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kg.identifiers import fold
from kg.kinds import KINDS
from search.analysis import folded, plain_letters, words
from search.lexicon import BODY_CODES, COUNTED, COUNTED_AREAS, KIND_WORDS, ORDINALS, SYLLABLE

__all__ = ["LONGEST_DAY", "NumberHit", "NumberIndex", "NumberQuery", "number_queries", "unglued"]

_TOKEN = re.compile(r"[^\W_]+(?:\.[^\W\d_]+)?")
_GLUED = re.compile(r"([^\W\d_]{1,6})(\d{1,5}[a-z]?)", re.IGNORECASE)
_GLUED_AFTER = re.compile(r"(?<![\w/.\-])(\d{1,6})([^\W\d_]{2,14})(?!\w)")
_PARTED = re.compile(r"(?<![\w/.,\-])(\d{1,3})\.(\d{3})(?=\s?[/\-]\s?[^\W\d_])|^\s*(\d{1,3})[ .](\d{3})\s*$")
_DIGITS = re.compile(r"0*(\d{1,6}[a-zđ]?)", re.IGNORECASE)
_DATE = re.compile(r"(?:ngày\s+|ngay\s+)?\b\d{1,2}\s?[/.\-]\s?\d{1,2}\s?[/.\-]\s?(?:19|20)\d\d\b", re.IGNORECASE)
_RANGE = re.compile(r"\b(?:19|20)\d\d\s?[-–]\s?(?:19|20)\d\d\b")
_YEAR = re.compile(r"(?:19|20)\d\d")
_SYLLABLE = re.compile(SYLLABLE)
_RECENT_YEAR = re.compile(r"199\d|20[0-4]\d")
_LEGISLATURE = re.compile(r"((?:ubtv)?qh)\d{1,2}")
_CODES = frozenset(fold(code) for kind in KINDS for code in kind.codes)
_LONGEST_QUERY = 300  # letters: a number stands in a short query, or early in a pasted sentence
_MOST_BESIDE = 6  # words beside digits without a code: in a longer question they count something
LONGEST_DAY = 2
"""Digits up to which a number also stands in dates, of articles and of annexes."""
_MOST_WORDS = 3
"""Syllables of the longest kind word that may stand before a number ("van ban hop nhat" aside)."""


@dataclass(frozen=True, slots=True)
class NumberQuery:
    """One reading of what was typed: "57/2025 hđnd hà nội" is digits 57, codes {hdnd}, year 2025, words (ha, noi)."""

    digits: str
    codes: frozenset[str]
    kinds: frozenset[str] = frozenset()
    """Codes that a kind word allows; empty when none was typed. "quy định" allows {qd, qyd}."""
    year: int | None = None
    words: tuple[str, ...] = ()
    bare: bool = False
    """Digits beside plain words, "97 quảng ninh": they count only for a paper of which all these words are said."""

    @property
    def is_named(self) -> bool:
        """True when a kind was typed with it, so that a number was meant beyond doubt."""
        return bool(self.kinds or self.codes & _CODES) and not self.may_be_year

    @property
    def may_be_year(self) -> bool:
        """True for "2025": where no paper bears it, a year was meant."""
        return _RECENT_YEAR.fullmatch(self.digits) is not None

    @property
    def said(self) -> tuple[str, ...]:
        """Tokens of a text, in one of which this number stands: "18_nq", "quyet_18", "so_118"; the digits when bare."""
        spelled = dict.fromkeys((self.digits, self.digits.zfill(2), self.digits.zfill(3)))
        if not self.kinds and not self.codes:
            return tuple(spelled)
        codes = {*self.codes, *self.kinds}
        before = {word.rsplit(" ", 1)[-1] for word, meant in KIND_WORDS.items() if self.kinds & {*meant}}
        if len(self.digits) > LONGEST_DAY:
            before.add("so")
        after = [*codes, *([str(self.year)] if self.year else [])]
        pairs = [f"{digits}_{code}" for digits in spelled for code in sorted(after)]
        return (*pairs, *(f"{word}_{digits}" for digits in spelled for word in sorted(before)))

    @property
    def is_all(self) -> bool:
        """True when nothing but the number was typed; "kế hoạch 2025" asks for plans of a year."""
        of_a_year = bool(self.kinds) and not self.codes and self.may_be_year
        return not self.words and not of_a_year


@dataclass(frozen=True, slots=True)
class NumberHit:
    """A document that bears the number ("exact"), one whose number begins with it ("prefix"), one that cites it."""

    document: int
    how: str
    score: float


def number_queries(typed: str) -> tuple[NumberQuery, ...]:
    """The numbers that ``typed`` may mean, likeliest first; empty for plain text.

    "kế hoạch thi đua 5 năm 2021-2025" means none: 5 counts years and no code stands beside it.
    """
    if not any(letter.isdigit() for letter in typed):
        return ()
    typed = _RANGE.sub(" ", _DATE.sub(" ", unglued(typed[:_LONGEST_QUERY])))
    tokens = folded(words(typed))
    joined = _joined_after(typed)
    found: list[NumberQuery] = []
    for place, token in enumerate(tokens):
        match = _DIGITS.fullmatch(token)
        if match is None or (len(tokens) > 1 and _mere_year(tokens, place, joined)):
            continue
        query = _reading(tokens, place, match[1].lstrip("0") or "0", token in joined)
        if query is not None:
            found.append(query)
    return tuple(sorted(found, key=lambda query: -len(query.codes) - bool(query.kinds)))[:2]


def _mere_year(tokens: Sequence[str], place: int, joined: frozenset[str]) -> bool:
    """ "2024" in "thi đua 2024", but not in "2024/QĐ-UBND", "kế hoạch 2024", "1954 ubnd" or "2024 qd ttg"."""
    if _YEAR.fullmatch(tokens[place]) is None or tokens[place] in joined:
        return False
    if _kind_before(tokens, place)[0] is not None:
        return False
    after = tokens[place + 1 :]
    long_ago = _RECENT_YEAR.fullmatch(tokens[place]) is None
    symbol = bool(after) and after[0] in _CODES and all(map(_codelike, after))
    return not (symbol and place == 0) and not (long_ago and after and _codelike(after[0]))


def unglued(typed: str) -> str:
    """The text with a space between a code and its number, none within one: "ct34 thi đua" → "ct 34 thi đua".

    "2609qdttg" → "2609 qdttg", "1.954/UBND-TH" → "1954/UBND-TH".
    """
    typed = _PARTED.sub(lambda match: "".join(part for part in match.groups() if part), plain_letters(typed))
    return _GLUED_AFTER.sub(_unglue_after, _GLUED.sub(_unglue, typed))


def _unglue(match: re.Match[str]) -> str:
    """ "ct34" → "ct 34", but not "covid19": only a code of a kind lets go of its number."""
    return f"{match[1]} {match[2]}" if fold(match[1]) in _CODES | {"so", "vb"} else match[0]


def _unglue_after(match: re.Match[str]) -> str:
    """ "34ct" → "34 ct", "1954ubnd" → "1954 ubnd", but not "5km" nor "100tr"."""
    letters = fold(match[2])
    lets_go = letters in _CODES | BODY_CODES or any(
        letters[:cut] in _CODES and _codelike(letters[cut:]) for cut in range(2, len(letters))
    )
    return f"{match[1]} {match[2]}" if lets_go and len(letters) > 1 else match[0]


def _joined_after(typed: str) -> frozenset[str]:
    """Numbers that a separator joins to what follows: "34" of "34-CT/TW", "57" of "57/2025"."""
    return frozenset(
        match[1].lower() for match in re.finditer(r"(?<![\w/.\-])(\d{1,6}[A-Za-zĐđ]?)\s?[/\-]\s?(?=[^\W_])", typed)
    )


def _kind_before(tokens: Sequence[str], place: int) -> tuple[str | None, int]:
    """The kind word or code that ends just before ``place`` (a "số" between is passed over), and where it starts."""
    end = place
    if end and tokens[end - 1] == "so":
        end -= 1
    for length in range(_MOST_WORDS, 0, -1):
        start = end - length
        if start >= 0 and (word := " ".join(tokens[start:end])) in KIND_WORDS:
            return word, start
    if end and tokens[end - 1] in _CODES:
        return tokens[end - 1], end - 1
    return ("so", end) if end < place else (None, place)


def _kind_after(tokens: Sequence[str], after: int) -> tuple[str | None, int]:
    """A kind word right behind the digits, with only codes after it: "34 chỉ thị tw"; and where it ends."""
    for length in range(_MOST_WORDS, 0, -1):
        end = after + length
        if KIND_WORDS.get(" ".join(tokens[after:end])) and all(_codelike(token) for token in tokens[end:]):
            return " ".join(tokens[after:end]), end
    return None, after


def _reading(tokens: Sequence[str], place: int, digits: str, joined: bool) -> NumberQuery | None:
    kind, start = _kind_before(tokens, place)
    codes: set[str] = set()
    year: int | None = None
    after = place + 1
    while start and _codelike(tokens[start - 1]) and not _SYLLABLE.fullmatch(tokens[start - 1]):  # "QĐ-TTg 2581"
        start -= 1
        codes.add(tokens[start])
    if kind is None:
        kind, after = _kind_after(tokens, after)
    while after < len(tokens):
        token = tokens[after]
        if year is None and _YEAR.fullmatch(token) and (joined or kind):
            year = int(token)
        elif token == "nam" and after + 1 < len(tokens) and _YEAR.fullmatch(tokens[after + 1]):
            year = int(tokens[after + 1])
            after += 1
        elif _codelike(token):
            codes.add(token)
        else:
            break
        after += 1
    kinds = frozenset(KIND_WORDS.get(kind, (kind,))) if kind else frozenset()
    if joined and after == place + 2 and not codes and year is None:
        return None  # "5-10 năm": a range, no symbol
    rest = (*tokens[:start], *tokens[after:])
    for index, token in enumerate(rest):  # "… năm 2024" at the end narrows too
        if year is None and _YEAR.fullmatch(token):
            year = int(token)
            rest = (*rest[:index], *rest[index + 1 :])
            break
    extra = tuple(token for token in rest if token not in ("so", "nam", "cua", "ngay"))
    alone = not extra and not codes and not kinds and year is None
    if not (kind or codes or alone or (joined and year is not None)):
        counts = len(extra) > _MOST_BESIDE or any(token[0].isdigit() for token in extra)
        counted = after < len(tokens) and tokens[after] in COUNTED - COUNTED_AREAS
        if counts or counted or (start and tokens[start - 1] in ORDINALS):
            return None
        return NumberQuery(digits, frozenset(), year=year, words=extra, bare=True)
    if not codes and not joined and year is None and after < len(tokens) and tokens[after] in COUNTED:
        return None
    return NumberQuery(digits, frozenset(codes), kinds, year, extra)


def _codelike(token: str) -> bool:
    """A code of a kind or of a body, or both without a sign between: letters that make no syllable, or known ones."""
    return (
        token in _CODES
        or token in BODY_CODES
        or _LEGISLATURE.fullmatch(token) is not None
        or (token.isalpha() and not re.search(r"[aeiouy]", token))
    )


class NumberIndex:
    """Numbers of all documents, taken apart: digits → documents, with the codes of each symbol."""

    def __init__(self, numbers: Iterable[tuple[int, str]], cited: Iterable[tuple[int, str]]) -> None:
        self._bearing: dict[str, list[tuple[int, frozenset[str]]]] = defaultdict(list)
        self._citing: dict[str, list[tuple[int, frozenset[str]]]] = defaultdict(list)
        for table, source in ((self._bearing, numbers), (self._citing, cited)):
            for document, number in source:
                digits, codes = _apart(number)
                if digits:
                    table[digits].append((document, codes))
        self._sorted = sorted(self._bearing)

    def find(
        self, query: NumberQuery, context: Mapping[int, str], *, years: Mapping[int, Sequence[int]]
    ) -> list[NumberHit]:  # fmt: skip
        """Documents for one reading, best first.

        ``context`` gives the folded issuer, area and title of a document, in which the other words are looked for;
        ``years`` the years it may be of. When words are given and some paper holds them all, the others are left out.
        """
        hits = self._matches(query, self._bearing, "exact", 3.0, context, years)
        if query.bare:
            return sorted((hit for hit in hits if hit.score >= 4.0), key=lambda hit: hit.document)
        if not hits and len(query.digits) >= 2:
            for digits in self._prefixed(query.digits):
                longer = NumberQuery(digits, query.codes, query.kinds, query.year, query.words)
                hits.extend(self._matches(longer, self._bearing, "prefix", 1.0, context, years))
        if query.codes or query.kinds or not query.words:
            known = {hit.document for hit in hits}
            cited = self._matches(query, self._citing, "cites", 2.0, {}, {})
            hits.extend(hit for hit in cited if hit.document not in known)
        return sorted(hits, key=lambda hit: (-hit.score, hit.document))

    def _prefixed(self, digits: str) -> list[str]:
        found: list[str] = []
        for place in range(bisect_left(self._sorted, digits), len(self._sorted)):
            if not self._sorted[place].startswith(digits) or len(found) == 20:
                break
            found.append(self._sorted[place])
        return found

    @staticmethod
    def _matches(
        query: NumberQuery,
        table: Mapping[str, list[tuple[int, frozenset[str]]]],
        how: str,
        base: float,
        context: Mapping[int, str],
        years: Mapping[int, Sequence[int]],
    ) -> list[NumberHit]:
        found: dict[int, tuple[float, bool]] = {}
        for document, codes in table.get(query.digits, ()):
            if not all(_code_fits(code, codes) for code in query.codes):
                continue
            if query.kinds and not _kind_fits(query.kinds, codes, cited=how == "cites"):
                continue
            if query.year is not None and document in years and years[document] and query.year not in years[document]:
                continue
            about = context.get(document, "")
            held = sum(f" {word}" in about for word in query.words)
            whole = held == len(query.words)
            score = base + (held / len(query.words) if query.words else 0.0) + 0.01 * len(query.codes & codes)
            if document not in found or found[document][0] < score:
                found[document] = (score, whole)
        if query.words and how == "exact" and any(whole for _, whole in found.values()):
            found = {document: value for document, value in found.items() if value[1]}
        return [NumberHit(document, how, score) for document, (score, _) in found.items()]


def _code_fits(code: str, codes: frozenset[str]) -> bool:
    """Whether a typed code is one of a number's, the beginning of one, or two of them without a sign between."""
    if any(own.startswith(code) for own in codes):
        return True
    return any(code[:cut] in codes & _CODES and code[cut:] in codes for cut in range(1, len(code)))


def _kind_fits(kinds: frozenset[str], codes: frozenset[str], *, cited: bool) -> bool:
    if kinds & codes or (cited and "nq" in kinds and "qh" in codes):  # of a number that is cited no kind is known
        return True
    # a công văn of the State bears no code of its own
    return "cv" in kinds and not codes & _CODES


def _apart(number: str) -> tuple[str, frozenset[str]]:
    """ "34-CT/TW" → ("34", {ct, tw}); "26/2025/QĐ-UBND" → ("26", {qd, ubnd})."""
    tokens = _TOKEN.findall(fold(number))
    if not tokens or not (match := _DIGITS.fullmatch(tokens[0])):
        return "", frozenset()
    parts = {part for token in tokens[1:] if not _YEAR.fullmatch(token) for part in (token, *token.split("."))}
    parts |= {house[1] for part in tuple(parts) if (house := _LEGISLATURE.fullmatch(part))}  # qh15 is also qh
    return match[1].lstrip("0") or "0", frozenset(parts)

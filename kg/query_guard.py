"""What a SPARQL query is, told from its words before any engine sees it: only reading is let through.

``examine`` cuts the text into words as Oxigraph does and allows only those of the query language, so that an update,
SERVICE or LOAD is refused however it is written. Two traps shape the cutting:

* Oxigraph needs no space after a keyword: ``1SERVICE<x>{}`` and ``SERVICE:x{}`` are calls to a service.
* ``<`` opens an IRI or compares. In ``(?a<?b)SERVICE#>`` it compares, and the rest of the line is a comment.

FROM names graphs of the store and is never fetched. Linear in the length of the query.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from kg.errors import QueryError, QueryRefused

__all__ = ["Examined", "Form", "dataset_clause", "examine", "fill", "syntax_message"]

Form = Literal["SELECT", "ASK", "CONSTRUCT", "DESCRIBE"]

_UPDATES = frozenset(
    {"ADD", "CLEAR", "COPY", "CREATE", "DATA", "DELETE", "DROP", "INSERT", "INTO", "LOAD", "MOVE", "SILENT", "TO"}
    | {"USING", "WITH"}
)
_PROLOGUE = frozenset({"BASE", "PREFIX", "VERSION"})
_FORMS: dict[str, Form] = {"SELECT": "SELECT", "ASK": "ASK", "CONSTRUCT": "CONSTRUCT", "DESCRIBE": "DESCRIBE"}
_LANGUAGE = """
    DISTINCT REDUCED AS WHERE FROM NAMED GROUP BY HAVING ORDER ASC DESC LIMIT OFFSET VALUES UNDEF OPTIONAL GRAPH UNION
    FILTER BIND MINUS EXISTS NOT IN A TRUE FALSE SEPARATOR LATERAL
    STR LANG LANGMATCHES LANGDIR DATATYPE BOUND IRI URI BNODE RAND ABS CEIL FLOOR ROUND CONCAT STRLEN UCASE LCASE
    ENCODE_FOR_URI CONTAINS STRSTARTS STRENDS STRBEFORE STRAFTER YEAR MONTH DAY HOURS MINUTES SECONDS TIMEZONE TZ
    NOW UUID STRUUID MD5 SHA1 SHA256 SHA384 SHA512 COALESCE IF STRLANG STRLANGDIR STRDT SAMETERM ISIRI ISURI
    ISBLANK ISLITERAL ISNUMERIC HASLANG HASLANGDIR REGEX SUBSTR REPLACE COUNT SUM MIN MAX AVG SAMPLE GROUP_CONCAT
    TRIPLE SUBJECT PREDICATE OBJECT ISTRIPLE ADJUST
"""
_WORDS = frozenset(_LANGUAGE.split()) | _PROLOGUE | _FORMS.keys()
# Deeper nesting is no honest query, and a recursive parser pays for it with its stack.
_MAX_DEPTH = 150

# Each kind as the SPARQL 1.1 grammar has it. Where \w is wider than the grammar, the engine sees a syntax error; where
# it is narrower, a word shows that need not: neither hides anything.
_LOCAL_CHAR = r"(?:[\w:-]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%])"
_LOCAL_START = r"(?:[\w:]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%])"
_TOKEN = re.compile(
    rf"""
      (?P<skip>    \#[^\r\n]* | [ \t\r\n]+ )
    | (?P<string>  \"\"\"(?:[^"\\]|\\.|"(?!""))*+\"\"\" | '''(?:[^'\\]|\\.|'(?!''))*+'''
                 | "(?:[^"\\\r\n]|\\[^\r\n])*+" | '(?:[^'\\\r\n]|\\[^\r\n])*+' )
    | (?P<iri>     <(?:[^<>"{{}}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{{4}}|\\U[0-9A-Fa-f]{{8}})*+> )
    | (?P<var>     [?$]\w+ )
    | (?P<tag>     @[A-Za-z]+(?:-+[A-Za-z0-9]+)* )
    | (?P<blank>   _:\w(?:[\w.-]*[\w-])? )
    | (?P<pname>   (?P<prefix>\w[\w.-]*+)?:(?:{_LOCAL_START}(?:\.*{_LOCAL_CHAR})*+)? )
    | (?P<run>     \w[\w.-]*+ )
    | (?P<mark>    && | \|\| | \^\^ | [<>!]= | . )
    """,
    re.VERBOSE | re.DOTALL,
)
# What a run without a colon is made of: numbers, words, dots and dashes.
_PIECE = re.compile(r"(?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(?P<word>[^\W\d]\w*)|(?P<mark>[.-])")
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_OPEN, _CLOSE = frozenset("({["), frozenset(")}]")
# Any other mark (a quote left open, a backslash, a character of no token) ends the reading: nothing may hide behind it.
_MARKS = frozenset({*"(){}[].,;=<>!+-*/|^?&", "&&", "||", "^^", "<=", ">=", "!="})
# After one of these a value has ended, so that "<" may compare.
_VALUES = frozenset({"string", "iri", "var", "tag", "blank", "pname", "number"})


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class Examined:
    """A query that only reads. ``dataset``: it says FROM itself. ``limit``, ``offset``: its outermost ones."""

    text: str
    form: Form
    dataset: bool
    limit: int | None = None
    offset: int | None = None
    cuts: tuple[tuple[int, int], ...] = ()
    """Where the outermost LIMIT and OFFSET stand."""
    place: int | None = None
    """Where the trailing VALUES starts, which must stay behind LIMIT; None without one."""

    def window(self, limit: int, offset: int) -> str:
        """The same query with this outermost LIMIT and OFFSET in place of its own."""
        at = len(self.text) if self.place is None else self.place
        pieces, last = [], 0
        for start, end in (*self.cuts, (at, at)):
            pieces.append(self.text[last:start])
            last = end
        return f"{''.join(pieces)}\nLIMIT {limit} OFFSET {offset}\n{self.text[at:]}"


def dataset_clause(query: str) -> bool:
    """True when a query says FROM or FROM NAMED itself."""
    return "from" in query.lower() and examine(query).dataset


def fill(query: str, values: Mapping[str, str]) -> str:
    """Puts ``values`` (written terms) where the query says ``$name``; strings and comments stay as they are.

    Raises QueryError when a value has no place, or a place no value.
    """
    pieces, last, open_names = [], 0, set(values)
    for token in _tokens(query):
        if token.kind == "var" and token.text.startswith("$"):
            name = token.text[1:]
            if name not in values:
                raise QueryError(f"Câu truy vấn có chỗ trống {token.text} mà không được cho giá trị.")
            pieces += [query[last : token.start], values[name]]
            last = token.end
            open_names.discard(name)
    if open_names:
        raise QueryError(f"Câu truy vấn không có chỗ trống ${min(open_names)}.")
    return "".join(pieces) + query[last:]


def examine(query: str) -> Examined:
    """Says what ``query`` is, or why it is not run.

    Raises QueryRefused for SERVICE, LOAD and every update, naming the word and its place (dòng 2, cột 3), and
    QueryError for text that is no query.
    """
    try:
        query.encode()
    except UnicodeEncodeError as error:
        raise QueryError(f"Câu truy vấn có ký tự không hợp lệ ở vị trí {error.start + 1}.") from error
    if _ESCAPE.search(query):
        # The standard decodes \u before anything else, Oxigraph only inside names and strings: safe under both.
        decoded = _ESCAPE.sub(_decode, query)
        for token in _tokens(decoded):
            _refuse_forbidden(token, decoded)
    return _Reading(query).examined()


def syntax_message(error: SyntaxError, query: str, prefixes: Collection[str] = ()) -> str:
    """Oxigraph's "error at 1:12: expected …" for people: the place, and a prefix that nobody declared if there is one.

    ``prefixes`` are those that need no declaration.
    """
    declared, declares = set(prefixes), False
    for token in _tokens(query):
        if token.kind == "pname":
            prefix = token.text.partition(":")[0]
            if declares:
                declared.add(prefix)
            elif prefix not in declared:
                return f"Tiền tố “{prefix}:” ở {_at(query, token.start)} chưa được khai báo (PREFIX {prefix}: <…>)."
        declares = token.text.upper() == "PREFIX"
    match = re.match(r"error at (\d+):(\d+)", str(error))
    return f"Câu truy vấn sai cú pháp ở dòng {match[1]}, cột {match[2]}." if match else f"Câu truy vấn sai: {error}"


class _Reading:
    """One pass over the words of a query, with what is known so far."""

    def __init__(self, query: str) -> None:
        self.query = query
        self.form: Form | None = None
        self.dataset = False
        self.depth = 0
        self.numbers: dict[str, int] = {}
        self.cuts: list[tuple[int, int]] = []
        self.place: int | None = None
        self.before = _Token("mark", "", 0)

    def examined(self) -> Examined:
        for token in _tokens(self.query):
            self._take(token)
            self.before = token
        if self.form is None:
            raise QueryError("Câu truy vấn trống. Ví dụ: SELECT ?s WHERE { ?s ?p ?o } LIMIT 10")
        return Examined(
            self.query, self.form, self.dataset, self.numbers.get("LIMIT"), self.numbers.get("OFFSET"),
            tuple(sorted(self.cuts)), self.place,
        )  # fmt: skip

    def _take(self, token: _Token) -> None:
        _refuse_forbidden(token, self.query)
        if token.kind == "word":
            self._word(token, token.text.upper())
        elif token.kind == "mark" and token.text not in _MARKS:
            raise QueryError(f"Ký tự “{token.text}” ở {_at(self.query, token.start)} không đúng cú pháp SPARQL.")
        elif token.kind == "mark" and token.text in _OPEN:
            self.depth += 1
            if self.depth > _MAX_DEPTH:
                raise QueryRefused(f"Câu truy vấn lồng quá {_MAX_DEPTH} lớp ngoặc ({_at(self.query, token.start)}).")
        elif token.kind == "mark" and token.text in _CLOSE:
            self.depth -= 1
        elif token.kind == "number" and self.depth == 0 and token.text.isdecimal() and self.before.kind == "word":
            word = self.before.text.upper()
            if word in ("LIMIT", "OFFSET"):
                self.numbers[word] = int(token.text[:18])
                self.cuts.append((self.before.start, token.end))

    def _word(self, token: _Token, word: str) -> None:
        if word not in _WORDS:
            raise QueryError(f"Không hiểu từ “{token.text[:40]}” ở {_at(self.query, token.start)}.")
        if self.form is None and word not in _PROLOGUE:
            if word not in _FORMS:
                place = _at(self.query, token.start)
                raise QueryError(f"Cần SELECT, ASK, CONSTRUCT hoặc DESCRIBE ở {place}, không phải “{token.text}”.")
            self.form = _FORMS[word]
        elif word == "FROM":
            self.dataset = True
        elif word == "VALUES" and self.depth == 0:
            self.place = token.start


def _refuse_forbidden(token: _Token, query: str) -> None:
    if token.kind != "word":
        return
    word = token.text.upper()
    if "SERVICE" in word:
        raise QueryRefused(f"Không cho phép SERVICE ({_at(query, token.start)}): hệ thống không gọi ra máy chủ khác.")
    if word in _UPDATES:
        raise QueryRefused(
            f"Không cho phép {word} ({_at(query, token.start)}): cổng này chỉ đọc (SELECT, ASK, CONSTRUCT, DESCRIBE)."
        )


def _tokens(query: str) -> Iterator[_Token]:
    """The words, names and marks of a query without comments and spaces; decides which "<" opens an IRI."""
    brackets: list[str] = []  # "(", "{", "[", or "V" for the braces of VALUES, where nothing is compared
    values = False
    before = _Token("mark", "", 0)
    position = 0
    while match := _TOKEN.match(query, position):
        kind, text, position = match.lastgroup or "mark", match[0], match.end()
        if kind == "skip":
            continue
        if kind == "run":
            for piece in _PIECE.finditer(text):
                before = _Token(piece.lastgroup or "mark", piece[0], match.start() + piece.start())
                values = values or before.text.upper() == "VALUES"
                yield before
            continue
        if text.startswith("<"):
            compares = brackets[-1:] == ["("] and "V" not in brackets[-2:-1] and _ends_value(before)
            _check_less_than(kind, text, compares, query, match.start())
        if kind in ("pname", "blank") and _calls_service(match, query):
            kind = "word"
        before = _Token(kind, text, match.start())
        if kind == "mark" and text in _OPEN:
            brackets.append("V" if values and text == "{" else text)
            values = values and text != "{"
        elif kind == "mark" and text in _CLOSE and brackets:
            brackets.pop()
        yield before


def _calls_service(name: re.Match[str], query: str) -> bool:
    """True where Oxigraph may read SERVICE out of what the grammar calls one name.

    ``SERVICE:x{}`` is a call to ``:x``; of ``ex:a.1.SERVICE`` it takes ``ex:a.1`` and goes on behind the dot.
    """
    text = name[0].lower()
    if ".service" in text:
        return True
    if "service" not in text.partition(":")[0]:
        return False
    after = _TOKEN.match(query, name.end())
    while after and after.lastgroup == "skip":
        after = _TOKEN.match(query, after.end())
    return after is not None and after[0] == "{"


def _ends_value(token: _Token) -> bool:
    return token.kind in _VALUES or token.text in _CLOSE or token.text.lower() in ("true", "false")


def _check_less_than(kind: str, text: str, compares: bool, query: str, start: int) -> None:
    """Refuses a "<" of which we cannot say whether the engine opens an IRI there.

    In ``(?a<?b…>`` both readings are let through where they go on alike after the ">".
    """
    if kind == "mark" and not compares:
        raise QueryError(f"Dấu “<” ở {_at(query, start)} không mở đầu một IRI hợp lệ.")
    if kind == "iri" and compares and (re.search(r"[#']|service", text, re.IGNORECASE)):
        raise QueryRefused(
            f"Dấu “<” ở {_at(query, start)} hiểu được hai cách. Hãy viết dấu cách sau “<” nếu là so sánh,"
            " hoặc dùng tên có tiền tố nếu là IRI."
        )


def _decode(match: re.Match[str]) -> str:
    code = int(match[1] or match[2], 16)
    return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"


def _at(query: str, position: int) -> str:
    line = query.count("\n", 0, position) + 1
    return f"dòng {line}, cột {position - query.rfind(chr(10), 0, position)}"

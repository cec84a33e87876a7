"""The files of an evaluation, read: a BEIR collection (corpus, queries, judgments) or queries of staff; .gz too.

What cannot be read is told by file and line (``RequestError``), with what should stand there.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn, TextIO

from kg.errors import RequestError
from search.documents import IndexedDocument

__all__ = ["Question", "file_name", "read_corpus", "read_questions", "read_staff_queries"]

_CORPUS = '{"_id": "a1", "title": "…", "text": "…"}'
_QUERIES = '{"_id": "q1", "text": "…"}'
_STAFF = '{"id": "s1", "query": "cv 1954", "type": "number", "relevant": [{"file": "cong-van-1954.pdf"}]}'
_JUDGMENTS = "q1 ⇥ a1 ⇥ 1"


@dataclass(frozen=True, slots=True)
class Question:
    """One query with what answers it; ``relevant`` maps names of documents to grades above 0."""

    id: str
    text: str
    relevant: Mapping[str, int]
    type: str = "all"


def _wrong(path: Path, line: int, what: str, example: str) -> NoReturn:
    place = f", dòng {line}" if line else ""
    raise RequestError(f"Tệp {path}{place}: {what}. Mỗi dòng phải có dạng: {example}")


def _opened(path: Path) -> TextIO:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8-sig")
    return path.open(encoding="utf-8-sig")


def _lines(path: Path, example: str) -> Iterator[tuple[int, str]]:
    """The lines that hold something, numbered from 1."""
    number = 0
    try:
        with _opened(path) as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    yield number, line.rstrip("\r\n")
    except UnicodeDecodeError:
        _wrong(path, number + 1, "không phải văn bản UTF-8", example)
    except (gzip.BadGzipFile, zlib.error, EOFError) as exc:
        _wrong(path, 0, f"đuôi .gz nhưng không giải nén được ({exc})", example)


def _rows(path: Path, example: str) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in _lines(path, example):
        try:
            row = json.loads(line)
        except ValueError:
            _wrong(path, number, "không phải một đối tượng JSON", example)
        if not isinstance(row, dict):
            _wrong(path, number, "không phải một đối tượng JSON", example)
        yield number, row


def _field(path: Path, number: int, row: Mapping[str, Any], example: str, *names: str) -> Any:
    """The value of the first of some names that is there."""
    for name in names:
        if row.get(name) is not None:
            return row[name]
    _wrong(path, number, f"thiếu “{names[0]}”", example)


def read_corpus(path: Path) -> Iterator[IndexedDocument]:
    """The rows of a BEIR corpus (``_id``, ``title``, ``text``) as documents."""
    for number, row in _rows(path, _CORPUS):
        key = str(_field(path, number, row, _CORPUS, "_id", "id"))
        text = str(_field(path, number, row, _CORPUS, "text"))
        yield IndexedDocument(key=key, title=row.get("title") or None, text=text)


def _judgments(path: Path) -> dict[str, dict[str, int]]:
    """Query → document → grade above 0; with or without the line of names, in three columns or the four of TREC."""
    found: dict[str, dict[str, int]] = {}
    for number, line in _lines(path, _JUDGMENTS):
        columns = line.split("\t") if "\t" in line else line.split()
        if len(columns) not in (3, 4):
            _wrong(path, number, "không đủ ba cột cách nhau bằng dấu tab", _JUDGMENTS)
        query, document, grade = columns[0].strip(), columns[-2].strip(), columns[-1].strip()
        if not grade.lstrip("-").isdigit():
            if number == 1:  # names of columns
                continue
            _wrong(path, number, f"mức liên quan “{grade}” không phải số nguyên", _JUDGMENTS)
        if int(grade) > 0:
            found.setdefault(query, {})[document] = int(grade)
    return found


def read_questions(queries: Path, judgments: Path) -> list[Question]:
    """The queries of a BEIR collection that have judgments, in file order. Raises RequestError when none has."""
    relevant = _judgments(judgments)
    found = []
    for number, row in _rows(queries, _QUERIES):
        name = str(_field(queries, number, row, _QUERIES, "_id", "id"))
        text = str(_field(queries, number, row, _QUERIES, "text", "query"))
        if name in relevant:
            found.append(Question(name, text, relevant[name], str(row.get("type") or "all")))
    if not found:
        raise RequestError(f"Không câu hỏi nào của {queries} có đáp án trong {judgments}: mã câu hỏi phải trùng nhau.")
    return found


def read_staff_queries(path: Path) -> list[Question]:
    """Rows ``{"id", "query", "type", "relevant": [{"file": …}]}``; a file may also stand as a plain name, the id be
    absent. Raises RequestError when there is no row."""
    questions = []
    for number, row in _rows(path, _STAFF):
        text = str(_field(path, number, row, _STAFF, "query", "text"))
        listed = _field(path, number, row, _STAFF, "relevant", "files")
        if not isinstance(listed, list):
            _wrong(path, number, "“relevant” không phải danh sách", _STAFF)
        files = [_field(path, number, item, _STAFF, "file") if isinstance(item, dict) else item for item in listed]
        name = str(row.get("id") or row.get("_id") or number)
        questions.append(
            Question(name, text, dict.fromkeys((str(file) for file in files), 1), str(row.get("type") or "all"))
        )
    if not questions:
        raise RequestError(f"Tệp {path} không có câu hỏi nào. Mỗi dòng phải có dạng: {_STAFF}")
    return questions


def file_name(key: str, file: str | None) -> str:
    """The name that staff queries use for a document: the last part of its file's path."""
    return Path(file).name if file else key

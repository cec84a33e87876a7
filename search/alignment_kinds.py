"""What kind of change it is: the place put in its own words (localisation), a number, a date, or the wording.

"tỉnh" → "huyện", "Lai Châu" → "Tam Đường", "Sở Nội vụ" → "Phòng Nội vụ" change nothing in substance: every paper that
carries out another one does it. Names of areas and bodies come from the reference data, levels are a closed list.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Literal

from kg.identifiers import fold
from kg.model import Document
from kg.reference import Reference
from search.alignment_diff import Edit
from search.clauses import ClauseList

__all__ = ["ChangeKind", "ChangeReader"]

ChangeKind = Literal["localisation", "number", "date", "wording"]

# Levels and what stands around them. Accents count here: "xã" is a level, "xa" is far. Data only.
_LEVELS = ("thị trấn", "thị xã", "thành phố", "đặc khu", "trung ương", "cả nước", "toàn quốc", "tỉnh", "huyện", "xã",
           "phường", "quận", "thôn", "bản", "tổ dân phố", "tp", "tw", "tt")  # fmt: skip
_HEADS = ("ủy ban nhân dân", "hội đồng nhân dân", "sở", "phòng", "ban", "ubnd", "hđnd")
_FILLERS = frozenset(
    {
        "các", "của", "và", "trong", "trên", "địa", "bàn", "tại", "ở", "toàn", "mỗi", "từng", "những", "cấp",
        "thuộc", "là", "uỷ", "ủy", "đảng", "bộ", "khu", "phố",
    }
)  # fmt: skip
_DATE_WORDS = frozenset(
    {
        "ngay", "thang", "nam", "tu", "den", "truoc", "sau", "quy", "giai", "doan", "nhiem", "ky", "het", "nay",
        "dau", "cuoi", "va", "dot",
    }
)  # fmt: skip
_UNITS = frozenset(
    {
        "%", "‰", "dong", "trieu", "ty", "nghin", "luot", "ho", "km", "ha", "m", "m2", "kg", "tan", "buoi", "cong",
        "trinh", "mo", "hinh", "tieu", "chi", "tro", "len", "tren", "duoi", "hon", "khoang", "it", "nhat", "toi",
        "thieu", "da", "dat", "tu", "den", "va", "la", "xap", "xi", "gan", "so", "luong",
    }
)  # fmt: skip
_WORD = re.compile(r"[^\W_]+")
_HONORIFIC = re.compile(r"(?:đồng chí|Đồng chí|đ/c|ông|Ông|bà|Bà)\s+$")
_NAMED_BODY = re.compile(
    r"(?:Sở|Phòng|Ban|Ủy ban|Uỷ ban|UBND|Hội đồng|HĐND|Chi cục|Trung tâm|Công an|Bộ|Văn phòng|Hội|Đoàn|Tỉnh đoàn|Huyện "
    r"đoàn|Liên đoàn|Chủ tịch|Phó Chủ tịch|Giám đốc|Trưởng phòng|Bí thư|Tỉnh ủy|Huyện ủy|Thành ủy|Đảng ủy)\b"
)
_LONGEST_BODY = 90


class ChangeReader:
    """Says of each edit what kind it is, knowing the areas, bodies and signers of the two documents."""

    def __init__(self, source: Document, target: Document, reference: Reference) -> None:
        self._reference = reference
        self._documents = (source, target)
        names: set[tuple[str, ...]] = set()
        for document in self._documents:
            metadata = document.metadata
            for code in (metadata.province, metadata.district):
                area = reference.area(code) if code else None
                if area:
                    names.add(tuple(fold(area.short_name).split()))
            if metadata.place:
                names.add(tuple(fold(metadata.place).split()))
            if metadata.signer:
                names.add(tuple(fold(metadata.signer.name).split()))
        self._names = {name for name in names if name}
        self._known: dict[str, bool] = {}

    def kind(self, source: ClauseList, target: ClauseList, edit: Edit) -> ChangeKind:
        """The kind of one edit; ``edit`` counts in the words of the two documents."""
        ours = source.words.kinds[edit.a0 : edit.a1]
        theirs = target.words.kinds[edit.b0 : edit.b1]
        norms = [*source.words.norms[edit.a0 : edit.a1], *target.words.norms[edit.b0 : edit.b1]]
        kinds = [*ours, *theirs]
        if valued := self._valued(kinds, norms):
            return valued
        if self._local(source, target, edit):
            return "localisation"
        return "wording"

    @staticmethod
    def _valued(kinds: Sequence[str], norms: Sequence[str]) -> ChangeKind | None:
        """A date or a number when nothing else changed but the words that go with it."""
        plain = [norm for kind, norm in zip(kinds, norms, strict=True) if kind == "word"]
        if any(kind in ("date", "year") for kind in kinds) and not any(kind == "document" for kind in kinds):
            return "date" if all(norm in _DATE_WORDS for norm in plain) else None
        if any(kind in ("number", "document") for kind in kinds):
            if all(norm in _DATE_WORDS for norm in plain) and any(norm in ("thang", "ngay", "quy") for norm in plain):
                return "date"
            return "number" if all(norm in _UNITS for norm in plain) else None
        return None

    def _local(self, source: ClauseList, target: ClauseList, edit: Edit) -> bool:
        pieces = []
        for side, start, end in ((source, edit.a0, edit.a1), (target, edit.b0, edit.b1)):
            if end > start:
                pieces.append(side.text[side.words.starts[start] : side.words.ends[end - 1]])
        if all(self._local_words(piece) for piece in pieces) and any(not self._only_fillers(piece) for piece in pieces):
            return True
        return edit.a1 > edit.a0 and edit.b1 > edit.b0 and self._names_changed(source, target, edit)

    @staticmethod
    def _only_fillers(piece: str) -> bool:
        return all(word.lower() in _FILLERS for word in _WORD.findall(piece))

    def _local_words(self, piece: str) -> bool:
        """Whether a stretch is levels, names of places and what joins them: "các huyện, thành phố Lai Châu"."""
        words = _WORD.findall(piece)
        place = 0
        while place < len(words):
            length = self._local_at(words, place)
            if not length:
                return False
            place += length
        return True

    def _local_at(self, words: Sequence[str], place: int) -> int:
        """How many words from ``place`` on are one level, one name or one filler; 0 when they are something else."""
        for phrase in (*_LEVELS, *_HEADS):
            parts = phrase.split()
            if [word.lower() for word in words[place : place + len(parts)]] == parts:
                return len(parts)
        for name in self._names:
            if tuple(fold(word) for word in words[place : place + len(name)]) == name:
                return len(name)
        if words[place].lower() in _FILLERS:
            return 1
        length = 0
        while place + length < len(words) and length < 4 and words[place + length][0].isupper():
            length += 1
        for tried in range(length, 0, -1):
            if self._is_area(" ".join(words[place : place + tried])):
                return tried
        return 0

    def _is_area(self, name: str) -> bool:
        if name not in self._known:
            self._known[name] = bool(self._reference.find_areas(name))
        return self._known[name]

    def _names_changed(self, source: ClauseList, target: ClauseList, edit: Edit) -> bool:
        """Whether the edit lies within the name of a body, or of a person, on both sides."""
        ours = (source.text, source.words.starts[edit.a0], source.words.ends[edit.a1 - 1])
        theirs = (target.text, target.words.starts[edit.b0], target.words.ends[edit.b1 - 1])
        if all(_is_person(*side) for side in (ours, theirs)):
            return True
        return self._in_body(*ours, self._documents[0]) and self._in_body(*theirs, self._documents[1])

    def _in_body(self, text: str, start: int, end: int, document: Document) -> bool:
        metadata = document.metadata
        for head in _heads(text, start, end):
            match = self._reference.find_body(
                text[head : head + _LONGEST_BODY].split("\n")[0],
                province=metadata.province,
                district=metadata.district,
                on=metadata.date,
            )
            if match is not None and head + match.end >= end:
                return True
        return False


def _heads(text: str, start: int, end: int) -> Iterable[int]:
    """Where a body's name that covers ``start`` to ``end`` may begin."""
    begin = max(0, start - _LONGEST_BODY)
    return [match.start() for match in _NAMED_BODY.finditer(text, begin, end) if match.start() <= start]


def _is_person(text: str, start: int, end: int) -> bool:
    """ "đồng chí Hoàng Trọng Khoát": two to five capitalised words after a form of address."""
    words = text[start:end].split()
    named = 2 <= len(words) <= 5 and all(word[0].isupper() and word.isalpha() for word in words)
    return named and _HONORIFIC.search(text[max(0, start - 12) : start]) is not None

"""Calls and plans made for tests: sentences of the samples, put together anew, with edits that are known.

``make_pair(seed)`` gives a call and a plan made from it by drops, insertions, swaps, splits, merges, paraphrases, other
numbers, dates and places, and the noise of a scanner, with what each did.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Literal

from rapidfuzz import fuzz

from ingest.document import read_document
from ingest.structure import outline
from kg.identifiers import fold
from kg.model import CanonicalText, Document, Layout, Metadata, Signer, Span
from kg.reference import Reference, load_reference
from search.alignment_words import is_syllable, read_words
from search.clauses import read_clauses

__all__ = [
    "Expected",
    "MadePair",
    "MadePlan",
    "document",
    "issued",
    "letters",
    "make_corpus",
    "make_pair",
    "reference",
    "sentences",
]

SAMPLES = Path(__file__).resolve().parents[1] / "samples" / "documents"
CLAUSES_PER_CALL = (18, 40)

# What a drafter writes for something else without changing much.
_SYNONYMS = {
    "tăng cường": "đẩy mạnh",
    "đẩy mạnh": "chú trọng",
    "thực hiện": "triển khai",
    "triển khai": "tiến hành",
    "xây dựng": "soạn thảo",
    "hoàn thành": "làm xong",
    "chủ trì": "đứng đầu",
    "phối hợp": "cùng",
    "báo cáo": "thông tin",
    "tuyên truyền": "phổ biến",
    "tổ chức": "mở",
    "nâng cao": "cải thiện",
    "kịp thời": "nhanh chóng",
    "nghiêm túc": "đầy đủ",
    "lựa chọn": "chọn ra",
    "theo dõi": "nắm tình hình",
    "đôn đốc": "nhắc nhở",
    "vận động": "kêu gọi",
    "tham gia": "góp sức",
    "cơ quan, đơn vị": "các đầu mối",
    "phong trào": "đợt",
    "hướng dẫn": "chỉ dẫn",
    "khen thưởng": "tuyên dương",
}
_PLACES = {
    "tỉnh": "huyện",
    "Lâm Sơn": "Bình Khê",
    "huyện": "xã",
    "Sở Nội vụ": "Phòng Nội vụ",
    "các huyện, thành phố": "các xã, thị trấn",
    "Ủy ban nhân dân tỉnh": "Ủy ban nhân dân huyện",
    "Hoàng Trọng Khoát": "Phan Hữu Tịnh",
}
_NUMBER = re.compile(r"(?<![\w/.,-])\d{1,3}(?:,\d)?(?=%| (?:buổi|ha|km|tỷ|công trình|mô hình|hộ|tiêu chí|lượt))")
_DATE = re.compile(r"(?<![\d/])(\d{1,2})/(\d{1,2})/(20\d\d)(?![\d/])")


@dataclass(frozen=True, slots=True)
class Expected:
    """What became of one clause: where it stands on both sides, and the stretches that were changed."""

    status: str
    edit: str
    source: tuple[Span, ...] = ()
    target: tuple[Span, ...] = ()
    old: tuple[Span, ...] = ()
    new: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class MadePair:
    """A call, a plan, and what was done to each clause."""

    source: Document
    target: Document
    expected: tuple[Expected, ...]


@dataclass(slots=True)
class _Line:
    """A clause of the plan while it is being made; spans count within ``text``."""

    text: str
    of: tuple[int, ...]
    status: str = "verbatim"
    edit: str = "keep"
    old: list[tuple[int, Span]] = field(default_factory=list)
    new: list[Span] = field(default_factory=list)


@cache
def reference() -> Reference:
    """The reference data of the samples."""
    return load_reference(SAMPLES / "reference.ttl")


@cache
def sentences() -> tuple[str, ...]:
    """Every clause of the samples that has a few words, each once."""
    found: dict[str, str] = {}
    for path in sorted(SAMPLES.iterdir()):
        if path.suffix in (".txt", ".md") and "co-dau-mat" not in path.name:
            read = read_clauses(read_document(path, reference()))
            for clause in read.clauses:
                text = " ".join(read.text[clause.start : clause.end].split())
                if 7 <= len(clause) <= 60 and ";" not in text and not clause.heading:
                    found.setdefault(fold(text), text)
    return tuple(found.values())


def document(text: str, name: str, metadata: Metadata) -> Document:
    """A document whose first two lines are its title and the rest its body; its outline is read as in any other."""
    body = text.index("\n", text.index("\n") + 1)
    span = Span(body, len(text))
    layout = Layout(Span(0, body), Span(body, body), span, Span(len(text), len(text)), None, metadata)
    sha = hashlib.sha256(f"{name}{text}".encode()).hexdigest()
    canonical = CanonicalText(text, hashlib.sha256(text.encode()).hexdigest())
    return Document(name, sha, "text/plain", canonical, layout, outline(text, layout))


_HEADS = ("MỤC ĐÍCH, YÊU CẦU", "NỘI DUNG", "TỔ CHỨC THỰC HIỆN")


def _written(lines: Sequence[str], seed: random.Random, marks: str, numerals: Sequence[str]) -> tuple[str, list[int]]:
    """The lines as a paper with headings and bullets, and where each line begins; some share a bullet."""
    text = "KẾ HOẠCH\nTriển khai phong trào thi đua\n"
    starts = []
    fresh = True
    per_head = max(1, len(lines) // len(numerals) + 1)
    for place, line in enumerate(lines):
        if place % per_head == 0:
            at = place // per_head
            text += f"{numerals[at]}. {_HEADS[at % len(_HEADS)]}\n"
            fresh = True
        if fresh:
            text += f"{marks} "
        starts.append(len(text))
        text += line
        last = place + 1 == len(lines) or (place + 1) % per_head == 0
        fresh = last or seed.random() < 0.5
        text += ".\n" if fresh else "; "
    return text, starts


def make_pair(seed: int) -> MadePair:
    """A call and a plan made from it; the same seed gives the same two."""
    chance = random.Random(seed)
    pool = list(sentences())
    chance.shuffle(pool)
    count = chance.randint(*CLAUSES_PER_CALL)
    ours, others = pool[:count], pool[count:]
    lines = _edited(ours, others, chance)
    _swapped(lines, chance)
    source_text, source_starts = _written(ours, chance, "-", ("I", "II", "III"))
    target_text, target_starts = _written([line.text for line in lines], chance, chance.choice("-+"), ("I", "II"))
    source = document(source_text, f"call-{seed}", issued("Lâm Sơn", None, "Hoàng Trọng Khoát"))
    target = document(target_text, f"plan-{seed}", issued("Bình Khê", "binh-khe", "Phan Hữu Tịnh"))
    expected = []
    for line, start in zip(lines, target_starts, strict=True):
        expected.append(
            Expected(
                line.status,
                line.edit,
                tuple(Span(source_starts[of], source_starts[of] + len(ours[of])) for of in line.of),
                (Span(start, start + len(line.text)),),
                tuple(Span(source_starts[of] + span.start, source_starts[of] + span.end) for of, span in line.old),
                tuple(Span(start + span.start, start + span.end) for span in line.new),
            )
        )
    kept = {of for line in lines for of in line.of}
    for place, (text, start) in enumerate(zip(ours, source_starts, strict=True)):
        if place not in kept:
            expected.append(Expected("omitted", "drop", (Span(start, start + len(text)),)))
    return MadePair(source, target, tuple(expected))


def issued(place: str, district: str | None, signer: str, day: dt.date = dt.date(2024, 3, 14)) -> Metadata:
    """What a plan of the sample province, or of one of its districts, says of itself."""
    return Metadata(
        kind="Kế hoạch",
        place=place,
        province="lam-son",
        district=f"lam-son.{district}" if district else None,
        level="district" if district else "province",
        signer=Signer(signer),
        date=day,
    )


# How often each edit is tried, in parts of the whole.
_SHARES = {
    "keep": 14, "drop": 8, "insert": 6, "shorten": 12, "lengthen": 8, "number": 10, "date": 10, "local": 12,
    "paraphrase": 14, "split": 8, "merge": 4, "ocr": 10, "rewritten": 14,
}  # fmt: skip


def _edited(ours: Sequence[str], others: Sequence[str], chance: random.Random) -> list[_Line]:
    lines: list[_Line] = []
    spare = iter(other for other in others if all(fuzz.ratio(fold(other), fold(our)) < 60 for our in ours))
    place = 0
    while place < len(ours):
        text = ours[place]
        what = chance.choices(list(_SHARES), list(_SHARES.values()))[0]
        made = None
        if what == "drop":
            place += 1
            continue
        if what == "insert":
            lines.append(_Line(next(spare), (), "added", "insert"))
        if what == "merge" and place + 1 < len(ours) and len(text.split()) >= 8 and len(ours[place + 1].split()) >= 8:
            joint = chance.choice([" và ", ", đồng thời ", ", "])
            following = ours[place + 1][0].lower() + ours[place + 1][1:]
            lines.append(_Line(text + joint + following, (place, place + 1), "verbatim", "merge"))
            place += 2
            continue
        if what == "split":
            cuts = [m.start() for m in re.finditer(r", (?=[^\W\d_])", text)]
            cuts = [at for at in cuts if min(text[:at].count(" "), text[at:].count(" ")) >= 6 and _flat(text, at)]
            if cuts:
                at = chance.choice(cuts)
                lines.append(_Line(text[:at], (place,), "verbatim", "split"))
                lines.append(_Line(text[at + 2].upper() + text[at + 3 :], (place,), "verbatim", "split"))
                place += 1
                continue
        if what == "ocr":
            made = _ocr(text, place, chance)
        elif what in _EDITS:
            made = _replaced(text, place, _EDITS[what](text, chance, others), what)
        lines.append(made or _Line(text, (place,)))
        place += 1
    return lines


def _flat(text: str, at: int) -> bool:
    """Whether a place is outside brackets and quotation marks."""
    head = text[:at]
    return head.count("(") == head.count(")") and head.count("“") == head.count("”")


def _swapped(lines: list[_Line], chance: random.Random) -> None:
    for _ in range(len(lines) // 8):
        one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
        lines[one], lines[other] = lines[other], lines[one]


_Stretch = tuple[int, int, str]


def _replaced(text: str, place: int, found: Sequence[_Stretch], edit: str) -> _Line | None:
    """A line in which stretches (start, end, what stands there instead) were replaced; in text order, apart."""
    if not found:
        return None
    made = _Line("", (place,), "adapted", edit)
    at = 0
    for start, end, new in found:
        made.text += text[at:start]
        if end > start:
            made.old.append((place, Span(start, end)))
        if new:
            made.new.append(Span(len(made.text), len(made.text) + len(new)))
        made.text += new
        at = end
    made.text += text[at:]
    return made


def _shorten(text: str, chance: random.Random, others: Sequence[str]) -> list[_Stretch]:
    phrases = [m for m in re.finditer(r", ([^,;()“”]{8,70})(?=,)", text) if 2 <= len(m[1].split()) <= 12]
    phrases = [m for m in phrases if _flat(text, m.start()) and len(m[1]) < len(text) * 0.45]
    return [(one.start(), one.end(), "") for one in chance.sample(phrases, min(1, len(phrases)))]


def _lengthen(text: str, chance: random.Random, others: Sequence[str]) -> list[_Stretch]:
    places = [m.start() for m in re.finditer(r", ", text) if _flat(text, m.start())]
    phrases = [p.strip() for p in re.split(r"[,;]", chance.choice(others)) if 3 <= len(p.split()) <= 10]
    phrases = [phrase for phrase in phrases if _flat(phrase, len(phrase)) and fold(phrase) not in fold(text)]
    if not places or not phrases or len(text.split()) < 12:
        return []
    at = chance.choice(places)
    return [(at, at, f", {chance.choice(phrases)}")]


def _number(text: str, chance: random.Random, others: Sequence[str]) -> list[_Stretch]:
    found = [(m.start(), m.end(), str(int(m[0].split(",")[0]) + chance.randint(1, 9))) for m in _NUMBER.finditer(text)]
    return found[:2]


def _date(text: str, chance: random.Random, others: Sequence[str]) -> list[_Stretch]:
    return [(m.start(), m.end(), f"{int(m[1]) % 27 + 1:02d}/{m[2]}/{m[3]}") for m in _DATE.finditer(text)][:2]


def _local(text: str, chance: random.Random, others: Sequence[str]) -> list[_Stretch]:
    found: list[_Stretch] = []
    for old, new in sorted(_PLACES.items(), key=lambda pair: -len(pair[0])):
        for m in re.finditer(rf"(?<!\w){old}(?!\w)", text):
            if all(m.end() <= start or m.start() >= end for start, end, _ in found):
                found.append((m.start(), m.end(), new))
    return [_tight(text, *stretch) for stretch in sorted(found)]


def _tight(text: str, start: int, end: int, new: str) -> _Stretch:
    """Without what both have at the edges: of "Ủy ban nhân dân tỉnh" only the last word changed."""
    ours, theirs = text[start:end].split(" "), new.split(" ")
    while ours and theirs and ours[0] == theirs[0]:
        start += len(ours[0]) + 1
        del ours[0], theirs[0]
    while ours and theirs and ours[-1] == theirs[-1]:
        end -= len(ours[-1]) + 1
        del ours[-1], theirs[-1]
    return start, end, " ".join(theirs)


def _paraphrase(text: str, chance: random.Random, others: Sequence[str]) -> list[_Stretch]:
    found: list[_Stretch] = []
    for old, new in _SYNONYMS.items():
        m = re.search(rf"(?<!\w){old}(?!\w)", text)
        if m and all(m.end() < start - 3 or m.start() > end + 3 for start, end, _ in found):
            found.append((m.start(), m.end(), new))
    chance.shuffle(found)
    return sorted(found[: min(3, max(1, len(text.split()) // 9))])


def _rewritten(text: str, chance: random.Random, others: Sequence[str]) -> list[_Stretch]:
    """Several of these in one clause."""
    found: list[_Stretch] = []
    for edit in (_local, _shorten, _date, _number, _paraphrase, _lengthen):
        for stretch in edit(text, chance, others):
            if all(stretch[1] < start - 1 or stretch[0] > end + 1 for start, end, _ in found):
                found.append(stretch)
    touched = sum(end - start for start, end, _ in found)
    return sorted(found) if touched < len(text) * 0.45 else []


def _ocr(text: str, place: int, chance: random.Random) -> _Line:
    words = text.split(" ")
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(words) - 1)
        word = words[at]
        if not word.isalpha() or word[0].isupper():
            continue
        how = chance.choice(["accents", "glued", "lost"])
        if how == "accents":
            words[at] = fold(word)
        elif how == "glued" and words[at + 1].isalpha() and words[at + 1].islower():
            words[at : at + 2] = [word + words[at + 1]]
        elif how == "lost" and len(word) >= 4:
            vowels = [i for i, letter in enumerate(word) if fold(letter) in "aeiouy"]
            bad = word[: vowels[0]] + word[vowels[0] + 1 :] if vowels else word
            if not is_syllable(fold(bad)) and len(bad) >= 3:
                words[at] = bad
        if len(words) < 4:
            break
    noisy = " ".join(words)
    return _Line(noisy, (place,), "verbatim", "ocr")


_EDITS = {
    "shorten": _shorten,
    "lengthen": _lengthen,
    "number": _number,
    "date": _date,
    "local": _local,
    "paraphrase": _paraphrase,
    "rewritten": _rewritten,
}


@dataclass(frozen=True, slots=True)
class MadePlan:
    """A document of a made corpus; ``source`` is the number of the call it was made from, None for a call."""

    document: Document
    level: Literal["province", "district"]
    source: int | None


def make_corpus(calls: int, plans: int, seed: int = 0) -> list[MadePlan]:
    """So many calls, then so many plans, each made from one of the calls: some kept, some changed, some its own."""
    chance = random.Random(seed)
    pool = [*sentences(), *_crossed(chance, 12 * calls)]
    made = []
    texts = []
    for number in range(calls):
        lines = chance.sample(pool, chance.randint(18, 30))
        texts.append(lines)
        day = dt.date(2024, 1, 1) + dt.timedelta(days=chance.randrange(300))
        made.append(MadePlan(_paper(lines, f"call-{number}", None, day), "province", None))
    for number in range(plans):
        source = chance.randrange(calls)
        lines = []
        for place, line in enumerate(texts[source]):
            what = chance.random()
            if what < 0.2:
                continue
            if what < 0.5:
                changed = _replaced(line, place, _rewritten(line, chance, pool), "rewritten")
                line = changed.text if changed else line
            lines.append(line)
        for _ in range(chance.randint(2, 8)):
            lines.insert(chance.randrange(len(lines) + 1), chance.choice(pool))
        issue = made[source].document.metadata.date
        assert issue
        day = issue + dt.timedelta(days=chance.randint(1, 90))
        made.append(MadePlan(_paper(lines, f"plan-{number}", "binh-khe", day), "district", source))
    return made


def _paper(lines: Sequence[str], name: str, district: str | None, day: dt.date) -> Document:
    text = "KẾ HOẠCH\nThi đua\n" + "".join(f"- {line}.\n" for line in lines)
    return document(text, name, issued("Bình Khê" if district else "Lâm Sơn", district, "Phan Hữu Tịnh", day))


def _crossed(chance: random.Random, count: int) -> list[str]:
    """Sentences made of the first half of one and the second of another, so that calls have words of their own."""
    whole = [sentence.split(" ") for sentence in sentences() if _flat(sentence, len(sentence))]
    found = []
    for _ in range(count):
        one, other = chance.choice(whole), chance.choice(whole)
        found.append(" ".join([*one[: len(one) // 2], *other[len(other) // 2 :]]))
    return found


def letters(text: str, spans: Sequence[Span]) -> set[int]:
    """The places of letters and figures in some stretches: what two markings of a change are compared by."""
    return {
        at
        for span in spans
        for start, end in [(span.start, span.end)]
        for word_start, word_end in _words(text, start, end)
        for at in range(word_start, word_end)
    }


def _words(text: str, start: int, end: int) -> list[tuple[int, int]]:
    found = read_words(text, start, end)
    return list(zip(found.starts, found.ends, strict=True))

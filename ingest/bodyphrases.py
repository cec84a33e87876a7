"""Where a phrase names who is to act, and where what they are to do begins.

"2. Giao Phòng Nội vụ huyện hướng dẫn, theo dõi …": the body is "Phòng Nội vụ huyện", the predicate "hướng dẫn …".
Names carry capitals where verbs do not ("Sở Xây dựng" / "xây dựng"), so the end of a name is read on the text as
printed and everything else on the plain text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from ingest.factlexicon import (
    ADJECTIVAL_VERBS,
    BODY_HEADS,
    COMPOUND_TAILS,
    GROUP_HEADS,
    GROUP_NOUNS,
    GROUP_WORDS,
    NOT_BODIES,
    OPENING_VERBS,
    PREDICATES,
    alternatives,
    both_styles,
    pattern,
)
from kg.model import Span

__all__ = ["Actor", "is_body_phrase", "opens_with_body", "read_actor", "trim_body"]

_LONGEST_BODY = 640
_LONGEST_LEAD = 360  # an introductory clause: "Căn cứ chức năng, nhiệm vụ được giao và tình hình …,"


@dataclass(frozen=True, slots=True)
class Actor:
    """The subject of one task: ``body`` as printed, ``predicate`` where its verb starts.

    ``order`` is the word that hands the task over ("giao", "đề nghị", "yêu cầu"), "" when the body opens the clause.
    """

    body: Span
    predicate: int
    order: str


@lru_cache(maxsize=1)
def _order() -> re.Pattern[str]:
    return pattern(
        r"(?:và\s+)?(?P<order>giao\s+nhiệm\s+vụ\s+cho|giao\s+cho|giao\s+trách\s+nhiệm\s+cho|giao|phân\s+công"
        r"|ủy\s+quyền\s+cho"
        r"|(?:trân\s+trọng\s+|kính\s+)?đề\s+nghị|yêu\s+cầu)\s+"
        r"(?!(?:nhiệm\s+vụ|trách\s+nhiệm|kế\s+hoạch|chỉ\s+tiêu|dự\s+toán|kinh\s+phí"
        r"|đất)\b)(?:(?:các\s+)?đồng\s+chí\s+|đ/c\s+)?"
    )


@lru_cache(maxsize=1)
def _heads() -> re.Pattern[str]:
    group = rf"(?:{alternatives(GROUP_WORDS)})\s+(?:{alternatives(GROUP_NOUNS)})"
    return pattern(rf"(?:{group}|(?P<one>{alternatives((*BODY_HEADS, *GROUP_HEADS))}))(?=[\s,/;:()]|$)")


def _head(text: str, flat: str, start: int, end: int) -> int | None:
    """The end of the first word of a body's name at ``start``.

    A one-syllable word ("ban", "tổ", "hội") begins a name only before a capital, a mark or a word of level:
    "Ban Dân tộc", "Sở, ban, ngành", "Thuế tỉnh", but not "ban hành".
    """
    head = _heads().match(flat, start, end)
    if head is None:
        return None
    after = head.end()
    if _no_body().match(flat, start, end):
        return None
    if head["one"] and " " not in head["one"] and head["one"] not in _LONG_ENOUGH:
        follow = text[after : after + 24]
        if not (
            follow.lstrip()[:1].isupper()
            or follow[:1] in ",/"
            or not follow.strip()
            or _level_word().match(flat, after, end)
        ):
            return None
    return after


_LONG_ENOUGH = frozenset(("ubnd", "hđnd", "mttq", "ubmttq", "bhxh"))


@lru_cache(maxsize=1)
def _no_body() -> re.Pattern[str]:
    return pattern(rf"(?:{alternatives(NOT_BODIES)})\b")


@lru_cache(maxsize=1)
def _level_word() -> re.Pattern[str]:
    return pattern(
        r"\s+(?:tỉnh|huyện|thành\s+phố|xã|phường|thị|quận|đặc\s+khu|trung\s+ương|địa\s+phương|chuyên\s+môn|ban"
        r"|ngành|và|cấp)\b"
    )


@lru_cache(maxsize=1)
def _lead() -> re.Pattern[str]:
    """A word that opens a clause before the subject."""
    return pattern(
        r"(?:căn\s+cứ|trên\s+cơ\s+sở|theo(?!\s+dõi)|tùy|định\s+kỳ|hằng|hàng|trong|sau\s+khi|để|trước|từ|kết\s+thúc"
        r"|khi|ngoài|bên\s+cạnh"
        r"|đồng\s+thời|nhằm|ngay\s+sau)\b"
    )


@lru_cache(maxsize=1)
def _lead_tail() -> re.Pattern[str]:
    """Words after which the subject may stand without a comma: "Căn cứ Kế hoạch này Thủ trưởng …"."""
    return pattern(
        r"(?:,|\b(?:này|cụ\s+thể|thực\s+tế|thực\s+tiễn|nêu\s+trên))\s+$|,\s+(?:giao|đề\s+nghị|yêu\s+cầu"
        r"|phân\s+công)\s+$"
    )


@lru_cache(maxsize=1)
def _opening_verb() -> re.Pattern[str]:
    return pattern(rf"(?:{alternatives(PREDICATES)})\b")


@lru_cache(maxsize=1)
def _standing() -> re.Pattern[str]:
    """What a body is for, told between its name and its task: ", cơ quan thường trực Hội đồng …,", "là cơ quan …,"."""
    return pattern(
        r"\s*(?:,\s*(?:với\s+vai\s+trò\s+)?(?:là\s+)?|\s(?:là|với\s+vai\s+trò)\s+)cơ\s+quan"
        r"\s+(?:thường\s+trực|giúp\s+việc"
        r"|chuyên\s+trách|tham\s+mưu)\b[^.;:,\n]{0,120}(?=,\s)"
    )


@lru_cache(maxsize=1)
def _acting() -> re.Pattern[str]:
    """What the predicate of a task can begin with: a verb, or a circumstance before it."""
    return pattern(
        rf"(?:{alternatives(PREDICATES)}|theo|tùy|trong|trước|sau|định\s+kỳ|hằng|hàng|khi|nhằm|để|nhất\s+là)\b"
    )


@lru_cache(maxsize=1)
def _after_colon() -> re.Pattern[str]:
    """ "Bộ Xây dựng: (1) Khẩn trương …": up to the verb."""
    return pattern(rf":\s+(?:\(\s?(?:\d{{1,2}}|[ivx]{{1,4}})\s?\)\s*)?(?=(?:{alternatives(PREDICATES)})\b)")


@lru_cache(maxsize=1)
def _unfinished() -> re.Pattern[str]:
    return pattern(r"\b(?:của|về|tại|với|cho|ý\s+kiến|các|những|là)$")


@lru_cache(maxsize=1)
def _stop() -> re.Pattern[str]:
    """What may end a name, on the text as printed: a verb in lower case, a capital verb that opens a task, a mark."""
    return re.compile(
        rf"\([^()\n]{{0,300}}\)|(?<![\w/])(?:{both_styles(alternatives(PREDICATES))}|theo|tùy|tuỳ|trong|trước|sau"
        rf"|khi|để|nếu|tại|từ|qua"
        rf"|hằng|hàng|không|đã|đang|sẽ"
        r"|được|là|có|do|nhằm|vào|về|nhất là|bao gồm|gồm)(?!\w)"
        rf"|(?<=\s)(?:{'|'.join(OPENING_VERBS)})(?=[ ,])|[.;:!?“”\"«»\n]"
        r"|(?:(?<=[ ,]tỉnh )|(?<=[ ,]huyện )|(?<=[ ,][tT]hành phố ))(?=\w)"
    )


@lru_cache(maxsize=1)
def _noun_use() -> re.Pattern[str]:
    """Before a verb that is part of a name here: "các tổ chức", "Ban quản lý", "cơ quan chủ trì"."""
    return pattern(
        r"(?:\b(?:các|những|mỗi|từng|và|ban|cơ\s+quan|ủy\s+ban|đơn\s+vị|tổ|phòng|hội\s+đồng|chi\s+cục|trung\s+tâm"
        r"|công\s+ty|doanh\s+nghiệp"
        r"|lực\s+lượng|bộ\s+phận|nhà)|,)\s+$"
    )


@lru_cache(maxsize=1)
def _noun_tail() -> re.Pattern[str]:
    return pattern(
        r"\s+(?:chính\s+trị|xã\s+hội|đoàn\s+thể|hội\b|cá\s+nhân|kinh\s+tế|đảng|tôn\s+giáo|tín\s+dụng|sự\s+nghiệp"
        r"|quần\s+chúng)|\s*,\s*cá\s+nhân"
    )


@lru_cache(maxsize=1)
def _second_verb() -> re.Pattern[str]:
    return pattern(
        r"\s+(?:triển\s+khai|thực\s+hiện|tốt|hiệu\s+quả|các\s+hoạt\s+động|tuyên\s+truyền|việc|công\s+tác"
        r"|kiểm\s+tra|và\s+triển\s+khai)"
    )


@lru_cache(maxsize=1)
def _colon_list() -> re.Pattern[str]:
    """After "các tỉnh:" or "các cơ quan:" a list of names goes on to the verb; after a heading it does not."""
    return re.compile(
        r":\s*[A-ZĐ][^.:\n]{2,420}?\s(?:chủ động|chủ trì|có trách nhiệm|chịu trách nhiệm|khẩn trương|tập trung"
        r"|phối hợp|chỉ đạo|căn cứ)\b"
    )


@lru_cache(maxsize=1)
def _entrusted() -> re.Pattern[str]:
    """ "Các cơ quan được giao chủ trì có trách nhiệm …": the participle belongs to the body."""
    return pattern(
        r"được\s+(?:phân\s+công|giao)[^.;:\n]{0,140}?\s(?=có\s+trách\s+nhiệm|chịu\s+trách\s+nhiệm|có\s+nhiệm\s+vụ"
        r"|chủ\s+động|khẩn\s+trương)"
    )


@lru_cache(maxsize=1)
def _after_level() -> re.Pattern[str]:
    """What may stand between "tỉnh" and a verb, or make another word of it."""
    return pattern(
        r"(?:lỵ|ủy|đoàn|đội|và|hoặc|cùng|với|có|thuộc|trực|khóa|khác|nhiệm|biên|vùng|miền|trọng|ven|phía|lớn|nghèo|nhà"
        r"|trên|ngoài|chuyên|liên|bạn|quản|cũ|mới|nơi|này|khu|phụ|tổ|bộ|giáp|lân|lẻ|thành|huyện|xã|phường|đến|tới|thông"
        r"|của|cho|các)\b"
    )


@lru_cache(maxsize=1)
def _many() -> re.Pattern[str]:
    """ "các tỉnh ven sông", "tỉnh, thành phố ven sông": a word that says which of many may follow."""
    return pattern(r"(?:\b(?:các|mỗi|từng|những|và|\d+)|,)\s+(?:tỉnh|huyện|thành\s+phố)\s$")


@lru_cache(maxsize=1)
def _within() -> re.Pattern[str]:
    return pattern(r"\s+(?:tỉnh|huyện|xã|toàn|thành\s+phố|khu|phạm\s+vi\s+(?:tỉnh|huyện))")


@lru_cache(maxsize=1)
def _unit_of_time() -> re.Pattern[str]:
    return pattern(r"\s+(?:năm|quý|tháng|tuần|ngày)\b")


def is_body_phrase(text: str, flat: str, start: int, end: int) -> bool:
    """Whether ``text[start:end]`` is nothing but the name of bodies: "Sở Tài chính", "Các sở, ngành liên quan"."""
    if end - start > _LONGEST_BODY or _head(text, flat, start, end) is None:
        return False
    if text[end - 1] == ")" and (bracket := text.rfind("(", start, end)) > start:
        end = len(text[start:bracket].rstrip()) + start
    return _body_end(text, flat, start, end) >= end


def opens_with_body(text: str, flat: str, start: int, end: int) -> bool:
    """Whether the first words at ``start`` can be those of a body's name."""
    return _head(text, flat, start, end) is not None


def read_actor(text: str, flat: str, start: int, end: int) -> Actor | None:
    """The subject of the clause that starts at ``start``, or None when no body opens it."""
    given = _order().match(flat, start, end)
    if given:
        return _subject_at(text, flat, given.end(), end, " ".join(given["order"].split()))
    if _lead().match(flat, start, end):
        return _after_lead(text, flat, start, end)
    comrade = _comrade().match(flat, start, end)
    return _subject_at(text, flat, comrade.end() if comrade else start, end, "")


@lru_cache(maxsize=1)
def _comrade() -> re.Pattern[str]:
    return pattern(r"(?:các\s+)?(?:đồng\s+chí|ông(?:\s*[,(/]?\s*bà\)?)?)\s*:?\s+")


def _after_lead(text: str, flat: str, start: int, end: int) -> Actor | None:
    """The subject behind "Căn cứ …," or "Sau khi …,": the first body that opens a clause; a verb there means none."""
    limit = min(end, start + _LONGEST_LEAD)
    for place in re.compile(r",\s+|\b(?:này|cụ thể|thực tế|thực tiễn|nêu trên)\s+").finditer(flat, start, limit):
        at = place.end()
        given = _order().match(flat, at, end)
        actor = _subject_at(
            text, flat, given.end() if given else at, end, " ".join(given["order"].split()) if given else ""
        )
        if actor is not None and (given or not _lead().match(flat, actor.predicate)):
            return actor
        if place[0].startswith(",") and _opening_verb().match(flat, at, limit) and not _lead().match(flat, at, limit):
            return None
        if flat.find(". ", start, at) >= 0:
            return None
    return None


def _subject_at(text: str, flat: str, start: int, end: int, order: str) -> Actor | None:
    if _head(text, flat, start, end) is None:
        return None
    body_end = _body_end(text, flat, start, end)
    if body_end - start < 3 or body_end >= end:
        return None
    standing = _standing().match(flat, body_end, end)
    after = standing.end() if standing else body_end
    predicate = after + len(text[after:end]) - len(text[after:end].lstrip(" ,"))
    if predicate >= end:
        return None
    if text[predicate] == ":" and (task := _after_colon().match(flat, predicate, end)):
        predicate = task.end()
    elif not (order or _acting().match(flat, predicate, end) or _level_then_verb(text, flat, body_end, predicate)):
        return None
    if _unfinished().search(flat, max(start, body_end - 12), body_end):
        return None
    body = trim_body(text, flat, start, body_end)
    return Actor(body, predicate, order)


def _level_then_verb(text: str, flat: str, body_end: int, predicate: int) -> bool:
    """Whether a name ends with its level and a word follows that can only be a verb: "Công an tỉnh đấu mối …"."""
    if _many().search(flat[max(0, body_end - 24) : body_end] + " ") or not text[predicate].islower():
        return False
    return flat.endswith((" tỉnh", " huyện", " thành phố"), 0, body_end) and not _function_word().match(flat, predicate)


@lru_cache(maxsize=1)
def _function_word() -> re.Pattern[str]:
    return pattern(
        r"(?:là|có|do|về|vào|được|bị|đã|đang|sẽ|vừa|mới|không|chưa|bao|gồm|nhất|nhằm|tại|từ|qua|để|khi|nếu|mà|thì|như"
        r"|ở|bằng|rất|còn|vẫn|cũng|đều|lần|năm|tháng|số|ngày|ban)\b"
    )


def _body_end(text: str, flat: str, start: int, end: int) -> int:
    """Where the name stops: at the first verb or mark that cannot belong to it."""
    limit = min(end, start + _LONGEST_BODY)
    position = _head(text, flat, start, limit) or start
    pattern_ = _stop()
    while match := pattern_.search(text, position, limit):
        position = match.end()
        at = match.start()
        follow = _inside_name(text, flat, start, match, limit)
        if follow is None:
            return len(text[start:at].rstrip(" ,")) + start
        position = max(position, follow)
    return limit


def _inside_name(text: str, flat: str, start: int, match: re.Match[str], limit: int) -> int | None:
    """How far the name surely goes on after this word, or None when the word ends it."""
    word, at, after = match[0], match.start(), match.end()
    if not word:  # what follows the level that ends a name is a verb, known or not: "Công an tỉnh cấu hình …"
        ends = text[at].islower() and not _after_level().match(flat, at)
        return None if ends and not _many().search(flat, max(start, at - 24), at) else at + 1
    if word[0] == "(":
        return after
    if word == ":":
        return after if _colon_list().match(text, at, limit) else None
    if word == ";":
        return after if opens_with_body(text, flat, after + _spaces(text, after), limit) else None
    if not word[0].isalpha():
        return None
    if word == "có" and re.match(r"\s+liên\s+quan", flat[after:limit]):
        return after
    if word == "trong" and _within().match(flat, after, limit):
        return after
    if word == "là" and (whole := re.match(r"\s+(?:tổ\s+chức|cá\s+nhân|hộ)", flat[after:limit])):
        return after + whole.end()
    if word == "được" and (whole := _entrusted().match(flat, at, limit)):
        return whole.end()
    if word == "tại" and re.match(r"\s+(?:địa\s+phương|việt\s+nam|tỉnh)", flat[after:limit]):
        return after
    before = flat[max(start, at - 16) : at]
    tails = COMPOUND_TAILS.get(word)
    if tails and before.rstrip().endswith(tails):
        return after
    if word in ("hằng", "hàng") and not _unit_of_time().match(flat, after, limit):
        return after
    if word[0].isupper():
        # "Ban Chỉ đạo", "Phòng Theo dõi": after the first word of a name or a comma the capital is the name's own
        last = before.rsplit(maxsplit=1)[-1] if before.split() else ""
        return after if last in _NAMING or before.rstrip().endswith(",") else None
    lowered = " ".join(match[0].split())
    if lowered in ADJECTIVAL_VERBS and _noun_use().search(before):
        double = re.search(r"(?:,|và)\s+$", before) and (
            _second_verb().match(flat, after, limit) or _stop().match(text, after + 1, limit)
        )
        return None if double else after
    if lowered == "tổ chức" and _noun_tail().match(flat, after, limit):
        return after
    return None


_NAMING = frozenset(
    (
        "ban",
        "phòng",
        "bộ",
        "sở",
        "văn",
        "tâm",
        "đồng",
        "cục",
        "vụ",
        "viện",
        "tổ",
        "và",
        "-",
        "/",
        "trường",
        "quan",
        "đội",
        "hội",
    )
)


def _spaces(text: str, position: int) -> int:
    return len(text[position : position + 4]) - len(text[position : position + 4].lstrip())


@lru_cache(maxsize=1)
def _tail() -> re.Pattern[str]:
    """What is said about the body and is not its name."""
    noun = r"(?:cơ\s+quan|đơn\s+vị|địa\s+phương|tổ\s+chức|cá\s+nhân|đoàn\s+thể|sở|ban|bộ|phòng|ngành|hội)"
    more = rf"(?:(?:\s*,\s*|\s+và\s+|\s+)(?:các\s+)?(?:{noun}|khác|chức\s+năng|chuyên\s+môn)){{0,6}}"
    others = rf"(?:các\s+)?{noun}{more}\s+(?:có\s+)?liên\s+quan"
    return pattern(
        r"(?:\s*\([^)]{0,200}\)|,\s*(?:là\s+)?(?:cơ\s+quan|đơn\s+vị)\s+(?:thường\s+trực|chủ\s+trì"
        r"|đầu\s+mối)[^,]{0,120}"
        rf"|(?:\s+(?:và|cùng|cùng\s+với)\s+|,\s+(?=các\s)){others}(?:\s+đến\s+[^,;]{{0,80}})?)\s*$"
    )


@lru_cache(maxsize=1)
def _closed_then_group() -> re.Pattern[str]:
    """One named body, closed by its level, and a group that nobody can enumerate: the named one is the addressee."""
    return pattern(
        r"(?P<named>ủy\s+ban\s+mặt\s+trận\s+tổ\s+quốc\s+việt\s+nam\s+(?:tỉnh|huyện|thành\s+phố|xã|phường|thị\s+xã"
        r"|quận)[^,;]{0,30}?)"
        r"\s+và\s+các\s+(?:tổ\s+chức|đoàn\s+thể)"
    )


def trim_body(text: str, flat: str, start: int, end: int) -> Span:
    """The name alone, without brackets, standing roles ("cơ quan thường trực …") and "và các đơn vị liên quan"."""
    named = _closed_then_group().match(flat, start, end)
    if named:
        end = named.end("named")
    while end - start > 8 and (tail := _tail().search(flat, start + 3, end)) is not None:
        end = tail.start()
    while end > start and text[end - 1] in " ,;:-–*_":
        end -= 1
    return Span(start, end)

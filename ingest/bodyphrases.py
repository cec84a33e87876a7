"""Where a phrase names who is to act, and where what they are to do begins.

"2. Giao Phòng Nội vụ huyện hướng dẫn, theo dõi …": the body is "Phòng Nội vụ huyện", the predicate starts at "hướng dẫn".
Names carry capitals where verbs do not ("Sở Xây dựng" / "xây dựng"), so bodies are read on the text as printed and
everything else on the plain text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from ingest.factlexicon import BODY_HEADS, GROUP_HEADS, PREDICATES, alternatives, pattern
from kg.model import Span

__all__ = ["Actor", "is_body_phrase", "read_actor", "trim_body"]

_LONGEST_BODY = 420
_LONGEST_LEAD = 320  # an introductory clause: "Căn cứ chức năng, nhiệm vụ được giao và tình hình …,"


@dataclass(frozen=True, slots=True)
class Actor:
    """The subject of one task: ``body`` as printed, ``predicate`` where its verb starts.

    ``order`` is the word that hands the task over ("giao", "đề nghị", "yêu cầu") or "" when the body itself opens the clause.
    """

    body: Span
    predicate: int
    order: str


@lru_cache(maxsize=1)
def _order() -> re.Pattern[str]:
    return pattern(
        r"(?:(?:và\s+)?(?P<order>giao\s+nhiệm\s+vụ\s+cho|giao\s+cho|giao\s+trách\s+nhiệm\s+cho|giao|phân\s+công"
        r"|ủy\s+quyền\s+cho|đề\s+nghị|yêu\s+cầu"
        r"|kính\s+đề\s+nghị|chỉ\s+đạo|trân\s+trọng\s+đề\s+nghị)\s+)(?!(?:nhiệm\s+vụ|trách\s+nhiệm|kế\s+hoạch"
        r"|chỉ\s+tiêu|dự\s+toán|kinh\s+phí|đất)\b)"
    )


@lru_cache(maxsize=1)
def _head() -> re.Pattern[str]:
    return pattern(rf"\b(?:{alternatives((*BODY_HEADS, *GROUP_HEADS))})(?=[\s,/;:(]|$)")


@lru_cache(maxsize=1)
def _genitive() -> re.Pattern[str]:
    """Right before a body that is not the subject but belongs to something: "của UBND tỉnh", "trình Chủ tịch"."""
    return pattern(
        r"\b(?:của|với|cho|tại|do|bởi|từ|qua|về|gửi|đến|trình|theo|thuộc|giữa|ở|trên|báo\s+cáo|tham\s+mưu"
        r"|phối\s+hợp|cùng|là|và|chức\s+năng|nhiệm\s+vụ"
        r"|đối\s+với|trong|bằng|có|được|khi|nếu|hoặc|nhiều|một|những|mọi|sự|từng)\s*$"
    )


@lru_cache(maxsize=1)
def _lead() -> re.Pattern[str]:
    """A clause before the subject."""
    return pattern(
        r"(?:căn\s+cứ|trên\s+cơ\s+sở|theo|tùy|tuỳ|định\s+kỳ|hằng|hàng|trong|sau\s+khi|để|trước|từ|kết\s+thúc|khi"
        r"|đối\s+với|ngoài|bên\s+cạnh|đồng\s+thời"
        r"|nhằm|với|ngay\s+sau)\b"
    )


@lru_cache(maxsize=1)
def _predicate() -> re.Pattern[str]:
    # On the text as printed: a capital belongs to a name. "tổ chức" is a noun after các/và/comma, "quản lý" after Ban …
    verbs = alternatives(PREDICATES)
    return re.compile(
        rf"(?<![\w/])(?:{_two_styles(verbs)})(?!\w)|(?<!\w)(?:theo|tùy|tuỳ|trong|trước|sau|khi|để|nếu|tại|từ|qua"
        rf"|hằng|hàng|không|đã|đang|sẽ|được|là|có|do|nhằm|vào|về)(?!\w)"
        r"|[.;:!?“”\"«»\n]|(?<=\s)-(?=\s)"
    )


def _two_styles(source: str) -> str:
    """The verbs in both tone styles, for text that is matched as printed."""
    return (
        source.replace("hóa", "h(?:óa|oá)")
        .replace("quý", "qu(?:ý|í)")
        .replace("tùy", "t(?:ùy|uỳ)")
        .replace("thủy", "th(?:ủy|uỷ)")
    )


@lru_cache(maxsize=1)
def _noun_use() -> re.Pattern[str]:
    """A verb of the list used inside a name: "các tổ chức", "Ban quản lý", "cơ quan chủ trì", "có liên quan"."""
    return pattern(
        r"(?:\b(?:các|những|mỗi|từng)\s+|\b(?:và|,)\s+|\bban\s+|\bcơ\s+quan\s+|\bủy\s+ban\s+|\bđơn\s+vị\s+|\btổ\s+"
        r"|\bphòng\s+|\bhội\s+đồng\s+|\bchi\s+cục\s+"
        r"|\btrung\s+tâm\s+|\bcông\s+ty\s+|\bdoanh\s+nghiệp\s+)$"
    )


_ADJECTIVAL = ("tổ chức", "quản lý", "thông tin", "kiểm tra", "chỉ đạo", "đầu tư", "xây dựng", "cung cấp", "báo cáo", "tuyên truyền", "thanh tra",
               "thẩm định", "điều hành", "đào tạo", "chi", "cấp", "thu", "sử dụng", "tham gia", "thực hiện", "hỗ trợ", "phát triển", "vận động",
               "chủ trì", "giám sát", "quy định", "tiếp nhận", "thống kê", "làm", "phối hợp", "điều tra", "phục vụ", "lãnh đạo", "in", "mở")  # fmt: skip
_NOUN_TAILS = re.compile(
    r"\s+(?:chính trị|xã hội|đoàn thể|hội|cá nhân|kinh tế|đảng|tôn giáo|tín dụng|sự nghiệp|quần chúng|, cá nhân)"
)


def is_body_phrase(text: str, flat: str, start: int, end: int) -> bool:
    """Whether ``text[start:end]`` is nothing but the name of a body or bodies: "Sở Tài chính", "Các sở, ngành liên quan"."""
    if end - start > _LONGEST_BODY or not _head().match(flat, start, end):
        return False
    return _body_end(text, flat, start, end) >= end


def read_actor(text: str, flat: str, start: int, end: int) -> Actor | None:
    """The subject of the clause that starts at ``start``, or None when no body opens it."""
    position, order = start, ""
    given = _order().match(flat, position, end)
    if given:
        position, order = given.end(), " ".join(given["order"].split())
    elif _lead().match(flat, position, end):
        return _after_lead(text, flat, position, end)
    if given and flat[position : position + 9] in ("đồng chí ", "các đồng "):
        position += len("các đồng chí ") if flat.startswith("các", position) else len("đồng chí ")
    return _subject_at(text, flat, position, end, order)


def _after_lead(text: str, flat: str, start: int, end: int) -> Actor | None:
    limit = min(end, start + _LONGEST_LEAD)
    for head in _head().finditer(flat, start + 3, limit):
        before = flat[max(start, head.start() - 24) : head.start()]
        if given := re.search(r"(?:^|[\s,])(giao|đề nghị|yêu cầu|phân công)\s+$", before):
            actor = _subject_at(text, flat, head.start(), end, given[1])
        elif _genitive().search(before) or not re.search(
            r"(?:,|này|cụ thể|thực tế|được giao|thực tiễn|quy định|nêu trên|trên|hằng năm|hàng năm|địa phương"
            r"|đơn vị)\s*$",
            before,
        ):
            continue
        else:
            actor = _subject_at(text, flat, head.start(), end, "")
        if actor is not None:
            return actor
        if flat.find(". ", start, head.start()) >= 0:
            return None
    return None


def _subject_at(text: str, flat: str, start: int, end: int, order: str) -> Actor | None:
    if not _head().match(flat, start, end):
        return None
    body_end = _body_end(text, flat, start, end)
    if body_end - start < 3:
        return None
    body = trim_body(text, flat, start, body_end)
    return Actor(body, body_end, order)


def _body_end(text: str, flat: str, start: int, end: int) -> int:
    """Where the name stops: at the first verb or mark that cannot belong to it."""
    limit = min(end, start + _LONGEST_BODY)
    head = _head().match(flat, start, limit)
    position = head.end() if head else start
    for match in _predicate().finditer(text, position, limit):
        word, at = match[0], match.start()
        if word == ":":
            # "các tỉnh: Hà Tĩnh, Quảng Trị … chủ động": a list of names goes on, a heading stops
            if re.match(
                r":\s*[A-ZĐ][^.;:\n]{2,200}?\s(?:chủ động|chủ trì|có trách nhiệm|chịu trách nhiệm|khẩn trương"
                r"|tập trung|phối hợp|chỉ đạo)",
                text[at : at + 260],
            ):
                continue
            return at
        if word == ";":
            if _head().match(flat, at + 1 + (len(text[at + 1 : at + 6]) - len(text[at + 1 : at + 6].lstrip())), limit):
                continue
            return at
        if word == "-":
            continue  # "Phòng Tài chính - Kế hoạch"
        if word == "có" and re.match(r"có\s+liên\s+quan", text[at:limit]):
            continue
        if word == "trong" and re.match(
            r"trong\s+(?:tỉnh|huyện|xã|toàn|thành\s+phố|Khu|khu|phạm\s+vi)", text[at:limit]
        ):
            continue
        if word == "là" and re.match(r"là\s+tổ\s+chức", text[at:limit]):
            continue
        lowered = " ".join(word.lower().split())
        before = flat[max(start, at - 16) : at]
        if lowered in _ADJECTIVAL and _noun_use().search(before) and not _double_verb(text, match.end(), limit, before):
            continue
        if lowered == "tổ chức" and _NOUN_TAILS.match(text, match.end(), limit):
            continue
        return len(text[start:at].rstrip(" ,")) + start
    return limit


def _double_verb(text: str, position: int, limit: int, before: str) -> bool:
    """ "…, tổ chức triển khai": after a comma the word is a verb when another verb follows it."""
    if not re.search(r"(?:,|và)\s+$", before):
        return False
    return (
        re.match(
            r"\s+(?:triển khai|thực hiện|tốt|hiệu quả|các hoạt động|tuyên truyền|việc|công tác|kiểm tra)",
            text[position:limit],
        )
        is not None
    )


@lru_cache(maxsize=1)
def _tail() -> re.Pattern[str]:
    """What is said about the body and is not its name."""
    return pattern(
        r"\s*(?:\([^)]{0,200}\)|,\s*(?:là\s+)?(?:cơ\s+quan|đơn\s+vị)\s+(?:thường\s+trực|chủ\s+trì"
        r"|đầu\s+mối)[^,]{0,120}|\s+(?:và|cùng)\s+(?:các\s+)?(?:cơ\s+quan|đơn\s+vị"
        r"|địa\s+phương|tổ\s+chức|sở|ban|bộ|phòng|ngành)[^.;]{0,80}?liên\s+quan)\s*$"
    )


@lru_cache(maxsize=1)
def _closed_then_group() -> re.Pattern[str]:
    """One named body, closed by its level, and a group that nobody can enumerate: the named one is the addressee."""
    return pattern(
        r"(?P<named>ủy\s+ban\s+mặt\s+trận\s+tổ\s+quốc\s+việt\s+nam\s+(?:tỉnh|huyện|thành\s+phố|xã|phường|thị\s+xã"
        r"|quận)[^,;]{0,30}?)\s+và\s+các\s+(?:tổ\s+chức|đoàn\s+thể)"
    )


def trim_body(text: str, flat: str, start: int, end: int) -> Span:
    """The name alone, without brackets, standing roles ("cơ quan thường trực …") and "và các đơn vị liên quan"."""
    named = _closed_then_group().match(flat, start, end)
    if named:
        end = named.end("named")
    while True:
        tail = _tail().search(flat, start + 3, end) if end - start > 8 else None
        if tail is None or tail.start() <= start + 3:
            break
        end = tail.start()
    while end > start and text[end - 1] in " ,;:-–*_":
        end -= 1
    return Span(start, end)

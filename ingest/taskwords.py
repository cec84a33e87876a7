"""The words around a task: labels of paragraphs, headings, orders, roles, and what only looks like a task.

Patterns over the plain text, each built once. What they are used for stands in ``ingest.assignments``.
"""

from __future__ import annotations

import re
from functools import lru_cache

from ingest.factlexicon import ORGANISATION_HEADINGS, PREDICATES, alternatives, pattern

__all__ = [
    "assigning",
    "blanks",
    "clause_start",
    "closing_words",
    "enacting",
    "executing",
    "handing_on",
    "heading_lead",
    "introduction",
    "labelled_line",
    "must",
    "organisation_heading",
    "papers",
    "paragraph_label",
    "procedure",
    "roles",
    "telling",
    "verb_start",
]


@lru_cache(maxsize=1)
def paragraph_label() -> re.Pattern[str]:
    return pattern(
        r"[ \t]*(?:(?P<article>điều\s+\d{1,3}[.:])|(?P<roman>[ivx]{1,5}\s?[.\-)])(?=\s)|(?P<round>\(\s?(?:\d{1,2}"
        r"|[ivx]{1,4})\s?\))"
        r"|(?P<number>\d{1,2}(?:\.\d{1,2}){0,3})(?:[.)\-]|(?<=\d\.\d))(?=\s)|(?P<letter>[a-zđ]\s?[).])(?=\s)"
        r"|(?P<ordinal>thứ\s+(?:nhất|hai|ba|tư|năm|sáu|bảy|tám|chín|mười))[,:]|(?P<dash>[-•*])|(?P<plus>\+))?[ \t]*"
    )


@lru_cache(maxsize=1)
def organisation_heading() -> re.Pattern[str]:
    return pattern(rf"(?:{alternatives(ORGANISATION_HEADINGS)})\b")


@lru_cache(maxsize=1)
def assigning() -> re.Pattern[str]:
    """A predicate that is an assignment wherever it stands."""
    return pattern(
        r"(?:(?:[^.;:]{0,90}?\s)?(?:chủ\s+trì|có\s+trách\s+nhiệm|chịu\s+trách\s+nhiệm|có\s+nhiệm\s+vụ"
        r"|làm\s+đầu\s+mối|là\s+đầu\s+mối"
        r"|là\s+cơ\s+quan\s+(?:đầu\s+mối|chủ\s+trì))|(?P<helping>(?:chủ\s+động\s+|tích\s+cực\s+)?(?:phối\s+hợp"
        r"|tham\s+mưu))"
        r"|căn\s+cứ\s+[^.;:]{0,40}?thi\s+hành)\b"
    )


@lru_cache(maxsize=1)
def blanks() -> re.Pattern[str]:
    """Dots to be written on: the line belongs to a form."""
    return re.compile(r"\.{4}|…{2}|_{4}")


@lru_cache(maxsize=1)
def telling() -> re.Pattern[str]:
    """A predicate that tells instead of ordering, or that only repeats that all must comply."""
    return pattern(
        r"\s*,?\s*(?:(?:trong\s+[^,.;]{2,40}\s+)?(?:đã|đang|sẽ|vừa|được|là|có\s+(?:ý\s+kiến|tư\s+cách|quyền|thể"
        r"|hiệu|báo\s+cáo|văn\s+bản)"
        r"|không|chưa|cần\s+được|phải\s+được|nhận|thông\s+báo|trân\s+trọng|xin|cảm\s+ơn|ban\s+hành|quyết\s+định"
        r"|điện|thống\s+nhất|kêu\s+gọi"
        r"|đề\s+nghị|yêu\s+cầu)\b"
        r"|(?:nghiêm\s+túc|khẩn\s+trương|tích\s+cực)\s+(?:tổ\s+chức\s+)?(?:triển\s+khai"
        r"|thực\s+hiện)(?:\s*,\s*thực\s+hiện|\s+thực\s+hiện)?"
        r"\s*(?:[./;]|nội\s+dung|các\s+nội\s+dung|chỉ\s+thị|kế\s+hoạch|công\s+điện|$)"
        r"|(?:triển\s+khai\s+)?thực\s+hiện\s+nghiêm(?:\s+túc)?\b(?![^\n]{160})|biết\s*[,.]|căn\s+cứ\s+thực\s+hiện"
        r"|quan\s+tâm\s*,?\s+(?:phối\s+hợp\s+)?thực\s+hiện|kết\s+luận"
        r"|thực\s+hiện\s+(?:các\s+|chức\s+năng\s*,\s*)?nhiệm\s+vụ\s*,?\s*quyền\s+hạn)"
    )


@lru_cache(maxsize=1)
def closing_words() -> re.Pattern[str]:
    return pattern(
        r"(?:trên\s+đây\s+là|nhận\s+được|nơi\s+nhận|kính\s+gửi"
        r"|trong\s+quá\s+trình\s+[^.;]{0,120}?\b(?:nếu\s+)?(?:có|gặp|phát\s+sinh|xảy\s+ra)\s+(?:những\s+"
        r"|các\s+)?(?:khó\s+khăn|vướng\s+mắc|vấn\s+đề"
        r"|nội\s+dung\s+(?:chưa|cần|phát)))\b"
    )


@lru_cache(maxsize=1)
def verb_start() -> re.Pattern[str]:
    return pattern(rf"(?:{alternatives(PREDICATES)})\b")


@lru_cache(maxsize=1)
def heading_lead() -> re.Pattern[str]:
    return pattern(
        r"(?:(?:trách\s+nhiệm|nhiệm\s+vụ)\s+(?:của\s+)?|đối\s+với\s+|(?P<request>(?:kính\s+"
        r"|trân\s+trọng\s+)?đề\s+nghị\s+)"
        r"|(?:giao|phân\s+công|yêu\s+cầu)\s+)?"
    )


@lru_cache(maxsize=1)
def labelled_line() -> re.Pattern[str]:
    """A labelled line of a task: "- Cơ quan chủ trì: Sở Nội vụ"."""
    return pattern(
        r"(?:cơ\s+quan|đơn\s+vị|đầu\s+mối|cá\s+nhân)(?:\s*,\s*(?:cơ\s+quan|đơn\s+vị))?\s*(?P<role>chủ\s+trì"
        r"|phối\s+hợp|thực\s+hiện|chịu\s+trách\s+nhiệm"
        r"|tham\s+mưu|đầu\s+mối)(?:\s+(?:thực\s+hiện|tham\s+mưu|chính))?\s*:\s*"
    )


@lru_cache(maxsize=1)
def clause_start() -> re.Pattern[str]:
    """Where a new clause may name a new body inside one paragraph."""
    return pattern(
        r"(?P<full>[.]\s+)|(?P<listed>[:;.]\s+\(\s?(?:\d{1,2}|[ivx]{1,4})\s?\)\s*|:\s+)"
        r"|;\s+(?:đồng\s+thời\s+)?(?=giao\s|đề\s+nghị\s|yêu\s+cầu\s|phân\s+công\s|bộ\s|sở\s|các\s+bộ\b"
        r"|các\s+sở\b|ủy\s+ban\s|ubnd\s)"
    )


@lru_cache(maxsize=1)
def handing_on() -> re.Pattern[str]:
    """Near the end of a line with a colon: "… yêu cầu X tập trung thực hiện một số nhiệm vụ sau:"."""
    return pattern(
        r"\b(?P<order>yêu\s+cầu|đề\s+nghị|giao|phân\s+công)\s+(?:(?:các\s+)?đồng\s+chí\s+)?|,\s+(?=(?P<place>tỉnh"
        r"|thành\s+phố|huyện|xã|phường)\s)"
    )


@lru_cache(maxsize=1)
def papers() -> re.Pattern[str]:
    """Before "đề nghị" that is part of a noun: "hồ sơ đề nghị", "theo đề nghị"."""
    return pattern(
        r"(?:hồ\s+sơ|văn\s+bản|đơn|tờ\s+trình|công\s+văn|giấy|theo|xét|người|tổ\s+chức|ý\s+kiến|kết\s+quả"
        r"|nội\s+dung)\s+$"
    )


@lru_cache(maxsize=1)
def procedure() -> re.Pattern[str]:
    """The steps of a procedure, which bind whoever receives a file: rules, not tasks of this paper."""
    return pattern(
        r"(?:trong\s+thời\s+hạn|trường\s+hợp|khi\s+(?:nhận|có|kết|phát)|sau\s+khi\s+(?:nhận|tiếp)|trước\s+khi)\b"
    )


@lru_cache(maxsize=1)
def executing() -> re.Pattern[str]:
    return pattern(r"(?:căn\s+cứ\s+[^.;:]{0,40}?|(?:có|chịu)\s+trách\s+nhiệm\s+(?:tổ\s+chức\s+)?)thi\s+hành\b")


@lru_cache(maxsize=1)
def enacting() -> re.Pattern[str]:
    """What the issuer itself does by the paper: "Điều 1. Ủy ban nhân dân tỉnh phê duyệt …"."""
    return pattern(
        r"(?:phê\s+duyệt|công\s+bố|thành\s+lập|bổ\s+sung|sửa\s+đổi|điều\s+chỉnh|quy\s+định|giao|khen\s+thưởng|quản\s+lý"
        r"|sử\s+dụng|trên\s+cơ\s+sở|làm\s+việc|cùng)\b"
    )


@lru_cache(maxsize=1)
def must() -> re.Pattern[str]:
    """ "tỉnh Đắk Lắk cần tiếp tục thực hiện …": a place that is told what to do."""
    return pattern(
        r"(?P<body>(?:tỉnh|thành\s+phố|huyện|xã|phường)\s+[^\s,;:.]+(?:\s+[^\s,;:.]+){0,3}?)\s+(?:cần|phải)\b"
    )


@lru_cache(maxsize=1)
def roles() -> re.Pattern[str]:
    return pattern(
        r"(?P<lead>\bchủ\s+trì\b|làm\s+đầu\s+mối|là\s+đầu\s+mối)|(?P<coordinate>\bphối\s+hợp\b)"
        r"|(?P<advise>\btham\s+mưu\b)"
        r"|(?P<monitor>\b(?:(?:chỉ\s+đạo|hướng\s+dẫn|tiếp\s+tục|tăng\s+cường)(?:\s+(?:tổ\s+chức\s+thực\s+hiện"
        r"|công\s+tác))?(?:\s*,|\s+và)?\s+)?"
        r"(?:theo\s+dõi|đôn\s+đốc|giám\s+sát|kiểm\s+tra|thanh\s+tra)\b)"
        r"|(?P<report_to>\b(?:tổng\s+hợp\s*,\s*(?:lồng\s+ghép\s+)?)?báo\s+cáo\b)"
        r"|(?P<implement>\b(?:tổ\s+chức|triển\s+khai|thực\s+hiện|xây\s+dựng|ban\s+hành|bố\s+trí|tuyên\s+truyền"
        r"|rà\s+soát|hoàn\s+thiện|đẩy\s+mạnh"
        r"|cung\s+cấp|chỉ\s+đạo|vận\s+động|nâng\s+cao|nghiên\s+cứu|thẩm\s+định|cân\s+đối|lồng\s+ghép|phát\s+huy"
        r"|làm\s+tốt|bảo\s+đảm|đảm\s+bảo"
        r"|quản\s+lý|hướng\s+dẫn|đề\s+xuất|phổ\s+biến|đổi\s+mới)\b)"
    )


@lru_cache(maxsize=1)
def introduction() -> re.Pattern[str]:
    return pattern(
        r"\s*(?:căn\s+cứ|trên\s+cơ\s+sở|theo(?!\s+dõi))\b[^.;]{0,160}?(?=\b(?:chủ\s+trì|phối\s+hợp|tham\s+mưu"
        r"|tổ\s+chức|xây\s+dựng|chỉ\s+đạo)\b)"
    )

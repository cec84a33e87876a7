"""What is said of an addressee, in the words of an office: no blame, no certainty that the store does not have."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.areas import Area
    from kg.bodies import Body
    from kg.coverage import Row
    from kg.reference import Reference

__all__ = ["DUTY_WORDS", "STATUS_WORDS", "day_words", "days_words", "margin_words", "note_of", "scope_words"]

STATUS_WORDS = {
    "answered": "Đã có văn bản triển khai",
    "cites_only": "Có viện dẫn, chưa thấy văn bản triển khai",
    "not_found": "Chưa thấy trong kho",
    "nothing_held": "Chưa đủ cơ sở kết luận",
    "outside": "Đã gửi ngoài hệ thống",
    "not_obliged": "Không thuộc diện phải triển khai",
}
DUTY_WORDS = {
    "must_implement": "Phải thực hiện",
    "cooperate": "Đề nghị phối hợp",
    "reported_to": "Để báo cáo",
    "informed": "Để biết",
    "unenumerable": "Nhóm không liệt kê được",
}
_NOT_FOUND = "Chưa thấy văn bản triển khai trong kho (không có nghĩa là đơn vị chưa ban hành)."
_NOTHING = "Kho chưa có văn bản nào của đơn vị này trong kỳ; chưa đủ cơ sở kết luận."
_MOST_AREAS = 12
"""Successor areas that a note names; a province's note would run over pages."""


def day_words(day: dt.date | str | None) -> str:
    """A date as offices write it: 30/5/2023, 07/02/2024."""
    if not day:
        return ""
    date = dt.date.fromisoformat(day[:10]) if isinstance(day, str) else day
    month = f"{date.month:02d}" if date.month < 3 else str(date.month)
    return f"{date.day:02d}/{month}/{date.year}"


def days_words(days: int | None, least: int | None, most: int | None) -> str:
    """ "13 ngày", "0-153 ngày", "chưa rõ"."""
    if days is not None:
        return f"{days} ngày"
    if least is not None and most is not None:
        return f"{least}-{most} ngày"
    if least is not None:
        return f"từ {least} ngày"
    return f"không quá {most} ngày" if most is not None else "chưa rõ"


def margin_words(margin: int | None, late: bool | None) -> str:
    """ "trước hạn 3 ngày", "sau hạn 11 ngày", "đúng hạn"; of an undated paper only what is sure."""
    if margin is not None:
        return f"trước hạn {margin} ngày" if margin > 0 else f"sau hạn {-margin} ngày" if margin < 0 else "đúng hạn"
    return "" if late is None else "sau hạn" if late else "trong hạn"


def scope_words(as_of: str) -> str:
    """The foot of every report: "Số liệu tính đến 17 giờ 00 ngày 20/11/2026, theo văn bản đã nạp vào hệ thống."."""
    at = dt.datetime.fromisoformat(as_of)
    return (
        f"Số liệu tính đến {at:%H} giờ {at:%M} ngày {day_words(at.date())}, theo văn bản đã nạp vào hệ thống."
    )  # fmt: skip


def note_of(row: Row, body: Body | None, reference: Reference) -> str | None:
    """One or two sentences beside a row; None where there is nothing to add."""
    parts: list[str] = []
    if row.status == "not_found":
        parts.append(_NOT_FOUND)
    elif row.status == "nothing_held":
        parts.append(_NOTHING)
    elif row.status == "cites_only":
        parts.append("Có văn bản viện dẫn nhưng không phải để triển khai.")
    if row.outside is not None:
        sent = f" ngày {day_words(row.outside.date)}" if row.outside.date else ""
        told = f": {row.outside.note}" if row.outside.note else ""
        parts.append(
            f"Đã gửi ngoài hệ thống{sent}, {row.outside.by} xác nhận ngày {day_words(row.outside.at.date())}{told}."
        )
    if body is not None and row.ended is not None:
        parts.append(_ended(body, row.ended, reference))
        heirs = sorted({answer.paper.owner for answer in row.answers} - {body.code})
        parts += [f"{_name(reference, code)} triển khai thay." for code in heirs]
    return " ".join(parts) or None


def _ended(body: Body, ended: dt.date, reference: Reference) -> str:
    first = day_words(ended + dt.timedelta(days=1))
    said = f"{body.name} kết thúc hoạt động từ {first}."
    if body.successors:
        return f"{said} Công việc chuyển cho {', '.join(_name(reference, code) for code in body.successors)}."
    area = reference.area(body.area) if body.area else None
    where = _where_now(area, reference) if area is not None and area.level == "district" else ""
    return f"{said} {where}".rstrip()


def _where_now(area: Area, reference: Reference) -> str:
    """ "Địa bàn nay thuộc các xã Bình Lư, Khun Há; một phần phường Tân Phong."; "" where the data does not say."""
    origins = _origins(reference)
    heirs = [new for code in area.successors if (new := reference.area(code))]
    if not 0 < len(heirs) <= _MOST_AREAS:
        return ""
    whole = _listed([new for new in heirs if origins[new.code] == {area.code}])
    part = _listed([new for new in heirs if origins[new.code] != {area.code}])
    return f"Địa bàn nay thuộc {'; '.join(filter(None, (whole, part and f'một phần {part}')))}."


def _listed(areas: list[Area]) -> str:
    """ "các xã Bình Lư, Khun Há, phường Tân Phong"."""
    kinds: dict[str, list[str]] = {}
    for area in areas:
        kinds.setdefault(area.kind, []).append(area.short_name)
    return ", ".join(f"{'các ' if len(names) > 1 else ''}{kind} {', '.join(names)}" for kind, names in kinds.items())


@lru_cache(maxsize=4)
def _origins(reference: Reference) -> Mapping[str, set[str]]:
    """New commune → the districts whose communes went into it."""
    found: dict[str, set[str]] = defaultdict(set)
    for area in reference.areas.values():
        if area.level == "commune" and area.parent:
            for code in area.successors:
                found[code].add(area.parent)
    return found


def _name(reference: Reference, code: str) -> str:
    body = reference.body(code)
    return body.name if body else code

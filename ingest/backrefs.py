"""Mentions that point: "Kế hoạch này" at the text itself, "Chương trình hành động nêu trên" at a paper named before.

A pointing mention gets the index of its antecedent only where one stands: the last paper of that kind in the text
before it. A short name that the text declares ("sau đây gọi tắt là Nghị định 78") points at the paper it was declared
for, wherever it is used after that.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from ingest.drafts import Draft, Page
from ingest.lexicon import DEIXIS, KIND_WORDS
from ingest.numbered import label_of
from kg.identifiers import fold
from kg.model import Layout

__all__ = ["pointing_mention", "short_names", "with_antecedents"]

_BACK = 4000  # code points a back reference may reach


def pointing_mention(page: Page, match: re.Match[str], layout: Layout) -> Draft | None:
    """ "Kế hoạch này" (self), "Chương trình hành động trên" (backref); None for "kế hoạch trên địa bàn"."""
    word = " ".join(page.text[match.start("deixis") : match.end("deixis")].lower().split())
    way = DEIXIS.get(word)
    label = label_of(match["kind"])
    if way is None or label is None:
        return None
    if fold(word) == "tren" and not _ends_phrase().match(page.folded, match.end("deixis")):
        return None
    if label in _LOOSE_KINDS and way == "back" and page.text[match.start()].islower():
        return None  # "các quy định trên": what was said, not a paper
    if label == "Công văn" and way == "self" and layout.metadata.kind not in (None, "Công văn"):
        return None  # "văn bản này" in a law means itself, but names no kind of paper we could check
    own = layout.metadata.kind
    if way == "self" and own is not None and label != own and label in _ACTS and own not in _ACTS:
        way = "back"  # "Nghị định này" in a plan speaks of the decree named before
    return Draft(match.start(), match.end(), match.end(), "self" if way == "self" else "backref", kind=label)


_LOOSE_KINDS = frozenset({"Quy định", "Quy chế", "Công văn", "Báo cáo", "Hướng dẫn", "Thông báo", "Kết luận", "Dự án"})
_ACTS = frozenset({"Luật", "Bộ luật", "Pháp lệnh", "Nghị định", "Thông tư", "Thông tư liên tịch"})


@lru_cache(maxsize=1)
def _ends_phrase() -> re.Pattern[str]:
    return re.compile(
        r"\s{0,3}(?:[.,;:)\n]|$|(?:va|da|duoc|de|cho|phai|chua|con|nay|neu|la|co|se|theo\s{1,3}dung|dam\s{1,3}bao|bao\s{1,3}dam)(?![a-z]))"
    )


@lru_cache(maxsize=1)
def _declaration() -> re.Pattern[str]:
    kinds = "|".join(word.replace(" ", r"\s{1,3}") for word in sorted(KIND_WORDS, key=len, reverse=True))
    return re.compile(
        r"(?<![a-z])(?:goi|viet)\s{1,3}(?:tat\s{1,3}|chung\s{1,3}|gon\s{1,3})?"
        rf"(?:la|:)\s{{0,3}}(?::\s{{0,2}})?\"?\s{{0,2}}(?P<name>(?P<kind>{kinds})(?:\s{{1,3}}(?:so\s{{1,3}})?(?P<figure>\d{{1,5}}))?"
        r"|(?P<code>[a-z]{1,6}\s{0,1}\d{1,5}))\s{0,2}(?=[\")])"
    )


def short_names(page: Page, drafts: Sequence[Draft]) -> list[Draft]:
    """Adds a mention for each use of a declared short name: "(sau đây viết tắt là CT1792)" … "CT 1792".

    Its number stays with its antecedent: the use points, it does not name.
    """
    if "viet" not in page.folded and "goi" not in page.folded:
        return list(drafts)
    ends = [draft.end for draft in drafts]
    hosts: dict[str, list[tuple[int, Draft]]] = {}
    for declared in _declaration().finditer(page.folded):
        host = _host(drafts, ends, declared)
        if host is None or declared["figure"]:  # "Chỉ thị 27" is found as a bare number and tied to its paper later
            continue
        name = (declared["code"] or "").replace(" ", "") or " ".join(declared["name"].split())
        hosts.setdefault(name, []).append((declared.end(), host))
    merged = list(drafts)
    starts = [draft.start for draft in drafts]
    for name, declarations in list(hosts.items())[:_MOST_NAMES]:
        since = [at for at, _ in declarations]
        for match in _use_of(name).finditer(page.folded, since[0]):
            place = bisect_right(starts, match.start())
            free = (place == 0 or ends[place - 1] <= match.start()) and (
                place == len(starts) or starts[place] >= match.end()
            )
            if not free or not page.text[match.start()].isupper():
                continue
            host = declarations[bisect_right(since, match.start()) - 1][1]
            use = Draft(match.start(), match.end(), match.end(), "backref", kind=host.kind, name=f"={host.start}")
            merged.append(use)
    return sorted(merged, key=lambda draft: (draft.start, -draft.end))


_MOST_NAMES = 40  # short names that one text may declare


def _host(drafts: Sequence[Draft], ends: Sequence[int], declared: re.Match[str]) -> Draft | None:
    """The paper a short name is declared for: in the passage before it, the last of that kind or figure."""
    kind = label_of(declared["kind"]) if declared["kind"] else None
    figure = re.sub(r"\D", "", declared["code"] or "")
    nearest = None
    for index in range(bisect_right(ends, declared.start()) - 1, -1, -1):
        draft = drafts[index]
        if declared.start() - draft.end > 400:
            break
        if draft.form not in ("full", "unnumbered"):
            continue
        if kind is not None and draft.kind == kind:
            return draft
        if figure and draft.number is not None and draft.number.number == figure:
            return draft
        nearest = nearest or draft
    return nearest if kind is None and not figure else None


def _use_of(name: str) -> re.Pattern[str]:
    """Where a short name is used. A kind word alone ("Nghị định") counts only where nothing specifies it."""
    if code := re.fullmatch(r"([a-z]+)(\d+)", name):
        return re.compile(rf"(?<![a-z0-9]){code[1]}\s{{0,2}}{code[2]}(?![a-z0-9/])")
    words = r"\s{1,3}".join(name.split())
    after = r"\s{0,2}(?:[.,;:)]|\n|$)|\s{1,3}(?:va|nay|duoc|co|thi|la|den)(?![a-z])"
    return re.compile(rf"(?<![a-z0-9]){words}(?={after})")


def with_antecedents(drafts: Sequence[Draft]) -> list[Draft]:
    """Ties back references, uses of short names and repeated bare numbers to what they point at."""
    settled: list[Draft] = []
    last_of_kind: dict[str, int] = {}
    by_start: dict[int, int] = {}
    by_figure: dict[tuple[str, str], int | None] = {}
    for index, draft in enumerate(drafts):
        by_start[draft.start] = index
        antecedent = None
        name = draft.name
        if draft.form == "backref":
            if name and name.startswith("="):
                antecedent, name = by_start.get(int(name[1:])), None
            elif draft.kind in last_of_kind:
                found = last_of_kind[draft.kind]
                antecedent = found if draft.start - drafts[found].end <= _BACK else None
        elif draft.form == "bare" and draft.kind and draft.printed and draft.date is None:
            antecedent = by_figure.get((draft.kind, draft.printed.lstrip("0")))
        if antecedent is not None or name != draft.name:
            draft = replace(draft, antecedent=antecedent, name=name)
        if draft.kind and draft.form in ("full", "unnumbered"):
            last_of_kind[draft.kind] = index
        if draft.form == "full" and draft.kind and draft.number and draft.number.number:
            _remember(by_figure, drafts, index)
        settled.append(draft)
    return settled


def _remember(by_figure: dict[tuple[str, str], int | None], drafts: Sequence[Draft], index: int) -> None:
    """A bare number may point at the one paper of that kind and figure; two different papers leave it open."""
    draft = drafts[index]
    if draft.kind is None or draft.number is None or draft.number.number is None:
        return
    key = (draft.kind, draft.number.number.lstrip("0"))
    known = by_figure.get(key, index)
    if known is not None and drafts[known].printed != draft.printed:
        by_figure[key] = None
    else:
        by_figure.setdefault(key, index)

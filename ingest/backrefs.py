"""Mentions that point: "Kế hoạch này" at the text itself, "Chương trình hành động nêu trên" at a paper named before.

A pointing mention gets the index of its antecedent only where one stands: the last paper of that kind in the text
before it. A short name that the text declares ("sau đây gọi tắt là Nghị định 78") points at the paper it was declared
for, wherever it is used after that.
"""

from __future__ import annotations

import re
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
        r"\(?\s{0,2}(?:sau\s{1,3}day\s{1,3})?(?:duoc\s{1,3})?(?:goi|viet)\s{1,3}(?:tat\s{1,3}|chung\s{1,3}|gon\s{1,3})?"
        rf"(?:la|:)\s{{0,3}}(?::\s{{0,2}})?\"?\s{{0,2}}(?P<name>(?P<kind>{kinds})(?:\s{{1,3}}(?:so\s{{1,3}})?(?P<figure>\d{{1,5}}))?"
        r"|(?P<code>[a-z]{1,6}\s{0,1}\d{1,5}))\s{0,2}(?=[\")])"
    )


def short_names(page: Page, drafts: Sequence[Draft]) -> list[Draft]:
    """Adds a mention for each use of a declared short name: "(sau đây viết tắt là CT1792)" … "CT 1792".

    Its number stays with its antecedent: the use points, it does not name.
    """
    if "viet" not in page.folded and "goi" not in page.folded:
        return list(drafts)
    added: list[Draft] = []
    taken = [(draft.start, draft.end) for draft in drafts]
    for declared in _declaration().finditer(page.folded):
        host = _host(drafts, declared.start())
        if host is None:
            continue
        added += _uses(page, declared, drafts[host])
    if not added:
        return list(drafts)
    merged = [*drafts]
    for use in added:
        if all(use.end <= start or use.start >= end for start, end in taken):
            taken.append((use.start, use.end))
            merged.append(use)
    return sorted(merged, key=lambda draft: (draft.start, -draft.end))


def _host(drafts: Sequence[Draft], at: int) -> int | None:
    """The paper a declaration follows: the last numbered or named one that ends before it, in the same passage."""
    for index in range(len(drafts) - 1, -1, -1):
        if drafts[index].end <= at and drafts[index].form in ("full", "unnumbered"):
            return index if at - drafts[index].end <= 400 else None
    return None


def _uses(page: Page, declared: re.Match[str], host: Draft) -> list[Draft]:
    name = page.text[declared.start("name") : declared.end("name")].strip()
    if declared["figure"]:
        return []  # "Chỉ thị 27" is found as a bare number, which with_antecedents ties to its paper
    if declared["code"]:
        letters, figure = re.findall(r"[a-z]+|\d+", declared["code"])
        pattern = re.compile(rf"(?<![a-z0-9]){letters}\s{{0,2}}{figure}(?![a-z0-9/])")
    else:
        # A kind word alone ("Nghị định") is the short name only where it is capitalised and nothing specifies it.
        words = r"\s{1,3}".join(fold(name).split())
        pattern = re.compile(
            rf"(?<![a-z0-9]){words}(?=\s{{0,2}}(?:[.,;:)]|\n|$)|\s{{1,3}}(?:va|nay|duoc|co|thi|la|den)(?![a-z]))"
        )
    uses = []
    for match in pattern.finditer(page.folded, declared.end()):
        printed = page.text[match.start() : match.end()]
        if printed[0].isupper():
            uses.append(
                Draft(match.start(), match.end(), match.end(), "backref", kind=host.kind, name=f"={host.start}")
            )
        if len(uses) >= 400:
            break
    return uses


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

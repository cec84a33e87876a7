"""What is said of a cited paper behind it: "Quyết định số 12/QĐ-UBND … hết hiệu lực kể từ ngày …"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from ingest.drafts import Draft, Page
from kg.model import Relation

if TYPE_CHECKING:
    from ingest.relations import Reading

__all__ = ["ended_together", "with_hindsight"]


@lru_cache(maxsize=1)
def _repealed() -> re.Pattern[str]:
    return re.compile(
        r"(?:het\s{1,4}hieu\s{1,4}luc|bi\s{1,4}bai\s{1,4}bo|bi\s{1,4}thay\s{1,4}the|duoc\s{1,4}thay\s{1,4}the\s{1,4}boi)(?![a-z])"
    )


# "Quyết định … công bố danh mục thủ tục hành chính bị bãi bỏ": the procedures end, not the paper.
_LISTED = re.compile(r"cong\s{1,4}bo|danh\s{1,4}muc|thu\s{1,4}tuc|quy\s{1,4}dinh\s{1,4}viec")


def with_hindsight(page: Page, draft: Draft, reading: Reading, following: Draft | None) -> Reading:
    """The reading of ``draft``, or that it is replaced or repealed when the words behind it say so."""
    if reading.inside is not None or reading.family not in (None, "neutral", "theo"):
        return reading
    ceiling = min(len(page.folded), draft.end + 260)
    if following is not None:
        ceiling = min(ceiling, max(following.start, draft.end))
    for mark in (";", "\n"):
        stop = page.folded.find(mark, draft.end, ceiling)
        ceiling = stop if stop >= 0 else ceiling
    found = _repealed().search(page.folded, draft.end, ceiling)
    if found is None or (
        _LISTED.search(page.folded, draft.end, found.start()) and not _FROM.match(page.folded, found.start())
    ):
        return reading
    relation: Relation = "replaces" if "thay" in found.group() else "repeals"
    cue = " ".join(page.text[found.start() : found.end()].split())
    return replace(reading, relation=relation, cue=cue, family=relation, basis="hindsight")


_FROM = re.compile(r"het\s{1,4}hieu\s{1,4}luc(?:\s{1,4}thi\s{1,4}hanh)?\s{1,4}(?:ke\s{1,4})?tu(?:\s|$)")
_AND = re.compile(r"(?:[,;]|(?<![a-z])(?:va|cung))\s{1,4}(?:cac\s{1,4})?$")
_FAR = 420  # code points between two papers of one such list


def ended_together(page: Page, drafts: Sequence[Draft], readings: Sequence[Reading]) -> list[Reading]:
    """ "Thông tư A … và Thông tư B … hết hiệu lực": A ends with B. "A, được sửa đổi bởi B, hết hiệu lực": A ends."""
    settled = _beyond_nested(page, drafts, readings)
    for index in range(len(settled) - 2, -1, -1):
        here, after = settled[index], settled[index + 1]
        if after.basis != "hindsight" or here.inside is not None or here.family not in (None, "neutral", "theo"):
            continue
        amended = "passive" in after.flags
        gap = page.folded[drafts[index].end : drafts[index + 1].start]
        if len(gap) > _FAR or "\n" in gap or not (amended or _AND.search(gap)):
            continue
        settled[index] = replace(here, relation=after.relation, cue=after.cue, family=after.family, basis="hindsight")
        if amended:
            settled[index + 1] = replace(after, relation="mentions", cue=None, family=None, basis="passive")
    return settled


def _beyond_nested(page: Page, drafts: Sequence[Draft], readings: Sequence[Reading]) -> list[Reading]:
    """ "Nghị quyết A về … (thực hiện Luật B) hết hiệu lực": what A's subject names does not end, A does."""
    settled = list(readings)
    for index, reading in enumerate(readings):
        if reading.inside is not None or reading.family not in (None, "neutral", "theo"):
            continue
        last = index
        while last + 1 < len(readings) and readings[last + 1].inside is not None:
            last += 1
        if last == index:
            continue
        ahead = drafts[last].end
        limit = drafts[last + 1].start if last + 1 < len(drafts) else len(page.folded)
        found = _FROM.search(page.folded, ahead, min(limit, ahead + 160))
        if found and ahead - drafts[index].end <= _FAR and not re.search(r"[;\n]", page.folded[ahead : found.start()]):
            cue = " ".join(page.text[found.start() : found.start() + 12].split())
            settled[index] = replace(reading, relation="repeals", cue=cue, family="repeals", basis="hindsight")
    return settled

"""All mentions of documents in one canonical text: found, dated, credited to a body, related to the citing paper.

``find_citations`` is the one door: numbers (``numbered``), names (``unnumbered``), back references (``backrefs``),
then issuers and relations over all of them. It never looks outside the text; what stays open here is for
``ingest.resolve``. Time is linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from ingest.backrefs import pointing_mention, short_names, with_antecedents
from ingest.bodynames import body_before, read_body
from ingest.confidence import confidence_of
from ingest.drafts import Draft, Page, about_after
from ingest.grammar import citation_pattern, one_line
from ingest.issuers import Issuer, resolve_issuers
from ingest.numbered import bare_mention, kind_of, label_of, numbered_mention
from ingest.relations import Reading, read_relations
from ingest.unnumbered import named_mention, nested_mention
from kg.identifiers import number_key
from kg.model import Citation, Layout, Span
from kg.reference import Reference

__all__ = ["citation_pattern", "find_citations"]

Place = Literal["header", "opening", "body", "closing", "annex"]


def find_citations(text: str, layout: Layout, reference: Reference) -> tuple[Citation, ...]:
    """Every citation of ``text``, in text order; ``text[span]`` is the surface.

    "Căn cứ Chỉ thị số 34-CT/TW ngày 07/4/2014 của Bộ Chính trị" gives one citation: number 34-CT/TW, that date,
    owner "tw", relation implements.
    """
    page = Page.of(text)
    drafts = with_antecedents(short_names(page, _scan(page, layout, reference)))
    issuers = resolve_issuers(page, drafts, layout, reference)
    readings = read_relations(page, drafts, issuers, layout)
    return tuple(
        _compose(page, index, drafts, issuer, reading, layout)
        for index, (issuer, reading) in enumerate(zip(issuers, readings, strict=True))
    )


def _scan(page: Page, layout: Layout, reference: Reference) -> list[Draft]:
    drafts: list[Draft] = []
    heads: list[re.Match[str]] = []
    consumed = 0
    for match in citation_pattern().finditer(page.folded):
        if match.start() < consumed:
            last = drafts[-1]
            if last.form == "unnumbered" and last.kind == "Chương trình":
                nested = nested_mention(page, match, layout, reference)
                if nested:
                    drafts.append(nested)
            continue
        found: list[Draft] = []
        if match["number"] or match["alone"]:
            draft = numbered_mention(page, match)
            if draft and _is_header_field(page, draft, match, layout):
                draft = None
            if draft and match["alone"]:
                draft = _with_head(page, draft, heads, drafts)
            if draft:
                found.append(draft)
        elif match["deixis"]:
            draft = pointing_mention(page, match, layout)
            if draft:
                found.append(draft)
        elif match["bare"]:
            draft = bare_mention(page, match)
            if draft:
                found.append(draft)
        if not found and match["kind"]:
            draft = named_mention(page, match, layout, reference)
            if draft:
                found.append(draft)
            else:
                heads = [*heads[-3:], match]
        for draft in found:
            drafts.append(draft)
            consumed = max(consumed, draft.end)
    return drafts


def _is_header_field(page: Page, draft: Draft, match: re.Match[str], layout: Layout) -> bool:
    """ "Số: 159/KH-UBND" on page one is the paper's own number, not a citation."""
    if match["kind"] or not match["lone"]:
        return False
    line = page.folded.rfind("\n", 0, draft.start) + 1
    if page.folded[line : draft.start].strip(" |\t-:"):
        return False
    own = layout.metadata.number
    if own and draft.printed and number_key(own) == number_key(draft.printed):
        return True
    return draft.start < layout.header.end


_PLURAL = re.compile(
    r"(?<![a-z])(?:cac|nhung|mot\s{1,3}so|hai|ba|bon|nam|(?<!dieu )(?<!khoan )(?<!muc )\d{1,2})\s{1,4}$"
)


def _with_head(page: Page, draft: Draft, heads: Sequence[re.Match[str]], drafts: Sequence[Draft]) -> Draft:
    """Lends a number without kind word the kind (and issuer) of what heads it.

    "Quyết định của Bộ Chính trị số 31-QĐ/TW" is one citation; "các Nghị định của Chính phủ: Số 78/2025/NĐ-CP …; số
    187/2025/NĐ-CP …" are two that share a head; "Nghị quyết số 18-NQ/TW, 19-NQ/TW" shares the kind word.
    """
    previous = drafts[-1] if drafts else None
    for head in reversed(heads):
        if previous is not None and previous.end > head.start():
            break
        if headed := _under(page, draft, head):
            return headed
    if previous is not None and previous.form == "full" and draft.start - previous.end <= 320:
        between = page.folded[previous.end : draft.start]
        if "\n" not in between.strip() and _ITEM.search(between):
            label = previous.kind
            if previous.number and draft.number and previous.number.kind_code != draft.number.kind_code:
                label = None
            return replace(
                draft,
                kind=kind_of(label, draft.number) if label else draft.kind,
                head_issuer=previous.head_issuer,
                flags=(*draft.flags, "kind_shared_by_list"),
            )
    return draft


_ITEM = re.compile(r"(?:[,;]|(?<![a-z])va)\s{0,4}(?:va\s{1,4})?$")
_OF = re.compile(r"\s{1,4}(?:cua|do)\s{1,4}")


def _under(page: Page, draft: Draft, head: re.Match[str]) -> Draft | None:
    """The draft as part of the phrase or list that the kind word ``head`` opens; None when it is not."""
    folded = page.folded
    between = folded[head.end("kind") : draft.start]
    label = label_of(head["kind"])
    if len(between) > 200 or "\n\n" in between.strip() or ";" in between:
        return None
    if draft.number is not None and draft.number.style == "assembly" and label not in _OF_ASSEMBLY:
        return None
    if head["kind"] == "law" and between.startswith((" on ", " of ")):
        return _joined(draft, label, head.start(), None, "law_by_name")
    plural = ":" in between or bool(_PLURAL.search(folded, max(0, head.start() - 12), head.start()))
    if opening := _OF.match(between):
        begin = head.end("kind") + opening.end()
        end = read_body(page.text, folded, begin)
        if end and not folded[end : draft.start].strip(" ,:\n"):
            if plural:
                return _lent(draft, label, head.start(), (begin, end), "kind_shared_by_list")
            return _joined(draft, label, head.start(), (begin, end), "issuer_before_number")
    if plural and ":" in between:
        colon = head.end("kind") + between.index(":")
        body = body_before(page.text, folded, colon, floor=head.end("kind"))
        return _lent(draft, label, head.start(), body, "kind_shared_by_list")
    if plural and not between.strip(" \n"):
        return _lent(draft, label, head.start(), None, "kind_shared_by_list")
    return None


_OF_ASSEMBLY = frozenset({"Luật", "Bộ luật", "Nghị quyết", "Pháp lệnh"})


def _lent(draft: Draft, label: str | None, head: int, body: tuple[int, int] | None, flag: str) -> Draft:
    return replace(draft, kind=kind_of(label, draft.number), head=head, head_issuer=body, flags=(*draft.flags, flag))


def _joined(draft: Draft, label: str | None, start: int, body: tuple[int, int] | None, flag: str) -> Draft:
    return replace(
        draft,
        start=start,
        kind=kind_of(label, draft.number),
        issuer=draft.issuer or body,
        flags=(*draft.flags, flag),
    )


def _place(at: int, layout: Layout) -> Place:
    if at < layout.header.end:
        return "header"
    if layout.annex is not None and layout.annex.start <= at < layout.annex.end:
        return "annex"
    if layout.closing.start <= at < layout.closing.end:
        return "closing"
    if layout.opening.start <= at < layout.opening.end:
        return "opening"
    return "body"


def _compose(
    page: Page, index: int, drafts: Sequence[Draft], issuer: Issuer, reading: Reading, layout: Layout
) -> Citation:
    draft = drafts[index]
    ceiling = min(len(page.text), draft.end + 330)
    place = _place(draft.start, layout)
    about = None
    if draft.form in ("full", "bare"):
        about = about_after(page, draft.end, ceiling)
    return Citation(
        span=Span(draft.start, draft.end),
        surface=page.text[draft.start : draft.end],
        form=draft.form,
        kind=draft.kind,
        number=draft.printed,
        date=draft.date,
        year=draft.year,
        issuer=issuer.printed or (one_line(page.text[slice(*draft.issuer)]) if draft.issuer else None),
        resolved_issuer=issuer.resolved,
        owner=issuer.owner,
        issuer_evidence=issuer.evidence,
        relation=reading.relation,
        cue=reading.cue,
        place=place,
        part=reading.part or draft.part,
        subject=reading.subject,
        about=about,
        name=draft.name,
        antecedent=draft.antecedent,
        confidence=confidence_of(draft, issuer, reading, place),
        flags=(*draft.flags, *reading.flags),
    )

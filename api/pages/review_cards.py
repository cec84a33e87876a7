"""One thing to decide as a reviewer sees it: the question, the sentence in its context, both documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from api.graphview import work_title
from api.naming import held_hashes
from api.pages.formats import work_url
from api.pages.visit import Visit
from api.pages.wording import Words
from kg.catalog_links import links_of
from kg.errors import WorkspaceError
from kg.model import WorkSummary
from kg.review_lists import JudgedLink, Waiting, judged_link
from kg.terms import Lit

__all__ = ["Card", "Passage", "card_of", "identity_card", "line_of", "link_card"]

_AROUND = 260
"""Letters shown before and after a sentence."""
_HEAD = 900
_SHOWN = 4


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence in its text: what stands before, the sentence with the mention in it, what stands after."""

    before: str
    ahead: str
    mention: str
    behind: str
    after: str
    page: int
    url: str = ""


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two: a work with its page, or a name."""

    name: str
    url: str = ""
    work: WorkSummary | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """What the page shows of one thing. ``thing`` is what a verdict names."""

    thing: str
    kind: str
    question: str
    subject: Side
    object: Side
    relation: str = ""
    status: str = ""
    confidence: float | None = None
    impact: int = 0
    passages: tuple[Passage, ...] = ()
    seen_before: str = ""
    why: str = ""
    head: str = ""
    file: str = ""
    cited_as: tuple[tuple[Side, str], ...] = ()
    signed: tuple[tuple[str, tuple[Side, ...]], ...] = field(default=())

    @property
    def correctable(self) -> bool:
        """Whether another relation or target may be given."""
        return self.kind in ("link", "orphaned", "changed")


def line_of(seen: Visit, item: Waiting, words: Words) -> str:
    """A waiting thing in one line of the list."""
    if item.kind == "person":
        return f"{item.subject.partition('/')[2]} = {item.object.partition('/')[2]}?"
    one, other = _side(seen, item.subject, words), _side(seen, item.object, words)
    if item.kind == "identity":
        return f"{one.name} = {other.name}?" if item.subject in seen.catalog.table.works else f"{other.name}?"
    return f"{one.name} → {words.of('relation', item.relation)} {other.name}"


def card_of(seen: Visit, item: Waiting, words: Words) -> Card:
    """The card of a waiting thing."""
    if item.kind == "identity":
        return identity_card(seen, item.id, item.object, words, impact=item.impact)
    if item.kind == "person":
        return _person_card(seen, item, words)
    found = link_card(seen, item.id, words, kind=item.kind, impact=item.impact, seen_before=item.quote_seen or "")
    if found is not None:
        return found
    subject, target = _side(seen, item.subject, words), _side(seen, item.object, words)
    if item.kind == "inference":
        question = words(f"review.question.{item.relation}", subject=subject.name, object=target.name)
        return Card(item.id, item.kind, question, subject, target, confidence=item.confidence, why=item.reason or "")
    return Card(item.id, item.kind, _asks(subject, item.relation, target, words), subject, target, item.relation,
                seen_before=item.quote_seen or "")  # fmt: skip


def link_card(
    seen: Visit, ident: str, words: Words, *, kind: str = "link", impact: int = 0, seen_before: str = ""
) -> Card | None:
    """The card of a link by its id, waiting or not; None when the caller sees no such link."""
    link = judged_link(seen.snapshot, seen.iris, ident)
    if link is None:
        return None
    subject, target = _side(seen, link.subject, words), _side(seen, link.object, words)
    status = {"BelowThreshold": "below_threshold"}.get(link.status, link.status.lower())
    return Card(
        thing=ident, kind=kind, question=_asks(subject, link.relation, target, words), subject=subject, object=target,
        relation=link.relation, status=status, confidence=link.quotes[0].confidence if link.quotes else None,
        impact=impact, passages=_passages(seen, link), seen_before=seen_before if kind == "changed" else "",
        file=link.subject_file or "",
    )  # fmt: skip


def identity_card(seen: Visit, thing: str, key: str, words: Words, *, impact: int = 0) -> Card:
    """Whether a file ("71f7733bb75b01a1=lai-chau.ubnd/cv/2023/1954-th") is the work ``key``."""
    target = _side(seen, key, words)
    hashes = held_hashes(seen.snapshot, seen.iris, thing.partition("=")[0])
    head, name = "", thing.partition("=")[0]
    if len(hashes) == 1:
        try:
            document = seen.texts.content(hashes[0])
            head = document.text.text[:_HEAD]
        except WorkspaceError:
            head = ""
        rows = seen.snapshot.query(
            "SELECT DISTINCT ?n { ?f vb:sha256 $h ; vb:fileName ?n } ORDER BY ?n", bindings={"h": Lit(hashes[0])}
        )
        name = ", ".join(row["n"].value for row in rows if isinstance(row["n"], Lit)) or name
    _, citing = links_of(seen.snapshot, seen.iris, key, "object", limit=_SHOWN)
    cited_as = tuple((_side(seen, link.subject, words), link.quotes[0].quote) for link in citing if link.quotes)
    return Card(
        thing=thing, kind="identity", question=words("review.question.identity", object=target.name),
        subject=Side(name), object=target, impact=impact, head=head, file=hashes[0] if hashes else "",
        cited_as=cited_as,
    )  # fmt: skip


def _person_card(seen: Visit, item: Waiting, words: Words) -> Card:
    names = [one.partition("/")[2] for one in (item.subject, item.object)]
    owner = item.subject.partition("/")[0]
    signed = []
    for name in names:
        rows = seen.snapshot.query(
            "SELECT DISTINCT ?w { ?p schema:name $n . ?w vb:signedBy ?p ; eli:passed_by $b } ORDER BY ?w LIMIT 6",
            bindings={"n": Lit(name), "b": seen.iris.thing("org", owner)},
        )
        keys = [key for row in rows if (key := seen.iris.key_of(str(row["w"])))]
        signed.append((name, tuple(_side(seen, key, words) for key in keys)))
    question = words("review.question.person", subject=names[0], object=names[1])
    return Card(item.id, "person", question, Side(names[0]), Side(names[1]), impact=item.impact, signed=tuple(signed))


def _asks(subject: Side, relation: str, target: Side, words: Words) -> str:
    said = words.of("relation", relation).lower()
    return words("review.question.link", subject=subject.name, relation=said, object=target.name)


def _side(seen: Visit, key: str, words: Words) -> Side:
    work = seen.catalog.table.works.get(key)
    if work is None:
        return Side(key)
    name = work_title(work.summary, words)
    if work.summary.file and not work.summary.number and work.summary.issuer:
        name = f"{name}, {work.summary.issuer}"  # there may be many of one kind
    return Side(name, work_url(key), work.summary)


def _passages(seen: Visit, link: JudgedLink) -> tuple[Passage, ...]:
    """The sentences behind a link, each in its context while the text is held."""
    text, sha = "", link.teller_file or link.subject_file
    if sha:
        try:
            document = seen.texts.content(sha)
            text = document.text.text if _same_text(document, link.quotes) else ""
        except WorkspaceError:
            text = ""
    made = []
    for quote in link.quotes[:_SHOWN]:
        start, end = quote.span.start, quote.span.end
        first, last = max(start, quote.mention.start), min(end, quote.mention.end)
        inside = text[start:end] == quote.text
        cut = (first - start, last - start) if first < last else (0, 0)
        made.append(
            Passage(
                before=_from_word(text[max(0, start - _AROUND) : start], start > _AROUND) if inside else "",
                ahead=quote.text[: cut[0]], mention=quote.text[cut[0] : cut[1]], behind=quote.text[cut[1] :],
                after=_to_word(text[end : end + _AROUND], end + _AROUND < len(text)) if inside else "",
                page=quote.page, url=work_url(link.subject),
            )
        )  # fmt: skip
    return tuple(made)


def _same_text(document: Any, quotes: Sequence[Any]) -> bool:
    return any(quote.text_sha256 == document.text.sha256 for quote in quotes)


def _from_word(text: str, cut: bool) -> str:
    return "… " + text.partition(" ")[2] if cut else text


def _to_word(text: str, cut: bool) -> str:
    return text.rpartition(" ")[0] + " …" if cut else text

"""The page of one document: its text with every citation as a link, and beside it what it rests on and what follows."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import FileResponse, RedirectResponse
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api.pages import document_view as view
from api.pages.document_text import Heading, blocks, headings
from api.pages.formats import citation_form, work_url
from api.pages.picture import cascade_picture
from api.pages.rendering import language, page_paths, render
from api.pages.visit import PageRoute, Visit, visit
from api.pages.wording import Words
from ingest.pipeline import Folders
from kg.cascade import Implementing, cascade, counts
from kg.dossier import Dossier, read_dossier
from kg.errors import NumberNotFound
from kg.identifiers import link_id
from kg.kinds import KINDS
from kg.lineage import Ancestor, ancestors
from kg.model import WorkSummary
from kg.reference import Reference, load_reference

__all__ = ["dossier_of", "reference_of", "router"]

router = APIRouter(route_class=PageRoute)

_KIND_LABELS = {kind.slug: kind.label for kind in KINDS}
_SIMILAR = 6


@dataclass(frozen=True, slots=True)
class _Panels:
    """What stands beside the text; the same for every caller of one snapshot."""

    dossier: Dossier
    works: dict[str, WorkSummary]
    bases: tuple[Ancestor, ...]
    rows: tuple[Implementing, ...]
    similar: tuple[Any, ...]


def reference_of(seen: Visit) -> Reference:
    """Reference data with what the installation added."""
    return load_reference(Folders(seen.workspace.root).reference)


def dossier_of(seen: Visit, key: str) -> Dossier:
    """All that is known of one work."""
    return seen.once("dossier", lambda: read_dossier(seen.snapshot, seen.iris, key), key)


@router.get("/van-ban/{key:path}")
def document(request: Request, key: str, doan: Annotated[str, Query(pattern=r"^(\d{1,9}-\d{1,9})?$")] = "") -> Response:
    """One work, held or only cited. A former address leads to the present one; a number to the work that bears it."""
    seen = visit(request)
    if key not in seen.catalog.summaries([key]):
        moved = seen.catalog.key_of(seen.iris.work(key)) if re.fullmatch(r"[\w./-]+", key) else None
        target = moved or _by_number(seen, key)
        return RedirectResponse(work_url(target), 301 if moved else 302)
    panels = seen.once("panels", lambda: _panels(seen, key), key)
    dossier, work = panels.dossier, panels.works[key]
    t = Words(language(request))
    text = _text(seen, panels, t, doan)
    return render(
        request,
        "document.html",
        key=key,
        work=work,
        works=panels.works,
        dossier=dossier,
        banners=view.banners(dossier, work, panels.works, reference_of(seen), t),
        bounds=view.bounds(work, t),
        bases=panels.bases,
        counts=counts(panels.rows),
        row_groups=_by_level(panels),
        link_id=link_id,
        cited_by=view.by_relation(dossier.incoming),
        cites=view.by_relation(dossier.outgoing),
        similar=panels.similar,
        tone=view.tone,
        text=text,
        contents=_contents(seen, dossier),
        citation=citation_form(work, work.date),
        original=_original(seen, dossier),
        sheets=_sheets(seen, dossier, doan),
        picture=seen.once(
            "picture", lambda: cascade_picture(key, panels.works, panels.rows, panels.bases, t.lang), key, t.lang
        ),
        kind_labels=_KIND_LABELS,
        iri=str(seen.iris.work(key)),
        paths=page_paths(request),
    )


def _by_number(seen: Visit, typed: str) -> str:
    """The work whose number someone typed into the address. Raises NumberNotFound, AmbiguousNumber."""
    if len(typed) > 100:
        raise NumberNotFound(typed[:100])
    return seen.catalog.find(typed)


def _panels(seen: Visit, key: str) -> _Panels:
    dossier = dossier_of(seen, key)
    above = ancestors(seen.snapshot, seen.iris, key)
    wanted = {key, *dossier.candidates, *dossier.rivals}
    wanted |= {link.object for link in dossier.outgoing} | {link.subject for link in dossier.outgoing}
    wanted |= {link.subject for link in dossier.incoming}
    wanted |= {candidate for mention in dossier.open_mentions for candidate in mention.candidates}
    rows = cascade(key, seen.catalog.incoming)
    wanted |= set(_keys(above)) | {row.work for row in rows} | {hop.object for row in rows for hop in row.hops}
    works = seen.catalog.summaries(wanted)
    rows = tuple(row for row in rows if row.work in works)
    return _Panels(dossier, works, above, rows, _similar(seen, dossier))


def _keys(above: Iterable[Ancestor]) -> Iterator[str]:
    for one in above:
        yield one.key
        yield from _keys(one.above)


def _similar(seen: Visit, dossier: Dossier) -> tuple[Any, ...]:
    if not dossier.held:
        return ()
    try:
        return seen.workspace.index().similar_documents(dossier.key, k=_SIMILAR, internal=not seen.public)
    except KeyError:  # the index is a moment behind the graph
        return ()


def _text(seen: Visit, panels: _Panels, t: Words, doan: str) -> list[Any]:
    """The blocks of the text; kept for a snapshot unless a passage is marked."""
    dossier = panels.dossier
    held = dossier.file
    if held is None:
        return []
    read = seen.texts.content(held.sha256)

    def made(mark: tuple[int, int] | None) -> list[Any]:
        told = view.mentions(dossier, panels.works, t)
        return blocks(read, seen.texts.text(dossier.key, read), told, view.anchors(dossier), mark)

    if doan:
        start, _, end = doan.partition("-")
        return made((int(start), int(end)))
    return seen.once("blocks", lambda: made(None), dossier.key, t.lang, seen.public)


def _by_level(panels: _Panels) -> list[tuple[str | None, list[Implementing]]]:
    """The documents that carry the work out, by level."""
    levels = ("central", "province", "district", "commune", None)
    return [
        (level, found)
        for level in levels
        if (found := [row for row in panels.rows if panels.works[row.work].level == level])
    ]


def _contents(seen: Visit, dossier: Dossier) -> tuple[Heading, ...]:
    if dossier.file is None:
        return ()
    return headings(seen.texts.outline(dossier.key, seen.texts.content(dossier.file.sha256)))


def _original(seen: Visit, dossier: Dossier) -> str | None:
    """Where the file can be had; None when the caller may not, or it was not kept."""
    held = dossier.file
    if held is None or seen.texts.hides_words(dossier.key):
        return None
    return f"/tep/{dossier.key}" if Folders(seen.workspace.root).original(held.sha256).exists() else None


@dataclass(frozen=True, slots=True)
class Sheets:
    """The pages of a file that can be shown as pictures: how many, and the one to show first."""

    total: int
    first: int


def _sheets(seen: Visit, dossier: Dossier, doan: str) -> Sheets | None:
    """The pages of a held PDF or picture that this caller may see; the first is where the marked passage stands."""
    held = dossier.file
    if held is None or not held.media_type.startswith(("application/pdf", "image/")):
        return None
    if _original(seen, dossier) is None:
        return None
    starts = seen.texts.content(held.sha256).text.page_starts
    marked = bisect_right(starts, int(doan.partition("-")[0])) if doan else 1
    return Sheets(max(1, len(starts)), max(1, marked))


@router.get("/tep/{key:path}")
def original(request: Request, key: str) -> Response:
    """The file as it came, as a download; a text or PDF may be looked at in the browser."""
    seen = visit(request)
    dossier = dossier_of(seen, key)
    if _original(seen, dossier) is None or dossier.file is None:
        raise HTTPException(404)
    held = dossier.file
    path = Folders(seen.workspace.root).original(held.sha256)
    name = held.names[0].rsplit("/", 1)[-1] if held.names else held.sha256[:16]
    shown = held.media_type in ("application/pdf", "text/plain")
    return FileResponse(
        path,
        media_type=f"{held.media_type}; charset=utf-8" if held.media_type == "text/plain" else held.media_type,
        filename=name,
        content_disposition_type="inline" if shown else "attachment",
        headers={"Content-Security-Policy": "default-src 'none'; sandbox"},
    )

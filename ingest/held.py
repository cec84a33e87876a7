"""Held contents as resolution sees them: a card of each stays at hand, the rest is read again when it is asked for.

Reading what a document says takes a tenth of a millisecond. So memory grows by a card for each file (some two
kilobytes), neither by what a file says nor by what it is.
"""

from __future__ import annotations

import sys
from collections import OrderedDict, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import cast

import msgspec

from ingest.folders import Folders
from ingest.ledger import Ledger
from ingest.quotes import QuoteCutter
from kg.errors import WorkspaceError
from kg.model import Anniversary, Campaign, CanonicalText, Citation, Deadline, Document, Layout, Metadata, Span
from kg.works import HeldFile

__all__ = ["LazyCutters", "held_files", "load_document"]

_OPEN = 8
"""Documents and texts kept at hand: who asks for one, asks for it several times in a row."""


@dataclass(frozen=True, slots=True)
class _SlimText:
    sha256: str
    page_starts: tuple[int, ...] = (0,)


@dataclass(frozen=True, slots=True)
class _SlimDocument:
    """The part of a document's JSON that resolution works with; the rest is passed over unread."""

    file: str
    sha256: str
    media_type: str
    text: _SlimText
    layout: Layout
    citations: tuple[Citation, ...] = ()
    campaigns: tuple[Campaign, ...] = ()
    anniversaries: tuple[Anniversary, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    evidence: Mapping[str, str] = field(default_factory=dict)
    page_confidence: tuple[float | None, ...] = ()


def load_document(folders: Folders, sha256: str) -> Document:
    """The whole document of a content. Raises WorkspaceError when its file is broken."""
    return cast(Document, _decode(folders, sha256, _WHOLE))


def held_files(folders: Folders, ledger: Ledger) -> list[HeldFile]:
    """Every content that was read and still has a name, ordered by hash."""
    shown: dict[str, set[str]] = defaultdict(set)
    sources: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for name in ledger.names().values():
        shown[name.sha256].add(name.shown)
        if name.source:
            sources[name.sha256].add((name.source, name.collected))
    whole = lru_cache(maxsize=_OPEN)(partial(load_document, folders))
    said = partial(_said, folders)
    return [
        HeldFile(
            sha,
            tuple(sorted(shown[sha])),
            _card(sha, said(sha)),
            partial(whole, sha),
            tuple(sorted(sources.get(sha, ()))),
            partial(said, sha),
        )
        for sha, row in sorted(ledger.contents().items())
        if row.status == "read" and sha in shown
    ]


_WHOLE = msgspec.json.Decoder(Document)
_SLIM = msgspec.json.Decoder(_SlimDocument)


def _decode(folders: Folders, sha256: str, decoder: msgspec.json.Decoder[Document] | msgspec.json.Decoder[_SlimDocument]) -> Document | _SlimDocument:  # fmt: skip  # noqa: E501
    path = folders.document(sha256)
    try:
        return decoder.decode(path.read_bytes())
    except (OSError, msgspec.MsgspecError) as error:
        path.unlink(missing_ok=True)  # the next ingest reads the content again
        raise WorkspaceError(
            f"Bản đọc {path} trong kho bị hỏng ({type(error).__name__}), có thể do mất điện. Hãy chạy lại lệnh nạp: "
            "tệp này sẽ được đọc lại."
        ) from error


def _said(folders: Folders, sha256: str) -> Document:
    slim = cast(_SlimDocument, _decode(folders, sha256, _SLIM))
    return Document(
        file=slim.file,
        sha256=slim.sha256,
        media_type=slim.media_type,
        text=CanonicalText("", slim.text.sha256, page_starts=slim.text.page_starts),
        layout=slim.layout,
        citations=slim.citations,
        campaigns=slim.campaigns,
        anniversaries=slim.anniversaries,
        deadlines=slim.deadlines,
        evidence=slim.evidence,
        page_confidence=slim.page_confidence,
    )


_NOWHERE = Span(0, 0)
_NOTHING: Mapping[str, str] = {}


def _card(sha256: str, document: Document) -> Document:
    """What stays at hand of a document; values that many have in common are kept once."""
    metadata, layout = document.metadata, document.layout
    card = Metadata(
        kind=_shared(metadata.kind),
        number=metadata.number,
        date=metadata.date,
        issuer=_shared(metadata.issuer),
        owner=_shared(metadata.owner),
        level=metadata.level,
        province=_shared(metadata.province),
        district=_shared(metadata.district),
        title=metadata.title,
        evidence=_NOTHING,
    )
    return Document(
        file=document.file,
        sha256=sha256,
        media_type=sys.intern(document.media_type),
        text=CanonicalText("", document.text.sha256),
        layout=Layout(layout.header, _NOWHERE, layout.body, layout.closing, layout.annex, card),
        evidence=document.evidence or _NOTHING,
        page_confidence=document.page_confidence,
    )


def _shared(word: str | None) -> str | None:
    return sys.intern(word) if word is not None else None


class LazyCutters(Mapping[str, QuoteCutter]):
    """A quote cutter per content, made when first asked for; the ones used last stay at hand.

    What is put on a shelf refers to these cutters and to the files they cut: see ``kg.shelf.Stays``.
    """

    def __init__(self, files: Mapping[str, HeldFile]) -> None:
        self._files = files
        self._made: OrderedDict[str, QuoteCutter] = OrderedDict()

    def __getitem__(self, sha256: str) -> QuoteCutter:
        cutter = self._made.get(sha256)
        if cutter is None:
            cutter = QuoteCutter(self._files[sha256].whole().text)
            self._made[sha256] = cutter
            if len(self._made) > _OPEN:
                self._made.popitem(last=False)
        else:
            self._made.move_to_end(sha256)
        return cutter

    def name_of(self, thing: object) -> str | None:
        """The hash of a held file; the cutters themselves have the empty name."""
        if isinstance(thing, HeldFile):
            return thing.sha256
        return "" if thing is self else None

    def named(self, name: str) -> object:
        """What has this name."""
        return self._files[name] if name else self

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)

"""Where each thing lives under the base: the one place that turns base-free keys into IRIs."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from kg.identifiers import slug
from kg.terms import Iri

__all__ = ["Iris"]


@dataclass(frozen=True, slots=True)
class Iris:
    """The IRIs of one installation, whose ``base`` has no slash at its end ("https://vanban.example.vn")."""

    base: str

    def work(self, key: str) -> Iri:
        """A work: ``{base}/eli/vn/lai-chau.ubnd/cv/2023/1954-th``."""
        return Iri(f"{self.base}/eli/vn/{key}")

    def key_of(self, iri: str) -> str | None:
        """The work key behind an IRI of ours; None for any other IRI."""
        prefix = f"{self.base}/eli/vn/"
        return iri[len(prefix) :] if iri.startswith(prefix) else None

    def thing(self, kind: str, key: str) -> Iri:
        """Anything under ``/id/``: org, area, kind, link, ev, campaign, event, person, unresolved, part, text, file."""
        return Iri(f"{self.base}/id/{kind}/{key}")

    def person(self, name: str, owner: str | None) -> Iri:
        """A person as signer of one body; never merged with a namesake elsewhere without a verdict."""
        return self.thing("person", f"{owner or 'khong-ro'}/{slug(name)}")

    def file(self, sha256: str) -> Iri:
        """A held file, by the hash of its bytes."""
        return self.thing("file", sha256[:16])

    def text(self, sha256: str) -> Iri:
        """An immutable text snapshot, by the hash of its canonical text."""
        return self.thing("text", sha256[:16])

    def doc_graph(self, key: str) -> Iri:
        """The graph that holds what resolution says of one work."""
        return Iri(f"{self.base}/graph/doc/{key}")

    def eff_graph(self, key: str) -> Iri:
        """The graph of effective plain triples told by one work."""
        return Iri(f"{self.base}/graph/eff/{key}")

    def graph(self, name: str) -> Iri:
        """A named graph that belongs to no document: curated, inferred, meta, org, vocab, ontology."""
        return Iri(f"{self.base}/graph/{quote(name)}")

"""The vocabulary as files: OWL, SHACL, SKOS and reference data, read by name."""

from __future__ import annotations

from importlib.resources import files

__all__ = ["BASE", "FILES", "read"]

FILES = ("vanban.ttl", "shapes.ttl", "vocabularies.ttl", "bodies.ttl", "areas.ttl", "communes.ttl")

BASE = "https://vanban.example.vn"
"""The base that the files are written with; areas, bodies and concepts live under it."""


def read(name: str, base: str = BASE) -> bytes:
    """The bytes of one Turtle file of this package, for example ``read("vanban.ttl")``.

    With ``base``, the IRIs of areas, bodies and concepts stand under that base instead of ``BASE``; the terms
    themselves (``vb:``) never move. Raises FileNotFoundError, naming the files there are, for any other name.
    """
    if name not in FILES:
        raise FileNotFoundError(f"ontology has no file {name!r}; it has {', '.join(FILES)}")
    data = files("ontology").joinpath(name).read_bytes()
    return data if base == BASE else data.replace(f"<{BASE}/".encode(), f"<{base}/".encode())

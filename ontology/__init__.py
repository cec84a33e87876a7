"""The vocabulary as files: OWL, SHACL, SKOS and reference data, read by name."""

from __future__ import annotations

from importlib.resources import files

__all__ = ["FILES", "read"]

FILES = ("vanban.ttl", "shapes.ttl", "vocabularies.ttl", "bodies.ttl", "areas.ttl")


def read(name: str) -> bytes:
    """The bytes of one Turtle file of this package, for example ``read("vanban.ttl")``.

    Raises FileNotFoundError, naming the files there are, for any other name.
    """
    if name not in FILES:
        raise FileNotFoundError(f"ontology has no file {name!r}; it has {', '.join(FILES)}")
    return files("ontology").joinpath(name).read_bytes()

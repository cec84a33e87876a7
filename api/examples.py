"""Questions a researcher asks, ready to run: ``kg sparql --example NAME``, ``/sparql/examples``.

Each is a file of ``api/queries``: its first comment line is the question, the others say what is counted and what is
not. Prefixes are declared by the store. Two traps stand behind most of them: the default graph is the union of all
graphs, so a triple told by two documents is found twice (count DISTINCT); plain relations stand in ``graph/eff/…`` and
are effective ones only, while link nodes stand in ``graph/doc/…``, rejected ones included (ask ``vb:status``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

__all__ = ["Example", "examples"]

_NUMBER = '"34/CT/TW"'


@dataclass(frozen=True, slots=True)
class Example:
    """One question. ``note``: what to mind when counting. ``query``: as written, ``{base}`` for the installation's."""

    question: str
    note: str
    query: str

    @property
    def takes_number(self) -> bool:
        """Whether it asks about one directive, 34-CT/TW unless told otherwise."""
        return _NUMBER in self.query

    def text(self, base: str, number: str | None = None) -> str:
        """The query for an installation; ``number``, as a person types it, in place of 34-CT/TW."""
        text = self.query.replace("{base}", base)
        if number is None:
            return text
        from kg.identifiers import number_key
        from kg.terms import Lit, term_text

        return text.replace(_NUMBER, term_text(Lit(number_key(number))))


@cache
def examples() -> Mapping[str, Example]:
    """All of them, by name."""
    found = {}
    for file in sorted(files("api").joinpath("queries").iterdir(), key=lambda path: path.name):
        if file.name.endswith(".rq"):
            head, _, query = file.read_text("utf-8").partition("\n\n")
            question, *rest = [line.removeprefix("#").strip() for line in head.splitlines()]
            found[file.name.removesuffix(".rq")] = Example(question, " ".join(filter(None, rest)), query.strip())
    return found

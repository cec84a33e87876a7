"""The graph store: one small interface, and Oxigraph behind it, on disk or in memory.

Every default graph is the union of all graphs unless a query names its own (FROM, or the arguments). Oxigraph's
union is a bag: a triple that stands in two graphs is found twice, so count with DISTINCT.
Results are lists, never live cursors: an Oxigraph cursor aborts the process when another thread touches it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from itertools import chain
from pathlib import Path
from typing import Protocol, TypeAlias, TypedDict

import pyoxigraph as ox

from kg.disk import disk_errors
from kg.errors import QueryError, WorkspaceError
from kg.query_guard import Examined, dataset_clause, fill, syntax_message
from kg.terms import Graph, Iri, Lit, Term, Triple, ntriples, term_text
from kg.vocab import PREFIXES

__all__ = ["Change", "GraphStore", "OxigraphStore", "Row", "graph_arguments"]

Row: TypeAlias = dict[str, Term]
"""One answer of a SELECT: {"plan": Iri(…), "title": Lit(…)}; an unbound variable is absent."""

# From here on a bulk load, which writes files of its own, is cheaper than a transaction (5 against 17 µs a triple).
_BULK = 5_000
# After this many written triples reads gain from a compaction (1.3-2.8 times), which then costs less than the writing.
_COMPACT = 20_000


_PART = 50_000
"""Statements written at once where a write may take several transactions: memory then does not grow with the graph."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a write did, in triples. ``Change(0, 0)``: the graphs already said exactly this."""

    added: int = 0
    removed: int = 0

    def __bool__(self) -> bool:
        return bool(self.added or self.removed)


class GraphStore(Protocol):
    """What the system asks of a graph store; small, so that any SPARQL 1.1 service can stand behind it.

    ``tests/contracts.py`` says what an implementation must do.
    """

    def query(
        self,
        query: str,
        *,
        bindings: Mapping[str, Term] | None = None,
        default_graphs: Iterable[Iri] | None = None,
        named_graphs: Iterable[Iri] | None = None,
    ) -> list[Row]:
        """The answers of a SELECT.

        ``bindings`` puts a value in each place that is written with a dollar: {"directive": Iri(…)} in
        "SELECT ?plan { ?plan eli:applies $directive }". It can never become anything but a value.
        """
        ...

    def ask(self, query: str, *, bindings: Mapping[str, Term] | None = None) -> bool:
        """The answer of an ASK."""
        ...

    def construct(self, query: str, *, bindings: Mapping[str, Term] | None = None) -> list[Triple]:
        """The triples of a CONSTRUCT or DESCRIBE."""
        ...

    def update(self, update: str) -> None:
        """Runs a SPARQL update; all of its operations take effect, or none."""
        ...

    def put_graphs(self, graphs: Mapping[Iri, Graph], *, delete: Iterable[Iri] = ()) -> Change:
        """Makes each graph hold exactly these triples, and removes those in ``delete``; all of it, or nothing.

        ``graphs`` is asked for each graph once: a mapping may make it then.
        """
        ...

    def put_graph(self, name: Iri, triples: Graph) -> Change:
        """Makes one graph hold exactly these triples."""
        ...

    def delete_graph(self, name: Iri) -> Change:
        """Removes one graph; one that is not there is no error."""
        ...

    def graphs(self) -> list[Iri]:
        """The names of the graphs that hold a triple, sorted."""
        ...

    def dump(self, graphs: Iterable[Iri] | None = None) -> bytes:
        """N-Quads, one statement a line, lines sorted: equal stores give equal bytes. All graphs, or only these."""
        ...

    def backup(self, folder: Path) -> None:
        """A copy that stands by itself, made while the store is open. ``folder`` must not exist."""
        ...

    def __len__(self) -> int:
        """How many statements there are, over all graphs."""
        ...


class OxigraphStore:
    """Oxigraph in this process. Make one with ``memory``, ``open`` or ``read_only``."""

    def __init__(self, store: ox.Store, place: Path | None, *, writable: bool = True, scratch: bool = False) -> None:
        self._store: ox.Store | None = store
        self._place = place
        self._writable = writable
        self._scratch = scratch
        self._written = 0
        self.changed = False
        """True once something was written; whoever publishes the state may set it back."""

    @classmethod
    def memory(cls) -> OxigraphStore:
        """An empty store that lives as long as this object."""
        return cls(ox.Store(), None)

    @classmethod
    def open(cls, folder: Path, *, scratch: bool = False) -> OxigraphStore:
        """The store in ``folder`` for reading and writing, made if absent; no other process may have it open.

        ``scratch`` says that a crash throws the whole folder away (``kg.snapshots``): a large write may then take
        several transactions, which is three times as fast.
        """
        with _told(folder):
            folder.parent.mkdir(parents=True, exist_ok=True)
            return cls(ox.Store(str(folder)), folder, scratch=scratch)

    @classmethod
    def read_only(cls, folder: Path) -> OxigraphStore:
        """The store in ``folder`` as it is now; later writes are not seen, and nobody may be writing to it."""
        with _told(folder):
            return cls(ox.Store.read_only(str(folder)), folder, writable=False)

    @property
    def place(self) -> Path | None:
        """The folder it lies in; None in memory."""
        return self._place

    @property
    def raw(self) -> ox.Store:
        """Oxigraph itself, for the few modules that stream results out of it (``kg.rdf``, the query worker)."""
        if self._store is None:
            raise WorkspaceError(f"Kho đồ thị {self._place} đã đóng.")
        return self._store

    def close(self) -> None:
        """Lets go of the files. Oxigraph has no call for it: they close when nobody refers to the store."""
        self._store = None

    def query(
        self,
        query: str,
        *,
        bindings: Mapping[str, Term] | None = None,
        default_graphs: Iterable[Iri] | None = None,
        named_graphs: Iterable[Iri] | None = None,
    ) -> list[Row]:
        result = self._run(query, bindings, default_graphs, named_graphs)
        if not isinstance(result, ox.QuerySolutions):
            raise QueryError("query() chỉ nhận SELECT; ASK dùng ask(), CONSTRUCT và DESCRIBE dùng construct().")
        names = [variable.value for variable in result.variables]
        return [
            {name: _from_ox(value) for name, value in zip(names, solution, strict=True) if value is not None}
            for solution in result
        ]

    def ask(self, query: str, *, bindings: Mapping[str, Term] | None = None) -> bool:
        result = self._run(query, bindings, None, None)
        if not isinstance(result, ox.QueryBoolean):
            raise QueryError("ask() chỉ nhận ASK.")
        return bool(result)

    def construct(self, query: str, *, bindings: Mapping[str, Term] | None = None) -> list[Triple]:
        result = self._run(query, bindings, None, None)
        if not isinstance(result, ox.QueryTriples):
            raise QueryError("construct() chỉ nhận CONSTRUCT và DESCRIBE.")
        return [
            (Iri(triple.subject.value), Iri(triple.predicate.value), _from_ox(triple.object))
            for triple in result
            if isinstance(triple.subject, ox.NamedNode)
        ]

    def _run(
        self,
        query: str,
        bindings: Mapping[str, Term] | None,
        default_graphs: Iterable[Iri] | None,
        named_graphs: Iterable[Iri] | None,
    ) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
        text = query if bindings is None else fill(query, {name: term_text(term) for name, term in bindings.items()})
        with _told(self._place, text):
            return self.raw.query(text, prefixes=dict(PREFIXES), **graph_arguments(text, default_graphs, named_graphs))

    def update(self, update: str) -> None:
        self._must_write()
        with _told(self._place, update):
            self.raw.update(update, prefixes=dict(PREFIXES))
        self.changed = True

    def put_graphs(self, graphs: Mapping[Iri, Graph], *, delete: Iterable[Iri] = ()) -> Change:
        self._must_write()
        total = Change()
        part = _Part()
        for name in chain(graphs, (name for name in delete if name not in graphs)):
            part.compare(name, ntriples(graphs[name]) if name in graphs else set(), self._statements(name))
            if self._scratch and part.size >= _PART:
                total = self._write(part, total)
                part = _Part()
        return self._write(part, total)

    def put_graph(self, name: Iri, triples: Graph) -> Change:
        return self.put_graphs({name: triples})

    def delete_graph(self, name: Iri) -> Change:
        return self.put_graphs({}, delete=[name])

    def load_turtle(self, name: Iri, files: Iterable[bytes]) -> None:
        """Makes one graph hold exactly what these Turtle files say: reference data, too large to compare first.

        Not one transaction: meant for the copy of a write session (``scratch``), which a crash throws away whole.
        """
        self._must_write()
        node = ox.NamedNode(name)
        with disk_errors(self._place):
            self.raw.remove_graph(node)
            for content in files:
                self.raw.bulk_load(content, ox.RdfFormat.TURTLE, to_graph=node)
        self.changed = True

    def _statements(self, graph: Iri) -> set[str]:
        """What a graph holds, spelt as ``kg.terms.ntriples`` spells it."""
        node = ox.NamedNode(graph)
        if not self.raw.contains_named_graph(node):
            return set()
        text = self.raw.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=node) or b""
        return {line.removesuffix(" .") for line in text.decode().split("\n") if line}

    def _write(self, part: _Part, before: Change) -> Change:
        """Additions alone are loaded, a transaction either way; with removals it is one SPARQL update.

        Equal terms may be spelt differently (Oxigraph writes 0.70 as 0.7): removals therefore come first.
        """
        change = Change(sum(map(len, part.added.values())), sum(map(len, part.removed.values())))
        with _told(self._place):
            if change.added >= _BULK and (self._scratch or not part.removed):
                self.raw.bulk_load(_nquads(part.added), ox.RdfFormat.N_QUADS)
            elif not part.removed:
                self.raw.load(_nquads(part.added), ox.RdfFormat.N_QUADS)
            updates = []
            if part.removed:
                updates += [_data("DELETE", part.removed), _data("INSERT", part.added)]
            updates += [f"DROP SILENT GRAPH {name}" for name in part.emptied]
            if updates:
                self.raw.update(" ;\n".join(updates))
        self._written += change.added + change.removed
        self.changed = self.changed or bool(change)
        return Change(before.added + change.added, before.removed + change.removed)

    def graphs(self) -> list[Iri]:
        named = self.raw.named_graphs()
        return sorted(
            Iri(node.value) for node in named if next(self.raw.quads_for_pattern(None, None, None, node), None)
        )

    def dump(self, graphs: Iterable[Iri] | None = None) -> bytes:
        with _told(self._place):
            if graphs is None:
                return _sorted_lines(self.raw.dump(format=ox.RdfFormat.N_QUADS) or b"")
            lines = (f"{line} {term_text(name)} ." for name in set(graphs) for line in self._statements(name))
            return "".join(f"{line}\n" for line in sorted(lines)).encode()

    def backup(self, folder: Path) -> None:
        with _told(folder):
            folder.parent.mkdir(parents=True, exist_ok=True)
            if self._place is None:
                copy = ox.Store(str(folder))
                copy.bulk_load(self.raw.dump(format=ox.RdfFormat.N_QUADS), ox.RdfFormat.N_QUADS)
                copy.flush()
                return
            if self._written >= _COMPACT:
                self.raw.optimize()
                self._written = 0
            if self._writable:
                self.raw.flush()
            self.raw.backup(str(folder))

    def __len__(self) -> int:
        return len(self.raw)

    def _must_write(self) -> None:
        if not self._writable:
            raise WorkspaceError(f"Bản chụp {self._place} chỉ để đọc; muốn ghi phải mở phiên ghi (kg.write_session).")


_Changes: TypeAlias = dict[str, list[str]]


class _Dataset(TypedDict, total=False):
    use_default_graph_as_union: bool
    default_graph: list[ox.NamedNode | ox.BlankNode | ox.DefaultGraph]
    named_graphs: list[ox.NamedNode | ox.BlankNode]


def graph_arguments(
    query: str | Examined, default_graphs: Iterable[Iri] | None, named_graphs: Iterable[Iri] | None
) -> _Dataset:
    """Oxigraph's arguments for a dataset: the arguments, else the query's own FROM, else the union of all graphs.

    As in the SPARQL protocol, naming only one of the two leaves the other empty. Oxigraph's union flag would
    override FROM, therefore it is given only to a query without one.
    """
    if default_graphs is None and named_graphs is None:
        own = query.dataset if isinstance(query, Examined) else dataset_clause(query)
        return {} if own else {"use_default_graph_as_union": True}
    return {
        "default_graph": [ox.NamedNode(name) for name in default_graphs or ()],
        "named_graphs": [ox.NamedNode(name) for name in named_graphs or ()],
    }


@dataclass(slots=True)
class _Part:
    """Statements by graph that are to be added and removed in one go, and the graphs that hold nothing afterwards."""

    added: _Changes = field(default_factory=dict)
    removed: _Changes = field(default_factory=dict)
    emptied: list[str] = field(default_factory=list)
    size: int = 0

    def compare(self, name: Iri, new: set[str], old: set[str]) -> None:
        """Takes in what makes one graph that holds ``old`` hold ``new``."""
        text = term_text(name)
        if new - old:
            self.added[text] = sorted(new - old)
        if old - new:
            self.removed[text] = sorted(old - new)
        if not new:
            self.emptied.append(text)
        self.size += len(new ^ old)


def _nquads(graphs: _Changes) -> BytesIO:
    """Written a graph at a time: all lines at once would be in memory three times."""
    text = BytesIO()
    for name, lines in graphs.items():
        text.write("".join(f"{line} {name} .\n" for line in lines).encode())
    text.seek(0)
    return text


def _data(verb: str, graphs: _Changes) -> str:
    blocks = "\n".join(f"GRAPH {name} {{ {' . '.join(lines)} }}" for name, lines in graphs.items())
    return f"{verb} DATA {{\n{blocks}\n}}"


def _sorted_lines(text: bytes) -> bytes:
    return b"".join(line + b"\n" for line in sorted(text.split(b"\n")) if line)


def _from_ox(term: object) -> Term:
    match term:
        case ox.NamedNode():
            return Iri(term.value)
        case ox.Literal():
            return Lit(term.value, lang=term.language) if term.language else Lit(term.value, Iri(term.datatype.value))
    # A blank node can only come from a query that makes one: BNODE() or a CONSTRUCT template.
    return Iri(str(term))


@contextmanager
def _told(place: Path | None, query: str = "") -> Iterator[None]:
    """Oxigraph's errors as ours: a disk's complaint, or the place where a query stops being SPARQL."""
    try:
        with disk_errors(place):
            yield
    except SyntaxError as error:
        raise QueryError(syntax_message(error, query, PREFIXES)) from error

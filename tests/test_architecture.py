"""The house plan, read from the source: which room may import which, which third party stands where.

Every import counts, also those inside functions; only those under ``if TYPE_CHECKING`` are free.
A module that is not in ``MODULES`` fails, so a new one is given its room, and its reason, here.
"""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

# A room may import itself and these.
ROOMS: dict[str, set[str]] = {
    "ontology": set(),
    "kg": {"ontology"},
    "ingest": {"kg", "ontology"},
    "search": {"kg", "ontology"},
    "api": {"kg", "ontology", "ingest", "search"},
}

MODULES: dict[str, set[str]] = {
    "ontology": {""},
    "kg": {
        "",
        "areas",
        "bodies",
        "cascade",
        "catalog",
        "catalog_cascade",
        "catalog_facts",
        "catalog_links",
        "catalog_table",
        "clock",
        "congresses",
        "coverage",
        "coverage_store",
        "curation",
        "describe",
        "disk",
        "dossier",
        "errors",
        "export",
        "group_words",
        "groups",
        "identifiers",
        "inferred",
        "iris",
        "isolation",
        "issuers",
        "kinds",
        "lineage",
        "mapping",
        "mapping_parts",
        "model",
        "neighbours",
        "organ_lists",
        "persons",
        "phrases",
        "query_guard",
        "rdf",
        "reference",
        "reference_graphs",
        "registers",
        "review",
        "review_lists",
        "shelf",
        "slots",
        "snapshots",
        "store",
        "tables",
        "terms",
        "validation",
        "visibility",
        "vocab",
        "works",
        "writing",
    },
    "ingest": {
        "",
        "annexes",
        "anniversaries",
        "archives",
        "assignments",
        "authority",
        "backrefs",
        "bodynames",
        "bodyphrases",
        "campaigns",
        "canonical",
        "citations",
        "claims",
        "confidence",
        "congress",
        "cues",
        "deadlines",
        "decided",
        "describing",
        "distinct",
        "document",
        "drafts",
        "duties",
        "evaluation",
        "executor",
        "extraction",
        "factdates",
        "factlexicon",
        "folders",
        "furniture",
        "gatherings",
        "governing",
        "grammar",
        "held",
        "heldnames",
        "hindsight",
        "identity",
        "issuers",
        "layout",
        "ledger",
        "legalcolumns",
        "letterhead",
        "lexicon",
        "lines",
        "linking",
        "lookup",
        "numbered",
        "offsets",
        "pages",
        "passing",
        "pipeline",
        "plainhead",
        "printed",
        "provenance",
        "quantities",
        "quotationmarks",
        "quotes",
        "readers",
        "reading",
        "recipients",
        "record",
        "relations",
        "report",
        "resolve",
        "scan",
        "secrecy",
        "sentences",
        "signature",
        "structure",
        "tables",
        "targets",
        "taskwords",
        "unnumbered",
        "worker",
        "wrapping",
    },
    "search": {
        "",
        "abbreviations",
        "accents",
        "alignment",
        "alignment_diff",
        "alignment_kinds",
        "alignment_match",
        "alignment_outline",
        "alignment_pieces",
        "alignment_summary",
        "alignment_words",
        "analysis",
        "arrays",
        "asked",
        "build",
        "clauses",
        "documents",
        "encoders",
        "evaluation",
        "evaluation_files",
        "filters",
        "generation",
        "generations",
        "holdings",
        "hybrid",
        "index",
        "lexical",
        "lexicon",
        "numbers",
        "passages",
        "places",
        "postings",
        "results",
        "reuse",
        "reuse_cache",
        "segment_writer",
        "segments",
        "showing",
        "similar",
        "snippets",
        "suggest",
        "tasks",
        "telex",
        "vectors",
    },
    "api": {
        "",
        "access",
        "accounts",
        "app",
        "attention",
        "audit",
        "backup",
        "changes",
        "cli",
        "commands",
        "comparing",
        "covering",
        "covering_matrix",
        "covering_tables",
        "covering_words",
        "decisions",
        "doctor",
        "dumps",
        "examples",
        "following_up",
        "graphlayout",
        "graphstate",
        "graphview",
        "guard",
        "held_texts",
        "holdings",
        "inferring",
        "job_worker",
        "jobs",
        "logs",
        "measured",
        "naming",
        "page_images",
        "pages",
        "paging",
        "plain_html",
        "problems",
        "reading",
        "reconsidering",
        "records",
        "removed",
        "routes",
        "schemas",
        "settings",
        "sparql",
        "sparql_async",
        "sparql_description",
        "sparql_formats",
        "sparql_text",
        "sparql_worker",
        "standing",
        "tracing",
        "visibility",
        "workspace",
        "writing",
    },
}


@dataclass(frozen=True)
class Library:
    """A third-party package: what pyproject.toml calls it, and the modules that may import it."""

    distribution: str
    allowed: tuple[str, ...]


GRAPH = ("kg", "kg.*", "api.sparql", "api.sparql_*")
LIBRARIES: dict[str, Library] = {
    "anyio": Library("fastapi", ("api.*",)),
    "click": Library("click", ("api.*",)),
    "docx": Library("python-docx", ("ingest.readers.*",)),
    "faiss": Library("faiss-cpu", ("search.vectors",)),
    "fastapi": Library("fastapi", ("api.*",)),
    "filelock": Library("filelock", ("kg.*", "search.*", "api.*")),
    "jinja2": Library("jinja2", ("api.*",)),
    "markupsafe": Library("jinja2", ("api.*",)),
    "msgspec": Library("msgspec", ("kg.*", "ingest.*", "search.*", "api.*")),
    "networkx": Library("networkx", ("kg.*",)),
    "lxml": Library("lxml", ("ingest.readers.*",)),
    "numpy": Library("numpy", ("search.*", "ingest.readers.*")),
    "openpyxl": Library("openpyxl", ("api.covering_tables",)),
    "oxrdflib": Library("oxrdflib", GRAPH),
    "pydantic": Library("pydantic", ("api.*",)),
    "pydantic_settings": Library("pydantic-settings", ("api.settings",)),
    "pyoxigraph": Library("pyoxigraph", GRAPH),
    "PIL": Library("pillow", ("ingest.readers.*",)),
    "pypdfium2": Library("pypdfium2", ("ingest.readers.*",)),
    "pyshacl": Library("pyshacl", GRAPH),
    "pyvis": Library("pyvis", ("api.*",)),
    "rapidfuzz": Library("rapidfuzz", ("kg.*", "ingest.*", "search.*", "api.*")),
    "rdflib": Library("rdflib", GRAPH),
    "rich": Library("rich", ("api.*",)),
    "safetensors": Library("safetensors", ("search.*",)),
    "sentence_transformers": Library("sentence-transformers", ("search.encoders",)),
    "starlette": Library("fastapi", ("api.*",)),
    "tantivy": Library("tantivy", ("search.lexical",)),
    "tokenizers": Library("tokenizers", ("search.*",)),
    "torch": Library("sentence-transformers", ("search.encoders",)),
    "uvicorn": Library("uvicorn", ("api.*",)),
}

MAX_LINES = 500
# Names that say nothing of what is inside, so that anything ends up there.
EMPTY_NAMES = {"base", "common", "helpers", "misc", "shared", "tools", "util", "utils"}


@dataclass(frozen=True)
class Import:
    importer: str
    target: str
    line: int

    def __str__(self) -> str:
        return f"{self.importer}:{self.line} imports {self.target}"


@cache
def sources() -> dict[str, Path]:
    """Every module of the five packages: dotted name → file."""
    return {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
        for room in ROOMS
        for path in sorted((ROOT / room).rglob("*.py"))
    }


@cache
def tree_of(module: str) -> ast.Module:
    return ast.parse(sources()[module].read_text("utf-8"))


def _walk(node: ast.AST) -> Iterator[ast.AST]:
    """Every node that runs: the body of ``if TYPE_CHECKING`` is left out."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and ast.unparse(child.test) in ("TYPE_CHECKING", "typing.TYPE_CHECKING"):
            for other in child.orelse:
                yield other
                yield from _walk(other)
            continue
        yield child
        yield from _walk(child)


def imports_in(tree: ast.Module, importer: str) -> Iterator[Import]:
    for node in _walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(importer, alias.name, node.lineno)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{importer}:{node.lineno} is a relative import: write the full name"
            assert node.module is not None
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                yield Import(importer, full if full in sources() else node.module, node.lineno)


@cache
def all_imports() -> tuple[Import, ...]:
    return tuple(found for module in sources() for found in imports_in(tree_of(module), module))


def top(dotted: str) -> str:
    return dotted.partition(".")[0]


def test_sources_are_found() -> None:
    """An empty list would make every test below pass."""
    assert len(sources()) >= 10
    assert {top(module) for module in sources()} == set(ROOMS)
    assert len(all_imports()) > 20


def test_every_module_has_its_room() -> None:
    """One entry covers a package below a room: ``ingest.readers`` stands for each reader in it."""
    listed = {f"{room}.{name}".rstrip(".") for room, names in MODULES.items() for name in names}
    found = {".".join(module.split(".")[:2]) for module in sources()}
    assert not found - listed, "add these to MODULES"
    assert not listed - found, "these are gone: take them out of MODULES"


@pytest.mark.parametrize("room", ROOMS)
def test_rooms_import_one_way(room: str) -> None:
    wrong = [
        str(found)
        for found in all_imports()
        if top(found.importer) == room and top(found.target) in ROOMS.keys() - {room} - ROOMS[room]
    ]
    assert not wrong


def test_nobody_imports_tests_or_benchmarks() -> None:
    assert not [str(found) for found in all_imports() if top(found.target) in ("tests", "benchmarks", "conftest")]


def test_third_parties_stay_where_they_belong() -> None:
    wrong = []
    for found in all_imports():
        name = top(found.target)
        if name in ROOMS or name in sys.stdlib_module_names:
            continue
        library = LIBRARIES.get(name)
        if library is None:
            wrong.append(f"{found}: not in LIBRARIES")
        elif not any(fnmatchcase(found.importer, pattern) for pattern in library.allowed):
            wrong.append(f"{found}: only {', '.join(library.allowed)} may")
    assert not wrong


def test_libraries_are_declared_dependencies() -> None:
    """What is imported is asked for by name in pyproject.toml, not merely brought along by something else."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    asked = [*project["dependencies"], *project["optional-dependencies"]["models"]]
    names = {re.match(r"[\w.-]+", line)[0].lower() for line in asked}
    used = {top(found.target) for found in all_imports()} & LIBRARIES.keys()
    assert not {LIBRARIES[name].distribution for name in used} - names


def test_no_module_imports_in_a_circle() -> None:
    """An import inside a function to dodge a cycle counts as the cycle it is: move the shared type down."""
    graph: dict[str, set[str]] = {module: set() for module in sources()}
    for found in all_imports():
        if found.target in graph and found.target != found.importer:
            graph[found.importer].add(found.target)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" → ".join(reversed(error.args[1])))


def test_modules_are_short() -> None:
    lengths = {module: len(path.read_text("utf-8").splitlines()) for module, path in sources().items()}
    assert not {module: lines for module, lines in lengths.items() if lines > MAX_LINES}


def test_modules_have_names_that_say_something() -> None:
    assert not [module for module in sources() if EMPTY_NAMES & set(module.split(".")[1:])]


def test_modules_say_what_they_are() -> None:
    """A module with code opens with a docstring."""
    assert not [module for module in sources() if tree_of(module).body and not ast.get_docstring(tree_of(module))]


def test_rooms_are_typed_packages() -> None:
    assert not [room for room in ROOMS if not (ROOT / room / "py.typed").is_file()]


@pytest.mark.parametrize(
    ("code", "targets"),
    [
        ("import faiss", ["faiss"]),
        ("def load():\n    from torch import nn", ["torch"]),
        ("try:\n    import torch\nexcept ImportError:\n    pass", ["torch"]),
        ("from kg import model, errors", ["kg.model", "kg.errors"]),
        ("from kg.model import Span", ["kg.model"]),
        # Annotations run nowhere
        ("from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import rdflib", ["typing"]),
        ("if TYPE_CHECKING:\n    import rdflib\nelse:\n    import click", ["click"]),
    ],
    ids=["plain", "inside a function", "inside try", "from a package", "from a module", "typing only", "else branch"],
)
def test_imports_are_seen(code: str, targets: list[str]) -> None:
    """The reader of imports itself, lest a blind one keep this file green."""
    assert [found.target for found in imports_in(ast.parse(code), "here")] == targets

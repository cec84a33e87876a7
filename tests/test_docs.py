"""The documentation against the code: commands, options, settings, links and examples that it names exist, and
what exists is named."""

from __future__ import annotations

import ast
import datetime as dt
import importlib
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from fastapi import testclient

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
PAGES = [README, ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("**/*.md"))]
MAKE_TARGETS = {"setup", "run", "test", "lint", "bench", "clean"}


def blocks(page: Path, language: str, *, under: str | None = None) -> list[str]:
    """The fenced blocks of one language, of the page or of one section of it."""
    text = section(page, under) if under else page.read_text("utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.M | re.S)


def section(page: Path, heading: str) -> str:
    """What stands under one second-level heading."""
    found = re.search(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", page.read_text("utf-8"), re.M | re.S)
    assert found, f"{page.name} has no section {heading!r}"
    return found[1]


def typed_lines(page: Path) -> list[str]:
    """What a reader is told to type: the lines of console blocks that begin with a prompt."""
    lines = (line for block in blocks(page, "console") for line in block.splitlines())
    return [line[2:] for line in lines if line.startswith("$ ")]


def command_line() -> click.Group:
    """The root of the command line."""
    root = importlib.import_module("api.cli").root
    assert isinstance(root, click.Group)
    return root


def commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[str, click.Command]]:
    """Every command, groups before what is in them: ("review", …), ("review accept", …)."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if command.hidden:
            continue
        yield " ".join((*path, name)), command
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))


def problems_of(line: str) -> str | None:
    """Why a ``kg`` line of the documentation would be refused."""
    words = shlex.split(line.split(" | ")[0], comments=True)
    command: click.Command = command_line()
    rest = words[1:]
    while isinstance(command, click.Group) and rest and not rest[0].startswith("-"):
        found = command.get_command(click.Context(command), rest[0])
        if found is None:
            return f"{line}: there is no command {rest[0]!r}"
        command, rest = found, rest[1:]
    known = {name for option in command.params for name in (*option.opts, *option.secondary_opts)} | {"--help"}
    unknown = [word for word in rest if re.match(r"--?[a-z]", word) and word.partition("=")[0] not in known]
    return f"{line}: {command.name} does not take {', '.join(unknown)}" if unknown else None


def test_pages_are_found() -> None:
    assert len(PAGES) >= 4
    assert typed_lines(README)


def test_readme_keeps_its_order() -> None:
    """What it recognises, how to get it, then the four ways to use it, then its limits."""
    headings = re.findall(r"^## (.*)$", README.read_text("utf-8"), re.M)
    assert headings == [
        "What it recognises",
        "Install",
        "In the browser",
        "On the command line",
        "In Python",
        "Over HTTP",
        "Settings",
        "Limits",
        "Development",
    ]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_typed_lines_are_commands_that_exist(page: Path) -> None:
    wrong = []
    for line in typed_lines(page):
        words = shlex.split(line)
        if words[0] == "kg":
            wrong.append(problems_of(line))
        elif words[0] == "make":
            targets = [word for word in words[1:] if "=" not in word]
            wrong += [f"{line}: no such target" for target in targets if target not in MAKE_TARGETS]
        else:
            assert words[0] in ("curl", "cd", "pip", "python"), f"{line}: what is this?"
    assert not [problem for problem in wrong if problem]


def test_a_wrong_line_is_noticed() -> None:
    """The check above can fail."""
    assert problems_of("kg frobnicate") == "kg frobnicate: there is no command 'frobnicate'"
    assert "--frobnicate" in (problems_of("kg trace 34-CT/TW --frobnicate") or "")
    assert problems_of("kg trace 34-CT/TW --format json | head") is None


def test_every_command_has_help_and_an_example() -> None:
    for name, command in commands(command_line()):
        text = f"{command.help or ''}\n{command.epilog or ''}"
        assert len((command.help or "").split()) >= 3, f"kg {name} does not say what it does"
        if " " not in name:  # the examples of "kg review accept" stand under "kg review"
            assert re.search(rf"\bkg {re.escape(name)}\b", text), f"kg {name} --help shows no example"
        for option in command.params:
            if isinstance(option, click.Option) and not option.hidden:
                # A choice is shown as its values: text|json.
                assert option.help or isinstance(option.type, click.Choice), f"kg {name} {option.opts[0]} has no help"


def test_readme_lists_every_command_and_no_other() -> None:
    listed = set(re.findall(r"^\| `kg ([a-z]+)", section(README, "On the command line"), re.M))
    assert listed == {name.split()[0] for name, _ in commands(command_line())}


def test_readme_lists_every_setting_and_no_other() -> None:
    settings = importlib.import_module("api.settings").Settings
    prefix = settings.model_config["env_prefix"]
    listed = set(re.findall(r"^\| `(KG_[A-Z_]+)`", section(README, "Settings"), re.M))
    declared = {f"{prefix}{name}".upper() for name in settings.model_fields}
    packages = ("api", "ingest", "kg", "ontology", "search")
    sources = (path.read_text("utf-8") for package in packages for path in (ROOT / package).rglob("*.py"))
    read = {name for source in sources for name in re.findall(r"\bKG_[A-Z][A-Z_]*[A-Z]\b", source)}
    assert listed == declared | read


def test_readme_example_is_what_is_found(tmp_path: Path) -> None:
    """The table under "What it recognises" states what the code finds in the sentence above it."""
    [sentence] = blocks(README, "text", under="What it recognises")
    file = tmp_path / "example.txt"
    file.write_text(sentence, "utf-8")
    document = importlib.import_module("ingest.document")
    doc = document.read_document(file, importlib.import_module("kg.reference").load_reference())
    [citation] = doc.citations
    assert (citation.number, citation.date, citation.kind) == ("412/UBND-TH", dt.date(2024, 6, 5), "Công văn")
    assert (citation.relation, citation.issuer) == ("implements", "Ủy ban nhân dân tỉnh")
    assert [campaign.name for campaign in doc.campaigns] == ["Bản làng xanh, sạch, đẹp"]
    [anniversary] = doc.anniversaries
    assert (anniversary.years, anniversary.event) == (75, "Ngày thành lập tỉnh")
    assert (anniversary.origin, anniversary.commemorated) == (dt.date(1949, 6, 10), dt.date(2024, 6, 10))
    [target] = doc.targets
    assert (target.comparator, target.value, target.unit) == (">", 90, "%")


@pytest.fixture(scope="module")
def sample_workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder that the session of the README makes and asks."""
    return tmp_path_factory.mktemp("readme") / "kg-data"


def output_of(*command: str, workspace: Path) -> str:
    """What a person sees who types this in the checkout: stdout and stderr together."""
    environment = {**os.environ, "KG_WORKSPACE": str(workspace), "COLUMNS": "200"}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120
    )
    return done.stdout


def in_one_line(output: str) -> str:
    """Without what the width of a terminal decides: line breaks, indentation, branches of a tree."""
    return " ".join(re.sub(r"[│├└─]+", " ", output).split())


def shows(shown: str, printed: str) -> bool:
    """Whether ``printed`` is what a page shows, where dots stand for anything left out."""
    pattern = ".*?".join(re.escape(in_one_line(part)) for part in shown.split("…"))
    return re.fullmatch(pattern, in_one_line(printed)) is not None


@pytest.mark.parametrize(
    ("shown", "printed", "same"),
    [
        ("một\n…\nbốn", "một\nhai\nba\nbốn\n", True),
        ("└── “một …” hai", "└── “một hai\n    ba” hai", True),
        ("một\n…\nbốn", "một\nhai\nba\n", False),
        ("một\nhai", "một\nba\nhai", False),
    ],
    ids=["lines left out", "a wrapped quote", "the end is missing", "something between"],
)
def test_shown_output_is_compared(shown: str, printed: str, same: bool) -> None:
    assert shows(shown, printed) is same


def test_readme_session_is_what_is_shown(sample_workspace: Path) -> None:
    """Each command of the session, in order, prints what stands under it."""
    [session] = blocks(README, "console", under="On the command line")
    steps = [step.partition("\n") for step in session.split("$ ") if step]
    assert len(steps) >= 3
    for line, _, shown in steps:
        command, *rest = shlex.split(line)
        printed = output_of(str(Path(sys.executable).parent / command), *rest, workspace=sample_workspace)
        assert shows(shown, printed), f"$ {line}\n{printed}"


def test_readme_addresses_answer(sample_workspace: Path) -> None:
    client = testclient.TestClient(importlib.import_module("api.app").create_app(sample_workspace))
    urls = [shlex.split(line)[-1] for line in typed_lines(README) if line.startswith("curl ")]
    assert urls
    for url in urls:
        answer = client.get(url.removeprefix("http://127.0.0.1:8000"))
        assert answer.status_code == 200, f"{url}: {answer.text}"


def test_readme_python_prints_what_is_shown(sample_workspace: Path) -> None:
    [code] = blocks(README, "python", under="In Python")
    [shown] = blocks(README, "text", under="In Python")
    assert output_of(sys.executable, "-c", code, workspace=sample_workspace) == shown


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\((?!https?:|#)([^)#\s]+)", page.read_text("utf-8"))
    assert not [target for target in targets if not (page.parent / target).exists()]


def test_every_page_is_linked_from_the_index() -> None:
    index = ROOT / "docs" / "index.md"
    linked = {(index.parent / target).resolve() for target in re.findall(r"\]\(([^)#:]+)", index.read_text("utf-8"))}
    assert set(PAGES) - {index} <= linked
    assert "docs/" in README.read_text("utf-8")


@pytest.mark.parametrize(
    "code", [code for page in PAGES for code in blocks(page, "python")], ids=lambda code: code.splitlines()[0]
)
def test_python_examples_name_what_exists(code: str) -> None:
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.ImportFrom) and node.module:
            module = importlib.import_module(node.module)
            for alias in node.names:
                assert hasattr(module, alias.name), f"{node.module} has no {alias.name}"
        elif isinstance(node, ast.Import):
            for alias in node.names:
                importlib.import_module(alias.name)


def test_changelog_is_for_users() -> None:
    """The next version comes first, and every entry stands under what kind of change it is."""
    lines = (ROOT / "CHANGELOG.md").read_text("utf-8").splitlines()
    versions = [line for line in lines if line.startswith("## ")]
    assert versions[0] == "## [Unreleased]"
    kinds = {line.removeprefix("### ") for line in lines if line.startswith("### ")}
    assert kinds
    assert kinds <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
    first_kind = next(index for index, line in enumerate(lines) if line.startswith("### "))
    assert any(line.startswith("- ") for line in lines[first_kind:])


def test_makefile_has_its_targets_and_says_so() -> None:
    text = (ROOT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^([a-z]+):", text, re.M))
    assert targets >= MAKE_TARGETS
    assert set(re.findall(r'@echo "make ([a-z]+) ', text)) == MAKE_TARGETS

"""What the documentation names exists: links, pictures, commands, options, make targets and files."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from typer.main import get_command

from appguard.cli.main import app

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
FENCE = re.compile(r"^```.*?^```", re.M | re.S)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"`([^`\n]+)`")
TOP = {path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith(".")}
FILE = re.compile(r"^[\w.-]+(/[\w.-]+)*/?$")
MADE = {"policies/connectors/desk-db.yaml"}
"""Files a reader makes by following the page that names them."""
MAKE_TARGETS = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.M))
VARIABLE = re.compile(r"\b(?:APPGUARD|LEDGER)_[A-Z_]+\b")
BREAK = re.compile(r"\s*(?:\||&&|;|>|\$\(|\))\s*|\s#\s|\s\s+#")


class Named(NamedTuple):
    """Something a page names."""

    page: Path
    what: str


def label(value: Any) -> str:
    if isinstance(value, Named):
        return f"{value.page.relative_to(ROOT)}: {value.what}"
    return str(value.relative_to(ROOT))


def prose(page: Path) -> str:
    return FENCE.sub("", page.read_text())


def links() -> Iterator[Named]:
    for page in PAGES:
        for target in LINK.findall(prose(page)):
            if "://" not in target:
                yield Named(page, target)


def commands(first: str) -> Iterator[Named]:
    """Command lines that start with `first`: in fences, and complete ones in the text."""
    for page in PAGES:
        fenced = (line for block in FENCE.findall(page.read_text()) for line in block.splitlines()[1:-1])
        for line in (*fenced, *CODE.findall(prose(page))):
            for part in BREAK.split(line):
                words = part.removeprefix("$ ").removeprefix(".venv/bin/")
                if words.startswith(f"{first} "):
                    yield Named(page, words)


def files() -> Iterator[Named]:
    for page in PAGES:
        for word in CODE.findall(prose(page)):
            if FILE.match(word) and word.split("/")[0] in TOP and "/" in word and word not in MADE:
                yield Named(page, word)


def anchors(page: Path) -> set[str]:
    """GitHub's anchors of a page's headings."""
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", page.read_text()), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("link", list(links()), ids=label)
def test_links_and_pictures_lead_somewhere(link: Named) -> None:
    target, _, anchor = link.what.partition("#")
    page = (link.page.parent / target).resolve() if target else link.page
    assert page.exists()
    assert not anchor or anchor in anchors(page)


@pytest.mark.parametrize("line", list(commands("appguard")), ids=label)
def test_commands_and_their_options_exist(line: Named) -> None:
    command: Any = get_command(app)
    names = shlex.split(line.what)[1:]
    while hasattr(command, "list_commands") and names and not names[0].startswith("-"):
        name = names.pop(0)
        command = command.get_command(None, name)
        assert command is not None, f"there is no command {name}"
    known = {option for one in command.params for option in one.opts} | {"--help"}
    assert {word for word in names if word.startswith("--")} <= known


@pytest.mark.parametrize("line", list(commands("make")), ids=label)
def test_make_targets_exist(line: Named) -> None:
    named = [word for word in shlex.split(line.what)[1:] if "=" not in word]
    assert set(named) <= MAKE_TARGETS


@pytest.mark.parametrize("file", list(files()), ids=label)
def test_files_exist(file: Named) -> None:
    assert (ROOT / file.what).exists() or (ROOT / "functions/appguard" / file.what).exists()


def test_variables_are_read_somewhere() -> None:
    code = [path for top in ("functions", "infra") for path in (ROOT / top).rglob("*.py")]
    sources = [path.read_text() for path in (*code, *(ROOT / "policies").rglob("*.yml"))]
    read = {name for source in sources for name in VARIABLE.findall(source)}
    assert {name for page in PAGES for name in VARIABLE.findall(page.read_text())} <= read


def test_no_page_is_orphaned() -> None:
    linked = {(link.page.parent / link.what.partition("#")[0]).resolve() for link in links()}
    assert set((ROOT / "docs").rglob("*.md")) <= linked | {ROOT / "docs/decisions/README.md"}

"""Which module may know which: the import graph against the rules of docs/architecture.md."""

import ast
from collections.abc import Iterator
from pathlib import Path

import grimp
import pytest

PACKAGE = Path("functions/appguard")
# Files that talk to AWS or are entry points; everything else is pure and imports no SDK at its top.
TALKS_TO_AWS = {"store", "handler"}


@pytest.fixture(scope="module")
def graph():
    return grimp.build_graph("appguard", include_external_packages=True)


def context_of(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


def test_only_a_context_talks_to_its_own_store(graph):
    strangers = [
        f"{importer} imports {store}"
        for store in graph.modules
        if store.endswith(".store")
        for importer in graph.find_modules_that_directly_import(store)
        if context_of(importer) != context_of(store)
    ]
    assert strangers == []


def test_the_kernel_knows_nobody(graph):
    known = {
        context_of(imported)
        for module in graph.modules
        if context_of(module) == "kernel"
        for imported in graph.find_modules_directly_imported_by(module)
        if imported.startswith("appguard.")
    }
    assert known <= {"kernel"}


def test_what_runs_inside_a_micro_app_knows_the_kernel_only(graph):
    known = {
        context_of(imported)
        for module in graph.modules
        if context_of(module) == "runtime"
        for imported in graph.find_modules_directly_imported_by(module)
        if imported.startswith("appguard.")
    }
    assert known <= {"runtime", "kernel"}


def test_nothing_that_is_deployed_imports_the_command_line_or_the_linter(graph):
    strangers = [
        f"{importer} imports {module}"
        for module in graph.modules
        if is_for_the_desk(module)
        for importer in graph.find_modules_that_directly_import(module)
        if not is_for_the_desk(importer)
    ]
    assert strangers == []


def is_for_the_desk(module: str) -> bool:
    return context_of(module) == "cli" or module.startswith("appguard.connectors.lint")


def sources() -> list[Path]:
    return sorted(path for path in PACKAGE.rglob("*.py") if context_of_path(path) != "cli")


def context_of_path(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0]


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_pure_logic_imports_no_sdk(path):
    if path.stem in TALKS_TO_AWS:
        return
    assert {name.split(".")[0] for name in imported_at_the_top(path)} & {"boto3", "botocore"} == set()


def imported_at_the_top(path: Path) -> Iterator[str]:
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.ImportFrom):
            yield node.module or ""
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)

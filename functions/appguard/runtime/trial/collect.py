"""Which tests a bundle has, read from their source: nothing of it runs to find out."""

import ast
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import NamedTuple

LARGEST = 200_000
MOST = 200
LONGEST_NAME = 100


class Case(NamedTuple):
    """One test: a function of a file, or a method of a class in it."""

    path: str
    line: int
    function: str
    group: str = ""

    @property
    def name(self) -> str:
        """How it is called when it is spoken of."""
        return (f"{self.group}.{self.function}" if self.group else self.function)[:LONGEST_NAME]


class Unreadable(NamedTuple):
    """A test file that is no Python."""

    path: str
    line: int
    why: str


def is_test(path: str) -> bool:
    """Whether a file of the bundle holds tests."""
    pure = PurePosixPath(path)
    return pure.parts[0] == "tests" and pure.name.startswith("test_") and pure.suffix == ".py"


def collect(files: Mapping[str, bytes]) -> Iterator[Case | Unreadable]:
    """Every `test_…` function, and every `test…` method of a class that is named or derived as a test."""
    for path in sorted(filter(is_test, files)):
        if len(files[path]) > LARGEST:
            yield Unreadable(path, 1, f"it is larger than {LARGEST:,} bytes")
            continue
        try:
            tree = ast.parse(files[path])
        except SyntaxError as error:
            yield Unreadable(path, error.lineno or 1, "it is not Python")
        except (ValueError, RecursionError, MemoryError):
            yield Unreadable(path, 1, "it is not Python")
        else:
            yield from _cases(path, tree)


def _cases(path: str, tree: ast.Module) -> Iterator[Case]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
            yield Case(path, node.lineno, node.name)
        elif isinstance(node, ast.ClassDef) and _holds_tests(node):
            for inner in node.body:
                if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef) and inner.name.startswith(
                    "test"
                ):
                    yield Case(path, inner.lineno, inner.name, node.name)


def _holds_tests(node: ast.ClassDef) -> bool:
    bases = (ast.unparse(base) for base in node.bases)
    return node.name.startswith("Test") or any(base.endswith("TestCase") for base in bases)

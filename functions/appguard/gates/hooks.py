"""The functions of `logic.py` that pages may name, read from its syntax tree."""

import ast
from collections.abc import Mapping

from appguard.apps.bundle import Bundle
from appguard.gates.sources import read
from appguard.runtime.pages import FormPage, Page

LOGIC = "logic.py"
_ALWAYS = ("user", "today", "broker")
Function = ast.FunctionDef | ast.AsyncFunctionDef


def defined(bundle: Bundle) -> Mapping[str, Function]:
    """Functions at the top of `logic.py` by name; none where it cannot be read: the code gate says so."""
    trees = (source.tree for source in read(bundle).sources if source.path == LOGIC)
    return {node.name: node for tree in trees for node in tree.body if isinstance(node, Function)}


def offered(page: Page) -> tuple[str, ...]:
    """What a function of this page may ask for, by the names of its parameters."""
    return ("values", *_ALWAYS) if isinstance(page, FormPage) else _ALWAYS


def flaw(function: Function, page: Page) -> str:
    """Why this page could not call the function; empty when it can."""
    if isinstance(function, ast.AsyncFunctionDef):
        return "is async; an app waits for its code, so write def"
    if any(isinstance(node, ast.Yield | ast.YieldFrom) for node in ast.walk(function)):
        return "yields instead of returning"
    arguments = function.args
    if arguments.posonlyargs or arguments.vararg or arguments.kwarg:
        return "takes its arguments by position or without names"
    names = [argument.arg for argument in (*arguments.args, *arguments.kwonlyargs)]
    optional = len(arguments.defaults) + sum(default is not None for default in arguments.kw_defaults)
    unknown = [name for name in names if name not in offered(page)]
    return f"asks for {', '.join(unknown)}" if unknown and len(unknown) > optional else ""


def code_of(bundle: Bundle) -> dict[str, bytes]:
    """The files a function finds beside it when it runs: all but the tests."""
    return {path: content for path, content in bundle.files.items() if not path.startswith("tests/")}

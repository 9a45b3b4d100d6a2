"""Run by a bare interpreter: import a handler with nothing but its function's own path.

Reads {"path": [...], "handler": "...", "also": [...]} from stdin; `also` are modules the handler
imports by a computed name. Writes what could not be imported, at once or later by a function that is
called, and the environment variables its settings require.
"""

import ast
import importlib
import json
import sys
from pathlib import Path


def imports(module: str) -> set[str]:
    """The modules that functions of an imported module import when they are called."""
    tree = ast.parse(Path(sys.modules[module].__file__).read_text())
    found = set()
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            for node in ast.walk(function):
                if isinstance(node, ast.Import):
                    found |= {name.name for name in node.names}
                elif isinstance(node, ast.ImportFrom) and node.module:
                    found.add(node.module)
    return found


def required() -> dict[str, list[str]]:
    """The variables without a default in every settings model that was imported, by the model's module."""
    if "appguard.kernel.settings" not in sys.modules:
        return {}
    models, found = [sys.modules["appguard.kernel.settings"].Settings], {}
    while models:
        model = models.pop()
        models += model.__subclasses__()
        words = [str(field.alias) for field in model.model_fields.values() if field.is_required()]
        found.setdefault(model.__module__, []).extend(words)
    return found


def attempt(module: str) -> str:
    """Import a module; what went wrong, if anything did."""
    try:
        importlib.import_module(module)
    except BaseException as problem:
        return f"{module}: {type(problem).__name__}: {problem}"
    return ""


def main() -> None:
    """Import the handler, which is what Lambda does first, then what is imported on first use."""
    asked = json.load(sys.stdin)
    sys.path[:0] = asked["path"]
    module, _, name = asked["handler"].rpartition(".")
    errors = [attempt(module)]
    if not errors[0] and not callable(getattr(sys.modules[module], name, None)):
        errors.append(f"{asked['handler']} cannot be called")
    at_once = required()
    errors += [attempt(module) for module in asked["also"]]
    seen: set[str] = set()
    while new := {name for name in sys.modules if name.startswith("appguard.")} - seen:
        seen |= new
        errors += [attempt(wanted) for wanted in sorted(set().union(*map(imports, new)) - set(sys.modules))]
    json.dump(
        {"errors": sorted({e for e in errors if e}), "required": at_once, "later": required()}, sys.stdout
    )


main()

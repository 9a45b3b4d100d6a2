"""Which expressions of a Python file carry personal data: by name, by key, and through assignments.

Simple on purpose: it follows names within a file, not values through containers or between files.
A reviewer reads what it marks; what it misses, masks and row filters still hold.
"""

import ast
from collections import defaultdict
from collections.abc import Iterator

from appguard.gates.data.words import Personal

# What comes out of these says nothing about a person.
_HARMLESS = frozenset({"len", "bool", "isinstance", "type", "id", "any", "all"})
_ROUNDS = 10


class Flow:
    """The personal names each variable of a file may carry."""

    def __init__(self, tree: ast.Module, personal: Personal) -> None:
        """Follow assignments until nothing new is learnt, a few rounds at most."""
        self._personal = personal
        self._carried: dict[str, set[str]] = defaultdict(set)
        steps = list(_assignments(tree))
        for _ in range(_ROUNDS):
            before = sum(map(len, self._carried.values()))
            for names, value in steps:
                if reached := self.reaches(value):
                    for name in names:
                        self._carried[name] |= reached
            if sum(map(len, self._carried.values())) == before:
                return

    def reaches(self, node: ast.AST) -> set[str]:
        """Names of personal data that the value of `node` may hold."""
        found: set[str] = set()
        waiting: list[ast.AST] = [node]
        while waiting:
            part = waiting.pop()
            if isinstance(part, ast.Call) and isinstance(part.func, ast.Name) and part.func.id in _HARMLESS:
                continue
            if isinstance(part, ast.Compare | ast.Lambda):
                continue
            key = _key(part)
            if key is not None:
                found |= {key} if self._personal.says(key) else set()
                continue
            found |= self._own(part)
            waiting.extend(ast.iter_child_nodes(part))
        return found

    def _own(self, part: ast.AST) -> set[str]:
        if isinstance(part, ast.Name):
            return self._carried[part.id] | ({part.id} if self._personal.says(part.id) else set())
        if isinstance(part, ast.Attribute) and self._personal.says(part.attr):
            return {part.attr}
        if isinstance(part, ast.Call):
            asked = {arg.value for arg in part.args if isinstance(arg, ast.Constant)}
            return {f"rows of {name}" for name in self._personal.queries if name in asked}
        return set()


def _key(node: ast.AST) -> str | None:
    """The key of `row["birth_date"]` and `row.get("birth_date")`: that one value, not the whole row."""
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        return node.slice.value if isinstance(node.slice.value, str) else None
    if (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("get", "pop")
    ):
        first = node.args[0] if node.args else None
        if isinstance(first, ast.Constant) and isinstance(first.value, str):
            return first.value if "://" not in first.value else None
    return None


def _assignments(tree: ast.Module) -> Iterator[tuple[list[str], ast.AST]]:
    """Names and the expression they are bound to, of every kind of binding."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            yield [name for target in node.targets for name in _bound(target)], node.value
        elif isinstance(node, ast.AugAssign | ast.NamedExpr) or (
            isinstance(node, ast.AnnAssign) and node.value
        ):
            yield _bound(node.target), node.value or node.target
        elif isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
            yield _bound(node.target), node.iter
        elif isinstance(node, ast.withitem) and node.optional_vars is not None:
            yield _bound(node.optional_vars), node.context_expr


def _bound(target: ast.expr) -> list[str]:
    """Names that a target binds; writing one entry of a container marks the container."""
    if isinstance(target, ast.Subscript | ast.Attribute):
        return _bound(target.value)
    if isinstance(target, ast.Name):
        return [target.id]
    return [
        name for part in ast.iter_child_nodes(target) if isinstance(part, ast.expr) for name in _bound(part)
    ]

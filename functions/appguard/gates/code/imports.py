"""What a file imports, and what it takes from there."""

import ast
import sys
from collections.abc import Iterator, Mapping

from appguard.gates.code.model import THROUGH_A_CONNECTOR, Surroundings, finding
from appguard.gates.code.modules import INSTALLED_AS, REACHING, names
from appguard.gates.sources import Source
from appguard.kernel.finding import Finding

_TAKEN = frozenset({*sys.stdlib_module_names, "appguard", "sitecustomize", "usercustomize"})


def check(source: Source, around: Surroundings) -> Iterator[Finding]:
    """Every import that is not on the list, and every name that an allowed module does not offer."""
    yield from _shadows(source)
    bound = modules(source)
    inner = {id(node.value) for node in ast.walk(source.tree) if isinstance(node, ast.Attribute)}
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield from _module(alias.name, source, around, node.lineno)
        elif isinstance(node, ast.ImportFrom):
            yield from _taken(node, source, around)
        elif isinstance(node, ast.Attribute) and id(node) not in inner:
            yield from _used(node, bound, source, around)
        elif isinstance(node, ast.Name) and node.id in bound and id(node) not in inner:
            yield finding(
                "code-reach-inside",
                f"{source.path} passes the module {node.id} around as a value, or gives its name to another.",
                f"Call what you need of it by name, as in {node.id}.something(…).",
                source.path,
                node.lineno,
            )


def modules(source: Source) -> Mapping[str, frozenset[str]]:
    """The names that stand for a module anywhere in this file, and all that each may stand for."""
    bound: dict[str, set[str]] = {}
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                module = alias.name if alias.asname else alias.name.split(".")[0]
                bound.setdefault(alias.asname or module, set()).add(module)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                if _allowed(node.module, alias.name, source):
                    bound.setdefault(alias.asname or alias.name, set()).add(f"{node.module}.{alias.name}")
    return {name: frozenset(stands_for) for name, stands_for in bound.items()}


def _shadows(source: Source) -> Iterator[Finding]:
    """A module found before the real one would be imported by the platform itself."""
    parts = source.path.removeprefix("tests/").split("/")
    root = parts[0] if len(parts) > 1 else parts[0].rpartition(".")[0]
    if root in _TAKEN:
        yield finding(
            "code-shadows",
            f"{source.path} would stand in for the module {root} that Python or the platform brings.",
            "Give it a name of its own.",
            source.path,
        )


def _module(module: str, source: Source, around: Surroundings, line: int) -> Iterator[Finding]:
    root = module.split(".", maxsplit=1)[0]
    offered = names(module, in_test=source.is_test)
    if offered is not None or (root not in _TAKEN and module_is_own(root, around)):
        return
    installed = around.modules.get(root) or INSTALLED_AS.get(root, root).lower().replace("_", "-")
    if root in _TAKEN or root in REACHING:
        yield finding(
            "code-import-forbidden",
            f"{source.path} imports {module}, which reaches beyond what an app may touch.",
            THROUGH_A_CONNECTOR,
            source.path,
            line,
        )
    elif installed not in around.packages:
        yield finding(
            "code-import-unknown",
            f"{source.path} imports {module}, which is neither its own nor pinned in requirements.txt.",
            f"Add {installed}==<version> to requirements.txt, or do without.",
            source.path,
            line,
        )


def _taken(node: ast.ImportFrom, source: Source, around: Surroundings) -> Iterator[Finding]:
    """`from module import name`: a name the module offers, or a module that is allowed itself."""
    module = node.module or ""
    wanted = [alias.name for alias in node.names]
    if "*" in wanted:
        yield finding(
            "code-import-forbidden",
            f"{source.path} imports everything from {module or 'its folder'}; what that is, nobody can tell.",
            "Name what you need.",
            source.path,
            node.lineno,
        )
        return
    offered = None if node.level else names(module, in_test=source.is_test)
    if offered is not None:
        hidden = [name for name in wanted if name not in offered and not _allowed(module, name, source)]
        yield from (_not_offered(module, name, source, node.lineno) for name in hidden)
    elif node.level or module_is_own(module.split(".")[0], around):
        own = own_module(module, around)
        passed_on = [name for name in wanted if own and name in modules(own)]
        yield from (_not_offered(module, name, source, node.lineno) for name in passed_on)
    elif not all(_allowed(module, name, source) for name in wanted):
        yield from _module(module, source, around, node.lineno)


def _used(
    node: ast.Attribute, bound: Mapping[str, frozenset[str]], source: Source, around: Surroundings
) -> Iterator[Finding]:
    """`module.name.…` for whatever module the first name may stand for."""
    chain: list[str] = []
    value: ast.expr = node
    while isinstance(value, ast.Attribute):
        chain.insert(0, value.attr)
        value = value.value
    if isinstance(value, ast.Name):
        for module in bound.get(value.id, ()):
            if hidden := _hidden(module, chain, source, around):
                yield _not_offered(*hidden, source, node.lineno)


def _hidden(module: str, chain: list[str], source: Source, around: Surroundings) -> tuple[str, str] | None:
    """The module and the name after it, where that is none it offers or one of what follows is private."""
    while chain and (_allowed(module, chain[0], source) or f"{module}.{chain[0]}" in around.own):
        module, chain = f"{module}.{chain[0]}", chain[1:]
    offered, own = names(module, in_test=source.is_test), own_module(module, around)
    private = any(name[0] == "_" for name in chain)
    if chain and offered is not None and (chain[0] not in offered or private):
        return module, ".".join(chain)
    if chain and own and chain[0] in modules(own):
        return module, chain[0]
    return None


def module_is_own(root: str, around: Surroundings) -> bool:
    """Whether the app has a module or package of this name."""
    return any(name.split(".")[0] == root for name in around.own)


def own_module(module: str, around: Surroundings) -> Source | None:
    """The file of the app that a module's name, whole or relative, leads to."""
    return around.own.get(module) or next(
        (found for name, found in around.own.items() if module and name.endswith(f".{module}")), None
    )


def _allowed(module: str, name: str, source: Source) -> bool:
    return names(f"{module}.{name}", in_test=source.is_test) is not None


def _not_offered(module: str, name: str, source: Source, line: int) -> Finding:
    return finding(
        "code-reach-inside",
        f"{source.path} takes {name} from {module}, which is not among what an app may use of it.",
        f"Use only what {module} documents for calculating. {THROUGH_A_CONNECTOR}",
        source.path,
        line,
    )

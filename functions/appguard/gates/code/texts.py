"""Texts that are more than texts: paths into the machine, names of insides, formats that read attributes."""

import ast
import re
from collections.abc import Iterator

from appguard.gates.code.model import THROUGH_A_CONNECTOR, finding
from appguard.gates.sources import Source
from appguard.kernel.finding import Finding, Severity

# Where processes, machines and clouds keep what they know of themselves.
_MACHINE = re.compile(
    r"(?:^|[\s\"'=:@])/(?:proc|etc|sys|dev|root|home|tmp|var/(?:task|runtime|lang)|opt)/|file://|169\.254\.|fd00:ec2"
    r"|AWS_(?:ACCESS|SECRET|SESSION|CONTAINER|LAMBDA)_|LD_PRELOAD"
)
_INSIDES = re.compile(
    r"__(?:base|bases|builtins|class|closure|code|defaults|dict|func|getattribute|globals|import|init_subclass|loader"
    r"|mro|reduce|reduce_ex|self|spec|subclasses|traceback|wrapped)__"
)
_FORMATS = frozenset({"format", "format_map"})


def check(source: Source) -> Iterator[Finding]:
    """Texts that name what an app has no business with, and formats nobody can read beforehand."""
    fixed = _fixed(source.tree)
    documentation = _documentation(source.tree)
    for line in _hidden_code(source.tree):
        yield finding(
            "code-text",
            f"{source.path} hides a call in an annotation written as text; some packages run it.",
            "Write the type without quotation marks.",
            source.path,
            line,
        )
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Constant) and id(node) not in documentation:
            yield from _constant(node, source)
        elif isinstance(node, ast.Attribute) and node.attr in _FORMATS and not _readable(node.value, fixed):
            yield finding(
                "code-format",
                f"{source.path} formats a text from elsewhere, and a format can read any attribute.",
                'Use an f-string, as in f"{name} is away", or a text that stands in the same file.',
                source.path,
                node.lineno,
                Severity.APPROVE,
            )


def _constant(node: ast.Constant, source: Source) -> Iterator[Finding]:
    text = node.value.decode("latin-1") if isinstance(node.value, bytes) else node.value
    if not isinstance(text, str):
        return
    if _INSIDES.search(text):
        what = "names the insides of Python in a text"
    elif _MACHINE.search(text):
        what = "names files, addresses or settings of the machine it runs on"
    else:
        return
    yield finding("code-text", f"{source.path} {what}.", THROUGH_A_CONNECTOR, source.path, node.lineno)


def _hidden_code(tree: ast.Module) -> Iterator[int]:
    """Lines where a text inside an annotation is an expression that calls something."""
    for node in ast.walk(tree):
        annotation = getattr(node, "annotation", None) or getattr(node, "returns", None)
        for part in ast.walk(annotation) if annotation else ():
            if isinstance(part, ast.Constant) and isinstance(part.value, str) and "(" in part.value:
                yield part.lineno


def _documentation(tree: ast.Module) -> set[int]:
    """Texts that stand alone as statements: nothing is done with them."""
    return {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}


def _fixed(tree: ast.Module) -> set[str]:
    """Names that only ever stand for a text written out in this file."""
    texts, others = set(), set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign | ast.AnnAssign) and _text(node.value):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            texts |= {id(target) for target in targets}
    by_id: dict[str, list[bool]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            by_id.setdefault(node.id, []).append(id(node) in texts)
        elif isinstance(node, ast.arg):
            others.add(node.arg)
    return {name for name, all_texts in by_id.items() if all(all_texts)} - others


def _readable(node: ast.expr, fixed: set[str]) -> bool:
    return _text(node) or (isinstance(node, ast.Name) and node.id in fixed)


def _text(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)

"""Which functions a Rego module calls: regopy yields nothing for those it does not know.

A rule that calls an unknown function would silently deny nothing, so every call must be
one of `ALLOWED` or a function defined in the policies themselves. The scan is lexical and
errs towards refusal: a call it cannot name is a call it does not allow.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

ALLOWED = frozenset(
    "abs array.concat array.slice concat contains count endswith format_int indexof is_array is_boolean "
    "is_null is_number is_object is_set is_string lower max min object.get object.keys object.union "
    "product replace round sort split sprintf startswith sum to_number trim trim_prefix trim_space "
    "trim_suffix upper".split()
)
"""Built-ins with the same meaning in regopy and in OPA, without access to time, network or process."""

_TOKEN = re.compile(
    r"""(?P<skip>\#[^\n]*|"(?:[^"\\\n]|\\.)*"|`[^`]*`|[ \t\r]+)"""
    r"""|(?P<name>[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)|(?P<line>\n)|(?P<mark>.)""",
    re.VERBOSE,
)
_KEYWORDS = frozenset("if in not some every else with as contains default import package".split())
_EXPECTS_MORE = _KEYWORDS - {"default"} | set("=,|&+-*/%<>:;([{!")


@dataclass
class Module:
    """What the scan finds in one module."""

    package: str = ""
    imports: dict[str, str] = field(default_factory=dict)
    functions: set[str] = field(default_factory=set)
    calls: set[str] = field(default_factory=set)
    mocks: set[str] = field(default_factory=set)


def scan(source: str) -> Module:
    """Package, imports, functions, calls and targets of `with` of one module."""
    module, depth, heads_line, before, previous = Module(), 0, True, "", ""
    tokens = [match for match in _TOKEN.finditer(source) if match.lastgroup != "skip"]
    for position, token in enumerate(tokens):
        text = token.group()
        if token.lastgroup == "line":
            heads_line = depth == 0 and previous not in _EXPECTS_MORE
            continue
        if token.lastgroup == "name":
            _statement(module, text, tokens[position + 1 : position + 4])
            if previous == "with":
                module.mocks.add(text)
        elif text in "([{":
            if text == "(":
                _call(module, previous, is_head=heads_line and before in ("", "default"))
            depth += 1
        elif text in ")]}":
            depth -= 1
        elif text == "$":
            module.calls.add("a template string")
        starts = tokens[position - 1].lastgroup == "line" if position else True
        before, previous = ("" if starts else previous), text
    return module


def unknown(modules: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Path and name of each call that is neither allowed nor defined in `modules`."""
    scanned = {path: scan(source) for path, source in modules.items()}
    defined = {f"{m.package}.{function}" for m in scanned.values() for function in m.functions}
    for path, module in scanned.items():
        for call in sorted(module.calls):
            root, _, rest = call.partition(".")
            resolved = f"{module.imports[root]}.{rest}" if root in module.imports else call
            local = f"{module.package}.{resolved}"
            if call not in ALLOWED and not {local, resolved.removeprefix("data.")} & defined:
                yield path, call


def _statement(module: Module, word: str, after: list[re.Match[str]]) -> None:
    """Remember the package and what imports are called."""
    if word == "package":
        module.package = after[0].group()
    elif word == "import":
        target = after[0].group()
        renamed = len(after) > 2 and after[1].group() == "as"  # noqa: PLR2004 - import X as Y
        module.imports[after[2].group() if renamed else target.rpartition(".")[2]] = target


def _call(module: Module, name: str, *, is_head: bool) -> None:
    """A parenthesis after a name: the head of a function at the start of a line, a call anywhere else."""
    if name in _KEYWORDS or not name:
        return
    if is_head:
        module.functions.add(name)
    elif re.match(r"[A-Za-z_]", name):
        module.calls.add(name)
    elif name in ("]", ")", "}"):
        module.calls.add("a computed function")

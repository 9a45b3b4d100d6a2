"""Which functions a Rego module calls: regopy yields nothing for those it does not know.

A rule that calls an unknown function would silently deny nothing, so every call must be
one of `ALLOWED` or a function defined in the policies themselves. The scan is lexical and
errs towards refusal: a call it cannot name is a call it does not allow.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

ALLOWED = frozenset(
    {"concat", "contains", "count", "endswith", "max", "min", "object.get", "object.keys", "sort", "sprintf"}
    | {"startswith"}
)
"""Built-ins seen to mean the same in regopy and in OPA, without access to time, network or process.

Left out for a reason: `object.union` (not recursive in regopy), `lower` and `upper` (their result
printed by `sprintf` carries quotation marks, as does that of `concat`: join those with `concat`).
"""

_TOKEN = re.compile(
    r"""(?P<skip>\#[^\n]*|"(?:[^"\\\n]|\\.)*"|`[^`]*`|[ \t\r]+)"""
    r"""|(?P<name>[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)|(?P<line>\n)|(?P<mark>.)""",
    re.VERBOSE,
)
_KEYWORDS = frozenset(
    {"if", "in", "not", "some", "every", "else", "with", "as", "contains", "default", "import", "package"}
)
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
    scanner = _Scanner()
    tokens = [match for match in _TOKEN.finditer(source) if match.lastgroup != "skip"]
    for position, token in enumerate(tokens):
        scanner.read(token, [match.group() for match in tokens[position + 1 : position + 4]])
    return scanner.module


@dataclass
class _Scanner:
    """Where the scan is: how deep in brackets, on which line's start, after which two tokens."""

    module: Module = field(default_factory=Module)
    depth: int = 0
    may_be_head: bool = True
    before: str = ""
    previous: str = ""
    line_starts: bool = True

    def read(self, token: re.Match[str], after: list[str]) -> None:
        text = token.group()
        if token.lastgroup == "line":
            self.may_be_head = self.depth == 0 and self.previous not in _EXPECTS_MORE
            self.line_starts = True
            return
        if token.lastgroup == "name":
            self._name(text, after)
        else:
            self._mark(text)
        self.before, self.previous = "" if self.line_starts else self.previous, text
        self.line_starts = False

    def _name(self, text: str, after: list[str]) -> None:
        """Remember the package, what imports are called, and what `with` replaces."""
        if self.previous == "with":
            self.module.mocks.add(text)
        elif text == "package":
            self.module.package = after[0]
        elif text == "import":
            renamed = len(after) > 2 and after[1] == "as"  # noqa: PLR2004 - import X as Y
            self.module.imports[after[2] if renamed else after[0].rpartition(".")[2]] = after[0]

    def _mark(self, text: str) -> None:
        if text == "(":
            self._call(self.previous)
        elif text == "$":
            self.module.calls.add("a template string")
        self.depth += (text in "([{") - (text in ")]}")

    def _call(self, name: str) -> None:
        """A parenthesis after a name: a function's head at the start of a line, a call anywhere else."""
        if name in _KEYWORDS:
            return
        if self.may_be_head and self.before in ("", "default") and re.match(r"[A-Za-z_]", name):
            self.module.functions.add(name)
        elif re.match(r"[A-Za-z_]", name):
            self.module.calls.add(name)
        elif name in ("]", ")", "}"):
            self.module.calls.add("a computed function")


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

"""Built-in functions and attributes through which code gets hold of what it was not given."""

# ruff: noqa: SIM905 - many words are read best as words

import ast
from collections.abc import Iterator

from appguard.gates.code.model import THROUGH_A_CONNECTOR, finding
from appguard.gates.sources import Source
from appguard.kernel.finding import Finding

BUILTINS = frozenset(
    "__import__ breakpoint compile dir eval exec globals locals open vars".split()
)  # as values as well: an alias is a call put off
BY_NAME = frozenset({"delattr", "getattr", "hasattr", "setattr"})
INSIDES = frozenset(
    "ag_code ag_frame co_code co_consts cr_code cr_frame f_back f_builtins f_code f_globals f_locals "
    "func_globals gi_code gi_frame mro tb_frame tb_next".split()
)
MODULES = frozenset(
    "_os _sys asyncio boto3 builtins codecs copyreg ctypes importlib multiprocessing os pathlib "
    "pickle pkgutil posix runpy shutil socket subprocess sys sysconfig tempfile threading".split()
)
# What classes may define, and may ask of `super()`.
DEFINABLE = frozenset(
    f"__{name}__"
    for name in (
        "abs add aenter aexit aiter and anext bool call contains delitem enter eq exit float floordiv format "
        "ge getitem gt hash iadd index init int isub iter le len lt missing mod mul ne neg new next or "
        "post_init pow radd repr reversed rmul round rsub rtruediv setitem str sub truediv xor"
    ).split()
)
READABLE = frozenset({"__name__", "__qualname__", "__doc__", "__members__"})
ASSIGNABLE = frozenset(
    {"__all__", "__author__", "__doc__", "__hash__", "__name__", "__slots__", "__version__"}
)
_METACLASSES = frozenset({"ABCMeta", "EnumMeta", "EnumType"})
_CLASS_FROM_PARTS = 3


def check(source: Source) -> Iterator[Finding]:
    """Everything in a file that reads, runs or reaches more than what stands there."""
    for line, what in _problems(source.tree):
        rule = "code-call-forbidden" if what in BUILTINS | BY_NAME or what == "type" else "code-reach-inside"
        yield finding(
            rule,
            f"{source.path} uses {what}, through which code gets at more than it was given.",
            f"Write out what is meant, without {what}. {THROUGH_A_CONNECTOR}",
            source.path,
            line,
        )


def dunder(name: str) -> bool:
    """Whether Python itself gives this name its meaning."""
    return name.startswith("__") and name.endswith("__")


def reaches(name: str) -> bool:
    """Whether an attribute of this name leads out of the object it is asked of."""
    mangled = name[:1] == "_" != name[1:2] and "__" in name  # another class's private name
    return mangled or (dunder(name) and name not in READABLE) or name in INSIDES or name in MODULES


def _problems(tree: ast.Module) -> Iterator[tuple[int, str]]:
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    for node in ast.walk(tree):
        match node:
            case ast.Name():
                yield from _name(node, called=id(node) in called)
            case ast.Attribute() if reaches(node.attr) and not _of_super(node):
                yield node.lineno, node.attr
            case ast.ImportFrom():
                yield from ((node.lineno, alias.name) for alias in node.names if reaches(alias.name))
            case ast.MatchClass():
                yield from ((node.lineno, name) for name in node.kwd_attrs if reaches(name))
            case ast.Call(func=ast.Name(id=name)):
                yield from _call(node, name)
            case ast.ClassDef() | ast.FunctionDef() | ast.AsyncFunctionDef():
                yield from _definition(node)


def _definition(node: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[tuple[int, str]]:
    """What a class or function takes over from Python itself."""
    if isinstance(node, ast.ClassDef):
        yield from ((node.lineno, "metaclass") for key in node.keywords if _odd_metaclass(key))
    elif dunder(node.name) and node.name not in DEFINABLE:
        yield node.lineno, node.name


def _name(node: ast.Name, *, called: bool) -> Iterator[tuple[int, str]]:
    loaded = isinstance(node.ctx, ast.Load)
    by_value = node.id in BY_NAME and not called
    if (loaded and (node.id in BUILTINS or by_value)) or (dunder(node.id) and node.id not in ASSIGNABLE):
        yield node.lineno, node.id


def _call(node: ast.Call, name: str) -> Iterator[tuple[int, str]]:
    """`getattr(x, "literal")` is read like `x.literal`; any other name it is given is unknown."""
    if name in BY_NAME:
        asked = node.args[1] if len(node.args) > 1 else None
        literal = asked.value if isinstance(asked, ast.Constant) else None
        if not isinstance(literal, str) or reaches(literal):
            yield node.lineno, name
    if name == "type" and (
        len(node.args) >= _CLASS_FROM_PARTS or any(isinstance(a, ast.Starred) for a in node.args)
    ):
        yield node.lineno, name


def _of_super(node: ast.Attribute) -> bool:
    called = node.value.func if isinstance(node.value, ast.Call) else None
    return isinstance(called, ast.Name) and called.id == "super" and node.attr in DEFINABLE


def _odd_metaclass(key: ast.keyword) -> bool:
    value = key.value
    name = value.attr if isinstance(value, ast.Attribute) else value.id if isinstance(value, ast.Name) else ""
    return key.arg == "metaclass" and name not in _METACLASSES

"""Personal data that Python code puts into logs, error texts, file names, e-mails or addresses."""

import ast
from collections.abc import Iterator

from appguard.apps.bundle import Bundle
from appguard.gates.data.flow import Flow
from appguard.gates.data.places import Place, misplaced
from appguard.gates.data.words import Personal
from appguard.gates.sources import Source, read
from appguard.kernel.finding import Finding

_LEVELS = frozenset({"debug", "info", "warning", "warn", "error", "exception", "critical", "log"})
_LOGGERS = frozenset({"logging", "logger", "log", "_log", "_logger", "LOG", "LOGGER"})
_SAYING = frozenset({"print", "pprint", "warn"})
_STREAMS = frozenset({"stdout", "stderr"})
_OPENING = frozenset({"open", "Path", "NamedTemporaryFile", "mkdtemp", "mkstemp", "write_text", "write_bytes",
                      "with_name", "joinpath", "rename", "upload_file", "ZipInfo", "writestr"})  # fmt: skip
_MAILING = frozenset({"sendmail", "send_message", "send_email", "send_raw_email", "send_mail", "MIMEText",
                      "set_content", "add_alternative", "add_attachment"})  # fmt: skip
_ASKING = frozenset(
    {"urlopen", "Request", "urlencode", "quote", "quote_plus", "urljoin", "urlretrieve", "redirect"}
)
_HTTP = frozenset({"requests", "httpx", "urllib3", "http", "session", "client"})
_VERBS = frozenset({"get", "post", "put", "patch", "delete", "head", "request"})
_SUBJECTS = frozenset({"subject", "body", "to"})


def check(bundle: Bundle, personal: Personal) -> list[Finding]:
    """One finding for each place and line of the code that can be read; the code gate refuses the rest."""
    return [found for source in read(bundle).sources for found in _leaks(source, personal)]


def _leaks(source: Source, personal: Personal) -> Iterator[Finding]:
    flow = Flow(source.tree, personal)
    told: set[tuple[Place, int]] = set()
    for node in ast.walk(source.tree):
        for place, parts in _places(node):
            names = {name for part in parts for name in flow.reaches(part)}
            line = getattr(node, "lineno", 1)
            if names and (place, line) not in told:
                told.add((place, line))
                yield misplaced(place, names, source.path, line)


def _places(node: ast.AST) -> Iterator[tuple[Place, list[ast.expr]]]:
    """What this node puts where."""
    if isinstance(node, ast.Call):
        yield from _of_call(node)
    elif isinstance(node, ast.Raise) and node.exc is not None:
        yield Place.ERROR, [node.exc]
    elif isinstance(node, ast.Assert) and node.msg is not None:
        yield Place.ERROR, [node.msg]
    elif isinstance(node, ast.JoinedStr | ast.BinOp) and _is_address(node):
        yield Place.URL, [node]
    elif isinstance(node, ast.Assign) and any(map(_is_subject, node.targets)):
        yield Place.MAIL, [node.value]


def _of_call(call: ast.Call) -> Iterator[tuple[Place, list[ast.expr]]]:
    owner, name = _named(call.func)
    last = owner.rpartition(".")[2]
    given = [*call.args, *(keyword.value for keyword in call.keywords)]
    if name in _SAYING or last in _STREAMS or (name in _LEVELS and _is_logger(owner, last)):
        yield Place.LOG, given
    elif name in _OPENING:
        target = [call.func.value] if isinstance(call.func, ast.Attribute) else []
        yield Place.FILE_NAME, [*target, *given[:1]]
    elif name in _MAILING:
        yield Place.MAIL, given
    elif name in _ASKING:
        yield Place.URL, given
    elif name in _VERBS and last in _HTTP:
        params = [keyword.value for keyword in call.keywords if keyword.arg in ("url", "params")]
        yield Place.URL, [*call.args[:1], *params]


def _is_logger(owner: str, last: str) -> bool:
    return last in _LOGGERS or "getLogger" in owner


def _named(func: ast.expr) -> tuple[str, str]:
    """Owner and name of what is called: `logging.getLogger(x).info` is (`logging.getLogger(x)`, `info`)."""
    if isinstance(func, ast.Attribute):
        return ast.unparse(func.value)[:200], func.attr
    return "", func.id if isinstance(func, ast.Name) else ""


def _is_address(node: ast.JoinedStr | ast.BinOp) -> bool:
    texts = (part.value for part in ast.walk(node) if isinstance(part, ast.Constant))
    return any(isinstance(text, str) and ("://" in text or text.startswith("mailto:")) for text in texts)


def _is_subject(target: ast.expr) -> bool:
    """`message["Subject"] = …`."""
    return (
        isinstance(target, ast.Subscript)
        and isinstance(target.slice, ast.Constant)
        and str(target.slice.value).lower() in _SUBJECTS
        and isinstance(target.value, ast.Name)
        and any(word in target.value.id.lower() for word in ("mail", "msg", "message"))
    )

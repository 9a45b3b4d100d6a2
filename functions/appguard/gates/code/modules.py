"""What a micro app may import, and which names of it: what calculates, nothing that reaches out.

An allowed module brings along what it imports itself (`uuid.os`, `json.codecs`), so its public names
alone may be used, less those through which text becomes code or an attribute of any object is read.
"""

# ruff: noqa: SIM905 - many words are read best as words

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from types import ModuleType

WHOLE = frozenset(
    "__future__ abc array base64 binascii bisect calendar cmath collections collections.abc "
    "contextlib copy csv dataclasses datetime decimal difflib enum fractions functools graphlib "
    "hashlib heapq hmac html itertools json keyword math numbers operator pprint random re secrets "
    "statistics string struct textwrap time typing unicodedata urllib.parse uuid zoneinfo".split()
)
# Of these, the names that stand here and no others.
PARTS: Mapping[str, frozenset[str]] = {
    "http": frozenset({"HTTPStatus"}),
    "io": frozenset({"BytesIO", "StringIO"}),
    "logging": frozenset({"getLogger", "Logger", "DEBUG", "INFO", "WARNING", "ERROR"}),
    "types": frozenset({"MappingProxyType", "SimpleNamespace"}),
}
# `patch`, `importorskip`, `monkeypatch` and the runners import what a text names.
TESTING: Mapping[str, frozenset[str]] = {
    "unittest": frozenset(
        {"TestCase", "SkipTest", "expectedFailure", "skip", "skipIf", "skipUnless", "mock", "main"}
    ),
    "unittest.mock": frozenset({"ANY", "MagicMock", "Mock", "call", "sentinel"}),
    "pytest": frozenset({"approx", "fail", "fixture", "mark", "param", "raises", "skip", "warns"}),
}
_EXCEPT: Mapping[str, frozenset[str]] = {
    "contextlib": frozenset({"chdir"}),
    "copy": frozenset({"copyreg"}),
    "dataclasses": frozenset({"make_dataclass"}),
    "functools": frozenset({"singledispatch", "singledispatchmethod"}),  # evaluate annotations given as text
    "operator": frozenset({"attrgetter", "methodcaller"}),
    "string": frozenset({"Formatter"}),
    "typing": frozenset({"ForwardRef", "get_type_hints", "evaluate_forward_ref"}),
    "uuid": frozenset({"getnode", "main"}),
}

# Packages that reach networks, files, clouds or databases: pinned or not, they go around the connectors.
REACHING = frozenset(
    "aiobotocore aiofiles aiohttp asyncpg azure boto boto3 botocore cloudpickle cx_Oracle dill docker "
    "duckdb fabric fsspec google grpc gspread h11 httplib2 httpx joblib kafka kubernetes ldap3 minio "
    "motor mysql oracledb paho paramiko peewee pexpect pika playwright psutil psycopg psycopg2 pycurl "
    "pymongo pymssql pymysql pyodbc redis requests s3fs s3transfer selenium sh smart_open snowflake "
    "sqlalchemy sqlmodel tortoise trio twisted urllib3 uvloop websocket websockets zmq".split()
)
# Where a package is imported by another name than it is installed by.
INSTALLED_AS: Mapping[str, str] = {
    "PIL": "pillow", "attr": "attrs", "bs4": "beautifulsoup4", "dateutil": "python-dateutil",
    "docx": "python-docx", "pptx": "python-pptx", "slugify": "python-slugify", "sklearn": "scikit-learn",
    "yaml": "pyyaml",
}  # fmt: skip


def names(module: str, *, in_test: bool) -> frozenset[str] | None:
    """The names of an allowed module that may be used; None where the module may not be imported."""
    if in_test and module in TESTING:
        return TESTING[module]
    return PARTS[module] if module in PARTS else public(module) if module in WHOLE else None


@cache
def public(module: str) -> frozenset[str]:
    """What a module of the standard library offers, without the modules it imports for itself."""
    imported = import_module(module)
    offered = getattr(imported, "__all__", None) or [name for name in dir(imported) if name[0] != "_"]
    usable = {name for name in offered if not isinstance(getattr(imported, name, None), ModuleType)}
    return frozenset(usable - _EXCEPT.get(module, frozenset()))

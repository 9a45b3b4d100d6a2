"""Code as somebody might try to hide it, and code as honest people write it."""

# ruff: noqa: E501, RUF001 - a snippet keeps its lines and its letters

HARD: dict[str, str] = {
    "eval": "def f(x):\n    return eval(x)",
    "eval under another name": "run = eval\ndef f(x):\n    return run(x)",
    "eval as a decorator": "@eval\ndef f(x): ...",
    "eval handed to map": "def f(xs):\n    return list(map(eval, xs))",
    "eval as a sort key": "def f(xs):\n    return sorted(xs, key=exec)",
    "eval as a default": "def f(x, run=eval):\n    return run(x)",
    "eval in mathematical letters": "def f(x):\n    return 𝓮𝓿𝓪𝓵(x)",
    "eval after a lone carriage return": "a = 1  # harmless\rb = eval('2')",
    "code in a comprehension": "xs = [c for c in ().__class__.__base__.__subclasses__()]",
    "dunder import": "x = __import__('os').environ",
    "importlib": "import importlib\nx = importlib.import_module('o' + 's')",
    "builtins by getattr": "import builtins\nf = getattr(builtins, 'ev' + 'al')",
    "builtins by name": "f = __builtins__['open']",
    "builtins through a module of one's own": "from helpers import __builtins__ as tools",
    "getattr with a computed name": "def f(x, a):\n    return getattr(x, '__cla' + a)",
    "getattr with a dunder": "def f(x):\n    return getattr(x, '__globals__')",
    "getattr as a value": "from functools import reduce\ndef f(x, path):\n    return reduce(getattr, path, x)",
    "attrgetter": "from operator import attrgetter\nf = attrgetter('__class__.__mro__')",
    "methodcaller": "import operator\nf = operator.methodcaller('__subclasses__')",
    "a module inside a module": "import json\nf = json.codecs.open",
    "a module inside a module, imported": "from uuid import os",
    "a module inside a private name": "import random\nx = random._os.environ",
    "a module handed on": "import json\nf = [json]\nx = f[0].codecs",
    "sys.modules by way of dataclasses": "import dataclasses\nx = dataclasses.sys.modules['os']",
    "star import": "from json import *",
    "os in a function": "def f():\n    import os\n    return os.environ",
    "a submodule of os": "import os.path as p\nx = p.os.system('id')",
    "ctypes": "from ctypes import CDLL",
    "subprocess": "from subprocess import run as calculate",
    "socket": "import socket as s",
    "boto3": "import boto3\nx = boto3.client('s3')",
    "an http client": "import urllib.request",
    "a pinned http client": "import requests",
    "pickle": "import pickle\nf = pickle.loads",
    "marshal": "import marshal",
    "open": "def f():\n    with open('data.csv') as rows:\n        return rows.read()",
    "pathlib": "from pathlib import Path",
    "io.open": "import io\nx = io.open('data.csv')",
    "proc": "WHERE = '/proc/self/environ'",
    "instance metadata": "WHERE = 'http://169.254.169.254/latest/meta-data'",
    "globals": "def f(name):\n    return globals()[name]",
    "vars": "def f(x):\n    return vars(x)",
    "a function's globals": "def f(): ...\nx = f.__globals__",
    "frames of a generator": "g = (x for x in [1])\nx = g.gi_frame.f_back.f_globals",
    "frames of an error": "try:\n    1 / 0\nexcept ZeroDivisionError as e:\n    x = e.__traceback__.tb_frame",
    "a pattern that reads an attribute": "def f(x):\n    match x:\n        case object(__class__=c):\n            return c",
    "a pattern that reads a key": "def f(x):\n    match x:\n        case {'__globals__': g}:\n            return g",
    "positional pattern by match_args": "class A:\n    __match_args__ = ('a',)",
    "a metaclass": "class A(metaclass=M): ...",
    "a class from parts": "A = type('A', (), {})",
    "a hook on attributes": "def __getattr__(name):\n    return name",
    "code when unpickled": "class A:\n    def __reduce__(self):\n        return print, ('x',)",
    "a format that reads attributes": "x = '{0.__init__.__globals__}'.format(print)",
    "Formatter": "import string\nx = string.Formatter().get_field('0.a', [1], {})",
    "an annotation that is run": "def f(x: \"print('run')\"): ...",
    "annotations evaluated": "from typing import get_type_hints",
    "annotations evaluated by dispatch": "from functools import singledispatch",
    "a class made of text": "from dataclasses import make_dataclass",
    "setattr with a computed name": "def f(x, n, v):\n    setattr(x, n, v)",
    "the platform's own client": "from appguard.runtime.fetch import fetch",
    "the platform's broker built anew": "from appguard.runtime.broker_client import Broker",
    "signing as the function": "import appguard.runtime.signing",
    "an unknown package": "import leftpad",
    "threads": "import threading",
    "asyncio's processes": "import asyncio",
    "sqlite": "import sqlite3",
    "patching in production code": "from unittest.mock import patch",
    "coded text": "import codecs\nx = codecs.decode('riny', 'rot13')",
    "the debugger": "breakpoint()",
    "one name for two modules": (
        "import operator as tools\nf = tools.attrgetter('a')\n\ndef g():\n    import helpers as tools"
    ),
    "files that a built-in prints": "license._Printer__filenames = ['notes']",
    "a format from elsewhere": "def f(text, x):\n    return text.format(x)",
}  # fmt: skip

HARMLESS: dict[str, str] = {
    "days between dates": (
        "from datetime import date, timedelta\n\n"
        "def days(start: date, end: date) -> int:\n"
        '    """Working days."""\n'
        "    span = range((end - start).days + 1)\n"
        "    return sum((start + timedelta(days=n)).weekday() < 5 for n in span)\n"
    ),
    "calling a query": (
        "def balance(broker, person):\n"
        '    rows = broker.query("hr-db", "my_leave_balance", {"person": person})\n'
        '    return [row["remaining_days"] for row in rows]\n'
    ),
    "catching the broker's no": (
        "def read(broker):\n"
        "    try:\n"
        '        return broker.query("hr-db", "team_calendar", {"year": 2026})\n'
        "    except broker.Refused as refused:\n"
        "        return refused.code\n"
    ),
    "a record": (
        "from __future__ import annotations\nfrom dataclasses import dataclass, field\n\n"
        "@dataclass(frozen=True)\nclass Claim:\n    amount: int\n    notes: list[str] = field(default_factory=list)\n"
        '    def __post_init__(self):\n        if self.amount < 0:\n            raise ValueError("no")\n'
    ),
    "money": (
        "from decimal import ROUND_HALF_UP, Decimal\n\n"
        "def rounded(x: str) -> Decimal:\n"
        '    return Decimal(x).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)\n'
    ),
    "an inherited error": (
        "class TooLong(ValueError):\n    def __init__(self, days):\n"
        '        super().__init__(f"{days} days are too many")\n        self.days = days\n'
    ),
    "text and patterns": (
        "import re\nimport textwrap\n\nIBAN = re.compile(r'[A-Z]{2}\\d{2}')\n\n"
        "def valid(text):\n    return bool(IBAN.match(text)) and textwrap.shorten(text, 20)\n"
    ),
    "JSON": "import json\n\ndef read(text):\n    return json.loads(text).get('days', 0)\n",
    "groups": (
        "from collections import Counter, defaultdict\nfrom itertools import groupby\nimport operator\n\n"
        "def by_team(rows):\n    found = defaultdict(list)\n    for row in rows:\n"
        "        found[row['team']].append(row)\n"
        "    return Counter(len(group) for group in found.values()), operator.itemgetter('team')\n"
    ),
    "a fixed text": "GREETING = 'Hello {name}'\n\ndef greet(name):\n    return GREETING.format(name=name)\n",
    "an enumeration": (
        "from enum import Enum\n\nclass Kind(Enum):\n    HOLIDAY = 'holiday'\n    SICK = 'sick'\n\n"
        "def label(kind: Kind) -> str:\n    return kind.name.title()\n"
    ),
    "links as text": "HELP = 'https://intranet.example.com/opt/leave'\n\ndef link():\n    return HELP\n",
    "a module of one's own": "import helpers\nfrom helpers import double\n\ndef f(x):\n    return double(x) + helpers.double(x)\n",
    "an optional attribute": "def note(row):\n    return getattr(row, 'note', None) or type(row).__name__\n",
    "logging": "import logging\n\nlogger = logging.getLogger(__name__)\n\ndef f():\n    logger.info('counted')\n",
    "a pinned package": "import dateutil.rrule\n\ndef f(start):\n    return dateutil.rrule.rrule(dateutil.rrule.DAILY, dtstart=start)\n",
    "an id": "import uuid\nimport hashlib\n\ndef f(x):\n    return uuid.uuid4().hex, hashlib.sha256(x).hexdigest()\n",
    "urls": "import urllib.parse\nfrom collections import abc\n\ndef f(x):\n    return urllib.parse.quote(x), isinstance(x, abc.Sized)\n",
    "an abstract class": (
        "from abc import ABC, abstractmethod\n\nclass Rule(ABC):\n    @abstractmethod\n    def holds(self, row): ...\n\n"
        "    def __repr__(self):\n        return self.__doc__ or 'rule'\n"
    ),
    "main": 'def f():\n    return 1\n\nif __name__ == "__main__":\n    print(f())\n',
    "matching": (
        "def f(answer):\n    match answer:\n        case [int(days), *_]:\n            return days\n"
        "        case _:\n            return 0\n"
    ),
}  # fmt: skip
TEST = (
    "import unittest\nfrom unittest.mock import Mock\n\nimport pytest\n\nfrom logic import f\n\n"
    "@pytest.mark.parametrize('n', [1, 2])\ndef test_it(n):\n    with pytest.raises(ValueError):\n        f(n)\n\n"
    "class Cases(unittest.TestCase):\n    def test_f(self):\n        self.assertEqual(f(Mock()), 1)\n"
)
REQUIREMENTS = b"python-dateutil==2.9.0\nrequests==2.33.0\npandas==2.3.3\nPyYAML==6.0.3\nnumpy==2.4.0\n"
HELPERS = b"import json\n\ndef double(x):\n    return 2 * x\n"

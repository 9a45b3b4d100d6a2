"""The SCIM service as a WSGI application, for clients that speak to one."""

import json
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qsl

from appguard.directory.handler import scim
from tests.unit.connectors.test_handler import CONTEXT

TOKEN = "a-token-of-forty-characters-for-the-tests"
ORIGIN = "https://portal.example.com"
AT = f"{ORIGIN}/scim/v2"


def application(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """A request as the gateway hands it to the function, and its answer."""
    answer = scim(
        {
            "rawPath": environ["PATH_INFO"],
            "headers": {"authorization": environ.get("HTTP_AUTHORIZATION", "")},
            "queryStringParameters": dict(parse_qsl(environ["QUERY_STRING"], keep_blank_values=True)),
            "requestContext": {"http": {"method": environ["REQUEST_METHOD"]}},
            "body": environ["wsgi.input"].read().decode(),
        },
        CONTEXT,
    )
    start(f"{answer['statusCode']} -", list(answer["headers"].items()))
    return [answer["body"].encode()]


def secret(**other: str) -> str:
    """What the secret of the service holds."""
    return json.dumps({"token": TOKEN, **other})

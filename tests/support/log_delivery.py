"""Lines of a gateway's access log, as CloudWatch Logs hands them to a function."""

import json
from base64 import b64encode
from gzip import compress
from typing import Any

UNSIGNED = {
    "requestId": "JKJaXmPLvHcESHA=",
    "time": "24/Nov/2026:23:00:07 +0000",
    "route": "POST /connectors/{name}/queries/{query}",
    "status": "403",
    "integration": "-",
    "ip": "203.0.113.77",
    "caller": "-",
    "milliseconds": "2",
    "error": "Forbidden",
}
"""A request without a signature, as the gateway writes it down."""


def delivery(*lines: Any, at: int, kind: str = "DATA_MESSAGE") -> dict[str, Any]:
    """The function's event; `at` is in milliseconds."""
    packed = {
        "messageType": kind,
        "owner": "123456789012",
        "logGroup": "/aws/apigateway/appguard-connectors",
        "logStream": "apigw-access-0",
        "subscriptionFilters": ["appguard-refusals"],
        "logEvents": [
            {"id": f"3889{n:052d}", "timestamp": at, "message": json.dumps(line)}
            for n, line in enumerate(lines)
        ],
    }
    return {"awslogs": {"data": b64encode(compress(json.dumps(packed).encode())).decode()}}

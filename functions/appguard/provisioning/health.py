"""The event an HTTP API (payload format 2.0) sends for `GET /apps/<id>/healthz`."""

from typing import Any

from appguard.kernel.ids import AppId


def healthz(app_id: AppId) -> dict[str, Any]:
    """Ask the app whether it is well, without signing in."""
    path = f"/apps/{app_id}/healthz"
    return {
        "version": "2.0",
        "routeKey": f"ANY /apps/{app_id}/{{proxy+}}",
        "rawPath": path,
        "rawQueryString": "",
        "headers": {"host": "smoke-test.invalid", "accept": "application/json"},
        "pathParameters": {"proxy": "healthz"},
        "requestContext": {
            "accountId": "000000000000",
            "apiId": "smoke-test",
            "domainName": "smoke-test.invalid",
            "http": {
                "method": "GET",
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": "127.0.0.1",
                "userAgent": "appguard-smoke-test",
            },
            "requestId": "smoke-test",
            "routeKey": f"ANY /apps/{app_id}/{{proxy+}}",
            "stage": "$default",
            "time": "01/Jan/2026:00:00:00 +0000",
            "timeEpoch": 1767225600000,
        },
        "isBase64Encoded": False,
    }

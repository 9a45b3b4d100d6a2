"""A micro app on loopback: the real handler behind a tiny HTTP server, with stand-ins for its neighbours."""

import base64
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

CONTEXT = SimpleNamespace(
    function_name="appguard-app-leave-request",
    memory_limit_in_mb=256,
    invoked_function_arn="arn:aws:lambda:eu-central-1:111122223333:function:appguard-app-leave-request",
    get_remaining_time_in_millis=lambda: 10_000,
    aws_request_id="00000000-0000-0000-0000-000000000000",
)

APP = {
    "app_id": "leave-request",
    "name": "Leave request",
    "description": "Ask for time off, see what you have left, and who of your team is away.",
    "owner": "ana@example.com",
    "pages": [
        {
            "type": "form",
            "id": "ask",
            "title": "Ask for leave",
            "help": "Your manager is told, and decides.",
            "fields": [
                {
                    "name": "leave_type",
                    "type": "choice",
                    "label": "Kind of leave",
                    "choices": ["annual", "parental", "special", "unpaid"],
                    "required": True,
                },
                {
                    "name": "first_day",
                    "type": "date",
                    "label": "First day",
                    "earliest": "2026-01-01",
                    "required": True,
                },
                {
                    "name": "last_day",
                    "type": "date",
                    "label": "Last day",
                    "not_before": "first_day",
                    "help": "The last day you are away, not the day you are back",
                    "required": True,
                },
                {"name": "half_days", "type": "number", "label": "Half days", "minimum": 0, "maximum": 10},
                {"name": "deputy", "type": "email", "label": "E-mail of your deputy"},
                {"name": "reason", "type": "long_text", "label": "Reason", "max_length": 300},
                {
                    "name": "agreed",
                    "type": "checkbox",
                    "label": "I have handed over my work",
                    "required": True,
                },
            ],
            "submit": {
                "connector": "hr-db",
                "command": "request_leave",
                "mapping": (
                    '{"leave_type": leave_type, "starts_on": first_day,'
                    ' "ends_on": last_day, "reason": reason}'
                ),
            },
            "success": "Your request is with your manager.",
        },
        {
            "type": "table",
            "id": "team",
            "title": "Team calendar",
            "help": "Who is away in the next weeks.",
            "source": {"connector": "hr-db", "query": "team_calendar", "mapping": '{"from": today}'},
            "columns": [
                {"name": "employee_name"},
                {"name": "birth_date"},
                {"name": "starts_on", "label": "From"},
                {"name": "ends_on", "label": "To"},
                {"name": "days"},
            ],
            "export": True,
        },
        {
            "type": "table",
            "id": "balance",
            "title": "My balance",
            "source": {"connector": "hr-db", "query": "my_leave_balance"},
            "columns": [{"name": "days"}],
        },
    ],
}

NAMES = ["Ana Ruiz", "Ben Okafor", "Chiara Longo", "Dmitri Sokolov", "Elif Demir", "Femi Ade", "Greta Lind"]
TEAM = {
    "columns": [
        {"name": "employee_name", "label": "Employee", "class": "personal", "masked": False},
        {"name": "birth_date", "label": "Birth date", "class": "personal", "masked": True},
        {"name": "starts_on", "label": "Starts on", "class": "internal", "masked": False},
        {"name": "ends_on", "label": "Ends on", "class": "internal", "masked": False},
        {"name": "days", "label": "Days", "class": "internal", "masked": False},
    ],
    "rows": [
        [NAMES[n % 7], "••••-••-••", f"2026-0{n % 6 + 1}-05", f"2026-0{n % 6 + 1}-{10 + n % 9:02}", 4 + n % 9]
        for n in range(45)
    ],
    "row_count": 45,
    "truncated": False,
}
BLOCKED = {
    "error": {
        "code": "export_blocked",
        "message": "team_calendar returns personal data (birth_date); exports of personal data are blocked.",
        "remediation": "Drop birth_date from the query, or ask the data owner for an exception.",
    }
}


@dataclass
class FakeBroker:
    """Stands where the gateway and the broker stand: wants a signature and a token, remembers calls."""

    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    answers: dict[str, tuple[int, Any]] = field(
        default_factory=lambda: {
            "hr-db/commands/request_leave": (200, {"affected": 1}),
            "hr-db/queries/team_calendar": (200, TEAM),
            "hr-db/queries/team_calendar/export": (403, BLOCKED),
            "hr-db/queries/my_leave_balance": (200, {"columns": [{"name": "days"}], "rows": []}),
        }
    )

    def answer(self, path: str, headers: Any, body: bytes) -> tuple[int, Any]:
        signed = headers.get("authorization", "").startswith("AWS4-HMAC-SHA256 Credential=")
        if not signed or "x-appguard-user-token" not in headers:
            return 403, {"message": "Forbidden"}
        self.calls.append((path, json.loads(body)))
        return self.answers.get(path, (404, {"error": {"code": "not_found", "message": "no such query"}}))


@dataclass(frozen=True)
class Running:
    """A server that answers for the app and for the broker."""

    origin: str
    broker: FakeBroker

    @property
    def app_url(self) -> str:
        return f"{self.origin}/apps/leave-request"


Serve = Callable[[dict[str, Any], Any], dict[str, Any]]


SECRET = {"SecretString": json.dumps({"session_key": "k" * 43})}


class Shim(BaseHTTPRequestHandler):
    """One door for three neighbours: the app, the broker, and AWS."""

    serve: Serve
    broker: FakeBroker

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        if self.path.startswith("/apps/"):
            answer = type(self).serve(self.event(body), CONTEXT)
            lines = [*answer["headers"].items(), *(("set-cookie", line) for line in answer["cookies"])]
            self.reply(answer["statusCode"], lines, answer["body"].encode())
        elif self.path.startswith("/broker/connectors/"):
            path = self.path.removeprefix("/broker/connectors/")
            status, document = self.broker.answer(path, self.headers, body)
            self.reply(status, [("content-type", "application/json")], json.dumps(document).encode())
        elif self.headers.get("x-amz-target") == "secretsmanager.GetSecretValue":
            self.reply(200, [], json.dumps(SECRET).encode())
        else:
            self.reply(404, [], b"")

    do_POST = do_GET  # noqa: N815  the server's name

    def event(self, body: bytes) -> dict[str, Any]:
        address = urlsplit(self.path)
        return {
            "version": "2.0",
            "rawPath": address.path,
            "rawQueryString": address.query,
            "headers": {name.lower(): value for name, value in self.headers.items()},
            "requestContext": {"http": {"method": self.command}, "requestId": "req-1"},
            "body": base64.b64encode(body).decode(),
            "isBase64Encoded": True,
        }

    def reply(self, status: int, lines: list[tuple[str, str]], body: bytes) -> None:
        self.send_response(status)
        for name, value in lines:
            self.send_header(name, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Keep test output quiet."""


@contextmanager
def server(serve: Serve, broker: FakeBroker) -> Iterator[Running]:
    """Serve on a free port of loopback until the block ends."""
    shim = type("Shim", (Shim,), {"serve": staticmethod(serve), "broker": broker})
    http = ThreadingHTTPServer(("127.0.0.1", 0), shim)
    thread = threading.Thread(target=http.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield Running(f"http://127.0.0.1:{http.server_port}", broker)
    finally:
        http.shutdown()
        http.server_close()
        thread.join()


def environment(running: Running, issuer: str) -> dict[str, str]:
    """What the app's stack would tell its function."""
    return {
        "APP_ID": "leave-request",
        "APP_URL": running.app_url,
        "CONNECTORS_URL": f"{running.origin}/broker",
        "OIDC_ISSUER": issuer,
        "OIDC_CLIENT_ID": "appguard",
        "SESSION_SECRET": "appguard/apps/leave-request",
        "POWERTOOLS_SERVICE_NAME": "leave-request",
        "AWS_REGION": "eu-central-1",
        "AWS_ENDPOINT_URL": running.origin,
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
    }

import asyncio
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from infra.local.front import Front
from infra.local.routes import Routes

PORT = 4321
OWN = f"127.0.0.1:{PORT}"
ROUTES = Routes(portal="p0", apps="a0", connectors="c0")


class Emulator(BaseHTTPRequestHandler):
    """Answers with what it was sent."""

    def answer(self):
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        sent = {
            "method": self.command,
            "path": self.path,
            "body": body.decode(),
            "headers": {name.lower(): value for name, value in self.headers.items()},
        }
        reply = json.dumps(sent).encode()
        self.send_response(201)
        self.send_header("Set-Cookie", "a=1")
        self.send_header("Set-Cookie", "b=2")
        self.send_header("Content-Length", str(len(reply)))
        self.end_headers()
        self.wfile.write(reply)

    do_GET = do_POST = answer  # noqa: N815

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def emulator():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Emulator)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def ask(emulator):
    def send(method, path, host=OWN, endpoint=emulator, **kwargs):
        async def once():
            front = Front(ROUTES, PORT, endpoint)
            transport = httpx.ASGITransport(front)
            headers = {"host": host, **kwargs.pop("headers", {})}
            async with httpx.AsyncClient(transport=transport, base_url=f"http://{OWN}") as client:
                return await client.request(method, path, headers=headers, **kwargs)

        return asyncio.run(once())

    return send


@pytest.mark.parametrize(
    ("path", "upstream"),
    [
        ("/", "/_aws/execute-api/p0/$default/"),
        ("/catalog?q=a%20b&q=c", "/_aws/execute-api/p0/$default/catalog?q=a%20b&q=c"),
        ("/apps/leave-request/", "/_aws/execute-api/a0/$default/apps/leave-request/"),
        ("/apps", "/_aws/execute-api/a0/$default/apps"),
        ("/appsolutely", "/_aws/execute-api/p0/$default/appsolutely"),
        ("/a%2Fb", "/_aws/execute-api/p0/$default/a%2Fb"),
        (
            "/_aws/execute-api/c0/$default/connectors/hr-db/queries/x",
            "/_aws/execute-api/c0/$default/connectors/hr-db/queries/x",
        ),
    ],
)
def test_each_path_reaches_its_api(ask, path, upstream):
    assert ask("GET", path).json()["path"] == upstream


@pytest.mark.parametrize(
    "path", ["/_ministack/reset", "/_aws/execute-api/zz/$default/x", "/restapis/x", "/ledger"]
)
def test_the_emulators_own_endpoints_are_out_of_reach(ask, path):
    assert ask("POST", path).json()["path"].startswith("/_aws/execute-api/p0/$default/")


def test_a_path_cannot_climb_out_of_its_api(ask):
    assert ask("GET", "/apps/%2e%2e/%2e%2e/%2e%2e/_ministack/reset").status_code == 400


def test_method_body_status_and_both_cookies_pass_through(ask):
    reply = ask("POST", "/new", content=b"name=x", headers={"content-type": "text/plain"})
    assert reply.status_code == 201
    assert reply.json()["body"] == "name=x"
    assert reply.json()["method"] == "POST"
    assert reply.headers.get_list("set-cookie") == ["a=1", "b=2"]


def test_host_stays_because_signatures_cover_it(ask):
    assert ask("GET", "/").json()["headers"]["host"] == OWN


def test_a_forged_forwarding_header_is_replaced(ask):
    seen = ask("GET", "/", headers={"x-forwarded-host": "evil.example"}).json()["headers"]
    assert seen["x-forwarded-host"] == OWN


def test_a_micro_app_never_sees_the_portals_session(ask):
    cookies = {"cookie": "appguard_session=secret; leave=1; appguard_signin=x"}
    assert ask("GET", "/apps/leave-request/", headers=cookies).json()["headers"]["cookie"] == "leave=1"
    assert "appguard_session=secret" in ask("GET", "/", headers=cookies).json()["headers"]["cookie"]


def test_a_foreign_name_that_resolves_to_loopback_is_refused(ask):
    assert ask("GET", "/", host="evil.example").status_code == 421


def test_localhost_is_sent_to_the_one_origin(ask):
    reply = ask("GET", "/catalog?q=1", host=f"localhost:{PORT}")
    assert reply.status_code == 308
    assert reply.headers["location"] == f"http://{OWN}/catalog?q=1"


def test_a_body_beyond_api_gateways_limit_is_refused(ask):
    assert ask("POST", "/new", content=b"x" * 10_000_001).status_code == 413


def test_an_emulator_that_is_down_is_named_as_the_reason(ask):
    reply = ask("GET", "/", endpoint="http://127.0.0.1:9")
    assert reply.status_code == 502
    assert "appguard up" in reply.text


def test_one_visitors_cookies_are_never_sent_for_the_next(emulator):
    async def two_visitors():
        front = Front(ROUTES, PORT, emulator)
        replies = []
        for _ in range(2):
            transport = httpx.ASGITransport(front)
            async with httpx.AsyncClient(transport=transport, base_url=f"http://{OWN}") as visitor:
                replies.append(await visitor.get("/"))
        return replies

    first, second = asyncio.run(two_visitors())
    assert "a=1" in first.headers["set-cookie"]
    assert "cookie" not in second.json()["headers"]

"""One origin for portal, apps and broker, as API Gateway's custom domains give on AWS.

Browsers reach the emulator only through here: every path lands inside one of our three HTTP APIs, so
the emulator's own endpoints (`/_ministack/reset`, the AWS API) are out of reach of any web page.
"""

import argparse
import asyncio
from collections.abc import Awaitable, Callable, Iterable
from http import HTTPStatus
from http.cookiejar import DefaultCookiePolicy
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import unquote

import httpx
import uvicorn

from infra.local.ports import LOOPBACK
from infra.local.routes import Routes

Headers = list[tuple[bytes, bytes]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[dict[str, Any]]]

BODY_LIMIT = 10_000_000  # API Gateway's own
HOP_BY_HOP = {
    b"connection",
    b"keep-alive",
    b"transfer-encoding",
    b"upgrade",
    b"te",
    b"trailer",
    b"proxy-connection",
}
FORWARDED = {b"x-forwarded-proto", b"x-forwarded-host", b"x-forwarded-for", b"forwarded"}
# On AWS portal and apps have hosts of their own; here a micro app must not see the portal's session.
PORTAL_COOKIES = ("appguard_session", "appguard_signin")
PATIENCE = httpx.Timeout(35.0, connect=2.0)


class Refused(Exception):
    """A request we do not pass on."""

    def __init__(self, status: HTTPStatus, location: str = "") -> None:
        super().__init__(status.phrase)
        self.status, self.location = status, location


class Front:
    """The ASGI application."""

    def __init__(self, routes: Routes, port: int, endpoint: str) -> None:
        self._routes, self._port = routes, port
        self._endpoint = httpx.URL(endpoint)
        self._client = httpx.AsyncClient(timeout=PATIENCE, limits=httpx.Limits(max_connections=256))
        # The client serves everybody: it must never keep one visitor's cookies and send them for the next.
        self._client.cookies.jar.set_policy(DefaultCookiePolicy(allowed_domains=[]))

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        try:
            answer = await self._pass_on(scope, receive)
        except Refused as refused:
            extra = [(b"location", refused.location.encode())] if refused.location else []
            await _reply(send, refused.status, extra, refused.status.phrase.encode())
        except httpx.HTTPError:
            await _reply(
                send, HTTPStatus.BAD_GATEWAY, [], b"The local platform does not answer; try `appguard up`."
            )
        else:
            await _reply(send, answer.status_code, _end_to_end(answer.headers.raw), answer.content)

    async def _pass_on(self, scope: dict[str, Any], receive: Receive) -> httpx.Response:
        headers: Headers = list(scope["headers"])
        path: str = scope["raw_path"].decode("latin-1")
        query: bytes = scope["query_string"]
        self._check_host(dict(headers).get(b"host", b"").decode("latin-1"), path, query)
        if ".." in unquote(path).split("/"):
            raise Refused(HTTPStatus.BAD_REQUEST)
        target = self._routes.upstream(path).encode("latin-1") + (b"?" + query if query else b"")
        request = self._client.build_request(
            scope["method"],
            self._endpoint.copy_with(raw_path=target),
            headers=_forwarded(headers, for_app=path.startswith("/apps/")),
            content=await _body(receive),
        )
        return await self._client.send(request)

    def _check_host(self, host: str, path: str, query: bytes) -> None:
        """Answer to our own name only: a foreign name that resolves to loopback is an attack."""
        own = f"{LOOPBACK}:{self._port}"
        if host == f"localhost:{self._port}":
            asked = path + ("?" + query.decode("latin-1") if query else "")
            raise Refused(HTTPStatus.PERMANENT_REDIRECT, f"http://{own}{asked}")
        if host != own:
            raise Refused(HTTPStatus.MISDIRECTED_REQUEST)


def _forwarded(headers: Headers, *, for_app: bool) -> Headers:
    """The request's headers as the API receives them; Host stays, because signatures cover it."""
    kept = [(name, value) for name, value in _end_to_end(headers) if name not in FORWARDED]
    if for_app:
        kept = [
            (name, _without(value, PORTAL_COOKIES) if name == b"cookie" else value) for name, value in kept
        ]
    host = dict(headers).get(b"host", b"")
    return [
        *kept,
        (b"x-forwarded-proto", b"http"),
        (b"x-forwarded-host", host),
        (b"x-forwarded-for", LOOPBACK.encode()),
    ]


def _without(cookies: bytes, names: Iterable[str]) -> bytes:
    """A Cookie header without these cookies; a header that cannot be read is dropped whole."""
    try:
        read = SimpleCookie(cookies.decode("latin-1"))
    except CookieError:
        return b""
    pairs = [f"{name}={morsel.coded_value}" for name, morsel in read.items() if name not in names]
    return "; ".join(pairs).encode("latin-1")


def _end_to_end(headers: Iterable[tuple[bytes, bytes]]) -> Headers:
    """Headers without those that concern one connection only."""
    return [(name.lower(), value) for name, value in headers if name.lower() not in HOP_BY_HOP]


async def _body(receive: Receive) -> bytes:
    """The whole body, up to what API Gateway takes."""
    read = bytearray()
    while True:
        message = await receive()
        read += message.get("body", b"")
        if len(read) > BODY_LIMIT:
            raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        if not message.get("more_body"):
            return bytes(read)


async def _reply(send: Send, status: int, headers: Headers, body: bytes) -> None:
    """Send one answer. The length is ours to say: httpx has undone any content encoding."""
    drop = {b"content-length", b"content-encoding"}
    own = [(b"content-length", str(len(body)).encode())]
    kept = [(name, value) for name, value in headers if name not in drop]
    await send({"type": "http.response.start", "status": int(status), "headers": [*kept, *own]})
    await send({"type": "http.response.body", "body": body})


def main() -> None:
    """Serve until stopped: `python -m infra.local.front --port P --endpoint URL --portal ID --apps ID …`."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    for name in ("endpoint", "portal", "apps", "connectors"):
        parser.add_argument(f"--{name}", required=True)
    asked = parser.parse_args()
    front = Front(Routes(asked.portal, asked.apps, asked.connectors), asked.port, asked.endpoint)
    config = uvicorn.Config(
        front,
        host=LOOPBACK,
        port=asked.port,
        log_level="warning",
        access_log=False,
        lifespan="off",
        server_header=False,
    )
    asyncio.run(uvicorn.Server(config).serve())


if __name__ == "__main__":
    main()

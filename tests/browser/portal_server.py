"""The portal behind a plain HTTP server, for browsers: each request becomes a gateway event."""

import base64
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from appguard.portal.handler import serve
from tests.unit.portal.world import event


class Gateway(BaseHTTPRequestHandler):
    """Translates like an HTTP API with payload format 2.0."""

    lock = threading.Lock()

    def do_GET(self) -> None:
        self._answer("")

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers.get("content-length", 0))).decode())

    def _answer(self, body: str) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        cookies = [part.strip() for part in headers.pop("cookie", "").split(";") if part.strip()]
        with self.lock:  # a Lambda worker answers one request at a time
            answer: dict[str, Any] = serve(event(self.command, self.path, body, headers, cookies), None)
        raw = answer.get("body") or ""
        content = base64.b64decode(raw) if answer.get("isBase64Encoded") else raw.encode()
        self.send_response(answer["statusCode"])
        for name, value in answer.get("headers", {}).items():
            self.send_header(name, value)
        for cookie in answer.get("cookies", []):
            self.send_header("set-cookie", cookie)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        """Quiet."""


@contextmanager
def listening() -> Iterator[str]:
    """The portal at a free local address, which is its origin, until the block ends."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Gateway)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

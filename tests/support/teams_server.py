"""A channel's webhook in Teams on loopback: takes cards as workflows do, and has bad days."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.support.running import running

PATH = "/workflows/1/triggers/manual/paths/invoke?sig=workflow-signature"
LARGEST = 28 * 1024
"""Teams takes no larger message."""


@dataclass
class Teams:
    """What it took; `statuses` are used up by requests, one each, 0 ends the connection."""

    port: int = 0
    taken: list[dict[str, Any]] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}{PATH}"

    def answer(self, path: str, body: bytes) -> int:
        if self.statuses:
            return self.statuses.pop(0)
        if path != PATH:
            return 401
        if len(body) > LARGEST:
            return 413
        self.taken.append(json.loads(body))
        return 202


@contextmanager
def serving(port: int = 0) -> Iterator[Teams]:
    """A webhook that listens."""
    teams = Teams()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            status = teams.answer(self.path, self.rfile.read(int(self.headers["content-length"])))
            if status == 0:
                self.close_connection = True
                return
            self.send_response(status)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """The test looks at what was taken."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    with running(server) as teams.port:
        yield teams

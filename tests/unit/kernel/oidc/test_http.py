from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from appguard.kernel.errors import Misconfigured, Unavailable
from appguard.kernel.oidc.http import MAX_BYTES, Declined, fetch


@contextmanager
def answering(status: int, body: bytes = b"{}", **headers: str) -> Iterator[str]:
    class Answer(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET  # noqa: N815 - http.server calls it so

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        Thread(target=server.handle_request, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"


@pytest.mark.parametrize(
    "url", ["http://id.example.com/", "file:///etc/passwd", "ftp://127.0.0.1/x", "data:,x"]
)
def test_only_tls_is_spoken_but_on_this_machine(url):
    with pytest.raises(Misconfigured):
        fetch(url)


def test_a_small_document_is_read():
    with answering(200, b'{"a": 1}') as url:
        assert fetch(url) == b'{"a": 1}'


def test_an_endless_document_is_not_read_to_its_end():
    with answering(200, b" " * (MAX_BYTES + 10)) as url, pytest.raises(Unavailable):
        fetch(url)


def test_a_redirect_leads_nowhere():
    with answering(302, Location="http://127.0.0.1:9/") as url, pytest.raises(Unavailable):
        fetch(url)


@pytest.mark.parametrize(
    ("status", "error"), [(400, Declined), (401, Declined), (404, Unavailable), (500, Unavailable)]
)
def test_a_no_and_a_failure_are_told_apart(status, error):
    with answering(status) as url, pytest.raises(error):
        fetch(url, b"code=1")


def test_nobody_there_is_unavailable():
    with pytest.raises(Unavailable):
        fetch("http://127.0.0.1:9/")

"""The internet's part is played by a server on this machine; urllib3 treats http as it does https."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from appguard.kernel.errors import Unavailable
from appguard.packages.download import download


class Answers(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        code = int(self.path[1:])
        self.send_response(code)
        if code == 302:
            self.send_header("Location", "/200")
        self.end_headers()
        self.wfile.write(b"0123456789")

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_what_is_there_and_what_is_not(site: str) -> None:
    assert download(f"{site}/200", largest=10, seconds=5) == b"0123456789"
    assert download(f"{site}/404", largest=10, seconds=5) is None


@pytest.mark.parametrize(("path", "largest"), [("500", 10), ("302", 10), ("200", 9)])
def test_errors_redirects_and_too_much_are_no_answer(site: str, path: str, largest: int) -> None:
    with pytest.raises(Unavailable):
        download(f"{site}/{path}", largest=largest, seconds=5)


def test_nobody_there_is_no_answer() -> None:
    with pytest.raises(Unavailable):
        download("http://127.0.0.1:9/x", largest=1, seconds=1)

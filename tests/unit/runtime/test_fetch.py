import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from appguard.kernel.errors import Unavailable
from appguard.runtime import fetch as fetching
from appguard.runtime.fetch import fetch


@contextmanager
def answering(respond):
    class Shim(BaseHTTPRequestHandler):
        def do_GET(self):
            respond(self)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Shim)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def send(handler, status, body=b"", **headers):
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.send_header("content-length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def test_a_path_with_a_dollar_sign_arrives_as_it_was_signed():
    seen = []
    with answering(lambda h: (seen.append(h.path), send(h, 200, b"ok"))) as base:
        assert fetch("GET", f"{base}/$default/connectors/x").body == b"ok"
    assert seen == ["/$default/connectors/x"]


def test_redirects_are_not_followed():
    with answering(lambda h: send(h, 302, location="http://127.0.0.1:9/")) as base:
        assert fetch("GET", base).status == 302


def test_nobody_there_is_unavailable():
    with answering(lambda h: send(h, 200)) as base:
        pass
    with pytest.raises(Unavailable):
        fetch("GET", base)


def test_a_slow_answer_is_given_up():
    released = threading.Event()
    with answering(lambda h: (released.wait(5), send(h, 200))) as base:
        try:
            with pytest.raises(Unavailable):
                fetch("GET", base, seconds=0.2)
        finally:
            released.set()


def test_an_answer_too_large_is_refused(monkeypatch):
    monkeypatch.setattr(fetching, "LARGEST_REPLY", 10)
    with answering(lambda h: send(h, 200, b"x" * 11)) as base, pytest.raises(Unavailable, match="larger"):
        fetch("GET", base)

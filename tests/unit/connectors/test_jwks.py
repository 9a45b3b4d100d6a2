import json
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from appguard.connectors.jwks import MAX_BYTES, KeySource, fetch
from appguard.kernel.errors import Unavailable

GOOD = "https://good.example.com"


def source(discovery, keys=None):
    documents = {
        f"{GOOD}/.well-known/openid-configuration": discovery,
        f"{GOOD}/jwks": keys or {"keys": []},
    }
    return KeySource(GOOD, lambda url: json.dumps(documents[url]).encode())


@pytest.mark.parametrize(
    "discovery",
    [
        {"issuer": "https://other.example.com", "jwks_uri": f"{GOOD}/jwks"},
        {"issuer": GOOD, "jwks_uri": "http://good.example.com/jwks"},
        {"issuer": GOOD, "jwks_uri": "file:///etc/passwd"},
        {"issuer": GOOD},
        [],
        None,
    ],
    ids=str,
)
def test_keys_come_only_from_where_the_issuer_itself_says(discovery):
    with pytest.raises(Unavailable):
        source(discovery).candidates(None, "RS256")


def test_a_secret_in_the_key_set_is_never_a_verification_key():
    shared = {"kty": "oct", "k": "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3JldA", "kid": "s"}
    keys = source({"issuer": GOOD, "jwks_uri": f"{GOOD}/jwks"}, {"keys": [shared]})
    assert keys.candidates("s", "RS256") == []
    assert keys.candidates(None, "ES256") == []


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://example.com/x", "data:,x"])
def test_only_http_is_fetched(url):
    with pytest.raises(ValueError, match="http"):
        fetch(url)


def test_an_endless_document_is_not_read_to_its_end():
    class Endless(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b" " * (MAX_BYTES + 10))

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Endless) as server:
        Thread(target=server.handle_request, daemon=True).start()
        with pytest.raises(ValueError, match="too large"):
            fetch(f"http://127.0.0.1:{server.server_port}/")

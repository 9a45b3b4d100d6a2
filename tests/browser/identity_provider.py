"""The local target's identity provider, on a port of its own."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from werkzeug.serving import make_server

from infra.local.oidc import create_app


@contextmanager
def provider(origin: str, key: Path) -> Iterator[str]:
    """Its issuer's address, while it runs; it insists on PKCE."""
    http = make_server("127.0.0.1", 0, create_app(origin, key), threaded=True)
    thread = threading.Thread(target=http.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{http.server_port}"
    finally:
        http.shutdown()
        http.server_close()
        thread.join()

"""A Vault on loopback, as far as we use its API: sign-in by IAM, tokens with a life, key-value version 2."""

import json
import threading
from base64 import b64decode
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


class Vault:
    """Its state, and switches to make it behave as Vaults do on bad days."""

    def __init__(self) -> None:
        self.versions: dict[str, list[dict[str, Any]]] = {}
        self.tokens: dict[str, bool] = {}
        self.asked: Counter[str] = Counter()
        self.signed: list[dict[str, Any]] = []
        self.sealed, self.renewable, self.admits = False, True, True
        self.stumbles, self.forbids = 0, frozenset[str]()
        self.lease = 3600
        self._lock = threading.Lock()

    def put(self, name: str, **content: str) -> None:
        """As somebody would by hand."""
        self.versions.setdefault(name, []).append({"data": content, "at": datetime.now(UTC).isoformat()})

    def forget_tokens(self) -> None:
        """As after a revocation."""
        self.tokens.clear()

    def answer(self, method: str, path: str, token: str, body: Any) -> tuple[int, Any]:
        with self._lock:
            parts = urlsplit(path)
            self.asked[f"{method} {parts.path}"] += 1
            if self.sealed:
                return 503, {"errors": ["Vault is sealed"]}
            if self.stumbles:
                self.stumbles -= 1
                return 500, {"errors": ["internal error: password=should-never-be-logged"]}
            if parts.path == "/v1/auth/aws/login":
                return self._login(body)
            engine, kind, name = parts.path.removeprefix("/v1/").split("/", 2)
            if token not in self.tokens or name in self.forbids:
                return 403, {"errors": ["permission denied"]}
            if (engine, name) == ("auth", "renew-self"):
                return (200, self._auth(token)) if self.tokens[token] else (403, {"errors": ["no"]})
            asked = parse_qs(parts.query)
            return getattr(self, f"_{method.lower()}_{kind}")(name, body, int(asked.get("version", ["0"])[0]))

    def _login(self, body: Any) -> tuple[int, Any]:
        headers = json.loads(b64decode(body["iam_request_headers"]))
        self.signed.append({name.lower(): value for name, value in headers.items()} | {"role": body["role"]})
        if not self.admits or "x-vault-aws-iam-server-id" not in headers["Authorization"][0].lower():
            return 400, {"errors": ["entry for role not found"]}
        token = f"token-{len(self.signed)}"
        self.tokens[token] = self.renewable
        return 200, self._auth(token)

    def _auth(self, token: str) -> Any:
        renewable = self.tokens[token]
        return {"auth": {"client_token": token, "lease_duration": self.lease, "renewable": renewable}}

    def _get_data(self, name: str, _body: Any, number: int) -> tuple[int, Any]:
        versions = self.versions.get(name, [])
        if not versions or number > len(versions):
            return 404, {"errors": []}
        number = number or len(versions)
        return 200, {"data": {"data": versions[number - 1]["data"], "metadata": {"version": number}}}

    def _post_data(self, name: str, body: Any, _number: int) -> tuple[int, Any]:
        if body["options"]["cas"] != len(self.versions.get(name, [])):
            return 400, {"errors": ["check-and-set parameter did not match the current version"]}
        self.put(name, **body["data"])
        return 200, {"data": {"version": len(self.versions[name])}}

    def _get_metadata(self, name: str, _body: Any, _number: int) -> tuple[int, Any]:
        if name not in self.versions:
            return 404, {"errors": []}
        return 200, {"data": {"updated_time": self.versions[name][-1]["at"]}}

    def _delete_metadata(self, name: str, _body: Any, _number: int) -> tuple[int, Any]:
        self.versions.pop(name, None)
        return 204, None


@contextmanager
def running(vault: Vault) -> Iterator[str]:
    """Its address while it runs."""

    class Handler(BaseHTTPRequestHandler):
        def _any(self) -> None:
            length = int(self.headers.get("content-length") or 0)
            body = json.loads(self.rfile.read(length)) if length else None
            token = self.headers.get("x-vault-token", "")
            status, said = vault.answer(self.command, self.path, token, body)
            content = json.dumps(said).encode() if said is not None else b""
            self.send_response(status)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_DELETE = _any  # noqa: N815 - the names http.server looks for

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()

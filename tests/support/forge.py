"""A Git service's CI: signs identity tokens as GitHub's or GitLab's does, over HTTP or handed in."""

import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

from appguard.kernel.errors import Unavailable

GITHUB = "https://token.actions.githubusercontent.com"
GITLAB = "https://gitlab.example.com"
PORTAL = "https://appguard.example.com"
COMMIT = "c0ffee" + "0" * 34
REPOSITORY = "https://github.com/example/defects"
BEARER = "the-runs-own-request-token"
"""What GitHub's runner holds to ask for tokens of its run."""


@dataclass
class CiIssuer:
    """The issuer of CI tokens: its keys, what it published, and how often it was asked."""

    url: str = GITHUB
    key: RSAKey = field(default_factory=lambda: new_key("k1"))
    published: list[RSAKey] = field(default_factory=list)
    fetched: list[str] = field(default_factory=list)
    down: bool = False

    def __post_init__(self) -> None:
        self.published = [self.key]

    def rotate(self) -> None:
        """Sign by a new key from now on; the old one is published no more."""
        self.key = new_key(secrets.token_hex(4))
        self.published = [self.key]

    def fetch(self, url: str, form: bytes | None = None) -> bytes:
        """Its documents. Like GitHub's, its discovery names nowhere to sign in."""
        self.fetched.append(url)
        if self.down:
            raise Unavailable("no route")
        if url.endswith("/.well-known/openid-configuration"):
            about = {"issuer": self.url, "jwks_uri": f"{self.url}/.well-known/jwks"}
            return json.dumps(about).encode()
        return json.dumps({"keys": [key.as_dict(private=False) for key in self.published]}).encode()

    def token(self, key: RSAKey | None = None, **claims: Any) -> str:
        """A token of a push to the protected main branch, unless `claims` say otherwise."""
        signer = key or self.key
        said = (gitlab if self.url == GITLAB else github)() | {"iss": self.url} | claims
        present = {name: value for name, value in said.items() if value is not None}
        return jwt.encode({"alg": "RS256", "typ": "JWT", "kid": signer.kid}, present, signer)


def new_key(kid: str) -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": kid, "use": "sig"})


def _times(now: datetime | None = None) -> dict[str, int]:
    at = int((now or datetime.now(UTC)).timestamp())
    return {"iat": at, "nbf": at - 300, "exp": at + 300}


def github() -> dict[str, Any]:
    """The claims of https://docs.github.com/actions/reference/openid-connect-reference."""
    return {
        "jti": secrets.token_hex(16),
        "sub": "repo:example/defects:ref:refs/heads/main",
        "aud": PORTAL,
        "ref": "refs/heads/main",
        "ref_type": "branch",
        "ref_protected": "true",
        "sha": COMMIT,
        "repository": "example/defects",
        "repository_owner": "example",
        "repository_visibility": "private",
        "repository_id": "74",
        "actor": "octocat",
        "actor_id": "12",
        "workflow": "AppGuard",
        "workflow_ref": "example/defects/.github/workflows/check.yml@refs/heads/main",
        "workflow_sha": COMMIT,
        "event_name": "push",
        "run_id": "1",
        "run_attempt": "1",
        "runner_environment": "github-hosted",
        **_times(),
    }


def gitlab() -> dict[str, Any]:
    """The claims of https://docs.gitlab.com/ci/secrets/id_token_authentication/."""
    return {
        "jti": secrets.token_hex(16),
        "sub": "project_path:people/tools/defects:ref_type:branch:ref:main",
        "aud": PORTAL,
        "namespace_path": "people/tools",
        "project_path": "people/tools/defects",
        "user_login": "tanuki",
        "user_email": "tanuki@example.com",
        "pipeline_source": "push",
        "ref": "main",
        "ref_type": "branch",
        "ref_path": "refs/heads/main",
        "ref_protected": "true",
        "sha": COMMIT,
        "ci_config_ref_uri": "gitlab.example.com/people/tools/defects//.gitlab-ci.yml@refs/heads/main",
        **_times(),
    }


def run_of(issuer: CiIssuer, workspace: Path, **claims: str) -> dict[str, str]:
    """The variables of a run whose repository was checked out into `workspace`."""
    return {
        "GITHUB_WORKSPACE": str(workspace),
        "ACTIONS_ID_TOKEN_REQUEST_URL": f"{issuer.url}/token?{urlencode({'actor': 'octocat'} | claims)}",
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN": BEARER,
    }


@contextmanager
def served() -> Iterator[CiIssuer]:
    """The issuer on a port of this machine, with GitHub's endpoint for a run's tokens at `/token`.

    What the run is stands in that address, as it does in GitHub's: `/token?repository=example/defects`.
    """
    issuer = CiIssuer()

    class Pages(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = urlsplit(self.path)
            if asked.path != "/token":
                self._answer(issuer.fetch(issuer.url + asked.path))
            elif self.headers["authorization"] != f"Bearer {BEARER}":
                self.send_error(401)
            else:
                claims = {name: values[0] for name, values in parse_qs(asked.query).items()}
                token = issuer.token(aud=claims.pop("audience"), **claims)
                self._answer(json.dumps({"value": token}).encode())

        def _answer(self, body: bytes) -> None:
            self.send_response(200)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    issuer.url = f"http://127.0.0.1:{server.server_port}"
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield issuer
    finally:
        server.shutdown()
        server.server_close()

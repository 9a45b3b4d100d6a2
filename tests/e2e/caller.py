"""Somebody who asks the connector API over HTTP: a micro app that behaves, or anybody else."""

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from infra.local.emulator import REGION
from infra.local.people import CLIENT_ID
from infra.local.platform import Endpoints

VERIFIER = "v" * 64
TOKEN = "x-appguard-user-token"


@dataclass
class Caller:
    """Whoever has these credentials; `region` and `service` are what its signatures speak of."""

    endpoints: Endpoints
    credentials: Credentials
    region: str = REGION
    service: str = "execute-api"
    tokens: dict[str, str] = field(default_factory=dict)

    def ask(self, person: str, path: str, **parameters: Any) -> httpx.Response:
        """What an app does: POST to the broker, signed by its role, with its user's token."""
        return self.send(path, {TOKEN: self.token(person)}, {"parameters": parameters})

    def export(self, person: str, path: str, form: str, **parameters: Any) -> httpx.Response:
        """Ask a query for a file."""
        about = {"format": form, "purpose": "To try it out end to end", "parameters": parameters}
        return self.send(f"{path}/export", {TOKEN: self.token(person)}, about)

    def send(
        self, path: str, headers: Mapping[str, str], body: Any = None, method: str = "POST"
    ) -> httpx.Response:
        """Sign and send; a body that is bytes goes as it is."""
        return delivered(self.signed(path, headers, body, method))

    def signed(
        self, path: str, headers: Mapping[str, str], body: Any = None, method: str = "POST"
    ) -> AWSRequest:
        """The request as it would leave: changed afterwards, the signature no longer fits."""
        content = body if isinstance(body, bytes) else json.dumps(body or {}).encode()
        url = f"{self.endpoints.connectors}/connectors/{path}"
        request = AWSRequest(
            method, url, data=content, headers={"content-type": "application/json", **headers}
        )
        SigV4Auth(self.credentials, self.service, self.region).add_auth(request)
        return request

    def saying(self, **otherwise: str) -> "Caller":
        """The same caller whose signatures speak of another region or service."""
        return replace(self, **otherwise)  # type: ignore[arg-type]

    def token(self, person: str) -> str:
        """An ID token, by the code flow with PKCE a browser would go through; asked for once."""
        if person not in self.tokens:
            self.tokens[person] = self._sign_in(person)
        return self.tokens[person]

    def _sign_in(self, person: str) -> str:
        challenge = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
        issuer, redirect = self.endpoints.oidc_issuer, f"{self.endpoints.portal}/callback"
        asked = {
            "client_id": CLIENT_ID,
            "redirect_uri": redirect,
            "response_type": "code",
            "scope": "openid email profile",
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        sent = _client().post(f"{issuer}/oauth2/authorize", params=asked, data={"sub": person})
        code = parse_qs(urlsplit(sent.headers["location"]).query)["code"][0]
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "client_id": CLIENT_ID,
            "redirect_uri": redirect,
            "code_verifier": VERIFIER,
        }
        return str(_client().post(f"{issuer}/oauth2/token", data=form).json()["id_token"])


@cache
def _client() -> httpx.Client:
    """One for all: what takes time about a client is reading certificates, which loopback needs none of."""
    return httpx.Client(timeout=120, verify=False)


def delivered(request: AWSRequest) -> httpx.Response:
    """The answer to a request sent as it is: no path is tidied, no header added."""
    split = urlsplit(request.url)
    target = f"{split.path}?{split.query}" if split.query else split.path
    plain = _client().build_request(
        request.method,
        f"{split.scheme}://{split.netloc}/",
        content=request.body,
        headers=dict(request.headers.items()),
        extensions={"target": target.encode()},
    )
    return _client().send(plain)

"""The local identity provider: oidc-provider-mock made as strict as the one a company has.

The package issues tokens and speaks the protocol. Added here, and nothing more: one registered public
client that must use PKCE (S256) and may redirect to our origin or a command line only, a signing
key that survives restarts and is named by `kid`, the listed people and nobody else, no debugger.
"""

import argparse
import os
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import flask
import oidc_provider_mock
from authlib import jose
from authlib.oauth2.rfc6749 import InvalidRequestError
from authlib.oauth2.rfc7636 import CodeChallenge
from jinja2 import ChoiceLoader, FileSystemLoader
from oidc_provider_mock import _app as mock
from oidc_provider_mock._storage import AuthorizationCode, Client, Storage, User
from werkzeug.serving import make_server

from infra.local.people import CLIENT_ID, PEOPLE, Listed
from infra.local.ports import LOOPBACK

PAGES = Path(__file__).with_name("templates")
SHOWN = {"/.well-known/openid-configuration", "/jwks", "/oauth2/authorize", "/oauth2/token", "/userinfo"}
SIGN_OUT = {"/oauth2/end_session", "/oauth2/end_session/confirm"}
COMMAND = re.compile(rf"http://{re.escape(LOOPBACK)}:\d{{1,5}}/callback")
TOKENS_LAST = timedelta(hours=1)


@dataclass(kw_only=True, frozen=True)
class OwnClient(Client):  # type: ignore[misc]
    """The one client: public, and redirected to its own origin or to a command's loopback port (RFC 8252)."""

    origin: str

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri.startswith(self.origin + "/") or bool(COMMAND.fullmatch(redirect_uri))

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


@dataclass(kw_only=True, frozen=True)
class ChallengedCode(AuthorizationCode):  # type: ignore[misc]
    """An authorization code that only the holder of the verifier can redeem (RFC 7636)."""

    code_challenge: str
    code_challenge_method: str
    auth_time: int

    def get_auth_time(self) -> int:
        """When the person was picked from the list: this provider keeps no session of its own."""
        return self.auth_time


class S256(CodeChallenge):  # type: ignore[misc]
    """PKCE, obligatory and hashed: OAuth 2.1 knows no other kind."""

    SUPPORTED_CODE_CHALLENGE_METHOD = ("S256",)

    def validate_code_challenge(self, grant: Any, redirect_uri: str) -> None:
        asked = grant.request.payload.data
        if not asked.get("code_challenge") or asked.get("code_challenge_method") != "S256":
            raise InvalidRequestError("PKCE with code_challenge_method=S256 is required")
        super().validate_code_challenge(grant, redirect_uri)


class PublicCodeGrant(mock.AuthorizationCodeGrant):  # type: ignore[misc]
    """The authorization code grant of a client that keeps no secret."""

    TOKEN_ENDPOINT_AUTH_METHODS = ("none",)

    def save_authorization_code(self, code: str, request: Any) -> None:
        asked = request.payload.data
        flask.g.oidc_provider_mock_storage.store_authorization_code(
            ChallengedCode(
                code=code,
                user_id=request.user.sub,
                client_id=request.client.id,
                redirect_uri=request.payload.redirect_uri,
                scope=request.payload.scope,
                nonce=asked.get("nonce"),
                code_challenge=asked["code_challenge"],
                code_challenge_method=asked["code_challenge_method"],
                auth_time=int(time.time()),
            )
        )


class KeyedOpenId(mock.OpenIDCode):  # type: ignore[misc]
    """ID tokens that name their key, so that verifiers can pick it from the JWKS."""

    def get_encode_header(self, client: Any) -> dict[str, str]:
        return {"alg": "RS256", "kid": flask.g.oidc_provider_mock_storage.jwk.as_dict()["kid"]}


def create_app(origin: str, key_file: Path, people: Sequence[Listed] = PEOPLE) -> flask.Flask:
    """The provider for the portal and the apps at `origin`."""
    app = flask.Flask("oidc_provider_mock._app")
    users = [User(sub=person.email, claims=person.claims()) for person in people]
    oidc_provider_mock.init_app(
        app, issue_refresh_token=False, access_token_max_age=TOKENS_LAST, user_claims=users
    )
    app.debug = False
    app.wsgi_app = app.wsgi_app.app  # type: ignore[method-assign, attr-defined]  # without werkzeug's debugger
    app.config["TRUSTED_HOSTS"] = [LOOPBACK]
    app.jinja_loader = ChoiceLoader([FileSystemLoader(PAGES), app.jinja_loader])  # type: ignore[list-item]
    app.jinja_env.globals["people"] = people
    _harden(app, origin, key_file)
    app.before_request(_only_sign_in)
    return app


def _harden(app: flask.Flask, origin: str, key_file: Path) -> None:
    """Replace key, client and grants of the mock, which keeps them in `flask.g`."""
    with app.test_request_context():
        app.preprocess_request()
        storage: Storage = flask.g.oidc_provider_mock_storage
        server = flask.g._authlib_authorization_server
    storage.jwk = _signing_key(key_file)
    storage.store_client(
        OwnClient(
            id=CLIENT_ID,
            secret="",
            redirect_uris=(),
            allowed_scopes=Client.SCOPES_SUPPORTED,
            token_endpoint_auth_method="none",  # noqa: S106
            origin=origin,
        )
    )
    server._authorization_grants.clear()
    server._token_grants.clear()
    openid = KeyedOpenId(require_nonce=False, token_max_age=TOKENS_LAST)
    server.register_grant(PublicCodeGrant, [openid, S256(required=True)])


def _signing_key(file: Path) -> Any:
    """The RSA key of this installation, made once: sessions outlive a restart of the provider."""
    if not file.exists():
        key = jose.RSAKey.generate_key(is_private=True)
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as out:
            out.write(key.as_pem(is_private=True))
    return jose.RSAKey.import_key(file.read_bytes())


def _only_sign_in() -> flask.Response | None:
    """Refuse the mock's administration (any web page could call it), other clients and unlisted people."""
    request = flask.request
    if request.path not in SHOWN | SIGN_OUT:
        return flask.Response("Not part of this provider.", 404)
    if request.path != "/oauth2/authorize":
        return None
    if request.args.get("client_id") != CLIENT_ID:
        return flask.Response("Unknown client.", 400)
    known = {person.email for person in flask.current_app.jinja_env.globals["people"]}  # type: ignore[attr-defined]
    if request.method == "POST" and request.form.get("sub") not in known and not request.form.get("action"):
        return flask.Response("No such person.", 403)
    return None


def main() -> None:
    """Serve until stopped: `python -m infra.local.oidc --port P --origin URL --key FILE`."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--origin", required=True)
    parser.add_argument("--key", type=Path, required=True)
    asked = parser.parse_args()
    # Authlib demands https; on loopback there is nobody in between.
    os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"
    make_server(LOOPBACK, asked.port, create_app(asked.origin, asked.key), threaded=True).serve_forever()


if __name__ == "__main__":
    main()

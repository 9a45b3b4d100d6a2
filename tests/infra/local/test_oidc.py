import base64
import hashlib
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from infra.local.oidc import create_app

ORIGIN = "http://127.0.0.1:4000"
VERIFIER = "v" * 64
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
HOST = {"base_url": "http://127.0.0.1:5000"}
ASKED = {
    "response_type": "code",
    "client_id": "appguard",
    "redirect_uri": f"{ORIGIN}/apps/leave-request/callback",
    "scope": "openid profile email",
    "state": "s",
    "nonce": "n",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}


@pytest.fixture
def key(tmp_path):
    return tmp_path / "oidc.pem"


@pytest.fixture
def provider(key, monkeypatch):
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")
    return create_app(ORIGIN, key).test_client()


def authorize(provider, sub="ana@example.com", **changed):
    return provider.post("/oauth2/authorize", query_string=ASKED | changed, data={"sub": sub}, **HOST)


def code_of(reply):
    return parse_qs(urlsplit(reply.headers["location"]).query)["code"][0]


def redeem(provider, code, **changed):
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "client_id": "appguard",
        "redirect_uri": ASKED["redirect_uri"],
        "code_verifier": VERIFIER,
    }
    return provider.post("/oauth2/token", data=form | changed, **HOST)


def claims_of(provider, token):
    keys = KeySet.import_key_set(provider.get("/jwks", **HOST).json)
    return jwt.decode(token, keys).claims


def test_a_listed_person_signs_in_with_code_and_pkce(provider):
    reply = redeem(provider, code_of(authorize(provider)))
    claims = claims_of(provider, reply.json["id_token"])
    assert claims["sub"] == claims["email"] == "ana@example.com"
    assert claims["email_verified"] is True
    assert claims["name"] == "Ana Alvarez"
    assert claims["groups"] == ["employees", "requesters"]
    assert claims["nonce"] == "n"
    assert claims["iat"] - claims["auth_time"] < 60
    assert claims["iss"] == "http://127.0.0.1:5000"
    assert "appguard" in claims["aud"]


def test_the_sign_in_page_offers_every_listed_person(provider):
    page = provider.get("/oauth2/authorize", query_string=ASKED, **HOST).text
    for name in ("Ana Alvarez", "Mia Moser", "Rob Reyes", "Sam Sato", "Ada Abel", "Pat Park"):
        assert name in page


def test_an_unlisted_person_is_refused(provider):
    assert authorize(provider, sub="eve@example.com").status_code == 403


def test_a_code_counts_once(provider):
    code = code_of(authorize(provider))
    assert redeem(provider, code).status_code == 200
    assert redeem(provider, code).json["error"] == "invalid_grant"


@pytest.mark.parametrize("verifier", ["w" * 64, ""])
def test_a_code_is_worth_nothing_without_the_verifier(provider, verifier):
    reply = redeem(provider, code_of(authorize(provider)), code_verifier=verifier)
    assert reply.status_code == 400


@pytest.mark.parametrize("changed", [{"code_challenge": ""}, {"code_challenge_method": "plain"}])
def test_a_request_without_hashed_challenge_is_refused(provider, changed):
    assert "error=invalid_request" in authorize(provider, **changed).headers["location"]


@pytest.mark.parametrize(
    "uri",
    [
        "http://evil.example/",
        "http://127.0.0.1:40001/elsewhere",
        "http://127.0.0.1.evil.example:40001/callback",
        "http://127.0.0.1:40001/callback/../x",
        ORIGIN + ".evil.example/",
    ],
)
def test_nobody_is_redirected_to_another_origin(provider, uri):
    reply = authorize(provider, redirect_uri=uri)
    assert reply.status_code == 400
    assert "location" not in reply.headers


def test_a_command_is_sent_its_code_on_any_port_of_this_machine(provider):
    reply = authorize(provider, redirect_uri="http://127.0.0.1:40001/callback")
    assert reply.headers["location"].startswith("http://127.0.0.1:40001/callback?")


def test_another_client_is_refused(provider):
    assert authorize(provider, client_id="other").status_code == 400


def test_no_web_page_can_change_who_is_in_which_group(provider):
    assert provider.put("/users/ana@example.com", json={"groups": ["security"]}, **HOST).status_code == 404
    assert provider.post("/oauth2/clients", json={"redirect_uris": []}, **HOST).status_code == 404


def test_a_foreign_host_name_is_refused(provider):
    assert provider.get("/jwks", base_url="http://evil.example").status_code == 400


def test_tokens_outlive_a_restart_of_the_provider(provider, key):
    token = redeem(provider, code_of(authorize(provider))).json["id_token"]
    assert claims_of(create_app(ORIGIN, key).test_client(), token)["sub"] == "ana@example.com"


def test_the_signing_key_is_readable_by_its_owner_only(provider, key):
    assert key.stat().st_mode & 0o077 == 0


def test_errors_show_no_debugger(provider):
    assert not provider.application.debug

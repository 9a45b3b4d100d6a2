"""Tokens that look right and are not."""

import base64
import hmac
import json
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from appguard.kernel.clock import utc_now
from appguard.kernel.errors import Misconfigured, Unauthenticated
from appguard.kernel.event import Role
from appguard.kernel.oidc.issuer import Issuer
from appguard.portal.access import roles_of
from appguard.portal.model import SignIn
from appguard.portal.oidc import Identity
from appguard.portal.settings import PortalSettings

ISSUER = "https://id.example.com"
CONFIG = PortalSettings(
    sessions_table="s",
    oidc_issuer=ISSUER,
    oidc_client_id="appguard",
    portal_url="https://appguard.example.com",
)
KEY = RSAKey.generate_key(2048, {"kid": "k1"}, auto_kid=False)
OTHER = RSAKey.generate_key(2048, {"kid": "k1"}, auto_kid=False)
NOW = utc_now()
SIGN_IN = SignIn(started_at=NOW)
LOOKALIKE = "рlatform"  # noqa: RUF001 - it begins with a Cyrillic letter
ANSWER = {"state": SIGN_IN.state, "code": "code-1"}


def claims(**changes):
    good = {
        "iss": ISSUER,
        "aud": "appguard",
        "sub": "ana",
        "exp": int((NOW + timedelta(minutes=5)).timestamp()),
        "iat": int(NOW.timestamp()),
        "nonce": SIGN_IN.nonce,
        "email": "ana@example.com",
        "email_verified": True,
        "name": "Ana",
        "groups": ["employees", "requesters"],
    }
    return {name: value for name, value in (good | changes).items() if value is not None}


def signed(payload, key=KEY, **header):
    return jwt.encode({"alg": "RS256", "kid": "k1", **header}, payload, key)


class Provider:
    """An issuer that answers with whatever token the test wants."""

    def __init__(self):
        self.token, self.keys, self.asked = signed(claims()), [KEY], []
        self.about = {
            "issuer": ISSUER,
            "authorization_endpoint": f"{ISSUER}/authorize",
            "token_endpoint": f"{ISSUER}/token",
            "jwks_uri": f"{ISSUER}/keys",
        }

    def __call__(self, url, form=None):
        self.asked.append((url, form))
        return json.dumps(self.says(url)).encode()

    def says(self, url):
        if url.endswith("/token"):
            return {"id_token": self.token}
        if url.endswith("/keys"):
            return {"keys": [key.as_dict(private=False) for key in self.keys]}
        return self.about


@pytest.fixture
def provider():
    return Provider()


@pytest.fixture
def redeem(provider):
    def run(answer=ANSWER, sign_in=SIGN_IN):
        return Identity(CONFIG, Issuer(ISSUER, provider)).redeem(answer, sign_in, NOW)

    return run


def test_a_good_token_makes_a_person_with_groups(provider, redeem):
    person = redeem().person
    assert (person.id, person.email, person.groups) == ("ana", "ana@example.com", {"employees", "requesters"})


def test_the_code_is_redeemed_with_the_verifier_of_this_sign_in(provider, redeem):
    redeem()
    form = next(form for url, form in provider.asked if url.endswith("/token")).decode()
    assert f"code_verifier={SIGN_IN.verifier}" in form
    assert "redirect_uri=https%3A%2F%2Fappguard.example.com%2Fcallback" in form


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://evil.example.com"},
        {"aud": "another-app"},
        {"aud": ["another-app"]},
        {"aud": ["appguard", "another-app"], "azp": None},
        {"azp": "another-app"},
        {"exp": int(NOW.timestamp()) - 120},
        {"exp": None},
        {"iat": None},
        {"nonce": "of-another-sign-in"},
        {"nonce": None},
        {"sub": None},
        {"sub": "a b"},
        {"email": None},
        {"email_verified": None},
        {"email_verified": False},
        {"email_verified": "true"},
        {"groups": "platform"},
        {"groups": {"platform": True}},
        {"groups": [["platform"]]},
        {"groups": [{"name": "platform"}]},
        {"groups": ["employees", 7]},
        {"groups": 7},
        {"groups": [f"group-{number}" for number in range(5000)]},
        {"token_use": "access"},
        {"azp": ["appguard"]},
        {"aud": [["appguard"]]},
        {"aud": {"appguard": 1}},
        {"iss": [ISSUER]},
        {"iss": f"{ISSUER}/"},
        {"nonce": [SIGN_IN.nonce]},
        {"sub": ["ana"]},
        {"sub": 7},
        {"sub": "ana\x00"},
        {"sub": "a" * 300},
        {"email": ["ana@example.com"]},
        {"email": "ana@example.com\r\nBcc: eve@example.com"},
        {"email": "аna@example.com"},  # noqa: RUF001 - a Cyrillic letter is the point
        {"email": "ana@example.com,eve@example.com", "email_verified": [True]},
        {"email_verified": 1},
        {"exp": "tomorrow"},
        {"iat": int(NOW.timestamp()) + 3600},
        {"nbf": int(NOW.timestamp()) + 3600},
    ],
    ids=",".join,
)
def test_a_token_with_a_wrong_claim_is_refused(provider, redeem, changes):
    provider.token = signed(claims(**changes))
    with pytest.raises(Unauthenticated):
        redeem()


def test_no_claim_but_the_groups_gives_a_role(provider, redeem):
    confusing = {
        "groups": [
            "employees",
            "Platform",
            "platform ",
            "platform\x00",
            "platform,security",
            "*",
            "",
            LOOKALIKE,
        ],
        "roles": ["platform"],
        "role": "security",
        "cognito:groups": ["platform"],
        "scope": "openid platform",
        "https://appguard/groups": ["platform"],
    }
    provider.token = signed(claims(**confusing))
    assert roles_of(redeem().person) == {Role.EMPLOYEE}


@pytest.mark.parametrize(
    "header",
    [
        {"typ": "at+jwt"},
        {"crit": ["exp"]},
        {"b64": False, "crit": ["b64"]},
        {"kid": "../../k1"},
        {"kid": "k1\x00"},
    ],
    ids=str,
)
def test_a_token_with_a_header_we_do_not_know_is_refused(provider, redeem, header):
    provider.token = with_header({"alg": "RS256", "kid": "k1", **header})
    with pytest.raises(Unauthenticated):
        redeem()


@pytest.mark.parametrize("way", ["jwk", "jku", "x5u", "x5c"])
def test_a_key_that_comes_with_the_token_is_not_used(provider, redeem, way):
    brought = {
        "jwk": OTHER.as_dict(private=False),
        "jku": "https://evil.example.com/keys",
        "x5u": "https://evil.example.com/certificate",
        "x5c": ["MIIB"],
    }
    provider.token = with_header({"alg": "RS256", "kid": "k1", way: brought[way]}, OTHER)
    with pytest.raises(Unauthenticated):
        redeem()
    assert not [url for url, _ in provider.asked if "evil" in url]


def with_header(header, key=KEY):
    """A token whose signature is good for exactly this header."""
    parts = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in (header, claims())]
    private = serialization.load_pem_private_key(key.as_pem(private=True), None)
    signature = private.sign(b".".join(parts), padding.PKCS1v15(), hashes.SHA256())
    return b".".join([*parts, base64.urlsafe_b64encode(signature).rstrip(b"=")]).decode()


def test_the_forged_headers_are_what_makes_the_difference(provider, redeem):
    provider.token = with_header({"alg": "RS256", "kid": "k1"})
    assert redeem().person.id == "ana"


def test_a_token_signed_by_somebody_else_is_refused(provider, redeem):
    provider.token = signed(claims(), OTHER)
    with pytest.raises(Unauthenticated):
        redeem()


def test_a_token_without_signature_is_refused(provider, redeem):
    head, body, _ = signed(claims()).split(".")
    for forged in (f"{head}.{body}.", f"eyJhbGciOiJub25lIn0.{body}.", "not.a.token", ""):
        provider.token = forged
        with pytest.raises(Unauthenticated):
            redeem()


def test_the_public_key_is_no_shared_secret(provider, redeem):
    head = base64.urlsafe_b64encode(b'{"alg":"HS256","kid":"k1"}').rstrip(b"=")
    body = signed(claims()).split(".")[1].encode()
    mac = hmac.new(KEY.as_pem(private=False), head + b"." + body, "sha256").digest()
    provider.token = b".".join((head, body, base64.urlsafe_b64encode(mac).rstrip(b"="))).decode()
    with pytest.raises(Unauthenticated):
        redeem()


def test_an_answer_for_another_sign_in_is_refused(provider, redeem):
    for answer in (
        {**ANSWER, "state": "x"},
        {**ANSWER, "state": "ä"},
        {"code": "c"},
        {**ANSWER, "iss": "https://evil.example.com"},
    ):
        with pytest.raises(Unauthenticated):
            redeem(answer)


def test_an_error_of_the_provider_is_told_without_repeating_it(provider, redeem):
    with pytest.raises(Unauthenticated) as caught:
        redeem({"state": SIGN_IN.state, "error": "access_denied", "error_description": "<script>"})
    assert "script" not in caught.value.message


def test_a_fresh_sign_in_asks_for_the_password_and_refuses_an_old_one(provider, redeem):
    fresh = SIGN_IN.model_copy(update={"fresh": True})
    address = Identity(CONFIG, Issuer(ISSUER, provider)).leave_for(fresh)
    assert "prompt=login" in address
    assert "max_age=0" in address
    for said in (int(NOW.timestamp()) - 3600, "lately", True, None):
        provider.token = signed(claims(auth_time=said))
        with pytest.raises(Unauthenticated):
            redeem(sign_in=fresh)
    provider.token = signed(claims(auth_time=int(NOW.timestamp()) - 5))
    assert redeem(sign_in=fresh).person.id == "ana"


def test_when_somebody_proved_who_they_are_is_for_the_provider_to_say(provider, redeem):
    assert redeem().proved_at is None
    hour_ago = int(NOW.timestamp()) - 3600
    for said, meant in ((hour_ago, hour_ago), (int(NOW.timestamp()) + 3600, NOW.timestamp())):
        provider.token = signed(claims(auth_time=said))
        assert redeem().proved_at.timestamp() == pytest.approx(meant)


def test_the_challenge_travels_and_the_verifier_stays(provider):
    address = Identity(CONFIG, Issuer(ISSUER, provider)).leave_for(SIGN_IN)
    assert "code_challenge_method=S256" in address
    assert SIGN_IN.verifier not in address


def test_rotated_keys_are_fetched_again(provider):
    seconds = iter([0.0, 0.0, 60.0, 60.0])
    at = Identity(CONFIG, Issuer(ISSUER, provider, lambda: next(seconds)))
    at.redeem(ANSWER, SIGN_IN, NOW)
    new = ECKey.generate_key("P-256", {"kid": "k2"}, auto_kid=False)
    provider.keys = [KEY, new]
    provider.token = jwt.encode({"alg": "ES256", "kid": "k2"}, claims(), new)
    assert at.redeem(ANSWER, SIGN_IN, NOW).person.id == "ana"


def test_an_issuer_that_calls_itself_otherwise_is_a_mistake_of_the_deployment(provider, redeem):
    provider.about["issuer"] = "https://other.example.com"
    with pytest.raises(Misconfigured):
        redeem()

import json

import pytest

from appguard.kernel.errors import AppGuardError, Misconfigured, Unavailable
from appguard.kernel.oidc.issuer import Issuer

GOOD = "https://good.example.com"
ABOUT = {
    "issuer": GOOD,
    "authorization_endpoint": f"{GOOD}/authorize",
    "token_endpoint": f"{GOOD}/token",
    "jwks_uri": f"{GOOD}/jwks",
}


def issuer(discovery, keys=None) -> Issuer:
    documents = {
        f"{GOOD}/.well-known/openid-configuration": discovery,
        f"{GOOD}/jwks": keys or {"keys": []},
    }
    return Issuer(GOOD, lambda url, form=None: json.dumps(documents[url]).encode())


@pytest.mark.parametrize(
    "change",
    [
        {"issuer": "https://other.example.com"},
        {"jwks_uri": "http://good.example.com/jwks"},
        {"jwks_uri": "file:///etc/passwd"},
        {"token_endpoint": "http://good.example.com/token"},
    ],
    ids=str,
)
def test_keys_and_tokens_come_only_from_where_the_issuer_itself_says(change):
    with pytest.raises(Misconfigured):
        issuer(ABOUT | change).candidates(None, "RS256")


@pytest.mark.parametrize("discovery", [{"issuer": GOOD}, [], None], ids=str)
def test_an_issuer_that_does_not_describe_itself_is_unavailable(discovery):
    with pytest.raises(Unavailable):
        issuer(discovery).discovery()


@pytest.mark.parametrize("keys", [{}, {"keys": None}, {"keys": [7]}, {"keys": [{"kty": "RSA"}]}, []], ids=str)
def test_keys_that_cannot_be_read_are_no_keys(keys):
    with pytest.raises(AppGuardError):
        issuer(ABOUT, keys or "[]").candidates(None, "RS256")


def test_a_secret_in_the_key_set_is_never_a_verification_key():
    shared = {"kty": "oct", "k": "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3JldA", "kid": "s"}
    found = issuer(ABOUT, {"keys": [shared]})

    assert found.candidates("s", "RS256") == []
    assert found.candidates(None, "ES256") == []

from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from joserfc.jwk import RSAKey

from tests.unit.runtime.world import NOW, World, signing_key


def query_of(url):
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def test_a_visitor_is_sent_to_the_provider_with_pkce_state_and_nonce(world):
    sent = world.get("/pages/team?page=2")
    asked = query_of(sent.headers["location"])
    assert sent.status == 303
    assert asked["response_type"] == "code"
    assert asked["code_challenge_method"] == "S256"
    assert asked["redirect_uri"] == "https://apps.example.com/apps/leave-request/callback"
    assert len({asked["state"], asked["nonce"], asked["code_challenge"]}) == 3


def test_after_signing_in_one_lands_where_one_wanted_to_go(world):
    assert world.sign_in("/pages/team?page=2").headers["location"] == "/apps/leave-request/pages/team?page=2"
    assert world.get("/").status == 200


def test_a_second_tab_does_not_spoil_the_first(world):
    first = world.provider.authorize(world.get("/pages/ask").headers["location"])
    nonce, challenge = world.provider.nonce, world.provider.challenge
    world.get("/pages/team")
    world.provider.nonce, world.provider.challenge = nonce, challenge
    assert world.get("/callback?" + urlencode(first)).headers["location"].endswith("/pages/ask")


def test_attempts_do_not_pile_up_until_the_gateway_refuses_the_headers(world):
    for _ in range(20):
        world.get("/")
    assert len(world.jar) <= 4
    assert world.sign_in().status == 303


def test_a_long_address_is_not_carried_around(world):
    assert world.sign_in("/pages/team?page=" + "9" * 4000).headers["location"] == "/apps/leave-request/"


def test_the_way_back_never_leaves_the_app(world):
    assert world.sign_in("//evil.example/x").headers["location"].startswith("/apps/leave-request/")


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://evil.example"},
        {"aud": "another-client"},
        {"aud": ["appguard", "another-client"]},
        {"aud": ["appguard", "another-client"], "azp": "another-client"},
        {"aud": None},
        {"exp": int(NOW) - 61},
        {"exp": None},
        {"nonce": "replayed"},
        {"nonce": None},
        {"sub": None},
        {"sub": ""},
        {"sub": "two words"},
        {"iat": None},
        {"nbf": int(NOW) + 3600},
    ],
    ids=str,
)
def test_a_token_with_a_wrong_claim_signs_nobody_in(claims):
    world = World()
    world.provider.claims = claims
    assert world.sign_in().status == 401
    assert world.get("/").status == 303


def test_a_token_signed_by_a_stranger_signs_nobody_in(world):
    world.provider.signer = RSAKey.generate_key(2048, {"kid": "one"})
    assert world.sign_in().status == 401


def test_an_algorithm_that_is_not_listed_signs_nobody_in(world):
    world.provider.header = {"alg": "RS512"}
    assert world.sign_in().status == 401


def test_an_unsigned_token_signs_nobody_in(world, monkeypatch):
    unsigned = "eyJhbGciOiJub25lIn0.e30."
    monkeypatch.setattr(type(world.provider), "token", lambda _self: unsigned)
    assert world.sign_in().status == 401


def test_a_key_the_provider_has_just_rolled_over_is_fetched(world):
    world.sign_in()
    world.jar.clear()
    world.now += 61
    world.provider.claims = {"iat": int(world.now), "exp": int(world.now) + 600}
    world.provider.signer = signing_key("two")
    world.provider.published.append(signing_key("two"))
    assert world.sign_in().status == 303


def test_unknown_keys_do_not_make_the_app_hammer_the_provider(world):
    world.sign_in()
    world.provider.signer = signing_key("two")
    before = len([asked for asked in world.provider.asked if asked.endswith("/jwks")])
    for _ in range(3):
        world.jar.clear()
        assert world.sign_in().status == 401
    assert len([asked for asked in world.provider.asked if asked.endswith("/jwks")]) == before


def test_a_callback_nobody_began_is_refused(world):
    assert world.get("/callback?code=the-code&state=forged").status == 401
    assert world.get("/callback").status == 401


def test_a_callback_to_another_browser_is_refused(world):
    answer = world.provider.authorize(world.get("/").headers["location"])
    world.jar.clear()
    assert world.get("/callback?" + urlencode(answer)).status == 401


def test_an_attempt_cannot_be_used_twice(world):
    answer = world.provider.authorize(world.get("/").headers["location"])
    world.get("/callback?" + urlencode(answer))
    assert world.get("/callback?" + urlencode(answer)).status == 401


def test_an_attempt_expires_after_ten_minutes(world):
    answer = world.provider.authorize(world.get("/").headers["location"])
    world.now += 601
    assert world.get("/callback?" + urlencode(answer)).status == 401


def test_a_refusal_by_the_provider_is_said_plainly(world):
    state = world.provider.authorize(world.get("/").headers["location"])["state"]
    answer = world.get(f"/callback?error=access_denied&state={state}")
    assert answer.status == 401
    assert "did not sign you in" in answer.body


def test_a_provider_that_names_another_issuer_is_not_trusted(world):
    world.provider.issuer = "https://evil.example"
    assert world.get("/").status == 500

"""Whose data: a token of the provider, for us, now. Anything else is nobody, whatever the request says."""

import base64
import time

import pytest
from joserfc.jwk import OctKey, RSAKey

from infra.local.story.cast import ANA, MIA
from tests.e2e.attacks.tokens import packed
from tests.e2e.caller import TOKEN

pytestmark = pytest.mark.e2e

PROFILE = "hr-db/queries/my_profile"


@pytest.fixture
def refused(leave, witness):
    """A token is refused without a word why, on record as the app's attempt and nobody's access."""

    def check(token: str) -> None:
        entry = witness.refusal(leave.send(PROFILE, {TOKEN: token}), 401, "token_refused", token)
        assert entry["actor"] == {"id": "attacked-leave", "role": "app"}
        assert MIA not in str(entry)

    return check


def test_the_forgers_own_tokens_would_be_good(leave, forger):
    reply = leave.send(PROFILE, {TOKEN: forger.token()})
    assert [row[1] for row in reply.json()["rows"]] == [ANA]


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", ""])
def test_no_signature_is_refused(refused, forger, algorithm):
    refused(f"{packed({'alg': algorithm})}.{packed(forger.claims | {'email': MIA})}.")


def test_a_signature_taken_away_is_refused(refused, forger):
    refused(forger.real.rpartition(".")[0] + ".")


def test_another_key_under_the_providers_key_id_is_refused(refused, forger):
    refused(forger.token(RSAKey.generate_key(2048), email=MIA))


def test_a_key_id_the_provider_does_not_know_is_refused(refused, forger):
    refused(forger.token(RSAKey.generate_key(2048), {"kid": "next-year"}, email=MIA))


@pytest.mark.parametrize("kid", ["../../../dev/null", "' UNION SELECT 'x", "http://127.0.0.1/key"])
def test_a_key_id_is_a_name_and_never_looked_up_elsewhere(refused, forger, kid):
    refused(forger.token(RSAKey.generate_key(2048), {"kid": kid}, email=MIA))


def test_the_public_key_as_an_hmac_secret_is_refused(refused, forger):
    secret = OctKey.import_key(base64.b64encode(forger.key.as_pem(private=False)))
    refused(forger.token(secret, {"alg": "HS256"}, email=MIA))


def test_a_key_brought_along_is_refused(refused, forger):
    own = RSAKey.generate_key(2048)
    refused(forger.token(own, {"kid": None, "jwk": own.as_dict(private=False)}, email=MIA))


def test_other_claims_under_an_old_signature_are_refused(refused, forger):
    header, _, signature = forger.real.split(".")
    refused(f"{header}.{packed(forger.claims | {'email': MIA, 'sub': MIA})}.{signature}")


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "another-client"},
        {"aud": ["appguard", "another"], "azp": "another"},
        {"aud": None},
        {"iss": "https://evil.example.com"},
        {"iss": None},
        {"exp": int(time.time()) - 120},
        {"exp": None},
        {"nbf": int(time.time()) + 900},
        {"iat": int(time.time()) + 900},
        {"email_verified": False},
        {"email_verified": "true"},
        {"email": None},
        {"email": "mia@example.com\n"},
        {"email": ["mia@example.com"]},
        {"email": "mia@exam\u0440le.com"},
        {"sub": ""},
        {"token_use": "access"},
    ],
    ids=",".join,
)
def test_a_claim_that_does_not_hold_is_refused_under_the_providers_own_signature(refused, forger, claims):
    refused(forger.token(**claims))


def test_an_access_token_is_no_proof_of_identity(refused, forger):
    refused(forger.token(None, {"typ": "at+jwt"}))


@pytest.mark.parametrize("token", ["", ".", "..", "a.b.c", "x" * 9000, "Bearer x", "null"])
def test_what_is_no_token_is_refused(refused, token):
    refused(token)


def test_no_token_at_all_is_refused(leave, witness):
    witness.refusal(leave.send(PROFILE, {}), 401, "token_refused")


def test_two_tokens_are_none(leave, witness):
    both = f"{leave.token(ANA)},{leave.token(MIA)}"
    witness.refusal(leave.send(PROFILE, {TOKEN: both}), 401, "token_refused", both)


@pytest.mark.parametrize(
    "headers",
    [
        {"x-appguard-user": MIA},
        {"x-appguard-app": "attacked-lunch"},
        {"x-forwarded-user": MIA, "x-remote-user": MIA},
        {"x-amzn-oidc-identity": MIA},
        {"x-amzn-request-context": '{"authorizer":{"iam":{"userArn":"arn:aws:sts::1:assumed-role/x/y"}}}'},
        {"authorization-user": MIA, "cookie": f"user={MIA}; appguard_session=x"},
    ],
    ids=lambda headers: next(iter(headers)),
)
def test_no_other_header_says_who_is_asking(leave, witness, headers):
    reply = leave.send(PROFILE, {TOKEN: leave.token(ANA), **headers})

    assert [row[1] for row in reply.json()["rows"]] == [ANA]
    [entry] = witness.accesses()
    assert (entry["actor"]["id"], entry["app_id"], entry["result"]) == (ANA, "attacked-leave", "success")


def test_no_query_string_says_who_is_asking(leave):
    reply = leave.send(
        f"{PROFILE}?email=mia%40example.com&user_email=mia%40example.com", {TOKEN: leave.token(ANA)}
    )
    assert [row[1] for row in reply.json()["rows"]] == [ANA]


def test_a_person_sees_their_own_rows_through_whichever_app_asks(leave):
    """A token is for the platform's apps, not for one of them: what limits it is the app's grant."""
    assert [row[1] for row in leave.ask(MIA, PROFILE).json()["rows"]] == [MIA]

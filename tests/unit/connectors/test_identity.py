from datetime import UTC, datetime, timedelta

import pytest
from joserfc.jwk import RSAKey

from appguard.connectors.errors import TokenRefused
from appguard.connectors.identity import KEEP_SECONDS, TokenVerifier
from appguard.kernel.oidc.id_token import IdTokens
from appguard.kernel.oidc.issuer import Issuer
from tests.unit.connectors.provider import AUDIENCE, ISSUER, claims_of, here, sign


def test_a_valid_token_names_the_person(verifier, provider):
    person = verifier.person(provider.token("Ana@Example.com", sub="u-17", name="Ana Alvarez"))
    assert (person.id, person.email, person.name) == ("u-17", "ana@example.com", "Ana Alvarez")
    assert person.groups == {"employees"}


def test_es256_is_accepted_as_well(verifier, provider):
    token = sign(provider.ec, {"alg": "ES256", "kid": "ec-1"}, claims_of("ana@example.com"))
    assert verifier.person(token).email == "ana@example.com"


def test_a_token_without_key_id_is_checked_against_the_issuers_keys(verifier, provider):
    token = sign(provider.rsa, {"alg": "RS256"}, claims_of("ana@example.com"))
    assert verifier.person(token).email == "ana@example.com"


def test_a_token_for_several_parties_needs_us_as_the_authorised_one(verifier, provider):
    token = provider.token("ana@example.com", aud=[AUDIENCE, "other"], azp=AUDIENCE)
    assert verifier.person(token).email == "ana@example.com"


def test_a_minute_of_clock_skew_is_forgiven_and_no_more(provider):
    def at(later):
        tokens = IdTokens(Issuer(ISSUER, provider.fetch), AUDIENCE)
        return TokenVerifier(tokens, here, lambda: datetime.now(UTC) + later)

    token = provider.token("ana@example.com")  # five minutes valid
    assert at(timedelta(minutes=5, seconds=50)).person(token)
    with pytest.raises(TokenRefused):
        at(timedelta(minutes=6, seconds=5)).person(token)


def test_the_provider_is_asked_once_for_many_tokens(verifier, provider):
    for _ in range(5):
        verifier.person(provider.token("ana@example.com"))
    assert len(provider.fetched) == 2  # discovery and keys


class TestLeaving:
    """Whoever left is asked about once a minute for each token."""

    def test_a_leavers_token_is_refused_like_any_that_is_not_valid_and_asked_about_again(self, provider):
        asked, tokens = [], IdTokens(Issuer(ISSUER, provider.fetch), AUDIENCE)
        verifier = TokenVerifier(tokens, lambda person, since: asked.append((person.email, since)))
        token = provider.token("ana@example.com")
        for _ in range(2):
            with pytest.raises(TokenRefused) as caught:
                verifier.person(token)
        with pytest.raises(TokenRefused) as other:
            verifier.person("no.token.atall")
        assert caught.value.as_dict() == other.value.as_dict()
        assert [email for email, _ in asked] == ["ana@example.com"] * 2
        assert abs((datetime.now(UTC) - asked[0][1]).total_seconds()) < 60

    def test_whoever_leaves_within_the_minute_is_out_after_it(self, provider):
        now, there = [0.0], [True]
        tokens = IdTokens(Issuer(ISSUER, provider.fetch), AUDIENCE)
        verifier = TokenVerifier(tokens, lambda *_: there[0], ticks=lambda: now[0])
        token = provider.token("ana@example.com")
        assert verifier.person(token)
        there[0] = False
        now[0] = KEEP_SECONDS - 1
        assert verifier.person(token)
        now[0] = KEEP_SECONDS
        with pytest.raises(TokenRefused):
            verifier.person(token)


class TestRemembering:
    """A signature is checked once a minute, the claims every time."""

    @pytest.fixture
    def clock(self):
        return [0.0]

    @pytest.fixture
    def checked(self):
        return []

    @pytest.fixture
    def verifier(self, provider, clock, checked, monkeypatch):
        tokens = IdTokens(Issuer(ISSUER, provider.fetch), AUDIENCE)
        signed = tokens.signed
        monkeypatch.setattr(tokens, "signed", lambda token: checked.append(token) or signed(token))
        return TokenVerifier(
            tokens, here, lambda: datetime.now(UTC) + timedelta(seconds=clock[0]), lambda: clock[0]
        )

    def test_a_token_that_comes_again_within_a_minute_is_known(self, verifier, provider, clock, checked):
        token = provider.token("ana@example.com")
        for clock[0] in (0, 30, 59, 61, 90):
            assert verifier.person(token).email == "ana@example.com"
        assert len(checked) == 2

    def test_a_known_token_expires_like_any_other(self, verifier, provider, clock, checked):
        soon = int((datetime.now(UTC) - timedelta(seconds=50)).timestamp())
        token = provider.token("ana@example.com", exp=soon)  # within the minute of clock skew
        assert verifier.person(token)
        clock[0] = 20
        with pytest.raises(TokenRefused):
            verifier.person(token)
        assert len(checked) == 1

    @pytest.mark.parametrize("change", [lambda token: token + "?", lambda token: token[:-2] + "\udcff"])
    def test_nothing_that_differs_from_a_known_token_is_known(self, verifier, provider, change):
        token = provider.token("ana@example.com")
        assert verifier.person(token)
        with pytest.raises(TokenRefused):
            verifier.person(change(token))

    def test_what_was_refused_is_not_remembered(self, verifier, checked):
        for _ in range(2):
            with pytest.raises(TokenRefused):
                verifier.person("no.token.atall")
        assert len(checked) == 2

    def test_only_so_many_are_remembered_and_none_of_them_as_it_is(self, verifier, provider, monkeypatch):
        monkeypatch.setattr("appguard.connectors.identity.MANY", 3)
        tokens = [provider.token(f"person-{number}@example.com") for number in range(7)]
        assert all(verifier.person(token) for token in tokens)
        assert len(verifier._seen) <= 3
        assert all(len(kept) == 32 for kept in verifier._seen)


class TestRotation:
    """Keys change while tokens of old and new ones are about."""

    @pytest.fixture
    def clock(self):
        return [0.0]

    @pytest.fixture
    def verifier(self, provider, clock):
        return TokenVerifier(IdTokens(Issuer(ISSUER, provider.fetch, lambda: clock[0]), AUDIENCE), here)

    def rotated(self, provider):
        provider.rsa = RSAKey.generate_key(2048, {"kid": "rsa-2", "use": "sig"})
        return sign(provider.rsa, {"alg": "RS256", "kid": "rsa-2"}, claims_of("ana@example.com"))

    def test_an_unknown_key_id_makes_us_look_once_more(self, verifier, provider, clock):
        verifier.person(provider.token("ana@example.com"))
        clock[0] = 60
        assert verifier.person(self.rotated(provider)).email == "ana@example.com"
        assert len(provider.fetched) == 4

    def test_made_up_key_ids_do_not_make_us_hammer_the_provider(self, verifier, provider, clock):
        verifier.person(provider.token("ana@example.com"))
        clock[0] = 60
        for number in range(20):
            header = {"alg": "RS256", "kid": f"made-up-{number}"}
            with pytest.raises(TokenRefused):
                verifier.person(sign(provider.rsa, header, claims_of("mia@example.com")))
        assert len(provider.fetched) == 4

    def test_known_keys_outlive_an_outage_of_the_provider(self, verifier, provider, clock):
        verifier.person(provider.token("ana@example.com"))
        provider.down = True
        clock[0] = 2 * 3600
        assert verifier.person(provider.token("ana@example.com"))

    def test_without_any_keys_an_outage_is_told_as_such(self, verifier, provider):
        provider.down = True
        with pytest.raises(Exception, match="keys cannot be read") as told:
            verifier.person(provider.token("ana@example.com"))
        assert told.value.status == 503

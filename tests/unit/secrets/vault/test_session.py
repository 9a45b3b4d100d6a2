"""Signing in, staying signed in, and what happens on Vault's bad days."""

import pytest

from appguard.kernel.errors import Misconfigured
from appguard.secrets.vault.errors import VaultAway, VaultDenied, VaultSealed
from appguard.secrets.vault.exchange import HttpExchange

PATH = "secret/data/appguard/logins/hr-db/leave-request"
LOGIN, RENEW = "POST /v1/auth/aws/login", "POST /v1/auth/token/renew-self"


@pytest.fixture(autouse=True)
def known(vault):
    vault.put("appguard/logins/hr-db/leave-request", user="a", password="p")


def test_the_functions_own_role_signs_in_and_no_secret_of_vaults_is_needed(vault, session):
    assert session.ask("GET", PATH).status == 200

    [signed] = vault.signed
    assert signed["role"] == "appguard"
    assert signed["x-vault-aws-iam-server-id"] == ["127.0.0.1"]
    assert "x-vault-aws-iam-server-id" in signed["authorization"][0]
    assert "value-of-AWS_SECRET_ACCESS_KEY" not in str(signed)


def test_one_sign_in_serves_many_questions(vault, session):
    for _ in range(5):
        session.ask("GET", PATH)

    assert vault.asked[LOGIN] == 1


def test_a_token_is_renewed_before_it_expires(vault, session, clock):
    session.ask("GET", PATH)
    clock[0] = 2401
    session.ask("GET", PATH)

    assert (vault.asked[RENEW], vault.asked[LOGIN]) == (1, 1)
    clock[0] = 2401 + 2401
    session.ask("GET", PATH)
    assert (vault.asked[RENEW], vault.asked[LOGIN]) == (2, 1)


@pytest.mark.parametrize("how", ["not renewable", "expired", "renewal refused"])
def test_a_token_whose_time_is_up_is_replaced(vault, session, clock, how):
    vault.renewable = how != "not renewable"
    session.ask("GET", PATH)
    if how == "renewal refused":
        vault.forget_tokens()
    clock[0] = 3601 if how == "expired" else 2401

    assert session.ask("GET", PATH).status == 200
    assert vault.asked[LOGIN] == 2


def test_a_token_revoked_while_the_function_was_frozen_is_replaced_unnoticed(vault, session):
    session.ask("GET", PATH)
    vault.forget_tokens()

    assert session.ask("GET", PATH).status == 200


def test_what_our_policy_does_not_allow_is_denied_after_one_new_sign_in(vault, session):
    vault.forbids = frozenset({"appguard/administrators/hr-db"})

    with pytest.raises(VaultDenied):
        session.ask("GET", "secret/data/appguard/administrators/hr-db")
    assert vault.asked[LOGIN] == 2


def test_a_role_vault_does_not_know_is_denied(vault, session):
    vault.admits = False

    with pytest.raises(VaultDenied):
        session.ask("GET", PATH)


def test_a_stumble_is_asked_again(vault, session, paused):
    vault.stumbles = 2

    assert session.ask("GET", PATH).status == 200
    assert paused == [0.1, 0.4]


def test_a_vault_that_keeps_stumbling_is_away_and_its_words_are_dropped(vault, session):
    vault.stumbles = 99

    with pytest.raises(VaultAway) as away:
        session.ask("GET", PATH)
    assert "should-never-be-logged" not in str(away.value.as_dict())


def test_a_sealed_vault_is_said_to_be_sealed_at_once(vault, session, paused):
    vault.sealed = True

    with pytest.raises(VaultSealed):
        session.ask("GET", PATH)
    assert paused == []


def test_nobody_there_is_away(paused):
    with pytest.raises(VaultAway):
        HttpExchange("http://127.0.0.1:9", paused.append)("GET", "sys/health", {}, None)


@pytest.mark.parametrize("address", ["http://vault.example.com", "ftp://127.0.0.1", "vault.example.com"])
def test_a_token_never_travels_in_the_clear(address):
    with pytest.raises(Misconfigured):
        HttpExchange(address)


def test_nothing_printed_shows_a_token(session):
    session.ask("GET", PATH)

    assert "token-1" not in repr(session)

import json

import pytest

from appguard.connectors.store import Logins
from appguard.kernel.errors import Misconfigured
from appguard.kernel.ids import AppId, ConnectorName
from appguard.secrets.names import SecretName, roles
from tests.support.secrets import InMemory

HR, LEAVE = ConnectorName("hr-db"), AppId("leave-request")
SERVER, LOGIN = SecretName.server(HR), SecretName.login(HR, LEAVE)
ADDRESS = {"host": "db.example.com", "dbname": "hr", "api_role": "hr_broker", "digest_key": "k3y"}


@pytest.fixture
def secrets() -> InMemory:
    kept = InMemory()
    kept.put(SERVER, json.dumps(ADDRESS))
    put(kept, "p4ss")
    return kept


@pytest.fixture
def clock() -> list[float]:
    return [0.0]


@pytest.fixture
def logins(secrets, clock) -> Logins:
    return Logins(secrets, lambda server, user: f"token of {user} at {server.host}", lambda: clock[0])


def put(secrets, password):
    secrets.put(LOGIN, json.dumps({"user": "appguard_leave", "password": password}))


def password(logins, **how):
    return logins.get(HR, LEAVE, **how).password.get_secret_value()


def test_an_app_signs_in_as_itself_at_its_connectors_address(logins):
    found = logins.get(HR, LEAVE)
    assert (found.host, found.user) == ("db.example.com", "appguard_leave")


def test_a_login_is_read_once_and_again_when_asked_afresh(secrets, logins):
    assert password(logins) == "p4ss"
    put(secrets, "new")
    assert password(logins) == "p4ss"
    assert password(logins, fresh=True) == "new"
    assert password(logins) == "new"


def test_a_rotated_password_is_noticed_after_five_minutes(secrets, logins, clock):
    password(logins)
    put(secrets, "new")
    clock[0] = 301
    assert password(logins) == "new"


def test_one_app_never_gets_anothers_login(logins):
    with pytest.raises(Misconfigured, match=SecretName.login(HR, AppId("lunch"))):
        logins.get(HR, AppId("lunch"))


def test_where_the_database_wants_iam_a_token_is_made_and_no_secret_of_the_app_is_read(secrets, logins):
    secrets.put(SERVER, json.dumps(ADDRESS | {"sign_in": "iam"}))
    secrets.delete(LOGIN)
    user = roles(HR, LEAVE)[0]
    found = logins.get(HR, LEAVE)
    assert (found.user, found.password.get_secret_value()) == (user, f"token of {user} at db.example.com")


def test_a_login_demands_a_verified_connection_unless_told_otherwise(logins):
    assert logins.get(HR, LEAVE).sslmode == "verify-full"


def test_nothing_printed_shows_a_password_or_a_key(logins):
    assert "p4ss" not in repr(logins.get(HR, LEAVE))
    assert "k3y" not in repr(logins.server(HR))


@pytest.mark.parametrize("value", ["not json: p4ss", "{}", '{"password": "p4ss"}'])
def test_a_secret_that_is_no_login_is_a_fault_of_the_deployment_told_without_it(secrets, logins, value):
    secrets.put(LOGIN, value)
    with pytest.raises(Misconfigured, match=LOGIN) as told:
        logins.get(HR, LEAVE)
    assert "p4ss" not in told.value.message


@pytest.mark.parametrize("wrong", [{"sslmode": "prefer"}, {"api_role": None}, {"sign_in": "trust"}])
def test_a_secret_that_describes_no_database_is_a_fault_of_the_deployment(secrets, logins, wrong):
    secrets.put(SERVER, json.dumps(ADDRESS | wrong))
    with pytest.raises(Misconfigured, match=SERVER):
        logins.get(HR, LEAVE)


def test_digests_do_not_change_when_a_password_is_replaced(secrets, logins):
    before = logins.server(HR).key
    put(secrets, "new")
    assert logins.server(HR, fresh=True).key == before

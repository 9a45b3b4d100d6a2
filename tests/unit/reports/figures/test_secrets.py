from appguard.kernel.event import Resource
from appguard.reports.checks import State, outcomes

LOGIN = Resource(type="secret", id="appguard/logins/hr-db/leave-request")


def test_a_secret_counts_from_its_last_rotation(figured, fact):
    registered = fact("secret.registered", days_ago=25, about=LOGIN)
    [late] = figured(registered).secrets
    assert (late.kind, late.days, late.late) == ("database_login", 25, True)
    [fresh] = figured(registered, fact("secret.rotated", days_ago=3, about=LOGIN)).secrets
    assert (fresh.days, fresh.late) == (3, False)


def test_a_withdrawn_secret_is_gone(figured, fact):
    made = figured(fact("secret.registered", days_ago=25, about=LOGIN), fact("secret.withdrawn", about=LOGIN))
    assert made.secrets == ()
    assert outcomes(made)["secrets-rotated"].state is State.NOT_EVIDENCED

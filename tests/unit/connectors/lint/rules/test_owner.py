import pytest


@pytest.mark.parametrize("owner", ["facilities@intranet", "a b@example.com", "x@example..com", "Facilities"])
def test_an_owner_nobody_can_write_to_is_refused(rules, owner):
    assert rules(owner=owner) & {"connector-owner", "connector-invalid"}


def test_an_address_is_an_owner(rules):
    assert rules(owner="it.facilities+desks@mail.example.com") == set()

"""Nobody becomes somebody else, whatever the directory finds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appguard.directory.errors import AddressOfAnother, Departed
from appguard.directory.model import Account, Colleague, ColleagueId
from appguard.directory.recognising import Candidates, recognise
from appguard.kernel.ids import PersonId
from tests.support.world import ANA, NOW

EVE = PersonId("eve")


def colleague(person_id=None, account=True, active=True):
    return Colleague(
        colleague_id=ColleagueId.new(),
        person_id=person_id,
        email=ANA.email,
        name="Ana",
        account=Account(user_name="ana") if account else None,
        active=active,
        created_at=NOW,
        changed_at=NOW,
    )


of_her = st.builds(colleague, st.just(ANA.id), st.booleans(), st.booleans())
anyone = st.builds(colleague, st.sampled_from([None, ANA.id, EVE]), st.booleans(), st.booleans())
found = st.builds(
    Candidates, st.none() | of_her, st.none() | anyone.filter(lambda one: one.account), st.none() | anyone
)


@given(found)
def test_a_person_is_recognised_as_nobody_who_is_another_or_left(candidates):
    try:
        known = recognise(ANA, candidates)
    except (Departed, AddressOfAnother):
        return
    assert known is None or known.person_id in {None, ANA.id}
    assert known is None or known.active


@given(found)
def test_whom_scim_knows_as_a_leaver_under_this_identity_never_comes_in_by_it(candidates):
    if candidates.by_subject is None or candidates.by_subject.account is None or candidates.by_subject.active:
        return
    with pytest.raises((Departed, AddressOfAnother)):
        recognise(ANA, candidates)


@pytest.mark.parametrize("account", [True, False])
def test_an_address_of_a_leaver_lets_nobody_in(account):
    with pytest.raises(Departed):
        recognise(ANA, Candidates(None, None, colleague(account=account, active=False)))


def test_somebody_nobody_knows_is_new():
    assert recognise(ANA, Candidates(None, None, None)) is None


def test_without_scim_two_identities_with_one_address_are_two_people():
    """Nobody but the provider says who is who, and it says that they are two."""
    assert recognise(ANA, Candidates(None, None, colleague(EVE, account=False))) is None
